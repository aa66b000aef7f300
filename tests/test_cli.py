"""Commands say what they found on the right stream and end with the right code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import python
from ilodata.cli import main
from ilodata.tables import data_sha256

COMMANDS = ["build", "check", "verify", "audit", "add-document", "add-rows", "remove-document"]
COMMANDS += ["review", "evidence", "export"]
PRINTS = ["-m", "ilodata.cli", "evidence", "contributions/jpo-2017-2022"]


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


def test_a_stdout_that_is_closed_or_has_no_reader_or_no_unicode_is_no_error():
    command, stderr = [sys.executable, *PRINTS], subprocess.PIPE
    closed = subprocess.run(command, stderr=stderr, preexec_fn=lambda: os.close(1))
    assert (closed.returncode, closed.stderr) == (0, b"")
    read, write = os.pipe()
    os.close(read)  # as head does when it has seen enough
    assert subprocess.run(command, stdout=write, stderr=stderr).stderr == b""
    os.close(write)
    latin = python(*PRINTS, PYTHONIOENCODING="latin-1")
    assert (latin.returncode, latin.stderr) == (0, "") and "\\u201c" in latin.stdout


def test_what_lies_in_the_current_folder_is_no_code_of_ours(tmp_path):
    (tmp_path / "yaml.py").write_text("raise SystemExit('foreign code')")
    command = [Path(sys.executable).with_name("ilodata"), "build", "--dry-run"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and "reports would run" in done.stdout, done.stderr


def test_an_export_says_its_edition_and_takes_no_file_of_another_kind(run, tmp_path):
    for form, name in (("xlsx", "a.xlsx"), ("iati", "a.xml")):
        out = tmp_path / "made" / name
        code, said, err = run("export", form, out)
        assert (code, err) == (0, "") and out.is_file()
        assert said.startswith(f"{out}: ") and data_sha256() in said
        code, said, err = run("export", form, tmp_path / "a.csv")
        assert (code, said) == (1, "")
        assert f"a.csv: ends in .csv; write a name with {out.suffix}" in err
    assert not (tmp_path / "a.csv").exists()
