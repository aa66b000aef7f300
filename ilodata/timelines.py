"""What happened when: agreements, projects and events, as precisely as stated and no more.

Agreements are those with the ILO; what nothing ties to the ILO stands apart, as "beside".
"""

import math
import re
from collections import Counter
from contextlib import suppress

import pandas as pd

from ilodata import dates, tables, words
from ilodata.evidence import card, certainty
from ilodata.problems import DataError

OURS = ("agreement", "project", "event")
KINDS = (*OURS, "beside")
DATED = {"agreements": "signed", "projects": "period", "events": "date"}
PARTS = ("agreement_parties", "project_organisations", "event_participants")
READ = (*DATED, *PARTS, "people", "themes", "contributions", "relations", "documents")
SHARE = 2 / 3  # of the agreements: what the densest run of years holds at least
RUN = 3  # agreements that it holds at least
FEW = 4  # entries up to which each is told
QUIET = 8  # years without anything, from which on what came before is told apart
ABOUT = ("subject", "aim", "priority")  # roles of themes that say what something is about
MEANT = ("promotes", "by_means_of")  # links that say so, where no theme does
BARE = ("state", "group_of_states", "modality")  # kinds of names that take no article
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
NOUNS = {
    "agreement": ("agreement with the ILO", "agreements with the ILO"),
    "beside": ("meeting, declaration or the like", "meetings, declarations and the like"),
}
ROLES = {  # any other: "with"
    "funding": "funded by",
    "launching": "launched by",
    "implementing": "carried out by",
    "host": "held by",
    "holder": "held by",
    "proposer": "proposed by",
    "committed": "made by",
    "venue": "at",
}
TIES = {
    "focuses_on": "with a focus on",
    "under": "in the context of",
    "held_during": "during",
    "precedes": "laid the foundation for",
    "oversees": "oversees the ILO's activities in",
}


def chronology(start=None, end=None, partners=(), frames=None):
    """Put what happened into order: agreements, projects, events, and what stands beside them.

    Parameters
    ----------
    start, end : str or int
        Window, e.g. ``2019`` (alone: that year), ``"2017-03"``; "" for a side without a bound.
    partners : str or list of str
        Keep what one of these organisations has a part in: ids, labels, acronyms, as printed. An
        office acts for the body whose part it is; a state's organs are told apart from the state.
    frames : dict
        Frames by table's name, as its loader returns them, for a what-if.

    Returns
    -------
    DataFrame
        Indexed by record (``table/id``): kind, label, when (in words), date (EDTF), start, end
        (first and last day it can mean; ``NaT`` where open), in_window ("certainly", "possibly",
        "undated"), with, about, money (in words), certainty and words (of the date). For the chart:
        dense (in the run of years that holds most agreements), early (long before the rest),
        known_until (last day the documents report on), of, money_of (sources of date and money).

    Raises
    ------
    ValueError
        If a date or partner cannot be read; the parameter is named.
    """
    rows = _shown(*_read(start, end, partners, frames))
    dense, early = _dense(rows), _early(rows)
    for row in rows:
        row |= {"dense": row in dense, "early": row in early}
        row["money_of"] = "+".join(link.of for link in words.links(row["money"])[:1])
        row |= {name: words.plain(row[name]) for name in ("with", "about", "money")}
        with suppress(DataError):  # a what-if's own record has no evidence
            row["certainty"], quotes = certainty(row["of"]), card(row["of"])["quotes"]
            row["words"] = "; ".join(dict.fromkeys(quote["fragment"] for quote in quotes))
    columns = "record kind label when date start end in_window with about money certainty words"
    columns += " dense early known_until of money_of"
    frame = pd.DataFrame(rows, columns=columns.split()).fillna({"certainty": "", "words": ""})
    days = {name: pd.to_datetime(frame[name]) for name in ("start", "end", "known_until")}
    return frame.assign(**days).set_index("record")


def _read(start, end, partners, frames):
    """Read a choice, one year alone as that year, and the tables that it needs as rows of texts."""
    end = start if end is None and not dates.blank(start) else end
    dates.window(start, end)
    found = tables.find(partners, "organisations", "partners")
    given = {name: frame.reset_index().astype("string") for name, frame in (frames or {}).items()}
    book = {
        name: given[name].fillna("").to_dict("records") if name in given else tables.rows(name)
        for name in READ
    }
    return book, start, end, [f"organisations/{one}" for one in found]


