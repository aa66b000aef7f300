"""The notebooks run clean, are saved as they ran, and are written as STYLE has it."""

import ast
import re
import shutil

import nbformat
import pytest

from conftest import REPO, python
from ilodata import tables

NOTEBOOKS = sorted((REPO / "notebooks").glob("*.ipynb"))
each_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)


def nbval(*notebooks, **environment):
    """Let nbval run notebooks and compare each output with the saved one."""
    return python("-m", "pytest", "--nbval", "-q", "-o", "addopts=", *notebooks, **environment)


def cells_of(notebook, kind, tag=""):
    """Return the cells of a kind, or those with a tag."""
    cells = [cell for cell in nbformat.read(notebook, 4).cells if cell.cell_type == kind]
    return [cell for cell in cells if not tag or tag in cell.metadata.get("tags", [])]


@each_notebook
def test_a_notebook_is_saved_after_a_clean_run(notebook):
    for number, cell in enumerate(cells_of(notebook, "code"), start=1):
        assert cell.execution_count == number
        ends_in_a_value = isinstance(ast.parse(cell.source).body[-1], ast.Expr)
        assert cell.outputs or not ends_in_a_value, f"cell {number} has no output"
        for each in cell.outputs:
            assert each.output_type != "error" and each.get("name") != "stderr"


def test_the_notebooks_give_the_outputs_that_are_saved():
    ran = nbval(*NOTEBOOKS)
    assert ran.returncode == 0, ran.stdout[-3000:]


def test_nbval_notices_one_changed_amount(tmp_path):
    notebook = REPO / "notebooks/02-funding-flows.ipynb"
    stated = tables.current("contributions").query("level == 'project'").amount_usd.astype(str)
    whole = [usd.removesuffix("000000") for usd in stated if usd.endswith("000000")]
    millions = next(it for it in whole if f"US$ {it} million" in notebook.read_text("utf-8"))
    table = shutil.copytree(REPO / "data", tmp_path / "data") / "contributions.csv"
    table.write_text(table.read_text().replace(f",{millions}000000,", f",{millions}100000,"))
    ran = nbval(notebook, ILODATA_DATA=str(table.parent))
    assert ran.returncode == 1 and f"'US$ {millions} million' is now '" in ran.stdout


@each_notebook
def test_a_notebook_reads_as_prose_that_asks_and_code_that_answers(notebook):
    code, text = cells_of(notebook, "code"), cells_of(notebook, "markdown")
    prose = "\n".join(cell.source for cell in text)
    assert re.match(r"# .+\?\n", nbformat.read(notebook, 4).cells[0].source), "its title asks"
    assert not re.search(r"\d{2,}|US\$", prose), "a figure that a cell should compute"
    assert len(code) <= 15
    assert max(len(cell.source.splitlines()) for cell in code) <= 8
    lines = [line for cell in code for line in cell.source.splitlines() if line.strip()]
    assert len(prose.split()) >= 5 * len(lines)
    banned = ast.FunctionDef | ast.ClassDef | ast.For | ast.While | ast.Lambda
    for cell in code:
        assert not any(isinstance(node, banned) for node in ast.walk(ast.parse(cell.source)))


@each_notebook
def test_a_notebook_has_typed_commented_parameters_findings_and_one_main_chart(notebook):
    tagged = {tag: cells_of(notebook, "code", tag) for tag in ("parameters", "findings", "main")}
    assert [len(found) for found in tagged.values()] == [1, 1, 1]
    source = tagged["parameters"][0].source
    for line, statement in zip(source.splitlines(), ast.parse(source).body, strict=True):
        assert isinstance(statement, ast.AnnAssign)
        assert len(line.split("#")[1].split()) >= 3


def test_a_wrong_parameter_is_told_by_papermill_itself_as_the_last_line(tmp_path):
    words = ["-m", "papermill", "--no-progress-bar", "-p", "strat", "2012"]
    ran = python(*words, "notebooks/02-funding-flows.ipynb", tmp_path / "out.ipynb")
    said = "parameter strat: unknown; did you mean start?"
    assert ran.returncode == 1 and said in ran.stderr.strip().splitlines()[-1]
