"""Projects by place: a matrix with roles by colour, a map of dots, years and money of projects.

A place's name stands in its own cell, so that no one has to look it up; regions have a column of
their own beside the countries. Cells, bars and lines of text are laid out in pixels.
"""

import math
import re
import textwrap

import altair as alt
import pandas as pd

from ilodata import words
from ilodata.charts import look

FILLS = {  # by role in words, the nearest to a place first: ground and letters
    "named as beneficiary": (look.PROJ, look.PAPER),
    "home of network institutes": (look.PROJ_PALE, look.INK),
    "named as a target region": (look.MUTE, look.INK),
}
BOLD = 1.15  # how much wider bold letters are
GAP, CELL, LINE = 4, 22, 18  # pixels: between cells, a cell's height, a line of text
LETTER, BAR = 8.3, 12  # pixels: a letter, at most; a bar's height
YEARS, MONEY, MOST = 420, 470, 125  # pixels: of years; where amounts begin; of the largest
SIDE = 215  # pixels: of dates, beside results
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
    told = []
    for key, some in reached.groupby("project_id", sort=False):
        first, named = next(some.itertuples()), some.place + " (" + some.role + ")"
        said = _money(first)[0], *named, _came(came[came.project_id == key], first)[0]
        told.append(f"{first.project}: {'; '.join(filter(None, said))}")

    def draw(narrow):
        return look.canvas(*_matrix(reached, came, look.NARROW if narrow else look.WIDE))

    sure = "possibly" not in set(reached.fits)
    return look.finish(draw, title, "" if sure else UNSURE, f"{title}. {'. '.join(told)}.")


def _matrix(reached, came, width):
    """Lay out each project: its name and money, its places, its results and dates."""
    marks, wide = _legend(reached, width), width == look.WIDE
    y = max(mark["y"] for mark in marks) + LINE + 8
    rows = reached.sort_values("role", key=lambda r: r.map(list(FILLS).index), kind="stable")
    columns = _columns(rows) if wide else {}
    columns = columns if all(x <= width for _, x in columns.values()) else {}
    for key in reached.project_id.unique():
        of_one = list(rows[rows.project_id == key].itertuples())
        first, room = of_one[0], int((width - SIDE * wide) / LETTER)
        for line in textwrap.wrap(first.project, int(room / BOLD)):
            marks.append(_line(0, y, first, line, f"projects/{key}", True))
            y += LINE
        y -= LINE * wide
        marks.append(_line(width, y, first, *_money(first), align="right"))
        perhaps = " (perhaps)" * all(row.fits == "possibly" for row in of_one)
        side, said = ("left", "right")[wide], first.when + perhaps
        when = _line(width * wide, y, first, said, first.when_of, align=side)
        y += LINE - 5
        marks += [look.rect(x, x2, y, y + CELL, look.CELL) for x, x2 in columns.values()]
        cells, high = _cells(of_one, columns, width, y)
        y += high + 12
        marks += [*cells, when | {"y": y} if wide else when]
        said, of = _came(came[came.project_id == key], first)
        for line in textwrap.wrap(said, room) or [""] * wide:
            marks += [_line(0, y, first, line, of)] if line else []
            y += LINE
        marks.append(look.rect(0, width, y - 5, y - 4, look.RULE))
        y += 10
    return marks[:-1], width, y - 16


def _money(row):
    """Say the money of a project, or that it is missing; where from, and whether to say it loudly."""
    known = row.money_of.startswith("contributions")
    return row.money if known else f"amount {row.money}", row.money_of, known


def _columns(rows):
    """Give each country a column, the most frequent first, and all regions one together, ""."""
    region = rows.role == list(FILLS)[-1]
    often = rows[~region].groupby("place").project_id.nunique().sort_index()
    columns, x = {}, 0
    for place in often.sort_values(ascending=False, kind="stable").index:
        columns[place] = (x, x + _width(place) + 8)
        x += _width(place) + 8 + GAP
    regions = rows[region].groupby("project_id").place.agg(" · ".join)
    x += 2 * GAP if x else 0
    return columns | ({"": (x, x + regions.map(_width).max() + 8)} if len(regions) else {})


def _cells(rows, columns, width, y):
    """Draw the places of a project in their columns, or one after the other; and how high that is."""
    marks, x, top = [], 0, y
    regions = [row for row in rows if columns and row.role == list(FILLS)[-1]]
    for some in [*([row] for row in rows if row not in regions), *filter(None, [regions])]:
        needs = _width(some[0].place) + 8
        if not columns and x and x + needs > width:
            x, y = 0, y + CELL + GAP
        box = columns.get("" if some is regions else some[0].place, (x, x + needs))
        marks += _cell(*box, y, some)
        x += needs + GAP
    return marks, y + CELL - top


def _width(text, size=look.TEXT):
    """Estimate how wide a text is at most, in pixels, whichever sans serif a reader has."""
    slim = sum(text.count(each) for each in "iljft.,;:’'I ")
    broad = sum(text.count(each) for each in "mwMW") + sum(each.isupper() for each in text) / 3
    return round(size * (0.62 * (len(text) - slim) + 0.36 * slim + 0.33 * broad))


