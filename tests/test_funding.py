"""What money moved: levels kept apart, nothing cut, each sentence true for each choice."""

import pandas as pd
import pytest

import ilodata as ilo
from ilodata import funding, words
from ilodata.evidence import card

PEOPLE = {"rich": ("Richland", "state"), "agency": ("Agency", "un_body"), "mint": ("Mint", "fund")}


@pytest.fixture
def money(little):
    """Fill small tables with organisations, and return a function that adds an amount."""
    for key, (label, kind) in PEOPLE.items():
        little("organisations", organisation_id=key, label=label, kind=kind)

    def add(key, usd, channel="", level="channel_total", **more):
        cells = {"label": key.title(), "payer_id": "rich", "receiver_id": "agency"}
        cells |= {"printed": f"US$ {usd}", "qualifier": "exact", "printed_unit_usd": "1"}
        cells |= {"amount_usd": str(usd), "channel": channel, "level": level}
        cells |= {"period": "2001/2004"} if level == "channel_total" else {}
        little("contributions", **cells | {"contribution_id": key} | more)

    return add


def project(little, key="wells", period="2001/2003", **more):
    little("projects", project_id=key, label=key.title(), period=period, **more)


def said(kind=None, *choice, **more):
    """Return the words of the findings, or of one kind of them."""
    found = funding.findings(*choice, **more)
    lines = found.text if kind is None else found.text[found.kind == kind]
    return [words.plain(text) for text in lines]


def headline(*choice, **more):
    (text,) = said("headline", *choice, **more)
    return text


def total(usd=980, **more):
    return {"key": "dues", "usd": usd, "channel": "assessed", **more}


# The headline ---------------------------------------------------------------------------------


def test_the_headline_says_which_part_of_each_hundred_dollars_was_the_largest_channel(money):
    money(**total())
    money("gifts", 20, "voluntary")
    assert headline("2001", "2004") == (
        "98 of every 100 dollars that Richland provided to the Agency in 2001–2004 were "
        "membership dues."
    )


def test_the_headline_changes_with_the_amount_of_the_dues(change):
    before = headline("2017", "2022")
    change(
        "contributions", "assessed-2017-2022", amount_usd="100000000", printed="nearly US$ 100 million"
    )  # fmt: skip
    after = headline("2017", "2022")
    assert "About 97 of every 100" in before and "About 93 of every 100" in after, (before, after)


def test_where_the_gifts_are_largest_the_headline_speaks_of_them(money):
    money(**total(10))
    money("gifts", 30, "voluntary")
    assert headline().startswith("75 of every 100 dollars")
    assert headline().endswith("were voluntary contributions.")


def test_one_total_is_said_as_an_amount_with_its_hedge(money):
    money(**total(qualifier="nearly", printed="nearly US$ 980"))
    assert headline() == (
        "Richland provided the Agency with nearly US$ 980 in membership dues in 2001–2004."
    )


def test_a_share_is_not_said_of_some_channels_only(money):
    money(**total())
    money("gifts", 20, "voluntary")
    money("staff", 5, "jpo")
    found = headline(channels=["voluntary", "jpo"])
    assert found == (
        "Richland provided the Agency with US$ 20 in voluntary contributions and US$ 5 for junior "
        "professional officers in 2001–2004."
    )


def test_a_share_is_not_said_where_one_of_the_totals_cannot_be_read(money):
    money(**total())
    money("gifts", "", "voluntary", qualifier="misprint", printed="US$ 2,0", printed_unit_usd="")
    assert "of every 100" not in headline()
    assert "an amount that is misprinted in voluntary contributions" in headline()
    assert "come to at least US$ 980" in said("standfirst")[0]


