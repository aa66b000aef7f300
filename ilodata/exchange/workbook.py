"""One workbook of all tables for people who work in a spreadsheet.

Each table is a sheet, as it stands in its CSV file; to its right stand columns whose heads end in
"(derived)": what this package computes from it. Nothing in the workbook is a formula.
"""

import datetime
import io
import math
from decimal import Decimal

import xlsxwriter

from ilodata import amounts, tables, words
from ilodata.evidence import inferred
from ilodata.files import write
from ilodata.problems import DataError, shorten

DERIVED = " (derived)"
# The sheets that say of other rows where they come from and what limits them.
ABOUT = {"evidence": "evidence", "conflicts": "conflict_records"}
_READING = {
    "Blank": "The cell makes no statement. Zero is written as zero.",
    "“(derived)” in a head": "Computed by this package; no document states it. low and high are "
    "bounds under our reading of the hedge (sheet “Hedges”), start and end the first and last day "
    "that a date can mean; inferred names the columns that no document states: the evidence of the "
    "row says from what they follow, and why; evidence and conflicts count the pieces of wording "
    "that a row rests on, and what limits it.",
    "Links": "From a row to its evidence and its conflicts, and back. Filter as you like; after "
    "sorting, a link leads to the line where the row stood before.",
    "Dates": "As the documents allow (EDTF): 2018/2025 is a period, 2015/.. goes on, the end of "
    "2013/ is not stated, [2019-04,2019-06] is one of the two.",
}


def export(path):
    """Write all tables into one workbook; the same data give the same bytes.

    Returned is a dict: how many rows stand on the sheet of each table. Raises DataError if a number
    is not kept by a spreadsheet, or the file cannot be written.
    """
    sheets, package, out = _sheets(), tables.package(), io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    created = datetime.datetime.fromisoformat(package["created"][:10])
    told = {"title": package["title"], "comments": f"{tables.citation()} {tables.data_sha256()}"}
    book.set_properties(told | {"created": created})
    for name, lines in _front(sheets).items():
        _write(book, name, [[(it, f"'{it}'!A1" * (it in sheets)) for it in line] for line in lines])
    places = {
        f"{name}/{_key(row)}": f"'{name}'!A{line}"
        for name, (_, rows) in sheets.items()
        for line, row in enumerate(rows, start=2)
    }
    about = _about(sheets)
    for name, (resource, rows) in sheets.items():
        fields, derived = resource["schema"]["fields"], _derived(name, rows, about)
        heads = [*(field["name"] for field in fields), *(f"{head}{DERIVED}" for head in derived)]
        lines = [[_cell(name, row, field, places) for field in fields] for row in rows]
        lines = [[*line, *more] for line, *more in zip(lines, *derived.values(), strict=True)]
        _write(book, name, [[(head, "") for head in heads], *lines])
    book.close()
    write(path, out.getvalue())
    return {name: len(rows) for name, (_, rows) in sheets.items()}


def _key(row):
    """Return the id of a row: its first cell."""
    return next(iter(row.values()))


def _sheets():
    """Gather (resource, rows) by name of the sheet, contributions first."""
    resources = {each["name"]: each for each in tables.package()["resources"]}
    sheets = {name: (it, tables.rows(name)) for name, it in resources.items()}
    for name in ABOUT.values():
        # Together, so that one link can lead to all that is said of a record.
        sheets[name][1].sort(key=lambda row: row["record"])
    return {"contributions": sheets["contributions"]} | sheets


