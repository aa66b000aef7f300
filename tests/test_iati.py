"""The IATI file is valid, coded, and says of everything derived or inferred that it is."""

import datetime
import json
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

import ilodata as ilo
from ilodata import tables
from ilodata.exchange import iati

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "iati"
UNSTATED = "Not stated in the documents"


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


def say(element):
    return " ".join(" ".join(each.itertext()) for each in element.iter("narrative"))


def remarks(activity):
    return " ".join(say(each) for each in activity.findall("description[@type='4']"))


@pytest.fixture(scope="session")
def schema():
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not there, so NOTHING was validated against IATI's schema")
    return etree.XMLSchema(etree.parse(SHARED / "iati-activities-schema.xsd"))


@pytest.mark.parametrize("level", iati.LEVELS)
def test_the_file_is_valid_under_the_official_schema(files, schema, level):
    assert schema.validate(files[level][0]), schema.error_log


def test_the_official_schema_would_notice_a_missing_status(files, schema):
    broken = etree.fromstring(etree.tostring(files["project"][0]))
    status = broken.find(".//activity-status")
    status.getparent().remove(status)
    assert not schema.validate(broken)


# Where codes stand: path to the attribute or element, and its codelist.
CODED = {
    "activity-date/@type": "ActivityDateType",
    "activity-scope/@code": "ActivityScope",
    "activity-status/@code": "ActivityStatus",
    "collaboration-type/@code": "CollaborationType",
    "crs-add/channel-code/text()": "CRSChannelCode",
    "description/@type": "DescriptionType",
    "location/location-id/@vocabulary": "GeographicVocabulary",
    "location/location-reach/@code": "GeographicLocationReach",
    "participating-org/@role": "OrganisationRole",
    "recipient-region/@vocabulary": "RegionVocabulary",
    "sector/@code": "Sector",
    "sector/@vocabulary": "SectorVocabulary",
    "transaction/transaction-type/@code": "TransactionType",
    "transaction/value/@currency": "Currency",
    ".//@default-currency": "Currency",
    ".//@xml:lang": "Language",
}
TYPED = "reporting-org | participating-org | transaction/provider-org | transaction/receiver-org"


@pytest.mark.parametrize("level", iati.LEVELS)
def test_every_code_in_the_file_is_one_of_the_written_table(files, level):
    for activity in files[level][0].iter("iati-activity"):
        for path, name in CODED.items():
            assert set(activity.xpath(path)) <= set(iati.CODES[name]), path
        types = {each.get("type") for each in activity.xpath(TYPED)} - {None}
        assert types <= set(iati.CODES["OrganisationType"])


def codelist(standards, name):
    [path] = standards.glob(
        f"lib/*/site-packages/iati/resources/standard/2-03/codelists/{name}.xml"
    )
    items = etree.parse(path).iter("codelist-item")
    return {item.findtext("code"): item.findtext("name/narrative") for item in items}


# The codelists at hand are of 2018. What came or was renamed since is in today's lists.
SINCE_2018 = {("Sector", "16080"), ("CRSChannelCode", "41701")}
RENAMED = {("ActivityStatus", "4"), ("Sector", "16010"), ("Sector", "16020"), ("CollaborationType", "8")}  # fmt: skip


@pytest.mark.parametrize("name", iati.CODES)
def test_the_written_table_of_codes_has_what_the_official_codelist_has(standards, name):
    official = codelist(standards, name)
    for code, label in iati.CODES[name].items():
        if (name, code) in SINCE_2018:
            assert code not in official
        elif (name, code) in RENAMED:
            assert code in official
        else:
            assert official[code] == label


def test_countries_have_the_codes_of_the_official_list(standards, files):
    official = codelist(standards, "Country")
    used = set(files["project"][0].xpath("//recipient-country/@code | //location-id/@code"))
    assert used == {"KH", "LA", "PK", "NG"} and used <= set(official)


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
    pattern = "lib/*/site-packages/iati/resources/standard/2-03/rulesets/standard_ruleset.json"
    [path] = standards.glob(pattern)
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("level", iati.LEVELS)
def test_no_rule_of_the_standard_ruleset_is_broken(files, ruleset, level):
    assert broken_rules(files[level][0], ruleset) == []


