"""The tables as text, and what in them follows from other cells: it is compared, or filled in.

A rule of `DERIVED` yields what a cell must be: ``(table, row, column, right, why)``.
"""

import collections
import csv
import io
import itertools
import re

from ilodata import tables, words
from ilodata.curation import grammar
from ilodata.files import write
from ilodata.problems import DataError

# Ids that follow from other cells are joined keys, of those that are filled.
JOINED = {
    "agreement_parties": ("agreement_id", "organisation_id"),
    "project_organisations": ("project_id", "organisation_id", "role"),
    "project_places": ("project_id", "place_id", "role"),
    "event_participants": ("event_id", "organisation_id", "person_id"),
    "result_places": ("result_id", "place_id"),
    "conflict_records": ("conflict_id", "record", "field"),
    "relations": ("subject", "predicate", "object"),
    "evidence": ("record", "field"),
    "searches": ("conflict_id",),
}
JOINTS = str.maketrans({"/": "--", "+": "--", "_": "-"})
COUNTED = ("evidence", "searches")
WHOLE = ("names", "evidence", "conflict_records")  # their ids keep the table of a record
WORDS = "reference/wordings"
# A blank id is made of other cells, the last in words; whoever writes another one keeps it.
WORDY = {
    "names": ("record", "name"),
    "themes": ("record", "theme"),
    "unused_mentions": ("section_id", "fragment"),
    WORDS: ("table", "column", "code", "wording"),
}
ACRONYM = re.compile(r"[A-Z]{2,}s?( [A-Z]{2,})?")
WORDINGS = f"{WORDS}.csv"
REGIONS = ("region", "group_of_states")


def load(part="."):
    """Read tables as text.

    Returns table -> {id: row}, each row a dict of strings, blank cells "", without tables that
    cannot be read row by row; and a list of what is wrong with files, rows and cells.
    """
    data, wrong = {}, []
    for name in (resource["name"] for resource in tables.package(part)["resources"]):
        rows, found = tables.cells(name, part)
        if rows or not found:
            data[name] = {id_of(row): row for row in rows}
        wrong += found
    return data, wrong


def sound():
    """Read the tables as `load` does; raises DataError if anything is wrong with them."""
    data, wrong = load()
    if wrong:
        raise DataError("\n".join(wrong))
    return data


def columns_of(role):
    """List the columns of a role in all tables as (table, field)."""
    return [
        (resource["name"], field)
        for resource in tables.package()["resources"]
        for field in resource["schema"]["fields"]
        if field["role"] == role
    ]


def lines(path, columns):
    """Read a CSV file that has some columns, as it stands, blank ids too: a list of its rows.

    Raises DataError if it is not CSV in UTF-8, its first line names other columns, or a row has
    more or fewer cells.
    """
    rows, wrong = tables.lines(path, columns, loose=True)
    if wrong:
        raise DataError("\n".join(wrong))
    return [dict(zip(columns, row, strict=True)) for row in rows]


def id_of(row):
    """Return the id of a row, its first cell."""
    return next(iter(row.values()))


def place(table, row, column):
    """Name a cell in a message."""
    return tables.place(f"{tables.data_dir().name}/{table}.csv", row, column)


def row_of(data, record):
    """Return the row of a record, or an empty dict."""
    table, _, key = record.partition("/")
    return data.get(table, {}).get(key, {})


def named(data, record):
    """List the names of a record as printed, its title included."""
    title = row_of(data, record).get("title", "")
    names = [row["name"] for row in data["names"].values() if row["record"] == record]
    return names + [title] * bool(title)


def pieces(data):
    """Yield `evidence.Evidence` of single cells: (id, it); a row may prove several: "value+unit"."""
    for key, row in data["evidence"].items():
        for field in row["field"].split("+"):
            yield key, {**row, "field": field}


def referring(data):
    """Yield each cell that refers to a row: (table, row, column, value, table or "")."""
    for table, rows in data.items():
        targets = tables.references(table)
        for row_id, row in rows.items():
            for column, target in targets.items():
                if row[column]:
                    yield table, row_id, column, row[column], target


