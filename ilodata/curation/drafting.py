"""The rows that a sentence of a new document likely asks for, each with its proof."""

import re
from typing import NamedTuple

from ilodata import tables
from ilodata.curation import wording
from ilodata.curation.adding import alone
from ilodata.curation.audit import KINDS
from ilodata.curation.filling import slug
from ilodata.curation.mentions import OFFICE, is_plain, territories
from ilodata.curation.wording import FIGURES

HOMES = {kind: table for table, kind in KINDS.items()} | {"programme": "frameworks"}
# Between a date and a record: the date is that of something else.
CHANGES = re.compile(r"\b(?:amend|exten|renew|revis|review|evaluat|expir|anniversar)", re.I)
_PLANNED = re.compile(r"\b(?:to be|will|plans? to|aims? to|by the end of|target)\b")
_LATER = re.compile(r"\b(?:total|reach|now|so far|to date|brings)")
_GIVEN = re.compile(
    r"\b(?:contribut|provid|fund|grant|donat|gave|giv|support|came from|paid)", re.I
)
_MEETING = re.compile(
    r"((?: [A-Z][\w’-]+)* \w*(?i:meeting|session|conference|round)\b)( of the (?:[A-Z][\w-]+ ?)+)?"
)
# Words after a figure that do not belong to what is counted.
_ENDS = re.compile(
    r"[.,;:|”\d$€£¥]|\bUS\$|\((?![A-Z]+\))|\b(?:an?|the|of|in|to|ha[sd]|have|is|are|was|were|from"
    r"|for|with|who|whose|that|which|at|on|by|between|as|than|since|under|will|met|took"
    r"|[a-z]+ed)\b"
)


class Known(NamedTuple):
    """What the tables hold, prepared for comparing."""

    data: dict  # table -> {id: row}
    names: dict  # name without case -> records
    cells: dict  # kind of figure -> {table: column}
    bags: dict  # record -> stems of the words that it is known by


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
    recent: dict  # agreements: the record that was named or proposed last
    issued: dict  # evidence of the document's day of issue, if any
    often: dict  # amount -> how often the document has it

    def words(self, pattern, flags=0):
        """Find a pattern: a match in the section's text, or nothing."""
        return re.compile(pattern, flags).search(self.body, self.start, self.start + len(self.text))


class Row(NamedTuple):
    """A row to write, or proof of one that there is; proofs: (fields, start, end, basis, note)."""

    record: str
    cells: dict
    proofs: tuple = ()
    support: str = "says"


def folded(name):
    """Give a name without its case, its kind of apostrophe and its article."""
    return re.sub("^the ", "", name.casefold().replace("'", "’"))


def unused(s, m, reason, kind=""):
    """Make a row of ``unused_mentions``."""
    fragment = alone(s.body, m.start, m.end, s.start, s.start + len(s.text))
    cells = {"document_id": s.document, "section_id": s.section, "fragment": fragment}
    key = f"{s.section}--{slug(fragment)}"
    return Row(f"unused_mentions/{key}", cells | {"kind": kind, "reason": reason})


def hedged(s, m):
    """Give a figure with its hedge as (code, start)."""
    here = m._replace(start=m.start - s.start, end=m.end - s.start)
    hedge = wording.hedge(s.text, here)
    return wording.code(s.text, here), s.start + hedge[1] if hedge else m.start


def _counted(s, m):
    """Give what stands behind a number up to a word that is no part of it, and where it ends."""
    rest = s.body[m.end : s.start + len(s.text)]
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
    return [d for d in found if m.end < d.start < ahead and ";" not in s.body[m.end : d.start]] or [
        d for d in found if d.start < m.start and opens.fullmatch(s.body, s.start, d.start)
    ]


