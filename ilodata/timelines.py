"""What happened when: agreements, projects and events, as precisely as stated and no more.

Agreements are those with the ILO; what nothing ties to the ILO stands apart, as "beside".
"""

import math
import os
import re
from collections import Counter

import pandas as pd

from ilodata import amounts, dates, tables, words
from ilodata.evidence import attached, card, gaps, lacking

__all__ = ["beside", "chronology", "findings", "years"]

OURS = ("agreement", "project", "event")
KINDS = ("agreement", "project", "beside", "event")
DATED = {"agreements": "signed", "projects": "period", "events": "date"}
PARTS = ("agreement_parties", "project_organisations", "event_participants")
SHARE = 2 / 3  # of the agreements: what the densest run of years holds at least
RUN = 3  # agreements that it holds at least
MOST = 5  # findings on a page
ABOUT = ("subject", "aim", "priority")  # roles of themes that say what something is about
NOUNS = {
    "agreement": ("agreement with the ILO", "agreements with the ILO"),
    "event": ("event in which the ILO has a part", "events in which the ILO has a part"),
    "project": ("project", "projects"),
}
WITHOUT = ("the", "of", "with", "for")  # words around the name of a thing
# Links that a list of years tells; the other ones say how something is called, or came about.
TIES = ("aligned_with", "established_by", "focuses_on", "held_during", "oversees", "precedes",
        "promotes", "supports", "under")  # fmt: skip
