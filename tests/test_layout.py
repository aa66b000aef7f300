"""The house is as DESIGN has it: imports look down, tables keep their columns, no text leaks in."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from ilodata import tables
from ilodata.curation import documents as texts

REPO = Path(__file__).resolve().parent.parent
PACKAGE = REPO / "ilodata"
FILES = sorted(PACKAGE.rglob("*.py"))
CORE = ("uncertain", "tables", "evidence", "timelines", "funding", "reach", "charts")
WINGS = ("curation", "reports", "exchange")

# What the other tools rely on: table, then its first columns or those that it cannot lack
COLUMNS = {
    "documents": "document_id title kind publisher language url published retrieved latest_date text_sha256",
    "sections": "section_id document_id heading occurrence",
    "organisations": "organisation_id label kind iso3",
    "people": "person_id label office organisation_id",
    "places": "place_id label kind iso3 m49",
    "frameworks": "framework_id label kind organisation_id",
    "names": "name_id record name kind",
    "agreements": "agreement_id label title kind act signed place_id ordinal",
    "agreement_parties": "id agreement_id organisation_id",
    "events": "event_id label title kind date place_id ordinal",
    "event_participants": "id event_id organisation_id person_id role mode",
    "projects": "project_id label title period ordinal",
    "project_organisations": "id project_id organisation_id role",
    "project_places": "id project_id place_id role",
    "results": "result_id record indicator value unit place_id period status",
    "contributions": "contribution_id label channel level payer_id receiver_id period printed amount_usd qualifier printed_unit_usd likely_usd status project_id agreement_id part_of",
    "themes": "theme_id record theme role open_list",
    "indicators": "indicator_id record indicator value unit qualifier as_of",
    "relations": "relation_id subject predicate object period",
    "evidence": "evidence_id record field document_id section_id fragment support basis note",
    "conflicts": "conflict_id kind what treatment",
    "conflict_records": "id conflict_id record",
    "unused_mentions": "mention_id document_id section_id fragment reason",
}  # fmt: skip


def room(path):
    """Name the part of the house that a file is in: a core file, a wing, "cli" or "__init__"."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(path):
    """List what a file imports from this package, wherever in the file it does so."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{name.name}" for name in node.names}
    parts = [name.split(".") for name in found if name.split(".")[0] == "ilodata"]
    return {name[1] for name in parts if len(name) > 1} - {"pd"}  # pandas itself


def below(part):
    """Name the parts that a part may import."""
    if part == "uncertain":
        return set()
    if part == "tables":
        return {"uncertain"}
    if part in CORE:
        return {"uncertain", "tables"} | ({"charts"} if part == "charts" else set())
    if part in WINGS:
        return {*CORE, "DataError", part}
    return {*CORE, *WINGS} if part == "cli" else set(CORE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_only_look_down(path):
    assert room(path) in (*CORE, *WINGS, "cli", "__init__"), "a room that DESIGN does not have"
    assert imported(path) <= below(room(path))


READS = {"open", "read_text", "read_bytes", "read_csv", "read_json", "write_text", "urlopen"}


@pytest.mark.parametrize(
    "path", [path for path in FILES if room(path) in CORE and room(path) != "tables"],
    ids=lambda path: path.stem,
)  # fmt: skip
def test_only_the_tables_read_files(path):
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    calls = [node.func for node in tree if isinstance(node, ast.Call)]
    names = {getattr(call, "attr", getattr(call, "id", "")) for call in calls}
    assert not names & READS


def test_nothing_runs_what_it_reads():
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                loaded = {a.name for a in node.names} | {getattr(node, "module", "")}
                assert not loaded & {"pickle", "marshal", "shelve", "dill", "joblib"}, path
            elif isinstance(node, ast.Call):
                assert getattr(node.func, "id", "") not in ("eval", "exec"), path


def test_there_is_no_room_for_odds_and_ends_and_a_test_for_each_module():
    names = {path.stem for path in FILES}
    assert not names & {"utils", "util", "helpers", "misc", "common"}
    tested = {path.stem.removeprefix("test_") for path in (REPO / "tests").glob("test_*.py")}
    assert names - {"__init__"} <= tested


def test_the_tables_are_those_of_the_design():
    assert {r["name"] for r in tables.package()["resources"]} >= set(COLUMNS)
    assert {p.stem for p in (REPO / "data").glob("*.csv")} == {
        r["name"] for r in tables.package()["resources"]
    }


@pytest.mark.parametrize("table", COLUMNS)
def test_a_table_has_its_key_columns_and_its_id_first(table):
    schema = tables.schema(table)["schema"]
    names = [field["name"] for field in schema["fields"]]
    assert set(COLUMNS[table].split()) <= set(names)
    assert schema["primaryKey"] == [names[0]] == [COLUMNS[table].split()[0]]


@pytest.mark.parametrize("table", COLUMNS)
def test_ids_are_readable_slugs(table):
    for row in tables.cells(table)[0]:
        key = next(iter(row.values()))
        assert re.fullmatch(r"[a-z0-9]+(-{1,2}[a-z0-9]+)*", key), key


@pytest.fixture(scope="module")
def tracked():
    """Give the text of each tracked file."""
    done = subprocess.run(["git", "-C", REPO, "ls-files", "-z"], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this is no git repository, so nothing is tracked")
    found = {}
    for name in filter(None, done.stdout.decode().split("\0")):
        try:
            found[name] = (REPO / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # a picture, or a file that is being moved
    return found


def words(text):
    return re.sub(r"""\\n|["',|<>\\]""", " ", texts.normalise(text)).split()


MOST = 32  # words: as long as a title that evidence may quote


def test_no_run_of_words_of_a_document_longer_than_a_title_is_kept(documents, tracked):
    runs = set()
    for path in documents.iterdir():
        text = words(path.read_text(encoding="utf-8"))
        runs |= {tuple(text[i : i + MOST + 1]) for i in range(len(text) - MOST)}
    for name, text in tracked.items():
        here = words(text)
        copied = (i for i in range(len(here) - MOST) if tuple(here[i : i + MOST + 1]) in runs)
        assert next(copied, None) is None, name


REGISTRY = (
    r"pypi\.org|pythonhosted\.org|anaconda\.(?:org|com)|npmjs\.|/simple/?\b|--(?:extra-)?index-url"
)
MACHINE = r"(?<![\w.}])/(?:root|home|work|tmp)/\w"
NEED_THE_WORD = {"tests/test_layout.py", "tests/test_pages.py", "tests/test_run.py"}


@pytest.mark.parametrize("pattern", [REGISTRY, MACHINE], ids=["registry", "machine"])
def test_no_file_names_a_registry_or_a_path_of_one_machine(tracked, pattern):
    for name, text in tracked.items():
        if name not in NEED_THE_WORD:
            found = re.search(pattern, text)
            assert found is None, f"{name}: {text[max(0, found.start() - 40) : found.end() + 20]!r}"
