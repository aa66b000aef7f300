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
# Declared and not imported, since they are run
TOOLS = {
    "jupyterlab": "jupyter lab",
    "nbval": "--nbval",  # tests/test_notebooks.py
    "ruff": "ruff check",
    "import-linter": "lint-imports",
    "pytest-xdist": "-n 2",
}
SILENT = {"lxml-html-clean"}  # what a library that we import needs and does not ask for
# Licences that an MIT package may depend on: what they ask for concerns their own files, of which
# we ship none.
COMPATIBLE = {
    *("MIT", "MIT-0", "0BSD", "ISC", "BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "Zlib"),
    *("PSF-2.0", "CC0-1.0", "MPL-2.0", "LGPL-2.1-only", "LGPL-2.1-or-later", "Artistic-1.0"),
    "CNRI-Python",
}
# What packages call them, where they do not use the names of SPDX
NAMES = {
    "MIT License": "MIT", "BSD License": "BSD", "ISC License (ISCL)": "ISC", "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0", "Apache License, Version 2.0": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0", "Artistic License": "Artistic-1.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",
}  # fmt: skip


def names_of(lines):
    return {canonicalize_name(re.match(r"[\w.-]+", line)[0]) for line in lines}


def imported(folder):
    """Return the packages that the files of a folder import: name -> files."""
    found, own = {}, {path.stem for path in (ROOT / folder).rglob("*")} | {"ilodata"}
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            for name in {name.split(".")[0] for name in names}:
                if name not in sys.stdlib_module_names and name not in own:
                    found.setdefault(name, set()).add(path.name)
    return found


def used(folder):
    """Return the distributions that a folder imports."""
    known = metadata.packages_distributions()
    return {canonicalize_name(known[name][0]): files for name, files in imported(folder).items()}


CORE = names_of(PROJECT["dependencies"])


@pytest.mark.parametrize(
    ("folder", "extras"), [("ilodata", ("curation", "cluster")), ("tests", tuple(EXTRAS))]
)
def test_what_is_imported_is_declared(folder, extras):
    declared = CORE.union(*(names_of(EXTRAS[extra]) for extra in extras))
    assert {name: files for name, files in used(folder).items() if name not in declared} == {}


def test_what_is_declared_is_imported_or_run():
    assert CORE - set(used("ilodata")) == {"jupyterlab", "nbval"}
    declared = CORE.union(*map(names_of, EXTRAS.values()))
    assert declared - set(used("ilodata")) - set(used("tests")) == {*TOOLS, *SILENT}
    run = (ROOT / "Makefile").read_text() + (ROOT / "tests" / "test_notebooks.py").read_text()
    assert [name for name, how in TOOLS.items() if how not in run] == []


def licences():
    with (ROOT / "tests" / "licences.csv").open(encoding="utf-8", newline="") as file:
        return dict(list(csv.reader(file))[1:])


def licence_of(package):
    """Return what an installed package says of its licence, by the names of SPDX where it can be."""
    told = metadata.metadata(package)
    classifiers = [
        NAMES.get(c.split(" :: ")[-1], c.split(" :: ")[-1])
        for c in told.get_all("Classifier", [])
        if c.startswith("License :: ") and not c.endswith("OSI Approved")
    ]
    first = (told.get("License") or "").split("\n")[0].strip()
    said = told.get("License-Expression")
    return NAMES.get(said, said) or " OR ".join(classifiers) or NAMES.get(first, first)


def test_each_locked_package_is_listed_with_its_licence():
    lock = (ROOT / "tests" / "requirements.lock").read_text(encoding="utf-8").lower()
    locked, listed = set(re.findall(r"^([\w.-]+)==", lock, re.M)), licences()
    assert set(listed) == locked
    here = locked & {canonicalize_name(it.name) for it in metadata.distributions()}
    assert len(here) > 100
    wrong = {
        name: licence_of(name)
        for name in here
        if (licence_of(name) or "Apache-2.0") != listed[name]
    }
    assert wrong == {}, "see whether the licence has changed, then correct tests/licences.csv"


def test_each_licence_is_compatible_with_ours():
    assert PROJECT["license"] == "MIT"
    for name, licence in licences().items():
        either = [set(re.split(r" AND ", each.strip("() "))) for each in licence.split(" OR ")]
        assert any(parts <= COMPATIBLE for parts in either), f"{name}: {licence}"
