"""Commands say what they found on the right stream and end with the right code."""

import os
import subprocess
import sys

import pytest

from conftest import python
from ilodata.cli import main
from ilodata.tables import data_sha256

JPO = "contributions/jpo-2017-2022"
COMMANDS = ["build", "check", "verify", "audit", "add-document", "add-rows", "remove-document"]
COMMANDS += ["review", "evidence", "export"]


@pytest.fixture
def run(capsys):
    """Run a command in this process: exit code, output, errors."""

    def command(*arguments):
        code = main([str(argument) for argument in arguments])
        return (code, *capsys.readouterr())

    return command


def test_help_shows_every_command_with_an_example_defaults_and_choices(run):
    code, out, err = run()
    assert code == 2 and all(f"  {name} " in out + err for name in COMMANDS)
    for name in COMMANDS:
        code, out, err = run(name, "--help")
        assert (code, err) == (0, "")
        assert f"Example: ilodata {name}" in out
    assert "[default: reports/html]" in run("build", "--help")[1]
    assert "<xlsx|iati>" in run("export", "--help")[1]
    assert "..." not in run("--help")[1].partition("Commands:")[2], "no command is cut in the list"
    code, out, _ = run("--version")
    assert code == 0 and out.startswith("ilodata ")


def test_evidence_is_printed_with_its_words_and_its_conflicts(run):
    code, out, err = run("evidence", "contributions/youth-employment-2020", "qualifier")
    assert (code, err) == (0, "")
    assert "  qualifier: misprint\n    says, stated: “" in out and "US$ 373,00" in out


def test_an_unknown_record_is_one_line_on_the_error_stream(run):
    code, out, err = run("evidence", "jpo-2017-2023")
    assert (code, out) == (1, "") and err.count("\n") == 1
    assert "'jpo-2017-2023' is not a record; did you mean jpo-2017-2022?" in err


def test_a_reader_that_has_seen_enough_ends_a_command_quietly():
    command = [sys.executable, "-m", "ilodata.cli", "evidence", JPO]
    read, write = os.pipe()
    os.close(read)
    with subprocess.Popen(command, stdout=write, stderr=subprocess.PIPE, text=True) as done:
        os.close(write)
        assert done.communicate()[1] == ""


def test_a_closed_or_latin_1_stdout_is_no_error():
    command = [sys.executable, "-m", "ilodata.cli", "evidence", JPO]
    closed = subprocess.run(command, stderr=subprocess.PIPE, preexec_fn=lambda: os.close(1))
    assert (closed.returncode, closed.stderr) == (0, b"")
    latin = python("-m", "ilodata.cli", "evidence", JPO, PYTHONIOENCODING="latin-1")
    assert (latin.returncode, latin.stderr) == (0, "") and "\\u201c" in latin.stdout


def test_what_lies_in_the_current_folder_is_no_code_of_ours(tmp_path):
    (tmp_path / "yaml.py").write_text("raise SystemExit('foreign code')")
    command = [os.path.join(os.path.dirname(sys.executable), "ilodata"), "build", "--dry-run"]  # noqa: PTH118, PTH120
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and "reports would run" in done.stdout, done.stderr


def test_a_workbook_and_an_iati_file_are_written_and_their_edition_said(run, tmp_path):
    for form, name in (("xlsx", "a.xlsx"), ("iati", "a.xml")):
        out = tmp_path / "made" / name
        code, said, err = run("export", form, out)
        assert (code, err) == (0, "") and out.is_file()
        assert said.startswith(f"{out}: ") and data_sha256() in said


def test_an_export_to_a_file_of_another_kind_is_refused(run, tmp_path):
    code, out, err = run("export", "xlsx", tmp_path / "a.csv")
    assert (code, out) == (1, "") and "a.csv: ends in .csv; write a name with .xlsx" in err
    assert list(tmp_path.iterdir()) == []
