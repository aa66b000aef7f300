"""How every chart looks: one palette, one theme, one layout of rows, one renderer that draws offline.

A chart is drawn twice, for a wide page and for a phone; a page takes both from its specification:
``usermeta`` is a `Meta`. A mark leads to its evidence on a page; in JupyterLab it has a tooltip and
leads nowhere.
"""

import base64
import os
import re
import textwrap
from typing import NamedTuple, TypedDict

import altair as alt
import pandas as pd
import vl_convert

from ilodata import words
from ilodata.problems import DataError

# JupyterLab 4 bundles Vega-Lite 5 and knows its type only.
MIME = "application/vnd.vegalite.v5+json"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"

# A page swaps these for colours of its own, light or dark, by exactly these names.
INK, SOFT, RULE, CELL, PAPER = "#14181c", "#515b65", "#d9dfe4", "#eef1f4", "#ffffff"
DUES, DUES_PALE = "#0b4f8a", "#8db4d8"  # assessed money; agreements
POINT, POINT_PALE, POINT_WASH = "#b84a00", "#e9b48f", "#fbefe6"  # what the page is about
PROJ, PROJ_PALE = "#00695c", "#9ccbc4"  # projects
MUTE = "#c4cbd1"
PALE = {DUES: DUES_PALE, POINT: POINT_PALE, PROJ: PROJ_PALE, SOFT: MUTE}  # uncertain, or planned

# Pixels: each drawing with its labels; a line of text, a letter in the widest of the usual fonts;
# a bar, the room between rows, the names left of bars.
WIDE, NARROW, LINE, LETTER = 760, 350, 18, 8
BAR, GAP, NAMES_WIDTH = 16, 7, 330
SMALL, LEAST = 13.5, 2  # pixels: text on axes; a bar that can still be seen
SAID = {"field": "said", "type": "nominal"}
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
STYLES = {  # how each kind of mark is drawn, from the ground up; what is inferred is dashed
    "area": {},
    "rect": {"strokeDash": alt.expr("datum.dash ? [4, 3] : []")},
    "point": {"size": 110, "opacity": 1, "strokeWidth": 0},
    "text": {
        "align": alt.expr("datum.align"),
        "fontWeight": alt.expr("datum.bold ? 'bold' : 'normal'"),
    },
}


class Meta(TypedDict):
    """What ``usermeta`` of a chart of ours tells a page."""

    title: str  # linked text, as the subtitle
    subtitle: str
    narrow: dict  # the other drawing


class Mark(TypedDict, total=False):
    """A mark of a chart, laid out in pixels from the top left corner, as `canvas` draws it."""

    kind: str  # of `STYLES`
    x: float
    x2: float
    y: float  # of words, the middle of their first line
    y2: float
    fill: str
    stroke: str
    dash: bool
    shape: str  # of a point
    text: str  # words and how they are set, down to `align`
    bold: bool
    align: str
    said: str  # how it is called, and where its evidence is, as `tie` gives both
    href: str


@alt.theme.register("ilodata", enable=True)
def _theme():
    """Set what the charts share; no font is named, so that every machine sets the same lines."""
    small = {"labelFontSize": SMALL, "titleFontSize": SMALL, "labelColor": INK, "titleColor": SOFT}
    title = {"fontSize": 16, "color": INK, "subtitleFontSize": SMALL, "subtitleColor": SOFT}
    title |= {"anchor": "start", "subtitlePadding": 4, "offset": 12, "subtitleLineHeight": LINE}
    text = {"fontSize": 14, "color": INK, "lineBreak": "\n", "lineHeight": LINE}
    config = {"background": PAPER, "title": title, "text": text | {"baseline": "middle"}}
    config |= {"axis": small | {"gridColor": RULE}, "legend": small | {"orient": "top"}}
    return alt.theme.ThemeConfig(config=config | {"header": small, "view": {"stroke": None}})


alt.data_transformers.disable_max_rows()


class Picture(alt.VConcatChart):
    """A finished chart, shown without Altair's check of each part: the tests check them all once."""

    def _repr_mimebundle_(self, *_, **__):
        """Give IPython what `render` makes of this chart."""
        return render(self.to_dict(validate=False))


