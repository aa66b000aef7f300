"""What a new document likely says: of each mention the record and cell, and the rows to write.

A proposal is likely, never certain: the curator deletes and corrects. "agrees" is said only where
figure, hedge and window are those of one cell; other figures are to be compared. Rows are made in
``drafting``; here they get their evidence, and those that `check` or `verify` refuse are set apart.
"""

import collections
import copy
import re
from pathlib import Path
from typing import NamedTuple

from ilodata import tables
from ilodata.curation import drafting, filling, grammar
from ilodata.curation.adding import alone
from ilodata.curation.audit import KINDS, by_sentence, once
from ilodata.curation.check import rules
from ilodata.curation.drafting import dates_of, dismissed, folded, worded
from ilodata.curation.filling import id_of, load, named, slug
from ilodata.curation.grammar import FIGURES, alike, inside, kind_of
from ilodata.curation.mentions import is_plain, territories
from ilodata.curation.verify import prove
from ilodata.dates import contains

CELLS = {
    "amount": {"contributions": "amount_usd"},
    "number": {"results": "value", "indicators": "value"},
    "ordinal": dict.fromkeys(("agreements", "events", "projects"), "ordinal"),
    "date": {"agreements": "signed", "events": "date", "projects": "period"},
}
# Why a figure makes no row; and what it is that the row of a figure lacks.
NO_ROW = {
    "date": "it dates nothing that we can name",
    "number": "what it counts is not named",
    "ordinal": "it numbers something that we do not number",
}
LACKS = {
    "record": "whose figure it is",
    "label": "what it is for is not named",
    "status": "whether it has happened",
    "with_ilo": "whether it is one with the ILO",
}


class Proposed(NamedTuple):
    """A row to write, and the sentence that asks for it: its section, and where it begins."""

    section: str
    start: int
    table: str
    cells: dict

    @property
    def record(self):
        """Name the row as table/id."""
        return f"{self.table}/{id_of(self.cells)}"


def propose(bodies, findings):
    """Say what each unused mention of a document is likely about, and which rows to write.

    `bodies` and `findings` are from ``audit.audit``. Returns ``audit.once(finding)`` -> what it
    likely is, one line; and a list of `Proposed`: facts, names, evidence, and rows of
    ``unused_mentions``. The table is ``unclear/TABLE`` where a cell is missing, or `check` or
    `verify` refuses the row.
    """
    guesses, made = {}, {}
    for s, asked in _sentences(bodies, findings):
        for mention, (hint, rows) in _guesses(s, asked).items():
            guesses[asked[mention]] = hint, _take(made, s, rows)
        _take(made, s, drafting.links(s))
    kept, hints = _accepted(load()[0], bodies, made), {}
    for each, (hint, keys) in guesses.items():
        hints[each] = _said(hint, made[keys[0]], keys[0] in kept) if keys else hint
    records = {row.record for row in kept.values()}
    rest = [row for key, row in made.items() if key not in kept and row.table != "unused_mentions"]
    lacking = [row for row in rest if row.cells.get("record") not in records]
    unclear = [row._replace(table=f"unclear/{row.table}") for row in lacking]
    return hints, [*kept.values(), *unclear]


def _take(made, s, rows):
    """Take in rows of a sentence and their evidence; return their keys.

    A row without an id is known by its first cells, of evidence up to the fragment; a later
    sentence may say more of it.
    """
    keys = []
    for table, cells in (each for row in rows for each in _dressed(s, row)):
        own, *others = cells.values()
        keys.append((table, own) if own else (table, *others[:5]))
        row = made.setdefault(keys[-1], Proposed(s.section, s.start, table, cells))
        row.cells.update({name: value for name, value in cells.items() if value})
    return keys


