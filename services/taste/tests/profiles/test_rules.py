"""What the evidence tells, and that it tells the same however it comes."""

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from services.taste.tests.profiles.playing import LAST, judged, person, piece, played, traits

from taste.profiles.rules import profile_of

FOLK, TECHNO = (
    traits("Blue", "folk", energy=0.2),
    traits("Homework", "techno", "house", year=1997, countries=["FR"], energy=0.9, electronic=1.0),
)
ARTISTS = ("Joni Mitchell", "Daft Punk", "João Gilberto")


def whole(**more):
    plays = [played(ARTISTS[0], 30, album="Blue"), played(ARTISTS[1], 10, album="Homework"), played(ARTISTS[2], 10)]
    return person(*plays, albums=FOLK | TECHNO, **more)


def test_shares_are_by_plays_and_those_of_genres_by_what_is_known():
    profile = profile_of(whole())
    assert profile.top_artists[0].name == "Joni Mitchell"
    assert {each.name: each.share for each in profile.top_artists} == dict(zip(ARTISTS, (0.6, 0.2, 0.2), strict=True))
    assert [(each.name, each.share) for each in profile.genres] == [("folk", 0.75), ("house", 0.125), ("techno", 0.125)]
    assert profile.genre_coverage == 0.8
    assert [(each.decade, each.share) for each in profile.decades] == [(1970, 0.75), (1990, 0.25)]
    assert [(each.country, each.share) for each in profile.countries] == [("CA", 0.75), ("FR", 0.25)]


def test_a_genre_is_told_with_its_parents_and_counts_for_the_families_it_comes_from():
    tree = {"trip hop": ["electronic", "downtempo"], "downtempo": ["electronic", "hip hop"], "electronic": []}
    albums = traits("Dummy", "trip hop", parents=tree) | traits("Blue", "folk")
    plays = [played("One", 20, album="Dummy"), played("Two", 20, album="Blue"), played("Three", 1)]
    profile = profile_of(person(*plays, albums=albums))
    assert {each.name: each.parents for each in profile.genres} == {"trip hop": ["downtempo", "electronic"], "folk": []}
    families = {each.name: each.share for each in profile.families}
    assert families == {"folk": 0.5, "electronic": 0.375, "hip hop": 0.125}


def test_what_was_played_a_half_life_ago_counts_half():
    profile = profile_of(person(played("New", 20), played("Old", 40, ago=180), played("Third", 40)))
    assert {each.name: each.share for each in profile.top_artists} == {"New": 0.25, "Old": 0.25, "Third": 0.5}


def test_tracks_are_shares_of_all_that_was_played_by_the_names_they_had_last():
    pieces = [
        piece("River", 20),
        piece("Carey", 20, ago=180),
        piece("Carey", 10)._replace(title="Carey (2021 Remaster)"),
        piece("Long ago", 900, ago=3 * 365),
    ]
    profile = profile_of(person(*(played(name, 20) for name in ARTISTS), pieces=pieces))
    assert [(each.title, each.share) for each in profile.top_tracks] == [
        ("Carey (2021 Remaster)", 0.3333),
        ("River", 0.3333),
    ]
    assert profile_of(person(*(played(name, 20) for name in ARTISTS))).top_tracks == []


def test_no_more_than_fifty_tracks_are_told():
    pieces = [piece(f"Track {number}", number + 1) for number in range(60)]
    told = profile_of(person(played("One", 1830), pieces=pieces)).top_tracks
    assert [each.title for each in told] == [f"Track {number}" for number in range(59, 9, -1)]


def test_nothing_from_before_the_window_counts_and_silence_changes_nothing():
    recent = [played(name) for name in ARTISTS]
    old = played("Forgotten", 10_000, ago=3 * 365)
    assert profile_of(person(*recent, old)) == profile_of(person(*recent))


def test_an_axis_is_told_with_how_sure_it_is():
    energy = next(each for each in profile_of(whole()).mood if each.axis == "energy")
    assert (energy.value, energy.coverage, energy.basis) == (0.375, 0.8, "estimated")
    assert 0 < energy.confidence < energy.coverage
    assert energy.spread == pytest.approx(0.3031, abs=1e-4)


def test_diversity_is_how_many_equals_are_as_diverse():
    profile = profile_of(person(*(played(f"Artist {each}", 10) for each in range(8))))
    assert (profile.diversity.entropy, profile.diversity.effective, profile.diversity.evenness) == (3.0, 8.0, 1.0)


def test_hours_and_weekdays_are_shares_of_the_listener_s_clock():
    hours = {LAST: [0] * 20 + [30] + [0] * 3, LAST - timedelta(days=1): [10] + [0] * 23}
    told = profile_of(whole(hours=hours)).time_of_day
    assert (len(told.hours), len(told.weekdays)) == (24, 7)
    assert told.hours[20] == told.weekdays[LAST.weekday()] == pytest.approx(0.75, abs=0.01)


def test_loved_and_disliked_are_the_rated_ones_and_of_two_ratings_the_last_stands():
    judgements = [judged("Blue", 9), judged("Homework", 3, week=2), judged("Homework", 4, week=3), judged("Mid", 7)]
    profile = profile_of(whole(judgements=judgements))
    assert [(each.title, each.rating) for each in profile.loved] == [("Blue", 4.5)]
    assert [(each.title, each.rating) for each in profile.disliked] == [("Homework", 2.0)]
    assert profile.rated == 4


@pytest.mark.parametrize("plays", [[], [played("One", 29)], [played("One", 500), played("Two", 500)]])
def test_too_little_is_said_to_be_too_little_and_nothing_is_guessed(plays):
    profile = profile_of(person(*plays, albums=FOLK))
    assert (profile.enough, profile.genres, profile.mood, profile.diversity) == (False, [], [], None)
    assert profile.sentence.startswith("Not enough to say")
    assert len(profile.top_artists) == len(plays)


NAMES = st.sampled_from(["One", "Two", "Three", "Four", "Five"])
PIECES = st.builds(piece, NAMES, st.integers(1, 50), ago=st.integers(0, 900))
PLAYS = st.builds(played, NAMES, st.integers(1, 50), ago=st.integers(0, 900), album=st.sampled_from(["Blue", None]))


@settings(deadline=None)
@given(st.lists(PLAYS, max_size=30), st.lists(PIECES, max_size=30), st.randoms(use_true_random=False))
def test_in_whatever_order_the_same_evidence_gives_the_same_bytes(plays, pieces, chance):
    random.Random.shuffle(chance, other := [*plays])
    random.Random.shuffle(chance, others := [*pieces])
    heard = ((plays, pieces), (other, others))
    one, two = (profile_of(person(*first, pieces=second, albums=FOLK | TECHNO)) for first, second in heard)
    assert one.model_dump_json() == two.model_dump_json()


@settings(deadline=None)
@given(st.lists(PLAYS, min_size=1, max_size=30), st.integers(2, 9))
def test_who_plays_all_of_it_more_often_has_the_same_taste(plays, times):
    more = [each._replace(plays=each.plays * times) for each in plays]
    one, two = (profile_of(person(*each)) for each in (plays, more))
    assert [(each.id, each.share) for each in one.top_artists] == [(each.id, each.share) for each in two.top_artists]


def test_what_is_other_evidence_has_another_hash():
    seen = {profile_of(each).inputs_hash for each in (whole(), whole(judgements=[judged("Blue", 9)]), person())}
    assert len(seen) == 3
