"""Report lists are checked whole, before anything runs."""

import nbformat
import pytest

from ilodata.reports import lists
from ilodata.tables import DataError

PARAMETERS = """\
start: str = "1985"  # first year of the window, EDTF
channels: list = []  # channels to show; empty for all
places: list[str] = []
include_inferred: bool = False  # draw inferred readings too
at_most: int = 10
end: str | None = None  # last year
share: float = 0.5
"""


def notebook(path, *parameter_cells):
    cells = [nbformat.v4.new_markdown_cell("# Who paid what?")]
    for source in parameter_cells:
        tagged = {"tags": ["parameters"]}
        cells.append(nbformat.v4.new_code_cell(source, metadata=tagged))
    path.parent.mkdir(exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.fixture
def project(tmp_path, monkeypatch):
    notebook(tmp_path / "notebooks" / "02-funding-flows.ipynb", PARAMETERS)
    (tmp_path / "reports").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def listed(project, text):
    path = project / "reports" / "default.yaml"
    path.write_text(text, encoding="utf-8")
    return "reports/default.yaml"


def one(parameters="{}", name="funding", title="Who paid?", notebook="02-funding-flows.ipynb"):
    return (
        f"reports:\n- name: {name}\n  title: {title}\n  notebook: notebooks/{notebook}\n"
        f"  parameters: {parameters}\n"
    )


def refused(project, text):
    with pytest.raises(DataError) as caught:
        lists.read_list(listed(project, text))
    return str(caught.value)


def test_a_list_gives_its_reports_with_what_their_notebooks_declare(project):
    [report] = lists.read_list(listed(project, one("{start: '2012/..', channels: [jpo]}")))
    assert report["name"] == "funding"
    assert report["notebook"] == "notebooks/02-funding-flows.ipynb"
    assert report["parameters"] == {"start": "2012/..", "channels": ["jpo"]}
    assert report["declared"]["start"] == ("str", "1985", "first year of the window, EDTF")


def test_a_list_is_found_from_any_folder(project, monkeypatch):
    listed(project, one())
    monkeypatch.chdir("/")
    assert lists.read_list(project / "reports" / "default.yaml")[0]["name"] == "funding"


def test_whole_numbers_and_dates_become_the_edtf_text_that_is_declared(project):
    given = "{start: 2012, end: 2022-12-07, places: [2013], share: 1}"
    [report] = lists.read_list(listed(project, one(given)))
    wanted = {"start": "2012", "end": "2022-12-07", "places": ["2013"], "share": 1.0}
    assert report["parameters"] == wanted


def test_an_unknown_parameter_is_refused_with_the_nearest_right_name(project):
    assert refused(project, one("{strat: 2012}")) == (
        "reports/default.yaml, report funding, parameter strat: "
        "notebooks/02-funding-flows.ipynb has no such parameter; did you mean start?"
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{start: [2012]}", "parameter start: [2012] is a list; write text in quotes"),
        ("{start: 20}", "parameter start: 20 is a whole number; write text in quotes"),
        ("{start: true}", "parameter start: True is true or false; write text in quotes"),
        ("{channels: jpo}", "parameter channels: 'jpo' is text; write a list such as [a, b]"),
        ("{channels: [{a: 1}]}", "parameter channels: [{'a': 1}] is a list; write a list such"),
        ("{places: [yes]}", "parameter places: True is true or false; write text in quotes"),
        (
            "{include_inferred: 'no'}",
            "parameter include_inferred: 'no' is text; write true or false",
        ),
        (
            "{include_inferred: 1}",
            "parameter include_inferred: 1 is a whole number; write true or false",
        ),
        ("{at_most: 1.5}", "parameter at_most: 1.5 is a number; write a whole number"),
        ("{end: 1.5}", "parameter end: 1.5 is a number; write text in quotes or null"),
        ("{share: .inf}", "parameter share: inf is a number; write a number"),
        ("[start]", "parameters: ['start'] is a list; write name: value"),
    ],
)
def test_a_value_of_another_type_is_refused(project, given, said):
    message = refused(project, one(given))
    assert message.startswith(f"reports/default.yaml, report funding, {said}")


def test_everything_wrong_in_a_list_is_said_at_once(project):
    text = """\
reports:
- name: a
  titel: Who paid?
  notebook: notebooks/02-funding-flow.ipynb
- name: b
  title: Who paid?
  notebook: notebooks/02-funding-flows.ipynb
  parameters: {at_most: ten, chanels: []}
- b
extra: 1
"""
    assert refused(project, text).splitlines() == [
        "reports/default.yaml, key extra: unknown; there are reports and defaults",
        "reports/default.yaml, report a, key titel: no key of a report; did you mean title?",
        "reports/default.yaml, report a, key title: missing",
        "reports/default.yaml, report a, notebook notebooks/02-funding-flow.ipynb: "
        "there is no such file; did you mean 02-funding-flows.ipynb?",
        "reports/default.yaml, report b, parameter at_most: 'ten' is text; write a whole number",
        "reports/default.yaml, report b, parameter chanels: notebooks/02-funding-flows.ipynb "
        "has no such parameter; did you mean channels?",
        "reports/default.yaml, report 3: 'b' is text; write name, title and notebook",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "/etc/passwd",
        "Funding",
        "a b",
        "x" * 81,
        "x" * 300,
        "a.b",
        "a/b",
        "''",
        "12",
        "-a",
        "ü",
    ],
)
def test_a_name_that_is_no_safe_file_name_is_refused(project, name):
    assert "a name is lowercase letters, digits and hyphens" in refused(project, one(name=name))