def _said(hint, row, kept):
    """Say what a mention likely is, whose first row can be kept, or lacks something."""
    if kept:
        return hint if hint and hint[-2:] != "; " else f"{hint}new: a row of {row.table}"
    flaws = _flaws(row)
    lacking = (why for column, why in LACKS.items() if column in flaws)
    why = next(lacking, f"check or verify refuse the row of {row.table}")
    hint = hint.removeprefix("dismissed: ").rstrip("; ")
    return f"unclear: {hint}; {why}" if hint else f"unclear: {why}"


def _accepted(data, bodies, made):
    """Fill in rows, without those that `check` and `verify` refuse and what rests on them."""
    while True:
        trial, rows = _tried(data, made)
        if not (refused := _refused(trial, bodies, rows)):
            return rows
        gone = {row.record for row in refused}
        gone |= {row.cells["record"] for row in refused if row.table == "evidence"}
        made = {k: r for k, r in rows.items() if gone.isdisjoint((r.record, r.cells.get("record")))}


def _tried(data, made):
    """Add rows to tables and fill them in: the tables, and the rows as they are there."""
    trial, rows = copy.deepcopy(data), {}
    for number, (key, row) in enumerate(made.items()):
        rows[key] = row._replace(cells=dict(row.cells))
        trial[row.table][id_of(row.cells) or f"?{number}"] = rows[key].cells
    filling.fill(trial)
    return trial, rows


def _refused(trial, bodies, rows):
    """List those of some rows of tables that `check` or `verify` refuse."""
    touched = {each for row in rows.values() for each in (row.record, row.cells.get("record"))}
    wrong = [*rules(trial), *prove(trial, bodies, touched)[0]]
    bad = {f"{table}/{key}" for table, key, *_ in wrong}
    # Of another document we have no text here.
    ours = [row for row in rows.values() if row.cells.get("section_id", "") in ("", *bodies)]
    return [row for row in ours if row.record in bad or _flaws(row)]


def _flaws(row):
    """Say what is wrong with single cells of a row: column -> in words."""
    said = {n: tables.flaw(f, row.cells[n]) for n, f in tables.fields(row.table).items()}
    return {name: what for name, what in said.items() if what}


def as_csv(rows):
    """Write proposed rows as files: table -> text."""
    grouped = collections.defaultdict(list)
    for row in rows:
        grouped[row.table].append(row.cells)
    return {t: filling.as_csv(Path(t).name, r, header=True) for t, r in grouped.items()}


def _dressed(s, row):
    """Yield a row and its evidence as (table, cells); proof without a place is the day of issue."""
    table, _, key = row.record.partition("/")
    if row.cells:
        own, *columns = tables.fields(table)
        yield table, {own: key, **{name: row.cells.get(name, "") for name in columns}}
    grouped = collections.defaultdict(list)  # one piece of evidence may prove several fields
    for field, place, why in row.proofs:
        where = s.issued.get("section_id"), s.issued.get("fragment")
        if place:
            stretch = (s.start, s.end) if place[0] >= s.start else ()
            where = s.section, alone(s.body, *place, *stretch)
        grouped[*where, why].append(field)
    for (*where, why), fields in grouped.items():
        cells = "", row.record, "+".join(fields), s.document, *where, row.support, why
        yield "evidence", filling.evidence_row(*cells)


def _sentences(bodies, findings):
    """Yield each sentence with unused mentions, and those: mention -> `audit.once` of it."""
    data, names, waits = load()[0], collections.defaultdict(list), {}
    for table in KINDS:
        for key, row in data[table].items():
            for name in {*named(data, f"{table}/{key}"), row["label"]}:
                names[folded(name)].append(f"{table}/{key}")
    for row in tables.rows("acronyms", "reference"):
        names[folded(row["expansion"])] = names.get(folded(row["acronym"]), [])
    for finding in findings:
        # A country that only the title names waits for its row, too.
        name = finding.mention.words
        if finding.state == "unused" or (name in territories() and folded(name) not in names):
            waits.setdefault(once(finding), finding)
    for section, body in bodies.items():
        recent, about, document = [], "", data["sections"][section]["document_id"]
        day = data["documents"][document]["published"]
        proof = (r for r in data["evidence"].values() if r["field"] == "published")
        issued = next((r for r in proof if r["document_id"] == document), {})
        for _, start, end, here in by_sentence({section: body}, findings):
            mentions = [f.mention for f in here]
            who = _records(data, names, mentions)
            projects = [r for records in who.values() for r in records if "projects/" in r]
            about = [about, *projects][-1]
            where = data, names, section, document, body, start, end
            if asked := {f.mention: once(f) for f in here if waits.get(once(f)) is f}:
                yield drafting.Sentence(*where, mentions, who, about, recent, day, issued), asked


