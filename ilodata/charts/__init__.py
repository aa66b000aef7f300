"""Tidy frame in, Altair chart out.

A chart never loads, filters, sums or saves. It says in its title what is shown, carries a
description for readers who cannot see it, and draws a range as a range.
"""

from ilodata.charts.funding_charts import amounts, totals
from ilodata.charts.look import MIME
from ilodata.charts.reach_charts import depth, known, means, places, reach
from ilodata.charts.source_charts import counts
from ilodata.charts.timeline_charts import pace, partners, timeline

__all__ = [
    "MIME",
    "amounts",
    "counts",
    "depth",
    "known",
    "means",
    "pace",
    "partners",
    "places",
    "reach",
    "timeline",
    "totals",
]
