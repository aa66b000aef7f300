"""Are the tables sound in themselves? Schema, references, codes, evidence, arithmetic."""

import collections
import itertools
import re

from ilodata import tables
from ilodata.curation import wording
from ilodata.uncertain import QUALIFIERS, bounds

# Columns that hold a record as table/id.
RECORDS = ("record", "subject", "object")
LINKS = {
    "agreement_parties": ("agreement_id", "organisation_id"),
    "project_organisations": ("project_id", "organisation_id", "role"),
    "project_places": ("project_id", "place_id", "role"),
    "event_participants": ("event_id", ("organisation_id", "person_id")),
}
REGIONS = ("region", "group_of_states")


def load(names=None, part="."):
    """Read tables as text.

    Returns
    -------
    dict
        table -> {id: row}, each row a dict of strings; blank cells are "". A table that cannot
        be read row by row is left out.
    list of str
        What is wrong with files, rows and cells.
    """
    data, wrong = {}, []
    for name in names or [r["name"] for r in tables.package(part)["resources"]]:
        rows, found = tables.cells(name, part)
        if rows or not found:
            data[name] = {next(iter(row.values())): row for row in rows}
        wrong += found
    return data, wrong


def fields(role=None):
    """List the columns of all tables as (table, field), of one role or of all."""
    return [
        (resource["name"], field)
        for resource in tables.package()["resources"]
        for field in resource["schema"]["fields"]
        if role in (None, field["role"])
    ]


def place(table, row, column):
    """Name a cell in a message."""
    return tables.place(f"{tables.data_dir().name}/{table}.csv", row, column)


def check():
    """Check the tables.

    Returns
    -------
    list of str
        One line a finding: file, row, column, value and what would be right.
    dict
        What was checked: number of tables, rows, cells, references.
    """
    data, wrong = load()
    reference, found = load(part="reference")
    wrong += found + _formulas(reference, "reference")
    counts = {
        "tables": len(data),
        "rows": sum(map(len, data.values())),
        "cells": sum(1 for rows in data.values() for r in rows.values() for v in r.values() if v),
    }
    parts = tables.package()["resources"], tables.package("reference")["resources"]
    if len(data) + len(reference) < sum(map(len, parts)):
        # What hangs on a table that cannot be read would be found to hang loose, row after row.
        wrong.append(
            f"{tables.data_dir().name}: references, evidence and amounts were not checked, since "
            "a table cannot be read; mend what is named above and check again"
        )
    else:
        counts["references"] = _references(data)[0]
        wrong += rules(data)
    return list(dict.fromkeys(_standard(not wrong) + wrong)), counts


def rules(data):
    """Hold tables to every rule that needs no other program.

    Parameters
    ----------
    data : dict
        table -> {id: row}, as `load` gives it.

    Returns
    -------
    list of str
        One line a finding.
    """
    wrong = _references(data)[1]
    for rule in (_ids, _evidence, _names, _kinds, _places, _money, _payers, _duplicates, _formulas):
        wrong += rule(data)
    return wrong


def _standard(whole):
    """Hold descriptors to the standard, and tables too: of one that is broken we have said more."""
    # Here, since only this command needs it.
    from frictionless import FrictionlessException, Package, system

    wrong = []
    for part in (".", "reference"):
        folder = tables.data_dir() / part
        tables.package(part)
        try:
            with system.use_context(trusted=True):
                package = Package(str(folder / "datapackage.json"))
                if not whole:
                    package.resources.clear()
                report = package.validate()
        except FrictionlessException as error:
            wrong.append(f"{folder.name}/datapackage.json: {error.error.message}")
            continue
        for error in report.errors:
            wrong.append(f"{folder.name}/datapackage.json: {error.message}")
        for task in report.tasks:
            for error in task.errors:
                wrong.append(f"{folder.name}/{task.place.split('/')[-1]}: {error.message}")
    return wrong


