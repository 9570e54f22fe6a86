"""Whoever makes or renames an album first locks what it may be known by: two at once cannot both find it missing."""

import hashlib
from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import BigInteger, Select, func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.catalog import AlbumToAdopt
from contracts.ids import AlbumId
from contracts.naming import album_key, match_artist


async def lock_names(tx: AsyncSession, title: str, artist: str, mbid: UUID | None, spotify_id: str | None) -> None:
    """Until `tx` ends. All at once and in one order, so that no two transactions wait for each other."""
    await tx.execute(_lock(*_names(title, [artist], artist, mbid, spotify_id)))


async def lock_adopted(tx: AsyncSession, albums: Iterable[AlbumToAdopt]) -> None:
    """The same for many, each with the artists it credits."""
    names = {
        name
        for album in albums
        for name in _names(
            album.title, [credit.name for credit in album.artists], album.artist, album.mbid, album.spotify_id
        )
    }
    await tx.execute(_lock(*names))


async def lock_changes(tx: AsyncSession, album_id: AlbumId) -> None:
    """Only one change of an album at a time, from before its present names are read. Taken before any name."""
    await tx.execute(_lock(f"change:{album_id}"))


def _names(title: str, artists: Iterable[str], line: str, mbid: UUID | None, spotify_id: str | None) -> Iterator[str]:
    yield f"album:{album_key(title, line)}"
    yield from (f"artist:{match_artist(artist)}" for artist in artists)
    if mbid:
        yield f"mbid:{mbid}"
    if spotify_id:
        yield f"spotify:{spotify_id}"


def _lock(*names: str) -> Select[None]:
    # Sorted by number, not by name: that is the order in which they are waited for.
    numbers = array(sorted(map(_number, names)), type_=BigInteger)
    return select(func.pg_advisory_xact_lock(func.unnest(numbers).column_valued("number")))


def _number(name: str) -> int:
    digest = hashlib.sha256(f"catalog:{name}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
