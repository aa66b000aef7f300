"""Report lists, checked whole before anything runs: entries, sweeps, names that are no more."""

import functools
import itertools
import math
import re
from collections import Counter
from pathlib import Path

import yaml

from ilodata import parameters, tables
from ilodata.parameters import Plain, typed
from ilodata.problems import DataError, nearest, shown

MOST = 100_000  # reports of one list
# `con`, `nul` and the like are devices on Windows, whatever their ending.
RESERVED = re.compile(r"index|codebook|con|prn|aux|nul|com\d|lpt\d")
SLUG = re.compile(r"(?=.{1,80}$)[a-z0-9]+(-+[a-z0-9]+)*")
NAMES = "write lowercase letters, digits and hyphens, at most 80: it names the page's file"
PLACE = re.compile(r"\{(\w+)\}")
NULL = ("", "~", "null", "Null", "NULL")
TOP = ("reports", "defaults", "include", "retired")
KEYS = ("name", "title", "notebook", "parameters", "each", "grid")
EACH = ("table", "column", "where", "at_least")
KINDS = dict.fromkeys(("name", "title", "notebook", "table", "column"), "str")
KINDS |= dict.fromkeys(("reports", "include"), "list") | {"at_least": "int"}
KINDS |= dict.fromkeys(("parameters", "each", "grid", "where", "defaults", "retired"), "dict")


