"""environment.yml, pyproject.toml and the lock name the same things at the same versions."""

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = (ROOT / "requirements.lock").read_text()


def declared():
    listed = PROJECT["project"]["dependencies"]
    for extra in PROJECT["project"]["optional-dependencies"].values():
        listed = listed + extra
    listed = listed + PROJECT["dependency-groups"]["build"]
    return {re.match(r"[\w.-]+", line)[0].lower(): line for line in listed}


def locked():
    return dict(re.findall(r"^([\w.-]+)==([^ \\;]+)", LOCK.lower(), re.M))


def conda():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    pip = next(item["pip"] for item in listed if isinstance(item, dict))
    pairs = [item.split("=") for item in listed if isinstance(item, str) and "=" in item]
    return dict(pairs), dict(item.split("==") for item in pip if "==" in item), pip


def test_the_environment_file_has_every_declared_dependency_at_the_locked_version():
    from_forge, from_pip, _ = conda()
    python = from_forge.pop("python")
    assert {**from_forge, **from_pip} == {name: locked()[name] for name in declared()}
    assert PROJECT["project"]["requires-python"].startswith(f">={python}")


def test_the_environment_file_installs_the_package_itself_through_pip():
    assert "-e ." in conda()[2]


def test_every_locked_version_satisfies_what_pyproject_declares():
    from packaging.requirements import Requirement

    outside = [
        line
        for name, line in declared().items()
        if not Requirement(line.split(" #")[0]).specifier.contains(locked()[name])
    ]
    assert outside == []


def test_every_locked_package_has_hashes_and_no_address():
    packages = re.split(r"\n(?=[\w.-]+==)", LOCK.strip())
    assert all("--hash=sha256:" in package for package in packages)
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", LOCK)


def test_the_version_of_the_package_is_that_of_the_data_and_of_the_citation():
    import json

    data = json.loads((ROOT / "data/datapackage.json").read_text())["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert PROJECT["project"]["version"] == data == citation["version"]
    assert f"Edition {data} of the data" in (ROOT / "CHANGELOG.md").read_text()
    assert str(citation["date-released"]) in (ROOT / "CHANGELOG.md").read_text()
