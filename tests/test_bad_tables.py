"""Whatever is wrong with a table is one sentence each, in one run, of every command."""

import csv
import io
import resource
import subprocess
import sys

import pytest

from ilodata import tables
from ilodata.cli import main

TABLES = {
    f"{folder}{found['path']}": found
    for part, folder in ((".", ""), ("reference", "reference/"))
    for found in tables.package(part)["resources"]
}
UNREAD = (
    "data: references, evidence and amounts were not checked, since a table cannot be read; "
    "fix what is named above and check again"
)


def fields(file, **wanted):
    """List the columns of a table, but its id, that have all that is wanted."""
    found = TABLES[file]["schema"]["fields"][1:]
    return [f["name"] for f in found if all(f.get(key) == value for key, value in wanted.items())]


def references(file):
    keys = [key["fields"][0] for key in TABLES[file]["schema"].get("foreignKeys", [])]
    return keys + [name for name in ("record", "subject", "object") if name in fields(file)]


@pytest.fixture
def check(capsys, data, monkeypatch):
    """Run `ilodata check` on the copy; return its exit code and the lines of its findings."""

    def run():
        code = main(["check", "--data", str(data)])
        return code, capsys.readouterr().err.splitlines()

    return run


def rewrite(path, change):
    """Change the rows of a file; `change` may answer with what it expects to be found."""
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    answer = change(rows)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return answer


