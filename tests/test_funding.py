"""Amounts are ranges; levels are never added; what cannot be decided is not decided."""

import itertools
import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ilodata import funding, uncertain
from ilodata.uncertain import Bounds, bounds

MILLION = 1_000_000
NUMBERS = ("amount_usd", "low_usd", "high_usd", "likely_usd", "printed_unit_usd")


def money(key, level, amount, qualifier="exact", unit=MILLION, **cells):
    """Write one row of contributions by hand; the amount in printed units."""
    amount = None if amount is None else round(amount * unit)
    low, high = bounds(amount, qualifier, unit)
    row = {
        "contribution_id": key, "label": key.upper(), "level": level, "channel": None,
        "payer_id": None, "receiver_id": None, "period": None,
        "printed": f"US$ {amount or '373,00'}", "qualifier": qualifier, "amount_usd": amount,
        "printed_unit_usd": None if amount is None else unit,
        "project_id": None, "agreement_id": None, "part_of": None, "likely_usd": None,
        "low_usd": None if amount is None else low, "high_usd": None if amount is None else high,
    }  # fmt: skip
    return row | cells


def contributions(*rows):
    frame = pd.DataFrame(list(rows)).set_index("contribution_id")
    return frame.astype({c: "Int64" if c in NUMBERS else "string" for c in frame})


def total_of(channel, *amount, period="2017/2022"):
    return money(
        channel, "channel_total", *amount, channel=channel, period=period, payer_id="china"
    )


def project(key, amount, *args, **cells):
    return money(key, "project", amount, *args, project_id=key, **cells)


ASSESSED = total_of("assessed", 236, "nearly")
VOLUNTARY = total_of("voluntary", 52, "exact", 100_000)
FUND = total_of("trust_fund", 11, "more_than", 100_000, period=None)
PART = project("protection", 746_014, "exact", 1, part_of="trust_fund", payer_id="fund")
MISPRINT = project("nigeria", None, "misprint", part_of="trust_fund", likely_usd=373_000)
SKILLS = project("skills", 4, payer_id="mohrss")
SIGNED = money("mou", "agreement", 1, "initial", agreement_id="mou")
PERIODS = {
    "protection": "2018/2021", "nigeria": "2020/2022", "undated": None, "skills": "2018/2025",
    "a": "2018/2019", "b": "2020/2021", "unions": "2019/2023",
}  # fmt: skip
AGREEMENTS = pd.DataFrame({"signed": ["2022-12-07"]}, ["mou"], dtype="string")
NAMES = {"china": "China", "mohrss": "Ministry", "fund": "Fund", "ilo": "ILO"}
ORGANISATIONS = pd.DataFrame({"label": NAMES}, dtype="string")
NOTHING_INFERRED = pd.DataFrame(columns=["record", "field", "basis"], dtype="string")


def inferred(*cells):
    """Write which cells are inferred: "skills project_id"."""
    rows = [(f"contributions/{c.split()[0]}", c.split()[1], "inferred") for c in cells]
    return pd.DataFrame(rows, columns=["record", "field", "basis"], dtype="string")


def stated(*rows, more=(), cells=NOTHING_INFERRED):
    """List amounts, with their projects and `more` projects, of which none has an amount."""
    known = [row["project_id"] for row in rows if row["project_id"]] + list(more)
    known = pd.Index(dict.fromkeys(known), dtype="string")
    periods = pd.array([PERIODS.get(key) for key in known], dtype="string")
    projects = pd.DataFrame({"label": "Project " + known, "period": periods}, known)
    return funding.stated(contributions(*rows), projects, AGREEMENTS, ORGANISATIONS, cells)


def shown(*rows, start="2017", end="2022", more=(), cells=NOTHING_INFERRED, **choice):
    """Show amounts by the ids of their rows."""
    found = funding.within(stated(*rows, more=more, cells=cells), start, end, **choice)
    return found.set_axis(found.index.str.replace(".*/", "", regex=True))


