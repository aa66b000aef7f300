"""Tables load typed; a bad cell is named with file, row, column, value and what would be right."""

import json
import os
import shutil
import subprocess
import sys

import pandas as pd
import pytest

import ilodata as ilo
from ilodata import tables
from ilodata.tables import DataError

TABLES = [resource["name"] for resource in tables.package()["resources"]]
DTYPES = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}
JPO, YOUTH = "jpo-2017-2022", "youth-employment-2020"


def refusal(table):
    with pytest.raises(DataError) as error:
        getattr(ilo, f"load_{table}")()
    return str(error.value)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_loads_with_its_id_as_index_and_the_types_and_words_of_its_schema(table):
    loader, (key, *fields) = getattr(ilo, f"load_{table}"), tables.schema(table)["schema"]["fields"]
    frame = loader()
    assert frame.index.name == key["name"] and frame.index.is_unique
    for field in fields:
        assert str(frame[field["name"]].dtype) == DTYPES.get(field["type"], "string")
        assert f"    {field['name']} : {field['description']}" in loader.__doc__
    dated = any(f.get("proof") == "date" for f in fields)
    assert all((c in frame and frame[c].dtype.kind == "M") == dated for c in ("start", "end"))


def test_an_amount_has_the_bounds_of_its_wording_and_its_period_as_days():
    contributions = ilo.load_contributions()
    row = contributions.loc["assessed-2017-2022"]
    assert (row.amount_usd, row.low_usd, row.high_usd) == (236_000_000, 235_000_000, 236_000_000)
    assert (row.start, row.end) == (pd.Timestamp("2017-01-01"), pd.Timestamp("2022-12-31"))
    assert contributions.loc[YOUTH, ["amount_usd", "low_usd", "high_usd"]].isna().all()


def test_reference_data_is_apart_and_follows_the_same_rules(data):
    since = ilo.load_reference("members").loc["asean--khm", "start"]
    assert since == pd.Timestamp("1999-04-30")
    shutil.copy(data / "reference" / "acronyms.csv", data / "reference" / "members.csv")
    with pytest.raises(DataError, match="^data/reference/members.csv, header: 'acronym_id,acr"):
        ilo.load_reference("members")


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "finding"),
    [
        ("contributions", JPO, "period", "2017–2022", "'2017–2022' is not a date we read; write 2017/2022"),
        ("contributions", JPO, "period", "2022/2017", "'2022/2017' ends before it starts; write the earlier date first"),
        ("contributions", JPO, "amount_usd", "2.2 million", "'2.2 million' is no integer; write it like 1000000"),
        ("contributions", JPO, "amount_usd", "-1", "'-1' is below 0"),
        ("contributions", JPO, "qualifier", "nearli", "'nearli' is no code of this column; did you mean nearly?"),
        ("contributions", JPO, "qualifier", "=1+1", "'=1+1' is no code of this column; there are exact, initial, misprint, more_than, nearly, over"),
        ("contributions", JPO, "label", "", "is blank; it is required"),
        ("contributions", JPO, "label", " a", "' a' has white space at an end, a control character or a direction override"),
        ("contributions", JPO, "label", "a\tb", r"'a\tb' has white space at an end, a control character or a direction override"),
        ("contributions", JPO, "label", "a\u202eb", r"'a\u202eb' has white space at an end, a control character or a direction override"),
        ("contributions", JPO, "label", "x" * 99 + " ", f"'{'x' * 59}…' has white space at an end, a control character or a direction override"),
        ("places", "china", "iso3", "CN", "'CN' does not match [A-Z]{3}"),
        ("indicators", "population", "value", "many", "'many' is no number; write it like 0.25"),
        ("agreements", "dwcp-2016", "ordinal", "0", "'0' is below 1"),
        ("themes", "mou-mohrss-2022--public-employment-services", "open_list", "yes", "'yes' is no boolean; write it like true"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_in_one_line(change, table, row, column, value, finding):
    change(table, row, **{column: value})
    assert refusal(table) == f"data/{table}.csv, row {row}, column {column}: {finding}"


def test_a_flag_that_is_true_or_blank_is_never_false(change):
    change("themes", "mou-mohrss-2022--public-employment-services", open_list="false")
    assert "column open_list: 'false' is no code of this column" in refusal("themes")


def test_all_findings_of_a_table_are_listed_at_once(change):
    change("places", "china", iso3="CN", kind="county")
    change("places", "nigeria", m49="5")
    assert [line.split(": ")[0] for line in refusal("places").splitlines()] == [
        "data/places.csv, row china, column kind",
        "data/places.csv, row china, column iso3",
        "data/places.csv, row nigeria, column m49",
    ]


HEADER = b"person_id,label,office,organisation_id\n"


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (b"", "data/people.csv, header: 'nothing'; write person_id,label,office,organisation_id"),
        (
            b"person_id,label\n",
            "data/people.csv, header: 'person_id,label' (office, organisation_id missing); write",
        ),
        (b"\xef\xbb\xbf" + HEADER, r"data/people.csv, header: '\ufeffperson_id,label,"),
        (HEADER + b"a,A\n", "data/people.csv, line 2: 2 cells from 'a' on; write 4"),
        (HEADER + b"a,A,,\na,B,,\n", "data/people.csv, row a, column person_id: stands twice"),
        (HEADER + b"a,A,,\nb,\xe9,,\n", "data/people.csv, line 3: is not UTF-8; save the file as"),
        (HEADER + b"a,A,,\r\n", "data/people.csv: has carriage returns; save it with LF line ends"),
    ],
)
def test_a_file_that_is_no_such_table_is_named(data, content, finding):
    (data / "people.csv").write_bytes(content)
    assert refusal("people").startswith(finding) and "\n" not in refusal("people")


