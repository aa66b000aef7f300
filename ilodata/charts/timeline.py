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
OPEN = ("end not stated", "going on")  # as dates.precision says it
BARS = ("year", "period", *OPEN)  # what a bar says as well as words
LEAST_YEARS = 4  # on the axis
DAY = 1 / 366  # of a year
COLUMNS = "kind label date when in_window certainty money known_until dense of money_of"


def timeline(shown):
    """Draw agreements and projects as long as what their dates can mean, in a lane each.

    ``shown`` is what ``timelines.chronology`` or ``profiles.course`` returns; events are drawn where
    there is nothing else. The run of years that holds most agreements has a colour of its own.
    DataError if a column is missing.
    """
    look.takes(shown, "timelines.chronology()", COLUMNS)
    dated = shown[shown.date != ""]
    kinds = [kind for kind in LANES if kind in set(dated.kind) - {"event"}] or ["event"]
    dated = dated[dated.kind.isin(kinds)]
    if dated.empty:
        return look.nothing("Agreements and projects", "Our tables hold nothing to draw here.")
    until = dated.known_until.iloc[0]
    counts, known = shown.kind[shown.in_window != "possibly"].value_counts(), _year(until) + DAY
    lanes = [_lane(kind, dated[dated.kind == kind], counts.get(kind), known) for kind in kinds]
    marks = [mark for _, rows in lanes for row in rows for mark in row.marks]
    forms = {dates.precision(date) for date in dated.date}
    last = max(mark.get("x2", mark["x"]) for mark in marks)
    key = ["A year-long bar: only the year is stated."] * ("year" in forms)
    key += ["Diamond: a day."] * ("day" in forms)
    key += ["Hollow: inferred."] * any(mark.get("fill") == look.PAPER for mark in marks)
    maybe = "possibly" in set(dated.in_window)
    key += ["What may lie outside these years is drawn, too."] * maybe
    key += [f"Pale: after {until.year}."] * (last > _year(until) + 0.1)
    title = words.capital(words.listed(words.uncapital(LANES[kind][0]) for kind in kinds))
    told = "; ".join(row.marks[0]["said"] for _, rows in lanes for row in rows)
    # Where no end is stated, the years that were asked for may lie behind what is drawn.
    last = max(last, (until.year + 1) * any(form in OPEN for form in forms))
    span = min(int(mark["x"]) for mark in marks), math.ceil(last)

    def draw(width, left):
        return _below_years(lanes, span, width, left)

    return look.finish(draw, title, " ".join(key), f"{title}: {told}.")


def _year(day):
    """Return a day as a number of years."""
    return day.year + (day.timetuple().tm_yday - 1) * DAY


def _lane(kind, frame, number, known):
    """Put a lane together: what stands over it, with how many are counted, and its rows."""
    (name, fill), dense = LANES[kind], frame.dense[frame.dense != ""]
    heads = [look.text(name, fill, bold=True)]
    if len(dense):
        said = f"{words.capital(words.number(len(dense)))} of {words.number(number)}"
        tie = look.tie(f"{said} agreements", dense.iloc[0])
        heads.append(look.text(said, look.POINT, bold=True, **tie))
    rows = frame.itertuples()
    return heads, [_row(row, look.POINT if row.dense else fill, known) for row in rows]


def _row(row, fill, known):
    """Put a row together: its name, what its date can mean, and a note of what a bar cannot show."""
    form, inferred = dates.precision(row.date), row.certainty == "inferred"
    whole = ", ".join(filter(None, [row.label, row.when, "inferred" * inferred, row.money]))
    beside = [row.when * (form not in BARS), row.money, form * (form in OPEN)]
    beside = ", ".join(filter(None, beside))
    name = look.text(row.label, **look.tie(row.label, row.Index))
    note = look.text(beside, look.SOFT, **look.tie(beside, row.money_of or row.of))
    marks = _marks(row.date, known, fill, inferred, look.tie(whole, row.of))
    return look.Row([name], note, marks)


def _marks(date, known, fill, inferred, tie):
    """Draw what a date can mean: bars, pale after what is known; days; an arrow for what is open."""
    marks, is_open = [], dates.precision(date) in OPEN
    for part in dates.spans(date):
        first, last = part.start or part.end, part.end or part.start
        last = last.replace(month=12, day=31) if is_open else last
        start, end = _year(first), _year(last) + DAY
        if first == last:
            marks.append(look.point("diamond", start, fill, **tie))
            continue
        turn = max(start, min(end, known))
        for since, until, tone in ((start, turn, fill), (turn, end, look.PALE[fill])):
            tone = look.PAPER if inferred else tone
            if since < until:
                marks.append(look.rect(since, until, tone, fill, inferred, **tie))
    return marks + [look.point("triangle-right", end, fill, **tie)] * is_open


def _below_years(lanes, span, width, left):
    """Lay the lanes out below an axis of years."""
    first, last = span[0], max(span[1], span[0] + LEAST_YEARS)
    at, marks, y = look.scale(first, last, left), [], look.LINE + 3
    for heads, rows in lanes:
        placed, y = look.lay_out(rows, at, left, y, *heads)
        marks += placed
    step = next(n for n in (1, 2, 5, 10, 20, 50, 100) if at(first + n) - at(first) > 38)
    for year in range(first, last + 1, step):
        marks.insert(0, look.rect(at(year), at(year), look.CELL, y=look.LINE, y2=y))
        if at(year) + 34 < width:
            marks.append(look.text(str(year), look.SOFT, x=at(year), y=look.LINE / 2))
    return look.canvas(marks, width, y)
