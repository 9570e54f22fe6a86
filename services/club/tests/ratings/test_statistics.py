"""What ratings amount to."""

import math
import statistics
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.ratings.statistics import Total, average, bayesian_average, deviation, divisiveness, summarise, total, unseen

steps = st.integers(2, 10)
some = st.lists(steps, min_size=1, max_size=200)


def on_paper(value):
    return float(Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP))


def rounds_to(rounded, exact):
    return rounded == round(rounded, 2) and math.isclose(rounded, exact, abs_tol=0.005 + 1e-9)


def test_of_no_ratings_there_is_nothing_to_say():
    summary = summarise({}, Total(900, 100), members=7)
    assert (summary.average, summary.count, summary.median) == (None, 0, None)
    assert (summary.bayesian_average, summary.deviation, summary.divisiveness) == (None, None, None)
    assert (summary.participation.rated, summary.participation.members) == (0, 7)
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


@given(some)
def test_average_and_median_are_those_of_all_ratings(given_steps):
    summary = summarise(Counter(given_steps))
    assert summary.count == summary.participation.rated == len(given_steps)
    assert summary.median == statistics.median(step / 2 for step in given_steps)
    assert summary.average == on_paper(statistics.mean(Decimal(step) / 2 for step in given_steps))


@given(st.lists(steps))
def test_every_rating_is_in_one_of_nine_bins(given_steps):
    bins = summarise(Counter(given_steps)).histogram
    assert [each.rating for each in bins] == [step / 2 for step in range(2, 11)]
    assert sorted(given_steps) == [step for each in bins for step in [int(each.rating * 2)] * each.count]


@given(some)
def test_the_deviation_is_that_of_the_population(given_steps):
    assert rounds_to(deviation(Counter(given_steps)), statistics.pstdev(step / 2 for step in given_steps))


@given(some)
def test_divisiveness_is_the_dissention_of_the_ratings_one_by_one(given_steps):
    ratings = [step / 2 for step in given_steps]
    mean = sum(ratings) / len(ratings)
    dissention = -sum(math.log2(1 - abs(each - mean) / (5.0 - 1.0)) for each in ratings) / len(ratings)
    assert rounds_to(divisiveness(Counter(given_steps)), dissention)


@given(some)
def test_divisiveness_lies_between_none_and_all(given_steps):
    assert 0 <= divisiveness(Counter(given_steps)) <= 1


@given(steps, st.integers(1, 500))
def test_who_all_rate_alike_are_not_divided(step, ratings):
    of_all = {step: ratings}
    assert (divisiveness(of_all), deviation(of_all)) == (0.0, 0.0)
    assert str(divisiveness(of_all)) == "0.0"


@given(st.integers(1, 500))
def test_half_at_one_and_half_at_five_are_divided_as_far_as_can_be(half):
    assert (divisiveness({2: half, 10: half}), deviation({2: half, 10: half})) == (1.0, 2.0)


@given(some)
def test_turned_upside_down_a_club_is_as_divided(given_steps):
    turned = Counter(12 - step for step in given_steps)
    assert math.isclose(divisiveness(turned), divisiveness(Counter(given_steps)), abs_tol=0.01 + 1e-9)
    assert deviation(turned) == deviation(Counter(given_steps))


@given(some.flatmap(lambda row: st.tuples(st.just(row), st.permutations(row))))
def test_the_order_in_which_members_rate_does_not_matter(rows):
    one, other = (summarise(Counter(row), Total(70, 9)) for row in rows)
    assert one == other


@given(some, st.integers(0, 5000).flatmap(lambda count: st.tuples(st.integers(2 * count, 10 * count), st.just(count))))
def test_the_bayesian_average_is_that_with_five_more_at_the_mean_of_the_club(given_steps, club):
    ratings = [step / 2 for step in given_steps]
    mean = club[0] / club[1] / 2 if club[1] else sum(ratings) / len(ratings)
    assert rounds_to(
        bayesian_average(total(Counter(given_steps)), Total(*club)), statistics.mean([*ratings, *[mean] * 5])
    )


@given(some, st.integers(1, 5000).flatmap(lambda count: st.tuples(st.integers(2 * count, 10 * count), st.just(count))))
def test_the_bayesian_average_lies_between_the_week_and_the_club(given_steps, club):
    own, mean = average(*total(Counter(given_steps))), average(*club)
    assert min(own, mean) <= bayesian_average(total(Counter(given_steps)), Total(*club)) <= max(own, mean)


def test_figures_are_rounded_as_on_paper():
    assert average(33, 4) == 4.13
    # 5 at 3.0 and one at 4.0 are 19 / 6, 3.1666…; five at 4.0 and three at 4.5 … are 4.1875.
    assert bayesian_average(Total(8, 1), Total(6, 1)) == 3.17
    assert bayesian_average(Total(27, 3), Total(8, 1)) == 4.19
    assert deviation({2: 1, 4: 1}) == 0.5
    assert divisiveness({2: 1, 4: 1}) == 0.19


def test_what_is_hidden_tells_only_how_many():
    summary = unseen(3, members=12)
    assert summary.hidden
    assert (summary.count, summary.participation.rated, summary.participation.members) == (3, 3, 12)
    assert {summary.average, summary.bayesian_average, summary.median, summary.deviation, summary.divisiveness} == {
        None
    }
    assert [each.count for each in summary.histogram] == [0] * 9
    assert not summarise({9: 3}).hidden


@pytest.mark.parametrize("counts", [{9: 10**6}, {2: 10**6, 10: 1}, {2: 1, 10: 10**6}])
def test_large_clubs_are_reckoned_too(counts):
    assert 0 <= divisiveness(counts) <= 1
    assert 1 <= average(*total(counts)) <= 5
