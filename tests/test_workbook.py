"""The workbook holds every cell as what it is, runs nothing and links both ways."""

import re
import zipfile

import openpyxl
import pandas as pd
import pytest

from conftest import python
from ilodata import tables
from ilodata.evidence import inferred
from ilodata.exchange import iati, workbook
from ilodata.problems import DataError

NAMES = [each["name"] for each in tables.package()["resources"]]


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


def text(cell):
    """Return the text that a cell has in its CSV file."""
    if isinstance(cell.value, bool):
        return str(cell.value).lower()
    if isinstance(cell.value, int | float):
        return f"{cell.value:.{len(cell.number_format.partition('.')[2])}f}"
    return re.sub(r"_x005F_(?=x[0-9A-Fa-f]{4}_)", "_", cell.value or "")


def rows_in(book, name):
    """Return the rows of a sheet as its CSV file has them."""
    heads = list(tables.fields(name))
    lines = [dict(zip(heads, map(text, line), strict=False)) for line in book[name].iter_rows(2)]
    return sorted(lines, key=lambda line: line[heads[0]])


def rows_of(name):
    return sorted(tables.rows(name), key=lambda row: next(iter(row.values())))


def test_every_table_stands_in_the_workbook_with_nothing_lost(exported, book):
    assert set(exported[1]) == set(NAMES)
    for name in NAMES:
        assert rows_in(book, name) == rows_of(name), name
        assert exported[1][name] == len(rows_of(name))


def test_pandas_opens_a_sheet_as_a_table_without_being_told_where_it_begins(exported):
    frame = pd.read_excel(exported[0], sheet_name="contributions", index_col=0)
    ours = tables.load_contributions()
    assert list(frame.index) == list(ours.index)
    for name in ("low_usd", "high_usd"):
        assert frame[f"{name} (derived)"].dropna().tolist() == ours[name].dropna().tolist()


def test_nothing_in_the_workbook_is_a_formula_or_leads_out_of_it(exported, book):
    assert not [cell for sheet in book for line in sheet for cell in line if cell.data_type == "f"]
    with zipfile.ZipFile(exported[0]) as archive:
        for name in archive.namelist():
            content = archive.read(name).decode("utf-8")
            assert not re.search(r"<f[ >]|ddeLink|externalLink|oleObject|vbaProject", content), name
            assert 'TargetMode="External"' not in content, name


EVIL = ["_x003D_1", "TRUE", "1e5"]  # tables.flaw refuses what begins like a formula
INDICATOR = {"record": "organisations/china", "indicator": "i", "unit": "u", "qualifier": "exact"}
DIGITS = ["1.50", "0.25", "-3", "1400000000", "0"]


def test_what_looks_like_a_number_stays_a_text_and_numbers_keep_their_digits(little, tmp_path):
    for number, evil in enumerate([*EVIL, "x" * tables.LONGEST]):
        row = {"name_id": f"evil-{number}", "record": "organisations/ilo", "kind": "variant"}
        little("names", name=evil, **row)
    for number, value in enumerate(DIGITS):
        little("indicators", indicator_id=f"new-{number}", value=value, **INDICATOR)
    workbook.export(tmp_path / "evil.xlsx")
    book = openpyxl.load_workbook(tmp_path / "evil.xlsx")
    cells = column(book["names"], "name")[: len(EVIL)]
    assert {cell.data_type for cell in cells} == {"s"}
    for name in ("names", "indicators"):
        assert rows_in(book, name) == rows_of(name)


def target(book, cell):
    """Return the cells that a link leads to."""
    name, at = re.fullmatch(r"'(.+)'!(.+)", cell.hyperlink.location).groups()
    found = book[name][at]
    return found if isinstance(found, tuple) else ((found,),)


