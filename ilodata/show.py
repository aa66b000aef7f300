"""What a notebook shows: tables and findings whose figures carry their proof.

A page takes the payload (``application/vnd.ilodata+json``), JupyterLab the HTML, a terminal the text.
A frame that is the last line of a cell is shown with words to the left, thousands separators and
one mark for what is missing, under its own column names.
"""

import builtins
import html
import numbers
import os
import re
from contextlib import suppress
from dataclasses import dataclass

from ilodata import dates, tables, words
from ilodata.amounts import Bounds
from ilodata.evidence import card, value_in_words
from ilodata.problems import DataError

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
KEYS = ("of", "id", "bar")  # endings of columns that say of another where it comes from, and more


@dataclass(frozen=True)
class Shown:
    """What one cell of a notebook shows; `payload` is what `show` describes, in plain JSON."""

    payload: dict

    def _repr_mimebundle_(self, include=None, exclude=None):
        """Give the page its payload, JupyterLab a table or a list, a terminal plain words.

        With ``ILODATA_UNDRAWN=1`` there is nothing for JupyterLab: a build of pages needs none.
        """
        told = {MIME: self.payload, "text/plain": str(self)}
        if os.environ.get("ILODATA_UNDRAWN") != "1":
            told["text/html"] = _html(self.payload)
        return told

    def __repr__(self):
        """Give the words of each row in a line, without links."""
        layout, columns = self.payload["layout"], self.payload["columns"]
        alone = layout in ("findings", "list")
        at = [n for n, it in enumerate(columns) if not alone or it["name"] == "text"]
        rows = [[words.plain(row[n]) or MISSING for n in at] for row in self.payload["rows"]]
        head = [[columns[n]["title"] for n in at]] * (layout == "table")
        lines = [self.payload["caption"], *map(" | ".join, head + rows), self.payload["note"]]
        return "\n".join(words.plain(line) for line in lines if line)


def show(frame, caption="", columns=None, layout="table", note="", folded=""):
    """Show a frame with display names, and each cell linked to its evidence.

    Parameters
    ----------
    frame : DataFrame
        Any of ours. Where its index is ``record`` (``table/id``), cells of columns that are fields
        of that table are linked by themselves, those of a column "x" to what a column "x_of"
        names; other cells may hold linked text (``words.link``). A page draws a bar below cells
        of "x" where a column "x_bar" has its lower and upper end, 0 to 100.
    caption : str
        What is shown.
    columns : dict of str to str, or list of str, optional
        Column to heading, or columns alone, in order. By default all but sources (`of`), the bounds
        of a date (`start`, `end`), and what stands beside it in words: an id, a date beside "when".
    layout : str
        "findings" (columns kind, text; value, low, high, unit are kept as plain numbers),
        "table", "list" (text), "years" (year, kind, title, text), "facts" (term, value, more) or
        "doubts" (what ``evidence.doubts`` returns).
    note : str
        A sentence below; may be linked.
    folded : str
        What a page writes on the fold that hides this until it is opened; "" for none.

    Returns
    -------
    Shown
        Its payload has layout, caption, note, folded, columns (name, title, align) and rows (of
        linked text, "" for what is missing).

    Raises
    ------
    ValueError
        If it is no frame, the layout is not one of these, or the frame lacks a column.
    """
    if not hasattr(frame, "columns"):
        raise DataError(f"frame: show takes a table of rows, not a {type(frame).__name__}")
    if layout not in LAYOUTS:
        raise DataError(f"layout: {layout!r} is not one of {words.listed(LAYOUTS, 'or')}")
    left_out = ["start", "end", "of", *(f"{name}_{it}" for name in frame.columns for it in KEYS)]
    left_out += ["date"] * ("when" in frame.columns)
    titles = columns or [name for name in frame.columns if name not in left_out]
    if not isinstance(titles, dict):
        titles = {name: _heading(frame, name) for name in titles}
    for name in [*LAYOUTS[layout], *titles]:
        if name not in frame.columns:
            raise DataError(f"columns: {layout} shows {name!r}, which the frame does not have")
    names = list(dict.fromkeys([*LAYOUTS[layout], *titles]))
    told = [{"name": name, "title": titles.get(name, "")} | _drawn(frame, name) for name in names]
    plain = {"year", *(("value", "low", "high") if layout == "findings" else ())}
    parts = {"layout": layout, "caption": caption, "note": note, "folded": folded}
    return Shown(parts | {"columns": told, "rows": _rows(frame, names, _said, plain)})


