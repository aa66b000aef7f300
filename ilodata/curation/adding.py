"""A new document: its text, its rows in the tables, and what to do with each mention in it."""

import csv
import datetime
import hashlib
import io
import re
import shutil
import unicodedata
from pathlib import Path

from ilodata import tables
from ilodata.curation.audit import sentences
from ilodata.curation.check import load
from ilodata.curation.documents import LONGEST, bare, cut, normalise, read
from ilodata.curation.wording import figures
from ilodata.dates import span
from ilodata.problems import DataError, nearest, shorten

SAME = 0.5  # share of a document's fragments that makes a text another edition of it
_NO_TITLE = re.compile(
    "(?:press|media|news) release|news|fact ?sheet|contents|newsroom|for immediate release", re.I
)
_ISSUED = re.compile(r"(?:updated|published|issued|released?|dated)\W+(?:on )?$", re.I)
_ENGLISH = re.compile(r"\b(?:the|of|and|in|to|a|is|it|on|for|with|by|at|was|were|no)\b", re.I)


def add(path, out=None, title=None, own=False, kind=None, published=None, language=None, skip=()):
    """Register a document: its text, its row, its headings, and proof of its title and dates.

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
        The title as printed; the first heading that is more than "Press release" by default.
    own : bool
        Register another edition of a known document as a document of its own.
    kind : str, optional
        A code of ``documents.kind``; by the form of the file by default.
    published : str, optional
        The day of issue as EDTF; a date line by default, if there is one.
    language : str, optional
        Such as "en"; what the file or its words tell by default.
    skip : list of str
        Headings to leave out, with what stands under them; the text is then a file of its own.

    Returns
    -------
    dict
        The new row of ``documents``.
    Path
        The text.
    list of str
        What was left out of the text and what was inferred, a sentence each.

    Raises
    ------
    DataError
        If the file cannot be read, is registered already, is another edition of a document (unless
        `own`), or holds no such title or date.
    """
    path = Path(path)
    if out and not Path(out).is_dir():
        raise DataError(f"{out}: is not a folder; make it first")
    source, (data, wrong) = read(path, skip), load()
    if wrong:
        raise DataError("\n".join(wrong))
    content = path.read_bytes()
    if source.form != "text" or skip:
        content = ("\n\n".join(words for words, _ in source.blocks) + "\n").encode()
    file = Path(out or path.parent) / (path.name if source.form == "text" else f"{path.stem}.txt")
    text, digest = normalise(content.decode()), hashlib.sha256(content).hexdigest()
    title = _title(path, source, text, title)
    _refuse_known(path, data, text, digest, title, own)
    if file.exists() and file.read_bytes() != content:
        raise DataError(f"{file}: is there already with another text; give another folder by --out")
    document = _free(slug(title), data["documents"])
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
    proof, told = _proofs(path, bodies, sections, entry, published)
    # The document's own row comes last: without it, `check` reports the others.
    rows = {"evidence": proof, "sections": sections, "documents": [entry]}
    _write({file: content} | dict(_longer(table, added) for table, added in rows.items()))
    return entry, file, [*source.told, *told]


def _title(path, source, text, title):
    """Return the title as printed: the one given, or the first heading that says what it is about."""

    def tells(words):
        days = [m for m in figures(words) if m.kind == "date" and len("".join(m.meant)) == 10]
        return not _NO_TITLE.fullmatch(words) and not any(m.end == len(words) for m in days)

    heads = [bare(words) for words, heading in source.blocks if heading]
    first = next(filter(tells, heads), bare(source.blocks[0][0]))
    title = normalise(title or "") or first
    if title not in text or len(title.split()) > LONGEST:
        raise DataError(f"{path}: has no title {shorten(title)!r}; give --title as printed")
    return title


def _refuse_known(path, data, text, digest, title, own):
    """Refuse a text that is registered, or that is another edition of one that is."""
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


