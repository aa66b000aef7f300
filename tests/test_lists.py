"""Report lists are checked whole, before anything runs; one entry may stand for many reports."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from conftest import REPO
from ilodata.problems import DataError
from ilodata.reports import lists


@pytest.fixture
def project(tmp_path, monkeypatch):
    cell = new_code_cell(
        'start: str = "1985"  # first year\nchannels: list = []\nat_most: int = 1\nsaid: list = []',
        metadata={"tags": ["parameters"]},
    )
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "reports").mkdir()
    nbformat.write(new_notebook(cells=[cell]), tmp_path / "notebooks" / "funding.ipynb")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def listed(project, text):
    (project / "reports" / "a.yaml").write_text(text, encoding="utf-8")
    return "reports/a.yaml"


def one(parameters="{}", name="paid", title="Who paid?", notebook="notebooks/funding.ipynb"):
    named = f"reports:\n- name: {name}\n  title: {title}\n"
    return f"{named}  notebook: {notebook}\n  parameters: {parameters}\n"


def read(path):
    """Read a list with its notebooks."""
    return lists.checked(lists.entries(path)[0], path)


def refused(project, text):
    with pytest.raises(DataError) as caught:
        read(listed(project, text))
    return str(caught.value)


def test_a_list_gives_its_reports_with_what_their_notebooks_declare(project):
    text = one("{start: 2022-12-07, said: [0800, 1e3, 12:30, '5', on]}")
    [report] = read(listed(project, text))
    assert report.name == "paid" and report.notebook == "notebooks/funding.ipynb"
    assert report.declared["start"] == ("str", "1985")
    assert report.parameters["start"] == "2022-12-07", "as the list wrote it"
    assert report.parameters["said"] == ["0800", "1e3", "12:30", "5", "on"]


def test_everything_wrong_in_a_list_is_said_at_once_and_then_with_its_values(project):
    text = "reports:\n- {name: a, titel: Who paid?, notebook: notebooks/fundin.ipynb}\n- b\n"
    assert refused(project, text).splitlines() == [
        "reports/a.yaml, report 1, titel: unknown; did you mean title?",
        "reports/a.yaml, report 2, 'b' is not right; write names and values such as {a: 1}",
    ]
    text = one("{at_most: ten, chanels: []}", "b")
    text += "- {name: c, title: Who else?, notebook: notebooks/fundin.ipynb}\n"
    assert refused(project, text).splitlines() == [
        "reports/a.yaml, report b, parameter at_most: 'ten' is not right; write a whole number "
        "(papermill: -p at_most 5)",
        "reports/a.yaml, report b, parameter chanels: unknown; did you mean channels?",
        "reports/a.yaml, report c, notebook notebooks/fundin.ipynb: there is no such file in "
        f"{project}/notebooks; did you mean funding.ipynb?",
    ]


NOT_READ = "this is no YAML we read: "
NAMES = ["../x", "/etc/passwd", "Funding", "x" * 81, "a.b", "''", "-a", "ü"]
TAKEN = ("index", "codebook", "nul", "com1")
WRONG = [
    *((one(name=it), "write lowercase letters, digits and hyphens") for it in NAMES),
    *((one(name=it), f"name: {it} is taken by") for it in TAKEN),
    *((one(title=it), "write one line of text") for it in ("''", '"two\\nlines"', '"\\u202Ea"')),
    (one(notebook="''"), "report paid, notebook: missing"),
    (one(title="[a]"), "title: ['a'] is not right; write text"),
    (one() + one(title="B")[9:], "a.yaml, name: paid is there twice; say in it what differs"),
    (one() + one(name="b")[9:], "title: who paid? is there twice; say in it what differs"),
    (one() + "include: [a.yaml]\n", "include: a.yaml includes itself"),
    ("reports: [", f"reports/a.yaml, line 1: {NOT_READ}"),
    ("reports: !!python/object/apply:os.system [ls]", "report 1, 'ls' is not right; write names"),
    ("- a", "['a'] is not right; write names and values such as {a: 1}"),
    ("[" * 100_000, "line 1: "),
    ("[" * 900 + "]" * 900, NOT_READ),
    ("reports: &a [*a]", f"line 1: {NOT_READ}*a is not read here; write it out"),
    (one().replace("  title", "  name: b\n  title"), f"line 3: {NOT_READ}the key name is there twice"),
    ("reports: [{? [a] : b}]", "a key is no text"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_a_list_or_an_entry_cannot_be_costs_one_sentence(project, text, said):
    message = refused(project, text)
    assert said in message and "\n" not in message and len(message) < 300


def test_a_retired_name_points_to_a_report_and_is_none(project):
    text = one() + "retired: {was: paid, paid: index, gone: payd, .: paid}\n"
    assert refused(project, text).splitlines() == [
        "reports/a.yaml, retired, paid: write the name of a report that is no more",
        "reports/a.yaml, retired, gone: no report is named payd; did you mean paid?",
        "reports/a.yaml, retired, .: write the name of a report that is no more",
    ]


def expanded(entry, **defaults):
    return lists.expand(lists.Entry(notebook="n.ipynb", **entry), lists.Defaults(**defaults))


def test_each_gives_one_report_for_each_value_of_a_column_with_its_label(little):
    for key, label in (("acftu", "All-China Federation"), ("min", "Ministry")):
        little("organisations", organisation_id=key, label=label, kind="group_of_states")
    for key, flag, parties in (("pay", "true", ["min", "acftu"]), ("roads", "false", ["acftu"])):
        little("agreements", agreement_id=key, label=f"On {key}", kind="mou", with_ilo=flag)
        for of in parties:
            little("agreement_parties", id=f"{key}--{of}", agreement_id=key, organisation_id=of)

    def made(table, column, **more):
        entry = {"name": f"a-{{{column}}}", "title": "With {label}"}
        found = expanded(entry | {"each": {"table": table, "column": column} | more})
        return [(it.name, it.title) for it in found]

    twice = ("a-acftu", "With All-China Federation")
    both = made("agreement_parties", "organisation_id")
    assert both == [("a-min", "With Ministry"), twice]
    assert made("agreement_parties", "organisation_id", at_least=2) == [twice]
    [found] = made("agreements", "agreement_id", where={"with_ilo": True})
    assert found == ("a-pay", "With On pay")
    [found] = made("organisations", "kind")
    assert found == ("a-group-of-states", "With group_of_states"), "a code has no label"


def test_a_grid_gives_all_combinations_and_fills_names_and_parameters():
    entry = {"name": "paid-{start}-{use_likely}", "parameters": {"channels": ["jpo"]}}
    entry["grid"] = {"start": ["2012", "2017/.."], "use_likely": ["true", "false"]}
    made = expanded(entry, title="Who paid, {start}", parameters={"end": "2022"})
    names = ["paid-2012-true", "paid-2012-false", "paid-2017-true", "paid-2017-false"]
    assert [it.name for it in made] == names
    given = {"channels": ["jpo"], "end": "2022", "start": "2017/..", "use_likely": "true"}
    assert (made[2].parameters, made[2].title) == (given, "Who paid, 2017/..")
    [plain] = expanded({"name": "a", "title": "{start}"})
    assert plain.title == "{start}", "no sweep: braces stay as they are"


@pytest.mark.parametrize(
    ("sweep", "said"),
    [
        ("each: {table: place}", "each: column: missing"),
        ("each: {table: placs, column: kind}", "did you mean places?"),
        ("each: {table: places, column: knd}", "knd is not a column of places; did you mean kind?"),
        ("each: {table: places, column: kind, were: {}}", "each: were: unknown; did you mean where?"),
        ("each: {table: places, column: kind, where: {kind: sea}}", "no kind is in at least 1 such rows of places"),
        ("grid: {start: []}", "grid: start: [] is not right; write a list such as [a, b]"),
        ("grid: {start: [2012], end: [2016]}\n  title: '{strat}'", "{strat} is nothing of this sweep; did you mean start?"),
        (f"grid: {dict.fromkeys('abc', [5] * 100)}", "the sweep has 1,000,000 reports; 100,000 at most"),
    ],
)  # fmt: skip
def test_a_wrong_sweep_is_refused_with_what_would_be_right(project, sweep, said):
    assert said in refused(project, f"reports:\n- name: a\n  {sweep}\n")


@pytest.mark.parametrize("path", sorted((REPO / "reports").glob("*.yaml")), ids=lambda p: p.stem)
def test_the_lists_that_we_give_are_right(path):
    reports = read(path)
    different = {str(report.parameters) + report.notebook for report in reports}
    assert len(different) == len(reports)


def test_a_partners_report_is_not_that_of_a_place_called_alike():
    asked = {"start": "1985", "partners": ["china"]}
    report = lists.Report("with-china", "China", "a.ipynb", asked)
    assert lists.pages_by_record([report]) == {"organisations/china": ("with-china", "China")}


def test_a_list_brings_in_others_beside_it_and_their_retired_names(project):
    two = one(name="two", title="Two") + "retired: {d: two}\n"
    (project / "reports" / "two.yaml").write_text(two)
    path = listed(project, one() + "include: [two.yaml]\nretired: {c: two}\n")
    made, gone = lists.entries(path)
    assert [(it.name, it.list) for it in made] == [("paid", "a.yaml"), ("two", "two.yaml")]
    assert gone == {"c": "two", "d": "two"}
    (project / "reports" / "two.yaml").write_text(one(name="Two"))
    first, second = refused(project, one(name="One") + "include: [two.yaml]\n").splitlines()
    assert "a.yaml, report One" in first and "two.yaml, report Two, name: 'Two'" in second
