"""How a poll is counted into a total order."""

import hashlib
import hmac
from functools import cmp_to_key
from itertools import combinations, pairwise, permutations
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from club.results.rules import ResultFinal, check_may_decide, outcome
from contracts.results import Tie

A, B, C, D, E = NAMES = tuple(UUID(int=number) for number in range(1, 6))
SEED = bytes(range(32))

one = st.sampled_from(NAMES)
choices = st.one_of(
    st.tuples(one, st.none()),
    st.tuples(st.none(), one),
    st.permutations(NAMES).map(lambda order: (order[0], order[1])),
)
ballots = st.lists(choices, max_size=30)
nominations = st.sets(one)
seeds = st.binary(min_size=32, max_size=32)


def lot(seed, nomination):
    return hmac.new(seed, str(nomination).encode(), hashlib.sha256).hexdigest()


def points(each, cast):
    return 2 * sum(first == each for first, _ in cast) + sum(second == each for _, second in cast)


def firsts(each, cast):
    return sum(first == each for first, _ in cast)


def rank(each, ballot):
    return ballot.index(each) if each in ballot else 2


def beats(one, other, cast):
    ahead = sum(rank(one, ballot) < rank(other, ballot) for ballot in cast)
    behind = sum(rank(one, ballot) > rank(other, ballot) for ballot in cast)
    return (ahead > behind) - (ahead < behind)


def duel_keys(group, cast):
    """For each of a level group the wins less losses in it, then within those level in that, and so on."""
    score = {each: sum(beats(each, other, cast) for other in group) for each in group}
    if len(set(score.values())) <= 1:
        return dict.fromkeys(group, ())
    keys = {}
    for value in set(score.values()):
        inner = [each for each in group if score[each] == value]
        keys |= {each: (-value, *key) for each, key in duel_keys(inner, cast).items()}
    return keys


def by_hand(standing, cast, seed):
    """Another way to order: compare two at a time, by each criterion in turn."""
    duels = {}
    for each in standing:
        level = [o for o in standing if (points(o, cast), firsts(o, cast)) == (points(each, cast), firsts(each, cast))]
        duels[each] = duel_keys(level, cast)[each]

    def compare(left, right):
        steps = [
            ("points", points(right, cast) - points(left, cast)),
            ("first_votes", firsts(right, cast) - firsts(left, cast)),
            ("head_to_head", (duels[left] > duels[right]) - (duels[left] < duels[right])),
            ("draw", 1 if lot(seed, left) > lot(seed, right) else -1),
        ]
        return next((name, sign) for name, sign in steps if sign)

    order = sorted(standing, key=cmp_to_key(lambda left, right: compare(left, right)[1]))
    return order, [compare(*pair)[0] for pair in pairwise(order)]


@given(nominations, ballots, seeds)
@example({A, B, C}, [(A, B), (B, C), (C, A)], SEED)
@example({A, B, C, D}, [(A, None), (B, None), (C, None), (D, None), (None, A)], SEED)
def test_the_order_is_what_comparing_by_hand_gives(standing, cast, seed):
    told = outcome(standing, cast, seed, "draw")
    order, criteria = by_hand(standing, cast, seed)
    assert [item.nomination_id for item in told.items] == order
    assert [item.ahead_by for item in told.items] == [*criteria, None][: len(order)]


def duels(one, among, cast):
    """Duels won less duels lost: of what a ballot names, its first choice is ahead; what it does not name is behind."""
    balance = 0
    for other in among:
        first_named = [next((choice for choice in ballot if choice in {one, other}), None) for ballot in cast]
        ahead, behind = first_named.count(one), first_named.count(other)
        balance += 0 if one == other else (ahead > behind) - (ahead < behind)
    return balance


