"""Pages are safe, complete and the same twice, whatever is in the notebook."""

import base64
import hashlib
import io
import json
import re
import threading
from urllib.parse import unquote

import pandas as pd
import pytest
from lxml import html
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from ilodata.charts import look
from ilodata.reports import outputs, pages
from ilodata.reports.lists import Parameter
from ilodata.tables import DataError

EVIL = "<script>alert(1)</script><img src=http://evil/x onerror=alert(1)>\"'&"
REPORT = {
    "name": "funding",
    "title": "Who paid what?",
    "notebook": "notebooks/02-funding-flows.ipynb",
    "parameters": {"start": "2017"},
    "declared": {
        "start": Parameter("str", "1985", "first year"),
        "channels": Parameter("list", [], "channels to show"),
    },
}
CONTEXT = {
    "package": {"title": "Facts", "version": "1.0.0", "description": "From two documents."},
    "documents": [
        {
            "title": "China and the ILO",
            "kind": "fact sheet",
            "language": "en",
            "latest_date": "2022-12-09",
            "text_sha256": "cd" * 32,
        }
    ],
    "evidence": {
        "contributions/jpo": {
            "label": "Junior Professional Officers",
            "said": {("“over US$2.2 million”", "China and the ILO", ""): ["printed", "amount_usd"]},
            "conflicts": [
                {
                    "conflict_id": "no-total",
                    "status": "open",
                    "what": "No total is stated.",
                    "treatment": "None is made.",
                }
            ],
        }
    },
    "named": {"Junior Professional Officers": ["contributions/gone", "contributions/jpo"]},
    "keys": {"contribution_id": "contributions"},
    "dated": {"events": (1985, 2025)},
    "conflicts": 7,
    "data_sha256": "ab" * 32,
    "versions": {"Python": "3.11.7"},
    "cite": "Authors (2026). Facts. Data edition 1.0.0.",
    "list": "reports/default.yaml",
    "charts": {"name": "charts-0.js", "text": ""},
}
CHART = {
    "title": "Amounts",
    "description": "Two amounts.",
    "data": {"values": [{"label": "a", "usd": 1_000_000, "own": 1}, {"label": "b", "usd": 2.5}]},
    "mark": {"type": "bar", "clip": True},
    "encoding": {
        "y": {"field": "label", "type": "nominal"},
        "x": {"field": "usd", "type": "quantitative", "title": "US dollars"},
        "href": {"value": "https://evil/x"},
        "color": {
            "value": {
                "gradient": "linear",
                "stops": [{"offset": 0.05, "color": "red"}, {"offset": 1, "color": "blue"}],
            }
        },
    },
}


def shown(data):
    return new_output("display_data", data=data)


def table(frame):
    return shown({"text/html": frame.to_html(), "text/plain": "table"})


def chart(spec):
    return shown({pages.CHART: spec, "image/svg+xml": "<svg/>", "text/plain": "chart"})


def code(*outputs, tags=(), source="x = 1"):
    return new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def page(*cells, report=REPORT, context=CONTEXT):
    return pages.render_page(new_notebook(cells=list(cells)), report, context)


def tree(*cells, **options):
    return html.document_fromstring(page(*cells, **options))


def text(element):
    """Return what an element says, its parts set apart; style and script say nothing."""
    parts = element.xpath(".//text()[not(parent::style or parent::script)]")
    return " ".join(" ".join(parts).split())


def found(finding="China paid over US$ 2.2 million.", caveat="Over is open above.", records=""):
    frame = pd.DataFrame({"finding": [finding], "caveat": [caveat], "records": [records]})
    return code(table(frame), tags=["findings"], source="ilo.findings()")


def test_findings_stand_on_top_with_their_caveat_and_are_not_repeated():
    root = tree(new_markdown_cell("# Who?\n\n## What?"), found())
    [item] = root.xpath("//ol[@class='findings']/li")
    assert text(item) == "China paid over US$ 2.2 million. Caveat: Over is open above."
    assert page(found()).count("Over is open above.") == 1
    assert root.xpath("//main//section")[0] in item.iterancestors()


