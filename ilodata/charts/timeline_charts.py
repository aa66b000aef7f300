"""Pictures of what happened when: solid is certain, pale is possible, a tick is a day."""

import altair as alt
import pandas as pd

from ilodata.charts import look

LANES = {
    "agreement": "Agreements",
    "event": "Events",
    "project": "Projects",
    "presence": "Presence and other lasting states",
}
KEY = [
    "Solid: under way throughout. Pale: at some time within.",
    "Tick: a day. Triangle: no end stated. Star: open conflict.",
    "Dashed: the last day for which the documents speak.",
]


@look.drawing
def timeline(drawn, today=None):
    """Draw each record as all the days that its date can mean, in a lane for its kind.

    Parameters
    ----------
    drawn : DataFrame
        From ``timelines.pieces``: record, kind, label, when, precision, from, to, shows, edge.
    today : Timestamp, optional
        The day for which the documents speak, drawn as a dashed line.

    Returns
    -------
    Altair chart
        An overview, in which years can be selected, and the lanes for them. What is not dated
        is named in its lane.
    """
    title = "What happened when, as precisely as stated"
    dated = drawn[drawn["from"].notna()]
    if dated.empty:
        return look.nothing(title)
    begin = pd.Timestamp(dated["from"].min().year, 1, 1)
    end = pd.Timestamp((dated["to"].max() - pd.Timedelta(days=1)).year + 1, 1, 1)
    ends = [alt.DateTime(year=day.year, month=1, date=1) for day in (begin, end)]
    faint = alt.BrushConfig(fillOpacity=0.1, stroke=look.INK)
    brush = alt.selection_interval("window", encodings=["x"], value={"x": ends}, mark=faint)
    lanes = [kind for kind in look.KINDS if kind in set(drawn.kind)]
    heads = pd.DataFrame({"kind": lanes, "label": [LANES[kind] for kind in lanes]})
    rows = _with_words(drawn, begin, end)
    rows = pd.concat([heads, rows])
    rows = rows.sort_values("kind", key=lambda kind: kind.map(lanes.index), kind="stable")
    order = list(dict.fromkeys(rows.label))
    names = look.above("label", order)
    bold = {"test": f"indexof({list(heads.label)}, datum.value) >= 0", "value": "bold"}
    names["axis"]["labelFontWeight"] = {"condition": bold, "value": "normal"}
    if today is not None and not begin <= today <= end:
        today = None
    strip = dated.assign(label=dated.kind.map(LANES))
    above = look.above("label", list(heads.label))
    key = alt.TitleParams(KEY, fontSize=11, fontWeight="normal", lineHeight=15, offset=8)
    overview = alt.layer(
        *_marks(strip, above, alt.Scale(domain=ends), 7, today),
        width=look.WIDTH,
        height=38 * len(lanes),
        title=key,
    )
    zoomed = alt.Scale(domain=brush)
    detail = alt.layer(
        *_marks(rows, names, zoomed, 9, today),
        *_words(rows, names, zoomed),
        width=look.WIDTH,
        height=look.height(len(order), 31),
    )
    chart = alt.vconcat(overview.add_params(brush), detail)
    told = drawn.drop_duplicates("record")
    said = f"{len(told)} records. {'; '.join(told.label + ': ' + told.when)}."
    if today is not None:
        said += f" The documents speak until {today:%Y-%m-%d}, the dashed line."
    return look.finish(chart, title, said)


def _with_words(rows, begin, end):
    """Say where a date stands in words: beside its marks, or behind the name if they leave no room."""
    part = (end - begin) / 100
    of = rows.groupby("record")
    since, until = of["from"].transform("min"), of["to"].transform("max")
    side = pd.Series("name", index=rows.index).mask((since - begin) / part > 50, "left")
    side = side.mask((until - begin) / part < 60, "right").mask(since.isna(), "undated")
    named = rows.label.mask(side == "name", rows.label + ", " + rows.when)
    side = side.where(~rows.duplicated("record"), "")  # once a record, however many its stretches
    return rows.assign(label=named, side=side, at=until.where(side == "right", since))


