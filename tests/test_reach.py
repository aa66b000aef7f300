"""Whom projects reached is told by role, and a network's figures are never one country's."""

import itertools
import re

import pytest

from ilodata import reach, tables, words
from ilodata.evidence import card

PLACES = [(), *("Cambodia", "lao-pdr", "China", "Myanmar", "Pakistan", "nigeria", "asean"),
          *("Africa", "Asia and the Pacific", "Mongolia", "Hong Kong SAR", "Macau SAR", "Asia"),
          *("East Asia", ["Cambodia", "Pakistan"], ["asean", "asia-pacific"], ["China", "Beijing"])]  # fmt: skip
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


def network(wells):
    """Add a network of two countries under the project, with a count, a launch and a part."""
    for key, label in (("ring", "Well Ring"), ("pairs", "Pairs")):
        wells.table("organisations", organisation_id=key, label=label, kind="network")
    for subject, predicate, record in (("ring", "under", "projects/wells"),
                                       ("pairs", "part_of", "organisations/ring")):  # fmt: skip
        wells.table("relations", relation_id=subject, label=f"{subject} belongs", predicate=predicate,
                    subject=f"organisations/{subject}", object=record)  # fmt: skip
    wells.came("launch", "launch of the Well Ring", period="2017-05")
    wells.came("schools", "schools in it", "organisations/ring", value="22", qualifier="exact", unit="schools")  # fmt: skip
    wells.came("talks", "talks", "organisations/pairs", status="planned")
    for place in ("chad", "peru"):
        wells("wells", place, "network_home")
        wells.table("result_places", id=f"schools--{place}", result_id="schools", place_id=place)


@pytest.mark.parametrize(
    ("asked", "window", "told"),
    [
        (["China", "Cambodia", "East Asia"], (2022, 2022), "One project in 2022 names China, "
         "Cambodia or East Asia as home of institutes in a network (China and Cambodia)."),
        (["Cambodia", "nigeria"], (), "Four projects name Cambodia or Nigeria: three as "
         "a beneficiary, one as home of institutes in a network (Cambodia)."),
        (["ASEAN", "Cambodia"], (2022, 2022), "Two projects in 2022 name ASEAN countries or Cambodia, "
         "some in more than one role: one as home of institutes in a network (Cambodia), two as a target "
         "region (ASEAN countries)."),
        (["Pakistan", "Nigeria"], (2022, 2022), "One project in 2022 names Pakistan or Nigeria as a "
         "beneficiary (Nigeria)."),
        ("Cambodia", (), "Three projects name Cambodia: two as a beneficiary, one as home of "
         "institutes in a network."),
        ("china", (), "One project names China as home of institutes in a network."),
        (["Africa", "Nigeria"], (2020, 2020), "One project in 2020 names Africa or Nigeria: "
         "as a beneficiary (Nigeria), as a target region (Africa)."),
        ("Mongolia", (), "We count no project that names Mongolia."),
    ],
)  # fmt: skip
def test_a_headline_counts_projects_and_tells_roles_apart(asked, window, told):
    assert said("headline", *window, asked=asked) == [told]


@pytest.mark.parametrize("asked", PLACES, ids=str)
def test_sentences_are_well_said_for_every_place_and_window(well_said, asked):
    for start, end in [WINDOWS[0], *WINDOWS[1 + len(str(asked)) % 4 :: 4]]:
        found = reach.findings(start, end, asked)
        told, window = " ".join(well_said(found, 0)), words.window(start, end)
        assert not (start or end) or window in told, f"{asked}, {window}: the window is not said"
        for key in tables.find(asked, "places"):
            assert tables.label(f"places/{key}") in told, f"{key} is not named: {told}"
        for text in found.text[found.kind == "finding"]:
            assert len(words.plain(text).split()) <= 33, f"too long to say: {words.plain(text)}"
        for text in found.text[found.kind != "headline"]:
            bare = re.sub(r"\[\[.*?\]\]", "", text).replace(window, "")
            assert not NUMBERS.search(bare), f"{asked}, {window}: a number without proof: {bare}"


