"""Projects, agreements or channel totals as an IATI 2.03 activity file.

IATI wants more than the documents say: full dates, a status, a recipient, a type for every
transaction. What is filled in for it follows one written rule each and is called derived, in the
narrative beside it; a description of type 4 lists it all. What is inferred is called inferred.

- A file holds the amounts of **one level**. Importers add up what they find, and a project's
  amount may be part of a channel's total: in one file they would be counted twice.
- A **date** is the first or the last day that the documents' date can mean; the date itself, in
  EDTF, stands in the narrative. Without any date an activity or amount is left out and named.
- An **amount** is the printed figure, its hedge and bounds in the narrative. A misprint has no
  value, so it has no transaction; nor has an amount that a later document replaces.
- **Two countries** whose shares nobody gives are one region of our own vocabulary (99), each
  country a location in it: recipient countries would need percentages. Where our tables hold no
  recipient, a region of that vocabulary says so: IATI's rules ask for one.
- **Parts** that IATI has no role for (launching, supporting, collaborating) stay words. Our tables
  hold no **sector**, so none is specified.
"""

import pycountry
from lxml import etree

from ilodata import amounts, dates, tables, words
from ilodata.evidence import certainty, inferred
from ilodata.exchange import key_of
from ilodata.problems import DataError, nearest

# What is an activity at each level; an amount names it by the id of that table.
LEVELS = {"project": "projects", "agreement": "agreements", "channel_total": "contributions"}

_ROLES = {"funding": "1", "implementing": "4"}
_TYPES = {"government": "10", "ministry": "10", "state": "10", "un_body": "40", "fund": "40"}
_REFS = {"ilo": "XM-DAC-41302"}  # under which the ILO itself reports to IATI
_UNSTATED = "Not in our tables"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def export(path, level="project"):
    """Write the activities of one level of amounts, each with its transactions, as an IATI 2.03 file.

    An agreement is an activity where an amount belongs to it. Returned is a dict: activities,
    transactions (how many), left_out (a sentence each). The same data give the same bytes.
    """
    if level not in LEVELS:
        raise DataError(f"{level!r} is not a level; {nearest(level, LEVELS)}")
    tables.load_contributions()  # refuses an amount that has no bounds
    activities, left_out = _activities(level)
    package = tables.package()
    created = {"generated-datetime": package["created"]} if "created" in package else {}
    root = etree.Element("iati-activities", {"version": "2.03"} | created)
    said = [
        f"{tables.citation()} SHA-256 of the tables: {tables.data_sha256()}.",
        f"Amounts of level {level} only: never add them to those of another level.",
        "The organisations named report nothing here; what is derived or inferred says so.",
        "Results, events and the evidence of each value are not in it; the tables hold them.",
        *left_out,
    ]
    root.append(etree.Comment("\n  " + "\n  ".join(said).replace("--", "- -") + "\n"))
    root.extend(activities)
    content = etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8")
    tables.write(path, content)
    transactions = len(root.findall(".//transaction"))
    return {"activities": len(activities), "transactions": transactions, "left_out": left_out}


def _activities(level):
    """Return the elements of all activities of a level, and what is left out."""
    rows = {key_of(row): row for row in tables.rows(LEVELS[level])}
    found, left_out, money = [], [], {key: [] for key in rows}
    of, later = next(iter(tables.fields(LEVELS[level]))), tables.superseded("contributions")
    for row in (row for row in tables.rows("contributions") if row["level"] == level):
        if row["contribution_id"] in later:
            left_out.append(f"{_record(row)} is left out: a later document replaces it.")
        elif row[of] not in rows:
            left_out.append(f"{_record(row)} is left out: it names no {level}.")
        else:
            money[row[of]].append(row)
    for key, row in rows.items():
        if money[key] or level == "project":
            found.append(_activity(level, row, money[key], left_out))
    return [each for each in found if each is not None], left_out


