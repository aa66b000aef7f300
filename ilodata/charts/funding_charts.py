"""Pictures of what money moved: ranges as ranges, unknown amounts named and not drawn."""

import math

import altair as alt
import pandas as pd

from ilodata.charts import look


def amounts(shown):
    """Draw each stated amount with the range that its wording supports.

    Parameters
    ----------
    shown : DataFrame
        From ``funding.within``: label, level, printed, low_usd, high_usd, reading.

    Returns
    -------
    Altair chart
        Bars between ticks from low to high on a logarithmic scale, points for amounts without a
        hedge, hollow ones where a reading is inferred; an unknown amount is named, not drawn.
    """
    title = "Stated amounts in US dollars: a point is exact, a bar the range of a hedge"
    if shown.empty:
        return look.nothing(title)
    rows = _as_ranges(shown)
    inferred = rows.reading == "inferred"
    rows["mark"] = rows["mark"].mask(inferred, "inferred")
    rows["said"] = rows.printed.mask(inferred, rows.printed + ", read as inferred")
    rows["said"] = rows.said.mask(rows["mark"] == "unknown", "unknown: printed " + rows.printed)
    rows = rows[["label", "level", "payer", "said", "low_usd", "high_usd", "mark"]]
    rows = rows.sort_values("high_usd", ascending=False)
    lanes = []
    for level in dict.fromkeys(rows.level):
        here = rows[rows.level == level]
        base = alt.Chart(here).encode(
            y=alt.Y("label:N", title=None, sort=list(here.label)),
            tooltip=["label:N", "payer:N", "said:N"],
        )
        lane = _ranges(base, rows, "said", 1)
        lanes.append(lane.properties(width=look.WIDTH, height=look.height(len(here)), title=level))
    said = "; ".join(f"{r.label}: {r.said}" for r in rows.itertuples())
    return look.finish(alt.vconcat(*lanes), title, f"{said}.")


def totals(summed):
    """Draw the sums of each level as ranges; one that is open above carries a triangle.

    Parameters
    ----------
    summed : DataFrame
        From ``funding.totals``: level, in_window, low_usd, high_usd, total.

    Returns
    -------
    Altair chart
    """
    title = "Sums within a level in US dollars; levels are never added to each other"
    if summed.empty:
        return look.nothing(title)
    lie = {"whole": "period in the window", "part": "period partly outside", "undated": "no period"}
    rows = _as_ranges(summed.assign(name=summed.level + ", " + summed.in_window.map(lie)))
    rows = rows[["name", "low_usd", "high_usd", "mark", "total"]]
    base = alt.Chart(rows).encode(
        y=alt.Y("name:N", title=None, sort=list(rows.name)), tooltip=["name:N", "total:N"]
    )
    chart = _ranges(base, rows, "total", 3).properties(
        width=look.WIDTH, height=look.height(len(rows))
    )
    said = "; ".join(f"{r.name}: {r.total}" for r in rows.itertuples())
    return look.finish(chart, title, f"{said}.")


def _ranges(base, rows, text, room):
    """Layer the marks of stated ranges: point, bar between ticks, open end, words.

    The axis runs over whole powers of ten, with `room` more of them for the words.
    """
    first = min(5, math.floor(math.log10(max(1, rows.low_usd.min()))))
    last = max(9, math.ceil(math.log10(max(1, rows.high_usd.max()))))
    scale = alt.Scale(type="log", domain=[10**first, 10 ** (last + room)], nice=False)
    axis = alt.Axis(
        values=[10**n for n in range(first, last + 1)],
        labelExpr="datum.value >= 1e6 ? format(datum.value / 1e6, ',') + ' million' : format(datum.value, ',')",
    )
    low = alt.X("low_usd:Q", title="current US dollars, logarithmic", scale=scale, axis=axis)
    high = alt.X("high_usd:Q", scale=scale)
    hedged, exact = "datum.mark == 'range'", "datum.mark == 'exact'"
    tick = {"thickness": 2, "size": 14, "color": look.BLUE}
    return alt.layer(
        base.transform_filter(hedged)
        .mark_bar(height=6, color=look.BLUE)
        .encode(x=low, x2="high_usd:Q"),
        base.transform_filter(hedged).mark_tick(**tick).encode(x=low),
        base.transform_filter(hedged).mark_tick(**tick).encode(x=high),
        base.transform_filter(exact)
        .mark_point(filled=True, size=70, color=look.BLUE, opacity=1)
        .encode(x=low),
        base.transform_filter("datum.mark == 'inferred'")
        .mark_point(filled=False, size=70, color=look.ORANGE, strokeWidth=2, opacity=1)
        .encode(x=low),
        base.transform_filter("datum.mark == 'open'")
        .mark_point(shape="triangle-right", filled=True, size=90, color=look.ORANGE, opacity=1)
        .encode(x=low),
        base.transform_filter("datum.mark != 'unknown'")
        .mark_text(align="left", dx=10, fontSize=11, color="#222")
        .encode(x=high, text=f"{text}:N"),
        base.transform_filter("datum.mark == 'unknown'")
        .mark_text(align="left", fontSize=11, color=look.ORANGE)
        .encode(x=alt.value(4), text=f"{text}:N"),
    )


def _as_ranges(frame):
    """Give bounds as floats, and say with which mark each is drawn."""
    low, high = frame.low_usd.astype("Float64"), frame.high_usd.astype("Float64")
    mark = pd.Series("range", index=frame.index).mask(low == high, "exact")
    mark = mark.mask(high.isna(), "open").mask(low.isna(), "unknown")
    drawn = frame.assign(low_usd=low.astype(float), high_usd=high.fillna(low).astype(float))
    return drawn.assign(mark=mark)