def _records(data, names, mentions):
    """Say which records names are of: place -> records, those inside a longer name left out."""
    who = {}
    for m in (m for m in mentions if m.kind not in FIGURES):
        name = folded(m.words)
        records = names.get(name, [])
        if not records and name.count(" ") > 1:  # a part of one title is that, too
            longer = {r for each, of in names.items() if name in each for r in of}
            records = list(longer) if len(longer) == 1 else []
        if not records and m.kind == "project" and not is_plain(m.words):  # the title of a new one
            key, row = slug(m.words, 60), dict.fromkeys(tables.fields("projects"), "")
            data["projects"].setdefault(key, row | {"label": m.words})
            records = names[name] = [f"projects/{key}"]
        who[m.at] = records
    known = [at for at, records in who.items() if records]
    hidden = {at for at in known for other in known if at != other and inside(at, other)}
    return {at: records for at, records in who.items() if at not in hidden}


def _guesses(s, asked):
    """Guess what each mention is: mention -> (in words, rows)."""
    found, spent, in_table = {}, set(), _is_table(s)
    cells = grammar.table_amounts(s.body) if in_table else ()
    units = {m.start: f", whose heading gives {unit}" for m, unit in cells}
    order = {"amount": 0, "number": 1, "date": 2}
    # Names first: figures may be of what is new.
    for m in sorted(asked, key=lambda m: (order.get(m.kind, -1) + m.ordinal * 1.5, m.start)):
        longer = next((k for k in asked if k != m and inside(m.at, k.at)), None)
        who, place = s.who.get(m.at), m.words in territories()
        reached = longer and longer.kind == "project" and place  # by its title
        part_of = longer and not reached and (m.ordinal or m.kind not in FIGURES)
        if part_of and (s.who.get(longer.at) or not who):
            found[m] = f"part of “{longer.words}”", []
        elif in_table and not (who or place):
            found[m] = f"unclear: stands in a table{units.get(m.start, '')}", []
        elif m.kind == "amount" and not m.meant:
            found[m] = "unclear: it is in another currency, or has too many digits", []
        elif m in spent:
            continue
        elif why := _idle(s, m):
            found[m] = dismissed(s, m, why)
        elif m.kind not in FIGURES:
            found[m] = drafting.name(s, m)
        else:
            told, rows, others = _figure(s, m)
            spent |= {m, *others}
            found |= {each: (told, rows) for each in (m, *others) if each in asked}
    return found


def _idle(s, m):
    """Say why a mention waits for no row of its own; or nothing."""
    issued = s.issued["fragment"] if s.issued.get("section_id") == s.section else "\0"
    if m.kind == "person" and grammar.ADDRESS.search(s.text):
        return "It is of somebody to contact."
    if m.kind not in FIGURES:
        at = s.body.find(issued)
        gap = (m.end, at) if m.start < at else (at + len(issued), m.start)
        beside = at >= 0 and re.fullmatch(" ?[,|–-] ?|", s.body[slice(*gap)])
        place = m.kind in ("place", "name") or m.words.isupper()
        return "The place of issue." if place and beside else ""
    title = s.data["documents"][s.document]["title"]
    for words, why in ((title, "It is part of the title."), (issued, "The day of issue.")):
        at = s.body.find(words)
        if 0 <= at <= m.start < at + len(words) and m.kind != "amount":
            return why
    if m.meant or (m.words == "today" and s.day and worded(s, "agreements", "act")):
        return ""
    return "It is not to be read as a figure."