def _ids(data):
    """Ids of links are their joined keys; those of evidence and searches count up by their keys."""
    for table, keys in JOINED.items():
        column, numbers = next(iter(tables.fields(table))), collections.Counter()
        for row_id, row in data[table].items():
            right = _joined(table, row, keys)
            numbers[right] += 1
            right += f"--{numbers[right]}" * (table in COUNTED)
            yield table, row_id, column, right, "its keys make"


def _joined(table, row, keys, words=""):
    """Make an id of cells, and of words behind them."""
    parts = [row[key] if table in WHOLE else row[key].rpartition("/")[2] for key in keys]
    return "--".join(filter(None, [*parts, words])).translate(JOINTS)


def _documents(data):
    """A section is in the document that a row gives with it."""
    for table in ("evidence", "unused_mentions", "searches"):
        for row_id, row in data[table].items():
            right = data["sections"].get(row["section_id"], row)["document_id"]
            yield table, row_id, "document_id", right, "its section makes"


def _name_kinds(data):
    """The kind of a name follows from its form and from the record's other names."""
    longer = collections.defaultdict(list)  # record -> its names that are no acronyms
    for row in data["names"].values():
        longer[row["record"]] += [row["name"]] * (not ACRONYM.fullmatch(row["name"]))
    for row_id, row in data["names"].items():
        full = row["name"] == max(longer[row["record"]], key=len, default="")
        right = "acronym" if ACRONYM.fullmatch(row["name"]) else "full" if full else "variant"
        yield "names", row_id, "kind", right, "its form makes"


def _kinds(data):
    """A code that follows from names is the first one of which a name holds a wording."""
    for table, field in columns_of("code"):
        proving = tables.wordings(table, field["name"])
        for key in data[table] if proving else ():
            names = " | ".join(named(data, f"{table}/{key}"))
            held = (c for c, words in proving.items() for w in words if grammar.spots(w, names))
            yield table, key, field["name"], next(held, ""), f"its names and {WORDINGS} make"


def _codes(data):
    """Codes of places and states are those of the reference data."""
    why = "reference/countries.csv makes"
    by_label = {row["label"]: row for row in tables.cells("countries", "reference")[0]}
    for key, row in data["places"].items():
        names = *named(data, f"places/{key}"), row["label"]
        unlisted = {"kind": row["kind"]}
        known = next((by_label[name] for name in names if name in by_label), unlisted)
        for column in ("iso3", "m49", "kind"):
            yield "places", key, column, known.get(column, ""), why
    for key, row in data["organisations"].items():
        known = [by_label[n] for n in named(data, f"organisations/{key}") if n in by_label]
        right = known[0]["iso3"] if known and row["kind"] == "state" else ""
        yield "organisations", key, "iso3", right, why


def _figures(data):
    """Amount, unit and qualifier follow from what is printed, the level from the ids."""
    for key, row in data["contributions"].items():
        level = "agreement" if row["agreement_id"] else "channel_total"
        level = "project" if row["project_id"] else level
        yield "contributions", key, "level", level, "its ids make"
        found = grammar.amounts(row["printed"])
        if len(found) == 1:
            value, unit = ("" if figure is None else str(figure) for figure in found[0])
            made = {"amount_usd": value, "printed_unit_usd": unit}
            made["qualifier"] = grammar.qualified(row["printed"])
            for column, right in made.items():
                yield "contributions", key, column, right, f"{row['printed']!r} makes"


DERIVED = (_ids, _documents, _name_kinds, _kinds, _codes, _figures)


