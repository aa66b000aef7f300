"""What happened when, as precisely as stated and no more."""

import pandas as pd
import pytest

from ilodata import tables, timelines, uncertain

TODAY = pd.Timestamp("2022-12-09")
APRIL_OR_JUNE = "[2019-04,2019-06]"
ORGANISATIONS = {"ilo": "ILO", "china": "China", "acftu": "ACFTU", "office": "Office", "net": "Network"}  # fmt: skip


def table(date, kind, **dates):
    cells = {"label": [key.upper() for key in dates], date: list(dates.values())}
    frame = pd.DataFrame(cells, list(dates)).astype("string")
    return frame.assign(kind=kind)


def linked(*rows):
    frame = pd.DataFrame(rows, columns=["subject", "predicate", "object", "period"], dtype="string")
    return frame.set_axis([f"r{n}" for n in range(len(rows))], axis="index")


ORGANISED = pd.DataFrame({"label": list(ORGANISATIONS.values())}, list(ORGANISATIONS))


def happenings(agreements=(), events=(), projects=(), relations=(), kind="meeting"):
    return timelines.chronology(
        table("signed", "mou", **dict(agreements)),
        table("date", kind, **dict(events)),
        table("period", "x", **dict(projects)),
        linked(*relations),
        ORGANISED,
    )


def parts(*rows):
    frame = pd.DataFrame(rows, columns=["record", "organisation_id", "role"])
    return frame.assign(organisation=frame.organisation_id.map(ORGANISATIONS))


@pytest.fixture
def all_sorts():
    return happenings(
        {"mou": APRIL_OR_JUNE, "sstc": "2012"},
        {"office": "1985", "proposal": "2021-09-21", "since": "2015/..", "forum": None},
        {"first": "2013/", "skills": "2018/2025"},
    )


def test_a_chronology_is_in_the_order_of_the_earliest_day_and_ends_with_what_has_no_date(all_sorts):
    assert list(all_sorts.label) == [
        "OFFICE", "SSTC", "FIRST", "SINCE", "SKILLS", "MOU", "PROPOSAL", "FORUM",
    ]  # fmt: skip
    mou, forum = all_sorts.loc["agreements/mou"], all_sorts.loc["events/forum"]
    assert (mou.what, mou.when, mou.precision) == ("mou", "April or June 2019", "one of several")
    assert (forum.when, forum.precision) == ("not dated", "not dated")


def test_an_event_lasts_by_its_kind_or_its_open_date_and_is_then_a_presence(all_sorts):
    assert all_sorts.kind["events/since"] == "presence"
    assert all_sorts.kind["events/office"] == "event"
    assert set(happenings(events={"e": "2017"}, kind="presidency").kind) == {"presence"}


OPENED = ("events/start", "opened", "organisations/office", None)
OVERSEES = ("organisations/office", "oversees_activities_in", "places/china", None)


@pytest.mark.parametrize(
    ("date", "relations", "when"),
    [
        ("1985", [OPENED], "1985, end not stated"),
        ("1985", [OPENED, OVERSEES], "since 1985"),
        ("2021-11", [("events/start", "launched", *OPENED[2:])], "November 2021, end not stated"),
        (None, [OPENED], "not dated"),
        (APRIL_OR_JUNE, [OPENED], "not dated"),
    ],
)
def test_what_an_event_opens_lasts_from_then_on_and_goes_on_where_the_present_tense_says_so(
    date, relations, when
):
    found = happenings(events={"start": date}, relations=relations)
    office = found.loc["organisations/office"]
    assert (office.kind, office.label, office.when) == ("presence", "Office", when)
    assert found.kind["events/start"] == "event"


def test_a_membership_lasts_and_is_not_dated_where_no_date_is_stated():
    found = happenings(
        relations=[("organisations/china", "founding_member_of", "organisations/ilo", None)]
    )
    assert list(found.label) == ["China, founding member of ILO"]
    assert list(found.index) == ["relations/r0"] and list(found.when) == ["not dated"]


def test_a_framework_that_an_event_launches_is_no_presence():
    launched = ("events/start", "launched", "frameworks/gdi", None)
    assert list(happenings(events={"start": "2021"}, relations=[launched]).kind) == ["event"]


def test_a_window_keeps_what_is_certain_possible_or_not_dated(all_sorts):
    shown = timelines.within(all_sorts, "2019-06", "2021", today=TODAY)
    assert dict(shown.in_window) == {
        "agreements/mou": "possibly",
        "events/proposal": "certainly",
        "events/since": "certainly",
        "events/forum": "undated",
        "projects/first": "possibly",
        "projects/skills": "certainly",
    }


