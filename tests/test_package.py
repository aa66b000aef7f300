"""What others get: tables that every reader reads alike, a citation, a package to install."""

import json
import shutil
import subprocess
import sys
import tomllib
from decimal import Decimal

import duckdb
import frictionless
import jsonschema
import pandas as pd
import pytest
import yaml

from conftest import REPO, python
from ilodata import tables

PARTS = {".": REPO / "data", "reference": REPO / "data" / "reference"}
TABLES = [(part, each["name"]) for part in PARTS for each in tables.package(part)["resources"]]


@pytest.mark.parametrize("part", PARTS)
def test_the_descriptor_is_valid_under_the_official_profile(standards, part):
    [path] = standards.glob("lib/*/site-packages/dplib/profiles/2.0/datapackage.json")
    profile = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(tables.package(part), profile)


OURS = {"string": str, "integer": int, "number": float, "boolean": lambda text: text == "true"}
PANDAS = {"string": "string", "integer": "Int64", "number": "Float64", "boolean": "boolean"}
DUCKDB = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}


@pytest.mark.parametrize(("part", "name"), TABLES, ids=[name for _, name in TABLES])
def test_frictionless_pandas_and_duckdb_read_the_same_rows_as_we_do(part, name):
    resource = tables.schema(name, part)
    types = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
    path = PARTS[part] / resource["path"]
    rows = tables.rows(name, part)
    ours = [tuple(OURS[types[k]](v) if v else None for k, v in row.items()) for row in rows]

    package = frictionless.Package(str(PARTS[part] / "datapackage.json"))
    for row, right in zip(package.get_resource(name).read_rows(), ours, strict=True):
        assert tuple(float(it) if isinstance(it, Decimal) else it for it in row.to_list()) == right

    dtype = {field: PANDAS[kind] for field, kind in types.items()}
    frame = pd.read_csv(path, dtype=dtype, keep_default_na=False, na_values=[""]).astype(object)
    assert list(frame.where(frame.notna(), None).itertuples(index=False, name=None)) == ours

    columns = {field: DUCKDB[kind] for field, kind in types.items()}
    found = duckdb.sql(f"from read_csv('{path}', header = true, columns = {columns})")
    assert found.columns == list(types)
    assert found.fetchall() == ours


def test_the_package_says_who_made_it_when_and_under_which_licence():
    for part in PARTS:
        package = tables.package(part)
        assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
        assert all(each["title"] and each["roles"] for each in package["contributors"])
    citation = yaml.safe_load((REPO / "CITATION.cff").read_text(encoding="utf-8"))
    package, day = tables.package(), str(citation["date-released"])
    assert (citation["title"], day) == (package["title"], package["created"][:10])
    assert [citation["license"]] == [each["name"] for each in package["licenses"]]
    assert [a["name"] for a in citation["authors"]] == [c["title"] for c in package["contributors"]]
    who, version = ", ".join(each["name"] for each in citation["authors"]), citation["version"]
    said = f"{who} ({day[:4]}). {citation['title']}. Data edition {version}."
    assert tables.citation() == said
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == package["version"] == version
    told = (REPO / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"Edition {version} of the data" in told and day in told


def test_the_citation_file_is_valid_and_gives_a_citation(standards):
    command = [standards / "bin" / "cffconvert", "--infile", REPO / "CITATION.cff"]
    done = subprocess.run([*command, "--validate"], capture_output=True, text=True, check=True)
    assert "valid according to schema version 1.2.0" in done.stdout
    told = subprocess.check_output([*command, "--format", "apalike"], text=True)
    assert tables.package()["title"] in told and "(2026)" in told


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Install a copy of this project without its folder; give a folder elsewhere, and its own."""
    at = tmp_path_factory.mktemp("installed")
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in filter(None, subprocess.check_output(listed, cwd=REPO, text=True).split("\0")):
        if (REPO / name).is_file() and not name.startswith("tests/"):
            (at / "project" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(REPO / name, at / "project" / name)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pip += ["--no-deps", "--no-build-isolation", "--target", at / "site", at / "project"]
    subprocess.run(pip, check=True, capture_output=True)
    shutil.rmtree(at / "project")
    (at / "elsewhere").mkdir()
    return at / "elsewhere", str(at / "site")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "made"),
    [
        ("evidence youth-employment-2020", ""),
        ("build --only sources --out pages", "pages/sources.html"),
        ("build reports/by-project.yaml --dry-run", ""),
        ("export xlsx new/tables.xlsx", "new/tables.xlsx"),
        ("export iati new/activities.xml", "new/activities.xml"),
    ],
)
def test_an_installed_package_works_outside_its_checkout(installed, arguments, made):
    folder, site = installed
    done = python("-m", "ilodata.cli", *arguments.split(), cwd=folder, PYTHONPATH=site)
    assert done.returncode == 0, done.stderr
    assert str(REPO) not in done.stdout, "it reads the checkout"
    assert not made or (folder / made).is_file()
