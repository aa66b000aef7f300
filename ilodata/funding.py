"""What money moved: stated amounts as ranges, what they come to, what fits, in plain words.

Totals of channels, amounts of projects and of agreements are never added to each other, totals
only where they share payer, receiver and years; no amount is cut to a window, since our tables do
not say how it falls on years.
"""

import math
from types import SimpleNamespace

import pandas as pd

from ilodata import dates, problems, tables, words
from ilodata.amounts import Bounds, bounds, difference, share, total
from ilodata.evidence import certainty, gaps

TOTAL, PROJECT, AGREEMENT = "channel_total", "project", "agreement"
LEVELS = {TOTAL: "total of a channel", PROJECT: "project", AGREEMENT: "agreement"}
FITS = {"within": "whole", "partly": "partly outside", "undated": "no date"}
NOT_STATED = "not stated"
# Each code of a channel: its name, and how money is said to come through it.
CHANNELS = {
    "assessed": ("membership dues", "in membership dues"),
    "voluntary": ("voluntary contributions", "in voluntary contributions"),
    "jpo": ("junior professional officers", "for junior professional officers"),
    "trust_fund": ("a trust fund", "through a trust fund"),
}
# Money from a member is one or the other: what is stated beside them may be a part of them.
WHOLE = ("assessed", "voluntary")
HEDGES = {"nearly": "nearly ", "over": "over ", "more_than": "more than ", "initial": "an initial "}
TOLERANCE = 2  # of 100: how far "about" reaches from one reading to another
NOBODY = "somebody whom our tables do not name"
WHOLE_LIFE = "amounts are for whole projects, and our tables do not say how they fall on years."


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
        added to each other); payer; printed; usd (interval of current US dollars under our reading
        of the hedge, missing where no figure can be read; pandas does not add intervals up,
        `totals` does); channel; receiver; project; agreement; when (of the amount, else of its
        project or agreement, in words); in_window ("whole", "partly outside", "no date"); counted
        (part of the sum that `findings` speaks of); share (of every 100 dollars of that sum);
        certainty ("stated", "inferred", "assumed" in a what-if); status; of (source of its card); note. A row with a note does not answer the question, but a careful person would mention it.

    Raises
    ------
    ValueError
        If a channel, payer or date is not one we know; the parameter is named.
    """
    rows = _read(start, end, contributions)
    chosen = _chosen(rows, channels, payers)
    also = _also(rows, chosen, channels, payers)
    listed, counted = [*chosen, *(row for row, _ in also)], _main(chosen)
    whole = dict(_ways(chosen, rows)).get("as we count", [])
    sides = [[float(row.bounds[at]) for row in listed] for at in (0, 1)]
    columns = {
        "label": [row.label for row in listed],
        "level": [LEVELS[row.level] for row in listed],
        "payer": [_label("organisations", row.payer_id) for row in listed],
        "printed": [row.printed for row in listed],
        "usd": pd.arrays.IntervalArray.from_arrays(*sides, closed="both"),
        "channel": [_name(row.channel) or None for row in listed],
        "receiver": [_label("organisations", row.receiver_id) for row in listed],
        "project": [_label("projects", row.project_id) for row in listed],
        "agreement": [_label("agreements", row.agreement_id) for row in listed],
        "when": [words.date(row.when) if row.when else None for row in listed],
        "in_window": [FITS[row.fit] for row in listed],
        "counted": [row in counted for row in listed],
        "share": [words.out_of_100(_share_of(whole, r)) if r in whole else "" for r in listed],
        "certainty": [_certainty(_proof(row)) for row in listed],
        "status": [row.status for row in listed],
        "of": [_proof(row) for row in listed],
        "note": [""] * len(chosen) + [words.plain(said) for _, said in also],
    }
    frame = pd.DataFrame(columns, pd.Index([row.record for row in listed], name="record"))
    return frame.astype({"counted": bool})


def totals(start=None, end=None, channels=(), payers=(), *, contributions=None):
    """Add up what may be added: totals of channels by payer and years, projects, agreements.

    Parameters
    ----------
    start, end, channels, payers, contributions
        As for `amounts`.

    Returns
    -------
    DataFrame
        level, payer, years (blank for projects and agreements: each has its own), amounts (how
        many), low_usd, high_usd (missing where an amount cannot be read), total (linked text).
        Amounts without a date are left out.
    """
    rows = _chosen(_read(start, end, contributions), channels, payers)
    kinds = [[r for r in rows if r.when and r.level == level] for level in (PROJECT, AGREEMENT)]
    found = []
    for group in filter(None, _groups(rows) + kinds):
        payer = {_label("organisations", row.payer_id) or NOT_STATED: 0 for row in group}
        years = words.date(group[0].when) if group[0].level == TOTAL else ""
        sides = [each if math.isfinite(each) else None for each in _sum(group)]
        said = _added(group, words.money_range)
        found.append([LEVELS[group[0].level], words.listed(payer), years, len(group), *sides, said])
    columns = ["level", "payer", "years", "amounts", "low_usd", "high_usd", "total"]
    return pd.DataFrame(found, columns=columns).astype({"low_usd": "Int64", "high_usd": "Int64"})


def projects(start=None, end=None, channels=(), payers=(), *, contributions=None):
    """Say of each project of a window who paid, how much, when and where.

    Parameters
    ----------
    start, end, channels, payers, contributions
        As for `amounts`. Where channels or payers are asked for, the projects that they paid for.

    Returns
    -------
    DataFrame
        Indexed by record (``projects/...``), the largest amount first: project, payer, amount,
        dates and places as linked text ("–" where our tables hold nothing); usd (interval, as for
        `amounts`), payer_certainty.
    """
    rows, periods = _read(start, end, contributions), tables.load_projects().period
    roles, spots = tables.load_project_organisations(), tables.load_project_places()
    found = []
    for key, own in _projects(rows, start, end, channels, payers).items():
        record, read = f"projects/{key}", [row for row in own if not row.unread]
        paid = {row.payer_id: f"{row.record}/payer_id" for row in own if row.payer_id}
        own_roles = roles[(roles.project_id == key) & (roles.role == "funding")]
        for id_, payer in own_roles.organisation_id.items():
            paid.setdefault(payer, f"project_organisations/{id_}")
        at = spots[(spots.project_id == key) & (spots.role != "network_home")]
        at = at[at.role == "beneficiary"] if (at.role == "beneficiary").any() else at
        where = ((_label("places", p), f"project_places/{id_}") for id_, p in at.place_id.items())
        when = periods.dropna().get(key)
        found.append(
            {
                "record": record,
                "project": words.link(_label("projects", key), record),
                "payer": _linked((_label("organisations", key), of) for key, of in paid.items()),
                "amount": words.listed(map(_amount, own)) or "–",
                "dates": words.link(words.date(when), f"{record}/period") if when else "–",
                "places": _linked(where),
                "usd": pd.Interval(*map(float, _sum(read)), "both") if read else None,
                "payer_certainty": _certainty("+".join(paid.values())) if paid else "",
            }
        )
    found.sort(key=lambda row: -row["usd"].right if row["usd"] else 0)
    columns = ["record", "project", "payer", "amount", "dates", "places", "usd", "payer_certainty"]
    return tables.frame(found, columns, "record")


def readings(start=None, end=None, channels=(), payers=(), *, contributions=None):
    """Hold the headline against each other way of counting the amounts that it rests on.

    Parameters
    ----------
    start, end, channels, payers, contributions
        As for `amounts`.

    Returns
    -------
    DataFrame
        One row: text (linked), which says whether the headline survives, and holds.
    """
    rows = _read(start, end, contributions)
    (_, ours), *others = _ways(_chosen(rows, channels, payers), rows) or [("", [])]
    part = [share(_largest(ours).bounds, [row.bounds for row in of]) for _, of in others]
    told = [
        f"{words.link(words.out_of_100(each), [row.cell for row in of], _how(of))} {way}"
        for each, (way, of) in zip(part, others, strict=True)
    ]
    middle = 50 * sum(_share_of(ours)) if ours else 0
    holds = all(abs(50 * sum(each) - middle) <= TOLERANCE for each in part)
    verb = "holds under each reading" if holds else "depends on the reading"
    text = f"The headline {verb}: it is {words.listed(told)}."
    alone = "We know of no other way to count what the headline says."
    return pd.DataFrame({"text": [text if told else alone], "holds": [holds]})


def reconciliation(start=None, end=None, channels=(), payers=(), *, contributions=None):
    """Hold each total of a channel against the amounts that are, or may be, its parts.

    Parameters
    ----------
    start, end, channels, payers, contributions
        As for `amounts`: they choose the totals, which are held against all amounts.

    Returns
    -------
    DataFrame
        text (linked), a line each; fits ("yes", "no", "if the misprint is read", "open").
    """
    every = _read(None, None, contributions)
    asked = _chosen(_read(start, end, contributions), channels, payers)
    lines, alone = [], []
    for whole in (row for row in asked if row.level == TOTAL and not row.unread):
        if parts := [row for row in every if row.part_of == whole.key]:
            lines.append(_fits(whole, parts))
        elif whole.channel == "voluntary" and (loose := _loose(every, whole)):
            lines.append(_open(whole, loose))
        else:
            alone.append(whole)
    if alone:
        lines.append((f"Our tables hold no parts of {_each(alone)} to check against.", "open"))
    if not lines:
        lines.append(("No total of a channel is among these amounts to be checked.", "open"))
    lines.sort(key=lambda line: line[1] == "open")
    return pd.DataFrame(lines, columns=["text", "fits"])


def findings(start=None, end=None, channels=(), payers=(), *, contributions=None):
    """State what the amounts of a window come to: a headline and what a reader should know.

    Parameters
    ----------
    start, end, channels, payers, contributions
        As for `amounts`.

    Returns
    -------
    DataFrame
        kind ("headline", "standfirst", "finding", "caveat"), text (linked), value, low, high, unit
        (figures of the sentence, missing where it has none).
    """
    every = _read(start, end, contributions)
    rows = _chosen(every, channels, payers)
    also = [{"text": said} for _, said in _also(every, rows, channels, payers)]
    groups, undated = _groups(rows), [row for row in rows if row.level == TOTAL and not row.when]
    mine, group = _projects(every, start, end, channels, payers), next(iter(groups), [])
    agreed = [row for row in rows if row.level == AGREEMENT and row.when]
    head = _headline(rows, every, start, end, _narrowed(channels, payers, every))
    below = [*_together(group, every), *also][:1]
    found = _of_group(group) + [_of_other(group) for group in groups[1:]]
    found += [_of_undated(row, bool(groups)) for row in undated]
    paid = [row for row in rows if row.level == PROJECT]
    if not groups and any(row.fit == "partly" for row in paid):
        found.append(_line(f"{_during(start, end)} itself it may be less: {WHOLE_LIFE}"))
    found += _of_projects(mine) if groups or len(mine) > 1 or not paid else []
    found += ([_of_agreements(agreed)] if agreed else []) + also
    lines = [head | {"kind": "headline"}, *(line | {"kind": "standfirst"} for line in below)]
    told = " ".join(line["text"].lower() for line in lines)
    found = [line for line in found if line["text"].lower() not in told]
    lines += [line | {"kind": "finding"} for line in found[:5]]
    if any(row.level == TOTAL for row in rows) and any(mine.values()):
        apart = "Do not add projects to totals: some of their money may be in both."
        lines.append({"kind": "caveat", "text": apart})
    return pd.DataFrame(lines, columns=["kind", "text", "value", "low", "high", "unit"])


def _read(start=None, end=None, contributions=None):
    """Read the amounts that no later one supersedes, each with how it lies in the window."""
    frame = tables.load_contributions() if contributions is None else contributions
    frame = frame.astype(object).where(frame.notna(), None)
    gone, wholes = set(frame.get("supersedes_id", [])), frame.channel.to_dict()
    periods, signed = tables.load_projects().period, tables.load_agreements().signed
    dated = {"projects": ("period", periods.dropna()), "agreements": ("signed", signed.dropna())}
    rows = []
    for key, cells in frame[~frame.index.isin(gone)].to_dict("index").items():
        row = SimpleNamespace(**cells, record=f"contributions/{key}", key=key)
        row.when, row.dated = row.period, f"{row.record}/period"
        for table, (field, days) in dated.items():
            of = cells[f"{table[:-1]}_id"]
            if not row.when and of in days:
                row.when = days[of]
                row.dated = f"{row.record}/{table[:-1]}_id+{table}/{of}/{field}"
        row.channel = row.channel or wholes.get(row.part_of)
        row.bounds = bounds(row.amount_usd, row.qualifier, row.printed_unit_usd)
        row.fit, row.unread = _fit(row.when, start, end), math.isnan(row.bounds.low)
        row.cell = f"{row.record}/{'printed' if row.unread else 'amount_usd'}"
        row.kin = (row.level, row.payer_id, row.receiver_id, row.when)  # totals that may be added
        rows.append(row)
    return rows


def _fit(when, start, end):
    """Tell how something dated `when` lies in a window."""
    fit = dates.in_window(when, start, end)
    if fit in ("no", "undated"):
        return fit
    days, (first, last) = dates.span(when), dates.window(start, end)
    early = first and (days.start is None or days.start < first)
    late = last and (days.end is None or days.end > last)
    return "partly" if early or late else "within"


def _chosen(rows, channels=(), payers=()):
    """Choose the amounts of a window that came through some channels and from some payers."""
    channels, payers = _channels(channels, rows), _payers(payers)
    return [
        row
        for row in rows
        if row.fit != "no"
        and (not channels or (row.channel or NOT_STATED) in channels)
        and (not payers or (row.payer_id or NOT_STATED) in payers)
    ]


def _channels(asked, rows):
    """Return the codes of the channels asked for."""
    named = {NOT_STATED: NOT_STATED}
    for code in [*CHANNELS, *(row.channel for row in rows if row.channel)]:
        named |= {name.lower(): code for name in (code.replace("_", " "), code, _name(code))}
    named |= {row.label.lower(): row.channel for row in rows if row.level == TOTAL and row.channel}
    for name in (asked := _list(asked)):
        if str(name).lower() not in named:
            known = problems.nearest(name, named)
            raise ValueError(f"channels: {name!r} is not one of our channels; {known}")
    return [named[str(name).lower()] for name in asked]


def _payers(asked):
    """Return the ids of the payers asked for, "not stated" among them."""
    nobody = [name for name in _list(asked) if str(name).lower() == NOT_STATED]
    named = [name for name in _list(asked) if name not in nobody]
    return tables.find(named, "organisations", "payers") + [NOT_STATED] * bool(nobody)


def _list(asked):
    return ([asked] if asked else []) if isinstance(asked, str) else list(asked or ())


def _also(rows, chosen, channels, payers):
    """List amounts without a payer that belong to an agreement with a payer asked for."""
    parties = tables.load_agreement_parties()
    parties = parties[parties.organisation_id.isin(_payers(payers))]
    found = []
    for row in _chosen(rows, channels):
        party = parties[parties.agreement_id == row.agreement_id].organisation_id
        if row not in chosen and not row.payer_id and len(party):
            names = _linked((_the(key), f"agreement_parties/{id_}") for id_, key in party.items())
            silent = "stated" if _looked(row, "payer_id") else "in our tables"
            told = f"One {'more ' * bool(chosen)}amount, {_usd(row)}, belongs to an agreement with {names}"
            found.append((row, f"{told}; its payer is not {silent}."))
    return found


def _looked(row, field):
    """Tell whether a curator looked for a cell and found that the documents do not state it."""
    return not gaps(f"{row.record}/{field}").empty


def _projects(rows, start, end, channels, payers):
    """Return the projects of a window or choice by id, each with its amounts."""
    every, roles = tables.load_projects().period, tables.load_project_organisations()
    money = [row for row in _chosen(rows, channels, payers) if row.level == PROJECT]
    mine = {row.project_id for row in money}
    if not _list(channels):
        funded = roles.project_id[
            roles.organisation_id.isin(_payers(payers)) & (roles.role == "funding")
        ]
        mine |= set(funded if _list(payers) else every.index)
        mine -= {row.project_id for row in rows if row not in money} - {r.project_id for r in money}
    return {
        key: [row for row in money if row.project_id == key]
        for key, when in every.items()
        if key in mine and dates.in_window(when, start, end) != "no"
    }


def _groups(rows):
    """Put totals of channels together that may be added: one payer, receiver and period.

    The first is the one to speak of: whole within the window, of most channels, the latest.
    """
    found = {}
    for row in rows:
        if row.level == TOTAL and row.when:
            found.setdefault(row.kin, []).append(row)
    ranked = sorted(
        found.values(), key=lambda g: dates.courses(g[0].when)[0].last_end, reverse=True
    )
    return sorted(ranked, key=lambda group: (group[0].fit != "within", -len(group)))


def _main(rows):
    """Return the totals that are added up; none where they reach beyond the window."""
    group = next(iter(_groups(rows)), [])
    return group if group and group[0].fit == "within" else []


def _ways(rows, everything):
    """List the ways to count a share, ours first; none where not all channels are chosen."""
    group = _main(rows)
    same = [row for row in everything if group and row.kin == group[0].kin]
    if len(group) < max(2, len(same)) or any(row.unread for row in group):
        return []
    ways = [("as we count", group)]
    loose = [row for row in everything if row.level == TOTAL and not (row.when or row.unread)]
    if loose := [row for row in loose if row.receiver_id == group[0].receiver_id]:
        ways.append((f"with {_each(loose)} added", group + loose))
    inside = [row for row in group if row.channel not in WHOLE and row is not _largest(group)]
    if inside and len(group) - len(inside) > 1:
        named = words.listed(map(_through, inside))
        outside = [row for row in group if row not in inside]
        ways.append((f"with the money {named} inside the other totals", outside))
    return ways


def _share_of(group, row=None):
    """Bound the share of a total, the largest by default, in those that are added."""
    return share((row or _largest(group)).bounds, [each.bounds for each in group])


def _largest(rows):
    return max(rows, key=lambda row: 0 if row.unread else sum(row.bounds))


def _sum(rows):
    return total(row.bounds for row in rows)


def _name(code):
    return CHANNELS[code][0] if code in CHANNELS else (code or "").replace("_", " ")


def _label(table, key):
    return tables.label(f"{table}/{key}") if key else None


def _the(key):
    """Name an organisation as a sentence does: "China", "the ILO"."""
    name = _label("organisations", key)
    bare = tables.load_organisations().kind.get(key) == "state" or name.lower().startswith("the ")
    return name if bare else f"the {name}"


def _linked(named):
    """List names with their proof, "–" where there is none."""
    return words.listed(words.link(name, of) for name, of in named) or "–"


def _cells(rows, *fields):
    return "+".join(f"{row.record}/{field}" for row in rows for field in fields)


def _proof(row):
    """Name the cells that a statement of an amount rests on."""
    named = {"payer_id": row.payer_id, "channel": row.channel and not row.part_of}
    return "+".join([row.cell, *(_cells([row], name) for name, told in named.items() if told)])


def _certainty(of):
    """Return the certainty of a source, "assumed" for a what-if's own rows."""
    try:
        return certainty(of)
    except problems.DataError:
        return "assumed"