@pytest.mark.parametrize(
    ("path", "attribute", "value", "rule"),
    [
        ("activity-date[@type='2']", "type", "3", "atleast_one"),
        ("activity-date[@type='2']", "iso-date", "2999-01-01", "date_order"),
        ("transaction/transaction-date", "iso-date", "2999-01-01", "date_order"),
        ("reporting-org", "ref", "a/b", "regex_matches"),
        ("recipient-region", "percentage", "50", "sum"),
    ],
)
def test_the_standard_ruleset_as_we_run_it_notices_what_breaks_it(files, ruleset, path, attribute, value, rule):  # fmt: skip
    broken = etree.fromstring(etree.tostring(files["project"][0]))
    broken.find(f".//{path}").set(attribute, value)
    assert rule in {found for _, found, _ in broken_rules(broken, ruleset)}


@pytest.mark.parametrize("level", iati.LEVELS)
def test_what_the_standard_asks_beyond_its_first_ruleset_holds_too(files, level):
    root = files[level][0]
    refs = set(root.xpath("//reporting-org/@ref"))
    ids = root.xpath("//iati-identifier/text()")
    assert len(refs) == 1 and len(ids) == len(set(ids)) == len(root) - 1  # the preface is a comment
    assert all(each.startswith(f"{refs.copy().pop()}-") for each in ids)
    assert set(root.xpath("//reporting-org/@secondary-reporter")) == {"1"}
    assert all((each.text or "").strip() for each in root.iter("narrative"))
    for activity in root.iter("iati-activity"):
        places = activity.findall("recipient-country") + activity.findall("recipient-region")
        assert len(places) <= 1 and len(activity.findall("sector")) == 1
        for money in activity.iter("transaction"):
            # Without both, importers take the reporting organisation for the one that is missing.
            assert money.findtext("provider-org/narrative") and money.findtext(
                "receiver-org/narrative"
            )
            assert money.find("value").get("value-date") == money.find("transaction-date").get(
                "iso-date"
            )


def test_every_project_is_an_activity_and_every_amount_stands_in_one_file_or_is_named(files):
    root, _ = files["project"]
    records = root.xpath("//legacy-data[@name='record']/@value")
    assert records == [f"projects/{key}" for key in ilo.load_projects().index]
    exported, left_out = [], ""
    for each, done in files.values():
        assert len(each.xpath("//transaction")) == done["transactions"]
        assert len(each.xpath("//iati-activity")) == done["activities"]
        exported += each.xpath("//transaction/@ref")
        left_out += " ".join(done["left_out"])
    ours = {f"contributions/{key}" for key in ilo.load_contributions().index}
    assert len(exported) == len(set(exported))
    assert {key for key in ours if key in left_out} == ours - set(exported)
    assert ours - set(exported) == {
        "contributions/youth-employment-2020",
        "contributions/trust-fund",
    }


@pytest.mark.parametrize("level", iati.LEVELS)
def test_a_file_holds_the_amounts_of_one_level_each_the_figure_as_printed(files, level):
    money = ilo.load_contributions()
    for each in files[level][0].iter("transaction"):
        row = money.loc[each.get("ref").partition("/")[2]]
        assert row.level == level
        assert int(each.findtext("value")) == row.amount_usd
        assert f"Printed: “{row.printed}”." in say(each)


