"""The projects and their amounts as an IATI 2.03 activity file.

IATI wants more than the documents say: full dates, a status, a recipient, a type for every
transaction. What is filled in for it follows one written rule each and is called derived; what is
inferred is called inferred.

- Amounts of agreements and totals of channels are not in it: importers add up what they find, and a
  project's amount may be part of them.
- A **date** is the first or the last day that the documents' date can mean; the date itself, in
  EDTF, stands beside it. An activity without any beginning is left out and named.
- An **amount** is the printed figure, its hedge and bounds in words. A misprint has no value, so it
  has no transaction; nor has an amount that a later document replaces.
- **Several places** are one region of our own vocabulary (99), as nobody gives their shares. Where
  our tables hold no recipient or no sector, the file says so.
"""

from typing import TypedDict

import pycountry
from lxml import etree

from ilodata import amounts, dates, naming, tables, words
from ilodata.evidence import certainty, doubts, gaps, inferred
from ilodata.files import write

# What hangs on a project, and the column that says what it is.
_LINKS = {"project_organisations": "organisation_id", "project_places": "place_id"}
_LINKS |= {"themes": "theme"}
_SAID = {"aim": "2", "target_group": "3"}  # roles with descriptions of their own
_ROLES = {"funding": "1", "implementing": "4"}
_TYPES = {"government": "10", "ministry": "10", "state": "10", "un_body": "40", "fund": "40"}
_REFS = {"organisations/ilo": "XM-DAC-41302"}  # under which the ILO itself reports to IATI
_UNSTATED = "Not in our tables"
_DERIVED = (
    "Derived, not taken from a document: the status, and whether a date is planned or actual, as of "
    "{}; the day of a date that is a month, a year or a period. Where our tables hold no end, the "
    "status does not say that it goes on. They hold no sector, and no shares of places."
)
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Exported(TypedDict):
    """What a file holds, and what it could not hold."""

    activities: int
    transactions: int
    left_out: list[str]  # a sentence each


def export(path):
    """Write an activity a project, each with its amounts as transactions, as an IATI 2.03 file.

    The same data give the same bytes. Returns `Exported`; DataError if it cannot be written.
    """
    tables.load_contributions()  # refuses an amount that has no bounds
    later, money, left_out = tables.superseded("contributions"), {}, []
    for row in (row for row in tables.rows("contributions") if row["level"] == "project"):
        record = f"contributions/{row['contribution_id']}"
        if row["contribution_id"] in later:
            left_out.append(f"{record} is left out: a later document replaces it.")
        elif not row["project_id"]:
            left_out.append(f"{record} is left out: it names no project.")
        else:
            money.setdefault(row["project_id"], []).append(row | {"record": record})
    created = tables.package()["created"]
    root = etree.Element("iati-activities", {"version": "2.03", "generated-datetime": created})
    for row in tables.rows("projects"):
        _activity(root, row, money.get(row["project_id"], []), left_out)
    activities, transactions = len(root), len(root.findall("*/transaction"))
    said = [
        f"{tables.citation()} SHA-256 of the tables: {tables.data_sha256()}.",
        "Amounts of projects only: agreements and totals of channels may hold the same money.",
        "The organisations named report nothing here; what is derived or inferred says so.",
        "Results, events and the evidence of each value are not in it; the tables hold them.",
        *left_out,
    ]
    root.insert(0, etree.Comment("\n  " + "\n  ".join(said).replace("--", "- -") + "\n"))
    content = etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8")
    write(path, content)
    return Exported(activities=activities, transactions=transactions, left_out=left_out)


def _activity(root, row, money, left_out):
    """Add the element of one project, or say why IATI could not hold it."""
    record, period = f"projects/{row['project_id']}", row["period"]
    ours = [record, *(amount["record"] for amount in money)]
    if not period or not dates.span(period).start:
        why = f"is left out: our tables hold no beginning of {record}, and IATI needs one."
        left_out += [f"{each} {why}" for each in ours]
        return
    today, linked = _today(record), _linked(row["project_id"])
    unfit = {amount["record"]: _unfit(amount, period) for amount in money}
    why_not = [f"{amount} {why}" for amount, why in unfit.items() if why]
    left_out += why_not
    package = tables.package()
    found = etree.SubElement(root, "iati-activity", {_LANG: "en", "default-currency": "USD"})
    identifier = etree.SubElement(found, "iati-identifier")
    identifier.text = f"{package['name']}-{record.replace('/', '-')}"
    who = ", ".join(each["title"] for each in package["contributors"])
    _add(found, "reporting-org", who, ref=package["name"], type="90", secondary_reporter="1")
    _add(found, "title", row["title"] or row["label"])
    general = [f"{row['label']} (our name), one project."]
    for role in (role for role in linked if role not in _SAID):
        general.append(f"{role.capitalize().replace('_', ' ')}: {_names(linked[role])}.")
    descriptions = [("1", " ".join(general))]
    descriptions += [(code, _names(linked[role])) for role, code in _SAID.items() if role in linked]
    remarks = _DERIVED.format(today), *why_not, _guessed(record), *_limits(ours)
    descriptions += [("4", remark) for remark in remarks if remark]
    for code, text in descriptions:
        _add(found, "description", text, type=code)
    parts = [(role, *part) for role in _ROLES for part in linked.get(role, ())]
    for role, source, organisation in parts or [("funding", "", "")]:
        _add(found, "participating-org", role=_ROLES[role], **_organisation(source, organisation))
    _dated(found, period, today)
    _recipient(found, linked.get("beneficiary") or linked.get("target_region", ()))
    _add(found, "sector", code="99810", vocabulary="1")
    for amount in money:
        if not unfit[amount["record"]]:
            _transaction(found, amount, period)
    _add(found, "legacy-data", name="record", value=record)


