"""What ratings amount to."""

import statistics
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.ratings.rules import NoWinner, average, check_winner, summarise, truncated

steps = st.integers(2, 10)


def on_paper(value):
    return float(Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP))


def test_of_no_ratings_there_is_no_average_and_no_median():
    summary = summarise({})
    assert (summary.average, summary.count, summary.median) == (None, 0, None)
    assert [(each.rating, each.count) for each in summary.histogram] == [
        (1.0, 0),
        (1.5, 0),
        (2.0, 0),
        (2.5, 0),
        (3.0, 0),
        (3.5, 0),
        (4.0, 0),
        (4.5, 0),
        (5.0, 0),
    ]


@given(st.lists(steps, min_size=1))
def test_average_and_median_are_those_of_all_ratings(given_steps):
    summary = summarise(Counter(given_steps))
    assert summary.count == len(given_steps)
    assert summary.median == statistics.median(step / 2 for step in given_steps)
    assert summary.average == on_paper(statistics.mean(Decimal(step) / 2 for step in given_steps))


@given(st.lists(steps))
def test_every_rating_is_in_one_of_nine_bins(given_steps):
    bins = summarise(Counter(given_steps)).histogram
    assert [each.rating for each in bins] == [step / 2 for step in range(2, 11)]
    assert sorted(given_steps) == [step for each in bins for step in [int(each.rating * 2)] * each.count]


def test_an_average_is_rounded_as_on_paper():
    assert average(33, 4) == 4.13


def test_there_is_nothing_to_rate_before_a_winner():
    with pytest.raises(NoWinner):
        check_winner(None)


@pytest.mark.parametrize(
    ("review", "length", "shown"),
    [
        ("A river", None, "A river"),
        ("A river", 7, "A river"),
        ("A river", 6, "A rive…"),
        ("🎧🎧🎧", 1, "🎧…"),
        (None, 5, None),
    ],
)
def test_a_review_is_cut_where_it_is_longer(review, length, shown):
    assert truncated(review, length) == shown
