"""Report lists and the typed parameters of notebooks, checked whole before anything runs."""

import ast
import io
import json
import math
import re
import reprlib
import tokenize
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import yaml

from ilodata.reports import sweeps
from ilodata.tables import DataError, nearest

REQUIRED = ("name", "title", "notebook")
KEYS = (*REQUIRED, "parameters")
MOST = 100_000  # values that aliases may make of a few
DEEPEST = 50  # lists and mappings in one another
# `con`, `nul` and the like are devices on Windows, whatever their ending.
RESERVED = re.compile(r"index|codebook|con|prn|aux|nul|com\d|lpt\d")
SLUG = re.compile(r"[a-z0-9]+(-+[a-z0-9]+)*")
TYPES = re.compile(r"(str|int|float|bool|list(\[(str|int|float|bool)\])?)( \| None)?")
WANTED = {
    "str": "text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list such as [a, b]",
}
FOUND = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a mapping",
    type(None): "empty",
}


class Parameter(NamedTuple):
    """A parameter as its notebook declares it: annotation, default, comment."""

    type: str
    default: object
    help: str


def read_list(path):
    """Read and check a report list.

    Notebook paths in a list start at the project's folder, which is the folder above the
    list's own: ``reports/default.yaml`` names ``notebooks/01-timelines.ipynb``.

    Parameters
    ----------
    path : str or Path
        YAML file with the key ``reports``: a list of mappings with ``name``, ``title``,
        ``notebook`` and, where a default is to be changed, ``parameters``; sweeps have ``each``
        or ``grid`` (see `sweeps.expand`). What holds for all of them may stand in ``defaults``.

    Returns
    -------
    list of dict
        One for each report, in the list's order, sweeps written out: ``name``, ``title``,
        ``notebook`` as in the list, ``parameters`` with their values as declared, ``declared``
        as `parameters_of` gives it.

    Raises
    ------
    DataError
        With everything that is wrong in the list, one line each.
    """
    path = Path(path)
    findings = []
    reports, defaults = _load(path, findings)
    known, seen, checked = {}, {}, []
    for number, report in _written_out(reports, defaults, path, findings):
        name = report.get("name")
        where = f"{path.as_posix()}, report {_key(name) if name else number}"
        findings += [f"{where}, {finding}" for finding in _about(report)]
        if isinstance(name, str):
            if name.casefold() in seen:
                first = seen[name.casefold()]
                findings.append(f"{where}, name: report {first} of the list has it already")
            seen.setdefault(name.casefold(), number)
        declared, values, found = _against_notebook(report, project_of(path), known)
        findings += [f"{where}, {finding}" for finding in found]
        checked.append({key: report.get(key) for key in REQUIRED})
        checked[-1] |= {"parameters": values, "declared": declared}
    if findings:
        raise DataError("\n".join(findings))
    return checked


def _written_out(reports, defaults, path, findings):
    """Give each report of a list with the number of its entry; what is wrong joins the findings."""
    for number, entry in enumerate(reports, 1):
        where = f"{path.as_posix()}, report {number}"
        if not isinstance(entry, dict):
            findings.append(f"{where}: {_found(entry)}; write name, title and notebook")
            continue
        try:
            written = sweeps.expand(entry, defaults)
        except ValueError as error:
            name = entry.get("name")
            findings.append(f"{path.as_posix()}, report {_key(name) if name else number}, {error}")
            continue
        yield from ((number, report) for report in written)


def project_of(list_path):
    """Return the project's folder: the one above the folder of the report list."""
    return Path(list_path).resolve().parent.parent


def parameters_of(notebook):
    """Read the parameters that a notebook declares; nothing in it is run.

    Parameters
    ----------
    notebook : str or Path
        An ``.ipynb`` file with one cell tagged ``parameters``: lines such as
        ``start: str = "1985"  # first year of the window, EDTF``.

    Returns
    -------
    dict of str to Parameter
        By name, in the cell's order: type, default, help.

    Raises
    ------
    DataError
        If the file is missing or no notebook, has no or two parameters cells, or one with
        anything but typed literals in it.
    """
    try:
        return _declared(Path(notebook))
    except ValueError as error:
        raise DataError(f"{Path(notebook).as_posix()}: {error}") from None


