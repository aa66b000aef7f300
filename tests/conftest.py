"""Copies of the tables to change, a small set of tables, the documents where they are at hand."""

import atexit
import csv
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import hypothesis
import pandas as pd
import pytest

from ilodata import tables, words
from ilodata.evidence import card

REPO = Path(__file__).resolve().parent.parent
DOCUMENTS = Path(os.environ.get("DOCUMENTS") or REPO.parent / "shared" / "documents")

hypothesis.settings.register_profile("here", deadline=None, max_examples=60)
hypothesis.settings.load_profile("here")


# Tests that state figures read the tables of the edition, so that an addition fails in one place
# only; these read the tables as they are.
AS_THEY_ARE = ("test_edition", "test_exporter", "test_notebooks", "test_readme", "test_layout")
AS_THEY_ARE += ("test_package",)


def _unpacked():
    """Unpack the tables of the edition, unless somebody names others."""
    if "ILODATA_DATA" in os.environ:
        return None
    folder = f"{tempfile.mkdtemp()}/data"  # as messages name it
    zipfile.ZipFile(REPO / "tests" / "edition.zip").extractall(folder)
    atexit.register(shutil.rmtree, Path(folder).parent)
    return folder


FROZEN = _unpacked()
MADE = json.loads((REPO / "tests" / "edition.json").read_text("utf-8"))["sha256"]
NEW = tables.data_sha256() != MADE  # than those for which README and notebooks were made


def pytest_terminal_summary(terminalreporter):
    """Say once what was not checked, and why: a line a reason, however many tests it has."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    for why, number in reasons.items():
        terminalreporter.write_line(f"skipped, {words.counted(number, 'test')}: {why}")


def _choose(path):
    if FROZEN and path.stem in AS_THEY_ARE:
        os.environ.pop("ILODATA_DATA", None)
    elif FROZEN:
        os.environ["ILODATA_DATA"] = FROZEN


def pytest_collectstart(collector):
    if isinstance(collector, pytest.Module):
        _choose(collector.path)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    _choose(item.path)
    if FROZEN and NEW and item.path.stem in ("test_notebooks", "test_readme"):
        pytest.skip("the tables are newer: test_edition says how, make edition runs these anew")


def fits(made, kind):
    """Tell whether a dict has the keys that its type names, and no other."""
    return kind.__required_keys__ <= made.keys() <= kind.__annotations__.keys()


def python(*words, cwd=REPO, **variables):
    """Run Python with some words, in a folder, with variables; give its exit code and what it said."""
    command, around = [sys.executable, *map(str, words)], os.environ | variables
    return subprocess.run(command, cwd=cwd, env=around, capture_output=True, text=True)


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Give a copy of ``data/`` that every loader of this process reads."""
    folder = tmp_path / "data"
    shutil.copytree(tables.data_dir(), folder)
    monkeypatch.setenv("ILODATA_DATA", str(folder))
    return folder


@pytest.fixture
def change(data):
    """Change cells of the copy: ``change("places", "china", iso3="CHE")``."""

    def write(table, row_id, **cells):
        path = data / f"{table}.csv"
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        here = frame.iloc[:, 0] == row_id
        assert here.sum() == 1 and {*cells} <= {*frame}, f"{table} has no such cells of {row_id}"
        frame.loc[here, list(cells)] = list(cells.values())
        frame.to_csv(path, index=False, lineterminator="\n")

    return write


def append(folder, table, **cells):
    """Add a row to a table; columns that are not named stay blank."""
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, header, restval="", lineterminator="\n").writerow(cells)


@pytest.fixture
def add(data):
    """Add a row to a table of the copy, as `append` does."""
    return lambda table, **cells: append(data, table, **cells)