def test_a_table_that_holds_no_finding_stays_where_it_is():
    root = tree(code(table(pd.DataFrame({"finding_no": ["1"]})), tags=["findings"]))
    assert not root.xpath("//ol[@class='findings']")
    assert "finding_no" in text(root.xpath("//article//table")[0])


def test_a_finding_links_to_the_words_it_rests_on_and_to_their_conflicts():
    root = tree(found(records="contributions/jpo, contributions/gone"))
    [link] = root.xpath("//p[@class='sources']/a")
    assert text(link) == "Junior Professional Officers"
    assert "contributions/gone" in text(link.getparent())
    target = root.get_element_by_id(link.get("href")[1:])
    assert "printed, amount_usd : “over US$2.2 million” – China and the ILO" in text(target)
    [named] = target.xpath(".//a")
    assert (text(named), text(named.getparent())) == ("no-total", "Conflict: no-total (open)")
    conflict = root.get_element_by_id(named.get("href")[1:])
    assert text(conflict) == ("no-total , open: No total is stated. Treatment: None is made.")
    [limits] = root.xpath("//ol//details[@class='limits']")
    assert text(limits) == (
        "1 open conflict limits this : no-total no-total : No total is stated. "
        "Limits Junior Professional Officers."
    )


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("label", "Junior Professional Officers *"),
        ("record", "contributions/jpo"),
        ("contribution_id", "jpo"),
        ("parts", "Junior Professional Officers; Junior Professional Officers"),
    ],
)
def test_what_names_a_record_links_to_its_evidence_and_has_its_open_conflicts_beside(column, name):
    root = tree(code(table(pd.DataFrame({column: [name], "usd": ["1,000"]}))))
    links = root.xpath("//article//td/a")
    assert "; ".join(text(link) for link in links) == name
    assert {link.get("href") for link in links} == {"#evidence.contributions.jpo"}
    [beside] = root.xpath("//article/details[@class='limits']")
    assert "No total is stated." in text(beside)
    spec = CHART | {"data": {"values": [{"label": "a", "usd": 1, "any": name.rpartition("; ")[2]}]}}
    if column in ("label", "record"):
        assert tree(code(chart(spec))).xpath("//figure/details[@class='limits']")


def test_a_label_names_a_record_only_among_labels():
    frame = pd.DataFrame({"payer": ["Junior Professional Officers", "China"]})
    root = tree(code(table(frame)))
    assert not root.xpath("//article//a[not(@class='csv')] | //details[@class='limits']")
    assert not root.xpath("//section[@class='evidence']")


def test_markup_in_any_text_is_shown_as_text():
    frame = pd.DataFrame({EVIL: [EVIL]})
    spec = CHART | {"title": EVIL, "description": EVIL}
    spec["data"] = {"values": [{"label": EVIL, "usd": 1}]}
    report = REPORT | {"title": EVIL, "notebook": EVIL, "parameters": {"start": EVIL}}
    report["declared"] = {"start": Parameter("str", EVIL, EVIL)}
    context = CONTEXT | {"cite": EVIL, "documents": [dict.fromkeys(CONTEXT["documents"][0], EVIL)]}
    known = CONTEXT["evidence"]["contributions/jpo"]
    known = known | {"label": EVIL, "said": {(EVIL, EVIL, EVIL): [EVIL]}}
    known["conflicts"] = [dict.fromkeys(known["conflicts"][0], EVIL) | {"status": "open"}]
    context |= {"evidence": {EVIL: known}, "named": {EVIL: [EVIL]}, "versions": {EVIL: EVIL}}
    root = tree(
        new_markdown_cell(f"# {EVIL}\n\n{EVIL}\n\n{EVIL}\n\n## {EVIL}\n\n![{EVIL}](http://evil/y)"),
        found(EVIL, EVIL, EVIL),
        code(table(frame), source=f"'''{EVIL}'''"),
        code(chart(spec)),
        code(new_output("stream", name="stdout", text=EVIL)),
        code(shown({"text/markdown": EVIL})),
        code(shown({"text/html": EVIL, "text/plain": EVIL})),
        report=report,
        context=context,
    )
    data, own = root.iter("script")
    assert own.text.startswith("/* Opens what a link")
    assert (data.get("type"), data.get("data-src")) == ("application/json", "charts-0.js")
    assert json.loads(data.text)["figure.1"]["data"]["values"][0]["label"] == EVIL
    assert not list(root.iter("img", "iframe", "object", "embed", "link", "base", "foreignobject"))
    assert not root.xpath("//@*[starts-with(name(), 'on')]")
    assert text(root.find(".//h1")) == text(root.find(".//title")) == EVIL


