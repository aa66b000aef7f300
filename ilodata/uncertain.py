"""Dates and amounts that are not exactly known: what a wording can mean, and its arithmetic.

Dates are EDTF (ISO 8601-2, levels 0 and 1, sets); amounts are what is printed plus a qualifier.
A *reading* is one way in which a date or an amount can be true; every bound holds all readings,
and no narrower one does. Nothing here reads a file. Bad input raises ``ValueError`` with what
would be right.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from ilodata import pd

__all__ = [
    "QUALIFIERS",
    "REFUSED",
    "Bounds",
    "Course",
    "Span",
    "bounds",
    "contains",
    "count",
    "courses",
    "duration",
    "Rule",
    "difference",
    "in_window",
    "portion",
    "precision",
    "product",
    "rules",
    "say_bounds",
    "say_count",
    "say_date",
    "say_duration",
    "shares",
    "span",
    "spans",
    "total",
    "window",
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

# One written rule for each thing that a date can say: what its readings are.
#   2022-12-07, 2022-12, 2022   a moment on one of its days; how long it took is not said
#   201X, 2019-XX, 2019-02-XX   a moment on one of the days that the unknown digits leave open
#   [2019-04,2019-06]           one of these; [2018..2020] any day between; [..2013] or before
#   {2017,2022}                 each of these, once
#   2018/2025                   from some day of the first to some day of the second
#   2015/..                     from some day of it until at least the day of the source
#   2013/                       from some day of it; the end is any later day, since none is stated
#   ../2013, /2013              until some day of it; from any earlier day
# The rest of level 1 has no readings that could be listed, so that no count could be proved:
REFUSED = {
    r"\d\?|\?\d": "'?' doubts the date itself; leave the cell blank and list the doubt as a conflict",
    r"\d~|~\d": "'~' does not say how near; write what the document allows, like [2018..2020]",
    r"\d%|%\d": "'%' doubts the date and does not say how near; leave the cell blank",
    r"\d{4}-2[1-4](?!\d)": "a season has other months in each hemisphere and calendar; "
    "write the months, like [2019-03..2019-05]",
}
FAR_PAST, FAR_FUTURE = datetime(1, 1, 1), datetime(9999, 12, 31)


class Span(NamedTuple):
    """First and last day of a stretch of time; ``NaT`` where it is open or not stated."""

    start: pd.Timestamp
    end: pd.Timestamp


class Course(NamedTuple):
    """Earliest and latest first day, earliest and latest last day; ``FAR`` ones where unbounded."""

    first_start: pd.Timestamp
    last_start: pd.Timestamp
    first_end: pd.Timestamp
    last_end: pd.Timestamp


class Bounds(NamedTuple):
    """Lowest and highest value that the wording supports: current US dollars, days, a number."""

    low: float
    high: float


# A day, month or year, its last digits perhaps unknown. The library edtf, which checks this in the
# tests, reads more than we can bound: it takes a winter for one December.
# The year 0000 has no name in words, and no day that a calendar of Python knows.
_DATE = re.compile(
    r"(?!0(000|00X|0XX|XXX))(?:\d{4}(-\d\d){0,2}|\d{3}X|\d\dXX|\dXXX|\d{4}-(\d\d-XX|XX(-XX)?))"
)


@functools.cache
def _one(text):
    """Read one date without stroke or brackets as the days that it can mean."""
    if not _DATE.fullmatch(text) or not text.isascii():
        raise ValueError(_advice(text))
    year, month, day = [*text.split("-"), "XX", "XX"][:3]
    first = (year.replace("X", "0"), month.replace("XX", "01"), day.replace("XX", "01"))
    last = (year.replace("X", "9"), month.replace("XX", "12"), day.replace("XX", "01"))
    try:
        start, end = pd.Timestamp("-".join(first)), pd.Timestamp("-".join(last))
    except ValueError as error:
        raise ValueError(_advice(text)) from error
    return Span(start, end + pd.offsets.MonthEnd(0) if day == "XX" else end)


def _advice(text):
    if len(text) > 60:
        text = text[:59] + "…"
    right = "write a year, month or day like 2022, 2022-12, 2022-12-07, or a period like 2017/2022"
    if any(dash in text for dash in "–—") and len(text) == 9:
        right = f"write {text[:4]}/{text[5:]}"
    right = next((why for sign, why in REFUSED.items() if re.search(sign, text)), right)
    return f"{text!r} is not a date we read; {right}"


def _between(text, dots):
    """Read what stands on the two sides of `dots` as the days from the one to the other."""
    first, _, last = text.partition(dots)
    none = ("", "..") if dots == "/" else ("",)
    start, end = (None if side in none else _one(side) for side in (first, last))
    if start is end is None:
        raise ValueError(_advice(text))
    if start and end and start.start > end.end:
        raise ValueError(f"{text!r} ends before it starts; write the earlier date first")
    return start, end


def spans(text):
    """Read an EDTF date as the stretches of days that it can mean.

    Parameters
    ----------
    text : str
        ``2022-12-07``, ``2022-12``, ``2022``, ``201X``; ``2017/2022`` (from some day of the first
        to some day of the second); ``2015/..`` (goes on); ``2013/`` (end not stated);
        ``[2019-04,2019-06]`` (one of these); ``[2018..2020]`` (any day between);
        ``{2017,2022}`` (all of these).

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
    known = (Span(c.first_start, c.last_end) for c in courses(text))
    return [
        Span(pd.NaT if s.start == FAR_PAST else s.start, pd.NaT if s.end == FAR_FUTURE else s.end)
        for s in sorted(known)
    ]


