"""What money moved: stated amounts as ranges, what they come to, what fits, in plain words.

Totals of channels, amounts of projects and of agreements are never added to each other, and none
is cut to a window: our tables do not say how it falls on years.
"""

import math
from typing import NamedTuple

import pandas as pd

from ilodata import dates, naming, problems, tables, words
from ilodata.amounts import Bounds, bounds, share, total
from ilodata.evidence import certainty, doubted, gaps, lacking, reported
from ilodata.tables import those

__all__ = ["amounts", "checks", "findings", "projects", "totals"]
__dir__ = __all__.copy  # what Tab shows

TOTAL = "total of a channel"
NOT_STATED = words.NOT_STATED
# How money is said to come through each channel: the name of the channel follows the first word.
CHANNELS = {
    "assessed": "in membership dues",
    "voluntary": "in voluntary contributions",
    "jpo": "for junior professional officers",
    "trust_fund": "through a trust fund",
}
# Money from a member is one or the other: what is stated beside them may be a part of them.
WHOLE = ("assessed", "voluntary")
UNLESS = "if none is part of another"
READ = "Figures without a hedge are taken as printed, without room for rounding."


def amounts(start=None, end=None, channels=(), payers=(), *, contributions=None):
    """List the stated amounts of money of a window, of some channels and payers.

    Parameters
    ----------
    start, end : str, int or None
        First and last year, month or day of the window; a start alone is that year, "" no bound.
    channels : str or list of str
        Channels, such as "voluntary" or "membership dues", or "not stated"; empty for all.
    payers : str or list of str
        Organisations by id, name or acronym, or "not stated"; empty for all.
    contributions : DataFrame, optional
        Rows as ``load_contributions`` returns them, for a what-if.

    Returns
    -------
    DataFrame
        By record: label; level ("total of a channel", "project", "agreement": never to be added to
        each other); payer; printed; amount (linked); usd (interval of current US dollars as we read
        the hedge, missing where no figure can be read); status ("committed", or blank); channel;
        receiver; when (of itself, else of its project or agreement); in_window ("whole", "partly
        outside", "possibly", "undated"); asked (not only named beside the answer); counted (in the
        sum of `findings`); share (of that sum); certainty ("stated", "inferred", "assumed" in a
        what-if); of, label_of, when_of (sources of the amount, its label, its date); note (why it is
        here, if not an answer; linked).

    Raises
    ------
    ValueError
        If a channel, payer or date is not one we know; the parameter is named.
    """
    asked = _ask(start, end, channels, payers, contributions)
    rows, main = [*asked.chosen, *asked.beside], (asked.groups or [[]])[0]
    wholes, parts = {row.key: row.through for row in rows}, [row.bounds for row in asked.shared]
    shares = {row.record: words.out_of_100(share(row.bounds, parts)) for row in asked.shared}
    notes = {
        row.record: f"Not counted: {'; '.join(filter(None, [_by(row), *_missing(row)]))}."
        for row in asked.beside
    }
    for row in (row for row in rows if row.part_of in wholes):
        taken = words.link("Taken", f"{row.record}/part_of")
        notes[row.record] = f"{taken} to be part of the total {wholes[row.part_of]}."
    sides = [[float(row.bounds[at]) for row in rows] for at in (0, 1)]
    columns = {
        "label": [row.label for row in rows],
        "level": [row.level for row in rows],
        "payer": [_label("organisations", r.payer_id) or _lacking([r], "pay") for r in rows],
        "printed": [row.printed for row in rows],
        "amount": [row.amount for row in rows],
        "usd": pd.arrays.IntervalArray.from_arrays(*sides, closed="both"),
        "status": [row.status or "" for row in rows],
        "channel": [_name(row.channel) for row in rows],
        "receiver": [_label("organisations", row.receiver_id) or "" for row in rows],
        "when": [words.date(row.when) if row.when else None for row in rows],
        "in_window": [row.fit for row in rows],
        "asked": [row in asked.chosen for row in rows],
        "counted": pd.array([row in main and row.fit == "whole" for row in rows], bool),
        "share": [shares.get(row.record, "") for row in rows],
        "certainty": [_certainty(row.of) for row in rows],
        "of": [row.of for row in rows],
        "label_of": [_named(row) for row in rows],
        "when_of": [row.when_of for row in rows],
        "note": [notes.get(row.record, "") for row in rows],
    }
    return pd.DataFrame(columns, pd.Index([row.record for row in rows], name="record"))


