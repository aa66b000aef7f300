"""The picture of what happened when: lanes of agreements and projects on one axis of years."""

import math
import re
import textwrap

import altair as alt
import pandas as pd

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
COLUMN, NAME = 352, 46  # pixels of the names when wide, letters in a line when narrow
DAY = 1 / 366  # of a year


def timeline(shown):
    """Draw agreements and projects as long as what their dates can mean, in a lane each.

    Parameters
    ----------
    shown : DataFrame
        What ``timelines.chronology`` returns; events are drawn where there is nothing else.

    Returns
    -------
    Altair chart
        A band marks the run of years that holds most agreements; what came ``early`` is at the edge.
    """
    dated = shown[shown.date != ""]
    kinds = [kind for kind in ("agreement", "project") if kind in set(dated.kind)] or ["event"]
    rows = [row for kind in kinds for row in _rows(dated[dated.kind == kind])]
    if not rows:
        return look.nothing("Agreements and projects")
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
    one, many, going = group.iloc[0], len(group) > 1, form in OPEN
    name = f"{words.number(len(group), capital=True)} agreements" if many else one.label
    name, money = re.sub(r", \d{4}$", "", name), "" if many else one.money
    inferred, of = (group.certainty == "inferred").any(), "+".join(group.of)
    when = one.when if form not in ("year", "period", *OPEN) or one.early and not going else ""
    told = [name, one.when, "inferred" if inferred else "", money]
    row = {"kind": one.kind, "name": name, "date": date, "inferred": inferred, "open": going}
    row |= {"facts": ", ".join(filter(None, [when, money, form if going else ""]))}
    row |= {"facts_of": one.money_of if money else of, "of": of, "record": "+".join(group.index)}
    row |= {"told": ", ".join(filter(None, told)), "count": len(group), "early": one.early}
    ends = [(part.start or part.end, part.end or part.start) for part in dates.spans(date)]
    ends = [(a, b.replace(month=12, day=31) if going else b) for a, b in ends]
    parts = [(_year(start), _year(end) + DAY) for start, end in ends]
    return row | {"dense": group.dense.any(), "parts": parts}


def _drawn(rows, known, narrow):
    """Draw the lanes, wide with names at the left or narrow with names above their marks."""
    width = look.NARROW if narrow else look.WIDE
    later = [row for row in rows if not row["early"]] or rows  # what came early is at the edge
    first = min(int(start) for row in later for start, _ in row["parts"])
    last = max(math.ceil(end) for row in rows for _, end in row["parts"])
    names = min(COLUMN, LETTER * max(len(row["name"]) for row in rows))
    left = EDGE if narrow else EDGE + 10 + names
    unit = (width - left - EDGE) / (last - first)

    def at(year):
        return left + unit * (min(max(year, first), last) - first)

    ink, y = {name: [] for name in ("band", "rule", "bar", "point", "text")}, YEARS
    for kind in dict.fromkeys(row["kind"] for row in rows):
        lane = [row for row in rows if row["kind"] == kind]
        _write(ink, LANES[kind][0], 0, y + HEAD / 2, LANES[kind][1], bold=True)
        dense = [row for row in lane if row["dense"]]
        top = y + HEAD * (narrow and bool(dense))
        y = top + HEAD
        for row in lane:
            y = _line(ink, row, y, at, first, known, width, narrow)
        if dense:
            _band(ink, dense, lane, at, top, y, width)
        y += GAP
    step = next(n for n in (1, 2, 5, 10, 20, 50, 100) if unit * n > LETTER * 6)
    for year in range(first, last + 1, step):
        ink["rule"].append({"x": at(year), "y": YEARS, "y2": y - GAP})
        if at(year) + LETTER * 4 < width:
            _write(ink, year, at(year), YEARS / 2, look.SOFT)
    return _layers(ink, width, y - GAP)


def _write(ink, text, x, y, fill=look.INK, align="left", bold=False, **proof):
    """Write a text; with proof it leads to its evidence."""
    place = {"text": str(text), "x": x, "y": y, "fill": fill, "align": align, "bold": bold}
    ink["text"].append({"of": "", "how": "", "said": str(text)} | place | proof)


