"""Amounts are ranges; levels are never added; what cannot be decided is not decided."""

import math

import pandas as pd
import pytest

from ilodata import funding
from ilodata.uncertain import bounds

MILLION = 1_000_000
NUMBERS = ("amount_usd", "low_usd", "high_usd", "likely_usd")


def money(key, level, amount, qualifier="exact", unit=MILLION, **cells):
    """Write one row of contributions by hand; the amount in printed units."""
    amount = None if amount is None else round(amount * unit)
    low, high = bounds(amount, qualifier, unit)
    row = {
        "contribution_id": key, "label": key.upper(), "level": level, "channel": None,
        "payer_id": None, "period": None, "printed": f"US$ {amount or '373,00'}", "qualifier": qualifier,
        "project_id": None, "agreement_id": None, "part_of": None, "likely_usd": None,
        "low_usd": None if amount is None else low, "high_usd": None if amount is None else high,
    }  # fmt: skip
    return row | cells


def contributions(*rows):
    frame = pd.DataFrame(list(rows)).set_index("contribution_id")
    return frame.astype({c: "Int64" if c in NUMBERS else "string" for c in frame})


def total_of(channel, *amount, period="2017/2022"):
    return money(channel, "channel_total", *amount, channel=channel, period=period)


def project(key, amount, *args, **cells):
    return money(key, "project", amount, *args, project_id=key, **cells)


ASSESSED = total_of("assessed", 236, "nearly")
VOLUNTARY = total_of("voluntary", 52, "exact", 100_000)
FUND = total_of("trust_fund", 11, "more_than", 100_000, period=None)
PART = project("protection", 746_014, "exact", 1, part_of="trust_fund")
MISPRINT = project("nigeria", None, "misprint", part_of="trust_fund", likely_usd=373_000)
SIGNED = money("mou", "agreement", 1, "initial", agreement_id="mou")
KEYS = ["protection", "nigeria", "undated"]
PROJECTS = pd.DataFrame({"period": ["2018/2021", "2020/2022", None]}, KEYS, dtype="string")
AGREEMENTS = pd.DataFrame({"signed": ["2022-12-07"]}, ["mou"], dtype="string")
ORGANISATIONS = pd.DataFrame({"label": ["China"]}, ["china"], dtype="string")


def stated(*rows, use_likely=False):
    return funding.stated(contributions(*rows), PROJECTS, AGREEMENTS, ORGANISATIONS, use_likely)


def test_an_amount_is_dated_by_itself_else_by_its_project_or_agreement():
    shown = stated(FUND, PART | {"period": "2019"}, MISPRINT, SIGNED, project("undated", 1))
    assert list(shown.dated_by) == ["nothing", "amount", "project", "agreement", "nothing"]
    assert list(shown.date.fillna("")) == ["", "2019", "2020/2022", "2022-12-07", ""]


def test_what_is_not_stated_of_an_amount_is_said_to_be_not_stated():
    shown = stated(ASSESSED | {"payer_id": "china"}, SIGNED)
    assert list(shown.payer) == ["China", "not stated"]
    assert list(shown.channel) == ["assessed", "not stated"]


@pytest.mark.parametrize(
    ("use_likely", "reading", "words"),
    [(False, "none", "an unknown amount"), (True, "inferred", "US$ 373,000")],
)
def test_a_misprint_has_an_amount_only_where_its_likely_reading_is_asked_for(
    use_likely, reading, words
):
    row = stated(MISPRINT, PART, use_likely=use_likely).loc["nigeria"]
    assert (row.reading, row.range, row.printed) == (reading, words, "US$ 373,00")


def test_a_likely_reading_never_takes_the_place_of_a_stated_amount():
    row = stated(PART | {"likely_usd": 1}, use_likely=True).loc["protection"]
    assert (row.low_usd, row.reading) == (746_014, "stated")


def test_a_hedged_and_an_exact_amount_of_one_level_add_up_to_a_range():
    assert funding.total(stated(PART, project("nigeria", 22, "over", 100_000))) == (
        2_946_014,
        3_046_014,
    )


