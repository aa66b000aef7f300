"""Pages: an executed notebook as one file that answers first and holds its proof."""

import base64
import hashlib
import html
import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePath
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from ilodata import tables, words
from ilodata.evidence import doubted, doubts
from ilodata.problems import DataError
from ilodata.reports import cards, lists, outputs, prose, svg
from ilodata.show import show

TEMPLATES = Path(__file__).parent / "templates"
# Tables whose ids stand in report lists; a page says their labels.
LABELLED = ("projects", "organisations", "places", "agreements", "frameworks", "documents")
# What an index tells in large of a page: a sum of money, or so many of something.
COUNT = re.compile(rf"(about )?US\$|({'|'.join(words.NUMBERS[2:])}|\d+) [a-z]", re.IGNORECASE)
FEW = 6  # reports of one list up to which each has its place in the navigation
TAKEN = {"start", "data", "words", "card", "main"}  # ids that no heading may have
DISCLAIMER = "Not a product of the organisations that it names, and not endorsed by them."


def context(reports, list_name):
    """Collect what every page says about the data and the list, once for a build: plain values.

    ``reports`` have name, title, parameters, and list where another list gave them; ``list_name`` is
    the list as a user would type it.
    """
    package, acronyms = tables.package(), cards.acronyms()
    site = package["title"].partition(":")[0]
    return {
        "list": str(list_name),
        "groups": _groups(reports, list_name),
        "site": site,
        "short": next((site.replace(it, key) for key, it in acronyms.items() if it in site), site),
        "package": package,
        "edition": tables.edition(),
        "hash": tables.data_sha256(),
        "cite": tables.citation(),
        "documents": tables.rows("documents"),
        "conflicts": {row["conflict_id"]: row for row in tables.rows("conflicts")},
        "acronyms": acronyms,
        "profiles": lists.profiles(reports),
    }


def _groups(reports, list_name):
    """Return a list and those that it includes: id, title, whether they are few, (name, title)s.

    A list called "by-project" is one of projects; any other holds answers.
    """
    found, own = {}, PurePath(list_name).stem
    for it in reports:
        stem = PurePath(it.get("list") or list_name).stem
        found.setdefault(stem, []).append((it["name"], it["title"]))
    made = []
    for stem, group in found.items():
        what = stem.removeprefix("by-") if stem.startswith("by-") else "answer"
        few = stem == own and what == "answer" and len(group) <= FEW
        made.append((stem, words.counted(len(group), what, capital=True), few, group))
    return made


@dataclass
class Page:
    """What the cells of a notebook give a page, filled in their order."""

    name: str
    notes: dict  # from `cards.begin`
    doubts: object  # the frame of those that the page shows
    answered: bool  # whether it has a headline: prose before the first section is folded then
    sections: list = field(default_factory=lambda: [{"title": "", "id": "start", "blocks": []}])
    head: list = field(default_factory=list)  # blocks beside the headline
    made: list = field(default_factory=list)  # code and words on method, folded
    tables: list = field(default_factory=list)  # id and name of each that can be saved
    missed: list = field(default_factory=list)  # what it cannot show, in words
    figures: int = 0
    main: dict | None = None  # the figure beside the findings
    picture: str = ""  # that in small
    cell: int = 0  # the number of the cell that is read
    near: str = ""  # the heading above it
    titled: bool = False  # whether the notebook's title has been read


