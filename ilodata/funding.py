"""What money moved: stated amounts as ranges, totals per level, and what reconciles with what."""

import math

import pandas as pd

from ilodata import uncertain
from ilodata.tables import chosen, sentences
from ilodata.uncertain import Bounds

LEVELS = {
    "channel_total": "channel totals",
    "project": "project amounts",
    "agreement": "agreements",
}
NO_CHANNEL = "not stated"  # in the choice of channels: amounts of which no channel is stated


def stated(contributions, projects, agreements, organisations, use_likely=False):
    """List the stated amounts, as ranges, with who pays and what dates them.

    Parameters
    ----------
    contributions, projects, agreements, organisations : DataFrame
        From ``load_contributions``, ``load_projects``, ``load_agreements`` and
        ``load_organisations``.
    use_likely : bool
        Put the inferred reading of a misprint in its place, marked as inferred.

    Returns
    -------
    DataFrame
        Indexed by contribution_id: label, level, channel, payer (labels; "not stated"),
        printed, qualifier, low_usd, high_usd (missing where unknown), range (the bounds in
        words), reading ("stated", "inferred" or "none"), date (EDTF: of the amount itself, else of its project
        or agreement), dated_by ("amount", "project", "agreement", "nothing"), part_of.
    """
    of_project = contributions.project_id.map(projects.period)
    of_agreement = contributions.agreement_id.map(agreements.signed)
    likely = contributions.likely_usd.where(contributions.low_usd.isna() & use_likely)
    low, high = contributions.low_usd.fillna(likely), contributions.high_usd.fillna(likely)
    dated_by = pd.Series("nothing", index=contributions.index)
    dated_by = dated_by.mask(of_agreement.notna(), "agreement")
    dated_by = dated_by.mask(of_project.notna(), "project")
    dated_by = dated_by.mask(contributions.period.notna(), "amount")
    reading = pd.Series("none", index=contributions.index).mask(low.notna(), "stated")
    return pd.DataFrame(
        {
            "label": contributions.label,
            "level": contributions.level.map(LEVELS),
            "channel": contributions.channel.fillna(NO_CHANNEL),
            "payer": contributions.payer_id.map(organisations.label).fillna("not stated"),
            "printed": contributions.printed,
            "qualifier": contributions.qualifier,
            "low_usd": low,
            "high_usd": high,
            "range": [uncertain.say_bounds(b) for b in _bounds(low, high)],
            "reading": reading.mask(likely.notna(), "inferred"),
            "date": contributions.period.fillna(of_project).fillna(of_agreement),
            "dated_by": dated_by,
            "part_of": contributions.part_of,
        }
    )


def within(amounts, start, end, channels=()):
    """Choose the amounts that fall into a window, certainly, possibly or without a date.

    Parameters
    ----------
    amounts : DataFrame
        From `stated`.
    start, end : str
        EDTF; from the first day of `start` to the last day of `end`.
    channels : list of str
        Channels to show, "not stated" among them; empty for all.

    Returns
    -------
    DataFrame
        As `amounts`, with in_window: "whole" (its whole period lies in the window), "part"
        (some of it may lie outside) or "undated". No amount is cut to the window, since no
        document says how it falls on years.

    Raises
    ------
    ValueError
        If a channel is unknown, or the window is reversed or unreadable.
    """
    channels = chosen(channels, amounts.channel, "channel")
    window = uncertain.span(str(start)).start, uncertain.span(str(end)).end
    fits = []
    for date in amounts.date:
        fit = uncertain.in_window(date, start, end)
        if fit not in ("no", "undated"):
            days = uncertain.span(date)
            inside = window[0] <= days.start and days.end <= window[1]
            fit = "whole" if inside else "part"
        fits.append(fit)
    shown = amounts.assign(in_window=fits)
    return shown[(shown.in_window != "no") & shown.channel.isin(channels)]


def total(shown):
    """Add the amounts of one level, as a range.

    Parameters
    ----------
    shown : DataFrame
        Rows of one level, from `stated` or `within`.

    Returns
    -------
    Bounds
        In current US dollars; ``inf`` above where an amount is unknown.

    Raises
    ------
    ValueError
        If rows of several levels are given: they are never added to each other.
    """
    levels = sorted(set(shown.level))
    if len(levels) > 1:
        raise ValueError(f"amounts of {' and '.join(levels)} are never added to each other")
    return uncertain.total(_bounds(shown.low_usd, shown.high_usd))