def may_precede(one, other, standing, cast, seed):
    """Whether docs/voting.md puts one nomination before another."""

    def scored(each):
        return sum(2 * (first == each) + (second == each) for first, second in cast), firsts(each, cast)

    if scored(one) != scored(other):
        return scored(one) > scored(other)
    level = [each for each in standing if scored(each) == scored(one)]
    while duels(one, level, cast) == duels(other, level, cast):
        smaller = [each for each in level if duels(each, level, cast) == duels(one, level, cast)]
        if smaller == level:
            return lot(seed, one) < lot(seed, other)
        level = smaller
    return duels(one, level, cast) > duels(other, level, cast)


@settings(deadline=None)
@given(st.sets(one, max_size=4), ballots, seeds)
@example({A, B, C}, [(A, B), (B, C), (C, A)], SEED)
@example({A, B, C, D}, [(A, B), (B, A), (C, D), (D, C), (A, None), (B, None), (C, None), (D, None)], SEED)
def test_of_all_orders_exactly_the_one_that_is_told_is_what_the_page_says(standing, cast, seed):
    told = tuple(item.nomination_id for item in outcome(standing, cast, seed, "draw").items)
    void = [tuple(each if each in standing else None for each in ballot) for ballot in cast]
    allowed = [
        order
        for order in permutations(standing)
        if all(may_precede(*pair, standing, void, seed) for pair in combinations(order, 2))
    ]
    assert allowed == [told]


@given(nominations, ballots)
def test_withdrawing_a_nomination_leaves_the_points_and_votes_of_all_others(standing, cast):
    whole = {item.nomination_id: item for item in outcome(NAMES, cast, SEED, "draw").items}
    for item in outcome(standing, cast, SEED, "draw").items:
        before = whole[item.nomination_id]
        assert (item.points, item.first_votes, item.second_votes) == (
            before.points,
            before.first_votes,
            before.second_votes,
        )


@given(nominations, ballots, seeds)
def test_points_and_votes_are_what_counting_by_hand_gives(standing, cast, seed):
    for item in outcome(standing, cast, seed, "draw").items:
        assert item.points == points(item.nomination_id, cast)
        assert item.first_votes == firsts(item.nomination_id, cast)
        assert item.second_votes == item.points - 2 * item.first_votes


@given(nominations, ballots, seeds)
def test_the_order_is_total(standing, cast, seed):
    items = outcome(standing, cast, seed, "draw").items
    assert [item.position for item in items] == list(range(1, len(standing) + 1))
    assert {item.nomination_id for item in items} == standing


@given(st.permutations(NAMES), ballots, st.randoms(), st.sampled_from(["draw", "host"]))
def test_neither_the_order_of_ballots_nor_of_nominations_matters(standing, cast, random, policy):
    otherwise = list(cast)
    random.shuffle(otherwise)
    assert outcome(standing, otherwise, SEED, policy) == outcome(NAMES, cast, SEED, policy)


@given(ballots)
def test_renaming_the_nominations_renames_the_order_but_for_the_draw(cast):
    other = dict(zip(NAMES, (UUID(int=100 + number) for number in (3, 1, 5, 2, 4)), strict=True)) | {None: None}
    told = outcome(NAMES, cast, SEED, "draw")
    renamed = outcome([other[each] for each in NAMES], [(other[a], other[b]) for a, b in cast], SEED, "draw")
    decided = [item for item in told.items if item.ahead_by not in {"draw", None}]
    for item in decided:
        after = {each.nomination_id for each in told.items[item.position :]}
        assert {each.nomination_id for each in renamed.items[item.position :]} == {other[each] for each in after}


@given(nominations, ballots)
def test_what_does_not_stand_is_void_and_changes_nothing_for_the_points_of_others(standing, cast):
    told = outcome(standing, cast, SEED, "draw")
    named = {each for ballot in cast for each in ballot if each is not None}
    assert told.void == sorted(named - standing)
    assert {each.nomination_id: each.points for each in told.items} == {each: points(each, cast) for each in standing}


