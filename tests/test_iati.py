"""The IATI file is valid, keeps IATI's rules, and says of everything derived or inferred that it is."""

import datetime
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from ilodata import tables
from ilodata.evidence import inferred
from ilodata.exchange import iati
from ilodata.problems import DataError

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "iati"
UNSTATED = "Not in our tables"
# Where codes stand: path to the attribute, and its codelist.
CODED = {
    "activity-date/@type": "ActivityDateType",
    "activity-status/@code": "ActivityStatus",
    "description/@type": "DescriptionType",
    "location/location-id/@vocabulary": "GeographicVocabulary",
    "location/location-reach/@code": "GeographicLocationReach",
    "participating-org/@role": "OrganisationRole",
    "*/@type[parent::*[contains(name(), '-org')]]": "OrganisationType",
    "transaction/*[contains(name(), '-org')]/@type": "OrganisationType",
    "recipient-region/@vocabulary": "RegionVocabulary",
    "recipient-country/@code": "Country",
    "sector/@code": "Sector",
    "sector/@vocabulary": "SectorVocabulary",
    "transaction/transaction-type/@code": "TransactionType",
    "transaction/value/@currency": "Currency",
}
# Rules 3.7.1 and 3.7.2 of IATI's present ruleset, which is newer than the one that pyIATI holds.
RECIPIENT = {
    "//iati-activity": {
        "atleast_one": {"cases": [
            {"paths": ["recipient-country", "recipient-region", "transaction/recipient-country", "transaction/recipient-region"]},
            {"paths": ["sector", "transaction/sector"]},
        ]},
    },
}  # fmt: skip


def exported(tmp_path, level="project"):
    done = iati.export(tmp_path / f"{level}.xml", level)
    return etree.parse(tmp_path / f"{level}.xml").getroot(), done


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("iati")
    return {level: exported(folder, level) for level in iati.LEVELS}


@pytest.fixture(scope="module")
def projects(files):
    """Give the activities of the projects by the id of their record."""
    return {
        each.find("legacy-data[@name='record']").get("value").partition("/")[2]: each
        for each in files["project"][0].iter("iati-activity")
    }


@pytest.fixture(scope="module")
def told(files):
    """Give what is said of each transaction, by its record."""
    return {t.get("ref"): say(t) for root, _ in files.values() for t in root.iter("transaction")}


def activity(root, key):
    [found] = root.xpath(f"//iati-activity[contains(iati-identifier, '{key}')]")
    return found


def say(element):
    return " ".join(" ".join(each.itertext()) for each in element.iter("narrative"))


def remarks(activity):
    return " ".join(say(each) for each in activity.findall("description[@type='4']"))


@pytest.fixture(scope="session")
def schema():
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not there, so NOTHING was validated against IATI's schema")
    return etree.XMLSchema(etree.parse(SHARED / "iati-activities-schema.xsd"))


def test_the_files_are_valid_under_the_official_schema(files, schema):
    for root, _ in files.values():
        assert schema.validate(root), schema.error_log


def official(standards, kind, name):
    [path] = standards.glob(f"lib/*/site-packages/iati/resources/standard/2-03/{kind}/{name}")
    return path


def test_the_codes_in_the_files_stand_in_the_official_codelists(files, standards):
    for path, name in CODED.items():
        items = etree.parse(official(standards, "codelists", f"{name}.xml")).iter("codelist-item")
        known = {item.findtext("code") for item in items}
        for root, _ in files.values():
            assert set(root.xpath(f"iati-activity/{path}")) <= known, path


def passes(element, rule, case):
    """Tell whether one case of a rule of IATI's rulesets holds for an element."""
    found = [each for path in case.get("paths", []) for each in element.xpath(path)]
    texts = [each if isinstance(each, str) else each.text for each in found]
    if rule == "atleast_one":
        return bool(found)
    if rule == "no_more_than_one":
        return len(found) <= 1
    if rule == "sum":
        return not texts or sum(map(Decimal, texts)) == case["sum"]
    if rule == "regex_matches":
        return all(re.fullmatch(case["regex"], text) for text in texts)
    assert rule == "date_order", f"a rule that we do not know: {rule}"
    today = [datetime.date.today().isoformat()]
    less, more = (today if case[k] == "NOW" else element.xpath(case[k]) for k in ("less", "more"))
    return not (less and more) or max(less) <= min(more)


def broken_rules(root, ruleset):
    return [
        (context, rule, case)
        for context, rules in ruleset.items()
        for rule, said in rules.items()
        for case in said["cases"]
        for element in root.xpath(context)
        if not passes(element, rule, case)
    ]


@pytest.fixture(scope="session")
def ruleset(standards):
    return json.loads(official(standards, "rulesets", "standard_ruleset.json").read_text("utf-8"))


@pytest.mark.parametrize("level", iati.LEVELS)
def test_no_rule_of_either_ruleset_is_broken(files, ruleset, level):
    root = files[level][0]
    assert broken_rules(root, ruleset) + broken_rules(root, RECIPIENT) == []
    if level != "project":
        assert {say(each) for each in root.iter("recipient-region")} == {UNSTATED}
        assert all("do not say whom it reaches" in remarks(a) for a in root.iter("iati-activity"))


