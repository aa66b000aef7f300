"""The front page of a list, and the codebook that it leads to."""

from ilodata import tables, words
from ilodata.reports import page

BLANK = {"headline": "", "standfirst": "", "facts": (), "failure": None, "missing": False}


def render(reports, pages, context):
    """Render the index of a list as HTML: failed reports first; few of a list in large.

    ``pages`` are by name the facts of `ilodata.reports.page.render`, or {"failure": {where, message}}; one
    that is not built yet is missing. ``context`` is that of `ilodata.reports.page.context`.
    """
    groups = [
        {
            "id": stem,
            "title": title,
            "few": few,
            "entries": [
                {"name": name, "title": said} | BLANK | pages.get(name, {"missing": True})
                for name, said in named
            ],
        }
        for stem, title, few, named in context["groups"]
    ]
    entries = [it for group in groups for it in group["entries"]]
    first = groups[0]["entries"] if groups and groups[0]["few"] else []
    return page.fill(
        "index.html.j2",
        context=context,
        answer=next((it["headline"] for it in first if it["headline"]), ""),
        failed=[it for it in entries if it["failure"]],
        groups=groups,
        texts=words.counted(len(context["documents"]), "short public text"),
        documents=[(words.plain(said), url) for said, url in context["documents"]],
    )


def codebook():
    """Render the codebook from the Data Package's descriptor, reference tables included: HTML.

    A section a table, a row a column: what it means, type, unit, role and codes.
    """
    package, others = tables.package(), tables.package("reference")["resources"]
    others = [each | {"path": f"reference/{each['path']}"} for each in others]
    return page.fill(
        "codebook.html.j2",
        package=package,
        resources=[{"title": each["name"]} | each for each in package["resources"] + others],
        codes=_codes,
        edition=tables.edition(),
        hash=tables.data_sha256(),
    )


def _codes(table, field):
    """Return the codes of a column, each with the words it stands for."""
    codes = {str(code): [] for code in field.get("constraints", {}).get("enum", [])}
    return codes | tables.wordings(table, field["name"])
