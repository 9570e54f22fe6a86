"""Telling everybody of days that changed: each as it now is, however often it changed meanwhile."""

import asyncio
from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.bus import Up
from chassis.db import Database
from chassis.outbox import publish
from contracts.ids import UserId
from contracts.listening import ListeningDayChanged, PlayedTrack
from listening.clubs.completing import tell_completed
from listening.models import AlbumAlias, Day, DayTrack, Hour, MessyTrack, PieceName
from listening.sums.rules import AROUND, left_out
from listening.sums.store import UNTOLD

AT_ONCE, IDLE = 100, 1.0


async def keep_telling(db: Database, up: Up) -> None:
    while True:
        async with db.transaction() as tx:
            told = await tell_next(tx)
        up()
        if told < AT_ONCE:
            await asyncio.sleep(IDLE)


async def tell_next(tx: AsyncSession) -> int:
    """How many days were told. One that is being written just now is told later, as it then is."""
    waiting = select(Day).where(Day.told.is_(False)).order_by(Day.user_id, Day.day).limit(AT_ONCE)
    days = (await tx.scalars(waiting.with_for_update(skip_locked=True))).all()
    for day in days:
        await _judge(tx, day)
        day.told = True
    await tx.flush()
    told = await states(tx, days)
    await publish(tx, *told)
    for each in told:
        # A day that nobody can have heard is not told as if somebody had.
        plays = [] if each.left_out else each.plays
        await tell_completed(tx, each.user_id, each.day, {play.album_id for play in plays if play.album_id})
    return len(days)


async def _judge(tx: AsyncSession, day: Day) -> None:
    """Whether it is left out, and whether days beside it are now that were not, or the other way round."""
    near = Day.day.between(day.day - 2 * AROUND, day.day + 2 * AROUND)
    rows = (await tx.scalars(select(Day).where(Day.user_id == day.user_id, near).order_by(Day.day))).all()
    plays, ms = {row.day: row.plays for row in rows}, {row.day: row.ms for row in rows}
    day.left_out = left_out(day.day, plays, ms)
    beside = [row for row in rows if row is not day and abs(row.day - day.day) <= AROUND]
    changed = [row.day for row in beside if left_out(row.day, plays, ms) != row.left_out]
    if changed:
        others = update(Day).where(Day.user_id == day.user_id, Day.day.in_(changed))
        await tx.execute(others.values(UNTOLD).execution_options(synchronize_session=False))


async def states(tx: AsyncSession, days: Sequence[Day]) -> list[ListeningDayChanged]:
    """The days as they are announced."""
    of = [(day.user_id, day.day) for day in days]
    plays, hours = await _plays(tx, of), await _hours(tx, of)
    return [
        ListeningDayChanged(
            user_id=day.user_id,
            version=day.version,
            day=day.day,
            plays=plays.get((day.user_id, day.day), []),
            hours=hours.get((day.user_id, day.day), [0] * 24),
            left_out=day.left_out,
        )
        for day in days
    ]


async def _plays(tx: AsyncSession, of: Sequence[tuple[UserId, date]]) -> dict[tuple[UserId, date], list[PlayedTrack]]:
    track, artist, album = PieceName.__table__.alias(), PieceName.__table__.alias(), PieceName.__table__.alias()
    album_id = func.coalesce(AlbumAlias.survivor_id, MessyTrack.album_id)
    columns = [
        MessyTrack.track_id,
        func.min(func.coalesce(track.c.name, MessyTrack.title)).label("title"),
        MessyTrack.artist_id,
        func.min(func.coalesce(artist.c.name, MessyTrack.artist)).label("artist"),
        album_id.label("album_id"),
        func.min(func.coalesce(album.c.name, MessyTrack.album)).label("album"),
        func.sum(DayTrack.plays).label("plays"),
        func.sum(DayTrack.ms).label("ms"),
    ]
    counted = (
        select(DayTrack.user_id, DayTrack.day, *columns)
        .join(MessyTrack, MessyTrack.id == DayTrack.messy_id)
        .outerjoin(AlbumAlias, AlbumAlias.id == MessyTrack.album_id)
        .outerjoin(track, track.c.id == MessyTrack.track_id)
        .outerjoin(artist, artist.c.id == MessyTrack.artist_id)
        .outerjoin(album, album.c.id == album_id)
        .where(tuple_(DayTrack.user_id, DayTrack.day).in_(of))
        .group_by(DayTrack.user_id, DayTrack.day, MessyTrack.track_id, MessyTrack.artist_id, album_id)
        .order_by(DayTrack.user_id, DayTrack.day, MessyTrack.track_id, album_id)
    )
    found: dict[tuple[UserId, date], list[PlayedTrack]] = {}
    for row in await tx.execute(counted):
        found.setdefault((row.user_id, row.day), []).append(PlayedTrack.model_validate(row))
    return found


async def _hours(tx: AsyncSession, of: Sequence[tuple[UserId, date]]) -> dict[tuple[UserId, date], list[int]]:
    found: dict[tuple[UserId, date], list[int]] = {}
    rows = select(Hour).where(tuple_(Hour.user_id, Hour.day).in_(of))
    for row in await tx.scalars(rows):
        found.setdefault((row.user_id, row.day), [0] * 24)[row.hour] = row.plays
    return found
