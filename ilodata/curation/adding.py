"""Documents are registered and taken back, rows are added: all is written or nothing.

How a file is read is in ``documents``, what its text mentions in ``audit``.
"""

import collections
import datetime
import hashlib
import itertools
import re
from pathlib import Path

from ilodata import tables
from ilodata.curation import filling
from ilodata.curation.audit import sentences
from ilodata.curation.documents import FRAGMENT, HEADING, bare, cut, normalise, read
from ilodata.curation.filling import WORDINGS, as_csv, free, id_of, lines, load, slug, sound
from ilodata.curation.grammar import figures
from ilodata.dates import span
from ilodata.files import write
from ilodata.problems import DataError, nearest, shorten
from ilodata.words import counted

_NO_TITLE = re.compile(
    "(?:press|media|news) release(?: no\\b.*)?|news|fact ?sheet|contents|newsroom|for immediate release",
    re.I,
)
_ISSUED = re.compile(r"(?:updated|published|issued|released?|dated)\W+(?:on )?$", re.I)
# Small words, rare in French, Spanish and German: a fourth of English prose, less of its tables.
_ENGLISH = re.compile(r"\b(?:the|of|and|in|to|is|it|for|with|by|at|were)\b", re.I)
_WHY = {
    "title": "",
    "published": "Stands where a document says when it was issued.",
    "latest_date": "The latest date in the text that is not in the future; see that it had happened "
    "by then.",
}


def add(path, out=None, title=None, own=False, kind=None, published=None, language=None, skip=()):
    """Register a document: its text, its row, its headings, and proof of its title and dates.

    The tables know a document by the hash of its text, which of HTML and PDF is written as a file
    of its own (``.txt``); keep it. Either all files are written or none.

    Parameters
    ----------
    path, out : path
        Text, HTML or PDF; a folder for the text, that of the source by default.
    title, kind, published, language : str, optional
        As printed; a code of ``documents.kind``; EDTF; like "en"; by default what the text tells.
    own : bool
        Register another edition of a known document as a document of its own.
    skip : list of str
        Headings to leave out, with what stands under them.

    Returns
    -------
    tuple
        The new row of ``documents``; the path of the text; what was left out or inferred, told.

    Raises
    ------
    DataError
        If the file cannot be read, is registered already, or holds no such title or date.
    """
    path, data = Path(path), sound()
    source = read(path, skip)
    content = path.read_bytes()
    if source.form != "text" or skip:
        content = ("\n\n".join(words for words, _ in source.blocks) + "\n").encode()
    file = Path(out or path.parent) / (path.name if source.form == "text" else f"{path.stem}.txt")
    text, digest = normalise(content.decode()), hashlib.sha256(content).hexdigest()
    title = _title(path, source, text, title)
    _refuse_known(path, data, digest, title, own)
    if file.exists() and file.read_bytes() != content:
        raise DataError(f"{file}: is there already with another text; give another folder by --out")
    document = free(slug(title), data["documents"])
    sections = _sections(document, source.blocks, text, title)
    bodies, wrong = cut({document: text}, sections)
    if wrong:
        raise DataError("\n".join(wrong))
    entry = {
        "document_id": document,
        "title": title,
        "kind": _kind(source, kind),
        "language": _language(path, source, text, language),
        "text_sha256": digest,
    }
    proof, told = [], list(source.left_out)
    for field, value, section, words in _proofs(path, bodies, sections, title, published):
        entry[field], why = value, _WHY[field]
        key = f"documents--{document}--{field.replace('_', '-')}--1"
        cells = key, f"documents/{document}", field, document, section, words
        proof.append(filling.evidence_row(*cells, why=why))
        told += [f"{field} {value} is inferred from “{words}”: {why}"] if why else []
    # The document's own row comes last: without it, `check` reports the others.
    rows = {"evidence": proof, "sections": sections, "documents": [entry]}
    _write(rows, {file: content})
    return entry, file, told


def _title(path, source, text, title):
    """Return the title as printed: the one given, or the first heading that says what it is."""
    heads = [bare(words) for words, heading in source.blocks if heading]
    tells = (words for words in heads if not _NO_TITLE.fullmatch(words))
    title = normalise(title or "") or next(tells, bare(source.blocks[0][0]))
    if title not in text or len(title.split()) > HEADING:
        raise DataError(f"{path}: has no title {shorten(title)!r}; give --title as printed")
    return title


