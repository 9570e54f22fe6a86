"""Spotify's files: the extended streaming history, and that of the account data. No I/O here.

What counts: music that was heard for 30 s at least, however it ended. What was heard in a private session does not.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from listening.imports.rows import LEAST_MS, UNREADABLE, Read, Rejected, number, row, since_1970, text, written

EXTENDED, ACCOUNT = "spotify-export", "spotify-account"
# Older files tell `offline_timestamp` in milliseconds, newer ones in seconds.
MILLISECONDS_FROM = 100_000_000_000
OTHER_THAN_MUSIC = ("episode_name", "spotify_episode_uri", "audiobook_title", "audiobook_uri", "audiobook_chapter_uri")


def extended(told: Any) -> Read:
    """Of `Streaming_History_Audio_….json`, and of the older `endsong_….json`."""
    if not isinstance(told, Mapping):
        return UNREADABLE
    listened = number(told.get("ms_played"))
    if (why := _no_listen(told, text(told.get("master_metadata_track_name")), listened)) is not None:
        return why
    uri = text(told.get("spotify_track_uri"))
    return row(
        EXTENDED,
        _ended(told, listened or 0),
        artist=told.get("master_metadata_album_artist_name"),
        title=told.get("master_metadata_track_name"),
        album=told.get("master_metadata_album_album_name"),
        listened_ms=listened,
        raw={"spotify_track_uri": uri} if uri and len(uri) < 100 and uri.isascii() and uri.isprintable() else None,  # noqa: PLR2004 — no uri is as long
    )


def account(told: Any) -> Read:
    """Of `StreamingHistory….json`: no album, and times to the minute."""
    if not isinstance(told, Mapping):
        return UNREADABLE
    listened = number(told.get("msPlayed"))
    if (why := _no_listen(told, text(told.get("trackName")), listened)) is not None:
        return why
    at = written(told.get("endTime"), "%Y-%m-%d %H:%M")
    return row(ACCOUNT, at, artist=told.get("artistName"), title=told.get("trackName"), listened_ms=listened)


def _no_listen(told: Mapping[str, Any], title: str | None, listened: int | None) -> Rejected | None:
    if title is None and any(told.get(each) for each in (*OTHER_THAN_MUSIC, "podcastName", "audiobookName")):
        return Rejected("not_music")
    if told.get("incognito_mode") is True:
        return Rejected("private_session")
    if listened is None:
        return UNREADABLE
    return Rejected("too_short") if listened < LEAST_MS else None


def _ended(told: Mapping[str, Any], listened_ms: int) -> datetime | None:
    """When it stopped playing: `ts`, which of what was played offline may be when the device was online again."""
    ts = _moment(told.get("ts"))
    began = number(told.get("offline_timestamp")) or 0
    if ts is None or told.get("offline") is not True or began <= 0:
        return ts
    # To the second in both, so that the older and the newer file tell of one listen.
    start = since_1970(began // 1000 if began >= MILLISECONDS_FROM else began)
    return ts if start is None else min(ts, start + timedelta(seconds=listened_ms // 1000))


def _moment(told: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(told)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