def worded(s, table, column, code=None, flags=0):
    """Find the words of a code in a sentence: their place; of any code: (code, place)."""
    found = [
        (len(words), each, match.span())
        for each, listed in tables.wordings(table, column).items()
        for words in listed
        if code in (None, each) and (match := s.words(rf"\b{re.escape(words)}\b", flags))
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
    proofs = [(column, *span)]
    if verdict == "is more precise than":
        cells = {**row, column: m.meant[0]}
        del cells[next(iter(row))]
    for name, field in tables.fields(table).items():
        if name == column or not row[name] or field["role"] != "fact":
            continue
        if name == "qualifier" or (name == "printed" and row[name] in s.body[slice(*span)]):
            proofs.append((name, *span))
        elif field.get("proof") == "date":
            for d in dates_of(s):
                if row[name] in d.meant and d != m:
                    proofs.append((name, d.start, d.end))
                    others.append(d)
        elif name == "unit" and row[name] in s.body[slice(*span)]:
            proofs.append((name, *span))
        elif CHANGES.search(s.text):
            continue  # the other words tell of what was changed
        elif field.get("proof") == "wording" and (at := worded(s, table, name, row[name])):
            proofs.append((name, *at))
        elif name.endswith("_id") and field.get("proof") == "reference":
            target = tables.reference(table, name, row[name])
            proofs += [(name, *at) for at, records in s.who.items() if target in records][:1]
    if row.get("place_id") == "" and not CHANGES.search(s.text) and (place := _place(s)):
        cells = {**row, **cells, "place_id": place[0]}
        cells.pop(next(iter(row)), None)
        proofs.append(("place_id", *place[1]))
    support = "coarser" if verdict == "is coarser than" else "says"
    return [
        Row(record, cells, tuple(proofs[:1]), support),
        Row(record, {}, tuple(proofs[1:])),
    ], others


def dispute(s, m, record, column, shown):
    """Quote what differs, and open a conflict."""
    key = f"{record.rpartition('/')[2]}-{s.document}"[:60].rstrip("-")
    cells = {
        "label": f"{m.words} or {shown}",
        "kind": "between_documents",
        "status": "open",
        "weight": "figure",
        "what": f"Another document says {m.words}; we have {shown}.",
        "treatment": "We keep the earlier figure.",
        "otherwise": f"It would be {m.words}.",
    }
    link = {"conflict_id": key, "record": record, "field": column}
    link_id = re.sub("[_/]", "-", f"{key}--{record.replace('/', '--')}--{column}")
    proof = Row(record, {}, ((column, hedged(s, m)[1], m.end),), "differs")
    return [proof, Row(f"conflicts/{key}", cells), Row(f"conflict_records/{link_id}", link)]


def draft(known, s, m, older):
    """Make a new row for a figure: table, rows, mentions that go with it; or why none, nothing."""
    if m.kind == "amount":
        channel = worded(s, "contributions", "channel")
        if s.often[m.meant] > 1 and not (s.about or channel or dates_of(s)):
            return "Another sentence says it, and what it is for.", None, []
        if not channel and not _GIVEN.search(s.text):
            return "Who gave it to whom is not said.", None, []
        return _contribution(known, s, m, older)
    if m.kind == "number" and not m.ordinal:
        return _count(known, s, m, older)
    if m.kind == "date":
        issued = s.issued["fragment"] if s.issued.get("section_id") == s.section else ""
        title = known.data["documents"][s.document]["title"]
        reasons = {title: "It is part of the title.", issued: "The day of issue."}
        for words, reason in reasons.items():
            at = s.body.find(words)
            if 0 <= at <= m.start < at + len(words):
                return reason, None, []
        return _happening(known, s, m)
    return _numbered(known, s, m)


def _first(s, table, skip=()):
    """Give the first record of a table that a sentence names: (id, its place), or nothing."""
    named = ((*r.split("/"), at) for at, records in s.who.items() for r in records)
    return next(((key, at) for name, key, at in named if name == table and key not in skip), None)


def _put(made, field, value, start, end, *why):
    """Fill in a cell of a new row, with its proof; `made` is (cells, proofs)."""
    made[0][field] = value
    made[1].append((field, start, end, *why))


def _as_of(known, s, made):
    """Fill in the day of issue as that of a figure."""
    day = known.data["documents"][s.document]["published"]
    _put(made, "as_of", day, None, None, "inferred", "As of the day of issue.")


def _contribution(known, s, m, older):
    """Make a row of ``contributions``."""
    (hedge, start), (amount, unit) = hedged(s, m), m.meant[0]
    made, label, rows = ({}, []), "Contribution", []
    cells = made[0]
    printed = {"printed": s.body[start : m.end], "amount_usd": amount, "qualifier": hedge}
    for field, value in printed.items():
        _put(made, field, value, start, m.end)
    cells["printed_unit_usd"] = unit
    channel = worded(s, "contributions", "channel")
    role = worded(s, "project_organisations", "role", "funding")
    payer = _first(s, "organisations", ("ilo", "ilo-beijing"))
    if channel:
        _put(made, "channel", channel[0], *channel[1])
        label = s.body[slice(*channel[1])].capitalize()
    elif s.about:
        project = s.about.partition("/")[2]
        near = next((at for at, who in s.who.items() if s.about in who), None)
        at = _stretched(known, s, s.about, near) if near else (start, m.end)
        why = () if near else ("inferred", "The project was named before.")
        _put(made, "project_id", project, *at, *why)
        label = known.data["projects"][project]["label"]
        link = f"{project}--{payer[0]}--funding" if payer else ""
        if payer and role and link not in known.data["project_organisations"]:
            part = {"project_id": project, "organisation_id": payer[0], "role": "funding"}
            proof = (("organisation_id", *payer[1]), ("role", *role))
            rows.append(Row(f"project_organisations/{link}", part, proof))
    if payer and (role or "project_id" not in cells):  # else who pays for it is not said
        _put(made, "payer_id", payer[0], *payer[1])
        if label == "Contribution":
            who = known.data["organisations"].get(payer[0], {"label": payer[0]})
            label = f"Contribution of {who['label']}"
    if to_ilo := s.words(r"to the (ILO)\b"):
        _put(made, "receiver_id", "ilo", *to_ilo.span(1))
    dates = sorted(
        (d for d in dates_of(s) if "/" in d.meant[0]), key=lambda d: abs(d.start - m.start)
    )
    later = _LATER.search(s.text)
    if dates:
        _put(made, "period", dates[0].meant[0], dates[0].start, dates[0].end)
    elif later and (dates := [d for d in dates_of(s) if len(d.meant[0]) == 10]):
        _put(made, "as_of", dates[0].meant[0], dates[0].start, dates[0].end)
    elif later and s.issued:
        _as_of(known, s, made)
    row = known.data["contributions"].get((older or "").removeprefix("contributions/"), {})
    if later and row and row["project_id"] == cells.get("project_id"):
        why = ("inferred", "A later figure of the same thing.")
        _put(made, "supersedes_id", row["contribution_id"], start, m.end, *why)
    when = cells.get("period", cells.get("as_of", "")).partition("-")[0].replace("/", "-")
    cells["label"] = f"{label}, {when}" if when else label
    cells["level"] = "project" if "project_id" in cells else "channel_total"
    key = cells.get("channel") or cells.get("project_id") or "amount"
    record = f"contributions/{slug(f'{key}-{when}-{m.words}')}"
    return "contributions", [Row(record, *made), *rows], dates[:1]


def _count(known, s, m, older):
    """Make a row of ``results`` or ``indicators``."""
    (words, end), (hedge, start) = _counted(s, m), hedged(s, m)
    if not words or "%" in m.words or re.match(r"(?:year|month|week|day|hour)s?\b", words):
        return "What it counts is not named.", None, []
    planned = _PLANNED.search(s.text)
    status = worded(s, "results", "status", "planned" if planned else None)
    table, record = "results" if status else "indicators", _subject(known, s)
    made = {"record": record, "indicator": words}, []
    _put(made, "value", m.meant[0], start, end)
    _put(made, "qualifier", hedge, start, end)
    _put(made, "unit", s.body[m.end : end].strip(), start, end)
    dates = [d for d in dates_of(s, m) if not CHANGES.search(s.text)][:1]
    at_time = table == "indicators" or planned or _LATER.search(s.text)
    for d in dates:
        _put(made, "as_of" if at_time else "period", d.meant[0], d.start, d.end)
    if not dates and s.issued.get("section_id") == s.section and not planned:
        _as_of(known, s, made)
    row = known.data[table].get((older or "").removeprefix(f"{table}/"), {})
    same = row and row["record"] == record and row["unit"].split()[-1:] == words.split()[-1:]
    if same and "as_of" in made[0]:
        why = ("inferred", "A later figure of the same thing.")
        _put(made, "supersedes_id", next(iter(row.values())), start, end, *why)
    whose = record.rpartition("/")[2] or s.document
    key, rows = slug(f"{whose}-{words.split()[-1]}-{m.words.replace(',', '')}", 60), []
    if table == "results":
        code, at = ("planned", status) if planned else status
        _put(made, "status", code, *at)
        if place := _place(s):
            link = {"result_id": key, "place_id": place[0]}
            rows.append(Row(f"result_places/{key}--{place[0]}", link, (("place_id", *place[1]),)))
    return table, [Row(f"{table}/{key}", *made), *rows], dates


def _subject(known, s):
    """Find the record that a count of a sentence is likely of, or nothing."""
    counted = {row["record"] for row in known.data["results"].values()}
    subjects = [r for records in s.who.values() for r in records if r in counted]
    who = [r for records in s.who.values() for r in records if r.startswith("organisations/")]
    for x in s.mentions:  # new ones too
        if x.kind == "organisation" and not s.who[x.start, x.end] and " " in x.words:
            who.append(f"organisations/{slug(x.words)}")
    before = s.recent.get("counted") or (s.about if s.about in s.recent.values() else "")
    return next(filter(None, [*subjects, *who, before, s.recent.get("organisations")]), "")


def _happening(known, s, m):
    """Make a row of ``agreements`` or ``events`` for a date."""
    kind, act = (worded(s, "agreements", column) for column in ("kind", "act"))
    before = s.recent.get("new agreements") or s.recent.get("agreements", "")
    table = "agreements" if act and (kind or before) else "events"
    kind = kind if table == "agreements" else worded(s, "events", "kind")
    if not kind and table == "events":
        return _since(s, m)
    made, others, rows, column = ({}, []), [], [], known.cells["date"][table]
    if m.words == "today":
        why = ("inferred", "“Today” is the day of issue.")
        _put(made, column, m.meant[0], None, None, *why)
        act = act and (act[0], (min(m.start, act[1][0]), max(m.end, act[1][1])))
    else:
        _put(made, column, m.meant[0], m.start, m.end)
    if kind:
        _put(made, "kind", kind[0], *kind[1])
        title = s.body[slice(*kind[1])]
    else:
        code, *at = s.recent.get("kind", ("agreement", *act[1]))
        _put(made, "kind", code, *at, "inferred", "A sentence before names it.")
        title = s.recent.get("title", "Agreement")
    for x in s.mentions if kind else ():
        if x.kind not in FIGURES and x.start <= kind[1][0] < x.end and not is_plain(x.words):
            title = x.words
            if not s.who[x.start, x.end]:
                _put(made, "title", title, x.start, x.end)
            break
    changed = s.words(r"\b(amendment|extension|renewal|revision)\b")
    title = f"{changed.group().capitalize()} of the {title}" if changed else title
    upto = changed.start() if changed else (act or kind)[1][0]
    for number in [x for x in s.mentions if x.ordinal and x.meant and x.start < upto][:1]:
        _put(made, "ordinal", number.meant[0], number.start, number.end)
        others.append(number)
    if place := _place(s):
        _put(made, "place_id", place[0], *place[1])
    made[0]["label"] = f"{title}, {m.meant[0][:4]}"
    key = slug(f"{title}-{m.meant[0]}", 60)
    if table == "agreements":
        s.recent.update({"new agreements": f"agreements/{key}", "title": title})
        _put(made, "act", act[0], *act[1])
        rows = _parties(s, made, key, act[1])
    return table, [Row(f"{table}/{key}", *made), *rows], others


def _parties(s, made, key, near):
    """Say that an agreement is one with the ILO; make rows of ``agreement_parties``."""
    ilo, near = s.words(r"\bILO\b(?! News)"), s.recent.get("ilo", near)
    why = () if ilo else ("inferred", "A sentence before names the ILO.")
    _put(made, "with_ilo", "true", *(ilo.span() if ilo else near), *why)
    kind = next(proof for proof in made[1] if proof[0] == "kind")
    s.recent.update({"ilo": ilo.span() if ilo else near, "kind": (made[0]["kind"], *kind[1:3])})
    rows = {}
    for at, (record, *_) in ((at, records) for at, records in s.who.items() if records):
        table, _, party = record.partition("/")
        if table == "organisations" and party != "china":
            link = {"agreement_id": key, "organisation_id": party}
            row = Row(f"agreement_parties/{key}--{party}", link, (("organisation_id", *at),))
            rows.setdefault(party, row)
    return list(rows.values())


def _since(s, m):
    """Make a row of ``results`` for a date of something that a project did."""
    spoken = s.about in s.recent.values() or s.words(r"\b[Tt]he (?:project|programme)\b")
    if not s.about or not spoken:
        return "What it dates is not a row of ours.", None, []
    since = s.body[: m.start].endswith(("since ", "Since ")) and len(m.words) == 4
    words = " ".join(re.split("[,;:]", s.body[s.start : m.start])[-1].split()[-8:])
    cells = {"record": s.about, "indicator": words, "period": m.meant[0] + "/.." * since}
    cells["status"] = "planned" if _PLANNED.search(words) else "delivered"
    start, at = m.start - 6 * since, worded(s, "results", "status", cells["status"])
    why = () if at else ("inferred", f"It is told as {cells['status']}.")
    proofs = (("period", start, m.end), ("status", *(at or (start, m.end)), *why))
    key = slug(f"{s.about.rpartition('/')[2]}-{m.words}-{words}", 60)
    return "results", [Row(f"results/{key}", cells, proofs)], []


def _places(s):
    """List the places that a sentence names: (id, where it stands); new countries too."""
    found = [(r.partition("/")[2], at) for at, who in s.who.items() for r in who if "places/" in r]
    for m in s.mentions:
        if m.words in territories() and not s.who.get((m.start, m.end)):
            found.append((slug(m.words), (m.start, m.end)))
    return sorted(found, key=lambda place: place[1])


def _place(s):
    """Find where a sentence says that something was: id of a place, and where it stands."""
    said = (p for p in _places(s) if re.search(r"\b(?:[Ii]n|at) (?:the )?$", s.body[: p[1][0]]))
    return next(said, None)


def draft_places(known, s):
    """Make rows of ``project_places`` for the places that a sentence on a project names."""
    project, rows = s.about.partition("/")[2], []
    about = r"(?i)(?<!further )(?<!another )\b(?:project|programme|phase|support|work)"
    if not project or not s.words(about):
        return []
    for place, at in _places(s):
        key, name = f"{project}--{place}--beneficiary", s.body[slice(*at)]
        linked = any(k.startswith(f"{project}--{place}--") for k in known.data["project_places"])
        words = "|".join(tables.wordings("project_places", "role").get("beneficiary", ["in"]))
        before = re.search(rf"\b(?:{words}) (?:the )?$", s.body[: at[0]])
        if linked or not before:
            continue
        if place not in known.data["places"]:
            cells = {"label": name, "kind": "country"}
            rows += [Row(f"places/{place}", cells), _printed(known, f"places/{place}", name, at)]
        link = {"project_id": project, "place_id": place, "role": "beneficiary"}
        proofs = (("place_id", *at), ("role", before.start(), at[1]))
        rows.append(Row(f"project_places/{key}", link, proofs))
    return rows


def _numbered(known, s, m):
    """Find what an ordinal numbers: the agreement proposed last, or a meeting named with it."""
    record = s.recent.get("new agreements")
    if record and re.match(r" (?:amendment|agreement|MoU|programme)\b", s.body[m.end :]):
        proofs = (("ordinal", m.start, m.end, "inferred", "The sentence before tells of it."),)
        return "agreements", [Row(record, {"ordinal": m.meant[0]}, proofs)], []
    met = _MEETING.match(s.body, m.end)
    if not met:
        return "It numbers something that we do not number.", None, []
    title = met.group().strip()
    end = m.end + len(met.group().rstrip())
    cells = {"label": f"{m.words} {title}", "title": title, "kind": "meeting"}
    cells |= {"ordinal": m.meant[0]}
    kind = met.start(1) + 1, met.end(1)
    proofs = (("title", m.end + 1, end), ("kind", *kind), ("ordinal", m.start, end))
    return "events", [Row(f"events/{slug(f'{m.words} {title}')}", cells, proofs)], []


def _stretched(known, s, record, span):
    """Give the place of a part of a title as far as the title goes on."""
    titles = [folded(title) for title in known.names if record in known.names[title]]
    while more := re.match(r" [\w’-]+", s.body[span[1] :]):
        longer = folded(s.body[span[0] : span[1] + more.end()])
        if not any(longer in title for title in titles):
            break
        span = span[0], span[1] + more.end()
    return span


def draft_name(known, s, m):
    """Guess whose name it is: in words, and rows."""
    records, span, name = s.who[m.start, m.end], (m.start, m.end), m.words
    if not records and (short := re.match(r" ?\(([A-Z][\w+-]+)\)", s.body[m.end :])):
        records = known.names.get(short[1].casefold(), [])
    full = next((x for x in s.mentions if x.end + 2 == m.start), None)
    if not records and full and s.body[full.end : m.start] == " (":
        records = known.names.get(folded(full.words), [])
    if records:
        record = records[0]
        printed = [r for r in known.data["names"].values() if r["record"] == record]
        same = next((r for r in printed if r["name"] == name), None)
        if same:
            own = f"names/{next(iter(same.values()))}"
            return f"known: {record}", [Row(own, {}, (("name", *span),))]
        if folded(name) in known.names:
            return f"known: {record}, printed otherwise", [_printed(known, record, name, span)]
        span = _stretched(known, s, record, span)
        row = _printed(known, record, s.body[slice(*span)], span)
        return f"likely {record}: a new name of it", [row]
    units = (row["unit"] for t in ("results", "indicators") for row in known.data[t].values())
    spelled = re.search(r"\b[a-z]\w+ \($", s.body[: m.start])
    if spelled or any(name in unit.split() for unit in units):
        return "a term, not a name", []
    table = HOMES.get(m.kind)
    in_it = m.kind == "name" and re.search(r"\b(?:in|at) $", s.body[: m.start])
    line = re.search(r"\| $", s.body[: m.start]) or re.match(r" ?[–(|-]", s.body[m.end :])
    if name in territories() or in_it or (len(name) > 4 and name.isupper() and line):
        table = "places"
    if table not in ("organisations", "places", "people", "frameworks"):
        return "not known: a new name, if it is one", [unused(s, m, "It names nothing of ours.")]
    cells, facts = {"label": name.title() if table == "places" and name.isupper() else name}, ()
    if table in ("organisations", "frameworks"):
        codes = tables.wordings(table, "kind").items()
        cells["kind"] = next((c for c, words in codes if any(w in name for w in words)), "")
    if table == "places":
        cells["kind"] = "country" if name in territories() else "city"
    if table == "people":
        before = re.search(rf"({OFFICE.pattern})$", s.body[: m.start])
        after = re.match(r", ([^,.]{3,60})", s.body[m.end :])
        at = before.span(1) if before else after and (m.end + 2, m.end + after.end())
        if at and len(s.body[slice(*at)].strip()) > 3:
            cells["office"] = s.body[slice(*at)].strip()
            facts = (("office", at[0], at[0] + len(cells["office"])),)
    record = f"{table}/{slug(name)}"
    known.names[folded(name)] = [record]
    row = _printed(known, record, name, span)
    return f"new: {table}", [Row(record, cells, facts), row]


def _printed(known, record, name, span):
    """Make a row of ``names``."""
    key = f"{record.replace('/', '--')}--{slug(name, 80)}"
    key += "-2" * (known.data["names"].get(key, {"name": name})["name"] != name)
    kind = "acronym" if re.fullmatch("[A-Z]{2,}s?", name) else "full"
    known.data["names"].setdefault(key, {"name_id": key, "record": record, "name": name})
    return Row(f"names/{key}", {"record": record, "name": name, "kind": kind}, (("name", *span),))
