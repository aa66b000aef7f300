"""Every rule of the check finds what breaks it, in one line with row, column, value and remedy."""

import pytest

from ilodata import tables
from ilodata.curation import check, filling

JPO, YOUTH, UNIONS = "jpo-2017-2022", "youth-employment-2020", "trade-unions-2019"
AMOUNT = "contributions--jpo-2017-2022--amount-usd--1"
ACFTU = "organisations--acftu--acftu"
PLANNED = ": it is planned, so it is a theme or a planned result"


def found():
    """List the findings of every rule but frictionless, which takes a second."""
    data, wrong = check.load()
    return wrong + filling.as_lines(check.rules(data))


# One wrong cell, and the one finding on it
CELLS = [
    # what a cell refers to
    ("contributions", JPO, "payer_id", "chna", "'chna' is not in organisations; did you mean china?"),
    ("indicators", "population", "record", "population", "'population' does not name a table; write table/id"),
    # what an id is made of
    ("agreement_parties", "mou-mem-2019--government-of-china", "organisation_id", "mot", ("id", "'mou-mem-2019--government-of-china'; its keys make it mou-mem-2019--mot")),
    # evidence
    ("agreements", "mou-mohrss-2022", "title", "MoU", "'MoU' has no evidence; add a row to evidence"),
    ("evidence", AMOUNT, "document_id", "ilo-in-china", "'ilo-in-china'; its section makes it china-and-ilo"),
    ("evidence", AMOUNT, "support", "coarser", check.VAGUE),
    ("evidence", AMOUNT, "basis", "inferred", ("note", "is blank; say why it is inferred")),
    ("evidence", AMOUNT, "note", "so", "'so'; a stated value needs no reason, so write inferred or drop the note"),
    ("evidence", AMOUNT, "fragment", "a b c d e f g h i j k l m n o p q", "17 words; at most 16"),
    # codes that follow from names
    ("names", ACFTU, "kind", "full", "'full'; its form makes it acronym"),
    ("organisations", "mem", "kind", "union", "'union'; its names and reference/wordings.csv make it ministry"),
    # codes of places
    ("places", "nigeria", "iso3", "NER", "'NER'; reference/countries.csv makes it NGA"),
    # years of labels
    ("agreements", "mou-mohrss-2019", "label", "MoU with MOHRSS, 2018", "'MoU with MOHRSS, 2018'; its date is [2019-04,2019-06]"),
    # amounts against what is printed
    ("contributions", JPO, "amount_usd", "2300000", "'2300000'; 'over US$2.2 million' makes it 2200000"),
    ("contributions", JPO, "printed", "over US$2.2 million or US$ 3", "'over US$2.2 million or US$ 3' holds 2 amounts; write one"),
    ("contributions", JPO, "level", "project", "'project'; its ids make it channel_total"),
    ("contributions", YOUTH, "likely_usd", "373999", "'373999'; only a misprint has one, the printed digits 37300 and zeros"),
]  # fmt: skip


def line(table, row, column, finding):
    return f"data/{table}.csv, row {row}, column {column}: {finding}"


@pytest.mark.parametrize(("table", "row", "column", "value", "finding"), CELLS)
def test_a_wrong_cell_gives_one_finding_that_says_what_would_be_right(
    change, table, row, column, value, finding
):
    change(table, row, **{column: value})
    column, finding = (column, finding) if isinstance(finding, str) else finding
    assert found() == [line(table, row, column, finding)]


def test_what_stands_twice_hangs_loose_or_differs_without_a_conflict_is_found(change, add):
    theme = "mou-mohrss-2022--public-employment-services"
    change("evidence", "events--gdi-proposed-2021--kind--1", support="differs")
    add("themes", **tables.row(f"themes/{theme}") | {"theme_id": "the-same"})
    add("people", person_id="xi-jinping", label="Xi Jinping")
    add("conflicts", conflict_id="loose", kind="misprint", weight="wording")
    assert {
        line("themes", "the-same", "theme_id", f"says the same as row {theme}"),
        line("people", "xi-jinping", "person_id", "stands twice; ids are unique"),
        line("conflicts", "loose", "conflict_id", "concerns no record; add a row to conflict_records"),
        line("evidence", "events--gdi-proposed-2021--kind--1", "support", "'differs', and no doubt names events/gdi-proposed-2021"),
    } <= set(found())  # fmt: skip


def test_a_descriptor_against_the_standard_is_found_by_frictionless(data):
    path = data / "datapackage.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"type": "string"', '"type": "strin"', 1), encoding="utf-8")
    [wrong], _ = check.check()
    assert wrong.startswith("data/datapackage.json: ") and "strin" in wrong


