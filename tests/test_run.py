"""A list is built through papermill: pages, index, manifest; a failure costs only itself."""

import json
import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from lxml import html
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from ilodata.reports import keys, lists, run
from ilodata.tables import DataError

FINDINGS = """\
import os, sys
from IPython.display import HTML
print("a warning about", os.getcwd(), file=sys.stderr)
said = f"{title} since {start!r}; {os.environ['TZ']}, {os.environ['PYTHONHASHSEED']}"
row = f"<tr><td>{said}</td><td>Only a trial.</td></tr>"
HTML(f"<table><thead><tr><th>finding</th><th>caveat</th></tr></thead><tbody>{row}</tbody></table>")
"""
CHART = """\
from IPython.display import display
spec = {"title": "Years", "description": "One year.", "data": {"values": [{"year": "2012"}]},
        "mark": "tick", "encoding": {"x": {"field": "year", "type": "temporal"}}}
mime = "application/vnd.vegalite.v5+json"
display({mime: spec, "image/svg+xml": "<svg/>", "text/plain": "One year."}, raw=True)
"""
FAILS = """\
def check(place):
    raise ValueError(f"<b>{place}</b> is no place of the tables; did you mean Cambodia?")
check(place)"""
LIST = """\
reports:
- name: paid
  title: Who paid?
  notebook: notebooks/paid.ipynb
  parameters: {start: 2012, title: <i>Money</i>}
- name: reached
  title: Whom did it reach?
  notebook: notebooks/reached.ipynb
  parameters: {place: Combodia}
- name: later
  title: What comes later?
  notebook: notebooks/paid.ipynb
"""
TABLES = {
    "documents": "document_id,title,kind,language,latest_date,text_sha256\n"
    "sheet,China and the ILO,fact_sheet,en,2022,ab12\n",
    "sections": "section_id,heading\ntop,Top\n",
    "evidence": "evidence_id,record,field,document_id,section_id,fragment,support,basis,note\n",
    "conflicts": "conflict_id,what,treatment\nmous,Three or four.,Four.\n",
    "conflict_records": "id,conflict_id,record\n",
}


def tagged(tag, source):
    return new_code_cell(source, metadata={"tags": [tag]})


