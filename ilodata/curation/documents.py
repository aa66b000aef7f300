"""The documents as text: read from a file, found by their hash, cut into sections."""

import collections
import hashlib
import math
import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

from ilodata.problems import DataError, nearest

LONGEST = 32  # words of a heading; evidence quotes no longer title
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")  # soft hyphens, zero-width spaces
_UP = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# A raised mark after a figure leads to a note, unless it is the power of ten.
_NOTE = re.compile(r"(?<![×x·] 10)(?<=\d)[⁰¹²³⁴-⁹]+")
_MARK = re.compile(r"\s*[\[(]?\s*(?:\d{1,3}(?:\s*[,–-]\s*\d{1,3})*|[*†‡§¶]+|[a-d])\s*[\])]?\s*")
# What printed texts have for "fi" and the like; Arial, Times and Liberation for two of them also
# code points that are nobody's.
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_LIGATURES |= {0xF001: "fi", 0xF002: "fl"}


class Source(NamedTuple):
    """A file as text."""

    blocks: list  # (stretch of text, whether it is a heading), in order
    form: str  # "text", "html" or "pdf"
    language: str = ""  # that it names, like "en"
    told: tuple = ()  # what was left out, a sentence each


def normalise(text):
    r"""Fold white space into single spaces; drop what nobody sees and marks of notes at figures.

    >>> normalise("US$ 5¹ mil\u00adlion,\u2009\n10 m²")
    'US$ 5 million, 10 m²'
    """
    return " ".join(_NOTE.sub("", _UNSEEN.sub("", text)).split())


