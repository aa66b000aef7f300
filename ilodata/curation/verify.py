"""Do the documents say what the tables say? Each piece of evidence is proved in the text."""

import collections
import hashlib
import json
import re

from ilodata import dates, tables
from ilodata.curation import documents, standing, wording
from ilodata.curation.filling import WORDINGS, cells, load, named, pieces, place

RECEIPT = "verified.json"
READ = {  # kind of proof -> what some words say of that kind
    "number": wording.numbers,
    "ordinal": lambda words: wording.numbers(words, ordinal=True),
    "amount": lambda words: [usd for usd, _ in wording.amounts(words)],
    "date": lambda words: [" or ".join(meant[:2]) for meant in wording.dates(words)],
}
HAPPENED = ("status", "act")  # in which no words that follow these prove what has happened
NOT_YET = re.compile(rf"\b(?:not|being)\b|{wording.PLANNED}")
CLAUSE = re.compile(
    r"[,;:]|[.!?] |\b(?:and|but|which|who|that)\b"
)  # after which something else is told


def verify(folder):
    """Prove each piece of evidence in the documents and leave a receipt beside the tables.

    The receipt (``verified.json``: hashes of tables and documents, counts) is written only where
    nothing was found. The documents are found in the folder by their hash; raises DataError if one
    is not there. Returns a line for each finding (file, row, column, value and what would be right),
    and how much was proved: pieces of evidence by support, cells, sections, mentions.
    """
    data, wrong = load()
    if wrong:
        return wrong, {}
    texts = documents.find(folder, list(data["documents"].values()))
    bodies, wrong = documents.cut(texts, list(data["sections"].values()))
    found, counts = prove(data, bodies)
    what = "ilodata verify proved every piece of evidence in these documents for these tables"
    if not (wrong or found):
        receipt = {
            "what": what,
            "documents": {k: row["text_sha256"] for k, row in data["documents"].items()},
            "counts": dict(sorted(counts.items())),
            "tables": hashes(),
        }
        tables.write(tables.data_dir() / RECEIPT, json.dumps(receipt, indent=1) + "\n")
    return wrong + found, counts


def prove(data, bodies, records=None):
    """Prove evidence, mentions and searches, as `verify` does.

    `data` is what ``filling.load`` gives, `bodies` what ``documents.cut`` does. Of evidence only
    that of some `records` ``table/id`` is proved, if they are given.
    """
    ground = standing.ground(data, bodies)
    found = *_proofs(ground, records), *_others(ground), *standing.rules(ground, records)
    wrong = dict.fromkeys(f"{place(*where)}: {what}" for *where, what in found)
    counts = collections.Counter(row["support"] for _, row in pieces(data))
    counts["cells"] = len({(row["record"], row["field"]) for _, row in pieces(data)})
    counts["sections"], counts["mentions"] = len(bodies), len(data["unused_mentions"])
    counts["inferred"] = sum(r["basis"] == "inferred" for r in data["evidence"].values())
    counts["searches"] = len(data["searches"])
    return list(wrong), dict(counts)


def _proofs(ground, records):
    """Each piece of evidence stands where it says and proves its cell; one at least holds the value."""
    unproved = {}  # cell -> the first piece of its evidence, while none holds the value
    for key, row in pieces(ground.data):
        record, field = cell = row["record"], row["field"]
        if records is not None and record not in records:
            continue
        table, value = record.partition("/")[0], cells(ground.data, record).get(field)
        if not value:
            what = f"{field} of {record} is missing or blank; run ilodata check"
            yield "evidence", key, "record", what
            continue
        row |= {"table": table, "value": value, "proof": tables.fields(table)[field].get("proof")}
        if what := _stands(ground.bodies, row) or _proof(ground, row):
            yield "evidence", key, "fragment", what
        if row["support"] == "says" and (what or _rests(ground, row)):
            unproved[cell] = None
        elif row["support"] != "differs":
            unproved.setdefault(cell, key)
    for (record, field), key in unproved.items():
        what = f"no fragment given for {field} of {record} holds its value; name the one that it is inferred from"
        if key:
            yield "evidence", key, "fragment", what


def _others(ground):
    """What is dismissed stands where it says, and a search finds as many words as it says."""
    for key, row in ground.data["unused_mentions"].items():
        if row["fragment"] and (what := _stands(ground.bodies, row)):
            yield "unused_mentions", key, "fragment", what
    for key, row in ground.data["searches"].items():
        hits = str(_hits(row["words"], ground.bodies.get(row["section_id"], "")))
        if hits != row["hits"]:
            what = f"{row['hits']!r}; {row['words']!r} stands there {hits} times"
            yield "searches", key, "hits", what


def _hits(words, body):
    """Count words in a text, in any case; an asterisk at their end stands for any ending."""
    ending = r"\w*" if words.endswith("*") else r"(?!\w)"
    return len(re.findall(rf"(?<!\w){re.escape(words.rstrip('*'))}{ending}", body, re.IGNORECASE))


def _stands(bodies, row):
    """Say where a fragment does not stand once in its section, or cuts a word in two."""
    body, fragment = bodies.get(row["section_id"], ""), row["fragment"]
    if (times := body.count(fragment)) != 1:
        return (
            f"{fragment!r} stands {times} times in {row['section_id']}; quote words that stand once"
        )
    at = body.index(fragment)
    ends = body[:at][-2:] + fragment[:1], fragment[-1:] + body[at + len(fragment) :][:2]
    if re.search(r"\w-?\w$", ends[0]) or re.match(r"\w-?\w", ends[1]):
        return f"{fragment!r} cuts a word in two; quote it whole"
    return None


