"""The IATI file is valid, keeps IATI's rules, and says of everything derived or inferred that it is."""

import datetime
import json
import re
from pathlib import Path

import pytest
from lxml import etree

from conftest import fits
from ilodata import tables
from ilodata.evidence import inferred
from ilodata.exchange import iati

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "iati"
UNSTATED = "Not in our tables"
# Rules 3.7.1 and 3.7.2 of IATI's present ruleset, which is newer than the one that pyIATI holds.
RECIPIENT = {"//iati-activity": {"atleast_one": {"cases": [
    {"paths": ["recipient-country", "recipient-region"]}, {"paths": ["sector"]},
]}}}  # fmt: skip


def exported(tmp_path):
    done = iati.export(tmp_path / "a.xml")
    return etree.parse(tmp_path / "a.xml").getroot(), done


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return exported(tmp_path_factory.mktemp("iati"))


@pytest.fixture(scope="module")
def projects(file):
    """Give the activities of the projects by the id of their record."""
    found = file[0].iter("iati-activity")
    return {each.find("legacy-data").get("value").partition("/")[2]: each for each in found}


@pytest.fixture(scope="module")
def told(file):
    """Give what is said of each transaction, by its record."""
    return {each.get("ref"): say(each) for each in file[0].iter("transaction")}


def activity(root, key):
    [found] = root.xpath(f"//iati-activity[contains(iati-identifier, '{key}')]")
    return found


def say(element):
    return " ".join(" ".join(each.itertext()) for each in element.iter("narrative"))


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not there: NOTHING is validated")
def test_the_file_is_valid_under_the_official_schema(file):
    schema = etree.XMLSchema(etree.parse(SHARED / "iati-activities-schema.xsd"))
    assert schema.validate(file[0]), schema.error_log


def official(standards, name):
    [path] = standards.glob(f"lib/*/site-packages/iati/resources/standard/2-03/{name}")
    return path


def test_each_code_in_the_file_stands_in_its_official_codelist(file, standards):
    checked = 0
    for each in etree.parse(official(standards, "codelist-mapping.xml")).iter("mapping"):
        path, condition = each.findtext("path"), each.findtext("condition", "true()")
        codes = {it for it in file[0].xpath(path) if it.getparent().xpath(condition)}
        name = f"codelists/{each.find('codelist').get('ref')}.xml"
        assert codes <= {*etree.parse(official(standards, name)).xpath("//code/text()")}, path
        checked += bool(codes)
    assert checked > 10


def passes(element, rule, case):
    """Tell whether one case of a rule of IATI's rulesets holds for an element."""
    found = [each for path in case.get("paths", []) for each in element.xpath(path)]
    texts = [each if isinstance(each, str) else each.text for each in found]
    if rule == "atleast_one":
        return bool(found)
    if rule == "sum":
        return not texts  # of shares, which the file does not have
    if rule == "regex_matches":
        return all(re.fullmatch(case["regex"], text) for text in texts)
    assert rule == "date_order", f"a rule that we do not know: {rule}"
    today = [datetime.date.today().isoformat()]
    less, more = (today if case[k] == "NOW" else element.xpath(case[k]) for k in ("less", "more"))
    return not (less and more) or max(less) <= min(more)


def test_no_rule_of_either_ruleset_is_broken(file, standards):
    rules = json.loads(official(standards, "rulesets/standard_ruleset.json").read_text("utf-8"))
    broken = [
        (context, rule, case)
        for context, said in (*rules.items(), *RECIPIENT.items())
        for rule in said
        for case in said[rule]["cases"]
        for element in file[0].xpath(context)
        if not passes(element, rule, case)
    ]
    assert broken == []


def test_importers_get_each_amount_as_printed_once_or_are_told_why_not_and_of_what_data(file):
    (root, done), rows = file, tables.load_contributions()
    assert fits(done, iati.Exported)
    [ref], ids = set(root.xpath("//reporting-org/@ref")), root.xpath("//iati-identifier/text()")
    assert len(ids) == len(set(ids)) == len(root) - 1 == done["activities"]
    assert all(each.startswith(f"{ref}-") for each in ids)
    assert set(root.xpath("//reporting-org/@secondary-reporter")) == {"1"}
    money = list(root.iter("transaction"))
    for each in money:
        # Without both, importers take the reporting organisation for the one that is missing.
        assert each.findtext("provider-org/narrative")
        assert each.findtext("receiver-org/narrative")
        row = rows.loc[each.get("ref").partition("/")[2]]
        assert (row.level, row.amount_usd) == ("project", int(each.findtext("value")))
        assert f"Printed: “{row.printed}”." in say(each)
    preface = next(each.text for each in root if each.tag is etree.Comment)
    said = [f"{tables.citation()} SHA-256 of the tables: {tables.data_sha256()}."]
    said += ["Amounts of projects only", *done["left_out"]]
    assert all(line.replace("--", "- -") in preface for line in said)
    records = root.xpath("//legacy-data[@name='record']/@value")
    assert records == [f"projects/{key}" for key in tables.load_projects().index]
    written, left_out = [each.get("ref") for each in money], " ".join(done["left_out"])
    ours = {f"contributions/{key}" for key in rows.index[rows.level == "project"]}
    assert len(written) == len(set(written)) == done["transactions"]
    assert {key for key in ours if key in left_out} == ours - set(written)


