"""Projects, agreements or channel totals as an IATI 2.03 activity file.

IATI wants more than the documents say: full dates, a status, a type for every transaction. What
is filled in for it follows one written rule each and is called derived, in the narrative beside
it; a description of type 4 lists it all for each activity. What is inferred is called inferred.

- A file holds the amounts of **one level**. Importers add up what they find, and a project's
  amount may be part of a channel's total: in one file they would be counted twice. Three files
  hold everything; nobody can add across them by accident.
- A **date** is the first or the last day that the documents' date can mean; the date itself, in
  EDTF, stands in the narrative. Without any date an activity or amount is left out and named.
- An **amount** is the printed figure, its hedge and bounds in the narrative. A misprint has no
  value, so it has no transaction.
- **Two countries** whose shares are not stated are one region of our own vocabulary (99), each
  country a location in it: recipient countries would need percentages, which nobody knows.
- **Parts** that IATI has no role for (launching, supporting, collaborating) stay words.
"""

import pycountry
from lxml import etree

from ilodata import tables, uncertain
from ilodata.evidence import support
from ilodata.exchange import rows_of

# What is an activity at each level, and the column by which an amount names it.
LEVELS = {"project": "projects", "agreement": "agreements", "channel_total": "contributions"}
_KEYS = {"project": "project_id", "agreement": "agreement_id", "channel_total": "contribution_id"}

# Every code that this file can write, by the name of its codelist. Those of sector, collaboration,
# organisation type and channel are our coding, since no document uses such codes.
CODES = {
    "ActivityDateType": {
        "1": "Planned start",
        "2": "Actual start",
        "3": "Planned End",
        "4": "Actual end",
    },
    "ActivityScope": {"2": "Regional", "3": "Multi-national", "4": "National"},
    "ActivityStatus": {"1": "Pipeline/identification", "2": "Implementation", "4": "Closed"},
    "CollaborationType": {"8": "Bilateral, triangular co-operation"},
    "CRSChannelCode": {
        "41302": "International Labour Organisation - Assessed Contributions",
        "41701": "International Labour Organisation - non-core",
    },
    "Currency": {"USD": "US Dollar"},
    "DescriptionType": {"1": "General", "2": "Objectives", "3": "Target Groups", "4": "Other"},
    "GeographicLocationReach": {"2": "Intended Beneficiaries"},
    "GeographicVocabulary": {"A4": "ISO Country (3166-1 alpha-2)"},
    "Language": {"en": "English"},
    "OrganisationRole": {"1": "Funding", "4": "Implementing"},
    "OrganisationType": {"10": "Government", "40": "Multilateral", "90": "Other"},
    "RegionVocabulary": {"2": "UN", "99": "Reporting Organisation"},
    "Sector": {
        "11330": "Vocational training",
        "16010": "Social Protection",
        "16020": "Employment creation",
        "16080": "Social Dialogue",
        "99810": "Sectors not specified",
    },
    "SectorVocabulary": {"1": "OECD DAC CRS Purpose Codes (5 digit)"},
    "TransactionType": {"11": "Incoming Commitment"},
}
# The sector is coded where title and label hold words of one sector only.
_SECTOR_WORDS = {
    "11330": ("skill", "vocational"),
    "16010": ("social protection", "social security"),
    "16020": ("employment", "jobs"),
    "16080": ("trade union", "social dialogue"),
}
_CHANNEL_CODES = {"assessed": "41302", "voluntary": "41701"}
_ROLES = {"funding": "1", "implementing": "4"}
_TYPES = {"government": "10", "ministry": "10", "state": "10", "un_body": "40", "fund": "40"}
_REFS = {"ilo": "XM-DAC-41302"}  # under which the ILO itself reports to IATI
_UNSTATED, _INFERRED = "Not stated in the documents", " (inferred, not stated)"
_XML = "{http://www.w3.org/XML/1998/namespace}"


