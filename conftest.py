"""How a test, nbval's too, tells that outputs differ: by the texts that changed."""

import re
from itertools import zip_longest

from ilodata import words
from ilodata.problems import shorten

MOST = 6  # changes that are told


def pytest_assertrepr_compare(op, left, right):
    """Name the texts that differ in two outputs of a notebook, which are JSON."""
    if op != "==" or not isinstance(left, dict) or not isinstance(right, dict):
        return None
    was, now = ({words.plain(text) for text in _texts(each)} for each in (left, right))
    changed = zip_longest(sorted(was - now), sorted(now - was))
    told = [shorten(f"{one!r} is now {other!r}", 300) for one, other in changed]
    return ["these texts changed:", *told[:MOST], f"({len(told)} in all)"] if told else None


def _texts(part):
    """List the texts in an output that somebody reads: not those that name the data of a chart."""
    if isinstance(part, str):
        return (
            [part] if re.search("[A-Za-z]", part) and not re.match("data-[0-9a-f]+$", part) else []
        )
    parts = part.values() if isinstance(part, dict) else part if isinstance(part, list) else []
    return [text for each in parts for text in _texts(each)]