def _line(ink, row, y, at, first, known, width, narrow):
    """Draw a row from `y` on: name, marks, note; return where the next one begins."""
    note, said = row["facts"], {"of": row["facts_of"], "said": row["told"], "fill": look.SOFT}
    named = {"of": row["record"], "said": row["told"]}
    if not narrow:
        _write(ink, row["name"], 0, y + ROW / 2, **named)
    for text, style in ((row["name"], named), (note, said)) if narrow else ():
        for line in textwrap.wrap(text, NAME):
            _write(ink, line, 0, y + ROW / 2, **style)
            y += LINE
    y += ROW / 2
    start, end = _marks(ink, row, y, at, first, known)
    size = 8 + LETTER * len(note)
    if note and not narrow and end + size <= width:
        _write(ink, note, end + 8, y, **said)
    elif note and not narrow and start - size >= LETTER * len(row["name"]):
        _write(ink, note, start - 8, y, align="right", **said)
    return y + ROW / 2 + EDGE * narrow


def _marks(ink, row, y, at, first, known):
    """Draw what a date can mean; return where its marks begin and end."""
    fill, ends = LANES[row["kind"]][1], []
    proof = {"of": row["of"], "said": row["told"], "fill": fill, "y": y}
    for start, end in row["parts"]:
        if end <= first or end - start < 2 * DAY:
            shape, x = ("triangle-left", 6) if end <= first else ("diamond", 0)
            ink["point"].append(proof | {"x": at(start) + x, "shape": shape})
            ends += [at(start) + x - 6, at(start) + x + 6]
            continue
        for since, until in ((start, min(end, known)), (max(start, known), end)):
            planned = since >= known
            if until - since > 0.1 * planned:
                x, x2 = at(since), max(at(until), at(since) + 3)
                tone = look.PALE[fill] if planned else fill
                bar = {"x": x, "x2": x2, "y": y - BAR / 2, "y2": y + BAR / 2, "stroke": fill}
                bar["dash"] = bool(row["inferred"] and x2 - x > BAR)
                ink["bar"].append(proof | bar | {"fill": look.PAPER if row["inferred"] else tone})
                ends += [x, x2]
    if row["open"]:
        ink["point"].append(proof | {"x": max(ends) + 6, "shape": "triangle-right"})
        ends.append(max(ends) + 12)
    return min(ends), max(ends)


def _band(ink, dense, lane, at, top, bottom, width):
    """Shade the run of years that holds most agreements, and say so."""
    years = [int(part[0]) for row in dense for part in row["parts"]]
    held, whole = (sum(row["count"] for row in rows) for rows in (dense, lane))
    said = f"{words.number(held, capital=True)} of {words.number(whole)} agreements"
    how = f"dated {words.window(min(years), max(years))}, counted by their dates"
    proof = {"of": "+".join(row["of"] for row in dense), "said": said, "how": how}
    start, end = at(min(years)), at(max(years) + 1)
    ink["band"].append(proof | {"x": start, "x2": end, "y": top, "y2": bottom})
    x, align = (start, "left") if start + LETTER * len(said) <= width else (end, "right")
    _write(ink, said, x, top + HEAD / 2, look.POINT, align, bold=True, **proof)


def _layers(ink, width, height):
    """Put the marks together, all placed in pixels."""
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width]))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0]))
    fill, size = alt.Fill("fill:N", scale=None), {"x2": "x2:Q", "y2": "y2:Q"}

    def base(marks, **more):
        return alt.Chart(look.linked(pd.DataFrame(marks))).encode(x=x, y=y, **look.proof(), **more)

    layers = [base(ink["band"], **size).mark_rect(color=look.POINT_WASH)] if ink["band"] else []
    rules = alt.Chart(pd.DataFrame(ink["rule"])).encode(x=x, y=y, y2="y2:Q")
    layers.append(rules.mark_rule(color=look.RULE))
    stroke, shape = alt.Stroke("stroke:N", scale=None), alt.Shape("shape:N", scale=None)
    for dash in ([], look.DASH):
        if bars := [bar for bar in ink["bar"] if bar["dash"] == bool(dash)]:
            drawn = base(bars, fill=fill, stroke=stroke, **size)
            layers.append(drawn.mark_rect(strokeWidth=1, strokeDash=dash))
    if ink["point"]:
        points = base(ink["point"], shape=shape, fill=fill)
        layers.append(points.mark_point(size=110, opacity=1, strokeWidth=0))
    for align, bold in sorted({(text["align"], text["bold"]) for text in ink["text"]}):
        held = [text for text in ink["text"] if (text["align"], text["bold"]) == (align, bold)]
        style = {"align": align, "baseline": "middle", "fontWeight": "bold" if bold else "normal"}
        texts = base(held, text="text:N", color=alt.Color("fill:N", scale=None))
        layers.append(texts.mark_text(fontSize=look.SMALL, **style))
    return alt.layer(*layers).properties(width=width, height=height)
