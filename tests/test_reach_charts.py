"""Pictures of reach keep roles apart, by shape and place as well as by colour."""

import pandas as pd
import pytest

from ilodata import charts, load_reference, reach

TOUCHED = pd.DataFrame(
    {
        "project_id": ["skills", "skills", "jobs"],
        "project": ["Skills", "Skills", "Jobs"],
        "place": ["China", "ASEAN countries", "Hong Kong SAR"],
        "place_kind": ["country", "group_of_states", "territory"],
        "iso3": ["CHN", None, "HKG"],
        "role": ["network_home", "target_region", "beneficiary"],
        "source": ["documents"] * 3,
        "basis": ["stated", "inferred", "stated"],
    }
)
ROLES = reach.ROLE_WORDS
LAND = load_reference("land")
COUNTED = reach.by_place(TOUCHED, load_reference("countries"))
BESIDE = pd.DataFrame(
    {
        "project": ["Skills", "Skills", "Jobs"],
        "side": ["places touched", "results stated", "places touched"],
        "what": ["home of network institutes", "result with a number", "named beneficiary"],
        "item": ["China", "trained", "Cambodia"],
        "basis": ["stated"] * 3,
    }
)
USED = pd.DataFrame(
    {
        "project": ["Skills", "Skills"],
        "means": ["training", "policy and law"],
        "standing": ["a result", "an aim, or in progress"],
        "words": ["a course", "to write laws"],
    }
)
MONEY = pd.Series(["US$ 4 million", "no amount stated"], ["Skills", "Jobs"])
ASKED = pd.DataFrame(
    {
        "project": ["Skills"] * 3,
        "asked": ["its end", "who pays", "how much"],
        "answer": ["stated", "inferred", "not stated"],
    }
)

CHARTS = {
    "reach": (lambda f: charts.reach(f, ROLES), TOUCHED, "Skills: China (home of network institutes)"),
    "bars": (lambda f: charts.places(f, LAND, "bars"), COUNTED, "China, home of network institutes: 1"),
    "tiles": (lambda f: charts.places(f, LAND, "tiles"), COUNTED, "region, countries not named: 1 (inferred)"),
    "map": (lambda f: charts.places(f, LAND, "map"), COUNTED, "do not imply the expression of any opinion"),
    "depth": (charts.depth, BESIDE, "Skills, result with a number: 1"),
    "means": (lambda f: charts.means(f, MONEY), USED, "Jobs: money: no amount stated"),
    "known": (charts.known, ASKED, "Skills: how much not stated"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_of_reach_owes_its_reader(drawn_well, name):
    drawn_well(*CHARTS[name])


def svg(chart):
    return chart._repr_mimebundle_()["image/svg+xml"]


def test_the_marks_of_a_place_are_one_a_role(marks):
    both = pd.concat([TOUCHED, TOUCHED.assign(role="beneficiary")], ignore_index=True)
    assert marks(charts.reach(both, ROLES)) == {"point": 6}
    lanes = charts.places(reach.by_place(both, load_reference("countries")), LAND, "bars")
    assert [lane["title"]["text"] for lane in lanes.to_dict()["vconcat"]] == [
        "named beneficiary", "home of network institutes", "region, countries not named",
    ]  # fmt: skip


def test_what_is_inferred_is_drawn_hollow():
    hollow = svg(charts.reach(TOUCHED, ROLES)).count('fill-opacity="0"')
    assert hollow == 1
    stated = TOUCHED.assign(basis="stated")
    assert 'fill-opacity="0"' not in svg(charts.reach(stated, ROLES))


@pytest.mark.parametrize(("number", "picture"), [(3, "bars"), (12, "tiles"), (20, "map")])
def test_the_number_of_places_asks_for_a_picture(number, picture):
    spots = pd.DataFrame(
        {
            "place": [f"Place {n}" for n in range(number)],
            "role": "named beneficiary",
            "projects": 1,
            "named": "Skills",
            "basis": "stated",
            "longitude": range(number),
            "latitude": range(number),
        }
    )
    chosen, auto = (charts.places(spots, LAND, name).to_dict() for name in (picture, "auto"))
    assert chosen == auto


def test_land_is_drawn_with_the_disclaimer_of_the_united_nations_and_without_boundaries():
    drawn = charts.places(COUNTED, LAND, "map")
    assert "delimitation of" in svg(drawn) and "frontiers or boundaries." in svg(drawn)
    ground = drawn.to_dict()["datasets"]["land"]
    assert [shape["geometry"]["type"] for shape in ground] == ["MultiPolygon"]
    assert len(ground[0]["geometry"]["coordinates"]) == len(LAND)
    assert len(svg(drawn)) < 60_000 and len(drawn.to_json(indent=None)) < 50_000
    assert "delimitation" not in svg(charts.places(COUNTED, LAND, "tiles"))


def test_what_has_no_point_stands_in_bars_under_the_map(marks):
    assert marks(charts.places(COUNTED, LAND, "map")) == {"point": 2, "bar": 1}
    only_region = COUNTED[COUNTED.longitude.isna()]
    assert marks(charts.places(only_region, LAND, "map")) == {"bar": 1}


@pytest.mark.parametrize("number", [1, 9, 50])
def test_each_place_has_a_tile_of_its_own(number):
    many = pd.concat([COUNTED.iloc[[1]].assign(place=f"Place {n}") for n in range(number)])
    tiles = charts.places(many, LAND, "tiles").to_dict()["datasets"]
    cells = {(row["column"], row["row"]) for rows in tiles.values() for row in rows}
    assert len(cells) == number


@pytest.mark.parametrize("picture", ["globe", ""])
def test_a_picture_that_there_is_not_is_refused_in_a_sentence(picture):
    with pytest.raises(
        ValueError, match=f"^picture: '{picture}' is none of auto, bars, map, tiles$"
    ):
        charts.places(COUNTED, LAND, picture)
