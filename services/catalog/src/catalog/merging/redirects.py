"""What an id means now: itself, unless it was merged. One that was merged and is itself again leads to itself."""

from collections.abc import Collection, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.models import AlbumAlias, ArtistAlias, Merge, PieceKind
from chassis.aliases import Alias, survivor_of
from chassis.db import any_of
from contracts.ids import AlbumId, ArtistId
from contracts.merging import AlbumMerged, ArtistMerged

Id = TypeVar("Id", bound=UUID)

_LED = select(AlbumAlias.id, AlbumAlias.survivor_id).where(AlbumAlias.id == any_of("ids", Uuid))


def meant(aliases: type[Alias], piece_id: UUID) -> ColumnElement[UUID]:
    """What the id means now, for a query that reads that as well: between two there might be a merge."""
    led = select(aliases.survivor_id).where(aliases.id == piece_id).scalar_subquery()
    return func.coalesce(led, piece_id)


async def standing_album(tx: AsyncSession, album_id: AlbumId) -> AlbumId:
    return await survivor_of(tx, AlbumAlias, album_id)


async def standing_albums(tx: AsyncSession, ids: Collection[AlbumId]) -> dict[AlbumId, AlbumId]:
    """What each of these means now."""
    led = await tx.execute(_LED, {"ids": [*ids]}) if ids else ()
    return {album_id: album_id for album_id in ids} | {AlbumId(old): AlbumId(survivor) for old, survivor in led}


async def standing_artist(tx: AsyncSession, artist_id: ArtistId) -> ArtistId:
    return await survivor_of(tx, ArtistAlias, artist_id)


async def standing_merge(tx: AsyncSession, kind: PieceKind, old_id: UUID) -> Merge | None:
    """The merge by which the id means another one now."""
    which = select(Merge).where(Merge.kind == kind, Merge.old_id == old_id, Merge.undone_at.is_(None))
    return await tx.scalar(which.with_for_update())


async def merged_into(tx: AsyncSession, kind: PieceKind, survivor_id: UUID) -> Sequence[UUID]:
    """All ids that lead to this one by merges that stand, however many steps away."""
    own = Merge.kind == kind, Merge.undone_at.is_(None)
    nearest = select(Merge.old_id).where(*own, Merge.survivor_id == survivor_id).cte("leading", recursive=True)
    further = select(Merge.old_id).where(*own).join(nearest, Merge.survivor_id == nearest.c.old_id)
    return (await tx.scalars(select(nearest.union(further).c.old_id))).all()


async def album_states(_: AsyncSession, rows: Sequence[AlbumAlias]) -> list[AlbumMerged]:
    return [
        AlbumMerged(album_id=AlbumId(row.id), version=row.version, survivor_id=AlbumId(into) if into else None)
        for row in rows
        for into in [_other(row)]
    ]


async def artist_states(_: AsyncSession, rows: Sequence[ArtistAlias]) -> list[ArtistMerged]:
    return [
        ArtistMerged(artist_id=ArtistId(row.id), version=row.version, survivor_id=ArtistId(into) if into else None)
        for row in rows
        for into in [_other(row)]
    ]


def _other(row: AlbumAlias | ArtistAlias) -> UUID | None:
    return None if row.survivor_id == row.id else row.survivor_id
