"""The one grammar of figures: where a text has dates, amounts and numbers, and what they say.

Codes of currencies come from pycountry, numbers in words from text2num. Dates and amounts come from
patterns, since the libraries find less: dateparser (0.9 s to import) sees none of the seven periods
like "2018-2025" in the fact sheet; price-parser reads "US$ 236 million" as 236 and the misprint
"US$ 373,00" as 373.00; quantulum3 needs 18 s and finds 2 of 10 amounts.
"""

import calendar
import functools
import re
from types import SimpleNamespace
from typing import NamedTuple

from ilodata.amounts import QUALIFIERS
from ilodata.dates import spans

FIGURES = ("date", "amount", "number")


class Mention(NamedTuple):
    """Some words of a text that say when, how much, how many, who or what.

    ``meant`` is what a figure can be read as, nothing where it cannot: EDTF dates; (US dollars, one
    unit of the last printed digit), both None for a misprint; a count, share or rank.
    """

    kind: str  # one of FIGURES, else a kind of thing (see ``mentions``)
    words: str
    start: int
    end: int
    meant: tuple = ()
    ordinal: bool = False

    @property
    def value(self):
        """What an amount or a number says; nothing where it cannot be read, and of a date."""
        read = self.meant[0] if self.meant and self.kind != "date" else None
        return read[0] if self.kind == "amount" and read else read


MONTHS = list(calendar.month_name)[1:]
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT = {"k": "thousand", "m": "million", "mn": "million", "bn": "billion"}
_SHARES = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "tenth": 10}
_TIMES = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "nine": 9}
PLANNED = (
    r"\b(?:be|will|would|should|plans? to|(?:aim|expect|intend|hope)(?:s|ed)? to|aims? of"
    r"|(?:is|are|were) to|goals?|targets?)\b"
)
LONGEST = 20  # characters of a number that a table can hold, with its commas

_DIGITS = r"\d{1,3}(?: \d{3})+(?![\d,.]*\d)|\d(?:[\d,.]*\d)?"
MONTH = f"(?:{'|'.join(MONTHS)}|(?:{'|'.join(m[:3] for m in MONTHS if m != 'May')}|Sept)\\b\\.?)"
_YEAR = r"(?:19|20)\d\d"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_TO = r"\ ?([-–/]|and|or|to)\ ?"
_VAGUE = (
    r"today|yesterday|tomorrow|nowadays|currently|[Rr]ecently|recent\ (?:years|months|decades)"
    r"|(?:same|this|last|next|following|previous|that)\ (?:year|month|week|day|decade|quarter)"
    r"|later\ on|[Oo]ver\ time|[Ss]hortly\ (?:after|before)"
)


def _either(a, b, by="and"):
    """List what two dates joined by a word can mean: each, one of them, both; or a period."""
    joined = [a, b, f"[{a},{b}]", f"{{{a},{b}}}"] if by in ("and", "or") else [f"{a}/{b}"]
    return joined if b else [a]


def _day(year, month, day):
    """Write a day; blank where no year is printed."""
    number = 1 + [name[:3] for name in MONTHS].index(month[:3])
    return f"{year}-{number:02d}" + (f"-{int(day):02d}" if day else "") if year else ""


def _by_numbers(a, b, year):
    """Read 25.12.2020 and 12/25/2020; 7/12/2022 can mean two days."""
    found = {(int(m), int(d)) for d, m in ((a, b), (b, a)) if int(m) <= 12}
    return [f"{year}-{m:02d}-{d:02d}" for m, d in found] if len(found) == 1 else []


