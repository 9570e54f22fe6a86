"""What is recommended, and why."""

from services.taste.tests.telling import BEN, CLEO, named

from taste.recommending.rules import Neighbour, Pick, advise

BLUE, DUMMY, HEJIRA = (named(each) for each in ("Blue", "Dummy", "Hejira"))


def ben(alike=0.8, **more):
    return Neighbour(BEN, "Ben", alike, **more)


def cleo(alike=0.5, **more):
    return Neighbour(CLEO, "Cleo", alike, **more)


def test_what_neighbours_like_is_recommended_the_more_the_nearer_they_are():
    told = advise([ben(ratings={BLUE: 5.0}), cleo(ratings={DUMMY: 5.0})], [], frozenset())
    assert [each.album_id for each in told] == [BLUE, DUMMY]
    assert told[0].sentence == "Ben, whose taste is 80 like yours, gave it 5.0."
    both = advise([ben(ratings={BLUE: 4.5}), cleo(ratings={BLUE: 4.0, DUMMY: 4.0})], [], frozenset())
    assert both[0].by == [BEN, CLEO]
    assert both[0].sentence.endswith("gave it 4.5, and another neighbour likes it.")


def test_a_rating_says_more_than_plays_do():
    told = advise([ben(ratings={BLUE: 2.0, DUMMY: 5.0}, played=[BLUE, HEJIRA, DUMMY])], [], frozenset())
    assert [each.album_id for each in told] == [DUMMY, HEJIRA]
    assert told[1].sentence == "Ben, whose taste is 80 like yours, plays it much."


def test_a_pick_that_was_missed_is_recommended_by_how_the_club_liked_it():
    picks = [Pick(BLUE, "WEEK 001", [4.5, 4.5, 5.0]), Pick(DUMMY, "WEEK 002", [2.0, 2.0]), Pick(HEJIRA, "WEEK 003", [])]
    told = advise([], picks, frozenset())
    assert [each.album_id for each in told] == [BLUE, HEJIRA, DUMMY]
    assert told[0].sentence == "It won WEEK 001 with 4.7 of 3 ratings, and you have not heard it."
    assert told[1].sentence == "It won WEEK 003, and you have not heard it."
    assert all(0 <= each.weight <= 1 for each in told)


def test_nothing_is_recommended_that_was_heard_and_nothing_twice():
    neighbours, picks = [ben(ratings={BLUE: 5.0, DUMMY: 5.0})], [Pick(BLUE, "WEEK 001", [5.0] * 9)]
    told = advise(neighbours, picks, frozenset({DUMMY}))
    assert [(each.album_id, each.kind) for each in told] == [(BLUE, "missed")]
    assert advise([], [], frozenset()) == []
