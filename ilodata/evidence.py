"""Where a cell comes from, how certain it is, and which doubt or gap touches it.

A *record* is ``table/id``; a *source* names cells ``table/id/field`` or records, joined by ``+``
(see ``words.link``). A whole record stands for its name.
"""

import functools
import os
from collections import defaultdict
from contextlib import suppress
from typing import NamedTuple

from ilodata import tables, words
from ilodata.problems import DataError, nearest

MOST_QUOTES = 4  # on a card that is not about one cell
NAMING = ("title", "heading", "printed", "theme", "predicate")
NOT_ATTACHED = ("evidence", "names", "conflict_records", "searches")
OPENING = "(before the first heading)"


def evidence(of, field=None):
    """Show where each cell of some records comes from, and of what hangs on them.

    A record brings its parties, places, partners, results, themes and money, under their names.

    Parameters
    ----------
    of : str, list of str, DataFrame or Series
        A record as ``table/id``, such as ``"contributions/jpo-2017-2022"``, or its id or a name
        ("MOHRSS") alone, or several; or rows as a loader or any of our functions gives them, filtered or not, or one.
    field : str, optional
        One column; all of them by default. Where a record's table does not have it, that of what
        hangs on the record is shown.

    Returns
    -------
    DataFrame
        One row a piece of evidence, indexed by record and field: value, document (title), section
        (heading), fragment (the words that fix the value), support ("says", "coarser", "differs"),
        basis ("stated", "inferred"), note, and doubts (titles of what limits the cell).

    Raises
    ------
    DataError
        If there is no such record or field; the nearest right one is named. If rows do not tell
        which records they are.

    >>> projects = tables.load_projects()
    >>> list(evidence(projects[projects.period == "2019/2023"], "period").index)
    [('projects/trade-unions-2019', 'period')]
    """
    asked = records(of)
    known = {each: None for record in asked for each in (record, *attached(record))}
    columns = {name for record in known for name in tables.row(record)}
    if field is not None and field not in columns:
        table = asked[0].partition("/")[0]
        raise DataError(f"{field!r} is not a column of {table}; {nearest(field, columns)}")
    if field is not None:
        own = [[r] if field in tables.row(r) else attached(r) for r in asked]
        known = {each: None for some in own for each in some}
    found = []
    for record in known:
        values = tables.row(record)
        for piece in _index().proof.get(record, ()):
            if field in (None, piece["field"]):
                told = _touching([f"{record}/{piece['field']}"], "figure")
                where = {"value": values[piece["field"]], **_place(piece)}
                found.append({**piece, **where, "doubts": words.listed(d["title"] for d in told)})
    names = ["value", "document", "section", "fragment", "support", "basis", "note", "doubts"]
    return tables.frame(found, ["record", "field", *names], ["record", "field"])


def records(of):
    """Name the records ``table/id`` that a source, a list, rows or one row are about, each once.

    Raises
    ------
    DataError
        If there is no such record, or the rows do not tell which they are.
    """
    if hasattr(of, "to_frame"):  # one row as ``loc`` gives it, or one column
        one_row = of.index.name is None and of.index.inferred_type == "string"
        of = of.to_frame().T if one_row else of.to_frame()
    named = _records_of(of) if hasattr(of, "columns") else [of] if isinstance(of, str) else of
    parts = [p for each in map(str, named) for p in (each.split("+") if "/" in each else [each])]
    found = [record for part in parts for record in _called(part)]
    if not found:
        raise DataError("there is no row to ask about")
    return list(dict.fromkeys(found))


def _called(text):
    """Return the record that a text names; those of all tables where it is an id, or else a name."""
    if "/" in text:
        record = "/".join(text.split("/")[:2])
        return [record] if tables.row(record) else []
    every = sorted({each["name"] for each in tables.package()["resources"]} - set(NOT_ATTACHED))
    ids = {(table, next(iter(row.values()))) for table in every for row in tables.rows(table)}
    if named := sorted(f"{table}/{key}" for table, key in ids if key == text):
        return named
    for table in every:
        with suppress(DataError):
            named += [f"{table}/{key}" for key in tables.find(text, table)]
    if named:
        return named
    raise DataError(f"{text!r} is not a record; {nearest(text, {key for _, key in ids})}")


