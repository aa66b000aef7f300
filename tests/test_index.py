"""The index leads with answers, finds every word of every page, and hides no failure."""

import json

from lxml import html

from ilodata import tables
from ilodata.reports import index, lists, page

EVIL = "<script>alert(1)</script>"


def facts(words=("maritime", "labour"), counts=("≈\u00a0US$ 7 million",)):
    told = {"headline": '97 <span class="inf">of 100</span>', "facts": [("Dates", "2018–2025")]}
    told |= {"picture": "<svg><path/></svg>", "pictured": "Money"}
    return {"facts": told | {"words": words, "counts": counts}, "error": None}


def rendered(*told, **more):
    """Render an index of so many reports, of each a record, or None: it is not built."""
    titles = {f"r-{at}": f"What: {at}" for at in range(len(told))}
    reports = [lists.Report(n, t, "a.ipynb", {}, **more) for n, t in titles.items()]
    pages = {name: it for name, it in zip(titles, told, strict=True) if it}
    context = page.context(reports, "reports/default.yaml")
    return html.document_fromstring(index.render(reports, pages, context))


def test_each_answer_has_its_headline_with_its_marks_its_chart_in_small_and_its_numbers_once():
    root = rendered(facts(), facts(counts=["six projects", "≈\u00a0US$ 7 million in all"]))
    first, _ = root.xpath("//section//article")
    assert first.xpath("string(.//h3/a)") == "97 of 100" and first.xpath(".//svg")
    tiles = [" ".join(it.text_content().split()) for it in root.xpath("//ul[@class='tiles']/li")]
    assert tiles == ["≈ US$ 7 million What", "six projects What"]
    assert first.xpath("string(.//h3//span[@class='inf'])") == "of 100"
    assert root.xpath("string(//h1)") == "97 of 100"
    assert root.xpath("//section//h2/text()")[0] == "Two answers"
    assert root.xpath("//a[@href='codebook.html']")
    assert not list(rendered(*[facts()] * 7).iter("svg")), "many have no pictures"


def test_reports_of_an_included_list_are_small_cards_with_their_facts():
    root = rendered(*[facts()] * 3, list="by-project.yaml")
    [section] = root.xpath("//section[@id='by-project']")
    assert section.xpath("string(h2)") == "Three projects, a page each"
    assert section.xpath(".//h3/a/text()") == ["What: 0", "What: 1", "What: 2"]
    assert section.xpath("string(.//article[1]//dd)") == "2018–2025"
    assert root.xpath("//nav//a/@href")[1:] == ["index.html#by-project"]


def test_failed_reports_stand_first_and_those_not_built_say_how():
    root = rendered({"facts": {}, "error": {"where": "code cell 3", "message": EVIL}}, None)
    assert root.xpath("string(//section[1]/h2)") == "Failed"
    assert f"Stopped in code cell 3: {EVIL}" in root.xpath("string((//article)[1])")
    assert "ilodata build reports/default.yaml --only r-1" in root.xpath("string((//article)[2])")


def test_the_search_holds_the_words_of_all_pages_by_page_and_has_an_end():
    root = rendered(facts(), facts(words=["labour", "a</script><b>"]))
    found = json.loads(root.get_element_by_id("index").text)
    assert found == [[[0], "maritime"], [[1], "a</script><b>"], [[0, 1], "labour"]]
    many = rendered(*(facts(words=[f"word{at}x{n}" for n in range(200)]) for at in range(70)))
    assert len(many.get_element_by_id("index").text.encode()) <= index.WORDS + 100


def test_the_codebook_describes_every_column_with_its_codes_and_each_source_with_its_licence():
    root = html.document_fromstring(index.codebook(page.context([], "")))
    for resource in tables.package()["resources"]:
        [section] = root.xpath(f"//section[@id='{resource['name']}']")
        names = [it.text_content() for it in section.xpath(".//tbody//th")]
        assert names == list(tables.fields(resource["name"])), resource["name"]
        assert all(it.text_content().strip() for it in section.xpath(".//td[@data-l='Meaning']"))
    qualifier = root.xpath("//section[@id='contributions']//tr[contains(., 'qualifier')]")[0]
    assert "nearly" in qualifier.text_content()
    for column, codes in (("agreements.with_ilo", "true false"), ("themes.open_list", "true")):
        table, _, name = column.partition(".")
        said = root.xpath(f"//section[@id='{table}']//tr[th/code='{name}']/td[1]//code/text()")
        assert said == codes.split(), "true as the tables write it, and once"
    assert root.xpath("//section[@id='contributions']//a[@href='#organisations']")
    said = root.text_content()
    assert "Source: " in said and "Licence: " in said and tables.data_sha256() in said
