"""What a new document likely says: of each mention the record and cell, and the rows to write.

A proposal is likely, never certain: the curator deletes and corrects. "agrees" and "differs" are
said only where figure, hedge and window are held against those of one cell.
"""

import collections
import copy
import re
from pathlib import Path

from ilodata import tables
from ilodata.curation import drafting, filling, wording
from ilodata.curation.adding import alone
from ilodata.curation.audit import KINDS, once, sentences
from ilodata.curation.check import rules
from ilodata.curation.drafting import CHANGES, dates_of, dismissed, folded, hedged, worded
from ilodata.curation.filling import load, named
from ilodata.curation.mentions import is_plain, territories
from ilodata.curation.verify import prove
from ilodata.curation.wording import FIGURES
from ilodata.dates import contains

VERDICTS = ("", "is coarser than", "is more precise than", "agrees with")
_ANOTHER = re.compile(r"\b(?:[Nn]ew|[Aa]nother|[Ff]urther) $")
# A project that is told of without a name of ours, or how a sentence goes on with the one before.
_UNNAMED = re.compile(
    r"\b(?:an?|another|new|further|first|second|third|this|its) (?:(?!the )[\w-]+ ){0,3}(?:project|programme)\b"
    r"|\b(?:project|programme) (?:on|for|to|of|in)\b", re.I
)  # fmt: skip
_OWNERS = ("projects", "project_id", "period"), ("agreements", "agreement_id", "signed")
_WHERE = re.compile(r"/(\w+)\.csv, row (.+?), column \w+: ")
_COMMON = 10  # records that a word may tell of before it tells none apart


def propose(bodies, findings):
    """Say what each unused mention of a document is likely about, and which rows to write.

    `bodies` and `findings` are from ``audit.audit``. Returns ``audit.once(finding)`` -> what it
    likely is, one line; and a list of (section, start of the sentence, table, row as dict): facts,
    names, evidence, and rows of ``unused_mentions``. The table is ``unclear/TABLE`` where a cell is
    missing, or `check` or `verify` refuses the row.
    """
    known, hints, rows, made = _known(), {}, [], {}
    for s, asked in _sentences(known, bodies, findings):
        for mention, (told, found) in _guesses(known, s, asked).items():
            hints[asked[mention]] = told
            dressed = [each for row in found for each in _dressed(s, row)]
            for table, cells in dressed:
                key = (table, *list(cells.values())[:6])
                key = key if table == "evidence" else key[:2]
                if key not in made:
                    made[key] = s.section, s.start, table, cells, []
                    rows.append(made[key])
                else:  # a later sentence says more of it
                    made[key][3].update({n: value for n, value in cells.items() if value != ""})
                if cells is dressed[0][1]:
                    made[key][4].append(asked[mention])
    kept = _accepted(load()[0], bodies, rows)
    taken = {id(row[4]) for row in kept}
    for *_, table, _, asking in rows:
        for each in asking if id(asking) not in taken else ():
            said = re.sub("^(?:unclear|dismissed): |new: .*", "", hints[each]).strip("; .")
            said = said[:1].lower() + said[1:]
            hints[each] = f"unclear: {said or f'check or verify refuse the row of {table}'}"
    taken |= {f"{table}/{next(iter(cells.values()))}" for *_, table, cells, _ in kept}
    lacking = [
        (section, start, f"unclear/{table}", cells)
        for section, start, table, cells, asking in rows
        if taken.isdisjoint((id(asking), cells.get("record"))) and table != "unused_mentions"
    ]
    return hints, [*(row[:4] for row in kept), *lacking]


