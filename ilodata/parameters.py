"""What a notebook can be given: the parameters it declares, and values as these want them."""

import ast
import contextlib
import functools
import json
import reprlib
from pathlib import Path
from typing import NamedTuple

from pydantic import ConfigDict, FiniteFloat, StrictBool, StrictInt, TypeAdapter, ValidationError

from ilodata import dates, naming, tables
from ilodata.problems import DataError, nearest, shown

TYPES = {"str": str, "int": StrictInt, "float": FiniteFloat, "bool": StrictBool}
TYPES |= {f"list[{kind}]": list[of] for kind, of in TYPES.items()} | {"list": list, "dict": dict}
AS_TEXT = ConfigDict(coerce_numbers_to_str=True)  # 2012 is a year, whoever writes it
ADAPTERS = {kind: TypeAdapter(of, config=AS_TEXT) for kind, of in TYPES.items()}
WANTED = {  # what is right in a list, and the same on papermill's command line
    "str": ("text", "-r {} TEXT"),
    "int": ("a whole number", "-p {} 5"),
    "float": ("a number such as 0.5", "-p {} 0.5"),
    "bool": ("true or false", "-p {} True"),
    "list": ("a list such as [a, b]", "-y '{}: [a, b]'"),
    "dict": ("names and values such as {a: 1}", "-y '{}: {{a: 1}}'"),
}
KINDS = {"string": "str", "finite": "float", "too": "list", "model": "dict"}  # as pydantic says it


class Parameter(NamedTuple):
    """A parameter as its notebook declares it: annotation ("" for none) and default."""

    type: str
    default: object


def declared(notebook):
    """Read the parameters that a notebook declares, by name, in its order; nothing in it is run.

    ``notebook`` is an ``.ipynb`` file, or what it holds. Its cell tagged ``parameters`` has lines such as
    ``start: str = "1985"  # first year of the window``; without such a cell it has none. A default that
    is no literal is given as it is written. Raises ValueError if the file is missing or no notebook of
    Python cells, or two cells are tagged.
    """
    try:
        is_read = isinstance(notebook, dict)
        loaded = notebook if is_read else json.loads(Path(notebook).read_text("utf-8"))
        tagged = [
            "".join(cell["source"])
            for cell in loaded["cells"]
            if cell["cell_type"] == "code" and "parameters" in cell["metadata"].get("tags", [])
        ]
    except FileNotFoundError:
        folder, name = Path(notebook).parent, Path(notebook).name
        said = nearest(name, [other.name for other in folder.glob("*.ipynb")])
        raise ValueError(f"there is no such file in {folder.as_posix()}; {said}") from None
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        raise ValueError("this is no notebook (JSON with cells) that we can read") from None
    if len(tagged) > 1:
        raise ValueError(f"{len(tagged)} cells are tagged parameters; one may be")
    return _inspected("".join(tagged))


def _inspected(source):
    """Read the parameters that a cell declares."""
    # Not papermill.inspect_notebook: it reads no cell that a kernel ran, of two tagged ones the first,
    # and no path with braces. Read late: it takes two seconds, and where nothing is new, none needs it.
    from papermill.translators import PythonTranslator

    found = {}
    for each in PythonTranslator.inspect({"source": source}):
        kind = "" if each.inferred_type_name == "None" else each.inferred_type_name
        found[each.name] = Parameter(kind, _literal(each.default))
    return found