def test_a_hedge_is_said_with_its_bounds_and_an_exact_amount_has_none(files):
    told = {each.get("ref"): say(each) for root, _ in files.values() for each in root.iter("transaction")}  # fmt: skip
    nearly = told["contributions/assessed-2017-2022"]
    assert (
        "(nearly) is part of the figure: it lies between US$ 235 million and US$ 236 million"
        in nearly
    )
    assert "(over) is part of the figure" in told["contributions/jpo-2017-2022"]
    assert "hedge" not in told["contributions/skills-asean-2018"]
    assert (
        "An initial instalment; the total is not stated." in told["contributions/mou-mohrss-2022"]
    )
    committed = [key for key, text in told.items() if "Committed, as worded." in text]
    assert committed == ["contributions/sstc-2012"]
    assert sum("pledged, committed or paid is not stated" in text for text in told.values()) == len(told) - 1  # fmt: skip


def test_a_misprint_has_no_value_and_its_likely_reading_is_inferred(projects):
    activity = projects["youth-employment-2020"]
    assert not activity.findall("transaction") and not activity.findall(".//value")
    told = remarks(activity)
    assert "“US$ 373,00”, a misprint: it has no value and no transaction." in told
    assert "A reading of it as 373,000 US dollars is inferred, not stated." in told


def dates(activity):
    return [(each.get("type"), each.get("iso-date")) for each in activity.findall("activity-date")]


@pytest.mark.parametrize(
    ("key", "expected", "status"),
    [
        ("skills-asean-2018", [("2", "2018-01-01"), ("3", "2025-12-31")], "2"),
        ("social-protection-2018", [("2", "2018-01-01"), ("4", "2021-12-31")], "4"),
        ("employment-asean-2022", [("1", "2022-01-01"), ("3", "2023-12-31")], "2"),
        ("employment-services-2013", [("2", "2013-01-01")], "2"),
    ],
)
def test_a_year_gives_the_first_or_last_day_it_can_mean_and_says_that_it_is_derived(projects, key, expected, status):  # fmt: skip
    activity, period = projects[key], ilo.load_projects().period[key]
    assert dates(activity) == expected
    assert activity.find("activity-status").get("code") == status
    for each in activity.findall("activity-date"):
        assert f"from the EDTF date {period}" in say(each) and say(each).endswith("derived.")
    assert activity.find("legacy-data[@name='period']").get("value") == period
    assert "derived as of 2022-12-09; no document states them." in remarks(activity)


def test_a_project_without_a_stated_end_says_that_its_status_means_little(projects):
    said = "No end is stated: the status means no more than that none is known."
    assert [key for key, each in projects.items() if said in remarks(each)] == [
        "employment-services-2013"
    ]


def test_a_project_that_has_not_begun_is_in_the_pipeline(change, tmp_path):
    change("projects", "skills-asean-2018", period="2030/2031")
    root, done = exported(tmp_path)
    [activity] = root.xpath("//iati-activity[contains(iati-identifier, 'skills-asean')]")
    assert activity.find("activity-status").get("code") == "1"
    assert dates(activity) == [("1", "2030-01-01"), ("3", "2031-12-31")]
    assert not activity.findall("transaction")
    assert any("skills-asean-2018" in line and "no transaction of the future" in line for line in done["left_out"])  # fmt: skip


def test_an_exact_day_is_not_called_derived(files):
    [activity] = files["agreement"][0].xpath("//iati-activity[contains(iati-identifier, '-mou-')]")
    assert dates(activity) == [("2", "2022-12-07")]
    assert say(activity.find("activity-date")) == "7 December 2022, from the EDTF date 2022-12-07."
    assert activity.find("activity-status").get("code") == "2"
    assert "Not dated itself; its agreement is, 7 December 2022" in say(
        activity.find("transaction")
    )


def test_countries_whose_shares_are_not_stated_get_no_percentages(files, projects):
    assert not files["project"][0].xpath("//@percentage")
    activity = projects["social-protection-2018"]
    [region] = activity.findall("recipient-region")
    assert (region.get("vocabulary"), say(region)) == ("99", "Cambodia and Pakistan")
    assert activity.xpath("location/location-id/@code") == ["KH", "PK"]
    assert "How Cambodia and Pakistan share in it is not stated" in remarks(activity)
    assert activity.find("activity-scope").get("code") == "3"


