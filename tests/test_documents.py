"""Documents are read as their readers see them, found by their hash and cut at their headings."""

import hashlib

import pytest
from third import forms
from third.forms import written

from ilodata.curation import documents
from ilodata.curation.grammar import read as said
from ilodata.problems import DataError

TEXT = "China and the ILO\n\nMore\u00a0than US$ 1 million.\n\n X About\u2009us \nNothing.\n About us again."


def page(tmp_path, body):
    html = f"<!doctype html><html lang=en-GB><head><title>T</title></head><body>{body}"
    return documents.read(written(tmp_path / "a.html", html))


def pdf(tmp_path, operators):
    (tmp_path / "a.pdf").write_bytes(forms.holding(operators))
    return documents.read(tmp_path / "a.pdf")


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("US$ 5<sup>1</sup> million, 2022<sup><a href='#n'>2, 3</a></sup>", "US$ 5 million, 2022"),
        ("the 21<sup>st</sup>, 8 m<sup>2</sup>, 3 × 10<sup>6</sup>", "the 21st, 8 m², 3 × 10⁶"),
        ("US$ 5m<sup>2</sup> of<sup>1</sup> all, <a href='#c2'>2</a>", "US$ 5m of all, 2"),
        ("US$ 5<span style='vertical-align: super'>1</span> million", "US$ 5 million"),
        ("US$ 5<a class=footnote-ref href='/p#n'>1</a> m, <del>4</del> 6 MoUs", "US$ 5 m, 6 MoUs"),
        ("20<span>22</span>, US$&nbsp;5<b>.6</b>&#8203; mil&shy;lion", "2022, US$ 5.6 million"),
    ],
)
def test_marks_and_inline_tags_do_not_change_a_figure(html, words, tmp_path):
    read = page(tmp_path, f"<p>{html}</p>").blocks
    assert " ".join(words for words, _ in read) == words


def test_what_stands_around_a_text_is_left_out_and_told_unless_it_holds_the_text(tmp_path):
    around = "<div class=breadcrumbs>Home &gt; News</div><p class='post tags'>Tags: a</p>"
    around += "<div id=related>US$ 3</div><aside>More<nav>Menu</nav></aside>"
    text = f"<div class=share>US$ 5<sup>1</sup> {'in 2022 ' * 20}</div>"
    read = page(tmp_path, f"<nav>Menu</nav><main>{around}{text}</main>")
    assert read.blocks == [(f"US$ 5 {'in 2022 ' * 20}".strip(), False)] and read.language == "en"
    assert read.left_out == [
        "Left out one mark of notes: 1.",
        "What stands around the text was left out: breadcrumbs, post tags, related, aside.",
        "Only the main part of the page was read.",
    ]


def test_what_stands_around_a_text_that_is_not_marked_is_left_out_too(tmp_path):
    said = "On 7 December 2022, the ILO and the ministry signed a memorandum in the city. "
    around = "<div class=top><a href=a>About us and all of our many topics</a></div>"
    html = f"{around}<div><h1>New ties</h1><p>{said * 3}</p><p>In 2021.</p><p>{said * 4}</p></div>"
    read = page(tmp_path, f"{html}<div class=widget><p>Fraud alert: call 12 numbers now</p></div>")
    words = [words for words, _ in read.blocks]
    assert words == ["New ties", (said * 3).strip(), "In 2021.", (said * 4).strip()]
    assert "Only the main part of the page was read." in read.left_out


def test_what_a_browser_shows_nobody_is_not_text(tmp_path):
    hidden = "<p hidden>US$ 1</p><p style='display: none'>US$ 2</p><p class=sr-only>US$ 3</p>"
    tags = "template noscript iframe video svg script style select"
    hidden += "".join(f"<{tag}>US$ 3</{tag}>" for tag in tags.split())
    assert page(tmp_path, f"{hidden}<p>US$ 9</p><!-- US$ 4 -->").blocks == [("US$ 9", False)]


