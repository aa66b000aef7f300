"""What happened when: agreements, projects and events, as precisely as stated and no more.

Agreements are those with the ILO; what nothing ties to the ILO (declarations and meetings of
others, events of the world) stands apart, as "beside". Sentences are linked text (`words.link`).
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
PARTS = {"agreement_parties": "agreement", "project_organisations": "project"}
PARTS |= {"event_participants": "event"}
READ = (*DATED, *PARTS, "people", "themes", "contributions", "relations", "organisations")
SHARE = 2 / 3  # of the agreements: what the densest run of years holds at least
RUN = 3  # agreements that it holds at least
FEW = 4  # agreements or projects up to which each is told, entries that are named
QUIET = 5  # years without anything from which on what came before is told apart
ABOUT = ("subject", "aim", "priority")  # roles of themes that say what something is about
MEANT = ("promotes", "by_means_of")  # links that say so, where no theme does
TIES = {"focuses_on": "focus", "under": "setting", "held_during": "during", "precedes": "before"}
TIES |= {"oversees": "oversees"}
HEDGES = {"nearly": "nearly ", "over": "over ", "more_than": "more than "}
COUNTED = ["value", "low", "high", "unit"]
VERBS = {  # for one, for several, for what is only possible
    "project": ("was under way", "were under way", "may have been under way"),
    "plan": ("is planned", "are planned", "may be under way"),
    "event": ("took place", "took place", "may have taken place"),
}


def chronology(start=None, end=None, partners=(), kinds=(), frames=None):
    """Put what happened into order: agreements, projects, events, and what stands beside them.

    Parameters
    ----------
    start, end : str or int
        Window, e.g. ``2019`` (alone: that year), ``"2017-03"``; "" for a side without a bound.
    partners : str or list of str
        Keep what one of these organisations has a part in: ids, labels, acronyms, as printed. An
        office acts for the body whose part it is; a state's organs are told apart from the state.
    kinds : str or list of str
        Some of `KINDS`; empty for all.
    frames : dict
        Frames by table's name, as its loader returns them, for a what-if.

    Returns
    -------
    DataFrame
        Indexed by record (``table/id``), so that ``ilo.evidence`` finds the words of the documents:
        kind, label, when (in words), date (EDTF), start, end (first and last day it can mean;
        ``NaT`` where open or unknown), in_window ("certainly", "possibly", "undated"), with, about,
        money (in words), certainty (of the date), words (of the documents that date it, or name
        what has no date); for the chart dense (whether it lies in the run of years that holds most
        agreements), known_until (last day the documents report on), of (source of the date),
        money_of. What has no date is left out of a window that does not hold everything dated.

    Raises
    ------
    ValueError
        If a date, partner or kind cannot be read; the parameter is named.
    """
    for kind in (asked := [kinds] if isinstance(kinds, str) else list(kinds) or KINDS):
        if kind not in KINDS:
            raise ValueError(f"kinds: {kind!r} is not a kind; write some of {words.listed(KINDS)}")
    rows = [r for r in _shown(_book(frames), start, end, partners) if r["kind"] in asked]
    run, dated = _dense(rows), _sure(_of(rows, "agreement"))
    for row in rows:
        row["dense"] = bool(run) and row in dated and _inside(row["date"], *run)
        row["certainty"], row["words"] = _proof(row["of"])
        row["money_of"] = "+".join(link.of for link in words.links(row["money"])[:1])
        row |= {name: words.plain(row[name]) for name in ("with", "about", "money")}
    columns = (
        "record kind label when date start end in_window with about money certainty words dense"
    )
    frame = pd.DataFrame(rows, columns=[*columns.split(), "known_until", "of", "money_of"])
    days = {name: pd.to_datetime(frame[name]) for name in ("start", "end", "known_until")}
    return frame.assign(**days).set_index("record")


def _proof(of):
    """Tell how certain a date is, and in which words; of a what-if's own record, nothing."""
    with suppress(DataError):
        said = dict.fromkeys(quote["fragment"] for quote in card(of)["quotes"])
        return certainty(of), "; ".join(said)
    return "", ""


def _window(start, end):
    """Read one year alone as that year; check both ends."""
    end = start if end is None and not dates.blank(start) else end
    dates.window(start, end)
    return start, end


