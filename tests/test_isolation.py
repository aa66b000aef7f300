"""No report sees another: other orders, numbers of workers and engines give the same bytes."""

import json
import os
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

# It leaves traces in modules, the environment, the folder, pandas and at random, if it can.
TRACES = """\
import os, sys
import pandas as pd
import ilodata as ilo
seen = [getattr(ilo, "trace", "none"), os.environ.get("TRACE", "none"), pd.options.display.width]
ilo.trace = os.environ["TRACE"] = f"left by {n}"
pd.options.display.width = 100 + n
print(seen, os.path.basename(os.getcwd()), f"of {n}")
os.chdir("/")"""
SHOWN = "ilo.show(ilo.load_contributions().reset_index().head(n), caption='Some amounts')"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    for name in ("notebooks", "reports"):
        (folder / name).mkdir()
    first = new_code_cell("n: int = 1  # which one", metadata={"tags": ["parameters"]})
    cells = [new_markdown_cell("# Who?"), first, *map(new_code_cell, (TRACES, SHOWN))]
    nbformat.write(new_notebook(cells=cells), folder / "notebooks" / "paid.ipynb")
    return folder


def listed(folder, numbers):
    reports = [
        {"name": f"paid-{n}", "title": f"Paid, {n}", "notebook": "notebooks/paid.ipynb",
         "parameters": {"n": n}}
        for n in numbers
    ]  # fmt: skip
    path = folder / "reports" / "all.yaml"
    path.write_text(json.dumps({"reports": reports}))
    return path


def built(path, out, *more):
    command = [sys.executable, "-m", "ilodata.cli", "build", path, "--out", out, *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return {page.name: page.read_bytes() for page in out.glob("paid-[1-4].html")}


@pytest.mark.slow
def test_orders_workers_repeats_and_engines_give_the_same_bytes(project, tmp_path):
    listing = listed(project, (1, 2, 3, 4))
    right = built(listing, tmp_path / "one", "--workers=1")
    assert len(right) == 4
    for name, text in right.items():
        seen = f"none&#39;, &#39;none&#39;, 200] notebooks of {name[5]}"
        assert seen in text.decode() or seen.replace("&#39;", "'") in text.decode(), name
    assert built(listing, tmp_path / "three", "--workers=3") == right
    assert built(listing, tmp_path / "three", "--workers=2", "--force") == right
    assert built(listing, tmp_path / "kernel", "--engine=kernel") == right


def test_a_report_has_no_start_up_files_and_no_history_of_its_user(project, tmp_path):
    start = tmp_path / "home" / ".ipython" / "profile_default" / "startup"
    start.mkdir(parents=True)
    (start / "a.py").write_text("raise SystemExit('foreign')")
    around = os.environ | {"HOME": str(tmp_path / "home"), "IPYTHONDIR": str(start.parents[1])}
    command = [sys.executable, "-m", "ilodata.cli", "build", listed(project, [1])]
    command += ["--out", tmp_path / "out"]
    done = subprocess.run(command, env=around, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in start.parents[1].rglob("*.sqlite*")] == []
