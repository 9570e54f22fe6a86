"""The tables of genres and moods that come with the package."""

import pytest

from catalog.genres import tables
from catalog.genres.rules import Mood, ancestors, estimate, folded, read_tree

ROOTS = {
    "blues",
    "classical",
    "country",
    "electronic",
    "folk",
    "hip hop",
    "jazz",
    "metal",
    "pop",
    "punk",
    "r&b",
    "rock",
}


def test_there_are_hundreds_of_genres_and_every_parent_is_one():
    tree = tables.tree()
    assert len(tree) > 300
    assert {parent for parents in tree.values() for parent in parents} <= set(tree)
    assert {name for name, parents in tree.items() if not parents} >= ROOTS


def test_nothing_descends_from_itself_and_everything_from_a_root():
    tree = tables.tree()
    roots = {name for name, parents in tree.items() if not parents}
    for name in tree:
        assert name not in ancestors(tree, name)
        assert name in roots or ancestors(tree, name) & roots


def test_no_parent_is_told_that_follows_from_another():
    tree = tables.tree()
    for name, parents in tree.items():
        beyond = {each for parent in parents for each in ancestors(tree, parent)}
        assert not beyond & set(parents), name


def test_no_two_spellings_fold_to_one():
    assert len({folded(name) for name in tables.tree()}) == len(tables.tree())


def test_every_genre_has_a_mood_of_its_own_or_inherits_one_within_bounds():
    for name in tables.tree():
        found = estimate(tables.tree(), tables.moods(), name)
        assert found is not None, name
        assert all(0 <= axis <= 1 for axis in found.mood)
    assert {name for name, parents in tables.tree().items() if not parents} <= set(tables.moods())
    assert all(isinstance(mood, Mood) for mood in tables.moods().values())


@pytest.mark.parametrize("rows", [[("folk", "music")], [("a", "b"), ("b", "a")]])
def test_what_is_no_tree_is_refused(rows):
    with pytest.raises(ValueError, match=r"parents that are no genres|descends from itself"):
        read_tree([{"genre": genre, "parents": parents} for genre, parents in rows])
