"""The one grammar of figures: where a text has dates, amounts and numbers, and what they say.

Codes of currencies come from pycountry, numbers in words from text2num. Dates and amounts come from
patterns, since the libraries find less: dateparser (0.9 s to import) sees none of the seven periods
like "2018-2025" in the fact sheet; price-parser reads "US$ 236 million" as 236 and the misprint
"US$ 373,00" as 373.00; quantulum3 needs 18 s and finds 2 of 10 amounts.
"""

import calendar
import decimal
import functools
import re
from typing import NamedTuple

from text_to_num import Token, find_numbers

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
    def at(self):
        """Where it stands: (start, end)."""
        return self.start, self.end

    @property
    def value(self):
        """What an amount or a number says; nothing where it cannot be read, and of a date."""
        read = self.meant[0] if self.meant and self.kind != "date" else None
        return read[0] if self.kind == "amount" and read else read


def kind_of(mention):
    """Name the kind of a mention as the schema names proof: an ordinal is none of the numbers."""
    return "ordinal" if mention.ordinal else mention.kind


MONTHS = list(calendar.month_name)[1:]
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT = {"k": "thousand", "m": "million", "mn": "million", "bn": "billion"}
_SHARES = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "tenth": 10}
_TIMES = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "nine": 9}
_PLACES = ["", "second", "third", "fourth", "fifth", "sixth"]
PLANNED = (
    r"\b(?:be|will|would|should|plans? to|(?:aim|expect|intend|hope)(?:s|ed)? to|aims? of"
    r"|(?:is|are|were) to|goals?|targets?)\b"
)
# After which something else is told.
CLAUSE = re.compile(r"[,;:](?!\d)|[.!?] |\b(?:and|but|which|who|that)\b")
LONGEST = 20  # characters of a number that a table can hold, with its commas