class Written(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
    """Gives what a list holds as it is written: `Plain` without quotes, None for nothing."""

    def construct_scalar(self, node):
        """Tell text in quotes, or a block, from a word alone."""
        said = node.value if node.style else Plain(node.value)
        return None if isinstance(said, Plain) and said in NULL else said

    def construct_mapping(self, node, deep=False):
        """Refuse a key that is there twice, where YAML takes the last."""
        made = super().construct_mapping(node, deep)
        keys = [key for key, _ in node.value]
        for at, key in enumerate(keys if len(made) < len(keys) else ()):
            if key.value in [before.value for before in keys[:at]]:
                problem = f"the key {shown(key.value)} is there twice"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
        return made


def entries(path, _including=()):
    """Read a report list (YAML) without its notebooks, which takes long.

    It has the keys ``reports``, ``defaults`` of these, ``include`` (other lists beside it, whose
    reports follow) and ``retired``. An entry has ``name``, ``title``, ``notebook`` (from the folder
    above the list's own) and, where a default is to be changed, ``parameters``. It stands for many
    with ``each`` (``table``, ``column``, ``where``, ``at_least``: a report for each value that a
    column has in so many rows) or ``grid`` (values of parameters: all combinations). In its name,
    title and parameters ``{column}``, ``{parameter}`` and ``{label}`` stand for the value, and what
    the record is called that it names.

    Returns the reports in the list's order (dicts of name, title, notebook, parameters as written,
    list: the file that names it), and old names to new ones, from ``retired``. Raises DataError with
    everything that is wrong, one line each.
    """
    path = Path(path)
    listed, made, wrong = _load(path), [], []
    defaults, retired = listed.get("defaults") or {}, listed.get("retired") or {}
    wrong += [f"defaults, {it}" for it in _misfits(defaults, KEYS[1:4])]
    for number, entry in enumerate([] if wrong else listed["reports"], 1):
        name = entry.get("name") if isinstance(entry, dict) else None
        try:
            made += [one | {"list": path.name} for one in expand(entry, defaults)]
        except ValueError as error:
            where = f"report {shown(name) if name else number}"
            wrong += [f"{where}, {line}" for line in str(error).splitlines()]
    for name in map(str, listed.get("include") or ()):
        if path.name in (*_including, name):
            raise DataError(f"{path.as_posix()}, include: {name} includes itself")
        more, gone = entries(path.parent / name, (*_including, path.name))
        made, retired = made + more, retired | gone
    wrong += [f"report {shown(one['name'])}, {line}" for one in made for line in _about(one)]
    for key in ("name", "title"):
        told = Counter(one[key].casefold() for one in made)
        again = [shown(it) for it, number in told.items() if number > 1]
        wrong += [f"{key}: {it} is there twice; say in it what differs" for it in again]
    names = {one["name"] for one in made}
    for old, new in retired.items():
        where, new = f"retired, {shown(old)}", str(new)
        if not SLUG.fullmatch(str(old)) or RESERVED.fullmatch(old) or old in names:
            wrong.append(f"{where}: write the name of a report that is no more")
        if new not in names | {"index"}:
            wrong.append(f"{where}: no report is named {shown(new)}; {nearest(new, names)}")
    if wrong:
        raise DataError("\n".join(f"{path.as_posix()}, {line}" for line in wrong))
    return made, retired


def checked(reports, path):
    """Check reports that `entries` gave against what their notebooks declare, and return them.

    ``parameters`` are as declared then, beside them what was ``written`` and what is ``declared``, as
    `parameters.declared` gives it. Raises DataError with everything that is wrong, one line each.
    """
    declared, right, wrong = functools.cache(parameters.declared), [], []
    for report in reports:
        where, written = f"{Path(path).as_posix()}, report {report['name']}", report["parameters"]
        try:
            known = declared(project_of(path) / report["notebook"])
        except ValueError as error:
            wrong.append(f"{where}, notebook {report['notebook']}: {error}")
            continue
        values, found = parameters.given(written, known)
        wrong += [f"{where}, {line}" for line in found]
        right.append(report | {"parameters": values, "declared": known, "written": written})
    if wrong:
        raise DataError("\n".join(wrong))
    return right


def profiles(reports):
    """Return which report is all about which record: (name, title) by record."""
    tabled, found = ("projects", "organisations", "places"), {}
    known = [(table, next(iter(row.values()))) for table in tabled for row in tables.rows(table)]
    for it in reports:
        given = [one if isinstance(one, list) else [one] for one in it["parameters"].values()]
        given = sum(given, [])
        for table, key in known:
            if key in given and (len(given) == 1 or it["name"].endswith(key)):
                found.setdefault(f"{table}/{key}", (it["name"], it["title"]))
    return found


def project_of(path):
    """Return the folder that notebook paths start at: the one above the folder of the list."""
    return Path(path).resolve().parent.parent


def _load(path):
    """Read what a file holds."""
    try:
        text = path.read_text("utf-8")
        for event in yaml.parse(text, Written):
            if isinstance(event, yaml.AliasEvent):  # a few of them can stand for more than memory
                problem = f"*{event.anchor} is not read here; write it out"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
        loaded = yaml.load(text, Written)  # noqa: S506, it makes texts, lists and mappings only
    except OSError as error:
        raise DataError(f"{path.as_posix()}: cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {min(mark.line + 1, len(text.splitlines()))}" if mark else ""
        said = [getattr(error, key, None) for key in ("context", "problem")]
        problem = ", ".join(filter(None, said)) or str(error).splitlines()[0]
        raise DataError(f"{path.as_posix()}{line}: this is no YAML we read: {problem}") from None
    if wrong := _misfits(loaded, TOP, ("reports",)):
        raise DataError("\n".join(f"{path.as_posix()}, {line}" for line in wrong))
    return loaded


def _misfits(found, keys, needed=()):
    """Say what is wrong with the keys of a mapping and with the kinds of its values."""
    if not isinstance(found, dict):
        return [f"{found!r:.60} is not a mapping; write {', '.join(needed)}"]
    wrong = [f"key {shown(k)}: unknown; {nearest(k, keys)}" for k in found if k not in keys]
    wrong += [f"key {key}: missing" for key in needed if found.get(key) is None]
    for key, value in found.items():
        try:
            typed(value, KINDS.get(key) if value is not None else None)
        except ValueError as error:
            wrong.append(f"{key}: {error}")
    return wrong


def expand(entry, defaults):
    """Write out one entry of a report list, as `entries` says: a list of dict.

    Parameters that only the defaults name are filled in, one by one; keys that are missing stay so.
    Raises ValueError with what is wrong with keys, ``each``, ``grid`` or a placeholder, a line each.

    >>> grid = {"name": "to-{end}", "title": "T", "grid": {"end": ["2016", "2022"]}}
    >>> [each["name"] for each in expand(grid, {"notebook": "n.ipynb"})]
    ['to-2016', 'to-2022']
    """
    filled = defaults | entry if isinstance(entry, dict) else entry
    if wrong := _misfits(filled, KEYS, KEYS[:3]):
        raise ValueError("\n".join(wrong))
    own, each, grid = (filled.pop(key, None) or {} for key in KEYS[3:])
    filled["parameters"] = (defaults.get("parameters") or {}) | own
    if not each and not grid:
        return [filled]
    for name, values in grid.items():
        if not isinstance(values, list) or not values:
            raise ValueError(f"grid, {name}: {values!r:.60} is not right; write [value, value]")
    rows = _rows(each) if each else [{}]
    number = math.prod(map(len, grid.values()), start=len(rows))
    if number > MOST:
        raise ValueError(f"the sweep has {number:,} reports; {MOST:,} at most")
    made = []
    for row, chosen in itertools.product(rows, itertools.product(*grid.values())):
        values = dict(zip(grid, chosen, strict=True))
        one = {key: _filled(value, row | values, key == "name") for key, value in filled.items()}
        made.append(one | {"parameters": one["parameters"] | values})
    return made


def _rows(each):
    """Return a row for each value of a column: the value by the column's name, and its label."""
    if wrong := _misfits(each, EACH, EACH[:2]):
        raise ValueError("\n".join(f"each, {line}" for line in wrong))
    table, column, where = each["table"], each["column"], each.get("where") or {}
    rows, known, least = tables.rows(table), tables.fields(table), int(each.get("at_least") or 1)
    for name in (column, *where):
        if name not in known:
            raise ValueError(f"each: {name} is not a column of {table}; {nearest(name, known)}")
    kept = [row[column] for row in rows if all(row[k] == v for k, v in where.items())]
    values = [v for v in dict.fromkeys(kept) if v and kept.count(v) >= least]
    if not values:
        raise ValueError(f"each: no {column} is in at least {least} such rows of {table}")
    made = []
    for value in values:
        record = tables.reference(table, column, value)
        if column == next(iter(known)):
            record = f"{table}/{value}"
        made.append({column: value, "label": tables.label(record) if record else value})
    return made


def _filled(value, known, as_slug):
    """Put values in the place of their names."""
    if isinstance(value, dict):
        return {key: _filled(each, known, as_slug) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, known, as_slug) for each in value]
    if not isinstance(value, str):
        return value

    def put(found):
        if found[1] not in known:
            raise ValueError(f"{found[0]} is nothing of this sweep; {nearest(found[1], known)}")
        said = known[found[1]]
        said = "-".join(map(str, said)) if isinstance(said, list) else str(said)
        return re.sub("[^a-z0-9]+", "-", said.lower()).strip("-") if as_slug else said

    return type(value)(PLACE.sub(put, value))


def _about(report):
    """Check name and title of one report; give what is wrong with them."""
    name, title = report["name"], report["title"]
    if not SLUG.fullmatch(name):
        yield f"name: {name!r:.60} is not right; {NAMES}"
    elif RESERVED.fullmatch(name):
        yield f"name: {name} is taken by another page or by a system; choose another"
    if not title.strip() or not title.isprintable():
        yield f"title: {title!r:.60} is not right; write one line of text"
