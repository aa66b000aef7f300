"""What happened when: agreements, projects and events, as precisely as stated and no more.

Agreements are those with the ILO; what nothing ties to the ILO stands apart, as "beside".
"""

import math
import os
import re
from collections import Counter

import pandas as pd

from ilodata import amounts, dates, tables, words
from ilodata.evidence import attached, card, gaps, lacking, reported

__all__ = ["beside", "chronology", "findings", "years"]

OURS = ("agreement", "project", "event")
KINDS = ("agreement", "project", "beside", "event")
DATED = {"agreements": "signed", "projects": "period", "events": "date"}
PARTS = ("agreement_parties", "project_organisations", "event_participants")
SHARE = 2 / 3  # of the agreements: what the densest run of years holds at least
RUN = 3  # agreements that it holds at least
MOST = 5  # findings on a page
ABOUT = ("subject", "aim", "priority")  # roles of themes that say what something is about
NOUNS = {"agreement": "agreement{} with the ILO", "project": "project{}",
         "event": "event{} with the ILO"}  # fmt: skip
# Links that a list of years tells; the other ones say how something is called, or came about.
TIES = ("aligned_with", "established_by", "focuses_on", "held_during", "oversees", "precedes",
        "promotes", "supports", "under")  # fmt: skip
VERB = "(?:were|[a-z-]+(?:s|ed|id))"  # of a label of a relation
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
    dense, _, how = ([], "", "") if asked else _dense(rows)
    for row in _of(rows, "project"):  # a missing amount would look like a forgotten one
        said, of = lacking(row["record"], "amount")
        row["money"] = row["money"] or words.link(f"amount {said}", of or row["record"])
    counted = f"{'+'.join(_cells(dense))}|{how}" if dense else ""
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


def _acting(asked):
    """Add to organisations the offices that act for them."""
    ties = [{row["subject"], row["object"]} for row in tables.rows("relations")]
    near = {one for ends in ties if ends & {*asked} for one in ends}
    return {*asked, *(one for one in near if tables.row(one).get("kind") == "office")}


def _parts():
    """List who has which part in what."""
    parts = []
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
    return parts


def _everything():
    """List all that happened, in order of its earliest day: who, what about, with what money."""
    parts, rows = _parts(), []
    projects = {f"projects/{row['project_id']}" for row in tables.rows("projects")}
    held = {*_with_ilo(), *projects, *_acting({_ilo()})}
    for table, field in DATED.items():
        for raw in tables.rows(table):
            record, date = f"{table}/{raw[f'{table[:-1]}_id']}", raw[field]
            here = [part for part in parts if part["record"] == record]
            opened = [part["who"] for part in here if part["role"] == "opened"]
            shared = _shared([record, *opened], here, held) if table == "events" else []
            ours = shared or record in held
            row = {"record": record, "kind": table[:-1] if ours else "beside", "raw": raw}
            row |= {"label": raw["label"], "date": date, "parts": here, "with": _with(here)}
            row |= dates.span(date)._asdict() if date else {"start": None, "end": None}
            row |= {"when": words.date(date) if date else "no date in our tables"}
            row |= {"of": f"{record}/{field}" if date else record, "shared": shared}
            ties, about = _ties(record, opened), _about(record)
            about *= words.plain(about) not in words.plain(" ".join(ties))
            rows.append(row | {"ties": ties, "about": about, "money": _money(record)})

    first, last = dates.date.min, dates.date.max
    return sorted(rows, key=lambda row: (not row["date"], row["start"] or first,
                                         row["end"] or last, row["label"]))  # fmt: skip


def _shared(near, parts, held):
    """List what ties an event, or what it opened, to the ILO, its agreements or a project."""
    told = [part["of"] for part in parts if part["who"] in held]
    for row in tables.rows("relations"):
        ends = {row["subject"], row["object"]}
        told += [f"relations/{row['relation_id']}"] * bool(ends & {*near} and ends & held)
    return told