def export(path, level="project"):
    """Write the activities of one level, each with its transactions, as an IATI 2.03 file.

    The same data give the same bytes.

    Parameters
    ----------
    path : str or Path
        The .xml file; it is written whole or not at all.
    level : {"project", "agreement", "channel_total"}
        The level of the amounts. An agreement is an activity where an amount belongs to it.

    Returns
    -------
    dict
        activities, transactions (how many), left_out (a sentence each).

    Raises
    ------
    DataError
        If a table is not as its schema says, the level is none, or the file cannot be written.
    """
    if level not in LEVELS:
        raise tables.DataError(f"{level!r} is no level; {tables.nearest(level, LEVELS)}")
    try:
        activities, left_out = _activities(_held(), level)
    except KeyError as error:
        raise tables.DataError(
            f"{error} is named in a table and no row; run ilodata check"
        ) from error
    package = tables.package()
    about = {"version": "2.03"}
    if "created" in package:
        about["generated-datetime"] = package["created"]
    root = etree.Element("iati-activities", about)
    root.append(etree.Comment(_preface(level, left_out)))
    root.extend(activities)
    tables.write(
        path, etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8")
    )
    return {
        "activities": len(activities),
        "transactions": len(root.findall(".//transaction")),
        "left_out": left_out,
    }


def _activities(held, level):
    """Return the elements of all activities of a level, and what is left out."""
    found, left_out = [], []
    amounts = [row for row in held["contributions"].values() if row["level"] == level]
    for row in held[LEVELS[level]].values():
        key = next(iter(row.values()))
        money = [each for each in amounts if each[_KEYS[level]] == key]
        if money or level == "project":
            found.append(_activity(held, level, row, money, left_out))
    for each in amounts:
        if each[_KEYS[level]] not in held[LEVELS[level]]:
            left_out.append(f"{_record(each)} is left out: it names no {level}.")
    return [each for each in found if each is not None], left_out


def _held():
    """Gather the tables as text by id, and which columns of a record are inferred."""
    tables.load_contributions()  # refuses an amount that has no bounds
    names = [resource["name"] for resource in tables.package()["resources"]]
    held = {name: {next(iter(row.values())): row for row in rows_of(name)} for name in names}
    supported = support()
    inferred = supported[supported.basis == "inferred"].groupby("record").field.agg(list)
    return held | {"inferred": inferred.to_dict()}


def _preface(level, left_out):
    said = [
        f"{tables.citation()} SHA-256 of the tables: {tables.data_sha256()}.",
        f"Amounts of level {level} only: never add them to those of another level.",
        "Nothing here is reported by the organisations named; what is derived or inferred says so.",
        *left_out,
    ]
    return "\n  " + "\n  ".join(said).replace("--", "- -") + "\n"


