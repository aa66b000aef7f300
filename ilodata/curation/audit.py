"""Is each mention in a document used by a row, or dismissed with a reason? The report on it.

Mentions are found in ``mentions``; what to write about unused ones is said by ``proposing``.
"""

import collections
import functools
import hashlib
import itertools
import re
from pathlib import Path
from typing import NamedTuple, TypedDict

from jinja2 import Environment

from ilodata import tables
from ilodata.curation import documents, grammar
from ilodata.curation.filling import as_csv, named, pieces, row_of, sound
from ilodata.curation.grammar import FIGURES, Mention, inside, kind_of
from ilodata.curation.mentions import find, is_plain
from ilodata.dates import contains
from ilodata.problems import DataError, shorten

STATES = {
    "value": "used: a row reads it",
    "words": "used: only words around it are quoted",
    "dismissed": "dismissed with a reason",
    "plain": "a common noun, which names nothing by itself",
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


class Mentioned(TypedDict):
    """A `Mention`, placed in its sentence, its state, and what is told of it: see `_told`."""

    kind: str
    words: str
    start: int
    end: int
    meant: tuple
    ordinal: bool
    state: str
    told: str


class ToWrite(TypedDict):
    """A row that a sentence asks for, as cells and as the line to copy."""

    table: str
    cells: dict[str, str]
    line: str


class Passage(TypedDict):
    """A sentence of a document, what it mentions, and the rows that it asks for."""

    section: str
    sentence: str
    mentions: list[Mentioned]
    rows: list[ToWrite]


class Finding(NamedTuple):
    """A mention and what became of it; `rows` of evidence, or the row that dismisses it."""

    section: str
    mention: Mention
    state: str
    rows: tuple


def audit(path):
    """Hold every mention in a document against the tables.

    A mention is *used* where fragments of evidence hold it: *by value* where a cell that they prove
    reads it, else *by words*, which is enough for a name and not for a figure: a year inside a
    fragment that proves a party is unused until a row reads it or ``unused_mentions`` dismisses it.
    `path` is the text of a registered document, found by its hash.

    Returns the row of ``documents``; section_id -> text, white space normalised; a Finding for each
    occurrence: those of a name in a section share the best state among them. Raises DataError if
    the file is not registered, a table cannot be read, or the sections do not cover the text.
    """
    data = sound()
    if not Path(path).is_file():
        raise DataError(f"{path}: is not a file; give the text of a document")
    content = Path(path).read_bytes()
    known = {row["text_sha256"]: row for row in data["documents"].values()}
    if not (document := known.get(hashlib.sha256(content).hexdigest())):
        raise DataError(
            f"{path}: is not a registered text (its hash is not in documents.csv); "
            f"ilodata add-document {path} registers it"
        )
    key, text = document["document_id"], documents.normalise(content.decode("utf-8"))
    rows = [s for s in data["sections"].values() if s["document_id"] == key]
    bodies, wrong = documents.cut({key: text}, rows)
    if sum(map(len, bodies.values())) != len(text):
        wrong.append(f"{path}: its first section is not where it begins; add one without heading")
    if wrong:
        raise DataError("\n".join(wrong))
    return document, bodies, held(data, bodies, text)


def held(data, bodies, text):
    """Hold every mention in a document against tables, as `audit` does.

    `data` is what ``filling.load`` gives, `bodies` what ``documents.cut`` does, `text` the whole.
    """
    names = {}
    for table, kind in KINDS.items():
        for key in data[table]:
            names |= dict.fromkeys(named(data, f"{table}/{key}"), kind)
    dates = ("latest_date", "published")
    proof = [row for _, row in pieces(data) if row["field"] not in dates]
    findings = []
    for section, body in bodies.items():
        heads = len(data["sections"][section]["heading"])  # no part of the sentence below it
        mentions = find(body[:heads], names, text)
        for m in find(body[heads:], names, text):
            mentions.append(m._replace(start=m.start + heads, end=m.end + heads))
        quoted = _placed(proof, section, body)
        dismissed = _placed(data["unused_mentions"].values(), section, body)
        found = [Finding(section, m, *_state(data, m, body, quoted, dismissed)) for m in mentions]
        best = {}
        for finding in sorted(found, key=lambda f: list(STATES).index(f.state)):
            best.setdefault(once(finding), finding)
        findings += [best[once(finding)]._replace(mention=finding.mention) for finding in found]
    return findings


def once(finding):
    """Give what counts once: an occurrence of a figure, a printed form of a name in a section."""
    mention = finding.mention
    return finding.section, mention.start if mention.kind in FIGURES else mention.words


def _placed(rows, section, body):
    """Place the fragments of a section: (start, end, row); a blank one is the whole section."""
    here = [row for row in rows if row["section_id"] == section]
    found = [(0, len(body), row) for row in here if not row["fragment"]]
    spots = [(body.find(r["fragment"]), r) for r in here if body.count(r["fragment"]) == 1]
    return found + [(start, start + len(row["fragment"]), row) for start, row in spots]


def _state(data, mention, body, quoted, dismissed):
    """Say what became of a mention, and by which rows."""
    needed, is_figure = [mention.at], mention.kind in FIGURES
    if not is_figure:  # its words with a capital, and the last
        words = re.compile(r"\S+").finditer(body, *mention.at)
        *others, last = (m.span() for m in words)
        needed = [at for at in others if body[at[0]].isupper()] + [last]
    if mention.kind == "amount":  # is not dismissed with its whole section
        dismissed = [place for place in dismissed if place[2]["fragment"]]
    quoting = [_over(quoted, at) for at in needed]
    dismissing = [_over(dismissed, at) for at in needed]
    covering = [row for rows in quoting for row in rows]
    covering = {(row["evidence_id"], row["field"]): row for row in covering}.values()
    if all(quoting):
        if reading := tuple(row for row in covering if _reads(data, mention, row)):
            return "value", reading
        state = "unused" if mention.meant else "words"
    else:
        state = "unused" if is_figure or not is_plain(mention.words) else "plain"
    if all(dismissing):
        return "dismissed", tuple(dismissing[0])
    return state, () if state == "plain" else tuple(covering)


def _over(places, at):
    """List the rows whose fragments hold a stretch of a section."""
    return [row for *place, row in places if inside(at, place)]


def _reads(data, mention, row):
    """Tell whether the cell of a piece of evidence reads a mention."""
    table, words, column = row["record"].partition("/")[0], mention.words, row["field"]
    value = row_of(data, row["record"]).get(column)
    if not value or table == "documents":
        return False  # `check` names blank cells; a title is quoted for what it is, not says
    proof, is_figure = tables.fields(table)[column].get("proof"), mention.kind in FIGURES
    if row["support"] == "differs":  # read, and told to differ
        return proof == kind_of(mention) or not (is_figure or proof in (*FIGURES, "ordinal"))
    if is_figure and proof != "words":
        return proof == kind_of(mention) and _is_figure(mention, value)
    said = words.casefold()
    if proof == "words":
        return bool(grammar.spots(said, value.casefold()))
    if proof == "reference":
        names = [n.casefold() for n in named(data, tables.reference(table, column, value))]
        return any(grammar.spots(said, name) or grammar.spots(name, said) for name in names)
    codes = tables.wordings(table, column).get(value, ())
    return any(grammar.spots(code, words) for code in codes)


def _is_figure(mention, value):
    """Tell whether a figure is the one that a cell of its kind holds, or the end of its period."""
    if not mention.meant:
        return False
    if mention.kind != "date":
        return float(value) == mention.value
    ends = [end for end in re.split(r"[/,{}\[\]]|\.\.", value) if end]
    return value in mention.meant or any(contains(mention.meant[0], end) for end in ends)


# How sentences end, also in lists and tables, and where a dateline does.
_ENDS = re.compile(
    r"\|\|(?= )|\S(?= • )|[.!?;:][”\")]?(?= +[Xf*–-] )|[.!?;][”\")]?(?= +[A-ZÀ-ÖØ-Þ“\"\d])"
    rf"|{grammar.MONTH}(?: \d{{1,2}},)? \d{{4}} [–-](?= )"
)


@functools.lru_cache(4096)
def sentences(body, heads=0):
    """Cut a section into its heading, of length `heads`, and sentences: (start, end) of each.

    >>> [body[a:b] for body in ["Aims Mr. X met No. 8. It ended."] for a, b in sentences(body, 4)]
    ['Aims', 'Mr. X met No. 8.', 'It ended.']
    """
    cuts = {0, heads, len(body)}
    for end in _ENDS.finditer(body, heads):
        before = grammar.up_to(body, end.start())
        if not re.search(r"\b(?:[A-Z]|Mrs?|Ms|Dr|No|St|vs|US)$", before):
            cuts.add(end.end())
    parts = [(b - len(body[a:b].lstrip()), b) for a, b in itertools.pairwise(sorted(cuts))]
    return tuple((a, a + len(body[a:b].rstrip())) for a, b in parts if a < b)


def by_sentence(bodies, findings):
    """Yield each sentence with its findings among some: (section, start, end, them)."""
    heads = {row["section_id"]: len(row["heading"]) for row in tables.rows("sections")}
    for section, body in bodies.items():
        mine = [finding for finding in findings if finding.section == section]
        for start, end in sentences(body, heads[section]):
            yield section, start, end, [f for f in mine if start <= f.mention.start < end]


def passages(bodies, findings, hints=(), rows=()):
    """Put the mentions of a document together by sentence; a name stands once a section.

    `bodies` and `findings` are from `audit`, `hints` and `rows` from ``proposing.propose``: what to
    do with a mention, and the rows to write. Returns a list of `Passage`.
    """
    found, first, hints = [], {}, dict(hints)
    for finding in findings:
        first.setdefault(once(finding), finding)
    for section, start, end, here in by_sentence(bodies, first.values()):
        sentence = bodies[section][start:end]
        found.append(Passage(section=section, sentence=sentence, mentions=[], rows=[]))
        for finding in here:
            m, hint = finding.mention, hints.get(once(finding), "no row uses it")
            placed = m._replace(start=m.start - start, end=m.end - start)._asdict()
            told = Mentioned(**placed, state=finding.state, told=_told(finding, hint))
            found[-1]["mentions"].append(told)
        for where, at, table, row in rows:
            if (where, at) == (section, start):
                line = as_csv(Path(table).name, [row])
                found[-1]["rows"].append(ToWrite(table=table, cells=row, line=line))
    return found


def _told(finding, hint):
    """Say which rows use or dismiss a mention, or what to do with it."""
    rows = [f"{r['record']}, {r['field']}" if "record" in r else r["reason"] for r in finding.rows]
    if finding.state != "unused":
        return "; ".join(rows)
    quoted = rows and not hint.startswith("dismissed: ")
    return f"quoted for {rows[0]}, which does not read it; {hint}" if quoted else hint


def report(passages):
    """Say sentence by sentence which mentions of `passages` are unused, and count the others.

    Returns one text a sentence with unused mentions: section and sentence, then a line for each
    thing that is said of some of them; sentences in which names only wait to be quoted, or all is
    proposed to be dismissed, come last, then gaps that concern what the others tell of. And a line
    a kind: how many were found, and what became of them.
    """
    wrong, quiet, counted = [], [], collections.Counter()
    for passage in passages:
        said = collections.defaultdict(list)
        for m in passage["mentions"]:
            counted[m["kind"] if m["kind"] in FIGURES else "name", m["state"]] += 1
            if m["state"] == "unused" and not m["told"].startswith("part of"):
                said[m["told"]].append(f"“{m['words']}”")
        lines = [f"{passage['section']}: “{shorten(passage['sentence'], 300)}”"]
        for what, words in said.items():
            many = f"{len(words)} mentions, {words[0]} to {words[-1]}"
            lines.append(f"{many if len(words) > 6 else ', '.join(words)}: {what}")
        if said:
            waits = any(not what.startswith(("known: ", "dismissed: ")) for what in said)
            (wrong if waits else quiet).append("\n  ".join(lines))
    if gaps := _gaps(passages):
        what = "gaps that concern what it tells of; look there, and add its sections to searches:"
        quiet.append("\n  ".join([what, *gaps]))
    return wrong + quiet, [
        f"{kind}s: {sum(counted[kind, state] for state in STATES):,} found, "
        f"{counted[kind, 'value']:,} used by value, {counted[kind, 'words']:,} by words, "
        f"{counted[kind, 'dismissed']:,} dismissed, {counted[kind, 'unused']:,} unused"
        for kind in (*FIGURES, "name")
    ]


def _gaps(passages):
    """List gaps of records that a worklist names, unless somebody has looked in this document."""
    mentions = (m for passage in passages for m in passage["mentions"])
    waiting = (m["told"] for m in mentions if m["state"] == "unused")
    named = set(re.findall(r"\b[a-z_]+/[\w-]+", " ".join(waiting)))
    here, found = {passage["section"] for passage in passages}, collections.defaultdict(dict)
    looked = {r["conflict_id"] for r in tables.rows("searches") if r["section_id"] in here}
    gaps = {row["conflict_id"] for row in tables.rows("conflicts") if row["weight"] == "gap"}
    for row in tables.rows("conflict_records"):
        if row["conflict_id"] in gaps - looked and row["record"] in named:
            found[row["conflict_id"]][row["record"]] = None
    return [f"{key} ({', '.join(records)})" for key, records in found.items()]


_PAGE = """<!doctype html>
<html lang="{{ document.language }}"><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Mentions in {{ document.title }}</title>
<style>:root{color-scheme:light dark}body{font:1rem/1.6 sans-serif;max-width:46rem;
margin:2rem auto;padding:0 1rem}li,pre{font-size:.85rem}pre{overflow:auto}</style>
<h1>Mentions in {{ document.title }}</h1>
{% for passage in passages %}
{% if loop.changed(passage.section) %}<h2><code>{{ passage.section }}</code></h2>{% endif %}
<p>{{ passage.sentence }}</p>
<ul>{% for m in passage.mentions -%}
<li>{% if m.state == "unused" %}<strong>{{ m.words }}</strong>{% else %}{{ m.words }}{% endif %}
({{ m.kind }}, {{ states[m.state] }}): {{ m.told }}</li>{% endfor %}</ul>
{% if passage.rows %}<pre>
{%- for r in passage.rows %}{{ r.table }}: {{ r.line }}{% endfor %}</pre>{% endif %}
{% endfor %}
"""


def page(document, passages):
    """Write a document as an HTML page: each sentence, its mentions, rows to copy.

    It holds the text of the document: it is for the curator's own screen, not for the repository.
    `document` is from `audit`, the rest from `passages`.
    """
    made = Environment(autoescape=True).from_string(_PAGE)
    return made.render(document=document, passages=passages, states=STATES)