def _kind(channel=alt.Color):
    scale = alt.Scale(domain=list(look.KINDS), range=list(look.KINDS.values()))
    return channel("kind:N", scale=scale, legend=None)


def _marks(rows, names, scale, height, today):
    """Draw stretches pale or solid, a tick for a day, a triangle at an end that is open."""
    base = look.Chart(rows).encode(
        x=alt.X("from:T", title=None, scale=scale, axis=alt.Axis(tickCount=8)),
        y=names,
        color=_kind(),
        tooltip=look.tips("label:N", alt.Tooltip("when:N", title="stated"), "precision:N"),
    )
    marks = [
        base.transform_filter("datum.shows == 'within'")
        .mark_bar(height=height, fillOpacity=look.POSSIBLE, strokeWidth=1, clip=True)
        .encode(x2=alt.X2("to:T"), stroke=_kind(alt.Stroke)),
        base.transform_filter("datum.shows == 'throughout'")
        .mark_bar(height=height, clip=True)
        .encode(x2=alt.X2("to:T")),
        base.transform_filter("datum.shows == 'day'").mark_tick(
            thickness=3, size=height + 6, clip=True
        ),
        base.transform_filter("datum.edge != ''")
        .mark_point(shape=look.OPEN, filled=True, size=70, opacity=1, xOffset=-6, clip=True)
        .encode(x=alt.X("to:T", scale=scale)),
    ]
    if today is not None:
        line = look.Chart(pd.DataFrame({"from": [today]}))
        dash = line.mark_rule(strokeDash=[4, 3], color=look.GREY, clip=True)
        marks.append(dash.encode(x=alt.X("from:T", scale=scale)))
    return marks


def _words(rows, names, scale):
    base = look.Chart(rows).encode(x=alt.X("at:T", scale=scale), y=names, text=alt.Text("when:N"))
    words = {"fontSize": 11, "color": look.INK, "clip": True}
    at = "datum.side == '{}'".format
    return [
        base.transform_filter(at("right")).mark_text(align="left", dx=9, **words),
        base.transform_filter(at("left")).mark_text(align="right", dx=-12, **words),
        base.transform_filter(at("undated"))
        .mark_text(align="left", **words)
        .encode(x=alt.XValue(0)),
    ]


