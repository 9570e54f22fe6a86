"""Everybody beside everybody is what each pair is by itself, only quicker."""

import random
from datetime import UTC, datetime
from uuid import UUID

import pytest
from services.taste.tests.profiles.playing import person, played, traits
from services.taste.tests.telling import named

from taste.compatibility.measured import RatedByBoth, prepare
from taste.compatibility.rules import compare
from taste.matching.rules import Match, Matchable, Row, between, match, nearest, row_of
from taste.profiles.rules import profile_of

ARTISTS = [f"Artist {each}" for each in range(12)]
ALBUMS = {}
for place, artist in enumerate(ARTISTS):
    ALBUMS |= traits(artist, f"genre {place % 4}", f"genre {place % 3}", year=1960 + 5 * place, energy=place / 12)


def somebody(number, seed):
    chance = random.Random(seed * 1000 + number)
    heard = [played(each, chance.randint(1, 40), album=each) for each in chance.sample(ARTISTS, chance.randint(0, 9))]
    rated = {
        UUID(int=week): (named(f"Album {week}"), chance.randint(2, 10)) for week in range(1, 9) if chance.random() < 0.6
    }
    profile = profile_of(person(*heard, albums=ALBUMS, user_id=UUID(int=number + 1)))
    return profile, Matchable(profile.user_id, number + 1, prepare(profile), rated)


def both_rated(one, other):
    weeks = one.rated.keys() & other.rated.keys()
    return [RatedByBoth(week, one.rated[week][0], None, (one.rated[week][1], other.rated[week][1])) for week in weeks]


@pytest.mark.parametrize("seed", range(5))
def test_a_pair_of_the_matrix_is_what_the_pair_is_by_itself(seed):
    people = [somebody(number, seed) for number in range(12)]
    silent = profile_of(person(user_id=UUID(int=13)))
    people.append((silent, Matchable(silent.user_id, 13, prepare(silent), {})))
    scores = set()
    for one, mine in people:
        for other, theirs in people:
            told = compare(one, other, both_rated(mine, theirs))
            found = match(mine, theirs)
            assert found == match(theirs, mine)
            assert found.score == (-1 if told.score is None else round(told.score * 10))
            assert found.confidence == round(told.confidence * 100)
            scores.add(found.score)
    assert len(scores) > 10
    assert -1 in scores


def test_of_two_rows_the_one_that_was_computed_later_is_right():
    early, late = (datetime(2025, 11, day, tzinfo=UTC) for day in (1, 2))
    rows = {1: Row(early, {2: Match(500, 40)}), 2: Row(late, {1: Match(700, 50), 3: Match(10, 10)})}
    assert between(rows, 1, 2) == between(rows, 2, 1) == Match(700, 50)
    assert between(rows, 3, 2) == Match(10, 10)
    assert between(rows, 1, 3) is None


def test_a_twin_is_nobody_of_whom_little_is_known():
    matches = {1: Match(990, 9), 2: Match(800, 10), 3: Match(-1, 0), 4: Match(800, 30), 5: Match(100, 90)}
    assert [seat for seat, _ in nearest(matches)] == [4, 2, 5]


def test_nobody_is_beside_themself():
    people = [somebody(number, 1)[1] for number in range(4)]
    assert [*row_of(people[2], reversed(people))] == [1, 2, 4]
