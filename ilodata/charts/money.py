"""Pictures of what money moved: linear scales, words as printed at the bars, ranges as ranges."""

import math

import pandas as pd

from ilodata import words
from ilodata.charts import look

TOTAL, ASSESSED = "total of a channel", "membership dues"  # as funding.amounts says them
DWARFS = 4  # a bar so many times as long as all others together is opened out
TOP, DEEP, LOW = 24, 72, 98  # pixels: where that bar begins and ends, and where the rest begins
BAR_SHARE = 0.5  # of the room that bars have with their words


def dues_and_rest(amounts):
    """Draw the largest total as one bar, and what came beyond it opened out of that bar.

    ``amounts`` is what ``funding.amounts`` returns; DataError if a column is missing. A bar is as
    long as the least that its wording supports, in US dollars; its pale end reaches to the most.
    Totals without years stand apart, in grey. Where no total dwarfs the others, it is the chart of
    `by_payer`.
    """
    rows = _bounded(amounts)
    totals = rows[(rows.level == TOTAL) & rows.high.notna()].sort_values("high", ascending=False)
    spoken = totals[totals.counted]
    if len(spoken) < 2 or spoken.low.iloc[0] < DWARFS * spoken.high.iloc[1:].sum():
        return by_payer(amounts)
    big, beyond, apart = spoken.iloc[0], spoken.iloc[1:], totals[totals.when.isna()]
    most, shown = big.high + beyond.high.sum(), pd.concat([beyond, apart])
    name = words.capital(big.channel if isinstance(big.channel, str) else big.label)
    tie = look.tie(f"{name}: {_words(big)}", big.of)
    rest = look.tie("The rest", "+".join(beyond.of))
    share = big["share"] and f"{words.capital(big['share'])} dollars"

    def draw(width, left):
        low, high = big.low * width / most, big.high * width / most
        at = look.scale(0, shown.high.max(), left, BAR_SHARE)
        times = (at(most) - at(0)) / width
        corners = (0, LOW), (high, DEEP), (width, DEEP)
        inside = [look.text(said, look.PAPER, True, x=10, **tie) for said in (name, _words(big))]
        marks = [
            *(look.Mark(kind="area", x=x, y=y, y2=LOW, fill=look.POINT_WASH) for x, y in corners),
            look.text(share, look.DUES, True, y=10, **tie),
            look.text("the rest", look.POINT, True, "right", x=width, y=10, **rest),
            look.rect(0, low, _colour(big), y=TOP, y2=DEEP, **tie),
            look.rect(low, high, look.PALE[_colour(big)], y=TOP, y2=DEEP, **tie),
            look.rect(high, width, look.POINT, y=TOP, y2=DEEP, **rest),
            *look.stack(inside, high, TOP + 6)[0],
        ]
        head = look.text(f"The rest, enlarged {times:.0f} times", look.SOFT)
        placed, y = look.lay_out(_amounts(beyond), at, left, LOW, head)
        head = look.text("Not in the total, on the same scale", look.SOFT)
        more, y = look.lay_out(_amounts(apart), at, left, y, head) if len(apart) else ([], y)
        return look.canvas([*marks, *placed, *more], width, y)

    title = f"Money for the {big.receiver or 'receivers'}: totals {big.when}"
    return look.finish(draw, title, f"US dollars, linear scale.{_hedged(totals)}", _told(totals))


def by_payer(amounts):
    """Draw amounts as bars by payer, each level apart, since none may be added.

    ``amounts`` is what ``funding.amounts`` returns; DataError if a column is missing.
    """
    rows, title = _bounded(amounts), "Stated amounts, by payer"
    rows = rows[rows.asked]
    if rows.empty:
        return look.nothing(title)
    named = zip(rows.label, rows.when.fillna(""), strict=True)
    rows["label"] = [name if name.endswith(when) else f"{name}, {when}" for name, when in named]

    def draw(width, left):
        marks, y = [], 0
        for level, own in rows.groupby("level", sort=False):
            own = own.sort_values("high", ascending=False)
            name = "Totals of channels" if level == TOTAL else words.several(words.capital(level))
            head = look.text(name, look.SOFT)
            at = look.scale(0, own.high.fillna(0).max(), left, BAR_SHARE)
            placed, y = look.lay_out(_amounts(own, payer=True), at, left, y, head)
            marks += placed
        return look.canvas(marks, width, y)

    apart = " Each group has its own scale: groups are not added up." * (rows.level.nunique() > 1)
    return look.finish(draw, title, f"US dollars.{apart}{_hedged(rows)}", _told(rows))


