"""What the first sheets of the workbook say: what it is, how to read it, what each column means."""

from ilodata import tables, uncertain

# What a hedge leaves open beside its bounds.
_REMARKS = {
    "exact": "No hedge is printed.",
    "initial": "The instalment is itself exact; the total of its agreement is open above it.",
    "misprint": "The column printed keeps what stands there, likely_usd a reading that other "
    "figures support; that reading is inferred.",
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
    package, licences = tables.package(), tables.package().get("licenses", [])
    others = tables.package("reference")["resources"]
    outside = [each["title"] for other in others for each in other.get("licenses", [])]
    said = [
        ("title", package.get("title", "")),
        ("row", "What it is", package.get("description", "")),
        ("head", "Edition", ""),
        ("row", "Data edition", package.get("version", "")),
        ("row", "SHA-256 of the tables", tables.data_sha256()),
        ("row", "How to cite", f"{tables.citation()} Cite the document beside it."),
        *(("row", "Licence", f"{each['title']} ({each['name']})") for each in licences),
        ("row", "Licence of the sheets “reference…”", "; ".join(dict.fromkeys(outside))),
        ("head", "Documents", "What identifies them"),
    ]
    for row in sheets["documents"][1]:
        about = (
            f"{row['kind']}, latest date {row['latest_date']}, text SHA-256 {row['text_sha256']}"
        )
        said.append(("row", row["title"], about.replace("_", " ")))
    said += [
        ("head", "How the sheets work", ""),
        ("row", "Blank", "Not stated. Zero is written as zero."),
        (
            "row",
            "“(derived)” in a head",
            "Computed by this package from the columns to the left; no document states it.",
        ),
        (
            "row",
            "Italics on a ground of their own",
            "Inferred, not stated: the evidence of the row says from what, and why.",
        ),
        (
            "row",
            "Links",
            "From a row to its evidence and its conflicts, and back. Filter as you like; after "
            "sorting, a link leads to the line where the row stood before.",
        ),
        ("row", "No formula", "Every cell is a text, a number, a date or true or false."),
        ("head", "Sheet", "What a row is", "Rows"),
    ]
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
        ("title", "How to read amounts, dates and evidence"),
        ("row", "A hedge", "is part of the figure; a printed unit is one unit of its last digit."),
        ("row", "Amounts", resource.get("description", "")),
        ("head", "Hedge", "Lowest", "Highest", "Remark", "For example", "Lowest", "Highest"),
    ]
    for name, rule in uncertain.QUALIFIERS.items():
        known = rule.below == rule.below  # a misprint has no sides
        low, high = map(_bound, rule[:2]) if known else ("unknown", "unknown")
        row = printed.get(name)
        example = (row["printed"], *_bounds(row)) if row else ("", "", "")
        said.append(("row", name, low, high, _REMARKS.get(name, ""), *example))
    said.append(("head", "Date as written (EDTF)", "First day", "Last day", "In words"))
    for text in _dates(sheets):
        days = [day.date() if day == day else "" for day in uncertain.span(text)]
        said.append(("row", text, *days, uncertain.say_date(text)))
    said.append(("head", "Evidence", "Meaning"))
    fields = {field["name"]: field for field in sheets["evidence"][0]["schema"]["fields"]}
    for name in ("support", "basis"):
        said.append(("row", name, fields[name]["description"]))
    return said


def codebook(sheets):
    """List each column of each sheet; ``sheets`` and the result are as those of `read_me`."""
    heads = ("Sheet", "Column", "Meaning", "Unit", "Type", "Role", "Must be given", "Refers to")
    said = [("head", *heads, "Codes", "Wordings that become a code")]
    for name, (resource, _) in sheets.items():
        refers = {
            key["fields"][0]: key["reference"]["resource"]
            for key in resource["schema"].get("foreignKeys", [])
        }
        for field in resource["schema"]["fields"]:
            rules, wordings = field.get("constraints", {}), field.get("wordings", {})
            said.append(
                (
                    "row",
                    name,
                    field["name"],
                    field.get("description", ""),
                    field.get("unit", ""),
                    field["type"],
                    field.get("role", ""),
                    "yes" if rules.get("required") else "",
                    refers.get(field["name"], ""),
                    ", ".join(map(str, rules.get("enum", []))),
                    "; ".join(f"{code}: {', '.join(w)}" for code, w in wordings.items() if w),
                )
            )
    return said


def _bound(units):
    if not units:
        return "the figure"
    unit = "one printed unit" if abs(units) == 1 else f"{abs(units)} printed units"
    return f"the figure {'less' if units < 0 else 'plus'} {unit}"


def _bounds(row):
    amounts = [int(row[name]) if row[name] else None for name in ("amount_usd", "printed_unit_usd")]
    bounds = uncertain.bounds(amounts[0], row["qualifier"], amounts[1])
    return ["" if value != value else value for value in bounds]


def _dates(sheets):
    """Pick from the tables the first date of each precision."""
    found = {}
    for resource, rows in sheets.values():
        for field in resource["schema"]["fields"]:
            if field.get("proof") == "date":
                for text in filter(None, (row[field["name"]] for row in rows)):
                    found.setdefault(uncertain.precision(text), text)
    return found.values()
