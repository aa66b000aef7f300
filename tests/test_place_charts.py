"""Charts of places: a row a project, a mark a place, every mark with its words; nothing overlaps."""

import itertools

import pytest
from test_look import marks

from ilodata import reach, tables
from ilodata.charts import look, places

CHOICES = [(), "Cambodia", "asean", ["China", "Nigeria"], "Africa"]


def matrix(asked=(), start="", end=""):
    """Draw the matrix of a choice."""
    return places.matrix(reach.places(asked, start, end), reach.results(asked, start, end))


def cells(chart, narrow=False):
    """List the cells of a matrix that state a fact."""
    return [row for row in marks(chart, narrow) if row["kind"] == "rect" and row["href"]]


def texts(chart):
    return [row["text"] for row in marks(chart) if row["kind"] == "text"]


@pytest.mark.parametrize("asked", CHOICES, ids=str)
def test_the_matrix_has_a_cell_for_each_project_and_place_and_none_lies_on_another(asked):
    for narrow, width in enumerate((look.WIDE, look.NARROW)):
        found = cells(matrix(asked), narrow)
        hrefs = {of for row in found for of in row["href"].removeprefix("#").split("+")}
        assert hrefs == set(reach.places(asked).of), "a place has no cell, or a cell no place"
        for one in found:
            assert 0 <= one["x"] < one["x2"] <= width, f"{one['said']} is cut off at {width}"
        for one, other in itertools.combinations(found, 2):
            boxes = [[it[side] for side in ("x", "y", "x2", "y2")] for it in (one, other)]
            (left, top, right, end), (start, above, stop, below) = boxes
            apart = right <= start or stop <= left or end <= above or below <= top
            assert apart, (one["said"], other["said"])


def test_an_inferred_place_is_hollow_and_says_so():
    (africa,) = [row for row in cells(matrix()) if "Africa: " in row["said"]]
    assert africa["fill"] == look.PAPER and africa["said"].endswith("(inferred)")
    assert "inferred" in texts(matrix()), "in the legend"


def test_what_is_not_certain_in_a_window_is_said_to_be_shown_and_not_counted():
    drawn = matrix("", 2017, 2022)
    assert places.UNSURE in drawn.usermeta["subtitle"]
    perhaps = [said for said in texts(drawn) if "(perhaps)" in said]
    assert perhaps == ["from 2013, end not stated (perhaps)"]
    assert "2018–2025" in texts(matrix("", 2023)), "the project is certain, its network is not"
    assert not matrix("Nigeria", 2020, 2021).usermeta["subtitle"]


def test_the_map_disclaims_boundaries_and_no_name_lies_on_a_dot_or_a_name():
    points = reach.points(reach.places())
    chart = places.map(points, tables.load_reference("land"))
    assert "no opinion on the status" in chart.usermeta["subtitle"]
    for narrow in (False, True):
        found = marks(chart, narrow)
        dots = [it for it in found if it["kind"] == "point"]
        assert len(dots) == len(points)
        for name, dot in itertools.product(found[len(dots) :], dots):
            left = name["x"] - look.wide(name["text"]) * (name["align"] == "right")
            beside = left > dot["x"] + 6 or left + look.wide(name["text"]) < dot["x"] - 6
            assert beside or abs(name["y"] - dot["y"]) > 12, (name["text"], dot["said"])
