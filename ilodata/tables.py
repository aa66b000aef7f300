"""The tables: CSV files to typed, checked frames, one documented loader a table.

The schema in ``data/datapackage.json`` says what each column is; loaders add only what follows
from a cell: first and last day of a date, bounds of an amount.
"""

import csv
import functools
import hashlib
import io
import json
import math
import os
import re
from contextlib import suppress
from pathlib import Path

from ilodata import amounts, dates
from ilodata.problems import DataError, nearest, shorten, visible

LONGEST = 100_000  # characters in a cell
REFERENCE = "reference"  # the folder of what does not come from the documents
_READERS = {"integer": int, "number": float, "boolean": lambda value: value == "true"}
_DTYPES = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}
_DIGITS = {"integer": r"-?[0-9]{1,15}", "number": r"-?[0-9]{1,15}(\.[0-9]{1,15})?"}
_EXAMPLES = {"integer": "1000000", "number": "0.25", "boolean": "true"}
_UNSEEN = re.compile(
    r"^\s|\s$|[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
_NAMING = ("label", "title", "heading", "name", "theme", "indicator", "fragment")


def data_dir():
    """Return the folder of the tables: ``ILODATA_DATA``, or what was installed, or the checkout's."""
    if given := os.environ.get("ILODATA_DATA"):
        return Path(given)
    package = Path(__file__).resolve().parent
    installed = package / "data"
    return installed if installed.is_dir() else package.parent / "data"


def package(part="."):
    """Return the Data Package descriptor as a dict; ``part="reference"`` for reference data.

    Raises
    ------
    DataError
        If the descriptor is missing or is not JSON.
    """
    path = data_dir() / part / "datapackage.json"
    try:
        found = json.loads(_content(path).decode("utf-8"))
        for resource in found["resources"]:
            _ = resource["name"], resource["schema"]["fields"][0]["name"]
            if not re.fullmatch(r"[\w-]+\.csv", resource["path"]):
                raise DataError(f"{path}: {resource['path']!r} is not a file beside it, like a.csv")
        return found
    except (KeyError, IndexError, TypeError) as error:
        raise DataError(
            f"{path}: does not describe tables; each resource has name, path and schema.fields"
        ) from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); is --data right?") from error
    except DataError:
        raise
    except ValueError as error:
        raise DataError(f"{path}: is not JSON ({error})") from error


def _content(path):
    """Return the bytes of a file, read again when its size or its time has changed."""
    facts = path.stat()
    return _bytes(path, facts.st_mtime_ns, facts.st_size)


@functools.lru_cache(128)
def _bytes(path, _time, _size):
    """Read a file."""
    return path.read_bytes()


def data_sha256():
    """Hash the tables, reference data too: the CSV files in the order of their paths, end to end."""
    files = sorted(data_dir().rglob("*.csv"), key=lambda file: file.as_posix())
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def edition():
    """Return the edition of the data, such as "2.0.0"."""
    return _said("version")


def citation():
    """Say how the data are cited: who, when, title, edition.

    Raises
    ------
    DataError
        If the descriptor does not say the title or the edition.
    """
    found = package()
    who = ", ".join(each["title"] for each in found.get("contributors", []) if "title" in each)
    year = f" ({found['created'][:4]})" if "created" in found else ""
    return f"{who}{year}. {_said('title')}. Data edition {edition()}."


def _said(name):
    """Return what the descriptor says of the data as a whole."""
    if isinstance(said := package().get(name), str):
        return said
    raise DataError(f"{data_dir() / 'datapackage.json'}: has no {name}, so cannot be cited")


def schema(table, part="."):
    """Return the resource of the descriptor that describes `table`.

    Returns
    -------
    dict
        name, title, description, path, schema; the columns are in ``["schema"]["fields"]``.

    Raises
    ------
    DataError
        If there is no such table; the nearest right name is given.
    """
    resources = {each["name"]: each for each in package(part)["resources"]}
    if table not in resources:
        raise DataError(f"{table!r} is not a table; {nearest(table, resources)}")
    return resources[table]


