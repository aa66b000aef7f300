"""How much of what we say is inferred."""

import altair as alt

from ilodata.charts import look


def inferred(subjects):
    """Draw the share of inferred values of each subject as a bar on the ground of all values.

    Parameters
    ----------
    subjects : DataFrame
        From ``sources.subjects``: subject, values, inferred, share, said, of, how.

    Returns
    -------
    Altair chart
    """
    look.takes(subjects, "sources.subjects()", "subject share said of how")
    title = "Values that we inferred, by subject"
    if subjects.empty:
        return look.nothing(title)
    rows = look.linked(subjects).assign(told=subjects.subject + ": " + subjects.said, all=1)

    def draw(narrow):
        return _narrow(rows) if narrow else _wide(rows)

    most = rows.loc[rows.share.idxmax()]
    return look.finish(
        draw,
        title,
        "Share of the values about each subject that no sentence states by itself",
        f"Bars of shares, the largest first: {most.told}.",
    )


def _wide(rows):
    """Draw each subject's name left of its bar."""
    axis = alt.Axis(
        title=None, labelLimit=0, labelFontSize=look.TEXT, labelAlign="left", labelPadding=140
    )
    y = alt.Y("subject:N", sort=None, axis=axis)
    base = alt.Chart(rows).encode(y=y)
    return _bars(base, 22, 0).properties(width=600, height=alt.Step(34))


def _narrow(rows):
    """Draw each subject's name above its bar."""
    y = alt.Y("subject:N", sort=None, axis=None)
    base = alt.Chart(rows).encode(y=y)
    names = base.mark_text(align="left", dy=-14).encode(x=alt.value(0), text="subject:N")
    return (_bars(base, 16, 6) + names).properties(width=340, height=alt.Step(52))


def _bars(base, height, down):
    """Draw the ground, the inferred part, and its words behind it."""
    x = alt.X("share:Q", scale=alt.Scale(domain=[0, 1]), axis=None)
    ground = base.mark_bar(height=height, color=look.CELL, yOffset=down).encode(
        x=alt.X("all:Q", scale=alt.Scale(domain=[0, 1]), axis=None)
    )
    part = base.mark_bar(height=height, color=look.POINT, yOffset=down)
    said = base.mark_text(align="left", dx=8, dy=down).encode(x=x, text="said:N")
    return ground + part.encode(x=x, **look.proof("told")) + said
