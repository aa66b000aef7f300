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

LABELLED = {"agreements": "label", "events": "label", "projects": "label"}
LABELLED |= {"contributions": "label", "results": "indicator"}
SAME = ("record", "unit", "level", "channel", "project_id", "agreement_id")  # of a later figure
SUCCEEDED = ("contributions", "results", "indicators")
UNPROVED = ("evidence", "unused_mentions")  # their fact columns are proof, and need none
LONGEST, LONGEST_TITLE = 16, 32  # words of a fragment


def check():
    """Check the tables.

    Returns
    -------
    list of str
        One line a finding: file, row, column, value and what would be right.
    dict
        What was checked: number of tables, rows, cells, references.
    """
    (data, wrong), (reference, found) = load(), load("reference")
    wrong += found + _said(_formulas(reference, "reference/"))
    rows = [row for rows in data.values() for row in rows.values()]
    filled = sum(value != "" for row in rows for value in row.values())
    counts = {"tables": len(data), "rows": len(rows), "cells": filled}
    parts = tables.package()["resources"], tables.package("reference")["resources"]
    if len(data) + len(reference) < sum(map(len, parts)):
        # What hangs on a table that cannot be read would be found to hang loose, row after row.
        wrong.append(
            f"{tables.data_dir().name}: references, evidence and amounts were not checked, since "
            "a table cannot be read; fix what is named above and check again"
        )
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
    for table, field in _facts():
        name = field["name"]
        for key, row in data[table].items():
            what = f"{row[name]!r} has no evidence; add a row to evidence"
            missing = row[name] and (f"{table}/{key}", name) not in backed
            yield missing, table, key, name, what


def _facts():
    """List the columns of facts that need evidence, as (table, field)."""
    return [(table, field) for table, field in fields("fact") if table not in UNPROVED]


def _evidence(data):
    """Evidence belongs to a fact cell that is not blank, and its codes go together."""
    facts = {(table, field["name"]): field.get("proof") for table, field in _facts()}
    limited = {row["record"] for row in data["conflict_records"].values()}
    for key, row in data["unused_mentions"].items():
        words = len(row["fragment"].split())
        what = f"{words} words; at most {LONGEST}, or none for the whole section"
        yield words > LONGEST, "unused_mentions", key, "fragment", what
    for key, row in pieces(data):
        here, cell = cells(data, row["record"]), (row["record"].partition("/")[0], row["field"])
        what = f"{row['field']!r} is not a fact column of {cell[0]}"
        yield here and cell not in facts, "evidence", key, "field", what
        what = f"the cell is blank; drop the row or fill {row['record']}"
        yield cell in facts and here.get(row["field"]) == "", "evidence", key, "field", what
        year = here.get(row["field"], "").isdigit()
        for wrong, column, what in _piece(row, facts.get(cell), row["record"] in limited, year):
            yield here and wrong, "evidence", key, column, what


def _piece(row, proof, limited, year):
    """Yield (whether, column, what) where the codes of a piece of evidence do not go together."""
    differs, inferred = row["support"] == "differs", row["basis"] == "inferred"
    most = LONGEST_TITLE if row["field"] == "title" else LONGEST
    words, coarser = len(row["fragment"].split()), row["support"] == "coarser"
    what = (
        "'coarser'; only a date can be less precise, and what is inferred only than a day or month"
    )
    yield coarser and (proof != "date" or (inferred and year)), "support", what
    yield differs and inferred, "basis", "'inferred'; what differs is stated"
    what = f"'differs', but no doubt names {row['record']}"
    yield differs and not limited, "support", what
    yield inferred and not row["note"], "note", "is blank; say why it is inferred"
    what = f"{row['note']!r}; a stated value needs no reason, so write inferred or drop the note"
    yield row["note"] and not inferred and not differs, "note", what
    what = f"'stated'; {row['field']} is always inferred"
    yield proof == "argued" and not inferred, "basis", what
    yield words > most, "fragment", f"{words} words; at most {most}"


