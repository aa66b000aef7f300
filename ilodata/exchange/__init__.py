"""The tables in the formats of others: a workbook, an IATI file."""
