"""The front page of a list, with its search, and the codebook that it leads to."""

import re
from typing import NamedTuple

from markupsafe import Markup

from ilodata import tables, words
from ilodata.reports import lists, page
from ilodata.reports.records import Facts, Failure

WORDS = 60_000  # bytes that the words for the search may take


class Entry(NamedTuple):
    """A report in the index."""

    at: int  # its place in the list
    report: lists.Report
    facts: Facts | None  # none of one that is not built yet
    failure: Failure | None


def render(reports, records, context):
    """Render the index of a list as HTML: failed reports first; few of a list in large, with charts.

    ``reports`` are in the order of the list, ``records`` by name `records.Record`, none of one that is
    not built yet. ``context`` is a `page.Context`.
    """
    entries = {}
    for at, report in enumerate(reports):
        of = records.get(report.name)
        entries[report.name] = Entry(at, report, of and of["facts"], of and of["error"])
    groups = [(it, [entries[each.name] for each in it.reports]) for it in context.groups]
    built = [it for it in entries.values() if it.facts and not it.failure]
    first = [it for group, own in groups if group.few for it in own if it in built]
    tiles = {}  # each number once, where it is first told
    for it in first:
        for said in it.facts["counts"]:
            plain = Markup(said).striptags().lower()
            tiles.setdefault(tuple(re.findall(r"\w+", plain)[:2]), (said, it))
    return page.fill(
        "index.html.j2",
        context=context,
        answer=next(filter(None, (it.facts["headline"] for it in first)), ""),
        failed=[it for it in entries.values() if it.failure],
        groups=groups,
        tiles=tiles.values(),
        found=_index([(it.at, it.facts["words"]) for it in built]),
        texts=words.counted(len(context.documents), "short public text"),
        documents=[(words.plain(said), url) for said, url in context.documents],
    )


def _index(entries):
    """List which pages have which words, while there is room: [numbers of pages, their words].

    >>> _index([(0, ["maritime", "labour"]), (1, ["labour"])])
    [[(0,), 'maritime'], [(0, 1), 'labour']]
    """
    where, groups = {}, {}
    for at, found in entries:
        for word in found:
            where.setdefault(word, []).append(at)
    for word, pages in sorted(where.items()):
        groups.setdefault(tuple(pages), []).append(word)
    kept, left = [], WORDS
    for pages, found in sorted(groups.items(), key=lambda it: (len(it[0]), it)):
        left -= len(f'{pages}"{" ".join(found)}",'.encode())
        kept += [[pages, " ".join(found)]] if left > 0 else []
    return kept


def codebook(context):
    """Render the codebook from the Data Package's descriptor, reference tables included: HTML.

    A section a table, a row a column, as `tables.codebook` describes it. ``context`` is as for `render`.
    """
    described = []
    for part, folder in ((".", ""), ("reference", "reference/")):
        for it in tables.package(part)["resources"]:
            more = {"path": folder + it["path"], "columns": tables.codebook(it["name"], part)}
            described.append({"title": it["name"]} | it | more)
    return page.fill("codebook.html.j2", context=context, tables=described)
