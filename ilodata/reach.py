"""Whom South-South and triangular cooperation (SSTC) reached: places, roles, money, results.

A country named as a beneficiary, one whose institutes are in a network, and a region whose
countries are not listed are counted apart; a figure of a network is not one of its countries.
"""

import pandas as pd

from ilodata import amounts, dates, tables, words
from ilodata.evidence import certainty, doubted, lacking, reported

__all__ = ["findings", "money", "networks", "places", "results", "told"]

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
    "We count apart the countries that projects are for, those with institutes in a network, and "
    "regions named as a whole."
)
APART = "A project is counted for the places that it names, not for others in or around them."
MOST, TOLD = 5, 2  # findings on a page; results or amounts named in a finding
LATE = "Not yet done: "
PEOPLE = (  # a result whose unit ends in one of these is a number of people
    "adults beneficiaries children educators employees employers entrepreneurs experts farmers "
    "graduates inspectors instructors learners managers men migrants officers officials participants "
    "people persons policymakers staff students teachers trainees trainers women workers youth"
)


def __dir__():
    return __all__  # what Tab shows


def places(asked=(), start="", end=""):
    """List which projects touch which places, in which role, and with what money.

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
        "undated"), money (in words), and their cells: of, when_of, money_of, and no_result_of: the
        gap that says that no result of the project is stated.

    Raises
    ------
    DataError
        If a place is not known; the nearest is named.
    ValueError
        If the window is reversed or cannot be read.
    """
    wanted = tables.find(asked, "places", "places")
    projects = tables.load_projects().rename(columns={"label": "project"})
    named = tables.load_places().rename(columns={"label": "place"})
    rows = tables.load_project_places().join(projects, on="project_id").join(named, on="place_id")
    rows = rows.join(money(), on="project_id").sort_values("start", kind="stable")
    rows["no_result_of"] = [lacking(f"projects/{k}", "result")[1] for k in rows.project_id]
    rows = rows.set_index("project_places/" + rows.index).rename_axis("record")
    rows = rows.astype(object).fillna("")
    begun = rows.project_id.map(networks().groupby("project_id").launched.max().get)
    begun = zip(begun.where(rows.role == "network_home", ""), rows.period, strict=True)
    rows["fits"] = [_fits(start, end, *both) for both in begun]
    rows["of"], rows["certainty"] = rows.index, rows.index.map(certainty)
    rows["role"], rows["when"] = rows.role.map(ROLES), rows.period.map(_when)
    rows["when_of"] = "projects/" + rows.project_id + "/period"
    columns = "project_id project place_id place kind role certainty when fits money of when_of"
    rows = rows[[*columns.split(), "money_of", "no_result_of"]]
    return rows[(rows.fits != "no") & (rows.place_id.isin(wanted) | (not wanted))]


