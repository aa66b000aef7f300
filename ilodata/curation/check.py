"""Are the tables sound in themselves? Schema, references, codes, evidence, arithmetic.

A rule takes the tables and yields claims ``(whether it is wrong, table, row, column, what)``. Types,
codes and dates of single cells are checked by `tables.cells`; what follows from other cells is in
`filling`, what somebody has seen in `review`.
"""

import collections
import itertools
import re

from ilodata import dates, problems, tables
from ilodata.curation import filling, review, wording
from ilodata.curation.filling import cells, fields, load, named, pieces

# What has a label that tells of it, and the column of its date.
LABELLED = {"agreements": ("label", "signed"), "events": ("label", "date")}
LABELLED |= {"projects": ("label", "period"), "contributions": ("label", "")}
LABELLED |= {"results": ("indicator", "")}
SUCCEEDED = ("contributions", "results", "indicators")
# Two figures in which one of these differs are of different things; a blank cell differs from none.
SAME = ("record", "unit", "level", "channel", "project_id", "agreement_id")
SAME += ("payer_id", "receiver_id")
UNPROVED = ("evidence", "unused_mentions")  # their fact columns are proof, and need none
LONGEST, LONGEST_TITLE = 16, 32  # words of a fragment
VAGUE = "'coarser'; only a date can be less precise, and what is inferred only than a day or month"
STATED = "a stated value needs no reason, so write inferred or drop the note"


def check():
    """Check the tables: a line for each finding (file, row, column, value and what would be right).

    And what was checked, a dict: number of tables, rows, cells, references.
    """
    (data, wrong), (reference, found) = load(), load("reference")
    wrong += found + _said(_formulas(reference, "reference/"))
    rows = [row for rows in data.values() for row in rows.values()]
    filled = sum(value != "" for row in rows for value in row.values())
    counts = {"tables": len(data), "rows": len(rows), "cells": filled}
    parts = tables.package()["resources"], tables.package("reference")["resources"]
    if len(data) + len(reference) < sum(map(len, parts)):
        # What hangs on a table that cannot be read would be found to hang loose, row after row.
        what = "references, evidence and amounts were not checked, since a table cannot be read; fix what is named above and check again"
        wrong.append(f"{tables.data_dir().name}: {what}")
    else:
        counts["references"] = sum(1 for _ in filling.referring(data))
        wrong += rules(data) + review.gone(data)
    return list(dict.fromkeys(_standard(not wrong) + wrong)), counts


def rules(data):
    """Hold tables, as `load` gives them, to every rule that needs no other program."""
    return _said(itertools.chain.from_iterable(rule(data) for rule in RULES))


def _said(claims):
    """Put what is wrong into words."""
    return [f"{filling.place(*where)}: {what}" for wrong, *where, what in claims if wrong]


def _standard(whole):
    """Hold descriptors to the standard, and tables too: of one that is broken we have said more."""
    # Here, since only this command needs it.
    from frictionless import system, validate

    wrong = []
    for part in (".", "reference"):
        folder = tables.data_dir() / part
        with system.use_context(trusted=True):
            report = validate(str(folder / "datapackage.json"), type="package")
        found = [("datapackage.json", error) for error in report.errors]
        tasks = report.tasks if whole else ()
        found += [(task.place.split("/")[-1], e) for task in tasks for e in task.errors]
        wrong += [f"{folder.name}/{file}: {error.message}" for file, error in found]
    return wrong


def _references(data):
    """Every reference leads to a row."""
    for table, row, column, value, target in filling.referring(data):
        to, key = (target, value) if target else value.partition("/")[::2]
        what = f"{value!r} does not name a table; write table/id"
        yield to not in data, table, row, column, what
        if to in data and key not in data[to]:
            near = problems.nearest(key, data[to]) if data[to] else "the table is empty"
            near = near if near.startswith("did") else f"there is no such row of {to}"
            yield True, table, row, column, f"{value!r} is not in {to}; {near}"


def _derived(data):
    """What follows from other cells, or from reference data, is as it follows."""
    for rule in filling.DERIVED:
        for table, row, column, right, why in rule(data):
            if (value := data[table][row][column]) != right:
                yield True, table, row, column, f"{value!r}; {why} it {right or 'blank'}"