def fields(table, part="."):
    """Return the columns of a table, as its schema describes them, by name.

    Returns
    -------
    dict of str to dict
        name, type, title, description, role, and where they apply proof, unit, constraints.
    """
    return {field["name"]: field for field in schema(table, part)["schema"]["fields"]}


def cells(table, part="."):
    """Read a table's file as text: a list of one dict a row, and a list of what is wrong with it.

    Each finding is one line with file, row, column, value and what would be right. A file that
    cannot be read whole, row by row, has no rows.
    """
    resource = schema(table, part)
    used = "/".join(p for p in (part.strip("."), resource["path"]) if p)
    file, path = f"{data_dir().name}/{used}", data_dir() / used
    try:
        content = _content(path)
    except OSError as error:
        return [], [f"{file}: cannot be read ({error.strerror})"]
    found, wrong = _checked(file, content, json.dumps(resource["schema"]["fields"]))
    return [dict(row) for row in found], list(wrong)


def rows(table, part="."):
    """Read a table's file as text: a list of one dict a row, blank cells as "".

    Raises
    ------
    DataError
        With everything that is wrong with the file, one line each: file, row, column, value and
        what would be right.
    """
    found, wrong = cells(table, part)
    if wrong:
        raise DataError("\n".join(wrong))
    return found


@functools.lru_cache(128)
def _checked(file, content, described):
    """Return the rows of a content as text, and what is wrong with it."""
    columns = json.loads(described)
    names = [field["name"] for field in columns]
    if problem := _unreadable(content):
        return [], [f"{file}{problem}"]
    csv.field_size_limit(2**31 - 1)  # a cell that is too long is named by row and column
    reader = csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
    try:
        header, *lines = [*reader] or [[]]
    except csv.Error as error:
        where = f"{file}, line {reader.line_num}"
        return [], [f"{where}: is not read as CSV ({error}); is a quote not closed or not doubled?"]
    if header != names:
        return [], [f"{file}, header: {_misfit(header, names)}; write {','.join(names)}"]
    found, wrong, seen, whole = [], [], set(), True
    if b"\r" in content:
        wrong.append(f"{file}: has carriage returns; save it with LF line ends")
    for line_number, line in enumerate(lines, start=2):
        if len(line) != len(names):
            start = f" from {shorten(line[0], 160)!r} on" if line else ""
            wrong.append(
                f"{file}, line {line_number}: {len(line)} cells{start}; write {len(names)}"
            )
            whole = False
            continue
        row, key = dict(zip(names, line, strict=True)), line[0]
        if key in seen:
            wrong.append(f"{place(file, key, names[0])}: stands twice; ids are unique")
        seen.add(key)
        found.append(row)
        told = ((field["name"], _bad(field, row[field["name"]])) for field in columns)
        wrong += [f"{place(file, key, name)}: {problem}" for name, problem in told if problem]
    return found if whole else [], wrong


def _unreadable(content):
    """Say what keeps a file from being read as our CSV at all: mostly what spreadsheets do."""
    if content.startswith(b"\xef\xbb\xbf"):
        return ": starts with a byte order mark, as a spreadsheet saves it; save it as plain UTF-8"
    first = content.partition(b"\n")[0]
    if b";" in first and b"," not in first:
        return ": has semicolons between its cells, as a spreadsheet saves it; save it with commas"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = 1 + content[: error.start].count(b"\n")
        return f", line {line}: is not UTF-8; save the file as UTF-8"
    return None


def _misfit(found, names):
    """Say which columns of a header are not as they should be."""
    said = {
        "missing": [name for name in names if name not in found],
        "unknown": [repr(name) for name in found if name not in names],
        "there twice": [name for name in names if found.count(name) > 1],
    }
    told = "; ".join(f"{', '.join(columns)} {how}" for how, columns in said.items() if columns)
    shown = repr(shorten(",".join(found) or "nothing"))
    return f"{shown} ({shorten(told or 'in another order', 100)})" if found else shown


