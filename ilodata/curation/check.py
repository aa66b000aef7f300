"""Are the tables sound in themselves? Schema, references, codes, evidence, arithmetic.

A rule of `RULES` takes the tables and yields ``(table, row, column, what is wrong)``; one of `ROWS`
takes a row, too, and yields ``(whether it is wrong, column, what)``. Types, codes and dates of
single cells are checked by `tables.cells`; what follows from other cells is in `filling`, what
somebody has seen in `review`.
"""

import collections
import graphlib
import itertools
import re

from ilodata import dates, problems, tables
from ilodata.curation import filling, grammar, review
from ilodata.curation.documents import FRAGMENT, HEADING
from ilodata.curation.filling import columns_of, load, pieces, row_of

SUCCEEDED = ("contributions", "results", "indicators")
# Two figures in which one of these differs are of different things; a blank cell differs from none.
SAME = ("record", "unit", "level", "channel", "project_id", "agreement_id")
SAME += ("payer_id", "receiver_id")
UNPROVED = ("evidence", "unused_mentions")  # their fact columns are proof, and need none
VAGUE = "'coarser'; only a date can be less precise, and what is inferred only than a day or month"
STATED = "a stated value needs no reason, so write inferred or drop the note"


def check():
    """Check the tables: a line for each finding (file, row, column, value and what would be right).

    And what was checked, a dict: number of tables, rows, cells, references.
    """
    (data, wrong), (reference, found) = load(), load("reference")
    rows = [row for rows in data.values() for row in rows.values()]
    filled = sum(value != "" for row in rows for value in row.values())
    counts = {"tables": len(data), "rows": len(rows), "cells": filled}
    parts = tables.package()["resources"], tables.package("reference")["resources"]
    if len(data) + len(reference) < sum(map(len, parts)):
        # What hangs on a table that cannot be read would be found to hang loose, row after row.
        what = "references, evidence and amounts were not checked, since a table cannot be read"
        found.append(f"{tables.data_dir().name}: {what}; fix what is named above and check again")
    else:
        counts["references"] = sum(1 for _ in filling.referring(data))
        found += filling.as_lines(rules(data))
        try:
            found += review.gone(data)
        except problems.DataError as error:  # of the receipt
            found += str(error).splitlines()
    return list(dict.fromkeys([*_standard(), *wrong, *found])), counts


def rules(data):
    """Hold tables, as `load` gives them, to every rule that needs no other program.

    Returns a list of (table, row, column, what is wrong).
    """
    found = [claim for rule in RULES for claim in rule(data)]
    for table, rule in ROWS:
        for key, row in data[table].items():
            said = rule(data, key, row)
            found += [(table, key, column, what) for wrong, column, what in said if wrong]
    return found


def _standard():
    """Hold both descriptors to the standard."""
    from frictionless import Package  # here, since only this command needs it

    for part in (".", "reference"):
        path = tables.data_dir() / part / "datapackage.json"
        for error in Package.validate_descriptor(str(path)).errors:
            yield f"{path.parent.name}/{path.name}: {error.message}"


def _references(data):
    """Every reference leads to a row."""
    for table, row, column, value, target in filling.referring(data):
        to, key = (target, value) if target else value.partition("/")[::2]
        if to not in data:
            yield table, row, column, f"{value!r} does not name a table; write table/id"
        elif key not in data[to]:
            near = problems.nearest(key, data[to]) if data[to] else "the table is empty"
            near = near if near.startswith("did") else f"there is no such row of {to}"
            yield table, row, column, f"{value!r} is not in {to}; {near}"


def _derived(data):
    """What follows from other cells, or from reference data, is as it follows."""
    for rule in filling.DERIVED:
        for table, row, column, right, why in rule(data):
            if (value := data[table][row][column]) != right:
                yield table, row, column, f"{value!r}; {why} it {right or 'blank'}"


def _backed(data):
    """Every fact cell has evidence."""
    proof = (row for _, row in pieces(data) if row["support"] != "differs")
    backed = {(row["record"], row["field"]) for row in proof}
    for table, field in columns_of("fact"):
        for key, row in data[table].items() if table not in UNPROVED else ():
            value = row[field["name"]]
            if value and (f"{table}/{key}", field["name"]) not in backed:
                what = f"{value!r} has no evidence; add a row to evidence"
                yield table, key, field["name"], what


def _planned(data):
    """What is dated after its document was issued has not happened yet."""
    for _, row in pieces(data):
        record, field, document = row["record"], row["field"], row["document_id"]
        value, told = row_of(data, record).get(field, ""), row_of(data, f"documents/{document}")
        issued = told.get("published") or told.get("latest_date")
        if field in ("signed", "date", "as_of") and issued and _apart(value, f"../{issued}"):
            what = f"{value!r} is after {document}, of {issued}: it is planned"
            yield (*record.split("/"), field, f"{what}, so it is a theme or a planned result")


