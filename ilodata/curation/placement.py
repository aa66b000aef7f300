"""Does each proof stand where it should? Rules of place, which words alone cannot hold.

A sentence *tells of* a record where it names it or holds evidence of its own cells. Where it tells
of none of a table, it *speaks* of those that the nearest sentence above tells of: "the project".

"The ILO and MOHRSS signed an MoU in 2022. It comes with US$ 1 million from MOHRSS." The first
sentence tells of both organisations and, since date and kind are proved there, of the agreement.
The second tells of no agreement, so it speaks of that one. The amount belongs to the agreement and
may be proved there; the words printed *anchor* it: its payer is to be proved in that sentence, too.
"""

import collections
import functools
import itertools
import re
from typing import NamedTuple

from ilodata import tables
from ilodata.amounts import QUALIFIERS
from ilodata.curation import grammar
from ilodata.curation.audit import sentences
from ilodata.curation.filling import columns_of, pieces, row_of
from ilodata.curation.grammar import inside
from ilodata.evidence import OWNERS, Evidence

ACTS = ("agreements", "events", "projects")  # of which a sentence is about one, or some
# The first of these that is filled fixes the sentence of a figure or a link.
ANCHORS = ("printed", "unit", "status", "role")


class Piece(Evidence):
    """Evidence of one cell, and where its fragment stands."""

    key: str  # id of the row
    proof: str  # the kind that the cell asks for
    start: int  # in the section
    spots: list[tuple[str, int]]


class Ground(NamedTuple):
    """The texts as sentences, and what each tells of; a spot is (section, number of a sentence)."""

    data: dict
    bodies: dict  # section -> text
    cuts: dict  # section -> (start, end) of each sentence
    names: tuple  # (name, record), longest first
    proof: dict[str, list[Piece]]  # by record
    records_at: dict  # spot -> records that it tells of
    owned: dict  # record -> spots of what belongs to it

    def named(self, text):
        """Give the records that a text names."""
        return {record for *_, record in placed(text, self.names)}

    def tells(self, spot, record):
        """Tell whether a sentence names a record, or holds evidence of it."""
        return record in self.records_at.get(spot, ())

    def speaks(self, spot, record):
        """Tell whether a sentence, or else the nearest above it that tells of any, tells of it."""
        table, (section, number) = record.partition("/")[0] + "/", spot
        for at in range(number, -1, -1):
            if any(each.startswith(table) for each in self.records_at[section, at]):
                return record in self.records_at[section, at]
        return False

    def near(self, spot, record):
        """Tell whether a sentence speaks of it, or one beside it or the heading tells of it."""
        section, number = spot
        beside = [(section, at) for at in (number - 1, number + 1, 0)]
        return self.speaks(spot, record) or any(self.tells(each, record) for each in beside)

    def sentence(self, piece):
        """Give the words of the sentence of a piece of evidence, or of several, and their start."""
        cuts = [self.cuts[section][number] for section, number in piece["spots"]]
        return self.bodies[piece["section_id"]][cuts[0][0] : cuts[-1][1]], cuts[0][0]


@functools.lru_cache(4096)
def placed(text, names):
    """Place the names of a `Ground` in a text: a list of (start, end, record).

    A longer one of the same table hides a shorter one; "All-China" does not name China, as "All" is
    no name.
    """
    found, known = [], {name for name, _ in names}
    for name, record in names:
        table = record.partition("/")[0] + "/"
        for start, end in grammar.spots(name, text):
            joined = re.search(r"(\w+)-$", text[:start])
            longer = (r for *at, r in found if at != [start, end] and inside((start, end), at))
            if (not joined or joined[1] in known) and not any(r.startswith(table) for r in longer):
                found.append((start, end, record))
    return found


