"""Documents are found by their hash and cut at their headings."""

import hashlib

import pytest

from ilodata.curation import documents
from ilodata.tables import DataError

TEXT = "China and the ILO\n\nMore\u00a0than US$ 1 million.\n\n X About\u2009us \nNothing.\n About us again."


def row(text, **more):
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"document_id": "sheet", "title": "A fact sheet", "text_sha256": digest} | more


def section(key, heading, occurrence="1", document="sheet"):
    return {
        "section_id": key, "document_id": document, "heading": heading, "occurrence": occurrence,
    }  # fmt: skip


def test_every_run_of_white_space_is_one_space():
    assert documents.normalise(" a\u00a0b\u2009\tc\n\nd\u3000 ") == "a b c d"


def test_a_document_is_found_by_its_hash_whatever_its_file_is_called(tmp_path):
    (tmp_path / "download (3).bin").write_text(TEXT, encoding="utf-8")
    (tmp_path / "sheet.txt").write_text("An older edition.", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    found = documents.find(tmp_path, [row(TEXT)])
    assert found == {
        "sheet": "China and the ILO More than US$ 1 million. X About us Nothing. About us again."
    }


def test_each_missing_document_is_named_with_the_hash_looked_for(tmp_path):
    (tmp_path / "sheet.txt").write_text(TEXT + " ", encoding="utf-8")
    rows = [row(TEXT), row("another", document_id="page", title="A page")]
    with pytest.raises(DataError) as error:
        documents.find(tmp_path, rows)
    first, second = str(error.value).splitlines()
    assert first == (
        f"{tmp_path}: holds no file with the SHA-256 {rows[0]['text_sha256']} of documents/sheet "
        "(A fact sheet); another edition has another hash"
    )
    assert "documents/page (A page)" in second


def test_a_folder_that_is_none_is_named(tmp_path):
    with pytest.raises(DataError, match="nowhere: is not a folder; give the folder that holds the"):
        documents.find(tmp_path / "nowhere", [])


TEXTS = {"sheet": documents.normalise(TEXT), "page": "About us. Nothing else."}


def test_a_section_runs_from_its_heading_to_the_next_one_of_its_document():
    bodies, wrong = documents.cut(
        TEXTS,
        [
            section("opening", "", ""),
            section("about", "About us"),
            section("again", "About us", "2"),
            section("page", "About us", "1", "page"),
        ],
    )
    assert wrong == []
    assert bodies == {
        "opening": "China and the ILO More than US$ 1 million. X ",
        "about": "About us Nothing. ",
        "again": "About us again.",
        "page": "About us. Nothing else.",
    }


def test_a_heading_that_is_missing_or_out_of_order_is_named():
    good = [section("opening", "", ""), section("page", "About us", "1", "page")]
    bad = [section("third", "About us", "3"), section("none", "Money")]
    bodies, wrong = documents.cut(TEXTS, good + bad)
    assert set(bodies) == {"opening", "page"}
    assert wrong == [
        "data/sections.csv, row third, column heading: 'About us' stands 2 times in sheet, not 3",
        "data/sections.csv, row none, column heading: 'Money' stands 0 times in sheet, not 1",
    ]
    turned = [section("about", "About us"), section("title", "China and the ILO")]
    _, wrong = documents.cut({"sheet": TEXTS["sheet"]}, turned)
    assert wrong == [
        "data/sections.csv, row title, column heading: stands before the heading of the row above it"
    ]


@pytest.mark.parametrize("sections", [[], [section("none", "Money")]])
def test_a_document_of_which_no_heading_is_found_has_no_sections(sections):
    bodies, wrong = documents.cut({"sheet": TEXTS["sheet"]}, sections)
    assert bodies == {} and len(wrong) == len(sections)