def _conflicts(data):
    """A doubt concerns a record, and its weight says which other cells it needs."""
    linked = {row["conflict_id"] for row in data["conflict_records"].values()}
    sought = {row["conflict_id"] for row in data["searches"].values()}
    for key, row in data["conflicts"].items():
        weight = row["weight"]
        what = "concerns no record; add a row to conflict_records"
        yield key not in linked, "conflicts", key, "conflict_id", what
        for column, of in (("otherwise", "figure"), ("confirmed", "gap")):
            what = "is blank; fill it" if weight == of else f"is only for the weight {of}"
            yield bool(row[column]) != (weight == of), "conflicts", key, column, what
        what = "add its words to searches" if weight == "gap" else "drop its rows of searches"
        wrong = (key in sought) != (weight == "gap")
        yield wrong, "conflicts", key, "weight", f"{weight!r}; {what}"
    for key, row in data["conflict_records"].items():
        here = cells(data, row["record"])
        what = f"{row['field']!r} is not a column of {row['record'].partition('/')[0]}"
        wrong = row["field"] and here and row["field"] not in here
        yield wrong, "conflict_records", key, "field", what


def _links(data):
    """A link has two ends; what is with the ILO has it as a party; one row replaces another once."""
    for key, row in data["relations"].items():
        what = f"{row['object']!r} is its own subject"
        yield row["subject"] == row["object"], "relations", key, "object", what
    ours, parties = filling.the_ilo(data), collections.defaultdict(set)
    for row in data["agreement_parties"].values():
        parties[row["agreement_id"]].add(f"organisations/{row['organisation_id']}")
    for key, row in data["agreements"].items():
        without = row["with_ilo"] == "true" and ours and parties[key] and not parties[key] & ours
        what = "'true'; none of its parties is the ILO"
        yield without, "agreements", key, "with_ilo", what
    for key, row in data["event_participants"].items():
        both = bool(row["organisation_id"]) == bool(row["person_id"])
        what = "write either an organisation or a person"
        yield both, "event_participants", key, "organisation_id", what


def _successors(data):
    """A figure replaces one earlier figure of the same thing, and no other row does."""
    for table in SUCCEEDED:
        seen = set()
        later = ((key, row) for key, row in data[table].items() if row["supersedes_id"])
        for key, row in later:
            older = row["supersedes_id"]
            what = f"{older!r} is this row, or was replaced by another one"
            yield older == key or older in seen, table, key, "supersedes_id", what
            seen.add(older)
            days = [_given(data, f"{table}/{each}") for each in (key, older)]
            what = f"{older!r} is of {days[1]}, and this row of {days[0]}; which one is later?"
            late = older in data[table] and _apart(days[0], f"{days[1]}/..")
            yield late, table, key, "supersedes_id", what
            before = data[table].get(older, row)
            alike = ("unit",) * bool("unit" in row and wording.alike(before["unit"], row["unit"]))
            other = [c for c in SAME if c in row and row[c] != before[c] and c not in alike]
            payers = _payers(data, row, before)
            for column in [*other, *["payer_id"] * (len(payers) == 2 and "state" not in payers)]:
                what = f"{older!r} has another {column}, so it is no earlier figure of the same"
                yield True, table, key, "supersedes_id", what


def _given(data, record):
    """Give the date of a figure, or else of the last document that proves it."""
    if as_of := cells(data, record).get("as_of"):
        return as_of
    proof = {row["document_id"] for row in data["evidence"].values() if row["record"] == record}
    return max((_issue(data, document) for document in proof), default="")


def _issue(data, document):
    """Give the day of issue of a document, or else the latest date that it tells."""
    row = cells(data, f"documents/{document}")
    return row.get("published") or row.get("latest_date", "")


def _rivals(data):
    """Two figures of one thing follow each other, or a doubt names both."""
    proof, doubts = collections.defaultdict(dict), collections.defaultdict(set)
    for number, (_, row) in enumerate(pieces(data)):
        if row["field"] in ("printed", "value"):
            proof[row["record"]].setdefault(row["document_id"], number)
    for row in data["conflict_records"].values():
        doubts[row["record"]].add(row["conflict_id"])
    older = {f"{t}/{row['supersedes_id']}" for t in SUCCEEDED for row in data[t].values()}
    for kinds, same in ((SUCCEEDED[:1], _same_money), (SUCCEEDED[1:], _same_count)):
        rows = {f"{t}/{key}": row for t in kinds for key, row in data[t].items()}
        rows = {record: rows[record] for record in rows.keys() - older}
        # The one that was proved last is the new one.
        first = {r: (min(proof[r].values(), default=len(data["evidence"])), r) for r in rows}
        order = sorted(rows, key=first.get)
        for old, new in itertools.combinations(order, 2):
            parted = proof[old].keys().isdisjoint(proof[new])
            if same(data, rows[old], rows[new], parted) and not doubts[old] & doubts[new]:
                table, key = new.split("/")
                what = f"is blank; {old} is of the same thing: name it here if this figure is later"
                what += f", in a row of {old.split('/')[0]}" * (not old.startswith(table))
                what += "; else quote both for one row, or let one doubt name both"
                yield True, table, key, "supersedes_id", what


