"""A list is built in two stages; a failure costs only itself, no report sees another."""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from conftest import fits, python
from ilodata.problems import DataError
from ilodata.reports import lists, page, run, stages
from ilodata.reports.records import Failure, Manifest, Record

SLEEP = str(10_000_000 + os.getpid())  # seconds that no other run of these tests sleeps
ONCE = """import os, pathlib, signal
once = pathlib.Path(os.environ['ONCE'])
if not once.exists():
    once.touch()
    os.kill(os.{}(), signal.SIGKILL)"""
# The server dies when it has forked its second process, before it tells the build of that.
KILLED_AT_A_FORK = f"""import os, sys
forks = []
def end():
    forks.append(1)
    if len(forks) == 2:
{textwrap.indent(ONCE.format("getpid"), " " * 8)}
if "forkserver" in " ".join(sys.orig_argv):
    os.register_at_fork(after_in_parent=end)
"""
CELLS = {
    "paid": [
        "import ilodata as ilo\nimport sys\nprint('careful', file=sys.stderr)",
        """import pandas as pd
rows = {"kind": ["headline", "finding"], "value": [None, 7],
        "text": [f"Money since {start}", "It came from seven."]}
ilo.show(pd.DataFrame(rows), layout="findings")""",
    ],
    "reached": [
        "where",
        "def check(where):\n    raise ValueError(f'<b>{where}</b> is not a place')\ncheck(where)",
        "1 / 0",
    ],
    "dies": ["import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"],
    "hangs": [
        f"""import subprocess, time
leader = subprocess.Popen(['sleep', '60'], process_group=0)
subprocess.Popen(['sleep', '{SLEEP}'], process_group=leader.pid)
leader.kill()
leader.wait()  # its group goes on without it
subprocess.Popen(['sleep', '{SLEEP}'], start_new_session=True)
subprocess.Popen(['sleep', '{SLEEP}'])
time.sleep(3600)"""
    ],
    "prints": ["for _ in range(1_000):\n    print('x' * 1_000_000)"],
    "once": [ONCE.format("getpid")],
    "server": [ONCE.format("getppid")],
    # It leaves traces in modules, the environment, the folder and pandas, if it can.
    "traces": [
        """import os
import pandas as pd
import ilodata as ilo
seen = [getattr(ilo, "trace", "none"), os.environ.get("TRACE", "none"), pd.options.display.width]
ilo.trace = os.environ["TRACE"] = f"left by {where}"
pd.options.display.width = 100
print(*seen, os.path.basename(os.getcwd()), "of", where)
os.chdir("/")""",
        "ilo.show(ilo.load_contributions().reset_index().head(int(where)))",
    ],
}
LIST = """\
reports:
- {name: paid, title: Who paid?, notebook: notebooks/paid.ipynb, parameters: {start: 2012}}
- {name: reached, title: Whom?, notebook: notebooks/reached.ipynb, parameters: {where: Combodia}}
- {name: later, title: What later?, notebook: notebooks/paid.ipynb}
retired: {was-paid: paid}
"""


def project(root, text=LIST):
    """Write a project of small notebooks and a list."""
    for folder in ("notebooks", "reports"):
        (root / folder).mkdir(parents=True)
    declared = 'start: str = "1985"  # first year\nwhere: str = "China"'
    first = new_code_cell(declared, metadata={"tags": ["parameters"]})
    for name, sources in CELLS.items():
        cells = [new_markdown_cell(f"# Who {name}?"), first, *map(new_code_cell, sources)]
        nbformat.write(new_notebook(cells=cells), root / "notebooks" / f"{name}.ipynb")
    (root / "reports" / "a.yaml").write_text(text)
    return root / "reports" / "a.yaml"


def listing(*names, **grid):
    reports = [{"name": n, "title": n, "notebook": f"notebooks/{n}.ipynb"} for n in names]
    for it in reports if grid else ():
        it |= {"name": f"{it['name']}-{{where}}", "title": it["name"] + " {where}", "grid": grid}
    return json.dumps({"reports": reports})


def command(*words):
    return [sys.executable, "-P", "-m", "ilodata.cli", "build", *map(str, words)]