MONTH = f"(?:{'|'.join(MONTHS)}|(?:{'|'.join(m[:3] for m in MONTHS if m != 'May')}|Sept)\\b\\.?)"
_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_TO = r"\ ?(?:[-–/]|and|or|to)\ ?"
_BEGUN = rf"(?:{_DAY}\ ?)?(?:{MONTH}\ ?)?(?:{_YEAR})?{_TO}(?:\d|{MONTH})"  # of a period
_DATE = re.compile(
    rf"""(?<![\w$])(?<!\d[.,])(?:
    (?P<day>{_YEAR}-\d\d-\d\d)
    | (?P<numbers>\d{{1,2}}[./]\d{{1,2}}[./]{_YEAR})
    | (?P<points>(?:(?:[Bb]etween|[Ff]rom)\ (?={_BEGUN}))?(?:
        (?:{_DAY}(?:\ {MONTH})?{_TO})?{_DAY}(?:\ of)?\ {MONTH}(?:,?\ {_YEAR})?
        | {MONTH}\ {_DAY}(?:{_TO}{_DAY})?(?:,?\ {_YEAR})?
        | (?:{MONTH}(?:\ {_YEAR})?{_TO})?{MONTH},?\ {_YEAR}
        | {_YEAR}(?:\ ?[-–/]\ ?{_YEAR}|\ (?:and|to)\ {_YEAR}|[-–/]\d\d)
      ))
    | [Ss]ince\ (?P<since>{_YEAR})
    | (?P<decade>(?:19|20)\d)0s
    | (?<=\b[Ii]n\ )(?P<launch>{_YEAR})(?=,[^.;]{{0,40}}\blaunched\b)
    | (?:mid-|(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ll]ast)\ (?:half|quarter)\ of\ )?(?P<year>{_YEAR})
    # A financial year begins in another month each time, and a month alone has no year.
    | FY\ ?{_YEAR} | (?<=\b[IiOoBb][nfy]\ ){MONTH}
    | today|yesterday|tomorrow|nowadays|currently|[Rr]ecently|recent\ (?:years|months|decades)
    | (?:same|this|last|next|following|previous|that)\ (?:year|month|week|day|decade|quarter)
    | later\ on|[Oo]ver\ time|[Ss]hortly\ (?:after|before)
    )(?!\w|[,.]?\d)""",
    re.VERBOSE,
)
# What the others can mean, as EDTF, the plainest first; a launch may be a beginning.
_MEANT = {"day": "{}", "since": "{}/..", "decade": "{}X", "launch": "{0} {0}/", "year": "{}"}
_DIGITS = r"\d{1,3}(?: \d{3})+(?![\d,.]*\d)|\d(?:[\d,.]*\d)?"
_NUMBER = re.compile(
    rf"""(?<!\w)(?<!\d[.,])(?P<digits>{_DIGITS.replace(" ", "[ ]")})(?P<nth>st|nd|rd|th)?
    (?:\ ?%|\ per\ ?cent)?(?:\ (?P<scale>hundred|{"|".join(SCALES)}))?(?!\w)
    | \b(?:(?P<whole>{"|".join(_TIMES)})\ and\ (?=a\ ))?(?:(?P<times>an?|{"|".join(_TIMES)})[-\ ])?
      (?P<share>half|quarter|(?(times)(?:quarters|(?:third|fifth|sixth|tenth)(?:s|(?=\ of\b)))|(?!)))
      (?:(?:\ (?:of\ )?an?)?\ (?P<of>{"|".join(SCALES)}))?\b
    | \b(?:(?P<place>{"|".join(_PLACES[1:])})\ )?(?P<most>largest)\b""",
    re.VERBOSE | re.IGNORECASE,
)
# Telephone numbers, addresses on the net and file numbers hold digits that count nothing.
ADDRESS = re.compile(r"\+\d[\d ()/-]{6,}\d|\S+@\S+|(?:https?://|www\.)\S+|\b[A-Z]{2,}(?:/\d+)+\b")
_MONEY = "(?:(?:US|United States) )?dollars?|euros?|pounds?|yuan|renminbi|yen|francs?"
_DOLLARS = re.compile(r"((US)?\$|USD)? ?((US |United States )?(dollars?|USD))?", re.I)
# The unit of a table's amounts, as its heading gives it: "in thousand US$"; what others count.
_SCALE = rf"(?:{'|'.join(SCALES)})s?"
_UNIT = (
    rf"(?:in )?(?:(?P<scale>{_SCALE}) (?:of )?)?(?P<money>US\$|USD|\$|€|\b(?-i:[A-Z]{{3}})(?= {_SCALE}|\))|{_MONEY})"
    rf"(?:,? (?:in )?(?P<after>{_SCALE}|m|mn|bn|k)\b)?"
)
_OTHER = re.compile(r"%|\b(?:number|no\.|people|persons|beneficiaries|participants|share)\b", re.I)
_CELL = re.compile(rf"(?<![\w.,–-])(?!{_YEAR} )(?P<digits>{_DIGITS}) \((?P<unit>{_UNIT})\)", re.I)


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

    They stand in its order and do not overlap. Amounts are looked for first, then dates, then
    numbers, since what was read is hidden from the next pattern: "2,018" of "US$ 2,018" is neither
    a year nor a number, "2019" no number. A date has the words that make it a period: since, from.

    >>> [(m.words, m.meant) for m in figures("In 2019, ten of 1.4 billion saw US$ 5 million")]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('2019', ('2019',)), ('ten', (10,)), ('1.4 billion', (1400000000,)),
     ('US$ 5 million', ((5000000, 1000000),))]
    """
    found, rest = [mention for mention, _ in table_amounts(text)], text
    for mention in found:
        rest = hide(rest, mention)
    rest = hide_all(rest, ADDRESS)
    for kind, pattern, reading in (
        ("amount", _CELL, _read_cell),
        ("amount", _money(), _read_amount),
        ("date", _DATE, _read_date),
        ("number", _NUMBER, _read_number),
    ):
        for match in pattern.finditer(rest):
            meant = reading(match)
            if meant is not None:
                ordinal = kind == "number" and bool(match["nth"])
                found.append(Mention(kind, match.group(), *match.span(), tuple(meant), ordinal))
                rest = hide(rest, found[-1])
    return tuple(sorted(found + _in_words(rest, text), key=lambda m: m.start))


def hide(text, mention):
    """Put a character that no pattern takes in the place of a mention, so that positions stay."""
    return text[: mention.start] + "\0" * (mention.end - mention.start) + text[mention.end :]


def hide_all(text, pattern):
    """Put that character in the place of whatever a pattern takes."""
    return pattern.sub(lambda match: "\0" * len(match.group()), text)


def up_to(text, at):
    """Give what stands before a place, as far as a pattern that ends there has to look."""
    return text[max(0, at - 1000) : at]


def inside(at, other):
    """Tell whether a stretch (start, end) lies in another one, or is that one."""
    return other[0] <= at[0] and at[1] <= other[1]


def _read_date(match):
    """List what a date can mean; nothing where there is no such day, like 31 April."""
    form = match.lastgroup
    if form == "points":
        meant = _points(match.group())
    elif form == "numbers":  # 25.12.2020 and 12/25/2020; 7/12/2022 can mean two days
        a, b, year = re.split("[./]", match.group())
        days = {f"{year}-{m:0>2}-{d:0>2}" for m, d in ((a, b), (b, a)) if int(m) <= 12}
        meant = days if len(days) == 1 else ()
    else:
        meant = _MEANT[form].format(match[form]).split() if form else ()
    try:
        return tuple(each for each in meant if spans(each))
    except ValueError:
        return ()


def _points(words):
    """Read a date, or two that share what is printed once: "3 to 5 May 2023", "2021-22".

    Two joined by "and" can mean each, one of them, both.
    """
    a, by, b = [*re.split(r"([-–/]|\b(?:and|or|to)\b)", words, maxsplit=1), "", ""][:3]
    b = a[:2] + b if re.fullmatch(r"\d\d", b) and re.fullmatch(_YEAR, a) else b
    first, last = _point(a, b), _point(b, a)
    if by in ("and", "or") and not re.match("(?:between|from) ", words, re.IGNORECASE):
        return [first, last, f"[{first},{last}]", f"{{{first},{last}}}"]
    return [f"{first}/{last}" if by else first]


def _point(words, others):
    """Write a day, month or year; other words may have its year and month. Blank without a year."""
    year, month = (re.search(part, words) or re.search(part, others) for part in (_YEAR, MONTH))
    number = month and f"{1 + [name[:3] for name in MONTHS].index(month[0][:3]):02d}"
    day = re.search(r"(?<!\d)\d{1,2}(?!\d)", words)
    return "-".join(filter(None, (year[0], number, day and day[0].zfill(2)))) if year else ""


def _read_amount(match):
    """Read an amount; None where no currency is printed."""
    money = (match["before"] or "").strip() + (match["after"] or "")
    return _dollars(_digits(match["digits"], match["scale"]), money) if money else None


def _read_cell(match, digits=None):
    """Read an amount of a table by the words that give its unit."""
    scale = (match["scale"] or match["after"] or "").removesuffix("s")
    return _dollars(_digits(digits or match["digits"], scale), match["money"])


def _dollars(read, money):
    """Give (US dollars, unit), both None if misprinted; nothing if too long or in other money."""
    if read == () or not _DOLLARS.fullmatch(money):
        return ()
    return ((round(read[0]), max(1, round(read[1]))) if read else (None, None),)


def table_amounts(text):
    """List the amounts of tables whose heading gives their unit: (Mention, unit).

    >>> found = table_amounts("Year | In thousand US$ || 2021 | 1 240 ||")
    >>> [(m.words, m.meant, unit) for m, unit in found]
    [('1 240', ((1240000, 1000),), 'In thousand US$')]
    """
    found, units = [], []
    # A row begins where a cell does: looked for at each character, a long text takes seconds.
    for row in re.finditer(r"(?<![^|])[^|]+(?:\|(?!\|)[^|]+)+\|\|", text):
        parts = list(re.finditer(r"[^|]+", row.group()))
        numbers = [re.fullmatch(rf" ?({_DIGITS}) ?", part.group()) for part in parts]
        if not any(numbers[1:]):
            units = _units([part.group() for part in parts])
        for part, number, unit in list(zip(parts, numbers, units, strict=False))[1:]:
            if number and unit:
                start = row.start() + part.start() + number.start(1)
                span, meant = (start, start + len(number[1])), _read_cell(unit, number[1])
                found.append((Mention("amount", number[1], *span, meant), unit.group()))
    return found


def _units(heading):
    """Find the unit that the cells of a heading give; a caption in the first is that of all."""
    units = []
    for cell in heading:
        given = list(re.finditer(_UNIT, cell[-80:], re.I))
        caption = units[0] if units and not _OTHER.search(cell) else None
        units.append(given[-1] if given else caption)
    return units


def spelled(fragment, body):
    """Write the units of a table behind its amounts: "1 240" is "1 240 (in thousand US$)"."""
    start = body.find(fragment)
    for mention, unit in reversed(table_amounts(body) if "||" in body else []):
        a, b = mention.start - start, mention.end - start
        if a >= 0 and b <= len(fragment):
            fragment = f"{fragment[:b]} ({unit}){fragment[b:]}"
    return fragment


def _digits(digits, scale):
    """Read digits, scale: (value, unit of the last digit); () if too long, None if misprinted."""
    digits = digits.replace(" ", ",")
    if not re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", digits):
        return None
    if len(digits) > LONGEST:
        return ()
    scale, number = (scale or "").lower(), decimal.Decimal(digits.replace(",", ""))
    times = {"hundred": 100, **SCALES}.get(_SHORT.get(scale, scale), 1)
    return _plain(number * times), times * decimal.Decimal(10) ** number.as_tuple().exponent


def _plain(value):
    """Give a whole number as such."""
    return int(value) if value == int(value) else round(float(value), 4)


def _read_number(match):
    """Give the count, share or rank that a number says."""
    if match["digits"]:
        return (_digits(match["digits"], match["scale"]) or ())[:1]
    if match["most"]:
        return (1 + _PLACES.index((match["place"] or "").lower()),)
    whole, times, share, of = ((match[p] or "").lower() for p in ("whole", "times", "share", "of"))
    part = _TIMES.get(times, 1) / _SHARES[share.removesuffix("s")]
    return (_plain((_TIMES.get(whole, 0) + part) * SCALES.get(of, 1)),)


class _Word(Token):
    """A word as text2num asks for it."""

    def __init__(self, match):
        self.match = match

    def text(self):
        return self.match.group()


def _in_words(rest, text):
    """Find cardinal and ordinal numbers in words."""
    rest = re.sub(r"\b[oO]\b", "\0", rest)  # a bullet, and no nought
    found, words = [], [_Word(m) for m in re.finditer(r"[A-Za-z]+|[^\w\s]+|\s+|[\w\0]+", rest)]
    for number in find_numbers(words, "en", threshold=0):
        start, end = words[number.start].match.start(), words[number.end - 1].match.end()
        said, value = text[start:end], int(number.value)
        if not re.match(" time" if number.is_ordinal else " (?:of )?US\\$(?! ?\\d)", text[end:]):
            meant = () if said.endswith("s") else (value,)  # "millions" are not counted
            if money := re.match(rf" ({_MONEY})\b", text[end:]):
                unit = SCALES.get(said.split()[-1].lower(), 1)
                meant = meant and _dollars((value, unit), money[1])
            kind = "amount" if money else "number"
            found.append(Mention(kind, said, start, end, meant, number.is_ordinal))
    return found


def read(words, kind):
    """Read the figures of a kind in some words, or ordinals: of each what a cell of it may hold.

    Two dates joined by "and" may be each of them, one of them, or both. What is not a date (31
    April, 2022-2017) is left out.

    >>> read("In 2017 and 2022", "date"), read("the third of 18 members", "ordinal")
    ([['2017', '2022', '[2017,2022]', '{2017,2022}']], [['3']])
    """
    found = [m for m in figures(words) if m.meant and kind_of(m) == kind]
    return [list(m.meant) if kind == "date" else [str(m.value)] for m in found]


def amounts(words):
    """Read the amounts in some words: (US dollars, one unit of the last printed digit) of each.

    Both are None where the digits are misprinted. Other currencies are left out.
    """
    return [m.meant[0] for m in figures(words) if m.kind == "amount" and m.meant]


_HEDGE = rf"\b({'|'.join(QUALIFIERS).replace('_', ' ')})\s+(?:contribution of\s+)?$"


def hedge(words, figure):
    """Return the hedge directly before a figure of some words and where it starts, or nothing."""
    if figure.ordinal or (figure.kind == "date" and not figure.words[0].isdigit()):
        return None
    found = re.search(_HEDGE, up_to(words, figure.start), re.IGNORECASE)
    return found and (found[1], figure.start - len(found[0]))


def qualifier(words, figure):
    """Return the qualifier of a figure of some words: "more_than"; "exact" without a hedge."""
    found = hedge(words, figure)
    return found[0].lower().replace(" ", "_") if found else "exact"


def qualified(words):
    """Return the qualifier of the amount in some words, or else of the first hedged figure."""
    if any(amount is None for amount, _ in amounts(words)):
        return "misprint"
    codes = (qualifier(words, figure) for figure in figures(words))
    return next((each for each in codes if each != "exact"), "exact")


def within(body, fragment):
    """List the figures of a section's text that stand in a fragment of it, or touch it."""
    start = body.find(fragment) if fragment else -1
    return [f for f in figures(body) if 0 <= start < f.end and f.start < start + len(fragment)]