def _accepted(data, bodies, rows):
    """Fill in rows, without those that `check` and `verify` refuse and what rests on them."""
    while True:
        trial = copy.deepcopy(data)
        made = [{name: str(value) for name, value in row[3].items()} for row in rows]
        for number, (row, cells) in enumerate(zip(rows, made, strict=True)):
            trial[row[2]][next(iter(cells.values())) or f"?{number}"] = cells
        filling.fill(trial)
        rows = [(*row[:3], cells, row[4]) for row, cells in zip(rows, made, strict=True)]
        made = [(f"{row[2]}/{next(iter(row[3].values()))}", row[2], row[3]) for row in rows]
        touched = {each for record, _, cells in made for each in (record, cells.get("record"))}
        wrong = [*rules(trial), *prove(trial, bodies, touched)[0]]
        bad = {f"{m[1]}/{m[2]}" for m in map(_WHERE.search, wrong) if m} | {
            record for record, table, cells in made for name, field in tables.fields(table).items()
            if field.get("constraints", {}).get("required") and not cells[name]
        }  # fmt: skip
        # Of another document we have no text here; what rests on a refused row goes with it.
        bad -= {r for r, _, c in made if c.get("section_id", "") not in ("", *bodies)}
        if bad.isdisjoint(record for record, *_ in made):
            return rows
        bad |= {c["record"] for r, table, c in made if r in bad and table == "evidence"}
        bad |= {record for record, _, cells in made if cells.get("record") in bad}
        rows = [row for row, (record, *_) in zip(rows, made, strict=True) if record not in bad]


def as_csv(rows):
    """Write proposed rows as files: table -> text."""
    grouped = collections.defaultdict(list)
    for *_, table, cells in rows:
        grouped[table].append(cells)
    return {t: filling.as_csv(Path(t).name, r, header=True) for t, r in grouped.items()}


def _dressed(s, row):
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
    for row in tables.rows("acronyms", "reference"):
        names[folded(row["expansion"])] = names.get(folded(row["acronym"]), [])
    cells = {"amount": {}, "number": {}, "ordinal": {}, "date": {}}
    for table, field in filling.fields():
        if table != "documents" and field.get("proof") in cells:
            cells[field["proof"]].setdefault(table, field["name"])
    for table in {table for columns in cells.values() for table in columns}:
        for key, row in data[table].items():
            shown = ("label", "title", "indicator", "unit", "printed")
            bags[f"{table}/{key}"] = set(_stems(" ".join(row.get(name, "") for name in shown)))
    for row in data["evidence"].values():
        if row["record"] in bags:
            bags[row["record"]] |= _stems(row["fragment"]).keys()
    count = collections.Counter(stem for bag in bags.values() for stem in bag)
    bags = {r: {stem for stem in bag if count[stem] <= _COMMON} for r, bag in bags.items()}
    return drafting.Known(data, names, cells, bags)


def _sentences(known, bodies, findings):
    """Yield each sentence with unused mentions, and those: mention -> `audit.once` of it."""
    first, data = {}, known.data
    for finding in findings:
        # A country that only the title names waits for its row, too.
        name = finding.mention.words
        new = name in territories() and folded(name) not in known.names
        if finding.state == "unused" or new:
            first.setdefault(once(finding), finding)
    for section, body in bodies.items():
        row, recent, about = data["sections"][section], drafting.Recent(), ""
        proof = (r for r in data["evidence"].values() if r["field"] == "published")
        issued = next((r for r in proof if r["document_id"] == row["document_id"]), {})
        here = [f.mention for f in findings if f.section == section]
        waits = {f.mention: key for key, f in first.items() if f.section == section}
        heads = len(row["heading"])
        for start, end in sentences(body, heads):
            mine = [m for m in here if start <= m.start < end]
            who = _records(known, body, mine)
            projects = [r for records in who.values() for r in records if "projects/" in r]
            recent.unnamed = not projects and _UNNAMED.search(body[start:end]) is not None
            if projects or recent.unnamed:
                about = projects[-1] if projects else ""
            alone = all(start <= m.start < end or m.end <= heads for m in waits)
            if asked := {m: key for m, key in waits.items() if start <= m.start < end}:
                cells = body, start, body[start:end], mine, who, about, recent, issued, alone
                yield drafting.Sentence(section, row["document_id"], *cells), asked


