"""Evidence whose words are real and stand in the wrong place is found."""

import pytest

from ilodata.curation import standing, wording

SKILLS, UNIONS = "skills-asean-2018", "trade-unions-2019"


@pytest.fixture
def found(documents_read):
    """Give what is said of changed rows: table -> {id: cells}; a row of None is dropped."""

    def said(**changes):
        data, bodies = dict(documents_read[0]), documents_read[1]
        for table, rows in changes.items():
            data[table] = {key: row for key, row in data[table].items() if rows.get(key, row)}
            for key, cells in ((key, cells) for key, cells in rows.items() if cells):
                empty = dict.fromkeys(next(iter(data[table].values())), "")
                data[table][key] = {**data[table].get(key, empty), **cells}
        here = standing.ground(data, bodies)
        return [what for *_, what in standing.rules(here)]

    return said


def proof(record, field, section, fragment, **cells):
    row = {"record": record, "field": field, "section_id": f"china-and-ilo--{section}"}
    row |= {"document_id": "china-and-ilo", "fragment": fragment, "support": "says"}
    return {f"{record}--{field}".replace("/", "--"): {**row, "basis": "stated", **cells}}


def test_all_evidence_stands_in_its_place(found):
    assert found() == []


EVIDENCE = [
    ("agreement-parties--mou-mohrss-2019--mohrss--organisation-id--1",
     {"document_id": "china-and-ilo", "section_id": "china-and-ilo--opening",
      "fragment": "between the ILO and Ministry of Human Resources"},
     "'between the ILO and Ministry of Human Resources' does not stand where the text speaks of agreements/mou-mohrss-2019; quote words that do"),
    ("agreements--mou-mohrss-2001--signed--1",
     {"section_id": "china-and-ilo--sstc", "fragment": "In 2012, the first"},
     "'In 2012, the first' stands where nothing else of agreements/mou-mohrss-2001 does; quote a sentence that says more of it, or names it"),
    ("results--union-officials--unit--1",
     {"fragment": "trade union educators from the region"},
     "'A total of 189 trade union officials participated in these trainings' is not in the sentence that proves unit; quote that one, or leave qualifier blank"),
    ("contributions--jpo-2017-2022--period--1",
     {"fragment": "Between 2017 and 2022, China’s voluntary"},
     "'Between 2017 and 2022, China’s voluntary' is not in the sentence that proves printed; quote that one, or leave period blank"),
    ("event-participants--one-plus-six-2022--gilbert-houngbo--organisation-id--1".replace("organisation", "person"),
     {"fragment": "1+6” Roundtable"},
     "'1+6” Roundtable' is not in the sentence that proves role; quote that one, or leave person_id blank"),
    ("people--xi-jinping--office--1",
     {"fragment": "greater international synergy"},
     "'greater international synergy' stands in a sentence that does not name people/xi-jinping"),
    ("result-places--union-trainers--asia-pacific--place-id--1",
     {"section_id": "china-and-ilo--gdi", "fragment": "greater international synergy"},
     "places/asia-pacific is not named beside 'greater international synergy'"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "cells", "what"), EVIDENCE)
def test_words_from_a_sentence_about_something_else_are_found(found, key, cells, what):
    assert what in found(evidence={key: cells})


def test_a_result_that_moves_to_another_project_is_found(found):
    said = found(results={"union-officials": {"record": "projects/youth-employment-2020"}})
    assert said and all("speaks of projects/youth-employment-2020; quote" in each for each in said)


def test_an_almost_and_another_window_do_not_corroborate_a_figure(found, documents_read):
    data, bodies = documents_read
    section = "china-and-ilo--new"
    text = "Between 2018 and 2022, China’s voluntary contributions came to almost US$ 5.2 million."
    changed = {
        **data,
        "sections": {**data["sections"], section: {"document_id": "", "heading": ""}},
    }
    new = proof("contributions/voluntary-2017-2022", "amount_usd", "new", "almost US$ 5.2 million")
    changed["evidence"] = {**data["evidence"], **new}
    here = standing.ground(changed, {**bodies, section: text})
    assert [what for table, *_, what in standing.rules(here) if table == "evidence"] == [
        "the figure is hedged there by 'almost', not 'exact'",
        "the figure stands there with 2018/2022, not 2017/2022",
    ]


def _in(data, bodies, text, **rows):
    """Add a section with a text and rows to the tables; return all of it as a ground."""
    section = {"china-and-ilo--new": {"document_id": "china-and-ilo", "heading": ""}}
    rows = {**rows, "sections": section}
    data = {**data, **{table: {**data[table], **more} for table, more in rows.items()}}
    return standing.ground(data, {**bodies, "china-and-ilo--new": text})


