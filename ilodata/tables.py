"""The tables: CSV files to typed, checked frames, one documented loader per table.

The schema in ``data/datapackage.json`` says what each column is; loaders add only what follows
from a cell: first and last day of a date, bounds of an amount.
"""

import csv
import difflib
import functools
import hashlib
import io
import json
import os
import re
from contextlib import suppress
from pathlib import Path

from ilodata import pd, uncertain


class DataError(ValueError):
    """Input that cannot be used: one line a finding, with file, row, column, value and remedy."""


def data_dir():
    """Return the folder of the tables: ``ILODATA_DATA``, or ``data/`` beside this package."""
    given = os.environ.get("ILODATA_DATA")
    return Path(given) if given else Path(__file__).resolve().parent.parent / "data"


def package(part="."):
    """Return the Data Package descriptor as a dict; ``part="reference"`` for reference data.

    Raises
    ------
    DataError
        If the descriptor is missing or is no JSON.
    """
    path = data_dir() / part / "datapackage.json"
    try:
        found = _parsed(path, path.stat().st_mtime_ns)
        for resource in found["resources"]:
            _ = resource["name"], resource["schema"]["fields"][0]["name"]
            if not re.fullmatch(r"[\w-]+\.csv", resource["path"]):
                raise DataError(f"{path}: {resource['path']!r} is no file beside it, like a.csv")
        return found
    except DataError:
        raise
    except (KeyError, IndexError, TypeError) as error:
        raise DataError(
            f"{path}: is no descriptor of tables; each resource has name, path and schema.fields"
        ) from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); is --data right?") from error
    except ValueError as error:
        raise DataError(f"{path}: is no JSON ({error})") from error


@functools.lru_cache(4)
def _parsed(path, _changed):
    return json.loads(path.read_text(encoding="utf-8"))


def data_sha256():
    """Hash the tables, reference data too: the CSV files in the order of their paths, end to end."""
    files = sorted(data_dir().rglob("*.csv"), key=lambda file: file.as_posix())
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def citation():
    """Say how the data are cited: who, when, title, edition.

    Raises
    ------
    DataError
        If the descriptor does not say the title or the edition.
    """
    found = package()
    for name in ("title", "version"):
        if not isinstance(found.get(name), str):
            raise DataError(f"{data_dir() / 'datapackage.json'}: has no {name}, so cannot be cited")
    who = ", ".join(each["title"] for each in found.get("contributors", []) if "title" in each)
    year = f" ({found['created'][:4]})" if "created" in found else ""
    return f"{who}{year}. {found['title']}. Data edition {found['version']}."


def schema(table, part="."):
    """Return the resource of the descriptor that describes `table`.

    Raises
    ------
    DataError
        If there is no such table; the nearest right name is given.
    """
    resources = {r["name"]: r for r in package(part)["resources"]}
    if table not in resources:
        raise DataError(f"{table!r} is no table; {nearest(table, resources)}")
    return resources[table]


def nearest(name, names):
    """Say which of `names` was probably meant: "did you mean x?", or the list of them.

    >>> nearest("asessed", ["assessed", "voluntary"])
    'did you mean assessed?'
    """
    names = sorted(map(str, names))
    close = difflib.get_close_matches(str(name), names, 1)
    return f"did you mean {close[0]}?" if close else "there are " + ", ".join(names)


def cells(table, part="."):
    """Read a table's file as text: a list of one dict a row, and a list of what is wrong with it.

    Each finding is one line with file, row, column, value and what would be right. A file that
    cannot be read whole, row by row, has no rows.
    """
    rows, wrong = _checked(*_file(table, part))
    return [dict(row) for row in rows], list(wrong)


def rows(table, part="."):
    """Read a table's file as text, as `cells` does.

    Raises
    ------
    DataError
        With everything that is wrong with it, one line each.
    """
    found, wrong = cells(table, part)
    if wrong:
        raise DataError("\n".join(wrong))
    return found


