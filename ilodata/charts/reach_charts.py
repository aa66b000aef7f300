"""Pictures of whom the projects reached, by what means, and what nobody says."""

import functools
import json
import math
import re
import textwrap

import altair as alt
import pandas as pd

from ilodata.charts import look

PICTURES = ("auto", "bars", "map", "tiles")
HIGH = 240  # pixels of a map
ROLE = "Role (a hollow mark is inferred)"
FEW, MANY = 8, 20  # fewer places read best as bars, and from twenty on a map is worth its ground
# The standard sentence of the United Nations for maps.
DISCLAIMER = (
    "The designations employed and the presentation of material on this map do not imply the "
    "expression of any opinion whatsoever on the part of the Secretariat of the United Nations "
    "concerning the legal status of any country, territory, city or area or of its authorities, "
    "or concerning the delimitation of its frontiers or boundaries."
)
TIPS = look.tips("place:N", "role:N", "projects:Q", "named:N", "basis:N")
EDGE_ONLY = alt.FillOpacityValue(1, condition={"test": "datum.basis == 'inferred'", "value": 0})
DASH = "M-.8,-.25L.8,-.25L.8,.25L-.8,.25Z"  # a shape that says: less than the others, or nothing
RESULTS = {
    "result with a number": (look.PURPLE, "cross"),
    "result described, no number": (look.PURPLE, DASH),
    "result planned or in progress": (look.GREY, look.OPEN),
}
STANDINGS = {
    "a result": (look.BLUE, "circle"),
    "an activity": (look.GREEN, "square"),
    "an aim, or in progress": (look.GREY, DASH),
}
ANSWERS = {
    "stated": (look.BASES["stated"], "square"),
    "inferred": (look.BASES["inferred"], "square"),
    "not stated": (look.GREY, DASH),
}


@look.drawing
def reach(shown, roles):
    """Draw which project touches which place in which role.

    Parameters
    ----------
    shown : DataFrame
        From ``reach.within``: project, place, place_kind, role, source, basis.
    roles : dict
        Role to its words: ``reach.ROLE_WORDS``.

    Returns
    -------
    Altair chart
        One mark a project, place and role; shape and colour say the role, and a hollow one is
        inferred.
    """
    title = "Which project touches which place: one mark a role"
    if shown.empty:
        return look.nothing(title)
    rows = shown.assign(
        role=shown.role.map(roles),
        nth=shown.groupby(["project", "place"]).cumcount(),  # of several roles of one place
        whole=shown.place_kind.isin(["region", "group_of_states"]),
    )[["project", "place", "role", "source", "basis", "nth", "whole"]]
    # Countries stand first: their names are short, and slanted ones need room to the left.
    often = rows.groupby(["place", "whole"]).size().reset_index(name="marks")
    often = often.sort_values(["whole", "marks", "place"], ascending=[True, False, True])
    chart = _matrix(rows, "place", often.place, "role", look.ROLES, ROLE, ["source:N", "basis:N"])
    chart = chart.encode(fillOpacity=EDGE_ONLY)
    if rows.nth.max():
        chart = chart.encode(xOffset=alt.XOffset("nth:O"))
    said = "; ".join(
        f"{r.project}: {r.place} ({r.role}{', inferred' * (r.basis == 'inferred')})"
        for r in rows.itertuples()
    )
    return look.finish(chart, title, f"{said}.")


@look.drawing
def means(used, amounts):
    """Draw by what means each project works, with its money as words beside them.

    Parameters
    ----------
    used : DataFrame
        From ``reach.means``: project, means, standing, words.
    amounts : Series
        The stated money in words, by project as it is called in `used`.

    Returns
    -------
    Altair chart
        One mark a project and means; shape and colour say how far it is.
    """
    title = "Means that each project names, and its US dollars"
    if used.empty:
        return look.nothing(title)
    rows = used[["project", "means", "standing", "words"]]
    order = sorted(sorted(set(rows.means)), key=len)
    names = list(amounts.index)
    chart = _matrix(
        rows, "means", order, "standing", STANDINGS, "Named as", ["words:N"], names=names, step=58
    )
    told = pd.DataFrame({"project": names, "money": "money: " + amounts.astype(str).array})
    words = look.Chart(told).mark_text(align="left", dy=15, fontSize=11, color=look.INK)
    words = words.encode(
        x=alt.XValue(0),
        y=alt.Y("project:N", sort=names),
        text=alt.Text("money:N"),
        tooltip=look.tips("money:N"),
    )
    said = "; ".join(f"{r.project}: {r.means}, {r.standing}" for r in rows.itertuples())
    paid = "; ".join(f"{r.project}: {r.money}" for r in told.itertuples())
    return look.finish(alt.layer(chart, words), title, f"{said}. {paid}.")