def test_an_unknown_amount_leaves_a_sum_open_above_until_its_reading_is_asked_for():
    assert funding.total(stated(PART, MISPRINT)) == (746_014, math.inf)
    assert funding.total(stated(PART, MISPRINT, use_likely=True)) == (1_119_014, 1_119_014)


@pytest.mark.parametrize(
    ("rows", "levels"),
    [
        ((ASSESSED, PART), "channel totals and project amounts"),
        ((PART, SIGNED), "agreements and project amounts"),
        ((ASSESSED, PART, SIGNED), "agreements and channel totals and project amounts"),
    ],
)
def test_amounts_of_different_levels_are_never_added(rows, levels):
    with pytest.raises(ValueError, match=f"^amounts of {levels} are never added to each other$"):
        funding.total(stated(*rows))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2017", "2022", {"assessed": "whole", "trust_fund": "undated", "protection": "whole"}),
        ("2018", "2021", {"assessed": "part", "trust_fund": "undated", "protection": "whole"}),
        ("2022", "2022", {"assessed": "part", "trust_fund": "undated"}),
        ("2023", "2030", {"trust_fund": "undated"}),
    ],
)
def test_an_amount_lies_in_a_window_whole_in_part_or_without_a_date(start, end, expected):
    amounts = stated(ASSESSED, FUND, PART)
    shown = funding.within(amounts, start, end)
    assert dict(shown.in_window) == expected
    assert shown.range.equals(amounts.range[list(expected)])  # no amount is cut to a window


def test_channels_narrow_a_window_and_an_unknown_one_names_the_nearest():
    amounts = stated(ASSESSED, VOLUNTARY, SIGNED)
    assert list(funding.within(amounts, "2017", "2022", ["not stated"]).label) == ["MOU"]
    with pytest.raises(ValueError, match="'volontary' is no channel; did you mean voluntary[?]$"):
        funding.within(amounts, "2017", "2022", ["volontary"])
    with pytest.raises(ValueError, match="^the window 2022 to 2017 ends before it starts$"):
        funding.within(amounts, "2022", "2017")


def test_totals_keep_levels_and_windows_apart():
    shown = funding.within(stated(ASSESSED, VOLUNTARY, FUND, PART, MISPRINT), "2017", "2022")
    rows = funding.totals(shown)
    assert list(zip(rows.level, rows.in_window, rows.amounts, rows.total, strict=True)) == [
        ("channel totals", "undated", 1, "between US$ 1.1 million and US$ 1.2 million"),
        ("channel totals", "whole", 2, "between US$ 240.2 million and US$ 241.2 million"),
        ("project amounts", "whole", 2, "at least US$ 746,014"),
    ]
    assert list(rows.high_usd.isna()) == [False, False, True]
    assert funding.totals(shown.iloc[:0]).empty


@pytest.mark.parametrize(
    ("parts", "use_likely", "verdict"),
    [
        ((PART, MISPRINT), True, "fits"),
        ((PART, MISPRINT), False, "cannot be decided"),
        ((PART,), False, "does not fit"),
        ((PART, project("nigeria", 2, part_of="trust_fund")), False, "does not fit"),
    ],
)
def test_a_total_is_held_against_its_parts(parts, use_likely, verdict):
    held = funding.reconciliations(contributions(ASSESSED, FUND, *parts), use_likely)
    assert list(held.verdict) == [verdict]
    assert held.parts.item() == "; ".join(p["label"] for p in parts)


def test_whether_amounts_make_up_the_voluntary_total_is_not_decided():
    early = money("sstc", "agreement", 1, period="2012")
    held = funding.reconciliations(
        contributions(VOLUNTARY, project("skills", 4), project("unions", 1), SIGNED, early)
    )
    assert set(held.verdict) == {"cannot be decided"}
    assert list(held.parts) == ["SKILLS; UNIONS", "SKILLS; UNIONS; MOU"]  # 2012 lies outside
    assert "the sum is US$ 200,000 less." in held.why[0]
    assert "the sum is US$ 800,000 more." in held.why[1]


