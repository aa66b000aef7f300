"""The rows that a sentence of a new document likely asks for, each with its proof."""

import dataclasses
import re
from typing import NamedTuple

from ilodata import tables
from ilodata.curation import wording
from ilodata.curation.adding import alone
from ilodata.curation.audit import KINDS
from ilodata.curation.filling import REGIONS, free, slug
from ilodata.curation.mentions import OFFICE, is_plain, territories
from ilodata.curation.standing import IDIOMS
from ilodata.curation.wording import ADDRESS, FIGURES, holds_word

_STATES = ("state", "government", "ministry", "un_body")  # they have figures, and no results
HOMES = {kind: table for table, kind in KINDS.items()} | {"programme": "frameworks"}
# Between a date and a record: the date is that of something else.
CHANGES = re.compile(r"\b(?:amend|exten|renew|revis|review|evaluat|expir|anniversar)", re.I)
_LATER = re.compile(r"\b(?:total|reach|now|so far|to date|brings|up from|raised|increased)")
_MORE = re.compile(r"\b(?:additional|another|further|more|extra|added|from)\b")
_GIVEN = re.compile(
    r"\b(?:contribut|provid|fund|grant|donat|gave|giv|support|came from|paid|pays?\b|receiv|worth|add"
    r"|commit|rais)", re.I
)  # fmt: skip
_MEETING = re.compile(
    r"((?: [A-Z][\w’-]+)* \w*(?i:meeting|session|conference|round)\b)( of the (?:[A-Z][\w-]+ ?)+)?"
)
_CONTACT = re.compile(r"(?:media |press |for more )?(?:contacts?|information)\b", re.I)
# A document that tells how it was made, or what should be done.
_ITSELF = re.compile(
    r"\b(?:evaluat(?:ion|ors?)|interviews?|survey|focus groups?|questionnaire|annex|recommendation"
    r"|lessons?|field visits?|terms of reference|this (?:report|paper|publication))\b", re.I
)  # fmt: skip
# Before a name: another one does it.
_BEHIND = re.compile(
    r"\b(?:of|with|from|by|for|to|at|in|through|under|between) (?:the )?(?:(?:[A-Z]\S+ )+and (?:the )?)?$"
)
# Words after a figure that do not belong to what is counted.
_ENDS = re.compile(
    r"[.,;:|”\d$€£¥]|\bUS\$|\((?![A-Z]+\))|\b(?:an?|the|of|in|to|ha[sd]|have|is|are|was|were|from"
    r"|for|with|over|nearly|about|more|who|whose|that|which|at|on|by|between|as|than|since|under|will|met|took"
    r"|[a-z]+ed)\b"
)


# Between those who do something together, and before the verb.
_DOING = re.compile(
    r"(?: \([A-Z]+\))?(?:,|,? and)? (?:the |(?:the )?[A-Z]\w+’s |jointly |formally |today )?"
)


class Known(NamedTuple):
    """What the tables hold, prepared for comparing."""

    data: dict  # table -> {id: row}
    names: dict  # name without case -> records
    cells: dict  # kind of figure -> {table: column}
    bags: dict  # record -> stems of the words that it is known by


@dataclasses.dataclass
class Recent:
    """What the sentences before, or this one, have told of."""

    unnamed: bool = False  # whether it tells of a project without a name of ours
    agreement: str = ""  # the record that was proposed last, and what of it is known
    title: str = ""
    label: str = ""
    kind: tuple = ()  # (code, start, end)
    ilo: tuple = ()  # where the ILO stands


class Sentence(NamedTuple):
    """A sentence of a document; positions are those of its section."""

    section: str
    document: str
    body: str
    start: int
    text: str
    mentions: list
    who: dict  # (start, end) of a name -> records
    about: str  # the project that was named last
    recent: Recent
    issued: dict  # evidence of the document's day of issue, if any
    alone: bool  # whether the rest of its section mentions nothing

    def words(self, pattern, flags=0):
        """Find a pattern: a match in the section's text, or nothing."""
        return re.compile(pattern, flags).search(self.body, self.start, self.start + len(self.text))


