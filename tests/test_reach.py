"""Whom projects reached: beneficiaries, network homes and regions are different things."""

import pandas as pd
import pytest

import ilodata as ilo
from ilodata import reach

PLACES = pd.DataFrame(
    {
        "label": ["Cambodia", "China", "ASEAN countries", "Africa"],
        "kind": ["country", "country", "group_of_states", "region"],
        "iso3": ["KHM", "CHN", None, None],
    },
    ["cambodia", "china", "asean", "africa"],
    dtype="string",
)
PROJECTS = pd.DataFrame(
    {
        "label": ["Skills", "Protection", "Youth"],
        "title": ["Skills Development in ASEAN", None, "Decent jobs for youth"],
        "period": ["2018/2025", "1998/2001", None],
    },
    ["skills", "protection", "youth"],
    dtype="string",
)
MEMBERS = pd.DataFrame(
    {
        "group_id": ["asean"] * 3 + ["brics"],
        "iso3": ["SGP", "KHM", "TLS", "CHN"],
        "start": pd.to_datetime(["1967-08-08", "1999-04-30", "2025-10-26", "2009-06-16"]),
    }
)
COUNTRIES = pd.DataFrame(
    {
        "iso3": ["KHM", "SGP", "TLS", "CHN", None],
        "label": ["Cambodia", "Singapore", "Timor-Leste", "China", "Africa"],
        "longitude": pd.array([105, 104, 126, 116, None], "Int64"),
        "latitude": pd.array([12, 1, -9, 40, None], "Int64"),
    },
    ["khm", "sgp", "tls", "chn", "africa"],
    dtype="object",
)
SKILLS = [("skills", "asean", "target_region"), ("skills", "china", "network_home")]
PROTECTION = [("protection", "cambodia", "beneficiary"), ("protection", "asean", "target_region")]
YOUTH = [("youth", "africa", "target_region")]


def touched(*rows):
    links = pd.DataFrame(rows, columns=["project_id", "place_id", "role"], dtype="string")
    links.index = pd.Index(links.agg("--".join, axis=1) if len(links) else [], dtype="string")
    return reach.reached(links, PLACES, PROJECTS)


def shown(*rows, start="1990", end="2030", **choice):
    return reach.within(touched(*rows), start, end, **choice)


def test_each_touch_keeps_its_role_and_comes_from_the_documents():
    columns = ["project", "place", "iso3", "role", "date", "source"]
    expected = ["Skills", "China", "CHN", "network_home", "2018/2025", "documents"]
    assert list(touched(*SKILLS).iloc[1][columns]) == expected


def test_a_touch_that_is_only_inferred_says_so():
    links = pd.DataFrame([YOUTH[0]], ["y"], ["project_id", "place_id", "role"], dtype="string")
    rows = reach.reached(links, PLACES, PROJECTS, pd.Series(["inferred"], ["y"]))
    assert list(rows.basis) == ["inferred"] and list(rows.record) == ["project_places/y"]
    assert list(reach.by_place(rows, COUNTRIES).basis) == ["inferred"]


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (("2018", "2025"), {"skills": "certainly", "youth": "undated"}),
        (("2018-01", "2018-03"), {"skills": "possibly", "youth": "undated"}),
        (("2030", "2031"), {"youth": "undated"}),
    ],
)
def test_a_project_is_in_a_window_certainly_possibly_or_undated(window, expected):
    rows = shown(SKILLS[0], *PROTECTION, *YOUTH, start=window[0], end=window[1])
    assert dict(zip(rows.project_id, rows.in_window, strict=True)) == expected


def test_the_home_of_a_network_is_never_a_beneficiary(well_said):
    rows = shown(*SKILLS, *PROTECTION)
    counted = reach.by_place(rows, COUNTRIES).set_index("place")
    assert counted.role["China"] == "home of network institutes"
    assert list(shown(*SKILLS, roles=["beneficiary"]).place) == []
    said = say(well_said, rows)
    assert "One country is named as the country in or for which a project works: Cambodia." in said
    assert "One country is the home of institutes of a network: China." in said


