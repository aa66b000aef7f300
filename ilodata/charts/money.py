"""Pictures of what money moved: linear scales, words as printed at the bars, ranges as ranges.

Each is laid out in pixels, so that every label has room of its own, wide and narrow.
"""

import math

import pandas as pd

from ilodata import words
from ilodata.charts import look

TOTAL, ASSESSED = "total of a channel", "membership dues"  # as funding.amounts says them
BAR = 24  # pixels
NARROWEST = 1.5  # pixels: a band that can still be seen
GONE = (words.NOT_STATED, "not in our tables")  # as evidence.lacking says it
DWARFS = 4  # a bar so many times as long as all others together is opened out


def dues_and_rest(amounts):
    """Draw the largest total as one bar, and what came beyond it opened out of that bar.

    ``amounts`` is what ``funding.amounts`` returns. A bar is as long as the least that its wording
    supports, in US dollars; its pale end reaches to the most. Totals without years stand apart, in
    grey. Where no total dwarfs the others, it is the chart of `by_payer`.
    """
    rows = _bounded(amounts)
    totals = rows[(rows.level == TOTAL) & rows.high.notna()].sort_values("high", ascending=False)
    dated = totals[totals.when.notna() & (totals.note == "")]
    spoken = totals[totals.counted] if totals.counted.any() else dated
    if len(spoken) < 2 or spoken.low.iloc[0] < DWARFS * spoken.high.iloc[1:].sum():
        return by_payer(amounts)
    big, beyond = spoken.iloc[0], spoken.iloc[1:]
    apart = totals[totals.when.isna()]

    def draw(narrow):
        width, top, low = look.NARROW if narrow else look.WIDE, look.LINE + 6, look.LINE + 76
        scale = width / (big.high + beyond.high.sum())
        sure, most, deep = big.low * scale, big.high * scale, low - 24
        name = words.capital(big.channel if isinstance(big.channel, str) else big.label)
        said = [f"{name}:", _words(big)] if narrow else [f"{name}: {_words(big)}"]
        tie, full = {"href": big.href, "said": " ".join(said)}, _colour(big)
        others = {"href": f"#{'+'.join(beyond.of)}", "said": "The rest"}
        share = f"{words.capital(big['share'])} dollars" if big["share"] else ""
        shown = pd.concat([beyond, apart])  # on one scale
        panel = _bars(shown, 0, width, narrow, inset=10)[2]
        bars, bottom, _ = _bars(beyond, low + 34, width, narrow, inset=10, scale=panel)
        end = bottom
        if len(apart):
            bars.append(
                look.text(10, bottom + 18, "Not in the total, on the same scale", look.SOFT)
            )
            more, end, _ = _bars(apart, bottom + 36, width, narrow, inset=10, scale=panel)
            bars += more
        edges = ((0, low), (most, deep), (width, deep))
        wash = {"kind": "area", "style": {}, "fill": look.POINT_WASH, "stroke": look.POINT_WASH}
        marks = [
            *(wash | {"x": x, "y": top, "y2": bottom, "id": ""} for x, top in edges),
            look.text(0, 10, share, look.DUES, bold=True, **tie),
            look.text(width, 10, "the rest", look.POINT, bold=True, align="right", **others),
            look.rect(0, sure, top, deep, full, **tie),
            look.rect(sure, most, top, deep, look.PALE[full], **tie),
            look.rect(most, width, top, deep, look.POINT, **others),
            *_lines(10, top + 23, said, look.PAPER, bold=True, **tie),
            look.text(10, low + 16, f"The rest, enlarged {panel / scale:.0f} times", look.SOFT),
        ]
        return look.canvas(marks + bars, width, end)

    title = f"Money for the {big.receiver or 'receivers'}: totals {big.when}"
    return look.finish(draw, title, f"US dollars, linear scale.{_hedged(totals)}", _told(totals))


