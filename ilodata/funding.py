"""What money moved: stated amounts as ranges, what they come to, what fits, in plain words.

Totals of channels, amounts of projects and of agreements are never added to each other, and none
is cut to a window: our tables do not say how it falls on years.
"""

import math
from types import SimpleNamespace

import pandas as pd

from ilodata import dates, problems, tables, words
from ilodata.amounts import Bounds, bounds, difference, share, total
from ilodata.evidence import certainty, gaps

TOTAL = "total of a channel"
NOT_STATED = words.NOT_STATED
# Each code of a channel: its name, and how money is said to come through it.
CHANNELS = {
    "assessed": ("membership dues", "in membership dues"),
    "voluntary": ("voluntary contributions", "in voluntary contributions"),
    "jpo": ("junior professional officers", "for junior professional officers"),
    "trust_fund": ("a trust fund", "through a trust fund"),
    None: (None, "through a channel that our tables do not name"),
}
# Money from a member is one or the other: what is stated beside them may be a part of them.
WHOLE = ("assessed", "voluntary")
HEDGES = {"nearly": "nearly ", "over": "over ", "more_than": "more than ", "initial": "an initial "}
TOLERANCE = 0.02  # how far "about" reaches from one reading to another
NOBODY = "somebody whom our tables do not name"
READ = "Figures without a hedge are taken as printed, without room for rounding."


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
        hedge, missing where no figure can be read); channel; receiver; project; agreement; when (of
        itself, else of its project or agreement); in_window ("whole", "partly outside", "no date");
        counted (in the sum of `findings`); share (of that sum); certainty ("stated", "inferred",
        "assumed" in a what-if); of (its source); note (why it is here, if not an answer).

    Raises
    ------
    ValueError
        If a channel, payer or date is not one we know; the parameter is named.
    """
    asked = _ask(start, end, channels, payers, contributions)
    also, ours = _also(asked), asked.shared
    rows = [*asked.chosen, *(row for row, _ in also)]
    sides = [[float(row.bounds[at]) for row in rows] for at in (0, 1)]
    columns = {
        "label": [row.label for row in rows],
        "level": [row.level for row in rows],
        "payer": [_label("organisations", row.payer_id) for row in rows],
        "printed": [row.printed for row in rows],
        "usd": pd.arrays.IntervalArray.from_arrays(*sides, closed="both"),
        "channel": [_name(row.channel) for row in rows],
        "receiver": [_label("organisations", row.receiver_id) for row in rows],
        "project": [_label("projects", row.project_id) for row in rows],
        "agreement": [_label("agreements", row.agreement_id) for row in rows],
        "when": [words.date(row.when) if row.when else None for row in rows],
        "in_window": [row.fit for row in rows],
        "counted": pd.array([row in asked.main for row in rows], bool),
        "share": [words.out_of_100(r.share) if r in ours else "" for r in rows],
        "certainty": [_certainty(row.of) for row in rows],
        "of": [row.of for row in rows],
        "note": [""] * len(asked.chosen) + [words.plain(said) for _, said in also],
    }
    return pd.DataFrame(columns, pd.Index([row.record for row in rows], name="record"))


def totals(start=None, end=None, channels=(), payers=(), *, contributions=None):
    """Add up what may be added: totals of channels by payer and years, projects, agreements.

    Parameters are those of `amounts`; amounts without a date are left out.

    Returns
    -------
    DataFrame
        level, payer, years (blank for projects and agreements: each has its own), amounts (how
        many), low_usd, high_usd (missing where an amount cannot be read), total (linked text).
    """
    asked, found = _ask(start, end, channels, payers, contributions), []
    rows = [row for row in asked.chosen if row.when]
    kinds = [[row for row in rows if row.level == level] for level in ("project", "agreement")]
    for group in filter(None, asked.groups + kinds):
        payer = {_label("organisations", row.payer_id) or NOT_STATED: 0 for row in group}
        years = words.date(group[0].when) if group[0].level == TOTAL else ""
        sides = [each if math.isfinite(each) else None for each in _sum(group)]
        named = [group[0].level, words.listed(payer), years, len(group)]
        found.append([*named, *sides, _added(group)])
    columns = ["level", "payer", "years", "amounts", "low_usd", "high_usd", "total"]
    return pd.DataFrame(found, columns=columns).astype({"low_usd": "Int64", "high_usd": "Int64"})


def projects(start=None, end=None, channels=(), payers=(), *, contributions=None):
    """Say of each project of a window who paid, how much, when and where.

    Parameters are those of `amounts`; of channels or payers, the projects that they paid for.

    Returns
    -------
    DataFrame
        By record, the largest amount first: project, payer, amount, dates, places (linked text,
        "–" where our tables hold nothing); usd (interval, as in `amounts`), payer_certainty.
    """
    asked = _ask(start, end, channels, payers, contributions)
    periods, found = tables.load_projects().period, []
    roles, spots = tables.load_project_organisations(), tables.load_project_places()
    for key, own in _projects(asked, start, end).items():
        record, read = f"projects/{key}", [row for row in own if not row.unread]
        funding = roles[(roles.project_id == key) & (roles.role == "funding")].organisation_id
        paid = {payer: f"project_organisations/{id_}" for id_, payer in funding.items()}
        paid |= {row.payer_id: f"{row.record}/payer_id" for row in own if row.payer_id}
        at = spots[(spots.project_id == key) & (spots.role != "network_home")]
        at = at[at.role == at.role.min()].place_id  # beneficiaries, else the region aimed at
        payer = [words.link(_label("organisations", key), of) for key, of in paid.items()]
        place = [words.link(_label("places", p), f"project_places/{i}") for i, p in at.items()]
        when = words.link(words.date(periods[key]), f"{record}/period")
        told = {
            "record": record,
            "project": words.link(_label("projects", key), record),
            "payer": words.listed(payer) or "–",
            "amount": words.listed(row.amount for row in own) or "–",
            "dates": "–" if pd.isna(periods[key]) else when,
            "places": words.listed(place) or "–",
            "usd": pd.Interval(*map(float, _sum(read)), "both") if read else None,
            "payer_certainty": _certainty("+".join(paid.values())) if paid else "",
        }
        found.append(told)
    found.sort(key=lambda row: -row["usd"].right if row["usd"] else 0)
    columns = ["record", "project", "payer", "amount", "dates", "places", "usd", "payer_certainty"]
    return tables.frame(found, columns, "record")


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
        if parts := [row for row in asked.every if row.part_of == whole.key]:
            found.append(_fits(whole, parts))
        elif same and whole.channel == "voluntary":
            less = difference(whole.bounds, _sum(same))
            size = "less" if less.low > 0 else "more" if less.high < 0 else "neither less nor more"
            made = f"Amounts of projects without a channel make {_added(same)}, {size} than {whole.each}"
            found.append((f"{made}; our tables do not say whether they are part of it.", "open"))
    found = sorted(found, key=lambda line: line[1] == "open") + _other_ways(asked)
    alone = [("We know of nothing in our tables to check these amounts against.", "open")]
    return pd.DataFrame(found or alone, columns=["text", "holds"])


def findings(start=None, end=None, channels=(), payers=(), *, contributions=None):
    """State what the amounts of a window come to: a headline and what a reader should know.

    Parameters are those of `amounts`.

    Returns
    -------
    DataFrame
        kind ("headline", "standfirst", "finding", "caveat"), text (linked); value, low, high and
        unit of its figure, missing where it has none.
    """
    asked = _ask(start, end, channels, payers, contributions)
    mine, rows = _projects(asked, start, end), asked.chosen
    big = [group for group in asked.groups[:1] if len(group) > 1]
    lines = [_headline(asked) | {"kind": "headline"}, *(_line(said) for _, said in _also(asked))]
    lines += [line for group in big for line in _of_group(group)]
    lines += [_of_totals(group) for group in asked.groups if group not in big]
    lines += [_of_totals([row], bool(asked.groups)) for row in asked.undated]
    lines += [_of_projects(mine)] if len(mine) > 1 or (mine and asked.groups) else []
    agreed = [row for row in rows if row.level == "agreement" and row.when]
    lines += [_of_agreements(agreed, asked)] if agreed else []
    if any(row.level == TOTAL for row in rows) and any(mine.values()):
        caveat = "Do not add projects to totals: some of their money may be in both."
        lines.append(_line(caveat, kind="caveat"))
    frame = pd.DataFrame(lines).drop_duplicates("text")
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
    asked.undated = [row for row in asked.chosen if row.level == TOTAL and not row.when]
    groups = {}  # of totals that may be added, the largest first
    for row in sorted(asked.chosen, key=lambda row: -row.size):
        if row.level == TOTAL and row.when:
            groups.setdefault(row.kin, []).append(row)
    # The one to speak of is whole within the window, of most channels, the latest.
    rank = sorted(groups.values(), key=lambda g: (g[0].fit == "whole", len(g), g[0].when))
    asked.groups = rank[::-1]
    asked.main = rank[-1] if rank and rank[-1][0].fit == "whole" else []
    same = [row for row in asked.every if asked.main and row.kin == asked.main[0].kin]
    sure = all(row in asked.main and row.channel and not row.unread for row in same)
    asked.shared = asked.main if sure and len(same) > 1 else []
    for row in asked.shared:
        row.share = share(row.bounds, [each.bounds for each in asked.shared])
    return asked


def _read(start, end, contributions):
    """Read the amounts that no later one supersedes, each with how it lies in the window."""
    frame = tables.load_contributions() if contributions is None else contributions
    frame = frame.astype(object).where(frame.notna(), None)
    gone, wholes = set(frame.get("supersedes_id", [])), frame.channel.to_dict()
    periods = tables.load_projects().period.dropna()
    signed = tables.load_agreements().signed.dropna()
    rows = []
    for key, cells in frame[~frame.index.isin(gone)].to_dict("index").items():
        row = SimpleNamespace(**cells, record=f"contributions/{key}", key=key)
        row.level = TOTAL if row.level == "channel_total" else row.level
        row.when, row.dated = row.period, f"{row.record}/period"
        if not row.when and row.project_id in periods:
            row.when = periods[row.project_id]
            row.dated = f"{row.record}/project_id+projects/{row.project_id}/period"
        if not row.when and row.agreement_id in signed:
            row.when = signed[row.agreement_id]
            row.dated = f"{row.record}/agreement_id+agreements/{row.agreement_id}/signed"
        row.channel = row.channel or wholes.get(row.part_of)
        row.bounds = bounds(row.amount_usd, row.qualifier, row.printed_unit_usd)
        row.fit, row.unread = _fit(row.when, start, end), math.isnan(row.bounds.low)
        row.size = 0 if row.unread else row.bounds.high
        row.kin = (row.payer_id, row.receiver_id, row.when, row.level)  # totals that may be added
        rows.append(_worded(row))
    return rows


def _fit(when, start, end):
    """Tell how something dated `when` lies in a window."""
    fit, (first, last) = dates.in_window(when, start, end), dates.window(start, end)
    if fit in ("no", "undated"):
        return "no date" if fit == "undated" else fit
    inside = not (first or last) or dates.contains(f"{first or '..'}/{last or '..'}", when)
    return "whole" if inside else "partly outside"


def _worded(row):
    """Add the words that sentences are made of, and the cells that they rest on."""
    row.cell = f"{row.record}/{'printed' if row.unread else 'amount_usd'}"
    payer, to, channel = (f"{row.record}/{n}" for n in ("payer_id", "receiver_id", "channel"))
    figure = words.money(row.bounds.high if row.qualifier == "nearly" else row.bounds.low)
    said = "an amount that is misprinted" if row.unread else HEDGES.get(row.qualifier, "") + figure
    row.usd, wrong = words.link(said, row.cell), f"misprinted: “{row.printed}”"
    row.amount = words.link(wrong, row.cell) if row.unread else row.usd
    if row.likely_usd:
        row.likely = words.link(words.money(row.likely_usd), f"{row.record}/likely_usd")
        row.amount += f"; likely {row.likely}"
    kind = tables.load_organisations().kind.get(row.payer_id)
    row.from_fund = row.channel == "trust_fund" and kind == "fund"
    row.payer = words.link(_the(row.payer_id), payer) if row.payer_id else NOBODY
    row.receiver = words.link(_the(row.receiver_id), to) if row.receiver_id else ""
    row.through = CHANNELS.get(row.channel, ("", f"through {_name(row.channel)}"))[1]
    proof = f"{row.record}/part_of" if row.part_of else channel
    if row.from_fund:
        row.through, proof = f"through {_the(row.payer_id)}", payer
    row.each = words.link(f"{said} {row.through}", [row.cell, proof])
    known = {payer: row.payer_id, channel: row.channel and not row.part_of}
    row.of = "+".join([row.cell, *(cell for cell, told in known.items() if told)])
    if row.when:
        row.time, time = words.link(words.date(row.when), row.dated), words.date(row.when)
        row.at = row.time if time[0].islower() else f"in {row.time}"  # "since 2015" needs no "in"
    return row


def _channels(asked, rows):
    """Return the codes of the channels asked for."""
    named = {NOT_STATED: NOT_STATED}
    for code in filter(None, [*CHANNELS, *(row.channel for row in rows)]):
        named |= {name.lower(): code for name in (code.replace("_", " "), code, _name(code))}
    named |= {row.label.lower(): row.channel for row in rows if row.level == TOTAL and row.channel}
    for name in asked:
        if str(name).lower() not in named:
            known = problems.nearest(name, named)
            raise ValueError(f"channels: {name!r} is not one of our channels; {known}")
    return [named[str(name).lower()] for name in asked]


def _also(asked):
    """List amounts without a payer that belong to an agreement with a payer asked for."""
    parties, found = tables.load_agreement_parties(), []
    parties = parties[parties.organisation_id.isin(asked.payers)]
    for row in asked.right:
        party = parties[parties.agreement_id == row.agreement_id].organisation_id
        if len(party) and not row.payer_id and row not in asked.chosen:
            who = [words.link(_the(key), f"agreement_parties/{i}") for i, key in party.items()]
            silent = "in our tables" if gaps(f"{row.record}/payer_id").empty else "stated"
            said = f"{row.usd}, belongs to an agreement with {words.listed(who)}"
            one = "One more amount" if asked.chosen else "One amount"
            found.append((row, f"{one}, {said}; its payer is not {silent}."))
    return found


def _projects(asked, start, end):
    """Return the projects of a question by id, each with its amounts."""
    roles, found = tables.load_project_organisations(), {}
    funded = roles[(roles.role == "funding") & roles.organisation_id.isin(asked.payers)]
    for key, when in tables.load_projects().period.items():
        paid = [row for row in asked.every if row.level == "project" and row.project_id == key]
        own = [row for row in paid if row in asked.chosen]
        right = not asked.channels and (not asked.payers or key in set(funded.project_id))
        if dates.in_window(when, start, end) != "no" and (own or (right and not paid)):
            found[key] = own
    return found


def _other_ways(asked):
    """Tell whether the headline's share holds where amounts are counted in other ways."""
    ours, ways, found = asked.shared, {}, []
    loose = [row for row in asked.every if row.level == TOTAL and not (row.when or row.unread)]
    if loose := [row for row in loose if ours and row.receiver_id == ours[0].receiver_id]:
        ways[f"{words.listed(row.each for row in loose)} added"] = ours + loose
    inside = [row for row in ours[1:] if row.channel not in WHOLE]
    if inside and len(ours) - len(inside) > 1:
        named = words.listed(row.through for row in inside)
        ways[f"the money {named} inside the other totals"] = [r for r in ours if r not in inside]
    for way, of in ways.items():
        part = share(ours[0].bounds, [row.bounds for row in of])
        near = abs(sum(part) - sum(ours[0].share)) <= 2 * TOLERANCE
        verb, holds = ("holds", "yes") if near else ("does not hold", "no")
        shown = words.link(words.out_of_100(part), [row.cell for row in of], _how(of))
        found.append((f"With {way}, it is {shown} dollars: the headline {verb}.", holds))
    return found