# How a date is printed -> the EDTF dates that it can mean, the plainest first.
_DATES = {
    rf"({_YEAR})-(\d\d)-(\d\d)": lambda y, m, d: [f"{y}-{m}-{d}"],
    rf"(\d{{1,2}})[./](\d{{1,2}})[./]({_YEAR})": _by_numbers,
    rf"{_DAY}(?:{_TO}{_DAY})?(?:\ of)?\ ({MONTH})(?:,?\ ({_YEAR}))?": (
        lambda a, by, b, m, y: _either(_day(y, m, a), b and _day(y, m, b), by)
    ),
    rf"({MONTH})\ {_DAY}(?:{_TO}{_DAY})?(?:,?\ ({_YEAR}))?": (
        lambda m, a, by, b, y: _either(_day(y, m, a), b and _day(y, m, b), by)
    ),
    rf"({MONTH})(?:{_TO}({MONTH}))?,?\ ({_YEAR})": (
        lambda a, by, b, y: _either(_day(y, a, ""), b and _day(y, b, ""), by)
    ),
    rf"[Ss]ince\ ({_YEAR})": lambda year: [f"{year}/.."],
    rf"(?:[Bb]etween|[Ff]rom)\ ({_YEAR})\ (?:and|to)\ ({_YEAR})": lambda a, b: [f"{a}/{b}"],
    rf"({_YEAR})\ ?[-–/]\ ?({_YEAR})": lambda a, b: [f"{a}/{b}"],
    rf"({_YEAR})\ and\ ({_YEAR})": _either,
    rf"({_YEAR})[-–/](\d\d)": lambda a, b: [f"{a}/{a[:2]}{b}"],
    r"((?:19|20)\d)0s": lambda decade: [f"{decade}X"],
    # A beginning, or the year of the launch.
    rf"(?<=\b[Ii]n\ )({_YEAR})(?=,[^.;]{{0,40}}\blaunched\b)": lambda y: [y, f"{y}/"],
    rf"(?:mid-|(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ll]ast)\ (?:half|quarter)\ of\ )?({_YEAR})": (
        lambda year: [year]
    ),
    # A financial year begins in another month each time, and a month alone has no year.
    rf"FY\ ?{_YEAR}|(?<=\b[IiOoBb][nfy]\ ){MONTH}|{_VAGUE}": lambda: [],
}
_DATE = re.compile(
    rf"(?<![\w$])(?<!\d[.,])(?:{'|'.join(f'(?P<form{i}>{p})' for i, p in enumerate(_DATES))})"
    r"(?!\w|[,.]?\d)",
    re.VERBOSE,
)
_NUMBER = re.compile(
    rf"(?<!\w)(?<!\d[.,])(?P<digits>{_DIGITS})(?P<nth>st|nd|rd|th)?(?: ?%| per ?cent)?"
    rf"(?: (?P<scale>hundred|{'|'.join(SCALES)}))?(?!\w)"
    rf"|\b(?:(?P<whole>{'|'.join(_TIMES)}) and (?=a ))?(?:(?P<times>an?|{'|'.join(_TIMES)})[- ])?"
    r"(?P<share>half|quarter|(?(times)(?:third|fifth|sixth|tenth)(?=s| of\b)|(?!))s?|(?(times)quarters|(?!)))"
    rf"(?:(?: (?:of )?an?)? (?P<of>{'|'.join(SCALES)}))?\b|\b(?:halves|quarters|dozens?|twice|thrice)\b"
    r"|\b(?:(?P<place>second|third|fourth|fifth|sixth) )?(?P<most>largest)\b",
    re.IGNORECASE,
)
# Telephone numbers, addresses on the net and file numbers hold digits that count nothing.
ADDRESS = re.compile(r"\+\d[\d ()/-]{6,}\d|\S+@\S+|(?:https?://|www\.)\S+|\b[A-Z]{2,}(?:/\d+)+\b")
_MONEY = "(?:US )?dollars?|euros?|pounds?|yuan|renminbi|yen|francs?"
# In what the amounts of a table are, as its heading says; and what other columns count.
_SCALE = rf"(?:{'|'.join(SCALES)})s?"
UNIT = re.compile(
    rf"(?:in )?(?:(?P<scale>{_SCALE}) (?:of )?)?(?P<money>US\$|USD|\$|€|[A-Z]{{3}}(?= {_SCALE}|\))|{_MONEY})"
    rf"(?:,? (?:in )?(?P<after>{_SCALE}|m|mn|bn|k)\b)?"
)
_IN_HEADING = re.compile(UNIT.pattern, re.I)
_OTHER = re.compile(r"%|\b(?:number|no\.|people|persons|beneficiaries|participants|share)\b", re.I)
_CELL = re.compile(rf"(?<![\w.,–-])(?!{_YEAR} )(?P<digits>{_DIGITS}) \((?P<unit>{UNIT.pattern})\)")
_IN_UNITS = re.compile(rf"{_SCALE} (?:of )?US\$(?! ?\d)")  # "in thousand US$"
_PLACES = ("second", "third", "fourth", "fifth", "sixth")