def find(folder, documents):
    """Find documents, rows of their table, in a folder: document_id -> text, normalised.

    They are found by their hash, not by the names of the files. Raises DataError if there is no such
    folder, or a document is not in it.
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
            where = f"data/sections.csv, row {row['section_id']}, column heading"
            places = [m.start() for m in re.finditer(re.escape(heading), text)] if heading else [0]
            if len(places) < number:
                what = f"{heading!r} stands {len(places)} times in {document}, not {number}"
                wrong.append(f"{where}: {what}")
                continue
            if heading and starts and places[number - 1] <= starts[-1][0]:
                wrong.append(f"{where}: stands before the heading of the row above it")
            starts.append((places[number - 1] if heading else 0, row["section_id"]))
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
    source = _read(Path(path))
    kept, left = _without(source.blocks, lambda heading: heading in skip)
    if missing := set(skip) - set(left):
        heads = [bare(words) for words, heads in source.blocks if heads]
        wrong = min(missing)
        raise DataError(f"{path}: {wrong!r} is not a heading; {nearest(wrong, heads)}")
    told = [f"Left out as asked: {heading}." for heading in left]
    return source._replace(blocks=kept, told=(*source.told, *told))


def _read(path):
    """Read a file whole."""
    if not path.is_file():
        raise DataError(f"{path}: is not a file; give a text, HTML or PDF file")
    content = path.read_bytes()
    if content.startswith(b"%PDF"):
        return _pdf(path)
    if b"\0" in content:
        raise DataError(f"{path}: is binary; give a text, HTML or PDF file")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = 1 + content[: error.start].count(b"\n")
        raise DataError(f"{path}, line {line}: is not UTF-8; save the file as UTF-8") from error
    is_html, start = path.suffix.lower() in (".html", ".htm"), text.lstrip("\ufeff \t\r\n")
    if not (is_html and start[:1] == "<") and _OTHERS.match(start):
        what = "is not plain text, though it may hold some (RTF, JSON, XML)"
        raise DataError(f"{path}: {what}; save it as text, or as HTML whose name ends in .html")
    if is_html and start:
        source = _html(path, text)
    else:
        blocks = re.split(r"\n[^\S\n]*\n", text)
        source = Source([(block.strip(), _heads(block)) for block in blocks], "text")
    source = source._replace(blocks=[b for b in source.blocks if normalise(b[0])])
    if not source.blocks:
        raise DataError(f"{path}: is empty; give a file with text in it")
    return source


# How RTF, PostScript, JSON, XML and HTML under another name begin; a text may with [1].
_OTHERS = re.compile(r"[{<]|%!PS|\[\s*[\[{\"]")


def bare(block):
    """Drop what stands before a heading: "# ", "X ", a bullet."""
    return re.sub(r"^(?:(?:#+|[^\w\s]|[Xxf])\s+(?=\S))?", "", normalise(block))


# The end of a sentence, an address, more than one sentence, a row of figures, a dateline.
_NO_HEADING = re.compile(
    r"[.!?:;,]$|://|@|[.!?] [A-Z]|\d{3,}[\d ]* \d{3,}|^\w+, \d{1,2} \w+ \d{4}$"
)


def _heads(block):
    """Tell whether a block of plain text looks like a heading."""
    words = bare(block)
    return (
        "\n" not in block.strip()
        and len(words.split()) <= LONGEST
        and re.match(r"[A-ZÀ-ÖØ-Þ\d“]", words) is not None
        and _NO_HEADING.search(words) is None
    )


_BLOCKS = re.compile(
    "address|article|aside|blockquote|body|br|caption|center|dd|details|dialog|div|dl|dt|fieldset"
    "|figcaption|figure|footer|form|h[1-6]|header|hr|legend|li|main|nav|ol|option|p|pre|section"
    "|summary|table|tbody|tfoot|thead|tr|ul"
)
_NOBODY_SEES = re.compile(
    "audio|canvas|datalist|del|embed|head|iframe|img|input|math|noscript|object|s|script|select"
    "|strike|style|svg|template|textarea|title|video"
)
_HIDDEN = re.compile(r"display:none|visibility:hidden")
_HIDDEN_NAME = re.compile(r"(?:^|[\s-])(?:sr-only|visually-?hidden|screen-reader)", re.IGNORECASE)
_RAISED_NAME = re.compile(r"(?:^|\s)(?:sup|superscript|footnote\S*|fn-?ref\S*)(?:$|\s)")
_AROUND = re.compile("nav|aside|footer|dialog|form|button|menu")
_ROLES = re.compile("navigation|banner|contentinfo|dialog|alertdialog|search|complementary")
# What pages call such parts; one that holds a third of the text is not taken for one.
_AROUND_NAME = re.compile(
    r"(?:^|[\s_-])(?:bread-?crumbs?|crumbs?|share|sharing|social|newsletter|subscribe|cookies?|tags"
    r"|related|sidebar|skip|menu|pagination|navbar|topbar|toolbar|footer)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Lists that hold no facts: a heading of a PDF with what stands under it.
_LISTS = re.compile(
    r"(?:annex \w+[.:]? )?(?:list of )?(?:(?:persons|people|stakeholders) (?:interviewed|met|consulted)"
    r"|interviewees|(?:list of )?participants|(?:table of )?contents)",
    re.IGNORECASE,
)


def _html(path, text):
    """Read HTML as a reader of its main part sees it."""
    from lxml import html  # here: only this needs it

    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    page = html.document_fromstring(text.encode(), parser)
    mains = page.xpath("//main | //*[@role='main']") or page.xpath("//article")
    main = mains[0] if len(mains) == 1 else page
    found, told = [["", False]], collections.defaultdict(list)
    _walk(main, found, told, False)
    whole = [(normalise(words), heads) for words, heads in found if normalise(words).strip(" •")]
    blocks, marks = _main_part(text, whole) if main is page else whole, told["note"]
    said = [f"{len(marks)} marks of notes were left out: {', '.join(marks[:9])}."] * bool(marks)
    if kinds := dict.fromkeys(told["around"]):
        said.append(f"What stands around the text was left out: {', '.join(kinds)}.")
    if main is not page or len(blocks) < len(whole):
        said.append("Only the main part of the page was read.")
    language = (page.get("lang") or "").partition("-")[0].lower()
    return Source(blocks, "html", language, tuple(said))


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


def _walk(element, found, told, heads):
    """Add the text of an element, a stretch for each block; inline tags add no space."""
    if not isinstance(element.tag, str):  # a comment, say
        return
    tag, style = element.tag, element.get("style", "").replace(" ", "").lower()
    named, words, before = element.get("class", ""), element.text_content(), found[-1][0]
    hidden = "hidden" in element.attrib or _HIDDEN.search(style) or _HIDDEN_NAME.search(named)
    if _NOBODY_SEES.fullmatch(tag) or hidden:
        return
    called, role = _AROUND_NAME.search(f"{named} {element.get('id', '')}"), element.get("role", "")
    if called and 3 * len(words) > len(element.getroottree().getroot().text_content()):
        called = None
    if _AROUND.fullmatch(tag) or _ROLES.fullmatch(role) or called:
        told["around"].append(role or (called.group().strip(" -_") if called else tag))
        return
    raised = tag == "sup" or "vertical-align:super" in style or _RAISED_NAME.search(named)
    if (raised or (tag == "a" and before[-1:].strip())) and _MARK.fullmatch(words):
        found[-1][0] += _raised(words.strip(), before, told["note"])
        return
    block = _BLOCKS.fullmatch(tag) is not None and not (tag == "br" and heads)
    inside = heads or re.fullmatch("h[1-6]", tag) is not None
    if block:
        found.append(["• " if tag == "li" else "", inside])
    elif tag in ("td", "th") and before.strip():
        found[-1][0] += " | "
    elif tag == "br":
        found[-1][0] += " "
    found[-1][0] += element.text or ""
    for child in element:
        _walk(child, found, told, inside)
        found[-1][0] += child.tail or ""
    if tag == "tr" and " | " in found[-1][0]:
        found[-1][0] = f"{found[-1][0].strip()} ||"  # where a row ends, a sentence does
    if block:
        found.append(["", heads])


def _raised(mark, before, told):
    """Keep what is raised for a power of ten or a unit; leave out and tell a mark of a note."""
    unit = mark in ("2", "3") and re.search(r"\b(?:[kcdm]?m|ft|yd)$", before)
    million = re.search(r"[$€£¥] ?[\d.,]+ ?m$", before)
    if re.search(r"[×x·] ?10$", before) or (unit and not million):
        return mark.translate(_UP)
    told.append(mark)
    return ""


def _pdf(path):
    """Read a PDF by its lines, those in larger or bold type as headings."""
    import pypdfium2  # here: only this needs it

    told = []
    try:
        with pypdfium2.PdfDocument(path) as document:
            pages = [_lines(page.get_textpage(), told) for page in document]
    except pypdfium2.PdfiumError as error:
        raise DataError(f"{path}: cannot be read as PDF ({error})") from error
    weight = collections.Counter()
    for line, *style in (each for page in pages for each in page):
        weight[tuple(style)] += len(line)
    if not weight:
        raise DataError(f"{path}: holds no text, only pictures of it; run OCR on it first")
    (size, bold), _ = weight.most_common(1)[0]
    repeated, found = _running(pages), []
    for line, large, strong in (each for page in pages for each in page):
        if re.sub(r"\d+", "0", line) in repeated or re.search(r"(?:\. ?){4,}\s*\d+$", line):
            continue  # a running head, a page number, a line of the table of contents
        heads = large > 1.1 * size or (strong and not bold)
        style = (large, strong) if heads else None
        wraps = found and found[-1][1] == style and not (style and _LISTS.fullmatch(found[-1][0]))
        if wraps:  # a wrapped heading, or more of the text
            found[-1] = (f"{found[-1][0]}\n{line}", style)
        else:
            found.append((line, style))
    found, lists = _without(found, _LISTS.fullmatch)
    known = {word.lower() for words, _ in found for word in re.findall(r"\w+", words)}
    blocks = [
        (_joined(words, known), bool(s) and len(words.split()) <= LONGEST) for words, s in found
    ]
    said = [f"{len(told)} marks of notes were left out: {', '.join(told[:9])}."] * bool(told)
    said += ["Running heads and page numbers were left out."] * bool(repeated)
    said += [f"A list was left out: {heading}." for heading in lists]
    return Source(blocks, "pdf", told=tuple(said))


def _without(blocks, unwanted):
    """Leave out what stands under unwanted headings, up to the next one; name them."""
    kept, left, inside = [], [], False
    for words, heads in blocks:
        if heads:
            inside = unwanted(bare(words))
            left += [bare(words)] * bool(inside)
        if not inside:
            kept.append((words, heads))
    return kept, left


def _lines(page, told):
    """Put the characters of a page together as (line, smallest size, whether it is bold)."""
    from pypdfium2 import raw  # get_text_range slips behind a ligature

    lines, line, gap = [], {}, ""
    for at in range(page.count_chars()):
        sign = chr(raw.FPDFText_GetUnicode(page, at))
        if not sign.strip():
            gap = " " if sign == " " else gap or "\n"  # whether it stands there, or may be meant
            continue
        left, foot, right, top = page.get_charbox(at, loose=True)
        above = (foot - line["foot"]) / line["size"] if line else math.inf
        follows = line and left > line["right"] - line["size"]
        if follows and 0.25 < above < 0.75:  # a raised mark, perhaps
            line |= {"up": line["up"] + sign, "right": right}
            continue
        if line:
            line["text"] += _unraised(line, told)
        if follows and -0.4 < above <= 0.25:
            wide = left - line["right"] > 0.05 * line["size"]
            line["text"] += " " if gap == " " or (gap and wide) else ""
        else:
            line = {"text": "", "up": "", "foot": foot, "size": top - foot, "bold": True}
            lines.append(line)
        line["text"] += {"\x02": "-", "\ufffe": "-"}.get(sign, sign)  # hyphens at ends of lines
        line |= {"right": right, "size": min(line["size"], top - foot), "up": ""}
        line["bold"] = line["bold"] and _bold(page, at)
        gap = ""
    for line in lines:
        line["text"] += _unraised(line, told)
    plain = [_UNSEEN.sub("", line["text"].translate(_LIGATURES)) for line in lines]
    styles = [(round(line["size"], 1), line["bold"]) for line in lines]
    return [(text, *style) for text, style in zip(plain, styles, strict=True) if text.strip()]


def _unraised(line, told):
    """Give what is raised after some text of a line, or nothing for a mark of a note."""
    up, line["up"] = line["up"], ""
    return _raised(up, line["text"], told) if up and _MARK.fullmatch(up) else up


def _bold(page, at):
    """Tell whether a character is set in bold."""
    run = page.get_textobj(at)
    return run is not None and "bold" in run.get_font().get_base_name().lower()


def _running(pages):
    """List the first and last lines, digits as 0, that stand on at least three pages."""
    edges = collections.Counter()
    for page in pages:
        numbers = [line for line in page[1:2] + page[-2:-1] if line[0].isdigit()]
        edges.update({re.sub(r"\d+", "0", line[0]) for line in page[:1] + page[-1:] + numbers})
    return {line for line, count in edges.items() if count > 2 and 2 * count > len(pages) - 2}


def _joined(words, known):
    """Join what the end of a line cut: "2024-" and "2026", "agree-" and "ment"."""
    words = re.sub(r"(?<=\d)([-–])\s*\n\s*(?=\d)", r"\1", words)

    def whole(match):
        joined = match[1] + match[2]
        return joined if joined.lower() in known else f"{match[1]}-{match[2]}"

    return re.sub(r"(\w+)-\s*\n\s*(\w+)", whole, words)
