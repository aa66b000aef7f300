"""A new document: file to text, its rows in the tables, and what to do with each mention in it."""

import collections
import csv
import datetime
import hashlib
import io
import math
import re
import shutil
import unicodedata
from pathlib import Path

from ilodata import tables
from ilodata.curation import wording
from ilodata.curation.audit import KINDS, once
from ilodata.curation.check import load, named
from ilodata.curation.documents import cut, normalise
from ilodata.curation.mentions import FIGURES, HEADS, find, singular
from ilodata.tables import DataError
from ilodata.uncertain import contains, span

LONGEST = 32  # words of a heading; evidence quotes no longer title
SAME = 0.5  # share of a document's fragments that makes a text another edition of it

# What printed texts have for "fi" and the like; Arial, Times and Liberation for two of them also
# code points that are nobody's.
LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
LIGATURES |= {0xF001: "fi", 0xF002: "fl"}


def pieces(path):
    """Read a file as plain text, cut at its headings.

    Headings are those of HTML; in a PDF, lines in larger or bold type; in plain text, lines of
    their own that end like no sentence. They are a proposal: correct ``sections.csv``.

    Parameters
    ----------
    path : path
        Text or HTML (both UTF-8), or PDF.

    Returns
    -------
    list of (str, bool)
        Stretches of text in order, and whether each is a heading.
    str
        "text", "html" or "pdf".

    Raises
    ------
    DataError
        If the file cannot be read as one of these, or a library for it is not installed.
    """
    path = Path(path)
    if path.is_dir():
        raise DataError(f"{path}: is a folder; give one file")
    if not path.is_file():
        raise DataError(f"{path}: is no file; give a text, HTML or PDF file")
    content = path.read_bytes()
    if content.startswith(b"%PDF"):
        return _pdf(path), "pdf"
    if b"\0" in content:
        raise DataError(f"{path}: is binary; give a text, HTML or PDF file")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = 1 + content[: error.start].count(b"\n")
        raise DataError(f"{path}, line {line}: is not UTF-8; save the file as UTF-8") from error
    html = path.suffix.lower() in (".html", ".htm") or re.match(r"\W*<(!doctype|html)", text, re.I)
    blocks = re.split(r"\n[^\S\n]*\n", text)
    found = _html(path, text) if html else [(block, _heads(block)) for block in blocks]
    found = [(words.strip(), heading) for words, heading in found if words.strip()]
    if not found:
        raise DataError(f"{path}: is empty; give a file with text in it")
    return found, "html" if html else "text"


def _heads(block):
    """Tell whether a block of plain text looks like a heading."""
    words = _bare(block)
    return (
        "\n" not in block.strip()
        and len(words.split()) <= LONGEST
        and re.match(r"[A-ZÀ-ÖØ-Þ\d“]", words) is not None
        and re.search(r"[.!?:;,]$|://|[.!?] [A-Z]", words) is None
    )


def _bare(block):
    """Drop what stands before a heading: "# ", "X ", a bullet, a byte order mark."""
    return re.sub(r"^\ufeff?(?:(?:#+|[^\w\s]|[Xxf])\s+(?=\S))?", "", normalise(block))


def _html(path, text):
    try:
        from inscriptis import get_annotated_text
        from inscriptis.model.config import ParserConfig
    except ImportError as error:
        raise DataError(f"{path}: HTML needs a library; run pip install inscriptis") from error
    rules = {f"h{level}": ["heading"] for level in range(1, 7)}
    read = get_annotated_text(text, ParserConfig(annotation_rules=rules))
    text, found, last = read["text"], [], 0
    for start, end, _ in sorted(read["label"]):
        found += [(text[last:start], False), (text[start:end], True)]
        last = end
    return [*found, (text[last:], False)]


def _pdf(path):
    try:
        from pypdf import PdfReader
    except ImportError as error:
        raise DataError(f"{path}: PDF needs a library; run pip install pypdf") from error
    runs = []  # (line, size, whether bold)

    def note(text, _, matrix, font, size):
        bold = "bold" in str((font or {}).get("/BaseFont", "")).lower()
        for line in filter(None, map(normalise, text.translate(LIGATURES).split("\n"))):
            runs.append((line, round(size * abs(matrix[3]), 1), bold))

    try:
        pages = [page.extract_text(visitor_text=note) for page in PdfReader(path).pages]
    except Exception as error:  # a damaged or locked file fails in many ways, all of them final
        raise DataError(f"{path}: cannot be read as PDF ({error})") from error
    weight = collections.Counter()
    for line, *style in runs:
        weight[tuple(style)] += len(line)
    if not weight:
        raise DataError(f"{path}: holds no text, only pictures of it; run OCR on it first")
    (size, bold), _ = weight.most_common(1)[0]
    heads = {line: s for line, *s in runs if s[0] > 1.1 * size or (s[1] and not bold)}
    found = []
    for line in filter(str.strip, "\n".join(pages).translate(LIGATURES).split("\n")):
        style = heads.get(normalise(line))
        if found and found[-1][1] == style:  # a wrapped heading, or more of the text
            found[-1] = (f"{found[-1][0]}\n{line}", style)
        else:
            found.append((line, style))
    # A period cut at its stroke by the end of a line is one again: "2024-" and "2026".
    found = [(re.sub(r"(?<=\d)([-–])\s*\n\s*(?=\d)", r"\1", words), s) for words, s in found]
    return [(words.strip(), bool(s) and len(words.split()) <= LONGEST) for words, s in found]