def _sum(rows):
    return total(row.bounds for row in rows)


def _name(code):
    return CHANNELS[code][0] if code in CHANNELS else code.replace("_", " ")


def _label(table, key):
    return tables.label(f"{table}/{key}") if key else None


def _the(key):
    """Name an organisation as a sentence does: "China", "the ILO"."""
    name, kind = _label("organisations", key), tables.load_organisations().kind.get(key)
    return name if kind == "state" or name.lower().startswith("the ") else f"the {name}"


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


def _line(text, amount=None, unit="US$", value=None, kind="finding"):
    """Make a line of `findings`: a sentence, and the bounds of its figure."""
    low, high = [float(b) if math.isfinite(b) else None for b in amount] if amount else (None, None)
    figures = {"value": low if low == high else value, "low": low, "high": high}
    return {"kind": kind, "text": words.capital(text), **figures, "unit": unit if amount else None}


def _headline(asked):
    """State the answer: a share, else a sum, else what our tables hold instead."""
    if asked.main:
        return _of_share(asked.shared) if asked.shared else _of_totals(asked.main)
    for group in asked.groups[:1]:
        said = f"how much {group[0].payer} provided for {asked.window} cannot be told"
        return _line(f"{said}: what is stated covers {group[0].time} as a whole.")
    dated = [row for row in asked.chosen if row.when]
    if dated and asked.undated and (asked.channels or asked.payers):
        return _of_totals(asked.undated[:1])
    if paid := [row for row in dated if row.level == "project"]:
        return _of_money(paid, asked)
    if dated:
        return _of_agreements(dated, asked)
    who = words.listed((_the(key) for key in asked.payers if key != NOT_STATED), "or")
    paid = f" from {who}" if who else " without a payer" * bool(asked.payers)
    how = words.listed(map(_name, asked.channels), "or")
    paid += f" in the channel {how}" * bool(how) + f" dated {asked.window}" * bool(asked.window)
    return _line(f"Our tables hold no amount of money{paid}.")


