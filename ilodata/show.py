"""What a notebook shows: tables and findings whose figures carry their proof.

A page takes the payload (``application/vnd.ilodata+json``), JupyterLab the HTML, a terminal the text.
A frame that is the last line of a cell is shown so too, under its own column names: words to the
left, thousands separators and one mark for what is missing.
"""

import builtins
import html
import numbers
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TypedDict

from ilodata import dates, tables, words
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


class Heading(TypedDict):
    """How a column is called and set."""

    name: str
    title: str
    align: str  # "left" or "right"


class Payload(TypedDict):
    """What a cell shows, in plain JSON; texts may be linked."""

    layout: str
    caption: str
    note: str
    folded: str
    columns: list[Heading]
    rows: list[list[str]]  # "" for what is missing


@dataclass(frozen=True)
class Shown:
    """What one cell of a notebook shows."""

    payload: Payload

    def _repr_mimebundle_(self, include=None, exclude=None):
        """Give the page its payload, JupyterLab a table or a list, a terminal plain words.

        With ``ILODATA_UNDRAWN=1`` there is nothing for JupyterLab: a build that keeps no notebook
        needs none.
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
        names; other cells may hold linked text (``words.link``).
    caption, note : str
        What is shown; a sentence below, which may be linked.
    columns : dict of str to str, or list of str, optional
        Column to heading, or columns alone, in order. By default all but sources (`of`), the bounds
        of a date (`start`, `end`), and what stands beside it in words: an id, a date beside "when".
    layout : str
        "findings" (columns kind, text; value, low, high, unit are kept as plain numbers),
        "table", "list" (text), "years" (year, kind, title, text), "facts" (term, value, more) or
        "doubts" (what ``evidence.doubts`` returns).
    folded : str
        What a page writes on the fold that hides this until it is opened; "" for none.

    Returns
    -------
    Shown
        With its `Payload`.

    Raises
    ------
    ValueError
        If it is no frame, the layout is not one of these, or the frame lacks a column.
    """
    if not hasattr(frame, "columns"):
        raise DataError(f"frame: show takes a table of rows, not a {type(frame).__name__}")
    if layout not in LAYOUTS:
        raise DataError(f"layout: {layout!r} is not one of {words.listed(LAYOUTS, 'or')}")
    beside = [f"{name}_{it}" for name in frame.columns for it in ("of", "id")]
    beside += ["start", "end", "of", *["date"] * ("when" in frame.columns)]
    titles = columns or frame.columns.drop(beside, errors="ignore")
    if not isinstance(titles, dict):
        titles = {n: words.capital(re.sub("_usd$|_id$|_", " ", str(n)).strip()) for n in titles}
    titles = dict.fromkeys(LAYOUTS[layout], "") | titles
    for name in titles:
        if name not in frame.columns:
            raise DataError(f"columns: {layout} shows {name!r}, which the frame does not have")
    plain = {"year", *(("value", "low", "high") if layout == "findings" else ())}
    says = {name: _digits if name in plain else _said for name in titles}
    columns, rows = _columns_and_rows(frame, _records(frame), titles, says)
    told = {"layout": layout, "caption": caption, "note": note, "folded": folded}
    return Shown(Payload(**told, columns=columns, rows=rows))


def _columns_and_rows(frame, records, titles, says):
    """Return columns, words to the left and numbers to the right, and rows of linked text."""
    columns = []
    for name, title in titles.items():
        values = [value for value in frame[name] if not dates.blank(value)]
        right = values and all(isinstance(value, numbers.Number) for value in values)
        columns.append(Heading(name=str(name), title=title, align="right" if right else "left"))
    rows = [
        [_cell(record, row, name, say) for name, say in says.items()]
        for record, row in zip(records, frame.to_dict("records"), strict=True)
    ]
    return columns, rows


def _records(frame):
    """Return the record that each row is about, "" where the frame does not tell, or assumes one."""
    found = dict.fromkeys(frame.index, "")
    for key in found if frame.index.name == "record" else ():
        with suppress(DataError):
            found[key] = tables.row(key) and key
    return [found[key] for key in frame.index]


def _cell(record, row, name, say):
    """Return a cell as linked text, "" where it is missing; `say` gives the words of a value."""
    text = "" if dates.blank(row[name]) else say(row[name])
    if not text or not record or any(mark in text for mark in ("[[", "]]", "|")):
        return text
    cell, stored = f"{record}/{name}", tables.row(record).get(name)
    if of := row.get(f"{name}_of"):  # where a question says what its words rest on
        return words.link(text, of)
    if "field" in row:  # a row about one cell, as `inferred` gives it
        of = {"label": record, "value": f"{record}/{row['field']}"}.get(name)
        return words.link(text, of) if of else text
    if say is _said and row[name] == stored:
        text = value_in_words(record.partition("/")[0], name, stored)
    # Where the stored cell is blank, the words ("not stated") are those of a question, without proof.
    return words.link(text, cell) if stored else text


