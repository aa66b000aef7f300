"""A chart draws what its frame states, says it in words, and looks the same offline and twice."""

import json
import re
from collections import Counter

import altair as alt
import pandas as pd
import pytest

from ilodata import charts, funding, reach, timelines, uncertain

TODAY = pd.Timestamp("2022-12-09")
COLUMNS = ["record", "kind", "label", "date", "when", "precision"]
MIMES = {"application/vnd.vegalite.v5+json", "image/svg+xml", "text/plain"}


def pieces(*dates, start="2012", end="2025"):
    rows = [
        (f"events/{n}", "event", f"E{n}", date, uncertain.say_date(date), uncertain.precision(date))
        for n, date in enumerate(dates)
    ]
    return timelines.pieces(
        pd.DataFrame(rows, columns=COLUMNS).set_index("record"), start, end, TODAY
    )


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
TOUCHED = pd.DataFrame(
    {
        "project_id": ["skills", "skills"],
        "project": ["Skills", "Skills"],
        "place": ["China", "ASEAN countries"],
        "role": ["network_home", "target_region"],
        "source": ["documents", "documents"],
    }
)
YEARS = pd.DataFrame(
    [(2016, "agreement", 1, 1), (2019, "agreement", 3, 4)],
    columns=["year", "kind", "certain", "possible"],
)
PARTNERS = pd.DataFrame(
    [("ILO", "agreement", 2), ("ILO", "event", 1)], columns=["organisation", "kind", "records"]
)
BASIS = pd.DataFrame({"table": ["events"] * 2, "basis": ["stated", "inferred"], "cells": [9, 1]})
ROLES = reach.ROLE_WORDS

# Each chart with a small frame and words that its description must hold
CHARTS = {
    "timeline": (lambda f: charts.timeline(f, TODAY), pieces("2022-12-07", "2015/.."), "The documents speak until 2022-12-09"),
    "pace": (charts.pace, YEARS, "most agreements in 2019: 3"),
    "partners": (charts.partners, PARTNERS, "ILO: 2 agreements"),
    "amounts": (charts.amounts, amounts(ASSESSED, EXACT, MISPRINT), "Nigeria: unknown: printed US$ 373,00"),
    "totals": (charts.totals, funding.totals(amounts(ASSESSED, EXACT, MISPRINT)), "at least US$ 746,014"),
    "reach": (lambda f: charts.reach(f, ROLES), TOUCHED, "Skills: China (home of network institutes)"),
    "places": (charts.places, reach.by_place(TOUCHED), "China, home of network institutes: 1"),
    "support": (charts.support, BASIS, "events, inferred: 1"),
}  # fmt: skip


def bundle(chart):
    return chart._repr_mimebundle_()


def marks(chart):
    """Count what is really drawn, by the roles that the picture gives its marks."""
    svg = bundle(chart)["image/svg+xml"]
    return Counter(re.findall(r'aria-roledescription="(bar|tick|point)"', svg))


def test_every_chart_function_is_tested_here():
    public = {n for n, f in vars(charts).items() if callable(f) and getattr(f, "__module__", "") == "ilodata.charts"}  # fmt: skip
    assert {name for name in public if not name.startswith("_")} == set(CHARTS)


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_valid_and_says_what_it_shows(name):
    draw, frame, words = CHARTS[name]
    spec = draw(frame).to_dict()  # altair validates it against the schema
    assert len(spec["title"]) > 20 and spec["description"].endswith(".")
    assert words in spec["description"]
    assert not re.search(r"\b(nan|NaN|None|<NA>|NaT)\b", spec["description"])


