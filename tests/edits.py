"""Edits that a hurried curator makes, each with its evidence, by rule from all tables.

``make mutants`` tries a sample of each kind; ``python tests/edits.py DOCUMENTS all`` tries each. An
edit is noticed by ``check``, ``verify`` or ``audit``, or else it stands in ``review``. The kinds in
`LEFT_OUT` were set aside while the rules were written: they tell how the rules do on edits that
nobody had in mind.
"""

import collections
import itertools
import sys
from functools import partial

import mutants

from ilodata import tables
from ilodata.curation import audit, documents, filling, grammar, review

SAMPLE = 6  # edits of a kind, unless all are asked for
WHY = {"basis": "inferred", "note": "As is well known."}


def proof(data, record, field=None):
    """List the evidence of a record, or of one cell of it: (id, row)."""
    return [
        (k, r)
        for k, r in data["evidence"].items()
        if r["record"] == record and field in (None, r["field"])
    ]


def proving(record, field, words, **cells):
    """Give a row of evidence that proves a cell by the words of another one."""
    row = {**words, "record": record, "field": field, "support": "says", "basis": "stated"}
    return "evidence", f"{record}--{field}--new", row | {"note": ""} | cells


def borrow(data, record, field, other, other_field=None, **cells):
    """Prove a cell by the words that prove another one, and by no others."""
    _, words = proof(data, other, other_field or field)[0]
    gone = [("evidence", key, None) for key, _ in proof(data, record, field)]
    return [*gone, proving(record, field, words, **cells)]


def pairs(data, table):
    """Give two rows of a table at a time, each in both places."""
    return itertools.permutations(data[table].items(), 2)


def swapped(data):
    cells = ("printed", "amount_usd", "qualifier", "printed_unit_usd")
    for (a, one), (b, two) in itertools.combinations(data["contributions"].items(), 2):
        if one["level"] == two["level"]:
            moved = [
                ("evidence", k, {"record": f"contributions/{there}"})
                for here, there in ((a, b), (b, a))
                for k, r in proof(data, f"contributions/{here}")
                if r["field"] in cells
            ]
            new = {c: two[c] for c in cells}, {c: one[c] for c in cells}
            yield [("contributions", a, new[0]), ("contributions", b, new[1]), *moved]


def borrowed(table, data):
    """Prove a link by the words on the same thing, said of another record."""
    owner, column, *_ = filling.JOINED[table]
    for (a, one), (b, two) in pairs(data, table):
        if one[column] == two[column] and one[owner] != two[owner]:
            words = {r["fragment"] for _, r in proof(data, f"{table}/{a}")}
            if proof(data, f"{table}/{b}", column)[0][1]["fragment"] not in words:
                yield borrow(data, f"{table}/{a}", column, f"{table}/{b}")


def taken(table, column, data):
    """Give a cell the value of another row, and its proof."""
    for (a, one), (b, two) in pairs(data, table):
        if two[column] and one[column] != two[column] and proof(data, f"{table}/{b}", column):
            proofs = borrow(data, f"{table}/{a}", column, f"{table}/{b}")
            yield [(table, a, {column: two[column]}), *proofs]


def invented(data):
    """Say of two things that share a section what the words say of others."""
    known = {(r["subject"], r["object"]) for r in data["relations"].values()}
    for (a, one), (b, two) in pairs(data, "relations"):
        new = {"subject": one["subject"], "predicate": two["predicate"], "object": two["object"]}
        words = proof(data, f"relations/{a}", "subject")[:1]
        for field in ("predicate", "object"):
            words += proof(data, f"relations/{b}", field)[:1]
        same = one["subject"] == two["object"] or one["predicate"] == two["predicate"]
        known_one = same or (new["subject"], new["object"]) in known
        if not known_one and len({r["section_id"] for _, r in words}) == 1:
            key = "--".join(new.values()).replace("/", "-")
            proofs = (proving(f"relations/{key}", r["field"], r) for _, r in words)
            yield [("relations", key, {**new, "label": "One helps the other"}), *proofs]


def reversed_(data):
    other = {"subject": "object", "object": "subject", "predicate": "predicate"}
    for key, row in data["relations"].items():
        if row["predicate"] != "cooperates_with":  # which goes both ways
            words = [
                ("evidence", k, {"field": other[r["field"]]})
                for k, r in proof(data, f"relations/{key}")
            ]
            new = {"subject": row["object"], "object": row["subject"]}
            yield [("relations", key, new), *words]


def dropped(data):
    for table in ("results", "indicators", "contributions"):
        for key, row in data[table].items():
            if row.get("value") or row.get("amount_usd"):
                yield gone(data, table, key)


def deleted(data):
    """Delete what is no figure with its evidence; nothing asks for it again."""
    return (gone(data, t, key) for t in ("agreement_parties", "themes") for key in data[t])


def gone(data, table, key):
    """Delete a record, its evidence and what hangs on it; dismiss its figures as examples."""
    record, leave = f"{table}/{key}", {f"{table}/{key}": None}
    for name, row, column, value, _ in filling.referring(data):
        mine = name not in ("contributions", "evidence")
        if mine and tables.reference(name, column, value) == record:
            leave[f"{name}/{row}"] = None
    proofs = [each for one in leave for each in proof(data, one)]
    changes = [(*one.split("/"), None) for one in leave]
    changes += [("evidence", k, None) for k in dict(proofs)]
    figures = {r["fragment"]: r for _, r in proof(data, record) if grammar.figures(r["fragment"])}
    for n, row in enumerate(figures.values()):
        here = {c: row[c] for c in ("document_id", "section_id", "fragment")}
        changes.append(("unused_mentions", f"{key}-{n}", here | {"reason": "An example only."}))
    return changes


