"""What each document tells, and what several of them tell: only that can be compared."""

from ilodata import words
from ilodata.charts import look

# Of box and words: what several documents tell, then what each tells alone.
COLOURS = [(look.POINT, look.PAPER), (look.SOFT, look.PAPER), (look.MUTE, look.INK)]
COLOURS += [(look.INK, look.PAPER), (look.RULE, look.INK)]


def coverage(subjects):
    """Draw how many values the documents tell of each subject: a bar in parts, one a document.

    ``subjects`` is what ``sources.subjects`` returns; DataError if a column is missing.
    """
    look.takes(subjects, "sources.subjects()", "subject part facts of how")
    title = "What is told, by subject"
    if subjects.empty:
        return look.nothing(title)
    parts = list(dict.fromkeys(subjects.part))
    colours = dict(zip(parts, COLOURS * len(parts), strict=False))
    rows = [_row(name, own, colours) for name, own in subjects.groupby("subject", sort=False)]
    named = [(words.capital(it), ink, {"fill": fill}, {}) for it, (fill, ink) in colours.items()]
    most = subjects.groupby("subject").facts.sum().max()

    def draw(width, left):
        left = left and 180  # pixels: names of subjects are short
        at = look.scale(0, most, left, 0.9)
        legend, y = look.boxes(named, width)
        marks, y = look.lay_out(rows, at, left, y)
        return look.canvas(legend + marks, width, y)

    note = "Filled cells of our tables: a name, date, amount, kind or unit each fills one."
    note += " Only what several texts tell can be compared." * (len(parts) > 1)
    told = "; ".join(mark["said"] for row in rows for mark in row.marks)
    return look.finish(draw, title, note, f"{told}.")


def _row(name, own, colours):
    """Put together the row of a subject: a bar in parts, and their sum."""
    bars, end = [], 0
    for part in own.itertuples():
        tie = look.tie(f"{name}: {part.facts} {part.part}", part.of, part.how)
        bars.append(look.rect(end, end + part.facts, colours[part.part][0], **tie))
        end += part.facts
    how = " + ".join(f"{part.facts} {part.part}" for part in own.itertuples())
    of, said = "+".join(of.partition("+")[0] for of in own.of), f"{end:,}"
    note = look.text(said, **look.tie(said, of, f"{how}; the first of each is shown"))
    return look.Row([look.text(name)], note, bars)
