"""A page answers first, proves what it says, is safe and the same twice, whatever a notebook shows."""

import base64
import hashlib
import re
from dataclasses import replace
from urllib.parse import unquote

import pandas as pd
import pytest
from lxml import html
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from conftest import fits
from ilodata import words
from ilodata.charts import look
from ilodata.evidence import Part, Quote, doubts
from ilodata.parameters import Parameter
from ilodata.reports import cards, lists, outputs, page
from ilodata.reports.records import Facts, Finding, PageFacts, Result
from ilodata.show import show

EVIL = "<script>alert(1)</script><img src=http://evil/x onerror=alert(1)>\"'&"
JPO = "contributions/jpo-2017-2022/amount_usd"
VOLUNTARY = "contributions/voluntary-2017-2022/amount_usd"
MISPRINT = "contributions/youth-employment-2020/printed"
REPORT = lists.Report(
    name="funding",
    title="Who paid what, 2017–2022",
    notebook="notebooks/02-funding-flows.ipynb",
    parameters={"start": "2017", "payers": ["china"]},
    declared={"start": Parameter("str", "1985"), "payers": Parameter("list", [])},
)
BARS = [look.rect(0, 9, look.DUES, **look.tie("officers", JPO)), look.rect(9, 12, look.MUTE)]
CHART = look.finish(lambda *_: look.canvas(BARS, 90, 20), "Amounts", "US$", "Two bars.").to_dict()


def shown(data):
    return new_output("display_data", data=data)


def code(*outputs, tags=(), source="x = 1"):
    return new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def told(frame, **how):
    return shown(show(frame, **how)._repr_mimebundle_())


def findings(*rows):
    return code(told(pd.DataFrame(rows, columns=["kind", "text"]), layout="findings"))


def chart(**changed):
    return shown({look.MIME: CHART | changed, "text/plain": "chart"})


TOTAL = words.link("about US$ 7.4 million", [JPO, VOLUNTARY], "5.2 + 2.2")
ANSWERS = findings(
    ("headline", "About 97 of every 100 dollars were dues."),
    ("standfirst", f"The total is {TOTAL}."),
    ("finding", f"Officers: {words.link('over US$ 2.2 million', JPO)} came."),
    ("finding", f"One amount is {words.link('misprinted', MISPRINT)}."),
    ("caveat", "Do not add “US$ 5 million”."),
)
PRINTED = new_output("stream", name="stdout", text="printed here")


@pytest.fixture(scope="module")
def context():
    other = replace(REPORT, name="project-x", parameters={"project": "skills-asean-2018"})
    return page.context([REPORT, other], "reports/default.yaml")


@pytest.fixture
def tree(context):
    def rendered(*cells, **changed):
        nb = new_notebook(cells=list(cells))
        return html.document_fromstring(page.render(nb, replace(REPORT, **changed), context)[0])

    return rendered


def text(element):
    parts = element.xpath(".//text()[not(ancestor::style or ancestor::script)]")
    return re.sub(r"[ \n]+", " ", " ".join(parts)).strip()


def test_a_page_answers_first_with_headline_standfirst_chart_and_findings(tree):
    assert fits(CHART["usermeta"], look.Meta)
    root = tree(new_markdown_cell("# Who?\n\nIntro."), ANSWERS, code(chart(), tags=["main"]))
    [head] = root.iter("h1")
    assert text(head) == "About 97 of every 100 dollars were dues"
    assert text(root.find(".//p[@class='kicker']")) == "Who paid what, 2017–2022"
    [main] = root.xpath("//figure[@data-main]")
    assert text(main.find("figcaption")) == "Amounts US$"
    items = root.xpath("//ul[@class='finds']/li")
    assert [text(item).removesuffix(" #") for item in items] == [
        "Officers: over US$\u00a02.2\u00a0million ⚠ came.",
        "One amount is misprinted ⚠ .",
        "Do not add “US$ 5 million”.",
    ], "caveats come last, as findings; money is glued, but never within a quotation"
    same = items[0].xpath("./a[1]/@href") * 2  # one of its two marks has evidence
    assert main.xpath("./svg//a/@href") == same, "a mark and a word open the same card"
    assert main.xpath("following::ul[@class='finds']"), "the eye and Tab meet the chart first"
    assert root.xpath("//nav[@class='toc']//a/@href") == ["#data", "#words"]
    assert "Intro." in text(root.xpath("//details")[0]), "prose for notebook users is folded"


def test_a_link_leads_to_a_card_with_the_words_of_the_document_and_back(tree):
    root = tree(ANSWERS)
    [link] = root.xpath("//ul[@class='finds']//a[contains(., '2.2')]")
    note = root.get_element_by_id(link.get("href")[1:])
    marked = text(note.find(".//blockquote/mark"))
    assert marked == "over US$2.2 million", "the value is marked in the fragment"
    assert note.xpath(f".//p[@class='back']/a[@href='#{link.get('id')}']")
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids)), "ids are unique"
    for target in root.xpath("//a[starts-with(@href, '#')]/@href"):
        assert target[1:] in ids, f"{target} leads nowhere"


