"""The documents, and how sure we are of what we take from each; of one cell `evidence` tells."""

from collections import defaultdict

import pandas as pd

from ilodata import naming, tables, words
from ilodata.evidence import card, document, doubts, gaps, lacking, weigh

__all__ = ["cells", "documents", "findings", "inferred", "subjects"]
__dir__ = __all__.copy  # what Tab shows

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
MOST_PARTS = 12  # that a card still shows well; a table on the page holds the others
PAIRS = 2  # values that the card of many shows, each with what each text says


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
    chosen, proof, found = naming.find(documents, "documents"), defaultdict(list), []
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

    `documents` are as for `cells`.

    Returns
    -------
    DataFrame
        One row a subject and part: subject, part ("in both texts", "only in “The ILO in China”"),
        facts (how many), of and how (source and arithmetic of a card).
    """
    held, texts, rows = cells(documents), _texts(documents), []
    parts = {"in both texts" if len(texts) == 2 else "in several texts": ""}
    only = "only " * (len(texts) > 1)
    parts |= {f"{only}in “{title}”": key for key, title in texts.title.items()}
    for part, key in parts.items():
        for subject in [*SUBJECTS, OTHERS]:
            mine = held.of[(held.subject == subject) & (held.document_id.fillna("") == key)]
            how = f"{len(mine)} values {part}; {words.number(PAIRS)} are shown"
            how *= len(mine) > PAIRS
            if len(mine):
                rows.append((subject, part, len(mine), "+".join(mine.head(PAIRS)), how))
    return pd.DataFrame(rows, columns=["subject", "part", "facts", "of", "how"])


def documents(asked=()):
    """Say of each document what it is, up to when it reports, and what it alone tells.

    `asked` are documents, by id or title; empty for all.

    Returns
    -------
    DataFrame
        Indexed by record (``documents/...``), linked text: document, kind, reports_to, alone
        (values that only this document tells, and the subjects of most).
    """
    held, rows = cells(), []
    for key, row in _texts(asked).iterrows():
        record = f"documents/{key}"
        own = held[held.document_id == key]
        most = words.listed(own.subject.value_counts().index[:3].str.lower(), names=True)
        alone = _count(own.of, "that only this text tells")
        alone += f" {words.several('value', len(own))}, most of them about {most}" * bool(most)
        told = words.link(row.title, f"{record}/title"), row.kind.replace("_", " ")
        rows.append((record, *told, document(record)[1], alone))
    return tables.frame(rows, ["record", "document", "kind", "reports_to", "alone"], "record")


def _texts(asked):
    """Load the documents asked for, or all."""
    chosen, texts = naming.find(asked, "documents"), tables.load_documents()
    return texts[texts.index.isin(chosen)] if chosen else texts


def inferred(documents=()):
    """List what is inferred, with the reasons that the evidence gives.

    `documents` are as for `cells`.

    Returns
    -------
    DataFrame
        One row a reason, linked text: subject, what (the values it holds for), why.
    """
    told = cells(documents).query("certainty == 'inferred'")
    told, rows = told.assign(what=[card(of)["title"] for of in told.of]), []
    for (subject, why), some in told.groupby(["subject", "why"], sort=False):
        rows.append((subject, words.link("; ".join(dict.fromkeys(some.what)), some.of), why))
    return pd.DataFrame(rows, columns=["subject", "what", "why"])


def findings(documents=()):
    """State what the documents are, and how sure we are of what we take from them.

    `documents` are as for `cells`.

    Returns
    -------
    DataFrame
        kind ("headline", "standfirst", "finding"), text (linked), value (the number that a
        finding counts; missing where it counts none).
    """
    held, texts = cells(documents), _texts(documents)
    differ = tables.load_conflicts().query("kind == 'between_documents' and weight == 'figure'")
    differ = differ.head(None if len(texts) > 1 else 0)
    guessed = held.of[held.certainty == "inferred"]
    some = _count(guessed, f"that {words.verb(len(guessed), 'take')} our judgement")
    said = f"Inferred: {some} of the {_count(held.of)} values rest on our judgement as well."
    rows = [
        ("headline", _headline(held, texts, differ), len(texts)),
        ("standfirst", _reporting(texts), None),
        *(_agreeing(held, texts, differ) if len(texts) > 1 else []),
        ("finding", said, len(guessed)),
        _doubted(held if documents else None),
    ]
    frame = pd.DataFrame(rows, columns=["kind", "text", "value"])
    return frame.astype({"value": "Float64"})


def _headline(held, texts, differ):
    """Say how many texts there are, whether all are undated, and what is wrong in them."""
    wrong = tables.load_contributions().query("qualifier == 'misprint'").index
    wrong = [of for of in "contributions/" + wrong + "/printed" if of in set(held.of)]
    of = [f"documents/{key}" for key in texts.index]
    # A date is called missing where somebody looked for it and did not find it.
    undated = all(texts.published.isna()) and all(lacking(it, "undated")[1] for it in of)
    parts = [_linked(words.counted(len(of), "undated " * undated + "text"), of)]
    parts += [_linked(words.counted(len(wrong), "misprinted amount"), wrong)] * bool(wrong)
    keys = [f"conflicts/{key}" for key in differ.index]
    parts += [f"{_linked(words.counted(len(keys), 'figure'), keys)} told differently"] * bool(keys)
    return words.capital(f"{words.listed(parts)}.")


def _reporting(texts):
    """Say up to when each text reports."""
    told = ["the {} reports up to {}".format(*document(f"documents/{key}")) for key in texts.index]
    return words.capital(f"{words.listed(told) or 'our tables hold no text'}.")


def _agreeing(held, texts, differ):
    """Say how many values several documents say alike, which differ, and who stands alone."""
    both = held[held.documents > 1].sort_values("exact", ascending=False, kind="stable")
    looser = both.of[both.exact < 2]
    who = "both texts" if len(texts) == 2 else "several texts"
    text = f"In {who}: {_count(both.of, most=PAIRS)} of the {_count(held.of)} values in our tables"
    if len(looser):
        text += f", {_linked(words.number(len(looser)), looser, PAIRS)} of them only roughly"
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


def _doubted(of):
    """Say how many doubts would change what the pages show, of some cells or of all."""
    counts, links = [], []
    for found, noun in ((doubts(of), "reading"), (gaps(of), "question")):
        keys = [f"conflicts/{key}" for key in found.index.unique()]
        count = words.counted(len(keys), noun)
        links.append(_linked(count, keys, how=f"{count} in our list of doubts and open questions"))
        counts.append(len(keys))
    text = "In doubt: numbers, dates or names that these pages show rest on {} of ours; "
    text += "the texts give no full answer to {} that we looked into."
    return "finding", text.format(*links), counts[0]


def _count(of, what="with evidence", most=MOST_PARTS):
    """Link the number of some cells to the first of them."""
    how = f"{len(of):,} {words.several('value', len(of))} {what}"
    return _linked(f"{len(of):,}" if len(of) else "none", of, most, how)


def _linked(said, of, most=MOST_PARTS, how=""):
    """Link a count to what it counts: of many, the first."""
    if len(of) > most:
        how = f"{how or said}; the first {words.number(most)} are shown"
    return words.link(said, [*of][:most], how) if len(of) else said
