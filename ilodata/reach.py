"""Whom South-South and triangular cooperation (SSTC) reached: places, roles, money, results.

A country named as a beneficiary, one whose institutes are in a network, and a region whose
countries are not listed are counted apart; a figure of a network is not one of its countries.
"""

import pandas as pd

from ilodata import amounts, dates, naming, tables, words
from ilodata.evidence import certainty, doubted, lacking, reported, stated
from ilodata.tables import those

__all__ = ["findings", "money", "networks", "places", "points", "result_lines", "results"]
__dir__ = __all__.copy  # what Tab shows

ROLES = {  # the nearest to a place first
    "beneficiary": "named as beneficiary",
    "network_home": "home of network institutes",
    "target_region": "named as a target region",
}
PHRASES = {  # of one place, and of several
    "beneficiary": ("as a beneficiary", "as beneficiaries"),
    "network_home": ("as home of institutes in a network", "through a network"),
    "target_region": ("as a target region", "as target regions"),
}
REGIONS = ("region", "group_of_states")
WITHIN = ("under", "part_of")  # relations by which an organisation belongs to a project or network
FITS = ("certainly", "undated", "possibly", "no")  # in a window, the surest first
STANDFIRST = (
    "A project counts only for the places that it names: countries that it is for (we call "
    "them beneficiaries), homes of institutes in its network, or regions as a whole."
)
MOST_FINDINGS, MOST_NAMED = 5, 2  # on a page; results or amounts in a finding
PEOPLE = (  # a result whose unit ends in one of these is a number of people
    "children educators employees employers experts farmers graduates inspectors learners managers "
    "men migrants officials participants people staff students teachers trainers women workers youth"
)


def places(asked=(), start=None, end=None):
    """List which projects touch which places, in which role, and with what money.

    Parameters
    ----------
    asked : str or list of str
        Places by id, label or a name as printed, such as "Cambodia"; empty for all.
    start, end : str or int
        First and last year of a window; a start alone is that year, "" no bound. What cannot lie in
        it is left out: a project by its dates, a country of a network by the network's launch.

    Returns
    -------
    DataFrame
        By ``project_places/id``: project_id, project, place_id, place, kind, role (in words),
        certainty (of the role), when, in_window ("certainly", "possibly" or "undated"),
        money (in words); their cells: of, project_of, place_of, when_of, money_of; and
        no_result_of: the gap that says that no result of the project is stated.

    Raises
    ------
    ValueError
        If a place is not known (the nearest is named), or the window cannot be read.
    """
    wanted = naming.find(asked, "places", "places")
    projects = tables.load_projects().rename(columns={"label": "project"})
    named = tables.load_places().rename(columns={"label": "place"})
    rows = tables.load_project_places().join(projects, on="project_id").join(named, on="place_id")
    rows = rows.join(money(), on="project_id").sort_values("start", kind="stable")
    rows = rows.set_index("project_places/" + rows.index).rename_axis("record")
    rows = rows.astype(object).fillna("")
    rows["no_result_of"] = [lacking(f"projects/{k}", "result")[1] for k in rows.project_id]
    begun = rows.project_id.map(networks().groupby("project_id").launched.max().get)
    begun = zip(begun.where(rows.role == "network_home", ""), rows.period, strict=True)
    rows["in_window"] = [_fits(start, end, *both) for both in begun]
    rows["of"], rows["certainty"] = rows.index, rows.index.map(certainty)
    rows["role"], rows["when"] = rows.role.map(ROLES), rows.period.map(_when)
    rows["project_of"], rows["place_of"] = "projects/" + rows.project_id, rows.of
    rows["when_of"] = rows.project_of + "/period"
    columns = "project_id project place_id place kind role certainty when in_window money of"
    columns += " project_of place_of when_of money_of no_result_of"
    rows = rows[columns.split()]
    return rows[(rows.in_window != "no") & (rows.place_id.isin(wanted) | (not wanted))]