@functools.cache
def _money():
    """Make the pattern of amounts: a currency before or after a figure."""
    import pycountry  # here, since its lists take a tenth of a second to read

    codes = "|".join(sorted(c.alpha_3 for c in pycountry.currencies)) + "|RMB"
    return re.compile(
        rf"(?P<before>(?:(?:\b[A-Z]{{1,3}})?[$€£¥]|\b(?:{codes})) ?)?(?(before)|(?<![\w.,]))"
        rf"(?P<digits>{_DIGITS})"
        rf"(?: ?(?P<scale>{'|'.join([*SCALES, *_SHORT])})\b)?"
        rf"(?P<after> (?:{codes}|{_MONEY})\b)?"
    )


@functools.lru_cache(8192)
def figures(text):
    """Find the dates, amounts and numbers of a text, each with what it can be read as.

    They stand in its order and do not overlap. A date is read without the words around it.

    >>> [(m.words, m.meant) for m in figures("In 2019, ten of 1.4 billion saw US$ 5 million")]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('2019', ('2019',)), ('ten', (10,)), ('1.4 billion', (1400000000,)),
     ('US$ 5 million', ((5000000, 1000000),))]
    """
    found, rest = [mention for mention, *_ in cells(text)], text
    for mention in found:
        rest = blank(rest, mention)
    rest = ADDRESS.sub(lambda match: "\0" * len(match.group()), rest)
    for kind, pattern, read in (
        ("amount", _CELL, _read_cell),
        ("amount", _money(), _read_amount),
        ("date", _DATE, _read_date),
        ("number", _NUMBER, _read_number),
    ):
        for match in pattern.finditer(rest):
            meant = read(match)
            if meant is not None:
                ordinal = kind == "number" and bool(match["nth"])
                found.append(Mention(kind, match.group(), *match.span(), tuple(meant), ordinal))
                rest = blank(rest, found[-1])
    return tuple(sorted(found + _in_words(rest, text), key=lambda m: m.start))


def blank(text, mention):
    """Put a character that no pattern takes in the place of a mention, so that positions stay."""
    return text[: mention.start] + "\0" * (mention.end - mention.start) + text[mention.end :]


def up_to(text, at):
    """Give what stands before a place, as far as a pattern that ends there has to look."""
    return text[max(0, at - 1000) : at]


def _read_date(match):
    """Give what a date can mean; nothing where there is no such day, like 31 April."""
    at = match.re.groupindex[match.lastgroup]
    pattern, write = list(_DATES.items())[int(match.lastgroup[4:])]
    meant = write(*match.groups()[at : at + re.compile(pattern, re.VERBOSE).groups])
    return meant if meant and all(map(_is_date, meant)) else ()


@functools.cache
def _is_date(text):
    """Tell whether a text is an EDTF date that we read."""
    try:
        return bool(spans(text))
    except ValueError:
        return False


def _read_amount(match):
    """Read an amount; None where no currency is printed."""
    before, after = (match[side] or "" for side in ("before", "after"))
    money = before.strip() + after
    return _dollars(match["digits"], match["scale"], money) if money else None


def _read_cell(match, digits=None):
    """Read an amount of a table by the words that give its unit."""
    scale = (match["scale"] or match["after"] or "").removesuffix("s")
    return _dollars(digits or match["digits"], scale, match["money"])


def _dollars(digits, scale, money):
    """Give (US dollars, unit), both None if misprinted; nothing in another currency."""
    if not re.fullmatch(r"((US)?\$|USD)? ?((US )?(dollars?|USD))?", money, re.IGNORECASE):
        return ()
    value, unit = _digits(digits, scale) or (None, None)
    return ((value and round(value), unit and max(1, round(unit))),)


