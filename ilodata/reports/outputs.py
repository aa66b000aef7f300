"""Outputs of notebooks made safe and tidy: tables, charts, prose; nothing of them can run or fetch."""

import html
import re
from functools import cache
from urllib.parse import unquote

import mistune
from lxml import etree
from lxml import html as lxml_html

PROSE = re.compile(
    "p|em|strong|del|code|pre|span|div|ul|ol|li|blockquote|table|thead|tbody|tr|th|td|a|h[2-6]|hr|"
    "br|dl|dt|dd"
)
PICTURE = re.compile(
    "svg|g|path|rect|circle|ellipse|line|polyline|polygon|text|tspan|defs|clipPath|"
    "linearGradient|radialGradient|stop"
)
SVG = "http://www.w3.org/2000/svg"
XML = etree.XMLParser(resolve_entities=False, no_network=True)
DROPPED = {"class", "href", "pointer-events", "role", "style", "version"}
NEEDLESS = {
    *(("opacity", "1"), ("fill-opacity", "1"), ("stroke-opacity", "1"), ("stroke-width", "1")),
    *(("x2", "0"), ("y2", "0"), ("text-anchor", "start"), ("transform", "translate(0,0)")),
}
INHERITED = {"fill", "font-size", "font-weight", "stroke", "stroke-width", "text-anchor"}
PLACED = {"d", "points", "x", "y", "x1", "x2", "y1", "y2", "width", "height"}
FRACTION = re.compile(r"-?\d+\.\d+(e-?\d+)?")
# Characters that no page may hold, or that reorder what a reader sees.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)
COLOURS = re.compile("\x1b\\[.*?[@-~]")  # and what else a terminal would act on
NUMBER = re.compile(r"[-−+<>≤≥]?\s?[\d,. ]*\d\s?%?")
GLIMPSE, LINE = 190, 16  # heights in pixels: of a picture in the index, of a line of words
A4 = 110  # letters side by side in a printed table; in a wider one words may break anywhere
# 017 is a code, which a number would cut.
PLAIN_NUMBER = re.compile(r"[-−]?(0|[1-9]\d*|[1-9]\d{0,2}(,\d{3})+)(\.\d+)?")
LONG = 24  # letters; a longer text may take several lines of its cell
ROWS = 200  # that a reader can still check by eye; a download holds the others too
BESIDE = ("title", "description", "usermeta")  # of a chart: the page says them, or leaves them out
DATA, WIDTHS = ("datasets", "values"), ("width", "continuousWidth")  # keys of a specification


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
    root = etree.fromstring(plain(svg), XML)
    ids = {}
    for element in list(root.iter()):
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if name == "a":
            element.tag = f"{{{SVG}}}g"
        elif not PICTURE.fullmatch(name) or element.get("display") == "none":
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
        for key in list(element.attrib):
            if key in DROPPED or key.startswith(("aria-", "on", "{")):
                del element.attrib[key]
        if "id" in element.attrib:
            element.set("id", ids.setdefault(element.get("id"), f"{prefix}-{len(ids) + 1}"))
    for element in root.iter():
        for key, value in element.attrib.items():
            if "url(" in value:
                old = re.fullmatch(r"url\(#([^)]+)\)", value)
                element.set(key, f"url(#{ids.get(old[1], 'none')})" if old else "none")
            elif "." in value and (
                key in PLACED
                or (key == "transform" and "scale" not in value and "matrix" not in value)
            ):
                element.set(key, FRACTION.sub(_tenth, value))
        if element.get("font-family") == "sans-serif":
            del element.attrib["font-family"]  # the page's own takes over
    _lighten(root)
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    etree.cleanup_namespaces(root)
    return re.sub(r'\s+xmlns(:\w+)?="[^"]*"', "", etree.tostring(root, encoding="unicode"), count=1)


def _lighten(root):
    """Say nothing that a browser takes for granted, and say once what all marks of a group share."""
    for element in list(root.iter()):
        for key, _ in NEEDLESS.intersection(element.attrib.items()):
            del element.attrib[key]
        if element.tag == f"{{{SVG}}}path" and element.get("d") == "M0,0h0v0h0Z":
            element.getparent().remove(element)
    for group in list(root.iter(f"{{{SVG}}}g")):
        if len(group) > 1 and not any(len(child) for child in group):
            for key in INHERITED & set(group[0].attrib) - set(group.attrib):
                if len({child.get(key) for child in group}) == 1:
                    group.set(key, group[0].get(key))
                    for child in group:
                        del child.attrib[key]
        elif len(group) < 2 and not group.attrib and group.getparent() is not None:
            around, place = group.getparent(), group.getparent().index(group)
            around[place : place + 1] = list(group)


