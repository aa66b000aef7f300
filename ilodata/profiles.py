"""One project on one page: who pays, how much, when, where, with whom, and what came of it.

A project is asked for by id, label, title or any name of it as printed. What is not stated is told
from the gaps that a curator looked for, never from a blank cell. Sentences are linked text.
"""

import pandas as pd

from ilodata import dates, reach, tables, words
from ilodata.evidence import attached, card
from ilodata.evidence import doubts as _doubts
from ilodata.evidence import gaps as _gaps
from ilodata.evidence import inferred as _inferred
from ilodata.problems import DataError

PARTS = {  # of one organisation, and of several, in telling order
    "funding": ("funds the project", "fund the project"),
    "launching": ("launched the project", "launched the project"),
    "implementing": (
        "is named as carrying out the project",
        "are named as carrying out the project",
    ),
    "collaborating": ("takes part in the project", "take part in the project"),
}
ABOUT = {  # roles of themes, in telling order
    "aim": "Aims",
    "effect": "Effects",
    "subject": "Subjects",
    "priority": "Priorities",
    "activity": "Activities",
    "target_group": "For whom",
    "principle": "Principles",
}
PLACES = {
    "beneficiary": "{}",
    "target_region": "{} (region, countries not listed)",
    "network_home": "network of institutes from {}",
}
ASKED = "amount payer result receives years carries countries people dates".split()  # noqa: SIM905
MOST_NUMBERS, MOST_QUOTES, MOST_GAPS = 3, 2, 6


def findings(project):
    """State what the tables say of a project, in sentences true for any project.

    Returns
    -------
    DataFrame
        kind ("headline", "standfirst", "finding", "caveat"), text (linked), value (US dollars,
        missing where there is no readable amount), low, high, unit.
    """
    key = _one(project)
    head = f"{words.link(tables.label(f'projects/{key}'), f'projects/{key}')}: {_summary(key)}."
    where = "; ".join(_where(key))
    rows = [("headline", head), ("standfirst", where and f"Places: {where}.")]
    rows += [("finding", text) for text in (*_came(key), _aimed(key), _with(key))]
    rows += [("caveat", _misprint(key) or _beyond(key))]
    frame = pd.DataFrame([row for row in rows if row[1]], columns=["kind", "text"])
    usd = tables.load_contributions().query("project_id == @key")[["low_usd", "high_usd"]].sum()
    known = usd.map(lambda value: value or None)
    frame.loc[0, ["value", "low", "high", "unit"]] = [*known[:1], *known, "US dollars"]
    return frame


def facts(project):
    """Say who pays, how much, when and where, for the head of a page (layout "facts").

    Returns
    -------
    DataFrame
        term, value, more (linked text).
    """
    key = _one(project)
    first, *others = _where(key) or [_lack(key, "place")]
    rows = [
        ("Funded by", _payers(key) or _lack(key, "payer"), ""),
        ("Amount", _money(key) or _lack(key, "amount"), ""),
        ("Dates", _period(key) or _lack(key, "date"), ""),
        ("Places", first, "; ".join(others)),
    ]
    return pd.DataFrame(rows, columns=["term", "value", "more"])


def results(project):
    """List what came of a project and of its networks: linked `reach.results`."""
    key = _one(project)
    came = reach.results()
    return reach.linked(came[came.project_id == key])


def partners(project):
    """List the organisations named in a project, or as supporting its network.

    Returns
    -------
    DataFrame
        partner, part (linked text).
    """
    key, parts = _one(project), {}
    for of, row in _rows("project_organisations", key):
        part = words.link(PARTS[row["role"]][0], f"{of}/role")
        parts.setdefault(f"organisations/{row['organisation_id']}", []).append(part)
    networks = reach.networks().query("project_id == @key").set_index("record").network
    for row in tables.rows("relations"):
        outside = row["predicate"] not in reach.WITHIN
        if row["object"] in networks and outside and row["subject"].startswith("organisations/"):
            said = f"{row['predicate'].replace('_', ' ')} the {networks[row['object']]}"
            part = words.link(said, f"relations/{row['relation_id']}")
            parts.setdefault(row["subject"], []).append(part)
    rows = [(words.link(tables.label(who), who), "; ".join(said)) for who, said in parts.items()]
    return pd.DataFrame(rows, columns=["partner", "part"])


