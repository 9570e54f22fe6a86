"""How ballots change and how they are counted."""

from collections import Counter
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.votes.rules import choose, standings

A, B, C, D, E = (UUID(int=number) for number in range(1, 6))

choices = st.one_of(
    st.just({}),
    *(st.fixed_dictionaries({rank: st.sampled_from([A, B, C, D, E])}) for rank in (1, 2)),
    st.permutations([A, B, C, D, E]).map(lambda order: dict(enumerate(order[:2], start=1))),
)
ballots = st.lists(choices, max_size=40)
nominations = st.sets(st.sampled_from([A, B, C, D, E]))


def votes_of(cast):
    return Counter((nomination, rank) for ballot in cast for rank, nomination in ballot.items())


def by_hand(nominated, cast):
    """Another way to count: for each nomination on its own, who is ahead of it."""
    scored = {
        each: (
            sum(2 for ballot in cast if ballot.get(1) == each) + sum(1 for ballot in cast if ballot.get(2) == each),
            sum(ballot.get(1) == each for ballot in cast),
        )
        for each in nominated
    }
    return {each: (1 + sum(other > scored[each] for other in scored.values()), *scored[each]) for each in nominated}


def test_a_first_choice_is_two_points_and_a_second_is_one():
    poll = standings([A, B], votes_of([{1: A, 2: B}]))
    assert [(place.nomination_id, place.points) for place in poll.places] == [(A, 2), (B, 1)]
    assert (poll.winner, poll.tie) == (A, [])


def test_of_those_level_in_points_the_one_with_more_first_votes_wins():
    poll = standings([A, B], votes_of([{1: B}, {1: C, 2: A}, {1: C, 2: A}]))
    assert [(place.position, place.nomination_id, place.points) for place in poll.places] == [(1, B, 2), (2, A, 2)]
    assert poll.winner == B


def test_those_level_after_first_votes_share_a_position_and_nobody_wins():
    poll = standings([C, B, A], votes_of([{1: A}, {1: B}, {2: C}]))
    assert [(place.position, place.nomination_id) for place in poll.places] == [(1, A), (1, B), (3, C)]
    assert (poll.winner, poll.tie) == (None, [A, B])


def test_without_a_vote_everything_is_listed_and_nothing_wins():
    poll = standings([B, A], {})
    assert [(place.position, place.nomination_id, place.points) for place in poll.places] == [(1, A, 0), (1, B, 0)]
    assert (poll.winner, poll.tie) == (None, [])


def test_without_a_nomination_nothing_is_listed():
    assert standings([], {}) == ([], None, [])


def test_votes_for_what_was_withdrawn_are_void():
    poll = standings([A], votes_of([{1: B}, {1: B, 2: A}]))
    assert [(place.nomination_id, place.points) for place in poll.places] == [(A, 1)]
    assert poll.winner == A


def test_when_every_vote_is_void_nothing_wins():
    assert standings([A], votes_of([{1: B}]))[1:] == (None, [])


@given(nominations, ballots)
def test_the_count_is_what_counting_by_hand_gives(nominated, cast):
    poll = standings(nominated, votes_of(cast))
    expected = by_hand(nominated, cast)
    assert {p.nomination_id: (p.position, p.points, p.first_votes) for p in poll.places} == expected
    assert [p.second_votes for p in poll.places] == [p.points - 2 * p.first_votes for p in poll.places]
    top = sorted(each for each, (position, points, _) in expected.items() if position == 1 and points)
    assert (poll.winner, poll.tie) == ((top[0], []) if len(top) == 1 else (None, top))


@given(nominations, ballots, st.randoms())
def test_neither_the_order_of_ballots_nor_of_nominations_matters(nominated, cast, random):
    shuffled, otherwise = list(nominated), list(cast)
    random.shuffle(shuffled)
    random.shuffle(otherwise)
    assert standings(shuffled, votes_of(otherwise)) == standings(nominated, votes_of(cast))


@given(nominations, ballots)
def test_places_never_get_stronger_and_level_ones_stand_in_the_order_of_nomination(nominated, cast):
    places = standings(nominated, votes_of(cast)).places
    keys = [(-place.points, -place.first_votes, place.nomination_id) for place in places]
    assert keys == sorted(keys)


@given(nominations, ballots)
def test_what_is_withdrawn_changes_nothing_for_the_others(nominated, cast):
    without = {each for each in nominated if each != A}
    points = {p.nomination_id: (p.points, p.first_votes) for p in standings(nominated, votes_of(cast)).places}
    points.pop(A, None)
    left = standings(without, votes_of(cast)).places
    assert {p.nomination_id: (p.points, p.first_votes) for p in left} == points


@pytest.mark.parametrize(
    ("before", "rank", "chosen", "after"),
    [
        ({}, 1, A, {1: A}),
        ({}, 2, A, {2: A}),
        ({1: A}, 1, A, {1: A}),
        ({1: A}, 1, B, {1: B}),
        ({1: A}, 2, A, {2: A}),
        ({1: A, 2: B}, 1, B, {1: B, 2: A}),
        ({1: A, 2: B}, 2, A, {1: B, 2: A}),
        ({1: A, 2: B}, 2, C, {1: A, 2: C}),
    ],
)
def test_a_choice_is_set_moved_or_swapped(before, rank, chosen, after):
    assert choose(before, rank, chosen) == after


@given(choices, st.permutations([A, B, C, D, E]))
def test_two_choices_end_in_the_same_ballot_in_either_order(before, order):
    calls = list(enumerate(order[:2], start=1))
    ends = []
    for sequence in permutations(calls):
        ballot = before
        for rank, nomination in sequence:
            ballot = choose(ballot, rank, nomination)
        ends.append(ballot)
    assert ends == [dict(calls)] * 2


@given(choices, st.integers(1, 2), st.sampled_from([A, B, C, D, E]))
def test_a_ballot_never_holds_one_nomination_twice_and_loses_nothing_by_a_move(before, rank, chosen):
    after = choose(before, rank, chosen)
    assert after[rank] == chosen
    assert len(set(after.values())) == len(after)
    if chosen in before.values():
        assert set(after.values()) == set(before.values())