def test_one_country_is_a_recipient_and_a_region_is_not_expanded(projects):
    assert projects["youth-employment-2020"].find("recipient-country").get("code") == "NG"
    skills = projects["skills-asean-2018"]
    assert say(skills.find("recipient-region")) == "ASEAN countries"
    assert not skills.findall("location") and not skills.findall("recipient-country")
    assert "in China, Cambodia, Lao PDR and Myanmar; that makes no beneficiary." in say(skills)


def test_a_region_with_a_code_of_the_united_nations_carries_it(change, tmp_path):
    change("project_places", "trade-unions-2019--asia-pacific--target-region", place_id="asia")
    root, _ = exported(tmp_path)
    [activity] = root.xpath("//iati-activity[contains(iati-identifier, 'trade-unions')]")
    region = activity.find("recipient-region")
    assert (region.get("code"), region.get("vocabulary")) == ("142", "2")


def test_only_stated_parts_have_a_role_and_the_rest_stays_words(projects):
    def parts(key):
        return [(p.get("role"), say(p), p.get("ref")) for p in projects[key].findall("participating-org")]  # fmt: skip

    assert parts("social-protection-2018") == [
        ("4", "UN DESA", None),
        ("4", "ILO", "XM-DAC-41302"),
        ("1", "UN Peace and Development Trust Fund (inferred, not stated)", None),
    ]
    assert parts("employment-services-2013") == [("1", UNSTATED, None)]
    assert "Launching: ILO and China." in say(projects["employment-services-2013"])


def test_whatever_is_inferred_in_the_tables_is_called_inferred_in_the_file(files):
    supported = ilo.support()
    inferred = supported[(supported.basis == "inferred") & (supported.table == "contributions")]
    told = {each.get("ref"): say(each) for root, _ in files.values() for each in root.iter("transaction")}  # fmt: skip
    for cell in inferred.itertuples():
        if cell.record in told:
            words = cell.field.removesuffix("_id").replace("_usd", "").replace("_", " ")
            listed = re.search(r"Inferred, not stated: ([^.]+)\.", told[cell.record])[1].split(", ")
            assert words in listed
    by_role = {"payer_id": "provider-org", "receiver_id": "receiver-org"}
    for cell in inferred[inferred.field.isin(by_role)].itertuples():
        for root, _ in files.values():
            for each in root.xpath(f"//transaction[@ref='{cell.record}']/{by_role[cell.field]}"):
                assert say(each).endswith("(inferred, not stated)")


def test_an_inferred_recipient_is_called_inferred(data, tmp_path):
    path = data / "evidence.csv"
    key = "project_places/youth-employment-2020--nigeria--beneficiary"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = [line.replace(",stated,", ",inferred,") if key in line else line for line in lines]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    root, _ = exported(tmp_path)
    [activity] = root.xpath("//iati-activity[contains(iati-identifier, 'youth-employment')]")
    assert "The recipient is Nigeria (inferred, not stated)." in remarks(activity)


def test_south_south_cooperation_is_coded_only_where_the_documents_call_it_so(files, projects):
    coded = {key for key, each in projects.items() if each.find("collaboration-type") is not None}
    assert coded == {
        "employment-services-2013", "employment-asean-2022", "skills-asean-2018", "trade-unions-2019",
    }  # fmt: skip
    assert all("our coding of South-South" in remarks(projects[key]) for key in coded)


def test_sectors_and_channels_are_our_coding_and_say_so(files, projects):
    sectors = {key: each.find("sector").get("code") for key, each in projects.items()}
    assert sectors == {
        "employment-services-2013": "16020",
        "employment-asean-2022": "16020",
        "skills-asean-2018": "11330",
        "social-protection-2018": "16010",
        "trade-unions-2019": "16080",
        "youth-employment-2020": "16020",
    }
    assert all("The sector is our coding" in remarks(each) for each in projects.values())
    channels = {
        each.findtext("title/narrative"): each.findtext("crs-add/channel-code")
        for each in files["channel_total"][0].iter("iati-activity")
    }
    assert channels == {
        "Assessed contributions": "41302",
        "Voluntary contributions": "41701",
        "Junior Professional Officers": None,
    }


