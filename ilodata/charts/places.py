"""Projects by place: a matrix with roles by colour, a map of dots, the years of the projects.

A place's name stands in its own cell, so that no one has to look it up; regions have a column of
their own beside the countries. Cells and lines of text are laid out in pixels.
"""

import math
import re
import textwrap

import altair as alt
import pandas as pd

from ilodata.charts import look

FILLS = {  # by role in words, the nearest to a place first: ground and letters
    "named as beneficiary": (look.PROJ, look.PAPER),
    "home of network institutes": (look.PROJ_PALE, look.INK),
    "named as a region": (look.MUTE, look.INK),
}
BOLD = 1.15  # how much wider bold letters are
GAP, CELL, LINE = 4, 22, 17  # pixels: between cells, a cell's height, a line of text
REST = 155  # pixels right of the cells, for money and results
# Sides of a name beside its dot: on its level first, then above, then below.
SIDES = [("left", 9, 0), ("right", -9, 0)]
SIDES += [(side, dx, dy) for side, dx in (("left", 8), ("right", -8)) for dy in (-13, 13)]
UNSURE = "What is not certain in these years is shown too, and not counted."
STATUS = (
    "Dots lie roughly where the countries are, on land without boundaries. "
    "This implies no opinion on the status of any country or area."
)


def matrix(reached, came):
    """Draw projects by places, roles by colour, with money and results in the same row.

    Parameters
    ----------
    reached, came : DataFrame
        From ``reach.places`` and ``reach.results``.

    Returns
    -------
    Altair chart
    """
    look.takes(reached, "reach.places()", "project_id project place role when fits money_of")
    look.takes(came, "reach.results()", "project_id result value counted of")
    title = "Places named, money and results, by project"
    if reached.empty:
        return look.nothing(title)
    told = "; ".join(f"{row.project}: {row.place} ({row.role})" for row in reached.itertuples())

    def draw(narrow):
        return look.canvas(*(_narrow if narrow else _wide)(reached, came))

    sure = "possibly" not in set(reached.fits)
    return look.finish(draw, title, "" if sure else UNSURE, f"{title}. {told}.")


def _wide(reached, came):
    """Lay the matrix out in columns, money and results to its right."""
    rows = reached.assign(region=reached.role == list(FILLS)[-1])
    columns, shared = _columns(rows)
    named = [_width(r.project) * BOLD + _width(r.when) + 12 for r in rows.itertuples()]
    edge = max([x for _, x in [shared, *columns.values()]])
    if edge > look.WIDE - REST:  # too many places for columns
        return _narrow(reached, came, look.WIDE)
    edge = min(max(edge, *named), look.WIDE - REST)
    marks, left, y = _legend(reached, look.WIDE), edge + 14, 28
    for key, of_one in rows.groupby("project_id", sort=False):
        first, at, regions = of_one.iloc[0], y + LINE + 3, of_one[of_one.region]
        name = textwrap.shorten(first.project, 66, placeholder=" …")
        marks.append(_line(0, y + 8, name, f"projects/{key}", first.project, strong=True))
        said = f"{first.project}: {first.when}"
        marks.append(_line(edge, y + 8, first.when, first.when_of, said, align="right"))
        empty = [columns[name] for name in columns if name not in set(of_one.place)]
        empty += [shared] * (shared[1] > 0 and regions.empty)
        marks += [look.rect(x, x2, at, at + CELL, look.CELL) for x, x2 in empty]
        for place in of_one[~of_one.region].itertuples():
            marks += _cell(*columns[place.place], at, [place])
        marks += _cell(*shared, at, list(regions.itertuples())) if len(regions) else []
        told = _told(first, came[came.project_id == key], left, y + 8, look.WIDE - left)
        marks += told
        y = max(at + CELL, y + (LINE - 2) * len(told)) + 8
        marks.append(look.rect(0, look.WIDE, y - 4, y - 3, look.RULE))
    return marks[:-1], look.WIDE, y - 4


def _columns(rows):
    """Give each country a column, the most frequent first, and all regions one together."""
    often = rows.groupby(["region", "place"]).project_id.nunique().reset_index()
    often = often.sort_values(["region", "project_id", "place"], ascending=[True, False, True])
    columns, x = {}, 0
    for place in often.place[~often.region]:
        columns[place] = (x, x + _width(place) + 8)
        x += _width(place) + 8 + GAP
    widest = rows[rows.region].groupby("project_id").place.agg(" · ".join).map(_width).max()
    return columns, (0, 0) if math.isnan(widest) else (x + 2 * GAP, x + 2 * GAP + widest + 8)


