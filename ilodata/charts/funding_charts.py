"""Pictures of what money moved: ranges as ranges, unknown amounts named and not drawn."""

import math

import altair as alt
import pandas as pd

from ilodata.charts import look, sankey

DASH = [4, 3]
NODE = 0.05  # how wide the end of a band is, in steps
ROW = 50  # pixels: a name, its words, a range
POWERS = (
    "datum.value >= 1e6 ? format(datum.value / 1e6, ',') + ' million' : format(datum.value, ',')"
)
PLAIN, MILLIONS = "format(datum.value, ',.2~f')", "format(datum.value / 1e6, ',.2~f')"


@look.drawing
def amounts(shown):
    """Draw each stated amount with the range that its wording supports.

    Parameters
    ----------
    shown : DataFrame
        From ``funding.within``: label, level, printed, qualifier, low_usd, high_usd, reading,
        in_window.

    Returns
    -------
    Altair chart
        One lane a level, on one logarithmic scale: a point is an amount without a hedge, a bar
        between brackets the range of a hedge; a hollow point is an inferred reading; an unknown
        amount is named, not drawn.
    """
    title = "Stated amounts in US dollars: a point is exact, brackets are the range of a hedge"
    if shown.empty:
        return look.nothing(title)
    rows = _as_ranges(shown.rename(columns={"low_usd": "low", "high_usd": "high"}))
    inferred = rows.reading == "inferred"
    misread = rows.low.isna() & rows.qualifier.notna()
    rows["mark"] = rows["mark"].mask(inferred, "inferred")
    rows["said"] = rows.printed.mask(inferred, rows.printed + ", read as inferred")
    rows["said"] = rows.said.mask(misread, "unknown: printed " + rows.printed)
    lies = {"part": "; period partly outside", "undated": "; no date"}
    rows["said"] += rows.in_window.map(lies).fillna("")
    rows = rows[["label", "level", "said", "low", "high", "mark"]]
    rows = rows.sort_values("high", ascending=False)
    powers = [math.log10(max(1, usd)) for usd in [*rows.low.dropna(), *rows.high.dropna()]]
    first, last = math.floor(min([5, *powers])), math.ceil(max([9, *powers]))
    tens = [10**power for power in range(first, last + 1)]
    axis = alt.Axis(values=tens, labelFlush=True, labelExpr=POWERS)
    scale = alt.Scale(type="log", domain=[tens[0], tens[-1]], nice=False)
    x = {"scale": scale, "title": "current US dollars, logarithmic", "axis": axis}
    lanes = [_lane(rows[rows.level == level], x, level) for level in dict.fromkeys(rows.level)]
    said = "; ".join(f"{r.label}: {r.said}" for r in rows.itertuples())
    return look.finish(alt.vconcat(*lanes), title, f"{said}.")


def _as_ranges(rows):
    """Give low and high as floats, and say with which mark each range is drawn."""
    low, high = rows.low.astype("Float64"), rows.high.astype("Float64")
    mark = pd.Series("range", rows.index).mask(low == high, "exact")
    mark = mark.mask(high.isna(), "open").mask(low.isna(), "unknown")
    return rows.assign(low=low.astype(float), high=high.fillna(low).astype(float), mark=mark)


def _lane(rows, x, title):
    """Draw named ranges (label, said, low, high, mark): the words above, the range below them."""
    base = look.Chart(rows).encode(
        y=look.above("label", rows.label), tooltip=look.tips("label:N", "said:N")
    )
    words = base.mark_text(align="left", dy=-1, fontSize=11, color=look.GREY)
    layers = [words.encode(x=alt.XValue(0), text=alt.Text("said:N"))]
    low, high = alt.X("low:Q", **x), alt.X("high:Q", **x)
    ink = {"range": look.BLUE, "exact": look.BLUE, "inferred": look.ORANGE, "open": look.ORANGE}
    for mark, colour in ink.items():
        if mark not in set(rows["mark"]):
            continue
        here = base.transform_filter(f"datum.mark == '{mark}'")
        if mark == "range":
            bracket = {"fontSize": 17, "fontWeight": "bold", "color": colour, "dy": 14}
            bar = here.mark_bar(height=5, color=colour, yOffset=15)
            layers.append(bar.encode(x=low, x2=alt.X2("high:Q")))
            layers.append(here.mark_text(text="[", align="right", **bracket).encode(x=low))
            layers.append(here.mark_text(text="]", align="left", **bracket).encode(x=high))
        else:
            shape = look.OPEN if mark == "open" else "circle"
            size = 110 if mark == "open" else 70
            point = {"shape": shape, "size": size, "filled": mark != "inferred", "color": colour}
            layers.append(here.mark_point(opacity=1, yOffset=15, **point).encode(x=low))
    size = {"width": look.WIDTH, "height": look.height(len(rows), ROW)}
    return alt.layer(*layers, **size, title=title)