def aims(project):
    """List what a project aims at, does, and for whom, in the words of the documents.

    Returns
    -------
    DataFrame
        about, text (linked; "among others" where the list is open); last what our tables tie it
        to, and the printed title.
    """
    key, told = _one(project), {role: [] for role in ABOUT}
    for of, row in _rows("themes", key):
        told[row["role"]].append((words.link(row["theme"], f"{of}/theme"), row["open_list"]))
    rows = []
    for role, themes in told.items():
        others = ["among others"] * any(open_list for _, open_list in themes)
        rows.append((ABOUT[role], "; ".join([theme for theme, _ in themes] + others)))
    ties = [row for row in tables.rows("relations") if row["subject"] == f"projects/{key}"]
    ties = [words.link(row["label"], f"relations/{row['relation_id']}") for row in ties]
    title = tables.row(f"projects/{key}")["title"]
    rows.append(("Tied to", "; ".join(ties)))
    rows.append(("Title", title and words.link(title, f"projects/{key}/title")))
    return pd.DataFrame([row for row in rows if row[1]], columns=["about", "text"])


def quotes(project):
    """Quote the documents on a project's aims, amount and results; none lies within another.

    Returns
    -------
    DataFrame
        words (linked), about.
    """
    key, came = _one(project), reach.results()
    themes = [of for of, row in _rows("themes", key) if row["role"] in ("aim", "effect", "subject")]
    came = came[came.project_id == key]
    cells = {
        "Purpose": [f"{of}/theme" for of in themes],
        "Amount": [f"{of}/printed" for of, _ in _rows("contributions", key)],
        "Result": [f"{row.of}/status" for row in came.itertuples()],
    }
    kept = []
    for about, some in cells.items():
        said = [(quote["fragment"], cell) for cell in some for quote in card(cell)["quotes"]]
        mine = []
        for fragment, cell in sorted(said, key=lambda both: (-len(both[0]), both)):
            if len(mine) < MOST_QUOTES and not any(fragment in row[0] for row in kept + mine):
                mine.append((words.link(f"“… {fragment} …”", cell), about))
        kept += mine
    return pd.DataFrame(kept, columns=["words", "about"])


def course(project):
    """Say when the projects run, for the chart of their years.

    Returns
    -------
    DataFrame
        project, project_id, when, start, end (years with their part gone by; the end of the
        latest project where none is stated), open (whether none is stated), known (end of the
        last year that the texts report on), chosen (whether it is the one asked for), of.
    """
    key, every, known = _one(project), tables.load_projects().dropna(subset=["start"]), _known()
    last = every.end.fillna(every.end.max()).fillna(pd.Timestamp(known))
    made = pd.DataFrame(
        {
            "project": every.label,
            "when": every.period.map(words.date),
            "start": every.start.dt.year + (every.start.dt.day_of_year - 1) / 366,
            "end": last.dt.year + last.dt.day_of_year / 366,
            "open": every.end.isna(),
            "known": known.year + 1,
            "chosen": every.index == key,
            "of": "projects/" + every.index + "/period",
        }
    )
    return made.reset_index().sort_values(["start", "end"], ignore_index=True)


def gaps(project):
    """List what a curator looked for about a project and did not find, the most asked for first.

    Returns
    -------
    DataFrame
        text, searched (the words looked for); at most six rows.
    """
    key = _one(project)
    here = reach.places().query("project_id == @key")
    regions = "places/" + here.place_id[here.kind.isin(reach.REGIONS)]
    found = _gaps([*_records(key), *regions]).rename(columns={"what": "text"})
    found = found[~found.index.duplicated()]
    asked = [[word not in title.casefold() for word in ASKED] for title in found.title]
    order = sorted(range(len(found)), key=asked.__getitem__)
    return found.iloc[order][:MOST_GAPS]


def doubts(project):
    """List the doubts that could change a printed figure of a project (layout "doubts")."""
    return _doubts(_records(_one(project)))


def inferred(project):
    """List the cells of a project that are inferred, not stated, and why."""
    found = _inferred().rename(columns={"value": "said"})
    found["said_of"] = found.index + "/" + found.field
    return found[found.index.isin(_records(_one(project)))]


def _one(project):
    """Return the id of the one project asked for."""
    ids = tables.find(project, "projects", "project")
    if len(ids) != 1:
        known = tables.rows("projects")[:1]
        example = f", such as {known[0]['label']!r}" if known else ""
        raise DataError(f"project: {project!r} is not one project; give one{example}")
    return ids[0]


def _records(key):
    """Name all records that a project is told by, those of its networks too."""
    ties = reach.networks().query("project_id == @key")
    names = [f"projects/{key}", *ties.of, *ties.record]
    return list(dict.fromkeys(each for name in names for each in (name, *attached(name))))


def _rows(table, key):
    """List source and row, as texts, of what hangs on a project; not what is superseded."""
    rows, name = tables.rows(table), next(iter(tables.fields(table)))
    later = {row.get("supersedes_id") for row in rows}
    own = [
        r for r in rows if r.get("record", f"projects/{r.get('project_id')}") == f"projects/{key}"
    ]
    return [(f"{table}/{row[name]}", row) for row in own if row[name] not in later]


