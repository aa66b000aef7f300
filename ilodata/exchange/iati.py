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
- **Parts** that IATI has no role for (launching, supporting, collaborating) stay words.
"""

import re

import pycountry
from lxml import etree

from ilodata import amounts, dates, tables, words
from ilodata.evidence import inferred
from ilodata.exchange import key_of, rows_of
from ilodata.problems import DataError, nearest

# What is an activity at each level, and the column by which an amount names it.
LEVELS = {"project": "projects", "agreement": "agreements", "channel_total": "contributions"}
_KEYS = {"project": "project_id", "agreement": "agreement_id", "channel_total": "contribution_id"}

# Sector, collaboration and organisation type are our coding, since no document uses such codes. The
# sector is coded where title and label hold words of one sector only.
_SECTORS = {
    "11330": ("Vocational training", "skill|vocational"),
    "16010": ("Social Protection", "social protection|social security"),
    "16020": ("Employment creation", "employment|jobs"),
    "16080": ("Social Dialogue", "trade union|social dialogue"),
}
_ROLES = {"funding": "1", "implementing": "4"}
_TYPES = {"government": "10", "ministry": "10", "state": "10", "un_body": "40", "fund": "40"}
_REFS = {"ilo": "XM-DAC-41302"}  # under which the ILO itself reports to IATI
_UNSTATED, _INFERRED = "Not in our tables", " (inferred, not stated)"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


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
        If a table is not as its schema says, there is no such level, or the file cannot be written.
    """
    if level not in LEVELS:
        raise DataError(f"{level!r} is not a level; {nearest(level, LEVELS)}")
    try:
        activities, left_out = _activities(_held(), level)
    except KeyError as error:
        raise DataError(f"{error} is named in a table and no row; run ilodata check") from error
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


def _held():
    """Gather the tables as text by id, and which columns of a record are inferred."""
    tables.load_contributions()  # refuses an amount that has no bounds
    names = [resource["name"] for resource in tables.package()["resources"]]
    held = {name: {key_of(row): row for row in rows_of(name)} for name in names}
    return held | {"inferred": inferred().groupby(level=0).field.agg(list).to_dict()}


def _activities(held, level):
    """Return the elements of all activities of a level, and what is left out."""
    found, left_out, money = [], [], {}
    later = tables.superseded("contributions")
    for key, row in held["contributions"].items():
        if row["level"] == level and key in later:
            left_out.append(f"contributions/{key} is left out: a later document replaces it.")
        elif row["level"] == level and row[_KEYS[level]] not in held[LEVELS[level]]:
            left_out.append(f"contributions/{key} is left out: it names no {level}.")
        elif row["level"] == level:
            money.setdefault(row[_KEYS[level]], []).append(row)
    for key, row in held[LEVELS[level]].items():
        if key in money or level == "project":
            found.append(_activity(held, level, row, money.get(key, []), left_out))
    return [each for each in found if each is not None], left_out


