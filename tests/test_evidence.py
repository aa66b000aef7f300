"""Every cell can be traced to its words, and what limits it stands beside it."""

import csv

import pandas as pd
import pytest

import ilodata as ilo
from ilodata import tables, words
from ilodata.evidence import attached, card, certainty, doubts, gaps, inferred, lacking, records
from ilodata.problems import DataError

WELLS = "projects/wells"


TABLES = """
projects
project_id,label,title,period
wells,Wells,Deep Wells,2019/2021
roads,Roads,,2022

organisations
organisation_id,label,kind
ilo,ILO,un_body

names
name_id,record,name,kind
ilo-1,organisations/ilo,the ILO,full

places
place_id,label,kind
nigeria,Nigeria,country

project_organisations
id,project_id,organisation_id,role
wells--ilo,wells,ilo,funding

results
result_id,record,indicator,value,status
dug,projects/wells,wells dug,12,delivered

result_places
id,result_id,place_id
dug--nigeria,dug,nigeria

contributions
contribution_id,label,level,project_id,printed,amount_usd,qualifier,printed_unit_usd
gift,Wells,project,wells,over US$ 2 million,2000000,over,1000000
dues,Dues,channel_total,,US$ 5 million,5000000,exact,1000000

evidence
record,field,fragment,support,basis,note,document_id,section_id
projects/wells,title,Deep Wells (2019-2021),says,stated,,web,web--a
projects/wells,period,(2019-2021),says,stated,,web,web--a
projects/wells,period,since 2019,coarser,stated,,sheet,sheet--o
projects/roads,period,roads in 2022,says,inferred,No year stands beside it.,web,web--a
names/ilo-1,name,the ILO,says,stated,,web,web--a
project_organisations/wells--ilo,organisation_id,paid by the ILO,says,stated,,web,web--a
results/dug,value,a dozen wells,says,stated,,web,web--a
result_places/dug--nigeria,place_id,wells in Nigeria,says,inferred,By the title.,web,web--a
contributions/gift,amount_usd+printed,over US$ 2 million,says,stated,,web,web--a
contributions/dues,amount_usd,dues of US$ 5 million,says,stated,,web,web--a
contributions/dues,amount_usd,dues of about US$ 6 million,differs,stated,Another year.,sheet,sheet--o
"""


@pytest.fixture
def wells(little):
    """Fill the tables with one project and what hangs on it, another one, and what proves them."""
    for block in TABLES.strip().split("\n\n"):
        table, *lines = block.splitlines()
        for cells in csv.DictReader(lines):
            little(table, **cells)
    return little


def test_a_cell_shows_its_value_and_the_fragments_that_fix_it(wells):
    shown = ilo.evidence(WELLS, "period")
    assert list(shown.index.unique()) == [(WELLS, "period")] and set(shown.value) == {"2019/2021"}
    assert list(shown.fragment) == ["(2019-2021)", "since 2019"]
    assert list(shown.support) == ["says", "coarser"]
    assert list(shown.document) == ["A web page", "A fact sheet"]
    assert list(shown.section) == ["About", "(before the first heading)"]


def test_a_record_brings_what_hangs_on_it_under_its_own_name(wells):
    people, money = ["project_organisations/wells--ilo"], ["contributions/gift"]
    hanging = [*people, "results/dug", "result_places/dug--nigeria", *money]
    assert attached(WELLS) == hanging and attached("organisations/ilo") == ["names/ilo-1"]
    shown = ilo.evidence(WELLS)
    assert list(shown.index.get_level_values("record").unique()) == [WELLS, *hanging]
    assert set(ilo.evidence(WELLS, "place_id").fragment) == {"wells in Nigeria"}


def test_records_are_told_from_a_text_a_list_rows_or_one_row(wells):
    projects, parts = ilo.load_projects(), ilo.load_project_organisations()
    both = ["projects/wells", "projects/roads"]
    assert records(both) == records(projects) == records(projects.reset_index()) == both
    assert records(f"{WELLS}/period+{both[1]}") == both
    assert records(projects.loc["roads"]) == records(projects[projects.label == "Roads"])
    assert records(parts) == records(parts.reset_index()) == ["project_organisations/wells--ilo"]
    ours = pd.DataFrame({"record": both, "project": ["Wells", "Roads"]})
    assert records(ours) == records(ours.set_index("record")) == both
    assert records(pd.DataFrame({"said": ["x"], "of": f"{WELLS}/period+{both[1]}"})) == both
    assert records("wells") == [WELLS] == records(ilo.evidence(WELLS, "period"))