def test_a_page_asks_nothing_of_the_network():
    links = "[a](https://www.ilo.org) [b](javascript:alert(1)) [c](x.ipynb) [d](#What-is-stated?)"
    root = tree(new_markdown_cell(f"## What is stated?\n\n{links}"), code(chart(CHART)))
    assert root.xpath("//article/div[1]//a/@href") == ["https://www.ilo.org", "#what-is-stated"]
    assert root.xpath("//@data-src") == ["charts-0.js"]
    assert not root.xpath("//@src | //@srcset | //@poster | //@action | //svg//@href")
    assert not re.search(r"url\((?!#)|@import", page(code(chart(CHART))))
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_the_policy_allows_the_page_its_own_style_and_script_and_nothing_else():
    root = tree(new_markdown_cell("Text"))
    [policy] = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; img-src data:; base-uri 'none'")
    for tag in ("style", "script"):
        [element] = root.iter(tag)
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not root.xpath("//@style")


def test_a_table_keeps_its_structure_and_tells_a_reader_what_heads_what():
    frame = pd.DataFrame({"label": ["a", None], "usd": ["1,000", "20.5"]})
    root = tree(new_markdown_cell("## What is stated?"), code(table(frame)))
    [region] = root.xpath("//article//div[@role='region'][.//table]")
    assert (region.get("tabindex"), region.get("aria-label")) == ("0", "Table 1")
    assert text(region.find(".//caption")) == "Table 1. What is stated?"
    assert [(text(th), th.get("scope"), th.get("class")) for th in region.iter("th")] == [
        ("label", "col", "s"),
        ("usd", "col", "n"),
    ]
    assert [text(td) for td in region.iter("td")] == ["a", "1,000", "–", "20.5"]


def test_a_chart_stands_as_a_named_picture_with_the_data_it_draws():
    root = tree(new_markdown_cell("Text"), code(chart(CHART), chart(CHART)))
    first, second = root.iter("figure")
    assert text(first.find("figcaption")) == "Figure 1. Amounts Two amounts."
    [picture] = first.xpath(".//div[@role='img']")
    assert picture.get("aria-label") == "Amounts. Two amounts."
    assert [each.get("class") for each in picture] == ["both"] and "Amounts" not in text(picture)
    assert [text(cell) for cell in first.xpath(".//details//th | .//details//td")] == [
        *("label", "US dollars (usd)", "a", "1,000,000", "b", "2.5")
    ]
    assert not picture.xpath("./div//@role | .//a | ./div//@*[contains(name(), 'label')]")
    assert set(picture.xpath(".//stop/@offset")) == {"0.05", "1"}
    assert picture.xpath(".//clippath/@id") and picture.xpath(".//lineargradient/@id")
    assert not set(first.xpath(".//@id")) & set(second.xpath(".//@id"))


def test_a_chart_whose_data_would_have_to_be_fetched_is_refused():
    spec = CHART | {"data": {"url": "http://evil/data.csv"}}
    with pytest.raises(ValueError, match="External data url not allowed"):
        page(code(chart(spec)))


