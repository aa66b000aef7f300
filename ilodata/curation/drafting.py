"""The rows that a sentence of a new document likely asks for, each with its proof.

One function for each kind of thing: amounts, counts, agreements, meetings, links of a project,
names. Which record a figure is held against, and which rows are kept, is decided in ``proposing``.
"""

import dataclasses
import itertools
import re
from typing import NamedTuple

from ilodata import tables
from ilodata.curation import grammar
from ilodata.curation.adding import alone
from ilodata.curation.audit import KINDS
from ilodata.curation.filling import free, id_of, slug
from ilodata.curation.grammar import FIGURES, kind_of, spots
from ilodata.curation.mentions import OFFICE, is_plain, territories

HOMES = {kind: table for table, kind in KINDS.items()} | {"programme": "frameworks"}
# Between a date and a record: the date is that of something else.
CHANGES = re.compile(r"\b(?:amend|exten|renew|revis|review|evaluat|expir|anniversar)", re.I)
_ANOTHER = re.compile(r"\b(?:of|until|by|through) $")
_MORE = re.compile(r"\b(?:additional|another|further|more|extra|added|from)\b")
_MEETING = re.compile(
    r" ((?:[A-Z][\w’-]+ )*\w*(?i:meeting|session|conference|round)\b)(?: of the(?: [A-Z][\w-]+)+)?"
)
# Before a name: another one does it.
_BEHIND = re.compile(
    r"\b(?i:of|with|from|by|for|to|at|in|through|under|between) (?:the )?(?:(?:[A-Z]\S+ )+and (?:the )?)?$"
)
# Words after a figure that do not belong to what is counted.
_ENDS = re.compile(
    r"[.,;:|”\d$€£¥]|\bUS\$|\((?![A-Z]+\))|\b(?:an?|the|of|in|to|ha[sd]|have|is|are|was|were|from"
    r"|for|with|over|nearly|about|more|who|whose|that|which|at|on|by|between|as|than|since|under|will|met|took"
    r"|[a-z]+ed)\b"
)
_LASTS = re.compile(r"(?:year|month|week|day|hour)s?\b")
# Between names that stand together, and the words that say what they do.
_JOINT = re.compile(r"(?:[’']s)? ?(?:\([A-Z]+\))?\)?,?(?: ?and)? ?\(?(?:the |jointly )?")


class Sentence(NamedTuple):
    """A sentence of a document; positions are those of its section."""

    data: dict  # table -> {id: row}
    names: dict  # name without case -> records
    section: str
    document: str
    body: str
    start: int
    end: int
    mentions: list
    who: dict  # (start, end) of a name -> records that it can be of
    about: str  # the project that was named last
    recent: list  # the agreements that were proposed in its section
    day: str  # of issue, if any
    issued: dict  # evidence of that day

    @property
    def text(self):
        """The words of the sentence."""
        return self.body[self.start : self.end]

    def words(self, pattern):
        """Find a pattern: a match in the section's text, or nothing."""
        return re.compile(pattern).search(self.body, self.start, self.end)


@dataclasses.dataclass
class Draft:
    """A row to write, or proof of one that there is."""

    record: str = ""
    cells: dict = dataclasses.field(default_factory=dict)
    proofs: list = dataclasses.field(default_factory=list)  # (column, place or None, why inferred)
    support: str = "says"

    def put(self, column, value, place, why=""):
        """Fill in a cell, with its proof: (start, end) in the section; none is the day of issue."""
        self.cells[column] = str(value)
        self.proofs.append((column, place, why))


def folded(name):
    """Give a name without its case, its kind of apostrophe and its article."""
    return re.sub("^the ", "", name.casefold().replace("'", "’"))


def first(records, *homes):
    """Give the id of the first of some records that is of a table; or nothing."""
    return next((r.partition("/")[2] for r in records if r.partition("/")[0] in homes), "")


def dismissed(s, m, reason):
    """Dismiss a mention: in words, and rows."""
    fragment = alone(s.body, *m.at, s.start, s.end)
    home = {"document_id": s.document, "section_id": s.section}
    row = Draft("unused_mentions/", home | {"fragment": fragment, "reason": reason})
    return f"dismissed: {reason}", [row]


