"""Every cell can be traced to its words, and what limits it stands beside it."""

import pandas as pd
import pytest

import ilodata as ilo
from ilodata.tables import DataError

HEADER = "evidence_id,record,field,document_id,section_id,fragment,support,basis,note\n"
WEB, SHEET = "ilo-in-china,ilo-in-china--about", "china-and-ilo,china-and-ilo--opening"


@pytest.fixture
def little(data):
    """Leave the evidence of four cells in the copy of the tables."""

    def write(*rows):
        lines = [f"e{n},{row}\n" for n, row in enumerate(rows)]
        (data / "evidence.csv").write_text(HEADER + "".join(lines), encoding="utf-8")
        return ilo.support()

    return write


def test_a_cell_shows_its_value_and_the_fragments_that_fix_it():
    shown = ilo.evidence("agreements/mou-mohrss-2022", "signed")
    assert set(shown.value) == {"2022-12-07"}
    says = shown[shown.support == "says"].iloc[0]
    assert (says.document, says.fragment) == ("China and the ILO", "On 7 December 2022")
    assert set(shown[shown.support == "coarser"].section) >= {"(before the first heading)"}


def test_an_inferred_cell_says_so_and_why():
    shown = ilo.evidence("contributions/youth-employment-2020", "likely_usd")
    assert set(shown.value) == {"373000"} and set(shown.basis) == {"inferred"}
    assert (shown.note != "").all()
    assert shown.conflicts.str.contains("373,00 is misprinted").all()


def test_a_conflict_over_one_column_is_shown_beside_that_column_only():
    shown = ilo.evidence("agreements/dwcp-2016")
    third = shown.conflicts.str.contains("the third; the web page does not number it")
    assert set(shown.index[third]) == {"ordinal"} and set(shown.index) > {"ordinal"}


def test_the_conflicts_of_a_record_are_those_that_name_it():
    limits = ilo.conflicts_of(["contributions/youth-employment-2020"])
    assert {"nigeria-amount", "trust-fund-sum"} <= set(limits.conflict_id)
    assert "mous-2019-three-or-four" not in set(limits.conflict_id)
    assert ilo.conflicts_of([]).empty


def test_a_star_marks_what_an_open_conflict_limits():
    labels = pd.Series(["Pacific", "Nigeria"])
    keys = pd.Series(["contributions/sstc-2012", "contributions/nothing"])
    assert list(ilo.starred(labels, keys)) == ["Pacific *", "Nigeria"]


@pytest.mark.parametrize(
    ("record", "field", "message"),
    [
        ("contributions/jpo-2017-2023", None, "'contributions/jpo-2017-2023' is no record; did you mean jpo-2017-2022?"),
        ("contribution/jpo-2017-2022", None, "'contribution' is no table; did you mean contributions?"),
        ("contributions/jpo-2017-2022", "amount", "'amount' is no column of contributions; did you mean amount_usd?"),
        ("people", None, "'people' is no record; there are gilbert-houngbo, xi-jinping"),
    ],
)  # fmt: skip
def test_an_unknown_record_table_or_column_names_the_nearest(record, field, message):
    with pytest.raises(DataError) as error:
        ilo.evidence(record, field)
    assert str(error.value) == message


def test_support_is_counted_for_each_cell(little):
    counted = little(
        f"agreements/dwcp-2016,signed,{WEB},In 2016,says,stated,",
        f"agreements/dwcp-2016,signed,{SHEET},In 2016,coarser,stated,",
        f"agreements/dwcp-2016,signed,{SHEET},later,differs,stated,why",
        f"events/gdi-proposed-2021,kind,{SHEET},proposed,says,inferred,why",
    ).set_index("record")
    signed, kind = counted.loc["agreements/dwcp-2016"], counted.loc["events/gdi-proposed-2021"]
    assert list(signed) == ["agreements", "signed", 1, 1, 1, "stated", 2, 2]
    assert list(kind) == ["events", "kind", 1, 0, 0, "inferred", 1, 1]
    assert ilo.coverage(counted.reset_index()).to_dict("list") == {
        "table": ["agreements", "events"],
        "basis": ["stated", "inferred"],
        "cells": [1, 1],
        "in_both": [1, 0],
    }
    assert ilo.documents_by_table().loc["agreements"].to_dict() == {
        "China and the ILO": 2,
        "The ILO in China": 1,
    }


def test_a_cell_that_is_stated_only_coarsely_is_counted_as_stated(little):
    counted = little(f"agreements/dwcp-2016,signed,{WEB},In 2016,coarser,stated,")
    assert list(counted.basis) == ["stated"]


@pytest.mark.parametrize(
    ("inferred", "words"),
    [
        (0, "none of them is inferred"),
        (1, "one of them is inferred"),
        (2, "2 of them are inferred"),
    ],
)
def test_findings_count_what_is_inferred(little, well_said, inferred, words):
    basis = ["inferred"] * inferred + ["stated"] * 2
    counted = little(
        f"agreements/dwcp-2016,signed,{WEB},In 2016,says,{basis[0]},",
        f"agreements/dwcp-2016,act,{WEB},agreed,says,{basis[1]},",
    )
    said = well_said(ilo.source_findings(counted))
    assert said[1] == f"2 cells rest on wording of the documents; {words}, not stated."
    assert said[2] == "No cell is said by both documents."


def test_findings_count_conflicts_of_the_kinds_chosen(well_said):
    supported = ilo.support()
    kinds = ilo.load_conflicts().kind
    said = well_said(ilo.source_findings(supported, ["misprint"]))
    assert said[-1].startswith(f"{(kinds == 'misprint').sum()} conflicts and gaps are listed: ")
    with pytest.raises(ValueError, match="^kinds: 'misprnt' is no kind; did you mean misprint[?]$"):
        ilo.source_findings(supported, ["misprnt"])


def test_one_document_speaks_and_neither_is_said_of_one(data, little, well_said):
    lines = (data / "documents.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (data / "documents.csv").write_text("".join(lines[:2]), encoding="utf-8")
    said = ilo.source_findings(little(f"agreements/dwcp-2016,act,{WEB},agreed,says,stated,"))
    assert said.finding[0].startswith("One document speaks for")
    assert not said.caveat[0].startswith("Neither")