def test_a_sum_is_marked_as_ours_and_shows_its_parts_and_arithmetic(tree):
    root = tree(ANSWERS)
    [link] = root.xpath("//p[@class='stand']//a[@class='ev']")
    assert text(link) == "≈\u00a0US$\u00a07.4\u00a0million"
    note = text(root.get_element_by_id(link.get("href")[1:]))
    assert "How we get this" in note and "5.2 + 2.2" in note and "Voluntary contributions" in note
    assert "≈: our sum" in text(root.find(".//p[@class='key']"))
    both = [VOLUNTARY, "contributions/voluntary-2017-2022/payer_id"]
    title = tree(findings(("headline", words.link("5.2", both)))).xpath("string(//li/div/p[1])")
    assert title == "Voluntary contributions", "their record stands once"


def test_a_warning_leads_to_the_doubt_that_the_page_lists_or_to_its_card(tree):
    warnings = "//ul[@class='finds']//a[@class='warn']"
    *_, warning = tree(ANSWERS).xpath(warnings)
    assert warning.get("aria-label").startswith("In doubt: ")
    assert warning.get("href").startswith("#e-")
    root = tree(ANSWERS, code(told(doubts(MISPRINT), layout="doubts")))
    doubt = root.get_element_by_id(root.xpath(warnings)[-1].get("href")[1:])
    assert doubt.tag == "article" and "Our choice." in text(doubt)
    assert len(doubt.xpath(".//div[@class='two']/p")) == 2, "both wordings stand side by side"
    assert not doubt.xpath(".//a[@class='warn']"), "a doubt needs no warning of itself"


def test_a_table_becomes_cards_on_a_phone_and_can_be_saved(tree):
    frame = pd.DataFrame({"project": ["a", "b"], "usd": [1000.5, None]})
    cell = code(told(frame, caption="Projects"), told(frame))
    root = tree(new_markdown_cell("## Details"), cell)
    table, _ = root.xpath("//table[contains(@class, 'stack')]")
    assert [text(th) for th in table.iter("th")] == ["Project", "Usd", "a", "b"]
    cells = [(td.get("data-l"), td.get("class"), text(td)) for td in table.iter("td")]
    assert cells == [("Usd", "n", "1,000.5"), ("Usd", "n", "–")]
    numbered = tree(code(told(pd.DataFrame({"year": [2019], "usd": [1]}))))
    assert [th.get("class") for th in numbered.iter("th")] == [None, "n", None], "it names rows"
    assert root.xpath("//a/@data-csv") == ["table-1", "table-2", "words"]
    names = root.xpath("//div[@class='scroll']/@aria-label")
    assert names == ["Table 1: Projects", "Table 2: Details"], "each is saved under a name"


def test_the_card_of_a_project_leads_to_its_page_and_says_that_it_is_another(tree):
    cell = findings(("headline", words.link("Skills", "projects/skills-asean-2018")))
    [link] = tree(cell).xpath("//ol[@class='notes']//a[@class='page']")
    assert link.get("href") == "project-x.html" and "(another page)" in text(link.getparent())
    own = tree(cell, name="project-x")
    assert not own.xpath("//a[@class='page']"), "a page does not lead to itself"


def test_layouts_are_set_as_what_they_are(tree):
    years = pd.DataFrame({"year": ["2012", "2012", "2016"], "title": "A", "kind": "", "text": "x"})
    facts = pd.DataFrame({"term": ["Amount"], "value": ["US$ 1"], "more": [""]})
    cells = [code(told(facts, layout="facts")), new_markdown_cell("## Years")]
    root = tree(*cells, code(told(years, layout="years", folded="By year")))
    assert [text(it) for it in root.xpath("//ol[@class='years']/li/b")] == ["2012", "2016"]
    assert text(root.xpath("//details[.//ol[@class='years']]/summary")[0]) == "By year"
    [head] = root.xpath("//dl[@class='facts']")
    assert not head.xpath("ancestor::section"), "facts before the first section stand in the head"


def test_a_part_whose_tables_and_charts_are_all_empty_is_left_out_with_its_prose(tree):
    nothing, some = (told(pd.DataFrame({"text": it}), layout="list") for it in ([], ["a"]))
    root = tree(
        new_markdown_cell("## How sure?\n\nThese doubts."),
        code(nothing),
        new_markdown_cell("### Not stated\n\nLooked for."),
        code(some, nothing),
        new_markdown_cell("## Results\n\nOf the network."),
        code(nothing, shown(look.nothing("Money")._repr_mimebundle_()[0])),
    )
    said = text(root.get_element_by_id("main"))
    assert "How sure?" in said and "Looked for." in said
    assert not re.search("These doubts|Results|Of the network", said)
    assert not root.xpath("//table | //figure")


