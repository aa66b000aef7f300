"""What the documents are, and how sure we are of them: counts and sentences follow the tables."""

import pytest

from ilodata import sources, words
from ilodata.charts import sources as pictures
from ilodata.evidence import card


def told(*asked):
    found = sources.findings(*asked)
    return {
        kind: [words.plain(t) for t in found.text[found.kind == kind]] for kind in set(found.kind)
    }


def test_the_headline_counts_texts_misprints_and_open_contradictions(change):
    assert told()["headline"][0].startswith(
        "Two undated texts, one misprinted amount, no contradiction in a figure."
    )
    assert any("is given differently, and can be read" in text for text in told()["finding"])
    change("conflicts", "mous-2019-three-or-four", status="open")
    assert told()["headline"][0].endswith("one contradiction in a figure.")


def test_a_dated_text_is_not_called_undated_and_a_corrected_misprint_not_a_misprint(change):
    change("documents", "china-and-ilo", published="2023")
    change(
        "contributions", "youth-employment-2020", amount_usd="373000", qualifier="exact",
        printed_unit_usd="1000", likely_usd="",
    )  # fmt: skip
    assert told()["headline"][0].startswith("Two texts, no misprinted amounts")


def test_one_document_is_spoken_of_alone():
    said = told("The ILO in China")
    assert said["headline"] == ["One undated text and no misprinted amounts."]
    assert "fact sheet" not in " ".join(sum(said.values(), []))


def test_a_document_that_is_not_there_is_refused_by_name():
    with pytest.raises(ValueError, match="did you mean"):
        sources.findings("ilo-china")


def test_what_no_sentence_states_is_counted_as_inferred(change):
    before = sources.subjects().set_index("subject").inferred["Money"]
    cells = sources.cells()
    money = cells[(cells.subject == "Money") & (cells.certainty == "stated") & (cells.exact == 1)]
    proof = sources.tables.load_evidence()
    row = proof[(proof.record == money.record.iloc[0]) & (proof.field == money.field.iloc[0])]
    for key in row.index:
        change("evidence", key, basis="inferred", note="We infer it.")
    assert sources.subjects().set_index("subject").inferred["Money"] == before + 1


def test_values_that_one_text_says_less_exactly_do_not_count_as_said_by_both():
    cells = sources.cells()
    looser = cells[(cells.documents > 1) & (cells.exact < 2)]
    assert len(looser) > 0
    both = next(text for text in told()["finding"] if "said by both texts" in text)
    assert both.startswith(f"{(cells.exact > 1).sum()} of the {len(cells)}")
    linked = next(text for text in sources.findings().text if "said by both texts" in text)
    quotes = card(words.links(linked)[0].of)["quotes"]
    assert len({quote["document"] for quote in quotes}) == 2, "the card shows what each says"


def test_a_subject_that_both_texts_speak_of_is_not_said_to_stand_in_one(add):
    assert "money" in " ".join(told()["finding"])
    add(
        "evidence", evidence_id="x", record="contributions/jpo-2017-2022", field="period",
        document_id="ilo-in-china", section_id="ilo-in-china--about", fragment="x",
        support="coarser", basis="stated",
    )  # fmt: skip
    only = [text for text in told()["finding"] if text.startswith("All that")]
    assert only and "money" not in only[0]


def test_every_reason_for_an_inference_is_listed():
    listed = sources.inferred()
    proof = sources.tables.load_evidence()
    guessed = sources.cells().query("certainty == 'inferred'")
    assert set(listed.why) <= set(proof.note.dropna())
    assert len(guessed) > 50 and set(listed.subject) == set(guessed.subject)


def test_the_chart_draws_a_bar_for_each_subject_and_leads_to_what_is_inferred():
    rows = sources.subjects()
    spec = pictures.inferred(rows).to_dict()
    assert "Money" in spec["description"]
    assert len(rows) == 8 and rows.share.is_monotonic_decreasing
    assert "nothing" in pictures.inferred(rows.iloc[:0]).to_dict()["description"]