# As what a partner is named in agreements and projects, the strongest first.
PARTIES = {"party": "as a party to", "funding": "as funding", "": "in"}
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
}
# Cells that a count needs besides a date: whether it is one, and one with the ILO.
NEEDED = {"agreement": ("kind", "with_ilo"), "project": ("title",)}


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
        outside it), known_until (last day that the documents report on),
        of, money_of (sources of date and money).

    Raises
    ------
    ValueError
        If a date or partner cannot be read; the parameter is named.
    """
    start, end, asked = _choice(start, end, partners)
    rows, known = _shown(start, end, asked), dates.span(_known()).end
    dense = [] if asked else _dense(rows)
    for row in _of(rows, "project"):  # a missing amount would look like a forgotten one
        said, of = lacking(row["record"], "amount")
        row["money"] = row["money"] or words.link(f"amount {said}", of or row["record"])
    counted = f"{'+'.join(_cells(dense))}|{_run(dense)[1]}" if dense else ""
    for row in rows:
        proof = card(row["of"])
        row |= {"certainty": proof["certainty"], "known_until": known}
        row["dense"] = counted * (row in dense)
        row["money_of"] = "+".join(link.of for link in words.links(row["money"])[:1])
        row["about"] = row["about"] or "; ".join(row["ties"])
        row |= {name: words.plain(row[name]) for name in ("with", "about", "money")}
        row["words"] = "; ".join(dict.fromkeys(quote["fragment"] for quote in proof["quotes"]))
    columns = "record kind label when date start end in_window with about money certainty words"
    columns += " dense known_until of money_of"
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
    """List who has which part in what."""
    parts, ilo = [], _ilo()
    for table in PARTS:
        owner = table.partition("_")[0]
        for row in tables.rows(table):
            person = tables.row(f"people/{row['person_id']}") if row.get("person_id") else {}
            who = f"organisations/{row['organisation_id'] or person.get('organisation_id', '')}"
            role = row.get("mode") or row.get("role", "party")
            of = f"{table}/{row['id']}" + f"+people/{row.get('person_id')}/office" * bool(person)
            part = {"record": f"{owner}s/{row[f'{owner}_id']}", "of": of}
            part |= {"who": who, "role": role, "person": person, "same": row.get("same_as_id")}
            parts.append(part)
    named = {part["record"] for part in parts if part["who"] == ilo}
    bare = {"who": ilo, "role": "party", "person": {}, "same": ""}
    return parts + [bare | {"record": r, "of": f"{r}/with_ilo"} for r in {*_with_ilo()} - named]


def _ours(parts):
    """List the records of the cooperation itself: what something ties to the ILO or a project."""
    own = {*_with_ilo(), *(f"projects/{row['project_id']}" for row in tables.rows("projects"))}
    held = own | _acting({_ilo()}) | _brought()
    took_part = {part["record"] for part in parts if part["who"] in held}
    return own | {one for one in _tied(held) | took_part if one.startswith("events/")}


def _everything():
    """List all that happened, in order of its earliest day: who, what about, with what money."""
    parts, rows = _parts(), []
    ours = _ours(parts)
    for table, field in DATED.items():
        for raw in tables.rows(table):
            record, date = f"{table}/{raw[f'{table[:-1]}_id']}", raw[field]
            here = [part for part in parts if part["record"] == record]
            row = {"record": record, "kind": table[:-1] if record in ours else "beside", "raw": raw}
            row |= {"label": raw["label"], "date": date, "parts": here, "with": _with(here)}
            row |= dates.span(date)._asdict() if date else {"start": None, "end": None}
            row |= {"when": words.date(date) if date else "no date in our tables"}
            row |= {"of": f"{record}/{field}" if date else record, "ties": _ties(record, here)}
            about = _about(record)  # which a relation may say, too
            about *= words.plain(about) not in words.plain(" ".join(row["ties"]))
            rows.append(row | {"about": about, "money": _money(record)})

    def order(row):
        days = row["start"] or dates.date.min, row["end"] or dates.date.max
        return not row["date"], *days, row["label"]

    return sorted(rows, key=order)


def _shown(start, end, asked=()):
    """List what falls into a window, certainly or possibly."""
    every, acting, rows, whole = _everything(), _acting(asked), [], _whole(start, end)
    fits = {row["record"]: dates.in_window(row["date"], start, end, _known()) for row in every}
    for tie in _rows("relations", predicate="held_during"):  # what it was held during was on
        if fits[tie["subject"]] == "certainly":
            fits[tie["object"]] = "certainly"
    # What is called after an organisation, or said to do something for it, is its own, too.
    others = acting - {_ilo()}
    called = "|".join(rf"\b{re.escape(tables.label(one))}\b" for one in others)
    for row in every:
        record, own = row["record"], [part for part in row["parts"] if part["who"] in others]
        if fits[record] == "no" or (fits[record] == "undated" and not whole):
            continue
        if acting and not own and not (row["kind"] in OURS and _ilo() in acting):
            made = row["ties"] if record.startswith("agreements/") else []
            said = words.plain(" ".join([row["label"], *made, *_effects(record)]))
            if not (called and re.search(called, said)):
                continue
        row |= {"in_window": fits[record], "mine": [part["of"] for part in own]}
        roles = {part["role"] for part in own}
        rows.append(row | {"role": next((it for it in PARTIES if it in roles), "")})
    return rows


def _counted(start, end, asked=()):
    """Part what certainly falls into a window, which is counted, from what may."""
    rows = _shown(start, end, asked)
    maybe = [row for row in rows if row["in_window"] == "possibly"]
    return [row for row in rows if row not in maybe], maybe


def _whole(start, end):
    """Tell whether all that has a date falls into a window."""
    every = [raw[field] for table, field in DATED.items() for raw in tables.rows(table)]
    fits = {dates.in_window(date, start, end, _known()) for date in every}
    return fits <= {"certainly", "undated"}


def _known():
    """Return the latest date that a document reports on."""
    return tables.reported_until() or "9999"


def _with(parts):
    """Say who has which part, each once; that the ILO is with them goes without saying."""
    said, seen, ilo = {}, {"organisations/"}, _ilo()
    verbs = [BESIDE.get(part["role"], "with") for part in parts]
    for verb, part in sorted(zip(verbs, parts, strict=True), key=lambda pair: pair[0] == "with"):
        who, person = part["who"], part["person"]
        if not verb or part["same"] or who in seen or (who == ilo and verb == "with"):
            continue
        seen.add(who)
        name = tables.the(who)
        name = f"{person['label']}, {person['office']} of {name}" if person else name
        again = [it for it in parts if it["same"] and f"organisations/{it['same']}" == who]
        named = words.listed(words.link(tables.the(it["who"]), it["of"]) for it in again)
        more = f" (elsewhere: {named})" * bool(again)
        said.setdefault(verb, []).append(words.link(name, part["of"]) + more)
    return "; ".join(f"{verb} {words.listed(names)}" for verb, names in said.items())


def _about(record):
    """Say what something is about, in the themes' words."""
    every = _rows("themes", record=record)
    roles = [ABOUT] if record.startswith("agreements/") else [("priority",), ("subject",)]
    rows = next(filter(None, ([row for row in every if row["role"] in it] for it in roles)), [])
    if not rows:
        return ""
    said, of = [row["theme"] for row in rows], [f"themes/{row['theme_id']}/theme" for row in rows]
    # What a longer one of them holds would be told twice.
    said = [it for it in said if not any(re.search(rf"[ -]{re.escape(it)}\b", one) for one in said)]
    last = ", and" if any(" and " in theme for theme in said) else "and"  # heard in a list
    cut = said[1:] and last != "and" and record.startswith("projects/")  # its profile has all
    said, of = (said[:1], of[:1]) if cut else (said, of)
    others = ", among others" * bool(cut or any(row["open_list"] for row in rows))
    return words.link(words.listed(said, last).replace(" , and", ", and"), of) + others


