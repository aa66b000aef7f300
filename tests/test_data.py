"""The tables say what the documents say: the traps, the arithmetic, one fact in one place."""

import collections
import re

import pytest

from ilodata import tables
from ilodata.curation import filling


def test_figures_in_the_words_of_doubts_follow_from_the_tables():
    money = tables.load_contributions()
    doubts = tables.load_conflicts().otherwise
    fund, social = money.loc["trust-fund"], money.amount_usd["social-protection-2018"]
    left = (f"{round(bound - social, -3):,}" for bound in (fund.low_usd, fund.high_usd))
    assert "{} to {}".format(*left) in doubts["nigeria-amount"]
    totals = money.loc[["assessed-2017-2022", "voluntary-2017-2022", "jpo-2017-2022"]]
    sums = (some[["low_usd", "high_usd"]].sum().mean() for some in (totals[:2], totals))
    said = [f"{each / 10**6:.0f}" for each in sums]
    assert re.findall(r"\b2\d\d(?= million)", doubts["jpo-in-addition"]) == said
    beside = money.amount_usd[["skills-asean-2018", "trade-unions-2019"]].sum()
    assert f"US$ {beside // 10**6} million" in doubts["voluntary-sum"]


def test_a_signatory_that_is_named_twice_is_a_party_under_its_other_name_too():
    rows = tables.rows("agreement_parties")
    held = {(row["agreement_id"], row["organisation_id"]) for row in rows}
    twice = {(row["agreement_id"], row["same_as_id"]) for row in rows if row.get("same_as_id")}
    assert twice <= held


def test_what_the_texts_count_in_parts_comes_to_their_totals():
    value, kinds = tables.load_indicators().value, ("fundamental", "governance", "technical")
    parts = value[[f"conventions-{kind}" for kind in kinds]]
    assert parts.sum() == value["conventions-ratified"]
    value = tables.load_results().value
    assert 2 * value["network-mous"] == value["network-mou-members"] <= value["network-institutes"]
    status = tables.load_conflicts().status
    assert status["conventions-sum"] == status["network-mous-sum"] == "reconciles"


def test_predicates_are_few_described_and_used():
    field = tables.fields("relations")["predicate"]
    codes = {*field["constraints"]["enum"]}
    assert len(codes) <= 15 and codes == {*field["codes"]} == {*tables.load_relations().predicate}
    assert codes == {*tables.wordings("relations", "predicate")}


def test_a_list_is_open_for_each_of_its_members_or_for_none():
    lists, themes = collections.defaultdict(set), tables.load_themes()
    for piece in tables.rows("evidence"):
        table, _, key = piece["record"].partition("/")
        several = re.search(",| and ", fragment := piece["fragment"])
        if several and (table, piece["field"]) == ("themes", "theme"):
            row = themes.loc[key]
            lists[row.record, row.role, fragment].add(row.open_list)
    assert all(len(found) == 1 for found in lists.values()), lists


def test_what_is_shown_is_in_short_plain_sentences():
    doubts = tables.rows("conflicts")
    texts = [row[name] for row in doubts for name in ("what", "treatment", "otherwise")]
    texts += [row["note"] for row in tables.rows("evidence")]
    texts += [row["reason"] for row in tables.rows("unused_mentions")]
    for text in filter(None, texts):
        assert re.match(r"[A-Z0-9“$]", text), text
        assert text.endswith("."), text
        assert max(len(sentence.split()) for sentence in re.split(r"[.;?:] ", text)) <= 27, text
        assert not re.search(r"\bof which\b|\bis no\b|\bmend\b|\bsign of\b", text), text


def test_our_own_texts_have_the_apostrophe_of_the_documents():
    ours = [(table, field["name"]) for table, field in filling.columns_of("editorial")]
    assert [row for table, name in ours for row in tables.rows(table) if "'" in row[name]] == []


@pytest.mark.parametrize("part", [".", "reference"])
def test_every_column_is_described_with_its_role_and_unit_and_every_key_is_one(part):
    described = tables.package(part)["resources"]
    keys = {each["schema"]["fields"][0]["name"] for each in described} - {"id"}
    for each in described:
        first, *others = each["schema"]["fields"]
        linked = {field for key in each["schema"].get("foreignKeys", []) for field in key["fields"]}
        assert each["schema"]["primaryKey"] == [first["name"]]
        assert part == "." or (each["sources"] and each["licenses"])
        assert {field["name"] for field in others} & keys <= linked, each["name"]
        for field in (first, *others):
            assert field["description"].endswith("."), (each["name"], field["name"])
            assert field["role"] in ("key", "fact", "code", "editorial", "reference")
            assert part == "reference" or re.match(r"[A-Z]", field["title"])
            if field.get("proof") == "date" or field["name"].endswith("_usd"):
                assert field["unit"], field["name"]


def test_members_of_a_group_are_countries_and_no_two_have_one_code():
    members, countries = tables.load_reference("members"), tables.load_reference("countries")
    assert set(members.iso3) <= set(countries.iso3.dropna())
    assert countries.m49.dropna().is_unique
