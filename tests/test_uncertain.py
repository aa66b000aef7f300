"""Dates and amounts mean what their wording allows: no less, and nothing more certain."""

import ast
import calendar
import datetime
import itertools
import math
import re
from fractions import Fraction

import edtf
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ilodata import uncertain
from ilodata.uncertain import (
    Bounds,
    bounds,
    contains,
    count,
    duration,
    in_window,
    say_date,
    say_duration,
    span,
    spans,
    total,
)

TODAY = pd.Timestamp("2022-12-09")

years = st.integers(1900, 2100).map(str)
months = st.builds("{}-{:02d}".format, years, st.integers(1, 12))
days = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31)).map(str)
unknown = st.sampled_from(["201X", "20XX", "2019-XX", "2019-XX-XX", "2020-02-XX"])
single = years | months | days | unknown
sets = st.lists(single, min_size=2, max_size=3).map(",".join)
periods = st.tuples(single, single).map(sorted).map("/".join)
dates = st.one_of(single, periods, *(sets.map(form.format) for form in ("[{}]", "{{{}}}"))) | (
    st.builds("{}{}".format, single, st.sampled_from(["/", "/.."]))
)


def test_a_hedged_and_an_exact_project_amount_add_up_to_a_range():
    amounts = [bounds(2_200_000, "over", unit=100_000), bounds(746_014, "exact", unit=1)]
    assert total(amounts) == Bounds(low=2_946_014, high=3_046_014)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ((236_000_000, "nearly", 1_000_000), (235_000_000, 236_000_000)),
        ((1_100_000, "more_than", 100_000), (1_100_000, 1_200_000)),
        ((1_000_000, "initial", 1_000_000), (1_000_000, 1_000_000)),
        ((5_200_000, "exact", 100_000), (5_200_000, 5_200_000)),
        ((5_200_000, "exact", 100_000, "rounded"), (5_150_000, 5_250_000)),
        ((746_014, "exact", 1, "rounded"), (746_014, 746_014)),
        ((2_200_000, "over", 100_000, "rounded"), (2_200_000, 2_300_000)),
    ],
)
def test_an_amount_lies_within_one_printed_unit_on_the_side_of_its_hedge(printed, expected):
    assert bounds(*printed) == expected


