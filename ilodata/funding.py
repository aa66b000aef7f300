"""What money moved: stated amounts as ranges, what they come to, what fits, in plain words.

Totals of channels, amounts of projects and of agreements are never added to each other, and none
is cut to a window: our tables do not say how it falls on years.
"""

import math
from collections import namedtuple

import pandas as pd

from ilodata import dates, problems, tables, words
from ilodata.amounts import Bounds, bounds, hedge, share, total
from ilodata.evidence import certainty, doubted, gaps, lacking, reported

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
    rows, main = [*asked.chosen, *(row for row, _ in also)], (asked.groups or [[]])[0]
    notes = [*(_part(row, rows) for row in asked.chosen), *(said for _, said in also)]
    sides = [[float(row.bounds[at]) for row in rows] for at in (0, 1)]
    columns = {
        "label": [row.label for row in rows],
        "level": [row.level for row in rows],
        "payer": [_label("organisations", row.payer_id) or _lacking([row], "pay") for row in rows],
        "printed": [row.printed for row in rows],
        "amount": [row.amount for row in rows],
        "usd": pd.arrays.IntervalArray.from_arrays(*sides, closed="both"),
        "status": [row.status or "" for row in rows],
        "channel": [_name(row.channel) for row in rows],
        "receiver": [_label("organisations", row.receiver_id) for row in rows],
        "project": [_label("projects", row.project_id) for row in rows],
        "agreement": [_label("agreements", row.agreement_id) for row in rows],
        "when": [words.date(row.when) if row.when else None for row in rows],
        "in_window": [row.fit for row in rows],
        "counted": pd.array([row in main and row.fit == "whole" for row in rows], bool),
        "share": [words.out_of_100(_share(asked, r)) if r in asked.shared else "" for r in rows],
        "certainty": [_certainty(row.of) for row in rows],
        "of": [row.of for row in rows],
        "when_of": [row.dated for row in rows],
        "note": [words.capital(f"{said}.") * bool(said) for said in notes],
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
        "not stated" or "not in our tables"); usd and in_window (as in `amounts`), payer_certainty;
        amount_bar (its bounds in hundredths of the largest amount, for the bars of `show`).
    """
    asked, found = _ask(start, end, channels, payers, contributions), []
    periods = tables.load_projects().period
    roles, spots = tables.load_project_organisations(), tables.load_project_places()
    for key, (fit, own) in asked.projects.items():
        record, when, read = f"projects/{key}", periods[key], [r for r in own if not r.unread]
        funding = roles[(roles.project_id == key) & (roles.role == "funding")].organisation_id
        paid = {payer: f"project_organisations/{id_}" for id_, payer in funding.items()}
        paid |= {row.payer_id: f"{row.record}/payer_id" for row in own if row.payer_id}
        at = spots[(spots.project_id == key) & (spots.role != "network_home")].sort_values("role")
        at = {place: f"project_places/{id_}" for id_, place in at.place_id.items()}
        told = {
            "payer": [words.link(_label("organisations", who), of) for who, of in paid.items()],
            "amount": [row.amount for row in own],
            "dates": [words.link(words.date(when), f"{record}/period")] * (not dates.blank(when)),
            "places": [words.link(_label("places", place), of) for place, of in at.items()],
        }
        for name, said in told.items():
            told[name] = words.listed(said) or _lack(record, name.removesuffix("s"))
        told["dates"] += f"; perhaps not {words.at(asked.window)}" * (fit == "possibly")
        told |= {"record": record, "project": words.link(_label("projects", key), record)}
        told |= {"usd": pd.Interval(*map(float, _sum(read)), "both") if read else None}
        told |= {"in_window": fit, "payer_certainty": _certainty("+".join(paid.values()))}
        found.append(told)
    top = max((it["usd"].right for it in found if it["usd"]), default=0) / 100 or 1
    for it in found:
        usd, missing = it["usd"], "[[" not in it["amount"]  # last; before it what is misprinted
        it["amount_bar"] = usd and (round(usd.left / top), round(usd.right / top))
        it["order"] = it["in_window"] == "possibly", -usd.right if usd else missing
    columns = "record project payer amount dates places usd in_window payer_certainty amount_bar"
    found.sort(key=lambda it: it["order"])
    return tables.frame(found, columns.split(), "record")


def checks(start=None, end=None, channels=(), payers=(), *, contributions=None):
    """Set totals beside what may be their parts.

    Parameters are those of `amounts`: they choose the totals, held against all amounts.

    Returns
    -------
    DataFrame
        text (linked), a line a check, those that stay open last.
    """
    asked, told, left = _ask(start, end, channels, payers, contributions), [], []
    loose = [r for r in asked.every if r.level == "project" and not (r.channel or r.unread)]
    for whole in (row for row in asked.chosen if row.level == TOTAL and not row.unread):
        same = [row for row in loose if dates.in_window(row.when, whole.when, whole.when) != "no"]
        parts = [row for row in asked.every if row.part_of == whole.key]
        if parts and all(row in asked.chosen and row.fit != "possibly" for row in parts):
            told.append(_fits(whole, parts))
        elif same and whole.channel == "voluntary":
            payers = words.listed(dict.fromkeys(row.payer for row in same))
            said = f"the {_added(same)} for projects from {payers} is part of the {whole.each}"
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
    undated = [row for row in asked.chosen if row.level == TOTAL and not row.when]
    lines = _answer(asked, undated)
    lines[0] |= {"kind": "headline"}
    beside = [row for row in undated if not _told(row, lines)]
    summed = any(len(group) > 1 for group in asked.groups[:1])
    said = [_of_totals([row], "Not in the total: " * summed)["text"] for row in beside]
    also = _also(asked)
    left = "; ".join(f"{row.usd} {it}" for row, it in also)
    said += [f"Not counted here: {left}."] * bool(also)
    rows = [*beside, *(row for row, _ in also)]
    lines += [_line(" ".join(said), rows * (len(rows) == 1))] * bool(said)
    lines += _of_projects(asked, lines)
    lines += _of_agreements(asked, lines)
    lines += [_of_totals(group) for group in asked.groups[1:]]  # the first to be cut, if any
    lines += [_line(said, kind="caveat") for said in [_uncertain(asked)] if said]
    known = tables.reported_until()
    if known and dates.in_window(f"../{known}", start, end) == "no":
        lines.append(_line(f"The texts report up to {reported()}.", kind="caveat"))
    frame = pd.DataFrame(lines).drop_duplicates("text")
    frame = frame.astype(dict.fromkeys(["value", "low", "high"], float))
    return frame[frame.groupby("kind").cumcount() < 5].reset_index(drop=True)


# A question as read: all amounts; those of its payers, window and channels; projects by id with
# their fit and those of their amounts; what was asked; those chosen that are certain ("dated");
# totals that may be added, the first to be spoken of; those with shares.
Question = namedtuple(
    "Question", "every chosen projects channels payers window dated groups shared"
)


def _ask(start, end, channels, payers, contributions):
    """Read a question."""
    channels, payers = ([a] if isinstance(a, str) else [*a] for a in (channels or (), payers or ()))
    named = [name for name in payers if str(name).lower() != NOT_STATED]
    every = _read(start, end, contributions)
    how = _channels(channels, every)
    who = tables.find(named, "organisations", "payers") + [NOT_STATED] * (len(named) < len(payers))
    chosen = [row for row in every if row.fit != "no" and _in_channels(row, how)]
    chosen = [row for row in chosen if not who or (row.payer_id or NOT_STATED) in who]
    dated = [row for row in chosen if row.when and row.fit != "possibly"]
    groups = _grouped(row for row in dated if row.level == TOTAL)
    # The one to speak of is whole within the window, of most channels, the latest.
    groups.sort(key=lambda g: (g[0].fit == "whole", len(g), g[0].when), reverse=True)
    main = [row for row in (groups or [[]])[0] if row.fit == "whole"]
    # A share is said of totals of all channels, each of them read.
    clear = not (how or any(r.unread for r in main)) and {*WHOLE} <= {r.channel for r in main}
    window = words.window(start, end) if start or end else ""
    mine = _projects(every, chosen, how, who, start, end)
    shared = main if clear else []
    return Question(every, chosen, mine, how, who, window, dated, groups, shared)


def _in_channels(row, channels):
    return not channels or (row.channel or NOT_STATED) in channels


def _grouped(rows):
    """Put together the amounts that may be added, each group with the largest first."""
    groups = {}
    for row in sorted(rows, key=lambda row: -row.most):
        groups.setdefault(row.kin, []).append(row)
    return [*groups.values()]


def _read(start, end, contributions):
    """Read the amounts that no later one supersedes, a named row each, blank cells ``None``."""
    frame = tables.load_contributions() if contributions is None else contributions
    frame = frame.astype(object).where(frame.notna(), None)
    gone = tables.superseded("contributions") if contributions is None else frame.supersedes_id
    wholes, rows = frame.channel.to_dict(), []
    periods, signed = tables.load_projects().period, tables.load_agreements().signed
    for key, row in frame[~frame.index.isin(gone)].to_dict("index").items():
        record, project, agreement = f"contributions/{key}", row["project_id"], row["agreement_id"]
        ways = {
            f"{record}/period": row["period"],
            f"projects/{project}/period": periods.get(project),
            f"agreements/{agreement}/signed": signed.get(agreement),
        }
        known = [(of, when) for of, when in ways.items() if not dates.blank(when)]
        dated, when = known[0] if known else ("", None)
        level = TOTAL if row["level"] == "channel_total" else row["level"]
        fit = _fit(when, start, end)
        if level == TOTAL and fit == "possibly":
            fit = "partly outside"  # what is given for a year is given for all of it
        row |= {"key": key, "record": record, "dated": dated, "when": when, "level": level}
        row |= {"fit": fit, "channel": row["channel"] or wholes.get(row["part_of"])}
        rows.append(row | _worded(row))
    for row in rows:
        if not row["when"] and {r["fit"] for r in rows if r["part_of"] == row["key"]} == {"no"}:
            row["fit"] = "no"  # none of what it was for was in the window
    return list(pd.DataFrame(rows, dtype=object).itertuples(index=False))


def _fit(when, start, end):
    """Tell how something dated `when` lies in a window."""
    fit, (first, last) = dates.in_window(when, start, end), dates.window(start, end)
    if fit == "certainly":
        inside = not (first or last) or dates.contains(f"{first or '..'}/{last or '..'}", when)
        return "whole" if inside else "partly outside"
    return "no date" if fit == "undated" else fit


def _worded(row):
    """Return an amount's bounds, the words that sentences are made of, and what they rest on."""
    record = row["record"]
    proof = {name: f"{record}/{name}" for name in row}
    read = bounds(row["amount_usd"], row["qualifier"], row["printed_unit_usd"])
    unread = math.isnan(read.low)
    said = hedge(row["qualifier"]) + words.money(row["amount_usd"])
    said = f"a misprinted “{row['printed']}”" if unread else said
    shown = "printed" if unread or _certainty(proof["amount_usd"]) != "inferred" else "amount_usd"
    shown = proof[shown]  # a doubt about a sum is not one about what is printed
    usd = amount = words.link(said, shown)
    likely = row["likely_usd"] and words.link(words.money(row["likely_usd"]), proof["likely_usd"])
    amount += f"; likely {likely}" if likely else ""
    who, to = row["payer_id"], row["receiver_id"]
    kind = tables.load_organisations().kind.get(who)
    from_fund = row["channel"] == "trust_fund" and kind == "fund"
    way = CHANNELS.get(row["channel"]) or f"through {_name(row['channel']) or 'some channel'}"
    through = (way, proof["part_of" if row["part_of"] else "channel"])
    if from_fund:
        through = (f"through {_the(who)}", proof["payer_id"])
    cell = proof["printed" if unread else "amount_usd"]  # what counts in a sum
    needs = {"payer_id": who, "channel": row["channel"] and not row["part_of"]}
    needs["agreement_id"] = row["agreement_id"]
    return {
        **{"bounds": read, "unread": unread, "most": 0 if unread else read.high, "cell": cell},
        **{"usd": usd, "amount": amount, "likely": likely, "from_fund": from_fund, "shown": shown},
        "kin": (who, row["level"], *(to, row["when"]) * (row["level"] == TOTAL)),  # to be added
        "through": words.link(*through),
        "each": words.link(f"{said} {through[0]}", [shown, through[1]]),
        "of": "+".join([cell, *(proof[name] for name in needs if needs[name])]),
        "payer": words.link(_the(who), proof["payer_id"]) if who else NOBODY,
        "receiver": words.link(_the(to), proof["receiver_id"]) if to else "",
    }