def _ties(record, parts=()):
    """Say what an agreement or event stands in relations to, and what was opened or given by it."""
    owners = [record, *attached(record), *(it["who"] for it in parts if it["role"] == "opened")]
    rows = [row for row in tables.rows("relations") if row["subject"] in owners]
    rows = sorted(rows, key=lambda row: owners.index(row["subject"]))
    if record.startswith("agreements/"):
        rows += _rows("relations", predicate="established_by", object=record)
    told = {}
    for row in rows if not record.startswith("projects/") else ():  # a project's profile has them
        if row["predicate"] in TIES and not row["object"].startswith("relations/"):
            said = _shortened(row["label"], record)
            told.setdefault((row["subject"], said.split()[0]), {}).setdefault(said, []).append(row)
    return [_joined(some) for some in told.values()]


def _shortened(said, record):
    """Leave out of a sentence what it calls the thing itself, where it begins with that."""
    own, told = {*tables.label(record).lower().replace(",", "").split(), *WITHOUT}, said.split()
    own.add(record.split("s/")[0])
    while told and (told[0].lower() in own or told[0].isdigit()):
        told = told[1:]
    if told[:2] == ["was", tables.label(record).split()[-1]]:
        return " ".join(told[2:])
    verb = told and re.fullmatch("is|was|were|has|[a-z]+(s|d)", told[0])
    return " ".join(told) if verb and len(said.split()) > len(told) + 1 else said


def _joined(some):
    """Say statements, each with its relations, as one; what they begin with is said once."""
    of = [f"relations/{row['relation_id']}" for rows in some.values() for row in rows]
    if any(" as " in said for said in some):  # which would be heard of all
        return words.link("; ".join(some), of)
    split = [said.split() for said in some]
    start = len(os.path.commonprefix([said[:-1] for said in split])) if split[1:] else 0
    while start and split[0][start - 1][:1].isupper():  # a name is not cut
        start -= 1
    rests = [" ".join(said[start:]) for said in split]
    said = dict(zip([rows[0]["object"] for rows in some.values()], rests, strict=True))
    said = _nested([*said], said.get) if len(said) == len(rests) else rests
    return words.link(" ".join([*split[0][:start], words.listed(said)]), of)


def _effects(record):
    """Quote what a document says came of something, and of how many others it says so: by theme."""
    told = {}
    for row in _rows("themes", record=record, role="effect"):
        rows = _rows("themes", role="effect", theme=row["theme"])
        where, quote = _quote(f"themes/{row['theme_id']}/theme")
        if rows[1:]:
            said = f"and {words.counted(len(rows) - 1, 'other')}: {words.plain(quote)}"
            quote = words.link(said, [f"themes/{it['theme_id']}/theme" for it in rows])
        told[row["theme"]] = f"{where} says of {{}}{' ' if rows[1:] else ': '}{quote}"
    return told