def _activity(level, row, money, left_out):
    """Return the element of one activity, or nothing where IATI could not hold it."""
    record, period = f"{LEVELS[level]}/{key_of(row)}", row.get("signed") or row.get("period")
    today = _today(record)
    dated = _dates(period, today) if period else []
    if not any(date["type"] in "12" for date in dated):
        with_it = ", ".join(_record(each) for each in money if _record(each) != record)
        told = f"{record} is left out: our tables hold no beginning, and IATI needs one"
        left_out.append(told + f"; with it {with_it}" * bool(with_it) + ".")
        return None
    remarks = [
        f"The status, and whether a date is planned or actual, are derived as of {today}, "
        "not taken from a document. Our tables hold no sector."
    ]
    if not any(date["type"] in "34" for date in dated):
        remarks.append("Our tables hold no end: the status means no more than that.")
    paid = [(_record(each), *_transaction(level, each, period)) for each in money]
    remarks += [why_not for _, _, why_not in paid if why_not]
    left_out += [f"{each}: {why_not}" for each, _, why_not in paid if why_not]
    places = _places(record, remarks)
    if level != "channel_total" and (guessed := _guessed(record)):  # there the transaction says so
        remarks.append(guessed)
    remarks = " ".join(remarks), _limits([record, *map(_record, money)])
    found = _opened(level, record, row, money, remarks)
    # Not begun, over, or else under way; a single date has no end.
    whole = dates.span(period)
    over = "/" in period and whole.end and whole.end < today
    status = "1" if whole.start and whole.start > today else "4" if over else "2"
    _add(found, "activity-status", code=status)
    for date in dated:
        _add(found, "activity-date", **date)
    found.extend(places)
    _add(found, "sector", code="99810", vocabulary="1")
    found.extend(element for _, element, _ in paid if element is not None)
    _add(found, "legacy-data", name="record", value=record)
    return found


def _opened(level, record, row, money, remarks):
    """Begin an activity: who reports, its title, what is said of it, who takes part."""
    package, key = tables.package(), record.replace("/", "-")
    found = etree.Element("iati-activity", {_LANG: "en", "default-currency": "USD"})
    etree.SubElement(found, "iati-identifier").text = f"{package['name']}-{key}"
    who = ", ".join(each["title"] for each in package.get("contributors", [])) or package["name"]
    _add(found, "reporting-org", who, ref=package["name"], type="90", secondary_reporter="1")
    _add(found, "title", row.get("title") or row["label"])
    told = [("1", _general(level, record, row)), ("2", _worded(record, "aim"))]
    told += [("3", _worded(record, "target_group")), *(("4", remark) for remark in remarks)]
    for code, text in told:
        if text:
            _add(found, "description", text, type=code)
    for part in _parts(record, money):
        _add(found, "participating-org", **part)
    return found


def _today(record):
    """Return the day for which the documents that speak of a record speak: later ends are plans."""
    speaking = {row["document_id"] for row in tables.rows("evidence") if row["record"] == record}
    latest = {row["document_id"]: row["latest_date"] for row in tables.rows("documents")}
    return max(dates.span(latest[document]).end for document in speaking or latest)


def _dates(period, today):
    """Return the start and end of an EDTF date as IATI has them: type, iso_date, text."""
    first, stroke, last = period.partition("/")
    whole, found = dates.span(period), []
    sides = [("12", first, whole.start, "first"), ("34", last, whole.end, "last")]
    for (planned, actual), text, day, which in sides if stroke else sides[:1]:
        if day is None:
            continue
        said = f"{words.date(text)}, from the EDTF date {period}"
        if dates.precision(text) != "day":
            said += f": the {which} day that it can mean, derived"
        kind = actual if dates.span(text).end < today else planned
        found.append({"type": kind, "iso_date": str(day), "text": f"{said}."})
    return found


