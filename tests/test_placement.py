"""Evidence whose words are real and stand in the wrong place is found."""

import pytest

from ilodata.curation import grammar, placement


@pytest.fixture
def found(documents_read):
    """Give what is said of changed rows: table -> {id: cells}; a row of None is dropped.

    A text is added as section "china-and-ilo--new".
    """

    def said(text="", **changes):
        data, bodies = dict(documents_read[0]), dict(documents_read[1])
        if text:
            bodies["china-and-ilo--new"] = text
            cells = {"document_id": "china-and-ilo", "heading": ""}
            changes["sections"] = {"china-and-ilo--new": cells}
        for table, rows in changes.items():
            data[table] = {key: row for key, row in data[table].items() if rows.get(key, row)}
            for key, cells in ((key, cells) for key, cells in rows.items() if cells):
                empty = dict.fromkeys(next(iter(documents_read[0][table].values())), "")
                data[table][key] = {**data[table].get(key, empty), **cells}
        here = placement.ground(data, bodies)
        return [what for *_, what in placement.rules(here)]

    return said


def proof(record, field, section, fragment, **cells):
    row = {"record": record, "field": field, "section_id": f"china-and-ilo--{section}"}
    row |= {"document_id": "china-and-ilo", "fragment": fragment, "support": "says"}
    return {f"{record}--{field}".replace("/", "--"): {**row, "basis": "stated", **cells}}


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
    assert any(each.endswith(what) for each in found(evidence={key: cells}))


def test_a_result_that_moves_to_another_project_is_found(found):
    said = found(results={"union-officials": {"record": "projects/youth-employment-2020"}})
    assert said and all("speaks of projects/youth-employment-2020; quote" in each for each in said)


def test_an_almost_and_another_window_do_not_corroborate_a_figure(found):
    text = "Between 2018 and 2022, China’s voluntary contributions came to almost US$ 5.2 million."
    new = proof("contributions/voluntary-2017-2022", "amount_usd", "new", "almost US$ 5.2 million")
    assert found(text, evidence=new) == [
        "'almost US$ 5.2 million' hedges the figure by 'almost', not 'exact'",
        "'almost US$ 5.2 million' stands with 2018/2022, not 2017/2022",
    ]


def test_a_place_that_is_inferred_is_named_in_the_sentence_itself(found):
    new = proof(
        "project_places/new", "place_id", "new", "12 schools opened",
        basis="inferred", note="As is well known.",
    )  # fmt: skip
    row = {"project_id": "employment-services-2013", "place_id": "china", "role": "beneficiary"}
    said = found(
        "China met. In Peru, 12 schools opened.", evidence=new, project_places={"new": row}
    )
    assert len(said) == 1 and said[0].startswith("'12 schools opened' does not mean places/china")


@pytest.mark.parametrize("ends", [("subject", "object"), ("subject",)])
def test_subject_and_object_of_a_relation_do_not_change_places(found, documents_read, ends):
    key = "un-peace-development-trust-fund--established-by--china"
    row = documents_read[0]["relations"][key]
    other = {"subject": "object", "object": "subject"}
    proofs = {
        k: {"field": other[r["field"]]} if r["field"] in ends else None
        for k, r in documents_read[0]["evidence"].items()
        if r["record"] == f"relations/{key}" and r["field"] in other
    }
    said = found(relations={key: {one: row[end] for one, end in other.items()}}, evidence=proofs)
    assert any("do subject and object change places?" in each for each in said)


def test_a_position_in_a_list_is_not_a_number_in_a_row(found):
    new = proof("agreements/mou-mohrss-2019", "ordinal", "sstc", "The first MoU")
    rows = {"mou-mohrss-2019": {"ordinal": "1"}}
    said = "'The first MoU' numbers a list; quote a number in a row, or leave ordinal blank"
    assert said in found(agreements=rows, evidence=new)


COUNTS = "counts something; give it a row, or a kind of reason"
DISMISSED = [
    ("A total of 189 trade", "project-trade-unions", "", [f"'189' {COUNTS}"]),
    ("US$ 4 million financial", "project-skills", "", [f"'US$ 4 million' {COUNTS}"]),
    ("US$ 4 million financial", "project-skills", "example", []),
    ("", "project-trade-unions", "example", [f"'US$ 1 million' {COUNTS}"]),
    ("On 7 December 2022", "agreement", "", [f"'7 December 2022' {COUNTS}"]),
    ("The second MoU", "sstc", "", []),
    ("2017-2022, US$", "chart", "", []),
    ("More recently", "opening", "", []),
    ("", "projects", "", []),
]


@pytest.mark.parametrize(("fragment", "section", "kind", "what"), DISMISSED)
def test_a_figure_is_dismissed_only_where_it_can_be_no_fact(
    found, documents_read, fragment, section, kind, what
):
    rows = documents_read[0]["evidence"].items()
    row = {"section_id": f"china-and-ilo--{section}", "fragment": fragment, "kind": kind}
    said = found(
        evidence={k: None for k, r in rows if "189" in r["fragment"] or "7 Dec" in r["fragment"]},
        unused_mentions={**dict.fromkeys(documents_read[0]["unused_mentions"]), "new": row},
    )
    assert [each for each in said if "counts something" in each] == what


def test_a_name_inside_a_joined_word_names_nothing_unless_both_parts_do():
    names = (("China", "places/china"), ("ILO", "organisations/ilo"))
    found = placement.placed("ILO-China, All-China Federation, China", names)
    assert [start for start, _, record in found if record == "places/china"] == [4, 33]


def test_numbers_of_a_list_are_told_from_those_that_count():
    text = "Aims: 1) work, 2) rest. The third plan of 3 came after the first meeting."
    figures = [figure for figure in grammar.figures(text) if figure.kind == "number"]
    assert [placement.listed(text, each) for each in figures] == [True, True, False, False, False]
