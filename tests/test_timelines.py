"""What happened when is told as dated and no more, and stays true for every window and partner."""

import re

import pandas as pd
import pytest

from ilodata import timelines, words

PARTNERS = [(), "ILO", "MOHRSS", "China", "ACFTU", "UN DESA", "State Council", "BRICS",
            "social partners", ["China", "MOHRSS"]]  # fmt: skip
WINDOWS = [("", ""), ("2010", "2020"), ("2026", ""), (1985, None), (2001, None), (2014, None), (2017, None),
           (2022, None), (2024, None), ("2019-04", None), ("2022-12-08", "2022-12-10")]  # fmt: skip
ALL = ("1985", "2025")


def said(kind, *choice):
    """Return the sentences of one kind as plain words."""
    found = timelines.findings(*choice)
    return [words.plain(text) for text in found.text[found.kind == kind]]


def headline(*choice):
    return said("headline", *choice)[0]


def told(record, *choice):
    """Return what the list of years says of a record, as plain words."""
    listed = pd.concat([timelines.years(*choice), timelines.beside(*choice)])
    return words.plain(listed.text[record])


@pytest.mark.parametrize(
    ("years", "told"),
    [
        ((1990, 2001, 2003, 2004, 2010, 2020), "Four of the six agreements .* came in 2001–2010.$"),
        ((2001, 2020), "Our tables hold two"),
        ((2001, 2010, 2020), "Our tables hold three"),
        ((2001, 2002, 2003), "Our tables hold three"),
    ],
    ids=["two thirds of six are four", "two only", "far apart", "together the whole time"],
)
def test_the_densest_run_is_the_shortest_that_holds_two_thirds(little, years, told):
    for year in map(str, years):
        known = {"label": year, "kind": "mou", "act": "signed", "with_ilo": "true"}
        little("agreements", agreement_id=f"a{year}", signed=year, **known)
    assert re.match(told, headline("", ""))
    assert timelines.chronology("", "").dense.any() == ("came in" in told)


def test_a_year_alone_is_that_year_and_a_blank_end_leaves_a_window_open():
    found = timelines.chronology(2019)
    assert list(found.start) == sorted(found.start)
    assert list(found.index) == list(timelines.chronology("2019", "2019").index)
    assert set(found.index) < set(timelines.chronology("2012", "").index)


@pytest.mark.parametrize(
    ("choice", "right"),
    [
        ((*ALL, "China"), "name China itself in two agreements with the ILO and three projects."),
        ((*ALL, ["BRICS", "ILO"]), "name BRICS or the ILO in ten agreements with the ILO, six"),
        ((*ALL, "BRICS"), "activities, in which they do not name the ILO as taking part."),
        (("2019-06", None, "ACFTU"), "Trade Unions no part in any certain agreement, project or"),
    ],
)
def test_a_partner_is_said_with_what_names_it(choice, right):
    assert right in headline(*choice)


def test_the_ilo_has_a_part_in_each_agreement_with_it_and_in_what_its_office_does():
    assert "events/ilo-office-1985" in timelines.chronology(1985, partners="ILO").index
    every, own = (timelines.chronology("", "", asked) for asked in ((), "ILO"))
    assert (every.kind == "agreement").sum() == (own.kind == "agreement").sum() == 10


def test_an_organ_of_a_state_is_told_apart_from_the_state_and_named():
    assert "events/one-plus-six-2022" in timelines.chronology(2022, partners="State Council").index
    assert "events/one-plus-six-2022" not in timelines.chronology(2022, partners="China").index
    [told] = said("caveat", 2019, 2019, "China")
    apart = "Told apart, among others: the Government of China (three agreements with the ILO)."
    assert apart in told
    assert not any("among others" in text for text in said("caveat", *ALL, "ILO")), "no state"


def test_agreements_that_name_no_single_party_are_named_to_those_who_are_a_party_to_others():
    right = (
        "Not counted here: two agreements with the ILO for which our tables name no single body "
        "as the other party."
    )
    assert right in said("caveat", 2016, 2016, "ACFTU")[0]
    for partner in ("ILO", "UN DESA", "Chinese constituents"):
        assert not any("no single body" in text for text in said("caveat", *ALL, partner))


def test_what_has_no_date_is_told_of_partners_and_called_so():
    right = "The ILO has played an active role in providing technical support around BRICS"
    assert f"{right}." in said("finding", *ALL, "BRICS")
    told = said("finding", 2017, 2017, "BRICS")
    assert told == [f"{right} (no date)."], "what is of 2021 and 2022 has no place here"
    both = headline(2017, 2017, ["BRICS", "ILO"])
    assert both.startswith("For 2017 our tables name BRICS in meetings"), "the ILO has no part"
    assert said("finding", *ALL, "MEM")[1:] == [], "what names other partners alone has none"
    assert "Going on" in set(timelines.beside(*ALL).kind)
    assert "Going on" not in set(timelines.beside(2019).kind), "it may rest on what came later"


