"""Is each mention in a document used by a row, or dismissed with a reason? The report on it."""

import base64
import collections
import hashlib
import html
import re
from pathlib import Path
from typing import NamedTuple

from ilodata import tables
from ilodata.curation import documents, wording
from ilodata.curation.check import fields, load, named
from ilodata.curation.mentions import FIGURES, Mention, find
from ilodata.tables import DataError
from ilodata.uncertain import contains

STATES = {
    "value": "used: a row reads it",
    "words": "used: only words around it are quoted",
    "dismissed": "dismissed with a reason",
    "unused": "nobody has used it",
}
# What the names of a table's records are, as kinds of mentions.
KINDS = {
    "organisations": "organisation",
    "people": "person",
    "places": "place",
    "frameworks": "framework",
    "agreements": "agreement",
    "events": "meeting",
    "projects": "project",
}


class Finding(NamedTuple):
    """A mention and what became of it; `rows` of evidence, or the row that dismisses it."""

    section: str
    mention: Mention
    state: str
    rows: tuple


def audit(path):
    """Hold every mention in a document against the tables.

    A mention is *used* where its words lie inside fragments of evidence of the same section;
    fragments stand once in their section, so positions are exact. Of a name the words with a
    capital and the last word must lie there. A use is *by value* where a row of such a fragment
    reads the mention: its cell is that date, amount or number (or is said to differ from it),
    names that thing, or holds those words as printed. Else it is *by words*: quoted for something
    else. Evidence of ``latest_date`` is no use of its date.

    A name that is used only by words counts as used. A figure does not: a year inside a fragment
    that proves a party is no use of the year, so a figure that the readers of ``wording`` can read
    is *unused* until a row reads it or ``unused_mentions`` dismisses it. What they cannot read
    ("same year", "later on") no cell can hold; there the fragment is enough.

    Each occurrence of a figure counts; a name counts once a section and printed form, and has the
    best state of its occurrences.

    Parameters
    ----------
    path : path
        The text of a registered document, found by its hash.

    Returns
    -------
    dict
        The row of ``documents``.
    dict
        section_id -> text of the section, white space normalised.
    list of Finding
        Every occurrence; those of a name in a section share the best state among them.

    Raises
    ------
    DataError
        If the file cannot be read or is not registered, the tables are not as the schema says, or
        the sections do not cover the text.
    """
    data, wrong = load()
    if wrong:
        raise DataError("\n".join(wrong))
    document, text = _registered(Path(path), data)
    rows = [s for s in data["sections"].values() if s["document_id"] == document["document_id"]]
    bodies, wrong = documents.cut({document["document_id"]: text}, rows)
    if sum(map(len, bodies.values())) != len(text):
        wrong = wrong or [
            f"{path}: its text does not begin with its first section; add a row without heading"
        ]
    if wrong:
        raise DataError("\n".join(wrong))
    reads, names = _reader(data), {}
    for table, kind in KINDS.items():
        for key in data[table]:
            names |= dict.fromkeys(named(data, f"{table}/{key}"), kind)
    findings = []
    for section, body in bodies.items():
        # A heading is no part of the sentence below it.
        cut = len(data["sections"][section]["heading"])
        mentions = find(body[:cut], names, text)
        for m in find(body[cut:], names, text):
            mentions.append(m._replace(start=m.start + cut, end=m.end + cut))
        proof = {k: r for k, r in data["evidence"].items() if r["field"] != "latest_date"}
        quoted = _placed(proof, section, body)
        dismissed = _placed(data["unused_mentions"], section, body)
        found = [Finding(section, m, *_state(m, body, quoted, dismissed, reads)) for m in mentions]
        best = {}
        for finding in sorted(found, key=lambda f: list(STATES).index(f.state)):
            best.setdefault(once(finding), finding)
        findings += [best[once(finding)]._replace(mention=finding.mention) for finding in found]
    return document, bodies, findings


def once(finding):
    """Give what counts once: an occurrence of a figure, a printed form of a name in a section."""
    mention = finding.mention
    return finding.section, mention.start if mention.kind in FIGURES else mention.words


def _registered(path, data):
    if not path.is_file():
        raise DataError(f"{path}: is no file; give the text of a document")
    content = path.read_bytes()
    known = {row["text_sha256"]: row for row in data["documents"].values()}
    row = known.get(hashlib.sha256(content).hexdigest())
    if row is None:
        raise DataError(
            f"{path}: is no registered text (its hash is not in documents.csv); "
            f"ilodata add-document {path} registers it"
        )
    return row, documents.normalise(content.decode("utf-8"))


def _placed(rows, section, body):
    """Place the fragments of a section: (start, end, row); `verify` reports those that do not."""
    here = [r for r in rows.values() if r["section_id"] == section]
    starts = [(body.find(r["fragment"]), r) for r in here if body.count(r["fragment"]) == 1]
    return [(start, start + len(row["fragment"]), row) for start, row in starts]