def test_a_misprint_has_no_amount_and_leaves_a_sum_open_above():
    unknown = bounds(pd.NA, "misprint", pd.NA)
    assert math.isnan(unknown.low) and math.isnan(unknown.high)
    assert total([Bounds(746_014, 746_014), unknown]) == (746_014, math.inf)
    assert total([]) == (0, 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((5, "about", 1), "'about' is no qualifier; write one of exact, nearly, over, more_than"),
        ((5, "exact", 1, "true"), "'true' is no reading; write printed or rounded"),
        (
            (37_300, "misprint", 100),
            "amount 37300 does not go with 'misprint'; a misprint has none",
        ),
        ((pd.NA, "exact", 1), "amount <NA> does not go with 'exact'; a misprint has none"),
    ],
)
def test_an_amount_that_cannot_be_bounded_is_refused(arguments, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        bounds(*arguments)


stated = st.tuples(st.integers(1, 10**6), st.sampled_from(sorted(uncertain.QUALIFIERS)), st.sampled_from([1, 10**6]))  # fmt: skip


@given(st.lists(st.tuples(stated, st.floats(0, 1)), max_size=6))
def test_a_sum_holds_every_choice_that_its_amounts_allow(drawn):
    amounts, choice = [], 0
    for (digits, qualifier, unit), at in drawn:
        unknown = qualifier == "misprint"
        amounts.append(bounds(pd.NA if unknown else digits * unit, qualifier, unit))
        low, high = (0, 10**12) if unknown else amounts[-1]
        choice += low + round(at * (high - low))
    assert total(amounts).low <= choice <= total(amounts).high


@pytest.mark.parametrize(
    ("text", "precision", "words", "parts"),
    [
        ("2022-12-07", "day", "7 December 2022", ["2022-12-07 2022-12-07"]),
        ("2020-02", "month", "February 2020", ["2020-02-01 2020-02-29"]),
        ("1985", "year", "1985", ["1985-01-01 1985-12-31"]),
        ("2017/2022", "period", "2017 to 2022", ["2017-01-01 2022-12-31"]),
        ("2015/..", "going on", "since 2015", ["2015-01-01 NaT"]),
        ("2013/", "end not stated", "2013, end not stated", ["2013-01-01 NaT"]),
        ("../2013", "start not stated", "until 2013", ["NaT 2013-12-31"]),
        ("[2019-04,2019-06]", "one of several", "April or June 2019", ["2019-04-01 2019-04-30", "2019-06-01 2019-06-30"]),
        ("{2022,2017}", "several", "2022 and 2017", ["2017-01-01 2017-12-31", "2022-01-01 2022-12-31"]),
        ("[2018-12,2019-01]", "one of several", "December 2018 or January 2019", ["2018-12-01 2018-12-31", "2019-01-01 2019-01-31"]),
    ],
)  # fmt: skip
def test_a_date_is_read_and_said_as_all_the_days_it_can_mean(text, precision, words, parts):
    assert [" ".join(str(day)[:10] for day in part) for part in spans(text)] == parts
    assert span(text) == (spans(text)[0].start, spans(text)[-1].end)
    assert (uncertain.precision(text), say_date(text)) == (precision, words)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2017–2022", "'2017–2022' is not a date we read; write 2017/2022"),
        ("7 December 2022", "'7 December 2022' is not a date we read; write a year, month or day"),
        ("2022-02-30", "'2022-02-30' is not a date we read"),
        ("../..", "'../..' is not a date we read"),
        ("", "'' is not a date we read"),
        ("2022/2017", "'2022/2017' ends before it starts; write the earlier date first"),
        ("2022-06/2021", "'2022-06/2021' ends before it starts"),
        ("[2020..2018]", "'2020..2018' ends before it starts"),
        (
            "2019?",
            "'2019?' is not a date we read; '?' doubts the date itself; leave the cell blank and list",
        ),
        (
            "[2018,2019~]",
            "'2019~' is not a date we read; '~' does not say how near; write what the document",
        ),
        (
            "2018/2019%",
            "'2019%' is not a date we read; '%' doubts the date and does not say how near",
        ),
        (
            "2019-21",
            "'2019-21' is not a date we read; a season has other months in each hemisphere",
        ),
        ("2019-1X", "'2019-1X' is not a date we read; write a year, month or day"),
        ("201X-05", "'201X-05' is not a date we read"),
        ("{2018..2020}", "'2018..2020' is not a date we read"),
        ("2022-12-07T10:00:00Z", "'2022-12-07T10:00:00Z' is not a date we read"),
    ],
)
def test_a_date_that_cannot_be_read_is_named_with_the_remedy(text, message):
    with pytest.raises(ValueError) as error:
        spans(text)
    assert str(error.value).startswith(message)


@given(st.text() | st.text("0123456789-/[]{},.XYTZ?~% ", max_size=14) | dates)
def test_nothing_but_a_value_error_with_the_text_in_it_escapes_the_readers(text):
    for read in (spans, span, uncertain.precision):
        try:
            read(text)
        except ValueError as error:
            found = str(error).split(" is not a date")[0].split(" ends before")[0]
            assert ast.literal_eval(found) in text


@given(dates)
def test_a_date_has_its_parts_in_time_order_contains_itself_and_lies_in_its_own_window(text):
    try:
        parts = spans(text)
    except ValueError:
        assume(False)
    assert parts == sorted(parts) and all(p.end is pd.NaT or p.start <= p.end for p in parts)
    assert contains(text, text) and in_window(text, text, text) == "certainly"


COARSER = ["{0:.4}", "{0:.7}", "[{0:.7},2100-12]", "{0:.4}/..", "1899/{0}"]


@given(days, st.sampled_from(COARSER), years, st.integers(0, 30))
def test_what_may_be_in_a_window_may_be_there_by_every_coarser_statement(day, form, start, more):
    outer, window = form.format(day), (start, str(int(start) + more))
    assert contains(outer, day)
    if in_window(day, *window) == "certainly":
        assert in_window(outer, *window) != "no"
    if in_window(outer, *window) == "certainly" and "/" not in outer:
        assert in_window(day, *window) == "certainly"


