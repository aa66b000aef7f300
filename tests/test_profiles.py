"""A profile says of a project what is told of it, and what is not stated only where a gap says so."""

import re

import pytest

from ilodata import profiles, tables, words
from ilodata.problems import DataError

PROJECTS = [row["project_id"] for row in tables.rows("projects")]


def said(project, kind):
    """Return the sentences of one kind as plain words."""
    found = profiles.findings(project)
    return [words.plain(text) for text in found.text[found.kind == kind]]


@pytest.fixture
def wells(little):
    """Give a bare project, and the function that fills the tables."""
    little("projects", project_id="wells", label="Wells, Mali", period="2015/2018")
    little("organisations", organisation_id="mali", label="Mali", kind="state")
    little("organisations", organisation_id="water", label="Ministry of Water", kind="ministry")
    return little


def pay(wells, amount="US$ 2 million", **cells):
    """Give the project an amount."""
    known = {"amount_usd": "2000000", "qualifier": "exact", "printed_unit_usd": "1000000"} | cells
    wells("contributions", contribution_id="w", label="Wells", level="project", printed=amount,
          project_id="wells", **known)  # fmt: skip


def take_part(wells, organisation, role):
    """Give an organisation a part in the project."""
    wells("project_organisations", id=f"wells--{organisation}--{role}", project_id="wells",
          organisation_id=organisation, role=role)  # fmt: skip


@pytest.mark.parametrize("project", PROJECTS)
def test_every_profile_is_well_said(well_said, project):
    found = profiles.findings(project)
    told = well_said(found)
    assert told[0].startswith(tables.label(f"projects/{project}") + ": ")
    for text in found.text[found.kind == "finding"]:
        assert len(words.plain(text).split()) <= 32, f"too long to say: {words.plain(text)}"
    for text in found.text:
        bare = re.sub(r"\[\[.*?\]\]", "", text)
        assert not re.search(rf"\b({'|'.join(words.NUMBERS[1:])})\b|\d", bare), f"no proof: {bare}"


@pytest.mark.parametrize(
    ("money", "payer", "told"),
    [
        (True, "water", "US$ 2 million, funded by the Ministry of Water"),
        (True, "", "US$ 2 million, payer not in our tables"),
        (False, "mali", "amount not in our tables, funded by Mali"),
    ],
)
def test_a_headline_follows_the_tables(wells, money, payer, told):
    if money:
        pay(wells)
    if payer:
        take_part(wells, payer, "funding")
    assert said("wells", "headline") == [f"Wells, Mali: {told}; 2015–2018."]


def test_not_stated_is_said_only_where_a_gap_says_so(wells):
    assert said("wells", "finding") == ["Results: our tables hold none."]
    wells("conflicts", conflict_id="none", label="No result and no amount", kind="not_given",
          status="open", weight="gap", what="No result and no amount is stated.",
          treatment="Blank.")  # fmt: skip
    wells("conflict_records", id="none--wells", conflict_id="none", record="projects/wells")
    assert said("wells", "finding") == ["Results: none is stated."]
    assert said("wells", "headline") == [
        "Wells, Mali: amount not stated, payer not in our tables; 2015–2018."
    ]


def test_a_misprint_is_told_with_its_likely_reading(wells):
    misread = {"amount_usd": "", "printed_unit_usd": "", "likely_usd": "200000"}
    pay(wells, "US$ 2,00", qualifier="misprint", **misread)
    take_part(wells, "water", "funding")
    assert said("wells", "headline") == [
        "Wells, Mali: a misprinted “US$ 2,00”, likely US$ 200,000, funded by the Ministry of Water; "
        "2015–2018."
    ]
    assert profiles.findings("wells")[["value", "low", "high"]].isna().all(axis=None)


def test_a_project_beyond_the_last_report_is_planned_from_there(change, little):
    little("projects", project_id="wells", label="Wells", period="2021/2024")
    assert said("wells", "caveat") == [
        "The project’s years reach to 2024; the texts report up to 2022."
    ]
    for period in ("2021/2022", "2013/"):
        change("projects", "wells", period=period)
        assert said("wells", "caveat") == []


def test_aims_are_grouped_and_an_open_list_is_called_one(wells):
    for key, role, open_list in (("a", "activity", "true"), ("b", "aim", ""), ("c", "aim", "")):
        wells("themes", theme_id=key, record="projects/wells", theme=f"theme {key}", role=role,
              open_list=open_list)  # fmt: skip
    told = profiles.aims("wells").map(words.plain)
    assert list(told.about) == ["Aims", "Activities"]
    assert list(told.text) == ["theme b; theme c", "theme a; among others"], (
        "quoted, not printed so"
    )


def test_gaps_are_those_of_the_project_and_of_its_places():
    told = {project: profiles.gaps(project).index for project in PROJECTS}
    assert "beneficiaries" in told["skills-asean-2018"]
    assert "beneficiaries" not in told["trade-unions-2019"], "they are counted there"
    assert "countries-of-regions" in told["youth-employment-2020"], "of its place"


def test_what_is_inferred_is_told_once_for_each_reason_and_never_of_the_project_itself():
    for project in PROJECTS:
        found = profiles.inferred(project).map(words.plain)
        assert found.why.is_unique
        assert tables.label(f"projects/{project}") not in set(found.what)
    told = profiles.inferred("skills-asean-2018").what.map(words.plain)
    assert "TVET institutes in the network (Status: delivered)" in set(told), "the 22 is stated"


@pytest.mark.parametrize("asked", ["", [], ["skills-asean-2018", "trade-unions-2019"]])
def test_a_profile_is_one_projects(asked):
    with pytest.raises(DataError, match="project: .* is not one project; give one, such as '"):
        profiles.findings(asked)
    with pytest.raises(DataError, match="'skills-asean' is not .*did you mean skills-asean-2018"):
        profiles.facts("skills-asean")
