"""The house is as DESIGN has it: tables keep their columns, no text leaks in, a room for each line.

That imports only look down is held by import-linter (pyproject.toml), in the same test command.
"""

import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from ilodata import tables

REPO = Path(__file__).resolve().parent.parent
PACKAGE = REPO / "ilodata"

# What other tools rely on: table, then its id and the columns that it cannot lack
COLUMNS = {
    "documents": "document_id title kind publisher language url published retrieved latest_date text_sha256",
    "sections": "section_id document_id heading occurrence",
    "organisations": "organisation_id label kind iso3",
    "people": "person_id label office organisation_id",
    "places": "place_id label kind iso3 m49",
    "frameworks": "framework_id label kind organisation_id",
    "names": "name_id record name kind",
    "agreements": "agreement_id label title kind act signed place_id ordinal with_ilo",
    "agreement_parties": "id agreement_id organisation_id",
    "events": "event_id label title kind date place_id ordinal",
    "event_participants": "id event_id organisation_id person_id role mode",
    "projects": "project_id label title period ordinal",
    "project_organisations": "id project_id organisation_id role",
    "project_places": "id project_id place_id role",
    "results": "result_id record indicator value qualifier unit period as_of status",
    "result_places": "id result_id place_id",
    "contributions": "contribution_id label channel level payer_id receiver_id period printed amount_usd qualifier printed_unit_usd likely_usd status as_of project_id agreement_id part_of supersedes_id",
    "themes": "theme_id record theme role open_list",
    "indicators": "indicator_id record indicator value unit qualifier as_of",
    "relations": "relation_id subject predicate object",
    "evidence": "evidence_id record field document_id section_id fragment support basis note",
    "conflicts": "conflict_id kind status what treatment weight",
    "conflict_records": "id conflict_id record",
    "unused_mentions": "mention_id document_id section_id fragment reason",
}  # fmt: skip


def test_the_tables_are_those_of_the_design_with_their_key_columns_and_readable_ids_first():
    described = {resource["name"] for resource in tables.package()["resources"]}
    assert {path.stem for path in (REPO / "data").glob("*.csv")} == described >= set(COLUMNS)
    for table, columns in COLUMNS.items():
        schema = tables.schema(table)["schema"]
        names = [field["name"] for field in schema["fields"]]
        assert set(columns.split()) <= set(names), table
        assert schema["primaryKey"] == [names[0]] == [columns.split()[0]]
        for row in tables.rows(table):
            assert re.fullmatch(r"[a-z0-9]+(-{1,2}[a-z0-9]+)*", row[names[0]]), row


# Modules that the tests of another one hold, since they have no life of their own
HELD = {
    "cards": "page", "processes": "run", "warm": "run", "money": "money_charts",
    "timeline": "timeline_charts", "places": "place_charts", "drafting": "proposing",
}  # fmt: skip


def test_there_is_no_room_for_odds_and_ends_and_a_test_for_each_module():
    names = {path.stem for path in PACKAGE.rglob("*.py")} - {"__init__"}
    assert not names & {"utils", "util", "helpers", "misc", "common"}
    tested = {path.stem.removeprefix("test_") for path in (REPO / "tests").glob("test_*.py")}
    assert {HELD.get(name, name) for name in names} - tested == set()


@pytest.mark.parametrize(
    ("asked", "absent"),
    [
        ("ilodata", "pandas altair numpy ilodata.charts"),  # so that importing it takes no second
        ("ilodata.evidence('MOHRSS'); ilodata.funding.findings()", "altair ilodata.charts"),
    ],
)
def test_the_core_loads_no_wing_and_no_slow_library(asked, absent):
    code = f"import sys, ilodata; {asked}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    wings = "ilodata.curation ilodata.reports ilodata.exchange ilodata.cli"
    slow = "papermill nbconvert nbformat frictionless typer"
    assert not set(done.stdout.split()) & set(f"{absent} {wings} {slow}".split())


@pytest.fixture(scope="module")
def tracked():
    """Give the text of each tracked file."""
    done = subprocess.run(["git", "-C", REPO, "ls-files", "-z"], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this is not a git repository, so nothing is tracked")
    found = {}
    for name in filter(None, done.stdout.decode().split("\0")):
        with suppress(UnicodeDecodeError, FileNotFoundError):  # a picture, or a file that is moved
            found[name] = (REPO / name).read_text(encoding="utf-8")
    return found


MOST = 32  # words: as long as a title that evidence may quote


def _words(text):
    return re.sub(r"""\\n|["',|<>\\]""", " ", " ".join(text.split())).split()


def test_no_run_of_words_of_a_document_longer_than_a_title_is_kept(documents, tracked):
    runs = set()
    for path in documents.iterdir():
        text = _words(path.read_text(encoding="utf-8"))
        runs |= {tuple(text[i : i + MOST + 1]) for i in range(len(text) - MOST)}
    for name, text in tracked.items():
        here = _words(text)
        copied = (i for i in range(len(here) - MOST) if tuple(here[i : i + MOST + 1]) in runs)
        assert next(copied, None) is None, name


PLACES = r"""pypi\.org|pythonhosted\.org|anaconda\.(?:org|com)|npmjs\.|/simple/?\b|--(?:extra-)?index-url
    |(?<![\w.}])/(?:root|home|work|tmp)/(?!ipykernel)\w"""


def test_no_file_names_a_registry_or_a_path_of_one_machine(tracked):
    for name, text in tracked.items():
        found = re.search(PLACES, text, re.X) if name != "tests/test_layout.py" else None
        assert found is None, f"{name}: {text[max(0, found.start() - 40) : found.end() + 20]!r}"
