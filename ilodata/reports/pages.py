"""Pages: an executed notebook, the index, the codebook; self-contained, safe, the same twice."""

import base64
import hashlib
import html
import json
import platform
import re
from functools import cache
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote

import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import etree
from lxml import html as lxml_html
from nbconvert.filters import Highlight2HTML, strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath, MathInlineParser

from ilodata import tables

TEMPLATES = Path(__file__).parent / "templates"
CHART = "application/vnd.vegalite.v5+json"
DISCLAIMER = (
    "This is no product of the ILO, and the ILO has not endorsed it. "
    "Figures are those of the named documents."
)
PROSE = re.compile(
    "p|em|strong|del|code|pre|span|div|ul|ol|li|blockquote|table|thead|tbody|tr|th|td|a|h[2-6]|hr|"
    "br|dl|dt|dd"
)
PICTURE = re.compile(
    "svg|g|path|rect|circle|ellipse|line|polyline|polygon|text|tspan|defs|clipPath|"
    "linearGradient|radialGradient|stop"
)
DROPPED = {"class", "href", "pointer-events", "role", "style", "version"}
PLACED = {"d", "points", "x", "y", "x1", "x2", "y1", "y2", "width", "height"}
# Characters that no page may hold, or that reorder what a reader sees.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)
NUMBER = re.compile(r"[-−+<>≤≥]?\s?[\d,. ]*\d\s?%?")
A4 = 110  # letters side by side in a printed table; in a wider one words may break anywhere
ROWS = 200  # of a chart's data: what a reader can still check by eye


def context_of_data(list_name):
    """Collect what every page says about the data, once for a build.

    Parameters
    ----------
    list_name : str
        The report list as a user would type it, for the command that rebuilds a page.

    Returns
    -------
    dict
        package (the descriptor), codebook (the same with the reference tables), documents (rows
        of the table), evidence (by record: label, said, conflicts), conflicts (how many),
        data_sha256, versions, cite, list.

    Raises
    ------
    DataError
        If a table cannot be read.
    """
    package, outside = tables.package(), tables.package("reference")["resources"]
    outside = [each | {"path": f"reference/{each['path']}"} for each in outside]
    who = ", ".join(each["title"] for each in package.get("contributors", []))
    year = f" ({package['created'][:4]})" if "created" in package else ""
    documents = [row | {"kind": row["kind"].replace("_", " ")} for row in _rows("documents")]
    return {
        "package": package,
        "codebook": package | {"resources": package["resources"] + outside},
        "documents": documents,
        "evidence": _evidence(documents),
        "conflicts": len(_rows("conflicts")),
        "data_sha256": data_sha256(),
        "versions": {"Python": platform.python_version()}
        | {name: version(name) for name in ("pandas", "altair", "papermill")},
        "cite": f"{who}{year}. {package['title']}. Data edition {package['version']}.",
        "list": list_name,
    }


def data_sha256():
    """Hash the tables, reference data too: the CSV files in the order of their paths, end to end."""
    files = sorted(tables.data_dir().rglob("*.csv"), key=lambda file: file.as_posix())
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def render_page(nb, report, context):
    """Render an executed notebook.

    Parameters
    ----------
    nb : NotebookNode
        Executed, with outputs; one cell may be tagged ``findings``.
    report : dict
        As `lists.read_list` gives it.
    context : dict
        As `context_of_data` gives it.

    Returns
    -------
    str
        The page: no script but its own, no address it would fetch, nothing that varies.
    """
    page = {"blocks": [], "contents": [], "question": "", "heading": report["title"]}
    page["ids"] = {"main", "findings", "parameters", "contents", "evidence", "colophon", "citation"}
    page["numbers"] = {"step": 0, "table": 0, "figure": 0}
    for cell in nb.cells:
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type == "markdown":
            _add_prose(page, cell.source)
        elif cell.cell_type == "code" and not tags & {"parameters", "injected-parameters"}:
            code = _highlight()(plain(cell.source))
            _add(page, "code", html=code, number=_next(page, "step"))
            for output in cell.outputs:
                if "findings" not in tags or not _findings(output):
                    _add_output(page, output, cell.metadata.get("caption", ""))
    findings = findings_of(nb)
    links = _links(findings, context)
    if links:
        last = {"level": 2, "text": "Where the findings come from", "id": "evidence"}
        page["contents"].append(last)
    page["contents"].append({"level": 2, "text": "About this page", "id": "colophon"})
    if page["question"] == report["title"]:
        page["question"] = ""
    return _render(
        "page.html.j2",
        report=report,
        context=context,
        findings=findings,
        links=links,
        parameters=_parameters(report),
        **{key: page[key] for key in ("blocks", "contents", "question")},
    )