def _usd(row, through=False):
    """Say an amount with its hedge, "nearly US$ 236 million", and through which channel it came."""
    figure = words.money(row.bounds.high if row.qualifier == "nearly" else row.bounds.low)
    said = HEDGES.get(row.qualifier, "") + figure
    said = "an amount that is misprinted" if row.unread else said
    if not through:
        return words.link(said, row.cell)
    field = "payer_id" if _from_fund(row) else "part_of" if row.part_of else "channel"
    return words.link(f"{said} {_through(row)}", [row.cell, _cells([row], field)])


def _through(row):
    """Say through which channel an amount came."""
    if _from_fund(row):
        return f"through {_the(row.payer_id)}"
    if not row.channel:
        return "through a channel that our tables do not name"
    return CHANNELS.get(row.channel, ("", f"through {_name(row.channel)}"))[1]


def _from_fund(row):
    return row.channel == "trust_fund" and row.payer_id


def _each(rows):
    return words.listed(_usd(row, through=True) for row in rows)


def _amount(row):
    """Say an amount for a table, a misprint with its likely reading."""
    if not row.unread:
        return _usd(row)
    printed = words.link(f"misprinted: “{row.printed}”", row.cell)
    return f"{printed}; likely {_likely(row)}" if row.likely_usd else printed