def test_a_chart_is_made_live_from_its_own_data_and_the_policy_lets_that_run():
    hidden = {"usermeta": {"embedOptions": {"ast": False}}, "name": "a\u202eb </script>"}
    root = tree(code(chart(CHART | hidden)))
    [box] = root.xpath("//div[@class='chart']")
    specs = json.loads(root.get_element_by_id("charts").text)
    assert list(specs) == [box.get("data-chart")] == ["figure.1"]
    assert specs["figure.1"]["encoding"] == CHART["encoding"]
    assert specs["figure.1"]["name"] == "ab </script>"
    assert not {"title", "description", "usermeta"} & set(specs["figure.1"])
    [policy] = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    for script in root.iter("script"):
        assert f"'sha256-{pages._hash(script.text)}'" in policy
    assert policy.endswith(" 'strict-dynamic'") and "unsafe" not in policy and "file" not in policy


def test_a_page_that_stands_alone_holds_its_script_and_links_to_no_other_page():
    alone = CONTEXT | {"charts": {"name": "charts-0.js", "text": "run()"}}
    root = tree(code(chart(CHART)), context=alone)
    assert [script.text for script in root.iter("script")][-1] == "run()"
    [policy] = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert pages._hash("run()") in policy and "dynamic" not in policy
    assert not root.xpath("//@src") and not root.xpath("//a[contains(@href, '.html')]")


def test_a_page_without_charts_has_no_script_but_its_own():
    assert len(list(tree(new_markdown_cell("Text")).iter("script"))) == 1


def download(link):
    """Return name and text of the CSV that a link of a page holds."""
    head, _, body = link.get("href").partition(",")
    assert head == "data:text/csv;charset=utf-8"
    return link.get("download"), unquote(body).removeprefix("\ufeff")


def test_a_download_has_every_row_where_the_page_shows_some():
    rows = [{"label": f"a{n}", "usd": n} for n in range(250)]
    root = tree(code(chart(CHART | {"data": {"values": rows}}), table(pd.DataFrame(rows))))
    for shown, link in zip(root.xpath("//table"), root.xpath("//a[@class='csv']"), strict=True):
        assert len(shown.xpath("./tbody/tr")) == 200
        assert "The first 200 of 250 rows" in text(link.getparent())
        assert "a249,249" in download(link)[1]


def test_each_table_can_be_downloaded_with_its_citation():
    frame = pd.DataFrame({"label": ['a, "b" #1', None, "=2+3"], "usd": ["1,000", "20.50", "−3"]})
    frame["m49"] = ["016", "156", "860"]
    root = tree(new_markdown_cell("## What is stated?"), code(table(frame), chart(CHART)))
    first, second = root.xpath("//a[@class='csv']")
    assert (text(first), text(second)) == ("CSV of table 1", "CSV of data of figure 1")
    name, held = download(first)
    assert name == "funding-table-1.csv"
    assert held.splitlines()[:2] == [
        "# Table 1. What is stated?",
        f"# {CONTEXT['cite']} Report “Who paid what?”. Data {'ab' * 6}.",
    ]
    read = pd.read_csv(io.StringIO(held), comment="#", keep_default_na=False, dtype={"m49": str})
    assert read.to_dict("list") == {
        "label": ['a, "b" #1', "", "'=2+3"],  # a spreadsheet would run what begins with =
        "usd": [1000, 20.5, -3],
        "m49": ["016", "156", "860"],
    }
    assert download(second)[1].endswith("label,US dollars (usd)\na,1000000\nb,2.5\n")


def test_a_chart_is_laid_out_a_second_time_for_phones():
    wide = CHART | {"width": 640, "config": {"view": {"continuousWidth": 500}}}
    root = tree(code(chart(wide)))
    [box] = root.xpath("//div[@class='chart']")
    sizes = {each.get("class"): float(each[0].get("width")) for each in box}
    assert set(sizes) == {"wide", "narrow"}
    assert sizes["wide"] > 640 and abs(sizes["narrow"] - pages.PHONE) < 2
    plot = int(box.get("data-narrow"))
    assert sizes["wide"] - sizes["narrow"] == 640 - plot
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids)) and root.xpath("//*[@class='narrow']//@id")


