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
from pathlib import Path
from typing import NamedTuple, TypedDict

from ilodata import amounts, dates, words
from ilodata.problems import DataError, nearest, shorten, visible

LONGEST = 32_767  # characters in a cell, as many as one of a spreadsheet keeps
_TYPES = {  # of what is not text: how pandas calls it, how it is written, what it is, an example
    "integer": ("Int64", r"-?[0-9]{1,15}", "an integer", "1000000"),
    "number": ("Float64", r"-?[0-9]{1,15}(\.[0-9]{1,15})?", "a number", "0.25"),
    "boolean": ("boolean", "true|false", "a boolean", "true"),
}
_UNSEEN = re.compile(
    r"^\s|\s$|[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]"
)
_HERE = Path(__file__).resolve().parent
_DATA = _HERE / "data" if (_HERE / "data").is_dir() else _HERE.parent / "data"


def data_dir():
    """Return the folder of the tables: ``ILODATA_DATA``, or what was installed, or the checkout's."""
    given = os.environ.get("ILODATA_DATA")
    return Path(given) if given else _DATA


def _file(name, part):
    """Return the path of a file of the tables, and its state: it is read anew when that changes."""
    path = f"{data_dir()}/{part}/{name}"
    try:
        facts = os.stat(path)  # noqa: PTH116 (asked thousands of times; a Path takes three times as long)
    except OSError:
        return path, None
    return path, (facts.st_ctime_ns, facts.st_size, facts.st_ino)


def state():
    """Return the files of the tables as they are: what is made of them is made anew when this changes.

    Those of the reference data are not among them.
    """
    package()  # or there is no such folder
    folder = data_dir()
    found = sorted(file.name for file in os.scandir(folder) if file.name.endswith(".csv"))
    return folder, tuple(_file(name, ".") for name in ["datapackage.json", *found])


def package(part="."):
    """Return the Data Package descriptor as a dict; ``part="reference"`` for reference data.

    Raises DataError if it cannot be read, or does not describe tables.
    """
    path, now = _file("datapackage.json", part)
    try:
        return _described(path, now)
    except OSError as error:
        said = f"cannot be read ({error.strerror}); is ILODATA_DATA right?"
    except (KeyError, IndexError, TypeError, ValueError) as error:
        said = f"does not describe tables ({error}); write title and version, and for each "
        said += "resource name, path, like a.csv, and schema.fields"
    raise DataError(f"{Path(path)}: {said}")


@functools.lru_cache(8)
def _described(path, _state):
    """Read a descriptor, and refuse one that does not describe tables."""
    found = json.loads(Path(path).read_bytes())
    for each in found["resources"]:
        _ = found["title"], found["version"], each["name"], each["schema"]["fields"][0]["name"]
        if not re.fullmatch(r"[\w-]+\.csv", each["path"]):
            raise ValueError(f"{each['path']!r} is not a file beside it")
    return found


def data_sha256():
    """Hash the tables, reference data too: the CSV files in the order of their paths, end to end."""
    parts = ((data_dir() / part, package(part)) for part in (".", "reference"))
    files = sorted(folder / each["path"] for folder, it in parts for each in it["resources"])
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def citation():
    """Say how the data are cited: who, when, title, edition."""
    found = package()
    who = ", ".join(each["title"] for each in found["contributors"])
    return f"{who} ({found['created'][:4]}). {found['title']}. Data edition {found['version']}."


class Field(TypedDict, total=False):
    """What the schema says of a column; that it has a name and a type is checked."""

    name: str
    type: str  # "string", "integer", "number", "boolean"
    title: str
    description: str
    role: str  # "key", "fact", "code", "editorial", "reference"
    proof: str  # how its evidence shows it, such as "date", "words", "amount"
    unit: str
    constraints: dict  # required, unique, enum, pattern, minimum, maximum
    codes: dict[str, str]  # what each code means


class Resource(TypedDict, total=False):
    """What the descriptor says of a table."""

    name: str
    title: str
    description: str
    path: str  # of its file, beside the descriptor
    schema: dict  # fields: list[Field]; primaryKey; foreignKeys


def schema(table, part=".") -> Resource:
    """Return what the descriptor says of a table; if there is none, DataError names the nearest."""
    known = package(part)["resources"]
    for each in known:
        if each["name"] == table:
            return each
    raise DataError(f"{table!r} is not a table; {nearest(table, [each['name'] for each in known])}")


