"""What no machine proves waits for a second person until somebody has signed for it."""

import csv

from ilodata import cli
from ilodata.curation import filling, review

MOT = "agreements/mou-mot-2019"


def waits(capsys, *arguments):
    code = cli.main(["review", *arguments])
    return code, capsys.readouterr().out


def test_a_changed_record_waits_until_it_is_signed_for(data, change, capsys):
    review.sign(review.waiting(), "somebody")
    assert waits(capsys) == (0, "0 records wait for a second person\n")
    change("agreements", "mou-mot-2019", label="MoU with the Ministry of Transport, June 2019")
    code, out = waits(capsys)
    assert code == 1
    assert out.startswith(f"{MOT}\n  ! agreements.label: MoU with the Ministry of Transport, June")
    assert waits(capsys, "--by", "A. Reader") == (
        0,
        out.rpartition("1 records")[0] + "1 records signed by A. Reader\n",
    )
    assert waits(capsys)[0] == 0
    with (data / review.RECEIPT).open(encoding="utf-8", newline="") as file:
        [row] = [row for row in csv.DictReader(file) if row["by"] == "A. Reader"]
    assert row["record"] == MOT


def test_what_has_gone_waits_too(data, change):
    review.sign(review.waiting(), "somebody")
    path = data / "indicators.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(r for r in rows if not r.startswith("economy-rank,")), encoding="utf-8")
    assert review.waiting() == {"indicators/economy-rank": []}


def test_guesses_and_words_for_a_role_are_marked_and_proved_cells_are_not():
    found = review.entries(filling.load()[0])
    lines = found["projects/skills-asean-2018"]
    assert any(line.startswith("! project_organisations.role: funding – “") for line in lines)
    assert any(line.startswith("projects.period: 2018/2025 – “in ASEAN") for line in lines)
    guess = found["contributions/trust-fund"]
    assert any("! contributions.payer_id" in line and "(inferred: " in line for line in guess)
    assert any(
        line.startswith("! themes.record")
        for line in found["themes/china--global-key-trade-partner"]
    )


def test_only_what_is_asked_for_is_signed(data):
    review.sign(review.waiting([MOT]), "A. Reader")
    assert MOT not in review.waiting() and "agreements/sstc-2012" in {
        **review.waiting(),
        **{r["record"]: 1 for r in review.receipt()},
    }
