"""The finder: what it sees in a sentence, and how much of a list that somebody else made."""

import csv
import re
from pathlib import Path

import pytest

from ilodata.curation import audit
from ilodata.curation.grammar import FIGURES
from ilodata.curation.mentions import find

LIST = Path(__file__).parent / "mentions.csv"


def found(text, kind):
    seen = find(text)
    assert all(text[m.start : m.end] == m.words for m in seen)
    return [m.words for m in seen if m.kind == kind]


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("date", "in the same year, the 1990s, mid-2021", ["same year", "1990s", "mid-2021"]),
        ("date", "It may rain, 12019 times, in May.", ["May"]),
        ("amount", "$ 746,014 and US$ 373,00, the project", ["$ 746,014", "US$ 373,00"]),
        ("amount", "EUR 1.5 billion, 3.2 million yuan, £5", ["EUR 1.5 billion", "3.2 million yuan", "£5"]),
        ("amount", "US$, Millions; 5 million people", []),
        ("number", "the “1+6” of ASEAN+3 with 1) 25, carefully", ["1", "6", "3", "1", "25"]),
        ("number", "o One item, No.1 in.2, but 3D", ["One", "1", "2"]),
        ("number", "+86 10 6532 5091, a2@b.org, www.b.org/2019", []),
        ("organisation", "The Ministry of Ports (MOPO) of Viet Nam", ["Ministry of Ports", "MOPO"]),
        ("place", "in Cambodia and Lao People’s Democratic Republic", ["Cambodia", "Lao People’s Democratic Republic"]),
        ("organisation", "the Peace and Development Trust Fund", ["Peace and Development Trust Fund"]),
        ("name", "We saw Guangzhou host Ürümqi. Gender matters.", ["Guangzhou", "Ürümqi"]),
        ("name", "Activities include training. The activities are new. Thanks to it, they grow.", []),
        ("person", "said Ana Paz, ILO Regional Director for Peru", ["Ana Paz"]),
        ("organisation", "The ILO Country Office for Peru and Chile.", ["ILO Country Office for Peru and Chile", "ILO"]),
        ("organisation", "LIMA (ILO News) – It met.", ["LIMA"]),
        ("organisation", "the Ministry of Labour, Family and Social Affairs", ["Ministry of Labour, Family and Social Affairs"]),
        ("organisation", "the Ministry of Labour, Peru", ["Ministry of Labour"]),
        ("project", "Under the project “Safe Work in Ports of Asia” (2019)", ["Safe Work in Ports of Asia"]),
        ("project", "Safe Work in Ports of Asia is a project of the ILO.", ["Safe Work in Ports of Asia"]),
    ],
)  # fmt: skip
def test_figures_are_found_as_printed_and_names_that_no_table_holds(kind, text, words):
    assert found(text, kind) == words


def test_a_name_that_the_tables_hold_is_found_without_capitals_and_inside_a_longer_one():
    names = dict.fromkeys(["social partners", "Skills Network"], "organisation")
    names |= {"Skills": "project"}
    seen = [(m.kind, m.words) for m in find("our social partners’ Skills Network", names)]
    assert seen == [("organisation", "social partners"), ("organisation", "Skills Network")]
    assert ("project", "Skills") in [(m.kind, m.words) for m in find("Good Skills", names)]


def test_recall_on_a_list_made_by_somebody_who_had_not_read_the_finder(documents_read):
    """A figure is found at its very place with all digits; a name, by its words with a capital.

    No figure may be missed: it is a fact or an error. Of names with a capital 95 % must be found,
    though the tables hold none; a common noun ("partners") names nothing by itself.
    """
    data, bodies = documents_read
    unknown = data | dict.fromkeys(audit.KINDS, {})
    findings = audit.held(unknown, bodies, " ".join(bodies.values()))
    figures, names = {}, {}  # each listed mention, and whether it is found
    for row in csv.DictReader(LIST.read_text("utf-8").splitlines()):
        words, section, kind = row["words"], row["section_id"], row["kind"]
        places = [m.start() for m in re.finditer(re.escape(words), bodies[section])]
        here = [each.mention for each in findings if each.section == section]
        if kind in FIGURES or not words.islower():
            told = holds(here, kind, words, places[int(row["occurrence"]) - 1])
            (figures if kind in FIGURES else names)[row["mention_id"]] = told
    assert all(figures.values()), figures
    missed = [key for key, told in names.items() if not told]
    assert len(missed) <= 0.05 * len(names), missed


def holds(mentions, kind, words, at):
    """Tell whether some listed words are among the mentions found."""
    figure = kind in FIGURES
    same = [m for m in mentions if (m.kind == kind if figure else m.kind not in FIGURES)]
    marked = {place for m in same for place in range(m.start, m.end)}
    needed = [m.span() for m in re.finditer(r"\d" if figure else r"(?<!\w)[A-Z]\w*", words)]
    touched = any(place in marked for place in range(at, at + len(words)))
    return touched and all(at + p in marked for a, b in needed for p in range(a, b))
