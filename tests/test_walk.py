"""Each number, date and name on the pages of our lists leads to the words of a document.

What stands in a link stands in the words that its card quotes, or follows from the parts of the card
by the arithmetic that it gives, or the card says that it is inferred, and why. Outside of links there
is none.
"""

import calendar
import collections
import functools
import re

import nbformat
import pytest

from conftest import REPO, python
from ilodata import parameters, tables, words
from ilodata.evidence import card
from ilodata.reports import lists, outputs

REPORTS = {it.name: it for it in lists.entries(REPO / "reports" / "default.yaml")[0]}

MONTHS = "|".join(calendar.month_name[1:])
ORDINALS = ("zeroth", "first", "second", "third", "fourth", "fifth")
NUMBER = re.compile(
    rf"\d[\d.,]*\d|\d|\b(?i:{'|'.join([*words.NUMBERS[2:], *ORDINALS])})\b|\b(?:{MONTHS})\b"
)

KINDS = ("organisations", "people", "places", "frameworks", "agreements", "events", "projects")
NAMED = collections.defaultdict(set)  # the records that a label, or a name as printed, stands for
for table in KINDS:
    for row in tables.rows(table):
        NAMED[row["label"]].add(f"{table}/{next(iter(row.values()))}")
for row in tables.rows("names"):
    NAMED[row["name"]].add(row["record"])
LONGEST_FIRST = sorted(NAMED, key=len, reverse=True)
NAME = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, LONGEST_FIRST))})(?!\w)")

# What may stand outside of links, beside the window and the names that a reader asked for, and
# "two more, below", which counts what stands below on the page with its cards:
EVERYWHERE = {"ILO", "China"}  # whom all of this is about
# Sentences of our lists of doubts and gaps and notes on what is inferred: beside them stand the
# two wordings, the sections searched, or the value with its card.
OURS = {row[name] for row in tables.rows("conflicts")
        for name in ("label", "what", "treatment", "otherwise")}  # fmt: skip
