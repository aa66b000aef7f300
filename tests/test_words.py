"""Sentences are plain English, and what they state is linked to what proves it."""

import math

import pytest

from ilodata import words
from ilodata.amounts import Bounds
from ilodata.words import Link

CELL = "contributions/dues/amount_usd"
HELD = r".* is linked already, or holds \|, \[\[ or \]\]; give plain words"


def test_a_link_shows_words_and_names_the_cells_they_rest_on():
    text = f"China gave {words.link('US$ 5', CELL)} in {words.link(2012, ['projects/a', CELL], 'a year')}."
    assert words.plain(text) == "China gave US$ 5 in 2012."
    assert words.links(text) == [
        Link("US$ 5", CELL, ""), Link("2012", f"projects/a+{CELL}", "a year"),
    ]  # fmt: skip
    assert words.link(*words.links(text)[0]) == f"[[US$ 5|{CELL}|]]"
    assert words.plain(words.link("in [2019-04,2019-06]", CELL, "[a], b")) == "in [2019-04,2019-06]"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("", CELL), "a link from '' to .* lacks a side; give words and their cells"),
        (("six", ""), "a link from 'six' to .* lacks a side; give words and their cells"),
        (("six", "a"), "'a' is not a source; write table/id/field or table/id"),
        (("six", "a/b/c/d"), "'a/b/c/d' is not a source"),
        *(((it, CELL), HELD) for it in ("a|b", "[[a", "a]]", words.link("a", CELL))),
        (("a", CELL, "b|c"), HELD),
    ],
)
def test_a_link_lacks_neither_side_and_holds_no_mark_of_one(arguments, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        words.link(*arguments)


@pytest.mark.parametrize(
    ("value", "said"),
    [(10, "ten parties"), (1200, "1,200 parties"), ((0, 1), "at most one party"), ((9, 12), "nine to 12 parties"),
     ((1, math.inf), "at least one party"), ((0, math.inf), "an unknown number of parties")],
)  # fmt: skip
def test_none_one_and_many_are_counted_in_good_english(value, said):
    assert words.counted(value, "party") == said


@pytest.mark.parametrize(
    ("amount", "exactly", "roughly"),
    [
        ((1_200_000_000, 1_200_000_000), "US$ 1.2 billion", "US$ 1.2 billion"),
        ((900_000, 1_100_000), "US$ 900,000 to 1,100,000", "US$ 900,000 to 1,100,000"),
        ((2_946_014, 3_046_014), "US$ 2,946,014 to 3,046,014", "about US$ 3 million"),
        ((0, 5_000_000), "at most US$ 5 million", "at most US$ 5 million"),
        ((0, math.inf), "an unknown amount", "an unknown amount"),
        ((math.nan, math.nan), "an unknown amount", "an unknown amount"),
        ((0, 0), "US$ 0", "US$ 0"),
    ],
)
def test_money_is_said_with_its_bounds_and_rounded_only_where_that_hides_nothing(
    amount, exactly, roughly
):
    assert words.money_range(Bounds(*amount)) == exactly
    assert words.about(Bounds(*amount)) == roughly


def test_a_share_is_said_as_so_many_of_a_hundred():
    fractions = (0.962, 0.968), (0.5, 0.5), (0.001, 0.004), (0.996, 1)
    said = [words.out_of_100(each).partition(" of ")[0] for each in fractions]
    assert said == ["96 to 97", "50", "0 to 1", "99 to 100"]
    assert words.out_of_100((math.nan, math.nan)) == "an unknown share"


def test_a_date_or_a_window_is_said_as_all_that_it_can_mean_and_no_more():
    for text, said in {
        "2019/2019": "2019",
        "2018-03/2019": "March 2018 to 2019",
        "2015/..": "since 2015",
        "../2013": "until 2013",
        "2019-XX": "some day from 1 January 2019 to 31 December 2019",
        "[2018..2020]": "some day from 2018 to 2020",
        "[2012,2013-05..]": "2012 or May 2013 or later",
    }.items():
        assert words.date(text) == said
    assert words.window("2017-03", "2022-12") == "March 2017 to December 2022"
    assert words.window("", "2022") == "2022 or before"
