"""A copy of the tables to change, the documents where they are at hand, and good English."""

import csv
import json
import os
import re
import shutil
from collections import Counter
from pathlib import Path

import hypothesis
import papermill  # noqa: F401, first, since it loads our engine itself
import pytest

REPO = Path(__file__).resolve().parent.parent
DOCUMENTS = REPO.parent / "shared" / "documents"

hypothesis.settings.register_profile("here", deadline=None, max_examples=60)
hypothesis.settings.load_profile("here")


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Give a copy of ``data/`` that every loader of this process reads."""
    folder = tmp_path / "data"
    shutil.copytree(REPO / "data", folder)
    monkeypatch.setenv("ILODATA_DATA", str(folder))
    return folder


@pytest.fixture
def change(data):
    """Change cells of the copy: ``change("places", "china", iso3="CHE")``."""

    def write(table, row_id, **cells):
        path = data / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        found = [row for row in rows if row[0] == row_id]
        assert len(found) == 1, f"{table} has {len(found)} rows {row_id}"
        for column, value in cells.items():
            found[0][header.index(column)] = value
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])

    return write


@pytest.fixture
def add(data):
    """Add a row to a table of the copy; columns that are not named stay blank."""

    def write(table, **cells):
        path = data / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.DictWriter(file, header, restval="", lineterminator="\n").writerow(cells)

    return write


@pytest.fixture(scope="session")
def documents():
    """Give the folder of the documents; they are not part of this repository."""
    if not DOCUMENTS.is_dir():
        pytest.skip("the documents are not in ../shared/documents")
    return DOCUMENTS


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
    """Hold findings to good English: capital, full stop, number; return the sentences."""

    def check(findings):
        for said in [*findings.finding, *findings.caveat]:
            assert re.match(r"[A-Z0-9]", said) and said.endswith("."), said
            assert not re.search(r"\b(nan|NaN|NaT|None(?! of)|<NA>|inf|1 [a-z]+s)\b", said), said
            assert not re.search(r"\b[Oo]ne \w+ (are|have)\b|\b1 (is|are|\w+s) ", said), said
            assert not re.search(r"\b([2-9]|\d\d+|[Nn]o) \w+s (is|has)\b", said), said
        return list(findings.finding)

    return check


NOTHING = "Nothing is stated for this choice."


def _without_rows(spec):
    """Leave out of a chart what Altair and we hold differently: its rows, and where they are."""
    if isinstance(spec, dict):
        left_out = ("$schema", "data", "datasets")
        return {key: _without_rows(it) for key, it in spec.items() if key not in left_out}
    return [_without_rows(each) for each in spec] if isinstance(spec, list) else spec


@pytest.fixture
def drawn_well():
    """Hold a chart function to what every chart owes its reader; return what it draws.

    ``draw(frame)`` must say ``words`` in its description, draw the same twice, ask no network,
    and draw an empty frame as words.
    """

    def check(draw, frame, words):
        spec = draw(frame.copy()).to_dict()  # altair validates it against the schema
        assert len(spec["title"]) > 20 and spec["description"].endswith(".")
        assert words in spec["description"]
        assert not re.search(r"\b(nan|NaN|None|<NA>|NaT|inf)\b", spec["description"])
        first = draw(frame.copy())._repr_mimebundle_()
        assert set(first) == {"application/vnd.vegalite.v5+json", "image/svg+xml", "text/plain"}
        empty = draw(frame.iloc[:0])
        assert empty.to_dict()["title"] == spec["title"]
        assert empty._repr_mimebundle_()["text/plain"] == NOTHING
        assert NOTHING in empty._repr_mimebundle_()["image/svg+xml"]  # ids would count up
        assert first == draw(frame.copy())._repr_mimebundle_()
        given = {
            k: v for k, v in first["application/vnd.vegalite.v5+json"].items() if k != "$schema"
        }
        assert _without_rows(given) == _without_rows(spec)  # what is shown is what was checked
        svg = re.sub(r'xmlns(:\w+)?="[^"]*"', "", first["image/svg+xml"])
        assert "://" not in json.dumps(given) and "://" not in svg
        assert "NaN" not in svg and "Infinity" not in svg
        assert all(re.fullmatch(r"part-\d+", name) for name in re.findall(r'id="([^"]+)"', svg))
        return first

    return check


@pytest.fixture
def marks():
    """Count what a chart really draws, by the roles that the picture gives its marks."""

    def count(chart):
        svg = chart._repr_mimebundle_()["image/svg+xml"]
        return Counter(re.findall(r'aria-roledescription="(bar|tick|point)"', svg))

    return count


ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]


def missing(what):
    said = f"{what}: the pages were NOT tried in a browser"
    if os.environ.get("ILODATA_BROWSER") == "required":
        pytest.fail(said)
    pytest.skip(said)


@pytest.fixture(scope="module")
def browser():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        missing("chromium is not installed")
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()
