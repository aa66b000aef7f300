"""The picture of what happened when shows what a date can mean, and each mark leads to its words."""

import itertools
import re

import pytest

from ilodata import profiles, timelines
from ilodata.charts import look, timeline
from ilodata.charts import years as years_of

CHOICES = [
    ("1985", "2025"),
    ("", "", "MOHRSS"),
    ("", "", "China"),
    (2019,),
    (1985,),
    ("2022-12-07",),
]


def spec(*choice, narrow=False):
    """Return the specification of the drawing."""
    found = timeline(timelines.chronology(*choice)).to_dict()
    return found["usermeta"]["narrow"] if narrow else found


def rows(*choice, narrow=False):
    """List what is drawn: kind, style and data of each mark."""
    return drawn_in(spec(*choice, narrow=narrow))


def drawn_in(found):
    layers = found["vconcat"][0]["layer"]
    data = found.get("datasets", {})
    return [
        {"kind": layer["mark"]["type"]} | layer["mark"] | row
        for layer in layers
        for row in layer["data"].get("values") or data[layer["data"]["name"]]
    ]


def texts(*choice, narrow=False):
    return [row for row in rows(*choice, narrow=narrow) if row["kind"] == "text"]


def marks(*choice, narrow=False):
    """List what is drawn of happenings: bars and points."""
    return [r for r in rows(*choice, narrow=narrow) if r["kind"] != "text" and r.get("said")]


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


def test_a_year_is_a_bar_as_long_as_a_year(drawn):
    (bar,) = drawn("2015")
    assert years(bar) == pytest.approx(1, abs=0.02)


def test_a_day_is_a_diamond(drawn):
    (point,) = drawn("2015-12-07")
    assert point["shape"] == "diamond"


def test_one_of_two_months_is_two_short_bars(drawn):
    first, second = drawn("[2015-04,2015-06]")
    assert first["x2"] < second["x"], "no month between them is meant"


def test_what_comes_after_the_documents_is_pale(drawn):
    solid, pale = drawn("2018/2025")
    assert solid["fill"] == look.PROJ and pale["fill"] == look.PROJ_PALE
    assert solid["x2"] == pytest.approx(pale["x"], abs=0.2)


def test_a_single_year_leaves_room_for_its_note(little):
    little("projects", project_id="wells", label="Wells", period="2013/")
    bar, _ = marks(2014)
    assert bar["x2"] < look.WIDE / 2 and any(
        row["text"].endswith("end not stated") for row in texts(2014)
    )


def test_an_end_that_is_not_stated_has_an_arrow_and_says_so(drawn):
    bar, arrow = drawn("2013/")
    assert years(bar) == pytest.approx(1, abs=0.02) and arrow["shape"] == "triangle-right"
    assert any(row["text"].endswith("end not stated") for row in texts("", ""))


def test_one_project_stands_out_beside_the_others_and_its_years_to_come_are_pale():
    drawing = years_of(profiles.course("skills-asean-2018")).to_dict()
    bars = [mark for mark in drawn_in(drawing) if mark["kind"] == "rect" and mark.get("said")]
    ours = [bar["fill"] for bar in bars if bar["said"].startswith("Skills")]
    assert ours == [look.POINT, look.POINT_PALE], "its years, those to come"
    assert {bar["fill"] for bar in bars} - set(ours) <= {look.SOFT, look.MUTE}


def test_what_is_inferred_is_hollow():
    bars = [m for m in marks("1985", "2025") if m["said"].startswith("Four agreements")]
    assert len(bars) == 2, "April and June"
    assert all(bar["fill"] == look.PAPER and "inferred" in bar["said"] for bar in bars)


def test_the_axis_of_what_has_no_stated_end_holds_the_years_asked_for():
    assert "2019" in [row["text"] for row in texts(2019, None, "China")]
    assert {"2013", "2022"} <= {row["text"] for row in texts(2014)}


def test_the_band_says_how_many_and_follows_the_tables(change):
    assert any(row["text"] == "Seven of ten" for row in texts("1985", "2025"))
    change("agreements", "mou-acftu-2019", with_ilo="false")
    assert any(row["text"] == "Six of nine" for row in texts("1985", "2025"))
    assert not any(" of " in row["text"] for row in texts("", "", "MOHRSS"))


def test_events_have_a_lane_only_where_there_is_nothing_else():
    assert spec(1985)["title"]["text"] == ["Events"]
    assert "Events" not in [row["text"] for row in texts("1985", "2025")]


def test_nothing_to_draw_is_said():
    assert "nothing to draw" in str(spec(1990))


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_each_mark_leads_to_its_words_and_has_a_name(choice, narrow):
    for mark in marks(*choice, narrow=narrow):
        assert re.match(r"#\w+/[\w-]+", mark["href"]), mark
        assert mark["said"]
    heads = {"Agreements with the ILO", "Projects", "Events"}
    for row in texts(*choice, narrow=narrow):
        assert row["href"] or row["text"] in heads or row["text"].isdecimal(), row


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_no_text_lies_on_another_even_in_a_wide_font(choice, narrow):
    width, boxes = look.NARROW if narrow else look.WIDE, []
    for row in texts(*choice, narrow=narrow):
        size = 7.2 * len(row["text"])
        left = row["x"] - {"left": 0, "right": size, "center": size / 2}[row["align"]]
        assert left >= -1 and left + size <= width * 1.02, f"{row['text']} leaves the picture"
        boxes.append((left, left + size, row["y"], row["text"]))
    for one, other in itertools.combinations(boxes, 2):
        apart = one[1] <= other[0] or other[1] <= one[0] or abs(one[2] - other[2]) >= 14
        assert apart, f"{one[3]!r} lies on {other[3]!r}"
