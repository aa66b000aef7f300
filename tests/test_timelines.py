"""What happened when is told as dated and no more, and stays true for every window and partner."""

import itertools

import pandas as pd
import pytest

from ilodata import tables, timelines, words

PARTNERS = [(), "ILO", "MOHRSS", "China", "ACFTU", "UN DESA", "State Council", "BRICS"]
WINDOWS = [
    *[("", ""), ("1985", "2025"), ("2010", "2020"), ("2023", "2025"), ("", "1984"), ("2026", "")],
    *[(year, None) for year in (1985, 1990, 2001, 2013, 2014, 2016, 2017, 2018, 2021, 2022, 2024)],
    *[("2019-04", None), ("2019-05", None), ("2022-12-07", None), ("2022-12-08", "2022-12-10")],
]


@pytest.fixture
def agree(little):
    """Give a function that adds an agreement of the ILO with someone, and the table's filler."""
    little("organisations", organisation_id="ilo", label="ILO", kind="un_body")

    def add(key, signed, *parties, with_ilo="true", kind="mou", **cells):
        if with_ilo == "true":
            parties = ("ilo", *parties)
        little("agreements", agreement_id=key, label=f"MoU {key}", kind=kind, act="signed",
               with_ilo=with_ilo, signed=signed, **cells)  # fmt: skip
        for party in parties:
            little("agreement_parties", id=f"{key}--{party}", agreement_id=key,
                   organisation_id=party)  # fmt: skip

    add.table = little
    return add


def said(kind, *args, **kwargs):
    """Return the sentences of one kind as plain words."""
    found = timelines.findings(*args, **kwargs)
    return [words.plain(text) for text in found.text[found.kind == kind]]


def headline(*args, **kwargs):
    return said("headline", *args, **kwargs)[0]


def test_most_agreements_came_in_four_years():
    assert headline("1985", "2025") == (
        "Seven of the ten agreements with the ILO that the texts name came in 2016–2019."
    ), "the documents name ten: 2001, 2012, two of 2016, 2018, four of 2019, 2022"


def test_the_headline_says_the_window_where_it_leaves_agreements_out():
    assert headline("2010", "2020") == (
        "Seven of the eight agreements with the ILO dated 2010–2020 came in 2016–2019."
    )


def test_the_headline_follows_an_agreement_that_moves(change):
    change("agreements", "mou-strategic-2016", signed="2010")
    assert headline("1985", "2025").endswith("came in 2016–2022."), "six are left until 2019"


def test_the_headline_follows_an_agreement_that_is_not_with_the_ilo(change):
    change("agreements", "mou-acftu-2019", with_ilo="false")
    assert headline("1985", "2025").startswith("Six of the nine agreements with the ILO")
    assert "agreements/mou-acftu-2019" in timelines.beside("1985", "2025").index


def test_the_densest_run_is_the_shortest_that_holds_two_thirds(agree):
    for number, year in enumerate((1990, 2001, 2003, 2004, 2010, 2020)):
        agree(f"a{number}", str(year))
    assert headline("", "").startswith("Four of the six"), "two thirds of six are four"
    assert headline("", "").endswith("came in 2001–2010.")


@pytest.mark.parametrize(
    "years",
    [("2001", "2020"), ("2001", "2010", "2020"), ("2001", "2002", "2003")],
    ids=["two only", "far apart", "together the whole time"],
)
def test_no_run_is_told_where_nothing_is_dense(agree, years):
    for number, year in enumerate(years):
        agree(f"a{number}", year)
    assert "came in" not in headline("", "")
    assert not timelines.chronology("", "").dense.any()


def test_an_agreement_that_may_lie_outside_a_window_is_not_counted_as_in_it(agree):
    for number, year in enumerate(("2001", "2018", "2018", "2019")):
        agree(f"a{number}", year)
    agree("vague", "[2018-12,2020-01]")
    assert headline("2000", "2019").startswith("Three of the four agreements with the ILO")


def test_a_year_alone_is_that_year_and_comes_in_order():
    found = timelines.chronology(2019)
    assert {2019} <= set(found.start.dt.year) and found.in_window.isin(
        ["certainly", "possibly"]
    ).all()
    assert list(found.start) == sorted(found.start)
    assert list(found.index) == list(timelines.chronology("2019", "2019").index)
    assert {"with", "about", "money", "when", "certainty"} <= set(found.columns)


def test_an_answer_leads_to_the_words_of_the_documents():
    import ilodata as ilo

    found = ilo.evidence(ilo.timelines.chronology(2019))
    assert found.fragment.str.contains("June 2019").any()