def _quote(cell):
    """Name the document that a cell rests on, and quote it."""
    proof = card(cell)
    quote = next(iter(proof["quotes"]), {"fragment": proof["title"], "document": ""})
    kinds = [it["kind"] for it in tables.rows("documents") if it["title"] == quote["document"]]
    where = f"the {kinds[0].replace('_', ' ')}" if kinds else "the texts"
    return where, words.link(f"“{quote['fragment']}”", cell)


def _nested(records, say):
    """Say each of some records, with those in brackets that are a part of it."""
    ties = {row["subject"]: row["object"] for row in _rows("relations", predicate="part_of")}
    told = []
    for one in (it for it in records if ties.get(it) not in records):
        parts = words.listed(say(it) for it in records if ties.get(it) == one)
        told.append(f"{say(one)} (including {parts})" if parts else say(one))
    return told


def _money(record):
    """Say the stated amounts of a project or an agreement."""
    table, _, key = record.partition("/")
    if table == "events":
        return ""
    rows = [row for row in _current("contributions") if row[f"{table[:-1]}_id"] == key]
    return words.listed(map(_amount, rows))


def _current(table):
    """List the rows of a table that no later one replaces."""
    later = tables.superseded(table)
    return [row for row in tables.rows(table) if next(iter(row.values())) not in later]


def _amount(row):
    """Say a stated amount with hedge and status."""
    of = f"contributions/{row['contribution_id']}"
    if row["qualifier"] == "misprint":
        return words.link(f"an amount misprinted as “{row['printed']}”", f"{of}/printed")
    amount = amounts.hedge(row["qualifier"]) + words.money(float(row["amount_usd"]))
    cells = [f"{of}/amount_usd"] + [f"{of}/agreement_id"] * bool(row["agreement_id"])
    return f"{words.link(amount, cells)} {row['status']}".rstrip()


def _of(rows, *kinds):
    """Keep what is of some kinds."""
    return [row for row in rows if row["kind"] in kinds]


def _dense(rows):
    """List the agreements of the run of years in which they are densest, if they are somewhere.

    The shortest (of equal ones, first) run of whole years that holds `SHARE` of them and `RUN` at
    least, and is at most half as long as the time from their first year to their last.
    """
    sure = [row for row in _of(rows, "agreement") if row["in_window"] == "certainly"]
    found = sorted(filter(None, (dates.year(row["date"]) for row in sure)))
    ends = found[max(RUN, math.ceil(SHARE * len(sure))) - 1 :]
    runs = [(ends[n] - found[n], found[n], ends[n]) for n in range(len(ends))]
    if not runs or 2 * (min(runs)[0] + 1) > found[-1] - found[0] + 1:
        return []
    _, low, high = min(runs)
    return [row for row in sure if low <= (dates.year(row["date"]) or 0) <= high]


def _run(dense):
    """Say the densest run of years, and how it is counted."""
    found = [dates.year(row["date"]) for row in dense]
    span = words.window(min(found), max(found))
    return span, f"dated {span}, the shortest run of years that holds two thirds of all"


def years(start=None, end=None, partners=()):
    """List the cooperation year by year, for the layout "years".

    Parameters
    ----------
    start, end, partners
        As for `chronology`.

    Returns
    -------
    DataFrame
        Indexed by record; linked text: year (of the start), kind, title, text. Of partners, all
        that names them; what has no date stands last.
    """
    chosen = _choice(start, end, partners)
    return _listed(*chosen, KINDS if chosen[2] else OURS)


def beside(start=None, end=None, partners=()):
    """List as `years` does what is not counted: without a part of the ILO, or without a date."""
    start, end, asked = _choice(start, end, partners)
    return _listed(start, end, asked, () if asked else ["beside"])