def totals(start=None, end=None, channels=(), payers=(), *, contributions=None):
    """Add up what may be added: by level and payer, totals of channels by their years too.

    Parameters are those of `amounts`; left out is what has no date or may lie outside the window.

    Returns
    -------
    DataFrame
        level, payer (missing where our tables hold none), years (blank for projects and agreements:
        each has its own), amounts (how many), low_usd, high_usd (missing where an amount cannot be
        read), total (linked text).
    """
    asked, found = _ask(start, end, channels, payers, contributions), []
    for group in _grouped(asked.certain):
        payer, level, when = group[0].payer_id, group[0].level, "".join(group[0].kin[3:])
        low, high = _sum(group)
        named = [level, _label("organisations", payer), words.date(when) if when else ""]
        found.append([*named, len(group), low, None if high == math.inf else high, _added(group)])
    columns = ["level", "payer", "years", "amounts", "low_usd", "high_usd", "total"]
    return pd.DataFrame(found, columns=columns).astype({"low_usd": "Int64", "high_usd": "Int64"})


def projects(start=None, end=None, channels=(), payers=(), *, contributions=None):
    """Say of each project of a window who paid, how much, when and where.

    Parameters are those of `amounts`; of channels or payers, the projects that they paid for.

    Returns
    -------
    DataFrame
        By record, the largest amount first: project, payer, amount, dates, places (linked text, or
        "not stated" or "not in our tables"); usd and in_window (as in `amounts`), payer_certainty.
    """
    asked, found = _ask(start, end, channels, payers, contributions), []
    for key, (fit, own) in asked.projects.items():
        record, when = f"projects/{key}", _period(key)
        at = those("project_places", project_id=key, role="beneficiary")  # or else a region
        at = at or those("project_places", project_id=key, role="target_region")
        paid = {it["organisation_id"]: it["of"] for it in _funding(key)}
        paid |= {row.payer_id: f"{row.record}/payer_id" for row in own if row.payer_id}
        told = {
            "payer": [words.link(_label("organisations", it), of) for it, of in paid.items()],
            "amount": [row.amount for row in own],
            "dates": [when] * bool(when),
            "places": [words.link(_label("places", it["place_id"]), it["of"]) for it in at],
        }
        for name, said in told.items():
            lack, of = lacking(record, name.removesuffix("s"))
            also = doubted([f"{record}/title"]) * (name == "amount")  # what its money hangs on
            told[name] = words.listed(said) or (words.link(lack, [of, *also]) if of else lack)
        told["dates"] += f"; perhaps not {words.at(asked.window)}" * (fit == "possibly")
        told["payer_certainty"] = _certainty("+".join(paid.values()))
        read = [row for row in own if not row.unread]
        usd = pd.Interval(*map(float, _sum(read)), "both") if read else None
        told |= {"record": record, "project": words.link(_label("projects", key), record)}
        maybe, missing, unread = fit == "possibly", not own, not read
        order = maybe, missing, unread, -usd.right if read else 0
        found.append(told | {"usd": usd, "in_window": fit, "order": order})
    columns = "record project payer amount dates places usd in_window payer_certainty"
    found.sort(key=lambda it: it["order"])
    return tables.frame(found, columns.split(), "record")


def checks(start=None, end=None, channels=(), payers=(), *, contributions=None):
    """Set totals beside what may be their parts: a frame of text (linked), a row a check.

    Open ones are last. Parameters, as of `amounts`, choose the totals, held against all amounts.
    """
    asked, told, left = _ask(start, end, channels, payers, contributions), [], []
    for whole in (row for row in asked.chosen if row.level == TOTAL and not row.unread):
        same = [r for r in _loose(asked.every, [whole]) if r.level == "project"]
        parts = [row for row in asked.every if row.part_of == whole.key]
        if parts and all(row in asked.chosen and row.fit != "possibly" for row in parts):
            told.append(_fits(whole, parts))
        elif same:
            payers = words.listed(dict.fromkeys(row.payer for row in same))
            said = f"the {_added(same)} for projects from {payers} is part of the {whole.phrase}"
            left.append(f"Whether {said} is {_lacking(same, 'channel')}.")
    return pd.DataFrame({"text": [*told, *left]})