def _activity(held, level, row, money, left_out):
    """Return the element of one activity, or nothing where IATI could not hold it."""
    key = key_of(row)
    record, period = f"{LEVELS[level]}/{key}", row["signed" if level == "agreement" else "period"]
    today = _today(held, record)
    dated = _dates(period, today) if period else []
    if not any(date["type"] in "12" for date in dated):
        with_it = ", ".join(_record(each) for each in money if _record(each) != record)
        told = f"{record} is left out: our tables hold no beginning, and IATI needs one"
        left_out.append(told + f"; with it {with_it}" * bool(with_it) + ".")
        return None
    remarks = [
        f"The status, and whether a date is planned or actual, are derived as of {today}, "
        "not taken from a document."
    ]
    if not any(date["type"] in "34" for date in dated):
        remarks.append("Our tables hold no end: the status means no more than that.")
    transactions = []
    for each in money:
        element, why_not = _transaction(held, level, each, period)
        transactions += [element] if element is not None else []
        remarks += [why_not] if why_not else []
        left_out += [f"{_record(each)}: {why_not}"] if why_not else []
    places = _places(held, key if level == "project" else "", remarks)
    sector = _sector(row, remarks)
    south = {"subject": record, "object": "frameworks/sstc"}.items()
    triangular = any(south <= each.items() for each in held["relations"].values())
    if triangular:
        remarks.append("Triangular co-operation is our coding of South-South cooperation.")
    guessed = [_words(field) for field in held["inferred"].get(record, ())]
    if guessed and level != "channel_total":  # there the transaction says so
        remarks.append(f"Inferred, not stated: {', '.join(guessed)}.")
    found = _opened(held, level, row, money, remarks)
    # Not begun, over, or else under way; a single date has no end.
    whole = dates.span(period)
    over = "/" in period and whole.end and whole.end < today
    status = "1" if whole.start and whole.start > today else "4" if over else "2"
    _add(found, "activity-status", code=status)
    for date in dated:
        _say(found, "activity-date", **date)
    found.extend(places)
    _add(found, "sector", code=sector, vocabulary="1")
    if triangular:
        _add(found, "collaboration-type", code="8")
    found.extend(transactions)
    _add(found, "legacy-data", name="record", value=record)
    _add(found, "legacy-data", name="period", value=period, iati_equivalent="activity-date")
    for each in money:
        _add(found, "legacy-data", name="printed", value=each["printed"], iati_equivalent="value")
    return found


def _opened(held, level, row, money, remarks):
    """Begin an activity: who reports, its title, what is said of it, who takes part."""
    package, key = tables.package(), key_of(row)
    record, named = f"{LEVELS[level]}/{key}", {_LANG: "en", "default-currency": "USD"}
    found = etree.Element("iati-activity", named)
    _add(found, "iati-identifier", f"{package['name']}-{record.replace('/', '-')}")
    who = ", ".join(each["title"] for each in package.get("contributors", [])) or package["name"]
    _say(found, "reporting-org", who, ref=package["name"], type="90", secondary_reporter="1")
    _say(found, "title", row.get("title") or row["label"])
    told = [("1", _general(held, level, record, row)), ("2", _worded(held, record, "aim"))]
    told += [("3", _worded(held, record, "target_group")), ("4", " ".join(remarks))]
    told += [("4", _limits(held, [record, *map(_record, money)]))]
    for code, text in told:
        if text:
            _say(found, "description", text, type=code)
    for part in _parts(held, level, key, money):
        _say(found, "participating-org", **part)
    return found


def _today(held, record):
    """Return the day for which the documents that speak of a record speak: later ends are plans."""
    speaking = {row["document_id"] for row in held["evidence"].values() if row["record"] == record}
    days = [held["documents"][key]["latest_date"] for key in speaking or held["documents"]]
    return max(dates.span(day).end for day in days)


def _dates(period, today):
    """Return the start and end of an EDTF date as IATI has them: type, iso_date, said."""
    first, stroke, last = period.partition("/")
    whole = dates.span(period)
    sides = [("12", first, whole.start, "first")]
    sides += [("34", last, whole.end, "last")] if stroke else []
    found = []
    for (planned, actual), text, day, which in sides:
        if day is None:
            continue
        said = f"{words.date(text)}, from the EDTF date {period}"
        if dates.precision(text) != "day":
            said += f": the {which} day that it can mean, derived"
        kind = actual if dates.span(text).end < today else planned
        found.append({"type": kind, "iso_date": str(day), "text": f"{said}."})
    return found


def _transaction(held, level, row, period):
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
    found, guessed = etree.Element("transaction", ref=_record(row)), held["inferred"]
    guessed = guessed.get(_record(row), [])
    _add(found, "transaction-type", code="11")
    _add(found, "transaction-date", iso_date=day)
    _add(found, "value", row["amount_usd"], currency="USD", value_date=day)
    _say(found, "description", _told(held, level, row, period, is_total, guessed))
    for tag, field in (("provider-org", "payer_id"), ("receiver-org", "receiver_id")):
        # Without a name an importer would take the reporting organisation for it.
        _say(found, tag, **_organisation(held, row[field], field in guessed))
    return found, None