def _records(known, body, mentions):
    """Say which records names are of: place -> records, those inside a longer name left out."""
    who = {(m.start, m.end): _who(known, m, body) for m in mentions if m.kind not in FIGURES}
    for m in mentions:
        if m.kind == "project" and not is_plain(m.words) and not who[m.start, m.end]:
            who[m.start, m.end] = [drafting.entitled(known, m)]
    whole = [at for at, records in who.items() if records]
    for at in whole:
        if any(a <= at[0] and at[1] <= b and (a, b) != at for a, b in whole):
            del who[at]
    return who


def _who(known, mention, body):
    """List the records that a name can be that of; a part of one title is that, too."""
    if _ANOTHER.search(body[: mention.start]) or mention.words.startswith("new "):
        return []  # "the new Agreement" is another one
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
    # Of a section that mentions nothing else, and no name of ours.
    ours = (r for records in s.who.values() for r in records if not r.startswith("places/"))
    whole = s.alone and not any(ours)

    def who(mention):
        return s.who.get((mention.start, mention.end))

    order = {"amount": 0, "number": 1, "date": 2}
    # Names first: figures may be of what is new.
    for m in sorted(asked, key=lambda m: (order.get(m.kind, -1) + m.ordinal * 1.5, m.start)):
        longer = next((k for k in asked if k.start <= m.start and m.end <= k.end and k != m), None)
        is_figure = m.kind in FIGURES
        reached = longer and longer.kind == "project" and m.words in territories()  # by its title
        part = longer and not reached and (m.ordinal or not is_figure)
        if part and (who(longer) or not who(m)):
            found[m] = f"part of “{longer.words}”", []
        elif table and whole:
            why = "It stands in a table that names nothing of ours but places."
            found[m] = dismissed(s, None, why)
        elif table and not (who(m) or m.words in territories()):
            found[m] = drafting.draft_cell(s, m) if m.kind == "amount" else f"unclear: {table}", []
        elif not is_figure:
            found[m] = drafting.draft_name(known, s, m)
        elif m in spent:
            continue
        elif why := drafting.idle(known, s, m):
            found[m] = why
        elif m.meant or _today(s, m):
            day = known.data["documents"][s.document]["published"]
            dated = m if m.meant else m._replace(meant=(day,))
            told, rows, others = _figure(known, s, dated)
            found[m] = (told if m.meant else f"the day of issue, {day}; {told}"), rows
            spent |= set(others)
            found |= {o: (found[m][0], []) for o in others if o in asked}
        else:
            told = "in another currency" if m.kind == "amount" else "not to be read as a figure"
            acts = m.kind == "date" and worded(s, "agreements", "act")
            acts = acts or m.words == "today" and not s.issued
            found[m] = (f"unclear: it is {told}", []) if acts else dismissed(s, m, f"It is {told}.")
    last, (told, rows) = found.popitem()
    found[last] = told, [*rows, *drafting.draft_links(known, s)]
    return found


def _today(s, m):
    """Tell whether "today" is the day of issue, and dates something."""
    acts = worded(s, "agreements", "act") or worded(s, "events", "kind", "launch")
    return m.words == "today" and s.issued and acts


def _table(s):
    """Say that a sentence is a table or a row of one, or nothing."""
    row, figures = s.text.endswith("||"), sum(m.kind in FIGURES for m in s.mentions)
    much = figures >= 8 and 8 * figures >= len(s.text.split())
    prose = re.search(r", and|[a-z]\. ", s.text)
    return "stands in a table" if row or (much and not prose) else ""


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
            rows, others = drafting.back(known, s, m, record, column, verdict)
            return told, rows, others
        if verdict == "differs from":
            return told, [], [d for d in dates_of(s) if row[known.cells["date"][table]] in d.meant]
    rows, others, unclear, why = drafting.draft(known, s, m, likely and likely[0])
    said = f"{told}; " if likely else ""
    if unclear:
        return f"unclear: {said}{unclear}", rows, others
    if why:
        return *dismissed(s, m, why, "unclear"), []
    return f"{said}new: a row of {rows[0].record.partition('/')[0]}", rows, others