def dates_of(s, m=None):
    """List the readable dates of a sentence; those that may be a figure's own, the nearest first.

    They are periods, and what opens the sentence or stands behind the figure; not the day of issue.
    """
    found = [d for d in s.mentions if d.kind == "date" and d.meant and s.day not in d.meant]
    if m is None:
        return found
    high, opens = part(s, m)[1], re.compile(r"(?:[A-Z]\w+ )?(?:(?:the )?end of |the year )?$")
    opening = [d for d in found if opens.fullmatch(s.body, s.start, d.start)]
    own = [d for d in found if "/" in d.meant[0] or m.end < d.start < high or d in opening]
    return sorted(own, key=lambda d: abs(d.start - m.start))


def part(s, m):
    """Place the part of a sentence that tells of a figure: up to others of its kind."""
    same = [x for x in s.mentions if kind_of(x) == kind_of(m)]
    low = max((x.end for x in same if x.end <= m.start), default=s.start)
    return low, min((x.start for x in same if x.start >= m.end), default=s.end)


def worded(s, table, column, code=None):
    """Find the longest words of a code, or of any, in a sentence: (code, place), or nothing."""
    found = [
        (end - start, each, (s.start + start, s.start + end))
        for (start, end), codes in grammar.coded(s.text, tables.wordings(table, column)).items()
        for each in codes
        if code in (None, each)
    ]
    return max(found, key=lambda each: each[:2])[1:] if found else None


def quoted(s, m):
    """Place a figure with its hedge and, behind a number, with what it counts."""
    hedge, end = grammar.hedge(s.body, m), m.end
    if kind_of(m) == "number" and not re.match(r" (?:and|or)\b|\)", s.body[end:]):
        counted = re.match(r" ?(?:\S+(?: |$)){,9}", _ENDS.split(s.body[end : s.end])[0]).group()
        end += len(re.sub(r"(?: (?:and|or|alone))* ?-?$", "", counted))
    return (hedge[1] if hedge else m.start), end


def proofs_of(s, m, record, column, verdict):
    """Prove cells of a record that the tables have, by what would be written of the figure."""
    table, _, key = record.partition("/")
    old, kind = s.data[table][key], kind_of(m)
    proofs, others = [(column, quoted(s, m), "")], dates_of(s) if m.ordinal else []
    # "Assessed contributions were nearly US$ 236 million" would make a row of that channel:
    # where our row has that channel, the sentence proves it, too.
    if kind in ("amount", "number"):
        rows, others = DRAFTS[kind](s, m, "")
        for name, place, why in rows[0].proofs if rows else ():
            value = rows[0].cells[name]
            if name != column and old.get(name) and value in ("", old[name]):
                proofs.append((name, place, why))
    else:  # words that say what was dated or numbered; what changes is another act
        names = ["kind"] + ["act"] * (not CHANGES.search(s.text))
        said = {name: worded(s, table, name, old[name]) for name in names if name in old}
        proofs += [(name, found[1], "") for name, found in said.items() if found]
    precise = verdict == "is more precise than"
    cells = old | {column: m.meant[0]} if precise else {}
    support = "coarser" if verdict == "is coarser than" else "says"
    rows = [Draft(record, cells, proofs[:1], support), Draft(record, {}, proofs[1:])]
    for each, row in s.data["evidence"].items() if precise else ():
        if (row["record"], row["field"], row["support"]) == (record, column, "says"):
            rows.append(Draft(f"evidence/{each}", row | {"support": "coarser"}))
    return rows, [d for d in others if {*d.meant} & {*old.values()}]


def _time(s, row, column, dates, old):
    """Date a figure by the nearest date, or else the day of issue; say which of ours it replaces.

    `old` is the record that has a figure of the same thing, if any: later news takes its place, if
    its document was issued after all that prove it.
    """
    for d in dates:
        row.put(column, d.meant[0], d.at)
    if s.day and (not dates or dates[0].meant[0].endswith("..")):
        row.put("as_of", s.day, None, "As of the day of issue.")
    documents = s.data["documents"]
    proof = (r for r in s.data["evidence"].values() if r["record"] == old)
    until = max((documents[r["document_id"]]["latest_date"] for r in proof), default="9999")
    if s.day > until and "as_of" in row.cells:
        why = "A later figure of the same thing."
        row.put("supersedes_id", old.partition("/")[2], row.proofs[0][1], why)