def test_each_row_leads_to_all_of_its_evidence_and_to_nothing_else(book):
    proof, followed = tables.load_evidence().groupby("record").size(), {}
    for sheet in (book[name] for name in NAMES):
        if "evidence (derived)" in [cell.value for cell in sheet[1]]:
            for line, cell in enumerate(column(sheet, "evidence (derived)"), start=2):
                if cell.value:
                    key, lines = f"{sheet.title}/{sheet.cell(line, 1).value}", target(book, cell)
                    assert lines[0][0].parent.title == "evidence"
                    assert [line[1].value for line in lines] == [key] * cell.value
                    followed[key] = cell.value
    assert followed == proof.to_dict()


def test_a_cell_leads_to_the_record_it_names_and_a_row_to_its_conflicts(book):
    for record in column(book["evidence"], "record"):
        [[first]] = target(book, record)
        assert f"{first.parent.title}/{first.value}" == record.value
    money = book["contributions"]
    at = [c.value for c in column(money, "contribution_id")].index("youth-employment-2020")
    lines = target(book, column(money, "conflicts (derived)")[at])
    assert {line[2].value for line in lines} == {"contributions/youth-employment-2020"}


def test_what_is_inferred_is_named(book):
    guessed, sheet = inferred("contributions").field, book["contributions"]
    for line, cell in enumerate(column(sheet, "contribution_id"), start=2):
        mine = set(guessed[guessed.index == f"contributions/{cell.value}"])
        named = sheet.cell(line, column(sheet, "inferred (derived)")[0].column).value
        assert set((named or "").split(", ")) - {""} == mine


def test_each_sheet_has_filters_and_a_frozen_head_and_calls_derived_columns_so(book):
    for sheet in book:
        assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", sheet.dimensions)
    for name in NAMES:
        derived = book[name][1][len(tables.fields(name)) :]
        assert all(cell.value.endswith(workbook.DERIVED) for cell in derived)


def test_the_first_sheets_say_what_it_is_and_lead_to_each_table(book):
    assert book.sheetnames[:4] == ["Read me", "Hedges", "Codebook", "contributions"]
    hedges = {line[0]: line[1:] for line in book["Hedges"].values}
    assert hedges["nearly"][1:] == (-1, 0) and hedges["misprint"][0].startswith("No figure can be")
    told = {line[0]: line[1] for line in book["Read me"].values}
    assert told["Data edition"] == tables.package()["version"]
    assert told["SHA-256 of the tables"] == tables.data_sha256()
    assert told["How to cite"].startswith(tables.citation())
    links = [c for [c] in book["Read me"].iter_rows(max_col=1) if c.hyperlink]
    assert {c.value: target(book, c)[0][0].parent.title for c in links} == {n: n for n in NAMES}


def test_the_same_data_give_the_same_bytes_in_another_process_of_either_format(exported, tmp_path):
    iati.export(tmp_path / "a.xml")
    again, other = tmp_path / "again.xlsx", tmp_path / "b.xml"
    code = "from ilodata.exchange import iati, workbook; "
    code += f"workbook.export({str(again)!r}), iati.export({str(other)!r})"
    python("-c", code, PYTHONHASHSEED="7", TZ="Asia/Tokyo")
    assert again.read_bytes() == exported[0].read_bytes()
    assert other.read_bytes() == (tmp_path / "a.xml").read_bytes()


def test_a_number_that_would_not_come_back_is_named_and_refused(little, tmp_path):
    little("indicators", indicator_id="new", value="007", **INDICATOR)
    said = "indicators, row new, column value: '007' has characters that a number does not keep"
    with pytest.raises(DataError, match=said):
        workbook.export(tmp_path / "a.xlsx")
    assert not (tmp_path / "a.xlsx").exists()


def test_the_codebook_has_a_row_for_each_column_of_each_table(book):
    _, *told = [[cell.value for cell in line] for line in book["Codebook"].iter_rows()]
    assert [tuple(row[:2]) for row in told] == [
        (name, field) for name in book.sheetnames[3:] for field in tables.fields(name)
    ]
    by_column = {tuple(row[:2]): row for row in told}
    assert "more_than" in by_column["contributions", "qualifier"][8]
    assert by_column["contributions", "payer_id"][7] == "organisations"
    assert by_column["contributions", "amount_usd"][3:5] == ["current US dollars", "integer"]