def courses(text, today=None):
    """Read an EDTF date as the limits within which it begins and ends.

    Parameters
    ----------
    text : str
        As for `spans`.
    today : Timestamp, optional
        The day for which the source speaks: what "goes on" does so at least until then. Where it
        is not known, only the beginning is certain.

    Returns
    -------
    tuple of Course
        One for each member of a set, in the order written, else one.

    >>> [str(day.date()) for day in courses("2018/2025")[0]]
    ['2018-01-01', '2018-12-31', '2025-01-01', '2025-12-31']
    """
    if not isinstance(text, str) or not text:
        raise ValueError(_advice(str(text)))
    return _courses(text, today)


@functools.lru_cache(4096)
def _courses(text, today):
    if text[0] in "[{" and text[-1] == "]}"["[{".index(text[0])]:
        members = []
        for part in (part.strip() for part in text[1:-1].split(",")):
            if ".." in part and text[0] == "[":
                start, end = _between(part, "..")
                first = start.start if start else FAR_PAST
                last = end.end if end else FAR_FUTURE
            else:
                first, last = _one(part)
            members.append(Course(first, last, first, last))
        return tuple(members)
    if "/" not in text:
        first, last = _one(text)
        return (Course(first, last, first, last),)
    start, end = _between(text, "/")
    first = start or Span(FAR_PAST, end.end)
    goes_on = today if today and text.endswith("..") else first.start
    last = end or Span(goes_on, FAR_FUTURE)
    # Whatever begins has not ended before: that draws the inner limits together.
    return (Course(first.start, min(first.end, last.end), max(first.start, last.start), last.end),)


@functools.lru_cache(4096)
def span(text):
    """Return the first and last day that an EDTF date can mean, as one Span (see `spans`).

    >>> span("2017/2022").end.date().isoformat()
    '2022-12-31'
    """
    parts = spans(text)
    return Span(parts[0].start, max(parts, key=_ends).end)


@functools.lru_cache(4096)
def window(start, end):
    """Return a window as a Span, from the first day of `start` to the last day of `end`.

    Raises
    ------
    ValueError
        If it ends before it starts, or a date cannot be read.
    """
    chosen = Span(span(str(start)).start, span(str(end)).end)
    if _starts(chosen) > _ends(chosen):
        raise ValueError(f"the window {start} to {end} ends before it starts")
    return chosen