def test_a_card_of_charts_stays_light_in_dark_mode():
    css = (pages.TEMPLATES / "page.css").read_text("utf-8")
    dark = css[css.index("prefers-color-scheme: dark") :].partition("\n}")[0]
    assert ".chart" not in dark and "--" in dark
    assert re.findall(r"\.(?:chart|tip|picture) {[^}]*background: (#\w+)", css) == ["#fff"] * 3


def test_dollars_are_money_and_no_formula():
    root = tree(new_markdown_cell("US$ 4 **million** and US$ 1 million"))
    assert text(root.xpath("//article//strong")[0]) == "million"


def test_parameters_are_shown_with_their_help_and_what_was_changed():
    start, channels = tree(new_markdown_cell("Text")).xpath(
        "//section[@class='parameters']//dl/div"
    )
    assert text(start) == "start 2017 changed from 1985 first year"
    assert text(channels) == "channels empty channels to show"


def test_the_notebooks_question_and_headings_make_title_line_and_contents():
    source = "# Who paid?\n\nProse.\n\n## What is stated?\n\n### By level\n\n## What is stated?"
    root = tree(new_markdown_cell(source))
    assert text(root.xpath("//p[@class='question']")[0]) == "Who paid?"
    assert root.xpath("//nav//a/@href") == [
        *("#what-is-stated", "#by-level", "#what-is-stated-2", "#colophon")
    ]


def test_parameters_cells_warnings_and_control_characters_stay_out():
    root = tree(
        code(tags=["parameters"], source="start: str = '1985'"),
        code(tags=["injected-parameters"], source="start = '2017'"),
        code(new_output("stream", name="stderr", text="FutureWarning: /home/me/x.py")),
        code(new_output("stream", name="stdout", text="\x1b[31mred\x1b[0m \x00at 0x7f3a5c2b1d90")),
        new_markdown_cell("a\x07b\u202ec"),
    )
    whole = text(root)
    assert "FutureWarning" not in whole and "'1985'" not in whole and "= '2017'" not in whole
    assert "red at 0x…" in whole and "abc" in whole


def test_the_colophon_tells_how_to_rebuild_and_cite_the_page():
    said = text(tree(new_markdown_cell("Text")).xpath("//section[@class='colophon']")[0])
    assert "ilodata build reports/default.yaml --only funding" in said
    assert "Authors (2026). Facts. Data edition 1.0.0. Report “Who paid what?”." in said
    assert "ab" * 32 in said and "start = 2017" in said and "Python 3.11.7" in said
    assert "This is no product of the ILO, and the ILO has not endorsed it." in page()


def test_the_same_notebook_gives_the_same_bytes():
    cells = [new_markdown_cell("# Who?"), found(records="contributions/jpo"), code(chart(CHART))]
    assert page(*cells) == page(*cells)


def test_the_index_has_failures_on_top_and_names_what_is_not_built():
    error = {"where": "code cell 4", "message": f"ValueError: {EVIL}", "source": f"f({EVIL})"}
    findings = [{"finding": f"Finding {n}.", "caveat": "", "records": []} for n in range(5)]
    empty = {"findings": [], "error": None, "picture": "", "question": "Who paid?"}
    picture = outputs.picture_of(page(code(chart(CHART))), "a")
    entries = [
        {"name": "a", "title": "Built", "status": "built"}
        | (empty | {"findings": findings, "picture": picture}),
        {"name": "b", "title": "Later", "status": "not built"} | empty,
        {"name": "c", "title": "Broken", "status": "failed"} | (empty | {"error": error}),
    ]
    root = html.document_fromstring(pages.render_index(entries, CONTEXT))
    assert [text(each) for each in root.iter("h3")] == ["Broken", "Built", "Later"]
    assert root.xpath("//h3/a/@href") == ["c.html", "a.html"]
    whole = text(root)
    assert f"Stopped in code cell 4: ValueError: {EVIL}" in whole
    assert [text(each) for each in root.xpath("//main/section[@class='group']/h2")] == ["Who paid?"]
    [more] = root.xpath("//article/div/details")
    assert text(more) == "and 2 more Finding 3. Finding 4."
    [drawn] = root.xpath("//div[@aria-hidden='true']/svg")
    assert list(drawn.iter("path")) and "US dollars" in text(drawn)
    assert all(each.startswith("a-") for each in drawn.xpath(".//@id"))
    assert "ilodata build reports/default.yaml --only b" in whole
    assert "Conflicts on record: 7 ." in whole and len(root.xpath("//script[not(@type)]")) == 1