def test_totals_of_other_years_or_payers_are_never_added(money):
    money(**total())
    money("gifts", 20, "voluntary")
    money("later", 500, "assessed", period="2005")
    money("minted", 300, "voluntary", payer_id="mint")
    assert headline().startswith("98 of every 100 dollars that Richland")
    assert any("US$ 500 in membership dues in 2005" in line for line in said("finding"))
    assert any("the Mint provided" in line.replace("The", "the") for line in said("finding"))
    assert list(funding.totals().total.map(words.plain)) == ["US$ 1,000", "US$ 500", "US$ 300"]


def test_a_total_that_a_later_one_supersedes_is_not_counted(money):
    money(**total(900))
    money("gifts", 100, "voluntary")
    money("better", 300, "voluntary", supersedes_id="gifts")
    assert headline().startswith("75 of every 100")
    assert "contributions/gifts" not in funding.amounts().index


def test_years_inside_those_of_the_totals_cannot_be_told_apart(money):
    money(**total())
    money("gifts", 20, "voluntary")
    assert headline("2002", "2003") == (
        "How much Richland provided for 2002–2003 cannot be told: what is stated covers 2001–2004 "
        "as a whole."
    )
    assert said("standfirst", "2002", "2003")[0].startswith("Together, the totals for 2001–2004")
    assert headline("2002-05-01", "2002-05-01").startswith("How much Richland provided for 1 May")
    (alone,) = said("finding", "2002", "2003", channels="assessed")
    assert alone == "Richland provided the Agency with US$ 980 in membership dues in 2001–2004."


def test_an_empty_window_is_said_of_our_tables_only(money):
    money(**total())
    assert said(None, "1950", "1951") == ["Our tables hold no amount of money dated 1950–1951."]
    assert headline("1950", "", payers="Mint") == (
        "Our tables hold no amount of money from the Mint dated 1950 or later."
    )
    assert headline(channels="jpo") == (
        "Our tables hold no amount of money in the channel junior professional officers."
    )


# What a reader should know besides ------------------------------------------------------------


def test_an_amount_without_years_is_left_out_of_the_total_and_said(money):
    money(**total())
    money("gifts", 20, "voluntary")
    money("fund", 7, "trust_fund", payer_id="mint", period="")
    assert any(
        line
        == "US$ 7 came through the Mint; our tables hold no years for it, so the total leaves it out."
        for line in said("finding")
    ), said("finding")


def test_that_no_years_are_stated_is_said_only_of_what_somebody_looked_for(money, little):
    money("fund", 7, "trust_fund", payer_id="mint", period="")
    assert "our tables hold no years for it" in " ".join(said())
    little("conflicts", conflict_id="g", label="Years", weight="gap", kind="not_given",
           status="open", what="No years.", treatment="Blank.")  # fmt: skip
    little(
        "conflict_records", id="g--f", conflict_id="g", record="contributions/fund", field="period"
    )
    assert "no years are stated for it" in " ".join(said())


def test_money_of_special_channels_is_said_to_be_read_as_on_top(money):
    money(**total())
    money("gifts", 20, "voluntary")
    assert not any("on top" in line for line in said())
    money("staff", 5, "jpo")
    assert said("finding")[1] == (
        "Beyond that came US$ 20 in voluntary contributions and US$ 5 for junior professional "
        "officers (read as on top), together US$ 25."
    )


def test_money_through_a_fund_is_not_said_to_be_of_the_fund_where_another_pays(money):
    money("fund", 7, "trust_fund", payer_id="mint")
    assert headline() == "US$ 7 came through the Mint in 2001–2004."
    money("own", 9, "trust_fund", period="2010/..")
    assert headline(2009) == (
        "Richland provided the Agency with US$ 9 through a trust fund since 2010."
    )


@pytest.mark.parametrize(
    ("paid", "told"),
    [
        ([], "Our tables hold no amount for two projects."),
        (["wells"], "Our tables hold amounts for one of two projects: US$ 5."),
        (["wells", "roads"], "Our tables hold amounts for two projects: US$ 5 and US$ 5."),
    ],
)  # fmt: skip
def test_projects_are_counted_by_whether_there_is_an_amount(money, little, paid, told):
    project(little)
    project(little, "roads")
    for key in paid:
        money(f"for-{key}", 5, level="project", project_id=key)
    assert told in said("finding")