class Row(NamedTuple):
    """A row to write, or proof of one that there is; proofs: (fields, start, end, basis, note)."""

    record: str
    cells: dict
    proofs: tuple = ()
    support: str = "says"


class Draft(NamedTuple):
    """What a figure likely is: rows, the first its own; or why it is unclear, or waits for none."""

    rows: tuple | list = ()
    others: tuple | list = ()  # mentions that go with it
    unclear: str = ""
    idle: str = ""


def folded(name):
    """Give a name without its case, its kind of apostrophe and its article."""
    return re.sub("^the ", "", name.casefold().replace("'", "’"))


def dismissed(s, m, reason, kind=""):
    """Dismiss a mention or, without one, the whole section: in words, and rows."""
    fragment = m and alone(s.body, m.start, m.end, s.start, s.start + len(s.text))
    cells = {"document_id": s.document, "section_id": s.section, "fragment": fragment or ""}
    key = f"{s.section}--{slug(fragment) if m else 'whole'}"
    row = Row(f"unused_mentions/{key}", cells | {"kind": kind, "reason": reason})
    return f"dismissed: {reason}", [row]


def hedged(s, m):
    """Give a figure with its hedge as (code, start)."""
    here = m._replace(start=m.start - s.start, end=m.end - s.start)
    hedge = wording.hedge(s.text, here)
    return wording.code(s.text, here), s.start + hedge[1] if hedge else m.start


def _counted(s, m):
    """Give what stands behind a number up to a word that is no part of it, and where it ends."""
    rest = s.body[m.end : s.start + len(s.text)]
    if re.match(r" (?:and|or)\b", rest):
        return "", m.end
    words = rest[: end.start()] if (end := _ENDS.search(rest)) else rest
    words = " ".join(words.split()[:9])
    words = re.sub(r"(?: (?:and|or|alone|people))+$", "", words) if " " in words else words
    return words, m.end + (rest.find(words) + len(words) if words else 0)


def dates_of(s, m=None):
    """List the readable dates of a sentence; of a figure, those that open it or stand behind it."""
    found = [d for d in s.mentions if d.kind == "date" and d.meant]
    if m is None:
        return found
    figures = [f.start for f in s.mentions if f.kind in ("amount", "number") and not f.ordinal]
    ahead = min([at for at in figures if at > m.start], default=len(s.body))
    opens = re.compile(r"(?:[A-Z]\w+ )?(?:(?:the )?end of |the year )?$")
    behind = [d for d in found if m.end < d.start < ahead and ";" not in s.body[m.end : d.start]]
    before = [d for d in found if d.start < m.start and opens.fullmatch(s.body, s.start, d.start)]
    return behind or before


def worded(s, table, column, code=None, flags=0):
    """Find the words of a code in a sentence: their place; of any code: (code, place)."""
    found = [
        (len(words), each, match.span())
        for each, listed in tables.wordings(table, column).items()
        for words in listed
        if code in (None, each) and (match := s.words(wording.whole(words), flags))
    ]
    if not found:
        return None
    return max(found)[2] if code else max(found)[1:]