def results(asked=(), start=None, end=None):
    """List what came of the projects that touch some places, and whose result each is.

    Choices are as for `places`. Left out is what is dated outside the window, or by the last
    report must be, or is of other places alone.

    Returns
    -------
    DataFrame
        By ``results/id``: project_id, project, result (in words), value, counted ("22 TVET
        institutes"), people (whether people are counted), whose ("Cambodia", "the whole project",
        "the network …"), scope ("place", "project", "network"), places (ids), when, in_window (as
        for `places`), status, certainty, of, when_of, whose_of.
    """
    ids, here = naming.find(asked, "places", "places"), places(asked, start, end)
    at = tables.load_result_places().join(tables.load_places().label, on="place_id")
    at = at.rename_axis("at").reset_index().groupby("result_id").agg(list)
    ties = networks()[["record", "project_id", "network", "launched"]]
    rows = tables.current("results").rename_axis("id").reset_index().join(at, on="id")
    rows = rows.merge(ties, "left", "record")
    rows["project_id"] = rows.project_id.fillna(rows.record.str.removeprefix("projects/"))
    rows = rows.join(tables.load_projects().add_prefix("project_"), on="project_id", how="inner")
    touched = tables.load_project_places().groupby("project_id").place_id.agg(set)
    whole, regional = ({*it.project_id} for it in (here, here[here.role == ROLES["target_region"]]))
    came, until = [], tables.reported_until()
    undated = "no date" * bool(words.window(start, end))
    for row in rows.astype(object).fillna("").itertuples():
        dated = row.period or row.as_of
        fit = _fits(start, end, row.launched, dated, row.project_period)
        # What is delivered was so by the last report, what is not comes after it.
        known = dated or (f"../{until}" if row.status == "delivered" else f"{until}/..")
        # What took place where the project is not for is the whole project's.
        own = not touched.get(row.project_id, set()).isdisjoint(row.place_id)
        scope = "network" if row.network else "place" if own else "project"
        near = row.project_id in (regional if scope == "place" else whole)
        asked_for = not ids or near or {*ids} & {*row.place_id}
        if asked_for and "no" not in (fit, dates.in_window(known, start, end)):
            when = _when(dated) or undated
            came.append(_came(row) | {"scope": scope, "when": when, "in_window": fit})
    columns = "record project_id project result value counted people whose scope places when"
    columns += " in_window status certainty of when_of whose_of"
    types = {"value": "Float64", "people": bool}
    return tables.frame(came, columns.split(), "record").astype(types)


def _came(row):
    """Say a result, and whose it is, and name the cells of both."""
    of, whose = f"results/{row.id}", words.listed(row.label)
    if row.network:
        whose = f"the {row.network}{f', in {whose}' * bool(whose)}"
    count = "" if row.value == "" else amounts.hedge(row.qualifier) + words.number(row.value)
    dated = "period" if row.period else "as_of" if row.as_of else ""
    proof = [row.record] * bool(row.network) + [f"result_places/{key}" for key in row.at]
    return {
        "record": of,
        "project_id": row.project_id,
        "project": row.project_label,
        "result": f"{count} {row.indicator}".strip().replace("; ", ", "),
        "value": row.value if count else None,
        "counted": count and f"{count} {row.unit}",
        "people": row.unit.casefold().split(" ")[-1] in PEOPLE.split(),
        "whose": whose or "the whole project",
        "places": [*row.place_id],
        "status": row.status.replace("_", " "),
        "certainty": certainty(of),
        "of": of,
        "when_of": f"{of}/{dated}" * bool(dated),
        "whose_of": "+".join(proof),
    }


def _fits(start, end, launched, *texts):
    """Tell how surely a thing of all these dates, once launched, is in a window: the least sure."""
    texts = texts if dates.blank(launched) else (*texts, f"{launched}/..")
    return max((tables.in_window(text, start, end) for text in texts), key=FITS.index)


def _when(text):
    """Say a date in words, "" where there is none."""
    return "" if dates.blank(text) else words.date(text)


