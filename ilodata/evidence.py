"""Where a cell comes from, how certain it is, and which doubt or gap touches it.

A *record* is ``table/id``; a *source* names cells ``table/id/field`` or records, joined by ``+``
(see ``words.link``).
"""

import functools
from collections import defaultdict

from ilodata import tables, words
from ilodata.problems import DataError, nearest

MOST_QUOTES = 4  # that a card of a whole record shows
NAMING = ("title", "heading", "printed", "theme", "value", "unit", "kind", "organisation_id")
UNLINKED = ("evidence", "conflict_records", "searches", "names")  # rows that no record brings along
OPENING = "(before the first heading)"


def evidence(of, field=None):
    """Show where each cell of some records comes from, and of what hangs on them.

    A record brings its parties, places, partners, results and themes, under their own names.

    Parameters
    ----------
    of : str, list of str, DataFrame or Series
        A record as ``table/id``, such as ``"contributions/jpo-2017-2022"``, or several; or rows
        as a loader or any of our functions gives them, filtered or not, or one of them.
    field : str, optional
        One column; all of them by default. Records without it are left out.

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
    known = [each for record in asked for each in (record, *attached(record))]
    columns = {name for each in known for name in tables.fields(each.partition("/")[0])}
    if field is not None and field not in columns:
        table = asked[0].partition("/")[0]
        raise DataError(f"{field!r} is not a column of {table}; {nearest(field, columns)}")
    rows = []
    for record in dict.fromkeys(known):
        row = _row(record)
        for piece in _proof().get(record, ()):
            if field in (None, piece["field"]):
                said = {name: piece[name] for name in ("fragment", "support", "basis", "note")}
                cell = f"{record}/{piece['field']}"
                rows.append(
                    {
                        "record": record,
                        "field": piece["field"],
                        "value": row.get(piece["field"], ""),
                        **_place(piece),
                        **said,
                        "doubts": words.listed(doubts(cell).title),
                    }
                )
    names = ["record", "field", "value", "document", "section", "fragment", "support", "basis"]
    return tables.frame(rows, [*names, "note", "doubts"], ["record", "field"])


def records(of):
    """Name the records that a text, a list, rows or one row are about.

    Returns
    -------
    list of str
        ``table/id``, each once.

    Raises
    ------
    DataError
        If there is no such record, or the rows do not tell which they are.
    """
    if isinstance(of, str):
        named = words.sources(of) if of.count("/") else [of]
    elif hasattr(of, "columns"):
        named = _records_of_rows(of)
    elif hasattr(of, "to_frame"):  # one row, or one column
        one_row = of.index.name is None and of.index.inferred_type == "string"
        named = _records_of_rows(of.to_frame().T if one_row else of.to_frame())
    else:
        named = list(of)
    if not named:
        raise DataError("there is no row to ask about")
    found = list(dict.fromkeys("/".join(str(each).split("/")[:2]) for each in named))
    for record in found:
        _row(record)
    return found


def _records_of_rows(frame):
    """Name the records of rows by their index, or by the first column after ``reset_index``."""
    if frame.empty:
        return []
    for name in ("record", "of"):
        if frame.index.name == name:
            return [each for text in frame.index for each in words.sources(text)]
    if all("/" in str(key) for key in frame.index):
        return list(frame.index)
    columns = set(frame.columns)
    found = {}
    for resource in tables.package()["resources"]:
        key, *others = [each["name"] for each in resource["schema"]["fields"]]
        same = len(columns & set(others))
        if frame.index.name in (key, None) and key in {frame.index.name, *columns} and same:
            found[resource["name"]] = same
        elif same == len(others) and frame.index.name is None:  # one row, as ``loc`` gives it
            found[resource["name"]] = same
    # Tables of links have one name for their keys: the one that knows most of the columns is meant.
    best = max(found.values(), default=0)
    meant = [table for table, same in found.items() if same == best]
    first = frame.columns[0] if len(frame.columns) else ""
    if len(meant) > 1 or not meant or first == "record":
        if source := next((name for name in ("record", "of") if name in columns), None):
            return [each for text in frame[source] for each in words.sources(text)]
        raise DataError(
            "these rows do not tell which table they are from; ask for a record, as table/id"
        )
    key = next(iter(tables.fields(meant[0])))
    keys = frame[key] if key in columns else frame.index
    return [f"{meant[0]}/{each}" for each in keys]


def attached(record):
    """List the records that hang on a record: its parties, places, partners, results, themes, money.

    Returns
    -------
    list of str
        ``table/id``, in the order of the tables, with what hangs on them in turn.
    """
    found = []
    for each in _hanging().get(record, ()):
        found += [each, *attached(each)]
    return found


def _kept(function):
    """Keep what a function makes of all tables until one of them changes."""
    made = functools.lru_cache(2)(lambda _state: function())

    @functools.wraps(function)
    def current():
        folder = tables.data_dir()
        facts = [(file.name, file.stat()) for file in sorted(folder.glob("*.*"))]
        state = tuple((name, fact.st_mtime_ns, fact.st_size) for name, fact in facts)
        return made((folder, state))

    return current


@_kept
def _hanging():
    """Return which records hang on each record."""
    found = defaultdict(list)
    for resource in tables.package()["resources"]:
        table, schema = resource["name"], resource["schema"]
        key, *columns = [field["name"] for field in schema["fields"]]
        if table in UNLINKED:
            continue
        owners = ["record"] if "record" in columns else []
        if key == "id":  # a table of links: its first link is to what it hangs on
            owners = owners or schema["foreignKeys"][0]["fields"]
        if table == "contributions":
            owners = ["project_id", "agreement_id"]
        for row in tables.rows(table) if owners else ():
            for name in owners:
                if owner := tables.reference(table, name, row[name]):
                    found[owner].append(f"{table}/{row[key]}")
    return found


@_kept
def _proof():
    """Return the pieces of evidence of each record, in order."""
    found = defaultdict(list)
    for piece in tables.rows("evidence"):
        found[piece["record"]].append(piece)
    return found


@_kept
def _places():
    """Return the titles of the documents and the headings of the sections, by id."""
    titles = {row["document_id"]: row["title"] for row in tables.rows("documents")}
    return titles | {
        row["section_id"]: row["heading"] or OPENING for row in tables.rows("sections")
    }


@_kept
def _names():
    """Return the records of the names of each record, in the order printed."""
    found = defaultdict(list)
    for row in tables.rows("names"):
        found[row["record"]].append(f"names/{row['name_id']}")
    return found


@_kept
def _rows():
    """Return the rows of each table, by id."""
    every = {each["name"]: tables.rows(each["name"]) for each in tables.package()["resources"]}
    return {
        table: {next(iter(row.values())): row for row in found} for table, found in every.items()
    }


@_kept
def _limits():
    """Return of each record which conflict limits it, and in which column, in telling order."""
    found = defaultdict(list)
    for row in tables.rows("conflict_records"):
        found[row["record"]].append((row["conflict_id"], row["field"]))
    return found


def _row(record):
    """Return the row of a record as texts."""
    table, _, key = record.partition("/")
    tables.schema(table)  # names the nearest table
    if key not in _rows()[table]:
        raise DataError(f"{record!r} is not a record; {nearest(key, _rows()[table])}")
    return _rows()[table][key]


def _place(piece):
    """Say where a piece of evidence stands."""
    places = _places()
    return {
        "document": places[piece["document_id"]],
        "section": places.get(piece["section_id"], OPENING),
    }


def _pieces(source):
    """Return the pieces of evidence that a cell, or the naming of a record, rests on."""
    table, key, *field = source.split("/")
    record = f"{table}/{key}"
    _row(record)
    own = _proof().get(record, [])
    if field:
        columns = tables.fields(table)
        if field[0] not in columns:
            raise DataError(
                f"{field[0]!r} is not a column of {table}; {nearest(field[0], columns)}"
            )
        if found := [piece for piece in own if piece["field"] == field[0]]:
            return found
    for name in NAMING[:4]:
        if found := [piece for piece in own if piece["field"] == name]:
            return found
    if found := [piece for name in _names().get(record, ()) for piece in _proof().get(name, ())]:
        return found
    return next((f for name in NAMING if (f := [p for p in own if p["field"] == name])), own)


def certainty(of):
    """Tell how certain the weakest of the cells is that a source names.

    A cell is stated where any evidence states its value; a whole record is as certain as its name.

    Parameters
    ----------
    of : str or list of str
        A source.

    Returns
    -------
    str
        "stated" or "inferred".

    >>> certainty("contributions/youth-employment-2020/likely_usd")
    'inferred'
    """
    return "inferred" if any(_inferred(_pieces(each)) for each in words.sources(of)) else "stated"


def _inferred(pieces):
    """Tell whether no evidence states a value; a coarser one counts where there is nothing else."""
    for support in ("says", "coarser"):
        bases = {
            (piece["record"], piece["field"]): set()
            for piece in pieces
            if piece["support"] == support
        }
        for piece in pieces:
            if piece["support"] == support:
                bases[piece["record"], piece["field"]].add(piece["basis"])
        if bases:
            return not any("stated" in each for each in bases.values())
    return False


def conflicts(of, weight):
    """List the conflicts of a weight that touch the cells of a source.

    Parameters
    ----------
    of : str, list, DataFrame or Series
        A source, or what `records` takes.
    weight : {"figure", "wording", "gap"}

    Returns
    -------
    DataFrame
        One row a conflict and cell, in the order of the tables, indexed by ``conflict_id``:
        title, what, treatment, otherwise, record, field ("" for the whole record).
    """
    asked = defaultdict(set)
    plain = isinstance(of, str) or not hasattr(of, "index") or isinstance(of, list)
    for each in words.sources(of) if plain else records(of):
        table, key, *field = each.split("/")
        asked[f"{table}/{key}"].add(field[0] if field else "")
    found = []
    for key, row in _rows()["conflicts"].items():
        if row.get("weight") != weight:
            continue
        for record, fields in asked.items():
            for conflict, field in _limits().get(record, ()):
                if conflict == key and (field == "" or "" in fields or field in fields):
                    told = {"title": row.get("label", key), "what": row["what"]}
                    told |= {name: row.get(name, "") for name in ("treatment", "otherwise")}
                    found.append({"conflict_id": key, **told, "record": record, "field": field})
    columns = ["conflict_id", "title", "what", "treatment", "otherwise", "record", "field"]
    return tables.frame(found, columns, "conflict_id")


def doubts(of):
    """List what would change a printed figure, date or name of a source under another reading.

    Parameters
    ----------
    of : str, list, DataFrame or Series
        A source, or what `records` takes.

    Returns
    -------
    DataFrame
        One row a conflict of weight ``figure``, indexed by ``conflict_id``: title, what, quotes
        (the two wordings as linked text, a line each), choice (what we print), otherwise.
    """
    found = conflicts(of, "figure")
    found = found[~found.index.duplicated()]
    found.insert(2, "quotes", ["\n".join(_wordings(key)) for key in found.index])
    return found.rename(columns={"treatment": "choice"}).drop(columns=["record", "field"])


def _wordings(conflict):
    """Return the two wordings of a conflict: of its first two cells, or of one with two."""
    found = {}
    for row in tables.rows("conflict_records"):
        if row["conflict_id"] == conflict and row["field"]:
            cell = f"{row['record']}/{row['field']}"
            pieces = [p for p in _proof().get(row["record"], ()) if p["field"] == row["field"]]
            new = [piece["fragment"] for piece in pieces if piece["fragment"] not in found]
            found |= {fragment: cell for fragment in new[:1]}
    for cell in list(found.values())[:1] if len(found) == 1 else ():
        for piece in _pieces(cell):
            found.setdefault(piece["fragment"], cell)
    return [words.link(f"“{fragment}”", cell) for fragment, cell in list(found.items())[:2]]


def gaps(of):
    """List what a curator looked for in the documents and did not find, of some records.

    Parameters
    ----------
    of : str, list, DataFrame or Series
        A source, or what `records` takes.

    Returns
    -------
    DataFrame
        One row a gap and cell, indexed by ``conflict_id``: title, what, treatment, record, field
        ("" for the whole record), searched (the words looked for).
    """
    found = conflicts(of, "gap").drop(columns="otherwise")
    looked = defaultdict(list)
    for row in _rows().get("searches", {}).values():
        looked[row["conflict_id"]].append(row["words"])
    searched = [words.listed(dict.fromkeys(looked[key]), "or") for key in found.index]
    return found.assign(searched=searched)


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
        title; certainty ("stated", "inferred"); why (for what is inferred, or is our own name);
        quotes: list of {fragment, document, section, basis, note, cell}; how; parts, for what we
        worked out: list of {title, value, certainty, of}; doubts: ids of conflicts.

    Raises
    ------
    DataError
        If there is no such record or column; the nearest right one is named.
    """
    found = words.sources(of)
    quotes, notes = [], []
    for source in found:
        pieces = _pieces(source)
        most = 1 if how and len(found) > 1 else MOST_QUOTES
        for piece in sorted(pieces, key=lambda each: each["support"] == "coarser")[:most]:
            said = {name: piece[name] for name in ("fragment", "basis", "note")}
            cell = f"{piece['record']}/{piece['field']}"
            quotes.append({**said, **_place(piece), "cell": cell})
        notes += [piece["note"] for piece in pieces if piece["basis"] == "inferred"]
        notes += [] if _own(source, pieces) is None else [_own(source, pieces)]
    sure = certainty(found)
    unlike = {(q["fragment"], q["document"], q["section"]): q for q in reversed(quotes)}
    return {
        "title": _title(found),
        "certainty": sure,
        "why": " ".join(dict.fromkeys(filter(None, notes))),
        "quotes": list(reversed(unlike.values())),
        "how": how,
        "parts": [_part(each) for each in found] if how else [],
        "doubts": list(doubts(found).index),
    }


