"""What money moved: amounts as ranges, their sums, what fits, and what each treatment changes."""

import itertools
import math

from ilodata import pd, uncertain
from ilodata.tables import chosen, sentences
from ilodata.uncertain import Bounds

TOTAL, PROJECT, AGREEMENT = "channel totals", "project amounts", "agreements"
SILENT = "projects without a stated amount"
LEVELS = {"channel_total": TOTAL, "project": PROJECT, "agreement": AGREEMENT}
NOT_STATED = "not stated"  # a choice among channels and payers, and an end of a flow
LINKS = {
    "channel": "channel", "payer": "payer_id", "receiver": "receiver_id", "project": "project_id",
    "agreement": "agreement_id", "part of": "part_of",
}  # fmt: skip


def stated(contributions, projects, agreements, organisations, cells):
    """List the stated amounts with each of their readings, and the projects without an amount.

    Parameters
    ----------
    contributions, projects, agreements, organisations : DataFrame
        From ``load_contributions``, ``load_projects``, ``load_agreements`` and
        ``load_organisations``.
    cells : DataFrame
        From ``ilodata.support``: which cells are inferred.

    Returns
    -------
    DataFrame
        Indexed by record. The columns of contributions; level in words; project (label);
        project_period and signed (what dates an amount without a period); rounded_low_usd and
        rounded_high_usd (where a figure without a hedge was rounded); inferred (what of a row is,
        in words). What each reading makes of them: `within`.
    """
    money = contributions.set_index("contributions/" + contributions.index)
    names = pd.Series(projects.index, "projects/" + projects.index, dtype="string")
    rows = money.reindex([*money.index, *names.index])
    rows["level"] = rows.level.map(LEVELS).fillna(SILENT)
    rows["project_id"] = rows.project_id.fillna(names)
    looked_up = {
        "project": (rows.project_id, projects.label),
        "payer": (rows.payer_id, organisations.label),
        "receiver": (rows.receiver_id, organisations.label),
        "project_period": (rows.project_id, projects.period),
        "signed": (rows.agreement_id, agreements.signed),
    }
    for name, (key, table) in looked_up.items():
        rows[name] = key.map(table).astype("string")
    rows["label"] = rows.label.fillna(rows.project)
    rows["printed"] = rows.printed.fillna("no amount stated")
    rounded = [
        uncertain.bounds(*row, "rounded") if row[1] is not pd.NA else Bounds(math.nan, math.nan)
        for row in zip(rows.amount_usd, rows.qualifier, rows.printed_unit_usd, strict=True)
    ]
    rows[["rounded_low_usd", "rounded_high_usd"]] = pd.DataFrame(rounded, rows.index).astype(
        "Int64"
    )
    words = {column: word for word, column in LINKS.items()}
    words |= {"amount_usd": "amount", "likely_usd": "likely reading"}
    guessed = cells[cells.basis == "inferred"]
    guessed = guessed.field.map(words).fillna(guessed.field).groupby(guessed.record).agg(", ".join)
    rows["inferred"] = rows.index.map(guessed).astype("string").fillna("")
    rows.index.name = "record"
    return rows


def _linked(amounts, include_inferred=True):
    """Choose which links of each amount count, and what dates it."""
    shown = amounts.copy()
    if not include_inferred:
        for word, link in LINKS.items():
            shown[link] = shown[link].mask(shown.inferred.str.contains(word))
        left = [[w for w in text.split(", ") if w not in LINKS] for text in shown.inferred]
        shown["inferred"] = pd.Series(map(", ".join, left), shown.index, dtype="string")
    priced = shown.project_id[shown.level != SILENT]
    shown = shown[(shown.level != SILENT) | ~shown.project_id.isin(priced)].copy()
    for end in ("payer", "receiver", "project"):
        shown[end] = shown[end].where(shown[LINKS[end]].notna()).fillna(NOT_STATED)
    # A part goes through the channel of its total.
    of_whole = ("contributions/" + shown.part_of).map(shown.channel)
    guessed = shown.channel.isna() & of_whole.notna() & shown.inferred.str.contains("part of")
    shown["inferred"] = shown.inferred.mask(guessed, shown.inferred + ", channel")
    shown["channel"] = shown.channel.fillna(of_whole).fillna(NOT_STATED)
    of_project = shown.project_period.where(shown.project_id.notna())
    of_agreement = shown.signed.where(shown.agreement_id.notna())
    dated_by = pd.Series("nothing", shown.index).mask(of_agreement.notna(), "agreement")
    dated_by = dated_by.mask(of_project.notna(), "project").mask(shown.period.notna(), "amount")
    return shown.assign(
        date=shown.period.fillna(of_project).fillna(of_agreement), dated_by=dated_by
    )