def networks():
    """List the networks under a project, the parts of a network too, and when each was launched.

    Returns
    -------
    DataFrame
        project_id, record (of the network or its part), network (label), of (the relation that ties
        it to the project), launched (a date; "" where our tables hold none), when (it in words),
        when_of.
    """
    rows, came, ties = [], tables.current("results"), tables.current("relations")
    came = came[came.indicator.str.startswith("launch") & (came.period != "")]
    ties = ties[ties.predicate.isin(WITHIN) & ties.subject.str.startswith("organisations/")]
    for key, tie in ties[ties.object.str.startswith("projects/")].iterrows():
        name, at, begun = naming.label(tie.subject), f"relations/{key}", ("", "", "")
        dated = came.period[came.indicator.str.contains(name, regex=False)]
        for result, day in dated.sort_values()[:1].items():
            begun = day, f"launched {words.date(day)}", f"results/{result}/period"
        for record in [tie.subject, *ties.subject[ties.object == tie.subject]]:
            rows.append((tie.object.partition("/")[2], record, name, at, *begun))
    columns = ["project_id", "record", "network", "of", "launched", "when", "when_of"]
    return pd.DataFrame(rows, columns=columns)


def money():
    """Say the money of each project; a misprint is said to be one.

    Returns
    -------
    DataFrame
        By project_id: money (in words; "not stated" where a gap says so), money_of (the cells
        behind it, "" where there are none).
    """
    rows = []
    for row in those("projects"):
        said = stated(row["of"])
        money, of = words.plain(said), words.source_of(said)
        if not said:
            money, of = lacking(row["of"], "amount")
            # Another reading of its title would bring the money of what that names.
            of += f"+{row['of']}/title" * bool(of and row["title"])
        rows.append((row["project_id"], money, of))
    return tables.frame(rows, ["project_id", "money", "money_of"], "project_id")


def result_lines(came):
    """Say what came of each project in lines, with date, status and place in brackets.

    ``came`` is what `results` returns.

    Returns
    -------
    DataFrame
        By project (``projects/id``): project, text (linked; a line a result, what is not yet done
        last).
    """
    made = came.sort_values("status", key=lambda it: it != "delivered", kind="stable")
    made["text"] = [_line(row) for row in made.itertuples()]
    made = made.groupby("project_id", sort=False).agg({"project": "first", "text": "\n".join})
    made.index = ("projects/" + made.index.astype(str)).rename("record")
    return made.astype(str).assign(project=list(map(words.link, made.project, made.index)))


def _line(row):
    """Say a result, and whose it is where the words of the result do not say that."""
    named = row.places and row.whose not in row.result
    whose = [words.link(row.whose, row.whose_of)] if named else []
    if row.status == "delivered":
        return detailed(row, words.capital(row.result), row.of, *whose)
    return "Not yet done: " + detailed(row, row.result, row.of, *whose)


def points(reached):
    """Say where the named countries and cities lie (whole degrees, reference data).

    ``reached`` is what `places` returns. A region has no point, nor has what is not certain in the
    window. Returned is a frame by place_id: place, role (the nearest of its roles), of (its cells),
    longitude, latitude.
    """
    lies = tables.load_reference("countries")
    lies = lies.set_index(lies.iso3.fillna(lies.label))[["longitude", "latitude"]]
    near = _nearest(reached[~reached.kind.isin(REGIONS) & (reached.in_window != "possibly")])
    rows = near.groupby("place_id", sort=False)
    rows = rows.agg({"place": "first", "role": "first", "of": "+".join})
    code = tables.load_places().iso3.reindex(rows.index).fillna(rows.place)
    return rows.join(lies.reindex(code).set_axis(rows.index)).dropna(subset=["longitude"])


def findings(asked=(), start=None, end=None):
    """State what the tables say about whom the projects reached, in sentences true for any choice.

    Choices are as for `places`. A project is counted in a window where it certainly was under way
    in it; one that may have been is named.

    Returns
    -------
    DataFrame
        kind ("headline", "standfirst", "finding", "caveat"), text (linked), and value, low, high,
        unit (of the headline: projects, certain to possible).
    """
    ids, window = naming.find(asked, "places", "places"), words.window(start, end)
    when = f" {words.at(window)}" * bool(window)
    every, came = places((), start, end), results(asked, start, end)
    here = every[every.place_id.isin(ids) | (not ids)]
    sure = here[(here.in_window == "certainly") | (not when)]
    came = came[~came.project_id.isin({*here.project_id} - {*sure.project_id})]
    if ids:
        told = [_project(some) for _, some in sure.groupby("project_id", sort=False)]
    else:
        told = [_named(sure, role) for role in ("beneficiary", "target_region")]
    told += [_through_network(sure, every, came), _people(came), _told(came, sure, ids, when)]
    told += [] if when else _ties(ids)
    said = [("headline", _headline(sure, ids, when, start, end)), ("standfirst", _standfirst(sure))]
    said += [("finding", text) for text in [*filter(None, told)][:MOST_FINDINGS]]
    perhaps = []
    for _, some in here.drop(sure.index).groupby("project_id", sort=False):
        first = some.iloc[0]
        perhaps.append(f"{_as_what(some)} in {detailed(first, first.project, first.project_of)}")
    said.append(("caveat", words.uncertain(perhaps, window)))
    frame = pd.DataFrame([row for row in said if row[1]], columns=["kind", "text"])
    low, high = sure.project_id.nunique(), here.project_id.nunique()
    counted = {"value": low, "low": low, "high": high, "unit": "projects"}
    return frame.join(pd.DataFrame([counted]))


