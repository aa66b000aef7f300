"""Dates and amounts that are not exactly known: what a wording can mean, and its arithmetic.

Dates are EDTF (ISO 8601-2, levels 0 and 1, sets); amounts are what is printed plus a qualifier.
Nothing here reads a file. Bad input raises ``ValueError`` with what would be right.
"""

import functools
import itertools
import math
import re
from fractions import Fraction
from typing import NamedTuple

import pandas as pd

__all__ = [
    "QUALIFIERS",
    "Bounds",
    "Rule",
    "Span",
    "bounds",
    "contains",
    "difference",
    "in_window",
    "portion",
    "precision",
    "product",
    "rules",
    "say_bounds",
    "say_count",
    "say_date",
    "shares",
    "span",
    "spans",
    "total",
]


class Rule(NamedTuple):
    """Where a figure lies, in units of its last printed digit from what is printed, and why."""

    below: float
    above: float
    reason: str


# One written rule for each hedge. A misprint has none, so its sides are missing.
QUALIFIERS = {
    "exact": Rule(0, 0, "No hedge: the figure is what is printed."),
    "nearly": Rule(-1, 0, "One unit lower, the lower figure would have been printed."),
    "over": Rule(0, 1, "One unit higher, the higher figure would have been printed."),
    "more_than": Rule(0, 1, "The same as over, in other words."),
    "initial": Rule(0, 0, "The instalment itself is exact; only its agreement's total is open."),
    "misprint": Rule(math.nan, math.nan, "No figure can be read, so any amount is possible."),
}
# The second reading of a figure without a hedge: it may have been rounded to its last digit.
ROUNDED = (-0.5, 0.5)


class Span(NamedTuple):
    """First and last day of a stretch of time; ``NaT`` where it is open or not stated."""

    start: pd.Timestamp
    end: pd.Timestamp


class Bounds(NamedTuple):
    """Lowest and highest value, in current US dollars, that the wording supports."""

    low: float
    high: float


@functools.cache
def _one(text):
    """Read one date without stroke or brackets as the days that it can mean."""
    from edtf import parse_edtf  # here, since its grammar takes a fifth of a second to build

    try:
        date = parse_edtf(text)
        first, last = date.lower_strict(), date.upper_strict()
        return Span(pd.Timestamp(*first[:3]), pd.Timestamp(*last[:3]))
    except Exception as error:  # the parser lets errors of three libraries through
        raise ValueError(_advice(text)) from error


def _advice(text):
    if len(text) > 60:
        text = text[:59] + "…"
    right = "write a year, month or day like 2022, 2022-12, 2022-12-07, or a period like 2017/2022"
    if any(dash in text for dash in "–—") and len(text) == 9:
        right = f"write {text[:4]}/{text[5:]}"
    return f"{text!r} is not a date we read; {right}"


def spans(text):
    """Read an EDTF date as the stretches of days that it can mean.

    Parameters
    ----------
    text : str
        ``2022-12-07``, ``2022-12``, ``2022``; ``2017/2022`` (from some day of the first to some
        day of the second); ``2015/..`` (goes on); ``2013/`` (end not stated);
        ``[2019-04,2019-06]`` (one of these); ``{2017,2022}`` (all of these).

    Returns
    -------
    list of Span
        In time order. ``NaT`` stands for an end that is open or not stated.

    Raises
    ------
    ValueError
        If the text is no such date, or a period ends before it starts.

    Examples
    --------
    >>> [f"{s.start:%Y-%m-%d} {s.end:%Y-%m-%d}" for s in spans("[2019-04,2019-06]")]
    ['2019-04-01 2019-04-30', '2019-06-01 2019-06-30']
    >>> spans("2013/")[0].end
    NaT
    """
    if not isinstance(text, str) or not text:
        raise ValueError(_advice(str(text)))
    if text[0] in "[{" and text[-1] == "]}"["[{".index(text[0])]:
        return sorted(_one(part.strip()) for part in text[1:-1].split(","))
    start, stroke, end = text.partition("/")
    if not stroke:
        return [_one(text)]
    open_start, open_end = start in ("", ".."), end in ("", "..")
    if open_start and open_end:
        raise ValueError(_advice(text))
    first = pd.NaT if open_start else _one(start).start
    last = pd.NaT if open_end else _one(end).end
    if not (open_start or open_end) and (first > last or _one(end).start < first):
        raise ValueError(f"{text!r} ends before it starts; write the earlier date first")
    return [Span(first, last)]