def findings(start=None, end=None, channels=(), payers=(), *, contributions=None):
    """State what the amounts of a window come to: a headline and what a reader should know.

    Parameters are those of `amounts`.

    Returns
    -------
    DataFrame
        kind ("headline", "standfirst", "finding", "caveat"), text (linked); value (as printed, or
        our share), low, high and unit of the one figure that a sentence states.
    """
    asked = _ask(start, end, channels, payers, contributions)
    main, *others = asked.groups or [[]]
    lines = _of_share(asked.shared) if asked.shared else [_of_totals(main)] if main else []
    lines[1:1] = [_of_sum(main)] if len(main) > 1 else []
    undated = [row for row in asked.chosen if row.level == TOTAL and not row.when]
    apart = [_of_totals([row], "Not in the total: " * (len(main) > 1)) for row in undated]
    apart += map(_of_totals, others)
    lines += apart if len(apart) < 2 else [_line(" ".join(it["text"] for it in apart))]
    lines += _stated(asked, "project", "Money for projects")
    lines += _stated(asked, "agreement", "Money in agreements")
    lines = [*(lines or [_none(asked)]), *_notes(asked)]
    lines[0] |= {"kind": "headline"}
    caveats = [_uncertain(asked)]
    if tables.beyond(start, end):
        caveats.append(f"The texts report up to {reported()}.")
    lines += [_line(said, kind="caveat") for said in caveats if said]
    return pd.DataFrame(lines).astype(dict.fromkeys(["value", "low", "high"], float))


class Amount(NamedTuple):
    """An amount as it is counted and told: cells, blank ones ``None``, and what follows of them."""

    label: str
    printed: str
    status: str | None
    amount_usd: int | None
    likely_usd: int | None
    payer_id: str | None
    receiver_id: str | None
    project_id: str | None
    agreement_id: str | None
    part_of: str | None  # the key of a total
    channel: str | None
    level: str  # as `amounts` says it
    key: str
    record: str
    known: bool  # in our tables, not only in a what-if
    when: str | None  # of itself, or else of its project or agreement
    when_of: str  # the cell of that
    fit: str  # how it lies in the window
    bounds: Bounds
    unread: bool  # a misprint
    most: float  # to sort by
    kin: tuple  # the same of those that may be added
    cell: str  # what the figure rests on
    of: str  # what the amount rests on
    usd: str  # this and what follows are linked text: "over US$ 5"
    likely: str | None
    amount: str  # both
    from_fund: bool  # its payer is the fund that it came through
    through: str  # "in membership dues"
    phrase: str  # "over US$ 5 in membership dues"
    payer: str
    receiver: str


class Question(NamedTuple):
    """A question as read."""

    every: list  # all amounts (`Amount`)
    chosen: list  # those asked for that may lie in the window
    certain: list  # of these, those that have a date and certainly lie in it
    groups: list  # totals among these, by what may be added; the first is the one to speak of
    shared: list  # totals of that one, if a share of each is said
    beside: list  # amounts that a careful person mentions beside them, not counted
    projects: dict  # id: how it lies in the window, its amounts
    window: str  # in words, "" for all years
    payers: list  # ids asked for, or "not stated"
    channels: list  # codes asked for, or "not stated"


def _ask(start, end, channels, payers, contributions):
    """Read a question."""
    channels, payers = ([a] if isinstance(a, str) else [*a] for a in (channels or (), payers or ()))
    named = [name for name in payers if str(name).lower() != NOT_STATED]
    every = _read(start, end, contributions)
    how = _channels(channels, every)
    who = naming.find(named, "organisations", "payers") + [NOT_STATED] * (len(named) < len(payers))
    chosen = [row for row in every if row.fit != "no"]
    chosen = [row for row in chosen if not who or (row.payer_id or NOT_STATED) in who]
    chosen = [row for row in chosen if not how or (row.channel or NOT_STATED) in how]
    certain = [row for row in chosen if row.when and row.fit != "possibly"]
    groups = _grouped(row for row in certain if row.level == TOTAL)
    # The one to speak of is whole within the window, of most channels, the latest.
    groups.sort(key=lambda g: (g[0].fit == "whole", len(g), g[0].when), reverse=True)
    shared, beside = _shared(groups, how), _beside(every, chosen, who, how)
    mine = _projects(every, chosen, how, who, start, end)
    said = words.window(start, end)
    return Question(every, chosen, certain, groups, shared, beside, mine, said, who, how)


