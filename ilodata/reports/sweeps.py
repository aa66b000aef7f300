"""Sweeps: one entry of a report list that stands for many reports."""

import itertools
import re

from ilodata import tables
from ilodata.tables import nearest

MOST = 100_000  # reports of one list
PLACE = re.compile(r"\{(\w+)\}")


def expand(report, defaults):
    """Write out one entry of a report list.

    Parameters
    ----------
    report : dict
        An entry: name, title, notebook, parameters, and for a sweep ``each`` (``table``,
        ``column`` and ``where``: one report for each value of the column, in the table's order)
        or ``grid`` (lists of values of parameters: all combinations), or both. In a sweep's name,
        title and parameters, ``{column}`` and ``{parameter}`` stand for the value, and
        ``{label}`` for what the record is called that the column's value names.
    defaults : dict
        What holds where the entry says nothing; parameters are filled up one by one.

    Returns
    -------
    list of dict
        Plain entries, without ``each`` and ``grid``.

    Raises
    ------
    ValueError
        With what is wrong in ``each``, ``grid`` or a placeholder.

    Examples
    --------
    >>> grid = {"name": "to-{end}", "grid": {"end": ["2016", "2022"]}}
    >>> [each["name"] for each in expand(grid, {})]
    ['to-2016', 'to-2022']
    """
    given = report.get("parameters")
    filled = defaults | report
    if isinstance(given, dict) or given is None:
        filled["parameters"] = {**(defaults.get("parameters") or {}), **(given or {})}
    each, grid = filled.pop("each", None), filled.pop("grid", None)
    if each is None and grid is None:
        return [filled]
    rows = [{}] if each is None else _each(each)
    combinations = [{}] if grid is None else _grid(grid)
    if len(rows) * len(combinations) > MOST:
        raise ValueError(
            f"the sweep has {len(rows) * len(combinations):,} reports; {MOST:,} at most"
        )
    made = []
    for row, chosen in itertools.product(rows, combinations):
        known = row | chosen
        one = {key: _filled(value, known, key == "name") for key, value in filled.items()}
        if isinstance(one.get("parameters"), dict):
            one["parameters"] |= chosen
        made.append(one)
    return made


def _each(each):
    named = [each.get("table"), each.get("column")] if isinstance(each, dict) else [None]
    if not all(isinstance(name, str) for name in named):
        raise ValueError("each: write {table: project_places, column: place_id}")
    for key in each:
        if key not in ("table", "column", "where"):
            raise ValueError(f"each: {key} is no key; {nearest(key, ('table', 'column', 'where'))}")
    rows, wrong = tables.cells(each["table"])
    if wrong:
        raise ValueError(f"each: {wrong[0]}")
    where = each.get("where") or {}
    fields = {field["name"] for field in tables.schema(each["table"])["schema"]["fields"]}
    if not isinstance(where, dict):
        raise ValueError("each: where is a mapping of columns to values")
    for column in [each["column"], *where]:
        if column not in fields:
            raise ValueError(
                f"each: {column} is no column of {each['table']}; {nearest(column, fields)}"
            )
    kept = [row for row in rows if all(row[column] == str(of) for column, of in where.items())]
    values = list(dict.fromkeys(row[each["column"]] for row in kept if row[each["column"]]))
    if not values:
        raise ValueError(f"each: {each['table']} has no such row with a {each['column']}")
    labels = _labels(each["table"], each["column"])
    return [{each["column"]: value, "label": labels.get(value, value)} for value in values]


def _labels(table, column):
    """Return what the records are called that a column names."""
    schema = tables.schema(table)["schema"]
    if schema["primaryKey"] != [column]:
        keys = [key for key in schema.get("foreignKeys", []) if column in key["fields"]]
        table = keys[0]["reference"]["resource"] if keys else None
    rows = tables.cells(table)[0] if table else []
    return {next(iter(row.values())): row.get("label", "") for row in rows}


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
        said = {True: "yes", False: "no"}.get(said, said) if isinstance(said, bool) else said
        said = "-".join(map(str, said)) if isinstance(said, list) else str(said)
        return re.sub("[^a-z0-9]+", "-", said.lower()).strip("-") if as_slug else said

    return PLACE.sub(put, value)
