"""What happened when: agreements, events, projects and what lasts, as precisely as stated."""

import math
from itertools import combinations, groupby

from ilodata import pd, uncertain
from ilodata.tables import chosen, nearest, sentences

KINDS = ("agreement", "event", "project", "presence")

# What lasts is a presence, not a happening: an event of these kinds or with an open end; an
# organisation, from the event that did this to it; a membership.
STATES = ("commitment", "presidency")
BEGINS = ("opened", "launched")
MEMBERSHIP = "founding_member_of"
# Said of an organisation in the present tense: it is there on the last day of the documents.
PRESENT = ("oversees_activities_in", "supports_network")

NOUNS = {**{kind: kind for kind in KINDS}, "presence": "lasting state"}
INSTRUMENTS = {"mou": "MoU"}  # the other kinds of agreement are words already
NO_PARTY = "Parties not stated"  # stands last
OPEN = ("going on", "end not stated")
GIVES = {  # what a date of each precision gives
    "year": "only the year",
    "month": "the month",
    "day": "the day",
    "period": "a beginning and an end",
    "going on": "the beginning of what goes on",
    "end not stated": "a beginning without an end",
    "one of several": "one of several dates",
    "several": "several dates",
    "start not stated": "an end without a beginning",
    "partly unknown": "part of a date",
}


def chronology(agreements, events, projects, relations, organisations):
    """Put agreements, events, projects and what lasts into one list, by their earliest day.

    Parameters
    ----------
    agreements, events, projects, relations, organisations : DataFrame
        From the loaders of these tables.

    Returns
    -------
    DataFrame
        Indexed by record (``table/id``): kind (one of `KINDS`), label, what (the sort, as coded),
        date (EDTF; missing where none is stated), when (in words), precision, start, end (first
        and last day it can mean; ``NaT`` where open or unknown). A presence that an event begins
        has that event's date and an open end, or an end not stated.
    """
    lasts = events.kind.isin(STATES) | events.date.str.endswith("..").fillna(False)
    parts = [
        ("agreement", "agreements", agreements, "signed"),
        ("event", "events", events[~lasts], "date"),
        ("project", "projects", projects.assign(kind="project"), "period"),
        ("presence", "events", events[lasts], "date"),
    ]
    frames = [
        frame.set_axis(f"{table}/" + frame.index)[["label", "kind", date]]
        .set_axis(["label", "what", "date"], axis="columns")
        .assign(kind=kind)
        for kind, table, frame, date in parts
    ]
    joined = pd.concat([*frames, _presences(events, relations, organisations)])
    known = [uncertain.span(d) if isinstance(d, str) else (pd.NaT, pd.NaT) for d in joined.date]
    joined = joined.assign(
        when=[uncertain.say_date(d) for d in joined.date],
        precision=[
            uncertain.precision(d) if isinstance(d, str) else "not dated" for d in joined.date
        ],
        start=pd.to_datetime([first for first, _ in known]),
        end=pd.to_datetime([last for _, last in known]),
    )[["kind", "label", "what", "date", "when", "precision", "start", "end"]]
    order = ["start", "end", "label"]
    return joined.rename_axis("record").sort_values(order, kind="stable", na_position="last")


def _presences(events, relations, organisations):
    """List the organisations that an event begins, and the memberships."""
    present = relations[relations.predicate.isin(PRESENT)]
    present = {*present.subject, *present.object}
    label = organisations.label.set_axis("organisations/" + organisations.index)
    rows = []
    for link in _begins(relations).itertuples():
        date = events.date.get(link.subject.removeprefix("events/"))
        # EDTF has no period that begins on one of several days, so that such a date is not carried.
        if isinstance(date, str) and date[0] not in "[{" and "/" not in date:
            date = f"{date}/.." if link.object in present else f"{date}/"
        else:
            date = pd.NA
        rows.append((link.object, label[link.object], link.predicate, date))
    for key, link in relations[relations.predicate == MEMBERSHIP].iterrows():
        named = f"{label[link.subject]}, {_words(MEMBERSHIP)} {label[link.object]}"
        rows.append((f"relations/{key}", named, "membership", link.period))
    frame = pd.DataFrame(rows, columns=["record", "label", "what", "date"], dtype="string")
    return frame.set_index("record").assign(kind="presence")


