"""JupyterLab as a workplace: what `make lab` opens, completion and help, charts of strangers.

Opening it needs playwright and Debian's chromium, as tests/test_browser.py says.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from ilodata import charts, tables

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
TABS = "[...document.querySelectorAll('.lm-DockPanel .lm-TabBar-tabLabel')].map(e => e.textContent)"
DRAWN = """[...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell')]
  .filter(cell => [...cell.querySelectorAll('.jp-RenderedVegaLite :is(svg, canvas)')]
    .some(e => e.getBoundingClientRect().width > 150))
  .map(cell => cell.dataset.windowedListIndex)"""


def saved_charts(name):
    nb = nbformat.read(ROOT / "notebooks" / name, 4)
    outputs = [output for cell in nb.cells for output in cell.get("outputs", [])]
    return sum(charts.MIME in output.get("data", {}) for output in outputs)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start JupyterLab as `make lab` does, for somebody who never did; give its address."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "notebooks", home / "project" / "notebooks")
    shutil.copytree(ROOT / ".lab", home / "project" / ".lab")
    recipe = re.search(r"^lab:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.M)[1]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{(port := free.getsockname()[1])}"
    more = f"--no-browser --allow-root --port={port} --IdentityProvider.token=trial"
    known = {"$(BIN)": str(Path(sys.executable).parent), "$(LAB)": more, "\t@": ""}
    for name, value in known.items():
        recipe = recipe.replace(name, value)
    around = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTER")}
    around |= {"HOME": str(home), "ILODATA_DATA": str(tables.data_dir())}
    with (home / "lab.log").open("w") as log:
        started = subprocess.Popen(
            ["sh", "-ec", recipe],
            cwd=home / "project",
            env=around,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        for _ in range(300):
            assert started.poll() is None, (home / "lab.log").read_text()
            try:
                urllib.request.urlopen(f"{address}/api?token=trial", timeout=2)
                break
            except OSError:
                time.sleep(0.3)
        yield address
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def test_a_newcomer_finds_the_notebooks_in_order_their_contents_and_their_charts(lab, browser):
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    outside = []
    page.on("request", lambda asked: outside.append(asked.url))
    page.goto(f"{lab}/?token=trial")
    page.wait_for_selector(".jp-tocItem", timeout=120_000)
    assert page.evaluate(TABS) == NOTEBOOKS
    told = page.locator(".jp-tocItem").all_inner_texts()
    assert told[0].startswith("What do the documents say, and how certain is it?")
    assert not page.locator(".Toastify__toast:visible, .jp-Dialog:visible").count()
    # Nobody has run or trusted this notebook: what it saved is shown all the same.
    page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer").hover()
    seen = set()  # what is out of sight is taken out of the page
    for _ in range(300):
        page.mouse.wheel(0, 250)
        page.wait_for_timeout(100)
        seen.update(page.evaluate(DRAWN))
        if len(seen) == saved_charts(NOTEBOOKS[0]):
            break
    assert len(seen) == saved_charts(NOTEBOOKS[0]) > 0
    assert [url for url in outside if not url.startswith((lab, "data:", "blob:"))] == []
    page.context.close()


@pytest.fixture(scope="module")
def shell():
    """Give what answers the Tab and Shift-Tab keys in a kernel."""
    shell = InteractiveShell()
    assert shell.run_cell("import ilodata as ilo").success
    return shell


@pytest.mark.parametrize("table", [each["name"] for each in tables.package()["resources"]])
def test_tab_completes_each_loader_and_shift_tab_says_what_its_columns_are(shell, table):
    code = f"ilo.load_{table}"
    with provisionalcompleter():  # as ipykernel asks for it
        found = [match.text for match in shell.Completer.completions(code[:-2], len(code) - 2)]
    assert f"load_{table}" in found
    told = shell.object_inspect_mime(code)["text/plain"]
    for field in tables.schema(table)["schema"]["fields"]:
        assert field["name"] in told and field["description"] in told


def test_nbconvert_makes_a_page_of_a_notebook_with_all_its_charts_in_it(tmp_path):
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--log-level=ERROR"]
    command += [f"--output-dir={tmp_path}", ROOT / "notebooks" / NOTEBOOKS[-1]]
    subprocess.run(command, check=True, capture_output=True)
    [page] = tmp_path.iterdir()
    drawn = re.findall(r'<img[^>]*src="data:image/svg\+xml;base64,', page.read_text("utf-8"))
    assert len(drawn) == saved_charts(NOTEBOOKS[-1]) > 0
