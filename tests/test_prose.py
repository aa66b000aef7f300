"""Prose as Markdown writers use it; nothing of it can run, fetch, or vanish without a word."""

import pytest

from ilodata.reports import prose

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="


def made(source, prefix=""):
    return prose.sanitised(prose.markdown(source), prefix)[0]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("H<sub>2</sub>O", "H<sub>2</sub>O"),
        ("R&amp;D, US$&nbsp;5", "R&amp;D, US$&nbsp;5"),
        ("costs $5 and $6", "costs $5 and $6"),
        ("[a](https://www.ilo.org)", '<a href="https://www.ilo.org" rel="noreferrer">a</a>'),
        ("[a](#What-is-stated?)", 'href="#what-is-stated"'),
        ("# Top", "<h3>Top</h3>"),
    ],
)
def test_markdown_is_shown_as_jupyterlab_shows_it(source, shown):
    assert shown in made(source)


@pytest.mark.parametrize(
    "source",
    ["<!-- ask her first -->", "<script>alert(1)</script>", "<style>p {color: red}</style>",
     "[a](javascript:alert(1))", "[a](data:text/html,x)", '<p onclick="x()" style="color:red">a</p>',
     "<iframe src=http://evil></iframe>", "[a](other.ipynb)", "<object data=x></object>",
     "<image src='http://evil/x'>", "<template>evil</template>"],
)  # fmt: skip
def test_comments_are_not_published_and_nothing_can_run_or_fetch(source):
    for part in ("ask her", "alert", "color", "evil", "href", "onclick", "object"):
        assert part not in made(f"Before {source} after")


def test_footnotes_of_two_cells_do_not_collide():
    first, second = (made("Text[^1].\n\n[^1]: A note.", prefix) for prefix in ("a-", "b-"))
    assert 'id="a-fn-1"' in first and 'href="#a-fn-1"' in first and 'id="b-fn-1"' in second


def test_a_picture_in_the_notebook_is_shown_and_one_elsewhere_is_named():
    kept = {"a.png": {"image/png": PIXEL}}
    shown, missed = prose.sanitised(prose.markdown("![a dot](attachment:a.png)", kept))
    assert f'src="data:image/png;base64,{PIXEL}"' in shown and 'alt="a dot"' in shown and not missed
    shown, missed = prose.sanitised(prose.markdown("![a map](maps/land.png)"))
    assert "picture not shown: a map (maps/land.png)" in shown and "<img" not in shown
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
    shown, _ = prose.sanitised(f"<p>shown</p>{hidden}<p>after</p>")
    assert "shown" in shown and "after" in shown and "secret" not in shown


def test_characters_that_reorder_or_hide_text_are_gone():
    assert prose.printable("a\u202eb\x00c\x1b[31md") == "abcd"


def test_an_id_in_another_script_is_no_empty_one():
    made, _ = prose.sanitised('<ul><li id="中">Here</li></ul><a href="#中">there</a>', "t1-")
    assert 'id="t1-part"' in made and 'href="#part"' in made