def _shown(start, end, asked=()):
    """List what falls into a window, certainly or possibly."""
    every, acting, rows, whole = _everything(), _acting(asked), [], _whole(start, end)
    fits = {row["record"]: dates.in_window(row["date"], start, end, _known()) for row in every}
    for tie in _rows("relations", predicate="held_during"):  # what it was held during was on
        if fits[tie["subject"]] == "certainly":
            fits[tie["object"]] = "certainly"
    others, ilo = acting - {_ilo()}, _ilo() in acting
    called = [rf"\b{re.escape(tables.label(one))}\b" for one in others]
    for row in every:
        record, own = row["record"], [part["of"] for part in row["parts"] if part["who"] in others]
        if fits[record] == "no" or not (whole or row["date"]):
            continue
        if not asked or own or (ilo and row["kind"] in OURS) or _calls(row, called):
            rows.append(row | {"in_window": fits[record], "mine": own})
    return rows


def _calls(row, names):
    """Tell whether something is called after an organisation, or said to do something for it."""
    made = row["ties"] if row["record"].startswith("agreements/") else []
    said = words.plain(" ".join([row["label"], *made, *_effects(row["record"]).values()]))
    return any(re.search(name, said) for name in names)


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
    said, seen = {}, {"organisations/"}
    for part in sorted(parts, key=lambda part: part["role"] not in BESIDE):
        who, person, verb = part["who"], part["person"], BESIDE.get(part["role"], "with")
        if not verb or part["same"] or who in seen or (who == _ilo() and verb == "with"):
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
    some = rows[:1] if record.startswith("projects/") else rows  # its profile has all
    others = ", among others" * (some != rows or any(row["open_list"] for row in rows))
    said = words.listed([row["theme"] for row in some], names=True)
    return words.link(said, [f"themes/{row['theme_id']}/theme" for row in some]) + others


def _ties(record, opened):
    """Say what an agreement or event, its money or what it opened stands in relations to."""
    owners, told = [record, *attached(record), *opened], {}
    rows = [row for row in tables.rows("relations") if row["subject"] in owners]
    if record.startswith("agreements/"):
        rows += _rows("relations", predicate="established_by", object=record)
    for row in rows if not record.startswith("projects/") else ():  # a project's profile has them
        if row["predicate"] in TIES and not row["object"].startswith("relations/"):
            begins = row["subject"], *row["label"].split()[:3]
            told.setdefault(begins, {}).setdefault(row["label"], []).append(row)
    return [_joined(some) for some in told.values()]


def _joined(some):
    """Say labels, each with its relations, as one sentence; what all begin with is said once."""
    of = [f"relations/{row['relation_id']}" for rows in some.values() for row in rows]
    split = [label.split() for label in some]
    start = len(os.path.commonprefix([label[:-1] for label in split])) if split[1:] else 0
    rests = [" ".join(label[start:]) for label in split]
    rests = _nested([*zip([rows[0]["object"] for rows in some.values()], rests, strict=True)])
    return words.link(" ".join([*split[0][:start], words.listed(rests)]), of)


def _effects(record):
    """Quote what a document says came of something, and of how many others it says so: by theme."""
    told = {}
    for row in _rows("themes", record=record, role="effect"):
        same = [f"themes/{it['theme_id']}/theme" for it in _rows("themes", theme=row["theme"])]
        where, quote = _quote(f"themes/{row['theme_id']}/theme", same)
        others = words.link(words.counted(len(same) - 1, "other"), same)
        more = f" and {others}" * (len(same) > 1)
        told[row["theme"]] = f"{where} says of {{}}{more}: {quote}"
    return told


def _quote(cell, of=""):
    """Name the document that a cell rests on, and quote it."""
    proof = card(cell)
    quote = next(iter(proof["quotes"]), {"fragment": proof["title"], "document": ""})
    kinds = [it["kind"] for it in tables.rows("documents") if it["title"] == quote["document"]]
    where = f"the {kinds[0].replace('_', ' ')}" if kinds else "the texts"
    return where, words.link(f"“{quote['fragment']}”", of or cell)


