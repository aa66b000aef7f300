"""What happened when: agreements, projects and events, as precisely as stated and no more.

Agreements are those with the ILO; what nothing ties to the ILO stands apart, as "beside".
"""

import functools
import itertools
import math
import re
from collections import Counter
from typing import NamedTuple

import pandas as pd

from ilodata import dates, naming, tables, words
from ilodata.evidence import attached, card, certainty, doubted, gaps, lacking, reported, stated
from ilodata.tables import those

__all__ = ["beside", "chronology", "findings", "years"]
__dir__ = __all__.copy  # what Tab shows

ILO = "organisations/ilo"
# Kinds of what is counted, and what is said behind their number.
OURS = {"agreement": " with the ILO", "project": "", "event": " with the ILO"}
DATED = {"agreements": "signed", "projects": "period", "events": "date"}
PARTS = ("agreement_parties", "project_organisations", "event_participants")
SHARE = 2 / 3  # of the agreements: what the densest run of years holds at least
RUN = 3  # agreements that it holds at least
MOST_FINDINGS = 5  # on a page
# Links that a list of years tells; the other ones say how something is called, or came about.
TIES = "aligned_with focuses_on held_during oversees precedes promotes supports under"
LASTING = ("cooperates_with", "member_of", "supports")  # what organisations do without a date
BESIDE = {  # how a part is called beside others; a part that stands not here is one "with" them
    "funding": "funded by",
    "implementing": "carried out by",
    "launching": "launched by",
    "host": "held by",
    "holder": "held by",
    "committed": "by",
    "proposer": "proposed by",
    "opened": "",
    "virtual": "joined virtually by",
    "venue": "at",
    "elsewhere": "elsewhere",
}
# Cells that a count needs besides a date: whether it is one, and one with the ILO.
NEEDED = {"agreement": ("kind", "with_ilo"), "project": ("title",)}


class Happening(NamedTuple):
    """Something that happened, as it is counted, listed and told."""

    record: str
    kind: str  # "agreement", "project", "event" (each with the ILO), or "beside"
    raw: dict  # its row of the table
    label: str
    date: str  # EDTF, "" where there is none
    start: object  # first and last day that the date can mean
    end: object
    when: str  # the date in words
    of: str  # the cell of the date, or the record
    shared: list  # what ties an event to the ILO
    parts: list  # dicts: who (a record), role, name, of (the cell)
    about: str  # in the themes' words
    ties: list  # sentences: what it stands in relations to
    effects: list  # sentences: what came of it, with {} for its name
    money: str
    in_window: str = ""
    mine: list = ()  # cells: the parts of the partners asked for


class Question(NamedTuple):
    """A question as read."""

    rows: list  # what may lie in the window and is of the partners
    every: list  # what may lie in the window
    partners: list  # records
    start: object
    end: object
    window: str  # in words, "" where it leaves out nothing that has a date