@look.drawing
def pace(counted, silent, today=None):
    """Draw how much each year certainly has and can have, and the years that are silent.

    Parameters
    ----------
    counted, silent : DataFrame
        From ``timelines.per_year`` (year, kind, certain, possible) and ``timelines.silences``
        (first, last, state).
    today : Timestamp, optional
        The day for which the documents speak, drawn as a dashed line.

    Returns
    -------
    Altair chart
        One lane a kind: solid up to the certain number, pale from there to the possible one.
    """
    title = "How many a year, certain and possible"
    there = counted[counted.possible > 0]
    if there.empty:
        return look.nothing(title)
    first, last = int(silent["first"].min()), int(silent["last"].max()) + 1
    scale = alt.Scale(domain=[first, last], nice=False, zero=False)
    step = next(n for n in (1, 2, 5, 10, 20, 50, 100, 1000) if last - first <= 9 * n)
    labelled = list(range(-(-first // step) * step, last + 1, step))
    kinds = [kind for kind in look.KINDS if kind in set(there.kind)]
    lanes = []
    for kind in kinds:
        rows = there[there.kind == kind].assign(none=0)
        rows = rows.assign(since=rows.year + 0.1, until=rows.year + 0.9)
        step = max(1, round(int(rows.possible.max()) / 3))
        ticks = list(range(0, int(rows.possible.max()) + step, step))
        y = {
            "title": None,
            "scale": alt.Scale(domain=[0, ticks[-1]]),
            "axis": alt.Axis(values=ticks, format="d"),
        }
        years = alt.Axis(format="d", values=labelled, labels=kind == kinds[-1], ticks=False)
        base = look.Chart(rows).encode(
            x=alt.X("since:Q", title=None, scale=scale, axis=years),
            x2=alt.X2("until:Q"),
            color=_kind(),
            tooltip=look.tips("year:O", "kind:N", "certain:Q", "possible:Q"),
        )
        gaps = silent[silent.state == "nothing stated"] if kind != "presence" else silent[:0]
        gaps = gaps.assign(since=gaps["first"], until=gaps["last"] + 1)
        gaps = gaps.assign(middle=(gaps.since + gaps.until) / 2)
        words = gaps[gaps.years > (last - first) / 6] if kind == kinds[0] else gaps[:0]
        marks = [
            look.Chart(gaps, name=f"ground_{kind}")
            .mark_rect(color=look.RULE, opacity=0.6)
            .encode(x=alt.X("since:Q", scale=scale), x2=alt.X2("until:Q")),
            look.Chart(words)
            .mark_text(color=look.INK, fontSize=10)
            .encode(x=alt.X("middle:Q", scale=scale), text=alt.Text("state:N")),
            base.mark_bar().encode(y=alt.Y("none:Q", **y), y2=alt.Y2("certain:Q")),
            base.transform_filter("datum.possible > datum.certain")
            .mark_bar(fillOpacity=look.POSSIBLE, strokeWidth=1)
            .encode(y=alt.Y("certain:Q", **y), y2=alt.Y2("possible:Q"), stroke=_kind(alt.Stroke)),
        ]
        if today is not None and first <= today.year < last:
            line = pd.DataFrame({"day": [today.year + (today.day_of_year - 1) / 366]})
            dash = look.Chart(line).mark_rule(strokeDash=[4, 3], color=look.GREY)
            marks.append(dash.encode(x=alt.X("day:Q", scale=scale)))
        head = alt.TitleParams(PACE[kind], fontSize=11, offset=6)
        lanes.append(alt.layer(*marks, width=look.WIDTH, height=64, title=head))
    said = []
    for kind in kinds:
        rows = there[there.kind == kind]
        low, high = int(rows.certain.max()), int(rows.possible.max())
        most = ", ".join(map(str, rows.year[rows.certain == low]))
        said.append(f"{PACE[kind]}: at least {low} in {most}, in no year more than {high}")
    quiet = silent[silent.state == "nothing stated"]
    said += [f"nothing stated from {run.first} to {run.last}" for run in quiet.itertuples()]
    return look.finish(alt.vconcat(*lanes, spacing=14), title, f"{'; '.join(said)}.")


PACE = {
    "agreement": "Agreements signed, agreed or adopted",
    "event": "Events",
    "project": "Projects under way",
    "presence": "Lasting states under way",
}


@look.drawing
def signings(counted):
    """Draw who signs what with whom, and in which period.

    Parameters
    ----------
    counted : DataFrame
        From ``timelines.signings``: who, instrument, first, last, certain, possible, agreements.

    Returns
    -------
    Altair chart
        A tile holds the number of agreements: solid where certain, pale where it is a range.
    """
    title = "Agreements by partners, instrument and period"
    if counted.empty:
        return look.nothing(title)
    ranges = counted.possible > counted.certain
    rows = counted.assign(
        row=counted.who + ": " + counted.instrument,
        until=counted["last"] + 1,
        middle=(counted["first"] + counted["last"] + 1) / 2,
        number=counted.certain.astype(str) + ("–" + counted.possible.astype(str)).where(ranges, ""),
        certain=~ranges,
    )
    order = list(dict.fromkeys(rows.row))
    edges = sorted({*rows["first"], *rows.until})
    scale = alt.Scale(domain=[edges[0], edges[-1]], nice=False)
    years = alt.Axis(values=edges, format="d", grid=True)
    base = look.Chart(rows).encode(
        x=alt.X("first:Q", title="a period begins at each line", scale=scale, axis=years),
        y=look.above("row", order),
        tooltip=look.tips("row:N", "first:O", "last:O", alt.Tooltip("number:N"), "agreements:N"),
    )
    blue = look.KINDS["agreement"]
    tile = {"height": 15, "yOffset": 3, "color": blue, "strokeWidth": 1}
    words = base.encode(x=alt.X("middle:Q", scale=scale), text=alt.Text("number:N"))
    chart = alt.layer(
        base.transform_filter("datum.certain")
        .mark_bar(stroke="white", **tile)
        .encode(x2=alt.X2("until:Q")),
        base.transform_filter("!datum.certain")
        .mark_bar(fillOpacity=look.POSSIBLE, stroke=blue, **tile)
        .encode(x2=alt.X2("until:Q")),
        words.transform_filter("datum.certain").mark_text(fontSize=11, color="white", yOffset=3),
        words.transform_filter("!datum.certain").mark_text(fontSize=11, color=look.INK, yOffset=3),
    ).properties(width=look.WIDTH, height=look.height(len(order)))
    said = "; ".join(f"{r.row}, {r.first} to {r.last}: {r.number}" for r in rows.itertuples())
    return look.finish(chart, title, f"{said}.")


@look.drawing
def durations(table):
    """Draw how long each project lasts: at least the solid part, at most the pale one.

    Parameters
    ----------
    table : DataFrame
        From ``timelines.durations``: label, when, low_days, high_days, lasts.

    Returns
    -------
    Altair chart
        A triangle where no end is stated, so that nothing bounds the project above.
    """
    title = "How long each project lasts, in years"
    if table.empty:
        return look.nothing(title)
    rows = table.assign(none=0.0, low=table.low_days / 365.25, high=table.high_days / 365.25)
    rows["open"] = rows.high.isna()
    top = rows[["low", "high"]].max(axis=None)
    rows["high"] = rows.high.fillna(top * 1.04)
    rows = rows.astype({"low": float, "high": float}).drop(columns=["low_days", "high_days"])
    wide = rows.high > top * 0.55  # no room for words behind the bar
    rows["label"] = rows.label.mask(wide, rows.label + ", " + rows.lasts)
    rows["said"] = rows.lasts.mask(wide, "")
    scale = alt.Scale(domain=[0, float(top) * 1.04], nice=False)
    base = look.Chart(rows).encode(
        y=look.above("label", rows.label),
        color=alt.ColorValue(look.KINDS["project"]),
        tooltip=look.tips("label:N", alt.Tooltip("when:N", title="stated"), "lasts:N"),
    )
    low = alt.X("none:Q", title="years", scale=scale, axis=alt.Axis(tickMinStep=1, format="d"))
    high = base.encode(x=alt.X("high:Q", scale=scale))
    pale = {"fillOpacity": look.POSSIBLE, "strokeWidth": 1, "stroke": look.KINDS["project"]}
    chart = alt.layer(
        base.mark_bar(height=9).encode(x=low, x2=alt.X2("low:Q")),
        base.mark_bar(height=9, **pale).encode(x=alt.X("low:Q", scale=scale), x2=alt.X2("high:Q")),
        high.transform_filter("datum.open").mark_point(
            shape=look.OPEN, filled=True, size=70, opacity=1, xOffset=-6
        ),
        high.mark_text(align="left", dx=9, fontSize=11).encode(
            text=alt.Text("said:N"), color=alt.ColorValue(look.INK)
        ),
    ).properties(width=look.WIDTH, height=look.height(len(rows)))
    said = "; ".join(f"{r.label}: {r.lasts}" for r in table.itertuples())
    return look.finish(chart, title, f"{said}.")
