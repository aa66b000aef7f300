"""How every chart looks: one theme, one palette, one renderer that draws everywhere offline.

The same kind, role, channel, basis and degree of certainty has the same colour and shape in every
chart; no meaning is carried by colour alone. A chart is laid out so that it can be squeezed to the
width of a phone: labels stand above their rows, and only numbers given as ``width`` change.
"""

import functools
import json
import os
import re
import sys
from contextlib import contextmanager
from pathlib import Path

# Three of jsonschema's format checkers are slow to import, together four seconds in every kernel; no
# chart has a format to be checked.
_barred = {"rfc3987_syntax", "rfc3986_validator", "isoduration"} - sys.modules.keys()
sys.modules.update(dict.fromkeys(_barred))
import altair as alt  # noqa: E402
import pandas as pd  # noqa: E402
import vl_convert  # noqa: E402
from altair.utils import schemapi  # noqa: E402

for _name in _barred:
    del sys.modules[_name]

# JupyterLab 4 bundles Vega-Lite 5 and shows only its type in a notebook that is not trusted.
MIME = "application/vnd.vegalite.v5+json"

# Kin of Okabe and Ito's colours that differ in lightness too, so that colour-blind readers can tell
# them apart, and that stand out from white by 4.5 to 1, so that text can have them.
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072B2", "#B34700", "#004D33", "#7B1E70", "#737373"
INK, RULE = "#222", "#ddd"
KINDS = {"agreement": BLUE, "event": ORANGE, "project": GREEN, "presence": PURPLE}
ROLES = {
    "named beneficiary": (BLUE, "circle"),
    "home of network institutes": (ORANGE, "square"),
    "region, countries not named": (GREEN, "diamond"),
    "member of the region (reference data)": (GREY, "triangle-up"),
}
CHANNELS = {
    "assessed": BLUE,
    "voluntary": ORANGE,
    "jpo": GREEN,
    "trust_fund": PURPLE,
    "not stated": GREY,
}
BASES = {"stated": BLUE, "inferred": ORANGE}  # an inferred one is hollow too, or dashed
CERTAIN, POSSIBLE = 1, 0.35  # opacity; what is only possible has an edge too
OPEN = "triangle-right"  # the shape of an end that is open, or that nobody states
WIDTH = 640


@alt.theme.register("ilodata", enable=True)
def _theme():
    text = {"labelFontSize": 11, "titleFontSize": 11, "labelColor": INK, "titleColor": INK}
    return alt.theme.ThemeConfig(
        config={
            "background": "white",
            # No limit: no name is cut, and Vega measures each once instead of twice.
            "axis": {**text, "titleFontWeight": "normal", "labelLimit": 0, "gridColor": RULE},
            "legend": {**text, "orient": "top", "titleFontWeight": "normal", "labelLimit": 0},
            "header": {**text, "labelFontWeight": "bold", "labelAnchor": "start"},
            "title": {
                "fontSize": 14,
                "anchor": "start",
                "frame": "group",
                "color": INK,
                "offset": 12,
            },
            "view": {"stroke": None},
        }
    )


def draw(spec):
    """Draw a Vega-Lite specification as SVG; data that it would have to fetch are an error."""
    _start_engine()
    return vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])


@functools.cache
def _start_engine():
    """Start what draws without the fonts of this machine, for which it looks at its first text.

    Its own fonts are enough to measure texts, give the same drawing everywhere, and spare a search
    through all fonts for each text: with those of a Debian desktop, most of the time of a drawing.
    """
    words = {"data": {"values": [{}]}, "mark": "text", "encoding": {"text": {"value": "x"}}}
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("no-fonts.conf"))
    try:
        vl_convert.vegalite_to_svg(words, allowed_base_urls=[])
    finally:
        del os.environ["FONTCONFIG_FILE"]
        if before is not None:
            os.environ["FONTCONFIG_FILE"] = before


@contextmanager
def undrawn(instead=lambda spec: None):
    """Let charts give an empty drawing, where nobody keeps a notebook's outputs.

    ``instead`` is called with the specification of each.
    """
    global draw
    empty = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
    before, draw = draw, lambda spec: instead(spec) or empty
    try:
        yield
    finally:
        draw = before