def _records_of(frame):
    """Name the records of rows by their index, or by their columns after ``reset_index``."""
    for name in ("record", "of"):
        if name in frame.index.names:
            return list(frame.index.get_level_values(name))
    if all("/" in str(key) for key in frame.index):
        return list(frame.index)
    columns, matches = set(frame.columns), {}
    for resource in tables.package()["resources"]:
        key, *others = [each["name"] for each in resource["schema"]["fields"]]
        has_key = key in (frame.index.name, *columns) if frame.index.name else key in columns
        is_row = frame.index.name is None and columns >= set(others)  # its id has become its name
        if (has_key or is_row) and columns & set(others):
            matches[resource["name"]] = len(columns & set(others))
    # Tables of links have one name for their keys: the one that knows most of the columns is meant.
    meant = [table for table in matches if matches[table] == max(matches.values())]
    if len(meant) == 1 and (frame.index.name or frame.columns[0] != "record"):
        key = next(iter(tables.fields(meant[0])))
        return [f"{meant[0]}/{each}" for each in (frame[key] if key in columns else frame.index)]
    for name in ("record", "of"):
        if name in columns:
            return list(frame[name])
    raise DataError(
        "these rows do not tell which table they are from; ask for a record, as table/id"
    )


def attached(record):
    """List what hangs on a record: parties, places, partners, results, themes, money.

    Records ``table/id`` in the order of the tables, each followed by what hangs on it in turn.
    """
    return [e for each in _index().hanging.get(record, ()) for e in (each, *attached(each))]


class Index(NamedTuple):
    """What the tables say, by record: evidence, names as records, limits, and what hangs on it."""

    proof: dict
    names: dict
    limits: dict
    hanging: dict


def _index():
    """Return the index of the tables as they are now."""
    folder = tables.data_dir()
    with os.scandir(folder) as files:
        facts = [(file.name, file.stat()) for file in files]
    return _indexed(folder, frozenset((n, fact.st_mtime_ns, fact.st_size) for n, fact in facts))


@functools.lru_cache(2)
def _indexed(_folder, _state):
    """Read all tables once, until one of them changes."""
    found = Index(*(defaultdict(list) for _ in Index._fields))
    for piece in tables.rows("evidence"):
        found.proof[piece["record"]].append(piece)
    for row in tables.rows("names"):
        found.names[row["record"]].append(f"names/{row['name_id']}")
    for row in tables.rows("conflict_records"):
        found.limits[row["record"]].append((row["conflict_id"], row["field"]))
    for resource in tables.package()["resources"]:
        table, schema = resource["name"], resource["schema"]
        key, *columns = [field["name"] for field in schema["fields"]]
        owners = ["record"] if "record" in columns else []
        if key == "id" and not owners:  # a table of links: the first is to what it hangs on
            owners = schema["foreignKeys"][0]["fields"]
        owners = ["project_id", "agreement_id"] if table == "contributions" else owners
        for row in tables.rows(table) if owners and table not in NOT_ATTACHED else ():
            for owner in filter(None, (tables.reference(table, n, row[n]) for n in owners)):
                found.hanging[owner].append(f"{table}/{row[key]}")
    return found


def _place(piece):
    """Say where a piece of evidence stands: title of the document, heading of the section."""
    section = piece["section_id"] and tables.row(f"sections/{piece['section_id']}")["heading"]
    document = tables.row(f"documents/{piece['document_id']}")["title"]
    return {"document": document, "section": section or OPENING}


def _split(source):
    """Split a cell into its record and its column, "" for a whole record; both exist."""
    table, _, rest = source.partition("/")
    key, _, field = rest.partition("/")
    if field and field not in tables.row(f"{table}/{key}"):
        raise DataError(
            f"{field!r} is not a column of {table}; {nearest(field, tables.fields(table))}"
        )
    return f"{table}/{key}", field


def _pieces(source):
    """Return the evidence of a cell; of a whole record or a name of our own, that of its name."""
    record, field = _split(source)
    tables.row(record)
    by_field = defaultdict(list)
    for piece in _index().proof.get(record, ()):
        by_field[piece["field"]].append(piece)
    named = [p for name in _index().names.get(record, ()) for p in _index().proof.get(name, ())]
    naming = [by_field[name] for name in NAMING if name in by_field]
    ours = [by_field[name] for name in tables.row(record) if name in by_field]
    pieces = next(filter(None, [by_field.get(field), *naming, named, *ours]), [])
    # What says the value comes first, what says something else last.
    return sorted(pieces, key=lambda piece: ("says", "coarser", "differs").index(piece["support"]))


def certainty(of):
    """Tell whether the weakest of the cells that a source names is "stated" or "inferred".

    A cell is stated where any evidence states its value. A whole record is as certain as its name;
    a link between records, which has none, as the weakest of its cells.

    >>> certainty("contributions/youth-employment-2020/likely_usd")
    'inferred'
    """
    cells = [cell for each in words.sources(of) for cell in _cells(each)]
    return "inferred" if any(_inferred(_pieces(cell)) for cell in cells) else "stated"


def _cells(source):
    """Return the cells that a source rests on: of a whole link between records, all with evidence."""
    record, field = _split(source)
    row = tables.row(record)
    named = "predicate" not in row and {"label", "theme", "indicator"} & set(row)
    if named or field not in ("", "label"):
        return [source]
    found = dict.fromkeys(piece["field"] for piece in _index().proof.get(record, ()))
    return [f"{record}/{name}" for name in found] or [source]