def render(nb, report, context):
    """Render an executed notebook as a page, whose cells may be tagged findings, main and method.

    ``report`` has name, title, notebook, parameters and declared (by name, with default and help);
    ``context`` is from `context`. Returns HTML (no script but its own, nothing it would fetch, the same
    bytes for the same input) and what is told of it, as a dict: unseen (a sentence for each thing that a
    page cannot show), facts (as in `_facts`) and results (as in `_results`). Raises ValueError if a chart
    would have to fetch its data or cannot be drawn, or a link names no cell.
    """
    parts = outputs.parts(nb)
    own = {key: it for key, it in context["profiles"].items() if it[0] != report["name"]}
    ids = {it["label"]: key for key, it in context["conflicts"].items()}
    told = _doubted(parts)
    notes = cards.begin(context | {"profiles": own, "doubt": ids}, told.index)
    answers = _answers(nb, outputs.rows(parts, "findings"), report, notes)
    page = Page(report["name"], notes, told, bool(answers["said"]["headline"]))
    for number, cell, kind, content in parts:
        tags, page.cell = outputs.tags_of(cell), number
        if kind is not None:
            make = {"shown": _shown, "chart": _figure, "prose": _in_words}.get(kind, _printed)
            page.sections[-1]["blocks"] += make(page, content, tags, kind)
        elif cell.cell_type == "markdown":
            _add_prose(page, cell, tags)
        elif not tags & {"remove-input", "parameters", "injected-parameters"}:
            page.made.append(Markup("<pre>{}</pre>").format(prose.plain(cell.source)))
    for section in page.sections:
        section["blocks"] = _told_of_something(section["blocks"])
    page.sections = [it for it in page.sections if it["blocks"]]
    end = {"documents": documents(context, notes)}  # these have cards, too
    end["cards"] = sorted(notes["cards"].values(), key=lambda it: it["folded"])
    places = dict.fromkeys(place[1:] for card in end["cards"] for place in card["places"])
    end["places"] = {place: f"§{at}" for at, place in enumerate(places, 1)}
    short = {it.upper(): it for it in sorted(notes["told"])}  # of MOU and MoU the latter
    end["short"] = [(it, context["acronyms"][it]) for it in short.values()]
    end["parameters"] = _parameters(report)
    made = fill("page.html.j2", page=page, report=report, context=context, **answers, **end)
    # Cards of what is folded, which is not printed, have the last numbers.
    numbers = {str(card["number"]): str(at) for at, card in enumerate(end["cards"], 1)}
    made = re.sub(r'("#?[er]-|data-n=")(\d+)', lambda it: it[1] + numbers[it[2]], made)
    facts = _facts(page, answers, parts, made)
    return made, {"unseen": page.missed, "facts": facts, "results": _results(report, parts)}


def _doubted(parts):
    """List the doubts about what texts lead to, if a notebook has a place for doubts."""
    shown = [it for _, _, kind, it in parts if kind == "shown"]
    others = [it for it in shown if it["layout"] != "doubts"]
    texts = [text for it in others for text in sum(it["rows"], [])]
    texts += [it.get(name, "") for it in others for name in ("caption", "note")]
    of = words.sources(link.of for text in texts for link in words.links(text))
    touched = doubts([it for it in of if it.count("/") == 2 or doubted([it])]).index
    told = doubts().head(0 if len(others) == len(shown) else None)
    return told[told.index.isin([*touched, *(it.removeprefix("conflicts/") for it in of)])]


def _told_of_something(blocks):
    """Leave out each part whose tables and lists are all empty, with the prose that introduces it."""
    kept, part = [], []
    for block in [*blocks, {"kind": "prose"}]:
        if block["kind"] == "prose" and any(it["kind"] != "prose" for it in part):
            if any(it["kind"] not in ("prose", "empty") for it in part):
                kept += [it for it in part if it["kind"] != "empty"]
            part = []
        part.append(block)
    return kept + part[:-1]


def _answers(nb, rows, report, notes):
    """Return what stands first: headline, standfirst, findings and caveats, kicker."""
    said = {"headline": "", "standfirst": ""}
    said |= {row["kind"]: row["text"] for row in rows if row["kind"] in said}
    others = [row for row in rows if row["kind"] not in said]
    others.sort(key=lambda row: row["kind"] == "caveat")  # these come last
    plain = words.plain(said["headline"]).removesuffix(".") or question(nb, report["title"])
    headline = cards.text(notes, said["headline"].removesuffix(".")) or escape(plain)
    return {
        "plain": plain,
        "headline": headline,
        "kicker": "" if plain.startswith(report["title"]) else report["title"],
        "standfirst": cards.text(notes, said["standfirst"], "stand"),
        "told": words.plain(said["standfirst"]) or report["title"],
        "findings": [_lead(notes, row["text"]) for row in others],
        "said": said,
    }


