"""A notebook in a process of its own gives what an ordinary kernel gives."""

import json
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import forkserver

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from ilodata.reports import engine
from ilodata.reports.outputs import merged

PYTHON = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
SERVER = multiprocessing.get_context("forkserver")

# Everything that a cell can do to its output, and to the process
CELLS = [
    "import sys\nprint('one', end='')\nprint(' two')\nprint('three', file=sys.stderr)",
    "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "from IPython.display import HTML, display, clear_output\ndisplay(HTML('<b>x</b>'), metadata={'a': 1})\n3",
    "handle = display('first', display_id='here')\nprint('between')",
    "handle.update('second')",
    "print('gone')\nclear_output()\nprint('kept')",
    "print('gone')\nclear_output(wait=True)\nprint('kept')",
    "x = 5;\nx;",
    "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
    "task = asyncio.create_task(asyncio.sleep(0, 'done'))",
    "await task",
    "%env ILODATA_NONE=1\n__name__",
    "%%capture said\nprint('caught')",
    "said.stdout",
    "%%bash\necho $ILODATA_NONE",
    "import subprocess, time\nsubprocess.run(['echo', 'from a program'])\n"
    "time.sleep(2)  # a kernel reads it in a thread, and loses what comes late\n'after it'",
    "import warnings\nwith warnings.catch_warnings(record=True) as told:\n    warnings.warn('a')\nlen(told)",
    "import faulthandler\nfaulthandler.enable()\nsys.stderr.fileno() > 0",
    "import logging\nlogging.warning('logged')",
    "display({'text/plain': 'raw', 'image/png': b'abc'}, raw=True)",
    "pd.Series([1.5, None], name='s')",
    "pd.options.display.max_columns, pd.options.display.max_rows",
    "import ilodata as ilo\nilo.load_places().head(2)",
    "for i in range(3):\n    print(i, flush=True)",
    "from pathlib import Path\nPath.cwd().name",
    "display(_repr_html_ := 'walrus')",
]
FAILING = [  # an error, one while it is shown, a script that fails, an exit, a magic that is none…
    "def inner():\n    raise ValueError('<b>no</b>')\ninner()",
    "def (:",
    "class A:\n    def _repr_html_(self):\n        raise ValueError('b')\nA()",
    "%run nowhere.py",
    "import sys\nsys.exit(0)",
    "exit()",
    "raise KeyboardInterrupt",
    "input('which year?')",
    "raise ExceptionGroup('many', [ValueError('a')])",
    "%nothing",
    "\n# why\n1 / 0",
]


def _run(path, plain):
    os.environ.pop("PYTEST_CURRENT_TEST", None)  # a kernel that sees it has no descriptors
    os.environ["ILODATA_UNDRAWN"] = "1"  # as a build has it
    if not plain:
        nb, error = engine.execute(path, {})
        return nbformat.writes(nb), error and error.failure
    warm = "--IPKernelApp.exec_lines=__import__('ilodata.charts').load_events();"  # as ours is
    how = {"kernel_name": "python3", "progress_bar": False, "extra_arguments": [warm]}
    nb = papermill.execute_notebook(str(path), None, cwd=str(path.parent), **how)
    return nbformat.writes(nb), None


def ran(tmp_path, cells, plain=False):
    """Run cells in a process of its own, or by papermill alone; give the notebook and what ended it."""
    cells = [each if isinstance(each, dict) else new_code_cell(each) for each in cells]
    path = tmp_path / "given.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata=PYTHON), path)
    with ProcessPoolExecutor(1, SERVER) as pool:
        text, failure = pool.submit(_run, path, plain).result()
    return nbformat.reads(text, 4), failure


def outputs(notebook):
    shown = [(it.execution_count, list(merged(it.get("outputs", [])))) for it in notebook.cells]
    return json.loads(json.dumps(shown))


@pytest.fixture(scope="module", autouse=True)
def warm():
    os.environ["IPYTHONDIR"] = os.environ.get("TMPDIR", "/tmp")
    SERVER.set_forkserver_preload(["ilodata.reports.preload"])
    forkserver.ensure_running()


def test_every_kind_of_output_is_that_of_an_ordinary_kernel(tmp_path):
    (fast, failure), (kernel, _) = ran(tmp_path, CELLS), ran(tmp_path, CELLS, plain=True)
    assert failure is None
    for source, ours, theirs in zip(CELLS, outputs(fast), outputs(kernel), strict=True):
        assert ours == theirs, source
    assert fast.cells[14].outputs[0].text == "1\n", "a shell cell has what %env sets"


@pytest.mark.parametrize("source", FAILING)
def test_whatever_leaves_an_error_has_failed_at_its_cell(tmp_path, source):
    before = new_markdown_cell("# A title")  # which counts, too
    nb, failure = ran(tmp_path, [before, "before = 1", source, "'not reached'"])
    assert failure and failure["where"] == f"cell 3 ({source.strip().splitlines()[0]})"
    assert failure["message"] and "\n" not in failure["message"]
    assert not nb.cells[3].outputs


def test_a_notebook_that_logs_all_has_nothing_of_ours_in_its_log(tmp_path):
    nb, _ = ran(tmp_path, ["import logging\nlogging.basicConfig(level=logging.INFO)", "1 / 0"])
    assert [each.output_type for each in nb.cells[1].outputs] == ["error"]


def test_a_cell_may_be_skipped_and_may_raise_by_its_tag(tmp_path):
    skipped = new_code_cell("print('UPLOADED')", metadata={"tags": ["skip-execution"]})
    skipped.outputs = [new_output("stream", text="of an earlier run")]
    allowed = new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]})
    nb, failure = ran(tmp_path, [skipped, allowed, "'after'"])
    nothing, [error], [after] = (cell.outputs for cell in nb.cells)
    assert failure is None and nothing == [], "what was not run shows nothing"
    assert error.ename == "ZeroDivisionError" and after.data["text/plain"] == "'after'"


def test_what_an_earlier_papermill_gave_is_left_out(tmp_path):
    given = new_code_cell("start: int = 1985", metadata={"tags": ["parameters"]})
    left = new_code_cell("start = 1999", metadata={"tags": ["injected-parameters"]})
    nb, _ = ran(tmp_path, [given, left, "start"])
    assert nb.cells[-1].outputs[0].data["text/plain"] == "1985"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("while True: print('x' * 100_000)", "the report prints more than 10,000,000 characters"),
        ("!seq 2000000", "the report prints more than 10,000,000 characters"),
        ("'x' * 40_000_000", "the cell shows more than 30,000,000 characters; show less"),
    ],
)
def test_a_cell_that_prints_or_shows_too_much_fails_whoever_did_it(tmp_path, source, said):
    _, failure = ran(tmp_path, [source])
    assert said in failure["message"]


def test_what_programs_and_forked_processes_print_stands_in_its_place(tmp_path):
    cell = """import os, subprocess, multiprocessing
print('a')
subprocess.run(['echo', 'b'])
process = multiprocessing.get_context('fork').Process(target=print, args=('c',))
process.start()
process.join()
os.write(1, b'd\\n')
print('e');"""
    nb, failure = ran(tmp_path, [cell, "print('next')"])
    assert failure is None
    [shown] = merged(nb.cells[0].outputs)
    assert sorted(shown["text"].split()) == list("abcde")
    assert nb.cells[1].outputs[0].text == "next\n"


def test_nothing_that_the_server_imports_begins_a_thread():
    with SERVER.Pool(1) as pool:
        assert len(pool.apply(os.listdir, ["/proc/self/task"])) == 1
