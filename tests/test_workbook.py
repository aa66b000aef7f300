"""The workbook holds every cell as what it is, runs nothing, links both ways and comes back whole."""

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile

import hypothesis
import openpyxl
import pandas as pd
import pytest
from hypothesis import strategies as st

import ilodata as ilo
from ilodata import tables
from ilodata.evidence import support
from ilodata.exchange import workbook

NAMES = {
    name if part == "." else f"{part}.{name}": (part, name)
    for part in (".", "reference")
    for name in (each["name"] for each in tables.package(part)["resources"])
}


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    path = tmp_path_factory.mktemp("workbook") / "ilo-china.xlsx"
    return path, workbook.export(path)


@pytest.fixture(scope="module")
def book(exported):
    return openpyxl.load_workbook(exported[0])


def column(sheet, head):
    """List the cells below a head."""
    [number] = [cell.column for cell in sheet[1] if cell.value == head]
    return [sheet.cell(line, number) for line in range(2, sheet.max_row + 1)]


def same(found):
    return all(
        found[name].equals(pd.DataFrame(tables.cells(table, part)[0], columns=found[name].columns, dtype=str))
        for name, (part, table) in NAMES.items()
    )  # fmt: skip


def test_every_table_comes_back_from_the_workbook_with_nothing_lost(exported):
    path, rows = exported
    found = workbook.read_workbook(path)
    assert set(found) == set(rows) == set(NAMES)
    assert rows == {name: len(frame) for name, frame in found.items()}
    assert same(found)


def test_pandas_opens_a_sheet_as_a_table_without_being_told_where_it_begins(exported):
    frame = pd.read_excel(exported[0], sheet_name="contributions", index_col=0)
    ours = ilo.load_contributions()
    assert list(frame.index) == list(ours.index)
    assert frame.amount_usd.sum() == ours.amount_usd.sum()
    assert frame["low_usd (derived)"].dropna().tolist() == ours.low_usd.dropna().tolist()
    assert frame["high_usd (derived)"].dropna().tolist() == ours.high_usd.dropna().tolist()


def test_a_cell_is_a_number_a_text_true_or_empty_as_its_table_says(book):
    money = book["contributions"]
    assert [cell.value for cell in column(money, "amount_usd")[-1:]] == [None]  # the misprint
    assert {cell.data_type for cell in column(money, "amount_usd")} == {"n"}
    assert {cell.number_format for cell in column(money, "amount_usd")[:3]} == {"#,##0"}
    assert column(money, "printed")[-1].value == "US$ 373,00"
    periods = column(book["projects"], "period")
    assert {(cell.data_type, cell.number_format) for cell in periods} == {("s", "@")}
    assert column(book["places"], "m49")[12].value == "002"
    assert {cell.value for cell in column(book["themes"], "open_list")} == {None, True}


def test_nothing_in_the_workbook_is_a_formula_or_leads_out_of_it(exported, book):
    assert not [cell for sheet in book for line in sheet for cell in line if cell.data_type == "f"]
    with zipfile.ZipFile(exported[0]) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8")
            assert not re.search(r"<f[ >]|ddeLink|externalLink|oleObject|vbaProject", text), name
            assert 'TargetMode="External"' not in text, name


EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://evil")', "_x003D_1", "#N/A", "TRUE"]


def test_a_text_that_begins_like_a_formula_stays_a_text(add, tmp_path):
    for number, text in enumerate(EVIL):
        add(
            "names", name_id=f"evil-{number}", record="organisations/ilo", name=text, kind="variant"
        )
    path = tmp_path / "evil.xlsx"
    workbook.export(path)
    cells = column(openpyxl.load_workbook(path)["names"], "name")[-len(EVIL) :]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.quotePrefix for cell in cells] == [text[0] in "=+-@" for text in EVIL]
    assert list(workbook.read_workbook(path)["names"].name)[-len(EVIL) :] == EVIL


def target(book, cell):
    """Return the cells that a link leads to."""
    name, at = re.fullmatch(r"'(.+)'!(.+)", cell.hyperlink.location).groups()
    found = book[name][at]
    return found if isinstance(found, tuple) else ((found,),)


def test_each_row_leads_to_all_of_its_evidence_and_to_nothing_else(book):
    proof = ilo.load_evidence().groupby("record").size()
    followed = 0
    for name, (part, _) in NAMES.items():
        heads = [cell.value for cell in book[name][1]]
        if part == "." and "evidence (derived)" in heads:
            keys = [f"{name}/{cell.value}" for cell in column(book[name], heads[0])]
            for key, cell in zip(keys, column(book[name], "evidence (derived)"), strict=True):
                assert (cell.value or 0) == proof.get(key, 0)
                if cell.value:
                    lines = target(book, cell)
                    assert lines[0][0].parent.title == "evidence"
                    assert [line[1].value for line in lines] == [key] * cell.value
                    followed += 1
    assert followed == len(proof)


