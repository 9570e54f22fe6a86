"""What listening is told of listens, and what it answers: one item of a batch costs the others nothing."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BeforeValidator,
    Field,
    JsonValue,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from contracts.batches import OrWhy
from contracts.event import Message, Request
from contracts.identity import UserIn
from contracts.ids import SpotifyId, TrackId
from contracts.text import Name, Title

MOST, LARGEST = 1000, 10_240
EXAMPLE = {
    "track": {"title": "A Case of You", "artist": "Joni Mitchell", "album": "Blue", "duration_ms": 262_000},
    "listened_at": "2025-11-18T20:14:03Z",
    "source": "lastfm",
}

# Who saw it. Those that stamp the end of a play instead of its beginning are known by these names.
Source = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$"), Field(examples=["lastfm"])]
END_STAMPED = frozenset({"spotify", "spotify-export", "spotify-account"})
Outcome = Literal["inserted", "duplicate", "rejected", "quarantined"]
Milliseconds = Annotated[
    int, Field(strict=True, ge=1, le=2_073_600_000, description="In milliseconds; 24 days at most.")
]
Isrc = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$", to_upper=True)]
# Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by how large they are until the year 5138.
SCALES = ((1e11, 1), (1e14, 1_000), (1e17, 1_000_000), (1e20, 1_000_000_000))


def moment(value: Any) -> Any:
    """A time as clients spell it: RFC 3339, or a number since 1970, which may be text. Raises ValueError."""
    number = _number(value)
    if number is None:
        return value
    divisor = next((each for limit, each in SCALES if abs(number) < limit), None)
    if divisor is None or not math.isfinite(number):
        raise ValueError("This is no time.")
    try:
        return datetime.fromtimestamp(number / divisor, tz=UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("This is no time.") from error


def _number(value: Any) -> float | int | None:
    if isinstance(value, bool):
        raise ValueError("This is no time.")  # noqa: TRY004 — pydantic takes no TypeError for a refusal
    if isinstance(value, int | float):
        return value
    if isinstance(value, str) and value.strip().replace(".", "", 1).lstrip("-").isdecimal() and value.isascii():
        return float(value) if "." in value else int(value[:40])
    return None


When = Annotated[
    AwareDatetime,
    BeforeValidator(moment),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "number"}]}),
    Field(description="RFC 3339 with an offset, or a number of seconds, ms, µs or ns since 1970."),
]


def _storable(raw: Any) -> Any:
    try:
        size = len(json.dumps(raw, allow_nan=False, ensure_ascii=False).encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError("This is not JSON that can be kept.") from error
    if size > LARGEST:
        raise ValueError(f"A listen may carry {LARGEST} bytes along.")
    if _has_nul(raw):
        raise ValueError("Text cannot contain a NUL character.")
    return raw


def _has_nul(value: Any) -> bool:
    # Step by step: lists in lists may lie deeper than calls can.
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str) and "\0" in each:
            return True
        if isinstance(each, Mapping):
            waiting.extend([*each.keys(), *each.values()])
        elif isinstance(each, list):
            waiting.extend(each)
    return False


# What a source said besides, as it came: kept for a while, in case it can be read better one day.
Raw = Annotated[dict[str, JsonValue], BeforeValidator(_storable)]


class TrackSaid(Request):
    """A track as a source spells it, with whatever ids it knows."""

    title: Title
    artist: Title
    album: Title | None = None
    duration_ms: Milliseconds | None = None
    mbid: UUID | None = None
    isrc: Isrc | None = None
    spotify_id: SpotifyId | None = None


class ListenIn(Request):
    """A listen as one source saw it. `duration_ms` is how long was listened; `track_id` is one of ours."""

    user: UserIn | None = None
    track: TrackSaid | None = None
    track_id: TrackId | None = None
    listened_at: When
    source: Source
    duration_ms: Milliseconds | None = None
    client: Name | None = None
    raw: Raw | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "ListenIn":
        if (self.track is None) == (self.track_id is None):
            raise ValueError("Name the track by its names or by track_id, one of the two.")
        return self


class ListensIn(Request, json_schema_extra={"examples": [{"listens": [EXAMPLE]}]}):
    """In any order, and the same one as often as it comes."""

    listens: list[Annotated[ListenIn, OrWhy]] = Field(min_length=1, max_length=MOST)


class ItemTold(Message):
    """What became of one item that was not simply inserted."""

    index: int
    outcome: Outcome
    code: str
    detail: str


class TakenIn(Message):
    """`received` is the sum of the other four. `items` are those that were not inserted, in their order."""

    received: int
    inserted: int
    duplicate: int
    rejected: int
    quarantined: int
    items: list[ItemTold] = Field(max_length=MOST)