def results(asked=(), start="", end=""):
    """List what came of the projects that touch some places, and whose result each is.

    Parameters
    ----------
    asked, start, end
        As for `places`. Left out is what is dated outside the window, or by the last report must
        be, or is of other places alone. A number is certain where all its period is inside.

    Returns
    -------
    DataFrame
        Indexed by ``results/id``: project_id, project, result (in words), value, counted
        ("22 TVET institutes"), people (whether people are counted), whose ("Cambodia", "the whole
        project", "the network …"), scope ("place", "project", "network"), places (ids), when, fits
        (as for `places`), status, certainty, of, when_of, whose_of.
    """
    ids, at = tables.find(asked, "places", "places"), tables.load_result_places()
    at = at.join(tables.load_places().label, on="place_id").rename_axis("at").reset_index()
    rows = current("results").rename_axis("id").reset_index()
    rows = rows.join(at.groupby("result_id").agg(list), on="id")
    rows = rows.merge(networks()[["record", "project_id", "network", "launched"]], "left", "record")
    rows["project_id"] = rows.project_id.fillna(rows.record.str.removeprefix("projects/"))
    rows = rows.join(tables.load_projects().add_prefix("project_"), on="project_id", how="inner")
    came, until, touched = [], tables.reported_until(), tables.load_project_places()
    touched = touched.groupby("project_id").place_id.agg(set)
    here = places(asked, start, end)
    whole, regional = ({*it.project_id} for it in (here, here[here.role == ROLES["target_region"]]))
    outer = "/".join("" if dates.blank(side) else str(side) for side in (start, end))
    for row in rows.astype(object).fillna("").itertuples():
        dated, status = row.period or row.as_of, row.status.replace("_", " ")
        fits = _fits(start, end, row.launched, dated, row.project_period)
        known = dated or until and (f"../{until}" if status == "delivered" else f"{until}/..")
        if "no" in (fits, dates.in_window(known, start, end)):
            continue
        if fits == "certainly" and row.value != "" and outer != "/":
            fits = fits if dates.contains(outer, dated) else "possibly"
        of, where = f"results/{row.id}", words.listed(row.label)
        count = "" if row.value == "" else amounts.hedge(row.qualifier) + words.number(row.value)
        # What took place where the project is not for is the whole project's.
        own = not touched.get(row.project_id, set()).isdisjoint(row.place_id)
        whose, scope = where or "the whole project", "place" if own else "project"
        if row.network:
            whose, scope = f"the {row.network}{f', in {where}' * bool(where)}", "network"
        near = regional if scope == "place" else whole
        if ids and row.project_id not in near and {*ids}.isdisjoint(row.place_id):
            continue
        result = f"{count} {row.indicator}".strip().replace("; ", ", ")
        people = row.unit.casefold().split(" ")[-1] in PEOPLE.split()
        when_of = f"{of}/{'period' if row.period else 'as_of'}" * bool(dated)
        at = [row.record] * bool(row.network) + [f"result_places/{key}" for key in row.at]
        made = [of, row.project_id, row.project_label, result, row.value if count else None]
        made += [count and f"{count} {row.unit}", people, whose, scope, [*row.place_id]]
        made += [_when(dated) or "no date" * (outer != "/"), fits, status, certainty(of)]
        came.append([*made, of, when_of, "+".join(at)])
    columns = "record project_id project result value counted people whose scope places when fits"
    columns += " status certainty of when_of whose_of"
    types = {"value": "Float64", "people": bool}
    return tables.frame(came, columns.split(), "record").astype(types)


def _fits(start, end, launched, *texts):
    """Tell how surely a thing of all these dates, once launched, is in a window: the least sure."""
    texts = texts if dates.blank(launched) else (*texts, f"{launched}/..")
    until = tables.reported_until()
    return max((dates.in_window(text, start, end, until) for text in texts), key=FITS.index)


def current(table):
    """Read a table as objects, blank cells as "", without what a later row supersedes."""
    rows = tables.read(table).astype(object).fillna("")
    return rows[~rows.index.isin(tables.superseded(table))]


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
    rows, dated, ties = [], tables.load_results().dropna(subset=["period"]), tables.load_relations()
    ties = ties[ties.predicate.isin(WITHIN) & ties.subject.str.startswith("organisations/")]
    for key, tie in ties[ties.object.str.startswith("projects/")].iterrows():
        name = tables.label(tie.subject)
        begun = dated.period[dated.indicator.str.contains(name, regex=False)].sort_values()
        begun = [(d, f"launched {words.date(d)}", f"results/{k}/period") for k, d in begun.items()]
        begun = begun or [("", "", "")]
        for record in [tie.subject, *ties.subject[ties.object == tie.subject]]:
            rows.append((tie.object.partition("/")[2], record, name, f"relations/{key}", *begun[0]))
    columns = ["project_id", "record", "network", "of", "launched", "when", "when_of"]
    return pd.DataFrame(rows, columns=columns)


