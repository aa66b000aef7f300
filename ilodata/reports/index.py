"""The index of a list of reports as a front page: answers, their charts in small, and a search."""

import json
import re
from pathlib import Path

from ilodata import words
from ilodata.reports import page

FEW = 2  # reports of one notebook up to which each has a large card with its chart
PICTURED = 60  # reports up to which an index has pictures
WORDS = 60_000  # bytes that the words for the search may take


def render(reports, pages, context):
    """Render the index of a list.

    Parameters
    ----------
    reports : list of dict
        In the order of the list: name, title, notebook.
    pages : dict
        By name what `ilodata.reports.page.facts` gives; {"failure": {where, message}} of a report
        that failed; a report that is not built yet is missing.
    context : dict
        From `ilodata.reports.page.context`.

    Returns
    -------
    str
        HTML; reports of one notebook stand together, failed ones first.
    """
    groups = {}
    for at, report in enumerate(reports):
        entry = {"at": at, "name": report["name"], "title": report["title"]}
        entry |= {"facts": [], "picture": "", "headline": "", "standfirst": "", "failure": None}
        entry |= {"missing": report["name"] not in pages} | pages.get(report["name"], {})
        if len(reports) > PICTURED:
            entry["picture"] = ""
        groups.setdefault(Path(report["notebook"]).stem, []).append(entry)
    told = [page.about(stem, context) for stem in groups]
    answers = [it for group in groups.values() if len(group) <= FEW for it in group]
    many = [
        {
            "id": stem,
            "title": f"{title}: {words.counted(len(group), 'page')}",
            "entries": [it for it in group if not it["failure"]],
        }
        for (stem, group), title in zip(groups.items(), told, strict=True)
        if len(group) > FEW
    ]
    entries = [it for group in groups.values() for it in group]
    found = _index([(it["at"], it.get("words", [])) for it in entries])
    dataset = _block(_dataset(context))
    return page.fill(
        "index.html.j2",
        context=context,
        failed=[it for it in entries if it["failure"]],
        answers=[it for it in answers if not it["failure"]],
        groups=many,
        tiles=[it for it in answers if it.get("tile")][:4],
        found=found,
        dataset=dataset,
        data=(found, dataset),
        texts=words.counted(len(context["documents"]), "short public text"),
        answered=words.counted(len(answers), "answer", capital=True),
        documents=page.documents(context),
    )


def _index(entries):
    """Write which pages have which words: [pages as bits in base 32, their words], shortest first.

    >>> _index([(0, ["maritime", "labour"]), (1, ["labour"])])
    '[["1","maritime"],["3","labour"]]'
    """
    where = {}
    for at, found in entries:
        for word in found:
            where[word] = where.get(word, 0) | 1 << at
    groups = {}
    for word in sorted(where):
        groups.setdefault(where[word], []).append(word)
    kept, left = [], WORDS
    for bits in sorted(groups):
        pair = [_base32(bits), " ".join(groups[bits])]
        left -= len(json.dumps(pair, ensure_ascii=False).encode()) + 1
        kept += [pair] if left > 0 else []
    return _block(kept)


def _base32(number):
    """Write a whole number as JavaScript reads it in base 32."""
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 32)
        digits = "0123456789abcdefghijklmnopqrstuv"[digit] + digits
    return digits


def _block(data):
    """Write data as a page can hold them, whatever their text."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>]", lambda match: f"\\u{ord(match[0]):04x}", text)


def _dataset(context):
    """Describe the data to search engines, as schema.org's Dataset; each value is the package's."""
    package = context["package"]
    told = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": package["title"],
        "description": package.get("description", ""),
        "version": context["edition"],
        "identifier": f"sha256:{context['hash']}",
        "creditText": context["cite"],
        "keywords": package.get("keywords", []),
        "license": [it["path"] for it in package.get("licenses", []) if "path" in it],
        "isBasedOn": [
            {"@type": "CreativeWork", "name": it["title"], "inLanguage": it["language"]}
            for it in context["documents"]
        ],
    }
    return {name: value for name, value in told.items() if value}