def span(text):
    """Return the first and last day that an EDTF date can mean, as one Span (see `spans`).

    >>> span("2017/2022").end.date().isoformat()
    '2022-12-31'
    """
    parts = spans(text)
    return Span(parts[0].start, max(parts, key=_ends).end)


def precision(text):
    """Name how precisely an EDTF date is known.

    Returns
    -------
    str
        "day", "month", "year", "one of several", "several", "period", "going on",
        "end not stated", "start not stated" or "other".

    >>> [precision(t) for t in ("1985", "2022-12-07", "2015/..", "2013/")]
    ['year', 'day', 'going on', 'end not stated']
    """
    spans(text)
    if text[0] in "[{":
        return "one of several" if text[0] == "[" else "several"
    if "/" in text:
        ends = {"..": "going on", "": "end not stated"}
        return "start not stated" if text[0] in "./" else ends.get(text.split("/")[1], "period")
    return _plain(text) or "other"


def _plain(text):
    """Name the precision of a date without unknown digits or seasons; nothing for others."""
    if not re.fullmatch(r"\d{4}(-(0\d|1[0-2])(-\d\d)?)?", text):
        return None
    return {4: "year", 7: "month", 10: "day"}[len(text)]


def contains(outer, inner):
    """Tell whether every day that `inner` can mean is one that `outer` can mean.

    >>> contains("2019", "[2019-04,2019-06]"), contains("2022-12", "2022-12-07")
    (True, True)
    """
    return all(
        any(_starts(o) <= _starts(i) and _ends(i) <= _ends(o) for o in spans(outer))
        for i in spans(inner)
    )


def _starts(part):
    return pd.Timestamp.min if part.start is pd.NaT else part.start


def _ends(part):
    return pd.Timestamp.max if part.end is pd.NaT else part.end


def in_window(text, start, end, today=None):
    """Tell whether something dated `text` falls into a window, as far as its date allows.

    A single date is a moment on one of its days. A period is under way from some day of its first
    date to some day of its last; where its end is not stated, only its beginning is certain.

    Parameters
    ----------
    text : str or missing
        EDTF date of the thing; missing where none is stated.
    start, end : str
        EDTF dates: the window runs from the first day of `start` to the last day of `end`.
    today : Timestamp, optional
        The day for which the source speaks: what "goes on" does so for certain until then.

    Returns
    -------
    str
        "certainly", "possibly", "no", or "undated".

    Raises
    ------
    ValueError
        If the window ends before it starts, or a date cannot be read.

    >>> in_window("[2019-04,2019-06]", "2019-05", "2019-12"), in_window("2018/2025", "2020", "2020")
    ('possibly', 'certainly')
    """
    window = Span(span(str(start)).start, span(str(end)).end)
    if _starts(window) > _ends(window):
        raise ValueError(f"the window {start} to {end} ends before it starts")
    if text is None or text is pd.NA or text != text or text == "":
        return "undated"

    def inside(part):
        return _starts(window) <= _starts(part) and _ends(part) <= _ends(window)

    def touches(part):
        return _starts(part) <= _ends(window) and _starts(window) <= _ends(part)

    first, stroke, last = text.partition("/")
    if stroke:
        known = [_one(side) for side in (first, last) if side not in ("", "..")]
        # Under way for certain between the latest possible start and the earliest possible end.
        core = Span(span(first).end if first not in ("", "..") else pd.NaT, today or pd.NaT)
        if last not in ("", ".."):
            core = Span(core.start, _one(last).start)
        solid = last != "" and first != "" and _starts(core) <= _ends(core) and touches(core)
        if solid or any(inside(part) for part in known):
            return "certainly"
        return "possibly" if touches(span(text)) else "no"
    parts = spans(text)
    if text[0] == "{":
        hits = [inside(part) for part in parts]
        return "certainly" if any(hits) else "possibly" if any(map(touches, parts)) else "no"
    if all(inside(part) for part in parts):
        return "certainly"
    return "possibly" if any(touches(part) for part in parts) else "no"


def rules():
    """List how each hedge is read: the rule, in units of the last printed digit, and its reason.

    >>> rules().loc["nearly", "from"]
    -1.0
    """
    frame = pd.DataFrame(QUALIFIERS.values(), list(QUALIFIERS), ["from", "to", "reason"])
    return frame.rename_axis("hedge")


