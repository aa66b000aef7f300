"""Places by project with roles by colour, and a map of dots.

A place's name stands in its own cell, so that no one has to look it up. Cells, bars and lines of
text are laid out in pixels.
"""

import math
import re

import altair as alt
import pandas as pd

from ilodata import words
from ilodata.charts import look

FILLS = {  # by role in words, the nearest to a place first: ground and letters
    "named as beneficiary": (look.PROJ, look.PAPER),
    "home of network institutes": (look.PROJ_PALE, look.INK),
    "named as a target region": (look.MUTE, look.INK),
}
GAP, CELL = 4, 22  # pixels: between cells, a cell's height
# Sides of a name beside its dot: on its level first, then above, then below.
SIDES = [("left", 9, 0), ("right", -9, 0)]
SIDES += [(side, dx, dy) for side, dx in (("left", 8), ("right", -8)) for dy in (-13, 13)]
UNSURE = "What is not certain in these years is shown too, and not counted."
STATUS = (
    "Dots lie roughly where the countries are, on land without boundaries. "
    "This implies no opinion on the status of any country or area."
)


def matrix(reached, came):
    """Draw projects by places, roles by colour, with money and results below each other.

    Parameters
    ----------
    reached, came : DataFrame
        From ``reach.places`` and ``reach.results``.

    Returns
    -------
    Altair chart
    """
    columns = "project_id project place role when fits money money_of no_result_of"
    look.takes(reached, "reach.places()", columns)
    look.takes(came, "reach.results()", "project_id result value scope when status of")
    title = "Places named, money and results, by project"
    if reached.empty:
        return look.nothing(title)
    rows = reached.itertuples()
    told = "; ".join(f"{it.project}: {it.place} ({it.role}), {look.money(it)}" for it in rows)

    def draw(narrow):
        return look.canvas(*_matrix(reached, came, look.NARROW if narrow else look.WIDE))

    unsure = UNSURE * ("possibly" in set(reached.fits))
    return look.finish(draw, title, unsure, f"{title}. {told}.")


def _matrix(reached, came, width):
    """Lay out each project: its name, dates and money, its places, its results."""
    fills = {role: (fill, fill, False) for role, (fill, _) in FILLS.items()}
    fills["inferred"] = look.PAPER, look.SOFT, True
    shown = [role for role in fills if role in {*reached.role, *reached.certainty}]
    marks, y = look.legend([(role, *fills[role]) for role in shown], width)
    rows = reached.sort_values("role", key=lambda r: r.map(list(FILLS).index), kind="stable")
    for key in reached.project_id.unique():
        of_one = rows[rows.project_id == key]
        first, perhaps = next(of_one.itertuples()), {*of_one.fits} == {"possibly"}
        head, y = _head(first, y, width, perhaps)
        cells, y = _cells(of_one, width, y)
        said, of = _came(came[came.project_id == key], first)
        lines = look.wrap(said, width)
        told = [_line(0, y + at * look.LINE, first, line, of) for at, line in enumerate(lines)]
        y += look.LINE * len(lines)
        marks += [*head, *cells, *told, look.rect(0, width, y - 5, y - 4, look.RULE)]
        y += 10
    return marks[:-1], width, y - 16


def _head(row, y, width, perhaps):
    """Write a project's name, and below it its dates and its money; and say how high that reaches."""
    lines, known = look.wrap(row.project, width), row.money_of.startswith("contributions")
    marks = [
        _line(0, y + look.LINE * n, row, it, f"projects/{row.project_id}", True)
        for n, it in enumerate(lines)
    ]
    y += look.LINE * len(lines)
    marks.append(_line(0, y, row, row.when + " (perhaps)" * perhaps, row.when_of))
    marks.append(_line(width, y, row, look.money(row), row.money_of, known, "right"))
    return marks, y + look.LINE - 5


def _cells(rows, width, y):
    """Draw places in their roles, one after the other, hollow where inferred; and where they end."""
    marks, x = [], 0
    for row in rows.itertuples():
        needs, sure = look.wide(row.place) + 8, row.certainty == "stated"
        if x and x + needs > width:
            x, y = 0, y + CELL + GAP
        fill, ink = FILLS[row.role] if sure else (look.PAPER, look.INK)
        said = f"{row.place}: {row.role}, {row.project}{'' if sure else ' (inferred)'}"
        tie = {"href": f"#{row.of}", "said": said}
        stroke = fill if sure else look.SOFT
        marks.append(look.rect(x, x + needs, y, y + CELL, fill, stroke, not sure, **tie))
        middle = (x + needs / 2, y + CELL / 2)
        marks.append(look.text(*middle, row.place, ink, align="center", **tie))
        x += needs + GAP
    return marks, y + CELL + 12


def _line(x, y, row, shown, of, strong=False, align="left"):
    """Write a line of text on the project of a row, linked and named where it rests on something."""
    said = row.project if shown in row.project else f"{row.project}: {shown}"
    tie = {"href": f"#{of}", "said": said} if of else {}
    return look.text(x, y, shown, look.INK if strong else look.SOFT, strong, align, **tie)


