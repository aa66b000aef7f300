"""Whom South-South and triangular cooperation (SSTC) reached: places, roles, money, results.

A country named as a beneficiary, one whose institutes are in a network, and a region whose
countries are not listed are counted apart; a figure of a network is not one of its countries.
"""

import re

import pandas as pd

from ilodata import dates, tables, words
from ilodata.evidence import certainty, records
from ilodata.evidence import doubts as _doubts
from ilodata.evidence import gaps as _gaps

ROLES = {  # the nearest to a place first
    "beneficiary": "named as beneficiary",
    "network_home": "home of network institutes",
    "target_region": "region, countries not listed",
}
PHRASES = {
    "beneficiary": "as a beneficiary",
    "network_home": "through a network",
    "target_region": "as a region",
}
READ = [
    *("projects", "project_places", "places", "contributions"),
    *("results", "result_places", "relations", "organisations"),
]
REGIONS = ("region", "group_of_states")
WITHIN = ("under", "part_of")  # relations by which an organisation belongs to a project or network
HEDGES = {"nearly": "nearly ", "over": "over ", "more_than": "more than "}
FITS = ("certainly", "undated", "possibly")
SCOPES = {"place": "of a named place", "network": "of a network", "project": "of a whole project"}
STANDFIRST = (
    "We count apart the countries that projects are for, those with institutes in a network, and "
    "regions named as a whole."
)
APART = "A project for a region whose countries are not listed is not counted for a country of the region."
IN_IT = " (in|of) the network"  # left out where all that is told is the network's
COUNTRIES = ("country", "countries")
NO_AMOUNT = "no amount in our tables"
AT_LARGE = "In all years and places: "
LEAST, MOST = 3, 5  # findings on a page
PEOPLE = (  # a result whose unit ends in one of these is a number of people
    "adults beneficiaries children educators employees employers entrepreneurs experts farmers "
    "graduates inspectors instructors learners managers men migrants officers officials participants "
    "people persons policymakers staff students teachers trainees trainers women workers youth"
)


def places(asked=(), start="", end="", frames=None):
    """List which projects touch which places, in which role, and what came of them.

    Parameters
    ----------
    asked : str or list of str
        Places by id, label or a name as printed, such as "Cambodia"; empty for all.
    start, end : str or int
        First and last year of a window; blank for no bound. What cannot lie in it is left out: a
        project by its dates, a country of a network by the network's launch.
    frames : dict
        Frames by table's name, for a what-if; what is not given is loaded.

    Returns
    -------
    DataFrame
        Indexed by ``project_places/id``: project_id, project, place_id, place, kind, role (in
        words), certainty (of the role), when, fits (in the window "certainly", "possibly", or
        "undated"), money, results (in words), and their cells: of, when_of, money_of, results_of.

    Raises
    ------
    DataError
        If a place is not known; the nearest is named.
    ValueError
        If the window is reversed or cannot be read.
    """
    book, kept = _book(frames), []
    wanted = tables.find(asked, "places", "places")
    paid, came = money(book), results(start=start, end=end, frames=book)
    launched = networks(book).groupby("project_id").launched.min()
    rows = book["project_places"]
    begun = rows.project_id.map(book["projects"].start).sort_values(kind="stable")
    for key, row in rows.loc[begun.index].iterrows():
        project, place = book["projects"].loc[row.project_id], book["places"].loc[row.place_id]
        fits = [dates.in_window(project.period, start, end)]
        if row.role == "network_home" and launched.get(row.project_id):
            fits.append(dates.in_window(f"{launched[row.project_id]}/9999", start, end))
        if "no" in fits or (wanted and row.place_id not in wanted):
            continue
        told = [
            one
            for one in came[came.project_id == row.project_id].itertuples()
            if one.scope != "place" or row.place_id in one.places or row.role == "target_region"
        ]
        record = f"project_places/{key}"
        about = {"record": record, "project_id": row.project_id, "project": project.label}
        about |= {"place_id": row.place_id, "place": place.label, "kind": place.kind}
        about |= {"role": ROLES[row.role], "certainty": certainty(record)}
        about |= {"when": _when(project.period), "fits": max(fits, key=FITS.index)}
        about["money"], about["money_of"] = paid.get(row.project_id, ("", ""))
        about |= {"results": "; ".join(one.result for one in told), "of": record}
        about |= {"when_of": f"projects/{row.project_id}/period"}
        kept.append(about | {"results_of": "+".join(one.of for one in told)})
    columns = "record project_id project place_id place kind role certainty when fits money"
    columns += " results of when_of money_of results_of"
    return tables.frame(kept, columns.split(), "record")


