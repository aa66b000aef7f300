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
from ilodata.curation.filling import LINKS, WHO, cells, fields, neighbours, pieces, related, the_ilo
from ilodata.problems import shorten

# A row belongs to the record of this column, and stands where it does.
HOMES = dict.fromkeys(("results", "themes", "indicators"), ("record", "")) | LINKS
ACTS = ("agreements", "events", "projects")  # of which a sentence is about one, or some
# What fixes the sentence of a figure or a link, in which its other stated cells stand too.
ANCHORS = {"contributions": ("printed",), "results": ("unit", "status"), "indicators": ("unit",)}
ANCHORS |= dict.fromkeys(
    ("event_participants", "project_organisations", "project_places"), ("role",)
)
FIGURES = ("printed", "amount_usd", "value", "qualifier")
TELLING = ("contributions", "results", "relations")  # whose sentences have names, too
NAMED = ("names", "organisations", "places", "people", "frameworks")  # by their names alone
DATES = ("signed", "date", "period", "as_of")
ARGUED = ("amount", "date")  # may be dismissed for a kind of reason
SIDES = re.compile(r"\b(?:two|both) (?:sides|parties)\b|\b[Tt]he parties\b")
IDIOMS = re.compile(
    r"\btwo (?:sides|parties)\b|\bone (?:of the|of its|of their|another)\b|\bone-stop\b",
    re.IGNORECASE,
)