def build(*words, **around):
    done = python(*command(*words)[1:], **around)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build two of three reports twice, from two folders; a page of another list is there."""
    found = []
    for name, *around in (
        ("here", "Asia/Shanghai", "1", "C"),
        ("there", "America/Lima", "2", "C.UTF-8"),
    ):
        root = tmp_path_factory.mktemp(name) / "project"
        listed, out, home = project(root), root / "reports" / "html", root / ".ipython"
        out.mkdir()
        (out / "other.html").write_text("of another list")
        start = home / "profile_default" / "startup"
        start.mkdir(parents=True)
        (start / "a.py").write_text("raise SystemExit('of its user')")
        around = dict(zip(("TZ", "PYTHONHASHSEED", "LC_ALL"), around, strict=True))
        around |= {"HOME": str(root), "IPYTHONDIR": str(home)}
        done = build("--only=paid", "--only=reached", listed, f"--out={out}", **around)
        assert not list(home.rglob("*.sqlite*")), "a report leaves its user no history"
        found.append((out, *done))
    return found


def test_a_failure_is_told_in_terminal_page_and_index_and_leaves_the_other_report_built(built):
    out, code, said, errors = built[0]
    where = "cell 4 (def check(where):)"
    assert errors == f"failed: reached, {where}: ValueError: <b>Combodia</b> is not a place\n"
    end = re.fullmatch(r"1 of 3 reports stand, 2 built now; [\d.]+ s: (file:///.*)\n", said)
    assert code == 1 and end[1] == (out / "index.html").resolve().as_uri()
    for name in ("reached.html", "index.html"):
        text = (out / name).read_text()
        assert "cell 4" in text and "&lt;b&gt;Combodia&lt;/b&gt; is not a place" in text
        assert "ZeroDivisionError" not in text and "\x1b" not in text
    assert "Money since 2012" in (out / "paid.html").read_text()
    assert "<dt>where</dt><dd>Combodia</dd>" in (out / "reached.html").read_text(), "how it was set"
    assert 'href="paid.html"' in (out / "was-paid.html").read_text(), "a retired address leads on"


def test_builds_in_two_folders_homes_time_zones_locales_and_hash_seeds_give_the_same_bytes(built):
    here, there = (out for out, *_ in built)
    names = ["codebook", "index", "other", "paid", "reached", "was-paid"]
    assert sorted(path.stem for path in here.glob("*.html")) == names
    for name in [*(f"{name}.html" for name in names), "results.csv"]:
        text = (here / name).read_text()
        assert text == (there / name).read_text(), name
        assert not re.search(rf"{here.parents[2]}|/tmp/|ipykernel_\d|0x[0-9a-f]{{6}}", text), name
    assert (here / "other.html").read_text() == "of another list"


def test_what_varies_stands_in_the_manifest_and_nothing_half_written_is_left(built):
    out = built[0][0]
    beside = {path.name for path in out.iterdir() if path.suffix != ".html"}
    assert beside == {".lock", ".runs", "manifest.json", "results.csv"}
    assert {path.suffix for path in (out / ".runs").iterdir()} == {".json"}
    paid, reached = (run.record_of(out / ".runs" / f"{it}.json") for it in ("paid", "reached"))
    assert fits(paid, Record) and fits(reached, Record) and fits(reached["error"], Failure)
    manifest = json.loads((out / "manifest.json").read_text())
    assert fits(manifest, Manifest)
    record = manifest["reports"]["paid"]
    assert record["seconds"]["run"] > 0 and record["peak_mb"] > 0
    assert record["built_at"].endswith("+00:00")
    with (out / "results.csv").open() as file:
        headline, finding = csv.DictReader(file)
    assert (headline["report"], headline["kind"]) == ("paid", "headline")
    assert (finding["text"], finding["value"]) == ("It came from seven.", "7")
    assert json.loads(finding["parameters"]) == {"start": "2012"}


def test_what_no_longer_fits_would_be_built_again_and_why_is_said(
    built, data, tmp_path, monkeypatch, capsys
):
    root = shutil.copytree(built[0][0].parents[1], tmp_path / "copy")
    listed, out = root / "reports" / "a.yaml", root / "reports" / "html"

    def due():
        assert run.build(listed, out=out, dry_run=True) == 0
        return capsys.readouterr().out.splitlines()

    others = ["reached: it failed", "later: not built yet"]
    assert due() == [*others, "2 of 3 reports would run"]
    (out / "paid.html").write_text("cut")
    assert due()[0] == "paid: its page is missing or was changed"
    for file, old, new, changed in (
        (listed, "2012", "2013", "parameters"),
        (listed, "Who paid?", "Who gave?", "list"),
        (root / "notebooks" / "paid.ipynb", "careful", "careless", "notebook"),
        (data / "places.csv", "Cambodia", "Kampuchea", "data"),
        (data / "datapackage.json", '"title": ', '"title":  ', "code"),
    ):
        before = file.read_text()
        file.write_text(before.replace(old, new))
        assert due()[0] == f"paid: changed: {changed}", file
        file.write_text(before)
    monkeypatch.setattr(run, "VERSIONS", ("pandas",))
    assert due()[0] == "paid: changed: versions"
    (out / ".runs" / "paid.json").write_text("{")
    assert due()[0] == "paid: not built yet"


def test_the_command_loads_no_papermill_and_writes_nothing_where_nothing_is_to_do(tmp_path):
    listed, out = project(tmp_path / "project", listing("traces", where=["1"])), tmp_path / "out"
    code = f"""import sys