def results(asked=(), start="", end="", frames=None):
    """List what came of the projects that touch some places, and whose result each is.

    Parameters
    ----------
    asked, start, end, frames
        As for `places`. A result that is dated outside the window is left out, and one that
        belongs to other countries only; one without a date or a place stays with its project.

    Returns
    -------
    DataFrame
        Indexed by ``results/id``: project_id, project, result (in words), value, unit, people
        (whether people are counted), whose ("Cambodia", "the whole project", "the network …"), scope
        ("place", "project", "network"), places (ids), when, status, certainty, of, when_of.
    """
    book, kept = _book(frames), []
    every, labels, ties = book["projects"], book["places"].label, networks(book)
    at = book["result_places"].groupby("result_id").place_id.agg(list)
    for key, row in book["results"].iterrows():
        network, stands = ties[ties.record == row.record], at.get(key, [])
        field = "as_of" if dates.blank(row.period) else "period"
        where = words.listed(labels[place] for place in stands)
        whose, scope = (where, "place") if where else ("the whole project", "project")
        if len(network):
            whose, scope = (
                f"the {network.network.iloc[0]}{f', in {where}' * bool(where)}",
                "network",
            )
        of, counted = f"results/{key}", not pd.isna(row.value)
        unit = row.unit if counted and not pd.isna(row.unit) else ""
        said = f"{HEDGES.get(row.qualifier, '')}{words.number(row.value)} " if counted else ""
        told = {
            "record": of,
            "result": (said + row.indicator).replace("; ", ", "),  # results are listed with ";"
            "value": row.value,
            "unit": unit,
            "people": unit.casefold().rpartition(" ")[2] in PEOPLE.split(),
            "whose": whose,
            "scope": scope,
            "places": stands,
            "when": _when(row[field]),
            "status": row.status.replace("_", " "),
            "certainty": certainty(of),
            "of": of,
            "when_of": f"{of}/{field}",
        }
        since = [f"{day}/9999" for day in network.launched if day]
        owners = network.project_id if len(network) else [row.record.partition("/")[2]]
        for project in filter(every.index.__contains__, owners):
            dated = [row[field], every.period[project], *since]
            if "no" not in [dates.in_window(text, start, end) for text in dated]:
                kept.append(told | {"project_id": project, "project": every.label[project]})
    columns = "record project_id project result value unit people whose scope places when status"
    came = tables.frame(kept, [*columns.split(), "certainty", "of", "when_of"], "record")
    came = came.astype({"value": "Float64", "people": bool})
    if not tables.find(asked, "places", "places"):
        return came
    here = places(asked, start, end, book)
    told = {(row.project_id, of) for row in here.itertuples() for of in row.results_of.split("+")}
    kept = [(row.project_id, row.of) in told for row in came.itertuples()]
    return came[pd.Series(kept, came.index, dtype=bool)]


def _book(frames):
    """Load the tables, as far as none is given for a what-if; without what a later row supersedes."""
    book = {}
    for name in READ:
        rows = (frames or {}).get(name)
        rows = getattr(tables, f"load_{name}")() if rows is None else rows
        book[name] = rows[~rows.index.isin(rows.get("supersedes_id", pd.Series()).dropna())]
    return book


def _when(text):
    """Say a date in words, "" where there is none."""
    return "" if dates.blank(text) else words.date(text)


def networks(frames=None):
    """List the networks under a project, the parts of a network too, and when each was launched.

    Returns
    -------
    DataFrame
        project_id, record (of the network or its part), network (label), launched (first day it
        can mean; "" where our tables hold no date), of (the relation that ties it to the project).
    """
    book, rows = _book(frames), []
    told, ties = book["results"], book["relations"]
    ties = ties[ties.predicate.isin(WITHIN) & ties.subject.str.startswith("organisations/")]
    for key, row in ties[ties.object.str.startswith("projects/")].iterrows():
        name = book["organisations"].label[row.subject.partition("/")[2]]
        launches = told[told.indicator.str.contains(name, regex=False)].dropna(subset=["period"])
        launched = min((str(dates.span(text).start) for text in launches.period), default="")
        for record in [row.subject, *ties.subject[ties.object == row.subject]]:
            project = row.object.partition("/")[2]
            rows.append((project, record, name, launched, f"relations/{key}"))
    return pd.DataFrame(rows, columns=["project_id", "record", "network", "launched", "of"])


