"""Pictures of what money moved: linear scales, words as printed at the bars, ranges as ranges.

Each is laid out in pixels, so that every label has room of its own, wide and narrow.
"""

import math
import textwrap

import altair as alt
import pandas as pd

from ilodata import words
from ilodata.charts import look

TOTAL, ASSESSED = "total of a channel", "membership dues"  # as funding.amounts says them
LETTER = 8.7  # pixels that a letter takes, in the widest of the usual fonts
BAR, LINE = 24, 18  # pixels
DWARFS = 4  # a bar so many times as long as all others together is opened out


def dues_and_rest(amounts):
    """Draw the largest total as one bar, and what came beyond it opened out of that bar.

    Parameters
    ----------
    amounts : DataFrame
        From ``funding.amounts``: label, level, payer, printed, usd, channel, when, in_window,
        counted, share, note, of.

    Returns
    -------
    Altair chart
        A bar is as long as the least that its wording supports; its pale end reaches to the most.
        Where no total dwarfs the others, it is that of `by_payer`.
    """
    rows = _bounded(amounts)
    totals = rows[(rows.level == TOTAL) & rows.high.notna()].sort_values("high", ascending=False)
    spoken = totals[totals.counted] if totals.counted.any() else totals[totals.when.notna()]
    if len(spoken) < 2 or spoken.low.iloc[0] < DWARFS * spoken.high.iloc[1:].sum():
        return by_payer(amounts)
    big, rest = spoken.iloc[0], totals.drop(spoken.index[0])
    rest = rest.assign(aside=~rest.index.isin(spoken.index)).sort_values("aside", kind="stable")
    beyond = rest[~rest.aside].high.sum()

    def draw(narrow):
        width, top = look.NARROW if narrow else look.WIDE, LINE + 6
        scale = width / (big.high + beyond)
        sure, most, low = big.low * scale, big.high * scale, top + 46 + 24
        name = words.capital(big.channel if isinstance(big.channel, str) else big.label)
        said = [f"{name}:", _words(big)] if narrow else [f"{name}: {_words(big)}"]
        tie, full = {"href": big.href, "said": " ".join(said)}, _colour(big)
        others = {"href": f"#{'+'.join(rest.of[~rest.aside])}", "said": "The rest"}
        share = f"{words.capital(big['share'])} dollars" if isinstance(big["share"], str) else ""
        bars, bottom, panel = _bars(rest, low + 34, width, narrow, inset=10)
        zoomed = f"The rest, enlarged {panel / scale:.0f} times"
        marks = [
            _band([(top + 46, most, width), (low, 0, width)], look.POINT_WASH, way="horizontal"),
            _rect(0, width, low, bottom - low, look.POINT_WASH),
            _text(0, 14, share, look.DUES, "bold", **tie),
            _text(width, 14, "the rest", look.POINT, "bold", align="right", **others),
            _rect(0, sure, top, 46, full, **tie),
            _rect(sure, most, top, 46, look.PALE[full], **tie),
            _rect(most, width, top, 46, look.POINT, **others),
            *_centred(10, top + 23, said, look.PAPER, "bold", **tie),
            _text(10, low + 20, zoomed, look.SOFT),
        ]
        return _canvas(marks + bars, width, bottom)

    hedged = " Pale ends: the room that we read into a hedge." * bool(
        (totals.low < totals.high).any()
    )
    return look.finish(draw, _title(rows), f"US dollars, linear scale.{hedged}", _told(totals))


def by_payer(amounts):
    """Draw amounts as bars by payer, each level on a scale of its own, since none may be added.

    Parameters
    ----------
    amounts : DataFrame
        From ``funding.amounts``.

    Returns
    -------
    Altair chart
    """
    rows = _bounded(amounts)
    if rows.empty:
        return look.nothing(_title(rows))

    def draw(narrow):
        width, marks, y = look.NARROW if narrow else look.WIDE, [], 0
        for level, own in rows.groupby("level", sort=False):
            heading = "totals of channels" if level == TOTAL else f"{level}s"
            marks.append(_text(0, y + 14, words.capital(heading), look.SOFT))
            own = own.sort_values(["high"], ascending=False)
            bars, y, _ = _bars(own, y + 28, width, narrow, payer=True)
            marks += bars
        return _canvas(marks, width, y)

    apart = "US dollars. Each group has its own scale: groups are not added up."
    return look.finish(draw, _title(rows.assign(counted=False)), apart, _told(rows))