def test_kinds_and_organisations_narrow_a_window(all_sorts):
    involved = parts(("agreements/mou", "acftu", "party"), ("events/office", "ilo", "host"))
    only = timelines.within(all_sorts, "1985", "2022", kinds=["agreement"])
    assert list(only.label) == ["SSTC", "MOU"]
    acftu = timelines.within(all_sorts, "1985", "2022", [], ["acftu"], involved)
    assert list(acftu.label) == ["MOU"]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"kinds": ["agreements"]}, "kinds: 'agreements' is no kind; did you mean agreement[?]"),
        ({"organisations": ["acfty"]}, "'acfty' is no organisation; did you mean acftu[?]"),
        ({"end": "1984"}, "^the window 1985 to 1984 ends before it starts$"),
        ({"end": "soon"}, "^'soon' is not a date we read"),
        ({"end": "2015/.."}, "^the window 1985 to 2015/.. is open; write a date for both ends$"),
    ],
)
def test_a_choice_that_cannot_be_made_is_refused_in_a_sentence(all_sorts, choice, message):
    usual = {
        "start": "1985",
        "end": "2022",
        "involved": parts(("agreements/mou", "acftu", "party")),
    }
    with pytest.raises(ValueError, match=message):
        timelines.within(all_sorts, **usual | choice)


def test_an_organisation_that_no_table_has_is_named_with_the_nearest_one():
    said = (
        r"^agreements/mou: 'acfty' has a part in it and is no organisation; did you mean acftu[?]"
    )
    empty = pd.DataFrame(
        columns=["event_id", "organisation_id", "person_id", "role"], dtype="string"
    )
    with pytest.raises(ValueError, match=said):
        timelines.involvement(
            pd.DataFrame({"agreement_id": ["mou"], "organisation_id": ["acfty"]}),
            empty,
            pd.DataFrame({"organisation_id": ["china"]}, index=["xi"]),
            empty.rename(columns={"event_id": "project_id"}),
            linked(),
            ORGANISED,
        )


def test_a_person_takes_part_for_the_organisation_of_the_office_named():
    involved = timelines.involvement(
        pd.DataFrame({"agreement_id": ["mou"], "organisation_id": ["acftu"]}),
        pd.DataFrame(
            {
                "event_id": ["gdi", "gdi"],
                "organisation_id": pd.array([pd.NA, "net"], "string"),
                "person_id": pd.array(["xi", pd.NA], "string"),
                "role": ["proposer", "venue"],
            }
        ),
        pd.DataFrame({"organisation_id": ["china"]}, index=["xi"]),
        pd.DataFrame({"project_id": ["p"], "organisation_id": ["ilo"], "role": ["launching"]}),
        linked(
            OPENED,
            OVERSEES,
            ("organisations/ilo", "supports_network", "organisations/office", None),
            ("organisations/ilo", "supports_network", "organisations/net", None),
            ("organisations/china", "founding_member_of", "organisations/ilo", None),
        ),
        ORGANISED,
    )
    assert list(involved.itertuples(index=False, name=None)) == [
        ("agreements/mou", "acftu", "party", "ACFTU"),
        ("events/gdi", "china", "proposer", "China"),
        ("events/gdi", "net", "venue", "Network"),
        ("projects/p", "ilo", "launching", "ILO"),
        ("organisations/office", "office", "itself", "Office"),
        ("organisations/office", "ilo", "supports_network", "ILO"),
        ("relations/r4", "china", "member", "China"),
        ("relations/r4", "ilo", "body", "ILO"),
    ]


def drawn(start, end, today=TODAY, **dates):
    shown = timelines.within(happenings(projects=dates), start, end)
    rows = timelines.pieces(shown, start, end, today)
    return [
        (f"{row['from']:%Y-%m-%d}", f"{row['to']:%Y-%m-%d}", row["shows"], row["edge"])
        for _, row in rows[rows.shows != "undated"].iterrows()
    ]


