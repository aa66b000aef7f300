"""Charts: nothing of them can run or fetch; they have the page's colours and lead to cards."""

import re

import pytest
from lxml import etree

from conftest import fits
from ilodata.reports import svg


def link(of, how, shown):
    return svg.CardLink("ev", "#e-1", f"{shown}; {of}; {how}")


def chart(mark="bar", **more):
    row = {"a": "x", "b": 1.23456, "to": "#t/i/f|two, “nearly”", "d": "bar x"}
    encoding = {"x": {"field": "b", "type": "quantitative"}}
    for channel, field in (("y", "a"), ("href", "to"), ("description", "d")):
        encoding[channel] = {"field": field, "type": "nominal"}
    return {"data": {"values": [row]}, "mark": mark, "encoding": encoding} | more


def test_a_mark_leads_to_the_card_of_its_cells_with_its_arithmetic_and_is_one_stop_with_its_words():
    made = svg.figure({"layer": [chart(), chart("text")], "title": "T"}, "f1", link)
    [drawing] = made["drawings"].values()
    assert fits(made, svg.Figure)
    root = etree.fromstring(drawing)
    mark, again = root.iter("a")
    assert mark.get("aria-label") == "bar x; t/i/f; two, “nearly”" and not mark.get("tabindex")
    assert (again.get("tabindex"), again.get("aria-hidden")) == ("-1", "true")
    assert root.get("role") == "group", "an image would hide its links from a screen reader"
    assert "vega" not in drawing and ">T<" in drawing
    assert root.get("aria-label") == svg.UNDESCRIBED and not root.xpath("//@aria-roledescription")


def test_our_colours_become_those_of_the_page_and_others_stay():
    bars = [chart({"type": "bar", "color": colour}) for colour in ("#b84a00", "#123456")]
    drawing = svg.figure({"layer": bars}, "f1", link)["drawings"]["both"]
    assert 'fill="var(--point)"' in drawing and "#b84a00" not in drawing and "#123456" in drawing
    assert 'stroke="var(--rule)"' in drawing, "Vega's own grid is readable in the dark, too"


def test_a_chart_with_a_narrow_drawing_has_both_and_no_id_twice():
    spec = chart(usermeta={"narrow": chart(width=100), "title": "[[A|t/i|]]", "subtitle": "s"})
    made = svg.figure(spec, "f1", link)
    assert (made["title"], made["subtitle"]) == ("[[A|t/i|]]", "s")
    assert list(made["drawings"]) == ["wide", "narrow"]
    ids = re.findall(' id="([^"]+)"', "".join(made["drawings"].values()))
    assert len(ids) == len(set(ids))
    svg._drawn.cache_clear()
    assert svg.figure(spec, "f1", link) == made, "the same bytes, however many were drawn before"


def clean(inside):
    start = '<svg xmlns="http://www.w3.org/2000/svg" onload="x()" viewBox="0 0 9 9">'
    return svg.clean(f"{start}{inside}</svg>", "a", "said", "both", link)


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        '<rect onload="alert(1)" width="5" height="5" x="1"/>',
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><script/></body></foreignObject>",
        '<image href="http://evil/x"/>',
        '<a href="javascript:alert(1)"><text>x</text></a>',
        '<rect x="1" fill="url(http://evil/x)"/>',
        '<style>@import "http://evil/x"</style>',
        '<rect x="1" style="background:url(http://evil/x)"/>',
        "<title>tip</title><metadata>m</metadata>",
    ],
)
def test_nothing_of_a_drawing_can_run_or_fetch(evil):
    drawing = clean(evil)
    assert not re.search("evil|alert|script|onload|style|javascript|tip|foreign", drawing)
    assert etree.fromstring(drawing).get("aria-label") == "said"


def test_a_drawing_keeps_its_shapes_and_references_and_loses_what_is_hidden():
    made = clean(
        '<g opacity=".5"><text display="none">y</text><clipPath id="c"><rect/></clipPath>'
        '<path d="M1.2345,6.78Z" opacity="0.35" fill="#f00" clip-path="url(#c)"/></g>'
    )
    assert not list(etree.fromstring(made).iter("text"))
    assert 'd="M1.2,6.8Z"' in made and 'opacity="0.35"' in made, "places are rounded, no colours"
    assert 'id="a1"' in made and 'clip-path="url(#a1)"' in made, "references are its own"


def test_a_drawing_in_small_has_shapes_and_evidence_without_words_and_boxes_of_a_legend():
    legend = '<path d="M0,0h9v9h-9Z"/><text>a</text>'
    linked = '<a href="#e-1"><path d="M0,0h5v9h-5Z"/></a>'
    made = svg.small(f'<g><text x="1"/><path d="M1,1Z"/>{legend}{linked}</g>')
    assert made == '<g><path d="M1,1Z"/><path d="M0,0h5v9h-5Z"/></g>'