def _legend(reached, width):
    """Say what each colour means: in one line or, on a phone, one below the other."""
    marks, x, y = [], 0, 0
    fills = {role: (fill, fill, False) for role, (fill, _) in FILLS.items()}
    fills["inferred"] = look.PAPER, look.SOFT, True
    for role in (role for role in fills if role in {*reached.role, *reached.certainty}):
        marks.append(look.rect(x, x + 12, y + 1, y + 13, *fills[role]))
        marks.append(look.text(x + 20, y + 7, role, look.SOFT))
        x, y = (0, y + LINE) if width < look.WIDE else (x + 40 + _width(role), y)
    return marks


def _line(x, y, row, shown, of, strong=False, align="left"):
    """Write a line of text on the project of a row, linked and named where it rests on something."""
    said = row.project if shown in row.project else f"{row.project}: {shown}"
    tie = {"href": f"#{of}", "said": said} if of else {}
    return look.text(x, y, shown, look.INK if strong else look.SOFT, strong, align, **tie)


def _cell(x, x2, y, rows):
    """Draw a place, or regions together, in its role; hollow where it is inferred."""
    label, first = " · ".join(row.place for row in rows), rows[0]
    sure = any(row.certainty == "stated" for row in rows)
    fill, ink = FILLS[first.role] if sure else (look.PAPER, look.INK)
    said = f"{label}: {first.role}, {first.project}{'' if sure else ' (inferred)'}"
    tie = {"href": f"#{'+'.join(row.of for row in rows)}", "said": said}
    box = look.rect(x, x2, y, y + CELL, fill, fill if sure else look.SOFT, not sure, **tie)
    return [box, look.text((x + x2) / 2, y + CELL / 2, label, ink, align="center", **tie)]


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
    note = STATUS + f" Pale: {pale}." * (pale in set(points.role))
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
        boxes = {}
        for align, dx, dy in SIDES:
            left = x + dx - _width(place, look.SMALL) * (align == "right")
            box = (left, y + dy - 9, left + _width(place, look.SMALL), y + dy + 9)
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


def years(course):
    """Draw years and money of each project, one of them coloured, what is planned pale.

    Parameters
    ----------
    course : DataFrame
        From ``profiles.course``.

    Returns
    -------
    Altair chart
    """
    columns = "project when start end known open chosen of money usd money_of"
    look.takes(course, "profiles.course()", columns)
    title = "Years and money, beside the other projects"
    if course.empty:
        return look.nothing(title)
    told = "; ".join(f"{row.project}: {row.when}, {_money(row)[0]}" for row in course.itertuples())
    pale = f"Pale: after {course.known.iloc[0] - 1:.0f}, the last year that the texts report on."
    pale += " Arrow: end not stated." * bool(course.open.any())

    def draw(narrow):
        return look.canvas(*_years(course, narrow))

    return look.finish(draw, title, pale, f"{title}. {told}.")


def _years(course, narrow):
    """Lay out a project's name, its years on an axis, and its amount: beside, or on a phone below."""
    width = look.NARROW if narrow else look.WIDE
    first, last, marks, y = int(course.start.min()) - 1, math.ceil(course.end.max()), [], 0
    year = (width if narrow else YEARS) / (last - first)
    for row in course.itertuples():
        full, pale = (look.POINT, look.POINT_PALE) if row.chosen else (look.MUTE, look.CELL)
        tie = {"href": f"#{row.of}", "said": f"{row.project}: {row.when}"}
        for line in textwrap.wrap(row.project, int(width / LETTER / BOLD)):
            y += LINE
            marks.append(_line(0, y, row, line, f"projects/{row.project_id}", row.chosen))
        y += LINE
        end = row.start + 1 if row.open else row.end
        turn = min(end, max(row.start, row.known))
        for since, until, fill in ((row.start, turn, full), (turn, end, pale)):
            x, x2 = ((it - first) * year for it in (since, until))
            sides = (x, x2, y - BAR / 2, y + BAR / 2)
            marks += [look.rect(*sides, fill, full, **tie)] if x2 > x else []
        x, x2 = ((it - first) * year for it in (row.start, end))
        if row.open:
            style = {"size": 90, "filled": True, "opacity": 1}
            tip = {"kind": "point", "style": style, "shape": "triangle-right"}
            marks.append(tip | {"x": x2 + 6, "y": y, "fill": full, **tie})
            x2 += 10
        fits = x2 + 6 + _width(row.when) <= (width if narrow else MONEY)
        at = (x2 + 6, "left") if fits else (x - 6, "right")
        marks.append(look.text(at[0], y, row.when, look.SOFT, align=at[1], **tie))
        x, y = (0, y + LINE) if narrow else (MONEY, y)
        said, of, known = _money(row)
        if row.usd > 0 and not narrow:
            x2 = x + max(2, MOST * row.usd / course.usd.max())
            tie = {"href": f"#{of}", "said": f"{row.project}: {said}"}
            marks.append(look.rect(x, x2, y - BAR / 2, y + BAR / 2, full, **tie))
            x = x2 + 6
        marks.append(_line(x, y, row, said, of, row.chosen and known))
        y += 8
    y += 6
    for tick in range(first, last, 4):
        x = (tick - first) * year
        marks += [
            look.rect(x, x + 1, y, y + 6, look.SOFT),
            look.text(x + 5, y + 8, str(tick), look.SOFT),
        ]
    return marks, width, y + 16