def bounds(amount, qualifier, unit, reading="printed"):
    """Bound an amount by its hedge and its last printed digit.

    Parameters
    ----------
    amount : int or missing
        What is printed, in US dollars.
    qualifier : str
        One of `QUALIFIERS`.
    unit : int or missing
        One unit of the last printed digit, in US dollars.
    reading : {"printed", "rounded"}
        How a figure without a hedge is read: as itself, or half a printed unit either side.

    Returns
    -------
    Bounds
        ``nan`` on both sides for a misprint, which has no amount.

    Raises
    ------
    ValueError
        If the qualifier or reading is none of ours, or amount and qualifier do not go together.

    Examples
    --------
    >>> bounds(2_200_000, "over", unit=100_000)
    Bounds(low=2200000, high=2300000)
    >>> bounds(236_000_000, "nearly", unit=1_000_000)
    Bounds(low=235000000, high=236000000)
    """
    if qualifier not in QUALIFIERS:
        raise ValueError(f"{qualifier!r} is no qualifier; write one of {', '.join(QUALIFIERS)}")
    if reading not in ("printed", "rounded"):
        raise ValueError(f"{reading!r} is no reading; write printed or rounded")
    missing = amount is None or pd.isna(amount)
    below, above, _ = QUALIFIERS[qualifier]
    if missing != (below != below):
        raise ValueError(f"amount {amount} does not go with {qualifier!r}; a misprint has none")
    if missing:
        return Bounds(math.nan, math.nan)
    if unit is None or pd.isna(unit):
        raise ValueError(f"amount {amount} has no printed unit; write one unit of its last digit")
    if below == above and reading == "rounded" and unit > 1:
        below, above = ROUNDED
    return Bounds(int(amount + below * unit), int(amount + above * unit))


def total(amounts):
    """Add bounded amounts; an unknown one leaves the sum open above.

    Parameters
    ----------
    amounts : iterable of Bounds

    Returns
    -------
    Bounds
        ``inf`` above where an amount is unknown, since no amount is negative.

    >>> total([Bounds(235, 236), Bounds(5, 5)])
    Bounds(low=240, high=241)
    """
    known = [_at_least_nothing(amount) for amount in amounts]
    return Bounds(sum(amount.low for amount in known), sum(amount.high for amount in known))


def _money(value):
    # Nothing is rounded: a bound said in words is still that bound.
    if value >= 1_000_000 and value % 1000 == 0:
        return f"US$ {f'{value / 1_000_000:,.3f}'.rstrip('0').rstrip('.')} million"
    return f"US$ {value:,.0f}"


def say_bounds(amount):
    """Say a Bounds in words: an amount, a range, "at least", "at most" or "unknown".

    >>> say_bounds(Bounds(235_000_000, 236_000_000)), say_bounds(Bounds(746_014, math.inf))
    ('between US$ 235 million and US$ 236 million', 'at least US$ 746,014')
    """
    low, high = amount
    if low != low or (low, high) == (0, math.inf):
        return "an unknown amount"
    if high == math.inf:
        return f"at least {_money(low)}"
    if low == 0 < high:
        return f"at most {_money(high)}"
    return _money(low) if low == high else f"between {_money(low)} and {_money(high)}"


def say_date(text):
    """Say an EDTF date in words.

    >>> say_date("[2019-04,2019-06]"), say_date("2022-12-07"), say_date("2013/")
    ('April or June 2019', '7 December 2022', '2013, end not stated')
    """
    if text is None or text is pd.NA or text != text:
        return "not dated"
    spans(text)
    if text[0] in "[{":
        parts = [say_date(part.strip()) for part in text[1:-1].split(",")]
        years = {part[-4:] for part in parts}
        if len(years) == 1 and all(len(part) > 4 for part in parts):
            parts = [part[:-5] for part in parts[:-1]] + parts[-1:]
        return (" or " if text[0] == "[" else " and ").join(parts)
    first, stroke, last = text.partition("/")
    if stroke:
        if last in ("", ".."):
            return f"{say_date(first)}, end not stated" if not last else f"since {say_date(first)}"
        if first in ("", ".."):
            return f"until {say_date(last)}"
        return f"{say_date(first)} to {say_date(last)}"
    form = {"year": "%Y", "month": "%B %Y", "day": "%-d %B %Y"}.get(_plain(text))
    return span(text).start.strftime(form) if form else text


def say_count(low, high, noun, plural=None):
    """Say how many: "no agreement", "one agreement", "between 4 and 6 agreements".

    Parameters
    ----------
    low, high : int
        Certain and possible number; the same where the number is known.
    noun, plural : str
        What is counted; the plural is the noun with an "s" by default.

    >>> say_count(0, 0, "party", "parties"), say_count(4, 6, "agreement")
    ('no party', 'between 4 and 6 agreements')
    """
    plural = plural or f"{noun}s"
    if low != high:
        return f"between {low:,} and {high:,} {plural}"
    return {0: f"no {noun}", 1: f"one {noun}"}.get(low, f"{low:,} {plural}")


