"""Tidy frame in, Altair chart out: one theme, and one renderer that draws everywhere offline.

A chart never loads, filters, sums or saves. It says in its title what is shown, carries a
description for readers who cannot see it, and draws a range as a range.
"""

import math
import re
import sys

# jsonschema's format checkers build a grammar of web addresses when imported, which takes four
# seconds in every kernel; no chart has a format to be checked.
sys.modules.setdefault("rfc3987_syntax", None)
import altair as alt  # noqa: E402
import pandas as pd  # noqa: E402
import vl_convert  # noqa: E402

if sys.modules["rfc3987_syntax"] is None:
    del sys.modules["rfc3987_syntax"]

# JupyterLab 4 bundles Vega-Lite 5 and shows only its type in a notebook that is not trusted.
MIME = "application/vnd.vegalite.v5+json"

# Okabe and Ito's colours, which colour-blind readers can tell apart; shape or place says it too.
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072B2", "#B34700", "#007A5A", "#A04080", "#595959"
KIND_COLOURS = {"agreement": BLUE, "event": ORANGE, "project": GREEN}
ROLE_COLOURS = {
    "named beneficiary": BLUE,
    "home of network institutes": ORANGE,
    "region, countries not named": GREEN,
    "member of the region (reference data)": GREY,
}
ROLE_SHAPES = ["circle", "square", "diamond", "triangle-up"]
WIDTH = 560


@alt.theme.register("ilodata", enable=True)
def _theme():
    text = {"labelFontSize": 11, "titleFontSize": 11, "labelColor": "#222", "titleColor": "#222"}
    return alt.theme.ThemeConfig(
        config={
            "background": "white",
            "axis": {**text, "titleFontWeight": "normal", "labelLimit": 330, "gridColor": "#ddd"},
            "legend": {**text, "orient": "top", "titleFontWeight": "normal", "labelLimit": 330},
            "header": {**text, "labelFontWeight": "bold", "labelAnchor": "start"},
            "title": {
                "fontSize": 14,
                "anchor": "start",
                "frame": "group",
                "color": "#222",
                "offset": 12,
            },
            "view": {"stroke": None},
        }
    )


def _render(spec, **_):
    """Give a chart as Vega-Lite, as SVG and as text: what each reader can draw, offline."""
    svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])  # [] makes missing data an error
    ids = {}
    for name in re.findall(r'id="([^"]+)"', svg):  # they count up with every chart of a process
        ids.setdefault(name, f"part-{len(ids)}")
    for name, new in ids.items():
        svg = re.sub(rf'(id="|#){re.escape(name)}(?=["\)])', rf"\g<1>{new}", svg)
    svg = re.sub(r"-?\d+\.\d{2,}(?:e-?\d+)?", lambda m: f"{round(float(m.group()), 1):g}", svg)
    return {MIME: spec, "image/svg+xml": svg, "text/plain": spec.get("description", "Chart")}


alt.renderers.register("ilodata", _render)
alt.renderers.enable("ilodata")


def _finish(chart, title, description):
    return chart.properties(title=title, description=description)


def _nothing(title):
    """Draw a picture that says that there is nothing to draw."""
    said = "Nothing is stated for this choice."
    words = alt.Chart(pd.DataFrame({"said": [said]})).mark_text(fontSize=13, color=GREY)
    return _finish(words.encode(text="said:N"), title, said)


def _height(rows):
    return max(60, 22 * rows)


