"""Last.fm: a scrobble as its API tells it, and the files that others' tools make of these. No I/O here."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from listening.imports.rows import UNREADABLE, Read, row, since_1970, text, written

# What only tells the minute is a source of its own: beside the exact one it would be another listen.
EXACT, TO_THE_MINUTE = "lastfm", "lastfm-export"
MINUTES = "%d %b %Y %H:%M"
PARTS = 4


def scrobble(told: Any) -> Read | None:
    """Of `user.getRecentTracks`; None for what is playing just now, which every page begins with."""
    if not isinstance(told, Mapping):
        return UNREADABLE
    marks, date = told.get("@attr"), told.get("date")
    if isinstance(marks, Mapping) and marks.get("nowplaying") == "true":
        return None
    at = since_1970(date.get("uts")) if isinstance(date, Mapping) else None
    return row(EXACT, at, artist=_name(told.get("artist")), title=told.get("name"), album=_name(told.get("album")))


def page(told: Any) -> Iterator[Read]:
    """Of a file that is a list of the API's pages; a page of one scrobble may have it without its list."""
    tracks = told.get("track", UNREADABLE) if isinstance(told, Mapping) else told
    for each in tracks if isinstance(tracks, list) else [tracks]:
        if (read := scrobble(each)) is not None:
            yield read


def with_header(names: Sequence[str], line: str) -> Read:
    """Of a CSV that names its columns, among them `uts`, `artist`, `album` and `track`."""
    told = dict(zip(names, columns(line), strict=False))
    at = since_1970(told.get("uts"))
    return row(EXACT, at, artist=told.get("artist"), title=told.get("track"), album=told.get("album"))


def without_header(line: str) -> Read:
    """Of a CSV of `artist,album,title,"dd Mon YYYY HH:MM"`."""
    if len(parts := columns(line)) < PARTS:
        return UNREADABLE
    artist, album, title, moment = parts[:PARTS]
    return row(TO_THE_MINUTE, written(moment.strip(), MINUTES), artist=artist, title=title, album=album)


def columns(line: str) -> list[str]:
    """Each line by itself: a quotation mark that is never closed costs one row."""
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return []


def _name(told: Any) -> str | None:
    # With `extended=1` it is called otherwise.
    return text(told.get("#text", told.get("name"))) if isinstance(told, Mapping) else text(told)
