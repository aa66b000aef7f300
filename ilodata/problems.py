"""Errors a reader can act on: one sentence with file, row, column, value and what would be right."""

import difflib

MOST_NAMES = 20  # names that an error lists; more are counted


class DataError(ValueError):
    """Input that cannot be used: one line a finding, with file, row, column, value and remedy."""

    def _render_traceback_(self):
        """Give IPython, and so papermill, these lines alone: where our code stopped helps nobody."""
        return str(self).splitlines()


def nearest(name, names, listed=()):
    """Say which of `names` was probably meant: "did you mean x?", or the list of them.

    Capitals do not count, and a part of a name is enough; `listed` are those to list, if not all.

    >>> nearest("Asessed", ["assessed", "voluntary"]), nearest("dues", ["membership dues", "other"])
    ('did you mean assessed?', 'did you mean membership dues?')
    """
    names, asked = sorted(set(map(str, names))), str(name).lower()
    chosen = sorted(set(listed)) or names
    within = [each for each in chosen if len(asked) > 2 and asked in each.lower()]
    small = {each.lower(): each for each in reversed(names)}
    alike = [small[each] for each in difflib.get_close_matches(asked, small, 1)]
    if meant := alike or (within if len(within) <= 3 else []):
        return f"did you mean {' or '.join(meant)}?"
    names = within or chosen
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    mark = "; " if any("," in each for each in names) else ", "
    return f"there are {mark.join(names[:MOST_NAMES])}{more}" if names else "there are none"


def shorten(value, length=60):
    """Cut a value to a readable length.

    >>> shorten("x" * 100, 5)
    'xxxx…'
    """
    return value if len(value) <= length else value[: length - 1] + "…"


def shown(name):
    """Show a name that somebody wrote, whatever its length and characters."""
    return visible(shorten(str(name)))


def in_terminal(text):
    """Write a line that is harmless to a terminal, and not too long, whatever it quotes."""
    text = visible(text)
    return text if len(text) <= 600 else f"{text[:350]} … {text[-200:]}"


def visible(text):
    r"""Show the characters that a terminal would act on, or not print, by their codes.

    >>> print(visible("a\tb\x1b[31m\u202ec’"))
    a\tb\x1b[31m\u202ec’
    """
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