def _kind(stroke=False, **more):
    scale = alt.Scale(domain=list(KIND_COLOURS), range=list(KIND_COLOURS.values()))
    if stroke:
        return alt.Stroke("kind:N", scale=scale, legend=None)
    return alt.Color("kind:N", title="Kind", scale=scale, **more)


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
        return _nothing(title)
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
    for kind in [k for k in KIND_COLOURS if k in set(drawn.kind)]:
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
            marks.append(line.mark_rule(strokeDash=[4, 3], color=GREY).encode(x="today:T"))
        lane = alt.layer(*marks)
        lanes.append(lane.properties(width=WIDTH, height=_height(len(order)), title=f"{kind}s"))
    said = "; ".join(f"{r.label}: {r.when}" for r in drawn.drop_duplicates("record").itertuples())
    said = f"{drawn.record.nunique()} dated happenings. {said}."
    if today is not None:
        said += f" The documents speak until {today:%Y-%m-%d}, the dashed line."
    return _finish(alt.vconcat(*lanes), title, said)


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
        return _nothing(title)
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
    ).properties(width=WIDTH, height=80)
    row = alt.Row("kind:N", title=None, header=alt.Header(labelOrient="top"))
    chart = bars.facet(row=row).resolve_scale(y="independent")
    most = counted.loc[counted.groupby("kind").certain.idxmax()]
    said = "; ".join(f"most {r.kind}s in {r.year}: {r.certain}" for r in most.itertuples())
    return _finish(chart, title, f"Certain and possible numbers by year: {said}.")


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
        return _nothing(title)
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
        .properties(width=WIDTH, height=_height(len(order)))
    )
    said = "; ".join(
        f"{r.organisation}: {r.records} {r.kind}{'s' * (r.records > 1)}"
        for r in counted.itertuples()
    )
    return _finish(chart, title, f"{said}.")


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
    tick = {"thickness": 2, "size": 14, "color": BLUE}
    return alt.layer(
        base.transform_filter(hedged).mark_bar(height=6, color=BLUE).encode(x=low, x2="high_usd:Q"),
        base.transform_filter(hedged).mark_tick(**tick).encode(x=low),
        base.transform_filter(hedged).mark_tick(**tick).encode(x=high),
        base.transform_filter(exact)
        .mark_point(filled=True, size=70, color=BLUE, opacity=1)
        .encode(x=low),
        base.transform_filter("datum.mark == 'inferred'")
        .mark_point(filled=False, size=70, color=ORANGE, strokeWidth=2, opacity=1)
        .encode(x=low),
        base.transform_filter("datum.mark == 'open'")
        .mark_point(shape="triangle-right", filled=True, size=90, color=ORANGE, opacity=1)
        .encode(x=low),
        base.transform_filter("datum.mark != 'unknown'")
        .mark_text(align="left", dx=10, fontSize=11, color="#222")
        .encode(x=high, text=f"{text}:N"),
        base.transform_filter("datum.mark == 'unknown'")
        .mark_text(align="left", fontSize=11, color=ORANGE)
        .encode(x=alt.value(4), text=f"{text}:N"),
    )


def _as_ranges(frame):
    """Give bounds as floats, and say with which mark each is drawn."""
    low, high = frame.low_usd.astype("Float64"), frame.high_usd.astype("Float64")
    mark = pd.Series("range", index=frame.index).mask(low == high, "exact")
    mark = mark.mask(high.isna(), "open").mask(low.isna(), "unknown")
    drawn = frame.assign(low_usd=low.astype(float), high_usd=high.fillna(low).astype(float))
    return drawn.assign(mark=mark)


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
        return _nothing(title)
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
        lanes.append(lane.properties(width=WIDTH, height=_height(len(here)), title=level))
    said = "; ".join(f"{r.label}: {r.said}" for r in rows.itertuples())
    return _finish(alt.vconcat(*lanes), title, f"{said}.")


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
        return _nothing(title)
    lie = {"whole": "period in the window", "part": "period partly outside", "undated": "no period"}
    rows = _as_ranges(summed.assign(name=summed.level + ", " + summed.in_window.map(lie)))
    rows = rows[["name", "low_usd", "high_usd", "mark", "total"]]
    base = alt.Chart(rows).encode(
        y=alt.Y("name:N", title=None, sort=list(rows.name)), tooltip=["name:N", "total:N"]
    )
    chart = _ranges(base, rows, "total", 3).properties(width=WIDTH, height=_height(len(rows)))
    said = "; ".join(f"{r.name}: {r.total}" for r in rows.itertuples())
    return _finish(chart, title, f"{said}.")


