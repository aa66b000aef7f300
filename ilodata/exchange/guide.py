"""What the first sheets of the workbook say: what it is, how to read it, what each column means."""

import math

from ilodata import amounts, tables

_SHEETS = {
    "Blank": "The cell makes no statement. Zero is written as zero.",
    "“(derived)” in a head": "Computed by this package from the columns to the left; no document "
    "states it. low and high are bounds under our reading of the hedge, start and end the first and "
    "last day that a date can mean; inferred names the columns that no document states; evidence counts "
    "the pieces of wording that a row rests on.",
    "Italics on a ground of their own": "Inferred, not stated: the evidence of the row says from "
    "what, and why.",
    "Links": "From a row to its evidence and its conflicts, and back. Filter as you like; after "
    "sorting, a link leads to the line where the row stood before.",
    "No formula": "Every cell is a text, a number, a date or true or false.",
    "Dates": "As the documents allow (EDTF): 2018/2025 is a period, 2015/.. goes on, the end of "
    "2013/ is not stated, [2019-04,2019-06] is one of the two.",
}


def read_me(sheets):
    """Say what the workbook is, where it comes from, how to cite and to read it.

    ``sheets`` has (resource, rows) by name of the sheet. Returned is a list of lines, each a tuple
    (kind, cell, cell, …); the kind is "head" or "row".
    """
    package, others = tables.package(), tables.package("reference")["resources"]
    outside = [each["title"] for other in others for each in other.get("licenses", [])]
    licences = [f"{each['title']} ({each['name']})" for each in package.get("licenses", [])]
    said = [
        ("row", package["title"], package.get("description", "")),
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
    said += [("head", "How to read the sheets", ""), *(("row", *each) for each in _SHEETS.items())]
    said.append(
        ("head", "Hedge", "Our reading of it", "Lowest, in units of the last digit", "Highest")
    )
    for name, rule in amounts.QUALIFIERS.items():
        sides = ("" if math.isnan(side) else side for side in rule[:2])
        units = ("down to zero" if side == -math.inf else side for side in sides)
        said.append(("row", name, rule.reason, *units))
    said.append(("head", "Sheet", "What a row is", "Rows"))
    for name, (resource, rows) in sheets.items():
        said.append(("row", name, resource.get("description", ""), len(rows)))
    return said


def refers(resource):
    """Return which table each column refers to."""
    keys = resource["schema"].get("foreignKeys", [])
    return {key["fields"][0]: key["reference"]["resource"] for key in keys}


def codebook(sheets):
    """List each column of each sheet; ``sheets`` and the result are as those of `read_me`."""
    heads = ("Sheet", "Column", "Meaning", "Unit", "Type", "Role", "Must be given", "Refers to")
    said = [("head", *heads, "Codes")]
    for name, (resource, _) in sheets.items():
        for field in resource["schema"]["fields"]:
            rules = field.get("constraints", {})
            told = [field.get(key, "") for key in ("name", "description", "unit", "type", "role")]
            told += ["yes" if rules.get("required") else ""]
            told += [refers(resource).get(field["name"], "")]
            told += [", ".join(map(str, rules.get("enum", [])))]
            said.append(("row", name, *told))
    return said