def _listed(start, end, asked, kinds):
    """Put what is of some kinds, and what has no date, into the layout "years"."""
    rows, told = _of(_shown(start, end, asked), *kinds), []
    effects = {row["record"]: _effects(row["record"]) for row in rows}
    # What is said of several is told of the first of them.
    first = {said: record for record, each in reversed(effects.items()) for said in each}
    for row in rows:
        record, said = row["record"], _details(row)
        year = f"{row['start'].year}" if row["start"] else "Undated"
        kind, title = record.split("s/")[0], words.link(row["label"], record)
        maybe = [f"perhaps not {words.at(words.window(start, end))}"]
        said[:0] = maybe * (row["in_window"] == "possibly")
        said += [text.format("it") for it, text in effects[record].items() if first[it] == record]
        whole = [tie for tie in row["ties"] if words.plain(tie)[:1].isupper()]
        text = " ".join(words.capital(f"{it}.") for it in ("; ".join(said), *whole) if it)
        told.append((record, year, kind.capitalize(), title, text))
    # Of these no window shows what was in it; they may rest on later dates.
    standing = _whole(start, end) and kinds not in ((), OURS)
    for record, title in _lasting(asked) if standing else ():
        told.append((record, "Undated", "Going on", title, _going(record)))
    for record in (asked or sorted(_acting({_ilo()}))) if standing else ():
        title = words.link(f"{tables.label(record)} in the texts", record)
        if quoted := _quoted(record):
            told.append((record, "Undated", "Going on", title, f"{words.capital(quoted)}."))
    columns = ["record", "year", "kind", "title", "text"]
    return pd.DataFrame(told, columns=columns).set_index("record")


def _numbered(row):
    """Quote which of its kind a text calls something that does not have this in its name."""
    if not row["raw"].get("ordinal") or row["kind"] == "event" or row["label"].startswith("First"):
        return ""
    return f"called {_quote(row['record'] + '/ordinal')[1]}"


def _details(row):
    """Say when something was, with whom, where, about what, for how much and in what context."""
    place, told = row["raw"].get("place_id"), []
    if row["when"] != row["date"] and row["date"]:  # the year alone stands above
        told = [words.link(row["when"], row["of"])]
    if place:
        place = words.link(tables.label(f"places/{place}"), f"{row['record']}/place_id")
    told += [row["with"], f"in {place}" if place else ""]
    about = row["about"] if row["kind"] != "project" else ""  # a project's profile has it
    told += [f"about {about}" if about else "", row["money"]]
    told += [tie for tie in row["ties"] if not words.plain(tie)[:1].isupper()]
    return list(filter(None, [*told, _numbered(row)]))


def _lasting(asked=(), start=None, end=None):
    """List what the ILO does without a date, if with what was there in a window: record, label."""
    told, ilo, begun = {}, _ilo(), tables.load_events().date
    opened = _rows("event_participants", role="opened")
    opened = {f"organisations/{it['organisation_id']}": begun[it["event_id"]] for it in opened}
    brought = _brought()  # what a project brought forth has a beginning of its own
    for row in tables.rows("relations"):
        ends = {row["subject"], row["object"]}
        between = all(it.startswith("organisations/") for it in ends)
        own = ends & {*asked} if asked else not ends & brought
        since = [f"{opened[it]}/.." for it in ends & {*opened}]
        if "no" in (dates.in_window(it, start, end) for it in since):
            continue
        if between and own and ends & {ilo, *brought} and row["predicate"] != "part_of":
            told.setdefault(row["label"], []).append(f"relations/{row['relation_id']}")
    return [(of[0], words.link(label, of)) for label, of in told.items()]


def _going(record):
    """Say in which areas something goes on, what intensified it, and what is done."""
    areas, rows = _about(record), _rows("relations", predicate="contributes_to", object=record)
    signed = [row for row in rows if row["subject"].startswith("agreements/")]
    others, told = {row["label"]: [row] for row in rows if row not in signed}, []
    if signed:
        of = [f"relations/{row['relation_id']}" for row in signed]
        told = [f"intensified by {words.link(words.counted(len(signed), 'agreement'), of)}"]
    told += [f"{'with priorities ' * bool(told)}in {areas}"] if areas else []
    told = [", ".join(told), _joined(others) if others else "", _quoted(record)]
    return " ".join(f"{words.capital(it)}." for it in told if it)


