"""Telling that somebody has heard an album whole: once, and only of what happened lately."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import first_version
from chassis.outbox import publish
from contracts.ids import AlbumId, UserId
from contracts.listening import AlbumCompleted
from listening.clubs.rules import progress
from listening.clubs.store import album_meant, plays_of_album
from listening.models import Completion

# Of what is imported from years ago nobody is told.
LATELY = timedelta(days=8)


async def tell_completed(tx: AsyncSession, user_id: UserId, day: date, albums: Collection[AlbumId]) -> None:
    """Of albums that were played on a day."""
    if day < (datetime.now(UTC) - LATELY).date():
        return
    known = {*(await tx.scalars(select(Completion.album_id).where(Completion.user_id == user_id)))}
    for album_id in sorted(set(albums) - known):
        ids, tracks = await album_meant(tx, album_id)
        found = progress(tracks, await plays_of_album(tx, ids, tracks, user_id)) if tracks else None
        if found and found.completed_at and found.completed_at.date() >= day - timedelta(days=1):
            await _tell(tx, user_id, ids[0], found.completed_at, in_order=bool(found.in_order))


async def _tell(tx: AsyncSession, user_id: UserId, album_id: AlbumId, at: datetime, *, in_order: bool) -> None:
    row = insert(Completion).values(user_id=user_id, album_id=album_id, completed_at=at)
    first = await tx.scalar(row.on_conflict_do_nothing().returning(Completion.album_id))
    if first is not None:
        told = AlbumCompleted(
            version=await tx.scalar(select(first_version())) or 0,
            user_id=user_id,
            album_id=album_id,
            completed_at=at,
            in_order=in_order,
        )
        await publish(tx, told)
