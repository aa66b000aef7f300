"""Projects by place: a matrix with roles by colour, a map of dots, the years of the projects.

A place's name stands in its own cell, so that no one has to look it up; regions have a column of
their own beside the countries. Cells and lines of text are laid out in pixels.
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
    "region, countries not listed": (look.MUTE, look.INK),
}
GAP, CELL, LINE = 4, 22, 17  # pixels: between cells, a cell's height, a line of text
REST = 200  # pixels right of the cells, for money and results
SET = {"fontSize": look.SMALL, "lineBreak": "\n", "lineHeight": LINE - 2.5}
SIDES = [
    ("left", 9, 0),
    ("right", -9, 0),
    ("left", 8, -13),
    ("left", 8, 13),
    ("right", -8, -13),
    ("right", -8, 13),
]
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
    title = "Places named, money and results, by project"
    if reached.empty:
        return look.nothing(title)
    told = "; ".join(f"{row.project}: {row.place} ({row.role})" for row in reached.itertuples())

    def draw(narrow):
        return _drawn(*(_narrow if narrow else _wide)(reached, came))

    return look.finish(draw, title, description=f"{title}. {told}.")


def _wide(reached, came):
    """Lay the matrix out in columns, money and results to its right."""
    rows = reached.assign(region=reached.role == list(FILLS)[-1])
    columns, shared = _columns(rows)
    edge = max(x for _, x in [shared, *columns.values()])
    if edge > look.WIDE - REST:  # too many places for columns
        return _narrow(reached, came, look.WIDE)
    named = [_width(row.project, 15) + _width(row.when) + 12 for row in rows.itertuples()]
    edge = min(max(edge, *named), look.WIDE - REST)
    marks, left, y = _legend(reached, look.WIDE), edge + 14, 28
    for key, of_one in rows.groupby("project_id", sort=False):
        first, at, regions = of_one.iloc[0], y + LINE + 3, of_one[of_one.region]
        name = textwrap.shorten(first.project, 66, placeholder=" …")
        marks.append(_text(name, 0, y + 8, f"projects/{key}", first.project, weight="bold"))
        marks.append(_fact(first, "when", edge, y + 8, "right"))
        marks.append(_fact(first, "money", left, y + 8))
        for x, x2 in (*columns.values(), shared):
            marks += _cell(x, x2, at) if x2 else []
        for place in of_one[~of_one.region].itertuples():
            marks += _cell(*columns[place.place], at, place.place, [place])
        if len(regions):
            marks += _cell(*shared, at, " · ".join(regions.place), list(regions.itertuples()))
        marks.append(_results(came[came.project_id == key], left, at + 3, look.WIDE - left, 2)[0])
        y = at + CELL + 8
        marks.append(_rule(look.WIDE, y - 4))
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
            marks.append(_text(line, 0, y + 8, f"projects/{key}", first.project, weight="bold"))
            y += LINE
        marks.append(_fact(first, "when", 0, y + 8))
        marks.append(_fact(first, "money", width, y + 8, "right"))
        y += LINE + 3
        for place in of_one.itertuples():
            needs = _width(place.place) + 8
            if x and x + needs > width:
                x, y = 0, y + CELL + GAP
            marks += _cell(x, x + needs, y, place.place, [place])
            x += needs + GAP
        told, lines = _results(came[came.project_id == key], 0, y + CELL + 12, width, 3)
        y += CELL + LINE * lines + 12
        marks += [told, _rule(width, y)]
        y += 10
    return marks[:-1], width, y - 12


def _width(text, size=13):
    """Estimate how wide a text is at most, in pixels, whichever sans serif a reader has."""
    slim = sum(text.count(each) for each in "iljft.,;:’'I ")
    broad = sum(text.count(each) for each in "mwMW") + sum(each.isupper() for each in text) / 3
    return round(size * (0.6 * (len(text) - slim) + 0.36 * slim + 0.33 * broad))


def _legend(reached, width):
    """Say what each colour means: in one line or, on a phone, one below the other."""
    marks, x, y = [], 0, 0
    for role in (role for role in FILLS if role in set(reached.role)):
        marks.append(_mark("box", x, y, x2=x + 14, y2=y + 14, fill=FILLS[role][0]))
        marks.append(_text(role, x + 20, y + 7, colour=look.SOFT))
        x, y = (0, y + LINE) if width < look.WIDE else (x + 40 + _width(role), y)
    return marks


def _mark(kind, x, y, of="", said="", **more):
    """Describe a mark: a rectangle or a line of text, and the cells that it rests on."""
    return {"kind": kind, "x": x, "y": y, "href": f"#{of}" if of else None, "said": said, **more}


def _text(text, x, y, of="", said="", align="left", weight="normal", colour=look.INK):
    """Describe one line of text."""
    more = {"label": text, "align": align, "weight": weight, "ink": colour}
    return _mark("text", x, y, of, said or text, **more)


def _rule(width, y):
    """Describe a hair line between two projects."""
    return _mark("box", 0, y, x2=width, y2=y + 1, fill=look.RULE)


def _cell(x, x2, y, label="", rows=()):
    """Describe a cell: an empty one, or a place (or regions together) in its role."""
    side = {"x2": x2, "y2": y + CELL}
    if not rows:
        return [_mark("box", x, y, **side, fill=look.CELL)]
    sure, of = any(row.certainty == "stated" for row in rows), "+".join(row.of for row in rows)
    fill, ink = FILLS[rows[0].role] if sure else (look.PAPER, look.INK)
    said = f"{label}: {rows[0].role}, {rows[0].project}{'' if sure else ' (inferred)'}"
    box = _mark("box" if sure else "dashed box", x, y, of, said, **side, fill=fill)
    return [box, _text(label, (x + x2) / 2, y + CELL / 2, of, said, "center", colour=ink)]


def _fact(first, name, x, y, align="left"):
    """Write the money or the dates of a project."""
    text = first[name] or ("no amount in our tables" if name == "money" else "")
    strong = name == "money" and first[name] != ""
    more = {"weight": "bold", "colour": look.INK} if strong else {"colour": look.SOFT}
    of = first[f"{name}_of"] if first[name] else ""
    return _text(text, x, y, of, f"{first.project}: {text}", align, **more)


def _results(came, x, y, width, lines):
    """Write the largest count among the results of a project, and how many more there are."""
    came = came.sort_values("value", ascending=False, kind="stable")
    counts = came[came.unit != ""][:1]
    said = [f"{row.value:,.0f} {row.unit}" for row in counts.itertuples()]
    if left := len(came) - len(counts):
        said.append(words.counted(left, "more result" if said else "result"))
    text = words.listed(said) or "no result in our tables"
    text = textwrap.wrap(text, int(width / 7.6), max_lines=lines)
    of = "+".join(dict.fromkeys(came.of))
    return _text("\n".join(text), x, y, of, "; ".join(came.result), colour=look.SOFT), len(text)


def _drawn(marks, width, height):
    """Draw boxes and, above them, lines of text that were laid out in pixels."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, width]), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, height], reverse=True), axis=None)
    rows = pd.DataFrame(marks).fillna({"align": "", "weight": ""})
    rows["linked"], layers = rows.href.notna(), []
    for key, some in rows.groupby(["kind", "linked", "align", "weight"]):
        kind, linked, align, weight = key
        proof = look.proof() if linked else {}
        if kind == "text":
            chart = alt.Chart(some[[*"xy", "label", "ink", "href", "said"]])
            chart = chart.mark_text(align=align, fontWeight=weight, **SET)
            told = {"text": "label:N", "color": alt.Color("ink:N", scale=None)}
        else:
            edge = {"stroke": look.SOFT, "strokeDash": look.DASH} if kind == "dashed box" else {}
            chart = alt.Chart(some[[*"xy", "x2", "y2", "fill", "href", "said"]])
            chart = chart.mark_rect(aria=linked, **edge)
            told = {"x2": "x2", "y2": "y2", "fill": alt.Fill("fill:N", scale=None)}
        layers.append(chart.encode(x=x, y=y, **told, **proof))
    return alt.layer(*layers).properties(width=width, height=height)


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
    title = "Where the named countries lie"
    if points.empty:
        return look.nothing(title, "No country among the places chosen; regions have no dot.")
    told = "; ".join(f"{row.place} ({row.role})" for row in points.itertuples())
    return look.finish(
        lambda narrow: _map(points, land, narrow), title, STATUS, f"{title}: {told}."
    )