def chronology(start=None, end=None, partners=()):
    """Put what happened into order: agreements, projects, events, and what stands beside them.

    Parameters
    ----------
    start, end : str or int
        Window, e.g. ``2019`` (alone: that year), ``"2017-03"``; "" for a side without a bound.
    partners : str or list of str
        Keep what these have a part in: ids, labels, acronyms, as printed. An office acts for the
        body whose part it is; a state's organs are told apart from the state.

    Returns
    -------
    DataFrame
        By record: kind, label, when (in words), date (EDTF), start, end (first and last day it can
        mean; ``NaT`` where open), in_window ("certainly", "possibly", "undated"), with, about,
        money (in words), certainty and words (of the date), known_until (last day that the
        documents report on), of, money_of (sources of date and money), dense (source of the run of
        years that holds most agreements, and how it is counted; "" outside it).

    Raises
    ------
    ValueError
        If a date or partner cannot be read; the parameter is named.
    """
    asked, known = _ask(start, end, partners), dates.span(tables.reported_until()).end
    (dense, _, how), found = _dense(asked), []
    counted = f"{'+'.join(_cells(dense))}|{how}"
    for row in asked.rows:
        money, proof = row.money, card(row.of)
        if row.kind == "project" and not money:  # it would look like a forgotten one
            said, of = lacking(row.record, "amount")
            money = words.link(f"amount {said}", of or row.record)
        quoted = dict.fromkeys(quote["fragment"] for quote in proof["quotes"])
        told = {
            "with": words.plain(_with(row.parts)),
            "about": words.plain(row.about or "; ".join(row.ties)),
            "money": words.plain(money),
            "certainty": proof["certainty"],
            "words": "; ".join(quoted),
            "dense": counted * (row in dense),
            "known_until": known,
            "money_of": "+".join(link.of for link in words.links(money)[:1]),
        }
        found.append(row._asdict() | told)
    columns = "record kind label when date start end in_window with about money certainty words"
    columns += " dense known_until of money_of"
    frame = tables.frame(found, columns.split(), "record")
    return frame.assign(**frame[["start", "end", "known_until"]].apply(pd.to_datetime))


def _ask(start, end, partners):
    """Read a question."""
    said, asked = words.window(start, end), naming.find(partners, "organisations", "partners")
    asked = [f"organisations/{one}" for one in asked]
    every = _everything(tables.state(), tables.chosen_date())
    fits = {row.record: tables.in_window(row.date, start, end) for row in every}
    whole = {*fits.values()} <= {"certainly", "undated"}
    for tie in those("relations", predicate="held_during"):  # what it was held during was on
        if fits.get(tie["subject"]) == "certainly":
            fits[tie["object"]] = "certainly"
    every = [row._replace(in_window=fits[row.record]) for row in every if whole or row.date]
    every = [row for row in every if row.in_window != "no"]
    return Question(_of_partners(every, asked), every, asked, start, end, said * (not whole))


def _acting(asked):
    """Add to organisations the offices that act for them."""
    offices = {it["of"] for it in those("organisations", kind="office")}
    ties = those("relations", predicate="part_of")
    acting = {it["subject"] for it in ties if it["object"] in asked}
    return {*asked} | acting & offices


@functools.lru_cache(2)
def _everything(_state, _chosen):
    """List all that happened, in order of its earliest day; once, until tables or chosen date change."""
    ours = {it["of"] for it in those("projects") + those("agreements", with_ilo="true")}
    held, rows = _acting([ILO]) | ours, []
    for table, field in DATED.items():
        for raw in those(table):
            record, date, hanging = raw["of"], raw[field], attached(raw["of"])
            start, end = dates.span(date) if date else (None, None)
            parts = _parts(hanging)
            opened = [part["who"] for part in parts if part["role"] == "opened"]
            shared = _shared([record, *opened], parts, held) if table == "events" else []
            kind = table[:-1] if shared or record in held else "beside"
            ties, about = _ties(record, [*hanging, *opened]), _about(record)
            about *= words.plain(about) not in words.plain(" ".join(ties))
            entry = Happening(
                record=record,
                kind=kind,
                raw=raw,
                label=raw["label"],
                date=date,
                start=start,
                end=end,
                when=words.date(date) if date else "no date in our tables",
                of=f"{record}/{field}" if date else record,
                shared=shared,
                parts=parts,
                about=about,
                ties=ties,
                effects=_effects(record),
                money=stated(record),
            )
            rows.append(entry)

    first, last = dates.date.min, dates.date.max
    return sorted(
        rows, key=lambda row: (not row.date, row.start or first, row.end or last, row.label)
    )