def render_failure(error, report, context):
    """Render the page of a report that failed: ``error`` has where, message, source, traceback."""
    parameters = _parameters(report)
    return _render(
        "failed.html.j2", error=error, report=report, context=context, parameters=parameters
    )


def render_index(entries, context):
    """Render the index of a list.

    ``entries`` are dicts with name, title, status ("built", "failed" or "not built"), findings
    of the built ones and error of the failed ones, in the list's order.
    """
    return _render("index.html.j2", entries=entries, context=context)


def render_codebook(package):
    """Render the codebook: every table and column of the Data Package ``package``."""
    described = json.loads(json.dumps(package))  # a copy, since fields are added to it
    for resource in described["resources"]:
        keys = resource["schema"].get("foreignKeys", [])
        refers = {
            field: key["reference"]["resource"] for key in keys for field in _listed(key["fields"])
        }
        for field in resource["schema"]["fields"]:
            limits = field.get("constraints", {})
            field["codes"] = {str(code): [] for code in limits.get("enum", [])}
            for code, wordings in field.get("wordings", {}).items():
                field["codes"][str(code)] = _listed(wordings)
            field["required"] = limits.get("required", False)
            field["refers"] = refers.get(field["name"])
            field.setdefault("role", "")
            field.setdefault("unit", "")
        resource.setdefault("sources", [])
        resource.setdefault("licenses", [])
    return _render("codebook.html.j2", package=described)


def findings_of(nb):
    """Return the findings of an executed notebook: dicts with finding, caveat and records."""
    tagged = [
        cell
        for cell in nb.cells
        if cell.cell_type == "code" and "findings" in cell.metadata.get("tags", [])
    ]
    return [each for cell in tagged for output in cell.outputs for each in _findings(output)]


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
    shape = [_text(each) for each in root.iter("p") if " rows × " in _text(each)]
    found = []
    for table in root.iter("table"):
        head = [_cells(row) for row in table.xpath("./thead/tr")]
        body = [_cells(row) for row in table.xpath("./tbody/tr | ./tr")]
        _merge_index_names(head)
        counts = [row[0]["text"] for row in body if row and row[0]["header"]]
        if head and not head[-1][0]["text"] and counts == [str(i) for i in range(len(body))]:
            head, body = [row[1:] for row in head], [row[1:] for row in body]  # a mere row count
        caption = " ".join(_text(each) for each in table.iter("caption"))
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
            element.tag = "{http://www.w3.org/2000/svg}g"
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


def plain(text):
    """Return text without control characters and without those that reorder what is read."""
    return UNSEEN.sub("", text.replace("\r\n", "\n"))


def _rows(table):
    frame = tables.read(table).reset_index().astype(object)
    return frame.where(frame.notna(), "").to_dict("records")


def _evidence(documents):
    """Gather by record what the evidence and the conflicts say of it."""
    titles = {each["document_id"]: each["title"] for each in documents}
    headings = {each["section_id"]: each["heading"] for each in _rows("sections")}
    conflicts = {each["conflict_id"]: each for each in _rows("conflicts")}
    evidence, limits = _rows("evidence"), _rows("conflict_records")
    found = {
        row["record"]: {"label": row["record"], "said": {}, "conflicts": []}
        for row in evidence + limits
    }
    for name in sorted({record.partition("/")[0] for record in found}):
        for row in _rows(name):
            record = found.get(f"{name}/{next(iter(row.values()))}", {})
            record["label"] = row.get("label") or row.get("title") or record.get("label")
    for row in evidence:
        place = _joined([titles[row["document_id"]], headings[row["section_id"]]])
        how = [row[key] for key in ("support", "basis") if row[key] not in ("says", "stated")]
        said = (f"“{row['fragment']}”", place, _joined([*how, row["note"]]))
        found[row["record"]]["said"].setdefault(said, []).append(row["field"])
    for row in limits:
        what = conflicts[row["conflict_id"]]
        if what not in found[row["record"]]["conflicts"]:
            found[row["record"]]["conflicts"].append(what)
    return found