def back(known, s, m, record, column, verdict):
    """Prove cells of a record that the tables have; the date of its window goes with its figure."""
    table, key = record.split("/")
    row, others, cells = known.data[table][key], [], {}
    end = _counted(s, m)[1] if m.kind == "number" and not m.ordinal else m.end
    span = (hedged(s, m)[1], end) if m.kind != "date" else (m.start, m.end)
    proofs, quoted = [(column, *span)], s.body[slice(*span)]
    if verdict == "is more precise than":
        cells = {**row, column: m.meant[0]}
    older = [
        Row(f"evidence/{k}", r | {"support": "coarser"})
        for k, r in known.data["evidence"].items()
        if cells and r["record"] == record and r["field"] == column and r["support"] == "says"
    ]  # fmt: skip
    for name, field in tables.fields(table).items():
        if name == column or not row[name] or field["role"] != "fact":
            continue
        if name == "qualifier" or (name in ("printed", "unit") and row[name] in quoted):
            proofs.append((name, *span))
        elif row.get("printed", "") not in quoted:
            continue  # its other cells are proved where it is printed so
        elif field.get("proof") == "date":
            for d in dates_of(s):
                if row[name] in d.meant and d != m:
                    proofs.append((name, d.start, d.end))
                    others.append(d)
        elif name != "kind" and CHANGES.search(s.text):
            continue  # the other words tell of what was changed
        elif field.get("proof") == "wording" and (at := worded(s, table, name, row[name])):
            proofs.append((name, *at))
        elif name.endswith("_id") and field.get("proof") == "reference":
            target = tables.reference(table, name, row[name])
            proofs += [(name, *at) for at, records in s.who.items() if target in records][:1]
    support = "coarser" if verdict == "is coarser than" else "says"
    rows = [Row(record, cells, tuple(proofs[:1]), support), Row(record, {}, tuple(proofs[1:]))]
    return [*rows, *older], others


def draft(known, s, m, older):
    """Make a new row for a figure."""
    if m.kind == "date":
        return _happening(s, m)
    if m.ordinal:
        return _numbered(s, m)
    return (_contribution if m.kind == "amount" else _count)(known, s, m, older)


def entitled(known, m):
    """Take up the title of a project that is not known: its record."""
    key, row = slug(m.words, 60), dict.fromkeys(tables.fields("projects"), "")
    known.data["projects"].setdefault(key, row | {"label": m.words, "new": True})
    known.names[folded(m.words)], known.bags[f"projects/{key}"] = [f"projects/{key}"], set()
    return f"projects/{key}"


def _first(records, table):
    """Give the first of some records that is of a table, or of any; or nothing."""
    return next((r for r in records if r.startswith(f"{table}/" if table else "")), "")


def idle(known, s, m):
    """Dismiss a figure that waits for no row of its own, or all of its section; or give nothing."""
    issued = s.issued["fragment"] if s.issued.get("section_id") == s.section else ""
    title, heading = known.data["documents"][s.document]["title"], s.text if s.start == 0 else ""
    heading = heading if heading == known.data["sections"][s.section]["heading"] else ""
    for words, reason in (
        (title, "It is part of the title."), (issued, "The day of issue."),
        (heading, "It is part of a heading."),
    ):  # fmt: skip
        at = s.body.find(words) if words else -1
        if 0 <= at <= m.start < at + len(words) and m.kind != "amount":
            return dismissed(s, m, reason)
    contact = _CONTACT.match(known.data["sections"][s.section]["heading"])
    if contact or ADDRESS.search(s.text):
        return dismissed(s, None if contact else m, "It is of somebody to contact.")
    if IDIOMS.match(s.body, m.start):
        return dismissed(s, m, "It is a way of speaking.")
    ours = any(not r.startswith("places/") for records in s.who.values() for r in records)
    if ours or not _ITSELF.search(s.text):
        return None
    kind = "" if m.kind == "number" else "not_ours"
    return dismissed(s, m, "The document tells of itself, or recommends it.", kind)


def _put(made, field, value, start, end, *why):
    """Fill in a cell of a new row, with its proof; `made` is (cells, proofs)."""
    made[0][field] = value
    made[1].append((field, start, end, *why))


def _as_of(known, s, made):
    """Fill in the day of issue as that of a figure."""
    day = known.data["documents"][s.document].get("published")
    if day:
        _put(made, "as_of", day, None, None, "inferred", "As of the day of issue.")