def survey(data, bodies):
    """Cut the texts of ``documents.cut`` into sentences and see what each tells of: a `Ground`."""
    heads = {key: len(row["heading"]) for key, row in data["sections"].items()}
    cuts = {section: sentences(body, heads[section]) for section, body in bodies.items()}
    names = {(row["name"], row["record"]) for row in data["names"].values()}
    for table in ACTS:
        names |= {(r["title"], f"{table}/{k}") for k, r in data[table].items() if r["title"]}
    names = tuple(sorted(names, key=lambda pair: (-len(pair[0]), pair)))
    proof, owned = collections.defaultdict(list), collections.defaultdict(set)
    ground = Ground(data, bodies, cuts, names, proof, {}, owned)
    for section, spans in cuts.items():
        for number, (start, end) in enumerate(spans):
            ground.records_at[section, number] = ground.named(bodies[section][start:end])
    proves = {(t, f["name"]): f.get("proof") for t, f in columns_of("fact")}
    for key, row in pieces(data):
        section, record, table = (row["section_id"], row["record"], row["record"].partition("/")[0])
        start, cell = bodies.get(section, "").find(row["fragment"]), (table, row["field"])
        if start < 0 or cell not in proves:
            continue  # said by verify or check
        end, spans = start + len(row["fragment"]), enumerate(cuts[section])
        spots = [(section, number) for number, (a, b) in spans if a < end and start < b]
        proof[record].append(Piece(**row, key=key, proof=proves[cell], start=start, spots=spots))
        for spot in spots if table == "relations" or proves[cell] != "reference" else ():
            ground.records_at[spot].add(record)
        for owner in _owners(data, record):
            owned[owner] |= set(spots)
    return ground


def rules(ground, records=None):
    """Hold evidence and dismissals to the rules of place: (table, id, column, what is wrong).

    Of evidence only that of some records ``table/id``; of all by default.
    """
    for record, proof in ground.proof.items():
        row = row_of(ground.data, record)
        if row and (records is None or record in records):
            stated = [p for p in proof if p["basis"] == "stated" and p["support"] != "differs"]
            inferred = [p for p in proof if p["basis"] == "inferred"]
            said = [_guessed(ground, record, row, inferred)]
            said += [rule(ground, record, row, stated) for rule in RULES]
            for piece, what in itertools.chain.from_iterable(said):
                yield ("evidence", piece["key"], "fragment", f"{piece['fragment']!r} {what}")
    yield from _dismissed(ground)


def _owners(data, record):
    """List the records that a row belongs to, which stands where they do."""
    table, row = record.partition("/")[0], row_of(data, record)
    owners = (tables.reference(table, column, row[column]) for column in OWNERS if column in row)
    return [owner for owner in owners if owner]


def _guessed(ground, record, row, proof):
    """What is inferred to be meant is spoken of nearby, a place in the sentence itself."""
    table = record.partition("/")[0]
    # Another place is easily meant.
    meant = ground.tells if table == "project_places" else ground.near
    for piece in proof if table != "relations" else ():
        target = tables.reference(table, piece["field"], row.get(piece["field"]))
        if not target or piece["field"] == "supersedes_id":  # argued, and has no name
            continue
        named = ground.named(piece["fragment"])
        others = any(each.startswith(target.partition("/")[0]) for each in named - {target})
        beside = any(meant(spot, target) for spot in piece["spots"])
        if not beside or (others and target not in named):
            what = f"does not mean {target}; quote words that name it, or stand beside its name"
            yield piece, what


def _belonging(ground, record, row, proof):
    """What belongs to a record is proved where the text speaks of the record."""
    for owner, piece in itertools.product(_owners(ground.data, record), proof):
        stands = ground.speaks if owner.startswith(ACTS) else ground.near
        if not any(stands(spot, owner) for spot in piece["spots"]):
            yield piece, f"does not stand where the text speaks of {owner}; quote words that do"


def _spots(proof):
    """List the sentences that prove a cell: field -> set of spots."""
    spots = collections.defaultdict(set)
    for piece in proof:
        spots[piece["field"]] |= set(piece["spots"])
    return spots


def _together(ground, record, row, proof):
    """All stated cells of a figure or a link are in one sentence."""
    spots = _spots(proof)
    anchor = next((column for column in ANCHORS if row.get(column)), "")
    for piece in proof:
        field = piece["field"]
        if anchor in spots and spots[anchor].isdisjoint(spots[field]):
            what = f"is not in the sentence that proves {anchor}; quote that one, or leave {field}"
            yield piece, f"{what} blank"


def _alone(ground, record, row, proof):
    """What is said of an act stands with something else of it, or with its name."""
    spots = _spots(proof)
    for piece in proof if record.startswith(ACTS) and len(spots) > 1 else ():
        beside = ground.owned[record].union(*(spots[f] for f in spots if f != piece["field"]))
        named = ground.named(ground.sentence(piece)[0])
        if beside.isdisjoint(piece["spots"]) and record not in named:
            what = f"stands where nothing else of {record} does; quote a sentence that says more"
            yield piece, f"{what} of it, or names it"