def _successors(data):
    """A figure replaces one earlier figure of the same thing, and no other row does."""
    for table in SUCCEEDED:
        replaced = {}  # id -> the first row that replaces it
        for key, row in data[table].items():
            older = row["supersedes_id"]
            if older and replaced.setdefault(older, key) != key:
                what = f"{older!r} was replaced by {replaced[older]} already; name that one"
                yield table, key, "supersedes_id", what
            if older and (column := _unlike(data, data[table].get(older, row), row)):
                what = f"{older!r} has another {column}, so it is no earlier figure of the same"
                yield table, key, "supersedes_id", what
        try:
            order = {key: [row["supersedes_id"]] for key, row in data[table].items()}
            graphlib.TopologicalSorter(order).prepare()
        except graphlib.CycleError as error:
            *_, older, key = error.args[1]
            what = f"{older!r} replaces this row in turn, so none of them counts; blank one of them"
            yield table, key, "supersedes_id", what


def _rivals(data):
    """Figures of one thing in two documents follow each other, or a doubt names both."""
    proof, doubts = collections.defaultdict(set), collections.defaultdict(set)
    for _, row in pieces(data):
        if row["field"] in ("printed", "value") and row_of(data, row["record"]):
            proof[row["record"]].add(row["document_id"])
    for row in data["conflict_records"].values():
        doubts[row["record"]].add(row["conflict_id"])
    replaced = {f"{t}/{row['supersedes_id']}" for t in SUCCEEDED for row in data[t].values()}
    for old, new in itertools.combinations(proof, 2):
        one, other = (row_of(data, each) for each in (old, new))
        days = [row.get("period", row.get("as_of")) for row in (one, other)]
        if {old, new} & replaced or doubts[old] & doubts[new]:
            continue  # somebody has seen it
        if proof[old] & proof[new]:
            continue  # a document tells of both
        if ("printed" in one) != ("printed" in other) or _unlike(data, one, other):
            continue  # they are of different things
        if _apart(*days) or (one.get("level") == "channel_total" and days[0] != days[1]):
            continue  # of different times
        what = f"is blank; {old} is of the same thing: let the later figure name the earlier"
        what += " one of its table, quote both for one row, or let one doubt name both"
        yield *new.split("/"), "supersedes_id", what


def _unlike(data, one, other):
    """Name a column in which two figures are of different things; a blank cell fits any."""
    for column in SAME:
        a, b = one.get(column, ""), other.get(column, "")
        alike = column == "unit" and grammar.alike(a, b)
        payers = (row_of(data, f"organisations/{each}").get("kind") for each in (a, b))
        alike |= column == "payer_id" and "state" in payers  # which may speak for a ministry
        if a != b and not alike and (column == "unit" or (a and b)):
            return column
    return ""


def _apart(one, other):
    """Tell whether two dates, of which both are stated, can have no day in common."""
    try:
        return dates.in_window(one, other, other) == "no"
    except ValueError:  # said by tables
        return False


def _duplicates(data):
    """No two rows of a table say the same under two ids."""
    for table, rows in data.items():
        seen = {}
        for key, row in rows.items():
            first, *rest = row.items()
            other = seen.setdefault(tuple(rest), key)
            if other != key and any(value for _, value in rest):
                yield table, key, first[0], f"says the same as row {other}"


RULES = (_references, _derived, _backed, _planned, _successors, _rivals, _duplicates)


def _short(data, key, row):
    """A fragment is short."""
    most = HEADING if row.get("field") == "title" else FRAGMENT
    words = len(row["fragment"].split())
    yield words > most, "fragment", f"{words} words; at most {most}"


def _evidence(data, key, row):
    """Evidence belongs to a fact cell that is not blank, and its codes go together."""
    record, note, table = row["record"], row["note"], row["record"].partition("/")[0]
    inferred, differs = row["basis"] == "inferred", row["support"] == "differs"
    doubts = (each["record"] for each in data["conflict_records"].values())
    yield differs and inferred, "basis", "'inferred'; what differs is stated"
    yield (differs and record not in doubts, "support", f"'differs', and no doubt names {record}")
    yield inferred and not note, "note", "is blank; say why it is inferred"
    yield note and not inferred and not differs, "note", f"{note!r}; {STATED}"
    told = row_of(data, record)
    for name in row["field"].split("+") if told else ():
        field, value = tables.fields(table).get(name, {}), told.get(name)
        unknown = field.get("role") != "fact" or table in UNPROVED
        yield unknown, "field", f"{name!r} is not a fact column of {table}"
        yield value == "", "field", f"the cell is blank; drop the row or fill {record}"
        vague = field.get("proof") != "date" or (inferred and value.isdigit())
        yield row["support"] == "coarser" and vague, "support", VAGUE
        argued = field.get("proof") == "argued" and not inferred
        yield argued, "basis", f"'stated'; {name} is always inferred"


