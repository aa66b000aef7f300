"""Whatever a cell shows is shown on its page or named there and in the terminal."""

import base64

import altair as alt
import pandas as pd
import pytest
from lxml import html
from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_notebook, new_output

from ilodata.reports import page

PIXEL = base64.b64encode(b"\x89PNG").decode()
REPORT = {"name": "a", "title": "A", "notebook": "a.ipynb", "parameters": {}, "declared": {}}


def notebook(data, metadata=None):
    nb = new_notebook(cells=[new_code_cell("x")])
    shown = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
    nb.cells[0].outputs = [from_dict(shown)]  # some of what is tried here is not valid
    return nb


@pytest.fixture(scope="module")
def render():
    context = page.context([REPORT], "list.yaml")

    def make(nb):
        made, told = page.render(nb, REPORT, context)
        return html.document_fromstring(made), told["unseen"]

    return make


@pytest.mark.parametrize(
    ("kind", "body", "about", "said"),
    [("image/png", f"{PIXEL}\n", {"image/png": {"alt": "dots"}}, "dots"),
     ("image/jpeg", PIXEL, {}, "Picture without a description"),
     ("image/svg+xml", "\x89PNG", {}, "Picture without a description")],
)  # fmt: skip
def test_a_picture_is_held_by_the_page_with_its_text_alternative(render, kind, body, about, said):
    root, missed = render(notebook({kind: body, "text/plain": "<Figure>"}, about))
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
    root, [said] = render(notebook(data))
    assert named in root.xpath("string(//p[@class='unseen'])") and not list(root.iter("iframe"))
    assert bool(root.xpath("//div[@class='prose']/b")) == ("Made" in data.get("text/html", ""))
    assert said.startswith("cell 1 shows what a page cannot: ") and named in said


@pytest.mark.parametrize(
    ("data", "where"),
    [({"text/latex": "$x^2$", "text/plain": "said"}, "//pre[@class='printed']"),
     ({"text/markdown": "**said**", "text/plain": "<Markdown>"}, "//div[@class='prose']//strong")],
)  # fmt: skip
def test_a_formula_is_shown_as_text_and_markdown_as_prose(render, data, where):
    root, missed = render(notebook(data))
    assert root.xpath(f"string({where})") == "said" and not missed


@pytest.mark.parametrize("renderer", ["default", "mimetype", "ilodata", "svg", "png"])
def test_a_chart_without_our_helpers_is_drawn_whichever_renderer_showed_it(render, renderer):
    chart = alt.Chart(pd.DataFrame({"a": ["x"], "b": [1]})).mark_bar().encode(x="a", y="b")
    with alt.renderers.enable(renderer):
        data = chart._repr_mimebundle_()
    data, metadata = data if isinstance(data, tuple) else (data, {})
    if isinstance(data.get("image/png"), bytes):
        data["image/png"] = base64.b64encode(data["image/png"]).decode()
    root, _ = render(notebook(data, metadata))
    assert list(root.iter("svg")) or list(root.iter("img")), f"{renderer}: {list(data)}"
    if renderer in ("default", "mimetype"):
        assert root.xpath("//figure//svg/@aria-label") == ["Chart without a description"]


def test_streams_and_allowed_errors_are_shown_without_colours_and_addresses(render):
    nb = new_notebook(cells=[new_code_cell("x", outputs=[
        new_output("stream", name="stdout", text="\x1b[31mred\x1b[0m <a at 0x7f00deadbeef>"),
        new_output("stream", name="stderr", text="/tmp/ipykernel_12/34.py:1: UserWarning: w"),
        new_output("error", ename="ZeroDivisionError", evalue="division by zero", traceback=[]),
    ], metadata={"tags": ["raises-exception"]})])  # fmt: skip
    said = {it.get("class"): it.text for it in render(nb)[0].iter("pre")}
    assert said["printed"] == "red <a at 0x…>" and said["warned"] == "cell:1: UserWarning: w"
    assert said["error"] == "ZeroDivisionError: division by zero"


def test_streams_are_put_together_as_one_that_was_written_over_shows(render):
    texts = ["10 %\r", "20 %\r", "done\r\n", "b\n"]
    shown = [new_output("stream", text=text) for text in texts]
    shown.append(new_output("stream", name="stderr", text="e"))
    root, _ = render(new_notebook(cells=[new_code_cell("x", outputs=shown)]))
    found = [(it.get("class"), it.text) for it in root.iter("pre") if it.get("class")]
    assert found == [("printed", "done\nb"), ("warned", "e")]
