"""Keeps the copy of the catalogue's albums."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.consumer import Consumer
from club.albums import store
from contracts.catalog import AlbumChanged

consumer = Consumer()


@consumer.on(AlbumChanged)
async def copy_album(changed: AlbumChanged, tx: AsyncSession) -> None:
    await store.keep(tx, changed)