def test_evidence_leads_back_to_the_row_and_to_the_very_cell(book):
    heads = {name: [cell.value for cell in book[name][1]] for name in NAMES}
    for record, field in zip(column(book["evidence"], "record"), column(book["evidence"], "field"), strict=True):  # fmt: skip
        table, _, key = record.value.partition("/")
        [[first]] = target(book, record)
        assert (first.parent.title, first.value) == (table, key)
        [[cell]] = target(book, field)
        assert (cell.parent.title, cell.row) == (table, first.row)
        assert heads[table][cell.column - 1] == field.value
        assert cell.value is not None


def test_a_key_leads_to_the_row_that_it_names(book):
    for cell in column(book["contributions"], "payer_id"):
        if cell.value:
            [[found]] = target(book, cell)
            assert (found.parent.title, found.value) == ("organisations", cell.value)
    named = column(book["contributions"], "conflicts (derived)")[-1]
    assert "nigeria-amount" in named.value.split(", ")
    lines = target(book, named)
    assert {line[2].value for line in lines} == {"contributions/youth-employment-2020"}
    assert list(dict.fromkeys(line[1].value for line in lines)) == named.value.split(", ")


def test_what_is_inferred_is_set_off_and_named(book):
    supported = support()
    inferred = supported[supported.basis == "inferred"]
    sheet = book["contributions"]
    for line, cell in enumerate(column(sheet, "contribution_id"), start=2):
        mine = set(inferred[inferred.record == f"contributions/{cell.value}"].field)
        named = sheet.cell(line, column(sheet, "inferred (derived)")[0].column).value
        assert set((named or "").split(", ")) - {""} == mine
        heads = [(head.value, sheet.cell(line, head.column)) for head in sheet[1]]
        assert {head for head, each in heads if each.font.italic} == mine
        assert {head for head, each in heads if each.fill.fgColor.rgb.endswith("EDE7F6")} == mine


def test_a_derived_column_says_so_in_its_head_and_looks_different(book):
    heads = book["contributions"][1]
    derived = [cell for cell in heads if cell.value.endswith(workbook.DERIVED)]
    assert [cell.value for cell in heads[len(tables.schema("contributions")["schema"]["fields"]) :]] == [cell.value for cell in derived]  # fmt: skip
    assert not {c.fill.fgColor.rgb for c in derived} & {c.fill.fgColor.rgb for c in heads[:3]}
    assert all(cell.comment.text for cell in heads)


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_has_filters_a_frozen_head_notes_and_fits_a_screen(book, name):
    sheet = book[name]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert sheet.print_title_rows == "$1:$1"
    widths = [each.width for each in sheet.column_dimensions.values()]
    assert len(widths) == sheet.max_column and min(widths) > 8 and max(widths) <= 36
    assert all(cell.alignment.wrap_text and cell.font.bold for cell in sheet[1])
    fields = tables.schema(*reversed(NAMES[name]))["schema"]["fields"]
    for cell, field in zip(sheet[1], fields, strict=False):
        assert cell.comment.text.startswith(field["description"])
        assert field.get("unit", "") in cell.comment.text


def test_the_first_sheets_say_what_it_is_and_lead_to_each_table(book):
    assert book.sheetnames[:4] == [*workbook.FRONT, "contributions"]
    told = {line[0].value: line[1] for line in book["Read me"].iter_rows(max_col=2)}
    assert told["Data edition"].value == tables.package()["version"]
    assert told["SHA-256 of the tables"].value == tables.data_sha256()
    assert told["How to cite"].value.startswith(tables.citation())
    leads = {c.value: target(book, c)[0][0] for [c] in book["Read me"].iter_rows(max_col=1) if c.hyperlink}  # fmt: skip
    assert {name: cell.parent.title for name, cell in leads.items()} == {n: n for n in NAMES}
    assert tables.data_sha256() in book.properties.description


def test_the_same_data_give_the_same_bytes_in_another_process(exported, tmp_path):
    again = tmp_path / "again.xlsx"
    command = f"from ilodata.exchange import workbook; workbook.export({str(again)!r})"
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, "-c", command], env=environment, check=True)
    assert again.read_bytes() == exported[0].read_bytes()
    with zipfile.ZipFile(again) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# What a table may hold: no control character below a space, and nothing that no XML can hold.
SIGNS = st.characters(
    min_codepoint=32, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"
)


@hypothesis.given(st.lists(st.text(SIGNS, min_size=1).filter(lambda t: t == t.strip()), min_size=1))
def test_any_text_that_a_table_may_hold_comes_back_from_a_cell(texts):
    book, saved = openpyxl.Workbook(), io.BytesIO()
    for line, text in enumerate(texts, start=1):
        workbook._put(book.active.cell(line, 1), text)
    book.save(saved)
    cells = openpyxl.load_workbook(saved).active["A"]
    assert [workbook._text(cell) for cell in cells] == texts


