"""The picture of what happened when: lanes of agreements and projects on one axis of years."""

import math
import re
import textwrap

from ilodata import dates, words
from ilodata.charts import look

LANES = {  # kind: its name, its colour
    "agreement": ("Agreements with the ILO", look.DUES),
    "project": ("Projects", look.PROJ),
    "event": ("Events", look.SOFT),
}
GROUP = 3  # agreements of one date from which on they have one row
OPEN = ("end not stated", "going on")
LETTER = 7.4  # pixels, of a wide fallback font
YEARS, HEAD, ROW, LINE, BAR, GAP, EDGE = 18, 22, 20, 17, 14, 8, 4  # pixels
COLUMN, NAME = 36, 46  # letters in a line of a name: beside the marks when wide, above when narrow
LEAST = 4  # years on the axis
DAY = 1 / 366  # of a year
POINT = {"size": 110, "opacity": 1, "strokeWidth": 0}


def timeline(shown):
    """Draw agreements and projects as long as what their dates can mean, in a lane each.

    Parameters
    ----------
    shown : DataFrame
        What ``timelines.chronology`` returns; events are drawn where there is nothing else.

    Returns
    -------
    Altair chart
        A band marks the run of years that holds most agreements.
    """
    look.takes(shown, "timelines.chronology()", "kind label date when known_until dense money_of")
    dated = shown[shown.date != ""]
    kinds = [kind for kind in ("agreement", "project") if kind in set(dated.kind)] or ["event"]
    rows = [row for kind in kinds for row in _rows(dated[dated.kind == kind])]
    names = [row["name"] for row in rows]
    for row in rows:  # a year tells apart what has one name
        if names.count(row["name"]) > 1:
            row |= {"name": row["label"], "note": row["note"] * (row["note"] not in row["label"])}
    if not rows:
        return look.nothing("Agreements and projects", "Our tables hold nothing to draw here.")
    title = words.listed(LANES[kind][0] for kind in kinds).replace(" and P", " and p")
    known = _year(dated.known_until.iloc[0]) + DAY
    forms = {dates.precision(row["date"]) for row in rows}
    key = ["A year-long bar: only the year is stated."] * ("year" in forms)
    key += ["Diamond: a day."] * ("day" in forms)
    key += ["Hollow: inferred."] * any(row["inferred"] for row in rows)
    last = max(end for row in rows for _, end in row["parts"])
    key += [f"Pale: after {dated.known_until.iloc[0].year}."] * (last > known + 0.1)
    told = f"{title}: {'; '.join(row['told'] for row in rows)}."
    return look.finish(lambda narrow: _drawn(rows, known, narrow), title, " ".join(key), told)


def _year(day):
    """Return a day as a number of years."""
    return day.year + (day.timetuple().tm_yday - 1) * DAY


def _rows(frame):
    """List the rows to draw: several agreements of one date that no day tells apart together."""
    rows = []
    for date, group in frame.groupby("date", sort=False):
        together = len(group) >= GROUP and group.kind.iloc[0] == "agreement"
        parts = [group] if together else [group.loc[[record]] for record in group.index]
        rows += [_row(part, date, dates.precision(date)) for part in parts]
    return rows


def _row(group, date, form):
    """Put one row together: its name, the note beside its mark, where both come from."""
    one, many, going, of = group.iloc[0], len(group) > 1, form in OPEN, "+".join(group.of)
    name = f"{words.number(len(group), capital=True)} agreements" if many else one.label
    name, money = re.sub(r", \d{4}$", "", name), "" if many else one.money
    inferred = (group.certainty == "inferred").any()
    when = one.when if form not in ("year", "period", *OPEN) else ""
    told = [name, one.when, "inferred" if inferred else "", money]
    said, href = ", ".join(filter(None, told)), f"#{of}"
    note = ", ".join(filter(None, [when, money, form if going else ""]))
    ends = [(part.start or part.end, part.end or part.start) for part in dates.spans(date)]
    ends = [(a, b.replace(month=12, day=31) if going else b) for a, b in ends]
    return {
        "kind": one.kind,
        "date": date,
        "name": name,
        "label": one.label,
        "note": note,
        "told": said,
        "tie": {"href": href, "said": said},
        "name_tie": {"href": f"#{'+'.join(group.index)}", "said": name},
        "note_tie": {"href": f"#{one.money_of}" if money else href, "said": note},
        "count": len(group),
        "inferred": inferred,
        "open": going,
        "dense": max(group.dense),
        "parts": [(_year(start), _year(end) + DAY) for start, end in ends],
    }


