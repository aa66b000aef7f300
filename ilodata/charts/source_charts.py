"""Pictures of the state of the evidence."""

import altair as alt

from ilodata.charts import look


def support(counted):
    """Draw how many cells of each table are stated, and how many inferred.

    Parameters
    ----------
    counted : DataFrame
        From ``evidence.coverage``: table, basis, cells.

    Returns
    -------
    Altair chart
    """
    title = "Cells with evidence, by table and basis"
    if counted.empty:
        return look.nothing(title)
    scale = alt.Scale(domain=list(look.BASES), range=list(look.BASES.values()))
    order = list(dict.fromkeys(counted.sort_values("cells", ascending=False)["table"]))
    chart = (
        alt.Chart(counted[["table", "basis", "cells"]])
        .mark_bar()
        .encode(
            x=alt.X("cells:Q", title="cells"),
            y=alt.Y("table:N", title=None, sort=order),
            color=alt.Color("basis:N", title="Basis", scale=scale),
            order=alt.Order("basis:N", sort="descending"),
            tooltip=["table:N", "basis:N", "cells:Q"],
        )
        .properties(width=look.WIDTH, height=look.height(len(order)))
    )
    said = "; ".join(f"{r.table}, {r.basis}: {r.cells}" for r in counted.itertuples())
    return look.finish(chart, title, f"{said}.")
