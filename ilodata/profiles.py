"""One project on one page: who pays, how much, when, where, with whom, and what came of it.

A project is asked for by id, label, title or any name of it as printed. What is not stated is told
from the gaps that a curator looked for, never from a blank cell. Sentences are linked text.
"""

import pandas as pd

from ilodata import dates, reach, tables, words
from ilodata.evidence import attached, certainty, evidence
from ilodata.evidence import doubts as _doubts
from ilodata.evidence import gaps as _gaps
from ilodata.evidence import inferred as _inferred
from ilodata.problems import DataError

PARTS = {  # of one organisation, and of several, in telling order
    "funding": ("pays for it", "pay for it"),
    "launching": ("launched it", "launched it"),
    "implementing": ("is named as carrying it out", "are named as carrying it out"),
    "collaborating": ("is a partner", "are partners"),
    "supporting": ("supports it", "support it"),
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
QUOTED = ("results", "themes", "project_places")  # records whose words are quoted
SENTENCES = {
    "beneficiary": "It names {} as {}.",
    "target_region": "It names {} as a region; the countries are not listed.",
    "network_home": "Its network brings together institutes from {}.",
}
TERMS = {
    "beneficiary": "{}",
    "target_region": "{} (region, countries not listed)",
    "network_home": "network of institutes from {}",
}
MOST = 3  # results told in words among the findings


def profile(project):
    """List what our tables hold of one project: a row a fact.

    Parameters
    ----------
    project : str
        A project by id, label, title or a name as printed.

    Returns
    -------
    DataFrame
        Indexed by record: about ("Paid by", "Amount", "Dates", "Places", "Result", "Partner",
        "Aims", ...), what (in words), certainty ("stated", "inferred").

    Raises
    ------
    DataError
        If it is not one project that we know; the nearest is named.
    """
    told = [(row.term, row.value) for row in facts(project).itertuples()]
    told += [("Result", row.result) for row in results(project).itertuples()]
    told += [("Partner", f"{row.partner}: {row.part}") for row in partners(project).itertuples()]
    told += [(row.about, row.text) for row in aims(project).itertuples()]
    rows = []
    for about, text in told:
        if cells := words.sources([link.of for link in words.links(text)]):
            record = "/".join(cells[0].split("/")[:2])
            row = {"record": record, "about": about, "what": words.plain(text)}
            rows.append(row | {"certainty": certainty(cells)})
    return tables.frame(rows, ["record", "about", "what", "certainty"], "record")


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
    rows = [
        ("headline", head),
        ("standfirst", " ".join(_where(key)) or "Our tables hold no place of it."),
    ]
    rows += [("finding", text) for text in (*_came(key), _aimed(key), _with(key), _rank(key))]
    rows += [("caveat", text) for text in (_misprint(key), _plans(key))]
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
    first, *others = _where(key, TERMS) or [_lack(key, "place")]
    rows = [
        ("Paid by", _payers(key) or _lack(key, "payer"), ""),
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
    """List the organisations named in a project, or as supporting its network, with their part.

    Returns
    -------
    DataFrame
        partner, part (linked text).
    """
    key = _one(project)
    parts = {}
    for of, row in _rows("project_organisations", key):
        said = PARTS.get(row["role"], (row["role"].replace("_", " "),))[0]
        parts.setdefault(row["organisation_id"], []).append(words.link(said, f"{of}/role"))
    ties = reach.networks()
    networks = dict(zip("organisations/" + ties.organisation_id, ties.network, strict=True))
    networks = {
        n: networks[n] for n in "organisations/" + ties.organisation_id[ties.project_id == key]
    }
    for row in tables.rows("relations"):
        table, _, organisation = row["subject"].partition("/")
        if (
            table == "organisations"
            and row["object"] in networks
            and row["predicate"] not in reach.WITHIN
        ):
            said = f"{row['predicate'].replace('_', ' ')} the {networks[row['object']]}"
            tie = words.link(said, f"relations/{row['relation_id']}")
            parts.setdefault(organisation, []).append(tie)
    rows = [
        (words.link(_called(who), f"organisations/{who}"), "; ".join(said))
        for who, said in parts.items()
    ]
    return pd.DataFrame(rows, columns=["partner", "part"])


def aims(project):
    """List what a project aims at, does, and for whom, in the words of the documents.

    Returns
    -------
    DataFrame
        about, text (linked; "among others" where the list is open); with ties to frameworks, and
        the printed title.
    """
    told, key = {}, _one(project)
    for of, row in _rows("themes", key):
        themes, open_list = told.setdefault(row["role"], ([], []))
        themes.append(words.link(row["theme"], f"{of}/theme"))
        open_list.append(row["open_list"] == "true")
    order = sorted(told, key=[*ABOUT, *told].index)
    rows = [
        (ABOUT.get(role, role), "; ".join(told[role][0]) + "; among others" * any(told[role][1]))
        for role in order
    ]
    ties = [
        words.link(row["label"], f"relations/{row['relation_id']}")
        for row in tables.rows("relations")
        if row["subject"] == f"projects/{key}"
    ]
    if ties:
        rows.append(("Ties", "; ".join(ties)))
    if title := tables.row(f"projects/{key}")["title"]:
        rows.append(("Printed title", words.link(title, f"projects/{key}/title")))
    return pd.DataFrame(rows, columns=["about", "text"])


def quotes(project):
    """Quote the documents on a project: two of the longest fragments of each kind of record.

    Returns
    -------
    DataFrame
        words (linked), about.
    """
    said, kept = evidence(_records(_one(project))).reset_index(), []
    said = said.assign(table=said.record.str.partition("/")[0], long=said.fragment.str.len())
    for row in said.sort_values(["long", "fragment"], ascending=[False, True]).itertuples():
        alone = not any(row.fragment in other.fragment for other in kept)
        if row.table in QUOTED and alone and [other.table for other in kept].count(row.table) < 2:
            kept.append(row)
    rows = [
        (words.link(f"“… {row.fragment} …”", f"{row.record}/{row.field}"), tables.label(row.record))
        for row in kept
    ]
    return pd.DataFrame(rows, columns=["words", "about"])


def course(project):
    """Say when the projects run, for the chart of their years.

    Returns
    -------
    DataFrame
        project, project_id, when, start, end (years with their part gone by; the end of the
        latest project where none is stated), open (whether none is stated), known (end of the
        last year that the texts report on), chosen (whether it is the one asked for), of.
    """
    key, every, known = _one(project), tables.load_projects().dropna(subset=["period"]), _known()
    spans = every.period.map(dates.span)
    last = max((span.end for span in spans if span.end), default=known)
    rows = [
        {
            "project": every.label[one],
            "project_id": one,
            "when": words.period(every.period[one]),
            "start": span.start.year + (span.start.timetuple().tm_yday - 1) / 366,
            "end": (span.end or last).year + (span.end or last).timetuple().tm_yday / 366,
            "open": span.end is None,
            "known": known.year + 1,
            "chosen": one == key,
            "of": f"projects/{one}/period",
        }
        for one, span in spans.items()
        if span.start
    ]
    columns = ["project", "project_id", "when", "start", "end", "open", "known", "chosen", "of"]
    return pd.DataFrame(rows, columns=columns).sort_values(["start", "end"], ignore_index=True)


def gaps(project):
    """List what a curator looked for about a project and did not find.

    Returns
    -------
    DataFrame
        text, searched (the words looked for).
    """
    found = _gaps(_records(_one(project))).rename(columns={"what": "text"})
    return found[~found.index.duplicated()]


def doubts(project):
    """List the doubts that could change a printed figure of a project (layout "doubts")."""
    return _doubts(_records(_one(project)))


def inferred(project):
    """List the cells of a project that are inferred, not stated, and why."""
    found = _inferred().rename(columns={"value": "said"})
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
    names = [f"projects/{key}", *ties.of, *("organisations/" + ties.organisation_id)]
    return list(dict.fromkeys(each for name in names for each in (name, *attached(name))))


def _rows(table, key):
    """Yield source and row, as texts, of what hangs on a project; not what is superseded."""
    rows = tables.rows(table)
    later = {row.get("supersedes_id") for row in rows}
    for row in rows:
        first = next(iter(row.values()))
        owner = row["record"] if "record" in row else f"projects/{row['project_id']}"
        if owner == f"projects/{key}" and first not in later:
            yield f"{table}/{first}", row


def _lack(key, word):
    """Say that something is not stated where a gap says so; of our tables otherwise."""
    told = " ".join(_gaps([f"projects/{key}"]).title).casefold()
    return words.NOT_STATED if word in told else "not in our tables"


def _called(who):
    """Call an organisation by its label and, in brackets, its acronym."""
    label = tables.label(f"organisations/{who}")
    short = [
        row["name"]
        for row in tables.rows("names")
        if row["record"] == f"organisations/{who}" and row["kind"] == "acronym"
    ]
    return f"{label} ({short[0]})" if short and short[0] not in label else label


def _the(who):
    """Name an organisation in a sentence: "the ILO", but "China" and "UN DESA"."""
    row = tables.row(f"organisations/{who}")
    bare = row["kind"] in ("state", "group_of_states")
    bare = bare or (row["label"].isupper() and " " in row["label"])
    return _called(who) if bare else f"the {_called(who)}"


def _payers(key, article=False):
    """Name who pays, linked."""
    return words.listed(
        words.link(
            _the(row["organisation_id"]) if article else _called(row["organisation_id"]),
            f"{of}/organisation_id",
        )
        for of, row in _rows("project_organisations", key)
        if row["role"] == "funding"
    )


def _money(key):
    """Say the money of a project, linked."""
    paid = reach.money().get(key)
    return words.link(paid["money"], paid["money_of"]) if paid else ""


def _period(key):
    """Say when a project runs, linked."""
    period = tables.row(f"projects/{key}")["period"]
    return words.link(words.period(period), f"projects/{key}/period") if period else ""


def _places(key):
    """Return the places of a project."""
    every = reach.places()
    return every[every.project_id == key]


def _summary(key):
    """Say money, payer and dates in one line."""
    paid, pays, period = _money(key), _payers(key, article=True), _period(key)
    none = f"amount {_lack(key, 'amount')}"
    told = paid + f" from {pays}" * bool(pays) if paid else f"paid by {pays}, {none}"
    if not paid and not pays:
        both = _lack(key, "payer") == _lack(key, "amount")
        told = (
            f"amount and payer {_lack(key, 'payer')}"
            if both
            else f"{none}, payer {_lack(key, 'payer')}"
        )
    return (
        f"{told}; {period}"
        if "," in words.plain(period)
        else ", ".join(filter(None, [told, period]))
    )


def _where(key, said=SENTENCES):
    """Say which places a project names, in which role: a text a role."""
    here, told = _places(key), []
    for role, sentence in said.items():
        rows = here[here.role == reach.ROLES[role]]
        names = words.listed(words.link(row.place, row.of) for row in rows.itertuples())
        if names:
            told.append(
                sentence.format(names, "a beneficiary" if len(rows) == 1 else "beneficiaries")
            )
    return told


def _came(key):
    """Say what is counted and what is told in words, or that there is nothing."""
    came = results(key)
    if came.empty:
        silent = _lack(key, "result") == words.NOT_STATED
        return ["No result is stated." if silent else "Our tables hold no result of it."]
    counted, rows = came[came.value.notna()], came[came.value.isna()]
    told = [
        row.result
        + f" ({row.when})" * bool(row.when)
        + f", {row.status}" * (row.status != "delivered")
        for row in rows.itertuples()
    ]
    more = (
        [f"{words.number(len(told) - MOST)} more, below"] if len(told) > MOST + 1 else told[MOST:]
    )
    numbers = "; ".join(words.link(row.short, row.of) for row in counted.itertuples())
    said = {"Counted": numbers, "Told in words": "; ".join(told[:MOST] + more)}
    return [f"{name}: {text}." for name, text in said.items() if text]


def _aimed(key):
    """Say the aims, or where none is told what it is about."""
    told = aims(key)[:1].query("about in @ABOUT.values()")
    return "".join(f"Its {row.about.lower()}: {row.text}." for row in told.itertuples())


def _with(key):
    """Say who takes part, the payers apart."""
    roles = {}
    for of, row in _rows("project_organisations", key):
        who = words.link(_the(row["organisation_id"]), f"{of}/organisation_id")
        roles.setdefault(row["role"], []).append(who)
    told = [
        f"{words.listed(roles[role])} {said[len(roles[role]) > 1]}"
        for role, said in PARTS.items()
        if role in roles and role != "funding"
    ]
    return words.capital("; ".join(told)) + "." if told else ""


def _rank(key):
    """Say that an amount is the largest of a project's that can be read."""
    paid = tables.load_contributions().dropna(subset=["project_id", "low_usd"])
    if len(paid) < 2 or paid.low_usd.idxmax() not in paid.index[paid.project_id == key]:
        return ""
    how = "; ".join(sorted(paid.label))
    number = words.link(
        words.number(len(paid)), [f"contributions/{k}/amount_usd" for k in paid.index], how
    )
    return f"Its amount is the largest of the {number} amounts of projects that can be read."


def _misprint(key):
    """Say the likely reading of a misprinted amount."""
    told = [
        f"The amount is printed as {words.link('“' + row['printed'] + '”', f'{of}/printed')}; "
        f"{words.link(words.money(int(row['likely_usd'])), f'{of}/likely_usd')} is the likely reading."
        for of, row in _rows("contributions", key)
        if row["likely_usd"]
    ]
    return " ".join(told)


def _plans(key):
    """Say which years of a project lie after the latest that the documents report on."""
    period = tables.row(f"projects/{key}")["period"]
    end, known = dates.span(period).end if period else None, _known()
    if not end or end <= known:
        return ""
    of = [f"documents/{row['document_id']}/latest_date" for row in tables.rows("documents")]
    year = words.link(known.year, of, "the later of the latest years that the texts report on")
    until = words.link(end.year, f"projects/{key}/period")
    return (
        f"It runs until {until}, and the texts report on no year after {year}: the rest is planned."
    )


def _known():
    """Return the last day that the documents report on."""
    latest = [row["latest_date"] for row in tables.rows("documents") if row["latest_date"]]
    return max((dates.span(text).end for text in latest), default=dates.date.max)
