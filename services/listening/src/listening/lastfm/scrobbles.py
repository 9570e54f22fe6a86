"""Scrobbles as a form spells them, and why one is ignored. No I/O here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from contracts.listens import Raw, TrackSaid, When
from listening.lastfm.rules import Failed

MOST, LONGEST_S = 50, 24 * 24 * 60 * 60
FIELDS = ("artist", "track", "timestamp", "album", "albumartist", "duration")
BESIDE = ("albumartist", "tracknumber", "mbid", "chosenbyuser", "context", "streamid")
_NAME = re.compile(r"([A-Za-z]+)(?:\[([0-9]{1,4})\])?")

TOO_OLD, TOO_NEW = 3, 4
IGNORED = {
    0: "",
    1: "Artist was ignored",
    2: "Track was ignored",
    TOO_OLD: "Timestamp was too old",
    TOO_NEW: "Timestamp was too new",
}

_WHEN: TypeAdapter[datetime] = TypeAdapter(When)
_RAW: TypeAdapter[dict[str, Any]] = TypeAdapter(Raw)


@dataclass(frozen=True)
class Scrobble:
    """`said` is as it came; `ignored` is the number of why it is not taken, 0 for one that may be."""

    said: Mapping[str, str]
    ignored: int = 0
    track: TrackSaid | None = None
    at: datetime | None = None
    raw: Mapping[str, Any] | None = field(default=None, compare=False)


def read_scrobbles(parameters: Mapping[str, str]) -> list[Scrobble]:
    """In their order; one alone may come without a number. Raises Failed for none, and for more than fifty."""
    numbered: dict[int, dict[str, str]] = {}
    for name, text in parameters.items():
        spelled = _NAME.fullmatch(name)
        if spelled and (key := spelled[1].lower()) in {*FIELDS, *BESIDE}:
            numbered.setdefault(int(spelled[2] or 0), {})[key] = text
    told = [numbered[number] for number in sorted(numbered) if {"artist", "track"} & numbered[number].keys()]
    if not told or len(told) > MOST:
        raise Failed(6)
    return [_timed(read_track(each)) for each in told]


def read_track(said: Mapping[str, str]) -> Scrobble:
    """Without the time, which what plays just now has not."""
    spelled = {"artist": said.get("artist", ""), "title": said.get("track", ""), "album": said.get("album") or None}
    try:
        track = TrackSaid.model_validate(spelled | {"duration_ms": _length(said.get("duration", ""))})
    except ValidationError as error:
        wrong = {each["loc"][0] for each in error.errors()}
        if wrong == {"album"}:
            return read_track({**said, "album": ""})
        return Scrobble(said, 1 if "artist" in wrong else 2)
    return Scrobble(said, track=track, raw=_beside(said))


def _timed(scrobble: Scrobble) -> Scrobble:
    if scrobble.track is None:
        return scrobble
    try:
        at = _WHEN.validate_python(scrobble.said.get("timestamp", "")).astimezone(UTC).replace(microsecond=0)
    except (ValidationError, OverflowError):
        return Scrobble(scrobble.said, TOO_OLD)
    return Scrobble(scrobble.said, 0, scrobble.track, at, scrobble.raw)


def _length(seconds: str) -> int | None:
    """In milliseconds; what is no length is as if nobody had told one."""
    whole = seconds.partition(".")[0]
    number = int(whole) if whole.isascii() and whole.isdecimal() and len(whole) <= len(str(LONGEST_S)) else 0
    return number * 1000 if 0 < number <= LONGEST_S else None


def _beside(said: Mapping[str, str]) -> Mapping[str, Any] | None:
    kept = {key: said[key] for key in BESIDE if said.get(key)}
    try:
        return _RAW.validate_python(kept) or None
    except ValidationError:
        return None
