"""What happened when: agreements, projects and events, as precisely as stated and no more.

Agreements are those with the ILO; what nothing ties to the ILO (declarations and meetings of
others, events of the world) stands apart, as "beside". Sentences are linked text (`words.link`).
"""

import math
from collections import Counter

import pandas as pd

from ilodata import dates, tables, words
from ilodata.evidence import certainty

KINDS = ("agreement", "project", "event", "beside")
DATED = {"agreements": "signed", "projects": "period", "events": "date"}
READ = (
    *(*DATED, "agreement_parties", "event_participants", "project_organisations", "people"),
    *("themes", "contributions", "relations", "organisations", "documents"),
)
SHARE = 2 / 3  # of the agreements: what the densest run of years holds at least
FEW = 3  # agreements from which on a run is worth telling, and up to which each is told
QUIET = 5  # years without anything from which on what came before is told apart
ABOUT = ("subject", "aim", "priority")  # roles of themes that say what something is about
HEDGES = {"nearly": "nearly ", "over": "over ", "more_than": "more than "}
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
        Window, e.g. ``2019`` (alone: that year), ``"2017-03"``; blank for all.
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
        money (in words), certainty (of the date); for the chart dense (whether it lies in the run
        of years that holds most agreements), known_until (last day the documents report on), of
        (source of the date), money_of. What has no date is left out of a window that does not hold
        everything dated.

    Raises
    ------
    ValueError
        If a date, partner or kind cannot be read; the parameter is named.
    """
    for kind in (asked := [kinds] if isinstance(kinds, str) else list(kinds or KINDS)):
        if kind not in KINDS:
            raise ValueError(f"kinds: {kind!r} is not a kind; write some of {words.listed(KINDS)}")
    rows = _shown(_book(frames), *_window(start, end), partners)
    rows = [row for row in rows if row["kind"] in asked]
    run = _dense(rows)
    for row in rows:
        row["dense"] = bool(run) and row["kind"] == "agreement" and _inside(row["date"], *run)
        row["money_of"] = "+".join(link.of for link in words.links(row["money"])[:1])
        row |= {name: words.plain(row[name]) for name in ("with", "about", "money")}
    columns = "record kind label when date start end in_window with about money certainty dense"
    frame = pd.DataFrame(rows, columns=[*columns.split(), "known_until", "of", "money_of"])
    days = {name: pd.to_datetime(frame[name]) for name in ("start", "end", "known_until")}
    return frame.assign(**days).set_index("record")


def _window(start, end):
    """Read one year alone as that year; check both ends."""
    end = start if dates.blank(end) and not dates.blank(start) else end
    dates.window(start, end)
    return start, end


def _book(frames):
    """Read each table that is needed as rows of texts, as given for a what-if or as loaded."""
    given = {name: frame.reset_index().astype("string") for name, frame in (frames or {}).items()}
    return {
        name: given[name].fillna("").to_dict("records") if name in given else tables.rows(name)
        for name in READ
    }


def _yes(cell):
    return cell.lower() == "true"


def _with_ilo(book):
    """List the agreements with the ILO."""
    return {row["agreement_id"] for row in book["agreements"] if _yes(row["with_ilo"])}


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
    employer = {row["person_id"]: row["organisation_id"] for row in book["people"]}
    for table, owner in (
        ("agreement_parties", "agreement"),
        ("project_organisations", "project"),
        ("event_participants", "event"),
    ):
        for row in book[table]:
            person = row.get("person_id", "")
            who = row["organisation_id"] or employer.get(person, "")
            of, record = f"{table}/{row['id']}", f"{owner}s/{row[f'{owner}_id']}"
            yield record, who, row.get("role", "party"), of, person


def _ours(book, parts):
    """List the records of the cooperation itself: what something ties to the ILO or a project."""
    kind = {row["organisation_id"]: row["kind"] for row in book["organisations"]}
    own = {f"agreements/{key}" for key in _with_ilo(book)}
    own |= {f"projects/{row['project_id']}" for row in book["projects"]}
    held = own | {f"organisations/{one}" for one in _acting(book, {_ilo(book)})}
    pairs = [(row["subject"], row["object"]) for row in book["relations"]]
    pairs += [(other, one) for one, other in pairs]
    # What a project brought forth (a network) belongs to it, and so does what happened to that.
    held |= {one for one, other in pairs if _id(one) and other.startswith("projects/")}
    foreign = {one for one, other in pairs if kind.get(_id(other)) == "group_of_states"}
    pairs += [(record, f"organisations/{who}") for record, who, *_ in parts]
    return (own | {one for one, other in pairs if other in held}) - foreign


def _shown(book, start, end, partners=()):
    """List what falls into a window, certainly or possibly, in order of its earliest day."""
    parts, asked = list(_parts(book)), tables.find(partners, "organisations", "partners")
    ours, acting, known, rows = _ours(book, parts), _acting(book, asked), _known(book), []
    for table, field in DATED.items():
        for raw in book[table]:
            record, date = f"{table}/{raw[f'{table[:-1]}_id']}", raw[field]
            here, fits = (
                [p for p in parts if p[0] == record],
                dates.in_window(date, start, end, known),
            )
            if fits == "no" or (acting and not any(part[1] in acting for part in here)):
                continue
            first, last = dates.span(date) if date else (None, None)
            row = {"record": record, "kind": table[:-1] if record in ours else "beside"}
            row |= {"label": raw["label"], "when": words.date(date), "in_window": fits, "raw": raw}
            row |= {"of": f"{record}/{field}" if date else record, "start": first, "end": last}
            row |= {"with": _with(book, here), "about": _about(book, record), "parts": here}
            row |= {"money": _money(book, record), "known_until": _last(known), "date": date}
            rows.append(row | {"certainty": certainty(row["of"])})
    whole = all(
        _inside(row[field], start, end)
        for t, field in DATED.items()
        for row in book[t]
        if row[field]
    )
    return sorted((row for row in rows if row["date"] or whole), key=_order)


def _order(row):
    first, last = row["start"] or dates.date.min, row["end"] or dates.date.max
    return (not row["date"], first, last, row["label"])


def _known(book):
    """Return the latest date that a document reports on."""
    latest = [row["latest_date"] for row in book["documents"] if row["latest_date"]]
    return max(latest, key=_last) if latest else f"{dates.date.max}"


def _last(date):
    return dates.span(date).end


def _inside(date, start, end):
    """Tell whether the days that a date can mean lie in a window; an open end is no such day."""
    days, (first, last) = dates.window(start, end), dates.span(date)
    early = days.start and (not first or first < days.start)
    return not (early or (days.end and last and last > days.end))


def _label(book, organisation):
    return next(r["label"] for r in book["organisations"] if r["organisation_id"] == organisation)


def _with(book, parts):
    """Say who has a part, and which; the ILO as a party goes without saying."""
    ilo, people, said = _ilo(book), {row["person_id"]: row for row in book["people"]}, {}
    for _, who, role, of, person in parts:
        if who and not (who == ilo and role == "party"):
            name = _label(book, who)
            if person:
                name = f"{people[person]['label']}, {people[person]['office']} of {name},"
            said.setdefault(name, (of, []))[1].append(role)
    return words.listed(
        words.link(name, of) + ("" if roles == ["party"] else f" ({', '.join(roles)})")
        for name, (of, roles) in said.items()
    )


def _about(book, record):
    """Say what something is about, in the themes' words; what repeats another theme is left out."""
    rows = [r for r in book["themes"] if r["record"] == record and r["role"] in ABOUT]
    if record.startswith("projects/"):  # their aims are many: the profile has them
        rows = [row for row in rows if row["role"] == rows[0]["role"]]
    told = [row["theme"].lower() for row in rows]
    kept = [r for r in rows if not any(r["theme"].lower() in t != r["theme"].lower() for t in told)]
    text = words.listed(words.link(r["theme"], f"themes/{r['theme_id']}/theme") for r in kept)
    return text + ", among others" * any(_yes(row["open_list"]) for row in kept)