def question(nb, title):
    """Return the first title in a notebook's text, or else the one given."""
    texts = [it.source for it in nb.cells if it.cell_type == "markdown"]
    titles = (head for text in texts for level, head, _ in prose.sections(text) if level == 1)
    return prose.plain(next(titles, title))


def _lead(notes, text):
    """Turn a finding into HTML; the words before its first colon are its name."""
    if not (found := re.fullmatch(r"(?s)([^.:\[]{1,39}): (.*)", text)):
        return cards.text(notes, text)
    return Markup("<b>{}:</b> {}").format(*(cards.text(notes, it) for it in found.groups()))


def _add_prose(page, cell, tags):
    """Put the Markdown of a cell where it belongs: sections, or the folded words on method."""
    prefix = f"t{page.cell}-{len(page.made)}-{len(page.sections)}-"
    before = page.answered and page.sections[-1]["id"] == "start"
    for level, head, source in prose.sections(cell.source, cell.get("attachments")):
        if level == 1 and not page.titled:
            page.titled = True
        elif level:
            page.sections.append({"title": head, "id": _id(page, head), "blocks": []})
            page.near, before = head, False
            page.notes["warned"].clear()
        blocks = _in_words(page, prose.swept(source, prefix))
        if "method" in tags or before:
            page.made += [it["html"] for it in blocks if it["kind"] == "prose"]
        else:
            page.sections[-1]["blocks"] += blocks


def _in_words(page, swept, *_):
    """Return safe HTML as a block, and a block for each thing that of it a page cannot show."""
    made, missed = swept
    for head in re.findall(r"<h[34]\b[^>]*>(.*?)</h", made):
        page.near = prose.text_of(head)
    page.missed += [f"cell {page.cell} shows what a page cannot: {it}" for it in missed]
    shown = [_block("prose", html=Markup(made))] if made.strip() else []
    return shown + [_block("unseen", text=what) for what in missed]


def _block(kind, **content):
    return {"kind": kind, "summary": ""} | content


def _printed(_, text, _tags, kind):
    return [_block(kind, text=text)]


def _shown(page, payload, *_):
    """Return a payload of `ilodata.show` in its layout; all text is HTML with links to cards."""
    layout, notes = payload["layout"], page.notes
    if layout == "findings":
        return []  # they stand first
    if layout == "doubts":  # a notebook cannot know which of them a page shows
        own = show(page.doubts, layout=layout).payload
        payload = payload | {"columns": own["columns"], "rows": own["rows"]}
    if not payload["rows"] and not payload.get("note"):
        return [_block("empty")]
    block = {"kind": layout, "summary": payload.get("folded", "")}
    notes["folded"] = bool(block["summary"])  # what is folded is not printed, nor are its cards
    block |= {key: cards.text(notes, payload.get(key, "")) for key in ("caption", "note")}
    head = layout == "facts" and len(page.sections) == 1
    if head:
        notes["warned"].clear()  # these are read by themselves
    if layout in ("table", "list"):
        block["columns"] = payload["columns"]
        block["rows"] = [_row(page, row) for row in payload["rows"]]
        caption = words.plain(payload.get("caption", "")) or block["summary"]
        caption = caption or f"{page.near} – {payload['columns'][0]['title']}".strip(" –")
        block["at"] = layout == "table" and _offer(page, caption)
    else:
        block["rows"] = [_told(notes, layout, row) for row in outputs.records(payload)]
        block["years"] = list(dict.fromkeys(row.get("year", "") for row in block["rows"]))
    notes["folded"] = False
    page.head += [block] if head else []
    return [] if head else [block]


def _told(notes, layout, row):
    """Turn the texts of a row into HTML; a doubt has an id, and its wordings a line each."""
    where = "doubt" if layout == "doubts" else "text"
    told = {key: cards.text(notes, it, where) for key, it in row.items() if key != "kind"}
    told["kind"] = words.plain(row.get("kind", ""))
    if layout == "doubts":
        told["quotes"] = [cards.text(notes, it, where) for it in row["quotes"].split("\n") if it]
        known = notes["context"]["doubt"]
        told["id"] = f"doubt-{known.get(row['title']) or prose.slug(row['title'])}"
    return told