def test_a_place_in_two_roles_stands_in_two_rows_and_has_a_point_a_region_has_none():
    rows = shown(("skills", "cambodia", "network_home"), *PROTECTION)
    counted = reach.by_place(rows, COUNTRIES)
    named = counted[["place", "role", "projects", "named"]]
    assert list(named.itertuples(index=False, name=None)) == [
        ("ASEAN countries", "region, countries not named", 1, "Protection"),
        ("Cambodia", "home of network institutes", 1, "Skills"),
        ("Cambodia", "named beneficiary", 1, "Protection"),
    ]
    assert counted.longitude.isna().tolist() == [True, False, False]
    assert counted.latitude.dropna().tolist() == [12, 12]


@pytest.mark.parametrize("wanted", [["Cambodia"], ["cambodia"], ["CAMBODIA"]])
def test_a_place_is_chosen_by_its_name_or_id(wanted):
    rows = reach.at(touched(*SKILLS, *PROTECTION), wanted, PLACES)
    assert list(rows.project) == ["Protection"]
    assert len(reach.at(touched(*SKILLS), [], PLACES)) == 2


def test_a_region_brings_the_members_that_were_added_to_it():
    wider = reach.expand(touched(*SKILLS), MEMBERS, COUNTRIES)
    assert set(reach.at(wider, ["asean"], PLACES).place) == {
        "ASEAN countries", "Cambodia", "Singapore",
    }  # fmt: skip
    assert list(reach.at(wider, ["Singapore"], PLACES).role) == ["member"]


def test_a_place_that_is_known_and_not_reached_gives_nothing():
    assert reach.at(touched(*SKILLS), ["Timor-Leste"], PLACES, COUNTRIES).empty


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (["Camboda"], "^places: 'Camboda' is no place; did you mean cambodia[?]$"),
        (["Atlantis"], r"^places: 'Atlantis' is no place; see load_places\(\) for those"),
        ("Cambodia", r"^places: 'Cambodia' is one text; write a list like \['Cambodia'\]$"),
    ],
)
def test_a_place_that_nobody_knows_is_refused_in_a_sentence(wanted, message):
    with pytest.raises(ValueError, match=message):
        reach.at(touched(*PROTECTION), wanted, PLACES)


def test_a_region_is_expanded_only_into_those_that_were_members_when_the_project_began():
    wider = reach.expand(touched(*SKILLS, PROTECTION[1], *YOUTH), MEMBERS, COUNTRIES)
    added = wider[wider.role == "member"]
    assert set(added.source) == {"reference data"} and set(added.place_kind) == {"country"}
    assert list(zip(added.project, added.place, strict=True)) == [
        ("Skills", "Cambodia"), ("Skills", "Singapore"), ("Protection", "Singapore"),
    ]  # fmt: skip
    assert (wider[wider.role != "member"].source == "documents").all()
    assert reach.expand(touched(PROTECTION[0]), MEMBERS, COUNTRIES).equals(touched(PROTECTION[0]))


def test_members_go_with_their_region_and_have_no_role_of_their_own():
    wider = reach.expand(touched(*SKILLS), MEMBERS, COUNTRIES)
    for role, shown_too in (("target_region", {"member"}), ("network_home", set())):
        assert set(reach.within(wider, "2018", "2025", [role]).role) == {role} | shown_too


WORDED = reach.subjects(
    pd.DataFrame(
        {
            "record": ["projects/youth", "agreements/mou", "projects/youth"],
            "theme": ["monitoring and evaluation", "decent work", "institutions"],
            "role": ["subject", "aim", "activity"],
            "open_list": pd.array([pd.NA, pd.NA, True], "boolean"),
        }
    ),
    PROJECTS,
)


def test_the_subjects_of_a_project_are_its_title_or_label_and_its_themes_as_worded():
    assert list(WORDED.itertuples(index=False, name=None)) == [
        ("skills", "Skills Development in ASEAN", "title", False),
        ("protection", "Protection", "label", False),
        ("youth", "Decent jobs for youth", "title", False),
        ("youth", "monitoring and evaluation", "subject", False),
        ("youth", "institutions", "activity", True),
    ]