def _quoted(record):
    """Quote by document the undated (or newer) figures and the activities of something."""
    rows, texts = [row for row in _current("indicators") if row["record"] == record], {}
    rows = [row for row in rows if row["supersedes_id"] or not row["as_of"]]
    cells = [f"indicators/{row['indicator_id']}/value" for row in rows]
    rows = _rows("themes", record=record, role="activity")
    for of in cells + [f"themes/{row['theme_id']}/theme" for row in rows]:
        where, quote = _quote(of)
        texts.setdefault(where, {})[of.rpartition("/")[0]] = quote
    told = [f"{by} says {words.listed(_nested([*it], it.get))}" for by, it in texts.items()]
    return "; ".join(told)


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
    (rows, maybe), whole = _counted(start, end, asked), _whole(start, end)
    ours, apart = _of(rows, *OURS), _of(rows, "beside")
    dense, window = _dense(rows) * (not asked), words.window(start, end) * (not whole)
    heads = [_headline(dense, rows, window)] if dense else []
    shares = [(one, *_counted(start, end, [one])) for one in asked]
    heads.append(_plain(shares or [("", rows, maybe)], window))
    organs = _organs(start, end, *asked) if len(asked) == 1 else ""  # of several, one may be it
    if organs:
        heads = [f"{heads[0].removesuffix('.')}; its bodies are not counted."]
    maybe = [row for row in maybe if asked or row in _of(maybe, *OURS)]
    left = [organs, _apart(apart) * bool(ours), _partyless(start, end, asked)]
    left = "; ".join(filter(None, left))
    caveat = [
        f"Not counted here: {left}." * bool(left),
        words.uncertain([*map(_named, maybe)], window),
    ]
    caveat = " ".join(filter(None, caveat))
    most = MOST - bool(caveat) - bool(organs)
    known = bool(asked) and paid is not None and not dates.blank(paid.value.iloc[0])
    held = [*([paid.text.iloc[0]] if known else []), *_headings(rows)]
    held += _told_apart(rows, start, most - len(held))
    held += _silent(start, end) if not (asked and ours) or _ilo() in asked else []
    held += [_plans(rows, start, end)]
    undated = (asked and whole) or not ours or {*asked} & _brought()
    held += _undated(asked, apart, start, end) if undated else []
    told = [*zip(("headline", "standfirst"), heads, strict=False)]
    told += [("finding", text) for text in [*filter(None, held)][:most]] + [("caveat", caveat)]
    frame = pd.DataFrame([row for row in told if row[1]], columns=["kind", "text"])
    low = len(dense or _of(rows, "agreement"))
    high = low + len(_of(maybe, "agreement")) * (not dense)
    counted = {"value": low, "low": low, "high": high, "unit": "agreements"}
    return frame.join(pd.DataFrame([counted]))


def _cells(rows):
    """Name the cells that a count rests on: parts, or dates and what else is in doubt or inferred."""
    cells, told = [], set()
    for row in rows:
        cells += row["mine"] or [row["of"]]
        cells += _shared(row) if row["kind"] == "event" else []
        needed = () if row["mine"] and row["kind"] == "agreement" else NEEDED.get(row["kind"], ())
        for name in needed:
            proof = card(cell := f"{row['record']}/{name}")
            if proof["certainty"] == "inferred" or not {*proof["doubts"]} <= told:
                cells.append(cell)
            told |= {*proof["doubts"]}
    return cells


def _shared(event):
    """List what ties an event to the ILO: parts of it and its offices, and relations."""
    record, ours = event["record"], _acting({_ilo()})
    opened = {part["who"] for part in event["parts"] if part["role"] == "opened"}
    ties = [(it["relation_id"], it["subject"], it["object"]) for it in tables.rows("relations")]
    ties = [it for it in ties if record in it or (it[1] in ours and it[2] in opened)]
    parts = [part["of"] for part in event["parts"] if part["who"] in ours]
    return parts + [f"relations/{it[0]}" for it in ties]


