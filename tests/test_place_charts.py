"""Charts of places: a row a project, a mark a place, every mark with its words; nothing overlaps."""

import itertools

import pytest

from ilodata import reach, tables
from ilodata.charts import look, places

CHOICES = [(), "Cambodia", "asean", ["China", "Nigeria"], "Africa"]
LAND = tables.load_reference("land")


def matrix(asked=(), start="", end=""):
    """Draw the matrix of a choice."""
    return places.matrix(reach.places(asked, start, end), reach.results(asked, start, end))


def map_of(asked=()):
    """Draw the map of a choice."""
    return places.map(reach.points(reach.places(asked)), LAND)


def drawings(chart):
    """Return the wide and the narrow specification of a chart."""
    spec = chart.to_dict(validate=False)
    return spec, spec["usermeta"]["narrow"]


def marks(spec, *kinds):
    """List the marks of a drawing, by kind, as rows."""
    found = []
    for layer in spec["vconcat"][0].get("layer", []):
        data = layer.get("data", {})
        rows = data.get("values") or spec.get("datasets", {}).get(data.get("name"), [])
        if layer["mark"]["type"] in kinds and isinstance(rows, list):
            found += rows
    return found


def cells(spec):
    """List the cells of a matrix that state a fact."""
    return [row for row in marks(spec, "rect") if row["href"]]


@pytest.mark.parametrize("asked", CHOICES, ids=str)
def test_the_matrix_has_a_cell_for_each_project_and_place_and_none_lies_on_another(asked):
    for spec, width in zip(drawings(matrix(asked)), (look.WIDE, look.NARROW), strict=True):
        found = cells(spec)
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
    spec, _ = drawings(matrix())
    (africa,) = [row for row in cells(spec) if "Africa: " in row["said"]]
    assert africa["fill"] == look.PAPER and africa["said"].endswith("(inferred)")
    assert "inferred" in {row["text"] for row in marks(spec, "text")}, "in the legend"


def test_what_is_not_certain_in_a_window_is_said_to_be_shown_and_not_counted():
    spec = drawings(matrix("", 2017, 2022))[0]
    assert places.UNSURE in str(spec["title"])
    perhaps = [row["text"] for row in marks(spec, "text") if "(perhaps)" in row["text"]]
    assert perhaps == ["from 2013, end not stated (perhaps)"]
    said = [row["text"] for row in marks(drawings(matrix("", 2023))[0], "text")]
    assert "2018–2025" in said, "the project is certain, its network is not"
    assert "subtitle" not in drawings(matrix("Nigeria", 2020, 2021))[0]["title"]


def test_the_map_disclaims_boundaries_and_no_name_lies_on_a_dot_or_a_name():
    for spec in drawings(map_of()):
        assert "no opinion on the status" in " ".join(spec["title"]["subtitle"])
        spec["vconcat"][0] = spec["vconcat"][0]["layer"][1]
        boxes = [(it["x"] - 6, it["x"] + 6, it["y"]) for it in marks(spec, "point")]
        for it in marks(spec, "text"):
            left = it["x"] - look.wide(it["text"]) * (it["align"] == "right")
            boxes.append((left, left + look.wide(it["text"]), it["y"]))
        assert len(boxes) == 2 * len(reach.points(reach.places()))
        for one, two in itertools.combinations(boxes, 2):
            on_one_line = abs(one[2] - two[2]) < 12
            assert not on_one_line or one[1] < two[0] or two[1] < one[0], (one, two)