def test_a_hedge_is_said_with_its_bounds_and_a_status_only_as_worded(told, change, tmp_path):
    assert not any("Committed" in text for text in told.values())
    change("contributions", "trade-unions-2019", status="committed", qualifier="nearly")
    found = say(activity(exported(tmp_path)[0], "trade-unions").find("transaction"))
    assert "Committed, as worded." in found
    assert "Hedge: nearly; we read it as at most US$ 1 million." in found


def test_a_misprint_has_no_value_and_what_limits_a_record_is_told(projects):
    misprinted = projects["youth-employment-2020"]
    assert not misprinted.findall("transaction") and not misprinted.findall(".//value")
    assert "“US$ 373,00”, and has no transaction: it is a misprint" in say(misprinted)
    row = tables.load_conflicts().loc["nigeria-amount"]
    assert f"{row.what} {row.treatment} {row.otherwise}" in say(misprinted)


def test_an_amount_that_is_replaced_or_lacks_date_or_project_is_left_out_and_named(change, add, tmp_path):  # fmt: skip
    old = "contributions/social-protection-2018"
    new = {"contribution_id": "new", "amount_usd": "5000000", "printed": "US$ 5 million"}
    add("contributions", **(tables.row(old) | new | {"supersedes_id": "social-protection-2018"}))
    change("projects", "skills-asean-2018", period="")
    change("contributions", "trade-unions-2019", project_id="")
    root, done = exported(tmp_path)
    assert activity(root, "social-protection").xpath("transaction/value/text()") == ["5000000"]
    assert not root.xpath("//iati-activity[contains(iati-identifier, 'skills')]")
    why = "is left out: our tables hold no beginning of projects/skills-asean-2018"
    said = "\n".join(done["left_out"])
    assert f"{old} is left out: a later document replaces it." in said
    assert f"projects/skills-asean-2018 {why}" in said
    assert f"contributions/skills-asean-2018 {why}" in said
    assert "contributions/trade-unions-2019 is left out: it names no project." in said


@pytest.mark.parametrize(
    ("period", "expected", "status"),
    [
        ("2018/2025", [("2", "2018-01-01"), ("3", "2025-12-31")], "2"),
        ("2018/2021", [("2", "2018-01-01"), ("4", "2021-12-31")], "4"),
        ("2030/2031", [("1", "2030-01-01"), ("3", "2031-12-31")], "1"),
    ],
)
def test_a_year_gives_the_first_or_last_day_it_can_mean_and_says_that_it_is_derived(change, tmp_path, period, expected, status):  # fmt: skip
    change("projects", "skills-asean-2018", period=period)
    root, done = exported(tmp_path)
    found = activity(root, "skills-asean")
    dates = [(each.get("type"), each.get("iso-date")) for each in found.findall("activity-date")]
    assert dates == expected
    assert found.find("activity-status").get("code") == status
    for each in found.findall("activity-date"):
        assert re.search(rf"\(EDTF {period}\): the (first|last) day that it can mean", say(each))
    assert re.search(r"Derived, not taken from a document: .*as of 2022-12-31", say(found))
    future = "IATI takes none of the future" in " ".join(done["left_out"])
    assert future == (not found.findall("transaction")) == period.startswith("2030")


def test_places_are_one_recipient_without_percentages_and_a_region_is_not_expanded(change, file, projects, tmp_path):  # fmt: skip
    def region(found):
        [one] = found.xpath("recipient-region|recipient-country")
        return one.get("code"), one.get("vocabulary"), say(one)

    assert not file[0].xpath("//@percentage")
    several = ("cambodia-and-pakistan", "99", "Cambodia and Pakistan")
    assert region(projects["social-protection-2018"]) == several
    assert region(projects["youth-employment-2020"]) == ("NG", None, "Nigeria")
    assert region(projects["skills-asean-2018"]) == ("asean", "99", "ASEAN countries")
    assert "Target region: Africa (inferred, not stated)." in say(projects["youth-employment-2020"])
    change("project_places", "trade-unions-2019--asia-pacific--target-region", place_id="africa")
    assert region(activity(exported(tmp_path)[0], "trade-unions"))[:2] == ("002", "2")


def test_only_stated_parts_have_a_role_and_the_rest_stays_words(projects):
    for key, found in projects.items():
        rows = [r for r in tables.rows("project_organisations") if r["project_id"] == key]
        roles = {"funding": "1", "implementing": "4"}
        expected = sorted(roles[row["role"]] for row in rows if row["role"] in roles) or ["1"]
        assert [p.get("role") for p in found.findall("participating-org")] == expected
    first = projects["employment-services-2013"]
    assert [say(p) for p in first.findall("participating-org")] == [UNSTATED]
    assert "Launching: ILO and China." in say(first)


def test_whatever_is_inferred_in_the_tables_is_called_inferred_in_the_file(file, told):
    by_role, seen = {"payer_id": "provider-org", "receiver_id": "receiver-org"}, 0
    for row in inferred("contributions").reset_index().itertuples():
        if row.record in told:
            said = re.search(r"Inferred, not stated: ([^.]+)\.", told[row.record])[1]
            assert row.column in said.split("; ")
            path = f"//transaction[@ref='{row.record}']/{by_role.get(row.field, 'x')}"
            for each in file[0].xpath(path):
                assert say(each).endswith("(inferred, not stated)")
                seen += 1
    assert seen, "no inferred payer or receiver was looked at"


def test_text_with_marks_of_xml_is_text(change, tmp_path):
    evil = "</narrative><value>1</value>&<!-- --> ]]>"
    change("projects", "skills-asean-2018", label=evil, title="")
    assert evil in exported(tmp_path)[0].xpath("//title/narrative/text()")
