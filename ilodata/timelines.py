"""What happened when: agreements, projects and events, as precisely as stated and no more.

Agreements are those with the ILO; what nothing ties to the ILO stands apart, as "beside".
"""

import itertools
import math
import re
from collections import Counter

import pandas as pd

from ilodata import amounts, dates, tables, words
from ilodata.evidence import card, certainty, gaps, lacking

__all__ = ["beside", "chronology", "findings", "years"]

OURS = ("agreement", "project", "event")
KINDS = (*OURS, "beside")
DATED = {"agreements": "signed", "projects": "period", "events": "date"}
PARTS = ("agreement_parties", "project_organisations", "event_participants")
SHARE = 2 / 3  # of the agreements: what the densest run of years holds at least
RUN = 3  # agreements that it holds at least
PLURAL = ("constituents", "institutes")  # kinds of organisations
FEW = 4  # entries that came long before the rest, at most
MOST = 5  # findings on a page
QUIET = 8  # years without anything, from which on what came before is told apart
ABOUT = ("subject", "aim", "priority")  # roles of themes that say what something is about
MAIN = ("priority", "subject")  # the one of them that says most of what is no agreement
NOUNS = {
    "agreement": ("agreement with the ILO", "agreements with the ILO"),
    "event": ("event of the cooperation", "events of the cooperation"),
    "project": ("project", "projects"),
    "beside": ("entry listed apart", "entries listed apart"),
}
VERBS = {  # of one organisation, and of several, by role; the strongest first
    "party": ("is named as a party to", "are named as parties to"),
    "funding": ("is named as funding", "are named as funding"),
    "implementing": ("is named as carrying out", "are named as carrying out"),
    "host": ("held", "held"),
    "": ("has a part in", "have a part in"),
}
ROLES = {  # any other: "with"
    "funding": "funded by",
    "launching": "launched by",
    "implementing": "carried out by",
    "supports": "supported by",
    "host": "held by",
    "holder": "held by",
    "proposer": "proposed by",
    "committed": "made by",
    "venue": "at",
    "virtual": "joined virtually by",
}
# Cells that a count needs besides a date: whether it is one, and one with the ILO.
NEEDED = {"agreement": ("kind", "with_ilo"), "project": ("title",)}
TIES = {
    "focuses_on": "for",
    "under": "in the context of",
    "held_during": "during",
    "precedes": "laid the foundation for",
    "oversees": "oversees the ILO's activities in",
}


def __dir__():
    return __all__  # what Tab shows


def chronology(start=None, end=None, partners=()):
    """Put what happened into order: agreements, projects, events, and what stands beside them.

    Parameters
    ----------
    start, end : str or int
        Window, e.g. ``2019`` (alone: that year), ``"2017-03"``; "" for a side without a bound.
    partners : str or list of str
        Keep what one of these organisations has a part in: ids, labels, acronyms, as printed. An
        office acts for the body whose part it is; a state's organs are told apart from the state.

    Returns
    -------
    DataFrame
        Indexed by record (``table/id``): kind, label, when (in words), date (EDTF), start, end
        (first and last day it can mean; ``NaT`` where open), in_window ("certainly", "possibly",
        "undated"), with, about, money (in words), certainty and words (of the date). For the chart:
        dense (source of the run of years that holds most agreements, and how it is counted; ""
        outside it), early (long before the rest), known_until (last day the documents report on),
        of, money_of (sources of date and money).

    Raises
    ------
    ValueError
        If a date or partner cannot be read; the parameter is named.
    """
    rows = _shown(*_choice(start, end, partners))
    dense, early = _dense(rows), _early(rows)
    for kind in OURS:  # beside most of a kind, a missing amount would look like a forgotten one
        bare = [row for row in _of(rows, kind) if not row["money"]]
        for row in bare * (2 * len(bare) < len(_of(rows, kind))):
            said, of = lacking(row["record"], "amount")
            row["money"] = words.link(f"amount {said}", of or row["record"])
    for row in rows:
        row |= {"early": row in early, "certainty": certainty(row["of"])}
        row["dense"] = f"{'+'.join(_cells(dense))}|{_run(dense)}" if row in dense else ""
        row["money_of"] = "+".join(link.of for link in words.links(row["money"])[:1])
        row |= {name: words.plain(row[name]) for name in ("with", "about", "money")}
        quotes = card(row["of"])["quotes"]
        row["words"] = "; ".join(dict.fromkeys(quote["fragment"] for quote in quotes))
    columns = "record kind label when date start end in_window with about money certainty words"
    columns += " dense early known_until of money_of"
    frame = pd.DataFrame(rows, columns=columns.split())
    days = {name: pd.to_datetime(frame[name]) for name in ("start", "end", "known_until")}
    return frame.assign(**days).set_index("record")


