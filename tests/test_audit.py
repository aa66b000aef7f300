"""What counts as used: a value read, words quoted, a reason given; and the page that shows it."""

import html
import itertools
import json
import re

import pytest

from ilodata.cli import main
from ilodata.curation import adding, audit, proposing
from ilodata.problems import DataError

TEXT = """A sheet

In 2012, the ILO & China agreed on three <b>steps</b>. In the same year, Peru gave US$ 5 million.

Three steps of 2012 were left to Peru. The seventh took place in December 2022.
"""


@pytest.fixture
def sheet(tmp_path, data, add):
    """Give a registered text and a function that adds evidence from it."""
    file = tmp_path / "sheet.txt"
    file.write_text(TEXT, encoding="utf-8")
    adding.add(file)

    numbers = itertools.count()

    def quote(record, field, fragment, support="says"):
        add(
            "evidence", evidence_id=f"sheet-{next(numbers)}", record=record, field=field,
            document_id="a-sheet", section_id="a-sheet--title", fragment=fragment,
            support=support, basis="stated",
        )  # fmt: skip

    return file, quote


def states(file):
    """Give the states of each mention's occurrences, by its words."""
    found = {}
    for finding in audit.audit(file)[2]:
        found.setdefault(finding.mention.words, []).append(finding.state)
    return found


def test_a_year_in_a_fragment_that_proves_a_party_is_no_use_of_the_year(sheet):
    file, quote = sheet
    quote(
        "agreement_parties/sstc-2012--china", "organisation_id", "In 2012, the ILO & China agreed"
    )
    found = states(file)
    assert found["2012"] == ["unused", "unused"]
    assert (found["China"], found["ILO"]) == (["value"], ["words"])
    _, bodies, findings = audit.audit(file)
    wrong, _ = audit.report(audit.entries(bodies, findings))
    assert (
        "“2012”: quoted for agreement_parties/sstc-2012--china, organisation_id, which does "
        "not read it"
    ) in wrong[0]


def test_each_occurrence_of_a_figure_counts_and_a_name_once_a_section(sheet):
    file, quote = sheet
    quote("agreements/sstc-2012", "signed", "In 2012, the ILO")
    quote("places/nigeria", "label", "left to Peru")
    found = states(file)
    assert found["2012"] == ["value", "unused"]
    assert found["Peru"] == ["words", "words"]
    _, lines = audit.report(audit.entries(*audit.audit(file)[1:]))
    assert lines[0] == "dates: 4 found, 1 used by value, 0 by words, 0 dismissed, 3 unused"


def test_a_date_that_a_row_holds_more_precisely_or_is_said_to_differ_is_read(sheet):
    file, quote = sheet
    quote("agreements/mou-mohrss-2022", "signed", "place in December 2022", "coarser")
    quote("contributions/sstc-2012", "amount_usd", "gave US$ 5 million", "differs")
    quote("agreements/dwcp-2016", "ordinal", "The seventh took", "differs")
    found = states(file)
    assert found["December 2022"] == found["US$ 5 million"] == found["seventh"] == ["value"]


def test_a_mention_is_dismissed_with_a_reason(sheet, add):
    file, quote = sheet
    add(
        "unused_mentions", mention_id="a-sheet--three", document_id="a-sheet",
        section_id="a-sheet--title", fragment="three <b>steps", reason="Steps are no facts.",
    )  # fmt: skip
    _, _, findings = audit.audit(file)
    three = next(f for f in findings if f.mention.words == "three")
    assert (three.state, three.rows[0]["reason"]) == ("dismissed", "Steps are no facts.")
    assert states(file)["Three"] == ["unused"]
    add(
        "unused_mentions", mention_id="a-sheet--title", document_id="a-sheet",
        section_id="a-sheet--title", reason="No facts.",
    )  # fmt: skip
    assert states(file)["Three"] == ["dismissed"]
    assert states(file)["US$ 5 million"] == ["unused"], "an amount needs a row of its own"


def test_a_figure_in_the_title_is_not_thereby_used(tmp_path, data):
    file = tmp_path / "sheet.txt"
    file.write_text("China in 2024\n\nIt was a good year for all of us.", encoding="utf-8")
    adding.add(file)
    assert states(file) == {"China": ["words"], "2024": ["unused"]}


def test_a_sentence_is_one_entry_with_all_its_unused_mentions(sheet):
    file, quote = sheet
    _, bodies, findings = audit.audit(file)
    wrong, counts = audit.report(audit.entries(bodies, findings))
    assert [text.splitlines()[0] for text in wrong] == [
        "a-sheet--title: “In 2012, the ILO & China agreed on three <b>steps</b>.”",
        "a-sheet--title: “In the same year, Peru gave US$ 5 million.”",
        "a-sheet--title: “Three steps of 2012 were left to Peru.”",
        "a-sheet--title: “The seventh took place in December 2022.”",
    ]
    assert wrong[1].endswith("\n  “same year”, “Peru”, “US$ 5 million”: no row uses it")
    assert counts[1] == "amounts: 1 found, 0 used by value, 0 by words, 0 dismissed, 1 unused"


def test_both_documents_audit_clean(documents):
    for file in documents.iterdir():
        _, bodies, findings = audit.audit(file)
        assert audit.report(audit.entries(bodies, findings))[0] == []


def test_a_file_that_is_not_registered_gets_one_sentence(tmp_path, data):
    file = tmp_path / "other.txt"
    file.write_text("In 2020.")
    with pytest.raises(DataError, match="is not a registered text .* ilodata add-document .*other"):
        audit.audit(file)
    with pytest.raises(DataError, match="is not a file; give the text of a document"):
        audit.audit(tmp_path)


def test_text_before_the_first_section_is_not_passed_over(sheet, change):
    change("sections", "a-sheet--title", heading="agreed")
    with pytest.raises(DataError, match="its first section is not where it begins"):
        audit.audit(sheet[0])


def test_the_page_shows_each_sentence_with_its_mentions_and_runs_nothing(sheet):
    file, quote = sheet
    quote("agreements/sstc-2012", "signed", "In 2012, the ILO")
    document, bodies, findings = audit.audit(file)
    text = audit.page(
        document, audit.entries(bodies, findings, *proposing.propose(bodies, findings))
    )
    tags, page = set(re.findall(r"<(\w+)", text)), html.unescape(re.sub("<[^>]*>", "", text))
    assert "&lt;b&gt;steps&lt;/b&gt;" in text and "default-src 'none'" in text
    assert {"script", "img", "link", "b"}.isdisjoint(tags)
    for paragraph in TEXT.strip().split("\n\n"):
        for sentence in re.split(r"(?<=\.) ", paragraph):
            assert sentence in page
    assert "<strong>US$ 5 million</strong>" in text
    shown = " ".join(page.split())
    assert "2012 (date, used: a row reads it): agreements/sstc-2012, signed" in shown
    assert "US$ 5 million (amount, nobody has used it): unclear" in shown
    assert "names: places--peru--peru,places/peru,Peru,full" in page


def test_a_program_gets_each_sentence_with_its_mentions_and_rows(sheet, capsys):
    assert main(["audit", str(sheet[0]), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    [peru] = [it for it in told if "Peru gave" in it["sentence"]]
    assert "US$ 5 million" in [mention["words"] for mention in peru["mentions"]]
    assert {*peru} == {"section", "sentence", "mentions", "rows"}