def _book(frames):
    """Read each table that is needed as rows of texts, as given for a what-if or as loaded."""
    given = {name: frame.reset_index().astype("string") for name, frame in (frames or {}).items()}
    return {
        name: given[name].fillna("").to_dict("records") if name in given else tables.rows(name)
        for name in (*READ, "documents")
    }


def _with_ilo(book):
    """List the agreements with the ILO."""
    return [r["agreement_id"] for r in book["agreements"] if r["with_ilo"].lower() == "true"]


def _ilo(book):
    """Find the organisation that is a party to most of the agreements with the ILO: the ILO."""
    ours = _with_ilo(book)
    parties = [r["organisation_id"] for r in book["agreement_parties"] if r["agreement_id"] in ours]
    return Counter(parties).most_common(1)[0][0] if parties else ""


def _acting(book, ids):
    """Add to organisations the offices that act for them."""
    offices = {r["organisation_id"] for r in book["organisations"] if r["kind"] == "office"}
    pairs = [(_id(row["subject"]), _id(row["object"])) for row in book["relations"]]
    return {*ids, *(one for one, other in pairs if one in offices and other in ids)}


def _id(record):
    """Return the id of an organisation's record, "" of any other."""
    return record.partition("/")[2] if record.startswith("organisations/") else ""


def _parts(book):
    """List who has which part in what: record, organisation, role, where that stands, person."""
    people = {row["person_id"]: row for row in book["people"]}
    for table, owner in PARTS.items():
        for row in book[table]:
            person = people.get(row.get("person_id"), {})
            who = row["organisation_id"] or person.get("organisation_id", "")
            role = ", ".join(filter(None, [row.get("role", "party"), row.get("mode")]))
            yield f"{owner}s/{row[f'{owner}_id']}", who, role, f"{table}/{row['id']}", person


def _ours(book, parts):
    """List the records of the cooperation itself: what something ties to the ILO or a project."""
    own = {f"agreements/{key}" for key in _with_ilo(book)}
    own |= {f"projects/{row['project_id']}" for row in book["projects"]}
    held = own | {f"organisations/{one}" for one in _acting(book, {_ilo(book)})}
    pairs = [(row["subject"], row["object"]) for row in book["relations"]]
    pairs += [(other, one) for one, other in pairs]
    # What a project brought forth (a network) belongs to it, and so does what happened to that.
    held |= _brought(book)
    pairs += [(record, f"organisations/{who}") for record, who, *_ in parts]
    return own | {one for one, other in pairs if other in held and one.startswith("events/")}


def _brought(book):
    """List the organisations that stand in a relation to a project."""
    pairs = [{row["subject"], row["object"]} for row in book["relations"]]
    pairs = [pair for pair in pairs if any(one.startswith("projects/") for one in pair)]
    return {one for pair in pairs for one in pair if _id(one)}


def _shown(book, start, end, partners=()):
    """List what falls into a window, certainly or possibly, in order of its earliest day."""
    start, end = _window(start, end)
    acting = _acting(book, tables.find(partners, "organisations", "partners"))
    parts, known, rows, whole = list(_parts(book)), _known(book), [], _whole(book, start, end)
    ours = _ours(book, parts)
    # What is called after an organisation is its own, too.
    called = re.compile("|".join(rf"\b{re.escape(_label(one))}\b" for one in acting))
    for record, raw, date in _dated(book):
        here = [part for part in parts if part[0] == record]
        fits = dates.in_window(date, start, end, known)
        if fits in ("no", *["undated"] * (not whole)):
            continue
        if acting and not called.search(raw["label"]) and not {p[1] for p in here} & acting:
            continue
        first, last = dates.span(date) if date else (None, None)
        of = f"{record}/{DATED[record.partition('/')[0]]}" if date else record
        row = {"record": record, "of": of, "raw": raw, "label": raw["label"], "date": date}
        row |= {"kind": record.partition("s/")[0] if record in ours else "beside"}
        row |= {"when": words.date(date) if date else "no date in our tables", "in_window": fits}
        row |= {"start": first, "end": last, "known_until": _last(known), "parts": here}
        row |= {"with": _with(book, here), "about": _about(book, record)}
        rows.append(row | {"money": _money(book, record)})
    far = (dates.date.min, dates.date.max)
    order = [(not r["date"], r["start"] or far[0], r["end"] or far[1], r["label"]) for r in rows]
    return [row for _, row in sorted(zip(order, rows, strict=True), key=lambda pair: pair[0])]