def precision(text):
    """Name how precisely an EDTF date is known.

    Returns
    -------
    str
        "day", "month", "year", "partly unknown", "one of several", "several", "period",
        "going on", "end not stated" or "start not stated".

    >>> [precision(t) for t in ("1985", "2022-12-07", "2015/..", "2013/")]
    ['year', 'day', 'going on', 'end not stated']
    """
    spans(text)
    if text[0] in "[{":
        return "one of several" if text[0] == "[" else "several"
    if "/" in text:
        ends = {"..": "going on", "": "end not stated"}
        return "start not stated" if text[0] in "./" else ends.get(text.split("/")[1], "period")
    return "partly unknown" if "X" in text else {4: "year", 7: "month", 10: "day"}[len(text)]


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
    return FAR_PAST if part.start is pd.NaT else part.start


def _ends(part):
    return FAR_FUTURE if part.end is pd.NaT else part.end


def in_window(text, start, end, today=None):
    """Tell whether something dated `text` falls into a window, as far as its date allows.

    Parameters
    ----------
    text : str or missing
        EDTF date of the thing; missing where none is stated.
    start, end : str
        EDTF dates: the window runs from the first day of `start` to the last day of `end`.
    today : Timestamp, optional
        As for `courses`.

    Returns
    -------
    str
        "certainly" if it is under way on a day of the window by every reading, "possibly" if by
        some, "no" if by none; "undated".

    Raises
    ------
    ValueError
        If the window ends before it starts, or a date cannot be read.

    >>> in_window("[2019-04,2019-06]", "2019-05", "2019-12"), in_window("2018/2025", "2020", "2020")
    ('possibly', 'certainly')
    """
    days = window(start, end)
    first, last = _starts(days), _ends(days)
    if text is None or text is pd.NA or text != text or text == "":
        return "undated"
    known = courses(text, today)
    # By no reading does it end before the window, nor begin after it.
    certain = [c.first_end >= first and c.last_start <= last for c in known]
    if any(certain) if text[0] == "{" else all(certain):
        return "certainly"
    return "possibly" if any(c.first_start <= last and c.last_end >= first for c in known) else "no"


def count(dates, start, end, today=None):
    """Count what falls into a window: certainly, and at most.

    Each date is read on its own, so that both numbers occur. What is counted in one window may be
    possible in another too: numbers of several windows do not add up.

    Parameters
    ----------
    dates : iterable of str or missing
        EDTF; what is not dated is not counted.
    start, end, today
        As for `in_window`.

    Returns
    -------
    Bounds

    >>> count(["2019", "[2018-12,2019-01]", "2018/2020", "2021"], "2019", "2019")
    Bounds(low=2, high=3)
    """
    fits = [in_window(text, start, end, today) for text in dates]
    certain = fits.count("certainly")
    return Bounds(certain, certain + fits.count("possibly"))


def duration(text, today=None):
    """Bound how long a period lasts, in days, its first and its last day included.

    Returns
    -------
    Bounds
        ``inf`` above where it is open or no end is stated; ``nan`` where the date is no period,
        since how long a moment took is not said.

    >>> duration("2018/2025"), duration("2013/")
    (Bounds(low=2194, high=2922), Bounds(low=1, high=inf))
    """
    if pd.isna(text) or "/" not in text:
        return Bounds(math.nan, math.nan)
    course = courses(text, today)[0]
    low = max(0, (course.first_end - course.last_start).days) + 1
    if course.first_start == FAR_PAST or course.last_end == FAR_FUTURE:
        return Bounds(low, math.inf)
    return Bounds(low, (course.last_end - course.first_start).days + 1)


def say_duration(text, today=None):
    """Say how long a period lasts, in whole years, months or days that hold its `duration`.

    >>> say_duration("2018/2025"), say_duration("2013/"), say_duration("2022/2023")
    ('between 6 and 8 years', 'at least one day', 'between 2 days and 2 years')
    """
    low, high = duration(text, today)
    if low != low:
        return "for a time that is not stated"
    course = courses(text, today)[0]
    least = _whole(course.last_start, max(course.last_start, course.first_end))
    if high == math.inf:
        return f"at least {say_count(*least[:1] * 2, least[1])}"
    most = _whole(course.first_start, course.last_end, up=low != high)
    if low == high:
        exact = _whole(course.first_start, course.last_end, up=True) == least
        return say_count(*(least[0], least[0], least[1]) if exact else (low, low, "day"))
    if least[1] == most[1]:
        return say_count(least[0], most[0], least[1])
    return f"between {say_count(*least[:1] * 2, least[1])} and {say_count(*most[:1] * 2, most[1])}"


