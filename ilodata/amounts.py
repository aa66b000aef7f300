"""What an amount of money can mean: what is printed, its hedge, and the arithmetic of the bounds.

The rule for each hedge is *our* reading of the word, and is called that wherever it is shown.
Nothing here reads a file; bad input raises ``ValueError`` with what would be right.
"""

import math
from typing import NamedTuple

from ilodata.dates import blank
from ilodata.problems import DataError


class Rule(NamedTuple):
    """Where a figure lies, in units of its last printed digit from what is printed, and why."""

    below: float
    above: float
    reason: str


class Bounds(NamedTuple):
    """Lowest and highest value under our reading; ``inf`` above where open, ``nan`` where unknown."""

    low: float
    high: float


# One written rule for each hedge. A misprint has none, so its sides are missing.
QUALIFIERS = {
    "exact": Rule(0, 0, "No hedge: the figure is what is printed."),
    "nearly": Rule(-1, 0, "One unit lower, the lower figure would have been printed."),
    "over": Rule(0, 1, "One unit higher, the higher figure would have been printed."),
    "more_than": Rule(0, 1, "The same as over, in other words."),
    "at_least": Rule(0, 1, "The same as over; the figure itself is possible too."),
    "almost": Rule(-1, 0, "The same as nearly, in other words."),
    "close_to": Rule(-1, 0, "The same as nearly, in other words."),
    "under": Rule(-1, 0, "The same as nearly, in other words."),
    "less_than": Rule(-1, 0, "The same as nearly, in other words."),
    "at_most": Rule(-1, 0, "The same as nearly; the figure itself is possible too."),
    "as_many_as": Rule(-1, 0, "The same as nearly: the most there were."),
    "up_to": Rule(-math.inf, 0, "A ceiling: anything below it would be said so."),
    "about": Rule(-0.5, 0.5, "Half a unit further, the next figure would have been printed."),
    "around": Rule(-0.5, 0.5, "The same as about, in other words."),
    "approximately": Rule(-0.5, 0.5, "The same as about, in other words."),
    "roughly": Rule(-0.5, 0.5, "The same as about, in other words."),
    "some": Rule(-0.5, 0.5, "The same as about, in other words."),
    "estimated": Rule(-0.5, 0.5, "The same as about: nobody has counted."),
    "initial": Rule(0, 0, "The instalment itself is exact; only its agreement's total is open."),
    "misprint": Rule(math.nan, math.nan, "No figure can be read, so any amount is possible."),
}
UNKNOWN = Bounds(math.nan, math.nan)


def bounds(amount, qualifier, unit):
    """Bound an amount by its hedge and its last printed digit.

    `amount` is what is printed, `unit` one unit of its last digit, both in US dollars; `qualifier` is
    one of `QUALIFIERS`. Only a misprint has no amount: its bounds are `UNKNOWN`.

    >>> bounds(2_200_000, "over", unit=100_000)
    Bounds(low=2200000, high=2300000)
    """
    if qualifier not in QUALIFIERS:
        raise DataError(f"{qualifier!r} is not a qualifier; write one of {', '.join(QUALIFIERS)}")
    below, above, _ = QUALIFIERS[qualifier]
    if blank(amount) != (qualifier == "misprint"):
        shown = "a blank amount" if blank(amount) else f"amount {amount}"
        raise DataError(f"{shown} does not go with {qualifier!r}; only a misprint has none")
    if blank(amount):
        return UNKNOWN
    if blank(unit):
        raise DataError(f"amount {amount} has no printed unit; write one unit of its last digit")
    low = 0 if below == -math.inf else math.floor(amount + below * unit)
    return Bounds(low, math.ceil(amount + above * unit))


def hedge(qualifier):
    """Say a hedge as it stands before a figure; nothing for an exact or misprinted one.

    >>> hedge("more_than"), hedge("initial"), hedge("exact")
    ('more than ', 'an initial ', '')
    """
    if qualifier in ("", "exact", "misprint"):
        return ""
    article = "an " if qualifier in ("initial", "estimated") else ""
    return f"{article}{qualifier.replace('_', ' ')} "


def _at_least_nothing(amount):
    """Read an unknown amount as any that is not negative: no document states a negative one."""
    return Bounds(0, math.inf) if math.isnan(amount.low) else amount


def total(amounts):
    """Add bounded amounts; an unknown one leaves the sum open above, since none is negative.

    >>> total([Bounds(235, 236), Bounds(5, 5)])
    Bounds(low=240, high=241)
    """
    known = [_at_least_nothing(amount) for amount in amounts]
    return Bounds(sum(amount.low for amount in known), sum(amount.high for amount in known))


def share(part, whole_parts):
    """Bound the share of one bounded amount in `whole_parts`, a sum that it belongs to.

    The share is lowest where the part is at its lowest and all others are at their highest. It is a
    fraction of 1; from 0 or to 1 where amounts are unknown, ``nan`` where all are zero.

    >>> [round(bound, 4) for bound in share(Bounds(235, 236), [Bounds(235, 236), Bounds(5, 5)])]
    [0.9792, 0.9793]
    """
    known, one = [_at_least_nothing(amount) for amount in whole_parts], _at_least_nothing(part)
    if one not in known:
        raise DataError(f"{part} is not one of the amounts summed; give it among them")
    known.remove(one)
    others = total(known)
    if one.high == others.high == 0:
        return UNKNOWN
    most = 1 if one.high == math.inf else one.high and one.high / (one.high + others.low)
    return Bounds(one.low and one.low / (one.low + others.high), most)
