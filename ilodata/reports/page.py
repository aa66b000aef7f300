"""Pages: an executed notebook as one file that answers first and holds its proof.

Here its parts are put in their places. What an output is stands in `outputs`, what is safe in `prose`
and `svg`, how a statement leads to its words in `cards`; the HTML around them in ``templates/``.
"""

import base64
import hashlib
import html
import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path, PurePath
from typing import NamedTuple
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from ilodata import naming, parameters, tables, words
from ilodata.evidence import document
from ilodata.problems import DataError
from ilodata.reports import cards, lists, outputs, prose, svg
from ilodata.reports.records import Facts, PageFacts, Result

TEMPLATES = Path(__file__).parent / "templates"
# What an index tells in large of a page: a sum of money, or so many of something.
COUNT = re.compile(rf"≈|US\$|({'|'.join(words.NUMBERS[2:])}|\d+) [a-z]", re.IGNORECASE)
FEW = 6  # reports of one list up to which each has its place in the navigation
TAKEN = {"start", "data", "words", "card", "main"}  # ids that no heading may have


class Group(NamedTuple):
    """The reports of a list, or of one that it includes."""

    id: str
    title: str
    few: bool  # whether each has its place in the navigation
    reports: list[lists.Report]


@dataclass(frozen=True)
class Context:
    """What every page says about the data and the list."""

    list: str  # as a user would type it, "" for none
    groups: list  # `Group`
    site: str  # its name
    package: dict  # the descriptor
    hash: str  # of the tables
    cite: str
    documents: list  # as `_document` makes them
    conflicts: dict  # rows by id
    acronyms: dict  # what each stands for
    acronym_pattern: re.Pattern  # finds one
    pages_by_record: dict  # as `lists.pages_by_record` gives it


def context(reports, list_name):
    """Collect what every page says about the data and the list, once for a build."""
    package, acronyms = tables.package(), cards.acronyms()
    return Context(
        list=str(list_name),
        groups=_groups(reports, list_name),
        site=package["title"].partition(":")[0],
        package=package,
        hash=tables.data_sha256(),
        cite=tables.citation(),
        documents=[_document(row) for row in tables.rows("documents")],
        conflicts={row["conflict_id"]: row for row in tables.rows("conflicts")},
        acronyms=acronyms,
        acronym_pattern=cards.one_of(acronyms),
        pages_by_record=lists.pages_by_record(reports),
    )


def _groups(reports, list_name):
    """Return a list and those that it includes, each a `Group`.

    A list called "by-project" is one of projects; any other holds answers.
    """
    found = {}
    for it in reports:
        found.setdefault(PurePath(it.list or list_name).stem, []).append(it)
    made = []
    for stem, group in found.items():
        title = words.capital(words.counted(len(group), stem.partition("by-")[2] or "answer"))
        few = stem == PurePath(list_name).stem and len(group) <= FEW
        made.append(Group(stem, title, few, group))
    return made


def _document(row):
    """Say what a document is, as linked text, and where the public finds it."""
    said, last = document(f"documents/{row['document_id']}")
    return words.capital(f"{said}, which reports up to {last}"), row["url"]


class Answers(NamedTuple):
    """What stands first on a page."""

    plain: str  # the headline without links; where there is none, the notebook's title
    headline: Markup
    kicker: str  # the report's title, unless the headline begins with it
    standfirst: Markup
    summary: str  # plain, too
    findings: list[Markup]  # caveats last


@dataclass(frozen=True)
class Block:
    """A piece of a page; caption, note and cells are linked text until `_linked` makes them HTML."""

    kind: str  # a layout of `show`, "figure", "prose", "unseen", "empty", or a form of `outputs`
    text: str = ""  # prose as HTML, or what is printed or missed
    id: str = ""  # of a figure or a table
    label: str = ""  # of a table, for those who hear it, and for its file
    caption: str = ""
    note: str = ""  # of a figure, its subtitle
    folded: str = ""  # the words on its fold
    columns: list = ()  # `show.Heading`
    rows: list = ()  # dicts by the names of columns
    drawings: list = ()  # SVG


class Section(NamedTuple):
    """A part of a page under a heading."""

    title: str  # "" of what stands before the first
    id: str
    blocks: list[Block]


