"""What the documents are, and how sure we are of them: counts and sentences follow the tables."""

from ilodata import charts, gaps, sources, words


def told(*asked):
    found = sources.findings(*asked)
    return {
        kind: [words.plain(t) for t in found.text[found.kind == kind]] for kind in set(found.kind)
    }


def test_a_dated_text_is_not_called_undated_nor_a_difference_of_words_one_of_figures(change):
    change("documents", "china-and-ilo", published="2023")
    said = "Two texts, one misprinted amount and one figure told differently."
    assert told()["headline"] == [said]
    change("conflicts", "mous-2019-three-or-four", weight="wording")
    assert told()["headline"] == ["Two texts and one misprinted amount."]


def test_one_document_is_spoken_of_alone():
    said = told("The ILO in China")
    assert said["headline"] == ["One undated text."]
    assert told("China and the ILO")["headline"] == ["One undated text and one misprinted amount."]
    assert "fact sheet" not in " ".join(sum(said.values(), []))
    asked = gaps(sources.cells("The ILO in China")).index.nunique()
    assert f"{words.number(asked)} questions" in said["finding"][-1], "as the notebook lists them"
    rows = sources.subjects("The ILO in China")
    assert set(rows.part) == {"in “The ILO in China”"}
    assert "nothing" in charts.coverage(rows.iloc[:0]).to_dict()["description"]


def test_a_subject_that_both_texts_speak_of_is_not_said_to_stand_in_one(add):
    assert "money" in " ".join(told()["finding"])
    add(
        "evidence", evidence_id="x", record="contributions/jpo-2017-2022", field="period",
        document_id="ilo-in-china", section_id="ilo-in-china--about", fragment="x",
        support="coarser", basis="stated",
    )  # fmt: skip
    only = [text for text in told()["finding"] if text.startswith("In one text only")]
    assert only and "money" not in only[0]
