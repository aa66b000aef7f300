"""What a page shows of an output of a cell, and what it cannot show: nothing vanishes in silence."""

import json
import re

from lxml import etree

from ilodata.reports import prose, svg

PAYLOAD = "application/vnd.ilodata+json"
VEGA = re.compile(r"application/vnd\.vegalite\.v\d+[.+]json")
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
READ = {PAYLOAD, *PICTURES, "image/svg+xml", "text/html", "text/markdown", "text/plain"}
# What a warning or an object says of the machine it was made on.
OWN = ((r"\S*/ipykernel_\d+/\d+\.py", "cell"), (r"0x[0-9a-f]{6,}", "0x…"))


def form(output):
    """Choose the form in which a page shows an output of a code cell, and what it shows of it.

    "shown" and a payload of `ilodata.show`; "chart" and a Vega-Lite specification; "svg" and its text;
    "picture" and (type, base64, text alternative); "html", "markdown", "printed", "warned" or "error"
    and text; "unseen" and what cannot be shown, in a few words; "nothing".
    """
    if output["output_type"] == "stream":
        return "printed" if output["name"] == "stdout" else "warned", printed(output["text"])
    if output["output_type"] == "error":
        return "error", f"{output['ename']}: {prose.plain(output['evalue'])}"
    data = output["data"]
    source = prose.plain(data.get("text/html", ""))
    if PAYLOAD in data:
        return "shown", data[PAYLOAD]
    if spec := _spec(data, source):
        return "chart", spec
    if "image/svg+xml" in data or source.lstrip().startswith("<svg"):
        drawing = prose.plain(data.get("image/svg+xml", source))
        try:
            etree.fromstring(drawing.encode(), svg.XML)
            return "svg", drawing
        except etree.XMLSyntaxError as error:
            return "unseen", f"a drawing is not SVG: {error}"
    for kind in PICTURES:
        if kind in data:
            told = output.get("metadata", {}).get(kind, {})
            told = told.get("alt") if isinstance(told, dict) else None
            body = "".join("".join(data[kind]).split())
            return "picture", (kind, body, told or "Picture without a description")
    return _words(data, source)


def _words(data, source):
    """Choose among the forms of an output that are words."""
    if source:
        made = prose.clean(source)
        if prose.text_of(made) or "<img" in made:
            return "html", source
        return "unseen", next(iter(prose.lost(source)), "HTML without words")
    if "text/markdown" in data:
        return "markdown", prose.plain(data["text/markdown"])
    text = printed(data.get("text/plain", ""))
    others = sorted(kind for kind in data if kind not in READ)
    if others and (not text or "text/latex" not in others):
        return "unseen", f"{others[0]}: {text[:60]}"
    return ("printed", text) if text.strip() else ("nothing", "")


def printed(text):
    """Return text as it is whoever runs it, and wherever."""
    text = prose.plain(text)
    for pattern, instead in OWN:
        text = re.sub(pattern, instead, text)
    return text.rstrip()


def _spec(data, source):
    """Return the specification of a chart, whichever of Altair's renderers showed it."""
    for kind, spec in data.items():
        if VEGA.fullmatch(kind):
            return spec
    found = re.search(r"\}\)\((?=\{)", source) if "vegaEmbed" in source else None
    return json.JSONDecoder().raw_decode(source, found.end())[0] if found else None


def parts(nb):
    """Yield cell number, cell, None and None for each cell; then form and content of each output.

    The number counts prose, too, and no cell that papermill put in. Cells tagged ``remove-cell`` and
    outputs of those tagged ``remove-output`` are left out.
    """
    number = 0
    for cell in nb.cells:
        tags = tags_of(cell)
        number = cell.metadata.get("position", number + ("injected-parameters" not in tags))
        if "remove-cell" not in tags:
            yield number, cell, None, None
            if cell.cell_type == "code" and "remove-output" not in tags:
                for output in cell.outputs:
                    yield number, cell, *form(output)


def tags_of(cell):
    """Return the tags of a cell, as JupyterLab and Jupyter Book write them."""
    return {tag.replace("_", "-") for tag in cell.metadata.get("tags", [])}


def rows(nb, layout):
    """Return the rows of all that cells showed in one layout of `ilodata.show`, as dicts."""
    shown = [content for _, _, kind, content in parts(nb) if kind == "shown"]
    return [row for it in shown if it["layout"] == layout for row in records(it)]


def records(payload):
    """Return the rows of a payload as dicts, by the names of its columns."""
    names = [column["name"] for column in payload["columns"]]
    return [dict(zip(names, row, strict=True)) for row in payload["rows"]]