def _tally(rows, said, how="each counted once"):
    """Link a count to what was counted."""
    return words.link(said, _cells(rows), how)


def _named(row):
    """Name a record with its date; what is no name of a thing, in quotation marks."""
    name = tables.the(row["record"])
    if row["record"].startswith("events/"):
        name = row["label"] if "“" in row["label"] else f"“{row['label']}”"
    name = words.link(re.sub(r", \d{4}\b", "", name), row["record"])
    return f"{name} ({words.link(row['when'], row['of'])})"


def _headline(dense, rows, window):
    """Say in which years most agreements came."""
    every, (span, how) = _of(rows, "agreement"), _run(dense)
    named = f"dated {window or 'in our tables'}"
    named = "that the texts name" if len(every) == len(_with_ilo()) else named
    part = _tally(dense, words.number(len(dense), capital=True), how)
    of = _tally(every, f"{words.number(len(every))} agreements")
    return f"{part} of the {of} with the ILO {named} came in {_tally(dense, span, how)}."


def _count(rows, more=""):
    """Say how many rows of one kind there are; of what stands beside, what it is."""
    nouns = [more + noun for noun in NOUNS.get(rows[0]["kind"], ())]
    said = words.counted(len(rows), *nouns) if nouns else _apart(rows)
    return _tally(rows, said, "each counted once" * (len(rows) > 1))


def _counts(rows):
    """Count rows of each kind."""
    return words.listed(_count(_of(rows, kind)) for kind in KINDS if _of(rows, kind))


def _apart(rows):
    """Say what is listed apart, most of it first."""
    kinds = Counter(row["raw"]["kind"].replace("_", " ") for row in rows).most_common()
    told = [f"{it}s" if n > 1 else f"a{'n' * (it[0] in 'aeiou')} {it}" for it, n in kinds]
    return re.sub(r"ys\b", "ies", words.listed(told))


def _plain(shares, window):
    """Say how much of each kind our tables hold, or each partner did: it, rows sure and possible."""
    told = [_share(one, rows) for one, rows, _ in shares if rows]
    none = words.listed([tables.the(one) for one, rows, _ in shares if one and not rows], "or")
    sure = " certain" * any(maybe for _, rows, maybe in shares if not rows)
    if none:
        told.append(f"hold no{sure} agreement, project or event that gives {none} a part")
    told = told or [f"hold nothing{sure}"]
    return words.capital(f"{f'for {window} ' * bool(window)}our tables {'; they '.join(told)}.")


def _share(one, rows):
    """Say how much our tables hold (of a single entry, which it is), or what one partner did."""
    ours, apart = _of(rows, *OURS), ", in which they hold no part of the ILO"
    if one and one != _ilo():
        return f"name {tables.the(one)} {_did(rows) or f'in {_counts(rows)}'}" + apart * (not ours)
    if not ours:
        return f"hold {_counts(rows)}{apart}"
    one = f": {words.link(ours[0]['label'], ours[0]['record'])}" * (len(ours) == 1)
    return f"hold {_counts(ours)}{one}"


def _did(rows):
    """Say as what a partner is named in agreements and projects: in each as the strongest."""
    told = []
    for kind in OURS[:2]:
        own, more = [row for row in _of(rows, kind) if row["mine"]], ""
        for role, said in PARTIES.items():
            if some := [row for row in own if row["role"] == role]:
                told.append(f"{said} {_count(some, more)}")
                more = "more "  # it may be that in what is told before, too
    return words.listed(told)


def _organs(start, end, one):
    """Name organs of a state that are told apart from it, and what they have a part in."""
    told, acting = [], _acting([one])
    organs = _rows("relations", predicate="part_of", object=one)
    for row in organs * (tables.row(one)["kind"] == "state"):
        if row["subject"] not in acting and _shown(start, end, [row["subject"]]):
            of = f"relations/{row['relation_id']}/subject"
            told.append(words.link(tables.the(row["subject"]), of))
    return f"what {words.listed(told)} had a part in, among others" * bool(told)