def cells(text):
    """List the amounts of tables whose heading gives their unit: (Mention, unit, place of its heading).

    >>> text = "Year | In thousand US$ || 2021 | 1 240 ||"
    >>> [(m.words, m.meant, unit, text[a:b]) for m, unit, (a, b) in cells(text)]
    [('1 240', ((1240000, 1000),), 'In thousand US$', ' In thousand US$ ')]
    """
    found, units, heads = [], [], []
    # A row begins where a cell does: looked for at each character, a long text takes seconds.
    for row in re.finditer(r"(?<![^|])[^|]+(?:\|(?!\|)[^|]+)+\|\|", text):
        parts = list(re.finditer(r"[^|]+", row.group()))
        numbers = [re.fullmatch(rf" ?({_DIGITS}) ?", part.group()) for part in parts]
        if not any(numbers[1:]):  # the heading; a caption before it is of all columns
            heads = [(row.start() + part.start(), row.start() + part.end()) for part in parts]
            given = [[None, *_IN_HEADING.finditer(p.group()[-80:])][-1] for p in parts]
            others = (None if _OTHER.search(part.group()) else given[0] for part in parts)
            units = [unit or other for unit, other in zip(given, others, strict=True)]
        for part, number, unit, head in list(zip(parts, numbers, units, heads, strict=False))[1:]:
            if number and unit:
                start = row.start() + part.start() + number.start(1)
                end, meant = start + len(number[1]), _read_cell(unit, number[1])
                mention = Mention("amount", number[1], start, end, meant)
                found.append((mention, unit.group(), head))
    return found


def spelled(fragment, body):
    """Write the units of a table behind its amounts: "1 240" is "1 240 (in thousand US$)"."""
    start = body.find(fragment)
    for mention, unit, _ in reversed(cells(body) if "||" in body else []):
        a, b = mention.start - start, mention.end - start
        if a >= 0 and b <= len(fragment):
            fragment = f"{fragment[:b]} ({unit}){fragment[b:]}"
    return fragment


def _digits(digits, scale):
    """Read digits and their scale as (value, unit of the last digit); nothing if misprinted."""
    digits = digits.replace(" ", ",")
    wrong = not re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", digits)
    if wrong or len(digits) > LONGEST:
        return None
    scale, (whole, _, part) = (scale or "").lower(), digits.replace(",", "").partition(".")
    unit = {"hundred": 100, **SCALES}.get(_SHORT.get(scale, scale), 1) / 10 ** len(part)
    value = int(whole + part) * round(unit * 10 ** len(part)) / 10 ** len(part)
    return int(value) if value == int(value) else value, unit


def _read_number(match):
    """Give the count, share or rank that a number says."""
    if match["digits"]:
        read = _digits(match["digits"], match["scale"])
        return () if read is None else read[:1]
    if match["most"]:
        return (2 + _PLACES.index(match["place"].lower()) if match["place"] else 1,)
    if not match["share"]:
        return ()
    whole, times, share, of = ((match[p] or "").lower() for p in ("whole", "times", "share", "of"))
    part = _TIMES.get(times, 1) / _SHARES[share.removesuffix("s")]
    value = round((_TIMES.get(whole, 0) + part) * SCALES.get(of, 1), 4)
    return (int(value) if value == int(value) else value,)