def _begins(relations):
    begins = relations.predicate.isin(BEGINS) & relations.object.str.startswith("organisations/")
    return relations[begins & relations.subject.str.startswith("events/")]


def _words(predicate):
    return predicate.replace("_", " ")


def involvement(parties, participants, people, project_organisations, relations, organisations):
    """List which organisation has which part in which record.

    Parameters
    ----------
    parties, participants, people, project_organisations, relations, organisations : DataFrame
        From the loaders of these tables. A person counts for the organisation of the office named.

    Returns
    -------
    DataFrame
        record, organisation_id, role, organisation (its label); one row a part taken. An
        organisation that lasts as a presence has a part in itself.

    Raises
    ------
    ValueError
        If an organisation is none of `organisations`.
    """
    of_person = participants.person_id.map(people.organisation_id)
    begun = _begins(relations).object.drop_duplicates()
    there = relations[relations.predicate.isin(PRESENT) & relations.object.isin(begun)]
    member = relations[relations.predicate == MEMBERSHIP]
    taken = [
        ("agreements/" + parties.agreement_id, parties.organisation_id, "party"),
        (
            "events/" + participants.event_id,
            participants.organisation_id.fillna(of_person),
            participants.role,
        ),
        (
            "projects/" + project_organisations.project_id,
            project_organisations.organisation_id,
            project_organisations.role,
        ),
        (begun, begun, "itself"),
        (there.object, there.subject, there.predicate),
        ("relations/" + member.index.to_series(), member.subject, "member"),
        ("relations/" + member.index.to_series(), member.object, "body"),
    ]
    frames = [
        pd.DataFrame(
            {
                "record": record,
                "organisation_id": organisation.str.removeprefix("organisations/"),
                "role": role,
            }
        )
        for record, organisation, role in taken
    ]
    joined = pd.concat(frames, ignore_index=True)
    known = joined.organisation_id.isna() | joined.organisation_id.isin(organisations.index)
    if not known.all():
        record, lost = joined.loc[~known, ["record", "organisation_id"]].iloc[0]
        raise ValueError(
            f"{record}: {lost!r} has a part in it and is no organisation; "
            f"{nearest(lost, organisations.index)}; run: ilodata check"
        )
    return joined.assign(organisation=joined.organisation_id.map(organisations.label))


def within(happenings, start, end, kinds=(), organisations=(), involved=None, today=None):
    """Choose what falls into a window, certainly or possibly.

    Parameters
    ----------
    happenings : DataFrame
        From `chronology`.
    start, end : str
        EDTF; from the first day of `start` to the last day of `end`.
    kinds : list of str
        Some of `KINDS`; empty for all.
    organisations : list of str
        Keep records in which one of these has a part; empty for all.
    involved : DataFrame
        From `involvement`; needed where organisations are given.
    today : Timestamp, optional
        The day for which the documents speak; what goes on is certain until then.

    Returns
    -------
    DataFrame
        As `happenings`, with in_window: "certainly", "possibly" or "undated". What is not
        dated is kept, since no window excludes it.

    Raises
    ------
    ValueError
        If a kind or organisation is unknown, or the window is open, reversed or unreadable.
    """
    kinds = chosen(kinds, KINDS, "kind")
    _steps(start, end)
    fits = [uncertain.in_window(date, start, end, today) for date in happenings.date]
    shown = happenings.assign(in_window=fits)
    keep = (shown.in_window != "no") & shown.kind.isin(kinds)
    if len(organisations):
        names = chosen(organisations, involved.organisation_id, "organisation")
        with_part = involved[involved.organisation_id.isin(names)].record
        keep &= shown.index.isin(with_part)
    return shown[keep]


def _steps(start, end, years=1):
    """Cut a window into steps of whole years: first and last year, first and last day of each."""
    window = uncertain.window(start, end)
    if window.start is pd.NaT or window.end is pd.NaT:
        raise ValueError(f"the window {start} to {end} is open; write a date for both ends")
    if years < 1:
        raise ValueError(f"a period of {years} years is none; write 1 or more")
    steps = []
    for first in range(window.start.year, window.end.year + 1, years):
        last = min(first + years - 1, window.end.year)
        days = (
            max(window.start, pd.Timestamp(first, 1, 1)),
            min(window.end, pd.Timestamp(last, 12, 31)),
        )
        steps.append((first, last, *(f"{day:%Y-%m-%d}" for day in days)))
    return steps