def _literal(text):
    with contextlib.suppress(ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return ast.literal_eval(text)
    return text


def given(values, known):
    """Check the values that a report gives to the parameters of its notebook, as `declared` read them.

    Returns the values as declared, and a line for each that is wrong: its name, what was found, what
    would be right, and how that is written on papermill's command line.
    """
    right, wrong = {}, []
    for name, value in values.items():
        if name not in known:
            wrong.append(f"{shown(name)}: unknown; {nearest(name, known)}")
            continue
        try:
            right[name] = typed(value, known[name].type)
        except ValueError as error:
            wrong.append(f"{name}: {error}{_hint(name, known)}")
    usual = {name: parameter.default for name, parameter in known.items()}
    for check in _checks(right):
        # Where it refuses the default, or cannot take its type, the name means something else here.
        with contextlib.suppress(TypeError):
            if not _refusal(check, usual) and (said := _refusal(check, usual | right)):
                wrong.append(said + _hint(said.partition(":")[0], known))
    return right, [f"parameter {line}" for line in wrong]


def _hint(name, known):
    """Say how papermill is given a parameter of this type."""
    _, how = WANTED.get(known[name].type.partition("[")[0], ("", ""))
    return how and f" (papermill: {how.format(name)})"


def _checks(names):
    """Yield functions of all values, by name, which refuse what parameters of these names cannot mean.

    ``start`` and ``end`` are held to each other, records to the `table_of` their parameter.
    """
    if "start" in names or "end" in names:
        yield lambda values: dates.window(values.get("start"), values.get("end"))
    if "channels" in names:
        from ilodata import funding  # with pandas, which takes its time

        yield lambda values: funding.amounts(channels=values["channels"])
    for name in names:
        if table := table_of(name):
            yield functools.partial(_find, table, name)


def table_of(name):
    """Return the table whose records a parameter of this name holds, "" for none.

    >>> table_of("project"), table_of("payers"), table_of("start")
    ('projects', 'organisations', '')
    """
    if name in ("payers", "partners"):
        return "organisations"
    known = [resource["name"] for resource in tables.package()["resources"]]
    return next((table for table in (name, f"{name}s") if table in known), "")


def _find(table, name, values):
    """Refuse records that a table does not have, by the name of their parameter."""
    asked = [values[name]] if isinstance(values[name], str) else values[name]
    asked = [str(one) for one in asked if name != "payers" or str(one).lower() != "not stated"]
    naming.find(asked, table, name)


def _refusal(check, values):
    """Return what a check says against some values, "" for nothing."""
    try:
        check(values)
        return ""
    except ValueError as error:
        return str(error)


def typed(value, kind):
    """Return a value as the declared type wants it; ValueError with the value and what would be right.

    >>> typed(2017, "str"), typed("0.5", "float"), typed(1, "float"), typed("as it is", "")
    ('2017', 0.5, 1.0, 'as it is')
    >>> typed([2017, 2018], "list[str]"), typed(["no", 5], "list")
    (['2017', '2018'], ['no', 5])
    """
    try:
        return ADAPTERS[kind].validate_python(value) if kind in ADAPTERS else value
    except ValidationError as error:
        raise ValueError(next(misfits(error))) from None


def misfits(error, keys=()):
    """Say each thing that pydantic found wrong: where, the value, and what would be right."""
    for wrong in error.errors():
        at, kind = wrong["loc"], wrong["type"].partition("_")[0]
        where = [f"element {it + 1}, " if isinstance(it, int) else f"{shown(it)}: " for it in at]
        if kind == "missing":
            said = "missing"
        elif kind == "extra":
            said = f"unknown; {nearest(at[-1], keys)}"
        else:
            right = WANTED[KINDS.get(kind, kind)][0]
            said = f"{reprlib.repr(wrong['input'])} is not right; write {right}"
        yield "".join([*where, said])


def check_parameters(cells=None):
    r"""Refuse what papermill injected and a notebook cannot use: a line for its first cells.

    papermill itself only warns of a misspelt name, and goes on with the default. ``cells`` are the
    sources of the cells run so far, by default those of the notebook that calls this. Raises DataError
    with a line for each name that the parameters cell does not declare, and each value that cannot be
    what it declares: what would be right, and how papermill is given it.

    >>> check_parameters(["start: str = '2017'", "# Parameters\nstart = 2012"])
    """
    if cells is None:
        from IPython import get_ipython

        shell = get_ipython()
        cells = shell.user_ns["In"] if shell else []
    for before, cell in zip(cells, cells[1:], strict=False):
        if not cell.startswith("# Parameters\n"):
            continue
        known, values, lines = _inspected(before), {}, ast.parse(cell).body
        if not all(isinstance(line, ast.Assign) for line in lines):
            continue  # somebody's own cell: papermill's assigns values, and does nothing else
        for line in lines:
            name, value = line.targets[0].id, _literal(ast.unparse(line.value))
            is_list = name in known and known[name].type.startswith("list")
            values[name] = [value] if is_list and isinstance(value, str) else value  # one of a list
        if wrong := given(values, known)[1]:
            raise DataError("\n".join(wrong))
