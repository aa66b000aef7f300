"""Outputs of notebooks made safe and tidy: tables, charts, prose; nothing of them can run or fetch."""

import csv
import html
import io
import re
from decimal import Decimal
from functools import cache
from urllib.parse import unquote

from lxml import etree
from lxml import html as lxml_html
from nbconvert.filters import strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath, MathInlineParser

PROSE = re.compile(
    "p|em|strong|del|code|pre|span|div|ul|ol|li|blockquote|table|thead|tbody|tr|th|td|a|h[2-6]|hr|"
    "br|dl|dt|dd"
)
PICTURE = re.compile(
    "svg|g|path|rect|circle|ellipse|line|polyline|polygon|text|tspan|defs|clipPath|"
    "linearGradient|radialGradient|stop"
)
SVG = "http://www.w3.org/2000/svg"
DROPPED = {"class", "href", "pointer-events", "role", "style", "version"}
PLACED = {"d", "points", "x", "y", "x1", "x2", "y1", "y2", "width", "height"}
# Characters that no page may hold, or that reorder what a reader sees.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)
NUMBER = re.compile(r"[-−+<>≤≥]?\s?[\d,. ]*\d\s?%?")
A4 = 110  # letters side by side in a printed table; in a wider one words may break anywhere
# 017 is a code, which a number would cut.
PLAIN_NUMBER = re.compile(r"[-−]?(0|[1-9]\d*|[1-9]\d{0,2}(,\d{3})+)(\.\d+)?")
ROWS = 200  # of a chart's data: what a reader can still check by eye


def tables_of(source):
    """Rebuild the tables of a piece of HTML from their structure and text alone.

    Returns
    -------
    list of dict
        head and body: lists of rows of cells (text, header, kind, colspan, rowspan), where kind
        is "n" for a number, "w" for text to be wrapped; caption; note.
    """
    if "<table" not in source:
        return []
    root = lxml_html.fragment_fromstring(plain(source), create_parent="div")
    shape = [text_of(each) for each in root.iter("p") if " rows × " in text_of(each)]
    found = []
    for table in root.iter("table"):
        head = [_cells(row) for row in table.xpath("./thead/tr")]
        body = [_cells(row) for row in table.xpath("./tbody/tr | ./tr")]
        _merge_index_names(head)
        counts = [row[0]["text"] for row in body if row and row[0]["header"]]
        if head and not head[-1][0]["text"] and counts == [str(i) for i in range(len(body))]:
            head, body = [row[1:] for row in head], [row[1:] for row in body]  # a mere row count
        caption = " ".join(text_of(each) for each in table.iter("caption"))
        note = f"Shortened; {shape[0]} in all." if shape else ""
        found.append(_aligned({"head": head, "body": body, "caption": caption, "note": note}))
    return found


def clean_svg(svg, prefix):
    """Reduce a chart's SVG to its drawing, with ids of its own and coordinates to a tenth.

    Vega's ARIA roles go, since the figure around it names the chart; so does everything that
    could run or fetch.
    """
    root = etree.fromstring(plain(svg), etree.XMLParser(resolve_entities=False, no_network=True))
    ids = {}
    for element in list(root.iter()):
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if name == "a":
            element.tag = f"{{{SVG}}}g"
        elif not PICTURE.fullmatch(name) or element.get("display") == "none":
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
        for key in list(element.attrib):
            if key in DROPPED or re.match(r"aria-|on|\{", key):
                del element.attrib[key]
        if "id" in element.attrib:
            element.set("id", ids.setdefault(element.get("id"), f"{prefix}-{len(ids) + 1}"))
    for element in root.iter():
        for key, value in element.attrib.items():
            if "url(" in value:
                old = re.fullmatch(r"url\(#([^)]+)\)", value)
                element.set(key, f"url(#{ids.get(old[1], 'none')})" if old else "none")
            elif key in PLACED or (key == "transform" and not re.search("scale|matrix", value)):
                element.set(key, re.sub(r"-?\d+\.\d+(e-?\d+)?", _tenth, value))
        if element.get("font-family") == "sans-serif":
            del element.attrib["font-family"]  # the page's own takes over
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    etree.cleanup_namespaces(root)
    return re.sub(r'\s+xmlns(:\w+)?="[^"]*"', "", etree.tostring(root, encoding="unicode"), count=1)


def picture_of(page, prefix):
    """Return the first chart of a page without its words; empty where the page has no chart."""
    found = re.search(r'<div class="chart"[^>]*>(<svg .*?</svg>)', page, re.DOTALL)
    if not found:
        return ""
    root = etree.fromstring(found[1].replace("<svg ", f'<svg xmlns="{SVG}" ', 1))
    for words in list(root.iter(f"{{{SVG}}}text")):
        words.getparent().remove(words)
    root.set("preserveAspectRatio", "xMaxYMin slice")
    return clean_svg(etree.tostring(root, encoding="unicode"), prefix)