@pytest.mark.parametrize("level", iati.LEVELS)
def test_importers_get_ids_names_days_and_the_figures_of_one_level_as_printed(files, level):
    root, rows = files[level][0], tables.load_contributions()
    [ref], ids = set(root.xpath("//reporting-org/@ref")), root.xpath("//iati-identifier/text()")
    assert len(ids) == len(set(ids)) == len(root) - 1  # the preface is a comment
    assert all(each.startswith(f"{ref}-") for each in ids)
    assert set(root.xpath("//reporting-org/@secondary-reporter")) == {"1"}
    assert all((each.text or "").strip() for each in root.iter("narrative"))
    for money in root.iter("transaction"):
        # Without both, importers take the reporting organisation for the one that is missing.
        assert money.findtext("provider-org/narrative") and money.findtext("receiver-org/narrative")
        assert money.find("value").get("value-date") == money.find("transaction-date").get(
            "iso-date"
        )
        row = rows.loc[money.get("ref").partition("/")[2]]
        assert (row.level, row.amount_usd) == (level, int(money.findtext("value")))
        assert f"Printed: “{row.printed}”." in say(money)


def test_every_project_is_an_activity_and_every_amount_stands_in_one_file_or_is_named(files):
    records = files["project"][0].xpath("//legacy-data[@name='record']/@value")
    assert records == [f"projects/{key}" for key in tables.load_projects().index]
    written, left_out = [], ""
    for root, done in files.values():
        assert len(root.xpath("//transaction")) == done["transactions"]
        assert len(root.xpath("//iati-activity")) == done["activities"]
        written += root.xpath("//transaction/@ref")
        left_out += " ".join(done["left_out"])
    ours = {f"contributions/{key}" for key in tables.load_contributions().index}
    assert len(written) == len(set(written))
    assert {key for key in ours if key in left_out} == ours - set(written)


def test_a_hedge_is_said_with_its_bounds_and_an_exact_amount_has_none(told):
    assert (
        "(nearly) is part of the figure: we read it as US$ 235 to 236 million"
        in told["contributions/assessed-2017-2022"]
    )
    assert "(over) is part of the figure" in told["contributions/jpo-2017-2022"]
    assert "hedge" not in told["contributions/skills-asean-2018"]
    initial = told["contributions/mou-mohrss-2022"]
    assert "An initial instalment, not the whole." in initial
    committed = [key for key, text in told.items() if "Committed, as worded." in text]
    assert committed == ["contributions/sstc-2012"]
    unsaid = [text for text in told.values() if "do not say whether it is pledged or paid" in text]
    assert len(unsaid) == len(told) - 1


def test_a_misprint_has_no_value_and_its_likely_reading_is_inferred(projects):
    misprinted = projects["youth-employment-2020"]
    assert not misprinted.findall("transaction") and not misprinted.findall(".//value")
    said = remarks(misprinted)
    assert "“US$ 373,00”, a misprint: it has no value and no transaction." in said
    assert "A reading of it as 373,000 US dollars is inferred, not stated." in said
    row = tables.load_conflicts().loc["nigeria-amount"]
    assert f"{row.what} {row.treatment} {row.otherwise}" in said, "what limits it is told"


def test_an_amount_that_a_later_document_replaces_is_no_second_amount(add, tmp_path):
    rows = {row["contribution_id"]: row for row in tables.rows("contributions")}
    new = {"contribution_id": "skills-later", "amount_usd": "5000000", "printed": "US$ 5 million"}
    add(
        "contributions",
        **(rows["skills-asean-2018"] | new | {"supersedes_id": "skills-asean-2018"}),
    )
    root, done = exported(tmp_path)
    values = activity(root, "skills-asean").xpath("transaction/value/text()")
    assert values == ["5000000"]
    said = "contributions/skills-asean-2018 is left out: a later document replaces it."
    assert said in done["left_out"]


def dates(activity):
    return [(each.get("type"), each.get("iso-date")) for each in activity.findall("activity-date")]


@pytest.mark.parametrize(
    ("period", "expected", "status"),
    [
        ("2018/2025", [("2", "2018-01-01"), ("3", "2025-12-31")], "2"),
        ("2018/2021", [("2", "2018-01-01"), ("4", "2021-12-31")], "4"),
        ("2013/", [("2", "2013-01-01")], "2"),
        ("2030/2031", [("1", "2030-01-01"), ("3", "2031-12-31")], "1"),
    ],
)
def test_a_year_gives_the_first_or_last_day_it_can_mean_and_says_that_it_is_derived(change, tmp_path, period, expected, status):  # fmt: skip
    change("projects", "skills-asean-2018", period=period)
    root, done = exported(tmp_path)
    found = activity(root, "skills-asean")
    assert dates(found) == expected
    assert found.find("activity-status").get("code") == status
    for each in found.findall("activity-date"):
        assert f"from the EDTF date {period}" in say(each) and say(each).endswith("derived.")
    assert re.search(r"derived as of 2022-12-\d\d, not taken from a document\.", remarks(found))
    assert ("Our tables hold no end" in remarks(found)) == period.endswith("/")
    future = "no transaction of the future" in " ".join(done["left_out"])
    assert future == (not found.findall("transaction")) == period.startswith("2030")


