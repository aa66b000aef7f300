"""What counts as used: a value read, words quoted, a reason given; and the page that shows it."""

import html
import itertools
import json
import re

import pytest
from third.forms import written

from conftest import fits
from ilodata.cli import main
from ilodata.curation import adding, audit, proposing
from ilodata.problems import DataError

TEXT = """A sheet

In 2012, the ILO & China agreed on three <b>steps</b>. In the same year, Peru gave US$ 5 million.

Three steps of 2012 were left to Peru. The seventh took place in December 2022.
"""


@pytest.fixture
def sheet(tmp_path, data):
    """Give a registered text."""
    adding.add(file := written(tmp_path / "sheet.txt", TEXT))
    return file


@pytest.fixture
def quote(sheet, add):
    """Add evidence that quotes the text."""
    numbers = itertools.count()
    home = {"document_id": "a-sheet", "section_id": "a-sheet--title", "basis": "stated"}

    def quote(record, field, fragment, support="says"):
        cells = {"record": record, "field": field, "fragment": fragment, "support": support}
        add("evidence", evidence_id=f"sheet-{next(numbers)}", **home, **cells)

    return quote


def states(file):
    """Give the states of each mention's occurrences, by its words."""
    found = {}
    for finding in audit.audit(file)[2]:
        found.setdefault(finding.mention.words, []).append(finding.state)
    return found


def report(file):
    return audit.report(audit.passages(*audit.audit(file)[1:]))


def test_a_year_in_a_fragment_that_proves_a_party_is_no_use_of_the_year(sheet, quote):
    party = "agreement_parties/sstc-2012--china"
    quote(party, "organisation_id", "In 2012, the ILO & China agreed")
    found = states(sheet)
    assert found["2012"] == ["unused", "unused"]
    assert (found["China"], found["ILO"]) == (["value"], ["words"])
    said = f"“2012”: quoted for {party}, organisation_id, which does not read it"
    assert said in report(sheet)[0][0]


def test_each_occurrence_of_a_figure_counts_and_a_name_once_a_section(sheet, quote):
    quote("agreements/sstc-2012", "signed", "In 2012, the ILO")
    quote("places/nigeria", "label", "left to Peru")
    found = states(sheet)
    assert found["2012"] == ["value", "unused"]
    assert found["Peru"] == ["words", "words"]
    counts = report(sheet)[1]
    assert counts[0] == "dates: 4 found, 1 used by value, 0 by words, 0 dismissed, 3 unused"


def test_a_date_that_a_row_holds_more_precisely_or_is_said_to_differ_is_read(sheet, quote):
    quote("agreements/mou-mohrss-2022", "signed", "place in December 2022", "coarser")
    quote("contributions/sstc-2012", "amount_usd", "gave US$ 5 million", "differs")
    quote("agreements/dwcp-2016", "ordinal", "The seventh took", "differs")
    found = states(sheet)
    assert found["December 2022"] == found["US$ 5 million"] == found["seventh"] == ["value"]


def test_a_mention_is_dismissed_with_a_reason(sheet, add):
    row = {"document_id": "a-sheet", "section_id": "a-sheet--title", "reason": "No facts."}
    add("unused_mentions", mention_id="three", fragment="three <b>steps", **row)
    assert (states(sheet)["three"], states(sheet)["Three"]) == (["dismissed"], ["unused"])
    add("unused_mentions", mention_id="title", **row)
    assert states(sheet)["Three"] == ["dismissed"]
    assert states(sheet)["US$ 5 million"] == ["unused"], "an amount needs a row of its own"


def test_a_figure_in_the_title_is_not_thereby_used(tmp_path, data):
    text = "China in 2024\n\nIt was a good year for all of us."
    adding.add(file := written(tmp_path / "sheet.txt", text))
    assert states(file) == {"China": ["words"], "2024": ["unused"]}


def test_a_sentence_is_one_passage_with_all_its_unused_mentions(sheet):
    wrong, _ = report(sheet)
    assert [text.splitlines()[0] for text in wrong] == [
        "a-sheet--title: “In 2012, the ILO & China agreed on three <b>steps</b>.”",
        "a-sheet--title: “In the same year, Peru gave US$ 5 million.”",
        "a-sheet--title: “Three steps of 2012 were left to Peru.”",
        "a-sheet--title: “The seventh took place in December 2022.”",
    ]
    assert wrong[1].endswith("\n  “same year”, “Peru”, “US$ 5 million”: no row uses it")


def test_both_documents_audit_clean(documents):
    assert not any(report(file)[0] for file in documents.iterdir())


def test_a_file_that_is_not_registered_gets_one_sentence(tmp_path, data):
    file = written(tmp_path / "other.txt", "In 2020.")
    with pytest.raises(DataError, match="is not a registered text .* ilodata add-document .*other"):
        audit.audit(file)
    with pytest.raises(DataError, match="is not a file; give the text of a document"):
        audit.audit(tmp_path)


def test_text_before_the_first_section_is_not_passed_over(sheet, change):
    change("sections", "a-sheet--title", heading="agreed")
    with pytest.raises(DataError, match="its first section is not where it begins"):
        audit.audit(sheet)


def test_the_page_shows_each_sentence_with_its_mentions_and_runs_nothing(sheet, quote):
    quote("agreements/sstc-2012", "signed", "In 2012, the ILO")
    document, bodies, findings = audit.audit(sheet)
    proposed = proposing.propose(bodies, findings)
    text = audit.page(document, audit.passages(bodies, findings, *proposed))
    tags, page = set(re.findall(r"<(\w+)", text)), html.unescape(re.sub("<[^>]*>", "", text))
    assert "&lt;b&gt;steps&lt;/b&gt;" in text and "default-src 'none'" in text
    assert {"script", "img", "link", "b"}.isdisjoint(tags)
    assert all(sentence in page for sentence in re.split(r"\n\n|(?<=\.) ", TEXT.strip()))
    assert "<strong>US$ 5 million</strong>" in text
    shown = " ".join(page.split())
    assert "2012 (date, used: a row reads it): agreements/sstc-2012, signed" in shown
    assert "US$ 5 million (amount, nobody has used it): unclear" in shown
    assert "names: places--peru--peru,places/peru,Peru,full" in page


def test_a_program_gets_each_sentence_with_its_mentions_and_rows(sheet, capsys):
    assert main(["audit", str(sheet), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    [peru] = [it for it in told if "Peru gave" in it["sentence"]]
    assert "US$ 5 million" in [mention["words"] for mention in peru["mentions"]]
    assert fits(peru, audit.Passage)
    assert all(fits(mention, audit.Mentioned) for mention in peru["mentions"])
    assert peru["rows"] and all(fits(row, audit.ToWrite) for row in peru["rows"])