def plain(text):
    """Return text without control characters and without those that reorder what is read."""
    return UNSEEN.sub("", text.replace("\r\n", "\n"))


def prose(source):
    """Turn Markdown into elements that can neither run nor fetch; headings are left as they are."""
    root = lxml_html.fragment_fromstring(_markdown()(plain(source)), create_parent="div")
    for element in list(root.iterdescendants()):
        if not re.fullmatch("h[1-6]", element.tag):
            _make_safe(element)
    return root


def _make_safe(element):
    """Leave an element of rendered Markdown only what cannot run or fetch."""
    kept = {"class": element.get("class")} if element.tag in ("div", "span") else {}
    if element.tag == "a":
        href = element.get("href", "")
        if href.startswith("#"):
            kept = {"href": "#" + slug(unquote(href))}
        elif re.match("https?://|mailto:", href):
            kept = {"href": href, "rel": "noreferrer"}
    elif element.tag == "th":
        kept = {"scope": "col"}
    elif element.tag == "img":
        element.text = element.get("alt")
    if "right" in element.get("style", ""):
        kept["class"] = "n"
    element.attrib.clear()
    element.attrib.update({key: value for key, value in kept.items() if value})
    if not PROSE.fullmatch(element.tag) or (element.tag == "a" and not kept):
        element.drop_tag()
    elif element.tag == "table":
        around = etree.Element("div", {"class": "scroll", "tabindex": "0", "role": "region"})
        around.set("aria-label", "Table in the text")
        element.getparent().replace(element, around)
        around.tail, element.tail = element.tail, None
        around.append(element)


def drawing(spec):
    """Return a chart's specification with clean texts and without what would change its viewer."""
    return _cleaned({key: it for key, it in spec.items() if key not in ("title", "usermeta")})