def _choice(start, end, partners):
    """Read a choice: one year alone as that year, partners as records."""
    end = start if end is None and not dates.blank(start) else end
    dates.window(start, end)
    found = tables.find(partners, "organisations", "partners")
    return start, end, [f"organisations/{one}" for one in found]


def _rows(table, **cells):
    """List the rows of a table in which some cells are these."""
    return [row for row in tables.rows(table) if cells.items() <= row.items()]


def _with_ilo():
    """List the agreements with the ILO."""
    return [f"agreements/{row['agreement_id']}" for row in _rows("agreements", with_ilo="true")]


def _ilo():
    """Find the organisation that is a party to most of the agreements with the ILO: the ILO."""
    rows, ours = tables.rows("agreement_parties"), _with_ilo()
    held = [row["organisation_id"] for row in rows if f"agreements/{row['agreement_id']}" in ours]
    return f"organisations/{Counter(held).most_common(1)[0][0]}" if held else ""


def _tied(records):
    """List what stands in a relation to one of some records."""
    pairs = [(row["subject"], row["object"]) for row in tables.rows("relations")]
    return {one for pair in pairs for one, other in (pair, pair[::-1]) if other in records}


def _acting(asked):
    """Add to organisations the offices that act for them."""
    return {*asked, *(one for one in _tied(asked) if tables.row(one).get("kind") == "office")}


def _brought():
    """List the organisations that a project brought forth, such as a network."""
    tied = _tied({f"projects/{row['project_id']}" for row in tables.rows("projects")})
    return {one for one in tied if one.startswith("organisations/")}


def _parts():
    """List who has which part in what, those who support what was opened among them."""
    parts, ilo = [], _ilo()
    for table in PARTS:
        owner = table.partition("_")[0]
        for row in tables.rows(table):
            person = tables.row(f"people/{row['person_id']}") if row.get("person_id") else {}
            who = f"organisations/{row['organisation_id'] or person.get('organisation_id', '')}"
            role, record = row.get("mode") or row.get("role"), f"{owner}s/{row[f'{owner}_id']}"
            part = {"record": record, "of": f"{table}/{row['id']}", "who": who, "role": role}
            parts.append(part | {"person": person})
            for tie in _rows("relations", object=who, predicate="supports") * (role == "opened"):
                told = {"who": tie["subject"], "role": "supports"}
                parts.append(parts[-1] | told | {"of": f"relations/{tie['relation_id']}"})
    named = {part["record"] for part in parts if part["who"] == ilo}
    bare = {"who": ilo, "person": {}, "role": None}
    return parts + [bare | {"record": r, "of": f"{r}/with_ilo"} for r in {*_with_ilo()} - named]


def _ours(parts):
    """List the records of the cooperation itself: what something ties to the ILO or a project."""
    own = {*_with_ilo(), *(f"projects/{row['project_id']}" for row in tables.rows("projects"))}
    held = own | _acting({_ilo()}) | _brought()
    took_part = {part["record"] for part in parts if part["who"] in held}
    return own | {one for one in _tied(held) | took_part if one.startswith("events/")}