@pytest.mark.parametrize(
    ("whole", "parts", "words"),
    [
        (VOLUNTARY | {"period": None}, [project("a", 5)], "US$ 200,000 less"),
        (VOLUNTARY | {"period": "2017"}, [project("a", 5)], "US$ 200,000 less"),
        (VOLUNTARY, [project("a", 6, "over")], "between US$ 800,000 and US$ 1.8 million more"),
        (VOLUNTARY, [project("a", 5, "over")], "between US$ 200,000 less and US$ 800,000 more"),
        (VOLUNTARY, [project("a", None, "misprint"), project("b", 5)], "no amount"),
        (total_of("voluntary", None, "misprint"), [project("a", 5)], "no amount"),
    ],
)  # fmt: skip
def test_a_total_without_a_period_or_an_open_sum_is_held_against_its_parts_too(whole, parts, words):
    held = funding.reconciliations(contributions(whole, *parts))
    assert words in held.why[0]


def test_a_total_of_a_period_that_goes_on_is_held_against_what_may_lie_in_it():
    held = funding.reconciliations(contributions(VOLUNTARY | {"period": "2015/.."}, SIGNED | {"period": "2022"}))  # fmt: skip
    assert list(held.parts) == ["MOU"]


def test_a_share_is_a_range_that_holds_the_truth_and_one_amount_has_none():
    rows = funding.shares(
        funding.within(stated(ASSESSED, VOLUNTARY, FUND, PART), "2017", "2022")
    ).set_index("label")
    assert list(rows.index) == ["ASSESSED", "VOLUNTARY"]
    assert rows.low_share["ASSESSED"] == pytest.approx(235 / 240.2)
    assert rows.high_share["ASSESSED"] == pytest.approx(236 / 241.2)
    assert funding.shares(funding.within(stated(ASSESSED, FUND), "2017", "2022")).empty


def say(well_said, *rows, start="2017", end="2022", use_likely=False):
    shown = funding.within(stated(*rows, use_likely=use_likely), start, end)
    held = funding.reconciliations(contributions(*rows), use_likely)
    found = funding.findings(shown, held, start, end)
    well_said(found)
    return " ".join(found.finding), " ".join(found.caveat)


def test_that_no_amount_is_stated_is_said(well_said):
    said, _ = say(well_said, PART, start="1990", end="1991")
    assert said == "No amount is stated for 1990 to 1991 and the channels chosen."


def test_channel_totals_are_added_as_a_range_and_the_largest_share_is_said(well_said):
    said, _ = say(well_said, ASSESSED | {"payer_id": "china"}, VOLUNTARY, SIGNED)
    assert "come to between US$ 240.2 million and US$ 241.2 million." in said
    assert "ASSESSED (US$ 236000000, China) make up between 97.8 % and 97.9 % of it." in said


def test_one_and_several_projects_are_counted_and_a_misprint_is_named(well_said):
    said, _ = say(well_said, PART)
    assert "Amounts of one project" in said and "US$ 746,014" in said
    said, caveats = say(well_said, PART, MISPRINT, FUND)
    assert "Amounts of 2 projects" in said and "come to at least US$ 746,014." in said
    assert "The amount for NIGERIA is unknown" in said and "US$ 373,00" in said
    assert "with no period stated" in said and "inferred reading" not in caveats


def test_an_inferred_reading_is_named_where_it_is_used(well_said):
    said, caveats = say(well_said, PART, MISPRINT, FUND, use_likely=True)
    assert "Uses the inferred reading for NIGERIA." in caveats and "unknown" not in said
    assert "fits" in said


def test_a_total_without_any_other_amount_is_held_against_nothing():
    assert funding.reconciliations(contributions(VOLUNTARY)).empty


def test_a_channel_total_whose_period_reaches_out_of_the_window_is_not_passed_over(well_said):
    said, _ = say(well_said, ASSESSED, start="2018", end="2020")
    assert "ASSESSED" in said


def test_a_channel_total_that_is_misprinted_is_said_to_be_unknown(well_said):
    said, _ = say(well_said, total_of("assessed", None, "misprint"))
    assert "The amount for ASSESSED is unknown" in said
