"""What money moved: stated amounts as ranges, what they come to, what fits, in plain words.

Totals of channels, amounts of projects and of agreements are never added to each other, and none
is cut to a window: our tables do not say how it falls on years.
"""

import math
from types import SimpleNamespace

import pandas as pd

from ilodata import dates, problems, tables, words
from ilodata.amounts import Bounds, bounds, difference, hedge, share, total
from ilodata.evidence import certainty, gaps

__all__ = ["amounts", "checks", "findings", "projects", "totals"]

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
TOLERANCE = 0.02  # how far "about" reaches from one reading to another
NOBODY = "somebody whom our tables do not name"
READ = "Figures without a hedge are taken as printed, without room for rounding."


def __dir__():
    return __all__  # what Tab shows


def amounts(start=None, end=None, channels=(), payers=(), *, contributions=None):
    """List the stated amounts of money of a window, of some channels and payers.

    Parameters
    ----------
    start, end : str, int or None
        First and last year (or month, or day) of the window; blank for no bound.
    channels : str or list of str
        Channels, such as "voluntary" or "membership dues", or "not stated"; empty for all.
    payers : str or list of str
        Organisations by id, name or acronym, or "not stated"; empty for all.
    contributions : DataFrame, optional
        Rows as ``load_contributions`` returns them, for a what-if.

    Returns
    -------
    DataFrame
        Indexed by record: label; level ("total of a channel", "project", "agreement": never to be
        added to each other); payer; printed; usd (interval of current US dollars as we read the
        hedge, missing where no figure can be read); status ("committed", or blank); channel;
        receiver; project; agreement; when (of itself, else of its project or agreement); in_window
        ("whole", "partly outside", "possibly", "no date"); counted (in the sum of `findings`);
        share (of that sum); certainty ("stated", "inferred", "assumed" in a what-if); of (its
        source); when_of (that of its date); note (why it is here, if not an answer; linked).

    Raises
    ------
    ValueError
        If a channel, payer or date is not one we know; the parameter is named.
    """
    asked = _ask(start, end, channels, payers, contributions)
    also = _also(asked)
    rows = [*asked.chosen, *(row for row, _ in also)]
    sides = [[float(row.bounds[at]) for row in rows] for at in (0, 1)]
    columns = {
        "label": [row.label for row in rows],
        "level": [row.level for row in rows],
        "payer": [_label("organisations", row.payer_id) for row in rows],
        "printed": [row.printed for row in rows],
        "usd": pd.arrays.IntervalArray.from_arrays(*sides, closed="both"),
        "status": [row.status or "" for row in rows],
        "channel": [_name(row.channel) for row in rows],
        "receiver": [_label("organisations", row.receiver_id) for row in rows],
        "project": [_label("projects", row.project_id) for row in rows],
        "agreement": [_label("agreements", row.agreement_id) for row in rows],
        "when": [words.date(row.when) if row.when else None for row in rows],
        "in_window": [row.fit for row in rows],
        "counted": pd.array([row in asked.main for row in rows], bool),
        "share": [words.out_of_100(_share(asked, r)) if r in asked.shared else "" for r in rows],
        "certainty": [_certainty(row.of) for row in rows],
        "of": [row.of for row in rows],
        "when_of": [row.dated for row in rows],
        "note": [""] * len(asked.chosen) + [said for _, said in also],
    }
    return pd.DataFrame(columns, pd.Index([row.record for row in rows], name="record"))


