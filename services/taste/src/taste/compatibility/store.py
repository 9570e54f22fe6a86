"""What two people's tastes are compared by."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from contracts.ids import AlbumId, UserId
from taste.compatibility.measured import RatedByBoth
from taste.models import Album, AlbumAlias, Rating


async def rated_by_both(tx: AsyncSession, one: UserId, other: UserId) -> list[RatedByBoth]:
    """The weeks whose winner both rated, once others may see it."""
    mine, theirs = aliased(Rating), aliased(Rating)
    shown = [each.withdrawn.is_(False) & each.visible_from.is_not(None) for each in (mine, theirs)]
    meant = func.coalesce(AlbumAlias.survivor_id, mine.album_id)
    same = (theirs.week_id == mine.week_id) & (theirs.album_id == mine.album_id)
    both = (
        select(mine.week_id, meant, Album.title, mine.half_steps, theirs.half_steps)
        .join(theirs, same)
        .outerjoin(AlbumAlias, AlbumAlias.id == mine.album_id)
        .outerjoin(Album, Album.id == meant)
        .where(mine.user_id == one, theirs.user_id == other, *shown)
        .order_by(mine.week_id)
    )
    return [RatedByBoth(week, AlbumId(album), title, (a, b)) for week, album, title, a, b in await tx.execute(both)]
