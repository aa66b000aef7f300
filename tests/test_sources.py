"""What the documents are, and how sure we are of them: counts and sentences follow the tables."""

from ilodata import gaps, sources, words
from ilodata.charts import sources as pictures


def told(*asked):
    found = sources.findings(*asked)
    return {
        kind: [words.plain(t) for t in found.text[found.kind == kind]] for kind in set(found.kind)
    }


def test_the_headline_counts_texts_misprints_and_figures_told_differently(change):
    assert told()["headline"][0].startswith(
        "Two undated texts, one misprinted amount and one figure told differently."
    )
    (differ,) = [text for text in told()["finding"] if text.startswith("Told differently")]
    assert "how many MoUs in 2019. The web page counts" in differ
    change("conflicts", "mous-2019-three-or-four", weight="wording")
    assert told()["headline"] == ["Two undated texts and one misprinted amount."]


def test_a_dated_text_is_not_called_undated(change):
    change("documents", "china-and-ilo", published="2023")
    assert told()["headline"][0].startswith("Two texts, one misprinted")


def test_one_document_is_spoken_of_alone():
    said = told("The ILO in China")
    assert said["headline"] == ["One undated text."]
    assert told("China and the ILO")["headline"] == ["One undated text and one misprinted amount."]
    assert "fact sheet" not in " ".join(sum(said.values(), []))
    asked = gaps(sources.cells("The ILO in China")).index.nunique()
    assert f"{words.number(asked)} questions" in said["finding"][-1], "as the notebook lists them"


def test_a_subject_that_both_texts_speak_of_is_not_said_to_stand_in_one(add):
    assert "money" in " ".join(told()["finding"])
    add(
        "evidence", evidence_id="x", record="contributions/jpo-2017-2022", field="period",
        document_id="ilo-in-china", section_id="ilo-in-china--about", fragment="x",
        support="coarser", basis="stated",
    )  # fmt: skip
    only = [text for text in told()["finding"] if text.startswith("In one text only")]
    assert only and "money" not in only[0]


def test_every_reason_for_an_inference_is_listed_once_with_the_values_it_holds_for():
    listed, guessed = sources.inferred(), sources.cells().query("certainty == 'inferred'")
    assert set(listed.why) == set(guessed.why) and set(listed.subject) == set(guessed.subject)
    assert not listed.duplicated(["subject", "why"]).any()


def test_the_chart_draws_what_each_text_tells_and_what_both_do():
    rows, cells = sources.subjects(), sources.cells()
    assert rows.facts.sum() == len(cells), "each fact once"
    assert sum(rows.facts[rows.part == "in both texts"]) == (cells.documents > 1).sum()
    assert "nothing" in pictures.coverage(rows.iloc[:0]).to_dict()["description"]
    assert set(sources.subjects("The ILO in China").part) == {"in “The ILO in China”"}
