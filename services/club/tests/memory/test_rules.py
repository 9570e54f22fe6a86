"""Streaks, droughts, fairness and acclaim, each against a count by hand."""

from fractions import Fraction
from math import sqrt
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.memory.acclaim import Opinion, Ratings, divides, harshest, in_hall_of_fame, most_generous, present
from club.memory.rules import attended, counted, decade_of, drought, ledger, share, still_rated
from club.ratings.statistics import rounded

numbers = st.integers(0, 30)
halves = st.lists(st.integers(2, 10), min_size=1, max_size=12)
PEOPLE = [UUID(int=each) for each in range(6)]


def ratings(given_steps):
    return Ratings(len(given_steps), sum(given_steps), sum(each**2 for each in given_steps))


@given(st.lists(numbers, unique=True).map(sorted), st.sets(numbers), st.sets(numbers), numbers)
def test_streaks_are_what_one_counts_week_by_week(weeks, running, done, since):
    told = attended([(each, each in running) for each in weeks], done, since)
    taken, of, run, longest = 0, 0, 0, 0
    for each in weeks:
        if each < since or (each in running and each not in done):
            continue
        of += 1
        run = run + 1 if each in done else 0
        taken, longest = taken + (each in done), max(longest, run)
    assert told == (taken, of, run, longest)
    assert told.current <= told.longest <= told.done <= told.of


def test_nobody_was_there_in_no_weeks():
    assert attended([], {1}, 0) == (0, 0, 0, 0)


@given(st.sets(numbers), st.sets(numbers), numbers)
def test_a_drought_ends_with_a_win(decided, wins, first):
    weeks, since = drought(sorted(decided | wins), wins, first)
    if wins:
        last = next(each for each in range(30, -1, -1) if each in wins)
        assert (weeks, since) == (len([each for each in decided | wins if each > last]), "win")
    else:
        assert (weeks, since) == (len([each for each in decided if each not in range(first)]), "first_nomination")


# A week: who nominates, and which of them had a part in what won.
fields = st.sets(st.sampled_from(PEOPLE), min_size=1).flatmap(
    lambda those: st.tuples(st.just(those), st.sets(st.sampled_from(sorted(those)), min_size=1))
)


@given(st.lists(fields, max_size=12))
def test_what_all_are_owed_adds_up_to_nothing(weeks):
    lines = {}
    for those, _ in weeks:
        for each in those:
            lines[each, len(those)] = lines.get((each, len(those)), 0) + 1
    wins = {each: [at for at, (_, won) in enumerate(weeks) if each in won] for each in PEOPLE}
    told = ledger([(user_id, among, times) for (user_id, among), times in lines.items()], wins)
    assert sum(line.owed for line in told.values()) == 0
    for each, line in told.items():
        assert line.weeks == sum(each in those for those, _ in weeks)
        assert line.expected == sum(Fraction(1, len(those)) for those, _ in weeks if each in those)
        assert line.won == sum(Fraction(1, len(won)) for _, won in weeks if each in won)
    assert abs(sum(rounded(line.owed) for line in told.values())) <= 0.005 * len(told) + 1e-9


def test_who_waits_longest_in_a_small_field_is_owed_most():
    a, b, c = PEOPLE[:3]
    told = ledger([(a, 2, 4), (b, 2, 4), (c, 1, 1)], {a: [1, 2, 3], b: [4], c: [5]})
    assert {each: line.owed for each, line in told.items()} == {a: -1, b: 1, c: 0}


@given(halves, st.integers(2, 10))
def test_a_bayesian_average_is_that_of_the_ratings_and_five_more_at_the_mean(steps, mean):
    every = [each / 2 for each in steps] + [mean / 2] * 5
    told = ratings(steps).bayesian(Fraction(mean, 2))
    assert float(told) == pytest.approx(sum(every) / len(every))
    low, high = sorted((ratings(steps).mean, Fraction(mean, 2)))
    assert low <= told <= high


@given(halves)
def test_the_spread_is_the_standard_deviation(steps):
    mean = sum(steps) / len(steps)
    exact = sqrt(sum((each - mean) ** 2 for each in steps) / len(steps)) / 2
    assert ratings(steps).spread == pytest.approx(exact, abs=0.005 + 1e-9)
    assert divides(ratings(steps)) == (len(steps) >= 3 and len(set(steps)) > 1)