def _file(table, part):
    """Return the name of a table's file, its content (or why there is none) and its schema."""
    resource = schema(table, part)
    used = "/".join(p for p in (part.strip("."), resource["path"]) if p)
    _note(used)
    try:
        content = (data_dir() / part / resource["path"]).read_bytes()
    except OSError as error:
        content = error.strerror
    return f"{data_dir().name}/{used}", content, json.dumps(resource["schema"])


def _of_content(function):
    """Keep what a function makes of contents that are not large, so that nothing kept is stale."""
    kept = functools.lru_cache(64)(function)

    @functools.wraps(function)
    def made(file, content, described):
        return (kept if len(content) < 1_000_000 else function)(file, content, described)

    return made


@_of_content
def _checked(file, content, described):
    """Return the rows of a content as text, and what is wrong with it."""
    if isinstance(content, str):
        return [], [f"{file}: cannot be read ({content})"]
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = 1 + content[: error.start].count(b"\n")
        return [], [f"{file}, line {line}: is not UTF-8; save the file as UTF-8"]
    fields = json.loads(described)["fields"]
    names = [field["name"] for field in fields]
    csv.field_size_limit(2**31 - 1)  # a cell that is too long is named by row and column
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(content), "utf-8", newline=""), strict=True)
    try:
        lines = list(reader)
    except csv.Error as error:
        line = f"{file}, line {reader.line_num}"
        return [], [f"{line}: is not read as CSV ({error}); is a quote not closed or not doubled?"]
    if not lines or lines[0] != names:
        found = lines[0] if lines else []
        shown = shorten(",".join(found) or "nothing")
        return [], [f"{file}, header: {shown!r}{_misfit(found, names)}; write {','.join(names)}"]
    rows, wrong, seen, whole = [], [], set(), True
    if b"\r" in content:
        wrong.append(f"{file}: has carriage returns; save it with LF line ends")
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(names):
            whole = False
            start = f" from {shorten(line[0], 160)!r} on" if line else ""
            wrong.append(f"{file}, line {number}: {len(line)} cells{start}; write {len(names)}")
            continue
        row = dict(zip(names, line, strict=True))
        whole = whole and max(map(len, line)) <= LONGEST
        if row[names[0]] in seen:
            wrong.append(f"{place(file, line[0], names[0])}: stands twice; ids are unique")
        seen.add(row[names[0]])
        rows.append(row)
        for field in fields:
            problem = _bad(field, row[field["name"]])
            if problem:
                wrong.append(f"{place(file, line[0], field['name'])}: {problem}")
    return rows if whole else [], wrong


def _note(used):
    """Tell whoever builds a page of a notebook which files of the data folder it reads."""
    if told := os.environ.get("ILODATA_USED"):
        with Path(told).open("a", encoding="utf-8") as file:
            file.write(f"{used}\n")


def _misfit(found, names):
    """Say which columns of a header are not as they should be."""
    said = {
        "missing": [name for name in names if name not in found],
        "unknown": [repr(name) for name in found if name not in names],
        "there twice": [name for name in names if found.count(name) > 1],
    }
    told = [f"{', '.join(columns)} {how}" for how, columns in said.items() if columns]
    return f" ({shorten('; '.join(told) or 'in another order', 100)})" if found else ""


LONGEST = 100_000  # signs in a cell


def shorten(value, length=60):
    """Cut a value to a readable length."""
    return value if len(value) <= length else value[: length - 1] + "…"