class Ground(collections.namedtuple("Ground", "data bodies cuts names proof told links")):
    """The texts as sentences, the evidence by record, and what each sentence tells of.

    ``cuts``: section -> [(start, end)]; ``names``: (name, record), longest first; ``proof``:
    record -> [piece], each a row with its ``key`` and ``spots``, the sentences it touches as
    (section, number); ``told``: spot -> table -> records; ``links``: what ``filling.neighbours`` gives.
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

    def named(self, piece):
        """List the records that are named in the sentences of a piece of evidence."""
        return {r for spot in piece["spots"] for *_, r in placed(self.words(spot), self.names)}

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
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text) if name in text else ():
            start, end = match.span()
            joined = re.search(r"(\w+)-$", text[:start])
            if joined and joined[1] not in known:
                continue
            longer = (r for a, b, r in found if a <= start and end <= b and b - a > end - start)
            if not any(record.startswith(table) for record in longer):
                found.append((start, end, record))
    return found


def ground(data, bodies):
    """Cut the texts of ``documents.cut`` into sentences and see what each tells of: a `Ground`."""
    heads = {key: len(row["heading"]) for key, row in data["sections"].items()}
    cuts = {section: sentences(body, heads[section]) for section, body in bodies.items()}
    proof = collections.defaultdict(list)
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
    names = {(row["name"], row["record"]) for row in data["names"].values()}
    for table in ACTS:
        names |= {(r["title"], f"{table}/{k}") for k, r in data[table].items() if r["title"]}
    names = tuple(sorted(names, key=lambda pair: (-len(pair[0]), pair)))
    for section, here in cuts.items():
        for number, (start, end) in enumerate(here):
            for _, _, record in placed(bodies[section][start:end], names):
                told[section, number][record.partition("/")[0]].add(record)
    return Ground(data, bodies, cuts, names, dict(proof), told, neighbours(data))


def rules(found, records=None):
    """Hold evidence, dismissals and names to the rules of place: (table, id, column, what is wrong).

    Of evidence only that of some records ``table/id``; of all by default.
    """
    for record, proof in found.proof.items():
        row = cells(found.data, record)
        if row and (records is None or record in records):
            for rule in RULES:
                for piece, what in rule(found, record.partition("/")[0], row, proof):
                    yield "evidence", piece["key"], "fragment", what
    for key, what in _dismissed(found):
        yield "unused_mentions", key, "fragment", what
    for key, what in _unlinked(found):
        yield "sections", key, "heading", what


def _home(found, table, row, proof):
    """What belongs to a record is proved where the record stands."""
    record = proof[0]["record"]
    column, target = HOMES.get(table, ("", ""))
    homes = [target + row[column]] if column else []
    if table == "contributions":
        owners = ("projects/", row["project_id"]), ("agreements/", row["agreement_id"])
        homes = [target + key for target, key in owners if key]
        proof = [piece for piece in proof if piece["field"] == "printed"]
    for home, piece in itertools.product(homes, proof):
        acts = home.partition("/")[0] in ACTS and piece["basis"] == "stated"
        stands = found.speaks if acts else found.near
        if table == "indicators" and home.startswith(("results/", "indicators/")):
            stands = found.tells  # "half of them women"
        # What is inferred may stand under a heading over several records, say, or be of that day.
        spots = set(piece["spots"]) - _issue(found, piece["document_id"])
        telling = piece["basis"] != "inferred" or any(_about(found, s) for s in spots)
        over = table in LINKS and piece["basis"] == "stated" and len(piece["spots"]) > 1
        if over or (telling and not any(stands(spot, home) for spot in piece["spots"])):
            what = f"does not stand where the text speaks of {home}; quote words that do"
            yield piece, f"{piece['fragment']!r} {what}"
    for piece in proof if table in ("people", "frameworks") else ():
        if record not in found.named(piece):
            yield piece, f"{piece['fragment']!r} stands in a sentence that does not name {record}"


def _payer(found, table, row, proof):
    """Who is named beside an amount pays or receives it, or a doubt says that the payer is not stated."""
    if table != "contributions":
        return
    doubts = found.data["conflict_records"].values()
    doubted = (proof[0]["record"], "payer_id") in ((r["record"], r["field"]) for r in doubts)
    if doubted or any((p["field"], p["basis"]) == ("payer_id", "stated") for p in proof):
        return
    payer = f"organisations/{row['payer_id']}"
    known = {f"organisations/{row['receiver_id']}"} | the_ilo(found.data)
    for piece in (p for p in proof if p["field"] == "printed"):
        named = [_outermost(found, found.words(spot)).values() for spot in piece["spots"]]
        records = set().union(*itertools.chain.from_iterable(named)) - known
        payers = sorted(r for r in records if r.startswith("organisations/"))
        if payers and payer not in payers:
            what = f"stands in a sentence with {payers[0]}; fill payer_id, or let a doubt name it"
            yield piece, f"{piece['fragment']!r} {what}"


def _about(found, spot):
    """Tell whether a sentence, or any above it in its section, tells of an act."""
    section, number = spot
    return any(found.told[section, at][table] for at in range(number + 1) for table in ACTS)


def _own(found, table, row, proof):
    """The cells of a record stand together: a sentence that proves only one tells of another."""
    filled = (row[name] and f["role"] == "fact" for name, f in tables.fields(table).items())
    if table not in ACTS or sum(map(bool, filled)) < 2:
        return
    record = proof[0]["record"]
    links = (r for r in found.links[record] if r.partition("/")[0] in (*HOMES, "relations"))
    linked = [piece for link in links for piece in found.proof.get(link, ())]
    for piece in proof:
        here = set(piece["spots"])
        beside = {(p["record"], p["field"]) for p in [*proof, *linked] if set(p["spots"]) & here}
        plain = piece["support"] != "differs" and piece["basis"] == "stated"
        if len(beside) < 2 and plain and record not in found.named(piece):
            what = f"{piece['fragment']!r} stands where nothing else of {record} does"
            yield piece, f"{what}; quote a sentence that says more of it, or names it"


def _together(found, table, row, proof):
    """All stated cells of a figure or a link are in one sentence; a guessed date beside it, or of issue."""
    fixed = next((name for name in ANCHORS.get(table, ()) if row[name]), "")
    plain = [p for p in proof if p["basis"] == "stated" and p["support"] != "differs"]
    own = {spot for piece in plain if piece["field"] == fixed for spot in piece["spots"]}
    beside = {(section, at + step) for section, at in own for step in (-1, 0, 1)}
    for field in sorted({piece["field"] for piece in proof} if own else ()):
        pieces = [p for p in proof if p["field"] == field and p["support"] != "differs"]
        stated = [p for p in pieces if p["basis"] == "stated"]
        place = own if stated else beside | _issue(found, proof[0]["document_id"])
        dated = field in ("period", "as_of")
        held = not pieces or any(place & set(p["spots"]) for p in stated or pieces)
        told = field == "as_of" and not stated and own and _told_by(found, own)
        if told:
            yield pieces[0], f"the figure stands there with {told!r}; quote that for as_of"
        if (stated or dated) and not held:
            what = f"{pieces[0]['fragment']!r} is not in the sentence that proves {fixed}"
            yield pieces[0], f"{what}; quote that one, or leave {field} blank"


def _told_by(found, spots):
    """Find the day up to which a sentence counts, "By April 2024": its words, or nothing."""
    by = re.compile(r"\b(?:[Bb]y|[Aa]s of) (?:the end of )?$")
    for words in map(found.words, spots):
        for m in wording.figures(words):
            if m.kind == "date" and m.meant and by.search(words[: m.start]):
                return m.words
    return ""


def _issue(found, document):
    """List the sentences that give a document's day of issue."""
    proof = found.proof.get(f"documents/{document}", ())
    return {spot for piece in proof if piece["field"] == "published" for spot in piece["spots"]}


