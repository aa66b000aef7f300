"""How well do ``check`` and ``verify`` prove? Change one thing at a time and see who notices.

    python tests/mutants.py DOCUMENTS        (or: make mutants)

Prints the rate by kind of change and lists the survivors; exit 1 where one is not excused.
"""

import collections
import itertools
import re
import sys

from ilodata import problems, tables
from ilodata.curation import check, documents, grammar, review, verify
from ilodata.curation.filling import columns_of

PROOF = ("evidence", "unused_mentions")
# Changes that neither command can notice, and why that is so. A survivor matches by its kind and
# by the beginning of its place.
EXCUSED = {
    ("evidence dropped", ""): "A cell with several proofs keeps the others; the audit sees it where "
    "a mention of the document is then unused.",
    ("row dropped", "searches"): "The last search of a gap: the others are as good.",
    ("words", "indicators/conventions-"): "The shorter unit stands in the same words.",
    ("words", "agreements/mou-strategic-2016 with_ilo"): "Inferred: no word says it or denies it.",
    ("words", "agreements/ssc-2018 with_ilo"): "Inferred: no word says it or denies it either.",
    ("date", "events/regional-meeting-2022 date"): "Inferred: it may be less precise than the words.",
    ("code", "places/asia kind"): "Which kind of region it is follows from no list and no word.",
    ("swapped with the next row", "indicators/mous-2019-web-page unit"): "MOUs and MoUs differ in "
    "a capital letter only.",
    ("words", "results/network-mou-members unit"): "Its label names the MoUs of the members, too.",
}  # fmt: skip


def edited(data, *changes):
    """Give tables with rows changed: (table, id, cells), cells None where a row goes."""
    new = dict(data)
    for table, key, cells in changes:
        new[table] = new[table] if new[table] is not data[table] else dict(data[table])
        if cells is None:
            new[table].pop(key)
        else:
            first, *others = tables.fields(table)
            empty = {first: key, **dict.fromkeys(others, "")}
            new[table][key] = {**new[table].get(key, empty), **cells}
    return {t: {k: dict(r) for k, r in rows.items()} for t, rows in new.items()}


def mutants(data):
    """Yield changes of one cell of a fact or code column, or of one row: (kind, changes)."""
    for table, field in [*columns_of("fact"), *columns_of("code")]:
        if table in (*PROOF, "documents") and field["role"] == "fact":
            continue
        name = field["name"]
        for key, row in data[table].items():
            for kind, value in _values(data, table, field, row[name]):
                yield kind, [(table, key, {name: value})]
    for table, rows in data.items():
        names = [f["name"] for t, f in columns_of("fact") if t == table and table not in PROOF]
        for key, after in zip(rows, [*rows, *rows][1:], strict=False):
            first, twin = next(iter(rows[key])), f"{key}-2"
            yield "evidence dropped" if table == "evidence" else "row dropped", [(table, key, None)]
            yield "row duplicated", [(table, twin, {**rows[key], first: twin})]
            for name in names:
                one, two = ({**rows[k], first: ""} for k in (key, after))
                swapped = one | {name: two[name]}
                if one[name] != two[name] and swapped != two:  # else the rows only change places
                    new = [(table, key, {name: two[name]}), (table, after, {name: one[name]})]
                    yield "swapped with the next row", new
    yield from _evidence(data)


def _values(data, table, field, value):
    """Yield (kind, other value) for one cell."""
    proof, rules = field.get("proof"), field.get("constraints", {})
    target = tables.reference(table, field["name"], "any").partition("/")[0]
    others = sorted(data[target]) if target else []
    if not value:
        if "enum" in rules:
            yield "blank filled", str(rules["enum"][0]).lower()
        elif proof == "date":
            yield "blank filled", "2017/2022"
        elif others:
            yield "blank filled", others[0]
        return
    yield "blanked", ""
    if "enum" in rules:
        yield from (("code", code) for code in rules["enum"] if code != value and proof != "flag")
    elif proof == "date":
        for match in re.finditer(r"\d+", value):
            number, width = int(match.group()), len(match.group())
            for other in (number - 1, number + 1):
                yield "date", value[: match.start()] + f"{other:0{width}d}" + value[match.end() :]
        yield "date", value + "-05" if len(value) == 4 else value[:4]
    elif proof == "reference":
        home = value.split("/")[0]
        others = others or [f"{home}/{key}" for key in sorted(data[home])]
        at = others.index(value)
        near = {others[(at + step) % len(others)] for step in (1, 2, -1)} - {value}
        yield from (("reference", other) for other in sorted(near))
    elif field["type"] in ("integer", "number") or re.fullmatch(r"\d+", value):
        for at, digit in enumerate(value):
            if digit.isdigit():
                other = "9" if at == 0 and digit in "09" else str((int(digit) + 1) % 10)
                if other != digit:
                    yield "digit", value[:at] + other + value[at + 1 :]
    else:
        yield "words", _misspelt(value)
        if " " in value and proof == "words":
            yield "words", value + " x"
        column = sorted({row[field["name"]] for row in data[table].values()} - {value, ""})
        if column:
            yield "words", column[0]


