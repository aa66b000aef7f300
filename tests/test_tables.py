"""Tables load typed; a bad cell is named with file, row, column, value and what would be right."""

import json

import pandas as pd
import pytest

import ilodata as ilo
from ilodata import naming, tables
from ilodata.cli import main
from ilodata.files import write
from ilodata.problems import DataError

TABLES = [resource["name"] for resource in tables.package()["resources"]]
DTYPES = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}


def refusal(table):
    with pytest.raises(DataError) as error:
        getattr(ilo, f"load_{table}")()
    return str(error.value)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_loads_with_its_id_as_index_and_the_types_and_words_of_its_schema(table):
    loader, (key, *fields) = getattr(ilo, f"load_{table}"), tables.fields(table).values()
    frame = loader()
    assert frame.index.name == key["name"] and frame.index.is_unique
    assert loader.__name__ == f"load_{table}" and "Source: ``data/" in loader.__doc__
    for field in fields:
        assert str(frame[field["name"]].dtype) == DTYPES.get(field["type"], "string")
        assert f"    {field['name']} : {field['description']}" in loader.__doc__
    dated = any(f.get("proof") == "date" for f in fields)
    assert ("\n    start, end : " in loader.__doc__) == dated
    assert ("\n    low_usd, high_usd : " in loader.__doc__) == ("amount_usd" in frame)
    assert all((c in frame and frame[c].dtype.kind == "M") == dated for c in ("start", "end"))


def test_zero_is_stated_a_misprint_has_no_bounds_and_as_of_dates_only_what_is_undated(little):
    money = {"level": "project", "printed": "x", "label": "x", "as_of": "2023"}
    zero = {"qualifier": "exact", "amount_usd": 0, "printed_unit_usd": 1, "period": "2017/2022"}
    little("contributions", contribution_id="none", **zero, **money)
    little("contributions", contribution_id="odd", qualifier="misprint", **money)
    frame = ilo.load_contributions()
    assert (frame.low_usd["none"], frame.high_usd["none"]) == (0, 0), "what is stated is not blank"
    assert frame.end["none"] == pd.Timestamp("2022-12-31")
    assert frame.loc["odd", ["amount_usd", "low_usd", "high_usd", "start", "end"]].isna().all()
    little("indicators", indicator_id="m", record="a/b", indicator="members", value=5,
           qualifier="exact", as_of="2019")  # fmt: skip
    assert ilo.load_indicators().loc["m", "end"] == pd.Timestamp("2019-12-31")


def test_reference_data_is_apart_and_a_table_that_is_not_there_is_refused():
    assert ilo.load_reference("members").loc["asean--khm", "start"] == pd.Timestamp("1999-04-30")
    with pytest.raises(DataError, match="^'contries' is not a table; did you mean countries[?]$"):
        ilo.load_reference("contries")


UNSEEN = "has white space at an end, a control character or a direction override"
A_DATE = "is not a date we read; write a year, month or day like 2022, 2022-12, 2022-12-07, or a period like 2017/2022"  # fmt: skip


