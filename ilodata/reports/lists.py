"""Report lists, checked whole before anything runs: entries, sweeps, names that are no more."""

import itertools
import re
from pathlib import Path, PurePosixPath

import yaml

from ilodata.problems import DataError, nearest
from ilodata.reports import parameters as given
from ilodata.reports.parameters import Plain, found_as, shown_key

TOP = ("reports", "defaults", "include", "retired")
REQUIRED = ("name", "title", "notebook")
KEYS = (*REQUIRED, "parameters", "each", "grid")
EACH = ("table", "column", "where", "at_least")
MOST = 100_000  # reports of one list
DEEPEST = 50  # lists and mappings in one another
# `con`, `nul` and the like are devices on Windows, whatever their ending.
RESERVED = re.compile(r"index|codebook|con|prn|aux|nul|com\d|lpt\d")
SLUG = re.compile(r"[a-z0-9]+(-+[a-z0-9]+)*")
PLACE = re.compile(r"\{(\w+)\}")
NULL = ("", "~", "null", "Null", "NULL")


def read_list(path):
    """Read and check a report list with all that its notebooks declare.

    Notebook paths in a list start at the folder above the list's own: ``reports/default.yaml``
    names ``notebooks/01-timelines.ipynb``.

    Parameters
    ----------
    path : str or Path
        YAML file with the keys ``reports`` (see `entries`), ``defaults``, ``include`` (other lists
        beside it, whose reports follow) and ``retired``.

    Returns
    -------
    list of dict
        One for each report, in the list's order, sweeps written out: ``name``, ``title``,
        ``notebook`` as in the list, ``parameters`` with their values as declared, ``declared``
        as `parameters.declared` gives it.

    Raises
    ------
    DataError
        With everything that is wrong, one line each.
    """
    reports, _ = entries(path)
    return checked(reports, path)


def entries(path):
    """Read a report list without its notebooks, which takes long.

    An entry has ``name``, ``title``, ``notebook`` and, where a default is to be changed,
    ``parameters``. It stands for many with ``each`` (``table``, ``column``, ``where``,
    ``at_least``: a report for each value that a column has in so many rows) or ``grid`` (values of
    parameters: all combinations). In its name, title and parameters ``{column}``, ``{parameter}``
    and ``{label}`` stand for the value, and what the record is called that it names.

    Returns
    -------
    tuple of (list of dict, dict)
        name, title, notebook, parameters as written, list (the file that names it); and old names
        to new ones, from ``retired``.

    Raises
    ------
    DataError
        With everything that is wrong, one line each.
    """
    path = Path(path)
    loaded, wrong = _load(path)
    made = []
    for number, entry in enumerate(loaded["reports"], 1):
        name = entry.get("name") if isinstance(entry, dict) else None
        where = f"{path.as_posix()}, report {shown_key(name) if name else number}"
        try:
            many = expand(entry, loaded["defaults"])
        except ValueError as error:
            wrong += [f"{where}, {line}" for line in str(error).splitlines()]
            continue
        wrong += [f"{where}, {line}" for line in dict.fromkeys(_alike(entry, many, made))]
        for one in many:
            at = shown_key(one.get("name")) if one.get("name") else number
            wrong += [f"{path.as_posix()}, report {at}, {line}" for line in _about(one)]
        made += [one | {"list": path.name} for one in many]
    for name in loaded["include"]:
        more, gone = entries(path.parent / name)
        wrong += [f"{path.as_posix()}, {line}" for one in more for line in _alike({}, [one], made)]
        made, loaded["retired"] = made + more, loaded["retired"] | gone
    names = {str(one.get("name")) for one in made}
    for old, new in loaded["retired"].items():
        where = f"{path.as_posix()}, retired, {shown_key(old)}"
        if not SLUG.fullmatch(old) or RESERVED.fullmatch(old) or old in names:
            wrong.append(f"{where}: write the name of a report that is no more")
        if new not in names | {"index"}:
            wrong.append(f"{where}: no report is named {shown_key(new)}; {nearest(new, names)}")
    if wrong:
        try:  # all at once, what is wrong with values too
            checked([one for one in made if not list(_about(one))], path)
        except DataError as more:
            wrong += str(more).splitlines()
        raise DataError("\n".join(wrong))
    return made, loaded["retired"]


