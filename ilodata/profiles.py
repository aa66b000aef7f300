"""One project on one page: who pays, how much, when, where, with whom, and what came of it.

A project is asked for by id, label, title or any name of it as printed. What is not stated is told
from the gaps that a curator looked for, never from a blank cell. Sentences are linked text. What is
not one project that we know is refused (DataError), and the nearest named.
"""

import pandas as pd

from ilodata import dates, funding, naming, reach, tables, timelines, words
from ilodata.evidence import attached, card, certainty, lacking, reported
from ilodata.evidence import gaps as _gaps
from ilodata.evidence import inferred as _inferred
from ilodata.problems import DataError
from ilodata.tables import those

__all__ = ["aims", "course", "facts", "findings", "gaps", "inferred", "partners", "results"]
__dir__ = __all__.copy  # what Tab shows

PARTS = {  # of several organisations, in telling order
    "funding": "fund",
    "launching": "launched",
    "implementing": "are named as carrying out",
    "collaborating": "collaborate in",
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


def findings(project):
    """State what the tables say of a project, in sentences true for any project.

    Returns
    -------
    DataFrame
        kind ("headline", "finding", "caveat"), text (linked); value (missing where it is a range),
        low, high (missing where none can be read) and unit of the amount.
    """
    key = _one(project)
    paid, came = _paid(key), reach.results().query("project_id == @key")
    told = *_came(key, came), _aimed(key), _with(key), _ranked(key)
    rows = [("headline", f"{paid.project}: {_summary(key, paid, came)}.")]
    rows += [*(("finding", text) for text in told), ("caveat", _caveat(key))]
    frame = pd.DataFrame([row for row in rows if row[1]], columns=["kind", "text"])
    low, high = (getattr(paid.usd, side, None) for side in ("left", "right"))
    value = low if low == high else None
    figures = {"value": value, "low": low, "high": high, "unit": "US$"}
    return frame.join(pd.DataFrame([figures]))


def facts(project):
    """Say who pays, how much, when and where: term, value, more (linked text; layout "facts")."""
    key = _one(project)
    paid = _paid(key)
    first, *others = _where(key) or [paid.places]
    rows = [
        ("Funded by", paid.payer, ""),
        ("Amount", paid.amount, ""),
        ("Dates", paid.dates, ""),
        ("Places", first, "; ".join(others)),
    ]
    return pd.DataFrame(rows, columns=["term", "value", "more"])


def results(project):
    """List what came of a project and its networks, as `reach.result_lines` does, a row a result."""
    came = reach.results()
    told = reach.result_lines(came[came.project_id == _one(project)])
    return told.assign(text=told.text.str.split("\n")).explode("text")


def partners(project):
    """List who is named in a project or supports its network: partner, part (linked text)."""
    key = _one(project)
    said = []
    for row in those("project_organisations", project_id=key):
        part = words.link(f"{words.verb(1, PARTS[row['role']])} the project", f"{row['of']}/role")
        said.append((f"organisations/{row['organisation_id']}", part))
    networks = reach.networks().query("project_id == @key").set_index("record").network
    ties = tables.load_relations()
    ties = ties[ties.object.isin(networks.index) & ~ties.predicate.isin(reach.WITHIN)]
    for of, tie in ties[ties.subject.str.startswith("organisations/")].iterrows():
        part = f"{tie.predicate.replace('_', ' ')} the {networks[tie.object]}"
        said.append((tie.subject, words.link(part, f"relations/{of}")))
    parts = pd.DataFrame(said, columns=["partner", "part"]).groupby("partner", sort=False)
    parts = parts.part.agg("; ".join).reset_index()
    return parts.assign(partner=[words.link(naming.label(who), who) for who in parts.partner])


def aims(project):
    """List what a project aims at, does, and for whom, in the words of the documents.

    Returns
    -------
    DataFrame
        about, text (linked; "among others" where the list is open), of its results, too; then what
        our tables tie it to, and the printed title.
    """
    key, ties, rows = _one(project), tables.load_relations(), []
    record = f"projects/{key}"
    themes = tables.current("themes").query("record in @_behind(@key)")
    themes = themes.sort_values("role", key=lambda it: it.map(list(ABOUT).index), kind="stable")
    for (owner, role), some in themes.groupby(["record", "role"], sort=False):
        of = f" of {words.link(naming.label(owner), owner)}" * (owner != record)
        said = [*map(_printed, some.theme, "themes/" + some.index)]
        rows.append((ABOUT[role] + of, [*said, *["among others"] * any(some.open_list)]))
    ties = ties[ties.subject.isin([record, *attached(record)])]
    rows.append(("Ties", map(words.link, ties.label, "relations/" + ties.index)))
    title = tables.row(record)["title"]
    rows.append(("Title", [words.link(f"“{title}”", f"{record}/title")] if title else []))
    rows = [(about, "; ".join(said)) for about, said in rows]
    return pd.DataFrame([row for row in rows if row[1]], columns=["about", "text"])


def _printed(theme, of):
    """Link the words of a theme, as a quotation where they are printed so."""
    held = any(theme in quote["fragment"] for quote in card(of)["quotes"])
    return words.link(f"“{theme}”" if held else theme, f"{of}/theme")


def course(project):
    """Set a project beside the others: rows of `timelines.chronology`, its own first.

    Its `kind` is "chosen", that of the rest "other".
    """
    record, rows = f"projects/{_one(project)}", timelines.chronology()
    rows = rows[rows.kind == "project"]
    kind = ["chosen" if each == record else "other" for each in rows.index]
    return rows.assign(kind=kind).sort_values("kind", kind="stable")


def gaps(project):
    """List what a curator looked for about a project and did not find.

    Returns
    -------
    DataFrame
        Indexed by conflict_id: text (linked) and what ``ilo.gaps`` gives, a row a gap.
    """
    key = _one(project)
    places = reach.places().query("project_id == @key").place_id
    found = _gaps([*_behind(key), *("places/" + places)])
    # What has a value is not missing.
    blank = [not (it.field and tables.row(it.record)[it.field]) for it in found.itertuples()]
    found = found[blank].drop_duplicates("what")
    return found.assign(text=list(map(words.link, found.what, "conflicts/" + found.index)))


def _behind(key):
    """Name all records that a project is told by, those of its networks too."""
    ties = reach.networks().query("project_id == @key")
    names = [f"projects/{key}", *ties.of, *ties.record]
    return list(dict.fromkeys(each for name in names for each in (name, *attached(name))))


def inferred(project):
    """List what is inferred about a project, not stated, a reason a row: what (linked), why."""
    key = _one(project)
    found, name = _inferred(), naming.label(f"projects/{key}")
    own = found.index.isin(_behind(key)) & (found.value != name)  # "the project" is this one
    found = found[own].reset_index()
    found["said"] = found.label.str.removeprefix(f"{name}: ").map(words.capital)
    for at, row in found.iterrows():
        if row.value.casefold() not in row.said.casefold():
            found.loc[at, "said"] += f" ({row.column}: {row.value})"
    found = found.drop_duplicates(["why", "said"])
    what = map(words.link, found.said, found.record + "/" + found.field)
    found = found.assign(what=list(what)).groupby("why", sort=False).what.agg("; ".join)
    return found.reset_index()[["what", "why"]]


def _one(project):
    """Return the id of the one project asked for."""
    ids = naming.find(project, "projects", "project")
    if len(ids) != 1:
        example = tables.rows("projects")[0]["label"]
        raise DataError(f"project: {project!r} is not one project; give one, such as {example!r}")
    return ids[0]


def _paid(key):
    """Return what `funding.projects` says of a project: payer, amount, dates and places."""
    return funding.projects().loc[f"projects/{key}"]


def _named(key, role):
    """Name the organisations of a role in a project, linked; of a payer, say if it is inferred."""
    told = []
    for row in those("project_organisations", project_id=key, role=role):
        guessed = role == "funding" and certainty(row["of"]) == "inferred"
        name = words.link(naming.the(f"organisations/{row['organisation_id']}"), row["of"])
        told.append(name + " (inferred)" * guessed)
    return told


def _summary(key, paid, came):
    """Say money and payer in one line, and the largest count among the results, or else the dates."""
    payers = words.listed(_named(key, "funding"))
    pays = f"funded by {payers}" if payers else f"payer {paid.payer}"
    counts = came[came.counted != ""].sort_values("value", ascending=False).head(1)
    said = "".join(map(words.link, counts.result, counts.of)) or words.named("dates", paid.dates)
    return f"{words.named('amount', paid.amount)}, {pays}; {said}"


def _where(key):
    """Say which places a project names: a text a role."""
    here = reach.places().query("project_id == @key")
    some = ((role, here[here.role == role]) for role in reach.ROLES.values())
    told = ((role, words.listed(map(words.link, it.place, it.of))) for role, it in some)
    return [f"{names} ({role})" for role, names in told if names]


def _came(key, came):
    """Say what is told of results, what is counted first, or that there is nothing."""
    if came.empty:
        of = lacking(f"projects/{key}", "result")[1]
        return [f"Results: {words.link('none is stated', of) if of else 'our tables hold none'}."]
    came, told = came.sort_values("counted", key=lambda it: it == "", kind="stable"), []
    for lead, late in (("Results", False), ("Not yet done", True)):
        some = came[(came.status != "delivered") == late]
        said = reach.few(some, lambda row: reach.detailed(row, row.result, row.of))
        told.append(f"{lead}: {said}." * bool(said))
    return told


def _aimed(key):
    """Say the aims, or where none is told what it is about."""
    for role, lead in ABOUT.items():
        some = pd.DataFrame(those("themes", record=f"projects/{key}", role=role))
        if len(some):
            return f"{lead}: {reach.few(some, lambda row: _printed(row.theme, row.of), role)}."
    return ""


def _with(key):
    """Say who takes part, the payers first."""
    told = []
    for role, part in PARTS.items():
        if who := _named(key, role):
            told.append(f"{words.listed(who)} {words.verb(len(who), part)} the project")
    return f"Partners: {'; '.join(told)}." if told else ""


def _ranked(key):
    """Quote which of its kind the texts call a project, if they do."""
    quotes = card(of := f"projects/{key}/ordinal")["quotes"][:1]
    return "".join(f"It is called {words.link('“' + it['fragment'] + '”', of)}." for it in quotes)


def _caveat(key):
    """Say where the years of a project reach beyond what the texts report on."""
    period = tables.row(f"projects/{key}")["period"]
    end = dates.span(period).end if period else None
    if not end or not tables.beyond(end, ""):
        return ""
    until = words.link(end.year, f"projects/{key}/period")
    return f"The project’s years reach to {until}; the texts report up to {reported()}."