def test_a_theme_is_looked_for_in_any_case_and_taken_as_words_not_as_a_pattern():
    rows = shown(*SKILLS, *YOUTH, themes=["EVALUATION"], worded=WORDED)
    assert list(rows.project) == ["Youth"]
    with pytest.raises(ValueError, match="no project speaks of '.*'; try a word of its title$"):
        shown(*SKILLS, themes=[".*"], worded=WORDED)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"roles": ["beneficary"]}, "'beneficary' is no role; did you mean beneficiary[?]$"),
        ({"roles": ["member"]}, "^roles: 'member' is no role; "),
        ({"roles": "beneficiary"}, r"^roles: 'beneficiary' is one text; write a list like \["),
        ({"themes": "skills"}, r"^themes: 'skills' is one text; write a list like \['skills'\]$"),
        ({"themes": ["tourism"]}, "^themes: no project speaks of 'tourism'; try a word of"),
        ({"end": "1989"}, "^the window 1990 to 1989 ends before it starts$"),
    ],
)
def test_a_choice_that_cannot_be_made_is_refused_in_a_sentence(choice, message):
    with pytest.raises(ValueError, match=message):
        shown(*SKILLS, worded=WORDED, **choice)


RESULTS = pd.DataFrame(
    {
        "record": ["organisations/network", "projects/skills", "projects/protection"],
        "indicator": ["institutes", "workshops", "trained"],
        "value": pd.array([22, pd.NA, 1_200], "Int64"),
        "unit": ["TVET institutes", "workshops", "officials"],
        "place_id": pd.array([pd.NA, pd.NA, "cambodia"], "string"),
        "status": ["delivered", "in_progress", "delivered"],
        "period": pd.array(["2021-11", pd.NA, "2001"], "string"),
    },
    ["institutes", "workshops", "trained"],
)


def results(launched_under=("projects/skills",)):
    relations = pd.DataFrame(
        [("organisations/network", "launched_under", project) for project in launched_under]
        + [("agreements/mou", "promotes", "projects/youth")],
        columns=["subject", "predicate", "object"],
    )
    return reach.delivered(RESULTS, relations, PROJECTS, PLACES)


def of(rows, start="1990", end="2030"):
    return reach.of_shown(results(), rows, start, end)


def test_what_a_network_delivered_stands_with_the_project_that_launched_it():
    rows = of(shown(*SKILLS))[["project", "stated", "status", "place", "when"]]
    assert list(rows.itertuples(index=False, name=None)) == [
        ("Skills", "22 TVET institutes", "delivered", "not stated", "November 2021"),
        ("Skills", "workshops", "in progress", "not stated", "not dated"),
    ]


def test_a_network_that_two_projects_launched_stands_with_each():
    both = results(["projects/skills", "projects/protection"])
    assert list(both.project[both.indicator == "institutes"]) == ["Skills", "Protection"]


def test_a_result_dated_outside_of_the_window_is_left_out_and_an_undated_one_stays():
    assert list(of(shown(*SKILLS), "2018", "2020").indicator) == ["workshops"]
    assert list(of(shown(*SKILLS), "2021", "2021").indicator) == ["institutes", "workshops"]


def test_a_result_that_names_a_place_goes_with_that_place_only():
    assert list(of(shown(*PROTECTION)).indicator) == ["trained"]
    assert of(shown(PROTECTION[1])).empty


def test_results_of_a_year_are_counted_apart_from_those_without_a_date():
    table = reach.per_year(of(shown(*SKILLS, *PROTECTION)))
    assert table.loc[("Skills", "not dated"), "planned or in progress"] == 1
    assert list(table.loc[("Protection", "2001")]) == [1, 0, 0, "1,200 officials"]


def test_breadth_stands_beside_depth_and_what_is_in_progress_is_no_result_yet():
    rows = shown(*SKILLS)
    beside = reach.depth(rows, of(rows))
    assert list(zip(beside.side, beside.what, strict=True)) == [
        ("places touched", "region, countries not named"),
        ("places touched", "home of network institutes"),
        ("results stated", "result with a number"),
        ("results stated", "result planned or in progress"),
    ]


