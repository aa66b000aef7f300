"""The documents as text: found by their hash, cut into sections."""

import hashlib
import re
from pathlib import Path

from ilodata.tables import DataError


def normalise(text):
    """Fold every run of white space, no-break spaces included, into one space."""
    return re.sub(r"\s+", " ", text).strip()


def find(folder, documents):
    """Find documents in a folder by their hash, whatever the files are called.

    Parameters
    ----------
    folder : path
        Where the user keeps the documents.
    documents : list of dict
        Rows of ``documents``: document_id, title, text_sha256.

    Returns
    -------
    dict
        document_id -> text with white space normalised.

    Raises
    ------
    DataError
        If the folder cannot be read or a document is not in it.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"{folder}: is no folder; give the folder that holds the documents")
    hashes = {}
    for path in sorted(folder.iterdir()):
        if path.is_file():
            content = path.read_bytes()
            hashes[hashlib.sha256(content).hexdigest()] = content
    missing = [d for d in documents if d["text_sha256"] not in hashes]
    if missing:
        raise DataError(
            "\n".join(
                f"{folder}: holds no file with the SHA-256 {d['text_sha256']} of "
                f"documents/{d['document_id']} ({d['title']}); another edition has another hash"
                for d in missing
            )
        )
    return {
        d["document_id"]: normalise(hashes[d["text_sha256"]].decode("utf-8")) for d in documents
    }


def cut(texts, sections):
    """Cut documents into sections, each from its heading to the next one.

    Parameters
    ----------
    texts : dict
        document_id -> normalised text.
    sections : list of dict
        Rows of ``sections`` in the order of the text.

    Returns
    -------
    dict
        section_id -> text, its heading included.
    list of str
        What is wrong: headings that are missing or out of order.
    """
    bodies, wrong = {}, []
    for document, text in texts.items():
        starts = []
        for row in (s for s in sections if s["document_id"] == document):
            at = 0
            if row["heading"]:
                places = [m.start() for m in re.finditer(re.escape(row["heading"]), text)]
                number = int(row["occurrence"] or 1)
                where = f"data/sections.csv, row {row['section_id']}, column heading"
                if len(places) < number:
                    wrong.append(
                        f"{where}: {row['heading']!r} stands {len(places)} times in {document}, "
                        f"not {number}"
                    )
                    continue
                at = places[number - 1]
                if starts and at <= starts[-1][0]:
                    wrong.append(f"{where}: stands before the heading of the row above it")
            starts.append((at, row["section_id"]))
        ends = [at for at, _ in starts[1:]] + [len(text)] * bool(starts)
        for (at, section), end in zip(starts, ends, strict=True):
            bodies[section] = text[at:end]
    return bodies, wrong