def _many(rows, noun="project", by="project", more=""):
    """Count the projects or places of some rows, linked with what more is said, and their names."""
    names = sorted(set(rows[by]))
    said = words.counted(len(names), noun) if noun else words.number(len(names))
    # In doubt is whether it is a project at all.
    cells = doubted(f"projects/{key}/title" for key in rows.project_id if by == "project")
    return words.link(said + more, list(dict.fromkeys([*rows.of, *cells])), "; ".join(names))


def called(rows):
    """Name places, linked, with the number of projects where it is not one; the most first."""
    told = []
    for place, some in sorted(rows.groupby("place"), key=lambda it: -it[1].project_id.nunique()):
        more = f" ({_many(some)})" * (some.project_id.nunique() > 1)
        told.append(words.link(place, list(some.of)) + more)
    return words.listed(told, names=True)


def few(rows, say, noun="result", most=MOST_NAMED):
    """Say what there is to say of the first rows, and how many more there are, linked (``of``)."""
    said, more = [say(row) for row in rows[:most].itertuples()], list(rows.of[most:])
    said += [words.link(words.counted(len(more), f"more {noun}"), more)] if more else []
    return words.listed(said, names=True)


def detailed(row, text, of, *more):
    """Link what is said of a row, with its date, its status where it is not done, and more."""
    told = [words.link(row.when, row.when_of) if row.when_of else row.when] if row.when else []
    if getattr(row, "status", "delivered") != "delivered":
        told.append(words.link(row.status, f"{row.of}/status"))
    told = ", ".join([*told, *more])
    return words.link(text, of) + f" ({told})" * bool(told)


def _headline(rows, ids, when, start, end):
    """Say how many projects name how many countries, or the places asked for, and in which roles."""
    some, others = [it for it in ids if it in {*rows.place_id}], ""
    if none := [it for it in ids if it not in some]:
        named = words.listed((naming.label(f"places/{key}") for key in none), "or")
        whole = " as a whole" * any(tables.row(f"places/{key}")["kind"] in REGIONS for key in none)
        others = f" with {named}{whole} among its places"
    if rows.empty:
        return f"We count no project{when}{others}."
    by = ""
    if tables.beyond(start, end):
        by = f"By the stated years (the texts report up to {reported()}), "
    near = rows.sort_values("certainty", ascending=False, kind="stable")
    near = near.drop_duplicates("project_id")  # with the surest of its places
    if when:
        near = near.assign(of=near.of + "+projects/" + near.project_id + "/period")
    alone = len(near) == 1
    said = words.capital(f"{by}{_many(near)}{when} {words.verb(len(near), 'name')}")
    if not ids:
        return f"{said} {_countries(rows)}."
    both = "and" if alone else "or"  # of several projects, each may name one place only
    roles = [PHRASES[role][alone and it.place_id.nunique() > 1] for role, it in _by_role(rows)]
    asked = words.listed((naming.label(f"places/{key}") for key in some), both)
    said += f" {asked}{',' * (len(roles) > 1)} {words.listed(roles, both)}"
    return f"{said}; we count none{others}." if others else f"{said}."


def _by_role(rows):
    """Part rows by role, the nearest first."""
    some = ((role, rows[rows.role == said]) for role, said in ROLES.items())
    return [(role, it) for role, it in some if len(it)]


def _nearest(rows):
    """Keep the nearest of the roles of each place."""
    rank = rows.role.map(list(ROLES.values()).index)
    return rows[rank == rank.groupby(rows.place_id).transform("min")]