def _came(came, first):
    """Say the largest count among some results, or one of a place, and whether there are others."""
    if came.empty:
        return "No result is stated" * bool(first.no_result_of), first.no_result_of
    came = came.assign(far=came.scope != "place", late=came.status != "delivered")
    came = came.sort_values(["late", "value", "far"], ascending=[True, False, True], kind="stable")
    said, done = next(came.itertuples()), sum(~came.late)
    notes = ", ".join(filter(None, [said.when, said.status * said.late]))
    note = f" ({notes})" * bool(notes) + ", among other results" * (done > 1)
    return words.capital(said.result) + note, "+".join(came.of)


def map(points, land):  # noqa: A001
    """Draw the named countries as labelled dots on land without boundaries.

    Parameters
    ----------
    points, land : DataFrame
        From ``reach.points`` and ``load_reference("land")``.

    Returns
    -------
    Altair chart
    """
    look.takes(points, "reach.points(ilo.reach.places())", "place role of longitude latitude")
    look.takes(land, 'load_reference("land")', "outline")
    title = "Where the named countries lie"
    if points.empty:
        return look.nothing(title, "No country here; regions have no dot.")
    told = "; ".join(f"{row.place} ({row.role})" for row in points.itertuples())
    told, pale = f"{title}: {told}.", list(FILLS)[1]
    note = STATUS + f" Pale: {pale} only." * (pale in set(points.role))
    return look.finish(lambda narrow: _map(points, land, narrow), title, note, told)


def _map(points, land, narrow):
    """Draw the part of the earth around some points, a degree alike in both directions."""
    width = look.NARROW if narrow else look.WIDE
    west, south, east, north = points[["longitude", "latitude"]].agg(["min", "max"]).stack()
    span = min(360, max(50, 1.35 * (east - west) + 10))
    height = min(0.7 * width, max(0.34 * width, (north - south + 14) * width / span))
    pixels = width / math.radians(span)
    projection = alt.Projection(
        type="equirectangular",
        center=[float(west + east) / 2, float(south + north) / 2],
        scale=pixels,
        translate=[width / 2, height / 2],
        clipExtent=[[0, 0], [width, height]],
    )
    shape = alt.InlineData(values=_shape(land), format=alt.JsonDataFormat(type="json"))
    ground = alt.Chart(shape).mark_geoshape(fill=look.CELL)
    rows = look.linked(points.assign(said=points.place + ": " + points.role))
    rows["fill"] = [FILLS[role][0] for role in rows.role]
    at = {"longitude": alt.Longitude("longitude:Q"), "latitude": alt.Latitude("latitude:Q")}
    dots = alt.Chart(rows).mark_circle(size=90, opacity=1, stroke=look.PROJ)
    layers = [ground, dots.encode(fill=alt.Fill("fill:N", scale=None), **at, **look.proof())]
    for (align, dx, dy), some in rows.groupby(_sides(rows, math.radians(pixels))):
        name = alt.Chart(some).mark_text(align=align, dx=dx, dy=dy, fontSize=look.SMALL)
        layers.append(name.encode(text=alt.Text("place:N"), **at, **look.proof()))
    return alt.layer(*layers).properties(width=width, height=height, projection=projection)


def _sides(rows, degree):
    """Choose for each name the side of its dot on which it meets no dot, and no name before it."""
    dots = [(row.longitude * degree, -row.latitude * degree) for row in rows.itertuples()]
    taken, chosen = [(x - 6, y - 6, x + 6, y + 6) for x, y in dots], []
    for place, (x, y) in zip(rows.place, dots, strict=True):
        boxes, wide = {}, look.wide(place, look.SMALL)
        for align, dx, dy in SIDES:
            left = x + dx - wide * (align == "right")
            box = (left, y + dy - 9, left + wide, y + dy + 9)
            boxes[align, dx, dy] = (sum(_meet(box, other) for other in taken), box)
        chosen.append(min(boxes, key=lambda side: boxes[side][0]))
        taken.append(boxes[chosen[-1]][1])
    return pd.Series(chosen, rows.index)


def _meet(one, two):
    """Tell whether two boxes overlap: left, top, right, bottom of each."""
    return two[0] < one[2] and one[0] < two[2] and two[1] < one[3] and one[1] < two[3]


def _shape(land):
    """Write the outlines of the land as one shape, as text: a notebook would give each number a line."""
    shapes = []
    for outline in land.outline:
        rings = re.findall(r"\(([^()]+)\)", outline)
        rings = (f"[[{r.replace(', ', '],[').replace(' ', ',')}]]" for r in rings)
        shapes.append(f"[{','.join(rings)}]")
    shape = f'{{"type":"MultiPolygon","coordinates":[{",".join(shapes)}]}}'
    return f'{{"type":"Feature","geometry":{shape}}}'