def held(*rows, cells=NOTHING_INFERRED, **choice):
    amounts = stated(*rows, cells=cells)
    return funding.reconciliations(amounts, funding.within(amounts, "2017", "2022"), **choice)


def test_an_amount_is_dated_by_itself_else_by_its_project_or_agreement():
    rows = shown(FUND, PART | {"period": "2019"}, MISPRINT, SIGNED, project("undated", 1))
    assert list(rows.dated_by) == ["nothing", "amount", "project", "agreement", "nothing"]
    assert list(rows.date.fillna("")) == ["", "2019", "2020/2022", "2022-12-07", ""]


def test_what_is_not_stated_of_an_amount_is_said_to_be_not_stated():
    rows = shown(ASSESSED | {"receiver_id": "ilo"}, SIGNED)
    assert list(rows.payer) == ["China", "not stated"]
    assert list(rows.receiver) == ["ILO", "not stated"]
    assert list(rows.channel) == ["assessed", "not stated"]


def test_a_part_has_the_channel_of_its_total_as_far_as_that_link_is_counted():
    guess = inferred("protection part_of")
    rows = shown(FUND, PART, cells=guess)
    assert list(rows.channel) == ["trust_fund", "trust_fund"]
    assert rows.inferred["protection"] == "part of, channel"
    assert shown(FUND, PART).inferred["protection"] == ""
    rows = shown(FUND, PART, cells=guess, include_inferred=False)
    assert list(rows.channel) == ["trust_fund", "not stated"]
    own = shown(FUND, PART | {"channel": "jpo"}, cells=guess).loc["protection"]
    assert (own.channel, own.inferred) == ("jpo", "part of")


def test_without_inferred_links_an_amount_loses_what_no_sentence_says_and_keeps_the_rest():
    guess = inferred("skills project_id", "skills amount_usd")
    row = shown(SKILLS, cells=guess).loc["skills"]
    assert (row.project, row.payer, row.date) == ("Project skills", "Ministry", "2018/2025")
    assert row.inferred == "project, amount"
    rows = shown(SKILLS, cells=guess, include_inferred=False)
    assert list(rows.level) == ["project amounts", "projects without a stated amount"]
    assert list(rows.project) == ["not stated", "Project skills"]
    assert list(rows.dated_by) == ["nothing", "project"]
    assert list(rows.range) == ["US$ 4 million", "an unknown amount"]
    assert rows.inferred.iloc[0] == "amount"  # that is no link


def test_a_project_without_an_amount_stands_beside_the_others_and_in_no_sum():
    rows = shown(PART, more=["unions"])
    assert list(rows.level) == ["project amounts", "projects without a stated amount"]
    assert list(rows.printed) == ["US$ 746014", "no amount stated"]
    assert list(funding.totals(rows).total) == ["US$ 746,014"]


@pytest.mark.parametrize(
    ("use_likely", "reading", "words"),
    [(False, "none", "an unknown amount"), (True, "inferred", "US$ 373,000")],
)
def test_a_misprint_has_an_amount_only_where_its_likely_reading_is_asked_for(
    use_likely, reading, words
):
    row = shown(MISPRINT, PART, use_likely=use_likely).loc["nigeria"]
    assert (row.reading, row.range, row.printed) == (reading, words, "US$ 373,00")


def test_a_likely_reading_never_takes_the_place_of_a_stated_amount():
    row = shown(PART | {"likely_usd": 1}, use_likely=True).loc["protection"]
    assert (row.low_usd, row.reading) == (746_014, "stated")


def test_a_figure_without_a_hedge_can_be_read_as_rounded():
    rows = shown(ASSESSED, VOLUNTARY, MISPRINT, SIGNED, rounded=True)
    assert list(rows.range) == [
        "between US$ 235 million and US$ 236 million",
        "between US$ 5.15 million and US$ 5.25 million",
        "an unknown amount",
        "between US$ 500,000 and US$ 1.5 million",
    ]


def test_a_hedged_and_an_exact_amount_of_one_level_add_up_to_a_range():
    rows = shown(PART, project("nigeria", 22, "over", 100_000))
    assert funding.total(rows) == (2_946_014, 3_046_014)