def test_an_exact_day_is_not_called_derived(files):
    found = activity(files["agreement"][0], "agreements-mou-")
    assert dates(found) == [("2", "2022-12-07")]
    assert say(found.find("activity-date")) == "7 December 2022, from the EDTF date 2022-12-07."
    assert "its agreement is, 7 December 2022" in say(found.find("transaction"))


def test_countries_whose_shares_are_not_stated_get_no_percentages(files, projects):
    assert not files["project"][0].xpath("//@percentage")
    found = projects["social-protection-2018"]
    [region] = found.findall("recipient-region")
    assert (region.get("vocabulary"), say(region)) == ("99", "Cambodia and Pakistan")
    assert found.xpath("location/location-id/@code") == ["KH", "PK"]
    assert "How Cambodia and Pakistan share in it is not in our tables" in remarks(found)


def test_one_country_is_a_recipient_and_a_region_is_not_expanded(change, projects, tmp_path):
    assert projects["youth-employment-2020"].find("recipient-country").get("code") == "NG"
    skills = projects["skills-asean-2018"]
    assert say(skills.find("recipient-region")) == "ASEAN countries"
    assert not skills.findall("location") and not skills.findall("recipient-country")
    assert "that makes no beneficiary." in say(skills)
    assert "Target region: Africa (inferred, not stated), not expanded" in say(
        projects["youth-employment-2020"]
    )
    change("project_places", "trade-unions-2019--asia-pacific--target-region", place_id="africa")
    region = activity(exported(tmp_path)[0], "trade-unions").find("recipient-region")
    assert (region.get("code"), region.get("vocabulary")) == ("002", "2")


def test_only_stated_parts_have_a_role_and_the_rest_stays_words(projects):
    for key, found in projects.items():
        parts = found.findall("participating-org")
        rows = [r for r in tables.rows("project_organisations") if r["project_id"] == key]
        roles = [{"funding": "1", "implementing": "4"}.get(row["role"]) for row in rows]
        assert [p.get("role") for p in parts] == ([role for role in roles if role] or ["1"])
    first = projects["employment-services-2013"]
    assert [say(p) for p in first.findall("participating-org")] == [UNSTATED]
    assert "Launching: ILO and China." in say(first)


def test_whatever_is_inferred_in_the_tables_is_called_inferred_in_the_file(files, told):
    by_role = {"payer_id": "provider-org", "receiver_id": "receiver-org"}
    seen = 0
    for record, field in inferred("contributions").field.items():
        if record in told:
            words = field.removesuffix("_id").replace("_usd", "").replace("_", " ")
            said = re.search(r"Inferred, not stated: ([^.]+)\.", told[record])[1]
            assert words in said.split(", ")
            for root, _ in files.values():
                for each in root.xpath(f"//transaction[@ref='{record}']/{by_role.get(field, 'x')}"):
                    assert say(each).endswith("(inferred, not stated)")
                    seen += 1
    assert seen, "no inferred payer or receiver was looked at"


@pytest.mark.parametrize("level", iati.LEVELS)
def test_the_file_says_its_edition_its_hash_and_what_is_left_out(files, level):
    root, done = files[level]
    preface = next(each.text for each in root if each.tag is etree.Comment)
    assert tables.data_sha256() in preface and tables.citation() in preface
    assert f"Amounts of level {level} only: never add them" in preface
    assert "Results, events and the evidence of each value are not in it" in preface
    assert all(line.replace("--", "- -") in preface for line in done["left_out"])


def test_an_amount_without_a_date_or_a_project_is_left_out_and_named(change, tmp_path):
    change("projects", "skills-asean-2018", period="")
    change("contributions", "trade-unions-2019", project_id="")
    root, done = exported(tmp_path)
    assert not root.xpath("//iati-activity[contains(iati-identifier, 'skills')]")
    told = (
        "projects/skills-asean-2018 is left out: our tables hold no beginning, and IATI needs one; "
    )
    assert f"{told}with it contributions/skills-asean-2018." in done["left_out"]
    assert "contributions/trade-unions-2019 is left out: it names no project." in done["left_out"]


def test_what_cannot_be_written_is_named_and_nothing_is_left(change, tmp_path):
    change("contributions", "trade-unions-2019", payer_id="x")
    with pytest.raises(DataError, match="'organisations/x' is not a record; there are "):
        exported(tmp_path)
    assert not list(tmp_path.glob("*.xml*"))


def test_text_with_marks_of_xml_is_text_and_a_wrong_level_is_named(change, tmp_path):
    evil = "</narrative><value>1</value>&<!-- --> ]]>"
    change("projects", "skills-asean-2018", label=evil, title="")
    assert evil in exported(tmp_path)[0].xpath("//title/narrative/text()")
    with pytest.raises(DataError, match="'projct' is not a level; did you mean project?"):
        iati.export(tmp_path / "a.xml", "projct")