@look.drawing
def sensitivity(moved):
    """Draw how each headline figure moves under each treatment of what is uncertain.

    Parameters
    ----------
    moved : DataFrame
        From ``funding.sensitivity``: figure, treatment, option, low, high, unit, said, moves.

    Returns
    -------
    Altair chart
        One lane a figure, each with its own scale; treatments that change nothing are left out. A
        triangle is a sum that is open above.
    """
    title = "How headline figures move if one uncertain item is treated otherwise, in US$ or %"
    if moved.empty:
        return look.nothing(title)
    rows = moved[moved.moves | (moved.option == "")]
    rows = _as_ranges(rows.assign(label=(rows.treatment + " " + rows.option).str.strip()))
    rows = rows[["figure", "label", "said", "low", "high", "mark", "unit"]]
    lanes = []
    for figure, here in rows.groupby("figure", sort=False):
        percent = here.unit.iloc[0] == "%"
        low, high = here.low.min(), here.high.max()
        room = (high - low or high / 10) / 12
        axis = alt.Axis(tickCount=4, labelExpr=PLAIN if percent else MILLIONS)
        scale = alt.Scale(domain=[max(0, low - room), high + room], nice=False, zero=False)
        unit = "per cent" if percent else "current US$ million"
        lanes.append(_lane(here, {"scale": scale, "title": unit, "axis": axis}, figure))
    said = "; ".join(f"{r.figure}, {r.label}: {r.said}" for r in rows.itertuples())
    return look.finish(alt.vconcat(*lanes), title, f"{said}.")


@look.drawing
def allocation(allocated):
    """Draw what could fall on each year: under an assumption, and without any.

    Parameters
    ----------
    allocated : DataFrame
        From ``funding.allocation``: year, even_low_usd, even_known_usd, even_high_usd, the same
        for "any", evenly, anyhow.

    Returns
    -------
    Altair chart
        A full bar from the least to the most if spread evenly, a pale one for any way to spend;
        hollow above them what an unknown amount may add, without end.
    """
    title = "Project amounts by year in US$ million, if spread evenly: assumed, not stated"
    years = allocated[allocated.year != "window"]
    if years.empty:
        return look.nothing(title)
    ways = {"any": "anyhow", "even": "evenly"}
    words = {"any": "spent anyhow", "even": "spent evenly, an assumption"}
    parts = [
        years.rename(columns={f"{way}_low_usd": "low", f"{way}_known_usd": "high", said: "said"})
        .assign(way=words[way], open=years[f"{way}_high_usd"].isna())
        .astype({"low": float, "high": float})[["year", "way", "said", "low", "high", "open"]]
        for way, said in ways.items()
    ]
    rows = pd.concat(parts)
    top = 1.15 * max(rows.high.max(), 1)
    rows = rows.assign(top=top)
    scale = alt.Scale(domain=list(words.values()), range=[look.POSSIBLE, look.CERTAIN])
    opacity = alt.Opacity("way:N", title=None, scale=scale, legend=alt.Legend(columns=1))
    axis = alt.Axis(labelExpr=MILLIONS, tickCount=5)
    y = {"title": None, "axis": axis, "scale": alt.Scale(domain=[0, top], nice=False)}
    base = look.Chart(rows).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("high:Q", **y),
        tooltip=look.tips("year:O", "way:N", "said:N"),
    )
    layers = []
    for way, band in (("any", 0.8), ("even", 0.4)):
        here, width = base.transform_filter(alt.datum.way == words[way]), alt.RelativeBandSize(band)
        line = {"stroke": look.BLUE, "strokeWidth": 1, "width": width}
        hollow = here.transform_filter("datum.open").encode(y2=alt.Y2("top:Q"))
        layers.append(hollow.mark_bar(filled=False, strokeDash=DASH, **line))
        layers.append(
            here.mark_bar(fill=look.BLUE, **line).encode(y2=alt.Y2("low:Q"), opacity=opacity)
        )
    asked = base.transform_filter("datum.open").mark_text(text="?", fontSize=13, fontWeight="bold")
    layers.append(asked.encode(y=alt.YValue(10)))
    chart = alt.layer(*layers, width=look.WIDTH, height=240)
    told = "; ".join(
        f"{r.year}: evenly {r.evenly}, otherwise {r.anyhow}" for r in years.itertuples()
    )
    return look.finish(chart, title, f"{told}.")


