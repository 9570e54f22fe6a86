"""Moods of weighted genres."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.genres import tables
from catalog.genres.rules import Mood, estimate, folded, lineage, mood_of

TREE = {"folk": (), "rock": (), "folk rock": ("folk", "rock"), "medieval folk rock": ("folk rock",), "polka": ()}
MOODS = {"folk": Mood(0.2, 0.4, 0.0, 0.2), "rock": Mood(0.8, 0.6, 0.4, 0.6)}
weights = st.floats(0.01, 1)
tagged = st.lists(st.tuples(st.sampled_from([*sorted(tables.tree()), "no genre at all"]), weights), max_size=8)


def test_a_genre_without_a_mood_inherits_the_mean_of_its_nearest_ancestors():
    near = estimate(TREE, MOODS, "folk rock")
    assert near.mood == pytest.approx(Mood(0.5, 0.5, 0.2, 0.4))
    assert near.inherited_from == ("folk", "rock")
    assert estimate(TREE, MOODS, "medieval folk rock").mood == near.mood
    assert estimate(TREE, MOODS, "polka") is None


def test_weights_count_and_unknown_genres_lower_the_coverage_alone():
    mood, coverage = mood_of(TREE, MOODS, [("folk", 0.75), ("Rock", 0.25), ("polka", 0.5), ("skronk", 0.5)])
    assert mood == pytest.approx(Mood(0.35, 0.45, 0.1, 0.3))
    assert coverage == pytest.approx(0.5)


def test_genres_are_told_with_all_they_descend_from_in_whichever_spelling():
    spelt = {folded(name): name for name in TREE}
    assert lineage(TREE, spelt, ["Medieval Folk-Rock", "polka", "skronk"]) == {
        "Medieval Folk-Rock": ["folk rock"],
        "folk": [],
        "folk rock": ["folk", "rock"],
        "polka": [],
        "rock": [],
    }
    assert lineage(TREE, spelt, []) == {}


def test_nothing_known_is_no_mood():
    assert mood_of(TREE, MOODS, []) == mood_of(TREE, MOODS, [("polka", 1)]) == (None, 0.0)


@given(tagged)
def test_a_mood_lies_between_those_of_its_genres(genres):
    mood, coverage = mood_of(tables.tree(), tables.moods(), genres)
    known = [estimate(tables.tree(), tables.moods(), name).mood for name, _ in genres if name in tables.tree()]
    assert 0 <= coverage <= 1
    assert (mood is None) == (known == [])
    for axis, value in enumerate(mood or ()):
        assert min(each[axis] for each in known) - 1e-9 <= value <= max(each[axis] for each in known) + 1e-9


@given(tagged, st.randoms(use_true_random=False))
def test_the_order_of_genres_is_of_no_account(genres, chance):
    shuffled = chance.sample(genres, len(genres))
    one, other = (mood_of(tables.tree(), tables.moods(), each) for each in (genres, shuffled))
    assert one[1] == pytest.approx(other[1])
    assert (one[0] or ()) == pytest.approx(other[0] or ())