@dataclass
class Page:
    """What the cells of a notebook give a page, filled in their order."""

    name: str
    notes: cards.Notes
    answered: bool  # whether it has a headline: prose before the first section is folded then
    sections: list = field(default_factory=lambda: [Section("", "start", [])])
    head: list = field(default_factory=list)  # blocks of facts beside the headline
    method: list = field(default_factory=list)  # code and words on how it was made
    missed: list = field(default_factory=list)  # what it cannot show, in words
    main: Block | None = None  # the figure beside the findings
    tables: int = 0
    figures: int = 0
    cell: int = 0  # the number of the cell that is read
    tags: set = frozenset()  # of this cell
    titled: bool = False  # whether the notebook's title has been read


def render(nb, report, context):
    """Render an executed notebook as a page, whose cells may be tagged findings, main and method.

    ``report`` is a `lists.Report`, ``context`` from `context`. Returns HTML (no script but its own,
    nothing it would fetch, the same bytes for the same input) and its `PageFacts`. Raises ValueError if
    a chart would have to fetch its data or cannot be drawn, or a link names no cell.
    """
    parts = outputs.parts(nb)
    findings = outputs.shown_rows(parts, "findings")
    notes = cards.Notes(context, {row["title"] for row in outputs.shown_rows(parts, "doubts")})
    answers = _answers(nb, findings, report, notes)
    page = Page(report.name, notes, any(row["kind"] == "headline" for row in findings))
    blocks_of = {"shown": _shown, "chart": _figure, "prose": _in_words}
    for number, cell, shown in parts:
        page.cell, page.tags = number, outputs.tags_of(cell)
        if cell.cell_type == "markdown":
            _add_prose(page, cell)
        elif not page.tags & {"remove-input", "parameters", "injected-parameters"}:
            page.method.append(Markup("<pre>{}</pre>").format(prose.printable(cell.source)))
        blocks = page.sections[-1].blocks
        for kind, content in shown:
            if kind in blocks_of:
                blocks += blocks_of[kind](page, content)
            else:
                blocks.append(Block(kind, content))
    documents = [(cards.text(notes, said), url) for said, url in context.documents]
    notes.folded = True  # cards of what is folded, which is not printed, have the last numbers
    page.head = _finished(notes, page.head)
    sections = [it._replace(blocks=_finished(notes, it.blocks)) for it in page.sections]
    page.sections = [it for it in sections if it.blocks]
    made = fill(
        "page.html.j2",
        page=page,
        report=report,
        context=context,
        answers=answers,
        documents=documents,
        cards=list(notes.cards.values()),
        short=[(it, context.acronyms[it]) for it in sorted(notes.explained)],
        parameters=_parameters(report),
        files=_cited(answers.plain, report, context.package),
    )
    facts, results = _facts(page, answers, made), _results(report, findings)
    return made, PageFacts(facts=facts, results=results, unseen=page.missed)


def _finished(notes, blocks):
    """Link what is folded; leave out parts of empty tables and lists alone, with their prose."""
    parts = [[]]
    for block in blocks:
        if block.kind == "prose" and parts[-1] and parts[-1][-1].kind != "prose":
            parts.append([])
        parts[-1].append(block)
    full = [part for part in parts if {it.kind for it in part} - {"prose"} != {"empty"}]
    kept = [it for part in full for it in part if it.kind != "empty"]
    return [_linked(notes, it) if it.folded else it for it in kept]


def _answers(nb, rows, report, notes):
    """Return the `Answers` that findings give, each a `records.Finding`."""
    texts = {row["kind"]: row["text"] for row in rows}
    headline, standfirst = texts.get("headline", "").removesuffix("."), texts.get("standfirst", "")
    others = [row for row in rows if row["kind"] not in ("headline", "standfirst")]
    others.sort(key=lambda row: row["kind"] == "caveat")
    plain = words.plain(headline) or question(nb, report.title)
    return Answers(
        plain=plain,
        headline=cards.text(notes, headline) or escape(plain),
        kicker="" if plain.startswith(report.title) else report.title,
        standfirst=cards.text(notes, standfirst, "stand"),
        summary=words.plain(standfirst) or report.title,
        findings=[_lead(cards.text(notes, row["text"])) for row in others],
    )