def _likely(row):
    return words.link(words.money(row.likely_usd), _cells([row], "likely_usd"))


def _org(row, field="payer_id"):
    key = getattr(row, field)
    return words.link(_the(key), _cells([row], field)) if key else NOBODY


def _when(row):
    return words.link(words.date(row.when), row.dated)


def _in(row):
    """Say when, as an adverb: "in 2017–2022", "on 7 December 2022"."""
    said, day = words.date(row.when), dates.precision(row.when) == "day"
    alone = said.split()[0] in ("since", "from", "until", "some")
    return f"{'' if alone else 'on ' if day else 'in '}{_when(row)}"


def _during(start, end):
    """Say a window as an adverb: "in 2019–2020", "on 1 May 2019"."""
    said = words.window(start, end)
    on = start == end and start and dates.precision(str(start)) == "day"
    return f"{'on' if on else 'from' if ' to ' in said else 'in'} {said}"


def _narrowed(channels, payers, rows):
    """Say which choice of channels and payers was made."""
    who = [_the(key) for key in _payers(payers) if key != NOT_STATED]
    how = [_name(code) for code in _channels(channels, rows)]
    paid = f" from {words.listed(who, 'or')}" if who else " without a payer" * bool(_list(payers))
    return paid + (f" in the channel {words.listed(how, 'or')}" if how else "")


