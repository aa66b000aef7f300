"""Pages: an executed notebook, the index, the codebook; self-contained, safe, the same twice."""

import base64
import hashlib
import json
import platform
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from ilodata import tables
from ilodata.charts import look
from ilodata.reports import keys, outputs

TEMPLATES = Path(__file__).parent / "templates"
CHART = "application/vnd.vegalite.v5+json"
DISCLAIMER = (
    "This is no product of the ILO, and the ILO has not endorsed it. "
    "Figures are those of the named documents."
)

# A page leaves this many pixels to a chart on a phone, and a chart its plot one of these.
PHONE, PLOT = 342, range(220, 331)
# Tables whose rows have labels by which notebooks and charts name them.
LABELLED = ("contributions", "agreements", "events", "projects")
# The page's script may load the one beside the page; no markup may.
LOADED = " 'strict-dynamic'"
# Their evidence says what they are called, which is no figure.
THINGS = ("documents", "sections", "organisations", "people", "places", "frameworks")
# Words of code that page.css gives no colour.
PLAIN_WORDS = re.compile(r'<span class="(?:[nopw]|fm|si|ld|kwd|n[av])">([^<]*)</span>')
NO_SCRIPT = {"name": "", "text": ""}
_begun = {}  # by its specification: a chart that is being drawn


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
        of the table), dated (first and last year of the facts by table), evidence (by record:
        label, said, conflicts), named (records by their label), keys (tables by the name of
        their key), conflicts (how many), data_sha256, versions, cite, list, charts (name and text
        of the script that makes charts live: a script with a text stands in the page, one without
        beside it; at first neither).

    Raises
    ------
    DataError
        If a table cannot be read.
    """
    package, outside = tables.package(), tables.package("reference")["resources"]
    outside = [each | {"path": f"reference/{each['path']}"} for each in outside]
    documents = [row | {"kind": row["kind"].replace("_", " ")} for row in tables.rows("documents")]
    fields = {each["name"]: each["schema"]["fields"][0]["name"] for each in package["resources"]}
    return {
        "package": package,
        "codebook": package | {"resources": package["resources"] + outside},
        "documents": documents,
        "dated": _dated(fields),
        "evidence": _evidence(documents),
        "named": _named(fields),
        "keys": {
            key: table for table, key in fields.items() if key != "id" and table not in THINGS
        },
        "conflicts": len(tables.rows("conflicts")),
        "data_sha256": tables.data_sha256(),
        "versions": {"Python": platform.python_version()}
        | {name: version(name) for name in keys.MADE_WITH},
        "cite": tables.citation(),
        "list": list_name,
        "charts": NO_SCRIPT,
    }


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
    page["numbers"] = {"step": 0, "table": 0, "figure": 0, "text": 0}
    for cell in nb.cells:
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type == "markdown":
            _add_prose(page, cell.source)
        elif cell.cell_type == "code" and not tags & {"parameters", "injected-parameters"}:
            _add_code(page, outputs.plain(cell.source))
            for output in cell.outputs:
                if "findings" not in tags or not _findings(output):
                    _add_output(page, output, cell.metadata.get("caption", ""))
    findings = findings_of(nb)
    figures = [block for block in page["blocks"] if block["kind"] == "figure"]
    cited = _cited(page["blocks"], findings, context)
    evidence = _evidence_table(cited)
    if cited:
        last = {"level": 2, "text": "Where the figures come from", "id": "evidence"}
        page["contents"].append(last)
        _offer(evidence, "evidence", report, context)
    page["contents"].append({"level": 2, "text": "About this page", "id": "colophon"})
    for each in [block for block in page["blocks"] if block["kind"] == "table"]:
        _offer(each, f"table {each['number']}", report, context)
    for each in [table for figure in figures for table in figure["tables"]]:
        _offer(each, each["caption"].lower(), report, context)
    if page["question"] == report["title"]:
        page["question"] = ""
    return _render(
        "page.html.j2",
        report=report,
        context=context,
        findings=findings,
        cited=cited,
        evidence=evidence,
        conflicts={it["conflict_id"]: it for each in cited.values() for it in each["conflicts"]},
        parameters=_parameters(report),
        charts=context["charts"],
        specs=_data_block({figure["id"]: figure["spec"] for figure in figures}),
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

    ``entries`` are dicts with name, title, question, status ("built", "failed" or "not built"),
    findings and picture of the built ones and error of the failed ones, in the list's order.
    Reports of one question stand together.
    """
    groups = {}
    for entry in [entry for entry in entries if entry["status"] != "failed"]:
        groups.setdefault(entry["question"], []).append(entry)
    groups = [{"question": name, "entries": group} for name, group in groups.items()]
    dataset = _data_block(dataset_of(context))
    return _render(
        "index.html.j2", entries=entries, groups=groups, context=context, dataset=dataset
    )


