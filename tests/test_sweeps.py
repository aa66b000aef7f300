"""One entry of a list stands for many reports: each value of a column, each of a grid."""

import pytest

from ilodata import tables
from ilodata.reports import lists, sweeps
from ilodata.tables import DataError

REACH = "notebooks/03-sstc-reach.ipynb"


def names(entry, defaults=None):
    return [report["name"] for report in sweeps.expand(entry, defaults or {})]


def test_each_gives_one_report_for_each_value_of_a_column_with_its_label():
    entry = {
        "name": "with-{organisation_id}",
        "title": "With {label}",
        "each": {"table": "agreement_parties", "column": "organisation_id"},
        "parameters": {"organisations": ["{organisation_id}"]},
    }
    made = sweeps.expand(entry, {})
    parties = [row["organisation_id"] for row in tables.cells("agreement_parties")[0]]
    assert [m["parameters"]["organisations"] for m in made] == [[p] for p in dict.fromkeys(parties)]
    acftu = next(m for m in made if m["name"] == "with-acftu")
    assert acftu["title"] == f"With {tables.load_organisations().label['acftu']}"
    assert "each" not in acftu


def test_where_keeps_only_some_rows():
    each = {"table": "places", "column": "place_id", "where": {"kind": "territory"}}
    wanted = [row["place_id"] for row in tables.cells("places")[0] if row["kind"] == "territory"]
    assert names({"name": "in-{place_id}", "each": each}) == [f"in-{place}" for place in wanted]


def test_a_grid_gives_all_combinations_and_fills_names_and_parameters():
    entry = {
        "name": "paid-{start}-{use_likely}",
        "grid": {"start": [2012, "2017/.."], "use_likely": [True, False]},
        "parameters": {"channels": ["jpo"]},
    }
    made = sweeps.expand(entry, {"title": "Who paid, {start}", "parameters": {"end": 2022}})
    assert [m["name"] for m in made] == [
        *("paid-2012-yes", "paid-2012-no", "paid-2017-yes", "paid-2017-no")
    ]
    assert made[2]["parameters"] == {
        "channels": ["jpo"], "end": 2022, "start": "2017/..", "use_likely": True,
    }  # fmt: skip
    assert made[2]["title"] == "Who paid, 2017/.."


def test_braces_in_a_plain_report_stay_as_they_are():
    assert names({"name": "a", "title": "{start}"}) == ["a"]
    assert sweeps.expand({"name": "a", "title": "{start}"}, {})[0]["title"] == "{start}"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"each": {"table": "place"}}, "each: write {table: project_places, column: place_id}"),
        ({"each": {"table": "placs", "column": "kind"}}, "did you mean places?"),
        ({"each": {"table": "places", "column": "knd"}}, "knd is no column of places; did you mean kind?"),
        ({"each": {"table": "places", "column": "kind", "were": {}}}, "were is no key; did you mean where?"),
        ({"each": {"table": "places", "column": "kind", "where": {"kind": "sea"}}}, "places has no such row with a kind"),
        ({"grid": {"start": []}}, "grid: start is no list of values"),
        ({"grid": []}, "grid: write {parameter: [value, value]}"),
        ({"grid": {"start": [2012]}, "title": "{strat}"}, "{strat} is nothing of this sweep; did you mean start?"),
        ({"grid": {a: list(range(100)) for a in "abc"}}, "the sweep has 1,000,000 reports; 100,000 at most"),
    ],
)  # fmt: skip
def test_a_wrong_sweep_is_refused_with_what_would_be_right(entry, said):
    with pytest.raises(ValueError) as caught:
        sweeps.expand({"name": "a"} | entry, {})
    assert said in str(caught.value)


def test_a_sweep_is_checked_like_any_report(tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()
    (tmp_path / "notebooks").symlink_to(lists.project_of("reports/default.yaml") / "notebooks")
    text = (
        f"reports:\n- {{name: same, title: T, notebook: {REACH}, grid: {{start: [2012, 20123]}}}}\n"
    )
    (folder / "sweep.yaml").write_text(text)
    with pytest.raises(DataError) as caught:
        lists.read_list(folder / "sweep.yaml")
    said = str(caught.value)
    assert "report same, name: report 1 of the list has it already" in said
    assert "parameter start: 20123 is a whole number; write text in quotes" in said


@pytest.mark.parametrize("name", ["by-partner", "by-place"])
def test_the_sweeps_that_we_give_are_right_and_many(name):
    reports = lists.read_list(lists.project_of("reports/default.yaml") / f"reports/{name}.yaml")
    assert len(reports) > 5
    assert len({str(report["parameters"]) for report in reports}) == len(reports)
