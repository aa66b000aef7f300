"""Whom South-South and triangular cooperation reached: places, roles, results, means."""

from ilodata import pd, uncertain
from ilodata.tables import chosen, nearest, sentences

ROLES = ("beneficiary", "network_home", "target_region")
ROLE_WORDS = {
    "beneficiary": "named beneficiary",
    "network_home": "home of network institutes",
    "target_region": "region, countries not named",
    "member": "member of the region (reference data)",
}

# A grouping of ours: a means is named where one of its wordings is printed, in any case, in the
# title, a theme or the evidence of a result. What no wording catches is no means of this list.
MEANS = {
    "training": ("training programme", "trainers course"),
    "workshops and forums": ("workshop", "forum"),
    "knowledge and awareness": (
        "knowledge sharing",
        "best practices",
        "awareness",
        "learning platform",
    ),
    "technical assistance": ("technical assistance", "technical support"),
    "capacity building": ("capacity", "capacities"),
    "networks of peers": ("network", "mous", "institutes", "member tvets"),
    "policy and law": ("policy formulation", "laws and regulations"),
}
# What a wording is to the project, from the strongest; a theme that is an aim was not yet done.
STANDINGS = {
    "a result": ("delivered", "launched under it", "co-organised"),
    "an activity": ("activity",),
    "an aim, or in progress": ("in progress", "planned", "aim", "subject", "title"),
}
SSTC = "South-South|South South|SSTC"  # how the documents print it


def reached(project_places, places, projects, basis="stated"):
    """List which place each project touches, in which role.

    Parameters
    ----------
    project_places, places, projects : DataFrame
        From ``load_project_places``, ``load_places``, ``load_projects``.
    basis : Series, optional
        How well each row of `project_places` is founded, "stated" or "inferred":
        ``basis("project_places/" + project_places.index)``.

    Returns
    -------
    DataFrame
        One row a project, place and role: project_id, project (label), place_id, place (label),
        place_kind, iso3, role, date (EDTF of the project), source ("documents"), basis, region
        (blank), record (``project_places/id``).
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
            "basis": basis,
            "region": "",
            "record": "project_places/" + project_places.index,
        },
        project_places.index,
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
        As `touched`, with further rows of role "member", source "reference data" and the region
        (its place_id). A region that reference data does not know stays as it is.
    """
    labels = countries.dropna(subset=["iso3"]).set_index("iso3").label
    rows = []
    for row in touched[touched.role == "target_region"].itertuples(index=False):
        if pd.isna(row.date):  # of which year's members nobody can tell
            continue
        begun = uncertain.span(row.date).start
        of_region = members[(members.group_id == row.place_id) & (members.start <= begun)]
        for iso3 in sorted(of_region.iso3):
            rows.append(
                row._asdict()
                | {
                    "place_id": labels[iso3].lower().replace(" ", "-"),
                    "place": labels[iso3],
                    "place_kind": "country",
                    "iso3": iso3,
                    "role": "member",
                    "source": "reference data",
                    "region": row.place_id,
                }
            )
    if not rows:
        return touched
    return pd.concat([touched, pd.DataFrame(rows, columns=touched.columns)], ignore_index=True)


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


def at(touched, wanted, *known):
    """Choose the rows of some places; a region brings the members that `expand` added to it.

    Parameters
    ----------
    touched : DataFrame
        From `reached` or `expand`.
    wanted : list of str
        Ids or labels of places, such as "lao-pdr" or "Lao PDR"; empty for all.
    known : DataFrame
        Tables of places by id, with their label, of which a reader may ask even where no project
        touches them: ``load_places()``, ``load_reference("countries")``.

    Returns
    -------
    DataFrame
        As `touched`.

    Raises
    ------
    ValueError
        If a place is not known; the nearest one is named.
    """
    if isinstance(wanted, str):
        raise ValueError(f"places: {wanted!r} is one text; write a list like [{wanted!r}]")
    ids = dict(zip(touched.place_id, touched.place, strict=True))
    for places in known:
        ids |= dict(places.label)
    names = {
        name.casefold(): label
        for pair in ids.items()
        for name, label in [(n, pair[1]) for n in pair]
    }
    for place in wanted:
        if str(place).casefold() not in names:
            near = nearest(str(place).casefold(), names)
            near = near if near.startswith("did") else "see load_places() for those that there are"
            raise ValueError(f"places: {place!r} is no place; {near}")
    if not len(wanted):
        return touched
    labels = {names[str(place).casefold()] for place in wanted}
    return touched[touched.place.isin(labels) | touched.region.map(ids).isin(labels)]