@look.drawing
def flows(ways, level):
    """Draw who paid what, through which channel, to which end, as bands from left to right.

    Parameters
    ----------
    ways : DataFrame
        From ``funding.flows``.
    level : str
        What flows, for the title: "channel totals".

    Returns
    -------
    Altair chart
        A band has a solid core as thick as the lowest amount and a pale rim up to the highest; an
        unknown amount is a hollow band with a question mark. Colour and a broken line say whether
        a link is stated (blue), inferred (orange, broken) or neither of its ends is stated (grey,
        broken). An end that is not stated is a dashed box.
    """
    title = f"Flows of {level} in US dollars: a band is as thick as its amount, pale to its highest"
    if ways.empty:
        return look.nothing(title)
    nodes, links = sankey.lay_out(ways)
    bottom = float(max(nodes.bottom.max(), (links.y1 + links.high / 2).max())) + 8
    steps = alt.Scale(domain=[0, int(links.x1.max()) + 1], nice=False)
    pixels = alt.Scale(domain=[0, bottom], reverse=True, nice=False)

    def across(field):
        return alt.X(f"{field}:Q", scale=steps, axis=None)

    def down(field):
        return alt.Y(f"{field}:Q", scale=pixels, axis=None)

    bases = look.BASES | {"not stated": look.GREY}
    bases = {basis: colour for basis, colour in bases.items() if basis in set(links.basis)}
    colours = alt.Scale(domain=list(bases), range=list(bases.values()))
    named = "datum.label == 'stated' ? 'stated' : datum.label == 'inferred' ? 'inferred (broken line)' : 'neither end stated (broken line)'"
    legend = alt.Legend(symbolType="square", symbolSize=140, columns=1, labelExpr=named)
    stroke, fill = (
        channel("basis:N", title="link", scale=colours, legend=legend)
        for channel in (alt.Stroke, alt.Fill)
    )
    pick = alt.selection_point(
        name="flow", fields=["record"], on="pointerover", clear="pointerout", nearest=False
    )
    curve = (
        look.Chart(links)
        .transform_calculate(part="sequence(0, 1.01, 0.0625)")
        .transform_flatten(["part"])
        .transform_calculate(
            x=f"datum.x0 + {NODE} + (datum.x1 - datum.x0 - {NODE}) * datum.part",
            y="datum.y0 + (datum.y1 - datum.y0) * datum.part * datum.part * (3 - 2 * datum.part)",
        )
        .transform_calculate(
            low0="datum.y - datum.low / 2",
            low1="datum.y + datum.low / 2",
            high0="datum.y - datum.high / 2",
            high1="datum.y + datum.high / 2",
        )
        .encode(
            x=across("x"),
            detail=[alt.Detail("record:N"), alt.Detail("source:N"), alt.Detail("target:N")],
            tooltip=look.tips("label:N", "source:N", "target:N", "said:N", "basis:N"),
        )
    )
    known, unknown = (curve.transform_filter(f"{sign}datum.known") for sign in ("", "!"))
    rim = known.mark_area(fillOpacity=0.3, strokeWidth=1).add_params(pick)
    shade = alt.FillOpacityValue(0.3, condition={"param": pick.name, "value": 0.8})
    core = known.mark_area().encode(
        y=down("low0"), y2=alt.Y2("low1:Q"), fill=fill, fillOpacity=shade
    )
    line = known.transform_filter("datum.basis != 'stated'")
    line = line.mark_line(color="white", strokeWidth=1.5, strokeDash=[8, 5]).encode(y=down("y"))
    bands = [
        rim.encode(y=down("high0"), y2=alt.Y2("high1:Q"), fill=fill, stroke=stroke),
        core,
        line,
    ]
    for sure, dash in (("==", [1, 0]), ("!=", DASH)):
        hollow = unknown.transform_filter(f"datum.basis {sure} 'stated'")
        hollow = hollow.mark_area(fill="white", strokeWidth=1.5, strokeDash=dash)
        bands.append(hollow.encode(y=down("high0"), y2=alt.Y2("high1:Q"), stroke=stroke))
    asked = (
        look.Chart(links)
        .transform_filter("!datum.known")
        .transform_calculate(x="(datum.x0 + datum.x1) / 2", y="(datum.y0 + datum.y1) / 2")
        .mark_text(text="?", fontSize=13, fontWeight="bold", color=look.INK)
        .encode(x=across("x"), y=down("y"))
    )
    ends = (
        look.Chart(nodes)
        .transform_calculate(right=f"datum.x + {NODE}")
        .encode(x=across("x"), x2=alt.X2("right:Q"), y=down("top"), y2=alt.Y2("bottom:Q"))
        .encode(tooltip=look.tips("step:N", "name:N", "said:N"))
    )
    boxes = [
        ends.transform_filter("datum.kind == 'scale'").mark_rect(color=look.GREY),
        ends.transform_filter("datum.kind == 'node' && datum.stated").mark_rect(color=look.INK),
        ends.transform_filter("!datum.stated").mark_rect(
            fill="white", stroke=look.GREY, strokeDash=DASH
        ),
    ]
    words = _words(nodes, links, across, down)
    chart = alt.layer(*bands, asked, *boxes, *words, width=look.WIDTH, height=bottom)
    told = []
    for _, path in links.groupby("record", sort=False):
        way = " to ".join([*path.source, path.target.iloc[-1]])
        told.append(f"{path.label.iloc[0]}, {path.said.iloc[0].removeprefix('? ')}: {way}")
    return look.finish(chart, title, f"{'; '.join(told)}.")