def test_an_organisation_brings_its_names_and_what_refers_to_it(wells):
    wells("contributions", contribution_id="more", label="More", level="project", printed="US$ 1",
          payer_id="ilo", qualifier="exact", amount_usd=1, printed_unit_usd=1)  # fmt: skip
    wells("evidence", record="contributions/more", field="printed", fragment="US$ 1 by the ILO")
    shown = ilo.evidence("ILO")
    assert list(shown.fragment) == ["the ILO", "paid by the ILO", "US$ 1 by the ILO"]


def test_rows_that_do_not_tell_what_they_are_and_unknown_records_are_refused(wells):
    for of, field, message in (
        (ilo.load_projects().head(0), None, "there is no row to ask about"),
        (pd.DataFrame({"a": [1]}), None,
         "these rows do not tell which table they are from; ask for a record, as table/id"),
        ("project/wells", None, "'project' is not a table; did you mean projects?"),
        ("well", None, "'well' is not a record; did you mean Wells?"),
        (WELLS, "perod", "'perod' is not a column of projects; did you mean period?"),
    ):  # fmt: skip
        with pytest.raises(DataError) as error:
            ilo.evidence(of, field)
        assert str(error.value) == message


def test_a_statement_is_as_certain_as_its_weakest_cell(wells):
    assert certainty(f"{WELLS}/period") == certainty("contributions/dues/amount_usd") == "stated"
    assert certainty("projects/roads/period") == "inferred"
    assert certainty(f"{WELLS}/period+projects/roads/period") == "inferred"
    assert certainty([WELLS, "organisations/ilo"]) == "stated"  # as their names are
    guessed = ["projects/roads", "result_places/dug--nigeria"]
    assert list(inferred().index) == guessed and list(inferred(WELLS).index) == guessed[1:]


def test_a_card_has_the_words_where_they_stand_and_what_it_is_about(wells):
    told = card("contributions/dues/amount_usd")
    assert told["title"] == "Dues, amount" and told["certainty"] == "stated"
    assert [quote["fragment"] for quote in told["quotes"]] == ["dues of US$ 5 million"]
    assert told["why"] == "Worded differently: “dues of about US$ 6 million”. Another year."
    first = {key: told["quotes"][0][key] for key in ("document", "section", "basis", "cell")}
    assert first == {"document": "A web page", "section": "About", "basis": "stated",
                     "cell": "contributions/dues/amount_usd"}  # fmt: skip


def test_a_card_of_a_record_or_of_our_name_for_it_has_the_words_that_name_it(wells):
    assert [quote["fragment"] for quote in card(WELLS)["quotes"]] == ["Deep Wells (2019-2021)"]
    ours = card("organisations/ilo/label")
    assert ours["title"] == "ILO" and ours["quotes"][0]["cell"] == "names/ilo-1/name"
    assert ours["why"] == ""
    [only] = card("projects/roads")["quotes"]  # nothing else names it
    assert only["fragment"] == "roads in 2022"
    told = card("documents/web/kind")
    assert not told["quotes"] and told["why"], "no text says what we call a document"
    assert not card("projects/roads/title")["quotes"], "a blank cell states nothing"
    assert lacking("projects/roads", "title") == ("not in our tables", "")


def test_a_card_of_a_sum_has_its_parts_the_arithmetic_and_one_fragment_each(wells):
    of = "contributions/dues/amount_usd+contributions/gift/amount_usd"
    told = card(of, "5 + 2 to 3 = 7 to 8 million")
    assert told["title"] == "Dues; Wells (money)"
    assert told["how"] == "5 + 2 to 3 = 7 to 8 million"
    assert [(part["title"], part["value"], part["certainty"]) for part in told["parts"]] == [
        ("Dues, amount", "US$ 5 million", "stated"),
        ("Wells (money), amount", "over US$ 2 million", "stated"),
    ]
    assert told["parts"][1]["of"] == "contributions/gift/amount_usd"
    fragments = {quote["fragment"] for quote in told["quotes"]}
    assert fragments >= {"dues of US$ 5 million", "over US$ 2 million"}
    assert card(of)["parts"] == []