def _links(findings, context):
    """Return the evidence of each record that a finding names, in the order of the findings."""
    links = {}
    for record in [record for finding in findings for record in finding["records"]]:
        if record in context["evidence"] and record not in links:
            known = context["evidence"][record]
            rows = [[_joined(fields), *said] for said, fields in known["said"].items()]
            heads = ["column", "words of the document", "where", "how it supports"]
            table = _table(heads, rows, record)
            place = {"id": "evidence." + record.replace("/", "."), "record": record}
            links[record] = table | place | {key: known[key] for key in ("label", "conflicts")}
    return links


def _findings(output):
    found = []
    for table in tables_of(_html(output)):
        names = [cell["text"] for cell in table["head"][-1]] if table["head"] else []
        for row in table["body"]:
            said = dict(zip(names, (cell["text"].strip("–") for cell in row), strict=False))
            records = said.get("records", "").split(",")
            said["records"] = [each.strip() for each in records if each.strip()]
            found += [{"caveat": ""} | said] if said.get("finding") else []
    return found


def _add_prose(page, source):
    root = lxml_html.fragment_fromstring(_markdown()(plain(source)), create_parent="div")
    for element in list(root.iterdescendants()):
        if element.tag == "h1" and not page["question"]:
            page["question"] = _text(element)
            element.drop_tree()
        elif re.fullmatch("h[1-6]", element.tag):
            element.tag = "h2" if element.tag == "h1" else element.tag
            page["heading"] = _text(element)
            heading = {"level": int(element.tag[1]), "text": page["heading"]}
            heading["id"] = _own_id(page["heading"], page["ids"])
            element.attrib.clear()
            element.set("id", heading["id"])
            page["contents"] += [heading] if heading["level"] < 4 else []
        else:
            _make_safe(element)
    if len(root) or (root.text or "").strip():
        _add(page, "prose", html=_inner(root))


def _make_safe(element):
    """Leave an element of rendered Markdown only what cannot run or fetch."""
    kept = {"class": element.get("class")} if element.tag in ("div", "span") else {}
    if element.tag == "a":
        href = element.get("href", "")
        if href.startswith("#"):
            kept = {"href": "#" + _slug(unquote(href))}
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


def _add_output(page, output, caption):
    data = output.get("data", {})
    if CHART in data:
        _add(page, "figure", **_figure(data[CHART], _next(page, "figure")))
    elif "<table" in _html(output):
        for table in tables_of(_html(output)):
            number = _next(page, "table")
            said = table["caption"] or caption or page["heading"]
            _add(page, "table", **table | {"caption": f"Table {number}. {said}", "number": number})
    elif "text/markdown" in data:
        _add_prose(page, _whole(data["text/markdown"]))
    else:
        # What goes to stderr is for whoever builds; the command says where it is.
        is_kept = output.get("name") != "stderr"
        text = _whole(output.get("text", "")) or _whole(data.get("text/plain", ""))
        text = re.sub("0x[0-9a-f]{6,}", "0x…", text).strip()
        if text and is_kept:
            _add(page, "text", text=text, number=page["numbers"]["step"])


def _figure(spec, number):
    title, bare = _title(spec), {key: value for key, value in spec.items() if key != "title"}
    svg = vl_convert.vegalite_to_svg(json.dumps(bare), allowed_base_urls=[])
    return {
        "number": number,
        "id": f"figure.{number}",
        "title": title or "Chart",
        "description": spec.get("description", ""),
        "svg": clean_svg(svg, f"figure.{number}"),
        "tables": _chart_tables(spec, f"Data of figure {number}"),
    }


def _title(spec):
    title = spec.get("title") or ""
    if isinstance(title, dict):
        title = [*_listed(title.get("text", "")), *_listed(title.get("subtitle", []))]
    return " ".join(_listed(title))


def _chart_tables(spec, caption):
    """Return the rows a chart was given as tables, with the columns that it draws."""
    names, given = {}, [*spec.get("datasets", {}).values()]
    for node in _nodes(spec):
        if isinstance(node.get("field"), str):
            parts = [node, *(node.get(key) or {} for key in ("axis", "header", "legend"))]
            said = [part["title"] for part in parts if isinstance(part.get("title"), str)]
            names[node["field"]] = names.get(node["field"]) or "".join(said[:1])
        if isinstance(node.get("data"), dict):
            given.append(node["data"].get("values"))
    found = []
    for rows in given:
        rows = rows if isinstance(rows, list) and rows and isinstance(rows[0], dict) else [{}]
        columns = [column for column in rows[0] if column in names]
        if not columns or any(rows is each for each, _ in found):
            continue
        heads = [f"{names[it]} ({it})" if names[it] else it for it in columns]
        body = [[_value(row.get(column)) for column in columns] for row in rows[:ROWS]]
        table = _table(heads, body, caption)
        if len(rows) > ROWS:
            table["note"] = f"The first {ROWS} of {len(rows)} rows."
        found.append((rows, table))
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