def _inferred(pieces):
    """Tell whether no evidence states a value; a coarser one counts where there is nothing else."""
    supports = {piece["support"] for piece in pieces} - {"differs"}
    best = "says" if "says" in supports else "coarser"
    return bool(supports) and not any(
        piece["basis"] == "stated" for piece in pieces if piece["support"] == best
    )


def _touching(cells, weight, broad=False):
    """List the conflicts of a weight that touch some cells, a row a cell of theirs.

    Broad: a whole record is touched by what limits any of its cells.
    """
    found = []
    for record, column in map(_split, cells):
        for conflict, field in _index().limits.get(record, ()):
            row = tables.row(f"conflicts/{conflict}")
            if row["weight"] == weight and (field in ("", column) or (broad and not column)):
                found.append({**row, "title": row["label"], "record": record, "field": field})
    return found


def doubts(of=None):
    """List what would change a printed figure, date or name under another reading.

    Asked about a source or about what `records` takes (a whole record: about all of its cells); by
    default, all that is in doubt.

    Returns
    -------
    DataFrame
        One row a conflict of weight ``figure``, indexed by ``conflict_id``: title, what, quotes
        (the two wordings as linked text, a line each), choice (what we print), otherwise.
    """
    found = {row["conflict_id"]: row for row in _touching(_asked(of), "figure", broad=True)}
    for key, row in found.items():
        row |= {"choice": row["treatment"], "quotes": "\n".join(_wordings(key))}
    columns = ["conflict_id", "title", "what", "quotes", "choice", "otherwise"]
    return tables.frame(list(found.values()), columns, "conflict_id")


def _asked(of):
    """Return the cells or records that are asked about: all that conflicts name by default."""
    if of is None:
        return list(dict.fromkeys(row["record"] for row in tables.rows("conflict_records")))
    named = [of] if isinstance(of, str) else of
    if isinstance(named, (list, tuple)) and all("/" in each for each in named):
        return words.sources(of)
    return records(of)


def _wordings(conflict):
    """Return the two wordings of a conflict: of its first two cells, or of one that has two."""
    told = [row for row in tables.rows("conflict_records") if row["conflict_id"] == conflict]
    cells = [f"{row['record']}/{row['field']}" for row in told if row["field"]]
    first = {_pieces(cell)[0]["fragment"]: cell for cell in cells[:2] if _pieces(cell)}
    every = {piece["fragment"]: cell for cell in cells[:1] for piece in _pieces(cell)}
    return [words.link(f"“{said}”", cell) for said, cell in (first | every).items()][:2]


def gaps(of=None):
    """List what a curator looked for in the documents and did not find, asked as for `doubts`.

    Returns
    -------
    DataFrame
        One row a gap and cell, indexed by ``conflict_id``: title, what, treatment, record, field
        ("" for the whole record), searched (the words looked for).
    """
    found = _touching(_asked(of), "gap", broad=True)
    looked = defaultdict(dict)
    for row in tables.rows("searches"):
        looked[row["conflict_id"]][row["words"]] = None
    for row in found:
        row["searched"] = words.listed(looked[row["conflict_id"]], "or")
    columns = ["conflict_id", "title", "what", "treatment", "record", "field", "searched"]
    return tables.frame(found, columns, "conflict_id")


