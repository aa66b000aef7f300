"""How things are said: linked text, lists, numbers, money, shares and dates in plain English.

*Linked text* is how a statement carries its proof: ``[[shown|of|how]]``. ``of`` is a *source*: one or
more cells ``table/id/field`` or records ``table/id``, joined by ``+``; ``how``, which may be
empty, is the arithmetic and the assumption in words. Nothing here reads a file.
"""

import math
import re
import unicodedata
from typing import NamedTuple

from ilodata import amounts, dates
from ilodata.problems import DataError

NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
NOT_STATED, NOT_HELD = "not stated", "not in our tables"  # how a thing can be missing
_LINK = re.compile(r"\[\[([^|]+?)\|([^|]*)\|([^|]*?)\]\]")
_SOURCE = re.compile(r"[a-z_]+/[a-z0-9-]+(/[a-z0-9_]+)?")
_RESERVED = re.compile(r"\||\[\[|\]\]")


class Link(NamedTuple):
    """One linked part of a text: the words shown, the cells they rest on, and the arithmetic."""

    shown: str
    of: str
    how: str = ""


def link(shown, of, how=""):
    """Link words to the source that they rest on, or a list of sources.

    Refused is a link without words or source, and a text that holds ``|``, ``[[`` or ``]]``.

    >>> link("US$ 5.2 million", "contributions/voluntary-2017-2022/amount_usd")
    '[[US$ 5.2 million|contributions/voluntary-2017-2022/amount_usd|]]'
    """
    shown, of = str(shown), sources(of)
    if not shown or not of:
        raise DataError(f"a link from {shown!r} to {of} lacks a side; give words and their cells")
    for text in (shown, how):
        if _RESERVED.search(text):
            raise DataError(f"{text!r} is linked already, or holds |, [[ or ]]; give plain words")
    return f"[[{shown}|{'+'.join(of)}|{how}]]"


def sources(of):
    """Return the cells and records that a source, or several, name, each once.

    >>> sources("projects/a/period+projects/b")
    ['projects/a/period', 'projects/b']
    """
    parts = of if isinstance(of, str) else "+".join(of)
    found = list(dict.fromkeys(filter(None, parts.split("+"))))
    for part in found:
        if not _SOURCE.fullmatch(part):
            raise DataError(f"{part!r} is not a source; write table/id/field or table/id")
    return found


def links(text):
    """List the links of a text, in order."""
    return [Link(*found.groups()) for found in _LINK.finditer(text)]


def source_of(text):
    """Return the source of all links of a text, joined by ``+``, "" where it has none."""
    return "+".join(link.of for link in links(text))


def plain(text):
    """Drop the links of a text and leave its words.

    >>> plain("In [[2012|agreements/a/signed|]] it began.")
    'In 2012 it began.'
    """
    return _LINK.sub(r"\1", text)


def capital(text):
    """Give a sentence, linked or not, a capital first letter.

    >>> capital("[[six projects|projects/a|]] run.")
    '[[Six projects|projects/a|]] run.'
    """
    start = 2 if text.startswith("[[") else 0
    return text[:start] + text[start : start + 1].upper() + text[start + 1 :]