def _of_share(group):
    """Say how much of every hundred dollars the largest total is."""
    big, part, channel = group[0], group[0].share, f"{group[0].record}/channel"
    how = f"{words.money_range(big.bounds)} of {_how(group)}"
    shown = words.link(words.out_of_100(part), [*(row.cell for row in group), channel], how)
    to, named = f" to {big.receiver}" * bool(big.receiver), words.link(_name(big.channel), channel)
    said = f"{shown} dollars that {big.payer} provided{to} {big.at} were {named}."
    return _line(said, [100 * side for side in part], "of 100 dollars", round(50 * sum(part)))


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
        _line(said, _sum(group), kind="standfirst"),
        _line(f"The largest part was {big.each}.", big.bounds),
        _line(f"Beyond that came {words.listed(top)}{whole}.", _sum(rest)),
    ]


def _of_totals(group, left_out=False):
    """Say totals of one payer and period, or one without a period."""
    first = group[0]
    to = f" {first.receiver} with" * bool(first.receiver)
    said = f"{first.payer} provided{to} {words.listed(row.each for row in group)}"
    if all(row.from_fund for row in group):
        said = f"{words.listed(row.usd for row in group)} came through {first.payer}"
    if first.when:
        return _line(f"{said} {first.at}.", _sum(group))
    blank = gaps(f"{first.record}/period").empty
    known = "our tables hold no years" if blank else "no years are stated"
    known += " for it" + ", so the total leaves it out" * left_out
    return _line(f"{said}; {known}.", _sum(group))