def test_who_is_named_beside_an_amount_pays_it_or_a_doubt_says_that_nobody_is_stated(
    documents_read,
):
    data, bodies = documents_read
    text = "Trade Unions in 2019: the Ministry of Transport will give the ILO US$ 2 million."
    row = {**data["contributions"]["trade-unions-2019"], "payer_id": "", "receiver_id": ""}
    new = proof("contributions/new", "printed", "new", "US$ 2 million")

    def said(**cells):
        here = _in(data, bodies, text, contributions={"new": {**row, **cells}}, evidence=new)
        return [
            what for *_, what in standing.rules(here, {"contributions/new"}) if "payer_id" in what
        ]

    what = "stands in a sentence with organisations/mot; fill payer_id, or let a doubt name it"
    assert said() == [f"'US$ 2 million' {what}"]
    assert said(payer_id="mot") == said(receiver_id="mot") == []
    guess = proof(
        "contributions/new", "payer_id", "new", "in 2019:", basis="inferred", note="Of it."
    )
    new |= guess
    assert said(payer_id="ilo") == [f"'US$ 2 million' {what}"]
    new["contributions--new--payer_id"]["basis"] = "stated"
    assert said(payer_id="acftu") == []
    doubt = {"conflict_id": "who", "record": "contributions/new", "field": "payer_id"}
    data = {**data, "conflict_records": {**data["conflict_records"], "who": doubt}}
    assert said() == []


def test_an_amount_in_another_currency_is_dismissed_for_a_kind_of_reason(documents_read):
    data, bodies = documents_read
    text = "The ILO and the Ministry of Transport signed an MoU; the Ministry of Transport adds RMB 3 million."
    row = {"section_id": "china-and-ilo--new", "fragment": "adds RMB 3 million"}
    row = dict.fromkeys(next(iter(data["unused_mentions"].values())), "") | row

    def said(kind):
        here = _in(data, bodies, text, unused_mentions={"new": {**row, "kind": kind}})
        return [what for table, *_, what in standing.rules(here, ()) if table == "unused_mentions"]

    what = "counts something in a sentence on our records; give it a kind of reason other than"
    assert said("") == [f"'RMB 3 million' {what} blank"]
    assert said("unclear") == []


def test_the_day_of_issue_dates_a_figure_although_something_else_happened_on_it(documents_read):
    data, bodies = documents_read
    text = "14 May 2024 – The ILO opened a forum today. China has 30 Conventions."
    day = "14 May 2024"
    new = proof("documents/china-and-ilo", "published", "new", day)
    new |= proof("events/gdi-proposed-2021", "date", "new", day, basis="inferred", note="Today.")
    new |= proof(
        "indicators/population", "as_of", "new", day, basis="inferred", note="Of that day."
    )
    rows = {"population": {**data["indicators"]["population"], "as_of": "2024-05-14"}}
    here = _in(data, bodies, text, evidence=new, indicators=rows)
    said = [what for *_, what in standing.rules(here, {"indicators/population"})]
    assert [what for what in said if "does not stand where" in what] == []


def test_a_place_a_share_and_a_day_are_those_of_the_sentence_itself(documents_read):
    data, bodies = documents_read
    text = "China met. In Cambodia and Lao PDR, 12 schools opened. By April 2024, 310 trade union "
    text += "officials participated, half of them women."
    inferred = {"basis": "inferred", "note": "As is well known."}
    place, share = "project_places/new", "indicators/new"
    new = proof(place, "place_id", "new", "12 schools opened", **inferred)
    new |= proof("results/union-officials", "value", "new", "310 trade union officials")
    new |= proof(place, "role", "new", "met. In Cambodia")
    new |= proof(share, "unit", "new", "half of them women")
    new |= proof(share, "as_of", "new", "China met", **inferred)
    new |= proof("documents/china-and-ilo", "published", "new", "China met")
    links = {"project_id": "employment-services-2013", "place_id": "china", "role": "beneficiary"}
    share_row = {**data["indicators"]["population"], "unit": "of them women", "as_of": "2024-05-14"}

    def said(record):
        rows = {"project_places": {"new": links}, "indicators": {"new": share_row | record}}
        here = _in(data, bodies, text, evidence=new, **rows)
        return [what for *_, what in standing.rules(here, {place, share})]

    assert "places/china is not named beside '12 schools opened'" in said({})
    assert "the figure stands there with 'April 2024'; quote that for as_of" in said({})
    assert any(each.startswith("'met. In Cambodia' does not stand where") for each in said({}))
    moved = "does not stand where the text speaks of results/network-mous; quote words that do"
    assert any(moved in each for each in said({"record": "results/network-mous"}))
    assert not any(
        "speaks of results" in each for each in said({"record": "results/union-officials"})
    )


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


def test_a_relation_is_stated_in_one_sentence(found):
    key = "gdi--contributes-to--agenda-2030--object--1"
    moved = {f"relations--{key}": {"fragment": "with the ILO Centenary Declaration"}}
    assert "subject, predicate and object are not in one sentence" in found(evidence=moved)


def without(data, *records):
    """Give changes that drop rows and their evidence."""
    changes = {"evidence": {k: None for k, r in data["evidence"].items() if r["record"] in records}}
    for record in records:
        table, _, key = record.partition("/")
        changes.setdefault(table, {})[key] = None
    return changes