def test_an_entity_of_a_file_is_not_followed_and_deep_text_is_read(tmp_path):
    (tmp_path / "secret").write_text("SECRET")
    uri = (tmp_path / "secret").as_uri()
    read = page(tmp_path, f'<!DOCTYPE x [<!ENTITY a SYSTEM "{uri}">]><p>&a;{"<div>" * 400}US$ 5')
    assert "SECRET" not in str(read.blocks) and read.blocks[-1] == ("US$ 5", False)


def test_blocks_of_lists_definitions_and_cells_are_apart(tmp_path):
    html = "<h2>In <i>all</i></h2><dl><dt>2019</dt><dd>5 MoUs<dt>2020<dd>7</dl><ul><li>1<li>2</ul>"
    html += "<table><tr><th>2021<td>8<tr><td><p>2022<td>9</table>after"
    apart = ["In all", "2019", "5 MoUs", "2020", "7", "• 1", "• 2", "2021 | 8 ||", "2022 | 9 ||"]
    assert [words for words, _ in page(tmp_path, html).blocks] == [*apart, "after"]


@pytest.mark.parametrize(
    ("make", "name"), [(forms.text, "a.txt"), (forms.page, "a.html"), (forms.printed, "a.pdf")]
)
def test_all_forms_give_the_same_words_and_headings(make, name, tmp_path):
    read = documents.read(make(tmp_path / name))
    found = [(" ".join(words.split()), heading) for words, heading in read.blocks]
    assert " ".join(words for words, _ in found) == " ".join(words for _, words in forms.BLOCKS)
    assert [w for w, heading in found if heading] == [w for level, w in forms.BLOCKS if level]


@pytest.mark.parametrize(
    "raised",
    [
        "/F1 7 Tf 4 Ts (1) Tj 0 Ts /F1 11 Tf ( million) Tj",
        "/F1 1 Tf 7 0 0 7 94 704 Tm (1) Tj 11 0 0 11 98 700 Tm ( million) Tj",
        "ET BT /F1 6 Tf 1 0 0 1 94 705 Tm (1) Tj ET BT /F1 11 Tf 1 0 0 1 98 700 Tm ( million) Tj",
    ],
)
def test_a_raised_mark_of_a_pdf_is_told_by_its_place_however_it_is_set(raised, tmp_path):
    read = pdf(tmp_path, f"/F1 11 Tf 1 0 0 1 60 700 Tm (US$ 5) Tj {raised}")
    assert read.blocks == [("US$ 5 million", False)]


def test_raised_marks_of_a_pdf_and_what_stands_on_every_page_are_left_out(tmp_path):
    body = "US$ 5<sup>1</sup> million on 7 December 2022<sup>2</sup>, 8 m<sup>2</sup>, the 21<sup>st</sup>."
    head = "<p style='break-before:page'>A running head</p>"
    pages = "".join(
        f"{head}<p>Page {n}: {body}</p><p>189</p><p>met.</p><p>{n}</p>" for n in (1, 2, 3)
    )
    read = documents.read(forms.printed(tmp_path / "a.pdf", pages))
    words = " ".join(read.blocks[-1][0].split())
    assert said(words, "amount") == [["5000000"]] * 3
    assert said(words, "date") == [["2022-12-07"]] * 3
    assert "8 m², the 21st." in words and "running" not in words
    assert words.count(" 189 met.") == 3, "a figure within a page is no page number"
    assert read.left_out[0].startswith("Left out six marks of notes: 1, 2,")


LINES = [
    (18, "Contents"),
    (11, "1. Aims ..... 3"),
    (18, "Aims"),
    (11, "An agreement. It is an agree-"),
    (11, "ment on high-"),
    (11, "quality jobs of 2024-"),
    (11, "2026."),
    (18, "Annex 1. Persons interviewed"),
    (11, "Ali Raza, 26 May 2025"),
]