def question(nb, title):
    """Return the first title in a notebook's text, or else the one given."""
    texts = [it.source for it in nb.cells if it.cell_type == "markdown"]
    titles = (head for text in texts for level, head, _ in prose.sections(text) if level == 1)
    return prose.printable(next(titles, title))


def _lead(finding):
    """Set the words before a finding's first colon, its name, in bold."""
    return Markup(re.sub("^([^.:<]{1,39}:) ", r"<b>\1</b> ", str(finding)))


def _add_prose(page, cell):
    """Put the Markdown of a cell where it belongs: sections, or the folded words on method."""
    before = page.answered and page.sections[-1].id == "start"
    for level, head, source in prose.sections(cell.source, cell.get("attachments")):
        if level == 1 and not page.titled:
            page.titled = True
        elif level:
            page.sections.append(Section(head, _id(page, head), []))
            before = False
        blocks = _in_words(page, prose.sanitised(source, f"t{page.cell}-"))
        if "method" in page.tags or before:
            page.method += [it.text for it in blocks if it.kind == "prose"]
        else:
            page.sections[-1].blocks.extend(blocks)


def _id(page, text):
    """Return an id that no other heading of the page has."""
    made, taken = words.slug(text) or "part", TAKEN | {it.id for it in page.sections}
    while made in taken:
        made += "-2"
    return made


def _in_words(page, sanitised):
    """Return safe HTML as a block, and a block for each thing that of it a page cannot show."""
    made, missed = sanitised
    page.missed += [f"cell {page.cell} shows what a page cannot: {it}" for it in missed]
    shown = [Block("prose", Markup(made))] if made.strip() else []
    return shown + [Block("unseen", what) for what in missed]


def _shown(page, payload):
    """Return a payload of `ilodata.show` in its layout, linked unless it is folded."""
    layout = payload["layout"]
    if layout == "findings":
        return []  # they stand first
    if not payload["rows"] and not payload["note"]:
        return [Block("empty")]
    given = {key: payload[key] for key in ("caption", "note", "folded", "columns")}
    block = Block(layout, **given, rows=outputs.records(payload))
    if layout == "table":
        page.tables += 1
        said = words.plain(block.caption) or block.folded or page.sections[-1].title
        said = f"Table {page.tables}: {said}".removesuffix(": ")
        block = replace(block, id=f"table-{page.tables}", label=said)
    if not block.folded:
        block = _linked(page.notes, block)
    if layout == "facts" and len(page.sections) == 1:
        page.head.append(block)
        return []
    return [block]


def _linked(notes, block):
    """Turn the linked texts of a block into HTML with links to cards; a kind may set a colour."""

    def cell(name, said):
        return words.plain(said) if name == "kind" else cards.text(notes, said, block.kind)

    caption, note = (cards.text(notes, it) for it in (block.caption, block.note))
    rows = [{name: cell(name, it) for name, it in row.items()} for row in block.rows]
    if block.kind == "doubts":  # to which warnings lead
        ids = (cards.doubt_id(row["title"]) for row in block.rows)
        rows = [row | {"id": id} for row, id in zip(rows, ids, strict=True)]
    return replace(block, caption=caption, note=note, rows=rows)


def _figure(page, spec):
    """Return a chart; the first of a cell tagged ``main`` stands beside the findings."""
    page.figures += 1
    place = f"figure-{page.figures}"
    try:
        made = svg.figure(spec, f"{page.name}-{page.figures}", cards.mark(page.notes, place))
    except ValueError as error:
        raise DataError(f"cell {page.cell}: {error}") from None
    if "narrow" in made["drawings"] and "<a " not in "".join(made["drawings"].values()):
        return [Block("empty")]  # a chart of ours that says that there is nothing to draw
    title, subtitle = (cards.text(page.notes, made[key]) for key in ("title", "subtitle"))
    drawings = [*made["drawings"].values()]
    block = Block("figure", id=place, caption=title, note=subtitle, drawings=drawings)
    if "main" in page.tags and page.main is None:
        page.main = block
        return []
    return [block]