def _shared(groups, channels):
    """List the totals of which a share is said: those of all channels, whole and read."""
    rows = [row for row in (groups or [[]])[0] if row.fit == "whole"]
    clear = not channels and not any(row.unread for row in rows)
    return rows if clear and {*WHOLE} <= {row.channel for row in rows} else []


def _beside(every, chosen, payers, channels):
    """List what belongs to an answer and was not asked for, nor is counted."""
    near, held = _near(payers, {row.receiver_id for row in every})
    there = [row for row in every if row.fit != "no"]
    beside = _loose(there, chosen)
    beside += [r for r in there if r.payer_id in near or not r.payer_id and r.agreement_id in held]
    beside = [r for r in beside if not (channels and r.channel and r.channel not in channels)]
    return [row for row in dict.fromkeys(beside) if row not in chosen and not row.part_of]


def _grouped(rows):
    """Put together the amounts that may be added, each group with the largest first."""
    groups = {}
    for row in sorted(rows, key=lambda row: -row.most):
        groups.setdefault(row.kin, []).append(row)
    return [*groups.values()]


def _near(payers, receivers):
    """Name those whose money a careful person mentions beside that of some payers, and agreements.

    The state that they are part of, its funds, and who acts for them; the agreements of them all.
    """
    near = {f"organisations/{key}" for key in payers}
    parts, made = (those("relations", predicate=it) for it in ("part_of", "established_by"))
    near |= {tie["object"] for tie in parts if tie["subject"] in near}
    near |= {tie["subject"] for tie in made if tie["object"] in near}
    near = {record.partition("/")[2] for record in near} - receivers
    parties = [it for it in those("agreement_parties") if it["organisation_id"] in near]
    same = {it["same_as_id"] for it in parties} - {""}
    return near | same, {it["agreement_id"] for it in parties}


def _loose(every, chosen):
    """List what may be part of a voluntary total: other money, without a channel."""
    wholes = [r.when for r in chosen if r.channel == "voluntary" and r.level == TOTAL and r.when]
    loose = [r for r in every if r.level != TOTAL and not (r.channel or r.unread) and r.when]
    return [r for r in loose if any(dates.in_window(r.when, w, w) != "no" for w in wholes)]


def _read(start, end, contributions):
    """Read the amounts that no later one supersedes; a part has the channel of its total."""
    frame = tables.load_contributions() if contributions is None else contributions
    frame = frame.astype(object).where(frame.notna(), None)
    gone = tables.superseded("contributions") if contributions is None else frame.supersedes_id
    wholes, rows = frame.channel.to_dict(), []
    dated = {f"{it['of']}/period": it["period"] for it in those("projects")}
    dated |= {f"{it['of']}/signed": it["signed"] for it in those("agreements")}
    for key, row in frame[~frame.index.isin(gone)].to_dict("index").items():
        dated[own := f"contributions/{key}/period"] = row["period"]
        ways = [own, f"projects/{row['project_id']}/period"]
        ways.append(f"agreements/{row['agreement_id']}/signed")
        when_of = next((of for of in ways if not dates.blank(dated.get(of))), "")
        fit = _fit(when := dated.get(when_of), start, end)
        if row["level"] == "channel_total":
            row["level"] = TOTAL
            fit = "partly outside" if fit == "possibly" else fit  # given for all of a year
        row["channel"] = row["channel"] or wholes.get(row["part_of"])
        rows.append(_amount(key, row, when, when_of, fit))
    fits = {row.key: {part.fit for part in rows if part.part_of == row.key} for row in rows}
    # A total without a date is outside the window if all that it was for is.
    out = [not row.when and fits[row.key] == {"no"} for row in rows]
    return [row._replace(fit="no") if no else row for row, no in zip(rows, out, strict=True)]


def _fit(when, start, end):
    """Tell how something dated `when` lies in a window."""
    fit, (first, last) = tables.in_window(when, start, end), dates.window(start, end)
    if fit == "certainly":
        inside = not (first or last) or dates.contains(f"{first or '..'}/{last or '..'}", when)
        return "whole" if inside else "partly outside"
    return fit