@pytest.mark.parametrize(
    ("date", "stretches"),
    [
        ("2022-12-07", [("2022-12-07", "2022-12-08", "day", "")]),
        ("2021", [("2021-01-01", "2022-01-01", "within", "")]),
        (APRIL_OR_JUNE, [("2019-04-01", "2019-05-01", "within", ""), ("2019-06-01", "2019-07-01", "within", "")]),
        ("2010/2013", [("2012-01-01", "2014-01-01", "within", ""), ("2012-01-01", "2013-01-02", "throughout", "")]),
        ("2021/2030", [("2021-01-01", "2026-01-01", "within", ""), ("2021-12-31", "2026-01-01", "throughout", "")]),
        ("2022/2023", [("2022-01-01", "2024-01-01", "within", ""), ("2022-12-31", "2023-01-02", "throughout", "")]),
        ("2015/..", [("2015-01-01", "2026-01-01", "within", "going on"), ("2015-12-31", "2022-12-10", "throughout", "")]),
        ("2013/", [("2013-01-01", "2026-01-01", "within", "end not stated")]),
        ("/2013", [("2012-01-01", "2014-01-01", "within", "")]),
        ("2013-02/2013", [("2013-02-01", "2014-01-01", "within", "")]),
        (None, []),
    ],
)  # fmt: skip
def test_a_date_is_drawn_as_what_it_can_mean_within_the_window(date, stretches):
    assert drawn("2012", "2025", it=date) == stretches


@pytest.mark.parametrize("date", ["2013/", "2015/..", "2017/2018", "2017", APRIL_OR_JUNE, "2019-06-03"])  # fmt: skip
def test_the_picture_and_the_counts_say_the_same(date):
    """Solid days are days of which a count is certain, pale ones days of which it is possible."""
    shown = happenings(projects={"it": date})
    rows = timelines.pieces(shown, "2012", "2025", TODAY)
    for day in pd.date_range("2012-01-01", "2025-12-31", freq="29D"):
        here = rows[(rows["from"] <= day) & (day < rows["to"])]
        low, high = uncertain.count([date], f"{day:%Y-%m-%d}", f"{day:%Y-%m-%d}", TODAY)
        assert bool(low) == bool({"throughout", "day"} & set(here.shows))
        assert bool(high) == bool(len(here))


def test_what_is_not_dated_is_named_in_a_row_without_days():
    rows = timelines.pieces(happenings(events={"forum": None}), "2012", "2025", TODAY)
    assert list(rows.shows) == ["undated"] and rows["from"].isna().all()


def test_a_year_counts_what_certainly_and_what_possibly_happened_in_it():
    agreements, projects = (
        {"a": "[2018-12,2019-01]", "b": "2019-06"},
        {"p": "2018/2019", "q": "2018/"},
    )
    shown = happenings(agreements, {"forum": None}, projects)
    rows = timelines.per_year(shown, "2018", "2020")
    assert list(rows[rows.kind != "event"].itertuples(index=False, name=None)) == [
        (2018, "agreement", 0, 1),
        (2018, "project", 2, 2),
        (2019, "agreement", 1, 2),
        (2019, "project", 1, 2),
        (2020, "agreement", 0, 0),
        (2020, "project", 0, 1),
    ]


def test_a_year_that_the_window_cuts_counts_only_its_days_within():
    rows = timelines.per_year(happenings({"a": APRIL_OR_JUNE, "b": "2019-02"}), "2019-05", "2019")
    assert list(rows.itertuples(index=False, name=None)) == [(2019, "agreement", 0, 1)]


def test_years_are_stated_possible_silent_or_after_the_documents():
    shown = happenings(
        {"a": "2012"}, {"since": "2015/.."}, {"p": "2012/2013", "q": "[2018,2019]"}
    )  # fmt: skip
    rows = timelines.silences(shown, "2011", "2024", TODAY)
    assert list(rows.itertuples(index=False, name=None)) == [
        (2011, 2011, 1, "nothing stated"),
        (2012, 2013, 2, "stated"),
        (2014, 2014, 1, "nothing stated"),
        (2015, 2015, 1, "stated"),  # the commitment begins; that it lasts is no happening
        (2016, 2017, 2, "nothing stated"),
        (2018, 2019, 2, "only possible"),
        (2020, 2022, 3, "nothing stated"),
        (2023, 2024, 2, "after the documents"),
    ]


def signed(agreements, involved, *window):
    rows = timelines.signings(happenings(agreements), parts(*involved), *window)
    return list(rows.itertuples(index=False, name=None))


def test_who_signs_with_whom_is_counted_by_pair_instrument_and_period():
    involved = [
        ("agreements/a", "ilo", "party"), ("agreements/a", "china", "party"),
        ("agreements/b", "china", "party"), ("agreements/b", "ilo", "party"),
        ("agreements/c", "acftu", "party"),
    ]  # fmt: skip
    found = signed(
        {"a": "2012", "b": "[2014,2015]", "c": "2012", "d": "2013"}, involved, "2012", "2016", 3
    )
    assert found == [
        ("ILO and China", "MoU", 2012, 2014, 1, 2, "A, B"),
        ("ILO and China", "MoU", 2015, 2016, 0, 1, "B"),
        ("ACFTU and a party not stated", "MoU", 2012, 2014, 1, 1, "C"),
        ("Parties not stated", "MoU", 2012, 2014, 1, 1, "D"),
    ]