def _relation(found, table, row, proof):
    """Subject, predicate and object are in one sentence, in the order that the words ask for."""
    if table != "relations":
        return
    stated = collections.defaultdict(set)
    for piece in (p for p in proof if p["basis"] == "stated"):
        stated[piece["field"]] |= set(piece["spots"])
    if len(stated) > 1 and not set.intersection(*stated.values()):
        yield proof[0], "subject, predicate and object are not in one sentence"
    here = {spot for p in proof if p["field"] == "predicate" for spot in p["spots"]}
    here |= {(section, number - step) for section, number in here for step in (1, 2, 3)}
    for part in ("subject", "object"):
        ends = [p for p in proof if p["field"] == part]
        if ends and here and not any(here & set(p["spots"]) for p in ends):
            what = "does not stand with the words of the predicate, nor in three sentences before"
            yield ends[0], f"{ends[0]['fragment']!r} {what}"
    follows = {
        r["wording"]: r["follows"]  # the object or the subject
        for r in tables.rows("wordings", "reference")
        if (r["column"], r["code"]) == ("predicate", row["predicate"])
    }
    for piece in (p for p in proof if p["field"] == "predicate"):
        held = (word for word in follows if wording.holds_word(word, piece["fragment"]))
        word = max(held, key=len, default="")
        if after := follows.get(word):
            yield from _order(found, row, proof, piece, word, after)


def _order(found, row, proof, piece, word, after):
    """Hold a relation to what follows the words of its predicate, and what does not."""
    at = piece["start"] + piece["fragment"].index(word)
    before = "subject" if after == "object" else "object"
    here = [p for p in proof if set(p["spots"]) & set(piece["spots"])]
    rights = [_start(found, row[after], p, at) for p in here if p["field"] == after]
    lefts = [_start(found, row[before], p, at) for p in here if p["field"] == before]
    for right, left in itertools.product(rights or [None], lefts or [None]):
        late = left is not None and left > at
        late = late and (not rights or (right is not None and left < right))
        if late or (right is not None and right < at):
            what = f"{word!r} is followed by the {after}; do subject and object change places?"
            yield piece, what


def _start(found, record, piece, at):
    """Place a record in a fragment where it is named, or else the fragment, if it is elsewhere."""
    start, words = piece["start"], piece["fragment"]
    spots = [a for a, _, each in placed(words, found.names) if each == record]
    elsewhere = None if start <= at <= start + len(words) else start
    return start + spots[0] if spots else elsewhere


