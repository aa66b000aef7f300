"""Charts as parts of a page: safe, small, coloured by the page, linked to cards."""

import functools
import json
import re
from typing import NamedTuple, TypedDict
from urllib.parse import unquote

from lxml import etree

from ilodata.charts import look

LINK = "{http://www.w3.org/1999/xlink}href"
REBASED = "https://vega.github.io/vega-datasets/"  # what Vega puts before an address
# What Vega draws with; anything else could run, fetch, or name what only Vega knows.
DRAWN = "svg g path rect line text tspan defs clipPath linearGradient radialGradient stop a"
PLACED = "d x y dy x1 x2 y1 y2 r width height transform font-size"
KEPT = (
    f"{PLACED} viewBox offset fill fill-opacity stroke stroke-width stroke-opacity "
    "stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit opacity "
    "font-weight font-style text-anchor clip-path stop-color stop-opacity gradientUnits id"
)
USUAL = {("text-anchor", "start"), ("font-weight", "normal"), ("opacity", "1")}
COLOURS = {
    getattr(look, name): name.lower().replace("_", "-")
    for name in ("INK", "SOFT", "RULE", "CELL", "PAPER", "MUTE", "PROJ", "PROJ_PALE")
    + ("DUES", "DUES_PALE", "POINT", "POINT_PALE", "POINT_WASH")
} | {"#000": "ink", "black": "ink", "#888": "soft", "#ddd": "rule", "white": "paper"}  # Vega's own
FRACTION = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
UNDESCRIBED = "Chart without a description"


class CardLink(NamedTuple):
    """A link from a mark to its card."""

    kind: str  # its class
    href: str
    label: str


class Figure(TypedDict):
    """A chart for a page."""

    title: str  # linked text; "" of a chart that is not ours, which keeps it in its drawing
    subtitle: str
    drawings: dict[str, str]  # SVG by kind: "wide" and "narrow", or "both"


def figure(spec, prefix, link):
    """Draw a chart's specification for a wide page and, where it brings a narrow one, for a phone.

    ``spec`` is Vega-Lite, of `ilodata.charts.look` or any other Altair chart; ``prefix`` begins the ids
    within the drawings. ``link`` is called with the source string, the arithmetic ("" without) and the
    name of a mark; it returns a `CardLink`.

    Returns a `Figure`. Raises ValueError if the chart would have to fetch its data, or cannot be drawn.
    """
    meta = spec.get("usermeta") or {}
    described = spec.get("description") or UNDESCRIBED
    kinds = {"wide": spec, "narrow": meta["narrow"]} if "narrow" in meta else {"both": spec}
    # A page sets the title of a chart of ours itself.
    drawn, apart = {}, ("usermeta", "title") if "title" in meta else ("usermeta",)
    for kind, part in kinds.items():
        picture = json.dumps({key: value for key, value in part.items() if key not in apart})
        drawn[kind] = clean(_drawn(picture), f"{prefix}{kind[0]}", described, kind, link)
    return Figure(title=meta.get("title", ""), subtitle=meta.get("subtitle", ""), drawings=drawn)


@functools.lru_cache(16)
def _drawn(spec):
    """Draw a specification, given as JSON, or say why not; what reports share, a worker draws once."""
    try:
        return look.svg(json.loads(spec))
    except ValueError as error:
        why = " ".join(str(error).partition("\n    at ")[0].split())
        _, is_far, address = why.partition("data url not allowed: ")
        if is_far:
            address = address.removeprefix(REBASED)
            why = f"it reads its data from {address!r}; give it a table, not an address"
        raise ValueError(f"a chart cannot be drawn: {why}") from None


def clean(drawing, prefix, described, kind, link):
    """Reduce Vega's SVG to what can neither run nor fetch, in the page's colours, with its own ids.

    ``prefix`` is what these begin with, ``described`` the text alternative, ``kind`` the class, ``link``
    as in `figure`. Coordinates are rounded to a tenth.
    """
    root, known = etree.fromstring(drawing), set()
    ids = {old: f"{prefix}{at}" for at, old in enumerate(root.xpath("//@id"), 1)}
    for element in list(root.iter("*")):
        name = etree.QName(element).localname
        if name not in DRAWN.split() or element.get("display") == "none":
            element.getparent().remove(element)
            continue
        kept = {
            key: _value(key, value, ids)
            for key, value in element.items()
            if key in KEPT.split() and value and (key, value) not in USUAL
        }
        if name == "a":
            kept = _link(element, link, known)
            name = "a" if kept else "unlinked"
        elif name == "tspan":
            element.tail = " "  # between lines, for whoever hears them
        element.tag = name  # HTML needs no namespace
        element.attrib.clear()
        element.attrib.update(kept)
    root.attrib.update({"class": kind, "role": "group" if known else "img"})
    root.set("aria-label", described)
    etree.strip_tags(root, "unlinked")
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode")


def small(drawing):
    """Leave of a drawing that `clean` made its shapes alone.

    Of boxes those stay that lead to evidence: without its words, a legend would look like bars.
    """
    box = r'(<a\b[^>]*>)?<path d="M[\d.,-]+h[^>]*/>'
    drawing = re.sub(box, lambda it: it[0] * bool(it[1]), drawing)
    return re.sub(r'<text[^>]*/>|<text.*?</text>|</?a\b[^>]*>| class="[^"]*"', "", drawing)


def _link(element, link, known):
    """Return the attributes of a link from a mark to its card, none where no evidence is named."""
    to = (element.get(LINK) or element.get("href") or "").removeprefix(REBASED)
    if not to.startswith("#") or not len(element):
        return {}
    of, _, how = unquote(to[1:]).partition("|")
    told = element[0].get("aria-label") or ""
    written = " ".join(" ".join(element[0].itertext()).split())
    # What is called by its name has to have the words in it that can be seen.
    to = link(of, how, told if written in told else f"{written}: {told}".removesuffix(": "))
    again = (to.href, told) in known  # a mark and its words are one stop for keyboard and hearing
    known.add((to.href, told))
    named = {"tabindex": "-1", "aria-hidden": "true"} if again else {"aria-label": to.label}
    return {"class": to.kind, "href": to.href} | named


def _value(key, value, ids):
    """Point references to the page's own ids, and colours to its own variables; round places."""
    if key == "id":
        return ids[value]
    if "url(" in value:
        return f"url(#{ids.get(value[5:-1], 'none')})"
    if key in ("fill", "stroke", "stop-color"):
        name = COLOURS.get(value.lower())
        return f"var(--{name})" if name else value
    if key in PLACED.split() and not re.search("scale|matrix", value):
        return FRACTION.sub(lambda it: f"{round(float(it[0]), 1):g}", value)
    return value
