"""Pictures of money draw ranges as ranges, and name what is unknown."""

import re

import pandas as pd
import pytest

from ilodata import charts, funding
from ilodata.charts import look


def amounts(*rows):
    columns = ["label", "level", "printed", "qualifier", "low_usd", "high_usd", "reading"]
    frame = pd.DataFrame(rows, columns=columns).assign(in_window="whole")
    return frame.astype({c: "Int64" if "usd" in c else "string" for c in frame})


def level(name, *row):
    return row[0], name, *row[1:]


ASSESSED = level("channel totals", "Assessed", "nearly US$ 236 million", "nearly", 235_000_000, 236_000_000, "stated")  # fmt: skip
EXACT = level("project amounts", "Protection", "$ 746,014", "exact", 746_014, 746_014, "stated")
MISPRINT = level("project amounts", "Nigeria", "US$ 373,00", "misprint", None, None, "none")
INFERRED = level("project amounts", "Nigeria", "US$ 373,00", "misprint", 373_000, 373_000, "inferred")  # fmt: skip
SILENT = level("projects without a stated amount", "Laos", "no amount stated", None, None, None, "none")  # fmt: skip


def moved(*rows):
    columns = ["figure", "treatment", "option", "low", "high", "unit", "said", "moves"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"low": "Float64", "high": "Float64", "moves": bool})


SUM = (
    "sum of project amounts",
    "as asked for",
    "",
    5e6,
    None,
    "US$",
    "at least US$ 5 million",
    False,
)
LIKELY = (SUM[0], "misprint", "read as likely", 6e6, 6e6, "US$", "US$ 6 million", True)
ROUNDED = (SUM[0], "figures", "as rounded", 4e6, 7e6, "US$", "between", True)
LEFT = (SUM[0], "inferred links", "left out", None, None, "US$", "nothing", True)
STILL = (SUM[0], "amounts without a date", "counted", 5e6, None, "US$", "at least", False)
SHARE = ("share of Assessed", "as asked for", "", 96.9, 97.0, "%", "between 96.9 % and 97.0 %", False)  # fmt: skip


def allocated(*rows):
    money = [f"{way}_{end}_usd" for way in ("even", "any") for end in ("low", "known", "high")]
    frame = pd.DataFrame(rows, columns=["year", *money, "evenly", "anyhow"])
    return frame.astype(dict.fromkeys(money, "Int64"))


KNOWN = ("2020", 100, 300, 300, 0, 900, 900, "between US$ 100 and US$ 300", "at most US$ 900")
OPEN = ("2021", 100, 300, None, 0, 900, None, "at least US$ 100", "an unknown amount")
WINDOW = ("window", 200, 600, None, 900, 900, None, "at least US$ 200", "at least US$ 900")


def flowing(*rows):
    """Give the flows of rows: record, payer, channel, inferred, low, high."""
    columns = ["record", "payer", "channel", "inferred", "low_usd", "high_usd"]
    frame = pd.DataFrame(rows, columns=columns).set_index("record")
    frame = frame.assign(
        label=frame.index.str.upper(), level="channel totals", receiver="ILO", project_id=None,
        printed="US$ 373,00", qualifier="exact", range="US$ 5 million",
    )  # fmt: skip
    frame = frame.astype({"low_usd": "Int64", "high_usd": "Int64", "inferred": "string"})
    ends = pd.DataFrame(columns=["place", "place_is"], dtype="string")
    return funding.flows(frame, ends, "channel totals")


FIRM = ("firm", "China", "voluntary", "", 5_000_000, 5_000_000)
HEDGED = ("hedged", "China", "jpo", "", 2_000_000, 3_000_000)
GUESSED = ("guessed", "A fund with a long name", "trust_fund", "payer", 1_000_000, 1_000_000)
UNKNOWN = ("unknown", "not stated", "not stated", "", None, None)
WAYS = flowing(FIRM, HEDGED, GUESSED, UNKNOWN)


def flows(ways):
    return charts.flows(ways, "channel totals")