def test_a_single_entry_is_not_called_all(context):
    nb = new_notebook(cells=[findings(("headline", words.link("Some", JPO)))])
    of = [page.render(nb, REPORT, replace(context, documents=it)) for it in ([], context.documents)]
    single, many = (re.search("Show [^<]*", made)[0] for made, _ in of)
    assert single == "Show the entry" and re.fullmatch(r"Show all \d\d? entries", many)


def test_a_card_with_parts_is_called_by_the_sentence_in_which_its_link_stands():
    notes = cards.Notes(page.context([], ""), set())
    other = words.link("two sums", [VOLUNTARY, JPO], "Added.")
    cards.text(notes, f"Results are told of {TOTAL}. None is told of {other}.")
    titles = [card["title"] for card in notes.cards.values()]
    for card in notes.cards.values():
        assert fits(card, cards.Numbered) and all(fits(it, Part) for it in card["parts"])
        assert card["quotes"] and all(fits(it, Quote) for it in card["quotes"])
    assert titles == ["Results are told of about US$ 7.4 million", "None is told of two sums"]


def test_cards_that_only_folded_tables_lead_to_are_numbered_last(tree):
    hidden, seen = (pd.DataFrame({"text": [words.link("2", it)]}) for it in (VOLUNTARY, JPO))
    root = tree(code(told(hidden, layout="list", folded="More"), told(seen, layout="list")))
    last, first, *others = root.xpath("//a[starts-with(@class, 'ev')]/@data-n")
    assert (first, int(last)) == ("1", len(others) + 2)
    notes = root.xpath("//ol[@class='notes']/li")
    assert [it.get("id") for it in notes] == [f"e-{at}" for at in range(1, len(notes) + 1)]
    assert [it.get("class") for it in notes] == [None] * (len(notes) - 1) + ["many"]
    assert notes[-1].xpath(".//p[@class='back']/a/@href") == [f"#r-{last}-1"]


@pytest.mark.parametrize(
    ("of", "tag"),
    [
        ("contributions/youth-employment-2020/payer_id", "Inferred"),
        ("conflicts/roundtable-organisations", "Not stated"),
        (f"{JPO}+conflicts/roundtable-organisations", "Stated"),
        ("indicators/roundtable-organisations", "Stated"),  # no gap, which has the same id
    ],
)
def test_a_card_says_how_its_statement_is_known_and_what_is_inferred_is_dotted(tree, of, tag):
    root = tree(findings(("headline", f"{words.link('Some', of)} came.")))
    assert root.xpath("string(//li[@id='e-1']//b)") == tag
    assert (tag == "Inferred") == bool(root.xpath("//h1/a[@class='ev inf']"))
    assert ("organizations of the Roundtable: not stated" in text(root)) == ("+" in of)


def test_acronyms_say_more_than_themselves_where_they_first_stand_and_in_a_list(tree):
    known = page.context([], "").acronyms
    assert all(short not in full.split() for short, full in known.items())
    assert {"TVET", "MoU", "ILO", "ASEAN", "ACFTU"} <= set(known)
    root = tree(findings(("headline", "MOHRSS paid; MOHRSS again")))
    [abbr] = root.xpath("//h1/abbr")
    assert abbr.get("title").startswith("Ministry of")
    assert "MOHRSS" in [text(it) for it in root.xpath("//details[last()]//dt")]


def test_a_page_says_how_it_was_set_in_words_and_how_to_cite_it(tree, context):
    root = tree(ANSWERS)
    assert text(root.get_element_by_id("set")).endswith(": start 2017; payers China.")
    usual = tree(ANSWERS, parameters={"start": "1985", "payers": []})
    assert not usual.xpath("//*[@id='set']"), "what was left as it is narrows nothing"
    wide = tree(ANSWERS, parameters={"start": ""})
    assert text(wide.get_element_by_id("set")) == "How this page was set: start any."
    cited = text(root.get_element_by_id("cite"))
    assert context.package["version"] in cited and context.hash[:12] in cited
    bib, ris = map(unquote, root.xpath("//a[starts-with(@href, 'data:text/plain,')]/@href"))
    assert "@misc{funding," in bib and "About 97 of every 100 dollars were dues" in bib
    assert ris.partition(",")[2].startswith("TY  - WEB\n") and ris.endswith("ER  - \n")


