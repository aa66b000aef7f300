"""What is proposed for a new document: verdicts, likely records, and rows that the checks accept."""

import shutil

import pytest
from third.forms import written

from ilodata.curation import adding, audit, filling, proposing
from ilodata.curation.check import check
from ilodata.curation.verify import verify


def tried(text):
    """Audit a registered text and propose rows: what is said of each mention, by its words; rows."""
    _, bodies, findings = audit.audit(text)
    hints, rows = proposing.propose(bodies, findings)
    said = {f.mention.words: hints[key] for f in findings if (key := audit.once(f)) in hints}
    found = {}
    for row in rows:
        own = next(iter(row.cells.values())) or len(found)
        found.setdefault(row.table, {})[own] = row.cells
    return said, found


VOLUNTARY = "contributions/voluntary-2017-2022, amount_usd: US$ 5.2 million"
NEW_MONEY, NEW_DATE = "new: a row of contributions", "new: a row of agreements"
REFUSED = "check or verify refuse the row of contributions"


@pytest.mark.parametrize(
    ("sentence", "words", "said"),
    [
        ("Between 2017 and 2022, voluntary contributions by China were almost US$ 5.2 million.",
         "US$ 5.2 million", f"unclear: compare {VOLUNTARY}; {REFUSED}"),
        ("Between 2017 and 2022, assessed contributions by China were nearly US$ 236 million.",
         "US$ 236 million",
         "agrees with contributions/assessed-2017-2022, amount_usd: nearly US$ 236 million"),
        ("Between 2018 and 2022, voluntary contributions by China were US$ 5.2 million.",
         "US$ 5.2 million", f"compare {VOLUNTARY}; {NEW_MONEY}"),
        ("Voluntary contributions by China were US$ 7 million between 2018 and 2022.",
         "US$ 7 million", f"compare {VOLUNTARY}; {NEW_MONEY}"),
        ("A budget of US$ 5.2 million was approved for China.", "US$ 5.2 million",
         "unclear: what it is for is not named"),
        ("Experts from China met 85 participants.", "85", "unclear: whose figure it is"),
        ("On 9 December 2025, MOHRSS and the ILO signed an amendment to the South-South Cooperation "
         "Agreement of 2018.", "9 December 2025", NEW_DATE),
        ("In May 2021 we met where MOHRSS and the ILO signed an Agreement in 2018.", "May 2021",
         "unclear: it dates nothing that we can name"),
        ("On 7 December 2022, MOHRSS and the ILO signed a MoU.", "7 December 2022",
         "agrees with agreements/mou-mohrss-2022, signed: 2022-12-07"),
        ("The Memorandum of Understanding for strategic partnership was signed on 6 September 2016.",
         "6 September 2016", "is more precise than agreements/mou-strategic-2016, signed: 2016"),
        ("China has ratified 28 Conventions, and seven are fundamental.", "28",
         "agrees with indicators/conventions-ratified, value: 28"),
        ("In 2019 China opened 12 of them in Peru.", "12", "unclear: what it counts is not named"),
        ("China aims to open 12 offices.", "12", "new: a row of results"),
        ("China has 28 rooms.", "28", "new: a row of indicators"),
        ("The Andean Academy of Ports met.", "Andean Academy of Ports", "new: a row of organisations"),
        ("The 17th meeting of the Joint Committee was held in Peru.", "17th", "new: a row of events"),
    ],
)  # fmt: skip
def test_a_verdict_needs_figure_hedge_and_window_of_the_same_cell(
    sentence, words, said, tmp_path, data
):
    text = adding.add(written(tmp_path / "a.txt", f"A sheet\n\nIn the year 2024. {sentence}"))[1]
    assert tried(text)[0][words] == said