@pytest.mark.parametrize("name", CHARTS)
def test_an_empty_choice_draws_that_there_is_nothing_to_draw(name):
    draw, frame, _ = CHARTS[name]
    chart = draw(frame.iloc[:0])
    assert chart.to_dict()["title"] == draw(frame).to_dict()["title"]
    assert bundle(chart)["text/plain"] == "Nothing is stated for this choice."
    assert "Nothing is stated for this choice." in bundle(chart)["image/svg+xml"]


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_drawn_twice_is_the_same_and_asks_no_network(name):
    draw, frame, _ = CHARTS[name]
    first = bundle(draw(frame.copy()))
    charts.pace(YEARS)._repr_mimebundle_()  # ids would count up
    assert set(first) == MIMES and first == bundle(draw(frame.copy()))
    spec = json.dumps({k: v for k, v in first[charts.MIME].items() if k != "$schema"})
    assert "://" not in spec
    svg = re.sub(r'xmlns(:\w+)?="[^"]*"', "", first["image/svg+xml"])
    assert "://" not in svg and "NaN" not in svg and "Infinity" not in svg
    ids = re.findall(r'id="([^"]+)"', svg)
    assert all(re.fullmatch(r"part-\d+", name) for name in ids)


def test_data_by_an_address_is_an_error():
    chart = alt.Chart("https://example.org/data.csv").mark_point().encode(x="a:Q")
    with pytest.raises(ValueError, match="example.org"):
        bundle(chart)


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2022-12-07", {"tick": 1}),
        ("2021", {"bar": 1}),
        ("[2019-04,2019-06]", {"bar": 2}),
        ("2018/2025", {"bar": 1}),
        ("2015/..", {"bar": 1, "point": 1}),  # the point is the triangle of an open end
        ("2013/", {"bar": 1, "point": 1}),
    ],
)
def test_a_date_is_drawn_with_its_precision(date, expected):
    assert marks(charts.timeline(pieces(date))) == expected


def test_each_stretch_of_a_set_is_drawn_where_it_lies_and_an_open_end_is_said():
    spec = charts.timeline(pieces("[2019-04,2019-06]", "2015/..")).to_dict()
    rows = [row for rows in spec["datasets"].values() for row in rows]
    assert [(r["from"][:10], r["to"][:10], r["edge"]) for r in rows] == [
        ("2019-04-01", "2019-05-01", ""),
        ("2019-06-01", "2019-07-01", ""),
        ("2015-01-01", "2022-12-10", "goes on"),
    ]
    assert "E0: April or June 2019" in spec["description"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (ASSESSED, {"bar": 1, "tick": 2}),  # a range between its ends
        (EXACT, {"point": 1}),
        (INFERRED, {"point": 1}),
        (MISPRINT, {}),  # named, not drawn
    ],
)
def test_an_amount_is_drawn_as_a_range_a_point_or_not_at_all(row, expected):
    assert marks(charts.amounts(amounts(row))) == expected


def test_an_inferred_reading_is_hollow_and_says_so():
    drawn = bundle(charts.amounts(amounts(INFERRED)))
    assert "US$ 373,00, read as inferred" in drawn["text/plain"]
    point = re.search(r'<path [^>]*roledescription="point"[^>]*>', drawn["image/svg+xml"]).group()
    assert "stroke=" in point and "fill=" not in point


def test_a_sum_that_is_open_above_is_one_triangle():
    assert marks(charts.totals(funding.totals(amounts(EXACT, MISPRINT)))) == {"point": 1}


def test_the_marks_of_a_place_are_one_a_role():
    both = pd.concat([TOUCHED, TOUCHED.assign(role="beneficiary")])
    assert marks(charts.reach(both, ROLES)) == {"point": 4}
    lanes = charts.places(reach.by_place(both)).to_dict()["vconcat"]
    assert [lane["title"] for lane in lanes] == [
        "named beneficiary", "home of network institutes", "region, countries not named",
    ]  # fmt: skip


def test_markup_in_a_label_stays_text():
    chart = charts.partners(PARTNERS.assign(organisation="<script>x</script>"))
    svg = bundle(chart)["image/svg+xml"]
    assert "<script" not in svg and "&lt;script&gt;" in svg


@pytest.mark.parametrize("usd", [50_000, 20_000_000_000])
def test_an_amount_of_any_size_is_drawn_within_its_axis(usd):
    row = (*EXACT[:3], usd, usd, "stated")
    svg = bundle(charts.amounts(amounts(row)))["image/svg+xml"]
    point = re.search(r'<path [^>]*roledescription="point"[^>]*>', svg).group()
    at = float(re.search(r"translate\((-?[\d.]+)", point).group(1))
    assert 0 <= at <= charts.WIDTH
