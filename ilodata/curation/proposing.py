"""What a new document likely says: of each mention the record and cell, and the rows to write.

A proposal is likely, never certain: the curator deletes and corrects. "agrees" and "differs" are
said only where figure, hedge and window are held against those of one cell.
"""

import collections
import csv
import io
import re

from ilodata import tables
from ilodata.curation import wording
from ilodata.curation.adding import alone
from ilodata.curation.audit import KINDS, once, sentences
from ilodata.curation.drafting import (
    CHANGES,
    Known,
    Row,
    Sentence,
    back,
    dates_of,
    dispute,
    draft,
    draft_name,
    draft_places,
    folded,
    hedged,
    unused,
    worded,
)
from ilodata.curation.filling import load, named
from ilodata.curation.wording import FIGURES
from ilodata.dates import contains

# What is said of a figure that cannot be read, and the reason of the row that dismisses it.
UNREAD = {
    "date": ("not to be read as a figure", "It gives no date."),
    "number": ("not to be read as a figure", "It gives no count."),
    "amount": ("in another currency", "It is not in US dollars."),
}
_COMMON = 10  # records that a word may tell of before it tells none apart
# In what the amounts of a table are, as its heading gives it.
_UNIT = re.compile(
    r"(?:US\$|USD|\$|EUR|€|CNY|RMB|[Ee]uros?|[Yy]uan|dollars)(?:,? (?:in )?(?:millions?|thousands?"
    r"|billions?|m|bn|k)\b)?|(?:millions?|thousands?|billions?) (?:of )?(?:euros?|yuan|dollars)"
)


def propose(bodies, findings):
    """Say what each unused mention of a document is likely about, and which rows to write.

    Parameters
    ----------
    bodies, findings
        From ``audit.audit``.

    Returns
    -------
    dict
        ``audit.once(finding)`` -> what it likely is, one line.
    list of tuple
        (section, start of the sentence, table, row as dict): facts, names, evidence, and a row of
        ``unused_mentions`` for each figure that found no home.
    """
    hints, rows, made, seen = {}, [], {}, collections.Counter()
    known = _known()
    for row in known.data["evidence"].values():
        seen[row["record"], row["field"]] += 1
    for s, asked in _sentences(known, bodies, findings):
        guesses = _guesses(known, s, asked)
        hints |= {asked[mention]: told for mention, (told, _) in guesses.items()}
        proposed = [row for _, found in guesses.values() for row in found]
        for table, cells in (each for row in proposed for each in _dressed(known, s, row)):
            if table == "evidence":
                cell = cells["record"], cells["field"]
                seen[cell] += 1
                parts = *cells["record"].split("/"), cells["field"], str(seen[cell])
                cells["evidence_id"] = "--".join(parts).replace("+", "--").replace("_", "-")
                said = tuple(list(cells.values())[1:])
                if seen[said]:  # the same name, found as that of a new place too
                    continue
                seen[said] = 1
            key = table, next(iter(cells.values()))
            if key not in made:
                made[key] = cells
                rows.append((s.section, s.start, table, cells))
            else:  # a later sentence says more of it
                made[key] |= {name: value for name, value in cells.items() if value != ""}
    return hints, rows


def as_csv(rows, header=False):
    """Write rows of one or more tables as CSV: table -> text."""
    written = {}
    for table in dict.fromkeys(table for *_, table, _ in rows):
        lines = io.StringIO()
        writer = csv.DictWriter(lines, list(tables.fields(table)), restval="", lineterminator="\n")
        if header:
            writer.writeheader()
        writer.writerows(cells for *_, of, cells in rows if of == table)
        written[table] = lines.getvalue()
    return written