def test_an_agreement_of_three_counts_for_each_pair():
    involved = [("agreements/a", who, "party") for who in ("ilo", "china", "acftu")]
    assert [row[0] for row in signed({"a": "2012"}, involved, "2012", "2012")] == [
        "ILO and China", "ILO and ACFTU", "China and ACFTU",
    ]  # fmt: skip


def test_a_period_without_a_year_is_refused():
    with pytest.raises(ValueError, match="^a period of 0 years is none; write 1 or more$"):
        signed({"a": "2012"}, [], "2012", "2016", 0)


def test_projects_last_a_range_of_days_and_one_without_an_end_has_no_upper_bound():
    shown = happenings({"a": "2012"}, {}, {"p": "2013/", "q": "2018/2025", "r": None})
    rows = timelines.durations(shown, TODAY)
    assert list(rows.index) == ["projects/q", "projects/p"]
    assert list(rows.lasts) == ["between 6 and 8 years", "at least one day"]
    assert rows.low_days.to_list() == [2194, 1] and rows.high_days.to_list() == [2922, pd.NA]


def test_links_are_said_in_words_with_their_basis_and_only_where_both_ends_have_a_name():
    shown = happenings({"a": "2016", "b": "2017"}, {"c": "2015"})
    relations = linked(
        ("agreements/a", "laid_foundation_for", "agreements/b", None),
        ("events/c", "in_framework_of", "frameworks/sstc", None),
        ("organisations/ilo", "supports", "agreements/a", None),
        ("contributions/x", "supports", "agreements/a", None),
        ("organisations/ilo", "assists", "organisations/china", None),
    )
    called = timelines.labels(
        shown, organisations=ORGANISED, frameworks=pd.DataFrame({"label": ["SSTC"]}, ["sstc"])
    )
    supported = pd.DataFrame(
        {"record": ["relations/r0", "relations/r1", "relations/r1"], "basis": ["stated", "stated", "inferred"]}
    )  # fmt: skip
    told = timelines.links(shown, relations, called, supported)
    assert list(told.itertuples(name=None)) == [
        ("r1", "C", "in framework of", "SSTC", "2015", "inferred", False),
        ("r0", "A", "laid foundation for", "B", "2016", "stated", True),
        ("r2", "ILO", "supports", "A", "2016", "stated", False),
    ]


def say(well_said, *shown, start="2012", end="2022", involved=(), **more):
    shown = timelines.within(happenings(*shown), start, end, today=TODAY)
    found = timelines.findings(shown, parts(*involved), start, end, today=TODAY, **more)
    return " ".join(well_said(found))


def test_that_nothing_is_dated_in_a_window_is_said(well_said):
    assert say(well_said, {}, {"forum": None}) == (
        "Nothing is dated in the window 2012 to 2022. One record has no date: FORUM."
    )


def test_one_of_each_is_said_as_one_of_each(well_said):
    said = say(
        well_said,
        {"mou": APRIL_OR_JUNE},
        {"gdi": "2021"},
        {"p": "2018/2021"},
        involved=[("agreements/mou", "ilo", "party")],
    )
    assert "state one agreement, one event, one project and no lasting state." in said
    assert "one of several dates for one" in said
    for words in ("no stated party", "Most agreements", "come together", "longest", "run on"):
        assert words not in said


def test_a_window_of_one_day_or_year_is_said_once(well_said):
    assert "For 7 December 2022 the" in say(
        well_said, {"a": "2022-12-07"}, start="2022-12-07", end="2022-12-07"
    )


def test_only_the_chosen_kinds_are_counted_and_the_chosen_partners_named(well_said):
    said = say(
        well_said,
        {"a": "2012"},
        involved=[("agreements/a", "acftu", "party"), ("agreements/a", "ilo", "party")],
        kinds=["agreement", "presence"],
        organisations=["ilo", "acftu"],
    )
    assert "state one agreement and no lasting state with a stated part of ACFTU or ILO." in said
    assert "event" not in said and "nothing is stated" not in said