def test_agreements_name_money_within_the_window_that_is_asked_for():
    assert any(line.startswith("Two agreements name money: ") for line in said("finding"))
    found = " ".join(said("finding", "2017", "2022"))
    assert "One agreement dated 2017–2022 names money: an initial US$ 1 million" in found
    assert headline("2012", "2012").startswith("One agreement dated 2012 names money: US$ 1 mill")


def test_a_misprint_is_counted_and_its_likely_reading_stands_in_the_table(change):
    found = " ".join(said("finding", "2017", "2022"))
    assert "US$ 746,014 and an amount that is misprinted." in found
    amount = words.plain(funding.projects().amount["projects/youth-employment-2020"])
    assert amount == "misprinted: “US$ 373,00”; likely US$ 373,000"


def test_a_project_amount_that_is_added_does_not_move_the_total(add):
    before = headline("2017", "2022"), said("standfirst", "2017", "2022")
    add("contributions", contribution_id="new", label="New", level="project", payer_id="china",
        printed="US$ 9 million", amount_usd="9000000", qualifier="exact",
        printed_unit_usd="1000000", project_id="employment-asean-2022")  # fmt: skip
    assert (headline("2017", "2022"), said("standfirst", "2017", "2022")) == before
    assert any("for five of six projects: US$ 9 million" in text for text in said("finding"))


def test_a_reader_is_told_not_to_add_only_where_there_is_something_to_add(money, little):
    money(**total())
    assert not said("caveat")
    project(little)
    money("for-wells", 5, level="project", project_id="wells")
    assert said("caveat") == ["Do not add projects to totals: some of their money may be in both."]


def test_one_payer_gave_one_amount_for_one_project(money, little):
    project(little)
    money("for-wells", 5, level="project", project_id="wells", payer_id="mint")
    told = "The Mint provided US$ 5 for the project “Wells” (2001–2003)."
    assert said(None, payers="MINT")[0] == headline("2002", "2002") == told
    project(little, "roads")
    money("more", 1, level="project", project_id="roads", payer_id="mint")
    assert headline("2002", "2002") == (
        "The Mint provided US$ 6 for two projects whose years touch 2002."
    )


def test_an_agreement_whose_payer_nobody_names_comes_along_with_its_party(change):
    found = funding.amounts(payers="MOHRSS")
    assert list(found.note != "") == [False, True]
    assert "its payer is not stated" in found.note.iloc[1], "the gap row says that somebody looked"
    assert any(
        "One more amount, an initial US$ 1 million" in text for text in said(payers="MOHRSS")
    )
    change("contributions", "mou-mohrss-2022", payer_id="mohrss")
    assert list(funding.amounts(payers="MOHRSS").note) == ["", ""]


# Frames ---------------------------------------------------------------------------------------


def test_a_plain_sum_over_levels_is_refused():
    with pytest.raises(TypeError, match="sum"):
        funding.amounts().usd.sum()


def test_names_are_found_in_any_case_and_by_what_is_printed():
    asked = ["mohrss", "MOHRSS", "ministry of human resources and social security"]
    found = [list(funding.amounts(payers=name).index) for name in [*asked, asked[:1]]]
    assert all(each == found[0] for each in found) and found[0]
    assert list(funding.amounts(channels="Membership dues").label) == ["Assessed contributions"]
    assert funding.amounts(payers="not stated").payer.isna().all()


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ({"channels": "asessed"}, r"channels: 'asessed' is not one of our channels; did you mean assessed\?"),
        ({"payers": ["MOHRS"]}, r"payers: 'MOHRS' is not one of our organisations; did you mean MOHRSS"),
        ({"start": "20l2"}, r"start: '20l2' is not a date we read; write a year"),
        ({"start": "2022", "end": "2017"}, "start: '2022' comes after the end '2017'"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "function", [funding.amounts, funding.findings, funding.projects, funding.checks, funding.totals]
)  # fmt: skip
def test_a_wrong_parameter_is_named_with_its_value_and_the_right_one(function, choice, told):
    with pytest.raises(ValueError, match=told):
        function(**choice)