def _how(rows):
    """Say how amounts are added up, and how each is read."""
    wide = [row for row in rows if row.bounds.low < row.bounds.high]
    read = [f"“{row.printed}” is read as {words.money_range(row.bounds)}" for row in wide]
    if bare := [words.money(row.bounds.low) for row in rows if row.bounds.low == row.bounds.high]:
        verb = "is" if len(bare) == 1 else "are"
        read.append(f"{words.listed(bare)} {verb} taken as printed, without room for rounding")
    parts = " + ".join(words.money_range(row.bounds) for row in rows)
    added = f"{parts} = {words.money_range(_sum(rows))}, if none is part of another. "
    return (added if len(rows) > 1 else "") + words.capital("; ".join(read) + ".")


def _added(rows, say=words.about):
    """Say a sum, with its parts as its proof."""
    return words.link(say(_sum(rows)), [row.cell for row in rows], _how(rows))


def _line(text, amount=None, unit="US$", value=None):
    """Make a line of `findings`: a sentence, and the bounds of its figure."""
    low, high = [float(b) if math.isfinite(b) else None for b in amount] if amount else (None, None)
    figures = {"value": low if low == high else value, "low": low, "high": high}
    return {"text": words.capital(text), **figures, "unit": unit if amount else None}


def _headline(rows, everything, start, end, narrowed):
    """State the answer: a share, else a sum, else what our tables hold instead."""
    if _ways(rows, everything):
        return _of_share(_main(rows))
    if group := _main(rows):
        return _of_other(group)
    if group := next(iter(_groups(rows)), []):
        cover = "total covers" if len(group) == 1 else "totals cover"
        said = f"how much {_org(group[0])} provided {_during(start, end)} cannot be told"
        return _line(f"{said}: the {cover} {_when(group[0])} as a whole.")
    dated = [row for row in rows if row.when]
    undated = [row for row in rows if row.level == TOTAL and not row.when]
    if undated and narrowed and dated:
        return _of_undated(undated[0], False)
    if here := [row for row in dated if row.level == PROJECT]:
        touch = f" whose years touch {words.window(start, end)}" if start or end else ""
        return _of_money(here, touch)
    if dated:
        return _of_agreements(dated, f"{_during(start, end)}, " if start or end else "")
    bounded = f" dated {words.window(start, end)}" if start or end else ""
    return _line(f"Our tables hold no amount of money{narrowed}{bounded}.")


