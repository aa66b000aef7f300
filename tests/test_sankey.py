"""Bands and boxes have the sizes of their amounts, fill one another, and do not lie on another."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ilodata.charts import sankey

MILLION = 1_000_000


def ways(*rows):
    """Give ways of rows: record, payer, channel, receiver, lowest and highest amount."""
    columns = ["record", "payer", "channel", "receiver", "low_usd", "high_usd"]
    frame = pd.DataFrame(rows, columns=columns).set_index("record")
    frame = frame.astype({"low_usd": "Int64", "high_usd": "Int64"})
    frame = frame.sort_values("high_usd", ascending=False)
    by = {"channel_by": "stated", "receiver_by": "inferred"}
    frame = frame.assign(label=frame.index, said="US$ 1 million", **by)
    order = ["label", "said", "low_usd", "high_usd", "payer", "channel_by", "channel"]
    return frame[[*order, "receiver_by", "receiver"]]


ASSESSED = ("assessed", "China", "assessed", "receiver not stated", 235 * MILLION, 236 * MILLION)
VOLUNTARY = ("voluntary", "China", "voluntary", "ILO", 5_200_000, 5_200_000)
FUND = ("fund", "China", "trust fund", "receiver not stated", 1_100_000, 1_200_000)
UNKNOWN = ("unknown", "payer not stated", "voluntary", "ILO", None, None)


def test_an_end_that_is_not_stated_is_an_end_and_each_link_keeps_its_basis():
    nodes, links = sankey.lay_out(ways(VOLUNTARY, FUND))
    assert list(nodes.name[nodes.step == "receiver"]) == ["ILO", "receiver not stated"]
    assert list(nodes.stated[nodes.step == "receiver"]) == [True, False]
    assert list(links.basis[links.target == "ILO"]) == ["inferred"]
    assert set(links.basis[links.source == "China"]) == {"stated"}


def test_a_band_is_as_thick_as_its_amount_to_one_scale_and_its_core_as_the_least_of_it():
    nodes, links = sankey.lay_out(ways(VOLUNTARY, FUND))
    thick = links.drop_duplicates("record").set_index("record")
    scale = nodes[nodes.kind == "scale"].iloc[0]
    pixels = (scale.bottom - scale.top) / MILLION
    assert scale["name"] == "this thick: US$ 1 million"
    assert thick.high["voluntary"] == thick.low["voluntary"] == pytest.approx(5.2e6 * pixels)
    assert thick.low["fund"] == pytest.approx(1.1e6 * pixels)
    assert thick.high["fund"] == pytest.approx(1.2e6 * pixels)


def test_a_flow_that_dwarfs_all_others_has_a_scale_of_its_own():
    nodes, links = sankey.lay_out(ways(ASSESSED, VOLUNTARY, FUND))
    assert list(nodes[nodes.kind == "scale"].name) == [
        "this thick: US$ 50 million", "this thick: US$ 1 million",
    ]  # fmt: skip
    first = links[links.record == "assessed"]
    assert (first.y0 + first.high / 2).max() < links[links.record != "assessed"].y0.min()
    assert list(nodes[nodes.name == "China"].said) == [
        "between US$ 235 million and US$ 236 million",
        "between US$ 6.3 million and US$ 6.4 million",
    ]


def test_an_unknown_amount_is_a_thin_band_without_a_core_and_alone_has_no_scale():
    nodes, links = sankey.lay_out(ways(UNKNOWN))
    assert not links.known.any() and set(links.low) == {0} and set(links.high) == {sankey.THIN}
    assert "scale" not in set(nodes.kind)


amount = st.tuples(
    st.sampled_from(["China", "Ministry", "Fund", "payer not stated"]),
    st.sampled_from(["assessed", "voluntary", "trust fund"]),
    st.sampled_from(["Skills", "Protection", "Unions", "Nigeria", "A", "B"]),
    st.one_of(st.none(), st.integers(1, 10**7)),
    st.integers(0, 10**6),
)


@settings(max_examples=25)
@given(st.lists(amount, min_size=1, max_size=7))
def test_bands_fill_their_ends_and_no_end_lies_on_another(amounts):
    rows = [
        (f"x{n}", *ends, low, None if low is None else low + more)
        for n, (*ends, low, more) in enumerate(amounts)
    ]
    nodes, links = sankey.lay_out(ways(*rows))
    boxes = nodes[nodes.kind == "node"]
    for _, column in boxes.sort_values("top").groupby("x"):
        assert (column.top.iloc[1:].to_numpy() > column.bottom.iloc[:-1].to_numpy()).all()
    for end, place in (("source", "y0"), ("target", "y1")):
        at = links.x0 if end == "source" else links.x1
        for box in boxes.itertuples():
            here = links[(links[end] == box.name) & (at == box.x)]
            here = here[(here[place] >= box.top) & (here[place] <= box.bottom)].sort_values(place)
            gaps = sankey.GAP * (len(here) - 1)
            assert len(here) == 0 or here.high.sum() + gaps == pytest.approx(box.bottom - box.top)
            tops, bottoms = here[place] - here.high / 2, here[place] + here.high / 2
            assert (tops.iloc[1:].to_numpy() > bottoms.iloc[:-1].to_numpy()).all()
    assert len(links) == 2 * len(rows)
