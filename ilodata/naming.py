"""What records are called: their display name, the article it takes, whom a name asks for."""

import re

from ilodata import tables
from ilodata.problems import DataError, nearest

_NAMING = ("label", "title", "heading", "name", "theme", "indicator", "fragment")
_BARE = ("state", "group_of_states", "modality")  # kinds of what takes no article
# The same of names: China’s …, UN DESA.
_BARE_NAME = re.compile(r"(?i:the )|\w+(?<![A-Z\d])['’]s |[A-Z\d]+( [A-Z\d]+)+$")


def label(record):
    """Return the display name of a record ``table/id``.

    Rows that only link others are named by what they link, and how: "MoU with MOHRSS, 2001: ILO".
    """
    table, _, key = record.partition("/")
    found = tables.row(record)
    if name := next((found[name] for name in _NAMING if found.get(name)), ""):
        return name
    linked = [
        label(other) for name in found if (other := tables.reference(table, name, found[name]))
    ]
    role = f" ({found['role'].replace('_', ' ')})" if found.get("role") else ""
    return (": ".join(linked[:2]) or key) + role


def the(record):
    """Name a record as a sentence does, with the article where it takes one.

    >>> the("organisations/ilo"), the("organisations/china"), the("organisations/un-desa")
    ('the ILO', 'China', 'UN DESA')
    """
    name, kind = label(record), tables.row(record).get("kind")
    if record.startswith("projects/"):
        return f"the project “{name}”"
    bare = kind in _BARE or record.startswith("places/") or _BARE_NAME.match(name)
    return name if bare else f"the {name}"


def as_such(record):
    """Name an organisation as `the` does; of a group whose bodies no text lists, that it is meant."""
    return the(record) + " as such" * (tables.row(record)["kind"] == "constituents")


def find(asked, table, parameter=""):
    """Find ids of records by id, label, title or name as printed, in any case.

    ``None``, "" and an empty list ask for nothing in particular: an empty list is returned. What is
    not there is refused with the nearest right name, and with that of the parameter: "payers".

    >>> find(["MOHRSS", "china"], "organisations")
    ['mohrss', 'china']
    """
    every, found = {next(iter(row.values())): row for row in tables.rows(table)}, []
    several = hasattr(asked, "__iter__") and not isinstance(asked, str)
    known = [(it["name"], it["record"].partition(f"{table}/")[2]) for it in tables.rows("names")]
    for key, row in every.items():
        known += [(key, key), (row.get("label"), key), (row.get("title"), key)]
    known = [(name, key) for name, key in known if name and key]
    for text in filter(None, asked if several else [asked]):
        hits = [key for name, key in known if _folded(name) == _folded(text)]
        if not hits:
            labels = [it.get("label") or it.get("title") or key for key, it in every.items()]
            right = nearest(text, dict(known), labels)
            who = f"{parameter}: " if parameter else ""
            raise DataError(f"{who}{text!r} is not one of our {table}; {right}")
        found += hits
    return list(dict.fromkeys(found))


def _folded(text):
    """Fold what does not tell names apart: case, white space, the form of an apostrophe."""
    return " ".join(str(text).casefold().replace("’", "'").split())
