"""Facts on the cooperation of the ILO and China, each with where it comes from.

In a notebook::

    import ilodata as ilo

    ilo.load_contributions()
    ilo.evidence("contributions/jpo-2017-2022")

One loader a table; one module a question (``ilo.timelines``, ``ilo.funding``, ``ilo.reach``,
``ilo.sources``; ``ilo.profiles`` a project); pictures (``ilo.charts``); ``ilo.show`` shows a frame.
"""

import importlib

# Here the functions stand for the modules of their names: within the package, write
# ``from ilodata.evidence import card``.
from ilodata.evidence import doubts, evidence, gaps, inferred
from ilodata.problems import DataError
from ilodata.show import show

_MODULES = ("charts", "funding", "profiles", "reach", "sources", "timelines")
_LOADERS = (
    "agreement_parties",
    "agreements",
    "conflict_records",
    "conflicts",
    "contributions",
    "documents",
    "event_participants",
    "events",
    "evidence",
    "frameworks",
    "indicators",
    "names",
    "organisations",
    "people",
    "places",
    "project_organisations",
    "project_places",
    "projects",
    "reference",
    "relations",
    "result_places",
    "results",
    "searches",
    "sections",
    "themes",
    "unused_mentions",
)
__all__ = [  # noqa: PLE0604
    "DataError",
    "doubts",
    "evidence",
    "gaps",
    "inferred",
    "show",
    *_MODULES,
    *(f"load_{name}" for name in _LOADERS),
]


def __getattr__(name):
    """Load what is asked for when it is: a command that only reads texts does not wait for it."""
    if name in _MODULES:
        return importlib.import_module(f"ilodata.{name}")
    if name in __all__:
        return getattr(importlib.import_module("ilodata.tables"), name)
    raise AttributeError(f"module 'ilodata' has no attribute {name!r}")


def __dir__():
    """Show only the names that a reader needs."""
    return sorted(__all__)