def _rows(frame, names, say, plain=()):
    """Return the rows of a frame as linked texts; `say` gives the words of a value, if not plain."""
    return [
        [_number(row[name]) if name in plain else _cell(record, row, name, say) for name in names]
        for record, row in zip(_records(frame), frame.to_dict("records"), strict=True)
    ]


def _records(frame):
    """Return the record that each row is about, "" where the frame does not tell, or assumes one."""
    found = dict.fromkeys(frame.index, "")
    for key in found if frame.index.name == "record" else ():
        with suppress(DataError):
            found[key] = tables.row(key) and key
    return [found[key] for key in frame.index]


def _heading(frame, name):
    """Return the display name of a column: what the schema says, or its own name in words."""
    table = (_records(frame) or [""])[0].partition("/")[0]
    said = str(name).removesuffix("_usd").removesuffix("_id").replace("_", " ")
    known = tables.fields(table) if table and "field" not in frame else {}
    return words.capital(known[name]["title"] if name in known else said)


def _drawn(frame, name):
    """Say how a column is drawn: numbers to the right, words to the left, bars of "x_bar" below."""
    values = [value for value in frame[name] if not dates.blank(value)]
    right = values and all(isinstance(value, numbers.Number) for value in values)
    bars = {"bars": [*frame[f"{name}_bar"]]} if f"{name}_bar" in frame else {}
    return {"align": "right" if right else "left"} | bars


def _number(value):
    """Return a number as plain text, "" where it is missing."""
    if dates.blank(value):
        return ""
    return f"{value:.15g}" if isinstance(value, numbers.Real) else str(value)


def _cell(record, row, name, say):
    """Return a cell as linked text, "" where it is missing; `say` gives the words of a value."""
    value = row[name]
    text = "" if dates.blank(value) else say(value)
    of = _proof(record, row, name, text)
    # Where the cell is blank, the words ("not stated") are those of a question, without proof.
    if say is _said and of == f"{record}/{name}" and value == tables.row(record)[name]:
        text = value_in_words(record.partition("/")[0], name, value)
    return words.link(text, of) if of else text


def _proof(record, row, name, text):
    """Return what the text of a cell rests on, "" where that is not known, or linked already."""
    if not text or not record or any(mark in text for mark in ("[[", "]]", "|")):
        return ""
    if of := row.get(f"{name}_of"):  # where a question says what its words rest on
        return of
    if "field" in row:  # a row about one cell, as `inferred` gives it
        return {"label": record, "value": f"{record}/{row['field']}"}.get(name, "")
    return f"{record}/{name}" if tables.row(record).get(name) else ""


def in_notebook(shell):
    """Show frames as this file does wherever one is the last line of a cell of an IPython shell."""
    shell.display_formatter.mimebundle_formatter.for_type("pandas.DataFrame", _plain)


