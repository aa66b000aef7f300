"""What we stand on is declared, used, and under a licence that ours can live with."""

import ast
import csv
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
# Declared and not imported, since they are run, or need to be there for what we import
TOOLS = {"jupyterlab", "nbval", "ruff", "import-linter", "pytest-xdist", "lxml-html-clean"}
# Licences that an MIT package may depend on: what they ask for concerns their own files, of which
# we ship none.
COMPATIBLE = {
    *("MIT", "MIT-0", "0BSD", "ISC", "BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "Zlib"),
    *("PSF-2.0", "CC0-1.0", "MPL-2.0", "LGPL-2.1-only", "LGPL-2.1-or-later", "Artistic-1.0"),
    "CNRI-Python",
}


def names_of(lines):
    return {canonicalize_name(re.match(r"[\w.-]+", line)[0]) for line in lines}


def used(folder):
    """Return the distributions that the files of a folder import."""
    own = {path.stem for path in (ROOT / folder).rglob("*")} | {"ilodata", *sys.stdlib_module_names}
    known, found = metadata.packages_distributions(), set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            found |= {name.split(".")[0] for name in names}
    return {canonicalize_name(known[name][0]) for name in found - own}


CORE = names_of(PROJECT["dependencies"])


@pytest.mark.parametrize(
    ("folder", "extras"), [("ilodata", ("curation", "cluster")), ("tests", tuple(EXTRAS))]
)
def test_what_is_imported_is_declared(folder, extras):
    declared = CORE.union(*(names_of(EXTRAS[extra]) for extra in extras))
    assert used(folder) - declared == set()


def test_what_is_declared_is_imported_or_run():
    assert CORE - used("ilodata") == {"jupyterlab", "nbval"}
    declared = CORE.union(*map(names_of, EXTRAS.values()))
    assert declared - used("ilodata") - used("tests") == TOOLS


def test_each_locked_package_is_listed_with_a_licence_that_it_tells_and_ours_can_live_with():
    lock = (ROOT / "tests" / "requirements.lock").read_text(encoding="utf-8").lower()
    with (ROOT / "tests" / "licences.csv").open(encoding="utf-8", newline="") as file:
        listed = dict(list(csv.reader(file))[1:])
    assert set(listed) == set(re.findall(r"^([\w.-]+)==", lock, re.M))
    here = {canonicalize_name(it.name) for it in metadata.distributions()}
    for name, licence in listed.items():
        either = [set(each.strip("() ").split(" AND ")) for each in licence.split(" OR ")]
        assert any(parts <= COMPATIBLE for parts in either), f"{name}: {licence}"
        about = metadata.metadata(name).items() if name in here else ()
        told = [it for key, it in about if key in ("License", "License-Expression")]
        told += [it for key, it in about if key == "Classifier" and it.startswith("License")]
        family = re.search(r"[A-Z]{3,}|Apache|Artistic", licence)[0]
        assert not told or family in " ".join(told), f"{name} says {told}; correct licences.csv"
