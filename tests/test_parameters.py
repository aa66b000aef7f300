"""Every parameter of every notebook matters: sets of them, and what the findings then say.

``tests/sets/<notebook>.yaml`` holds for each set its name, the parameters, fragments that the
findings must and must not hold, or the words of the error.
"""

from pathlib import Path

import pandas as pd
import papermill
import pytest
import yaml

from ilodata.reports import lists, pages

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SETS = {
    path.stem: yaml.safe_load((ROOT / "tests/sets" / f"{path.stem}.yaml").read_text("utf-8"))
    for path in NOTEBOOKS
}
CASES = [
    pytest.param(notebook, case, id=f"{notebook.stem}: {case['name']}")
    for notebook in NOTEBOOKS
    for case in SETS[notebook.stem]
]


def run(notebook, parameters, out):
    """Run a notebook as a report list would: typed parameters, through papermill."""
    declared = lists.parameters_of(notebook)
    typed = {name: lists.typed(value, declared[name].type) for name, value in parameters.items()}
    return papermill.execute_notebook(
        notebook,
        out,
        typed,
        engine_name="ilodata",
        kernel_name="python3",
        cwd=notebook.parent,
        progress_bar=False,
    )


@pytest.mark.parametrize(("notebook", "case"), CASES)
def test_a_set_of_parameters_changes_the_findings_as_it_should(notebook, case, tmp_path, well_said):
    out = tmp_path / "run.ipynb"
    if "error" in case:
        with pytest.raises(papermill.PapermillExecutionError) as caught:
            run(notebook, case["parameters"], out)
        assert case["error"] in caught.value.evalue
        assert "\n" not in caught.value.evalue
        return
    ran = run(notebook, case["parameters"], out)
    findings = pages.findings_of(ran)
    told = " ".join(well_said(pd.DataFrame(findings)))
    for words in case.get("says", []):
        assert words in told
    for words in case.get("silent", []):
        assert words not in told
    outputs = [o for cell in ran.cells for o in cell.get("outputs", [])]
    assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_parameter_is_in_some_set(notebook):
    tried = {name for case in SETS[notebook.stem] for name in case["parameters"]}
    assert tried == set(lists.parameters_of(notebook))