def _time(rows):
    """Say the date that amounts share, linked to what dates each of them."""
    return words.link(words.date(rows[0].when), [row.dated for row in rows])


def _at(rows):
    time = _time(rows)
    return words.at(words.plain(time), time)


def _lack(record, word):
    """Say how a thing is missing of a record, linked to the gap and to what its money hangs on."""
    said, of = lacking(record, word)
    also = doubted([f"{record}/title"]) if word == "amount" else []
    return words.link(said, [of, *also]) if of else said


def _lacking(rows, word):
    """Say how a thing is missing of amounts: "not stated" where a gap says so of each."""
    known = _known(rows)
    said = {lacking(record, word)[0] for record in known}
    sure = said == {NOT_STATED} and len(known) == len(rows)
    return NOT_STATED if sure else "not in our tables"


def _known(rows):
    """Return the records of amounts; some are only assumed by somebody, and have none."""
    held = tables.load_contributions().index
    return [row.record for row in rows if row.key in held]


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
    """List what a careful person would mention beside an answer on some payers, and why."""
    parties, found, payers = tables.load_agreement_parties(), [], {*asked.payers}
    receivers = {row.receiver_id for row in asked.every}  # a party to them in another way
    parties = parties[parties.organisation_id.isin(payers - receivers)]
    same = {*parties.same_as_id.dropna()}  # who acts for a payer
    parties = parties[~parties.same_as_id.isin(payers)]
    ties = tables.load_relations().query("predicate == 'part_of'")
    states = ties.object[ties.subject.isin([f"organisations/{key}" for key in payers])]
    wide = payers | {*states.str.removeprefix("organisations/")}  # and whose bodies they are
    # Money without a channel may be part of a voluntary total.
    beside = wide & {row.payer_id for row in asked.every if row.channel == "voluntary"}
    for row in (row for row in asked.every if row.fit != "no" and row not in asked.chosen):
        party = parties[parties.agreement_id == row.agreement_id].organisation_id
        if len(party) and not row.payer_id:
            who = [words.link(_the(key), f"agreement_parties/{i}") for i, key in party.items()]
            said = f"in an {words.link('agreement', f'{row.record}/agreement_id')} with "
            found.append((row, f"{said}{words.listed(who)} (payer {_lacking([row], 'pay')})"))
        elif not row.channel and (row.payer_id in wide | same or (beside and row.project_id)):
            found.append((row, f"{_by(row)} (channel {_lacking([row], 'channel')})"))
        elif _in_channels(row, asked.channels) and row.payer_id in (same | wide) - payers:
            years = f" ({_time([row])})" * bool(row.when)
            found.append((row, f"{_by(row)} {row.through}{years}"))
        elif _in_channels(row, asked.channels) and {*_founders(row).values()} & wide:
            found.append((row, f"through {row.payer}{_founded(row)}{_no_years(row)}"))
    return found


