"""How every chart looks: one palette, one theme, one renderer that draws everywhere offline.

A chart is drawn twice, for a wide page and for a phone; a page takes both from its specification:
``usermeta`` holds "narrow" (the other drawing), "title" and "subtitle" (linked text). A mark leads to
its evidence on a page; in JupyterLab it has a tooltip and leads nowhere.
"""

import base64
import os
import re
import textwrap

import altair as alt
import pandas as pd
import vl_convert

from ilodata import words
from ilodata.problems import DataError

# JupyterLab 4 bundles Vega-Lite 5 and knows its type only.
MIME = "application/vnd.vegalite.v5+json"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
# What Vega puts before an address within the page.
REBASED = "https://vega.github.io/vega-datasets/"

# A page swaps these for colours of its own, light or dark, by exactly these names.
INK, SOFT, RULE, CELL, PAPER = "#14181c", "#515b65", "#d9dfe4", "#eef1f4", "#ffffff"
DUES, DUES_PALE = "#0b4f8a", "#8db4d8"  # assessed money; agreements
POINT, POINT_PALE, POINT_WASH = "#b84a00", "#e9b48f", "#fbefe6"  # what the page is about
PROJ, PROJ_PALE = "#00695c", "#9ccbc4"  # projects
MUTE = "#c4cbd1"
PALE = {DUES: DUES_PALE, POINT: POINT_PALE, PROJ: PROJ_PALE, SOFT: MUTE}  # uncertain, or planned

WIDE, NARROW = 760, 350  # pixels: each drawing with its labels
TEXT, SMALL = 14, 13.5
LINE, LETTER = 18, 8.7  # pixels: a line of text, a letter in the widest of the usual fonts
DASH = [4, 3]  # what is inferred is hollow and dashed
SAID = {"field": "said", "type": "nominal"}
EXACT = 2**53  # up to here JavaScript knows each whole number
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
LETTERS = {False: 88, True: 42}  # of a title, side by side, in a wide and a narrow drawing


@alt.theme.register("ilodata", enable=True)
def _theme():
    """Set what the charts share; no font is named, so that every machine sets the same lines."""
    small = {"labelFontSize": SMALL, "titleFontSize": SMALL, "labelColor": INK, "titleColor": SOFT}
    title = {"fontSize": 16, "color": INK, "subtitleFontSize": SMALL, "subtitleColor": SOFT}
    title |= {"anchor": "start", "subtitlePadding": 4, "offset": 12, "subtitleLineHeight": 18}
    config = {"background": PAPER, "title": title, "text": {"fontSize": TEXT, "color": INK}}
    config |= {"axis": small | {"gridColor": RULE}, "legend": small | {"orient": "top"}}
    return alt.theme.ThemeConfig(config=config | {"header": small, "view": {"stroke": None}})


alt.data_transformers.disable_max_rows()


class Picture(alt.VConcatChart):
    """A finished chart, shown without Altair's check of each part: the tests check them all once."""

    def _repr_mimebundle_(self, *_, **__):
        """Give IPython what `render` makes of this chart."""
        return render(self.to_dict(validate=False))


def finish(draw, title, subtitle="", description=""):
    """Put a chart together from its wide and its narrow drawing.

    Parameters
    ----------
    draw : function
        Called with ``narrow`` (bool); returns an Altair chart without a title, about 760 or 350
        pixels wide with its labels.
    title, subtitle : str
        What is shown, and its unit and source; linked text (`words.link`) or plain.
    description : str
        What the chart tells readers who cannot see it; by default the title and subtitle.
    """
    told = words.plain(description or f"{title}. {subtitle}".removesuffix(". "))

    def drawing(narrow, **meta):
        texts = {"text": title, "subtitle": subtitle} if subtitle else {"text": title}
        head = {it: textwrap.wrap(words.plain(texts[it]), LETTERS[narrow]) for it in texts}
        return Picture(
            vconcat=[draw(narrow)],
            title=alt.TitleParams(**head),
            description=told,
            padding={"left": 0, "right": 0, "top": 2, "bottom": 2},
            **meta,
        )

    with alt.utils.schemapi.debug_mode(False):
        meta = {"title": title, "subtitle": subtitle}
        return drawing(False, usermeta=meta | {"narrow": drawing(True).to_dict(validate=False)})


def takes(frame, question, columns):
    """Refuse what lacks one of the columns that a chart draws, and name the question to ask."""
    for name in columns.split():
        if name not in getattr(frame, "columns", ()):
            given = f"this {type(frame).__name__} has no column {name}"
            raise DataError(f"this chart draws what ilo.{question} returns; {given}")


def nothing(title, said="Our tables hold nothing for this choice."):
    """Return a chart that says that there is nothing to draw."""

    def draw(narrow):
        return canvas([text(0, 20, said, SOFT)], NARROW if narrow else WIDE, 40)

    return finish(draw, title, description=f"{title}. {said}")


def linked(frame):
    """Add the column ``href``, from a mark to its evidence: ``#of`` or, of a sum, ``#of|how``."""
    how = frame["how"] if "how" in frame else pd.Series("", frame.index)
    parts = zip(frame["of"].fillna(""), how.fillna(""), strict=True)
    return frame.assign(
        href=[f"#{of}{f'|{how}' if how else ''}" if of else None for of, how in parts]
    )


def proof():
    """Return the encodings of a mark that states a fact: ``mark.encode(**look.proof())``.

    The column ``said`` is its name for a screen reader and its tooltip; `svg` makes it a link to
    its evidence, the column ``href``.
    """
    return {"description": alt.Description("said:N"), "tooltip": alt.Tooltip("said:N")}


