"""Marks of many whose profiles are behind: those who heard an album that changed, or all of an older formula."""

from collections.abc import Collection

from sqlalchemy import ARRAY, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import AlbumId, UserId

_IDS = bindparam("ids", type_=ARRAY(Uuid))
_CHANGED = text("""
    INSERT INTO changed_albums AS t (album_id) SELECT id FROM unnest(:ids) AS id ORDER BY id
    ON CONFLICT (album_id) DO UPDATE SET changes = t.changes + 1
""").bindparams(_IDS)
_TAKE = text("""
    DELETE FROM changed_albums WHERE album_id IN (
        SELECT album_id FROM changed_albums ORDER BY album_id LIMIT :most FOR UPDATE SKIP LOCKED
    ) RETURNING album_id
""")
_SPREAD = text("""
    WITH album AS (SELECT :ids || array(SELECT old_id FROM album_aliases WHERE survivor_id = ANY(:ids)) AS ids),
    listener AS (
        SELECT user_id FROM days, album WHERE album_ids && album.ids
        UNION SELECT user_id FROM ratings, album WHERE album_id = ANY(album.ids)
    )
    INSERT INTO stale_profiles AS t (user_id) SELECT user_id FROM listener ORDER BY user_id
    ON CONFLICT (user_id) DO UPDATE SET since = t.since
""").bindparams(_IDS)
_OUTDATED = text("""
    INSERT INTO stale_profiles AS t (user_id)
    SELECT user_id FROM profiles WHERE formula_version <> :formula ORDER BY user_id
    ON CONFLICT (user_id) DO UPDATE SET since = t.since
""")
_LOCK = text("""
    SELECT user_id FROM stale_profiles WHERE user_id = ANY(:ids) ORDER BY user_id FOR UPDATE SKIP LOCKED
""").bindparams(_IDS)
_DROP = text("""
    DELETE FROM stale_profiles AS s WHERE user_id = ANY(:ids)
        AND NOT EXISTS (SELECT FROM days WHERE user_id = s.user_id)
        AND NOT EXISTS (SELECT FROM ratings WHERE user_id = s.user_id)
        AND NOT EXISTS (SELECT FROM profiles WHERE user_id = s.user_id)
        AND NOT EXISTS (SELECT FROM artist_listeners WHERE user_id = s.user_id)
    RETURNING user_id
""").bindparams(_IDS)
AT_ONCE = 500


async def mark_album(tx: AsyncSession, *albums: AlbumId) -> None:
    """Who heard or rated these is found later: whose days come in just now is not to be seen from here."""
    await tx.execute(_CHANGED, {"ids": [*set(albums)]})


async def spread(tx: AsyncSession) -> int:
    """Mark all who heard or rated an album that changed; how many albums that were."""
    albums = (await tx.scalars(_TAKE, {"most": AT_ONCE})).all()
    if albums:
        await tx.execute(_SPREAD, {"ids": albums})
    return len(albums)


async def mark_outdated(tx: AsyncSession, formula: int) -> None:
    """Mark those whose profile another release computed, by another formula."""
    await tx.execute(_OUTDATED, {"formula": formula})


async def drop_marks_of_nothing(tx: AsyncSession, users: Collection[UserId]) -> set[UserId]:
    """Take away the marks of those of whom there is nothing to draw a profile from, as of everybody new; whose.

    What comes in from when they are locked on waits to mark them anew, and so is not missed.
    """
    locked = (await tx.scalars(_LOCK, {"ids": [*users]})).all() if users else ()
    return {*(await tx.scalars(_DROP, {"ids": locked}))} if locked else set()