def _load(path, findings):
    """Return the list of reports as YAML gives it; what is wrong with the file is raised."""
    try:
        text = path.read_text("utf-8")
        # The tree still has a key that is written twice; the loaded mapping keeps only one.
        tree = _tree(text)
        sizes = {}
        if _size(tree, sizes) > max(MOST, 2 * len(sizes)):
            raise ValueError(f"with its aliases written out it has over {MOST:,} values")
        findings += [f"{path.as_posix()}, {finding}" for finding in _repeated(tree, set())]
        loaded = yaml.constructor.SafeConstructor().construct_document(tree) if tree else None
    except OSError as error:
        raise DataError(f"{path.as_posix()}: cannot be read: {error.strerror}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {min(mark.line + 1, len(text.splitlines()))}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise DataError(f"{path.as_posix()}{line}: this is no YAML we read: {problem}") from None
    except Exception as error:  # bad UTF-8, 2012-13-45, !!int "", [[[[…: each has its own
        problem = (
            error
            if isinstance(error, (ValueError, RecursionError))
            else "a value does not fit its tag"
        )
        raise DataError(f"{path.as_posix()}: this is no YAML we read: {problem}") from None
    if not isinstance(loaded, dict) or "reports" not in loaded:
        raise DataError(f"{path.as_posix()}: the key reports is missing; write reports: and a list")
    for key in loaded:
        if key not in ("reports", "defaults"):
            unknown = "unknown; there are reports and defaults"
            findings.append(f"{path.as_posix()}, key {_key(key)}: {unknown}")
    reports, defaults = loaded["reports"], loaded.get("defaults") or {}
    if not isinstance(defaults, dict) or not set(defaults) <= {"title", "notebook", "parameters"}:
        raise DataError(f"{path.as_posix()}, defaults: write title, notebook or parameters")
    if not isinstance(defaults.get("parameters") or {}, dict):
        raise DataError(f"{path.as_posix()}, defaults, parameters: write name: value")
    if not isinstance(reports, list) or not reports:
        raise DataError(f"{path.as_posix()}, reports: {_found(reports)}; write a list of reports")
    return reports, defaults


def _tree(text):
    """Return a text as a tree of YAML nodes, read in C: a list of thousands takes long else."""
    loader, deep = getattr(yaml, "CSafeLoader", yaml.SafeLoader), 0
    for event in yaml.parse(text, Loader=loader):
        deep += isinstance(event, yaml.CollectionStartEvent)
        deep -= isinstance(event, yaml.CollectionEndEvent)
        if deep > DEEPEST:  # what is nested without end would end the process
            line = event.start_mark.line + 1
            raise ValueError(f"line {line}: lists and mappings stand {DEEPEST} deep in each other")
    return yaml.compose(text, Loader=loader)


def _size(node, sizes):
    """Count the values below a node with aliases written out; a bomb has more than can be read."""
    if id(node) not in sizes:
        sizes[id(node)] = MOST + 1  # for an alias to what it stands in
        below = [] if node is None or isinstance(node, yaml.ScalarNode) else node.value
        pairs = [each if isinstance(each, tuple) else (each,) for each in below]
        sizes[id(node)] = 1 + sum(_size(each, sizes) for pair in pairs for each in pair)
    return sizes[id(node)]


def _repeated(node, seen):
    """Say which keys are written twice; refuse merge keys, which can multiply without end."""
    if node is None or id(node) in seen or isinstance(node, yaml.ScalarNode):
        return
    seen.add(id(node))
    keys = set()
    for child in node.value:
        if isinstance(node, yaml.MappingNode):
            key, child = child
            line = f"line {key.start_mark.line + 1}"
            if key.tag == "tag:yaml.org,2002:merge":
                raise ValueError(f"{line}: << is not read here; write the keys out")
            if str(key.value) in keys:
                yield f"{line}: the key {_key(key.value)} is there twice"
            keys.add(str(key.value))
        yield from _repeated(child, seen)


def _about(report):
    """Check a report's keys, name and title; give what is wrong with them."""
    for key in report:
        if key not in KEYS:
            yield f"key {_key(key)}: no key of a report; {nearest(key, KEYS)}"
    for key in REQUIRED:
        if key not in report:
            yield f"key {key}: missing"
    name, title = report.get("name", "none"), report.get("title", "none")
    if not isinstance(name, str) or not SLUG.fullmatch(name) or len(name) > 80:
        yield (
            f"name: {_found(name)}; a name is lowercase letters, digits and hyphens, at most 80, "
            "since it becomes the page's file name"
        )
    elif RESERVED.fullmatch(name):
        yield f"name: {name} is taken by another page or by a system; choose another"
    if not isinstance(title, str) or not title.strip() or not title.isprintable():
        yield f"title: {_found(title)}; write one line of text"


def _against_notebook(report, root, known):
    """Check a report's notebook and parameters.

    Returns what the notebook declares, the given values as declared, and the findings.
    """
    notebook = report.get("notebook")
    if notebook is None:
        return {}, {}, []
    place = PurePosixPath(notebook) if isinstance(notebook, str) else None
    if place is None or place.is_absolute() or ".." in place.parts or "\\" in notebook:
        wanted = "write its path within the project, such as notebooks/01-timelines.ipynb"
        return {}, {}, [f"notebook: {_found(notebook)}; {wanted}"]
    if notebook not in known:
        try:
            known[notebook] = _declared(root / notebook)
        except ValueError as error:
            known[notebook] = str(error)
    declared = known[notebook]
    if isinstance(declared, str):
        return {}, {}, [f"notebook {notebook}: {declared}"]
    given = report.get("parameters")
    if given is None:
        given = {}
    if not isinstance(given, dict):
        return declared, {}, [f"parameters: {_found(given)}; write name: value"]
    values, findings = {}, []
    for name, value in given.items():
        if name not in declared:
            unknown = f"{notebook} has no such parameter; {nearest(name, declared)}"
            findings.append(f"parameter {_key(name)}: {unknown}")
            continue
        try:
            values[name] = typed(value, declared[name].type)
        except ValueError as error:
            findings.append(f"parameter {name}: {error}")
    return declared, values, findings


def typed(value, kind):
    """Return a value from a list or a notebook as the declared type wants it.

    A whole number of four digits where text is declared is an EDTF year, and a date that YAML
    has read is an EDTF day: both become text.

    Raises
    ------
    ValueError
        With the value found and what would be right.

    Examples
    --------
    >>> typed(2017, "str")
    '2017'
    """
    base, optional, _ = kind.partition(" | None")
    if value is None and optional:
        return None
    outer, _, inner = base.rstrip("]").partition("[")
    if outer == "list" and isinstance(value, list):
        if inner:
            return [typed(each, inner) for each in value]
        if all(isinstance(each, (str, int, float)) for each in value):
            return value
    elif outer == "str":
        if isinstance(value, str):
            return value
        if type(value) is int and 1000 <= value <= 9999:
            return str(value)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
    elif outer in ("bool", "int") and type(value).__name__ == outer:
        return value
    elif outer == "float" and type(value) in (int, float) and math.isfinite(value):
        return float(value)
    raise ValueError(f"{_found(value)}; write {WANTED[outer]}{' or null' * bool(optional)}")


def _declared(notebook):
    try:
        cells = json.loads(notebook.read_text("utf-8"))["cells"]
        tagged = [
            "".join(cell["source"])
            for cell in cells
            if cell["cell_type"] == "code" and "parameters" in cell["metadata"].get("tags", [])
        ]
    except FileNotFoundError:
        others = [other.name for other in notebook.parent.glob("*.ipynb")]
        raise ValueError(f"there is no such file; {nearest(notebook.name, others)}") from None
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError("this is no notebook (JSON with cells) that we can read") from None
    if len(tagged) != 1:
        raise ValueError(f"{len(tagged) or 'no'} cells are tagged parameters; one must be")
    try:
        body = ast.parse(tagged[0]).body
        tokens = list(tokenize.generate_tokens(io.StringIO(tagged[0]).readline))
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError) as error:
        raise ValueError(f"the parameters cell is no Python we can read: {error}") from None
    comments = {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}
    return dict(_declaration(statement, comments) for statement in body)


