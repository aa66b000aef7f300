"""What a date can mean: EDTF texts (ISO 8601-2, levels 0 and 1, sets) as days, and windows of time.

A *reading* is one way in which a date can be true. What is called certain holds by every reading,
what is called possible by some. Nothing here reads a file; bad input raises ``ValueError`` with
what would be right. What each form can mean:

=====================  ==========================================================================
2022-12-07, 2022       a moment on one of its days; how long it took is not said
201X, 2019-XX          a moment on one of the days that the unknown digits leave open
[2019-04,2019-06]      one of these; ``[2018..2020]`` any day between; ``[..2013]`` or before
{2017,2022}            each of these, once
2018/2025              from some day of the first to some day of the second
2015/..                from some day of it, and going on when the document was written
2013/                  from some day of it; the end is any later day, since none is stated
../2013, /2013         until some day of it; from any earlier day
=====================  ==========================================================================
"""

import calendar
import functools
import re
from datetime import date
from typing import NamedTuple

from ilodata.problems import DataError, shorten

# A day, month or year, its last digits perhaps unknown. The library edtf, which checks this in the
# tests, reads more than we can bound: it takes a winter for one December; of "?" and "~" nobody can say
# which days they mean. The year 0000 has no day that Python's calendar knows.
_DATE = re.compile(
    r"(?!0(000|00X|0XX|XXX))(?:\d{4}(-\d\d){0,2}|\d{3}X|\d\dXX|\dXXX|\d{4}-(\d\d-XX|XX(-XX)?))",
    re.ASCII,
)


class Span(NamedTuple):
    """First and last day of a stretch of time; ``None`` where it is open or not stated."""

    start: date | None
    end: date | None


class Course(NamedTuple):
    """Earliest and latest first day, earliest and latest last day; far ones where unbounded."""

    first_start: date
    last_start: date
    first_end: date
    last_end: date


def blank(value):
    """Tell whether a cell holds nothing: ``None``, an empty text, or what pandas calls missing.

    >>> blank(""), blank(float("nan")), blank("2017")
    (True, True, False)
    """
    return value is None or str(value) in ("", "<NA>", "nan", "NaT")


def _one(text):
    """Read one date without stroke or brackets as the days that it can mean."""
    if not _DATE.fullmatch(text):
        raise DataError(_advice(text))
    whole = f"{text}-XX-XX"[:10]
    year, month = int(whole[:4].replace("X", "9")), int(whole[5:7].replace("XX", "12"))
    try:
        start = date.fromisoformat(whole.replace("-XX", "-01").replace("X", "0"))
        day = whole[8:].replace("XX", str(calendar.monthrange(year, month)[1]))
        return Span(start, date(year, month, int(day)))
    except ValueError as error:
        raise DataError(_advice(text)) from error


def _advice(text):
    """Say that a text is not a date we read, and what to write."""
    right = "write a year, month or day like 2022, 2022-12, 2022-12-07, or a period like 2017/2022"
    if years := re.fullmatch(r"(\d{4})[–—](\d{4})", text):
        right = f"write {'/'.join(years.groups())}"
    return f"{shorten(text)!r} is not a date we read; {right}"


def _between(text, dots):
    """Read what stands on the two sides of `dots`, or one date on both, as the days between."""
    first, _, last = text.partition(dots) if dots else (text, "", text)
    none = ("", "..") if dots == "/" else ("",)
    start, end = (None if side in none else _one(side) for side in (first, last))
    if start is end is None:
        raise DataError(_advice(text))
    if start and end and start.start > end.end:
        raise DataError(f"{text!r} ends before it starts; write the earlier date first")
    return start, end


