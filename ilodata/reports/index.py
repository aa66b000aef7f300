"""The front page of a list, with its search, and the codebook that it leads to."""

import json
import os
import re

from ilodata import tables, words
from ilodata.reports import page

PICTURED = 60  # reports up to which an index has pictures
WORDS = 60_000  # bytes that the words for the search may take
BLANK = "picture pictured headline standfirst inferred failure total share bar dates"
COUNT = rf"(?i)\b({'|'.join(words.NUMBERS)}|\d+) (%s)\b(\u2060⚠)?([^,;.]*)"
BAR = 120  # how wide a bar of years is drawn


def render(reports, pages, context):
    """Render the index of a list as HTML: failed reports first; few of a list in large, with charts.

    ``reports`` are in the order of the list, ``pages`` by name the facts of `ilodata.reports.page.render`,
    or {"failure": {where, message}}; one that is not built yet is missing. ``context`` is that of
    `ilodata.reports.page.context`.
    """
    groups, known = [], {it["name"]: at for at, it in enumerate(reports)}
    for stem, title, few, named in context["groups"]:
        entries = []
        for (name, said), brief in zip(named, _briefly([it[1] for it in named]), strict=True):
            entry = {"at": known[name], "name": name, "title": said, "brief": brief}
            entry |= {"missing": name not in pages, "facts": [], **dict.fromkeys(BLANK.split(), "")}
            entry |= pages.get(name, {})
            entries.append(entry | ({} if len(reports) <= PICTURED else {"picture": ""}))
        groups.append({"id": stem, "title": title, "few": few, "entries": entries})
    entries = [it for group in groups for it in group["entries"]]
    found = _index([(it["at"], it.get("words", [])) for it in entries])
    dataset = _block(_dataset(context))
    first = groups[0]["entries"] if groups and groups[0]["few"] else []
    tiles, answer = _tiles(first)
    briefs = [group["entries"][0]["brief"] for group in groups if not group["few"]]
    return page.fill(
        "index.html.j2",
        context=context,
        answer=answer,
        share=next((it for it in first if it["total"] and it["share"]), None),
        example=briefs[-1] if briefs else "",
        failed=[it for it in entries if it["failure"]],
        groups=groups,
        tiles=tiles,
        scale=_draw_bars(entries, context),
        found=found,
        dataset=dataset,
        data=(found, dataset),
        texts=words.counted(len(context["documents"]), "short public text"),
        documents=page.documents(context),
    )


def _briefly(titles):
    """Leave out the words that all titles begin or end with, where a colon sets these apart."""
    if len(titles) < 2:
        return titles
    begin = os.path.commonprefix(titles).rpartition(": ")
    end = os.path.commonprefix([it[::-1] for it in titles])[::-1].partition(": ")
    return [it.removeprefix(begin[0] + begin[1]).removesuffix(end[1] + end[2]) for it in titles]


def _tiles(entries):
    """Return the numbers that an index begins with, and its headline, as the first pages say them.

    A tile is how many, of what, and the page that says it; the headline is parts: what joins it to
    the one before, its words, whether it is inferred.
    """
    tiles, said = [], []
    with_ilo = tables.fields("agreements")["with_ilo"]["title"]
    for noun, of in (("agreements?", with_ilo), ("projects?", ""), ("countr(?:y|ies)", None)):
        for it in entries:
            if found := re.search(COUNT % noun, f"{it['headline']}. {it['standfirst']}"):
                count, noun, mark, rest = found.groups("")
                digits = str(words.NUMBERS.index(count.lower())) if count.isalpha() else count
                guessed = any(f"{count} {noun}" in one for one in it["inferred"])
                if of is not None:
                    one = f"{count.lower()} {noun}{mark} {words.uncapital(of)}".rstrip()
                    said.append((" and " * bool(said), one, guessed))
                of = rest if of is None else words.uncapital(of)
                of += ", inferred in part" * guessed
                tiles.append((f"{digits}\u00a0{noun}{mark}", of, it))
                break
    for it in entries:
        if it["total"]:
            tiles.insert(0, (it["total"].replace("about ", "≈\u00a0"), "by our sum", it))
            who = re.search(r"\S+ provided\b", it["headline"])  # or nobody says who
            one = f"{who[0]} {it['total']}" if who else it["total"]
            said.append(("; " * bool(said), one, False))
            break
    return tiles, [(mark, one if mark else words.capital(one), inf) for mark, one, inf in said]


def _draw_bars(entries, context):
    """Give each entry whose facts state years a bar on one scale; say what the scale is."""
    years = {}
    for it in entries:
        for _, value in it["facts"]:
            if re.match(r"(from )?\d{4}\b", value):
                years[it["name"]] = [int(year) for year in re.findall(r"\b\d{4}\b", value)]
                it["dates"] = value
    every = sorted(year for some in years.values() for year in some)
    last = max((row["latest_date"][:4] for row in context["documents"]), default="")
    for it in entries:
        if it["name"] in years:
            first, end = years[it["name"]][0], years[it["name"]][-1]
            ends = (first, min(end, int(last or end)) + 1, end + 1)
            wide = every[-1] + 1 - every[0]
            it["bar"] = [round((at - every[0]) * BAR / wide, 1) for at in ends]
            it["open"] = not it["dates"][0].isdigit()
    pale = f" Pale: after {last}." if last else ""
    return f"Bars run from {every[0]} to {every[-1]}.{pale}" if every else ""


def _index(entries):
    """Write which pages have which words, while there is room: [numbers of pages, their words].

    >>> _index([(0, ["maritime", "labour"]), (1, ["labour"])])
    '[[[0],"maritime"],[[0,1],"labour"]]'
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
    return _block(kept)


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
