"""A crowd is compared as each pair of it is."""

import math
import random
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from services.taste.tests.matching.test_rules import somebody

from taste.compatibility.measured import Axis, Prepared
from taste.compatibility.measures import normalised, tempered
from taste.matching.crowd import Crowd, _tenths
from taste.matching.rules import Matchable, row_of
from taste.matching.stacks import AXES

THINGS = [f"thing {each}" for each in range(9)]


def invented(number, chance):
    """Anybody: with next to nothing, with much, or the very same as somebody else."""

    def shares(most, of=THINGS):
        return {each: chance.choice([0.1, 0.25, 1 / 3, chance.random()]) for each in chance.sample(of, most)}

    axes = chance.sample(AXES, chance.randint(0, len(AXES)))
    return Matchable(
        UUID(int=number + 1),
        number + 1,
        Prepared(
            artists=tempered(shares(chance.randint(0, 9))),
            genres=normalised(shares(chance.randint(0, 5))),
            families=normalised(shares(chance.randint(0, 3))),
            decades=normalised(shares(chance.randint(0, 4))),
            mood={axis: Axis(chance.random(), chance.choice([0.0, 0.5, chance.random()])) for axis in axes},
            coverage=round(chance.random(), 4),
        ),
        {
            UUID(int=week): (UUID(int=week if chance.random() < 0.9 else 999), chance.randint(2, 10))
            for week in range(chance.randint(0, 12))
        },
    )


@pytest.mark.parametrize("seed", range(5))
def test_members_are_compared_as_each_pair_is(seed):
    people = [somebody(number, seed)[1] for number in range(40)]
    crowd = Crowd()
    for one in people:
        assert crowd.row_of(one, people, people) == row_of(one, people)


@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_anybody_is_compared_as_each_pair_is(seed):
    chance = random.Random(seed)
    people = [invented(number, chance) for number in range(30)]
    crowd = Crowd()
    for one in people[:10]:
        assert crowd.row_of(one, people, people) == row_of(one, people)


def test_the_same_taste_is_the_same_by_arrays():
    one = somebody(2, 3)[1]
    twin = Matchable(UUID(int=99), 99, one.prepared, one.rated)
    found = Crowd().row_of(one, [twin], [twin])
    assert found == row_of(one, [twin])
    assert found[99].score == 1000


def test_whoever_changed_is_compared_as_they_are_now():
    people = [somebody(number, 3)[1] for number in range(10)]
    crowd = Crowd()
    crowd.row_of(people[0], people, people)
    people[4] = Matchable(people[4].user_id, people[4].seat, people[0].prepared, people[0].rated)
    assert crowd.row_of(people[1], people, people) == row_of(people[1], people)


def test_only_those_who_are_asked_for_are_told():
    people = [somebody(number, 2)[1] for number in range(10)]
    assert Crowd().row_of(people[0], people[3:5], people) == row_of(people[0], people[3:5])


@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_whoever_is_asked_for_among_many_is_told_in_whatever_order_they_stand(seed):
    chance = random.Random(seed)
    among = [invented(number, chance) for number in range(30)]
    chance.shuffle(among)
    asked = chance.sample(among, chance.randint(0, 12))
    assert Crowd().row_of(among[0], asked, among) == row_of(among[0], asked)


def test_nobody_is_beside_themself_in_a_crowd():
    people = [somebody(number, 1)[1] for number in range(4)]
    assert [*Crowd().row_of(people[2], people[::-1], people)] == [1, 2, 4]
    assert Crowd().row_of(people[0], people[:1], people) == {}


@given(st.lists(st.tuples(*[st.integers(0, 4000)] * 5), min_size=1, max_size=30))
def test_a_five_at_the_end_goes_where_the_sum_of_the_very_numbers_goes(columns):
    summed = [round(round(math.fsum(each / 100 for each in column), 1) * 10) for column in columns]
    assert _tenths(np.array(columns).T).tolist() == summed