def _priced(linked, use_likely=False, rounded=False):
    """Choose one reading of each amount."""
    likely = linked.likely_usd.where(linked.low_usd.isna() & use_likely)
    reading = pd.Series("none", linked.index).mask(linked.low_usd.notna(), "stated")
    sides = ("low_usd", "high_usd")
    read = {side: linked[f"rounded_{side}" if rounded else side].fillna(likely) for side in sides}
    shown = linked.assign(**read, reading=reading.mask(likely.notna(), "inferred"))
    said = [uncertain.say_bounds(bound) for bound in _bounds(shown)]
    return shown.assign(range=pd.array(said, dtype="str"))


def _bounds(rows):
    return uncertain.bounds_of(rows.low_usd, rows.high_usd)


def within(
    amounts,
    start,
    end,
    channels=(),
    payers=(),
    use_likely=False,
    include_inferred=True,
    rounded=False,
):
    """Choose the amounts that fall into a window, certainly, possibly or without a date.

    Parameters
    ----------
    amounts : DataFrame
        From `stated`.
    start, end : str
        EDTF; from the first day of `start` to the last day of `end`.
    channels, payers : list of str
        Channels and ids of payers to show, "not stated" among them; empty for all.
    use_likely : bool
        Put the inferred reading of a misprint in its place, marked as inferred.
    include_inferred : bool
        Count inferred links to channels, payers, projects, agreements and totals.
    rounded : bool
        Read a figure without a hedge as rounded to its last printed digit.

    Returns
    -------
    DataFrame
        Indexed by record: label, level, channel, payer, receiver, project, project_id, part_of
        ("not stated" where no document says, a part has the channel of its total), printed,
        qualifier, low_usd, high_usd (missing where unknown), range (the bounds in words), reading
        ("stated", "inferred" or "none"), inferred, date (EDTF: of the amount itself, else of its
        project or agreement), dated_by ("amount", "project", "agreement", "nothing"), and
        in_window: "whole" (its whole period lies in the window), "part" (some of it may lie
        outside) or "undated". No amount is cut to the window, since no document says how it falls
        on years.

    Raises
    ------
    ValueError
        If a channel or payer is unknown, or the window is reversed or unreadable.
    """
    linked = _linked_within(amounts, start, end, channels, payers, include_inferred)
    return _priced(linked, use_likely, rounded)


def _linked_within(amounts, start, end, channels=(), payers=(), include_inferred=True):
    """Choose the amounts that fall into a window, before any of their readings is chosen."""
    channels = chosen(channels, [*amounts.channel.dropna(), NOT_STATED], "channel")
    payers = chosen(payers, [*amounts.payer_id.dropna(), NOT_STATED], "payer")
    window = uncertain.window(start, end)
    shown, fits = _linked(amounts, include_inferred), []
    for date in shown.date:
        fit = uncertain.in_window(date, start, end)
        if fit not in ("no", "undated"):
            days = uncertain.span(date)
            inside = window.start <= days.start and days.end <= window.end
            fit = "whole" if inside else "part"
        fits.append(fit)
    shown = shown.assign(in_window=fits)
    shown = shown[shown.payer_id.fillna(NOT_STATED).isin(payers) & shown.channel.isin(channels)]
    return shown[shown.in_window != "no"]


