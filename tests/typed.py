"""How many cells a curator typed: rows as corrected, against rows as proposed.

    ilodata audit DOCUMENT --propose rows && cp -r rows proposed
    python tests/typed.py proposed rows        (after the corrections, before `ilodata add-rows`)

The goal for a news page is 170; edition 1.0.0 took 755. Cells that `ilodata check --fix` fills are
left blank by the curator, so they are not counted.
"""

import csv
import sys
from pathlib import Path


def cells(folder):
    """Return the filled cells of CSV files, each with its row's id, or place where that is blank."""
    found = set()
    for path in Path(folder).glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file)):
                key = next(iter(row.values())) or number
                found |= {(path.name, key, name, value) for name, value in row.items() if value}
    return found


if __name__ == "__main__":
    proposed, corrected = map(cells, sys.argv[1:3])
    print(f"{len(corrected - proposed)} cells typed")
