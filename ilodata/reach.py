"""Whom South-South and triangular cooperation (SSTC) reached: places, roles, money, results.

A country that is named as a beneficiary, one whose institutes are in a network, and a region whose
countries are not listed are never counted together; nor is what is counted for a network told as
a result of one of its countries. Sentences are linked text (`words.link`).
"""

import pandas as pd

from ilodata import dates, tables, words
from ilodata.evidence import certainty

ROLES = {  # the nearest to a place first
    "beneficiary": "named as beneficiary",
    "network_home": "home of network institutes",
    "target_region": "region, countries not listed",
}
STANDFIRST = (
    "Named as a beneficiary, home of institutes in a network, or part of a region whose countries "
    "are not listed: the three are told apart."
)
MOST = 5  # findings on a page
REGIONS = ("region", "group_of_states")
WITHIN = ("under", "part_of")  # relations by which an organisation belongs to a project or network
HEDGES = {"nearly": "nearly ", "over": "over ", "more_than": "more than "}
# A result whose unit ends in one of these words is a number of people.
PEOPLE = set(
    "adults apprentices attendees beneficiaries children educators employees employers "
    "entrepreneurs experts farmers girls graduates inspectors instructors jobseekers learners "
    "managers men migrants officers officials participants people persons policymakers "
    "professionals representatives staff stakeholders students teachers trainees trainers "
    "unionists women workers youth".split()
)


