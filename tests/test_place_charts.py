"""Charts of places: a row a project, a mark a place, every mark with its words; nothing overlaps."""

import json

import pytest

from ilodata import profiles, reach, tables, words
from ilodata.charts import look, places

CHOICES = [(), "Cambodia", "asean", ["China", "Nigeria"], "Africa"]


def drawings(chart):
    """Return the wide and the narrow specification of a chart."""
    spec = chart.to_dict(validate=False)
    return spec, spec["usermeta"]["narrow"]


def marks(spec):
    """List the marks of a drawing: kind of mark, whether it is linked, and its row."""
    found = []
    for layer in spec["vconcat"][0].get("layer", []):
        data = layer.get("data", {})
        rows = data.get("values") or spec.get("datasets", {}).get(data.get("name"), [])
        kind = layer["mark"]["type"] if isinstance(layer["mark"], dict) else layer["mark"]
        for row in rows if isinstance(rows, list) else []:
            found.append((kind, "href" in layer["encoding"], row))
    return found


@pytest.mark.parametrize("asked", CHOICES, ids=str)
def test_the_matrix_has_a_cell_for_each_project_and_place(asked):
    reached = reach.places(asked)
    for spec in drawings(places.matrix(reached, reach.results(asked))):
        cells = [row for kind, linked, row in marks(spec) if kind == "rect" and linked]
        hrefs = {of for row in cells for of in row["href"].removeprefix("#").split("+")}
        assert hrefs == set(reached.of), "a place has no cell, or a cell no place"


@pytest.mark.parametrize("asked", CHOICES, ids=str)
def test_no_cell_lies_on_another_and_all_lie_within_the_drawing(asked):
    chart = places.matrix(reach.places(asked), reach.results(asked))
    for spec, width in zip(drawings(chart), (look.WIDE, look.NARROW), strict=True):
        cells = [row for kind, linked, row in marks(spec) if kind == "rect" and linked]
        for one in cells:
            assert 0 <= one["x"] < one["x2"] <= width, f"{one['said']} is cut off at {width}"
            for other in cells:
                apart = one["x2"] <= other["x"] or other["x2"] <= one["x"]
                assert one is other or apart or one["y"] != other["y"], (one["said"], other["said"])


def test_money_dates_and_results_stand_in_the_row_of_their_project():
    reached, came = reach.places(), reach.results()
    wide, narrow = (
        {row["label"]: row for kind, _, row in marks(spec) if kind == "text"}
        for spec in drawings(places.matrix(reached, came))
    )
    for texts in (wide, narrow):
        assert "US$ 4 million" in texts and "2018–2025" in texts
        assert any("22 TVET institutes" in label for label in texts)
        assert texts["US$ 4 million"]["href"] == "#contributions/skills-asean-2018/amount_usd"


def test_an_inferred_place_is_hollow_and_says_so():
    reached = reach.places()
    reached.loc[reached.place == "Nigeria", "certainty"] = "inferred"
    spec, _ = drawings(places.matrix(reached, reach.results()))
    (nigeria,) = [
        row for kind, _, row in marks(spec) if kind == "rect" and "Nigeria: " in (row["said"] or "")
    ]
    assert nigeria["fill"] == look.PAPER and nigeria["said"].endswith("(inferred)")


def test_every_mark_that_states_a_fact_is_linked_and_named():
    charts = [
        places.matrix(reach.places(), reach.results()),
        places.map(reach.points(reach.places()), tables.load_reference("land")),
        places.years(profiles.course("skills-asean-2018")),
    ]
    ours = set(places.FILLS) | {"no amount in our tables", "no result in our tables"}
    for chart in charts:
        for spec in drawings(chart):
            for kind, linked, row in marks(spec):
                stated = kind in ("text", "circle") and row.get("label") not in ours
                assert linked or not stated, f"{row} states a fact and leads nowhere"
                if linked:
                    assert row["href"].startswith("#") and row["said"], row
                    words.sources(row["href"].removeprefix("#"))


def test_only_colours_of_the_palette_are_used():
    palette = {
        value for name, value in vars(look).items() if name.isupper() and str(value).startswith("#")
    }
    chart = places.matrix(reach.places(), reach.results())
    for spec in drawings(chart):
        used = {row.get(name) for _, _, row in marks(spec) for name in ("fill", "ink")}
        assert {colour for colour in used if colour} <= palette


def test_too_many_places_for_columns_are_laid_out_project_by_project():
    reached = reach.places("Cambodia")
    many = reached.loc[reached.index.repeat(12)].copy()
    many["place"] = [f"A country of long name {n}" for n in range(len(many))]
    spec, _ = drawings(places.matrix(many, reach.results("Cambodia")))
    assert all(
        row["x2"] <= look.WIDE for kind, linked, row in marks(spec) if kind == "rect" and linked
    )


def test_a_choice_without_a_row_is_said_to_be_empty():
    empty = reach.places("Mongolia")
    for chart in (
        places.matrix(empty, reach.results("Mongolia")),
        places.map(reach.points(empty), tables.load_reference("land")),
        places.years(profiles.course("skills-asean-2018")[:0]),
    ):
        drawn = json.dumps(drawings(chart)[0])
        assert "hold nothing for this choice" in drawn or "regions have no dot" in drawn


def test_the_map_disclaims_boundaries_and_names_every_country_once():
    points = reach.points(reach.places())
    for spec in drawings(places.map(points, tables.load_reference("land"))):
        named = sorted(row["place"] for kind, _, row in marks(spec) if kind == "text")
        assert named == sorted(points.place)
        assert "no opinion on the status" in " ".join(spec["title"]["subtitle"])


def test_names_on_the_map_do_not_meet():
    points = reach.points(reach.places())
    for degree in (2.5, 3.0, 5.4):
        sides = places._sides(points, degree)
        boxes = []
        for place, (align, dx, dy) in zip(points.itertuples(), sides, strict=True):
            wide = places._width(place.place, look.SMALL)
            left = place.longitude * degree + dx - wide * (align == "right")
            top = -place.latitude * degree + dy - 9
            boxes.append((left, top, left + wide, top + 18))
        for n, one in enumerate(boxes):
            for two in boxes[n + 1 :]:
                apart = one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]
                assert apart, f"two names meet at {degree} pixels a degree"


def test_the_years_after_the_last_report_are_pale_and_one_project_stands_out():
    spec, _ = drawings(places.years(profiles.course("skills-asean-2018")))
    bars = [
        row for kind, _, row in marks(spec) if kind == "rect" and row["said"].startswith("Skills")
    ]
    assert [bar["fill"] for bar in bars] == [look.PROJ, look.PROJ_PALE]
    others = {row["fill"] for kind, _, row in marks(spec) if kind == "rect"} - {
        look.PROJ,
        look.PROJ_PALE,
    }
    assert others <= {look.MUTE, look.CELL}


def test_every_chart_is_drawn_without_a_network():
    chart = places.map(reach.points(reach.places("Cambodia")), tables.load_reference("land"))
    for spec in drawings(chart):
        assert "Cambodia" in look.svg(spec)