def _parts(hanging):
    """List who has which part in something, from the records that hang on it."""
    parts = []
    for of in (it for it in hanging if it.startswith(PARTS)):
        row = tables.row(of)
        role = row.get("mode") or row.get("role", "party")
        role = "elsewhere" if row.get("same_as_id") else role
        who, name = row["organisation_id"], ""
        if key := row.get("person_id"):
            person, of = tables.row(f"people/{key}"), f"{of}+people/{key}/office"
            who, name = person["organisation_id"], f"{person['label']}, {person['office']} of "
        if who:
            name += naming.the(who := f"organisations/{who}")
            parts.append({"of": of, "who": who, "role": role, "name": name})
    return parts


def _shared(near, parts, held):
    """List what ties an event, or what it opened, to the ILO, its agreements or a project."""
    told = [part["of"] for part in parts if part["who"] in held]
    for row in those("relations"):
        ends = {row["subject"], row["object"]}
        told += [row["of"]] * bool(ends & {*near} and ends & held)
    return told


def _of_partners(rows, asked):
    """Keep what some partners have a part in, or are named by; of the ILO, what is with it."""
    others, kept = _acting(asked) - {ILO}, []
    names = "|".join(re.escape(naming.label(one)) for one in others)
    for row in rows:
        mine = [part["of"] for part in row.parts if part["who"] in others]
        made = row.ties if row.record.startswith("agreements/") else []
        said = words.plain(" ".join([row.label, *made, *row.effects]))
        named = names and re.search(rf"\b({names})\b", said)
        if not asked or mine or named or (ILO in asked and row.kind in OURS):
            kept.append(row._replace(mine=mine))
    return kept


def _parted(rows):
    """Part what certainly falls into a window, which is counted, from what may."""
    sure = [row for row in rows if row.in_window != "possibly"]
    return sure, [row for row in rows if row.in_window == "possibly"]


def _with(parts):
    """Say who has which part, each once; that the ILO is with them goes without saying."""
    said, seen = {}, set()
    for part in sorted(parts, key=lambda it: (it["role"] == "elsewhere", it["role"] not in BESIDE)):
        who, verb = part["who"], BESIDE.get(part["role"], "with")
        if verb and who not in seen and (who, verb) != (ILO, "with"):
            seen.add(who)
            said.setdefault(verb, []).append(words.link(part["name"], part["of"]))
    elsewhere = words.listed(said.pop("elsewhere", ()))  # another text has another party
    told = "; ".join(f"{verb} {words.listed(names)}" for verb, names in said.items())
    return f"{told} (elsewhere called {elsewhere})" if elsewhere else told


def _about(record):
    """Say what something is about, in the themes' words."""
    every, roles = those("themes", record=record), ["subject"]
    roles += ["aim"] * record.startswith("agreements/")
    rows = [row for row in every if row["role"] == "priority"]
    rows = rows or [row for row in every if row["role"] in roles]
    some = rows[:1] if record.startswith("projects/") else rows  # its profile has all
    others = ", among others" * (some != rows or any(row["open_list"] for row in rows))
    said = words.listed([row["theme"] for row in some], names=True)
    return words.link(said, [f"{row['of']}/theme" for row in some]) + others if rows else ""


def _ties(record, near):
    """Say what an agreement or event, its money or what it opened stands in relations to."""
    rows = [it for it in those("relations") if it["subject"] in (record, *near)]
    rows = [row for row in rows if row["predicate"] in TIES.split()]
    if record.startswith("agreements/"):
        rows += those("relations", predicate="established_by", object=record)
    return _joined(rows) if not record.startswith("projects/") else []  # its profile has them


def _joined(rows):
    """Say relations by their labels; "It grew by aid" and "It grew by loans" are one sentence."""
    alike, told = {}, []
    for row in rows:
        alike.setdefault(tuple(row["label"].split()[:3]), []).append(row)
    for some in alike.values():
        steps = zip(*(row["label"].split()[:-1] for row in some), strict=False)
        start = len([*itertools.takewhile(lambda it: len({*it}) == 1, steps)])
        ends = {" ".join(row["label"].split()[start:]): row["object"] for row in some}
        said = " ".join([*some[0]["label"].split()[:start], _nested(ends)])
        told.append(words.link(re.sub("^The ", "the ", said), [row["of"] for row in some]))
    return told


