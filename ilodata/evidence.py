"""Where a cell comes from, how certain it is, which doubt or gap touches it; not how it is shown.

A *record* is ``table/id``; a *source* names cells ``table/id/field`` or records, joined by ``+``
(see ``words.link``). A whole record stands for its name.
"""

import functools
import re
from collections import defaultdict
from contextlib import suppress
from typing import NamedTuple, TypedDict

from ilodata import amounts, dates, naming, tables, words
from ilodata.problems import DataError, nearest

NAME_COLUMNS = {"label", "theme", "indicator"}  # they name a record
OWNERS = ("record", "project_id", "agreement_id", "event_id", "result_id")  # what a row hangs on
NAMING = ("title", "heading", "printed", "theme", "predicate")
READ = {"amount_usd", "printed", "printed_unit_usd"}  # how an amount is read
APART = ("evidence", "conflict_records", "searches")  # say something of records, and are none
OPENING = "(before the first heading)"


def evidence(of, field=None):
    """Show where each cell of some records comes from, and of what hangs on them.

    A record brings its names, its parties, places, partners, results, themes and money, and what
    refers to it: an organisation the amounts that it pays and its part in agreements and projects.

    Parameters
    ----------
    of : str, list of str, DataFrame or Series
        A record as ``table/id``, its id or a name ("MOHRSS") alone, a table, or several; or rows
        as a loader or any of our functions gives them, filtered or not, or one.
    field : str, optional
        One column of these records, or else of what hangs on them; all columns by default.

    Returns
    -------
    DataFrame
        One row a piece of evidence, indexed by record and field: value, document (title), section
        (heading), fragment (the words that fix the value), support ("says", "coarser", "differs"),
        basis ("stated", "inferred"), note, and doubts (titles of what limits the cell).

    Raises
    ------
    DataError
        If there is no such record or field, or rows do not tell which records they are.

    >>> projects = tables.load_projects()
    >>> list(evidence(projects[projects.period == "2019/2023"], "period").index)
    [('projects/trade-unions-2019', 'period')]
    """
    index, asked = _index(), records(of)
    if not asked:
        raise DataError("there is no row to ask about")
    around = _around(index, asked)
    if field is not None:
        columns = {name for record in around for name in index.rows[record]}
        if field not in columns:
            table = asked[0].partition("/")[0]
            raise DataError(f"{field!r} is not a column of {table}; {nearest(field, columns)}")
        around = [it for it in asked if field in index.rows[it]] or around
    found = []
    for record in around:
        for name, pieces in index.proof.get(record, {}).items():
            told = _touching(index, [f"{record}/{name}"], "figure")
            more = {"value": index.rows[record].get(name)}
            more["doubts"] = words.listed(row["title"] for row in told)
            found += [piece | more for piece in pieces if field in (None, name)]
    names = ["value", "document", "section", "fragment", "support", "basis", "note", "doubts"]
    return tables.frame(found, ["record", "field", *names], ["record", "field"])


def _around(index, asked):
    """List records, each with what hangs on it and what refers to it."""
    around = ([it, *attached(it), *index.referring.get(it, ())] for it in asked)
    return list(dict.fromkeys(sum(around, [])))


def records(of):
    """Name the records ``table/id`` that a source, a list, rows or one row are about, each once."""
    found = list(dict.fromkeys("/".join(cell.split("/")[:2]) for cell in _cells(of)))
    for record in found:
        tables.row(record)  # or it is not there, and the nearest is named
    return found


def _cells(of):
    """Name the cells or records that a source, a list, rows or one row are about."""
    if hasattr(of, "to_frame") and hasattr(of, "loc"):  # one row as ``loc`` gives it
        of = of.to_frame().T
    if hasattr(of, "columns"):
        of = _records_of(of)
    elif isinstance(of, str) or not hasattr(of, "__iter__"):
        of = [of]
    parts = [part for source in of for part in re.split(r"\+(?=[a-z_]+/)", str(source))]
    cells = [[part] if "/" in part else _called(part) for part in parts]
    return list(dict.fromkeys(sum(cells, [])))