@look.drawing
def known(asked):
    """Draw what the documents state of each project, and what they do not.

    Parameters
    ----------
    asked : DataFrame
        From ``reach.known``: project, asked, answer.

    Returns
    -------
    Altair chart
    """
    title = "What is stated of each project: one mark a question"
    if asked.empty:
        return look.nothing(title)
    rows = asked.assign(basis=asked.answer)[["project", "asked", "answer", "basis"]]
    order = list(dict.fromkeys(rows.asked))
    chart = _matrix(rows, "asked", order, "answer", ANSWERS, "Answer (hollow: inferred)", [])
    chart = chart.encode(fillOpacity=EDGE_ONLY)
    lacking = rows[rows.answer == "not stated"].groupby("project", sort=False).asked.agg(", ".join)
    said = "; ".join(f"{project}: {asked} not stated" for project, asked in lacking.items())
    return look.finish(chart, title, f"{said or 'All is stated'}.")


def _matrix(rows, column, order, field, look_of, legend, more, names=None, step=34):
    """Lay marks out by project, its name above its row, and another column, slanted below."""
    names = names or list(dict.fromkeys(rows.project))
    axis = alt.Axis(labelAngle=-45, grid=True, gridDash=[1, 3], labelOverlap=False, domain=False)
    one = alt.selection_point(name="one", fields=[field], bind="legend")  # a click shows it alone
    chart = (
        look.Chart(rows)
        .mark_point(size=75, filled=True)
        .encode(
            x=alt.X(f"{column}:N", title=None, sort=list(order), axis=axis),
            y=look.above("project", names),
            opacity=alt.OpacityValue(0.1, condition={"param": one.name, "value": 1}),
            tooltip=look.tips("project:N", f"{column}:N", f"{field}:N", *more),
            **_marked(field, look_of, legend, set(rows[field])),
        )
    )
    size = {"width": look.WIDTH, "height": look.height(len(names), step)}
    return chart.add_params(one).properties(**size)


def _marked(field, look_of, legend, here):
    """Encode a field by colour and shape together, with one legend for both."""
    names = [name for name in look_of if name in here]
    colours, shapes = zip(*(look_of[name] for name in names), strict=True)
    of = {"title": legend, "legend": alt.Legend(columns=1)}
    return {
        "fill": alt.Fill(f"{field}:N", scale=alt.Scale(domain=names, range=colours), **of),
        "stroke": alt.Stroke(f"{field}:N", scale=alt.Scale(domain=names, range=colours), **of),
        "shape": alt.Shape(f"{field}:N", scale=alt.Scale(domain=names, range=shapes), **of),
    }


@look.drawing
def depth(beside):
    """Draw the places that each project touches and, beside them, its results, one mark each.

    Parameters
    ----------
    beside : DataFrame
        From ``reach.depth``: project, side, what, item, basis.

    Returns
    -------
    Altair chart
    """
    title = "Places touched and results stated, by project"
    if beside.empty:
        return look.nothing(title)
    rows = beside.assign(at=beside.groupby(["project", "side"]).cumcount())
    sides = list(dict.fromkeys(rows.side))
    begin = dict(zip(sides, [0, rows["at"][rows.side == sides[0]].max() + 2], strict=False))
    rows["at"] += rows.side.map(begin)
    names = list(dict.fromkeys(rows.project))
    marks = look.Chart(rows).mark_point(size=75, filled=True, opacity=1)
    scale = alt.Scale(domain=[-0.5, int(rows["at"].max()) + 0.5], nice=False)
    heads = alt.Axis(
        orient="top",
        values=[begin[side] for side in sides],
        labelExpr=f"datum.value == 0 ? '{sides[0]}' : '{sides[-1]}'",
        labelAlign="left",
        labelFontWeight="bold",
        labelPadding=14,
        **{"domain": False, "ticks": False, "grid": False},
    )
    marks = marks.encode(
        x=alt.X("at:Q", title=None, scale=scale, axis=heads),
        y=look.above("project", names),
        tooltip=look.tips("project:N", "side:N", "what:N", "item:N", "basis:N"),
        **_marked("what", look.ROLES | RESULTS, "One mark is a (hollow: inferred)", set(rows.what)),
        fillOpacity=EDGE_ONLY,
    ).properties(width=look.WIDTH, height=look.height(len(names)))
    counts = rows.groupby(["project", "what"], sort=False).size()
    said = "; ".join(f"{project}, {what}: {n}" for (project, what), n in counts.items())
    return look.finish(marks, title, f"{said}.")


