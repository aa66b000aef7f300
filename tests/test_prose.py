"""Prose as Markdown writers use it; nothing of it can run, fetch, or vanish without a word."""

import pytest

from ilodata.reports import prose

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("one<br>two", "one<br>two"),
        ("H<sub>2</sub>O", "H<sub>2</sub>O"),
        ("R&amp;D, US$&nbsp;5", "R&amp;D, US$&nbsp;5"),
        ("- [ ] open\n- [x] done", "☐ open"),
        ("- [ ] open\n- [x] done", "☑ done"),
        ("costs $5 and $6", "costs $5 and $6"),
        ("[a](https://www.ilo.org)", '<a href="https://www.ilo.org" rel="noreferrer">a</a>'),
        ("[a](#What-is-stated?)", 'href="#what-is-stated"'),
        ("|a|\n|-|\n|1|", "<table>"),
        ("# Top", "<h3>Top</h3>"),
    ],
)
def test_markdown_is_shown_as_jupyterlab_shows_it(source, made):
    assert made in prose.markdown(source)[0]


@pytest.mark.parametrize(
    "source",
    ["<!-- ask her first -->", "<script>alert(1)</script>", "<style>p {color: red}</style>",
     "[a](javascript:alert(1))", "[a](data:text/html,x)", '<p onclick="x()" style="color:red">a</p>',
     "<iframe src=http://evil></iframe>", "[a](other.ipynb)", "<object data=x></object>"],
)  # fmt: skip
def test_comments_are_not_published_and_nothing_can_run_or_fetch(source):
    made, _ = prose.markdown(f"Before {source} after")
    for part in ("ask her", "alert", "color", "evil", "href", "onclick", "object"):
        assert part not in made


def test_footnotes_of_two_cells_do_not_collide():
    source = "Text[^1].\n\n[^1]: A note."
    first, second = (prose.markdown(source, prefix=prefix)[0] for prefix in ("a-", "b-"))
    assert 'id="a-fn-1"' in first and 'href="#a-fn-1"' in first and 'id="b-fn-1"' in second


def test_an_attached_picture_is_held_by_the_page_and_one_elsewhere_is_named():
    made, missed = prose.markdown("![a dot](attachment:a.png)", {"a.png": {"image/png": PIXEL}})
    assert f'src="data:image/png;base64,{PIXEL}"' in made and 'alt="a dot"' in made and not missed
    made, missed = prose.markdown("![a map](maps/land.png)")
    assert "picture not shown: a map (maps/land.png)" in made and "<img" not in made
    assert missed == ["picture a map (maps/land.png), which the notebook does not hold"]


def test_frames_and_scripts_in_prose_are_named():
    assert prose.markdown("<iframe src=x></iframe>")[1] == [
        "iframe in HTML, which a page may not hold"
    ]


def test_a_cell_is_split_at_its_title_and_its_sections():
    title, rest = prose.title_and_rest("# Who *paid*?\n\nIntro\n\n## Details\n\ntext\n### Deeper\n")
    assert title == "Who paid?"
    assert [head for head, _ in prose.sections(rest)] == ["", "Details"]
    fenced = "```\n# a comment\n## another\n```\n"
    assert prose.title_and_rest(fenced) == ("", fenced), "a comment in code is not a title"
    assert prose.sections(fenced) == [("", fenced)]
    assert "### Deeper" in prose.sections(rest)[1][1]


def test_a_table_of_pandas_becomes_rows_with_missing_values_as_dashes():
    source = """<table border="1"><thead><tr style="text-align: right;"><th></th><th>who</th><th>usd</th></tr></thead>
    <tbody><tr><th>0</th><td>a</td><td>1,000</td></tr><tr><th>1</th><td>b</td><td>NaN</td></tr></tbody></table>"""
    found = prose.table(source)
    assert found["head"] == ["who", "usd"], "a mere count of rows is left out"
    assert found["rows"] == [["a", "1,000"], ["b", "–"]] and found["right"] == [1]


def test_heads_that_span_columns_stand_over_each():
    source = """<table><thead><tr><th></th><th colspan="2">usd</th></tr><tr><th>year</th><th>low</th><th>high</th></tr></thead>
    <tbody><tr><th rowspan="2">2017</th><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></tbody></table>"""
    found = prose.table(source)
    assert found["head"] == ["year", "usd, low", "usd, high"]
    assert found["rows"] == [["2017", "1", "2"], ["2017", "3", "4"]]


def test_characters_that_reorder_or_hide_text_are_gone():
    assert prose.plain("a\u202eb\x00c\x1b[31md") == "abcd"