def _map(points, land, narrow):
    """Draw the part of the earth around some points, a degree alike in both directions."""
    width = look.NARROW if narrow else look.WIDE
    (west, east), (south, north) = (
        (side.min(), side.max()) for side in (points.longitude, points.latitude)
    )
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
            hits = [
                b
                for b in taken
                if b[0] < box[2] and box[0] < b[2] and b[1] < box[3] and box[1] < b[3]
            ]
            boxes[align, dx, dy] = (len(hits), box)
        chosen.append(min(boxes, key=lambda side: boxes[side][0]))
        taken.append(boxes[chosen[-1]][1])
    return pd.Series(chosen, rows.index)


def _shape(land):
    """Write the outlines of the land as one shape, as text: a notebook would give each number a line."""
    rings = [re.findall(r"\(([^()]+)\)", outline) for outline in land.outline]
    shape = ",".join(
        "[" + ",".join(f"[[{r.replace(', ', '],[').replace(' ', ',')}]]" for r in outline) + "]"
        for outline in rings
    )
    return f'{{"type":"Feature","geometry":{{"type":"MultiPolygon","coordinates":[{shape}]}}}}'


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
    title = "Its years, beside those of the other projects"
    if course.empty:
        return look.nothing(title)
    told = "; ".join(f"{row.project}: {row.when}" for row in course.itertuples())
    last = f"{course.known.iloc[0] - 1:.0f}, the last year that the texts report on"
    pale = f"Pale: after {last}, or end not stated."
    return look.finish(lambda n: _drawn(*_years(course, n)), title, pale, f"{title}. {told}.")


def _years(course, narrow):
    """Lay bars out in pixels: the name above its bar on a phone, beside it on a wide page."""
    width = look.NARROW if narrow else look.WIDE
    left = 0 if narrow else max(_width(name, look.TEXT) for name in course.project) + 16
    first, last, marks, y = course.start.min(), course.end.max(), [], 0
    room = max(_width(when, look.TEXT) for when in course.when) + 12
    year = (width - left - room) / (last - first)
    for row in course.itertuples():
        full, pale = (look.PROJ, look.PROJ_PALE) if row.chosen else (look.MUTE, look.CELL)
        name = {"weight": "bold"} if row.chosen else {"colour": look.SOFT}
        marks.append(_text(row.project, 0, y + 8, f"projects/{row.project_id}", **name))
        y += LINE if narrow else 0
        turn = min(row.end, row.start + 1 if row.open else max(row.start, row.known))
        for start, end, fill in ((row.start, turn, full), (turn, row.end, pale)):
            x, x2 = (left + (side - first) * year for side in (start, end))
            bar = {"x": x, "x2": x2, "y": y + 2, "y2": y + 14, "fill": fill, "of": row.of}
            marks += [_mark("box", **bar, said=f"{row.project}: {row.when}")] if x2 > x else []
        marks.append(
            _text(row.when, left + (row.end - first) * year + 6, y + 8, row.of, colour=look.SOFT)
        )
        y += 26
    return marks, width, y
