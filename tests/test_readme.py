"""What README shows can be run, and what it names exists."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


def test_its_python_runs_from_the_first_line_to_the_last():
    names = {}
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), names)
    assert list(names["shown"].index)


def test_its_make_commands_exist():
    makefile = (ROOT / "Makefile").read_text()
    named = set(re.findall(r"^make ([a-z]+)", "\n".join(blocks("sh")), re.M))
    named |= set(re.findall(r"`make ([a-z]+)`", README))
    assert {"reports", "test", "lab", "notebooks"} <= named
    assert all(re.search(rf"^{target}:", makefile, re.M) for target in named), named


def test_its_commands_of_the_package_exist():
    from ilodata.cli import _parser

    commands = _parser()._subparsers._group_actions[0].choices
    assert set(re.findall(r"(?<!import )\bilodata ([a-z-]+)\b", README)) <= set(commands)


def test_its_list_is_read_as_it_stands(tmp_path):
    from ilodata.reports import lists

    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "mine.yaml").write_text(blocks("yaml")[0])
    names = [report["name"] for report in lists.read_list(tmp_path / "reports" / "mine.yaml")]
    assert "with-acftu" in names and "paid-2012-yes" in names


def test_its_picture_and_its_folders_are_there():
    for target in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (ROOT / target).is_file(), target
    for folder in ("data", "notebooks", "ilodata", "reports"):
        assert (ROOT / folder).is_dir()


def test_its_citation_names_the_edition_and_title_of_the_data():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    words = " ".join(README.split())
    assert citation["title"] in words.replace("*", "")
    assert f"edition {citation['version']}" in words