def fields(table, part=".") -> dict[str, Field]:
    """Return what the schema says of the columns of a table, by name."""
    return {field["name"]: field for field in schema(table, part)["schema"]["fields"]}


class Column(NamedTuple):
    """What a codebook says of a column."""

    name: str
    meaning: str
    unit: str
    type: str
    role: str
    required: bool
    refers_to: str  # a table
    codes: dict  # code -> words of the documents that prove it


def codebook(table, part="."):
    """Describe a table: a list of `Column`."""
    found, refers = [], references(table, part)
    for name, field in fields(table, part).items():
        rules, kind = field.get("constraints", {}), field["type"]
        codes = rules.get("enum", [True, False] if kind == "boolean" else [])
        codes = [code if isinstance(code, str) else json.dumps(code) for code in codes]
        codes = {code: [] for code in codes} | wordings(table, name)
        told = (field.get(it, "") for it in ("description", "unit", "type", "role"))
        ties = bool(rules.get("required")), refers.get(name, "")
        found.append(Column(name, *told, *ties, codes))
    return found


def wordings(table, column):
    """Return the words of a document that prove a code of a column: code -> list of words."""
    found = {}
    for each in cells("wordings", "reference")[0]:
        if (each["table"], each["column"]) == (table, column):
            found.setdefault(each["code"], []).append(each["wording"])
    return found


def cells(table, part="."):
    """Read a table's file as text: a list of one dict a row, and a list of what is wrong with it.

    Each finding is one line with file, row, column, value and what would be right. A file that
    cannot be read whole, row by row, has no rows.
    """
    found, wrong = _checked(*_source(table, part))
    return [dict(row) for row in found.values()], list(wrong)


def rows(table, part="."):
    """Read a table's file as text, as `cells` does; what is wrong with it is one DataError."""
    return [dict(row) for row in _sound(table, part).values()]


def those(table, **cells):
    """List the rows of a table in which some cells are these, each with its record as ``of``."""
    found = _sound(table).items()
    return [row | {"of": f"{table}/{key}"} for key, row in found if cells.items() <= row.items()]


def reported_until():
    """Return the latest date that a document reports on (EDTF)."""
    return max((row["latest_date"] for row in rows("documents")), default="9999")


def in_window(text, start=None, end=None):
    """Tell how a date lies in a window; what goes on does so at least to the last report."""
    return dates.in_window(text, start, end, reported_until())


def beyond(start, end):
    """Tell whether a window begins only after the last day that a document reports on."""
    return dates.in_window(f"../{reported_until()}", start, end) == "no"


def chosen_date():
    """Return the date up to which figures count, "" of none: ``ILODATA_AS_OF``, else DataError."""
    chosen = os.environ.get("ILODATA_AS_OF", "")
    try:
        dates.courses(chosen or "2000")
    except ValueError as error:
        raise DataError(f"ILODATA_AS_OF: {error}") from None
    return chosen


def superseded(table):
    """Return the ids of a table's rows that are not the newest of their thing.

    Those that a later row names in ``supersedes_id``. Where `chosen_date` gives one ("2022"), rows
    that are given as of a later one count for nothing, neither they nor what they supersede.
    """
    chosen, every = chosen_date(), _sound(table)
    dated = {key: row["as_of"] for key, row in every.items() if chosen and row.get("as_of")}
    late = {key for key, date in dated.items() if dates.in_window(date, None, chosen) == "no"}
    older = {row.get("supersedes_id", "") for key, row in every.items() if key not in late}
    return late | older - {""}


def row(record):
    """Return the row of a record ``table/id`` as text; DataError names the nearest if there is none."""
    table, _, key = record.partition("/")
    found = _sound(table)
    if key not in found:
        raise DataError(f"{record!r} is not a record; {nearest(key, found)}")
    return dict(found[key])


def _source(table, part="."):
    """Return what a table is read from, and the state of its file and its descriptor."""
    file = _file(schema(table, part)["path"], part)
    return table, part, *file, _file("datapackage.json", part)


def _sound(table, part="."):
    """Return the rows of a table by id, if nothing is wrong with them."""
    found, wrong = _checked(*_source(table, part))
    if wrong:
        raise DataError("\n".join(wrong))
    return found