def pieces(shown, start, end, today=None):
    """Cut each happening into the stretches to be drawn: what its date can mean, no more.

    Parameters
    ----------
    shown : DataFrame
        From `within`.
    start, end : str
        The window; what lies outside of it is cut off.
    today : Timestamp, optional
        The day for which the documents speak.

    Returns
    -------
    DataFrame
        One row a stretch: record, kind, label, when, precision, from, to (the day after the
        last), shows ("throughout": under way on each of these days for certain; "within": at
        some time, or possibly; "day"; "undated": no from and to), edge ("", or "going on" or
        "end not stated" at the edge of the window). A date in one of two months gives two rows.
    """
    first, last = uncertain.window(start, end)
    rows = []
    for record, row in shown.iterrows():
        said = (record, row.kind, row.label, row.when, row.precision)
        if pd.isna(row.date):
            rows.append((*said, pd.NaT, pd.NaT, "undated", ""))
            continue
        for course in uncertain.courses(row.date, today):
            period = "/" in row.date
            day = course.first_start == course.last_end
            stretches = [(course.first_start, course.last_end, "day" if day else "within")]
            if period and not day:
                stretches.append((course.last_start, course.first_end, "throughout"))
            for since, until, shows in stretches:
                since, until, open_end = max(since, first), min(until, last), until > last
                edge = row.precision if open_end and row.precision in OPEN else ""
                if since <= until:
                    rows.append((*said, since, until + pd.Timedelta(days=1), shows, edge))
    columns = ["record", "kind", "label", "when", "precision", "from", "to", "shows", "edge"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"from": "datetime64[us]", "to": "datetime64[us]"}
    )


def per_year(shown, start, end, today=None):
    """Count for each year what happened in it or was under way, certainly and at most.

    Parameters
    ----------
    shown : DataFrame
        From `within`.
    start, end : str
        The window, EDTF; of its first and last year only the days within it count.
    today : Timestamp, optional
        The day for which the documents speak.

    Returns
    -------
    DataFrame
        year, kind (those of `shown`), certain, possible (numbers; possible includes certain).
        Each year's pair is reached by some reading of the dates; years do not add up.
    """
    dates = {kind: list(shown.date[shown.kind == kind]) for kind in KINDS}
    rows = [
        (year, kind, *uncertain.count(dates[kind], *days, today))
        for year, _, *days in _steps(start, end)
        for kind in KINDS
        if dates[kind]
    ]
    return pd.DataFrame(rows, columns=["year", "kind", "certain", "possible"])


def silences(shown, start, end, today=None):
    """Tell for which years the documents state that something happened, and for which not.

    Parameters
    ----------
    shown : DataFrame
        From `within`. Of what lasts, a presence, only its beginning is something that happened.
    start, end : str
        The window, EDTF.
    today : Timestamp, optional
        The day for which the documents speak: years after it are not silent, but not yet told.

    Returns
    -------
    DataFrame
        first, last (years of a stretch), years (number), state ("stated", "only possible",
        "nothing stated" or "after the documents").
    """
    dated = shown[shown.date.notna()]
    begins = [
        date.partition("/")[0].strip(".") if kind == "presence" else date
        for date, kind in zip(dated.date, dated.kind, strict=True)
    ]
    states = {}
    for year, _, *days in _steps(start, end):
        low, high = uncertain.count(begins, *days, today)
        states[year] = "stated" if low else "only possible" if high else "nothing stated"
        if today is not None and year > today.year:
            states[year] = "after the documents"
    runs = [list(years) for _, years in groupby(states, states.get)]
    rows = [(run[0], run[-1], len(run), states[run[0]]) for run in runs]
    return pd.DataFrame(rows, columns=["first", "last", "years", "state"])


