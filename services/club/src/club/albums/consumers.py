"""Keeps the copy of the catalogue's albums, and which of them turned out to be one."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import keep_redirect
from chassis.consumer import Consumer
from club.albums import store
from club.models import AlbumAlias
from contracts.catalog import AlbumChanged
from contracts.merging import AlbumMerged

consumer = Consumer()


@consumer.on(AlbumChanged)
async def copy_album(changed: AlbumChanged, tx: AsyncSession) -> None:
    await store.keep(tx, changed)


@consumer.on(AlbumMerged)
async def merge_album(merged: AlbumMerged, tx: AsyncSession) -> None:
    await keep_redirect(tx, AlbumAlias, merged.album_id, merged.survivor_id, merged.version)
