"""What earlier builds left is read as far as it goes; one build at a time writes a folder."""

import json

import pytest

from ilodata.reports import keys
from ilodata.tables import DataError


def test_a_journal_that_is_cut_costs_only_its_last_line(tmp_path):
    keys.keep(tmp_path, {"reports": {"a": {"key": "1"}}, "index": "i"})
    keys.note(tmp_path, "b", {"key": "2"})
    with (tmp_path / "manifest.journal").open("a") as journal:
        journal.write('{"c": {"key"')
    known = keys.manifest_of(tmp_path)
    assert known == {"reports": {"a": {"key": "1"}, "b": {"key": "2"}}, "index": "i"}
    keys.keep(tmp_path, known)
    assert not (tmp_path / "manifest.journal").exists()
    assert keys.manifest_of(tmp_path) == known


def test_a_second_build_into_a_folder_is_told_to_wait(tmp_path):
    with keys.alone(tmp_path), pytest.raises(DataError, match="another build is writing here"):  # noqa: SIM117
        with keys.alone(tmp_path):
            pass


def test_a_part_that_a_killed_build_left_is_cleared_away(tmp_path):
    (tmp_path / ".index.html.123.part").write_text("half")
    with keys.alone(tmp_path):
        assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_the_key_of_a_page_is_that_of_its_tables_only(data, tmp_path):
    report = {"name": "a", "title": "A", "parameters": {}, "notebook": "a.ipynb"}
    around = keys.surroundings("reports/default.yaml", standalone=False)

    def key():
        return keys.key_of(keys.parts(report, ["events.csv"], around, tmp_path))

    before = key()
    (data / "places.csv").write_text("changed")
    assert key() == before
    (data / "events.csv").write_text("changed")
    assert key() != before


def test_the_manifest_is_json_that_is_the_same_twice():
    assert keys.as_json({"b": 1, "a": "ü"}) == '{\n "a": "ü",\n "b": 1\n}\n'
    assert json.loads(keys.as_json({"b": 1})) == {"b": 1}
