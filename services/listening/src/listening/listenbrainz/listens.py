"""One listen of a submission: read as leniently as is honest, or skipped in the words of ListenBrainz. No I/O here."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from contracts.listens import Raw, TrackSaid, When
from contracts.text import tidy
from listening.listenbrainz.rules import Kind

LONGEST_S = 24 * 24 * 60 * 60
LENGTHS = {"duration": (LONGEST_S, 1000), "duration_ms": (LONGEST_S * 1000, 1)}
MOST_TAGS, LONGEST_TAG, LONGEST_CLIENT = 50, 64, 100
MBIDS = ("release_mbid", "recording_mbid", "release_group_mbid", "track_mbid")
LISTS_OF_MBIDS = ("artist_mbids", "work_mbids")

_WHEN: TypeAdapter[datetime] = TypeAdapter(When)
_RAW: TypeAdapter[dict[str, Any]] = TypeAdapter(Raw)


class Unfit(Exception):
    """A listen that cannot be kept; why, as ListenBrainz says it."""


@dataclass(frozen=True)
class Told:
    """A listen that can be read. `listened_at` is in whole seconds, and missing from what plays just now."""

    track: TrackSaid
    listened_at: datetime | None
    client: str | None = None
    info: Mapping[str, Any] = field(default_factory=dict)


def read_listen(item: Any, kind: Kind) -> Told:
    """Raises Unfit."""
    if not isinstance(item, dict) or not item:
        raise Unfit("Listen is empty and cannot be validated.")
    at = None if kind == "playing_now" else _moment(item)
    if at is None and "listened_at" in item:
        raise Unfit("JSON document must not contain listened_at while submitting playing_now.")
    metadata = _metadata(item, kind)
    names = {key: _text(metadata, key) for key in ("track_name", "artist_name", "release_name")}
    given = metadata.get("additional_info")
    info = dict(given) if isinstance(given, dict) else {}
    _check_tags(info)
    length = _length(info)
    info = _with_good_mbids(info)
    _check_nul(item)
    return Told(_track(names, length), at, _client(info), _storable(info))


def _moment(item: Mapping[str, Any]) -> datetime:
    if "listened_at" not in item:
        raise Unfit("JSON document must contain the key listened_at at the top level.")
    try:
        return _WHEN.validate_python(item["listened_at"]).astimezone(UTC).replace(microsecond=0)
    except (ValidationError, OverflowError) as error:
        raise Unfit("JSON document must contain an int value for listened_at.") from error


def _metadata(item: Mapping[str, Any], kind: Kind) -> Mapping[str, Any]:
    if "track_metadata" not in item:
        raise Unfit("JSON document must contain the key track_metadata at the top level.")
    if kind == "playing_now" and len(item) > 1:
        raise Unfit("JSON document may only contain track_metadata as top level key when submitting playing_now.")
    if len(item) > 2:  # noqa: PLR2004 — the two that are named
        raise Unfit("JSON document may only contain listened_at and track_metadata top level keys")
    metadata = item["track_metadata"]
    if not isinstance(metadata, dict):
        raise Unfit("JSON document may not have track_metadata with null value.")
    return metadata


def _text(metadata: Mapping[str, Any], key: str) -> str | None:
    if key not in metadata:
        if key == "release_name":
            return None
        raise Unfit(f"JSON document does not contain required field track_metadata.{key}.")
    text = metadata[key]
    if key == "release_name" and (text is None or text == ""):
        return None
    if not isinstance(text, str):
        raise Unfit(f"track_metadata.{key} must be a single string.")
    if not text.strip():
        # Of an album nobody need know the name.
        if key == "release_name":
            return None
        raise Unfit(f"field track_metadata.{key} is empty.")
    return text


def _check_tags(info: Mapping[str, Any]) -> None:
    tags = info.get("tags")
    if not isinstance(tags, list):
        return
    if len(tags) > MOST_TAGS:
        raise Unfit(
            f"JSON document may not contain more than {MOST_TAGS} items in track_metadata.additional_info.tags."
        )
    if any(isinstance(tag, str) and len(tag) > LONGEST_TAG for tag in tags):
        raise Unfit(
            f"JSON document may not contain track_metadata.additional_info.tags longer than {LONGEST_TAG} characters."
        )


def _length(info: Mapping[str, Any]) -> int | None:
    """In milliseconds."""
    told = [key for key in LENGTHS if info.get(key) not in (None, "")]
    if len(told) > 1:
        raise Unfit("JSON document should not contain both duration and duration_ms.")
    for key in told:
        longest, unit = LENGTHS[key]
        number = _number(info[key])
        if number is None or number <= 0:
            raise Unfit(f"Value for {key} is invalid, should be a positive integer.")
        if number > longest:
            raise Unfit(f"Value for {key} is too large, max permitted value is {longest}")
        return number * unit
    return None


def _number(told: Any) -> int | None:
    """Some clients send it as text, or with a fraction."""
    if isinstance(told, bool) or not isinstance(told, int | float | str):
        return None
    try:
        number = float(told)
    except ValueError:
        return None
    return int(number) if math.isfinite(number) else None


def _with_good_mbids(info: Mapping[str, Any]) -> dict[str, Any]:
    """Without those that are left blank."""
    kept = dict(info)
    for key in MBIDS:
        if key in kept and not kept[key]:
            del kept[key]
        elif key in kept and not _is_uuid(kept[key]):
            raise Unfit(f"{key} MBID format invalid.")
    for key in LISTS_OF_MBIDS:
        several = kept.pop(key, None)
        if several and not (isinstance(several, list) and all(_is_uuid(each) for each in several if each)):
            raise Unfit(f"{key} MBID format invalid.")
        if several:
            kept[key] = [each for each in several if each]
    return kept


def _is_uuid(text: Any) -> bool:
    try:
        return isinstance(text, str) and UUID(text) is not None
    except ValueError:
        return False


def _check_nul(item: Any) -> None:
    waiting = [item]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting.extend([*each, *each.values()])
        elif isinstance(each, list):
            waiting.extend(each)
        elif isinstance(each, str) and "\0" in each:
            raise Unfit(f"{each[:100]} contains a unicode null")


def _track(names: Mapping[str, str | None], length: int | None) -> TrackSaid:
    spelled = {"title": names["track_name"], "artist": names["artist_name"], "album": names["release_name"]}
    try:
        return TrackSaid.model_validate(spelled | {"duration_ms": length})
    except ValidationError as error:
        wrong = {str(each["loc"][0]) for each in error.errors()}
        if wrong == {"album"}:
            # Nobody has an album that is called so; the track is one all the same.
            return _track({**names, "release_name": None}, length)
        key = "track_name" if "title" in wrong else "artist_name"
        raise Unfit(f"field track_metadata.{key} is too long.") from error


def _client(info: Mapping[str, Any]) -> str | None:
    named = next((info[key] for key in ("submission_client", "media_player") if info.get(key)), None)
    return tidy(named)[:LONGEST_CLIENT].strip() or None if isinstance(named, str) else None


def _storable(info: dict[str, Any]) -> dict[str, Any]:
    """What is too large to be kept is only left aside: the listen itself is not."""
    try:
        return _RAW.validate_python(info)
    except (ValidationError, RecursionError):
        return {}