def project(root):
    """Write a project of two notebooks, one of which fails, a list and tiny tables."""
    for folder in ("notebooks", "reports", "data/reference"):
        (root / folder).mkdir(parents=True)
    paid = [
        new_markdown_cell("# Who paid?"),
        tagged("parameters", 'start: str = "1985"  # first year\ntitle: str = "Paid"'),
        tagged("findings", FINDINGS),
        new_code_cell(CHART),
    ]
    reached = [
        tagged("parameters", 'place: str = "China"'),
        new_code_cell("place"),
        new_code_cell(FAILS),
        new_code_cell("1 / 0"),
    ]
    for name, cells in (("paid", paid), ("reached", reached)):
        nbformat.write(new_notebook(cells=cells), root / "notebooks" / f"{name}.ipynb")
    (root / "reports" / "default.yaml").write_text(LIST)
    resources = []
    for name, text in TABLES.items():
        (root / "data" / f"{name}.csv").write_text(text)
        fields = [
            {"name": field, "type": "string", "description": "", "role": "fact"}
            for field in text.splitlines()[0].split(",")
        ]
        described = {"name": name, "title": name, "description": "", "path": f"{name}.csv"}
        resources.append(described | {"schema": {"fields": fields}})
    package = {"title": "Facts", "version": "1.0.0", "description": "", "contributors": []}
    described = json.dumps(package | {"licenses": [], "resources": resources})
    (root / "data" / "datapackage.json").write_text(described)
    (root / "data" / "reference" / "datapackage.json").write_text('{"resources": []}')
    return root


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build two of three reports twice, from two folders; a page of another list is there."""
    folders, codes = [], []
    for name, zone, locale, seed in (
        ("here", "Asia/Shanghai", "C", "1"),
        ("somewhere-else", "America/Lima", "C.UTF-8", "2"),
    ):
        root = project(tmp_path_factory.mktemp(name) / "project")
        out = root / "reports" / "html"
        out.mkdir()
        (out / "other.html").write_text("of another list")
        around = {"ILODATA_DATA": str(root / "data"), "HOME": str(root), "PYTHONUTF8": "1"}
        around |= {"TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-m", "ilodata.cli", "build", "--only=paid", "--only=reached"]
        command += [str(root / "reports" / "default.yaml"), f"--out={out}"]
        done = subprocess.run(
            command, env=os.environ | around, cwd=root, capture_output=True, text=True
        )
        folders.append(out)
        codes.append(done.returncode)
    return folders, codes, done.stderr, done.stdout


def said(path):
    root = html.document_fromstring(path.read_text(encoding="utf-8"))
    return " ".join(" ".join(root.xpath(".//text()[not(parent::style)]")).split())


def test_a_failing_report_leaves_the_other_built_and_the_exit_code_says_so(built):
    (out, last), codes, errors, printed = built
    assert codes == [1, 1]
    message = "ValueError: <b>Combodia</b> is no place of the tables; did you mean Cambodia?"
    assert sorted(errors.splitlines()) == [  # they end in any order
        f"failed: reached, code cell 3: {message}",
        "paid wrote to stderr (see manifest.json; not in its page)",
    ]
    assert printed == f"new: paid\n1 of 3 reports stand in {last / 'index.html'}\n"
    finding = "Money since '2012'; UTC, 0 Caveat: Only a trial."
    assert finding in said(out / "paid.html")
    records = json.loads((out / "manifest.json").read_text())["reports"]
    assert {name: record["status"] for name, record in records.items()} == {
        "paid": "built",
        "reached": "failed",
    }


def test_a_failure_is_shown_with_its_cell_and_error_on_its_page_and_on_the_index(built):
    out = built[0][0]
    message = "ValueError: <b>Combodia</b> is no place of the tables; did you mean Cambodia?"
    page, index = said(out / "reached.html"), said(out / "index.html")
    assert f"This report failed in code cell 3 {message}" in page
    assert f"Stopped in code cell 3: {message}" in index
    assert "check(place)" in page and "check(place)" in index
    assert "\x1b" not in page and "ZeroDivisionError" not in page


def test_the_index_tells_what_is_built_what_failed_and_what_is_not_built(built):
    index = built[0][0] / "index.html"
    root = html.document_fromstring(index.read_text(encoding="utf-8"))
    links = root.xpath("//h3/a/@href")
    assert links == ["reached.html", "paid.html"]
    waiting = "Not built yet with these data and parameters: ilodata build reports/default.yaml"
    assert f"What comes later? {waiting} --only later" in said(index)
    assert "China and the ILO (fact sheet) 2022" in said(index)


def test_builds_in_two_folders_homes_time_zones_locales_and_hash_seeds_give_the_same_bytes(built):
    here, there = built[0]
    names = sorted(path.name for path in here.glob("*.html"))
    assert names == ["codebook.html", "index.html", "other.html", "paid.html", "reached.html"]
    names.append(next(here.glob("charts-*.js")).name)
    for name in names:
        assert (here / name).read_bytes() == (there / name).read_bytes()


def test_pages_hold_nothing_that_varies_and_nothing_half_written_is_left(built):
    out = built[0][0]
    for page in out.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert str(out.parents[2]) not in text and "a warning about /" not in text
        assert not re.search(r"/tmp/|ipykernel_\d|0x[0-9a-f]{6}", text)
    lock, script, manifest = sorted(path.name for path in out.iterdir() if path.suffix != ".html")
    assert re.fullmatch(r"charts-[0-9a-f]{12}\.js", script)
    assert (lock, manifest) == (".lock", "manifest.json")
    assert (out / "other.html").read_text() == "of another list"
    record = json.loads((out / "manifest.json").read_text())["reports"]["paid"]
    assert record["stderr"].startswith("a warning about")
    assert (
        record["seconds"]["run"] > 0
        and record["peak_mb"] > 0
        and record["built_at"].endswith("+00:00")
    )


def test_a_page_that_no_longer_fits_the_list_counts_as_not_built(built, tmp_path, monkeypatch):
    root = tmp_path / "copy"
    shutil.copytree(built[0][0].parents[1], root)
    monkeypatch.setenv("ILODATA_DATA", str(root / "data"))
    listed, out = root / "reports" / "default.yaml", root / "reports" / "html"
    around, manifest = keys.surroundings("reports/default.yaml", False), keys.manifest_of(out)

    def reasons():
        known = manifest["reports"]
        return [
            keys.why(r, known.get(r["name"], {}), around, root, out)
            for r in lists.read_list(listed)
        ]

    assert reasons() == ["", "it failed", "not built yet"]
    (out / "paid.html").write_text("cut")
    assert reasons()[0] == "its page is missing or was changed"
    listed.write_text(LIST.replace("2012", "2013"))
    assert reasons()[0] == "changed: parameters"
    (root / "data" / "sections.csv").write_text("section_id,heading\ntop,Head\n")
    assert reasons()[0] == "changed: parameters, data/sections.csv"
    (out / "manifest.json").write_text("{")
    assert keys.manifest_of(out) == {"reports": {}}


def test_a_build_tells_which_pages_are_new_changed_or_as_they_were():
    assert [run._since(*pair) for pair in ((None, "a"), ("a", "b"), ("a", "a"))] == [
        *("new", "changed", "unchanged")
    ]


def test_a_wrong_list_or_name_stops_before_anything_runs(tmp_path, monkeypatch):
    root = project(tmp_path / "project")
    monkeypatch.setenv("ILODATA_DATA", str(root / "data"))
    listed, out = root / "reports" / "default.yaml", tmp_path / "html"
    with pytest.raises(DataError, match=r"^no report is named payed; did you mean paid\?$"):
        run.build(listed, ["payed"], out)
    listed.write_text(LIST.replace("start: 2012", "strat: 2012"))
    with pytest.raises(DataError, match=r"parameter strat: .* did you mean start\?$"):
        run.build(listed, out=out)
    assert not out.exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    root = project(tmp_path / "project")
    monkeypatch.setenv("ILODATA_DATA", str(root / "data"))
    (tmp_path / "html").write_text("a file in the way")
    with pytest.raises(DataError, match="html: cannot be written: File exists"):
        run.build(root / "reports" / "default.yaml", out=tmp_path / "html")


def test_what_is_primed_before_the_forks_is_what_a_report_needs(tmp_path):
    # In a process of its own, which has loaded nothing yet.
    code = """
