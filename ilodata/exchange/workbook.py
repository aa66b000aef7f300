"""One workbook of all tables for people who work in a spreadsheet.

Each table is a sheet, as it stands in its CSV file; to its right stand columns whose heads end in
"(derived)": what this package computes from it. Nothing in the workbook is a formula.
"""

import datetime
import io
import re
import zipfile

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.xml.functions import tostring

from ilodata import tables
from ilodata.evidence import inferred
from ilodata.exchange import guide, key_of
from ilodata.problems import DataError, shorten

DERIVED = " (derived)"
FRONT = {"Read me": guide.read_me, "Codebook": guide.codebook}
# The sheets that say of other rows where they come from and what limits them.
ABOUT = {"evidence": "evidence", "conflicts": "conflict_records"}
_TOP = Alignment(vertical="top", wrap_text=True)
_FACE = {"name": "Calibri", "size": 11}  # a font without a name is anybody's guess
_TITLE = Font(name="Calibri", size=14, bold=True)
_HEAD = Font(**_FACE, bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1F3864")
_DERIVED_HEAD = Font(**_FACE, bold=True), PatternFill("solid", fgColor="F2D7A0")
_DERIVED_CELL = PatternFill("solid", fgColor="FDF6E7")
_INFERRED = PatternFill("solid", fgColor="EDE7F6")


def export(path):
    """Write all tables, reference data too, into one workbook; the same data give the same bytes.

    Parameters
    ----------
    path : str or Path
        The .xlsx file; it is written whole or not at all.

    Returns
    -------
    dict of str to int
        How many rows stand on the sheet of each table.

    Raises
    ------
    DataError
        If a table is not as its schema says, a cell fits into no spreadsheet, or the file cannot
        be written.
    """
    sheets, book = _sheets(), openpyxl.Workbook()
    places = {
        f"{name}/{key_of(row)}": f"'{name}'!A{line}"
        for name, (_, rows) in sheets.items()
        for line, row in enumerate(rows, start=2)
    }
    about = {column: _lines(sheets[name][1]) for column, name in ABOUT.items()}
    guessed = inferred().groupby(level=0).field.agg(list).to_dict()
    book.remove(book.active)
    for name, told in FRONT.items():
        _write_front(book.create_sheet(name), told(sheets), sheets)
    for name, (resource, rows) in sheets.items():
        derived = _derived(name, rows) | _about(name, rows, about, guessed, sheets)
        _write_table(book.create_sheet(name), resource, rows, derived, guessed, places)
    tables.write(path, _bytes(book))
    return {name: len(rows) for name, (_, rows) in sheets.items()}


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


def _lines(rows):
    """List the lines of a sheet that speak of each record."""
    lines = {}
    for line, row in enumerate(rows, start=2):
        lines.setdefault(row["record"], []).append(line)
    return lines


def _derived(name, rows):
    """Take from the typed table the bounds of amounts and dates: name -> (value, no link) a row."""
    part, _, table = name.rpartition(".")
    frame, found = tables.read(table, part or ".").loc[[key_of(row) for row in rows]], {}
    for column in frame.columns.intersection(["low_usd", "high_usd", "start", "end"], sort=False):
        values = frame[column].astype(object).where(frame[column].notna(), None)
        found[column] = [(v.date() if hasattr(v, "date") else v, None) for v in values]
    return found


def _about(name, rows, about, guessed, sheets):
    """Say what is inferred of each row, and lead to its wording and its conflicts."""
    found, limits = {}, sheets[ABOUT["conflicts"]][1]
    records = [f"{name}/{key_of(row)}" for row in rows]
    if not any(record in lines for lines in about.values() for record in records):
        return {}
    for record in records:
        at = {column: lines.get(record, []) for column, lines in about.items()}
        ids = dict.fromkeys(limits[line - 2]["conflict_id"] for line in at["conflicts"])
        told = {"inferred": ", ".join(guessed.get(record, ())), "evidence": len(at["evidence"])}
        for column, value in (told | {"conflicts": ", ".join(ids)}).items():
            lines = at.get(column)
            place = f"'{ABOUT[column]}'!A{lines[0]}:C{lines[-1]}" if lines else None
            found.setdefault(column, []).append((value or None, place))
    return found


def _write_table(sheet, resource, rows, derived, guessed, places):
    """Write the head, the cells as what they are, each leading to the record it names, and more."""
    fields, refers = resource["schema"]["fields"], guide.refers(resource)
    heads = [(field["name"], *_HEAD) for field in fields]
    heads += [(f"{name}{DERIVED}", *_DERIVED_HEAD) for name in derived]
    for number, (head, font, fill) in enumerate(heads, start=1):
        cell = _put(sheet.cell(1, number), head)
        cell.font, cell.fill = font, fill
    for line, row in enumerate(rows, start=2):
        unsaid = guessed.get(f"{sheet.title}/{key_of(row)}", ())
        for number, field in enumerate(fields, start=1):
            where = f"{sheet.title}, row {shorten(key_of(row))}, column {field['name']}"
            cell = _put(sheet.cell(line, number), *_typed(field, row[field["name"]], where))
            if field["name"] in unsaid:  # no document states it
                cell.font, cell.fill = Font(**_FACE, italic=True), _INFERRED
            named = row[field["name"]]
            place = places.get(named) or places.get(f"{refers.get(field['name'])}/{named}")
            if place and number > 1:
                _link(cell, place)
        for number, values in enumerate(derived.values(), start=len(fields) + 1):
            value, place = values[line - 2]
            cell = _put(sheet.cell(line, number), value)
            cell.fill = _DERIVED_CELL
            if place:
                _link(cell, place)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows, sheet.print_title_cols = "1:1", "A:A"
    _lay_out(sheet, widest=36)


def _write_front(sheet, told, sheets):
    """Write what `guide` tells: the first part of each line is its kind."""
    line = 0
    for kind, *cells in told:
        line += 2 if kind == "head" and line else 1  # a blank line sets off a head
        for number, value in enumerate(cells, start=1):
            cell = _put(sheet.cell(line, number), None if value == "" else value)
            cell.alignment = Alignment(vertical="top", wrap_text=kind != "title", horizontal="left")
            if kind == "title":
                cell.font = _TITLE
            elif kind == "head":
                cell.font, cell.fill = _HEAD
        if cells[0] in sheets:
            _link(sheet.cell(line, 1), f"'{cells[0]}'!A1")
    if told[0][0] == "head":
        sheet.freeze_panes = "C2"
        sheet.auto_filter.ref = sheet.dimensions
    _lay_out(sheet, widest=80)


def _put(cell, value, shown=None):
    """Put a value into a cell as what it is: a text that begins with = stays a text."""
    cell.alignment = _TOP
    if isinstance(value, datetime.date) and value.year < 1900:
        value = value.isoformat()  # the calendar of a spreadsheet begins in 1900
    if not isinstance(value, str):
        is_date = isinstance(value, datetime.date)
        cell.value, cell.number_format = value, shown or ("yyyy-mm-dd" if is_date else "#,##0")
        return cell
    # What looks like an escape of OOXML is escaped itself; 255 characters are the most that every
    # spreadsheet shows of a cell in the format "text".
    cell.value = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", value)
    cell.data_type = "s"
    cell.number_format = "@" if len(value) <= 255 else "General"
    cell.quotePrefix = value.startswith(tuple("=+-@\t\r"))
    return cell


def _typed(field, text, where):
    """Return the value of a cell, and how a number is shown so that its digits are those written."""
    if text == "" or field["type"] not in ("integer", "number", "boolean"):
        return text or None, None
    if field["type"] == "boolean":
        return text == "true", "General"
    value, digits = float(text) if "." in text else int(text), len(text.partition(".")[2])
    if f"{value:.{digits}f}" != text:
        raise DataError(f"{where}: {text!r} has characters that a number does not keep")
    return value, "#,##0" + ("." + "0" * digits if digits else "")


def _link(cell, place):
    """Lead from a cell to cells of a sheet."""
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place)
    cell.font = Font(**_FACE, italic=cell.font.i, color="0563C1", underline="single")