def in_notebook(shell):
    """Show frames as this file does wherever one is the last line of a cell of an IPython shell."""
    shell.display_formatter.mimebundle_formatter.for_type("pandas.DataFrame", _plain)


def _plain(frame):
    """Show a frame under its own column names; leave to pandas what we cannot show."""
    with suppress(Exception):
        payload = _as_it_is(frame)
        # Whatever looks like a link in it leads to a cell, or its HTML fails.
        return {MIME: payload, "text/html": _html(payload)}
    return {}


def _as_it_is(frame):
    """Make the payload of a frame under its own column names; DataError if it is no plain table."""
    import pandas as pd  # loaded with the frame

    wide = len(frame.columns) > pd.get_option("display.max_columns") > 0
    plain = frame.columns.nlevels == 1 and frame.columns.is_unique
    if wide or not plain:
        raise DataError("this is no plain table")
    size = f"{len(frame):,} rows × {len(frame.columns)} columns"
    if len(frame) > pd.get_option("display.max_rows"):
        frame = frame.head(pd.get_option("display.min_rows"))
        size += f"; the first {len(frame)} are shown"
    if "amount_usd" in frame:
        size += "; do not add these amounts: ilo.funding.totals() adds what may be added"
    known = isinstance(frame.index, pd.RangeIndex) or frame.index.name in frame
    whole = frame.reset_index(drop=known)
    titles = {name: str(name) for name in whole}
    says = dict.fromkeys(titles, _exact)
    columns, rows = _columns_and_rows(whole, _records(frame), titles, says)
    told = {"layout": "table", "caption": "", "note": size, "folded": ""}
    return Payload(**told, columns=columns, rows=rows)


def _digits(value):
    """Write a number as plain text: 5200000."""
    return f"{value:.15g}" if isinstance(value, numbers.Real) else str(value)


def _exact(value):
    """Write a value as it is: years without a separator, numbers from 10,000 on with them."""
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        return _said(value) if abs(value) >= 10_000 else f"{value:.6g}"
    if hasattr(value, "left"):  # an interval
        return words.listed(dict.fromkeys(map(_exact, (value.left, value.right))), "to")
    return str(value).removesuffix(" 00:00:00")


def _said(value):
    """Say a value: numbers with thousands separators, days, ranges of money and truth in words."""
    if str(value) in ("True", "False") and not isinstance(value, str):
        return "yes" if value else "no"
    if isinstance(value, numbers.Number):
        return f"{value:,.15g}"
    if hasattr(value, "left"):  # an interval, of money
        return words.money_range((value.left, value.right))
    return words.date(value.isoformat()[:10]) if hasattr(value, "isoformat") else str(value)


def _html(payload):
    """Write a payload as a plain table or list for JupyterLab."""
    layout, columns, body = payload["layout"], payload["columns"], []
    for row in payload["rows"]:
        cells = dict(zip((it["name"] for it in columns), map(_linked, row), strict=True))
        if layout in ("findings", "list"):
            kind, said = cells.get("kind", "finding"), cells["text"]
            said = f"<strong>{said}</strong>" if kind == "headline" else said
            body.append(f"<p>{'• ' * (kind in ('finding', 'caveat'))}{said}</p>")
        else:
            body.append(_line("td", columns, (cell or MISSING for cell in cells.values())))
    if layout not in ("findings", "list"):
        head = _line("th", columns, (html.escape(it["title"]) for it in columns))
        head = f"<thead>{head}</thead>" * (layout == "table")
        body = ['<table class="dataframe">', head, "<tbody>", *body, "</tbody></table>"]
    caption = f"<p><strong>{_linked(payload['caption'])}</strong></p>" * bool(payload["caption"])
    note = f"<p>{_linked(payload['note'])}</p>" * bool(payload["note"])
    return "\n".join([caption, *body, note]).strip()


def _line(tag, columns, cells):
    """Write a row of a table, each cell as its column is aligned."""
    sides = (column["align"] for column in columns)
    aligned = zip(sides, cells, strict=True)
    row = (f'<{tag} style="text-align:{side}">{cell}</{tag}>' for side, cell in aligned)
    return f"<tr>{''.join(row)}</tr>"


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