def test_what_is_stated_of_an_organisation_without_a_date_is_quoted_on_its_page_alone():
    assert "organisations/china" not in timelines.years(2019, 2019, "China").index
    assert "Conventions” (including “seven" in told("organisations/china", *ALL, "China")


def test_all_that_names_a_partner_is_in_one_list():
    listed = timelines.years("", "", "BRICS")
    assert (listed.title + listed.text).str.contains("BRICS").sum() == len(listed) - 1
    assert "events/structured-funding-dialogue-2022" in listed.index, "quoted with another"
    assert "agreements/chongqing-declaration-2017" in listed.index, "it established their framework"
    assert timelines.beside("", "", "BRICS").empty


def test_nothing_is_told_twice():
    shown = timelines.chronology(*ALL)
    assert shown.index.is_unique and shown.label.is_unique
    listed = pd.concat([timelines.years(*ALL), timelines.beside(*ALL)])
    assert listed.index.is_unique and set(shown.index) <= set(listed.index)
    assert listed.title.map(words.plain).is_unique, "one sentence of two bodies is told once"


def test_what_has_no_date_stands_last_and_only_where_the_window_holds_all():
    undated = "events/asean3-e-forum"
    assert timelines.chronology("", "").index[-1] == undated
    assert undated not in timelines.chronology("", 2018).index


def test_what_something_was_held_during_was_on_that_day_and_perhaps_on_others():
    fits = [
        timelines.chronology(day).in_window["events/regional-meeting-2022"]
        for day in ("2022-12-07", "2022-12-08")
    ]
    assert fits == ["certainly", "possibly"]


def test_what_may_lie_outside_a_window_is_named_and_not_counted():
    [caveat] = said("caveat", "2019-04")
    assert "Not certain in April 2019, so not counted: the project “Employment services," in caveat
    assert "the MoU with the ACFTU (April or June 2019)" in caveat, "each is uncertain"
    assert headline("2019-04") == "For April 2019 our tables hold two projects."
    assert told("agreements/mou-acftu-2019", "2019-04").startswith("Perhaps not in April 2019;")
    assert "perhaps" not in told("agreements/mou-acftu-2019", 2019).lower()


def test_years_of_which_a_gap_says_that_nothing_is_dated_are_told(change):
    right = "Nothing is dated between 1986 and 2000. The texts say that the ILO has assisted since"
    for *choice, told in ((*ALL, 1), ("2001", "2010", 0), (*ALL, "BRICS", 0)):
        assert sum(text.startswith(right) for text in said("finding", *choice)) == told, choice
    change("conflicts", "silent-years", weight="wording")
    assert not any(text.startswith(right) for text in said("finding", *ALL))


@pytest.mark.parametrize("period", ["2024/..", "2024/"])
def test_what_begins_after_the_texts_is_told_in_its_first_year(change, period):
    change("projects", "skills-asean-2018", period=period)
    assert "Skills" in "".join(said("finding", 2024)) and "one project." in headline(2024)
    beyond = "One project is dated beyond 2022, the last year that the texts report on."
    assert beyond in said("finding", 2024)
    assert "no certain agreement" in headline(2025), "nobody says that it goes on"


@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: f"{window[0]} to {window[1]}")
def test_every_sentence_holds_for_every_window_and_partner(window, well_said):
    for partner in PARTNERS:
        found = timelines.findings(*window, partner)
        sentences = well_said(found, least=0)
        assert len(found) <= 7 - ("standfirst" not in set(found.kind)), "five beside the headline"
        for text, kind in zip(sentences, found.kind, strict=True):
            assert kind != "finding" or len(text.split()) <= 38, text
        narrowed = timelines.chronology(*window, partner)
        counted = narrowed[narrowed.kind == "agreement"]
        low, high = found.low.iloc[0], found.high.iloc[0]
        assert low <= high <= len(counted), f"{partner}: counted more agreements than are shown"
        if narrowed.empty:
            assert sentences[0].endswith("agreement, project or event."), partner


@pytest.mark.parametrize(
    "date", ["[..2013]", "../2013", "2015/..", "{2017,2022}", "201X", "2030/2031", "", "2013/"]
)
def test_every_form_of_a_date_is_told_and_drawn(date, change):
    from ilodata.charts import timeline

    change("projects", "skills-asean-2018", period=date)
    change("agreements", "dwcp-2016", signed=date)
    for window in (("", ""), ("2010", "2020"), (2017, None)):
        assert not timelines.findings(*window).text.str.contains(r"\bNone\b|\bnan\b").any()
        assert timeline(timelines.chronology(*window)).to_dict()["description"]


def test_a_result_that_came_during_an_event_is_no_happening_of_its_own(little):
    little("events", event_id="fair", label="Fair", kind="meeting", date="2019")
    little("relations", relation_id="r", label="Wells were dug during the fair", subject="results/wells",
           predicate="held_during", object="events/fair")  # fmt: skip
    assert list(timelines.chronology(2019).index) == ["events/fair"]
