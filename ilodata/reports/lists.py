"""Report lists, checked whole before anything runs: entries, sweeps, names that are no more."""

import functools
import itertools
import json
import math
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, NamedTuple

import yaml
from pydantic import BaseModel, Field, StrictInt, ValidationError

from ilodata import naming, parameters, tables, words
from ilodata.problems import DataError, nearest, shown

MOST = 100_000  # reports of one list
# `con`, `nul` and the like are devices on Windows, whatever their ending.
RESERVED = re.compile(r"index|codebook|con|prn|aux|nul|com\d|lpt\d")
SLUG = re.compile(r"(?=.{1,80}$)[a-z0-9]+(-+[a-z0-9]+)*")
NAMES = "write lowercase letters, digits and hyphens, at most 80: it names the page's file"
PLACE = re.compile(r"\{(\w+)\}")


class Model(BaseModel, extra="forbid", coerce_numbers_to_str=True):
    """A mapping in a list; each key has one kind of value."""


class Each(Model):
    """A report for each value that a column has in so many of the rows that are as ``where`` says."""

    table: str
    column: str
    where: dict = {}
    at_least: StrictInt = 1


class Defaults(Model):
    """What an entry has where it says nothing else; ``notebook`` is from the folder above the list's."""

    title: str = ""
    notebook: str = ""
    parameters: dict = {}


class Entry(Defaults):
    """A report, or many: for `Each` value, or for all combinations of values of parameters."""

    name: str
    each: Each | None = None
    grid: dict[str, Annotated[list, Field(min_length=1)]] = {}


class Listed(Model):
    """A list: its reports, other lists beside it whose reports follow, old names and new ones."""

    reports: list[Entry]
    defaults: Defaults = Defaults()
    include: list[str] = []
    retired: dict[str, str] = {}


@dataclass(frozen=True)
class Report:
    """One report to build; what stands last is known once its notebook has been read."""

    name: str  # of its page
    title: str
    notebook: str  # from the folder above the list's
    parameters: dict  # as the list writes them, then as their notebook declares them
    list: str = ""  # the file that names it
    written: dict | None = None  # the parameters as the list writes them
    declared: dict = field(default_factory=dict)  # `parameters.Parameter` by name


class PageLink(NamedTuple):
    """The page that is all about a record."""

    name: str
    title: str


