"""Whom South-South and triangular cooperation (SSTC) reached: places, roles, money, results.

A country that is named as a beneficiary, one whose institutes are in a network, and a region whose
countries are not listed are never counted together; nor is what is counted for a network told as
a result of one of its countries. Sentences are linked text (`words.link`).
"""

import pandas as pd

from ilodata import dates, tables, words
from ilodata.evidence import certainty
from ilodata.evidence import doubts as _doubts
from ilodata.evidence import gaps as _gaps

ROLES = {  # the nearest to a place first
    "beneficiary": "named as beneficiary",
    "network_home": "home of network institutes",
    "target_region": "region, countries not listed",
}
VERBS = {  # of one project and of several
    "beneficiary": ("names {} as a beneficiary", "name {} as a beneficiary"),
    "network_home": ("touches {} only through a network", "touch {} only through a network"),
    "target_region": ("names {} as a region", "name {} as a region"),
}
READ = [
    *("projects", "project_places", "places", "contributions"),
    *("results", "result_places", "relations", "organisations"),
]
REGIONS = ("region", "group_of_states")
WITHIN = ("under", "part_of")  # relations by which an organisation belongs to a project or network
HEDGES = {"nearly": "nearly ", "over": "over ", "more_than": "more than "}
STANDFIRST = (
    "Named as a beneficiary, home of institutes in a network, or part of a region whose countries "
    "are not listed: the three are told apart."
)
LEAST, MOST = 3, 5  # findings on a page
PEOPLE = (  # a result whose unit ends in one of these is a number of people
    "adults apprentices attendees beneficiaries children educators employees employers "
    "entrepreneurs experts farmers girls graduates inspectors instructors jobseekers learners "
    "managers men migrants officers officials participants people persons policymakers "
    "professionals representatives staff stakeholders students teachers trainees trainers "
    "unionists women workers youth"
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
        behind them: of, when_of, money_of, results_of.

    Raises
    ------
    DataError
        If a place is not known; the nearest is named.
    ValueError
        If the window is reversed or cannot be read.
    """
    book = _book(frames)
    touched, came = _touched(asked, start, end, book), _listed(start, end, book)
    told = [
        [one for one in came.itertuples() if _concerns(one, row)] for row in touched.itertuples()
    ]
    return touched.assign(
        results=["; ".join(one.result for one in some) for some in told],
        results_of=["+".join(one.of for one in some) for some in told],
    )


def _touched(asked, start, end, book):
    """List the projects and places of a choice, without their results."""
    wanted, kept = tables.find(asked, "places", "places"), []
    every, known, paid = book["projects"], book["places"], money(book)
    launched = networks(book).groupby("project_id").launched.min()
    rows = book["project_places"]
    begun = rows.project_id.map(every.period).map(_begun)
    for key, row in rows.loc[begun.sort_values(kind="stable").index].iterrows():
        project, place = every.loc[row.project_id], known.loc[row.place_id]
        fits = dates.in_window(project.period, start, end)
        if row.role == "network_home" and launched.get(row.project_id):
            since = dates.in_window(f"{launched[row.project_id]}/..", start, end)
            fits = max(fits, since, key=("certainly", "undated", "possibly", "no").index)
        if fits == "no" or (wanted and row.place_id not in wanted):
            continue
        record, dated = f"project_places/{key}", not dates.blank(project.period)
        row_of = {"record": record, "project_id": row.project_id, "project": project.label}
        row_of |= {"place_id": row.place_id, "place": place.label, "kind": place.kind}
        row_of |= {"role": ROLES[row.role], "certainty": certainty(record), "fits": fits}
        row_of |= {"when": words.period(project.period) if dated else "", "of": record}
        row_of |= {"when_of": f"projects/{row.project_id}/period"}
        kept.append(row_of | paid.get(row.project_id, {"money": "", "money_of": ""}))
    columns = "record project_id project place_id place kind role certainty when fits money"
    columns += " of when_of money_of"
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
        Indexed by ``results/id``: project_id, project, result (in words), short, value, unit,
        people (whether the unit is one of people), whose ("Cambodia", "the whole project", "the
        network …"), scope ("place", "project", "network"), places (ids), when, status,
        certainty, of, when_of.
    """
    book = _book(frames)
    came, wanted = _listed(start, end, book), tables.find(asked, "places", "places")
    if not wanted:
        period = book["projects"].period
        fits = [dates.in_window(period[key], start, end) != "no" for key in came.project_id]
    else:
        rows = list(_touched(asked, start, end, book).itertuples())
        fits = [any(_concerns(one, row) for row in rows) for one in came.itertuples()]
    return came[pd.Series(fits, came.index, dtype=bool)]


def _book(frames):
    """Load the tables, as far as none is given for a what-if; without what a later row supersedes."""
    book = {}
    for name in READ:
        rows = (frames or {}).get(name)
        rows = getattr(tables, f"load_{name}")() if rows is None else rows
        later = rows.supersedes_id.dropna() if "supersedes_id" in rows else []
        book[name] = rows[~rows.index.isin(later)] if len(later) else rows
    return book


def _begun(period):
    """Return the first day that a project can have run on, for putting projects in order."""
    return str(dates.span(period).start) if not dates.blank(period) else "9999"


def networks(frames=None):
    """List the networks under a project, the parts of a network too, and when each was launched.

    Returns
    -------
    DataFrame
        project_id, organisation_id, network (label), launched (first day it can mean; "" where
        our tables hold no date), of (the relation that ties it to the project).
    """
    book, rows = _book(frames), []
    labels, told, ties = book["organisations"].label, book["results"], book["relations"]
    ties = ties[ties.predicate.isin(WITHIN) & ties.subject.str.startswith("organisations/")]
    for key, row in ties[ties.object.str.startswith("projects/")].iterrows():
        name = labels[row.subject.split("/")[1]]
        dated = told[told.indicator.str.contains(name, regex=False)].period.dropna()
        launched = min((str(dates.span(text).start) for text in dated), default="")
        for member in [row.subject, *ties.subject[ties.object == row.subject]]:
            ids = (row.object.split("/")[1], member.split("/")[1])
            rows.append((*ids, name, launched, f"relations/{key}"))
    columns = ["project_id", "organisation_id", "network", "launched", "of"]
    return pd.DataFrame(rows, columns=columns)


def money(frames=None):
    """Say the money of each project, with the cells behind it; a misprint is said to be one.

    Returns
    -------
    dict
        By project_id: {"money": in words, "money_of": source}.
    """
    said = {}
    for key, row in _book(frames)["contributions"].dropna(subset=["project_id"]).iterrows():
        exact = row.qualifier == "exact"
        shown = words.money(row.amount_usd) if exact else f"“{row.printed}”"
        shown = f"misprinted {shown}" if row.qualifier == "misprint" else shown
        cell = f"contributions/{key}/{'amount_usd' if exact else 'printed'}"
        said.setdefault(row.project_id, []).append((shown, cell))
    return {
        key: {"money": words.listed(s for s, _ in both), "money_of": "+".join(o for _, o in both)}
        for key, both in said.items()
    }


def _listed(start, end, book):
    """List the results of each project, its own and those of its networks, within a window."""
    every, labels = book["projects"].label, book["places"].label
    at = book["result_places"].groupby("result_id").place_id.agg(list).to_dict()
    ties, kept = networks(book), []
    for key, row in book["results"].iterrows():
        table, _, owner = row.record.partition("/")
        network = ties[(ties.organisation_id == owner) & (table == "organisations")]
        dated = row.as_of if dates.blank(row.period) else row.period
        since = [f"{day}/.." for day in network.launched if day]
        if "no" in [dates.in_window(text, start, end) for text in [dated, *since]]:
            continue
        stands = at.get(key, [])
        where = words.listed(labels[place] for place in stands)
        whose, scope = (where, "place") if where else ("the whole project", "project")
        if len(network):
            scope, whose = (
                "network",
                f"the {network.network.iloc[0]}" + f", in {where}" * bool(where),
            )
        counted, unit = not pd.isna(row.value), "" if dates.blank(row.unit) else row.unit
        said = f"{HEDGES.get(row.qualifier, '')}{row.value:,} " if counted else ""
        told = {
            "result": (said + row.indicator).replace("; ", ", "),  # results are listed with ";"
            "short": (said + (unit or row.indicator)).replace("; ", ", "),
            "value": row.value,
            "unit": unit,
            "people": counted and unit.casefold().rpartition(" ")[2] in PEOPLE.split(),
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
            if project in every.index:
                named = {"project_id": project, "project": every[project]}
                kept.append({"record": f"results/{key}"} | named | told)
    columns = "record project_id project result short value unit people whose scope places when"
    frame = pd.DataFrame(kept, columns=[*columns.split(), "status", "certainty", "of", "when_of"])
    return frame.astype({"value": "Float64"}).set_index("record")


def _concerns(result, row):
    """Tell whether a result is one of a project in one of its places."""
    elsewhere = result.scope == "place" and row.place_id not in result.places
    return result.project_id == row.project_id and not (
        elsewhere and row.role != ROLES["target_region"]
    )


def linked(frame):
    """Link what a frame of this module says to the cells behind it, for `show`.

    Parameters
    ----------
    frame : DataFrame
        From `places` or `results`.

    Returns
    -------
    DataFrame
        A copy, in which place, result, when, project, money and results are linked text.
    """
    links = {"place": "of", "result": "of", "project": "project_of"}
    links |= {name: f"{name}_of" for name in ("when", "money", "results")}
    known = frame.assign(project_of="projects/" + frame.project_id)
    return frame.assign(
        **{
            name: [
                words.link(text, of) if text and of else text
                for text, of in zip(frame[name], known[source], strict=True)
            ]
            for name, source in links.items()
            if name in frame and source in known
        }
    )


def points(reached):
    """Say where the named countries and cities lie (whole degrees, reference data).

    Parameters
    ----------
    reached : DataFrame
        From `places`.

    Returns
    -------
    DataFrame
        Indexed by place_id: place, role (the nearest of its roles), longitude, latitude, of. A
        region has no point.
    """
    lies = tables.load_reference("countries")
    lies = lies.set_index(lies.iso3.fillna(lies.label))
    codes = tables.load_places().iso3
    order = list(ROLES.values())
    rows = reached[~reached.kind.isin(REGIONS)].sort_values(
        "role", key=lambda role: role.map(order.index), kind="stable"
    )
    cells = rows.groupby("place_id").of.agg("+".join)
    rows = rows.drop_duplicates("place_id").set_index("place_id")
    code = codes.reindex(rows.index).fillna(rows.place)
    at = {name: code.map(lies[name]) for name in ("longitude", "latitude")}
    return rows[["place", "role"]].assign(**at, of=cells).dropna(subset=["longitude"])


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
    return list(dict.fromkeys("/".join(e.split("/")[:2]) for n in named for e in n.split("+") if e))


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
    book = _book(frames)
    here, came = _touched(asked, start, end, book), results(asked, start, end, book)
    ids = tables.find(asked, "places", "places")
    span = "" if dates.blank(start) and dates.blank(end) else words.window(start, end)
    perhaps = here[here.fits == "possibly"]
    sure = here.drop(perhaps.index) if len(perhaps) < len(here) else here
    came = came[came.project_id.isin(sure.project_id)].drop_duplicates("of")
    low, high = (here[here.fits != "possibly"].project_id.nunique(), here.project_id.nunique())
    said = [("headline", _headline(sure, ids, span, low), sure.project_id.nunique(), "projects")]
    said.append(("standfirst", _regions_apart(start, end, ids, here, book), None, ""))
    rows = (
        _as_beneficiary(sure, ids),
        _through_network(sure, came, book),
        _as_region(sure),
        _paid(sure, ids),
        _people(came, sure),
        _told(came),
        *([] if len(sure) else _ties(ids, book)),
    )
    rows = list(filter(None, rows))[:MOST]
    if len(rows) < LEAST:
        rows += list(filter(None, _at_large(book)))[: LEAST - len(rows)]
    said += [("finding", *row) for row in rows]
    said.append(("caveat", _perhaps(perhaps, sure, span), None, ""))
    frame = pd.DataFrame([row for row in said if row[1]], columns=["kind", "text", "value", "unit"])
    bounds = pd.DataFrame({"low": frame.value, "high": frame.value})
    bounds.loc[0] = low, high
    return pd.concat([frame[["kind", "text", "value"]], bounds, frame.unit], axis="columns")


def _many(rows, text, column="place"):
    """Link a count to what was counted, with the names."""
    return words.link(text, list(rows.of), "; ".join(sorted(set(rows[column]))))


def _names(rows):
    """Name places, linked, with the number of projects where it is not one; the most first."""
    named = []
    for place, of_one in rows.groupby("place"):
        count = of_one.project_id.nunique()
        more = f" ({words.counted(count, 'project')})" if count > 1 else ""
        named.append((-count, words.link(place, list(of_one.of)) + more))
    return [text for _, text in sorted(named)]


def _either(ids, last="or"):
    """Name the places asked for."""
    return words.listed((tables.label(f"places/{key}") for key in ids), last)


def _headline(rows, ids, span, low):
    """Say how many projects, and how many places in which role; each place is counted once."""
    count, when = rows.project_id.nunique(), f" in {span}" if span else ""
    touch = f" touch{'es' * (count == 1)} {_either(ids)}" if ids else ""
    if not count:
        return f"No project in our tables touches {_either(ids) or 'a place'}{when}."
    number = words.counted(count if low else (0, count), "project", capital=True)
    names = "; ".join(sorted(set(rows.project)))
    subject = words.link(number, list("projects/" + rows.project_id), names)
    if len(ids) == 1:
        return f"{subject}{_in_roles(rows, touch, when)}."
    seen, parts = set(), []
    for role, many in (
        ("beneficiary", "named as beneficiaries"),
        ("network_home", "through a network"),
    ):
        new = rows[
            (rows.role == ROLES[role]) & ~rows.kind.isin(REGIONS) & ~rows.place_id.isin(seen)
        ]
        if number := new.place_id.nunique():
            more = f"{words.number(number)} more"
            said = more if seen else words.counted(number, "country", "countries")
            one = many.replace("beneficiaries", "a beneficiary")
            parts.append(f"{_many(new, said)} {one if number == 1 else many}")
        seen |= set(new.place_id)
    if not parts:
        parts = [
            f"{_many(rows, words.counted(rows.place_id.nunique(), 'region'))} named, no country"
        ]
    return f"{subject}{touch}{when}; {', '.join(parts)}."


def _in_roles(rows, touch, when):
    """Say of one place in which role how many projects name it; each in the nearest one."""
    left, told = rows, []
    for role, verbs in VERBS.items():
        here = left[left.role == ROLES[role]]
        if number := here.project_id.nunique():
            told.append((_many(here, words.number(number), "project"), verbs[number > 1]))
        left = left[~left.project_id.isin(here.project_id)]
    if len(told) == 1:
        return f" {told[0][1].format(rows.place.iloc[0])}{when}"
    return f"{touch}{when}: " + words.listed(f"{n} {verb.format('it')}" for n, verb in told)


def _regions_apart(start, end, ids, here, book):
    """Say what is told apart, and of a choice which projects name a region only."""
    if not ids:
        return STANDFIRST if len(here) else ""
    every = _touched((), start, end, book)
    wider = every.groupby("project_id").filter(lambda of_one: of_one.kind.isin(REGIONS).all())
    wider = wider[~wider.project_id.isin(here.project_id)]
    if wider.empty:
        return ""
    count = wider.project_id.nunique()
    number = _many(wider, words.counted(count, "other project", capital=True), "project")
    only = "names only a region and is" if count == 1 else "name only a region and are"
    return f"{number} {only} not counted here: {'; '.join(_names(wider))}."


def _as_beneficiary(rows, ids):
    """Say which places are named as beneficiaries, or by which projects one is."""
    rows = rows[rows.role == ROLES["beneficiary"]]
    count = rows.place_id.nunique()
    if not count:
        return None
    if len(ids) == 1:
        told = [
            words.link(row.project, row.of) + (f" ({row.when})" if row.when else "")
            for row in rows.itertuples()
        ]
        text = f"{rows.place.iloc[0]} is named as a beneficiary of: {'; '.join(told)}."
    else:
        ends = " is named as a beneficiary." if count == 1 else " are named as beneficiaries."
        text = words.listed(_names(rows)) + ends
    return text, count, "places"


def _through_network(rows, came, book):
    """Say which countries a network joins, and that its figures are those of the whole."""
    every, told = book["project_places"], []
    here = set(rows[rows.role == ROLES["network_home"]].project_id)
    here |= set(came[came.scope == "network"].project_id)
    ties = networks(book).drop_duplicates(["project_id", "network"])
    for tie in ties[ties.project_id.isin(here)].itertuples():
        homes = every[(every.project_id == tie.project_id) & (every.role == "network_home")]
        named = sorted(
            words.link(tables.label(f"places/{place}"), f"project_places/{key}")
            for key, place in homes.place_id.items()
        )
        text = f"The {words.link(tie.network, tie.of)} brings together institutes"
        text += f" from {words.listed(named)}" * bool(named)
        counts = came[(came.scope == "network") & (came.project_id == tie.project_id)]
        said = [words.link(r.short, r.of) for r in counts[counts.value.notna()].itertuples()]
        if said:
            verb = "is a figure" if len(said) == 1 else "are figures"
            text += f"; {words.listed(said)} {verb} of the whole network, not of one country"
        told.append(f"{text}.")
    count = every[every.project_id.isin(here) & (every.role == "network_home")].place_id.nunique()
    return (" ".join(told), count, "places") if told else None


def _as_region(rows):
    """Say which regions are named as a whole, and which country is a beneficiary there."""
    regions, helped = (rows[rows.role == ROLES[r]] for r in ("target_region", "beneficiary"))
    count = regions.place_id.nunique()
    if not count:
        return None
    number = words.counted(count, "region", capital=True)
    verb = "is named and its" if count == 1 else "are named and their"
    text = f"{number} {verb} countries not listed: {'; '.join(_names(regions))}."
    for region in regions.itertuples():
        if len(named := helped[helped.project_id == region.project_id]):
            text += f" The project for {region.place} names {words.listed(_names(named))}."
    return text, count, "regions"


def _paid(rows, ids):
    """Say that the amounts are those of whole projects, not of the places asked for."""
    once = rows.drop_duplicates("project_id")
    paid = once[once.money != ""]
    if not ids or once.empty:
        return None
    said = [f"{words.link(row.money, row.money_of)} ({row.project})" for row in paid.itertuples()]
    text = (
        f"The money is that of whole projects, not of {_either(ids)}: {'; '.join(said)}."
        if said
        else ""
    )
    lacking = len(once) - len(paid)
    of = "the project" if len(once) == 1 else f"{words.number(lacking)} of the projects"
    text += f" For {of} our tables hold no amount." if lacking else ""
    return text.strip(), len(paid), "projects"


def _people(came, rows):
    """Say for which projects people are counted, and that the counts are not added up."""
    counted = came[came.people.astype(bool)]
    number, of = counted.project_id.nunique(), rows.project_id.nunique()
    if not number:
        return None
    said = "; ".join(words.link(row.result, row.of) for row in counted.itertuples())
    among = (
        f"{words.number(number)} of {words.number(of)}"
        if number < of
        else f"each of {words.number(of)}"
    )
    where = "one project only" if number == 1 else f"{among} projects"
    added = " These counts are not added up." if len(counted) > 1 else ""
    return f"People are counted for {where}: {said}.{added}", number, "projects"


def _told(came, whose="Our"):
    """Say how many results are told of a place, of a whole project, of a network."""
    if came.empty:
        return None
    scopes = {
        "place": "of a named place",
        "network": "of a network",
        "project": "of a whole project",
    }
    parts = [
        (_many(rows, words.number(len(rows)), "result"), said)
        for scope, said in scopes.items()
        if len(rows := came[came.scope == scope])
    ]
    results = _many(came, words.counted(len(came), "result"), "result")
    told = words.listed(f"{count} {said}" for count, said in parts)
    text = f" {parts[0][1]}" if len(parts) == 1 else f": {told}"
    return f"{whose} tables hold {results}{text}.", len(came), "results"


def _ties(ids, book):
    """Say how else our tables name the places asked for, such as what an office oversees."""
    ties = book["relations"]
    ties = ties[ties.object.isin([f"places/{place}" for place in ids])]
    return [
        (f"{words.link(tie.label, f'relations/{key}')}.", None, "") for key, tie in ties.iterrows()
    ]


def _at_large(book):
    """Say of all years and places what there is, for a choice about which there is little to say."""
    every, came = _touched((), "", "", book), results(frames=book).drop_duplicates("of")
    dated = every.drop_duplicates("project_id")
    told = "; ".join(f"{words.link(r.project, r.of)} ({r.when})" for r in dated.itertuples())
    text = f"In all years, projects in our tables touch {words.listed(_names(every))}."
    said = [
        (text, every.place_id.nunique(), "places"),
        (f"Their dates: {told}.", len(dated), "projects"),
    ]
    return [*(said if len(every) else []), _told(came, "In all years, our")]


def _perhaps(perhaps, sure, span):
    """Say which projects may have run in the window, and whether they are counted."""
    left = perhaps.drop_duplicates("project_id")
    if left.empty:
        return ""
    told = "; ".join(f"{words.link(r.project, r.of)} ({r.when})" for r in left.itertuples())
    counted = "" if len(perhaps) == len(sure) else ", so it is not counted"
    return f"Whether this touched {span} is not certain{counted}: {told}."