def _shown(start, end, asked=()):
    """List what falls into a window, certainly or possibly, in order of its earliest day."""
    acting, parts, rows, happened = _acting(asked), _parts(), [], _happened(start, end)
    ours, known, whole = _ours(parts), _known(), _whole(start, end)
    for row in _rows("relations", predicate="held_during"):  # what something was held during was on
        if happened[row["subject"]][2] == "certainly":
            happened[row["object"]] = (*happened[row["object"]][:2], "certainly")
    # What is called after an organisation, or said to do something for it, is its own, too.
    called = [rf"\b{re.escape(tables.label(one))}\b" for one in acting - {_ilo()}]
    for record, (raw, date, fits) in happened.items():
        here = [part for part in parts if part["record"] == record]
        own = [part for part in here if part["who"] in acting]
        mine, roles = [part["of"] for part in own], [part["role"] or "party" for part in own]
        if fits == "no" or (fits == "undated" and not whole):
            continue
        if acting and not mine:
            said = words.plain(" ".join([raw["label"], *_made(record), *_effects(record)]))
            if not any(re.search(name, said) for name in called):
                continue
        first, last = dates.span(date) if date else (None, None)
        kind = record.partition("s/")[0]
        row = {"record": record, "kind": kind if record in ours else "beside", "raw": raw}
        row |= {"label": raw["label"], "date": date, "start": first, "end": last, "parts": here}
        row |= {"of": f"{record}/{DATED[f'{kind}s']}" if date else record, "in_window": fits}
        row |= {"when": words.date(date) if date else "no date in our tables"}
        row |= {"known_until": dates.span(known).end, "with": _with(here), "mine": mine}
        row |= {"verb": next((role for role in VERBS if role in roles), "")}
        row |= {"about": _about(record), "money": _money(f"{kind}_id", record.partition("/")[2])}
        order = (not date, first or dates.date.min, last or dates.date.max, raw["label"])
        rows.append((order, row))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def _counted(start, end, asked=()):
    """Part what is counted in a window from projects, and what has no end, that may lie in it."""
    rows = _shown(start, end, asked)
    maybe = [row for row in rows if row["in_window"] == "possibly"]
    maybe = [row for row in maybe if row["kind"] == "project" or not row["end"]]
    return [row for row in rows if row not in maybe], maybe


def _happened(start, end):
    """Read what has a date, and whether it falls into a window."""
    found = {}
    for table, field in DATED.items():
        for raw in tables.rows(table):
            fits = dates.in_window(raw[field], start, end, _known())
            found[f"{table}/{raw[f'{table[:-1]}_id']}"] = (raw, raw[field], fits)
    return found


def _whole(start, end):
    """Tell whether all that has a date falls into a window."""
    return {fits for *_, fits in _happened(start, end).values()} <= {"certainly", "undated"}


def _known():
    """Return the latest date that a document reports on."""
    return tables.reported_until() or "9999"


def _with(parts):
    """Say who has which part, each once; that the ILO is with them goes without saying."""
    said, seen, ilo = {}, {"organisations/"}, _ilo()
    for part in sorted(parts, key=lambda part: part["role"] not in ROLES):
        role, who, person = part["role"], part["who"], part["person"]
        if role == "opened" or who in seen or (who == ilo and role not in ROLES):
            continue
        seen.add(who)
        name = tables.the(who)
        name = f"{person['label']}, {person['office']} of {name}" if person else name
        said.setdefault(ROLES.get(role, "with"), []).append(words.link(name, part["of"]))
    return "; ".join(f"{verb} {words.listed(names)}" for verb, names in said.items())


def _about(record):
    """Say what something is about, in the themes' words."""
    rows = [row for row in _rows("themes", record=record) if row["role"] in ABOUT]
    if not record.startswith("agreements/"):  # aims of a project are many: its profile has them
        role = next((role for role in MAIN if role in {row["role"] for row in rows}), "")
        rows = [row for row in rows if row["role"] == role] or rows[:1]
    if not rows:
        return _linked([record], "promotes") or _linked([record], "by_means_of")
    said, of = [row["theme"] for row in rows], [f"themes/{row['theme_id']}/theme" for row in rows]
    # What a longer one of them holds would be told twice.
    said = [it for it in said if not any(re.search(rf"[ -]{re.escape(it)}\b", one) for one in said)]
    last = ", and" if any(" and " in theme for theme in said) else "and"  # heard in a list
    others = ", among others" * any(row["open_list"] for row in rows)
    return words.link(words.listed(said, last).replace(" , and", ", and"), of) + others


def _effects(record):
    """Quote what a document says came of something, and of what else it says so: by theme."""
    told = {}
    for row in _rows("themes", record=record, role="effect"):
        rows = _rows("themes", role="effect", theme=row["theme"])
        others = [it["record"] for it in rows if it["record"] != record]
        of = " and others" if others else ""
        if len(others) == 1:
            of = f" and {words.link(_of_year(others[0]), others[0])}"
        told[row["theme"]] = (*_quote(f"themes/{row['theme_id']}/theme"), of)
    return told


def _made(record):
    """Name what an agreement established."""
    rows = _rows("relations", predicate="established_by", object=record)
    rows = rows if record.startswith("agreements/") else []
    return [words.link(tables.the(r["subject"]), f"relations/{r['relation_id']}") for r in rows]


