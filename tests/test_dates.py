"""A date means what its wording allows: no less, and nothing more certain."""

import datetime

import edtf
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ilodata import dates
from ilodata.dates import Span, contains, in_window, span, spans, window

years = st.integers(1900, 2100).map(str)
months = st.builds("{}-{:02d}".format, years, st.integers(1, 12))
days = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31)).map(str)
unknown = st.sampled_from(["201X", "20XX", "2019-XX", "2019-XX-XX", "2020-02-XX"])
single = years | months | days | unknown
sets = st.lists(single, min_size=2, max_size=3).map(",".join)
periods = st.tuples(single, single).map(sorted).map("/".join)
texts = st.one_of(single, periods, *(sets.map(form.format) for form in ("[{}]", "{{{}}}"))) | (
    st.builds("{}{}".format, single, st.sampled_from(["/", "/.."]))
)


@pytest.mark.parametrize(
    ("text", "precision", "parts"),
    [
        ("2020-02", "month", ["2020-02-01 2020-02-29"]),
        ("2017/2022", "period", ["2017-01-01 2022-12-31"]),
        ("../2013", "start not stated", ["None 2013-12-31"]),
        ("{2022,2017}", "several", ["2017-01-01 2017-12-31", "2022-01-01 2022-12-31"]),
        ("2020-02-XX", "partly unknown", ["2020-02-01 2020-02-29"]),
        ("[..2013]", "one of several", ["None 2013-12-31"]),
        ("[2012,2013-05..]", "one of several", ["2012-01-01 2012-12-31", "2013-05-01 None"]),
    ],
)
def test_a_date_is_read_as_all_the_days_it_can_mean(text, precision, parts):
    assert [" ".join(map(str, part)) for part in spans(text)] == parts
    assert span(text) == (spans(text)[0].start, spans(text)[-1].end)
    assert dates.precision(text) == precision


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2017–2022", "'2017–2022' is not a date we read; write 2017/2022"),
        ("7 December 2022", "'7 December 2022' is not a date we read; write a year, month or day"),
        ("2022-02-30", "'2022-02-30' is not a date we read"),
        ("../..", "'../..' is not a date we read"),
        ("2022/2017", "'2022/2017' ends before it starts; write the earlier date first"),
        ("2019?", "'2019?' is not a date we read"),
        ("2019-21", "'2019-21' is not a date we read"),
        ("2022-12-07 ", "'2022-12-07 ' is not a date we read"),
        ("{2018..2020}", "'2018..2020' is not a date we read"),
        ("0000", "'0000' is not a date we read"),
        (None, "'None' is not a date we read"),
    ],
)  # fmt: skip
def test_a_date_that_cannot_be_read_is_named_with_the_remedy(text, message):
    with pytest.raises(ValueError) as error:
        spans(text)
    assert str(error.value).startswith(message)


@given(texts)
def test_a_date_has_its_parts_in_time_order_contains_itself_and_lies_in_its_own_window(text):
    try:
        parts = spans(text)
    except ValueError:
        assume(False)
    assert all(part.end is None or part.start <= part.end for part in parts)
    assert contains(text, text) and in_window(text, text, text) == "certainly"


@given(single)
def test_a_single_date_is_read_as_the_library_edtf_reads_it(text):
    read = edtf.parse_edtf(text)
    limits = [tuple(read.lower_strict())[:3], tuple(read.upper_strict())[:3]]
    assert [day.timetuple()[:3] for day in span(text)] == limits


def test_a_finer_date_does_not_contain_a_coarser_one_nor_a_set_the_months_between():
    assert not contains("2022-12-07", "2022-12") and not contains("2017/2022", "2015/..")
    assert not contains("[2019-04,2019-06]", "2019-05") and contains("2019", "[2019-04,2019-06]")


@pytest.mark.parametrize(
    ("text", "start", "end", "expected"),
    [
        ("2022-12-07", "2022", "2022", "certainly"),
        ("2022-12", "2022-12-01", "2022-12-01", "possibly"),
        # a window without a bound on a side
        ("2019", None, 2019, "certainly"),
        ("2019", "2020", "", "no"),
        # a period is under way, for certain between its first and its last date
        ("2017/2022", "2017-06", "2017-06", "possibly"),
        ("2018/2025", "2026", "2030", "no"),
        # of an end that is not stated only the beginning is certain
        ("2013/", "2013", "2013", "certainly"),
        ("2013/", "2014", "2020", "possibly"),
        ("/2013", "1990", "1990", "possibly"),
        # what goes on is certain until the day of the document
        ("2015/..", "2014", "2014", "no"),
        ("2015/..", "2020", "2020", "certainly"),
        ("2015/..", "2022-12", "", "certainly"),
        ("2015/..", "2024", "2024", "possibly"),
        # one of several, and each of several
        ("[2019-04,2019-06]", "2019-05", "2019-05", "no"),
        ("{2017,2022}", "2018", "2021", "no"),
        ("[2018..2020]", "2019", "2019", "possibly"),
        (pd.NA, "2012", "2022", "undated"),
    ],
)
def test_a_date_is_in_a_window_as_far_as_it_allows(text, start, end, expected):
    assert in_window(text, start, end, "2022") == expected


def test_a_window_takes_years_as_numbers_or_texts_days_and_nothing():
    assert window("2017", 2022) == span("2017/2022")
    assert window(datetime.date(2019, 1, 5), pd.Timestamp("2019-02-01")).end.month == 2
    assert window(pd.NA, "") == Span(None, None) == window()


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (2017, "later", "end: 'later' is not a date we read; write a year"),
        (2022, "2017", "start: '2022' comes after the end '2017'; write the earlier one first"),
        (True, None, "start: 'True' is not a date we read; write a year"),
    ],
)
def test_a_wrong_window_is_refused_with_the_name_of_the_parameter(start, end, message):
    with pytest.raises(ValueError) as error:
        in_window("2019", start, end)
    assert str(error.value).startswith(message)
