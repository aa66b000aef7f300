"""What happened when: agreements, events and projects in one chronology, as precisely as stated."""

import pandas as pd

from ilodata import uncertain
from ilodata.tables import chosen, sentences

KINDS = ("agreement", "event", "project")


def chronology(agreements, events, projects):
    """Put agreements, events and projects into one list, in the order of their earliest day.

    Parameters
    ----------
    agreements, events, projects : DataFrame
        From ``load_agreements``, ``load_events`` and ``load_projects``.

    Returns
    -------
    DataFrame
        Indexed by record (``table/id``): kind ("agreement", "event", "project"), label, what
        (the act or sort, as coded), date (EDTF; missing where none is stated), when (in words),
        precision, start, end (first and last day it can mean; ``NaT`` where open or unknown).
    """
    parts = [
        _part(agreements, "agreement", "signed", "act"),
        _part(events, "event", "date", "kind"),
        _part(projects, "project", "period", None),
    ]
    joined = pd.concat(parts)
    return joined.sort_values(["start", "end", "label"], kind="stable", na_position="last")


def _part(frame, kind, date, what):
    when = frame[date]
    return (
        pd.DataFrame(
            {
                "kind": kind,
                "label": frame.label,
                "what": frame[what] if what else "runs",
                "date": when,
                "when": [uncertain.say_date(value) for value in when],
                "precision": [
                    "not dated" if pd.isna(value) else uncertain.precision(value) for value in when
                ],
                "start": frame.start,
                "end": frame.end,
            }
        )
        .set_axis([f"{kind}s/{key}" for key in frame.index], axis="index")
        .rename_axis("record")
    )


def involvement(parties, participants, people, project_organisations):
    """List which organisation has which part in which record.

    Parameters
    ----------
    parties, participants, people, project_organisations : DataFrame
        From ``load_agreement_parties``, ``load_event_participants``, ``load_people`` and
        ``load_project_organisations``. A person counts for the organisation of the office named.

    Returns
    -------
    DataFrame
        record, organisation_id, role; one row a part taken.
    """
    of_person = participants.person_id.map(people.organisation_id)
    parts = [
        pd.DataFrame(
            {
                "record": "agreements/" + parties.agreement_id,
                "organisation_id": parties.organisation_id,
                "role": "party",
            }
        ),
        pd.DataFrame(
            {
                "record": "events/" + participants.event_id,
                "organisation_id": participants.organisation_id.fillna(of_person),
                "role": participants.role,
            }
        ),
        pd.DataFrame(
            {
                "record": "projects/" + project_organisations.project_id,
                "organisation_id": project_organisations.organisation_id,
                "role": project_organisations.role,
            }
        ),
    ]
    return pd.concat(parts, ignore_index=True)


def within(happenings, start, end, kinds=(), organisations=(), involved=None, today=None):
    """Choose what falls into a window, certainly or possibly.

    Parameters
    ----------
    happenings : DataFrame
        From `chronology`.
    start, end : str
        EDTF; from the first day of `start` to the last day of `end`.
    kinds : list of str
        Some of "agreement", "event", "project"; empty for all.
    organisations : list of str
        Keep records in which one of these has a part; empty for all.
    involved : DataFrame
        From `involvement`; needed where organisations are given.
    today : Timestamp, optional
        The day for which the documents speak; what goes on is certain until then.

    Returns
    -------
    DataFrame
        As `happenings`, with in_window: "certainly", "possibly" or "undated". What is not
        dated is kept, since no window excludes it.

    Raises
    ------
    ValueError
        If a kind or organisation is unknown, or the window is reversed or unreadable.
    """
    kinds = chosen(kinds, KINDS, "kind")
    fits = [uncertain.in_window(date, start, end, today) for date in happenings.date]
    shown = happenings.assign(in_window=fits)
    keep = (shown.in_window != "no") & shown.kind.isin(kinds)
    if len(organisations):
        names = chosen(organisations, involved.organisation_id, "organisation")
        with_part = involved[involved.organisation_id.isin(names)].record
        keep &= shown.index.isin(with_part)
    return shown[keep]


def pieces(shown, start, end, today=None):
    """Cut each happening into the stretches to be drawn: what its date can mean, no more.

    Parameters
    ----------
    shown : DataFrame
        From `within`.
    start, end : str
        The window; what goes on is drawn to its edge, or to `today`, and marked.
    today : Timestamp, optional
        The day for which the documents speak.

    Returns
    -------
    DataFrame
        One row a stretch: record, kind, label, when, precision, from, to (days), edge ("" or
        "goes on" or "end not stated"). A date in one of two months gives two rows.
    """
    first, last = uncertain.span(str(start)).start, uncertain.span(str(end)).end
    rows = []
    for record, row in shown[shown.date.notna()].iterrows():
        for part in uncertain.spans(row.date):
            edge = {"going on": "goes on", "end not stated": "end not stated"}.get(
                row.precision, ""
            )
            since = first if part.start is pd.NaT else max(part.start, first)
            until = part.end
            if edge == "end not stated":  # only the beginning is known: draw that, and mark it
                until = uncertain.span(row.date.rstrip("/")).end
            until = min(last, today or last) if until is pd.NaT else min(until, last)
            if since <= until:
                rows.append(
                    (record, row.kind, row.label, row.when, row.precision, since, until, edge)
                )
    columns = ["record", "kind", "label", "when", "precision", "from", "to", "edge"]
    drawn = pd.DataFrame(rows, columns=columns)
    # a day is drawn as a day: its bar ends with it
    drawn["to"] = pd.to_datetime(drawn["to"]) + pd.Timedelta(days=1)
    return drawn