def _nested(told):
    """Put words that are told of a part, each with its record, in brackets behind its whole."""
    wholes = {row["subject"]: row["object"] for row in _rows("relations", predicate="part_of")}
    records, said = [record for record, _ in told], []
    for one, text in told:
        parts = words.listed(it for record, it in told if wholes.get(record) == one)
        if wholes.get(one) not in records:
            said.append(f"{text} (including {parts})" if parts else text)
    return said


def _money(record):
    """Say the stated amounts of a project or an agreement, with hedge and status."""
    told, later = [], tables.superseded("contributions")
    for row in tables.rows("contributions"):
        of = f"contributions/{row['contribution_id']}"
        owners = [f"{name}s/{row[f'{name}_id']}" for name in OURS[:2]]
        if record in owners and row["contribution_id"] not in later:
            amount, cells = f"an amount misprinted as “{row['printed']}”", [f"{of}/printed"]
            if row["qualifier"] != "misprint":
                amount = amounts.hedge(row["qualifier"]) + words.money(float(row["amount_usd"]))
                cells = [f"{of}/amount_usd"] + [f"{of}/agreement_id"] * bool(row["agreement_id"])
            told.append(f"{words.link(amount, cells)} {row['status']}".rstrip())
    return words.listed(told)


def _of(rows, *kinds):
    """Keep what is of some kinds."""
    return [row for row in rows if row["kind"] in kinds]


def _alone(rows):
    """Keep rows if all of them stand beside the ILO, else none."""
    return rows if rows == _of(rows, "beside") else []


def _dense(rows):
    """List the agreements of the run of years in which they are densest, if they are somewhere.

    The shortest (of equal ones, first) run of whole years that holds `SHARE` of them and `RUN` at
    least, and is at most half as long as the time from their first year to their last. Returned
    are its agreements, its years in words, and how it is counted.
    """
    sure = [row for row in _of(rows, "agreement") if row["in_window"] == "certainly"]
    found = sorted(filter(None, (dates.year(row["date"]) for row in sure)))
    ends = found[max(RUN, math.ceil(SHARE * len(sure))) - 1 :]
    runs = [(ends[n] - found[n], found[n], ends[n]) for n in range(len(ends))]
    if not runs or 2 * (min(runs)[0] + 1) > found[-1] - found[0] + 1:
        return [], "", ""
    _, low, high = min(runs)
    dense = [row for row in sure if low <= (dates.year(row["date"]) or 0) <= high]
    span = words.window(low, high)
    return dense, span, f"dated {span}, the shortest run of years that holds two thirds of all"


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
    told, seen = [], set()  # what is said of several is told of the first of them
    for row in _of(_shown(start, end, asked), *kinds):
        record, effects = row["record"], _effects(row["record"])
        said = [f"perhaps not {words.at(words.window(start, end))}"]
        said = said * (row["in_window"] == "possibly") + _details(row)
        # A tie begins with what it is of, which stands before it.
        own = rf"(?<=\[\[)The {re.escape(row['label'].split()[0])}\b[^|]*? (?={VERB} (?!of ))"
        said += [re.sub(own, "", tie).replace("[[The ", "[[the ") for tie in row["ties"]]
        said += [text.format("it") for theme, text in effects.items() if theme not in seen]
        seen |= {*effects}
        text = words.capital(f"{'; '.join(said)}.") if said else ""
        year = f"{row['start'].year}" if row["start"] else "Undated"
        kind, title = record.split("s/")[0].capitalize(), words.link(row["label"], record)
        told.append((record, year, kind, title, text))
    if _whole(start, end) and kinds not in ((), OURS):  # of these no window shows what was in it
        told += [(of, "Undated", "Going on", label, _going(of)) for of, label in _lasting(asked)]
        for record in asked or sorted(_acting({_ilo()})):
            title, quoted = words.link(tables.label(record), record), _quoted(record)
            text = f"{words.capital(quoted)}." * bool(quoted)
            told += [(record, "Undated", "In the texts", title, text)] * bool(quoted)
    columns = ["record", "year", "kind", "title", "text"]
    return pd.DataFrame(told, columns=columns).set_index("record")


