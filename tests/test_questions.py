"""Questions of somebody in the field, each in at most three lines and without looking up.

Three more stand in README, with the answers that ``test_edition`` compares.
"""

import pandas as pd
import pytest

import ilodata as ilo
from ilodata import words


def test_amounts_of_several_levels_are_not_added_by_a_slip():
    with pytest.raises(TypeError):
        ilo.funding.amounts().usd.sum()


@pytest.mark.parametrize(
    ("draw", "question"),
    [
        (ilo.charts.by_payer, "funding.amounts()"),
        (ilo.charts.dues_and_rest, "funding.amounts()"),
        (ilo.charts.flows, "funding.projects()"),
        (ilo.charts.timeline, "timelines.chronology()"),
        (ilo.charts.coverage, "sources.subjects()"),
        (lambda wrong: ilo.charts.matrix(wrong, wrong), "reach.places()"),
        (lambda wrong: ilo.charts.matrix(ilo.reach.places(), wrong), "reach.results()"),
        (lambda wrong: ilo.charts.map(wrong, wrong), "reach.points(ilo.reach.places())"),
    ],
)
def test_a_chart_given_another_frame_says_which_question_it_draws(draw, question):
    for wrong, kind in ((ilo.load_people(), "DataFrame"), (2019, "int")):
        with pytest.raises(ilo.DataError) as told:
            draw(wrong)
        said = f"this chart draws what ilo.{question} returns; this {kind} has no column "
        assert str(told.value).startswith(said)


def test_a_later_figure_takes_the_place_of_an_earlier_one_in_every_answer(little):
    little("projects", project_id="wells", label="Wells", period="2019")
    for key, value, older in (("early", "1", ""), ("late", "2", "early")):
        figure = {"qualifier": "over", "supersedes_id": older}
        found = {"record": "projects/wells", "indicator": "wells dug", "status": "delivered"}
        little("results", result_id=key, value=value, **found, **figure)
        paid = {"label": key, "level": "project", "project_id": "wells", "printed": "x"}
        paid |= {"amount_usd": f"{value}000000", "printed_unit_usd": "1"}
        little("contributions", contribution_id=key, **paid, **figure)
    assert list(ilo.reach.results().result) == ["over two wells dug"]
    assert list(ilo.reach.money().money) == ["over US$ 2 million"]
    assert list(ilo.timelines.chronology(2019).money) == ["over US$ 2 million"]
    assert list(ilo.funding.amounts().index) == ["contributions/late"]


def test_only_what_somebody_has_looked_for_is_called_not_stated(little):
    little("projects", project_id="wells", label="Wells", period="2015")
    little("places", place_id="mali", label="Mali", kind="country")
    little("project_places", id="w", project_id="wells", place_id="mali", role="beneficiary")
    total = {"level": "channel_total", "channel": "trust_fund", "label": "Fund", "printed": "US$ 7"}
    total |= {"qualifier": "exact", "amount_usd": "7", "printed_unit_usd": "1"}
    little("contributions", contribution_id="fund", **total)

    def told():
        found = ilo.profiles.findings("wells").text, ilo.funding.findings().text
        found += ilo.reach.findings(asked="Mali").text, ilo.timelines.chronology(2015).money
        return [words.plain(" ".join(each)) for each in found]

    assert all("not in our tables" in each and "stated" not in each for each in told())
    assert "none" not in told()[2].casefold(), "it says nothing of results"
    gap = {"label": "No amount, payer, years or result", "what": "None.", "treatment": "x"}
    little("conflicts", conflict_id="g", kind="not_given", status="open", weight="gap", **gap)
    for record in ("projects/wells", "contributions/fund"):
        little("conflict_records", id=record[-4:], conflict_id="g", record=record)
    profile, paid, reached, happened = told()
    assert "amount not stated, payer not stated" in profile and happened == "amount not stated"
    assert "Results: none is stated." in profile and "(years not stated)" in paid
    assert "whole project is not stated. No result is stated for this project." in reached


def test_each_answer_leads_to_its_evidence_however_it_was_cut():
    for answer in (ilo.funding.amounts(), ilo.timelines.chronology(), ilo.reach.places()):
        whole = ilo.evidence(answer)
        for cut in (answer.head(2), answer.head(2).reset_index(), list(answer.index[:2])):
            found = ilo.evidence(cut)
            assert len(found) and set(found.fragment) <= set(whole.fragment)
        assert isinstance(ilo.evidence(answer.iloc[0]), pd.DataFrame)