def reach(shown, roles):
    """Draw which project touches which place in which role.

    Parameters
    ----------
    shown : DataFrame
        From ``reach.within``: project, place, role.
    roles : dict
        Role to its words: ``reach.ROLE_WORDS``.

    Returns
    -------
    Altair chart
        One mark a project, place and role; shape and colour say the role.
    """
    title = "Which project touches which place, and in which role"
    if shown.empty:
        return _nothing(title)
    rows = shown.assign(role=shown.role.map(roles))[["project", "place", "role", "source"]]
    visited = list(rows.place.value_counts().index)
    names = list(dict.fromkeys(rows.project))
    here = [role for role in ROLE_COLOURS if role in set(rows.role)]
    colours = alt.Scale(domain=here, range=[ROLE_COLOURS[r] for r in here])
    shapes = alt.Scale(domain=here, range=[ROLE_SHAPES[list(ROLE_COLOURS).index(r)] for r in here])
    chart = alt.Chart(rows).mark_point(size=130, filled=True, opacity=1)
    chart = chart.encode(
        x=alt.X("place:N", title=None, sort=visited, axis=alt.Axis(labelAngle=-35, grid=True)),
        y=alt.Y("project:N", title=None, sort=names, axis=alt.Axis(grid=True)),
        xOffset=alt.XOffset("role:N", sort=here),
        color=alt.Color("role:N", title="Role", scale=colours, legend=alt.Legend(columns=2)),
        shape=alt.Shape("role:N", title="Role", scale=shapes),
        tooltip=["project:N", "place:N", "role:N", "source:N"],
    ).properties(width=max(360, 38 * len(visited)), height=30 * len(names))
    said = "; ".join(f"{r.project}: {r.place} ({r.role})" for r in rows.itertuples())
    return _finish(chart, title, f"{said}.")


def places(counted):
    """Draw how many projects touch each place, by role.

    Parameters
    ----------
    counted : DataFrame
        From ``reach.by_place``: place, role, projects, named.

    Returns
    -------
    Altair chart
        One lane a role: roles are not added up.
    """
    title = "How many projects touch each place, by role"
    if counted.empty:
        return _nothing(title)
    lanes = []
    for role in [r for r in ROLE_COLOURS if r in set(counted.role)]:
        rows = counted[counted.role == role][["place", "role", "projects", "named"]]
        ticks = list(range(int(counted.projects.max()) + 1))
        bars = alt.Chart(rows).mark_bar(color=ROLE_COLOURS[role], height=12)
        bars = bars.encode(
            x=alt.X(
                "projects:Q",
                title="projects",
                scale=alt.Scale(domain=[0, ticks[-1]]),
                axis=alt.Axis(values=ticks, format="d"),
            ),
            y=alt.Y("place:N", title=None, sort=list(rows.place)),
            tooltip=["place:N", "role:N", "projects:Q", "named:N"],
        )
        lanes.append(bars.properties(width=WIDTH, height=_height(len(rows)), title=role))
    said = "; ".join(f"{r.place}, {r.role}: {r.projects}" for r in counted.itertuples())
    return _finish(alt.vconcat(*lanes), title, f"{said}.")


def support(counted):
    """Draw how many cells of each table are stated, and how many inferred.

    Parameters
    ----------
    counted : DataFrame
        From ``evidence.coverage``: table, basis, cells.

    Returns
    -------
    Altair chart
    """
    title = "Cells with evidence, by table and basis"
    if counted.empty:
        return _nothing(title)
    scale = alt.Scale(domain=["stated", "inferred"], range=[BLUE, ORANGE])
    order = list(dict.fromkeys(counted.sort_values("cells", ascending=False)["table"]))
    chart = (
        alt.Chart(counted[["table", "basis", "cells"]])
        .mark_bar()
        .encode(
            x=alt.X("cells:Q", title="cells"),
            y=alt.Y("table:N", title=None, sort=order),
            color=alt.Color("basis:N", title="Basis", scale=scale),
            order=alt.Order("basis:N", sort="descending"),
            tooltip=["table:N", "basis:N", "cells:Q"],
        )
        .properties(width=WIDTH, height=_height(len(order)))
    )
    said = "; ".join(f"{r.table}, {r.basis}: {r.cells}" for r in counted.itertuples())
    return _finish(chart, title, f"{said}.")
