"""Pictures of the state of the evidence."""

import json
import math
import textwrap

import altair as alt

from ilodata.charts import look

DOUBTED = ("inferred", "differs too", "open")  # columns that a reader should look at first
ROW = 20  # pixels
NARROW, LETTER = 330, 5.7  # pixels: what a phone shows, and a letter in it


@look.drawing
def counts(counted, title):
    """Draw how many there are of each pair, as numbers on a ground that is darker for more.

    Parameters
    ----------
    counted : DataFrame
        From ``evidence.by_document``, ``by_founding``, ``by_status`` or ``tally``: row, column,
        number.
    title : str
        What is counted, with its unit.

    Returns
    -------
    Altair chart
        A matrix; what is in doubt has the colour of what is inferred.
    """
    if counted.empty:
        return look.nothing(title)
    columns = list(dict.fromkeys(counted.column))
    rows = list(dict.fromkeys(counted["row"]))
    share = min(0.6, max(map(len, rows)) * LETTER / NARROW)  # of the width, for the names
    blank = math.ceil(share / (1 - share) * len(columns))
    letters = int(NARROW / (len(columns) + blank) / LETTER)
    whole = all(len(word) <= letters for name in columns for word in name.split())
    heads = {name: textwrap.wrap(name, letters) if whole else [name] for name in columns}
    deep = max(map(len, heads.values()))
    axis = alt.Axis(
        orient="top",
        labelExpr=f"({json.dumps(heads)})[datum.label] || ''",
        labelOverlap=False,
        **{"labelAngle": 0, "labelBaseline": "top", "labelPadding": 13 * deep}
        if whole
        else {"labelAngle": -90},
        **{"domain": False, "ticks": False},
    )
    domain = [" " * (n + 1) for n in range(blank)] + columns
    place = alt.X("column:N", title=None, scale=alt.Scale(domain=domain), axis=axis)
    base = look.Chart(counted).encode(
        x=place,
        y=alt.Y("row:N", title=None, sort=rows, axis=None),
        tooltip=look.tips("row:N", "column:N", "number:Q"),
    )
    doubted = {"field": "column", "oneOf": DOUBTED}
    ground = (
        base.properties(name="ground")
        .mark_rect(stroke="white")
        .encode(
            color=alt.ColorValue(look.BLUE, condition={"test": doubted, "value": look.ORANGE}),
            opacity=alt.Opacity(
                "number:Q", legend=None, scale=alt.Scale(type="sqrt", domainMin=0, range=[0, 0.5])
            ),
        )
    )
    numbers = base.mark_text(fontSize=11, color=look.INK).encode(text=alt.Text("number:Q"))
    first = look.Chart(counted.drop_duplicates("row")[["row"]])
    names = first.mark_text(align="left", fontSize=11, color=look.INK, limit=200).encode(
        x=alt.XValue(0), y=alt.Y("row:N", sort=rows, axis=None), text=alt.Text("row:N")
    )
    chart = alt.layer(ground, numbers, names)
    chart = chart.properties(width=look.WIDTH, height=ROW * len(rows))
    said = "; ".join(f"{r.row}, {r.column}: {r.number}" for r in counted.itertuples() if r.number)
    return look.finish(chart, title, f"{said}.")
