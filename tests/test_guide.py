"""The first sheets of the workbook say what the rules say, with examples that are in the tables."""

import pytest

from ilodata import tables, uncertain
from ilodata.exchange import guide, workbook


@pytest.fixture(scope="module")
def sheets():
    return workbook._sheets()


def rows(told):
    return [cells for kind, *cells in told if kind == "row"]


def test_the_guide_has_each_hedge_with_its_bounds_and_an_example(sheets):
    told = {row[0]: row for row in rows(guide.reading_guide(sheets))}
    assert set(uncertain.QUALIFIERS) <= set(told)
    assert told["nearly"][1:3] == ["the figure less one printed unit", "the figure"]
    assert told["nearly"][4:] == ["nearly US$ 236 million", 235_000_000, 236_000_000]
    assert told["over"][1:3] == ["the figure", "the figure plus one printed unit"]
    assert told["exact"][1:3] == ["the figure", "the figure"]
    assert told["initial"][3].endswith("the total of its agreement is open above it.")
    assert told["misprint"][1:3] == ["unknown", "unknown"]
    assert told["misprint"][4:] == ["US$ 373,00", "", ""]


def test_a_hedge_without_an_example_is_explained_all_the_same(sheets, monkeypatch):
    monkeypatch.setitem(uncertain.QUALIFIERS, "about", uncertain.Rule(-2, 2, "So it is."))
    told = {row[0]: row for row in rows(guide.reading_guide(sheets))}
    assert told["about"][1:3] == [
        "the figure less 2 printed units",
        "the figure plus 2 printed units",
    ]
    assert told["about"][4:] == ["", "", ""]


def test_the_guide_reads_a_date_of_each_sort_that_the_tables_hold(sheets):
    told = {row[0]: row[1:] for row in rows(guide.reading_guide(sheets))}
    assert [str(day) for day in told["[2019-04,2019-06]"][:2]] == ["2019-04-01", "2019-06-30"]
    assert told["[2019-04,2019-06]"][2] == "April or June 2019"
    assert told["2015/.."][1:] == ["", "since 2015"]
    assert told["2013/"][1:] == ["", "2013, end not stated"]


def test_the_read_me_identifies_edition_and_documents_and_counts_rows(sheets):
    told = {row[0]: row[1:] for row in rows(guide.read_me(sheets))}
    assert told["SHA-256 of the tables"] == [tables.data_sha256()]
    assert told["contributions"][1] == len(tables.cells("contributions")[0])
    for row in tables.cells("documents")[0]:
        assert row["text_sha256"] in told[row["title"]][0]
    assert "Creative Commons Attribution 4.0" in told["Licence"][0]
    assert "CC0" in told["Licence of the sheets “reference…”"][0]


def test_the_codebook_has_a_row_for_each_column_of_each_table(sheets):
    told = rows(guide.codebook(sheets))
    assert [tuple(row[:2]) for row in told] == [
        (name, field["name"])
        for name, (resource, _) in sheets.items()
        for field in resource["schema"]["fields"]
    ]
    by_column = {tuple(row[:2]): row for row in told}
    qualifier = by_column["contributions", "qualifier"]
    assert qualifier[8] == ", ".join(uncertain.QUALIFIERS)
    assert "more_than: more than" in qualifier[9]
    assert by_column["contributions", "payer_id"][7] == "organisations"
    assert by_column["contributions", "amount_usd"][3:5] == ["current US dollars", "integer"]
    assert all(row[2].endswith(".") for row in told)
