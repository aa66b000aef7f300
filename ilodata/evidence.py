"""Where a cell comes from, how well it is supported, and which conflict touches it."""

from collections import Counter

from ilodata import pd, tables, uncertain


def evidence(of, field=None):
    """Show where each cell of a record, or of some rows of a table, comes from.

    Parameters
    ----------
    of : str, DataFrame or Series
        A record as ``table/id``, such as ``"contributions/jpo-2017-2022"``; or rows as a loader
        gives them, filtered or not, or one of them; or rows indexed by record.
    field : str, optional
        One column of the record; all of them by default.

    Returns
    -------
    DataFrame
        One row a piece of evidence, indexed by field, for rows by record and field: value,
        document, section (its heading), fragment (the words that fix the value), support ("says",
        "coarser", "differs"), basis ("stated", "inferred"), note, and conflicts (what limits the
        cell).

    Raises
    ------
    DataError
        If there is no such record or field; the nearest right one is named. If rows do not tell
        which records they are.

    >>> projects = tables.load_projects()
    >>> list(evidence(projects[projects.period == "2019/2023"], "period").index)
    [('projects/trade-unions-2019', 'period')]
    """
    if isinstance(of, str):
        return _evidence([of], field).droplevel("record")
    return _evidence(_records(of), field)


def _records(of):
    """Name the records of some rows, or of one, by their keys and by which table has such rows."""
    is_row = isinstance(of, pd.Series) and of.index.name is None
    keys = [of.name] if is_row else list(of.index)
    if not keys:
        raise tables.DataError("there is no row to ask about")
    if all("/" in str(key) for key in keys):
        return keys
    columns = set(of.index if is_row else pd.DataFrame(of).columns)
    found = {}
    for resource in tables.package()["resources"]:
        first, *others = [each["name"] for each in resource["schema"]["fields"]]
        if columns >= set(others) if is_row else of.index.name == first and columns & set(others):
            found[resource["name"]] = len(columns - set(others))
    # Tables of links have one name for their keys: the one that knows most of the columns is meant.
    table = min(found, key=found.get, default=None)
    if list(found.values()).count(found.get(table)) != 1:
        raise tables.DataError(
            "these rows do not tell which table they are from; ask for a record, as table/id"
        )
    return [f"{table}/{key}" for key in keys]


def _evidence(records, field):
    tabled = {name: _rows(name) for name in {record.partition("/")[0] for record in records}}
    row_of = {}  # in the order of the records asked about
    for record in records:
        table, _, key = record.partition("/")
        if key not in tabled[table]:
            known = tables.nearest(key, tabled[table])
            raise tables.DataError(f"{record!r} is no record; {known}")
        row = row_of[record] = tabled[table][key]
        if field is not None and field not in row:
            known = tables.nearest(field, row)
            raise tables.DataError(f"{field!r} is no column of {table}; {known}")
    proof = tables.load_evidence()
    proof = proof[proof.record.isin(records)]
    if field is not None:
        proof = proof[proof.field == field]
    place = {record: number for number, record in enumerate(row_of)}
    proof = proof.sort_values("record", key=lambda record: record.map(place), kind="stable")
    limits = conflicts_of(records)
    headings = tables.load_sections().heading
    cells = list(zip(proof.record, proof.field, strict=True))
    said = {}  # by record: what limits it, with the field, or "" where that is all of it
    for record, limited, what in zip(
        limits.record, limits.field.fillna(""), limits.what, strict=True
    ):
        said.setdefault(record, []).append((limited, what))
    return pd.DataFrame(
        {
            "record": proof.record,
            "field": proof.field,
            "value": [row_of[r][f] for r, f in cells],
            "document": proof.document_id.map(tables.load_documents().title),
            "section": proof.section_id.map(headings).fillna("(before the first heading)"),
            "fragment": proof.fragment,
            "support": proof.support,
            "basis": proof.basis,
            "note": proof.note.fillna(""),
            "conflicts": [
                " ".join(what for limited, what in said.get(r, ()) if limited in ("", f))
                for r, f in cells
            ],
        }
    ).set_index(["record", "field"])


def _rows(table):
    return {next(iter(row.values())): row for row in tables.rows(table)}


def conflicts_of(records):
    """List the conflicts that limit any of some records.

    Parameters
    ----------
    records : iterable of str
        ``table/id`` each.

    Returns
    -------
    DataFrame
        One row a conflict and record: conflict_id, record, field (missing: the whole record),
        kind, status, what, treatment.
    """
    touched = tables.load_conflict_records()
    touched = touched[touched.record.isin(list(records))]
    return touched.join(tables.load_conflicts(), on="conflict_id", how="inner")


def starred(labels, records):
    """Put a star behind the labels of records that an open conflict limits.

    Parameters
    ----------
    labels : Series of str
        What a chart or table calls the records.
    records : Series or Index of str
        ``table/id`` of each, in the same order.

    Returns
    -------
    Series
        The labels, some with " *".
    """
    limits = conflicts_of(set(records))
    limited = set(limits[limits.status == "open"].record)
    marks = [" *" if record in limited else "" for record in records]
    return labels + pd.Series(marks, index=labels.index, dtype=labels.dtype)


