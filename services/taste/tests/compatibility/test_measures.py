"""What each measure promises."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taste.compatibility.measures import alike_parts, jaccard, normalised, rank_correlation, shrunk, tempered

SHARES = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.01, 1), min_size=1)
RATINGS = st.lists(st.tuples(st.integers(2, 10), st.integers(2, 10)), min_size=3, max_size=12)


def alike_shares(one, other):
    return alike_parts(normalised(one), normalised(other))


@pytest.mark.parametrize("measure", [jaccard, alike_shares])
@settings(deadline=None)
@given(one=SHARES, other=SHARES)
def test_from_0_to_1_the_same_from_both_sides_and_1_for_the_same(measure, one, other):
    assert 0 <= measure(one, other) <= 1
    assert measure(one, other) == measure(other, one)
    # The distance is a root, which brings out the last digits.
    assert measure(one, one) == pytest.approx(1, abs=1e-7)
    assert measure({"x": 1.0}, other) == pytest.approx(0)


@settings(deadline=None)
@given(SHARES, SHARES, st.data())
def test_nothing_shared_that_is_lost_to_one_or_both_makes_them_more_alike(one, other, draw):
    shared = sorted(one.keys() & other.keys())
    if not shared or len(one) == 1 or len(other) == 1:
        return
    lost = draw.draw(st.sampled_from(shared))
    less = [{each: share for each, share in of.items() if each != lost} for of in (one, other)]
    for weigh in (dict, tempered):
        before = jaccard(weigh(one), weigh(other)) + 1e-12
        for pair in ((less[0], other), (one, less[1]), less):
            assert jaccard(*map(weigh, pair)) <= before


@settings(deadline=None)
@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 50))
def test_shrinking_keeps_the_order_and_the_ends_and_raises_nothing(one, other, size):
    low, high = sorted((one, other))
    assert shrunk(low, size, 2) <= shrunk(high, size, 2) <= high
    assert shrunk(low, size, 2) <= shrunk(low, size + 1, 2)
    assert (shrunk(0, size, 2), shrunk(1, size, 2)) == (0, 1)


@settings(deadline=None)
@given(RATINGS)
def test_ranks_correlate_the_same_from_both_sides_and_wholly_with_themselves(pairs):
    one, other = zip(*pairs, strict=True)
    there, back = rank_correlation(one, other), rank_correlation(other, one)
    assert there == back
    assert there is None or -1.0000001 <= there <= 1.0000001
    assert rank_correlation(one, one) in (None, pytest.approx(1))


def test_ranks_that_are_turned_round_correlate_as_little_as_can_be():
    assert rank_correlation([2, 4, 6, 8], [10, 9, 8, 7]) == pytest.approx(-1)
    assert rank_correlation([2, 4], [4, 2]) is None
    assert rank_correlation([5, 5, 5], [2, 4, 6]) is None