def _transaction(level, row, period):
    """Return the element of one amount, or nothing and why."""
    said = f"An amount is printed as “{row['printed']}”"
    if not row["amount_usd"]:
        said += ", a misprint: it has no value and no transaction."
        if row["likely_usd"]:
            read = f"{int(row['likely_usd']):,}"
            said += f" A reading of it as {read} US dollars is inferred, not stated."
        return None, said
    whole = dates.span(row["period"] or period)
    is_total = level == "channel_total" and whole.end is not None
    day = str(whole.end if is_total else whole.start)
    if day > tables.package().get("created", day)[:10]:
        return None, f"{said}; IATI takes no transaction of the future, so it has none."
    found, guessed = etree.Element("transaction", ref=_record(row)), _guessed(_record(row))
    _add(found, "transaction-type", code="11")
    _add(found, "transaction-date", iso_date=day)
    value = etree.SubElement(found, "value", {"currency": "USD", "value-date": day})
    value.text = row["amount_usd"]
    _add(found, "description", _told(level, row, period, is_total, guessed))
    for tag, field in (("provider-org", "payer_id"), ("receiver-org", "receiver_id")):
        # Without a name an importer would take the reporting organisation for it.
        _add(found, tag, **_organisation(row[field], f"{_record(row)}/{field}"))
    return found, None


def _told(level, row, period, is_total, guessed):
    """Say of an amount how it is printed, dated and worded, and what is derived."""
    told, dated = [f"Printed: “{row['printed']}”."], row["period"] or period
    found = amounts.bounds(int(row["amount_usd"]), row["qualifier"], int(row["printed_unit_usd"]))
    if found.low != found.high:
        read = f"we read it as {words.money_range(found)}"
        hedge = row["qualifier"].replace("_", " ")
        told.append(f"The hedge ({hedge}) is part of the figure: {read}; the value is without it.")
    if row["qualifier"] == "initial":
        told.append("An initial instalment, not the whole.")
    when = "Dated" if row["period"] else f"Not dated itself in our tables; its {level} is,"
    when += f" {words.date(dated)} (EDTF {dated})"
    if not row["period"] or dates.precision(dated) != "day":
        when += f"; the {'last' if is_total else 'first'} day of that is taken, derived"
    unsaid = "Our tables do not say whether it is pledged or paid; the type is derived."
    told += [f"{when}.", "Committed, as worded." if row["status"] == "committed" else unsaid]
    if row["part_of"]:
        total = tables.label(f"contributions/{row['part_of']}")
        told.append(f"Part of the total “{total}”, which this file does not hold.")
    return " ".join(filter(None, [*told, guessed]))


def _organisation(key, source):
    """Return name, reference and type of an organisation that a cell or link names."""
    if not key:
        return {"text": _UNSTATED}
    kind = tables.row(record := f"organisations/{key}")["kind"]
    found = {"text": _named(record, source), "ref": _REFS.get(key), "type": _TYPES.get(kind)}
    return {name: value for name, value in found.items() if value}


def _parts(record, money):
    """Return who funds and who implements; IATI needs somebody, so at least that it is not said."""
    if record.startswith("projects/"):
        linked = _linked("project_organisations", record)
        known = [(of, row["organisation_id"], _ROLES.get(row["role"])) for of, row in linked]
    else:
        known = [(f"{_record(row)}/payer_id", row["payer_id"], "1") for row in money]
    found = [_organisation(key, of) | {"role": role} for of, key, role in known if role]
    return found or [{"text": _UNSTATED, "role": "1"}]


def _linked(table, record, role=None):
    """List (record, row) of a link table for what it links from, in one role or in any."""
    rows = ((f"{table}/{row['id']}", row) for row in tables.rows(table))
    rows = ((link, row) for link, row in rows if [*row.values()][1] == record.partition("/")[2])
    return [(link, row) for link, row in rows if role in (None, row.get("role"))]


def _names(table, target, record, role=None):
    """Name what a link table leads to, each with whether it is inferred."""
    linked = _linked(table, record, role)
    return words.listed(_named(f"{target}/{[*row.values()][2]}", link) for link, row in linked)


def _named(record, source):
    """Name a record, and say so where it is inferred that a cell or link names it."""
    inferred = " (inferred, not stated)" if certainty(source) == "inferred" else ""
    return tables.label(record) + inferred


