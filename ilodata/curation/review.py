"""What a second person should look at: labels, reasons, guesses and roles that no machine proves.

A record is shown with what hangs on it once anything of it differs from what somebody has seen. The
receipt ``receipts/reviewed.csv`` beside the tables says who has seen which record, and when.
"""

import collections
import datetime
import difflib
import re

from ilodata import tables
from ilodata.curation.filling import as_csv, lines, load, pieces, place, sound
from ilodata.files import write
from ilodata.problems import DataError, nearest

RECEIPT = "receipts/reviewed.csv"
COLUMNS = ("record", "seen", "by", "on")
# Rows of these tables stand by themselves; others with a second key, with the record that it names.
ALONE = ("results", "themes", "indicators", "unused_mentions")
CODED = ("kind", "role", "status", "predicate", "mode", "act", "channel")  # proved by a few words
# Keys that are shown, too: for what somebody has looked, what a doubt names, whose figure it is.
TIES = [("searches", "words"), ("conflict_records", "id")]
TIES += [(table, "record") for table in ("results", "themes", "indicators")]
DIFFERS = re.compile("“[^”]*” in [^ ,]+, differs")


def entries(data):
    """Put together what a second person sees of each record: record -> list of lines.

    These are its cells and those of what hangs on it, each with the words that prove it, and with
    the reason for what is inferred. The words that may prove a column are a record, too.
    """
    found, proof = {}, {}
    for _, row in pieces(data):
        why = f"inferred: {row['note']}" if row["basis"] == "inferred" else row["note"]
        said = f"“{row['fragment']}” in {row['section_id']}, {row['support']}"
        said += f" ({why})" * bool(why)
        proof.setdefault((row["record"], row["field"]), []).append(said)
    for table in (name for name in data if name != "evidence"):
        roles = {name: field["role"] for name, field in tables.fields(table).items()}
        keys = [name for name, role in roles.items() if role == "key"]
        home = keys[1] if len(keys) > 1 and table not in ALONE else ""
        for key, row in data[table].items():
            record = f"{table}/{key}"
            shown = tables.reference(table, home, row[home]) if home else record
            told = found.setdefault(shown, [])
            for name, value in row.items():
                ties = (table, name) in TIES
                if value and (ties or roles[name] in ("fact", "editorial")):
                    said = "; ".join(proof.get((record, name), ()))
                    mark = "" if said and name not in CODED and "inferred" not in said else "! "
                    told.append(f"{mark}{table}.{name}: {value}" + f" – {said}" * bool(said))
    for row in tables.cells("wordings", "reference")[0]:
        line = f"! wordings.{row['code']}: {row['wording']}"
        line += f" – the {row['follows']} follows" * bool(row["follows"])
        found.setdefault(f"wordings/{row['table']}-{row['column']}", []).append(line)
    return found


def waiting(only=()):
    """List what differs from what somebody has seen: record -> lines.

    Of a record that was seen before, a line that is new begins with "+", one that has gone or was
    changed with "-". `only` are records ``table/id``; all by default. Raises DataError if a table
    cannot be read, or there is no such record.
    """
    now, seen = entries(sound()), {row["record"]: row["seen"].splitlines() for row in receipt()}
    every, found = dict.fromkeys([*now, *seen]), {}
    for record in only:
        if record not in every:
            raise DataError(f"{record!r} is not a record; {nearest(record, every)}")
    for record in only or every:
        old, new = seen.get(record, []), now.get(record, [])
        if old != new:
            told = [line for line in difflib.ndiff(old, new) if line[0] != "?"]
            found[record] = told if old else new
    return found


def gone(data):
    """Say which records have lost a row, cell or differing words that somebody has seen."""
    now, wrong = entries(data), []
    for row in receipt():
        seen, here = row["seen"].splitlines(), now.get(row["record"], [])
        had, have = (collections.Counter(map(_column, each)) for each in (seen, here))
        lost = [x for x in seen if x not in here and had[_column(x)] > have[_column(x)]]
        lost += [x for x in DIFFERS.findall(row["seen"]) if x not in "\n".join(here)]
        if lost:
            where = place(RECEIPT.removesuffix(".csv"), row["record"], "seen")
            cell = lost[0].removeprefix("! ").partition(" – ")[0]
            what = f"{cell!r} was seen by {row['by']} and is gone; put it back, or let a second"
            remedy = f"person sign that: ilodata review {row['record']} --by NAME"
            wrong.append(f"{where}: {what} {remedy}")
    return wrong


def _column(line):
    """Give the table and column that a line is of."""
    return line.removeprefix("! ").partition(":")[0]


def receipt():
    """Read who has seen what: dicts of record, seen (the lines that were shown), by, on."""
    path = tables.data_dir() / RECEIPT
    return lines(path, COLUMNS) if path.exists() else []


def sign(records, who):
    """Write into the receipt that somebody has seen some records as they are now."""
    rows, now = {row["record"]: row for row in receipt()}, entries(load()[0])
    today = datetime.date.today().isoformat()
    for record in records:
        seen = "\n".join(now.get(record, []))
        rows[record] = {"record": record, "seen": seen, "by": who, "on": today}
    path = tables.data_dir() / RECEIPT
    path.parent.mkdir(exist_ok=True)
    kept = (rows[record] for record in sorted(rows) if record in now)
    write(path, as_csv(COLUMNS, kept, header=True))