def signings(shown, involved, start, end, period=5):
    """Count who signs what with whom, by period of the window.

    Parameters
    ----------
    shown, involved : DataFrame
        From `within` and `involvement`.
    start, end : str
        The window, EDTF.
    period : int
        Years in a period; the first begins with the window, the last may be cut short.

    Returns
    -------
    DataFrame
        who (two parties, or that none is stated), instrument ("MoU", ...), first, last (years of
        the period), certain, possible (numbers of agreements), agreements (their labels). An
        agreement of three parties counts for each pair: rows do not add up.

    Raises
    ------
    ValueError
        If the period has no year.
    """
    agreements = shown[(shown.kind == "agreement") & shown.date.notna()]
    rank = {name: n for n, name in enumerate(involved.organisation.unique())}
    parties, signed, rows = {}, {}, []
    for record, name in zip(involved.record, involved.organisation, strict=True):
        parties.setdefault(record, set()).add(name)
    for row in agreements.itertuples():
        names = sorted(parties.get(row.Index, ()), key=rank.get)
        pairs = [" and ".join(pair) for pair in combinations(names, 2)]
        alone = f"{names[0]} and a party not stated" if names else NO_PARTY
        for who in pairs or [alone]:
            signed.setdefault((who, INSTRUMENTS.get(row.what, row.what)), []).append(row)
    for (who, instrument), here in sorted(signed.items(), key=lambda item: item[0][0] == NO_PARTY):
        for first, last, *days in _steps(start, end, period):
            fits = [row for row in here if uncertain.in_window(row.date, *days) != "no"]
            if fits:
                number = uncertain.count([row.date for row in fits], *days)
                labels = ", ".join(row.label for row in fits)
                rows.append((who, instrument, first, last, *number, labels))
    columns = ["who", "instrument", "first", "last", "certain", "possible", "agreements"]
    return pd.DataFrame(rows, columns=columns)


def durations(shown, today=None):
    """Bound how long each project lasts, by its stated period.

    Parameters
    ----------
    shown : DataFrame
        From `within`.
    today : Timestamp, optional
        The day for which the documents speak.

    Returns
    -------
    DataFrame
        Indexed by record: label, when, low_days, high_days (missing where no end is stated),
        lasts (in words), the longest possible first.
    """
    projects = shown[(shown.kind == "project") & shown.date.notna()]
    known = [uncertain.duration(date, today) for date in projects.date]
    table = projects[["label", "when"]].assign(
        low_days=pd.array([low for low, _ in known], dtype="Float64"),
        high_days=pd.array(
            [None if high == math.inf else high for _, high in known], dtype="Float64"
        ),
        lasts=[uncertain.say_duration(date, today) for date in projects.date],
    )
    return table.sort_values("high_days", ascending=False, na_position="last", kind="stable")


def links(shown, relations, called, supported):
    """Put the stated links of what is shown into words.

    Parameters
    ----------
    shown : DataFrame
        From `within`.
    relations : DataFrame
        From ``load_relations``.
    called : Series
        From `labels`; a link to a record that is not in it is left out.
    supported : DataFrame
        From ``ilo.support``: whether each cell is stated or inferred.

    Returns
    -------
    DataFrame
        Indexed by relation_id: subject, link, object (in words), when (of the shown one, the
        subject's first), basis ("inferred" where any cell is), among (whether both are shown).
    """
    ends = relations[["subject", "object"]]
    here = ends.isin(shown.index)
    kept = here.any(axis=1) & ends.isin(called.index).all(axis=1)
    table, here = relations[kept], here[kept]
    inferred = supported.record[supported.basis == "inferred"]
    of = table.subject.where(here.subject, table.object)
    told = pd.DataFrame(
        {
            "subject": table.subject.map(called),
            "link": table.predicate.map(_words),
            "object": table.object.map(called),
            "when": of.map(shown.when),
            "basis": [
                "inferred" if f"relations/{k}" in set(inferred) else "stated" for k in table.index
            ],
            "among": here.all(axis=1),
        }
    )
    order = of.map({record: n for n, record in enumerate(shown.index)})
    return told.loc[order.sort_values(kind="stable").index]


def labels(happenings, **tables):
    """Give what each record is called, for `links`.

    Parameters
    ----------
    happenings : DataFrame
        From `chronology`.
    **tables : DataFrame
        Further tables with a label, by name: ``frameworks=ilo.load_frameworks()``.

    Returns
    -------
    Series
        Labels by ``table/id``.
    """
    more = [frame.label.set_axis(f"{table}/" + frame.index) for table, frame in tables.items()]
    named = pd.concat([happenings.label, *more])
    return named[~named.index.duplicated()]