def _money(book, record):
    """Say the stated amounts of a project or an agreement, and who pays."""
    table, _, owner = record.partition("/")
    later, said = {row["supersedes_id"] for row in book["contributions"]}, []
    for row in book["contributions"]:
        key = row["contribution_id"]
        if table == "events" or row[f"{table[:-1]}_id"] != owner or key in later:
            continue
        if row["qualifier"] == "misprint":
            amount, field = f"an amount misprinted as “{row['printed']}”", "printed"
        else:
            first = " as an initial contribution" * (row["qualifier"] == "initial")
            amount = (
                HEDGES.get(row["qualifier"], "") + words.money(float(row["amount_usd"])) + first
            )
            field = "amount_usd"
        amount = words.link(amount, f"contributions/{key}/{field}") + _joined(", ", row["status"])
        payer = row["payer_id"] and _label(book, row["payer_id"])
        said.append(
            amount
            + (f" from {words.link(payer, f'contributions/{key}/payer_id')}" if payer else "")
        )
    return words.listed(said)


def _joined(before, text):
    return before + text if text else ""


def _dense(rows):
    """Find the run of years in which the agreements are densest, as (first, last) or ``None``.

    The shortest run of whole years that holds at least `SHARE` of them; of equally short ones the
    one that holds most, then the first. It is told of more than two agreements only, and where it
    is at most half as long as the time from their first year to their last.
    """
    dated = [row for row in _of(rows, "agreement") if row["in_window"] == "certainly"]
    years, need = (
        sorted(filter(None, (dates.year(row["date"]) for row in dated))),
        SHARE * len(dated),
    )
    runs = [
        (years[n], last) for n in range(len(years)) for last in years[n + math.ceil(need) - 1 :][:1]
    ]
    if len(dated) < FEW or not runs:
        return None
    held = {run: sum(run[0] <= year <= run[1] for year in years) for run in runs}
    first, last = min(runs, key=lambda run: (run[1] - run[0], -held[run], run[0]))
    return (first, last) if 2 * (last - first + 1) <= years[-1] - years[0] + 1 else None