def money(frames=None):
    """Say the money of each project, with the cells behind it; a misprint is said to be one.

    Returns
    -------
    dict
        By project_id: the words, and their source.
    """
    said = {}
    for key, row in _book(frames)["contributions"].dropna(subset=["project_id"]).iterrows():
        exact = row.qualifier == "exact"
        shown = words.money(row.amount_usd) if exact else f"“{row.printed}”"
        shown = f"misprinted {shown}" if row.qualifier == "misprint" else shown
        cell = f"contributions/{key}/{'amount_usd' if exact else 'printed'}"
        before, of = said.get(row.project_id, ("", ""))
        said[row.project_id] = (f"{before} and {shown}", f"{of}+{cell}") if of else (shown, cell)
    return said


def linked(frame):
    """Link what a frame from `places` or `results` says to the cells behind it, for `show`.

    Returns
    -------
    DataFrame
        A copy, in which place, result (with a capital letter), when, project, money and results
        are linked text.
    """
    made = frame.assign(project_of="projects/" + frame.project_id)
    sources = {"place": "of", "result": "of", "project": "project_of"}
    sources |= {name: f"{name}_of" for name in ("when", "money", "results")}
    for name in sources.keys() & set(made):
        both = zip(made[name], made[sources[name]], strict=True)
        made[name] = [words.link(text, of) if text else "" for text, of in both]
        made[name] = made[name].map(words.capital) if name == "result" else made[name]
    return made


def points(reached):
    """Say where the named countries and cities lie (whole degrees, reference data).

    Parameters
    ----------
    reached : DataFrame
        From `places`.

    Returns
    -------
    DataFrame
        Indexed by place_id: place, role (the nearest of its roles), of, longitude, latitude. A
        region has no point.
    """
    lies = tables.load_reference("countries")
    lies = lies.set_index(lies.iso3.fillna(lies.label))
    rows = reached[~reached.kind.isin(REGIONS)]
    near = rows.role.map(list(ROLES.values()).index).sort_values(kind="stable")
    rows = rows.loc[near.index].groupby("place_id", sort=False)
    rows = rows.agg({"place": "first", "role": "first", "of": "+".join})
    code = tables.load_places().iso3.reindex(rows.index).fillna(rows.place)
    at = {name: code.map(lies[name]) for name in ("longitude", "latitude")}
    return rows.assign(**at).dropna(subset=["longitude"])


def doubts(reached, came):
    """List the doubts that could change a figure of some projects (layout "doubts")."""
    return _doubts(_behind(reached, came))


def gaps(reached, came):
    """List what a curator looked for about some projects and did not find: text, searched."""
    found = _gaps(_behind(reached, came)).rename(columns={"what": "text"})
    return found[~found.index.duplicated()]


def _behind(reached, came):
    """Name the records of projects, places, money and results of some rows."""
    named = [*("projects/" + reached.project_id), *reached.index, *came.index, *reached.money_of]
    return records(list(filter(None, named))) if named else []


def findings(start="", end="", asked=(), frames=None):
    """State what the tables say about whom the projects reached, in sentences true for any choice.

    Parameters
    ----------
    start, end, asked, frames
        As for `places`.

    Returns
    -------
    DataFrame
        kind ("headline", "standfirst", "finding", "caveat"), text (linked), and value, low, high
        (numbers, missing where a sentence has none), unit.
    """
    book, ids = _book(frames), tables.find(asked, "places", "places")
    every, ties = places(frames=book), networks(book)
    here, came = places(asked, start, end, book), results(asked, start, end, book)
    when = "" if dates.blank(start) and dates.blank(end) else f" in {words.window(start, end)}"
    certain = here[here.fits != "possibly"]
    sure = certain if len(certain) else here
    low, high = certain.project_id.nunique(), here.project_id.nunique()
    perhaps = here[~here.project_id.isin(certain.project_id)]
    came = came[came.project_id.isin(sure.project_id)].drop_duplicates("of")
    dated = came[(came.when != "") | (not when)]
    rows = _stated(sure, dated, came.drop(dated.index), every, ties, ids)
    rows += [] if len(sure) else _tied(ids, start, end, book)
    if len(rows) < LEAST:
        large = _stated(every, results(frames=book).drop_duplicates("of"), [], every, ties)
        rows += [(AT_LARGE + text, *more) for text, *more in large[: LEAST - len(rows)]]
    said = [
        ("headline", _headline(sure, ids, when, low), sure.project_id.nunique(), "projects"),
        ("standfirst", APART if ids else _means(sure, book), None, ""),
        *(("finding", *row) for row in rows[:MOST]),
        ("caveat", _perhaps(perhaps, low, when), None, ""),
    ]
    frame = pd.DataFrame([row for row in said if row[1]], columns=["kind", "text", "value", "unit"])
    frame.insert(3, "low", frame.value.where(frame.index > 0, low))
    frame.insert(4, "high", frame.value.where(frame.index > 0, high))
    return frame


