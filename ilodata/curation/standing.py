"""Does each proof stand where it should? Rules of place, which words alone cannot hold.

A sentence *tells of* a record where it names it or holds evidence of its own cells. Where it tells
of none of a table, it speaks of those of which the nearest sentence above it does: "the project".
A rule yields ``(piece of evidence, what is wrong with its place)``.
"""

import collections
import functools
import itertools
import re

from ilodata import tables
from ilodata.amounts import QUALIFIERS
from ilodata.curation import wording
from ilodata.curation.audit import sentences
from ilodata.curation.filling import LINKS, cells, fields, pieces, the_ilo

# A row belongs to the record of this column, and stands where it does.
HOMES = dict.fromkeys(("results", "themes", "indicators"), ("record", "")) | LINKS
ACTS = ("agreements", "events", "projects")  # of which a sentence is about one, or some
# What fixes the sentence of a figure or a link, in which its other stated cells stand too.
ANCHORS = {"contributions": ("printed",), "results": ("unit", "status"), "indicators": ("unit",)}
ANCHORS |= dict.fromkeys(
    ("event_participants", "project_organisations", "project_places"), ("role",)
)
FIGURES = ("printed", "amount_usd", "value", "qualifier")
ARGUED = ("amount", "date")  # may be dismissed for a kind of reason
IDIOMS = re.compile(
    r"\btwo (?:sides|parties)\b|\bone (?:of the|of its|of their|another)\b|\bone-stop\b",
    re.IGNORECASE,
)


class Ground(collections.namedtuple("Ground", "data bodies cuts names proof told hung")):
    """The texts as sentences, the evidence by record, and what each sentence tells of.

    ``cuts``: section -> [(start, end)]; ``names``: (name, record), longest first; ``proof``:
    record -> [piece], each a row with its ``key`` and ``spots``, the sentences it touches as
    (section, number); ``told``: spot -> table -> records; ``hung``: record -> spots of what belongs to it.
    """

    def tells(self, spot, record):
        """Tell whether a sentence names a record, or holds evidence of it."""
        return record in self.told[spot][record.partition("/")[0]]

    def speaks(self, spot, record):
        """Tell whether a sentence, or else the nearest above it that tells of any, tells of it."""
        table, (section, number) = record.partition("/")[0], spot
        above = (self.told[section, at][table] for at in range(number, -1, -1))
        return record in next(filter(None, above), ())

    def near(self, spot, record):
        """Tell whether a sentence speaks of a record, or one beside it or the heading tells of it."""
        section, number = spot
        beside = [(section, at) for at in (number - 1, number + 1, 0)]
        return self.speaks(spot, record) or any(self.tells(each, record) for each in beside)

    def words(self, spot):
        """Give a sentence."""
        section, number = spot
        start, end = self.cuts[section][number]
        return self.bodies[section][start:end]


@functools.lru_cache(4096)
def placed(text, names):
    """Place the names of a `Ground` in a text: a list of (start, end, record).

    A longer one of the same table hides a shorter one; "All-China" does not name China, as "All" is
    no name.
    """
    found, known = [], {name for name, _ in names}
    for name, record in names:
        table = record.partition("/")[0] + "/"
        for start, end in wording.spots(name, text):
            joined = re.search(r"(\w+)-$", text[:start])
            longer = (r for a, b, r in found if a <= start and end <= b and b - a > end - start)
            if (not joined or joined[1] in known) and not any(r.startswith(table) for r in longer):
                found.append((start, end, record))
    return found


def ground(data, bodies):
    """Cut the texts of ``documents.cut`` into sentences and see what each tells of: a `Ground`."""
    heads = {key: len(row["heading"]) for key, row in data["sections"].items()}
    cuts = {section: sentences(body, heads[section]) for section, body in bodies.items()}
    proof, hung = collections.defaultdict(list), collections.defaultdict(set)
    told = collections.defaultdict(lambda: collections.defaultdict(set))
    own = {(t, f["name"]) for t, f in fields("fact") if f.get("proof") != "reference"}
    for key, row in pieces(data):
        section, table = row["section_id"], row["record"].partition("/")[0]
        start = bodies.get(section, "").find(row["fragment"])
        if start < 0:
            continue  # said by verify
        end = start + len(row["fragment"])
        spots = [(section, n) for n, (a, b) in enumerate(cuts[section]) if a < end and start < b]
        proof[row["record"]].append({**row, "key": key, "spots": spots, "start": start})
        for spot in spots if table == "relations" or (table, row["field"]) in own else ():
            told[spot][table].add(row["record"])
        mine = cells(data, row["record"])
        for home in _homes(table, mine) if mine else ():
            hung[home] |= set(spots)
    names = {(row["name"], row["record"]) for row in data["names"].values()}
    for table in ACTS:
        names |= {(r["title"], f"{table}/{k}") for k, r in data[table].items() if r["title"]}
    names = tuple(sorted(names, key=lambda pair: (-len(pair[0]), pair)))
    for section, here in cuts.items():
        for number, (start, end) in enumerate(here):
            for _, _, record in placed(bodies[section][start:end], names):
                told[section, number][record.partition("/")[0]].add(record)
    return Ground(data, bodies, cuts, names, dict(proof), told, hung)