def _backed(data):
    """Every fact cell has evidence."""
    proof = (row for _, row in pieces(data) if row["support"] != "differs")
    backed = {(row["record"], row["field"]) for row in proof}
    for table, name in _facts():
        for key, row in data[table].items():
            what = f"{row[name]!r} has no evidence; add a row to evidence"
            missing = row[name] and (f"{table}/{key}", name) not in backed
            yield missing, table, key, name, what


def _facts():
    """Give the columns of facts that need evidence: (table, field) -> what proves it."""
    facts = ((t, f) for t, f in fields("fact") if t not in UNPROVED)
    return {(table, field["name"]): field.get("proof") for table, field in facts}


def _evidence(data):
    """Evidence is short, belongs to a fact cell that is not blank, and its codes go together."""
    facts, doubted = _facts(), {row["record"] for row in data["conflict_records"].values()}
    for key, row in data["unused_mentions"].items():
        words = len(row["fragment"].split())
        what = f"{words} words; at most {LONGEST}, or none for the whole section"
        yield words > LONGEST, "unused_mentions", key, "fragment", what
    for key, row in pieces(data):
        record, field, note = row["record"], row["field"], row["note"]
        value, cell = cells(data, record).get(field), (record.partition("/")[0], field)
        if not cells(data, record):
            continue  # said of references
        proof, inferred = facts.get(cell), row["basis"] == "inferred"
        differs, coarser = (row["support"] == each for each in ("differs", "coarser"))
        vague = coarser and (proof != "date" or (inferred and (value or "").isdigit()))
        most = LONGEST_TITLE if field == "title" else LONGEST
        words = len(row["fragment"].split())
        for wrong, column, what in (
            (cell not in facts, "field", f"{field!r} is not a fact column of {cell[0]}"),
            (value == "", "field", f"the cell is blank; drop the row or fill {record}"),
            (vague, "support", VAGUE),
            (differs and inferred, "basis", "'inferred'; what differs is stated"),
            (
                differs and record not in doubted,
                "support",
                f"'differs', and no doubt names {record}",
            ),
            (inferred and not note, "note", "is blank; say why it is inferred"),
            (note and not inferred and not differs, "note", f"{note!r}; {STATED}"),
            (proof == "argued" and not inferred, "basis", f"'stated'; {field} is always inferred"),
            (words > most, "fragment", f"{words} words; at most {most}"),
        ):
            yield wrong, "evidence", key, column, what


def _conflicts(data):
    """A doubt concerns a record, and its weight says which other cells it needs."""
    linked = {row["conflict_id"] for row in data["conflict_records"].values()}
    sought = {row["conflict_id"] for row in data["searches"].values()}
    for key, row in data["conflicts"].items():
        weight, here = row["weight"], ("conflicts", key)
        what = "concerns no record; add a row to conflict_records"
        yield key not in linked, *here, "conflict_id", what
        for column, of in (("otherwise", "figure"), ("confirmed", "gap")):
            what = "is blank; fill it" if weight == of else f"is only for the weight {of}"
            yield bool(row[column]) != (weight == of), *here, column, what
        what = "add its words to searches" if weight == "gap" else "drop its rows of searches"
        yield (key in sought) != (weight == "gap"), *here, "weight", f"{weight!r}; {what}"
    for key, row in data["conflict_records"].items():
        table = row["record"].partition("/")[0]
        what = f"{row['field']!r} is not a column of {table}"
        wrong = row["field"] and table in data and row["field"] not in tables.fields(table)
        yield wrong, "conflict_records", key, "field", what


def _participants(data):
    """Who took part is an organisation or a person."""
    for key, row in data["event_participants"].items():
        both = bool(row["organisation_id"]) == bool(row["person_id"])
        what = "write either an organisation or a person"
        yield both, "event_participants", key, "organisation_id", what