def cut_hedge(body, fragment):
    """Return the hedge that a fragment cuts off its figure in the section's text, or nothing."""
    found = filter(None, (hedge(body, figure) for figure in within(body, fragment)))
    return next((words for words, start in found if start < body.index(fragment)), None)


def alike(one, other):
    """Tell whether two units are one, or one ends the other; an acronym is what it is short for.

    >>> alike("training (TVET) institutes", "TVET institutes"), alike("Member States", "states")
    (True, True)
    """
    units = (re.sub(r".*\((\w+)\)", r"\1", each).casefold() for each in (one, other))
    shorter, longer = sorted(units, key=len)
    return bool(shorter) and f" {longer}".endswith(f" {shorter}")


def holds(words, fragment):
    """Tell whether a fragment holds some words in their case, without line-end hyphens."""
    return re.sub(r"(?<=\w)- (?=\w)", "-", words) in re.sub(r"(?<=\w)- (?=\w)", "-", fragment)


def spots(word, text):
    """List where some words stand in a text and cut no word in two: (start, end) of each."""
    return [m.span() for m in re.finditer(whole(word), text)] if word in text else []


def whole(word):
    """Make the pattern of a word or phrase that cuts no word in two."""
    return rf"(?<!\w){re.escape(word)}(?!(?<=\w)\w)"


def coded(words, wordings):
    """Place wordings of codes in words; a longer one hides those in it: {(start, end): codes}."""
    found = {}
    for code, listed in wordings.items():
        for span in (span for each in listed for span in spots(each, words)):
            found.setdefault(span, set()).add(code)
    hidden = {at for at in found for other in found if at != other and inside(at, other)}
    return {at: codes for at, codes in found.items() if at not in hidden}