def _of_share(group):
    """Say how much of every hundred dollars the largest total is."""
    big, part = _largest(group), _share_of(group)
    how = f"{words.money_range(big.bounds)} of {_how(group)}"
    cells = [*(row.cell for row in group), _cells([big], "channel")]
    shown = words.link(words.capital(words.out_of_100(part)), cells, how)
    were = f"came {_through(big)}"
    if big.channel:
        were = f"were {words.link(_name(big.channel), _cells([big], 'channel'))}"
    to = f" to {_org(big, 'receiver_id')}" if big.receiver_id else ""
    said = f"{shown} dollars that {_org(big)} provided{to} {_in(big)} {were}."
    return _line(said, [100 * side for side in part], "of 100 dollars", round(50 * sum(part)))


def _together(group, everything):
    """Say what the totals come to, for the sentence under the headline."""
    if not group or (len(group) == 1 and group[0].fit == "within"):
        return []
    when = f"for {_when(group[0])} as a whole"
    if len(group) == 1:
        return [_line(f"{when} it was {_each(group)}.", _sum(group))]
    days, note = dates.span(group[0].when), "our sum"
    if days.start and days.end and group[0].fit == "within":
        years = words.counted(days.end.year - days.start.year + 1, "year")
        when = f"in {words.link(years, group[0].dated, 'The first and the last year included.')}"
    whole = len(group) == sum(row.kin == group[0].kin for row in everything)
    found = gaps([row.record for row in group])
    for key, gap in found[found.field == ""].groupby(level=0, sort=False):
        if set(gap.record) == {row.record for row in group} and whole and note == "our sum":
            title = gap.title.iloc[0][:1].lower() + gap.title.iloc[0][1:]
            note += f"; {words.link(title, f'conflicts/{key}', gap.what.iloc[0])}"
    what = "the total" if whole else "these channels together"
    return [_line(f"{when} {what} came to {_added(group)} ({note}).", _sum(group))]