def _dressed(known, s, row):
    """Yield a row and its evidence as (table, cells); proof without a place is the day of issue."""
    table, _, key = row.record.partition("/")
    if row.cells:
        first, *columns = tables.fields(table)
        yield table, {first: key, **{name: row.cells.get(name, "") for name in columns}}
    grouped = collections.defaultdict(list)  # one piece of evidence may prove several fields
    for field, start, end, *why in row.proofs:
        place = s.issued.get("section_id"), s.issued.get("fragment")
        if start is not None:
            inside = (s.start, s.start + len(s.text)) if start >= s.start else ()
            place = s.section, alone(s.body, start, end, *inside)
        grouped[*place, *(why or ("stated", ""))].append(field)
    for (section, fragment, basis, note), fields in grouped.items():
        values = "", row.record, "+".join(fields), s.document, section, fragment, row.support
        columns = tables.fields("evidence")
        yield "evidence", dict(zip(columns, (*values, basis, note), strict=True))


def _stems(words):
    """Give the words that can tell records apart: stem -> word."""
    found = {re.sub(r"(?:ies|s)$", "", w.casefold()): w for w in re.findall(r"[^\W\d_]{3,}", words)}
    common = "the and for with from ilo china chinese between million thi wa were ha have it signed"
    common += "  ".join(["", *wording.MONTHS]).casefold()
    return {stem: word for stem, word in found.items() if stem not in common.split()}


def _known():
    """Prepare the tables."""
    data, names, bags = load()[0], collections.defaultdict(list), {}
    for table in KINDS:
        for key, row in data[table].items():
            for name in {*named(data, f"{table}/{key}"), row["label"]}:
                names[folded(name)].append(f"{table}/{key}")
    cells = {"amount": {}, "number": {}, "ordinal": {}, "date": {}}
    for table in (resource["name"] for resource in tables.package()["resources"]):
        for name, field in tables.fields(table).items() if table != "documents" else ():
            if field.get("proof") in cells:
                cells[field["proof"]].setdefault(table, name)
    for table in {table for columns in cells.values() for table in columns}:
        for key, row in data[table].items():
            shown = ("label", "title", "indicator", "unit", "printed")
            bags[f"{table}/{key}"] = set(_stems(" ".join(row.get(name, "") for name in shown)))
    for row in data["evidence"].values():
        if row["record"] in bags:
            bags[row["record"]] |= _stems(row["fragment"]).keys()
    count = collections.Counter(stem for bag in bags.values() for stem in bag)
    bags = {r: {stem for stem in bag if count[stem] <= _COMMON} for r, bag in bags.items()}
    return Known(data, names, cells, bags)


def _sentences(known, bodies, findings):
    """Yield each sentence with unused mentions, and those: mention -> `audit.once` of it."""
    first, about, data = {}, "", known.data
    often = collections.Counter(f.mention.meant for f in findings if f.mention.kind == "amount")
    counted = {row["record"] for row in data["results"].values()}
    for finding in findings:
        if finding.state == "unused":
            first.setdefault(once(finding), finding)
    for section, body in bodies.items():
        row, recent = data["sections"][section], {}
        proof = (r for r in data["evidence"].values() if r["field"] == "published")
        issued = next((r for r in proof if r["document_id"] == row["document_id"]), {})
        here = [f.mention for f in findings if f.section == section]
        waits = {f.mention: key for key, f in first.items() if f.section == section}
        for start, end in sentences(body, len(row["heading"])):
            mine = [m for m in here if start <= m.start < end]
            who = {(m.start, m.end): _who(known, m, body) for m in mine if m.kind not in FIGURES}
            projects = [r for records in who.values() for r in records if r.startswith("projects/")]
            about = projects[-1] if projects else about
            for record in (r for records in who.values() for r in records[:1]):
                recent[record.partition("/")[0]] = record
                recent |= {"counted": record} if record in counted else {}
            if asked := {m: key for m, key in waits.items() if start <= m.start < end}:
                cells = body, start, body[start:end], mine, who, about, recent, issued, often
                yield Sentence(section, row["document_id"], *cells), asked