def _activity(held, level, row, money, left_out):
    """Return the element of one activity, or nothing where IATI could not hold it."""
    key = next(iter(row.values()))
    record = f"{LEVELS[level]}/{key}"
    period = row["signed" if level == "agreement" else "period"]
    today = _today(held, record)
    dates = _dates(period, today) if period else []
    if not any(date["type"] in "12" for date in dates):
        with_it = [_record(each) for each in money if _record(each) != record]
        told = f"{record} is left out: no beginning is stated, and IATI needs one"
        left_out.append(f"{told}; with it {', '.join(with_it)}." if with_it else f"{told}.")
        return None
    remarks = [
        f"The status, and whether a date is planned or actual, are derived as of {today.date()}; "
        "no document states them."
    ]
    if not any(date["type"] in "34" for date in dates):
        remarks.append("No end is stated: the status means no more than that none is known.")
    transactions = []
    for each in money:
        element, why_not = _transaction(held, level, each, period)
        transactions += [element] if element is not None else []
        if why_not:
            remarks.append(why_not)
            left_out.append(f"{_record(each)}: {why_not}")
    sector = _sector(row, remarks)
    collaboration = _is_triangular(held, record, row, remarks)
    parts = _parts(held, level, key, money)
    places = _places(held, key, remarks) if level == "project" else []
    channel = _CHANNEL_CODES.get(row.get("channel"))
    if channel:
        remarks.append(f"CRS channel {channel} is our coding.")
    inferred = [_words(field) for field in held["inferred"].get(record, ())]
    if inferred and level != "channel_total":  # there the transaction says so
        remarks.append(f"Inferred, not stated: {', '.join(inferred)}.")

    package = tables.package()
    about = {f"{_XML}lang": "en", "default-currency": "USD"}
    if "created" in package:
        about["last-updated-datetime"] = package["created"]
    found = etree.Element("iati-activity", about)
    _add(found, "iati-identifier", f"{package['name']}-{record.replace('/', '-')}")
    who = ", ".join(each["title"] for each in package.get("contributors", [])) or package["name"]
    _say(found, "reporting-org", who, ref=package["name"], type="90", secondary_reporter="1")
    _say(found, "title", row.get("title") or row["label"])
    told = {
        "1": _general(held, level, record, row),
        "2": _worded(held, record, "aim"),
        "3": _worded(held, record, "target_group"),
    }
    for code, text in told.items():
        if text:
            _say(found, "description", text, type=code)
    _say(found, "description", " ".join(remarks), type="4")
    limits = _limits(held, [record, *map(_record, money)])
    if limits:
        _say(found, "description", f"What limits it: {' '.join(limits)}", type="4")
    for part in parts:
        _say(found, "participating-org", part.pop("name"), **part)
    _add(found, "activity-status", code=_status(period, today))
    for date in dates:
        _say(found, "activity-date", date.pop("said"), **date)
    found.extend(places)
    _add(found, "sector", code=sector, vocabulary="1")
    if collaboration:
        _add(found, "collaboration-type", code="8")
    found.extend(transactions)
    _add(found, "legacy-data", name="record", value=record)
    _add(found, "legacy-data", name="period", value=period, iati_equivalent="activity-date")
    for each in money:
        _add(found, "legacy-data", name="printed", value=each["printed"], iati_equivalent="value")
    edition = f"{package['version']}, SHA-256 {tables.data_sha256()}"
    _add(found, "legacy-data", name="edition of the data", value=edition)
    if channel:
        _add(_add(found, "crs-add"), "channel-code", channel)
    return found


def _today(held, record):
    """Return the day for which the documents that speak of a record speak: ends after it are plans."""
    speaking = {row["document_id"] for row in held["evidence"].values() if row["record"] == record}
    days = [held["documents"][key]["latest_date"] for key in speaking or held["documents"]]
    return max(uncertain.span(day).end for day in days)


def _dates(period, today):
    """Return the start and end of an EDTF date as IATI has them: type, iso_date, said."""
    first, stroke, last = period.partition("/")
    whole = uncertain.span(period)
    sides = [("12", first, whole.start, "first")]
    sides += [("34", last, whole.end, "last")] if stroke else []
    found = []
    for (planned, actual), text, day, which in sides:
        if day != day:
            continue
        is_over = uncertain.span(text).end < today
        said = f"{uncertain.say_date(text)}, from the EDTF date {period}"
        if uncertain.precision(text) != "day":
            said += f": the {which} day that it can mean, derived"
        date = {"type": actual if is_over else planned, "iso_date": f"{day:%Y-%m-%d}"}
        found.append(date | {"said": f"{said}."})
    return found


def _status(period, today):
    """Derive a status: not begun, over, or else under way; a single date has no end."""
    whole = uncertain.span(period)
    if whole.start > today:
        return "1"
    return "4" if "/" in period and whole.end < today else "2"


