"""A third document comes in: from the file to clean tables, in three formats, and what goes wrong."""

import csv
import importlib.util
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import ilodata as ilo
from ilodata import tables
from ilodata.cli import main
from ilodata.curation import adding, audit
from ilodata.curation.check import check
from ilodata.curation.verify import verify
from ilodata.tables import DataError

THIRD = Path(__file__).parent / "third"
_spec = importlib.util.spec_from_file_location("forms", THIRD / "forms.py")
forms = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(forms)

FORMS = {
    "text": (forms.text, "third.txt"),
    "html": (forms.page, "third.html"),
    "pdf": (forms.pdf, "third.pdf"),
    "printed pdf": (forms.printed, "printed.pdf"),
}


@pytest.fixture(params=FORMS)
def third(request, tmp_path):
    """Give the invented document in one of its forms."""
    pytest.importorskip("pypdf")
    pytest.importorskip("inscriptis")
    make, name = FORMS[request.param]
    made = make(tmp_path / name)
    if made is None:
        pytest.skip("no chromium here to print a PDF")
    return made


def rows(file):
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def append(data):
    """Add the rows that a curator would write for the invented document."""
    for file in THIRD.glob("rows/*.csv"):
        header = [f["name"] for f in tables.schema(file.stem)["schema"]["fields"]]
        added = rows(file)
        if file.stem == "evidence":  # ids name their cell, and count from what is there
            count = Counter((r["record"], r["field"]) for r in rows(data / file.name))
            for row in added:
                cell = row["record"], row["field"]
                count[cell] += 1
                parts = (*row["record"].split("/"), row["field"], str(count[cell]))
                row["evidence_id"] = "--".join(parts).replace("_", "-")
        with (data / file.name).open("a", encoding="utf-8", newline="") as lines:
            csv.DictWriter(lines, header, lineterminator="\n").writerows(added)


def test_the_three_forms_give_the_same_words_and_headings(third):
    found, _ = adding.pieces(third)
    words = " ".join(" ".join(words.split()) for words, _ in found)
    assert words == " ".join(words for _, words in forms.BLOCKS)
    headings = [" ".join(words.split()) for words, heading in found if heading]
    assert headings == [words for level, words in forms.BLOCKS if level]


def test_a_document_is_registered_with_title_headings_hash_and_latest_date(third, data):
    before = {file: file.read_bytes() for file in data.glob("*.csv")}
    row, text = adding.add(third)
    assert text.suffix == ".txt"
    assert (row["document_id"], row["title"]) == ("harbours-at-work", "Harbours at work")
    assert row["latest_date"] == "2024-03"
    assert "harbours-at-work" in ilo.load_documents().index
    sections = ilo.load_sections()
    mine = sections[sections.document_id == "harbours-at-work"]
    assert list(mine.heading) == [words for level, words in forms.BLOCKS if level]
    assert check()[0] == []
    for file, content in before.items():
        assert file.read_bytes().startswith(content)
        grown = {"documents.csv", "sections.csv", "evidence.csv"}
        assert (file.read_bytes() == content) == (file.name not in grown)
    assert not list(data.glob(".*")) + list(text.parent.glob(".*.new"))


def test_the_worklist_names_record_and_cell_where_one_is_likely(tmp_path, data):
    _, text = adding.add(forms.text(tmp_path / "third.txt"))
    _, bodies, findings = audit.audit(text)
    hints = adding.suggest(bodies, findings)
    said = {f.mention.words: hints[audit.once(f)] for f in findings}
    assert said["US$ 5.6 million"] == (
        "stands beside “voluntary”, “contributions”, “totalled”, 2017/2022; differs from "
        "contributions/voluntary-2017-2022, amount_usd: US$ 5.2 million"
    )
    assert said["US$ 236 million"].endswith(
        "agrees with contributions/assessed-2017-2022, amount_usd: nearly US$ 236 million"
    )
    assert said["7 December 2022"].endswith(
        "agrees with agreements/mou-mohrss-2022, signed: 2022-12-07"
    )
    assert said["US$ 2.75 million"] == (
        "no record stands out: a new row of contributions (amount_usd)"
    )
    assert said["Viet Nam"] == "not known: a new row of places, and one of names"
    assert said["MOHRSS"] == "known as organisations/mohrss: quote it as evidence of its name"
    assert said["project"].startswith("names nothing by itself")
    wrong, _ = audit.report(bodies, findings, hints)
    assert any("[US$ 5.6 million]" in line and "differs from" in line for line in wrong)