def _no_years(row):
    return f" (years {_lacking([row], 'years')})" * (not row.when)


def _part(row, rows):
    """Say of which total among some rows an amount is taken to be a part, if it is of one."""
    through = {whole.key: whole.through for whole in rows}.get(row.part_of)
    taken = words.link("taken", f"{row.record}/part_of")
    return f"{taken} to be part of the total {through}" if through else ""


def _founders(row):
    """Say who established the fund that a total came through: organisations by relation."""
    made = tables.load_relations().query("predicate == 'established_by'")
    mine = made[made.subject == f"organisations/{row.payer_id}"].object
    total = row.from_fund and row.level == TOTAL
    return mine.str.partition("/")[2].to_dict() if total and len(mine) else {}


def _projects(every, chosen, channels, payers, start, end):
    """Return the projects of a question by id: how each lies in the window, and its amounts."""
    roles, found = tables.load_project_organisations(), {}
    paying = roles[roles.role == "funding"].groupby("project_id").organisation_id.agg(set)
    for key, when in tables.load_projects().period.items():
        paid = [row for row in every if row.level == "project" and row.project_id == key]
        own, fit = [row for row in paid if row in chosen], _fit(when, start, end)
        who = paying.get(key, {NOT_STATED})
        right = not channels and (not payers or who & {*payers})
        if fit != "no" and (own or (right and not paid)):
            found[key] = fit, own
    return found