def test_a_number_keeps_the_digits_that_are_written(add, tmp_path):
    shared = {"record": "organisations/china", "indicator": "i", "unit": "u", "qualifier": "exact"}
    values = ["1.50", "0.25", "-3", "1400000000", "0"]
    for number, value in enumerate(values):
        add("indicators", indicator_id=f"new-{number}", value=value, **shared)
    workbook.export(tmp_path / "a.xlsx")
    found = workbook.read_workbook(tmp_path / "a.xlsx")["indicators"]
    assert list(found.value)[-len(values) :] == values


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("007", "indicators, row new, column value: '007' has signs that a number does not keep"),
        ("1.2.3", "column value: '1.2.3' is no number"),
    ],
)
def test_a_number_that_would_not_come_back_is_refused(add, tmp_path, value, message):
    add("indicators", indicator_id="new", record="organisations/china", indicator="i", value=value, unit="u", qualifier="exact")  # fmt: skip
    with pytest.raises(tables.DataError, match=re.escape(message)):
        workbook.export(tmp_path / "a.xlsx")
    assert list(tmp_path.glob("*.xlsx")) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x" * 32_768, "column what: 'xxx.*' has 32,768 signs; no cell of a spreadsheet has more"),
        ("a\uffffb", r"conflicts.csv, row dollar-sign, column what: holds the sign U\+FFFF, which"),
        ("a\x07b", "column what: 'a.x07b' has white space at an end, a control character or"),
    ],
    ids=["too long", "no XML", "control"],
)
def test_a_text_that_fits_into_no_cell_is_named(change, tmp_path, text, message):
    change("conflicts", "dollar-sign", what=text)
    with pytest.raises(tables.DataError, match=message):
        workbook.export(tmp_path / "a.xlsx")


def test_the_longest_text_that_fits_comes_back_whole(change, tmp_path):
    change("conflicts", "dollar-sign", what="x" * workbook.LONGEST)
    workbook.export(tmp_path / "a.xlsx")
    assert same(workbook.read_workbook(tmp_path / "a.xlsx"))


def left_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_whole_or_not_at_all(change, tmp_path):
    path = tmp_path / "kept" / "a.xlsx"
    with pytest.raises(tables.DataError, match=r"a\.xlsx: cannot be written: No such file"):
        workbook.export(path)
    path.parent.mkdir()
    path.write_text("what stood there")
    change("projects", "skills-asean-2018", period="soon")
    with pytest.raises(tables.DataError, match="'soon' is not a date we read"):
        workbook.export(path)
    assert path.read_text() == "what stood there" and left_in(path.parent) == ["a.xlsx"]


def test_a_folder_in_the_place_of_the_file_is_named_and_nothing_is_left_beside_it(tmp_path):
    (tmp_path / "a.xlsx").mkdir()
    with pytest.raises(tables.DataError, match=r"a\.xlsx: cannot be written: Is a directory"):
        workbook.export(tmp_path / "a.xlsx")
    assert left_in(tmp_path) == ["a.xlsx"]


def edited(exported, tmp_path, value):
    book = openpyxl.load_workbook(exported[0])
    book["projects"]["B2"] = value
    book.save(tmp_path / "edited.xlsx")
    return workbook.read_workbook(tmp_path / "edited.xlsx")


def test_what_somebody_changed_in_the_spreadsheet_comes_back(exported, tmp_path):
    found = edited(exported, tmp_path, "Another label")
    assert found["projects"].label[0] == "Another label"
    assert not same(found)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("=A1", "projects!B2: is a formula; write its value"),
        (pd.Timestamp("2022-12-07"), "projects!B2: 2022-12-07 00:00:00 is no text and no number"),
    ],
)
def test_a_cell_that_became_a_formula_or_a_date_is_refused(exported, tmp_path, value, message):
    with pytest.raises(tables.DataError, match=message):
        edited(exported, tmp_path, value)


@pytest.mark.parametrize("content", [b"", b"id,label\n", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_named(tmp_path, content):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(tables.DataError, match=r"a\.xlsx: is no workbook"):
        workbook.read_workbook(path)
    with pytest.raises(tables.DataError, match=r"b\.xlsx: cannot be read \(No such file"):
        workbook.read_workbook(tmp_path / "b.xlsx")


def test_a_spreadsheet_program_opens_it_and_saves_every_cell(exported, tmp_path):
    office = shutil.which("soffice")
    if not office:
        pytest.skip("LibreOffice is not installed, so no spreadsheet program opened the workbook")
    command = [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path, exported[0]]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    assert same(workbook.read_workbook(tmp_path / exported[0].name))


def test_a_workbook_can_be_read_from_memory_too(exported):
    assert same(workbook.read_workbook(io.BytesIO(exported[0].read_bytes())))
