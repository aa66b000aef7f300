"""Tidy frame in, Altair chart out.

A chart takes what a question's function returned; it never loads or saves. Its title says
what is shown, its description tells readers who cannot see it, a range is drawn as a range, and each
mark leads to its evidence.
"""

import sys

# ruff: noqa: E402
# jsonschema, which Altair imports, builds a parser of addresses that none of us asks for: more than
# a second of each kernel that draws, see python-jsonschema/jsonschema#1428. Without it, jsonschema
# checks no format "iri" in this process.
parser = sys.modules.setdefault("rfc3987_syntax", None)
try:
    import altair  # noqa: F401
finally:
    if parser is None:
        del sys.modules["rfc3987_syntax"]  # a notebook may import it

from ilodata.charts.money import by_payer, dues_and_rest, flows
from ilodata.charts.places import map, matrix  # noqa: A004
from ilodata.charts.sources import coverage
from ilodata.charts.timeline import timeline

__all__ = ["by_payer", "coverage", "dues_and_rest", "flows", "map", "matrix", "timeline"]
__dir__ = __all__.copy  # what Tab shows
