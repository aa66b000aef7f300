"""The documents say what the tables say, and a table that says otherwise is found."""

import json
from types import SimpleNamespace

import pytest

from ilodata.curation import check, verify

JPO, YOUTH, MOU = "jpo-2017-2022", "youth-employment-2020", "mou-mohrss-2022"
AMOUNT = f"contributions--{JPO}--amount-usd--1"


@pytest.fixture(scope="module")
def proved(documents_read):
    """Prove the evidence of a record after a change to a cell, as ``verify`` would."""
    tables, bodies = documents_read

    def prove(table, row, **cells):
        changed = {**tables, table: {**tables[table], row: {**tables[table][row], **cells}}}
        records = {f"{table}/{row}"}
        if table == "evidence":
            records = {t["evidence"][row]["record"] for t in (tables, changed)}
        return verify.prove(changed, bodies, records)[0]

    return prove


def test_the_documents_prove_the_tables_and_a_receipt_says_so(data, documents):
    (data / "verified.json").unlink()
    wrong, counts = verify.verify(documents)
    assert wrong == []
    receipt = json.loads((data / "verified.json").read_text(encoding="utf-8"))
    assert receipt["counts"] == counts and counts["cells"] > 500 and counts["sections"] == 18
    assert counts["says"] + counts["coarser"] + counts["differs"] == len(
        check.load()[0]["evidence"]
    )
    assert set(receipt["documents"]) == {"ilo-in-china", "china-and-ilo"}
    assert receipt["tables"] == verify.hashes()


def test_no_receipt_is_left_where_anything_was_found(data, change, documents):
    (data / "verified.json").unlink()
    change("contributions", JPO, amount_usd="2300000")
    wrong, _ = verify.verify(documents)
    assert wrong == [
        f"data/evidence.csv, row {AMOUNT}, column fragment: 'China also contributed over US$2.2 "
        f"million to the ILO' does not say that amount_usd of contributions/{JPO} is '2300000'; it "
        "says 2200000"
    ]
    assert not (data / "verified.json").exists()


PIECES = [
    (AMOUNT, {"section_id": "china-and-ilo--sstc"}, "stands 0 times in china-and-ilo--sstc; quote words that stand once"),
    (AMOUNT, {"fragment": "US$2.2 million"}, "'US$2.2 million' cuts off 'over'; quote it too"),
    (AMOUNT, {"fragment": "over US$2.2"}, "'over US$2.2' does not say that amount_usd of"),
    ("results--union-officials--unit--1", {"fragment": "89 trade union officials"}, "'89 trade union officials' cuts a word in two; quote it whole"),
    (f"agreements--{MOU}--signed--2", {"support": "differs"}, "says '2022-12-07'; write coarser, not differs"),
    (AMOUNT, {"support": "differs"}, "says '2200000'; write says, not differs"),
    (AMOUNT, {"support": "coarser"}, "is not a coarser statement of '2200000' in amount_usd"),
    (f"agreements--{MOU}--signed--1", {"support": "coarser"}, "'On 7 December 2022' is not a coarser statement of '2022-12-07'"),
    (f"agreements--{MOU}--signed--2", {"support": "says"}, "does not say that signed of"),
    (f"agreements--{MOU}--kind--3", {"support": "says"}, f"kind of agreements/{MOU} is 'mou'; it says agreement; its words may be added to"),
]  # fmt: skip


@pytest.mark.parametrize(("piece", "cells", "finding"), PIECES)
def test_a_changed_piece_of_evidence_is_found(proved, piece, cells, finding):
    here = f"data/evidence.csv, row {piece}, column "
    wrong = proved("evidence", piece, **cells)
    assert any(line.startswith(here) and finding in line for line in wrong)


WORDED = [
    ("results", "status", "delivered", "It was delivered", True),
    ("results", "status", "delivered", "It is to develop a plan", False),
    ("results", "status", "planned", "They are to be trained", True),
    ("results", "status", "delivered", "with the aim of having 500 trained", False),
    ("results", "status", "delivered", "It is to see it jointly delivered", False),
    ("results", "status", "delivered", "It was not delivered", False),
    ("results", "status", "planned", "What is said to be, is to date", False),
    ("results", "status", "delivered", "By 2027, teachers are to be | trained in Peru.", False),
    ("results", "status", "delivered", "It will go on, and teachers were | trained in Peru.", True),
    ("agreements", "act", "signed", "It will be signed", False),
    ("relations", "predicate", "supports", "With support from the Fund", False),
    ("project_places", "role", "beneficiary", "with support from Japan", False),
    ("event_participants", "role", "host", "It held the G20 Presidency", False),
    ("frameworks", "kind", "modality", "Lancang-Mekong Cooperation", False),
]  # fmt: skip


@pytest.mark.parametrize(("table", "field", "value", "text", "proved"), WORDED)
def test_words_prove_one_code_and_nothing_that_is_yet_to_come(table, field, value, text, proved):
    ground = SimpleNamespace(bodies={"s": text.replace("| ", "")})
    row = {"table": table, "field": field, "value": value, "proof": "wording", "section_id": "s"}
    assert verify._says(ground, row | {"fragment": text.split("| ")[-1]}) is proved


def test_an_amount_of_a_table_is_proved_with_the_unit_of_its_heading():
    ground = SimpleNamespace(
        bodies={"s": "Year | In thousand US$ || 2021 | 1 240 || 2022 | 980 ||"}
    )
    row = {"table": "contributions", "section_id": "s", "fragment": "1 240"}
    for field, value, proof in (
        ("printed", "1 240 (In thousand US$)", "words"),
        ("amount_usd", "1240000", "amount"),
    ):
        assert verify._says(ground, row | {"field": field, "value": value, "proof": proof})


@pytest.mark.parametrize("cells", [{"fragment": "UN 2031"}, {"section_id": "china-and-ilo--gdi"}])
def test_a_mention_that_does_not_stand_in_its_section_is_found(proved, cells):
    [line] = proved("unused_mentions", "china-and-ilo--brics--un-2030", **cells)
    assert line.startswith("data/unused_mentions.csv, row china-and-ilo--brics--un-2030, column ")
    assert "stands 0 times in" in line


@pytest.mark.parametrize("cells", [{"record": "contributions/jpo"}, {"field": "amount"}])
def test_evidence_of_a_cell_that_there_is_not_is_a_finding(proved, cells):
    assert any("is missing or blank" in line for line in proved("evidence", AMOUNT, **cells))


@pytest.mark.parametrize("cells", [{"hits": "0"}, {"words": "conferred"}])
def test_a_search_that_finds_other_than_it_says_is_found(proved, cells):
    [line] = proved("searches", "trust-fund-years--2", **cells)
    assert line.startswith("data/searches.csv, row trust-fund-years--2, column ")
    assert "stands there" in line


def test_an_asterisk_stands_for_any_ending_and_capitals_do_not_count():
    body = "Implemented in 2018; the implementation of 2019. To implement it."
    assert [verify._hits(words, body) for words in ("implement*", "implement", "201*")] == [3, 1, 2]