def place(file, row, column):
    """Name a cell in a message.

    >>> place("data/places.csv", "china", "iso3")
    'data/places.csv, row china, column iso3'
    """
    return f"{file}, row {visible(shorten(row, 160))}, column {column}"


def _bad(field, value):
    """Say what is wrong with one cell, or nothing."""
    rules, kind = field.get("constraints", {}), field["type"]
    if value == "":
        return "is blank; it is required" if rules.get("required") else None
    shown = repr(shorten(value))
    if len(value) > LONGEST:
        return f"{shown} has {len(value):,} characters; no cell has more than {LONGEST:,}"
    if _UNSEEN.search(value):
        return f"{shown} has white space at an end, a control character or a direction override"
    if kind in _READERS:
        if not re.fullmatch(_DIGITS.get(kind, "true|false"), value):
            a = "an" if kind == "integer" else "a"
            return f"{shown} is not {a} {kind}; write it like {_EXAMPLES[kind]}"
        read_value = _READERS[kind](value)
        if "minimum" in rules and read_value < rules["minimum"]:
            return f"{shown} is below {rules['minimum']}"
        if "maximum" in rules and read_value > rules["maximum"]:
            return f"{shown} is above {rules['maximum']}"
    codes = [str(code).lower() if code is True else code for code in rules.get("enum", [value])]
    if value not in codes:
        return f"{shown} is not a code of this column; {nearest(value, codes)}"
    if "pattern" in rules and not re.fullmatch(rules["pattern"], value):
        return f"{shown} does not match {rules['pattern']}"
    if field.get("proof") == "date":
        try:
            dates.courses(value)
        except ValueError as error:
            return str(error)
    return None


@functools.cache
def _pandas():
    """Return pandas, set to show tables whole; commands that only read texts do not wait for it."""
    import pandas as pd

    # A row or word hidden by "…" is one that nobody reads, and that nbval does not compare.
    pd.set_option("display.max_rows", 300, "display.max_columns", 40)
    pd.set_option("display.max_colwidth", None, "display.width", 200)
    # Between two amounts in US$ JupyterLab would see a formula and set the words in italics.
    pd.set_option("display.html.use_mathjax", False)
    return pd


def frame(found, columns, index):
    """Make a frame of rows.

    Parameters
    ----------
    found : list of dict
    columns : list of str
        Its columns, the index among them; there even where there is no row.
    index : str or list of str

    Returns
    -------
    DataFrame
    """
    return _pandas().DataFrame(found, columns=columns).set_index(index)


def read(table, part="."):
    """Read a table into a typed frame, indexed by its first column.

    Text is ``string``, whole numbers ``Int64``, numbers ``Float64``, flags ``boolean``; blank
    cells are missing. Of the table's date, `start` and `end` give the first and last day that it
    can mean (``NaT`` where open or not stated).

    Raises
    ------
    DataError
        If the table does not exist, or a file, row or cell is not as the schema says: all
        findings, one a line.
    """
    found, columns = rows(table, part), fields(table, part)
    key, *others = columns
    typed = [
        {name: _READERS.get(f["type"], str)(row[name]) for name, f in columns.items() if row[name]}
        for row in found
    ]
    made = frame(typed, [*columns], key)
    made = made.astype({name: _DTYPES.get(columns[name]["type"], "string") for name in others})
    made.index = made.index.astype("string")
    # The day for which a figure holds dates its row only where nothing else does.
    dated = [name for name, f in columns.items() if f.get("proof") == "date"]
    dated = [name for name in dated if name != "as_of"] or dated
    if dated:
        days = [dates.span(row[dated[-1]]) if row[dated[-1]] else (None, None) for row in found]
        made["start"], made["end"] = (
            _pandas().to_datetime([day[side] for day in days]) for side in (0, 1)
        )
    return made