def _with_ilo(book):
    """List the agreements with the ILO."""
    rows = (row for row in book["agreements"] if row["with_ilo"].lower() == "true")
    return [f"agreements/{row['agreement_id']}" for row in rows]


def _ilo(book):
    """Find the organisation that is a party to most of the agreements with the ILO: the ILO."""
    ours = _with_ilo(book)
    parties = Counter(part["who"] for part in _parts(book) if part["record"] in ours)
    return parties.most_common(1)[0][0] if parties else ""


def _tied(book, records):
    """List what stands in a relation to one of some records."""
    pairs = [(row["subject"], row["object"]) for row in book["relations"]]
    return {one for pair in pairs for one, other in (pair, pair[::-1]) if other in records}


def _acting(book, asked):
    """Add to organisations the offices that act for them."""
    return {*asked, *(one for one in _tied(book, asked) if tables.row(one).get("kind") == "office")}


def _brought(book):
    """List the organisations that a project brought forth, such as a network."""
    tied = _tied(book, {f"projects/{row['project_id']}" for row in book["projects"]})
    return {one for one in tied if one.startswith("organisations/")}


def _parts(book):
    """List who has which part in what."""
    people, parts = {row["person_id"]: row for row in book["people"]}, []
    for table in PARTS:
        owner = table.partition("_")[0]
        for row in book[table]:
            person = people.get(row.get("person_id"), {})
            who = row["organisation_id"] or person.get("organisation_id", "")
            part = {"record": f"{owner}s/{row[f'{owner}_id']}", "of": f"{table}/{row['id']}"}
            part |= {"who": f"organisations/{who}" if who else "", "person": person}
            parts.append({"role": "party", "mode": "", **row, **part})
    return parts


def _ours(book, parts):
    """List the records of the cooperation itself: what something ties to the ILO or a project."""
    own = {*_with_ilo(book), *(f"projects/{row['project_id']}" for row in book["projects"])}
    held = own | _acting(book, {_ilo(book)}) | _brought(book)
    took_part = {part["record"] for part in parts if part["who"] in held}
    return own | {one for one in _tied(book, held) | took_part if one.startswith("events/")}


def _shown(book, start, end, asked=()):
    """List what falls into a window, certainly or possibly, in order of its earliest day."""
    acting, parts, known, rows = _acting(book, asked), _parts(book), _known(book), []
    ours, happened = _ours(book, parts), []
    for table, field in DATED.items():
        for raw in book[table]:
            fits = dates.in_window(raw[field], start, end, known)
            happened.append((table, raw, raw[field], fits))
    whole = {fits for *_, fits in happened} <= {"certainly", "undated"}
    # What is called after an organisation is its own, too.
    called = re.compile("|".join(rf"\b{re.escape(tables.label(one))}\b" for one in acting))
    for table, raw, date, fits in happened:
        record = f"{table}/{raw[f'{table[:-1]}_id']}"
        here = [part for part in parts if part["record"] == record]
        if fits == "no" or (fits == "undated" and not whole):
            continue
        if acting and not acting & {p["who"] for p in here} and not called.search(raw["label"]):
            continue
        first, last = dates.span(date) if date else (None, None)
        row = {"record": record, "kind": table[:-1] if record in ours else "beside", "raw": raw}
        row |= {"label": raw["label"], "date": date, "start": first, "end": last, "parts": here}
        row |= {"of": f"{record}/{DATED[table]}" if date else record, "in_window": fits}
        row |= {"when": words.date(date) if date else "no date in our tables"}
        row |= {"known_until": dates.span(known).end, "with": _with(book, here)}
        row |= {"about": _about(book, record), "money": _money(book, record)}
        order = (not date, first or dates.date.min, last or dates.date.max, raw["label"])
        rows.append((order, row))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def _known(book):
    """Return the latest date that a document reports on."""
    return max((row["latest_date"] for row in book["documents"]), default="") or "9999"


def _the(record):
    """Name a thing in a sentence: "the ILO", but "China", "UN DESA" and "China's Presidency"."""
    label, kind = tables.label(record), tables.row(record).get("kind")
    owner, owns, _ = label.partition("'s ")
    if record.startswith("projects/"):
        return f"the project “{label}”"
    bare = kind in BARE or (owns and not owner.isupper()) or (label.isupper() and " " in label)
    return label if bare or record.startswith("places/") else f"the {label}"