def _of_group(group):
    """Say the totals one by one: the largest, then what came beyond it."""
    if len(group) < 2:
        return []
    big = _largest(group)
    rest = [row for row in group if row is not big]
    years = "" if big.fit == "within" else f" for {_when(big)}"
    whole = f", together {_added(rest, words.money_range)}" if len(rest) > 1 else ""
    said = f"beyond that came {_each(rest)}{whole}."
    if top := [row for row in rest if row.channel not in WHOLE]:
        said += f" We read the money {words.listed(map(_through, top))} as coming on top."
    first = f"The largest part was {_each([big])}{years}."
    return [_line(first, big.bounds), _line(said, _sum(rest))]


def _of_other(group):
    to = f" {_org(group[0], 'receiver_id')} with" if group[0].receiver_id else ""
    said = f"{_org(group[0])} provided{to} {_each(group)} {_in(group[0])}."
    if group[0].channel == "trust_fund":  # then the payer is named already
        said = f"{_each(group)} came {_in(group[0])}."
    return _line(said, _sum(group))


def _of_undated(row, left_out):
    known = "no years are stated" if _looked(row, "period") else "our tables hold no years"
    out = ", so the total leaves it out" if left_out else ""
    came = f"through {_org(row)}" if _from_fund(row) else _through(row)
    return _line(f"{_usd(row)} came {came}; {known} for it{out}.", row.bounds)


