"""A new document: its text, its rows in the tables, and what to do with each mention in it."""

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
from ilodata.curation.audit import KINDS, once, sentences
from ilodata.curation.check import load, named
from ilodata.curation.documents import LONGEST, bare, cut, normalise, read
from ilodata.curation.mentions import HEADS, singular
from ilodata.curation.wording import FIGURES, figures
from ilodata.dates import contains, span
from ilodata.problems import DataError, nearest, shorten

SAME = 0.5  # share of a document's fragments that makes a text another edition of it
_NO_TITLE = re.compile(
    "(?:press|media|news) release|news|fact ?sheet|contents|newsroom|for immediate release", re.I
)
_ISSUED = re.compile(r"(?:updated|published|issued|released?|dated)\W+(?:on )?$", re.I)
_ENGLISH = re.compile(r"\b(?:the|of|and|in|to|a|is|it|on|for|with|by|at|was|were|no)\b", re.I)


def add(path, out=None, title=None, own=False, kind=None, published=None, language=None):
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
    source, (data, wrong) = read(path), load()
    if wrong:
        raise DataError("\n".join(wrong))
    content = path.read_bytes()
    if source.form != "text":
        content = ("\n\n".join(words for words, _ in source.blocks) + "\n").encode()
    file = Path(out or path.parent) / (path.name if source.form == "text" else f"{path.stem}.txt")
    text, digest = normalise(content.decode()), hashlib.sha256(content).hexdigest()
    title = _title(path, source, text, title)
    _refuse_known(path, data, text, digest, title, own)
    if file.exists() and file.read_bytes() != content:
        raise DataError(f"{file}: is there already with another text; give another folder by --out")
    document = _free(_slug(title), data["documents"])
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
    start = " ".join(words for words, _ in source.blocks[:3]).casefold()
    said = next((code for code in codes if code.replace("_", " ") in start), None)
    return kind or said or ("web_page" if source.form == "html" else "fact_sheet")


def _language(path, source, text, language):
    """Return the language: the one given, the one the file names, or English by its small words."""
    is_english = len(_ENGLISH.findall(text)) > 0.08 * len(text.split())
    found = language or source.language or ("en" if is_english else "")
    if not re.fullmatch("[a-z]{2}", found):
        raise DataError(f"{path}: does not tell its language; give it, like --language en")
    return found


def _slug(words, longest=40):
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
            slug = "title" if shown == title else _slug(shown) if shown else "opening"
            number = sum(m.start() <= start for m in re.finditer(re.escape(shown), text))
            rows[_free(f"{document}--{slug}", rows)] = (shown, number if shown else "")
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
                found.append((date, section, _alone(body, at)))
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


def _alone(body, mention):
    """Return the words of a mention, with as many before and after as stand once in a section."""
    start, end = mention.start, mention.end
    while body.count(body[start:end]) > 1:  # words before it, then words after it
        end = end if start else (body + " ").index(" ", end + 1)
        start = body.rfind(" ", 0, max(start - 1, 0)) + 1
    return body[start:end]


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
    for path, keys in new.items():
        lines = path.read_bytes().splitlines(keepends=True)
        kept = (line for line in lines if next(csv.reader([line.decode()]))[0] not in keys)
        new[path] = b"".join(kept)
    _write(new)
    return {table: len(keys) for table, keys in gone.items()}


def _longer(table, rows):
    """Give a table's file and its bytes with rows added; what is there stays as it is."""
    path, lines = tables.data_dir() / tables.schema(table)["path"], io.StringIO()
    writer = csv.DictWriter(lines, list(tables.fields(table)), restval="", lineterminator="\n")
    writer.writerows(rows)
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


HOMES = {kind: table for table, kind in KINDS.items()} | {"programme": "frameworks"}
LIKELY = 0.2  # how alike the words around a figure and those of a record must be, of 0 to 2


def _cells():
    """List the columns that can hold a figure: its kind -> {table: column}."""
    found = {"amount": {}, "number": {}, "ordinal": {}, "date": {}}
    for table in (resource["name"] for resource in tables.package()["resources"]):
        for name, field in tables.fields(table).items() if table != "documents" else ():
            if field.get("proof") in found:
                found[field["proof"]].setdefault(table, name)
    return found


