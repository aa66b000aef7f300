"""The documents as text: read from a file, found by their hash, cut into sections."""

import collections
import functools
import hashlib
import math
import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

from ilodata.curation.filling import place
from ilodata.problems import DataError, nearest
from ilodata.words import counted

HEADING, FRAGMENT = 32, 16  # their words, at most; of a title as many as of a heading
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")  # soft hyphens, zero-width spaces
_UP = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# A raised mark after a figure leads to a note, unless it is the power of ten.
_NOTE = re.compile(r"(?<![×x·] 10)(?<![×x·]10)(?<=\d)[⁰¹²³⁴-⁹]+")
_MARK = re.compile(r"\s*[\[(]?\s*(?:\d{1,3}(?:\s*[,–-]\s*\d{1,3})*|[*†‡§¶]+|[a-d])\s*[\])]?\s*")
# What stands for a moment before a raised character, between blocks, and before a heading.
_RAISED, _BREAK, _HEAD = "\ue000", "\u2029", "\ue001"
# The end of a sentence, an address, more than one sentence, a row of figures, a dateline.
_NO_HEADING = re.compile(
    r"[.!?:;,]$|://|@|[.!?] [A-Z]|\d{3,}[\d ]* \d{3,}|^\w+, \d{1,2} \w+ \d{4}$"
)
# Headings of lists that hold no facts.
_LISTS = re.compile(
    r"(?:annex \w+[.:]? )?(?:list of )?(?:(?:persons|people|stakeholders) (?:interviewed|met|consulted)"
    r"|interviewees|(?:list of )?participants|(?:table of )?contents)",
    re.IGNORECASE,
)
# How RTF, PostScript, JSON, XML and HTML under another name begin; a text may with [1].
_OTHERS = re.compile(r"[{<]|%!PS|\[\s*[\[{\"]")


class Source(NamedTuple):
    """A file as text."""

    blocks: list  # (stretch of text, whether it is a heading), in order
    form: str  # "text", "html" or "pdf"
    language: str = ""  # that it names, like "en"
    left_out: list = ()  # what was left out, a sentence each


def normalise(text):
    r"""Fold white space into single spaces; drop what nobody sees and marks of notes at figures.

    >>> normalise("US$ 5¹ mil\u00adlion in 2\u200b022²³,\u2009\n 10 m², 3 × 10⁶\ufeff")
    'US$ 5 million in 2022, 10 m², 3 × 10⁶'
    """
    return " ".join(_NOTE.sub("", _UNSEEN.sub("", text)).split())


