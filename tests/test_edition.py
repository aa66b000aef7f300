"""The tables are those of the edition; if they are not, one failure lists what differs."""

import json
import re

import edition

from ilodata import tables
from ilodata.curation import verify


def test_the_figures_are_those_of_the_edition():
    old = json.loads(edition.FIGURES.read_text("utf-8"))
    found = edition.differences(old, edition.figures())
    found += [
        path.name for path in edition.GUIDES if edition.renewed(path) != path.read_text("utf-8")
    ]
    assert not found, "against the edition (make edition accepts it):\n" + "\n".join(found)


def test_no_table_has_changed_since_the_documents_were_held_against_it():
    receipt = json.loads((tables.data_dir() / verify.RECEIPT).read_text("utf-8"))
    assert verify.hashes().items() <= receipt.items(), "ilodata verify DOCUMENTS holds them anew"


def test_a_difference_names_what_was_and_what_is():
    assert edition.differences({"rows": 1, "sum": 2}, {"rows": 3, "sum": 2}) == ["rows: 1 -> 3"]


def test_guides_are_written_with_what_their_python_prints():
    old = "Say\n\n```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n\n```python\nx = 1\n```\n"
    assert edition.guide(old) == old.replace("3", "2")


def test_readme_counts_are_put_in_anew():
    now = edition.counts("| amounts of money | 99 | 1999–1999 |\n| x | | up to 1 |\n")
    assert re.match(r"\| amounts of money \| \d+ \| 2017–\d{4} \|\n", now)
    assert all(f"“{row['title']}”" in now for row in tables.rows("documents"))
