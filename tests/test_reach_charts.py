"""Pictures of reach keep roles apart, by shape and place as well as by colour."""

import pandas as pd
import pytest

from ilodata import charts, reach

TOUCHED = pd.DataFrame(
    {
        "project_id": ["skills", "skills"],
        "project": ["Skills", "Skills"],
        "place": ["China", "ASEAN countries"],
        "role": ["network_home", "target_region"],
        "source": ["documents", "documents"],
    }
)
ROLES = reach.ROLE_WORDS

CHARTS = {
    "reach": (lambda f: charts.reach(f, ROLES), TOUCHED, "Skills: China (home of network institutes)"),
    "places": (charts.places, reach.by_place(TOUCHED), "China, home of network institutes: 1"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_of_reach_owes_its_reader(drawn_well, name):
    drawn_well(*CHARTS[name])


def test_the_marks_of_a_place_are_one_a_role(marks):
    both = pd.concat([TOUCHED, TOUCHED.assign(role="beneficiary")])
    assert marks(charts.reach(both, ROLES)) == {"point": 4}
    lanes = charts.places(reach.by_place(both)).to_dict()["vconcat"]
    assert [lane["title"] for lane in lanes] == [
        "named beneficiary", "home of network institutes", "region, countries not named",
    ]  # fmt: skip
