"""The picture of what happened when shows what a date can mean, and each mark leads to its words."""

import pytest
from test_look import marks as drawn_in

from ilodata import profiles, timelines
from ilodata.charts import look, timeline


def texts(*choice):
    drawing = drawn_in(timeline(timelines.chronology(*choice)))
    return [" ".join(row["text"].split()) for row in drawing if row["kind"] == "text"]


def marks(*choice):
    """List what is drawn of happenings: bars and points."""
    drawing = drawn_in(timeline(timelines.chronology(*choice)))
    return [row for row in drawing if row["kind"] != "text" and row["said"]]


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
def test_marks_are_as_long_as_what_a_date_can_mean(little, period, shapes, long):
    for name, when in (("First", "2010/2012"), ("Last", "2019/2021"), ("Wells", period)):
        little("projects", project_id=name.lower(), label=name, period=when)
    found, others = [], []
    for mark in marks("", ""):
        (found if mark["said"].startswith("Wells") else others).append(mark)
    year = (max(mark["x2"] for mark in others) - min(mark["x"] for mark in others)) / 12
    assert [mark.get("shape", "bar") for mark in found] == shapes.split()
    bars = [mark for mark in found if mark["kind"] == "rect"]
    assert sum(bar["x2"] - bar["x"] for bar in bars) / year == pytest.approx(long, abs=0.04)
    tones = [look.PROJ, look.PROJ_PALE] if period == "2018/2025" else [look.PROJ] * len(bars)
    assert [bar["fill"] for bar in bars] == tones
    said = any(text.endswith("end not stated") for text in texts("", ""))
    assert said == period.endswith("/"), "an arrow says what it means"


def test_one_project_stands_out_beside_the_others_and_its_years_to_come_are_pale():
    drawing = drawn_in(timeline(profiles.course("skills-asean-2018")))
    bars = [mark for mark in drawing if mark["kind"] == "rect" and mark.get("said")]
    ours = [look.POINT, look.POINT_PALE]  # its years, those to come
    assert [bar["fill"] for bar in bars if bar["said"].startswith("Skills")] == ours
    assert {bar["fill"] for bar in bars} <= {*ours, look.SOFT, look.MUTE}


def test_what_is_inferred_is_hollow():
    bars = [m for m in marks("1985", "2025") if m["said"].startswith("MoU with the ACFTU")]
    assert len(bars) == 2, "April and June"
    assert all(bar["fill"] == look.PAPER and "inferred" in bar["said"] for bar in bars)


def test_the_densest_years_have_a_colour_and_say_how_many_and_follow_the_tables(change):
    assert "Seven of ten" in texts("1985", "2025")
    assert "Seven of nine" in texts("2001-06", ""), "that of 2001 is not certain, nor counted"
    dense = [m["said"] for m in marks("1985", "2025") if m.get("stroke") == look.POINT]
    assert len({said.partition(",")[0] for said in dense}) == 7
    change("agreements", "mou-acftu-2019", with_ilo="false")
    assert "Six of nine" in texts("1985", "2025")
    assert not any(" of " in said for said in texts("", "", "MOHRSS"))


def test_the_axis_of_what_has_no_stated_end_holds_the_years_asked_for():
    assert "2019" in texts(2019, None, "China")
    assert {"2013", "2022"} <= {*texts(2014)}


def test_events_have_a_lane_only_where_there_is_nothing_else():
    assert "Events" in texts(1985)
    assert "Events" not in texts("1985", "2025")