def _amount(key, row, when, when_of, fit):
    """Put an amount together from its cells: its bounds, its words, and what they rest on."""
    cell = {name: f"contributions/{key}/{name}" for name in row}
    read = bounds(row["amount_usd"], row["qualifier"], row["printed_unit_usd"])
    said = words.stated(row["amount_usd"], row["qualifier"], row["printed"])
    unread = math.isnan(read.low)
    guessed = not unread and _certainty(cell["amount_usd"]) == "inferred"
    shown = "amount_usd" if guessed else "printed"  # a doubt about a sum is none about the print
    usd, counts = words.link(said, cell[shown]), cell["printed" if unread else "amount_usd"]
    likely = row["likely_usd"] and words.link(words.money(row["likely_usd"]), cell["likely_usd"])
    who, to = row["payer_id"], row["receiver_id"]
    payer, receiver = (naming.the(f"organisations/{it}") if it else "" for it in (who, to))
    fund = those("organisations", organisation_id=who, kind="fund")
    from_fund = bool(fund) and row["channel"] == "trust_fund"
    way = CHANNELS.get(row["channel"]) or f"through {_name(row['channel']) or 'some channel'}"
    by = "part_of" if row["part_of"] else "channel"
    needed = ["payer_id", *["channel"] * (not row["part_of"]), "agreement_id"]
    way, by = (f"through {payer}", "payer_id") if from_fund else (way, by)
    through = words.link(way, cell[by])
    held = [name for name in tables.fields("contributions") if name in Amount._fields]
    return Amount(
        **{name: row[name] for name in held},
        key=key,
        record=f"contributions/{key}",
        known=bool(those("contributions", contribution_id=key)),
        when=when,
        when_of=when_of,
        fit=fit,
        bounds=read,
        unread=unread,
        most=0 if unread else read.high,
        kin=(who, row["level"], *(to, when) * (row["level"] == TOTAL)),
        cell=counts,
        of="+".join([counts, *(cell[name] for name in needed if row[name])]),
        usd=usd,
        likely=likely,
        amount=f"{usd}, likely {likely}" if likely else usd,
        from_fund=from_fund,
        through=through,
        phrase=f"{usd} {through}",
        payer=words.link(payer, cell["payer_id"]) if who else "an unnamed payer",
        receiver=words.link(receiver, cell["receiver_id"]) if to else "",
    )


def _item(row, short=False):
    """Say an amount: who pays, what for, its years, what is missing; in short what for, and years."""
    named = {
        f"projects/{row.project_id}": _label("projects", row.project_id),
        f"{row.record}/agreement_id": _label("agreements", row.agreement_id),
    }
    facts = [words.link(name, of) for of, name in named.items() if name]
    when = words.date(row.when) if row.when else ""
    if when and not words.plain("".join(facts)).endswith(when):
        facts.append("dated " * (row.level == "agreement") + words.link(when, row.when_of))
    if short:
        return f"{row.usd} ({'; '.join(facts)})"
    facts = "; ".join([*facts, *_missing(row)])
    return f"{' '.join(filter(None, [row.usd, _by(row)]))} ({facts})"


def _missing(row):
    """Say what an amount lacks."""
    cells = {"years": row.when, "payer": row.payer_id, "channel": row.channel}
    return [f"{it} {_lacking([row], it)}" for it, cell in cells.items() if not cell]


def _by(row):
    """Say who pays an amount, and by which way a total comes."""
    by = f"{words.link(row.status, f'{row.record}/status')} by" if row.status else "from"
    by = f"{by} {row.payer}" if row.payer_id and not row.from_fund else ""
    way = row.through if row.level == TOTAL or row.from_fund else ""
    way += _founded(row) if row.level == TOTAL and row.from_fund else ""
    return " ".join(filter(None, [by, way]))


def _named(row):
    """Name the cells that the label of an amount tells of; none of a what-if's own rows."""
    held, told = tables.row(row.record) if row.known else {}, ("label", "channel", "agreement_id")
    return "+".join(f"{row.record}/{it}" for it in told if held.get(it))


def _lacking(rows, word):
    """Say how a thing is missing of amounts: "not stated" where a gap says so of each."""
    word = "pay" if word == "payer" else word  # "Who pays …"
    sure = all(row.known and lacking(row.record, word)[0] == NOT_STATED for row in rows)
    return NOT_STATED if sure else words.NOT_HELD


def _channels(asked, rows):
    """Return the codes of the channels asked for."""
    codes = [*CHANNELS, *(row.channel for row in rows if row.channel)]
    named = {name: code for code in codes for name in (code.replace("_", " "), code, _name(code))}
    named[NOT_STATED] = NOT_STATED
    for name in asked:
        if str(name).lower() not in named:
            known = problems.nearest(name, named, [*map(_name, CHANNELS), NOT_STATED])
            raise problems.DataError(f"channels: {name!r} is not one of our channels; {known}")
    return [named[str(name).lower()] for name in asked]


