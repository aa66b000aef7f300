"""Pictures of money draw ranges as ranges, and name what is unknown."""

import re

import pandas as pd
import pytest

from ilodata import charts, funding
from ilodata.charts import look


def amounts(*rows):
    columns = ["label", "level", "printed", "low_usd", "high_usd", "reading"]
    frame = pd.DataFrame(rows, columns=columns).assign(payer="China", in_window="whole")
    return frame.astype({c: "Int64" if "usd" in c else "string" for c in frame})


ASSESSED = (
    "Assessed",
    "channel totals",
    "nearly US$ 236 million",
    235_000_000,
    236_000_000,
    "stated",
)
EXACT = ("Social protection", "project amounts", "$ 746,014", 746_014, 746_014, "stated")
MISPRINT = ("Nigeria", "project amounts", "US$ 373,00", None, None, "none")
INFERRED = ("Nigeria", "project amounts", "US$ 373,00", 373_000, 373_000, "inferred")

CHARTS = {
    "amounts": (charts.amounts, amounts(ASSESSED, EXACT, MISPRINT), "Nigeria: unknown: printed US$ 373,00"),
    "totals": (charts.totals, funding.totals(amounts(ASSESSED, EXACT, MISPRINT)), "at least US$ 746,014"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_of_money_owes_its_reader(drawn_well, name):
    drawn_well(*CHARTS[name])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (ASSESSED, {"bar": 1, "tick": 2}),  # a range between its ends
        (EXACT, {"point": 1}),
        (INFERRED, {"point": 1}),
        (MISPRINT, {}),  # named, not drawn
    ],
)
def test_an_amount_is_drawn_as_a_range_a_point_or_not_at_all(marks, row, expected):
    assert marks(charts.amounts(amounts(row))) == expected


def test_an_inferred_reading_is_hollow_and_says_so():
    drawn = charts.amounts(amounts(INFERRED))._repr_mimebundle_()
    assert "US$ 373,00, read as inferred" in drawn["text/plain"]
    point = re.search(r'<path [^>]*roledescription="point"[^>]*>', drawn["image/svg+xml"]).group()
    assert "stroke=" in point and "fill=" not in point


def test_a_sum_that_is_open_above_is_one_triangle(marks):
    assert marks(charts.totals(funding.totals(amounts(EXACT, MISPRINT)))) == {"point": 1}


@pytest.mark.parametrize("usd", [50_000, 20_000_000_000])
def test_an_amount_of_any_size_is_drawn_within_its_axis(usd):
    row = (*EXACT[:3], usd, usd, "stated")
    svg = charts.amounts(amounts(row))._repr_mimebundle_()["image/svg+xml"]
    point = re.search(r'<path [^>]*roledescription="point"[^>]*>', svg).group()
    at = float(re.search(r"translate\((-?[\d.]+)", point).group(1))
    assert 0 <= at <= look.WIDTH