def _words(nodes, links, across, down):
    """Name steps, nodes and scales; in shorter lines where the picture is narrow."""
    text = {"align": "left", "fontSize": 11, "baseline": "top"}
    halo = {"stroke": "white", "strokeWidth": 3, "strokeJoin": "round"}
    steps = nodes[nodes.kind == "node"].drop_duplicates("step")
    heads = look.Chart(steps[["step", "x"]]).mark_text(**text, color=look.GREY, fontStyle="italic")
    words = [heads.encode(x=across("x"), y=alt.YValue(0), text=alt.Text("step:N"))]
    size = look.Chart(nodes).transform_filter("datum.kind == 'scale'")
    size = size.transform_calculate(x=f"datum.x + {2 * NODE}", y="(datum.top + datum.bottom) / 2")
    size = size.mark_text(**text | {"baseline": "middle"}, color=look.GREY)
    words.append(size.encode(x=across("x"), y=down("y"), text=alt.Text("name:N")))
    for column, fits in (("narrow", "width < 500"), ("wide", "width >= 500")):
        named = look.Chart(nodes).transform_filter(f"datum.kind == 'node' && {fits}")
        named = named.transform_calculate(
            y=f"datum.top - 2 - 12 * length(split(datum.{column}, '\\n'))"
        ).encode(x=across("x"), y=down("y"), text=alt.Text(f"{column}:N"))
        for ink in (halo, {}):
            words.append(named.mark_text(**text, **ink, lineBreak="\n", lineHeight=12))
    return words