def test_the_whole_way_from_the_file_to_clean_tables(third, data, documents, tmp_path, capsys):
    folder = tmp_path / "documents"
    shutil.copytree(documents, folder)
    assert main(["add-document", str(third), "--out", str(folder)]) == 0
    assert "[US$ 5.6 million]" in capsys.readouterr().out
    text = next(file for file in folder.iterdir() if file.stem in ("third", "printed"))
    assert main(["audit", str(text)]) == 1
    append(data)
    assert check()[0] == []
    assert verify(folder)[0] == []
    capsys.readouterr()
    assert main(["audit", str(text)]) == 0, capsys.readouterr().out
    assert ilo.load_contributions().high_usd["safer-harbours-2024"] == 2_750_000
    assert ilo.load_projects().end["safer-harbours-2024"].year == 2026
    assert "viet-nam" in set(ilo.load_project_places().place_id)
    proof = ilo.evidence("contributions/voluntary-2017-2022", "amount_usd")
    assert "Harbours at work" in set(proof[proof.support == "differs"].document)
    for original in documents.iterdir():
        assert main(["audit", str(original)]) == 0


def test_a_report_built_from_the_copy_shows_the_new_rows(data, documents, tmp_path, monkeypatch):
    folder = tmp_path / "documents"
    shutil.copytree(documents, folder)
    adding.add(forms.text(folder / "third.txt"))
    append(data)
    verify(folder)
    monkeypatch.chdir(Path(__file__).parent.parent)
    out = tmp_path / "html"
    command = [sys.executable, "-m", "ilodata.cli", "build", "--only", "funding-2017-2022"]
    subprocess.run([*command, "--out", str(out)], check=True)
    built = "".join(file.read_text(encoding="utf-8") for file in out.glob("funding*.html"))
    assert "Safer harbours, Viet Nam (invented)" in built


@pytest.mark.parametrize("title", ["China and the ILO", "CHINA AND THE ILO"])
def test_a_known_title_with_another_hash_is_a_new_edition_and_nothing_is_bound(
    title, tmp_path, data
):
    before = {file: file.read_bytes() for file in data.iterdir() if file.is_file()}
    file = tmp_path / "edition.txt"
    file.write_text(f"{title}\n\nIn 2024, they met.\n", encoding="utf-8")
    with pytest.raises(DataError, match="is a new edition of documents/china-and-ilo .*--own"):
        adding.add(file)
    assert before == {file: file.read_bytes() for file in data.iterdir() if file.is_file()}
    row, _ = adding.add(file, own=True)
    assert row["document_id"] not in ("china-and-ilo", "ilo-in-china")
    assert check()[0] == []


def test_a_text_with_most_of_a_documents_fragments_is_a_new_edition(tmp_path, data, documents):
    for original in documents.iterdir():
        file = tmp_path / original.name
        file.write_bytes(original.read_bytes().replace(b"2019", b"2018") + b"\n")
        with pytest.raises(DataError, match=r"is a new edition of documents/.* fragments"):
            adding.add(file)
        with pytest.raises(DataError, match="is registered already as documents/"):
            adding.add(original)


def test_a_document_is_added_once(tmp_path, data):
    adding.add(forms.text(tmp_path / "third.txt"))
    with pytest.raises(DataError, match="third.txt: is registered already as documents/harbours"):
        adding.add(tmp_path / "third.txt")


def test_either_all_files_are_written_or_none(tmp_path, data, monkeypatch):
    pytest.importorskip("inscriptis")
    page = forms.page(tmp_path / "third.html")
    before = {file: file.read_bytes() for file in data.iterdir() if file.is_file()}
    replace, calls = Path.replace, []

    def fail_at_last(self, target):
        calls.append(target)
        if len(calls) == 4:
            raise OSError("disk full")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail_at_last)
    with pytest.raises(OSError, match="disk full"):
        adding.add(page)
    assert [file.name for file in calls][-1] == "documents.csv"
    assert before == {file: file.read_bytes() for file in data.iterdir() if file.is_file()}
    assert not (tmp_path / "third.txt").exists()


