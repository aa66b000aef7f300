"""What happened when, as precisely as stated and no more."""

import pandas as pd
import pytest

from ilodata import timelines, uncertain

TODAY = pd.Timestamp("2022-12-09")
APRIL_OR_JUNE = "[2019-04,2019-06]"


def table(date, column="act", **dates):
    cells = {"label": [key.upper() for key in dates], date: list(dates.values())}
    frame = pd.DataFrame(cells, list(dates)).astype("string")
    known = [uncertain.span(d) if isinstance(d, str) else (pd.NaT, pd.NaT) for d in frame[date]]
    frame["start"] = pd.to_datetime([k[0] for k in known])
    frame["end"] = pd.to_datetime([k[1] for k in known])
    return frame.assign(**{column: "signed"})


def happenings(agreements=(), events=(), projects=()):
    return timelines.chronology(
        table("signed", **dict(agreements)),
        table("date", "kind", **dict(events)),
        table("period", **dict(projects)),
    )


def parts(*rows):
    return pd.DataFrame(rows, columns=["record", "organisation_id", "role"])


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
    assert (mou.when, mou.precision) == ("April or June 2019", "one of several")
    assert (forum.when, forum.precision) == ("not dated", "not dated")


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


def test_a_person_takes_part_for_the_organisation_of_the_office_named():
    involved = timelines.involvement(
        pd.DataFrame({"agreement_id": ["mou"], "organisation_id": ["acftu"]}),
        pd.DataFrame(
            {
                "event_id": ["gdi", "gdi"],
                "organisation_id": pd.array([pd.NA, "un"], "string"),
                "person_id": pd.array(["xi", pd.NA], "string"),
                "role": ["proposer", "venue"],
            }
        ),
        pd.DataFrame({"organisation_id": ["china"]}, index=["xi"]),
        pd.DataFrame({"project_id": ["p"], "organisation_id": ["ilo"], "role": ["launching"]}),
    )
    assert list(involved.itertuples(index=False, name=None)) == [
        ("agreements/mou", "acftu", "party"),
        ("events/gdi", "china", "proposer"),
        ("events/gdi", "un", "venue"),
        ("projects/p", "ilo", "launching"),
    ]


def drawn(start, end, today=TODAY, **dates):
    shown = timelines.within(happenings(events=dates), start, end)
    rows = timelines.pieces(shown, start, end, today)
    return [
        (f"{row['from']:%Y-%m-%d}", f"{row['to']:%Y-%m-%d}", row["edge"])
        for _, row in rows.iterrows()
    ]


@pytest.mark.parametrize(
    ("date", "stretches"),
    [
        ("2022-12-07", [("2022-12-07", "2022-12-08", "")]),
        ("2021", [("2021-01-01", "2022-01-01", "")]),
        (APRIL_OR_JUNE, [("2019-04-01", "2019-05-01", ""), ("2019-06-01", "2019-07-01", "")]),
        ("2010/2013", [("2012-01-01", "2014-01-01", "")]),
        ("2021/2030", [("2021-01-01", "2026-01-01", "")]),
        ("2015/..", [("2015-01-01", "2022-12-10", "goes on")]),
        ("2013/", [("2013-01-01", "2014-01-01", "end not stated")]),
        ("../2013", [("2012-01-01", "2014-01-01", "")]),
        (None, []),
    ],
)
def test_a_date_is_drawn_as_what_it_can_mean_within_the_window(date, stretches):
    assert drawn("2012", "2025", it=date) == stretches


def test_what_goes_on_is_drawn_to_the_edge_where_the_day_of_the_document_is_not_known():
    assert drawn("2012", "2025", None, it="2015/..") == [("2015-01-01", "2026-01-01", "goes on")]


def test_a_year_counts_what_certainly_and_what_possibly_happened_in_it():
    agreements, projects = (
        {"a": "[2018-12,2019-01]", "b": "2019-06"},
        {"p": "2018/2019", "q": "2018/"},
    )
    shown = happenings(agreements, {"forum": None}, projects)
    rows = timelines.per_year(shown.assign(in_window=""), "2018", "2020")
    assert list(rows.itertuples(index=False, name=None)) == [
        (2018, "agreement", 0, 1),
        (2018, "project", 2, 2),
        (2019, "agreement", 1, 2),
        (2019, "project", 1, 2),
        (2020, "project", 0, 1),
    ]


def test_a_record_counts_once_for_an_organisation_whatever_its_parts():
    involved = parts(
        ("projects/p", "ilo", "launching"), ("projects/p", "ilo", "implementing"),
        ("projects/p", "china", "launching"), ("agreements/a", "ilo", "party"),
        ("agreements/gone", "china", "party"),
    )  # fmt: skip
    shown = happenings({"a": "2019"}, projects={"p": "2018/2019"})
    labels = pd.DataFrame({"label": ["ILO", "China"]}, index=["ilo", "china"])
    counted = timelines.by_partner(shown, involved, labels)
    assert list(counted.itertuples(index=False, name=None)) == [
        ("ILO", "agreement", 1), ("ILO", "project", 1), ("China", "project", 1),
    ]  # fmt: skip


def say(well_said, *shown, start="2012", end="2022", involved=()):
    shown = timelines.within(happenings(*shown), start, end)
    return " ".join(well_said(timelines.findings(shown, parts(*involved), start, end)))


def test_that_nothing_is_dated_in_a_window_is_said(well_said):
    assert say(well_said, {}, {"forum": None}) == (
        "Nothing is dated in the window 2012 to 2022. One happening has no date: FORUM."
    )


def test_one_of_each_is_said_as_one_of_each(well_said):
    said = say(
        well_said,
        {"mou": APRIL_OR_JUNE},
        {"gdi": "2021"},
        {"p": "2018/2021"},
        involved=[("agreements/mou", "ilo", "party")],
    )
    for words in ("one agreement", "one event", "one project", "one date is known only as"):
        assert words in said.lower()
    assert "no stated party" not in said


def test_many_are_counted_and_those_that_may_lie_outside_leave_a_range(well_said):
    said = say(
        well_said,
        {"a": "2012", "b": "2012", "c": "[2022-12,2023-01]"},
        {"e": None, "f": None},
        {"p": "2011/", "q": "2012/"},
    ).lower()
    assert "between 2 and 3 agreements" in said and "between 1 and 2 projects" in said
    assert "most agreements fall into 2012: 2 agreements" in said
    assert "2 happenings have no date: e, f." in said
    assert "3 agreements have no stated party: a, b, c." in said
    assert "3 dates are known only as one of several months, or as a beginning" in said


def test_no_year_is_said_to_have_most_agreements_where_another_may_have_more(well_said):
    several = {"a": "2016", "b": "[2019-12,2020-01]", "c": "[2019-12,2020-01]"}
    assert "Most agreements fall into 2016" not in say(well_said, several)