def test_an_unknown_amount_leaves_a_sum_open_above_until_its_reading_is_asked_for():
    assert funding.total(shown(PART, MISPRINT)) == (746_014, math.inf)
    assert funding.total(shown(PART, MISPRINT, use_likely=True)) == (1_119_014, 1_119_014)


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
        funding.total(shown(*rows))


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
    rows = shown(ASSESSED, FUND, PART, start=start, end=end)
    assert dict(rows.in_window) == expected
    assert rows.range.equals(shown(ASSESSED, FUND, PART).range[list(expected)])  # none is cut


def test_channels_and_payers_narrow_a_window_and_an_unknown_one_names_the_nearest():
    rows = (ASSESSED, VOLUNTARY, SIGNED, SKILLS)
    assert list(shown(*rows, channels=["not stated"]).index) == ["mou", "skills"]
    assert list(shown(*rows, payers=["mohrss"]).index) == ["skills"]
    assert list(shown(*rows, payers=["not stated", "china"], channels=["assessed"]).index) == [
        "assessed"
    ]
    guess = inferred("assessed channel")
    assert shown(ASSESSED, cells=guess, channels=["assessed"], include_inferred=False).empty
    for choice, message in (
        ({"channels": ["volontary"]}, "'volontary' is no channel; did you mean voluntary[?]$"),
        ({"payers": ["mohrs"]}, "'mohrs' is no payer; did you mean mohrss[?]$"),
        ({"start": "2022", "end": "2017"}, "^the window 2022 to 2017 ends before it starts$"),
    ):
        with pytest.raises(ValueError, match=message):
            shown(*rows, **choice)


def test_totals_keep_levels_and_windows_apart():
    rows = funding.totals(shown(ASSESSED, VOLUNTARY, FUND, PART, MISPRINT))
    assert list(zip(rows.level, rows.in_window, rows.amounts, rows.total, strict=True)) == [
        ("channel totals", "undated", 1, "between US$ 1.1 million and US$ 1.2 million"),
        ("channel totals", "whole", 2, "between US$ 240.2 million and US$ 241.2 million"),
        ("project amounts", "whole", 2, "at least US$ 746,014"),
    ]
    assert list(rows.high_usd.isna()) == [False, False, True]
    assert funding.totals(shown(ASSESSED, start="1990", end="1990")).empty


def test_a_share_is_a_range_that_holds_the_truth_and_one_amount_has_none():
    rows = funding.shares(shown(ASSESSED, VOLUNTARY, FUND, PART))
    assert list(rows.label) == ["ASSESSED", "VOLUNTARY"]
    assert rows.low_share["assessed"] == pytest.approx(235 / 240.2)
    assert rows.high_share["assessed"] == pytest.approx(236 / 241.2)
    assert rows.share["assessed"] == "between 97.8 % and 97.9 %"  # outwards
    assert funding.shares(shown(ASSESSED, FUND)).empty


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_share_in_words_still_holds_the_truth(one, other):
    low, high = sorted([100 * one, 100 * other])
    said = [float(word) for word in funding._percent(low, high).split() if word[0].isdigit()]
    assert said[0] <= low + 1e-9 and high - 1e-9 <= said[-1] <= high + 0.1 + 1e-9


# Reconciliations


@pytest.mark.parametrize(
    ("parts", "use_likely", "verdict", "gap"),
    [
        ((PART, MISPRINT), True, "fits", "between US$ 19,014 over and US$ 80,986 short"),
        ((PART, MISPRINT), False, "cannot be decided", "at most US$ 453,986 short"),
        ((PART,), False, "does not fit", "between US$ 353,986 and US$ 453,986 short"),
        ((PART, project("nigeria", 2, part_of="trust_fund")), False, "does not fit", "between US$ 1,546,014 and US$ 1,646,014 over"),
        ((MISPRINT, project("a", 2, part_of="trust_fund")), False, "does not fit", "at least US$ 800,000 over"),
    ],
)  # fmt: skip
def test_a_total_is_held_against_its_parts(parts, use_likely, verdict, gap):
    found = held(ASSESSED, FUND, *parts, use_likely=use_likely)
    asked = found[found.asked & (found.total == "TRUST_FUND")]
    assert (asked.verdict.item(), asked.gap.item()) == (verdict, gap)
    assert asked.parts.item() == "; ".join(part["label"] for part in parts)