def _quote(cell):
    """Name the document that a cell rests on, and quote it."""
    quote = next(iter(card(cell)["quotes"]), {"fragment": card(cell)["title"], "document": ""})
    kinds = [it["kind"] for it in tables.rows("documents") if it["title"] == quote["document"]]
    where = f"the {kinds[0].replace('_', ' ')}" if kinds else "the texts"
    return where, words.link(f"“{quote['fragment']}”", cell)


def _nested(records, say):
    """Say each of some records, with those in brackets that are a part of it."""
    ties = _rows("relations", predicate="part_of")
    wholes = {tie["subject"]: tie["object"] for tie in ties if tie["object"] in records}

    def whole(one):
        parts = words.listed(whole(it) for it in records if wholes.get(it) == one)
        return f"{say(one)} (including {parts})" if parts else say(one)

    return [whole(one) for one in records if one not in wholes]


def _linked(records, predicate):
    """Name what records stand to in one way (frameworks, places, others), as one statement."""
    held = [row for row in _rows("relations", predicate=predicate) if row["subject"] in records]
    names = words.listed(_nested([row["object"] for row in held], _of_year))
    return words.link(names, [f"relations/{row['relation_id']}" for row in held]) if held else ""


def _money(column, key):
    """Say the stated amounts of a project or an agreement."""
    return words.listed(_amount(row) for row in _paid() if row.get(column) == key)


def _paid():
    """List the stated amounts that no later one replaces."""
    later = tables.superseded("contributions")
    return [row for row in tables.rows("contributions") if row["contribution_id"] not in later]


def _amount(row):
    """Say a stated amount with hedge and status."""
    of = f"contributions/{row['contribution_id']}"
    if row["qualifier"] == "misprint":
        return words.link(f"an amount misprinted as “{row['printed']}”", f"{of}/printed")
    amount = amounts.hedge(row["qualifier"]) + words.money(float(row["amount_usd"]))
    return f"{words.link(amount, f'{of}/amount_usd')} {row['status']}".rstrip()


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


def _run(dense):
    """Say how the densest run of years is counted."""
    found = [dates.year(row["date"]) for row in dense]
    span = words.window(min(found), max(found))
    return f"dated {span}, the shortest run of years that holds two thirds of all"


def _early(rows):
    """List what came long before the rest: up to `FEW`, `QUIET` years or more before the next."""
    ours = [row for row in _of(rows, *OURS) if row["start"]]
    years = [row["start"].year for row in ours]
    ends = [n for n in range(1, len(ours)) if n <= FEW and years[n] - years[n - 1] >= QUIET]
    return ours[: max(ends, default=0)]


def years(start=None, end=None, partners=()):
    """List the cooperation year by year, for the layout "years".

    Parameters
    ----------
    start, end, partners
        As for `chronology`.

    Returns
    -------
    DataFrame
        Indexed by record; linked text: year (of the start), kind, title, text. Last stands what
        the texts say without a date.
    """
    return _listed(*_choice(start, end, partners), OURS)


def beside(start=None, end=None, partners=()):
    """List what stands beside the cooperation as `years` does: meetings of others, the world."""
    return _listed(*_choice(start, end, partners), ["beside"])


def _listed(start, end, asked, kinds):
    """Put what is of some kinds, and what has no date, into the layout "years"."""
    rows, told = _of(_shown(start, end, asked), *kinds), []
    # What is said of several is told of the last of them.
    last = {said: row for row in rows for said in _effects(row["record"])}
    for row in rows:
        year = f"{row['start'].year}" if row["start"] else "Undated"
        kind, title = row["record"].split("s/")[0], words.link(row["label"], row["record"])
        said = _details(row, year)
        for effect, (where, quote, of) in _effects(row["record"]).items():
            said += [f"{where} says{f' of it{of}' * bool(of)}: {quote}"] * (last[effect] is row)
        text = words.capital(f"{'; '.join(said)}.") if said else ""
        told.append((row["record"], year, kind.capitalize(), title, text))
    world = "beside" in kinds
    for record, title in _lasting(asked, world):
        told.append((record, "Undated", "Going on", title, _going(record)))
    for record, (_, quotes) in _figures(asked).items() if world != bool(asked) else ():
        title = words.link(f"{tables.label(record)} in figures", record)
        told.append((record, "Undated", "Figures", title, f"{words.listed(quotes)}."))
    columns = ["record", "year", "kind", "title", "text"]
    return pd.DataFrame(told, columns=columns).set_index("record")