def money():
    """Say the money of each project, with the cells behind it; a misprint is said to be one.

    Returns
    -------
    DataFrame
        Indexed by project_id: money (in words; "not stated" where a gap says so), money_of (its
        source, "" where there is none).
    """
    rows = current("contributions").query("project_id != ''")
    exact, wrong = rows.qualifier == "exact", rows.qualifier == "misprint"
    printed = "“" + rows.printed + "”" + wrong.map({True: " (misprinted)", False: ""})
    rows["money"] = rows.amount_usd.map(words.money).where(exact, printed)
    field = exact.map({True: "amount_usd", False: "printed"})
    rows["money_of"] = "contributions/" + rows.index + "/" + field
    rows = rows.groupby("project_id").agg({"money": " and ".join, "money_of": "+".join})
    for row in tables.rows("projects"):
        if (key := row["project_id"]) not in rows.index:
            said, of = lacking(f"projects/{key}", "amount")
            # Another reading of its title would bring the money of what that names.
            rows.loc[key] = said, f"{of}+projects/{key}/title" if of and row["title"] else of
    return rows


def linked(reached):
    """Link what a frame from `places` says to the cells behind it, for `show`.

    Returns
    -------
    DataFrame
        A copy, in which place, when, project and money are linked, and a role not certain says so.
    """
    made = reached.assign(project_of="projects/" + reached.project_id, place_of=reached.of)
    for name in ("place", "when", "project", "money"):
        both = zip(made[name], made[f"{name}_of"], strict=True)
        made[name] = [words.link(text, of) if text and of else text for text, of in both]
    perhaps = (made.fits == "possibly").map({True: "; perhaps not in this window", False: ""})
    return made.assign(role=made.role + perhaps)


def told(came):
    """Say what came of each project in lines, with date, status and place in brackets.

    Parameters
    ----------
    came : DataFrame
        From `results`.

    Returns
    -------
    DataFrame
        A row a project, indexed by record (``projects/id``): project, text (linked text; a line a
        result, what is not yet done last).
    """
    made = came.sort_values("status", key=lambda it: it != "delivered", kind="stable")
    made["text"] = [_line(row) for row in made.itertuples()]
    made = made.groupby("project_id", sort=False).agg({"project": "first", "text": "\n".join})
    made = made.astype(str)
    made.index = ("projects/" + made.index.astype(str)).rename("record")
    return made.assign(project=list(map(words.link, made.project, made.index)))


def _line(row):
    """Say a result, and whose it is where the words of the result do not say that."""
    whose = row.whose if row.places or row.scope != "project" else ""
    if row.scope == "network" and whose.partition(",")[0].split()[-1].lower() in row.result.lower():
        whose = whose.partition(", ")[2]  # it calls it so
    whose = [words.link(whose, row.whose_of)] if whose and whose not in row.result else []
    late = row.status != "delivered"
    text = row.result if late else words.capital(row.result)
    return LATE * late + detailed(row, text, row.of, *whose)


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
        region has no point, nor has what is not certain in the window.
    """
    lies = tables.load_reference("countries")
    lies = lies.set_index(lies.iso3.fillna(lies.label))[["longitude", "latitude"]]
    near = reached[~reached.kind.isin(REGIONS) & (reached.fits != "possibly")]
    near = _by_role(near)
    rows = pd.concat([reached[:0], *(rows for _, rows, _ in near)]).groupby("place_id", sort=False)
    rows = rows.agg({"place": "first", "role": "first", "of": "+".join})
    code = tables.load_places().iso3.reindex(rows.index).fillna(rows.place)
    return rows.join(lies.reindex(code).set_axis(rows.index)).dropna(subset=["longitude"])


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
        kind ("headline", "standfirst", "finding", "caveat"), text (linked), and value, low, high,
        unit (of the headline: projects, certain to possible).
    """
    ids, window = tables.find(asked, "places", "places"), words.window(start, end)
    when = f" {words.at(window)}" * any(not dates.blank(side) for side in (start, end))
    every, here, came = places(), places(asked, start, end), results(asked, start, end)
    sure = here[(here.fits == "certainly") | (not when)]
    kept = came[came.project_id.isin(sure.project_id)]
    told = _stated(sure, kept, every, ids, when) if len(sure) else []
    alone = [key for key in ids if key not in {*here.place_id}]
    told += _tied(ids, results(alone, start, end) if alone else came[:0], start, end)
    known, by = tables.reported_until(), ""
    if known and dates.in_window(f"../{known}", start, end) == "no":
        by = f"By the stated years (the texts report up to {reported()}), "
    said = [("headline", _headline(sure, ids, when, by))]
    said += [("standfirst", _standfirst(sure, ids)), *(("finding", text) for text in told[:MOST])]
    said.append(("caveat", _perhaps(here.drop(sure.index), window)))
    frame = pd.DataFrame([row for row in said if row[1]], columns=["kind", "text"])
    low, high = sure.project_id.nunique(), here.project_id.nunique()
    counted = {"value": low, "low": low, "high": high, "unit": "projects"}
    return frame.join(pd.DataFrame([counted]))