def test_what_an_unknown_part_would_have_to_be_is_said_and_a_chosen_reading_proves_nothing():
    found = held(FUND, PART, MISPRINT)
    assert list(found.reading) == ["as printed", "misprint as likely"]
    assert list(found.asked) == [True, False]
    assert "it would take between US$ 353,986 and US$ 453,986." in found.why[0]
    assert found.why[1].endswith("That is no proof: the reading was chosen because it fits.")
    assert list(found.difference_high_usd) == [453_986, 80_986]
    assert found.difference_low_usd.isna()[0] and found.difference_low_usd[1] == -19_014


def test_known_parts_that_may_make_up_the_total_alone_leave_the_unknown_one_room_for_nothing():
    most = project("a", 115, "exact", 10_000, part_of="trust_fund")
    assert "it would take at most US$ 50,000." in held(FUND, most, MISPRINT).why[0]


def test_whether_parts_are_stated_or_taken_to_be_so_is_said():
    assert set(held(FUND, PART).link) == {"stated to be its parts"}
    assert set(held(FUND, PART, cells=inferred("protection part_of")).link) == {
        "taken to be its parts"
    }
    out = held(FUND, PART, cells=inferred("protection part_of"), include_inferred=False)
    assert set(out.link) == {"no part is stated"}


def test_a_total_of_which_no_part_is_stated_is_listed_and_held_against_nothing():
    found = held(ASSESSED, VOLUNTARY)
    assert set(found.verdict) == {"cannot be decided"}
    assert set(found.why) == {"No document states a part of it."}
    assert found.difference_low_usd.isna().all() and set(found.gap) == {"–"}


def test_whether_amounts_make_up_the_voluntary_total_is_not_decided():
    early = money("sstc", "agreement", 1, period="2012")
    found = held(VOLUNTARY, project("skills", 4), project("unions", 1), SIGNED, early)
    printed = found[found.reading == "as printed"]
    assert set(found.verdict) == {"cannot be decided"}
    assert list(printed.parts) == ["SKILLS; UNIONS", "SKILLS; UNIONS; MOU"]  # 2012 lies outside
    assert list(printed.gap) == ["US$ 200,000 short", "US$ 800,000 over"]
    assert "Of 7 choices among them, counted whole, none can make the total." in printed.why.iloc[1]
    rounded = found[found.reading == "unhedged figures rounded"]
    assert "3 can make the total" in rounded.why.iloc[1]  # 4 + 1, 4 + 1 (signed), and all three


@pytest.mark.parametrize(
    ("whole", "parts", "gap", "why"),
    [
        (VOLUNTARY | {"period": None}, [project("a", 5)], "US$ 200,000 short", "it does not make"),
        (VOLUNTARY | {"period": "2017"}, [project("a", 5)], "US$ 200,000 short", "it does not make"),
        (VOLUNTARY, [project("a", 6, "over")], "between US$ 800,000 and US$ 1.8 million over", "it does not make"),
        (VOLUNTARY, [project("a", 5, "over")], "between US$ 200,000 short and US$ 800,000 over", "it can make"),
        (VOLUNTARY, [project("a", None, "misprint"), project("b", 5)], "at most US$ 200,000 short", "2 can make"),
        (total_of("voluntary", None, "misprint"), [project("a", 5)], "at most US$ 5 million over", "no amount"),
        (total_of("voluntary", None, "misprint"), [project("a", None, "misprint")], "an unknown amount over or short", "no amount"),
        (VOLUNTARY, [project("a", 52, "exact", 100_000)], "the same", "it can make"),
        (VOLUNTARY, [project(f"p{n}", 1) for n in range(13)], "US$ 7.8 million over", "too many"),
    ],
)  # fmt: skip
def test_a_total_without_a_period_or_an_open_sum_is_held_against_its_parts_too(
    whole, parts, gap, why
):
    found = held(whole, *parts)
    shorter = gap.replace("between US$ 200,000 short and US$ 800,000 over", "between US$ 800,000 over and US$ 200,000 short")  # fmt: skip
    assert found.gap[0] == shorter and why in found.why[0]