def subjects(themes, projects):
    """List the themes of each project as worded, its title among them.

    Parameters
    ----------
    themes, projects : DataFrame
        From ``load_themes`` and ``load_projects``.

    Returns
    -------
    DataFrame
        project_id, theme, role ("title", or "label", which is ours, where no title is printed;
        "subject", "aim", "activity", ...), open_list.
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
    titled = pd.DataFrame(
        {
            "project_id": projects.index,
            "theme": projects.title.fillna(projects.label).array,
            "role": projects.title.isna().map({False: "title", True: "label"}).array,
            "open_list": False,
        }
    )
    return pd.concat([titled, worded], ignore_index=True)


def by_place(shown, countries):
    """Count the projects that touch each place, by role.

    Parameters
    ----------
    shown : DataFrame
        From `within`.
    countries : DataFrame
        From ``load_reference("countries")``, for where a place lies.

    Returns
    -------
    DataFrame
        place, role (in words), projects (number), named (the projects' labels), basis ("inferred"
        where no project states it), longitude and latitude (whole degrees; missing for a region);
        most frequent place first. Roles are never added up: a place may stand in several rows.
    """
    # A territory may have a longer name in the documents, a city has no code.
    points = countries.set_index(countries.iso3.fillna(countries.label))
    rows = shown.assign(point=shown.iso3.fillna(shown.place))
    grouped = rows.groupby(["place", "role", "point"])
    counted = grouped.agg(
        projects=("project_id", "nunique"),
        named=("project", lambda names: "; ".join(sorted(set(names)))),
        basis=("basis", "max"),  # "stated" comes after "inferred"
    ).reset_index()
    counted["role"] = counted.role.map(ROLE_WORDS)
    for axis in ("longitude", "latitude"):
        counted[axis] = counted.point.map(points[axis])
    return counted.drop(columns="point").sort_values(
        ["projects", "place", "role"], ascending=[False, True, True], ignore_index=True
    )


def delivered(results, relations, projects, places):
    """List the results of each project, with those of the networks launched under it.

    Parameters
    ----------
    results, relations, projects, places : DataFrame
        From ``load_results``, ``load_relations``, ``load_projects``, ``load_places``.

    Returns
    -------
    DataFrame
        Indexed by result_id: project_id, project (label), indicator, value (missing where none is
        stated), unit (as printed), stated (value and unit, in words), status, place_id, place,
        period (EDTF), when (in words). Values of different units are never added.
    """
    launched = relations[relations.predicate == "launched_under"]
    home = launched.set_index("subject").object.rename("home")
    results = results.join(home, on="record")  # a network of two projects stands with each
    project_id = results.home.fillna(results.record).str.removeprefix("projects/")
    listed = pd.DataFrame(
        {
            "project_id": project_id,
            "project": project_id.map(projects.label),
            "indicator": results.indicator,
            "value": results.value,
            "unit": results.unit,
            "stated": [
                unit if pd.isna(value) else f"{value:,} {unit}"
                for value, unit in zip(results.value, results.unit, strict=True)
            ],
            "status": results.status.str.replace("_", " "),
            "place_id": results.place_id,
            "place": results.place_id.map(places.label).fillna("not stated"),
            "period": results.period,
            "when": [uncertain.say_date(period) for period in results.period],
        }
    )
    return listed[project_id.isin(projects.index)]


def of_shown(listed, shown, start, end):
    """Choose the results that go with the projects and places shown, and with the window.

    Left out are results dated outside of the window, and those that name a place which the
    choice leaves out; an undated one stays, and so does one that names no place.

    Parameters
    ----------
    listed, shown : DataFrame
        From `delivered` and `within`.
    start, end : str
        The window.

    Returns
    -------
    DataFrame
        As `listed`, with the projects called as they are in `shown`.
    """
    labels, pairs = _labels(shown), set(zip(shown.project_id, shown.place_id, strict=True))
    fits = [
        row.project_id in labels
        and (pd.isna(row.place_id) or (row.project_id, row.place_id) in pairs)
        and uncertain.in_window(row.period, start, end) != "no"
        for row in listed.itertuples()
    ]
    kept = listed[pd.Series(fits, listed.index, dtype=bool)]
    return kept.assign(project=kept.project_id.map(labels))


def _labels(shown):
    return dict(zip(shown.project_id, shown.project, strict=True))


def _sort(listed):
    """Name of each result whether it is counted, only described, or not yet delivered."""
    sort = listed.value.isna().map({False: "with a number", True: "described, no number"})
    return sort.astype(str).where(listed.status == "delivered", "planned or in progress")


def per_year(listed):
    """Count the results of each project by when they are dated; most are not.

    Parameters
    ----------
    listed : DataFrame
        From `delivered`.

    Returns
    -------
    DataFrame
        Indexed by project and when: the number of results with a number, of those described
        without one, and of those planned or in progress; and the counts themselves, in words.
    """
    sorts = ["with a number", "described, no number", "planned or in progress"]
    keys = [listed.project, listed.when]
    table = pd.crosstab(keys, _sort(listed)).reindex(columns=sorts, fill_value=0)
    told = listed.stated.where(listed.value.notna()).groupby(keys)
    table["the numbers"] = told.agg(lambda said: "; ".join(said.dropna()))
    return table.rename_axis(columns=None)


def depth(shown, listed):
    """Set beside each other, a row each, the places that a project touches and its results.

    Parameters
    ----------
    shown, listed : DataFrame
        From `within` and `delivered`.

    Returns
    -------
    DataFrame
        project, side ("places touched" or "results stated"), what (the role in words, or
        "result with a number", "result described, no number", "result planned or in progress"),
        item (the place, or the result in words), basis.
    """
    touched = pd.DataFrame(
        {
            "project": shown.project,
            "side": "places touched",
            "what": shown.role.map(ROLE_WORDS),
            "item": shown.place,
            "basis": shown.basis,
        }
    )
    stated = pd.DataFrame(
        {
            "project": listed.project,
            "side": "results stated",
            "what": "result " + _sort(listed),
            "item": listed.indicator,
            "basis": "stated",
        }
    )
    return pd.concat([touched, stated], ignore_index=True)


def wordings(worded, listed, evidence, relations, organisations, events):
    """List the printed words that say by what means a project works, each with its standing.

    Parameters
    ----------
    worded, listed : DataFrame
        From `subjects` and `delivered`.
    evidence, relations : DataFrame
        From ``load_evidence`` and ``load_relations``.
    organisations, events : DataFrame
        From their loaders, for what a project launched or organised.

    Returns
    -------
    DataFrame
        project_id, words, how ("title", "aim", "activity", "delivered", ...).
    """
    printed = evidence[evidence.record.str.startswith("results/") & (evidence.support == "says")]
    printed = printed.assign(key=printed.record.str.removeprefix("results/"))
    printed = printed.merge(listed[["project_id", "status"]], left_on="key", right_index=True)
    printed = printed.rename(columns={"fragment": "words", "status": "how"})
    labels = {f"organisations/{key}": label for key, label in organisations.label.items()}
    labels |= {f"events/{key}": label for key, label in events.label.items()}
    launched = relations[relations.predicate == "launched_under"]
    launched = launched.rename(columns={"subject": "made", "object": "by"})
    held = relations[relations.predicate == "co_organised"]
    held = held.rename(columns={"subject": "by", "object": "made"})
    made = pd.concat([launched.assign(how="launched under it"), held.assign(how="co-organised")])
    made = made.assign(
        project_id=made.by.str.removeprefix("projects/"), words=made.made.map(labels)
    )
    themes = worded.rename(columns={"theme": "words", "role": "how"})
    found = pd.concat([each[["project_id", "words", "how"]] for each in (themes, printed, made)])
    return found.drop_duplicates(ignore_index=True)


def means(found, shown):
    """Group the printed words by the means that they name, for the projects shown.

    Parameters
    ----------
    found : DataFrame
        From `wordings`.
    shown : DataFrame
        From `within`.

    Returns
    -------
    DataFrame
        project_id, project, means (of `MEANS`, our grouping), standing (the strongest of
        `STANDINGS`), words (as printed, several between semicolons).
    """
    standing = {how: name for name, hows in STANDINGS.items() for how in hows}
    labels = _labels(shown)
    found = found[found.project_id.isin(labels) & found.how.isin(standing)]
    printed = {
        name: found.words.str.contains("|".join(wanted), case=False)
        for name, wanted in MEANS.items()
    }
    rows = []
    for project, label in labels.items():
        own = found.project_id == project
        for name in MEANS:
            if (own & printed[name]).any():
                named = found[own & printed[name]]
                how = named.how.map(standing)
                strongest = min(how, key=list(STANDINGS).index)
                words = "; ".join(named.words[how == strongest])
                rows.append((project, label, name, strongest, words))
    return pd.DataFrame(rows, columns=["project_id", "project", "means", "standing", "words"])


def money(contributions, projects):
    """Say what amount is stated for each project.

    Parameters
    ----------
    contributions, projects : DataFrame
        From ``load_contributions`` and ``load_projects``.

    Returns
    -------
    Series
        By project_id: the amounts as printed, with the range of a hedge; several between
        semicolons.
    """
    of_project = contributions[contributions.project_id.notna()]
    said = []
    for row in of_project.itertuples():
        hedge = ""
        if not pd.isna(row.low_usd) and row.low_usd != row.high_usd:
            hedge = f" ({uncertain.say_bounds(uncertain.Bounds(row.low_usd, row.high_usd))})"
        unknown = "unknown, printed " * pd.isna(row.low_usd)
        said.append(f"{unknown}{row.printed}{hedge}")
    told = pd.Series(said, index=of_project.project_id, dtype="string").groupby(level=0)
    return told.agg("; ".join).reindex(projects.index, fill_value="no amount stated")


def known(shown, touched, projects, listed, contributions, parts, evidence):
    """Tell for each project shown what the documents state of it, and what they do not.

    Parameters
    ----------
    shown, touched : DataFrame
        From `within`, for the projects, and from `reached`, for all that they touch.
    projects, listed, contributions, parts, evidence : DataFrame
        From the loaders; listed from `delivered`, parts from ``load_project_organisations``.

    Returns
    -------
    DataFrame
        project_id, project, asked (in words), answer ("stated", "inferred" where no words say it
        by themselves, or "not stated").
    """
    says = evidence[(evidence.support != "differs") & (evidence.basis == "stated")]
    by_words = set(says.record + " " + says.field)
    named = evidence[evidence.fragment.str.contains(SSTC)]
    named = named.assign(project_id=named.record.str.split("/").str[1].str.split("--").str[0])
    ended = projects[projects.end.notna()]
    results = listed.assign(record="results/" + listed.index)
    paid = contributions.assign(record="contributions/" + contributions.index)
    parts = parts.assign(record="project_organisations/" + parts.index)
    asked = {
        "its end": (
            ended.assign(record="projects/" + ended.index, project_id=ended.index),
            "period",
        ),
        "a result": (results[results.status == "delivered"], "status"),
        "a number": (results[results.value.notna()], "value"),
        "its date": (results[results.period.notna()], "period"),
        "who pays": (paid[paid.payer_id.notna()], "payer_id"),
        "how much": (paid[paid.low_usd.notna()], "amount_usd"),
        "who implements": (parts[parts.role == "implementing"], "organisation_id"),
        "country that benefits": (touched[touched.role == "beneficiary"], "place_id"),
        "that it is South-South": (named, ""),
    }
    of_projects = {
        question: told.record.groupby(told.project_id).agg(list)
        for question, (told, _) in asked.items()
    }
    rows = []
    for key, label in _labels(shown).items():
        for question, (_, field) in asked.items():
            here = of_projects[question].get(key, [])
            answer = "inferred" if len(here) else "not stated"
            if field == "" and len(here) or any(f"{r} {field}" in by_words for r in here):
                answer = "stated"
            rows.append((key, label, question, answer))
    return pd.DataFrame(rows, columns=["project_id", "project", "asked", "answer"])


def gaps(asked):
    """List what is not stated, with the projects of which it is not; the most open first.

    Parameters
    ----------
    asked : DataFrame
        From `known`.

    Returns
    -------
    DataFrame
        asked, missing (number of projects), of (number of all shown), projects.
    """
    lacking = asked[asked.answer == "not stated"].groupby("asked", sort=False).project
    listed = lacking.agg(missing="size", projects="; ".join).reset_index()
    listed.insert(2, "of", asked.project_id.nunique())
    return listed.sort_values("missing", ascending=False, kind="stable", ignore_index=True)


def fold(worded, shown):
    """Put the themes of a project and role into one row, for the projects shown.

    Parameters
    ----------
    worded, shown : DataFrame
        From `subjects` and `within`.

    Returns
    -------
    DataFrame
        Indexed by project and role: words, several between semicolons; "and more" where a
        document leaves the list open.
    """
    labels = _labels(shown)
    rows = worded[worded.project_id.isin(labels) & (worded.role != "label")]
    rows = rows.sort_values(
        "project_id", key=lambda key: key.map(list(labels).index), kind="stable"
    )
    rows = rows.assign(project=rows.project_id.map(labels), role=rows.role.str.replace("_", " "))
    grouped = rows.groupby(["project", "role"], sort=False)
    more = grouped.open_list.any().map({True: "; and more", False: ""})
    return (grouped.theme.agg("; ".join) + more).rename("words").to_frame()


def carriers(parts, shown):
    """Say which organisations have which part in the projects shown.

    Parameters
    ----------
    parts : DataFrame
        From ``load_project_organisations``, with organisation (its label) and basis.
    shown : DataFrame
        From `within`.

    Returns
    -------
    DataFrame
        Indexed by project and role: organisations, several between semicolons; "(inferred)"
        behind those whose part no words state by themselves.
    """
    labels = _labels(shown)
    none = dict.fromkeys(["role", "organisation"], "not stated") | {"basis": "stated"}
    rows = pd.concat(
        [parts[parts.project_id == key] if key in set(parts.project_id)
         else pd.DataFrame([none | {"project_id": key}]) for key in labels]
        or [parts.iloc[:0]]
    )  # fmt: skip
    rows = rows.assign(
        project=rows.project_id.map(labels),
        organisations=rows.organisation + rows.basis.map({"stated": "", "inferred": " (inferred)"}),
    )
    grouped = rows.groupby(["project", "role"], sort=False)
    return grouped.organisations.agg("; ".join).to_frame()


def findings(shown, listed, used, asked, start, end):
    """State whom the projects reached, each sentence with its caveat.

    Parameters
    ----------
    shown, listed, used, asked : DataFrame
        From `within`, `of_shown`, `means` and `known`.
    start, end : str
        The window.

    Returns
    -------
    DataFrame
        finding, caveat, records (comma-separated ``table/id``).
    """
    window, say = uncertain.say_window(start, end), uncertain.say_count
    if shown.empty:
        told = f"No project touches a place in the window {window} under the choice made."
        return sentences(
            [(told, "That the documents tell of none is not to say that there was none.", [])]
        )
    all_of = sorted(set(shown.project_id))
    certain = shown.project_id[shown.in_window == "certainly"].nunique()
    most = say(len(all_of), len(all_of), "project")
    many = say(certain, len(all_of), "project") if certain else f"at most {most}"
    said = [
        (
            f"{many} {'touches' if len(all_of) == 1 else 'touch'} a place in the window {window}.",
            "Not every project has a stated end or is dated to the day, hence the range."
            if certain < len(all_of)
            else "Dated by the years of the project; when a place was reached is not said.",
            all_of,
        )
    ]
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
        guessed = regions.place[regions.basis == "inferred"]
        said.append(
            (
                f"{say(projects, projects, 'project')} {'is' if projects == 1 else 'are'} for a "
                f"region or group whose countries are not named: {', '.join(names)}.",
                "Which of its countries took part is not said."
                + (f" Inferred: {', '.join(sorted(set(guessed)))}." * bool(len(guessed))),
                sorted(set(regions.project_id)),
            )
        )
    added = shown[shown.role == "member"]
    if len(added):
        names = set(added.place)
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
        undated = int(counted.period.isna().sum())
        said.append(
            (
                f"Counted results: {told}.",
                "Different things, never added; people may be counted in more than one. "
                + (
                    f"Of these counts {undated} {'has' if undated == 1 else 'have'} no date."
                    if undated
                    else "All of these counts are dated."
                ),
                sorted(set(counted.project_id)),
            )
        )
    if len(listed):
        placed = listed[listed.place_id.notna()]
        some = {0: "none", 1: "one"}
        count, later = len(placed), int((listed.status != "delivered").sum())
        where = f": {', '.join(dict.fromkeys(placed.place))}" * bool(count)
        said.append(
            (
                f"of {say(len(listed), len(listed), 'result')} listed, {some.get(count, count)} "
                f"{'name' if count > 1 else 'names'} a place{where}.",
                "Depth in one country cannot be read from results that name none; "
                f"{some.get(later, later)} of those listed {'are' if later > 1 else 'is'} planned "
                "or in progress.",
                sorted(set(placed.project_id)),
            )
        )
    if len(used):
        order = used.means.value_counts().reindex(list(MEANS)).dropna().astype(int)
        order = order.sort_values(ascending=False, kind="stable")
        told = "; ".join(f"{name} ({n} of {len(all_of)})" for name, n in order.items())
        said.append(
            (
                f"Means other than money, by the number of projects that name them: {told}.",
                "Grouped by us from the printed words; some are aims or in progress, not yet "
                "results.",
                sorted(set(used.project_id)),
            )
        )
    for question, tell, caveat in (
        ("a result", "no result is stated", "Not stated is not the same as none."),
        ("how much", "no amount of money can be read", "A misprinted amount is no amount."),
        (
            "that it is South-South",
            "no words call it South-South cooperation",
            "The documents describe it beside the others, so it is counted here.",
        ),
    ):
        silent = asked[(asked.asked == question) & (asked.answer == "not stated")]
        if len(silent):
            count = say(len(silent), len(silent), "project")
            told = f"for {count} {tell}: {'; '.join(silent.project)}."
            said.append((told, caveat, list(silent.project_id)))
    return sentences(said, "projects")