def add(path, out=None, title=None, own=False):
    """Register a document: its text, its row, its headings, and proof of its title and date.

    The tables know a document by the hash of its text. A text file is that text itself. Of HTML
    and PDF the text is written as a file of its own (``.txt``, beside the source or in `out`),
    since another version of a library may read the same source differently; keep it with the other
    documents. ``latest_date`` is the latest date that is not in the future, marked as inferred.
    Existing rows keep their bytes, and either all files are written or none.

    Parameters
    ----------
    path : path
        Text, HTML or PDF.
    out : path, optional
        Folder for the text.
    title : str, optional
        The title as printed; the first heading by default.
    own : bool
        Register another edition of a known document as a document of its own.

    Returns
    -------
    dict
        The new row of ``documents``.
    Path
        The text.

    Raises
    ------
    DataError
        If the file cannot be read, is registered already, is another edition of a document (unless
        `own`), or holds no such title or no date.
    """
    path = Path(path)
    if out and not Path(out).is_dir():
        raise DataError(f"{out}: is no folder; make it first")
    (found, form), (data, wrong) = pieces(path), load()
    if wrong:
        raise DataError("\n".join(wrong))
    content = path.read_bytes()
    if form != "text":
        content = ("\n\n".join(words for words, _ in found) + "\n").encode()
    file = Path(out or path.parent) / (path.name if form == "text" else f"{path.stem}.txt")
    digest, text = hashlib.sha256(content).hexdigest(), normalise(content.decode())
    title = normalise(title or "") or next(
        (_bare(w) for w, heading in found if heading), _bare(found[0][0])
    )
    if title not in text or len(title.split()) > LONGEST:
        raise DataError(f"{path}: has no title {tables.shorten(title)!r}; give --title as printed")
    for key, row in data["documents"].items():
        if row["text_sha256"] == digest:
            raise DataError(f"{path}: is registered already as documents/{key}")
        proof = [r["fragment"] for r in data["evidence"].values() if r["document_id"] == key]
        stand = sum(fragment in text for fragment in proof)
        known = row["title"].casefold() == title.casefold()
        if not own and (known or stand > SAME * len(proof)):
            raise DataError(
                f"{path}: is a new edition of documents/{key} ({row['title']}), with another hash; "
                f"{stand:,} of the {len(proof):,} fragments quoted from that edition stand in it "
                "too; nothing was written and no evidence was bound to it; --own registers it as a "
                "document of its own"
            )
    if file.exists() and file.read_bytes() != content:
        raise DataError(f"{file}: is there already with another text; give another folder by --out")
    document = _free(_slug(title), data["documents"])
    sections = _sections(document, found, text, title)
    bodies, wrong = cut({document: text}, sections)
    if wrong:
        raise DataError("\n".join(wrong))
    latest, *dated = _latest(path, bodies)
    titled = next((s for s, body in bodies.items() if body.count(title) == 1), None)
    if titled is None:
        raise DataError(f"{path}: {title!r} stands in no section just once; give another --title")
    entry = {
        "document_id": document,
        "title": title,
        "kind": "web_page" if form == "html" else "fact_sheet",
        "language": "en",
        "latest_date": latest,
        "text_sha256": digest,
    }
    why = "The latest date in the text that is not in the future; see that it had happened by then."
    proof = [_proof(document, "title", titled, title), _proof(document, "latest_date", *dated, why)]
    # The document's own row comes last: without it, `check` reports the others.
    rows = {"evidence": proof, "sections": sections, "documents": [entry]}
    _write({file: content} | dict(_longer(table, added) for table, added in rows.items()))
    return entry, file


def _slug(words, longest=40):
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "untitled"
    return (
        slug if len(slug) <= longest else slug[: longest + 1].rpartition("-")[0] or slug[:longest]
    )