def label(record):
    """Return the display name of a record ``table/id``.

    Rows that only link others are named by what they link: "MoU with MOHRSS, 2001: ILO".

    Raises
    ------
    DataError
        If there is no such record; the nearest right one is named.
    """
    table, _, key = record.partition("/")
    found = _by_id(table)
    if key not in found:
        raise DataError(f"{record!r} is not a record; {nearest(key, found)}")
    row = found[key]
    for name in _NAMING:
        if row.get(name):
            return row[name]
    linked = [label(target) for name in row if (target := reference(table, name, row[name]))]
    return (
        ": ".join([linked[0], ", ".join(linked[1:])]) if len(linked) > 1 else (linked or [key])[0]
    )


def reference(table, column, value):
    """Return the record that a cell refers to, ``table/id``, or "" where it refers to none."""
    if not value:
        return ""
    for key in schema(table)["schema"].get("foreignKeys", []):
        if key["fields"] == [column]:
            return f"{key['reference']['resource']}/{value}"
    return value if column in ("record", "subject", "object") and "/" in value else ""


def _by_id(table):
    """Return the rows of a table by their id."""
    return {next(iter(row.values())): row for row in rows(table)}


def find(asked, table, parameter="", among=None):
    """Find records by id, label, title, acronym or name as printed, in any case.

    Parameters
    ----------
    asked : None, str or list of str
        What is asked for; ``None``, "" and an empty list ask for nothing in particular.
    table : str
        Table of the records.
    parameter : str
        Name of the parameter that was given, for the message: "payers".
    among : iterable of str, optional
        Ids that may be asked for; all of the table by default.

    Returns
    -------
    list of str
        Ids in the order asked, each once; empty where nothing in particular is asked.

    Raises
    ------
    DataError
        If there is no such record; the nearest right name is given.

    >>> find(["MOHRSS", "china"], "organisations")
    ['mohrss', 'china']
    """
    asked = [asked] if isinstance(asked, str) else list([] if asked is None else asked)
    allowed = {key: row for key, row in _by_id(table).items() if among is None or key in set(among)}
    called, names = [{}, {}, {}], []
    printed = [(n["record"].partition("/"), n["name"]) for n in rows("names")]
    for key, row in allowed.items():
        own = [name for (owner, _, of), name in printed if (owner, of) == (table, key)]
        for rank, texts in enumerate(([key], [row.get("label")], [row.get("title"), *own])):
            for text in filter(None, texts):
                called[rank].setdefault(_folded(text), []).append(key)
                names.append(text)
    found = []
    for text in asked:
        ids = next((each[_folded(text)] for each in called if _folded(text) in each), None)
        if ids is None:
            said = f"{parameter}: " if parameter else ""
            what = table.removesuffix("s").replace("_", " ")
            a = "an" if what[0] in "aeiou" else "a"
            raise DataError(f"{said}{text!r} is not {a} {what} we know; {nearest(text, names)}")
        found += ids
    return list(dict.fromkeys(found))


def _folded(text):
    """Fold what does not tell names apart: case, white space, the form of an apostrophe."""
    return " ".join(str(text).casefold().replace("’", "'").split())


def write(path, content):
    """Write a file whole or not at all: beside its place first, then into it.

    Parameters
    ----------
    path : str or Path
    content : str or bytes
        Text is written in UTF-8.

    Raises
    ------
    DataError
        If it cannot be written; what stood there still does.
    """
    path, content = Path(path), content.encode() if isinstance(content, str) else content
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise DataError(f"{path.as_posix()}: cannot be written: {error.strerror}") from None


def _table(loader):
    """Add to a loader's docstring what the schema says of each column (Shift-Tab shows it)."""
    name = loader.__name__.removeprefix("load_")
    try:
        resource = schema(name)
    except DataError:  # the loader itself will say so, with the table's name
        return loader
    lines = [loader.__doc__.strip(), "", resource["description"], ""]
    lines += [f"Source: ``data/{resource['path']}``; where rows come from: ``evidence(rows)``.", ""]
    lines += ["Returns", "-------", "DataFrame"]
    for field in resource["schema"]["fields"]:
        unit = f" [{field['unit']}]" if "unit" in field else ""
        codes = field.get("constraints", {}).get("enum")
        shown = f" One of {', '.join(map(str, codes))}." if codes else ""
        lines.append(f"    {field['name']} : {field['description']}{unit}{shown}")
    lines += ["", "Raises", "------", "DataError", "    If the table is not as the schema says."]
    loader.__doc__ = "\n".join(lines)
    return loader