@pytest.fixture
def little(data):
    """Give empty tables, and a function that fills them: what a test says is all there is.

    ``little("projects", project_id="wells", label="Wells", period="2019")``
    """
    for table in (each["name"] for each in tables.package()["resources"]):
        header = ",".join(tables.fields(table)) + "\n"
        (data / f"{table}.csv").write_text(header, encoding="utf-8")
    append(data, "documents", document_id="web", title="A web page", kind="web_page", language="en",
           latest_date="2019", text_sha256="0" * 64)  # fmt: skip
    append(data, "documents", document_id="sheet", title="A fact sheet", kind="fact_sheet",
           language="en", latest_date="2022", text_sha256="1" * 64)  # fmt: skip
    for name, of, heading in (("web--a", "web", "About"), ("sheet--o", "sheet", "")):
        append(data, "sections", section_id=name, document_id=of, heading=heading)

    def write(table, **cells):
        if table == "evidence":
            number = len(tables.rows("evidence"))
            cells = {"evidence_id": f"e{number}", "document_id": "web", "section_id": "web--a",
                     "support": "says", "basis": "stated"} | cells  # fmt: skip
        append(data, table, **cells)

    return write


@pytest.fixture(scope="module")
def documents(request, tmp_path_factory):
    """Give the folder of the documents; they are not part of this repository.

    Where tests read the tables of the edition, one that these do not know is left out.
    """
    if not DOCUMENTS.is_dir():
        said = "NOT checked against the documents; name the folder of their texts: DOCUMENTS=dir"
        pytest.skip(said)
    if not FROZEN or request.path.stem in AS_THEY_ARE:
        return DOCUMENTS
    folder, known = tmp_path_factory.mktemp("documents"), Path(FROZEN, "documents.csv").read_text()
    for file in DOCUMENTS.iterdir():
        if hashlib.sha256(file.read_bytes()).hexdigest() in known:
            shutil.copy(file, folder)
    return folder


@pytest.fixture(scope="module")
def documents_read(documents):
    """Give the rows of the tables, and the text of each section."""
    from ilodata.curation import check
    from ilodata.curation.documents import cut, find

    data = check.load()[0]
    texts = find(documents, list(data["documents"].values()))
    return data, cut(texts, list(data["sections"].values()))[0]


@pytest.fixture(scope="session")
def standards():
    """Give the environment of `make standards`: validators that cannot live in ours."""
    named = os.environ.get("ILODATA_STANDARDS")
    folder = Path(named or REPO / ".venv" / "standards")
    if not (folder / "ready").is_file():
        message = f"{folder} is not there, so this was NOT checked; run make standards"
        pytest.fail(message) if named else pytest.skip(message)
    return folder


@pytest.fixture
def well_said():
    """Hold findings to their number, to good English and to proof; return them as plain sentences.

    A page has one headline, at most one standfirst, three to five findings and two caveats.
    """

    def check(findings, least=3):
        kinds = list(findings.kind)
        assert kinds.count("headline") == 1 and kinds.count("standfirst") <= 1, kinds
        assert least <= kinds.count("finding") <= 5 and kinds.count("caveat") <= 2, kinds
        for text in findings.text:
            said = words.plain(text)
            assert re.match(r"[A-Z0-9“]", said) and said[-1] in ".?”" or "headline" in kinds, said
            assert not re.search(r"\b(nan|NaN|NaT|None(?! of)|<NA>|inf|1 [a-z]+s)\b", said), said
            assert not re.search(r"\b[Oo]ne \w+ (are|have)\b|\b1 (is|are|\w+s) ", said), said
            assert not re.search(r"\b([2-9]|\d\d+|[Nn]o) \w+s (is|has)\b", said), said
            assert not re.search(r"\[\[|\]\]|\|", said), f"{said!r} is linked badly"
            for link in words.links(text):
                proof = card(link.of, link.how)
                assert proof["quotes"] or proof["parts"], f"{link.shown!r} rests on no words"
        return [words.plain(text) for text in findings.text]

    return check


ARGUMENTS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
ARGUMENTS += "--disable-background-networking --disable-component-update"


@pytest.fixture(scope="module")
def browser():
    """Give an opened Chromium; skip what needs one, or fail where one is required."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium or not importlib.util.find_spec("playwright"):
        said = "chromium or playwright is not installed: the pages were NOT tried in a browser"
        required = os.environ.get("ILODATA_BROWSER") == "required"
        pytest.fail(said) if required else pytest.skip(said)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium, args=ARGUMENTS.split())
        yield opened
        opened.close()
