"""JupyterLab as a workplace: what `make lab` opens, that it changes nothing, completion and help.

Opening it needs playwright and Debian's chromium; see the fixture ``browser``.
"""

import os
import platform
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

from conftest import REPO, python
from ilodata import tables
from ilodata.charts.look import MIME

NOTEBOOKS = sorted(path.name for path in (REPO / "notebooks").glob("*.ipynb"))
MONEY = next(name for name in NOTEBOOKS if "funding" in name)
PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
IDLE = f"{PANEL} .jp-Notebook-ExecutionIndicator[data-status='idle']"
TABS = "[...document.querySelectorAll('.lm-DockPanel .lm-TabBar-tabLabel')].map(e => e.textContent)"
DRAWN = f"""[...document.querySelectorAll('{PANEL} .jp-Cell')]
  .filter(cell => [...cell.querySelectorAll('.jp-RenderedVegaLite :is(svg, canvas)')]
    .some(e => e.getBoundingClientRect().width > 150))
  .map(cell => cell.dataset.windowedListIndex)"""
FAULTS = f"""document.querySelectorAll('{PANEL} [data-mime-type="application/vnd.jupyter.error"],'
  + '.jp-Dialog, .Toastify__toast').length"""


def saved_charts(path):
    cells = nbformat.read(path, 4).cells
    return sum(MIME in it.get("data", {}) for cell in cells for it in cell.get("outputs", []))


