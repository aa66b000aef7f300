"""Do the documents say what the tables say? Each piece of evidence is proved in the text."""

import collections
import hashlib
import json
import re

from ilodata import dates, tables
from ilodata.curation import documents, grammar, placement
from ilodata.curation.filling import WORDINGS, as_lines, load, named, pieces, row_of
from ilodata.evidence import Evidence
from ilodata.files import write
from ilodata.problems import nearest

RECEIPT = "verified.json"
HAPPENED = ("status", "act")  # in which no words that follow these prove what has happened
NOT_YET = re.compile(rf"\b(?:not|being)\b|{grammar.PLANNED}")


class Claim(Evidence):
    """Evidence of one cell, and that cell."""

    table: str
    value: str
    proof: str  # the kind that the cell asks for


def verify(folder):
    """Prove each piece of evidence in the documents and leave a receipt beside the tables.

    The receipt (``verified.json``: hashes of tables and documents, counts) is written only where
    nothing was found. The documents are found in the folder by their hash; raises DataError if one
    is not there. Returns a line for each finding (file, row, column, value, what would be right),
    and how much was proved: pieces of evidence by support, cells, sections, mentions.
    """
    data, wrong = load()
    if wrong:
        return wrong, {}
    texts = documents.find(folder, data["documents"].values())
    bodies, wrong = documents.cut(texts, data["sections"].values())
    found, counts = prove(data, bodies)
    what = "ilodata verify proved every piece of evidence in these documents for these tables"
    if not (wrong or found):
        receipt = {
            "what": what,
            "documents": {k: row["text_sha256"] for k, row in data["documents"].items()},
            "counts": dict(sorted(counts.items())),
            **hashes(),
        }
        write(tables.data_dir() / RECEIPT, json.dumps(receipt, indent=1) + "\n")
    return wrong + as_lines(found), counts


def prove(data, bodies, records=None):
    """Prove evidence, mentions and searches: a list of (table, row, column, what is wrong); counts.

    `data` is what ``filling.load`` gives, `bodies` what ``documents.cut`` does. Of evidence only
    that of some `records` ``table/id`` is proved, if they are given.
    """
    ground = placement.survey(data, bodies)
    found = [*_proofs(ground, records), *_others(ground), *placement.rules(ground, records)]
    counts = collections.Counter(row["support"] for _, row in pieces(data))
    counts["cells"] = len({(row["record"], row["field"]) for _, row in pieces(data)})
    counts["sections"], counts["mentions"] = len(bodies), len(data["unused_mentions"])
    counts["inferred"] = sum(r["basis"] == "inferred" for r in data["evidence"].values())
    counts["searches"] = len(data["searches"])
    return found, dict(counts)


def _proofs(ground, records):
    """Evidence stands where it says and proves its cell; one piece at least holds the value."""
    first, proved = {}, set()  # cell -> its first piece of evidence; cells of which one holds it
    for key, row in pieces(ground.data):
        record, field = cell = row["record"], row["field"]
        if records is not None and record not in records:
            continue
        table, cells = record.partition("/")[0], row_of(ground.data, record)
        if cells and field not in cells:
            what = f"{field!r} is not a column of {table}; {nearest(field, cells)}"
            yield "evidence", key, "field", what
            continue
        if not (value := cells.get(field)):
            what = f"{field} of {record} is missing or blank; run ilodata check"
            yield "evidence", key, "record", what
            continue
        asked = tables.fields(table)[field].get("proof")
        claim = Claim(**row, table=table, value=value, proof=asked)
        if what := _stands(ground.bodies, claim) or _proof(ground, claim):
            yield "evidence", key, "fragment", what
        if row["support"] == "says" and (what or _rests(ground, claim)):
            proved.add(cell)
        elif row["support"] != "differs":
            first.setdefault(cell, key)
    for (record, field), key in first.items():
        if (record, field) not in proved:
            what = f"no fragment given for {field} of {record} holds its value"
            yield ("evidence", key, "fragment", f"{what}; name the one that it is inferred from")


def _others(ground):
    """What is dismissed stands where it says, and a search finds as many words as it says."""
    for key, row in ground.data["unused_mentions"].items():
        if row["fragment"] and (what := _stands(ground.bodies, row)):
            yield "unused_mentions", key, "fragment", what
    for key, row in ground.data["searches"].items():
        hits = _hits(row["words"], ground.bodies.get(row["section_id"], ""))
        if str(hits) != row["hits"]:
            what = f"{row['hits']!r}; write {hits}, as often as {row['words']!r} stands there"
            yield "searches", key, "hits", what


def _hits(words, body):
    """Count words in a text, in any case; an asterisk at their end stands for any ending."""
    pattern = grammar.whole(words).replace(r"\*", r"\w*")
    return len(re.findall(pattern, body, re.IGNORECASE))


def _stands(bodies, row):
    """Say where a fragment does not stand once in its section, or cuts a word in two."""
    body, fragment = bodies.get(row["section_id"], ""), row["fragment"]
    if (times := body.count(fragment)) != 1:
        what = f"{fragment!r} stands {times} times in {row['section_id']}"
        return f"{what}; quote words that stand once"
    before, _, after = body.partition(fragment)
    cut = re.search(r"\w-?$", before) and re.match(r"\w", fragment)
    if cut or (re.search(r"\w$", fragment) and re.match(r"-?\w", after)):
        return f"{fragment!r} cuts a word in two; quote it whole"
    return None