def _share(asked, row):
    """Bound the share of an amount in the sum of the headline."""
    return share(row.bounds, [each.bounds for each in asked.shared])


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
    """Say how many projects there are, with the dates of each as proof, and what is called one."""
    records = [f"projects/{key}" for key in dict.fromkeys(keys)]
    cells = [f"{record}/period" for record in records]
    cells += doubted(f"{record}/title" for record in records)
    return words.link(words.counted(len(records), "project"), cells, "Each counted once.")


def _certainty(of):
    """Return the certainty of a source, "" of none, "assumed" for a what-if's own rows."""
    try:
        return certainty(of) if of else ""
    except problems.DataError:
        return "assumed"


def _how(rows):
    """Say how amounts are added up, and how each is read."""
    parts = " + ".join(words.money_range(row.bounds) for row in rows)
    added = f"{parts} = {words.money_range(_sum(rows))}{_unless(rows)}. "
    return added * (len(rows) > 1) + READ


def _unless(rows):
    return ", if none is part of another" * (not {row.channel for row in rows} <= {*WHOLE})


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


def _answer(asked, undated):
    """State the answer: a share, else a sum, else what our tables hold instead, and its parts."""
    group = (asked.groups or [[]])[0]
    if asked.shared:
        return [_of_share(asked), *_of_group(group)]
    if group and group[0].fit == "whole":
        return [_of_totals(group), *_of_group(group)[: len(group) > 1]]
    if group:
        named = words.listed(words.link(_name(r.channel), f"{r.record}/channel") for r in group)
        said = f"Totals for {named} are given for {_time(group)} together, not for {asked.window}."
        return [_line(said), *(_of_group(group) if len(group) > 1 else [_of_totals(group)])]
    if undated and {row.part_of for row in asked.dated} <= {row.key for row in undated}:
        return [_of_totals(undated[:1])]
    if asked.dated:
        return _of_money(asked) or _of_agreements(asked, [])
    how = [CHANNELS.get(code, f"in the channel {_name(code)}") for code in asked.channels]
    said = f" {words.listed(how, 'or')}" * bool(how)
    who = words.listed((_the(key) for key in asked.payers if key != NOT_STATED), "or")
    who = f" from {who}" if who else " without a payer" * bool(asked.payers)
    if asked.window:
        return [_line(f"Our tables date no money{who}{said} {words.at(asked.window)}.")]
    return [_line(f"Our tables hold no money{who}{said}.")]