def _places(record, remarks):
    """Return whom a project reaches: one country, one region, or several places as one region."""
    linked = []
    for role in ("beneficiary", "target_region") if record.startswith("projects/") else ():
        linked = linked or _linked("project_places", record, role)
    if not linked:
        remarks.append("Our tables do not say whom it reaches; IATI's rules ask for a recipient.")
        return [_region("not-stated", _UNSTATED)]
    reached = [tables.row(f"places/{row['place_id']}") for _, row in linked]
    names = _names("project_places", "places", record, linked[0][1]["role"])
    countries = [pycountry.countries.get(alpha_3=row["iso3"] or "-") for row in reached]
    codes, first = [country and country.alpha_2 for country in countries], reached[0]
    if len(reached) > 1:
        remarks.append(f"How {names} share in it is not in our tables; they stand as one region.")
        code = "-and-".join(place["place_id"] for place in reached)
        return [_region(code, names), *map(_location, reached, codes)]
    if codes[0]:
        remarks += [f"The recipient is {names}."] if certainty(linked[0][0]) == "inferred" else []
        return [_add(None, "recipient-country", code=codes[0])]
    if first["m49"]:
        return [_add(None, "recipient-region", code=first["m49"], vocabulary="2")]
    return [_region(first["place_id"], names)]


def _region(code, names):
    """Return a region of our own vocabulary."""
    return _add(None, "recipient-region", names, code=code, vocabulary="99")


def _location(place, code):
    """Return a place of several as a location."""
    found = _add(None, "location")
    _add(found, "location-reach", code="2")
    if code:
        _add(found, "location-id", vocabulary="A4", code=code)
    _add(found, "name", place["label"])
    return found


def _general(level, record, row):
    """Say in words what the tables hold of a record and IATI has no element for."""
    said = [f"{row['label']} (our name)."]
    if level == "project":
        roles = dict.fromkeys(r["role"] for _, r in _linked("project_organisations", record))
        for role in (role for role in roles if role not in _ROLES):
            names = _names("project_organisations", "organisations", record, role)
            said.append(f"{role.capitalize()}: {names}.")
        if regions := _names("project_places", "places", record, "target_region"):
            said.append(f"Target region: {regions}, not expanded into countries.")
        if homes := _names("project_places", "places", record, "network_home"):
            said.append(f"Institutes of its network: in {homes}; that makes no beneficiary.")
    elif level == "agreement":
        parties = _names("agreement_parties", "organisations", record)
        said.append(f"Parties: {parties}." if parties else "Our tables hold no party.")
        said += ["It is not an agreement with the ILO."] if row["with_ilo"] == "false" else []
    else:
        said.append("The stated total of a channel, not a project.")
    return " ".join(said)


def _worded(record, role):
    """Join the themes of a record in one role, as worded."""
    return "; ".join(
        row["theme"] + " (an open list)" * bool(row["open_list"])
        for row in tables.rows("themes")
        if (row["record"], row["role"]) == (record, role)
    )


def _limits(records):
    """Say which conflicts touch any of some records, each once, the weightiest first."""
    about = [row for row in tables.rows("conflict_records") if row["record"] in records]
    found = [tables.row(f"conflicts/{key}") for key in {row["conflict_id"]: 0 for row in about}]
    found.sort(key=lambda row: ("figure", "gap", "wording").index(row["weight"]))
    cells = (row[name] for row in found for name in ("what", "treatment", "otherwise"))
    return f"What limits it: {' '.join(filter(None, cells))}" if found else ""


def _guessed(record):
    """Name the columns of a record that are inferred, "" where none is."""
    found = inferred(record)
    names = [
        it.removesuffix("_id").replace("_usd", "") for it in found.field[found.index == record]
    ]
    return f"Inferred, not stated: {', '.join(names).replace('_', ' ')}." if names else ""


def _record(contribution):
    """Name a contribution as a record."""
    return f"contributions/{contribution['contribution_id']}"


def _add(parent, tag, text=None, **attributes):
    """Make an element, in its parent if there is one, that says a text; _ in a name is a hyphen."""
    named = {name.replace("_", "-"): value for name, value in attributes.items()}
    found = etree.Element(tag, named) if parent is None else etree.SubElement(parent, tag, named)
    if text is not None:
        etree.SubElement(found, "narrative").text = text
    return found
