"""Whoever makes or renames an album first locks what it may be known by: two at once cannot both find it missing."""

import hashlib
from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import BigInteger, CompoundSelect, bindparam, func, select, union_all
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.adopting import AlbumToAdopt
from contracts.ids import AlbumId
from contracts.naming import album_key, match_artist

_ALL = select(func.pg_advisory_xact_lock(bindparam("number", type_=BigInteger)))


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


async def lock_all(tx: AsyncSession, names: Iterable[str]) -> None:
    """Any names, of albums, artists and tracks, as the others write them."""
    await tx.execute(_lock(*names))


def names_of(title: str, artist: str, mbid: UUID | None, spotify_id: str | None) -> Iterator[str]:
    """What an album of this title and artist line is locked by."""
    return _names(title, [artist], artist, mbid, spotify_id)


def _names(title: str, artists: Iterable[str], line: str, mbid: UUID | None, spotify_id: str | None) -> Iterator[str]:
    yield f"album:{album_key(title, line)}"
    yield from (f"artist:{match_artist(artist)}" for artist in artists)
    if mbid:
        yield f"mbid:{mbid}"
    if spotify_id:
        yield f"spotify:{spotify_id}"


async def lock_all_names(tx: AsyncSession) -> None:
    """For who would need too many, or cannot know which: one at a time, and nobody locks a name meanwhile.

    So do many tracks at once, and merges, which change whose every name and id is. Whoever locked a name first and
    reads afterwards sees no merge half done, and none begins until they have ended.

    Taken before any other lock, and by short transactions that ask nobody else.
    """
    await tx.execute(_ALL, {"number": _number("all names")})


def _lock(*names: str) -> CompoundSelect[None]:
    # Sorted by number, not by name: that is the order in which they are waited for.
    numbers = array(sorted(map(_number, names)), type_=BigInteger)
    first = select(func.pg_advisory_xact_lock_shared(_number("all names")))
    return union_all(first, select(func.pg_advisory_xact_lock(func.unnest(numbers).column_valued("number"))))


def _number(name: str) -> int:
    digest = hashlib.sha256(f"catalog:{name}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
