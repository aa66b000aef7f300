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
from ilodata.curation.mentions import find
from ilodata.tables import DataError
from ilodata.uncertain import contains, say_date, span

HEADING_WORDS = 32  # as long as the titles that evidence may quote


def pieces(path):
    """Read a file as plain text, cut at its headings.

    Headings are those of HTML; in a PDF lines in larger or bold type; in plain text lines of their
    own between empty lines that end like no sentence. They are a proposal: correct `sections`.

    Parameters
    ----------
    path : path
        Text (UTF-8), HTML (UTF-8) or PDF, whatever the file is called.

    Returns
    -------
    list of (str, bool)
        Stretches of text in order, and whether each is a heading.

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
    if not content.strip():
        raise DataError(f"{path}: is empty; give a file with text in it")
    if content.startswith(b"%PDF"):
        return _pdf(path)
    if b"\0" in content:
        raise DataError(f"{path}: is binary; give a text, HTML or PDF file")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = 1 + content[: error.start].count(b"\n")
        raise DataError(f"{path}, line {line}: is not UTF-8; save the file as UTF-8") from error
    if path.suffix.lower() in (".html", ".htm") or re.match(
        r"\ufeff?\s*<(?:!doctype|html)", text, re.I
    ):
        return _html(path, text)
    blocks = [block.strip() for block in re.split(r"\n[^\S\n]*\n", text)]
    return [(block, _heads(block)) for block in blocks if block]


def _heads(block):
    """Tell whether a block of plain text looks like a heading."""
    words = _bare(block)
    return bool(
        "\n" not in block
        and len(words.split()) <= HEADING_WORDS
        and re.match(r"[A-ZÀ-ÖØ-Þ\d“]", words)
        and not re.search(r"[.!?:;,]$|://|[.!?] [A-Z]", words)
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
    found, last = [], 0
    for start, end, _ in sorted(read["label"]):
        found += [(read["text"][last:start], False), (read["text"][start:end], True)]
        last = end
    found.append((read["text"][last:], False))
    found = [(words.strip(), heading) for words, heading in found if words.strip()]
    if not found:
        raise DataError(f"{path}: holds no text that a reader would see")
    return found


def _pdf(path):
    try:
        from pypdf import PdfReader
    except ImportError as error:
        raise DataError(f"{path}: PDF needs a library; run pip install pypdf") from error
    runs, pages = [], []

    def note(text, _, matrix, font, size):
        bold = "bold" in str((font or {}).get("/BaseFont", "")).lower()
        runs.extend(
            (normalise(line), round(size * abs(matrix[3]), 1), bold)
            for line in text.split("\n")
            if line.strip()
        )

    try:
        pages = [page.extract_text(visitor_text=note) for page in PdfReader(path).pages]
    except Exception as error:  # a damaged file fails in many ways, all of them final
        raise DataError(f"{path}: cannot be read as PDF ({error})") from error
    weight = collections.Counter()
    for line, *style in runs:
        weight[tuple(style)] += len(line)
    if not weight:
        raise DataError(f"{path}: holds no text, only pictures of it; run OCR on it first")
    (size, bold), _ = weight.most_common(1)[0]
    styles = {line: s for line, *s in runs if s[0] > 1.1 * size or (s[1] and not bold)}
    found = []
    for line in (line for page in pages for line in page.split("\n") if line.strip()):
        style = styles.get(normalise(line))
        if found and found[-1][1] == style:  # a wrapped heading, or more of the same text
            found[-1] = (f"{found[-1][0]}\n{line.strip()}", style)
        else:
            found.append((line.strip(), style))
    return [(words, s is not None and len(words.split()) <= HEADING_WORDS) for words, s in found]


def add(path, out=None, title=None, latest=None, own=False):
    """Register a document: its text, its row, its headings, and evidence of its title and date.

    The tables know a document by the hash of its text. A text file is that text itself. Of an HTML
    or PDF file the text is written as a file of its own (``.txt``, beside the source or in `out`),
    since another version of a library may read the same source differently; keep that text with
    the other documents. Existing rows are not touched. All files are written, or none.

    Parameters
    ----------
    path : path
        Text, HTML or PDF.
    out : path, optional
        Folder for the text.
    title : str, optional
        The title as printed; the first heading by default.
    latest : str, optional
        Latest date, EDTF, at which something is told as having happened; by default the latest
        date in the text that is not in the future, marked as inferred.
    own : bool
        Register a text whose title is known as a document of its own.

    Returns
    -------
    dict
        The new row of ``documents``.
    Path
        The text.

    Raises
    ------
    DataError
        If the file cannot be read, is registered already, is a new edition of a known document
        (unless `own`), or its title or date is not in the text.
    """
    path, cut_up = Path(path), pieces(path)
    data, wrong = load()
    if wrong:
        raise DataError("\n".join(wrong))
    plain = path.read_bytes()
    made = plain.startswith(b"%PDF") or normalise(plain.decode()) != normalise(
        " ".join(words for words, _ in cut_up)
    )
    if made:
        plain = ("\n\n".join(words for words, _ in cut_up) + "\n").encode()
    file = Path(out or path.parent) / (f"{path.stem}.txt" if made else path.name)
    digest = hashlib.sha256(plain).hexdigest()
    text = normalise(plain.decode())
    title = title or next((_bare(w) for w, head in cut_up if head), _bare(cut_up[0][0]))
    if title not in text or len(title.split()) > HEADING_WORDS:
        raise DataError(f"{path}: has no title {tables.shorten(title)!r}; give --title as printed")
    for key, row in data["documents"].items():
        if row["text_sha256"] == digest:
            raise DataError(f"{path}: is registered already as documents/{key}")
        if normalise(row["title"]).casefold() == title.casefold() and not own:
            proof = [r["fragment"] for r in data["evidence"].values() if r["document_id"] == key]
            raise DataError(
                f"{path}: is a new edition of documents/{key} ({title}), whose text has another "
                f"hash; {sum(f in text for f in proof):,} of the {len(proof):,} fragments quoted "
                "from that edition stand in this one; nothing was written, and evidence stays "
                "bound to the old edition; --own registers this one as a document of its own"
            )
    if file.exists() and file.read_bytes() != plain:
        raise DataError(
            f"{file}: is there already, with another text; give another folder by --out"
        )
    document = _free(_slug(title), data["documents"])
    sections = _sections(document, cut_up, text)
    bodies, wrong = cut({document: text}, sections)
    if wrong:
        raise DataError("\n".join(wrong))
    evidence = [_title(document, title, bodies)]
    latest, row = _latest(path, document, bodies, latest)
    evidence.append(row)
    entry = {
        "document_id": document,
        "title": title,
        "kind": "web_page" if made and not path.read_bytes().startswith(b"%PDF") else "fact_sheet",
        "language": "en",
        "latest_date": latest,
        "text_sha256": digest,
    }
    # The row of the document comes last: without it the others are reported by `check`.
    new = {"evidence": evidence, "sections": sections, "documents": [entry]}
    _write({file: plain} | {_file(table): _longer(table, rows) for table, rows in new.items()})
    return entry, file


def _slug(words):
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:48].strip("-") or "untitled"


def _free(slug, taken):
    """Number an id that is taken already."""
    return next(
        s for s in (slug, *(f"{slug}-{n}" for n in range(2, len(taken) + 3))) if s not in taken
    )


def _sections(document, cut_up, text):
    """Make the rows of ``sections``; what stands before the first heading is one without."""
    rows, at = {}, 0
    for words, heading in ((normalise(w), h) for w, h in cut_up):
        if heading or not rows:
            shown = _bare(words) if heading else ""
            start = text.index(shown, at) if shown else 0
            number = sum(m.start() <= start for m in re.finditer(re.escape(shown), text))
            key = _free(f"{document}--{_slug(shown) if shown else 'opening'}", rows)
            rows[key] = {
                "section_id": key,
                "document_id": document,
                "heading": shown,
                "occurrence": number if shown else "",
            }
        at += len(words) + 1
    if (first := next(iter(rows.values())))["heading"] and not text.startswith(first["heading"]):
        key = f"{document}--opening"
        rows = {key: {"section_id": key, "document_id": document, "heading": ""}} | rows
    return list(rows.values())


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


def _title(document, title, bodies):
    section = next((s for s, body in bodies.items() if body.count(title) == 1), None)
    if section is None:
        raise DataError(f"{title!r} stands more than once in each section; give another --title")
    return _proof(document, "title", section, title)


def _latest(path, document, bodies, given):
    """Find the latest date that is not in the future, and the shortest words that hold it."""
    today, found = datetime.date.today().isoformat(), []
    for section, body in bodies.items():
        for mention in (m for m in find(body) if m.kind == "date"):
            meant = wording.dates(mention.words)[:1]
            if meant and len(meant[0]) == 1 and "/" not in meant[0][0] and meant[0][0] <= today:
                found.append((meant[0][0], section, mention))
    found = [f for f in found if given in (None, f[0])]
    if not found:
        wanted = f"the date {given}" if given else "no date up to today"
        raise (
            DataError(f"{path}: says {wanted} nowhere; give --latest-date as the text has it")
            if given
            else DataError(f"{path}: says {wanted}; add a text that dates itself")
        )
    date, section, mention = max(found, key=lambda f: (span(f[0]).start, len(f[0])))
    body, start, end = bodies[section], mention.start, mention.end
    while body.count(body[start:end]) > 1:  # a fragment stands once in its section
        start = body.rfind(" ", 0, max(start - 1, 0)) + 1
        if start == 0:
            end = body.find(" ", end + 1) if " " in body[end + 1 :] else len(body)
    note = "The latest date in the text up to the day it was added; see that it had happened then."
    return date, _proof(document, "latest_date", section, body[start:end], note)


def _file(table):
    return tables.data_dir() / tables.schema(table)["path"]


def _longer(table, rows):
    """Give a table's bytes with rows added; what is there stays as it is."""
    old = _file(table).read_bytes()
    names = [field["name"] for field in tables.schema(table)["schema"]["fields"]]
    lines = io.StringIO()
    csv.DictWriter(lines, names, restval="", lineterminator="\n").writerows(rows)
    return old + b"\n" * (not old.endswith(b"\n")) + lines.getvalue().encode()