def _called(text):
    """Return the records of the table that a text names, or that have it as id or as a name."""
    every = [record for record in _index().rows if record.split("/")[0] not in APART]
    named = [record for record in every if text in record.split("/")]
    in_tables = dict.fromkeys(record.split("/")[0] for record in every)
    for table in in_tables if not named else ():
        with suppress(DataError):
            named += [f"{table}/{key}" for key in naming.find(text, table)]
    if not named:
        names = [name for it in every for name in (*it.split("/"), naming.label(it))]
        raise DataError(f"{text!r} is not a record; {nearest(text, names, in_tables)}")
    return named


def _records_of(frame):
    """Name the records of rows: as the loader's table and id, or in an index or column of ours."""
    choices = [frame.index.get_level_values(0)]
    if table := frame.attrs.get("table"):
        keys = frame.get(next(iter(tables.fields(table))), frame.index)
        choices.append([f"{table}/{key}" for key in keys])
    choices += [frame[name] for name in ("record", "of") if name in frame]
    for found in choices:
        if all("/" in str(it) for it in found):
            return found
    raise DataError(
        "these rows do not tell which table they are from; ask for a record, as table/id"
    )


def attached(record):
    """List what hangs on a record: names, parties, places, partners, results, themes, money.

    Records ``table/id`` in the order of the tables, each followed by what hangs on it in turn.
    """
    hanging = _index().hanging

    def below(owner):
        return [each for it in hanging.get(owner, ()) for each in (it, *below(it))]

    return below(record)


class Evidence(TypedDict):
    """A row of ``evidence``, or what it says of one of its fields."""

    evidence_id: str
    record: str
    field: str
    document_id: str
    section_id: str
    fragment: str
    support: str
    basis: str
    note: str


class Quote(Evidence):
    """A piece of evidence of one cell, and where its words stand."""

    cell: str  # ``table/id/field``
    document: str  # its title
    section: str  # its heading


class Part(TypedDict):
    """One of the things that something we worked out is made of."""

    title: str
    value: str
    certainty: str
    of: str  # its cell or record


class Card(TypedDict):
    """What a reader needs to believe a statement."""

    title: str  # what it is about
    certainty: str  # that of its weakest cell
    why: str  # the reason, what is told differently, or what a column of ours holds
    quotes: list[Quote]  # the first of each cell where many are asked
    how: str  # arithmetic and assumption; of a gap, what it says
    parts: list[Part]  # of what we worked out
    doubts: list[str]  # ids of conflicts


class Index(NamedTuple):
    """What the tables say, by record."""

    rows: dict
    proof: dict  # pieces of evidence, by field
    refers: dict  # the records that its cells name, by field
    hanging: dict  # names, parties, results and the like
    referring: dict  # all that names it in a cell
    limits: dict  # conflict and field


def _index():
    """Return the index of the tables as they are now."""
    return _indexed(tables.state())


@functools.lru_cache(2)
def _indexed(_state):
    """Read all tables once, until one of them changes."""
    proof = defaultdict(lambda: defaultdict(list))
    found = Index({}, proof, defaultdict(dict), *(defaultdict(list) for _ in range(3)))
    for table in (resource["name"] for resource in tables.package()["resources"]):
        key = next(iter(tables.fields(table)))
        for row in tables.rows(table):
            found.rows[record := f"{table}/{row[key]}"] = row
            for name, value in row.items() if table not in APART else ():
                if to := tables.reference(table, name, value):
                    found.refers[record][name] = to
                    found.referring[to].append(record)
                    if name in OWNERS:
                        found.hanging[to].append(record)
    for row in tables.rows("conflict_records"):
        found.limits[row["record"]].append((row["conflict_id"], row["field"]))
    order = ("says", "coarser", "differs").index  # what says something else comes last
    for row in sorted(tables.rows("evidence"), key=lambda row: order(row["support"])):
        section = found.rows.get(f"sections/{row['section_id']}", {}).get("heading") or OPENING
        title = tables.row(f"documents/{row['document_id']}")["title"]
        for name in row["field"].split("+"):  # the same words may prove several cells
            one = row | {"field": name, "cell": f"{row['record']}/{name}"}
            proof[row["record"]][name].append(Quote(**one, document=title, section=section))
    return found


