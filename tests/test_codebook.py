"""The codebook describes every column of every table."""

from lxml import html

from ilodata import tables
from ilodata.reports import codebook


def test_every_column_of_every_table_is_described_with_its_codes():
    root = html.document_fromstring(codebook.render())
    for resource in tables.package()["resources"]:
        [section] = root.xpath(f"//section[@id='{resource['name']}']")
        names = [it.text_content() for it in section.xpath(".//tbody//th")]
        assert names == list(tables.fields(resource["name"])), resource["name"]
        assert all(it.text_content().strip() for it in section.xpath(".//td[@data-l='Meaning']"))
    qualifier = root.xpath("//section[@id='contributions']//tr[contains(., 'qualifier')]")[0]
    assert "nearly" in qualifier.text_content()
    assert root.xpath("//section[@id='contributions']//a[@href='#organisations']")


def test_reference_tables_name_their_source_and_licence():
    root = html.document_fromstring(codebook.render())
    said = root.text_content()
    assert "Source: " in said and "Licence: " in said and tables.data_sha256() in said
