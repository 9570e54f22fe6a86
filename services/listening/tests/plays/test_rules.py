"""Which sightings are of one play."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.naming import messy_track_id
from listening.plays.keys import ListenKey, key_of, listen_id, play_id
from listening.plays.names import same_artist, title_key
from listening.plays.rules import Seen, plays_of

EVENING = datetime(2025, 11, 18, 20, 0, tzinfo=UTC)


def seen(source, seconds, title="Blue", artist="Joni Mitchell", **lengths):
    at = EVENING + timedelta(seconds=seconds)
    return Seen(ListenKey(at, messy_track_id(artist, title, None), source), artist, title_key(title), **lengths)


def shape(sightings, decisions=None):
    """The plays, each as the places of its sightings."""
    place = {each.key: index for index, each in enumerate(sightings)}
    return sorted(sorted(place[m.key] for m in play.members) for play in plays_of(sightings, decisions or {}))


def test_two_sources_that_saw_one_song_54_seconds_apart_saw_one_play():
    assert shape([seen("lastfm", 0), seen("spotify", 54 + 180, length_ms=180_000)]) == [[0, 1]]


def test_one_source_is_believed_in_whatever_it_tells_twice():
    loop = [seen("lastfm", 15 * each, length_ms=15_000) for each in range(100)]
    assert shape(loop) == [[each] for each in range(100)]


def test_a_short_song_on_a_loop_is_as_many_plays_as_each_of_two_sources_saw():
    length = {"length_ms": 15_000}
    first = [seen("lastfm", 15 * each, **length) for each in range(40)]
    second = [seen("maloja", 15 * each + 2, **length) for each in range(40)]
    assert shape([*first, *second]) == [[each, each + 40] for each in range(40)]


def test_a_song_put_on_again_is_another_play():
    length = {"length_ms": 180_000}
    assert shape([seen("lastfm", 0, **length), seen("maloja", 180, **length)]) == [[0], [1]]


def test_two_songs_of_one_second_are_two_plays():
    assert shape([seen("lastfm", 0), seen("maloja", 0, "River")]) == [[0], [1]]


def test_three_sources_may_have_seen_one_play_and_the_first_stamped_says_when_it_began():
    three = [
        seen("spotify", 182, length_ms=180_000),
        seen("lastfm", 1),
        seen("navidrome", 3, length_ms=180_000, has_album=True),
    ]
    [play] = plays_of(three, {})
    assert (play.started_at, play.anchor.source, play.ms) == (EVENING + timedelta(seconds=3), "navidrome", 180_000)
    assert {key.source for key in play.links} == {"spotify", "lastfm"}
    assert all(0 < each.score <= 1 for each in play.links.values())


def test_what_its_owner_decided_stands_over_every_rule():
    one, other, far = seen("lastfm", 0), seen("maloja", 4), seen("spotify", 9_000)
    pair = (one.key, other.key)
    assert shape([one, other]) == [[0, 1]]
    assert shape([one, other], {pair: False}) == [[0], [1]]
    assert shape([one, other, far], {(one.key, far.key): True}) == [[0, 1, 2]]


SOURCES = st.sampled_from(["lastfm", "maloja", "spotify", "listenbrainz", "spotify-account"])
SIGHTINGS = st.lists(
    st.builds(
        seen,
        SOURCES,
        st.integers(0, 1_500),
        st.sampled_from(["Blue", "Blue (2021 Remaster)", "River"]),
        st.sampled_from(["Joni Mitchell", "Joni Mitchell & James Taylor"]),
        length_ms=st.sampled_from([None, 15_000, 180_000]),
    ),
    max_size=14,
    unique_by=lambda each: each.key,
)


@given(SIGHTINGS, st.randoms(use_true_random=False))
def test_the_order_in_which_they_came_makes_no_difference(sightings, chance):
    shuffled = random.Random(chance.random()).sample(sightings, len(sightings))
    assert plays_of(sightings, {}) == plays_of(shuffled, {})


@given(SIGHTINGS)
def test_every_sighting_is_of_one_play_and_no_play_has_two_of_a_source(sightings):
    plays = plays_of(sightings, {})
    assert sorted(m.key for play in plays for m in play.members) == sorted(each.key for each in sightings)
    assert all(len({m.source for m in play.members}) == len(play.members) for play in plays)


@given(SIGHTINGS, st.data())
def test_what_is_held_apart_never_comes_together(sightings, data):
    keys = sorted(each.key for each in sightings)
    pairs = data.draw(st.lists(st.sampled_from([*pairwise(keys)]), max_size=4)) if len(keys) > 1 else []
    for play in plays_of(sightings, dict.fromkeys(pairs, False)):
        members = {m.key for m in play.members}
        assert not any({*pair} <= members for pair in pairs)


@given(SIGHTINGS)
def test_a_listen_s_id_says_what_it_is(sightings):
    for each in sightings:
        assert key_of(listen_id(each.key)) == each.key


@pytest.mark.parametrize("word", ["", "x", "!!!", "é", "A" * 31, "A" * 33, "_" * 60])
def test_a_word_that_is_no_listen_is_refused(word):
    with pytest.raises(ValueError):  # noqa: PT011 — of any kind: whoever asks says what it means
        key_of(word)


def test_plays_lie_in_the_order_of_their_ids():
    user = messy_track_id("a", "b", None)
    ids = [play_id(user, EVENING + timedelta(milliseconds=each), seen("lastfm", 0).key) for each in range(50)]
    assert ids == sorted(ids)
    assert {each.version for each in ids} == {7}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Blue", "BLUE (Remastered)"),
        ("Jóga", "Joga"),
        ("All The Stars (with SZA)", "All the Stars"),
        ("Feel Good Inc. (feat. De La Soul)", "Feel Good Inc"),
        ("Smells Like Teen Spirit (Official Music Video)", "Smells Like Teen Spirit"),
    ],
)
def test_spellings_of_one_title(one, other):
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(("one", "other"), [("Blue", "Blue (Live)"), ("Blue", "Blue Boy"), ("Intro", "Outro")])
def test_titles_of_different_recordings(one, other):
    assert title_key(one) != title_key(other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Tyler, The Creator", "Tyler, The Creator", 1),
        ("AC/DC", "ac dc", 1),
        ("小椋 佳", "小椋佳", 1),
        ("Gorillaz feat. De La Soul", "Gorillaz", 1),
        ("Kendrick Lamar, SZA", "Kendrick Lamar & SZA", 0.9),
        ("Urge Overkill", "Various Artists", 0.8),
        ("Blue", "Joni Mitchell", 0),
        ("The The", "The Band", 0),
        ("!!!", "Chic", 0),
    ],
)
def test_how_alike_two_artists_are(one, other, same):
    assert same_artist(one, other) == same_artist(other, one) == same