def test_a_known_name_is_known_in_capitals_and_with_another_apostrophe(tmp_path, data):
    text = "A sheet\n\nIn 2019, MACAU, the Chinese Government and Lao People's Democratic Republic."
    said, _ = tried(adding.add(written(tmp_path / "a.txt", text))[1])
    assert said["MACAU"] == "likely places/macau: a new name of it"
    assert said["Chinese Government"].startswith("likely organisations/government-of-china")
    assert said["Lao People's Democratic Republic"].startswith("likely places/lao-pdr")


def test_the_rows_of_a_table_are_entries_and_what_stands_in_them_is_left_to_the_curator(
    tmp_path, data
):
    cells = [["Year", "Grants (EUR thousand)"], ["2019", "1 250"], ["2020", "980"]]
    rows = "".join(f"<tr><td>{'<td>'.join(row)}" for row in cells)
    html = f"<html lang=en><h1>The title</h1><table>{rows}</table><p>In 2021, 7 pilots met in it."
    _, text, _ = adding.add(written(tmp_path / "a.html", html))
    said, _ = tried(text)
    assert said["980"] == "unclear: stands in a table, whose heading gives EUR thousand"
    assert said["7"] == said["2021"] == "unclear: whose figure it is", "its date goes with it"
    passages = audit.passages(*audit.audit(text)[1:])
    assert "2019 | 1 250 ||" in [passage["sentence"] for passage in passages]


def add_proposed(text, folder):
    """Add the rows that are proposed as they are, without those that are unclear; then check."""
    rows = folder / "rows"
    rows.mkdir()
    proposed = proposing.propose(*audit.audit(text)[1:])[1]
    for table, lines in proposing.as_csv(proposed).items():
        if "/" not in table:
            written(rows / f"{table}.csv", lines)
    adding.append(rows)
    filling.fix()
    assert (check()[0], verify(folder)[0]) == ([], [])


NEWS = """New ties

News | 9 December 2022 | GENEVA

On 9 December 2022, the ILO and the Ministry of Ports (MOP) signed a MoU in Peru. Deputy Minister
Wu Li said that the first MoU brings voluntary contributions of China to more than US$ 2.5 million.

The Skills Development Network trained over 40 harbour inspectors in 2021. 12 pilots were asked why.
"""


def test_rows_are_proposed_for_what_a_sentence_says_and_pass_every_check(tmp_path, data, documents):
    folder = tmp_path / "documents"
    shutil.copytree(documents, folder)
    _, rows = tried(text := adding.add(written(folder / "a.txt", NEWS))[1])
    agreement = rows["agreements"]["mou-2022-12-09"]
    assert (agreement["kind"], agreement["act"]) == ("mou", "signed")
    assert rows["organisations"]["ministry-of-ports"]["kind"] == "ministry"
    assert rows["people"]["wu-li"]["office"] == "Deputy Minister"
    [money] = rows["contributions"].values()
    assert (money["printed"], money["as_of"]) == ("more than US$ 2.5 million", "2022-12-09")
    assert (money["amount_usd"], money["qualifier"]) == ("2500000", "more_than")
    key = "skills-development-network-inspectors-40"
    counted = rows["results"][key]
    assert (counted["unit"], counted["qualifier"]) == ("harbour inspectors", "over")
    assert counted["period"] == "2021"
    fragments = {(r["record"], r["field"]): r["fragment"] for r in rows["evidence"].values()}
    words = fragments[f"results/{key}", "value+unit+qualifier"]
    assert words == "over 40 harbour inspectors"
    assert fragments["agreements/mou-2022-12-09", "signed"] == "On 9 December 2022"
    reasons = {r["fragment"]: r["reason"] for r in rows["unused_mentions"].values()}
    assert "The day of issue." in reasons.values()
    [lacking] = rows["unclear/indicators"].values()
    assert (lacking["record"], lacking["value"], lacking["unit"]) == ("", "12", "pilots")
    add_proposed(text, folder)
    [unclear] = audit.report(audit.passages(*audit.audit(text)[1:]))[0]
    assert "12 pilots were asked why" in unclear


