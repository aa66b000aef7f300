"""A sample of the changes that ``make mutants`` tries: who notices, and which survivors remain."""

import mutants


def test_nearly_every_change_is_noticed_and_each_survivor_is_excused(documents):
    tried, survivors = mutants.run(documents, every=97)  # a prime, so that each kind is met
    assert sum(tried.values()) > 150
    assert len(tried) >= 15
    assert len(survivors) <= 0.03 * sum(tried.values()), survivors
    assert [s for s in survivors if mutants.excuse(s[0], s[1]) is None] == []


def test_an_excuse_gives_a_reason_and_excuses_no_change_to_a_figure():
    assert all(len(why) > 30 for why in mutants.EXCUSED.values())
    kinds = {kind for kind, _ in mutants.EXCUSED}
    assert not kinds & {"digit", "date", "fragment", "hedge cut off", "blanked", "support", "basis"}
