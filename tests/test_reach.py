"""Whom projects reached is told by role, and a network's figures are never one country's."""

import re

import pytest

from ilodata import naming, reach, tables, words

PLACES = [(), *("Cambodia", "lao-pdr", "China", "nigeria", "asean", "Asia", "Mongolia", "East Asia"),
          *(["asean", "Cambodia"], ["China", "Beijing"])]  # fmt: skip
WINDOWS = [("", ""), (2017, 2022), (2013, 2013), ("2014", "2017"), (2018, 2019), (2021, 2021), (2026, ""),
           ("2021-12", "2021-12"), ("2022-12-07", "2022-12-07"), (2024, 2025), (1990, 1995), ("", 2012)]  # fmt: skip
NUMBERS = re.compile(rf"\b({'|'.join(words.NUMBERS[1:])}|\d[\d,]*)\b", re.IGNORECASE)


def said(kind, *args, **kwargs):
    """Return the sentences of one kind as plain words."""
    found = reach.findings(*args, **kwargs)
    return [words.plain(text) for text in found.text[found.kind.eq(kind) | (kind is None)]]


@pytest.fixture
def wells(little):
    """Give a project with a beneficiary and a region, and the function that adds more."""
    for place, label, kind in (("mali", "Mali", "country"), ("chad", "Chad", "country"),
                               ("sahel", "Sahel", "region"), ("peru", "Peru", "country")):  # fmt: skip
        little("places", place_id=place, label=label, kind=kind)
    little("projects", project_id="wells", label="Wells", period="2015/2018")

    def touch(project, place, role="beneficiary"):
        keys = {"project_id": project, "place_id": place, "role": role}
        little("project_places", id=f"{project}--{place}", **keys)

    def came(key, indicator, record="projects/wells", status="delivered", **cells):
        little("results", result_id=key, record=record, indicator=indicator, status=status, **cells)

    touch("wells", "mali")
    touch("wells", "sahel", "target_region")
    touch.table, touch.came = little, came
    return touch


@pytest.mark.parametrize(
    ("asked", "window", "told"),
    [
        (["ASEAN", "Cambodia"], (2022, 2022), "Two projects in 2022 name ASEAN countries or Cambodia, "
         "as home of institutes in a network or as a target region."),
        ("Cambodia", (), "Three projects name Cambodia, as a beneficiary or as home of institutes in "
         "a network."),
        ("Mongolia", (), "We count no project with Mongolia among its places."),
    ],
)  # fmt: skip
def test_a_headline_counts_projects_and_names_the_roles(asked, window, told):
    assert said("headline", asked, *window) == [told]


@pytest.mark.parametrize("asked", PLACES, ids=str)
def test_sentences_are_well_said_for_every_place_and_window(well_said, asked):
    for start, end in [WINDOWS[0], *WINDOWS[1 + len(str(asked)) % 4 :: 4]]:
        found = reach.findings(asked, start, end)
        told, window = " ".join(well_said(found, 0)), words.window(start, end)
        assert not (start or end) or window in told, f"{asked}, {window}: the window is not said"
        for key in naming.find(asked, "places"):
            assert naming.label(f"places/{key}") in told, f"{key} is not named: {told}"
        for text in found.text[found.kind == "finding"]:
            assert len(words.plain(text).split()) <= 33, f"too long to say: {words.plain(text)}"
        for text in found.text[found.kind != "headline"]:
            bare = re.sub(r"\[\[.*?\]\]", "", text).replace(window, "")
            assert not NUMBERS.search(bare), f"{asked}, {window}: a number without proof: {bare}"


def test_a_place_without_a_project_has_what_else_our_tables_tie_to_it():
    office = "The ILO office in Beijing oversees the ILO’s activities in Mongolia."
    assert said("finding", asked="Mongolia") == [office]
    assert not said("finding", "Mongolia", 2013, 2013), "it has no date"
    assert reach.places("Mongolia").empty and reach.result_lines(reach.results("Mongolia")).empty