def flows(projects):
    """Draw who paid for which project, and where it reaches: one band a project.

    Parameters
    ----------
    projects : DataFrame
        From ``funding.projects``: project, payer, amount, places (linked text), usd,
        payer_certainty.

    Returns
    -------
    Altair chart
        A band is as thick as its amount, an outline where none can be read, dashed where the payer
        is inferred. No amount is split between places.
    """
    title, columns = "From payer to project to place", ["payer", "project", "amount", "places"]
    if projects.empty:
        return look.nothing(title)
    rows = projects.rename_axis("record").reset_index()
    for name in columns:
        rows[name] = [_plain(text, name) for text in projects[name]]
        rows[f"{name}_href"] = [
            "#" + _sources(text) if "[[" in text else None for text in projects[name]
        ]
    rows["of"] = [_sources(*each) for each in projects[["project", "payer", "amount"]].to_numpy()]
    rows["high"] = [float(usd.right) if pd.notna(usd) else math.nan for usd in projects.usd]
    rows["size"] = rows.high.groupby(rows.payer).transform("sum")
    rows = look.linked(rows.sort_values(["size", "payer", "high"], ascending=False, kind="stable"))
    rows["said"] = rows.payer + ": " + rows.amount + " for " + rows.project + ", " + rows.places
    rows["tall"] = (36 * rows.high / rows.high.max()).clip(lower=8).fillna(10)
    told = "As thick as the amount; outline: no amount that can be read; dashed: payer inferred or missing."
    draw = {True: _under_each_other, False: _side_by_side}
    return look.finish(lambda narrow: draw[narrow](rows), title, told, "; ".join(rows.said) + ".")


def _side_by_side(rows):
    """Lay out bands from a column of payers through one of projects to one of places."""
    heads = ((0, "Payer"), (268, "Project"), (610, "Place"))
    marks, y, middles = [_text(x, 14, head, look.SOFT) for x, head in heads], LINE + 12, []
    for row in rows.itertuples():
        told = [*_wrap(row.project, 240), *_wrap(row.amount, 240)]
        lines = max(map(len, (told, _wrap(row.places, 150), _wrap(row.payer, 180))))
        middles.append(y + max(row.tall, LINE * lines) / 2)
        y += max(row.tall, LINE * lines) + 12
    for payer, own in rows.assign(y=middles).groupby("payer", sort=False):
        start = own.y.mean() - (own.tall.sum() + 4 * (len(own) - 1)) / 2
        tie = {"href": own.payer_href.iloc[0], "said": payer}
        marks += _centred(0, own.y.mean(), _wrap(payer, 180), **tie)
        for row in own.itertuples():
            marks += _bands(row, start + row.tall / 2) + _labels(row)
            start += row.tall + 4
    return _canvas(marks, look.WIDE, y)


def _bands(row, start):
    """Lead a band from its payer, at the height `start`, to its project and on to its place."""
    bend = [at / 8 for at in range(9)] if abs(start - row.y) > 1 else [0, 1]
    curve = [(190 + 70 * at, start + (row.y - start) * at**2 * (3 - 2 * at)) for at in bend]
    tie, half = {"href": row.href, "said": row.said}, row.tall / 2
    return [
        _band([(x, y - half, y + half) for x, y in way], **_style(row), **tie)
        for way in (curve, [(530, row.y), (600, row.y)])
    ]