def fix():
    """Fill in whatever follows from other cells; a file without such cells stays as it is.

    These are ids of links and of evidence, blank ids of names, themes, wordings and dismissed
    mentions, codes of names and places, the document of a section, and what a printed amount says.
    Where an id changes, what refers to it changes too. Returns a line for each cell that changed,
    and how many blank cells of each file were filled.
    """
    before, data, told, home = {}, {}, [], tables.data_dir()
    columns = {each["name"]: tables.fields(each["name"]) for each in tables.package()["resources"]}
    columns[WORDS] = tables.fields("wordings", "reference")
    for table, names in columns.items():
        before[table] = rows = lines(home / f"{table}.csv", names)
        data[table] = {id_of(row) or f"?{n}": dict(row) for n, row in enumerate(rows)}
        if len(data[table]) < len(rows):  # one would be lost; `check` names it
            return [f"{table}.csv: an id stands twice; nothing was filled in"]
    _name(WORDS, wordings := data.pop(WORDS))
    fill(data)
    for table, rows in (data | {WORDS: wordings}).items():
        blank, new = 0, list(rows.values())
        for was, row in zip(before[table], new, strict=True):
            changed = [column for column in was if was[column] != row[column]]
            blank += sum(not was[column] for column in changed)
            for column in filter(was.get, changed):
                where = place(table, id_of(row), column)
                told.append(f"{where}: {was[column]!r} is now {row[column]!r}")
        if blank:
            many = words.counted(blank, "blank cell")
            told.append(f"{home.name}/{table}.csv: {many} filled in")
        if before[table] != new:
            write(home / f"{table}.csv", as_csv(columns[table], new, header=True))
    return told


def fill(data):
    """Fill in, in tables as `load` gives them and in place, what follows from other cells."""
    for row in data["evidence"].values():
        row["support"], row["basis"] = row["support"] or "says", row["basis"] or "stated"
    for key, piece in pieces(data):
        told = row_of(data, piece["record"]) if piece["field"] == "value" else {}
        if told.get("qualifier") == "" and told["value"]:  # as its quoted figure is hedged
            told["qualifier"] = grammar.qualified(piece["fragment"])
            data["evidence"][key]["field"] += "+qualifier"
    for table in WORDY.keys() & data.keys():
        _name(table, data[table])
    for _ in range(3):  # an id of a link may be part of another one's
        for rule in DERIVED:
            for table, key, column, right, _ in list(rule(data)):
                if right or not tables.wordings(table, column):  # else a wording is missing
                    data[table][key][column] = right
        _rename(data)


def _name(table, rows):
    """Make blank ids of other cells; those that are taken get a number."""
    *keys, words = WORDY[table]
    for row in (row for row in rows.values() if not id_of(row)):
        taken = {id_of(other) for other in rows.values()}
        row[next(iter(row))] = free(_joined(table, row, keys, slug(row[words], 60)), taken)


def free(key, taken):
    """Number an id that is taken already."""
    numbered = (f"{key}-{number}" for number in itertools.count(2))
    return next(each for each in itertools.chain([key], numbered) if each not in taken)


def _rename(data):
    """Follow ids that have changed to where they are referred to."""
    renamed = {}  # table/id -> the new id
    for table, rows in data.items():
        data[table] = {}
        for old, row in rows.items():  # a row whose id is taken keeps its place, for check to name
            new = id_of(row)
            data[table][old if new in data[table] else new] = row
            if new != old:
                renamed[f"{table}/{old}"] = new
    for table, row, column, value, target in referring(data) if renamed else ():
        record = f"{target}/{value}" if target else value
        if record in renamed:
            home = "" if target else f"{record.partition('/')[0]}/"
            data[table][row][column] = home + renamed[record]


def evidence_row(key, record, field, document, section, fragment, support="says", why=""):
    """Make a row of evidence; with a reason why, it is inferred."""
    cells = key, record, field, document, section, fragment, support
    cells += "inferred" if why else "stated", why
    return dict(zip(tables.fields("evidence"), cells, strict=True))


def as_lines(found):
    """Write findings (table, row, column, what is wrong) as lines, each once."""
    return list(dict.fromkeys(f"{place(*where)}: {what}" for *where, what in found))


def as_csv(columns, rows, header=False):
    """Write rows of a table, or of some columns, as lines of CSV."""
    text = io.StringIO()
    columns = list(tables.fields(columns)) if isinstance(columns, str) else columns
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def slug(text, longest=40):
    """Make a readable id of some words, without small ones at its end where it is cut."""
    made = words.slug(text) or "untitled"
    if len(made) <= longest:
        return made
    made = made[: longest + 1].rpartition("-")[0] or made[:longest]
    return re.sub(r"(?:-(?:and|for|in|of|on|the|to))+$", "", made)