def picture_of(page, prefix):
    """Return the upper part of a page's first chart, for the index; empty where there is none.

    It is that for phones, whose words can still be read in a small picture.
    """
    found = re.search(r'<div class="narrow">(<svg .*?</svg>)', page, re.DOTALL)
    found = found or re.search(r'<div class="(?:wide|both)">(<svg .*?</svg>)', page, re.DOTALL)
    if not found:
        return ""
    root = etree.fromstring(found[1].replace("<svg ", f'<svg xmlns="{SVG}" ', 1), XML)
    _, _, width, height = root.get("viewBox").split()
    if float(height) > GLIMPSE:
        _leave_out_below(root, 0)
        root.set("viewBox", f"0 0 {width} {GLIMPSE}")
        root.set("height", str(GLIMPSE))
    return clean_svg(etree.tostring(root, encoding="unicode"), prefix)


def _leave_out_below(element, top):
    """Remove from a drawing the words, rules and marks of which nothing stands in a picture."""
    for child in list(element):
        moved = re.match(r"translate\([^,]+,([^)]+)\)", child.get("transform", ""))
        at = top + float(moved[1]) if moved else top
        place = re.match(r"M[^,]+,([-\d.]+)h[-\d.]+v([-\d.]+)", child.get("d", ""))
        if place:  # a bar
            at += float(place[1]) + min(0, float(place[2]))
        rises = min(0, float(child.get("y2", 0)))
        if len(child):
            _leave_out_below(child, at)
        elif (moved or place) and at + rises - LINE > GLIMPSE:
            element.remove(child)


def plain(text):
    """Return text without control characters and without those that reorder what is read."""
    if text.isprintable():  # told in no time, unlike the search
        return text
    return UNSEEN.sub("", text.replace("\r\n", "\n"))


def prose(source):
    """Turn Markdown into elements that can neither run nor fetch; headings are left as they are."""
    root = lxml_html.fragment_fromstring(_rendered(plain(source)), create_parent="div")
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
    """Return a chart's specification as a page draws it.

    Its texts are clean; what stands beside it or would change its viewer is gone; over it the
    wheel scrolls the page, and zooms only while Ctrl is held.
    """
    made = _cleaned({key: it for key, it in spec.items() if key not in BESIDE})
    for param in [each for node in _nodes(made) for each in node.get("params", [])]:
        select = param.get("select")
        select = select if isinstance(select, dict) else {"type": select}
        if select["type"] == "interval" and select.get("zoom", True) is True:
            param["select"] = select | {"zoom": "wheel![event.ctrlKey]"}
    return made