def _with(book, parts):
    """Say who has which part, each once; that the ILO is a party goes without saying."""
    said, ilo, seen = {}, _ilo(book), {""}
    for part in sorted(parts, key=lambda part: part["role"] not in ROLES):
        role, who, person = part["role"], part["who"], part["person"]
        if role == "opened" or who in seen or (role, who) == ("party", ilo):
            continue
        seen.add(who)
        name = f"{person['label']}, {person['office']} of {_the(who)}" if person else _the(who)
        name += f" ({part['mode']})" if part["mode"] else ""
        said.setdefault(ROLES.get(role, "with"), []).append(words.link(name, part["of"]))
    return "; ".join(f"{verb} {words.listed(names)}" for verb, names in said.items())


def _about(book, record):
    """Say what something is about, in the themes' words."""
    rows = [row for row in book["themes"] if row["record"] == record and row["role"] in ABOUT]
    if not record.startswith("agreements/"):  # aims of a project are many: its profile has them
        rows = [row for row in rows if row["role"] == ABOUT[0]] or rows[:1]
    if not rows:
        return next(filter(None, (_linked(book, [record], way) for way in MEANT)), "")
    of = [f"themes/{row['theme_id']}/theme" for row in rows]
    others = ", among others" * any(row["open_list"] for row in rows)
    return words.link(words.listed(row["theme"] for row in rows), of) + others


def _linked(book, records, predicate):
    """Name what records stand to in one way (frameworks, places, others), as one statement."""
    held = [r for r in book["relations"] if r["subject"] in records and r["predicate"] == predicate]
    names = words.listed(_the(row["object"]) for row in held)
    return words.link(names, [f"relations/{row['relation_id']}" for row in held]) if held else ""


def _money(book, record):
    """Say the stated amounts of a project or an agreement."""
    table, _, owner = record.partition("/")
    later, said = {row["supersedes_id"] for row in book["contributions"]}, []
    for row in book["contributions"]:
        key, of = row["contribution_id"], f"contributions/{row['contribution_id']}"
        if row.get(f"{table[:-1]}_id") != owner or key in later:
            continue
        hedge = row["qualifier"].replace("_", " ")
        if hedge == "misprint":
            said.append(words.link(f"an amount misprinted as “{row['printed']}”", f"{of}/printed"))
            continue
        amount = words.money(float(row["amount_usd"]))
        amount += " as an initial contribution" * (hedge == "initial")
        amount = amount if hedge in ("exact", "initial") else f"{hedge} {amount}"
        said.append(f"{words.link(amount, f'{of}/amount_usd')} {row['status']}".rstrip())
    return words.listed(said)


def _of(rows, *kinds):
    """Keep what is of some kinds."""
    return [row for row in rows if row["kind"] in kinds]


def _sure(rows):
    """Keep the agreements that certainly fall into the window."""
    return [row for row in _of(rows, "agreement") if row["in_window"] == "certainly"]


def _dense(rows):
    """List the agreements of the run of years in which they are densest, if they are somewhere.

    The shortest (of equal ones, first) run of whole years that holds `SHARE` of them and `RUN` at
    least, and is at most half as long as the time from their first year to their last.
    """
    found = sorted(filter(None, (dates.year(row["date"]) for row in _sure(rows))))
    need = max(RUN, math.ceil(SHARE * len(_sure(rows))))
    ends = found[need - 1 :]
    runs = [(ends[n] - found[n], found[n], ends[n]) for n in range(len(ends))]
    if not runs or 2 * (min(runs)[0] + 1) > found[-1] - found[0] + 1:
        return []
    _, low, high = min(runs)
    return [row for row in _sure(rows) if low <= (dates.year(row["date"]) or 0) <= high]


def _early(rows):
    """List what came long before the rest: up to `FEW`, `QUIET` years or more before the next."""
    ours = [row for row in _of(rows, *OURS) if row["start"]]
    years = [row["start"].year for row in ours]
    ends = [n for n in range(1, len(ours)) if n <= FEW and years[n] - years[n - 1] >= QUIET]
    return ours[: max(ends, default=0)]


def years(start=None, end=None, partners=(), frames=None):
    """List the cooperation year by year, for the layout "years".

    Parameters
    ----------
    start, end, partners, frames
        As for `chronology`.

    Returns
    -------
    DataFrame
        Indexed by record; linked text: year (of the start), kind, title, text.
    """
    return _listed((start, end, partners, frames), OURS)


def beside(start=None, end=None, partners=(), frames=None):
    """List what stands beside the cooperation as `years` does: meetings of others, the world."""
    return _listed((start, end, partners, frames), ["beside"])