def _payer(s, m):
    """Find who gave an amount: it is named before it, or behind "from": (id, place), or nothing."""
    low, high = part(s, m)
    for at, records in sorted(s.who.items(), key=lambda each: each[0][0] < m.start):
        key, before = first(records, "organisations"), s.body[low : at[0]]
        gives = at[1] <= m.start and not _BEHIND.search(before)
        gives = gives or re.search(r"\b(?:from|by|contributions? of) (?:the )?$", before)
        if low <= at[0] < high and key and not key.startswith("ilo") and gives:
            return key, at
    return None


def _contribution(s, m, old):
    """Make a row of ``contributions``, of a channel, a project or an agreement that is named."""
    row, place, home, label = Draft(), quoted(s, m), "amount", ""
    for column in ("printed", "amount_usd", "qualifier"):  # the last two follow from the first
        row.put(column, s.body[slice(*place)] if column == "printed" else "", place)
    channel, payer = worded(s, "contributions", "channel"), _payer(s, m)
    under = s.recent and s.words(r"\b[Uu]nder the (?:\w+ )?(?:amendment|agreement|MoU)\b")
    if channel:
        row.put("channel", *channel)
        home, label = channel[0], s.body[slice(*channel[1])].capitalize()
    elif under:
        home, label = s.recent[-1].record.partition("/")[2], s.recent[-1].cells["label"]
        row.put("agreement_id", home, under.span(), "A sentence before tells of it.")
    elif payer and (said := _spoken(s)):
        home = first([s.about], "projects")
        row.put("project_id", home, *said)
        label = s.data["projects"][home]["label"]
    if payer:
        row.put("payer_id", *payer)
    if to_ilo := s.words(r"to the (ILO)\b(?!-)"):
        row.put("receiver_id", "ilo", to_ilo.span(1))
    ours = s.data["contributions"].get(first([old], "contributions"), {})
    same = ours.get("project_id") and ours["project_id"] == row.cells.get("project_id")
    # A state gives what its ministry does; what is added is another amount.
    same = same and payer[0] in ("china", ours["payer_id"])
    same = same and not _MORE.search(s.body[s.start : m.start])
    windows = [d for d in dates_of(s, m) if "/" in d.meant[0]][:1]
    _time(s, row, "period", windows, old if same else "")
    key = slug(f"{home}-{row.cells.get('period', '')}-{m.words}")
    row.cells["label"], row.record = label, f"contributions/{key}"
    return [row], windows


def _spoken(s):
    """Place the project that is told of: its name, or "the project": (place, why), or nothing."""
    near = next((at for at, records in s.who.items() if s.about in records), None)
    if near or not s.about:
        return near and (near, "")
    said = s.words(r"\b(?:[Tt]he|[Tt]his|[Ii]ts) (?:[\w-]+ )?(?:project|programme|phase)\b")
    return said and (said.span(), "The project is named before or behind.")


def _count(s, m, old):
    """Make a row of ``results`` or, where nothing is done, of ``indicators``."""
    place = quoted(s, m)
    unit = s.body[m.end : place[1]].strip()
    if not unit or _LASTS.match(unit):
        return [], []
    planned, status = _status(s, m)
    table, record = "results" if planned or status else "indicators", _subject(s, m)
    row = Draft(cells={"record": record, "indicator": unit})
    row.put("value", m.meant[0], place)  # with its hedge
    row.put("unit", unit, place)
    ours = s.data[table].get(first([old], table), {"record": ""})
    same = record == ours["record"] != "" and grammar.alike(ours["unit"], unit)
    same = same and len(unit) <= len(ours["unit"])  # "rural women workers" are not all workers
    dates = dates_of(s, m)[:1]
    by = dates and re.search(r"\b[Bb]y (?:the end of )?$", s.body[: dates[0].start])
    column = "as_of" if table == "indicators" or (by and not planned) else "period"
    _time(s, row, column, dates, old if same else "")
    home = slug(record.partition("/")[2] or s.document, 30)
    key = slug(f"{home}-{unit.split()[-1]}-{m.words.replace(',', '')}", 60)
    row.record, rows = f"{table}/{key}", [row]
    if status:
        row.put("status", *status)
    for word in ("In", "in") if table == "results" else ():
        for city, at, _ in _beside(s, "places", word, True):
            rows.append(Draft(f"result_places/{key}--{city}", {"result_id": key}))
            rows[-1].put("place_id", city, at)
    return rows, dates