# What the tables say of doubts and gaps, of what is counted, planned, and of what replaces what
SAID = [
    ("contributions", YOUTH, {"part_of": "sstc-2012"}, "part_of: 'sstc-2012' is not a channel total"),
    ("event_participants", "gdi-proposed-2021--xi-jinping", {"organisation_id": "china"}, "organisation_id: write either an organisation or a person"),
    ("project_places", "skills-asean-2018--china--network-home", {"role": "target_region"}, "role: 'target_region' of china, a country; write beneficiary or network_home"),
    ("evidence", "contributions--youth-employment-2020--likely-usd--2", {"basis": "stated"}, "basis: 'stated'; likely_usd is always inferred"),
    ("conflicts", "hedges", {"otherwise": ""}, "otherwise: is blank; fill it"),
    ("conflicts", "office-names", {"otherwise": "Two offices."}, "otherwise: is only for the weight figure"),
    ("conflicts", "receivers", {"confirmed": ""}, "confirmed: is blank; fill it"),
    ("conflicts", "office-names", {"weight": "gap"}, "weight: 'gap'; add its words to searches"),
    ("results", "union-officials", {"unit": ""}, "unit: ''; fill it where there is a figure, and only there"),
    ("results", "network-workshops", {"qualifier": "exact"}, "qualifier: 'exact'; fill it where there is a figure, and only there"),
    ("contributions", JPO, {"supersedes_id": JPO}, f"supersedes_id: '{JPO}' replaces this row in turn, so none of them counts; blank one of them"),
    ("conflict_records", "hedges--contributions--jpo-2017-2022--printed-unit-usd", {"field": "amont"}, "field: 'amont' is not a column of contributions"),
    ("contributions", UNIONS, {"part_of": "voluntary-2017-2022"}, "part_of: 'voluntary-2017-2022' is paid by china, this by acftu"),
    ("contributions", "mou-mohrss-2022", {"supersedes_id": UNIONS, "level": "project", "project_id": UNIONS, "agreement_id": "", "payer_id": "mohrss"}, f"supersedes_id: '{UNIONS}' has another payer_id, so it is no earlier figure of the same"),
    ("contributions", "trust-fund", {"channel": ""}, "channel: is blank; name the channel of a total, or a project or agreement of an amount"),
    ("indicators", "conventions-ratified", {"supersedes_id": "economy-rank"}, "supersedes_id: 'economy-rank' has another unit, so it is no earlier figure of the same"),
    ("events", "one-plus-six-2022", {"date": "2027"}, f"date: '2027' is after china-and-ilo, of 2022{PLANNED}"),
    ("indicators", "mous-2019-web-page", {"as_of": "2027"}, f"as_of: '2027' is after ilo-in-china, of 2019{PLANNED}"),
    ("unused_mentions", "china-and-ilo--brics--un-2030", {"document_id": "ilo-in-china"}, "document_id: 'ilo-in-china'; its section makes it china-and-ilo"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "cells", "said"), SAID)
def test_doubts_counts_plans_and_successors_have_what_they_need(change, table, row, cells, said):
    change(table, row, **cells)
    assert f"data/{table}.csv, row {row}, column {said}" in found()


def test_figures_that_replace_each_other_are_found(change):
    change("indicators", "economy-rank", supersedes_id="population-rank")
    change("indicators", "population-rank", supersedes_id="economy-rank")
    assert any("replaces this row in turn, so none of them counts" in line for line in found())


def test_the_id_of_a_row_is_given_whole():
    data, _ = check.load()
    data["places"]["x" * 200] = data["places"]["china"] | {"iso3": "CHE"}
    assert ("places", "x" * 200) in {where[:2] for where in check.rules(data)}


@pytest.mark.parametrize(
    ("name", "right", "bad"),
    [("reference/wordings.csv", ",Office,", ",=Office,"), ("receipts/reviewed.csv", "seen", "sen")],
)
def test_a_file_beside_the_tables_that_is_not_sound_hides_no_other_finding(
    name, right, bad, data, change
):
    change("places", "nigeria", iso3="NER")
    text = (data / name).read_text("utf-8")
    (data / name).write_text(text.replace(right, bad, 1), "utf-8")
    wrong, _ = check.check()
    assert any(line.endswith("'NER'; reference/countries.csv makes it NGA") for line in wrong)
    assert any(name in line for line in wrong)


# Rows of another document beside one of ours: table, our row, other cells, whether it is the same
RIVALS = [
    ("contributions", "skills-asean-2018", {"payer_id": "china", "printed": "US$ 5 million"}, True),
    ("contributions", "skills-asean-2018", {"payer_id": "acftu"}, False),
    ("contributions", "skills-asean-2018", {"project_id": "", "agreement_id": "sstc-2012", "level": "agreement"}, False),
    ("contributions", JPO, {"printed": "US$ 2.4 million"}, True),
    ("contributions", JPO, {"period": "2017/2023"}, False),
    ("results", "network-institutes", {"unit": "institutes", "value": "26"}, True),
    ("results", "network-institutes", {"unit": "institutes", "record": "projects/skills-asean-2018"}, False),
    ("results", "union-officials", {"unit": "government officials"}, False),
    ("indicators", "conventions-ratified", {"value": "30"}, True),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "cells", "same"), RIVALS)
def test_two_documents_do_not_tell_one_thing_in_two_rows(table, row, cells, same):
    data, _ = check.load()
    old = data[table][row]
    field = "printed" if table == "contributions" else "value"
    proof = {"record": f"{table}/new", "field": field, "document_id": "new", "support": "says"}
    data["evidence"]["new"] = dict.fromkeys(data["evidence"][AMOUNT], "") | proof

    def said(**more):
        data[table]["new"] = {**old, **cells, **more}
        what = f"row new, column supersedes_id: is blank; {table}/{row} is of the same thing: let"
        return [line for line in filling.as_lines(check.rules(data)) if what in line]

    assert len(said()) == same
    assert said(supersedes_id=row) == []
    doubt = {"conflict_id": "which", "field": ""}
    for name in (row, "new"):
        data["conflict_records"][name] = {"id": name, "record": f"{table}/{name}", **doubt}
    assert said() == []
