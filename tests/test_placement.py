"""Evidence whose words are real and stand in the wrong place is found."""

import pytest
from edits import proving, reversed_
from mutants import edited

from ilodata.curation import grammar, placement

NEW = "china-and-ilo--new"


@pytest.fixture
def found(documents_read):
    """Give what is said after changes (table, id, cells), and of a text in a new section."""

    def said(*changes, text=""):
        data, bodies = documents_read
        section = "sections", NEW, {"document_id": "china-and-ilo"}
        here = placement.survey(edited(data, section, *changes), bodies | {NEW: text})
        return [what for *_, what in placement.rules(here)]

    return said


def proof(record, field, fragment, section=NEW, **cells):
    words = {"document_id": "china-and-ilo", "section_id": section, "fragment": fragment}
    return proving(record, field, words, **cells)


EVIDENCE = [
    ("agreement-parties--mou-mohrss-2019--mohrss--organisation-id--1", "opening", "between the ILO and Ministry of Human Resources",
     "does not stand where the text speaks of agreements/mou-mohrss-2019; quote words that do"),
    ("agreements--mou-mohrss-2001--signed--1", "sstc", "In 2012, the first",
     "stands where nothing else of agreements/mou-mohrss-2001 does; quote a sentence that says more of it, or names it"),
    ("results--union-officials--unit--1", "project-trade-unions", "trade union educators from the region",
     "is not in the sentence that proves unit; quote that one, or leave qualifier blank"),
    ("contributions--jpo-2017-2022--period--1", "finance", "Between 2017 and 2022, China’s voluntary",
     "is not in the sentence that proves printed; quote that one, or leave period blank"),
    ("event-participants--one-plus-six-2022--gilbert-houngbo--person-id--1", "finance", "1+6” Roundtable",
     "is not in the sentence that proves role; quote that one, or leave person_id blank"),
    ("result-places--union-trainers--asia-pacific--place-id--1", "gdi", "greater international synergy",
     "does not mean places/asia-pacific; quote words that name it, or stand beside its name"),
    ("relations--gdi--contributes-to--agenda-2030--object--1", "gdi", "with the ILO Centenary Declaration",
     "is not in the sentence of its other ends; quote one that holds all three"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "section", "fragment", "what"), EVIDENCE)
def test_words_from_a_sentence_about_something_else_are_found(found, key, section, fragment, what):
    cells = {"section_id": f"china-and-ilo--{section}", "fragment": fragment}
    assert any(each.endswith(what) for each in found(("evidence", key, cells)))


def test_a_result_that_moves_to_another_project_is_found(found):
    said = found(("results", "union-officials", {"record": "projects/youth-employment-2020"}))
    assert said and all("speaks of projects/youth-employment-2020; quote" in each for each in said)


def test_an_almost_and_another_window_do_not_corroborate_a_figure(found):
    text = "Between 2018 and 2022, China’s voluntary contributions came to almost US$ 5.2 million."
    new = proof("contributions/voluntary-2017-2022", "amount_usd", "almost US$ 5.2 million")
    assert found(new, text=text) == [
        "'almost US$ 5.2 million' hedges the figure by 'almost', not 'exact'",
        "'almost US$ 5.2 million' stands with 2018/2022, not 2017/2022",
    ]


def test_a_place_that_is_inferred_is_named_in_the_sentence_itself(found):
    link = {"project_id": "employment-services-2013", "place_id": "china", "role": "beneficiary"}
    new = proof("project_places/new", "place_id", "12 schools opened", basis="inferred")
    text = "China met. In Peru, 12 schools opened."
    [said] = found(("project_places", "new", link), new, text=text)
    assert said.startswith("'12 schools opened' does not mean places/china")


def test_subject_and_object_of_a_relation_do_not_change_places(found, documents_read):
    key = "un-peace-development-trust-fund--established-by--china"
    [turned] = [each for each in reversed_(documents_read[0]) if each[0][1] == key]
    assert any("do subject and object change places?" in each for each in found(*turned))


def test_a_position_in_a_list_is_not_a_number_in_a_row(found):
    record, section = "agreements/mou-mohrss-2019", "china-and-ilo--sstc"
    new = proof(record, "ordinal", "The first MoU", section)
    said = "'The first MoU' numbers a list; quote a number in a row, or leave ordinal blank"
    assert said in found(("agreements", "mou-mohrss-2019", {"ordinal": "1"}), new)


COUNTS = "counts something; give it a row, or a kind of reason"
DISMISSED = [
    ("A total of 189 trade", "project-trade-unions", "", [f"'189' {COUNTS}"]),
    ("US$ 4 million financial", "project-skills", "", [f"'US$ 4 million' {COUNTS}"]),
    ("US$ 4 million financial", "project-skills", "example", []),
    ("", "project-trade-unions", "example", [f"'US$ 1 million' {COUNTS}"]),
    ("On 7 December 2022", "agreement", "", [f"'7 December 2022' {COUNTS}"]),
    ("", "projects", "", []),
    ("42) rest", "new", "", []),
    ("43 ports", "new", "", [f"'43' {COUNTS}"]),
]


@pytest.mark.parametrize(("fragment", "section", "kind", "what"), DISMISSED)
def test_a_figure_is_dismissed_only_where_it_can_be_no_fact(
    found, documents_read, fragment, section, kind, what
):
    data = documents_read[0]
    gone = [("unused_mentions", key, None) for key in data["unused_mentions"]]
    for key, row in data["evidence"].items():
        if "189" in row["fragment"] or "7 Dec" in row["fragment"]:
            gone.append(("evidence", key, None))
    row = {"section_id": f"china-and-ilo--{section}", "fragment": fragment, "kind": kind}
    text = "Aims: 41) work, 42) rest. It has 43 ports."
    said = found(*gone, ("unused_mentions", "new", row), text=text)
    assert [each for each in said if "counts something" in each] == what


def test_a_name_inside_a_joined_word_names_nothing_unless_both_parts_do():
    names = (("China", "places/china"), ("ILO", "organisations/ilo"))
    found = placement.placed("ILO-China, All-China Federation, China", names)
    assert [start for start, _, record in found if record == "places/china"] == [4, 33]


def test_numbers_of_a_list_are_told_from_those_that_count():
    text = "Aims: 1) work, 2) rest. The third plan of 3 came after the first meeting."
    figures = [figure for figure in grammar.figures(text) if figure.kind == "number"]
    counting = [placement.counts_up(text, each) for each in figures]
    assert counting == [True, True, False, False, False]