def _payer(s, m):
    """Find who gave an amount: whose it is, or who stands before or after a verb: (id, place)."""
    amounts = [x for x in s.mentions if x.kind == "amount"]
    low = max((x.end for x in amounts if x.end <= m.start), default=s.start)
    high = min((x.start for x in amounts if x.start >= m.end), default=s.start + len(s.text))
    for (start, end), records in s.who.items():
        key = _first(records, "organisations").partition("/")[2]
        # What the giver does stands a few words behind its name.
        after = re.match(r"(?: \([A-Z]+\))?(?:[’']s? ?|,? )((?:\S+ ){,4})", s.body[end:high])
        gives = start < m.start and after and _GIVEN.search(after[1])
        from_it = re.search(r"\b(?:from|by|contributions? of) (?:the )?$", s.body[low:start])
        from_it = from_it and (m.end <= start or low == s.start)  # else of the amount before
        if low <= start < high and key and not key.startswith("ilo") and (gives or from_it):
            return key, (start, end)
    return None


def _succeed(known, s, made, record, at):
    """Let a figure take the place of ours, if its document was issued after all that prove it."""
    documents = known.data["documents"]
    proof = (r for r in known.data["evidence"].values() if r["record"] == record)
    until = max((documents[r["document_id"]]["latest_date"] for r in proof), default="9999")
    if documents[s.document].get("published", "") > until:
        why = ("inferred", "A later figure of the same thing.")
        _put(made, "supersedes_id", record.partition("/")[2], *at, *why)


def _contribution(known, s, m, older):
    """Make a row of ``contributions``, of a channel, a project or an agreement that is named."""
    channel, payer = channel_of(s), _payer(s, m)
    start, total = hedged(s, m)[1], _LATER.search(s.text)
    before, unclear = s.body[s.start : start], ""
    if before.endswith("budget of ") or not (channel or payer or _GIVEN.search(s.text)):
        if not any(r for records in s.who.values() for r in records if "places/" not in r):
            return Draft(idle="Who gave it to whom is not said.")
        unclear = "who gave it to whom is not said"
    made = {}, []  # what is printed makes amount and qualifier
    for field in ("printed", "amount_usd", "qualifier"):
        _put(made, field, s.body[start : m.end] if field == "printed" else "", start, m.end)
    label = "" if unclear else _purpose(known, s, made, channel)
    unclear = unclear or ("" if label else "what it is for is not named")
    if payer:
        _put(made, "payer_id", payer[0], *payer[1])
    cells = made[0]
    if to_ilo := s.words(r"to the (ILO)\b(?!-)"):
        _put(made, "receiver_id", "ilo", *to_ilo.span(1))
    dates = sorted(dates_of(s), key=lambda d: abs(d.start - m.start))
    windows = [d for d in dates if "/" in d.meant[0]]
    row = known.data["contributions"].get((older or "").removeprefix("contributions/"), {})
    newer = row.get("project_id") and row["project_id"] == cells.get("project_id")
    paying = known.data["organisations"].get(cells.get("payer_id"), {})  # a state, for its ministry
    same = cells.get("payer_id", row.get("payer_id")) in ("", row.get("payer_id"))
    newer = newer and (same or paying.get("kind") == "state")
    newer = newer and not _MORE.search(before)
    if windows:
        _put(made, "period", windows[0].meant[0], windows[0].start, windows[0].end)
    if (newer or total) and "as_of" not in cells and not cells.get("period", "x")[-1].isdigit():
        _as_of(known, s, made)
    if newer:
        _succeed(known, s, made, older, (start, m.end))
    when = cells.get("period", cells.get("as_of", "")).partition("-")[0]
    when = f"since {when[:4]}" if when.endswith("/..") else when.replace("/", "-")
    cells["label"] = f"{label}, {when}" if label and when and when not in label else label
    homes = (cells[k] for k in ("channel", "project_id", "agreement_id") if k in cells)
    key = slug(f"{next(homes, 'amount')}-{when}-{m.words}")
    return Draft([Row(f"contributions/{key}", *made)], windows[:1], unclear)


def channel_of(s, flags=0):
    """Find the words of a channel, as `worded` does; not those of contributions of others."""
    theirs = s.words(r"\b(?:contributions?|funding|funds) (?:of|by|from) (?:the )?(?=[A-Za-z])")
    if theirs and not any(theirs.end() == at[0] for at, who in s.who.items() if who):
        return None
    return worded(s, "contributions", "channel", flags=flags)


