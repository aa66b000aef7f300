"""What a page shows of an output of a cell, and what it cannot show: nothing vanishes in silence.

A new kind of output is read here; how it is set is for `page` and its templates.
"""

import base64
import itertools
import json
import re

from markupsafe import Markup

from ilodata.reports import prose
from ilodata.show import MIME as PAYLOAD

VEGA = re.compile(r"application/vnd\.vegalite\.v\d+[.+]json")
HIDING = {"remove-output", "hide-output", "hide-cell"}  # tags; the code is folded anyway
DRAWING = "image/svg+xml"
PICTURES = (DRAWING, "image/png", "image/jpeg", "image/gif", "image/webp")
IMAGE = Markup('<figure><img src="data:{};base64,{}" alt="{}"></figure>')
# What a warning or an object says of the machine it was made on.
OWN = ((r"\S*/ipykernel_\d+/\d+\.py", "cell"), (r"0x[0-9a-f]{6,}", "0x…"))


def parts(nb):
    """List the cells of a notebook: number, cell, and what it shows: form and content of each output.

    The number counts prose, too, and no cell that papermill put in. Cells tagged ``remove-cell`` and
    outputs of those tagged as in `HIDING` are left out, and so is an output without a word.
    """
    found, number = [], 0
    for cell in nb.cells:
        tags = tags_of(cell)
        number = cell.metadata.get("position", number + ("injected-parameters" not in tags))
        if "remove-cell" in tags:
            continue
        shown = [] if tags & HIDING else cell.get("outputs", [])
        formed = (form(output, f"o{number}-{at}-") for at, output in enumerate(merged(shown)))
        found.append((number, cell, [(kind, content) for kind, content in formed if content != ""]))
    return found


def tags_of(cell):
    """Return the tags of a cell, as JupyterLab and Jupyter Book write them."""
    return {tag.replace("_", "-") for tag in cell.metadata.get("tags", [])}


def merged(outputs):
    """Put neighbouring outputs of one stream together."""
    for name, some in itertools.groupby(outputs, lambda it: it.get("name")):
        some = list(some)
        yield from [some[0] | {"text": "".join(it["text"] for it in some)}] if name else some


def form(output, prefix):
    """Choose the form in which a page shows an output of a code cell, and what it shows of it.

    "shown" and a payload of `ilodata.show`; "chart" and a Vega-Lite specification; "prose" with safe HTML
    (its ids begin with ``prefix``) and what of it cannot be shown, as in `prose.sanitised`; "printed",
    "warned" or "error" and text.
    """
    if output["output_type"] == "stream":
        return "printed" if output["name"] == "stdout" else "warned", printed(output["text"])
    if output["output_type"] == "error":
        return "error", f"{output['ename']}: {prose.printable(output['evalue'])}"
    data = output["data"]
    if PAYLOAD in data:
        return "shown", data[PAYLOAD]
    if spec := _spec(data):
        return "chart", spec
    for kind in PICTURES:
        if kind in data:
            return "prose", _picture(kind, data[kind], output.get("metadata", {}).get(kind))
    if "text/html" in data:
        made, missed = prose.sanitised(data["text/html"], prefix)
        if Markup(made).striptags() or "<img" in made:
            return "prose", (made, missed)
        return "prose", ("", missed or ["HTML without words"])
    if "text/markdown" in data:
        return "prose", prose.sanitised(prose.markdown(data["text/markdown"]), prefix)
    text, others = printed(data.get("text/plain", "")), sorted({*data} - {"text/plain"})
    if others and not (text and "text/latex" in others):
        return "prose", ("", [f"{others[0]}: {text[:60]}"])
    return "printed", text


def _spec(data):
    """Return the specification of a chart, whichever of Altair's renderers showed it."""
    for kind in filter(VEGA.fullmatch, data):
        return data[kind]
    source = data.get("text/html", "")
    found = re.search(r"\}\)\((?=\{)", source) if "vegaEmbed" in source else None
    return json.JSONDecoder().raw_decode(source, found.end())[0] if found else None


def _picture(kind, body, metadata):
    """Show a picture as an image that the page holds: nothing in it can run or fetch."""
    body = base64.b64encode(body.encode()).decode() if kind == DRAWING else "".join(body.split())
    said = metadata.get("alt") if isinstance(metadata, dict) else None
    return IMAGE.format(kind, body, said or "Picture without a description"), []


def printed(text):
    """Return text as it is whoever runs it, and wherever, without what was written over."""
    lines = text.replace("\r\n", "\n").split("\n")
    text = prose.printable("\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines))
    for pattern, instead in OWN:
        text = re.sub(pattern, instead, text)
    return text.rstrip()


def shown_rows(parts, layout):
    """Return the rows of all that `parts` showed in one layout of `ilodata.show`, as dicts."""
    payloads = [content for *_, shown in parts for kind, content in shown if kind == "shown"]
    return [row for it in payloads if it["layout"] == layout for row in records(it)]


def records(payload):
    """Return the rows of a payload as dicts, by the names of its columns."""
    names = [column["name"] for column in payload["columns"]]
    return [dict(zip(names, row, strict=True)) for row in payload["rows"]]