def test_blank_ends_leave_a_window_open():
    assert len(timelines.chronology("", "")) > len(timelines.chronology("2012", ""))
    assert timelines.chronology("", "2001").start.dt.year.max() <= 2001


@pytest.mark.parametrize(
    ("arguments", "parameter", "named"),
    [
        ({"start": "2020", "end": "2019"}, "start", "2019"),
        ({"start": "20l2"}, "start", "20l2"),
        ({"end": "soon"}, "end", "soon"),
        ({"partners": "MOHRS"}, "partners", "MOHRSS"),
    ],
)
def test_a_wrong_value_is_named_with_its_parameter_and_what_is_right(arguments, parameter, named):
    with pytest.raises(ValueError, match=named) as caught:
        timelines.chronology(**arguments)
    assert str(caught.value).startswith(f"{parameter}: "), caught.value


def test_a_partner_is_found_by_id_acronym_or_name_in_any_case():
    name = tables.label("organisations/mohrss")
    found = [
        timelines.chronology("", "", each).index.tolist() for each in ("mohrss", "MOHRSS", name)
    ]
    assert found[0] == found[1] == found[2] and found[0]


def test_a_partner_is_said_with_what_it_has_a_part_in():
    told = (
        "For 1985–2025 our tables hold three agreements with the ILO and one project in which the "
        "Ministry of Human Resources and Social Security has a part."
    )
    assert headline("1985", "2025", ["MOHRSS"]) == told
    assert headline("", "", "UN DESA") == "Our tables hold one project in which UN DESA has a part."


def test_the_ilo_as_a_partner_includes_its_office():
    shown = timelines.chronology(1985, partners="ILO")
    assert "events/ilo-office-1985" in shown.index


def test_what_is_called_after_a_partner_is_shown_with_it():
    assert headline("", "", "BRICS") == (
        "Our tables hold eight meetings, declarations and the like in which BRICS has a part, but "
        "name no part of the ILO in them."
    )
    assert timelines.beside("", "", "BRICS").title.str.contains("BRICS").all()


def test_an_organ_of_a_state_is_told_apart_from_the_state():
    assert "events/one-plus-six-2022" in timelines.chronology(2022, partners="State Council").index
    assert "events/one-plus-six-2022" not in timelines.chronology(2022, partners="China").index


def test_a_person_counts_for_the_organisation_of_the_office():
    assert "events/gdi-proposed-2021" in timelines.chronology(2021, partners="China").index
    told = timelines.beside(2021).text["events/gdi-proposed-2021"]
    assert "Proposed by Xi Jinping, President of China" in words.plain(told)


def test_agreements_without_a_party_are_named_beside_a_partner(agree):
    agree.table("organisations", organisation_id="farm", label="Farm Ministry", kind="ministry")
    agree("a", "2001", "farm")
    agree.table("agreements", agreement_id="b", label="MoU b", kind="mou", act="signed",
                with_ilo="true", signed="2002")  # fmt: skip
    assert said("caveat", "", "", "Farm Ministry") == ["Our tables name no party of MoU b (2002)."]


def test_what_nothing_ties_to_the_ilo_stands_beside_and_is_not_counted(agree):
    agree.table("organisations", organisation_id="club", label="Club", kind="group_of_states")
    for key in ("talk", "visit"):
        agree.table("events", event_id=key, label=f"A {key}", kind="meeting", date="2019")
    agree.table("event_participants", id="visit--ilo", event_id="visit", organisation_id="ilo",
                role="host")  # fmt: skip
    agree("a", "2019", "club")
    agree("b", "2019", "club", with_ilo="false", kind="declaration")
    kinds = timelines.chronology(2019).kind
    assert dict(kinds) == {
        "agreements/a": "agreement",
        "agreements/b": "beside",
        "events/talk": "beside",
        "events/visit": "event",
    }


def test_what_a_project_brought_forth_belongs_to_the_cooperation():
    kinds = timelines.chronology("1985", "2025").kind
    assert kinds["events/skills-network-2021"] == "event"
    assert kinds["events/regional-meeting-2022"] == "event", "an agreement was signed during it"
    assert set(kinds[kinds.index.str.contains("brics|gdi-proposed|chongqing|lemm")]) == {"beside"}


def test_nothing_is_told_twice():
    shown = timelines.chronology("1985", "2025")
    assert shown.index.is_unique and shown.label.is_unique
    listed = [*timelines.years("1985", "2025").index, *timelines.beside("1985", "2025").index]
    assert len(listed) == len(set(listed))
    assert set(shown.index) <= set(listed)