def _whole(start, end, up=False):
    """Give a stretch as whole years, months or days: as many as fit, or as many as cover it."""
    after = end + pd.Timedelta(days=1)
    months = 12 * (after.year - start.year) + after.month - start.month - (after.day < start.day)
    for size, unit in ((12, "year"), (1, "month")):
        number, rest = divmod(months, size)
        if up and number and (rest or start + pd.DateOffset(months=months) != after):
            number += 1
        if number:
            return number, unit
    return (after - start).days, "day"


def rules():
    """List how each hedge is read: the rule, in units of the last printed digit, and its reason.

    >>> rules().loc["nearly", ["from", "to"]].to_list()
    [-1.0, 0.0]
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


def bounds_of(lows, highs):
    """Put bounds together from two columns of whole numbers; a missing one is unknown.

    Returns
    -------
    list of Bounds
    """
    unknown = Bounds(math.nan, math.nan)
    pairs = zip(lows, highs, strict=True)
    return [unknown if pd.isna(low) else Bounds(int(low), int(high)) for low, high in pairs]


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
        parts = [_say_member(part.strip()) for part in text[1:-1].split(",")]
        years = {part[-4:] for part in parts}
        if len(years) == 1 and all(re.fullmatch(r"(\d+ )?[A-Z][a-z]+ \d{4}", p) for p in parts):
            parts = [part[:-5] for part in parts[:-1]] + parts[-1:]
        return (" or " if text[0] == "[" else " and ").join(parts)
    first, stroke, last = text.partition("/")
    if stroke:
        if last in ("", ".."):
            return f"{say_date(first)}, end not stated" if not last else f"since {say_date(first)}"
        if first in ("", ".."):
            return f"until {say_date(last)}"
        return f"{say_date(first)} to {say_date(last)}"
    if "X" in text:
        known, unknown = text.rstrip("-X"), {4: "year", 7: "month", 10: "day"}[len(text)]
        if unknown != "year":
            return f"some {unknown} of {say_date(known)}"
        return f"some year from {text.replace('X', '0')} to {text.replace('X', '9')}"
    form = {"year": "%Y", "month": "%B %Y", "day": "%-d %B %Y"}[precision(text)]
    return _one(text).start.strftime(form)


def say_window(start, end):
    """Say a window in words: "2017 to 2022", or one date where it starts and ends with it.

    >>> say_window("2017", "2022-12"), say_window(2019, "2019")
    ('2017 to December 2022', '2019')
    """
    return " to ".join(dict.fromkeys(say_date(str(date)) for date in (start, end)))


def _say_member(text):
    first, dots, last = text.partition("..")
    if not dots:
        return say_date(text)
    if first and last:
        return f"some day from {say_date(first)} to {say_date(last)}"
    return f"{say_date(first or last)} or {'later' if first else 'before'}"


def say_count(low, high, noun, plural=None):
    """Say how many: "no agreement", "at most one agreement", "between 4 and 6 agreements".

    Parameters
    ----------
    low, high : int
        Certain and possible number; the same where the number is known, ``inf`` where it is open.
    noun, plural : str
        What is counted; the plural is the noun with an "s" by default.

    >>> say_count(0, 0, "party", "parties"), say_count(4, 6, "agreement")
    ('no party', 'between 4 and 6 agreements')
    """
    plural = plural or f"{noun}s"
    if low != high:
        if high == math.inf:
            return f"at least {say_count(low, low, noun, plural)}"
        if low == 0:
            return f"at most {say_count(high, high, noun, plural)}"
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