def _implied(row):
    """Say what an agreement's number implies of earlier ones of its kind, if there are any."""
    number, of = int(row["raw"]["ordinal"] or 1), f"{row['record']}/ordinal"
    if row["kind"] != "agreement" or number < 2:
        return ""
    said, less = f"number {words.number(number)}", words.number(number - 1)
    before = words.link(less, of, f"{said} of its kind, so {less} before it")
    return f"{words.link(said, of)} of its kind, so {before} came before it"


def _details(row, year):
    """Say with whom something was, when, where, about what, for how much and in what context."""
    place, when = row["raw"].get("place_id"), row["date"] and row["when"]
    told = [row["with"], words.link(when, row["of"]) if when not in ("", year) else ""]
    if place:
        place = words.link(tables.label(f"places/{place}"), f"{row['record']}/place_id")
    told += [f"{word} {text}" for word, text in (("in", place), ("about", row["about"])) if text]
    opened = [part["who"] for part in row["parts"] if part["role"] == "opened"]
    ties = [(verb, _linked([row["record"], *opened], way)) for way, verb in TIES.items()]
    told += [row["money"], *(f"{verb} {to}" for verb, to in ties if to)]
    told += [*(f"established {made}" for made in _made(row["record"])), _implied(row)]
    return list(filter(None, told))


def _lasting(asked, world):
    """List what the ILO does without a date: record and linked label; of the world or not."""
    brought, told = _brought(), {}  # what a project brought forth has a beginning of its own
    for row in tables.rows("relations"):
        ends = {row["subject"], row["object"]}
        between = all(end.startswith("organisations/") for end in ends) and not ends & brought
        if not between or _ilo() not in ends or row["predicate"] == "part_of":
            continue
        outside = {tables.row(end)["kind"] for end in ends} & {"group_of_states", "network"}
        if bool(outside) == world and (not asked or ends & {*asked}):
            told.setdefault(row["label"], []).append(f"relations/{row['relation_id']}")
    return [(of[0], words.link(label, of)) for label, of in told.items()]


def _going(record):
    """Say in which areas something goes on, and what intensified it."""
    rows, areas = _rows("relations", predicate="contributes_to", object=record), _about(record)
    ties = {row["subject"]: f"relations/{row['relation_id']}" for row in rows}
    signed, told = [one for one in ties if one.startswith("agreements/")], []
    if signed:
        of = [ties[one] for one in signed]
        count = words.link(words.counted(len(signed), "agreement"), of, "each counted once")
        years = words.listed(sorted({tables.row(one)["signed"].strip("[")[:4] for one in signed}))
        since = words.link(years, [f"{one}/signed" for one in signed])
        told.append(
            f"{count} of {since} intensified it" + f", with priorities in {areas}" * bool(areas)
        )
    elif areas:
        told.append(f"in {areas}")
    others = [of for one, of in ties.items() if one not in signed]
    told += [words.link(". ".join(map(tables.label, others)), others)] if others else []
    return " ".join(f"{words.capital(one)}." for one in told)


def _figures(asked):
    """Quote the figures stated of organisations: undated, or newer than such a one; and by whom."""
    held, gone, told = {}, tables.superseded("indicators"), {}
    for row in tables.rows("indicators"):
        if row["indicator_id"] in gone or (row["as_of"] and not row["supersedes_id"]):
            continue
        if row["record"] in asked or (not asked and row["record"].startswith("organisations/")):
            held.setdefault(row["record"], []).append(f"indicators/{row['indicator_id']}")
    for record, cells in held.items():
        quotes = {one: _quote(f"{one}/value") for one in cells}
        told[record] = quotes[cells[0]][0], _nested(cells, lambda one, said=quotes: said[one][1])
    return told