def _narrow(reached, came, width=look.NARROW):
    """Lay each project out on its own: its name, dates and money, its places, its results."""
    marks = _legend(reached, width)
    y = max(mark["y"] for mark in marks) + LINE
    rows = reached.sort_values("role", key=lambda r: r.map(list(FILLS).index), kind="stable")
    for key in reached.project_id.unique():
        of_one, x = rows[rows.project_id == key], 0
        first = of_one.iloc[0]
        for line in textwrap.wrap(first.project, width // 10 + 2):
            marks.append(_line(0, y + 8, line, f"projects/{key}", first.project, strong=True))
            y += LINE
        said = f"{first.project}: {first.when}"
        marks.append(_line(0, y + 8, first.when, first.when_of, said))
        y += LINE + 3
        for place in of_one.itertuples():
            needs = _width(place.place) + 8
            if x and x + needs > width:
                x, y = 0, y + CELL + GAP
            marks += _cell(x, x + needs, y, [place])
            x += needs + GAP
        told = _told(first, came[came.project_id == key], 0, y + CELL + 12, width)
        y += CELL + LINE * len(told) + 12
        marks += [*told, look.rect(0, width, y, y + 1, look.RULE)]
        y += 10
    return marks[:-1], width, y - 12


def _width(text, size=look.TEXT):
    """Estimate how wide a text is at most, in pixels, whichever sans serif a reader has."""
    slim = sum(text.count(each) for each in "iljft.,;:’'I ")
    broad = sum(text.count(each) for each in "mwMW") + sum(each.isupper() for each in text) / 3
    return round(size * (0.62 * (len(text) - slim) + 0.36 * slim + 0.33 * broad))


def _legend(reached, width):
    """Say what each colour means: in one line or, on a phone, one below the other."""
    marks, x, y = [], 0, 0
    for role in (role for role in FILLS if role in set(reached.role)):
        marks.append(look.rect(x, x + 14, y, y + 14, FILLS[role][0]))
        marks.append(look.text(x + 20, y + 7, role, look.SOFT))
        x, y = (0, y + LINE) if width < look.WIDE else (x + 40 + _width(role), y)
    return marks


def _line(x, y, shown, of, said, strong=False, align="left"):
    """Write a line of text, linked and named where it rests on something."""
    tie = {"href": f"#{of}", "said": said} if of and shown else {}
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


def _told(first, came, x, y, width):
    """Write the money of a project, the largest count among its results and whether there is more."""
    counts = came[came.counted != ""].sort_values("value", ascending=False, kind="stable").counted
    said = "told in words" if len(came) else "no result in our tables"
    said = counts.iloc[0] + " and more" * (len(came) > 1) if len(counts) else said
    money, name = first.money or "no amount in our tables", f"{first.project}: {first.money}"
    facts = [(money, first.money_of, name, bool(first.money))]
    facts.append((said, "+".join(dict.fromkeys(came.of)), "; ".join(came.result), False))
    lines = [(line, *rest) for text, *rest in facts for line in textwrap.wrap(text, int(width / 9))]
    return [_line(x, y + (LINE - 2) * number, *line) for number, line in enumerate(lines)]


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
    told = f"{title}: {told}."
    return look.finish(lambda narrow: _map(points, land, narrow), title, STATUS, told)


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
    at = {"longitude": "longitude:Q", "latitude": "latitude:Q"}
    dots = alt.Chart(rows).mark_circle(size=90, opacity=1, stroke=look.PROJ)
    layers = [ground, dots.encode(fill=alt.Fill("fill:N", scale=None), **at, **look.proof())]
    for (align, dx, dy), some in rows.groupby(_sides(rows, math.radians(pixels))):
        name = alt.Chart(some).mark_text(align=align, dx=dx, dy=dy, fontSize=look.SMALL)
        layers.append(name.encode(text="place:N", **at, **look.proof()))
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
    """Draw the years of each project as a bar, one of them coloured, what is planned pale.

    Parameters
    ----------
    course : DataFrame
        From ``profiles.course``.

    Returns
    -------
    Altair chart
    """
    look.takes(course, "profiles.course()", "project when start end known open chosen of")
    title = "Its years, beside those of the other projects"
    if course.empty:
        return look.nothing(title)
    told = "; ".join(f"{row.project}: {row.when}" for row in course.itertuples())
    last = f"{course.known.iloc[0] - 1:.0f}, the last year that the texts report on"
    pale = f"Pale: after {last}, or end not stated."

    def draw(narrow):
        return look.canvas(*_years(course, narrow))

    return look.finish(draw, title, pale, f"{title}. {told}.")


def _years(course, narrow):
    """Lay bars out in pixels: the name above its bar on a phone, beside it on a wide page."""
    width = look.NARROW if narrow else look.WIDE
    left = 0 if narrow else max(_width(name) for name in course.project) * BOLD + 16
    first, last, marks, y = course.start.min(), course.end.max(), [], 0
    year = (width - left - max(_width(when) for when in course.when) - 12) / (last - first)
    for row in course.itertuples():
        full, pale = (look.PROJ, look.PROJ_PALE) if row.chosen else (look.MUTE, look.CELL)
        tie = {"href": f"#{row.of}", "said": f"{row.project}: {row.when}"}
        for line in textwrap.wrap(row.project, 36 if narrow else 99):
            marks.append(
                _line(0, y + 8, line, f"projects/{row.project_id}", row.project, row.chosen)
            )
            y += LINE if narrow else 0
        turn = min(row.end, row.start + 1 if row.open else max(row.start, row.known))
        for start, end, fill in ((row.start, turn, full), (turn, row.end, pale)):
            x, x2 = (left + (side - first) * year for side in (start, end))
            marks += [look.rect(x, x2, y + 2, y + 14, fill, **tie)] if x2 > x else []
        marks.append(look.text(x2 + 6, y + 8, row.when, look.SOFT, **tie))
        y += 26
    return marks, width, y
