"""The fast engine gives what an ordinary kernel gives, and leaves nothing to the next notebook."""

import builtins
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook

PYTHON = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}

# Everything that a cell can do to its output, and to the process
CELLS = [
    "import ilodata as ilo, sys\nprint('one', end='')\nprint(' two')\nprint('three', file=sys.stderr)\nprint('four')",
    "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "from IPython.display import HTML, display, clear_output\ndisplay(HTML('<b>x</b>'), metadata={'a': 1})\n3",
    "handle = display('first', display_id='here')\nprint('between')",
    "handle.update('second')",
    "print('gone')\nclear_output()\nprint('kept')",
    "print('gone')\nclear_output(wait=True)\nprint('kept')",
    "_ + 1 if isinstance(_, int) else _",
    "None",
    "x = 5;\nx;",
    "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
    "%env ILODATA_NONE=1\n__name__",
    "%%capture said\nprint('caught')",
    "said.stdout",
    "from pathlib import Path\nPath.cwd().name",
    "if True:\n    'not shown'\n'shown'",
    "import logging\nlogging.warning('logged')",
    "display({'text/plain': 'raw', 'application/json': {'a': [1]}}, raw=True)",
    "pd.Series([1.5, None], name='s')",
    "get_ipython().__class__.__mro__[-1].__name__",
    "ilo.load_places().head(2)",
    "ilo.charts.counts(ilo.by_founding(ilo.support()), 'Cells by table and how founded')",
]
FAILING = {
    "an error": "def inner():\n    raise ValueError('<b>no</b>')\ninner()",
    "a syntax error": "def (:",
    "a chain": "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise KeyError('k') from error",
    "an exit": "import sys\nsys.exit(3)",
    "an interrupt": "raise KeyboardInterrupt",
}


def run(cells, tmp_path, engine=None):
    """Run cells as a user would, by the command, in a process of its own."""
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata=PYTHON)
    given, out, folder = tmp_path / "given.ipynb", tmp_path / f"{engine}.ipynb", tmp_path / "work"
    folder.mkdir(exist_ok=True)
    nbformat.write(notebook, given)
    command = [sys.executable, "-m", "papermill", str(given), str(out), "--cwd", str(folder)]
    command += ["--engine", engine] if engine else []
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"TZ": "UTC"})
    return nbformat.read(out, 4), done


def outputs(notebook):
    """Give count and outputs of each cell, without what varies from run to run of a kernel."""
    found = [(c.execution_count, c.outputs) for c in notebook.cells if c.cell_type == "code"]
    return json.loads(json.dumps(found))


def test_every_kind_of_output_is_that_of_an_ordinary_kernel(tmp_path):
    fast, _ = run(CELLS, tmp_path, "ilodata")
    kernel, _ = run(CELLS, tmp_path)
    for source, ours, theirs in zip(CELLS, outputs(fast), outputs(kernel), strict=True):
        assert ours == theirs, source


@pytest.mark.parametrize("case", FAILING)
def test_a_failure_is_told_as_an_ordinary_kernel_tells_it(tmp_path, case):
    cells = ["before = 1", FAILING[case], "'not reached'"]
    fast, ours = run(cells, tmp_path, "ilodata")
    kernel, theirs = run(cells, tmp_path)
    assert outputs(fast) == outputs(kernel)
    assert [c.source for c in fast.cells] == [c.source for c in kernel.cells]
    assert ours.returncode == theirs.returncode != 0
    assert ours.stderr.splitlines()[-1] == theirs.stderr.splitlines()[-1]


def here(*cells, **more):
    """Run cells in this process."""
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata=PYTHON)
    return papermill.execute_notebook(
        notebook, None, engine_name="ilodata", kernel_name="python3", progress_bar=False, **more
    )


def test_a_run_leaves_the_process_as_it_was():
    def around():
        streams = sys.stdout, sys.stderr, sys.displayhook, builtins.input
        return Path.cwd(), list(sys.path), streams, sys.modules["__main__"]

    before = around()
    here("import sys\nsys.path.append('x')\nleft = 1\nprint = None")
    assert around() == before
    fast = here("'left' in globals(), print is None")
    assert fast.cells[0].outputs[0].data["text/plain"] == "(False, False)"


def test_a_cell_that_prints_without_end_is_stopped():
    with pytest.raises(papermill.PapermillExecutionError) as caught:
        here("while True: print('x' * 100_000)")
    assert "a cell prints more than 10,000,000 characters" in caught.value.evalue


def test_a_report_cannot_ask_its_reader():
    with pytest.raises(papermill.PapermillExecutionError) as caught:
        here("input('which year?')")
    assert "give a parameter instead of input()" in caught.value.evalue


def test_whoever_runs_is_told_which_cell_begins():
    seen = []
    here("1", "2", on_cell_start=lambda cell, **_: seen.append(cell.source))
    assert seen == ["1", "2"]