def _nested(told):
    """List texts, each with its record; of a whole and its part: "ten laws (including six)"."""
    wholes = {row["subject"]: row["object"] for row in those("relations", predicate="part_of")}
    said = []
    for text, record in told.items():
        parts = words.listed(it for it, part in told.items() if wholes.get(part) == record)
        if wholes.get(record) not in told.values():
            said.append(text + f" (including {parts})" * bool(parts))
    return words.listed(said)


def _effects(record):
    """Quote what a document says came of something, alike for all of which it says so."""
    told = []
    for row in those("themes", record=record, role="effect"):
        same = [f"{it['of']}/theme" for it in those("themes", theme=row["theme"])]
        where, quote = _quote(f"{row['of']}/theme", same)
        others = words.link(words.counted(len(same) - 1, "other"), same)
        told.append(f"{where} says of {{}}{f' and {others}' * (len(same) > 1)}: {quote}")
    return told


def _quote(cell, of=""):
    """Name the document that a cell rests on, and quote it."""
    proof = card(cell)
    quote = next(iter(proof["quotes"]), {"fragment": proof["title"], "document": ""})
    kinds = {it["title"]: it["kind"].replace("_", " ") for it in tables.rows("documents")}
    where = f"the {kinds.get(quote['document'], 'texts')}"
    return where, words.link(f"“{quote['fragment']}”", of or cell)


def _of(rows, *kinds):
    """Keep what is of some kinds."""
    return [row for row in rows if row.kind in kinds]


def _dense(asked):
    """Find the agreements of the run of years in which they are densest; of partners, none.

    The shortest, first run of whole years that holds `SHARE` of them and `RUN` at least, and is at
    most half as long as the time from their first to their last: those in it, it, how it is counted.
    """
    sure = [row for row in _of(asked.rows, "agreement") if row.in_window == "certainly"]
    found = sorted(filter(None, (dates.year(row.date) for row in sure)))
    ends = found[max(RUN, math.ceil(SHARE * len(sure))) - 1 :] if not asked.partners else []
    runs = [(last - first, first, last) for first, last in zip(found, ends, strict=False)]
    if not runs or 2 * (min(runs)[0] + 1) > found[-1] - found[0] + 1:
        return [], "", ""
    _, low, high = min(runs)
    dense = [row for row in sure if low <= (dates.year(row.date) or 0) <= high]
    span = words.window(low, high)
    return dense, span, f"dated {span}, the shortest run of years that holds two thirds of all"


def years(start=None, end=None, partners=()):
    """List the cooperation year by year, for the layout "years"; choices are as for `chronology`.

    Returns
    -------
    DataFrame
        Indexed by record; linked text: year (of the start), kind, title, text. Of partners, all
        that names them; what has no date stands last.
    """
    asked = _ask(start, end, partners)
    if asked.partners:
        return _listed(asked, asked.rows, _without_dates(asked))
    return _listed(asked, _of(asked.rows, *OURS))


def beside(start=None, end=None, partners=()):
    """List in the columns of `years` what is not counted: without the ILO, or without a date."""
    asked = _ask(start, end, partners)
    if asked.partners:
        return _listed(asked, [])
    return _listed(asked, _of(asked.rows, "beside"), _without_dates(asked))