def _at_least_nothing(amount):
    """Read an unknown amount as any that is not negative: no document states a negative one."""
    return Bounds(0, math.inf) if amount.low != amount.low else amount


def difference(whole, parts):
    """Take one bounded amount from another; where one is unknown, the difference is open.

    Returns
    -------
    Bounds
        ``-inf`` below where `parts` can be any amount, ``inf`` above where `whole` can.

    >>> difference(Bounds(1_100_000, 1_200_000), Bounds(746_014, 746_014))
    Bounds(low=353986, high=453986)
    """
    whole, parts = _at_least_nothing(whole), _at_least_nothing(parts)
    return Bounds(whole.low - parts.high, whole.high - parts.low)


def shares(amounts):
    """Give the share of each bounded amount in their sum.

    A share is lowest where the amount is at its lowest and all others are at their highest.

    Parameters
    ----------
    amounts : sequence of Bounds

    Returns
    -------
    list of Bounds
        Fractions of 1; between 0 and 1 where amounts are unknown, ``nan`` where all are zero.

    >>> [round(float(bound), 4) for bound in shares([Bounds(235, 236), Bounds(5, 5)])[0]]
    [0.9792, 0.9793]
    """
    known = [_at_least_nothing(amount) for amount in amounts]
    found = []
    for at, (low, high) in enumerate(known):
        others = total(known[:at] + known[at + 1 :])
        least = Fraction(low, low + others.high) if low and others.high < math.inf else 0
        most = Fraction(high, high + others.low) if high and high < math.inf else min(high, 1)
        found.append(Bounds(least, most))
    return found


def portion(period, start, end, evenly=False):
    """Bound the share of something dated `period` that falls into a window.

    A period runs from some day of its first date to some day of its last. Without an assumption
    the whole may fall on any of its days, so the share is only certain where the window holds all
    of them, or none. Evenly, each day of the period has the same share; the band that is left is
    that of the unknown first and last day.

    Parameters
    ----------
    period, start, end : str
        EDTF, each.
    evenly : bool
        Assume that every day of the period has the same share.

    Returns
    -------
    Bounds
        Exact fractions of 1.

    >>> portion("2019/2020", "2019", "2019"), portion("2019/2020", "2019", "2020")
    (Bounds(low=0, high=1), Bounds(low=1, high=1))
    >>> [round(float(share), 2) for share in portion("2018/2025", "2020", "2020", evenly=True)]
    [0.13, 0.17]
    """
    window = _days(Span(span(str(start)).start, span(str(end)).end))
    first, stroke, last = period.partition("/")
    if not (evenly and stroke):
        parts = [_days(part) for part in spans(period)]
        inside = [window[0] <= low and high <= window[1] for low, high in parts]
        touches = [low <= window[1] and window[0] <= high for low, high in parts]
        return Bounds(int(all(inside)), int(any(touches)))
    # The share rises with the first day until the window's and falls after it, and likewise with
    # the last day: so its bounds lie at the ends of both dates, or where they meet the window.
    starts, ends = (
        _days(span(side)) if side not in ("", "..") else _days(span(period))
        for side in (first, last)
    )
    days = {day for pair in (starts, ends, window) for day in pair if abs(day) < math.inf}
    endless = ends[1] == math.inf > window[1] or starts[0] == -math.inf < window[0]
    found = [0] if endless else []  # the longer it goes on outside, the smaller the share inside
    for begin, finish in itertools.product(sorted(days), repeat=2):
        if begin <= finish and starts[0] <= begin <= starts[1] and ends[0] <= finish <= ends[1]:
            shared = min(finish, window[1]) - max(begin, window[0]) + 1
            found.append(Fraction(max(0, shared), finish - begin + 1))
    return Bounds(min(found), max(found))


def _days(part):
    """Number the first and last day of a span; infinite where it is open or not stated."""
    first = -math.inf if part.start is pd.NaT else part.start.toordinal()
    return first, math.inf if part.end is pd.NaT else part.end.toordinal()


def product(amount, share):
    """Multiply a bounded amount by a bounded share, outwards to whole dollars.

    >>> product(Bounds(1_000_001, 1_000_001), Bounds(Fraction(1, 2), Fraction(1, 1)))
    Bounds(low=500000, high=1000001)
    """
    low, high = _at_least_nothing(amount)
    most = high * share.high if share.high else 0
    return Bounds(math.floor(low * share.low), math.inf if most == math.inf else math.ceil(most))
