"""One look for every chart; each is tried somewhere; colours can be told apart by everybody."""

import re
from pathlib import Path

import altair as alt
import pytest

from ilodata import charts


def test_every_chart_function_is_held_to_what_it_owes_its_reader():
    tests = "".join(p.read_text("utf-8") for p in Path(__file__).parent.glob("test_*_charts.py"))
    tried = set(re.findall(r"charts\.(\w+)", tests))
    assert {name for name in charts.__all__ if name.islower()} <= tried


def test_data_by_an_address_is_an_error():
    chart = alt.Chart("https://example.org/data.csv").mark_point().encode(x="a:Q")
    with pytest.raises(ValueError, match="example.org"):
        chart._repr_mimebundle_()