def _declaration(statement, comments):
    """Return name and Parameter for one line of a parameters cell."""
    target = getattr(statement, "target", None)
    line = f"line {statement.lineno} of the parameters cell"
    if not isinstance(statement, ast.AnnAssign) or not isinstance(target, ast.Name):
        raise ValueError(f'{line}: write name: type = value, such as start: str = "1985"')
    kind = ast.unparse(statement.annotation)
    if not TYPES.fullmatch(kind):
        raise ValueError(f"{line}: the type {kind} is none we check; use {', '.join(WANTED)}")
    try:
        default = ast.literal_eval(statement.value) if statement.value else None
        if typed(default, kind) != default:
            raise ValueError(f"the default {default!r} is not of the type {kind}")
    except (ValueError, TypeError, SyntaxError, RecursionError) as error:
        raise ValueError(f"{line}, {target.id}: {error}") from None
    said = comments.get(statement.end_lineno) or comments.get(statement.lineno) or ""
    return target.id, Parameter(kind, default, said)


def _found(value):
    return f"{_shown(value)} is {FOUND.get(type(value), 'of another type')}"


def _shown(value):
    cut = reprlib.Repr()
    cut.maxstring = cut.maxother = 60
    cut.maxlevel = 2
    try:
        return cut.repr(value)
    except ValueError:  # a number of more than 4,300 digits is never written out
        return "a number without end"


def _key(value):
    plain = isinstance(value, str) and value.isprintable() and 0 < len(value) <= 60
    return value if plain else _shown(value)