def _successors(data):
    """A figure replaces one earlier figure of the same thing, and no other row does."""
    for table in SUCCEEDED:
        seen = set()
        for key, row in data[table].items():
            if not (older := row["supersedes_id"]):
                continue
            what = f"{older!r} is this row, or was replaced by another one"
            yield older == key or older in seen, table, key, "supersedes_id", what
            seen.add(older)
            days = [_given(data, f"{table}/{each}") for each in (key, older)]
            what = f"{older!r} is of {days[1]}, and this row of {days[0]}; which one is later?"
            yield _apart(days[0], f"{days[1]}/.."), table, key, "supersedes_id", what
            column = _unlike(data, data[table].get(older, row), row)
            what = f"{older!r} has another {column}, so it is no earlier figure of the same"
            yield column, table, key, "supersedes_id", what


def _rivals(data):
    """Figures of one thing in two documents follow each other, or a doubt names both."""
    proof, doubts = collections.defaultdict(set), collections.defaultdict(set)
    for _, row in pieces(data):
        if row["field"] in ("printed", "value"):
            proof[row["record"]].add(row["document_id"])
    for row in data["conflict_records"].values():
        doubts[row["record"]].add(row["conflict_id"])
    for kinds in (SUCCEEDED[:1], SUCCEEDED[1:]):
        rows = {f"{t}/{key}": row for t in kinds for key, row in data[t].items()}
        rows = {record: row for record, row in rows.items() if record in proof}
        replaced = {f"{t}/{row['supersedes_id']}" for t in kinds for row in data[t].values()}
        for (old, one), (new, other) in itertools.combinations(rows.items(), 2):
            known = {old, new} & replaced or doubts[old] & doubts[new] or proof[old] & proof[new]
            if one.get("level") == "channel_total":
                known = known or one["period"] != other["period"]
            days = (row.get("period", row.get("as_of")) for row in (one, other))
            if not known and not _unlike(data, one, other) and not _apart(*days):
                what = f"is blank; {old} is of the same thing: let the later figure name the earlier one of its table, quote both for one row, or let one doubt name both"
                yield True, *new.split("/"), "supersedes_id", what


def _unlike(data, one, other):
    """Name a column in which two figures are of different things; a blank cell differs from none."""
    for column in SAME:
        a, b = one.get(column, ""), other.get(column, "")
        alike = column == "unit" and (wording.alike(a, b) or wording.alike(b, a))
        payers = (cells(data, f"organisations/{each}").get("kind") for each in (a, b))
        alike |= column == "payer_id" and "state" in payers  # which may speak for a ministry
        if a != b and not alike and (column == "unit" or (a and b)):
            return column
    return ""


def _planned(data):
    """What is dated after its document was issued has not happened yet."""
    for _, row in pieces(data):
        if row["field"] in ("signed", "date", "as_of"):
            value = cells(data, row["record"]).get(row["field"], "")
            issued = _issue(data, row["document_id"])
            what = f"{value!r} is after {row['document_id']}, of {issued}: it is planned, so it is a theme or a planned result"
            late = value and issued and _apart(value, f"../{issued}")
            yield late, *row["record"].split("/"), row["field"], what


def _given(data, record):
    """Give the date of a figure, or else of the last document that proves it."""
    proof = {row["document_id"] for row in data["evidence"].values() if row["record"] == record}
    issued = max((_issue(data, document) for document in proof), default="")
    return cells(data, record).get("as_of") or issued


def _issue(data, document):
    """Give the day of issue of a document, or else the latest date that it tells."""
    row = cells(data, f"documents/{document}")
    return row.get("published") or row.get("latest_date", "")


def _apart(one, other):
    """Tell whether two dates, of which both are stated, can have no day in common."""
    try:
        return dates.in_window(one, other, other) == "no"
    except ValueError:  # said by tables
        return False


def _labels(data):
    """A label has years of its record's date, and names whom the record has to do with."""
    near = filling.neighbours(data)
    lands = {row["label"]: set() for row in tables.rows("countries", "reference")}
    called = collections.defaultdict(set, lands)
    for table in ("organisations", "places"):
        for key, row in data[table].items():
            for name in (row["label"], *named(data, f"{table}/{key}")):
                called[name].add(f"{table}/{key}")
    longest = sorted(called, key=len, reverse=True)
    for table, (column, date) in LABELLED.items():
        for key, row in data[table].items():
            label, here = row[column], (table, key, column)
            years = set(re.findall(r"\b[12]\d{3}\b", label)) if date else set()
            wrong = years - set(re.findall(r"\d{4}", row.get(date, "")))
            yield wrong, *here, f"{label!r}; its {date} is {row.get(date) or 'blank'}"
            linked = filling.related(near, {f"{table}/{key}"}, 3)
            titles = " | ".join(cells(data, record).get("title", "") for record in linked)
            rest = label
            for name in (name for name in longest if wording.holds_word(name, label)):
                alien = wording.holds_word(name, rest) and not called[name] & linked
                alien = alien and not wording.holds_word(name, titles)
                yield alien, *here, f"{label!r} names {name}, which no row links with it"
                rest = rest.replace(name, "\0")