def _free(slug, taken):
    """Number an id that is taken already."""
    numbered = (f"{slug}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (slug, *numbered) if key not in taken)


def _sections(document, found, text, title):
    """Make the rows of ``sections``; what stands before the first heading is one without."""
    rows, at = {}, 0
    for words, heading in found:
        words = normalise(words)
        shown = _bare(words) if heading else ""
        start = text.index(shown, at)
        at += len(words) + 1
        if start > 0 and not rows:  # a bullet before the first heading is a stretch too
            rows[f"{document}--opening"] = ("", "")
        if shown or not rows:
            slug = "title" if shown == title else _slug(shown) if shown else "opening"
            number = sum(m.start() <= start for m in re.finditer(re.escape(shown), text))
            rows[_free(f"{document}--{slug}", rows)] = (shown, number if shown else "")
    columns = ("section_id", "document_id", "heading", "occurrence")
    return [dict(zip(columns, (key, document, *row), strict=True)) for key, row in rows.items()]


def _latest(path, bodies):
    """Find the latest date that is not in the future: EDTF, section, words that stand once there."""
    today, found = datetime.date.today().isoformat(), []
    for section, body in bodies.items():
        for mention in (m for m in find(body) if m.kind == "date"):
            for meant in wording.dates(mention.words):
                if len(meant) == 1 and "/" not in meant[0] and meant[0] <= today:
                    found.append((meant[0], section, mention))
    if not found:
        raise DataError(f"{path}: names no date up to today, so its latest_date is not known")
    date, section, mention = max(found, key=lambda f: (span(f[0]).start, len(f[0])))
    body, start, end = bodies[section], mention.start, mention.end
    while body.count(body[start:end]) > 1:  # words before it, then words after it
        end = end if start else (body + " ").index(" ", end + 1)
        start = body.rfind(" ", 0, max(start - 1, 0)) + 1
    return date, section, body[start:end]


def _proof(document, field, section, fragment, note=""):
    return {
        "evidence_id": f"documents--{document}--{field.replace('_', '-')}--1",
        "record": f"documents/{document}",
        "field": field,
        "document_id": document,
        "section_id": section,
        "fragment": fragment,
        "support": "says",
        "basis": "inferred" if note else "stated",
        "note": note,
    }


def _longer(table, rows):
    """Give a table's file and its bytes with rows added; what is there stays as it is."""
    resource = tables.schema(table)
    path, lines = tables.data_dir() / resource["path"], io.StringIO()
    names = [field["name"] for field in resource["schema"]["fields"]]
    csv.DictWriter(lines, names, restval="", lineterminator="\n").writerows(rows)
    old = path.read_bytes()
    return path, old + b"\n" * (not old.endswith(b"\n")) + lines.getvalue().encode()


def _write(new):
    """Write all files or none: staged beside their places, renamed, put back on any error."""
    old = {path: path.read_bytes() if path.exists() else None for path in new}
    staged = {path: path.with_name(f".{path.name}.new") for path in new if old[path] != new[path]}
    done = []
    try:
        for path, stage in staged.items():
            stage.write_bytes(new[path])
            if old[path] is not None:
                shutil.copymode(path, stage)
        for path, stage in staged.items():
            done.append(path)
            stage.replace(path)
    except BaseException:
        for path in done:
            path.unlink() if old[path] is None else path.write_bytes(old[path])
        raise
    finally:
        for stage in staged.values():
            stage.unlink(missing_ok=True)


# The cells that can hold what a figure says; "place" in a count ("third") is an ordinal.
CELLS = {
    "amount": {"contributions": "amount_usd"},
    "number": {"results": "value", "indicators": "value"},
    "place": {"agreements": "ordinal", "events": "ordinal", "projects": "ordinal"},
    "date": {
        "agreements": "signed",
        "events": "date",
        "projects": "period",
        "contributions": "period",
        "results": "period",
        "indicators": "as_of",
    },
}
HOMES = {kind: table for table, kind in KINDS.items()} | {"programme": "frameworks"}
LIKELY = 0.2  # how alike the words around a figure and those of a record must be, of 0 to 2


def suggest(bodies, findings):
    """Name for each mention the record and cell that existing records make likely.

    A figure goes to the record whose wording is most like the words around it, rare words counting
    more and a shared date doubling it; it agrees with that cell or differs from it. A name
    that is known goes to its record, another one to the table of its kind.

    Parameters
    ----------
    bodies, findings
        From ``audit.audit``.

    Returns
    -------
    dict
        ``audit.once(finding)`` -> one line.
    """
    data, _ = load()
    known = {
        name: f"{table}/{key}"
        for table in KINDS
        for key in data[table]
        for name in named(data, f"{table}/{key}")
    }
    bags, said = _bags(data), {}
    seen = collections.Counter(word for bag in bags.values() for word in bag)
    rare = {word: math.log(1 + len(bags) / count) ** 2 for word, count in seen.items()}
    for finding in findings:
        mention, body = finding.mention, bodies[finding.section]
        if mention.kind in FIGURES:
            cut_at = len(data["sections"][finding.section]["heading"])
            sides = body[: mention.start], body[mention.end :]
            if mention.start < cut_at:  # a heading is no part of the sentence below it
                sides = sides[0], body[mention.end : max(mention.end, cut_at)]
            else:
                sides = sides[0][cut_at:], sides[1]
            line = _cell(data, bags, rare, mention, *sides)
        elif mention.words in known:
            line = f"known as {known[mention.words]}: quote it as evidence of its name"
        elif mention.words.islower() or singular(mention.words) in HEADS:
            line = "names nothing by itself: quote it with what it stands for, or dismiss it"
        else:
            home = HOMES.get(mention.kind, "organisations, places or frameworks")
            line = f"not known: a new row of {home}, and one of names"
        said[once(finding)] = line
    return said


def _stems(words):
    """Give the words that can tell records apart: stem -> word."""
    found = {re.sub(r"(?:ies|s)$", "", w.casefold()): w for w in re.findall(r"[^\W\d_]{3,}", words)}
    common = {"the", "and", "for", "with", "from", "ilo", "china", "between", "million", "thi"}
    return {stem: word for stem, word in found.items() if stem not in common}


def _bags(data):
    """Collect the words that each record with a figure is known by: its own, and its evidence."""
    bags = {}
    for table in {table for cells in CELLS.values() for table in cells}:
        for key, row in data[table].items():
            shown = ("label", "title", "indicator", "unit", "printed")
            bags[f"{table}/{key}"] = set(_stems(" ".join(row.get(name, "") for name in shown)))
    for row in data["evidence"].values():
        if row["record"] in bags:
            bags[row["record"]] |= _stems(row["fragment"]).keys()
    return bags


def _cell(data, bags, rare, mention, before, after):
    """Say which cell a figure likely belongs to, and how the two compare."""
    before, after = re.split(r"[.!?;] ", before)[-1], re.split(r"[.!?;](?: |$)", after)[0]
    dates = [meant[0] for meant in wording.dates(f"{before} {mention.words} {after}")]
    kind, counted = mention.kind, []
    if kind == "number":  # what is counted stands close behind
        kind = "place" if wording.ordinals(mention.words) else "number"
        before, after = " ".join(before.split()[-3:]), " ".join(after.split()[:6])
        counted = list(_stems(after))[:1]
    words, best = _stems(f"{before} {after}"), (LIKELY, None)
    for record in sorted(bags):
        table, key = record.split("/")
        value, bag = data[table][key].get(CELLS[kind].get(table)), bags[record]
        shared = words.keys() & bag
        if not value or not shared or not bag.issuperset(counted):
            continue
        size = sum(rare[w] for w in bag) * sum(rare.get(w, max(rare.values())) for w in words)
        when = data[table][key].get(CELLS["date"][table])
        alike = sum(rare[w] for w in shared) / math.sqrt(size) * (2 if when in dates else 1)
        if alike > best[0]:
            rarest = sorted(shared, key=lambda w: (-rare[w], w))[:3]
            beside = [f"“{words[w]}”" for w in words if w in rarest] + [when] * (when in dates)
            best = alike, (table, record, value, beside)
    if best[1] is None:
        cells = ", ".join(f"{table} ({field})" for table, field in CELLS[kind].items())
        return f"no record stands out: a new row of {cells}"
    table, record, value, beside = best[1]
    shown = data[table][record.split("/")[1]]["printed"] if kind == "amount" else value
    verdict = _verdict(kind, mention.words, value)
    return f"stands beside {', '.join(beside)}; {verdict} {record}, {CELLS[kind][table]}: {shown}"


def _verdict(kind, words, value):
    if kind == "date":
        meant = next(iter(wording.dates(words)), None)
        if meant and value not in meant:
            if contains(meant[0], value):
                return "is coarser than"
            return "is more precise than" if contains(value, meant[0]) else "differs from"
        return "agrees with" if meant else "is not to be read as a date; see"
    readers = {"amount": wording.amounts, "number": wording.numbers, "place": wording.ordinals}
    read = [figure[0] if kind == "amount" else figure for figure in readers[kind](words)]
    return "agrees with" if float(value) in read else "differs from"
