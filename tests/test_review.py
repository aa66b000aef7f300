"""What no machine proves waits for a second person until somebody has signed for it."""

import pytest

from ilodata import cli
from ilodata.curation import filling, review
from ilodata.problems import DataError

MOT = "agreements/mou-mot-2019"


def waits(capsys, *arguments):
    code = cli.main(["review", *arguments])
    return code, capsys.readouterr().out


def test_a_changed_record_waits_with_its_old_value_until_it_is_signed_for(change, capsys):
    review.sign(review.waiting(), "somebody")
    assert waits(capsys) == (0, "no records to be seen by a second person\n")
    change("agreements", "mou-mot-2019", label="MoU with the Ministry of Transport, June 2019")
    code, out = waits(capsys)
    assert code == 1
    old, new, same, *_ = out.removeprefix(f"{MOT}\n").splitlines()
    assert old.startswith("  - ! agreements.label: ") and old != new.replace("+", "-")
    assert new == "  + ! agreements.label: MoU with the Ministry of Transport, June 2019"
    assert same.startswith("    ")
    code, out = waits(capsys, "--by", "A. Reader")
    assert code == 0 and out.endswith("\none record signed by A. Reader\n")
    assert waits(capsys)[0] == 0
    assert [row["record"] for row in review.receipt() if row["by"] == "A. Reader"] == [MOT]


def test_what_somebody_has_seen_does_not_go_unsigned(data, change, capsys):
    review.sign(review.waiting(), "somebody")
    for table, row in (
        ("indicators", "economy-rank,"),
        ("agreement_parties", "mou-mot-2019--mot,"),
        ("conflict_records", "voluntary-sum--contributions--voluntary-2017-2022--amount-usd,"),
        ("evidence", "agreements--mou-strategic-2016--signed--2,"),
    ):
        path = data / f"{table}.csv"
        rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(r for r in rows if not r.startswith(row)), encoding="utf-8")
    change("agreements", "mou-mot-2019", title="")
    where, what = "data/receipts/reviewed.csv, row", "was seen by "
    party, differs, doubt, rank = review.gone(filling.load()[0])
    assert f"{where} {MOT}, column seen: 'agreement_parties.organisation_id: mot' {what}" in party
    assert f"{where} conflicts/voluntary-sum, column seen: 'conflict_records.id: " in doubt
    assert f"{where} agreements/mou-strategic-2016, column seen: '“was signed later on”" in differs
    assert f"{where} indicators/economy-rank, column seen: 'indicators.record: " in rank
    assert "or let a second person sign that: ilodata review indicators/economy-rank" in rank
    waits(capsys, "--by", "A. Reader")
    assert review.gone(filling.load()[0]) == []


def test_guesses_and_words_for_a_role_are_marked_and_proved_cells_are_not():
    found = review.entries(filling.load()[0])
    lines = found["projects/skills-asean-2018"]
    assert any(line.startswith("! project_organisations.role: funding – “") for line in lines)
    assert any(line.startswith("projects.period: 2018/2025 – “in ASEAN") for line in lines)
    assert any(line.startswith("! searches.words: ") for line in found["conflicts/receivers"])
    guess = found["contributions/trust-fund"]
    assert any("! contributions.payer_id" in line and "(inferred: " in line for line in guess)
    trade = found["themes/china--global-key-trade-partner"]
    assert any(line.startswith("! themes.record") for line in trade)


def test_only_what_is_asked_for_is_signed(data):
    (data / review.RECEIPT).unlink()
    review.sign(review.waiting([MOT]), "A. Reader")
    assert [row["record"] for row in review.receipt()] == [MOT]
    assert MOT not in review.waiting() and "agreements/sstc-2012" in review.waiting()
    with pytest.raises(DataError, match="'agreements/mou-mot-2091' is not a record; did you mean"):
        review.waiting(["agreements/mou-mot-2091"])


def test_a_word_that_a_curator_adds_to_those_that_prove_a_code_waits_to_be_signed_for(data, capsys):
    review.sign(review.waiting(), "somebody")
    with (data / "reference" / "wordings.csv").open("a", encoding="utf-8") as file:
        file.write("relations--predicate--supports--met,relations,predicate,supports,met,object\n")
    code, out = waits(capsys)
    assert code == 1 and out.startswith("wordings/relations-predicate\n")
    assert "\n  + ! wordings.supports: met – the object follows\n" in out
    assert "one record to be seen by a second person" in out