def _counts(data):
    """What is counted has a unit and a hedge, and nothing else does."""
    for key, row in data["results"].items():
        for column in ("qualifier", "unit"):
            what = f"{row[column]!r}; fill it where there is a figure, and only there"
            yield bool(row[column]) != bool(row["value"]), "results", key, column, what


def _reached(data):
    """A region or group of states is a target, a country is not; a city stands for its country."""
    roles = dict.fromkeys(filling.REGIONS, ("target_region",)) | {"city": ("network_home",)}
    for key, row in data["project_places"].items():
        kind = cells(data, f"places/{row['place_id']}").get("kind")
        right = roles.get(kind, ("beneficiary", "network_home"))
        what = f"{row['role']!r} of {row['place_id']}, a {kind}; write {' or '.join(right)}"
        yield row["role"] not in right, "project_places", key, "role", what


def _money(data):
    """One amount is printed; a part is one of a total; a likely reading stands to reason."""
    rows = data["contributions"]
    for key, row in rows.items():
        here, count = ("contributions", key), len(wording.amounts(row["printed"]))
        yield count != 1, *here, "printed", f"{row['printed']!r} holds {count} amounts; write one"
        likely, digits = row["likely_usd"], re.sub(r"\D", "", row["printed"])
        wrong = row["qualifier"] != "misprint" or not re.fullmatch(f"{digits}0*", likely)
        what = f"{likely!r}; only a misprint has one, the printed digits {digits} and zeros"
        yield likely and wrong, *here, "likely_usd", what
        what = "is blank; name the channel of a total, or a project or agreement of an amount"
        yield row["level"] == "channel_total" and not row["channel"], *here, "channel", what
        what = row["part_of"] in rows and _part(data, row, rows[row["part_of"]])
        yield what, *here, "part_of", f"{row['part_of']!r} {what}"


def _part(data, row, whole):
    """Say why an amount cannot be a part of another one, or nothing."""
    when = row["period"] or cells(data, f"agreements/{row['agreement_id']}").get("signed", "")
    if whole["level"] != "channel_total":
        return "is not a channel total"
    if not row["payer_id"] or row["payer_id"] != whole["payer_id"]:
        return f"is paid by {whole['payer_id']}, this by {row['payer_id'] or 'nobody stated'}"
    if _apart(when, whole["period"]):
        return f"is of {whole['period']}, this of {when}"
    return None


def _duplicates(data):
    """No two rows of a table say the same under two ids."""
    for table, rows in data.items():
        seen = {}
        for key, (first, *row) in ((key, row.items()) for key, row in rows.items()):
            other = seen.setdefault(tuple(row), key)
            twice = other != key and any(value for _, value in row)
            yield twice, table, key, first[0], f"says the same as row {other}"


def _formulas(data, part=""):
    """No text begins like a formula: whoever opens the CSV file in a spreadsheet would run it."""
    for table, rows in data.items():
        columns = tables.fields(table, part or ".").items()
        texts = [name for name, field in columns if field["type"] == "string"]
        for key, row in rows.items():
            for name in (name for name in texts if row[name].startswith(("=", "+", "-", "@"))):
                what = f"{problems.shorten(row[name])!r} begins like a formula of a spreadsheet; begin it with a letter, a digit or a quotation mark"
                yield True, f"{part}{table}", key, name, what


RULES = (
    *(_references, _derived, _backed, _evidence, _conflicts, _participants, _successors, _rivals),
    *(_planned, _labels, _counts, _reached, _money, _duplicates, _formulas),
)