def _projects(every, chosen, channels, payers, start, end):
    """Return the projects of a question by id: how each lies in the window, and its amounts."""
    found = {}
    for key, when in tables.load_projects().period.items():
        paid = [row for row in every if row.level == "project" and row.project_id == key]
        own, fit = [row for row in paid if row in chosen], _fit(when, start, end)
        who = {it["organisation_id"] for it in _funding(key)} or {NOT_STATED}
        right = not channels and (not payers or who & {*payers})
        if fit != "no" and (own or (right and not paid)):
            found[key] = fit, own
    return found


def _funding(key):
    """List the rows of those who fund a project."""
    return those("project_organisations", project_id=key, role="funding")


def _sum(rows):
    return total(row.bounds for row in rows)


def _name(code):
    """Name a channel: "membership dues"."""
    return CHANNELS[code].partition(" ")[2] if code in CHANNELS else code and code.replace("_", " ")


def _label(table, key):
    return naming.label(f"{table}/{key}") if key else None


def _project(key):
    """Name a project, linked to its title too where that is in doubt."""
    of = [f"projects/{key}", *doubted([f"projects/{key}/title"])]
    return words.link(_label("projects", key), of)


def _period(key):
    """Say the dates of a project, linked; "" where there are none."""
    when = tables.row(f"projects/{key}")["period"]
    return when and words.link(words.date(when), f"projects/{key}/period")


def _certainty(of):
    """Return the certainty of a source, "" of none, "assumed" for a what-if's own rows."""
    try:
        return certainty(of) if of else ""
    except problems.DataError:
        return "assumed"


def _how(rows):
    """Say how amounts are added up, and how each is read."""
    parts = " + ".join(words.money_range(row.bounds) for row in rows)
    added = f"{parts} = {words.money_range(_sum(rows))}, {UNLESS}. "
    return added * (len(rows) > 1) + READ


def _added(rows, say=words.money_range):
    """Say a sum, with its parts as its proof."""
    return words.link(say(_sum(rows)), [row.cell for row in rows], _how(rows))


def _line(text, rows=(), kind="finding"):
    """Make a line of `findings`: a sentence, and the figure of the amounts that it states."""
    low, high = _sum(rows) if len(rows) > 1 else rows[0].bounds if rows else (None, None)
    value = rows[0].amount_usd if len(rows) == 1 else low if low == high else None
    high, unit = None if high == math.inf else high, "US$" if rows else None
    text = words.capital(text)
    return {"kind": kind, "text": text, "value": value, "low": low, "high": high, "unit": unit}


def _none(asked):
    """Say that our tables hold no money of what was asked."""
    ids = [f"organisations/{it}" for it in asked.payers if it != NOT_STATED]
    who = [*map(naming.as_such, ids), *["an unnamed payer"] * (NOT_STATED in asked.payers)]
    said = f" from {words.listed(who, 'or')}" * bool(who)
    how = words.listed(map(_name, asked.channels), "or")
    said += f" (channel: {how})" * bool(how)
    verb, when = ("date", f" {words.at(asked.window)}") if asked.window else ("hold", "")
    return _line(f"Our tables {verb} no money{said}{when}.")


def _of_share(group):
    """Say how much of every hundred dollars the largest total is, and what came beyond it."""
    big, part = group[0], share(group[0].bounds, [row.bounds for row in group])
    cells, channel = [row.cell for row in group], f"{big.record}/channel"
    low, high = math.floor(1000 * part.low) / 10, math.ceil(1000 * part.high) / 10
    how = f"{words.money_range(big.bounds)} of {_how(group)}"
    shown = words.link(words.out_of_100(part), [*cells, channel], how)
    to, named = f" to {big.receiver}" * bool(big.receiver), words.link(_name(big.channel), channel)
    said = f"{shown} dollars that {big.payer} provided{to} {_at(group)} were {named}."
    figures = {"value": round(50 * sum(part)), "low": low, "high": high, "unit": "of 100 dollars"}
    beyond = f"Beyond that: {words.listed(row.phrase for row in group[1:])}."
    return [_line(said) | figures, _line(f"{named}: {big.usd}. {beyond}")]