@look.drawing
def places(counted, land, picture="auto"):
    """Draw how many projects touch each place, by role.

    Parameters
    ----------
    counted : DataFrame
        From ``reach.by_place``: place, role, projects, named, basis, longitude, latitude.
    land : DataFrame
        Outlines of the land: ``load_reference("land")``.
    picture : {"auto", "bars", "tiles", "map"}
        Bars, one lane a role; a grid of tiles, each about where its place lies; or circles on land
        without boundaries. By itself: bars for few places, tiles for more, a map for many.

    Returns
    -------
    Altair chart
        Roles are not added up. What has no point on the earth, such as a region, stands in bars
        under tiles or map.

    Raises
    ------
    ValueError
        If there is no such picture.
    """
    if picture not in PICTURES:
        raise ValueError(f"picture: {picture!r} is none of {', '.join(PICTURES)}")
    title = "Number of projects that touch each place, by role"
    if counted.empty:
        return look.nothing(title)
    lies = counted.longitude.notna()
    here = counted[lies].place.nunique()
    if picture == "auto":
        picture = "bars" if here < FEW else "tiles" if here < MANY else "map"
    said = "; ".join(
        f"{r.place}, {r.role}: {r.projects}{' (inferred)' * (r.basis == 'inferred')}"
        for r in counted.itertuples()
    )
    said = f"{said}."
    others = _lanes(counted[~lies])
    points = counted[lies].sort_values("role", key=lambda role: role.map(list(look.ROLES).index))
    if picture == "bars" or not here:
        return look.finish(alt.vconcat(*_lanes(counted)), title, said)
    if picture == "tiles":
        return look.finish(alt.vconcat(_tiles(points), *others), title, said)
    maps, disclaimer = _maps(points, land)
    chart = alt.vconcat(*maps, disclaimer, *others, datasets={"land": [_shape(land)]})
    return look.finish(chart, title, f"{said} {DISCLAIMER}")


def _lanes(counted):
    """Draw bars with each place's name above them, a lane a role."""
    ticks = list(range(int(counted.projects.max()) + 1)) if len(counted) else []
    lanes = []
    for role, rows in _by_role(counted):
        base = look.Chart(rows).encode(
            x=alt.X(
                "projects:Q",
                title="projects",
                scale=alt.Scale(domain=[0, ticks[-1]]),
                axis=alt.Axis(values=ticks, format="d"),
            ),
            y=look.above("place", rows.place),
            tooltip=TIPS,
        )
        colour = look.ROLES[role][0]
        bars = base.mark_bar(color=colour, stroke=colour, height=11).encode(fillOpacity=EDGE_ONLY)
        lanes.append(bars.properties(height=look.height(len(rows)), **_lane(role)))
    return lanes


def _by_role(counted):
    columns = ["place", "role", "projects", "named", "basis", "longitude", "latitude"]
    for role in [r for r in look.ROLES if r in set(counted.role)]:
        rows = counted.loc[counted.role == role, columns]
        yield role, rows.dropna(axis="columns")


def _lane(role):
    return {"width": look.WIDTH, "title": alt.Title(role, fontSize=12, offset=6)}


