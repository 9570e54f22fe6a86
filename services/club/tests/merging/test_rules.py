"""Of two who turned out to be one, whose word stands."""

import pytest

from club.merging.rules import Given, Part, of_acts, of_parts, of_ratings, of_reasons, of_roles

COUNTS = Given(withdrawn=False, of_winner=True)
OF_ANOTHER = Given(withdrawn=False, of_winner=False)
WITHDRAWN = Given(withdrawn=True, of_winner=False)


def part(**said):
    return Part(**{"pitch": None, "pitch_track_url": None, "ref": None, "withdrawn_at": None, "created_at": 2} | said)


@pytest.mark.parametrize("theirs", [COUNTS, OF_ANOTHER, WITHDRAWN])
def test_a_rating_beside_none_is_the_survivors_as_it_is(theirs):
    assert of_ratings(None, theirs) == "moved"


@pytest.mark.parametrize("own", [COUNTS, OF_ANOTHER, WITHDRAWN])
def test_a_rating_that_was_withdrawn_stays_withdrawn_beside_the_survivors(own):
    assert of_ratings(own, WITHDRAWN) is None


def test_the_survivors_rating_stands_if_it_counts():
    assert of_ratings(COUNTS, COUNTS) == of_ratings(COUNTS, OF_ANOTHER) == "withdrawn"
    assert of_ratings(OF_ANOTHER, OF_ANOTHER) == "withdrawn"


def test_a_rating_that_counts_takes_the_place_of_one_that_does_not():
    assert of_ratings(WITHDRAWN, COUNTS) == of_ratings(OF_ANOTHER, COUNTS) == "taken_over"
    assert of_ratings(WITHDRAWN, OF_ANOTHER) == "taken_over"


def test_of_two_parts_that_stand_the_survivors_words_stay_and_gaps_are_filled():
    theirs = part(pitch="theirs", pitch_track_url="https://theirs", created_at=1)
    assert of_parts(part(pitch="own", ref={"id": "1"}), theirs) == part(
        pitch="own", pitch_track_url="https://theirs", ref={"id": "1"}, created_at=1
    )


def test_of_two_parts_the_one_that_stands_stands():
    assert of_parts(part(pitch="own"), part(pitch="theirs", withdrawn_at=9)) == part(pitch="own")
    assert of_parts(part(pitch="own", withdrawn_at=9), part(pitch="theirs")) == part(pitch="theirs")
    assert of_parts(part(withdrawn_at=8), part(withdrawn_at=9)) == part(withdrawn_at=8)


def test_a_host_stays_a_host_and_who_is_barred_stays_barred():
    assert of_roles("member", "host") == of_roles("host") == "host"
    assert of_roles("member", "member") == "member"
    assert of_acts(["vote"], ["rate", "vote"]) == ["rate", "vote"]
    assert of_reasons("Voted twice.", "Rates unheard.") == "Voted twice. / Rates unheard."
    assert of_reasons("Voted twice.", "Voted twice.") == "Voted twice."
