"""The tables in the formats of others: a workbook, an IATI file."""


def key_of(row):
    """Return the id of a row: its first cell."""
    return next(iter(row.values()))