def test_a_finer_date_does_not_contain_a_coarser_one_nor_a_set_the_months_between():
    assert not contains("2022-12-07", "2022-12") and not contains("2017/2022", "2015/..")
    assert not contains("[2019-04,2019-06]", "2019-05") and contains("2019", "[2019-04,2019-06]")


@pytest.mark.parametrize(
    ("text", "start", "end", "expected"),
    [
        ("2022-12-07", "2022", "2022", "certainly"),
        ("2022-12", "2022-12-07", "2022-12-09", "possibly"),
        ("2019", "2020", "2022", "no"),
        ("2012", 2012, 2012, "certainly"),
        # a period is under way, for certain between its first and its last date
        ("2018/2025", "2020", "2020", "certainly"),
        ("2018/2025", "2025", "2030", "certainly"),
        ("2017/2022", "2017-06", "2017-06", "possibly"),
        ("2018/2025", "2026", "2030", "no"),
        # of an end that is not stated only the beginning is certain
        ("2013/", "2013", "2013", "certainly"),
        ("2013/", "2014", "2020", "possibly"),
        ("2013/", "2012", "2012", "no"),
        ("../2013", "2013", "2013", "certainly"),
        ("/2013", "1990", "1990", "possibly"),
        ("../2013", "1990", "1990", "possibly"),
        ("2022-06/2022", "2022-06", "2022-06", "certainly"),
        ("2022/2022-06", "2022-01", "2022-07", "certainly"),
        # what goes on is certain until the day of the document
        ("2015/..", "2014", "2014", "no"),
        ("2015/..", "2020", "2020", "certainly"),
        ("2015/..", "2024", "2024", "possibly"),
        # one of several, and each of several
        ("[2019-04,2019-06]", "2019", "2019", "certainly"),
        ("[2019-04,2019-06]", "2019-06", "2019-12", "possibly"),
        ("[2019-04,2019-06]", "2019-05", "2019-05", "no"),
        ("{2017,2022}", "2022", "2023", "certainly"),
        ("{2017,2022}", "2022-05", "2022-05", "possibly"),
        ("{2017,2022}", "2018", "2021", "no"),
        ("[2018..2020]", "2019", "2019", "possibly"),
        ("[..2013]", "1950", "2013", "possibly"),
        ("201X", "2010", "2019", "certainly"),
        (pd.NA, "2012", "2022", "undated"),
        (None, "2012", "2022", "undated"),
        (float("nan"), "2012", "2022", "undated"),
    ],
)
def test_a_date_is_in_a_window_as_far_as_it_allows(text, start, end, expected):
    assert in_window(text, start, end, TODAY) == expected


@pytest.mark.parametrize("value", [["2012"], {}, 2012, None])
def test_what_is_no_text_is_refused_as_a_date_in_a_sentence(value):
    with pytest.raises(ValueError, match="is not a date we read; write a year"):
        uncertain.courses(value)


def test_a_reversed_window_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="^the window 2022 to 2017 ends before it starts$"):
        in_window("2019", "2022", "2017")


def test_an_amount_is_said_with_its_bounds_and_without_rounding_and_no_date_as_none():
    assert uncertain.say_bounds(Bounds(1_119_014, 1_119_014)) == "US$ 1,119,014"
    assert (
        uncertain.say_bounds(Bounds(235e6, 236e6)) == "between US$ 235 million and US$ 236 million"
    )
    assert uncertain.say_bounds(Bounds(5_200_000, math.inf)) == "at least US$ 5.2 million"
    assert uncertain.say_bounds(Bounds(math.nan, math.nan)) == "an unknown amount"
    assert [say_date(v) for v in (None, pd.NA, float("nan"))] == ["not dated"] * 3


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0, 0, "no party"), (1, 1, "one party"), (2, 2, "2 parties"), (1200, 1200, "1,200 parties"),
     (0, 1, "at most one party"), (0, 3, "at most 3 parties"), (1, 3, "between 1 and 3 parties"),
     (4, 6, "between 4 and 6 parties"), (1, math.inf, "at least one party")],
)  # fmt: skip
def test_none_one_and_many_are_counted_in_good_english(low, high, words):
    assert uncertain.say_count(low, high, "party", "parties") == words


