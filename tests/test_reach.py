"""Whom projects reached is told by role, and a network's figures are never one country's."""

import itertools

import pandas as pd
import pytest

from ilodata import reach, tables, words
from ilodata.evidence import card
from ilodata.problems import DataError

PLACES = [(), *("Cambodia", "lao-pdr", "China", "Myanmar", "Pakistan", "nigeria", "asean"),
          *("Africa", "Asia and the Pacific", "Mongolia", "Hong Kong SAR", "Macau SAR", "Asia"),
          *("East Asia", ["Cambodia", "Pakistan"], ["asean", "asia-pacific"], ["China", "Beijing"])]  # fmt: skip
WINDOWS = [("", ""), (2017, 2022), (2013, 2013), ("2014", "2017"), (2018, 2019), (2021, 2021),
           ("2021-12", "2021-12"), (2024, 2025), (1990, 1995), ("", 2012), (2026, "")]  # fmt: skip


def said(kind, *args, **kwargs):
    """Return the sentences of one kind as plain words."""
    found = reach.findings(*args, **kwargs)
    return [words.plain(text) for text in found.text[found.kind == kind]]


@pytest.fixture
def wells(little):
    """Give a project with a beneficiary and a region, and the function that adds more."""
    for place, label, kind in (("mali", "Mali", "country"), ("chad", "Chad", "country"),
                               ("sahel", "Sahel", "region"), ("peru", "Peru", "country")):  # fmt: skip
        little("places", place_id=place, label=label, kind=kind)
    little("projects", project_id="wells", label="Wells", period="2015/2018")

    def touch(project, place, role="beneficiary"):
        little(
            "project_places",
            id=f"{project}--{place}",
            project_id=project,
            place_id=place,
            role=role,
        )

    touch("wells", "mali")
    touch("wells", "sahel", "target_region")
    touch.table = little
    return touch


def network(wells):
    """Add a network of two countries under the project, with a count, a launch and a plan."""
    wells.table("organisations", organisation_id="ring", label="Well Ring", kind="network")
    wells.table("relations", relation_id="ring--under--wells", label="The Well Ring was launched under it",
                subject="organisations/ring", predicate="under", object="projects/wells")  # fmt: skip
    wells("wells", "chad", "network_home")
    wells("wells", "peru", "network_home")
    result = {"status": "delivered"}
    wells.table("results", result_id="launch", record="projects/wells", period="2017-05",
                indicator="launch of the Well Ring", **result)  # fmt: skip
    wells.table("results", result_id="schools", record="organisations/ring", indicator="schools in it",
                value="22", qualifier="exact", unit="schools", **result)  # fmt: skip
    for place in ("chad", "peru"):
        wells.table("result_places", id=f"schools--{place}", result_id="schools", place_id=place)


def test_the_whole_is_six_projects_with_beneficiaries_apart_from_a_network(well_said):
    told = well_said(reach.findings())
    assert told[0] == (
        "Six projects; four countries named as beneficiaries, two more through a network."
    )


@pytest.mark.parametrize("asked", PLACES, ids=str)
def test_sentences_are_well_said_for_every_place_and_window(well_said, asked):
    for start, end in [WINDOWS[0], *WINDOWS[1 + len(str(asked)) % 5 :: 5]]:
        told = " ".join(well_said(reach.findings(start, end, asked)))
        window = words.window(start, end)
        assert not (start or end) or window in told, f"{asked}, {window}: the window is not said"
        for key in tables.find(asked, "places"):
            assert tables.label(f"places/{key}") in told, f"{key} is not named: {told}"


def test_the_headline_counts_what_the_frame_holds():
    for asked, (start, end) in list(itertools.product(PLACES, WINDOWS))[::13]:
        here = reach.places(asked, start, end)
        found = reach.findings(start, end, asked).iloc[0]
        assert found.high == here.project_id.nunique(), f"{asked} {start} {end}: {found.text}"
        assert found.low == here[here.fits != "possibly"].project_id.nunique(), found.text


def test_cambodia_is_in_three_projects_only_if_both_roles_are_counted():
    assert said("headline", asked="Cambodia") == [
        "Three projects touch Cambodia: two as a beneficiary, one through a network."
    ]
    assert said("headline", asked="china") == ["One project touches China through a network."]


def test_what_came_of_a_place_has_its_own_results_and_the_networks_apart():
    came = reach.results("Cambodia")
    scopes = came.groupby("scope").size().to_dict()
    assert scopes["place"] == 1 and scopes["network"] >= 4, scopes
    assert (came.whose[came.scope == "place"] == "Cambodia").all()
    assert came.whose[came.scope == "network"].str.contains("Skills Development Network").all()
    assert not came.whose.str.fullmatch("Pakistan").any(), "Pakistan's result stands with Cambodia"
    assert set(came.index) >= {"results/network-institutes", "results/network-workshops"}


