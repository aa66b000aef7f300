"""What a run of words says: the dates, amounts, numbers and hedges in it."""

import functools
import re

from ilodata.uncertain import spans

MONTHS = {
    name: f"{number:02d}"
    for number, name in enumerate(
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        start=1,
    )
}
HEDGES = {
    "nearly": "nearly",
    "over": "over",
    "more than": "more_than",
    "initial": "initial",
    "almost": "",
    "about": "",
    "around": "",
    "approximately": "",
    "at least": "",
    "up to": "",
    "some": "",
    "less than": "",
    "under": "",
    "close to": "",
    "roughly": "",
    "estimated": "",
}
WORDS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
}
ORDINALS = {
    word: number
    for number, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
        ],
        start=1,
    )
}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}

LONGEST = 20  # signs of a number that a table can hold, with its commas

_YEAR = r"(?:19|20)\d\d"
_MONTH = "|".join(MONTHS)
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_DATES = re.compile(
    rf"(?P<dmy>{_DAY} ({_MONTH}),? ({_YEAR}))"
    rf"|(?P<mdy>({_MONTH}) {_DAY},? ({_YEAR}))"
    rf"|(?P<mandm>({_MONTH}) and ({_MONTH}),? ({_YEAR}))"
    rf"|(?P<my>({_MONTH}),? ({_YEAR}))"
    rf"|(?P<between>[Bb]etween ({_YEAR}) and ({_YEAR}))"
    rf"|(?P<range>\b({_YEAR}) ?[-–] ?({_YEAR})\b)"
    rf"|(?P<since>[Ss]ince ({_YEAR})\b)"
    rf"|(?P<yandy>\b({_YEAR}) and ({_YEAR})\b)"
    rf"|(?P<launched>\b[Ii]n ({_YEAR}), [^.;]{{0,40}}\blaunched\b)"
    rf"|(?P<year>(?<![\d,.])({_YEAR})(?![\d,]\d))"
)


def dates(words):
    """Read the dates in some words, as EDTF.

    Returns
    -------
    list of list of str
        For each date in order, what it may stand for. Two years or months joined by "and" may be
        each of them, one of them, or both: ``["2017", "2022", "[2017,2022]", "{2017,2022}"]``.
        What is no date (31 April, a period that ends before it starts) is left out.

    >>> dates("On 7 December 2022"), dates("between 2017 and 2022"), dates("Since 2015")
    ([['2022-12-07']], [['2017/2022']], [['2015/..']])
    """
    read = []
    for match in _DATES.finditer(words):
        part = [g for g in match.groups()[1:] if g is not None]
        kind = match.lastgroup
        # groups inside the one that matched, in order
        inner = re.findall(rf"{_MONTH}|{_YEAR}|\d{{1,2}}(?=st|nd|rd|th|,| )", match.group())
        if kind == "dmy":
            day, month, year = inner
            read.append([f"{year}-{MONTHS[month]}-{int(day):02d}"])
        elif kind == "mdy":
            month, day, year = inner
            read.append([f"{year}-{MONTHS[month]}-{int(day):02d}"])
        elif kind == "mandm":
            a, b, year = inner
            read.append(_either(f"{year}-{MONTHS[a]}", f"{year}-{MONTHS[b]}"))
        elif kind == "my":
            read.append([f"{inner[1]}-{MONTHS[inner[0]]}"])
        elif kind in ("between", "range"):
            read.append(["/".join(inner)])
        elif kind == "since":
            read.append([f"{inner[0]}/.."])
        elif kind == "yandy":
            read.append(_either(*inner))
        elif kind == "launched":
            read.append([f"{inner[0]}/", inner[0]])  # a beginning, or the year of the launch
        else:
            read.append([part[-1]])
    return [meant for meant in read if _is_date(meant[0])]


@functools.cache
def _is_date(text):
    try:
        return bool(spans(text))
    except ValueError:
        return False


def _either(a, b):
    return [a, b, f"[{a},{b}]", f"{{{a},{b}}}"]


_AMOUNT = re.compile(r"(?:US)?\$ ?(\d[\d,]*(?:\.\d+)?)(?: (thousand|million|billion))?")