def _purpose(known, s, made, channel):
    """Say of which channel, agreement or project an amount is; give its label, or nothing."""
    under = s.words(r"\b[Uu]nder the (?:\w+ )?(?:amendment|agreement|MoU)\b")
    if channel:
        _put(made, "channel", channel[0], *channel[1])
        return s.body[slice(*channel[1])].capitalize()
    if under and s.recent.agreement:
        why = ("inferred", "A sentence before tells of it.")
        _put(made, "agreement_id", s.recent.agreement.partition("/")[2], *under.span(), *why)
        return s.recent.label
    if said := _spoken(s):
        project = s.about.partition("/")[2]
        _put(made, "project_id", project, *said)
        return known.data["projects"][project]["label"]
    return ""


def draft_cell(s, m):
    """Say what an amount in a table is, by the unit that its heading gives."""
    units = (unit for cell, unit, _ in wording.cells(s.body) if cell.start == m.start)
    unit = next(units, None)
    told = f"stands in a table, whose heading gives {unit}" if unit else "stands in a table"
    return told + (f": US$ {m.value:,}" if m.value else "")


def _spoken(s):
    """Place the project that is told of: its name, "the project": (start, end, *why); or nothing."""
    near = next((at for at, who in s.who.items() if s.about in who), None)
    if near or not s.about:
        return near
    said = s.words(r"\b(?:[Tt]he|[Tt]his|[Ii]ts|[Aa]) (?:[\w-]+ )?(?:project|programme|phase)\b")
    return (*said.span(), "inferred", "The project is named before or behind.") if said else None


def _count(known, s, m, older):
    """Make a row of ``results`` or ``indicators``."""
    (words, end), (hedge, start) = _counted(s, m), hedged(s, m)
    if not words or "%" in m.words or re.match(r"(?:year|month|week|day|hour)s?\b", words):
        return Draft(unclear="what it counts is not named")
    record = _subject(s, m)
    planned = re.search(wording.PLANNED, s.text)
    status = worded(s, "results", "status", "planned" if planned else None)
    of = known.data["organisations"].get(record.partition("/")[2], {}).get("kind")
    whole = m.meant[0] == int(m.meant[0])  # no share
    table = "results" if status and whole and of not in _STATES else "indicators"
    made = {"record": record, "indicator": words}, []
    _put(made, "value", m.meant[0], start, end)
    _put(made, "qualifier", hedge, start, end)
    of = re.search(r"(?:%|per ?cent)?$", m.words)[0]
    unit = s.body[m.end - len(of) : end].strip()
    _put(made, "unit", unit, start, end)
    dated = dates_of(s, m)
    dates = [] if CHANGES.search(s.text) else dated[:1]
    by = dates and re.search(r"\b[Bb]y (?:the end of )?$", s.body[: dates[0].start])
    at_time = table == "indicators" or (not planned and (by or _LATER.search(s.text)))
    for d in dates:
        _put(made, "as_of" if at_time else "period", d.meant[0], d.start, d.end)
    row = known.data[table].get((older or "").removeprefix(f"{table}/"), {})
    same = row and row["record"] == record and wording.alike(row["unit"], unit)
    if not dated and (same or table == "indicators" or _LATER.search(s.text)) and not planned:
        _as_of(known, s, made)
    if same and "as_of" in made[0]:
        _succeed(known, s, made, older, (start, end))
    home, rows = slug(record.partition("/")[2] or s.document, 30), []
    key = slug(f"{home}-{words.split()[-1]}-{m.words.replace(',', '')}", 60)
    if table == "results":
        code, at = ("planned", status) if planned else status
        _put(made, "status", code, *at)
        places = _behind(s, "places")
        for place, at, _ in (p for p in places if p[2][0] == places[0][2][0]):
            link = {"result_id": key, "place_id": place}
            rows.append(Row(f"result_places/{key}--{place}", link, (("place_id", *at),)))
    rows = [Row(f"{table}/{key}", *made), *rows]
    unclear = "it is planned" if planned and table == "indicators" else ""
    return Draft(rows, dates, unclear if record else "whose figure it is")