@pytest.mark.parametrize("text", ["[", "[]", "{}", 2019])
def test_a_text_that_is_no_date_is_not_said(text):
    with pytest.raises(ValueError, match="is not a date we read"):
        say_date(text)


@pytest.mark.parametrize(
    ("text", "words", "days"),
    [
        ("201X", "some year from 2010 to 2019", "2010-01-01 2019-12-31"),
        ("19XX", "some year from 1900 to 1999", "1900-01-01 1999-12-31"),
        ("2019-XX", "some month of 2019", "2019-01-01 2019-12-31"),
        ("2020-02-XX", "some day of February 2020", "2020-02-01 2020-02-29"),
        ("[2018..2020]", "some day from 2018 to 2020", "2018-01-01 2020-12-31"),
        ("[..2013]", "2013 or before", "NaT 2013-12-31"),
        ("[2012,2013-05..]", "2012 or May 2013 or later", "2012-01-01 NaT"),
    ],
)
def test_unknown_digits_and_stretches_are_read_and_said_as_all_that_they_leave_open(
    text, words, days
):
    assert say_date(text) == words
    assert " ".join(str(day)[:10] for day in span(text)) == days
    assert uncertain.precision(text) in ("partly unknown", "one of several")


@given(single)
def test_a_single_date_is_read_as_the_library_edtf_reads_it(text):
    read = edtf.parse_edtf(text)
    assert [day.timetuple()[:3] for day in span(text)] == [
        tuple(read.lower_strict())[:3], tuple(read.upper_strict())[:3],
    ]  # fmt: skip


def test_a_set_spans_to_the_last_day_of_any_of_its_parts():
    assert str(span("[2031,2031-02]").end.date()) == "2031-12-31"


# The readings of a date, written down apart from the module: every way in which it can be true.
# A date is drawn as its text, its shape, and the first and last day of each part; a reading is a
# list of (first day, last day), one for each happening that the text states.

NOW, HORIZON = TODAY.date(), datetime.date(2103, 1, 1)  # far enough for an end that is not stated


@st.composite
def parts_of_dates(draw, low, high):
    year, month = draw(st.integers(low, high)), draw(st.integers(1, 12))
    day = draw(st.integers(1, calendar.monthrange(year, month)[1]))
    last = calendar.monthrange(year, month)[1]
    ends = {
        "{0}": ((1, 1), (12, 31)),
        "{0}-XX": ((1, 1), (12, 31)),
        "{0}-{1:02d}": ((month, 1), (month, last)),
        "{0}-{1:02d}-XX": ((month, 1), (month, last)),
        "{0}-{1:02d}-{2:02d}": ((month, day), (month, day)),
    }
    form = draw(st.sampled_from([*ends, "201X"]))
    if form == "201X":
        return form, datetime.date(2010, 1, 1), datetime.date(2019, 12, 31)
    first, last = (datetime.date(year, *month_and_day) for month_and_day in ends[form])
    return form.format(year, month, day), first, last


FORMS = {
    "one": "[{}]", "any between": "[{}..{}]", "all": "{{{}}}", "period": "{}/{}",
    "goes on": "{}/..", "no end": "{}/", "no start": "/{}",
}  # fmt: skip


SOME = parts_of_dates(1990, 2030)
PERIODS = ("period", "goes on", "no end", "no start")


@st.composite
def stated_dates(draw, single=SOME, shapes=("moment", *FORMS)):
    shape = draw(st.sampled_from(shapes))
    if shape in ("one", "all"):
        parts = draw(st.lists(single, min_size=1, max_size=3))
        return FORMS[shape].format(",".join(text for text, *_ in parts)), shape, parts
    if shape in ("any between", "period"):
        parts = [draw(single), draw(single)]
        assume(parts[0][1] <= parts[1][2])
        return FORMS[shape].format(parts[0][0], parts[1][0]), shape, parts
    part = draw(single)
    return FORMS.get(shape, "{}").format(part[0]), shape, [part]