def _misspelt(words):
    """Change the letter in the middle."""
    middle = len(words) // 2
    return words[:middle] + ("x" if words[middle] != "x" else "y") + words[middle + 1 :]


def _evidence(data):
    """Yield changes to pieces of evidence."""
    rows, titles = data["evidence"], sorted(data["documents"])
    facts = collections.defaultdict(list)
    for table, field in columns_of("fact"):
        facts[table].append(field["name"])

    def after(each, among):
        among = list(among)
        return among[(among.index(each) + 1) % len(among)]

    def changed(key, **cells):
        return [("evidence", key, cells)]

    for key, row in rows.items():
        table, _, record = row["record"].partition("/")
        home, fragment = row["document_id"], row["fragment"]
        here = [k for k, r in data["sections"].items() if r["document_id"] == home]
        moved = {"section_id": after(row["section_id"], here)}
        yield "evidence moved to another section", changed(key, **moved)
        yield "evidence moved to another document", changed(key, document_id=after(home, titles))
        if (other := after(record, data[table])) != record:
            yield "evidence moved to another record", changed(key, record=f"{table}/{other}")
        filled = [f for f in facts[table] if f != row["field"] and data[table][record][f]]
        for field in filled[:1]:
            yield "evidence moved to another column", changed(key, field=field)
        yield "fragment", changed(key, fragment=_misspelt(fragment))
        for figure in grammar.figures(fragment):
            if grammar.hedge(fragment, figure):
                yield "hedge cut off", changed(key, fragment=fragment[figure.start :])
        for support in {"says", "coarser", "differs"} - {row["support"]}:
            yield "support", changed(key, support=support)
        inferred = row["basis"] == "inferred"
        yield "basis", changed(key, basis="stated" if inferred else "inferred")
        if inferred:
            yield "note blanked", changed(key, note="")


def noticed(changed, folder, records=None):
    """Tell whether check or verify notices changed tables.

    Of evidence only that of some records is proved, if they are given: proving less than ``verify``
    does can only lower the rate.
    """
    if check.rules(changed) or review.gone(changed):
        return True
    try:
        texts = documents.find(folder, changed["documents"].values())
    except problems.DataError:
        return True
    cut, wrong = documents.cut(texts, changed["sections"].values())
    return bool(wrong or verify.prove(changed, cut, records)[0])


def run(folder, every=1):
    """Try each mutant, or each ``every``-th; return counts by kind and the survivors."""
    data, wrong = check.load()
    assert not wrong and not check.rules(data)
    tried, survivors = collections.Counter(), []
    for kind, changes in itertools.islice(mutants(data), 0, None, every):
        tried[kind] += 1
        records, flaws = set(), []
        for table, key, cells in changes:
            old, new = data[table].get(key, {}), cells or {}
            records |= {f"{table}/{key}", old.get("record"), new.get("record")}
            flaws += [tables.flaw(tables.fields(table)[name], new[name]) for name in new]
        if not (any(flaws) or noticed(edited(data, *changes), folder, records)):
            table, key, cells = changes[0]
            told = [f"{name} {value!r}" for name, value in (cells or {}).items()]
            survivors.append((kind, f"{table}/{key} {', '.join(told)}"))
    return tried, survivors


def excuse(kind, place):
    """Say why a survivor is excused, or nothing."""
    found = (why for (k, start), why in EXCUSED.items() if k == kind and place.startswith(start))
    return next(found, None)


def main(folder):
    """Print the rate by kind and the survivors; return 1 where one is not excused."""
    tried, survivors = run(folder)
    left = collections.Counter(kind for kind, _ in survivors)
    tried["all"], left["all"] = sum(tried.values()), len(survivors)
    for kind, number in sorted(tried.items()):
        print(f"{kind:36} {number - left[kind]:6,} of {number:6,}  {1 - left[kind] / number:7.2%}")
    for kind, place in survivors:
        print(f"survived: {kind}: {place} ({excuse(kind, place) or 'NOT EXCUSED'})")
    return int(any(excuse(*survivor) is None for survivor in survivors))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
