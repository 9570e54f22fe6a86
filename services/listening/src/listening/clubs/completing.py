"""Telling that somebody has heard an album whole, of what happened lately, and that it is so no longer."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ARRAY, Uuid, bindparam, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.announcer import Announcer
from chassis.db import first_version, next_version
from chassis.outbox import publish
from contracts.ids import AlbumId, TrackId, UserId
from contracts.listening import AlbumCompleted
from listening.clubs.rules import Progress, progress
from listening.clubs.store import album_meant, plays_of_album
from listening.models import Completion

# Of what is imported from years ago nobody is told.
LATELY = timedelta(days=8)

_DOUBT = text("""
    UPDATE completions AS c SET doubted = true
    FROM unnest(:users, :messy) AS gone(user_id, messy_id), messy_tracks AS m, albums AS a
    WHERE c.user_id = gone.user_id AND NOT c.withdrawn AND NOT c.doubted AND m.id = gone.messy_id
        AND a.id = coalesce((SELECT survivor_id FROM album_aliases WHERE old_id = c.album_id), c.album_id)
        AND m.track_id = ANY(a.tracks)
""").bindparams(bindparam("users", type_=ARRAY(Uuid)), bindparam("messy", type_=ARRAY(Uuid)))


async def doubt(tx: AsyncSession, lost: Collection[tuple[UserId, TrackId]]) -> None:
    """Albums of which these messy tracks are, each played less often than before, are looked at again."""
    if lost:
        told = {"users": [user_id for user_id, _ in lost], "messy": [messy_id for _, messy_id in lost]}
        await tx.execute(_DOUBT, told)


async def tell_completed(tx: AsyncSession, user_id: UserId, day: date, albums: Collection[AlbumId]) -> None:
    """Of albums that were played on a day, and of those that are doubted."""
    await _tell_doubted(tx, user_id)
    if day < (datetime.now(UTC) - LATELY).date():
        return
    standing = select(Completion.album_id).where(Completion.user_id == user_id, Completion.withdrawn.is_(False))
    known = {*(await tx.scalars(standing))}
    for album_id in sorted(set(albums) - known):
        means, found = await _heard(tx, user_id, album_id)
        if found and found.completed_at and found.completed_at.date() >= day - timedelta(days=1):
            await _tell(tx, user_id, means, found.completed_at, in_order=bool(found.in_order))


async def _heard(tx: AsyncSession, user_id: UserId, album_id: AlbumId) -> tuple[AlbumId, Progress | None]:
    """Which album that is now, and how much of it was heard, if its tracklist is known."""
    ids, tracks = await album_meant(tx, album_id)
    return ids[0], progress(tracks, await plays_of_album(tx, ids, tracks, user_id)) if tracks else None


async def _tell(tx: AsyncSession, user_id: UserId, album_id: AlbumId, at: datetime, *, in_order: bool) -> None:
    told = {"completed_at": at, "in_order": in_order, "withdrawn": False}
    row = insert(Completion).values(user_id=user_id, album_id=album_id, version=first_version(), **told)
    again = told | {"version": next_version(Completion.__table__.c.version)}
    first = row.on_conflict_do_update(
        index_elements=["user_id", "album_id"], set_=again, where=Completion.withdrawn.is_(True)
    )
    changed = await tx.scalar(first.returning(Completion).execution_options(populate_existing=True))
    if changed is not None:
        await publish(tx, state(changed))


async def _tell_doubted(tx: AsyncSession, user_id: UserId) -> None:
    """One that is being doubted just now is looked at with the day that is told of it next."""
    doubted = select(Completion).where(Completion.user_id == user_id, Completion.doubted).order_by(Completion.album_id)
    for row in (await tx.scalars(doubted.with_for_update(skip_locked=True))).all():
        _, found = await _heard(tx, user_id, row.album_id)
        row.doubted = False
        if found and found.completed_at is None:
            row.withdrawn, row.version = True, next_version(Completion.__table__.c.version)
            await tx.flush()
            await tx.refresh(row)
            await publish(tx, state(row))


def state(completion: Completion) -> AlbumCompleted:
    return AlbumCompleted.model_validate(completion)


async def states(_: AsyncSession, completions: Sequence[Completion]) -> list[AlbumCompleted]:
    return [state(each) for each in completions]


announcer = Announcer(AlbumCompleted, Completion, states)