def test_a_project_of_two_sectors_or_none_has_no_sector_specified(change, tmp_path):
    change("projects", "skills-asean-2018", label="Skills and jobs", title="")
    change("projects", "trade-unions-2019", label="Other", title="")
    root, _ = exported(tmp_path)
    for key in ("skills-asean", "trade-unions"):
        [activity] = root.xpath(f"//iati-activity[contains(iati-identifier, '{key}')]")
        assert activity.find("sector").get("code") == "99810"


def test_the_conflicts_of_an_activity_and_its_money_are_told(projects):
    told = remarks(projects["youth-employment-2020"])
    for key in ("africa-or-nigeria", "nigeria-amount", "paid-or-pledged"):
        row = ilo.load_conflicts().loc[key]
        assert f"{row.what} {row.treatment}" in told


@pytest.mark.parametrize("level", iati.LEVELS)
def test_the_file_says_its_edition_its_hash_and_what_is_left_out(files, level):
    root, done = files[level]
    preface = next(each.text for each in root if each.tag is etree.Comment)
    assert tables.data_sha256() in preface and tables.citation() in preface
    assert f"Amounts of level {level} only: never add them" in preface
    assert all(line.replace("--", "- -") in preface for line in done["left_out"])
    editions = root.xpath("//legacy-data[@name='edition of the data']/@value")
    assert set(editions) == {f"{tables.package()['version']}, SHA-256 {tables.data_sha256()}"}
    assert root.get("generated-datetime") == tables.package()["created"]


def test_an_amount_without_a_date_or_a_project_is_left_out_and_named(change, tmp_path):
    change("projects", "skills-asean-2018", period="")
    change("contributions", "trade-unions-2019", project_id="")
    root, done = exported(tmp_path)
    assert not root.xpath("//iati-activity[contains(iati-identifier, 'skills')]")
    assert done["left_out"][0] == (
        "projects/skills-asean-2018 is left out: no beginning is stated, and IATI needs one; "
        "with it contributions/skills-asean-2018."
    )
    assert "contributions/trade-unions-2019 is left out: it names no project." in done["left_out"]


def test_the_same_data_give_the_same_bytes_in_another_process(tmp_path):
    iati.export(tmp_path / "a.xml")
    command = f"from ilodata.exchange import iati; iati.export({str(tmp_path / 'b.xml')!r})"
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, "-c", command], env=environment, check=True)
    assert (tmp_path / "a.xml").read_bytes() == (tmp_path / "b.xml").read_bytes()


@pytest.mark.parametrize(
    ("where", "cells", "message"),
    [
        (("places", "nigeria"), {"label": "a\uffffb"}, r"column label: holds the sign U\+FFFF"),
        (("contributions", "trade-unions-2019"), {"payer_id": "x"}, "'x' is named in a table and no row"),
        (("contributions", "sstc-2012"), {"printed_unit_usd": ""}, "row sstc-2012, column amount_usd: amount"),
        (("contributions", "sstc-2012"), {"level": "country"}, "column level: 'country' is no code"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_named_and_nothing_is_left(
    change, tmp_path, where, cells, message
):
    change(*where, **cells)
    with pytest.raises(tables.DataError, match=message):
        exported(tmp_path)
    assert not list(tmp_path.glob("*.xml*")) and not list(tmp_path.glob(".*.part"))


def test_text_with_marks_of_xml_is_text(change, tmp_path):
    evil = "</narrative><value>1</value>&<!-- --> ]]>"
    change("projects", "skills-asean-2018", label=evil, title="")
    root, _ = exported(tmp_path)
    assert evil in root.xpath("//title/narrative/text()")


def test_a_level_that_is_none_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(tables.DataError, match="'projct' is no level; did you mean project?"):
        iati.export(tmp_path / "a.xml", "projct")