def finish(draw, title, subtitle, description):
    """Put a chart together from its wide and its narrow drawing.

    Parameters
    ----------
    draw : function
        Called with the width of the drawing and what names take of it, in pixels: `WIDE` and
        `NAMES_WIDTH`, or `NARROW` and 0, where names stand above; returns an untitled Altair chart.
    title, subtitle : str
        What is shown, and its unit and source; linked text (`words.link`) or plain.
    description : str
        What the chart tells readers who cannot see it.
    """

    def drawing(width, left, **meta):
        lines, below = (wrap(words.plain(text), width) for text in (title, subtitle))
        return Picture(
            vconcat=[draw(width, left)],
            title=alt.TitleParams(lines, subtitle=below or alt.Undefined),
            description=words.plain(description),
            padding={"left": 0, "right": 0, "top": 2, "bottom": 2},
            **meta,
        )

    with alt.utils.schemapi.debug_mode(False):
        narrow = drawing(NARROW, 0).to_dict(validate=False)
        meta = Meta(title=title, subtitle=subtitle, narrow=narrow)
        return drawing(WIDE, NAMES_WIDTH, usermeta=meta)


def takes(frame, question, columns):
    """Refuse what lacks one of the columns that a chart draws, and name the question to ask."""
    for name in columns.split():
        if name not in getattr(frame, "columns", ()):
            given = f"this {type(frame).__name__} has no column {name}"
            raise DataError(f"this chart draws what ilo.{question} returns; {given}")


def nothing(title, said="Our tables hold nothing for this choice."):
    """Return a chart that says that there is nothing to draw."""

    def draw(width, _):
        return canvas([text(said, SOFT, y=20)], width, 40)

    return finish(draw, title, "", f"{title}. {said}")


def tie(said, of, how=""):
    """Return how a mark is called, and the way to its evidence: ``#of`` or, of a sum, ``#of|how``."""
    return {"said": said, "href": f"#{of}{how and f'|{how}'}"} if of else {}


def text(shown, fill=INK, bold=False, align="left", x=0, y=0, **tied):
    """Describe words for `canvas`."""
    style = {"fill": fill, "bold": bold, "align": align}
    return Mark(kind="text", text=shown, x=x, y=y, **style, **tied)


def rect(x, x2, fill, stroke=None, dash=False, y=0, y2=BAR, **tied):
    """Describe a rectangle for `canvas`, or a bar of a `Row`."""
    sides, style = {"x": x, "x2": x2, "y": y, "y2": y2}, {"fill": fill, "stroke": stroke or fill}
    return Mark(kind="rect", **sides, **style, dash=dash, **tied)


def point(shape, x, fill, y=BAR / 2, **tied):
    """Describe a point for `canvas`, or of a `Row`."""
    return Mark(kind="point", shape=shape, x=x, y=y, fill=fill, **tied)


def wide(said):
    """Return how wide a line of text is at most, in pixels, whichever sans serif a reader has."""
    return LETTER * len(said)


def wrap(said, width):
    """Break a text into lines of so many pixels; an amount stays in one."""
    whole = re.sub(r"(?<=US\$) | (?=[mb]illion)", "\u00a0", said)
    return textwrap.wrap(whole, int(width / LETTER))


def stack(texts, width, y=0):
    """Set texts below each other from `y` down, in as many lines as each needs; say where they end."""
    placed = []
    for one in texts:
        lines = wrap(one["text"], width / 1.1 if one["bold"] else width)
        placed.append(one | {"y": y + LINE / 2, "text": "\n".join(lines)})
        y += LINE * len(lines)
    return placed, y


def boxes(named, width, y=0):
    """Set words in boxes, as many side by side as there is room for; say where they end.

    ``named``: of each its words, their colour, what `rect` takes of style, and what `tie` returns.
    """
    placed, x, deep = [], 0, LINE + 4
    for shown, ink, style, tied in named:
        size = wide(shown) + 2 * GAP
        if x and x + size > width:
            x, y = 0, y + deep + 4
        placed.append(rect(x, x + size, y=y, y2=y + deep, **style, **tied))
        placed.append(text(shown, ink, align="center", x=x + size / 2, y=y + deep / 2, **tied))
        x += size + 4
    return placed, y + deep + 4


class Row(NamedTuple):
    """A row of a chart: texts that name it, one that stands beside its marks, and these."""

    names: list
    note: dict
    marks: list


def scale(first, last, left, share=1):
    """Return a function from a value to its place, in pixels, of which `left` is the first."""
    unit = share * ((WIDE if left else NARROW) - left - GAP) / ((last - first) or 1)
    return lambda value: left + unit * (value - first)


