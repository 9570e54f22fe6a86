"""Of a club made of groups with a taste each, the score finds who belongs to whom, better than plain Jaccard does."""

import random
from collections import Counter
from uuid import UUID

import pytest
from services.taste.tests.profiles.playing import person, played, traits

from taste.compatibility.rules import compare
from taste.profiles.rules import profile_of

GROUPS, ARTISTS, PLAYS, OWN = 5, 60, 80, 0.25


def members(count, seed):
    """Each plays 80 times: a quarter of it what their group likes, else what anybody does; the first of a list most."""
    chance = random.Random(seed)
    of_group = {group: [f"{group}-{each}" for each in range(ARTISTS)] for group in range(GROUPS)}
    everybody = [each for artists in of_group.values() for each in artists]
    chance.shuffle(everybody)
    albums = {}
    for each in everybody:
        albums |= traits(each, f"genre {each[0]}", f"genre {chance.randrange(GROUPS)}")
    made = []
    for number in range(count):
        group = number % GROUPS
        heard = Counter(_one(chance, of_group[group] if chance.random() < OWN else everybody) for _ in range(PLAYS))
        plays = [played(each, often, album=each) for each, often in heard.items()]
        made.append((group, profile_of(person(*plays, albums=albums, user_id=UUID(int=number + 1)))))
    return made


def _one(chance, artists):
    """By Zipf's law: the nth is played an nth as often as the first."""
    return chance.choices(artists, [1 / rank for rank in range(1, len(artists) + 1)])[0]


def plain_jaccard(one, other):
    first, second = ({each.id for each in profile.top_artists} for profile in (one, other))
    return len(first & second) / len(first | second)


def score(one, other):
    return compare(one, other, []).score or 0


def recovered(club, alike, nearest=5):
    """Of the five most alike of each member, which part is of their own group; by chance it is a fifth."""
    hits = 0
    for group, one in club:
        others = [(alike(one, other), str(other.user_id), theirs) for theirs, other in club if other is not one]
        hits += sum(theirs == group for *_, theirs in sorted(others, reverse=True)[:nearest])
    return hits / nearest / len(club)


@pytest.mark.parametrize("count", [40, pytest.param(200, marks=pytest.mark.prove)])
def test_the_groups_of_a_club_are_found(count):
    club = members(count, seed=7)
    ours, plain = recovered(club, score), recovered(club, plain_jaccard)
    print(f"{count} members: {ours:.3f} of the five nearest are of one's own group, {plain:.3f} by plain Jaccard")
    assert ours > 0.9
    assert ours > plain
