"""environment.yml, pyproject.toml and the locks name the same things at the same versions."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CORE, EXTRAS = (PROJECT["project"][name] for name in ("dependencies", "optional-dependencies"))
LOCKS = {"requirements.lock": CORE, "tests/requirements.lock": sum(EXTRAS.values(), CORE)}
PYTHONS = ["3.11", "3.12", "3.13"]


def locked(lock, python="3.11"):
    """Return the version of each package that a lock gives one Python on Linux."""
    where = {"python_version": python, "python_full_version": f"{python}.9", "extra": ""}
    where |= {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}
    where |= {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
    lines = re.findall(r"^([\w.-]+==[^\\\n]+)", (ROOT / lock).read_text(), re.M)
    asked = [it for it in map(Requirement, lines) if not it.marker or it.marker.evaluate(where)]
    return {canonicalize_name(it.name): str(it.specifier).removeprefix("==") for it in asked}


@pytest.mark.parametrize("python", PYTHONS)
def test_both_locks_give_every_python_the_same_and_what_pyproject_declares(python):
    default, tests = (locked(lock, python) for lock in LOCKS)
    assert default.items() <= tests.items()
    for lock, lines in LOCKS.items():
        for asked in map(Requirement, lines):
            if asked.marker is None or asked.marker.evaluate({"python_version": python}):
                assert asked.specifier.contains(locked(lock, python)[canonicalize_name(asked.name)])


def test_the_pythons_are_those_that_pyproject_and_the_makefile_take():
    taken = SpecifierSet(PROJECT["project"]["requires-python"])
    assert [f"3.{n}" for n in range(9, 16) if f"3.{n}.1" in taken] == PYTHONS
    assert "(3, 11) <= sys.version_info[:2] <= (3, 13)" in (ROOT / "Makefile").read_text()


def test_conda_users_get_what_the_lock_gives_their_python():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    python = next(item for item in listed if str(item).startswith("python=")).split("=")[1]
    pip = next(item["pip"] for item in listed if isinstance(item, dict))
    versions = locked("requirements.lock", python)
    declared = [Requirement(line).name.lower() for line in LOCKS["requirements.lock"]]
    assert pip == [f"{name}=={versions[name]}" for name in declared] + ["-e ."]


def test_the_version_of_the_package_is_that_of_the_data_and_of_the_citation():
    data = json.loads((ROOT / "data/datapackage.json").read_text())["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert PROJECT["project"]["version"] == data == citation["version"]
    assert f"Edition {data} of the data" in (ROOT / "CHANGELOG.md").read_text()
    assert str(citation["date-released"]) in (ROOT / "CHANGELOG.md").read_text()


def test_without_the_documents_a_run_of_the_tests_says_once_what_it_did_not_check():
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    command += ["tests/test_layout.py", "tests/test_verify.py", "-k", "longer_than or test_verify"]
    around = os.environ | {"DOCUMENTS": "/nowhere"}
    done = subprocess.run(command, cwd=ROOT, env=around, capture_output=True, text=True)
    told = re.findall(r"skipped, \w+ tests: NOT checked .*DOCUMENTS=dir", done.stdout)
    assert len(told) == done.stdout.count("NOT checked") == 1, done.stdout