def mislabelled(data):
    ministries = [r["label"] for r in data["organisations"].values() if r["kind"] == "ministry"]
    for key, row in data["agreements"].items():
        for other in ministries:
            if other not in row["label"]:
                year = int(row["signed"].strip("[")[:4]) + 1
                yield [("agreements", key, {"label": f"MoU with {other}, {year}"})]
                yield [("agreements", key, {"label": f"Memorandum with {other}"})]


def moved(table, data):
    """Move what belongs to a record to another one of its table; the evidence stays."""
    homes = sorted({row["record"] for row in data[table].values()})
    for (key, row), home in itertools.product(data[table].items(), homes):
        if home != row["record"] and home.split("/")[0] == row["record"].split("/")[0]:
            yield [(table, key, {"record": home})]


def well_known(data):
    """Infer a place from words of the record's own section that name none."""
    names = [row["name"] for row in data["names"].values()]
    known = {(row["project_id"], row["place_id"]) for row in data["project_places"].values()}
    for link in data["project_places"].values():
        project = link["project_id"]
        own = [r for t in ("projects", "contributions") for _, r in proof(data, f"{t}/{project}")]
        words = [r for r in own if not any(name in r["fragment"] for name in names)]
        for place, row in data["places"].items():
            if words and row["kind"] == "country" and (project, place) not in known:
                new = {**link, "place_id": place, "role": "beneficiary"}
                cells = ("place_id", "role")
                rows = (proving("project_places/new", c, words[0], **WHY) for c in cells)
                yield [("project_places", "new", new), *rows]


def part(data):
    totals = [k for k, r in data["contributions"].items() if r["level"] == "channel_total"]
    for key, row in data["contributions"].items():
        for total in totals:
            if row["level"] != "channel_total" and row["part_of"] != total:
                cells = f"contributions/{key}", "part_of", f"contributions/{total}", "amount_usd"
                yield [("contributions", key, {"part_of": total}), *borrow(data, *cells, **WHY)]


LEFT_OUT = {
    "a place of another result": partial(borrowed, "result_places"),
    "role of another partner": partial(borrowed, "project_organisations"),
    "event on another's date": partial(taken, "events", "date"),
    "payer of another amount": partial(taken, "contributions", "payer_id"),
    "status of another result": partial(taken, "results", "status"),
    "theme of another record": partial(moved, "themes"),
    "name of another record": partial(moved, "names"),
}
KINDS = LEFT_OUT | {
    "amounts change places": swapped,
    "a party of another agreement": partial(borrowed, "agreement_parties"),
    "a place of another project": partial(borrowed, "project_places"),
    "year of another agreement": partial(taken, "agreements", "signed"),
    "window of another amount": partial(taken, "contributions", "period"),
    "a relation made up": invented,
    "subject and object reversed": reversed_,
    "a figure deleted and dismissed": dropped,
    "a link deleted": deleted,
    "a label of something else": mislabelled,
    "a result moved": partial(moved, "results"),
    "an indicator moved": partial(moved, "indicators"),
    "a place that is well known": well_known,
    "part of a total": part,
}


def noticed(changed, folder):
    """Tell whether check, verify or audit notices an edit whose ids are right."""
    if mutants.noticed(changed, folder):
        return True
    texts = documents.find(folder, changed["documents"].values())
    bodies, _ = documents.cut(texts, changed["sections"].values())
    findings = audit.held(changed, bodies, " ".join(texts.values()))
    return any(finding.state == "unused" for finding in findings)


def run(folder, sample=SAMPLE):
    """Try edits; count those tried and those noticed by kind, and list what nobody sees, in review either."""
    data, wrong = filling.load()
    assert not wrong and not noticed(data, folder), "the tables as they are give alarms"
    tried, seen, lost = collections.Counter(), collections.Counter(), []
    for kind, edits in KINDS.items():
        made = list(edits(data))
        for changes in made[:: max(1, len(made) // sample)][:sample]:
            changed = mutants.edited(data, *changes)
            filling.fill(changed)
            tried[kind] += 1
            if noticed(changed, folder):
                seen[kind] += 1
            elif review.entries(data) == review.entries(changed):
                lost.append(f"{kind}: {changes[0]}")
    return tried, seen, lost


def share(tried, seen, kinds):
    """Give the share of edits of some kinds that the commands notice."""
    return sum(seen[kind] for kind in kinds) / sum(tried[kind] for kind in kinds)


def main(folder, every=""):
    """Print how many edits of each kind are noticed; return 1 where nobody sees one."""
    tried, seen, lost = run(folder, 10**6 if every else SAMPLE)
    for kind, number in tried.items():
        mark = " (left out)" if kind in LEFT_OUT else ""
        print(f"{kind + mark:44} {seen[kind]:4} of {number:4} noticed")
    print(f"rules written for {share(tried, seen, KINDS.keys() - LEFT_OUT.keys()):.0%}")
    print(f"left out {share(tried, seen, LEFT_OUT):.0%}")
    print("".join(f"seen by nobody: {each}\n" for each in lost), end="")
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
