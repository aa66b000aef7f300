"""Where a cell comes from, how well it is supported, and which conflict touches it."""

import pandas as pd

from ilodata import tables, uncertain


def evidence(record, field=None):
    """Show where each cell of a record comes from.

    Parameters
    ----------
    record : str
        ``table/id``, such as ``"contributions/jpo-2017-2022"``.
    field : str, optional
        One column of the record; all of them by default.

    Returns
    -------
    DataFrame
        One row a piece of evidence, indexed by field: value, document, section (its heading),
        fragment (the words that fix the value), support ("says", "coarser", "differs"), basis
        ("stated", "inferred"), note, and conflicts (what limits the cell).

    Raises
    ------
    DataError
        If there is no such record or field; the nearest right one is named.
    """
    table, _, key = record.partition("/")
    rows, wrong = tables.cells(table)
    if wrong:
        raise tables.DataError("\n".join(wrong))
    found = {next(iter(row.values())): row for row in rows}
    if key not in found:
        raise tables.DataError(f"{record!r} is no record; {tables.nearest(key, found)}")
    row = found[key]
    if field is not None and field not in row:
        raise tables.DataError(f"{field!r} is no column of {table}; {tables.nearest(field, row)}")
    proof = tables.load_evidence()
    proof = proof[proof.record == record]
    if field is not None:
        proof = proof[proof.field == field]
    limits = conflicts_of([record])
    headings = tables.load_sections().heading
    return pd.DataFrame(
        {
            "field": proof.field,
            "value": proof.field.map(row),
            "document": proof.document_id.map(tables.load_documents().title),
            "section": proof.section_id.map(headings).fillna("(before the first heading)"),
            "fragment": proof.fragment,
            "support": proof.support,
            "basis": proof.basis,
            "note": proof.note.fillna(""),
            "conflicts": [
                " ".join(limits[limits.field.isna() | (limits.field == f)].what)
                for f in proof.field
            ],
        }
    ).set_index("field")


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
    return touched.merge(tables.load_conflicts(), left_on="conflict_id", right_index=True)


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
    cells = support()
    guessed = cells.record[cells.basis == "inferred"]
    found = ["inferred" if record in set(guessed) else "stated" for record in records]
    return pd.Series(found, index=records.str.split("/").str[1], dtype="string")


def support():
    """Count for each cell with evidence how it is supported.

    Returns
    -------
    DataFrame
        One row a cell: table, record, field, basis ("stated" where any evidence states the
        value, else "inferred"), says, coarser, differs (pieces of evidence), documents and
        sections (distinct ones that say it, exactly or coarsely).
    """
    proof = tables.load_evidence()
    agree = proof[proof.support != "differs"]
    counts = pd.crosstab([proof.record, proof.field], proof.support)
    counts = counts.reindex(columns=["says", "coarser", "differs"], fill_value=0)
    by_cell = agree.groupby(["record", "field"])
    # What says the value counts; a coarser statement only where nothing else is given.
    best = agree[
        (agree.support == "says") | ~_cell(agree).isin(_cell(agree[agree.support == "says"]))
    ]
    counts["basis"] = best.groupby(["record", "field"]).basis.agg(
        lambda given: "stated" if "stated" in set(given) else "inferred"
    )
    counts["documents"] = by_cell.document_id.nunique()
    counts["sections"] = by_cell.section_id.nunique()
    counts = counts.reset_index()
    counts.insert(0, "table", counts.record.str.split("/").str[0])
    counts.columns.name = None
    return counts


def _cell(proof):
    return proof.record + " " + proof.field


def coverage(supported):
    """Count the cells of each table by basis.

    Parameters
    ----------
    supported : DataFrame
        From `support`.

    Returns
    -------
    DataFrame
        table, basis ("stated", "inferred"), cells, in_both (cells that both documents say).
    """
    grouped = supported.groupby(["table", "basis"])
    counted = grouped.agg(cells=("record", "size"), in_both=("documents", lambda n: (n > 1).sum()))
    return counted.reset_index()


def documents_by_table():
    """Count the pieces of evidence that each document gives to each table.

    Returns
    -------
    DataFrame
        Indexed by table; one column a document (its title).
    """
    proof = tables.load_evidence()
    titles = tables.load_documents().title
    counted = pd.crosstab(proof.record.str.split("/").str[0], proof.document_id.map(titles))
    counted.columns.name, counted.index.name = None, "table"
    return counted


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
    said = []
    until = "; ".join(
        f"{d.title}: {uncertain.say_date(d.latest_date)}" for d in documents.itertuples()
    )
    one = len(documents) == 1
    said.append(
        (
            f"{say(len(documents), len(documents), 'document')} {'speaks' if one else 'speak'} for "
            f"no later than {until}.",
            f"{'It does not state its' if one else 'They do not state their'} own date; ends of "
            "projects after that are plans.",
            [f"documents/{key}" for key in documents.index],
        )
    )
    inferred = int((supported.basis == "inferred").sum())
    told = {0: "none of them is inferred", 1: "one of them is inferred"}
    said.append(
        (
            f"{say(len(supported), len(supported), 'cell rests', 'cells rest')} on wording of the "
            f"documents; {told.get(inferred, f'{inferred} of them are inferred')}, not stated.",
            "Each inferred cell names what it rests on and why.",
            [],
        )
    )
    both = int((supported.documents > 1).sum())
    said.append(
        (
            f"{say(both, both, 'cell is', 'cells are')} said by both documents.",
            "Documents about the same house are no independent witnesses.",
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
