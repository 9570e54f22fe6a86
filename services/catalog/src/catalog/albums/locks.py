"""Whoever makes or renames an album first locks what it may be known by: two at once cannot both find it missing."""

import hashlib
from uuid import UUID

from sqlalchemy import BigInteger, Select, func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import AlbumId
from contracts.naming import album_key, match_artist


async def lock_names(tx: AsyncSession, title: str, artist: str, mbid: UUID | None, spotify_id: str | None) -> None:
    """Until `tx` ends. All at once and in one order, so that no two transactions wait for each other."""
    names = [f"album:{album_key(title, artist)}", f"artist:{match_artist(artist)}"]
    names += [f"mbid:{mbid}"] if mbid else []
    names += [f"spotify:{spotify_id}"] if spotify_id else []
    await tx.execute(_lock(*names))


async def lock_changes(tx: AsyncSession, album_id: AlbumId) -> None:
    """Only one change of an album at a time, from before its present names are read. Taken before any name."""
    await tx.execute(_lock(f"change:{album_id}"))


def _lock(*names: str) -> Select[None]:
    # Sorted by number, not by name: that is the order in which they are waited for.
    numbers = array(sorted(map(_number, names)), type_=BigInteger)
    return select(func.pg_advisory_xact_lock(func.unnest(numbers).column_valued("number")))


def _number(name: str) -> int:
    digest = hashlib.sha256(f"catalog:{name}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