def _row(page, row):
    """Turn a row of a table into HTML; its name leads to the page about it, too."""
    if len(row) > 1:  # a row of a table, not an item of a list, is read by itself
        page.notes["warned"].clear()
    made = [cards.text(page.notes, text) for text in row]
    of = [it.of for it in words.links(row[0])]
    profiles = page.notes["context"]["profiles"]
    record = "/".join(of[0].split("/")[:2]) if len(of) == 1 else ""
    if record in profiles:
        link = Markup('\u00a0<a class="page" href="{}.html" aria-label="Another page: {}">↗</a>')
        made[0] += link.format(quote(profiles[record][0]), profiles[record][1])
    return made


def _figure(page, spec, tags, _):
    """Return a chart; the first of a cell tagged ``main`` stands beside the findings."""
    page.figures += 1
    place = f"figure-{page.figures}"
    try:
        made = svg.figure(spec, f"f{page.figures}", cards.mark(page.notes, place))
    except ValueError as error:
        raise DataError(f"cell {page.cell}: {error}") from None
    plain = words.plain(made["title"])
    made |= {key: cards.text(page.notes, made[key]) for key in ("title", "subtitle")}
    drawing = next(iter(made["drawings"].values()))
    if "narrow" in made["drawings"] and not re.search("<(path|rect|circle)", drawing):
        return [_block("empty")]  # the chart of ours that says that there is nothing to draw
    tall = float(re.search(r'viewBox="(?:\S+ ){3}(\S+)"', drawing)[1])
    made |= {"rows": min(5, max(2, round(tall / 90) + 1))}  # how many findings it is as high as
    made = _block("figure", id=place, name=f"{page.name}-{place}", plain=plain, **made)
    if "main" in tags and page.main is None:
        page.main, small = made, svg.figure(spec, f"i-{page.name}", None)["drawings"]
        page.picture = re.sub('<text.*?</text>| class="(wide|both)"', "", [*small.values()][0])
        return []
    return [made]


def _offer(page, said):
    """Give a table an id, and a name that no other has."""
    tables = page.tables
    again = 1 + sum(it.partition(", ")[0] == said.partition(", ")[0] for _, it in tables)
    name = f"{said}, {words.number(again)}" if again > 1 else said or "Table"
    tables.append((f"table-{len(tables) + 1}", name))
    return tables[-1]


def documents(context, notes=None):
    """Say where all comes from, a line a document; with the notes of a page, each with its card."""
    lines = []
    for row in context["documents"]:
        record = f"documents/{row['document_id']}"
        said = f"{row['kind'].replace('_', ' ')} {words.link('“' + row['title'] + '”', f'{record}/title')}"
        if row["latest_date"]:
            last = words.link(words.date(row["latest_date"]), f"{record}/latest_date")
            said += f", which reports up to {last}"
        said = said[0].upper() + said[1:]
        line = cards.text(notes, said) if notes else escape(words.plain(said))
        if row["url"]:
            line += Markup(' (<a href="{}" rel="noreferrer">read it online</a>)').format(row["url"])
        lines.append(line + ("." if row["url"] else "; no public address known."))
    return lines


def _parameters(report):
    """Say in words how a report was narrowed: (what, value) of each parameter that was set."""
    found = []
    for key, given in report["parameters"].items():
        if given != getattr(report["declared"].get(key), "default", None):
            said = ", ".join(map(_said, given if isinstance(given, list) else [given]))
            found.append((key.replace("_", " "), said or "any"))
    return found


def _said(value):
    """Say a value of a parameter: an id by its label."""
    for table in LABELLED:
        with suppress(DataError):
            return tables.label(f"{table}/{value}")
    return str(value)


