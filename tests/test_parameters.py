"""Values are held to what a notebook declares, and a wrong one is told with the right one."""

from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import ilodata as ilo
from ilodata import parameters
from ilodata.problems import DataError

CELL = """\
start: str = "1985"  # first year of the window
places: list = []  # places to show; empty for all
years: list[int] = []
use_likely: bool = False  # read the misprint too
at_most: int = 2 * 5
share: float = 0.5
other = "free"
"""


@pytest.fixture
def notebook(tmp_path):
    """Write a notebook of cells tagged parameters, and give its path."""

    def write(*sources, **metadata):
        tagged = {"tags": ["parameters"]}
        cells = [new_code_cell(source, metadata=tagged) for source in sources]
        path = tmp_path / "a.ipynb"
        nbformat.write(new_notebook(cells=cells, metadata=metadata), path)
        return path

    return write


def test_parameters_are_read_with_type_default_and_help_and_nothing_is_run(notebook):
    assert parameters.declared(notebook()) == {}, "it has no cell of parameters"
    known = parameters.declared(notebook(CELL))
    assert list(known) == ["start", "places", "years", "use_likely", "at_most", "share", "other"]
    assert known["places"] == ("list", [], "places to show; empty for all")
    assert known["at_most"] == ("int", "2 * 5", ""), "a default that is no literal, as written"
    assert known["other"] == ("", "free", "")
    with pytest.raises(ValueError, match="2 cells are tagged parameters; one may be"):
        parameters.declared(notebook("a: int = 1", "b: int = 2"))


@pytest.mark.parametrize(
    ("text", "said"), [("not JSON", "this is no notebook"), ("[" * 100_000, "this is no notebook")]
)
def test_a_file_that_is_not_a_notebook_of_python_is_refused(tmp_path, text, said):
    (tmp_path / "a.ipynb").write_text(text)
    with pytest.raises(ValueError, match=said):
        parameters.declared(tmp_path / "a.ipynb")
    with pytest.raises(ValueError, match=r"no such file in .*did you mean a\.ipynb\?"):
        parameters.declared(tmp_path / "b.ipynb")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("use_likely", "no", "'no' is not right; write true or false (papermill: -p use_likely True)"),
        ("at_most", "5", "'5' is not right; write a whole number (papermill: -p at_most 5)"),
        ("share", ".inf", "'.inf' is not right; write a number such as 0.5 (papermill: -p share 0.5)"),
        ("places", '["china"]', """'["china"]' is not right; write a list such as [a, b] (papermill: -y 'places: [a, b]')"""),
        ("years", [2017, "x"], "element 2, 'x' is not right; write a whole number"),
        ("start", ["2017"], "['2017'] is not right; write text (papermill: -r start TEXT)"),
        ("strat", "2017", "unknown; did you mean start?"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_with_the_right_one_and_how_papermill_takes_it(
    notebook, name, value, said
):
    right, [wrong] = parameters.given({name: value}, parameters.declared(notebook(CELL)))
    assert right == {} or name in right
    assert wrong.startswith(f"parameter {name}: ") and said in wrong, wrong


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"project": "trade-union-2019"}, "did you mean trade-unions-2019?"),
        ({"payers": ["MOHRS"]}, "did you mean MOHRSS?"),
        ({"start": "2022", "end": "2012"}, "parameter start: '2022' comes after the end '2012'"),
    ],
)
def test_what_a_name_says_is_held_to_before_anything_runs(notebook, values, said):
    cell = 'start: str = "1985"\nend: str = ""\nproject: str = ""\npayers: list = []'
    _, [wrong] = parameters.given(values, parameters.declared(notebook(cell)))
    assert said in wrong, wrong


def test_a_name_of_a_strangers_notebook_means_what_it_means_there(notebook):
    cell = 'start: str = "at the door"\nplaces: list = ["kitchen"]'
    values = {"start": "in the hall", "places": ["cellar"]}
    assert parameters.given(values, parameters.declared(notebook(cell)))[1] == []


@pytest.mark.parametrize(
    ("injected", "said"),
    [
        ("start = '20l2'", "parameter start: '20l2' is not a date we read; write a year"),
        ("places = '[\"cambodia\"]'", "did you mean Cambodia? (papermill: -y 'places: [a, b]')"),
    ],
)
def test_a_notebook_refuses_what_papermill_injected_and_it_cannot_use(injected, said):
    with pytest.raises(DataError) as caught:
        parameters.check_parameters(["import ilodata", CELL, f"# Parameters\n{injected}\n"])
    assert said in str(caught.value)
    own = "# Parameters\nstart: str = '2017'  # of an author, not of papermill"
    assert parameters.check_parameters(["import ilodata", own]) is None


def test_a_channel_that_the_question_of_money_does_not_know_is_refused_there_too(monkeypatch):
    cells = ["channels: list = []", "# Parameters\nchannels = 'dues'\n"]
    shell = SimpleNamespace(user_ns={"In": cells})
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    with pytest.raises(DataError) as caught:
        ilo.check_parameters()
    said = "parameter channels: 'dues' is not one of our channels; did you mean membership dues?"
    assert str(caught.value) == f"{said} (papermill: -y 'channels: [a, b]')"


def test_what_papermill_makes_of_a_year_or_one_name_is_as_good(notebook):
    injected = (
        "# Parameters\nstart = 2012\nplaces = 'cambodia'\nyears = [2012]\nuse_likely = True\n"
    )
    parameters.check_parameters([CELL, injected])
    parameters.check_parameters([CELL])  # nothing was injected