EVIDENCE = pd.DataFrame(
    [
        ("results/trained", "unit", "a Training of online Trainers course", "says", "stated"),
        ("results/workshops", "unit", "workshops to come", "says", "stated"),
        ("results/trained", "period", "no workshop in 2001", "differs", "stated"),
        ("projects/skills", "title", "South-South Cooperation for skills", "says", "stated"),
        ("contributions/gift", "amount_usd", "$ 3", "says", "inferred"),
        ("contributions/gift", "payer_id", "the fund's $ 3", "says", "stated"),
    ],
    columns=["record", "field", "fragment", "support", "basis"],
)
LINKS = pd.DataFrame(
    [
        ("organisations/network", "launched_under", "projects/skills"),
        ("projects/youth", "co_organised", "events/forum"),
    ],
    columns=["subject", "predicate", "object"],
)


def means(rows):
    network = pd.DataFrame({"label": ["Skills Network"]}, ["network"])
    forum = pd.DataFrame({"label": ["An e-forum"]}, ["forum"])
    found = reach.wordings(WORDED, of(rows), EVIDENCE, LINKS, network, forum)
    return reach.means(found, rows)


def test_means_are_read_from_printed_words_with_the_strongest_standing():
    named = means(shown(*SKILLS, *PROTECTION, *YOUTH))
    told = named[["project", "means", "standing", "words"]]
    assert list(told.itertuples(index=False, name=None)) == [
        ("Skills", "workshops and forums", "an aim, or in progress", "workshops to come"),
        ("Skills", "networks of peers", "a result", "Skills Network"),
        ("Protection", "training", "a result", "a Training of online Trainers course"),
        ("Youth", "workshops and forums", "a result", "An e-forum"),
    ]
    assert means(shown()).empty


def test_words_of_ours_and_what_differs_name_no_means():
    words = reach.wordings(
        pd.DataFrame([("skills", "Training programme", "label", False)], columns=list(WORDED)),
        of(shown(*PROTECTION)), EVIDENCE, LINKS.iloc[:0],
        pd.DataFrame({"label": []}), pd.DataFrame({"label": []}),
    )  # fmt: skip
    assert "no workshop in 2001" not in set(words.words)
    assert reach.means(words, shown(*SKILLS)).empty


GIFTS = pd.DataFrame(
    {
        "project_id": ["protection", "youth", "youth", pd.NA],
        "payer_id": ["fund", pd.NA, pd.NA, "china"],
        "printed": ["$ 3", "US$ 373,00", "over US$ 2 million", "US$ 9"],
        "low_usd": pd.array([3, pd.NA, 2_000_000, 9], "Int64"),
        "high_usd": pd.array([3, pd.NA, 3_000_000, 9], "Int64"),
    },
    ["gift", "misprint", "hedged", "other"],
)


def test_money_is_said_as_printed_with_the_range_of_a_hedge():
    assert reach.money(GIFTS, PROJECTS).to_dict() == {
        "skills": "no amount stated",
        "protection": "$ 3",
        "youth": "unknown, printed US$ 373,00; over US$ 2 million "
        "(between US$ 2 million and US$ 3 million)",
    }


def asked(rows):
    projects = PROJECTS.assign(end=pd.to_datetime(["2025-12-31", "2001-12-31", None]))
    parts = pd.DataFrame({"project_id": ["skills"], "role": ["funding"]}, ["p"])
    everywhere = touched(*SKILLS, *PROTECTION, *YOUTH)
    return reach.known(rows, everywhere, projects, results(), GIFTS, parts, EVIDENCE)


def test_what_is_stated_inferred_and_not_stated_of_a_project_is_told_apart():
    answers = asked(shown(*SKILLS, *PROTECTION)).pivot(
        index="project_id", columns="asked", values="answer"
    )
    assert answers.loc["protection", "who pays"] == "stated"
    assert answers.loc["protection", "how much"] == "inferred"
    assert answers.loc["skills", "how much"] == "not stated"
    assert answers.loc["skills", "that it is South-South"] == "stated"
    assert answers.loc["protection", "that it is South-South"] == "not stated"
    assert answers.loc["skills", "country that benefits"] == "not stated"
    assert set(answers["who implements"]) == {"not stated"}


def test_gaps_are_listed_with_their_projects_the_widest_first():
    listed = reach.gaps(asked(shown(*SKILLS, *PROTECTION)))
    assert list(listed.missing) == sorted(listed.missing, reverse=True)
    assert set(listed.of) == {2}
    money = listed.set_index("asked").loc["how much"]
    assert (money.missing, money.projects) == (1, "Skills")


