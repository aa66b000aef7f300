"""The documents, and how sure we are of what we take from them."""

from collections import defaultdict

import pandas as pd

from ilodata import tables, words
from ilodata.evidence import card, lacking, weigh

__all__ = ["cells", "documents", "findings", "inferred", "subjects"]

# How a reader would group the tables; the rest are names of things.
SUBJECTS = {
    "Money": ["contributions"],
    "Single projects": ["projects", "project_organisations", "project_places"],
    "Agreements": ["agreements", "agreement_parties"],
    "Results": ["results", "result_places"],
    "Events": ["events", "event_participants"],
    "Themes": ["themes"],
    "Context and ties": ["relations", "indicators"],
}
OTHERS = "Names and texts"
MOST = 12  # parts that a card still shows well; a table on the page holds the others
PAIRS = 2  # values that the card of many shows, each with what each text says


def __dir__():
    return __all__  # what Tab shows


def cells(documents=()):
    """List each value of the tables that the documents prove, and how.

    Parameters
    ----------
    documents : str or list of str
        Documents whose evidence counts, by id or title; empty for all.

    Returns
    -------
    DataFrame
        One row a cell: record, field, subject, certainty ("stated", or "inferred" where nothing
        states it), documents (how many say it, exactly or coarsely), exact (how many of them say
        it exactly), document_id (of the only one that says it; missing where several do), why (the
        reason of what is inferred), of (its source).

    Raises
    ------
    DataError
        If there is no such document; the nearest right one is named.
    """
    chosen, proof, found = tables.find(documents, "documents"), defaultdict(list), []
    for row in tables.rows("evidence"):
        for field in row["field"].split("+"):  # one piece can prove several fields of a record
            if row["support"] != "differs" and (row["document_id"] in chosen or not chosen):
                proof[row["record"], field].append(row)
    subject = {table: name for name, held in SUBJECTS.items() for table in held}
    for (record, field), pieces in proof.items():
        texts = list(dict.fromkeys(row["document_id"] for row in pieces))
        exact = {row["document_id"] for row in pieces if row["support"] == "says"}
        only = texts[0] if len(texts) == 1 else None
        why = next((row["note"] for row in pieces if row["basis"] == "inferred"), "")
        about = subject.get(record.partition("/")[0], OTHERS)
        cell = (record, field, about, weigh(pieces), len(texts), len(exact), only, why)
        found.append((*cell, f"{record}/{field}"))
    columns = "record field subject certainty documents exact document_id why of"
    return pd.DataFrame(found, columns=columns.split())


def subjects(documents=()):
    """Count the values about each subject that each document tells alone, or several do.

    Parameters
    ----------
    documents : str or list of str
        Documents whose evidence counts; empty for all.

    Returns
    -------
    DataFrame
        One row a subject and part: subject, part ("in both texts", "only in “The ILO in China”"),
        facts (how many), of and how (source and arithmetic of a card).
    """
    held, texts, rows = cells(documents), _texts(documents), []
    several = {"in both texts" if len(texts) == 2 else "in several texts": ""}
    only = {f"{'only ' * (len(texts) > 1)}in “{title}”": key for key, title in texts.title.items()}
    for subject in [*SUBJECTS, OTHERS]:
        for part, key in (several | only).items():
            mine = held[(held.subject == subject) & (held.document_id.fillna("") == key)]
            if len(mine):
                how = f"{len(mine)} values {part}; two are shown" if len(mine) > PAIRS else ""
                rows.append((subject, part, len(mine), _source(mine, PAIRS), how))
    frame = pd.DataFrame(rows, columns=["subject", "part", "facts", "of", "how"])
    order = [part for part in (several | only) if part in set(frame.part)]
    return frame.sort_values("part", key=lambda it: it.map(order.index), kind="stable")


def _source(frame, most=MOST):
    """Write the first cells of a frame as one source of a link."""
    return "+".join(frame.of.head(most))


def documents(asked=()):
    """Say of each document what it is, up to when it reports, and what it alone tells.

    Parameters
    ----------
    asked : str or list of str
        Documents, by id or title; empty for all.

    Returns
    -------
    DataFrame
        Indexed by record (``documents/...``), linked text: document, kind, reports_to, alone
        (values that only this document tells, and the subjects of most).
    """
    held, rows = cells(), []
    for key, row in _texts(asked).iterrows():
        record, last = f"documents/{key}", row.latest_date
        last = "–" if pd.isna(last) else words.link(words.date(last), f"{record}/latest_date")
        own = held[held.document_id == key]
        most = words.listed(own.subject.value_counts().index[:3].str.lower(), names=True)
        alone = _link_count(own, "values that only this text tells")
        alone += f" values, most of them about {most}" * bool(most)
        told = words.link(row.title, f"{record}/title"), row.kind.replace("_", " ")
        rows.append((record, *told, last, alone))
    return tables.frame(rows, ["record", "document", "kind", "reports_to", "alone"], "record")


def _texts(asked):
    """Load the documents asked for, or all."""
    chosen, texts = tables.find(asked, "documents"), tables.load_documents()
    return texts[texts.index.isin(chosen)] if chosen else texts


def inferred(documents=()):
    """List what is inferred, with the reasons that the evidence gives.

    Returns
    -------
    DataFrame
        One row a reason or several, linked text: subject, what (the values they hold for), why.
    """
    told = cells(documents).query("certainty == 'inferred'")
    told = told.assign(what=[card(of)["title"] for of in told.of])
    why = told.groupby(["subject", "what"]).why.transform(
        lambda some: " ".join(dict.fromkeys(some))
    )
    told = told.assign(why=why).groupby(["subject", "why"], sort=False)[["what", "of"]]
    told = told.agg(dict.fromkeys).reset_index()
    told["what"] = [
        words.link("; ".join(it), [*of]) for it, of in zip(told.what, told.of, strict=True)
    ]
    return told[["subject", "what", "why"]]