def _references(data):
    """Look up every reference to another row."""
    count, wrong = 0, []
    for resource in tables.package()["resources"]:
        table = resource["name"]
        pairs = [
            (key["fields"][0], key["reference"]["resource"])
            for key in resource["schema"].get("foreignKeys", [])
        ]
        pairs += [
            (c, None) for c in RECORDS if c in {f["name"] for f in resource["schema"]["fields"]}
        ]
        for row_id, row in data[table].items():
            for column, target in pairs:
                value = row[column]
                if not value:
                    continue
                count += 1
                to, _, key = (target, "/", value) if target else value.partition("/")
                if to not in data:
                    wrong.append(
                        f"{place(table, row_id, column)}: {value!r} names no table; write table/id"
                    )
                elif key not in data[to]:
                    near = tables.nearest(key, data[to]) if len(data[to]) else "the table is empty"
                    near = near if near.startswith("did") else f"no row of {to}"
                    wrong.append(
                        f"{place(table, row_id, column)}: {value!r} is not in {to}; {near}"
                    )
    return count, wrong


def _ids(data):
    """Ids of link tables are their joined keys; those of evidence name the cell and count up."""
    wrong, numbers = [], collections.Counter()
    for row_id, row in data["evidence"].items():
        cell = f"{row['record'].replace('/', '--')}--{row['field']}".replace("_", "-")
        numbers[cell] += 1
        right = f"{cell}--{numbers[cell]}"
        if row_id != right:
            wrong.append(
                f"{place('evidence', row_id, 'evidence_id')}: {row_id!r} is not its cell and "
                f"number; write {right}"
            )
    for row_id, row in data["relations"].items():
        parts = row["subject"].split("/")[-1], row["predicate"], row["object"].split("/")[-1]
        right = "--".join(parts).replace("_", "-")
        if row_id != right:
            wrong.append(
                f"{place('relations', row_id, 'relation_id')}: {row_id!r} is not its subject, "
                f"predicate and object; write {right}"
            )
    for table, keys in LINKS.items():
        for row_id, row in data[table].items():
            parts = [
                next((row[k] for k in ks if row[k]), "") if isinstance(ks, tuple) else row[ks]
                for ks in keys
            ]
            right = "--".join(parts).replace("_", "-")
            if row_id != right:
                wrong.append(
                    f"{place(table, row_id, 'id')}: {row_id!r} is not its joined keys; write {right}"
                )
    return wrong


