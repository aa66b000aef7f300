"""The codebook: what each table and each column of the data means."""

from ilodata import tables
from ilodata.reports import page


def render():
    """Render the codebook from the Data Package's descriptor, reference tables included.

    Returns
    -------
    str
        HTML: a section a table, a row a column: what it means, type, unit, role and codes.
    """
    package = tables.package()
    resources = [(it, "") for it in package["resources"]]
    resources += [(it, "reference/") for it in tables.package("reference")["resources"]]
    return page.fill(
        "codebook.html.j2",
        package=package,
        resources=[_table(resource, folder) for resource, folder in resources],
        edition=tables.edition(),
        hash=tables.data_sha256(),
    )


def _table(resource, folder):
    """Return what the codebook says of a table."""
    refers = {
        key["fields"] if isinstance(key["fields"], str) else key["fields"][0]: key["reference"]
        for key in resource["schema"].get("foreignKeys", [])
    }
    return {
        "name": resource["name"],
        "title": resource.get("title", resource["name"]),
        "description": resource["description"],
        "path": folder + resource["path"],
        "sources": "; ".join(it["title"] for it in resource.get("sources", [])),
        "licences": "; ".join(it["title"] for it in resource.get("licenses", [])),
        "fields": [_column(resource["name"], it, refers) for it in resource["schema"]["fields"]],
    }


def _column(table, field, refers):
    """Return what the codebook says of a column; of a code also the words it stands for."""
    limits = field.get("constraints", {})
    codes = {str(code): [] for code in limits.get("enum", [])}
    codes |= tables.wordings(table, field["name"])
    return {
        **{key: field.get(key, "") for key in ("name", "title", "description", "role", "unit")},
        "type": field["type"],
        "codes": codes,
        "required": limits.get("required", False),
        "refers": refers.get(field["name"], {}).get("resource", ""),
    }
