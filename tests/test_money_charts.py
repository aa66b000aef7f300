"""Pictures of money: to scale, words as printed, every label in room of its own."""

import re

import pandas as pd
import pytest
from test_look import marks

from ilodata import funding
from ilodata.charts import look, money


@pytest.fixture(autouse=True)
def undrawn(monkeypatch):
    monkeypatch.setenv("ILODATA_UNDRAWN", "1")


def drawn(chart):
    """Return the wide and the narrow drawing of a chart that Altair accepts."""
    chart.to_dict()
    spec = chart._repr_mimebundle_()[0][look.MIME]
    return [look.svg(spec), look.svg(spec["usermeta"]["narrow"])]


def amount(label="Dues", low=98.0, high=100.0, **more):
    """Give a row as of ``funding.amounts``."""
    cells = {"label": label, "level": "total of a channel", "payer": "Richland", "note": ""}
    cells |= {"printed": f"about {high:g}", "usd": pd.Interval(low, high, "both"), "share": "98"}
    cells |= {"channel": "membership dues", "when": "2001–2004", "in_window": "whole"}
    cells |= {"receiver": "Agency", "status": ""}
    return cells | {"asked": True, "counted": True, "of": f"contributions/{label.lower()}"} | more


def frame(*rows):
    columns = pd.DataFrame(rows)
    sides = [[getattr(u, side, float("nan")) for u in columns.usd] for side in ("left", "right")]
    columns["usd"] = pd.arrays.IntervalArray.from_arrays(*sides, closed="both")
    return columns.set_index("of", drop=False).rename_axis("record")


GIFTS = amount("Gifts", 2, 2, channel="voluntary contributions", printed="2", share="")
UNDATED = amount("Fund", 1, 1, channel="a trust fund", counted=False, share="", when=None, in_window="no date")  # fmt: skip


def bars(svg):
    """Return the bars: colour and width."""
    paths = re.findall(r'<path[^>]*aria-roledescription="rect mark"[^>]*>', svg)
    sizes = [float(re.search(r'd="M[^hH]*[hH](-?[\d.]+)', path).group(1)) for path in paths]
    return [
        (re.search(r'fill="([^"]+)"', p).group(1), x) for p, x in zip(paths, sizes, strict=True)
    ]


def test_bars_are_as_long_as_their_amounts_on_a_linear_scale():
    (wide, _) = drawn(money.dues_and_rest(frame(amount(), GIFTS)))
    found = bars(wide)
    long = sum(width for colour, width in found if colour in (look.DUES, look.DUES_PALE))
    (rest,) = [width for colour, width in found if colour == look.POINT and width < 100]
    assert long / rest == pytest.approx(100 / 2, rel=0.02)
    sure = next(width for colour, width in found if colour == look.DUES)
    assert sure / long == pytest.approx(0.98, rel=0.01), "the pale end is the room of the hedge"


def test_the_rest_is_opened_out_and_what_has_no_years_stands_apart_from_it():
    for svg in drawn(money.dues_and_rest(frame(amount(), GIFTS, UNDATED))):
        assert re.search(r">The rest, enlarged \d+ times<", svg)
        assert ">Money for the Agency: totals 2001–2004<" in svg
        assert "“about 100”<" in svg, "a hedge is quoted as printed"
        assert ">2<" in svg, "an amount without a hedge needs no quotes"
        assert ">about 1, without years<" in svg
        assert look.SOFT in [colour for colour, _ in bars(svg)], (
            "in none of the colours of the total"
        )
    places = {
        m["text"]: m["y"]
        for m in marks(money.dues_and_rest(frame(amount(), GIFTS, UNDATED)))
        if m["kind"] == "text"
    }
    heading = places["Not in the total, on the same scale"]
    assert places["Gifts"] + 20 < heading < places["Fund"]


def test_levels_have_scales_of_their_own_and_the_picture_warns():
    project = amount("Wells", 1, 1, level="project", channel=None, counted=False)
    project["payer"] = "not in our tables"
    project["in_window"] = "possibly"
    (wide, _) = drawn(money.by_payer(frame(amount(), project)))
    assert "Each group has its own scale: groups are not added up." in wide
    assert ">Projects<" in wide and ">Payer not in our tables<" in wide
    assert "about 1, may lie outside<" in wide
    assert ">Dues, 2001–2004<" in wide, "what is of several years is never shown without them"
    assert max(w for c, w in bars(wide) if c == look.PROJ) > 100, "one dollar, on its own scale"
    (wide, _) = drawn(money.dues_and_rest(frame(amount(low=3, high=3), GIFTS)))
    assert "enlarged" not in wide and ">Totals of channels<" in wide, "nothing dwarfs the others"


def test_a_misprint_has_words_and_no_bar():
    wrong = amount(
        "Wells", printed="1,0", level="project", channel=None, usd=None, status="committed"
    )
    (wide, _) = drawn(money.by_payer(frame(wrong)))
    assert ">misprinted: “1,0”, committed<" in wide and not bars(wide)


def row(project="Wells", payer="Mint", usd=4.0, places="Delta", certainty="stated"):
    link = (
        f"[[{usd:g} dollars|contributions/{project.lower()}/amount_usd|]]" if usd else "not stated"
    )
    cells = {"project": f"[[{project}|projects/{project.lower()}|]]", "amount": link}
    gap = "[[not stated|conflicts/payers|]]"
    cells |= {"payer": f"[[{payer}|organisations/{payer.lower()}|]]" if payer else gap}
    cells |= {"places": places, "payer_certainty": certainty, "in_window": "whole"}
    return cells | {"usd": pd.Interval(usd, usd, "both") if usd else None}


def flows(*rows):
    index = [f"projects/{n}" for n in range(len(rows))]
    return money.flows(pd.DataFrame(rows, index).rename_axis("record"))


def test_each_project_is_one_bar_as_long_as_its_amount_beside_its_payer_and_place():
    for svg in drawn(flows(row(), row("Roads", usd=1.0), row("Trees", "Bank", 2.0))):
        widths = [width for _, width in bars(svg)]
        assert [w / widths[0] for w in widths] == pytest.approx([1, 1 / 4, 2 / 4], rel=0.02)
        assert svg.count(">Payer: Mint<") == 2 and svg.count(">Payer: Bank<") == 1
        assert svg.count(">Place: Delta<") == 3 and ">Payer, project and place<" in svg


def test_unknown_amounts_are_hollow_and_inferred_payers_dashed():
    some = row(), row("Roads", "", None, certainty=""), row("Trees", certainty="inferred")
    for svg in drawn(flows(*some)):
        dashed = [gaps == "4,3" for gaps in re.findall(r'stroke-dasharray="([^"]*)"', svg)]
        found = set(zip([colour for colour, _ in bars(svg)], dashed, strict=True))
        assert found == {(look.PROJ, False), (look.PAPER, True), (look.PROJ_PALE, True)}
        assert ">amount not stated<" in svg and ">Payer: not stated<" in svg


def test_a_picture_fits_the_first_screen_and_follows_the_tables(change):
    def end(svg):
        return sum(width for colour, width in bars(svg) if colour == look.DUES)

    before, _ = drawn(money.dues_and_rest(funding.amounts("2017", "2022")))
    assert float(re.search(r'height="(\d+)"', before).group(1)) <= 360
    change("contributions", "assessed-2017-2022", amount_usd="100000000", printed="nearly US$ 100 million")  # fmt: skip
    after, _ = drawn(money.dues_and_rest(funding.amounts("2017", "2022")))
    assert end(after) < end(before) and "nearly US$ 100 million" in after
