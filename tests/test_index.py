"""The index leads with answers, finds every word of every page, and hides no failure."""

import json

from lxml import html

from ilodata import tables
from ilodata.reports import index, page

EVIL = "<script>alert(1)</script>"


def facts(**changed):
    found = {"headline": "97 of 100", "standfirst": "So it is.", "total": "about US$ 7 million"}
    found |= {"facts": [("Dates", "2018–2025")], "picture": "<svg><path/></svg>"}
    return found | {"words": ["maritime", "labour"]} | changed


def rendered(*told, **more):
    """Render an index of so many reports; None of one says that it is not built."""
    reports = [{"name": f"r-{at}", "title": f"What: {at}", "notebook": "n.ipynb", "parameters": {}}
               | more for at in range(len(told))]  # fmt: skip
    pages = {f"r-{at}": it for at, it in enumerate(told) if it}
    context = page.context(reports, "reports/default.yaml")
    return html.document_fromstring(index.render(reports, pages, context))


def test_each_answer_has_its_headline_its_chart_in_small_and_its_number():
    root = rendered(facts(), facts())
    first, second = root.xpath("//section//article")
    assert first.xpath("string(.//h3/a)") == "97 of 100" and first.xpath(".//svg")
    assert root.xpath("//ul[@class='tiles']/li/b/text()") == ["≈\u00a0US$\u00a07\u00a0million"]
    assert root.xpath("string(//h1)") == "About US$\u00a07\u00a0million"
    assert root.xpath("//section//h2/text()")[0] == "Two answers"
    assert root.xpath("//a[@href='codebook.html']")


def test_reports_of_an_included_list_are_small_cards_with_their_facts_and_years():
    root = rendered(*[facts()] * 3, list="by-project.yaml")
    [section] = root.xpath("//section[@id='by-project']")
    assert section.xpath("string(h2)") == "Three projects, a page each"
    assert section.xpath(".//h3/a/text()") == ["0", "1", "2"], "what all titles share is left out"
    assert section.xpath("string(.//article[1]//dd)") == "2018–2025"
    assert len(section.xpath(".//article[1]//svg/path")) == 3
    assert section.xpath("string(p)").startswith("Bars run from 2018 to 2025. Pale: after 20")
    assert root.xpath("//nav//a/@href")[1:] == ["index.html#by-project"]


def test_headline_and_tiles_say_what_the_reports_say_with_its_marks():
    one = facts(headline="Seven of the ten agreements came in 2019", share="dues")
    one["inferred"] = ["ten agreements", "2019"]
    two = facts(headline="12 projects\u2060⚠; one country named as beneficiary, two more", total="")
    two["inferred"] = ["two"]
    root = rendered(one, two)
    tiles = [" ".join(it.text_content().split()) for it in root.xpath("//ul[@class='tiles']/li")]
    assert [it.replace("\u2060", "") for it in tiles] == [
        "≈ US$ 7 million by our sum What",
        "10 agreements with the ILO, inferred in part What",
        "12 projects⚠ What",
        "1 country named as beneficiary What",
    ]
    said = " ".join(root.xpath("string(//h1)").replace("\u2060", "").split())
    assert (
        said
        == "Ten agreements with the ILO and 12 projects⚠; about US$ 7 million, nearly all of it dues"
    )
    assert root.xpath("//h1/span[@class='inf'][1]/text()") == ["Ten agreements with the ILO"]
    assert "Inferred, at least in part" in root.xpath("string(//article[1])"), (
        "and of a tile, where its count is"
    )


def test_failed_reports_stand_first_and_those_not_built_say_how():
    root = rendered({"failure": {"where": "code cell 3", "message": EVIL}}, None)
    assert root.xpath("string(//section[1]/h2)") == "Failed"
    assert f"Stopped in code cell 3: {EVIL}" in root.xpath("string((//article)[1])")
    assert "ilodata build reports/default.yaml --only r-1" in root.xpath("string((//article)[2])")


def test_the_search_holds_the_words_of_all_pages_by_page():
    root = rendered(facts(), facts(words=["labour", "a</script><b>"]))
    found = json.loads(root.get_element_by_id("index").text)
    assert found == [[[0], "maritime"], [[1], "a</script><b>"], [[0, 1], "labour"]]
    [policy] = root.xpath("//meta[@http-equiv]/@content")
    assert policy.count("'sha256-") == 4, "style, script, the words, the data set"


def test_many_pages_have_no_pictures_and_their_words_fit():
    told = [facts(words=[f"word{at}x{n}" for n in range(200)], facts=[]) for at in range(70)]
    root = rendered(*told)
    assert not list(root.iter("svg"))
    assert len(root.get_element_by_id("index").text.encode()) <= index.WORDS + 100


def test_the_codebook_describes_every_column_with_its_codes_and_each_source_with_its_licence():
    root = html.document_fromstring(index.codebook())
    for resource in tables.package()["resources"]:
        [section] = root.xpath(f"//section[@id='{resource['name']}']")
        names = [it.text_content() for it in section.xpath(".//tbody//th")]
        assert names == list(tables.fields(resource["name"])), resource["name"]
        assert all(it.text_content().strip() for it in section.xpath(".//td[@data-l='Meaning']"))
    qualifier = root.xpath("//section[@id='contributions']//tr[contains(., 'qualifier')]")[0]
    assert "nearly" in qualifier.text_content()
    assert root.xpath("//section[@id='contributions']//a[@href='#organisations']")
    said = root.text_content()
    assert "Source: " in said and "Licence: " in said and tables.data_sha256() in said
