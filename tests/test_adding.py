"""A third document comes in: from the file to clean tables, and what goes wrong."""

import os
import shutil
from pathlib import Path

import pytest
from third import forms
from third.forms import written

from ilodata import tables
from ilodata.curation import adding, audit, filling
from ilodata.curation.check import check
from ilodata.curation.verify import verify
from ilodata.evidence import evidence
from ilodata.problems import DataError

ROWS = Path(__file__).parent / "third" / "rows"  # what a curator would write for it
ANY = "A title\n\nIt was in the year 2022.\n"


def contents(data):
    return {file: file.read_bytes() for file in data.iterdir() if file.is_file()}


def headings(document):
    return [r["heading"] for r in tables.rows("sections") if r["document_id"] == document]


def test_a_document_is_registered_with_title_headings_hash_and_latest_date(tmp_path, data):
    before = contents(data)
    row, text, told = adding.add(forms.page(tmp_path / "third.html"))
    assert text.suffix == ".txt"
    assert (row["document_id"], row["title"]) == ("harbours-at-work", "Harbours at work")
    assert (row["language"], row["latest_date"], row.get("published")) == ("en", "2024-03", None)
    assert any("latest_date 2024-03 is inferred from “March 2024”" in each for each in told)
    assert headings("harbours-at-work") == [words for level, words in forms.BLOCKS if level]
    assert [line for line in check()[0] if "harbours" in line] == []
    for file, content in before.items():
        assert file.read_bytes().startswith(content)
        grown = {"documents.csv", "sections.csv", "evidence.csv"}
        assert (file.read_bytes() == content) == (file.name not in grown)


def test_a_registration_can_be_taken_back_until_rows_rest_on_it(tmp_path, data):
    before = contents(data)
    adding.add(forms.text(tmp_path / "third.txt"))
    gone = adding.remove("harbours-at-work")
    assert (gone["documents"], gone["sections"], gone["evidence"]) == (1, 4, 2)
    assert contents(data) == before
    adding.add(tmp_path / "third.txt")
    adding.append(ROWS)
    with pytest.raises(DataError, match=r"harbours-at-work: is needed by three rows, such as "):
        adding.remove("harbours-at-work")
    with pytest.raises(DataError, match="'harbors' is not a document; did you mean harbours-at"):
        adding.remove("harbors")


def test_the_whole_way_from_the_file_to_clean_tables(data, documents, tmp_path):
    folder = tmp_path / "documents"
    shutil.copytree(documents, folder)
    _, text, _ = adding.add(forms.text(folder / "third.txt"))
    assert audit.report(audit.passages(*audit.audit(text)[1:]))[0]
    adding.append(ROWS)
    filling.fix()
    assert [line for line in check()[0] if "harbour" in line] == []
    assert [line for line in verify(folder)[0] if "harbour" in line] == []
    assert audit.report(audit.passages(*audit.audit(text)[1:]))[0] == []
    assert tables.load_contributions().high_usd["safer-harbours-2024"] == 2_750_000
    assert tables.load_projects().end["safer-harbours-2024"].year == 2026
    proof = evidence("contributions/voluntary-2017-2022", "amount_usd")
    assert "Harbours at work" in set(proof[proof.support == "differs"].document)


def test_corrected_rows_are_added_or_take_the_place_of_those_with_their_id(tmp_path, data):
    before, folder = contents(data), tmp_path / "rows"
    folder.mkdir()
    with pytest.raises(DataError, match="rows: holds no CSV file; name CSV files as tables"):
        adding.append(folder)
    (folder / "places.csv").write_text("place_id,label\nperu,Peru\n")
    with pytest.raises(DataError, match="places.csv, header: 'place_id,label'; write place_id,la"):
        adding.append(folder)
    header = ",".join(tables.fields("places"))
    (folder / "places.csv").write_text(
        f"{header}\nperu,Peru,country,PER,604\nmacau,Macao,territory,MAC,446\n"
    )
    assert adding.append(folder) == {"places": 2}
    assert {row["label"] for row in tables.rows("places")} >= {"Peru", "Macao", "Beijing"}
    assert len(tables.rows("places")) == before[data / "places.csv"].count(b"\n")
    assert all(file.read_bytes() == text for file, text in before.items() if file.stem != "places")


def test_a_row_that_rests_on_another_document_is_not_overwritten(tmp_path, data):
    before = contents(data)
    row = dict(tables.row("results/network-institutes"), value="21")
    lines = (",".join(it) for it in (row, row.values()))
    (tmp_path / "results.csv").write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(DataError, match="row network-institutes: is there already and rests on ch"):
        adding.append(tmp_path)
    assert contents(data) == before