def findings(documents=()):
    """State what the documents are, and how sure we are of what we take from them.

    Parameters
    ----------
    documents : str or list of str
        Documents whose evidence counts, by id or title; empty for all.

    Returns
    -------
    DataFrame
        kind ("headline", "standfirst", "finding"), text (linked), value (the number that a
        finding counts; missing where it counts none).
    """
    held, texts = cells(documents), _texts(documents)
    differ = tables.load_conflicts().query("kind == 'between_documents' and weight == 'figure'")
    differ = differ if len(texts) > 1 else differ.head(0)
    rows = [
        ("headline", _headline(texts, differ), len(texts)),
        ("standfirst", _reporting(texts), None),
        *(_agreeing(held, texts, differ) if len(texts) > 1 else []),
        _guessed(held),
        _doubted(set(held.record) if documents else None),
    ]
    frame = pd.DataFrame(rows, columns=["kind", "text", "value"])
    return frame.astype({"value": "Float64"})


def _headline(texts, differ):
    """Say how many texts there are, whether all are undated, and what is wrong in them."""
    here = set(tables.load_evidence().query("document_id in @texts.index").record)
    wrong = tables.load_contributions().query("qualifier == 'misprint'").index
    wrong = [f"contributions/{key}/printed" for key in wrong if f"contributions/{key}" in here]
    of = [f"documents/{key}" for key in texts.index]
    # A date is called missing where somebody looked for it and did not find it.
    undated = all(texts.published.isna()) and all(lacking(it, "undated")[1] for it in of)
    count = words.number(len(of), capital=True)
    told = [
        f"{words.link(count, of) if of else count}{' undated' * undated} text{'s' * (len(of) != 1)}"
    ]
    if wrong:
        told.append(words.link(words.counted(len(wrong), "misprinted amount"), wrong))
    if len(differ):
        said = _conflicts(words.counted(len(differ), "figure"), list(differ.index))
        told.append(f"{said} told differently")
    return f"{words.listed(told)}."


def _reporting(texts):
    """Say up to when each text reports."""
    told = [
        f"the {row.kind.replace('_', ' ')} "
        f"{words.link('“' + row.title + '”', f'documents/{key}/title')} reports up to "
        f"{words.link(words.date(row.latest_date), f'documents/{key}/latest_date')}"
        for key, row in texts.dropna(subset="latest_date").iterrows()
    ]
    return f"{words.capital(words.listed(told))}." if told else "Our tables hold no text."


def _agreeing(held, texts, differ):
    """Say how many values several documents say alike, which differ, and who stands alone."""
    both = held[held.documents > 1].sort_values("exact", ascending=False, kind="stable")
    looser = both[both.exact < 2]
    who = "both texts" if len(texts) == 2 else "several texts"
    said = "None"
    if len(both):
        said = words.link(len(both), _source(both, PAIRS), f"{len(both)} values; two are shown")
    text = f"In {who}: {said} of the {_link_count(held)} values in our tables"
    if len(looser):
        shown = words.link(words.number(len(looser)), _source(looser, PAIRS), "two are shown")
        text += f", {shown} of them only roughly"
    rows = [("finding", f"{text}.", len(both))]
    for key, row in differ.iterrows():
        name = words.link(words.uncapital(row.label), f"conflicts/{key}")
        rows.append(("finding", f"Told differently: {name}. {row.what}", 1))
    for key, row in texts.iterrows():
        alone = [it for it in SUBJECTS if {*held.document_id[held.subject == it]} == {key}]
        if said := words.listed(map(words.uncapital, alone)):
            title = words.link(f"“{row.title}”", f"documents/{key}/title")
            text = f"In one text only: all that we say about {said} comes from {title}."
            rows.append(("finding", text, None))
    return rows


def _link_count(held, what="values with evidence"):
    """Link the number of some facts to the first of them."""
    shown = words.number(min(MOST, len(held)))
    how = f"{len(held):,} {what}; the first {shown} are shown"
    return words.link(f"{len(held):,}", _source(held), how) if len(held) else "no"


def _guessed(held):
    """Say how much is inferred."""
    guessed = held[held.certainty == "inferred"]
    how = f"{len(guessed)} values that take our judgement; each has its reason"
    said = words.link(len(guessed), _source(guessed), how) if len(guessed) else "none"
    text = f"Inferred: {said} of the {_link_count(held)} values rest on our judgement as well."
    return "finding", text, len(guessed)


def _doubted(records=None):
    """Say how many doubts would change something that the pages show, of some records or of all."""
    found, touched = tables.load_conflicts(), tables.load_conflict_records()
    if records is not None:
        found = found[found.index.isin(touched.conflict_id[touched.record.isin(records)])]
    doubts, gaps = (list(found.index[found.weight == weight]) for weight in ("figure", "gap"))
    text = f"In doubt: {_conflicts(words.counted(len(doubts), 'reading'), doubts)} of ours"
    text += f" decide{'s' * (len(doubts) == 1)} a number, date or name that these pages show"
    if gaps:
        text += f"; {_conflicts(words.counted(len(gaps), 'question'), gaps)} that we looked into "
        text += f"{'has' if len(gaps) == 1 else 'have'} no full answer in the texts"
    return "finding", f"{text}.", len(doubts)


def _conflicts(said, keys):
    """Link a count of conflicts to the first of them."""
    cut = "; the first are shown" * (len(keys) > MOST)
    how = f"{said} in our list of doubts and open questions{cut}"
    return words.link(said, [f"conflicts/{key}" for key in keys[:MOST]], how) if keys else said