def _listed(asked, rows, more=()):
    """Tell rows in the layout "years": who, when, where, for how much, what came of it."""
    told, seen = [], set()  # what is said of several is told of the first of them
    for row in rows:
        record, raw = row.record, row.raw
        said = [f"perhaps not {words.at(asked.window)}"] * (row.in_window == "possibly")
        if row.date not in ("", row.when):  # the year alone stands above
            said.append(words.link(row.when, row.of))
        said.append(_with(row.parts))
        if place := raw.get("place_id"):
            place = words.link(naming.label(f"places/{place}"), f"{record}/place_id")
            said.append(f"in {place}")
        said += [f"about {row.about}"] * bool(row.about and row.kind != "project")
        said.append(row.money)
        if row.kind == "agreement" and raw["ordinal"] and "First" not in row.label:
            said.append(f"called {_quote(f'{record}/ordinal')[1]}")
        said += row.ties
        said += [text.replace("{}", "it", 1) for text in row.effects if text not in seen]
        seen |= {*row.effects}
        text = "; ".join(filter(None, said))
        year = f"{row.start.year}" if row.start else "Undated"
        kind, title = record.split("s/")[0].capitalize(), words.link(row.label, record)
        told.append((record, year, kind, title, words.capital(f"{text}.") if text else ""))
    columns = ["record", "year", "kind", "title", "text"]
    return tables.frame([*told, *more], columns, "record")


def _without_dates(asked):
    """Tell what goes on, and what the texts say of partners, or else of the ILO, without a date."""
    if asked.window:  # none shows what was in it
        return []
    told = [(of, "Undated", "Going on", it, _going(of)) for of, it in _lasting(asked.partners)]
    for of in asked.partners or sorted(_acting([ILO])):
        if said := _quoted(of):
            title = words.link(naming.label(of), of)
            told.append((of, "Undated", "In the texts", title, f"{words.capital(said)}."))
    return told


def _lasting(asked):
    """List what organisations do without a date, some or all: record, label."""
    told = {}
    for row in those("relations"):
        ends = {row["subject"], row["object"]}
        between = all(end.startswith("organisations/") for end in ends)
        if row["predicate"] in LASTING and between and (not asked or ends & {*asked}):
            told.setdefault(row["label"], []).append(row["of"])
    return [(of[0], words.link(label, of)) for label, of in told.items()]


def _going(record):
    """Say in which areas something goes on, what intensified it, and what is done."""
    areas, rows = _about(record), those("relations", predicate="contributes_to", object=record)
    signed = [row for row in rows if row["subject"].startswith("agreements/")]
    told = [f"in {areas}" * bool(areas)]
    if signed:
        many = words.counted(len(signed), "agreement")
        told.append(f"intensified by {words.link(many, [row['of'] for row in signed])}")
    told += [*_joined(row for row in rows if row not in signed), _quoted(record)]
    return " ".join(f"{words.capital(it)}." for it in told if it)


def _quoted(record):
    """Quote by document the undated (or newer) figures and the activities of something."""
    texts, later = {}, tables.superseded("indicators")
    rows = [it for it in those("indicators", record=record) if it["indicator_id"] not in later]
    cells = [f"{it['of']}/value" for it in rows if it["supersedes_id"] or not it["as_of"]]
    cells += [f"{it['of']}/theme" for it in those("themes", record=record, role="activity")]
    for cell in cells:
        where, quote = _quote(cell)
        texts.setdefault(where, {})[quote] = cell.rpartition("/")[0]
    return "; ".join(f"{where} says {_nested(quotes)}" for where, quotes in texts.items())


