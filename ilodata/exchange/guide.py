"""What the first sheets of the workbook say: what it is, how to read it, what each column means."""

import math

from ilodata import amounts, dates, tables, words

# What a hedge leaves open beside its bounds.
_REMARKS = {
    "exact": "No hedge is printed.",
    "initial": "The instalment is itself exact; the total of its agreement is open above it.",
    "misprint": "The column printed keeps what stands there, likely_usd a reading that other "
    "figures support; that reading is inferred.",
}
_SHEETS = {
    "Blank": "The cell makes no statement. Zero is written as zero.",
    "“(derived)” in a head": "Computed by this package from the columns to the left; no document "
    "states it.",
    "Italics on a ground of their own": "Inferred, not stated: the evidence of the row says from "
    "what, and why.",
    "Links": "From a row to its evidence and its conflicts, and back. Filter as you like; after "
    "sorting, a link leads to the line where the row stood before.",
    "No formula": "Every cell is a text, a number, a date or true or false.",
}


def read_me(sheets):
    """Say what the workbook is, where it comes from, and how to cite it.

    Parameters
    ----------
    sheets : dict of str to (dict, list)
        Resource and rows by name of the sheet.

    Returns
    -------
    list of tuple
        (kind, cell, cell, …); the kind is "title", "head" or "row".
    """
    package, others = tables.package(), tables.package("reference")["resources"]
    outside = [each["title"] for other in others for each in other.get("licenses", [])]
    licences = [f"{each['title']} ({each['name']})" for each in package.get("licenses", [])]
    said = [
        ("title", package.get("title", "")),
        ("row", "What it is", package.get("description", "")),
        ("head", "Edition", ""),
        ("row", "Data edition", tables.edition()),
        ("row", "SHA-256 of the tables", tables.data_sha256()),
        ("row", "How to cite", f"{tables.citation()} Cite the document beside it."),
        ("row", "Licence", "; ".join(licences)),
        ("row", "Licence of the sheets “reference…”", "; ".join(dict.fromkeys(outside))),
        ("head", "Documents", "What identifies them"),
    ]
    for row in sheets["documents"][1]:
        kind = row["kind"].replace("_", " ")
        about = f"{kind}, latest date {row['latest_date']}, text SHA-256 {row['text_sha256']}"
        said.append(("row", row["title"], about))
    said += [("head", "How the sheets work", ""), *(("row", *each) for each in _SHEETS.items())]
    said.append(("head", "Sheet", "What a row is", "Rows"))
    for name, (resource, rows) in sheets.items():
        said.append(("row", name, resource.get("description", ""), len(rows)))
    return said


def reading_guide(sheets):
    """Say how hedges, bounds, dates and evidence are read, with examples from the tables.

    ``sheets`` and the result are as those of `read_me`.
    """
    resource, rows = sheets["contributions"]
    printed = {row["qualifier"]: row for row in rows}
    said = [
        ("title", "How we read amounts, dates and evidence"),
        ("row", "A hedge", "is part of the figure; a printed unit is one unit of its last digit."),
        ("row", "Amounts", resource.get("description", "")),
        ("head", "Hedge", "Lowest", "Highest", "Remark", "For example", "Lowest", "Highest"),
    ]
    for name, rule in amounts.QUALIFIERS.items():
        low, high = map(_bound, rule[:2])
        example, row = ("", "", ""), printed.get(name)
        if row:
            stated = [int(row[c]) if row[c] else None for c in ("amount_usd", "printed_unit_usd")]
            bounds = amounts.bounds(stated[0], name, stated[1])
            example = (row["printed"], *("" if math.isnan(value) else value for value in bounds))
        said.append(("row", name, low, high, _REMARKS.get(name, ""), *example))
    said.append(("head", "Date as written (EDTF)", "First day", "Last day", "In words"))
    found = {}  # the first date of each precision
    for resource, rows in sheets.values():
        for field in resource["schema"]["fields"]:
            if field.get("proof") == "date":
                for text in filter(None, (row[field["name"]] for row in rows)):
                    found.setdefault(dates.precision(text), text)
    for text in found.values():
        said.append(("row", text, *(day or "" for day in dates.span(text)), words.date(text)))
    said.append(("head", "Evidence", "Meaning"))
    for name in ("support", "basis"):
        said.append(("row", name, tables.fields("evidence")[name]["description"]))
    return said


def _bound(units):
    """Say where a bound lies from the figure, in printed units."""
    if math.isnan(units):
        return "unknown"
    unit = "one printed unit" if abs(units) == 1 else f"{abs(units)} printed units"
    return f"the figure {'less' if units < 0 else 'plus'} {unit}" if units else "the figure"


def refers(resource):
    """Return which table each column refers to."""
    keys = resource["schema"].get("foreignKeys", [])
    return {key["fields"][0]: key["reference"]["resource"] for key in keys}


def codebook(sheets):
    """List each column of each sheet; ``sheets`` and the result are as those of `read_me`."""
    heads = ("Sheet", "Column", "Meaning", "Unit", "Type", "Role", "Must be given", "Refers to")
    said = [("head", *heads, "Codes", "Wordings that become a code")]
    for name, (resource, _) in sheets.items():
        for field in resource["schema"]["fields"]:
            rules, wordings = field.get("constraints", {}), field.get("wordings") or {}
            told = [field.get(key, "") for key in ("description", "unit", "type", "role")]
            told += [
                "yes" if rules.get("required") else "",
                refers(resource).get(field["name"], ""),
            ]
            told += [", ".join(map(str, rules.get("enum", [])))]
            told += ["; ".join(f"{code}: {', '.join(w)}" for code, w in wordings.items() if w)]
            said.append(("row", name, field["name"], *told))
    return said