def _stated(rows, came, every, ids=(), when=""):
    """Say what there is to say of some projects, a text a sentence."""
    perhaps = came[(came.fits == "possibly") & came.when_of.ne("")]
    kept = came[(came.fits != "possibly") | (not when)]
    came = kept[(kept.fits == "certainly") | (not when)]
    said = [
        *(_named(rows, role, ids) for role in ("beneficiary", "target_region")),
        _through_network(rows, came, every),
        _paid(rows) if ids else "",
        _people(kept, rows),
        _own(kept, perhaps, when) if ids or when else _told(came, rows),
    ]
    return [text for text in said if text]


def _many(rows, noun="", by="project", capital=False):
    """Count the projects or places of some rows, linked, with their names."""
    names = sorted(set(rows[by]))
    plural = "countries" if noun == "country" else None
    said = words.counted(len(names), noun, plural, capital) if noun else words.number(len(names))
    # In doubt is whether it is a project at all.
    cells = doubted(f"projects/{key}/title" for key in rows.project_id if by == "project")
    return words.link(said, list(dict.fromkeys([*rows.of, *cells])), "; ".join(names))


def called(rows):
    """Name places, linked, with the number of projects where it is not one; the most first."""
    named = []
    for place, some in rows.groupby("place"):
        count = some.project_id.nunique()
        more = f" ({_many(some, 'project')})" * (count > 1 and rows.place.nunique() > 1)
        named.append((-count, words.link(place, list(some.of)) + more))
    return words.listed((text for _, text in sorted(named)), names=True)


def few(rows, say, most=TOLD):
    """Say what there is to say of the first rows, and how many more there are, linked (``of``)."""
    said, more = [say(row) for row in rows[:most].itertuples()], list(rows.of[most:])
    number = words.number(len(more))
    said += [f"{words.link(number, more) if any(more) else number} more"] * (more != [])
    apart = any("," in words.plain(text) for text in said) or len(said) > most
    return "; ".join([*said[:-2], "; and ".join(said[-2:])]) if apart else words.listed(said)


def detailed(row, text, of, *more):
    """Link what is said of a row, with its date, its status where it is not done, and more."""
    told = [words.link(row.when, row.when_of) if row.when_of else row.when] if row.when else []
    if getattr(row, "status", "delivered") != "delivered":
        told.append(words.link(row.status, f"{row.of}/status"))
    told = ", ".join([*told, *more])
    return words.link(text, of) + f" ({told})" * bool(told)


def _dated_project(row):
    """Name the project of a row, linked, with its years."""
    return detailed(row, row.project, f"projects/{row.project_id}")


