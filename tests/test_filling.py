"""What follows from other cells is filled in, and nothing else changes."""

import pytest

from ilodata.curation import check, filling
from ilodata.problems import DataError

JPO = "jpo-2017-2022"


def test_whole_tables_stay_as_they_are_byte_by_byte(data):
    before = {path.name: path.read_bytes() for path in data.glob("*.csv")}
    assert filling.fix() == []
    assert {path.name: path.read_bytes() for path in data.glob("*.csv")} == before


def test_codes_ids_and_printed_units_are_filled_in(data, change, add):
    change("contributions", JPO, amount_usd="", qualifier="", printed_unit_usd="", level="")
    change("places", "nigeria", iso3="", m49="", kind="")
    change("results", "union-officials", qualifier="")
    change("organisations", "mem", kind="")
    change("agreement_parties", "mou-mot-2019--mot", id="")
    change("evidence", "agreements--mou-mot-2019--kind--1", document_id="", support="", basis="")
    add("names", record="organisations/mem", name="Emergency Ministry")
    told = filling.fix()
    assert "data/contributions.csv: four blank cells filled in" in told
    rows = check.load()[0]
    assert rows["contributions"][JPO]["amount_usd"] == "2200000"
    assert rows["names"]["organisations--mem--emergency-ministry"]["kind"] == "variant"
    assert rows["places"]["nigeria"]["iso3"] == "NGA"
    assert rows["results"]["union-officials"]["qualifier"] == "exact"
    assert "mou-mot-2019--mot" in rows["agreement_parties"]
    wrong, _ = check.check()
    assert wrong == [
        "data/names.csv, row organisations--mem--emergency-ministry, column name: "
        "'Emergency Ministry' has no evidence; add a row to evidence"
    ]


def test_a_new_wording_gets_its_id(data):
    path = data / "reference" / "wordings.csv"
    new = ",agreements,kind,mou,MOUS,\n,event_participants,role,host,was host,\n"
    path.write_text(path.read_text(encoding="utf-8") + new, encoding="utf-8")
    assert filling.fix() == ["data/reference/wordings.csv: two blank cells filled in"]
    ids = [row["wording_id"] for row in check.load("reference")[0]["wordings"].values()][-2:]
    assert ids[0].startswith("agreements--kind--mou--mous-")
    assert ids[1] == "event-participants--role--host--was-host"
    assert check.check()[0] == []


def test_who_refers_to_an_id_that_changes_follows_it(data, change):
    key = "jpo-2017-2022--by-means-of--jpo-programme"
    change("relations", key, predicate="supports")
    filling.fix()
    rows = check.load()[0]
    new = key.replace("by-means-of", "supports")
    assert new in rows["relations"]
    assert f"relations--{new}--subject--1" in rows["evidence"]
    assert not any(row["record"] == f"relations/{key}" for row in rows["evidence"].values())


def test_a_kind_that_no_wording_proves_is_left_to_the_curator(data, change):
    change("names", "organisations--mem--ministry-of-emergency-management", name="Emergencies")
    filling.fix()
    assert check.load()[0]["organisations"]["mem"]["kind"] == "ministry"


def test_rows_that_would_share_an_id_are_all_kept(data, add):
    add("agreement_parties", agreement_id="mou-mot-2019", organisation_id="mot")
    filling.fix()
    text = (data / "agreement_parties.csv").read_text(encoding="utf-8")
    assert text.count("\nmou-mot-2019--mot,") == 2
    assert any("stands twice" in line for line in check.check()[0])


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("", "kind: is blank"),
        ("country", "label: 'Asian countries' is not in reference/countries.csv"),
    ],
)
def test_a_kind_of_place_that_no_list_has_is_left_to_the_curator(change, kind, said):
    change("places", "asia", kind=kind)
    assert filling.fix() == []
    assert any(f"row asia, column {said}" in line for line in check.check()[0])


def test_a_file_with_other_columns_is_left_as_it_is_and_named_with_those_to_write(data):
    path = data / "result_places.csv"
    path.write_text(path.read_text("utf-8").replace(",", ";"), "utf-8")
    said = "result_places.csv, header: 'id;result_id;place_id'; write id,result_id,place_id, as plain UTF-8$"
    with pytest.raises(DataError, match=said):
        filling.fix()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"\n\na,b\n", "themes.csv, line {end}: two cells from 'a' on; write 5"),
        (b'"a,b,c\n', r"is not read as CSV \(unexpected end of data\); is a quote not closed"),
        (b"a,\xff,c,d,e\n", "is not UTF-8; save the file as UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_row_by_row_is_left_as_it_is(data, line, said):
    path = data / "themes.csv"
    path.write_bytes(before := path.read_bytes() + line)
    with pytest.raises(DataError, match=said.format(end=before.count(b"\n"))):
        filling.fix()
    assert path.read_bytes() == before