def _in_words(rest, text):
    """Find cardinal and ordinal numbers in words."""
    from text_to_num import find_numbers  # here: only this needs it

    tokens = [  # what text2num asks a token for: its text, and whether a pause parts it
        SimpleNamespace(
            at=match.span(),
            text=match.group,
            nt_separated=lambda previous: False,
            not_a_number_part=lambda match=match: match.group() in ("o", "O"),  # a bullet
        )
        for match in re.finditer(r"[A-Za-z]+|[^\w\s]+|\s+|[\w\0]+", rest)
    ]
    found = []
    for number in find_numbers(tokens, "en", threshold=0):
        start, end = tokens[number.start].at[0], tokens[number.end - 1].at[1]
        words, after, value = text[start:end], text[end:], int(number.value)
        if (number.is_ordinal and after.startswith(" time")) or _IN_UNITS.match(text, start):
            continue
        meant = () if words.endswith("s") else (value,)  # "millions" are not counted
        money = re.search(r"((?:\b[A-Z]{1,3})?[$€£¥]) ?$", up_to(text, start))
        if money := money or re.match(rf" ({_MONEY})\b", after):
            scale = words.split()[-1].lower()
            digits = str(value // SCALES.get(scale, 1))
            meant = meant and _dollars(digits, scale if scale in SCALES else "", money[1])
        kind = "amount" if money else "number"
        found.append(Mention(kind, words, start, end, meant, number.is_ordinal))
    return found


def dates(words):
    """Read the dates in some words: of each the list of what it may stand for, as EDTF.

    Two years or months joined by "and" may be each of them, one of them, or both:
    ``["2017", "2022", "[2017,2022]", "{2017,2022}"]``. What is not a date (31 April, a period that
    ends before it starts) is left out.
    """
    return [list(m.meant) for m in figures(words) if m.kind == "date" and m.meant]


def amounts(words):
    """Read the amounts in some words: (US dollars, one unit of the last printed digit) of each.

    Both are None where the digits are misprinted. Other currencies are left out.
    """
    return [m.meant[0] for m in figures(words) if m.kind == "amount" and m.meant]


def numbers(words, ordinal=False):
    """Read the counts, shares and ranks in some words, or the ordinals; a superlative is rank 1."""
    found = (m for m in figures(words) if m.kind == "number" and m.ordinal == ordinal)
    return [m.value for m in found if m.meant]


_HEDGE = rf"\b({'|'.join(QUALIFIERS).replace('_', ' ')})\s+(?:contribution of\s+)?$"


def hedge(words, figure):
    """Return the hedge directly before a figure of some words and where it starts, or nothing."""
    if figure.ordinal or (figure.kind == "date" and not figure.words[0].isdigit()):
        return None
    found = re.search(_HEDGE, up_to(words, figure.start), re.IGNORECASE)
    return found and (found[1], figure.start - len(found[0]))


def code(words, figure):
    """Return the qualifier of a figure of some words: "more_than"; "exact" where it has no hedge."""
    found = hedge(words, figure)
    return found[0].lower().replace(" ", "_") if found else "exact"


def qualified(words):
    """Return the qualifier of the amount, or else of the first figure that is hedged, in some words."""
    if any(amount is None for amount, _ in amounts(words)):
        return "misprint"
    codes = (code(words, figure) for figure in figures(words))
    return next((each for each in codes if each != "exact"), "exact")


def within(body, fragment):
    """List the figures of a section's text that stand in a fragment of it, or touch it."""
    start = body.find(fragment) if fragment else -1
    ends = start, start + len(fragment)
    return [f for f in figures(body) if start >= 0 and ends[0] < f.end and f.start < ends[1]]


def cut_hedge(body, fragment):
    """Return the hedge that a fragment cuts off its figure in the section's text, or nothing."""
    found = filter(None, (hedge(body, figure) for figure in within(body, fragment)))
    return next((words for words, start in found if start < body.index(fragment)), None)


def alike(known, unit):
    """Tell whether a unit is another one, or its end; an acronym stands for what it is short for.

    >>> alike("training (TVET) institutes", "TVET institutes"), alike("Member States", "states")
    (True, True)
    """
    known, unit = (re.sub(r".*\((\w+)\)", r"\1", each).casefold() for each in (known, unit))
    return bool(unit) and f" {known}".endswith(f" {unit}")


def holds(words, fragment):
    """Tell whether a fragment holds some words in their case, without line-end hyphens."""
    return re.sub(r"(?<=\w)- (?=\w)", "-", words) in re.sub(r"(?<=\w)- (?=\w)", "-", fragment)


def spots(word, text):
    """List where a word or phrase stands in a text and cuts no word in two: (start, end) of each."""
    return [m.span() for m in re.finditer(whole(word), text)] if word in text else []


def holds_word(word, fragment):
    """Tell whether a fragment holds a word or phrase between word boundaries, in its case."""
    return bool(spots(word, fragment))


def whole(word):
    """Make the pattern of a word or phrase that cuts no word in two."""
    return rf"(?<!\w){re.escape(word)}(?!(?<=\w)\w)"


def coded(words, wordings):
    """Place the wordings of codes in some words; a longer one hides those in it: {(start, end): codes}."""
    found = {}
    for code, listed in wordings.items():
        for span in (span for each in listed for span in spots(each, words)):
            found.setdefault(span, set()).add(code)
    hidden = {at for at in found for a, b in found if at != (a, b) and a <= at[0] and at[1] <= b}
    return {at: codes for at, codes in found.items() if at not in hidden}