def _of_money(rows, asked):
    """Say who provided what for which projects."""
    who = words.listed({row.payer_id: row.payer for row in rows}.values())
    what = rows[0].usd if len(rows) == 1 else _added(rows)
    count, touch = len({row.project_id for row in rows}), f" whose years touch {asked.window}"
    name = f"{words.counted(count, 'project')}{touch * bool(asked.window)}"
    if count == 1:
        label, of = _label("projects", rows[0].project_id), f"{rows[0].record}/project_id"
        name = f"the project “{words.link(label, of)}” ({rows[0].time})"
    return _line(f"{who} provided {what} for {name}.", _sum(rows))


def _of_projects(mine):
    """Say how many projects have an amount, and which."""
    rows = sorted((row for own in mine.values() for row in own), key=lambda row: -row.size)
    every = words.link(words.counted(len(mine), "project"), [f"projects/{key}" for key in mine])
    if not rows:
        return _line(f"Our tables hold no amount for {every}.")
    paid = [f"projects/{key}" for key, own in mine.items() if own]
    which = f"{words.link(words.number(len(paid)), paid)} of " * (len(paid) < len(mine)) + every
    said = f"{which}: {words.listed(row.usd for row in rows)}"
    return _line(f"An amount is printed for {said}.", _sum(rows))