def test_parts_that_are_exactly_their_total_agree():
    found = held(VOLUNTARY, project("a", 52, "exact", 100_000, part_of="voluntary"))
    assert (found.verdict[0], found.why[0]) == ("fits", "The figures agree.")


def test_a_total_of_a_period_that_goes_on_is_held_against_what_may_lie_in_it():
    found = held(VOLUNTARY | {"period": "2015/.."}, SIGNED | {"period": "2022"})
    assert set(found.parts) == {"MOU"}


small = st.tuples(st.integers(1, 9), st.sampled_from(["exact", "over", "nearly", "misprint"]))


@given(small, st.lists(small, min_size=1, max_size=3))
def test_a_verdict_is_what_trying_every_admissible_amount_would_say(whole, parts):
    read = [bounds(None if q == "misprint" else digits, q, 1) for digits, q in [whole, *parts]]
    verdict, _ = funding._verdict(uncertain.total(read[:1]), read[1:], funding.TAKEN)
    tried = itertools.product(
        *((0, 99) if math.isnan(low) else range(low, high + 1) for low, high in read)
    )
    gaps = [first - sum(rest) for first, *rest in tried]
    low, high = min(gaps), max(gaps)
    unknown = any(qualifier == "misprint" for _, qualifier in [whole, *parts])
    if not low <= 0 <= high:
        assert verdict == "does not fit"
    else:
        assert verdict == ("cannot be decided" if unknown else "fits")


def test_a_table_of_amounts_is_written_with_commas_and_a_dash_where_it_is_open():
    found = funding.figures(
        held(FUND, PART, MISPRINT)[["total_low_usd", "parts_high_usd", "difference_low_usd"]]
    )
    assert list(found.columns) == ["total low", "parts high", "difference low"]
    assert list(found["total low"]) == ["1,100,000", "1,100,000"]
    assert list(found["parts high"]) == ["–", "1,119,014"]
    assert list(found["difference low"]) == ["–", "−19,014"]


# Assumptions


def test_project_amounts_are_spread_over_years_only_on_demand():
    assert funding.allocation(shown(SKILLS), "2017", "2022").empty
    assert funding.allocation(shown(ASSESSED, FUND), "2017", "2022", "evenly").empty
    with pytest.raises(ValueError, match="'evnly' is no allocation; did you mean evenly[?]$"):
        funding.allocation(shown(SKILLS), "2017", "2022", "evnly")
    with pytest.raises(ValueError, match="the window 2017 to 2020/.. needs a first and a last day"):
        funding.allocation(shown(SKILLS), "2017", "2020/..", "evenly")


def test_what_falls_on_a_year_is_a_band_since_only_years_are_known():
    rows = funding.allocation(shown(SKILLS), "2017", "2019", "evenly").set_index("year")
    assert list(rows.index) == ["2018", "2019", "window"]
    # 2019 is whole: the longest project has the smallest share a day, the shortest the largest
    longest, shortest = 365 * 8 + 2, 1 + 365 * 6 + 2 + 1
    expected = math.floor(4e6 * 365 / longest), math.ceil(4e6 * 365 / shortest)
    assert (rows.even_low_usd["2019"], rows.even_high_usd["2019"]) == expected
    assert (rows.any_low_usd["2019"], rows.any_high_usd["2019"]) == (0, 4_000_000)
    assert rows.anyhow["2019"] == "at most US$ 4 million"
    inside = funding.allocation(shown(PART), "2017", "2022", "evenly").set_index("year")
    assert inside.evenly["window"] == inside.anyhow["window"] == "US$ 746,014"