def _of_share(asked):
    """Say how much of every hundred dollars the largest total is."""
    big, part = asked.shared[0], _share(asked, asked.shared[0])
    cells, channel = [row.cell for row in asked.shared], f"{big.record}/channel"
    low, high = math.floor(1000 * part.low) / 10, math.ceil(1000 * part.high) / 10
    how = f"{words.money_range(big.bounds)} of {_how(asked.shared)}"
    shown = words.link(words.out_of_100(part), [*cells, channel], how)
    to, named = f" to {big.receiver}" * bool(big.receiver), words.link(_name(big.channel), channel)
    said = f"{shown} dollars that {big.payer} provided{to} {_at(asked.shared)} were {named}."
    figures = {"value": round(50 * sum(part)), "low": low, "high": high, "unit": "of 100 dollars"}
    return _line(said) | figures


def _of_group(group):
    """Say what several totals come to, the largest, and what came beyond it."""
    found, note = gaps(_known(group)), f"our sum{_unless(group)}"
    for key, gap in found[found.field == ""][:1].iterrows():
        note += f"; {words.link(words.uncapital(gap.title), f'conflicts/{key}', gap.what)}"
    big, *rest = group
    many = words.link(words.number(len(group)), [row.record for row in group])
    said = f"together, the {many} totals for {_time(group)} come to {_added(group, words.about)} ({note})."
    named = words.capital(_name(big.channel) or "the largest part")
    named = words.link(named, f"{big.record}/channel")
    return [
        _line(said, group, kind="standfirst"),
        _line(f"{named}: {big.usd}.", [big]),
        _line(f"Beyond that: {words.listed(row.each for row in rest)}.", rest),
    ]