def _of_money(rows, touch):
    """Say who provided what for which projects."""
    read, unread = ([row for row in rows if row.unread == flag] for flag in (False, True))
    who, what = words.listed({row.payer_id: _org(row) for row in rows}.values()), []
    if len(rows) == 1:
        name = words.link(_label("projects", rows[0].project_id), f"{rows[0].record}/project_id")
        years = f" ({_when(rows[0])})" if rows[0].when else ""
        what, read, unread = [f"{_usd(rows[0])} for the project “{name}”{years}"], [], []
    if read:
        count = len({row.project_id for row in read})
        what = [f"{_added(read, words.money_range)} for {words.counted(count, 'project')}{touch}"]
    if unread:
        what.append(_misprinted(unread, "amount that is misprinted", "amounts that are misprinted"))
    return _line(f"{who} provided {words.listed(what)}.", _sum(rows))


def _misprinted(rows, *nouns):
    return words.link(words.counted(len(rows), *nouns), [row.cell for row in rows])


def _of_projects(mine):
    """Say how many projects have an amount that can be read."""
    rows = [row for own in mine.values() for row in own]
    read, unread = ([row for row in rows if row.unread == flag] for flag in (False, True))
    read.sort(key=lambda row: -row.bounds.high)
    some, silent = len({row.project_id for row in read}), [k for k, own in mine.items() if not own]
    named = [words.link(_label("projects", key), f"projects/{key}") for key in mine]
    records = [f"projects/{key}" for key in mine]
    every = words.link(words.counted(len(mine), "project"), records) if mine else ""
    if not rows:
        one = f"the project “{named[0]}”" if len(mine) == 1 else every
        return [_line(f"Our tables hold no amount for {one}.")] if mine else []
    few = words.link(words.number(some), _cells(read, "project_id")) if read else "none"
    who = every if some == len(mine) else f"of {every}, {few}"
    said = f"{who} {'has' if some < 2 else 'have'} an amount that can be read"
    said += f": {words.listed(map(_usd, read))}." if read else "."
    none = silent and words.link(words.number(len(silent)), [f"projects/{key}" for key in silent])
    more = [f"for {none} our tables hold none"] if silent else []
    if unread:
        more.insert(0, _misprinted(unread, "amount is misprinted", "amounts are misprinted"))
    said += f" {words.capital(words.listed(more))}." if more else ""
    return [_line(said, _sum(read))]