def _subject(s, m):
    """Find the record that a figure is of: named before it, "the project"; or nothing."""
    if s.recent.unnamed:  # of a project that has no name of ours
        return ""
    named = [
        record
        for (start, end), records in s.who.items()
        for record in records[:1]
        if end <= m.start and record.startswith(("organisations/", "projects/"))
        and ";" not in s.body[end : m.start]
        and not _BEHIND.search(s.body[s.start : start])
    ]  # fmt: skip
    ahead = (r for at, records in s.who.items() for r in records if at[1] <= m.start)
    named = {r for r in ahead if r.startswith("projects/")} or set(named)
    if named:
        return named.pop() if len(named) == 1 else ""
    return s.about if _spoken(s) else ""


def _happening(s, m):
    """Make a row of ``agreements`` for a date."""
    nothing = Draft(unclear="it dates nothing that we can name")
    kind, act = (worded(s, "agreements", column) for column in ("kind", "act"))
    changed = s.words(r"\b(amendment|extension|renewal|revision)\b")
    again = re.match(r"(?:On [^,]*, )?(?:It|The \w+) (?:was|were) ", s.text)
    before = again and s.recent.agreement
    if not act or not (kind or before):
        return nothing
    between = s.body[min(m.end, act[1][0]) : max(m.start, act[1][1])]
    own = [d for d in dates_of(s) if not re.search(r"\bof $", s.body[: d.start])]
    nearest = min([*own, m], key=lambda d: max(d.start - act[1][1], act[1][0] - d.end))
    late = m.start != nearest.start or re.search(r"\b(?:until|by|through) $", s.body[: m.start])
    if late or CHANGES.search(between.replace(changed[1], "") if changed else between):
        return nothing
    made, others = ({}, []), []
    if m.words == "today":
        why = "“Today” is the day of issue."
        _put(made, "signed", m.meant[0], None, None, "inferred", why)
        act = act[0], (min(m.start, act[1][0]), max(m.end, act[1][1]))
    else:
        _put(made, "signed", m.meant[0], m.start, m.end)
    if kind:
        _put(made, "kind", kind[0], *kind[1])
        s.recent.kind = kind[0], *kind[1]
        titled = (
            x for x in s.mentions
            if x.kind not in FIGURES and x.start <= kind[1][0] < x.end and not is_plain(x.words)
        )  # fmt: skip
        full = next(titled, None)
        title = full.words if full else s.body[slice(*kind[1])]
        if full and not s.who.get((full.start, full.end)):
            _put(made, "title", title, full.start, full.end)
    else:
        _put(made, "kind", *s.recent.kind, "inferred", "A sentence before names it.")
        title = s.recent.title
    title = f"{changed.group().capitalize()} of the {title}" if changed else title
    upto = changed.start() if changed else (act or kind)[1][0]
    for number in [x for x in s.mentions if x.ordinal and x.meant and x.start < upto][:1]:
        _put(made, "ordinal", number.meant[0], number.start, number.end)
        others.append(number)
    made[0]["label"] = f"{title}, {m.meant[0][:4]}"
    key = slug(f"{title}-{m.meant[0]}", 60)
    _put(made, "act", act[0], *act[1])
    rows = _parties(s, made, key, before, act[1][0])
    s.recent.agreement, s.recent.title = f"agreements/{key}", title
    s.recent.label = made[0]["label"]
    return Draft([Row(f"agreements/{key}", *made), *rows], others)