def _own(source, pieces):
    """Say of a cell that no document words, such as our label, what it is."""
    table, _, *field = source.split("/")
    if not field or any(piece["field"] == field[0] for piece in pieces):
        return None
    return tables.fields(table)[field[0]]["description"]


def _title(found):
    """Call what a card is about."""
    titles = list(dict.fromkeys(_called(each) for each in found))
    if len(titles) > 3:
        return f"{', '.join(titles[:2])} and {len(titles) - 2} more"
    return words.listed(titles)


def _called(source):
    """Call a cell: the label of its record and the display name of its column."""
    table, key, *field = source.split("/")
    label = tables.label(f"{table}/{key}")
    return f"{label}, {tables.fields(table)[field[0]]['title']}" if field else label


def _part(source):
    """Describe a part of what we worked out."""
    table, key, *field = source.split("/")
    row = _row(f"{table}/{key}")
    value = value_in_words(table, field[0], row[field[0]]) if field else ""
    return {"title": _called(source), "value": value, "certainty": certainty(source), "of": source}


def value_in_words(table, column, value):
    """Say a cell as a reader reads it: dates and codes in words, references by their label.

    Parameters
    ----------
    table, column : str
    value : str
        The cell's text.

    Returns
    -------
    str
        "" for a blank cell.

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
        read = float(value)
        return words.money(int(read)) if column.endswith("_usd") else f"{read:,.15g}"
    return value.replace("_", " ") if "enum" in field.get("constraints", {}) else value


def inferred(of=()):
    """List the cells that are inferred, not stated, and why.

    Parameters
    ----------
    of : str or list of str
        Names of tables; empty for all.

    Returns
    -------
    DataFrame
        One row a cell, indexed by record: label, column (display name), field, value (in words),
        fragment (the words it rests on), why.

    Raises
    ------
    DataError
        If there is no such table; the nearest right one is named.
    """
    chosen = [of] if isinstance(of, str) else list(of)
    for table in chosen:
        tables.schema(table)
    found = []
    for record, pieces in _proof().items():
        table = record.partition("/")[0]
        for name in dict.fromkeys(piece["field"] for piece in pieces):
            own = [piece for piece in pieces if piece["field"] == name]
            if (not chosen or table in chosen) and _inferred(own):
                found.append(
                    {
                        "record": record,
                        "label": tables.label(record),
                        "column": tables.fields(table)[name]["title"],
                        "field": name,
                        "value": value_in_words(table, name, _row(record)[name]),
                        "fragment": words.listed(dict.fromkeys(p["fragment"] for p in own)),
                        "why": " ".join(dict.fromkeys(p["note"] for p in own if p["note"])),
                    }
                )
    columns = ["record", "label", "column", "field", "value", "fragment", "why"]
    return tables.frame(found, columns, "record")