def _of_totals(group, lead=""):
    """Say totals of one payer and period, or one that came through a fund or has no period."""
    first, to = group[0], f" {group[0].receiver} with" * bool(group[0].receiver)
    said = f"{first.payer} provided{to} {words.listed(row.each for row in group)}"
    if first.from_fund:
        said = f"{first.receiver or NOBODY} receives {words.listed(row.usd for row in group)}"
        said += f" through {first.payer}{_founded(first)}"
    return _line(f"{lead}{said}{_no_years(first) or f' {_at(group)}'}.", group)


def _founded(row):
    """Say who established a fund, and for how many projects its money is said to be."""
    by = [words.link(_the(who), f"relations/{key}") for key, who in _founders(row).items()]
    by = f", established by {words.listed(by)}" * bool(by)
    counts = tables.load_indicators().query(f"record == {row.record!r} and unit == 'projects'")
    for key, value in counts.value[~counts.index.isin(tables.superseded("indicators"))].items():
        count = words.link(words.counted(int(value), "project"), f"indicators/{key}/value")
        by += f"{',' * bool(by)} for {count}"
    return by


def _of_money(asked):
    """Say which project has a contribution, or how many have, and what each payer paid."""
    rows = [row for row in asked.dated if row.level == "project"]
    rows.sort(key=lambda row: -row.most)
    if not rows:
        return []
    said = _counted(keys := [row.project_id for row in rows])
    said += f" whose stated years touch {asked.window}" * bool(asked.window)
    if len({*keys}) == 1:
        when = words.link(words.date(rows[0].when), rows[0].dated)
        said = f"The project “{words.link(_label('projects', keys[0]), f'projects/{keys[0]}')}” ({when})"
    paid = {}
    for row in rows:
        paid.setdefault(row.payer_id, []).append(row)
    paid = [f"{words.listed(it.usd for it in own)} from {own[0].payer}" for own in paid.values()]
    verb = "have contributions:" if len(rows) > 1 else "has a contribution of"
    said += f" {verb} {'; '.join(paid)}"
    if asked.channels == [NOT_STATED]:
        said += f"; the channel is {_lacking(rows, 'channel')}"
    return [_line(f"{said}.", rows * (len(rows) == 1))]


