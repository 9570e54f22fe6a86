"""What a body chooses as the winner, by nomination or by album."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import Transactions
from club.albums.ensure import Albums, KnownAlbum, settle
from club.models import Week
from club.winners import store
from contracts.ids import WeekId
from contracts.votes import Choice


async def album_of(db: Transactions, week_id: WeekId, choice: Choice, albums: Albums) -> KnownAlbum | None:
    """The album of the choice: of several of one name the one that was nominated, so the week is looked at first."""
    if choice.album is None:
        return None
    async with db.transaction(postgresql_readonly=True) as tx:
        nominated = await store.nominated(tx, week_id, choice.album)
    return KnownAlbum(nominated) if nominated else await albums.meant(choice.album)


async def decided(tx: AsyncSession, week: Week, choice: Choice, named: KnownAlbum | None) -> dict[str, Any]:
    """The columns of the week that the choice sets; none where it would change nothing."""
    if choice.nomination_id is not None:
        return await store.by_nomination(tx, week, choice.nomination_id)
    return await store.by_album(tx, week, await settle(tx, named) if named else None)