def test_an_unknown_amount_leaves_a_year_open_above_what_is_known():
    rows = funding.allocation(shown(SKILLS, MISPRINT), "2020", "2020", "evenly").iloc[0]
    assert rows.even_high_usd is pd.NA and rows.any_high_usd is pd.NA
    assert rows.evenly == f"at least US$ {rows.even_low_usd:,}"
    assert rows.even_low_usd < rows.even_known_usd < rows.any_known_usd == 4_000_000


@settings(max_examples=15)
@given(st.integers(2010, 2020), st.integers(0, 9), st.integers(1, 10**7))
def test_the_years_of_a_project_take_in_its_amount_and_lie_within_what_is_possible(
    first, more, usd
):
    one = project("x", usd, "exact", 1, period=f"{first}/{first + more}")
    rows = funding.allocation(shown(one, start="2010", end="2029"), "2010", "2029", "evenly")
    years = rows[rows.year != "window"]
    assert years.even_low_usd.sum() <= usd <= years.even_high_usd.sum()
    assert (years.any_low_usd <= years.even_low_usd).all()
    assert (years.even_high_usd <= years.any_high_usd).all()
    assert rows.evenly.iloc[-1] == uncertain.say_bounds(Bounds(usd, usd))


def moved(*rows, cells=NOTHING_INFERRED, **asked):
    frame = funding.sensitivity(stated(*rows, cells=cells), "2017", "2022", **asked)
    return frame.set_index(["figure", "treatment"])


def test_each_headline_figure_moves_with_the_one_decision_that_is_turned():
    found = moved(ASSESSED, VOLUNTARY, FUND, SKILLS, MISPRINT, cells=inferred("skills project_id"))
    sums = found.loc["sum of project amounts"]
    assert dict(sums.option + " " + sums.said) == {
        "as asked for": " at least US$ 4 million",
        "misprint": "read as likely US$ 4.373 million",
        "figures without a hedge": "taken as rounded at least US$ 3.5 million",
        "inferred links": "left out an unknown amount",
        "amounts without a date": "counted at least US$ 4 million",
        "amounts partly outside the window": "left out an unknown amount",
    }
    assert list(sums.moves) == [False, True, True, True, False, True]
    totals_ = found.loc["sum of channel totals"]
    assert (
        totals_.said["amounts without a date"] == "between US$ 241.3 million and US$ 242.4 million"
    )
    assert list(totals_.moves) == [False, False, True, False, True, False]
    assert list(found.index.unique(0)) == [
        "sum of channel totals", "share of ASSESSED", "sum of project amounts",
    ]  # fmt: skip


def test_a_treatment_that_leaves_nothing_says_so_and_one_that_is_asked_for_is_turned_back():
    found = moved(SKILLS, cells=inferred("skills project_id")).loc["sum of project amounts"]
    assert found.said["inferred links"] == "nothing" and found.moves["inferred links"]
    out = moved(
        SKILLS, cells=inferred("skills project_id"), include_inferred=False, use_likely=True
    ).loc["sum of project amounts"]
    assert out.said["as asked for"] == "nothing"
    assert out.option["inferred links"] == "counted"
    assert out.said["inferred links"] == "US$ 4 million"
    assert out.option["misprint"] == "left unknown"


def test_no_headline_figure_of_nothing_is_shown():
    frame = funding.sensitivity(stated(SIGNED), "1990", "1990")
    assert frame.empty and "moves" in frame


# Flows

PLACES = pd.DataFrame(
    {"label": ["Cambodia", "Pakistan", "Myanmar", "Asia"]},
    ["cambodia", "pakistan", "myanmar", "asia"],
)
TOUCHED = pd.DataFrame(
    [
        ("protection", "cambodia", "beneficiary"),
        ("protection", "pakistan", "beneficiary"),
        ("protection", "asia", "target_region"),
        ("skills", "asia", "target_region"),
        ("skills", "myanmar", "network_home"),
        ("unions", "myanmar", "network_home"),
        ("nigeria", "myanmar", "beneficiary"),
        ("a", "cambodia", "beneficiary"),
        ("a", "pakistan", "beneficiary"),
        ("a", "myanmar", "beneficiary"),
    ],
    columns=["project_id", "place_id", "role"],
).set_index(pd.Index([f"row-{n}" for n in range(10)]))


