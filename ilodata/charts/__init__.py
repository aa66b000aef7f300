"""Tidy frame in, Altair chart out.

A chart takes what a question's function returned; it never loads or saves. Its title says
what is shown, its description tells readers who cannot see it, a range is drawn as a range, and each
mark leads to its evidence.
"""

import sys

# ruff: noqa: E402
# While Altair is imported, jsonschema builds a parser of addresses that none of us asks for: more than
# a second of every kernel, until python-jsonschema/jsonschema#1428 is done.
parser = sys.modules.setdefault("rfc3987_syntax", None)

from ilodata.charts.money import by_payer, dues_and_rest, flows
from ilodata.charts.places import map, matrix  # noqa: A004
from ilodata.charts.sources import coverage
from ilodata.charts.timeline import timeline

if parser is None:
    del sys.modules["rfc3987_syntax"]  # a notebook may have it

__all__ = ["by_payer", "coverage", "dues_and_rest", "flows", "map", "matrix", "timeline"]
__dir__ = __all__.copy  # what Tab shows