@given(nominations, ballots)
def test_whoever_wins_has_a_vote_and_nobody_has_more(standing, cast):
    told = outcome(standing, cast, SEED, "draw")
    most = max((points(each, cast) for each in standing), default=0)
    assert (told.winner is None) == (most == 0)
    if told.winner:
        assert points(told.winner, cast) == most
        assert told.winner == told.items[0].nomination_id


@given(nominations, ballots)
def test_a_tie_names_those_level_until_what_broke_it(standing, cast):
    told = outcome(standing, cast, SEED, "draw")
    level = [each for each in standing if told.winner and points(each, cast) == points(told.winner, cast)]
    assert (told.tie is not None) == (len(level) > 1)
    if told.tie:
        assert told.tie.among[0] == told.winner
        assert told.tie.broken_by == told.items[0].ahead_by
        assert len(told.tie.among) > 1
    if told.tie and told.tie.broken_by == "first_votes":
        assert set(told.tie.among) == set(level)
    if told.tie and told.tie.broken_by == "head_to_head":
        assert set(told.tie.among) == {o for o in level if firsts(o, cast) == firsts(told.winner, cast)}


@given(nominations, ballots)
def test_leaving_ties_to_the_host_changes_nothing_but_what_the_draw_would_have_decided(standing, cast):
    drawn, left = outcome(standing, cast, SEED, "draw"), outcome(standing, cast, SEED, "host")
    if drawn.tie and drawn.tie.broken_by == "draw":
        assert (left.winner, left.tie) == (None, Tie(broken_by="host", among=drawn.tie.among))
        assert left.items == drawn.items
    else:
        assert left == drawn


@given(nominations, ballots)
def test_the_other_ways_to_count_pick_what_they_pick_by_hand(standing, cast):
    told = outcome(standing, cast, SEED, "draw").alternatives
    approvals = {each: sum(each in ballot for ballot in cast) for each in standing}
    first_votes = {each: firsts(each, cast) for each in standing}
    for picked, votes in ((told.plurality, first_votes), (told.approval, approvals)):
        assert picked == sorted(each for each in standing if votes[each] and votes[each] == max(votes.values()))
    unbeaten = [
        each
        for each in standing
        if approvals[each] and all(beats(each, other, cast) == 1 for other in standing - {each})
    ]
    assert told.condorcet == unbeaten


def test_of_those_level_the_one_that_more_ballots_prefer_is_ahead():
    level = outcome([A, B], [(A, B), (A, B), (B, A), (B, None), (C, A)], SEED, "draw")
    assert [item.points for item in level.items] == [6, 6]
    assert (level.winner, level.tie) == (A, Tie(broken_by="head_to_head", among=[A, B]))


def test_a_circle_of_duels_is_left_to_the_draw():
    told = outcome([A, B, C], [(A, B), (B, C), (C, A)], SEED, "draw")
    assert told.tie.broken_by == "draw"
    assert told.tie.among == sorted([A, B, C], key=lambda each: lot(SEED, each))
    assert told.alternatives.condorcet == []


def test_without_a_vote_all_are_listed_and_nobody_wins():
    told = outcome([A, B], [], SEED, "draw")
    assert (told.winner, told.tie, len(told.items)) == (None, None, 2)
    assert outcome([], [], SEED, "host").items == []


def test_a_second_choice_is_not_promoted_when_the_first_is_withdrawn():
    told = outcome([B], [(A, B)], SEED, "draw")
    assert (told.items[0].points, told.items[0].first_votes, told.void) == (1, 0, [A])


def test_what_an_admin_has_decided_is_not_left_to_the_host_any_more():
    with pytest.raises(ResultFinal):
        check_may_decide(Tie(broken_by="host", among=[A, B]), A, overridden=True)


def test_a_host_decides_only_what_was_left_to_them_and_among_those():
    left = Tie(broken_by="host", among=[A, B])
    check_may_decide(left, A)
    for tie, chosen in ((None, A), (left, C), (left, None), (Tie(broken_by="draw", among=[A, B]), A)):
        with pytest.raises(ResultFinal):
            check_may_decide(tie, chosen)