def limits(shape, parts):
    """Give for each happening the days on which it can begin, and those on which it can end."""
    _, first, last = parts[0]
    if shape == "period":
        return [((first, last), parts[1][1:])]
    if shape == "goes on":
        return [((first, last), (NOW, HORIZON))]
    if shape == "no end":
        return [((first, last), (first, HORIZON))]
    return [((datetime.date(1800, 1, 1), last), (first, last))]


@st.composite
def readings(draw, shape, parts):
    def moment(first, last):
        day = draw(st.dates(first, last))
        return (day, day)

    if shape in ("moment", "one"):
        return [moment(*draw(st.sampled_from(parts))[1:])]
    if shape == "any between":
        return [moment(parts[0][1], parts[1][2])]
    if shape == "all":
        return [moment(first, last) for _, first, last in parts]
    [((first, last), (soonest, latest))] = limits(shape, parts)
    start = draw(st.dates(first, min(last, latest)))
    return [(start, draw(st.dates(max(start, soonest), latest)))]


def every_reading(shape, parts):
    """List all readings, of dates so short that there are few."""

    def moments(first, last):
        return [first + datetime.timedelta(n) for n in range((last - first).days + 1)]

    if shape in ("moment", "one", "any between"):
        stretches = (
            [(parts[0][1], parts[1][2])] if shape == "any between" else [p[1:] for p in parts]
        )
        return [[(day, day)] for stretch in stretches for day in moments(*stretch)]
    if shape == "all":
        return [
            [(day, day) for day in days]
            for days in itertools.product(*(moments(*part[1:]) for part in parts))
        ]
    [(starts, ends)] = limits(shape, parts)
    starts = (max(starts[0], SHORT[0]), starts[1])
    ends = (ends[0], min(ends[1], SHORT[1]))
    return [[(s, e)] for s in moments(*starts) for e in moments(*ends) if s <= e]


# Days around the day of the documents and a month that holds them, and a horizon around both.
SHORT = datetime.date(2022, 11, 28), datetime.date(2023, 1, 3)
DAY = st.dates(datetime.date(2022, 12, 4), datetime.date(2022, 12, 14))
BRIEF = DAY.map(lambda day: (str(day), day, day)) | st.just(
    ("2022-12", datetime.date(2022, 12, 1), datetime.date(2022, 12, 31))
)


def touches(reading, start, end):
    return any(first <= end and start <= last for first, last in reading)


@given(st.data())
def test_a_reading_is_in_a_window_that_holds_it_for_certain_and_in_none_that_excludes_it(data):
    text, shape, parts = data.draw(stated_dates())
    reading = data.draw(readings(shape, parts))
    ends = [data.draw(parts_of_dates(1990, 2030)) for _ in range(2)]
    (start, first, _), (end, _, last) = sorted(ends, key=lambda part: part[1:])
    assume(first <= last)
    found = in_window(text, start, end, TODAY)
    assert found != ("no" if touches(reading, first, last) else "certainly")


@given(st.data())
def test_a_count_of_each_year_holds_the_truth_of_every_reading(data):
    dates = data.draw(st.lists(stated_dates(), max_size=6))
    truth = [data.draw(readings(shape, parts)) for _, shape, parts in dates]
    for year in range(2008, 2026):
        whole = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        low, high = count([text for text, *_ in dates], year, year, TODAY)
        assert low <= sum(touches(reading, *whole) for reading in truth) <= high


@given(st.lists(stated_dates(BRIEF), max_size=3), DAY, DAY)
def test_both_ends_of_a_count_are_reached_by_some_reading_of_all_dates_at_once(dates, one, other):
    start, end = sorted([one, other])
    # what a reading adds to the count is all that matters here, and keeps their number small
    adds = [
        {touches(reading, start, end) for reading in every_reading(shape, parts)}
        for _, shape, parts in dates
    ]
    numbers = [sum(chosen) for chosen in itertools.product(*adds)]
    found = count([text for text, *_ in dates], str(start), str(end), TODAY)
    assert found == (min(numbers), max(numbers))


MONTH = st.integers(1, 3).map(lambda m: (f"2022-{m:02d}", datetime.date(2022, m, 1), datetime.date(2022, m, calendar.monthrange(2022, m)[1])))  # fmt: skip