def test_a_result_at_a_place_that_no_project_names_is_told_of_it():
    assert list(reach.results("East Asia").index) == ["results/e-forum"]
    assert "ASEAN+3 e-forum" in said("finding", asked="East Asia")[0]
    assert reach.results("asean").scope["results/e-forum"] == "project", "of another region"


def test_projects_are_counted_where_they_certainly_run_and_named_where_they_may():
    here = reach.places(start=2017, end=2022).drop_duplicates("project_id").set_index("project_id")
    late = {row["project_id"] for row in tables.rows("projects") if row["period"] >= "2018"}
    assert set(here.index[here.in_window == "certainly"]) == late
    assert said("caveat", (), 2014, 2017) == [
        "Not certain in 2014–2017, so not counted: Cambodia and Lao PDR as beneficiaries in "
        "Employment services, Cambodia and Lao PDR (from 2013, end not stated)."
    ]


def test_a_network_is_not_there_before_it_is_launched(wells):
    wells.table("organisations", organisation_id="ring", label="Well Ring", kind="network")
    wells.table("relations", relation_id="r", label="The ring belongs to it", predicate="under",
                subject="organisations/ring", object="projects/wells")  # fmt: skip
    wells.came("launch", "launch of the Well Ring", period="2017-05")
    wells.came("schools", "schools in it", "organisations/ring", value="22", qualifier="exact", unit="schools")  # fmt: skip
    for place in ("chad", "peru"):
        wells("wells", place, "network_home")
    assert set(reach.places(start=2015, end=2016).place) == {"Mali", "Sahel"}
    assert set(reach.places(start=2017, end=2017).place) == {"Mali", "Sahel", "Chad", "Peru"}
    assert reach.results(start=2015, end=2016).empty, "a result before the network was there"
    day = ("2017-05-09", "2017-05-09")
    assert said("caveat", (), *day) == [
        "Not certain on 9 May 2017, so not counted: Chad and Peru through a network in Wells (2015–2018)."
    ]
    assert "through a network" not in said("headline", (), *day)[0]
    assert not any("brings together" in text for text in said("finding", (), *day))
    assert said("headline", "Peru", *day) == [
        "We count no project on 9 May 2017 with Peru among its places."
    ]


def test_results_outside_the_window_are_left_out_and_undated_ones_where_they_cannot_be(wells):
    for key, period in (("a", "2016"), ("b", "2018"), ("c", "")):
        wells.came(key, key, period=period)
    wells.came("d", "d", status="in_progress")
    wells.came("e", "e", status="planned")
    assert list(reach.results(start=2016, end=2016).result) == ["a", "c"]
    assert words.plain(reach.result_lines(reach.results(start=2016, end=2016)).text.iloc[0]) == (
        "A (2016)\nC (no date)"
    )
    assert reach.results(start=2019).empty


def test_what_is_not_certain_in_a_window_has_no_point():
    assert reach.points(reach.places("Mongolia")).empty
    assert set(reach.points(reach.places(start=2014, end=2014)).place) == set()


def test_a_network_is_dated_by_its_launch_alone(wells):
    wells.table("organisations", organisation_id="ring", label="Well Ring", kind="network")
    wells.table("relations", relation_id="r", label="The ring belongs to it", predicate="under",
                subject="organisations/ring", object="projects/wells")  # fmt: skip
    wells.came("grew", "members joined the Well Ring", period="2016")
    assert list(reach.networks().launched) == [""]
    wells.came("launch", "launch of the Well Ring", period="2017-05")
    assert list(reach.networks().launched) == ["2017-05"]


def test_all_questions_of_reach_take_places_first_and_then_a_window(wells):
    for ask in (reach.places, reach.results, reach.findings):
        assert ask("Mali", 2016).equals(ask(asked="Mali", start=2016, end=2016))
    assert said("headline", "Mali", 2019) == [
        "We count no project in 2019 with Mali among its places."
    ]
