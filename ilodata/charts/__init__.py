"""Tidy frame in, Altair chart out.

A chart never loads, filters, sums or saves. It says in its title what is shown, carries a
description for readers who cannot see it, and draws a range as a range.
"""

from ilodata.charts import look  # first, since it makes Altair quick to import
from ilodata.charts.funding_charts import allocation, amounts, flows, sensitivity
from ilodata.charts.reach_charts import depth, known, means, places, reach
from ilodata.charts.source_charts import counts
from ilodata.charts.timeline_charts import durations, pace, signings, timeline

MIME = look.MIME

__all__ = [
    "MIME",
    "allocation",
    "amounts",
    "counts",
    "depth",
    "durations",
    "flows",
    "known",
    "means",
    "pace",
    "places",
    "reach",
    "sensitivity",
    "signings",
    "timeline",
]