def _details(row):
    """Say when something was, with whom, where, about what, for how much, and as which it counts."""
    place, told = row["raw"].get("place_id"), []
    if row["when"] != row["date"] and row["date"]:  # the year alone stands above
        told = [words.link(row["when"], row["of"])]
    if place:
        place = words.link(tables.label(f"places/{place}"), f"{row['record']}/place_id")
    told += [row["with"], f"in {place}" if place else ""]
    told += [f"about {row['about']}"] * bool(row["about"] and row["kind"] != "project")
    told.append(row["money"])
    if row["raw"].get("ordinal") and row["kind"] == "agreement" and "First" not in row["label"]:
        told.append(f"called {_quote(row['record'] + '/ordinal')[1]}")
    return list(filter(None, told))


def _lasting(asked, whole=True):
    """List what organisations do without a date: record, label.

    What was opened on a day, or has years in its words, belongs to no other years.
    """
    told = {}
    opened = _rows("event_participants", role="opened")
    opened = {f"organisations/{row['organisation_id']}" for row in opened} - _acting({_ilo()})
    for row in tables.rows("relations"):
        ends, label = {row["subject"], row["object"]}, row["label"]
        between = all(it.startswith("organisations/") for it in ends)
        own = ends & {*asked} if asked else not ends & opened
        later = not whole and (ends & opened or re.search(r"\d{4}", label))
        if row["predicate"] in LASTING and between and own and not later:
            told.setdefault(label, []).append(f"relations/{row['relation_id']}")
    return [(of[0], words.link(label, of)) for label, of in told.items()]


def _going(record):
    """Say in which areas something goes on, what intensified it, and what is done."""
    areas, rows = _about(record), _rows("relations", predicate="contributes_to", object=record)
    signed = [row for row in rows if row["subject"].startswith("agreements/")]
    told = [f"in {areas}" * bool(areas)]
    if signed:
        of = [f"relations/{row['relation_id']}" for row in signed]
        told.append(f"intensified by {words.link(words.counted(len(signed), 'agreement'), of)}")
    if others := {row["label"]: [row] for row in rows if row not in signed}:
        told.append(_joined(others))
    return " ".join(f"{words.capital(it)}." for it in [*told, _quoted(record)] if it)


def _quoted(record):
    """Quote by document the undated (or newer) figures and the activities of something."""
    texts, later = {}, tables.superseded("indicators")
    rows = _rows("indicators", record=record)
    rows = [row for row in rows if row["supersedes_id"] or not row["as_of"]]
    cells = [f"indicators/{key}/value" for row in rows if (key := row["indicator_id"]) not in later]
    rows = _rows("themes", record=record, role="activity")
    for of in cells + [f"themes/{row['theme_id']}/theme" for row in rows]:
        where, quote = _quote(of)
        texts.setdefault(where, []).append((of.rpartition("/")[0], quote))
    return "; ".join(f"{by} says {words.listed(_nested(it))}" for by, it in texts.items())


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
    window = words.window(start, end) * (not _whole(start, end))
    shares = [(one, *_counted(start, end, [one] if one else ())) for one in asked or [""]]
    rows, maybe = _counted(start, end, asked) if asked[1:] else shares[0][1:]
    (dense, span, how), every = ([], "", "") if asked else _dense(rows), _of(rows, "agreement")
    heads = [_plain(shares, window)]
    if dense:
        part = _tally(dense, words.number(len(dense), capital=True), how)
        of = _tally(every, f"{words.number(len(every))} agreements")
        named = f"with the ILO {f'dated {window}' if window else 'in our tables'}"
        heads.insert(0, f"{part} of the {of} {named} came in {_tally(dense, span, how)}.")
    caveat = _caveat(rows, maybe, shares, start, end, asked, window)
    most = MOST - bool(caveat) - bool(_bodies(asked))  # which are told of, too
    known = bool(asked) and paid is not None and not dates.blank(paid.value.iloc[0])
    held = [paid.text.iloc[0]] if known else []
    held += _told_apart(rows, most - len(held))
    held += filter(None, [_silent(start, end, asked), _plans(rows, start, end, asked)])
    held += [f"{it}{' (no date)' * bool(window)}." for it in _undated(asked, shares, not window)]
    told = [*zip(("headline", "standfirst"), heads, strict=False)]
    told += [("finding", text) for text in held[:most]] + [("caveat", caveat)] * bool(caveat)
    low = len(dense or every)
    counted = {"value": low, "low": low, "high": low, "unit": "agreements"}
    counted["high"] += len(_of(maybe, "agreement")) * (not dense)
    return pd.DataFrame(told, columns=["kind", "text"]).join(pd.DataFrame([counted]))