def _evidence(data):
    """Every fact cell has evidence; evidence belongs to a fact cell that is not blank."""
    wrong = []
    facts = {(t, f["name"]) for t, f in fields("fact")} - {
        (t, f) for t in ("evidence", "unused_mentions") for f in ("fragment", "support", "basis")
    }
    backed = {
        (row["record"], row["field"])
        for row in data["evidence"].values()
        if row["support"] != "differs"
    }
    for table, field in sorted(facts):
        for row_id, row in data[table].items():
            if row[field] and (f"{table}/{row_id}", field) not in backed:
                wrong.append(
                    f"{place(table, row_id, field)}: {row[field]!r} has no evidence; add a row to evidence"
                )
    limited = {row["record"] for row in data["conflict_records"].values()}
    inferred = {(t, f["name"]) for t, f in fields() if f.get("proof") == "argued"}
    dates = {(t, f["name"]) for t, f in fields() if f.get("proof") == "date"}
    for row_id, row in data["evidence"].items():
        table, _, key = row["record"].partition("/")
        cell = data.get(table, {}).get(key)
        if cell is None:
            continue  # said by _references
        if (table, row["field"]) not in facts:
            wrong.append(
                f"{place('evidence', row_id, 'field')}: {row['field']!r} is no fact column of "
                f"{table}"
            )
        elif not cell[row["field"]]:
            wrong.append(
                f"{place('evidence', row_id, 'field')}: the cell is blank; drop the row or fill "
                f"{table}/{key}"
            )
        dated = (table, row["field"]) in dates
        if row["support"] == "coarser" and not dated:
            wrong.append(
                f"{place('evidence', row_id, 'support')}: 'coarser'; only a date can be less precise"
            )
        if row["basis"] == "stated" and row["support"] != "differs" and row["note"]:
            wrong.append(
                f"{place('evidence', row_id, 'note')}: {row['note']!r}; a stated value needs no "
                "reason, so write inferred or drop the note"
            )
        if row["basis"] == "inferred" and row["support"] == "differs":
            wrong.append(
                f"{place('evidence', row_id, 'basis')}: 'inferred'; what differs is stated"
            )
        if row["basis"] == "inferred" and not row["note"]:
            wrong.append(f"{place('evidence', row_id, 'note')}: is blank; say why it is inferred")
        if (table, row["field"]) in inferred and row["basis"] != "inferred":
            wrong.append(
                f"{place('evidence', row_id, 'basis')}: 'stated'; {row['field']} is always inferred"
            )
        if row["support"] == "differs" and row["record"] not in limited:
            wrong.append(
                f"{place('evidence', row_id, 'support')}: 'differs', but no conflict names {row['record']}"
            )
        most = 32 if row["field"] == "title" else 16
        if len(row["fragment"].split()) > most:
            wrong.append(
                f"{place('evidence', row_id, 'fragment')}: {len(row['fragment'].split())} words; at most {most}"
            )
    linked = {row["conflict_id"] for row in data["conflict_records"].values()}
    for row_id, row in data["conflict_records"].items():
        table, _, key = row["record"].partition("/")
        right = "--".join(part for part in (row["conflict_id"], table, key, row["field"]) if part)
        if row_id != right.replace("_", "-"):
            wrong.append(
                f"{place('conflict_records', row_id, 'id')}: {row_id!r} is not its conflict, "
                f"record and column; write {right.replace('_', '-')}"
            )
        if row["field"] and row["field"] not in data.get(table, {}).get(key, {row["field"]: ""}):
            wrong.append(
                f"{place('conflict_records', row_id, 'field')}: {row['field']!r} is no column of "
                f"{table}"
            )
    for table in ("evidence", "unused_mentions"):
        for row_id, row in data[table].items():
            home = data["sections"].get(row["section_id"], row)["document_id"]
            if row["document_id"] != home:
                wrong.append(
                    f"{place(table, row_id, 'document_id')}: {row['document_id']!r}; the section "
                    f"is in {home}"
                )
    for row_id, row in data["relations"].items():
        if row["subject"] == row["object"]:
            wrong.append(
                f"{place('relations', row_id, 'object')}: {row['object']!r} is its own subject"
            )
    for row_id in data["conflicts"]:
        if row_id not in linked:
            wrong.append(
                f"{place('conflicts', row_id, 'conflict_id')}: limits no record; add a row to conflict_records"
            )
    return wrong


def named(data, record):
    """List the names of a record as printed, its title included."""
    table, _, key = record.partition("/")
    title = data[table].get(key, {}).get("title", "")
    names = [row["name"] for row in data["names"].values() if row["record"] == record]
    return names + [title] * bool(title)


def _names(data):
    """The kind of a name follows from its form and from the record's other names."""
    wrong = []
    rows = sorted(data["names"].items(), key=lambda item: item[1]["record"])
    for _, group in itertools.groupby(rows, key=lambda item: item[1]["record"]):
        group = list(group)
        plain = [
            (i, r) for i, r in group if not re.fullmatch(r"[A-Z]{2,}s?( [A-Z]{2,})?", r["name"])
        ]
        full = max(plain, key=lambda item: len(item[1]["name"]))[0] if plain else None
        for row_id, row in group:
            right = "full" if row_id == full else "variant" if (row_id, row) in plain else "acronym"
            if row["kind"] != right:
                wrong.append(f"{place('names', row_id, 'kind')}: {row['kind']!r}; write {right}")
    for table in ("organisations", "people", "places", "frameworks"):
        for key in data[table]:
            if not named(data, f"{table}/{key}"):
                wrong.append(
                    f"{place(table, key, 'label')}: has no printed name; add a row to names"
                )
    return wrong