def test_a_presidency_of_one_year_does_not_last():
    shown = timelines.chronology("1985", "2025", frames=None).query("kind == 'beside'")
    ends = shown.end[shown.label.str.contains("Presidency")]
    assert len(ends) == 2 and ends.notna().all()


def test_what_has_no_date_stands_last_and_only_where_the_window_holds_all(little):
    little("projects", project_id="wells", label="Wells", period="2019/2020")
    little("projects", project_id="roads", label="Roads", period="")
    assert list(timelines.chronology("", "").index) == ["projects/wells", "projects/roads"]
    assert timelines.chronology("", "").when["projects/roads"] == "no date in our tables"
    assert list(timelines.chronology("", 2018).index) == []
    assert list(timelines.years("", "").year) == ["2019", "Undated"]


def test_one_of_two_months_is_possible_in_each_and_certain_in_their_year(agree):
    agree("a", "[2019-04,2019-06]")
    fits = [
        timelines.chronology(window).in_window.tolist() for window in ("2019-04", "2019-05", 2019)
    ]
    assert fits == [["possibly"], [], ["certainly"]]
    assert (
        headline("2019-04") == "For April 2019 our tables hold at most one agreement with the ILO."
    )


@pytest.mark.parametrize(
    ("window", "told"),
    [
        (1990, "Our tables hold nothing dated 1990."),
        (2013, "For 2013 our tables hold one project."),
        (1985, "For 1985 our tables hold one event."),
        (2019, "For 2019 our tables hold four agreements with the ILO and three to four projects."),
        (2024, "For 2024 our tables hold one to two projects."),
        ("2022-12-07", "For 7 December 2022 our tables hold one agreement with the ILO, two to"),
    ],
)
def test_a_small_window_says_what_is_in_it(window, told):
    assert headline(window).startswith(told)


def test_a_window_with_nothing_says_so_of_the_partner_too():
    assert headline(1990, partners="MOHRSS").startswith(
        "Our tables hold nothing dated 1990 in which "
    )


def test_each_of_a_few_entries_is_told():
    told = said("finding", "", "", "ACFTU")
    assert told[0].endswith("workers’ organizations; US$ 1 million."), "its subject and its money"
    assert told[1].startswith("MoU with the ACFTU, 2019 (April or June 2019).")


def test_empty_tables_are_no_error(little):
    assert headline("", "") == "Our tables hold nothing."
    assert timelines.chronology(2019).empty and timelines.years(2019).empty


def test_years_after_the_documents_are_plans(little):
    little("projects", project_id="a", label="A", period="2018/2025")
    little("projects", project_id="b", label="B", period="2019/2021")
    plan = "One of the projects has stated years beyond 2022, the last year that the texts report on, to 2025."
    assert plan in said("finding", "", "")
    assert plan not in said("finding", "2010", "2022"), "nothing of the window is later"


def test_a_later_document_turns_a_plan_into_what_was(change):
    change("documents", "china-and-ilo", latest_date="2026")
    assert not any(
        "stated years beyond" in text for text in timelines.findings("1985", "2030").text
    )


def test_a_number_in_a_row_implies_those_before_it(agree):
    agree("third", "2016", kind="programme", ordinal="3")
    told = (
        "The MoU third is called the third, so there were two before it; our tables hold neither."
    )
    assert told in said("finding", "", "")
    agree("second", "2011", kind="programme", ordinal="2")
    assert told.replace("neither", "one") in said("finding", "", "")
    told = "The MoU second is called the second, so there was one before it; our tables hold none."
    assert told in said("finding", "", "")


def test_earlier_years_are_told_apart():
    assert said("finding", "1985", "2025")[0] == (
        "Before 2012 we list two entries: ILO office in Beijing opened (1985) and MoU with "
        "MOHRSS, 2001."
    )


def test_what_the_ilo_does_throughout_is_told_without_a_date():
    told = timelines.years("1985", "2025")
    throughout = told[told.kind == "Throughout"]
    assert (
        set(throughout.year) == {"Undated"} and throughout.index.str.startswith("relations/").all()
    )
    assert not throughout.title.str.contains("Network").any(), "that was launched in 2021"
    assert throughout.title.str.contains("founding member").any()
    assert any("social dialogue" in text for text in said("finding", "1985", "2025"))
    assert not told.title.str.contains("BRICS").any()
    assert timelines.beside("1985", "2025").title.str.contains("support for BRICS").any()