@pytest.mark.parametrize(
    ("table", "column", "value", "finding"),
    [
        ("contributions", "amount_usd", "2.2 million", "'2.2 million' is not an integer; write it like 1000000"),
        ("contributions", "qualifier", "nearli", "'nearli' is not a code of this column; did you mean nearly?"),
        ("contributions", "label", "", "is blank; it is required"),
        ("contributions", "label", " a", f"' a' {UNSEEN}"),
        ("people", "label", "a\x1b[2Jb", rf"'a\x1b[2Jb' {UNSEEN}"),
        ("conflicts", "what", "x" * 32_768, f"'{'x' * 59}…' has 32,768 characters; no cell has more than 32,767"),
        ("events", "date", "2022-02-30", f"'2022-02-30' {A_DATE}"),
        ("contributions", "amount_usd", "-1", "'-1' is below 0"),
        ("themes", "open_list", "TRUE", "'TRUE' is not a boolean; write it like true"),
        ("places", "iso3", "CN", "'CN' does not match [A-Z]{3}"),
        ("indicators", "value", "nan", "'nan' is not a number; write it like 0.25"),
        ("people", "office", "@SUM(A1)", "'@SUM(A1)' begins like a formula of a spreadsheet; begin it with a letter, a digit or a quotation mark"),
        ("contributions", "amount_usd", "", "a blank amount does not go with 'nearly'; only a misprint has none"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_in_one_line(change, table, column, value, finding):
    row = next(iter(tables.rows(table)[0].values()))
    change(table, row, **{column: value})
    assert refusal(table) == f"data/{table}.csv, row {row}, column {column}: {finding}"


def test_all_findings_of_a_table_are_listed_at_once(change):
    change("places", "china", iso3="CN", kind="county")
    change("places", "nigeria", m49="5")
    assert [line.split(": ")[0] for line in refusal("places").splitlines()] == [
        "data/places.csv, row china, column kind",
        "data/places.csv, row china, column iso3",
        "data/places.csv, row nigeria, column m49",
    ]
    rows, wrong = tables.cells("places")
    assert len(wrong) == 3 and len(rows) > 3


# What can happen to a file: name -> (bytes before -> bytes after, what is said behind its name)
FILES = {
    "empty": (lambda b: b"", ", header: 'nothing'; write {names}, as plain UTF-8"),
    "columns missing": (lambda b: b.replace(b",", b"\n", 1), ", header: '{id}'; write {names}, as plain UTF-8"),
    "short row": (lambda b: b + b"a\n", ", line {next}: one cell from 'a' on; write {count}"),
    "an id twice": (lambda b: b + b.splitlines(True)[1], ", row {first}, column {id}: stands twice; ids are unique"),
    "byte order mark": (lambda b: b"\xef\xbb\xbf" + b, ", header: '\\ufeff{names}'; write {names}, as plain UTF-8"),
    "Latin-1": (lambda b: b + "é".encode("latin-1"), ", line {next}: is not UTF-8; save the file as UTF-8"),
    "Windows line ends": (lambda b: b.replace(b"\n", b"\r\n"), ": has carriage returns; save it with LF line ends"),
    "blank line": (lambda b: b + b"\n", ", line {next}: no cells; write {count}"),
    "quote not closed": (lambda b: b + b'"', ", line {next}: is not read as CSV (unexpected end of data); is a quote not closed or not doubled?"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize(("table", "part"), [("people", "."), ("members", "reference")])
def test_a_damaged_file_is_one_finding_that_says_what_would_be_right(data, kind, table, part):
    (damage, said), path = FILES[kind], data / part / f"{table}.csv"
    (key, *others), content = tables.fields(table, part), path.read_bytes()
    first, lines = content.splitlines()[1].decode().partition(",")[0], content.count(b"\n")
    names, count = ",".join([key, *others]), 1 + len(others)
    told = said.format(names=names, id=key, count=count, next=lines + 1, first=first)
    path.write_bytes(damage(content))
    rows, wrong = tables.cells(table, part)
    assert wrong == [f"data/{path.relative_to(data)}{told}"]
    assert bool(rows) == (kind in ("an id twice", "Windows line ends"))


def test_a_missing_file_and_a_folder_in_its_place_are_named(data):
    (data / "people.csv").unlink()
    assert refusal("people") == "data/people.csv: cannot be read (No such file or directory)"
    (data / "people.csv").mkdir()
    assert refusal("people") == "data/people.csv: cannot be read (Is a directory)"


@pytest.mark.parametrize("content", ["{", "{}", "[]", '{"resources": [{}]}'])
def test_a_wrong_folder_and_a_broken_descriptor_are_named(tmp_path, monkeypatch, content):
    monkeypatch.setenv("ILODATA_DATA", str(tmp_path))
    descriptor = tmp_path / "datapackage.json"
    assert refusal("people").startswith(f"{descriptor}: cannot be read (No such file")
    descriptor.write_text(content, encoding="utf-8")
    assert refusal("people").startswith(f"{descriptor}: does not describe tables (")


def test_a_descriptor_cannot_lead_out_of_its_folder(data):
    described = json.loads((data / "datapackage.json").read_text("utf-8"))
    described["resources"][0]["path"] = "../secret.csv"
    (data / "datapackage.json").write_text(json.dumps(described), "utf-8")
    assert "'../secret.csv' is not a file beside it" in refusal("documents")


def test_what_is_read_is_the_readers_own_and_follows_each_change(change):
    first = ilo.load_people()
    expected = first.copy()
    first.loc[:, "label"] = "overwritten"
    tables.rows("people")[0]["label"] = "overwritten"
    pd.testing.assert_frame_equal(ilo.load_people(), expected)
    change("people", expected.index[0], label="X. J.")
    assert ilo.load_people().label.iloc[0] == "X. J."


def test_records_are_found_by_id_label_acronym_or_name_in_any_case(little):
    for key, label in (("min", "Ministry of Human Resources"), ("acftu", "All-China Federation")):
        little("organisations", organisation_id=key, label=label, kind="state")
    for key, name in (("a", "MOHRSS"), ("b", "workers’ ministry")):
        little("names", name_id=key, record="organisations/min", name=name, kind="full")
    little("names", name_id="c", record="places/min", name="Min City", kind="full")
    for asked in ("MIN", "ministry of  human resources", "Workers' Ministry", ["mohrss", "min"]):
        assert naming.find(asked, "organisations") == ["min"]
    assert naming.find(None, "organisations") == naming.find([""], "organisations") == []
    for asked, right in (
        ("MOHRS", "did you mean MOHRSS?"),
        ("xyz", "there are All-China Federation, Ministry of Human Resources"),
    ):
        with pytest.raises(DataError) as error:
            naming.find(asked, "organisations", "payers")
        assert str(error.value) == f"payers: {asked!r} is not one of our organisations; {right}"


def test_the_hash_of_the_tables_changes_with_any_cell_and_with_nothing_else(data, change):
    before = tables.data_sha256()
    (data / "notes.json").write_text("{}")
    assert tables.data_sha256() == before
    change("places", "nigeria", label="Niger")
    assert tables.data_sha256() != before


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    page = tmp_path / "page.html"
    write(page, "before")
    with pytest.raises(UnicodeEncodeError):
        write(page, "x" * 100_000 + "\ud800")
    with pytest.raises(DataError, match="^.*/page.html/in: cannot be written: Not a directory$"):
        write(page / "in", "x")
    assert page.read_text() == "before" and len(list(tmp_path.iterdir())) == 1


def test_tab_shows_only_what_a_reader_needs_and_all_of_it_is_there():
    names = dir(ilo)
    assert {"load_results", "evidence", "inferred", "show", "DataError", "funding"} <= set(names)
    assert not {"importlib", "pd", "math", "itertools", "tables"} & set(names)
    topics = {"charts", "funding", "profiles", "reach", "sources", "timelines"}
    assert all(callable(getattr(ilo, name)) for name in set(names) - topics)
    assert {f"load_{table}" for table in TABLES} <= set(names)
    assert not hasattr(ilo, "load_nothing")


UNREAD = "references, evidence and amounts were not checked, since a table cannot be read"
COMMANDS = ["check", "verify .", "audit a.txt", "export xlsx a.xlsx"]  # they read every table
BROKEN = {
    "contributions.csv": lambda b: b.replace(b",jpo,", b",jpa,", 1),
    "evidence.csv": lambda b: b + b"\xff\n",
    "datapackage.json": lambda b: b"{",
}


@pytest.mark.parametrize("file", BROKEN)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_broken_table_is_one_line_of_each_command_and_no_traceback(
    data, tmp_path, monkeypatch, capsys, command, file
):
    (data / file).write_bytes(BROKEN[file]((data / file).read_bytes()))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("A title\n\nOn 7 December 2022.\n", encoding="utf-8")
    assert main(command.split()) == 1
    [line] = [it for it in capsys.readouterr().err.splitlines() if UNREAD not in it]
    assert f"data/{file}" in line


def test_tables_are_shown_whole_and_dollars_are_not_read_as_formulas():
    ilo.load_events()
    shown = pd.DataFrame({"words": ["w" * 300] * 250})
    assert "…" not in shown._repr_html_() and "..." not in shown._repr_html_()
    assert "w" * 300 in repr(shown) and not pd.get_option("display.html.use_mathjax")