def _of(rows, kind):
    return [row for row in rows if row["kind"] == kind]


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
    """
    book = _book(frames)
    rows = _shown(book, *_window(start, end), partners)
    return _listed(book, [row for row in rows if row["kind"] != "beside"])


def beside(start=None, end=None, partners=(), frames=None):
    """List what stands beside the cooperation as `years` does: meetings of others, the world."""
    book = _book(frames)
    return _listed(book, _of(_shown(book, *_window(start, end), partners), "beside"))


def _listed(book, rows):
    """Put rows into the layout "years"."""
    told = [
        (
            row["record"],
            f"{row['start'].year}" if row["start"] else "Undated",
            "Project starts"
            if row["kind"] == "project"
            else row["record"].split("s/")[0].capitalize(),
            words.link(row["label"], row["record"]),
            words.capital(f"{_told(book, row)}."),
        )
        for row in rows
    ]
    return pd.DataFrame(told, columns=["record", "year", "kind", "title", "text"]).set_index(
        "record"
    )


def _told(book, row):
    """Say when something was, with whom, about what, for how much, and how it stands to others."""
    when = words.link(row["when"], row["of"]) if row["date"] else "our tables hold no date"
    told = [when, _joined("with ", row["with"]), _joined("about ", row["about"]), row["money"]]
    told += [
        words.link(each["label"], f"relations/{each['relation_id']}")
        for each in book["relations"]
        if each["subject"] == row["record"]
    ]
    return "; ".join(filter(None, told))


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
        "finding", at most two of "caveat"), text (linked), value, low, high, unit (of the headline).
    """
    start, end = _window(start, end)
    book, ids = _book(frames), tables.find(partners, "organisations", "partners")
    rows, every = _shown(book, start, end, partners), _of(_shown(book, start, end), "agreement")
    head = (
        _headline_of(book, ids, rows, every, _in(start, end))
        if ids
        else _headline(book, rows, _in(start, end))
    )
    head, (low, high) = head or _headline_plain(book, ids, rows, start, end)
    told = [("headline", head, low, low, high, "agreements")]
    first = [_most_named(book, ids, rows), _plans(book, rows, end)]
    told.append(("standfirst", " ".join(filter(None, first))))
    held = [*_few(book, rows), _earlier(rows), _projects(book, rows, start, end)]
    held += [*_lasting(book, ids), *_around(book, start, end, partners)]
    told += [("finding", text) for text in [each for each in held if each][:5]]
    told += [("caveat", text) for text in (_implied(book, rows), _others(book, ids, rows, every))]
    columns = ["kind", "text", "value", "low", "high", "unit"]
    return (
        pd.DataFrame([row for row in told if row[1]])
        .reindex(columns=range(6))
        .set_axis(columns, axis=1)
    )


