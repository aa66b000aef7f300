"""Pictures of the evidence give each number on a ground that says how many there are."""

import json

import pandas as pd
import pytest

from ilodata import charts

COUNTED = pd.DataFrame(
    {
        "row": ["events", "events", "project_organisations", "project_organisations"],
        "column": ["stated in one place", "inferred"] * 2,
        "number": [9, 1, 3, 0],
    }
)
TITLE = "Cells with evidence, by table and how founded"


def test_a_picture_of_the_evidence_owes_its_reader(drawn_well):
    drawn = drawn_well(lambda f: charts.counts(f, TITLE), COUNTED, "events, inferred: 1")
    text = drawn["image/svg+xml"]
    assert ">9<" in text and ">project_organisations<" in text
    assert "project_organisations, inferred" not in drawn["text/plain"]  # there is none


@pytest.mark.parametrize(
    ("names", "angle"),
    [(["one place", "several places"], 0), (["collaborating", "a", "b", "c", "d"], -90)],
)
def test_a_heading_is_wrapped_where_its_words_fit_a_phone_and_turned_where_not(names, angle):
    counted = pd.DataFrame({"row": "project_organisations", "column": names, "number": 1})
    spec = json.dumps(charts.counts(counted, TITLE).to_dict())
    assert f'"labelAngle": {angle},' in spec