def _split(index, source):
    """Split a cell into its record, that one's row, and its column, "" for a whole record."""
    table, key, field = [*source.split("/"), ""][:3]
    row = index.rows.get(f"{table}/{key}") or tables.row(f"{table}/{key}")
    if field and field not in row:
        said = f"{field!r} is not a column of {table}; {nearest(field, tables.fields(table))}"
        raise DataError(said)
    return f"{table}/{key}", row, field


def _pieces(index, source):
    """Return the evidence of a cell; of a whole record or a name of our own, that of its name."""
    record, row, field = _split(index, source)
    ours = field and tables.fields(record.partition("/")[0])[field]["role"] == "editorial"
    if field and (not row[field] or (ours and field not in NAME_COLUMNS)):
        return []  # nothing is stated by a blank cell, and no text says what we add
    proof, hanging = index.proof.get(record, {}), index.hanging.get(record, ())
    names = [index.proof[it].get("name", ()) for it in hanging if it.startswith("names/")]
    choices = [proof.get(field), *(proof.get(name) for name in NAMING), sum(names, [])]
    return next(filter(None, [*choices, *(proof.get(name) for name in row)]), [])


def certainty(of):
    """Tell whether the weakest of the cells that a source names is "stated" or "inferred".

    A whole record is as certain as its name; a link, which has none, as the weakest of its cells.

    >>> certainty("contributions/youth-employment-2020/likely_usd")
    'inferred'
    """
    index = _index()
    proofs = (pieces for each in words.sources(of) for pieces in _proofs(index, each))
    return min(map(weigh, proofs), default="stated")


def weigh(pieces):
    """Tell "stated" from "inferred" by the evidence of a cell that says it, else by a coarser one."""
    for support in ("says", "coarser"):
        if bases := {piece["basis"] for piece in pieces if piece["support"] == support}:
            return "stated" if "stated" in bases else "inferred"
    return "stated"


def _proofs(index, source):
    """List the evidence of the cells that a source rests on: of a whole link, of each that has some.

    Of a conflict, its two wordings; of a record, that of its name and of what this is made of.
    """
    record, row, field = _split(index, source)
    if record.startswith("conflicts/"):
        return [[piece] for piece in _wordings(index, row)] or [[]]
    if field not in ("", "label"):
        return [_pieces(index, source)]
    linked = index.proof.get(record, {}).values() if _is_link(row) else ()
    quoted = [*linked] or [_pieces(index, source)]
    return _with_what_it_names(index, record, row.get("label", ""), quoted)


def _is_link(row):
    """Tell whether a row only ties records to each other, and has no name but theirs."""
    return "predicate" in row or not NAME_COLUMNS & set(row)


def _with_what_it_names(index, record, label, quoted):
    """Add the evidence of years, places and organisations that a label names, unless quoted."""
    for each in [*_near(index, record), *index.referring.get(record, ())]:
        for name, pieces in index.proof.get(each, {}).items():
            forms = _forms(index, each, name)
            known = (some[0]["fragment"] for some in quoted if some)
            if _names(label, forms) and not any(_names(fragment, forms) for fragment in known):
                # Words that hold a name state it, even where a month, or whose it is, is inferred.
                basis = {} if index.rows[each][name] in forms else {"basis": "stated"}
                quoted.append([it | basis for it in pieces if _names(it["fragment"], forms)])
    return [pieces for pieces in quoted if pieces] or quoted[:1]


def _near(index, record):
    """List a record, all that it refers to, directly or not, and the links of these."""
    near, new = {}, [record]
    while new:
        near |= dict.fromkeys(new)
        new = [to for each in new for to in index.refers[each].values() if to not in near]
    hanging = (it for each in near for it in index.hanging.get(each, ()))
    return [*near, *(it for it in hanging if _is_link(index.rows[it]))]