def _tally(rows, said, how=""):
    """Link a count to what was counted."""
    return words.link(said, [row["of"] for row in rows], how if len(rows) > 1 else "")


def _many(rows, noun, how=""):
    return _tally(rows, words.counted(len(rows), noun), how)


def _named(row):
    """Name a record with its date, where that is not part of its name."""
    name = words.link(row["label"], row["record"])
    return name if row["when"] in row["label"] else f"{name} ({words.link(row['when'], row['of'])})"


def _in(start, end):
    """Say a window with its preposition."""
    said, days = words.window(start, end), dates.window(start, end)
    if days == (None, None):
        return ""
    return ("on " if days.start == days.end else "from " if " to " in said else "in ") + said


def _who(book, ids):
    """Name organisations in a sentence: "the ILO", but "China" and "UN DESA"."""
    kind, said = {r["organisation_id"]: r["kind"] for r in book["organisations"]}, []
    for label, one in ((_label(book, one), one) for one in ids):
        bare = kind[one] in ("state", "group_of_states") or (label.isupper() and " " in label)
        said.append(label if bare else f"the {label}")
    return words.listed(said, "or")


def _meant(book, rows):
    """Say which agreements are meant: all that the texts name, or those of a window."""
    said = f"agreement{'s' * (len(rows) != 1)} with the ILO"
    return said + " that the texts name" * (len(rows) == len(_with_ilo(book)))


def _headline(book, rows, window):
    """Say in which years most agreements came, if they are dense somewhere."""
    rows = [row for row in _of(rows, "agreement") if row["in_window"] == "certainly"]
    if not (run := _dense(rows)):
        return ()
    inside, span = [row for row in rows if _inside(row["date"], *run)], words.window(*run)
    how = f"dated {span}, the shortest run of years that holds two thirds of the {len(rows)}"
    part = _tally(inside, words.number(len(inside), capital=True), how)
    whole = _tally(rows, words.number(len(rows)), "agreements with the ILO, each counted once")
    meant = _meant(book, rows)
    meant += "" if "name" in meant else f" {window}"
    text = f"{part} of the {whole} {meant} came in {_tally(inside, span, how)}."
    return text, (len(inside), len(inside))


def _headline_of(book, ids, rows, every, window):
    """Say to how many agreements a partner is named as a party, and what else it has a part in."""
    rows, every = _sure(rows), _sure(every)
    mine, projects, told = _of(rows, "agreement"), _of(rows, "project"), []
    if mine:
        part = _tally(mine, words.number(len(mine)), "agreements that name it as a party")
        whole = _tally(every, words.number(len(every)), "agreements with the ILO")
        told.append(f"named as a party to {part} of the {whole} {_meant(book, every)}")
    if projects:
        told.append(f"has a part in {_many(projects, 'project', 'projects it has a part in')}")
    whole = len(every) == len(_with_ilo(book))
    who = f"{_joined('', '' if whole else window)} {_who(book, ids)}".strip()
    text = words.capital(f"{who} {'is ' * bool(mine)}{words.listed(told)}.")
    return (text, (len(mine), len(mine))) if told else ()


