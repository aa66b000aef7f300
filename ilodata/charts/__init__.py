"""Tidy frame in, Altair chart out.

A chart takes what a question's function returned; it never loads, filters, sums or saves. Its title
says what is shown, its description tells readers who cannot see it, a range is drawn as a range,
and each mark leads to its evidence.
"""

from ilodata.charts import look, money, places, sources, timeline

__all__ = ["look", "money", "places", "sources", "timeline"]
