"""One look: two drawings a chart, marks that lead to evidence, the same picture everywhere."""

import json
import re

import altair as alt
import pandas as pd
import pytest

from ilodata.charts import look


@pytest.fixture
def chart():
    """Return a finished chart of two marks with evidence and one without."""
    rows = pd.DataFrame({"name": ["a", "b", "c"], "size": [1.0, 2.5, 3.0]})
    rows = look.linked(
        rows.assign(
            of=["projects/a", "projects/b/title", ""], how=["", "one and two", ""], said=list("xyz")
        )
    )

    def draw(narrow):
        bars = alt.Chart(rows).mark_bar(color=look.DUES)
        bars = bars.encode(x="size:Q", y="name:N", **look.proof())
        return bars.properties(width=200 if narrow else 600)

    return look.finish(draw, "Three [[bars|projects/a|]]", "in metres")


@pytest.fixture
def spec(chart, monkeypatch):
    monkeypatch.setenv("ILODATA_UNDRAWN", "1")
    return chart._repr_mimebundle_()[0][look.MIME]


def test_a_notebook_gets_a_picture_and_its_words_and_a_build_only_the_words(chart, monkeypatch):
    chart.to_dict()  # Altair accepts it
    bundle, about = chart._repr_mimebundle_()
    assert set(bundle) == {look.MIME, "image/png", "text/plain"}
    assert about["image/png"]["alt"] == bundle["text/plain"] == "Three bars. in metres"
    monkeypatch.setenv("ILODATA_UNDRAWN", "1")
    assert set(chart._repr_mimebundle_()[0]) == {look.MIME, "text/plain"}


def test_jupyterlab_finds_nothing_to_rewrite(spec):
    floats = re.findall(r"\b\d+\.0\b", json.dumps(spec))
    assert not floats, "JupyterLab would write 1.0 as 1, and the notebook would be changed"
    assert spec["$schema"].endswith("v5.json"), "its Vega-Lite warns of any other"
    assert json.loads(json.dumps(spec)) == spec


def test_a_mark_in_jupyterlab_has_a_tooltip_and_no_link(spec):
    wide = {name: part for name, part in spec.items() if name != "usermeta"}
    assert "href" not in json.dumps(wide["vconcat"][0]["encoding"])
    assert wide["vconcat"][0]["encoding"]["tooltip"]["field"] == "said"


@pytest.mark.parametrize("narrow", [False, True])
def test_a_mark_on_a_page_leads_to_its_evidence(spec, narrow):
    spec = spec["usermeta"]["narrow"] if narrow else spec
    svg = look.svg(spec)
    assert svg == look.svg(spec), "the same chart is drawn to the same bytes"
    assert re.findall(r'<a xlink:href="([^"]*)"', svg) == [
        "#projects/a",
        "#projects/b/title|one and two",
    ]
    assert "vega-datasets" not in svg, "an address of Vega's own is left"
    assert 'aria-label="x"' in svg and look.DUES in svg


def test_the_page_finds_title_and_subtitle_with_their_links(spec):
    meta = spec["usermeta"]
    assert (meta["title"], meta["subtitle"]) == ("Three [[bars|projects/a|]]", "in metres")
    assert spec["title"]["text"] == ["Three bars"]


def test_a_long_title_breaks_into_lines_on_a_phone():
    wide = look.finish(lambda _: alt.Chart(pd.DataFrame()).mark_bar(), "word " * 15).to_dict()
    lines = [len(spec["title"]["text"]) for spec in (wide, wide["usermeta"]["narrow"])]
    assert lines == [1, 2]


def test_a_canvas_sets_words_above_bars_whichever_comes_first():
    marks = [look.text(9, 9, "said", href="#a", said="x"), look.rect(0, 20, 0, 20, look.DUES)]
    svg = look.svg(look.canvas(marks, 90, 20).to_dict())
    assert svg.index("rect mark") < svg.index(">said<") and '<a xlink:href="#a"' in svg


def test_rows_without_evidence_have_no_link():
    empty = look.linked(pd.DataFrame({"of": []}))
    assert list(empty.columns) == ["of", "href"]
    assert look.linked(pd.DataFrame({"of": ["a/b", None]})).href.isna().tolist() == [False, True]
    spec = {"data": {"values": [{"said": "x"}]}, "mark": "point"}
    assert "<a" not in look.svg(spec | {"encoding": {"description": look.SAID}})


def test_text_stands_out_from_its_ground_as_readers_need_it():
    def light(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        parts = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    pairs = [(look.INK, look.PAPER), (look.SOFT, look.PAPER), (look.POINT, look.PAPER)]
    pairs += [(look.PAPER, look.DUES), (look.INK, look.POINT_WASH), (look.SOFT, look.POINT_WASH)]
    for text, ground in pairs:
        dark, bright = sorted([light(text), light(ground)])
        assert (bright + 0.05) / (dark + 0.05) >= 4.5, f"{text} on {ground}"


def test_what_json_or_javascript_would_spoil_is_drawn_all_the_same():
    """A control character ends the process that draws; a large whole number loses its end."""
    rows = [{"name": "a\x1fb\ud800", "size": 2**53 + 1}]
    spec = {"data": {"values": rows}, "mark": "text"}
    spec["encoding"] = {"text": {"field": "size"}, "y": {"field": "name", "type": "nominal"}}
    svg = look.svg(spec)
    assert f">{2**53 + 1}<" in svg and ">ab<" in svg