def test_a_part_goes_through_the_channel_of_its_total(money, little):
    project(little)
    money("fund", 7, "trust_fund", payer_id="mint", period="")
    money("for-wells", 5, level="project", project_id="wells", part_of="fund")
    assert set(funding.amounts(channels="trust fund").index) == {
        "contributions/fund",
        "contributions/for-wells",
    }


def test_an_amount_is_dated_by_itself_else_by_its_project_else_by_its_agreement(money, little):
    project(little)
    little(
        "agreements",
        agreement_id="pact",
        label="Pact",
        kind="mou",
        with_ilo="true",
        signed="2003-04",
    )
    money("own", 1, level="project", project_id="wells", period="2002")
    money("of-project", 1, level="project", project_id="wells")
    money("of-pact", 1, level="agreement", agreement_id="pact")
    found = funding.amounts("2002", "2003").set_index("label")
    assert found.when.to_dict() == {
        "Own": "2002",
        "Of-Project": "2001–2003",
        "Of-Pact": "April 2003",
    }
    assert list(found.in_window) == ["whole", "partly outside", "whole"]


def test_a_project_says_who_paid_and_where_it_reaches(money, little):
    project(little)
    for key, role in (("coast", "target_region"), ("delta", "beneficiary")):
        little("places", place_id=key, label=key.title(), kind="country")
        little("project_places", id=f"wells--{key}", project_id="wells", place_id=key, role=role)
    little(
        "project_organisations",
        id="w--m",
        project_id="wells",
        organisation_id="mint",
        role="funding",
    )
    (row,) = funding.projects().itertuples()
    assert [words.plain(each) for each in (row.payer, row.amount, row.dates, row.places)] == [
        "Mint", "–", "2001–2003", "Delta",
    ]  # fmt: skip
    assert list(funding.projects(payers="mint").index) == ["projects/wells"]
    assert funding.projects(payers="rich").empty


def test_a_what_if_marks_its_own_rows_as_assumed():
    frame = ilo.load_contributions()
    frame.loc["more"] = frame.loc["trade-unions-2019"]
    found = funding.amounts(contributions=frame)
    assert found.certainty["contributions/more"] == "assumed"
    assert found.certainty["contributions/assessed-2017-2022"] == "inferred", "its channel is"


# What fits, and what survives -----------------------------------------------------------------


def checks(*choice, **more):
    frame = funding.checks(*choice, **more)
    return list(zip(frame.holds, frame.text.map(words.plain), strict=True))


@pytest.mark.parametrize(
    ("cells", "verdict", "told"),
    [
        ({"amount_usd": "3"}, "yes", "US$ 10 through the Mint fits: its parts come to US$ 10."),
        ({"amount_usd": "9"}, "no", "does not fit: its parts come to US$ 16."),
        ({"likely_usd": "3"}, "if the misprint is read", "If the misprint is US$ 3, US$ 10"),
        ({"likely_usd": "9"}, "no", "If the misprint is US$ 9, US$ 10 through the Mint does not"),
        ({}, "open", "US$ 10 through the Mint may fit: its parts come to at least US$ 7."),
    ],
)
def test_a_total_is_held_against_its_parts(money, little, cells, verdict, told):
    project(little)
    money("fund", 10, "trust_fund", payer_id="mint")
    money("one", 7, level="project", project_id="wells", part_of="fund")
    wrong = {"amount_usd": "", "qualifier": "misprint", "printed_unit_usd": ""}
    cells = cells if "amount_usd" in cells else wrong | cells
    money("two", 0, level="project", project_id="wells", part_of="fund", **cells)
    ((found, text),) = checks()
    assert (found, told in text) == (verdict, True), text


