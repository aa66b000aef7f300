"""Pictures of what happened when draw all that a date can mean, and no more."""

import pandas as pd
import pytest

from ilodata import charts, timelines, uncertain

TODAY = pd.Timestamp("2022-12-09")
COLUMNS = ["record", "kind", "label", "date", "when", "precision"]


def pieces(*dates, start="2012", end="2025"):
    rows = [
        (f"events/{n}", "event", f"E{n}", date, uncertain.say_date(date), uncertain.precision(date))
        for n, date in enumerate(dates)
    ]
    return timelines.pieces(
        pd.DataFrame(rows, columns=COLUMNS).set_index("record"), start, end, TODAY
    )


YEARS = pd.DataFrame(
    [(2016, "agreement", 1, 1), (2019, "agreement", 3, 4)],
    columns=["year", "kind", "certain", "possible"],
)
PARTNERS = pd.DataFrame(
    [("ILO", "agreement", 2), ("ILO", "event", 1)], columns=["organisation", "kind", "records"]
)

CHARTS = {
    "timeline": (lambda f: charts.timeline(f, TODAY), pieces("2022-12-07", "2015/.."), "The documents speak until 2022-12-09"),
    "pace": (charts.pace, YEARS, "most agreements in 2019: 3"),
    "partners": (charts.partners, PARTNERS, "ILO: 2 agreements"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_of_time_owes_its_reader(drawn_well, name):
    drawn_well(*CHARTS[name])


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
def test_a_date_is_drawn_with_its_precision(marks, date, expected):
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


def test_markup_in_a_label_stays_text():
    chart = charts.partners(PARTNERS.assign(organisation="<script>x</script>"))
    svg = chart._repr_mimebundle_()["image/svg+xml"]
    assert "<script" not in svg and "&lt;script&gt;" in svg
