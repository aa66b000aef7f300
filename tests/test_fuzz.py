"""Whatever comes from outside is read or refused; the targets are those of ``make fuzz``."""

import os
import shutil
import time

import fuzz
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

LEAST = fuzz.SEEDS["descriptors"][0].replace('"required": true', '"minimum": 1')  # of a text
# What the fuzzer or hypothesis once found: target, and the input that failed
FAILED = [
    ("dates", b"[2018,..0000,..2018]"),
    ("dates", b"000X"),
    ("dates", b"[06XX....,0608..]"),
    ("words", b"9" * 400),
    ("words", b"US$ " + b"9" * 5000),
    ("words", b"US$ 0." + b"1" * 400 + b" million"),
    ("documents", b"A title\n\nOn 45 February 2022."),
    ("documents", b"A title\n\nOn 31 April 2022 and 2021-13-45."),
    ("lists", b"reports: &a [*a]"),
    ("lists", b"reports: !!int ''"),
    ("cells", b"a: int = " + b"-" * 100_000 + b"1"),
    ("cells", b"a: int = " + b"(" * 10_000),
    ("tables", b'"' + b"x" * 200_000),
    ("descriptors", LEAST.encode()),
]

# The signs of which each kind of input is made, so that more than noise is tried
SIGNS = {
    "dates": "0129X-/.[]{},?~ ",
    "words": "US$ 0123456789.,million nearly over first third and March between since",
    "tables": 'abc,"\n\r0123é\x00=',
    "lists": "reports: name title\n-{}[]&*!<>'\"0x_ ",
    "cells": "abc: int = [](){}'\"\n#0123,-|None",
    "documents": "AB c.\n\n1234 March 2022 US$<h1>/%\x00",
    "pdfs": "BT /F1 Tf Tj ET ()<>[]0123 obj stream\n%",
    "adds": "AB c.\n\n1234 March 2022 US$<h1>/%\x00",
    "descriptors": '{}[]":, namepthscmfields0123',
}


@pytest.fixture(autouse=True, scope="module")
def tidy():
    """Leave neither the copy of the tables nor the variable that names it."""
    before = os.environ.get("ILODATA_DATA")
    yield
    shutil.rmtree(fuzz.WORK, ignore_errors=True)
    os.environ.pop("ILODATA_DATA", None)
    if before is not None:
        os.environ["ILODATA_DATA"] = before


@pytest.mark.parametrize(("target", "content"), FAILED)
def test_an_input_that_once_failed_is_read_or_refused(target, content):
    fuzz.TARGETS[target](content)


@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_any_input_is_read_or_refused_as_documented(target):
    words = [part + " " for seed in fuzz.SEEDS[target] for part in seed.split(" ")]
    parts = st.one_of(st.sampled_from(words or ["a"]), st.text(SIGNS[target]), st.text(max_size=5))

    @settings(derandomize=True)
    @given(st.lists(parts, max_size=20).map("".join))
    def holds(text):
        started = time.process_time()
        fuzz.TARGETS[target](text.encode("utf-8", "replace"))
        assert time.process_time() - started < 2, "over two seconds, however busy the machine is"

    holds()