def _bounds(lows, highs):
    pairs = zip(lows, highs, strict=True)
    return [Bounds(math.nan, math.nan) if pd.isna(a) else Bounds(int(a), int(b)) for a, b in pairs]


def totals(shown):
    """Add the amounts within each level and window, as ranges.

    Parameters
    ----------
    shown : DataFrame
        From `within`.

    Returns
    -------
    DataFrame
        level, in_window, amounts (number), low_usd, high_usd (missing where open above), total
        (in words). Levels, and amounts that lie in the window to a different extent, are apart.
    """
    rows = []
    for (level, fit), group in shown.groupby(["level", "in_window"], sort=True):
        low, high = total(group)
        top = pd.NA if high == math.inf else high
        rows.append((level, fit, len(group), low, top, uncertain.say_bounds(Bounds(low, high))))
    columns = ["level", "in_window", "amounts", "low_usd", "high_usd", "total"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"low_usd": "Int64", "high_usd": "Int64"})


def reconciliations(contributions, use_likely=False):
    """Hold each stated total against the stated amounts that are, or may be, parts of it.

    Parameters
    ----------
    contributions : DataFrame
        From ``load_contributions``.
    use_likely : bool
        Count the inferred reading of a misprint as the part's amount.

    Returns
    -------
    DataFrame
        total (label and bounds in words), parts (labels), link ("part of, inferred" or "may be
        part of, not stated"), sum (of the parts, in words), verdict ("fits", "does not fit",
        "cannot be decided") and why.
    """
    rows = []
    for key, whole in contributions[contributions.level == "channel_total"].iterrows():
        booked = contributions[contributions.part_of == key]
        if len(booked):
            choices = [(booked, "part of, inferred")]
        elif whole.channel == "voluntary":
            loose = contributions[contributions.part_of.isna()]
            loose = loose[loose.level != "channel_total"]
            if pd.notna(whole.period):
                inside = [_may_lie_in(period, whole) for period in loose.period]
                loose = loose[pd.Series(inside, index=loose.index, dtype=bool)]
            of_projects = loose[loose.level == "project"]
            choices = [of_projects] if len(of_projects) else []
            choices += [loose] if len(loose) > len(of_projects) else []
            choices = [(choice, "may be part of, not stated") for choice in choices]
        else:
            choices = []
        for parts, link in choices:
            likely = parts.likely_usd if use_likely else pd.NA
            lows, highs = parts.low_usd.fillna(likely), parts.high_usd.fillna(likely)
            amount = uncertain.total(_bounds(lows, highs))
            stated_whole = _bounds([whole.low_usd], [whole.high_usd])[0]
            verdict, why = _verdict(stated_whole, amount, link)
            total_said = f"{whole.label}, {uncertain.say_bounds(stated_whole)}"
            named, sum_said = "; ".join(parts.label), uncertain.say_bounds(amount)
            rows.append((total_said, named, link, sum_said, verdict, why))
    columns = ["total", "parts", "link", "sum", "verdict", "why"]
    return pd.DataFrame(rows, columns=columns)


_VERDICTS = {
    "fits": "that fits",
    "does not fit": "that does not fit",
    "cannot be decided": "whether that fits cannot be decided",
}


def _may_lie_in(period, whole):
    if pd.isna(period):
        return True
    return uncertain.in_window(period, whole.period, whole.period) != "no"


def _verdict(whole, parts, link):
    if parts.high == math.inf:
        return "cannot be decided", "One of the parts has no amount."
    if whole.low != whole.low:
        return "cannot be decided", "The total has no amount."
    if "not stated" in link:
        return "cannot be decided", (
            "No document says which amounts belong to the total, nor how they fall on years; "
            f"the sum is {_gap(parts.low - whole.high, parts.high - whole.low)}."
        )
    if parts.high < whole.low or parts.low > whole.high:
        return "does not fit", "The sum lies outside the bounds of the total."
    return "fits", "The sum lies within the bounds of the total."


def _gap(low, high):
    """Say how far a sum lies from a total, which may be on either side of it."""
    say = uncertain.say_bounds
    if high <= 0:
        return f"{say(Bounds(-high, -low))} less"
    if low >= 0:
        return f"{say(Bounds(low, high))} more"
    return f"between {say(Bounds(-low, -low))} less and {say(Bounds(high, high))} more"


