"""How many cells a curator typed: rows as corrected, against rows as proposed.

    ilodata audit DOCUMENT --propose rows && cp -r rows proposed
    python tests/typed.py proposed rows        (after the corrections, before `ilodata add-rows`)

The goal for a news page is 170; edition 1.0.0 took 755. Cells that `ilodata check --fix` fills are
left blank by the curator, so they are not counted; deleted rows are told apart.
"""

import csv
import sys
from pathlib import Path


def rows(path):
    """Return the rows of a file by their id; those without an id by their place."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {next(iter(row.values())) or n: row for n, row in enumerate(csv.DictReader(file))}


def main(proposed, corrected):
    """Print typed cells and deleted rows of each table, and of all."""
    typed = deleted = 0
    for name in sorted(
        {path.name for folder in (proposed, corrected) for path in folder.glob("*.csv")}
    ):
        before, after = rows(proposed / name), rows(corrected / name)
        cells = sum(
            value not in ("", before.get(key, {}).get(column, ""))
            for key, row in after.items()
            for column, value in row.items()
        )
        gone = len(before.keys() - after.keys())
        print(f"{name}: {cells} typed, {gone} deleted")
        typed, deleted = typed + cells, deleted + gone
    print(f"all: {typed} cells typed, {deleted} rows deleted")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