def basis(records):
    """Tell of each record whether all of its cells are stated, or some only inferred.

    Parameters
    ----------
    records : Index of str
        ``table/id`` each.

    Returns
    -------
    Series
        "stated" or "inferred", indexed by the id; what has no evidence counts as stated.
    """
    bases = _bases(tables.load_evidence())
    guessed = {record for (record, _), found in bases.items() if found == "inferred"}
    found = ["inferred" if record in guessed else "stated" for record in records]
    return pd.Series(found, index=records.str.split("/").str[1], dtype="string")


def support(documents=()):
    """Count for each cell with evidence how it is supported.

    Parameters
    ----------
    documents : list of str
        Ids of the documents whose evidence counts; empty for all.

    Returns
    -------
    DataFrame
        One row a cell: table, record, field, basis ("stated" where any evidence states the
        value, else "inferred"), says, coarser, differs (pieces of evidence), documents and
        sections (distinct ones that say it, exactly or coarsely), document (the title of the
        one that says it, or "several documents").

    Raises
    ------
    ValueError
        If there is no such document; the nearest right one is named.
    """
    titles = tables.load_documents().title
    proof = tables.load_evidence()
    proof = proof[proof.document_id.isin(tables.chosen(documents, titles.index, "document"))]
    cells = {}  # in plain Python, since groups of pandas take twice as long
    for record, field, how, document, section in proof[
        ["record", "field", "support", "document_id", "section_id"]
    ].to_numpy():
        if (record, field) not in cells:
            cells[record, field] = {"says": 0, "coarser": 0, "differs": 0}, set(), set()
        counts, documents, sections = cells[record, field]
        counts[how] += 1
        if how != "differs":
            documents.add(document)
            sections.add(section)
    bases, titles, rows = _bases(proof), dict(titles), []
    for cell, (counts, documents, sections) in sorted(cells.items()):
        if documents:  # what one document only contradicts is not its cell
            who = titles[min(documents)] if len(documents) == 1 else "several documents"
            found = len(documents), len(sections - {pd.NA})
            table = cell[0].partition("/")[0]
            rows.append((table, *cell, *counts.values(), bases[cell], *found, who))
    numbers, text = ["says", "coarser", "differs", "documents", "sections"], "string"
    columns = ["table", "record", "field", *numbers[:3], "basis", *numbers[3:], "document"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({name: "int64" if name in numbers else text for name in columns})


def _bases(proof):
    """Say of each cell that evidence agrees with, by record and field, how it is founded."""
    found = {"says": {}, "coarser": {}, "differs": {}}
    for record, field, how, basis in proof[["record", "field", "support", "basis"]].to_numpy():
        found[how].setdefault((record, field), set()).add(basis)
    # What says the value counts; a coarser statement only where nothing else is given.
    best = found["coarser"] | found["says"]
    return {cell: "stated" if "stated" in bases else "inferred" for cell, bases in best.items()}


def by_document(supported):
    """Count the cells of each table that one document alone says, and those that several say.

    Parameters
    ----------
    supported : DataFrame
        From `support`.

    Returns
    -------
    DataFrame
        row (table), column (a title with "only", or "several documents"), number; all pairs.
    """
    who = supported.document.where(supported.documents > 1, "only " + supported.document)
    order = sorted(set(who), key=lambda said: (not said.startswith("only"), said))
    return _pairs(supported["table"], who, order)


def by_founding(supported):
    """Count the cells of each table by how they are founded.

    Parameters
    ----------
    supported : DataFrame
        From `support`.

    Returns
    -------
    DataFrame
        row (table), column ("stated in one place", "stated in several", "inferred", which make
        up all cells, and "differs too" where some place says otherwise), number; all pairs.
    """
    how = pd.Series("stated in one place", supported.index)
    how = how.mask(supported.sections > 1, "stated in several")
    how = how.mask(supported.basis == "inferred", "inferred")
    differing = supported[supported.differs > 0]
    rows = pd.concat([supported["table"], differing["table"]])
    columns = pd.concat([how, pd.Series("differs too", differing.index)])
    order = ["stated in one place", "stated in several", "inferred", "differs too"]
    return _pairs(rows, columns, order)


def by_status(conflicts):
    """Count the conflicts of each kind by status.

    Parameters
    ----------
    conflicts : DataFrame
        From ``load_conflicts``.

    Returns
    -------
    DataFrame
        row (kind, in words), column (status), number; all pairs.
    """
    kind = conflicts.kind.str.replace("_", " ")
    return _pairs(kind, conflicts.status, ["open", "settled", "reconciles"])


def _pairs(rows, columns, order=None):
    """Count pairs of two columns of a frame, in long form; the rows with most come first."""
    counted, order = Counter(zip(rows, columns, strict=True)), order or sorted(set(columns))
    most = sorted(sorted(set(rows)), key=lambda row: -sum(counted[row, column] for column in order))
    pairs = [(row, column, counted[row, column]) for row in most for column in order]
    return pd.DataFrame(pairs, columns=["row", "column", "number"])


def tally(table, row, column):
    """Count the rows of any table by two of its columns: a first question of one's own.

    Parameters
    ----------
    table, row, column : str
        A table and two of its columns, such as "project_places", "place_id", "role".

    Returns
    -------
    DataFrame
        row, column ("not stated" where blank), number; all pairs.

    Raises
    ------
    DataError
        If there is no such table or column; the nearest right one is named.
    """
    frame = tables.read(table).reset_index()
    for name in (row, column):
        if name not in frame:
            raise tables.DataError(
                f"{name!r} is no column of {table}; {tables.nearest(name, frame)}"
            )
    said = frame[[row, column]].astype("string").fillna("not stated")
    return _pairs(said.iloc[:, 0], said.iloc[:, 1])


def columns(table):
    """Describe the columns of a table, as Shift-Tab on its loader does.

    Parameters
    ----------
    table : str

    Returns
    -------
    DataFrame
        Indexed by column: description, unit.

    Raises
    ------
    DataError
        If there is no such table; the nearest right one is named.
    """
    fields = tables.schema(table)["schema"]["fields"]
    described = [(each["name"], each["description"], each.get("unit", "")) for each in fields]
    return pd.DataFrame(described, columns=["column", "description", "unit"]).set_index("column")


def inferred(supported):
    """List the columns that hold inferred cells, with the reasons that their evidence gives.

    Parameters
    ----------
    supported : DataFrame
        From `support`.

    Returns
    -------
    DataFrame
        Indexed by column ("table: field"): cells (number), why (the first reasons, and how many
        more).
    """
    guessed = supported[supported.basis == "inferred"]
    notes = tables.load_evidence().merge(guessed, on=["record", "field"])
    grouped = notes.assign(column=notes["table"] + ": " + notes.field).groupby("column")
    return pd.DataFrame({"cells": grouped.record.nunique(), "why": grouped.note.agg(_reasons)})


def _reasons(notes, most=2):
    """Join the first of some reasons, each once, and say how many are left out."""
    reasons = list(dict.fromkeys(notes.dropna()))
    more = len(reasons) - most
    return " ".join(reasons[:most]) + (f" And {more} more." if more > 0 else "")


def findings(supported, kinds=()):
    """State what the documents say and how certain it is, each sentence with its caveat.

    Parameters
    ----------
    supported : DataFrame
        From `support`.
    kinds : list of str
        Kinds of conflict to count; empty for all.

    Returns
    -------
    DataFrame
        finding, caveat, records.
    """
    documents, conflicts = tables.load_documents(), tables.load_conflicts()
    kinds = tables.chosen(kinds, conflicts.kind, "kind")
    say = uncertain.say_count
    heard = set(supported.document) - {"several documents"}
    if supported.documents.max() == 1:
        documents = documents[documents.title.isin(heard)]
    one = len(documents) == 1
    until = "; ".join(
        f"{d.title}: {uncertain.say_date(d.latest_date)}" for d in documents.itertuples()
    )
    count, total = int((supported.basis == "inferred").sum()), len(supported)
    told = {0: "none of them is inferred", 1: "one of them is inferred"}
    single = int((supported.sections == 1).sum())
    said = [
        (
            f"{say(len(documents), len(documents), 'document')} {'speaks' if one else 'speak'} for "
            f"no later than {until}.",
            f"{'It does not state its' if one else 'They do not state their'} own date; ends of "
            "projects after that are plans.",
            [f"documents/{key}" for key in documents.index],
        ),
        (
            f"{say(total, total, 'cell rests', 'cells rest')} on wording of the "
            f"{'document' if one else 'documents'}; {told.get(count, f'{count} of them are inferred')}"
            ", not stated.",
            "Each inferred cell names what it rests on and why.",
            [],
        ),
        (
            f"{say(single, single, 'cell rests', 'cells rest')} on one place alone.",
            "A single place may be misprinted or misread, and nothing else would show it.",
            [],
        ),
    ]
    if not one:
        both = int((supported.documents > 1).sum())
        said.append(
            (
                f"{say(both, both, 'cell is', 'cells are')} said by "
                f"{'both documents' if len(documents) == 2 else 'more than one document'}.",
                "Documents about the same house are no independent witnesses.",
                [],
            )
        )
        alone = supported.groupby("table").document.agg(set)
        for title in sorted(heard):
            names = [name for name, who in alone.items() if who == {title}]
            if names:
                said.append(
                    (
                        f"Only {title} speaks of {say(len(names), len(names), 'table')}: "
                        f"{', '.join(names)}.",
                        "Nothing in another document can confirm or contradict them.",
                        [],
                    )
                )
    of_kind = conflicts[conflicts.kind.isin(kinds)]
    counts = of_kind.status.value_counts()
    words = {"open": "open", "settled": "settled", "reconciles": "in which the figures fit"}
    told = ", ".join(f"{counts[s]} {word}" for s, word in words.items() if s in counts)
    said.append(
        (
            f"{say(len(of_kind), len(of_kind), 'conflict or gap is', 'conflicts and gaps are')} listed: {told}.",
            "Settled means that the tables follow one reading, for the reason given.",
            [],
        )
    )
    return tables.sentences(said)
