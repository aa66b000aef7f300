"""Linked text as HTML, and the cards that its links open: the words of the documents, once each."""

import calendar
import re
import textwrap
from dataclasses import dataclass, field
from typing import NamedTuple

from markupsafe import Markup, escape

from ilodata import tables, words
from ilodata.evidence import Card
from ilodata.evidence import card as proof_of
from ilodata.reports.lists import PageLink
from ilodata.reports.svg import CardLink

MONTHS = "|".join(calendar.month_name[1:])
# A quotation, which stays as printed; a space within an amount, a range or a date; an apostrophe.
GLUED = re.compile(
    rf"(“[^”]*”)|(?<=US\$) (?=\d)|(?<=\d) (?=(?:[mb]illion|{MONTHS})\b)|(?<=\d) to (?=\d)|"
    rf"\b(?:{MONTHS}) (?=\d)|(?<=\w)'"
)
AMOUNT = r"US\$ ?\d[\d.,]*(?: [mb]illion)?"
FIGURES = (rf"\w+ {AMOUNT}", AMOUNT, r"\d[\d.,]*\d|\d")  # the longest first
LONG = 160  # characters of a sentence that a card does not take as its title
NONE = re.compile(r"(not stated|not named|–)\.?")


@dataclass
class Notes:
    """What a page has told so far: its cards, and what it has to explain."""

    context: object  # `page.Context`
    doubts: set  # titles of the conflicts that the page lists
    cards: dict = field(default_factory=dict)  # `Numbered` by source and arithmetic
    places: dict = field(default_factory=dict)  # document and section: its short name in print
    explained: set = field(default_factory=set)  # acronyms
    marks: set = field(default_factory=set)  # "inferred", "ours", "doubt"
    folded: bool = False  # whether what is told now is hidden until it is opened


class Place(NamedTuple):
    """Where words of a card stand."""

    fragments: list[Markup]
    document: str
    section: str
    short: str  # its name in print


class Numbered(Card):
    """The card of some cells on one page."""

    number: int  # in the order in which they are first told
    mentions: list[str]  # ids of what leads here
    folded: bool  # whether all of these are
    tag: str  # what it rests on
    page: PageLink | None  # that about its record
    places: list[Place]
    otherwise: list[dict]  # the conflicts that say how else it can be read


def unbroken(text):
    """Escape text whose amounts, dates and years do not break over lines, with curled apostrophes."""
    said = GLUED.sub(lambda it: it[1] or it[0].replace(" ", "\u00a0").replace("'", "’"), text)
    return Markup(re.sub(r"\b\d{4}–\d{4}\b", r'<span class="nw">\g<0></span>', str(escape(said))))


def text(notes, linked, where="text"):
    """Turn linked text (of `ilodata.words.link`) into Markup, each link leading to its card.

    ``where`` is "text"; "stand" in a standfirst, where a sum is marked as ours; "doubts" in a doubt,
    which needs no warning of itself.
    """
    made = Markup()
    if NONE.fullmatch(linked):
        return Markup('<span class="none">{}</span>').format(linked)
    said, at = words.plain(linked), 0
    for part in re.split(r"(\[\[.*?\]\])", linked):
        if found := words.links(part):
            made += _link(notes, *found[0], where, _sentence(said, at))
        else:
            made += _words(notes, part)
        at += len(words.plain(part))
    return made


def _words(notes, part):
    """Escape words, glue their amounts, and explain each acronym where it first stands."""
    known = notes.context.acronyms

    def explain(match):
        if match[0] not in known or match[0] in notes.explained:
            return match[0]
        notes.explained.add(match[0])
        return f'<abbr title="{escape(known[match[0]])}">{match[0]}</abbr>'

    return Markup(notes.context.acronym_pattern.sub(explain, unbroken(part)))


def _link(notes, shown, of, how, where, sentence):
    """Write the link from words to their card, with the mark of certainty it needs."""
    card = _card_of(notes, of, how, shown, sentence if len(sentence) < LONG else shown)
    place = f"r-{card['number']}-{len(card['mentions']) + 1}"
    card["mentions"].append(place)
    inferred, ours = card["certainty"] == "inferred", ""
    if inferred:
        notes.marks.add("inferred")
    if where == "stand" and how and re.match(r"(about )?US\$", shown):
        notes.marks.add("ours")
        ours, shown = "≈\u00a0", shown.removeprefix("about ")
    made = Markup('<a class="ev{}" id="{}" href="#e-{}" data-n="{}">{}{}</a>').format(
        " inf" * inferred, place, card["number"], card["number"], ours, _words(notes, shown)
    )
    if card["doubts"] and not inferred and where != "doubts":
        doubt = notes.context.conflicts[card["doubts"][0]]["label"]
        notes.marks.add("doubt")
        to = doubt_id(doubt) if doubt in notes.doubts else f"e-{card['number']}"
        warning = Markup('<a class="warn" href="#{}" aria-label="In doubt: {}">⚠</a>')
        made += warning.format(to, doubt)
    return made


