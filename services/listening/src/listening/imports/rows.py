"""What a file tells: listens, and what it holds besides, each with the reason why it is none. No I/O here."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pydantic import ValidationError

from contracts.importing import Reason
from contracts.listens import TrackSaid
from listening.names.store import Said

# Whatever is heard for less counts nowhere: Spotify and Last.fm draw the line there, too.
LEAST_MS = 30_000
LONGEST_MS = 2_073_600_000


class Row(NamedTuple):
    """A listen of a file. Lengths in ms: `listened_ms` is how long was listened, the track's own is in `said`."""

    at: datetime
    said: Said
    source: str
    listened_ms: int | None = None
    raw: Mapping[str, Any] | None = None


class Rejected(NamedTuple):
    why: Reason


Read = Row | Rejected
UNREADABLE = Rejected("unreadable")


def row(  # noqa: PLR0913 — what a listen is made of
    source: str,
    at: datetime | None,
    *,
    artist: Any,
    title: Any,
    album: Any = None,
    length_ms: Any = None,
    listened_ms: int | None = None,
    raw: Mapping[str, Any] | None = None,
) -> Read:
    """A listen, as far as it is one. Without an album's name it has none; of a senseless length nothing is kept."""
    if at is None:
        return Rejected("no_time")
    named = album if isinstance(album, str) and album.strip() else None
    told = {"title": title, "artist": artist, "album": named, "duration_ms": _plausible(length_ms)}
    try:
        said = TrackSaid.model_validate(told)
    except ValidationError:
        return Rejected("no_names")
    return Row(at, Said.of(said), source, _plausible(listened_ms), raw)


def number(told: Any) -> int | None:
    """Of a number, or of text that spells one; None for anything else."""
    if isinstance(told, bool) or not isinstance(told, int | float | str):
        return None
    try:
        return int(told) if not isinstance(told, str) else int(told[:40])
    except (ValueError, OverflowError):
        return None


def since_1970(told: Any) -> datetime | None:
    """The moment that so many seconds are, to the second."""
    seconds = number(told)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, ValueError, OSError):
        return None


def written(told: Any, form: str) -> datetime | None:
    """The moment that stands there in this form, in UTC."""
    try:
        return datetime.strptime(told, form).replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return None


def text(told: Any) -> str | None:
    return told if isinstance(told, str) and told.strip() else None


def in_ms(seconds: Any) -> int | None:
    """Of seconds, which may have a fraction."""
    try:
        told = float(seconds)
    except (TypeError, ValueError):
        return None
    return round(told * 1000) if math.isfinite(told) else None


def _plausible(told: Any) -> int | None:
    ms = number(told)
    return ms if ms is not None and 1 <= ms <= LONGEST_MS else None
