"""What each document tells, and what several of them tell: only that can be compared."""

from ilodata import words
from ilodata.charts import look

COLOURS = [look.POINT, look.SOFT, look.MUTE, look.INK, look.RULE]  # what several tell comes first
BAR = 22  # pixels


def coverage(subjects):
    """Draw how many values the documents tell of each subject: a bar in parts, one a document.

    Parameters
    ----------
    subjects : DataFrame
        From ``sources.subjects``: subject, part, facts, of, how.

    Returns
    -------
    Altair chart
    """
    look.takes(subjects, "sources.subjects()", "subject part facts of how")
    title = "What is told, by subject"
    if subjects.empty:
        return look.nothing(title)
    rows, parts = look.linked(subjects), list(dict.fromkeys(subjects.part))
    colours = dict(zip(parts, COLOURS * len(parts), strict=False))
    sums = rows.groupby("subject", sort=False).facts.sum()
    told = [f"{row.subject}: {row.facts} {row.part}" for row in rows.itertuples()]

    def draw(narrow):
        width, left = (look.NARROW, 0) if narrow else (look.WIDE, 180)
        scale = (width - left - 40) / sums.max()
        marks, y = look.legend([(words.capital(part), colours[part]) for part in parts], width)
        y += narrow * 8
        for subject, own in rows.groupby("subject", sort=False):
            marks.append(look.text(0, y + (0 if narrow else BAR / 2), subject))
            y, at = y + narrow * 12, left
            for row in own.itertuples():
                tie = {"href": row.href, "said": f"{subject}: {row.facts} {row.part}"}
                end = at + row.facts * scale
                marks.append(look.rect(at, end, y, y + BAR, colours[row.part], **tie))
                at = end
            how = " + ".join(f"{row.facts} {row.part}" for row in own.itertuples())
            of = "+".join(of.partition("+")[0] for of in own.of)
            tie = {"href": f"#{of}|{how}; the first of each is shown", "said": f"{sums[subject]:,}"}
            marks.append(look.text(at + 8, y + BAR / 2, tie["said"], **tie))
            y += BAR + (20 if narrow else 12)
        return look.canvas(marks, width, y)

    note = "Filled cells of our tables: a name, date, amount, kind or unit each fills one."
    note += " Only what several texts tell can be compared." * (len(parts) > 1)
    return look.finish(draw, title, note, f"{'; '.join(told)}.")