def text(x, y, shown, fill=INK, bold=False, align="left", **tie):
    """Describe a line of text for `canvas`, `y` at its middle; `tie` is its href and name (said)."""
    weight = "bold" if bold else "normal"
    style = {"align": align, "fontWeight": weight, "baseline": "middle"}
    return {"kind": "text", "style": style, "x": x, "y": y, "text": shown, "fill": fill, **tie}


def lines(x, y, shown, *style, **tie):
    """Describe lines of text below each other for `canvas`, the middle of the first at `y`."""
    return [text(x, y + LINE * n, line, *style, **tie) for n, line in enumerate(shown)]


def wrap(said, width):
    """Break a text into lines of so many pixels; an amount stays in one."""
    whole = re.sub(r"(?<=US\$) | (?=[mb]illion)", "\u00a0", said)
    return textwrap.wrap(whole, int(width / LETTER))


def wide(said, size=TEXT):
    """Estimate how wide a text is at most, in pixels, whichever sans serif a reader has."""
    slim = sum(said.count(each) for each in "iljft.,;:’'I ")
    broad = sum(said.count(each) for each in "mwMW") + sum(each.isupper() for each in said) / 3
    return round(size * (0.62 * (len(said) - slim) + 0.36 * slim + 0.33 * broad))


def money(row):
    """Say the money of a project, or that the amount is missing, from ``money`` and ``money_of``."""
    return row.money if row.money_of.startswith("contributions") else f"amount {row.money}"


def point(shape, x, y, fill, **tie):
    """Describe a point for `canvas`: a diamond, or a triangle."""
    style = {"size": 110, "opacity": 1, "strokeWidth": 0}
    return {"kind": "point", "style": style, "shape": shape, "x": x, "y": y, "fill": fill, **tie}


def rect(x, x2, y, y2, fill, stroke=None, dash=False, **tie):
    """Describe a rectangle for `canvas`."""
    sides = {"x": x, "x2": x2, "y": y, "y2": y2, "fill": fill, "stroke": stroke or fill}
    return {"kind": "rect", "style": {"strokeDash": DASH} if dash else {}, **sides, **tie}


def legend(named, width):
    """Say what each colour means, as (name, fill, stroke, dash); return marks, and what is below."""
    marks, x, y = [], 0, 0
    for name, *fills in named:
        needs = 30 + wide(name)
        x, y = (0, y + LINE) if x + needs > width else (x, y)
        marks += [rect(x, x + 12, y + 1, y + 13, *fills), text(x + 20, y + 7, name, SOFT)]
        x += needs
    return marks, y + LINE + 15


def canvas(marks, width, height):
    """Draw marks that were laid out in pixels from the top left corner: areas, bars, then words.

    Marks are dicts from `text` and `rect`, or alike: kind ("area", "rect", "point", "text"), style
    (of the mark), x, y and what its kind takes of x2, y2, fill, stroke, shape and text, href, said
    (its name). Points of one area share an ``id``, its detail.
    """
    takes = {"area": ["y2", "fill", "stroke", "detail"], "rect": ["x2", "y2", "fill", "stroke"]}
    takes |= {"point": ["shape", "fill"], "text": ["text", "fill"]}
    x, y = (alt.Scale(domain=side, nice=False, zero=False) for side in ([0, width], [height, 0]))
    place = {"x": alt.X("x:Q", axis=None, scale=x), "y": alt.Y("y:Q", axis=None, scale=y)}
    given = {"x2": alt.X2("x2"), "y2": alt.Y2("y2"), "detail": alt.Detail("id:N")}
    given |= {"text": alt.Text("text:N"), "shape": alt.Shape("shape:N", scale=None)}
    given |= {"fill": alt.Fill("fill:N", scale=None), "stroke": alt.Stroke("stroke:N", scale=None)}
    layers, drawn = {}, []
    for mark in sorted(marks, key=lambda mark: [*takes].index(mark["kind"])):
        layers.setdefault((mark["kind"], str(mark["style"])), []).append(mark)
    for (kind, _), own in layers.items():
        rows = pd.DataFrame(own).drop(columns=["kind", "style"]).round(1)
        chart = alt.Chart(rows.reindex(columns=[*dict.fromkeys([*rows, "href", "said"])]))
        chart = getattr(chart, f"mark_{kind}")(**own[0]["style"])
        drawn.append(chart.encode(**place, **{it: given[it] for it in takes[kind]}, **proof()))
    return alt.layer(*drawn).properties(width=width, height=height)


def svg(spec):
    """Draw a Vega-Lite specification of ours, or its narrow one, as SVG.

    Marks are links (``<a xlink:href="#...">``). Data that would have to be fetched are an error.
    """
    drawn = vl_convert.vegalite_to_svg(_tidy(spec, linked=True), allowed_base_urls=[])
    # No evidence, no link.
    drawn = re.sub(rf'<a xlink:href="{REBASED}(?:null|undefined)">(.*?)</a>', r"\1", drawn)
    return drawn.replace(f'href="{REBASED}#', 'href="#')


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
    """Copy a specification as JSON holds it safely, and make each mark with `proof` a link if asked.

    Whole numbers are as JupyterLab writes them, so that it changes none; those that JavaScript
    would round are text; control characters, which end the process that draws, are gone.
    """
    if isinstance(part, dict):
        link = {"href": {"field": "href", "type": "nominal"}}
        more = link if linked and part.get("description") == SAID else {}
        return {name: _tidy(value, linked) for name, value in part.items()} | more
    if isinstance(part, list):
        return [_tidy(value, linked) for value in part]
    if isinstance(part, str):
        return CONTROL.sub("", part)
    if isinstance(part, float) and part.is_integer() and abs(part) <= EXACT:
        return int(part)
    return str(part) if isinstance(part, int) and abs(part) > EXACT else part