def test_a_known_title_with_another_hash_is_a_new_edition_and_nothing_is_bound(tmp_path, data):
    before = contents(data)
    file = written(tmp_path / "edition.txt", "CHINA AND THE ILO\n\nIn 2024, they met in it.\n")
    with pytest.raises(DataError, match="is a new edition of documents/china-and-ilo .*--own"):
        adding.add(file)
    assert before == contents(data)
    row, text, _ = adding.add(file, own=True)
    assert row["document_id"] not in ("china-and-ilo", "ilo-in-china")
    with pytest.raises(DataError, match="is registered already as documents/"):
        adding.add(text, own=True)


@pytest.mark.parametrize("table", ["evidence", "documents"])
def test_either_all_files_are_written_or_none(table, tmp_path, data):
    before = contents(data)
    (data / f".{table}.csv.{os.getpid()}.part").mkdir()  # where the file is to be written first
    with pytest.raises(DataError, match=f"{table}.csv: cannot be written: Is a directory"):
        adding.add(forms.page(tmp_path / "third.html"))
    assert before == contents(data)
    assert not (tmp_path / "third.txt").exists()


def test_a_text_that_is_there_already_is_not_overwritten(tmp_path, data):
    (tmp_path / "third.txt").write_text("My notes.")
    with pytest.raises(DataError, match="third.txt: is there already with another text; .*--out"):
        adding.add(forms.page(tmp_path / "third.html"))
    assert (tmp_path / "third.txt").read_text() == "My notes."


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("A title\n\nIt names no date.", {}, "names no date up to today"),
        ("Un titre\n\nOn a signé un accord à Genève en 2022.", {}, "does not tell its language"),
        (ANY, {"out": "none"}, "none/a.txt: cannot be written"),
        (ANY, {"title": "Another"}, "has no title 'Another'; give --title as printed"),
        (ANY, {"kind": "fact-sheet"}, "not a kind of document; did you mean fact_sheet"),
    ],
)
def test_what_is_not_told_and_what_is_given_and_does_not_fit_is_named(
    text, options, message, tmp_path, data
):
    with pytest.raises(DataError, match=message):
        adding.add(written(tmp_path / "a.txt", text), **options)


def test_what_is_given_is_taken_and_a_section_that_is_skipped_is_not_in_the_text(tmp_path, data):
    out = tmp_path / "out"
    out.mkdir()
    made = forms.text(tmp_path / "third.txt")
    options = {"title": "Safer Harbours in Viet Nam", "kind": "web_page", "published": "2024-03"}
    row, text, told = adding.add(made, out, skip=["Contributions"], language="fr", **options)
    assert (options | {"language": "fr"}).items() <= row.items()
    assert "Contributions" not in headings("safer-harbours-in-viet-nam")
    assert "5.6" not in text.read_text() and "5.6" in made.read_text()
    assert told[0] == "Left out with what stands under it: Contributions."
    with pytest.raises(DataError, match="'Agreement' is not a heading; did you mean Agreements"):
        adding.add(made, skip=["Agreement"])


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("PRESS RELEASE\n\nBeijing, 30 November 2021\n\nNew ties\n\nIt will end in the year 2022.", "2021-11-30"),
        ("New ties\n\nNews | 9 December 2022 | GENEVA\n\nIn the year 2019 they met.", "2022-12-09"),
        ("New ties\n\nThe plan of the year.\n\nEnd\n\nLast updated: 3 May 2023.", "2023-05-03"),
        ("New ties\n\nOn 7 December 2022, they met in the city.", None),
    ],
)  # fmt: skip
def test_the_day_of_issue_is_that_of_a_date_line(text, published, tmp_path, data):
    row, _, _ = adding.add(written(tmp_path / "a.txt", text))
    assert (row["title"], row.get("published")) == ("New ties", published)
    assert row["latest_date"] == (published or "2022-12-07"), "a later date is a plan"


@pytest.mark.parametrize(
    ("content", "sections"),
    [
        ("Once, in May 2020.\n\nA heading\n\nIn May 2020.\n", [("", ""), ("A heading", "1")]),
        ("\ufeffA title\r\n\r\nIn the 2020.\r\n\r\n X Next\r\n\r\nIn 2021.\r\n",
         [("A title", "1"), ("Next", "1")]),
        ("A title\n\nThe New Start was made in 2020.\n\nNew Start\n\nIt was new.\n",
         [("A title", "1"), ("New Start", "2")]),
    ],
)  # fmt: skip
def test_a_heading_is_bare_and_stands_where_it_heads(content, sections, tmp_path, data):
    (tmp_path / "a.txt").write_bytes(content.encode())
    row, text, _ = adding.add(tmp_path / "a.txt")
    mine = [r for r in tables.rows("sections") if r["document_id"] == row["document_id"]]
    assert [(r["heading"], r["occurrence"]) for r in mine] == sections
    assert audit.audit(text)[2]
