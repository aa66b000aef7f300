"""Charts of places: a row a project, a mark a place; `test_look` holds that each has its words.

That these have room is held there and, with the fonts of a reader, in `test_browser`.
"""

import itertools

import pytest
from test_look import marks

from ilodata import reach, tables
from ilodata.charts import look, places

CHOICES = [(), "Cambodia", "asean", ["China", "Nigeria"], "Africa"]


def matrix(asked=(), start="", end=""):
    """Draw the matrix of a choice."""
    return places.matrix(reach.places(asked, start, end), reach.results(asked, start, end))


def texts(chart):
    return [row["text"] for row in marks(chart) if row["kind"] == "text"]


@pytest.mark.parametrize("asked", CHOICES, ids=str)
def test_the_matrix_has_a_cell_for_each_project_and_place_and_none_lies_on_another(asked):
    for narrow in (False, True):
        boxes = [row for row in marks(matrix(asked), narrow) if row["kind"] == "rect"]
        cells = [row for row in boxes if row["href"]]
        hrefs = {of for row in cells for of in row["href"].removeprefix("#").split("+")}
        assert hrefs == set(reach.places(asked).of), "a place has no cell, or a cell no place"
        assert all(
            0 <= one["x"] < one["x2"] <= (look.NARROW if narrow else look.WIDE) for one in cells
        )
        for one, other in itertools.combinations(cells, 2):
            assert one["x2"] < other["x"] or one["y2"] < other["y"], other["said"]


def test_an_inferred_place_is_hollow_and_says_so():
    africa, _ = [row for row in marks(matrix()) if str(row["said"]).startswith("Africa: ")]
    assert africa["fill"] == look.PAPER and africa["said"].endswith("(inferred)")
    assert "inferred" in texts(matrix()), "in the legend"


def test_what_is_not_certain_in_a_window_is_said_to_be_shown_and_not_counted():
    drawn = matrix("", 2017, 2022)
    assert places.UNSURE in drawn.usermeta["subtitle"]
    perhaps = [said for said in texts(drawn) if "(perhaps)" in said]
    assert perhaps == ["from 2013, end not stated (perhaps)"]
    assert "2018–2025" in texts(matrix("", 2023)), "the project is certain, its network is not"
    assert not matrix("Nigeria", 2020, 2021).usermeta["subtitle"]


def test_the_map_has_a_dot_for_each_country_and_disclaims_boundaries():
    points = reach.points(reach.places())
    chart = places.map(points, tables.load_reference("land"))
    assert [it["kind"] for it in marks(chart)].count("point") == len(points)
    assert "no opinion on the status" in chart.usermeta["subtitle"]