def totals(start=None, end=None, channels=(), payers=(), *, contributions=None):
    """Add up what may be added: by level and payer, totals of channels by their years too.

    Parameters are those of `amounts`; amounts without a date, or not for certain in the window,
    are left out.

    Returns
    -------
    DataFrame
        level, payer (missing where our tables hold none), years (blank for projects and agreements:
        each has its own), amounts (how many), low_usd, high_usd (missing where an amount cannot be
        read), total (linked text).
    """
    asked, found = _ask(start, end, channels, payers, contributions), []
    for group in _grouped(asked.dated):
        payer, _, when, level = group[0].kin
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
        By record, the largest amount first: project, payer, amount, dates, places (linked text,
        "–" where our tables hold nothing); usd and in_window (as in `amounts`), payer_certainty.
    """
    asked = _ask(start, end, channels, payers, contributions)
    periods, found = tables.load_projects().period, []
    roles, spots = tables.load_project_organisations(), tables.load_project_places()
    for key, (fit, own) in _projects(asked, start, end).items():
        record, read = f"projects/{key}", [row for row in own if not row.unread]
        funding = roles[(roles.project_id == key) & (roles.role == "funding")].organisation_id
        paid = {payer: f"project_organisations/{id_}" for id_, payer in funding.items()}
        paid |= {row.payer_id: f"{row.record}/payer_id" for row in own if row.payer_id}
        at = spots[(spots.project_id == key) & (spots.role != "network_home")]
        at = at[at.role == at.role.min()].place_id  # beneficiaries, else the region aimed at
        payer = [words.link(_label("organisations", key), of) for key, of in paid.items()]
        place = [words.link(_label("places", p), f"project_places/{i}") for i, p in at.items()]
        when = words.date(periods[key])
        told = {
            "record": record,
            "project": words.link(_label("projects", key), record),
            "payer": words.listed(payer) or "–",
            "amount": words.listed(row.amount for row in own) or "–",
            "dates": "–" if when == NOT_STATED else words.link(when, f"{record}/period"),
            "places": words.listed(place) or "–",
            "usd": pd.Interval(*map(float, _sum(read)), "both") if read else None,
            "in_window": fit,
            "payer_certainty": _certainty("+".join(paid.values())) if paid else "",
        }
        told["dates"] += f"; not certain in {asked.window}" * (fit == "possibly")
        found.append(told)
    found.sort(key=lambda row: -row["usd"].right if row["usd"] else 0)
    columns = "record project payer amount dates places usd in_window payer_certainty"
    return tables.frame(found, columns.split(), "record")


def checks(start=None, end=None, channels=(), payers=(), *, contributions=None):
    """Hold totals against what may be their parts, and the headline against other ways to count.

    Parameters are those of `amounts`: they choose the totals, held against all amounts.

    Returns
    -------
    DataFrame
        text (linked), a line each; holds ("yes", "no", "if the misprint is read", "open").
    """
    asked, found = _ask(start, end, channels, payers, contributions), []
    loose = [r for r in asked.every if r.level == "project" and not (r.channel or r.unread)]
    for whole in (row for row in asked.chosen if row.level == TOTAL and not row.unread):
        same = [row for row in loose if dates.in_window(row.when, whole.when, whole.when) != "no"]
        if whole.parts:
            found.append(_fits(whole))
        elif same and whole.channel == "voluntary":
            less = "less" if difference(whole.bounds, _sum(same)).low > 0 else "not less"
            count = _counted(row.project_id for row in same)
            said = f"The channel of {_added(same)} for {count} is not in our tables. This is {less}"
            said += f" than {whole.each}; our tables do not say whether it is part of it."
            found.append((said, "open"))
    found = sorted(found, key=lambda line: line[1] == "open") + _with_others(asked)
    alone = [("We know of nothing in our tables to check these amounts against.", "open")]
    return pd.DataFrame(found or alone, columns=["text", "holds"])


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
    mine, lines = _projects(asked, start, end), _answer(asked)
    lines[0] |= {"kind": "headline"}
    lines += [_of_totals(group) for group in asked.groups[1:]]
    lines += [_of_totals([row], bool(asked.groups)) for row in asked.undated]
    lines += [_line(said, [row]) for row, said in _also(asked)] + _of_agreements(asked)
    lines += _of_projects(mine, lines) + _caveats(asked, mine)
    frame = pd.DataFrame(lines).drop_duplicates("text")
    frame = frame.astype(dict.fromkeys(["value", "low", "high"], float))
    return frame[frame.groupby("kind").cumcount() < 5].reset_index(drop=True)


def _ask(start, end, channels, payers, contributions):
    """Read a question: all amounts, those that answer it, the choice in codes, ids and words."""
    channels, payers = ([a] if isinstance(a, str) else [*a] for a in (channels or (), payers or ()))
    named = [name for name in payers if str(name).lower() != NOT_STATED]
    asked = SimpleNamespace(every=_read(start, end, contributions))
    asked.channels = _channels(channels, asked.every)
    asked.payers = tables.find(named, "organisations", "payers")
    asked.payers += [NOT_STATED] * (len(named) < len(payers))
    asked.window = words.window(start, end) if start or end else ""
    how, who = asked.channels or [row.channel or NOT_STATED for row in asked.every], asked.payers
    asked.right = [r for r in asked.every if r.fit != "no" and (r.channel or NOT_STATED) in how]
    asked.chosen = [r for r in asked.right if not who or (r.payer_id or NOT_STATED) in who]
    asked.dated = [row for row in asked.chosen if row.when and row.fit != "possibly"]
    asked.undated = [row for row in asked.chosen if row.level == TOTAL and not row.when]
    asked.groups = _grouped(row for row in asked.dated if row.level == TOTAL)
    # The one to speak of is whole within the window, of most channels, the latest.
    asked.groups.sort(key=lambda g: (g[0].fit == "whole", len(g), g[0].when), reverse=True)
    asked.main = [row for group in asked.groups[:1] for row in group if row.fit == "whole"]
    # A share is said of totals of all channels, each of them known and read.
    clear = not asked.channels and all(row.channel and not row.unread for row in asked.main)
    asked.shared = asked.main if clear and len(asked.main) > 1 else []
    return asked


def _grouped(rows):
    """Put together the amounts that may be added, each group with the largest first."""
    groups = {}
    for row in sorted(rows, key=lambda row: -row.size):
        groups.setdefault(row.kin, []).append(row)
    return [*groups.values()]


def _read(start, end, contributions):
    """Read the amounts that no later one supersedes, each with how it lies in the window."""
    frame = tables.load_contributions() if contributions is None else contributions
    frame = frame.astype(object).where(frame.notna(), None)
    gone = tables.superseded("contributions") if contributions is None else frame.supersedes_id
    wholes = frame.channel.to_dict()
    periods, signed, rows = tables.load_projects().period, tables.load_agreements().signed, []
    for key, cells in frame[~frame.index.isin(gone)].to_dict("index").items():
        row = SimpleNamespace(**cells, record=f"contributions/{key}", key=key)
        row.level = TOTAL if row.level == "channel_total" else row.level
        project = f"{row.record}/project_id+projects/{row.project_id}/period"
        agreement = f"{row.record}/agreement_id+agreements/{row.agreement_id}/signed"
        ways = {f"{row.record}/period": row.period, project: periods.get(row.project_id)}
        ways[agreement] = signed.get(row.agreement_id)
        known = [(of, when) for of, when in ways.items() if not dates.blank(when)]
        row.dated, row.when = known[0] if known else ("", None)
        row.channel = row.channel or wholes.get(row.part_of)
        row.bounds = bounds(row.amount_usd, row.qualifier, row.printed_unit_usd)
        row.fit, row.unread = _fit(row.when, start, end), math.isnan(row.bounds.low)
        if row.level == TOTAL and row.fit == "possibly":
            row.fit = "partly outside"  # what is given for a year is given for all of it
        row.size = 0 if row.unread else row.bounds.high
        same = (row.receiver_id, row.when) if row.level == TOTAL else ("", "")
        row.kin = (row.payer_id, *same, row.level)  # what may be added
        rows.append(_worded(row))
    made = tables.load_relations().query("predicate == 'established_by'")
    founders = {fund: (key, by) for key, fund, by in made[["subject", "object"]].itertuples()}
    for row in rows:
        row.parts = [part for part in rows if part.part_of == row.key]
        row.founder = founders.get(f"organisations/{row.payer_id}") if row.from_fund else None
        if not row.when and {part.fit for part in row.parts} == {"no"}:
            row.fit = "no"  # none of what it was for was in the window
    return rows


def _fit(when, start, end):
    """Tell how something dated `when` lies in a window."""
    fit, (first, last) = dates.in_window(when, start, end), dates.window(start, end)
    if fit == "certainly":
        inside = not (first or last) or dates.contains(f"{first or '..'}/{last or '..'}", when)
        return "whole" if inside else "partly outside"
    return "no date" if fit == "undated" else fit


def _worded(row):
    """Add the words that sentences are made of, and the cells that they rest on."""
    row.cell = f"{row.record}/{'printed' if row.unread else 'amount_usd'}"
    payer, to, channel = (f"{row.record}/{n}" for n in ("payer_id", "receiver_id", "channel"))
    said = f"a misprinted “{row.printed}”"
    if not row.unread:
        said = hedge(row.qualifier) + words.money(row.amount_usd)
    row.usd = row.amount = words.link(said, row.cell)
    if row.likely_usd:
        row.likely = words.link(words.money(row.likely_usd), f"{row.record}/likely_usd")
        row.amount += f"; likely {row.likely}"
    kind = tables.load_organisations().kind.get(row.payer_id)
    row.from_fund = row.channel == "trust_fund" and kind == "fund"
    row.payer = words.link(_the(row.payer_id), payer) if row.payer_id else NOBODY
    row.receiver = words.link(_the(row.receiver_id), to) if row.receiver_id else ""
    unnamed = "through " + (_name(row.channel) if row.channel else "a channel not in our tables")
    row.through = CHANNELS.get(row.channel, unnamed)
    proof = f"{row.record}/part_of" if row.part_of else channel
    if row.from_fund:
        row.through, proof = f"through {_the(row.payer_id)}", payer
    row.each = words.link(f"{said} {row.through}", [row.cell, proof])
    row.through = words.link(row.through, proof)
    known = [payer] * bool(row.payer_id) + [channel] * bool(row.channel and not row.part_of)
    row.of = "+".join([row.cell, *known])
    if row.when:
        row.time, time = words.link(words.date(row.when), row.dated), words.date(row.when)
        row.at = row.time if time[0].islower() else f"in {row.time}"  # "since 2015" needs no "in"
    return row


def _channels(asked, rows):
    """Return the codes of the channels asked for."""
    codes = [*CHANNELS, *(row.channel for row in rows if row.channel)]
    named = {name: code for code in codes for name in (code.replace("_", " "), code, _name(code))}
    named |= {row.label.lower(): row.channel for row in rows if row.level == TOTAL and row.channel}
    named[NOT_STATED] = NOT_STATED
    for name in asked:
        if str(name).lower() not in named:
            known = problems.nearest(name, named, [*map(_name, CHANNELS), NOT_STATED])
            raise problems.DataError(f"channels: {name!r} is not one of our channels; {known}")
    return [named[str(name).lower()] for name in asked]


def _also(asked):
    """List amounts through a fund that a payer asked for established, or of agreements with it."""
    parties, found = tables.load_agreement_parties(), []
    parties = parties[parties.organisation_id.isin(asked.payers)]
    for row in asked.right:
        party = parties[parties.agreement_id == row.agreement_id].organisation_id
        if len(party) and not row.payer_id and row not in asked.chosen:
            who = [words.link(_the(key), f"agreement_parties/{i}") for i, key in party.items()]
            silent = "in our tables" if gaps(f"{row.record}/payer_id").empty else "stated"
            one = words.link("one more amount" if asked.chosen else "one amount", row.record)
            said = f"{one}, {row.usd}, belongs to an agreement with {words.listed(who)}"
            found.append((row, words.capital(f"{said}; its payer is not {silent}.")))
        elif row.founder and row.level == TOTAL and row not in asked.chosen:
            by = row.founder[1].partition("/")[2] in asked.payers
            found += [(row, _of_totals([row], bool(asked.groups))["text"])] * by
    return found


def _projects(asked, start, end):
    """Return the projects of a question by id: how each lies in the window, and its amounts."""
    roles, found = tables.load_project_organisations(), {}
    paying = roles[roles.role == "funding"].groupby("project_id").organisation_id.agg(set)
    for key, when in tables.load_projects().period.items():
        paid = [row for row in asked.every if row.level == "project" and row.project_id == key]
        own, fit = [row for row in paid if row in asked.chosen], _fit(when, start, end)
        who = paying.get(key, {NOT_STATED})
        right = not asked.channels and (not asked.payers or who & {*asked.payers})
        if fit != "no" and (own or (right and not paid)):
            found[key] = fit, own
    return found


def _share(asked, row, more=()):
    """Bound the share of an amount in the sum of the headline, with some more amounts or not."""
    return share(row.bounds, [each.bounds for each in [*asked.shared, *more]])


def _with_others(asked):
    """Tell whether the headline's share holds with the totals added that have no years."""
    ours, every = asked.shared, asked.every
    added = [row for row in every if ours and row.level == TOTAL and not (row.when or row.unread)]
    added = [row for row in added if row.receiver_id == ours[0].receiver_id]
    if not added:
        return []
    part, rows = _share(asked, ours[0], added), [*ours, *added]
    near = abs(sum(part) - sum(_share(asked, ours[0]))) <= 2 * TOLERANCE
    shown = words.link(words.out_of_100(part), [row.cell for row in rows], _how(rows))
    said = f"{words.capital(_name(ours[0].channel))} are {shown} dollars if the money"
    through = words.listed(row.through for row in added)
    return [(f"{said} {through} is added.", "yes" if near else "no")]


