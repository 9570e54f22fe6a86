"""Albums that turned out to be one are read through: rows keep the id they came with, so that an undo is one row.

A survivor that the club has not heard of yet is nobody's meaning: until then an album is itself.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from club.models import Album, AlbumAlias
from contracts.ids import AlbumId


def meant(album_id: Any) -> ColumnElement[AlbumId]:
    """In SQL, the id of the album that the column's id means now."""
    alias, survivor = aliased(AlbumAlias), aliased(Album)
    found = select(survivor.id).join(alias, alias.survivor_id == survivor.id).where(alias.id == album_id)
    return func.coalesce(found.correlate_except(alias, survivor).scalar_subquery(), album_id)


async def standing(tx: AsyncSession, ids: Iterable[AlbumId]) -> dict[AlbumId, AlbumId]:
    """The same of each of these ids."""
    wanted = set(ids)
    merged = select(AlbumAlias.id, AlbumAlias.survivor_id).join(Album, Album.id == AlbumAlias.survivor_id)
    found = await tx.execute(merged.where(AlbumAlias.id.in_(wanted)))
    return {each: each for each in wanted} | {AlbumId(old): AlbumId(now) for old, now in found}


async def standing_album(tx: AsyncSession, album_id: AlbumId) -> AlbumId:
    return (await standing(tx, [album_id]))[album_id]
