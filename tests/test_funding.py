"""What money moved: levels kept apart, nothing cut, each sentence true for each choice."""

import re

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


DUES, GIFTS, STAFF = ("dues", 980, "assessed"), ("gifts", 20, "voluntary"), ("staff", 5, "jpo")
MISPRINT = {"amount_usd": "", "qualifier": "misprint", "printed_unit_usd": ""}


@pytest.mark.parametrize(
    ("amounts", "choice", "told"),
    [
        ([DUES, ("more", 2940, "voluntary")], {"start": "2001", "end": "2004"}, "75 of every 100 "
         "dollars that Richland provided to the Agency in 2001–2004 were voluntary contributions."),
        ([DUES, GIFTS, STAFF], {"channels": ["voluntary", "jpo"]}, "Richland provided the Agency "
         "with US$ 20 in voluntary contributions and US$ 5 for junior professional officers in "
         "2001–2004."),
        ([DUES], {"start": "1950", "end": "", "payers": "Mint"}, "Our tables date no money from the Mint "
         "in 1950 or later."),
        ([DUES], {"channels": ["jpo", "not stated"], "payers": ["mint", "not stated"]}, "Our tables hold "
         "no money from the Mint or an unnamed payer (channel: junior professional officers or not stated)."),
        ([("own", 9, "trust_fund", {"period": "2010/.."})], {}, "Richland provided the Agency with "
         "US$ 9 through a trust fund since 2010."),
    ],
)  # fmt: skip
def test_the_headline_states_what_the_amounts_of_a_choice_come_to(money, amounts, choice, told):
    for key, usd, channel, *more in amounts:
        money(key, usd, channel, **dict(*more))
    assert said("headline", **choice) == [told]


def test_a_share_is_not_said_where_one_of_the_totals_cannot_be_read(money):
    money(*DUES)
    money("gifts", "", "voluntary", **MISPRINT, printed="US$ 2,0")
    assert "a misprinted “US$ 2,0” in voluntary contributions" in said("headline")[0]
    assert "come to at least US$ 980" in said("standfirst")[0]


def test_totals_of_other_years_or_payers_are_never_added(money):
    for amount in (DUES, GIFTS):
        money(*amount)
    money("later", 500, "assessed", period="2005")
    money("minted", 300, "voluntary", payer_id="mint")
    assert said("headline")[0].startswith("98 of every 100 dollars that Richland")
    assert said("finding")[1] == (
        "Richland provided the Agency with US$ 500 in membership dues in 2005. "
        "The Mint provided the Agency with US$ 300 in voluntary contributions in 2001–2004."
    )
    assert set(funding.totals().total.map(words.plain)) == {"US$ 1,000", "US$ 500", "US$ 300"}
    assert said("standfirst", 2002, 2003)[0].startswith("Together, the two totals for 2001–2004")
    assert said("finding", 2002, 2003)[-1].endswith("Totals are given whole, not cut to 2002–2003.")


def test_amounts_of_projects_are_listed_whole_with_payer_and_years(money, little):
    for key in ("wells", "roads"):
        project(little, key)
    money("for-wells", 5, level="project", project_id="wells", payer_id="mint")
    told = "Money for projects: US$ 5 from the Mint (Wells; 2001–2003; channel not in our tables)."
    without = "Projects without an amount in our tables: Roads."
    assert said(None, payers="MINT") == [told] and said(None, 2002, 2002) == [told, without]


def test_what_may_lie_outside_the_window_is_counted_and_told_apart():
    assert said("caveat", 2024, 2024, payers="MOHRSS") == ["The texts report up to 2022."]
    day = funding.projects("2022-12-07", "2022-12-07")
    assert list(day.in_window).count("partly outside") == 2
    assert list(day.in_window)[2:] == ["possibly"] * 3, "these come last"
    assert day.dates["projects/youth-employment-2020"].endswith("; perhaps not on 7 December 2022")
    assert said(None, "2012-05", "2012-05") == [
        "Our tables date no money in May 2012.",
        "Not certain in May 2012, so not counted: "
        "US$ 1 million committed by China (First SSTC agreement, 2012; channel not in our tables).",
    ]
    assert funding.amounts("2012-05", "2012-05").in_window["contributions/sstc-2012"] == "possibly"


