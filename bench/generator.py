"""A club's listening history, made by a seed: sessions of a few artists, a long tail, and one who never stops."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple

from bench.quick import QUICK

ARTISTS, ALBUMS_EACH, TRACKS_EACH = 2_000 if QUICK else 20_000, 2, 5
PEOPLE, MOST_OF_ONE = (100, 10_000) if QUICK else (2_000, 100_000)
SYLLABLES = ["ba", "do", "fi", "gu", "ka", "le", "mi", "no", "pa", "qu", "ro", "sa", "te", "vu", "we", "zi"]


class Track(NamedTuple):
    artist: str
    title: str
    album: str
    ms: int


class Heard(NamedTuple):
    """Person and track are places in their lists."""

    person: int
    at: datetime
    track: int


def music() -> list[Track]:
    """Each artist's tracks stand together."""
    chance = Random(1)

    def name(words: int) -> str:
        return " ".join("".join(chance.choices(SYLLABLES, k=3)).title() for _ in range(words))

    tracks = []
    for artist in range(ARTISTS):
        called = f"{name(2)} {artist}"
        for _ in range(ALBUMS_EACH):
            album = name(2)
            tracks += [
                Track(called, f"{name(2)} {number}", album, chance.randrange(120, 420) * 1000)
                for number in range(TRACKS_EACH)
            ]
    return tracks


def sessions(
    tracks: list[Track], count: int, seed: int, since: datetime, days: int, *, by: range = range(PEOPLE)
) -> Iterator[Heard]:
    """`count` listens of `by`, a session after another; the first artists of the list are the most heard by far."""
    chance = Random(seed)
    per_artist = ALBUMS_EACH * TRACKS_EACH
    while count > 0:
        person = chance.choice(by)
        at = since + timedelta(seconds=chance.randrange(days * 86_400))
        artists = [int(ARTISTS * chance.random() ** 4) for _ in range(chance.randint(1, 4))]
        for _ in range(min(count, chance.randint(5, 25))):
            track = chance.choice(artists) * per_artist + int(per_artist * chance.random())
            yield Heard(person, at, track)
            at += timedelta(milliseconds=tracks[track].ms)
            count -= 1


def history(tracks: list[Track], count: int, seed: int) -> Iterator[Heard]:
    """Ten years, the last of which ends with 2025; a hundred thousand of them are the first person's."""
    since, days = datetime(2016, 1, 1, tzinfo=UTC), 3652
    one = min(count, MOST_OF_ONE)
    yield from sessions(tracks, one, seed, since, days, by=range(1))
    yield from sessions(tracks, count - one, seed + 1, since, days, by=range(1, PEOPLE))