def findings(start=None, end=None, partners=(), paid=None):
    """State what the chronology shows, in sentences that are true for every choice.

    Parameters
    ----------
    start, end, partners
        As for `chronology`.
    paid : DataFrame, optional
        What `funding.findings` says of the partners as payers: its headline is told, too.

    Returns
    -------
    DataFrame
        For the layout "findings": kind (one "headline", at most one "standfirst", five of "finding",
        one "caveat"), text (linked), value, low, high, unit (of the headline: agreements).
    """
    start, end, asked = _choice(start, end, partners)
    rows, maybe = _counted(start, end, asked)
    every = _counted(start, end)[0] if asked else rows
    ours, apart = _of(rows, *OURS), _of(rows, "beside")
    dense, window = _dense(rows) * (not asked), words.window(start, end) * (not _whole(start, end))
    heads = [_headline(dense, rows, window)] if dense else []
    shares = [(one, rows if len(asked) == 1 else _counted(start, end, [one])[0]) for one in asked]
    heads.append(_plain(shares or [("", rows)], every, window, maybe))
    caveat = f"Listed apart, as events of others: {_apart(apart)}."
    caveat = [caveat] * bool(ours and apart)
    caveat = " ".join([*caveat, words.uncertain(map(_named, maybe), window)]).strip()
    most, funds = MOST - bool(caveat), "" if window or asked[1:] else _funds(rows, *asked[:1])
    known = bool(asked) and paid is not None and not dates.blank(paid.value.iloc[0])
    held = [*paid.text][1:2] if known and funds else [*paid.text][:1] if known else []
    for row in _rows("relations", predicate="established_by"):
        told = words.link(row["label"], f"relations/{row['relation_id']}")
        held += [f"{told}."] * (row["subject"] in asked)
    held += _organs(start, end, asked)
    for record, (where, quotes) in _figures(asked).items() if asked else ():
        held.append(words.capital(f"{where} says of {tables.the(record)}: {quotes[0]}."))
    held += _told_apart(rows, start, most - len(held), funds or held)
    held += [*([] if asked else _silent(start, end)), _plans(rows, start, end)]
    if asked and not ours:
        held += [f"{title}." for world in (False, True) for _, title in _lasting(asked, world)]
    told = [*zip(("headline", "standfirst"), heads, strict=False)]
    told += [("finding", text) for text in [*filter(None, held)][:most]] + [("caveat", caveat)]
    frame = pd.DataFrame([row for row in told if row[1]], columns=["kind", "text"])
    low, high = len(dense or _sure(rows)), len(dense or _of(rows, "agreement"))
    counted = {"value": low, "low": low, "high": high, "unit": "agreements"}
    return frame.join(pd.DataFrame([counted]))


def _cells(rows):
    """Name the cells that a count rests on: parts, or dates and what else is in doubt or inferred."""
    cells, told = [], set()
    for row in rows:
        cells += row["mine"] or [row["of"]]
        for name in () if row["mine"] else NEEDED.get(row["kind"], ()):
            proof = card(cell := f"{row['record']}/{name}")
            if proof["certainty"] == "inferred" or not {*proof["doubts"]} <= told:
                cells.append(cell)
            told |= {*proof["doubts"]}
    return cells


def _tally(rows, said, how="each counted once"):
    """Link a count to what was counted."""
    return words.link(said, _cells(rows), how)


def _of_year(record):
    """Name a record as a sentence does, its year with "of"."""
    return re.sub(r", (\d{4})$", r" of \1", tables.the(record))


def _named(row):
    """Name a record with its date, once; what is no name of a thing, in quotation marks."""
    name, when = _of_year(row["record"]), row["when"]
    if name.endswith(f" of {when}"):
        return words.link(name, row["record"])
    if row["record"].startswith("events/"):
        name = row["label"] if "“" in row["label"] else f"“{row['label']}”"
    name = words.link(re.sub(rf" of {when[-4:]}$", "", name), row["record"])
    return f"{name} ({words.link(when, row['of'])})" if row["date"] else name


def _headline(dense, rows, window):
    """Say in which years most agreements came."""
    every, found, how = _sure(rows), [dates.year(row["date"]) for row in dense], _run(dense)
    part = _tally(dense, words.number(len(dense), capital=True), how)
    of = _tally(every, f"{words.number(len(every))} agreements")
    whole = len(every) == len(_with_ilo())
    named = "that the texts name" if whole else f"dated {window or 'in our tables'}"
    span = _tally(dense, words.window(min(found), max(found)), how)
    return f"{part} of the {of} with the ILO {named} came in {span}."