def _sum(rows):
    return total(row.bounds for row in rows)


def _name(code):
    """Name a channel: "membership dues"."""
    return CHANNELS[code].partition(" ")[2] if code in CHANNELS else code and code.replace("_", " ")


def _label(table, key):
    return tables.label(f"{table}/{key}") if key else None


def _the(key):
    return tables.the(f"organisations/{key}")


def _counted(keys):
    """Say how many projects there are, with the dates of each as proof."""
    cells = [f"projects/{key}/period" for key in dict.fromkeys(keys)]
    return words.link(words.counted(len(cells), "project"), cells, "Each counted once.")


def _certainty(of):
    """Return the certainty of a source, "assumed" for a what-if's own rows."""
    try:
        return certainty(of)
    except problems.DataError:
        return "assumed"


def _how(rows):
    """Say how amounts are added up, and how each is read."""
    parts = " + ".join(words.money_range(row.bounds) for row in rows)
    added = f"{parts} = {words.money_range(_sum(rows))}, if none is part of another. "
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


def _answer(asked):
    """State the answer: a share, else a sum, else what our tables hold instead, and its parts."""
    if asked.groups:
        group = asked.groups[0]
        if asked.main:
            first = _of_share(asked) if asked.shared else _of_totals(group)
        else:
            said = f"how much {group[0].payer} provided for {asked.window} cannot be told"
            first = _line(f"{said}: what is stated covers {group[0].time} as a whole.")
        return [first, *(_of_group(group) if len(group) > 1 else [_of_totals(group)])]
    if asked.dated and asked.undated and (asked.channels or asked.payers):
        return [_of_totals(asked.undated[:1])]
    if asked.dated:
        return _of_money(asked) or _of_agreements(asked)
    who = words.listed((_the(key) for key in asked.payers if key != NOT_STATED), "or")
    said = f" from {who}" if who else " without a payer" * bool(asked.payers)
    how = [CHANNELS.get(code, f"in the channel {_name(code)}") for code in asked.channels]
    said += f" {words.listed(how, 'or')}" * bool(how) + f" dated {asked.window}" * bool(
        asked.window
    )
    return [_line(f"Our tables hold no amount of money{said}.")]