def _kinds(data):
    """A code that follows from names is the first one of which a name holds a wording."""
    wrong = []
    for table, field in fields("code"):
        for key, row in data[table].items() if "wordings" in field else ():
            names = named(data, f"{table}/{key}")
            right = next(
                (
                    code
                    for code, words in field["wordings"].items()
                    if any(wording.holds_word(w, name) for w in words for name in names)
                ),
                "blank",
            )
            if row[field["name"]] != right:
                wrong.append(
                    f"{place(table, key, field['name'])}: {row[field['name']]!r}; its names make it {right}"
                )
    return wrong


def _places(data):
    """Codes of places are those of the reference data; a region is a target, a country is not."""
    wrong = []
    rows, _ = tables.cells("countries", "reference")
    by_label = {row["label"]: row for row in rows}
    for key, row in data["places"].items():
        known = next((by_label[n] for n in named(data, f"places/{key}") if n in by_label), None)
        known = known or by_label.get(row["label"])
        for column in ("iso3", "m49"):
            right = known[column] if known else ""
            if row[column] != right:
                wrong.append(
                    f"{place('places', key, column)}: {row[column]!r}; reference/countries.csv has {right!r}"
                )
        kinds = (known["kind"],) if known else ("city", *REGIONS)
        if row["kind"] not in kinds:
            wrong.append(
                f"{place('places', key, 'kind')}: {row['kind']!r}; write {' or '.join(kinds)}"
            )
    for key, row in data["organisations"].items():
        known = next(
            (by_label[n] for n in named(data, f"organisations/{key}") if n in by_label), None
        )
        right = known["iso3"] if known and row["kind"] == "state" else ""
        if row["iso3"] != right:
            wrong.append(
                f"{place('organisations', key, 'iso3')}: {row['iso3']!r}; write {right or 'nothing'}"
            )
    for key, row in data["project_places"].items():
        region = data["places"].get(row["place_id"], {}).get("kind") in REGIONS
        if region != (row["role"] == "target_region"):
            right = "target_region" if region else "beneficiary or network_home"
            wrong.append(
                f"{place('project_places', key, 'role')}: {row['role']!r} of {row['place_id']}; write {right}"
            )
    return wrong


def _money(data):
    """Amount, unit and qualifier follow from what is printed; a reading from the arithmetic."""
    wrong = []
    rows = data["contributions"]
    for key, row in rows.items():
        here = lambda column, key=key: place("contributions", key, column)  # noqa: E731
        level = (
            "project"
            if row["project_id"]
            else "agreement"
            if row["agreement_id"]
            else "channel_total"
        )
        if row["level"] != level:
            wrong.append(f"{here('level')}: {row['level']!r}; its ids make it {level}")
        found = wording.amounts(row["printed"])
        if len(found) != 1:
            wrong.append(
                f"{here('printed')}: {row['printed']!r} holds {len(found)} amounts; write one"
            )
            continue
        for column, value in zip(("amount_usd", "printed_unit_usd"), found[0], strict=True):
            right = "" if value is None else str(value)
            if row[column] != right:
                wrong.append(
                    f"{here(column)}: {row[column]!r}; {row['printed']!r} says {right or 'nothing'}"
                )
        hedge = wording.hedges(row["printed"])
        right = "misprint" if found[0][0] is None else hedge[0] if hedge else "exact"
        if row["qualifier"] != right:
            wrong.append(
                f"{here('qualifier')}: {row['qualifier']!r}; {row['printed']!r} says {right}"
            )
        if row["likely_usd"]:
            wrong += _likely(rows, key, here("likely_usd"))
        whole = rows.get(row["part_of"])
        if row["part_of"] and (whole is None or whole["level"] != "channel_total"):
            wrong.append(f"{here('part_of')}: {row['part_of']!r} is no channel total")
    return wrong