def _conflict(data, key, row):
    """A doubt concerns a record, and its weight says which other cells it needs."""
    weight = row["weight"]
    linked, sought = (
        any(key == each["conflict_id"] for each in data[table].values())
        for table in ("conflict_records", "searches")
    )
    yield not linked, "conflict_id", "concerns no record; add a row to conflict_records"
    for column, of in (("otherwise", "figure"), ("confirmed", "gap")):
        what = "is blank; fill it" if weight == of else f"is only for the weight {of}"
        yield bool(row[column]) != (weight == of), column, what
    what = "add its words to searches" if weight == "gap" else "drop its rows of searches"
    yield sought != (weight == "gap"), "weight", f"{weight!r}; {what}"


def _concerned(data, key, row):
    """A doubt concerns a column that there is."""
    field, table = row["field"], row["record"].partition("/")[0]
    wrong = field and table in data and field not in tables.fields(table)
    yield wrong, "field", f"{field!r} is not a column of {table}"


def _participant(data, key, row):
    """Who took part is an organisation or a person."""
    both = bool(row["organisation_id"]) == bool(row["person_id"])
    yield both, "organisation_id", "write either an organisation or a person"


def _label(data, key, row):
    """A label has no year but those of its record's date."""
    label, date = (row["label"], next(row[c] for c in ("signed", "date", "period") if c in row))
    wrong = set(re.findall(r"\b[12]\d{3}\b", label)) - set(re.findall(r"\d{4}", date))
    yield wrong, "label", f"{label!r}; its date is {date or 'blank'}"


def _result(data, key, row):
    """What is counted has a unit and a hedge, and nothing else does."""
    for column in ("qualifier", "unit"):
        what = f"{row[column]!r}; fill it where there is a figure, and only there"
        yield bool(row[column]) != bool(row["value"]), column, what


def _listed(data, key, row):
    """A country is one of the reference data."""
    what = (
        f"{row['label']!r} is not in reference/countries.csv; write its name there, or another kind"
    )
    yield row["kind"] == "country" and not row["iso3"], "label", what


def _place(data, key, row):
    """A region or group of states is a target, a country is not; a city stands for its country."""
    roles = dict.fromkeys(filling.REGIONS, ("target_region",)) | {"city": ("network_home",)}
    kind = row_of(data, f"places/{row['place_id']}").get("kind")
    right = roles.get(kind, ("beneficiary", "network_home"))
    what = f"{row['role']!r} of {row['place_id']}, a {kind}; write {' or '.join(right)}"
    yield row["role"] not in right, "role", what


def _contribution(data, key, row):
    """One amount is printed; a likely reading stands to reason; a part is one of a total."""
    printed, likely, whole = row["printed"], row["likely_usd"], row["part_of"]
    count, digits = len(grammar.amounts(printed)), re.sub(r"\D", "", printed)
    yield count != 1, "printed", f"{printed!r} holds {count} amounts; write one"
    misprint = row["qualifier"] == "misprint" and re.fullmatch(f"{digits}0*", likely)
    what = f"{likely!r}; only a misprint has one, the printed digits {digits} and zeros"
    yield likely and not misprint, "likely_usd", what
    what = "is blank; name the channel of a total, or a project or agreement of an amount"
    yield row["level"] == "channel_total" and not row["channel"], "channel", what
    total = data["contributions"].get(whole)
    if total:
        payer, paid = total["payer_id"], row["payer_id"] or "nobody stated"
        when = row["period"] or row_of(data, f"agreements/{row['agreement_id']}").get("signed", "")
        yield (total["level"] != "channel_total", "part_of", f"{whole!r} is not a channel total")
        yield payer != paid, "part_of", f"{whole!r} is paid by {payer}, this by {paid}"
        what = f"{whole!r} is of {total['period']}, this of {when}"
        yield _apart(when, total["period"]), "part_of", what


ROWS = (
    *(("evidence", _short), ("unused_mentions", _short), ("evidence", _evidence)),
    *(("conflicts", _conflict), ("conflict_records", _concerned)),
    *(("agreements", _label), ("events", _label), ("projects", _label)),
    *(("event_participants", _participant), ("project_places", _place)),
    ("places", _listed),
    *(("results", _result), ("contributions", _contribution)),
)