def _transaction(held, level, row, period):
    """Return the element of one amount, or nothing and why."""
    said = f"An amount is printed as “{row['printed']}”"
    if not row["amount_usd"]:
        said += ", a misprint: it has no value and no transaction."
        if row["likely_usd"]:
            read = f"{int(row['likely_usd']):,}"
            said += f" A reading of it as {read} US dollars is inferred, not stated."
        return None, said
    dated = row["period"] or period
    whole = uncertain.span(dated)
    is_total = level == "channel_total" and whole.end == whole.end
    day = f"{whole.end if is_total else whole.start:%Y-%m-%d}"
    if day > tables.package().get("created", day)[:10]:
        return None, f"{said}; IATI takes no transaction of the future, so it has none."
    told = [f"Printed: “{row['printed']}”."]
    bounds = uncertain.bounds(
        int(row["amount_usd"]), row["qualifier"], int(row["printed_unit_usd"])
    )
    if bounds.low != bounds.high:
        told.append(
            f"The hedge ({row['qualifier'].replace('_', ' ')}) is part of the figure: it lies "
            f"{uncertain.say_bounds(bounds)}; the value is the figure without its hedge."
        )
    if row["qualifier"] == "initial":
        told.append("An initial instalment; the total is not stated.")
    when = f"{uncertain.say_date(dated)} (EDTF {dated})"
    when = f"Dated {when}" if row["period"] else f"Not dated itself; its {level} is, {when}"
    if not row["period"] or uncertain.precision(dated) != "day":
        when += f"; the {'last' if is_total else 'first'} day of that is taken, derived"
    told.append(f"{when}.")
    if row["status"] == "committed":
        told.append("Committed, as worded.")
    else:
        told.append("Whether it is pledged, committed or paid is not stated; the type is derived.")
    if row["part_of"]:
        total = held["contributions"][row["part_of"]]["label"]
        told.append(f"Part of the total “{total}”, which this file does not hold.")
    key = _record(row)
    inferred = held["inferred"].get(key, [])
    if inferred:
        told.append(f"Inferred, not stated: {', '.join(map(_words, inferred))}.")
    found = etree.Element("transaction", ref=key)
    _add(found, "transaction-type", code="11")
    _add(found, "transaction-date", iso_date=day)
    _add(found, "value", row["amount_usd"], currency="USD", value_date=day)
    _say(found, "description", " ".join(told))
    for tag, field in (("provider-org", "payer_id"), ("receiver-org", "receiver_id")):
        # Without a name an importer would take the reporting organisation for it.
        part = _organisation(held, row[field], field in inferred)
        _say(found, tag, part.pop("name"), **part)
    return found, None


def _organisation(held, key, is_inferred):
    """Return name, reference and type of an organisation as IATI has them."""
    if not key:
        return {"name": _UNSTATED}
    row = held["organisations"][key]
    found = {"name": row["label"] + _INFERRED * is_inferred}
    found |= {"ref": _REFS[key]} if key in _REFS else {}
    return found | ({"type": _TYPES[row["kind"]]} if row["kind"] in _TYPES else {})


def _parts(held, level, key, money):
    """Return who funds and who implements; IATI needs somebody, so at least that it is not said."""
    found = []
    if level == "project":
        for record, row in _linked(held, "project_organisations", key):
            if row["role"] in _ROLES:
                is_inferred = record in held["inferred"]
                part = _organisation(held, row["organisation_id"], is_inferred)
                found.append(part | {"role": _ROLES[row["role"]]})
    else:
        for row in money:
            is_inferred = "payer_id" in held["inferred"].get(_record(row), ())
            part = _organisation(held, row["payer_id"], is_inferred)
            found.append(part | {"role": "1"})
    return found or [{"name": _UNSTATED, "role": "1"}]


def _linked(held, table, key):
    """List (record, row) of a link table for what it links from."""
    return [
        (f"{table}/{link}", row) for link, row in held[table].items() if [*row.values()][1] == key
    ]


def _names(held, table, target, key, role=None):
    """Name what a link table leads to, each with whether it is inferred."""
    return [
        held[target][[*row.values()][2]]["label"] + _INFERRED * (record in held["inferred"])
        for record, row in _linked(held, table, key)
        if role in (None, row.get("role"))
    ]


def _places(held, key, remarks):
    """Return whom a project reaches: one country, one region, or several places as one region."""
    by_role = {}
    for record, row in _linked(held, "project_places", key):
        place = held["places"][row["place_id"]] | {"inferred": record in held["inferred"]}
        by_role.setdefault(row["role"], []).append(place)
    reached = by_role.get("beneficiary") or by_role.get("target_region") or []
    if not reached:
        return []
    names = _listed([place["label"] + _INFERRED * place["inferred"] for place in reached])
    codes = [_alpha2(place) for place in reached]
    scope = "2" if not all(codes) else "4" if len(codes) == 1 else "3"
    found = [etree.Element("activity-scope", code=scope)]
    if len(reached) > 1:
        remarks.append(f"How {names} share in it is not stated; they stand as one region.")
    elif not codes[0]:
        remarks.append(f"{names}: named as a whole, not expanded into countries.")
    elif reached[0]["inferred"]:
        remarks.append(f"The recipient is {names}.")
    if len(reached) == 1 and codes[0]:
        found.append(etree.Element("recipient-country", code=codes[0]))
    elif len(reached) == 1 and reached[0]["m49"]:
        found.append(etree.Element("recipient-region", code=reached[0]["m49"], vocabulary="2"))
    else:
        code = "-and-".join(place["place_id"] for place in reached)
        region = etree.Element("recipient-region", code=code, vocabulary="99")
        _narrative(region, names)
        found.append(region)
    return found + ([_location(place) for place in reached] if len(reached) > 1 else [])