def _parties(s, made, key, before, act):
    """Say that an agreement is one with the ILO; make rows of ``agreement_parties``."""
    ilo = s.words(r"\bILO\b(?! News)|\bInternational Labour Organi[sz]ation\b(?! \()")
    at = ilo.span() if ilo else before and s.recent.ilo
    if at:
        why = () if ilo else ("inferred", "A sentence before names the ILO.")
        _put(made, "with_ilo", "true", *at, *why)
    s.recent.ilo, rows = at, {}
    for at, records in s.who.items():
        table, _, party = _first(records, "").partition("/")
        if table == "organisations" and party != "china" and at[0] < act:
            link = {"agreement_id": key, "organisation_id": party}
            row = Row(f"agreement_parties/{key}--{party}", link, (("organisation_id", *at),))
            rows.setdefault(party, row)
    return list(rows.values())


def _behind(s, table, words="[Ii]n|at"):
    """List the records of a table behind some words, "in Peru, Chile": (id, its place, place of all)."""
    found, said = [], None
    for at, records in sorted(s.who.items()):
        key = _first(records, table).partition("/")[2]
        begins = re.search(rf"\b(?:{words}) (?:the )?$", s.body[s.start : at[0]])
        goes_on = said and re.fullmatch(r"\)?,?(?: and)? (?:the )?\(?", s.body[said[1] : at[0]])
        start = s.start + begins.start() if begins else said and said[0]
        said = (start, at[1]) if key and (begins or goes_on) else None
        found += [(key, at, said)] if said else []
    return found


def _before(s, table, words):
    """List the records of a table that do something, as `_behind` does."""
    if not (said := s.words(wording.whole(words))):
        return []
    found, at = [], said.start()
    for span, records in sorted(s.who.items(), reverse=True):
        key = _first(records, table).partition("/")[2]
        between = s.body[span[1] : at]
        whose = at == said.start() and between in ("’s ", "'s ")
        if key and span[1] <= at and (whose or _DOING.fullmatch(between)):
            found.append((key, span, (span[0], said.end())))
            at = span[0]
    return found


def draft_links(known, s):
    """Make rows that link the project that a sentence tells of with whom it names in a role."""
    project, near, rows = s.about.partition("/")[2], _spoken(s), {}
    for table in ("organisations", "places") if project and near else ():
        ours = known.data[f"project_{table}"]
        roles = tables.wordings(f"project_{table}", "role").items()
        for code, words in ((c, w) for c, listed in roles for w in listed if c != "target_region"):
            if table == "places" or words.endswith((" by", " with", " from")):
                named = _behind(s, table, re.escape(words))
            else:
                named = _before(s, table, words) if words[0].islower() else []
            for key, at, said in named:
                region = known.data["places"].get(key, {}).get("kind") in REGIONS
                role = "target_region" if table == "places" and region else code
                cells = {"project_id": project, f"{table[:-1]}_id": key, "role": role}
                proofs = (f"{table[:-1]}_id", *at, *near[2:]), ("role", *said, *near[2:])
                if (link := "--".join(cells.values())) not in ours:
                    rows.setdefault(link, Row(f"project_{table}/{link}", cells, proofs))
    return list(rows.values())


def _numbered(s, m):
    """Find what an ordinal numbers: the agreement proposed last, or a meeting named with it."""
    record = s.recent.agreement
    if record and re.match(r" (?:amendment|agreement|MoU|programme)\b", s.body[m.end :]):
        proofs = (("ordinal", m.start, m.end, "inferred", "The sentence before tells of it."),)
        return Draft([Row(record, {"ordinal": m.meant[0]}, proofs)])
    met = _MEETING.match(s.body, m.end)
    if not met:
        return Draft(unclear="it numbers something that we do not number")
    title = met.group().strip()
    end = m.end + len(met.group().rstrip())
    cells = {"label": f"{m.words} {title}", "title": title, "kind": "meeting"}
    cells |= {"ordinal": m.meant[0]}
    kind = met.start(1) + 1, met.end(1)
    proofs = (("title", m.end + 1, end), ("kind", *kind), ("ordinal", m.start, end))
    return Draft([Row(f"events/{slug(f'{m.words} {title}')}", cells, proofs)])