def _status(s, m):
    """Find how far what a figure counts is: whether it is planned, and the words, if any.

    They stand in its clause, or else in the nearest one before it, or behind.
    """
    cuts = [s.start, *(c.start() for c in grammar.CLAUSE.finditer(s.body, s.start, s.end)), s.end]
    clauses = [s._replace(start=a, end=b) for a, b in itertools.pairwise(cuts)]
    for clause in sorted(clauses, key=lambda c: (c.start > m.start, abs(c.start - m.start))):
        planned = re.search(grammar.PLANNED, clause.text) is not None
        status = worded(clause, "results", "status", "planned" if planned else None)
        if planned or status:
            return planned, status
    return False, None


def _subject(s, m):
    """Find the record that a figure is of: named before it, or the project told of; or nothing."""
    named = set()
    for at, records in s.who.items():
        if at[1] <= m.start and not _BEHIND.search(s.body[s.start : at[0]]):
            named |= {r for r in records[:1] if r.startswith(("organisations/", "projects/"))}
    return named.pop() if len(named) == 1 else s.about if _spoken(s) else ""


def _agreement(s, m, old):
    """Make a row of ``agreements`` for the date of an act, and rows of its parties."""
    act, kind = (worded(s, "agreements", column) for column in ("act", "kind"))
    again = re.match(r"(?:On [^,]*, )?(?:It|The \w+) (?:was|were) ", s.text)
    before = s.recent[-1] if again and s.recent else Draft()
    own = [d for d in [*dates_of(s), m] if not _ANOTHER.search(s.body[s.start : d.start])]
    if not act or not (kind or before.cells) or m not in own:
        return [], []
    low, high = act[1]
    if m.start != min(own, key=lambda d: max(d.start - high, low - d.end)).start:
        return [], []
    row, places = Draft(), {column: place for column, place, _ in before.proofs}
    today = None, "“Today” is the day of issue."
    row.put("signed", m.meant[0], *(today if m.words == "today" else [m.at]))
    for column in ("kind", "act", "with_ilo"):
        if said := worded(s, "agreements", column):
            row.put(column, *said)
        elif column in places:
            row.put(column, before.cells[column], places[column], "A sentence before names it.")
    title, upto = before.cells.get("label", "").rpartition(", ")[0], low
    if kind:
        at, upto = kind[1][0], max(low, kind[1][0])
        named = (x for x in s.mentions if x.kind not in FIGURES and x.start <= at < x.end)
        title = next((x.words for x in named if not is_plain(x.words)), s.body[slice(*kind[1])])
    if changed := s.words(r"\b(amendment|extension|renewal|revision)\b"):
        title = f"{changed[1].capitalize()} of the {title}"
    numbers = [x for x in s.mentions if x.ordinal and x.meant and x.start < upto][:1]
    for number in numbers:
        row.put("ordinal", number.meant[0], number.at)
    row.cells["label"] = f"{title}, {m.meant[0][:4]}"
    key = slug(f"{title}-{m.meant[0]}", 60)
    row.record, parties = f"agreements/{key}", {}
    s.recent.append(row)
    for at, records in s.who.items():
        party = first(records, "organisations")
        if party not in ("", "china", *parties) and at[0] < low:
            parties[party] = Draft(f"agreement_parties/{key}--{party}", {"agreement_id": key})
            parties[party].put("organisation_id", party, at)
    return [row, *parties.values()], numbers


def _numbered(s, m, old):
    """Find what an ordinal numbers: the agreement proposed last, or a meeting named with it."""
    if s.recent and re.match(r" (?:amendment|agreement|MoU|programme)\b", s.body[m.end :]):
        row = Draft(s.recent[-1].record)
        row.put("ordinal", m.meant[0], m.at, "The sentence before tells of it.")
        return [row], []
    if not (met := _MEETING.match(s.body, m.end)):
        return [], []
    row = Draft(f"events/{slug(m.words + met.group())}", {"label": m.words + met.group()})
    row.put("title", met.group().strip(), (met.start(1), met.end()))
    row.put("kind", "meeting", met.span(1))
    row.put("ordinal", m.meant[0], (m.start, met.end()))
    return [row], []


# Make rows for a figure, the first its own, none where it is not clear; and list mentions that go
# with it. The last argument is the record that perhaps has another figure of the same thing.
DRAFTS = {"amount": _contribution, "number": _count, "date": _agreement, "ordinal": _numbered}