def test_the_headline_counts_what_the_frame_holds():
    for asked, (start, end) in list(itertools.product(PLACES, WINDOWS))[::23]:
        here = reach.places(asked, start, end)
        found = reach.findings(start, end, asked).iloc[0]
        assert found.high == here.project_id.nunique(), f"{asked} {start} {end}: {found.text}"
        assert found.low == here[here.fits == "certainly"].project_id.nunique(), found.text


def test_what_came_of_a_place_alone_is_told_of_it():
    assert said("finding", asked="Cambodia")[-1].startswith(
        "Results told of Cambodia: stronger capacity"
    )
    assert "Results told of" not in " ".join(said("finding", asked="China"))
    assert said("finding", 2018, 2021, "Pakistan")[-1].startswith(
        "Results without a date: stronger capacity in Pakistan"
    )
    assert said("finding", 2019, 2023)[3].endswith("and 25 trade union educators (no date).")


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("Mongolia", "The ILO office in Beijing oversees the ILO’s activities in Mongolia."),
        ("Singapore", "In Singapore, by our tables: MoU with MOHRSS, 2022; "
         "Asia and the Pacific Regional Meeting."),
    ],
)  # fmt: skip
def test_a_place_without_a_project_has_what_else_our_tables_say_of_it(place, told):
    assert said("finding", asked=place) == [told]
    assert not said("finding", 2019, 2019, "Singapore"), "that was in 2022"
    assert reach.places(place).empty and reach.results(place).empty


def test_a_result_at_a_place_that_no_project_names_is_told_of_it():
    assert list(reach.results("East Asia").index) == ["results/e-forum"]
    assert said("finding", asked="East Asia")[0].startswith("A result for East Asia: ")
    beside = said("finding", asked=["China", "East Asia"])
    assert [text for text in beside if text.startswith("A result for East Asia: ")]
    assert reach.results("asean").scope["results/e-forum"] == "project", "of another region"
    assert "East Asia" not in " ".join(said("finding", asked="asean"))
    assert said("finding", "2022-12-09", "2022-12-09", "Nigeria") == [], "its project may be over"


def test_a_region_has_what_is_told_of_the_country_that_its_project_names():
    assert said("finding", asked="Africa")[-1].startswith("Results told of Nigeria: ")


def test_projects_are_counted_where_they_certainly_run_and_named_where_they_may():
    here = reach.places(start=2017, end=2022).drop_duplicates("project_id").set_index("project_id")
    late = {row["project_id"] for row in tables.rows("projects") if row["period"] >= "2018"}
    assert set(here.index[here.fits == "certainly"]) == late
    assert said("headline", 2017, 2022)[0].startswith("Five projects in 2017–2022")
    assert said("caveat", 2014, 2017) == [
        "Not certain in 2014–2017, so not counted: "
        "Employment services, Cambodia and Lao PDR (from 2013, end not stated)."
    ]


def test_a_network_is_not_there_before_it_is_launched(wells):
    network(wells)
    assert set(reach.places(start=2015, end=2016).place) == {"Mali", "Sahel"}
    assert set(reach.places(start=2017, end=2017).place) == {"Mali", "Sahel", "Chad", "Peru"}
    assert reach.results(start=2015, end=2016).empty, "a result before the network was there"
    assert said("caveat", "2017-05-09", "2017-05-09") == [
        "Not certain on 9 May 2017, so not counted: "
        "Chad and Peru in the Well Ring (launched May 2017), under Wells (2015–2018)."
    ]
    assert "through a network" not in said("headline", "2017-05-09", "2017-05-09")[0]
    assert said("headline", "2017-05-09", "2017-05-09", "Peru") == [
        "We count no project on 9 May 2017 that names Peru."
    ]
    assert said(None, 2015, 2016, "Peru") == [
        "We count no project in 2015–2016 that names Peru.",
        reach.APART,
    ]