def _likely(known, s, m, kind):
    """Find the record whose cell an amount, number or ordinal is likely held in, and compare."""
    lasts = re.match(r" (?:year|month|week|day)s?\b", s.body[m.end :])
    if lasts and re.search(r"\b(?:over|for|within|in) $", s.body[s.start : m.start]):
        return None  # a length of time
    same = [f for f in s.mentions if f.kind == m.kind and f.ordinal == m.ordinal]
    low = max((f.end for f in same if f.end <= m.start), default=s.start)
    high = min((f.start for f in same if f.start >= m.end), default=s.start + len(s.text))
    here = [at for at in s.who if kind == "number" or low <= at[0] < high]
    names = {record for at in here for record in s.who[at]}
    dates = {meant for d in dates_of(s) for meant in d.meant}
    after = _stems(re.split(r"[,;.:]|\d", s.body[m.end : m.end + 80])[0]).keys()
    behind = after if kind == "number" else _stems(s.body[m.end : high]).keys()
    near = _stems(s.body[low : m.start]).keys() | behind
    foreign = any(x.words in territories() and x.start < m.start for x in s.mentions
                  if "organisations/china" not in s.who.get((x.start, x.end), ()))  # fmt: skip
    channels = (drafting.channel_of(s, re.I) or [""])[0]
    best = (2, "")
    for table, column in known.cells[kind].items():
        for key, row in known.data[table].items():
            home = {f"{t}/{row.get(column)}" for t, column, _ in _OWNERS} & names
            payer = row.get("payer_id") not in ("china", "mohrss", "") and row.get("payer_id")
            home |= {f"{table}/{key}", row.get("record"), f"organisations/{payer}"} & names
            shared, unit = near & known.bags[f"{table}/{key}"], set(_stems(row.get("unit", "")))
            channel = row.get("channel", "") == channels != ""
            told = home or channel
            if kind == "number":
                last = set(_stems(row.get("unit", "").rpartition(" ")[2]))
                told = last and last <= after and (told or (shared - unit and not foreign))
            if not row[column] or not told:
                continue
            windows = {row.get(c) for c in ("period", "as_of", "signed", "date")}
            owned = {known.data[t].get(row.get(c), {}).get(d) for t, c, d in _OWNERS}
            windows = (windows | owned & dates) - {"", None}
            score = len(shared) + 2 * bool(home) + 2 * bool(windows & dates) + 2 * channel
            score += 2 * len(unit & after) / len(unit) if unit else 0
            same = float(row[column]) == m.value
            if score + 3 * same > best[0]:
                best = score + 3 * same, f"{table}/{key}", windows, row, same
    if not best[1]:
        return None
    score, record, windows, row, same = best
    hedge = hedged(s, m)[0] == (row.get("qualifier") or "exact") or kind == "ordinal"
    dates |= {"the sum before"} if re.match(r"Of (?:this|which|these)\b", s.text) else set()
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
            days = value and "/" not in value + m.meant[0]
            near = days and (contains(value, m.meant[0]) or contains(m.meant[0], value))
            if not near and value not in m.meant:
                continue
            named = [at for at, records in s.who.items() if record in records]
            stems = {st: w for st, w in _stems(s.text).items() if st in known.bags[record]}
            enough = 1 if value in m.meant and len(value) == 10 else 3 + (m.words == value[:4])
            if not named and len(stems) < enough:
                continue
            starts = ((s.body.index(word, s.start), word) for word in stems.values())
            spots = named or [(at, at + len(word)) for at, word in starts]
            near = min(spots, key=lambda p: min(abs(p[0] - m.end), abs(m.start - p[1])))
            if CHANGES.search(s.body[near[1] : m.start] or s.body[m.end : near[0]]):
                continue
            rank = 3 if value in m.meant else 2 if contains(value, m.meant[0]) else 1
            found.append((rank, len(stems) + 3 * bool(named), record, VERDICTS[rank]))
    return max(found)[2:] if found else None
