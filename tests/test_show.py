"""A table shows names a reader knows, one sign for what is missing, and the proof of each cell."""

import json

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from conftest import fits
from ilodata import words
from ilodata.evidence import inferred
from ilodata.show import MIME, Heading, Payload, in_notebook, show


@pytest.fixture
def projects(little):
    little("projects", ordinal="1", project_id="wells", label="Wells", period="2019/")
    little("projects", project_id="roads", label="Roads & <b>", period="2022")
    little("evidence", record="projects/wells", field="period", fragment='began "in 2019"')
    little("evidence", record="projects/roads", field="period", fragment="roads in 2022")
    rows = [("Wells", "2019/", 1, 1234.5), ("Roads & <b>", "2022", None, None)]
    index = pd.Index(["projects/wells", "projects/roads"], name="record")
    return pd.DataFrame(rows, index, columns=["label", "period", "ordinal", "km"])


def test_a_cell_that_is_a_field_of_its_record_is_said_in_words_and_linked(projects):
    payload = show(projects, "What was built").payload
    assert payload["rows"][0] == [
        "[[Wells|projects/wells/label|]]", "[[from 2019, end not stated|projects/wells/period|]]",
        "[[1|projects/wells/ordinal|]]", "1,234.5",
    ]  # fmt: skip
    assert payload["rows"][1][2:] == ["", ""]
    assert fits(payload, Payload) and fits(payload["columns"][0], Heading)
    titles = {column["title"]: column["align"] for column in payload["columns"]}
    assert titles == {"Label": "left", "Period": "left", "Ordinal": "right", "Km": "right"}


def test_what_is_linked_already_or_is_not_a_field_stays_as_it_is(projects):
    linked = words.link("the wells", "projects/wells")
    payload = show(projects.assign(label=linked, more="x")[["label", "more"]]).payload
    assert payload["rows"][0] == [linked, "x"]
    assert show(projects.reset_index(drop=True)).payload["rows"][0][0] == "Wells"
    assumed = projects.rename(index={"projects/wells": "projects/canals"})
    assert show(assumed).payload["rows"][0][0] == "Wells"
    told = projects.assign(when="2019 or later", when_of="projects/wells/period")
    rows = show(told[["when", "when_of"]]).payload["rows"]
    assert rows[0] == ["[[2019 or later|projects/wells/period|]]"], "what its source names"


def test_what_stands_beside_it_in_words_is_left_out():
    frame = pd.DataFrame({"project_id": ["a"], "project": ["A"], "date": ["2013/"], "when": ["x"]})
    assert [each["name"] for each in show(frame).payload["columns"]] == ["project", "when"]
    alone = [each["name"] for each in show(frame[["project_id", "date"]]).payload["columns"]]
    assert alone == ["project_id", "date"]


def test_rows_about_cells_are_linked_to_these_cells(little):
    little("results", result_id="dug", record="projects/wells", indicator="wells dug", value="12",
           status="delivered")  # fmt: skip
    little("evidence", record="results/dug", field="status", fragment="dug", basis="inferred")
    shown = show(inferred("results"), columns={"label": "Of", "column": "What", "value": "Value"})
    assert shown.payload["rows"] == [
        ["[[wells dug|results/dug|]]", "Status", "[[delivered|results/dug/status|]]"]
    ]


def test_no_text_is_markup_in_jupyterlab_and_a_build_gets_none(projects, monkeypatch):
    shown = show(projects, "What was built", note="A note.")
    page = shown._repr_mimebundle_()["text/html"]
    assert "Roads &amp; &lt;b&gt;" in page and "<b>" not in page and "[[" not in page
    assert 'title="“began &quot;in 2019&quot;” (A web page)"' in page
    assert "A note." in page and str(shown).endswith("\nRoads & <b> | 2022 | – | –\nA note.")
    monkeypatch.setenv("ILODATA_UNDRAWN", "1")
    assert set(shown._repr_mimebundle_()) == {MIME, "text/plain"}