def _alpha2(place):
    country = pycountry.countries.get(alpha_3=place["iso3"]) if place["iso3"] else None
    return country.alpha_2 if country else None


def _location(place):
    found = etree.Element("location")
    _add(found, "location-reach", code="2")
    if _alpha2(place):
        _add(found, "location-id", vocabulary="A4", code=_alpha2(place))
    _say(found, "name", place["label"])
    return found


def _sector(row, remarks):
    words = f"{row.get('title', '')} {row['label']}".lower()
    found = [code for code, any_of in _SECTOR_WORDS.items() if any(w in words for w in any_of)]
    code = found[0] if len(found) == 1 else "99810"
    remarks.append(f"The sector is our coding after title and label: {CODES['Sector'][code]}.")
    return code


def _is_triangular(held, record, row, remarks):
    """Tell whether the documents call it South-South cooperation, in a name or in a relation."""
    printed = [n["name"] for n in held["names"].values() if n["record"] == "frameworks/sstc"]
    own = [n["name"] for n in held["names"].values() if n["record"] == record]
    linked = any(
        r["subject"] == record and r["object"] == "frameworks/sstc"
        for r in held["relations"].values()
    )
    named = any(name in text for name in printed for text in [*own, row.get("title", "")])
    if linked or named:
        remarks.append("Triangular co-operation is our coding of South-South cooperation.")
    return linked or named


def _general(held, level, record, row):
    """Say in words what the tables hold of a record and IATI has no element for."""
    key = record.partition("/")[2]
    said = [f"{row['label']} (our name)."]
    for role in ("subject", "activity", "priority", "principle"):
        worded = _worded(held, record, role)
        said += [f"{role.capitalize()}, as worded: {worded}."] if worded else []
    if level == "project":
        for role in dict.fromkeys(
            r["role"] for _, r in _linked(held, "project_organisations", key)
        ):
            if role not in _ROLES:
                names = _names(held, "project_organisations", "organisations", key, role)
                said.append(f"{role.capitalize()}: {_listed(names)}.")
        if regions := _names(held, "project_places", "places", key, "target_region"):
            said.append(f"Target region: {_listed(regions)}, not expanded into countries.")
        if homes := _names(held, "project_places", "places", key, "network_home"):
            said.append(
                f"Institutes of its network: in {_listed(homes)}; that makes no beneficiary."
            )
    elif level == "agreement":
        parties = _names(held, "agreement_parties", "organisations", key)
        said.append(f"Parties: {_listed(parties)}." if parties else "No party is stated.")
    else:
        said.append("The stated total of a channel, no project.")
    return " ".join(said)


def _worded(held, record, role):
    return "; ".join(
        row["theme"] + (" (an open list)" if row["open_list"] else "")
        for row in held["themes"].values()
        if (row["record"], row["role"]) == (record, role)
    )


def _limits(held, records):
    """Say which conflicts touch any of some records, each once."""
    ids = [
        row["conflict_id"] for row in held["conflict_records"].values() if row["record"] in records
    ]
    found = (held["conflicts"][key] for key in dict.fromkeys(ids))
    return [f"{row['what']} {row['treatment']}" for row in found]


def _listed(names):
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _record(contribution):
    return f"contributions/{contribution['contribution_id']}"


def _words(field):
    return field.removesuffix("_id").replace("_usd", "").replace("_", " ")


def _add(parent, tag, text=None, **attributes):
    named = {name.replace("_", "-"): value for name, value in attributes.items()}
    found = etree.SubElement(parent, tag, named)
    found.text = text
    return found


def _say(parent, tag, text, **attributes):
    _narrative(_add(parent, tag, **attributes), text)


def _narrative(parent, text):
    _add(parent, "narrative", text)