def _of_agreements(rows, when=""):
    """Say which agreements name money, and from whom."""
    named = []
    for row in rows:
        name = words.link(_label("agreements", row.agreement_id), f"{row.record}/agreement_id")
        named.append(f"{_usd(row)}{f' from {_org(row)}' if row.payer_id else ''} (“{name}”)")
    verb = "agreement names" if len(rows) == 1 else "agreements name"
    many = words.link(words.number(len(rows)), _cells(rows, "agreement_id"))
    said = f"{when}{many} {verb} money: {words.listed(named)}."
    return _line(said, _sum(rows))


def _fits(whole, parts):
    """Hold a total against the amounts that are booked as its parts."""
    read, unread = ([row for row in parts if row.unread == flag] for flag in (False, True))
    named, likely = _each([whole]), [row for row in unread if row.likely_usd]
    figures = [r.bounds for r in read] + [Bounds(r.likely_usd, r.likely_usd) for r in likely]
    less = difference(whole.bounds, figures)
    how = " + ".join(map(words.money_range, figures)) or "nothing"
    if len(likely) < len(unread):
        wrong = words.link("what is misprinted", _cells(unread, "printed"))
        left = words.link(
            words.money_range(less), _cells([whole, *read], "amount_usd"), f"Less {how}"
        )
        return f"For {named} to fit, {wrong} would have to be {left}.", "open"
    fits = less.low <= 0 <= less.high
    cells = [_cells(read, "amount_usd"), _cells(likely, "likely_usd")]
    added = words.link(words.money_range(total(figures)), cells, how)
    told = f"{named} {'fits' if fits else 'does not fit'}: its parts come to {added}."
    if not likely:
        return words.capital(told), "yes" if fits else "no"
    misprint = "misprint is" if len(likely) == 1 else "misprints are"
    proof = " That does not prove the reading, which was chosen because it fits." if fits else ""
    said = f"If the {misprint} {words.listed(map(_likely, likely))}, {told}{proof}"
    return said, "if the misprint is read" if fits else "no"


def _loose(rows, whole):
    """List amounts of projects and agreements without a channel that may be parts of a total."""
    return [
        row
        for row in rows
        if row.level != TOTAL
        and not (row.channel or row.unread)
        and dates.in_window(row.when, whole.when, whole.when) != "no"
    ]


def _open(whole, loose):
    """Compare a total with amounts that may be its parts: projects, then agreements with them."""
    counted, said = [], []
    for level in (PROJECT, AGREEMENT):
        if here := [row for row in loose if row.level == level]:
            counted += here
            less = difference(whole.bounds, [row.bounds for row in counted])
            size = (
                "less than"
                if less.low > 0
                else "more than"
                if less.high < 0
                else "about as much as"
            )
            what = (
                "with those of agreements it is"
                if said
                else f"amounts of {level}s without a channel in our tables make"
            )
            against = "that" if said else _each([whole])
            said.append(f"{what} {_added(counted, words.money_range)}, {size} {against}")
    told = words.capital("; ".join(said))
    return f"{told}. Our tables do not say whether they are part of it.", "open"
