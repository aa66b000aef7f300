"""A sample of what ``make mutants`` tries: who notices, and which survivors remain."""

import edits
import mutants
import pytest


def test_nearly_every_change_is_noticed_and_each_survivor_is_excused(documents):
    tried, survivors = mutants.run(documents, every=97)  # a prime, so that each kind is met
    assert sum(tried.values()) > 150
    assert len(tried) >= 15
    assert len(survivors) <= 0.02 * sum(tried.values()), survivors
    assert [s for s in survivors if mutants.excuse(*s) is None] == []
    excused = {kind for kind, _ in mutants.EXCUSED}
    assert not excused & {"digit", "fragment", "hedge cut off", "blanked", "support", "basis"}


@pytest.mark.slow
def test_most_careless_edits_are_noticed_and_each_other_one_waits_in_review(documents):
    tried, seen, lost = edits.run(documents, sample=1)
    assert len(tried) >= 20 and lost == []
    assert edits.share(tried, seen, tried.keys() - edits.LEFT_OUT.keys()) >= 0.75, seen
    assert edits.share(tried, seen, edits.LEFT_OUT) >= 0.6, seen
