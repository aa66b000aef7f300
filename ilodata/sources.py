"""The documents, and how sure we are of what we take from them."""

import pandas as pd

from ilodata import tables, words

# How a reader would group the tables; the rest are names of things.
SUBJECTS = {
    "Money": ["contributions"],
    "Projects": ["projects", "project_organisations", "project_places"],
    "Agreements": ["agreements", "agreement_parties"],
    "Results": ["results", "result_places"],
    "Events": ["events", "event_participants"],
    "Aims": ["themes"],
    "Links and figures": ["relations", "indicators"],
}
OTHERS = "Names, texts"


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
        it exactly), document_id (of the only one that says it; missing where several do).

    Raises
    ------
    DataError
        If there is no such document; the nearest right one is named.
    """
    chosen = tables.find(documents, "documents")
    proof = tables.load_evidence()
    proof = proof[(proof.support != "differs") & (proof.document_id.isin(chosen) | (not chosen))]
    subject = {table: name for name, held in SUBJECTS.items() for table in held}
    proof = proof.assign(
        exact=proof.document_id.where(proof.support == "says"),
        stated=(proof.basis == "stated") & (proof.support == "says"),
        loosely=proof.basis == "stated",
    )
    found = proof.groupby(["record", "field"], sort=False).agg(
        exact=("exact", "nunique"),
        documents=("document_id", "nunique"),
        document_id=("document_id", "first"),
        stated=("stated", "any"),
        loosely=("loosely", "any"),
    )
    # What says the value counts; a coarser statement only where nothing says it.
    sure = found.stated | (found.loosely & (found.exact == 0))
    found["document_id"] = found.document_id.where(found.documents == 1)
    found["certainty"] = sure.map({True: "stated", False: "inferred"})
    found = found.reset_index()
    found["subject"] = found.record.str.partition("/")[0].map(subject).fillna(OTHERS)
    order = ["record", "field", "subject", "certainty", "documents", "exact", "document_id"]
    return found[order]


def subjects(documents=()):
    """Count the values about each subject, and those of them that are inferred.

    Parameters
    ----------
    documents : str or list of str
        Documents whose evidence counts; empty for all.

    Returns
    -------
    DataFrame
        One row a subject, the largest share of inferred values first: subject, values, inferred,
        share (0 to 1), said ("15 of 60 inferred"), of and how (source and arithmetic of a card).
    """
    rows = []
    for subject, held in cells(documents).groupby("subject", sort=False):
        guessed = held[held.certainty == "inferred"]
        share = len(guessed) / len(held)
        said = f"{len(guessed)} of {len(held)} inferred"
        how = f"{said}: values that no sentence states by itself"
        rows.append((subject, len(held), len(guessed), share, said, _source(guessed), how))
    columns = ["subject", "values", "inferred", "share", "said", "of", "how"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values("share", ascending=False, kind="stable", ignore_index=True)


MOST = 12  # parts that a card still shows well; a table on the page holds the others


def _source(frame):
    """Write the first cells of a frame as one source of a link."""
    return "+".join(f"{row.record}/{row.field}" for row in frame.head(MOST).itertuples())


def documents(asked=()):
    """Say of each document what it is, up to when it reports, and where it stands alone.

    Parameters
    ----------
    asked : str or list of str
        Documents, by id or title; empty for all.

    Returns
    -------
    DataFrame
        Indexed by record (``documents/...``), linked text: document, kind, reports_to, alone
        (subjects about which only this document says anything), published.
    """
    chosen, held = tables.find(asked, "documents"), cells()
    rows = {}
    for key, row in tables.load_documents().iterrows():
        if chosen and key not in chosen:
            continue
        record = f"documents/{key}"
        own = _own(held, key)
        last = row.latest_date
        dated = row.published
        rows[record] = {
            "document": words.link(row.title, f"{record}/title"),
            "kind": row.kind.replace("_", " "),
            "reports_to": "–"
            if pd.isna(last)
            else words.link(words.date(last), f"{record}/latest_date"),
            "alone": words.listed([s[0].lower() + s[1:] for s in own]) or "–",
            "published": "not stated" if pd.isna(dated) else words.date(dated),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("record")


def _own(held, key):
    """Return the subjects on which one document alone says anything."""
    return [s for s in SUBJECTS if set(held.document_id[held.subject == s]) == {key}]


def inferred(documents=()):
    """List what is inferred, with the reasons that the evidence gives.

    Returns
    -------
    DataFrame
        One row a reason, linked text: subject, what (the values it holds for), why.
    """
    held = cells(documents)
    held = held[held.certainty == "inferred"]
    notes = tables.load_evidence()
    notes = notes[notes.basis == "inferred"].drop_duplicates(["record", "field"])
    told = held.merge(notes[["record", "field", "note"]], on=["record", "field"])
    rows = []
    for (subject, why), group in told.groupby(["subject", "note"], sort=False):
        labels = list(dict.fromkeys(tables.label(record) for record in group.record))
        shown = "; ".join(labels[:3] + [f"{len(labels) - 3} more"] * (len(labels) > 3))
        rows.append((subject, words.link(shown, _source(group)), why))
    return pd.DataFrame(rows, columns=["subject", "what", "why"])


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
    chosen = tables.find(documents, "documents")
    held, texts = cells(documents), tables.load_documents()
    texts = texts[texts.index.isin(chosen)] if chosen else texts
    rows = [
        ("headline", _headline(texts), len(texts)),
        ("standfirst", _reporting(texts), None),
        *_agreeing(held, texts),
        *_alone(held, texts),
        *_guessed(held),
        *_doubted(set(held.record) if chosen else None),
    ]
    frame = pd.DataFrame(rows, columns=["kind", "text", "value"])
    return frame.astype({"value": "Float64"})


def _headline(texts):
    """Say how many texts there are, how many are undated, and what is wrong in them."""
    money, proof = tables.load_contributions(), tables.load_evidence()
    here = set(proof.record[proof.document_id.isin(texts.index)])
    misprints = [
        f"contributions/{key}"
        for key in money.index[money.qualifier == "misprint"]
        if f"contributions/{key}" in here
    ]
    number = words.number(len(texts), capital=True)
    undated = " undated" if _undated(texts) == list(texts.index) else ""
    told = [
        words.link(number, _records("documents", texts.index))
        + f"{undated} {'text' if len(texts) == 1 else 'texts'}"
    ]
    wrong = words.counted(len(misprints), "misprinted amount")
    of = "+".join(f"{record}/printed" for record in misprints)
    told.append(words.link(wrong, of) if of else wrong)
    if len(texts) > 1:
        against = tables.load_conflicts().query(
            "kind == 'between_documents' and weight == 'figure'"
        )
        # What is settled can be read without a contradiction.
        count = (against.status == "open").sum()
        told.append(f"{words.counted(count, 'contradiction')} in a figure")
    if told[-1].startswith("no contradictions"):
        return ", ".join(told).replace("no contradictions", "no contradiction") + "."
    return words.listed(told) + "."


def _records(table, keys):
    return "+".join(f"{table}/{key}" for key in keys)


def _undated(texts):
    """Return the documents whose date somebody looked for and did not find."""
    gaps = tables.load_conflicts().query("weight == 'gap'").index
    looked = tables.load_conflict_records()
    looked = looked[looked.conflict_id.isin(gaps) & (looked.field == "published")]
    missed = set(looked.record.str.partition("/")[2])
    return [key for key in texts.index[texts.published.isna()] if key in missed]


def _reporting(texts):
    """Say up to when each text reports."""
    told = [
        f"the {row.kind.replace('_', ' ')} "
        f"{words.link('“' + row.title + '”', f'documents/{key}/title')} reports up to "
        f"{words.link(words.date(row.latest_date), f'documents/{key}/latest_date')}"
        for key, row in texts.iterrows()
        if pd.notna(row.latest_date)
    ]
    said = words.listed(told)
    return f"{said[0].upper()}{said[1:]}." if said else "Our tables hold no text."


def _agreeing(held, texts):
    """Say how many values several documents say alike."""
    if len(texts) < 2:
        return []
    both = held[held.exact > 1]
    looser = held[(held.documents > 1) & (held.exact < 2)]
    who = "both texts" if len(texts) == 2 else "several texts"
    every = _every(held)
    text = f"None of the {every} facts in our tables is said by {who}"
    if len(both):
        said = words.link(str(len(both)), _source(both), f"{len(both)} facts that {who} say")
        text = f"{said} of the {every} facts in our tables are said by {who}"
    if len(looser):
        shown = words.number(len(looser))
        more = "is" if len(looser) == 1 else "are"
        text += f"; {words.link(shown, _source(looser))} more {more} said less exactly by one"
    return [("finding", f"{text}.", len(both))]


def _alone(held, texts):
    """Say which subjects only one document speaks of."""
    rows = []
    for key, row in texts.iterrows():
        mine = _own(held, key)
        if mine and len(texts) > 1:
            names = words.listed([name[0].lower() + name[1:] for name in mine])
            told = words.link(row.title, f"documents/{key}/title")
            text = f"All that we say about {names} comes from “{told}” alone: nothing to compare."
            rows.append(("finding", text, len(mine)))
    return rows


def _every(held):
    """Link the number of all facts to the first of them."""
    how = f"All facts with evidence; the first {words.number(min(MOST, len(held)))} are shown"
    return words.link(f"{len(held):,}", _source(held), how)


def _guessed(held):
    """Say how much is inferred, and where most of it is."""
    guessed = held[held.certainty == "inferred"]
    if guessed.empty:
        return [("finding", f"Each of the {_every(held)} facts is stated by some sentence.", 0)]
    how = "Facts that no sentence states by itself; each has its reason"
    said = words.link(str(len(guessed)), _source(guessed), how)
    verb = "is" if len(guessed) == 1 else "are"
    text = f"{said} of the {_every(held)} facts {verb} inferred rather than stated"
    shares = guessed.subject.value_counts() / held.subject.value_counts()
    top = shares[shares == shares.max()].index
    if len(top) == 1:
        here = guessed[guessed.subject == top[0]]
        counted = f"{len(here)} of {(held.subject == top[0]).sum()}"
        text += f"; the largest share is about {top[0][0].lower()}{top[0][1:]}, "
        text += words.link(counted, _source(here), f"{counted} facts; the first are shown")
    return [("finding", f"{text}.", len(guessed))]


def _doubted(records=None):
    """Say how many doubts would change something that the pages show, of some records or of all."""
    conflicts, touched = tables.load_conflicts(), tables.load_conflict_records()
    if records is not None:
        touched = touched.conflict_id[touched.record.isin(records)]
        conflicts = conflicts[conflicts.index.isin(touched)]
    doubts, gaps = (list(conflicts.index[conflicts.weight == w]) for w in ("figure", "gap"))
    text = _linked_count(words.counted(len(doubts), "doubt", capital=True), doubts)
    text += " would change a number, date or name that these pages show"
    if gaps:
        text += f"; {_linked_count(words.counted(len(gaps), 'question'), gaps)} we looked into "
        text += f"{'has' if len(gaps) == 1 else 'have'} no answer in the texts"
    return [("finding", f"{text}.", len(doubts))]


def _linked_count(said, conflicts):
    """Link a count of conflicts to the first of them."""
    how = "Counted from our list of doubts and open questions; the first are shown"
    return words.link(said, _records("conflicts", conflicts[:MOST]), how) if conflicts else said