def _forms(index, record, name):
    """List how a label may say a cell: the years of a date, the names of what it refers to."""
    if to := index.refers[record].get(name):
        names = [it for it in index.hanging.get(to, ()) if it.startswith("names/")]
        return [_split(index, to)[1].get("label", to), *(index.rows[it]["name"] for it in names)]
    years = re.findall(r"\d{4}", index.rows[record][name])
    dated = years and tables.fields(record.partition("/")[0])[name].get("proof") == "date"
    return years if dated else []


def _names(text, forms):
    """Tell whether a text holds one of some names, whole."""
    return any(form in text and re.search(rf"\b{re.escape(form)}\b", text) for form in forms)


def _touching(index, cells, weight, broad=False):
    """List the conflicts of a weight that touch some cells, a row a cell of theirs.

    Broad: a whole record is touched by what limits any of its cells, an amount, also as printed, by
    what limits how it is read.
    """
    found = []
    for record, _, column in (_split(index, cell) for cell in cells):
        near, whole = {"", column}, broad and not column
        if broad and column in READ:
            near |= READ
        for conflict, field in index.limits.get(record, ()):
            row = index.rows[f"conflicts/{conflict}"]
            if row["weight"] == weight and (whole or field in near):
                cell = {"title": row["label"], "choice": row["treatment"]}
                found.append(row | cell | {"record": record, "field": field})
    return found


def doubts(of=None):
    """List what would change a printed figure, date or name under another reading.

    Asked about a source or about what `records` takes (a whole record: about all of its cells); by
    default, all that is in doubt. Raises DataError if there is no such record.

    Returns
    -------
    DataFrame
        One row a conflict of weight ``figure``, indexed by ``conflict_id``: title, what, quotes
        (the two wordings as linked text, a line each), choice (what we print), otherwise.
    """
    index, found = _index(), {}
    for row in _touching(index, _cells(index.limits if of is None else of), "figure", broad=True):
        if row["conflict_id"] not in found:
            links = [words.link(f"“{it['fragment']}”", it["cell"]) for it in _wordings(index, row)]
            found[row["conflict_id"]] = row | {"quotes": "\n".join(links)}
    columns = ["conflict_id", "title", "what", "quotes", "choice", "otherwise"]
    return tables.frame([*found.values()], columns, "conflict_id")


def _wordings(index, conflict):
    """Return the two wordings of a conflict: of its first two cells, or of one; a gap has none."""
    if conflict["weight"] == "gap":
        return []
    found, first = [], {}
    for row in tables.rows("conflict_records"):
        if row["conflict_id"] == conflict["conflict_id"] and row["field"]:
            # What is said of a blank cell is said of its record.
            cell = _pieces(index, f"{row['record']}/{row['field']}")
            found.append(cell or _pieces(index, row["record"]))
    for piece in [*(pieces[0] for pieces in found[:2] if pieces), *sum(found[:1], [])]:
        worded = {"basis": "stated", "support": "says"}  # that it is worded so
        first.setdefault(piece["fragment"], piece | worded)
    return [*first.values()][:2]


def gaps(of=None):
    """List what a curator looked for in the documents and did not find.

    Asked, and refused, as for `doubts`.

    Returns
    -------
    DataFrame
        One row a gap and cell, indexed by ``conflict_id``: title, what, choice (what we print),
        record, field ("" for the whole record), searched (the words looked for).
    """
    index, looked = _index(), defaultdict(dict)
    found = _touching(index, _cells(index.limits if of is None else of), "gap", broad=True)
    for row in tables.rows("searches"):
        looked[row["conflict_id"]][row["words"]] = None
    for row in found:
        row["searched"] = words.listed(looked[row["conflict_id"]], "or")
    columns = ["conflict_id", "title", "what", "choice", "record", "field", "searched"]
    return tables.frame(found, columns, "conflict_id")


