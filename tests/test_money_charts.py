"""Pictures of money: to scale, words as printed, every label in room of its own."""

import pandas as pd
import pytest
from test_look import marks

from ilodata.charts import look, money


def amount(label="Dues", low=98.0, high=100.0, **more):
    """Give a row as of ``funding.amounts``."""
    cells = {"label": label, "level": "total of a channel", "payer": "Richland", "note": ""}
    cells |= {"printed": f"about {high:g}", "usd": pd.Interval(low, high, "both"), "share": "98"}
    cells |= {"channel": "membership dues", "when": "2001–2004", "in_window": "whole"}
    cells |= {"receiver": "Agency", "status": ""}
    return cells | {"asked": True, "counted": True, "of": f"contributions/{label.lower()}"} | more


def frame(*rows):
    columns = pd.DataFrame(rows)
    return columns.assign(usd=pd.arrays.IntervalArray([*columns.usd]))


GIFTS = amount("Gifts", 2, 2, channel="voluntary contributions", printed="2", share="")
UNDATED = amount("Fund", 1, 1, share="", when=None) | {"counted": False, "in_window": "undated"}


def bars(drawing):
    """List the bars: colour, width and whether they are dashed."""
    return [(it["fill"], it["x2"] - it["x"], it["dash"]) for it in drawing if it["kind"] == "rect"]


def width(drawing, *colours):
    return sum(wide for colour, wide, _ in bars(drawing) if colour in colours)


def texts(drawing):
    """Return where each text of a drawing stands."""
    found = [it for it in drawing if it["kind"] == "text"]
    return {it["text"].replace("\u00a0", " "): it["y"] for it in found}


def test_bars_are_as_long_as_their_amounts_on_a_linear_scale():
    drawing = marks(money.dues_and_rest(frame(amount(), GIFTS)))
    long = width(drawing, look.DUES, look.DUES_PALE)
    [rest] = [wide for colour, wide, _ in bars(drawing) if colour == look.POINT and wide < 100]
    assert long / rest == pytest.approx(100 / 2, rel=0.02)
    sure = width(drawing, look.DUES) / long
    assert sure == pytest.approx(0.98, rel=0.01), "the pale end is the room of the hedge"


@pytest.mark.parametrize("narrow", [False, True])
def test_the_rest_is_opened_out_and_what_has_no_years_stands_apart_from_it(narrow):
    chart = money.dues_and_rest(frame(amount(), GIFTS, UNDATED))
    assert chart.usermeta["title"] == "Money for the Agency: totals 2001–2004"
    drawing = marks(chart, narrow)
    said = texts(drawing)
    assert any(it.startswith("The rest, enlarged ") for it in said)
    assert "“about 100”" in said and "2" in said, "a hedge is quoted as printed"
    assert "about 1, without years" in said
    assert width(drawing, look.SOFT), "in none of the colours of the total"
    assert said["Gifts"] + 20 < said["Not in the total, on the same scale"] < said["Fund"]


def test_levels_have_scales_of_their_own_and_the_picture_warns():
    project = amount("Wells", 1, 1, level="project", channel=None, counted=False)
    project |= {"payer": "not in our tables", "in_window": "possibly"}
    chart = money.by_payer(frame(amount(), project))
    assert "Each group has its own scale: groups are not added up." in chart.usermeta["subtitle"]
    said = {"Projects", "Payer not in our tables", "about 1, may lie outside", "Dues, 2001–2004"}
    assert said <= texts(marks(chart)).keys(), "what is of several years is not shown without them"
    assert width(marks(chart), look.PROJ) > 100, "one dollar, on its own scale"
    close = texts(marks(money.dues_and_rest(frame(amount(low=3, high=3), GIFTS))))
    assert "Totals of channels" in close, "nothing dwarfs the others"


def test_a_misprint_has_words_and_no_bar():
    wrong = {"printed": "1,0", "level": "project", "channel": None, "status": "committed"}
    drawing = marks(money.by_payer(frame(GIFTS, amount("Wells", **wrong, usd=None))))
    assert "misprinted: “1,0”, committed" in texts(drawing) and len(bars(drawing)) == 1


def project(name="Wells", payer="Mint", usd=4.0, certainty="stated"):
    """Give a row as of ``funding.projects``; without dollars, of an amount not stated."""
    cells = {"project": f"[[{name}|projects/wells|]]", "payer": payer, "payer_certainty": certainty}
    cells |= {"places": "Delta", "in_window": "whole"}
    cells |= {"amount": f"{usd:g} dollars" if usd else "not stated"}
    return cells | {"usd": pd.Interval(usd, usd, "both") if usd else None}


@pytest.mark.parametrize("narrow", [False, True])
def test_each_project_is_a_bar_hollow_if_unknown_and_dashed_if_its_payer_is_inferred(narrow):
    rows = [project(), project("Roads", "Bank", 1.0)]
    drawing = marks(money.flows(pd.DataFrame(rows)), narrow)
    (_, long, _), (_, short, _) = bars(drawing)
    assert long / short == pytest.approx(4, rel=0.02), "as long as its amount"
    assert {"Payer: Mint", "Payer: Bank", "Place: Delta"} <= texts(drawing).keys()
    rows = [project(), project("Roads", "not stated", None, ""), project(certainty="inferred")]
    drawing = marks(money.flows(pd.DataFrame(rows)), narrow)
    kinds = [(colour, dashed) for colour, _, dashed in bars(drawing)]
    assert kinds == [(look.PROJ, False), (look.PAPER, True), (look.PROJ_PALE, True)]
    assert {"amount not stated", "Payer: not stated"} <= texts(drawing).keys()
