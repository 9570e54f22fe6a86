"""What a profile is drawn from, as plain values. No I/O here."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from contracts.ids import AlbumId, ArtistId, TrackId, UserId, WeekId
from taste.profiles.genres import Parents


class Played(NamedTuple):
    """An artist on a day, off an album if it is known which: the id it means now, and the names of that day."""

    day: date
    artist_id: ArtistId
    artist: str
    album_id: AlbumId | None
    album: str | None
    plays: int


class PlayedPiece(NamedTuple):
    """A track on a day, by the names of that day; its plays are among those of its artist."""

    day: date
    track_id: TrackId
    title: str
    artist: str
    plays: int


class Sound(NamedTuple):
    """What an axis of an album is, on which part of it that is known, and whether it was measured."""

    value: float
    coverage: float
    measured: bool


class Traits(NamedTuple):
    """What an album is like; `genres` by their weights, and what they are kinds of; `sounds` by axis."""

    title: str
    artist: str
    year: int | None
    countries: tuple[str, ...]
    genres: Mapping[str, float]
    parents: Parents
    sounds: Mapping[str, Sound]


class Judgement(NamedTuple):
    """A rating in half steps, 2 to 10, of a week's winner."""

    week_id: WeekId
    album_id: AlbumId
    half_steps: int
    given_at: datetime


@dataclass(frozen=True)
class Evidence:
    """All of one person that counts, in any order."""

    user_id: UserId
    timezone: str = "UTC"
    played: Sequence[Played] = ()
    pieces: Sequence[PlayedPiece] = ()
    hours: Mapping[date, Sequence[int]] = field(default_factory=dict)
    albums: Mapping[AlbumId, Traits] = field(default_factory=dict)
    judged: Sequence[Judgement] = ()


def digest(formula: int, evidence: Evidence) -> str:
    """SHA-256 of the evidence in one spelling: alike for what is alike, in whatever order it was told."""
    spelled = [
        formula,
        str(evidence.user_id),
        evidence.timezone,
        sorted(_plain(evidence.played)),
        sorted(_plain(evidence.pieces)),
        sorted(_plain([day, *hours] for day, hours in evidence.hours.items())),
        sorted(_plain([key, *traits] for key, traits in evidence.albums.items())),
        sorted(_plain(evidence.judged)),
    ]
    return hashlib.sha256(json.dumps(spelled).encode()).hexdigest()


def _plain(rows: Any) -> list[str]:
    return [json.dumps(row, sort_keys=True, default=_word) for row in rows]


def _word(value: date | UUID) -> str:
    return str(value)