def _today(record):
    """Return the day for which the documents that speak of a record speak: later ends are plans."""
    speaking = {row["document_id"] for row in tables.rows("evidence") if row["record"] == record}
    latest = {row["document_id"]: row["latest_date"] for row in tables.rows("documents")}
    return max(dates.span(latest[document]).end for document in speaking or latest)


def _linked(key):
    """List by role what hangs on a project: (record of the link, record that it leads to)."""
    found = {}
    for table, column in _LINKS.items():
        for row in tables.rows(table):
            if key == row.get("project_id") or f"projects/{key}" == row.get("record"):
                link = f"{table}/{next(iter(row.values()))}"
                target = tables.reference(table, column, row[column]) or link
                found.setdefault(row["role"], []).append((link, target))
    return found


def _names(links):
    """Name what some links lead to, as `_named` does."""
    return words.listed((_named(*each) for each in links), names=True)


def _named(source, record):
    """Name what a cell or link leads to, and say so where that is inferred, or a list is open."""
    guessed = " (inferred, not stated)" if certainty(source) == "inferred" else ""
    is_open = source == record and tables.row(record).get("open_list") == "true"
    return naming.label(record) + guessed + " (an open list)" * is_open


def _organisation(source, record):
    """Return name, reference and type of an organisation that a cell or link names."""
    if not record.partition("/")[2]:
        return {"text": _UNSTATED}
    kind = _TYPES.get(tables.row(record)["kind"])
    return {"text": _named(source, record), "ref": _REFS.get(record), "type": kind}


def _dated(found, period, today):
    """Add the status of an activity, and its start and end, to its element."""
    first, stroke, last = period.partition("/")
    whole = dates.span(period)
    # Not begun, over, or else under way; a single date has no end.
    over = stroke and whole.end and whole.end < today
    _add(found, "activity-status", code="1" if whole.start > today else "4" if over else "2")
    sides = [("12", first, whole.start, "first"), ("34", last, whole.end, "last")]
    for (planned, actual), text, day, which in sides if stroke else sides[:1]:
        if day:
            said = f"{words.date(text)} (EDTF {period}): the {which} day that it can mean."
            kind = actual if dates.span(text).end < today else planned
            _add(found, "activity-date", said, type=kind, iso_date=str(day))


def _recipient(found, links):
    """Add whom an activity reaches to its element: one country, or one region."""
    reached = [tables.row(record) for _, record in links]
    only = reached[0] if len(reached) == 1 else {"iso3": "", "m49": ""}
    names, ours = _names(links) or _UNSTATED, "-and-".join(it["place_id"] for it in reached)
    if country := pycountry.countries.get(alpha_3=only["iso3"] or "-"):
        _add(found, "recipient-country", names, code=country.alpha_2)
    else:
        vocabulary = "2" if only["m49"] else "99"
        code = only["m49"] or ours or "not-stated"
        _add(found, "recipient-region", names, code=code, vocabulary=vocabulary)


def _limits(records):
    """Say what limits some records, each doubt and gap once, the doubts first."""
    doubtful = doubts(list(records))[["what", "choice", "otherwise"]]
    missing = gaps(list(records))[["what", "choice"]].drop_duplicates()
    return [" ".join(filter(None, it)) for it in [*doubtful.values, *missing.values]]


def _guessed(record):
    """Name the columns of a record that are inferred, "" where none is."""
    found = inferred(record)
    names = "; ".join(found.column[found.index == record])
    return f"Inferred, not stated: {names}." if names else ""


def _unfit(row, period):
    """Say why an amount is no transaction, "" where it is one."""
    said = f"is printed as “{row['printed']}”, and has no transaction:"
    if not row["amount_usd"]:
        return f"{said} it is a misprint, and has no value."
    day = str(dates.span(row["period"] or period).start)
    future = day > tables.package()["created"][:10]
    return f"{said} IATI takes none of the future." if future else ""


def _transaction(found, row, period):
    """Add one amount to the element of its activity."""
    record, dated = row["record"], row["period"] or period
    day = str(dates.span(dated).start)
    found = _add(found, "transaction", ref=record)
    _add(found, "transaction-type", code="11")
    _add(found, "transaction-date", iso_date=day)
    value = etree.SubElement(found, "value", {"currency": "USD", "value-date": day})
    value.text, hedge = row["amount_usd"], row["qualifier"].replace("_", " ")
    read = amounts.bounds(int(row["amount_usd"]), row["qualifier"], int(row["printed_unit_usd"]))
    when = "Dated" if row["period"] else "Not dated itself in our tables; its project is,"
    status = "Our tables do not say whether it is pledged or paid; the type is derived."
    sentences = [
        f"Printed: “{row['printed']}”. Hedge: {hedge}; we read it as {words.money_range(read)}.",
        f"{when} {words.date(dated)} (EDTF {dated}); the day is derived.",
        "Committed, as worded." if row["status"] == "committed" else status,
    ]
    if row["part_of"]:
        total = naming.label(f"contributions/{row['part_of']}")
        sentences.append(f"Part of the total “{total}”, which this file does not hold.")
    _add(found, "description", " ".join(filter(None, [*sentences, _guessed(record)])))
    for tag, field in (("provider-org", "payer_id"), ("receiver-org", "receiver_id")):
        # Without a name an importer would take the reporting organisation for it.
        _add(found, tag, **_organisation(f"{record}/{field}", f"organisations/{row[field]}"))


def _add(parent, tag, text=None, **attributes):
    """Add an element that says a text; _ in the name of an attribute is a hyphen."""
    named = {name.replace("_", "-"): value for name, value in attributes.items() if value}
    found = etree.SubElement(parent, tag, named)
    if text is not None:
        etree.SubElement(found, "narrative").text = text
    return found