def _cleaned(value):
    if isinstance(value, dict):
        return {plain(key): _cleaned(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return plain(value) if isinstance(value, str) else value


def title_of(spec):
    """Return the title of a chart's specification as one line; empty where it has none."""
    title = spec.get("title") or ""
    if isinstance(title, dict):
        title = [*listed(title.get("text", "")), *listed(title.get("subtitle", []))]
    return " ".join(listed(title))


def chart_tables(spec, caption):
    """Return the rows a chart was given as tables, with the columns that it draws."""
    names, given = {}, [*spec.get("datasets", {}).values()]
    for node in _nodes(spec):
        if isinstance(node.get("field"), str):
            parts = [node, *(node.get(key) or {} for key in ("axis", "header", "legend"))]
            titles = [part["title"] for part in parts if isinstance(part.get("title"), str)]
            names[node["field"]] = names.get(node["field"]) or "".join(titles[:1])
        if isinstance(node.get("data"), dict):
            given.append(node["data"].get("values"))
    found = []
    for rows in given:
        rows = rows if isinstance(rows, list) and rows and isinstance(rows[0], dict) else [{}]
        columns = [column for column in rows[0] if column in names]
        if not columns or any(rows is each for each, _ in found):
            continue
        heads = [f"{names[it]} ({it})" if names[it] else it for it in columns]
        body = [[said(row.get(column)) for column in columns] for row in rows[:ROWS]]
        made = table_of(heads, body, caption)
        if len(rows) > ROWS:
            made["note"] = f"The first {ROWS} of {len(rows)} rows."
        found.append((rows, made))
    for number, (_, table) in enumerate(found, 1):
        table["caption"] += f", part {number}" if len(found) > 1 else ""
    return [table for _, table in found]


def _nodes(value):
    """Walk through the mappings of a chart's specification, not through its data."""
    if isinstance(value, dict):
        yield value
        value = [each for key, each in value.items() if key not in ("datasets", "values")]
    if isinstance(value, list):
        for each in value:
            yield from _nodes(each)


def table_of(names, rows, caption):
    """Return a table as `tables_of` does, from its column names and rows of text."""
    head = [[_cell(name, header=True) for name in names]]
    body = [[_cell(text, header=i == 0) for i, text in enumerate(row)] for row in rows]
    return _aligned({"head": head, "body": body, "caption": caption, "note": ""})


def _merge_index_names(head):
    """Put the names of the index, to which pandas gives a row of their own, into the row above."""
    if len(head) > 1 and len(head[-2]) == len(head[-1]):
        pairs = list(zip(head[-2], head[-1], strict=True))
        if not any(above["text"] and name["text"] for above, name in pairs[1:]):
            head[-2:] = [[above | {"text": name["text"] or above["text"]} for above, name in pairs]]


def _cells(row):
    cells = []
    for each in row.xpath("./th | ./td"):
        spans = {key: each.get(key, "1") for key in ("colspan", "rowspan")}
        spans = {key: min(int(it), 99) if it.isdecimal() else 1 for key, it in spans.items()}
        cells.append(_cell(text_of(each), header=each.tag == "th") | spans)
    return cells


def _cell(text, header=False):
    text = "–" if text in ("NaN", "NaT", "<NA>", "None") else text
    return {"text": text, "header": header, "kind": "", "colspan": 1, "rowspan": 1}


def _aligned(table):
    """Mark the columns that hold nothing but numbers, and the texts that have to wrap."""
    columns = {}
    for part in ("head", "body"):
        for _, at, cell in _placed(table[part]):
            columns.setdefault(at, []).append((part, cell))
    width = 0
    for column in columns.values():
        said = [cell["text"] for part, cell in column if part == "body" and cell["text"].strip("–")]
        is_number = bool(said) and all(NUMBER.fullmatch(text) for text in said)
        for _, cell in column:
            cell["kind"] = "n" if is_number else "w" if len(cell["text"]) > 40 else ""
        words = [word for _, cell in column for word in re.split(r"[\s-]", cell["text"])]
        width += 2 + max(map(len, words))
    return table | {"wide": width > A4}


def _placed(rows):
    """Give each cell with the numbers of its row and column, counting what others span."""
    taken = {}
    for number, row in enumerate(rows):
        at = 0
        for cell in row:
            while taken.get(at, -1) >= number:
                at += 1
            yield number, at, cell
            for place in range(at, at + cell["colspan"]):
                taken[place] = number + cell["rowspan"] - 1
            at += cell["colspan"]


def csv_of(table, notes):
    """Write a table of `tables_of` as CSV.

    The notes stand first, in lines that begin with ``#``. Texts are quoted and numbers are not,
    so that ``pandas.read_csv(file, comment="#")`` reads the rows and nothing else. What spans
    several cells is repeated in each; a text that a spreadsheet would run as a formula gets an
    apostrophe before it.
    """
    head, body = _spread(table["head"]), _spread(table["body"])
    columns = [[cell["text"] for cell in column] for column in zip(*head, strict=True)]
    names = [", ".join(dict.fromkeys(filter(None, texts))) for texts in columns]
    rows = [[_datum(cell) for cell in row] for row in body]
    lines = io.StringIO()
    lines.writelines(f"# {note}\n" for note in notes if note)
    writer = csv.writer(lines, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerows([names] * bool(names) + rows)
    return lines.getvalue()


def _spread(rows):
    grid = [{} for _ in rows]
    for number, at, cell in _placed(rows):
        for line in grid[number : number + cell["rowspan"]]:
            line |= dict.fromkeys(range(at, at + cell["colspan"]), cell)
    width = max(map(len, grid), default=0)
    return [[line.get(at, _cell("")) for at in range(width)] for line in grid]


def _datum(cell):
    text = "" if cell["text"] == "–" else cell["text"]
    if cell["kind"] == "n" and PLAIN_NUMBER.fullmatch(text):
        return Decimal(text.replace(",", "").replace("−", "-"))
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def said(value):
    """Say a value of a parameter or of a chart's data as a reader would write it."""
    if value is None or value != value:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(said(each) for each in value)
    if isinstance(value, float) and not value.is_integer():
        return f"{float(f'{value:.10g}'):,}"
    if isinstance(value, int | float):
        return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.0f}"  # 2017 is a year
    return re.sub(r"T00:00:00(\.0+)?Z?$", "", str(value))


def text_of(element):
    """Return what an element says, in one line."""
    for each in element.iter("br"):
        each.tail = f" {each.tail or ''}"
    return " ".join("".join(element.itertext()).split())


def inner(root):
    """Return what an element holds as HTML."""
    parts = [etree.tostring(each, encoding="unicode", method="html") for each in root]
    return html.escape(root.text or "") + "".join(parts)


def html_of(output):
    """Return the HTML of a cell's output, cleaned by `plain`; empty where it has none."""
    return whole(output.get("data", {}).get("text/html", ""))


def whole(text):
    """Return a text of a notebook, which may be kept as a list of lines, cleaned by `plain`."""
    return plain(strip_ansi("".join(text)))


def listed(value):
    """Return a value that may stand alone as a list."""
    return value if isinstance(value, list) else [value]


def _tenth(match):
    value = round(float(match.group()), 1)
    return f"{value:.0f}" if value == int(value) else f"{value}"


def slug(text):
    """Return text as an id or a part of a file's name."""
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-") or "part"


@cache
def _markdown():
    # A dollar sign is an amount of money here, never the start of a formula.
    inline = MathInlineParser(hard_wrap=False)
    inline.rules = [rule for rule in inline.rules if "math" not in rule and "latex" not in rule]
    renderer = IPythonRenderer(escape=True, exclude_anchor_links=True)
    return MarkdownWithMath(renderer, inline=inline)