def test_each_agreement_says_what_it_is_about():
    told = timelines.years("1985", "2025").text
    assert "Maritime Labour Convention" in told["agreements/mou-mot-2019"]
    assert "occupational safety" in told["agreements/mou-mem-2019"]
    assert "expanded programme" not in told["agreements/mou-mem-2019"], "that is an effect"


def test_parts_and_contexts_are_said_in_words():
    told = timelines.years("1985", "2025").text.map(words.plain)
    assert "versees the ILO's activities in China, Hong Kong SAR" in told["events/ilo-office-1985"]
    assert "laid the foundation for the MoU for strategic" in told["agreements/dwcp-2016"]
    assert "in the context of the Belt and Road Initiative" in told["agreements/ssc-2018"]
    assert told["projects/employment-asean-2022"].startswith(
        "Funded by China; with the ILO; 2022–2023"
    )
    assert not told.str.contains(r"\b(?:focus|setting|before|during|oversees|funding): ").any()


def test_an_open_list_is_said_to_be_open(agree):
    agree("a", "2001")
    agree.table("themes", theme_id="t", record="agreements/a", theme="jobs", role="subject",
                open_list="true")  # fmt: skip
    assert timelines.chronology(2001).about.tolist() == ["jobs, among others"]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"amount_usd": "4000000", "qualifier": "exact", "printed": "4"}, "US$ 4 million"),
        ({"amount_usd": "2200000", "qualifier": "over", "printed": "2.2"}, "over US$ 2.2 million"),
        ({"printed": "US$ 3,00", "qualifier": "misprint"}, "an amount misprinted as “US$ 3,00”"),
        (
            {"amount_usd": "1000000", "qualifier": "initial", "printed": "1"},
            "US$ 1 million as an initial contribution",
        ),
    ],
)
def test_an_amount_is_said_as_it_is_hedged(little, cells, told):
    little("projects", project_id="wells", label="Wells", period="2019")
    little("contributions", contribution_id="m", label="Money", level="project",
           project_id="wells", **cells)  # fmt: skip
    found = timelines.chronology(2019)
    assert found.money.tolist() == [told]
    assert found.money_of.iloc[0].startswith("contributions/m/")


def test_a_later_figure_of_the_same_amount_takes_its_place(little):
    little("projects", project_id="wells", label="Wells", period="2019")
    for key, amount, older in (("old", "1000000", ""), ("new", "2000000", "old")):
        little("contributions", contribution_id=key, label=key, level="project", amount_usd=amount,
               qualifier="exact", printed=amount, project_id="wells", supersedes_id=older)  # fmt: skip
    assert timelines.chronology(2019).money.tolist() == ["US$ 2 million"]


def test_a_what_if_takes_given_frames():
    agreements = tables.load_agreements()
    moved = agreements.assign(
        signed=agreements.signed.mask(agreements.index == "mou-strategic-2016", "2010")
    )
    assert headline("1985", "2025", frames={"agreements": moved}).endswith("came in 2016–2022.")
    more = pd.concat([agreements, agreements.iloc[:1].rename(index=lambda key: f"{key}-again")])
    assert len(timelines.chronology(2001, frames={"agreements": more})) == 2


@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: f"{window[0]} to {window[1]}")
def test_every_sentence_holds_for_every_window_and_partner(window, well_said):
    for partner in PARTNERS:
        found = timelines.findings(*window, partner)
        well_said(found, least=0)
        narrowed = timelines.chronology(*window, partner)
        counted = narrowed[narrowed.kind == "agreement"]
        low, high = found.low.iloc[0], found.high.iloc[0]
        assert low <= high <= len(counted), f"{partner}: counted more agreements than are shown"
        if narrowed.empty:
            assert found.text.iloc[0].startswith("Our tables hold nothing"), partner


@pytest.mark.parametrize("window", [("1985", "2025"), (2019, None), (1990, None)])
def test_every_row_of_a_list_rests_on_words_of_the_documents(window):
    from ilodata.evidence import card

    listed = (timelines.years(*window), timelines.beside(*window))
    for text in itertools.chain.from_iterable((f.title.tolist() + f.text.tolist()) for f in listed):
        for link in words.links(text):
            told = card(link.of, link.how)
            assert told["quotes"] or told["parts"], f"{link.shown!r} rests on no words"


def test_the_same_choice_is_told_in_the_same_words():
    first, again = (timelines.findings("1985", "2025", "MOHRSS") for _ in range(2))
    pd.testing.assert_frame_equal(first, again)


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