def _headline_plain(book, ids, rows, start, end):
    """Say what was signed, was under way and took place, or that our tables hold nothing."""
    ours, of = [r for r in rows if r["kind"] != "beside"], f" in which {_who(book, ids)} has a part"
    of, window = of if ids else "", _in(start, end)
    if not ours:
        dated = f" dated{_joined(' ', window.partition(' ')[2])}{of}"
        if rows:
            dated = f" of the cooperation itself{dated}, and {_many(rows, 'thing')} beside it"
        return f"Our tables hold nothing{dated}.", (0, 0)
    agreements, days = _of(rows, "agreement"), dates.window(start, end)
    acts = words.listed(dict.fromkeys(filter(None, (r["raw"]["act"] for r in agreements))), "or")
    done = tuple(f"{verb} {acts or 'made'}" for verb in ("was", "were", "may have been"))
    plan = "plan" if days.start and days.start > _last(_known(book)) else "project"
    told = [
        _clause(agreements, "agreement with the ILO", done),
        _clause(_of(rows, "project"), "project", VERBS[plan]),
        _clause(_of(rows, "event"), "event", VERBS["event"]),
    ]
    told = [each for each in told if each]
    name = f": {words.listed(map(_named, ours))}" if len(told) == 1 and len(ours) <= FEW else ""
    of = f", of what {_who(book, ids)} has a part in," if ids else ""
    text = words.capital(f"{window}{of} {words.listed(told)}{name}.".strip())
    return text, (len(_sure(agreements)), len(agreements))


def _sure(rows):
    return [row for row in rows if row["in_window"] == "certainly"]


def _clause(rows, noun, verbs):
    """Say how many of something were, at least; or may have been, where none is certain."""
    sure, (first, *more) = _sure(rows), noun.partition(" ")
    counted = words.counted(len(sure or rows), noun, f"{first}s{''.join(more)}") if rows else ""
    how = f"{noun}: each whose date lies in the window{' by some reading' * (not sure)}"
    verb = verbs[2] if not sure else verbs[len(sure) > 1]
    least = "at least " if 0 < len(sure) < len(rows) else ""
    return f"{least}{_tally(sure or rows, counted, how)} {verb}" if rows else ""


def _most_named(book, ids, rows):
    """Say which party the agreements name most often, and when; of a tie, nothing."""
    named = {}
    for row in _sure(_of(rows, "agreement")):
        for _, who, _, of, _ in row["parts"]:
            if who not in (_ilo(book), *ids):
                named.setdefault(who, []).append(words.link(row["date"][:4], [of, row["of"]]))
    most = sorted(named.items(), key=lambda item: -len(item[1]))[:2]
    if ids or not most or len(most[0][1]) < 2 or len({len(held) for _, held in most}) < len(most):
        return ""
    who, held = most[0]
    return words.capital(
        f"{_who(book, [who])} is named as a party most often: in {words.listed(held)}."
    )


def _plans(book, rows, end):
    """Say which projects are to run on after the last year that a document reports on."""
    known, days = _known(book), dates.window(None, end)
    later = [
        r for r in _of(rows, "project") if dates.courses(r["date"])[0].first_end > _last(known)
    ]
    later = [row for row in later if row["end"]]
    if not later or (days.end and days.end <= _last(known)):
        return ""
    of = [
        f"documents/{r['document_id']}/latest_date"
        for r in book["documents"]
        if r["latest_date"] == known
    ]
    furthest = max(later, key=lambda row: row["end"])
    until = words.link(furthest["date"].partition("/")[2], furthest["of"])
    last = f"{words.link(words.date(known), of)}, the last year that the texts report on"
    verb = "is" if len(later) == 1 else "are"
    longest = f"{'the longest ' * (len(later) > 1)}to {until}"
    count = words.capital(
        _many(later, "project", f"projects whose stated end is after {words.date(known)}")
    )
    return f"{count} {verb} planned to run on after {last}, {longest}."