def _results(report, parts):
    """Return the findings of a report as rows for a table of results: a list of dict.

    report, kind, text, value, low, high, unit (as shown; empty where there is none) and of (the cells
    it rests on).
    """
    return [
        {"report": report["name"], "kind": row["kind"], "text": words.plain(row["text"])}
        | {key: row.get(key, "") for key in ("value", "low", "high", "unit")}
        | {"of": "+".join(dict.fromkeys(link.of for link in words.links(row["text"])))}
        for row in outputs.rows(parts, "findings")
    ]


def _facts(page, answers, parts, made):
    """Return what the index says of a report, as a dict.

    headline, inferred (whether that is, in part), counts (of things, and sums of money, that headline
    and standfirst tell), facts (of a profile: term and value), picture (its main chart in small, without
    links and words), pictured (its title), words (all that can be found).
    """
    proofs, said = page.notes["cards"], answers["said"]
    links = words.links(said["headline"])
    told = [
        it for it in words.links(said["standfirst"]) + links if it.how and COUNT.match(it.shown)
    ]
    main = made.partition("<main")[2].partition("</main>")[0].lower().replace("’", "'")
    found = html.unescape(re.sub("(?s)<pre.*?</pre>|<[^>]*>", " ", main))

    def marked(text):
        return _marked(proofs, text, " (inferred)")

    return {
        "headline": _marked(proofs, said["headline"]).removesuffix(".") or answers["plain"],
        "inferred": any(proofs[it.of, it.how]["certainty"] == "inferred" for it in links),
        "counts": [marked(words.link(*it)).replace("about ", "≈\u00a0") for it in told],
        "facts": [  # what few lines hold
            (words.plain(it["term"]), marked(it["value"]))
            for it in outputs.rows(parts, "facts")[:3]
        ],
        "picture": page.picture,
        "pictured": page.main["plain"] if page.main else "",
        "words": sorted(set(re.findall(r"\w(?:[\w'.,-]*\w)?", found))),
    }


def _marked(proofs, text, inferred=""):
    """Return linked text as plain words, with a mark at what is in doubt or inferred."""
    for link in words.links(text):
        proof = proofs[link.of, link.how]
        doubt = "\u2060⚠" * bool(proof["doubts"])
        mark = inferred if proof["certainty"] == "inferred" else doubt
        text = text.replace(words.link(*link), link.shown + mark, 1)
    return text


def failed(report, failure):
    """Render the page of a report that failed.

    ``failure`` has where, message and source (of the cell); nothing of the report may be quoted.
    """
    return fill("failed.html.j2", report=report, failure=failure, parameters=_parameters(report))


def _id(page, text):
    """Return an id that no other heading of the page has."""
    made, taken = prose.slug(text), TAKEN | {it["id"] for it in page.sections}
    while made in taken:
        made += "-2"
    return made


def navigation(context):
    """Return what each page leads to: (label, address, names): a page of few, or a part of the index."""
    found = []
    for stem, title, few, group in context["groups"]:
        if few:
            found += [(re.split("[,:]", it[1])[0], f"{it[0]}.html", [it[0]]) for it in group]
        else:
            label = words.capital(title.partition(" ")[2])
            found.append((label, f"index.html#{stem}", [it[0] for it in group]))
    return found


@cache
def _environment():
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=lambda value: prose.plain(value) if type(value) is str else value,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    files = [(TEMPLATES / f"page.{kind}").read_text("utf-8").strip() for kind in ("css", "js")]
    style, script = (re.sub(r"(?m)^\s*(?:(?://|/\*).*\n)?|;? (?=}$)", "", text) for text in files)
    allowed = "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'"
    policy = f"{allowed}; style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    environment.globals |= {"css": Markup(style), "script": Markup(script), "policy": policy}
    environment.globals |= {"disclaimer": DISCLAIMER, "navigation": navigation}
    environment.filters["glued"] = cards.unbroken
    return environment


def _hash(text):
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def fill(template, data=(), **content):
    """Fill a template; all text is escaped, and characters that hide or reorder it are gone.

    ``data`` are the texts of further script elements, which the policy has to know.
    """
    made = _environment()
    hashes = "".join(f" '{_hash(each)}'" for each in data)
    content["csp"] = f"{made.globals['policy']}{hashes}"
    return made.get_template(template).render(content)