def test_the_policy_allows_the_page_its_own_style_and_script_and_nothing_else(tree):
    root = tree(ANSWERS, code(chart()))
    [policy] = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; img-src data:; base-uri 'none'")
    for tag in ("style", "script"):
        [element] = root.iter(tag)
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy and not root.xpath("//@style | //@src | //@onclick")
    assert not re.search(r"url\((?!#)|@import|vega", html.tostring(root).decode())


def test_markup_in_any_text_is_shown_as_text(tree):
    frame = pd.DataFrame({"evil": [EVIL], "kind": [EVIL]})
    rows = pd.DataFrame({"year": EVIL, "kind": EVIL, "title": EVIL, "text": EVIL}, index=[0])
    titled = CHART["usermeta"] | {"title": EVIL, "subtitle": EVIL}
    cells = [
        new_markdown_cell(f"# {EVIL}\n\n## {EVIL}"),
        findings(("headline", EVIL), ("standfirst", EVIL), ("finding", f"{EVIL}: {EVIL}")),
        code(told(frame, caption=EVIL, note=EVIL, folded=EVIL), source=f"'''{EVIL}'''"),
        code(told(rows, layout="years"), chart(usermeta=titled, description=EVIL)),
        code(new_output("stream", name="stdout", text=EVIL)),
        code(new_output("error", ename=EVIL, evalue=EVIL, traceback=[]), tags=["raises-exception"]),
    ]
    root = tree(*cells, title=EVIL, notebook=EVIL, parameters={"start": EVIL})
    assert len(list(root.iter("script"))) == 1
    assert not list(root.iter("img", "iframe", "object", "embed", "link", "base"))
    assert not root.xpath("//@*[starts-with(name(), 'on')]")
    failure = dict.fromkeys(("where", "message", "source"), EVIL)
    assert page.failed(replace(REPORT, title=EVIL), failure).count("<script>") == 1


def test_results_and_facts_are_the_findings_as_data(context):
    payer = words.link("the fund", "contributions/youth-employment-2020/payer_id")
    texts = [f"97 {words.link('dues', JPO)} from {payer}.", "Said."]
    frame = pd.DataFrame({"kind": ["headline", "finding"], "text": texts})
    frame = frame.assign(value=["97", None], unit=["of 100 dollars", None])
    cell = code(told(frame, layout="findings", columns={it: it for it in frame}))
    nb = new_notebook(cells=[cell, code(chart(), tags=["main"])])
    assert all(fits(it, Finding) for it in outputs.shown_rows(outputs.parts(nb), "findings"))
    of = page.render(nb, REPORT, context)[1]
    head, other = of["results"]
    assert fits(of, PageFacts) and fits(of["facts"], Facts) and fits(head, Result)
    assert (head["report"], head["kind"]) == ("funding", "headline")
    assert (head["text"], other["text"], other["value"]) == ("97 dues from the fund.", "Said.", "")
    assert (head["value"], head["unit"]) == ("97", "of 100 dollars") and JPO in head["of"]
    warned, inferred = '<span class="warn">⚠</span>', '<span class="inf">the fund</span>'
    assert of["facts"]["headline"] == f"97 dues{warned} from {inferred}", "its marks, no links"
    assert of["facts"]["picture"].startswith("<svg") and of["facts"]["pictured"] == "Amounts"
    assert not re.search("<a|<text|<span", of["facts"]["picture"])
    assert "contributed" in of["facts"]["words"], "words of the cards are found, too"


def test_a_notebook_of_somebody_else_is_shown_in_its_order(tree):
    root = tree(
        new_markdown_cell("# Any title\n\nBefore."),
        code(PRINTED, source="print()"),
        new_markdown_cell("# A part"),
        code(chart(), source="c"),
    )
    assert text(root.find(".//h1")) == "Any title"
    said = " ".join(map(text, root.xpath("//*[@class='part']")))
    assert said.index("Before.") < said.index("printed here") < said.index("A part")
    assert not root.xpath("//*[@data-main]")
    folded = [text(it) for it in root.xpath("//details[1]//pre")]
    assert folded == ["print()", "c"], "the code is kept, folded"


@pytest.mark.parametrize(
    ("tag", "is_code", "is_output"),
    [("remove-input", False, True), ("remove_output", True, False), ("remove-cell", False, False),
     ("hide-output", True, False), ("hide-input", True, True), ("hide-cell", True, False)],
)  # fmt: skip
def test_tags_that_hide_input_or_output_work(tree, tag, is_code, is_output):
    said = text(tree(code(PRINTED, tags=[tag], source="coded")))
    assert ("coded" in said, "printed here" in said) == (is_code, is_output)


def test_a_chart_that_would_fetch_its_data_is_refused_by_the_name_of_its_file(tree):
    spec = {"data": {"url": "data.csv"}, "mark": "bar"}
    with pytest.raises(ValueError, match="cell 2: .* it reads its data from 'data.csv'; give it"):
        tree(code(), code(shown({look.MIME: spec})))