def dataset_of(context):
    """Describe the data to search engines, as schema.org's Dataset; every value is the package's."""
    package = context["package"]
    authors = [each["title"] for each in package.get("contributors", [])]
    documents = [
        {
            "@type": "CreativeWork",
            "name": each["title"],
            "identifier": f"sha256:{each['text_sha256']}",
            "inLanguage": each["language"],
        }
        for each in context["documents"]
    ]
    told = {
        "name": package["title"],
        "description": package["description"],
        "version": package["version"],
        "identifier": f"sha256:{context['data_sha256']}",
        "creditText": context["cite"],
        "creator": [{"@type": "Organization", "name": name} for name in authors],
        "datePublished": package.get("created", "")[:10],
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "keywords": package.get("keywords", []),
        "license": [each["path"] for each in package.get("licenses", []) if "path" in each],
        "isBasedOn": documents,
    }
    head = {"@context": "https://schema.org", "@type": "Dataset"}
    return head | {name: value for name, value in told.items() if value}


def render_codebook(package):
    """Render the codebook: every table and column of the Data Package ``package``."""
    described = json.loads(json.dumps(package))  # a copy, since fields are added to it
    for resource in described["resources"]:
        keys = resource["schema"].get("foreignKeys", [])
        refers = {
            field: key["reference"]["resource"]
            for key in keys
            for field in outputs.listed(key["fields"])
        }
        for field in resource["schema"]["fields"]:
            limits = field.get("constraints", {})
            field["codes"] = {str(code): [] for code in limits.get("enum", [])}
            for code, wordings in field.get("wordings", {}).items():
                field["codes"][str(code)] = outputs.listed(wordings)
            field["required"] = limits.get("required", False)
            field["refers"] = refers.get(field["name"])
            field.setdefault("role", "")
            field.setdefault("unit", "")
        resource.setdefault("sources", [])
        resource.setdefault("licenses", [])
        cited = f"{described['title']}. Data edition {described['version']}."
        table = _columns(resource)
        _download(table, resource["name"], f"codebook-{resource['name']}", cited)
        resource["csv"] = table["csv"]
    return _render("codebook.html.j2", package=described)


def _columns(resource):
    heads = ["column", "role", "type", "unit", "meaning", "never blank", "refers to", "codes"]
    rows = [
        [*(str(field[key]) for key in ("name", "role", "type", "unit", "description"))]
        + ["yes" if field["required"] else "", field["refers"] or "", "; ".join(field["codes"])]
        for field in resource["schema"]["fields"]
    ]
    return outputs.table_of(heads, rows, f"Columns of {resource['name']}")


def script_name():
    """Return the file name of the script for live charts: it holds a hash of what it is made of."""
    return f"charts-{hashlib.sha256(_script_head().encode()).hexdigest()[:12]}.js"