def _labels(row):
    """Set the words of a project and its place beside its bands, each tied to its own proof."""
    project, amount = _wrap(row.project, 240), _wrap(row.amount, 240)
    first, whole = LINE * len(amount) / 2, LINE * len(project) / 2
    tie = {"href": row.project_href, "said": row.project}
    marks = _centred(268, row.y - first, project, **tie)
    tie = {"href": row.amount_href, "said": row.amount}
    marks += _centred(268, row.y + whole, amount, **tie)
    tie = {"href": row.places_href, "said": row.places}
    return marks + _centred(610, row.y, _wrap(row.places, 150), **tie)


def _under_each_other(rows):
    """Lay out each project as a band with its words above, for a phone."""
    marks, y = [], 0
    for row in rows.itertuples():
        told = {
            "project": row.project,
            "amount": row.amount,
            "payer": f"From: {row.payer}",
            "places": f"To: {row.places}",
        }
        for name, text in told.items():
            tie = {"href": getattr(row, f"{name}_href"), "said": text}
            lines, weight = _wrap(text, look.NARROW), "bold" if name == "project" else "normal"
            marks += _centred(0, y + LINE * len(lines) / 2, lines, look.INK, weight, **tie)
            y += LINE * len(lines)
        ends = [(x, y + 4, y + 4 + row.tall) for x in (0, look.NARROW)]
        marks.append(_band(ends, **_style(row), href=row.href, said=row.said))
        y += row.tall + 22
    return _canvas(marks, look.NARROW, y)


def _style(row):
    """Colour a band: full, or an outline; dashed where who paid is inferred."""
    known, sure = row.high == row.high, row.payer_certainty == "stated"
    fill = look.PROJ if known and sure else look.PROJ_PALE if known else look.PAPER
    return {"fill": fill, "stroke": look.PROJ, "dash": not sure}


def _bars(rows, y, width, narrow, inset=0, payer=False):
    """Lay out a named bar a row from `y` down; return marks, where they end, and their scale."""
    left, marks = inset if narrow else 345 if payer else 275, []
    room = [inset if narrow else LETTER * len(_words(row)) + 16 for row in rows.itertuples()]
    free = [(width - left - r) / high for r, high in zip(room, rows.high, strict=True) if high > 0]
    scale = min(free, default=0)
    for row in rows.itertuples():
        tie, full = {"href": row.href, "said": f"{row.label}: {_words(row)}"}, _colour(row)
        whose = row.payer if isinstance(row.payer, str) else "Payer not in our tables"
        names = dict.fromkeys([whose, row.label] if payer else [row.label])
        lines = [line for name in names for line in _wrap(name, (width if narrow else left) - 20)]
        ends = _wrap(_words(row), width - 20) if narrow else [_words(row)]
        deep = LINE * (len(lines) + len(ends) * narrow)
        at = y + deep + 4 if narrow else y + max(0, (deep - BAR) / 2)
        low, high = (0 if math.isnan(side) else side * scale for side in (row.low, row.high))
        marks += _centred(inset, y + LINE * len(lines) / 2, lines, **tie)
        if not math.isnan(row.low):
            aside = row.in_window == "no date" or row.note
            marks.append(
                _rect(left, left + low, at, BAR, look.PALE[full] if aside else full, full, **tie)
            )
            marks.append(_rect(left + low, left + high, at, BAR, look.PALE[full], full, **tie))
        middle = y + deep - LINE * len(ends) / 2 if narrow else at + BAR / 2
        marks += _centred(
            inset if narrow else left + high + 8, middle, ends, look.INK, "bold", **tie
        )
        y = at + BAR + 14 if narrow else y + max(deep, BAR) + 14
    return marks, y, scale


def _bounded(amounts):
    """Add the bounds of each amount, and the way to its evidence."""
    sides = amounts.usd.array
    return look.linked(amounts.assign(low=sides.left.astype(float), high=sides.right.astype(float)))


def _title(rows):
    """Say whose money of which years a picture shows."""
    spoken = rows[rows.counted] if rows.counted.any() else rows[rows.note == ""]
    who, when = spoken.payer.dropna().unique(), rows[rows.counted].when.dropna().unique()
    return f"Money{f' from {who[0]}' if len(who) == 1 else ''}{f', {when[0]}' if len(when) == 1 else ''}"