def visible(text):
    """Show the signs that a terminal would act on, or not print, by their codes."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def place(file, row, column):
    """Name a cell in a message."""
    return f"{file}, row {visible(shorten(row, 160))}, column {column}"


READERS = {"integer": int, "number": float, "boolean": lambda v: {"true": True, "false": False}[v]}
_DIGITS = {"integer": r"-?[0-9]{1,15}", "number": r"-?[0-9]{1,15}(\.[0-9]{1,15})?"}


_UNSEEN = re.compile(
    r"^\s|\s$|[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)


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


def _bad(field, value):
    """Say what is wrong with one cell, or nothing."""
    rules = field.get("constraints", {})
    if value == "":
        return "is blank; it is required" if rules.get("required") else None
    shown = repr(shorten(value))
    if len(value) > LONGEST:
        return f"{shown} has {len(value):,} signs; no cell has more than {LONGEST:,}"
    plain = value.isprintable() and value == value.strip()  # told in no time, unlike the search
    if not plain and _UNSEEN.search(value):
        return f"{shown} has white space at an end, a control character or a direction override"
    if field["type"] in READERS:
        if not re.fullmatch(_DIGITS.get(field["type"], "true|false"), value):
            return f"{shown} is no {field['type']}; write it like {_EXAMPLES[field['type']]}"
        read = READERS[field["type"]](value)
        if "minimum" in rules and read < rules["minimum"]:
            return f"{shown} is below {rules['minimum']}"
        if "maximum" in rules and read > rules["maximum"]:
            return f"{shown} is above {rules['maximum']}"
    if value not in rules.get("enum", [value]):
        codes = [str(code).lower() if code is True else code for code in rules["enum"]]
        if value not in codes:
            return f"{shown} is no code of this column; {nearest(value, codes)}"
    if "pattern" in rules and not re.fullmatch(rules["pattern"], value):
        return f"{shown} does not match {rules['pattern']}"
    if field.get("proof") == "date":
        try:
            uncertain.spans(value)
        except ValueError as error:
            return str(error)
    return None


_EXAMPLES = {"integer": "1000000", "number": "0.25", "boolean": "true"}
_DTYPES = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}


def read(table, part="."):
    """Read a table into a typed frame, indexed by its first column.

    Text is ``string``, whole numbers ``Int64``, numbers ``Float64``, flags ``boolean``; blank
    cells are missing. Of the last date column, `start` and `end` give the first and last day
    that it can mean (``NaT`` where open, unknown or not stated).

    Raises
    ------
    DataError
        If the table does not exist, or a file, row or cell is not as the schema says: all
        findings, one a line.
    """
    return _typed(*_file(table, part)).copy()


@_of_content
def _typed(file, content, described):
    """Return a content as a typed frame."""
    rows, wrong = _checked(file, content, described)
    if wrong:
        raise DataError("\n".join(wrong))
    fields = json.loads(described)["fields"]
    frame = pd.DataFrame(
        {
            f["name"]: pd.array(
                [
                    pd.NA if r[f["name"]] == "" else READERS.get(f["type"], str)(r[f["name"]])
                    for r in rows
                ],
                dtype=_DTYPES.get(f["type"], "string"),
            )
            for f in fields
        }
    ).set_index(fields[0]["name"])
    dates = [f["name"] for f in fields if f.get("proof") == "date"]
    if dates:
        known = [
            uncertain.span(v) if isinstance(v, str) else (pd.NaT, pd.NaT) for v in frame[dates[-1]]
        ]
        frame["start"] = pd.to_datetime([k[0] for k in known])
        frame["end"] = pd.to_datetime([k[1] for k in known])
    return frame


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
    """Load the source documents, one row each, indexed by ``document_id``."""
    return read("documents")


@_table
def load_sections():
    """Load the headings of the documents in text order, indexed by ``section_id``."""
    return read("sections")


@_table
def load_organisations():
    """Load the organisations, indexed by ``organisation_id``."""
    return read("organisations")


@_table
def load_people():
    """Load the people named, with the office named, indexed by ``person_id``."""
    return read("people")


@_table
def load_places():
    """Load the places, indexed by ``place_id``."""
    return read("places")


@_table
def load_frameworks():
    """Load the initiatives, agendas, conventions and plans referred to, by ``framework_id``."""
    return read("frameworks")


@_table
def load_names():
    """Load the names, acronyms and variants as printed, indexed by ``name_id``."""
    return read("names")


@_table
def load_agreements():
    """Load the agreements, indexed by ``agreement_id``; `start` and `end` bound `signed`."""
    return read("agreements")


@_table
def load_agreement_parties():
    """Load who is a party to which agreement, indexed by ``id``."""
    return read("agreement_parties")


@_table
def load_events():
    """Load the events, indexed by ``event_id``; `start` and `end` bound `date`."""
    return read("events")


@_table
def load_event_participants():
    """Load who took which part in which event, indexed by ``id``."""
    return read("event_participants")


@_table
def load_projects():
    """Load the projects, indexed by ``project_id``; `start` and `end` bound `period`."""
    return read("projects")


@_table
def load_project_organisations():
    """Load who has which part in which project, indexed by ``id``."""
    return read("project_organisations")


@_table
def load_project_places():
    """Load which places each project touches, in which role, indexed by ``id``."""
    return read("project_places")


@_table
def load_results():
    """Load what was counted or delivered, indexed by ``result_id``."""
    return read("results")


@_table
def load_contributions():
    """Load the stated amounts of money, one row each, indexed by ``contribution_id``.

    `low_usd` and `high_usd` are the bounds that the wording supports (``uncertain.bounds``),
    missing where an amount is misprinted; `start` and `end` bound `period`.
    """
    frame = read("contributions")
    stated = zip(frame.amount_usd, frame.qualifier, frame.printed_unit_usd, strict=True)
    known = []
    for key, row in zip(frame.index, stated, strict=True):
        try:
            known.append(uncertain.bounds(*row))
        except ValueError as error:
            here = place(f"{data_dir().name}/contributions.csv", key, "amount_usd")
            raise DataError(f"{here}: {error}") from error
    for name in ("low", "high"):
        values = [pd.NA if b.low != b.low else getattr(b, name) for b in known]
        frame[f"{name}_usd"] = pd.array(values, dtype="Int64")
    return frame


@_table
def load_themes():
    """Load the subjects, aims, activities and target groups as worded, by ``theme_id``."""
    return read("themes")


@_table
def load_indicators():
    """Load the stated figures and ranks that are no project's result, by ``indicator_id``."""
    return read("indicators")