def _refuse_known(path, data, digest, title, own):
    """Refuse a text that is registered, or that is another edition of one that is."""
    for key, row in data["documents"].items():
        if row["text_sha256"] == digest:
            raise DataError(f"{path}: is registered already as documents/{key}")
        if not own and row["title"].casefold() == title.casefold():
            raise DataError(
                f"{path}: is a new edition of documents/{key} ({row['title']}), with another hash; "
                "nothing was written; --own registers it as a document of its own"
            )


def _kind(source, kind):
    """Return the kind of a document: the one given, or what one of its first blocks begins with."""
    codes = tables.fields("documents")["kind"]["constraints"]["enum"]
    if kind and kind not in codes:
        raise DataError(f"--kind {kind!r} is not a kind of document; {nearest(kind, codes)}")
    starts = [" ".join(words.casefold().split()[:8]) for words, _ in source.blocks[:6]]
    said = (c for c in codes for w in starts if re.search(rf"\b{c.replace('_', ' ')}\b", w))
    return kind or next(said, "web_page" if source.form == "html" else "fact_sheet")


def _language(path, source, text, language):
    """Return the language: the one given, the one the file names, or English by its small words."""
    is_english = len(_ENGLISH.findall(text)) > 0.08 * len(text.split())
    found = language or source.language or ("en" if is_english else "")
    if not re.fullmatch("[a-z]{2}", found):
        raise DataError(f"{path}: does not tell its language; give it, like --language en")
    return found


def _sections(document, blocks, text, title):
    """Make the rows of ``sections``; what stands before the first heading is one without."""
    rows, at = {}, 0
    for words, heading in blocks:
        words = normalise(words)
        shown = bare(words) if heading else ""
        start = text.index(shown, at)
        at += len(words) + 1
        if start > 0 and not rows:  # a bullet before the first heading is a stretch too
            rows[f"{document}--opening"] = ("", "")
        if shown or not rows:
            name = "title" if shown == title else slug(shown) if shown else "opening"
            number = len(re.findall(re.escape(shown), text[: start + len(shown)]))
            rows[free(f"{document}--{name}", rows)] = (shown, number if shown else "")
    columns = ("section_id", "document_id", "heading", "occurrence")
    return [dict(zip(columns, (key, document, *row), strict=True)) for key, row in rows.items()]


def _proofs(path, bodies, sections, title, published):
    """Place title, day of issue, if any, latest date up to now: (column, value, section, words)."""
    today, issued, found = datetime.date.today().isoformat(), [], []
    titled = next((section for section, body in bodies.items() if body.count(title) == 1), None)
    if titled is None:
        raise DataError(f"{path}: {title!r} stands in no section just once; give another --title")
    heads = {row["section_id"]: len(row["heading"]) for row in sections}
    for number, (section, body) in enumerate(bodies.items()):
        for start, end in sentences(body, heads[section]):
            for m in figures(body[start:end]):
                date, at = m.meant[0] if m.meant else "", start + m.start
                if m.kind != "date" or len(m.meant) != 1 or "/" in date or date > today:
                    continue
                found.append((date, section, alone(body, at, start + m.end)))
                # A dateline stands in the first lines of the title's section, or of the one below.
                top = number < 2 and at < 400
                says = top and re.fullmatch(r"(.{0,80}[|,–-] )?", body[start:at])
                says = says or _ISSUED.search(body[start:at])
                if date == published or (says and not published and len(date) > 4):
                    issued.append(found[-1])
    if published and not issued:
        raise DataError(f"{path}: names no date {published!r}; leave --published out")
    if issued:  # what a document dates later is a plan
        found = [f for f in found if span(f[0]).start <= span(issued[0][0]).end]
    if not found:
        raise DataError(f"{path}: names no date up to today, so its latest_date is not known")
    latest = max(found, key=lambda f: (span(f[0]).start, len(f[0])))
    yield "title", title, titled, title
    yield from (("published", *each) for each in issued[:1])
    yield "latest_date", *latest


def alone(body, start, end, low=0, high=None):
    """Return words of a section with as few around them as make them stand once, in one clause.

    Those around them are of a stretch of it or, where that is not enough, of the whole.
    """
    if body.count(body[start:end]) == 1:
        return body[start:end]
    found = _around(body, start, end, low, high) or _around(body, start, end)
    return min(found)[-1] if found else body