def test_many_are_counted_and_those_that_may_lie_outside_leave_a_range(well_said):
    said = say(
        well_said,
        {"a": "2012", "b": "2012", "c": "[2022-12,2023-01]"},
        {"e": None, "f": None},
        {"p": "2011/", "q": "2012/"},
    )
    assert "between 2 and 3 agreements, no event, between 1 and 2 projects" in said
    assert "Most agreements fall into 2012: 2 agreements." in said
    assert "2 records have no date: E; F." in said
    assert "3 agreements have no stated party: A; B; C." in said
    assert "only the year for 2, a beginning without an end for 2 and one of several" in said
    assert "In 9 of 11 years nothing is stated to have happened" not in said  # projects may run


@pytest.mark.parametrize(
    "dates",
    [
        {"a": "2016", "b": "[2019-12,2020-01]", "c": "[2019-12,2020-01]"},  # 2019 may have more
        {"a": "2016", "b": "2016", "c": "[2019-12,2020-01]", "d": "2019"},  # or as many
        {"a": "2016", "b": "2017"},  # one each is no most
    ],
)
def test_no_year_is_said_to_have_most_agreements_where_another_may_have_as_many(well_said, dates):
    assert "Most agreements" not in say(well_said, dates)


def test_years_with_equally_many_agreements_are_named_together(well_said):
    said = say(well_said, {"a": "2016", "b": "2016", "c": "2019", "d": "2019", "e": "2020"})
    assert "Most agreements fall into 2016 and 2019: 2 agreements each." in said


def test_periods_of_several_years_are_compared_from_the_start_of_the_window(well_said):
    dates = {"a": "2013", "b": "2014", "c": "[2015,2016]", "d": "2021"}
    words = "Most agreements fall into 2012 to 2015: between 2 and 3 agreements."
    assert words in say(well_said, dates, period=4)
    assert "Most agreements fall into 2012 to 2014: 2 agreements." in say(
        well_said, dates, period=3
    )
    assert "Most agreements" not in say(well_said, dates, period=100)


def pairs(*names):
    return [(f"agreements/{name}", who, "party") for name in names for who in ("ilo", "china")]


def test_two_are_said_to_come_together_most_often_only_where_no_other_two_may(well_said):
    dates = {"a": "2016", "b": "2017", "c": "2018"}
    acftu = [("agreements/c", "ilo", "party"), ("agreements/c", "acftu", "party")]
    words = "ILO and China come together in more agreements than any other two: 2 agreements."
    assert words in say(well_said, dates, involved=pairs("a", "b") + acftu)
    assert "come together" not in say(well_said, dates, involved=pairs("a") + acftu)
    assert "come together" not in say(well_said, dates, involved=pairs("a", "b", "c"))


def test_the_pace_of_projects_is_a_bound_below_and_above_until_the_day_of_the_documents(well_said):
    projects = {"p": "2013/", "q": "2018/2025", "r": "2019/2024"}
    said = say(well_said, {}, {}, projects, end="2025")
    assert "In 2019 to 2022 at least 2 projects were under way; in no year of the window can it have been more than 3." in said  # fmt: skip
    assert "Between 2 and 3 projects run on after 9 December 2022" in said
    only = say(well_said, {}, {}, {"q": "2018/2020"}, end="2025")
    assert "one project was under way; in no year of the window can it have been more than one." in only  # fmt: skip
    assert "run on" not in only and "runs on" not in only


def test_a_project_is_the_longest_only_where_no_other_with_a_stated_end_can_last_as_long(well_said):
    sure = {"p": "2013/", "q": "2018/2025", "r": "2019/2021"}
    assert "stated end, the longest is Q: between 6 and 8 years." in say(well_said, {}, {}, sure)
    assert "longest" not in say(well_said, {}, {}, {"q": "2018/2020", "r": "2019/2021"})


def test_silent_years_are_said_in_runs_and_a_window_of_nothing_else_is_said_as_that(well_said):
    said = say(well_said, {"a": "2014", "b": "2016"}, end="2024")
    assert "In 9 of 11 years nothing is stated to have happened: 2012 to 2013, 2015 and 2017 to 2022." in said  # fmt: skip
    said = say(well_said, {}, {"since": "2010/.."})
    assert "In no year of the window is anything stated to have happened." in said


def test_the_tables_have_no_two_records_of_one_name_in_a_lane():
    found = timelines.chronology(
        tables.load_agreements(), tables.load_events(), tables.load_projects(),
        tables.load_relations(), tables.load_organisations(),
    )  # fmt: skip
    assert found.index.is_unique and not found.duplicated("label").any()
    assert set(found.kind) == set(timelines.KINDS)