def _stated(rows, came, undated, every, ties, ids=()):
    """Say what there is to say of some projects: text, number, unit of each sentence."""
    said = [
        _as_beneficiary(rows),
        _through_network(rows, came, every, ties),
        _as_region(rows, every),
        _paid(rows) if ids else None,
        _people(came, rows),
        _told(came, undated),
    ]
    return [row for row in said if row and row[0]]


def _many(rows, text, column="place"):
    """Link a count to what was counted, with the names."""
    return words.link(text, list(rows.of), "; ".join(sorted(set(rows[column]))))


def _names(rows):
    """Name places, linked, with the number of projects where it is not one; the most first."""
    named = []
    for place, of_one in rows.groupby("place"):
        count = of_one.project_id.nunique()
        more = f" ({_many(of_one, words.counted(count, 'project'), 'project')})" * (count > 1)
        named.append((-count, words.link(place, list(of_one.of)) + more))
    return words.listed(text for _, text in sorted(named))


def _project(row):
    """Name the project of a row, linked."""
    return words.link(row.project, f"projects/{row.project_id}")


def _headline(rows, ids, when, low):
    """Say how many projects, and how many countries, or the one place, in which role."""
    count = rows.project_id.nunique()
    asked = words.listed((tables.label(f"places/{key}") for key in ids), "or")
    if not count:
        return f"Our tables hold no project{when} that names {asked or 'a place'} as its place."
    number = words.counted(count if low else (0, count), "project", capital=True)
    names = "; ".join(sorted(set(rows.project)))
    said = words.link(number, list("projects/" + rows.project_id), names)
    said += f" touch{'es' * (count == 1)} {asked}" * bool(ids) + when
    return f"{said}{_in_roles(rows) if len(ids) == 1 else _countries(rows)}."


def _in_roles(rows):
    """Say in which role projects name one place; each in the nearest one."""
    told = []
    for role, phrase in PHRASES.items():
        here = rows[rows.role == ROLES[role]]
        rows = rows[~rows.project_id.isin(here.project_id)]
        if count := here.project_id.nunique():
            told.append((_many(here, words.number(count), "project"), phrase))
    if len(told) == 1:
        return f" {told[0][1]}"
    return ": " + ", ".join(f"{number} {phrase}" for number, phrase in told)


def _countries(rows):
    """Say how many countries are named as beneficiaries, and how many more through a network."""
    named, parts = rows[~rows.kind.isin(REGIONS)], []
    helped = named[named.role == ROLES["beneficiary"]]
    joined = named[(named.role == ROLES["network_home"]) & ~named.place_id.isin(helped.place_id)]
    if count := helped.place_id.nunique():
        number = _many(helped, words.counted(count, *COUNTRIES))
        parts.append(f"{number} named as {'a beneficiary' if count == 1 else 'beneficiaries'}")
    if count := joined.place_id.nunique():
        more = f"{words.number(count)} more" if parts else words.counted(count, *COUNTRIES)
        parts.append(f"{_many(joined, more)} through a network")
    regions = words.counted(rows.place_id.nunique(), "region")
    return "; " + (", ".join(parts) or f"{_many(rows, regions)} named, no country")


def _means(rows, book):
    """Say what the projects are called in the texts, and what is told apart."""
    ties, told = book["relations"], ""
    ties = ties[
        ties.subject.isin("projects/" + rows.project_id) & (ties.predicate == "by_means_of")
    ]
    for framework, of_one in ties.groupby("object"):
        number = words.number(len(of_one), capital=True)
        number = words.link(number, list("relations/" + of_one.index), "; ".join(of_one.label))
        verb = "is" if len(of_one) == 1 else "are"
        told += f"{number} {verb} said to be {tables.label(framework)}, or to use it. "
    return told + STANDFIRST if len(rows) else ""


def _as_beneficiary(rows):
    """Say which places are named as beneficiaries."""
    rows = rows[rows.role == ROLES["beneficiary"]]
    count = rows.place_id.nunique()
    verb = "is named as a beneficiary" if count == 1 else "are named as beneficiaries"
    return (f"{_names(rows)} {verb}.", count, "places") if count else None