def _lay_out(sheet, widest):
    """Set widths from what the cells hold, and a page that prints."""
    total = 0
    for number, column in enumerate(sheet.iter_cols(values_only=True), start=1):
        texts = [f"{v:,}" if isinstance(v, int) else str(v or "") for v in column]
        # A head shares its line with the button of its filter; a title runs on to the right.
        texts[0] = "" if number == 1 and sheet["A1"].font == _TITLE else f"{texts[0]}..."
        width = min(max(8, *map(len, texts)) * 1.1 + 1, widest)
        sheet.column_dimensions[get_column_letter(number)].width = width
        total += width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.scale = 60
    if total < 300 or sheet.title in FRONT:  # wider ones could not be read on one page
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    edition = f"Data edition {tables.edition()}, SHA-256 {tables.data_sha256()[:12]}…"
    sheet.oddFooter.left.text = edition.replace("&", "&&")
    sheet.oddFooter.right.text = "&A, &P / &N"


def _bytes(book):
    """Save a workbook so that the same data give the same bytes: no clock, one order."""
    package, told = tables.package(), book.properties
    told.creator = ", ".join(each["title"] for each in package.get("contributors", []))
    told.title, told.version, told.language = package["title"], tables.edition(), "en"
    told.description = f"{tables.citation()} SHA-256 of the tables: {tables.data_sha256()}."
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    day = package.get("created", "2000-01-01")[:10]
    told.created = told.modified = datetime.datetime.fromisoformat(day)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            is_clock = name == "docProps/core.xml"
            new.writestr(entry, tostring(told.to_tree()) if is_clock else old.read(name))
    return out.getvalue()
