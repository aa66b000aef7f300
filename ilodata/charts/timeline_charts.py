"""Pictures of what happened when."""

import altair as alt
import pandas as pd

from ilodata.charts import look


def timeline(drawn, today=None):
    """Draw each happening as all the days that its date can mean, in a lane for its kind.

    Parameters
    ----------
    drawn : DataFrame
        From ``timelines.pieces``: kind, label, when, precision, from, to, edge.
    today : Timestamp, optional
        The day for which the documents speak, drawn as a dashed line.

    Returns
    -------
    Altair chart
        A bar is a span, a tick a day, a triangle an end that is open or not stated.
    """
    title = "What happened when: a bar is all that a date can mean, a tick is a day"
    if drawn.empty:
        return look.nothing(title)
    begin, end = drawn["from"].min(), drawn["to"].max()
    room = begin + (end - begin) * 1.25  # for the dates in words, right of the last bar
    scale = alt.Scale(domain=[_day(begin), _day(room)])
    shown = f"year(datum.value) <= {(end - pd.Timedelta(days=1)).year}"
    axis = alt.Axis(labelExpr=f"{shown} ? timeFormat(datum.value, '%Y') : ''")
    drawn = drawn.assign(day=(drawn["to"] - drawn["from"]).dt.days <= 1)
    last = drawn.groupby("record")["to"].transform("max") == drawn["to"]
    drawn = drawn.assign(last=last)
    tips = [alt.Tooltip("label:N"), alt.Tooltip("when:N", title="stated"), "precision:N"]
    lanes = []
    for kind in [k for k in look.KINDS if k in set(drawn.kind)]:
        rows = drawn[drawn.kind == kind]
        order = list(dict.fromkeys(rows.label))
        base = alt.Chart(rows).encode(
            y=alt.Y("label:N", title=None, sort=order),
            x=alt.X("from:T", title=None, scale=scale, axis=axis),
            color=_kind(legend=None),
            tooltip=tips,
        )
        until = base.encode(x=alt.X("to:T", scale=scale))
        marks = [
            base.transform_filter("!datum.day").mark_bar(height=9).encode(x2="to:T"),
            base.transform_filter("datum.day").mark_tick(thickness=3, size=16),
            until.transform_filter("datum.edge != ''").mark_point(
                shape="triangle-right", filled=True, size=70, opacity=1
            ),
            until.transform_filter("datum.last")
            .mark_text(align="left", dx=9, fontSize=11)
            .encode(text="when:N", color=alt.value("#222")),
        ]
        if today is not None and begin <= today <= end:
            line = alt.Chart(pd.DataFrame({"today": [today]}))
            marks.append(line.mark_rule(strokeDash=[4, 3], color=look.GREY).encode(x="today:T"))
        lane = alt.layer(*marks)
        lanes.append(
            lane.properties(width=look.WIDTH, height=look.height(len(order)), title=f"{kind}s")
        )
    said = "; ".join(f"{r.label}: {r.when}" for r in drawn.drop_duplicates("record").itertuples())
    said = f"{drawn.record.nunique()} dated happenings. {said}."
    if today is not None:
        said += f" The documents speak until {today:%Y-%m-%d}, the dashed line."
    return look.finish(alt.vconcat(*lanes), title, said)


def _day(stamp):
    return alt.DateTime(year=stamp.year, month=stamp.month, date=stamp.day)


def pace(counted):
    """Draw how many agreements, events and projects each year has, certain and possible.

    Parameters
    ----------
    counted : DataFrame
        From ``timelines.per_year``: year, kind, certain, possible.

    Returns
    -------
    Altair chart
        Full bars are certain; a pale part on top is possible.
    """
    title = "How many a year: full bars are certain, pale ones possible"
    if counted.empty:
        return look.nothing(title)
    years = list(range(int(counted.year.min()), int(counted.year.max()) + 1))
    every = alt.Axis(labelExpr="datum.value % 5 == 0 ? datum.value : ''", labelAngle=0)
    base = alt.Chart(counted).encode(
        x=alt.X("year:O", title=None, scale=alt.Scale(domain=years), axis=every),
        color=_kind(legend=None),
        tooltip=["year:O", "kind:N", "certain:Q", "possible:Q"],
    )
    step = max(1, round(int(counted.possible.max()) / 4))
    whole = list(range(0, int(counted.possible.max()) + 1, step))
    y = {"title": "number", "axis": alt.Axis(values=whole, format="d")}
    bars = alt.layer(
        base.mark_bar(fillOpacity=0.35, strokeWidth=1).encode(
            y=alt.Y("possible:Q", **y), stroke=_kind(stroke=True)
        ),
        base.mark_bar().encode(y=alt.Y("certain:Q", **y)),
    ).properties(width=look.WIDTH, height=80)
    row = alt.Row("kind:N", title=None, header=alt.Header(labelOrient="top"))
    chart = bars.facet(row=row).resolve_scale(y="independent")
    most = counted.loc[counted.groupby("kind").certain.idxmax()]
    said = "; ".join(f"most {r.kind}s in {r.year}: {r.certain}" for r in most.itertuples())
    return look.finish(chart, title, f"Certain and possible numbers by year: {said}.")


def _kind(stroke=False, **more):
    scale = alt.Scale(domain=list(look.KINDS), range=list(look.KINDS.values()))
    if stroke:
        return alt.Stroke("kind:N", scale=scale, legend=None)
    return alt.Color("kind:N", title="Kind", scale=scale, **more)


def partners(counted):
    """Draw in how many agreements, events and projects each organisation has a part.

    Parameters
    ----------
    counted : DataFrame
        From ``timelines.by_partner``: organisation, kind, records.

    Returns
    -------
    Altair chart
    """
    title = "In how many agreements, events and projects each organisation has a stated part"
    if counted.empty:
        return look.nothing(title)
    order = list(dict.fromkeys(counted.organisation))
    chart = (
        alt.Chart(counted)
        .mark_bar()
        .encode(
            x=alt.X("records:Q", title="number", axis=alt.Axis(tickMinStep=1, format="d")),
            y=alt.Y("organisation:N", title=None, sort=order),
            color=_kind(),
            tooltip=["organisation:N", "kind:N", "records:Q"],
        )
        .properties(width=look.WIDTH, height=look.height(len(order)))
    )
    said = "; ".join(
        f"{r.organisation}: {r.records} {r.kind}{'s' * (r.records > 1)}"
        for r in counted.itertuples()
    )
    return look.finish(chart, title, f"{said}.")
