"""One look for every chart; each is tried somewhere; colours can be told apart by everybody."""

import copy
import json
import os
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from altair.utils import schemapi

from ilodata import charts
from ilodata.charts import look


def test_every_chart_function_is_held_to_what_it_owes_its_reader():
    tests = "".join(p.read_text("utf-8") for p in Path(__file__).parent.glob("test_*_charts.py"))
    tried = set(re.findall(r"charts\.(\w+)", tests))
    assert {name for name in charts.__all__ if name.islower()} <= tried


def test_data_by_an_address_is_an_error():
    chart = alt.Chart("https://example.org/data.csv").mark_point().encode(x="a:Q")
    with pytest.raises(ValueError, match="example.org"):
        chart._repr_mimebundle_()


# How colours look without the cones for red, green or blue: Machado, Oliveira and Fernandes 2009,
# severity 1, on linear RGB. The first row of matrices is ordinary sight.
SIGHT = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
LINEAR_TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
D65 = (0.95047, 1, 1.08883)


def linear(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def seen(colour, sight):
    """Return what an eye makes of a colour, in CIELAB, where 2 is about what can be told apart."""
    light = [min(1, max(0, part)) for part in times(SIGHT[sight], linear(colour))]
    xyz = [part / white for part, white in zip(times(LINEAR_TO_XYZ, light), D65, strict=True)]
    x, y, z = [t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in xyz]
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_the_distance_of_colours_is_that_of_the_books():
    # Red and green of sRGB, and how close they come without the cones for green.
    red, green = "#ff0000", "#008000"
    assert seen(red, "all cones") == pytest.approx((53.2, 80.1, 67.2), abs=0.1)
    lost = [
        abs(a - b) for a, b in zip(*(seen(it, "deuteranopia") for it in (red, green)), strict=True)
    ]
    assert max(lost) < 30


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("name", ["KINDS", "ROLES", "CHANNELS", "BASES"])
def test_colours_that_stand_together_can_be_told_apart_by_every_eye(name, sight):
    palette = getattr(look, name)
    colours = {it[0] if isinstance(it, tuple) else it for it in palette.values()}
    assert len(colours) == len(palette)
    for one, other in combinations(sorted(colours), 2):
        pairs = zip(seen(one, sight), seen(other, sight), strict=True)
        assert sum((a - b) ** 2 for a, b in pairs) ** 0.5 > 20, (one, other)


@pytest.mark.parametrize("name", ["BLUE", "ORANGE", "GREEN", "PURPLE", "GREY"])
def test_any_colour_of_a_chart_can_be_that_of_its_words(name):
    red, green, blue = linear(getattr(look, name))
    assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5


def test_the_parts_of_a_chart_are_shared_and_none_changes_with_another():
    rows = pd.DataFrame({"a": [1], "b": ["x"]})
    pick = alt.selection_point(name="pick", fields=["b"])
    base = look.Chart(rows).mark_bar().encode(x="a:Q")
    before = base.to_dict()
    points = base.mark_point().add_params(pick)
    wide = alt.layer(points, base.mark_rule(), width=300)
    both = alt.vconcat(wide, copy.deepcopy(wide).properties(height=50))
    plain = alt.Chart(rows).mark_bar().encode(x="a:Q")
    copied = alt.layer(plain.mark_point().add_params(pick), plain.mark_rule(), width=300)
    apart = alt.vconcat(copied, copy.deepcopy(copied).properties(height=50))
    ours, theirs = [
        re.sub("view_[0-9a-f]{16}", "view", json.dumps(each.to_dict())) for each in (both, apart)
    ]
    assert ours == theirs
    assert base.to_dict() == before


def test_parts_that_are_alike_but_for_their_rows_have_names_of_their_own():
    pick = alt.selection_point(name="pick", fields=["a"])
    lanes = [look.Chart(pd.DataFrame({"a": [n]})).mark_bar().encode(x="a:Q") for n in (1, 2)]
    made = alt.vconcat(*(alt.layer(lane.add_params(pick), lane) for lane in lanes)).to_dict()
    named = [lane["layer"][0]["name"] for lane in made["vconcat"]]
    assert len(set(named)) == 2 and made["params"][0]["views"] == named


def test_altair_checks_other_charts_again_after_ours_failed():
    plain = schemapi._todict, schemapi.SchemaBase.validate
    with pytest.raises(ValueError, match="own fault"):
        look.drawing(lambda: (_ for _ in ()).throw(ValueError("own fault")))()
    assert plain == (schemapi._todict, schemapi.SchemaBase.validate)
    with pytest.raises(schemapi.SchemaValidationError, match="bars"):
        alt.Chart(mark="bars").to_dict()


def test_charts_of_a_notebook_that_nobody_keeps_are_not_drawn():
    chart = charts.counts(pd.DataFrame({"row": ["a"], "column": ["b"], "number": [1]}), "Two")
    drawn = chart._repr_mimebundle_()
    with look.undrawn():
        spared = chart._repr_mimebundle_()
    assert spared[charts.MIME] == drawn[charts.MIME]
    assert len(spared["image/svg+xml"]) < 100 < len(drawn["image/svg+xml"])
    assert chart._repr_mimebundle_() == drawn


WORDS = {"data": {"values": [{"a": "Wide words, WAVE"}]}, "encoding": {"text": {"field": "a"}}}


def test_a_text_takes_the_room_of_our_own_font_whatever_fonts_there_are():
    # In a process of its own: the engine looks for fonts once.
    code = """\
import os, sys
from ilodata.charts import look
os.environ["FONTCONFIG_FILE"] = sys.argv[1]
words = {"data": {"values": [{"a": "Wide words, WAVE"}]}, "encoding": {"text": {"field": "a"}}}
for font in ("DejaVu Sans", "A font that nobody has", "sans-serif"):
    print(look.draw(words | {"mark": {"type": "text", "font": font}}).replace(font, "FONT"))
print(os.environ["FONTCONFIG_FILE"])
"""
    run = [sys.executable, "-c", code, "/etc/fonts/fonts.conf"]
    printed = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    dejavu, unknown, ours, after = printed.splitlines()
    assert dejavu == unknown != ours
    assert after == "/etc/fonts/fonts.conf"


def test_the_surroundings_are_as_before():
    before = dict(os.environ)
    look._start_engine.cache_clear()
    drawn = look.draw(WORDS | {"mark": "text"})
    assert re.search(r"<text[^>]*>Wide words, WAVE</text>", drawn)
    assert dict(os.environ) == before