OURS |= {row["note"] for row in tables.rows("evidence")}
PLACES = {row["label"] for row in tables.rows("places")}
OWNERS = ("project_id", "agreement_id", "event_id")  # what several links may be to the same one of


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build the pages of the default list, with all that it includes; give their notebooks."""
    out = tmp_path_factory.mktemp("built")
    done = python("-m", "ilodata.cli", "build", "--keep-notebooks", "--out", out)
    assert done.returncode == 0, done.stderr
    return out / "notebooks"


@pytest.fixture(scope="module", params=REPORTS)
def report(request, built):
    """Give the payloads of a report, and the names and the window that it was asked for."""
    nb = nbformat.read(built / f"{request.param}.ipynb", 4)
    shown = [it for *_, shown in outputs.parts(nb) for it in shown]
    payloads = [content for kind, content in shown if kind == "shown"]
    given = {name: it.default for name, it in parameters.declared(nb).items()}
    given |= REPORTS[request.param].parameters
    keys = {key for value in given.values() if isinstance(value, list) for key in value}
    asked = {label for label, of in NAMED.items() if {it.partition("/")[2] for it in of} & keys}
    return payloads, asked | {words.window(given.get("start"), given.get("end"))}


def texts(payload):
    """List the texts of a payload, linked: caption, note and what each row shows."""
    # The plain numbers of findings go to results.csv; a year stands above linked dates.
    kept = {"findings": ("text",), "years": ("kind", "title", "text")}.get(payload["layout"])
    rows = [row[each] for row in outputs.records(payload) for each in kept or row]
    return [payload["caption"], payload["note"], *rows]


def numbers(text):
    """Return the numbers, and the months, of a text: number words as digits."""
    found = (it.lower().replace(",", "") for it in NUMBER.findall(text))
    known = {said: str(n) for many in (words.NUMBERS, ORDINALS) for n, said in enumerate(many)}
    return {known.get(it, it) for it in found}


@functools.cache
def quoted(of, how):
    """Return what the card of a link quotes, whether it says that it infers, and what it counts."""
    told, of = card(of, how), words.sources(of)
    said = " ".join(quote["fragment"] for quote in told["quotes"])
    # A card lists its parts where it says how they were counted; up to three, its title names.
    rows = {"/".join(source.split("/")[:2]): None for source in of}
    whose = {
        next((row[n] for n in OWNERS if row.get(n)), it)
        for it, row in ((it, tables.row(it)) for it in rows)
    }
    counts = {len(of), len(whose), 1 + how.count("; ")} if how or len(of) < 4 else set()
    counts = {*map(str, counts)} | numbers(told["how"])
    return said, bool(said and told["certainty"] == "inferred" and told["why"]), counts


def behind(source):
    """Return the record of a cell, and the records that this one refers to."""
    table, key, *_ = source.split("/")
    cells = tables.row(f"{table}/{key}").items()
    return {f"{table}/{key}", *(tables.reference(table, *cell) for cell in cells)}


def holds(said, name, of=""):
    """Tell whether a text has a name in any form; one of ours for a source, all that it is made of."""
    records, said = NAMED[name], said.casefold()
    if any(form.casefold() in said for form, its in NAMED.items() if its & records):
        return True
    ours = {it for source in words.sources(of) for it in behind(source)} & records
    parts = {it for it in NAMED if it != name and re.search(rf"\b{re.escape(it)}\b", name)}
    return bool(ours and said) and all(holds(said, it, of) for it in parts - EVERYWHERE)


def computed(link):
    """Return the numbers of a link that follow from the arithmetic that it gives."""
    parts, equals, result = link.how.partition(" = ")
    if link.shown.endswith(" more"):  # "a; b; c; 2 more"
        rows = {"/".join(source.split("/")[:2]) for source in words.sources(link.of)}
        return {str(len(rows) - link.shown.count("; "))}
    if " + " not in parts:
        return set()
    if link.shown.endswith("of every 100"):  # the tests of `amounts` hold how a share is bounded
        return numbers(link.shown)
    if not equals:
        return {str(sum(map(int, re.findall(r"\d+", parts.replace(",", "")))))}
    low, *more = (float(it) for it in re.findall(r"\d+\.?\d*", result.replace(",", "")))
    return {it for it in numbers(link.shown) if low <= float(it) <= max([low, *more])}


def unproved(text, exempt):
    """List what a linked text says without proof, each with where it stands."""
    for link in words.links(text):
        said, inferred, counts = quoted(link.of, link.how)
        names = NAME.findall(link.shown)
        names += [it for it in link.how.split("; ") if it in PLACES]  # that are counted
        wrong = numbers(link.shown) - numbers(said) - counts - computed(link)
        wrong |= {it for it in names if not holds(said, it, link.of)} - EVERYWHERE
        ours = link.of.startswith("conflicts/")  # a question of ours
        yield from (f"{it!r} in {words.link(*link)}" for it in sorted(wrong) if not inferred | ours)
        text = text.replace(words.link(*link), "[]", 1)
    text = exempt.sub("", text)
    for found in [*NUMBER.findall(text), *NAME.findall(text)]:
        if found not in EVERYWHERE:
            yield f"{found!r} in {text}"


def elsewhere(told):
    """List years and names of a row that stand outside of its links and on none of their cards.

    A count in a sentence about a place needs this place in the words for each thing that it counts.
    """
    links = [link for text in told.values() for link in words.links(str(text))]
    said = " ".join(quoted(link.of, link.how)[0] for link in links)
    text = re.sub(r"\[\[.*?\]\]", "", told["text"])
    for sentence in OURS - {""}:
        text = text.replace(sentence, "")
    bare = {*NAME.findall(text)} - EVERYWHERE
    missed = {it for it in bare if not holds(said, it)}
    for link in links:
        if bare & PLACES and numbers(link.shown) and link.how:
            each = [it for it in words.sources(link.of) if not card(it)["doubts"]]
            each = [quoted(source, "")[0] for source in each]
            missed |= {link.shown for it in each if not any(holds(it, one) for one in bare)}
    if not any(quoted(*link[1:])[1] for link in links):
        missed |= {it for it in {told.get("year", "")} if it.isdigit() and it not in said}
    return [f"{it!r} beside {words.plain(told['text'])}" for it in sorted(missed) if links]


def test_what_has_no_proof_is_noticed():
    amount, other = "contributions/jpo-2017-2022/amount_usd", "contributions/trust-fund/amount_usd"
    claims = ("over US$ 2.2 million", "US$ 2.3 million", "Nigeria")
    shown = [words.link(it, amount) for it in claims]
    shown.append(words.link("US$ 5", [amount, other], "2 + 4"))
    found = unproved(f"In 2012 Myanmar gave two, {'; '.join(shown)}.", re.compile("-"))
    assert [it.split("'")[1] for it in found] == ["2.3", "Nigeria", "5", "2012", "two", "Myanmar"]


def test_each_number_date_and_name_has_a_card_that_holds_it(report):
    payloads, asked = report
    spared = sorted(filter(None, OURS | asked), key=len, reverse=True)
    exempt = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, spared))}|\w+ more, below)(?!\w)")
    every = dict.fromkeys(text for payload in payloads for text in texts(payload))
    assert "\n".join(it for text in every for it in unproved(text, exempt)) == ""


def test_a_year_or_name_beside_the_links_of_a_statement_stands_on_one_of_their_cards(report):
    told = [it for it in report[0] if it["layout"] in ("findings", "years")]
    rows = [row for it in told for row in outputs.records(it) if row["text"] not in OURS]
    assert [missed for row in rows for missed in elsewhere(row)] == []


def test_no_finding_and_no_row_of_a_table_is_a_statement_without_a_card(report):
    bare = []
    for told in (row for payload in report[0] for row in outputs.records(payload)):
        row = list(told.values())
        stands_alone = told.get("kind") in ("caveat", "standfirst") or OURS & set(row)
        said = re.match("No result is stated|Our tables hold no", told.get("text", ""))
        if not (stands_alone or said or "not stated" in row or any(map(words.links, row))):
            bare.append(row)
    assert bare == []