def _of_share(asked):
    """Say how much of every hundred dollars the largest total is."""
    big, part = asked.shared[0], _share(asked, asked.shared[0])
    cells, channel = [row.cell for row in asked.shared], f"{big.record}/channel"
    how = f"{words.money_range(big.bounds)} of {_how(asked.shared)}"
    shown = words.link(words.out_of_100(part), [*cells, channel], how)
    to, named = f" to {big.receiver}" * bool(big.receiver), words.link(_name(big.channel), channel)
    said = f"{shown} dollars that {big.payer} provided{to} {big.at} were {named}."
    low, high = math.floor(1000 * part.low) / 10, math.ceil(1000 * part.high) / 10
    figures = {"value": round(50 * sum(part)), "low": low, "high": high, "unit": "of 100 dollars"}
    return _line(said) | figures


def _of_group(group):
    """Say what several totals come to, the largest, and what came beyond it."""
    found, note = gaps([row.record for row in group]), "our sum"
    for key, gap in found[found.field == ""][:1].iterrows():
        title = gap.title[:1].lower() + gap.title[1:]
        note += f"; {words.link(title, f'conflicts/{key}', gap.what)}"
    big, *rest = group
    said = f"together, the totals for {big.time} come to {_added(group, words.about)} ({note})."
    top = [row.each + " (read as on top)" * (row.channel not in WHOLE) for row in rest]
    whole = f", together {_added(rest)}" if len(rest) > 1 else ""
    return [
        _line(said, group, kind="standfirst"),
        _line(f"The largest part was {big.each}.", [big]),
        _line(f"Beyond that came {words.listed(top)}{whole}.", rest),
    ]