def _tiles(points):
    """Draw a tile a place, in a grid that keeps about who lies east and north of whom."""
    lies = points.drop_duplicates("place").set_index("place")
    across = min(6, math.ceil(1.2 * math.sqrt(len(lies))))
    deep = max(across, math.ceil(len(lies) / across))
    ideal = pd.DataFrame({"column": lies.longitude.rank(), "row": (-lies.latitude).rank()})
    ideal = (ideal - 1) / max(1, len(lies) - 1) * [across - 1, deep - 1]
    free = [(column, row) for column in range(across) for row in range(deep + 1)]
    tile = {}
    for place, best in zip(ideal.index, ideal.itertuples(index=False), strict=True):
        tile[place] = min(free, key=functools.partial(math.dist, best))
        free.remove(tile[place])
    roles = points.groupby("place").role
    rows = points.assign(
        column=[tile[place][0] for place in points.place],
        row=[tile[place][1] for place in points.place],
        name=points.place.str.replace(" ", "\n"),
        once=roles.cumcount() == 0,
        aside=9 * (2 * roles.cumcount() - roles.transform("size") + 1),
    )
    axis = {"title": None, "axis": None, "scale": alt.Scale(paddingInner=0.05, paddingOuter=0)}
    base = look.Chart(rows).encode(x=alt.X("column:O", **axis), y=alt.Y("row:O", **axis))
    once = base.transform_filter("datum.once")
    layers = [
        once.mark_rect(fill="#f2f2f2", stroke=look.RULE),
        once.mark_text(fontSize=10, lineBreak="\n", dy=-28, baseline="top").encode(
            text=alt.Text("name:N")
        ),
    ]
    marked = _marked(
        "role", look.ROLES, "Role, with the number of projects (hollow: inferred)", set(rows.role)
    )
    for aside in sorted(set(rows.aside)):  # only a whole layer can be shifted
        here = base.transform_filter(f"datum.aside == {aside}").encode(tooltip=TIPS)
        mark = here.mark_point(size=110, filled=True, opacity=1, xOffset=aside, yOffset=9)
        number = here.mark_text(fontSize=11, xOffset=aside, yOffset=24)
        mark = mark.encode(fillOpacity=EDGE_ONLY, **marked)
        layers += [mark, number.encode(text=alt.Text("projects:Q"))]
    across, deep = rows.column.nunique(), rows["row"].nunique()
    return alt.layer(*layers).properties(width=min(look.WIDTH, 110 * across), height=70 * deep)


def _maps(points, land):
    """Draw places on land without boundaries, a map a role, each as near as shows its places."""
    ground = look.Chart(alt.NamedData("land")).mark_geoshape(fill="#ddd", stroke=None)
    lanes = []
    for role, rows in _by_role(points):
        project, span = _projection(rows)
        told = rows.place + ": " + rows.projects.astype(str)
        base = look.Chart(rows.assign(told=told, left=_crowded(rows, span))).encode(
            longitude=alt.Longitude("longitude:Q"),
            latitude=alt.Latitude("latitude:Q"),
            tooltip=TIPS,
        )
        colour, shape = look.ROLES[role]
        marks = base.mark_point(
            size=110, filled=True, opacity=1, color=colour, stroke=colour, shape=shape
        )
        marks = marks.encode(fillOpacity=EDGE_ONLY)
        sides = {"datum.left": ("right", -9), "!datum.left": ("left", 9)}
        names = [
            base.transform_filter(side)
            .mark_text(align=align, dx=dx)
            .encode(text=alt.Text("told:N"))
            for side, (align, dx) in sides.items()
        ]
        lane = alt.layer(ground, marks, *names)
        lanes.append(lane.properties(height=HIGH, projection=project, **_lane(role)))
    lines = pd.DataFrame({"line": textwrap.wrap(DISCLAIMER, 62)})
    said = (
        look.Chart(lines)
        .mark_text(align="left", fontSize=10)
        .encode(x=alt.XValue(0), y=alt.Y("line:N", sort=None, axis=None), text=alt.Text("line:N"))
    )
    said = said.properties(width=look.WIDTH, height=12 * len(lines))
    return lanes, said


def _projection(rows):
    """Choose the part of the earth around some places, and how many degrees it is wide."""
    west, east = rows.longitude.min(), rows.longitude.max()
    south, north = rows.latitude.min(), rows.latitude.max()
    span = min(360, max(60, 1.7 * (east - west), 1.7 * (north - south) * look.WIDTH / HIGH))
    # The width is a signal, so that a narrower chart shows the same places on a smaller earth.
    project = alt.Projection(
        type="equalEarth",
        rotate=[-int(west + east) / 2, 0],
        center=[0, int(south + north) / 2],
        scale=alt.ExprRef(f"width / {math.radians(span) * 0.9:.4f}"),
        translate=alt.ExprRef(f"[width / 2, {HIGH / 2}]"),
        clipExtent=alt.ExprRef(f"[[0, 0], [width, {HIGH}]]"),
    )
    return project, span


def _crowded(rows, span):
    """Tell of each place whether another lies close to its right, where its name would stand."""
    spots = list(zip(rows.longitude, rows.latitude, strict=True))
    return [
        any(0 < x - lon < span / 8 and abs(y - lat) < span / 45 for x, y in spots)
        for lon, lat in spots
    ]


def _shape(land):
    """Make one shape of the outlines of the land."""
    polygons = [
        [json.loads(f"[[{ring.replace(', ', '],[').replace(' ', ',')}]]") for ring in rings]
        for rings in (re.findall(r"\(([^()]+)\)", outline) for outline in land.outline)
    ]
    return {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": polygons}}