def _headline(rows, ids, when, by):
    """Say how many projects, and how many countries, or the places asked for, in which role."""
    named = [tables.label(f"places/{key}") for key in ids]
    asked = words.listed(named, "or")
    if rows.empty:
        return f"We count no project{when}{f' that names {asked}' * bool(ids)}."
    near = rows.sort_values("certainty", ascending=False, kind="stable")
    near = near.drop_duplicates("project_id")  # with the surest of its places
    if when:
        near = near.assign(of=near.of + "+projects/" + near.project_id + "/period")
    said = f"{by}{_many(near, 'project', capital=not by)}{when} name{'s' * (len(near) == 1)}"
    if not ids:
        return f"{said} {_countries(rows)}."
    parts = [(role, rows[rows.role == kind]) for role, kind in ROLES.items()]
    parts = [(PHRASES[role][0], it) for role, it in parts if len(it)]
    some = [f" ({words.listed(it.place.unique())})" * ({*it.place} != {*named}) for _, it in parts]
    if len(parts) == 1:
        return f"{said} {asked} {parts[0][0]}{some[0]}."
    # A project that names several of the places is told in each role in which it names one.
    told = [words.link(r, [*it.of]) if len(near) < 2 else f"{_many(it)} {r}" for r, it in parts]
    more = sum(it.project_id.nunique() for _, it in parts) > len(near) > 1
    told = ", ".join(map(str.__add__, told, some))
    return f"{said} {asked}{', some in more than one role' * more}: {told}."


def _by_role(rows):
    """Give each place to the nearest of its roles: role, its rows, how many."""
    rank = rows.role.map(list(ROLES.values()).index)
    near = rows[rank == rank.groupby(rows.place_id).transform("min")]
    some = {role: near[near.role == said] for role, said in ROLES.items()}
    return [(role, rows, rows.place_id.nunique()) for role, rows in some.items() if len(rows)]


def _countries(rows):
    """Say how many countries and regions are named as what."""
    told = []
    for role, some, count in _by_role(rows):
        phrase = f" {PHRASES[role][count > 1]}"
        if role == "target_region":
            told.append(_many(some, "target region", "place"))
        elif told:
            told.append(_many(some, by="place") + f" more{phrase}")
        else:
            told.append(_many(some, "country", "place") + phrase)
    return words.listed(told)


def _standfirst(rows, ids):
    """Say what is told apart; of all places, also what the projects are called in the texts."""
    if ids:
        return APART
    ties, told = tables.load_relations().query("predicate == 'by_means_of'"), ""
    ties = ties[ties.subject.isin("projects/" + rows.project_id)]
    for framework, some in ties.groupby("object"):
        # That "this project" is the one of the heading is no great doubt.
        cells = list("relations/" + some.index + "/predicate")
        number = "it" if rows.project_id.nunique() == 1 else words.number(len(some))
        number = words.link(number, cells, "; ".join(some.label))
        told += f"The texts tie {number} to {words.link(tables.label(framework), framework)}. "
    return (told + STANDFIRST * (rows.role.nunique() > 1)).strip()


def _named(rows, role, asked):
    """Say which places projects name in a role, or where places are asked for which projects do."""
    rows = rows[rows.role == ROLES[role]]
    phrase = f"Named {PHRASES[role][rows.place_id.nunique() > 1]}"
    if asked and len(rows):
        return f"{phrase} by: {few(rows.drop_duplicates('project_id'), _dated_project)}."
    return f"{phrase}: {called(rows)}." if len(rows) else ""


def _through_network(rows, came, every):
    """Say which countries a network joins, and that its figures are those of the whole."""
    told, homes, came = [], ROLES["network_home"], came[came.scope == "network"]
    here = {*rows.project_id[rows.role == homes], *came.project_id}
    every = every[(every.role == homes) & every.project_id.isin(here)]
    counts = came[(came.counted != "") & (came.places.str.len() > 0)]
    for tie in networks().drop_duplicates(["project_id", "network"]).itertuples():
        if len(own := every[every.project_id == tie.project_id]):
            figures = counts[counts.project_id == tie.project_id]
            figures = words.listed(map(words.link, figures.counted, figures.of))
            text = f"The {words.link(tie.network, tie.of)} brings together institutes from {called(own)}"
            told.append(text + f": {figures} in all, not in each country" * bool(figures) + ".")
    return " ".join(told)