def shares(shown):
    """Give each channel's share of the channel totals of a window, as a range.

    Parameters
    ----------
    shown : DataFrame
        From `within`; only channel totals whose whole period lies in the window count.

    Returns
    -------
    DataFrame
        label, low_share, high_share (of 1). Empty where fewer than two amounts count.
    """
    whole = shown[(shown.level == LEVELS["channel_total"]) & (shown.in_window == "whole")]
    whole = whole.dropna(subset=["low_usd"])
    if len(whole) < 2:
        return pd.DataFrame(columns=["label", "low_share", "high_share"])
    low, high = whole.low_usd, whole.high_usd
    # lowest with the others at their highest, and the other way round
    return pd.DataFrame(
        {
            "label": whole.label,
            "low_share": (low / (low + (high.sum() - high))).astype(float),
            "high_share": (high / (high + (low.sum() - low))).astype(float),
        }
    )


def findings(shown, reconciled, start, end):
    """State what the amounts show, each sentence with its caveat.

    Parameters
    ----------
    shown, reconciled : DataFrame
        From `within` and `reconciliations`.
    start, end : str
        The window.

    Returns
    -------
    DataFrame
        finding, caveat, records (comma-separated ``table/id``).
    """
    window = f"{uncertain.say_date(str(start))} to {uncertain.say_date(str(end))}"
    said = []
    if shown.empty:
        said.append(
            (
                f"No amount is stated for {window} and the channels chosen.",
                "The documents state few amounts; none is not the same as nothing paid.",
                [],
            )
        )
    channel = shown[shown.level == LEVELS["channel_total"]]
    inside = channel[channel.in_window == "whole"]
    if inside.low_usd.notna().any():
        said.append(
            (
                f"Channel totals stated for periods within {window} come to "
                f"{uncertain.say_bounds(total(inside))}.",
                "Our sum; the documents state no grand total, and announce a chart whose values are "
                "not in the text.",
                list(inside.index),
            )
        )
        top = inside.loc[inside.low_usd.idxmax()]
        part = shares(shown).reindex([top.name]).iloc[0] if len(shares(shown)) else None
        if part is not None:
            said.append(
                (
                    f"{top.label} ({top.printed}, {top.payer}) make up "
                    f"{_percent(part.low_share, part.high_share)} of it.",
                    "Assessed contributions are a duty of membership, not a choice of partner."
                    if top.channel == "assessed"
                    else "Of the channels shown.",
                    [top.name],
                )
            )
    for key, row in channel[channel.in_window != "whole"].iterrows():
        where = (
            "with no period stated"
            if row.in_window == "undated"
            else f"stated for {uncertain.say_date(row.date)}, partly outside of the window"
        )
        said.append((f"{row.label}: {row.printed}, {where}.", "In no window's sum.", [key]))
    projects = shown[shown.level == LEVELS["project"]]
    if len(projects):
        said.append(
            (
                f"Amounts of {uncertain.say_count(len(projects), len(projects), 'project')} that may touch {window} come to "
                f"{uncertain.say_bounds(total(projects))}.",
                "Dated only by the years of the projects, so never cut to the window; never added to "
                "channel totals." + _inferred(projects),
                list(projects.index),
            )
        )
    unknown = shown[shown.low_usd.isna()]
    for key, row in unknown.iterrows():
        said.append(
            (
                f"The amount for {row.label} is unknown: it is printed “{row.printed}”.",
                "A misprint. Its likely reading is argued from another total and used only on demand.",
                [key],
            )
        )
    for row in reconciled.itertuples():
        may = "that are taken to be" if "inferred" in row.link else "that may be"
        sum_up = f"amounts {may} part of it ({row.parts}) come to {row.sum}"
        said.append((f"{row.total}: {sum_up}; {_VERDICTS[row.verdict]}.", row.why, []))
    return sentences(said, "contributions")


def _inferred(shown):
    some = shown[shown.reading == "inferred"]
    return f" Uses the inferred reading for {', '.join(some.label)}." if len(some) else ""


def _percent(low, high):
    """Say a share as a range, rounded outwards so that it still holds the truth."""
    a, b = math.floor(low * 1000) / 10, math.ceil(high * 1000) / 10
    return f"{a} %" if a == b else f"between {a} % and {b} %"
