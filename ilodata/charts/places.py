"""Places by project with roles by colour, and a map of dots."""

import math
import re

import altair as alt

from ilodata import words
from ilodata.charts import look

FILLS = {  # by role in words, the nearest to a place first: box and letters
    "named as beneficiary": (look.PROJ, look.PAPER),
    "home of network institutes": (look.PROJ_PALE, look.INK),
    "named as a target region": (look.MUTE, look.INK),
}
INFERRED = {"fill": look.PAPER, "stroke": look.SOFT, "dash": True}
UNSURE = "What is not certain in these years is shown too, and not counted."
STATUS = (
    "Dots lie roughly where the countries are, on land without boundaries. "
    "This implies no opinion on the status of any country or area."
)


def matrix(reached, came):
    """Draw projects by places, roles by colour, with money and results below each other.

    ``reached`` and ``came`` are what ``reach.places`` and ``reach.results`` return; DataError
    if a column is missing.
    """
    columns = "project_id project place role certainty when when_of in_window money money_of of"
    look.takes(reached, "reach.places()", f"{columns} no_result_of")
    look.takes(came, "reach.results()", "project_id result value scope when status of")
    title = "Places named, money and results, by project"
    if reached.empty:
        return look.nothing(title)
    reached = reached.assign(money=[words.named("amount", said) for said in reached.money])
    rows = reached.sort_values("role", key=lambda r: r.map(list(FILLS).index), kind="stable")
    named = {role: (ink, {"fill": fill}, {}) for role, (fill, ink) in FILLS.items()}
    legend = [(role, *named[role]) for role in named if role in set(rows.role)]
    legend += [("inferred", look.INK, INFERRED, {})] * ("inferred" in set(rows.certainty))

    def draw(width, _):
        marks, y = look.boxes(legend, width)
        for key in reached.project_id.unique():
            marks.append(look.rect(0, width, look.RULE, y=y + 1, y2=y + 2))
            own = rows[rows.project_id == key], came[came.project_id == key]
            placed, y = _project(*own, width, y + look.GAP)
            marks += placed
        return look.canvas(marks, width, y)

    told = [f"{it.project}: {it.place} ({it.role}), {it.money}" for it in reached.itertuples()]
    unsure = UNSURE * ("possibly" in set(reached.in_window))
    return look.finish(draw, title, unsure, f"{title}. {'; '.join(told)}.")


def _project(rows, came, width, y):
    """Lay out a project from `y` down: its name, dates and money, its places, its results."""
    one, boxes = rows.iloc[0], []
    when = one.when + " (perhaps)" * (set(rows.in_window) == {"possibly"})
    heads = _text(one, one.project, f"projects/{one.project_id}"), _text(one, when, one.when_of)
    head, y = look.stack(heads, width, y)
    money = _text(one, one.money, one.money_of) | {"x": width, "align": "right"}
    for row in rows.itertuples():
        (fill, ink), sure = FILLS[row.role], row.certainty == "stated"
        said = f"{row.place}: {row.role}, {row.project}{'' if sure else ' (inferred)'}"
        style = (ink, {"fill": fill}) if sure else (look.INK, INFERRED)
        boxes.append((row.place, *style, look.tie(said, row.of)))
    places, y = look.boxes(boxes, width, y + 2)
    results, y = look.stack([_text(one, *_largest(came, one))], width, y)
    return [*head, money | {"y": head[1]["y"]}, *places, *results], y + 4


def _text(row, shown, of):
    """Write words on the project of a row, tied to what they rest on; its name and money are bold."""
    bold = shown == row.project or of.startswith("contributions")
    said = row.project if shown in row.project else f"{row.project}: {shown}"
    return look.text(shown, look.INK if bold else look.SOFT, bold, **look.tie(said, of))


def _largest(came, one):
    """Say the largest count among some results, or one of a place, and whether there are others."""
    if came.empty:
        return "No result is stated" * bool(one.no_result_of), one.no_result_of
    order = {"status": True, "value": False, "scope": True}  # delivered, place before project
    came = came.sort_values([*order], ascending=[*order.values()], kind="stable")
    first, delivered = came.iloc[0], came.status == "delivered"
    notes = ", ".join(filter(None, [first.when, first.status * (not delivered.iloc[0])]))
    note = f" ({notes})" * bool(notes) + ", among other results" * (sum(delivered) > 1)
    return words.capital(first.result) + note, "+".join(came.of)


def map(points, land):  # noqa: A001
    """Draw the named countries as labelled dots on land without boundaries.

    ``points`` is what ``reach.points`` returns, ``land`` what ``load_reference("land")`` does;
    DataError if a column is missing.
    """
    look.takes(points, "reach.points(ilo.reach.places())", "place role of longitude latitude")
    look.takes(land, 'load_reference("land")', "outline")
    title = "Where the named countries lie"
    if points.empty:
        return look.nothing(title, "No country here; regions have no dot.")
    west, south, east, north = points[["longitude", "latitude"]].agg(["min", "max"]).stack()
    middle, pale = (float(west + east) / 2, float(south + north) / 2), list(FILLS)[1]
    degrees = min(360, max(50, 1.4 * (east - west) + 10))  # from side to side
    # One text: a notebook would give each number a line.
    rings = re.sub(r"([-\d.]+) ([-\d.]+)", r"[\1,\2]", ",".join(land.outline))
    rings = rings.replace("POLYGON ", "").replace("(", "[").replace(")", "]")
    shape = f'{{"type":"Feature","geometry":{{"type":"MultiPolygon","coordinates":[{rings}]}}}}'
    shape = alt.InlineData(values=shape, format=alt.JsonDataFormat(type="json"))

    def draw(width, _):
        unit = width / degrees
        height = min(0.7 * width, max(0.34 * width, (north - south + 14) * unit))
        corner = [width / 2, height / 2]
        view = {"scale": math.degrees(unit), "center": middle, "translate": corner}
        view |= {"type": "equirectangular", "clipExtent": [[0, 0], [width, height]]}
        ground = alt.Chart(shape, projection=alt.Projection(**view)).mark_geoshape(fill=look.CELL)
        x = corner[0] + (points.longitude - middle[0]) * unit
        y = corner[1] - (points.latitude - middle[1]) * unit
        return ground + look.canvas(_dots(points.assign(x=x, y=y)), width, height)

    told = "; ".join(f"{row.place} ({row.role})" for row in points.itertuples())
    note = STATUS + f" Pale: {pale} only." * (pale in set(points.role))
    return look.finish(draw, title, note, f"{title}: {told}.")


def _dots(points):
    """Draw dots, each with its name at its right, or at its left where another dot is in the way."""
    marks = []
    for row in points.itertuples():
        tie = look.tie(f"{row.place}: {row.role}", row.of)
        far, low = points.x - row.x, points.y - row.y
        ahead = (abs(low) < look.LINE) & far.between(9, look.wide(row.place) + 20)
        below = low.between(1, look.LINE) & (abs(far) < 9)  # whose name needs room
        side = {"x": row.x - 11, "align": "right"} if ahead.any() else {"x": row.x + 11}
        marks.append(look.point("circle", row.x, FILLS[row.role][0], y=row.y, **tie))
        marks.append(look.text(row.place, y=row.y - 5 * below.any(), **side, **tie))
    return marks