@given(st.lists(st.tuples(MONTH, MONTH), min_size=1, max_size=3))
def test_the_counts_of_all_months_at_once_are_no_tighter_than_each_by_itself(periods):
    """Several dates are counted together: by brute force over all that they can mean jointly."""
    periods = [sorted(pair, key=lambda part: part[1]) for pair in periods]
    windows = [(d, d.replace(day=calendar.monthrange(2022, d.month)[1])) for d in (datetime.date(2022, m, 1) for m in range(1, 5))]  # fmt: skip
    patterns = [
        {
            tuple(touches([(s, e)], *w) for w in windows)
            for s in (first[1], first[2])  # only the ends of a month can change what is touched
            for e in (last[1], last[2])
            if s <= e
        }
        for first, last in periods
    ]
    sums = [list(map(sum, zip(*chosen, strict=True))) for chosen in itertools.product(*patterns)]
    for n, (start, end) in enumerate(windows):
        texts = [f"{first[0]}/{last[0]}" for first, last in periods]
        found = count(texts, str(start), str(end))
        assert found == (min(s[n] for s in sums), max(s[n] for s in sums))


def test_a_count_is_of_dates_and_says_what_is_certain_and_what_is_possible():
    dates = ["2019", "[2019-04,2019-06]", "[2018-12,2019-01]", "2018/", None, pd.NA]
    assert count(dates, "2019", "2019") == (2, 4)
    assert count([], "2019", "2019") == (0, 0)


@given(st.data())
def test_how_long_a_period_lasts_is_within_its_bounds_in_days_and_in_words(data):
    text, shape, parts = data.draw(stated_dates(shapes=PERIODS))
    low, high = duration(text, TODAY)
    [(start, end)] = data.draw(readings(shape, parts))
    assert low <= (end - start).days + 1 <= high
    least, most = said(say_duration(text, TODAY))
    assert least(start) <= end and (most is None or end <= most(start))


def said(words):
    """Read a duration in words: functions from the first day to the earliest and latest last one."""
    found = re.fullmatch(
        r"(?:(at least) )?(?:between )?(one|[\d,]+)(?: (\w+))?(?: and (one|[\d,]+) (\w+))?", words
    )
    limit, low, unit, high, units = found.groups()
    unit = unit or units

    def after(number, name):
        number = 1 if number == "one" else int(number.replace(",", ""))
        offset = pd.DateOffset(**{name.rstrip("s") + "s": number})
        return lambda start: (start + offset - pd.Timedelta(days=1)).date()

    return after(low, unit), None if limit else after(high or low, units or unit)


@given(stated_dates(BRIEF, PERIODS))
def test_some_reading_lasts_the_shortest_and_some_the_longest_time(date):
    text, shape, parts = date
    lasts = [(e - s).days + 1 for [(s, e)] in every_reading(shape, parts)]
    assert duration(text, TODAY) == (min(lasts), max(lasts) if shape == "period" else math.inf)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2018/2025", "between 6 and 8 years"),
        ("2020/2022", "between 1 and 3 years"),
        ("2022/2023", "between 2 days and 2 years"),
        ("2022-11/2023-02", "between 2 and 4 months"),
        ("2020-01-01/2021-12-31", "2 years"),
        ("2022-12-07/2022-12-09", "3 days"),
        ("2020-01-05/2022-03-07", "793 days"),
        ("2020-01-05/2022-03", "between 2 and 3 years"),
        ("2020-01-31/2020-03-01", "31 days"),
        ("[2019-04,2019-06]", "for a time that is not stated"),
        ("2022-12-07/2022-12-07", "one day"),
        ("2022-01/2022-12-31", "between 11 months and one year"),
        ("2015/..", "at least 6 years"),
        ("2013/", "at least one day"),
        ("2017", "for a time that is not stated"),
        (None, "for a time that is not stated"),
    ],
)
def test_a_duration_is_said_in_units_that_hold_all_that_it_can_be(text, words):
    assert say_duration(text, TODAY) == words


# Amounts: what is computed holds every admissible reading, and nothing more than that.

