"""Whom South-South and triangular cooperation (SSTC) reached: places, roles, money, results.

A country named as a beneficiary, one whose institutes are in a network, and a region whose
countries are not listed are counted apart; a figure of a network is not one of its countries.
"""

import pandas as pd

from ilodata import dates, tables, words
from ilodata.amounts import hedge
from ilodata.evidence import certainty, records
from ilodata.evidence import doubts as _doubts
from ilodata.evidence import gaps as _gaps

ROLES = {  # the nearest to a place first
    "beneficiary": "named as beneficiary",
    "network_home": "home of network institutes",
    "target_region": "region, countries not listed",
}
PHRASES = {  # of one place, and of several
    "beneficiary": ("as a beneficiary", "as beneficiaries"),
    "network_home": ("through a network", "through a network"),
    "target_region": ("as a region", "as regions"),
}
REGIONS = ("region", "group_of_states")
WITHIN = ("under", "part_of")  # relations by which an organisation belongs to a project or network
FITS = ("certainly", "undated", "possibly", "no")  # in a window, the surest first
STANDFIRST = (
    "We count apart the countries that projects are for, those with institutes in a network, and "
    "regions named as a whole."
)
APART = "A project for a region whose countries are not listed is not counted for a country of the region."
COUNTRIES = ("country", "countries")
AT_LARGE = "In all years and places: "
LEAST, MOST = 3, 5  # findings on a page
TOLD = 2  # results or amounts named in a finding
PEOPLE = (  # a result whose unit ends in one of these is a number of people
    "adults beneficiaries children educators employees employers entrepreneurs experts farmers "
    "graduates inspectors instructors learners managers men migrants officers officials participants "
    "people persons policymakers staff students teachers trainees trainers women workers youth"
)


