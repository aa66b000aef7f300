"""What we stand on: named alike in every file, used, under a licence that ours can live with."""

import csv
import os
import platform
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from conftest import REPO, python

PROJECT = tomllib.loads((REPO / "pyproject.toml").read_text())
CORE, EXTRAS = (PROJECT["project"][name] for name in ("dependencies", "optional-dependencies"))
LOCKS = {"requirements.lock": CORE, "tests/requirements.lock": sum(EXTRAS.values(), CORE)}
PYTHONS = ["3.11", "3.12", "3.13"]
# Declared and not imported, since they are run, or need to be there for what we import
TOOLS = {"jupyterlab", "nbval", "ruff", "import-linter", "pytest-xdist", "lxml-html-clean"}
# Licences that an MIT package may depend on: what they ask for concerns their own files, of which
# we ship none.
COMPATIBLE = {
    *("MIT", "MIT-0", "0BSD", "ISC", "BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "Zlib"),
    *("PSF-2.0", "CC0-1.0", "MPL-2.0", "LGPL-2.1-only", "LGPL-2.1-or-later", "Artistic-1.0"),
    "CNRI-Python",
}


def locked(lock, python="3.11"):
    """Return the version of each package that a lock gives one Python on Linux."""
    where = {"python_version": python, "python_full_version": f"{python}.9", "extra": ""}
    where |= {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}
    where |= {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
    lines = re.findall(r"^([\w.-]+==[^\\\n]+)", (REPO / lock).read_text(), re.M)
    asked = [it for it in map(Requirement, lines) if not it.marker or it.marker.evaluate(where)]
    return {canonicalize_name(it.name): str(it.specifier).removeprefix("==") for it in asked}


@pytest.mark.parametrize("python", PYTHONS)
def test_both_locks_give_every_python_the_same_and_what_pyproject_declares(python):
    default, tests = (locked(lock, python) for lock in LOCKS)
    assert default.items() <= tests.items()
    for given, lines in zip((default, tests), LOCKS.values(), strict=True):
        for asked in map(Requirement, lines):
            if asked.marker is None or asked.marker.evaluate({"python_version": python}):
                assert asked.specifier.contains(given[canonicalize_name(asked.name)])


def test_the_pythons_are_those_that_pyproject_and_the_makefile_take():
    taken = SpecifierSet(PROJECT["project"]["requires-python"])
    assert [f"3.{n}" for n in range(9, 16) if f"3.{n}.1" in taken] == PYTHONS
    assert "(3, 11) <= sys.version_info[:2] <= (3, 13)" in (REPO / "Makefile").read_text()


def test_a_venv_of_another_python_is_made_anew_and_an_unsuitable_python_is_refused(tmp_path):
    for name in ("Makefile", "pyproject.toml", *LOCKS):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(REPO / name, tmp_path / name)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)

    def made(version, *more):
        """Say what make would do where .venv is ready, and its Python tells this version."""
        (tmp_path / ".venv" / "bin" / "python").write_text(f"#!/bin/sh\necho Python {version}")
        (tmp_path / ".venv" / "bin" / "python").chmod(0o755)
        (tmp_path / ".venv" / "ready").touch()
        around = {"PATH": os.environ["PATH"]}  # not what another make has said
        command = ["make", "-n", "reports", *more]
        done = subprocess.run(command, cwd=tmp_path, env=around, capture_output=True, text=True)
        return done.stdout + done.stderr

    ours = f"PYTHON={sys.executable}"
    nothing = made("3.9.18")
    assert nothing == made(platform.python_version(), ours) == ".venv/bin/ilodata build\n"
    assert f"{sys.executable} -m venv --clear .venv\n" in made("3.9.18", ours)
    for unsuitable in ("/bin/false", "nopython"):
        [told] = made("3.11.7", f"PYTHON={unsuitable}").splitlines()
        assert f"no Python from 3.11 to 3.13 is found as {unsuitable}; install one, or" in told


def test_conda_users_get_what_the_lock_gives_their_python():
    listed = yaml.safe_load((REPO / "environment.yml").read_text())["dependencies"]
    python = next(item for item in listed if str(item).startswith("python=")).split("=")[1]
    pip = next(item["pip"] for item in listed if isinstance(item, dict))
    versions = locked("requirements.lock", python)
    declared = [Requirement(line).name.lower() for line in LOCKS["requirements.lock"]]
    assert pip == [f"{name}=={versions[name]}" for name in declared] + ["-e ."]


def test_without_the_documents_a_run_of_the_tests_says_once_what_it_did_not_check():
    words = ["-m", "pytest", "-p", "no:cacheprovider", "tests/test_layout.py"]
    words += ["tests/test_verify.py", "-k", "longer_than or test_verify"]
    done = python(*words, DOCUMENTS="/nowhere")
    told = re.findall(r"skipped, \w+ tests: NOT checked .*DOCUMENTS=dir", done.stdout)
    assert len(told) == done.stdout.count("NOT checked") == 1, done.stdout


def names_of(lines):
    return {canonicalize_name(Requirement(line).name) for line in lines}


def used(folder):
    """Return the distributions that the files of a folder import; ilodata is none of them."""
    known = metadata.packages_distributions()
    code = "\n".join(path.read_text("utf-8") for path in (REPO / folder).rglob("*.py"))
    named = set(re.findall(r"^ *(?:from|import) (\w+)", code, re.M)) & {*known} - {"ilodata"}
    return {canonicalize_name(known[name][0]) for name in named}


def test_what_is_imported_is_declared_and_what_is_declared_is_imported_or_run():
    core, ours, theirs = names_of(CORE), used("ilodata"), used("tests")
    assert ours <= core | names_of(EXTRAS["curation"] + EXTRAS["cluster"])
    assert core - ours == {"jupyterlab", "nbval"}
    assert names_of(LOCKS["tests/requirements.lock"]) ^ (ours | theirs) == TOOLS


def test_each_locked_package_is_listed_with_a_licence_that_it_tells_and_ours_can_live_with():
    lock = (REPO / "tests" / "requirements.lock").read_text().lower()
    listed = dict(csv.reader((REPO / "tests/licences.csv").read_text("utf-8").splitlines()[1:]))
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
