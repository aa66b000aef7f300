"""Questions of somebody in the field, each in at most three lines and without looking up.

Three more stand in README, with the answers that ``test_edition`` compares.
"""

import pandas as pd
import pytest

import ilodata as ilo


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


def test_each_answer_leads_to_its_evidence_however_it_was_cut():
    for answer in (ilo.funding.amounts(), ilo.timelines.chronology(), ilo.reach.places()):
        whole = ilo.evidence(answer)
        for cut in (answer.head(2), answer.head(2).reset_index(), list(answer.index[:2])):
            found = ilo.evidence(cut)
            assert len(found) and set(found.fragment) <= set(whole.fragment)
        assert isinstance(ilo.evidence(answer.iloc[0]), pd.DataFrame)