def test_values_of_all_kinds_are_said_in_words():
    frame = pd.DataFrame(
        {
            "year": [2019], "sure": [True], "day": [pd.Timestamp("2022-12-07")],
            "money": [pd.Interval(2_200_000, 2_300_000)], "usd": [pd.Interval(5e6, 5e6, closed="both")],
            "count": [1_400_000_000], "start": [pd.NaT],
        }
    )  # fmt: skip
    [row] = show(frame).payload["rows"]
    assert row[:3] == ["2019", "yes", "7 December 2022"]
    assert row[3:] == ["US$ 2.2 to 2.3 million", "US$ 5 million", "1,400,000,000"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"layout": "grid"}, "layout: 'grid' is not one of findings, table, list, years, facts or doubts"),
        ({"layout": "list"}, "columns: list shows 'text', which the frame does not have"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_refused(arguments, message):
    with pytest.raises(ValueError, match="show takes a table of rows, not a dict"):
        show({}, **arguments)
    with pytest.raises(ValueError) as error:
        show(pd.DataFrame({"a": [1]}), **arguments)
    assert str(error.value) == message


@pytest.fixture(scope="module")
def alone():
    """Give the HTML that a notebook shows of a frame that is the last line of a cell."""
    shell = InteractiveShell()
    in_notebook(shell)
    return lambda frame, kind="text/html": shell.display_formatter.format(frame)[0].get(kind)


def test_a_frame_alone_has_words_to_the_left_thousands_separators_and_one_mark(alone, projects):
    usd = pd.arrays.IntervalArray.from_tuples([(353_986, 453_986), (5e6, 5e6)], closed="both")
    page = alone(projects.assign(km=[10_234.5, None], year=2019, usd=usd))
    assert '<th style="text-align:left">record</th><th style="text-align:left">label</th>' in page
    assert 'style="text-align:right">10,234.5</td>' in page and '">–</td>' in page
    assert 'style="text-align:right">2019</td>' in page, "a year has no separator"
    assert ">353,986 to 453,986</td>" in page and ">5,000,000</td>" in page
    assert "<NA>" not in page and "nan" not in page.lower() and "2 rows × 6 columns" in page
    link = '<span title="“began &quot;in 2019&quot;” (A web page)">2019/</span>'
    assert link in page, "a cell is shown as it is stored, and has its proof"


def test_a_frame_of_somebody_else_and_of_many_rows_is_shown_alike(alone):
    page = alone(pd.DataFrame({"who": ["a | b"] * 400, "share": [1 / 3] * 400}))
    assert page.count("a | b") == 10 and ">0.333333</td>" in page and "record" not in page
    assert "400 rows × 2 columns; the first 10 are shown" in page
    assert "do not add these amounts" in alone(pd.DataFrame({"amount_usd": [1, 2]}))
    assert ">1e-09</td>" in alone(pd.DataFrame({"a": [1e-9]}))


def test_a_page_gets_a_frame_as_data_and_what_is_no_plain_table_is_left_to_pandas(alone):
    payload = alone(pd.DataFrame({"a": [1, None]}), MIME)
    assert fits(payload, Payload) and payload["rows"] == [["1"], [""]]
    assert "border" in alone(pd.DataFrame({("a", "b"): [1]}))
    assert "border" in alone(pd.DataFrame([range(50)]))
    for odd in (
        pd.DataFrame([[1, 2]], columns=["a", "a"]),
        pd.DataFrame({"a": [1], "b": [2]}).set_index(["a", "b"], drop=False),
        pd.DataFrame({"a": [1]}, pd.Index([5], name="record")),
        pd.DataFrame({"a": ["[[x|foo/bar/baz|]]"]}),
    ):
        assert "border" in alone(odd) and alone(odd, MIME) is None
    years = alone(pd.DataFrame([[1]], columns=pd.period_range("2020", "2020", freq="Y")), MIME)
    assert json.loads(json.dumps(years))["columns"][0]["name"] == "2020"