def lines(path, names, file=None, loose=False):
    """Read a CSV file that has some columns, row by row: a list of them, and what is wrong with it.

    ``file`` is what messages call it. Loose: a byte order mark and blank lines are passed over. A file
    that cannot be read, whose header is another or in which a row has other cells, has no rows.
    """
    file, names = file or path, list(names)
    try:
        text = Path(path).read_bytes().decode("utf-8-sig" if loose else "utf-8")
    except OSError as error:
        return [], [f"{file}: cannot be read ({error.strerror})"]
    except UnicodeDecodeError as error:
        line = 1 + error.object[: error.start].count(b"\n")
        return [], [f"{file}, line {line}: is not UTF-8; save the file as UTF-8"]
    csv.field_size_limit(2**31 - 1)  # a cell that is too long is named by row and column
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        found = [(n, line) for n, line in enumerate(reader, 1) if line or not loose]
    except csv.Error as error:
        where = f"{file}, line {reader.line_num}"
        return [], [f"{where}: is not read as CSV ({error}); is a quote not closed or not doubled?"]
    header = found.pop(0)[1] if found else []
    if header != names:
        shown = shorten(",".join(header), 200) or "nothing"
        return [], [f"{file}, header: {shown!r}; write {','.join(names)}, as plain UTF-8"]
    returns = "\r" in text and not loose
    wrong = [f"{file}: has carriage returns; save it with LF line ends"] * returns
    odd = [(number, line) for number, line in found if len(line) != len(names)]
    for number, line in odd:
        said = words.counted(len(line), "cell")
        said += f" from {shorten(line[0], 160)!r} on" if line else ""
        wrong.append(f"{file}, line {number}: {said}; write {len(names)}")
    return [] if odd else [line for _, line in found], wrong


@functools.lru_cache(128)
def _checked(table, part, path, *_states):
    """Return the rows of a table by id, and what is wrong with its file."""
    columns, file = schema(table, part)["schema"]["fields"], _called(path)
    names = [field["name"] for field in columns]
    read, wrong = lines(path, names, file)
    found = {}
    for line in read:
        if line[0] in found:
            wrong.append(f"{place(file, line[0], names[0])}: stands twice; ids are unique")
        found[line[0]] = dict(zip(names, line, strict=True))
        for field, value in zip(columns, line, strict=True):
            if problem := flaw(field, value):
                wrong.append(f"{place(file, line[0], field['name'])}: {problem}")
    if any(len(value) > LONGEST for line in read for value in line):
        return {}, wrong  # else whatever looks for words would hang
    return found, wrong


def place(file, row, column):
    """Name a cell in a message.

    >>> place("data/places.csv", "china", "iso3")
    'data/places.csv, row china, column iso3'
    """
    return f"{file}, row {visible(shorten(row, 160))}, column {column}"


def _called(path):
    """Call a file in a message as it stands in the folder of the tables."""
    return Path(path).relative_to(data_dir().parent).as_posix()


def flaw(field, value):
    """Say what is wrong with one cell, or nothing."""
    rules, kind = field.get("constraints", {}), field["type"]
    if value == "":
        return "is blank; it is required" if rules.get("required") else None
    shown = repr(shorten(value))
    if len(value) > LONGEST:
        return f"{shown} has {len(value):,} characters; no cell has more than {LONGEST:,}"
    if _UNSEEN.search(value):
        return f"{shown} has white space at an end, a control character or a direction override"
    if kind == "string" and value[0] in "=+-@":
        what = "begins like a formula of a spreadsheet"
        return f"{shown} {what}; begin it with a letter, a digit or a quotation mark"
    if kind in _TYPES:
        _, pattern, what, example = _TYPES[kind]
        if not re.fullmatch(pattern, value):
            return f"{shown} is not {what}; write it like {example}"
    if kind in ("integer", "number"):
        low, high = rules.get("minimum", -math.inf), rules.get("maximum", math.inf)
        if not low <= float(value) <= high:
            return f"{shown} is below {low}" if float(value) < low else f"{shown} is above {high}"
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
    """Make a frame of a list of dicts: its columns, there even without a row, and its index."""
    return _pandas().DataFrame(found, columns=columns).set_index(index)