def script_of_charts():
    """Return the one script that makes charts live: Vega, bundled, and our own part.

    Bundling takes seconds, so the environment keeps what was made once, under its name. Of what the
    bundle offers, only ``vegaEmbed`` works.
    """
    kept = Path(sys.prefix) / "share" / "ilodata" / script_name()
    with suppress(OSError):
        return kept.read_text("utf-8")
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    own = (TEMPLATES / "charts.js").read_text("utf-8")
    script = f"{_script_head()}(() => {{\n{bundle}\n{own}}})();"
    with suppress(OSError, tables.DataError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        tables.write(kept, script)
    return script


def _script_head():
    own = (TEMPLATES / "charts.js").read_text("utf-8")
    return f"// Made by vl-convert {version('vl-convert-python')} of Vega (BSD) and {_hash(own)}\n"


def question_of(notebook):
    """Return the question of a notebook as saved: its first heading, or its name without one."""
    with suppress(OSError, ValueError):  # it may be gone since it ran: its reports say so
        for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                for heading in outputs.prose("".join(cell["source"])).iter("h1"):
                    return outputs.text_of(heading)
    return notebook.stem


def findings_of(nb):
    """Return the findings of an executed notebook: dicts with finding, caveat and records."""
    tagged = [
        cell
        for cell in nb.cells
        if cell.cell_type == "code" and "findings" in cell.metadata.get("tags", [])
    ]
    return [each for cell in tagged for output in cell.outputs for each in _findings(output)]


def _evidence(documents):
    """Gather by record what the evidence and the conflicts say of it."""
    titles = {each["document_id"]: each["title"] for each in documents}
    headings = {each["section_id"]: each["heading"] for each in tables.rows("sections")}
    conflicts = {each["conflict_id"]: each for each in tables.rows("conflicts")}
    evidence, limits = tables.rows("evidence"), tables.rows("conflict_records")
    found = {
        row["record"]: {"label": row["record"], "said": {}, "conflicts": []}
        for row in evidence + limits
    }
    for name in sorted({record.partition("/")[0] for record in found}):
        for row in tables.rows(name):
            record = found.get(f"{name}/{next(iter(row.values()))}", {})
            record["label"] = row.get("label") or row.get("title") or record.get("label")
    for row in evidence:
        place = _joined([titles.get(row["document_id"], ""), headings.get(row["section_id"], "")])
        how = [row[key] for key in ("support", "basis") if row[key] not in ("says", "stated")]
        said = (f"“{row['fragment']}”", place, _joined([*how, row["note"]]))
        found[row["record"]]["said"].setdefault(said, []).append(row["field"])
    for row in limits:
        what = conflicts.get(row["conflict_id"])
        if what and what not in found[row["record"]]["conflicts"]:
            found[row["record"]]["conflicts"].append(what)
    return found


def _dated(known):
    """Return for each table of dated facts the first and the last year of them."""
    read = {table: tables.read(table) for table in (*LABELLED, "results") if table in known}
    return {
        table: (frame.start.min().year, frame.end.max().year)
        for table, frame in read.items()
        if frame.start.notna().any() and frame.end.notna().any()
    }


def _named(known):
    named = {}
    for table in [table for table in LABELLED if table in known]:
        for key, label in tables.read(table).label.items():
            named.setdefault(label, []).append(f"{table}/{key}")
    return named


def of_tables(context, read, data_sha256):
    """Keep of a context what a page that depends on some tables may say.

    Parameters
    ----------
    context : dict
        As `context_of_data` gives it.
    read : iterable of str
        Names of the tables.
    data_sha256 : str
        Hash of these tables.
    """
    read = set(read)

    def of(records):
        return [record for record in records if record.partition("/")[0] in read]

    named = {label: of(records) for label, records in context["named"].items()}
    return context | {
        "data_sha256": data_sha256,
        "evidence": {record: context["evidence"][record] for record in of(context["evidence"])},
        "named": {label: records for label, records in named.items() if records},
        "dated": {table: years for table, years in context["dated"].items() if table in read},
    }


def _cited(blocks, findings, context):
    """Gather the records that findings, tables and figures name, and link their names to them.

    Beside each stand, as ``limits``, the open conflicts that touch what it names.

    Returns
    -------
    dict
        By record, in the order of the page: record, id, label, rows (columns of the tables, words
        of the document, where they stand, how they support the value) and conflicts.
    """
    cited = {}
    for finding in findings:
        _cite(finding["records"], cited, context)
        finding["limits"] = _limits(finding["records"], context)
    for block in [block for block in blocks if block["kind"] in ("table", "figure")]:
        records = []
        for values in block.get("values", []):
            records += _names(values, "", cited, context).values()
        for table in block.get("tables", [block]):
            columns = {}
            for _, at, cell in outputs.placed(table["body"]):
                columns.setdefault(at, []).append(cell)
            heads = dict(enumerate(outputs.heads_of(table)))
            for at, cells in columns.items():
                named = _names([cell["text"] for cell in cells], heads.get(at), cited, context)
                for cell in cells if named else []:
                    parts = [(part, named.get(part)) for part in cell["text"].split("; ")]
                    cell["links"] = [(part, record and _place(record)) for part, record in parts]
                records += named.values()
        records = list(dict.fromkeys(records))
        _cite(records, cited, context)
        block["limits"] = _limits(records, context)
    return cited


def _names(texts, head, cited, context):
    """Return which words of a column name which record.

    A record is named by its path, by its key under the name of that key, and by its label where
    all of a column are labels: an organisation may be called like a contribution. A label that
    several records have means the one that is cited already.
    """
    parts = list(dict.fromkeys(part for text in texts for part in text.split("; ")))
    paths = {part: f"{context['keys'].get(head)}/{part}" for part in parts}
    found = {part: it for part in parts for it in (part, paths[part]) if it in context["evidence"]}
    labelled = {part: context["named"].get(part.removesuffix(" *")) for part in parts}
    if all(labelled[part] for part in parts if part != "–"):
        for part in parts:
            known = [it for it in labelled[part] or [] if it in context["evidence"]]
            found |= {part: min(known, key=lambda it: it not in cited)} if known else {}
    return found


def _cite(records, cited, context):
    for record in records:
        if record in context["evidence"] and record not in cited:
            known = context["evidence"][record]
            rows = [[_joined(fields), *said] for said, fields in known["said"].items()]
            cited[record] = known | {"record": record, "id": _place(record), "rows": rows}


def _place(record):
    return "evidence." + record.replace("/", ".")


def _limits(records, context):
    """Return the open conflicts that limit any of some records, each with the labels of those."""
    limits = {}
    for known in [context["evidence"][it] for it in records if it in context["evidence"]]:
        for conflict in known["conflicts"]:
            if conflict["status"] == "open":
                limit = limits.setdefault(conflict["conflict_id"], conflict | {"labels": []})
                limit["labels"] += [known["label"]] * (known["label"] not in limit["labels"])
    return list(limits.values())


def _evidence_table(cited):
    heads = ["record", "label", "columns", "words of the document", "where", "how they support it"]
    rows = [[it["record"], it["label"], *row] for it in cited.values() for row in it["rows"]]
    return outputs.table_of(heads, rows, "Evidence")


def _findings(output):
    found = []
    for table in outputs.tables_of(outputs.html_of(output)):
        names = [cell["text"] for cell in table["head"][-1]] if table["head"] else []
        for row in table["body"]:
            said = dict(zip(names, (cell["text"].strip("–") for cell in row), strict=False))
            records = said.get("records", "").split(",")
            said["records"] = [each.strip() for each in records if each.strip()]
            found += [{"caveat": ""} | said] if said.get("finding") else []
    return found


def _add_prose(page, source):
    root = outputs.prose(source)
    for element in list(root.iterdescendants()):
        if element.tag == "h1" and not page["question"]:
            page["question"] = outputs.text_of(element)
            element.drop_tree()
        elif re.fullmatch("h[1-6]", element.tag):
            element.tag = "h2" if element.tag == "h1" else element.tag
            page["heading"] = outputs.text_of(element)
            heading = {"level": int(element.tag[1]), "text": page["heading"]}
            heading["id"] = _own_id(page["heading"], page["ids"])
            element.attrib.clear()
            element.set("id", heading["id"])
            page["contents"] += [heading] if heading["level"] < 4 else []
    if len(root) or (root.text or "").strip():
        _add(page, "prose", html=outputs.inner(root))


def _add_code(page, source):
    if page["blocks"] and page["blocks"][-1]["kind"] == "code":
        page["blocks"][-1]["html"] += _code(source)
    else:
        _add(page, "code", html=_code(source), number=_next(page, "step"))


def _add_output(page, output, caption):
    data = output.get("data", {})
    if CHART in data:
        _add(page, "figure", **_figure(data[CHART], _next(page, "figure")))
    elif "<table" in outputs.html_of(output):
        for table in outputs.tables_of(outputs.html_of(output)):
            number = _next(page, "table")
            said = table["caption"] or caption or page["heading"]
            _add(page, "table", **table | {"caption": f"Table {number}. {said}", "number": number})
    elif "text/markdown" in data:
        _add_prose(page, outputs.whole(data["text/markdown"]))
    else:
        # What goes to stderr is for whoever builds; the command says where it is.
        is_kept = output.get("name") != "stderr"
        text = outputs.whole(output.get("text", "")) or outputs.whole(data.get("text/plain", ""))
        text = re.sub("0x[0-9a-f]{6,}", "0x…", text).strip()
        if text and is_kept:
            _add(page, "text", text=text, number=_next(page, "text"))


@contextmanager
def drawn_ahead():
    """Let the charts of a page be drawn while the cells that come after them still run.

    Gives a function that begins to draw a specification; a page that is rendered inside of this
    takes what it began.
    """
    artist, draw = ThreadPoolExecutor(1), look.draw  # as it is now: cells may be told not to draw

    def begin(spec):
        text = json.dumps(spec)
        if text not in _begun:
            _begun[text] = artist.submit(_drawn, spec, draw)

    try:
        yield begin
    finally:
        artist.shutdown(cancel_futures=True)
        _begun.clear()


def _drawn(spec, draw):
    """Draw a chart for wide pages and, where it can be narrower, for phones.

    Returns the specification that was drawn, the width for phones, and the drawings by kind.
    """
    bare = outputs.drawing(spec)
    drawn, narrow = {"both": draw(bare)}, None
    width, plot = outputs.width_of(drawn["both"]), outputs.widest(bare)
    if width > PHONE and plot > PLOT[0]:
        narrow = min(max(PHONE - round(width - plot), PLOT[0]), PLOT[-1])
        drawn = {"wide": drawn["both"], "narrow": draw(outputs.narrowed(bare, narrow))}
    return bare, narrow, drawn


def _figure(spec, number):
    """Return what a page says of a chart: its drawings, its specification, its data as tables."""
    name, title = f"figure.{number}", outputs.title_of(spec) or "Chart"
    begun = _begun.get(json.dumps(spec)) if _begun else None
    try:
        bare, narrow, drawn = begun.result() if begun else _drawn(spec, look.draw)
    except ValueError as error:
        why = " ".join(str(error).partition("\n    at ")[0].split())
        raise tables.DataError(f"figure {number}, {title!r}, cannot be drawn: {why}") from None
    return {
        "number": number,
        "id": name,
        "title": title,
        "description": spec.get("description", ""),
        "spec": bare,
        "narrow": narrow,
        "svgs": {kind: outputs.clean_svg(svg, f"{name}.{kind}") for kind, svg in drawn.items()},
        "tables": outputs.chart_tables(spec, f"Data of figure {number}"),
        "values": outputs.texts_of(spec),
    }


def _offer(table, label, report, context):
    """Add to a table its download: a CSV with its citation, held by the page itself."""
    cited = f"{context['cite']} Report “{report['title']}”. Data {context['data_sha256'][:12]}."
    _download(table, label, f"{report['name']}-{label}", cited)


def _download(table, label, name, cited):
    notes = [outputs.plain(" ".join(it.split())) for it in (table["caption"], table["note"], cited)]
    text = "\ufeff" + outputs.csv_of(table, notes)  # with the mark, Excel reads UTF-8
    href = "data:text/csv;charset=utf-8," + quote(text, safe="!$'()*,-./:;?@_~=+")
    table["csv"] = {"href": href, "name": f"{outputs.slug(name)}.csv", "label": label}


def _parameters(report):
    shown = []
    for name, (_, default, said) in report["declared"].items():
        value = report["parameters"].get(name, default)
        changed = (outputs.said(default) or "empty") if value != default else None
        value = outputs.said(value) or "empty"
        shown.append({"name": name, "value": value, "default": changed, "help": said})
    return shown


def _add(page, kind, **content):
    page["blocks"].append({"kind": kind, **content})


def _next(page, kind):
    page["numbers"][kind] += 1
    return page["numbers"][kind]


def _own_id(text, ids):
    slug, count = outputs.slug(text), 2
    while slug in ids:
        slug, count = f"{outputs.slug(text)}-{count}", count + 1
    ids.add(slug)
    return slug


def _joined(parts):
    return ", ".join(each for each in parts if each)


@cache
def _code(source):
    """Return a cell's code as HTML with its words marked; reports of one notebook share it."""
    return PLAIN_WORDS.sub(r"\1", highlight(source, *_marking()))


@cache
def _marking():
    return PythonLexer(), HtmlFormatter()


@cache
def _environment():
    def cleaned(value):
        return outputs.plain(value) if type(value) is str else value

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
    environment.globals |= {"css": css, "script": script, "disclaimer": DISCLAIMER}
    environment.globals |= {"rows_of": outputs.rows_of}
    return environment


def _data_block(data):
    """Return data as a page can hold them, whatever their text; empty where there are none."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c") if data else ""


def _policy(*scripts, beside):
    """Allow a page its own style and scripts by their hashes, and what its script loads, if any."""
    css, script = (_environment().globals[key] for key in ("css", "script"))
    own = " ".join(f"'sha256-{_hash(text)}'" for text in (script, *scripts) if text)
    return (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src 'sha256-{_hash(css)}'; script-src {own}{LOADED * beside}"
    )


def _hash(text):
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _render(template, charts=NO_SCRIPT, specs="", dataset="", **content):
    live = charts if specs else NO_SCRIPT
    beside = bool(live["name"] and not live["text"])
    content |= {"charts": live, "specs": specs, "dataset": dataset}
    content["csp"] = _policy(specs, dataset, live["text"], beside=beside)
    return _environment().get_template(template).render(content)
