"""What obscurity promises, whoever plays what."""

from hypothesis import given, settings
from hypothesis import strategies as st
from services.taste.tests.profiles.playing import person, played
from services.taste.tests.telling import named

from taste.obscurity.rules import TOO_FEW, obscurity, told_among
from taste.profiles.rules import profile_of

ARTISTS = ("One", "Two", "Three")
SHARES = st.dictionaries(st.sampled_from([named(each) for each in ARTISTS]), st.floats(0.01, 1), min_size=1)
PEOPLE = st.integers(5, 5000)


def heard_by(count):
    return {named(each): count for each in ARTISTS}


def somebody():
    return profile_of(person(*(played(each, 20) for each in ARTISTS)))


@settings(deadline=None)
@given(SHARES, PEOPLE)
def test_it_is_0_for_what_all_play_and_1_for_what_nobody_else_does(shares, people):
    assert obscurity(shares, heard_by(people), people) == 0
    assert obscurity(shares, heard_by(1), people) == obscurity(shares, {}, people) == 1


@settings(deadline=None)
@given(SHARES, PEOPLE, st.data())
def test_it_falls_with_every_listener_more(shares, people, draw):
    counts = {each: draw.draw(st.integers(1, people - 1)) for each in shares}
    artist = draw.draw(st.sampled_from([*shares]))
    one_more = counts | {artist: counts[artist] + 1}
    assert 0 <= obscurity(shares, one_more, people) <= obscurity(shares, counts, people) <= 1


@settings(deadline=None)
@given(SHARES, PEOPLE, st.randoms(use_true_random=False))
def test_it_is_the_same_in_whatever_order_artists_are_listed(shares, people, chance):
    counts = {each: 1 + place for place, each in enumerate(shares)}
    mixed = dict(chance.sample([*shares.items()], len(shares)))
    assert obscurity(shares, counts, people) == obscurity(mixed, counts, people)


def test_what_is_played_most_counts_most():
    counts = {named("One"): 10, named("Two"): 1}
    loud, quiet = ({named("One"): share, named("Two"): 1 - share} for share in (0.9, 0.1))
    assert obscurity(loud, counts, 10) < obscurity(quiet, counts, 10)


def test_among_too_few_people_it_is_not_told_and_that_is_said():
    told = told_among(somebody(), heard_by(1), 4)
    assert (told.obscurity, told.sentence) == (None, f"Drawn from 60 plays of 3 artists. {TOO_FEW}")
    assert told_among(somebody(), heard_by(3), 5).obscurity == obscurity({named("One"): 1.0}, heard_by(3), 5)


def test_of_who_has_too_little_it_is_not_told():
    little = profile_of(person(played("One", 3)))
    assert told_among(little, heard_by(1), 50) == little