def findings(start=None, end=None, partners=(), paid=None):
    """State what the chronology shows, in sentences that are true for every choice.

    `paid` is what `funding.findings` says of the partners as payers: its headline is told, too.

    Returns
    -------
    DataFrame
        For the layout "findings": kind (one "headline", at most one "standfirst", up to five of
        "finding", at most one "caveat"), text (linked), value, low, high, unit (of the headline: agreements).
    """
    asked = _ask(start, end, partners)
    rows, maybe = _parted(asked.rows)
    (dense, span, how), every = _dense(asked), _of(rows, "agreement")
    heads = [_plain(asked, rows, maybe)]
    if dense:
        part = _tally(dense, words.capital(words.number(len(dense))), how)
        of = _tally(every, f"{words.number(len(every))} agreements")
        named = f"with the ILO {f'dated {asked.window}' if asked.window else 'in our tables'}"
        heads.insert(0, f"{part} of the {of} {named} came in {_tally(dense, span, how)}.")
    caveat = _caveat(asked, rows, maybe)
    most = MOST_FINDINGS - bool(caveat) - bool(_bodies(asked.partners))  # which are told of, too
    known = bool(asked.partners) and paid is not None and not dates.blank(paid.value.iloc[0])
    held = [paid.text.iloc[0]] if known else []
    held += _told_apart(rows, most - len(held))
    held += [*_silent(asked), *_plans(asked, rows)]
    for _, label in _lasting(asked.partners) if asked.partners else ():
        if not (asked.window and re.search(r"\d{4}", words.plain(label))):  # it is of other years
            held.append(f"{label}{' (no date)' * bool(asked.window)}.")
    told = [*zip(("headline", "standfirst"), heads, strict=False)]
    told += [("finding", text) for text in held[:most]] + [("caveat", caveat)] * bool(caveat)
    low = len(dense or every)
    counted = {"value": low, "low": low, "high": low, "unit": "agreements"}
    counted["high"] += len(_of(maybe, "agreement")) * (not dense)
    return pd.DataFrame(told, columns=["kind", "text"]).join(pd.DataFrame([counted]))


def _caveat(asked, rows, maybe):
    """Name what is not counted: apart, of parties not named, of a state's bodies, not certain."""
    apart = _apart(_of(rows, "beside")) if _of(rows, *OURS) else ""
    apart += ", in which our tables do not name the ILO as taking part" * bool(apart)
    left = "; ".join(filter(None, [apart, _unnamed(asked)]))
    told, counts = [f"Not counted here: {left}." * bool(left)], []
    for one in _bodies(asked.partners):
        if its := _of_partners(asked.every, [one]):
            count = _counts(_parted(its)[0]) or "nothing certain"
            counts.append(f"{words.link(naming.the(one), one)} ({count})")
    told.append(f"Told apart, among others: {words.listed(counts)}." * bool(counts))
    perhaps = [*map(_named, _of(maybe, *OURS)), *filter(None, [_apart(_of(maybe, "beside"))])]
    told.append(words.uncertain(perhaps, asked.window))
    return " ".join(filter(None, told))


def _cells(rows):
    """Name the cells that a count rests on: parts, or dates and what else is in doubt or inferred."""
    cells = []
    for row in rows:
        needed = [f"{row.record}/{name}" for name in NEEDED.get(row.kind, ())]
        needed = [it for it in needed if certainty(it) == "inferred" or doubted([it])]
        needed *= not (row.mine and row.kind == "agreement")  # of a party, it is one
        cells += [*(row.mine or [row.of]), *row.shared, *needed]
    return cells


def _tally(rows, said, how="each counted once"):
    """Link a count to what was counted."""
    return words.link(said, _cells(rows), how)


def _named(row):
    """Name a record with its date; what is no name of a thing, in quotation marks."""
    name = naming.the(row.record)
    if row.record.startswith("events/"):
        name = row.label if "“" in row.label else f"“{row.label}”"
    name = words.link(re.sub(r", \d{4}\b", "", name), row.record)
    return f"{name} ({words.link(row.when, row.of)})"


def _counts(rows):
    """Count what is of the ILO by kind; where nothing is, say what stands beside."""
    told = []
    for kind, behind in OURS.items():
        if some := _of(rows, kind):
            count = words.counted(len(some), kind) + behind
            told.append(_tally(some, count, "each counted once" * (len(some) > 1)))
    return words.listed(told) or _apart(rows)


