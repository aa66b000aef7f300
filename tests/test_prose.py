"""Prose as Markdown writers use it; nothing of it can run, fetch, or vanish without a word."""

import pytest

from ilodata.reports import prose

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("H<sub>2</sub>O", "H<sub>2</sub>O"),
        ("R&amp;D, US$&nbsp;5", "R&amp;D, US$&nbsp;5"),
        ("- [ ] open\n- [x] done", "☐ open"),
        ("- [ ] open\n- [x] done", "☑ done"),
        ("costs $5 and $6", "costs $5 and $6"),
        ("[a](https://www.ilo.org)", '<a href="https://www.ilo.org" rel="noreferrer">a</a>'),
        ("[a](#What-is-stated?)", 'href="#what-is-stated"'),
        ("# Top", "<h3>Top</h3>"),
    ],
)
def test_markdown_is_shown_as_jupyterlab_shows_it(source, made):
    assert made in prose.markdown(source)[0]


@pytest.mark.parametrize(
    "source",
    ["<!-- ask her first -->", "<script>alert(1)</script>", "<style>p {color: red}</style>",
     "[a](javascript:alert(1))", "[a](data:text/html,x)", '<p onclick="x()" style="color:red">a</p>',
     "<iframe src=http://evil></iframe>", "[a](other.ipynb)", "<object data=x></object>",
     "<image src='http://evil/x'>"],
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
    kept = {"a.png": {"image/png": PIXEL}}
    [(_, _, source)] = prose.sections("![a dot](attachment:a.png)", kept)
    made, missed = prose.swept(source)
    assert f'src="data:image/png;base64,{PIXEL}"' in made and 'alt="a dot"' in made and not missed
    made, missed = prose.markdown("![a map](maps/land.png)")
    assert "picture not shown: a map (maps/land.png)" in made and "<img" not in made
    assert missed == ["picture a map (maps/land.png), which the notebook does not hold"]


def test_a_cell_is_split_at_its_title_and_its_sections():
    cell = "# Who *paid*?\n\nIntro\n\n## Details\n\n```\n# a comment\n## another\n```\n### Deeper\n"
    (_, _, before), title, details = prose.sections(cell)
    assert not before.strip() and title == (1, "Who paid?", "<p>Intro</p>\n")
    assert details[:2] == (2, "Details") and "Deeper" in details[2]
    assert "## another" in details[2], "a comment in code is not a title"


@pytest.mark.parametrize(
    "hidden",
    ["<p hidden>secret</p>", '<p style="color: red; display: none">secret</p>',
     "<style>.x { display: none }</style><p class='a x'>secret</p>",
     "<style>#y {color: red; display:none}</style><b id=y>secret</b>", "<template>secret</template>"],
)  # fmt: skip
def test_what_jupyterlab_hides_is_not_published(hidden):
    made, _ = prose.swept(f"<p>shown</p>{hidden}<p>after</p>")
    assert "shown" in made and "after" in made and "secret" not in made


def test_characters_that_reorder_or_hide_text_are_gone():
    assert prose.plain("a\u202eb\x00c\x1b[31md") == "abcd"