def _who(known, mention, body):
    """List the records that a name can be that of; a part of one title is that, too."""
    name = folded(mention.words)
    if records := known.names.get(name):
        to_place = re.search(r"\b(?:[Ii]n|to|at) (?:the )?$", body[: mention.start])
        return sorted(records, key=lambda record: record.startswith("places/") != bool(to_place))
    if len(name.split()) > 2:
        whole = {r for each, records in known.names.items() if name in each for r in records}
        if len(whole) == 1:
            return list(whole)
    return []


def _guesses(known, s, asked):
    """Guess what each mention is: mention -> (in words, rows)."""
    found, spent, table = {}, set(), _table(s)
    order = {"amount": 0, "number": 1, "date": 2}
    for m in sorted(asked, key=lambda m: (order.get(m.kind, 3) + m.ordinal * 1.5, m.start)):
        longer = next((k for k in asked if k.start <= m.start and m.end <= k.end and k != m), None)
        is_figure = m.kind in FIGURES
        if not is_figure and longer:
            found[m] = f"part of “{longer.words}”", []
        elif table and (is_figure or not s.who[m.start, m.end]):
            found[m] = table, []
        elif not is_figure:
            found[m] = draft_name(known, s, m)
        elif m in spent:
            continue
        elif m.meant or (m.words == "today" and s.issued and worded(s, "agreements", "act")):
            day = known.data["documents"][s.document]["published"]
            dated = m if m.meant else m._replace(meant=(day,))
            told, rows, others = _figure(known, s, dated)
            found[m] = (told if m.meant else f"the day of issue, {day}; {told}"), rows
            spent |= set(others)
            found |= {o: (f"goes with “{m.words}”", []) for o in others if o in asked}
        else:
            told, reason = UNREAD.get(m.kind, UNREAD["number"])
            found[m] = told, [unused(s, m, reason)]
    last = next(reversed(found))
    found[last] = found[last][0], [*found[last][1], *draft_places(known, s)]
    return found


def _table(s):
    """Say that a sentence is a table or a row of one, and in what its amounts are, or nothing."""
    unit, row = _UNIT.search(s.text), s.text.endswith("||")
    figures = sum(m.kind in FIGURES for m in s.mentions)
    if row:
        s.recent["unit"] = unit or s.recent.get("unit")
        unit = s.recent["unit"]
    elif figures < 8 or 8 * figures < len(s.text.split()) or re.search(r", and|[a-z]\. ", s.text):
        s.recent.pop("unit", None)
        return ""
    return f"stands in a table{f', whose heading gives {unit.group()}' if unit else ''}"


def _figure(known, s, m):
    """Guess what a figure is: in words, rows, and the other mentions that go with it."""
    kind = "ordinal" if m.ordinal else m.kind
    likely = _date(known, s, m) if kind == "date" else _likely(known, s, m, kind)
    if likely:
        record, verdict = likely
        table, key = record.split("/")
        row, column = known.data[table][key], known.cells[kind][table]
        shown = row["printed"] if kind == "amount" else row[column]
        told = f"{verdict} {record}, {column}: {shown}"
        if verdict in ("agrees with", "is coarser than", "is more precise than"):
            rows, others = back(known, s, m, record, column, verdict)
            return told, rows, others
        if verdict == "differs from":
            window = known.cells["date"][table]
            others = [d for d in dates_of(s) if row[window] in d.meant]
            proofs = tuple((window, d.start, d.end) for d in others)
            return told, [*dispute(s, m, record, column, shown), Row(record, {}, proofs)], others
    table, row, others = draft(known, s, m, likely and likely[0])
    said = f"{told}; " if likely else ""
    if row is None:
        kind = "repeated" if table.startswith("Another") else "unclear"
        kind = kind if m.kind == "amount" else ""
        return said + table[0].lower() + table[1:-1], [unused(s, m, table, kind)], []
    home = row[0].cells.get("record") or row[0].cells.get("project_id")
    named_so = home and any(home in r for records in s.who.values() for r in records)
    return f"{said}new: a row of {table}{f', of {home}' if named_so else ''}", row, others