import sys
from pathlib import Path
from ilodata.reports import keys, lists, pages, run
make = {"root": lists.project_of(sys.argv[1]), "engine": "fast", "keep": False}
make |= {"around": keys.surroundings("reports/default.yaml", False), "scratch": Path(sys.argv[2])}
make["context"] = pages.context_of_data("reports/default.yaml")
make["context"]["charts"] = {"name": pages.script_name(), "text": ""}
report = lists.read_list(sys.argv[1])[0]
run._prime([report] * 3, make)
primed = set(sys.modules)
run._print_to = lambda path: None
answer = run._built(report, lambda at: None, make)
print(answer["record"]["status"], sorted(set(sys.modules) - primed))
"""
    listed = lists.project_of("reports/default.yaml") / "reports" / "default.yaml"
    run_ = [sys.executable, "-c", code, str(listed), str(tmp_path)]
    done = subprocess.run(run_, capture_output=True, text=True)
    assert done.stdout == "built []\n", done.stderr


KILLED = """\
from pathlib import Path
import os, signal
once = Path(folder) / "once"
if name == "always" or not once.exists():
    once.write_text("")
    os.kill(os.getpid(), signal.SIGKILL)"""


DIES = """\
import os, pathlib, signal, sys
once = pathlib.Path(os.environ["ONCE"])
if "ipykernel_launcher" in sys.orig_argv and not once.exists():
    once.touch()
    os.kill(os.getpid(), signal.SIGKILL)"""


def test_a_kernel_that_is_killed_while_it_starts_is_tried_once_more(tmp_path):
    root = project(tmp_path / "project")
    cells = [tagged("parameters", "n: int = 0"), new_code_cell("n")]
    nbformat.write(new_notebook(cells=cells), root / "notebooks" / "plain.ipynb")
    report = {"name": "plain", "title": "Plain", "notebook": "notebooks/plain.ipynb"}
    (root / "reports" / "plain.yaml").write_text(json.dumps({"reports": [report]}))
    (tmp_path / "sitecustomize.py").write_text(DIES)
    command = [sys.executable, "-m", "ilodata.cli", "build", str(root / "reports" / "plain.yaml")]
    command += [f"--out={tmp_path / 'out'}", "--engine=kernel"]
    around = {"ILODATA_DATA": str(root / "data"), "ONCE": str(tmp_path / "once")}
    around["PYTHONPATH"] = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(command, env=os.environ | around, capture_output=True, text=True)
    assert (done.stderr, done.returncode) == ("", 0)
    assert (tmp_path / "once").exists()


@pytest.mark.parametrize("engine", run.ENGINES)
def test_what_is_killed_is_tried_once_more_and_told_apart_from_a_failed_cell(tmp_path, engine):
    root = project(tmp_path / "project")
    cells = [tagged("parameters", 'folder: str = ""\nname: str = ""'), new_code_cell("name")]
    cells.append(new_code_cell(KILLED))
    nbformat.write(new_notebook(cells=cells), root / "notebooks" / "killed.ipynb")
    reports = [
        {"name": name, "title": name, "notebook": "notebooks/killed.ipynb",
         "parameters": {"folder": str(tmp_path), "name": name}}
        for name in ("once", "always")
    ]  # fmt: skip
    (root / "reports" / "killed.yaml").write_text(json.dumps({"reports": reports}))
    out = tmp_path / "out"
    command = [sys.executable, "-m", "ilodata.cli", "build", str(root / "reports" / "killed.yaml")]
    command += [f"--out={out}", f"--engine={engine}", "--workers=1"]
    data = os.environ | {"ILODATA_DATA": str(root / "data")}
    done = subprocess.run(command, env=data, capture_output=True, text=True)
    told = "its process was ended twice, the second time at code cell 3 (ended by SIGKILL)"
    assert done.stderr == f"failed: always, its run: {told}\n" and done.returncode == 1
    records = keys.manifest_of(out)["reports"]
    assert [records[name]["status"] for name in ("once", "always")] == ["built", "failed"]