def _listed(choice, kinds):
    """Put what is of some kinds, and what lasts without a date, into the layout "years"."""
    book, *_, asked = choice = _read(*choice)
    told = []
    for row in _of(_shown(*choice), *kinds):
        year = f"{row['start'].year}" if row["start"] else "Undated"
        kind, title = row["record"].split("s/")[0], words.link(row["label"], row["record"])
        told.append((row["record"], year, kind.capitalize(), title, _told(book, row, year)))
    for record, title, _ in _lasting(book, asked, world="beside" in kinds):
        told.append((record, "Undated", "Throughout", title, ""))
    columns = ["record", "year", "kind", "title", "text"]
    return pd.DataFrame(told, columns=columns).set_index("record")


def _told(book, row, year):
    """Say with whom something was, when, where, about what, for how much and in what context."""
    place, when = row["raw"].get("place_id"), row["date"] and row["when"]
    told = [row["with"], words.link(when, row["of"]) if when not in ("", year) else ""]
    if place:
        place = words.link(tables.label(f"places/{place}"), f"{row['record']}/place_id")
    told += [f"{word} {text}" for word, text in (("in", place), ("about", row["about"])) if text]
    opened = [part["who"] for part in row["parts"] if part["role"] == "opened"]
    ties = [(verb, _linked(book, [row["record"], *opened], way)) for way, verb in TIES.items()]
    told += [row["money"], *(f"{verb} {names}" for verb, names in ties if names)]
    said = "; ".join(filter(None, told))
    return words.capital(f"{said}.") if said else ""


def _lasting(book, asked, world):
    """List what the ILO does without a date: record, linked label, areas; of the world or not."""
    ilo, brought, told = _ilo(book), _brought(book), []
    for row in book["relations"]:
        ends = {row["subject"], row["object"]}
        outer = ends & brought or not all(end.startswith("organisations/") for end in ends)
        # What a project brought forth has a beginning of its own.
        if ilo not in ends or outer or row["predicate"] == "part_of":
            continue
        outside = {tables.row(end)["kind"] for end in ends} & {"group_of_states", "network"}
        if bool(outside) == world and (not asked or ends & {*asked}):
            record = f"relations/{row['relation_id']}"
            areas = _about(book, record) if row["predicate"] == "supports" else ""
            told.append((record, words.link(row["label"], record), areas))
    return told


def findings(start=None, end=None, partners=(), frames=None):
    """State what the chronology shows, in sentences that are true for every choice.

    Parameters
    ----------
    start, end, partners, frames
        As for `chronology`.

    Returns
    -------
    DataFrame
        For the layout "findings": kind (one "headline", at most one "standfirst", five of "finding",
        one "caveat"), text (linked), value, low, high, unit (of the headline: agreements).
    """
    book, start, end, asked = _read(start, end, partners, frames)
    rows = _shown(book, start, end, asked)
    dense = [] if asked else _dense(rows)
    window = words.window(start, end) if any(dates.window(start, end)) else ""
    heads = [_headline(book, dense, rows, window)] if dense else []
    heads.append(_plain(asked, rows, window))
    held = [*_told_apart(rows), _plans(book, rows, end)]
    lasting = [each for each in _lasting(book, asked, world=False) if each[2]]
    held += [f"{title}, in {areas}." for _, title, areas in lasting[:1]]
    held = [text for text in held + _implied(book, rows) if text]
    told = [*zip(("headline", "standfirst"), heads, strict=False)]
    told += [("finding", text) for text in held[:5]]
    told += [("caveat", _apart(rows, _shown(book, start, end) if asked else ()))]
    frame = pd.DataFrame([row for row in told if row[1]], columns=["kind", "text"])
    low, high = len(dense or _sure(rows)), len(dense or _of(rows, "agreement"))
    counted = {"value": low, "low": low, "high": high, "unit": "agreements"}
    return frame.join(pd.DataFrame([counted]))


def _tally(rows, said, how=""):
    """Link a count to what was counted."""
    return words.link(said, [r["of"] for r in rows], how if len(rows) > 1 else "")


def _named(row):
    """Name a record with its date, where that is not part of its name."""
    name = words.link(row["label"], row["record"])
    told = row["label"].endswith(row["when"]) or not row["date"]
    return name if told else f"{name} ({words.link(row['when'], row['of'])})"