def by_payer(amounts):
    """Draw amounts as bars by payer, each level apart, since none may be added.

    ``amounts`` is what ``funding.amounts`` returns.
    """
    rows = _bounded(amounts)
    rows, title = (
        rows[~rows.note.astype(str).str.startswith("Not counted")],
        "Stated amounts, by payer",
    )
    if rows.empty:
        return look.nothing(title)
    named = zip(rows.label, rows.when.fillna(""), strict=True)
    rows["label"] = [name if name.endswith(when) else f"{name}, {when}" for name, when in named]

    def draw(narrow):
        width, marks, y = look.NARROW if narrow else look.WIDE, [], 0
        for level, own in rows.groupby("level", sort=False):
            heading = "Totals of channels" if level == TOTAL else f"{words.capital(level)}s"
            own = own.sort_values("high", ascending=False)
            marks.append(look.text(0, y + 10, heading, look.SOFT))
            bars, y, _ = _bars(own, y + 28, width, narrow, payer=True)
            marks += bars
        return look.canvas(marks, width, y)

    apart = " Each group has its own scale: groups are not added up." * (rows.level.nunique() > 1)
    return look.finish(draw, title, f"US dollars.{apart}{_hedged(rows)}", _told(rows))


def flows(projects):
    """Draw who paid for which project, and where it reaches: one bar a project.

    ``projects`` is what ``funding.projects`` returns. A bar is as thick as its amount, an outline
    where none can be read, dashed where the payer is inferred; none is split between places.
    """
    look.takes(projects, "funding.projects()", "project payer amount places usd payer_certainty")
    title = "Payer, project and place"
    if projects.empty:
        return look.nothing(title, "Our tables hold no project for this choice.")
    columns = ["payer", "project", "amount", "places"]
    rows = projects.assign(of=projects.project + projects.payer + projects.amount)
    rows["high"] = [float(usd.right) if pd.notna(usd) else math.nan for usd in projects.usd]
    rows["tall"] = (44 * rows.high / rows.high.max()).clip(lower=NARROWEST).fillna(8)
    for name in [*columns, "of"]:  # the words of each, and the way to its evidence
        links = ["+".join(link.of for link in words.links(text)) for text in rows[name]]
        rows[f"{name}_href"] = [f"#{of}" if of else None for of in links]
        called = words.capital(name.removesuffix("s"))
        rows[name] = [f"{called} {it}" if it in GONE else it for it in map(words.plain, rows[name])]
    rows["project"] += [
        " (may lie outside the window)" * (it == "possibly") for it in rows.in_window
    ]
    rows["said"] = rows.payer + ": " + rows.amount + " for " + rows.project + ", " + rows.places
    rows["size"] = rows.high.groupby(rows.payer).transform("sum")
    rows = rows.sort_values(["size", "payer", "high"], ascending=False, kind="stable")
    told = "As thick as the amount. Outlines: amount unknown. Dashed: payer inferred or missing."
    return look.finish(
        lambda narrow: _projects(rows, narrow), title, told, "; ".join(rows.said) + "."
    )


def _projects(rows, narrow):
    """Lay out a bar a project, its name above it, its payer and place beside it or, narrow, above."""
    left, end, width = (0, look.NARROW, look.NARROW) if narrow else (200, 590, 380)
    heads = ((0, "Payer"), (left, "Project"), (end + 14, "Place")) if left else ()
    marks, y = [look.text(x, 10, head, look.SOFT) for x, head in heads], 30 * bool(heads)
    for row in rows.itertuples():
        for name in ("project", "amount", "payer", "places")[: 4 if narrow else 2]:
            called = {"payer": "Payer", "places": "Place"}.get(name)
            told = f"{called}: " if called and not getattr(row, name).startswith(called) else ""
            lines = _cell(row, name, left, 0, width, told, bold=name == "project")
            marks += [line | {"y": y + look.LINE * (n + 0.5)} for n, line in enumerate(lines)]
            y += look.LINE * len(lines)
        known, sure = row.high == row.high, row.payer_certainty == "stated"
        fill = (look.PROJ if sure else look.PROJ_PALE) if known else look.PAPER
        tie, top, y = {"href": row.of_href, "said": row.said}, y + 4, y + 4 + row.tall
        marks.append(look.rect(left, end, top, y, fill, look.PROJ, not sure, **tie))
        if not narrow:
            middle = (top + y) / 2
            marks += _cell(row, "payer", 0, middle, left - 14)
            marks += _cell(row, "places", end + 14, middle, look.WIDE - end - 14)
        y += 20
    return look.canvas(marks, look.NARROW if narrow else look.WIDE, y)


