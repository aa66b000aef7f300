"""Pictures of what happened when: a row a name, its marks on one axis of years."""

import math

from ilodata import dates, words
from ilodata.charts import look

LANES = {  # kind: its name, its colour
    "agreement": ("Agreements with the ILO", look.DUES),
    "project": ("Projects", look.PROJ),
    "event": ("Events", look.SOFT),
    "chosen": ("This project", look.POINT),
    "other": ("Other projects", look.SOFT),
}
GROUP = 3  # agreements of one date from which on they have one row
OPEN = ("end not stated", "going on")
BAR, NAMES = 14, 340  # pixels: the height of a bar, the width of names beside bars
LEAST = 4  # years on the axis
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
        A band marks the run of years that holds most agreements.
    """
    look.takes(shown, "timelines.chronology()", "kind label date when known_until dense money_of")
    dated = shown[shown.date != ""]
    kinds = [kind for kind in ("agreement", "project") if kind in set(dated.kind)] or ["event"]
    rows = [row for kind in kinds for row in _rows(dated[dated.kind == kind])]
    if not rows:
        return look.nothing("Agreements and projects", "Our tables hold nothing to draw here.")
    title = words.listed(LANES[kind][0] for kind in kinds).replace(" and P", " and p")
    until = dated.known_until.iloc[0]
    forms = {dates.precision(date) for date in dated.date[dated.kind.isin(kinds)]}
    key = ["A year-long bar: only the year is stated."] * ("year" in forms)
    key += ["Diamond: a day."] * ("day" in forms)
    key += ["Hollow: inferred."] * any(row["inferred"] for row in rows)
    maybe = "possibly" in set(dated.in_window)
    key += ["What may lie outside these years is drawn, too."] * maybe
    last = max(end for row in rows for _, end in row["parts"])
    key += [f"Pale: after {until.year}."] * (last > _year(until) + 0.1)
    return _picture(rows, _year(until) + DAY, title, " ".join(key))


def years(course):
    """Draw years and money of each project, one of them coloured, what is planned pale.

    ``course`` is what ``profiles.course`` returns.
    """
    columns = "project project_id when start end known open chosen of money money_of"
    look.takes(course, "profiles.course()", columns)
    title = "Years and money, beside the other projects"
    if course.empty:
        return look.nothing(title)
    rows = []
    for row in course.sort_values("chosen", ascending=False, kind="stable").itertuples():
        parts = [(row.start, row.start + 1 if row.open else row.end)]
        ties = row.of, f"projects/{row.project_id}", row.money_of
        note = [look.money(row), OPEN[0] * row.open]
        kind, said = "chosen" if row.chosen else "other", [row.project, row.when, note[0]]
        rows.append(_row(kind, said, note, parts, ties) | {"open": row.open})
    known = course.known.iloc[0]
    pale = f"Pale: after {known - 1:.0f}, the last year that the texts report on."
    return _picture(rows, known, title, pale)


def _picture(rows, known, title, key):
    told = f"{title}: {'; '.join(row['tie']['said'] for row in rows)}."
    return look.finish(lambda narrow: _drawn(rows, known, narrow), title, key, told)


def _year(day):
    """Return a day as a number of years."""
    return day.year + (day.timetuple().tm_yday - 1) * DAY


def _rows(frame):
    """List the rows to draw: several agreements of one date that no day tells apart together."""
    rows = []
    for date, group in frame.groupby("date", sort=False):
        form = dates.precision(date)
        going = form * (form in OPEN)
        ends = [(part.start or part.end, part.end or part.start) for part in dates.spans(date)]
        ends = [(a, b.replace(month=12, day=31) if going else b) for a, b in ends]
        parts = [(_year(start), _year(end) + DAY) for start, end in ends]
        many = len(group) >= GROUP and group.kind.iloc[0] == "agreement"
        for some in [group] if many else [group.loc[[record]] for record in group.index]:
            one, inferred = some.iloc[0], (some.certainty == "inferred").any()
            name = f"{words.number(len(some), capital=True)} agreements" if many else one.label
            money = "" if many else one.money
            note = ["" if form in ("year", "period", *OPEN) else one.when, money, going]
            said = [name, one.when, "inferred" * bool(inferred), money]
            ties = "+".join(some.of), "+".join(some.index), one.money_of * bool(money)
            more = {"inferred": inferred, "dense": max(some.dense), "count": len(some)}
            rows.append(_row(one.kind, said, note, parts, ties) | more | {"open": bool(going)})
    return rows


def _row(kind, said, note, parts, ties):
    """Put one row together: its name, its marks, the note beside them; where each comes from."""
    of, records, money_of = ties
    told, note = (", ".join(filter(None, each)) for each in (said, note))
    return {
        "kind": kind,
        "parts": parts,
        "name": (said[0], look.INK, {"href": f"#{records}", "said": said[0]}),
        "note": (note, look.SOFT, {"href": f"#{money_of or of}", "said": note}),
        "tie": {"href": f"#{of}", "said": told},
        "inferred": False,
        "dense": "",
    }


def _drawn(rows, known, narrow):
    """Lay the lanes out in pixels, wide with names at the left or narrow with names above marks."""
    width, names = (look.NARROW, look.NARROW) if narrow else (look.WIDE, NAMES)
    first = min(int(start) for row in rows for start, _ in row["parts"])
    ends = [known * row["open"] for row in rows]  # which may be what was asked for
    last = max(
        first + LEAST, *map(math.ceil, ends), *(math.ceil(row["parts"][-1][1]) for row in rows)
    )
    lines = [line for row in rows for line in look.wrap(row["name"][0], names)]
    left = 4 if narrow else 24 + max(map(look.wide, lines))
    unit = (width - left - 4) / (last - first)

    def at(year):
        return left + unit * (min(max(year, first), last) - first)

    marks, sides, y = [], [], look.LINE
    for kind in dict.fromkeys(row["kind"] for row in rows):
        marks.append(look.text(0, y + 11, LANES[kind][0], LANES[kind][1], bold=True))
        head, y = y + 11, y + 22
        for row in (row for row in rows if row["kind"] == kind):
            drawn, end = _line(row, y, at, known, width, narrow)
            marks, y, sides = marks + drawn, end, sides + [y, end] * bool(row["dense"])
        if sides:
            band, said = _band(rows, kind, at, head, sides)
            marks, sides = [band, *marks, said], []
        y += 8
    step = next(n for n in (1, 2, 5, 10, 20, 50, 100) if unit * n > 38)
    for year in range(first, last + 1, step):
        marks.insert(
            0, look.rect(at(year), at(year), look.LINE, y - 8, look.CELL if narrow else look.RULE)
        )
        if at(year) + 34 < width:
            marks.append(look.text(at(year), look.LINE / 2, str(year), look.SOFT))
    return look.canvas(marks, width, y - 8)


def _line(row, y, at, known, width, narrow):
    """Draw a row from `y` down: name, marks, and the note beside or, without room, above them."""
    start, end = at(row["parts"][0][0]) - 14, at(row["parts"][-1][1]) + 14
    (note, soft, tie), left = row["note"], at(0)
    size, top, marks = look.wide(note), y, []
    beside = not narrow and (end + size <= width or start - size >= left)
    for said, fill, proof in [row["name"], row["note"]][: 2 - beside]:
        lines = look.wrap(said, width if narrow else NAMES)
        marks += look.lines(0, y + look.LINE / 2, lines, fill, **proof)
        y += look.LINE * len(lines)
    middle, y = (y + BAR / 2 + 2, y + BAR + 8) if narrow else ((top + y) / 2, y + 3)
    if beside and note:
        x, align = (end, "left") if end + size <= width else (start, "right")
        since = x if align == "left" else x - size
        if not row["dense"]:  # over the lines of years
            marks.append(look.rect(since, since + size, middle - 7, middle + 7, look.PAPER))
        marks.append(look.text(x, middle, note, soft, align=align, **tie))
    return marks + _marks(row, middle, at, known), y


def _marks(row, y, at, known):
    """Draw what a date can mean: bars, pale after what is known; days; an arrow for what is open."""
    fill, marks = LANES[row["kind"]][1], []
    top, bottom, x = y - BAR / 2, y + BAR / 2, at(row["parts"][-1][1]) + 6
    for start, end in row["parts"]:
        turn = max(start, min(end, known))
        if end - start < 2 * DAY:
            marks.append(look.point("diamond", at(start), y, fill, **row["tie"]))
            continue
        for since, until, tone in ((start, turn, fill), (turn, end, look.PALE[fill])):
            if until - since >= 2 * DAY:
                tone, x2 = look.PAPER if row["inferred"] else tone, max(at(until), at(since) + 3)
                dash = row["inferred"] and x2 - at(since) > BAR
                marks.append(look.rect(at(since), x2, top, bottom, tone, fill, dash, **row["tie"]))
    if row["open"]:
        marks.append(look.point("triangle-right", x, y, fill, **row["tie"]))
    return marks


def _band(rows, kind, at, head, sides):
    """Shade the run of years that holds most of a lane, behind these alone, and say so above."""
    lane = [row for row in rows if row["kind"] == kind]
    dense = [row for row in lane if row["dense"]]
    years = [int(start) for row in dense for start, _ in row["parts"]]
    held, whole = (sum(row["count"] for row in some) for some in (dense, lane))
    said = f"{words.number(held, capital=True)} of {words.number(whole)}"
    tie = {"href": f"#{dense[0]['dense']}", "said": f"{said} agreements"}
    start, end = at(min(years)), at(max(years) + 1)
    x = max(end, look.wide(LANES[kind][0] + said) + 30)  # beside the name of the lane
    name = look.text(x, head, said, look.POINT, bold=True, align="right", **tie)
    return look.rect(start, end, sides[0], sides[-1], look.POINT_WASH, **tie), name