def uncapital(text):
    """Give words that stood alone a small first letter, as within a sentence; not an acronym.

    >>> uncapital("Date of signature"), uncapital("ILO office")
    ('date of signature', 'ILO office')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def slug(text):
    """Write text as an id or a file's name, which has plain letters, digits and hyphens alone.

    >>> slug("Who paid in 2017–2022? Pérou")
    'who-paid-in-2017-2022-perou'
    """
    parts = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(each for each in parts if not unicodedata.combining(each))
    return re.sub("[^a-z0-9]+", "-", bare).strip("-")


def listed(items, last="and", names=False):
    """List things in a sentence; names are set apart where one holds "and" or a comma itself.

    >>> listed(["a", "b", "c"]), listed(["a"]), listed([])
    ('a, b and c', 'a', '')
    >>> listed(["Africa", "Asia and the Pacific"], names=True)
    'Africa, and Asia and the Pacific'
    >>> listed(["Wells, Mali", "Roads"], names=True)
    'Wells, Mali; and Roads'
    """
    items = [str(item) for item in items]
    held = plain("\n".join(items)) if names else ""
    apart = ";" if ", " in held else "," if " and " in held else ""
    others = f"{apart or ','} ".join(items[:-1])
    return f"{others}{apart} {last} {items[-1]}" if others else "".join(items)


def number(value):
    """Say a whole number: in words up to ten, in digits above.

    >>> number(6), number(189), number(1234), number(0)
    ('six', '189', '1,234', 'no')
    """
    return NUMBERS[value] if 0 <= value < len(NUMBERS) else f"{value:,}"


def several(noun, value=None):
    """Put a noun in the plural, unless it is of one.

    >>> several("project"), several("activity"), several("project", 1)
    ('projects', 'activities', 'project')
    """
    return noun if value == 1 else re.sub("(?<![aeiou])y$", "ie", noun) + "s"


def verb(value, many):
    """Bend a verb, given as of many things, for so many; what ends in -ed is past, the same of one.

    >>> verb(1, "come"), verb(1, "are named"), verb(1, "launched"), verb(2, "come")
    ('comes', 'is named', 'launched', 'come')
    """
    first, *others = many.split(" ")
    one = "is" if first == "are" else first + "s" * (not first.endswith("ed"))
    return " ".join([one, *others]) if value == 1 else many


def counted(value, noun):
    """Say how many there are of something; (low, high) where the number is not certain.

    >>> counted(6, "project"), counted(1, "project"), counted(0, "party")
    ('six projects', 'one project', 'no parties')
    >>> counted((4, 6), "agreement")
    'four to six agreements'
    """
    low, high = value if isinstance(value, tuple) else (value, value)
    if low == high:
        said = number(low)
    elif high == math.inf:
        said, high = (f"at least {number(low)}", low) if low else ("an unknown number of", high)
    else:
        said = f"{number(low)} to {number(high)}" if low else f"at most {number(high)}"
    return f"{said} {several(noun, high)}"


def _scaled(value):
    """Split US dollars into figures and the word after them, without rounding."""
    for size, word in ((1_000_000_000, " billion"), (1_000_000, " million")):
        if value >= size and value % (size // 1000) == 0:
            return f"{value / size:,.3f}".rstrip("0").rstrip("."), word
    return f"{value:,.0f}", ""


def money(value):
    """Say an amount of US dollars, without rounding it.

    >>> money(5_200_000), money(746_014)
    ('US$ 5.2 million', 'US$ 746,014')
    """
    return "US$ " + "".join(_scaled(value))


def stated(amount, qualifier, printed):
    """Say an amount as a text states it: US dollars with their hedge, or what is misprinted.

    >>> stated(2_200_000, "over", "over US$2.2 million"), stated("", "misprint", "US$ 373,00")
    ('over US$ 2.2 million', 'a misprinted “US$ 373,00”')
    """
    if qualifier == "misprint":
        return f"a misprinted “{printed}”"
    return amounts.hedge(qualifier) + money(float(amount))


def named(thing, said):
    """Name the thing that is missing; what is there says so itself.

    >>> named("amount", "not stated"), named("amount", "US$ 1 million")
    ('amount not stated', 'US$ 1 million')
    """
    return f"{thing} {said}" if plain(said) in (NOT_STATED, NOT_HELD) else said


def money_range(amount):
    """Say bounded US dollars: an amount, a range, "at least", "at most" or "an unknown amount".

    >>> money_range((2_200_000, 2_300_000)), money_range((353_986, 453_986))
    ('US$ 2.2 to 2.3 million', 'US$ 353,986 to 453,986')
    >>> money_range((746_014, math.inf))
    'at least US$ 746,014'
    """
    low, high = amount
    if math.isnan(low) or (low <= 0 and high == math.inf):
        return "an unknown amount"
    if high == math.inf:
        return f"at least {money(low)}"
    if low == high:
        return money(low)
    if low <= 0:
        return f"at most {money(high)}"
    (least, word), (most, other) = _scaled(low), _scaled(high)
    if word != other:  # "US$ 900,000 to 1.1 million" would be misread
        return f"US$ {low:,.0f} to {high:,.0f}"
    return f"US$ {least} to {most}{word}"


def about(amount):
    """Say bounded US dollars as one rounded figure, or as a range where that would say too much.

    Both bounds differ from the figure by less than the power of ten to which it is rounded; it has
    two digits at least.

    >>> about((242_400_000, 243_500_000)), about((2_200_000, 2_300_000))
    ('about US$ 243 million', 'US$ 2.2 to 2.3 million')
    """
    low, high = amount
    if math.isnan(low) or low == high or high == math.inf or low <= 0:
        return money_range(amount)
    for power in range(len(str(int(low))) - 1):
        unit = 10**power
        middle = round((low + high) / 2 / unit) * unit
        if max(middle - low, high - middle) < unit and middle >= 10 * unit:
            return f"about {money(middle)}"
    return money_range(amount)


def out_of_100(fraction):
    """Say a bounded fraction as so many of every hundred.

    >>> out_of_100((0.9687, 0.9698)), out_of_100((0.2, 0.3))
    ('about 97 of every 100', '20 to 30 of every 100')
    """
    low, high = (100 * bound for bound in fraction)
    if math.isnan(low):
        return "an unknown share"
    least, most, near = math.floor(low), math.ceil(high), round(low)
    said = f"{least}" if least == most else f"{least} to {most}"
    if least < most and near == round(high) and 0 < near < 100:
        said = f"about {near}"
    return f"{said} of every 100"


def date(text):
    """Say an EDTF date.

    >>> date("2022-12-07"), date("[2019-04,2019-06]"), date("2013/")
    ('7 December 2022', 'April or June 2019', 'from 2013, end not stated')
    """
    text, precision = str(text), dates.precision(str(text))
    if text[0] in "[{":
        parts = [_between(*part.strip().partition("..")) for part in text[1:-1].split(",")]
        years = {part[-4:] for part in parts}
        if len(years) == 1 and all(re.fullmatch(r"(\d+ )?[A-Z][a-z]+ \d{4}", p) for p in parts):
            parts = [part[:-5] for part in parts[:-1]] + parts[-1:]
        return listed(parts, "or" if text[0] == "[" else "and")
    if "/" in text:
        return _between(*text.partition("/"))
    first, last = dates.span(text)
    if precision == "partly unknown":
        return _between(f"{first}", "..", f"{last}")
    form = {"year": f"{first.year}", "month": f"{first:%B} {first.year}"}
    return form.get(precision, f"{first.day} {first:%B} {first.year}")


def _between(first, mark, last):
    """Say what stands on the two sides of a stroke or of two dots, or one date without either."""
    if not mark:
        return date(first)
    if mark == "..":
        if first and last:
            return f"some day from {date(first)} to {date(last)}"
        return f"{date(first or last)} or {'later' if first else 'before'}"
    if last in ("", ".."):
        return f"since {date(first)}" if last else f"from {date(first)}, end not stated"
    if first in ("", ".."):
        return f"until {date(last)}"
    if first == last:
        return date(first)
    years = len(first) == len(last) == 4 and (first + last).isdigit()
    return f"{first}–{last}" if years else f"{date(first)} to {date(last)}"


def at(said, shown=""):
    """Put "in", "on" or "from" before a date or window in words; "since 2015" needs nothing.

    >>> at("2019"), at("7 December 2022"), at("April 2019 to June 2019"), at("since 2015")
    ('in 2019', 'on 7 December 2022', 'from April 2019 to June 2019', 'since 2015')
    """
    word = "from " if " to " in said else "on " if re.match(r"\d+ [A-Z]", said) else "in "
    return word * (not said[:1].islower()) + (shown or said)


def uncertain(named, within):
    """Name what may lie in a window: each page counts what certainly does, and names this beside.

    >>> uncertain(["Wells (from 2013, end not stated)"], "2014")
    'Not certain in 2014, so not counted: Wells (from 2013, end not stated).'
    """
    named = "; ".join(named)
    return f"Not certain {at(within)}, so not counted: {named}." if named else ""


def window(start=None, end=None):
    """Say a window of time as `dates.window` reads it, "" where it has no bound.

    >>> window("2017", 2022), window(2019), window("2017", ""), window()
    ('2017–2022', '2019', '2017 or later', '')
    """
    dates.window(start, end)
    sides = start, start if end is None else end
    start, end = ("" if dates.blank(side) else str(side) for side in sides)
    if not start and not end:
        return ""
    return _between(start, "/" if start and end else "..", end)
