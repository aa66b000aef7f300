"""What reads input from outside says what is wrong with it, and does nothing else.

    python tests/fuzz.py [SECONDS] [TARGET ...]        (or: make fuzz)

A coverage-guided fuzzer (atheris) tries each target for a minute; it fails on any error but those
that are documented, on a second spent over one input and on a gigabyte of memory. Inputs that once
failed are kept in test_fuzz.py, which tries the same targets with hypothesis.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext, suppress
from pathlib import Path

from third import forms

ONE = sys.argv[1:2] == ["--one"]  # target, in this process
if ONE:
    import atheris
with atheris.instrument_imports(include=["ilodata", "yaml"]) if ONE else nullcontext():
    import ilodata
    from ilodata import dates, parameters, tables, words
    from ilodata.amounts import bounds
    from ilodata.curation import adding, audit, documents, mentions, proposing, wording
    from ilodata.problems import DataError
    from ilodata.reports import lists

REPO = Path(__file__).resolve().parent.parent
WORK = Path(tempfile.gettempdir()) / f"ilodata-fuzz-{os.getpid()}"
PDF = forms.holding("/F1 11 Tf 1 0 0 1 60 780 Tm (On 7 December 2022, 3 of 4) Tj").decode()
PDF = PDF.removeprefix("%PDF-1.4\n")  # which the target puts before it
# Behind the last bit: the words of which texts, lists and dates are made
SEEDS = {
    "dates": ["2022-12-07", "201X", "[2019-04,2019-06]", "{2017,2022}", "2015/..", "[2018..2020]"],
    "words": ["nearly US$ 236 million on 7 December 2022", "US$ 373,00", "the third, ten of 18"],
    "tables": [],
    "lists": ["reports:\n- {name: a-{kind}, title: T, notebook: notebooks/n.ipynb, each: {table: places, column: kind}}\n"],
    "cells": ['start: str = "1985"  # first year', "a: list[int] = [1]\nb: float | None = None"],
    "descriptors": ['{"title": "T", "version": "1", "resources": [{"name": "documents", "path": "documents.csv", "schema": {"fields": [{"name": "document_id", "type": "string", "constraints": {"required": true, "pattern": "[a-z-]+", "enum": ["a"]}}]}}]}'],
    "adds": ["A title\n\nOn 7 December 2022, 3 of 4.\n\nMore\n\nUS$ 5 million", "A title\n\nThe third meeting of the ILO (ILO) was signed in Peru since 2019; 40 nearly 5 MoUs of 21st Mr Wu Li, US$ 5.2 million voluntary contributions to the ILO."],
    "pdfs": [PDF, PDF.replace("/F1 11 Tf", "/F1 18 Tf").replace("Tj", "' [(a) -300 (b)] TJ")],
    "documents": ["A title\n\nOn 7 December 2022, 3 of 4.\n\nMore\n\nUS$ 5 million", "<html><h1>A</h1><p>In 2019 b</p>"],
}  # fmt: skip


def read_dates(content):
    """Read an EDTF date in every way that there is."""
    text = content.decode("utf-8", "replace")
    try:
        stretches = dates.spans(text)
    except ValueError:
        return
    assert all(not (s.start and s.end) or s.start <= s.end for s in stretches), text
    assert dates.contains(text, text), text
    words.date(text), dates.span(text), dates.courses(text), dates.precision(text), dates.year(text)


def read_words(content):
    """Read dates, amounts, numbers and hedges in words; each amount has bounds."""
    text = content.decode("utf-8", "replace")
    for read in (wording.dates, wording.numbers, wording.qualified):
        read(text)
    wording.numbers(text, ordinal=True)
    wording.cut_hedge(text, text[len(text) // 3 :])
    for amount, unit in wording.amounts(text):
        if amount is not None:
            low, high = bounds(amount, "over", unit)
            assert low <= amount <= high, text


def load_table(content):
    """Load a table whose file holds anything."""
    (_copy() / "contributions.csv").write_bytes(content)
    with suppress(DataError):
        ilodata.load_contributions()


def read_list(content):
    """Read a report list."""
    _notebook("a: int = 1")
    (WORK / "reports").mkdir(exist_ok=True)
    (WORK / "reports" / "a.yaml").write_bytes(content)
    with suppress(DataError):
        lists.checked(lists.entries(WORK / "reports" / "a.yaml")[0], WORK / "reports" / "a.yaml")


def read_parameters(content):
    """Read the parameters of a notebook."""
    path = _notebook(content.decode("utf-8", "replace"))
    with suppress(ValueError):
        parameters.declared(path)


def read_document(content):
    """Read a new document as text or HTML, and find its mentions."""
    for name in ("a.txt", "a.html"):
        path = _copy() / name
        path.write_bytes(content)
        with suppress(DataError):
            text = documents.normalise(" ".join(piece for piece, _ in documents.read(path).blocks))
            mentions.find(text)
            cuts = audit.sentences(text)
            assert "".join(text[a:b] for a, b in cuts).replace(" ", "") == text.replace(" ", "")


def read_pdf(content):
    """Read a PDF."""
    path = _copy() / "a.pdf"
    path.write_bytes(b"%PDF-1.4\n" + content)
    with suppress(DataError):
        found = documents.read(path).blocks
        assert all(words.strip() for words, _ in found), found


def add_document(content):
    """Register a document: all of it is in the tables, which stay right, or nothing; propose rows."""
    folder = _copy()
    before = {file: file.read_bytes() for file in folder.glob("*.csv")}
    (folder / "a.txt").write_bytes(content)
    try:
        row, _, _ = adding.add(folder / "a.txt", title="A title", language="en")
        assert row["document_id"] in tables.load_documents().index
        assert tables.load_sections().document_id.eq(row["document_id"]).any()
        _, bodies, findings = audit.audit(folder / "a.txt")
        for section, _, table, cells in proposing.propose(bodies, findings)[1]:
            if table == "evidence" and cells["section_id"] == section:
                assert bodies[section].count(cells["fragment"]) == 1, cells
    except DataError:
        assert all(file.read_bytes() == text for file, text in before.items())
    for file, text in before.items():
        file.write_bytes(text)


def load_described(content):
    """Load tables whose descriptor is anything."""
    folder = _copy()
    whole = (REPO / "data" / "datapackage.json").read_bytes()
    try:
        (folder / "datapackage.json").write_bytes(content)
        for load in (lambda: ilodata.load_documents(), ilodata.inferred, tables.citation):
            with suppress(DataError):
                load()
    finally:
        (folder / "datapackage.json").write_bytes(whole)


def _copy():
    """Give a copy of the tables that every loader reads."""
    folder = WORK / "data"
    if not folder.is_dir():
        shutil.copytree(REPO / "data", folder)
    os.environ["ILODATA_DATA"] = str(folder)
    return folder


def _notebook(source):
    path = WORK / "notebooks" / "n.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    cell = {"cell_type": "code", "source": source, "metadata": {"tags": ["parameters"]}}
    path.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    return path


TARGETS = {
    "dates": read_dates,
    "words": read_words,
    "tables": load_table,
    "lists": read_list,
    "cells": read_parameters,
    "documents": read_document,
    "pdfs": read_pdf,
    "adds": add_document,
    "descriptors": load_described,
}


def fuzz(name, seconds):
    """Let atheris try one target in this process, which it ends."""
    corpus = WORK / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[name]):
        (corpus / f"seed-{number}").write_text(seed, encoding="utf-8")
    if name == "tables":
        shutil.copy(REPO / "data" / "contributions.csv", corpus / "seed")

    def once(content):
        started = time.process_time()
        TARGETS[name](content)
        assert time.process_time() - started < 1, "over a second"

    options = [f"-max_total_time={seconds}", "-rss_limit_mb=1024", "-timeout=2", "-max_len=2000"]
    options += ["-print_final_stats=1", "-verbosity=0", "-seed=1"]
    options += [f"-artifact_prefix={tempfile.gettempdir()}/ilodata-{name}-"]
    atheris.Setup([name, *options, str(corpus)], once)
    atheris.Fuzz()


def main(seconds="60", *names):
    """Fuzz each target in a process of its own; atheris says how many inputs it tried."""
    failed = 0
    for name in names or TARGETS:
        print(name, flush=True)
        failed += subprocess.run([sys.executable, __file__, "--one", name, seconds]).returncode != 0
    return int(failed > 0)


if __name__ == "__main__":
    if ONE:
        try:
            fuzz(sys.argv[2], sys.argv[3])
        finally:
            shutil.rmtree(WORK, ignore_errors=True)
    sys.exit(main(*sys.argv[1:]))