def _state(mention, body, quoted, dismissed, reads):
    """Say what became of a mention, and by which rows."""

    def over(places, words):
        return [row for a, b, row in places if a <= words[0] and words[1] <= b]

    needed = [(mention.start, mention.end)]
    if mention.kind not in FIGURES:
        words = [
            (mention.start + m.start(), mention.start + m.end())
            for m in re.finditer(r"\S+", mention.words)
        ]
        needed = [w for w in words[:-1] if body[w[0]].isupper()] + words[-1:]
    covering = {r["evidence_id"]: r for words in needed for r in over(quoted, words)}.values()
    used = all(over(quoted, words) for words in needed)
    reading = tuple(r for r in covering if reads(mention, r))
    if used and reading:
        return "value", reading
    if all(over(dismissed, words) for words in needed):
        return "dismissed", tuple(over(dismissed, needed[0]))
    readers = {
        "date": (wording.dates,),
        "amount": (wording.amounts,),
        "number": (wording.numbers, wording.ordinals),
    }
    readable = any(read(mention.words) for read in readers.get(mention.kind, ()))
    return "words" if used and not readable else "unused", tuple(covering)


def _reader(data):
    """Make the function that tells whether the cell of a piece of evidence reads a mention."""
    how = {(table, field["name"]): field for table, field in fields()}
    target = {
        (r["name"], k["fields"][0]): k["reference"]["resource"]
        for r in tables.package()["resources"]
        for k in r["schema"].get("foreignKeys", [])
    }

    def has(longer, words):
        return wording.holds_word(words.casefold(), longer.casefold())

    def reads(mention, row):
        table, _, key = row["record"].partition("/")
        value = data.get(table, {}).get(key, {}).get(row["field"])
        if not value:
            return False  # `check` says that there is no such cell, or that it is blank
        field, words = how[table, row["field"]], mention.words
        proof = field.get("proof")
        if row["support"] == "differs":  # read, and told to differ
            figure = "number" if proof == "ordinal" else proof
            return figure == mention.kind or not {figure, mention.kind} & set(FIGURES)
        if proof == "words":
            return has(value, words)
        if proof == "date":
            ends = [end for end in re.split(r"[/,{}\[\]]|\.\.", value) if end]
            return any(
                value in meant or any(contains(meant[0], end) for end in ends)
                for meant in wording.dates(words)
            )
        if proof == "number":
            return float(value) in wording.numbers(words)
        if proof == "ordinal":
            return int(value) in wording.ordinals(words)
        if proof == "amount":
            return int(value) in [amount for amount, _ in wording.amounts(words)]
        if mention.kind in FIGURES:
            return False
        if proof == "reference":
            table = target.get((table, row["field"]))
            record = f"{table}/{value}" if table else value
            return any(has(name, words) or has(words, name) for name in named(data, record))
        known = field.get("wordings", {}).get(value, [])
        return any(wording.holds_word(word, words) for word in known)

    return reads


def around(body, mention, length=40):
    """Show a mention in brackets between some of the words around it."""
    before, after = body[: mention.start][-length:], body[mention.end :][:length]
    if mention.start > length:
        before = "…" + before.partition(" ")[2]
    if len(body) - mention.end > length:
        after = after.rpartition(" ")[0] + "…"
    return f"{before}[{mention.words}]{after}"


def report(bodies, findings, hints=()):
    """Say which mentions are unused, and count the others.

    Parameters
    ----------
    bodies, findings
        From `audit`.
    hints : dict, optional
        From ``adding.suggest``: what to do with a mention.

    Returns
    -------
    list of str
        One line an unused mention: section, kind, the words around it, what to do.
    list of str
        One line a kind: how many were found, and what became of them.
    """
    findings, wrong = list({once(f): f for f in reversed(findings)}.values())[::-1], []
    for finding in (f for f in findings if f.state == "unused"):
        shown = around(bodies[finding.section], finding.mention)
        hint = dict(hints).get(once(finding), "no row uses it")
        if finding.rows:
            row = finding.rows[0]
            hint = f"quoted for {row['record']}, {row['field']}, which does not read it; {hint}"
        wrong.append(f"{finding.section}, {finding.mention.kind}: “{shown}”\n    {hint}")
    counted = collections.defaultdict(collections.Counter)
    for finding in findings:
        kind = finding.mention.kind
        counted[kind if kind in FIGURES else "name"][finding.state] += 1
    lines = []
    for kind in (*FIGURES, "name"):
        states = counted[kind]
        told = f"{states['value']:,} used by value, {states['words']:,} by words"
        told += f", {states['dismissed']:,} dismissed, {states['unused']:,} unused"
        lines.append(f"{kind}s: {states.total():,} found, {told}")
    return wrong, lines