def _cell(row, name, x, middle, width, before="", **style):
    """Set the words of a column of `flows` around a middle, tied to their own proof."""
    said = before + getattr(row, name)
    tie = {"href": getattr(row, f"{name}_href"), "said": said}
    return _lines(x, middle, look.wrap(said, width), **style, **tie)


def _bars(rows, y, width, narrow, inset=0, payer=False, scale=0):
    """Lay out a named bar a row from `y` down; return marks, where they end, and their scale."""
    left, marks = inset if narrow else 345 if payer else 275, []
    said = [look.wrap(_words(row), width - 20 if narrow else 260) for row in rows.itertuples()]
    room = [inset if narrow else look.LETTER * max(map(len, ends)) + 16 for ends in said]
    free = [(width - left - r) / high for r, high in zip(room, rows.high, strict=True) if high > 0]
    scale = scale or min(free, default=0)
    for row, ends in zip(rows.itertuples(), said, strict=True):
        tie, full = {"href": row.href, "said": f"{row.label}: {_words(row)}"}, _colour(row)
        whose = f"Payer {row.payer}" if row.payer in GONE else row.payer
        names = dict.fromkeys([whose, row.label] if payer else [row.label])
        lines = [
            line for name in names for line in look.wrap(name, (width if narrow else left) - 20)
        ]
        deep = look.LINE * (len(lines) + len(ends) if narrow else max(len(lines), len(ends)))
        at = y + deep + 4 if narrow else y + max(0, (deep - BAR) / 2)
        low, high = (left + scale * (0 if math.isnan(n) else n) for n in (row.low, row.high))
        middle = y + look.LINE * len(lines) / 2 if narrow else at + BAR / 2
        marks += _lines(inset, middle, lines, **tie)
        if not math.isnan(row.low):
            marks.append(look.rect(left, low, at, at + BAR, full, **tie))
            marks.append(look.rect(low, high, at, at + BAR, look.PALE[full], full, **tie))
        middle = y + deep - look.LINE * len(ends) / 2 if narrow else at + BAR / 2
        marks += _lines(inset if narrow else high + 8, middle, ends, bold=True, **tie)
        y = at + BAR + 14 if narrow else y + max(deep, BAR) + 14
    return marks, y, scale


def _bounded(amounts):
    """Add the bounds of each amount, and the way to its evidence."""
    needed = (
        "label level payer receiver printed usd status channel when in_window counted share of note"
    )
    look.takes(amounts, "funding.amounts()", needed)
    sides = amounts.usd.array
    return look.linked(amounts.assign(low=sides.left.astype(float), high=sides.right.astype(float)))


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
    return f"{said}, without years" if row.in_window == "no date" else said


def _colour(row):
    kinds = {"project": look.PROJ, "agreement": look.DUES}
    if row.level == TOTAL and row.in_window == "no date":
        return look.SOFT
    return look.DUES if row.channel == ASSESSED else kinds.get(row.level, look.POINT)


def _lines(x, middle, lines, fill=look.INK, **more):
    """Set lines below each other around a middle."""
    return look.lines(x, middle - look.LINE * (len(lines) - 1) / 2, lines, fill, **more)