def _guess(found, table, row, proof):
    """What is inferred to be meant is spoken of nearby."""
    for piece in (p for p in proof if p["basis"] == "inferred" and table != "relations"):
        target = tables.reference(table, piece["field"], row.get(piece["field"]))
        if not target or piece["field"] == "supersedes_id":  # argued, and has no name
            continue
        # A place is named in the sentence itself: another one is easily meant.
        meant = found.tells if table == "project_places" else found.near
        above = ((section, at) for section, n in piece["spots"] for at in range(n))
        sides = SIDES.search(piece["fragment"]) and any(found.tells(a, target) for a in above)
        if not (sides or any(meant(spot, target) for spot in piece["spots"])):
            yield piece, f"{target} is not named beside {piece['fragment']!r}"
        named = {r for *_, r in placed(piece["fragment"], found.names)}
        fellows = {r for r in named if r.startswith(target.partition("/")[0])}
        if fellows and target not in fellows:
            yield piece, f"{piece['fragment']!r} names {min(fellows)}, and not {target}"


def _figure(found, table, row, proof):
    """The figure of a cell has its hedge, and stands with its window or with none."""
    value = row.get("amount_usd") or row.get("value")
    hedge = QUALIFIERS.get(row.get("qualifier", ""))
    held = [p for p in proof if p["field"] in FIGURES and p["support"] != "differs"]
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
    for piece in (p for p in proof if p["field"] == "ordinal" and p["support"] != "differs"):
        body = found.bodies[piece["section_id"]]
        for figure in wording.within(body, piece["fragment"]):
            if figure.ordinal and listed(body, figure):
                yield piece, f"{figure.words!r} numbers a list there"


def _unlinked(found):
    """Hold names to the links of what their sentence tells of: a party, place or payer left out.

    Yields (id of a section, what is wrong). A name does not count that is part of a longer one or
    of a title there, whose owner is meant ("China’s"), or that is dismissed; nor does a person, who
    may only be quoted.
    """
    for (section, number), told in list(found.told.items()):
        about = set().union(*(told[table] for table in (*ACTS, *TELLING) if table in told))
        home = found.data["sections"][section]
        issue = (section, number) in _issue(found, home["document_id"])
        if not about or issue or (number == 0 and home["heading"]):
            continue
        words, linked = found.words((section, number)), related(found.links, about, 4)
        links = set().union(*(told[table] for table in LINKS if table in told))
        linked = linked | related(found.links, links, 1)
        known = [row["fragment"] for row in found.data["unused_mentions"].values()
                 if row["section_id"] == section]  # fmt: skip
        known += [cells(found.data, record).get("title", "") for record in about]
        named = {frozenset(each): span for span, each in _outermost(found, words).items()}
        for records, (a, b) in named.items():
            kept = any(wording.holds_word(words[a:b], each) for each in known)
            ours = any(r.startswith(WHO) and not r.startswith("people/") for r in records)
            # Whose ministry it is, "Ministry of Transport of China", is part of the name.
            part = any(
                re.fullmatch(" of (?:the )?", words[d:a]) for _, d in named.values() if d < a
            )
            if ours and not (kept or part or records & linked or words[b : b + 2] == "’s"):
                first = " or ".join(sorted(about)[:2])
                where = f"the sentence that begins {shorten(words, 40)!r} names {words[a:b]}"
                what = "as a party, participant, partner, place, payer or relation"
                yield section, f"{where}; link it with {first}, {what}, or dismiss the name"


def _outermost(found, words):
    """List the names in some words that are not part of a longer one: (start, end) -> records."""
    named, here = {}, placed(words, found.names)
    for a, b, record in here:
        if not any(c <= a and b <= d and d - c > b - a for c, d, _ in here):
            named.setdefault((a, b), set()).add(record)
    return named