@_table
def load_documents():
    """Load the source documents."""
    return read("documents")


@_table
def load_sections():
    """Load the headings of the documents in text order."""
    return read("sections")


@_table
def load_organisations():
    """Load the organisations."""
    return read("organisations")


@_table
def load_people():
    """Load the people named, with the office named."""
    return read("people")


@_table
def load_places():
    """Load the places."""
    return read("places")


@_table
def load_frameworks():
    """Load the initiatives, agendas, conventions and plans referred to."""
    return read("frameworks")


@_table
def load_names():
    """Load the names, acronyms and variants as printed."""
    return read("names")


@_table
def load_agreements():
    """Load the agreements; `start` and `end` bound `signed`."""
    return read("agreements")


@_table
def load_agreement_parties():
    """Load who is a party to which agreement."""
    return read("agreement_parties")


@_table
def load_events():
    """Load the events; `start` and `end` bound `date`."""
    return read("events")


@_table
def load_event_participants():
    """Load who took which part in which event."""
    return read("event_participants")


@_table
def load_projects():
    """Load the projects; `start` and `end` bound `period`."""
    return read("projects")


@_table
def load_project_organisations():
    """Load who has which part in which project."""
    return read("project_organisations")


@_table
def load_project_places():
    """Load which places each project touches, in which role."""
    return read("project_places")


@_table
def load_results():
    """Load what was counted or delivered."""
    return read("results")


@_table
def load_result_places():
    """Load where each result stands."""
    return read("result_places")


@_table
def load_contributions():
    """Load the stated amounts of money, one row each.

    `low_usd` and `high_usd` are the bounds under our reading of the hedge (``amounts.bounds``),
    missing where an amount is misprinted; `start` and `end` bound `period`. Amounts of different
    `level` are never added to each other.
    """
    made, known = read("contributions"), []
    stated = zip(made.amount_usd, made.qualifier, made.printed_unit_usd, strict=True)
    for key, row in zip(made.index, stated, strict=True):
        try:
            known.append(amounts.bounds(*row))
        except ValueError as error:
            here = place(f"{data_dir().name}/contributions.csv", key, "amount_usd")
            raise DataError(f"{here}: {error}") from error
    for side, name in enumerate(("low_usd", "high_usd")):
        values = [None if math.isnan(bounds.low) else bounds[side] for bounds in known]
        made[name] = _pandas().array(values, dtype="Int64")
    return made


@_table
def load_themes():
    """Load the subjects, aims, activities and target groups as worded."""
    return read("themes")


@_table
def load_indicators():
    """Load the stated figures and ranks that are not a project's result."""
    return read("indicators")


@_table
def load_relations():
    """Load the stated links between records that no other table holds."""
    return read("relations")


@_table
def load_evidence():
    """Load where each cell comes from, one row a fragment."""
    return read("evidence")


@_table
def load_conflicts():
    """Load what disagrees, is misprinted or is not given."""
    return read("conflicts")


@_table
def load_conflict_records():
    """Load which records and columns a conflict limits."""
    return read("conflict_records")


@_table
def load_searches():
    """Load where a gap was looked for, and with which words."""
    return read("searches")


@_table
def load_unused_mentions():
    """Load the dates, numbers and names that are not facts, and why."""
    return read("unused_mentions")


def load_reference(table):
    """Load a table of reference data from outside the documents; it never fills a fact cell.

    Parameters
    ----------
    table : {"countries", "members", "acronyms", "land"}

    Returns
    -------
    DataFrame
        Indexed by its id; source and licence stand in ``data/reference/datapackage.json``.

    Raises
    ------
    DataError
        If there is no such table or it is not as its schema says.
    """
    return read(table, REFERENCE)
