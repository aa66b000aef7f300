"""Where the bands and boxes of a Sankey diagram lie: sizes in pixels, before anything is drawn."""

import itertools
import math
import textwrap

import pandas as pd

from ilodata import uncertain
from ilodata.uncertain import Bounds

LEADS = 4  # columns before the first end: what the amount is called, and how much it is
APART = 10  # a flow so many times all others together has a scale of its own
THICK, THIN, GAP = 150, 9, 3  # pixels: all flows of a scale, one of unknown amount, between two
LINE = 12  # pixels: a line of words
NARROW, WIDE = 56, 108  # letters side by side, over all steps, on a phone and on a page


def lay_out(ways):
    """Lay out amounts as bands from end to end.

    A band is as thick as its amount, to one scale; a flow that dwarfs all others has a scale of
    its own.

    Parameters
    ----------
    ways : DataFrame
        From ``funding.flows``.

    Returns
    -------
    nodes, links : DataFrame
        Nodes: kind ("node", or "scale": how thick a round amount is), step, name, stated, said
        (the sum in words), x, top, bottom, narrow and wide (the words above, in lines). Links, one
        a step of an amount: record, label, source, target, said, basis ("stated", "inferred", or
        "not stated" where neither end is), known, x0, x1, y0, y1 (centres), low, high (thickness).
        Places are in steps to the right and pixels downwards, thickness is in pixels.
    """
    steps = [name for name in ways.columns[LEADS:] if not name.endswith("_by")]
    nodes, links, top = [], [], 2 * LINE
    while len(ways):
        high = ways.high_usd.fillna(0)
        apart = 1 if high.iloc[0] > APART * high.iloc[1:].sum() > 0 else len(ways)
        top = _lay_out(ways.iloc[:apart], steps, top, nodes, links) + 2 * LINE
        ways = ways.iloc[apart:]
    return pd.DataFrame(nodes), pd.DataFrame(links)


def _lay_out(rows, steps, top, nodes, links):
    """Lay out the flows of one scale below `top`; return where they end."""
    every = rows.high_usd.sum()
    scale = THICK / every if every else 0
    if every:
        tens = 10 ** math.floor(math.log10(every / 4))
        size = max(count * tens for count in (1, 2, 5) if count * tens <= every / 4)
        said = f"this thick: {uncertain.say_bounds(Bounds(size, size))}"
        nodes.append(_node("scale", "", said, 0, top, size * scale, True, ""))
        top += size * scale + LINE
    rows = rows.assign(thick=(rows.high_usd * scale).astype(float).fillna(THIN).clip(lower=1))
    # What shares the fewest ends stands together, so that few bands cross; the thickest first.
    for step in sorted(steps, key=lambda step: -rows[step].nunique()):
        rows = rows.assign(size=rows.thick.groupby(rows[step]).transform("sum"))
        rows = rows.sort_values(["size", step], ascending=[False, True], kind="stable")
    own = steps[-2]  # the step that each amount has for itself: its channel, or its project
    spine = max([own, *steps], key=lambda step: rows[step].nunique())
    rows = {
        row["record"]: row for row in rows.rename_axis("record").reset_index().to_dict("records")
    }
    centres = {spine: dict(zip(rows, range(len(rows)), strict=True))}
    bottoms = []
    for step in [spine, *(step for step in steps if step != spine)]:
        wanted = centres.get(step, centres[spine])
        found, centres[step], bottom = _stack(rows, steps, step, wanted, top)
        nodes += found
        bottoms.append(bottom)
    for at, (source, target) in enumerate(itertools.pairwise(steps)):
        for key, row in rows.items():
            known = pd.notna(row["low_usd"])
            links.append(
                {
                    "record": key, "label": row["label"], "source": row[source],
                    "target": row[target], "said": row["said"], "basis": row[f"{target}_by"],
                    "known": known, "x0": at, "x1": at + 1, "y0": centres[source][key],
                    "y1": centres[target][key], "low": row["low_usd"] * scale if known else 0,
                    "high": row["thick"],
                }
            )  # fmt: skip
    return max(bottoms)


def _stack(rows, steps, step, wanted, top):
    """Stack the nodes of a step, each as near as it can be to where its flows want it."""
    flows, nodes, centres = {}, [], {}
    for key, row in rows.items():
        flows.setdefault(row[step], []).append(key)
    means = {
        name: math.fsum(wanted[key] for key in flows[name]) / len(flows[name])
        for name in sorted(flows)
    }
    for name in sorted(means, key=means.get):
        here = [rows[key] for key in sorted(flows[name], key=wanted.get)]
        # an amount stands at the step that it has for itself, in one piece
        said = [row["said"] for row in here] if step == steps[-2] and len(here) == 1 else []
        said = [text.replace("US$ ", "US$\u00a0").replace(" m", "\u00a0m") for text in said]
        texts = [name, *said]
        narrow, wide = (
            [line for text in texts for line in textwrap.wrap(text, letters // len(steps))]
            for letters in (NARROW, WIDE)
        )
        height = math.fsum(row["thick"] for row in here) + GAP * (len(here) - 1)
        top = max(top + LINE * len(narrow) + GAP, means[name] - height / 2)
        bounds = uncertain.bounds_of(
            *([row[end] for row in here] for end in ("low_usd", "high_usd"))
        )
        added = uncertain.say_bounds(uncertain.total(bounds))
        lines = "\n".join(narrow), "\n".join(wide)
        known = name != f"{step} not stated"
        x = steps.index(step)
        nodes.append(_node("node", step, name, x, top, height, known, added, *lines))
        for row in here:
            centres[row["record"]] = top + row["thick"] / 2
            top += row["thick"] + GAP
        top += LINE
    return nodes, centres, top


def _node(kind, step, name, x, top, height, is_stated, said, narrow="", wide=""):
    return {
        "kind": kind, "step": step, "name": name, "stated": is_stated, "said": said, "x": x,
        "top": top, "bottom": top + height, "narrow": narrow or name, "wide": wide or name,
    }  # fmt: skip