def total(shown):
    """Add the amounts of one level, as a range.

    Parameters
    ----------
    shown : DataFrame
        Rows of one level, from `within`.

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
    return uncertain.total(_bounds(shown))


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
    shown = shown[shown.level != SILENT]
    for (level, fit), group in shown.groupby(["level", "in_window"], sort=True):
        added = total(group)
        rows.append((level, fit, len(group), *_cells(added), uncertain.say_bounds(added)))
    columns = ["level", "in_window", "amounts", "low_usd", "high_usd", "total"]
    return pd.DataFrame(rows, columns=columns).astype({"low_usd": "Int64", "high_usd": "Int64"})


def _cells(bound):
    """Give bounds as cells of a table: missing where open or unknown."""
    return [value if math.isfinite(value) else pd.NA for value in bound]


def shares(shown):
    """Give each channel's share of the channel totals of a window, as a range.

    Parameters
    ----------
    shown : DataFrame
        From `within`; only channel totals whose whole period lies in the window count.

    Returns
    -------
    DataFrame
        Indexed by record: label, low_share, high_share (of 1), share (in words, rounded outwards).
        Empty for fewer than two amounts.
    """
    whole = shown[(shown.level == TOTAL) & (shown.in_window == "whole")]
    whole = whole if len(whole) > 1 else whole.iloc[:0]
    parts = [(float(low), float(high)) for low, high in uncertain.shares(_bounds(whole))]
    frame = pd.DataFrame(parts, whole.index, ["low_share", "high_share"], dtype=float)
    said = [_percent(100 * low, 100 * high) for low, high in parts]
    return frame.assign(label=whole.label, share=said)


# Reconciliations ------------------------------------------------------------------------------

READINGS = {
    "as printed": {},
    "unhedged figures rounded": {"rounded": True},
    "misprint as likely": {"use_likely": True},
    "rounded, and misprint as likely": {"rounded": True, "use_likely": True},
}
STATED, TAKEN = "stated to be its parts", "taken to be its parts"
MAY, NONE = "may be its parts", "no part is stated"
MOST_CHOICES = 12  # amounts; all choices among more would take long, and mean nothing


def reconciliations(amounts, shown, use_likely=False, include_inferred=True):
    """Hold each stated total against the amounts that are, or may be, parts of it.

    Parameters
    ----------
    amounts, shown : DataFrame
        From `stated` and `within`: the totals shown are held against all amounts.
    use_likely, include_inferred : bool
        As for `within`; all readings of an amount are listed, these are marked as asked for.

    Returns
    -------
    DataFrame
        record and total (label); parts (labels); link ("stated to be its parts", "taken to be
        its parts" by inference, "may be its parts" or "no part is stated"); reading, one row each
        as far as they differ; total_low_usd, total_high_usd, parts_low_usd, parts_high_usd, and difference_low_usd,
        difference_high_usd (total less parts), missing where open; verdict ("fits", "does not
        fit", "cannot be decided"); gap (the difference in words) and why; sum (of the parts, in
        words); asked (whether this is the reading asked for).
    """
    linked = _linked(amounts, include_inferred)
    reads = {name: _priced(linked, **treatment) for name, treatment in READINGS.items()}
    of_name = {name: dict(zip(r.index, _bounds(r), strict=True)) for name, r in reads.items()}
    as_asked = "misprint as likely" if use_likely else "as printed"
    asked = reads[as_asked]
    rows = []
    for key in shown.index[shown.level == TOTAL]:
        for link, parts in _parts(asked, key):
            seen = set()
            for name, read in reads.items():
                bounds = of_name[name]
                figures = _held(bounds, key, parts)
                if figures in seen:
                    continue
                seen.add(figures)
                whole, added, less = figures
                verdict, why = _verdict(whole, [bounds[part] for part in parts], link)
                if verdict == "fits" and "likely" in name:
                    why += " That is no proof: the reading was chosen because it fits."
                none = [pd.NA] * 4
                rows.append(
                    [key, read.label[key], "; ".join(read.label[parts]), link, name]
                    + [*_cells(whole), *(none if link == NONE else _cells(added) + _cells(less))]
                    + [verdict, "–" if link == NONE else _gap(less), why]
                    + [uncertain.say_bounds(added), figures == _held(of_name[as_asked], key, parts)]
                )
    sides = ("total", "parts", "difference")
    money = [f"{side}_{end}_usd" for side in sides for end in ("low", "high")]
    columns = ["record", "total", "parts", "link", "reading", *money]
    frame = pd.DataFrame(rows, columns=[*columns, "verdict", "gap", "why", "sum", "asked"])
    return frame.astype(dict.fromkeys(money, "Int64") | {"asked": bool})


def _held(bounds, key, parts):
    """Give the bounds of a total, of its parts together, and of what one is less the other."""
    whole = uncertain.total([bounds[key]])
    added = uncertain.total(bounds[part] for part in parts)
    return whole, added, uncertain.difference(whole, added)


def _parts(read, key):
    """List the choices of amounts that are, or may be, the parts of a total, by their records."""
    booked = read.index[read.part_of == key.partition("/")[2]]
    if len(booked):
        doubtful = read.inferred[booked].str.contains("part of").any()
        return [(TAKEN if doubtful else STATED, booked)]
    whole = read.loc[key]
    # Only voluntary contributions are said to go to projects.
    loose = read[~read.level.isin([TOTAL, SILENT]) & (read.channel == NOT_STATED)]
    if whole.channel != "voluntary":
        loose = loose.iloc[:0]
    elif pd.notna(whole.period):
        inside = [
            pd.isna(own) or uncertain.in_window(own, whole.period, whole.period) != "no"
            for own in loose.period
        ]
        loose = loose[pd.Series(inside, loose.index, dtype=bool)]
    # Projects first, then agreements with them, which may be the same money under another name.
    choices = {tuple(loose.index[loose.level == PROJECT]), tuple(loose.index)} - {()}
    return [(MAY, list(c)) for c in sorted(choices, key=len)] or [(NONE, [])]


def _verdict(whole, parts, link):
    """Decide whether parts fit their total, and say why."""
    less = uncertain.difference(whole, uncertain.total(parts))
    known = uncertain.difference(whole, uncertain.total(p for p in parts if p.low == p.low))
    unknown = sum(part.low != part.low for part in parts)
    say = uncertain.say_bounds
    if link == NONE:
        return "cannot be decided", "No document states a part of it."
    if whole == (0, math.inf):
        return "cannot be decided", "The total has no amount."
    if link == MAY:
        return "cannot be decided", (
            "No document says which amounts belong to the total, nor how they fall on years. "
            f"{_tried(whole, parts)}"
        )
    if less.high < 0:
        return "does not fit", f"What is known of the parts is {_gap(known)}."
    if unknown:
        part = "A part has" if unknown == 1 else f"{unknown} parts have"
        left = say(Bounds(max(0, known.low), known.high))
        return "cannot be decided", f"{part} no amount; to make up the total it would take {left}."
    if less.low > 0:
        return "does not fit", f"The parts are {_gap(less)}."
    if less == (0, 0):
        return "fits", "The figures agree."
    return "fits", f"The figures can agree: the parts are {_gap(less)}."


def _tried(whole, parts):
    """Say how many choices among the amounts make up a total, to tell chance from membership."""
    if len(parts) > MOST_CHOICES:
        return "They are too many to try each choice among them."
    choices = [
        uncertain.difference(whole, uncertain.total(choice))
        for size in range(1, len(parts) + 1)
        for choice in itertools.combinations(parts, size)
    ]
    fit = sum(low <= 0 <= high for low, high in choices)
    if len(choices) == 1:
        return f"Counted whole, it {'can make' if fit else 'does not make'} the total."
    told = {0: "none can make", 1: "one can make"}.get(fit, f"{fit} can make")
    return f"Of {len(choices)} choices among them, counted whole, {told} the total."


def _gap(less):
    """Say how far parts lie from their total, which may be on either side of it."""
    low, high = less
    say = uncertain.say_bounds
    if low == high == 0:
        return "the same"
    if low >= 0:
        return f"{say(less)} short"
    if high <= 0:
        return f"{say(Bounds(-high, -low))} over"
    if math.inf in (-low, high):
        if low == -high:
            return "an unknown amount over or short"
        return (
            f"{say(Bounds(0, high))} short" if low == -math.inf else f"{say(Bounds(0, -low))} over"
        )
    return f"between {say(Bounds(-low, -low))} over and {say(Bounds(high, high))} short"


def figures(frame):
    """Write the amounts of a table with commas, for readers; a dash where they are open."""
    money = [name for name in frame if name.endswith("_usd")]
    written = {
        name.removesuffix("_usd").replace("_", " "): [
            "–" if value is pd.NA else f"{value:,}".replace("-", "−") for value in frame[name]
        ]
        for name in money
    }
    return frame.drop(columns=money).assign(**written)


# Assumptions ----------------------------------------------------------------------------------


def allocation(shown, start, end, allocate=""):
    """Spread project amounts over the years of a window, where a reader asks for it.

    No document says how a project's money falls on years: without an assumption anything between
    nothing and all of it may fall on each year that the project touches. Evenly, every day of the
    project has the same share; what is left open is its first and last day.

    Parameters
    ----------
    shown : DataFrame
        From `within`; only project amounts are spread.
    start, end : str
        The window; its years are cut to it.
    allocate : {"", "evenly"}
        The assumption; none by default.

    Returns
    -------
    DataFrame
        year (the last row, "window", is the whole window); even_low_usd, even_known_usd (the most
        that known amounts can make), even_high_usd (missing where an unknown one may add to it),
        the same for "any" (without the assumption); evenly and anyhow (in words). Empty where
        nothing is asked for, or no project amount has a period.

    Raises
    ------
    ValueError
        If the assumption is none of ours.
    """
    money = [f"{way}_{side}_usd" for way in ("even", "any") for side in ("low", "known", "high")]
    columns = ["year", *money, "evenly", "anyhow"]
    dated = shown[(shown.level == PROJECT) & shown.date.notna()]
    if not allocate or dated.empty:
        return pd.DataFrame(columns=columns)
    chosen([allocate], ["evenly"], "allocation")
    first, last = uncertain.window(start, end)
    if pd.isna(first) or pd.isna(last):
        raise ValueError(f"allocation: the window {start} to {end} needs a first and a last day")
    ends = pd.DataFrame([uncertain.span(date) for date in dated.date])
    since, until = ends.start.fillna(first).min(), ends.end.fillna(last).max()
    years = range(max(first, since).year, min(last, until).year + 1)
    pieces = {
        str(year): (max(first, pd.Timestamp(year, 1, 1)), min(last, pd.Timestamp(year, 12, 31)))
        for year in years
    }
    rows = []
    for name, days in (pieces | {"window": (first, last)}).items():
        piece = [f"{day:%Y-%m-%d}" for day in days]
        cells, sums = [], []
        for evenly in (True, False):
            parts = [
                uncertain.product(amount, uncertain.portion(date, *piece, evenly=evenly))
                for amount, date in zip(_bounds(dated), dated.date, strict=True)
            ]
            sums.append(uncertain.total(parts))
            known = sum(part.high for part in parts if part.high < math.inf)
            cells += [sums[-1].low, known, _cells(sums[-1])[1]]
        rows.append([name, *cells, *map(uncertain.say_bounds, sums)])
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(money, "Int64"))


# How uncertain items can be treated: the switch, its name, and its words on and off
AS_ASKED = "as asked for"
TREATMENTS = {
    None: (AS_ASKED, "", ""),
    "use_likely": ("misprint", "read as likely", "left unknown"),
    "rounded": ("figures without a hedge", "taken as rounded", "taken as printed"),
    "include_inferred": ("inferred links", "counted", "left out"),
    "undated": ("amounts without a date", "counted", "left out"),
    "part": ("amounts partly outside the window", "counted", "left out"),
}


def sensitivity(amounts, start, end, **asked):
    """Show how each headline figure moves under each treatment of the uncertain items.

    Headline figures are the sum of channel totals whose whole period lies in the window, the share
    of the largest of them, and the sums of amounts of projects and agreements that touch the
    window, uncut. Amounts without a date are left out.

    Parameters
    ----------
    amounts : DataFrame
        From `stated`.
    start, end, **asked
        As for `within`.

    Returns
    -------
    DataFrame
        figure; treatment ("as asked for", then each one turned to its other option alone); option;
        low, high (US dollars, or per cent; missing where open above); unit ("US$", "%"); said (in
        words); moves (whether the figure is another one than as asked for).
    """
    choice = {"use_likely": False, "include_inferred": True, "rounded": False}
    narrowed = {name: value for name, value in asked.items() if name not in choice}
    choice |= asked
    linked = {
        on: _linked_within(amounts, start, end, **narrowed, include_inferred=on)
        for on in (True, False)
    }
    found = {}
    for turned in TREATMENTS:
        now = choice | ({turned: not choice[turned]} if turned in choice else {})
        shown = _priced(linked[now["include_inferred"]], now["use_likely"], now["rounded"])
        found[turned] = _headlines(amounts, shown, now, turned)
    shares_ = {f: share.low for f, (share, unit, _) in found[None].items() if share and unit == "%"}
    largest = max(shares_, key=shares_.get, default=None)
    rows = []
    for figure, (before, unit, _) in found[None].items():
        if (unit == "%" and figure != largest) or not any(
            each[figure][0] for each in found.values()
        ):
            continue
        for turned, each in found.items():
            now, _, option = each[figure]
            said = (
                "nothing"
                if not now
                else _percent(*now)
                if unit == "%"
                else uncertain.say_bounds(now)
            )
            cells = _cells(now or Bounds(math.nan, math.nan))
            rows.append([figure, TREATMENTS[turned][0], option, *cells, unit, said, now != before])
    columns = ["figure", "treatment", "option", "low", "high", "unit", "said", "moves"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"low": "Float64", "high": "Float64", "moves": bool})


def _headlines(amounts, shown, choice, turned):
    """Compute each headline figure, with its unit and the option of the switch that is turned."""
    found = {}
    rows = list(zip(shown.index, shown.level, shown.in_window, _bounds(shown), strict=True))
    for level, part in ((TOTAL, False), (PROJECT, True), (AGREEMENT, True)):
        counted = {"undated": False, "part": part}
        if turned in counted:
            counted[turned] = not counted[turned]
        option = TREATMENTS[turned][1 if (choice | counted).get(turned) else 2]
        fits = ["whole", *(fit for fit, on in counted.items() if on)]
        here = {key: bound for key, of, fit, bound in rows if of == level and fit in fits}
        summed = uncertain.total(here.values()) if here else None
        found[f"sum of {level}"] = (summed, "US$", option)
        if level == TOTAL:
            parts = uncertain.shares(list(here.values())) if len(here) > 1 else []
            parts = [Bounds(100 * float(low), 100 * float(high)) for low, high in parts]
            share = dict(zip(here, parts, strict=False))
            for key, label in amounts.label[amounts.level == TOTAL].items():
                found[f"share of {label}"] = (share.get(key), "%", option)
    return found


# Flows ----------------------------------------------------------------------------------------

STEPS = {TOTAL: ["payer", "channel", "receiver"], PROJECT: ["payer", "channel", "project", "place"]}
NAMED = {"jpo": "Junior Professional Officers", "trust_fund": "trust fund"}  # of codes, in words


def reached(project_places, places, cells):
    """Name where each project ends: its beneficiaries together, else the region it aims at.

    Parameters
    ----------
    project_places, places, cells : DataFrame
        From ``load_project_places``, ``load_places`` and ``ilodata.support``.

    Returns
    -------
    DataFrame
        Indexed by project_id: place (several are joined, since no document splits an amount
        between them) and place_is ("stated" or "inferred"). A country that only hosts an institute
        of a network is no end of a project's money.
    """
    inferred = set(cells.record[cells.basis == "inferred"])
    rows = {}
    for role in ("target_region", "beneficiary"):  # the latter takes the place of the former
        for key, here in project_places[project_places.role == role].groupby("project_id"):
            *names, name = places.label[here.place_id]
            name = f"{', '.join(names)} and {name}, not split" if names else name
            name += ", no country named" if role == "target_region" else ""
            doubtful = inferred.intersection("project_places/" + here.index)
            rows[key] = (name, "inferred" if doubtful else "stated")
    return pd.DataFrame.from_dict(rows, orient="index", columns=["place", "place_is"])


def flows(shown, ends, level):
    """Say who paid what, through which channel, to which end, and how well each link is known.

    What is not stated is an end like any other, and says so. No amount is ever split.

    Parameters
    ----------
    shown : DataFrame
        From `within`.
    ends : DataFrame
        From `reached`.
    level : {"channel totals", "project amounts"}
        Levels are never put together. Projects without an amount stand beside project amounts.

    Returns
    -------
    DataFrame
        Indexed by record, the largest first: label, said (the amount in words), low_usd, high_usd
        (missing where unknown); then the ends in their order: payer, channel, and receiver or
        project and place ("payer not stated" where no document says), each but the first after
        the basis of the link that leads to it, such as channel_by ("stated", "inferred", or "not
        stated" where neither of its ends is).
    """
    rows = shown[shown.level.isin([level, SILENT] if level == PROJECT else [level])]
    rows = rows.join(ends, on="project_id").sort_values("high_usd", ascending=False)
    rows["place"] = rows.place.fillna(NOT_STATED)
    rows["channel"] = rows.channel.replace(NAMED)
    said = rows.range.where(rows.low_usd.notna(), "? " + rows.printed)
    misread = rows.low_usd.isna() & rows.qualifier.notna()
    rows["said"] = said.mask(misread, "? printed " + rows.printed)
    steps = STEPS[level]
    known = {step: _known(rows, step) for step in steps}
    found = rows[["label", "said", "low_usd", "high_usd"]].copy()
    for before, step in zip([None, *steps], steps, strict=False):
        if before:
            # whether a project reaches a place does not hang on its money
            both = [known[step], known[step] if step == "place" else known[before]]
            stated = pd.Series(NOT_STATED, rows.index)
            for basis in ("stated", "inferred"):  # the latter takes the place of the former
                stated = stated.mask((both[0] == basis) | (both[1] == basis), basis)
            found[f"{step}_by"] = stated
        found[step] = rows[step].replace(NOT_STATED, f"{step} {NOT_STATED}")
    return found


def _known(rows, step):
    """Say of an end of each amount whether it is stated, inferred or not stated."""
    if step == "place":
        known = rows.place_is.fillna(NOT_STATED)
    else:
        doubtful = rows.inferred.str.contains(step)
        known = pd.Series("stated", rows.index).mask(doubtful, "inferred")
    nowhere = rows[step] == NOT_STATED
    # that a project exists does not say that money of some payer went to it
    nowhere |= (step == "project") & (rows.level == SILENT)
    return known.mask(nowhere, NOT_STATED)


# Findings -------------------------------------------------------------------------------------

_VERDICTS = {
    "fits": "that fits",
    "does not fit": "that does not fit",
    "cannot be decided": "whether that fits cannot be decided",
}


def findings(shown, reconciled, moved, allocated, start, end):
    """State what the amounts show, each sentence with its caveat.

    Parameters
    ----------
    shown, reconciled, moved, allocated : DataFrame
        From `within`, `reconciliations`, `sensitivity` and `allocation`.
    start, end : str
        The window.

    Returns
    -------
    DataFrame
        finding, caveat, records (comma-separated ``table/id``).
    """
    window = uncertain.say_window(start, end)
    of = {level: shown[shown.level == level] for level in [TOTAL, PROJECT, AGREEMENT, SILENT]}
    said = []
    if (shown.in_window == "undated").all():
        said.append(
            (
                f"No amount is dated to {window}, as far as the choice made goes.",
                "The documents state few amounts; none is not the same as nothing paid.",
                [],
            )
        )
    said += _of_channels(shown, of[TOTAL], moved, window)
    said += _of_projects(of[PROJECT], of[SILENT], moved, window)
    said += _of_agreements(of[AGREEMENT], window)
    said += [
        (
            f"The amount for {row.label} is unknown: it is printed “{row.printed}”.",
            "A misprint. Its likely reading is argued from another total and used only on demand.",
            [key],
        )
        for key, row in shown[shown.low_usd.isna() & (shown.level != SILENT)].iterrows()
    ]
    held = reconciled[reconciled.asked & (reconciled.link != NONE)]
    for row in held.drop_duplicates("record", keep="last").itertuples():
        sentence = (
            f"{row.total}: the amounts {row.link.replace('may be', 'that may be')} ({row.parts}) "
            f"come to {row.sum}; {_VERDICTS[row.verdict]}."
        )
        said.append((sentence, row.why, [row.record]))
    for row in allocated[allocated.year == "window"].itertuples():
        sentence = (
            f"Spread evenly over the days of each project, {row.evenly} of the project amounts "
            f"would fall into {window}; without that assumption, {row.anyhow}."
        )
        said.append((sentence, "An assumption of the reader's, made by no document.", []))
    return sentences(said)


def _of_channels(shown, totals_, moved, window):
    inside = totals_[totals_.in_window == "whole"]
    said = []
    if len(inside):
        known = uncertain.say_bounds(total(inside))
        what, caveat = (
            f"Channel totals stated for periods within {window} come to {known}.",
            "Our sum; the documents state no grand total, and announce a chart whose values are not "
            "in the text.",
        )
        if len(inside) == 1:
            row = inside.iloc[0]
            what = f"{row.label}, {uncertain.say_date(row.date)}: {known}."
            caveat = f"Read from “{row.printed}”; how it falls on years is not stated."
        moves = _envelope(moved, f"sum of {TOTAL}")
        said.append((what + moves, caveat, list(inside.index)))
    part = shares(shown)
    for key in [part.low_share.idxmax()] if part.low_share.gt(0).any() else []:
        row = shown.loc[key]
        said.append(
            (
                f"{row.label} ({row.printed}, payer {row.payer}) make up {part.share[key]} of it.",
                {
                    "assessed": "Assessed contributions are a duty of membership, not a choice.",
                    NOT_STATED: "Through which channel they came is not stated.",
                }.get(row.channel, "Of the channels shown."),
                [key],
            )
        )
    for key, row in totals_[totals_.in_window != "whole"].iterrows():
        where = (
            "with no period stated"
            if row.in_window == "undated"
            else f"stated for {uncertain.say_date(row.date)}, partly outside of the window"
        )
        said.append((f"{row.label}: {row.printed}, {where}.", "In no window's sum.", [key]))
    return said


def _of_projects(projects, silent, moved, window):
    count, say = uncertain.say_count, uncertain.say_bounds
    said = []
    dated, undated = (projects[(projects.in_window == "undated") == flag] for flag in (False, True))
    if len(dated):
        said.append(
            (
                f"Amounts of {count(len(dated), len(dated), 'project')} that may touch {window} "
                f"come to {say(total(dated))}.{_envelope(moved, f'sum of {PROJECT}')}",
                "Dated only by the years of the projects, so never cut to the window; never added "
                f"to channel totals.{_inferred(dated)}",
                list(dated.index),
            )
        )
    if len(undated):
        said.append(
            (
                f"{count(len(undated), len(undated), 'amount')} of projects, {say(total(undated))}, "
                f"{'has' if len(undated) == 1 else 'have'} no date at all.",
                "No project that would date it is stated, so it may lie outside of the window."
                if len(undated) == 1
                else "No projects that would date them are stated, so they may lie outside of the window.",
                list(undated.index),
            )
        )
    nowhere, guessed = (
        projects[projects.channel == NOT_STATED],
        projects[projects.inferred.str.contains("channel")],
    )
    if len(nowhere):
        more = f"; for {say(total(guessed))} it is inferred" if len(guessed) else ""
        said.append(
            (
                f"Through which channel project money came is not stated for {say(total(nowhere))}{more}.",
                "Whether it is part of a channel total is not said either.",
                list(nowhere.index.append(guessed.index)),
            )
        )
    if len(silent):
        verb = "states" if len(silent) == 1 else "state"
        said.append(
            (
                f"{count(len(silent), len(silent), 'project')} that may touch {window} {verb} no amount: "
                f"{'; '.join(silent.label)}.",
                "Not free: nobody says what it cost, or who paid."
                if len(silent) == 1
                else "Not free: nobody says what they cost, or who paid.",
                list(silent.index),
            )
        )
    return said


def _of_agreements(agreements, window):
    dated = agreements[agreements.in_window != "undated"]
    if dated.empty:
        return []
    first = dated.qualifier == "initial"
    open_above = " What follows an initial contribution is open above." if first.any() else ""
    added = total(dated)
    added = Bounds(added.low, math.inf) if first.any() else added
    lie = "dated to" if (dated.in_window == "whole").all() else "that may fall into"
    verb = "names" if len(dated) == 1 else "name"
    return [
        (
            f"{uncertain.say_count(len(dated), len(dated), 'agreement')} {lie} {window} {verb} "
            f"{uncertain.say_bounds(added)}.",
            f"Promised when signed; that it was paid is not said.{open_above}",
            list(dated.index),
        )
    ]


def _envelope(moved, figure):
    """Say to what a figure moves where one uncertain item is treated otherwise."""
    other = moved[(moved.figure == figure) & moved.moves]
    if other.low.isna().all():
        return " Treating one uncertain item otherwise leaves nothing." if len(other) else ""
    top = math.inf if (other.high.isna() & other.low.notna()).any() else int(other.high.max())
    bound = uncertain.say_bounds(Bounds(int(other.low.min()), top))
    or_none = ", or leaves nothing" if other.low.isna().any() else ""
    return f" Treating one uncertain item otherwise gives {bound}{or_none}."


def _inferred(shown):
    some = shown[shown.reading == "inferred"]
    return f" Uses the inferred reading for {', '.join(some.label)}." if len(some) else ""


def _percent(low, high):
    """Say a share in per cent as a range, rounded outwards so that it still holds the truth."""
    a, b = math.floor(low * 10) / 10, math.ceil(high * 10) / 10
    return f"{a} %" if a == b else f"between {a} % and {b} %"