def test_several_places_are_one_end_and_a_host_of_a_network_is_none():
    guess = pd.DataFrame({"record": ["project_places/row-6"], "basis": ["inferred"]})
    ends = funding.reached(TOUCHED, PLACES, guess)
    assert dict(ends.place) == {
        "protection": "Cambodia and Pakistan, not split",
        "skills": "Asia, no country named",
        "nigeria": "Myanmar",
        "a": "Cambodia, Pakistan and Myanmar, not split",
    }
    assert dict(ends.place_is) | {"nigeria": ""} == dict.fromkeys(ends.index, "stated") | {"nigeria": ""}  # fmt: skip
    assert ends.place_is["nigeria"] == "inferred"


def ways(*rows, level="project amounts", **choice):
    ends = funding.reached(TOUCHED, PLACES, NOTHING_INFERRED)
    return funding.flows(shown(*rows, **choice), ends, level)


def test_the_way_of_an_amount_names_each_end_and_how_well_it_is_known():
    guess = inferred("skills project_id", "protection payer_id", "protection part_of")
    found = ways(SKILLS, PART, FUND, cells=guess, more=["unions"])
    assert list(found.loc["skills"])[4:] == [
        "Ministry", "stated", "channel not stated", "inferred", "Project skills", "stated",
        "Asia, no country named",
    ]  # fmt: skip
    assert list(found.loc["protection"])[4:] == [
        "Fund", "inferred", "trust fund", "inferred", "Project protection", "stated",
        "Cambodia and Pakistan, not split",
    ]  # fmt: skip
    assert list(found.loc["unions"])[4:] == [
        "payer not stated", "not stated", "channel not stated", "not stated", "Project unions",
        "not stated", "place not stated",
    ]  # fmt: skip
    assert len(found) == 3  # no channel total


def test_levels_are_never_put_together_and_channel_totals_end_at_their_receiver():
    found = ways(VOLUNTARY | {"receiver_id": "ilo"}, PART, FUND, level="channel totals")
    assert list(found.receiver) == ["ILO", "receiver not stated"]
    assert list(found.label) == ["VOLUNTARY", "TRUST_FUND"]


def test_an_unknown_amount_says_what_is_printed():
    found = ways(MISPRINT)
    assert found.low_usd.isna().all() and set(found.said) == {"? printed US$ 373,00"}
    assert ways(ASSESSED).empty


# Findings


def say(
    well_said,
    *rows,
    start="2017",
    end="2022",
    allocate="",
    more=(),
    cells=NOTHING_INFERRED,
    **asked,
):
    amounts = stated(*rows, more=more, cells=cells)
    chosen = funding.within(amounts, start, end, **asked)
    links = asked.get("use_likely", False), asked.get("include_inferred", True)
    found = funding.findings(
        chosen,
        funding.reconciliations(amounts, chosen, *links),
        funding.sensitivity(amounts, start, end, **asked),
        funding.allocation(chosen, start, end, allocate),
        start,
        end,
    )
    well_said(found)
    return " ".join(found.finding), " ".join(found.caveat)


def test_that_no_amount_is_dated_to_a_window_is_said(well_said):
    said, _ = say(well_said, PART, start="1990", end="1991")
    assert said == "No amount is dated to 1990 to 1991, as far as the choice made goes."
    said, _ = say(well_said, FUND, start="1990", end="1990")
    assert said.startswith("No amount is dated to 1990, as") and "with no period stated" in said


def test_channel_totals_are_added_as_a_range_and_the_largest_share_is_said(well_said):
    said, caveats = say(well_said, ASSESSED, VOLUNTARY, SIGNED)
    assert "come to between US$ 240.2 million and US$ 241.2 million." in said
    assert "otherwise gives between US$ 240.15 million and US$ 241.25 million." in said
    assert "ASSESSED (US$ 236000000, payer China) make up between 97.8 % and 97.9 % of it." in said
    assert "duty of membership" in caveats
    _, caveats = say(well_said, VOLUNTARY, total_of("jpo", 1))
    assert "Of the channels shown." in caveats
    guess = inferred("assessed channel")
    _, caveats = say(well_said, ASSESSED, VOLUNTARY, cells=guess, include_inferred=False)
    assert "Through which channel they came is not stated." in caveats


