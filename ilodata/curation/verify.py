"""Do the documents say what the tables say? Each piece of evidence is proved in the text."""

import collections
import hashlib
import json

from ilodata import tables
from ilodata.curation import documents, wording
from ilodata.curation.check import fields, load, place
from ilodata.uncertain import contains

RECEIPT = "verified.json"
OPEN_LISTS = (
    "such as",
    "include",
    "including",
    "among others",
    "and other areas",
    "and other key",
    "one of the",
)


def verify(folder):
    """Prove each piece of evidence in the documents and leave a receipt beside the tables.

    The receipt (``verified.json``: hashes of tables and documents, counts) is written only where
    nothing was found.

    Parameters
    ----------
    folder : path
        Where the documents are; they are found by hash.

    Returns
    -------
    list of str
        One line a finding: file, row, column, value and what would be right.
    dict
        What was proved: pieces of evidence by support, cells, sections, mentions.

    Raises
    ------
    DataError
        If a document is not in the folder.
    """
    data, wrong = load()
    if wrong:
        return wrong, {}
    texts = documents.find(folder, list(data["documents"].values()))
    bodies, wrong = documents.cut(texts, list(data["sections"].values()))
    found, counts = prove(data, bodies)
    if not (wrong or found):
        _leave_receipt(data, counts)
    return wrong + found, counts


def prove(data, bodies, records=None):
    """Prove evidence in the texts of sections.

    Parameters
    ----------
    data : dict
        table -> {id: row}, as ``check.load`` gives it.
    bodies : dict
        section_id -> text, as ``documents.cut`` gives it.
    records : set of str, optional
        Prove only the evidence of these (``table/id``); all by default.

    Returns
    -------
    list of str
        One line a finding.
    dict
        What was proved, counted.
    """
    wrong, counts = [], collections.Counter()
    proof, holds = _prover(data)
    unproved = {}  # cell -> the first piece of its evidence, while none holds the value
    for key, row in data["evidence"].items():
        if records is not None and row["record"] not in records:
            continue
        found = _no_cell(data, key, row) or _stands(bodies, row, place("evidence", key, "fragment"))
        if found:
            wrong += found
            continue
        found = proof(key, row, bodies[row["section_id"]])
        wrong += found
        counts[row["support"]] += not found
        cell = row["record"], row["field"]
        if row["support"] == "says" and (found or holds(row)):
            unproved[cell] = None
        elif row["support"] != "differs":
            unproved.setdefault(cell, (key, row))
    for key, row in filter(None, unproved.values()):
        wrong.append(
            f"{place('evidence', key, 'fragment')}: no fragment given for {row['field']} of "
            f"{row['record']} holds its value; name the one that it is inferred from"
        )
    for key, row in data["unused_mentions"].items():
        wrong += _stands(bodies, row, place("unused_mentions", key, "fragment"))
    counts["cells"] = len({(r["record"], r["field"]) for r in data["evidence"].values()})
    counts["sections"], counts["mentions"] = len(bodies), len(data["unused_mentions"])
    counts["inferred"] = sum(r["basis"] == "inferred" for r in data["evidence"].values())
    return wrong, dict(counts)


def _contains(outer, inner):
    try:
        return contains(outer, inner)
    except ValueError:  # said by check
        return False


def _no_cell(data, key, row):
    """Evidence is of a cell that there is and that is not blank."""
    table, _, record = row["record"].partition("/")
    if data.get(table, {}).get(record, {}).get(row["field"]):
        return []
    return [
        f"{place('evidence', key, 'record')}: {row['field']} of {row['record']} is no cell, or "
        "blank; run ilodata check"
    ]


def _stands(bodies, row, here):
    """A fragment stands once in its section."""
    body = bodies.get(row["section_id"], "")
    times = body.count(row["fragment"])
    if times == 1:
        at = body.index(row["fragment"])
        around = (
            body[at - 1 : at] + row["fragment"][0],
            (row["fragment"][-1] + body[at + len(row["fragment"]) :][:1]),
        )
        if not any(len(pair) == 2 and pair.isalnum() for pair in around):
            return []
        return [f"{here}: {row['fragment']!r} cuts a word in two; quote it whole"]
    return [
        f"{here}: {row['fragment']!r} stands {times} times in {row['section_id']}; quote words that stand once"
    ]