@pytest.mark.parametrize(
    ("steps", "mean", "could", "famous"),
    [
        ([8, 8, 8], 4, 6, True),
        ([8, 8, 8], 4, 7, False),
        ([8, 8, 8], Fraction(399, 100), 3, False),
        ([10, 10], 5, 2, False),
        ([10, 10, 10], 4, 3, True),
        ([10, 10, 10], 3, 3, False),
        ([10] * 5, 3, 10, True),
    ],
)
def test_the_hall_of_fame_takes_what_was_loved_by_many_who_listened(steps, mean, could, famous):
    assert in_hall_of_fame(ratings(steps), Fraction(mean), could) is famous


@given(halves, st.integers(4, 20).map(lambda each: Fraction(each, 4)), st.integers(0, 20))
def test_the_hall_of_fame_is_what_its_threshold_says(steps, mean, could):
    average = (sum(steps) / 2 + 5 * float(mean)) / (len(steps) + 5)
    half_of_them = len(steps) >= could / 2
    if abs(average - 4) > 1e-9:
        assert in_hall_of_fame(ratings(steps), mean, could) == (average > 4 and len(steps) >= 3 and half_of_them)


@given(st.lists(st.tuples(numbers, numbers).map(sorted)), numbers)
def test_members_are_there_from_their_first_week_to_their_last(spans, number):
    assert present(spans)(number) == sum(first <= number <= last for first, last in spans)


@given(st.lists(st.tuples(numbers, st.text("abAB", max_size=2), st.integers(2, 10), halves), max_size=8))
def test_the_most_generous_and_the_harshest_are_furthest_from_the_others(given_ratings):
    opinions = [Opinion(number, title, mine, ratings([mine, *rest[1:]])) for number, title, mine, rest in given_ratings]
    beside = [(mine, rest[1:]) for _, _, mine, rest in given_ratings if len(rest) > 1]
    if not beside:
        assert most_generous(opinions) is harshest(opinions) is None
        return
    apart = [mine / 2 - sum(rest) / len(rest) / 2 for mine, rest in beside]
    assert float(most_generous(opinions).apart) == pytest.approx(max(apart))
    assert float(harshest(opinions).apart) == pytest.approx(min(apart))


def test_what_is_level_stands_by_title():
    same = [Opinion(number, title, 8, ratings([8, 6])) for number, title in ((1, "Pearl"), (3, "blue"), (2, "Blue"))]
    assert most_generous(same).number == harshest(same).number == 2


def test_names_are_counted_whatever_their_case_and_shown_as_most_write_them():
    names = ["folk", "Jazz", "Folk", "FOLK", "Folk", None, "jazz", "Ambient"]
    assert counted(names) == [("Folk", 4), ("Jazz", 2), ("Ambient", 1)]
    assert counted([]) == []


@pytest.mark.parametrize(
    ("tag", "year", "decade"),
    [
        ("1970s", 1999, "1970s"),
        ("'70s", None, "1970s"),
        ("late nineties", None, "1990s"),
        ("the war years", 1941, "the war years"),
        (None, 1979, "1970s"),
        (None, 2000, "2000s"),
        (None, None, None),
    ],
)
def test_decades_are_spelled_alike(tag, year, decade):
    assert decade_of(tag, year) == decade


@pytest.mark.parametrize(
    ("phase", "newest", "still"),
    [
        ("open", True, True),
        ("open", False, False),
        ("discussing", False, True),
        ("rating", False, True),
        ("closed", True, False),
        ("voting", True, False),
    ],
)
def test_an_open_week_is_rated_until_the_next_has_a_winner(phase, newest, still):
    assert still_rated(phase, newest=newest) is still


def test_figures_are_rounded_as_on_paper():
    assert [rounded(Fraction(each, 1000)) for each in (125, -125, 124, 5)] == [0.13, -0.13, 0.12, 0.01]
    assert (share(1, 3), share(0, 3), share(0, 0)) == (0.33, 0, None)