def places(asked=(), start="", end=""):
    """List which projects touch which places, in which role, and what came of them.

    Parameters
    ----------
    asked : str or list of str
        Places by id, label or a name as printed, such as "Cambodia"; empty for all.
    start, end : str or int
        First and last year of a window; blank for no bound. What cannot lie in it is left out: a
        project by its dates, a country of a network by the network's launch.

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
    wanted, paid, came = tables.find(asked, "places", "places"), money(), results("", start, end)
    launched = networks().query("launched != ''").groupby("project_id").launched.min()
    projects, named, rows = (
        tables.load_projects(),
        tables.load_places(),
        tables.load_project_places(),
    )
    begun, kept = rows.project_id.map(projects.start).sort_values(kind="stable"), []
    for key, row in rows.loc[begun.index].iterrows():
        project, place = projects.loc[row.project_id], named.loc[row.place_id]
        since = [f"{launched[row.project_id]}/.."] if row.project_id in launched else []
        fits = _fits([project.period, *since * (row.role == "network_home")], start, end)
        if fits == "no" or (wanted and row.place_id not in wanted):
            continue
        told = [
            one
            for one in came[came.project_id == row.project_id].itertuples()
            if one.scope != "place" or row.place_id in one.places or row.role == "target_region"
        ]
        about = {"record": f"project_places/{key}", "of": f"project_places/{key}"}
        about |= {"project_id": row.project_id, "project": project.label}
        about |= {"place_id": row.place_id, "place": place.label, "kind": place.kind}
        about |= {"role": ROLES[row.role], "certainty": certainty(about["of"]), "fits": fits}
        about |= {"when": _when(project.period), "when_of": f"projects/{row.project_id}/period"}
        about["money"], about["money_of"] = paid.get(row.project_id, ("", ""))
        about["results"] = "; ".join(one.result for one in told)
        kept.append(about | {"results_of": "+".join(one.of for one in told)})
    columns = "record project_id project place_id place kind role certainty when fits money"
    columns += " results of when_of money_of results_of"
    return tables.frame(kept, columns.split(), "record")


def results(asked=(), start="", end=""):
    """List what came of the projects that touch some places, and whose result each is.

    Parameters
    ----------
    asked, start, end
        As for `places`. A result that is dated outside the window is left out, and one that
        belongs to other countries only; one without a date or a place stays with its project.

    Returns
    -------
    DataFrame
        Indexed by ``results/id``: project_id, project, result (in words), value, counted
        ("22 TVET institutes"), people (whether people are counted), whose ("Cambodia", "the whole
        project", "the network …"), scope ("place", "project", "network"), places (ids), when, fits
        (as for `places`), status, certainty, of, when_of, whose_of.
    """
    projects, labels, ties = tables.load_projects(), tables.load_places().label, networks()
    at, kept = tables.load_result_places().groupby("result_id").place_id.agg(list), []
    for key, row in _latest(tables.load_results()).iterrows():
        network, stands = ties[ties.record == row.record], at.get(key, [])
        field = "as_of" if dates.blank(row.period) else "period"
        where = words.listed(labels[place] for place in stands)
        whose, scope = (where, "place") if where else ("the whole project", "project")
        if len(network):
            within = f", in {where}" if where else ""
            whose, scope = f"the {network.network.iloc[0]}{within}", "network"
        of, unit = f"results/{key}", "" if pd.isna(row.unit) else row.unit
        said = "" if pd.isna(row.value) else f"{hedge(row.qualifier)}{words.number(row.value)} "
        told = {
            "record": of,
            "result": (said + row.indicator).replace("; ", ", "),  # results are listed with ";"
            "value": row.value,
            "counted": said and said + unit,
            "people": unit.casefold().rpartition(" ")[2] in PEOPLE.split(),
            "whose": whose,
            "scope": scope,
            "places": stands,
            "when": _when(row[field]),
            "status": row.status.replace("_", " "),
            "certainty": certainty(of),
            "of": of,
            "when_of": f"{of}/{field}",
            "whose_of": "+".join(
                [row.record] * bool(len(network)) + [f"result_places/{key}--{at}" for at in stands]
            ),
        }
        since = [f"{day}/.." for day in network.launched if day]
        owners = network.project_id if len(network) else [row.record.partition("/")[2]]
        for project in filter(projects.index.__contains__, owners):
            fits = _fits([row[field], projects.period[project], *since], start, end)
            if fits != "no":
                about = {"project_id": project, "project": projects.label[project]}
                kept.append(told | about | {"fits": fits})
    columns = "record project_id project result value counted people whose scope places when fits"
    columns += " status certainty of when_of whose_of"
    came = tables.frame(kept, columns.split(), "record")
    came = came.astype({"value": "Float64", "people": bool})
    if not tables.find(asked, "places", "places"):
        return came
    here = places(asked, start, end)
    told = {(row.project_id, of) for row in here.itertuples() for of in row.results_of.split("+")}
    kept = [(row.project_id, row.of) in told for row in came.itertuples()]
    return came[pd.Series(kept, came.index, dtype=bool)]


def _fits(texts, start, end):
    """Tell how surely things of all these dates lie in a window: the least sure counts."""
    known = max((row["latest_date"] for row in tables.rows("documents")), default="")
    return max((dates.in_window(text, start, end, known) for text in texts), key=FITS.index)


def _latest(rows):
    """Leave out what a later row supersedes."""
    return rows[~rows.index.isin(rows.supersedes_id.dropna())]


def _when(text):
    """Say a date in words, "" where there is none."""
    return "" if dates.blank(text) else words.date(text)


def networks():
    """List the networks under a project, the parts of a network too, and when each was launched.

    Returns
    -------
    DataFrame
        project_id, record (of the network or its part), network (label), of (the relation that ties
        it to the project), launched (a date; "" where our tables hold none), launched_of.
    """
    rows, told, ties = [], tables.load_results().dropna(subset=["period"]), tables.load_relations()
    ties = ties[ties.predicate.isin(WITHIN) & ties.subject.str.startswith("organisations/")]
    for key, row in ties[ties.object.str.startswith("projects/")].iterrows():
        name = tables.label(row.subject)
        begun = told.period[told.indicator.str.contains(name, regex=False)].sort_values()
        launched = (begun.iloc[0], f"results/{begun.index[0]}/period") if len(begun) else ("", "")
        for record in [row.subject, *ties.subject[ties.object == row.subject]]:
            rows.append((row.object.partition("/")[2], record, name, f"relations/{key}", *launched))
    columns = ["project_id", "record", "network", "of", "launched", "launched_of"]
    return pd.DataFrame(rows, columns=columns)


def money():
    """Say the money of each project, with the cells behind it; a misprint is said to be one.

    Returns
    -------
    dict
        By project_id: the words, and their source.
    """
    said = {}
    for key, row in _latest(tables.load_contributions()).dropna(subset=["project_id"]).iterrows():
        exact = row.qualifier == "exact"
        shown = words.money(row.amount_usd) if exact else f"“{row.printed}”"
        shown += " (misprinted)" * (row.qualifier == "misprint")
        cell = f"contributions/{key}/{'amount_usd' if exact else 'printed'}"
        before, of = said.get(row.project_id, ("", ""))
        said[row.project_id] = (f"{before} and {shown}", f"{of}+{cell}") if of else (shown, cell)
    return said


def linked(frame):
    """Link what a frame from `places` or `results` says to the cells behind it, for `show`.

    Returns
    -------
    DataFrame
        A copy, in which place, result (with a capital letter), when, project, money, results
        and whose are linked text.
    """
    made = frame.assign(project_of="projects/" + frame.project_id)
    sources = {"place": "of", "result": "of", "project": "project_of"}
    sources |= {name: f"{name}_of" for name in ("when", "money", "results", "whose")}
    for name in sources.keys() & set(made):
        both = zip(made[name], made[sources[name]], strict=True)
        made[name] = [words.link(text, of) if text and of else text or "" for text, of in both]
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


def findings(start="", end="", asked=()):
    """State what the tables say about whom the projects reached, in sentences true for any choice.

    A project is counted in a window where it certainly was under way in it; one that may have
    been is named.

    Parameters
    ----------
    start, end, asked
        As for `places`.

    Returns
    -------
    DataFrame
        kind ("headline", "standfirst", "finding", "caveat"), text (linked), and value, low, high
        (numbers, missing where a sentence has none), unit.
    """
    ids, when = tables.find(asked, "places", "places"), _window(start, end)
    every, here, came = places(), places(asked, start, end), results(asked, start, end)
    sure = here[(here.fits == "certainly") | (not when)]
    shown = sure if len(sure) else here
    came = came[came.project_id.isin(shown.project_id) & ((came.fits == "certainly") | (not when))]
    low, high = sure.project_id.nunique(), here.project_id.nunique()
    rows = _stated(shown, came, every, ids, when) if len(shown) else _tied(ids, start, end)
    if len(rows) < LEAST:
        large = _stated(every, results(), every)[: LEAST - len(rows)]
        rows += [(AT_LARGE + text, *more) for text, *more in large]
    said = [
        ("headline", _headline(sure, here, ids, when), low, "projects"),
        ("standfirst", _standfirst(shown, ids), None, ""),
        *(("finding", *row) for row in rows[:MOST]),
        ("caveat", _perhaps(here.drop(sure.index), when), None, ""),
    ]
    frame = pd.DataFrame([row for row in said if row[1]], columns=["kind", "text", "value", "unit"])
    frame.insert(3, "low", frame.value)
    frame.insert(4, "high", frame.value.where(frame.index > 0, high))
    return frame


def _window(start, end):
    """Say in which years or on which day, "" where there is no bound."""
    if dates.blank(start) and dates.blank(end):
        return ""
    said = words.window(start, end)
    day = str(start) == str(end) and dates.precision(str(start)) == "day"
    return f" {'on' if day else 'from' if ' to ' in said else 'in'} {said}"


def _stated(rows, came, every, ids=(), when=""):
    """Say what there is to say of some projects: text, number, unit of each sentence."""
    said = [
        *(_named(rows, role, every, len(ids) == 1) for role in ("beneficiary", "target_region")),
        _through_network(rows, came, every),
        _paid(rows) if ids else None,
        _people(came, rows),
        _own(came, ids, when) if ids or when else _told(came, rows),
    ]
    return [row for row in said if row and row[0]]


def _many(rows, text, column="project"):
    """Link a count to what was counted, with the names."""
    return words.link(text, list(rows.of), "; ".join(sorted(set(rows[column]))))


def _names(rows):
    """Name places, linked, with the number of projects where it is not one; the most first."""
    named = []
    for place, of_one in rows.groupby("place"):
        count = of_one.project_id.nunique()
        more = f" ({_many(of_one, words.counted(count, 'project'))})" * (count > 1)
        named.append((-count, words.link(place, list(of_one.of)) + more))
    return words.listed(text for _, text in sorted(named))


def few(said, of, most=TOLD):
    """Join what is said of some cells: the first, and how many more there are."""
    if (left := len(said) - most) > 0:
        said = [*said[:most], f"{words.link(words.number(left), of[most:])} more"]
    return "; ".join(said)


def detailed(row, text, of):
    """Link what is said of a row, with its date and, where it is not done, its status in brackets."""
    told = [words.link(row.when, row.when_of)] if row.when else []
    if getattr(row, "status", "delivered") != "delivered":
        told.append(words.link(row.status, f"{row.of}/status"))
    return words.link(text, of) + f" ({', '.join(told)})" * bool(told)


def _headline(rows, here, ids, when):
    """Say how many projects, and how many countries, or the one place, in which role."""
    count, possible = rows.project_id.nunique(), here.project_id.nunique()
    asked = words.listed((tables.label(f"places/{key}") for key in ids), "or")
    if not possible:
        return f"Our tables hold no project{when}{f' that names {asked} as its place' * bool(ids)}."
    if not count:
        may = _many(here, words.number(possible)) + (" is" if possible == 1 else " are")
        return f"No project{f' that names {asked}' * bool(ids)} is certain{when}; {may} possible."
    names = "; ".join(sorted(set(rows.project)))
    number = words.counted(count, "project", capital=True)
    said = words.link(number, list("projects/" + rows.project_id), names)
    said += f" touch{'es' * (count == 1)} {asked}" * bool(ids) + when
    return f"{said}{_in_roles(rows) if len(ids) == 1 else _countries(rows)}."


def _in_roles(rows):
    """Say in which role projects name one place; each in the nearest one."""
    told = []
    for role, (phrase, _) in PHRASES.items():
        here = rows[rows.role == ROLES[role]]
        rows = rows[~rows.project_id.isin(here.project_id)]
        if count := here.project_id.nunique():
            told.append((_many(here, words.number(count)), phrase))
    if len(told) == 1:
        return f" {told[0][1]}"
    return ": " + ", ".join(f"{number} {phrase}" for number, phrase in told)


def _countries(rows):
    """Say how many countries are named as beneficiaries, and how many more through a network."""
    named, parts = rows[~rows.kind.isin(REGIONS)], []
    helped = named[named.role == ROLES["beneficiary"]]
    joined = named[(named.role == ROLES["network_home"]) & ~named.place_id.isin(helped.place_id)]
    if count := helped.place_id.nunique():
        number = _many(helped, words.counted(count, *COUNTRIES), "place")
        parts.append(f"{number} named as {'a beneficiary' if count == 1 else 'beneficiaries'}")
    if count := joined.place_id.nunique():
        more = f"{words.number(count)} more" if parts else words.counted(count, *COUNTRIES)
        parts.append(f"{_many(joined, more, 'place')} through a network")
    regions = _many(rows, words.counted(rows.place_id.nunique(), "region"), "place")
    return "; " + (", ".join(parts) or f"{regions} named, no country")


def _standfirst(rows, ids):
    """Say what is told apart; of all places, also what the projects are called in the texts."""
    if ids:
        kinds = [tables.row(f"places/{key}")["kind"] for key in ids]
        return APART * any(kind not in REGIONS for kind in kinds)
    ties, told = tables.load_relations(), ""
    ties = ties[ties.predicate == "by_means_of"]
    ties = ties[ties.subject.isin("projects/" + rows.project_id)]
    for framework, of_one in ties.groupby("object"):
        number = words.number(len(of_one), capital=True)
        number = words.link(number, list("relations/" + of_one.index), "; ".join(of_one.label))
        verb = "is" if len(of_one) == 1 else "are"
        name = words.link(tables.label(framework), framework)
        told += f"{number} {verb} said to be {name}, or to use it. "
    return told + STANDFIRST if len(rows) else ""


def _named(rows, role, every, one):
    """Say which places projects name in a role, and which projects do where one place is asked for."""
    rows = rows[rows.role == ROLES[role]]
    if not (count := rows.project_id.nunique()):
        return None
    number = _many(rows, words.counted(count, "project", capital=True))
    names = words.link(rows.place.iloc[0], list(rows.of)) if one else _names(rows)
    text = f"{number} name{'s' * (count == 1)} {names} {PHRASES[role][rows.place_id.nunique() > 1]}"
    if one:
        told = [
            detailed(row, row.project, f"projects/{row.project_id}") for row in rows.itertuples()
        ]
        text += f": {few(told, list(rows.of))}"
    text += "." + _countries_of(rows, every) * (role == "target_region")
    return text, rows.place_id.nunique(), "places"


def _countries_of(rows, every):
    """Say which countries the projects for a region name as beneficiaries."""
    helped, told = every[every.role == ROLES["beneficiary"]], ""
    for row in rows[rows.project_id.isin(helped.project_id)].itertuples():
        named = _names(helped[helped.project_id == row.project_id])
        told += f" The project for {words.link(row.place, row.of)} names {named}."
    return told


def _through_network(rows, came, every):
    """Say which countries a network joins, and that its figures are those of the whole."""
    told, every = [], every[every.role == ROLES["network_home"]]
    came = came[came.scope == "network"]
    here = {*rows.project_id[rows.role == ROLES["network_home"]], *came.project_id}
    every = every[every.project_id.isin(here)]
    for tie in networks().drop_duplicates(["project_id", "network"]).itertuples():
        if tie.project_id in here:
            homes = _names(every[every.project_id == tie.project_id])
            counts = came[(came.project_id == tie.project_id) & (came.counted != "")]
            counts = counts[counts.places.str.len() > 0]
            said = words.listed(map(words.link, counts.counted, counts.of))
            told.append(f"The {words.link(tie.network, tie.of)} brings together institutes")
            told[-1] += f" from {homes}" if homes else ""
            told[-1] += f": {said} in all, not in each country." if said else "."
    return " ".join(told), every.place_id.nunique(), "places"


def _paid(rows):
    """Say that the amounts are those of whole projects, not of the places asked for."""
    rows = rows.drop_duplicates("project_id")
    paid, lacking = rows[rows.money != ""], rows[rows.money == ""]
    paid = linked(paid)
    said = [f"{row.project}: {row.money}" for row in paid.itertuples()]
    text = f"Money is that of whole projects. {few(said, list(paid.money_of))}." * bool(said)
    if len(lacking):
        number = _many(lacking, words.counted(len(lacking), "project"))
        text += f" Our tables hold no amount for {number}."
    return text.strip(), len(paid), "projects"


def _people(came, rows):
    """Say for which projects people are counted, and that our tables hold no total."""
    counted = came[came.people]
    if not (number := counted.project_id.nunique()):
        return None
    where = _many(counted, words.counted(number, "project"))
    where += " only" * (number < rows.project_id.nunique())
    said = "; ".join(detailed(row, row.counted, row.of) for row in counted.itertuples())
    total = " Our tables hold no total." * (len(counted) > 1)
    return f"People are counted for {where}: {said}.{total}", number, "projects"


def _told(came, rows):
    """Say of how many projects results are told, and which of them are still to come."""
    count, lacking = came.project_id.nunique(), rows[~rows.project_id.isin(came.project_id)]
    if not count:
        return None
    text = f"Results are told of {_many(came, words.counted(count, 'project'))}"
    if less := lacking.project_id.nunique():
        text += f"; for {_many(lacking, words.number(less))} our tables hold none"
    more = []
    for status, some in came[came.status != "delivered"].groupby("status"):
        number = _many(some, words.number(len(some)), "result")
        more.append(f"{number} {'is' if len(some) == 1 else 'are'} {status}")
    more = f" Of these results {words.listed(more)}." if more else ""
    return f"{text}.{more}", count, "projects"


def _own(came, ids, when):
    """Say what is dated in a window, or told of one place alone; people are told apart."""
    asked = words.listed((tables.label(f"places/{key}") for key in ids), "or")
    lead, none = (
        f"Dated results that touch {when[1:].partition(' ')[2]}: ",
        f"Our tables date no result of these projects{when}.",
    )
    if not when:
        came = came[came.scope == "place"]
        lead, none = "Told ", f"Our tables hold no result of {asked} alone."
    rows, told, whose = came[~came.people], [], ""
    for row in rows.itertuples():
        of = "" if when or row.whose == whose else f"of {words.link(row.whose, row.whose_of)}: "
        told, whose = [*told, of + detailed(row, row.result, row.of)], row.whose
    text = f"{lead}{few(told, list(rows.of))}."
    return (text if told else none * came.empty), len(told), "results"


def _tied(ids, start, end):
    """Say how else our tables name the places asked for, such as what an office oversees."""
    ties = tables.load_relations()
    ties = ties[ties.object.isin([f"places/{key}" for key in ids]) & (ties.predicate != "part_of")]
    told = [f"{words.link(tie.label, f'relations/{key}')}." for key, tie in ties.iterrows()]
    for row in results("", start, end).itertuples():
        if set(ids) & set(row.places):
            whose = words.link(row.whose, row.whose_of)
            told.append(f"A result is told of {whose}: {words.link(row.result, row.of)}.")
    return [(text, None, "") for text in told]


def _perhaps(rows, when):
    """Name what may have been under way in the window, or joined a network, and is not counted."""
    told, ties = [], networks().drop_duplicates("project_id").set_index("project_id")
    for key, some in rows.groupby("project_id", sort=False):
        first = some.iloc[0]
        if (some.role == ROLES["network_home"]).all():
            tie = ties.loc[key]
            launched = words.link(words.date(tie.launched), tie.launched_of)
            told.append(f"countries of the {words.link(tie.network, tie.of)} (launched {launched})")
        else:
            told.append(detailed(first, first.project, f"projects/{key}"))
    return f"Not certain{when}, so not counted: {'; '.join(told)}." if told else ""