def test_the_codebook_has_every_column_with_role_type_unit_codes_and_wordings():
    fields = [
        {"name": "id", "type": "string", "role": "key", "description": "Identifier."},
        {
            "name": "qualifier",
            "type": "string",
            "role": "fact",
            "unit": "none",
            "description": f"The hedge {EVIL}",
            "constraints": {"enum": ["exact", "over"], "required": True},
            "wordings": {"exact": [], "over": ["over", "more than"]},
        },
        {"name": "payer_id", "type": "string", "role": "fact", "description": "Who pays."},
    ]
    keys = [{"fields": ["payer_id"], "reference": {"resource": "organisations", "fields": ["id"]}}]
    resource = {"name": "contributions", "title": "Contributions", "description": "Money."}
    resource |= {"path": "contributions.csv", "schema": {"fields": fields, "foreignKeys": keys}}
    package = CONTEXT["package"] | {"resources": [resource], "licenses": []}
    root = html.document_fromstring(pages.render_codebook(package))
    rows = [text(row) for row in root.xpath("//tbody/tr")]
    assert rows[0] == "id key string Identifier."
    assert f"qualifier fact string, none The hedge {EVIL} Never blank. exact" in rows[1]
    assert rows[1].endswith("exact over “over”, “more than”")
    assert root.xpath("//tbody//a/@href") == ["#organisations"]
    [link] = root.xpath("//a[@class='csv']")
    name, held = download(link)
    assert name == "codebook-contributions.csv"
    assert "qualifier,fact,string,none," in held and "exact; over" in held


def test_the_question_of_a_notebook_that_is_gone_is_its_name(tmp_path):
    path = tmp_path / "01-timelines.ipynb"
    assert pages.question_of(path) == "01-timelines"
    path.write_text("no notebook")
    assert pages.question_of(path) == "01-timelines"
    path.write_text('{"cells": [{"cell_type": "markdown", "source": ["# What happened *when*?"]}]}')
    assert pages.question_of(path) == "What happened when?"


@pytest.mark.parametrize("ahead", [False, True])
def test_a_figure_that_cannot_be_drawn_is_named(ahead):
    spec = {"title": "Years", "mark": "tick", "data": {"url": "https://example.org/a.csv"}}
    named = pytest.raises(DataError, match="figure 2, 'Years', cannot be drawn: .*example.org")
    with pages.drawn_ahead() as begin, named:
        if ahead:
            begin(spec)
        pages._figure(spec, 2)


def test_charts_drawn_ahead_are_drawn_once_and_are_those_of_the_page(monkeypatch):
    drawn, here = [], threading.current_thread()
    alone = look.draw

    def draw(spec):
        drawn.append(threading.current_thread())
        return alone(spec)

    monkeypatch.setattr(look, "draw", draw)
    wide = CHART | {"width": 640}
    plain = page(code(chart(wide), chart(wide), chart(CHART)))
    assert drawn == [here] * 5 and "narrow" in plain  # a wide one is drawn for phones too
    drawn.clear()
    with pages.drawn_ahead() as begin:
        begin(wide)
        begin(wide)
        assert page(code(chart(wide), chart(wide), chart(CHART))) == plain
    assert len(drawn) == 3 and drawn[-1] is here and here not in drawn[:2]
    drawn.clear()
    assert page(code(chart(wide), chart(wide), chart(CHART))) == plain
    assert drawn == [here] * 5  # nothing was kept