def read(table, part="."):
    """Read a table into a typed frame, indexed by its first column.

    Text is ``string``, whole numbers ``Int64``, numbers ``Float64``, flags ``boolean``; blank
    cells are missing. Of the table's date, `start` and `end` give the first and last day that it
    can mean (``NaT`` where open or not stated); of an amount, `low_usd` and `high_usd` give the
    bounds under our reading of its hedge (missing where it is misprinted). What is not as the
    schema says is one DataError, a line a finding.
    """
    return _typed(*_source(table, part)).copy()


@functools.lru_cache(128)
def _typed(table, part, path, *_states):
    """Return a sound table as a frame."""
    found, columns, pd = _sound(table, part), fields(table, part), _pandas()
    types = {name: _TYPES.get(field["type"], ["string"])[0] for name, field in columns.items()}
    made = pd.read_csv(path, dtype=types, index_col=0, keep_default_na=False, na_values=[""])
    # The day for which a figure holds dates its row only where nothing else does.
    dated = [name for name, field in columns.items() if field.get("proof") == "date"]
    dated = [name for name in dated if name != "as_of"] or dated
    if dated:
        texts = (row[dated[-1]] for row in found.values())
        days = [dates.span(text) if text else (None, None) for text in texts]
        made = made.join(pd.DataFrame(days, made.index, ["start", "end"], dtype="datetime64[s]"))
    if "amount_usd" in columns:
        known = [_bounds(_called(path), *row) for row in found.items()]
        made = made.join(pd.DataFrame(known, made.index, ["low_usd", "high_usd"], dtype="Int64"))
    made.attrs["table"] = table  # pandas keeps it with whatever is cut from the frame
    return made


def current(table):
    """Read a table as objects, blank cells as "", without what a later row supersedes."""
    found = read(table)
    return found[~found.index.isin(superseded(table))].astype(object).fillna("")


def _bounds(file, key, row):
    """Bound the amount of a row; both sides of a misprint are missing."""
    amount, unit = row["amount_usd"], row["printed_unit_usd"]
    try:
        return amounts.bounds(amount and int(amount), row["qualifier"], unit and int(unit))
    except ValueError as error:
        raise DataError(f"{place(file, key, 'amount_usd')}: {error}") from error


def references(table, part="."):
    """Return the columns that refer to rows: name -> their table, "" where each cell names it."""
    told = schema(table, part)["schema"]
    found = {key["fields"][0]: key["reference"]["resource"] for key in told.get("foreignKeys", [])}
    names = (field["name"] for field in told["fields"])
    return found | {name: "" for name in names if name in ("record", "subject", "object")}


def reference(table, column, value):
    """Return the record that a cell refers to, ``table/id``, or "" where it refers to none."""
    target = references(table).get(column) if value else None
    if target:
        return f"{target}/{value}"
    return value if target == "" and "/" in value else ""


@functools.cache
def _loader(table):
    """Make the loader of a table; its docstring is what the schema says of each column."""

    def load():
        return read(table)

    load.__name__ = load.__qualname__ = f"load_{table}"
    resource, columns = schema(table), []
    for it in codebook(table):
        unit, codes = f" [{it.unit}]" * bool(it.unit), f" One of {', '.join(it.codes)}."
        columns.append(
            f"    {it.name} : {it.meaning}{unit}{codes * bool(it.codes and it.type != 'boolean')}"
        )
    known = fields(table)
    if any(field.get("proof") == "date" for field in known.values()):
        columns.append("    start, end : first and last day that its date can mean, as `read` says")
    if "amount_usd" in known:
        columns.append("    low_usd, high_usd : bounds of its amount, as `read` says")
    load.__doc__ = f"""Load {table.replace("_", " ")}, one a row, by id. {resource["description"]}

Source: ``data/{resource["path"]}``; where rows come from: ``evidence(rows)``.

Returns
-------
DataFrame
{chr(10).join(columns)}

Raises
------
DataError
    If the table is not as the schema says."""
    return load


def __getattr__(name):
    """Return the loader of a table when it is asked for: ``load_projects``, one for each table."""
    if name.startswith("load_"):
        return _loader(name.removeprefix("load_"))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load_reference(table):
    """Load "countries", "members", "acronyms" or "land": data from outside the documents.

    It never fills a fact cell; source and licence stand in ``data/reference/datapackage.json``.
    """
    return read(table, "reference")