def per_year(shown, start, end, today=None):
    """Count for each year what happened in it or was under way, certainly and possibly.

    Parameters
    ----------
    shown : DataFrame
        From `within`.
    start, end : str
        The window, EDTF.
    today : Timestamp, optional
        The day for which the documents speak.

    Returns
    -------
    DataFrame
        year, kind, certain, possible (numbers; possible includes certain). A kind without a
        row in a year has none.
    """
    years = range(uncertain.span(str(start)).start.year, uncertain.span(str(end)).end.year + 1)
    rows = []
    for year in years:
        for kind, group in shown[shown.date.notna()].groupby("kind"):
            fits = [uncertain.in_window(date, str(year), str(year), today) for date in group.date]
            certain = fits.count("certainly")
            rows.append((year, kind, certain, certain + fits.count("possibly")))
    counted = pd.DataFrame(rows, columns=["year", "kind", "certain", "possible"])
    return counted[counted.possible > 0].reset_index(drop=True)


def by_partner(shown, involved, organisations):
    """Count for each organisation the agreements, events and projects in which it has a part.

    Parameters
    ----------
    shown : DataFrame
        From `within`.
    involved : DataFrame
        From `involvement`.
    organisations : DataFrame
        From ``load_organisations``.

    Returns
    -------
    DataFrame
        organisation, kind, records (number), most frequent organisation first. A record counts
        once for an organisation, whatever its number of parts.
    """
    here = involved[involved.record.isin(shown.index)]
    here = here.drop_duplicates(["record", "organisation_id"])
    here = here.assign(
        kind=here.record.map(shown.kind), organisation=here.organisation_id.map(organisations.label)
    )
    counted = here.groupby(["organisation", "kind"]).size().rename("records").reset_index()
    order = counted.groupby("organisation").records.transform("sum")
    counted = counted.assign(order=order).sort_values(
        ["order", "organisation", "kind"], ascending=[False, True, True]
    )
    return counted.drop(columns="order").reset_index(drop=True)


def findings(shown, involved, start, end):
    """State what the chronology shows, each sentence with its caveat.

    Parameters
    ----------
    shown, involved : DataFrame
        From `within` and `involvement`.
    start, end : str
        The window.

    Returns
    -------
    DataFrame
        finding, caveat, records (comma-separated ``table/id``).
    """
    window = f"{uncertain.say_date(str(start))} to {uncertain.say_date(str(end))}"
    dated = shown[shown.date.notna()]
    said = []
    if dated.empty:
        said.append(
            (
                f"Nothing is dated in the window {window}.",
                "The documents tell of nothing; that is not the same as nothing happened.",
                [],
            )
        )
    else:
        told = []
        for kind in KINDS:
            group = dated[dated.kind == kind]
            certain = int((group.in_window == "certainly").sum())
            told.append(uncertain.say_count(certain, len(group), kind))
        vague = (dated.in_window == "possibly").any()
        said.append(
            (
                f"In the window {window} the documents date {told[0]} and {told[1]}, and have "
                f"{told[2]} under way.",
                "What they do not tell is not counted; a range is left where a date is too vague."
                if vague
                else "What they do not tell is not counted.",
                list(dated.index),
            )
        )
    pace = per_year(dated[dated.kind == "agreement"], start, end)
    top = pace[pace.certain == pace.certain.max()]
    # Only where no other year can have more.
    if len(top) and pace.possible.max() <= top.certain.max():
        years = ", ".join(map(str, top.year))
        said.append(
            (
                f"Most agreements fall into {years}: "
                f"{uncertain.say_count(int(top.certain.max()), int(top.possible.max()), 'agreement')}"
                f"{' each' if len(top) > 1 else ''}.",
                "Agreements are counted by the year of signing, agreeing or adoption.",
                list(dated[(dated.kind == "agreement") & dated.start.dt.year.isin(top.year)].index),
            )
        )
    vague = dated[dated.precision.isin(["one of several", "going on", "end not stated"])]
    if len(vague):
        said.append(
            (
                f"{uncertain.say_count(len(vague), len(vague), 'date')} "
                f"{'is' if len(vague) == 1 else 'are'} known only as one of several months, "
                "or as a beginning.",
                "They are drawn as all that they can mean.",
                list(vague.index),
            )
        )
    undated = shown[shown.date.isna()]
    if len(undated):
        said.append(
            (
                f"{uncertain.say_count(len(undated), len(undated), 'happening')} "
                f"{'has' if len(undated) == 1 else 'have'} no date: {', '.join(undated.label)}.",
                "Kept in the list, not in the pictures.",
                list(undated.index),
            )
        )
    without = dated[(dated.kind == "agreement") & ~dated.index.isin(involved.record)]
    if len(without):
        said.append(
            (
                f"{uncertain.say_count(len(without), len(without), 'agreement')} "
                f"{'has' if len(without) == 1 else 'have'} no stated party: {', '.join(without.label)}.",
                "They are missing from every count by partner.",
                list(without.index),
            )
        )
    return sentences(said)
