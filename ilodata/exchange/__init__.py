"""The tables in the formats of others: a workbook, an IATI file. What both owe their readers."""

import re

from ilodata import tables

# Signs that no XML can hold, whatever they are escaped to; both formats are XML.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rows_of(table, part="."):
    """Read a table as text, for a file that cannot hold every sign.

    Parameters
    ----------
    table, part : str
        As `tables.cells` takes them.

    Returns
    -------
    list of dict
        One a row, as `tables.cells` gives them.

    Raises
    ------
    DataError
        If the table is not as its schema says, or a cell has a sign that no XML can hold.
    """
    rows, wrong = tables.cells(table, part)
    for row in rows:
        for field, value in row.items():
            if found := _NO_XML.search(value):
                key = next(iter(row.values()))
                wrong.append(
                    f"{table}.csv, row {tables.shorten(key)}, column {field}: holds the sign "
                    f"U+{ord(found[0]):04X}, which no workbook and no XML can hold; delete it"
                )
    if wrong:
        raise tables.DataError("\n".join(wrong))
    return rows
