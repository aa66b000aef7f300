"""What a notebook shows: tables and findings whose figures carry their proof.

A page takes the payload (``application/vnd.ilodata+json``), JupyterLab the HTML, a terminal the text.
"""

import html
import numbers
from dataclasses import dataclass

from ilodata import dates, tables, words
from ilodata.evidence import card, value_in_words

MIME = "application/vnd.ilodata+json"
MISSING = "–"
LAYOUTS = {  # each with the columns that it needs
    "findings": ("kind", "text"),
    "table": (),
    "list": ("text",),
    "years": ("year", "kind", "title", "text"),
    "facts": ("term", "value", "more"),
    "doubts": ("title", "what", "quotes", "choice", "otherwise"),
}


@dataclass(frozen=True)
class Shown:
    """What one cell of a notebook shows."""

    payload: dict

    def _repr_mimebundle_(self, include=None, exclude=None):
        """Give the page its payload, JupyterLab a table or a list, a terminal plain words."""
        return {MIME: self.payload, "text/html": _html(self.payload), "text/plain": str(self)}

    def __str__(self):
        """Give the words of each row in a line, without links."""
        head = [self.payload["caption"]] if self.payload["caption"] else []
        names = [column["title"] for column in self.payload["columns"]]
        rows = [[words.plain(cell) or MISSING for cell in row] for row in self.payload["rows"]]
        lines = [
            " | ".join(row) for row in ([names] if self.payload["layout"] == "table" else []) + rows
        ]
        return "\n".join([*head, *lines, *filter(None, [self.payload["note"]])])


def show(frame, caption="", columns=None, layout="table", note="", folded=""):
    """Show a frame with display names, and each cell linked to its evidence.

    Parameters
    ----------
    frame : DataFrame
        Any of ours. Where its index is ``record`` (``table/id``), cells of columns that are fields
        of that table are linked by themselves; other cells may hold linked text (``words.link``).
    caption : str
        What is shown.
    columns : dict of str to str, optional
        Column to heading: chooses and orders them; all by default.
    layout : str
        "findings" (columns kind, text, and value, low, high, unit), "table", "list" (text),
        "years" (year, kind, title, text), "facts" (term, value, more) or "doubts" (what
        ``evidence.doubts`` returns).
    note : str
        A sentence below; may be linked.
    folded : str
        What a page writes on the fold that hides this until it is opened; "" for none.

    Returns
    -------
    Shown

    Raises
    ------
    ValueError
        If the layout is not one of these, or the frame lacks a column that it needs.
    """
    if layout not in LAYOUTS:
        raise ValueError(f"layout: {layout!r} is not one of {words.listed(LAYOUTS, 'or')}")
    names = columns or {name: _pretty(frame, name) for name in frame.columns}
    wanted = [*LAYOUTS[layout], *names] if layout != "findings" or columns else LAYOUTS[layout]
    if missing := [name for name in wanted if name not in frame.columns]:
        raise ValueError(
            f"frame: has no column {missing[0]!r}, which {layout} shows; give it, or leave it out"
        )
    payload = {"layout": layout, "caption": caption, "note": note, "folded": folded}
    payload["columns"] = [
        {"name": name, "title": title, "align": _align(frame[name])}
        for name, title in names.items()
    ]
    payload["rows"] = [
        [_cell(frame, key, name, value) for name, value in zip(names, row, strict=True)]
        for key, row in zip(
            frame.index, frame[list(names)].itertuples(index=False, name=None), strict=True
        )
    ]
    return Shown(payload)


def _table_of(frame, key):
    """Return the table of a row, where the frame is indexed by record."""
    return str(key).partition("/")[0] if frame.index.name == "record" else ""


def _pretty(frame, name):
    """Return the display name of a column: what the schema says, or its own name in words."""
    key = frame.index[0] if len(frame) else ""
    table = _table_of(frame, key)
    if table and name in tables.fields(table):
        said = tables.fields(table)[name]["title"]
    else:
        said = str(name).removesuffix("_usd").removesuffix("_id").replace("_", " ")
    return said[:1].upper() + said[1:]


def _align(column):
    """Align numbers to the right, words to the left."""
    values = [value for value in column if not dates.blank(value)]
    figures = [v for v in values if isinstance(v, numbers.Number) and not isinstance(v, bool)]
    return "right" if values and len(figures) == len(values) else "left"


def _cell(frame, key, name, value):
    """Return a cell as linked text, "" where it is blank."""
    if dates.blank(value):
        return ""
    text, table = _said(value), _table_of(frame, key)
    if table and name in tables.fields(table) and not words.links(text):
        if isinstance(value, str):
            text = value_in_words(table, name, value)
        return words.link(text, f"{key}/{name}")
    return text


def _said(value):
    """Say a value: numbers with thousands separators, days and truth in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, numbers.Integral):
        return f"{value:,}"
    if isinstance(value, numbers.Real):
        return f"{value:,.10g}"
    if hasattr(value, "isoformat"):
        return words.date(value.isoformat()[:10])
    return str(value)


def _html(payload):
    """Write a payload as a plain table or list for JupyterLab."""
    parts = []
    if payload["caption"]:
        parts.append(f"<p><strong>{_linked(payload['caption'])}</strong></p>")
    names = [column["name"] for column in payload["columns"]]
    if payload["layout"] in ("findings", "list"):
        items = [dict(zip(names, row, strict=True)) for row in payload["rows"]]
        for item in items:
            said = _linked(item["text"])
            parts.append(
                f"<p><strong>{said}</strong></p>"
                if item.get("kind") == "headline"
                else f"<p>{'' if item.get('kind') == 'standfirst' else '• '}{said}</p>"
            )
    else:
        parts.append(_html_table(payload))
    if payload["note"]:
        parts.append(f"<p>{_linked(payload['note'])}</p>")
    return "\n".join(parts)


def _html_table(payload):
    """Write rows as a table: words to the left, numbers to the right."""
    aligned = [f' style="text-align:{column["align"]}"' for column in payload["columns"]]
    titles = [html.escape(column["title"]) for column in payload["columns"]]
    head = "".join(f"<th{a}>{t}</th>" for a, t in zip(aligned, titles, strict=True))
    rows = [
        "<tr>"
        + "".join(
            f"<td{a}>{_linked(cell) or MISSING}</td>" for a, cell in zip(aligned, row, strict=True)
        )
        + "</tr>"
        for row in payload["rows"]
    ]
    head = f"<thead><tr>{head}</tr></thead>" if payload["layout"] == "table" else ""
    body = "\n".join(rows)
    return f'<table class="dataframe">{head}<tbody>\n{body}\n</tbody></table>'


def _linked(text):
    """Write linked text as HTML: each link has the words of the documents as its title."""
    done, at = [], 0
    for link in words.links(text):
        raw = words.link(*link)
        start = text.index(raw, at)
        done.append(html.escape(text[at:start]))
        told = card(link.of, link.how)
        quotes = "; ".join(f"“{q['fragment']}” ({q['document']})" for q in told["quotes"])
        title = html.escape(". ".join(filter(None, [link.how, quotes])))
        done.append(f'<span title="{title}">{html.escape(link.shown)}</span>')
        at = start + len(raw)
    return "".join([*done, html.escape(text[at:])]).replace("\n", "<br>")