def _paid(rows):
    """Say that the amounts are those of whole projects, not of the places asked for."""
    rows = rows.drop_duplicates("project_id").sort_values("money_of", ascending=False)
    rows = linked(rows).assign(of=rows.money_of)  # contributions first, then gaps
    known = rows.money_of.str.startswith("contributions")
    how = known.map({True: "{0.money} for {0.project}", False: "that of {0.project} is {0.money}"})
    said = few(rows.assign(how=how), lambda row: row.how.format(row), MOST)
    return f"Money of whole projects: {said}."


def _people(came, rows):
    """Say for which projects people are counted."""
    counted = came[came.people]
    if counted.empty:
        return ""
    only = " only" * (counted.project_id.nunique() < rows.project_id.nunique())
    said = few(counted, lambda row: detailed(row, row.counted, row.of), MOST)
    return f"People are counted for {_many(counted, 'project')}{only}: {said}."


def _told(came, rows):
    """Say of how many projects results are told."""
    silent = rows[~rows.project_id.isin(came.project_id)]
    if came.empty:
        return ""
    text = f"Results are told of {_many(came, 'project')}"
    if len(silent):
        gaps = list(filter(None, dict.fromkeys(silent.no_result_of)))
        none = words.link("no result is stated", gaps) if gaps else "our tables hold none"
        text += f"; of {_many(silent)} {none}"
    return f"{text}."


def _own(came, perhaps, when):
    """Say what is dated in a window, or told of one place alone; people are told apart."""
    held = came[~came.people & (came.status == "delivered")]  # what is planned is no result yet
    held = held[(held.scope == "place") | bool(when)]
    loose = held[(held.fits == "undated") & bool(when)].assign(when="")
    held = held.drop(loose.index)
    some = {f"Dated results that touch {when[1:].partition(' ')[2]}": held}
    some[f"Perhaps not wholly{when}"] = perhaps
    if not when:
        whose = held.groupby("whose", sort=False).whose_of
        whose = words.listed((words.link(it, list(of)) for it, of in whose), names=True)
        some = {f"Results told of {whose}": held}
    if when and held.empty and perhaps.empty:  # what is told of a place alone first
        loose = loose.sort_values("scope", key=lambda it: it != "place", kind="stable")
        some["Results without a date"] = loose
    some = [(lead, it) for lead, it in some.items() if len(it)]
    if when and not some and came.empty:
        return f"Results: our tables date none{when}."
    told = [f"{lead}: {few(it, lambda r: detailed(r, r.result, r.of))}." for lead, it in some]
    return " ".join(told)


def _tied(ids, came, start, end):
    """Say how else our tables name the places asked for, such as what an office oversees."""
    ties = tables.load_relations()
    ties = ties[ties.object.isin([f"places/{key}" for key in ids]) & (ties.predicate != "part_of")]
    told = [f"{words.link(label, f'relations/{key}')}." for key, label in ties.label.items()]
    for key in ids:
        here = [(f"agreements/{r['agreement_id']}", r, "signed") for r in tables.rows("agreements")]
        here += [(f"events/{r['event_id']}", r, "date") for r in tables.rows("events")]
        here = [(of, r[date]) for of, r, date in here if r["place_id"] == key]
        here = [of for of, date in here if dates.in_window(date, start, end) != "no"]
        here = "; ".join(words.link(tables.label(of), f"{of}/place_id") for of in here)
        told += [f"In {tables.label(f'places/{key}')}, by our tables: {here}."] * bool(here)
    for row in came.itertuples():
        whose = words.link(row.whose, row.whose_of)
        told.append(f"A result for {whose}: {detailed(row, row.result, row.of)}.")
    return told


def _perhaps(rows, when):
    """Name what may have been under way in the window, or joined a network, and is not counted."""
    ties = networks().query("launched != ''").drop_duplicates("project_id").set_index("project_id")
    named = []
    for key, some in rows.groupby("project_id", sort=False):
        said = _dated_project(some.iloc[0])
        if key in ties.index and (some.role == ROLES["network_home"]).all():
            tie = ties.loc[key]
            said = f"{called(some)} in the {detailed(tie, tie.network, tie.of)}, under {said}"
        named.append(said)
    return words.uncertain(named, when)