def test_no_sentence_gives_a_networks_figures_to_one_country():
    for asked in ("China", "Cambodia", "Myanmar", "lao-pdr"):
        figures = [text for text in said("finding", asked=asked) if "22 " in text]
        assert figures and all("the whole network, not of one country" in t for t in figures), asked


def test_the_office_places_are_not_reached_and_the_tie_to_the_office_is_told():
    for place in ("Mongolia", "Hong Kong SAR", "Macau SAR"):
        told = said("finding", asked=place)
        assert said("headline", asked=place) == [
            f"Our tables hold no project that names {place} as its place."
        ]
        assert "oversees" in told[0], f"{place}: {told}"
        assert reach.places(place).empty and reach.results(place).empty


def test_a_region_and_the_country_that_its_project_names_are_told_together():
    (regions,) = [t for t in said("finding") if "named as a whole" in t]
    assert regions.endswith("The project for Africa names Nigeria.")
    assert "The project for Africa names Nigeria." in " ".join(said("finding", asked="Africa"))
    assert "ASEAN countries (two projects)" in regions


def test_people_are_counted_for_one_project_and_never_added_up():
    (people,) = [text for text in said("finding") if text.startswith("People")]
    assert people.startswith("People are counted for one project only: 189 ")
    assert people.endswith("Our tables hold no total.")


def test_all_four_projects_from_2018_on_certainly_touch_2017_to_2022():
    here = reach.places(start=2017, end=2022).drop_duplicates("project_id").set_index("project_id")
    certain = set(here.index[here.fits == "certainly"])
    late = {row["project_id"] for row in tables.rows("projects") if row["period"] >= "2018"}
    assert certain == late, "a project that runs in the window is called possible"
    assert set(here.index[here.fits == "possibly"]) == {"employment-services-2013"}
    assert "not certain, so it is not counted" in said("caveat", 2017, 2022)[0]


def test_a_network_is_not_there_before_it_is_launched(wells):
    network(wells)
    assert set(reach.places(start=2015, end=2016).place) == {"Mali", "Sahel"}
    assert set(reach.places(start=2017, end=2017).place) == {"Mali", "Sahel", "Chad", "Peru"}
    assert reach.results(start=2015, end=2016).empty, "a result before the network was there"


def test_a_result_of_a_network_stands_with_each_home_and_says_whose_it_is(wells):
    network(wells)
    for place in ("Chad", "Peru"):
        came = reach.results(place)
        assert list(came.result) == ["launch of the Well Ring", "22 schools in it"]
        assert came.whose["results/schools"] == "the Well Ring, in Chad and Peru"
    assert "Of the whole network, not of one country: 22 schools in it." in " ".join(
        said("finding", asked="Peru")
    )


def test_parts_of_a_network_count_as_the_network(wells):
    network(wells)
    wells.table("organisations", organisation_id="pairs", label="Pairs", kind="institutes")
    wells.table("relations", relation_id="pairs", label="Pairs are part of it", predicate="part_of",
                subject="organisations/pairs", object="organisations/ring")  # fmt: skip
    wells.table("results", result_id="talks", record="organisations/pairs", indicator="talks",
                status="planned")  # fmt: skip
    assert reach.results("Chad").scope["results/talks"] == "network"


@pytest.mark.parametrize(
    ("countries", "told"),
    [
        ((), "One project; one country named as a beneficiary."),
        (("chad",), "One project; two countries named as beneficiaries."),
        (("chad", "peru"), "One project; three countries named as beneficiaries."),
    ],
)
def test_the_headline_follows_when_a_place_is_added(wells, countries, told):
    for place in countries:
        wells("wells", place)
    assert said("headline") == [told]


def test_a_project_of_regions_only_names_no_country(wells):
    wells.table("projects", project_id="roads", label="Roads", period="2020/2021")
    wells("roads", "sahel", "target_region")
    assert said("headline", 2020, 2021) == [
        "One project in 2020–2021; one region named, no country."
    ]
    assert "is not counted for a country" in said("standfirst", asked="Mali")[0]


def test_a_project_without_a_country_in_a_network_is_not_called_more(wells, change):
    network(wells)
    change("project_places", "wells--mali", role="target_region")
    assert said("headline") == ["One project; two countries through a network."]


def test_an_added_count_of_people_changes_the_sentence_on_people(wells):
    wells.table("projects", project_id="roads", label="Roads", period="2020/2021")
    wells("roads", "peru")
    for key, project, unit in (("a", "wells", "farmers"), ("b", "roads", "road workers")):
        assert not [t for t in said("finding") if t.startswith(f"People are counted for {key}")]
        wells.table("results", result_id=key, record=f"projects/{project}", indicator=f"{unit} trained",
                    value="40", qualifier="over", unit=unit, status="delivered")  # fmt: skip
    (people,) = [t for t in said("finding") if t.startswith("People")]
    assert people.startswith("People are counted for two projects: over 40 farmers trained;")