from ilodata.reports.run import build
print(build({str(listed)!r}, out={str(out)!r}))
print([m for m in ('papermill', 'pandas', 'altair', 'nbformat') if m in sys.modules])"""
    stood = []
    for number in (1, 0):
        done = python("-c", code)
        first, ended, loaded = done.stdout.splitlines()
        assert (ended, loaded) == ("0", "[]"), done.stderr
        assert first.startswith(f"1 of 1 reports stand, {number} built now; ")
        stood.append({path: path.stat().st_mtime_ns for path in out.rglob("*")})
    assert stood[0] == stood[1]


def test_a_wrong_list_name_or_value_stops_before_anything_runs(tmp_path):
    listed, out = project(tmp_path / "project"), tmp_path / "html"
    with pytest.raises(DataError, match=r"^no report is named payed; did you mean paid\?$"):
        run.build(listed, ["payed"], out)
    (tmp_path / "taken").write_text("a file in the way")
    with pytest.raises(DataError, match="taken: cannot be written: File exists"):
        run.build(listed, out=tmp_path / "taken")
    listed.write_text(LIST.replace("start: 2012", "strat: 2012"))
    with pytest.raises(DataError, match=r"parameter strat: unknown; did you mean start\?$"):
        run.build(listed, out=out)
    assert not list(out.glob(".runs/*.json"))


def test_a_list_without_a_report_is_an_index_alone(tmp_path):
    listed, out = project(tmp_path / "project", listing()), tmp_path / "html"
    code, told, wrong = build(listed, f"--out={out}")
    assert (code, wrong) == (0, "") and told.startswith("0 of 0 reports stand, 0 built now; ")
    assert (out / "index.html").is_file()


def test_a_second_build_into_a_folder_is_told_to_wait_and_parts_are_cleared_away(tmp_path):
    (tmp_path / ".runs").mkdir()
    for name in (".index.html.123.part", ".runs/.a.json.123.part", ".runs/a.ipynb"):
        (tmp_path / name).write_text("half")
    with run.locked(tmp_path):
        assert {path.name for path in tmp_path.rglob("*")} == {".lock", ".runs"}
        with pytest.raises(DataError, match="another build is writing here"):
            run.locked(tmp_path).__enter__()


@pytest.mark.slow
def test_orders_workers_and_repeats_give_the_same_bytes(tmp_path):
    listed = project(tmp_path / "project", listing("traces", where=["1", "2", "3", "4"]))

    def pages(name, *more):
        code, _, errors = build(listed, f"--out={tmp_path / name}", *more)
        assert code == 0, errors
        return {it.name: it.read_text() for it in (tmp_path / name).glob("traces-*.html")}

    right = pages("one", "--workers=1")
    assert len(right) == 4
    for name, text in right.items():
        assert f"none none 200 notebooks of {name[7]}" in text, "it sees nothing of another"
    assert pages("three", "--workers=3") == right
    assert pages("three", "--workers=2", "--force") == right


def test_a_page_whose_worker_is_killed_at_its_end_can_be_made_again(tmp_path):
    listed = project(tmp_path / "project", listing("paid"))
    reports, retired = lists.entries(listed)
    [report] = lists.checked(reports, listed)
    build_ = run.Build(listed, [report], retired, tmp_path, run.shared_inputs([report], {}, listed))
    build_.file(report, "ipynb").parent.mkdir()
    nbformat.write(new_notebook(), build_.file(report, "ipynb"))
    of, ran = page.context([report], "a.yaml"), {"error": None, "seconds": 1}
    once, again = (stages.write_page(report, ran, build_, of) for _ in "12")
    assert once["sha256"] == again["sha256"] and once["status"] == again["status"] == "built"


def sleeping():
    done = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True)
    return done.stdout.count(f"sleep {SLEEP}")


@pytest.mark.slow
def test_where_the_server_is_killed_that_reports_are_forked_from_another_one_is_started(tmp_path):
    listed = project(tmp_path / "project", listing("server", "paid"))
    code, _, errors = build(listed, f"--out={tmp_path / 'out'}", ONCE=str(tmp_path / "once"))
    assert (tmp_path / "once").exists() and (code, errors) == (0, "")


@pytest.mark.slow
def test_where_the_server_is_killed_while_it_forks_no_job_is_lost(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(KILLED_AT_A_FORK)
    listed = project(tmp_path / "project", listing("paid"))
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    how = f"--out={tmp_path / 'out'}", "--timeout=600"  # else it would wait for ever
    code, _, errors = build(listed, *how, ONCE=str(tmp_path / "once"), PYTHONPATH=path)
    assert (tmp_path / "once").exists() and (code, errors) == (0, "")


@pytest.mark.slow
def test_what_is_killed_is_tried_once_more_and_what_hangs_ends_with_all_it_has_started(tmp_path):
    listed, out = project(tmp_path / "project", listing("dies", "once", "hangs")), tmp_path / "out"
    how = f"--out={out}", "--keep-notebooks", "--timeout=40"
    code, _, errors = build(listed, *how, ONCE=str(tmp_path / "once"))
    dies, hangs = sorted(errors.splitlines())
    said = "its process was ended twice, the second time at cell 3 (import os, signal)"
    assert (code, dies) == (1, f"failed: dies, its run: {said}")
    # A machine that is very busy may not have come to the cell.
    said = r"failed: hangs, its run: still at work after 40 seconds, at (cell 3 .*|its run)"
    assert re.fullmatch(said, hangs) and sleeping() == 0
    assert json.loads((out / ".runs" / "once.json").read_text())["status"] == "built"
    assert [path.name for path in (out / "notebooks").iterdir()] == ["once.ipynb"]


def test_a_kept_notebook_has_what_jupyterlab_shows_and_its_page_is_the_same(built, tmp_path):
    listed, out = project(tmp_path / "project"), tmp_path / "out"
    assert build("--only=paid", listed, f"--out={out}", "--keep-notebooks")[0] == 0
    assert (out / "paid.html").read_bytes() == (built[0][0] / "paid.html").read_bytes()
    shown = nbformat.read(out / "notebooks" / "paid.ipynb", 4).cells[-1].outputs[0].data
    assert "It came from seven." in shown["text/html"]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_a_build_that_is_ended_ends_all_that_its_notebooks_began(tmp_path, sent):
    listed = project(tmp_path / "project", listing("hangs"))
    words = command(listed, f"--out={tmp_path / 'out'}")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's "&" ignores it
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, start_new_session=True)
    signal.signal(signal.SIGINT, before)
    wait_for(lambda: sleeping() == 3)
    os.killpg(process.pid, sent)
    errors = process.communicate(timeout=120)[1]  # a second on a quiet machine: see faults.py
    if sent == signal.SIGINT:
        assert (process.returncode, errors) == (130, "Stopped. What was finished is kept.\n")
    wait_for(lambda: sleeping() == 0)


def wait_for(condition):
    until = time.monotonic() + 600  # on a machine that others use, too
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)
