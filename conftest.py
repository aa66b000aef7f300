"""How a test, nbval's too, tells that outputs differ: by the values that changed."""

from itertools import zip_longest

from ilodata import words
from ilodata.problems import shorten

MOST = 6  # changes that are told


def pytest_assertrepr_compare(op, left, right):
    """Name each value that differs in two outputs of a notebook, which are JSON."""
    if op != "==" or not isinstance(left, dict) or not isinstance(right, dict):
        return None
    told = [shorten(line, 300) for line in dict.fromkeys(_changed(left, right))]
    return ["these values changed:", *told[:MOST], f"({len(told)} in all)"] if told else None


def _changed(was, now, where=""):
    """Yield a line for each value that differs; of the data of charts, for each text."""
    if where.endswith("datasets"):
        was, now = (
            {word for rows in each.values() for word in _texts(rows)} for each in (was, now)
        )
        for one, other in zip_longest(sorted(was - now), sorted(now - was)):
            yield f"chart: {one!r} is now {other!r}"
    elif isinstance(was, dict) and isinstance(now, dict):
        for key in sorted(was | now):
            yield from _changed(was.get(key), now.get(key), f"{where}.{key}".strip("."))
    elif isinstance(was, list) and isinstance(now, list):
        for number, (one, other) in enumerate(zip_longest(was, now)):
            yield from _changed(one, other, f"{where}[{number}]")
    elif was != now and not where.endswith("data.name"):  # which is a hash of the data
        said = [words.plain(each) if isinstance(each, str) else each for each in (was, now)]
        was, now = said if said[0] != said[1] else (was, now)
        yield f"{where}: {was!r} is now {now!r}"


def _texts(rows):
    """Return the texts of rows that somebody reads."""
    return {
        v for row in rows for v in row.values() if isinstance(v, str) and any(map(str.isalpha, v))
    }
