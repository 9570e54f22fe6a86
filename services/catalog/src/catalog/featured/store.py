"""How often an album was featured, and where."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.merging.redirects import merged_into
from catalog.models import Album, FeaturedWeek
from contracts.ids import AlbumId


async def weeks_of(tx: AsyncSession, album_id: AlbumId) -> Sequence[FeaturedWeek]:
    """The weeks it won, by this id or by one that means it now; by club, the latest first."""
    ids = [album_id, *await merged_into(tx, "album", album_id)]
    won = select(FeaturedWeek).where(FeaturedWeek.album_id.in_(ids))
    return (await tx.scalars(won.order_by(FeaturedWeek.club_id, FeaturedWeek.number.desc()))).all()


def times_featured() -> ScalarSelect[Any]:
    """Of each album of a query, the weeks it won by its own id."""
    return select(func.count()).where(FeaturedWeek.album_id == Album.id).correlate(Album).scalar_subquery()