def _dated(book):
    """List what happened: record, row, date."""
    for table, field in DATED.items():
        for raw in book[table]:
            yield f"{table}/{raw[f'{table[:-1]}_id']}", raw, raw[field]


def _whole(book, start, end):
    """Tell whether a window holds everything dated."""
    return all(_inside(date, start, end) for _, _, date in _dated(book) if date)


def _known(book):
    """Return the latest date that a document reports on."""
    latest = [row["latest_date"] for row in book["documents"] if row["latest_date"]]
    return max(latest, key=_last, default=f"{dates.date.max}")


def _last(date):
    return dates.span(date).end


def _inside(date, start, end):
    """Tell whether the days that a date can mean lie in a window; an open end is no such day."""
    days, (first, last) = dates.window(start, end), dates.span(date)
    early = days.start and (not first or first < days.start)
    return not (early or (days.end and last and last > days.end))


def _label(organisation):
    return tables.label(f"organisations/{organisation}")


def _with(book, parts):
    """Say who has a part, and which; that the ILO is a party goes without saying."""
    ilo, said = _ilo(book), {}
    for _, who, role, of, person in parts:
        if who and role != "opened" and (who, role) != (ilo, "party"):
            name = _label(who)
            name = f"{person['label']}, {person['office']} of {name}" if person else name
            said.setdefault(name, (of, []))[1].append(role)
    return words.listed(
        words.link(name, of) + ("" if roles == ["party"] else f" ({', '.join(roles)})")
        for name, (of, roles) in said.items()
    )


def _about(book, record):
    """Say what something is about, in the themes' words; what repeats another theme is left out."""
    rows = [row for row in book["themes"] if row["record"] == record and row["role"] in ABOUT]
    if not record.startswith("agreements/"):  # aims of a project are many: its profile has them
        rows = [row for row in rows if row["role"] == ABOUT[0]] or rows[:1]
    told = [row["theme"].lower() for row in rows]
    kept = [r for r in rows if not any(r["theme"].lower() in t != r["theme"].lower() for t in told)]
    kept = sorted(kept, key=lambda row: ABOUT.index(row["role"]))
    if kept:
        others = ", among others" * any(row["open_list"] for row in kept)
        of = [f"themes/{row['theme_id']}/theme" for row in kept]
        return words.link(words.listed(row["theme"] for row in kept), of) + others
    ways = MEANT if not record.startswith("relations/") else ()
    return next(filter(None, (_linked(book, [record], way) for way in ways)), "")


def _linked(book, records, predicate):
    """Name what records stand to in one way (frameworks, places, others), as one statement."""
    held = [r for r in book["relations"] if r["subject"] in records and r["predicate"] == predicate]
    names = words.listed(tables.label(row["object"]) for row in held)
    return words.link(names, [f"relations/{row['relation_id']}" for row in held]) if held else ""


def _money(book, record):
    """Say the stated amounts of a project or an agreement; of the latter also who pays."""
    table, _, owner = record.partition("/")
    later, said = {row["supersedes_id"] for row in book["contributions"]}, []
    for row in book["contributions"] if table != "events" else ():
        key, of = row["contribution_id"], f"contributions/{row['contribution_id']}"
        if row[f"{table[:-1]}_id"] != owner or key in later:
            continue
        if row["qualifier"] == "misprint":
            amount = words.link(f"an amount misprinted as “{row['printed']}”", f"{of}/printed")
        else:
            first = " as an initial contribution" * (row["qualifier"] == "initial")
            amount = f"{words.money(float(row['amount_usd']))}{first}"
            amount = words.link(HEDGES.get(row["qualifier"], "") + amount, f"{of}/amount_usd")
        payer = row["payer_id"] and table == "agreements" and _label(row["payer_id"])
        by = f"by {words.link(payer, f'{of}/payer_id')}" if payer else ""
        said.append(" ".join(filter(None, [amount, row["status"], by])))
    return words.listed(said)


