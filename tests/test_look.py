"""One look: two drawings a chart, marks that lead to evidence, the same picture everywhere."""

import itertools
import json
import re

import pytest

from conftest import fits
from ilodata import charts, funding, profiles, reach, tables, timelines, words
from ilodata.charts import look, places, sources

CHARTS = {
    "all years": lambda: charts.timeline(timelines.chronology("1985", "2025")),
    "a partner": lambda: charts.timeline(timelines.chronology("", "", "MOHRSS")),
    "one year": lambda: charts.timeline(timelines.chronology(2019)),
    "events": lambda: charts.timeline(timelines.chronology(1985)),
    "one day": lambda: charts.timeline(timelines.chronology("2022-12-07")),
    "a project": lambda: charts.timeline(profiles.course("skills-asean-2018")),
    "matrix": lambda: charts.matrix(reach.places(), reach.results()),
    "map": lambda: charts.map(reach.points(reach.places()), tables.load_reference("land")),
    "totals": lambda: charts.dues_and_rest(funding.amounts("2017", "2022")),
    "part": lambda: charts.dues_and_rest(funding.amounts("2019", "2020")),
    "fund": lambda: charts.dues_and_rest(funding.amounts(channels="trust fund")),
    "payers": lambda: charts.by_payer(funding.amounts()),
    "flows": lambda: charts.flows(funding.projects()),
    "no amount": lambda: charts.flows(funding.projects(2013, 2013)),
}
PALETTE = {value for value in vars(look).values() if str(value).startswith("#")}
# What may stand in a chart without evidence.
HEADS = (
    r"\d{4}|Agreements( with the ILO)?|(This p|Other p|P)rojects?|Events|inferred|"
    r"home of .*|named as .*|Totals of channels|The rest, enlarged \d+ times|Not in the total, .*"
)


def marks(chart, narrow=False):
    """List what is drawn: kind, style and data of each mark."""
    spec = chart.to_dict(validate=not narrow)  # once by Altair's own rules
    spec = spec["usermeta"]["narrow"] if narrow else spec
    layers = spec["vconcat"][0]["layer"]
    found = []
    for layer in layers[-1].get("layer", layers):  # of a map, without the ground
        for row in layer["data"].get("values") or spec["datasets"][layer["data"]["name"]]:
            assert fits(row, look.Mark)
            found.append({"kind": layer["mark"]["type"]} | layer["mark"] | row)
    return found


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", CHARTS)
def test_words_have_room_in_wide_fonts_and_what_states_a_fact_leads_to_evidence(name, narrow):
    width, boxes = look.NARROW if narrow else look.WIDE, []
    for mark in marks(CHARTS[name](), narrow):
        assert mark["fill"] in PALETTE, mark
        if mark.get("href"):
            assert mark["said"] and words.sources(mark["href"].removeprefix("#").partition("|")[0])
        elif mark["kind"] == "text" and mark["text"]:
            assert re.fullmatch(HEADS, mark["text"]), mark
        for at, line in enumerate(mark.get("text", "").splitlines()):
            size = 7.3 * len(line)
            left = mark["x"] - {"left": 0, "right": size, "center": size / 2}[mark["align"]]
            assert left >= -1 and left + size <= width * 1.02, f"{line} leaves the picture"
            boxes.append((left, left + size, mark["y"] + at * look.LINE, line))
    for one, other in itertools.combinations(boxes, 2):
        apart = one[1] <= other[0] or other[1] <= one[0] or abs(one[2] - other[2]) >= 14
        assert apart, f"{one[3]!r} lies on {other[3]!r}"


def test_nothing_to_draw_is_said():
    none = reach.places("Mongolia")
    for made, said in (
        (charts.timeline(timelines.chronology(1990)), "nothing to draw"),
        (charts.matrix(none, reach.results("Mongolia")), "nothing for this choice"),
        (charts.map(reach.points(reach.places("Africa")), tables.load_reference("land")), "no dot"),
        (charts.dues_and_rest(funding.amounts(1950, 1951, channels="jpo")), "nothing for this"),
        (charts.flows(funding.projects("1950", "1951")), "no project for this choice"),
    ):
        assert said in str(made.to_dict(validate=False)["usermeta"]["narrow"])


@pytest.fixture
def shown():
    """Give what a notebook shows of a chart with two marks, one without evidence."""
    bars = [look.rect(0, 9.5, look.DUES, **look.tie("x", "projects/a")), look.rect(0, 9, look.DUES)]
    title = "Two [[bars|projects/a|]]"
    chart = look.finish(lambda *_: look.canvas(bars, 90, 60), title, "in metres", "Two bars.")
    return chart._repr_mimebundle_


def test_a_notebook_gets_a_picture_and_its_words_and_a_build_only_the_words(shown, monkeypatch):
    bundle, about = shown()
    assert set(bundle) == {look.MIME, "image/png", "text/plain"}
    assert about["image/png"]["alt"] == bundle["text/plain"] == "Two bars."
    monkeypatch.setenv("ILODATA_UNDRAWN", "1")
    assert set(shown()[0]) == {look.MIME, "text/plain"}


def test_jupyterlab_finds_nothing_to_rewrite_and_a_mark_has_a_tooltip_and_no_link(shown):
    spec = shown()[0][look.MIME]
    assert not re.search(r"\b\d+\.0\b", json.dumps(spec)), "it would write 1.0 as 1"
    assert spec["$schema"].endswith("v5.json"), "its Vega-Lite warns of any other"
    assert spec["title"]["text"] == ["Two bars"], "no link"
    [layer] = spec["vconcat"][0]["layer"]
    assert "href" not in layer["encoding"] and layer["encoding"]["tooltip"]["field"] == "said"


def test_a_canvas_sets_words_above_bars_whichever_comes_first():
    marks = [look.text("said", x=9, y=9, href="#a", said="x"), look.rect(0, 20, look.DUES)]
    svg = look.svg(look.canvas(marks, 90, 20).to_dict())
    assert svg.index("rect mark") < svg.index("#a") < svg.index(">said<")


def test_text_stands_out_from_its_ground_as_readers_need_it():
    def light(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        parts = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    pairs = [(look.INK, look.PAPER), (look.SOFT, look.PAPER), (look.POINT, look.PAPER)]
    pairs += [(look.PAPER, look.DUES), *sources.COLOURS, *places.FILLS.values()]
    for ground, text in pairs:
        dark, bright = sorted([light(text), light(ground)])
        assert (bright + 0.05) / (dark + 0.05) >= 4.5, f"{text} on {ground}"


def test_a_control_character_does_not_end_the_process_that_draws():
    spec = {"data": {"values": [{"name": "a\x1fb\ud800"}]}, "mark": "text"}
    spec["encoding"] = {"text": {"field": "name", "type": "nominal"}}
    assert ">ab<" in look.svg(spec)
