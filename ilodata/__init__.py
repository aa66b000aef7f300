"""Facts on the cooperation of the ILO and China, each with where it comes from.

In a notebook::

    import ilodata as ilo

    ilo.load_contributions()
    ilo.evidence("contributions/jpo-2017-2022")

One loader a table; one module a question (``ilo.timelines``, ``ilo.funding``, ``ilo.reach``); how
certain a date or an amount is (``ilo.uncertain``); pictures (``ilo.charts``).
"""

import importlib
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import LazyLoader, find_spec, module_from_spec


class _Loader(SourceFileLoader):
    """Loads pandas so that it shows tables whole.

    A row or a word hidden by "…" is one that nobody reads and that nbval does not compare. pandas
    would also choose differently in a kernel and outside of one.
    """

    def exec_module(self, module):
        super().exec_module(module)
        self.show_whole(module)

    def show_whole(self, module):
        module.set_option("display.max_rows", 300, "display.max_columns", 40)
        module.set_option("display.max_colwidth", None, "display.width", 200)
        # Between two amounts in US$ JupyterLab would see a formula and set the words in italics.
        module.set_option("display.html.use_mathjax", False)


def _pandas():
    """Return pandas, which is loaded when first used: it takes half a second, a command often less."""
    spec = find_spec("pandas")
    loader = _Loader(spec.name, spec.origin)
    if spec.name in sys.modules:
        loader.show_whole(sys.modules[spec.name])
    else:
        spec.loader = LazyLoader(loader)
        sys.modules[spec.name] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules[spec.name])
    return sys.modules[spec.name]


pd = _pandas()  # what the modules below call pandas

from ilodata import funding, reach, timelines, uncertain
from ilodata.evidence import (
    basis,
    by_document,
    by_founding,
    by_status,
    columns,
    conflicts_of,
    evidence,
    inferred,
    starred,
    support,
    tally,
)
from ilodata.evidence import findings as source_findings
from ilodata.tables import (
    DataError,
    load_agreement_parties,
    load_agreements,
    load_conflict_records,
    load_conflicts,
    load_contributions,
    load_documents,
    load_event_participants,
    load_events,
    load_evidence,
    load_frameworks,
    load_indicators,
    load_names,
    load_organisations,
    load_people,
    load_places,
    load_project_organisations,
    load_project_places,
    load_projects,
    load_reference,
    load_relations,
    load_results,
    load_sections,
    load_themes,
    load_unused_mentions,
)

__all__ = [
    "DataError",
    "basis",
    "by_document",
    "by_founding",
    "by_status",
    "charts",
    "columns",
    "conflicts_of",
    "evidence",
    "funding",
    "inferred",
    "load_agreement_parties",
    "load_agreements",
    "load_conflict_records",
    "load_conflicts",
    "load_contributions",
    "load_documents",
    "load_event_participants",
    "load_events",
    "load_evidence",
    "load_frameworks",
    "load_indicators",
    "load_names",
    "load_organisations",
    "load_people",
    "load_places",
    "load_project_organisations",
    "load_project_places",
    "load_projects",
    "load_reference",
    "load_relations",
    "load_results",
    "load_sections",
    "load_themes",
    "load_unused_mentions",
    "reach",
    "source_findings",
    "starred",
    "support",
    "tally",
    "timelines",
    "uncertain",
]


def __getattr__(name):
    """Load ``ilo.charts`` when it is first used: Altair doubles the time to import this package."""
    if name == "charts":
        return importlib.import_module("ilodata.charts")
    raise AttributeError(f"module 'ilodata' has no attribute {name!r}")


def __dir__():
    return __all__