def _of_totals(group, left_out=False):
    """Say totals of one payer and period, or one without a period."""
    first = group[0]
    to = f" {first.receiver} with" * bool(first.receiver)
    said = f"{first.payer} provided{to} {words.listed(row.each for row in group)}"
    if all(row.from_fund for row in group):
        said = f"{first.receiver or NOBODY} receives {words.listed(row.usd for row in group)}"
        said += f" through {first.payer}{_founded(first)}"
    if first.when:
        return _line(f"{said} {first.at}.", group)
    known = "years not in our tables" if gaps(f"{first.record}/period").empty else "no years stated"
    return _line(f"{said} ({known}{', not in the total' * left_out}).", group)


def _founded(row):
    """Say who established a fund, and for how many projects the money is that came through it."""
    by = ""
    if row.founder:
        key, founder = row.founder
        by = f", established by {words.link(tables.the(founder), f'relations/{key}')},"
    cells = [f"{part.record}/part_of" for part in row.parts]
    count = words.counted(len({part.project_id for part in row.parts}), "project")
    return f"{by} for {words.link(count, cells)}" if cells else by.removesuffix(",")


def _of_money(asked):
    """Say which projects have a contribution, how much, from whom."""
    rows = sorted((row for row in asked.dated if row.level == "project"), key=lambda r: -r.size)
    lines, touch = [], f" whose years touch {asked.window}" * bool(asked.window)
    if len(rows) > 1:
        count = _counted(row.project_id for row in rows)
        lines = [_line(f"Contributions of {_added(rows)} are stated for {count}{touch}.", rows)]
    for row in rows:
        name = words.link(_label("projects", row.project_id), f"{row.record}/project_id")
        said = f"The project “{name}” ({row.time}) has a contribution of {row.usd} from {row.payer}"
        lines.append(_line(f"{said}.", [row]))
    return lines


