"""The exporter: the page that a build makes, from any run of a notebook of ours."""

import nbformat
import pytest
from nbconvert.exporters import get_exporter

from conftest import REPO

SOURCES = REPO / "notebooks" / "00-sources.ipynb"


def test_nbconvert_knows_the_exporter_and_makes_a_whole_page():
    page, resources = get_exporter("ilodata")().from_filename(str(SOURCES))
    assert resources["output_extension"] == ".html"
    saved = nbformat.read(SOURCES, 4)
    findings = next(c for c in saved.cells if "findings" in c.metadata.get("tags", []))
    told = findings.outputs[0].data["text/plain"].splitlines()
    assert told[0].rstrip(".").split()[-1] in page and "popover" in page, "headline and cards"
    assert "jupyter nbconvert --to ilodata" in page, "how to make it again"
    assert 'href="index.html"' not in page, "it has no other page beside it"


def test_parameters_that_papermill_noted_are_said_on_the_page():
    nb = nbformat.read(REPO / "notebooks" / "02-funding-flows.ipynb", 4)
    nb.metadata["papermill"] = {"parameters": {"start": 2012, "payers": ["mohrss"]}}
    said = get_exporter("ilodata")().from_notebook_node(nb)[0].partition("How this page was set")[2]
    assert "start 2012; payers Ministry of Human Resources and Social Security" in said


def test_a_notebook_that_was_not_run_is_refused_with_the_remedy():
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    with pytest.raises(ValueError, match="run it first, or add --execute"):
        get_exporter("ilodata")().from_notebook_node(nb)