def active(folder):
    """Copy what `make lab` reads; give the variables of an environment that is active."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copyfile(REPO / name, folder / name)
    around = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    return around | {"PATH": f"{Path(sys.executable).parent}:{around['PATH']}"}


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start JupyterLab as `make lab` does, for somebody who never did; give address and folder."""
    home = tmp_path_factory.mktemp("home")
    project = home / "project"
    for folder in ("notebooks", ".lab"):
        shutil.copytree(REPO / folder, project / folder)
    for path in (project / "notebooks").glob("*.ipynb"):  # JupyterLab writes down its own Python
        here = f'"version": "{platform.python_version()}"'
        path.write_text(re.sub(r'"version": "3\.[\d.]+"', here, path.read_text("utf-8")), "utf-8")
    around = {key: value for key, value in active(project).items() if "JUPYTER" not in key}
    around |= {"HOME": str(home), "ILODATA_DATA": str(tables.data_dir())}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{(port := free.getsockname()[1])}"
    more = f"LAB=--no-browser --allow-root --port={port} --IdentityProvider.token=trial"
    with (home / "lab.log").open("w") as log:
        started = subprocess.Popen(["make", "lab", more], cwd=project, env=around, stdout=log,
                                   stderr=log, start_new_session=True)  # fmt: skip
    try:
        for _ in range(300):
            assert started.poll() is None, (home / "lab.log").read_text()
            try:
                urllib.request.urlopen(f"{address}/api?token=trial", timeout=2)
                break
            except OSError:
                time.sleep(0.3)
        yield address, project
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def opened(lab, browser, path=""):
    """Open an address of JupyterLab; give the page, and lists of what it says and asks elsewhere."""
    page, said, outside = browser.new_page(viewport={"width": 1400, "height": 900}), [], []
    page.on("request", lambda asked: outside.append(asked.url))
    page.on("console", lambda told: told.type in ("error", "warning") and said.append(told.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{lab[0]}{path}?token=trial", wait_until="domcontentloaded")
    page.wait_for_selector(f"{PANEL} .jp-CodeCell", timeout=120_000)
    page.wait_for_selector(IDLE, timeout=120_000)
    return page, said, outside


def shows_its_charts(page, path):
    """Scroll through a notebook, and back: is each chart that it saved drawn by Vega?"""
    assert page.locator(".jp-Dialog").all_inner_texts() == [], "JupyterLab asks something"
    page.locator(f"{PANEL} .jp-WindowedPanel-outer").hover()
    wanted, seen = saved_charts(path), set()  # what is out of sight is taken out of the page
    for step in range(400):
        page.mouse.wheel(0, 250 if step // 100 % 2 == 0 else -250)
        page.wait_for_timeout(100)
        seen.update(page.evaluate(DRAWN))
        if len(seen) >= wanted:
            break
    return len(seen) == wanted > 0


@pytest.mark.slow
def test_a_newcomer_finds_the_notebooks_in_order_and_their_contents(lab, browser):
    page, _, outside = opened(lab, browser)
    page.wait_for_selector(".jp-tocItem", timeout=120_000)
    assert page.evaluate(TABS) == NOTEBOOKS
    told = page.locator(".jp-tocItem").all_inner_texts()
    first = nbformat.read(REPO / "notebooks" / NOTEBOOKS[0], 4).cells[0].source
    assert told[0].splitlines()[0] == first.splitlines()[0].removeprefix("# ")
    assert page.evaluate(FAULTS) == 0, "something pops up"
    assert [url for url in outside if not url.startswith((lab[0], "data:", "blob:"))] == []
    page.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_opening_a_notebook_shows_its_charts_and_changes_nothing_in_it(lab, browser, name):
    file = lab[1] / "notebooks" / name
    before = file.read_bytes()
    page, said, _ = opened(lab, browser, f"/lab/workspaces/{name[:2]}/tree/notebooks/{name}")
    # Nobody has run or trusted this notebook: what it saved is shown all the same.
    assert shows_its_charts(page, file)
    page.wait_for_timeout(3000)
    assert page.locator(".lm-DockPanel .jp-mod-dirty").count() == 0, "it shows unsaved changes"
    page.keyboard.press("Control+s")
    page.wait_for_timeout(2000)
    assert file.read_bytes() == before, "saving changes the file"
    assert said == [], "the console of the browser says something"
    page.close()


@pytest.mark.slow
def test_run_all_draws_the_charts_anew_without_an_error(lab, browser):
    page, said, _ = opened(lab, browser, f"/lab/workspaces/run/tree/notebooks/{MONEY}")
    page.wait_for_selector(f"{PANEL} .jp-KernelName >> text=Python 3")  # else it asks for a kernel
    page.click("#jp-MainMenu >> text=Run")
    page.locator(".lm-Menu-item[data-command='runmenu:run-all']").click()
    page.wait_for_selector(IDLE.replace("idle", "busy"), timeout=60_000)
    page.wait_for_selector(IDLE, timeout=120_000)
    page.mouse.move(800, 500)
    page.mouse.wheel(0, -100_000)  # it has followed the run to the last cell
    page.wait_for_timeout(1000)
    assert shows_its_charts(page, lab[1] / "notebooks" / MONEY)
    assert page.evaluate(FAULTS) == 0 and said == []
    page.close()


def test_make_lab_takes_the_active_environment_where_it_has_the_package(tmp_path):
    command, around = ["make", "-n", "lab"], active(tmp_path)
    told = subprocess.check_output(command, cwd=tmp_path, env=around, text=True)
    assert f"{sys.prefix}/bin/jupyter lab" in told and "Setting up" not in told
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "ready").touch()
    told = subprocess.check_output(command, cwd=tmp_path, env=around, text=True)
    assert "\n.venv/bin/jupyter lab" in told, "where there is a .venv, that is what opens"


def test_tab_completes_loaders_and_of_a_question_only_what_a_reader_asks():
    shell = InteractiveShell()
    assert shell.run_cell("import ilodata as ilo").success

    def completed(code):
        with provisionalcompleter():  # as ipykernel asks for it
            found = shell.Completer.completions(code, len(code))
            return [match.text.rpartition(".")[2] for match in found]

    assert "load_contributions" in completed("ilo.load_contri")
    worked_with = "alt dates few current detailed linked look math pd re tables words"
    for topic in ("charts", "funding", "profiles", "reach", "sources", "timelines"):
        ours = [name for name in completed(f"ilo.{topic}.") if not name.startswith("_")]
        assert ours and all(name.islower() for name in ours), ours
        assert not {*worked_with.split()} & {*ours}, ours


def test_a_kernel_shows_frames_in_our_way_once_ilodata_is_imported():
    code = "import ilodata as ilo; show = get_ipython().display_formatter.format"
    code += "; print(show(ilo.load_projects())[0]['text/html'])"
    done = python("-m", "IPython", "--colors=nocolor", "-c", code)
    assert '<th style="text-align:left">project_id</th>' in done.stdout


@pytest.mark.slow
def test_nbconvert_makes_a_page_of_a_notebook_with_all_its_charts_described(tmp_path):
    path = REPO / "notebooks" / MONEY
    # The template lab of nbconvert 7.17 writes no alternative text of any picture.
    words = ["-m", "nbconvert", "--to", "html", "--template", "classic", "--log-level=WARN"]
    done = python(*words, f"--output-dir={tmp_path}", path)
    [page] = tmp_path.iterdir()
    drawn = re.findall(r'<img alt="([^"]+)"', page.read_text("utf-8"))
    assert len(drawn) == saved_charts(path) > 0 and all("US$" in told for told in drawn)
    assert "lternative text" not in done.stderr, done.stderr