def suggest(bodies, findings):
    """Name for each mention the record and cell that existing records make likely.

    A figure goes to the record whose wording is most like its sentence, rare words counting more
    and a shared date doubling it. It agrees with a cell only where figure, hedge and window are
    those of the cell, and differs only where the window is. A name that is known goes to its
    record, another one to the table of its kind.

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
        _folded(name): f"{table}/{key}"
        for table in KINDS
        for key in data[table]
        for name in named(data, f"{table}/{key}")
    }
    cells, said = _cells(), {}
    bags = _bags(data, cells)
    seen = collections.Counter(word for bag in bags.values() for word in bag)
    rare = {word: math.log(1 + len(bags) / count) ** 2 for word, count in seen.items()}
    cuts = {
        section: sentences(body, len(data["sections"][section]["heading"]))
        for section, body in bodies.items()
    }
    for finding in findings:
        mention = finding.mention
        if mention.kind in FIGURES:
            start, end = next(c for c in cuts[finding.section] if c[0] <= mention.start < c[1])
            here = mention._replace(start=mention.start - start, end=mention.end - start)
            line = _cell(data, cells, bags, rare, here, bodies[finding.section][start:end])
        elif record := known.get(_folded(mention.words)):
            line = f"known as {record}"
        elif mention.words.islower() or singular(mention.words) in HEADS:
            line = "names nothing by itself"
        else:
            home = HOMES.get(mention.kind, "organisations, places or frameworks")
            line = f"not known: a new row of {home}, and one of names"
        said[once(finding)] = line
    return said


def _folded(name):
    """Give a name without its case and its kind of apostrophe."""
    return name.casefold().replace("'", "’")


def _stems(words):
    """Give the words that can tell records apart: stem -> word."""
    found = {re.sub(r"(?:ies|s)$", "", w.casefold()): w for w in re.findall(r"[^\W\d_]{3,}", words)}
    common = {"the", "and", "for", "with", "from", "ilo", "china", "between", "million", "thi"}
    return {stem: word for stem, word in found.items() if stem not in common}


def _bags(data, cells):
    """Collect the words that each record with a figure is known by: its own, and its evidence."""
    bags = {}
    for table in {table for columns in cells.values() for table in columns}:
        for key, row in data[table].items():
            shown = ("label", "title", "indicator", "unit", "printed")
            bags[f"{table}/{key}"] = set(_stems(" ".join(row.get(name, "") for name in shown)))
    for row in data["evidence"].values():
        if row["record"] in bags:
            bags[row["record"]] |= _stems(row["fragment"]).keys()
    return bags


def _cell(data, cells, bags, rare, mention, sentence):
    """Say which cell a figure likely belongs to, and how the two compare."""
    dates = {meant for each in wording.dates(sentence) for meant in each[:1]}
    kind, counted = "ordinal" if mention.ordinal else mention.kind, []
    near = f"{sentence[: mention.start]} {sentence[mention.end :]}"
    if mention.kind == "number":  # what is counted stands close behind
        before, after = sentence[: mention.start].split()[-3:], sentence[mention.end :].split()[:6]
        near, counted = " ".join(before + after), list(_stems(" ".join(after)))[:1]
    words, best, rarest = _stems(near), (LIKELY, None), max(rare.values())
    for record in sorted(bags):
        table, key = record.split("/")
        value, bag = data[table][key].get(cells[kind].get(table)), bags[record]
        shared, when = words.keys() & bag, data[table][key].get(cells["date"][table])
        # An everyday word in common is not a likeness.
        if not value or len(shared) + (when in dates) < 2 or not bag.issuperset(counted):
            continue
        size = sum(rare[w] for w in bag) * sum(rare.get(w, rarest) for w in words)
        alike = sum(rare[w] for w in shared) / math.sqrt(size) * (2 if when in dates else 1)
        if alike > best[0]:
            best = alike, (record, shared, when)
    if best[1] is None:
        columns = ", ".join(f"{table} ({field})" for table, field in cells[kind].items())
        return f"no record stands out: a new row of {columns}"
    record, shared, when = best[1]
    telling = sorted(shared, key=lambda w: (-rare[w], w))[:3]
    beside = [f"“{words[w]}”" for w in words if w in telling] + [when] * (when in dates)
    table, key = record.split("/")
    row, column = data[table][key], cells[kind][table]
    verdict = _verdict(kind, mention, sentence, row, row[column], when, dates)
    shown = row["printed"] if kind == "amount" else row[column]
    return f"stands beside {', '.join(beside)}; {verdict} {record}, {column}: {shown}"


def _verdict(kind, mention, sentence, row, value, when, dates):
    """Compare a figure with a cell: a verdict only where hedge and window are the cell's, too."""
    if not mention.meant:
        return "is not to be read; see"
    if kind == "date":
        if value in mention.meant or "/" in value + mention.meant[0]:
            return "agrees with" if value in mention.meant else "compare"
        if contains(mention.meant[0], value):
            return "is coarser than"
        return "is more precise than" if contains(value, mention.meant[0]) else "compare"
    same = float(value) == (mention.meant[0][0] if kind == "amount" else mention.meant[0])
    found = wording.hedge(sentence, mention)
    hedge = wording.qualifier(found[0]) if found else "exact"
    if kind != "ordinal" and when not in dates and (when or dates):
        return "has the same figure, but another window or none, than" if same else "compare"
    if kind != "ordinal" and same and hedge != (row.get("qualifier") or "exact"):
        return f"has the same figure, but another hedge ({hedge}), than"
    return "agrees with" if same else "differs from" if kind == "amount" and when else "compare"