def _proof(ground, row):
    """Say in what a piece of evidence fails to prove its cell, or nothing."""
    fragment, support, value = row["fragment"], row["support"], row["value"]
    if hedge := wording.cut_hedge(ground.bodies[row["section_id"]], fragment):
        return f"{fragment!r} cuts off {hedge!r}; quote it too"
    if row["basis"] == "inferred":
        return None
    meant = wording.dates(fragment) if row["proof"] == "date" else []
    # A date that contains the value and is less precise.
    coarser = any(len(m) == 1 and value != m[0] and _contains(m[0], value) for m in meant)
    true = "says" if _says(ground, row) else "coarser" if coarser else "differs"
    about = f"{row['field']} of {row['record']}"
    if support == "differs" != true:
        return f"{fragment!r} says {value!r}; write {true}, not differs"
    if support == "says" != true:
        return f"{fragment!r} does not say that {about} is {value!r}; {_remedy(ground, row)}"
    if support == "coarser" and not coarser:
        return f"{fragment!r} is not a coarser statement of {value!r} in {about}"
    return None


def _remedy(ground, row):
    """Say what a fragment says instead of a value, or what it would have to hold."""
    proof, fragment = row["proof"], row["fragment"]
    if proof == "reference":
        record = tables.reference(row["table"], row["field"], row["value"])
        return f"quote a name of it, such as {' or '.join(named(ground.data, record)[:3])}"
    if row["field"] == "qualifier":
        return f"it says {wording.qualified(fragment)}"
    if proof == "wording":
        found = wording.coded(fragment, tables.wordings(row["table"], row["field"]))
        said = sorted(set().union(*found.values()))
        return f"it says {_list(said)}; its words may be added to {WORDINGS}"
    fragment = wording.spelled(fragment, ground.bodies[row["section_id"]])
    return f"it says {_list(READ[proof](fragment))}" if proof in READ else "quote it as printed"


def _list(said):
    return " and ".join(map(str, said)) or "nothing that we can read"


def _contains(outer, inner):
    try:
        return dates.contains(outer, inner)
    except ValueError:  # said by check
        return False


def _rests(ground, row):
    """Tell whether a fragment holds the value, or its section tells of the record referred to."""
    proof, section, value = row["proof"], row["section_id"], row["value"]
    if row["basis"] == "stated" or proof == "argued" or value == "false":
        return True
    if proof == "date" and "/" not in value:  # it may be less precise than the fragment's
        found = wording.dates(row["fragment"])
        if any(len(each) == 1 and _contains(value, each[0]) for each in found):
            return True
    target = tables.reference(row["table"], row["field"], value)
    spots = ((section, number) for number in range(len(ground.cuts[section])))
    told = proof == "reference" and any(ground.tells(spot, target) for spot in spots)
    return told or _says(ground, row)


def _says(ground, row):
    """Tell whether a fragment says a value, by the kind of proof that its column asks for."""
    fragment = wording.spelled(row["fragment"], ground.bodies[row["section_id"]])
    table, name, proof, value = (row[part] for part in ("table", "field", "proof", "value"))
    if proof == "words":
        printed = table == "names" or name in ("printed", "title")
        return wording.holds(*(t if printed else t.casefold() for t in (value, fragment)))
    if proof == "date":
        found = [meant for meant in wording.dates(fragment) if value in meant and value[0] != "{"]
        # "In 2013 they launched it" does not say how long it was.
        return any(name != "period" or f"{value}/" not in meant for meant in found)
    if proof in READ:
        return READ[proof](fragment) == [float(value)]
    if proof == "reference":
        return _named(ground, row, tables.reference(table, name, value))
    if table == "project_places" and name == "role":  # words before a place say that it is reached
        place = "places/" + cells(ground.data, row["record"])["place_id"]
        starts = (at for at, _, each in standing.placed(fragment, ground.names) if each == place)
        fragment = fragment[: min(starts, default=None)]
        # Who works with somebody is not reached: "in partnership with Japan".
        fragment = re.sub(r"\bin (?:partnership|cooperation|collaboration) with\b", "", fragment)
    before = ground.bodies[row["section_id"]].partition(row["fragment"])[0]
    before = CLAUSE.split(before)[-1] if name in HAPPENED else ""
    return proof in ("flag", "wording") and _worded(table, name, value, fragment, before)


def _worded(table, column, value, fragment, before=""):
    """Tell whether a fragment, behind other words of its clause, is worded as a code and no other."""
    if column == "qualifier":
        return value == wording.qualified(fragment)
    found = wording.coded(fragment, tables.wordings(table, column))
    codes = [
        each
        for (start, _), each in found.items()
        if "planned" in each or column not in HAPPENED
        or not NOT_YET.search(before + fragment[:start])
    ]  # fmt: skip
    return bool(codes) and all(value in each for each in codes)


def _named(ground, row, record):
    """Tell whether a fragment names a record, or holds words that tell of it."""
    fragment, table = row["fragment"], record.partition("/")[0]
    link = cells(ground.data, row["record"])  # the name of a part does not hide that of its whole
    part = row["field"] == "object" and link["predicate"] == "part_of" and link["subject"]
    names = tuple(each for each in ground.names if each[1] != part)
    return any(record == each for *_, each in standing.placed(fragment, names)) or any(
        piece["section_id"] == row["section_id"]
        and piece["fragment"] in fragment
        and tables.fields(table)[piece["field"]].get("proof") != "reference"
        for piece in ground.proof.get(record, ())
    )


def hashes():
    """Hash the tables and the descriptor as they are now: file name -> SHA-256."""
    folder = tables.data_dir()
    files = ["datapackage.json"] + [r["path"] for r in tables.package()["resources"]]
    return {f: hashlib.sha256((folder / f).read_bytes()).hexdigest() for f in sorted(files)}