def _headline(book, dense, rows, window):
    """Say in which years most agreements came."""
    every, found = _sure(rows), [dates.year(row["date"]) for row in dense]
    span, whole = words.window(min(found), max(found)), len(every) == len(_with_ilo(book))
    how = f"dated {span}, the shortest run of years that holds two thirds of the {len(every)}"
    part = _tally(dense, words.number(len(dense), capital=True), how)
    of = _tally(every, f"{words.number(len(every))} agreements", "each counted once")
    named = "that the texts name" if whole else f"dated {window or 'in our tables'}"
    return f"{part} of the {of} with the ILO {named} came in {_tally(dense, span, how)}."


def _plain(asked, rows, window):
    """Say how much of each kind our tables hold, or that they hold nothing."""
    ours, told = _of(rows, *OURS), []
    for kind in KINDS:
        if some := _of(ours or rows, kind):
            low = sum(row["in_window"] != "possibly" for row in some)
            count = words.counted((low, len(some)), *NOUNS.get(kind, [kind]))
            told.append(_tally(some, count, "by their dates"))
    said = words.listed(told) or f"nothing dated {window}".removesuffix(" dated ")
    text = f"{f'for {window} ' if told and window else ''}our tables hold {said}"
    text += f" in which {words.listed(map(_the, asked), 'or')} has a part" if asked else ""
    if rows and not ours:
        text += f", but name no part of the ILO in {'it' if len(rows) == 1 else 'them'}"
    return words.capital(f"{text}.")


def _told_apart(rows):
    """Name what came long before the rest; of a few entries, tell what each is about."""
    ours, early = _of(rows, *OURS), _early(rows)
    if len(ours) <= FEW:
        said = ["; ".join(filter(None, [row["about"], row["money"]])) for row in ours]
        return [f"{_named(r)}{': ' if s else ''}{s}." for r, s in zip(ours, said, strict=True)]
    if not early:
        return []
    since = ours[ours.index(early[-1]) + 1]["start"].year
    count = _tally(early, words.counted(len(early), "entry", "entries"), "by their dates")
    return [f"Before {since} we list {count}: {words.listed(map(_named, early))}."]


def _plans(book, rows, end):
    """Say which projects have stated years after the last date that a document reports on."""
    known, until, projects = _known(book), dates.window(None, end).end, _of(rows, "project")
    now = dates.span(known).end
    later = [r for r in projects if r["end"] and dates.courses(r["date"])[0].first_end > now]
    if not later or (until and until <= now):
        return ""
    count = _tally(later, words.number(len(later), capital=True), "by their stated ends")
    of = [f"documents/{row['document_id']}/latest_date" for row in book["documents"]]
    last = words.link(words.date(known), of, "the later of the dates up to which the texts report")
    furthest = max(later, key=lambda row: row["end"])
    until = words.link(words.date(furthest["date"].rpartition("/")[2]), furthest["of"])
    verb, one = ("have", "the last ") if len(later) > 1 else ("has", "")
    after = f"{last}, the last {dates.precision(known)} that the texts report on"
    return f"{count} of the projects {verb} stated years beyond {after}, {one}to {until}."


def _implied(book, rows):
    """Say what an agreement's number implies of earlier ones of its kind that our tables lack."""
    told, now = [], dates.date.max
    for row in (row for row in _of(rows, "agreement") if row["raw"]["ordinal"] and row["start"]):
        place = int(row["raw"]["ordinal"])
        same = [r["signed"] for r in book["agreements"] if r["kind"] == row["raw"]["kind"]]
        held = sum((dates.span(date).end or now) < row["start"] for date in filter(None, same))
        if held < place - 1 < len(ORDINALS):
            name = words.link(re.sub(r", (\d{4})$", r" of \1", row["label"]), row["record"])
            number = words.link(ORDINALS[place - 1], f"{row['record']}/ordinal")
            before = f"there {'were' if place > 2 else 'was'} {words.number(place - 1)} before it"
            hold = words.number(held) if held else "neither" if place == 3 else "none"
            told.append(f"The {name} is called the {number}, so {before}; our tables hold {hold}.")
    return told


def _apart(rows, whole):
    """Say what is listed apart; beside a partner's agreements, which have no party."""
    bare, apart = [row for row in _of(whole, "agreement") if not row["parts"]], _of(rows, "beside")
    if whole:
        names = words.listed(map(_named, bare), "or")
        return f"Our tables name no party of {names}." if bare else ""
    count = words.counted(len(apart), *NOUNS["beside"])
    text = "in which our tables name no part of the ILO."
    return f"Listed apart: {_tally(apart, count, 'by their dates')} {text}" if apart else ""