def _of_projects(asked, lines):
    """Say how many projects have an amount, or which has none where the amounts are told."""
    mine = {key: it for key, it in asked.projects.items() if it[0] != "possibly"}
    rows = [row for _, own in mine.values() for row in own]
    rows.sort(key=lambda row: -row.most)
    told, wholes = [], {row.key: row for row in asked.chosen if row.level == TOTAL}
    if not all(_told(row, lines) for row in rows):
        paid = len([own for _, own in mine.values() if own])
        count = words.link(words.counted(paid, "project"), [row.record for row in rows])
        told.append(f"An amount is printed for {count}: {words.listed(row.usd for row in rows)}.")
    parts, said = [row for row in rows if row.part_of in wholes], ""
    if wholes and parts:
        taken = f"{words.number(len(parts))} {'are' if len(parts) > 1 else 'is'} taken"
        taken = words.link(taken, [f"{row.record}/part_of" for row in parts])
        names = words.listed(dict.fromkeys(wholes[row.part_of].through for row in parts))
        said = f": {taken} to be part of the total {names}"
    told += [f"Do not add amounts of projects to totals{said}."] * bool(wholes and rows)
    told += filter(None, [_unpaid([key for key, (_, own) in mine.items() if not own])])
    return [_line(" ".join(told), rows * (len(rows) == 1))] if told else []


def _unpaid(keys):
    """Say that projects have no amount, by name where they are few."""
    names = [words.link(_label("projects", key), f"projects/{key}") for key in keys]
    silent = {lacking(f"projects/{key}", "amount")[0] for key in keys} == {NOT_STATED}
    said = "No amount is stated for" if silent else "Our tables hold no amount for"
    return f"{said} {_counted(keys)}: {words.listed(names, names=True)}." if keys else ""


def _told(row, lines):
    return any(f"|{row.shown}" in line["text"] for line in lines)


def _of_agreements(asked, lines):
    """Say which agreements come with money, and from whom."""
    rows = [row for row in asked.dated if row.level == "agreement" and not _told(row, lines)]
    if not rows:
        return []
    cells = [f"{row.record}/agreement_id" for row in rows]
    said = words.link(words.counted(len(rows), "agreement"), cells)
    said += f" come{'s' * (len(rows) == 1)} with money: {words.listed(map(_of_agreement, rows))}."
    return [_line(said, rows * (len(rows) == 1))]


def _of_agreement(row):
    """Say an amount of an agreement, and from whom."""
    name = words.link(_label("agreements", row.agreement_id), f"{row.record}/agreement_id")
    if not row.payer_id:
        return f"{row.usd} ({name}; payer {_lacking([row], 'pay')})"
    return f"{row.usd} {_by(row)} ({name})"


def _by(row):
    by = f"{words.link(row.status, f'{row.record}/status')} by" if row.status else "from"
    return f"{by} {row.payer}"


def _uncertain(asked):
    """Name the projects and amounts that may lie in the window and are not counted."""
    periods, named = tables.load_projects().period, []
    for key, (_, own) in (it for it in asked.projects.items() if it[1][0] == "possibly"):
        when = words.link(words.date(periods[key]), f"projects/{key}/period")
        named.append(f"{words.link(_label('projects', key), f'projects/{key}')} ({when})")
        named[-1] += f", with {words.listed(row.usd for row in own)}" * bool(own)
    rows = [row for row in asked.chosen if row.fit == "possibly" and row.level == "agreement"]
    return words.uncertain([*named, *map(_of_agreement, rows)], asked.window)


def _fits(whole, parts):
    """Set a total beside the amounts that are booked as its parts."""
    likely = [row for row in parts if row.unread and row.likely_usd]
    figures = [Bounds(r.likely_usd, r.likely_usd) if r in likely else r.bounds for r in parts]
    cells = [f"{r.record}/likely_usd" if r in likely else r.cell for r in parts]
    how = " + ".join(map(words.money_range, figures))
    come = words.link(words.money_range(total(figures)), cells, how)
    many = words.link(words.counted(len(parts), "amount"), [f"{r.record}/part_of" for r in parts])
    said = f"{many} {whole.through} come{'s' * (len(parts) == 1)} to {come}"
    said += f" if the misprint means {words.listed(row.likely for row in likely)}" * bool(likely)
    return words.capital(f"{said}; the total is {whole.usd}.")