def test_themes_of_a_project_and_role_are_folded_and_an_open_list_says_so():
    folded = reach.fold(WORDED, shown(*PROTECTION, *YOUTH))
    assert folded.words.to_dict() == {
        ("Youth", "title"): "Decent jobs for youth",
        ("Youth", "subject"): "monitoring and evaluation",
        ("Youth", "activity"): "institutions; and more",
    }


def test_an_inferred_part_of_an_organisation_is_marked():
    parts = pd.DataFrame(
        {
            "project_id": ["skills", "skills", "youth"],
            "organisation": ["ILO", "China", "Fund"],
            "role": ["collaborating", "collaborating", "funding"],
            "basis": ["inferred", "stated", "stated"],
        }
    )
    table = reach.carriers(parts, shown(*SKILLS, *PROTECTION))
    assert table.organisations.to_dict() == {
        ("Skills", "collaborating"): "ILO (inferred); China",
        ("Protection", "not stated"): "not stated",
    }
    assert reach.carriers(parts, shown()).empty


def say(well_said, rows):
    said = reach.findings(rows, of(rows), means(rows), asked(rows), "1990", "2030")
    return " ".join(well_said(said))


def test_that_no_place_is_touched_is_said(well_said):
    assert say(well_said, shown()) == (
        "No project touches a place in the window 1990 to 2030 under the choice made."
    )


def test_a_project_without_a_date_is_possible_and_no_more(well_said):
    assert say(well_said, shown(*YOUTH)).startswith("At most one project touches a place")
    assert say(well_said, shown(*SKILLS, *YOUTH)).startswith(
        "Between 1 and 2 projects touch a place in the window 1990 to 2030."
    )


def test_one_of_a_kind_is_said_as_one(well_said):
    said = say(well_said, shown(SKILLS[0]))
    assert said.startswith("One project touches a place in the window 1990 to 2030.")
    assert "One project is for a region or group whose countries are not named: ASEAN" in said
    assert "Counted results: 22 TVET institutes." in said
    assert "Of 2 results listed, none names a place." in said
    assert "For one project no amount of money can be read: Skills." in said


def test_many_are_counted_apart_and_members_are_said_to_be_added(well_said):
    rows = [*SKILLS, *PROTECTION, *YOUTH, ("skills", "cambodia", "network_home")]
    wider = reach.expand(touched(*rows), MEMBERS, COUNTRIES)
    said = say(well_said, reach.within(wider, "1990", "2030"))
    assert "2 countries are the home of institutes of a network: Cambodia, China." in said
    assert "3 projects are for a region or group whose countries are not named: ASEAN" in said
    assert "Reference data adds 2 member countries of these regions." in said
    assert "Counted results: 22 TVET institutes; 1,200 officials." in said
    assert "Of 3 results listed, one names a place: Cambodia." in said
    assert "workshops and forums (2 of 3); training (1 of 3)" in said
    assert "For one project no result is stated: Youth." in said
    assert "For 2 projects no words call it South-South cooperation: Protection; Youth." in said


def test_a_region_that_only_a_title_names_is_said_to_be_inferred(well_said):
    guessed = shown(*YOUTH).assign(basis="inferred")
    said = reach.findings(guessed, of(guessed), means(guessed), asked(guessed), "1990", "2030")
    well_said(said)
    assert said.caveat[1].endswith("Inferred: Africa.")


def test_reference_data_expands_the_region_that_the_documents_name():
    wider = reach.expand(
        reach.reached(ilo.load_project_places(), ilo.load_places(), ilo.load_projects()),
        ilo.load_reference("members"),
        ilo.load_reference("countries"),
    )
    added = wider[(wider.role == "member") & (wider.project_id == "skills-asean-2018")]
    assert len(added) == 10 and "Timor-Leste" not in set(added.place)
    assert {"cambodia", "lao-pdr", "myanmar"} <= set(added.place_id)
    assert reach.by_place(wider, ilo.load_reference("countries")).longitude.notna().sum() == 18


def test_every_means_and_role_of_a_theme_has_a_standing():
    roles = {"title", "subject", "aim", "activity", "delivered", "in progress", "planned"}
    given = [how for hows in reach.STANDINGS.values() for how in hows]
    assert roles <= set(given) and len(given) == len(set(given))