def test_unlike_cells_have_unlike_titles_and_many_things_are_named_briefly(wells):
    many = card([WELLS, "projects/roads", "organisations/ilo", "contributions/dues"])
    assert many["title"] == "Wells; Roads; 2 more" and len(many["quotes"]) == 4
    of = [f"{WELLS}/period", "contributions/gift/period", f"{WELLS}/title", "results/dug/value",
          "project_organisations/wells--ilo/role", "results/dug/status"]  # fmt: skip
    titles = [card(each)["title"] for each in of]
    assert titles == ["Wells, period", "Wells (money), period", "Wells, title", "Wells: wells dug, figure",
                      "Wells: ILO (funding)", "Wells: wells dug, status"]  # fmt: skip


def test_a_doubt_and_a_gap_touch_their_cells_and_what_is_of_words_alone_touches_none():
    weight, jpo = tables.load_conflicts().weight, "contributions/jpo-2017-2022"
    for told, kind in ((doubts(), "figure"), (gaps(), "gap")):
        assert {*told.index} == {*weight.index[weight == kind]}
    assert len(doubts()) == 6, "more, and a reader takes nothing for sure"
    assert all(len({*words.plain(quotes).splitlines()}) == 2 for quotes in doubts().quotes)
    of = "jpo-in-addition"
    assert card(f"{jpo}/amount_usd")["doubts"] == [of]
    assert card(f"{jpo}/printed")["doubts"] == [] == card(jpo)["doubts"]
    assert set(ilo.evidence(jpo, "amount_usd").doubts) == {doubts().title[of]}
    for asked in (jpo, f"{jpo}/printed"):
        assert {*doubts(asked).index} == {of, "hedges"}
    wordings = [f"“{quote['fragment']}”" for quote in card(f"conflicts/{of}")["quotes"]]
    assert wordings == words.plain(doubts().quotes[of]).splitlines()
    told = gaps("contributions/trust-fund/period")
    assert list(told.index) == ["trust-fund-years"] and list(told.field) == ["period"]
    assert list(told.searched) == ["20*, Trust Fund or receives"]
    assert not card("conflicts/trust-fund-years")["quotes"]


def test_a_link_between_records_is_as_certain_as_its_weakest_cell():
    of = "relations/mou-mohrss-2019--under--belt-and-road"
    assert certainty(of) == card(of)["certainty"] == "inferred"
    assert card(of)["why"]
    places = ("China", "Hong Kong", "Macau", "Mongolia")  # of several links, each end is quoted
    of = [f"relations/ilo-beijing--oversees--{it.lower().replace(' ', '-')}" for it in places]
    said = " ".join(quote["fragment"] for quote in card(of)["quotes"])
    assert [it for it in places if it not in said] == []


def test_a_card_names_the_figure_it_takes_the_place_of_and_a_chosen_date_brings_that_back(
    little, monkeypatch
):
    little("organisations", organisation_id="ilo", label="ILO", kind="un_body")
    for key, value, older, as_of in (("early", "21", "", ""), ("late", "22", "early", "2024")):
        little("indicators", indicator_id=key, record="organisations/ilo", indicator="offices",
               value=value, qualifier="exact", supersedes_id=older, as_of=as_of)  # fmt: skip
        little("evidence", record=f"indicators/{key}", field="value", fragment=f"{value} offices")
    assert card("indicators/late/value")["why"] == "It takes the place of 21 (“A web page”)."
    assert card("indicators/early/value")["why"] == ""
    assert tables.superseded("indicators") == {"early"}
    monkeypatch.setenv("ILODATA_AS_OF", "2023")
    assert tables.superseded("indicators") == {"late"}
    monkeypatch.setenv("ILODATA_AS_OF", "20l3")
    with pytest.raises(DataError, match="^ILODATA_AS_OF: '20l3'"):
        tables.superseded("indicators")


def test_nothing_is_inferred_of_no_row(wells):
    assert inferred(ilo.load_projects().head(0)).empty and not inferred().empty