@pytest.mark.parametrize("name", ["index", "codebook", "con", "nul", "aux", "prn", "com1", "lpt1"])
def test_a_reserved_name_is_refused(project, name):
    said = f"report {name}, name: {name} is taken by another page or by a system"
    assert said in refused(project, one(name=name))


@pytest.mark.parametrize("second", ["funding", "Funding"])
def test_two_reports_with_one_name_are_refused(project, second):
    said = refused(project, one() + one(name=second).removeprefix("reports:\n"))
    assert f"report {second}, name: report 1 of the list has it already" in said


@pytest.mark.parametrize("title", ["''", "[a]", '"two\\nlines"', '"\\u202Eback"'])
def test_a_title_is_one_line_of_text(project, title):
    assert "write one line of text" in refused(project, one(title=title))


@pytest.mark.parametrize("place", ["/etc/passwd", "../other/x.ipynb", "[a]", "a\\b.ipynb"])
def test_a_notebook_outside_the_project_is_refused(project, place):
    text = one().replace("notebooks/02-funding-flows.ipynb", place)
    assert "write its path within the project" in refused(project, text)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([], "no cells are tagged parameters; one must be"),
        (["a: int = 1", "b: int = 1"], "2 cells are tagged parameters; one must be"),
        (["import os"], "line 1 of the parameters cell: write name: type = value, such as start: "),
        (["start = 1985"], "line 1 of the parameters cell: write name: type = value"),
        (["a: int = open('x')"], "line 1 of the parameters cell, a: malformed node or string"),
        (["a: int = 1\nb: set = {1}"], "line 2 of the parameters cell: the type set is none we"),
        (["start: str = 1985"], "start: the default 1985 is not of the type str"),
        (["start: str = ["], "the parameters cell is no Python we can read"),
    ],
)
def test_a_notebook_that_does_not_declare_its_parameters_is_refused(project, cells, said):
    notebook(project / "notebooks" / "bad.ipynb", *cells)
    message = refused(project, one(notebook="bad.ipynb"))
    assert message.startswith(
        "reports/default.yaml, report funding, notebook notebooks/bad.ipynb: "
    )
    assert said in message


@pytest.mark.parametrize("text", ["", "[]", '{"cells": 1}', "not JSON", "[" * 100_000])
def test_a_file_that_is_no_notebook_is_refused(project, text):
    (project / "notebooks" / "bad.ipynb").write_text(text)
    said = "notebook notebooks/bad.ipynb: this is no notebook (JSON with cells) that we can read"
    assert said in refused(project, one(notebook="bad.ipynb"))
    with pytest.raises(DataError, match="bad.ipynb: this is no notebook"):
        lists.parameters_of("notebooks/bad.ipynb")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("reports: [", "reports/default.yaml, line 1: this is no YAML we read"),
        ("reports: !!python/object/apply:os.system [ls]", "could not determine a constructor"),
        ("- a", "the key reports is missing"),
        ("reports: []", "reports: [] is a list; write a list of reports"),
        ("reports: 2012-13-45", "this is no YAML we read: month must be in 1..12"),
        ("[" * 20_000, "this is no YAML we read"),
        ("a: &a {b: 1}\nreports:\n- <<: *a", "line 3: << is not read here; write the keys out"),
        (one().replace("  title", "  name: b\n  title"), "line 3: the key name is there twice"),
    ],
)
def test_a_file_that_is_no_list_is_refused(project, text, said):
    assert said in refused(project, text)


def test_a_bomb_of_aliases_costs_one_sentence(project):
    bomb = "".join(f"x{i}: &x{i} [{', '.join([f'*x{i - 1}'] * 9)}]\n" for i in range(1, 12))
    message = refused(project, f"x0: &x0 [lol]\n{bomb}" + one("{channels: *x11}"))
    assert len(message) < 2000
    assert "with its aliases written out it has over 100,000 values" in message


# Each of these once ended in a traceback, or never
@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("  parameters: &p {a: *p}\n  grid: {start: [1]}\n", "with its aliases written out it has"),
        ("  parameters: {start: !!int ''}\n", "this is no YAML we read: a value does not fit its tag"),
        ("  parameters: {start: !!bool x}\n", "this is no YAML we read: a value does not fit its tag"),
        ("  parameters: {start: !!timestamp x}\n", "read: a value does not fit its tag"),
        (f"  parameters: {{start: 0x{'F' * 5000}}}\n", "start: a number without end is a whole number"),
        ("  each: {table: places, column: [a]}\n", "each: write {table: project_places, column: "),
        ("  each: {table: [places], column: a}\n", "each: write {table: project_places, column: "),
    ],
)  # fmt: skip
def test_a_list_that_only_an_enemy_would_write_costs_one_sentence(project, entry, said):
    message = refused(project, one().replace("  parameters: {}\n", "") + entry)
    assert said in message and "\n" not in message and len(message) < 300


def test_a_missing_list_is_said_to_be_missing(project):
    with pytest.raises(DataError, match=r"^none\.yaml: cannot be read: No such file or directory$"):
        lists.read_list("none.yaml")


def test_parameters_are_read_with_type_default_and_help_and_nothing_is_run(tmp_path):
    path = notebook(tmp_path / "a.ipynb", PARAMETERS + 'said: str = "# no comment"\n')
    declared = lists.parameters_of(path)
    assert list(declared)[:3] == ["start", "channels", "places"]
    assert declared["channels"] == ("list", [], "channels to show; empty for all")
    assert declared["end"] == ("str | None", None, "last year")
    assert declared["said"].help == ""


def test_what_is_nested_without_end_is_refused_at_its_line(project):
    text = "reports:\n- name: a\n  parameters: {start: " + "[" * 100_000
    said = refused(project, text)
    assert "line 3: lists and mappings stand 50 deep in each other" in said