def _proof(ground, claim):
    """Say in what a piece of evidence fails to prove its cell, or nothing."""
    fragment, support, value = claim["fragment"], claim["support"], claim["value"]
    if hedge := grammar.cut_hedge(ground.bodies[claim["section_id"]], fragment):
        return f"{fragment!r} cuts off {hedge!r}; quote it too"
    if claim["basis"] == "inferred":
        return None
    coarser = any(value != meant and dates.contains(meant, value) for meant in _day(claim))
    true = "says" if _says(ground, claim) else "coarser" if coarser else "differs"
    about = f"{claim['field']} of {claim['record']}"
    if support != true and support == "differs":
        return f"{fragment!r} says {value!r}; write {true}, not differs"
    if support != true and support == "says":
        return f"{fragment!r} does not say that {about} is {value!r}; {_remedy(ground, claim)}"
    if support == "coarser" and not coarser:
        return f"{fragment!r} is not a coarser statement of {value!r} in {about}"
    return None


def _remedy(ground, claim):
    """Say what a fragment says instead of a value, or what it would have to hold."""
    if claim["proof"] == "words":
        return "quote it as printed"
    if claim["proof"] == "reference":
        record = tables.reference(claim["table"], claim["field"], claim["value"])
        return f"quote a name of it, such as {' or '.join(named(ground.data, record)[:3])}"
    said = " and ".join(" or ".join(each[:2]) for each in _read(ground, claim))
    more = f"; its words may be added to {WORDINGS}" * (claim["proof"] == "wording")
    return f"it says {said or 'nothing that we can read'}{more}"


def _day(claim):
    """List the dates of a fragment that can mean one thing only, if it proves a date."""
    found = grammar.read(claim["fragment"], "date") if claim["proof"] == "date" else ()
    return [meant[0] for meant in found if len(meant) == 1]


def _rests(ground, claim):
    """Tell whether a fragment holds the value, or its section tells of the record referred to."""
    proof, section, value = claim["proof"], claim["section_id"], claim["value"]
    if claim["basis"] == "stated" or proof == "argued" or value == "false":
        return True
    if "/" not in value and any(dates.contains(value, meant) for meant in _day(claim)):
        return True  # it may be less precise than the fragment's
    target = tables.reference(claim["table"], claim["field"], value)
    spots = ((section, number) for number in range(len(ground.cuts[section])))
    return any(ground.tells(spot, target) for spot in spots) or _says(ground, claim)


def _says(ground, claim):
    """Tell whether a fragment says a value, by the kind of proof that its column asks for."""
    value, proof = claim["value"], claim["proof"]
    if proof == "words":
        fragment = grammar.spelled(claim["fragment"], ground.bodies[claim["section_id"]])
        if claim["table"] != "names" and claim["field"] not in ("printed", "title"):
            value, fragment = value.casefold(), fragment.casefold()
        return grammar.holds(value, fragment)
    if proof == "reference":
        return _named(ground, claim, tables.reference(claim["table"], claim["field"], value))
    said = [value in each for each in _read(ground, claim)]
    return any(said) if proof == "date" else bool(said) and all(said)


def _read(ground, claim):
    """List what a fragment says in its place: the values each date, figure or code can mean."""
    body, column = ground.bodies[claim["section_id"]], claim["field"]
    fragment = grammar.spelled(claim["fragment"], body)
    if column == "qualifier":
        return [[grammar.qualified(fragment)]]
    if claim["proof"] in (*grammar.FIGURES, "ordinal"):
        found = grammar.read(fragment, claim["proof"])
        # "In 2013 they launched it" does not say how long it was.
        return [[x for x in each if column != "period" or f"{x}/" not in each] for each in found]
    found = grammar.coded(fragment, tables.wordings(claim["table"], column))
    before = grammar.CLAUSE.split(body.partition(claim["fragment"])[0])[-1]
    return [
        sorted(codes)
        for (start, _), codes in found.items()
        if column not in HAPPENED
        or "planned" in codes
        or not NOT_YET.search(before + fragment[:start])
    ]


def _named(ground, claim, record):
    """Tell whether a fragment names a record, or holds words that tell of it."""
    fragment = claim["fragment"]
    # The name of a part does not hide that of its whole.
    link = row_of(ground.data, claim["record"])
    part = claim["field"] == "object" and link["predicate"] == "part_of" and link["subject"]
    names = tuple(each for each in ground.names if each[1] != part)
    told = [p for p in ground.proof.get(record, ()) if p["section_id"] == claim["section_id"]]
    told = any(p["fragment"] in fragment for p in told if p["proof"] != "reference")
    return told or any(record == each for *_, each in placement.placed(fragment, names))


def hashes():
    """Hash the tables and what describes them, reference data too, as they are now."""
    folder = tables.data_dir()
    files = (folder / part / "datapackage.json" for part in (".", "reference"))
    described = hashlib.sha256(b"".join(file.read_bytes() for file in files))
    return {"tables": tables.data_sha256(), "descriptors": described.hexdigest()}