def amounts(words):
    """Read the amounts of money in some words.

    Returns
    -------
    list of tuple
        (amount in US dollars or None where the digits are misprinted, one unit of its last
        printed digit or None).

    >>> amounts("nearly US$ 236 million"), amounts("US$ 373,00")
    ([(236000000, 1000000)], [(None, None)])
    """
    read = []
    for digits, scale in _AMOUNT.findall(words):
        digits = digits.rstrip(",")
        wrong = not re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", digits)
        if wrong or len(digits) > LONGEST:
            read.append((None, None))
            continue
        whole, _, part = digits.replace(",", "").partition(".")
        factor = SCALES.get(scale, 1)
        value = int(whole + part) * factor / 10 ** len(part)
        read.append((round(value), max(1, round(factor / 10 ** len(part)))))
    return read


_NUMBER = re.compile(
    r"(?<![\w$.,])(\d[\d,]*(?:\.\d+)?)(?: (thousand|million|billion))?(?![\w])"
    rf"|\b({'|'.join(WORDS)})\b|\b(a quarter|a half|a third)\b"
    r"|\b((?:second|third|fourth|fifth) )?(largest)\b",
    re.IGNORECASE,
)
_SHARES = {"a quarter": 0.25, "a half": 0.5, "a third": 1 / 3}


def numbers(words):
    """Read the counts, shares and ranks in some words; a superlative is rank 1.

    Dates and amounts of money are left out.

    >>> numbers("nine MOUs signed between 18 member TVETs"), numbers("world’s second largest")
    ([9, 18], [2])
    """
    read = []
    words = _AMOUNT.sub(" ", _DATES.sub(" ", words))
    for digits, scale, word, share, place, largest in _NUMBER.findall(words):
        if len(digits) > LONGEST:
            continue
        if digits:
            value = float(digits.rstrip(",").replace(",", "")) * SCALES.get(scale.lower(), 1)
        elif word:
            value = WORDS[word.lower()]
        elif share:
            value = _SHARES[share.lower()]
        else:
            value = ORDINALS[place.strip().lower()] if place and largest else 1
        read.append(int(value) if value == int(value) else value)
    return read


def ordinals(words):
    """Read the ordinal numbers in some words.

    >>> ordinals("the third Decent Work Country Programme")
    [3]
    """
    found = re.findall(rf"\b({'|'.join(ORDINALS)})\b", words, re.IGNORECASE)
    return [ORDINALS[word.lower()] for word in found]


_HEDGE = "|".join(sorted(HEDGES, key=len, reverse=True))
_FIGURE = (
    r"(?:(?:contribution of )?(?:US)?\$ ?\d[\d,.]*|a quarter|a half|a third|\d[\d,.]*"
    rf"|(?:{'|'.join(WORDS)})\b)(?: (?:{'|'.join(SCALES)}))?"
)


def hedges(words):
    """Read the hedges that stand directly before a figure, as qualifiers.

    >>> hedges("nearly US$ 236 million"), hedges("over the years 2012")
    (['nearly'], [])
    """
    found = re.findall(rf"\b({_HEDGE})\s+(?={_FIGURE})", words, re.IGNORECASE)
    return [HEDGES[hedge.lower()] or hedge.lower() for hedge in found]


def cut_hedge(body, fragment):
    """Return the hedge that a fragment cuts off its figure in the section's text, or nothing.

    >>> cut_hedge("provided nearly US$ 236 million", "US$ 236 million")
    'nearly'
    """
    start = body.index(fragment)
    for hedged in re.finditer(rf"\b({_HEDGE})\s+({_FIGURE})", body, re.IGNORECASE):
        figure = hedged.span(2)
        if hedged.start() < start < figure[1] and figure[0] < start + len(fragment):
            return hedged.group(1)
    return None


def holds(words, fragment):
    """Tell whether a fragment holds some words, whatever their case and line-end hyphens."""
    return holds_as_printed(words.casefold(), fragment.casefold())


def holds_as_printed(words, fragment):
    """Tell whether a fragment holds some words in their case, whatever its line-end hyphens."""
    return re.sub(r"(?<=\w)- (?=\w)", "-", words) in re.sub(r"(?<=\w)- (?=\w)", "-", fragment)


def holds_word(word, fragment):
    """Tell whether a fragment holds a word or phrase between word boundaries, in its case."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", fragment) is not None