def _partyless(start, end, asked):
    """Name the agreements whose parties our tables do not hold, to partners that are a party."""
    parties = {part["who"] for part in _parts() if part["role"] == "party"}
    if _ilo() in asked or not parties & {*asked}:
        return ""
    rows = [row for row in _of(_shown(start, end), "agreement") if not row["with"]]
    named = "; ".join(words.link(row["label"], row["record"]) for row in rows)
    return f"agreements without parties in our tables: {named}" if rows else ""


def _headings(rows):
    """Tell which words of a heading leave open what some of these parts rest on."""
    mine = {of for row in rows for of in row["mine"]}
    keys = {it["conflict_id"] for it in tables.rows("conflict_records") if it["record"] in mine}
    known = _rows("conflicts", kind="attribution", weight="wording")
    known = [row for row in known if row["conflict_id"] in keys]
    return [words.link(row["what"], f"conflicts/{row['conflict_id']}") for row in known]


def _undated(asked, apart, start, end):
    """Tell what the ILO does without a date, with partners or with groups named in what is apart."""
    said = str([row["label"] for row in apart])
    told = _lasting(asked, start, end) if asked else []
    names = {row["label"] for row in _rows("organisations", kind="group_of_states")}
    told += [it for it in _lasting() if any(name in said and name in it[1] for name in names)]
    return [f"{title}{' (no date)' * (not _whole(start, end))}." for title in dict(told).values()]


def _silent(start, end):
    """Say in which years a curator looked for a date and found none, if they touch the window."""
    told = []
    for key, what in gaps([of for of, _ in _lasting()]).what.items():
        years = re.search(r"dated between (\d{4}) and (\d{4})", what)
        if years and dates.in_window("/".join(years.groups()), start, end) != "no":
            told.append(what.replace(years[0], words.link(years[0], f"conflicts/{key}")))
    return list(dict.fromkeys(told))


def _told_apart(rows, start, room):
    """Tell each agreement and project that begins in the window, or the agreements, if few do."""
    first = dates.window(start, None).start
    begun = [row for row in _of(rows, *OURS[:2]) if row["start"]]
    begun = [row for row in begun if not first or row["start"] >= first] or begun
    begun = begun if len(begun) <= room else _of(begun, "agreement")
    return [_sentence(row) for row in begun] if len(begun) <= room else []


def _sentence(row):
    """Say what an agreement or project is about, or led to, or what a document says came of it."""
    name, effects = _named(row), _effects(row["record"])
    told = [tie for tie in row["ties"] if not words.plain(tie)[:1].isupper()]
    told += [f"is about {row['about']}"] if row["about"] else []
    if told:  # its subject before what it stands under
        told.sort(key=lambda it: words.plain(it).startswith("is "))
        return words.capital(f"{name} {told[-1]}.")
    if effects:
        return words.capital(f"{next(iter(effects.values())).format(name)}.")
    return f"{'. '.join(row['ties'])}." * bool(row["ties"])


def _plans(rows, start, end):
    """Say which projects have stated years after the last date that a document reports on."""
    known, until = tables.reported_until(), dates.window(start, end).end
    now = dates.span(known).end if known else None
    dated = [row for row in _of(rows, "project") if row["date"] and now]
    later = [row for row in dated if dates.courses(row["date"])[0].first_end > now]
    if not later or (until and until <= now):
        return ""
    of = [f"documents/{row['document_id']}/latest_date" for row in tables.rows("documents")]
    last = words.link(words.date(known), of, "the later of the dates up to which the texts report")
    count = _count([row | {"mine": ()} for row in later])  # by their dates
    after = f"{last}, the last {dates.precision(known)} that the texts report on"
    return words.capital(f"{count} {'is' if len(later) == 1 else 'are'} dated beyond {after}.")