def test_a_result_of_a_network_and_its_parts_stands_with_each_home_and_says_whose_it_is(wells):
    network(wells)
    for place in ("Chad", "Peru"):
        came = reach.results(place)
        assert list(came.result) == ["launch of the Well Ring", "22 schools in it", "talks"]
        assert came.whose["results/schools"] == "the Well Ring, in Chad and Peru"
        assert came.scope["results/talks"] == "network"
    assert said("finding", asked="Peru")[0] == (
        "The Well Ring brings together institutes from Chad and Peru: 22 schools in all, not in each country."
    )


def test_a_line_tells_date_status_and_whose_a_result_is_where_its_own_words_do_not(wells):
    network(wells)
    wells.came("pump", "a pump in Mali", status="in_progress")
    wells.came("tank", "a tank", status="delivered")
    for key in ("pump", "tank"):
        wells.table("result_places", id=f"{key}--mali", result_id=key, place_id="mali")
    (project, lines), *others = reach.told(reach.results()).map(words.plain).to_numpy()
    assert project == "Wells" and not others and reach.told(reach.results("Chad")[:0]).empty
    assert lines.split("\n") == [
        "Launch of the Well Ring (May 2017)",
        "22 schools in it (the Well Ring, in Chad and Peru)",
        "A tank (Mali)",
        "Not yet done: talks (planned, the Well Ring)",
        "Not yet done: a pump in Mali (in progress)",
    ]


def test_the_headline_follows_the_places_of_a_project(wells, change):
    assert said("headline") == [
        "One project names one country as a beneficiary and one target region."
    ]
    network(wells)
    change("project_places", "wells--mali", role="target_region")
    assert said("headline") == [
        "One project names two countries through a network and two target regions."
    ]
    for place in ("mali", "peru"):
        change("project_places", f"wells--{place}", role="beneficiary")
    assert said("headline") == [
        "One project names two countries as beneficiaries, one more as home of institutes in a network and one target region."
    ]


def test_a_project_of_regions_only_names_no_country(wells):
    wells.table("projects", project_id="roads", label="Roads", period="2020/2021")
    wells("roads", "sahel", "target_region")
    assert said("headline", 2020, 2021) == ["One project in 2020–2021 names one target region."]
    assert said("standfirst", asked="Mali") == said("standfirst", asked="Sahel") == [reach.APART]
    assert said("standfirst", 2020, 2021) == [], "one role has none to be told from"


def test_counts_of_people_are_told_from_counts_of_things(wells):
    wells.came("dug", "wells dug", value="12", qualifier="exact", unit="wells")
    assert not [text for text in said("finding") if text.startswith("People")]
    wells.table("projects", project_id="roads", label="Roads", period="2020/2021")
    wells("roads", "peru")
    for project, unit in (("wells", "farmers"), ("roads", "road workers")):
        wells.came(project, f"{unit} trained", f"projects/{project}", value="40", qualifier="over", unit=unit)  # fmt: skip
    assert "People are counted for two projects: over 40 farmers and over 40 road workers." in said("finding")  # fmt: skip


def test_a_superseded_result_and_amount_give_way_to_the_later_one(wells):
    for key, value, older in (("early", "10", ""), ("late", "12", "early")):
        wells.came(
            key, "wells dug", value=value, qualifier="exact", unit="wells", supersedes_id=older
        )
        wells.table("contributions", contribution_id=key, label="x", level="project",
                    printed=f"US$ {value} million", amount_usd=f"{value}000000", qualifier="exact",
                    printed_unit_usd="1000000", project_id="wells", supersedes_id=older)  # fmt: skip
    assert list(reach.results().result) == ["12 wells dug"]
    assert set(reach.places().money) == {"US$ 12 million"}


def test_where_nothing_is_counted_nothing_is_said_of_what_is_left_out():
    assert said(None, 2026, 2026) == [
        "We count no project in 2026.",
        "Not certain in 2026, so not counted: "
        "Employment services, Cambodia and Lao PDR (from 2013, end not stated).",
    ]
    late = reach.linked(reach.places(start=2023)).set_index("project_id").role
    assert list(late["skills-asean-2018"]) == [
        "named as a target region",
        *["home of network institutes; perhaps not in this window"] * 4,
    ], "of a project that is certain"
    assert said("finding", 2013, 2013)[-1] == "Results: our tables date none in 2013."