def _same_money(data, old, new, parted):
    """Tell whether two amounts can be one: of a project, an agreement, or a channel and period."""
    whole = old["level"] == "channel_total"
    same = ("level", "project_id", "agreement_id") + ("channel", "period") * whole
    if any(old[c] != new[c] for c in same) or _apart(old["period"], new["period"]):
        return False
    if len({old["receiver_id"], new["receiver_id"]} - {""}) == 2:
        return False
    payers = _payers(data, old, new)
    return len(payers) < 2 or (parted and "state" in payers)


def _payers(data, *rows):
    """List who is stated to pay some amounts; a state, which may speak for a ministry, as "state"."""
    payers = {row.get("payer_id", "") for row in rows} - {""}
    kinds = {payer: cells(data, f"organisations/{payer}").get("kind") for payer in payers}
    return ["state" if kinds[payer] == "state" else payer for payer in sorted(payers)]


def _same_count(data, old, new, parted):
    """Tell whether two documents count the same of one record: "TVET institutes", "institutes"."""
    same = old["record"] == new["record"] and parted and wording.alike(old["unit"], new["unit"])
    same = same and (wording.alike(new["unit"], old["unit"]) or not new["supersedes_id"])
    return same and not _apart(*(row.get("period", row["as_of"]) for row in (old, new)))


def _planned(data):
    """What is dated after its document was issued has not happened yet."""
    for row in (row for _, row in pieces(data) if row["field"] in ("signed", "date", "as_of")):
        value, document = cells(data, row["record"]).get(row["field"]), row["document_id"]
        issued = _issue(data, document)
        what = f"{value!r} is after {document}, of {issued}: it is planned, so it is a theme or a planned result"
        late = value and issued and _apart(value, f"../{issued}")
        yield late, *row["record"].split("/"), row["field"], what


def _labels(data):
    """A label has years of its record's date, and names whom the record has to do with."""
    for table, column in (("agreements", "signed"), ("events", "date"), ("projects", "period")):
        for key, row in data[table].items():
            years = set(re.findall(r"\b[12]\d{3}\b", row["label"]))
            what = f"{row['label']!r}; its {column} is {row[column] or 'blank'}"
            yield years - set(re.findall(r"\d{4}", row[column])), table, key, "label", what
    lands = {row["label"]: set() for row in tables.rows("countries", "reference")}
    near, called = filling.neighbours(data), collections.defaultdict(set, lands)
    for table in ("organisations", "places"):
        for key, row in data[table].items():
            for name in (row["label"], *named(data, f"{table}/{key}")):
                called[name].add(f"{table}/{key}")
    for table, column in LABELLED.items():
        for key, row in data[table].items():
            words, linked = row[column], filling.related(near, {f"{table}/{key}"}, 3)
            titles = " | ".join(cells(data, record).get("title", "") for record in linked)
            for name in sorted(called, key=len, reverse=True):
                if wording.holds_word(name, words):
                    words = words.replace(name, "\0")
                    alien = not wording.holds_word(name, titles) and not called[name] & linked
                    what = f"{row[column]!r} names {name}, which no row links with it"
                    yield alien, table, key, column, what