def _prover(data):
    """Make the functions that prove one piece of evidence, and tell whether it holds its value."""
    how = {(table, field["name"]): field for table, field in fields("fact")}
    foreign = {
        (r["name"], k["fields"][0]): k["reference"]["resource"]
        for r in tables.package()["resources"]
        for k in r["schema"].get("foreignKeys", [])
    }
    names = [(row["name"], row["record"]) for row in data["names"].values()]
    names += [
        (row["title"], f"{table}/{key}")
        for table, rows in data.items()
        for key, row in rows.items()
        if row.get("title")
    ]
    names.sort(key=lambda pair: -len(pair[0]))
    told = collections.defaultdict(set)  # (section, fragment) -> records that it is evidence of
    spoken_of = collections.defaultdict(set)  # section -> records that it gives a cell of
    lists = collections.Counter()  # how many records take a member of "2017 and 2022"
    for row in data["evidence"].values():
        table, _, key = row["record"].partition("/")
        if how.get((table, row["field"]), {}).get("proof") != "reference":
            about = data["names"].get(key, {}).get("record", row["record"])
            told[row["section_id"], row["fragment"]].add(row["record"])
            spoken_of[row["section_id"]].add(about if table == "names" else row["record"])
        value = data.get(table, {}).get(key, {}).get(row["field"], "")
        lists[row["section_id"], row["fragment"], table, row["field"], value] += 1

    def named_in(words, record):
        """Tell whether some words name a record; longer names of its table hide shorter ones."""
        table = record.partition("/")[0]
        for name, owner in names:
            if owner.startswith(table + "/") and wording.holds_word(name, words):
                if (name, record) in names:
                    return True
                words = words.replace(name, "\0")
        return False

    def says(row, value, field, table):
        fragment, proof = row["fragment"], field.get("proof")
        if proof == "words" and (table == "names" or field["name"] in ("printed", "title")):
            return wording.holds_as_printed(value, fragment)
        if proof == "words":
            return wording.holds(value, fragment)
        if proof == "date":
            # A launch begins a period and says nothing of its end; of "2017 and 2022" each member
            # must be taken by as many records as the other, or the choice between them is ours.
            return any(
                value in meant
                and not value.startswith("{")  # one thing does not happen on each of several days
                and not (field["name"] == "period" and f"{value}/" in meant)
                and (
                    len(meant) < 3
                    or value not in meant[:2]
                    or lists[row["section_id"], fragment, table, row["field"], meant[0]]
                    == lists[row["section_id"], fragment, table, row["field"], meant[1]]
                )
                for meant in wording.dates(fragment)
            )
        if proof == "number":
            return wording.numbers(fragment) == [float(value)]
        if proof == "ordinal":
            return wording.ordinals(fragment) == [int(value)]
        if proof == "amount":
            return [amount for amount, _ in wording.amounts(fragment)] == [int(value)]
        if proof == "flag":
            return any(wording.holds_word(word, fragment) for word in OPEN_LISTS)
        if proof == "wording" and field["name"] == "qualifier":
            hedge = wording.hedges(fragment)
            misprint = any(amount is None for amount, _ in wording.amounts(fragment))
            return value == ("misprint" if misprint else hedge[0] if hedge else "exact")
        if proof == "wording":
            # Of codes whose wordings overlap ("through", "through the") the longest one is meant.
            longest = {
                code: max((len(w) for w in words if wording.holds_word(w, fragment)), default=0)
                for code, words in field["wordings"].items()
            }
            return longest[value] == max(longest.values()) > 0
        if proof == "reference":
            target = foreign.get((table, field["name"]))
            record = f"{target}/{value}" if target else value
            return named_in(fragment, record) or any(
                record in records and section == row["section_id"] and words in fragment
                for (section, words), records in told.items()
            )
        return False

    def proof(key, row, body):
        table, _, record = row["record"].partition("/")
        value, field = data[table][record][row["field"]], how[table, row["field"]]
        here = place("evidence", key, "fragment")
        hedge = wording.cut_hedge(body, row["fragment"])
        if hedge:
            return [f"{here}: {row['fragment']!r} cuts off {hedge!r}; quote it too"]
        if row["basis"] == "inferred":
            return []
        holds = says(row, value, field, table)
        compatible = field.get("proof") == "date" and any(
            value not in meant and _contains(one, value)
            for meant in wording.dates(row["fragment"])
            for one in meant[:1]
            if len(meant) == 1
        )
        if row["support"] == "differs":
            return (
                [
                    f"{here}: {row['fragment']!r} says {value!r}; write "
                    f"{'says' if holds else 'coarser'}, not differs"
                ]
                if holds or compatible
                else []
            )
        if row["support"] == "says":
            return (
                []
                if holds
                else [
                    f"{here}: {row['fragment']!r} does not say that {row['field']} of {row['record']} is {value!r}"
                ]
            )
        if compatible:
            return []
        return [
            f"{here}: {row['fragment']!r} is not a coarser statement of {value!r} in {row['field']} of {row['record']}"
        ]

    def holds(row):
        """Tell whether a fragment holds the value, or tells of the record that is referred to.

        An inferred reference ("the project") must be to a record of which the same section
        speaks; an inferred figure must stand in one of the fragments it rests on, unless
        ``check`` holds it to an argument.
        """
        table, _, record = row["record"].partition("/")
        value, field = data[table][record][row["field"]], how[table, row["field"]]
        if row["basis"] == "stated" or field.get("proof") == "argued":
            return True
        if field.get("proof") == "date":
            return any(value in meant for meant in wording.dates(row["fragment"]))
        if field.get("proof") == "reference":
            target = foreign.get((table, row["field"]))
            if (f"{target}/{value}" if target else value) in spoken_of[row["section_id"]]:
                return True
        return says(row, value, field, table)

    return proof, holds


def hashes():
    """Hash the tables and the descriptor as they are now: file name -> SHA-256."""
    folder = tables.data_dir()
    files = ["datapackage.json"] + [r["path"] for r in tables.package()["resources"]]
    return {f: hashlib.sha256((folder / f).read_bytes()).hexdigest() for f in sorted(files)}


def _leave_receipt(data, counts):
    receipt = {
        "what": "ilodata verify proved every piece of evidence in these documents for these tables",
        "documents": {k: row["text_sha256"] for k, row in data["documents"].items()},
        "counts": dict(sorted(counts.items())),
        "tables": hashes(),
    }
    tables.write(tables.data_dir() / RECEIPT, json.dumps(receipt, indent=1) + "\n")


def outdated():
    """Say which tables have changed since the receipt.

    Returns
    -------
    list of str
        One line a file that changed; one line if there is no receipt.
    """
    path = tables.data_dir() / RECEIPT
    try:
        receipt = json.loads(path.read_text(encoding="utf-8"))["tables"]
    except (OSError, ValueError, KeyError):
        return [f"{path}: is missing or damaged; run ilodata verify DIR with the documents"]
    now = hashes()
    return [
        f"data/{file}: has changed since ilodata verify; run it again with the documents"
        for file in sorted(set(now) | set(receipt))
        if now.get(file) != receipt.get(file)
    ]
