"""Whom South-South and triangular cooperation reached: places, roles, results, subjects."""

import pandas as pd

from ilodata import uncertain
from ilodata.tables import chosen, sentences

ROLES = ("beneficiary", "network_home", "target_region")
ROLE_WORDS = {
    "beneficiary": "named beneficiary",
    "network_home": "home of network institutes",
    "target_region": "region, countries not named",
    "member": "member of the region (reference data)",
}


def reached(project_places, places, projects):
    """List which place each project touches, in which role.

    Parameters
    ----------
    project_places, places, projects : DataFrame
        From ``load_project_places``, ``load_places``, ``load_projects``.

    Returns
    -------
    DataFrame
        One row a project, place and role: project_id, project (label), place_id, place (label),
        place_kind, iso3, role, date (EDTF of the project), source ("documents").
    """
    return pd.DataFrame(
        {
            "project_id": project_places.project_id,
            "project": project_places.project_id.map(projects.label),
            "place_id": project_places.place_id,
            "place": project_places.place_id.map(places.label),
            "place_kind": project_places.place_id.map(places.kind),
            "iso3": project_places.place_id.map(places.iso3),
            "role": project_places.role,
            "date": project_places.project_id.map(projects.period),
            "source": "documents",
        }
    )


def expand(touched, members, countries):
    """Add the members of target regions from reference data, marked as such.

    Only those that were members on the first day that the project can have begun; none for a
    project without a date.

    Parameters
    ----------
    touched : DataFrame
        From `reached`.
    members, countries : DataFrame
        From ``load_reference("members")`` and ``load_reference("countries")``.

    Returns
    -------
    DataFrame
        As `touched`, with further rows of role "member" and source "reference data". A region
        that reference data does not know stays as it is.
    """
    labels = countries.dropna(subset=["iso3"]).set_index("iso3").label
    rows = []
    for row in touched[touched.role == "target_region"].itertuples():
        if pd.isna(row.date):  # of which year's members nobody can tell
            continue
        begun = uncertain.span(row.date).start
        of_region = members[(members.group_id == row.place_id) & (members.start <= begun)]
        for iso3 in sorted(of_region.iso3):
            rows.append(
                {
                    "project_id": row.project_id,
                    "project": row.project,
                    "place_id": labels[iso3].lower().replace(" ", "-"),
                    "place": labels[iso3],
                    "place_kind": "country",
                    "iso3": iso3,
                    "role": "member",
                    "date": row.date,
                    "source": "reference data",
                }
            )
    return pd.concat([touched, pd.DataFrame(rows, columns=touched.columns)]) if rows else touched


def within(touched, start, end, roles=(), themes=(), worded=None):
    """Choose the rows of some roles, of projects that fall into a window and have some themes.

    Parameters
    ----------
    touched : DataFrame
        From `reached` or `expand`.
    start, end : str
        EDTF; from the first day of `start` to the last day of `end`.
    roles : list of str
        Some of "beneficiary", "network_home", "target_region"; empty for all. Rows added by
        `expand` go with "target_region".
    themes : list of str
        Words of which a project's title, label or themes hold one, such as "social protection";
        empty for all.
    worded : DataFrame
        From `subjects`; needed where themes are given.

    Returns
    -------
    DataFrame
        As `touched`, with in_window: "certainly", "possibly" or "undated".

    Raises
    ------
    ValueError
        If a role is unknown, no project has a theme, or the window is reversed or unreadable.
    """
    roles = chosen(roles, ROLES, "role")
    fits = [uncertain.in_window(date, start, end) for date in touched.date]
    shown = touched.assign(in_window=fits)
    of_role = shown.role.replace("member", "target_region").isin(roles)
    keep = of_role & (shown.in_window != "no")
    if isinstance(themes, str):
        raise ValueError(f"themes: {themes!r} is one text; write a list like [{themes!r}]")
    if len(themes):
        hits = set()
        for theme in themes:
            found = worded[worded.theme.str.contains(theme, case=False, regex=False)].project_id
            if found.empty:
                raise ValueError(f"themes: no project speaks of {theme!r}; try a word of its title")
            hits |= set(found)
        keep &= shown.project_id.isin(hits)
    return shown[keep]


def subjects(themes, projects):
    """List the themes of each project as worded, its title among them.

    Parameters
    ----------
    themes, projects : DataFrame
        From ``load_themes`` and ``load_projects``.

    Returns
    -------
    DataFrame
        project_id, theme, role ("title", "subject", "aim", "activity", ...), open_list.
    """
    of_project = themes[themes.record.str.startswith("projects/")]
    worded = pd.DataFrame(
        {
            "project_id": of_project.record.str.removeprefix("projects/"),
            "theme": of_project.theme,
            "role": of_project.role,
            "open_list": of_project.open_list.fillna(False).astype(bool),
        }
    )
    titles = projects.title.fillna(projects.label)
    titled = pd.DataFrame(
        {"project_id": titles.index, "theme": titles, "role": "title", "open_list": False}
    )
    return pd.concat([titled, worded], ignore_index=True)