def _lack(key, word):
    """Say that something is not stated where a gap says so; of our tables otherwise."""
    told = " ".join(_gaps([f"projects/{key}"]).title).casefold()
    return words.NOT_STATED if word in told else "not in our tables"


def _payers(key, name=tables.label):
    """Name who pays, linked."""
    return words.listed(
        words.link(name(f"organisations/{row['organisation_id']}"), f"{of}/organisation_id")
        for of, row in _rows("project_organisations", key)
        if row["role"] == "funding"
    )


def _money(key):
    """Say the money of a project, linked."""
    paid = reach.money().get(key)
    return words.link(*paid) if paid else ""


def _period(key):
    """Say when a project runs, linked."""
    period = tables.row(f"projects/{key}")["period"]
    return words.link(words.date(period), f"projects/{key}/period") if period else ""


def _summary(key):
    """Say money, payer and dates in one line."""
    paid, pays, lacking = _money(key), _payers(key, tables.the), {}
    for word, there in (("amount", paid), ("payer", pays)):
        if not there:
            lacking.setdefault(_lack(key, word), []).append(word)
    told = [" ".join(filter(None, [paid, pays and f"{'from' if paid else 'funded by'} {pays}"]))]
    told += [f"{words.listed(some)} {said}" for said, some in lacking.items()]
    return "; ".join(filter(None, [*told, _period(key)]))


def _where(key):
    """Say which places a project names: a text a role."""
    here, told = reach.places().query("project_id == @key"), []
    for role, said in PLACES.items():
        rows = here[here.role == reach.ROLES[role]]
        names = words.listed(words.link(row.place, row.of) for row in rows.itertuples())
        if role == "target_region" and told:  # a project for a region that names its countries
            said = "{} (region)"
        told += [said.format(names)] if names else []
    return told


def _came(key):
    """Say what is counted and what is told in words, or that there is nothing."""
    came = reach.results()
    came = came[came.project_id == key]
    if came.empty:
        silent = _lack(key, "result") == words.NOT_STATED
        return ["No result is stated." if silent else "Our tables hold no result of it."]
    words_only = came[came.counted == ""]
    counted = came[came.counted != ""]
    numbers = [
        reach.detailed(row, row.result if row.scope == "network" else row.counted, row.of)
        for row in counted.itertuples()
    ]
    texts = [reach.detailed(row, row.result, row.of) for row in words_only.itertuples()]
    numbers = reach.few(numbers, list(counted.of), MOST_NUMBERS)
    texts = reach.few(texts, list(words_only.of))
    said = {"numbers": numbers, "words": texts}
    return [f"Results in {how}: {told}." for how, told in said.items() if told]


def _aimed(key):
    """Say the aims, or where none is told what it is about."""
    about = {}
    for of, row in _rows("themes", key):
        about.setdefault(row["role"], {})[f"{of}/theme"] = words.link(row["theme"], f"{of}/theme")
    role = next((role for role in ABOUT if role in about), None)
    return role and f"{ABOUT[role]}: {reach.few(list(about[role].values()), list(about[role]))}."


def _with(key):
    """Say who takes part, the payers apart."""
    roles = {role: [] for role in PARTS if role != "funding"}
    for of, row in _rows("project_organisations", key):
        who = words.link(
            tables.the(f"organisations/{row['organisation_id']}"), f"{of}/organisation_id"
        )
        roles.get(row["role"], []).append(who)
    told = [f"{words.listed(who)} {PARTS[r][len(who) > 1]}" for r, who in roles.items() if who]
    return words.capital("; ".join(told)) + "." if told else ""


def _misprint(key):
    """Say the likely reading of a misprinted amount."""
    for of, row in _rows("contributions", key):
        if row["likely_usd"]:
            printed = words.link(f"“{row['printed']}”", f"{of}/printed")
            likely = words.link(words.money(int(row["likely_usd"])), f"{of}/likely_usd")
            return f"The amount is printed as {printed}; {likely} is the likely reading."
    return ""


def _beyond(key):
    """Say that the years of a project reach beyond the latest that the documents report on."""
    period, known = tables.row(f"projects/{key}")["period"], _known()
    end = dates.span(period).end if period else None
    if not end or end <= known:
        return ""
    of = [f"documents/{row['document_id']}/latest_date" for row in tables.rows("documents")]
    year = words.link(known.year, of, "the later of the latest years that the texts report on")
    until = words.link(end.year, f"projects/{key}/period")
    return f"The project's years reach to {until}; the texts report on none after {year}."


def _known():
    """Return the last day that the documents report on."""
    latest = [row["latest_date"] for row in tables.rows("documents") if row["latest_date"]]
    return max((dates.span(text).end for text in latest), default=dates.date.max)
