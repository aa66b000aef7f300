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
    }
)
SKILLS = [("skills", "asean", "target_region"), ("skills", "china", "network_home")]
PROTECTION = [("protection", "cambodia", "beneficiary"), ("protection", "asean", "target_region")]
YOUTH = [("youth", "africa", "target_region")]


def touched(*rows):
    links = pd.DataFrame(rows, columns=["project_id", "place_id", "role"], dtype="string")
    return reach.reached(links, PLACES, PROJECTS)


def shown(*rows, start="1990", end="2030", **choice):
    return reach.within(touched(*rows), start, end, **choice)


def test_each_touch_keeps_its_role_and_comes_from_the_documents():
    columns = ["project", "place", "iso3", "role", "date", "source"]
    expected = ["Skills", "China", "CHN", "network_home", "2018/2025", "documents"]
    assert list(touched(*SKILLS).loc[1, columns]) == expected


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
    counted = reach.by_place(rows).set_index("place")
    assert counted.role["China"] == "home of network institutes"
    assert list(shown(*SKILLS, roles=["beneficiary"]).place) == []
    said = reach.findings(rows, results().iloc[:0], "1990", "2030").finding
    assert said[0].startswith("One country is named as the country") and "China" not in said[0]
    assert said[1].startswith("One country is the home of institutes") and "China" in said[1]


def test_a_place_in_two_roles_stands_in_two_rows():
    rows = reach.by_place(shown(("skills", "cambodia", "network_home"), *PROTECTION[:1]))
    assert list(rows.itertuples(index=False, name=None)) == [
        ("Cambodia", "home of network institutes", 1, "Skills"),
        ("Cambodia", "named beneficiary", 1, "Protection"),
    ]


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
        ("protection", "Protection", "title", False),
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


def results(launched_under=("projects/skills",)):
    return reach.delivered(
        pd.DataFrame(
            {
                "record": ["organisations/network", "projects/skills", "projects/youth"],
                "indicator": ["institutes", "workshops", "trained"],
                "value": pd.array([22, pd.NA, 1_200], "Int64"),
                "unit": ["TVET institutes", "workshops", "officials"],
                "status": ["delivered", "in_progress", "planned"],
                "period": pd.array(["2021-11", pd.NA, "2021/2022"], "string"),
            }
        ),
        pd.DataFrame(
            [("organisations/network", "launched_under", project) for project in launched_under]
            + [("agreements/mou", "promotes", "projects/youth")],
            columns=["subject", "predicate", "object"],
        ),
        PROJECTS,
        touched(*SKILLS),
    )


def test_what_a_network_delivered_stands_with_the_project_that_launched_it():
    rows = results()[["project", "stated", "status", "when"]]
    assert list(rows.itertuples(index=False, name=None)) == [
        ("Skills", "22 TVET institutes", "delivered", "November 2021"),
        ("Skills", "workshops", "in progress", "not dated"),
    ]


def test_a_network_that_two_projects_launched_stands_with_the_one_shown():
    assert len(results(["projects/skills", "projects/protection"])) == 2


def say(well_said, rows, listed=None):
    listed = results().iloc[:0] if listed is None else listed
    return " ".join(well_said(reach.findings(rows, listed, "1990", "2030")))


def test_that_no_place_is_touched_is_said(well_said):
    assert say(well_said, shown()) == (
        "No project touches a place in the window 1990 to 2030 and the roles chosen."
    )


def test_one_project_for_a_region_and_one_without_result_are_said_as_one(well_said):
    assert say(well_said, shown(SKILLS[0])) == (
        "One project is for a region whose countries are not named: ASEAN countries. "
        "For one project no result is stated: Skills."
    )


def test_many_are_counted_apart_and_members_are_said_to_be_added(well_said):
    rows = [*SKILLS, *PROTECTION, *YOUTH, ("skills", "cambodia", "network_home")]
    wider = reach.expand(touched(*rows), MEMBERS, COUNTRIES)
    said = say(well_said, reach.within(wider, "1990", "2030"), results())
    assert "One country is named as the country in or for which a project works: Cambodia." in said
    assert "2 countries are the home of institutes of a network: Cambodia, China." in said
    assert (
        "3 projects are for a region whose countries are not named: ASEAN countries, Africa."
        in said
    )
    assert "Reference data adds 2 member countries of these regions." in said
    assert "Counted results: 22 TVET institutes." in said
    assert "For 2 projects no result is stated: Protection; Youth." in said


def test_reference_data_expands_the_region_that_the_documents_name():
    wider = reach.expand(
        reach.reached(ilo.load_project_places(), ilo.load_places(), ilo.load_projects()),
        ilo.load_reference("members"),
        ilo.load_reference("countries"),
    )
    added = wider[(wider.role == "member") & (wider.project_id == "skills-asean-2018")]
    assert len(added) == 10 and "Timor-Leste" not in set(added.place)
    assert {"cambodia", "lao-pdr", "myanmar"} <= set(added.place_id)