@functools.lru_cache(4096)
def courses(text, known_until=None):
    """Read a date as a tuple of the limits within which each of its members begins and ends.

    What "goes on" does so at least to the end of `known_until`, the date on which its source reports
    (``documents.latest_date``); where that is not given, only the beginning is certain.

    >>> [str(day) for day in courses("2018/2025")[0]]
    ['2018-01-01', '2018-12-31', '2025-01-01', '2025-12-31']
    """
    if not isinstance(text, str):
        raise DataError(_advice(str(text)))
    if "/" not in text or text[0] in "[{":
        found, members = [], [text]
        if text[:1] + text[-1:] in ("[]", "{}"):
            members = [part.strip() for part in text[1:-1].split(",")]
        for part in members:
            start, end = _between(part, ".." if ".." in part and text[0] == "[" else "")
            first, last = start.start if start else date.min, end.end if end else date.max
            found.append(Course(first, last, first, last))
        return tuple(found)
    start, end = _between(text, "/")
    first = start or Span(date.min, end.end)
    goes_on = _one(known_until).end if known_until and text.endswith("..") else first.start
    last = end or Span(goes_on, date.max)
    # Whatever begins has not ended before: that draws the inner limits together.
    return (Course(first.start, min(first.end, last.end), max(first.start, last.start), last.end),)


def spans(text):
    """Read a date as the stretches of days that it can mean, a list of Span in time order.

    >>> [f"{s.start} {s.end}" for s in spans("[2019-04,2019-06]") + spans("2013/")]
    ['2019-04-01 2019-04-30', '2019-06-01 2019-06-30', '2013-01-01 None']
    """
    days = sorted((course.first_start, course.last_end) for course in courses(text))
    return [_span(*each) for each in days]


def _span(first, last):
    """Return days as a Span, far ones as open."""
    return Span(None if first == date.min else first, None if last == date.max else last)


def span(text):
    """Return the first and last day that a date can mean, as one Span (see `spans`).

    >>> str(span("2017/2022").end)
    '2022-12-31'
    """
    days = courses(text)
    return _span(min(day.first_start for day in days), max(day.last_end for day in days))


def window(start=None, end=None):
    """Return a window as a Span, from the first day of `start` to the last day of `end`.

    A side is a text, a year as a number, a day as a date, or "" where there is no bound; a start
    alone (end ``None``) is that year, month or day.

    >>> window(2017, "2022-03").end, window(2017).end, window("")
    (datetime.date(2022, 3, 31), datetime.date(2017, 12, 31), Span(start=None, end=None))
    """
    days, end = [], start if end is None else end
    for name, value in (("start", start), ("end", end)):
        said = value.isoformat()[:10] if isinstance(value, date) else str(value).strip()
        try:
            days.append(None if blank(value) else getattr(span(said), name))
        except ValueError as error:
            raise DataError(f"{name}: {error}") from error
    if None not in days and days[0] > days[1]:
        said = f"{str(start)!r} comes after the end {str(end)!r}"
        raise DataError(f"start: {said}; write the earlier one first")
    return Span(*days)


def in_window(text, start=None, end=None, known_until=None):
    """Tell whether something dated `text` falls into a window, as far as its date allows.

    `start` and `end` are as for `window`, `known_until` as for `courses`. Returned is "certainly" if it
    happens, or is under way, on a day of the window by every reading, "possibly" if by some, "no" if
    by none; "undated" where no date is stated.

    >>> in_window("[2019-04,2019-06]", "2019-05", "2019-12"), in_window("2018/2025", 2020, 2020)
    ('possibly', 'certainly')
    """
    first, last = window(start, end)
    if blank(text):
        return "undated"
    known, first, last = courses(text, known_until), first or date.min, last or date.max
    # By no reading does it end before the window, nor begin after it.
    certain = [c.first_end >= first and c.last_start <= last for c in known]
    if any(certain) if text[0] == "{" else all(certain):
        return "certainly"
    return "possibly" if any(c.first_start <= last and c.last_end >= first for c in known) else "no"


def precision(text):
    """Name how precisely a date is known.

    Also "month", "partly unknown", "one of several", "several", "period", "start not stated".

    >>> [precision(t) for t in ("1985", "2022-12-07", "2015/..", "2013/")]
    ['year', 'day', 'going on', 'end not stated']
    """
    courses(text)
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
        any(o.first_start <= i.first_start and i.last_end <= o.last_end for o in courses(outer))
        for i in courses(inner)
    )


def year(text):
    """Return the one year in which something dated `text` happens, or ``None`` where there is not one.

    >>> year("2022-12-07"), year("[2019-04,2019-06]"), year("2018/2025"), year("")
    (2022, 2019, None, None)
    """
    if blank(text):
        return None
    first, last = span(text)
    return first.year if first and last and first.year == last.year else None