def findings(shown, involved, start, end, kinds=(), organisations=(), period=1, today=None):
    """State what the chronology shows, each sentence with its caveat.

    Parameters
    ----------
    shown, involved : DataFrame
        From `within` and `involvement`.
    start, end : str
        The window.
    kinds, organisations : list of str
        What was chosen; empty for all.
    period : int
        Years in a period, for which agreements are counted.
    today : Timestamp, optional
        The day for which the documents speak.

    Returns
    -------
    DataFrame
        finding, caveat, records (comma-separated ``table/id``).
    """
    kinds = [kind for kind in KINDS if kind in chosen(kinds, KINDS, "kind")]
    dated, undated = shown[shown.date.notna()], shown[shown.date.isna()]
    agreements, projects = (dated[dated.kind == kind] for kind in ("agreement", "project"))
    counted = per_year(dated, start, end, today)
    called = involved.set_index("organisation_id").organisation
    part = " or ".join(dict.fromkeys(called[called.index.isin(list(organisations))]))
    part = f" with a stated part of {part}" if part else ""
    said = [_told(dated, kinds, start, end, part)]
    said += _most_signed(agreements, start, end, period)
    said += _most_together(agreements, involved, start, end)
    said += _most_projects(projects, counted, today) + _longest(projects, today)
    said += _plans(projects, end, today)
    if {"agreement", "event", "project"} <= set(kinds) and len(dated):
        said += _silent(silences(dated, start, end, today), part)
    said += _precise(dated)
    said += _named(undated, "record", "date", "Named in every window, counted in none.")
    partyless = agreements[~agreements.index.isin(involved.record)]
    caveat = "They are missing from every count by partner."
    return sentences(said + _named(partyless, "agreement", "stated party", caveat))


def _many(number, noun):
    return uncertain.say_count(number, number, noun)


def _and(words):
    *most, last = map(str, words)
    return f"{', '.join(most)} and {last}" if most else last


def _runs(years):
    """Say years as runs: 2012, 1986 to 2000."""
    starts = [y for y in years if y - 1 not in years]
    ends = [y for y in years if y + 1 not in years]
    return _and(map(_span, starts, ends))


def _span(first, last):
    return str(first) if first == last else f"{first} to {last}"


def _told(dated, kinds, start, end, part):
    window = uncertain.say_window(start, end)
    window = f"the window {window}" if " to " in window else window
    if dated.empty:
        caveat = "The documents tell of nothing; that is not the same as nothing happened."
        return f"Nothing{part} is dated in {window}.", caveat, []
    told = []
    for kind in kinds:
        fits = list(dated.in_window[dated.kind == kind])
        told.append(uncertain.say_count(fits.count("certainly"), len(fits), NOUNS[kind]))
    vague = "possibly" in set(dated.in_window)
    return (
        f"For {window} the documents state {_and(told)}{part}.",
        "What lasts counts if it is under way on any day of the window; what the documents do not "
        f"tell is not counted{'; a range is left where a date is too vague' * vague}.",
        list(dated.index),
    )


def _most_signed(agreements, start, end, period):
    steps = _steps(start, end, period)
    counted = [uncertain.count(agreements.date, *days) for _, _, *days in steps]
    most = max(low for low, _ in counted)
    top = [number for number, (low, _) in enumerate(counted) if low == most]
    # Only where no other period can have as many.
    others = [high for number, (_, high) in enumerate(counted) if number not in top]
    if most < 2 or len(steps) < 2 or max(others, default=0) >= most:
        return []
    fits = [
        any(uncertain.in_window(date, *steps[number][2:]) != "no" for number in top)
        for date in agreements.date
    ]
    named = [_span(*steps[number][:2]) for number in top]
    number = uncertain.say_count(most, max(counted[number].high for number in top), "agreement")
    return [
        (
            f"Most agreements fall into {_and(named)}: {number}{' each' * (len(top) > 1)}.",
            f"Counted by the date of signing, agreeing or adoption, in periods of "
            f"{_many(period, 'year')} from the start of the window; whether an agreement is still "
            "in force is not stated.",
            list(agreements.index[fits]),
        )
    ]


