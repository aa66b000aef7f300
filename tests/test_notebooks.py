"""The notebooks run clean, are saved as they ran, and are written as STYLE has it."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from ilodata import tables

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
each_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)


def run(*command, **environment):
    """Run a module of Python in the folder of the project."""
    command, around = [sys.executable, "-m", *map(str, command)], os.environ | environment
    return subprocess.run(command, cwd=ROOT, env=around, capture_output=True, text=True)


def nbval(*notebooks, **environment):
    """Let nbval run notebooks and compare each output with the saved one."""
    return run("pytest", "--nbval", "-q", "-o", "addopts=", *notebooks, **environment)


def not_run(notebook):
    """List the code cells that are not saved as Restart & Run All leaves them."""
    cells = [c for c in nbformat.read(notebook, 4).cells if c.cell_type == "code"]
    wrong = [
        f"cell {n} has number {c.execution_count}"
        for n, c in enumerate(cells, start=1)
        if c.execution_count != n
    ]
    for n, cell in enumerate(cells, start=1):
        if isinstance(ast.parse(cell.source).body[-1], ast.Expr) and not cell.outputs:
            wrong.append(f"cell {n} has no output")
    return wrong


@each_notebook
def test_a_notebook_is_saved_after_a_clean_run(notebook):
    assert not_run(notebook) == []
    outputs = [o for c in nbformat.read(notebook, 4).cells for o in c.get("outputs", [])]
    assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]


def test_the_notebooks_give_the_outputs_that_are_saved():
    ran = nbval(*NOTEBOOKS)
    assert ran.returncode == 0, ran.stdout[-3000:]


def test_nbval_notices_one_changed_amount(tmp_path):
    data, notebook = tmp_path / "data", ROOT / "notebooks/02-funding-flows.ipynb"
    saved, rows = notebook.read_text("utf-8"), tables.rows("contributions")
    millions = next(  # of a project, as the notebook shows it: a later document may replace others
        row["amount_usd"].removesuffix("000000")
        for row in rows
        if row["level"] == "project"
        and row["contribution_id"] not in {each["supersedes_id"] for each in rows}
        and f"US$ {row['amount_usd'][:-6]} million" in saved
    )
    table = shutil.copytree(ROOT / "data", data) / "contributions.csv"
    table.write_text(table.read_text().replace(f",{millions}000000,", f",{millions}100000,"))
    ran = nbval(notebook, ILODATA_DATA=str(data))
    assert ran.returncode == 1
    was, now = (rf"US\$ {number} million" for number in (millions, f"{millions}\\.1"))
    assert re.search(f"'{was}' is now '{now}'", ran.stdout), "in a table"
    assert re.search(f"chart: .+{was}.+ is now '.+{now}", ran.stdout)


@each_notebook
def test_a_notebook_reads_as_prose_that_asks_and_code_that_answers(notebook):
    cells = nbformat.read(notebook, 4).cells
    code = [c for c in cells if c.cell_type == "code"]
    prose = "\n".join(c.source for c in cells if c.cell_type == "markdown")
    lines = [line for c in code for line in c.source.splitlines() if line.strip()]
    assert cells[0].cell_type == "markdown"
    assert cells[0].source.startswith("# ")
    assert len(code) <= 15
    assert max(len(c.source.splitlines()) for c in code) <= 8
    assert len(prose.split()) >= 5 * len(lines)
    assert re.match(r"# .+\?\n", cells[0].source), "its title asks a question"
    banned = ast.FunctionDef | ast.ClassDef | ast.For | ast.While | ast.Lambda
    for cell in code:
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, banned), cell.source


@each_notebook
def test_a_notebook_has_typed_commented_parameters_findings_and_one_main_chart(notebook):
    cells = nbformat.read(notebook, 4).cells
    tagged = {
        tag: [c for c in cells if tag in c.metadata.get("tags", [])]
        for tag in ("parameters", "findings", "main")
    }
    assert [len(found) for found in tagged.values()] == [1, 1, 1]
    source = tagged["parameters"][0].source
    for line, statement in zip(source.splitlines(), ast.parse(source).body, strict=True):
        assert isinstance(statement, ast.AnnAssign)
        assert len(line.split("#")[1].split()) >= 3


@each_notebook
def test_no_figure_stands_in_prose_that_a_cell_should_compute(notebook):
    for cell in nbformat.read(notebook, 4).cells:
        if cell.cell_type == "markdown":
            assert not re.search(r"\d{2,}|US\$", cell.source), cell.source


def papermill(out, name, value):
    given = ("--no-progress-bar", "-p", name, value)
    return run("papermill", "notebooks/02-funding-flows.ipynb", out, *given)


def test_papermill_runs_a_notebook_straight_from_the_shell_with_a_year_as_a_number(tmp_path):
    ran = papermill(tmp_path / "out.ipynb", "start", "2012")
    assert ran.returncode == 0, ran.stderr[-2000:]
    cells = nbformat.read(tmp_path / "out.ipynb", 4).cells
    findings = next(c for c in cells if "findings" in c.metadata.get("tags", []))
    assert "2012" in findings.outputs[0].data["text/plain"]


def test_a_wrong_parameter_is_told_by_papermill_itself_as_the_last_line(tmp_path):
    ran = papermill(tmp_path / "out.ipynb", "strat", "2012")
    assert ran.returncode == 1
    said = "parameter strat: unknown; did you mean start?"
    assert said in ran.stderr.strip().splitlines()[-1]