def _apart(rows):
    """Say what is listed apart, most of it first."""
    told = []
    for kind, n in Counter(row.raw["kind"] for row in rows).most_common():
        # A row of "meetings" may be many: kinds are named, and not counted.
        said = words.several(kind) if n > 1 else f"a{'n' * (kind[0] in 'aeiou')} {kind}"
        some = [row for row in rows if row.raw["kind"] == kind]
        told.append(_tally(some, said.replace("_", " "), ""))
    return words.listed(told)


def _plain(asked, rows, maybe):
    """Say how much of each kind our tables hold, or name some partners in."""
    alone = bool(rows) and not _of(rows, *OURS)
    named = [it for it in asked.partners if not (alone and it == ILO)]
    named = [naming.as_such(it) + " itself" * bool(_bodies([it])) for it in named]
    who, verb, none = words.listed(named, "or"), "hold", "no"
    if {*asked.partners} - {ILO}:
        verb, none = f"name {who} in" if rows else f"give {who} no part in", "any"
    none += f"{' certain' * bool(maybe)} agreement, project or event"
    beside = ", in which they do not name the ILO as taking part" * alone
    told = f"our tables {verb} {_counts(rows) or none}{beside}."
    return words.capital(f"for {asked.window} {told}" if asked.window else told)


def _bodies(asked):
    """List the bodies that are told apart from a state among some partners, or their states."""
    states, found = [it["of"] for it in those("organisations", kind="state")], []
    for tie in those("relations", predicate="part_of"):
        pair = [tie["subject"], tie["object"]]
        if tie["object"] in states and {*pair} & {*asked}:
            found += [it for it in pair if it not in (*asked, *found)]
    return found


def _unnamed(asked):
    """Count the agreements that name no single party, for partners that are a party to others."""
    single = {f"organisations/{it['organisation_id']}" for it in tables.rows("agreement_parties")}
    single -= {ILO, *(it["of"] for it in those("organisations", kind="constituents"))}
    rows = _of(_of_partners(asked.every, []), "agreement") if single & {*asked.partners} else []
    rows = [row for row in rows if single.isdisjoint(part["who"] for part in row.parts)]
    said = f"{_counts(rows)} for which our tables name no single body as the other party"
    return said * bool(rows)


def _silent(asked):
    """Say in which years a curator looked for a date and found none, if they touch the window."""
    for key, what in gaps([of for of, _ in _lasting(asked.partners)]).what.items():
        years = re.search(r"dated between (\d{4}) and (\d{4})", what)
        if years and dates.in_window("/".join(years.groups()), asked.start, asked.end) != "no":
            return [what.replace(years[0], words.link(years[0], f"conflicts/{key}"))]
    return []


def _told_apart(rows, room):
    """Say of each agreement and project, or agreement alone, if they are few, what it is about.

    Or else what it stands in, or what a document says came of it.
    """
    rows = [row for row in _of(rows, "agreement", "project") if row.start]
    rows = rows if len(rows) <= room else _of(rows, "agreement")
    told = []
    for row in rows if len(rows) <= room else []:
        about = [f"{_named(row)} is about {row.about}"] * bool(row.about)
        effects = [text.replace("{}", _named(row), 1) for text in row.effects]
        told += [*about, *row.ties, *effects][:1]
    return [words.capital(f"{text}.") for text in told]


def _plans(asked, rows):
    """Say which projects have stated years after the last one that a document reports on."""
    until, now = dates.window(asked.start, asked.end).end, dates.span(tables.reported_until()).end
    later = [row._replace(mine=()) for row in _of(rows, "project") if row.date]  # by their dates
    later = [row for row in later if dates.courses(row.date)[0].first_end.year > now.year]
    if not later or (until and until <= now):
        return []
    many = f"{words.number(len(later))} of these projects" * (len(_of(rows, "project")) > 1)
    said = _tally(later, many or "the project") if asked.partners else _counts(later)
    said += f" {words.verb(len(later), 'are')} dated beyond {reported()}"
    return [words.capital(f"{said}, the last year that the texts report on.")]