def rules(found, records=None):
    """Hold evidence and dismissals to the rules of place: (table, id, column, what is wrong).

    Of evidence only that of some records ``table/id``; of all by default.
    """
    for record, proof in found.proof.items():
        row, table = cells(found.data, record), record.partition("/")[0]
        if row and (records is None or record in records):
            stated = [p for p in proof if p["basis"] == "stated" and p["support"] != "differs"]
            inferred = [p for p in proof if p["basis"] == "inferred"]
            said = [_guess(found, table, row, inferred)]
            said += [rule(found, table, row, stated) for rule in RULES]
            for piece, what in itertools.chain.from_iterable(said):
                yield "evidence", piece["key"], "fragment", what
    for key, what in _dismissed(found):
        yield "unused_mentions", key, "fragment", what


def _homes(table, row):
    """List the records that a row belongs to."""
    if table == "contributions":
        owners = ("projects/", row["project_id"]), ("agreements/", row["agreement_id"])
        return [target + key for target, key in owners if key]
    column, target = HOMES.get(table, ("", ""))
    return [target + row[column]] if column else []


def _home(found, table, row, proof):
    """What belongs to a record is proved where the text speaks of the record."""
    for home, piece in itertools.product(_homes(table, row), proof):
        stands = found.speaks if home.partition("/")[0] in ACTS else found.near
        if not any(stands(spot, home) for spot in piece["spots"]):
            what = f"does not stand where the text speaks of {home}; quote words that do"
            yield piece, f"{piece['fragment']!r} {what}"


def _together(found, table, row, proof):
    """All cells of a figure or a link are in one sentence; one of an act is not alone in its own."""
    spots = collections.defaultdict(set)
    for piece in proof:
        spots[piece["field"]] |= set(piece["spots"])
    fixed = next((name for name in ANCHORS.get(table, ()) if row[name]), "")
    for piece in proof:
        field, record, here = piece["field"], piece["record"], set(piece["spots"])
        quoted = repr(piece["fragment"])
        if spots.get(fixed) and not spots[fixed] & spots[field]:
            what = f"is not in the sentence that proves {fixed}; quote that one, or leave {field}"
            yield piece, f"{quoted} {what} blank"
        beside = set().union(found.hung[record], *(spots[each] for each in spots if each != field))
        named = any(record == r for s in here for *_, r in placed(found.words(s), found.names))
        if table in ACTS and len(spots) > 1 and not (here & beside or named):
            what = f"{quoted} stands where nothing else of {record} does"
            yield piece, f"{what}; quote a sentence that says more of it, or names it"


def _relation(found, table, row, proof):
    """Subject, predicate and object are in one sentence, in the order that the words ask for."""
    if table != "relations":
        return
    ends = collections.defaultdict(set)
    for piece in proof:
        ends[piece["field"]] |= set(piece["spots"])
    if len(ends) > 1 and not set.intersection(*ends.values()):
        yield proof[0], "subject, predicate and object are not in one sentence"
    follows = {
        r["wording"]: r["follows"]  # the object or the subject
        for r in tables.rows("wordings", "reference")
        if (r["column"], r["code"]) == ("predicate", row["predicate"])
    }
    for piece in (p for p in proof if p["field"] == "predicate"):
        held = (word for word in follows if wording.holds_word(word, piece["fragment"]))
        word = max(held, key=len, default="")
        if after := follows.get(word):
            before = "subject" if after == "object" else "object"
            yield from _order(found, row, piece, word, before, after)


def _order(found, row, piece, word, before, after):
    """Hold a relation to what follows the words of its predicate, and what does not."""
    at = piece["start"] + piece["fragment"].index(word)

    def starts(field):
        """Place an end where it is named in its fragment, or else the fragment, if it is elsewhere."""
        for p in found.proof[piece["record"]]:
            named = [a for a, _, each in placed(p["fragment"], found.names) if each == row[field]]
            apart = not p["start"] <= at <= p["start"] + len(p["fragment"])
            if p["field"] == field and set(p["spots"]) & set(piece["spots"]):
                yield p["start"] + named[0] if named else p["start"] if apart else at

    left = min(starts(before), default=at)
    right = max(starts(after), default=max(at, left + 1))
    if right < at or at < left < right:
        what = f"{word!r} is followed by the {after}; do subject and object change places?"
        yield piece, what


def _guess(found, table, row, proof):
    """What is inferred to be meant is spoken of nearby."""
    for piece in proof if table != "relations" else ():
        target = tables.reference(table, piece["field"], row.get(piece["field"]))
        if not target or piece["field"] == "supersedes_id":  # argued, and has no name
            continue
        # A place is named in the sentence itself: another one is easily meant.
        meant = found.tells if table == "project_places" else found.near
        own = target.partition("/")[0]
        named = {r for *_, r in placed(piece["fragment"], found.names) if r.startswith(own)}
        if (named and target not in named) or not any(meant(s, target) for s in piece["spots"]):
            what = f"does not mean {target}; quote words that name it, or stand beside its name"
            yield piece, f"{piece['fragment']!r} {what}"