def test_a_reading_that_was_chosen_to_fit_is_not_called_a_proof():
    (verdict, text), *_ = checks("2017", "2022")
    assert verdict == "if the misprint is read" and "does not prove the reading" in text


def test_loose_amounts_are_compared_with_the_voluntary_total_and_not_added_to_it(money, little):
    project(little)
    money("gifts", 20, "voluntary")
    money("one", 7, level="project", project_id="wells")
    ((verdict, text),) = checks()
    assert verdict == "open"
    assert text == (
        "Amounts of projects without a channel make US$ 7, less than US$ 20 in voluntary "
        "contributions; our tables do not say whether they are part of it."
    )


def test_the_headline_survives_or_not_under_each_way_to_count(money):
    money(**total())
    money("gifts", 20, "voluntary")
    assert checks() == [
        ("open", "We know of nothing in our tables to check these amounts against.")
    ]
    money("fund", 5, "trust_fund", payer_id="mint", period="")
    assert checks() == [("yes", "With US$ 5 through the Mint added, it is about 98 of every 100 dollars: the headline holds.")]  # fmt: skip
    money("staff", 400, "jpo")
    ((_, added), (verdict, inside)) = checks()
    assert "US$ 5 through the Mint added" in added and verdict == "no"
    assert "inside the other totals" in inside and inside.endswith("the headline does not hold.")


# For every choice -----------------------------------------------------------------------------

CHOICES = [
    *({"start": a, "end": b} for a, b in (("", ""), (2017, 2022), ("1950", "1951"), ("2019-05-01",) * 2)),
    *({"start": a, "end": b} for a, b in (("2012", "2012"), ("2023", "2025"), ("2019", "2020"))),
    *({"payers": name} for name in ("China", "MOHRSS", "ACFTU", "ILO", "not stated", "UN DESA")),
    *({"channels": name} for name in ("assessed", "voluntary", "jpo", "trust_fund", "not stated")),
    {"channels": ["voluntary", "jpo"], "payers": ["China"], "start": "2017", "end": "2022"},
]  # fmt: skip


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_every_sentence_is_one_with_proof_for_every_choice(choice):
    found = funding.findings(**choice)
    assert list(found.kind).count("headline") == 1 and (found.kind == "standfirst").sum() <= 1
    assert (found.kind == "finding").sum() <= 5 and (found.kind == "caveat").sum() <= 1
    long = [text for text in found.text.map(words.plain) if len(text.split()) > 30]
    assert not long, "a sentence that nobody can say aloud"
    texts = [*found.text, *funding.checks(**choice).text]
    for text in texts:
        plain = words.plain(text)
        assert plain[0].isupper() or plain[0].isdigit(), plain
        assert plain.endswith(".") and ".." not in plain and "  " not in plain, plain
        for bad in ("None", "nan", "[[", "|", " one projects", " one amounts", "channel_total"):
            assert bad not in plain, plain
        for link in words.links(text):
            assert card(link.of, link.how)["quotes"] or link.how, f"{link} has an empty card"
    again = [*funding.findings(**choice).text, *funding.checks(**choice).text]
    assert texts == again, "the same choice gives the same words"


@pytest.mark.parametrize("start", ["", "2017", "2019"])
def test_a_window_with_totals_has_three_to_five_findings(start, well_said):
    well_said(funding.findings(start, "2022"))


def test_the_figures_of_a_sentence_come_with_it():
    first = funding.findings("2017", "2022").iloc[0]
    assert (first.value, first.unit) == (97, "of 100 dollars") and first.low < 97 < first.high + 1
    assert pd.isna(funding.findings("2019", "2020").value.iloc[0])


def test_a_sum_shows_its_parts_and_what_it_takes_as_printed():
    (link, *_) = words.links(funding.findings("2017", "2022").text.iloc[0])
    assert "US$ 235 to 236 million + US$ 5.2 million" in link.how
    assert "Figures without a hedge are taken as printed, without room for rounding" in link.how
    assert len(card(link.of, link.how)["parts"]) >= 3
