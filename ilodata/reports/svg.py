"""Charts as parts of a page: safe, small, coloured by the page, linked to cards."""

import json
import re
from functools import cache
from urllib.parse import unquote

from lxml import etree

from ilodata.charts import look
from ilodata.reports.cards import glued

SVG = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"
# What Vega draws with; anything else could run, fetch, or name what only Vega knows.
DRAWN = "svg g path rect line text tspan defs clipPath linearGradient radialGradient stop a"
KEPT = (
    "d x y dy x1 x2 y1 y2 r width height viewBox transform offset fill fill-opacity stroke "
    "stroke-width stroke-opacity stroke-dasharray stroke-dashoffset stroke-linecap "
    "stroke-linejoin stroke-miterlimit opacity font-size font-weight font-style text-anchor "
    "clip-path stop-color stop-opacity gradientUnits id"
)
COLOURS = {
    getattr(look, name): name.lower().replace("_", "-")
    for name in ("INK", "SOFT", "RULE", "CELL", "PAPER", "MUTE", "PROJ", "PROJ_PALE")
    + ("DUES", "DUES_PALE", "POINT", "POINT_PALE", "POINT_WASH")
} | {"#000": "ink", "black": "ink", "#888": "soft", "#ddd": "rule", "white": "paper"}  # Vega's own
PLACED = "d x y dy x1 x2 y1 y2 r width height transform font-size"
NEEDLESS = {
    *(("opacity", "1"), ("fill-opacity", "1"), ("stroke-opacity", "1"), ("stroke-width", "1")),
    *(("x2", "0"), ("y2", "0"), ("text-anchor", "start"), ("transform", "translate(0,0)")),
    *(("font-weight", "normal"), ("stroke-miterlimit", "10")),
}
FRACTION = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
UNDESCRIBED = "Chart without a description"
# What may be seen of a shape without a fill: its outline, or what it cuts out of others.
KEEPS = "ancestor-or-self::*/@stroke | ancestor::*[local-name()='defs' or local-name()='clipPath']"


def figure(spec, prefix, link):
    """Draw a chart's specification for a wide page and, where it brings a narrow one, for a phone.

    ``spec`` is Vega-Lite, of `ilodata.charts.look` or any other Altair chart; ``prefix`` begins the ids
    within the drawings. ``link``, unless it is None, is called with the source string, the arithmetic
    ("" without) and the name of a mark; it returns the attributes of a link to its card.

    Returns title and subtitle (linked text), description, and drawings: by kind ("wide" and "narrow",
    or "both") the SVG. Raises ValueError if the chart would have to fetch its data, or cannot be drawn.
    """
    meta = spec.get("usermeta") or {}
    title, subtitle = _titles(spec, meta)
    described = spec.get("description") or UNDESCRIBED
    kinds = {"wide": spec, "narrow": meta["narrow"]} if "narrow" in meta else {"both": spec}
    drawn = {
        kind: clean(_drawn(json.dumps(part)), f"{prefix}{kind[0]}", described, kind, link)
        for kind, part in kinds.items()
    }
    return {"title": title, "subtitle": subtitle, "description": described, "drawings": drawn}


@cache
def _drawn(text):
    """Draw a specification without its title, which the page sets as text."""
    spec = json.loads(text)
    for key in ("title", "description"):
        spec.pop(key, None)
    try:
        return look.svg(spec)
    except ValueError as error:
        why = " ".join(str(error).partition("\n    at ")[0].split())
        _, is_far, address = why.partition("data url not allowed: ")
        if is_far:
            address = address.removeprefix(look.REBASED)
            why = f"it reads its data from {address!r}; give it a table, not an address"
        raise ValueError(f"a chart cannot be drawn: {why}") from None


def _titles(spec, meta):
    """Return title and subtitle as the chart's maker gave them: linked, or lines to be joined."""
    title = spec.get("title") or ""
    title = title if isinstance(title, dict) else {"text": title}
    lines = [title.get(key) or "" for key in ("text", "subtitle")]
    lines = [" ".join(it) if isinstance(it, list) else str(it) for it in lines]
    return meta.get("title", lines[0]), meta.get("subtitle", lines[1])


def clean(drawing, prefix, described, kind, link=None):
    """Reduce Vega's SVG to what can neither run nor fetch, in the page's colours, with its own ids.

    ``prefix`` is what these begin with, ``described`` the text alternative, ``kind`` the class.
    Without ``link`` (see `figure`) no link is kept. Coordinates are rounded to a tenth.
    """
    root = etree.fromstring(drawing)
    named = _links(root, link) if link else []
    for element in list(root.iterdescendants()):
        name = element.tag.rpartition("}")[2]
        # A sheet of paper behind the whole goes, too: a page has its own.
        is_ground = name == "rect" and element.getparent() is root
        if name not in DRAWN.split() or element.get("display") == "none" or is_ground:
            element.getparent().remove(element)
    ids = {old: f"{prefix}{at}" for at, old in enumerate(root.xpath("//@id"), 1)}
    for element in root.iter():
        if element not in named:
            _strip(element, ids)
    _lighten(root)
    root.attrib.update({"class": kind, "role": "group" if named else "img"})
    root.set("aria-label", described)
    etree.cleanup_namespaces(root)
    return re.sub(r'\s+xmlns(:\w+)?="[^"]*"', "", etree.tostring(root, encoding="unicode"))


def _links(root, link):
    """Make each mark with an address of evidence a link to its card; return these links."""
    named, seen = [], set()
    for element in list(root.iter(f"{{{SVG}}}a")):
        to = (element.get(LINK) or element.get("href") or "").removeprefix(look.REBASED)
        mark = element.find("*")
        if not to.startswith("#") or mark is None:
            element.tag = f"{{{SVG}}}g"
            continue
        of, _, how = unquote(to[1:]).partition("|")
        told, written = mark.get("aria-label") or "", " ".join(" ".join(mark.itertext()).split())
        # What is called by its name has to have the words in it that can be seen.
        shown = told if written in told else f"{written}: {told}".removesuffix(": ")
        attributes = link(of, how, shown)
        again = (attributes["href"], told)
        if again in seen:  # a mark and its words are one stop for keyboard and screen reader
            attributes |= {"tabindex": "-1", "aria-hidden": "true"}
            del attributes["aria-label"]
        seen.add(again)
        element.attrib.clear()
        element.attrib.update(attributes)
        named.append(element)
    return named


def _strip(element, ids):
    """Leave an element its look and place."""
    given = dict(element.attrib)
    element.attrib.clear()
    for key, value in given.items():
        if key in KEPT.split() and value and (key, value) not in NEEDLESS:
            element.set(key, _value(key, value, ids))
    kind = element.tag.rpartition("}")[2]
    if kind == "a":
        element.tag = f"{{{SVG}}}g"
    elif kind in ("text", "tspan"):
        element.text = glued(element.text or "")


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


def _lighten(root):
    """Drop what draws nothing, and groups that do nothing."""
    for element in list(root.iterdescendants(f"{{{SVG}}}path")):
        around = element.xpath("string(ancestor-or-self::*[@fill][1]/@fill)")
        if around == "none" and not element.xpath(KEEPS):
            element.getparent().remove(element)
    for group in list(root.iterdescendants(f"{{{SVG}}}g"))[::-1]:
        around = group.getparent()
        if len(group) == 0 or not group.attrib:
            place = around.index(group)
            around[place : place + 1] = list(group)