def _front(sheets):
    """Say what the workbook is, how to cite and to read it, and what each column means.

    Returned are lines of cells, heads first, by name of the sheet; a name of a sheet leads to it.
    """
    package = tables.package()
    front = [
        ("What", "Said"),
        (package["title"], package.get("description")),
        ("Data edition", package["version"]),
        ("SHA-256 of the tables", tables.data_sha256()),
        ("How to cite", f"{tables.citation()} Cite the document beside it."),
        ("Licence", "; ".join(it["title"] for it in package.get("licenses", []))),
        *((row["title"], f"text SHA-256 {row['text_sha256']}") for row in sheets["documents"][1]),
        *_READING.items(),
    ]
    hedges = [("Hedge", "Our reading of it", "Lowest, in units of the last digit", "Highest")]
    for name, rule in amounts.QUALIFIERS.items():
        sides = (side if math.isfinite(side) else None for side in rule[:2])
        hedges.append((name, rule.reason, *sides))
    heads = "Sheet", "Column", "Meaning", "Unit", "Type", "Role", "Required", "Refers to", "Codes"
    codebook = [heads]
    for name, (resource, rows) in sheets.items():
        number = words.counted(len(rows), "row")
        front.append((name, f"{resource.get('description', '')} ({number})"))
        for it in tables.codebook(name):
            line = [name, *it[:5], "yes" * it.required, it.refers_to, ", ".join(it.codes)]
            codebook.append([cell or None for cell in line])
    return {"Read me": front, "Hedges": hedges, "Codebook": codebook}


def _about(sheets):
    """Gather what is said of each record: head -> record -> (value, place that it leads to)."""
    guessed = inferred().groupby(level=0).field.agg(", ".join)
    found = {"inferred": {record: (columns, "") for record, columns in guessed.items()}}
    for head, sheet in ABOUT.items():
        lines = {}
        for line, row in enumerate(sheets[sheet][1], start=2):
            lines.setdefault(row["record"], []).append(line)
        found[head] = {of: (len(it), f"'{sheet}'!A{it[0]}:C{it[-1]}") for of, it in lines.items()}
    return found


def _derived(name, rows, about):
    """Put together what stands to the right of a table: bounds, and what is said of its rows."""
    frame, found = tables.read(name).loc[list(map(_key, rows))], {}
    for head in frame.columns.intersection(["low_usd", "high_usd", "start", "end"], sort=False):
        values = frame[head].astype(object).where(frame[head].notna(), None)
        found[head] = [(v.date() if hasattr(v, "date") else v, "") for v in values]
    for head, told in about.items():
        found[head] = [told.get(f"{name}/{_key(row)}", (None, "")) for row in rows]
    return {head: cells for head, cells in found.items() if any(value for value, _ in cells)}


def _cell(name, row, field, places):
    """Return what a cell holds, as what it is, and the place of the record it names."""
    text, column = row[field["name"]], field["name"]
    value, place = text or None, places.get(tables.reference(name, column, text), "")
    if text and field["type"] == "boolean":
        value = text == "true"
    elif text and field["type"] in ("integer", "number"):
        value = Decimal(text)
        if f"{float(text):.{-value.as_tuple().exponent}f}" != text:
            where = f"{name}, row {shorten(_key(row))}, column {column}"
            raise DataError(f"{where}: {text!r} has characters that a number does not keep")
    return value, place


def _write(book, name, lines):
    """Write a sheet: its heads, then lines of cells (value, place that it leads to)."""
    sheet = book.add_worksheet(name)
    for line, cells in enumerate(lines):
        for number, (value, place) in enumerate(cells):
            look = {"valign": "top", "text_wrap": True, "bold": line == 0, "underline": bool(place)}
            if isinstance(value, str):
                # Not every spreadsheet shows more than 255 characters in the format "text".
                look |= {"num_format": "@"} if len(value) <= 255 else {}
            elif hasattr(value, "year"):
                look["num_format"] = "yyyy-mm-dd"
            elif not isinstance(value, bool):
                digits = -value.as_tuple().exponent if isinstance(value, Decimal) else 0
                look["num_format"] = "#,##0" + "." * bool(digits) + "0" * digits
            look = book.add_format(look)
            if place:
                sheet.write_url(line, number, f"internal:{place}", look, str(value))
            write = sheet.write_string if isinstance(value, str) else sheet.write
            write(line, number, value, look)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(lines) - 1, len(lines[0]) - 1)
    sheet.autofit(300)  # pixels at most