def _is_table(s):
    """Tell whether a sentence is a table, or a row of one."""
    figures = sum(m.kind in FIGURES for m in s.mentions)
    # More than a sentence lists, and as thick as no prose has them.
    much = figures >= 8 and 8 * figures >= len(s.text.split())
    return s.text.endswith("||") or (much and not re.search(r", and|[a-z]\. ", s.text))


def _figure(s, m):
    """Guess what a figure is: in words, rows, and the other mentions that go with it."""
    kind, said = kind_of(m), ""
    m = m if m.meant else m._replace(meant=(s.day,))  # today
    record, verdict = _likely(s, m) or ("", "")
    if record:
        table, _, key = record.partition("/")
        column = CELLS[kind][table]
        shown = s.data[table][key]["printed" if kind == "amount" else column]
        said = f"{verdict} {record}, {column}: {shown}"
        if verdict != "compare":
            return said, *drafting.proofs_of(s, m, record, column, verdict)
        said += "; "
    rows, others = drafting.DRAFTS[kind](s, m, record)
    return (said, rows, others) if rows else (f"unclear: {said}{NO_ROW[kind]}", [], [])


def _likely(s, m):
    """Find the record whose cell likely holds a figure, and compare: (record, verdict), or nothing.

    The record, its owner or channel is named, or words of its label. No other unit is held against
    that of a number, and no other date against a date.
    """
    kind, (low, high), found = kind_of(m), drafting.part(s, m), []
    whole = kind in ("number", "date")  # others have the part of the sentence between their kind
    said = {r for at, records in s.who.items() if whole or low <= at[0] < high for r in records}
    if channel := worded(s, "contributions", "channel"):
        said.add(channel[0])
    unit = s.body[m.end : drafting.quoted(s, m)[1]].strip()
    dates, hedge = {each for d in dates_of(s) for each in d.meant}, grammar.qualifier(s.body, m)
    before = max((at[1] for at in s.who if s.who[at] and at[1] <= m.start), default=s.start)
    if kind == "date" and drafting.CHANGES.search(s.body[before : m.start]):
        return None
    for table, column in CELLS[kind].items():
        for key, row in s.data[table].items():
            agrees = _compared(row[column], m)
            if not row[column] or (kind == "date" and not agrees):
                continue
            if kind == "number" and not alike(row["unit"], unit):
                continue
            of = {f"{table}/{key}", row.get("record"), row.get("channel")}
            of |= {f"{owner}s/{row.get(f'{owner}_id')}" for owner in ("project", "agreement")}
            home = not said.isdisjoint(of)
            label = " ".join(row.get(name, "") for name in ("label", "title", "indicator"))
            shared = len(_words(s.text) & _words(label)) if agrees else 0
            shared += kind == "date" and len(row[column]) == 10  # a day is rarely that of two
            window = row.get("period") or row.get("as_of")
            timed = window in dates if window else not dates
            exact = kind in ("date", "ordinal") or (timed and hedge == row["qualifier"])
            if home or shared > 1:
                verdict = agrees if agrees and exact else "compare"
                found.append((bool(agrees), home, timed, shared, f"{table}/{key}", verdict))
    return max(found)[-2:] if found else None


def _compared(cell, m):
    """Say how a figure agrees with a cell; nothing where it does not."""
    if cell and (cell in m.meant if m.kind == "date" else float(cell) == m.value):
        return "agrees with"
    if m.kind != "date" or not cell or "/" in cell + m.meant[0]:
        return ""
    if contains(cell, m.meant[0]):
        return "is more precise than"
    return "is coarser than" if contains(m.meant[0], cell) else ""


def _words(text):
    """Give the words that can tell records apart."""
    found = re.findall(r"[^\W\d_]{4,}", text.casefold())
    return {re.sub(r"(?:ies|s)$", "", word) for word in found} - {"china", "with", "between"}
