"""What merging albums and merging artists have in common, and what each has alone."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.albums.rules import UnknownAlbum
from catalog.artists.rules import UnknownArtist
from catalog.merging import redirects
from catalog.models import Album, AlbumAlias, AlbumArtist, Artist, ArtistAlias, PieceKind, Track, TrackArtist
from chassis.errors import NotFound
from contracts.event import Event
from contracts.naming import album_key, match_artist, search_text

# Where credits stand: the table, what names the credited piece, and of which kind that is.
CREDITS: tuple[tuple[type[Any], Any, Literal["album", "track"]], ...] = (
    (AlbumArtist, AlbumArtist.album_id, "album"),
    (TrackArtist, TrackArtist.track_id, "track"),
)


@dataclass(frozen=True)
class Noun:
    """`fills` are the columns whose gaps in the survivor the old one's word fills.

    `named` is what a row is found by, `states` the announcements of aliases.
    """

    kind: PieceKind
    table: type[Any]
    aliases: type[Any]
    unknown: type[NotFound]
    fills: tuple[str, ...]
    named: Callable[[Any], tuple[str, str, str]]
    states: Callable[[AsyncSession, Sequence[Any]], Awaitable[Sequence[Event]]]


def album_named(row: Album) -> tuple[str, str, str]:
    return row.title, album_key(row.title, row.artist), search_text(row.title, row.artist)


def artist_named(row: Artist) -> tuple[str, str, str]:
    return row.name, match_artist(row.name), search_text(row.name)


def track_named(row: Track) -> tuple[str, str, str]:
    return row.title, album_key(row.title, row.artist), search_text(row.title, row.artist)


def unfindable(piece_id: UUID) -> dict[str, str]:
    """What a merged row is found by: no name folds to this."""
    return {"match_key": f"merged:{piece_id}", "search": ""}


ALBUM = Noun(
    "album",
    Album,
    AlbumAlias,
    UnknownAlbum,
    ("year", "mbid", "spotify_id", "cover_url", "image_url", "kind", "secondary_kinds", "first_release"),
    album_named,
    redirects.album_states,
)
ARTIST = Noun(
    "artist",
    Artist,
    ArtistAlias,
    UnknownArtist,
    ("mbid", "spotify_id", "sort_name", "country", "disambiguation", "kind", "begun", "ended"),
    artist_named,
    redirects.artist_states,
)