def _of(rows, *kinds):
    """Keep what is of some kinds."""
    return [row for row in rows if row["kind"] in kinds]


def _sure(rows):
    """Keep what certainly falls into the window."""
    return [row for row in rows if row["in_window"] == "certainly"]


def _dense(rows):
    """Find the run of years in which the agreements are densest, as (first, last) or ``None``.

    The shortest run of whole years that holds at least `SHARE` of them; of equally short ones the
    one that holds most, then the first. It is told where it holds `RUN` of them at least, and is at
    most half as long as the time from their first year to their last.
    """
    dated = _sure(_of(rows, "agreement"))
    years = sorted(filter(None, (dates.year(row["date"]) for row in dated)))
    need = max(RUN, math.ceil(SHARE * len(dated)))
    if len(years) < need:
        return None
    runs = [(years[n], years[n + need - 1]) for n in range(len(years) - need + 1)]
    held = {run: sum(run[0] <= year <= run[1] for year in years) for run in runs}
    first, last = min(runs, key=lambda run: (run[1] - run[0], -held[run], run[0]))
    return (first, last) if 2 * (last - first + 1) <= years[-1] - years[0] + 1 else None


def years(start=None, end=None, partners=(), frames=None):
    """List the cooperation year by year, for the layout "years".

    Parameters
    ----------
    start, end, partners, frames
        As for `chronology`.

    Returns
    -------
    DataFrame
        Indexed by record; linked text: year, kind, title, text (when, with whom, about what, for
        how much). A project that is under way when the window begins stands in the year it starts.
        What has no date comes last.
    """
    book = _book(frames)
    rows = _of(_shown(book, start, end, partners), *OURS)
    return _listed(book, rows, _lasting(book, partners, world=False))


def beside(start=None, end=None, partners=(), frames=None):
    """List what stands beside the cooperation as `years` does: meetings of others, the world."""
    book = _book(frames)
    rows = _of(_shown(book, start, end, partners), "beside")
    return _listed(book, rows, _lasting(book, partners, world=True))


def _listed(book, rows, lasting):
    """Put rows, and what lasts without a date, into the layout "years"."""
    told = []
    for row in rows:
        year = str(row["start"].year) if row["start"] else "Undated"
        kind = row["record"].split("s/")[0].replace("project", "project starts").capitalize()
        title = words.link(row["label"], row["record"])
        told.append((row["record"], year, kind, title, _told(book, row)))
    told += [
        (record, "Undated", "Throughout", title, words.capital(f"{text}." * bool(text)))
        for record, title, text in lasting
    ]
    columns = ["record", "year", "kind", "title", "text"]
    return pd.DataFrame(told, columns=columns).set_index("record")


def _told(book, row):
    """Say when something was, with whom, about what, for how much, where and in what setting."""
    place = row["raw"].get("place_id")
    said = {
        "": "" if row["label"].endswith(row["when"]) else words.link(row["when"], row["of"]),
        "in ": place and words.link(tables.label(f"places/{place}"), f"{row['record']}/place_id"),
        "with ": row["with"],
        "about ": row["about"],
    }
    told = [word + text for word, text in said.items() if text]
    told += [row["money"]] if row["money"] else []
    opened = [f"organisations/{part[1]}" for part in row["parts"] if part[2] == "opened"]
    for predicate, word in TIES.items():
        if names := _linked(book, [row["record"], *opened], predicate):
            told.append(f"{word}: {names}")
    return words.capital("; ".join(told) + "." * bool(told))


