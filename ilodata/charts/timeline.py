"""The picture of what happened when: lanes of agreements and projects on one axis of years."""

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
BREAK = 8  # years without anything, from which on what came before stands at the edge
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
        What ``timelines.chronology`` returns. Events have a lane only where there is nothing else;
        what stands beside the cooperation, and what is not dated, is not drawn.

    Returns
    -------
    Altair chart
        A band marks the run of years that holds most agreements (column ``dense``). What came long
        before the rest stands at the left edge, with its date in words.
    """
    dated = shown[shown.date != ""]
    kinds = [kind for kind in ("agreement", "project") if kind in set(dated.kind)] or ["event"]
    rows = [row for kind in kinds for row in _rows(dated[dated.kind == kind])]
    if not rows:
        return look.nothing("Agreements and projects")
    title = words.listed(LANES[kind][0] for kind in kinds).replace(" and P", " and p")
    known = _year(dated.known_until.iloc[0]) + DAY
    found = {dates.precision(row["date"]) for row in rows}
    key = ["A year-long bar: only the year is stated."] * ("year" in found)
    key += ["Diamond: a day."] * ("day" in found)
    key += ["Hollow: inferred."] * any(row["inferred"] for row in rows)
    key += ["Pale: planned."] * any(end > known + 0.1 for row in rows for _, end in row["parts"])
    told = "; ".join(row["told"] for row in rows)
    return look.finish(
        lambda narrow: _drawn(rows, known, narrow), title, " ".join(key), f"{title}: {told}."
    )


def _year(day):
    """Return a day as a number of years."""
    return day.year + (day.timetuple().tm_yday - 1) * DAY


def _rows(frame):
    """List the rows to draw: several agreements of one date that no day tells apart together."""
    rows = []
    for date, group in frame.groupby("date", sort=False):
        together = len(group) >= GROUP and group.kind.iloc[0] == "agreement"
        parts = [group] if together else [group.loc[[record]] for record in group.index]
        rows += [_row(part, date) for part in parts]
    return rows


def _row(group, date):
    """Put one row together: its name, the note beside its mark, where both come from."""
    one, many, form = group.iloc[0], len(group) > 1, dates.precision(date)
    name = re.sub(r", \d{4}$", "", one.label)
    name = f"{words.number(len(group), capital=True)} agreements" if many else name
    money, inferred = "" if many else one.money, (group.certainty == "inferred").any()
    when = one.when if form not in ("year", "period", *OPEN) else ""
    facts = [fact for fact in (when, money, form if form in OPEN else "") if fact]
    told = [name, one.when, "inferred" if inferred else "", money]
    spans = [(part.start or part.end, part.end or part.start) for part in dates.spans(date)]
    whole = [(a, b.replace(month=12, day=31) if form in OPEN else b) for a, b in spans]
    return {
        **{"kind": one.kind, "name": name, "date": date, "inferred": inferred, "count": len(group)},
        **{"facts": facts, "facts_of": one.money_of if money else "+".join(group.of)},
        **{"record": "+".join(group.index), "of": "+".join(group.of), "dense": group.dense.any()},
        **{"told": ", ".join(filter(None, told)), "open": form in OPEN, "when": one.when},
        "parts": [(_year(start), _year(end) + DAY) for start, end in whole],
    }


def _axis(rows):
    """Return the first and last year to draw; what lies long before the rest is left out."""
    starts = sorted(int(part[0]) for row in rows for part in row["parts"])
    first, last = starts[0], max(-int(-part[1] // 1) for row in rows for part in row["parts"])
    for one, other in zip(starts, starts[1:], strict=False):
        first = other if max(BREAK, (last - other) / 2) <= other - one else first
    return first, last


def _drawn(rows, known, narrow):
    """Draw the lanes, wide with names at the left or narrow with names above their marks."""
    width, (first, last) = look.NARROW if narrow else look.WIDE, _axis(rows)
    left = 0 if narrow else min(COLUMN, LETTER * max(len(row["name"]) for row in rows))
    left += EDGE + 10 * (not narrow)
    unit = (width - left - EDGE) / (last - first)

    def at(year):
        return left + unit * (min(max(year, first), last) - first)

    ink, y = {"band": [], "rule": [], "bar": [], "point": [], "text": []}, YEARS
    for kind in dict.fromkeys(row["kind"] for row in rows):
        lane = [row for row in rows if row["kind"] == kind]
        _write(ink, LANES[kind][0], 0, y + HEAD / 2, LANES[kind][1], bold=True)
        dense = [row for row in lane if row["dense"]]
        top = y + HEAD * (narrow and bool(dense))
        y = top + HEAD
        for row in lane:
            y = _line(ink, row, y, at, first, known, width, narrow)
        if dense:
            _band(ink, dense, lane, at, (top, y), (left, width))
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
    facts = row["facts"]
    if row["parts"][0][1] <= first:  # what stands at the edge needs its date in words
        facts = list(dict.fromkeys([row["when"], *facts]))
    notes = [", ".join(facts), *facts] if facts else []
    for line in textwrap.wrap(row["name"], NAME) if narrow else [row["name"]]:
        _write(ink, line, 0, y + ROW / 2, of=row["record"], said=row["told"])
        y += LINE * narrow
    for line in textwrap.wrap(notes[0], NAME) if notes and narrow else ():
        _write(ink, line, 0, y + ROW / 2, look.SOFT, of=row["facts_of"], said=row["told"])
        y += LINE
    y += ROW / 2
    ends = _marks(ink, row, y, at, first, known)
    on = 0 if row["inferred"] or row["open"] else min(max(ends), at(known)) - 8
    if not narrow:
        _note(ink, row, notes, y, (min(ends), on, max(ends), width))
    return y + ROW / 2 + EDGE * narrow


def _note(ink, row, notes, y, places):
    """Write as much of a note as has room to the right of the marks, the left, or on the bar."""
    start, on, end, width = places
    for note in notes:
        size = 8 + LETTER * len(note)
        for x, align, fill, fits in (
            (end + 8, "left", look.SOFT, end + size <= width),
            (start - 8, "right", look.SOFT, start - size >= LETTER * len(row["name"])),
            (start + 8, "left", look.PAPER, start + size <= on),
        ):
            if fits:
                _write(ink, note, x, y, fill, align, of=row["facts_of"], said=row["told"])
                return


def _marks(ink, row, y, at, first, known):
    """Draw what a date can mean; return where its marks begin and end."""
    fill, ends = LANES[row["kind"]][1], []
    proof = {"of": row["of"], "said": row["told"], "fill": fill, "y": y}
    for start, end in row["parts"]:
        shape = "triangle-left" if end <= first else "diamond" if end - start < 2 * DAY else ""
        if shape:
            x = at(start) + 6 * (end <= first)
            ink["point"].append(proof | {"x": x, "shape": shape})
            ends += [x - 6, x + 6]
            continue
        for since, until, planned in (
            (start, min(end, known), False),
            (max(start, known), end, True),
        ):
            if until - since > (0.1 if planned else 0):
                x, x2 = at(since), max(at(until), at(since) + 3)
                bar = {"x": x, "x2": x2, "y": y - BAR / 2, "y2": y + BAR / 2, "stroke": fill}
                pale = look.PALE[fill] if planned else fill
                bar |= {"fill": look.PAPER if row["inferred"] else pale}
                ink["bar"].append(proof | bar | {"dash": bool(row["inferred"] and x2 - x > BAR)})
                ends += [x, x2]
    if row["open"]:
        ink["point"].append(proof | {"x": max(ends) + 6, "shape": "triangle-right"})
        ends.append(max(ends) + 12)
    return ends


def _band(ink, dense, lane, at, heights, sides):
    """Shade the run of years that holds most agreements, and say so."""
    years = [int(part[0]) for row in dense for part in row["parts"]]
    held, whole = (sum(row["count"] for row in rows) for rows in (dense, lane))
    said = f"{words.number(held, capital=True)} of {words.number(whole)} agreements"
    proof = {"of": "+".join(row["of"] for row in dense), "said": said}
    proof |= {"how": f"dated {words.window(min(years), max(years))}, counted by their dates"}
    (top, bottom), half, ends = (
        heights,
        LETTER * len(said) / 2,
        (at(min(years)), at(max(years) + 1)),
    )
    ink["band"].append(proof | {"x": ends[0], "x2": ends[1], "y": top, "y2": bottom})
    middle = min(max(sum(ends) / 2, sides[0] + half), sides[1] - half)
    _write(ink, said, middle, top + HEAD / 2, look.POINT, "center", bold=True, **proof)


def _layers(ink, width, height):
    """Put the marks together, all placed in pixels."""
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width]))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0]))
    color = {"fill": alt.Fill("fill:N", scale=None), "stroke": alt.Stroke("stroke:N", scale=None)}
    size = {"x2": "x2:Q", "y2": "y2:Q"}

    def base(marks, **more):
        return alt.Chart(look.linked(pd.DataFrame(marks))).encode(x=x, y=y, **look.proof(), **more)

    layers = [base(ink["band"], **size).mark_rect(color=look.POINT_WASH)] if ink["band"] else []
    rules = alt.Chart(pd.DataFrame(ink["rule"])).encode(x=x, y=y, y2="y2:Q")
    layers.append(rules.mark_rule(color=look.RULE))
    for dash in ([], look.DASH):
        if bars := [bar for bar in ink["bar"] if bar["dash"] == bool(dash)]:
            layers.append(base(bars, **size, **color).mark_rect(strokeWidth=1, strokeDash=dash))
    if ink["point"]:
        shape = alt.Shape("shape:N", scale=None)
        points = base(ink["point"], shape=shape, fill=color["fill"])
        layers.append(points.mark_point(size=110, opacity=1, strokeWidth=0))
    for align, bold in sorted({(text["align"], text["bold"]) for text in ink["text"]}):
        held = [text for text in ink["text"] if (text["align"], text["bold"]) == (align, bold)]
        style = {"align": align, "baseline": "middle", "fontWeight": "bold" if bold else "normal"}
        texts = base(held, text="text:N", color=alt.Color("fill:N", scale=None))
        layers.append(texts.mark_text(fontSize=look.SMALL, **style))
    return alt.layer(*layers).properties(width=width, height=height)