def _of_sum(group):
    """Say what several totals come to."""
    found, note = gaps([row.record for row in group if row.known]), f"our sum, {UNLESS}"
    for key, gap in found[found.field == ""][:1].iterrows():
        note += f"; {words.link(words.uncapital(gap.title), f'conflicts/{key}', gap.what)}"
    many = words.link(words.number(len(group)), [row.record for row in group])
    when = words.link(words.date(group[0].when), [row.when_of for row in group])
    said = f"together, the {many} totals for {when} come to {_added(group, words.about)}"
    return _line(f"{said} ({note}).", group, kind="standfirst")


def _of_totals(group, lead=""):
    """Say totals of one payer and period, or one that came through a fund or has no period."""
    first, to = group[0], f" {group[0].receiver} with" * bool(group[0].receiver)
    said = f"{first.payer} provided{to} {words.listed(row.phrase for row in group)}"
    if first.from_fund:
        said = (
            f"{first.receiver or 'somebody'} receives {words.listed(row.phrase for row in group)}"
        )
        said += _founded(first)
    when = _at(group) if first.when else f"(years {_lacking([first], 'years')})"
    return _line(f"{lead}{said} {when}.", group)


def _at(rows):
    said = words.date(rows[0].when)
    return words.at(said, words.link(said, [row.when_of for row in rows]))


def _founded(row):
    """Say who established the fund that a total came through, and for how many projects it is."""
    fund, figures = f"organisations/{row.payer_id}", tables.current("indicators")
    made = those("relations", predicate="established_by", subject=fund)
    by = [words.link(naming.the(tie["object"]), tie["of"]) for tie in made]
    told = [f"established by {words.listed(by)}"] * bool(by)
    figures = figures[(figures.record == row.record) & (figures.unit == "projects")]
    for key, value in figures.value.items():
        count = words.counted(int(value), "project")
        told.append(f"for {words.link(count, f'indicators/{key}/value')}")
    return ", ".join(["", *told])


def _stated(asked, level, lead):
    """List the amounts of projects, or in agreements."""
    rows = sorted((r for r in asked.certain if r.level == level), key=lambda row: -row.most)
    short = len(rows) > 2 and not (asked.payers or asked.channels)
    said = f"{lead}: {'; '.join(_item(row, short) for row in rows)}."
    return [_line(said, rows * (len(rows) == 1))] if rows else []


def _notes(asked):
    """Say what is not to be added or cut, which projects have no amount, and what is not counted."""
    wholes = [row for row in asked.chosen if row.level == TOTAL]
    rows = [row for row in asked.certain if row.level == "project"]
    told = ["Do not add amounts of projects to totals: they may be parts of them."]
    told *= bool(wholes and rows)
    if any(row.fit == "partly outside" for row in wholes):
        told.append(f"Totals are given whole, not cut to {asked.window}.")
    keys = [key for key, (fit, own) in asked.projects.items() if fit != "possibly" and not own]
    silent = {lacking(f"projects/{key}", "amount")[0] for key in keys} == {NOT_STATED}
    lack = "a stated amount" if silent else "an amount in our tables"
    if keys:
        told.append(f"Projects without {lack}: {words.listed(map(_project, keys), names=True)}.")
    if asked.beside:
        told.append(f"Not counted here: {'; '.join(map(_item, asked.beside))}.")
    return [_line(" ".join(told))] if told else []


def _uncertain(asked):
    """Name the projects and amounts that may lie in the window and are not counted."""
    may = [key for key, (fit, own) in asked.projects.items() if fit == "possibly" and not own]
    rows = [row for row in asked.chosen if row.fit == "possibly"]
    named = [f"{_project(key)} ({_period(key)})" for key in may]
    return words.uncertain([*named, *map(_item, rows)], asked.window)


def _fits(whole, parts):
    """Set a total beside the amounts that are booked as its parts."""
    likely = [row for row in parts if row.unread and row.likely_usd]
    figures = [Bounds(r.likely_usd, r.likely_usd) if r in likely else r.bounds for r in parts]
    cells = [f"{r.record}/likely_usd" if r in likely else r.cell for r in parts]
    how = " + ".join(map(words.money_range, figures))
    come = words.link(words.money_range(total(figures)), cells, how)
    many = words.link(words.counted(len(parts), "amount"), [f"{r.record}/part_of" for r in parts])
    said = f"{many} {whole.through} {words.verb(len(parts), 'come')} to {come}"
    said += f" if the misprint means {words.listed(row.likely for row in likely)}" * bool(likely)
    return words.capital(f"{said}; the total is {whole.usd}.")