def _relation(ground, record, row, proof):
    """Subject, predicate and object are in one sentence, in the order that its words ask for."""
    if not proof or not record.startswith("relations/"):
        return
    if not set.intersection(*_spots(proof).values()):
        yield proof[0], "is not in the sentence of its other ends; quote one that holds all three"
    code, wordings = ("predicate", row["predicate"]), tables.rows("wordings", "reference")
    known = [r for r in wordings if (r["column"], r["code"]) == code]
    for piece in (p for p in proof if p["field"] == "predicate"):
        held = [r for r in known if grammar.spots(r["wording"], piece["fragment"])]
        longest = max(held, key=lambda r: len(r["wording"]), default={"follows": ""})
        if after := longest["follows"]:
            words, (sentence, start) = longest["wording"], ground.sentence(piece)
            at = piece["start"] - start + piece["fragment"].index(words)
            named = placed(sentence, ground.names)
            before = "subject" if after == "object" else "object"
            left, right = ([a for a, _, r in named if r == row[end]] for end in (before, after))
            if right and (max(right) < at or at < min(left, default=at) < max(right)):
                what = f"has {words!r}, which the {after} follows"
                yield piece, f"{what}; do subject and object change places?"


def _figure(ground, record, row, proof):
    """The figure of a cell is hedged as its row says, and stands with its window or with none."""
    hedge = QUALIFIERS.get(row.get("qualifier", ""), ())
    for piece in (p for p in proof if hedge and p["field"] in ("amount_usd", "value")):
        said = grammar.qualified(piece["fragment"])
        if QUALIFIERS.get(said, hedge)[:2] != hedge[:2]:
            yield piece, f"hedges the figure by {said!r}, not {row['qualifier']!r}"
        dates = grammar.read(ground.sentence(piece)[0], "date")
        windows = [each for meant in dates for each in meant if "/" in each]
        if row.get("period") and windows and row["period"] not in windows:
            yield piece, f"stands with {windows[0]}, not {row['period']}"


def _ordinal(ground, record, row, proof):
    """A number in a row is not the position in a list."""
    for piece in (p for p in proof if p["field"] == "ordinal"):
        body = ground.bodies[piece["section_id"]]
        if any(f.ordinal and counts_up(body, f) for f in grammar.within(body, piece["fragment"])):
            yield (piece, "numbers a list; quote a number in a row, or leave ordinal blank")


# Each takes (ground, record, its row, its pieces of stated evidence).
RULES = _belonging, _together, _alone, _relation, _figure, _ordinal


def counts_up(body, figure):
    """Tell whether a figure of a text counts up a list: "1) ... 2)", "The first ... The second"."""

    def after(mention):
        return re.match(r"\)|\.(?= )|(?: [\w’-]+)?", body[mention.end :]).group()

    numbers = [m for m in grammar.figures(body) if m.kind == "number" and m.meant]
    counting = [m for m in numbers if m.ordinal or after(m) in (")", ".")]
    values = {m.value for m in counting if after(m) == after(figure)}
    return figure in numbers and bool(values & {figure.value - 1, figure.value + 1})


def _dismissed(ground):
    """A figure is dismissed for a second reason that can be computed, or for a code in `kind`.

    It stands in a name or a heading, numbers a list, is "one" (of the two), or is read by a row
    elsewhere. An amount needs a code, and a row of its own.
    """
    proof = itertools.chain.from_iterable(ground.proof.values())
    read = {(f.kind, f.meant) for piece in proof for f in grammar.figures(piece["fragment"])}
    for key, row in ground.data["unused_mentions"].items():
        section, body = row["section_id"], ground.bodies.get(row["section_id"], "")
        spans = [at for *at, _ in placed(body, ground.names)]
        spans += [(0, len(row_of(ground.data, f"sections/{section}").get("heading", "")))]
        for figure in grammar.within(body, row["fragment"] or body):
            named = any(inside(figure.at, at) for at in spans)
            known = named or (figure.kind, figure.meant) in read or counts_up(body, figure)
            fine = row["kind"] or not figure.meant or figure.value == 1 or known
            if figure.kind == "amount":
                fine = row["kind"] and row["fragment"]
            if not fine:
                what = f"{figure.words!r} counts something; give it a row, or a kind of reason"
                yield "unused_mentions", key, "fragment", what