def _counts(data):
    """What is counted has a unit and a hedge, and no other; what is named has a printed name.

    A region or group of states is a target, a country is not.
    """
    for key, row in data["results"].items():
        for column in ("qualifier", "unit"):
            what = f"{row[column]!r}; fill it where there is a figure, and only there"
            yield bool(row[column]) != bool(row["value"]), "results", key, column, what
    counted = ((table, key, row) for table in SUCCEEDED[1:] for key, row in data[table].items())
    for table, key, row in counted:
        noun = row["unit"].rpartition(" ")[2].casefold().removesuffix("s")[:6]  # "countr"
        what = f"{row['indicator']!r}; say in it what is counted, {row['unit']!r}"
        yield noun not in row["indicator"].casefold(), table, key, "indicator", what
    for table in ("organisations", "people", "places", "frameworks"):
        for key in data[table]:
            what = "has no printed name; add a row to names"
            yield not named(data, f"{table}/{key}"), table, key, "label", what
    for key, row in data["project_places"].items():
        kind = cells(data, f"places/{row['place_id']}").get("kind")
        region = kind in filling.REGIONS
        right = "target_region" if region else "beneficiary or network_home"
        right = "its country, which is the beneficiary" if kind == "city" else right
        what = f"{row['role']!r} of {row['place_id']}; write {right}"
        wrong = region != (row["role"] == "target_region")
        wrong |= kind == "city" and row["role"] == "beneficiary"
        yield wrong, "project_places", key, "role", what


def _money(data):
    """One amount is printed; a part is one of a total; a likely reading stands to reason."""
    rows = data["contributions"]
    for key, row in rows.items():
        count = len(wording.amounts(row["printed"]))
        what = f"{row['printed']!r} holds {count} amounts; write one"
        yield count != 1, "contributions", key, "printed", what
        likely, digits = row["likely_usd"], re.sub(r"\D", "", row["printed"])
        wrong = row["qualifier"] != "misprint" or not re.fullmatch(f"{digits}0*", likely)
        what = f"{likely!r}; only a misprint has one, the printed digits {digits} and zeros"
        yield likely and wrong, "contributions", key, "likely_usd", what
        what = "is blank; name the channel of a total, or a project or agreement of an amount"
        loose = row["level"] == "channel_total" and not row["channel"]
        yield loose, "contributions", key, "channel", what
        what = row["part_of"] in rows and _part(data, row, rows[row["part_of"]])
        yield what, "contributions", key, "part_of", f"{row['part_of']!r} {what}"


def _part(data, row, whole):
    """Say why an amount cannot be a part of another one, or nothing."""
    when = row["period"] or cells(data, f"agreements/{row['agreement_id']}").get("signed", "")
    fellows = [r for r in data["contributions"].values() if r["part_of"] == row["part_of"]]
    parts = (r["amount_usd"] or r["likely_usd"] for r in fellows)
    known = whole["amount_usd"], whole["printed_unit_usd"], *parts
    amount, unit, *made = (int(each) if each.isdecimal() else 0 for each in known)
    if whole["level"] != "channel_total":
        return "is not a channel total"
    if not row["payer_id"] or row["payer_id"] != whole["payer_id"]:
        return f"is paid by {whole['payer_id']}, this by {row['payer_id'] or 'nobody stated'}"
    if _apart(when, whole["period"]):
        return f"is of {whole['period']}, this of {when}"
    if amount and unit and sum(made) > amount + unit:
        return f"is less than its parts, which make {sum(made)}"
    return None


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
        for key, (first, *row) in ((key, row.items()) for key, row in rows.items()):
            other = seen.setdefault(tuple(row), key)
            twice = other != key and any(value for _, value in row)
            yield twice, table, key, first[0], f"says the same as row {other}"


def _formulas(data, part=""):
    """No text begins like a formula: whoever opens the CSV file in a spreadsheet would run it."""
    remedy = "begin it with a letter, a digit or a quotation mark"
    for table, rows in data.items():
        columns = tables.fields(table, part or ".").items()
        texts = [name for name, field in columns if field["type"] == "string"]
        for key, row in rows.items():
            for name in (name for name in texts if row[name].startswith(("=", "+", "-", "@"))):
                what = f"{problems.shorten(row[name])!r} begins like a formula of a spreadsheet"
                yield True, f"{part}{table}", key, name, f"{what}; {remedy}"


RULES = (
    *(_references, _derived, _backed, _evidence, _conflicts, _links, _successors, _rivals),
    *(_planned, _labels, _counts, _money, _duplicates, _formulas),
)