def _write(new):
    """Write all files or none: staged beside their places, then renamed, undone on any error."""
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
            if old[path] is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(old[path])
        raise
    finally:
        for stage in staged.values():
            stage.unlink(missing_ok=True)


# Which cells hold what a figure says, and where a name that no table holds would go.
CELLS = {
    "amount": {"contributions": "amount_usd"},
    "number": {"results": "value", "indicators": "value", "agreements": "ordinal",
               "events": "ordinal", "projects": "ordinal"},
    "date": {"agreements": "signed", "events": "date", "projects": "period",
             "contributions": "period", "results": "period", "indicators": "as_of"},
}  # fmt: skip
PLACES = {kind: table for table, kind in KINDS.items()} | {"programme": "frameworks"}
LIKELY = 3.0  # how much the words of a sentence must weigh to point to a record


def suggest(bodies, findings):
    """Name for each mention the record and cell that existing records make likely.

    A figure goes to the record whose wording shares the most with the words of its sentence, rare
    words counting more, the date counting too; it then agrees with that cell or differs from it. A
    name that is known goes to its record, another one to the table of its kind.

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
    bags = _bags(data)
    seen = collections.Counter(word for bag in bags.values() for word in bag)
    rare = {word: math.log(1 + len(bags) / count) for word, count in seen.items()}
    said = {}
    for finding in findings:
        mention, body = finding.mention, bodies[finding.section]
        if mention.kind in CELLS:
            said[once(finding)] = _cell(data, bags, rare, mention, _sentence(body, mention))
        elif mention.words in known:
            said[once(finding)] = f"names {known[mention.words]}: add evidence of its name"
        else:
            table = PLACES.get(mention.kind, "organisations, places or frameworks")
            said[once(finding)] = f"no known name: a new row of {table}, and of names"
    return said


def _stems(words):
    return {
        re.sub(r"(?:ies|s)$", "", word) for word in re.findall(r"[^\W\d_]{3,}", words.casefold())
    } - {"the", "and", "for", "with", "from", "ilo", "china", "between", "million", "this", "that"}


def _bags(data):
    """Collect the words that each record is known by: its own cells and its evidence."""
    bags = collections.defaultdict(set)
    for table in dict.fromkeys(t for tables_ in CELLS.values() for t in tables_):
        for key, row in data[table].items():
            shown = ("label", "title", "indicator", "unit", "printed")
            bags[table, key] |= _stems(" ".join(row.get(column, "") for column in shown))
    for row in data["evidence"].values():
        owner = tuple(row["record"].split("/"))
        if owner in bags:
            bags[owner] |= _stems(row["fragment"])
    return bags


def _sentence(body, mention):
    """Give the sentence of a mention without the mention itself."""
    start = max(body.rfind(mark, 0, mention.start) for mark in (". ", "! ", "? ", "; ")) + 1
    end = re.compile(r"[.!?;](?= [A-Z“]|$)").search(body, mention.end)
    return body[start : mention.start] + " " + body[mention.end : end.start() if end else None]


def _cell(data, bags, rare, mention, sentence):
    """Say which cell a figure likely belongs to, and how the two compare."""
    words, best = _stems(sentence), (0, None)
    dates = [meant[0] for meant in wording.dates(sentence) + wording.dates(mention.words) if meant]
    for (table, key), bag in bags.items():
        field = CELLS[mention.kind].get(table)
        value = field and data[table][key][field]
        if not value:
            continue
        shared = sorted(words & bag, key=lambda w: (-rare[w], w))
        weight = sum(rare[w] ** 2 for w in shared)
        weight /= math.sqrt(sum(rare[w] ** 2 for w in bag)) or 1
        when = next(
            (data[table][key].get(f) for f in CELLS["date"].values() if data[table][key].get(f)), ""
        )
        weight *= 1.5 if when in dates else 1
        if len(shared) > 1 and weight > best[0]:
            best = (weight, (table, key, field, value, shared, when if when in dates else ""))
    if best[0] < LIKELY:
        return f"no record stands out: {' or '.join(f'{f} of {t}' for t, f in CELLS[mention.kind].items())}"
    table, key, field, value, shared, when = best[1]
    beside = ", ".join(f"“{word}”" for word in shared[:3]) + (f", {say_date(when)}" if when else "")
    shown = data[table][key].get("printed") or value
    return f"stands beside {beside}; {_compares(mention, value)} {table}/{key}, {field}: {shown}"


def _compares(mention, value):
    if mention.kind == "date":
        meant = next((m for m in wording.dates(mention.words)), [None])
        if value in meant:
            return "agrees with"
        if meant[0] and contains(meant[0], value):
            return "says more coarsely than"
        return (
            "says more precisely than" if meant[0] and contains(value, meant[0]) else "differs from"
        )
    read = (
        [a for a, _ in wording.amounts(mention.words)]
        if mention.kind == "amount"
        else (wording.numbers(mention.words) + wording.ordinals(mention.words))
    )
    return "agrees with" if float(value) in read else "differs from"