def test_counts_of_things_are_not_called_people(wells):
    wells.table("results", result_id="a", record="projects/wells", indicator="wells dug", value="12",
                qualifier="exact", unit="wells", status="delivered")  # fmt: skip
    assert not [t for t in said("finding") if t.startswith("People")]


def test_a_superseded_result_and_amount_give_way_to_the_later_one(wells):
    for key, value, older in (("early", "10", ""), ("late", "12", "early")):
        wells.table("results", result_id=key, record="projects/wells", indicator="wells dug", value=value,
                    qualifier="exact", unit="wells", status="delivered", supersedes_id=older)  # fmt: skip
        wells.table("contributions", contribution_id=key, label="x", level="project",
                    printed=f"US$ {value} million", amount_usd=f"{value}000000", qualifier="exact",
                    printed_unit_usd="1000000", project_id="wells", supersedes_id=older)  # fmt: skip
    assert list(reach.results().result) == ["12 wells dug"]
    assert set(reach.places().money) == {"US$ 12 million"}


def test_a_blank_cell_is_never_told_as_the_documents_silence(wells):
    told = " ".join(words.plain(text) for text in reach.findings(asked="Mali").text)
    assert "no amount in our tables (Wells)" in told
    assert "not stated" not in told and "none" not in told.casefold(), told


def test_results_outside_the_window_are_left_out_and_undated_ones_stay(wells):
    for key, period in (("a", "2016"), ("b", "2018"), ("c", "")):
        wells.table("results", result_id=key, record="projects/wells", indicator=key, period=period,
                    status="delivered")  # fmt: skip
    assert list(reach.results(start=2016, end=2016).result) == ["a", "c"]


def test_results_of_a_project_without_a_place_are_not_lost(wells):
    wells.table("projects", project_id="air", label="Air", period="2016")
    wells.table("results", result_id="a", record="projects/air", indicator="clean air",
                status="in_progress")  # fmt: skip
    assert list(reach.results().status) == ["in progress"]
    assert reach.results(start=2017).empty


def test_a_misprint_is_called_one_and_has_no_amount():
    here = reach.places("Nigeria")
    assert here.money.str.startswith("misprinted “").all(), list(here.money)
    assert here.money_of.str.endswith("/printed").all()


def test_a_place_is_asked_for_by_any_of_its_names():
    by_id = reach.places("lao-pdr")
    for name in ("Lao PDR", "lao pdr", "Lao People’s Democratic Republic"):
        pd.testing.assert_frame_equal(reach.places(name), by_id)


def test_a_place_that_is_not_known_is_answered_with_the_nearest():
    with pytest.raises(DataError, match="places: 'Kambodia' is not .*did you mean Cambodia"):
        reach.places("Kambodia")
    with pytest.raises(ValueError, match="start: '2022' comes after the end '2017'"):
        reach.findings("2022", "2017")


def test_frames_may_be_given_for_a_what_if():
    rows = tables.load_project_places()
    rows = rows[rows.role == "beneficiary"]
    told = said("headline", frames={"project_places": rows})
    assert told == ["Three projects; four countries named as beneficiaries."]


def test_every_row_leads_to_its_words():
    for frame in (reach.places(), reach.results()):
        for of in [*frame.of, *(o for o in frame.get("money_of", []) if o)]:
            assert card(of)["quotes"], f"{of} has no words of a document"


def test_linked_frames_keep_their_words():
    for frame in (reach.places(), reach.results(), reach.places("Mongolia")):
        linked = reach.linked(frame)
        for name in {"place", "result", "project", "money", "when"} & set(frame.columns):
            told = frame[name].map(words.capital) if name == "result" else frame[name]
            assert list(linked[name].map(words.plain)) == list(told), name
            assert all(words.links(text) for text in linked[name] if text), name


def test_only_countries_have_a_point_and_the_nearest_role():
    points = reach.points(reach.places())
    assert "ASEAN countries" not in set(points.place) and len(points) == 6
    assert points.role["cambodia"] == reach.ROLES["beneficiary"]
    assert points.role["china"] == reach.ROLES["network_home"]
    assert reach.points(reach.places("Mongolia")).empty


def test_doubts_and_gaps_are_those_of_the_choice():
    whole = (reach.places(), reach.results())
    few = (reach.places("Nigeria"), reach.results("Nigeria"))
    none = (reach.places("Mongolia"), reach.results("Mongolia"))
    assert "nigeria-amount" in reach.doubts(*few).index
    assert set(reach.doubts(*few).index) < set(reach.doubts(*whole).index)
    assert "projects-without-amount" not in reach.gaps(*few).index
    assert reach.doubts(*none).empty and reach.gaps(*none).empty


def test_the_same_question_has_the_same_answer():
    pd.testing.assert_frame_equal(reach.findings(2017, 2022), reach.findings("2017", "2022"))
