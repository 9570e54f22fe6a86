"""Where sums are kept. Every writer holds the users it writes of (`listening.locks`), so no two write one row."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Date, Integer, SmallInteger, Uuid, bindparam, delete, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import next_version
from contracts.ids import UserId
from listening.clubs.completing import doubt
from listening.models import Day, DayTrack, Hour, MonthItem, UserItem
from listening.sums.deltas import Delta, columns, lost, takes_away

ADD = text("""
    WITH delta AS MATERIALIZED (
        SELECT d.*, date_trunc('month', d.day)::date AS month, m.artist_id, m.album_id, m.track_id
        FROM unnest(:users, :days, :hours, :messy, :plays, :ms) AS d(user_id, day, hour, messy_id, plays, ms)
        JOIN messy_tracks AS m ON m.id = d.messy_id
    ), item AS MATERIALIZED (
        SELECT user_id, month, kind, item_id, plays, ms
        FROM delta CROSS JOIN LATERAL (VALUES (1, artist_id), (2, album_id), (3, track_id)) AS of(kind, item_id)
        WHERE item_id IS NOT NULL
    ), the_day AS (
        INSERT INTO days AS t (user_id, day, version, plays, ms)
        SELECT user_id, day, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, sum(plays), sum(ms)
        FROM delta GROUP BY user_id, day
        ON CONFLICT (user_id, day) DO UPDATE SET plays = t.plays + excluded.plays, ms = t.ms + excluded.ms,
            version = greatest(t.version + 1, excluded.version), told = false
    ), the_hour AS (
        INSERT INTO hours AS t (user_id, day, hour, plays, ms)
        SELECT user_id, day, hour, sum(plays), sum(ms) FROM delta GROUP BY user_id, day, hour
        ON CONFLICT (user_id, day, hour) DO UPDATE SET plays = t.plays + excluded.plays, ms = t.ms + excluded.ms
    ), the_track AS (
        INSERT INTO day_tracks AS t (user_id, day, messy_id, plays, ms)
        SELECT user_id, day, messy_id, sum(plays), sum(ms) FROM delta GROUP BY user_id, day, messy_id
        ON CONFLICT (user_id, day, messy_id) DO UPDATE SET plays = t.plays + excluded.plays, ms = t.ms + excluded.ms
    ), the_month AS (
        INSERT INTO month_items AS t (user_id, month, kind, item_id, plays, ms)
        SELECT user_id, month, kind, item_id, sum(plays), sum(ms) FROM item GROUP BY user_id, month, kind, item_id
        ON CONFLICT (user_id, month, kind, item_id)
        DO UPDATE SET plays = t.plays + excluded.plays, ms = t.ms + excluded.ms
    )
    INSERT INTO user_items AS t (user_id, kind, item_id, plays, ms)
    SELECT user_id, kind, item_id, sum(plays), sum(ms) FROM item GROUP BY user_id, kind, item_id
    ON CONFLICT (user_id, kind, item_id) DO UPDATE SET plays = t.plays + excluded.plays, ms = t.ms + excluded.ms
""").bindparams(
    bindparam("users", type_=ARRAY(Uuid)),
    bindparam("days", type_=ARRAY(Date)),
    bindparam("hours", type_=ARRAY(SmallInteger)),
    bindparam("messy", type_=ARRAY(Uuid)),
    bindparam("plays", type_=ARRAY(Integer)),
    bindparam("ms", type_=ARRAY(BigInteger)),
)

# Days to be told anew.
UNTOLD: dict[str, Any] = {"told": False, "version": next_version(Day.version)}


async def add(tx: AsyncSession, deltas: Sequence[Delta]) -> None:
    """Bring every sum up to date with these plays, who came or went."""
    if not deltas:
        return
    await tx.execute(ADD, columns(deltas))
    if takes_away(deltas):
        await _drop_empty(tx, {each.user_id for each in deltas}, {each.day for each in deltas})
        await doubt(tx, lost(deltas))


async def _drop_empty(tx: AsyncSession, users: Collection[UserId], days: Collection[date]) -> None:
    """What sank to nothing is as if it had never been; only the day stays, for it was told."""
    for by_day in (Hour, DayTrack):
        empty = delete(by_day).where(by_day.user_id.in_(users), by_day.day.in_(days), by_day.plays == 0)
        await tx.execute(empty.execution_options(synchronize_session=False))
    for by_item in (MonthItem, UserItem):
        empty = delete(by_item).where(by_item.user_id.in_(users), by_item.plays == 0)
        await tx.execute(empty.execution_options(synchronize_session=False))


async def drop_sums(tx: AsyncSession, user_id: UserId) -> None:
    """All of somebody's; their days stay, empty, so that a new version of each can be told."""
    for table in (Hour, DayTrack, MonthItem, UserItem):
        await tx.execute(delete(table).where(table.user_id == user_id).execution_options(synchronize_session=False))
    empty = update(Day).where(Day.user_id == user_id).values(plays=0, ms=0, **UNTOLD)
    await tx.execute(empty.execution_options(synchronize_session=False))
