"""Pictures of what happened when draw all that a date can mean, and no more."""

import json
import re

import pandas as pd
import pytest

from ilodata import charts, timelines, uncertain
from ilodata.charts import look

TODAY = pd.Timestamp("2022-12-09")
COLUMNS = ["record", "kind", "label", "date", "when", "precision"]


def shown(*dates, kind="event"):
    rows = [
        (
            f"{kind}s/{n}", kind, f"E{n}", date, uncertain.say_date(date),
            uncertain.precision(date) if date else "not dated",
        )
        for n, date in enumerate(dates)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS).set_index("record")


def pieces(*dates, kind="event"):
    return timelines.pieces(shown(*dates, kind=kind), "2012", "2025", TODAY)


YEARS = pd.DataFrame(
    [(2016, "agreement", 1, 1), (2019, "agreement", 3, 4), (2019, "project", 0, 2)],
    columns=["year", "kind", "certain", "possible"],
)
SILENT = pd.DataFrame(
    [(2010, 2015, 6, "nothing stated"), (2016, 2022, 7, "stated"), (2023, 2025, 3, "after")],
    columns=["first", "last", "years", "state"],
)
SIGNED = pd.DataFrame(
    [("ILO and China", "MoU", 2010, 2014, 2, 2, "A, B"), ("ILO and China", "MoU", 2015, 2019, 0, 1, "B")],
    columns=["who", "instrument", "first", "last", "certain", "possible", "agreements"],
)  # fmt: skip
LASTING = timelines.durations(shown("2018/2025", "2022/2023", "2013/", kind="project"), TODAY)

CHARTS = {
    "timeline": (lambda f: charts.timeline(f, TODAY), pieces("2022-12-07", "2015/..", None), "The documents speak until 2022-12-09"),
    "pace": (lambda f: charts.pace(f, SILENT, TODAY), YEARS, "adopted: at least 3 in 2019, in no year more than 4; Projects"),
    "signings": (charts.signings, SIGNED, "ILO and China: MoU, 2015 to 2019: 0–1."),
    "durations": (charts.durations, LASTING, "E0: between 6 and 8 years; E1: between 2 days and 2 years; E2: at least one day."),
}  # fmt: skip


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_of_time_owes_its_reader(drawn_well, name):
    drawn_well(*CHARTS[name])


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_keeps_its_names_above_their_rows_and_fits_a_phone(name):
    draw, frame, _ = CHARTS[name]
    narrow = re.sub(rf'"width": {look.WIDTH}', '"width": 330', json.dumps(draw(frame).to_dict()))
    svg = look._render(json.loads(narrow))["image/svg+xml"]
    assert float(re.search(r'width="([\d.]+)"', svg)[1]) < 390


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2022-12-07", {"tick": 1}),
        ("2021", {"bar": 1}),
        ("[2019-04,2019-06]", {"bar": 2}),
        ("2018/2025", {"bar": 2}),  # throughout, and at either end perhaps
        ("2015/..", {"bar": 2, "point": 1}),  # the point is the triangle of an open end
        ("2013/", {"bar": 1, "point": 1}),  # no day after the first is certain
    ],
)
def test_a_date_is_drawn_with_its_precision_in_the_overview_and_in_its_lane(marks, date, expected):
    assert marks(charts.timeline(pieces(date))) == {mark: 2 * n for mark, n in expected.items()}


def test_each_stretch_of_a_set_is_drawn_where_it_lies_and_an_open_end_is_said():
    spec = charts.timeline(pieces("[2019-04,2019-06]", "2015/..")).to_dict()
    rows = [
        row for rows in spec["datasets"].values() for row in rows if row.get("side") is not None
    ]
    assert [(r["from"][:10], r["to"][:10], r["shows"], r["edge"]) for r in rows] == [
        ("2019-04-01", "2019-05-01", "within", ""),
        ("2019-06-01", "2019-07-01", "within", ""),
        ("2015-01-01", "2026-01-01", "within", "going on"),
        ("2015-12-31", "2022-12-10", "throughout", ""),
    ]
    assert "E0: April or June 2019" in spec["description"]


def words_in(chart):
    return re.findall(r"<text[^>]*>([^<]*)</text>", chart._repr_mimebundle_()["image/svg+xml"])


def test_a_date_stands_in_words_once_beside_its_marks_or_behind_its_name():
    dates = ["2012-03", "[2025-04,2025-06]", "2012/2025", None]
    words = words_in(charts.timeline(pieces(*dates)))
    for said in ("March 2012", "April or June 2025", "E2, 2012 to 2025", "not dated", "E3"):
        assert words.count(said) == 1, said


def test_the_overview_selects_the_window_of_the_lanes_and_at_first_all_of_it():
    spec = charts.timeline(pieces("2012", "2022-12-07"), TODAY).to_dict()
    (brush,) = spec["params"]
    assert brush["select"]["type"] == "interval" and brush["select"]["encodings"] == ["x"]
    assert [day["year"] for day in brush["value"]["x"]] == [2012, 2023]
    overview, detail = spec["vconcat"]
    assert brush["views"] == [overview["layer"][0]["name"]]
    scales = [layer["encoding"]["x"].get("scale") for layer in detail["layer"] if "field" in layer["encoding"]["x"]]  # fmt: skip
    assert scales and all(scale["domain"] == {"param": brush["name"]} for scale in scales)


def test_lanes_stand_in_one_order_and_are_named():
    drawn = pd.concat([pieces("2019", kind="project"), pieces("2020", kind="agreement")])
    words = words_in(charts.timeline(drawn.assign(label=drawn.kind)))
    assert words.index("Agreements") < words.index("Projects")


def test_a_count_is_drawn_as_a_range_from_the_certain_to_the_possible_number(marks):
    assert marks(charts.pace(YEARS, SILENT, TODAY))["bar"] == 5  # 3 solid, 2 pale
    assert marks(charts.pace(YEARS.iloc[:1], SILENT, TODAY))["bar"] == 1


def test_silent_years_are_named_in_the_picture_and_in_its_words():
    chart = charts.pace(YEARS, SILENT, TODAY)
    assert words_in(chart).count("nothing stated") == 1
    assert "nothing stated from 2010 to 2015" in chart.to_dict()["description"]


def test_a_range_of_agreements_is_written_as_a_range():
    words = words_in(charts.signings(SIGNED))
    assert "2" in words and "0–1" in words and "ILO and China: MoU" in words


def test_a_duration_is_drawn_from_its_shortest_to_its_longest_and_open_without_an_end(marks):
    assert marks(charts.durations(LASTING)) == {"bar": 6, "point": 1}
    assert "E2, at least one day" in words_in(charts.durations(LASTING))
    assert "between 2 days and 2 years" in words_in(charts.durations(LASTING))


def test_markup_in_a_label_stays_text():
    chart = charts.signings(SIGNED.assign(who="<script>x</script>"))
    svg = chart._repr_mimebundle_()["image/svg+xml"]
    assert "<script" not in svg and "&lt;script&gt;" in svg