def _likely(known, s, m, kind):
    """Find the record whose cell an amount, number or ordinal is likely held in, and compare."""
    same = [f for f in s.mentions if f.kind == m.kind and f.ordinal == m.ordinal]
    low = max((f.end for f in same if f.end <= m.start), default=s.start)
    high = min((f.start for f in same if f.start >= m.end), default=s.start + len(s.text))
    here = [at for at in s.who if kind == "number" or low <= at[0] < high]
    names = {record for at in here for record in s.who[at]}
    apart = {d for d in dates_of(s) if ";" in s.body[min(d.end, m.end) : max(d.start, m.start)]}
    dates = {meant for d in dates_of(s) if d not in apart for meant in d.meant}
    after = _stems(re.split(r"[,;.:]|\d", s.body[m.end : m.end + 80])[0]).keys()
    near = _stems(s.body[low : m.start]).keys() | (
        after if kind == "number" else _stems(s.body[m.end : high]).keys()
    )
    channels = (worded(s, "contributions", "channel", flags=re.I) or [""])[0]
    value, best = m.meant[0][0] if kind == "amount" else m.meant[0], (2, "")
    for table, column in known.cells[kind].items():
        for key, row in known.data[table].items():
            home = {f"{table}/{key}", row.get("record"), f"projects/{row.get('project_id')}"}
            home.add(f"agreements/{row.get('agreement_id')}")
            if row.get("payer_id") not in ("china", "mohrss", ""):
                home.add(f"organisations/{row.get('payer_id')}")
            shared, unit = near & known.bags[f"{table}/{key}"], set(_stems(row.get("unit", "")))
            channel = row.get("channel", "") == channels != ""
            told = home & names or channel
            if kind == "number":
                told = unit & after and (shared - unit or told)
            if not row[column] or not told:
                continue
            windows = {row.get(c) for c in ("period", "as_of", "signed", "date")} - {"", None}
            score = len(shared) + 2 * bool(home & names) + 2 * bool(windows & dates) + 2 * channel
            score += 2 * len(unit & after) / len(unit) if unit else 0
            score += 3 * (float(row[column]) == value)
            if score > best[0]:
                best = score, f"{table}/{key}", windows, row, float(row[column]) == value
    if not best[1]:
        return None
    score, record, windows, row, same = best
    hedge = hedged(s, m)[0] == (row.get("qualifier") or "exact") or kind == "ordinal"
    window = bool(windows & dates) or not (windows or dates) or kind == "ordinal"
    if same and window and hedge:
        return record, "agrees with"
    if same:
        what = " and ".join(["hedge"] * (not hedge) + ["window"] * (not window))
        return record, f"has the same figure, but another {what}, than"
    return record, "differs from" if windows & dates and hedge and score >= 5 else "compare"


def _date(known, s, m):
    """Find the agreement, event or project whose date this is; no other date is held against it."""
    found = []
    for table in ("agreements", "events", "projects"):
        for key, row in known.data[table].items():
            record, value = f"{table}/{key}", row[known.cells["date"][table]]
            spots = [span for span, records in s.who.items() if record in records]
            stems = {st: w for st, w in _stems(s.text).items() if st in known.bags[record]}
            enough = 1 if value in m.meant and len(value) == 10 else 3 + (m.words == value[:4])
            if not value or not (spots or len(stems) >= enough):
                continue
            for word in () if spots else stems.values():
                at = s.body.index(word, s.start)
                spots.append((at, at + len(word)))
            near = min(spots, key=lambda p: min(abs(p[0] - m.end), abs(m.start - p[1])))
            if CHANGES.search(s.body[near[1] : m.start] or s.body[m.end : near[0]]):
                continue
            rank, days = 0, "/" not in value + m.meant[0]
            if value in m.meant:
                rank = 3
            elif days and contains(value, m.meant[0]):
                rank = 2
            elif days and contains(m.meant[0], value):
                rank = 1
            verdict = ("", "is coarser than", "is more precise than", "agrees with")[rank]
            found += [(rank, len(stems) + 3 * bool(spots), record, verdict)] * bool(rank)
    return max(found)[2:] if found else None
