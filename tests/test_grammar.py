"""What a run of words says: each style of figures, and the words around them."""

import pytest

from ilodata.curation import grammar


@pytest.mark.parametrize(
    ("words", "dates"),
    [
        ("On December 9, 2022, China’s", [["2022-12-09"]]),
        ("the 1st May 2020", [["2020-05-01"]]),
        ("between 23 and 25 May 2024", [["2024-05-23/2024-05-25"]]),
        ("from May to June 2024, 2019 to 2020", [["2024-05/2024-06"], ["2019/2020"]]),
        ("ran from May 2019 in Peru", [["2019-05"]]),
        ("In 2013, China and ILO launched their first", [["2013", "2013/"]]),
        ("US$ 2,018 and 2019,500 and 12019", []),
        ("the 21st Century and 40 years", []),
        ("3 to 5 May 2023, 14–16 June", [["2023-05-03/2023-05-05"]]),
        ("28 May–3 June 2023", [["2023-05-28/2023-06-03"]]),
        ("May 2020 to June 2021", [["2020-05/2021-06"]]),
        ("25.12.2020, 12/25/2020 and 7/12/2022", [["2020-12-25"], ["2020-12-25"]]),
        ("in the 1990s; first half of 2021; FY 2020; 2021-22", [["199X"], ["2021"], ["2021/2022"]]),
        ("April to June 2019; Sept. 2020", [["2019-04/2019-06"], ["2020-09"]]),
        ("31 April 2020, 2022-2017", []),
    ],
)
def test_dates_are_read_in_every_style_and_no_closer_than_they_are_stated(words, dates):
    assert grammar.read(words, "date") == dates


@pytest.mark.parametrize(
    ("words", "amounts"),
    [
        ("US$ 1 million, US$ 5.25 billion", [(10**6, 10**6), (5_250_000_000, 10_000_000)]),
        ("US$ 3,7300 or US$ 37,,300", [(None, None), (None, None)]),
        ("US$ 2 500 000, USD 5m", [(2_500_000, 1), (5_000_000, 1_000_000)]),
        ("3.2 million US dollars", [(3_200_000, 100_000)]),
        ("five million dollars, 5 million United States dollars", [(5_000_000, 1_000_000)] * 2),
        ("US$ 1234567890123456789012, too long for a table", []),
        ("EUR 1.5 billion, A$ 5 million, 3 million yuan, millions of dollars", []),
    ],
)
def test_amounts_are_read_with_their_last_printed_digit_and_a_misprint_has_none(words, amounts):
    assert grammar.amounts(words) == amounts


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("nearly a quarter of the global workforce", [0.25]),
        ("the world’s largest population", [1]),
        ("the third programme", []),
        ("two-thirds of them, a fifth of us, half a million", [0.6667, 0.2, 500_000]),
        ("US$ 1 million on 7 December 2022", []),
        ("2017-2022 and the SDG16", []),
        ("two hundred and five of 12 thousand, three quarters", [205, 12_000, 0.75]),
        ("3,7300 or 12,34 people", []),
        ("300 (men), 12 (yes) and 40 (EUR)", [300, 12]),
        ("186 000 people in 2019 150 times, 1 2 3", [186_000, 150, 1, 2, 3]),
    ],
)
def test_counts_shares_and_ranks_are_read_but_no_dates_and_no_money(words, numbers):
    assert grammar.read(words, "number") == [[str(number)] for number in numbers]


def test_ordinals_are_words_of_their_own():
    words = "the third Decent Work Country Programme, the First; firstly; the twenty-first; 112th"
    assert grammar.read(words, "ordinal") == [["3"], ["1"], ["21"], ["112"]]


@pytest.mark.parametrize(
    ("words", "hedges"),
    [
        ("an initial contribution of US$1 million", ["initial"]),
        ("over a third of the workforce, nearly a half", ["over", "nearly"]),
        ("about six organizations", ["about"]),
        ("at least 3, as many as ten, an estimated 1,200", ["at_least", "as_many_as", "estimated"]),
        ("under the third programme", []),
        ("Over time, and over the years 2012", []),
    ],
)
def test_a_hedge_stands_directly_before_its_figure(words, hedges):
    said = [grammar.qualifier(words, figure) for figure in grammar.figures(words)]
    assert [each for each in said if each != "exact"] == hedges


BODY = "China provided nearly US$ 236 million, more than US$ 1.1 million and an initial contribution of US$1 million."  # fmt: skip


@pytest.mark.parametrize(
    ("fragment", "hedge"),
    [
        ("US$ 236 million", "nearly"),
        ("nearly US$ 236 million", None),
        ("China provided", None),
        ("US$1 million", "initial"),
        ("than US$ 1.1 million", "more than"),
        ("$ 236 million", "nearly"),
    ],
)
def test_a_hedge_that_is_cut_off_is_named_also_in_part_or_farther_away(fragment, hedge):
    assert grammar.cut_hedge(BODY, fragment) == hedge


def test_words_are_found_between_word_boundaries_in_their_case_and_without_line_end_hyphens():
    assert grammar.holds("high-quality employment", "focus on high- quality employment, public")
    assert not grammar.holds("quality of employment", "focus on high-quality employment")
    assert grammar.spots("ILO", "the ILO’s Maritime Labour Convention")
    assert not grammar.spots("ILO", "PHILO and ILOs and ilo")
    assert grammar.spots("“1+6” Roundtable", "the seventh “1+6” Roundtable with")
