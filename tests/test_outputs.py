"""Whatever a cell shows is shown on its page or named there and in the terminal."""

import base64

import altair as alt
import pandas as pd
import pytest
from lxml import html
from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_notebook, new_output

from ilodata.reports import lists, page

PIXEL = base64.b64encode(b"\x89PNG").decode()
REPORT = lists.Report("a", "A", "a.ipynb", {})


@pytest.fixture(scope="module")
def render():
    """Give a function that renders outputs of a cell: the page, and what it says it cannot show."""
    context = page.context([REPORT], "list.yaml")

    def make(*outputs):
        nb = new_notebook(cells=[new_code_cell("x")])
        nb.cells[0].outputs = list(outputs)  # some of what is tried here is not valid
        made, told = page.render(nb, REPORT, context)
        return html.document_fromstring(made), told["unseen"]

    return make


def shown(data, metadata=None):
    return from_dict({"output_type": "display_data", "data": data, "metadata": metadata or {}})


@pytest.mark.parametrize(
    ("kind", "body", "about", "said"),
    [("image/png", f"{PIXEL}\n", {"image/png": {"alt": "dots"}}, "dots"),
     ("image/jpeg", PIXEL, {}, "Picture without a description"),
     ("image/svg+xml", "\x89PNG", {}, "Picture without a description")],
)  # fmt: skip
def test_a_picture_is_held_by_the_page_with_its_text_alternative(render, kind, body, about, said):
    root, missed = render(shown({kind: body, "text/plain": "<Figure>"}, about))
    [image] = root.iter("img")
    held = image.get("src").removeprefix(f"data:{kind};base64,")
    assert base64.b64decode(held).decode("latin-1").endswith("PNG")
    assert image.get("alt") == said and not missed


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"application/vnd.jupyter.widget-view+json": {}, "text/plain": "IntSlider(value=7)"}, "IntSlider"),
        ({"application/vnd.plotly.v1+json": {}, "text/html": "<script>plot()</script>"}, "script"),
        ({"application/javascript": "x()"}, "application/javascript"),
        ({"text/html": "<b>Made</b><iframe src=x></iframe>"}, "iframe in HTML"),
        ({"text/html": "<style>p {}</style>"}, "HTML without words"),
        ({"application/pdf": "JVBER"}, "application/pdf"),
        ({"text/html": "<svg><path/></svg>"}, "svg in HTML"),
    ],
)  # fmt: skip
def test_what_a_page_cannot_show_is_named_on_it_and_in_the_terminal(render, data, named):
    root, [said] = render(shown(data))
    assert named in root.xpath("string(//p[@class='unseen'])") and not list(root.iter("iframe"))
    assert bool(root.xpath("//div[@class='prose']/b")) == ("Made" in data.get("text/html", ""))
    assert said.startswith("cell 1 shows what a page cannot: ") and named in said


def test_a_formula_is_shown_as_text_and_markdown_as_prose(render):
    formula = shown({"text/latex": "$x^2$", "text/plain": "x²"})
    root, missed = render(formula, shown({"text/markdown": "**said**", "text/plain": "<Markdown>"}))
    assert root.xpath("string(//pre[@class='printed'])") == "x²" and not missed
    assert root.xpath("string(//div[@class='prose']//strong)") == "said"


@pytest.mark.parametrize("renderer", ["default", "mimetype", "ilodata", "svg", "png"])
def test_a_chart_without_our_helpers_is_drawn_whichever_renderer_showed_it(render, renderer):
    chart = alt.Chart(pd.DataFrame({"a": ["x"], "b": [1]})).mark_bar().encode(x="a", y="b")
    with alt.renderers.enable(renderer):
        data = chart._repr_mimebundle_()
    data, metadata = data if isinstance(data, tuple) else (data, {})
    if isinstance(data.get("image/png"), bytes):
        data["image/png"] = base64.b64encode(data["image/png"]).decode()
    root, _ = render(shown(data, metadata))
    assert list(root.iter("svg")) or list(root.iter("img")), f"{renderer}: {list(data)}"
    if renderer in ("default", "mimetype"):
        assert root.xpath("//figure//svg/@aria-label") == ["Chart without a description"]


def test_streams_and_errors_are_shown_as_in_a_terminal_without_colours_and_addresses(render):
    printed = ("\x1b[31mred\x1b[0m <a at 0x7f00deadbeef>\n", "10 %\r", "20 %\r", "done\r\n", "b\n")
    warning = "/tmp/ipykernel_12/34.py:1: UserWarning: w"
    root, _ = render(
        *(new_output("stream", text=text) for text in printed),
        new_output("stream", name="stderr", text=warning),
        new_output("error", ename="ZeroDivisionError", evalue="division by zero", traceback=[]),
    )
    said = [(it.get("class"), it.text) for it in root.iter("pre") if it.get("class")]
    assert said == [
        ("printed", "red <a at 0x…>\ndone\nb"),
        ("warned", "cell:1: UserWarning: w"),
        ("error", "ZeroDivisionError: division by zero"),
    ]