def _cited(plain, report, package):
    """Return how a page is cited, as files: (format, suffix, address that holds it)."""
    authors = [it["title"] for it in package["contributors"]]
    year, edition = package["created"][:4], package["version"]
    bib = {"author": " and ".join(f"{{{it}}}" for it in authors), "title": plain, "year": year}
    bib |= {"note": f"{report.title}. {package['title']}", "edition": edition}
    bib = {key: re.sub(r"([$&%#_])", r"\\\1", it) for key, it in bib.items()}  # for LaTeX
    lines = "".join(f"  {key} = {{{it}}},\n" for key, it in bib.items())
    ris = [("TY", "WEB"), *(("AU", it) for it in authors), ("TI", plain), ("PY", year)]
    ris += [("T2", package["title"]), ("ET", edition), ("ER", "")]
    files = {"BibTeX": ("bib", f"@misc{{{report.name},\n{lines}}}\n")}
    files["RIS"] = "ris", "".join(f"{key}  - {it}\n" for key, it in ris)
    return [(it, end, f"data:text/plain,{quote(text)}") for it, (end, text) in files.items()]


def _parameters(report):
    """Say in words how a report was narrowed: (what, value) of each parameter that was set."""
    found = []
    for key, given in report.parameters.items():
        if given != getattr(report.declared.get(key), "default", None):
            values = given if isinstance(given, list) else [given]
            said = ", ".join(_label(parameters.table_of(key), value) for value in values)
            found.append((key.replace("_", " "), said or "any"))
    return found


def _label(table, value):
    """Say a value of a parameter: an id by its label."""
    with suppress(DataError):
        return naming.label(f"{table}/{value}")
    return str(value)


def _results(report, rows):
    """Return the findings of a report as rows for a table of results: a list of `Result`."""
    return [
        Result(
            report=report.name,
            kind=row["kind"],
            text=words.plain(row["text"]),
            **{key: row.get(key, "") for key in ("value", "low", "high", "unit")},
            of="+".join(dict.fromkeys(link.of for link in words.links(row["text"]))),
        )
        for row in rows
    ]


def _facts(page, answers, made):
    """Return what the index says of a report, as `Facts`."""
    linked = '<a class="ev.*?</a>(?:<a class="warn.*?</a>)?'  # with the warning beside it
    counts = re.findall(linked, answers.standfirst + answers.headline)
    facts = [(row["term"], row["value"]) for block in page.head for row in block.rows]
    return Facts(
        headline=_unlinked(answers.headline),
        counts=[_unlinked(it) for it in counts if COUNT.match(Markup(it).striptags())],
        facts=[(term, _unlinked(value)) for term, value in facts[:3]],  # what few lines hold
        picture=svg.small(page.main.drawings[0]) if page.main else "",
        pictured=Markup(page.main.caption).striptags() if page.main else "",
        words=_words(made),
    )


def _words(made):
    """List the words of a page, each once, without those of code."""
    main = made.partition("<main")[2].partition("</main>")[0].lower().replace("’", "'")
    text = html.unescape(re.sub("(?s)<pre.*?</pre>|<[^>]*>", " ", main))
    return sorted(set(re.findall(r"\w(?:[\w'.,-]*\w)?", text)))


def _unlinked(made):
    """Leave of links their words, with the marks of these."""
    marked = r'<a class="(?:ev )?(inf|warn)".*?>(.*?)</a>'
    return re.sub(r"</?a\b[^>]*>", "", re.sub(marked, r'<span class="\1">\2</span>', str(made)))


def failed(report, failure):
    """Render the page of a report that failed (`records.Failure`); nothing of it may be quoted."""
    return fill("failed.html.j2", report=report, failure=failure, parameters=_parameters(report))


@cache
def _environment():
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=lambda value: prose.printable(value) if type(value) is str else value,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    files = [(TEMPLATES / f"page.{kind}").read_text("utf-8").strip() for kind in ("css", "js")]
    # Without comments and indents: two in a hundred of what a long page may weigh.
    style, script = (re.sub(r"(?m)^\s*(?:(?://|/\*).*\n)?|;? (?=}$)", "", text) for text in files)
    allowed = "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'"
    policy = f"{allowed}; style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    environment.globals |= {"css": Markup(style), "script": Markup(script), "policy": policy}
    environment.filters["unbroken"] = cards.unbroken
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return environment


def _hash(text):
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def fill(template, **content):
    """Fill a template; all text is escaped, and characters that hide or reorder it are gone."""
    return _environment().get_template(template).render(content)