def test_one_channel_total_is_named_and_not_called_a_sum(well_said):
    said, caveats = say(well_said, ASSESSED)
    assert said.startswith("ASSESSED, 2017 to 2022: between US$ 235 million and US$ 236 million.")
    assert "Our sum" not in caveats and "“US$ 236000000”" in caveats


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
    assert "; that fits." in said


def test_one_and_several_projects_without_an_amount_are_named(well_said):
    said, caveats = say(well_said, SKILLS, more=["unions"])
    assert "One project that may touch 2017 to 2022 states no amount: Project unions." in said
    assert "what it cost" in caveats
    said, caveats = say(well_said, SKILLS, more=["unions", "a"])
    assert (
        "2 projects that may touch 2017 to 2022 state no amount: Project unions; Project a." in said
    )
    assert "what they cost" in caveats


def test_amounts_whose_project_is_only_inferred_have_no_date_without_that(well_said):
    cells = inferred("skills project_id", "protection project_id", "protection part_of")
    said, caveats = say(well_said, SKILLS, PART, cells=cells, include_inferred=False)
    assert "2 amounts of projects, US$ 4,746,014, have no date at all." in said
    assert "they may lie outside" in caveats
    said, caveats = say(well_said, SKILLS, cells=cells, include_inferred=False)
    assert "One amount of projects, US$ 4 million, has no date at all." in said
    assert "it may lie outside" in caveats
    said, _ = say(well_said, SKILLS, PART, FUND, cells=cells)
    assert "is not stated for US$ 4 million; for US$ 746,014 it is inferred." in said
    assert "or leaves nothing." in said


def test_one_and_several_agreements_are_counted_and_an_instalment_is_a_beginning(well_said):
    said, caveats = say(well_said, SIGNED)
    assert "One agreement dated to 2017 to 2022 names at least US$ 1 million." in said
    assert "open above" in caveats
    firm = money("firm", "agreement", 2, period="2022")
    said, caveats = say(well_said, firm, start="2022-06", end="2023")
    assert "One agreement that may fall into June 2022 to 2023 names US$ 2 million." in said
    assert "open above" not in caveats
    assert (
        "2 agreements dated to 2017 to 2022 name at least US$ 3 million."
        in say(well_said, firm, SIGNED)[0]
    )


def test_a_total_is_said_to_fit_its_parts_or_not_once(well_said):
    rows = (VOLUNTARY, project("skills", 4), SIGNED)
    said, _ = say(well_said, *rows)
    assert said.count("VOLUNTARY: the amounts") == 1
    assert "the amounts that may be its parts (SKILLS; MOU) come to US$ 5 million; whether" in said
    said, _ = say(well_said, FUND, PART)
    assert (
        "the amounts stated to be its parts (PROTECTION) come to US$ 746,014; that does not fit."
        in said
    )


def test_an_assumption_is_named_with_the_band_that_it_opens(well_said):
    said, caveats = say(well_said, SKILLS, allocate="evenly", start="2019", end="2019")
    assert "Spread evenly over the days of each project, between US$" in said
    assert "without that assumption, at most US$ 4 million." in said
    assert "An assumption of the reader's" in caveats
    assert "Spread evenly" not in say(well_said, SKILLS)[0]


def test_a_channel_total_whose_period_reaches_out_of_the_window_is_not_passed_over(well_said):
    said, _ = say(well_said, ASSESSED, start="2018", end="2020")
    assert "ASSESSED" in said


def test_a_channel_total_that_is_misprinted_is_said_to_be_unknown(well_said):
    said, _ = say(well_said, total_of("assessed", None, "misprint"))
    assert "The amount for ASSESSED is unknown" in said