def test_a_text_that_is_there_already_is_not_overwritten(tmp_path, data):
    pytest.importorskip("inscriptis")
    (tmp_path / "third.txt").write_text("My notes.")
    with pytest.raises(DataError, match="third.txt: is there already with another text; .*--out"):
        adding.add(forms.page(tmp_path / "third.html"))
    assert (tmp_path / "third.txt").read_text() == "My notes."


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", None, "is no file; give a text, HTML or PDF file"),
        ("a.txt", b" \n", "is empty; give a file with text in it"),
        ("a.html", b"<html><script>x</script></html>", "is empty; give a file with text in it"),
        ("a.docx", b"PK\x03\x04\0\0", "is binary; give a text, HTML or PDF file"),
        ("a.txt", "Fine\nCaf\xe9".encode("latin-1"), "line 2: is not UTF-8; save the file as UTF-8"),
        ("a.pdf", b"%PDF-1.4\nbroken", "cannot be read as PDF"),
        ("a.txt", b"A title\n\nIt names no date.", "names no date up to today"),
        ("a.txt", b"A title\n\nIn 2999 it ends.", "names no date up to today"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_added_is_named_with_a_reason(name, content, message, tmp_path, data):
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(DataError, match=f"{name}.*{message}") as error:
        adding.add(file)
    assert "\n" not in str(error.value)


def test_a_folder_and_a_scan_and_a_wrong_title_are_told_apart(tmp_path, data):
    with pytest.raises(DataError, match="is a folder; give one file"):
        adding.add(tmp_path)
    with pytest.raises(DataError, match="only pictures of it; run OCR on it first"):
        adding.add(forms.scan(tmp_path / "scan.pdf"))
    with pytest.raises(DataError, match="none: is no folder; make it first"):
        adding.add(forms.text(tmp_path / "third.txt"), out=tmp_path / "none")
    with pytest.raises(DataError, match="has no title 'Another'; give --title as printed"):
        adding.add(forms.text(tmp_path / "third.txt"), title="Another")


@pytest.mark.parametrize(
    ("make", "name", "library"),
    [(forms.page, "a.html", "inscriptis"), (forms.pdf, "a.pdf", "pypdf")],
)
def test_a_missing_library_is_named_with_the_command(make, name, library, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(DataError, match=f"needs a library; run pip install {library}"):
        adding.pieces(make(tmp_path / name))


def test_what_stands_before_the_first_heading_is_a_section_without_heading(tmp_path, data):
    file = tmp_path / "a.txt"
    file.write_text("Once, in May 2020, it began.\n\nA heading\n\nThen in May 2020 it ended.\n")
    row, text = adding.add(file)
    sections = ilo.load_sections()
    mine = sections[sections.document_id == row["document_id"]].heading
    assert mine.isna().tolist() == [True, False]
    assert audit.audit(text)[2]


def test_byte_order_mark_bullets_and_carriage_returns_are_no_part_of_a_heading(tmp_path, data):
    file = tmp_path / "a.txt"
    file.write_bytes("\ufeffA title\r\n\r\nIn 2020.\r\n\r\n X Next\r\n\r\nIn 2021.\r\n".encode())
    row, text = adding.add(file)
    sections = ilo.load_sections()
    mine = sections[sections.document_id == row["document_id"]].heading.dropna()
    assert list(mine) == ["A title", "Next"]
    assert row["latest_date"] == "2021"
    dates = [f.mention.words for f in audit.audit(text)[2] if f.mention.kind == "date"]
    assert dates == ["2020", "2021"]


def test_a_heading_that_stands_in_a_sentence_before_is_placed_where_it_heads(tmp_path, data):
    file = tmp_path / "a.txt"
    file.write_text("A title\n\nThe New Start was made in 2020.\n\nNew Start\n\nIt was new.\n")
    adding.add(file)
    sections = ilo.load_sections()
    assert sections.occurrence["a-title--new-start"] == 2