def _of_projects(mine, lines):
    """Say how many projects have an amount, and which has none where the amounts are told."""
    mine = {key: own for key, (fit, own) in mine.items() if fit != "possibly"}
    rows = sorted((row for own in mine.values() for row in own), key=lambda row: -row.size)
    told = {link.of for line in lines for link in words.links(line["text"])}
    if rows and not {row.cell for row in rows} <= told:
        paid = [key for key, own in mine.items() if own]
        some = words.link(words.number(len(paid)), [row.cell for row in rows])
        which = f"{some} of " * (len(paid) < len(mine)) + _counted(mine)
        amounts = words.listed(row.usd for row in rows)
        return [_line(f"An amount is printed for {which}: {amounts}.", rows * (len(rows) == 1))]
    left = [key for key, own in mine.items() if not own]
    names = [words.link(_label("projects", key), f"projects/{key}") for key in left]
    listed = f": {words.listed(names)}" * (len(left) < 4)
    return [_line(f"Our tables hold no amount for {_counted(left)}{listed}.")] if left else []


def _of_agreements(asked):
    """Say which agreements name money, and from whom."""
    rows, named = [row for row in asked.dated if row.level == "agreement"], []
    for row in rows:
        name = words.link(_label("agreements", row.agreement_id), f"{row.record}/agreement_id")
        by = f"{words.link(row.status, f'{row.record}/status')} by" if row.status else "from"
        named.append(f"{row.usd}{f' {by} {row.payer}' * bool(row.payer_id)} ({name})")
    if not rows:
        return []
    cells = [f"{row.record}/agreement_id" for row in rows]
    said = words.link(words.counted(len(rows), "agreement"), cells)
    said += f" dated {asked.window}" * bool(asked.window) + " name" + "s" * (len(rows) == 1)
    return [_line(f"{said} money: {words.listed(named)}.", rows * (len(rows) == 1))]