def _drawn(rows, known, narrow):
    """Lay the lanes out in pixels, wide with names at the left or narrow with names above marks."""
    width = look.NARROW if narrow else look.WIDE
    first = min(int(start) for row in rows for start, _ in row["parts"])
    ends = [known * row["open"] for row in rows]  # which may be what was asked for
    ends += [end for row in rows for _, end in row["parts"]]
    last = max(first + LEAST, *map(math.ceil, ends))
    names = LETTER * min(COLUMN, max(len(row["name"]) for row in rows))
    left = EDGE if narrow else EDGE + 20 + names
    unit = (width - left - EDGE) / (last - first)

    def at(year):
        return left + unit * (min(max(year, first), last) - first)

    lines, bands, marks, y, kinds = [], [], [], YEARS, {row["kind"] for row in rows}
    for kind in (kind for kind in LANES if kind in kinds):
        lane = [row for row in rows if row["kind"] == kind]
        dense, head = [row for row in lane if row["dense"]], len(kinds) > 1
        marks += [_text(0, y + HEAD / 2, *LANES[kind], bold=True)] * head
        top = y + HEAD * (narrow and head and bool(dense))
        start, y = y, top + HEAD * (head or bool(dense))
        bands.append(_blank(0, width, start, y))
        sides = []
        for row in lane:
            sides += [y] * bool(row["dense"])
            blanks, drawn, y = _line(row, y, at, first, known, width, narrow)
            sides += [y] * bool(row["dense"])
            bands, marks = bands + blanks, marks + drawn
        if dense:
            band, said = _band(dense, lane, at, top, sides, width)
            bands, marks = [*bands, band], [*marks, said]
        y += GAP
    step = next(n for n in (1, 2, 5, 10, 20, 50, 100) if unit * n > LETTER * 6)
    for year in range(first, last + 1, step):
        lines.append(look.rect(at(year), at(year), YEARS, y - GAP, look.RULE))
        if at(year) + LETTER * 4 < width:
            marks.append(_text(at(year), YEARS / 2, str(year), look.SOFT))
    return look.canvas(lines + bands + marks, width, y - GAP)


def _text(x, y, shown, fill=look.INK, **how):
    """Describe a line of text in the size of all lines."""
    mark = look.text(x, y, shown, fill, **how)
    return mark | {"style": mark["style"] | {"fontSize": look.SMALL}}


def _blank(x, x2, y, y2):
    """Describe a place without the lines of the years, where words stand."""
    return look.rect(x, x2, y, y2, look.PAPER)


def _line(row, y, at, first, known, width, narrow):
    """Draw a row from `y` on: where no line of a year runs, its marks, where the next one begins."""
    note, top, marks = row["note"], y, []
    told = [(row["name"], look.INK, row["name_tie"])]
    told += [(note, look.SOFT, row["note_tie"])] * narrow
    for text, fill, tie in told:
        for line in textwrap.wrap(text, NAME if narrow else COLUMN):
            marks.append(_text(0, y + ROW / 2, line, fill, **tie))
            y += LINE
    middle, bottom = (y + ROW / 2, y + ROW + EDGE) if narrow else ((top + y + 3) / 2, y + 3)
    drawn, start, end = _marks(row, middle, at, known)
    if narrow or not note:
        return [_blank(0, width, top, y)] * narrow, marks + drawn, bottom
    size = 8 + LETTER * len(note)
    inside = start + size <= min(end, at(known)) and not row["inferred"]
    if end + size <= width:
        x, fill, align = end + 8, look.SOFT, "left"
    elif start - size >= at(first) or not inside:
        x, fill, align = start - 8, look.SOFT, "right"
    else:
        x, fill, align = start + 8, look.PAPER, "left"
    drawn.append(_text(x, middle, note, fill, align=align, **row["note_tie"]))
    left = x - size * (align == "right")
    return [_blank(left, left + size, top, bottom)], marks + drawn, bottom


def _marks(row, y, at, known):
    """Draw what a date can mean; return the marks, and where they begin and end."""
    fill, marks, ends = LANES[row["kind"]][1], [], []

    def point(shape, x):
        ends.extend((x - 6, x + 6))
        mark = {"kind": "point", "style": POINT, "shape": shape, "x": x, "y": y, "fill": fill}
        marks.append(mark | row["tie"])

    for start, end in row["parts"]:
        if end - start < 2 * DAY:
            point("diamond", at(start))
        else:
            for since, until in ((start, min(end, known)), (max(start, known), end)):
                later = since >= known
                if until - since > 0.1 * later:
                    x, x2 = at(since), max(at(until), at(since) + 3)
                    tone = look.PALE[fill] if later else fill
                    tone = look.PAPER if row["inferred"] else tone
                    dash = bool(row["inferred"] and x2 - x > BAR)
                    sides = (x, x2, y - BAR / 2, y + BAR / 2)
                    marks.append(look.rect(*sides, tone, stroke=fill, dash=dash, **row["tie"]))
                    ends += [x, x2]
    if row["open"]:
        point("triangle-right", max(ends) + 6)
    return marks, min(ends), max(ends)


def _band(dense, lane, at, top, sides, width):
    """Shade the run of years that holds most agreements, behind these alone, and say so above."""
    years = [int(start) for row in dense for start, _ in row["parts"]]
    held, whole = (sum(row["count"] for row in rows) for rows in (dense, lane))
    said = f"{words.number(held, capital=True)} of {words.number(whole)} agreements"
    tie = {"href": f"#{dense[0]['dense']}", "said": said}
    start, end = at(min(years)), at(max(years) + 1)
    x, align = (start, "left") if start + LETTER * len(said) <= width else (end, "right")
    name = _text(x, top + HEAD / 2, said, look.POINT, bold=True, align=align, **tie)
    return look.rect(start, end, sides[0], sides[-1], look.POINT_WASH, **tie), name
