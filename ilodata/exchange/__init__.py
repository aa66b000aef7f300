"""The tables in the formats of others: a workbook, an IATI file. What both owe their readers."""

import re

from ilodata import tables
from ilodata.problems import DataError, shorten

# Characters that no XML can hold, not even escaped; both formats are XML.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rows_of(table, part="."):
    """Read a table as text, as `tables.rows` does, for a file that cannot hold every character.

    Raises
    ------
    DataError
        If the table is not as its schema says, or a cell has a character that no XML can hold.
    """
    rows = tables.rows(table, part)
    for row in rows:
        for field, value in row.items():
            if found := _NO_XML.search(value):
                raise DataError(
                    f"{table}.csv, row {shorten(key_of(row))}, column {field}: holds the character "
                    f"U+{ord(found[0]):04X}, which no workbook and no XML can hold; delete it"
                )
    return rows


def key_of(row):
    """Return the id of a row: its first cell."""
    return next(iter(row.values()))