def _caveats(asked, mine):
    """Warn of adding up what is chosen, and name what may lie outside the window."""
    found, totals = [], [row.key for row in asked.chosen if row.level == TOTAL]
    if paid := [row for row in asked.dated if row.level == "project" and totals]:
        inside = all(row.part_of in totals for row in paid)
        held = "The total holds the amounts of its projects: do not add them."
        apart = "Do not add projects to totals: some of their money may be in both."
        found.append(held if inside else apart)
    perhaps = [f"projects/{key}/period" for key, (fit, _) in mine.items() if fit == "possibly"]
    some = [row.dated for row in asked.chosen if row.fit == "possibly" and row.agreement_id]
    told = []
    for cell in [*perhaps, *(of.partition("+")[2] for of in dict.fromkeys(some))]:
        record, _, field = cell.rpartition("/")
        when = words.link(words.date(tables.row(record)[field]), cell)
        told.append(f"{words.link(tables.label(record), record)} ({when})")
    if told:
        it = "it" if len(told) == 1 else "they"
        found.append(f"Not counted, as {it} may lie outside {asked.window}: {'; '.join(told)}.")
    return [_line(said, kind="caveat") for said in found]


def _fits(whole):
    """Hold a total against the amounts that are booked as its parts."""
    parts, likely = whole.parts, [row for row in whole.parts if row.unread and row.likely_usd]
    figures = [Bounds(r.likely_usd, r.likely_usd) if r in likely else r.bounds for r in parts]
    cells = [f"{r.record}/likely_usd" if r in likely else r.cell for r in parts]
    less, added = difference(whole.bounds, figures), total(figures)
    verb, fits = ("fits", "yes") if math.isfinite(added.high) else ("may fit", "open")
    if not less.low <= 0 <= less.high:
        verb, fits = "does not fit", "no"
    come = words.link(words.money_range(added), cells, " + ".join(map(words.money_range, figures)))
    many = words.link(words.counted(len(parts), "amount"), [f"{r.record}/part_of" for r in parts])
    reading = f" if the misprint means {words.listed(row.likely for row in likely)}" * bool(likely)
    said = f"{many} {whole.through} come to {come}{reading}; that {verb} the total of {whole.usd}."
    if likely and fits == "yes":
        fits = "if the misprint is read"
        said += " This does not prove the reading, which was chosen because it fits."
    return words.capital(said), fits