def places(asked=(), start="", end="", frames=None):
    """List which projects touch which places, in which role, and what came of them.

    Parameters
    ----------
    asked : str or list of str
        Places by id, label or a name as printed, such as "Cambodia"; empty for all.
    start, end : str or int
        First and last year of a window; blank for no bound. A project whose dates do not touch
        it is left out, and so is a country of a network that was launched after it.
    frames : dict
        Frames by table's name, for a what-if; what is not given is loaded.

    Returns
    -------
    DataFrame
        Indexed by ``project_places/id``: project_id, project, place_id, place, kind, role (in
        words), certainty (of the role), when, fits ("certainly" or "possibly" in the window, or
        "undated"), money, results (in words; see `results` for whose they are), and the cells
        behind them: of, money_of, results_of.

    Raises
    ------
    DataError
        If a place is not known; the nearest is named.
    ValueError
        If the window is reversed or cannot be read.
    """
    wanted = tables.find(asked, "places", "places")
    projects, known = _load(frames, "projects"), _load(frames, "places")
    launched = networks(frames).groupby("project_id").launched.min()
    paid, came, kept = money(frames), _listed(start, end, frames), []
    for key, row in _load(frames, "project_places").iterrows():
        period = projects.period[row.project_id]
        fits = dates.in_window(period, start, end)
        if row.role == "network_home" and launched.get(row.project_id):
            since = dates.in_window(f"{launched[row.project_id]}/..", start, end)
            fits = max(fits, since, key=("certainly", "undated", "possibly", "no").index)
        if fits == "no" or (wanted and row.place_id not in wanted):
            continue
        told = came[[_concerns(one, row) for one in came.itertuples()]]
        kept.append(
            {
                "record": f"project_places/{key}",
                "project_id": row.project_id,
                "project": projects.label[row.project_id],
                "place_id": row.place_id,
                "place": known.label[row.place_id],
                "kind": known.kind[row.place_id],
                "role": ROLES[row.role],
                "certainty": certainty(f"project_places/{key}"),
                "when": "" if dates.blank(period) else words.period(period),
                "fits": fits,
                **paid.get(row.project_id, {"money": "", "money_of": ""}),
                "results": "; ".join(told.result),
                "of": f"project_places/{key}",
                "results_of": "+".join(told.of),
            }
        )
    columns = "record project_id project place_id place kind role certainty when fits money results"
    frame = pd.DataFrame(kept, columns=[*columns.split(), "of", "money_of", "results_of"])
    return frame.set_index("record")


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
        (whether the unit is one of people), whose ("Cambodia", "the whole project", "the network
        …"), scope ("place", "project", "network"), places (ids), when, status, certainty, of.
    """
    touched = places(asked, start, end, frames)
    came = _listed(start, end, frames)
    at = _load(frames, "project_places")
    at = at[[f"project_places/{key}" in touched.index for key in at.index]]
    kept = [any(_concerns(one, row) for row in at.itertuples()) for one in came.itertuples()]
    return came[pd.Series(kept, came.index, dtype=bool)]


def _load(frames, table):
    """Return a table: as given for a what-if, or loaded; without what a later row supersedes."""
    given = (frames or {}).get(table)
    rows = getattr(tables, f"load_{table}")() if given is None else given
    if "supersedes_id" in rows:
        rows = rows[~rows.index.isin(rows.supersedes_id.dropna())]
    return rows


def networks(frames=None):
    """List the networks under a project, the parts of a network too, and when it was launched.

    Returns
    -------
    DataFrame
        project_id, organisation_id, network (label), launched (first day it can mean; "" where
        our tables hold no date), of (the relation that ties it to the project).
    """
    labels, results = _load(frames, "organisations").label, _load(frames, "results")
    ties, rows = _load(frames, "relations"), []
    ties = ties[ties.predicate.isin(WITHIN) & ties.subject.str.startswith("organisations/")]
    for key, row in ties[ties.object.str.startswith("projects/")].iterrows():
        name = labels[row.subject.split("/")[1]]
        dated = results[results.indicator.str.contains(name, regex=False)].period.dropna()
        launched = min((str(dates.span(text).start) for text in dated), default="")
        members = [row.subject, *ties.subject[ties.object == row.subject]]
        for member in members:
            project, organisation = row.object.split("/")[1], member.split("/")[1]
            rows.append((project, organisation, name, launched, f"relations/{key}"))
    return pd.DataFrame(
        rows, columns=["project_id", "organisation_id", "network", "launched", "of"]
    )


def money(frames=None):
    """Say the money of each project, with the cells behind it.

    Returns
    -------
    dict
        By project_id: {"money": in words, "money_of": source}. A misprint is said to be one.
    """
    said = {}
    for key, row in _load(frames, "contributions").dropna(subset=["project_id"]).iterrows():
        exact = row.qualifier == "exact"
        shown = words.money(row.amount_usd) if exact else f"“{row.printed}”"
        shown += " (misprinted)" * (row.qualifier == "misprint")
        cell = f"contributions/{key}/{'amount_usd' if exact else 'printed'}"
        said.setdefault(row.project_id, []).append((shown, cell))
    return {
        key: {"money": words.listed(s for s, _ in both), "money_of": "+".join(o for _, o in both)}
        for key, both in said.items()
    }


def _listed(start, end, frames):
    """List the results of each project, its own and those of its networks, within a window."""
    projects, labels = _load(frames, "projects").label, _load(frames, "places").label
    ties, at = networks(frames), _load(frames, "result_places").groupby("result_id").place_id
    at, kept = at.agg(list).to_dict(), []
    for key, row in _load(frames, "results").iterrows():
        dated = row.period if not dates.blank(row.period) else row.as_of
        if dates.in_window(dated, start, end) == "no":
            continue
        table, _, owner = row.record.partition("/")
        network = ties[(ties.organisation_id == owner) & (table == "organisations")]
        stands = [place for place in at.get(key, []) if place in labels.index]
        where = words.listed(labels[place] for place in stands)
        whose, scope = (where, "place") if where else ("the whole project", "project")
        if len(network):
            whose, scope = f"the {network.network.iloc[0]}", "network"
            whose += f", in {where}" * bool(where)
        counted = not pd.isna(row.value)
        hedge = HEDGES.get(row.qualifier, "") if counted else ""
        unit = "" if dates.blank(row.unit) else row.unit
        told = {
            "result": f"{hedge}{row.value:,} {row.indicator}" if counted else row.indicator,
            "short": f"{hedge}{row.value:,} {unit or row.indicator}" if counted else row.indicator,
            "value": row.value,
            "unit": unit,
            "people": counted and unit.casefold().rpartition(" ")[2] in PEOPLE,
            "whose": whose,
            "scope": scope,
            "places": stands,
            "when": "" if dates.blank(dated) else words.period(dated),
            "when_of": f"results/{key}/{'as_of' if dates.blank(row.period) else 'period'}",
            "status": row.status.replace("_", " "),
            "certainty": certainty(f"results/{key}"),
            "of": f"results/{key}",
        }
        for project in network.project_id if len(network) else [owner]:
            if project in projects.index:
                own = {"project_id": project, "project": projects[project]}
                kept.append({"record": f"results/{key}"} | own | told)
    columns = "record project_id project result short value unit people whose scope places when"
    frame = pd.DataFrame(kept, columns=[*columns.split(), "status", "certainty", "of", "when_of"])
    return frame.set_index("record")


def _concerns(result, row):
    """Tell whether a result is one of a project in one of its places."""
    elsewhere = result.scope == "place" and row.place_id not in result.places
    return result.project_id == row.project_id and not (elsewhere and row.role != "target_region")


def linked(frame):
    """Link what a frame of this module says to the cells behind it, for `show`.

    Parameters
    ----------
    frame : DataFrame
        From `places`, `results` or `projects`.

    Returns
    -------
    DataFrame
        A copy, in which place, result, project, when and money are linked text.
    """
    links = {"place": "of", "result": "of", "payer": "payer_of", "when": "when_of"}
    links |= {"project": "project_of", "money": "money_of", "results": "results_of"}
    sources = frame.assign(project_of="projects/" + frame.project_id)
    said = {
        name: [
            words.link(text, of) if text and of else text
            for text, of in zip(frame[name], sources[source], strict=True)
        ]
        for name, source in links.items()
        if name in frame and source in sources
    }
    return frame.assign(**said)


def projects(reached, frames=None):
    """List the projects of some places with who pays, the money and the dates.

    Parameters
    ----------
    reached : DataFrame
        From `places`.

    Returns
    -------
    DataFrame
        Indexed by ``projects/id``: project_id, project, payer, when, money, places (each with
        its role), and the cells behind them.
    """
    funds = _load(frames, "project_organisations")
    funds = funds[funds.role == "funding"]
    labels, rows = _load(frames, "organisations").label, []
    for key, of_one in reached.groupby("project_id", sort=False):
        pays, first = funds[funds.project_id == key], of_one.iloc[0]
        rows.append(
            {
                "record": f"projects/{key}",
                "project_id": key,
                "project": first.project,
                "payer": words.listed(pays.organisation_id.map(labels)),
                "payer_of": "+".join(f"project_organisations/{each}" for each in pays.index),
                "when": first.when,
                "when_of": f"projects/{key}/period",
                "money": first.money,
                "money_of": first.money_of,
                "places": "; ".join(of_one.place + " (" + of_one.role + ")"),
            }
        )
    columns = "record project_id project payer when money places payer_of when_of money_of"
    return pd.DataFrame(rows, columns=columns.split()).set_index("record")


def points(reached):
    """Say where the named countries and cities lie; a region has no point.

    Parameters
    ----------
    reached : DataFrame
        From `places`.

    Returns
    -------
    DataFrame
        Indexed by place_id: place, role (the nearest of its roles), projects (number), longitude,
        latitude (whole degrees, reference data), of, how.
    """
    lies = tables.load_reference("countries")
    lies = lies.set_index(lies.iso3.fillna(lies.label))
    codes = tables.load_places().iso3
    rows = []
    for key, of_one in reached[~reached.kind.isin(REGIONS)].groupby("place_id"):
        point = codes.get(key) if not pd.isna(codes.get(key)) else of_one.place.iloc[0]
        if point in lies.index:
            role = min(of_one.role, key=list(ROLES.values()).index)
            at, count = lies.loc[point], of_one.project_id.nunique()
            cells = (of_one.place.iloc[0], role, count, at.longitude, at.latitude)
            rows.append((key, *cells, "+".join(of_one.of)))
    columns = ["place_id", "place", "role", "projects", "longitude", "latitude", "of"]
    return pd.DataFrame(rows, columns=columns).set_index("place_id")


def findings(start="", end="", asked=(), frames=None):
    """State what the tables say about whom the projects reached, as sentences.

    Parameters
    ----------
    start, end, asked, frames
        As for `places`.

    Returns
    -------
    DataFrame
        kind ("headline", "standfirst", "finding", "caveat"), text (linked), value, unit.
    """
    here = places(asked, start, end, frames)
    sure = here[here.fits != "possibly"] if (here.fits != "possibly").any() else here
    came = results(asked, start, end, frames)
    came = came[came.project_id.isin(sure.project_id)]
    ids = tables.find(asked, "places", "places")
    span = "" if dates.blank(start) and dates.blank(end) else words.window(start, end)
    said = [("headline", _headline(sure, ids, span), sure.project_id.nunique(), "projects")]
    if len(here):
        said.append(("standfirst", STANDFIRST, None, ""))
    rows = (
        _as_beneficiary(sure, ids),
        _through_network(sure, came, frames),
        _as_region(sure),
        _paid(sure, ids),
        _people(came, sure),
        _placed(came),
        *_untouched(sure, ids, frames),
    )
    said += [("finding", text, value, unit) for text, value, unit in filter(None, rows)][:MOST]
    if caveat := _perhaps(here, sure, span):
        said.append(("caveat", caveat, None, ""))
    return pd.DataFrame(said, columns=["kind", "text", "value", "unit"])


def _many(rows, text, column="place"):
    """Link a count to what was counted, with its names."""
    return words.link(text, list(rows.of), "; ".join(sorted(set(rows[column]))))


def _one(rows, column="place"):
    """Link the name that some rows share."""
    return words.link(rows[column].iloc[0], list(rows.of))


def _either(ids, last="or"):
    """Name the places asked for."""
    return words.listed([tables.label(f"places/{key}") for key in ids], last)


def _headline(rows, ids, span):
    """Say how many projects, and how many places in which role; each place is counted once."""
    count, when = rows.project_id.nunique(), f" in {span}" if span else ""
    touch = f" touch{'es' * (count < 2)} {_either(ids)}" if ids else ""
    if not count:
        return f"No project in our tables{touch or ' names a place'}{when}."
    subject = _many(rows, words.counted(count, "project", capital=True), "project")
    if len(ids) == 1:
        return f"{subject}{_in_roles(rows, touch, when)}."
    seen, parts = set(), []
    for role, many, one in (
        ("beneficiary", "named as beneficiaries", "named as a beneficiary"),
        ("network_home", "through a network", "through a network"),
    ):
        new = rows[(rows.role == ROLES[role]) & ~rows.kind.isin(REGIONS)]
        new = new[~new.place_id.isin(seen)]
        if number := new.place_id.nunique():
            said = words.counted(number, "country", "countries")
            said = f"{words.number(number)} more" if seen else said
            parts.append(f"{_many(new, said)} {one if number == 1 else many}")
        seen |= set(new.place_id)
    if not parts:
        said = words.counted(rows.place_id.nunique(), "region")
        parts = [f"{_many(rows, said)} named, no country"]
    return f"{subject}{touch}{when}; {', '.join(parts)}."


def _in_roles(rows, touch, when):
    """Say of one place in which role how many projects name it; each in the nearest one."""
    verbs = {
        "beneficiary": ("names {} as a beneficiary", "name {} as a beneficiary"),
        "network_home": ("reaches {} through a network", "reach {} through a network"),
        "target_region": ("names {} as a region", "name {} as a region"),
    }
    left, told = rows, []
    for role, verb in verbs.items():
        here = left[left.role == ROLES[role]]
        if number := here.project_id.nunique():
            told.append((_many(here, words.number(number), "project"), verb[number > 1]))
        left = left[~left.project_id.isin(here.project_id)]
    if len(told) == 1:
        return f" {told[0][1].format(rows.place.iloc[0])}{when}"
    return f"{touch}{when}: " + words.listed(f"{n} {verb.format('it')}" for n, verb in told)


def _names(rows):
    """Name places, linked, with the number of projects where it is not one; the most first."""
    named = []
    for place, of_one in rows.groupby("place"):
        count = of_one.project_id.nunique()
        more = f" ({words.counted(count, 'project')})" if count > 1 else ""
        named.append((-count, place, _one(of_one) + more))
    return [text for *_, text in sorted(named)]


def _as_beneficiary(rows, ids):
    """Say which places are named as beneficiaries, or by which projects one is."""
    rows = rows[rows.role == ROLES["beneficiary"]]
    count = rows.place_id.nunique()
    if not count:
        return None
    if len(ids) == 1:
        dated = [
            words.link(row.project, row.of) + (f" ({row.when})" if row.when else "")
            for row in rows.itertuples()
        ]
        text = f"{rows.place.iloc[0]} is named as a beneficiary in: {'; '.join(dated)}."
    else:
        ends = " is named as a beneficiary." if count == 1 else " are named as beneficiaries."
        text = words.listed(_names(rows)) + ends
    return text, count, "places"


def _through_network(rows, came, frames):
    """Say which countries a network joins, and that its figures are those of the whole."""
    every, told = _load(frames, "project_places"), []
    rows = rows[rows.role == ROLES["network_home"]]
    ties = networks(frames).drop_duplicates(["project_id", "network"])
    for key, tie in ties.set_index("project_id").iterrows():
        if key not in set(rows.project_id):
            continue
        homes = every[(every.project_id == key) & (every.role == "network_home")]
        named = [
            words.link(tables.label(f"places/{place}"), f"project_places/{home}")
            for home, place in sorted(homes.place_id.items(), key=lambda pair: pair[1])
        ]
        text = f"Institutes from {words.listed(named)} are in the {words.link(tie.network, tie.of)}"
        counts = came[(came.scope == "network") & (came.project_id == key) & came.value.notna()]
        said = [words.link(row.short, row.of) for row in counts.itertuples()]
        if said:
            verb = "are figures" if len(said) > 1 else "is a figure"
            text += f"; {words.listed(said)} {verb} of the whole network, not of one country"
        told.append(text + ".")
    return (" ".join(told), rows.place_id.nunique(), "places") if told else None


def _as_region(rows):
    """Say which regions are named as a whole, and which countries a project names for one."""
    regions = rows[rows.role == ROLES["target_region"]]
    if regions.empty:
        return None
    text = "; ".join(_names(regions))
    count = regions.place_id.nunique()
    whole = "As a region, its" if count == 1 else "As regions, their"
    return f"{whole} countries not listed, {_is(count)} named: {text}.", count, "regions"


def _is(count):
    return "is" if count == 1 else "are"


def _paid(rows, ids):
    """Say that the amounts are those of whole projects, not of the places asked for."""
    if not ids or rows.empty:
        return None
    once = rows.drop_duplicates("project_id")
    paid = once[once.money != ""]
    said = [f"{words.link(row.money, row.money_of)} ({row.project})" for row in paid.itertuples()]
    lacking = len(once) - len(paid)
    text = (
        f"Amounts are those of whole projects, not of {_either(ids)}: {'; '.join(said)}."
        if said
        else ""
    )
    if lacking:
        text += f" Our tables hold no amount for {words.counted(lacking, 'project')} of these."
    return text.strip(), len(paid), "projects"


def _people(came, rows):
    """Say for which projects people are counted, and that the counts are not added up."""
    counted = came[came.people.astype(bool)].drop_duplicates("of")
    number, of = counted.project_id.nunique(), rows.project_id.nunique()
    if not number:
        return None
    said = "; ".join(words.link(row.result, row.of) for row in counted.itertuples())
    where = f"{words.counted(number, 'project')} of {words.number(of)}" if of > number else "these"
    where = "one project only" if number == 1 and of > 1 else where
    added = " These counts are not added up." if len(counted) > 1 else ""
    return f"Participants are counted for {where}: {said}.{added}", number, "projects"


def _placed(came):
    """Say how many results are told of a place, of a whole project, of a network."""
    came = came.drop_duplicates("of")
    scopes = {
        "place": "of a named place",
        "network": "of a network",
        "project": "of a whole project",
    }
    parts = [
        f"{_many(came[came.scope == scope], words.number(count), 'result')} {said}"
        for scope, said in scopes.items()
        if (count := (came.scope == scope).sum())
    ]
    if not parts:
        return None
    text = f"{words.counted(len(came), 'result', capital=True)} {_is(len(came))} in our tables"
    return f"{text}: {words.listed(parts)}.", len(came), "results"


def _untouched(rows, ids, frames):
    """Say of places that no project touches what else our tables hold, and where projects are."""
    if len(rows):
        return []
    said = []
    ties = _load(frames, "relations")
    for key, tie in ties[ties.object.isin([f"places/{place}" for place in ids])].iterrows():
        said.append((f"{words.link(tie.label, f'relations/{key}')}.", None, ""))
    every = places(frames=frames)
    if len(every):
        text = "Over all years, projects in our tables touch " + words.listed(_names(every)) + "."
        said.append((text, every.place_id.nunique(), "places"))
    return said


def _perhaps(here, sure, span):
    """Say which projects may have run in the window, and are not counted."""
    left = here[~here.project_id.isin(sure.project_id) | (here.fits == "possibly")]
    left = left.drop_duplicates("project_id")
    if left.empty:
        return ""
    told = "; ".join(f"{words.link(r.project, r.of)} ({r.when})" for r in left.itertuples())
    counted = "is not certain" if len(here) == len(sure) else "is not certain, so it is not counted"
    return f"Whether this ran in {span} {counted}: {told}."
