"""An error says what is wrong in words that its reader can act on."""

from IPython.core.interactiveshell import InteractiveShell

from ilodata.problems import nearest


def test_where_no_name_is_near_those_are_listed_that_have_a_part_of_it_or_all_up_to_twenty():
    assert nearest("xyz", ["voluntary", "assessed", "voluntary"]) == "there are assessed, voluntary"
    assert nearest("xyz", []) == "there are none"
    assert nearest("xyz", ["Skills, ASEAN", "Youth"]) == "there are Skills, ASEAN; Youth"
    every = [f"Agreement of {year} on roads" for year in range(2015, 2019)]
    assert nearest("roads", [*every, "Pay"]) == f"there are {', '.join(every)}"
    said = nearest("?", [f"name-{n:03d}" for n in range(50)])
    assert said.startswith("there are name-000, name-001, ") and said.endswith(" and 30 more")


def test_a_part_of_a_name_is_enough_and_only_what_a_reader_would_type_is_listed():
    listed = ["Roads in the north", "Pay"]
    names = ["roads-2019", "roads--one", "Roads in the north"]
    assert nearest("road", names, listed) == "did you mean Roads in the north?"
    assert nearest("roads-2018", names, listed) == "did you mean roads-2019?"
    assert nearest("xyz", names, listed) == "there are Pay, Roads in the north"


def test_a_notebook_shows_of_a_data_error_its_lines_alone(capsys):
    shell = InteractiveShell(colors="nocolor")
    shell.run_cell("from ilodata.problems import DataError\nraise DataError('start: x\\nend: y')")
    assert capsys.readouterr().out == "start: x\nend: y\n"