def test_a_name_in_a_sentence_is_linked_with_what_the_sentence_tells_of(found, documents_read):
    party = "agreement_parties/mou-acftu-2019--acftu"
    [said] = found(**without(documents_read[0], party, "indicators/mous-2019-acftu"))
    assert said == (
        "the sentence that begins 'In April and June 2019, the ILO signed …' names ACFTU; link it with "
        "agreements/mou-acftu-2019 or agreements/mou-mem-2019, as a party, participant, partner, place, "
        "payer or relation, or dismiss the name"
    )
    place = without(
        documents_read[0], "project_places/employment-services-2013--cambodia--beneficiary"
    )
    [said] = found(**place)
    assert "names Cambodia; link it with projects/employment-services-2013 or " in said
    words = {"section_id": "china-and-ilo--sstc", "fragment": "in Cambodia and Lao"}
    assert found(**place, unused_mentions={"new": words}) == []


def test_a_position_in_a_list_is_not_a_number_in_a_row(found):
    new = proof("agreements/mou-mohrss-2019", "ordinal", "sstc", "The first MoU")
    rows = {"mou-mohrss-2019": {"ordinal": "1"}}
    assert "'first' numbers a list there" in found(agreements=rows, evidence=new)


DISMISSED = [
    ("A total of 189 trade", "project-trade-unions", "", "'189' counts something in a sentence on our records; give it a row"),
    ("US$ 4 million financial", "project-skills", "", "'US$ 4 million' counts something in a sentence on our records; give it a row, or a kind of reason other than blank"),
    ("US$ 4 million financial", "project-skills", "example", None),
    ("On 7 December 2022", "agreement", "not_ours", None),
    ("On 7 December 2022", "agreement", "", "'7 December 2022' counts something in a sentence on our records; give it a row, or a kind of reason other than blank"),
    ("US$ 4 million financial", "project-skills", "repeated", "'US$ 4 million' is read by no other row, so it is not repeated"),
    ("The second MoU", "sstc", "", None),
    ("2017-2022, US$", "chart", "", None),
    ("More recently", "opening", "", None),
    ("", "projects", "", None),
    ("", "project-trade-unions", "", "'US$ 1 million' counts something in a sentence on our records; give it a row, or a kind of reason other than blank"),
]  # fmt: skip


@pytest.mark.parametrize(("fragment", "section", "kind", "what"), DISMISSED)
def test_a_figure_is_dismissed_only_where_it_can_be_no_fact(
    found, documents_read, fragment, section, kind, what
):
    data, bodies = documents_read
    row = dict.fromkeys(next(iter(data["unused_mentions"].values())), "")
    row |= {"section_id": f"china-and-ilo--{section}", "fragment": fragment, "kind": kind}
    rows = {k: r for k, r in data["evidence"].items() if fragment not in r["fragment"]}
    kept = {**data, "evidence": rows, "unused_mentions": {"new": row}}
    said = [
        what
        for table, *_, what in standing.rules(standing.ground(kept, bodies))
        if table == "unused_mentions"
    ]
    assert said == ([what] if what else [])


def test_a_name_inside_a_joined_word_names_nothing_unless_both_parts_do():
    names = (("China", "places/china"), ("ILO", "organisations/ilo"))
    found = standing.placed("ILO-China, All-China Federation, China", names)
    assert [start for start, _, record in found if record == "places/china"] == [4, 33]


def test_numbers_of_a_list_are_told_from_those_that_count():
    text = "Aims: 1) work, 2) rest. The third plan of 3 came after the first meeting."
    figures = [figure for figure in wording.figures(text) if figure.kind == "number"]
    assert [standing.listed(text, figure) for figure in figures] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_an_end_of_a_relation_is_quoted_beside_its_words(found):
    section = {"section_id": "china-and-ilo--gdi", "fragment": "greater international synergy"}
    key = "relations--skills-development-network--under--skills-asean-2018--object--1"
    what = "does not stand with the words of the predicate, nor in three sentences before"
    assert f"'greater international synergy' {what}" in found(evidence={key: section})


BORROWED = [
    ("organisations/mot", "China’s Ministry of Emergency Management", "China’s Ministry of Emergency Management", "'China’s Ministry of Emergency Management' stands with 'Ministry of Emergency Management', which is a name of organisations/mem"),
    ("organisations/mot", "MEM", "Ministry of Emergency Management (MEM)", "'MEM' stands with 'Ministry of Emergency Management', which is a name of organisations/mem"),
    ("organisations/mem", "MEM", "Ministry of Emergency Management (MEM)", None),
    ("organisations/china", "China", "ILO Country Office for China and Mongolia", "'China' stands with 'ILO Country Office for China and Mongolia', which is a name of organisations/ilo-beijing"),
    ("organisations/china", "China", "delegation of China", None),
]  # fmt: skip


@pytest.mark.parametrize(("record", "name", "words", "what"), BORROWED)
def test_a_name_of_another_record_is_not_borrowed(documents_read, record, name, words, what):
    data, bodies = documents_read
    names = {"new": {**next(iter(data["names"].values())), "record": record, "name": name}}
    new = proof("names/new", "name", "new", words)
    here = _in(data, bodies, f"The {words} met.", names=names, evidence=new)
    said = [each for *_, each in standing.rules(here, {"names/new"}) if "which is a name" in each]
    assert said == ([what] if what else [])