def lacking(record, word):
    """Say how a thing is missing: "not stated" and the gap that says so, ``conflicts/<id>``.

    Where there is none, "not in our tables" and "". `word` is what titles of gaps call the thing:
    "amount", "payer", "date", "place", "result".
    """
    for row in _touching(_index(), [record], "gap", broad=True):
        if word in row["title"].casefold():
            return words.NOT_STATED, f"conflicts/{row['conflict_id']}"
    return words.NOT_HELD, ""


def stated(record):
    """Say the stated amounts of a project or an agreement, linked, with hedge and status; "" of none."""
    told, later = [], tables.superseded("contributions")
    for of in (it for it in attached(record) if it.startswith("contributions/")):
        row = tables.row(of)
        if row["contribution_id"] not in later:
            amount = words.stated(row["amount_usd"], row["qualifier"], row["printed"])
            cells = [f"{of}/amount_usd" if row["amount_usd"] else f"{of}/printed"]
            cells += [f"{of}/agreement_id"] * bool(row["amount_usd"] and row["agreement_id"])
            told.append(f"{words.link(amount, cells)} {row['status']}".rstrip())
    return words.listed(told)


def document(record):
    """Say what a document is, such as "fact sheet “…”", and the date up to which it reports, linked."""
    row = tables.row(record)
    title = words.link(f"“{row['title']}”", f"{record}/title")
    said = f"{row['kind'].replace('_', ' ')} {title}"
    return said, words.link(words.date(row["latest_date"]), f"{record}/latest_date")


def reported():
    """Say up to which year the texts report, linked to what says so."""
    of = [f"documents/{row['document_id']}/latest_date" for row in tables.rows("documents")]
    how = "the later of the latest years that the texts report on"
    return words.link(dates.span(tables.reported_until()).end.year, of, how)


def doubted(cells):
    """Keep those of some cells, ``table/id/field``, that would change under another reading."""
    index = _index()
    return [cell for cell in cells if _touching(index, [cell], "figure")]


def card(of, how=""):
    """Put together what a reader needs to believe a statement: the words, and where they stand.

    Parameters
    ----------
    of : str or list of str
        A source. A whole record brings the evidence of its name.
    how : str
        For what we worked out: the arithmetic and the assumption, in words; of a gap, what it says.

    Returns
    -------
    Card
        A dict with these keys.
    """
    index, found = _index(), words.sources(of)
    how = how or " ".join(_split(index, it)[1].get("what", "") for it in found).strip()
    quotes, why, certain = {}, [], {}
    for source in found:
        proofs, (record, row, field) = _proofs(index, source), _split(index, source)
        certain[source] = min(map(weigh, proofs))
        # Of one or two cells all words are quoted, of labels and of many cells the first of each.
        name = field in ("", "label") and "label" in row and not _is_link(row)
        most = 1 if name or len(found) > 2 else None
        told = [piece for some in proofs for piece in some[:most]]
        for piece in told:
            if piece["support"] != "differs":
                quotes.setdefault((piece["fragment"], piece["section_id"]), piece)
            else:
                why.append(f"Worded differently: “{piece['fragment']}”. {piece['note']}")
        if field and not told and not how:
            why.append(tables.fields(record.partition("/")[0])[field]["description"])
        if certain[source] == "inferred":
            why += [it["note"] for some in proofs for it in some if it["basis"] == "inferred"]
        why.append(_earlier(index, source))
    return Card(
        title=_title(index, found),
        certainty=min(certain.values(), default="stated"),
        why=" ".join(dict.fromkeys(filter(None, why))),
        quotes=list(quotes.values()),
        how=how,
        parts=[_part(index, each, certain[each]) for each in found] if how else [],
        doubts=[*{row["conflict_id"]: None for row in _touching(index, found, "figure")}],
    )


def _title(index, found):
    """Call what a card is about: one cell, or up to three records, each as whose it is."""
    if len(found) > 1:
        cells = (_split(index, source) for source in found)
        found = [row.get("record") or record for record, row, _ in cells]
    titles = list(dict.fromkeys(_titled(index, source) for source in found))
    few = [*titles[:2], f"{len(titles) - 2} more"] if len(titles) > 3 else titles
    return words.capital("; ".join(few))