def checked(reports, path):
    """Check the notebooks and parameters of reports that `entries` gave.

    Returns and raises what `read_list` does.
    """
    known, right, wrong = {}, [], []
    for report in reports:
        where = f"{Path(path).as_posix()}, report {report['name']}"
        notebook = report["notebook"]
        if notebook not in known:
            try:
                known[notebook] = given.declared(project_of(path) / notebook)
            except ValueError as error:
                known[notebook] = str(error)
        declared = known[notebook]
        if isinstance(declared, str):
            wrong.append(f"{where}, notebook {notebook}: {declared}")
            continue
        values, found = given.given(report["parameters"], declared)
        wrong += [f"{where}, {line}" for line in found]
        written = report["parameters"]
        right.append(report | {"parameters": values, "declared": declared, "written": written})
    if wrong:
        raise DataError("\n".join(wrong))
    return right


def project_of(path):
    """Return the folder that notebook paths start at: the one above the folder of the list."""
    return Path(path).resolve().parent.parent


def _load(path):
    """Return the keys of the file with their values, and what is wrong with them."""
    try:
        text = path.read_text("utf-8")
        _hold_to_depth(text)
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        loaded = _value(node) if node else None
    except OSError as error:
        raise DataError(f"{path.as_posix()}: cannot be read: {error.strerror}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {min(mark.line + 1, len(text.splitlines()))}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise DataError(f"{path.as_posix()}{line}: this is no YAML we read: {problem}") from None
    except ValueError as error:  # bad UTF-8 too
        raise DataError(f"{path.as_posix()}: this is no YAML we read: {error}") from None
    if not isinstance(loaded, dict) or "reports" not in loaded:
        raise DataError(f"{path.as_posix()}: the key reports is missing; write reports: and a list")
    wrong = [
        f"{path.as_posix()}, key {shown_key(key)}: unknown; {nearest(key, TOP)}"
        for key in loaded
        if key not in TOP
    ]
    loaded = {key: loaded.get(key) or {} for key in TOP} | {"reports": loaded["reports"]}
    if not isinstance(loaded["reports"], list) or not loaded["reports"]:
        raise DataError(
            f"{path.as_posix()}, reports: {found_as(loaded['reports'])}; write a list of reports"
        )
    allowed, defaults = ("title", "notebook", "parameters"), loaded["defaults"]
    if not isinstance(defaults, dict) or not set(defaults) <= set(allowed):
        raise DataError(f"{path.as_posix()}, defaults: write {', '.join(allowed)}")
    if not isinstance(defaults.get("parameters") or {}, dict):
        raise DataError(f"{path.as_posix()}, defaults, parameters: write name: value")
    loaded["include"] = loaded["include"] or []
    if not isinstance(loaded["include"], list):
        raise DataError(f"{path.as_posix()}, include: write a list of files beside it")
    if not isinstance(loaded["retired"], dict):
        raise DataError(f"{path.as_posix()}, retired: write old-name: new-name")
    return loaded, wrong


def _hold_to_depth(text):
    """Refuse what grows while it is read: nesting without end, and aliases."""
    deep = 0
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        deep += isinstance(event, yaml.CollectionStartEvent)
        deep -= isinstance(event, yaml.CollectionEndEvent)
        line = event.start_mark.line + 1
        if deep > DEEPEST:
            raise ValueError(f"line {line}: lists and mappings stand {DEEPEST} deep in each other")
        if isinstance(event, yaml.AliasEvent):
            raise ValueError(f"line {line}: *{event.anchor} is not read here; write it out")


def _value(node):
    """Return a YAML node with its words as written: whether "no" is text, a parameter decides."""
    line = f"line {node.start_mark.line + 1}"
    if not node.tag.startswith("tag:yaml.org,2002:") or "python" in node.tag:
        raise ValueError(f"{line}: the tag {node.tag} is not read here; leave it out")
    if isinstance(node, yaml.ScalarNode):
        if node.style:  # in quotes, or a block
            return node.value
        return None if node.value in NULL else Plain(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_value(each) for each in node.value]
    found = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value in found:
            raise ValueError(
                f"line {key.start_mark.line + 1}: the key {shown_key(key.value)} is there twice"
                if isinstance(key, yaml.ScalarNode)
                else f"{line}: a key is one word"
            )
        found[key.value] = _value(value)
    return found


def expand(entry, defaults):
    """Write out one entry of a report list, as `entries` says.

    Parameters
    ----------
    entry, defaults : dict
        Parameters that only the defaults name are filled in, one by one.

    Returns
    -------
    list of dict
        name, title, notebook, parameters; keys that are missing stay so.

    Raises
    ------
    ValueError
        With what is wrong with keys, ``each``, ``grid`` or a placeholder, a line each.

    Examples
    --------
    >>> grid = {"name": "to-{end}", "title": "T", "grid": {"end": ["2016", "2022"]}}
    >>> [each["name"] for each in expand(grid, {"notebook": "n.ipynb"})]
    ['to-2016', 'to-2022']
    """
    if not isinstance(entry, dict):
        raise ValueError(f"{found_as(entry)}; write name, title and notebook")
    wrong = [f"key {shown_key(k)}: unknown; {nearest(k, KEYS)}" for k in entry if k not in KEYS]
    filled = {**defaults, **entry}
    wrong += [f"key {key}: missing" for key in REQUIRED if key not in filled]
    own = filled.get("parameters") or {}
    if not isinstance(own, dict):
        wrong.append(f"parameters: {found_as(own)}; write name: value")
    if wrong:
        raise ValueError("\n".join(wrong))
    filled["parameters"] = {**(defaults.get("parameters") or {}), **own}
    each, grid = filled.pop("each", None), filled.pop("grid", None)
    if each is None and grid is None:
        return [filled]
    rows = [{}] if each is None else _each(each)
    chosen = [{}] if grid is None else _grid(grid)
    if len(rows) * len(chosen) > MOST:
        raise ValueError(f"the sweep has {len(rows) * len(chosen):,} reports; {MOST:,} at most")
    made = []
    for row, values in itertools.product(rows, chosen):
        one = {key: _filled(value, row | values, key == "name") for key, value in filled.items()}
        made.append(one | {"parameters": one["parameters"] | values})
    return made


def _each(each):
    """Return a row for each value of a column: the value by the column's name, and its label."""
    from ilodata import tables

    named = [each.get("table"), each.get("column")] if isinstance(each, dict) else [None]
    if not all(isinstance(name, str) for name in named):
        raise ValueError("each: write {table: project_places, column: place_id}")
    for key in each:
        if key not in EACH:
            raise ValueError(f"each: {key} is no key; {nearest(key, EACH)}")
    table, column = map(str, named)
    where, least = each.get("where") or {}, str(each.get("at_least", 1))
    if not isinstance(where, dict) or not least.isdecimal():
        raise ValueError("each: where holds columns with values, at_least a whole number")
    rows, known = tables.rows(table), tables.fields(table)
    for name in (column, *where):
        if name not in known:
            raise ValueError(f"each: {name} is no column of {table}; {nearest(name, known)}")
    kept = [row[column] for row in rows if all(row[k] == str(v) for k, v in where.items())]
    values = [v for v in dict.fromkeys(kept) if v and kept.count(v) >= int(least)]
    if not values:
        raise ValueError(f"each: no {column} is in at least {least} such rows of {table}")
    records = {value: tables.reference(table, column, value) for value in values}
    if column == next(iter(known)):
        records = {value: f"{table}/{value}" for value in values}
    labels = {value: tables.label(of) if of else value for value, of in records.items()}
    return [{column: value, "label": labels[value]} for value in values]


def _grid(grid):
    if not isinstance(grid, dict) or not grid:
        raise ValueError("grid: write {parameter: [value, value]}")
    for name, values in grid.items():
        if not isinstance(values, list) or not values:
            raise ValueError(f"grid: {name} is no list of values; write {name}: [value, value]")
    return [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]


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


def _alike(entry, many, before):
    """Say which names and titles of an entry are there already, and what would tell them apart."""
    grid = entry.get("grid")
    apart = [f"{{{name}}}" for name in grid] if isinstance(grid, dict) else []
    apart += [f"{{{entry['each']['column']}}}"] if isinstance(entry.get("each"), dict) else []
    for key in ("name", "title"):
        seen = {str(one.get(key)).casefold() for one in before}
        missing = [place for place in apart if place not in str(entry.get(key))]
        remedy = f"put {' and '.join(missing)} into the {key}" if missing else "choose another"
        for one in many:
            value = str(one.get(key))
            if value.casefold() in seen:
                yield f"{key}: another report has {shown_key(value)} too; {remedy}"
            seen.add(value.casefold())


def _about(report):
    """Check name, title and notebook of one report; give what is wrong with them."""
    name, title, notebook = (report.get(key) for key in REQUIRED)
    if not isinstance(name, str) or not SLUG.fullmatch(name) or len(name) > 80:
        yield (
            f"name: {found_as(name)}; a name is lowercase letters, digits and hyphens, at most 80, "
            "since it becomes the page's file name"
        )
    elif RESERVED.fullmatch(name):
        yield f"name: {name} is taken by another page or by a system; choose another"
    if not isinstance(title, str) or not title.strip() or not title.isprintable():
        yield f"title: {found_as(title)}; write one line of text"
    place = PurePosixPath(notebook) if isinstance(notebook, str) else None
    if place is None or place.is_absolute() or ".." in place.parts or "\\" in notebook:
        wanted = "write its path within the project, such as notebooks/01-timelines.ipynb"
        yield f"notebook: {found_as(notebook)}; {wanted}"
