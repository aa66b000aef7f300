"""One workbook of all tables for people who work in a spreadsheet.

Each table is a sheet, as it stands in its CSV file; to its right stand columns whose heads end in
"(derived)": what this package computes from it. Nothing in the workbook is a formula.
"""

import datetime
import io
import math

import xlsxwriter

from ilodata import amounts, tables
from ilodata.evidence import inferred
from ilodata.problems import DataError, shorten

DERIVED = " (derived)"
# The sheets that say of other rows where they come from and what limits them.
ABOUT = {"evidence": "evidence", "conflicts": "conflict_records"}
_PLAIN = {"valign": "top", "text_wrap": True}
_HEAD = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3864"}
_DERIVED_HEAD = {"bold": True, "bg_color": "#F2D7A0"}
_DERIVED_CELL = {"bg_color": "#FDF6E7"}
_INFERRED = {"italic": True, "bg_color": "#EDE7F6"}
_LINK = {"font_color": "#0563C1", "underline": 1}
_READING = {
    "Blank": "The cell makes no statement. Zero is written as zero.",
    "“(derived)” in a head": "Computed by this package; no document states it. low and high are "
    "bounds under our reading of the hedge (sheet “Hedges”), start and end the first and last day "
    "that a date can mean; inferred names the columns that no document states; evidence and "
    "conflicts count the pieces of wording that a row rests on, and what limits it.",
    "Italics on a ground of their own": "Inferred, not stated: the evidence of the row says from "
    "what, and why.",
    "Links": "From a row to its evidence and its conflicts, and back. Filter as you like; after "
    "sorting, a link leads to the line where the row stood before.",
    "Dates": "As the documents allow (EDTF): 2018/2025 is a period, 2015/.. goes on, the end of "
    "2013/ is not stated, [2019-04,2019-06] is one of the two.",
}


def export(path):
    """Write all tables, reference data too, into one workbook; the same data give the same bytes.

    Returned is a dict: how many rows stand on the sheet of each table.
    """
    sheets, package, out = _sheets(), tables.package(), io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    created = datetime.datetime.fromisoformat(package.get("created", "2000-01-01")[:10])
    told = {"title": package["title"], "comments": f"{tables.citation()} {tables.data_sha256()}"}
    book.set_properties(told | {"created": created})
    for name, (heads, *lines) in _front(sheets).items():
        cells = [
            [(it, f"'{it}'!A1" if it in sheets else None, {}) for it in line] for line in lines
        ]
        _write(book, name, [(head, _HEAD) for head in heads], cells)
    guessed = inferred().groupby(level=0).field.agg(list).to_dict()
    places = {
        f"{name}/{_key(row)}": f"'{name}'!A{line}"
        for name, (_, rows) in sheets.items()
        for line, row in enumerate(rows, start=2)
    }
    for name, (resource, rows) in sheets.items():
        fields = resource["schema"]["fields"]
        derived = _derived(name, rows, guessed, sheets)
        heads = [(field["name"], _HEAD) for field in fields]
        heads += [(f"{head}{DERIVED}", _DERIVED_HEAD) for head in derived]
        cells = [_cells(name, fields, row, places, guessed) for row in rows]
        for values in derived.values():
            for line, (value, place) in zip(cells, values, strict=True):
                line.append((value, place, _DERIVED_CELL))
        _write(book, name, heads, cells)
    book.close()
    tables.write(path, out.getvalue())
    return {name: len(rows) for name, (_, rows) in sheets.items()}


def _key(row):
    """Return the id of a row: its first cell."""
    return next(iter(row.values()))


def _sheets():
    """Gather (resource, rows) by name of the sheet, contributions first."""
    parts = [(".", resource) for resource in tables.package()["resources"]]
    parts.sort(key=lambda each: each[1]["name"] != "contributions")
    parts += [("reference", resource) for resource in tables.package("reference")["resources"]]
    sheets = {}
    for part, resource in parts:
        name, rows = resource["name"], tables.rows(resource["name"], part)
        if name in ABOUT.values():
            # Together, so that one link can lead to all that is said of a record.
            rows = sorted(rows, key=lambda row: row["record"])
        sheets[name if part == "." else f"{part}.{name}"] = resource, rows
    return sheets