def _table(names, rows, caption):
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
        cells.append(_cell(_text(each), header=each.tag == "th") | spans)
    return cells


def _cell(text, header=False):
    text = "–" if text in ("NaN", "NaT", "<NA>", "None") else text
    return {"text": text, "header": header, "kind": "", "colspan": 1, "rowspan": 1}


def _aligned(table):
    """Mark the columns that hold nothing but numbers, and the texts that have to wrap."""
    columns = {}
    for part in ("head", "body"):
        taken = {}
        for number, row in enumerate(table[part]):
            at = 0
            for cell in row:
                while taken.get(at, -1) >= number:
                    at += 1
                columns.setdefault(at, []).append((part, cell))
                for place in range(at, at + cell["colspan"]):
                    taken[place] = number + cell["rowspan"] - 1
                at += cell["colspan"]
    width = 0
    for column in columns.values():
        said = [cell["text"] for part, cell in column if part == "body" and cell["text"].strip("–")]
        is_number = bool(said) and all(NUMBER.fullmatch(text) for text in said)
        for _, cell in column:
            cell["kind"] = "n" if is_number else "w" if len(cell["text"]) > 40 else ""
        words = [word for _, cell in column for word in re.split(r"[\s-]", cell["text"])]
        width += 2 + max(map(len, words))
    return table | {"wide": width > A4}


def _parameters(report):
    shown = []
    for name, (_, default, said) in report["declared"].items():
        value = report["parameters"].get(name, default)
        changed = (_value(default) or "empty") if value != default else None
        value = _value(value) or "empty"
        shown.append({"name": name, "value": value, "default": changed, "help": said})
    return shown


def _value(value):
    """Say a value of a parameter or of a chart's data as a reader would write it."""
    if value is None or value != value:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_value(each) for each in value)
    if isinstance(value, float) and not value.is_integer():
        return f"{float(f'{value:.10g}'):,}"
    if isinstance(value, int | float):
        return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.0f}"  # 2017 is a year
    return re.sub(r"T00:00:00(\.0+)?Z?$", "", str(value))


def _add(page, kind, **content):
    page["blocks"].append({"kind": kind, **content})


def _next(page, kind):
    page["numbers"][kind] += 1
    return page["numbers"][kind]


def _slug(text):
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-") or "part"


def _own_id(text, ids):
    slug, count = _slug(text), 2
    while slug in ids:
        slug, count = f"{_slug(text)}-{count}", count + 1
    ids.add(slug)
    return slug


def _text(element):
    for each in element.iter("br"):
        each.tail = f" {each.tail or ''}"
    return " ".join("".join(element.itertext()).split())


def _inner(root):
    parts = [etree.tostring(each, encoding="unicode", method="html") for each in root]
    return html.escape(root.text or "") + "".join(parts)


def _html(output):
    return _whole(output.get("data", {}).get("text/html", ""))


def _whole(text):
    return plain(strip_ansi("".join(text)))


def _listed(value):
    return value if isinstance(value, list) else [value]


def _joined(parts):
    return ", ".join(each for each in parts if each)


def _tenth(match):
    value = round(float(match.group()), 1)
    return f"{value:.0f}" if value == int(value) else f"{value}"


@cache
def _markdown():
    # A dollar sign is an amount of money here, never the start of a formula.
    inline = MathInlineParser(hard_wrap=False)
    inline.rules = [rule for rule in inline.rules if "math" not in rule and "latex" not in rule]
    renderer = IPythonRenderer(escape=True, exclude_anchor_links=True)
    return MarkdownWithMath(renderer, inline=inline)


@cache
def _highlight():
    return Highlight2HTML(pygments_lexer="ipython3")


@cache
def _environment():
    def cleaned(value):
        return plain(value) if type(value) is str else value

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=cleaned,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    css, script = [
        (TEMPLATES / f"page.{kind}").read_text("utf-8").strip() for kind in ("css", "js")
    ]
    policy = ["default-src 'none'", "img-src data:", "base-uri 'none'", "form-action 'none'"]
    for rule, text in (("style-src", css), ("script-src", script)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        policy.append(f"{rule} 'sha256-{digest}'")
    known = {"css": css, "script": script, "csp": "; ".join(policy), "disclaimer": DISCLAIMER}
    environment.globals |= known
    return environment


def _render(template, **content):
    return _environment().get_template(template).render(content)