def doubt_id(title):
    """Return the id that a doubt has where a page lists it."""
    return f"doubt-{words.slug(title)}"


def _sentence(said, at):
    """Return the sentence that stands at a place in a text."""
    ends = [it.end() for it in re.finditer(r"(?<=[a-z)”\d][.;]) (?=[^a-z])", said)]
    start = max((end for end in ends if end <= at), default=0)
    return said[start : min((end for end in ends if end > at), default=None)].rstrip(" .;")


def mark(notes, figure):
    """Return the function that links the marks of one figure to their cards, as `svg` wants it."""

    def link(of, how, shown):
        card = _card_of(notes, of, how, shown)
        if figure not in card["mentions"]:
            card["mentions"].append(figure)
        kind = "ev inf" if card["certainty"] == "inferred" else "ev"
        return CardLink(kind, f"#e-{card['number']}", shown or card["title"])

    return link


def _card_of(notes, of, how, shown, title=""):
    """Return the card of some cells, numbered when it is first asked for."""
    if (of, how) in notes.cards:
        return notes.cards[of, how]
    card, sources, known = proof_of(of, how), words.sources(of), notes.context.conflicts
    gaps = [f"conflicts/{key}" for key, row in known.items() if row["weight"] == "gap"]
    records = {"/".join(cell.split("/")[:2]) for cell in sources}
    parts = [it | {"value": words.NOT_STATED} if it["of"] in gaps else it for it in card["parts"]]
    # Several parts stand below their card, one by one.
    named = {"title": words.capital(title or shown)} if len(parts) > 1 else {}
    values = [shown, *(part["value"] for part in parts)]
    notes.cards[of, how] = Numbered(
        **card | named | {"parts": parts},
        number=len(notes.cards) + 1,
        mentions=[],
        folded=notes.folded,
        tag="Not stated" if sources[0] in gaps else _tag(card, how),
        page=notes.context.pages_by_record.get("+".join(records)),  # that of one record
        places=_places(notes, card["quotes"], values),
        otherwise=[known[it] for it in card["doubts"] if known[it]["otherwise"]],
    )
    return notes.cards[of, how]


def _tag(card, how):
    """Call what a card rests on: words of the documents, or what we did with them."""
    if card["certainty"] == "inferred":
        return "Inferred"
    if how:
        return "How we get this"
    return "Stated" if card["quotes"] else "Ours"


def _places(notes, quotes, said):
    """Group the fragments of a card by where they stand, each a `Place`."""
    places = {}
    for quote in quotes:
        section = textwrap.shorten(quote["section"], 80, placeholder=" …")
        notes.places.setdefault((quote["document"], section), f"§{len(notes.places) + 1}")
        held = places.setdefault((quote["document"], section), {})
        held[_marked(quote["fragment"], said)] = None
    return [Place(list(held), *place, notes.places[place]) for place, held in places.items()]


def _marked(fragment, said):
    """Mark in a fragment the words of a link, or else the first amount or figure in them."""
    figures = [it for kind in FIGURES for it in re.findall(kind, said[0])]
    for wanted in [*(it.strip("“” ") for it in said), *figures]:
        loose = r"\s*".join(map(re.escape, wanted.split())).replace("–", "[–-]")
        whole = rf"(?<![\w+])(?<!\d[.,]){loose}(?!\w|[.,]\d)"  # no 1 in 2013, no 4 in 1.4
        parts = re.split(f"({whole})", fragment, maxsplit=1, flags=re.IGNORECASE)
        if loose and len(parts) == 3:
            return Markup("{}<mark>{}</mark>{}").format(*parts)
    return escape(fragment)


def acronyms():
    """Return what each acronym stands for: by our tables, or spelt out by us."""
    names = tables.rows("names")
    full = {row["record"]: row["name"] for row in reversed(names) if row["kind"] == "full"}
    short = [row for row in names if row["kind"] == "acronym" and row["record"] in full]
    ours = tables.rows("acronyms", "reference")
    found = {row["name"]: full[row["record"]] for row in short}
    return found | {row["acronym"]: row["expansion"] for row in ours}


def one_of(known):
    """Return the pattern that finds one of these acronyms in a text, also in its plural."""
    names = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    return re.compile(rf"(?<![\w&])(?:{names})(?=s?\b)")
