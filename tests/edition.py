"""The figures of the edition in one place, and everything that repeats them made anew.

    python tests/edition.py            (or: make edition)

writes ``tests/edition.json``, the sources of the Data Package and the outputs in README and the
guides; ``--freeze`` also keeps the tables of today as ``tests/edition.zip``. Tests that state figures
read those, so that an addition to the tables fails in one place only: in ``test_edition``.
"""

import contextlib
import io
import json
import re
import sys
import zipfile
from pathlib import Path

import ilodata as ilo
from ilodata import tables, words

ROOT = Path(__file__).resolve().parent.parent
FIGURES, FROZEN = ROOT / "tests" / "edition.json", ROOT / "tests" / "edition.zip"
GUIDES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
# What README counts: its word for a table, the table, its date.
COUNTED = {
    "agreements": ("agreements", "signed"),
    "projects": ("projects", "period"),
    "amounts of money": ("contributions", "period"),
    "events": ("events", "date"),
}


def figures():
    """Give what readers quote, name -> figure or sentence: rows of tables, findings, totals."""
    found = {"edition": tables.package()["version"], "sha256": tables.data_sha256()}
    for each in tables.package()["resources"]:
        found[f"rows of {each['name']}"] = len(tables.rows(each["name"]))
    for name in ("sources", "timelines", "funding", "reach"):
        told = getattr(ilo, name).findings()
        found |= {f"{name} says: {words.plain(text)}": "said" for text in told.text}
    for row in ilo.funding.totals().to_dict("records"):
        parts = (str(row["level"]), row["payer"], row["years"])
        name = ", ".join(part for part in parts if isinstance(part, str) and part)
        found[f"sum of {row['amounts']} amounts: {name}"] = words.plain(row["total"])
    return found


def differences(old, new):
    """List what differs between two sets of figures, a line each."""
    return [
        f"{name}: {old.get(name, 'nothing')} -> {new.get(name, 'nothing')}"
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    ]


def guide(text):
    """Put into a guide what its Python prints today."""
    names = {}

    def printed(match):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(match[1], "guide", "exec"), names)
        shown = f"{match[2]}```text\n{out.getvalue()}```" if match[2] else ""
        return f"```python\n{match[1]}```{shown}"

    return re.sub(
        r"^```python\n(.*?)^```$(?:(\n+)```text\n.*?^```$)?", printed, text, flags=re.S | re.M
    )


def counts(text):
    """Put into README how many rows there are, of which years, and a line for a new document."""
    for word, (table, date) in COUNTED.items():
        rows = tables.rows(table)
        years = sorted(re.findall(r"\b[12]\d{3}", " ".join(row[date] for row in rows)))
        line = f"| {word} | {len(rows)} | {years[0]}–{years[-1]} |"
        text = re.sub(rf"^\| {word} \|.*$", line, text, flags=re.M)
    for row in tables.rows("documents"):
        name, kind = f"“{row['title']}”", row["kind"].replace("_", " ")
        linked = f"[{name}]({row['url']})" if row["url"] else name
        if name not in text:
            at = text.index("\n", text.rindex("| | up to ")) + 1
            text = f"{text[:at]}| {linked}, {kind} | | up to {row['latest_date']} |\n{text[at:]}"
    return text


def sources():
    """Give the sources of the Data Package: the documents, with the hash of their text."""
    return [
        {
            "title": f"{row['title']} ({row['kind'].replace('_', ' ')})",
            "version": f"text SHA-256 {row['text_sha256']}",
            "document_id": row["document_id"],
            **({"path": row["url"]} if row["url"] else {}),
        }
        for row in tables.rows("documents")
    ]


def renewed(path):
    """Give the text of a guide with the outputs and counts of today."""
    text = path.read_text("utf-8")
    return guide(counts(text) if path.name == "README.md" else text)


def freeze():
    """Keep the tables as they are today for tests that state figures."""
    with zipfile.ZipFile(FROZEN, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(tables.data_dir().rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                name = zipfile.ZipInfo(path.relative_to(tables.data_dir()).as_posix())
                file.writestr(name, path.read_bytes(), zipfile.ZIP_DEFLATED)


def main(*arguments):
    """Say what changed against the edition, and write it all anew."""
    old = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    new = figures()
    print(*differences(old, new), sep="\n")
    FIGURES.write_text(json.dumps(new, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for path in GUIDES:
        now = renewed(path)
        if now != path.read_text("utf-8"):
            path.write_text(now, encoding="utf-8")
            print(f"{path.relative_to(ROOT)}: outputs written anew")
    path = tables.data_dir() / "datapackage.json"
    package = json.loads(path.read_text("utf-8")) | {"sources": sources()}
    path.write_text(json.dumps(package, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if "--freeze" in arguments:
        freeze()


if __name__ == "__main__":
    main(*sys.argv[1:])