def lay_out(rows, at, left, y=0, *heads):
    """Lay out rows (`Row`) from `y` down, below some words; say where they end.

    Names stand left of the marks or, where `left` is 0, above; the note stands beside the marks,
    which have x on the scale `at`, or with the names, where it has no room there.
    """
    placed, x = [], 0
    for head in heads:
        placed.append(head | {"x": x, "y": y + LINE / 2})
        x += wide(head["text"]) + 2 * GAP
    y += (LINE + 3) * bool(heads)
    room = WIDE if left else NARROW
    for names, note, marks in rows:
        start = at(min((mark["x"] for mark in marks), default=0)) - 2 * GAP
        end = at(max((mark.get("x2", mark["x"]) for mark in marks), default=0)) + 2 * GAP
        size = wide(note["text"])
        fits = end + size <= room or start - size >= left
        texts, bottom = stack(names if fits else [*names, note], (left or room) - 20, y)
        top = (y + bottom - BAR) / 2 if left else bottom + 2
        placed += texts
        if fits:
            side = {"x": end} if end + size <= room else {"x": start, "align": "right"}
            placed.append(note | side | {"y": top + BAR / 2})
        for mark in marks:
            sides = {"x": at(mark["x"]), "y": top + mark["y"]}
            if mark["kind"] == "rect":
                size = max(at(mark["x2"]) - sides["x"], LEAST)
                sides |= {"x2": sides["x"] + size, "y2": top + mark["y2"]}
                sides["dash"] = mark["dash"] and size > BAR
            placed.append(mark | sides)
        y = bottom + GAP if left else top + BAR + GAP + 3
    return placed, y + GAP * bool(heads)


def canvas(marks, width, height):
    """Draw marks that were laid out in pixels from the top left corner: areas, bars, then words.

    Marks (`Mark`) are from `text`, `rect` and `point`; of an area, one at each x, from y to y2. `svg`
    makes those that have an href links; JupyterLab shows what is said.
    """
    x, y = (alt.Scale(domain=side, nice=False, zero=False) for side in ([0, width], [height, 0]))
    given = {"x": alt.X("x:Q", axis=None, scale=x), "y": alt.Y("y:Q", axis=None, scale=y)}
    given |= {"x2": alt.X2("x2"), "y2": alt.Y2("y2"), "text": alt.Text("text:N")}
    given |= {"fill": alt.Fill("fill:N", scale=None), "stroke": alt.Stroke("stroke:N", scale=None)}
    given |= {"shape": alt.Shape("shape:N", scale=None)}
    proof = {"description": alt.Description("said:N"), "tooltip": alt.Tooltip("said:N")}
    layers = []
    for kind, style in STYLES.items():
        own = [mark for mark in marks if mark["kind"] == kind and mark.get("text") != ""]
        if own:
            data = pd.DataFrame([{"said": None, "href": None} | mark for mark in own]).round(1)
            takes = {name: it for name, it in given.items() if name in data}
            chart = getattr(alt.Chart(data), f"mark_{kind}")(**style)
            layers.append(chart.encode(**takes, **proof))
    return alt.layer(*layers).properties(width=width, height=height)


def svg(spec):
    """Draw a Vega-Lite specification as SVG, in which each mark of ours is a link.

    Data that would have to be fetched are an error.
    """
    return vl_convert.vegalite_to_svg(_tidy(spec, linked=True), allowed_base_urls=[])


def render(spec, **_):
    """Give a chart as each reader can draw it offline: Vega-Lite, a picture, words.

    With ``ILODATA_UNDRAWN=1`` there is no picture: a build of pages draws by itself.
    """
    spec = _tidy(spec) | {"$schema": SCHEMA}
    told = spec.get("description", "Chart")
    bundle = {MIME: spec, "text/plain": told}
    if os.environ.get("ILODATA_UNDRAWN") == "1":
        return bundle, {}
    png = vl_convert.vegalite_to_png(spec, allowed_base_urls=[])
    return bundle | {"image/png": base64.b64encode(png).decode()}, {"image/png": {"alt": told}}


alt.renderers.register("ilodata", render)
alt.renderers.enable("ilodata")


def _tidy(part, linked=False):
    """Copy a specification as JSON holds it safely; if asked, marks that `SAID` describes are links.

    Whole numbers are as JupyterLab writes them, so that it changes none; control characters, which
    end the process that draws, are gone.
    """
    if isinstance(part, dict):
        link = {"href": {"field": "href", "type": "nominal"}}
        more = link if linked and part.get("description") == SAID else {}
        return {name: _tidy(value, linked) for name, value in part.items()} | more
    if isinstance(part, list):
        return [_tidy(value, linked) for value in part]
    if isinstance(part, str):
        return CONTROL.sub("", part)
    return int(part) if isinstance(part, float) and part.is_integer() else part