# What can happen to a file: name -> (bytes before -> bytes after, what is said behind its name)
FILES = {
    "empty": (lambda b: b"", ", header: 'nothing'; write {names}"),
    "byte order mark": (lambda b: b"\xef\xbb\xbf" + b, ": starts with a byte order mark, as a spreadsheet saves it; save it as plain UTF-8"),
    "Latin-1": (lambda b: b + "é".encode("latin-1"), ", line {next}: is not UTF-8; save the file as UTF-8"),
    "UTF-16": (lambda b: b.decode().encode("utf-16"), ", line 1: is not UTF-8; save the file as UTF-8"),
    "NUL": (lambda b: b + b"\0", ", line {next}: 1 cells from '\\x00' on; write {count}"),
    "Windows line ends": (lambda b: b.replace(b"\n", b"\r\n"), ": has carriage returns; save it with LF line ends"),
    "old Macintosh line ends": (lambda b: b.replace(b"\n", b"\r"), ": has carriage returns; save it with LF line ends"),
    "blank line": (lambda b: b + b"\n", ", line {next}: 0 cells; write {count}"),
    "quote not closed": (lambda b: b + b'"', ", line {next}: is not read as CSV (unexpected end of data); is a quote not closed or not doubled?"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_a_damaged_file_is_one_finding_a_table_that_says_what_would_be_right(check, data, kind):
    damage, said = FILES[kind]
    expected = set()
    for file, table in TABLES.items():
        content = (data / file).read_bytes()
        names = [field["name"] for field in table["schema"]["fields"]]
        told = said.format(names=",".join(names), count=len(names), next=content.count(b"\n") + 1)
        expected.add(f"data/{file}{told}")
        (data / file).write_bytes(damage(content))
    code, found = check()
    assert code == 1 and len(found) == len(set(found))
    assert set(found) - {UNREAD} == expected
    assert (UNREAD in found) == ("line ends" not in kind)


UNSEEN = "has white space at an end, a control character or a direction override"
FORMULA = (
    "begins like a formula of a spreadsheet; begin it with a letter, a digit or a quotation mark"
)
A_DATE = "is not a date we read; write a year, month or day like 2022, 2022-12, 2022-12-07, or a period like 2017/2022"  # fmt: skip
# What can stand in a cell, in which columns it is wrong, and what is said of it
CELLS = {
    "control character": ("a\x1b[2Jb", {}, rf"'a\x1b[2Jb' {UNSEEN}"),
    "direction override": ("a\u202eb", {}, rf"'a\u202eb' {UNSEEN}"),
    "invisible character": ("a\u200bb", {}, rf"'a\u200bb' {UNSEEN}"),
    "line break": ("a\nb", {}, rf"'a\nb' {UNSEEN}"),
    "too long": ("x" * 100_001, {}, f"'{'x' * 59}…' has 100,001 characters; no cell has more than 100,000"),
    "impossible date": ("2022-02-30", {"proof": "date"}, f"'2022-02-30' {A_DATE}"),
    "reversed period": ("2022/2017", {"proof": "date"}, "'2022/2017' ends before it starts; write the earlier date first"),
    "season": ("2019-21", {"proof": "date"}, "'2019-21' is not a date we read; a season has other months in each hemisphere and calendar; write the months, like [2019-03..2019-05]"),
    "negative amount": ("-1", {"proof": "amount"}, "'-1' is below 0"),
    "negative count": ("-1", {"proof": "ordinal"}, "'-1' is below 1"),
    "over-large whole number": ("9" * 30, {"type": "integer"}, f"'{'9' * 30}' is not an integer; write it like 1000000"),
    "over-large number": ("1e999", {"type": "number"}, "'1e999' is not a number; write it like 0.25"),
    "thousands' commas": ("1,000", {"type": "integer"}, "'1,000' is not an integer; write it like 1000000"),
    "not a truth value": ("TRUE", {"type": "boolean"}, "'TRUE' is not a boolean; write it like true"),
}  # fmt: skip


@pytest.mark.parametrize("kind", CELLS)
def test_a_bad_cell_is_named_by_file_row_and_column_wherever_it_stands(check, data, kind):
    value, where, said = CELLS[kind]
    expected = set()
    for file in TABLES:

        def change(rows, file=file):
            for name in fields(file, **where):
                rows[1][rows[0].index(name)] = value
                expected.add(f"data/{file}, row {rows[1][0]}, column {name}: {said}")

        rewrite(data / file, change)
    code, found = check()
    assert code == 1 and expected and expected <= set(found)
    assert all(line.isprintable() and len(line) <= 600 for line in found)
    assert not where or len(expected) < 40  # else the column was not chosen


@pytest.mark.parametrize("value", ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)"])
def test_a_text_that_a_spreadsheet_would_run_is_named_in_every_table(check, data, value):
    expected = set()
    for file in TABLES:

        def change(rows, file=file):
            for field in TABLES[file]["schema"]["fields"][1:]:
                free = not field.get("constraints", {}).keys() & {"enum", "pattern"}
                if field["type"] == "string" and field.get("proof") != "date" and free:
                    rows[1][rows[0].index(field["name"])] = value
                    expected.add(
                        f"data/{file}, row {rows[1][0]}, column {field['name']}: {value!r} {FORMULA}"
                    )

        rewrite(data / file, change)
    code, found = check()
    assert code == 1 and expected <= set(found)
    # Two tables of reference data hold only codes, dates and shapes, which nothing else passes for.
    assert len({name.split(",")[0] for name in expected}) == len(TABLES) - 2


def test_an_id_that_leads_nowhere_is_named_in_every_column_that_refers(check, data):
    expected = set()
    for file in [file for file in TABLES if "/" not in file]:

        def change(rows, file=file):
            for name in references(file):
                record = name in ("record", "subject", "object")
                rows[1][rows[0].index(name)] = "places/atlantis" if record else "atlantis"
                expected.add(f"data/{file}, row {rows[1][0]}, column {name}: ")

        rewrite(data / file, change)
    code, found = check()
    told = {line.partition(": ")[0] + ": " for line in found if "atlantis' is not in " in line}
    assert code == 1 and len(expected) > 30 and told == expected


def test_a_file_of_100_megabytes_is_one_sentence_and_is_not_read(data):
    rewrite(data / "people.csv", lambda rows: rows[1].__setitem__(1, "x" * 100_000_000))
    command = [sys.executable, "-m", "ilodata.cli", "check", "--data", str(data)]

    def limit():
        resource.setrlimit(resource.RLIMIT_DATA, (2**30, 2**30))

    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=limit)
    size = (data / "people.csv").stat().st_size
    assert done.stderr.splitlines() == [
        f"data/people.csv: cannot be read (has {size:,} bytes; no table has more than 20,000,000)",
        UNREAD,
    ]
    assert done.returncode == 1


COMMANDS = ["check", "verify .", "audit a.txt", "evidence people/xi-jinping", "export xlsx a.xlsx"]
BROKEN = {
    "bad code": ("contributions.csv", lambda b: b.replace(b",jpo,", b",jpa,", 1)),
    "not UTF-8": ("evidence.csv", lambda b: b + b"\xff\n"),
    "a row too short": ("documents.csv", lambda b: b + b"a\n"),
    "no table": ("contributions.csv", lambda b: b"\0"),
    "no descriptor": ("datapackage.json", lambda b: b"{"),
}
SAYS_ALL = {"check", "verify", "audit", "export"}  # they read every table


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_shows_a_traceback_of_a_broken_table(
    data, tmp_path, monkeypatch, capsys, command, kind
):
    file, change = BROKEN[kind]
    (data / file).write_bytes(change((data / file).read_bytes()))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("A title\n\nOn 7 December 2022.\n", encoding="utf-8")
    code, (_, errors) = main([*command.split(), "--data", str(data)]), capsys.readouterr()
    if code or command.split()[0] in SAYS_ALL:
        lines = [line for line in errors.splitlines() if line != UNREAD]
        assert code == 1 and len(lines) == 1 and f"data/{file}" in lines[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "data"]