def card(of, how=""):
    """Put together what a reader needs to believe a statement: the words, and where they stand.

    Parameters
    ----------
    of : str or list of str
        A source. A whole record brings the evidence of its name.
    how : str
        For what we worked out: the arithmetic and the assumption, in words.

    Returns
    -------
    dict
        title; certainty ("stated", "inferred"); why (of what is inferred, or worded by us);
        quotes: list of {fragment, document, section, support, basis, note, cell}; how; parts, of
        what we worked out: list of {title, value, certainty, of}; doubts: ids of conflicts.

    Raises
    ------
    DataError
        If there is no such record or column; the nearest right one is named.
    """
    found = words.sources(of)
    about_one_cell = len(found) == 1 and _split(found[0])[1]
    most = 99 if about_one_cell else max(1, MOST_QUOTES // len(found))
    quotes, why = {}, []
    for source in found:
        pieces = [piece for cell in _cells(source) for piece in _pieces(cell)]
        unlike = {(piece["fragment"], piece["document_id"]): piece for piece in reversed(pieces)}
        for piece in list(reversed(unlike.values()))[:most]:
            said = {name: piece[name] for name in ("fragment", "support", "basis", "note")}
            cell = f"{piece['record']}/{piece['field']}"
            quotes.setdefault(
                (piece["fragment"], *_place(piece).values()),
                {**said, **_place(piece), "cell": cell},
            )
        record, field = _split(source)
        if field and not pieces:
            why.append(tables.fields(record.partition("/")[0])[field]["description"])
        if certainty(source) == "inferred":
            why += [piece["note"] for piece in pieces if piece["basis"] == "inferred"]
    return {
        "title": _title(found),
        "certainty": certainty(found),
        "why": " ".join(dict.fromkeys(filter(None, why))),
        "quotes": list(quotes.values()),
        "how": how,
        "parts": [_part(each) for each in found] if how else [],
        "doubts": list(dict.fromkeys(row["conflict_id"] for row in _touching(found, "figure"))),
    }


def _title(found):
    """Call what a card is about; what several of its cells belong to is named once."""
    whose = {}
    for each in found:
        said = _cell_title(each.removesuffix("/theme"))
        head, mark, name = said.partition(": ")
        if not mark and _split(each)[1] not in ("", "label"):
            head, mark, name = said.rpartition(", ")
        bare = head.removesuffix(" (money)")
        names = whose.setdefault(bare if bare in whose else head, {})
        names |= {name: mark} if name else {}
    titles = []
    for head, names in whose.items():
        mark = ": " if len(names) > 1 else "".join(names.values())
        titles.append(f"{head}{mark}{_few(names)}")
    return words.capital(_few(titles))


def _few(titles):
    """List up to three titles, or the first two and how many more there are."""
    titles = list(titles)
    return words.listed([*titles[:2], f"{len(titles) - 2} more"] if len(titles) > 3 else titles)


def _cell_title(source):
    """Call a cell: the label of its record and the display name of its column, without the unit."""
    record, field = _split(source)
    table, said, row = record.partition("/")[0], tables.label(record), tables.row(record)
    if table == "contributions" and (row["project_id"] or row["agreement_id"]):
        said = f"{said} (money)"  # which is called like what it is for
    if "record" in row:  # a theme or result is called like others; whose it is tells them apart
        said = f"{tables.label(row['record'])}: {said}"
    if field in ("", "label"):
        return said
    name = tables.fields(table)[field]["title"].partition(",")[0]
    return f"{said}, {name if name[1:2].isupper() else name[:1].lower() + name[1:]}"


def _part(source):
    """Describe a part of what we worked out: amounts with their hedge, as printed."""
    record, field = _split(source)
    row, value = tables.row(record), ""
    if field:
        value = value_in_words(record.partition("/")[0], field, row[field])
    if field == "amount_usd":
        value = row["printed"]
    elif field == "value" and row.get("qualifier", "") not in ("", "exact"):
        value = f"{row['qualifier'].replace('_', ' ')} {value}"
    return {
        "title": _cell_title(source),
        "value": value,
        "certainty": certainty(source),
        "of": source,
    }


def value_in_words(table, column, value):
    """Say a cell's text as a reader reads it: dates, amounts, codes in words, references by label.

    >>> value_in_words("contributions", "period", "2017/2022")
    '2017–2022'
    """
    field = tables.fields(table)[column]
    if value == "":
        return ""
    if record := tables.reference(table, column, value):
        return tables.label(record)
    if field.get("proof") == "date":
        return words.date(value)
    if field["type"] == "boolean":
        return "yes" if value == "true" else "no"
    if field["type"] in ("integer", "number"):
        return words.money(int(value)) if column.endswith("_usd") else f"{float(value):,.15g}"
    return value.replace("_", " ") if "enum" in field.get("constraints", {}) else value


def inferred(tables=()):
    """List the cells that are inferred, not stated, and why: of one table, of several, or of all.

    Returns
    -------
    DataFrame
        One row a cell, indexed by record: label, column (display name), field, value (in words),
        fragment (the words it rests on), why.
    """
    return _guesses([tables] if isinstance(tables, str) else list(tables))


def _guesses(chosen):
    """List the inferred cells of the tables chosen."""
    for table in chosen:
        tables.schema(table)
    found = []
    for record, pieces in _index().proof.items():
        table = record.partition("/")[0]
        for name in dict.fromkeys(
            piece["field"] for piece in pieces if table in (chosen or [table])
        ):
            own = [piece for piece in pieces if piece["field"] == name]
            if _inferred(own):
                row = {"record": record, "label": tables.label(record), "field": name}
                row["column"] = tables.fields(table)[name]["title"]
                row["value"] = value_in_words(table, name, tables.row(record)[name])
                row["fragment"] = "; ".join(dict.fromkeys(piece["fragment"] for piece in own))
                row["why"] = " ".join(
                    dict.fromkeys(piece["note"] for piece in own if piece["note"])
                )
                found.append(row)
    columns = ["record", "label", "column", "field", "value", "fragment", "why"]
    return tables.frame(found, columns, "record")