UNKNOWN = bounds(pd.NA, "misprint", pd.NA)
MUCH = 10**9  # stands for an amount of any size, where one is unknown
known = st.tuples(st.integers(1, 40), st.integers(0, 10)).map(lambda m: Bounds(m[0], sum(m)))
bounded = known | st.just(UNKNOWN)


def choices(amount):
    """List whole amounts that a Bounds allows; of an unknown one the least and a very large one."""
    return [0, MUCH] if math.isnan(amount.low) else range(amount.low, amount.high + 1)


def corner(amounts):
    """List every choice of one end for each amount."""
    return itertools.product(*([choices(a)[0], choices(a)[-1]] for a in amounts))


def open_above(value):
    """Tell whether a value is what is only found where an unknown amount is very large."""
    return value >= MUCH / 2


@pytest.mark.parametrize("qualifier", uncertain.QUALIFIERS)
def test_each_hedge_has_one_rule_and_its_reason(qualifier):
    below, above, reason = uncertain.QUALIFIERS[qualifier]
    assert reason.endswith(".") and len(reason.split()) > 4
    assert math.isnan(below) if qualifier == "misprint" else -1 <= below <= 0 <= above <= 1


@given(
    st.integers(1, 10**5), st.sampled_from([1, 10, 1000]), st.floats(0, 1),
    st.sampled_from(["nearly", "over", "more_than", "exact", "initial"]),
)  # fmt: skip
def test_every_figure_that_would_be_printed_so_lies_within_its_bounds(digits, unit, at, qualifier):
    printed = digits * unit
    # what a careful writer means: nearly is cut up to the printed digit, over is cut down to it
    offset = {"nearly": -at, "over": at, "more_than": at}.get(qualifier, 0)
    low, high = bounds(printed, qualifier, unit)
    assert low <= printed + offset * unit <= high
    low, high = bounds(printed, qualifier, unit, "rounded")
    if qualifier in ("exact", "initial") and unit > 1:
        offset = at - 0.5
    assert low <= printed + offset * unit <= high


@given(st.lists(bounded, min_size=1, max_size=4), st.data())
def test_a_sum_holds_the_truth_and_each_of_its_ends_is_reached(amounts, data):
    found = total(amounts)
    chosen = [data.draw(st.sampled_from(choices(a))) for a in amounts]
    assert found.low <= sum(chosen) <= found.high
    sums = [sum(corners) for corners in corner(amounts)]
    assert found.low == min(sums)
    assert found.high == max(sums) or (found.high == math.inf and open_above(max(sums)))


@given(bounded, bounded, st.data())
def test_a_difference_holds_the_truth_and_each_of_its_ends_is_reached(whole, parts, data):
    found = uncertain.difference(whole, parts)
    one, other = (data.draw(st.sampled_from(choices(a))) for a in (whole, parts))
    assert found.low <= one - other <= found.high
    gaps = [a - b for a, b in corner([whole, parts])]
    assert found.low == min(gaps) or (found.low == -math.inf and open_above(-min(gaps)))
    assert found.high == max(gaps) or (found.high == math.inf and open_above(max(gaps)))


@given(st.lists(bounded, min_size=2, max_size=4), st.data())
def test_a_share_holds_the_truth_and_each_of_its_ends_is_reached(amounts, data):
    found = uncertain.shares(amounts)
    chosen = [data.draw(st.sampled_from(choices(a))) for a in amounts]
    corners = [ends for ends in corner(amounts) if sum(ends)]
    for at, (low, high) in enumerate(found):
        assert not sum(chosen) or low <= Fraction(chosen[at], sum(chosen)) <= high
        reached = [Fraction(ends[at], sum(ends)) for ends in corners]
        assert float(low) == pytest.approx(float(min(reached)), abs=1e-6)  # MUCH is no infinity
        assert float(high) == pytest.approx(float(max(reached)), abs=1e-6)


def test_amounts_of_zero_have_no_share():
    assert uncertain.shares([Bounds(0, 0), Bounds(0, 0)]) == [(0, 0), (0, 0)]


spring = st.dates(datetime.date(2020, 1, 1), datetime.date(2020, 4, 30)).map(str)
spring = spring | st.sampled_from(["2020-01", "2020-02", "2020-03", "2020-04"])


def numbers(date):
    first, last = span(date)
    return range(first.toordinal(), last.toordinal() + 1)


