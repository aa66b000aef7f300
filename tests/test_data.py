"""The tables say what the documents say: the traps, the arithmetic, the receipt."""

import re

import pytest

import ilodata as ilo
from ilodata import tables
from ilodata.curation import verify


def test_no_table_has_changed_since_the_documents_were_held_against_it():
    assert verify.outdated() == []


def test_the_misprinted_amount_has_no_value_and_its_reading_is_inferred():
    row = ilo.load_contributions().loc["youth-employment-2020"]
    assert row.printed == "US$ 373,00"
    assert row[["amount_usd", "low_usd", "high_usd"]].isna().all()
    assert set(ilo.evidence("contributions/youth-employment-2020", "likely_usd").basis) == {
        "inferred"
    }


@pytest.mark.parametrize(
    ("key", "low", "high"),
    [
        ("assessed-2017-2022", 235_000_000, 236_000_000),
        ("voluntary-2017-2022", 5_200_000, 5_200_000),
        ("jpo-2017-2022", 2_200_000, 2_300_000),
        ("trust-fund", 1_100_000, 1_200_000),
        ("skills-asean-2018", 4_000_000, 4_000_000),
        ("social-protection-2018", 746_014, 746_014),
    ],
)
def test_a_hedge_bounds_its_amount_on_the_right_side(key, low, high):
    row = ilo.load_contributions().loc[key]
    assert (row.low_usd, row.high_usd) == (low, high)


def test_a_window_belongs_to_its_own_sentence():
    periods = ilo.load_contributions().period
    windows = periods[["assessed-2017-2022", "voluntary-2017-2022", "jpo-2017-2022"]]
    assert set(windows) == {"2017/2022"}
    others = ["trust-fund", "mou-mohrss-2022", "skills-asean-2018", "social-protection-2018"]
    assert periods[others].isna().all()


def test_the_four_memoranda_of_2019_are_signed_in_april_or_june():
    signed = ilo.load_agreements().signed
    assert (signed == "[2019-04,2019-06]").sum() == 4


def test_agreements_of_2012_2018_and_2022_are_three():
    agreements = ilo.load_agreements()
    assert list(agreements.signed[["sstc-2012", "ssc-2018", "mou-mohrss-2022"]]) == [
        "2012", "2018", "2022-12-07",
    ]  # fmt: skip


def test_no_party_is_invented_where_none_is_stated():
    with_party = set(ilo.load_agreement_parties().agreement_id)
    silent = {
        "mou-strategic-2016", "ssc-2018", "chongqing-declaration-2017", "lemm-declaration-2022",
    }  # fmt: skip
    assert set(ilo.load_agreements().index) - with_party == silent


def test_a_network_home_and_a_region_are_no_beneficiaries():
    places = ilo.load_project_places()
    named = places[places.role == "beneficiary"]
    assert set(named.place_id) == {"cambodia", "lao-pdr", "pakistan", "nigeria"}
    homes = places[places.role == "network_home"]
    assert set(homes.place_id) == {"china", "cambodia", "lao-pdr", "myanmar"}
    assert set(homes.project_id) == {"skills-asean-2018"}


def test_the_parts_of_the_ratified_conventions_make_their_total():
    value = ilo.load_indicators().value
    parts = value[["conventions-fundamental", "conventions-governance", "conventions-technical"]]
    assert parts.sum() == value["conventions-ratified"]
    assert ilo.load_conflicts().status["conventions-sum"] == "reconciles"


def test_the_memoranda_of_the_network_pair_their_members():
    value = ilo.load_results().value
    assert 2 * value["network-mous"] == value["network-mou-members"] <= value["network-institutes"]
    assert ilo.load_conflicts().status["network-mous-sum"] == "reconciles"


def test_of_three_projects_only_the_first_and_the_third_can_make_the_funds_total():
    contributions = ilo.load_contributions()
    low, high = contributions.loc["trust-fund", ["low_usd", "high_usd"]]
    social, unions = contributions.amount_usd[["social-protection-2018", "trade-unions-2019"]]
    likely = contributions.likely_usd["youth-employment-2020"]
    assert low < social + likely < high
    assert not low < social + unions < high
    assert not low < unions + likely < high


def test_figures_in_the_words_of_conflicts_and_notes_follow_from_the_tables():
    contributions = ilo.load_contributions()
    social = contributions.amount_usd["social-protection-2018"]
    low, high = contributions.loc["trust-fund", ["low_usd", "high_usd"]]
    conflicts = ilo.load_conflicts()
    assert f"{low - social:,} to {high - social:,}" in conflicts.treatment["nigeria-amount"]
    likely = contributions.likely_usd["youth-employment-2020"]
    assert f"make {social + likely:,}" in conflicts.treatment["trust-fund-sum"]
    unions = contributions.amount_usd["trade-unions-2019"]
    assert f"make {social + unions:,}" in conflicts.treatment["headings-before-three-projects"]


@pytest.mark.parametrize("part", [".", "reference"])
def test_every_column_is_described_and_every_table_names_its_role(part):
    for resource in tables.package(part)["resources"]:
        for field in resource["schema"]["fields"]:
            assert field["description"].endswith("."), (resource["name"], field["name"])
            assert field["role"] in ("key", "fact", "code", "editorial", "reference")
    if part == "reference":
        assert all(r["sources"] and r["licenses"] for r in tables.package(part)["resources"])


def test_members_of_a_group_have_codes_and_no_document_table_uses_them():
    members, countries = ilo.load_reference("members"), ilo.load_reference("countries")
    assert set(members.iso3) <= set(countries.iso3.dropna())
    codes = countries.m49.dropna()
    assert codes.is_unique
    assert all(re.fullmatch(r"\d{3}", code) for code in codes)
