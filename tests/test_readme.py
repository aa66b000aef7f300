"""What README and the guides in docs/ show can be run, gives what they show, and exists."""

import operator
import re
import shutil
import textwrap

import edition
import nbformat
import pytest
import typer.main

import ilodata as ilo
from conftest import REPO, python
from ilodata import tables
from ilodata.cli import app
from ilodata.reports import lists

README = (REPO / "README.md").read_text("utf-8")
GUIDES = sorted((REPO / "docs").glob("*.md"))
ALL = [REPO / "README.md", REPO / "CONTRIBUTING.md", *GUIDES]
ids = pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)


def blocks(text, language):
    return re.findall(rf"^ *```{language}\n(.*?)^ *```$", text, re.S | re.M)


def now(path):
    """Return a guide's text without what it says of edition 1: the first column of its tables."""
    text = path.read_text("utf-8")
    return re.sub(r"^\| [^|]*\|", "|", text, flags=re.M) if "moving" in path.name else text


def test_readme_is_read_in_three_minutes_and_a_question_takes_at_most_three_lines():
    assert len(re.sub(r"```text\n.*?```", "", README, flags=re.S).splitlines()) <= 88
    prose = re.sub(r"```.*?```|\|.*?\n|\]\(.*?\)", " ", README, flags=re.S)
    longest = max(re.split(r"[.:;]\s", prose), key=lambda sentence: len(sentence.split()))
    assert len(longest.split()) <= 35, longest
    rooms = re.findall(r"^\| (hedge|column|chart|parameter|export)\b", README, re.M)
    assert len(rooms) == 5, "a newcomer finds the room for each of these"
    for code in blocks(README, "python"):
        assert len([line for line in code.splitlines() if not line.startswith("#")]) <= 3, code


@ids
def test_the_functions_targets_and_files_it_names_exist(path):
    text, makefile = now(path), (REPO / "Makefile").read_text("utf-8")
    for name in set(re.findall(r"`ilo\.([a-z_.]*[a-z_])", text)):
        operator.attrgetter(name)(ilo)  # or it is not there
    for name in set(re.findall(r"(?:^|`)make\s([a-z-]+)", text, re.M)):
        assert re.search(rf"^{name}:", makefile, re.M), f"{path.name} names make {name}"
    files = re.findall(r"`((?:docs|data|tests|reports|notebooks|ilodata)/[\w./-]+)`", text)
    files += re.findall(r"`([A-Z]+\.(?:md|cff))`", text) + re.findall(r"\]\(([^):#]+)\)", text)
    made = {"reports/html/", "reports/mine.yaml", "notebooks/mine.ipynb"}
    missing = [name for name in set(files) - made if not (REPO / name).exists()]
    assert not missing, f"{path.name} names {missing}"


@ids
def test_its_commands_and_their_options_exist(path):
    commands = typer.main.get_command(app).commands
    code = "\n".join([*blocks(now(path), "sh"), *re.findall(r"`(ilodata [^`]+)`", now(path))])
    for name, rest in re.findall(r"^ *ilodata ([a-z][a-z-]*)(.*)$", code, re.M):
        assert name in commands, f"{path.name} names ilodata {name}"
        known = {"--help"}
        for command in [commands[name], *getattr(commands[name], "commands", {}).values()]:
            known |= {option for parameter in command.params for option in parameter.opts}
        asked = set(re.findall(r"(?<!\S)--[a-z-]+", rest.partition("#")[0]))
        assert asked <= known, f"{path.name}: ilodata {name} has no {asked - known}"


def test_readme_names_each_document_and_where_it_is_and_cites_the_edition_of_the_data():
    assert tables.package()["sources"] == edition.sources()
    for row in tables.rows("documents"):
        [line] = [line for line in README.splitlines() if f"“{row['title']}”" in line]
        assert row["kind"].replace("_", " ") in line and f"up to {row['latest_date']}" in line
        assert row["url"] in line, f"{row['title']} can be found at {row['url']}"
    words, package = " ".join(README.split()).replace("*", ""), tables.package()
    assert package["title"] in words and f"edition {package['version']}" in words


def test_the_lists_in_the_guide_to_lists_are_read_as_they_stand(tmp_path):
    shutil.copy(REPO / "reports" / "by-project.yaml", tmp_path)
    found = blocks((REPO / "docs" / "report-lists.md").read_text("utf-8"), "yaml")
    assert found
    for number, text in enumerate(found):
        path = tmp_path / f"list-{number}.yaml"
        path.write_text(text, "utf-8")
        assert lists.entries(path)[0]


@pytest.mark.slow
def test_the_page_of_ones_own_in_the_guide_to_lists_has_headline_cards_and_citation(tmp_path):
    guide = (REPO / "docs" / "report-lists.md").read_text("utf-8")
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Who paid?")])
    [written] = blocks(guide, "text")
    assert len(written.splitlines()) <= 10
    [more] = re.findall(r"`(ilo.show\(ilo.doubts\(.*\))` in a further cell", guide)
    for source in [*textwrap.dedent(written).strip().split("\n\n"), more]:
        code, _, tag = re.match(r"(.*?)( +\(.*tag: (\w+)\))?$", source, re.S).groups()
        nb.cells.append(nbformat.v4.new_code_cell(code, metadata={"tags": [tag] if tag else []}))
    nb.metadata["kernelspec"] = {"name": "python3", "display_name": "Python", "language": "python"}
    nbformat.write(nb, tmp_path / "mine.ipynb")
    (tmp_path / "reports").mkdir()
    entry = "{name: mine, title: Mine, notebook: mine.ipynb}"
    (tmp_path / "reports" / "mine.yaml").write_text(f"reports: [{entry}]\n", "utf-8")
    done = python("-m", "ilodata.cli", "build", "reports/mine.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "reports" / "html" / "mine.html").read_text("utf-8")
    missing = [it for it in ("<h1", "popovertarget", "Cite", "<svg", "US$") if it not in page]
    assert not missing
