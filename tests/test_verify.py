"""The documents say what the tables say, and a table that says otherwise is found."""

import json
from types import SimpleNamespace

import pytest
from mutants import edited

from ilodata import tables
from ilodata.curation import filling, verify

JPO, MOU = "jpo-2017-2022", "mou-mohrss-2022"
AMOUNT = f"contributions--{JPO}--amount-usd--1"


def test_a_receipt_is_left_only_where_the_documents_prove_the_tables(data, change, documents):
    (data / "verified.json").unlink()
    change("contributions", JPO, amount_usd="2300000")
    assert verify.verify(documents)[0] == [
        f"data/evidence.csv, row {AMOUNT}, column fragment: 'China also contributed over US$2.2 "
        f"million to the ILO' does not say that amount_usd of contributions/{JPO} is '2300000'; it "
        "says 2200000"
    ]
    assert not (data / "verified.json").exists()
    change("contributions", JPO, amount_usd="2200000")
    wrong, counts = verify.verify(documents)
    assert wrong == []
    receipt = json.loads((data / "verified.json").read_text(encoding="utf-8"))
    assert receipt["counts"] == counts and counts["cells"] > 500 and counts["sections"] == 18
    pieces = (counts[support] for support in ("says", "coarser", "differs"))
    assert sum(pieces) == len(tables.rows("evidence"))
    assert set(receipt["documents"]) == {"ilo-in-china", "china-and-ilo"}
    assert verify.hashes().items() <= receipt.items()
    with (data / "reference" / "wordings.csv").open("a", encoding="utf-8") as file:
        file.write("new,agreements,kind,mou,letter,\n")
    assert verify.hashes()["tables"] != receipt["tables"], (
        "with other words, other codes are proved"
    )


# One changed row, and what is said of it
CHANGED = [
    ("evidence", AMOUNT, {"section_id": "china-and-ilo--sstc"}, "stands 0 times in china-and-ilo--sstc; quote words that stand once"),
    ("evidence", AMOUNT, {"fragment": "US$2.2 million"}, "'US$2.2 million' cuts off 'over'; quote it too"),
    ("evidence", AMOUNT, {"fragment": "over US$2.2"}, "'over US$2.2' does not say that amount_usd of"),
    ("evidence", "results--union-officials--unit--1", {"fragment": "89 trade union officials"}, "'89 trade union officials' cuts a word in two; quote it whole"),
    ("evidence", f"agreements--{MOU}--signed--2", {"support": "differs"}, "says '2022-12-07'; write coarser, not differs"),
    ("evidence", AMOUNT, {"support": "differs"}, "says '2200000'; write says, not differs"),
    ("evidence", AMOUNT, {"support": "coarser"}, "is not a coarser statement of '2200000' in amount_usd"),
    ("evidence", f"agreements--{MOU}--signed--1", {"support": "coarser"}, "'On 7 December 2022' is not a coarser statement of '2022-12-07'"),
    ("evidence", f"agreements--{MOU}--signed--2", {"support": "says"}, "does not say that signed of"),
    ("evidence", f"agreements--{MOU}--kind--3", {"support": "says"}, f"kind of agreements/{MOU} is 'mou'; it says agreement; its words may be added to"),
    ("evidence", AMOUNT, {"record": "contributions/jpo"}, "amount_usd of contributions/jpo is missing or blank"),
    ("evidence", AMOUNT, {"field": "amount"}, "'amount' is not a column of contributions; did you mean amount_usd?"),
    ("unused_mentions", "china-and-ilo--brics--un-2030", {"fragment": "UN 2031"}, "stands 0 times in china-and-ilo--brics"),
    ("searches", "trust-fund-years--2", {"hits": "0"}, "write 1, as often as 'Trust Fund' stands there"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "cells", "finding"), CHANGED)
def test_what_no_longer_says_what_the_documents_do_is_found(
    documents_read, table, row, cells, finding
):
    data, bodies = documents_read
    changed = edited(data, (table, row, cells))
    records = {each[table][row].get("record", f"{table}/{row}") for each in (data, changed)}
    wrong = filling.as_lines(verify.prove(changed, bodies, records)[0])
    here = f"data/{table}.csv, row {row}, column "
    assert any(line.startswith(here) and finding in line for line in wrong)


def test_a_misspelt_column_is_named_also_where_others_rest_on_its_record(documents_read):
    data, bodies = documents_read
    key, what = "agreements--mou-mot-2019--kind--2", "'knd' is not a column of agreements; did you "
    changed = edited(data, ("evidence", key, {"field": "knd"}))
    found = verify.prove(changed, bodies)[0]
    assert ("evidence", key, "field", f"{what}mean kind?") in found


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
    ground = SimpleNamespace(bodies={"s": "Year | In thousand US$ || 2021 | 1 240 ||"})
    row = {"table": "contributions", "section_id": "s", "fragment": "1 240"}
    printed = {"field": "printed", "value": "1 240 (In thousand US$)", "proof": "words"}
    read = {"field": "amount_usd", "value": "1240000", "proof": "amount"}
    assert verify._says(ground, row | printed) and verify._says(ground, row | read)


def test_an_asterisk_stands_for_any_ending_and_capitals_do_not_count():
    body = "Implemented in 2018; the implementation of 2019. To implement it."
    assert [verify._hits(words, body) for words in ("implement*", "implement", "201*")] == [3, 1, 2]
