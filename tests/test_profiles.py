"""A profile says of a project what is told of it, and what is not stated only where a gap says so."""

import re

import pandas as pd
import pytest

from ilodata import naming, profiles, tables, words
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


@pytest.mark.parametrize("project", PROJECTS)
def test_every_profile_is_well_said(well_said, project):
    found = profiles.findings(project)
    told = well_said(found)
    assert told[0].startswith(naming.label(f"projects/{project}") + ": ")
    for text in found.text[found.kind == "finding"]:
        assert len(words.plain(text).split()) <= 32, f"too long to say: {words.plain(text)}"
    for text in found.text:
        bare = re.sub(r"\[\[.*?\]\]", "", text)
        assert not re.search(rf"\b({'|'.join(words.NUMBERS[1:])})\b|\d", bare), f"no proof: {bare}"


GIVEN = {"contribution_id": "w", "label": "Wells", "level": "project", "project_id": "wells"}
MONEY = {"printed": "US$ 2 million", "amount_usd": "2000000", "qualifier": "exact"}
MONEY |= {"printed_unit_usd": "1000000"}
MISPRINT = {"printed": "US$ 2,00", "qualifier": "misprint", "likely_usd": "200000"}


@pytest.mark.parametrize(
    ("money", "payer", "told"),
    [
        (MONEY, "water", "US$ 2 million, funded by the Ministry of Water"),
        (MONEY, "", "US$ 2 million, payer not in our tables"),
        ({}, "mali", "amount not in our tables, funded by Mali"),
        (MISPRINT, "mali", "a misprinted “US$ 2,00”, likely US$ 200,000, funded by Mali"),
    ],
)
def test_a_headline_follows_the_tables(wells, money, payer, told):
    if money:
        wells("contributions", **GIVEN | money)
    if payer:
        part = {"id": "w", "project_id": "wells", "organisation_id": payer, "role": "funding"}
        wells("project_organisations", **part)
    assert said("wells", "headline") == [f"Wells, Mali: {told}; 2015–2018."]
    figures = profiles.findings("wells")[["value", "low", "high"]]
    assert figures.notna().any(axis=None) == (money == MONEY)


def test_a_project_within_the_last_report_or_without_an_end_is_not_told_as_planned(wells, change):
    for period, planned in (("2021/2024", 1), ("2021/2022", 0), ("2013/", 0)):
        change("projects", "wells", period=period)
        assert len(said("wells", "caveat")) == planned


def test_an_aim_that_is_not_printed_so_is_no_quotation(wells):
    themes = {"a": "activity", "b": "aim"}
    for key, role in themes.items():
        cells = {"theme_id": key, "theme": f"theme {key}", "role": role, "open_list": "true"}
        wells("themes", record="projects/wells", **cells)
    told = profiles.aims("wells").map(words.plain)
    assert list(told.about) == ["Aims", "Activities"]
    assert list(told.text) == ["theme b; among others", "theme a; among others"]


def test_gaps_are_those_of_the_project_and_of_its_places():
    told = {project: profiles.gaps(project).index for project in PROJECTS}
    assert "beneficiaries" in told["skills-asean-2018"]
    assert "beneficiaries" not in told["trade-unions-2019"], "they are counted there"
    assert "countries-of-regions" in told["youth-employment-2020"], "of its place"


def test_what_is_inferred_is_told_once_for_each_reason_and_never_of_the_project_itself():
    for project in PROJECTS:
        found = profiles.inferred(project).map(words.plain)
        assert found.why.is_unique
        assert naming.label(f"projects/{project}") not in set(found.what)
    told = profiles.inferred("skills-asean-2018").what.map(words.plain)
    assert "TVET institutes in the network (Status: delivered)" in set(told), "the 22 is stated"


@pytest.mark.parametrize("asked", ["", [], ["skills-asean-2018", "trade-unions-2019"]])
def test_a_profile_is_one_projects(asked):
    with pytest.raises(DataError, match="project: .* is not one project; give one, such as '"):
        profiles.findings(asked)
    with pytest.raises(DataError, match="'skills-asean' is not .*did you mean skills-asean-2018"):
        profiles.facts("skills-asean")


def test_the_figure_of_a_hedged_amount_is_a_range_in_the_unit_of_all_money(wells):
    wells("contributions", **GIVEN | MONEY | {"qualifier": "over"})
    told = profiles.findings("wells").iloc[0]
    assert (told.low, told.high, told.unit) == (2_000_000, 3_000_000, "US$")
    assert pd.isna(told.value), "as of any range"