def by_place(shown):
    """Count the projects that touch each place, by role.

    Parameters
    ----------
    shown : DataFrame
        From `within`.

    Returns
    -------
    DataFrame
        place, role (in words), projects (number), named (the projects' labels); most frequent
        place first. Roles are never added up: a place may stand in several rows.
    """
    grouped = shown.groupby(["place", "role"])
    counted = grouped.agg(
        projects=("project_id", "nunique"), named=("project", lambda p: "; ".join(sorted(set(p))))
    ).reset_index()
    counted["role"] = counted.role.map(ROLE_WORDS)
    return counted.sort_values(
        ["projects", "place", "role"], ascending=[False, True, True], ignore_index=True
    )


def delivered(results, relations, projects, shown):
    """List the results of the projects shown, with those of the networks launched under them.

    Parameters
    ----------
    results, relations, projects : DataFrame
        From ``load_results``, ``load_relations``, ``load_projects``.
    shown : DataFrame
        From `within`: only its projects count.

    Returns
    -------
    DataFrame
        Indexed by result_id: project (label), indicator, value (missing where none is stated),
        unit (as printed), stated (value and unit, in words), status, when (in words). Values of
        different units are never added.
    """
    launched = relations[relations.predicate == "launched_under"]
    home = launched.set_index("subject").object.rename("home")
    results = results.join(home, on="record")  # a network of two projects stands with each
    project = results.home.fillna(results.record).str.removeprefix("projects/")
    listed = pd.DataFrame(
        {
            "project": project.map(projects.label),
            "indicator": results.indicator,
            "value": results.value,
            "unit": results.unit,
            "stated": [
                unit if pd.isna(value) else f"{value:,} {unit}"
                for value, unit in zip(results.value, results.unit, strict=True)
            ],
            "status": results.status.str.replace("_", " "),
            "when": [uncertain.say_date(period) for period in results.period],
        }
    )
    return listed[project.isin(shown.project_id)]


def findings(shown, listed, start, end):
    """State whom the projects reached, each sentence with its caveat.

    Parameters
    ----------
    shown, listed : DataFrame
        From `within` and `delivered`.
    start, end : str
        The window.

    Returns
    -------
    DataFrame
        finding, caveat, records (comma-separated ``table/id``).
    """
    window = f"{uncertain.say_date(str(start))} to {uncertain.say_date(str(end))}"
    say = uncertain.say_count
    said = []
    if shown.empty:
        said.append(
            (
                f"No project touches a place in the window {window} and the roles chosen.",
                "The documents tell of none; that is not the same as none.",
                [],
            )
        )
    for role, tell, caveat in (
        (
            "beneficiary",
            "named as the country in or for which a project works",
            "Being reached says nothing of how many people were.",
        ),
        (
            "network_home",
            "the home of institutes of a network",
            "Sending an institute into a network is not being a beneficiary.",
        ),
    ):
        rows = shown[shown.role == role]
        if len(rows):
            names = sorted(set(rows.place))
            said.append(
                (
                    f"{say(len(names), len(names), 'country', 'countries')} "
                    f"{'is' if len(names) == 1 else 'are'} {tell}: {', '.join(names)}.",
                    caveat,
                    sorted(set(rows.project_id)),
                )
            )
    regions = shown[shown.role == "target_region"]
    if len(regions):
        names = sorted(set(regions.place))
        projects = regions.project_id.nunique()
        said.append(
            (
                f"{say(projects, projects, 'project')} "
                f"{'is' if projects == 1 else 'are'} for a region whose countries are not named: "
                f"{', '.join(names)}.",
                "Not expanded into countries by the documents.",
                sorted(set(regions.project_id)),
            )
        )
    added = shown[shown.role == "member"]
    if len(added):
        names = sorted(set(added.place))
        said.append(
            (
                f"Reference data adds {say(len(names), len(names), 'member country', 'member countries')} "
                "of these regions.",
                "No document names them as reached; members on the first day that the project can "
                "have begun.",
                sorted(set(added.project_id)),
            )
        )
    counted = listed[listed.value.notna()]
    if len(counted):
        told = "; ".join(f"{row.value:,} {row.unit}" for row in counted.itertuples())
        said.append(
            (
                f"Counted results: {told}.",
                "Different things, never added; people may be counted in more than one.",
                [],
            )
        )
    silent = sorted(set(shown.project) - set(listed.project))
    if silent:
        said.append(
            (
                f"For {say(len(silent), len(silent), 'project')} no result is stated: {'; '.join(silent)}.",
                "Not stated is not the same as none.",
                [],
            )
        )
    return sentences(said, "projects")