def test_a_missing_file_and_a_folder_in_its_place_are_named(data):
    (data / "people.csv").unlink()
    assert refusal("people") == "data/people.csv: cannot be read (No such file or directory)"
    (data / "people.csv").mkdir()
    assert refusal("people") == "data/people.csv: cannot be read (Is a directory)"


def test_a_wrong_folder_and_a_broken_descriptor_are_named(tmp_path, monkeypatch):
    monkeypatch.setenv("ILODATA_DATA", str(tmp_path))
    descriptor = tmp_path / "datapackage.json"
    assert refusal("people").startswith(f"{descriptor}: cannot be read (No such file")
    descriptor.write_text("{", encoding="utf-8")
    assert refusal("people").startswith(f"{descriptor}: is no JSON")


def test_the_tables_are_those_of_the_folder_that_the_environment_names(change):
    change("people", "xi-jinping", label="X. J.")
    assert ilo.load_people().label["xi-jinping"] == "X. J."


def test_an_unknown_table_or_choice_names_the_nearest_and_no_choice_means_all():
    with pytest.raises(DataError, match="^'project' is no table; did you mean projects[?]$"):
        tables.read("project")
    with pytest.raises(DataError, match="^'contries' is no table; did you mean countries[?]$"):
        ilo.load_reference("contries")
    assert tables.chosen([], ["jpo", "assessed", "jpo"], "channel") == ["assessed", "jpo"]
    with pytest.raises(ValueError, match="^channels: 'jp' is no channel; did you mean jpo[?]$"):
        tables.chosen(["jp"], ["assessed", "jpo"], "channel")
    with pytest.raises(ValueError, match=r"^channels: 'jpo' is one text; write a list like \['jpo"):
        tables.chosen("jpo", ["assessed", "jpo"], "channel")


def test_the_package_loads_no_wing_no_runner_and_no_chart():
    code = "import sys, ilodata; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = "altair frictionless nbconvert nbformat papermill ilodata.charts ilodata.cli"
    wings = "ilodata.curation ilodata.reports ilodata.exchange"
    assert not set(done.stdout.split()) & set(f"{heavy} {wings}".split())
    assert "ilodata.tables" in done.stdout
    with pytest.raises(AttributeError, match="module 'ilodata' has no attribute 'chart'"):
        ilo.chart  # noqa: B018


