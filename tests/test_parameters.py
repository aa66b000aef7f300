"""Values are held to what a notebook declares, and a wrong one is told with the right one."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from ilodata import parameters
from ilodata.problems import DataError

CELL = """\
start: str = "1985"  # first year of the window
end: str = "2012"
places: list = []  # places to show; empty for all
payers: list = []
channels: list = []
project: str = ""
years: list[int] = []
use_likely: bool = False  # read the misprint too
at_most: int = 2 * 5
share: float = 0.5
other = "free"
"""


def declared(*sources):
    """Read the parameters of a notebook whose cells are all tagged so."""
    tagged = {"tags": ["parameters"]}
    cells = [new_code_cell(source, metadata=tagged) for source in sources]
    return parameters.declared(new_notebook(cells=cells))


def test_parameters_are_read_with_type_and_default_and_nothing_is_run():
    assert declared() == {}, "it has no cell of parameters"
    known = declared(CELL)
    assert list(known) == [line.split()[0].strip(":") for line in CELL.splitlines()]
    assert known["places"] == ("list", [])
    assert known["at_most"] == ("int", "2 * 5"), "a default that is no literal, as written"
    assert known["other"] == ("", "free")
    with pytest.raises(ValueError, match="2 cells are tagged parameters; one may be"):
        declared("a: int = 1", "b: int = 2")


def test_a_file_that_is_not_a_notebook_or_not_there_is_refused(tmp_path):
    for text in ("not JSON", "[" * 100_000):
        (tmp_path / "a.ipynb").write_text(text)
        with pytest.raises(ValueError, match="this is no notebook"):
            parameters.declared(tmp_path / "a.ipynb")
    with pytest.raises(ValueError, match=r"no such file in .*did you mean a\.ipynb\?"):
        parameters.declared(tmp_path / "b.ipynb")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("use_likely", "no", "'no' is not right; write true or false (papermill: -p use_likely True)"),
        ("share", ".inf", "'.inf' is not right; write a number such as 0.5 (papermill: -p share 0.5)"),
        ("places", '["china"]', """'["china"]' is not right; write a list such as [a, b] (papermill: -y 'places: [a, b]')"""),
        ("years", [2017, "x"], "element 2, 'x' is not right; write a whole number"),
        ("start", ["2017"], "['2017'] is not right; write text (papermill: -r start TEXT)"),
        ("start", "2022", "'2022' comes after the end '2012'"),
        ("project", "trade-union-2019", "did you mean trade-unions-2019?"),
        ("payers", ["MOHRS"], "did you mean MOHRSS?"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_with_the_right_one_and_how_papermill_takes_it(name, value, said):
    _, [wrong] = parameters.given({name: value}, declared(CELL))
    assert wrong.startswith(f"parameter {name}: ") and said in wrong, wrong


def test_a_name_of_a_strangers_notebook_means_what_it_means_there():
    known = declared('start: str = "at the door"\nplaces: list = ["kitchen"]')
    values = {"start": "in the hall", "places": ["cellar"]}
    assert parameters.given(values, known) == (values, [])


def refused(*cells):
    """Return what a notebook that ran these cells refuses, "" for nothing."""
    try:
        parameters.check_parameters([*cells])
    except DataError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("injected", "said"),
    [
        ("start = '20l2'", "parameter start: '20l2' is not a date we read; write a year"),
        ("places = '[\"cambodia\"]'", "did you mean Cambodia? (papermill: -y 'places: [a, b]')"),
        ("channels = 'dues'", "parameter channels: 'dues' is not one of our channels; did you mean membership dues? "),
    ],
)  # fmt: skip
def test_a_notebook_refuses_what_papermill_injected_and_it_cannot_use(injected, said):
    assert said in refused("import ilodata", CELL, f"# Parameters\n{injected}\n")


def test_a_notebook_takes_what_papermill_makes_of_a_year_or_one_name_and_its_authors_own_cell():
    injected = "start = 2012\nplaces = 'cambodia'\nyears = [2012]\nuse_likely = True\n"
    for cell in (injected, "strat: str = '2017'  # of an author, not of papermill"):
        assert refused(CELL, f"# Parameters\n{cell}") == ""
    assert refused(CELL) == "", "nothing was injected"