def _plain(frame):
    """Show a frame under its own column names; leave to pandas what is no plain table."""
    import pandas as pd  # loaded with the frame

    wide = len(frame.columns) > pd.get_option("display.max_columns") > 0
    plain = frame.columns.nlevels == 1 and frame.columns.is_unique
    if os.environ.get("ILODATA_UNDRAWN") == "1" or wide or not plain:
        return {}
    size = f"{len(frame):,} rows × {len(frame.columns)} columns"
    if len(frame) > pd.get_option("display.max_rows"):
        frame = frame.head(pd.get_option("display.min_rows"))
        size += f"; the first {len(frame)} are shown"
    if "amount_usd" in frame:
        size += "; do not add these amounts: ilo.funding.totals() adds what may be added"
    keys = frame.index.to_frame() if not isinstance(frame.index, pd.RangeIndex) else frame[[]]
    keys = keys.rename(columns=lambda name: "" if name in (0, None) else name)
    whole = pd.concat([keys[[name for name in keys if name not in frame]], frame], axis=1)
    columns = [{"title": str(name)} | _drawn(whole, name) for name in whole]
    parts = {"layout": "table", "caption": "", "note": size, "columns": columns}
    return {"text/html": _html(parts | {"rows": _rows(whole, [*whole], _exact)})}


def _exact(value):
    """Write a value as it is: years without a separator, numbers from 10,000 on with them."""
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        said = f"{value:,.6f}".rstrip("0").rstrip(".") if abs(value) >= 0.0001 else f"{value:.6g}"
        return said if abs(value) >= 10_000 else said.replace(",", "")
    if getattr(value, "closed", "") == "both":  # an interval
        return words.listed(dict.fromkeys(map(_exact, (value.left, value.right))), "to")
    return str(value).removesuffix(" 00:00:00")


def _said(value):
    """Say a value: numbers with thousands separators, days, ranges of money and truth in words."""
    if str(value) in ("True", "False") and not isinstance(value, str):
        return "yes" if value else "no"
    if isinstance(value, numbers.Number):
        return f"{value:,.15g}"
    if hasattr(value, "left"):  # an interval
        value = Bounds(value.left, value.right)
    if isinstance(value, Bounds):
        return words.money_range(value)
    return words.date(value.isoformat()[:10]) if hasattr(value, "isoformat") else str(value)


def _html(payload):
    """Write a payload as a plain table or list for JupyterLab."""
    columns, rows = payload["columns"], payload["rows"]
    body = []
    if payload["layout"] in ("findings", "list"):
        names = [column["name"] for column in columns]
        for row in (dict(zip(names, row, strict=True)) for row in rows):
            kind, said = row.get("kind", "finding"), _linked(row["text"])
            said = f"<strong>{said}</strong>" if kind == "headline" else said
            body.append(f"<p>{'• ' if kind in ('finding', 'caveat') else ''}{said}</p>")
    else:
        aligned = [f'style="text-align:{column["align"]}"' for column in columns]
        titles = [html.escape(column["title"]) for column in columns]
        head = "".join(f"<th {a}>{title}</th>" for a, title in zip(aligned, titles, strict=True))
        head = f"<thead><tr>{head}</tr></thead>" if payload["layout"] == "table" else ""
        body += ['<table class="dataframe">', head, "<tbody>"]
        for row in rows:
            said = [_linked(cell) or MISSING for cell in row]
            cells = (f"<td {a}>{cell}</td>" for a, cell in zip(aligned, said, strict=True))
            body.append(f"<tr>{''.join(cells)}</tr>")
        body.append("</tbody></table>")
    caption, note = _linked(payload["caption"]), _linked(payload["note"])
    head = [f"<p><strong>{caption}</strong></p>"] if caption else []
    return "\n".join([*head, *body, *([f"<p>{note}</p>"] if note else [])])


def _linked(text):
    """Write linked text as HTML: each link has the words of the documents as its title."""
    done = []
    for part in re.split(r"(\[\[.*?\]\])", text):
        if found := words.links(part):
            quotes = [f"“{q['fragment']}” ({q['document']})" for q in card(found[0].of)["quotes"]]
            told = filter(None, [found[0].how.removesuffix("."), "; ".join(quotes)])
            shown = html.escape(found[0].shown)
            done.append(f'<span title="{html.escape(". ".join(told))}">{shown}</span>')
        else:
            done.append(html.escape(part))
    return "".join(done).replace("\n", "<br>")


# Where IPython runs, it puts this among the built-in names; nothing else waits for it.
if shell := getattr(builtins, "get_ipython", None):
    in_notebook(shell())