def _titled(index, source):
    """Call a cell by its record and its own name, a record by its label and by whose it is."""
    record, row, field = _split(index, source)
    table, said = record.partition("/")[0], naming.label(record)
    if table == "contributions" and (row["project_id"] or row["agreement_id"]):
        said += " (money)"  # which is called like what it is for
    if "record" in row:  # a theme or result is called like others; whose it is tells them apart
        said = f"{naming.label(row['record'])}: {said}"
    if field in ("", "label", "theme") or _is_link(row):  # the label of a link says all
        return said
    name = words.uncapital(tables.fields(table)[field]["title"].partition(",")[0])  # no unit
    return f"{said}, {'not ' * (row[field] == 'false')}{name}"


def _part(index, source, certain):
    """Describe a part of what we worked out: an amount as printed, a figure with its hedge."""
    record, row, field = _split(index, source)
    title, value = _titled(index, source), ""
    if field == "amount_usd":
        value = row["printed"]
    elif field not in ("", "predicate") and row[field] != "false":  # the title says these
        hedge = amounts.hedge(row.get("qualifier", "")) if field == "value" else ""
        value = hedge + value_in_words(record.partition("/")[0], field, row[field])
    value = "" if title.endswith(value) else value
    return Part(title=title, value=value, certainty=certain, of=source)


def _earlier(index, source):
    """Say which figure that of a cell takes the place of, and in which document it stands."""
    record, row, field = _split(index, source)
    older = f"{record.partition('/')[0]}/{row.get('supersedes_id')}/{field}"
    pieces = _pieces(index, older) if field and row.get("supersedes_id") else []
    value = _part(index, older, "")["value"] if pieces else ""
    return f"It takes the place of {value} (“{pieces[0]['document']}”)." if value else ""


def value_in_words(table, column, value):
    """Say a cell's text as a reader reads it: dates, amounts, codes in words, references by label.

    >>> value_in_words("contributions", "period", "2013/"), value_in_words("themes", "open_list", "true")
    ('from 2013, end not stated', 'yes')
    >>> value_in_words("agreements", "kind", "mou"), value_in_words("agreements", "place_id", "china")
    ('MoU', 'China')
    """
    field = tables.fields(table)[column]
    if value == "":
        return ""
    if record := tables.reference(table, column, value):
        return naming.label(record)
    if field.get("proof") == "date":
        return words.date(value)
    if field["type"] == "boolean":
        return "yes" if value == "true" else "no"
    if field["type"] in ("integer", "number"):
        return words.money(int(value)) if column.endswith("_usd") else f"{float(value):,.15g}"
    if "enum" not in field.get("constraints", {}):
        return value
    said = value.replace("_", " ")  # as the documents write it, if they do: "MoU"
    written = tables.wordings(table, column).get(value, ())
    return next((it for it in written if it.lower() == said), said)


def inferred(of=None):
    """List the cells that are inferred, not stated, and why.

    `of` is as for `evidence`, with what hangs on it; by default, all. Raises DataError if there is
    no such record.

    Returns
    -------
    DataFrame
        One row a cell, indexed by record: label, column (display name), field, value (in words),
        fragment (the words it rests on), why.
    """
    index, found = _index(), []
    for record in index.proof if of is None else _around(index, records(of)):
        table = record.partition("/")[0]
        for name, pieces in index.proof.get(record, {}).items():
            if weigh(pieces) == "inferred":
                title = tables.fields(table)[name]["title"]
                value = value_in_words(table, name, index.rows[record][name])
                fragments = "; ".join(dict.fromkeys(it["fragment"] for it in pieces))
                why = " ".join(dict.fromkeys(it["note"] for it in pieces if it["note"]))
                found.append((record, naming.label(record), title, name, value, fragments, why))
    columns = ["record", "label", "column", "field", "value", "fragment", "why"]
    return tables.frame(found, columns, "record")
