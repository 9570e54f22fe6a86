"""Plays of an album, found by what its tracks are called."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import AlbumId, TrackId, UserId
from listening.clubs.rules import Heard
from listening.meaning import every_id
from listening.models import Album, AlbumAlias

# A play's id begins with its millisecond, so a day is a stretch of the key; one more on both sides, for time zones.
_BOUND = "(lpad(to_hex((extract(epoch FROM {}) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid"
_PLAYED = f"""
    WITH named AS (
        SELECT id, track_id FROM messy_tracks WHERE track_id = ANY(:tracks) OR album_id = ANY(:albums)
    ), on_days AS (
        SELECT d.user_id, d.messy_id, n.track_id, d.day
        FROM named AS n JOIN day_tracks AS d ON d.messy_id = n.id
        WHERE CAST(:user AS uuid) IS NULL OR d.user_id = :user
    )
    SELECT DISTINCT p.user_id, o.track_id, p.started_at
    FROM on_days AS o JOIN plays AS p ON p.user_id = o.user_id AND p.messy_id = o.messy_id
        AND p.id BETWEEN {_BOUND.format("o.day - 1")} AND {_BOUND.format("o.day + 2")}
"""  # noqa: S608 — our own words
PLAYED = text(_PLAYED).bindparams(
    bindparam("tracks", type_=ARRAY(Uuid)), bindparam("albums", type_=ARRAY(Uuid)), bindparam("user", type_=Uuid)
)


async def album_meant(tx: AsyncSession, album_id: AlbumId) -> tuple[list[AlbumId], list[TrackId]]:
    """Every id that means the album now, itself first, and its tracklist."""
    ids = await every_id(tx, AlbumAlias, album_id)
    album = await tx.get(Album, ids[0])
    return ids, list(album.tracks) if album else []


async def plays_of_album(
    tx: AsyncSession, albums: Sequence[AlbumId], tracks: Sequence[TrackId], user_id: UserId | None = None
) -> list[Heard]:
    """Everybody's, or one's: of the tracks wherever they stand, and of what is only known by the album's name."""
    told = {"tracks": list(tracks), "albums": list(albums), "user": user_id}
    return [Heard(row.user_id, row.track_id, row.started_at) for row in await tx.execute(PLAYED, told)]