def _lasting(book, partners, world):
    """List what the ILO does without a date: record, link in words, areas; of the world or not."""
    asked, ilo = tables.find(partners, "organisations", "partners"), _ilo(book)
    kind, told = {r["organisation_id"]: r["kind"] for r in book["organisations"]}, []
    for row in book["relations"]:
        ends = {_id(row["subject"]), _id(row["object"])}
        if ilo not in ends or "" in ends or row["predicate"] == "part_of":
            continue
        brought = any(f"organisations/{end}" in _brought(book) for end in ends)
        outside = {kind[end] for end in ends} & {"group_of_states", "network"} and not brought
        if bool(outside) == world and (not asked or ends & set(asked)):
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
        For the layout "findings": kind (one "headline", at most one "standfirst", up to five of
        "finding", at most two of "caveat"), text (linked), value, low, high, unit (of the headline:
        agreements counted).
    """
    book, (start, end) = _book(frames), _window(start, end)
    ids = tables.find(partners, "organisations", "partners")
    rows, whole = _shown(book, start, end, partners), _shown(book, start, end)
    every, days, known = _sure(_of(whole, "agreement")), dates.window(start, end), _known(book)
    window = "" if (full := _whole(book, start, end)) else _in(start, end)
    if ids:
        head, more, count = _headline_of(book, ids, rows, whole, window)
    else:
        (head, count), more = _headline(book, every, window), [_most_named(book, every)]
    if not head:
        head, count = _headline_plain(book, ids, rows, start, end)
    held = ["" if ids or not full else _earlier(rows), _projects(rows, days, known)]
    held += [_plans(book, rows, days, known), *_few(rows)]
    lasting = [f"{title}: {text}." for _, title, text in _lasting(book, partners, False) if text]
    held += [*lasting[:1], *_around(_of(_shown(book, None, None, partners), *OURS), days)]
    told = [("headline", head), *(("standfirst", text) for text in more)]
    told += [("finding", text) for text in [each for each in held if each][:5]]
    told += [("caveat", text) for text in (_implied(book, rows), _apart(book, ids, rows, every))]
    frame = pd.DataFrame([row for row in told if row[1]], columns=["kind", "text"])
    counted = pd.DataFrame([(count[0], *count, "agreements")], columns=COUNTED)
    return frame.join(counted)


def _tally(rows, said, how=""):
    """Link a count to what was counted."""
    return words.link(said, [r["of"] for r in rows], how if len(rows) > 1 else "") if rows else said


def _named(row):
    """Name a record with its date, where that is not part of its name."""
    name = words.link(row["label"], row["record"])
    told = row["label"].endswith(row["when"]) or not row["date"]
    return name if told else f"{name} ({words.link(row['when'], row['of'])})"


def _in(start, end):
    """Say a window with its preposition."""
    said, days = words.window(start, end), dates.window(start, end)
    if days == (None, None):
        return ""
    return ("on " if days.start == days.end else "from " if " to " in said else "in ") + said


def _who(book, ids):
    """Name organisations in a sentence: "the ILO", but "China" and "UN DESA"."""
    kind, said = {r["organisation_id"]: r["kind"] for r in book["organisations"]}, []
    for label, one in ((_label(one), one) for one in ids):
        bare = kind[one] in ("state", "group_of_states") or (label.isupper() and " " in label)
        said.append(label if bare else f"the {label}")
    return words.listed(said, "or")


def _agreements(book, rows, window=""):
    """Say how many agreements are meant: all that the texts name, or those of a window."""
    named = " that the texts name" if len(rows) == len(_with_ilo(book)) else window
    count = _tally(rows, words.number(len(rows)), "agreements with the ILO, each counted once")
    return f"the {count} agreement{'s' * (len(rows) != 1)} with the ILO {named.strip()}".strip()


def _headline(book, rows, window):
    """Say in which years most agreements came, if they are dense somewhere."""
    if not (run := _dense(rows)):
        return "", ()
    inside, span = [row for row in rows if _inside(row["date"], *run)], words.window(*run)
    how = f"dated {span}, the shortest run of years that holds two thirds of the {len(rows)}"
    part = _tally(inside, words.number(len(inside), capital=True), how)
    text = f"{part} of {_agreements(book, rows, window)} came in {_tally(inside, span, how)}."
    return text, (len(inside), len(inside))


def _headline_of(book, ids, rows, whole, window):
    """Say to how many agreements a partner is named as a party; in how many projects it is."""
    told, mine, projects = [], _sure(_of(rows, "agreement")), _sure(_of(rows, "project"))
    who = f"{window} {_who(book, ids)}".strip()
    if mine:
        part = _tally(mine, words.number(len(mine)), "agreements that name it as a party")
        every = _agreements(book, _sure(_of(whole, "agreement")))
        told.append(f"{who} is named as a party to {part} of {every}.")
    if projects:
        part = _tally(projects, words.number(len(projects)), "projects that name it")
        every = _sure(_of(whole, "project"))
        every = _tally(every, words.counted(len(every), "project"), "projects, each counted once")
        it = ("It" if len(ids) == 1 else "One of them") if mine else who
        told.append(f"{it} has a part in {part} of the {every}.")
    return words.capital(told[0]) if told else "", told[1:], (len(mine), len(mine))


def _headline_plain(book, ids, rows, start, end):
    """Say what was signed, was under way and took place, or that our tables hold nothing."""
    of, window = f" in which {_who(book, ids)} has a part" if ids else "", _in(start, end)
    if not (ours := _of(rows, *OURS)):
        dated = f" dated {window.partition(' ')[2]}".rstrip() + of
        if rows:
            beside = _tally(rows, words.counted(len(rows), "entry", "entries"), "each beside it")
            dated = f" of the cooperation itself{dated}, and {beside} beside it"
        return f"Our tables hold nothing{dated}.", (0, 0)
    agreements, days = _of(ours, "agreement"), dates.window(start, end)
    acts = words.listed(dict.fromkeys(r["raw"]["act"] or "made" for r in agreements), "or")
    done = tuple(f"{verb} {acts}" for verb in ("was", "were", "may have been"))
    plan = "plan" if days.start and days.start > _last(_known(book)) else "project"
    told = [
        _clause(agreements, "agreement with the ILO", "agreements with the ILO", done),
        _clause(_of(ours, "project"), "project", "projects", VERBS[plan]),
        _clause(_of(ours, "event"), "event", "events", VERBS["event"]),
    ]
    told, sure = [each for each in told if each], _sure(ours) or ours
    names = f": {words.listed(map(_named, sure))}" if len(told) == 1 and len(sure) <= FEW else ""
    of = f" of what {_who(book, ids)} has a part in," if ids else ""
    text = words.capital(f"{window}{of} {words.listed(told)}{names}.".strip())
    return text, (len(_sure(agreements)), len(agreements))


def _clause(rows, noun, plural, verbs):
    """Say how many of something were, at least; or may have been, where none is certain."""
    sure = _sure(rows)
    if not rows:
        return ""
    count = _tally(sure or rows, words.counted(len(sure or rows), noun, plural), "by their dates")
    least = "at least " * (0 < len(sure) < len(rows))
    return f"{least}{count} {verbs[len(sure) > 1] if sure else verbs[2]}"


def _most_named(book, rows):
    """Say which party but the ILO the agreements name most often, and when; of a tie, nothing."""
    named = {}
    for row in rows:
        for _, who, _, of, _ in row["parts"]:
            year = dates.year(row["date"]) or row["when"]
            named.setdefault(who, []).append(words.link(year, [of, row["of"]]))
    named.pop(_ilo(book), None)
    most = max(map(len, named.values()), default=0)
    top = [who for who, held in named.items() if len(held) == most]
    if most < 2 or len(top) > 1:
        return ""
    when = words.listed(dict.fromkeys(named[top[0]]))
    return words.capital(f"{_who(book, top)} is named as a party most often: in {when}.")


def _plans(book, rows, days, known):
    """Say which projects are to run on after the last year that a document reports on."""
    now, later = _last(known), [row for row in _of(rows, "project") if row["end"]]
    later = [row for row in later if dates.courses(row["date"])[0].first_end > now]
    if not later or (days.start and days.start > now) or (days.end and days.end <= now):
        return ""
    how = f"projects whose stated end is after {words.date(known)}"
    count = words.capital(_tally(later, words.counted(len(later), "project"), how))
    of = [f"documents/{row['document_id']}/latest_date" for row in book["documents"]]
    last = words.link(words.date(known), of, "the later of the years up to which the texts report")
    furthest = max(later, key=lambda row: row["end"])
    until = words.link(words.date(furthest["date"].rpartition("/")[2]), furthest["of"])
    verb, longest = ("are", "the longest ") if len(later) > 1 else ("is", "")
    after = f"planned to run on after {last}, the last year that the texts report on"
    return f"{count} {verb} {after}, {longest}to {until}."


def _few(rows):
    """Tell what each of a few agreements, projects and events is about."""
    ours = _sure(_of(rows, *OURS)) or _of(rows, *OURS)
    held = [_of(ours, kind) for kind in OURS[: 3 if len(ours) <= FEW else 2]]
    told = []
    for row in (row for each in held if len(each) <= FEW for row in each):
        said = [f"about {row['about']}"] * bool(row["about"]) + [row["money"]] * bool(row["money"])
        told.append(f"{_named(row)}: {'; '.join(said) or 'no subject in our tables'}.")
    return told


def _earlier(rows):
    """Name what came before the last long quiet time."""
    ours = [row for row in _of(rows, *OURS) if row["start"]]
    for n in range(min(FEW, len(ours) - 1), 0, -1):
        since = ours[n]["start"].year
        if since - ours[n - 1]["start"].year >= QUIET:
            count = _tally(ours[:n], words.counted(n, "entry", "entries"), "by their dates")
            return f"Before {since} our tables hold {count}: {words.listed(map(_named, ours[:n]))}."
    return ""


def _projects(rows, days, known):
    """Say in which years most projects were under way for certain."""
    projects = [row for row in _of(rows, "project") if row["start"]]
    now, begin = _last(known), min((row["start"] for row in projects), default=dates.date.max)
    years = range(max(days.start or begin, begin).year, min(days.end or now, now).year + 1)
    fits = {y: [dates.in_window(r["date"], y, y, known) for r in projects] for y in years}
    most = max((held.count("certainly") for held in fits.values()), default=0)
    if most < 2 or len(years) < 2:
        return ""
    peak = {year: held for year, held in fits.items() if held.count("certainly") == most}
    said = []
    for year, held in peak.items():
        ran = [row for row, fit in zip(projects, held, strict=True) if fit == "certainly"]
        said.append(
            _tally(ran, year, f"under way on some day of {year}, whatever their dates mean")
        )
    part = f"{words.number(most)} of the {words.counted(len(projects), 'project')}"
    part = f"at least {part}" if any("possibly" in held for held in peak.values()) else part
    part = f"all {words.counted(most, 'project')}" if most == len(projects) else part
    each = "each of " * (len(peak) > 1)
    return words.capital(f"{part} were under way at some time in {each}{words.listed(said)}.")


def _around(rows, days):
    """Name what our tables date next before and after a window."""
    before = [row for row in rows if days.start and row["end"] and row["end"] < days.start]
    after = [row for row in rows if days.end and row["start"] and row["start"] > days.end]
    last = sorted(before, key=lambda row: row["end"])[-1:]
    told = [f"The last before that in our tables is {_named(row)}." for row in last]
    return told + [f"The next after that in our tables is {_named(row)}." for row in after[:1]]


def _implied(book, rows):
    """Say which earlier ones of its kind an agreement's number implies that our tables lack."""
    told = []
    for row in (row for row in _of(rows, "agreement") if row["raw"]["ordinal"] and row["start"]):
        kind = row["raw"]["kind"]
        held = [r["signed"] for r in book["agreements"] if r["kind"] == kind and r["signed"]]
        place = int(row["raw"]["ordinal"])
        lost = place - 1 - sum((_last(date) or row["start"]) < row["start"] for date in held)
        if lost > 0:
            number = words.link(f"number {words.number(place)}", f"{row['record']}/ordinal")
            verb = "is" if lost == 1 else "are"
            lost = f"{words.number(lost)} before it {verb} not in our tables"
            told.append(
                f"{words.link(row['label'], row['record'])} is {number} of its kind; {lost}"
            )
    return f"{words.listed(told)}." if told else ""


def _apart(book, ids, rows, every):
    """Say what is not counted: agreements without parties, or what stands beside."""
    bare, beside = [row for row in every if not row["parts"]], _of(rows, "beside")
    if ids:
        named = any(row in rows for row in every)
        count = _tally(bare, words.number(len(bare), capital=True), "agreements without a party")
        have = f"{'has' if len(bare) == 1 else 'have'} no party in our tables"
        names = words.listed(map(_named, bare))
        return f"{count} of {_agreements(book, every)} {have}: {names}." if named and bare else ""
    count = words.counted(len(beside), "entry", "entries")
    count = _tally(beside, count, "declarations, meetings and the like, by their dates")
    names = f": {words.listed(map(_named, beside))}" if len(beside) <= FEW else ""
    text = f"Not counted here: {count} in which our tables give the ILO no part{names}."
    return text if beside else ""
