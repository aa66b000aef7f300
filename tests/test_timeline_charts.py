"""The picture of what happened when shows what a date can mean, and each mark leads to its words."""

import pytest
from test_look import marks as drawn_in

from ilodata import profiles, timelines
from ilodata.charts import look, timeline


def rows(*choice):
    """List what is drawn: kind, style and data of each mark."""
    return drawn_in(timeline(timelines.chronology(*choice)))


def texts(*choice):
    return [" ".join(row["text"].split()) for row in rows(*choice) if row["kind"] == "text"]


def marks(*choice):
    """List what is drawn of happenings: bars and points."""
    return [row for row in rows(*choice) if row["kind"] != "text" and row["said"]]


@pytest.fixture
def drawn(little):
    """Give a function that adds a project and returns its marks, two fixed ones besides."""
    little("projects", project_id="first", label="First", period="2010/2012")
    little("projects", project_id="last", label="Last", period="2019/2021")

    def draw(period):
        little("projects", project_id="wells", label="Wells", period=period)
        return [mark for mark in marks("", "") if mark["said"].startswith("Wells")]

    return draw


def years(mark):
    """Return how many years long a bar is, on an axis of twelve."""
    ends = [m for m in marks("", "") if m["said"].startswith(("First", "Last"))]
    unit = (max(m["x2"] for m in ends) - min(m["x"] for m in ends)) / 12
    return (mark["x2"] - mark["x"]) / unit


@pytest.mark.parametrize(
    ("period", "shapes", "long"),
    [
        ("2015", "bar", 1),
        ("2015-12-07", "diamond", 0),
        ("[2015-04,2015-06]", "bar bar", 2 / 12),  # no month between them is meant
        ("2018/2025", "bar bar", 8),  # after the documents is pale
        ("2013/", "bar triangle-right", 1),
    ],
)
def test_marks_are_as_long_as_what_a_date_can_mean(drawn, period, shapes, long):
    found = drawn(period)
    assert [mark.get("shape", "bar") for mark in found] == shapes.split()
    bars = [mark for mark in found if mark["kind"] == "rect"]
    assert sum(map(years, bars)) == pytest.approx(long, abs=0.04)
    tones = [look.PROJ, look.PROJ_PALE] if period == "2018/2025" else [look.PROJ] * len(bars)
    assert [bar["fill"] for bar in bars] == tones
    said = any(text.endswith("end not stated") for text in texts("", ""))
    assert said == period.endswith("/"), "an arrow says what it means"


def test_one_project_stands_out_beside_the_others_and_its_years_to_come_are_pale():
    drawing = drawn_in(timeline(profiles.course("skills-asean-2018")))
    bars = [mark for mark in drawing if mark["kind"] == "rect" and mark.get("said")]
    ours = [bar["fill"] for bar in bars if bar["said"].startswith("Skills")]
    assert ours == [look.POINT, look.POINT_PALE], "its years, those to come"
    assert {bar["fill"] for bar in bars} - set(ours) <= {look.SOFT, look.MUTE}


def test_what_is_inferred_is_hollow():
    bars = [m for m in marks("1985", "2025") if m["said"].startswith("MoU with the ACFTU")]
    assert len(bars) == 2, "April and June"
    assert all(bar["fill"] == look.PAPER and "inferred" in bar["said"] for bar in bars)


def test_the_axis_of_what_has_no_stated_end_holds_the_years_asked_for():
    assert "2019" in texts(2019, None, "China")
    assert {"2013", "2022"} <= {*texts(2014)}


def test_the_densest_years_have_a_colour_and_say_how_many_and_follow_the_tables(change):
    assert "Seven of ten" in texts("1985", "2025")
    assert "Seven of nine" in texts("2001-06", ""), "that of 2001 is not certain, nor counted"
    dense = [m["said"] for m in marks("1985", "2025") if m.get("stroke") == look.POINT]
    assert len({said.partition(",")[0] for said in dense}) == 7
    change("agreements", "mou-acftu-2019", with_ilo="false")
    assert "Six of nine" in texts("1985", "2025")
    assert not any(" of " in said for said in texts("", "", "MOHRSS"))


def test_events_have_a_lane_only_where_there_is_nothing_else():
    assert "Events" in texts(1985)
    assert "Events" not in texts("1985", "2025")
