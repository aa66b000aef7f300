"""Facts on the cooperation of the ILO and China, each with where it comes from.

In a notebook::

    import ilodata as ilo

    ilo.load_contributions()
    ilo.evidence("contributions/jpo-2017-2022")

One loader a table; one module a question (``ilo.timelines``, ``ilo.funding``, ``ilo.reach``,
``ilo.sources``; ``ilo.profiles`` a project); pictures (``ilo.charts``); ``ilo.show`` shows a frame.
"""

import importlib

from ilodata import tables

# Here the functions stand for the modules of their names: within the package, write
# ``from ilodata.evidence import card``.
from ilodata.evidence import doubts, evidence, gaps, inferred
from ilodata.problems import DataError
from ilodata.show import show

_TOPICS = ["charts", "funding", "profiles", "reach", "sources", "timelines"]
__all__ = [  # noqa: F822
    "DataError",
    "check_parameters",
    "doubts",
    "evidence",
    "gaps",
    "inferred",
    "show",
    "load_reference",
    *_TOPICS,
]


def __getattr__(name):
    """Load a question's module when it is first asked for: pandas and Altair take their time."""
    if name in _TOPICS:
        return importlib.import_module(f"ilodata.{name}")
    if name == "check_parameters":
        return importlib.import_module("ilodata.parameters").check_parameters
    if name.startswith("load_") and name in __dir__():
        return getattr(tables, name)
    raise AttributeError(f"module 'ilodata' has no attribute {name!r}")


def __dir__():
    """Show only the names that a reader needs."""
    return sorted([*__all__, *(f"load_{each['name']}" for each in tables.package()["resources"])])