def _render(spec, **_):
    """Give a chart as Vega-Lite, as SVG and as text: what each reader can draw, offline."""
    svg = draw(spec)
    ids = {}
    for name in re.findall(r'id="([^"]+)"', svg):  # they count up with every chart of a process
        ids.setdefault(name, f"part-{len(ids)}")
    for name, new in ids.items():
        svg = re.sub(rf'(id="|#){re.escape(name)}(?=["\)])', rf"\g<1>{new}", svg)
    svg = re.sub(r"-?\d+\.\d{2,}(?:e-?\d+)?", lambda m: f"{round(float(m.group()), 1):g}", svg)
    return {MIME: spec, "image/svg+xml": svg, "text/plain": spec.get("description", "Chart")}


alt.renderers.register("ilodata", _render)
alt.renderers.enable("ilodata")


class Chart(alt.Chart):
    """A chart whose parts are shared, not copied, when it becomes a layer or part of another.

    Altair copies all parts of a chart several times over while it is put together, though none of
    its own functions changes a part in place; ours do not either.
    """

    def __deepcopy__(self, _=None):
        return self.copy(deep=False)

    def _compute_hash(self):
        """Return the name that Altair gives a part, without writing out the part's rows for it.

        A number after it tells parts apart that are alike but for their rows.
        """
        bare = self.copy(deep=False)
        bare.data = alt.Undefined
        return super(Chart, bare)._compute_hash()


PLAIN = (str, int, float, bool, type(None))  # values that Altair writes as they are
_written = schemapi._todict


def _written_soon(value, *context, **more):
    """Write a part of a chart as Altair does, without its costly questions to plain values."""
    return value if type(value) in PLAIN else _written(value, *context, **more)


@contextmanager
def _unhindered():
    """Let Altair check neither the parts of a chart nor the whole: the tests do, once for all.

    Checking takes a third of the time in which a notebook runs.
    """
    check = schemapi.SchemaBase.__dict__["validate"]
    schemapi._todict, schemapi.SchemaBase.validate = _written_soon, lambda *_, **__: None
    try:
        with schemapi.debug_mode(False):
            yield
    finally:
        schemapi._todict, schemapi.SchemaBase.validate = _written, check


def drawing(function):
    """Let a function that makes a chart, and who shows that chart, do so `_unhindered`."""

    @functools.wraps(function)
    def drawn(*arguments, **more):
        with _unhindered():
            chart = function(*arguments, **more)
        object.__setattr__(chart, "__class__", _unchecked(type(chart)))
        return chart

    return drawn


def _values(rows):
    """Return rows as Vega-Lite takes them; pandas' own JSON is many times as fast as Altair's."""
    text = rows.to_json(orient="records", date_format="iso", date_unit="s", double_precision=15)
    return {"values": json.loads(text)}


@functools.cache
def _unchecked(kind):
    def bundle(chart, *_, **__):
        given = {}  # by id: layers share their rows, and reading these takes long

        def values(rows):
            if id(rows) not in given:
                given[id(rows)] = rows, _values(rows)
            return given[id(rows)][1]

        alt.data_transformers.register("ilodata", values)
        with alt.data_transformers.enable("ilodata"), _unhindered():
            return _render(chart.to_dict(validate=False))

    return type(kind.__name__, (kind,), {"_repr_mimebundle_": bundle})


def tips(*fields):
    """List what a chart says of a mark under the pointer."""
    return [field if isinstance(field, alt.Tooltip) else alt.Tooltip(field) for field in fields]


def finish(chart, title, description):
    """Give a chart its title, and what it says to readers who cannot see it."""
    chart.title, chart.description = title, description  # in place: a copy of all parts takes long
    return chart


def nothing(title):
    """Draw a picture that says that there is nothing to draw."""
    said = "Nothing is stated for this choice."
    words = alt.Chart(pd.DataFrame({"said": [said]})).mark_text(fontSize=13, color=GREY)
    return finish(words.encode(text=alt.Text("said:N")), title, said)


def above(field, order, title=None):
    """Encode named rows with each name above its row, where it has the whole width.

    Use it with `height`, and with marks that leave the upper half of a row free.
    """
    axis = alt.Axis(
        domain=False, ticks=False, labelAlign="left", labelPadding=0, labelOffset=-13, labelLimit=0
    )
    return alt.Y(f"{field}:N", title=title, sort=list(order), axis=axis)


def height(rows, step=34):
    """Give the height of a chart of so many rows, in pixels."""
    return max(60, step * rows)