def test_a_total_heads_the_page_of_its_parts():
    whole = "Taken to be part of the total through the UN Peace and Development Trust Fund."
    notes = funding.amounts(payers="un-peace-development-trust-fund").note
    assert sorted(map(words.plain, notes)) == ["", whole, whole], "they stand in one column"
    (taken,) = words.links(notes.max())[:1]
    assert card(taken.of)["certainty"] == "inferred"


def test_what_an_answer_leaves_out_and_belongs_to_it_comes_along(change):
    (told,) = said("finding", payers="MOHRSS", channels="voluntary")
    assert told.startswith("Not counted here: an initial US$ 1 million (MoU with MOHRSS, 2022; ")
    assert "; US$ 4 million from the Ministry of Human Resources and Social Security (" in told
    change("contributions", "mou-mohrss-2022", payer_id="mohrss")
    assert list(funding.amounts(payers="MOHRSS").note) == ["", ""]
    assert funding.amounts(payers="ILO").empty, "a party to all of them, which receives"
    beside = words.plain(str([*funding.amounts(payers="China").note]))
    assert "Fund, established by China, for two projects; years not stated." in beside
    assert "from the Ministry of Human Resources" in beside, "it signed for China"


def test_a_body_of_a_state_has_what_the_state_paid_beside_it_with_its_years():
    head, beside, *_ = said(None, 2017, 2017, payers="Government of China")
    assert head == "Our tables date no money from the Government of China in 2017."
    assert "US$ 5.2 million from China in voluntary contributions (2017–2022)" in beside
    chart = ilo.charts.dues_and_rest(funding.amounts(2017, 2017, payers="Government of China"))
    assert chart.title.text == ["Stated amounts, by payer"], "not as its own"


# Frames ---------------------------------------------------------------------------------------


def test_channels_are_found_by_their_names_and_what_is_not_stated_can_be_asked_for():
    assert list(funding.amounts(channels="Membership dues").label) == ["Assessed contributions"]
    assert len(funding.amounts(channels="trust fund")) == 3, "a part came as its total did"
    assert set(funding.amounts(payers="not stated").payer) == {"not stated"}
    assert said("headline", channels="not stated")[0].endswith("2019–2023; channel not stated).")


def test_a_wrong_parameter_is_named_with_its_value_and_the_right_one():
    told = r"channels: 'asessed' is not one of our channels; did you mean assessed\?"
    with pytest.raises(ValueError, match=told):
        funding.projects(channels="asessed")
    with pytest.raises(ValueError, match="payers: 'MOHRS' is not one of .* did you mean MOHRSS"):
        funding.findings(payers="MOHRS")


def test_an_amount_is_dated_by_itself_or_else_by_its_project_or_agreement(money, little):
    project(little)
    pact = {"label": "Pact", "kind": "mou", "with_ilo": "true", "signed": "2004"}
    little("agreements", agreement_id="pact", **pact)
    money("own", 1, level="project", project_id="wells", period="2002")
    money("its", 2, level="project", project_id="wells", payer_id="mint")
    money("of-pact", 3, level="agreement", agreement_id="pact", receiver_id="mint")
    told = funding.amounts().sort_values("printed")
    assert list(told.when) == ["2002", "2001–2003", "2004"]
    cells = "contributions/own/period projects/wells/period agreements/pact/signed"
    assert list(told.when_of) == cells.split()


def test_a_project_reaches_a_region_only_where_it_names_no_country(money, little):
    project(little)
    for key, role in (("coast", "target_region"), ("delta", "beneficiary")):
        little("places", place_id=key, label=key.title(), kind="country")
        little("project_places", id=f"wells--{key}", project_id="wells", place_id=key, role=role)
    assert list(funding.projects().places.map(words.plain)) == ["Delta"]