STYLE = """
:root{color-scheme:light dark}body{font:1rem/1.7 sans-serif;max-width:44rem;margin:2rem auto;
padding:0 1rem}a{color:inherit}table{border-collapse:collapse;display:block;overflow-x:auto}
td,th{border:1px solid;padding:.2rem .5rem;text-align:left;vertical-align:top}
.value{text-decoration:underline solid}.words{text-decoration:underline dashed}
.dismissed{text-decoration:underline dotted}.unused{font-weight:bold;outline:2px solid}
sup{font-size:.7em}:target{outline:3px double}
"""
LETTERS = {"value": "v", "words": "w", "dismissed": "d", "unused": "!"}


def page(document, bodies, findings, text):
    """Write a document with its mentions marked and linked to their rows, as one HTML page.

    The page holds the text of the document: it is for the curator's own screen, not for the
    repository. It runs nothing and loads nothing; marks differ by line and letter, not by colour.

    Parameters
    ----------
    document, bodies, findings
        From `audit`.
    text : str
        The document as it stands in its file: empty lines become paragraphs.

    Returns
    -------
    str
    """
    breaks, at = set(), 0
    for words, space in re.findall(r"(\S+)(\s*)", text):
        at += len(words)
        if space.count("\n") > 1:
            breaks.add(at)
        at += 1
    rows = {once(f): f for f in reversed(findings)}
    number = {key: place for place, key in enumerate(reversed(rows))}
    out, marked, start = [], set(), 0
    for section, body in bodies.items():
        mine = [f for f in findings if f.section == section]
        marks = []  # marks do not overlap: the unused come first, then figures, then the longest
        for f in sorted(
            mine,
            key=lambda f: (
                f.state != "unused",
                f.mention.kind not in FIGURES,
                -len(f.mention.words),
            ),
        ):
            if all(f.mention.end <= m.start or m.end <= f.mention.start for m, _, _ in marks):
                marks.append((f.mention, f.state, number[once(f)]))
        shown, last = [], 0
        for mention, state, row in sorted(marks, key=lambda mark: mark[0].start):
            shown.append(_paragraphs(body, last, mention.start, start, breaks))
            words = _paragraphs(body, mention.start, mention.end, start, breaks)
            anchor = "" if row in marked else f' id="m{row}"'
            shown.append(
                f'<a{anchor} href="#r{row}" class="{state}">{words}<sup>{LETTERS[state]}</sup></a>'
            )
            marked.add(row)
            last = mention.end
        shown.append(_paragraphs(body, last, len(body), start, breaks))
        out.append(f"<section><h3><code>{section}</code></h3>{''.join(shown)}</section>")
        start += len(body)
    return _frame(document, "\n".join(out), list(rows.values())[::-1], marked)


def _paragraphs(body, start, end, offset, breaks):
    """Escape a stretch of a section, its paragraphs kept."""
    cuts = sorted(b - offset for b in breaks if start <= b - offset < end)
    parts = [body[a:b] for a, b in zip([start, *cuts], [*cuts, end], strict=True)]
    return "<br><br>".join(html.escape(part) for part in parts)


def _frame(document, text, findings, marked):
    key = "".join(
        f'<li><span class="{s}">{words}<sup>{LETTERS[s]}</sup></span>: '
        f"{sum(f.state == s for f in findings)}</li>"
        for s, words in STATES.items()
    )
    lines = []
    for number, f in enumerate(findings):
        told = [
            f"{r['record']}, {r['field']}: “{r['fragment']}”"
            if "record" in r
            else f"unused_mentions/{r['mention_id']}: {r['reason']}"
            for r in f.rows
        ]
        cells = [html.escape(c) for c in (f.section, f.mention.kind, STATES[f.state])]
        cells.append("<br>".join(map(html.escape, told)))
        words = html.escape(f.mention.words)
        if number in marked:  # else it stands inside a longer mention
            words = f'<a href="#m{number}">{words}</a>'
        lines.append(
            f'<tr id="r{number}"><th scope="row">{words}</th>'
            + "".join(f"<td>{cell}</td>" for cell in cells)
            + "</tr>"
        )
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    title = html.escape(document["title"])
    return f"""<!doctype html>
<html lang="{html.escape(document["language"])}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{digest}'; \
base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mentions in {title}</title><style>{STYLE}</style></head>
<body><main><h1>Mentions in {title}</h1><ul>{key}</ul>
<h2>The document</h2>
{text}
<h2>The mentions and their rows</h2>
<table><thead><tr><th scope="col">mention</th><th scope="col">section</th><th scope="col">kind</th>\
<th scope="col">state</th><th scope="col">rows</th></tr></thead>
<tbody>{"".join(lines)}</tbody></table></main></body></html>
"""