class Written(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
    """Reads a number, true or false only where it would be written the same again: 0800 is text."""

    def construct_scalar(self, node):
        """Take what stands in quotes as text, too."""
        with suppress(ValueError, RecursionError):
            value = json.loads(node.value, parse_constant=str)
            if not node.style and json.dumps(value) == node.value:
                return value
        return node.value

    def construct_mapping(self, node, deep=False):
        """Take keys as text, and refuse one that is there twice, where YAML takes the last."""
        made = {}
        for key, value in node.value:
            problem = "" if isinstance(key, yaml.ScalarNode) else "a key is no text"
            if not problem and key.value in made:
                problem = f"the key {shown(key.value)} is there twice"
            if problem:
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            made[key.value] = self.construct_object(value, deep)
        return made


def as_written(value):
    """Return a value of a list as it stands there."""
    return value if isinstance(value, str) else json.dumps(value)


def entries(path, _including=()):
    """Read a report list (YAML, see `Listed`) without its notebooks, which takes long.

    In name, title and parameters of an entry that stands for many, ``{column}``, ``{parameter}`` and
    ``{label}`` stand for the value, and what the record is called that it names.

    Returns the reports in the list's order (`Report`), and old names to new ones. Raises DataError with
    everything that is wrong, one line each.
    """
    path = Path(path)
    reports, wrong, included, listed = [], [], [], _load(path)
    retired = listed.retired
    for entry in listed.reports:
        try:
            reports += [replace(it, list=path.name) for it in expand(entry, listed.defaults)]
        except ValueError as error:
            wrong.append(f"report {shown(entry.name)}, {error}")
    for name in listed.include:
        if path.name in (*_including, name):
            raise DataError(f"{path.as_posix()}, include: {name} includes itself")
        try:
            more, gone = entries(path.parent / name, (*_including, path.name))
        except DataError as error:
            included.append(str(error))
        else:
            reports, retired = reports + more, retired | gone
    for report in reports:
        wrong += [f"report {shown(report.name)}, {line}" for line in _about(report)]
    for key in ("name", "title"):
        counts = Counter(getattr(report, key).casefold() for report in reports)
        again = [shown(text) for text, number in counts.items() if number > 1]
        wrong += [f"{key}: {text} is there twice; say in it what differs" for text in again]
    names = {report.name for report in reports}
    for old, new in retired.items():
        where = f"retired, {shown(old)}"
        if not SLUG.fullmatch(old) or RESERVED.fullmatch(old) or old in names:
            wrong.append(f"{where}: write the name of a report that is no more")
        if new not in names | {"index"} and not included:
            wrong.append(f"{where}: no report is named {shown(new)}; {nearest(new, names)}")
    if wrong or included:
        raise DataError("\n".join([*(f"{path.as_posix()}, {line}" for line in wrong), *included]))
    return reports, retired


def checked(reports, path):
    """Check reports that `entries` gave against what their notebooks declare; return them filled in.

    Raises DataError with everything that is wrong, one line each.
    """
    declared, right, wrong = functools.cache(parameters.declared), [], []
    for report in reports:
        where, written = f"{Path(path).as_posix()}, report {report.name}", report.parameters
        try:
            known = declared(project_of(path) / report.notebook)
        except ValueError as error:
            wrong.append(f"{where}, notebook {report.notebook}: {error}")
            continue
        values, found = parameters.given(written, known)
        wrong += [f"{where}, {line}" for line in found]
        right.append(replace(report, parameters=values, declared=known, written=written))
    if wrong:
        raise DataError("\n".join(wrong))
    return right


def pages_by_record(reports):
    """Return the report of each record that one is all about: a `PageLink` by record."""
    tabled, found = ("projects", "organisations", "places"), {}
    ids = {table: {next(iter(row.values())) for row in tables.rows(table)} for table in tabled}
    table_of = functools.cache(parameters.table_of)
    for report in reports:
        asked = []
        for name, given in report.parameters.items():
            values = given if isinstance(given, list) else [given]
            asked += [(table_of(name), str(value)) for value in values]
        for table, key in asked:
            if key in ids.get(table, ()) and (len(asked) == 1 or report.name.endswith(key)):
                found.setdefault(f"{table}/{key}", PageLink(report.name, report.title))
    return found


def project_of(path):
    """Return the folder that notebook paths start at: the one above the folder of the list."""
    return Path(path).resolve().parent.parent


def _load(path):
    """Read a file; DataError with everything that is wrong in its form, one line each."""
    where = path.as_posix()
    try:
        text = path.read_text("utf-8")
        for event in yaml.parse(text, Written):
            if isinstance(event, yaml.AliasEvent):  # a few of them can stand for more than memory
                problem = f"*{event.anchor} is not read here; write it out"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
        return Listed.model_validate(yaml.load(text, Written))  # noqa: S506, it makes plain values
    except OSError as error:
        raise DataError(f"{where}: cannot be read: {error.strerror}") from None
    except ValidationError as error:
        keys = {key for model in (Listed, Entry, Each) for key in model.model_fields}
        wrong = [it.replace("reports: element", "report") for it in parameters.misfits(error, keys)]
        raise DataError("\n".join(f"{where}, {line}" for line in wrong)) from None
    except (yaml.YAMLError, UnicodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {min(mark.line + 1, len(text.splitlines()))}" if mark else ""
        said = [getattr(error, key, None) for key in ("context", "problem")]
        problem = ", ".join(filter(None, said)) or str(error).splitlines()[0]
        raise DataError(f"{where}{line}: this is no YAML we read: {problem}") from None


def expand(entry, defaults):
    """Write out an `Entry`: a list of `Report`.

    Parameters that only the defaults name are filled in, one by one. Raises ValueError with what is
    wrong with ``each``, ``grid`` or a placeholder.

    >>> grid = Entry(name="to-{end}", title="T", grid={"end": ["2016", "2022"]})
    >>> [each.name for each in expand(grid, Defaults(notebook="n.ipynb"))]
    ['to-2016', 'to-2022']
    """
    title, notebook = entry.title or defaults.title, entry.notebook or defaults.notebook
    given = defaults.parameters | entry.parameters
    if not entry.each and not entry.grid:
        return [Report(entry.name, title, notebook, given)]
    rows = _rows(entry.each) if entry.each else [{}]
    number = math.prod(map(len, entry.grid.values()), start=len(rows))
    if number > MOST:
        raise ValueError(f"the sweep has {number:,} reports; {MOST:,} at most")
    found = []
    for row, chosen in itertools.product(rows, itertools.product(*entry.grid.values())):
        values = dict(zip(entry.grid, chosen, strict=True))
        name, *one, filled = _filled([entry.name, title, notebook, given], row | values)
        found.append(Report(words.slug(name), *one, filled | values))
    return found


def _rows(each):
    """Return a row for each value of a column: the value by the column's name, and its label."""
    table, known = each.table, tables.fields(each.table)
    for column in (each.column, *each.where):
        if column not in known:
            right = nearest(column, known)
            raise ValueError(f"each: {column} is not a column of {table}; {right}")
    where = {column: as_written(value) for column, value in each.where.items()}
    kept = [row[each.column] for row in tables.rows(table) if where.items() <= row.items()]
    values = [value for value, number in Counter(kept).items() if value and number >= each.at_least]
    if not values:
        so_many = f"at least {each.at_least} such rows of {table}"
        raise ValueError(f"each: no {each.column} is in {so_many}")
    found = []
    for value in values:
        record = tables.reference(table, each.column, value)
        if each.column == next(iter(known)):
            record = f"{table}/{value}"
        found.append({each.column: value, "label": naming.label(record) if record else value})
    return found


def _filled(value, known):
    """Put values in the place of their names."""
    if isinstance(value, dict):
        return {key: _filled(each, known) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, known) for each in value]

    def put(found):
        if found[1] not in known:
            raise ValueError(f"{found[0]} is nothing of this sweep; {nearest(found[1], known)}")
        said = known[found[1]]
        return ", ".join(map(as_written, said if isinstance(said, list) else [said]))

    return PLACE.sub(put, value) if isinstance(value, str) else value


def _about(report):
    """Check name, title and notebook of one report; give what is wrong with them."""
    name, title = report.name, report.title
    if not SLUG.fullmatch(name):
        yield f"name: {name!r:.60} is not right; {NAMES}"
    elif RESERVED.fullmatch(name):
        yield f"name: {name} is taken by another page or by a system; choose another"
    if not title.strip() or not title.isprintable():
        yield f"title: {title!r:.60} is not right; write one line of text"
    if not report.notebook:
        yield "notebook: missing"