def _of_agreements(rows, asked):
    """Say which agreements name money, and from whom."""
    named, cells = [], [f"{row.record}/agreement_id" for row in rows]
    for row, cell in zip(rows, cells, strict=True):
        name = words.link(_label("agreements", row.agreement_id), cell)
        named.append(f"{row.usd}{f' from {row.payer}' * bool(row.payer_id)} (“{name}”)")
    many = words.link(words.number(len(rows)), cells)
    noun, verb = ("agreement", "names") if len(rows) == 1 else ("agreements", "name")
    dated = f" dated {asked.window}" * bool(asked.window)
    return _line(f"{many} {noun}{dated} {verb} money: {words.listed(named)}.", _sum(rows))


def _fits(whole, parts):
    """Hold a total against the amounts that are booked as its parts."""
    likely = [row for row in parts if row.unread and row.likely_usd]
    figures = [Bounds(r.likely_usd, r.likely_usd) if r in likely else r.bounds for r in parts]
    cells = [f"{r.record}/likely_usd" if r in likely else r.cell for r in parts]
    less, added = difference(whole.bounds, figures), total(figures)
    verb, fits = ("fits", "yes") if math.isfinite(added.high) else ("may fit", "open")
    if not less.low <= 0 <= less.high:
        verb, fits = "does not fit", "no"
    come = words.link(words.money_range(added), cells, " + ".join(map(words.money_range, figures)))
    said = f"{whole.each} {verb}: its parts come to {come}."
    if likely:
        said = f"If the misprint is {words.listed(row.likely for row in likely)}, {said}"
    if likely and fits == "yes":
        fits = "if the misprint is read"
        said += " That does not prove the reading, which was chosen because it fits."
    return words.capital(said), fits