def _borrowed(found, table, row, proof):
    """A name is not that of another record of the table: within it, around it or spelt out before."""
    if table != "names" or row["record"].partition("/")[0] in ACTS:
        return
    mine, (own, _, _) = row["name"], row["record"].partition("/")
    shared = {name for name, record in found.names if record == row["record"]}
    others = ((name, record) for name, record in found.names if " " in name)
    others = {name: r for name, r in others if r.startswith(own + "/") and name not in shared}
    for piece, name in itertools.product(proof, others):
        body, start = found.bodies[piece["section_id"]], piece["start"]
        start += piece["fragment"].find(mine)
        end = start + len(mine)
        for a, b in (m.span() for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", body)):
            if a < end and start < b or body[b:start] == " (":
                yield piece, f"{mine!r} stands with {name!r}, which is a name of {others[name]}"


# Each takes (ground, table, row, its pieces of evidence).
RULES = _home, _payer, _own, _together, _relation, _guess, _borrowed, _figure, _ordinal


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
    read = collections.defaultdict(set)  # figure -> sentences in which a row reads it
    for piece in itertools.chain.from_iterable(found.proof.values()):
        for figure in wording.figures(piece["fragment"]):
            read[figure.kind, figure.meant] |= set(piece["spots"])
    ilo = the_ilo(found.data)
    for key, row in found.data["unused_mentions"].items():
        body = found.bodies.get(row["section_id"], "")
        for figure in wording.within(body, row["fragment"] or body):
            spot = _spot(found, row["section_id"], figure)
            told = found.told[spot]
            acting = any(told[table] for table in ACTS) or told["organisations"] - ilo
            if not (row["fragment"] or (figure.meant and acting)):
                continue  # a whole section is dismissed
            elsewhere = read[figure.kind, figure.meant] - {spot}
            if row["kind"] == "repeated" and not elsewhere:
                yield key, f"{figure.words!r} is read by no other row, so it is not repeated"
            elif (figure.meant or figure.kind == "amount") and not _excused(
                found, row["kind"], spot, figure, elsewhere
            ):
                # No column holds another currency than US dollars.
                remedies = ["a row"] * bool(figure.meant)
                if figure.kind in ARGUED:
                    remedies.append(f"a kind of reason other than {row['kind'] or 'blank'}")
                remedy = f"give it {', or '.join(remedies)}"
                what = f"{figure.words!r} counts something in a sentence on our records; {remedy}"
                yield key, what


def _spot(found, section, figure):
    """Give the sentence that a figure of a section stands in."""
    [at] = [n for n, (a, b) in enumerate(found.cuts[section]) if a <= figure.start < b]
    return section, at


def _excused(found, kind, spot, figure, elsewhere):
    """Tell whether a figure of a sentence can be something else than a fact."""
    (section, _), start, end = spot, figure.start, figure.end
    body, heads = found.bodies[section], len(found.data["sections"][section]["heading"])
    names = (m.span() for name, _ in found.names for m in re.finditer(re.escape(name), body))
    idioms = (m.span() for m in IDIOMS.finditer(body))
    # A date is of something else where what the sentence tells of has its own.
    told = (r for table, records in found.told[spot].items() if table not in NAMED for r in records)
    dated = {r: [v for c, v in cells(found.data, r).items() if c in DATES] for r in told}
    ours = [r for r, dates in dated.items() if figure.kind != "date" or (dates and not any(dates))]
    if figure.kind == "date":  # many things happen in a year
        elsewhere = {where for where in elsewhere if where[0] == section}
    return (
        (figure.kind in ARGUED and kind not in ("", "not_ours" * bool(ours)))
        or (figure.kind == "number" and listed(body, figure))
        or any(a <= start and end <= b for a, b in itertools.chain(names, idioms))
        or spot in _issue(found, found.data["sections"][section]["document_id"])
        or end <= heads
        or re.fullmatch(r"(?:[Pp]age )?\d+", found.words(spot).strip()) is not None
        or bool(elsewhere)
        or not (any(found.told[spot].values()) or _about(found, spot))
    )
