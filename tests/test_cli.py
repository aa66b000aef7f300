"""Commands say what they found on the right stream and end with the right code."""

import os
import subprocess
import sys

import pytest

from ilodata.cli import main
from ilodata.tables import data_sha256

JPO = "contributions/jpo-2017-2022"


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command in this process: exit code, output, errors."""
    monkeypatch.setenv("ILODATA_DATA", os.environ.get("ILODATA_DATA", ""))  # main sets it

    def command(*arguments):
        code = main([str(argument) for argument in arguments])
        return (code, *capsys.readouterr())

    return command


def process(*arguments, **options):
    command = [sys.executable, "-m", "ilodata.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_check_counts_what_it_checked_and_exits_with_nothing(run):
    code, out, err = run("check")
    assert (code, err) == (0, "")
    assert out.startswith("checked: 23 tables, ") and out.endswith("; nothing found\n")


def test_check_of_another_folder_finds_what_is_wrong_there(run, data, change, monkeypatch):
    change("places", "nigeria", iso3="NER")
    monkeypatch.setenv("ILODATA_DATA", "")
    code, out, err = run("check", "--data", data)
    assert code == 1 and out.endswith("; 1 found\n")
    assert err == (
        "data/places.csv, row nigeria, column iso3: 'NER'; reference/countries.csv has 'NGA'\n"
    )


@pytest.mark.parametrize("command", [["check"], ["verify", "."], ["evidence", JPO], ["build"]])
def test_a_data_folder_that_is_none_is_refused_by_every_command(run, tmp_path, command):
    code, out, err = run(*command, "--data", tmp_path / "nowhere")
    assert (code, out) == (1, "")
    assert err == f"--data {tmp_path / 'nowhere'}: is no folder of tables\n"


@pytest.mark.parametrize("command", [["check"], ["evidence", JPO]])
def test_a_data_folder_without_tables_is_named(run, tmp_path, command):
    code, out, err = run(*command, "--data", tmp_path)
    assert (code, out) == (1, "")
    assert err.startswith(f"{tmp_path / 'datapackage.json'}: cannot be read (No such file")
    assert err.count("\n") == 1


def test_verify_proves_the_copy_and_leaves_its_receipt_there(run, data, documents):
    (data / "verified.json").unlink()
    code, out, err = run("verify", documents, "--data", data)
    assert (code, err) == (0, "")
    assert out.startswith("proved: ") and out.endswith("; nothing found\n")
    assert (data / "verified.json").is_file()


def test_verify_without_the_documents_says_which_it_looks_for(run, data, tmp_path):
    (tmp_path / "empty").mkdir()
    code, out, err = run("verify", tmp_path / "empty")
    assert (code, out) == (1, "")
    assert err.count("holds no file with the SHA-256") == 2 and "documents/china-and-ilo" in err
    code, _, err = run("verify", tmp_path / "nowhere")
    assert code == 1 and "is no folder; give the folder that holds the documents" in err


def test_evidence_is_printed_with_its_words_and_its_conflicts(run):
    code, out, err = run("evidence", "contributions/youth-employment-2020", "qualifier")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "qualifier: misprint"
    assert lines[1] == "  says, stated: “With a financial contribution of US$ 373,00”"
    assert lines[2].startswith("    China and the ILO › Strengthening the capacity of governments")
    assert any(line.startswith("conflict (settled): US$ 373,00 is misprinted") for line in lines)
    _, out, _ = run("evidence", "contributions/youth-employment-2020", "likely_usd")
    assert "  says, inferred: “more than US$ 1.1 million for two projects” (746,014 and" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["contributions/jpo-2017-2023"], "'contributions/jpo-2017-2023' is no record; did you mean jpo-2017-2022?\n"),
        ([JPO, "amount"], "'amount' is no column of contributions; did you mean amount_usd?\n"),
        (["contribution/x"], "'contribution' is no table; did you mean contributions?\n"),
        ([""], "'' is no table; there are "),
    ],
)  # fmt: skip
def test_an_unknown_record_is_one_line_on_the_error_stream(run, arguments, message):
    code, out, err = run("evidence", *arguments)
    assert (code, out) == (1, "") and err.startswith(message) and err.count("\n") == 1


def test_a_traceback_is_shown_only_where_it_is_asked_for():
    plain = process("evidence", "contributions/nothing")
    assert plain.returncode == 1 and "Traceback" not in plain.stderr
    asked = process("evidence", "contributions/nothing", "--debug")
    assert asked.returncode == 1 and "Traceback" in asked.stderr
    assert asked.stderr.endswith("\n") and "is no record" in asked.stderr.splitlines()[-1]


@pytest.mark.parametrize("arguments", [[], ["chek"], ["evidence"], ["verify", "a", "b"]])
def test_a_command_that_there_is_not_shows_how_it_is_used(run, capsys, arguments):
    with pytest.raises(SystemExit, match="^2$"):
        run(*arguments)
    assert capsys.readouterr().err.startswith("usage: ")


def first_line_only(unbuffered):
    """Run a command whose reader goes away after the first line: exit code and errors."""
    options = ["-u"] if unbuffered else []
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    command = [sys.executable, *options, "-m", "ilodata.cli", "evidence", "agreements/mou-mohrss-2022"]  # fmt: skip
    read, write = os.pipe()
    os.close(read)
    with subprocess.Popen(command, stdout=write, stderr=subprocess.PIPE, text=True, env=environment) as done:  # fmt: skip
        os.close(write)
        _, err = done.communicate()
    return done.returncode, err


def test_a_reader_that_has_seen_enough_ends_a_command_quietly():
    assert first_line_only(unbuffered=True) == (0, "")


def test_a_reader_that_is_gone_before_the_buffer_is_written_ends_it_as_quietly():
    assert first_line_only(unbuffered=False) == (0, "")


def test_a_column_without_evidence_is_said_to_have_none(run):
    code, out, _ = run("evidence", JPO, "label")
    assert code == 0 and out.startswith("label: Junior Professional Officers\n")


def test_a_workbook_is_written_and_its_edition_said(run, tmp_path):
    out = tmp_path / "ilo-china.xlsx"
    code, said, err = run("export", "xlsx", out)
    assert (code, err) == (0, "") and out.read_bytes().startswith(b"PK")
    assert said.startswith(f"{out}: 27 tables, ") and said.count("\n") == 2
    assert "Data edition " in said and data_sha256() in said


def test_an_iati_file_is_written_with_what_is_left_out_of_it(run, tmp_path):
    out = tmp_path / "ilo-china.xml"
    code, said, err = run("export", "iati", out)
    assert (code, err) == (0, "") and b'secondary-reporter="1"' in out.read_bytes()
    assert said.startswith(f"{out}: 6 activities, 3 transactions\n  amounts of level project; ")
    assert "“US$ 373,00”, a misprint: it has no value and no transaction." in said
    assert data_sha256() in said
    code, said, _ = run("export", "iati", out, "--level", "channel_total")
    assert code == 0 and "contributions/trust-fund is left out: no beginning" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["xlsx", "nowhere/a.xlsx"], "nowhere/a.xlsx: cannot be written: No such file or directory\n"),
        (["iati", "nowhere/a.xml"], "nowhere/a.xml: cannot be written: No such file or directory\n"),
        (["iati", "a.xml", "--level", "total"], "'total' is no level; there are agreement, channel_total, project\n"),
        (["xlsx", "a.xlsx", "--level", "project"], "--level is for iati; a workbook holds the amounts of all levels\n"),
    ],
)  # fmt: skip
def test_an_export_that_cannot_be_is_one_sentence(run, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    assert run("export", *arguments) == (1, "", message)
    assert list(tmp_path.iterdir()) == []