def _kind(source, kind):
    """Return the kind of a document: the one given, or by what it says and its form."""
    codes = tables.fields("documents")["kind"]["constraints"]["enum"]
    if kind and kind not in codes:
        raise DataError(f"--kind {kind!r} is not a kind of document; {nearest(kind, codes)}")
    starts = [" ".join(words.casefold().split()[:8]) for words, _ in source.blocks[:6]]
    said = next(
        (c for c in codes for w in starts if re.search(rf"\b{c.replace('_', ' ')}\b", w)), None
    )
    return kind or said or ("web_page" if source.form == "html" else "fact_sheet")


def _language(path, source, text, language):
    """Return the language: the one given, the one the file names, or English by its small words."""
    is_english = len(_ENGLISH.findall(text)) > 0.08 * len(text.split())
    found = language or source.language or ("en" if is_english else "")
    if not re.fullmatch("[a-z]{2}", found):
        raise DataError(f"{path}: does not tell its language; give it, like --language en")
    return found


def slug(words, longest=40):
    """Make a readable id of some words; what no id can hold parts them."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", words) if not unicodedata.combining(c))
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "untitled"
    cut_at = slug[: longest + 1].rpartition("-")[0] or slug[:longest]
    return slug if len(slug) <= longest else cut_at


def _free(slug, taken):
    """Number an id that is taken already."""
    numbered = (f"{slug}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (slug, *numbered) if key not in taken)


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
            number = sum(m.start() <= start for m in re.finditer(re.escape(shown), text))
            rows[_free(f"{document}--{name}", rows)] = (shown, number if shown else "")
    columns = ("section_id", "document_id", "heading", "occurrence")
    return [dict(zip(columns, (key, document, *row), strict=True)) for key, row in rows.items()]


def _proofs(path, bodies, sections, entry, published):
    """Fill in the dates of a document; return the evidence of its title and dates, what is inferred."""
    title, document = entry["title"], entry["document_id"]
    titled = next((s for s, body in bodies.items() if body.count(title) == 1), None)
    if titled is None:
        raise DataError(f"{path}: {title!r} stands in no section just once; give another --title")
    heads = {row["section_id"]: len(row["heading"]) for row in sections}
    issued, latest = _dated(path, bodies, heads, published)
    reasons = {
        "published": "Stands where a document says when it was issued.",
        "latest_date": "The latest date in the text that is not in the future; see that it had "
        "happened by then.",
    }
    proof, told = [("title", titled, title, "")], []
    for (field, why), found in zip(reasons.items(), (issued, latest), strict=True):
        if found:
            entry[field], section, fragment = found
            proof.append((field, section, fragment, why))
            told.append(f"{field} {entry[field]} is inferred from “{fragment}”: {why}")
    rows = [
        {
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
        for field, section, fragment, note in proof
    ]
    return rows, told


def _dated(path, bodies, heads, published):
    """Find the day of issue, or nothing, and the latest date that is not in the future.

    Each is EDTF, section, words that stand once there.
    """
    today, issued, found = datetime.date.today().isoformat(), [], []
    for section, body in bodies.items():
        for start, end in sentences(body, heads[section]):
            for mention in figures(body[start:end]):
                date = mention.meant[0] if len(mention.meant) == 1 else None
                if mention.kind != "date" or not date or "/" in date or date > today:
                    continue
                at = mention._replace(start=start + mention.start, end=start + mention.end)
                found.append((date, section, alone(body, at.start, at.end)))
                before = body[start : at.start]
                is_line = section in list(bodies)[:2] and re.fullmatch(r"(.{0,80}[|,–-] )?", before)
                if (
                    date == published
                    if published
                    else len(date) > 4 and (_ISSUED.search(before) or (is_line and at.start < 400))
                ):
                    issued.append(found[-1])
    if published and not issued:
        raise DataError(f"{path}: names no date {published!r}; leave --published out")
    if issued:  # what a document dates later is a plan
        found = [f for f in found if span(f[0]).start <= span(issued[0][0]).end]
    if not found:
        raise DataError(f"{path}: names no date up to today, so its latest_date is not known")
    return next(iter(issued), None), max(found, key=lambda f: (span(f[0]).start, len(f[0])))


def alone(body, start, end, low=0, high=None):
    """Return words of a section, with the fewest words around them that stand once in it.

    They are looked for between two places first, those of the sentence.
    """
    if body.count(body[start:end]) == 1:
        return body[start:end]
    spans = [m.span() for m in re.finditer(r"\S*\w(?:\S*[\w%)”’])?", body)]
    spans = [span for span in spans if span[0] >= low and span[1] <= (high or len(body))]
    first = next(i for i, span in enumerate(spans) if span[1] > start)
    last = next(i for i in range(len(spans) - 1, -1, -1) if spans[i][0] < end)
    for more in range(1, len(spans)):
        for left in range(min(more, first), max(0, more - (len(spans) - 1 - last)) - 1, -1):
            words = body[spans[first - left][0] : max(end, spans[last + more - left][1])]
            if body.count(words) == 1:
                return words
    return alone(body, start, end) if high else body


def append(folder):
    """Add rows from CSV files, one a table, such as those that ``proposing`` writes.

    A row whose id is there already takes the place of the row that has it. Either all files are
    written or none; then ``check --fix`` and ``check`` say what is missing.

    Parameters
    ----------
    folder : path
        Holds ``results.csv``, ``evidence.csv`` and so on, with the columns of the tables.

    Returns
    -------
    dict of str to int
        How many rows went into each table.

    Raises
    ------
    DataError
        If there is no such folder or file, or a file has other columns than its table.
    """
    names = {resource["name"] for resource in tables.package()["resources"]}
    files = {file.stem: file for file in sorted(Path(folder).glob("*.csv"))}
    if not files or files.keys() - names:
        raise DataError(
            f"{folder}: holds {', '.join(files) or 'no CSV file'}; name files as tables"
        )
    new, counts = {}, {}
    for table, file in files.items():
        lines = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
        if lines[0] != list(tables.fields(table)):
            raise DataError(f"{file}: its columns are not those of {table}; keep the first line")
        rows = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
        path, grown = _longer(table, rows, {line[0] for line in lines[1:]} - {""})
        new[path], counts[table] = grown, len(rows)
    _write(new)
    return counts


def remove(document):
    """Take back a registration: the document's row, its sections and the proof of its own cells.

    Parameters
    ----------
    document : str
        Id of the document.

    Returns
    -------
    dict of str to int
        How many rows went from each table.

    Raises
    ------
    DataError
        If there is no such document, or rows of other records rest on it.
    """
    data, _ = load()
    if document not in data["documents"]:
        raise DataError(f"{document!r} is not a document; {nearest(document, data['documents'])}")
    gone = {
        table: {key for key, row in rows.items() if row["document_id"] == document}
        for table, rows in data.items()
        if "document_id" in tables.fields(table)
    }
    others = [
        f"{table}/{key}"
        for table in gone.keys() - {"documents", "sections"}
        for key in gone[table]
        if data[table][key].get("record") != f"documents/{document}"
    ]
    if others:
        raise DataError(
            f"documents/{document}: {len(others):,} rows rest on it, such as {min(others)}; "
            "delete them first"
        )
    new = {tables.data_dir() / tables.schema(table)["path"]: keys for table, keys in gone.items()}
    _write({path: _shorter(path, keys) for path, keys in new.items()})
    return {table: len(keys) for table, keys in gone.items()}


def _shorter(path, keys):
    """Give the bytes of a table's file without some rows; the others stay as they are."""
    lines = path.read_bytes().splitlines(keepends=True)
    return b"".join(x for x in lines if next(csv.reader([x.decode()]), [""])[0] not in keys)


def _longer(table, rows, instead=()):
    """Give a table's file and its bytes with rows added; what is there stays as it is."""
    path, lines = tables.data_dir() / tables.schema(table)["path"], io.StringIO()
    writer = csv.DictWriter(lines, list(tables.fields(table)), restval="", lineterminator="\n")
    writer.writerows(rows)
    old = _shorter(path, instead)
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