def _told(rows):
    """Say what a picture shows to readers who cannot see it."""
    return "; ".join(f"{row.label}: {_words(row)}" for row in rows.itertuples()) + "."


def _words(row):
    """Say an amount as printed, in quotes where it hedges or cannot be read."""
    said = row.printed if row.low == row.high else f"“{row.printed}”"
    said = f"misprinted: {said}" if math.isnan(row.low) else said
    return f"{said}, no years given" if row.in_window == "no date" else said


def _colour(row):
    kinds = {"project": look.PROJ, "agreement": look.DUES}
    return look.DUES if row.channel == ASSESSED else kinds.get(row.level, look.POINT)


def _plain(text, name):
    return words.capital(f"{name} not in our tables") if text == "–" else words.plain(text)


def _sources(*texts):
    return "+".join(link.of for text in texts for link in words.links(text))


def _wrap(text, width):
    return textwrap.wrap(text, int(width / LETTER))


def _text(x, y, text, colour, weight="normal", align="left", **tie):
    place = {"x": round(x, 1), "y": round(y, 1), "text": text, "fill": colour}
    return {"kind": f"text|{align}|{weight}", **place, **tie}


def _centred(x, middle, lines, colour=look.INK, weight="normal", **tie):
    """Set lines below each other around a middle."""
    top = middle - LINE * len(lines) / 2 + 14
    return [_text(x, top + LINE * n, line, colour, weight, **tie) for n, line in enumerate(lines)]


def _rect(x, x2, y, tall, fill, stroke=None, **tie):
    place = {"x": round(x, 1), "x2": round(x2, 1), "y": round(y, 1), "y2": round(y + tall, 1)}
    return {"kind": "bar", **place, "fill": fill, "stroke": stroke or fill, **tie}


def _band(edges, fill, stroke=None, dash=False, way="vertical", **tie):
    """Mark an area between two edges: (x, y, y2) each, or (y, x, x2) where it is horizontal."""
    names = ("x", "y", "y2") if way == "vertical" else ("y", "x", "x2")
    style = {"fill": fill, "stroke": stroke or fill, "id": "{:.0f} {:.0f}".format(*edges[0])}
    points = [dict(zip(names, (round(e, 1) for e in edge), strict=True)) | style for edge in edges]
    points[0] |= tie  # Vega takes the rest of an area from its first point
    return {"kind": f"area|{way}|{'dashed' * dash}", "points": points}


def _canvas(marks, width, height):
    """Put marks onto a canvas in pixels: areas, then bars, then words; one layer a kind."""
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False, zero=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False, zero=False))
    proof, fill = look.proof(), alt.Fill("fill:N", scale=None)
    both = {"x": x, "y": y, "x2": "x2:Q", "y2": "y2:Q"}
    layers = []
    for kind in sorted({mark["kind"] for mark in marks}):
        own = [mark for mark in marks if mark["kind"] == kind]
        rows = pd.DataFrame([part for mark in own for part in mark.pop("points", [mark])])
        chart = alt.Chart(rows.reindex(columns=[*{*rows.columns, "href", "said"}]))
        if kind.startswith("area"):
            _, way, dash = kind.split("|")
            drawn = chart.mark_area(orient=way, **({"strokeDash": look.DASH} if dash else {}))
            ends = {name: both[name] for name in ("x", "y", "y2" if way == "vertical" else "x2")}
            colours = {"fill": fill, "stroke": alt.Stroke("stroke:N", scale=None), "detail": "id:N"}
            layers.append(drawn.encode(**ends, **colours, **proof))
        elif kind == "bar":
            layers.append(
                chart.mark_rect().encode(
                    **both, fill=fill, stroke=alt.Stroke("stroke:N", scale=None), **proof
                )
            )
        else:
            _, align, weight = kind.split("|")
            drawn = chart.mark_text(align=align, fontWeight=weight, baseline="alphabetic")
            layers.append(drawn.encode(x=x, y=y, text="text:N", fill=fill, **proof))
    return alt.layer(*layers).properties(width=width, height=height)