def test_lists_of_a_pdf_are_left_out_and_what_a_hyphen_cut_is_joined_as_the_document_has_it(
    tmp_path,
):
    places = ((size, 700 - 24 * n, words) for n, (size, words) in enumerate(LINES))
    shown = (f"/F1 {size} Tf 1 0 0 1 60 {y} Tm ({words}) Tj" for size, y, words in places)
    read = pdf(tmp_path, " ".join(shown))
    text = "An agreement. It is an agreement on high-quality jobs of 2024-2026."
    assert read.blocks == [("Aims", True), (text, False)]
    left = [told.partition(": ")[2] for told in read.left_out]
    assert left == ["Contents.", "Annex 1. Persons interviewed."]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", None, "is not a file; give a text, HTML or PDF file"),
        ("a.txt", b"", "is empty; give a file with text in it"),
        ("a.docx", b"PK\x03\x04\0\0", "is binary; give a text, HTML or PDF file"),
        ("a.txt", "Fine\nCaf\xe9".encode("latin-1"), "line 2: is not UTF-8; save the file as UTF-8"),
        ("a.pdf", b"%PDF-1.4\nbroken", "cannot be read as PDF"),
        ("a.rtf", b"{\\rtf1\\ansi Harbours 2022.\\par}", "is not plain text, though .*; save it as text"),
        ("a.json", b'{"title": "x", "date": "2022-01-01"}', "is not plain text"),
        ("a.xhtml", b"<?xml version='1.0'?><!DOCTYPE html><html>", "HTML whose name ends in .html"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_a_document_is_refused_in_a_sentence(name, content, message, tmp_path):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message) as error:
        documents.read(tmp_path / name)
    assert "\n" not in str(error.value)


def test_a_scan_is_told_and_a_sentence_or_a_telephone_number_is_not_a_heading(tmp_path):
    with pytest.raises(DataError, match="only pictures of it; run OCR on it first"):
        pdf(tmp_path, "")
    memo = "[1] A memo\n\nSubject: ties\n\nIn 2022."
    assert len(documents.read(written(tmp_path / "memo.txt", memo)).blocks) == 3
    text = "A heading\n\nA sentence.\n\nMs Li Na, +86 10 6532 5091\n\nLima, 2 May 2024\n\n2020 Plan"
    read = documents.read(written(tmp_path / "a.txt", text)).blocks
    heads = [words for words, heading in read if heading]
    assert heads == ["A heading", "2020 Plan"]


def test_a_document_is_found_by_its_hash_and_a_missing_one_is_named(tmp_path):
    (tmp_path / "download (3).bin").write_text(TEXT, encoding="utf-8")
    (tmp_path / "folder").mkdir()
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    sheet = {"document_id": "sheet", "title": "A fact sheet", "text_sha256": digest}
    assert documents.find(tmp_path, [sheet]) == {"sheet": documents.normalise(TEXT)}
    page = {"document_id": "page", "title": "A page", "text_sha256": "0" * 64}
    what = r"holds no file with the SHA-256 0{64} of documents/page \(A page\); another edition has"
    with pytest.raises(DataError, match=rf"^{tmp_path}: {what} another hash$"):
        documents.find(tmp_path, [sheet, page])


def test_a_section_runs_to_the_next_heading_and_one_missing_or_out_of_order_is_named():
    columns, sections = ("section_id", "heading", "occurrence", "document_id"), []
    for row in ("opening", "", ""), ("about", "About us", "1"), ("again", "About us", "2"):
        sections.append(dict(zip(columns, (*row, "sheet"), strict=True)))
    text = documents.normalise(TEXT)
    assert documents.cut({"sheet": text}, sections) == (
        {
            "opening": "China and the ILO More than US$ 1 million. X ",
            "about": "About us Nothing. ",
            "again": "About us again.",
        },
        [],
    )
    sections[0] |= {"heading": "Money", "occurrence": "1"}
    assert documents.cut({"sheet": text}, sections[::-1])[1] == [
        "data/sections.csv, row about, column heading: stands before the heading of the row above it",
        "data/sections.csv, row opening, column heading: 'Money' stands no times in sheet; its occurrence is 1",
    ]