def _told(held, level, row, period, is_total, guessed):
    """Say of an amount how it is printed, dated and worded, and what is derived."""
    told, dated = [f"Printed: “{row['printed']}”."], row["period"] or period
    low, high = amounts.bounds(
        int(row["amount_usd"]), row["qualifier"], int(row["printed_unit_usd"])
    )
    if low != high:
        read = f"we read it as {words.money_range((low, high))}"
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
        total = held["contributions"][row["part_of"]]["label"]
        told.append(f"Part of the total “{total}”, which this file does not hold.")
    if guessed:
        told.append(f"Inferred, not stated: {', '.join(map(_words, guessed))}.")
    return " ".join(told)


def _organisation(held, key, is_inferred):
    """Return name, reference and type of an organisation as IATI has them."""
    if not key:
        return {"text": _UNSTATED}
    row = held["organisations"][key]
    found = {"text": row["label"] + _INFERRED * is_inferred}
    found |= {"ref": _REFS[key]} if key in _REFS else {}
    return found | ({"type": _TYPES[row["kind"]]} if row["kind"] in _TYPES else {})


def _parts(held, level, key, money):
    """Return who funds and who implements; IATI needs somebody, so at least that it is not said."""
    if level == "project":
        rows = _linked(held, "project_organisations", key)
        guess, known = held["inferred"], [each for each in rows if each[1]["role"] in _ROLES]
        known = [(r["organisation_id"], record in guess, _ROLES[r["role"]]) for record, r in known]
    else:
        guess = [held["inferred"].get(_record(row), ()) for row in money]
        pairs = zip(money, guess, strict=True)
        known = [(row["payer_id"], "payer_id" in cells, "1") for row, cells in pairs]
    found = [_organisation(held, who, guess) | {"role": role} for who, guess, role in known]
    return found or [{"text": _UNSTATED, "role": "1"}]


def _linked(held, table, key):
    """List (record, row) of a link table for what it links from."""
    return [
        (f"{table}/{link}", row) for link, row in held[table].items() if [*row.values()][1] == key
    ]


def _names(held, table, target, key, role=None):
    """Name what a link table leads to, each with whether it is inferred."""
    return words.listed(
        held[target][[*row.values()][2]]["label"] + _INFERRED * (record in held["inferred"])
        for record, row in _linked(held, table, key)
        if role in (None, row.get("role"))
    )


def _places(held, key, remarks):
    """Return whom a project reaches: one country, one region, or several places as one region."""
    by_role = {}
    for record, row in _linked(held, "project_places", key):
        place = held["places"][row["place_id"]] | {"inferred": record in held["inferred"]}
        country = pycountry.countries.get(alpha_3=place["iso3"]) if place["iso3"] else None
        place["code"] = country.alpha_2 if country else None
        by_role.setdefault(row["role"], []).append(place)
    reached = by_role.get("beneficiary") or by_role.get("target_region") or []
    if not reached:
        remarks.append("Our tables do not say whom it reaches; IATI's rules ask for a recipient.")
        return [_region("not-stated", _UNSTATED)]
    names = words.listed(place["label"] + _INFERRED * place["inferred"] for place in reached)
    codes, first = [place["code"] for place in reached], reached[0]
    found = [_add(None, "activity-scope", code="2" if not all(codes) else "34"[len(codes) == 1])]
    if len(reached) > 1:
        remarks.append(f"How {names} share in it is not in our tables; they stand as one region.")
        code = "-and-".join(place["place_id"] for place in reached)
        return [*found, _region(code, names), *map(_location, reached)]
    if first["code"]:
        remarks += [f"The recipient is {names}."] if first["inferred"] else []
        return [*found, _add(None, "recipient-country", code=first["code"])]
    if first["m49"]:
        return [*found, _add(None, "recipient-region", code=first["m49"], vocabulary="2")]
    return [*found, _region(first["place_id"], names)]