def _through_network(rows, came, every, ties):
    """Say which countries a network joins, and that its figures are those of the whole."""
    every, told = every[every.role == ROLES["network_home"]], []
    here = {*rows.project_id[rows.role == ROLES["network_home"]]}
    here |= {*came.project_id[came.scope == "network"]}
    for tie in ties.drop_duplicates(["project_id", "network"]).itertuples():
        if tie.project_id not in here:
            continue
        homes = _names(every[every.project_id == tie.project_id])
        told.append(f"The {words.link(tie.network, tie.of)} brings together institutes")
        told[-1] += f" from {homes}." if homes else "."
        counts = came[(came.scope == "network") & (came.project_id == tie.project_id)]
        said = "; ".join(
            words.link(re.sub(IN_IT, "", row.result), row.of)
            for row in counts[counts.value.notna()].itertuples()
        )
        told.append(f"Of the whole network, not of one country: {said}." if said else "")
    count = every[every.project_id.isin(here)].place_id.nunique()
    return " ".join(filter(None, told)), count, "places"


def _as_region(rows, every):
    """Say which regions are named as a whole, and which countries their projects name."""
    rows = rows[rows.role == ROLES["target_region"]]
    helped = every[every.role == ROLES["beneficiary"]]
    count = rows.place_id.nunique()
    if not count:
        return None
    number = _many(rows, words.counted(count, "region", capital=True))
    told = f"{number} {'is' if count == 1 else 'are'} named as a whole: {_names(rows)}."
    for region in rows[rows.project_id.isin(helped.project_id)].itertuples():
        named = _names(helped[helped.project_id == region.project_id])
        told += f" The project for {words.link(region.place, region.of)} names {named}."
    return told, count, "regions"


def _paid(rows):
    """Say that the amounts are those of whole projects, not of the places asked for."""
    rows = rows.drop_duplicates("project_id")
    said = [
        f"{words.link(row.money, row.money_of) if row.money else NO_AMOUNT} ({_project(row)})"
        for row in rows.itertuples()
    ]
    text = f"Amounts are of whole projects, not split by place: {'; '.join(said)}."
    return text * bool(said), (rows.money != "").sum(), "projects"


def _people(came, rows):
    """Say for which projects people are counted, and that our tables hold no total."""
    counted = came[came.people]
    number = counted.project_id.nunique()
    where = words.counted(number, "project") + " only" * (number < rows.project_id.nunique())
    said = "; ".join(words.link(row.result, row.of) for row in counted.itertuples())
    total = " Our tables hold no total." * (len(counted) > 1)
    text = f"People are counted for {where}: {said}.{total}"
    return text * bool(number), number, "projects"


def _told(came, undated):
    """Say how many results are told of a place, of a network, of a whole project."""
    told, more = [], []
    for scope, said in SCOPES.items():
        if count := (came.scope == scope).sum():
            number = words.number(count) if told else words.counted(count, "result")
            told.append(f"{_many(came[came.scope == scope], number, 'result')} {said}")
    for status, rows in came[came.status != "delivered"].groupby("status"):
        number = _many(rows, words.number(len(rows)), "result")
        more.append(f"{number} {'is' if len(rows) == 1 else 'are'} {status}")
    if len(undated):
        number = _many(undated, words.counted(len(undated), "result"), "result")
        more.append(f"{number} {'has' if len(undated) == 1 else 'have'} no date")
    text = f"Our tables hold {words.listed(told) or 'no dated result'}"
    text += f"; {words.listed(more)}." if more else "."
    return text * bool(told or more), len(came), "results"


def _tied(ids, start, end, book):
    """Say how else our tables name the places asked for, such as what an office oversees."""
    ties = book["relations"][book["relations"].object.isin([f"places/{key}" for key in ids])]
    told = [f"{words.link(tie.label, f'relations/{key}')}." for key, tie in ties.iterrows()]
    for row in results(start=start, end=end, frames=book).itertuples():
        if set(ids) & set(row.places):
            told.append(f"A result is told of {row.whose}: {words.link(row.result, row.of)}.")
    return [(text, None, "") for text in told]


def _perhaps(rows, low, when):
    """Say which projects may have run in the window, and whether they are counted."""
    told = "; ".join(
        f"{_project(row)} ({words.link(row.when, row.when_of)})"
        for row in rows.drop_duplicates("project_id").itertuples()
    )
    counted = ", so it is not counted" if low else ""
    return told and f"Whether this ran{when} is not certain{counted}: {told}."
