"""Counting messy tracks for the pieces that the catalogue says they are: many at a time, while nobody else writes."""

import asyncio
from collections.abc import Mapping as Pairs
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, SmallInteger, Uuid, bindparam, delete, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.bus import Up
from chassis.db import Database
from contracts.ids import TrackId
from listening.locks import be_alone
from listening.models import Day, DayTrack, Mapping, MessyTrack, MonthItem, UserItem
from listening.models.sums import ALBUM, ARTIST, TRACK
from listening.names.store import Counted, pieces, rename_pieces, said_of
from listening.sums.store import UNTOLD

AT_ONCE, IDLE = 1000, 1.0

# Sums by piece are moved; sums by messy track stay, and so does each play.
_MOVE = text("""
    WITH played AS (
        SELECT messy_id, user_id, date_trunc('month', day)::date AS month, sum(plays) AS plays, sum(ms) AS ms
        FROM day_tracks WHERE messy_id = ANY(:messy) GROUP BY 1, 2, 3
    ), moved AS MATERIALIZED (
        SELECT user_id, month, kind, item_id, sum(sign * plays)::int AS plays, sum(sign * ms)::bigint AS ms
        FROM played JOIN unnest(:messy, :signs, :kinds, :items) AS of(messy_id, sign, kind, item_id) USING (messy_id)
        GROUP BY 1, 2, 3, 4
    ), the_month AS (
        INSERT INTO month_items AS t (user_id, month, kind, item_id, plays, ms) SELECT * FROM moved
        ON CONFLICT (user_id, month, kind, item_id)
        DO UPDATE SET plays = t.plays + excluded.plays, ms = t.ms + excluded.ms
    )
    INSERT INTO user_items AS t (user_id, kind, item_id, plays, ms)
    SELECT user_id, kind, item_id, sum(plays), sum(ms) FROM moved GROUP BY 1, 2, 3
    ON CONFLICT (user_id, kind, item_id) DO UPDATE SET plays = t.plays + excluded.plays, ms = t.ms + excluded.ms
    RETURNING user_id
""").bindparams(
    bindparam("messy", type_=ARRAY(Uuid)),
    bindparam("signs", type_=ARRAY(Integer)),
    bindparam("kinds", type_=ARRAY(SmallInteger)),
    bindparam("items", type_=ARRAY(Uuid)),
)


async def keep_mapping(db: Database, up: Up) -> None:
    """Apply what the catalogue said, as it comes."""
    while True:
        async with db.transaction() as tx:
            applied = await apply_next(tx)
        up()
        if applied < AT_ONCE:
            await asyncio.sleep(IDLE)


async def apply_next(tx: AsyncSession) -> int:
    """How many mappings were applied, which were the oldest that were not."""
    await be_alone(tx)
    waiting = select(Mapping).where(Mapping.applied.is_(False)).order_by(Mapping.messy_id).limit(AT_ONCE)
    mapped = {row.messy_id: row for row in await tx.scalars(waiting)}
    if mapped:
        rows = (await tx.scalars(select(MessyTrack).where(MessyTrack.id.in_(mapped)))).all()
        counted = {row.id: pieces(said_of(row), mapped[row.id]) for row in rows}
        await _count(tx, [row for row in rows if _of(row) != counted[row.id]], counted)
        names = {each.track_id: (each.title, each.artist) for each in mapped.values()}
        await rename_pieces(tx, names)
        await tx.execute(update(Mapping).where(Mapping.messy_id.in_(mapped)).values(applied=True))
    return len(mapped)


def _of(row: MessyTrack) -> Counted:
    return Counted(row.track_id, row.artist_id, row.album_id)


async def _count(tx: AsyncSession, moved: Sequence[MessyTrack], counted: Pairs[TrackId, Counted]) -> None:
    if not moved:
        return
    told = _columns(moved, counted)
    users = {*(await tx.scalars(_MOVE, told))}
    for table in (MonthItem, UserItem):
        empty = delete(table).where(table.user_id.in_(users), table.item_id.in_({*told["items"]}), table.plays == 0)
        await tx.execute(empty.execution_options(synchronize_session=False))
    played = select(DayTrack.user_id, DayTrack.day).where(DayTrack.messy_id.in_([row.id for row in moved]))
    days = update(Day).where(tuple_(Day.user_id, Day.day).in_(played)).values(UNTOLD)
    await tx.execute(days.execution_options(synchronize_session=False))
    for row in moved:
        now = counted[row.id]
        row.track_id, row.artist_id, row.album_id = now.track_id, now.artist_id, now.album_id


def _columns(moved: Sequence[MessyTrack], counted: Pairs[TrackId, Counted]) -> dict[str, list[Any]]:
    told: dict[str, list[Any]] = {"messy": [], "signs": [], "kinds": [], "items": []}
    for row in moved:
        before, now = _of(row), counted[row.id]
        for sign, of in ((-1, before), (1, now)):
            for kind, item in _items(of):
                for name, value in zip(told, (row.id, sign, kind, item), strict=True):
                    told[name].append(value)
    return told


def _items(of: Counted) -> list[tuple[int, UUID]]:
    every = ((ARTIST, of.artist_id), (ALBUM, of.album_id), (TRACK, of.track_id))
    return [(kind, item) for kind, item in every if item is not None]
