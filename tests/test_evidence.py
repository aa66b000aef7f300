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


def test_rows_lead_to_their_evidence_however_they_were_chosen():
    parts = ilo.load_project_organisations()
    chosen = parts[parts.role == "funding"]
    shown = ilo.evidence(chosen.sort_values("project_id"), "role")
    assert set(shown.index.get_level_values("record")) == set(
        "project_organisations/" + chosen.index
    )
    assert set(shown.index.get_level_values("field")) == {"role"}
    one = ilo.evidence(parts.loc[chosen.index[0]], "role")
    pd.testing.assert_frame_equal(one, shown.loc[[one.index[0][0]]])
    merged = chosen.set_index("project_organisations/" + chosen.index).rename_axis("record")
    assert len(ilo.evidence(merged, "role")) == len(shown)


def test_rows_that_do_not_tell_what_they_are_are_refused():
    parts = ilo.load_project_organisations()
    with pytest.raises(DataError, match="there is no row to ask about"):
        ilo.evidence(parts[parts.role == ""])
    with pytest.raises(DataError, match="do not tell which table they are from; ask for a record"):
        ilo.evidence(pd.DataFrame({"a": [1]}))
    projects = ilo.load_projects()
    with pytest.raises(DataError, match="'projects/trade-union-2019' is no record; did you mean"):
        ilo.evidence(projects.rename({"trade-unions-2019": "trade-union-2019"}))
    with pytest.raises(DataError, match="do not tell which table"):
        ilo.evidence(projects.loc["trade-unions-2019", ["label"]])


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


FOUR = (
    f"agreements/dwcp-2016,signed,{WEB},In 2016,says,stated,",
    f"agreements/dwcp-2016,signed,{SHEET},In 2016,coarser,stated,",
    f"agreements/dwcp-2016,signed,{SHEET},later,differs,stated,why",
    f"agreements/dwcp-2016,act,{WEB},agreed,says,stated,",
    f"events/gdi-proposed-2021,kind,{SHEET},proposed,says,inferred,A reason.",
)


def test_support_is_counted_for_each_cell(little):
    counted = little(*FOUR).set_index(["table", "field"])
    signed, kind = counted.loc[("agreements", "signed")], counted.loc[("events", "kind")]
    assert list(signed)[1:] == [1, 1, 1, "stated", 2, 2, "several documents"]
    assert list(kind)[1:] == [1, 0, 0, "inferred", 1, 1, "China and the ILO"]


def test_the_evidence_of_one_document_alone_can_be_counted(little):
    little(*FOUR)
    web = ilo.support(["ilo-in-china"])
    assert list(web.field) == ["act", "signed"] and set(web.document) == {"The ILO in China"}
    assert list(web.differs) == [0, 0]
    assert len(ilo.support(["china-and-ilo"])) == 2  # "signed" coarsely, and "kind"
    with pytest.raises(ValueError, match="^documents: 'ilo' is no document; "):
        ilo.support(["ilo"])


def numbers(counted):
    table = counted.pivot(index="row", columns="column", values="number")
    return {row: {k: n for k, n in cells.items() if n} for row, cells in table.T.to_dict().items()}


def test_cells_are_counted_by_who_says_them_and_how_they_are_founded(little):
    supported = little(*FOUR)
    assert numbers(ilo.by_document(supported)) == {
        "agreements": {"only The ILO in China": 1, "several documents": 1},
        "events": {"only China and the ILO": 1},
    }
    assert numbers(ilo.by_founding(supported)) == {
        "agreements": {"stated in one place": 1, "stated in several": 1, "differs too": 1},
        "events": {"inferred": 1},
    }
    whole = ilo.by_founding(ilo.support())
    parts = whole[whole.column != "differs too"].number.sum()
    assert parts == len(ilo.support())


def test_conflicts_are_counted_by_kind_and_status():
    conflicts = ilo.load_conflicts()
    counted = ilo.by_status(conflicts)
    assert counted.number.sum() == len(conflicts)
    assert "not given" in set(counted["row"])


def test_a_record_is_inferred_where_one_of_its_cells_is(little):
    little(*FOUR)
    told = ilo.basis(pd.Index(["agreements/dwcp-2016", "events/gdi-proposed-2021", "events/x"]))
    assert told.to_dict() == {
        "dwcp-2016": "stated", "gdi-proposed-2021": "inferred", "x": "stated",
    }  # fmt: skip


def test_what_is_inferred_is_listed_with_each_reason_once(little):
    more = f"events/brics-lemm-2017,kind,{SHEET},held,says,inferred,A reason."
    listed = ilo.inferred(little(*FOUR, more))
    assert listed.loc["events: kind"].to_dict() == {"cells": 2, "why": "A reason."}
    lines = [f"events/e{n},kind,{SHEET},held,says,inferred,Reason {n}." for n in range(5)]
    told = ilo.inferred(little(*lines)).why.iloc[0]
    assert told == "Reason 0. Reason 1. And 3 more."


def test_any_table_can_be_counted_by_two_of_its_columns():
    counted = numbers(ilo.tally("project_places", "place_id", "role"))
    assert counted["cambodia"] == {"beneficiary": 2, "network_home": 1}
    assert "not stated" in set(ilo.tally("results", "place_id", "status")["row"])
    assert ilo.tally("people", "person_id", "person_id").number.sum() == len(ilo.load_people())


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (("project_place", "role", "role"), "'project_place' is no table; did you mean project_places?"),
        (("project_places", "rolle", "role"), "'rolle' is no column of project_places; did you mean role?"),
    ],
)  # fmt: skip
def test_a_count_of_what_there_is_not_names_the_nearest(choice, message):
    with pytest.raises(DataError) as error:
        ilo.tally(*choice)
    assert str(error.value) == message


def test_the_columns_of_a_table_are_described():
    described = ilo.columns("contributions")
    assert list(described.index) == ["contribution_id", *ilo.load_contributions().columns[:-4]]
    assert described.unit["period"].startswith("EDTF")
    assert (described.description != "").all()


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
    assert said[1] == f"2 cells rest on wording of the document; {words}, not stated."
    assert said[2] == "2 cells rest on one place alone."


def test_findings_tell_what_both_documents_say_and_what_only_one(little, well_said):
    said = " ".join(well_said(ilo.source_findings(little(*FOUR))))
    assert "2 documents speak for no later than" in said
    assert "One cell is said by both documents." in said
    assert "Only China and the ILO speaks of one table: events." in said
    assert "Only The ILO in China" not in said


def test_findings_count_conflicts_of_the_kinds_chosen(well_said):
    supported = ilo.support()
    kinds = ilo.load_conflicts().kind
    said = well_said(ilo.source_findings(supported, ["misprint"]))
    assert said[-1].startswith(f"{(kinds == 'misprint').sum()} conflicts and gaps are listed: ")
    with pytest.raises(ValueError, match="^kinds: 'misprnt' is no kind; did you mean misprint[?]$"):
        ilo.source_findings(supported, ["misprnt"])


def test_one_document_speaks_for_itself(little, well_said):
    said = ilo.source_findings(little(f"agreements/dwcp-2016,act,{WEB},agreed,says,stated,"))
    told = well_said(said)
    assert told[0] == "One document speaks for no later than The ILO in China: 2019."
    assert said.caveat[0].startswith("It does not state its own date")
    assert told[2] == "One cell rests on one place alone."