def _figure(found, table, row, proof):
    """The figure of a cell has its hedge, and stands with its window or with none."""
    value = row.get("amount_usd") or row.get("value")
    hedge = QUALIFIERS.get(row.get("qualifier", ""))
    held = [p for p in proof if p["field"] in FIGURES]
    for piece, spot in ((p, s) for p in held for s in p["spots"] if value and hedge):
        words = found.words(spot)
        mine = [m for m in wording.figures(words) if m.value == float(value)]
        said = [wording.code(words, m) for m in mine]
        if said and not any(QUALIFIERS.get(s, hedge)[:2] == hedge[:2] for s in said):
            yield piece, f"the figure is hedged there by {said[0]!r}, not {row['qualifier']!r}"
        windows = [d for each in wording.dates(words) for d in each if "/" in d]
        if mine and row.get("period") and windows and row["period"] not in windows:
            yield piece, f"the figure stands there with {windows[0]}, not {row['period']}"


def _ordinal(found, table, row, proof):
    """A number in a row is not the position in a list."""
    for piece in (p for p in proof if p["field"] == "ordinal"):
        body = found.bodies[piece["section_id"]]
        for figure in wording.within(body, piece["fragment"]):
            if figure.ordinal and listed(body, figure):
                yield piece, f"{figure.words!r} numbers a list there"


# Each takes (ground, table, row, its pieces of stated evidence).
RULES = _home, _together, _relation, _figure, _ordinal


def listed(body, figure):
    """Tell whether a figure of a text counts up a list: "1) ... 2)", "The first ... The second"."""

    def after(mention):
        return re.match(r"\)|\.(?= )|(?: [\w’-]+)?", body[mention.end :]).group()

    numbers = {
        m.meant[0]
        for m in wording.figures(body)
        if m.kind == "number" and m.meant and after(m) == after(figure)
        and (m.ordinal or after(m) in (")", "."))
    }  # fmt: skip
    return bool(figure.meant) and bool({figure.meant[0] - 1, figure.meant[0] + 1} & numbers)


def _dismissed(found):
    """Hold what is dismissed to a second reason besides the curator's, one that can be computed.

    A figure may be dismissed that numbers a list, belongs to a name, a heading or an idiom, is the
    number of a page, is read by a row elsewhere, or stands where the text speaks of no record. An
    amount or a date of a sentence that does may be dismissed for a reason in column ``kind``.
    Yields (id of a row of ``unused_mentions``, what is wrong).
    """
    read, issue = collections.defaultdict(set), set()  # figure -> sentences in which a row reads it
    for piece in itertools.chain.from_iterable(found.proof.values()):
        issue |= set(piece["spots"] if piece["record"].startswith("documents/") else ())
        for figure in wording.figures(piece["fragment"]):
            read[figure.kind, figure.meant] |= set(piece["spots"])
    ilo = the_ilo(found.data)
    for key, row in found.data["unused_mentions"].items():
        section = row["section_id"]
        body = found.bodies.get(section, "")
        for figure in wording.within(body, row["fragment"] or body):
            [at] = [n for n, (a, b) in enumerate(found.cuts[section]) if a <= figure.start < b]
            told, spot = found.told[section, at], (section, at)
            elsewhere = read[figure.kind, figure.meant] - {spot}
            if figure.kind == "date":  # many things happen in a year
                elsewhere = {each for each in elsewhere if each[0] == section}
            acting = any(told[table] for table in ACTS) or told["organisations"] - ilo
            whole = not row["fragment"] and not (figure.meant and acting)
            if row["kind"] == "repeated" and not elsewhere:
                yield key, f"{figure.words!r} is read by no other row, so it is not repeated"
            elif not (whole or elsewhere or spot in issue or _excused(found, row, at, figure)):
                remedies = ["a row"] * bool(figure.meant)  # no column holds another currency
                remedies += ["a kind of reason"] * (figure.kind in ARGUED)
                what = f"{figure.words!r} counts something in a sentence on our records"
                yield key, f"{what}; give it {' or '.join(remedies)}"


def _excused(found, row, at, figure):
    """Tell whether a figure of a sentence can be something else than a fact."""
    section, start, end = row["section_id"], figure.start, figure.end
    body, heading = found.bodies[section], found.data["sections"][section]["heading"]
    names = (span for name, _ in found.names for span in wording.spots(name, body))
    idioms = (m.span() for m in IDIOMS.finditer(body))
    above = (found.told[section, n][table] for n in range(at + 1) for table in ACTS)
    return (
        not (figure.meant or figure.kind == "amount")
        or (figure.kind in ARGUED and row["kind"])
        or (figure.kind == "number" and listed(body, figure))
        or any(a <= start and end <= b for a, b in itertools.chain(names, idioms))
        or end <= len(heading)
        or re.fullmatch(r"(?:[Pp]age )?\d+", found.words((section, at)).strip())
        or not any(itertools.chain(found.told[section, at].values(), above))
    )