def _most_together(agreements, involved, start, end):
    whole = signings(agreements.assign(label=agreements.index), involved, start, end, 10_000)
    whole = whole[whole.who != NO_PARTY].groupby("who", sort=False)
    pairs = whole.agg({"certain": "sum", "possible": "sum", "agreements": ", ".join})
    top = pairs[pairs.certain == pairs.certain.max()]
    if (
        len(top) != 1
        or len(pairs) < 2
        or pairs.possible.drop(top.index).max() >= pairs.certain.max()
    ):
        return []
    number = uncertain.say_count(top.certain.iloc[0], top.possible.iloc[0], "agreement")
    return [
        (
            f"{top.index[0]} come together in more agreements than any other two: {number}.",
            "Only agreements that name their parties can be counted so.",
            top.agreements.iloc[0].split(", "),
        )
    ]


def _most_projects(projects, counted, today):
    pace = counted[counted.kind == "project"]
    pace = pace[pace.year <= today.year] if today is not None else pace  # later ones are plans
    low, high = pace.certain.max(), pace.possible.max()
    if len(pace) < 2 or not low:
        return []
    return [
        (
            f"In {_runs(list(pace.year[pace.certain == low]))} "
            f"{uncertain.say_count(int(low), int(low) if low == high else math.inf, 'project')} "
            f"{'was' if low == 1 else 'were'} under way; in no year of the window can it "
            f"have been more than {'one' if high == 1 else high}.",
            "A project from one year to another may begin late in the first and end early in the "
            "last; one without a stated end may run on.",
            list(projects.index),
        )
    ]


def _longest(projects, today):
    ended = durations(projects, today).dropna()
    top = ended.iloc[:1]
    if len(ended) < 2 or top.low_days.iloc[0] <= ended.high_days.iloc[1:].max():
        return []
    return [
        (
            f"Of the projects with a stated end, the longest is {top.label.iloc[0]}: "
            f"{top.lasts.iloc[0]}.",
            "By its stated dates; on which day it begins and ends is not said.",
            list(top.index),
        )
    ]


def _plans(projects, end, today):
    last = uncertain.window(end, end).end
    if today is None or last <= today:
        return []
    after = f"{today + pd.Timedelta(days=1):%Y-%m-%d}", f"{last:%Y-%m-%d}"
    low, high = uncertain.count(projects.date, *after, today)
    fits = [uncertain.in_window(date, *after, today) != "no" for date in projects.date]
    if not high:
        return []
    return [
        (
            f"{uncertain.say_count(low, high, 'project')} {'runs' if high == 1 else 'run'} on after "
            f"{today:%-d %B %Y}, the last day for which the documents speak.",
            "What is stated of later days is a plan.",
            list(projects.index[fits]),
        )
    ]


def _silent(runs, part):
    told = runs[runs.state != "after the documents"]
    silent = [
        year
        for run in told[told.state == "nothing stated"].itertuples()
        for year in range(run.first, run.last + 1)
    ]
    if not silent:
        return []
    number, years = "one" if len(silent) == 1 else len(silent), told.years.sum()
    return [
        (
            f"In no year of the window is anything stated to have happened{part}."
            if len(silent) == years
            else f"In {number} of {years} years nothing is stated to have happened{part}: "
            f"{_runs(silent)}.",
            "Nothing stated is not the same as nothing happened: the documents choose, and tell "
            "more of the years shortly before they were written.",
            [],
        )
    ]


def _precise(dated):
    if len(dated) < 2:
        return []
    counted = dated.precision.value_counts()
    told = [
        f"{words} for {'one' if counted[key] == 1 else counted[key]}"
        for key, words in GIVES.items()
        if key in counted
    ]
    return [
        (
            f"Of {len(dated)} dates the documents give {_and(told)}.",
            "Each is drawn and counted as all that it can mean.",
            list(dated.index),
        )
    ]


def _named(frame, noun, lacks, caveat):
    if frame.empty:
        return []
    has = "has" if len(frame) == 1 else "have"
    found = f"{_many(len(frame), noun)} {has} no {lacks}: {'; '.join(frame.label)}."
    return [(found, caveat, list(frame.index))]
