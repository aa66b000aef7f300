"""One workbook of all tables for people who work in a spreadsheet.

Each table is a sheet, as it stands in its CSV file; to its right stand columns whose heads end in
"(derived)": what this package computes from it. Nothing in the workbook is a formula.
"""

import datetime
import io

import xlsxwriter

from ilodata import tables
from ilodata.evidence import inferred
from ilodata.exchange import guide, key_of
from ilodata.problems import DataError, shorten

DERIVED = " (derived)"
FRONT = {"Read me": guide.read_me, "Codebook": guide.codebook}
# The sheets that say of other rows where they come from and what limits them.
ABOUT = {"evidence": "evidence", "conflicts": "conflict_records"}
_PLAIN = {"valign": "top", "text_wrap": True}
_HEAD = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3864"}
_DERIVED_HEAD = {"bold": True, "bg_color": "#F2D7A0"}
_DERIVED_CELL = {"bg_color": "#FDF6E7"}
_INFERRED = {"italic": True, "bg_color": "#EDE7F6"}
_LINK = {"font_color": "#0563C1", "underline": 1}


def export(path):
    """Write all tables, reference data too, into one workbook; the same data give the same bytes.

    Returned is a dict: how many rows stand on the sheet of each table.
    """
    sheets, package, out = _sheets(), tables.package(), io.BytesIO()
    places = {
        f"{name}/{key_of(row)}": f"'{name}'!A{line}"
        for name, (_, rows) in sheets.items()
        for line, row in enumerate(rows, start=2)
    }
    about = {column: _lines(sheets[name][1]) for column, name in ABOUT.items()}
    guessed = inferred().groupby(level=0).field.agg(list).to_dict()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    told = {"title": package["title"], "comments": f"{tables.citation()} {tables.data_sha256()}"}
    told["author"] = ", ".join(each["title"] for each in package.get("contributors", []))
    created = datetime.datetime.fromisoformat(package.get("created", "2000-01-01")[:10])
    book.set_properties(told | {"created": created})
    for name, told in FRONT.items():
        _write_front(book, book.add_worksheet(name), told(sheets), sheets)
    for name, (resource, rows) in sheets.items():
        derived = _derived(name, rows) | _about(name, rows, about, guessed, sheets)
        _write_table(book, book.add_worksheet(name), resource, rows, derived, guessed, places)
    book.close()
    tables.write(path, out.getvalue())
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


def _write_table(book, sheet, resource, rows, derived, guessed, places):
    """Write the head, the cells as what they are, each leading to the record it names, and more."""
    fields, refers = resource["schema"]["fields"], guide.refers(resource)
    heads = [(field["name"], _HEAD) for field in fields]
    heads += [(f"{name}{DERIVED}", _DERIVED_HEAD) for name in derived]
    for number, (head, look) in enumerate(heads):
        _put(book, sheet, 0, number, head, **look)
    for line, row in enumerate(rows, start=1):
        unsaid = guessed.get(f"{sheet.name}/{key_of(row)}", ())  # what no document states
        for number, field in enumerate(fields):
            name, text = field["name"], row[field["name"]]
            where = f"{sheet.name}, row {shorten(key_of(row))}, column {name}"
            value, look = _typed(field, text, where)
            place = (
                (places.get(text) or places.get(f"{refers.get(name)}/{text}")) if number else None
            )
            look |= _INFERRED if name in unsaid else {}
            _put(book, sheet, line, number, value, place, **look)
        for number, values in enumerate(derived.values(), start=len(fields)):
            _put(book, sheet, line, number, *values[line - 1], **_DERIVED_CELL)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(heads) - 1)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0)
    _lay_out(sheet, len(heads), widest=36)


def _write_front(book, sheet, told, sheets):
    """Write what `guide` tells: the first part of each line is its kind."""
    line = -1
    for kind, *cells in told:
        line += 2 if kind == "head" and line >= 0 else 1  # a blank line sets off a head
        for number, value in enumerate(cells):
            place = f"'{value}'!A1" if number == 0 and value in sheets else None
            look = _HEAD if kind == "head" else {}
            _put(book, sheet, line, number, None if value == "" else value, place, **look)
    if told[0][0] == "head":
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, line, len(told[0]) - 2)
    _lay_out(sheet, 1, widest=80)


def _put(book, sheet, line, number, value, place=None, **look):
    """Put a value into a cell as what it is, and a link to a place if there is one.

    A text that begins with = stays a text; 255 characters are the most that every spreadsheet
    shows of a cell in the format "text".
    """
    if isinstance(value, datetime.date) and value.year < 1900:
        value = value.isoformat()  # the calendar of a spreadsheet begins in 1900
    if isinstance(value, str):
        shown = {"num_format": "@"} if len(value) <= 255 else {}
        shown["quote_prefix"] = value.startswith(tuple("=+-@\t\r"))
    else:
        is_date = isinstance(value, datetime.date)
        shown = {"num_format": "yyyy-mm-dd" if is_date else "#,##0"}
    look = book.add_format(_PLAIN | shown | look | (_LINK if place else {}))
    if place:
        sheet.write_url(line, number, f"internal:{place}", look, str(value))
    if isinstance(value, str):
        sheet.write_string(line, number, value, look)
    else:
        sheet.write(line, number, value, look)


def _typed(field, text, where):
    """Return the value of a cell, and how a number is shown so that its digits are those written."""
    if text == "" or field["type"] not in ("integer", "number", "boolean"):
        return text or None, {}
    if field["type"] == "boolean":
        return text == "true", {"num_format": "General"}
    value, digits = float(text) if "." in text else int(text), len(text.partition(".")[2])
    if f"{value:.{digits}f}" != text:
        raise DataError(f"{where}: {text!r} has characters that a number does not keep")
    return value, {"num_format": "#,##0" + ("." + "0" * digits if digits else "")}


def _lay_out(sheet, columns, widest):
    """Set widths from what the cells hold, and a page that prints; wide tables on several."""
    sheet.set_column(0, max(columns - 1, 0), 9)
    sheet.autofit(7 * widest)  # pixels
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_print_scale(60)
    if columns < 14:
        sheet.fit_to_pages(1, 0)
    edition = f"Data edition {tables.edition()}, SHA-256 {tables.data_sha256()[:12]}…"
    sheet.set_footer(f"&L{edition.replace('&', '&&')}&R&A, &P / &N")
