"""What may be merged, and what fills what."""

from types import SimpleNamespace
from uuid import UUID

import pytest

from catalog.merging.rules import (
    IntoItself,
    MergedElsewhere,
    MergedTheOtherWay,
    already,
    filled,
    still_filled,
    unknown_to,
)

ONE, TWO, THREE = map(UUID, ("1" * 32, "2" * 32, "3" * 32))


def test_two_that_stand_are_not_merged_yet():
    assert already(ONE, TWO, ONE, TWO) is False


def test_merging_the_same_again_is_no_merge():
    assert already(ONE, TWO, TWO, TWO) is True


@pytest.mark.parametrize(
    ("refusal", "ids"),
    [
        (IntoItself, (ONE, ONE, ONE, ONE)),
        (MergedTheOtherWay, (ONE, TWO, ONE, ONE)),
        (MergedElsewhere, (ONE, TWO, THREE, TWO)),
    ],
)
def test_what_cannot_be_is_refused(refusal, ids):
    with pytest.raises(refusal):
        already(*ids)


def test_only_gaps_are_filled():
    own, theirs = {"year": 1971, "mbid": None, "kinds": []}, {"year": 1970, "mbid": "m", "kinds": ["Live"]}
    assert filled(own, theirs) == {"mbid": "m", "kinds": ["Live"]}
    assert filled(theirs, own) == {}


def test_what_was_changed_since_is_not_emptied():
    assert still_filled({"year": 1972, "mbid": "m"}, {"year": 1971, "mbid": "m"}) == ["mbid"]


def test_where_both_speak_the_survivors_word_stands():
    folk, rock = SimpleNamespace(name="folk", weight=1), SimpleNamespace(name="rock", weight=1)
    assert unknown_to([SimpleNamespace(name="folk", weight=0.1)], [folk, rock], "name") == [rock]
