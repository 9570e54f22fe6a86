"""What two people's tastes are compared by."""

from functools import cache
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from contracts.ids import AlbumId, UserId, WeekId
from taste.compatibility.measured import RatedByBoth
from taste.models import Album, AlbumAlias, Rating


async def rated_by_both(tx: AsyncSession, one: UserId, other: UserId) -> list[RatedByBoth]:
    """The weeks whose winner both rated, once others may see it."""
    rows = await tx.execute(_rated_by_both(), {"one": one, "other": other})
    return [RatedByBoth(week, AlbumId(album), title, (a, b)) for week, album, title, a, b in rows]


@cache
def _rated_by_both() -> Select[WeekId, UUID, str, int, int]:
    """Built once, since building it takes longer than the asking."""
    mine, theirs = aliased(Rating), aliased(Rating)
    shown = [each.withdrawn.is_(False) & each.visible_from.is_not(None) for each in (mine, theirs)]
    meant = func.coalesce(AlbumAlias.survivor_id, mine.album_id)
    same = (theirs.week_id == mine.week_id) & (theirs.album_id == mine.album_id)
    one, other = (bindparam(name, type_=Uuid()) for name in ("one", "other"))
    return (
        select(mine.week_id, meant, Album.title, mine.half_steps, theirs.half_steps)
        .join(theirs, same)
        .outerjoin(AlbumAlias, AlbumAlias.id == mine.album_id)
        .outerjoin(Album, Album.id == meant)
        .where(mine.user_id == one, theirs.user_id == other, *shown)
        .order_by(mine.week_id)
    )