def _region(code, names):
    """Return a region of our own vocabulary."""
    return _say(None, "recipient-region", names, code=code, vocabulary="99")


def _location(place):
    """Return a place of several as a location."""
    found = _add(None, "location")
    _add(found, "location-reach", code="2")
    if place["code"]:
        _add(found, "location-id", vocabulary="A4", code=place["code"])
    _say(found, "name", place["label"])
    return found


def _sector(row, remarks):
    """Code the sector by the words of title and label."""
    said = f"{row.get('title', '')} {row['label']}".lower()
    found = [code for code, (_, any_of) in _SECTORS.items() if re.search(any_of, said)]
    code, name = found[0] if len(found) == 1 else "99810", "Sectors not specified"
    name = _SECTORS[code][0] if code in _SECTORS else name
    remarks.append(f"The sector is our coding after title and label: {name}.")
    return code


def _general(held, level, record, row):
    """Say in words what the tables hold of a record and IATI has no element for."""
    key, said = key_of(row), [f"{row['label']} (our name)."]
    for role in ("subject", "activity", "priority", "principle", "effect"):
        worded = _worded(held, record, role)
        said += [f"{role.capitalize()}, as worded: {worded}."] if worded else []
    if level == "project":
        roles = dict.fromkeys(r["role"] for _, r in _linked(held, "project_organisations", key))
        for role in (role for role in roles if role not in _ROLES):
            names = _names(held, "project_organisations", "organisations", key, role)
            said.append(f"{role.capitalize()}: {names}.")
        if regions := _names(held, "project_places", "places", key, "target_region"):
            said.append(f"Target region: {regions}, not expanded into countries.")
        if homes := _names(held, "project_places", "places", key, "network_home"):
            said.append(f"Institutes of its network: in {homes}; that makes no beneficiary.")
    elif level == "agreement":
        parties = _names(held, "agreement_parties", "organisations", key)
        said.append(f"Parties: {parties}." if parties else "Our tables hold no party.")
        said += ["It is not an agreement with the ILO."] if row["with_ilo"] == "false" else []
    else:
        said.append("The stated total of a channel, not a project.")
    return " ".join(said)


def _worded(held, record, role):
    """Join the themes of a record in one role, as worded."""
    return "; ".join(
        row["theme"] + (" (an open list)" if row["open_list"] else "")
        for row in held["themes"].values()
        if (row["record"], row["role"]) == (record, role)
    )


def _limits(held, records):
    """Say which conflicts touch any of some records, each once, the weightiest first."""
    about = [row for row in held["conflict_records"].values() if row["record"] in records]
    found = [held["conflicts"][key] for key in dict.fromkeys(row["conflict_id"] for row in about)]
    found.sort(key=lambda row: ("figure", "gap", "wording").index(row["weight"]))
    cells = (row[name] for row in found for name in ("what", "treatment", "otherwise"))
    return f"What limits it: {' '.join(filter(None, cells))}" if found else ""


def _record(contribution):
    """Name a contribution as a record."""
    return f"contributions/{contribution['contribution_id']}"


def _words(field):
    """Say the name of a column."""
    return field.removesuffix("_id").replace("_usd", "").replace("_", " ")


def _add(parent, tag, text=None, **attributes):
    """Make an element, in its parent if there is one; an underscore in a name is a hyphen."""
    named = {name.replace("_", "-"): value for name, value in attributes.items()}
    found = etree.Element(tag, named) if parent is None else etree.SubElement(parent, tag, named)
    found.text = text
    return found


def _say(parent, tag, text, **attributes):
    """Make an element that says something in words."""
    found = _add(parent, tag, **attributes)
    _add(found, "narrative", text)
    return found