def _count(rows, noun, every=()):
    """Say how many rows there are, of how many where that is more and certain."""
    least = [sum(row["in_window"] != "possibly" for row in some) for some in (rows, every)]
    more = [_apart(rows)] if rows[0]["kind"] == "beside" else []
    if len(every) > len(rows) and least[1] == len(every):
        said, every = (
            words.counted((least[0], len(rows)), " ", " ").strip(),
            _tally(every, words.counted(len(every), *noun)),
        )
        said = f"{_tally(rows, said)} of the {every}"
    else:
        said = words.counted((least[0] or len(rows), len(rows)), *noun)
        said = _tally(rows, said, "each counted once" * (len(rows) > 1))
        if not least[0]:  # "at most" would say that there may be none; dates say what is known
            of = {row["when"]: row["of"] for row in rows}
            more.append(f"dated {', '.join(itertools.starmap(words.link, of.items()))}")
    return said + f" ({'; '.join(more)})" * bool(more)


def _counts(rows, every=()):
    """Count rows of each kind, those of the cooperation if there are any; of how many, if told."""
    kinds = [kind for kind in KINDS if _of(rows, kind)]
    kinds = [kind for kind in kinds if kind != "beside"] or kinds
    return words.listed(_count(_of(rows, it), NOUNS[it], _of(every, it)) for it in kinds)


def _apart(rows):
    """Say what is listed apart, most of it first."""
    kinds = Counter(row["raw"]["kind"].replace("_", " ") for row in rows).most_common()
    told = [f"{it}s" if n > 1 else f"a{'n' * (it[0] in 'aeiou')} {it}" for it, n in kinds]
    return re.sub(r"ys\b", "ies", words.listed(told))


def _plain(shares, every, window, maybe):
    """Say how much of each kind our tables hold, or what each partner did: pairs of it and rows."""
    if window:  # what has no date is not counted for one
        every = [row for row in every if row["date"]]
        shares = [(one, [row for row in rows if row["date"]]) for one, rows in shares]
    told = [_share(one, rows, every, window) for one, rows in shares if rows]
    if told:
        return words.capital(f"{f'for {window} ' * bool(window)}{'; '.join(told)}.")
    dated = (f" certain for {window}" if maybe else f" dated {window}") * bool(window)
    who = [tables.the(one) for one, _ in shares if one]
    gives = f" that gives {words.listed(who, 'or')} a part" * bool(who)
    return f"Our tables hold nothing{dated}{gives}."


def _share(one, rows, every, window):
    """Say how much our tables hold (of a single entry, which it is), or what one partner did."""
    ours, who, hold = _of(rows, *OURS), one and tables.the(one), f"our tables hold {_counts(rows)}"
    if one and one == _ilo():
        return f"{hold} in which {who} has a part"
    if one and not any(row["mine"] for row in rows):  # they only name it
        return f"our tables name {who} in {_counts(rows, every)}"
    if one:
        several, funds = tables.row(one)["kind"] in PLURAL, _funds(rows, one) * (not window)
        return f"{who} {_did(rows, every, several, funds)}"
    if len(ours) != 1:
        return hold
    return f"{hold}: {words.link(ours[0]['label'], ours[0]['record'])}"


def _did(rows, every, several, funds):
    """Say what one did in agreements and projects, or else in events and what stands apart."""
    told, kinds = [], [it for it in KINDS if _of(rows, it)]
    for kind in [it for it in KINDS[:2] if it in kinds] or kinds[:1]:
        noun, whole = NOUNS[kind], _of(every, kind)
        for role, verb in VERBS.items():
            some = [row for row in _of(rows, kind) if row["verb"] == role and row["mine"]]
            if some:
                paid = f", with {funds}," * (role == "funding" and bool(funds))
                told.append(f"{verb[several]} {_count(some, noun, whole)}{paid}")
                noun, whole = ("other", "others"), ()
    return words.listed(told).replace(",,", ",").rstrip(",")


def _funds(rows, one=""):
    """Say the one amount with which a partner funds all projects that it funds, if there is one."""
    funded = {row["record"].partition("/")[2] for row in rows if row["verb"] == "funding"}
    held = [row for row in _paid() if row["project_id"] in funded]
    whole = {row["part_of"] or row["contribution_id"] for row in held}
    others = {f"organisations/{row['payer_id']}" for row in held} - {one}
    if len(whole) != 1 or others or {row["project_id"] for row in held} != funded:
        return ""
    total = f"contributions/{whole.pop()}"  # it may be for more projects than our tables hold
    counts = {row["value"] for row in _rows("indicators", record=total, unit="projects")}
    parts = {row["project_id"] for row in _rows("contributions", part_of=total.split("/")[1])}
    return _amount(tables.row(total)) * (counts <= {str(len(funded))} and parts <= funded)


