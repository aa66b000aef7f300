"""An amount means what is printed and its hedge, under our rule; sums hold every reading."""

import itertools
import math
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilodata.amounts import UNKNOWN, Bounds, bounds, share, total


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((5, "perhaps", 1), "'perhaps' is not a qualifier; write one of exact, nearly, over, more_than"),
        ((37_300, "misprint", 100), "amount 37300 does not go with 'misprint'; only a misprint has"),
        ((pd.NA, "exact", 1), "a blank amount does not go with 'exact'; only a misprint has none"),
        ((5, "exact", None), "amount 5 has no printed unit; write one unit of its last digit"),
    ],
)  # fmt: skip
def test_an_amount_that_cannot_be_bounded_is_refused(arguments, message):
    with pytest.raises(ValueError) as error:
        bounds(*arguments)
    assert str(error.value).startswith(message)


@given(
    st.integers(1, 10**5), st.sampled_from([1, 10, 1000]), st.floats(0, 1),
    st.sampled_from(["nearly", "almost", "over", "at_least", "about", "up_to", "exact", "initial"]),
)  # fmt: skip
def test_every_figure_that_would_be_printed_so_lies_within_its_bounds(digits, unit, at, qualifier):
    # what a careful writer means: nearly is cut up to the printed digit, over is cut down to it
    offset = {"nearly": -at, "almost": -at, "over": at, "at_least": at, "about": at - 0.5}.get(
        qualifier, -at * digits if qualifier == "up_to" else 0
    )
    low, high = bounds(digits * unit, qualifier, unit)
    assert low <= digits * unit + offset * unit <= high


# What is computed holds every admissible reading, and nothing more than that.

MUCH = 10**9  # stands for an amount of any size, where one is unknown
known = st.tuples(st.integers(1, 40), st.integers(0, 10)).map(lambda m: Bounds(m[0], sum(m)))
bounded = known | st.just(UNKNOWN)


def choices(amount):
    """List whole amounts that a Bounds allows; of an unknown one the least and a very large one."""
    return [0, MUCH] if math.isnan(amount.low) else range(amount.low, amount.high + 1)


def corners(amounts):
    """List every choice of one end for each amount."""
    return itertools.product(*([choices(a)[0], choices(a)[-1]] for a in amounts))


def open_above(value):
    """Tell whether a value is what is only found where an unknown amount is very large."""
    return value >= MUCH / 2


@given(st.lists(bounded, max_size=4), st.data())
def test_a_sum_holds_the_truth_and_each_of_its_ends_is_reached(amounts, data):
    found = total(amounts)
    chosen = [data.draw(st.sampled_from(choices(a))) for a in amounts]
    assert found.low <= sum(chosen) <= found.high
    sums = [sum(ends) for ends in corners(amounts)]
    assert found.low == min(sums)
    assert found.high == max(sums) or (found.high == math.inf and open_above(max(sums)))


@given(st.lists(bounded, min_size=2, max_size=4), st.data())
def test_a_share_holds_the_truth_and_each_of_its_ends_is_reached(amounts, data):
    chosen = [data.draw(st.sampled_from(choices(a))) for a in amounts]
    ends = [each for each in corners(amounts) if sum(each)]
    for at, amount in enumerate(amounts):
        low, high = share(amount, amounts)
        assert not sum(chosen) or low - 1e-9 <= Fraction(chosen[at], sum(chosen)) <= high + 1e-9
        reached = [each[at] / sum(each) for each in ends]
        assert low == pytest.approx(min(reached), abs=1e-6)  # MUCH is not without end
        assert high == pytest.approx(max(reached), abs=1e-6)


def test_amounts_of_zero_have_no_share_and_a_stranger_has_none_either():
    assert math.isnan(share(Bounds(0, 0), [Bounds(0, 0), Bounds(0, 0)]).low)
    with pytest.raises(ValueError, match="is not one of the amounts summed; give it among them$"):
        share(Bounds(1, 1), [Bounds(2, 2)])