@pytest.mark.parametrize("first", ["import ilodata", "import pandas; import ilodata"])
def test_pandas_loads_when_first_used_and_shows_tables_whole(first):
    code = f"""{first}, sys
before = "pandas.core" in sys.modules
ilodata.load_events()
import pandas as pd
shown = pd.DataFrame({{"words": ["w" * 300] * 250}})
print(before, "…" in shown._repr_html_() or "..." in shown._repr_html_(), "w" * 300 in repr(shown),
      pd.get_option("display.html.use_mathjax"))"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str("pandas" in first), "False", "True", "False"]


def test_a_command_that_needs_no_pandas_loads_none():
    code = "import sys; from ilodata import cli; cli._parser(); print('pandas.core' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    ("table", "row", "column", "value"),
    [
        ("contributions", JPO, "amount_usd", "9" * 30),
        ("contributions", JPO, "amount_usd", "2_200_000"),
        ("contributions", JPO, "amount_usd", "２２０００００"),
        ("indicators", "population", "value", "nan"),
        ("indicators", "population", "value", "inf"),
        ("contributions", JPO, "period", "2017-" * 100),
    ],
)
def test_a_number_is_in_plain_digits_and_a_finding_is_short(change, table, row, column, value):
    change(table, row, **{column: value})
    assert refusal(table).startswith(f"data/{table}.csv, row {row}, column {column}: ")
    assert len(refusal(table)) < 250


@pytest.mark.parametrize("column", ["amount_usd", "printed_unit_usd"])
def test_an_amount_that_cannot_be_bounded_is_named_with_file_row_and_column(change, column):
    change("contributions", JPO, **{column: ""})
    assert refusal("contributions").startswith(f"data/contributions.csv, row {JPO}, column ")


def test_a_cell_of_a_megabyte_is_a_finding(change):
    change("people", "xi-jinping", label="x" * 1_000_000)
    assert refusal("people").startswith("data/people.csv")


@pytest.mark.parametrize("content", [{}, [], {"resources": [{}]}])
def test_a_descriptor_without_tables_is_named(tmp_path, monkeypatch, content):
    monkeypatch.setenv("ILODATA_DATA", str(tmp_path))
    (tmp_path / "datapackage.json").write_text(json.dumps(content), encoding="utf-8")
    assert refusal("people").startswith(str(tmp_path / "datapackage.json"))


def test_the_citation_has_who_when_what_and_which_edition_and_names_what_is_missing(data):
    package = tables.package()
    who, year = package["contributors"][0]["title"], package["created"][:4]
    assert tables.citation() == (
        f"{who} ({year}). {package['title']}. Data edition {package['version']}."
    )
    without = {name: value for name, value in package.items() if name != "version"}
    (data / "datapackage.json").write_text(json.dumps(without))
    with pytest.raises(DataError, match=r"datapackage\.json: has no version, so cannot be cited"):
        tables.citation()


def test_the_hash_of_the_tables_changes_with_any_cell_and_with_nothing_else(data, change):
    before = tables.data_sha256()
    (data / "verified.json").unlink()
    assert tables.data_sha256() == before
    change("places", "nigeria", label="Niger")
    assert tables.data_sha256() != before


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    page = tmp_path / "page.html"
    tables.write(page, "before")
    with pytest.raises(UnicodeEncodeError):
        tables.write(page, "x" * 100_000 + "\ud800")
    assert page.read_text() == "before"


def test_what_is_read_is_the_readers_own_and_never_stale(data, change):
    first = tables.load_agreements()
    expected = first.copy()
    first.index.name = "renamed"
    first.loc[:, "label"] = "overwritten"
    tables.cells("agreements")[0][0]["label"] = "overwritten"
    pd.testing.assert_frame_equal(tables.load_agreements(), expected)
    # A change that leaves size and time of the file as they were is seen too.
    file = data / "agreements.csv"
    text, times = file.read_text("utf-8"), (file.stat().st_atime_ns, file.stat().st_mtime_ns)
    label = expected.label.iloc[0]
    file.write_text(text.replace(label, label[::-1]), "utf-8")
    os.utime(file, ns=times)
    assert tables.load_agreements().label.iloc[0] == label[::-1]
