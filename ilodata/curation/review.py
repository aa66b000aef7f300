"""What a second person should look at: labels, reasons, guesses and roles that no machine proves.

A record is shown with what hangs on it once anything of it differs from what somebody has seen. The
receipt ``receipts/reviewed.csv`` beside the tables says who has seen which record, and when.
"""

import csv
import datetime
import hashlib
import io

from ilodata import tables
from ilodata.curation.filling import LINKS, fields, load, pieces
from ilodata.problems import DataError

RECEIPT = "receipts/reviewed.csv"
COLUMNS = ("record", "seen", "by", "on")
# What is shown with another record: table -> the column that names it, and its table.
WITH = {
    "names": ("record", ""),
    "sections": ("document_id", "documents/"),
    **LINKS,
    "conflict_records": ("conflict_id", "conflicts/"),
    "searches": ("conflict_id", "conflicts/"),
}
CODED = ("kind", "role", "status", "predicate", "mode", "act", "channel")  # proved by a few words


def entries(data):
    """Put together what a second person sees of each record: record -> list of lines.

    These are its cells and those of what hangs on it, each with the words that prove it, and with
    the reason for what is inferred.
    """
    found, proof = {}, {}
    for _, row in pieces(data):
        why = f" (inferred: {row['note']})" if row["basis"] == "inferred" else ""
        note = f" ({row['note']})" if row["note"] and not why else ""
        said = f"“{row['fragment']}” in {row['section_id']}, {row['support']}{why}{note}"
        proof.setdefault((row["record"], row["field"]), []).append(said)
    ours = {(t, f["name"]): f["role"] for t, f in fields()}
    for table in (name for name in data if name != "evidence"):
        column, target = WITH.get(table, ("", ""))
        for key, row in data[table].items():
            record = f"{table}/{key}"
            lines = found.setdefault(target + row[column] if column else record, [])
            for name, value in row.items():
                ties = name == "record" and not column  # whose theme, result or figure it is
                if value and (ties or ours[table, name] in ("fact", "editorial")):
                    told = "; ".join(proof.get((record, name), ()))
                    mark = "" if told and name not in CODED and "inferred" not in told else "! "
                    lines.append(f"{mark}{table}.{name}: {value}" + f" – {told}" * bool(told))
    return found


def waiting(only=()):
    """List what differs from what somebody has seen: record -> lines, none of one that has gone.

    `only` are records ``table/id``; all by default. Raises DataError if a table cannot be read.
    """
    data, wrong = load()
    if wrong:
        raise DataError("\n".join(wrong))
    now, seen = entries(data), {row["record"]: row["seen"] for row in receipt()}
    return {
        record: now.get(record, [])
        for record in dict.fromkeys([*now, *seen])
        if seen.get(record) != _digest(now.get(record)) and (not only or record in only)
    }


def receipt():
    """Read who has seen what: dicts of record, seen (a hash of what was shown), by, on."""
    path = tables.data_dir() / RECEIPT
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sign(records, who):
    """Write into the receipt that somebody has seen some records, as `waiting` gives them."""
    rows = {row["record"]: row for row in receipt()}
    today = datetime.date.today().isoformat()
    for record, lines in records.items():
        rows[record] = dict(zip(COLUMNS, (record, _digest(lines), who, today), strict=True))
        if not lines:
            del rows[record]
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows[record] for record in sorted(rows))
    path = tables.data_dir() / RECEIPT
    path.parent.mkdir(exist_ok=True)
    tables.write(path, file.getvalue())


def _digest(lines):
    """Hash what is shown of a record; nothing of one that is not there."""
    return lines and hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