def _countries(rows):
    """Say how many countries and regions are named as what."""
    told = []
    for role, some in _by_role(_nearest(rows)):
        noun, more = "target region", ""
        if role != "target_region":
            noun = "country" if not told else ""
            more = f"{' more' * bool(told)} {PHRASES[role][some.place_id.nunique() > 1]}"
        told.append(_many(some, noun, "place", more=more))
    return words.listed(told)


def _standfirst(rows):
    """Say what the projects are called in the texts, and for what they count."""
    ties = tables.load_relations().query("predicate == 'by_means_of'")
    ties, told = ties[ties.subject.isin("projects/" + rows.project_id)], ""
    for framework, some in ties.groupby("object"):
        # That "this project" is the one of the heading is no great doubt.
        cells = list("relations/" + some.index + "/predicate")
        number = words.link(words.number(len(some)), cells, "; ".join(some.label))
        name = words.link(naming.label(framework), framework)
        told += f"Of the projects counted here, the texts tie {number} to {name}. "
    return told + STANDFIRST


def _named(rows, role):
    """Say which places projects name in a role."""
    rows = rows[rows.role == ROLES[role]]
    return f"Named {PHRASES[role][rows.place_id.nunique() > 1]}: {called(rows)}." * bool(len(rows))


def _project(rows):
    """Say in which roles a project names which places, and the money of the whole project."""
    first = rows.iloc[0]
    paid = words.link(first.money, first.money_of) if first.money_of else first.money
    said = f"{detailed(first, first.project, first.project_of)} names {_as_what(rows)}"
    return f"{said}; the amount for the whole project is {paid}."


def _as_what(rows):
    """Say which places some rows name as what."""
    roles = [(PHRASES[role], some) for role, some in _by_role(rows)]
    return words.listed(f"{called(it)} {said[it.place_id.nunique() > 1]}" for said, it in roles)


def _through_network(rows, every, came):
    """Say which countries a network joins, and that its figures are those of the whole."""
    homes, told = every[(every.role == ROLES["network_home"]) & (every.in_window != "possibly")], []
    came = came[(came.scope == "network") & (came.counted != "") & (came.places.str.len() > 0)]
    ties = networks().drop_duplicates(["project_id", "network"])
    ties = ties[ties.project_id.isin({*rows.project_id} & {*homes.project_id})]
    for tie in ties.itertuples():
        own, figures = (it[it.project_id == tie.project_id] for it in (homes, came))
        figures = words.listed(map(words.link, figures.counted, figures.of))
        text = f"The {detailed(tie, tie.network, tie.of)} brings together institutes from {called(own)}"
        told.append(text + f": {figures} in all, not in each country" * bool(figures) + ".")
    return " ".join(told)


def _people(came):
    """Say for which projects people are counted."""
    counted = came[came.people]
    said = few(counted, lambda row: detailed(row, row.counted, row.of), "figure", MOST_FINDINGS)
    return said and f"People are counted for {_many(counted)}: {said}."


def _told(came, rows, ids, when):
    """Say of which projects results are told, of asked places first, or a gap says that none is."""
    done, silent, told = came[came.status == "delivered"], rows[rows.no_result_of != ""], []
    near = [row.scope == "place" and not {*ids}.isdisjoint(row.places) for row in done.itertuples()]
    done = done.assign(near=near).sort_values("near", ascending=False, kind="stable")
    if said := few(done, lambda row: detailed(row, row.result, row.of), most=1):
        lead = "Results, dated or not, are" if when else "Results are"
        told.append(f"{lead} told of {_many(done)}: {said}.")
    if len(silent):
        none = words.link("No result is stated", list(dict.fromkeys(silent.no_result_of)))
        one = rows.project_id.nunique() == 1
        told.append(f"{none} for {'this project' if one else _many(silent)}.")
    return " ".join(told)


def _ties(ids):
    """Say what else our tables tie to the places asked for, such as an office that oversees them."""
    ties, near = those("relations"), {f"places/{key}" for key in ids}
    ties = [it for it in ties if it["object"] in near and it["predicate"] != "part_of"]
    return [f"{words.link(it['label'], it['of'])}." for it in ties]