def _caveat(rows, maybe, shares, start, end, asked, window):
    """Name what is not counted: apart, of parties not named, of a state's bodies, not certain."""
    heard = [row["record"] for _, some, _ in shares for row in _alone(some)]
    beside = [row for row in _of(rows, "beside") if row["record"] not in heard]
    left, apart = [_unnamed(start, end, asked)], _apart(beside)
    if apart and _of(rows, *OURS):
        left[:0] = [f"{apart}, in which our tables give the ILO no part"]
    left = "; ".join(filter(None, left))
    told = [f"Not counted here: {left}." * bool(left)]
    bodies = [(it, *_counted(start, end, [it])) for it in _bodies(asked)]
    counts = [
        f"{words.link(tables.the(it), it)} ({_counts(_of(sure, *OURS) or sure) or 'nothing certain'})"
        for it, sure, possible in bodies
        if sure or possible
    ]
    told.append(f"Told apart, among others: {words.listed(counts)}." * bool(counts))
    states = words.listed(tables.the(it) for it in asked if it in _of_kind("state"))
    told += [f"The bodies of {states} are told apart."] * bool(states and not counts)
    perhaps = [*map(_named, _of(maybe, *OURS)), *filter(None, [_apart(_of(maybe, "beside"))])]
    told.append(words.uncertain(perhaps, window))
    if vague := [row["of"] for row in _of(maybe, "agreement")]:
        found = gaps(vague)
        told += [*found[found.field == DATED["agreements"]].what.drop_duplicates()]
    return " ".join(filter(None, told))


def _cells(rows):
    """Name the cells that a count rests on: parts, or dates and what else is in doubt or inferred."""
    cells, told = [], set()
    for row in rows:
        cells += (row["mine"] or [row["of"]]) + row["shared"]
        needed = () if row["mine"] and row["kind"] == "agreement" else NEEDED.get(row["kind"], ())
        for name in needed:
            proof = card(cell := f"{row['record']}/{name}")
            if proof["certainty"] == "inferred" or not {*proof["doubts"]} <= told:
                cells.append(cell)
            told |= {*proof["doubts"]}
    return cells


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


def _counts(rows):
    """Count rows of each kind; of what stands beside, say what it is."""
    told = []
    for kind in KINDS:
        if some := _of(rows, kind):
            noun = NOUNS.get(kind, "")
            count = words.counted(len(some), noun.format(""), noun.format("s"))
            how = "each counted once" * (len(some) > 1)
            told.append(_tally(some, count, how) if noun else _apart(some))
    return words.listed(told)


def _apart(rows):
    """Say what is listed apart, most of it first."""
    told = []
    for kind, n in Counter(row["raw"]["kind"] for row in rows).most_common():
        # A row of "meetings" may be many: kinds are named, and not counted.
        one = f"a{'n' * (kind[0] in 'aeiou')} {kind}"
        said = re.sub("ys$", "ies", f"{kind}s") if n > 1 else one
        some = [row for row in rows if row["raw"]["kind"] == kind]
        told.append(_tally(some, said.replace("_", " "), ""))
    return words.listed(told)