def _around(body, start, end, low=0, high=None):
    """List what holds some words and stands once: (if it leaves a clause, length, -start, it)."""
    words = re.compile(r"\S*\w(?:\S*[\w%)”’])?")
    spans = [match.span() for match in words.finditer(body, low, high or len(body))]
    before = [a for a, _ in spans if a <= start][-FRAGMENT:]
    behind = [b for _, b in spans if b >= end][:FRAGMENT]
    found = []
    for a, b in itertools.product(before, behind):
        if body.count(body[a:b]) == 1:
            parted = re.search("[.,;:|()–]", body[a:start] + body[end:b]) is not None
            found.append((parted, len(body[a:b].split()), -a, body[a:b]))
    return found


def append(folder):
    """Add rows from CSV files with the names and columns of tables; say how many went into each.

    A row whose id is there already takes the place of the row that has it. Either all files are
    written or none. Raises DataError if there is no such folder or file, a file has other columns
    than its table, or a row would change what rests on another document.
    """
    files, new = sorted(Path(folder).glob("*.csv")), {}
    names = {resource["name"] for resource in tables.package()["resources"]}
    odd = [file.name for file in files if file.stem not in names] if files else ["no CSV file"]
    if odd:
        what = f"name CSV files as tables, and add wordings to {WORDINGS} itself"
        raise DataError(f"{folder}: holds {odd[0]}; {what}")
    for file in files:
        new[file.stem] = lines(file, tables.fields(file.stem))
    data, ours = _readable(), {row["document_id"] for row in new.get("evidence", ())}
    for table, row in ((table, row) for table, rows in new.items() for row in rows):
        record, old = f"{table}/{id_of(row)}", data[table].get(id_of(row), {})
        proof = (r for r in data["evidence"].values() if r["record"] == record)
        others = {r["document_id"] for r in proof} - ours
        # More than a blank filled in, or a date more precise.
        if others and any(v and not f"{row[c]}-".startswith(f"{v}-") for c, v in old.items()):
            what = f"is there already and rests on {min(others)}; give the new row another id"
            where = f"{table}.csv, row {id_of(row)}"
            raise DataError(f"{where}: {what}, or correct the table itself")
    _write(new)
    return {table: len(rows) for table, rows in new.items()}


def _readable():
    """Read the tables, as they are: what is wrong with a row, another one may put right."""
    data, wrong = load()
    if len(data) < len(tables.package()["resources"]):
        raise DataError("\n".join(wrong))
    return data


def remove(document):
    """Take back a registration: the row with this id, its sections and proof; count what went.

    Raises DataError if there is no such document, or rows of other records rest on it.
    """
    data, gone, others, home = _readable(), [], [], f"documents/{document}"
    if document not in data["documents"]:
        raise DataError(f"{document!r} is not a document; {nearest(document, data['documents'])}")
    for table, rows in data.items():
        for key, row in rows.items():
            if row.get("document_id") == document:
                gone.append((table, key))
                if table not in ("documents", "sections") and row.get("record") != home:
                    others.append(f"{table}/{key}")
    if others:
        what = f"is needed by {counted(len(others), 'row')}, such as {min(others)}"
        raise DataError(f"{home}: {what}; delete what needs it first")
    counts = collections.Counter(table for table, _ in gone)
    _write(dict.fromkeys(counts, ()), gone=gone)
    return counts


def _write(new, files=(), gone=()):
    """Write tables with new rows, in the place of those with their ids; all or none.

    `gone` are rows to leave out, (table, id). What was there is put back on any error.
    """
    files, done = dict(files), {}
    for table, rows in new.items():
        path = tables.data_dir() / tables.schema(table)["path"]
        without = {(table, id_of(row)) for row in rows if id_of(row)} | {*gone}
        there = lines(path, tables.fields(table))
        kept = [row for row in there if (table, id_of(row)) not in without]
        files[path] = as_csv(table, [*kept, *rows], header=True).encode()
    try:
        for path, content in files.items():
            old = path.read_bytes() if path.exists() else None
            if content != old:
                done[path] = old
                write(path, content)
    except BaseException:
        for path, old in done.items():
            path.unlink(missing_ok=True) if old is None else path.write_bytes(old)
        raise