def find(folder, documents):
    """Find documents, rows of their table, in a folder: document_id -> text, normalised.

    They are found by their hash, not by the names of the files. Raises DataError if there is no
    such folder, or a document is not in it.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"{folder}: is not a folder; give the folder that holds the documents")
    contents = [path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()]
    hashes = {hashlib.sha256(content).hexdigest(): content for content in contents}
    missing = [
        f"{folder}: holds no file with the SHA-256 {d['text_sha256']} of documents/"
        f"{d['document_id']} ({d['title']}); another edition has another hash"
        for d in documents
        if d["text_sha256"] not in hashes
    ]
    if missing:
        raise DataError("\n".join(missing))
    return {d["document_id"]: normalise(hashes[d["text_sha256"]].decode()) for d in documents}


def cut(texts, sections):
    """Cut documents into sections, each from its heading to the next one.

    `texts` is document_id -> normalised text, `sections` rows of their table in the order of the
    text. Returns section_id -> text, its heading included, and a list of what is wrong: headings
    that are missing or out of order.
    """
    bodies, wrong = {}, []
    for document, text in texts.items():
        starts = []
        for row in (s for s in sections if s["document_id"] == document):
            heading, number = row["heading"], int(row["occurrence"] or 1)
            where = place("sections", row["section_id"], "heading")
            places = [m.start() for m in re.finditer(re.escape(heading), text)] if heading else [0]
            if len(places) < number:
                times = counted(len(places), "time")
                what = f"{heading!r} stands {times} in {document}; its occurrence is {number}"
                wrong.append(f"{where}: {what}")
                continue
            if heading and starts and places[number - 1] <= starts[-1][0]:
                wrong.append(f"{where}: stands before the heading of the row above it")
            starts.append((places[number - 1], row["section_id"]))
        ends = [at for at, _ in starts[1:]] + [len(text)]
        for (at, section), end in zip(starts, ends, strict=False):
            bodies[section] = text[at:end]
    return bodies, wrong


def read(path, skip=()):
    """Read a file, text or HTML in UTF-8 or PDF, as plain text, cut at its headings.

    Headings are those of HTML; in a PDF, lines in larger or bold type; in plain text, lines of
    their own that end like no sentence. They are a proposal: correct ``sections.csv``. What is not
    the document (navigation, footers, running heads), raised marks of notes and what stands under
    the headings in `skip` are left out, and that is told. Raises DataError if the file cannot be
    read as one of these, or there is no such heading.
    """
    path = Path(path)
    if not path.is_file():
        raise DataError(f"{path}: is not a file; give a text, HTML or PDF file")
    content = path.read_bytes()
    source, marks = _pdf(path) if content.startswith(b"%PDF") else _text(path, content), []
    blocks = [
        (_unraised(words, marks), heading and len(words.split()) <= HEADING)
        for words, heading in source.blocks
    ]
    heads = [bare(words) for words, heading in blocks if heading]
    if missing := set(skip) - set(heads):
        wrong = min(missing)
        raise DataError(f"{path}: {wrong!r} is not a heading; {nearest(wrong, heads)}")
    kept, skipped, is_skipped = [], [], False
    for words, heading in blocks:
        name = bare(words)
        if heading:
            is_skipped = name in skip or (source.form != "text" and _LISTS.fullmatch(name))
            skipped += [name] * bool(is_skipped)
        if name and not is_skipped:
            kept.append((words, heading))
    if not kept:
        raise DataError(f"{path}: is empty; give a file with text in it")
    some = f"Left out {counted(len(marks), 'mark')} of notes: {', '.join(marks[:9])}."
    left_out = [some] * bool(marks) + [*source.left_out]
    left_out += [f"Left out with what stands under it: {heading}." for heading in skipped]
    return source._replace(blocks=kept, left_out=left_out)


def bare(block):
    """Drop what stands before a heading: "# ", "X ", a bullet."""
    return re.sub(r"^(?:(?:#+|[^\w\s]|[Xxf])\s+(?=\S))?", "", normalise(block))


def _unraised(words, marks):
    """Keep what is raised for a power of ten or a unit, and "st" of "1st"; list marks of notes."""

    def read(match):
        mark, before = match.group().replace(_RAISED, ""), words[: match.start()]
        if not _MARK.fullmatch(mark):
            return mark
        unit = mark in ("2", "3") and re.search(r"\b(?:[kcdm]?m|ft|yd)$", before)
        if unit or re.search(r"[×x·] ?10$", before):
            return mark.translate(_UP)
        marks.append(mark)
        return ""

    return re.sub(f"(?:{_RAISED}.)+", read, words)


def _text(path, content):
    """Read plain text, or HTML."""
    if b"\0" in content:
        raise DataError(f"{path}: is binary; give a text, HTML or PDF file")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = 1 + content[: error.start].count(b"\n")
        raise DataError(f"{path}, line {line}: is not UTF-8; save the file as UTF-8") from error
    is_html, start = path.suffix.lower() in (".html", ".htm"), text.strip("\ufeff").lstrip()
    if not (is_html and start[:1] == "<") and _OTHERS.match(start):
        what = "is not plain text, though it may hold some (RTF, JSON, XML)"
        raise DataError(f"{path}: {what}; save it as text, or as HTML whose name ends in .html")
    if is_html and start:
        return _html(text)
    blocks = [block.strip() for block in re.split(r"\n[^\S\n]*\n", text)]
    return Source([(block, _heads(block)) for block in blocks], "text")


def _heads(block):
    """Tell whether a block of plain text looks like a heading."""
    words = bare(block)
    return (
        "\n" not in block
        and re.match(r"[A-ZÀ-ÖØ-Þ\d“]", words) is not None
        and _NO_HEADING.search(words) is None
    )


# What a page hides, what stands around its text, what leads to a note, rows that lay out no page.
_NOBODY_SEES = (
    ".//*[@hidden or re:test(name(), '^(audio|canvas|datalist|del|embed|head|iframe|img|input|math"
    "|noscript|object|s|script|select|strike|style|svg|template|textarea|title|video)$')"
    " or re:test(@style, 'display: *none|visibility: *hidden', 'i')"
    r" or re:test(@class, '(^|[\s-])(sr-only|visually-?hidden|screen-reader)', 'i')]"
)
_AROUND = (
    ".//*[re:test(name(), '^(nav|aside|footer|dialog|form|button|menu)$')"
    r" or re:test(concat(@class, ' ', @id), '(^|[\s_-])(bread-?crumbs?|crumbs?|share|sharing|social"
    r"|newsletter|subscribe|cookies?|tags|related|sidebar|skip|menu|pagination|navbar|topbar|toolbar"
    r"|footer)($|[\s_-])', 'i')]"
)
_NOTES = (
    ".//sup | .//*[re:test(@style, 'vertical-align: *super', 'i')"
    r" or re:test(@class, '(^|\s)(sup|superscript|footnote\S*|fn-?ref\S*)($|\s)')]"
    r" | .//a[not(ancestor::sup) and re:test(preceding::text()[1], '\S$')]"
)
_CONTROL = "[\0-\x1f\ufffe\uffff]"
_ROWS = ".//tr[count(td | th) > 1][not(.//table or .//li or */p[2])]"


def _html(text):
    """Read HTML as a reader of its main part sees it."""
    from lxml import etree, html  # here: only this needs it

    def look_for(pattern, part):
        return part.xpath(pattern, namespaces={"re": "http://exslt.org/regular-expressions"})

    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        page = html.document_fromstring(text.encode(), parser)
    except etree.ParserError:  # nothing but a comment
        return Source([], "html")
    for node in page.iter():  # lxml reads control characters, and refuses to write them
        node.text, node.tail = (x and re.sub(_CONTROL, " ", x) for x in (node.text, node.tail))
    for element in look_for(_NOBODY_SEES, page):
        element.drop_tree()
    mains = page.xpath("//main | //*[@role='main']") or page.xpath("//article")
    main, around = mains[0] if len(mains) == 1 else page, {}
    whole = len(main.text_content())
    # Not what holds the text, of which none of these has a third; nor what is in another one.
    for element in look_for(_AROUND, main):
        if 3 * len(element.text_content()) <= whole and main in element.iterancestors():
            around[element.get("class") or element.get("id") or element.tag] = None
            element.drop_tree()
    for element in look_for(_NOTES, main):
        if _MARK.fullmatch(words := element.text_content()):
            element.clear(keep_tail=True)
            element.text = "".join(f"{_RAISED}{character}" for character in words.strip())
    _mark_blocks(main)
    parts = main.text_content().split(_BREAK)
    parts = [(normalise(part.replace(_HEAD, "")), _HEAD in part) for part in parts]
    parts = [(words, heads) for words, heads in parts if words.strip(" •")]
    blocks = _main_part(text, parts) if main is page else parts
    left_out = [f"What stands around the text was left out: {', '.join(around)}."] * bool(around)
    if main is not page or len(blocks) < len(parts):
        left_out.append("Only the main part of the page was read.")
    return Source(blocks, "html", (page.get("lang") or "").partition("-")[0].lower(), left_out)


def _mark_blocks(main):
    """Put breaks around blocks; write a heading and a row of a table as one line; mark items."""
    from lxml.html import defs

    inline = {"td", "th", "bdi", "data", "label", "mark", "output", "time", "wbr"}
    inline |= defs.phrase_tags | defs.font_style_tags | defs.special_inline_tags - {"br"}
    for element in main.xpath("descendant-or-self::*"):
        if element.tag not in inline:
            start = "• " if element.tag == "li" else ""
            element.text = f"{_BREAK}{start}{element.text or ''}"
            element.tail = f"{_BREAK}{element.tail or ''}"
    for line in [*main.iter("h1", "h2", "h3", "h4", "h5", "h6"), *main.xpath(_ROWS)]:
        cells = line.xpath("td | th")
        words = [part.text_content().replace(_BREAK, " ") for part in cells or [line]]
        line.clear(keep_tail=True)
        line.text = _BREAK + (f"{' | '.join(words).lstrip(' |')} ||" if cells else _HEAD + words[0])


def _main_part(text, blocks):
    """Cut what comes before and after the main text."""
    from trafilatura import extract  # here: it takes a second

    main = normalise(extract(text, favor_recall=True, include_comments=False) or "")
    long = [(i, words.lstrip("• ")) for i, (words, _) in enumerate(blocks)]
    inside = [i for i, words in long if len(words.split()) > 5 and words in main]
    if not inside:
        return blocks
    heads = [i for i, (_, head) in enumerate(blocks) if head and inside[0] - 6 < i < inside[0]]
    return blocks[min([*heads, inside[0]]) : inside[-1] + 1]


# Ligatures, for two of which Arial, Times and Liberation have code points that are nobody's, and
# hyphens at ends of lines.
_GLYPHS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_GLYPHS |= {0xF001: "fi", 0xF002: "fl", 0x02: "-", 0xFFFE: "-"}


def _pdf(path):
    """Read a PDF by its lines, those in larger or bold type as headings."""
    import pypdfium2  # here: only this needs it

    try:
        with pypdfium2.PdfDocument(path) as document:
            pages = [_lines(page.get_textpage()) for page in document]
    except pypdfium2.PdfiumError as error:
        raise DataError(f"{path}: cannot be read as PDF ({error})") from error
    weight, edges, lines, found = collections.Counter(), collections.Counter(), [], []
    figureless = functools.partial(re.sub, r"\d+", "0")
    for page in pages:
        numbers = [line for line in page[1:2] + page[-2:-1] if line[0].isdigit()]
        edges.update({figureless(line) for line, *_ in page[:1] + page[-1:] + numbers})
        for at, (line, *style) in enumerate(page):
            weight[tuple(style)] += len(line)
            lines.append((line, *style, min(at, len(page) - 1 - at) < 2))
    if not weight:
        raise DataError(f"{path}: holds no text, only pictures of it; run OCR on it first")
    (size, bold), _ = weight.most_common(1)[0]
    # Running heads and numbers of pages: most pages have them.
    repeated = {line for line, count in edges.items() if count > 2 and 2 * count > len(pages) - 2}
    for line, large, strong, outer in lines:
        heads = large > _LARGER * size or (strong and not bold)
        style = (large, strong) if heads else None
        if re.search(r"(?:\. ?){4,}\s*\d+$", line):  # of the table of contents
            found.append(("", None))
        elif outer and figureless(line) in repeated:
            continue
        elif found and found[-1][1] == style:  # a wrapped heading, or more of the text
            found[-1] = (f"{found[-1][0]}\n{line}", style)
        else:
            found.append((line, style))
    known = {word.lower() for words, _ in found for word in re.findall(r"\w+", words)}

    def joined(match):
        """Join what a hyphen at the end of a line cut, if the document has the word."""
        word = match[1] + match[2]
        return word if word.lower() in known else f"{match[1]}-{match[2]}"

    cut = re.compile(r"(\w+)-\s*\n\s*(\w+)")
    blocks = [(cut.sub(joined, words), style is not None) for words, style in found]
    left_out = ["Running heads and page numbers were left out."] * bool(repeated)
    return Source(blocks, "pdf", left_out=left_out)


# Where a character stands, in sizes of those of its line: what is lower or higher is of another
# line, what is raised leads to a note, and a wide gap is a space.
_LOWER, _HIGHER, _RISE, _WIDE = -0.4, 0.75, 0.25, 0.05
_LARGER = 1.1  # the type of a heading, in sizes of the text's


def _lines(page):
    """Put the characters of a page together as (line, smallest size, whether it is bold).

    They are taken in the order of the file, column by column as programs write it; a line ends
    where the next character stands farther left, lower or higher.
    """
    from pypdfium2 import raw  # get_text_range slips behind a ligature

    lines, line, gap = [], {"foot": -math.inf, "size": 1, "right": math.inf}, ""
    for at in range(page.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(page, at))
        if not character.strip():
            gap = " " if character == " " else gap or "\n"  # it stands there, or may be meant
            continue
        left, foot, right, top = page.get_charbox(at, loose=True)
        above = (foot - line["foot"]) / line["size"]
        if left < line["right"] - line["size"] or not _LOWER < above < _HIGHER:
            line = {"text": "", "foot": foot, "size": top - foot, "bold": True}
            lines.append(line)
        elif above > _RISE:
            line |= {"text": f"{line['text']}{_RAISED}{character}", "right": right}
            continue
        elif gap == " " or (gap and left - line["right"] > _WIDE * line["size"]):
            line["text"] += " "
        run = page.get_textobj(at)
        bold = run is not None and "bold" in run.get_font().get_base_name().lower()
        line["text"] += character
        line |= {"right": right, "size": min(line["size"], top - foot)}
        line["bold"] &= bold
        gap = ""
    found = [(_UNSEEN.sub("", x["text"].translate(_GLYPHS)), x["size"], x["bold"]) for x in lines]
    return [(text, round(size, 1), bold) for text, size, bold in found if text.strip()]