def _front(sheets):
    """Say what the workbook is, how to cite and to read it, and what each column means.

    Returned are lines of cells, heads first, by name of the sheet; a name of a sheet leads to it.
    """
    package = tables.package()
    resources = [package, *tables.package("reference")["resources"]]
    licences = [it["title"] for each in resources for it in each.get("licenses", [])]
    told = [
        ("What", "Said"),
        (package["title"], package.get("description")),
        ("Data edition", tables.edition()),
        ("SHA-256 of the tables", tables.data_sha256()),
        ("How to cite", f"{tables.citation()} Cite the document beside it."),
        ("Licence; of the sheets “reference…”", "; ".join(dict.fromkeys(licences))),
        *((row["title"], f"text SHA-256 {row['text_sha256']}") for row in sheets["documents"][1]),
        *_READING.items(),
    ]
    hedges = [("Hedge", "Our reading of it", "Lowest, in units of the last digit", "Highest")]
    for name, rule in amounts.QUALIFIERS.items():
        sides = (side if math.isfinite(side) else None for side in rule[:2])
        hedges.append((name, rule.reason, *sides))
    heads = ("Sheet", "Column", "Meaning", "Unit", "Type", "Role", "Required", "Refers to", "Codes")
    book = [heads]
    for name, (resource, rows) in sheets.items():
        told.append((name, f"{resource.get('description', '')} ({len(rows)} rows)"))
        keys = resource["schema"].get("foreignKeys", [])
        refers = {key["fields"][0]: key["reference"]["resource"] for key in keys}
        for field in resource["schema"]["fields"]:
            rules = field.get("constraints", {})
            line = [
                name,
                *(field.get(it) for it in ("name", "description", "unit", "type", "role")),
            ]
            line += ["yes" if rules.get("required") else None, refers.get(field["name"])]
            book.append([*line, ", ".join(map(str, rules.get("enum", []))) or None])
    return {"Read me": told, "Hedges": hedges, "Codebook": book}


def _derived(name, rows, guessed, sheets):
    """Compute what stands to the right of a table: (value, place that it leads to) a row, by head.

    Bounds of amounts and dates, what is inferred, how many lines of `ABOUT` speak of a row.
    """
    part, _, table = name.rpartition(".")
    records = [f"{name}/{_key(row)}" for row in rows]
    frame, found = tables.read(table, part or ".").loc[list(map(_key, rows))], {}
    for column in frame.columns.intersection(["low_usd", "high_usd", "start", "end"], sort=False):
        values = frame[column].astype(object).where(frame[column].notna(), None)
        found[column] = [(v.date() if hasattr(v, "date") else v, None) for v in values]
    found["inferred"] = [(", ".join(guessed.get(it, ())) or None, None) for it in records]
    for column, sheet in ABOUT.items():
        lines = {}
        for line, row in enumerate(sheets[sheet][1], start=2):
            lines.setdefault(row["record"], []).append(line)
        own = [lines.get(record) for record in records]
        places = [f"'{sheet}'!A{it[0]}:C{it[-1]}" if it else None for it in own]
        found[column] = [(it and len(it), place) for it, place in zip(own, places, strict=True)]
    return {head: cells for head, cells in found.items() if any(value for value, _ in cells)}


def _cells(name, fields, row, places, guessed):
    """Return the cells of a row: what each holds, the place of the record it names, its look."""
    found = []
    for field in fields:
        column, text, look = field["name"], row[field["name"]], {}
        value, kind = text or None, field["type"]
        if text and kind == "boolean":
            value, look = text == "true", {"num_format": "General"}
        elif text and kind in ("integer", "number"):
            digits = len(text.partition(".")[2])
            value = float(text) if digits else int(text)
            look = {"num_format": "#,##0" + ("." + "0" * digits if digits else "")}
            if f"{value:.{digits}f}" != text:
                where = f"{name}, row {shorten(_key(row))}, column {column}"
                raise DataError(f"{where}: {text!r} has characters that a number does not keep")
        if column in guessed.get(f"{name}/{_key(row)}", ()):  # what no document states
            look |= _INFERRED
        to = "" if "." in name else tables.reference(name, column, text)
        found.append((value, places.get(to), look))
    return found


def _write(book, name, heads, lines):
    """Write a sheet: (head, look) of each column, then lines of cells (value, place, look)."""
    sheet = book.add_worksheet(name)
    for line, cells in enumerate([[(head, None, look) for head, look in heads], *lines]):
        for number, (value, place, look) in enumerate(cells):
            shown = {"num_format": "yyyy-mm-dd" if hasattr(value, "year") else "#,##0"}
            if isinstance(value, str):
                # A text that begins with = stays one; more than 255 characters of a cell in the
                # format "text" are not shown by every spreadsheet.
                shown = {"num_format": "@"} if len(value) <= 255 else {}
                shown["quote_prefix"] = value.startswith(tuple("=+-@\t\r"))
            look = book.add_format(_PLAIN | shown | look | (_LINK if place else {}))
            if place:
                sheet.write_url(line, number, f"internal:{place}", look, str(value))
            write = sheet.write_string if isinstance(value, str) else sheet.write
            write(line, number, value, look)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(lines), len(heads) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.autofit(300)  # pixels at most