def _cleaned(value):
    if isinstance(value, dict):
        return {plain(key): _cleaned(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return plain(value) if isinstance(value, str) else value


def narrowed(spec, width):
    """Return a specification in which no width that is a number is greater than ``width``.

    `charts.js` does the same to a chart that goes live on a phone.
    """
    if isinstance(spec, list):
        return [narrowed(each, width) for each in spec]
    if not isinstance(spec, dict):
        return spec
    made = {key: it if key in DATA else narrowed(it, width) for key, it in spec.items()}
    return made | {key: min(made[key], width) for key in WIDTHS if _is_number(made.get(key))}


def widest(spec):
    """Return the greatest number that a specification gives as a width; 0 without one."""
    given = [node.get(key) for node in _nodes(spec) for key in WIDTHS]
    return max([each for each in given if _is_number(each)], default=0)


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def title_of(spec):
    """Return the title of a chart's specification as one line; empty where it has none."""
    title = spec.get("title") or ""
    if isinstance(title, dict):
        title = [*listed(title.get("text", "")), *listed(title.get("subtitle", []))]
    return " ".join(listed(title))


def chart_tables(spec, caption):
    """Return the rows a chart was given as tables, with the columns that it draws."""
    names = {}
    for node in _nodes(spec):
        if isinstance(node.get("field"), str):
            parts = [node, *(node.get(key) or {} for key in ("axis", "header", "legend"))]
            titles = [part["title"] for part in parts if isinstance(part.get("title"), str)]
            names[node["field"]] = names.get(node["field"]) or "".join(titles[:1])
    found = []
    for rows in _given(spec):
        columns = [column for column in rows[0] if column in names]
        if not columns or any(rows is each for each, _ in found):
            continue
        heads = [f"{names[it]} ({it})" if names[it] else it for it in columns]
        body = [[said(row.get(column)) for column in columns] for row in rows]
        found.append((rows, table_of(heads, body, caption)))
    for number, (_, table) in enumerate(found, 1):
        table["caption"] += f", part {number}" if len(found) > 1 else ""
    return [table for _, table in found]


def texts_of(spec):
    """Return the texts among the data of a chart, a list for each of their columns."""
    found = []
    for rows in _given(spec):
        columns = {}
        for key, value in [pair for row in rows for pair in row.items()]:
            columns.setdefault(key, []).extend([value] if isinstance(value, str) else [])
        found += [column for column in columns.values() if column]
    return found


def _given(spec):
    """List the data of a chart that are rows: mappings with at least one of them."""
    given = [*spec.get("datasets", {}).values()]
    given += [
        each["data"].get("values") for each in _nodes(spec) if isinstance(each.get("data"), dict)
    ]
    return [
        rows
        for rows in given
        if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows)
    ]


def width_of(svg):
    """Return the width of a drawing, in pixels."""
    return float(re.search(r'<svg[^>]* width="([\d.]+)"', svg)[1])


def _nodes(value):
    """Walk through the mappings of a chart's specification, not through its data."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            value = [each for key, each in value.items() if key not in DATA]
        if isinstance(value, list):
            waiting += reversed(value)


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
        for _, at, cell in placed(table[part]):
            columns.setdefault(at, []).append((part, cell))
    width = 0
    for column in columns.values():
        said = [cell["text"] for part, cell in column if part == "body" and cell["text"].strip("–")]
        is_number = bool(said) and all(NUMBER.fullmatch(text) for text in said)
        is_long = any(len(cell["text"]) > LONG for part, cell in column if part == "body")
        for _, cell in column:
            cell["kind"] = "n" if is_number else "w" if is_long or len(cell["text"]) > LONG else ""
        words = [word for _, cell in column for word in re.split(r"[\s-]", cell["text"])]
        width += 2 + max(map(len, words))
    table["wide"] = width > A4
    if len(table["body"]) > ROWS:
        said = f"The first {ROWS} of {len(table['body'])} rows; the download has them."
        table["note"] = f"{table['note']} {said}".strip()
    return table


def placed(rows):
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


def rows_of(table, part):
    """Write the head or the body of a table as HTML, all of it escaped."""
    rows, scope = table[part][:ROWS], "col" if part == "head" else "row"
    made = [[] for _ in rows]
    for number, at, cell in placed(rows):
        kind = f"{cell['kind']} s".strip() if at == 0 and cell["colspan"] == 1 else cell["kind"]
        made[number].append(_cell_html(cell, scope, kind, len(rows) - number))
    return "\n".join(f"<tr>{''.join(row)}</tr>" for row in made)


def _cell_html(cell, scope, kind, most):
    tag = "th" if cell["header"] and cell["text"] else "td"
    given = {"class": kind} | ({"scope": scope} if tag == "th" else {})
    spans = {"colspan": cell["colspan"], "rowspan": min(cell["rowspan"], most)}
    given |= {key: value for key, value in spans.items() if value > 1}
    given = "".join(f' {key}="{value}"' for key, value in given.items() if value)
    parts = [
        f'<a href="#{html.escape(to)}">{html.escape(text)}</a>' if to else html.escape(text)
        for text, to in cell.get("links", [(plain(cell["text"]), "")])
    ]
    return f"<{tag}{given}>{'; '.join(parts)}</{tag}>"


def csv_of(table, notes):
    """Write a table of `tables_of` as CSV.

    The notes stand first, in lines that begin with ``#``; ``pandas.read_csv(file, comment="#")``
    reads the rows and nothing else. What spans several cells is repeated in each; a text that a
    spreadsheet would run as a formula gets an apostrophe before it.
    """
    rows = [[_datum(cell) for cell in row] for row in _spread(table["body"])]
    if table["head"]:
        rows.insert(0, heads_of(table))
    lines = [f"# {note}" for note in notes if note]
    lines += [",".join(map(_quoted, row)) for row in rows]
    return "".join(f"{line}\n" for line in lines)


def _quoted(text):
    doubled = text.replace('"', '""')
    return f'"{doubled}"' if re.search(r'[",#\n]', text) else text


def heads_of(table):
    """Return what stands above each column of a table, the rows of its head joined."""
    columns = zip(*_spread(table["head"]), strict=True)
    texts = [dict.fromkeys(cell["text"] for cell in column) for column in columns]
    return [", ".join(filter(None, each)) for each in texts]


def _spread(rows):
    grid = [{} for _ in rows]
    for number, at, cell in placed(rows):
        for line in grid[number : number + cell["rowspan"]]:
            line |= dict.fromkeys(range(at, at + cell["colspan"]), cell)
    width = max(map(len, grid), default=0)
    return [[line.get(at, _cell("")) for at in range(width)] for line in grid]


def _datum(cell):
    text = "" if cell["text"] == "–" else cell["text"]
    if cell["kind"] == "n" and PLAIN_NUMBER.fullmatch(text):
        return text.replace(",", "").replace("−", "-")
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
    return plain(COLOURS.sub("", "".join(text)))


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
def _rendered(source):
    return _markdown()(source)


@cache
def _markdown():
    # What JupyterLab knows, but for formulas: a dollar sign is an amount of money here.
    known = ["strikethrough", "table", "url", "task_lists", "def_list"]
    renderer = mistune.HTMLRenderer(allow_harmful_protocols=True)  # `_make_safe` drops all of them
    return mistune.create_markdown(renderer=renderer, plugins=known)
