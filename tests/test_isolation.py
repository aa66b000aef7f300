"""No report sees another: other orders, numbers of workers and engines give the same bytes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parent.parent
# It leaves traces in modules, the environment, pandas and numbers drawn at random, if it can.
CELLS = {
    "paid": "ilo.load_contributions()[['label', 'printed']].head(n)",
    "met": """\
happened = ilo.timelines.chronology(
    ilo.load_agreements(), ilo.load_events(), ilo.load_projects(), ilo.load_relations(),
    ilo.load_organisations(),
)
ilo.charts.timeline(ilo.timelines.pieces(happened.head(5 * n), "1985", "2025"))""",
}
TRACES = """\
import os, sys
import pandas as pd
import ilodata as ilo
seen = [getattr(ilo, "trace", "none"), os.environ.get("TRACE", "none"), pd.options.display.width]
ilo.trace = os.environ["TRACE"] = f"left by {n}"
pd.options.display.width = 100 + n
print(seen, f"of {n}")"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "data", folder / "data")
    (folder / "notebooks").mkdir()
    (folder / "reports").mkdir()
    for name, source in CELLS.items():
        first = new_code_cell("n: int = 1  # which one", metadata={"tags": ["parameters"]})
        cells = [new_markdown_cell(f"# Who {name}?"), first]
        cells += [new_code_cell(each) for each in (TRACES, source)]
        nbformat.write(new_notebook(cells=cells), folder / "notebooks" / f"{name}.ipynb")
    reports = [
        {"name": f"{name}-{n}", "title": f"Who {name}, {n}", "notebook": f"notebooks/{name}.ipynb",
         "parameters": {"n": n}}
        for n in (1, 2, 3) for name in CELLS
    ]  # fmt: skip
    listed(folder, reports)
    return folder, reports


def listed(folder, reports):
    (folder / "reports" / "all.yaml").write_text(json.dumps({"reports": reports}))


def built(folder, out, *more):
    command = [sys.executable, "-m", "ilodata.cli", "build", folder / "reports" / "all.yaml"]
    done = subprocess.run(
        [*command, "--out", out, *more],
        env=os.environ | {"ILODATA_DATA": str(folder / "data")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def pages(out):
    return {page.name: page.read_bytes() for page in out.glob("*-[123].html")}


def test_orders_workers_repeats_and_engines_give_the_same_bytes(project, tmp_path):
    folder, reports = project
    built(folder, tmp_path / "one", "--workers=1")
    right = pages(tmp_path / "one")
    assert len(right) == len(reports)
    for name, text in right.items():
        told = f"[&#39;none&#39;, &#39;none&#39;, 200] of {name[-6]}"
        assert told in text.decode(), name
    try:
        listed(folder, reports[::-1])
        built(folder, tmp_path / "three", "--workers=3")
        assert pages(tmp_path / "three") == right
        built(folder, tmp_path / "three", "--workers=2", "--force")
        assert pages(tmp_path / "three") == right
    finally:
        listed(folder, reports)
    built(folder, tmp_path / "kernel", "--engine=kernel")
    assert pages(tmp_path / "kernel") == right


def test_a_changed_cell_rebuilds_only_what_reads_its_table(project, tmp_path):
    folder, _ = project
    out = tmp_path / "out"
    built(folder, out)
    before = {name: (out / name).stat().st_mtime_ns for name in pages(out)}
    assert built(folder, out, "--dry-run") == "0 of 6 reports would run\n"
    table = folder / "data" / "events.csv"
    kept = table.read_text("utf-8")
    try:
        table.write_text(
            kept.replace("BRICS Knowledge series", "BRICS Knowledge Series", 1), "utf-8"
        )
        assert table.read_text("utf-8") != kept
        said = built(folder, out, "--dry-run")
        assert said == "".join(f"met-{n}: changed: data/events.csv\n" for n in (1, 2, 3)) + (
            "3 of 6 reports would run\n"
        )
        assert built(folder, out).splitlines()[1] == "as before: 3 of 6"
        after = {name: (out / name).stat().st_mtime_ns for name in pages(out)}
        assert {name for name in after if after[name] != before[name]} == {
            f"met-{n}.html" for n in (1, 2, 3)
        }
    finally:
        table.write_text(kept, "utf-8")
