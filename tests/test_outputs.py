"""What a notebook gives is taken apart and put together from text alone."""

import pandas as pd

from ilodata.reports import outputs


def test_heads_of_several_rows_keep_their_spans_and_the_index_its_names():
    frame = pd.DataFrame({"kind": ["x", "x"], "level": ["p", "q"], "usd": [1, 2]})
    summed = frame.groupby(["kind", "level"])[["usd"]].agg(["min", "max"])
    [rebuilt] = outputs.tables_of(summed.to_html())
    assert [cell["text"] for cell in rebuilt["head"][-1]] == ["kind", "level", "min", "max"]
    assert [cell["colspan"] for cell in rebuilt["head"][0]][-1] == 2
    assert rebuilt["body"][0][0]["rowspan"] == 2
    assert [cell["kind"] for cell in rebuilt["body"][1]] == ["", "n", "n"]


def test_a_shortened_table_says_so():
    frame = pd.DataFrame({"n": range(1, 100)})
    with pd.option_context("display.max_rows", 4):
        [rebuilt] = outputs.tables_of(frame._repr_html_())
    assert rebuilt["note"] == "Shortened; 99 rows × 1 columns in all."


def test_a_download_repeats_what_spans_several_cells():
    frame = pd.DataFrame({"kind": ["x", "x"], "level": ["p", "q"], "usd": [1, 2]})
    summed = frame.groupby(["kind", "level"])[["usd"]].agg(["min", "max"])
    [rebuilt] = outputs.tables_of(summed.to_html())
    assert outputs.csv_of(rebuilt, []).splitlines() == [
        'kind,level,"usd, min","usd, max"',
        "x,p,1,1",
        "x,q,2,2",
    ]


def test_a_drawing_holds_no_text_that_reorders_what_is_read_and_no_options_for_its_viewer():
    spec = {"title": "T", "usermeta": {"embedOptions": {}}, "mark": "bar"}
    spec["data"] = {"values": [{"a\u202e": "b\x07c", "n": 1}]}
    assert outputs.drawing(spec) == {"mark": "bar", "data": {"values": [{"a": "bc", "n": 1}]}}


def test_a_page_without_a_chart_has_no_picture():
    assert outputs.picture_of("<p>Text</p>", "a") == ""