def _likely(rows, key, here):
    """Hold a likely reading to its digits and to what is left of the total that it is part of."""
    row = rows[key]
    if row["qualifier"] != "misprint":
        return [f"{here}: {row['likely_usd']}; only a misprint has a likely reading"]
    value, whole = _number(row["likely_usd"]), rows.get(row["part_of"], {})
    digits = re.sub(r"\D", "", row["printed"])
    if not re.fullmatch(f"{digits}0*", str(value)):
        return [f"{here}: {value} is not the printed digits {digits}, then zeros"]
    parts = [r for k, r in rows.items() if r["part_of"] == row["part_of"] and k != key]
    stated = [_number(r["amount_usd"]) for r in parts]
    total, unit = _number(whole.get("amount_usd")), _number(whole.get("printed_unit_usd"))
    if None in (total, unit, *stated) or whole["qualifier"] not in QUALIFIERS:
        return [f"{here}: {value}; no total with otherwise known parts supports it, leave it blank"]
    low, high = bounds(total, whole["qualifier"], unit)
    made = value + sum(stated)
    if not low < made < high:
        return [f"{here}: {value} and its fellows make {made}, not between {low} and {high}"]
    return []


def _number(text):
    """Read a whole number; None where there is none, which the schema's own check says."""
    return int(text) if text and text.isdecimal() else None


def _payers(data):
    """The payer of a project's amount has the funding role in that project, and the other way."""
    wrong = []
    funding = {
        (r["project_id"], r["organisation_id"])
        for r in data["project_organisations"].values()
        if r["role"] == "funding"
    }
    paid = set()
    for key, row in data["contributions"].items():
        if row["project_id"] and row["payer_id"]:
            pair = (row["project_id"], row["payer_id"])
            paid.add(pair)
            if pair not in funding:
                wrong.append(
                    f"{place('contributions', key, 'payer_id')}: {row['payer_id']!r} has no funding role in project_organisations for {row['project_id']}"
                )
    for project, organisation in sorted(funding - paid):
        if any(r["project_id"] == project for r in data["contributions"].values()):
            wrong.append(
                f"{place('project_organisations', f'{project}--{organisation}--funding', 'role')}: 'funding', but no contribution to {project} names it as payer"
            )
    for key, row in data["event_participants"].items():
        if bool(row["organisation_id"]) == bool(row["person_id"]):
            wrong.append(
                f"{place('event_participants', key, 'organisation_id')}: write either an organisation or a person"
            )
    for key, row in data["contributions"].items():
        if row["qualifier"] and row["qualifier"] not in QUALIFIERS:
            wrong.append(
                f"{place('contributions', key, 'qualifier')}: {row['qualifier']!r} has no bounds"
            )
    return wrong


def _duplicates(data):
    """No two rows of a table say the same under two ids."""
    wrong = []
    for table, rows in data.items():
        seen = {}
        for key, row in rows.items():
            rest = tuple(list(row.values())[1:])
            if rest in seen and any(rest):
                wrong.append(
                    f"{place(table, key, next(iter(row)))}: says the same as row {seen[rest]}"
                )
            seen.setdefault(rest, key)
    return wrong


def _formulas(data, part="."):
    """No text begins like a formula: whoever opens the CSV file in a spreadsheet would run it."""
    wrong, folder = [], "" if part == "." else f"{part}/"
    for table, rows in data.items():
        texts = [
            f["name"]
            for f in tables.schema(table, part)["schema"]["fields"]
            if f["type"] == "string"
        ]
        for key, row in rows.items():
            wrong += [
                f"{place(folder + table, key, name)}: {tables.shorten(row[name])!r} begins like a "
                "formula of a spreadsheet; begin it with a letter, a digit or a quotation mark"
                for name in texts
                if row[name].startswith(("=", "+", "-", "@"))
            ]
    return wrong