def _beside(s, table, words, behind):
    """List records of a table beside some words, "in Peru and Chile": (id, place, place of all)."""
    if not (said := s.words(grammar.whole(words))):
        return []
    found, (low, high) = [], said.span()
    for at, records in sorted(s.who.items(), reverse=not behind):
        gap = (high, at[0]) if behind else (at[1], low)
        key = first(records, table)
        if key and gap[0] <= gap[1] and _JOINT.fullmatch(s.body, *gap):
            low, high = min(low, at[0]), max(high, at[1])
            found.append((key, at, (low, high)))
    return found


def links(s):
    """Make rows that link the project that a sentence tells of with whom it names in a role."""
    project, near, rows = first([s.about], "projects"), _spoken(s), {}
    roles = [
        (table, role, words)
        for table in ("organisations", "places")
        for role, listed in tables.wordings(f"project_{table}", "role").items()
        for words in listed
        if near and role != "target_region"
    ]
    for table, role, words in roles:
        behind = table == "places" or words.endswith((" by", " with", " from"))
        for key, at, said in _beside(s, table, words, behind):
            link = f"{project}--{key}--{role}"
            row = Draft(f"project_{table}/{link}", {"project_id": project})
            row.put(f"{table[:-1]}_id", key, at, near[1])
            row.put("role", role, said, near[1])
            if link not in s.data[f"project_{table}"]:
                rows.setdefault(link, row)
    return list(rows.values())


def name(s, m):
    """Guess whose name it is: in words, and rows."""
    records = s.who.get(m.at) or s.names.get(folded(m.words), [])
    full = next((x for x in s.mentions if x.end + 2 == m.start), None)
    if not records and full and s.body[full.end : m.start] == " (":
        records = s.names.get(folded(full.words), [])
    if not records:
        return _new_name(s, m)
    ours = s.data["projects"].get(first(records, "projects"))
    if ours and not id_of(ours):  # put there by `proposing`
        row = Draft(records[0], {"label": m.words})
        row.put("title", m.words, m.at)
        return "", [row]
    mine = (records[0], m.words)
    printed = (k for k, r in s.data["names"].items() if (r["record"], r["name"]) == mine)
    if same := next(printed, None):
        return f"known: {records[0]}", [Draft(f"names/{same}", {}, [("name", m.at, "")])]
    return f"likely {records[0]}: a new name of it", [_printed(s, records[0], m)]


def _new_name(s, m):
    """Make the row of a name that is not known: in words, and rows."""
    label, table, kind = m.words, HOMES.get(m.kind), ""
    row = Draft(cells={"label": label})
    if label in territories():
        table, kind = "places", "country" if territories()[label] else "region"
        row.cells["label"] = territories()[label] or label
    elif m.kind == "name" and re.search(rf"\b(?:in|at) {re.escape(label)}\b(?! \()", s.body):
        table, kind = "places", "city"
    elif table in ("organisations", "frameworks"):
        codes = tables.wordings(table, "kind").items()
        kind = next((c for c, words in codes if any(spots(w, label) for w in words)), "")
    elif table == "people":
        before = re.search(rf"({OFFICE.pattern})$", s.body[: m.start])
        after = re.compile(r", ([A-Za-z][^,.;]{3,120})").match(s.body, m.end)
        if found := before if before and len(before[1]) > 5 else after:  # not "Mr"
            office = found[1].strip()
            row.put("office", office, (found.start(1), found.start(1) + len(office)))
    if kind in ("", "state") and table != "people":
        return "unclear: a new name, if it is one", []
    row.cells |= {"kind": kind} if kind else {}
    row.record = f"{table}/{slug(label)}"
    s.names[folded(label)] = s.who[m.at] = [row.record]
    return "", [row, _printed(s, row.record, m)]


def _printed(s, record, m):
    """Make a row of ``names``."""
    key = f"{record.replace('/', '--')}--{slug(m.words, 80)}"
    key = free(key, {k for k, row in s.data["names"].items() if row["name"] != m.words})
    s.data["names"].setdefault(key, {"name_id": key, "record": record, "name": m.words})
    cells = {"record": record, "name": m.words}
    return Draft(f"names/{key}", cells, [("name", m.at, "")])
