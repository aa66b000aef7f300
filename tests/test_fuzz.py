"""Whatever comes from outside is read or refused, and does nothing else.

Hypothesis tries each reader with what it makes of the words of right input; `make fuzz` lets
atheris, which looks for new ways through the code, try the same.
"""

import json
import os
import shutil
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from third import forms

import ilodata
from ilodata import amounts, dates, parameters, tables, words
from ilodata.curation import adding, audit, documents, grammar, mentions, proposing
from ilodata.problems import DataError
from ilodata.reports import lists

DESCRIBED = '{"title": "T", "version": "1", "resources": [{"name": "documents", "path": "documents.csv", "schema": {"fields": [{"name": "document_id", "type": "string", "constraints": {"minimum": 1, "pattern": "[a-z-]+", "enum": ["a"]}}]}}]}'  # fmt: skip
# Right input, of whose words what is tried is made
SEEDS = {
    "dates": "2022-12-07 201X [2019-04,2019-06] {2017,2022} 2015/.. [2018..2020] ? ~",
    "words": "nearly over between US$ 236 million on 7 December 2022 US$ 373,00 the third, ten of 18",
    "tables": 'id,label,"a, b",\r\n',
    "descriptors": DESCRIBED,
    "lists": "reports:\n- {name: a-{kind}, title: T, notebook: notebooks/n.ipynb, each: {table: places, column: kind}} &*!<>'\"",
    "cells": "start: str = \"1985\"  # first year\na: list[int] = [1]\nb: float | None = None (){}'-",
    "documents": "A title\n\nOn 7 December 2022, 3 of 4.\n\nMore\n\nUS$ 5.2 million voluntary contributions to the ILO (ILO) since <html> <h1>",
    "pdfs": forms.holding("/F1 11 Tf (On 7 December 2022) Tj [(a) -300 (b)] TJ").decode()[9:],
}  # fmt: skip
# What a fuzzer once found: target, and the input that failed
FAILED = [
    ("dates", b"[2018,..0000,..2018]"),
    ("dates", b"[06XX....,0608..]"),
    ("words", b"US$ " + b"9" * 5000),
    ("words", b"US$ 0." + b"1" * 400 + b" million"),
    ("documents", b"A title\n\nOn 31 April 2022 and 2021-13-45."),
    ("documents", b"<!-- -->"),
    ("documents", b"A &#31;title\x0c"),
    ("lists", b"reports: &a [*a]"),
    ("lists", b"reports: !!int ''"),
    ("cells", b"a: int = " + b"-" * 100_000 + b"1"),
    ("cells", b"a: int = " + b"(" * 10_000),
    ("tables", b'"' + b"x" * 200_000),
]


def read_date(content, _):
    text = content.decode("utf-8", "replace")
    with suppress(ValueError):
        assert all(not (s.start and s.end) or s.start <= s.end for s in dates.spans(text))
        assert dates.contains(text, text)
        words.date(text), dates.span(text), dates.precision(text), dates.year(text)


def read_words(content, _):
    text = content.decode("utf-8", "replace")
    for kind in (*grammar.FIGURES, "ordinal"):
        grammar.read(text, kind)
    grammar.qualified(text)
    grammar.cut_hedge(text, text[len(text) // 3 :])
    for amount, unit in grammar.amounts(text):
        if amount is not None:
            low, high = amounts.bounds(amount, "over", unit)
            assert low <= amount <= high


def load(file):
    """Load tables while one of their files holds anything."""

    def load(content, folder):
        path = folder / "data" / file
        whole = path.read_bytes()
        path.write_bytes(content)
        loaders = (lambda: ilodata.load_contributions(), ilodata.inferred, tables.citation)
        for loader in loaders:
            with suppress(DataError):
                loader()
        path.write_bytes(whole)

    return load


def read_list(content, folder):
    path = folder / "reports" / "a.yaml"
    path.write_bytes(content)
    with suppress(DataError):
        lists.checked(lists.entries(path)[0], path)


def read_cell(content, folder):
    source = content.decode("utf-8", "replace")
    cell = {"cell_type": "code", "source": source, "metadata": {"tags": ["parameters"]}}
    path = folder / "notebooks" / "n.ipynb"
    path.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    with suppress(ValueError):
        parameters.declared(path)


def read_document(content, folder):
    """Read a document; as text, register it, find its mentions, propose rows: all of it or nothing."""
    data = folder / "data"
    before = {file: file.read_bytes() for file in data.glob("*.csv")}
    for name in ("a.html", "a.txt"):
        (data / name).write_bytes(content)
        with suppress(DataError):
            text = documents.normalise(" ".join(it for it, _ in documents.read(data / name).blocks))
            mentions.find(text)
            cuts = audit.sentences(text)
            assert "".join(text[a:b] for a, b in cuts).replace(" ", "") == text.replace(" ", "")
    try:
        row, _, _ = adding.add(data / "a.txt", title="A title", language="en")
        assert tables.load_sections().document_id.eq(row["document_id"]).any()
        _, bodies, findings = audit.audit(data / "a.txt")
        for section, _, table, cells in proposing.propose(bodies, findings)[1]:
            if table == "evidence" and cells["section_id"] == section:
                assert bodies[section].count(cells["fragment"]) == 1, cells
    except DataError:
        assert all(file.read_bytes() == text for file, text in before.items())
    for file, text in before.items():
        file.write_bytes(text)


def read_pdf(content, folder):
    (folder / "a.pdf").write_bytes(b"%PDF-1.4\n" + content)
    with suppress(DataError):
        assert all(text.strip() for text, _ in documents.read(folder / "a.pdf").blocks)


TARGETS = {
    "dates": read_date,
    "words": read_words,
    "tables": load("contributions.csv"),
    "descriptors": load("datapackage.json"),
    "lists": read_list,
    "cells": read_cell,
    "documents": read_document,
    "pdfs": read_pdf,
}


def tried(target, folder):
    """Return a test that tries a target in a folder made by `prepare`."""
    parts = st.sampled_from([f"{part} " for part in SEEDS[target].split()])
    parts |= st.text(sorted(set(SEEDS[target]))) | st.text(max_size=5)

    @settings(derandomize=True)
    @given(st.lists(parts, max_size=20).map("".join))
    def holds(text):
        started = time.process_time()
        TARGETS[target](text.encode("utf-8", "replace"), folder)
        assert time.process_time() - started < 2, "over two seconds, however busy the machine is"

    return holds


def prepare(folder):
    """Give a copy of the tables that every loader reads, and room for lists and notebooks."""
    shutil.copytree(tables.data_dir(), folder / "data")
    (folder / "reports").mkdir()
    (folder / "notebooks").mkdir()
    os.environ["ILODATA_DATA"] = str(folder / "data")
    read_cell(b"a: int = 1", folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ILODATA_DATA", "")
        yield prepare(tmp_path_factory.mktemp("fuzz"))


@pytest.mark.parametrize(("target", "content"), FAILED)
def test_an_input_that_once_failed_is_read_or_refused(folder, target, content):
    TARGETS[target](content, folder)


@pytest.mark.parametrize("target", TARGETS)
def test_any_input_is_read_or_refused_as_documented(folder, target):
    tried(target, folder)()