def flows(projects):
    """Draw who paid for which project, and where it reaches: one bar a project.

    ``projects`` is what ``funding.projects`` returns; DataError if a column is missing. A bar is as
    long as its amount, hollow where none can be read, dashed where the payer is inferred; none is
    split between places.
    """
    columns = "project payer amount places usd payer_certainty in_window"
    look.takes(projects, "funding.projects()", columns)
    title = "Payer, project and place"
    if projects.empty:
        return look.nothing(title, "Our tables hold no project for this choice.")
    most = max((usd.right for usd in projects.usd.dropna()), default=1)
    rows = [_project(row, most) for row in projects.itertuples()]

    def draw(width, left):
        marks, y = look.lay_out(rows, look.scale(0, most, left, BAR_SHARE), left)
        return look.canvas(marks, width, y)

    note = "US dollars. Hollow: amount unknown. Pale, dashed: payer inferred or missing."
    return look.finish(draw, title, note, "; ".join(row.marks[0]["said"] for row in rows) + ".")


def _project(row, most):
    """Put together the row of a project: its name, payer and places, and a bar for its money."""
    amount = words.named("amount", row.amount)
    project = row.project + " (may lie outside the window)" * (row.in_window == "possibly")
    names = [_linked(project, bold=True), _linked(f"Payer: {row.payer}")]
    names.append(_linked(f"Place: {row.places}"))
    said = words.plain(f"{row.payer}: {amount} for {project}, {row.places}")
    tie = look.tie(said, words.source_of(row.project + row.payer + amount))
    sure, known = row.payer_certainty == "stated", pd.notna(row.usd)
    fill = (look.PROJ if sure else look.PROJ_PALE) if known else look.PAPER
    bar = look.rect(0, row.usd.right if known else most / 10, fill, look.PROJ, not sure, **tie)
    return look.Row(names, _linked(amount), [bar])


def _linked(said, **style):
    """Make linked text a text of a chart, tied to all that it rests on."""
    shown = words.plain(said)
    return look.text(shown, **style, **look.tie(shown, words.source_of(said)))


def _amounts(rows, payer=False):
    """Put together a row an amount: a bar as long as its least, with a pale end up to its most."""
    made = []
    for row in rows.itertuples():
        said, fill = _words(row), _colour(row)
        tie = look.tie(f"{row.label}: {said}", row.of)
        names = [words.named("Payer", row.payer), row.label] if payer else [row.label]
        bars = [look.rect(0, row.low, fill, **tie)] * (row.low > 0)
        bars += [look.rect(row.low, row.high, look.PALE[fill], fill, **tie)] * (row.high > row.low)
        note = look.text(said, bold=True, **tie)
        names = [look.text(name, **tie) for name in dict.fromkeys(names)]
        made.append(look.Row(names, note, bars))
    return made


def _bounded(amounts):
    """Add the bounds of each amount, missing where it cannot be read."""
    needed = "label level payer receiver printed usd status channel when in_window asked"
    look.takes(amounts, "funding.amounts()", f"{needed} counted share of")
    return amounts.assign(low=amounts.usd.array.left, high=amounts.usd.array.right)


def _hedged(rows):
    return " Pale ends: our reading of a hedge." * bool((rows.low < rows.high).any())


def _told(rows):
    """Say what a picture shows to readers who cannot see it."""
    return "; ".join(f"{row.label}: {_words(row)}" for row in rows.itertuples()) + "."


def _words(row):
    """Say an amount as printed, in quotes where it hedges or cannot be read."""
    said = row.printed if row.low == row.high else f"“{row.printed}”"
    said = f"misprinted: {said}" if math.isnan(row.low) else said
    said += f", {row.status}" if row.status else ""
    said += ", may lie outside" * (row.in_window == "possibly")
    return f"{said}, without years" if row.in_window == "undated" else said


def _colour(row):
    if row.level == TOTAL and row.in_window == "undated":
        return look.SOFT
    kinds = {"project": look.PROJ, "agreement": look.DUES}
    return look.DUES if row.channel == ASSESSED else kinds.get(row.level, look.POINT)