def _few(book, rows):
    """Tell each of a few agreements, projects and events."""
    ours = [row for row in rows if row["kind"] != "beside"]
    held = ours if len(ours) <= FEW else _of(rows, "agreement")
    return [
        f"{words.link(r['label'], r['record'])}: {_told(book, r)}."
        for r in held
        if len(held) <= FEW
    ]


def _earlier(rows):
    """Name what came before the longest quiet time, which the chart leaves out."""
    dated = [r for r in rows if r["kind"] != "beside" and r["start"]]
    gaps = [
        (b["start"].year - a["start"].year, n)
        for n, (a, b) in enumerate(zip(dated, dated[1:], strict=False), 1)
    ]
    gap, n = max(gaps, default=(0, 0), key=lambda pair: (pair[0], pair[1]))
    if gap < QUIET or n > FEW or len(dated) <= FEW:
        return ""
    before = words.listed(map(_named, dated[:n]))
    return f"Before {dated[n]['start'].year} our tables date {_many(dated[:n], 'thing')}: {before}."


def _projects(book, rows, start, end):
    """Say when most projects start, and in which years most of them ran for certain."""
    projects, known = [r for r in _of(rows, "project") if r["start"]], _known(book)
    if len(projects) < 2:
        return f"{_named(projects[0])}: {_told(book, projects[0])}." if projects else ""
    days = dates.window(start, end)
    first = max(days.start or dates.date.min, projects[0]["start"]).year
    last = min(days.end or dates.date.max, _last(known)).year
    ran = {
        y: [r for r in projects if dates.in_window(r["date"], y, y, known) == "certainly"]
        for y in range(first, last + 1)
    }
    most = max(map(len, ran.values()), default=0)
    if most < 2:
        return ""
    peak = [
        _tally(
            held, year, f"projects under way on some day of {year}, whatever their dates can mean"
        )
        for year, held in ran.items()
        if len(held) == most
    ]
    whole = _many(projects, "project", "projects of which some day may lie in the window")
    return f"Of {whole}, at least {words.number(most)} were under way at some time in {'each of ' * (len(peak) > 1)}{words.listed(peak)}."


def _lasting(book, ids):
    """Say what the ILO did throughout, without a date: its links with organisations of China."""
    return []


def _around(book, start, end, partners):
    """Name what our tables date last before a window and first after it."""
    days, told = dates.window(start, end), []
    rows = [row for row in _shown(book, None, None, partners) if row["kind"] != "beside"]
    before = [row for row in rows if days.start and row["end"] and row["end"] < days.start]
    after = [row for row in rows if days.end and row["start"] and row["start"] > days.end]
    if before:
        told.append(f"The last thing before that is {_named(max(before, key=lambda r: r['end']))}.")
    return told + [f"The next thing after that is {_named(row)}." for row in after[:1]]


def _implied(book, rows):
    """Say which earlier ones an ordinal implies that our tables do not hold."""
    told = []
    for row in _of(rows, "agreement"):
        same = [r for r in book["agreements"] if r["kind"] == row["raw"]["kind"] and r["signed"]]
        missing = (
            int(row["raw"]["ordinal"] or 1)
            - 1
            - sum(_last(r["signed"]) < row["start"] for r in same)
        )
        if missing > 0:
            told.append(f"{words.number(missing)} before {_named(row)}")
    return ""


def _others(book, ids, rows, every):
    """Say what is left out: agreements with other parties or none, or what stands beside."""
    return ""
