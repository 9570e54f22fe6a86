"""Maloja's export. No I/O here."""

from collections.abc import Mapping
from typing import Any

from listening.imports.rows import UNREADABLE, Read, in_ms, row, since_1970, text

SOURCE = "maloja"


def scrobble(told: Any) -> Read:
    """`duration` is how long was listened, the track's `length` how long it is, both in seconds."""
    track = told.get("track") if isinstance(told, Mapping) else None
    if not isinstance(track, Mapping):
        return UNREADABLE
    album = track.get("album")
    return row(
        SOURCE,
        since_1970(told.get("time")),
        artist=_joined(track.get("artists")),
        title=track.get("title"),
        album=album.get("albumtitle", album.get("name")) if isinstance(album, Mapping) else album,
        length_ms=in_ms(track.get("length")),
        listened_ms=in_ms(told.get("duration")),
    )


def _joined(artists: Any) -> str | None:
    several = artists if isinstance(artists, list) else [artists]
    return ", ".join(each.strip() for each in several if text(each)) or None
