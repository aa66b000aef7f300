"""The house is as DESIGN has it: tables keep their columns, no text leaks in, the core is light.

That imports only look down is held by import-linter (pyproject.toml), in the same test command.
"""

import json
import re
import subprocess
import zipfile
from contextlib import suppress

import edition
import pytest

from conftest import REPO, python
from ilodata import tables


def test_no_table_or_column_of_the_edition_is_gone_and_ids_are_readable_and_first():
    """Other tools rely on the names; ``tests/edition.py --freeze`` accepts a change of them."""
    described = {resource["name"] for resource in tables.package()["resources"]}
    assert {path.stem for path in (REPO / "data").glob("*.csv")} == described
    frozen = json.loads(zipfile.ZipFile(edition.FROZEN).read("datapackage.json"))
    for table, schema in ((each["name"], each["schema"]) for each in frozen["resources"]):
        names = list(tables.fields(table))
        assert {field["name"] for field in schema["fields"]} <= {*names}, table
        assert tables.schema(table)["schema"]["primaryKey"] == [names[0]] == schema["primaryKey"]
        for row in tables.rows(table):
            assert re.fullmatch(r"[a-z0-9]+(-{1,2}[a-z0-9]+)*", row[names[0]]), row


@pytest.mark.parametrize(
    ("asked", "absent"),
    [
        ("ilodata", "pandas altair numpy ilodata.charts"),  # so that importing it takes no second
        ("ilodata.evidence('MOHRSS'); ilodata.funding.findings()", "altair ilodata.charts"),
        ("ilodata.charts", "rfc3987_syntax lark"),  # the parser of addresses
    ],
)
def test_the_core_loads_no_wing_and_no_slow_library(asked, absent):
    done = python("-c", f"import sys, ilodata; {asked}; print(*sys.modules)")
    assert done.returncode == 0, done.stderr
    wings = "ilodata.curation ilodata.reports ilodata.exchange ilodata.cli"
    slow = "papermill nbconvert nbformat frictionless typer"
    assert not set(done.stdout.split()) & set(f"{absent} {wings} {slow}".split())


def test_no_file_of_ours_takes_a_function_for_the_module_of_its_name():
    """Of ``ilodata``, notebooks take the functions; import-linter believes that we get modules."""
    files = {path.name: path.read_text("utf-8") for path in (REPO / "ilodata").rglob("*.py")}
    taken = r"^ *from ilodata import .*\b(evidence|show)\b"
    assert [name for name, text in files.items() if re.search(taken, text, re.M)] == []


@pytest.fixture(scope="module")
def tracked():
    """Give the text of each tracked file."""
    done = subprocess.run(["git", "-C", REPO, "ls-files", "-z"], capture_output=True, text=True)
    if done.returncode:
        pytest.skip("this is not a git repository, so nothing is tracked")
    found = {}
    for name in filter(None, done.stdout.split("\0")):
        with suppress(UnicodeDecodeError, FileNotFoundError):  # a picture, or a file that is moved
            found[name] = (REPO / name).read_text(encoding="utf-8")
    return found


def runs(text):
    """Return all runs of 33 words of a text: a title that evidence may quote has 32."""
    said = re.sub(r"""\\n|["',|<>\\]""", " ", " ".join(text.split())).split()
    return {" ".join(said[at : at + 33]) for at in range(len(said) - 32)}


def test_no_run_of_words_of_a_document_longer_than_a_title_is_kept(documents, tracked):
    held = set().union(*(runs(path.read_text("utf-8")) for path in documents.iterdir()))
    assert held and [name for name, text in tracked.items() if runs(text) & held] == []


PLACES = r"""pypi\.org|pythonhosted\.org|anaconda\.(?:org|com)|npmjs\.|/simple/?\b|--(?:extra-)?index-url
    |(?<![\w.}])/(?:root|home|work|tmp)/(?!ipykernel)\w"""


def test_no_file_names_a_registry_or_a_path_of_one_machine(tracked):
    for name, text in tracked.items():
        found = re.search(PLACES, text, re.X) if name != "tests/test_layout.py" else None
        assert found is None, f"{name}: {text[max(0, found.start() - 40) : found.end() + 20]!r}"