def test_a_blank_cell_is_never_told_as_the_documents_silence(wells):
    told = " ".join(words.plain(text) for text in reach.findings(asked="Mali").text)
    assert "Money of whole projects: that of Wells is not in our tables." in told
    assert "not stated" not in told and "none" not in told.casefold(), told


def test_what_a_gap_says_is_not_stated_leads_to_the_gap_and_to_what_could_change_it():
    money = reach.money()
    assert money.money["employment-services-2013"] == "not stated"
    assert not card(money.money_of["employment-services-2013"])["doubts"]
    proof = card(money.money_of["employment-asean-2022"])
    assert proof["doubts"] == ["agreement-or-project-2022"]
    assert proof["how"].startswith("No amount is stated for the projects of ")
    assert said("finding", asked="asean")[2].endswith(
        "and that of Employment support, ASEAN countries is not stated."
    )


def test_results_outside_the_window_are_left_out_and_undated_ones_are_listed_not_counted(wells):
    for key, period in (("a", "2016"), ("b", "2018"), ("c", "")):
        wells.came(key, key, period=period)
    wells.came("d", "d", status="in_progress")
    wells.came("e", "e", status="planned")
    assert list(reach.results(start=2016, end=2016).result) == ["a", "c"]
    told = words.plain(reach.told(reach.results(start=2016, end=2016)).text.iloc[0])
    assert told == "A (2016)\nC (no date)"
    assert "Dated results that touch 2016: a (2016)." in said("finding", 2016, 2016)


def test_a_number_is_certain_only_where_the_window_holds_all_of_its_period(wells):
    wells.came("dug", "wells dug", value="12", qualifier="exact", unit="wells", period="2016/2017")
    wells.came("day", "opening", period="2016-05")
    assert "Dated results that touch 2016: opening (May 2016). Perhaps not wholly in 2016: 12 wells dug (2016–2017)." in said("finding", 2016, 2016)  # fmt: skip
    assert list(reach.results(start=2016, end=2017).fits) == ["certainly", "certainly"]


def test_a_window_after_the_last_report_rests_on_stated_years(wells, change):
    change("projects", "wells", period="2015/2025")
    assert said("headline", 2024, 2024, "Mali") == [
        "By the stated years (the texts report up to 2022), one project in 2024 names Mali as a beneficiary."
    ]


def test_results_of_a_project_without_a_place_are_not_lost(wells):
    wells.table("projects", project_id="air", label="Air", period="2016")
    wells.came("a", "clean air", "projects/air", status="in_progress")
    assert list(reach.results().status) == ["in progress"]
    assert reach.results(start=2017).empty


def test_every_row_leads_to_its_words_and_linked_frames_keep_their_own():
    for frame in (reach.places(), reach.results(), reach.places("Mongolia")):
        for of in [*frame.of, *filter(None, frame.get("money_of", []))]:
            proof = card(of)
            assert proof["quotes"] or proof["how"], f"{of} has no words, and no gap is told"
    for frame in (reach.places(), reach.places("Mongolia")):
        linked = reach.linked(frame)
        for name in ("place", "project", "money", "when"):
            assert list(linked[name].map(words.plain)) == list(frame[name]), name
            assert all(words.links(text) for text in linked[name]), name


def test_only_countries_have_a_point_and_the_nearest_role():
    points = reach.points(reach.places())
    assert "ASEAN countries" not in set(points.place) and len(points) == 6
    assert points.role["cambodia"] == reach.ROLES["beneficiary"]
    assert points.role["china"] == reach.ROLES["network_home"]
    assert reach.points(reach.places("Mongolia")).empty
    assert set(reach.points(reach.places(start=2014, end=2014)).place) == set(), "none is certain"


def test_that_this_project_is_the_one_of_the_heading_is_no_great_doubt():
    (tied, _) = words.links(reach.findings().text.iloc[1])
    assert tied.shown == "four" and card(tied.of)["certainty"] == "stated"