def _plain(shares, window):
    """Say how much of each kind our tables hold, or name each partner in: it, rows sure, possible."""
    told, heard = [], []
    for one, rows, maybe in shares:
        itself = " itself" * bool(_bodies(filter(None, [one])))
        verb = "hold"
        if one not in ("", _ilo()):
            who = tables.as_such(one) + itself
            verb = f"name {who} in" if rows else f"give {who} no part in"
        none = f"{'no' if verb == 'hold' else 'any'}{' certain' * bool(maybe)} agreement, project or event"
        beside = ", in which they give the ILO no part" * bool(_alone(rows))
        heard += (said := _of(rows, *OURS) or rows)
        told.append(f"{verb} {_counts(said) or none}{beside}")
    every = list({row["record"]: row for row in heard}.values())  # once each
    both = f"; in all, {_counts(every)}" * (len(heard) > len(every))
    told = f"our tables {'; they '.join(told)}{both}."
    return words.capital(f"for {window} {told}" if window else told)


def _of_kind(kind):
    """List the organisations of a kind."""
    return {f"organisations/{row['organisation_id']}" for row in _rows("organisations", kind=kind)}


def _bodies(asked):
    """List the bodies that are told apart from a state among some partners, or their states."""
    ties = [(it["subject"], it["object"]) for it in _rows("relations", predicate="part_of")]
    states, found = _of_kind("state"), []
    for pair in (pair for pair in ties if pair[1] in states and {*pair} & {*asked}):
        found += [it for it in pair if it not in (*asked, *found)]
    return found


def _unnamed(start, end, asked):
    """Count the agreements that name no single party, for partners that are a party to others."""
    single = {part["who"] for part in _parts() if part["role"] == "party"}
    single -= _of_kind("constituents") | {_ilo()}
    rows = _of(_shown(start, end), "agreement") if single & {*asked} else []
    rows = [row for row in rows if not {*single, *asked} & {part["who"] for part in row["parts"]}]
    said = "for which our tables name no single body as the other party"
    return f"{_counts(rows)} {said}" if rows else ""


def _undated(asked, shares, whole):
    """Tell what has no date of partners, and of groups of states in what has no part of the ILO."""
    apart = " ".join(row["label"] for _, rows, _ in shares for row in _alone(rows))
    named = {*asked, *(it for it in _of_kind("group_of_states") if tables.label(it) in apart)}
    return [label for _, label in _lasting(named, whole)] if named else []


def _silent(start, end, asked):
    """Say in which years a curator looked for a date and found none, if they touch the window."""
    for key, what in gaps([of for of, _ in _lasting(asked)]).what.items():
        years = re.search(r"dated between (\d{4}) and (\d{4})", what)
        if years and dates.in_window("/".join(years.groups()), start, end) != "no":
            return what.replace(years[0], words.link(years[0], f"conflicts/{key}"))
    return ""


def _told_apart(rows, room):
    """Tell each agreement and project of the window, or the agreements, if they are few."""
    for kinds in (OURS[:2], OURS[:1]):
        if len(some := [row for row in _of(rows, *kinds) if row["start"]]) <= room:
            return [*filter(None, map(_sentence, some))]
    return []


def _sentence(row):
    """Say what an agreement or project is about, or stands in, or what a document says of it."""
    if row["about"]:
        return words.capital(f"{_named(row)} is about {row['about']}.")
    told = row["ties"] or [it.format(_named(row)) for it in _effects(row["record"]).values()]
    return words.capital(f"{told[0]}.") if told else ""


def _plans(rows, start, end, asked):
    """Say which projects have stated years after the last one that a document reports on."""
    until, known = dates.window(start, end).end, tables.reported_until()
    now = dates.span(known).end if known else dates.date.max
    later = [row | {"mine": ()} for row in _of(rows, "project") if row["date"]]  # by their dates
    later = [row for row in later if dates.courses(row["date"])[0].first_end.year > now.year]
    if not later or (until and until <= now):
        return ""
    many = f"{words.number(len(later))} of these projects" * (len(_of(rows, "project")) > 1)
    said = _tally(later, many or "the project") if asked else _counts(later)
    said += f" {'is' if len(later) == 1 else 'are'} dated beyond {reported()}"
    return words.capital(f"{said}, the last year that the texts report on.")