CHARTS = {
    "amounts": (charts.amounts, amounts(ASSESSED, EXACT, MISPRINT, SILENT), "Nigeria: unknown: printed US$ 373,00"),
    "sensitivity": (charts.sensitivity, moved(SUM, LIKELY, ROUNDED, LEFT, SHARE), "misprint read as likely: US$ 6 million"),
    "allocation": (charts.allocation, allocated(KNOWN, OPEN, WINDOW), "2021: evenly at least US$ 100, otherwise an unknown amount"),
    "flows": (flows, WAYS, "UNKNOWN, printed US$ 373,00: payer not stated to channel not stated to ILO"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_of_money_owes_its_reader(drawn_well, name):
    drawn_well(*CHARTS[name])


def squeezed(value):
    """Cap every width of a drawing, as a page does for a phone."""
    if isinstance(value, dict):
        return {
            k: min(v, 330) if k == "width" and isinstance(v, int) else squeezed(v)
            for k, v in value.items()
        }
    return [squeezed(v) for v in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize(("squeeze", "most"), [(False, 720), (True, 365)])
def test_a_picture_of_money_fits_a_page_and_a_phone(name, squeeze, most):
    draw, frame, _ = CHARTS[name]
    spec = draw(frame).to_dict()
    del spec["title"]  # a page sets it as a caption
    svg = look._render(squeezed(spec) if squeeze else spec)["image/svg+xml"]
    assert float(re.search(r'<svg[^>]* width="([\d.]+)"', svg).group(1)) <= most


@pytest.mark.parametrize(
    ("row", "expected", "brackets"),
    [
        (ASSESSED, {"bar": 1}, 2),  # a range between its ends
        (EXACT, {"point": 1}, 0),
        (INFERRED, {"point": 1}, 0),
        (MISPRINT, {}, 0),  # named, not drawn
        (SILENT, {}, 0),
    ],
)
def test_an_amount_is_drawn_as_a_range_a_point_or_not_at_all(marks, row, expected, brackets):
    chart = charts.amounts(amounts(row))
    assert marks(chart) == expected
    assert len(re.findall(r">[\[\]]<", chart._repr_mimebundle_()["image/svg+xml"])) == brackets


def test_an_amount_that_may_lie_outside_of_the_window_says_so():
    said = charts.amounts(amounts(EXACT).assign(in_window="part")).to_dict()["description"]
    assert said == "Protection: $ 746,014; period partly outside."


def test_an_inferred_reading_is_hollow_and_says_so():
    drawn = charts.amounts(amounts(INFERRED))._repr_mimebundle_()
    assert "US$ 373,00, read as inferred" in drawn["text/plain"]
    point = re.search(r'<path [^>]*roledescription="point"[^>]*>', drawn["image/svg+xml"]).group()
    assert "stroke=" in point and "fill=" not in point


@pytest.mark.parametrize("usd", [50_000, 20_000_000_000])
def test_an_amount_of_any_size_is_drawn_within_its_axis(usd):
    row = (*EXACT[:4], usd, usd, "stated")
    svg = charts.amounts(amounts(row))._repr_mimebundle_()["image/svg+xml"]
    point = re.search(r'<path [^>]*roledescription="point"[^>]*>', svg).group()
    at = float(re.search(r"translate\((-?[\d.]+)", point).group(1))
    assert 0 <= at <= look.WIDTH


@pytest.mark.parametrize(
    ("row", "expected"),
    [(SUM, {"point": 1}), (ROUNDED, {"point": 1, "bar": 1}), (LIKELY, {"point": 2}), (LEFT, {"point": 1}), (STILL, {"point": 1})],
)  # fmt: skip
def test_a_moved_figure_is_drawn_beside_the_one_asked_for_and_an_unmoved_one_is_not(
    marks, row, expected
):
    rows = [SUM] if row is SUM else [SUM, row]
    assert marks(charts.sensitivity(moved(*rows))) == expected


def test_each_year_has_a_bar_of_each_way_and_what_is_unknown_is_hollow_above_it(marks):
    assert marks(charts.allocation(allocated(KNOWN))) == {"bar": 2}
    assert marks(charts.allocation(allocated(KNOWN, OPEN, WINDOW))) == {"bar": 6}
    svg = charts.allocation(allocated(OPEN))._repr_mimebundle_()["image/svg+xml"]
    dashed = re.findall(r'<path [^>]*roledescription="bar"[^>]*stroke-dasharray[^>]*>', svg)
    assert len(dashed) == 2 and all('fill="' not in path for path in dashed) and ">?<" in svg


def areas(ways):
    """List the bands that are drawn: fill, stroke and dashes of each."""
    svg = flows(ways)._repr_mimebundle_()["image/svg+xml"]
    bands = re.findall(r'<path [^>]*roledescription="area mark"[^>]*>', svg)
    return [
        tuple(
            (re.search(rf'{name}="([^"]*)"', band) or [None, None])[1]
            for name in ("fill", "stroke", "stroke-dasharray")
        )
        for band in bands
    ], svg


def test_a_known_amount_is_a_core_in_a_rim_and_an_unknown_one_is_hollow_with_a_mark():
    bands, svg = areas(WAYS.loc[["firm"]])
    assert sorted(bands, key=str) == sorted(
        2 * [(look.BLUE, look.BLUE, None), (look.BLUE, None, None)], key=str
    )
    assert ">?<" not in svg
    bands, svg = areas(WAYS.loc[["unknown"]])
    assert {fill for fill, _, _ in bands} == {"white"} and len(bands) == 2
    assert svg.count(">?<") == 2


def test_an_inferred_link_has_a_colour_and_a_broken_line_and_a_legend_that_says_so():
    bands, svg = areas(WAYS.loc[["guessed"]])
    assert {fill for fill, _, _ in bands} == {look.ORANGE, look.BLUE}  # only its payer is inferred
    assert "inferred (broken line)" in svg
    assert len(re.findall(r'roledescription="line mark"', svg)) == 1
    bands, svg = areas(WAYS.loc[["unknown"]])
    assert {dash for _, stroke, dash in bands if stroke == look.GREY} == {"4,3"}
    assert "neither end stated (broken line)" in svg


def test_the_words_of_a_flow_are_wrapped_for_the_width_that_they_have():
    spec = flows(WAYS).to_dict()
    wide, narrow = (look._render(s)["image/svg+xml"] for s in (spec, squeezed(spec)))
    assert ">A fund with a long name<" in wide
    assert ">A fund with a long<" in narrow and ">name<" in narrow