def draft_name(known, s, m):
    """Guess whose name it is: in words, and rows."""
    span, name = (m.start, m.end), m.words
    records = s.who.get(span, known.names.get(folded(name), []))
    full = next((x for x in s.mentions if x.end + 2 == m.start), None)
    if not records and full and s.body[full.end : m.start] == " (":
        records = known.names.get(folded(full.words), [])
    if records and known.data["projects"].get(records[0].partition("/")[2], {}).get("new"):
        title = {"label": name, "title": name}
        return "new: projects", [Row(records[0], title, (("title", *span),))]
    if _issued_in(s, m, records):
        return dismissed(s, m, "The place of issue.")
    if records:
        record = records[0]
        printed = [r for r in known.data["names"].values() if r["record"] == record]
        same = next((r for r in printed if r["name"] == name), None)
        if same:
            own = f"names/{next(iter(same.values()))}"
            return f"known: {record}", [Row(own, {}, (("name", *span),))]
        if folded(name) in known.names:
            return f"known: {record}, printed otherwise", [draft_printed(known, record, name, span)]
        return f"likely {record}: a new name of it", [draft_printed(known, record, name, span)]
    if ADDRESS.search(s.text):
        return dismissed(s, m, "It is of somebody to contact.")
    counts = (f for f in s.mentions if f.kind == "number" and f.end <= m.start)
    if any(m.end <= _counted(s, f)[1] for f in counts):
        return "part of what is counted", []
    return _new_name(known, s, m)


def _new_name(known, s, m):
    """Make the row of a name that is not known: in words, and rows."""
    span, name = (m.start, m.end), m.words
    table, kind, facts = HOMES.get(m.kind), "", ()
    in_it = m.kind == "name" and " and " not in name
    in_it = in_it and re.search(rf"\b(?:in|at) {re.escape(name)}\b(?! \()", s.body)
    if name in territories() or in_it:
        table, kind = "places", "country" if name in territories() else "city"
    if table in ("organisations", "frameworks"):
        codes = tables.wordings(table, "kind").items()
        kind = next((c for c, words in codes if any(holds_word(w, name) for w in words)), "")
    if kind == "state" or (not kind and table != "people"):
        return "unclear: a new name, if it is one", []
    if name in territories():
        kind = "country" if territories()[name] else "region"
    label = name.title() if table == "places" and name.isupper() else name
    cells = {"label": territories().get(label) or label, "kind": kind}
    if table == "people":
        cells, before = {"label": name}, re.search(rf"({OFFICE.pattern})$", s.body[: m.start])
        after = re.match(r", ([^,.;]{4,120})", s.body[m.end :])
        before = before if before and len(before[1]) > 5 else None  # not "Mr"
        at = before.span(1) if before else after and (m.end + 2, m.end + after.end())
        if at and len(s.body[slice(*at)].strip()) > 3:
            cells["office"] = s.body[slice(*at)].strip()
            facts = (("office", at[0], at[0] + len(cells["office"])),)
    record = f"{table}/{slug(name)}"
    known.names[folded(name)] = s.who[span] = [record]
    known.data[table].setdefault(record.partition("/")[2], cells)
    row = draft_printed(known, record, name, span)
    return f"new: {table}", [Row(record, cells, facts), row]


def _issued_in(s, m, records):
    """Tell whether a place stands where a line says where and when a document was issued."""
    place = any(r.startswith("places/") for r in records) or m.kind in ("place", "name")
    day, caps = re.escape(s.issued.get("fragment", "\0")), "| [–|-] " * m.words.isupper()
    after = re.match(rf", {day}| \([A-Z]+ News\){caps}", s.body[m.end :], re.IGNORECASE)
    before = re.search(rf"{day} [|–-] $", s.body[: m.start])
    return (place or m.words.isupper()) and (after or before)


def draft_printed(known, record, name, span):
    """Make a row of ``names``."""
    key = f"{record.replace('/', '--')}--{slug(name, 80)}"
    key = free(key, {k for k, row in known.data["names"].items() if row["name"] != name})
    known.data["names"].setdefault(key, {"name_id": key, "record": record, "name": name})
    return Row(f"names/{key}", {"record": record, "name": name}, (("name", *span),))