def test_projects_of_a_payer_are_those_that_it_paid_for():
    assert list(funding.projects(payers="ACFTU").index) == ["projects/trade-unions-2019"]
    assert funding.projects(payers="UN DESA").empty, "it has another part in one"


def test_a_what_if_marks_its_own_rows_as_assumed():
    frame = ilo.load_contributions()
    frame.loc["more"] = frame.loc["trade-unions-2019"]
    frame.loc["gifts"] = frame.loc["voluntary-2017-2022"]
    assert "US$ 5.2 million in voluntary contributions, US$ 5.2 million" in " ".join(
        said(contributions=frame)
    )
    found = funding.amounts(contributions=frame)
    assert found.certainty["contributions/more"] == "assumed"
    assert found.certainty["contributions/assessed-2017-2022"] == "inferred", "its channel is"


# What fits, and what survives -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"amount_usd": "3"}, "Two amounts through the Mint come to US$ 10; the total is US$ 10."),
        (MISPRINT | {"likely_usd": "3"}, "US$ 10 if the misprint means US$ 3; the total is"),
        (MISPRINT, "come to at least US$ 7; the total is US$ 10."),
    ],
)  # fmt: skip
def test_a_total_is_held_against_its_parts(money, little, cells, told):
    project(little)
    money("fund", 10, "trust_fund", payer_id="mint")
    money("one", 7, level="project", project_id="wells", part_of="fund")
    money("two", 0, level="project", project_id="wells", part_of="fund", **cells)
    assert told in words.plain(funding.checks().text[0])


# For every choice -----------------------------------------------------------------------------

CHOICES = [
    *({"start": a, "end": b} for a, b in (("", ""), (2017, 2022), ("1950", "1951"), ("2019-05-01",) * 2)),
    *({"start": a, "end": b} for a, b in (("2012", "2012"), ("2023", "2025"), ("2019", "2020"))),
    *({"start": a, "end": a} for a in ("2022-12-07", "2019-06", "2012-05", "2013", "2016")),
    *({"payers": name} for name in ("China", "MOHRSS", "ACFTU", "ILO", "not stated", "UN DESA")),
    *({"channels": name} for name in ("assessed", "voluntary", "jpo", "trust_fund", "not stated")),
    {"channels": ["voluntary", "jpo"], "payers": ["China"], "start": "2017", "end": "2022"},
]  # fmt: skip


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_every_sentence_is_one_with_proof_for_every_choice(choice, well_said):
    found, checked = funding.findings(**choice), funding.checks(**choice)
    told = well_said(found, least=3 * (choice == {"start": 2017, "end": 2022}))
    sentences = re.split("[.;] ", " ".join(told))
    assert max(len(text.split()) for text in sentences) <= 30, "nobody can say it aloud"
    for text in [*found.text, *checked.text]:
        unlinked = re.sub(r"\[\[.*?\]\]", "", text)
        assert text.endswith(".") and not re.search("  |None|nan|channel_total", words.plain(text))
        assert all(card(link.of, link.how)["quotes"] or link.how for link in words.links(text))
        bare = re.search(r"\b(one|two|three|four|five|six|ten) (?!of every|year)", unlinked, re.I)
        assert not bare, f"{bare} counts our rows and has no card"
    assert found.equals(funding.findings(**choice)), "the same choice gives the same words"


def test_a_project_that_goes_on_is_in_each_year_that_the_texts_report_on(little):
    project(little, period="2015/..")
    assert list(funding.projects(2019, 2019).in_window) == ["partly outside"]
    assert not any("Not certain" in text for text in said("caveat", 2019, 2019))


def test_a_start_alone_is_that_year(money):
    money("then", 9, "voluntary", period="2002")
    money("later", 8, "voluntary", period="2004")
    assert list(funding.amounts(2002).label) == ["Then"]
    assert list(funding.amounts(2002, "").label) == ["Then", "Later"]
