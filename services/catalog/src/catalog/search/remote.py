"""Albums that MusicBrainz and Spotify find: nothing of it is kept until somebody chooses one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.external_ids import Named, holders
from catalog.resolve.reading import Reading, readings
from catalog.sources.answers import ReleaseGroup, SpotifyAlbum
from catalog.sources.musicbrainz import MusicBrainz
from catalog.sources.rules import SourceBroken, SourceClosed, year_of
from catalog.sources.settings import SourceSettings
from catalog.sources.spotify import spotify_of
from chassis.db import Transactions
from contracts.search import Remote, RemoteAlbum

T = TypeVar("T")
MUSICBRAINZ: Final = "musicbrainz"
SPOTIFY: Final = "spotify"
# In seconds, for both, which are asked at once: somebody waits.
PATIENCE = 3.0
MOST = 10
# A line may name the artist first or the title; what finds nothing one way is asked for the other.
WAYS = 2


@dataclass
class Heard:
    """What sources told in time, and which of them did not."""

    albums: list[RemoteAlbum] = field(default_factory=list)
    away: list[Remote] = field(default_factory=list)


async def ask(db: Transactions, settings: SourceSettings, words: str) -> Heard:
    """No transaction is open meanwhile. A source that is closed, broken or slow is away."""
    heard = Heard()
    if settings.providers != "on" or not (ways := readings(words)):
        return heard
    ways, spotify = ways[:WAYS], spotify_of(db, settings)
    asked: dict[Remote, Callable[[], Awaitable[list[RemoteAlbum]]]] = {
        MUSICBRAINZ: lambda: _first_found(MusicBrainz(db, settings).search, _of_group, ways)
    }
    if spotify is not None:
        asked[SPOTIFY] = lambda: _first_found(spotify.search, _of_album, ways)
    for source, told in zip(asked, await asyncio.gather(*map(_in_time, asked.values())), strict=True):
        if told is None:
            heard.away.append(source)
        else:
            heard.albums += told[:MOST]
    return heard


async def unknown(tx: AsyncSession, albums: Sequence[RemoteAlbum]) -> list[RemoteAlbum]:
    """Without those that an album here is known by."""
    known = await holders(tx, "album", [_named(album) for album in albums])
    return [album for album in albums if _named(album) not in known]


async def _in_time(asked: Callable[[], Awaitable[list[RemoteAlbum]]]) -> list[RemoteAlbum] | None:
    try:
        async with asyncio.timeout(PATIENCE):
            return await asked()
    except (TimeoutError, SourceClosed, SourceBroken):
        return None


async def _first_found(
    search: Callable[[str, str | None], Awaitable[list[T]]], told: Callable[[T], RemoteAlbum], ways: Sequence[Reading]
) -> list[RemoteAlbum]:
    for reading in ways:
        if found := await search(reading.title or reading.together or "", reading.artist):
            return [*map(told, found)]
    return []


def _of_group(group: ReleaseGroup) -> RemoteAlbum:
    year = year_of(group.first_release_date)
    return RemoteAlbum(source=MUSICBRAINZ, title=group.title, artist=group.line, year=year, mbid=group.id)


def _of_album(album: SpotifyAlbum) -> RemoteAlbum:
    return RemoteAlbum(
        source=SPOTIFY,
        title=album.name,
        artist=", ".join(artist.name for artist in album.artists),
        year=year_of(album.release_date),
        spotify_id=album.id,
        cover_url=album.picture,
    )


def _named(album: RemoteAlbum) -> Named:
    return (MUSICBRAINZ, str(album.mbid)) if album.mbid else (SPOTIFY, str(album.spotify_id))