DONOR = """<html lang=en><h1>Funding by China</h1><p>Last updated: 3 May 2024<p>China has given US$ 6
million to the ILO-China Partnership Project on Strengthening Skills Development in ASEAN Member
Countries, up from US$ 4 million.<p>It was there for the first time. The courses reached 90 people."""


def test_a_later_figure_takes_the_place_of_ours_and_a_states_of_its_ministrys(tmp_path, data):
    text = adding.add(written(tmp_path / "a.html", DONOR))[1]
    said, rows = tried(text)
    [later] = rows["contributions"].values()
    assert (later["payer_id"], later["as_of"]) == ("china", "2024-05-03")
    assert later["supersedes_id"] == "skills-asean-2018"
    assert said["US$ 4 million"].startswith("agrees with contributions/skills-asean-2018")
    assert "first" not in said
    assert said["90"] == "unclear: whose figure it is"


TARGETS = """Safer ports

Lima, 14 May 2024

China’s voluntary contributions were US$ 7 million between 2018 and 2023. Of this, US$ 4 million came
from MOHRSS and US$ 1 million from the ACFTU. The Skills Development Network will train 450 pilots by 2027.
"""


def test_a_target_is_planned_and_each_part_of_a_total_has_its_own_payer(tmp_path, data):
    _, rows = tried(adding.add(written(tmp_path / "a.txt", TARGETS))[1])
    [pilots] = rows["results"].values()
    assert (pilots["status"], pilots["period"], pilots["as_of"]) == ("planned", "2027", "")
    parts = rows["unclear/contributions"].values()
    assert {row["payer_id"] for row in parts} == {"mohrss", "acftu"}


BOTH = """Safer ports

Lima, 14 May 2024

The Skills Development Network trained 40 pilots in 2023 and will train 60 more by 2027.
"""


def test_what_is_done_is_told_from_what_is_planned_in_one_sentence(tmp_path, data):
    [pilots] = tried(adding.add(written(tmp_path / "a.txt", BOTH))[1])[1]["results"].values()
    assert (pilots["value"], pilots["status"], pilots["period"]) == ("40", "delivered", "2023")


LAUNCH = """Safer ports

Lima, 14 May 2024

The project “Decent Ports for All at Sea” began in Peru and Chile. MOHRSS will implement the project. In
Peru the project will work with the Ministry of Labour, Ports and Social Affairs. The project trained 40
pilots in Peru, Chile and Chad.

Other news

The ILO was founded in 1919. The MoU on strategic partnership of 6 September 2016 expires in 2021. By March 2024, 310 trade union officials had taken part in South-South
Cooperation to Enhance the Institutional Capacities of Trade Unions in Asia and the Pacific.
"""


def test_all_that_is_told_of_a_new_project_is_proposed_and_holds(tmp_path, data, documents):
    folder = tmp_path / "documents"
    shutil.copytree(documents, folder)
    said, rows = tried(adding.add(written(folder / "a.txt", LAUNCH))[1])
    assert (said["Peru"], said["MOHRSS"]) == ("new: a row of places", "known: organisations/mohrss")
    assert "project" not in said, "a common noun waits for nothing"
    key = "decent-ports-for-all-at-sea"
    assert rows["projects"][key]["title"] == "Decent Ports for All at Sea"
    partners = {r["organisation_id"]: r["role"] for r in rows["project_organisations"].values()}
    ministry = "ministry-of-labour-ports-and-social"
    assert partners == {"mohrss": "implementing", ministry: "collaborating"}
    places = {r["place_id"]: r["role"] for r in rows["project_places"].values()}
    assert places == dict.fromkeys(("peru", "chile", "chad"), "beneficiary")
    officials, pilots = sorted(rows["results"].values(), key=lambda row: -int(row["value"]))
    assert (pilots["record"], pilots["unit"]) == (f"projects/{key}", "pilots")
    assert {row["place_id"] for row in rows["result_places"].values()} == {*places}
    assert (officials["as_of"], officials["supersedes_id"]) == ("2024-03", "union-officials")
    add_proposed(folder / "a.txt", folder)