def _organs(start, end, asked):
    """Name organs of a state that are told apart from it, and what they have a part in."""
    told, states = {}, [one for one in asked if tables.row(one)["kind"] == "state"]
    for row in _rows("relations", predicate="part_of"):
        if row["object"] in states and row["subject"] not in _acting(states):
            of = f"relations/{row['relation_id']}/subject"
            name = words.link(tables.the(row["subject"]), of)
            if held := _shown(start, end, [row["subject"]]):
                told.setdefault(row["object"], []).append(f"{name} ({_counts(held)})")
    said = "Told apart from {}, and not counted here: {}."
    return [said.format(tables.the(one), words.listed(names)) for one, names in told.items()]


def _silent(start, end):
    """Say in which years a curator looked for a date and found none, if they touch the window."""
    told = []
    for key, what in gaps([of for of, _ in _lasting((), world=False)]).what.items():
        years = re.search(r"dated between (\d{4}) and (\d{4})", what)
        if years and dates.in_window("/".join(years.groups()), start, end) != "no":
            told.append(what.replace(years[0], words.link(years[0], f"conflicts/{key}")))
    return list(dict.fromkeys(told))


def _told_apart(rows, start, room, funds):
    """Tell each of a few entries that begin in the window, or what came last and long before."""
    ours, first = _of(rows, *OURS), dates.window(start, None).start
    begun = [row for row in ours if row["start"] and (not first or row["start"] >= first)] or ours
    begun = begun if len(begun) <= room else _of(begun, "agreement")
    if len(begun) <= room:
        return [_sentence(row, len(ours) == 1, funds) for row in begun]
    if any(row["mine"] for row in rows):
        return []
    signed, early, told = _of(rows, "agreement"), _early(rows), []
    for row in signed[1:][-1:]:  # the last, where all others surely came before it
        if row["start"] and all(it["end"] and it["end"] < row["start"] for it in signed[:-1]):
            told = [f"The latest of these agreements is {_named(row)}."]
    if not early:
        return told
    later = ours[ours.index(early[-1]) + 1]
    since = words.link(later["start"].year, later["of"])
    count = _tally(early, words.counted(len(early), "entry", "entries", capital=True))
    is_ = "is" if len(early) == 1 else "are"
    return [*told, f"{count} {is_} dated before {since}: {words.listed(map(_named, early))}."]


def _sentence(row, alone, funds):
    """Say what an entry is about, led to and costs, or what a document says came of it."""
    name, then, effects = _named(row), _linked([row["record"]], "precedes"), _effects(row["record"])
    told = {"is about": row["about"], TIES["precedes"]: then}
    told = words.listed(f"{verb} {text}" for verb, text in told.items() if text)
    told += f", with {row['money']}" if row["money"] and not (funds and row["mine"]) else ""
    for where, quote, of in effects.values() if not told else ():
        if (did := re.sub("“(all of )?which ", "“", quote)) != quote:
            return words.capital(f"{where} says that {name}{of} {did}.")
    if row["kind"] == "event" and (row["about"] or not alone):
        return f"Among the events: {', about '.join(filter(None, (name, row['about'])))}."
    return words.capital(f"{name} {told}.") if told else ""


def _plans(rows, start, end):
    """Say which projects have stated years after the last date that a document reports on."""
    known, projects = _known(), _of(rows, "project")
    now = dates.span(known).end
    later = [r for r in projects if r["date"] and dates.courses(r["date"])[0].first_end > now]
    first, until = dates.window(start, end)
    of = [f"documents/{row['document_id']}/latest_date" for row in tables.rows("documents")]
    if not of or (until and until <= now):
        return ""
    last = words.link(words.date(known), of, "the later of the dates up to which the texts report")
    if not later:
        return f"The texts report up to {last}." if first and first > now else ""
    count = words.link(words.counted(len(later), "project"), [row["of"] for row in later])
    after = f"{last}, the last {dates.precision(known)} that the texts report on"
    furthest = max(later, key=lambda row: row["end"] or dates.date.max)
    if furthest["end"]:
        until = words.date(furthest["date"].rpartition("/")[2])
        after += f": to {words.link(until, furthest['of'])} at most"
    are = "is" if len(later) == 1 else "are"
    return words.capital(f"{count} {are} dated beyond {after}.")