def in_order(end):
    """Draw two dates of which the second does not lie before the first: turned round if it does."""

    def ordered(pair):
        return pair if numbers(pair[0])[0] <= numbers(pair[1])[end] else pair[::-1]

    return st.tuples(spring, spring).map(ordered)


@given(in_order(0), in_order(-1))
def test_an_even_share_holds_every_first_and_last_day_and_each_of_its_ends_is_reached(
    period, around
):
    (first, last), (start, end) = period, around
    window = numbers(start)[0], numbers(end)[-1]
    reached = {
        Fraction(max(0, min(e, window[1]) - max(s, window[0]) + 1), e - s + 1)
        for s, e in itertools.product(numbers(first), numbers(last))
        if s <= e
    }
    evenly = uncertain.portion(f"{first}/{last}", start, end, evenly=True)
    assert evenly == (min(reached), max(reached))
    anyhow = uncertain.portion(f"{first}/{last}", start, end)
    assert anyhow.low <= evenly.low <= evenly.high <= anyhow.high
    assert set(anyhow) <= {0, 1}


@given(in_order(0), st.lists(st.integers(0, 9), min_size=121, max_size=121), spring)
def test_however_an_amount_falls_on_days_its_part_in_a_window_lies_within_the_bounds(
    period, weights, window
):
    first, last = period
    days = range(numbers(first)[0], numbers(last)[-1] + 1)
    spent = dict(zip(days, weights, strict=False))
    assume(sum(spent.values()))
    inside = sum(spent[day] for day in days if day in numbers(window))
    share = uncertain.portion(f"{first}/{last}", window, window)
    assert share.low <= Fraction(inside, sum(spent.values())) <= share.high


@given(periods, st.integers(1900, 2100))
def test_what_falls_evenly_on_a_period_falls_somewhere_and_nowhere_twice(period, year):
    first, last = span(period)
    parts = [
        uncertain.portion(period, str(y), str(y), evenly=True)
        for y in range(first.year, last.year + 1)
    ]
    assert sum(part.low for part in parts) <= 1 <= sum(part.high for part in parts)
    assert uncertain.portion(period, str(first.year), str(last.year), evenly=True) == (1, 1)


@pytest.mark.parametrize(
    ("period", "start", "end", "evenly", "share"),
    [
        ("2013/", "2013", "2020", True, (0, 1)),  # of an end that is not stated nothing follows
        ("2013/", "2012", "2012", True, (0, 0)),
        ("2013/", "2012", "2020/..", True, (1, 1)),
        ("../2013", "2013", "2013", True, (0, 1)),
        ("../2013", "2014", "2020", True, (0, 0)),
        ("2022", "2022", "2022", True, (1, 1)),
        ("2022", "2022-12-07", "2022-12-07", True, (0, 1)),  # a day, not a period
        ("{2017,2022}", "2022", "2022", False, (0, 1)),
        ("2018/2025", "2026", "2030", False, (0, 0)),
    ],
)
def test_a_share_of_an_open_period_or_of_a_day_is_as_wide_as_it_has_to_be(
    period, start, end, evenly, share
):
    assert uncertain.portion(period, start, end, evenly) == share


@given(bounded, st.data())
def test_a_part_of_an_amount_holds_the_truth_within_a_dollar_of_its_ends(amount, data):
    share = Bounds(*sorted(data.draw(st.tuples(*[st.fractions(0, 1)] * 2))))
    found = uncertain.product(amount, share)
    at = data.draw(st.sampled_from(choices(amount))) * data.draw(st.sampled_from(share))
    assert found.low <= at <= found.high
    ends = [choices(amount)[0] * share.low, choices(amount)[-1] * share.high]
    assert ends[0] - 1 < found.low
    assert found.high < ends[1] + 1 or (math.isnan(amount.low) and share.high)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Bounds(0, 5_000_000), "at most US$ 5 million"),
        (Bounds(0, math.inf), "an unknown amount"),
        (Bounds(0, 0), "US$ 0"),
    ],
)
def test_an_amount_that_may_be_nothing_is_said_with_its_upper_bound(amount, words):
    assert uncertain.say_bounds(amount) == words
