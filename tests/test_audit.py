"""What counts as used: a value read, words quoted, a reason given; and the page that shows it."""

import base64
import hashlib
import itertools
import re
from html.parser import HTMLParser

import pytest

from ilodata.cli import main
from ilodata.curation import adding, audit
from ilodata.tables import DataError

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


def test_nothing_is_used_before_a_row_quotes_it(sheet):
    assert {state for each in states(sheet[0]).values() for state in each} == {"unused"}


def test_a_year_in_a_fragment_that_proves_a_party_is_no_use_of_the_year(sheet):
    file, quote = sheet
    quote(
        "agreement_parties/sstc-2012--china", "organisation_id", "In 2012, the ILO & China agreed"
    )
    found = states(file)
    assert found["2012"] == ["unused", "unused"]
    assert (found["China"], found["ILO"]) == (["value"], ["words"])
    _, bodies, findings = audit.audit(file)
    wrong, _ = audit.report(bodies, findings)
    assert (
        "quoted for agreement_parties/sstc-2012--china, organisation_id, which does not read it"
    ) in wrong[0]


def test_each_occurrence_of_a_figure_counts_and_a_name_once_a_section(sheet):
    file, quote = sheet
    quote("agreements/sstc-2012", "signed", "In 2012, the ILO")
    quote("places/nigeria", "label", "left to Peru")
    found = states(file)
    assert found["2012"] == ["value", "unused"]
    assert found["Peru"] == ["words", "words"]
    _, lines = audit.report(*audit.audit(file)[1:])
    assert lines[0] == "dates: 4 found, 1 used by value, 0 by words, 0 dismissed, 3 unused"


def test_a_date_that_a_row_holds_more_precisely_or_is_said_to_differ_is_read(sheet):
    file, quote = sheet
    quote("agreements/mou-mohrss-2022", "signed", "place in December 2022", "coarser")
    quote("contributions/sstc-2012", "amount_usd", "gave US$ 5 million", "differs")
    quote("agreements/dwcp-2016", "ordinal", "The seventh took", "differs")
    found = states(file)
    assert found["December 2022"] == found["US$ 5 million"] == found["seventh"] == ["value"]


def test_what_no_reader_can_read_is_used_where_it_is_quoted(sheet):
    file, quote = sheet
    quote("agreements/mou-strategic-2016", "act", "In the same year")
    assert states(file)["same year"] == ["words"]


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


def test_evidence_of_a_cell_that_is_not_there_reads_nothing(sheet):
    file, quote = sheet
    quote("agreements/none", "signed", "In 2012, the ILO")
    quote("contributions/trust-fund", "period", "took place in December 2022")
    assert states(file)["2012"] == ["unused", "unused"]
    assert states(file)["December 2022"] == ["unused"]


def test_the_command_lists_what_is_unused_and_fails(sheet, capsys):
    assert main(["audit", str(sheet[0])]) == 1
    out = capsys.readouterr().out
    assert "a-sheet--title, amount: “…In the same year, Peru gave [US$ 5 million]. Three" in out
    assert "amounts: 1 found, 0 used by value, 0 by words, 0 dismissed, 1 unused" in out


def test_both_documents_audit_clean(documents, capsys):
    for file in documents.iterdir():
        assert main(["audit", str(file)]) == 0, capsys.readouterr().out


def test_a_file_that_is_not_registered_gets_one_sentence(tmp_path, data, capsys):
    file = tmp_path / "other.txt"
    file.write_text("In 2020.")
    assert main(["audit", str(file)]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "is no registered text" in said
    assert f"ilodata add-document {file} registers it" in said
    with pytest.raises(DataError, match="is no file; give the text of a document"):
        audit.audit(tmp_path)


def test_text_before_the_first_section_is_not_passed_over(sheet, change):
    change("sections", "a-sheet--title", heading="agreed")
    with pytest.raises(DataError, match="does not begin with its first section"):
        audit.audit(sheet[0])


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.tags, self.shown = [], [], set(), ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.add(tag)
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.links += [attrs["href"]] if "href" in attrs else []

    def handle_data(self, data):
        self.shown += data


def test_the_page_is_self_contained_escaped_and_linked_both_ways(sheet, tmp_path):
    file, quote = sheet
    quote("agreements/sstc-2012", "signed", "In 2012, the ILO")
    out = tmp_path / "page.html"
    assert main(["audit", str(file), "--html", str(out)]) == 1
    text = out.read_text(encoding="utf-8")
    page = Page(text)
    assert "&lt;b&gt;steps&lt;/b&gt;" in text
    assert {"script", "img", "link", "b"}.isdisjoint(page.tags)
    assert len(page.ids) == len(set(page.ids))
    assert all(link[0] == "#" and link[1:] in page.ids for link in page.links)
    assert "agreements/sstc-2012, signed: “In 2012, the ILO”" in page.shown
    style = re.search(r"<style>(.*?)</style>", text, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in text
    marked = re.findall(r'class="(\w+)">([^<]+)<sup>(.)</sup></a>', text)
    assert ("value", "2012", "v") in marked
    assert ("unused", "US$ 5 million", "!") in marked
    assert text.count("<br><br>") == TEXT.strip().count("\n\n")