@_table
def load_relations():
    """Load the stated links between records that no other table holds, by ``relation_id``."""
    return read("relations")


@_table
def load_evidence():
    """Load where each cell comes from, one row a fragment, indexed by ``evidence_id``."""
    return read("evidence")


@_table
def load_conflicts():
    """Load what disagrees, is misprinted or is not given, indexed by ``conflict_id``."""
    return read("conflicts")


@_table
def load_conflict_records():
    """Load which records and columns a conflict limits, indexed by ``id``."""
    return read("conflict_records")


@_table
def load_unused_mentions():
    """Load the dates, numbers and names that are no facts, and why, by ``mention_id``."""
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
    return read(table, "reference")


def chosen(values, allowed, what):
    """Check a choice that a reader made, such as the channels to show.

    Parameters
    ----------
    values : list of str
        What was chosen; empty for all.
    allowed : iterable of str
        What there is.
    what : str
        What is chosen, for the message: "channel".

    Returns
    -------
    list of str
        The values, or all that is allowed where none was given.

    Raises
    ------
    ValueError
        If a value is not among those allowed; the nearest right one is named.

    >>> chosen([], ["assessed", "jpo"], "channel")
    ['assessed', 'jpo']
    """
    allowed = sorted(set(allowed))
    if isinstance(values, str):
        raise ValueError(f"{what}s: {values!r} is one text; write a list like [{values!r}]")
    for value in values:
        if value not in allowed:
            raise ValueError(f"{what}s: {value!r} is no {what}; {nearest(value, allowed)}")
    return list(values) or allowed


def sentences(said, table=None):
    """Make the frame of findings that a notebook shows and a page lifts to its top.

    Parameters
    ----------
    said : list of tuple
        (finding, caveat, list of records or of ids of `table`).
    table : str, optional
        Table of the ids.

    Returns
    -------
    DataFrame
        finding (with a capital), caveat, records (comma-separated ``table/id``).
    """
    prefix = f"{table}/" if table else ""
    rows = [
        (found[:1].upper() + found[1:], caveat, ", ".join(prefix + key for key in keys))
        for found, caveat, keys in said
    ]
    return pd.DataFrame(rows, columns=["finding", "caveat", "records"])
