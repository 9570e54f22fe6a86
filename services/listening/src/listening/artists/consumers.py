"""Keeps which artists turned out to be one."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import keep_redirect
from chassis.consumer import Consumer
from contracts.merging import ArtistMerged
from listening.models import ArtistAlias

consumer = Consumer()


@consumer.on(ArtistMerged)
async def merge_artist(merged: ArtistMerged, tx: AsyncSession) -> None:
    # As of albums: rows keep the id they came with.
    await keep_redirect(tx, ArtistAlias, merged.artist_id, merged.survivor_id, merged.version)
