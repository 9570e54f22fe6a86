"""Keeps what albums are like, and which turned out to be one."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import keep_redirect
from chassis.consumer import Consumer
from chassis.copies import keep_newest
from contracts.catalog import AlbumChanged
from contracts.merging import AlbumMerged
from taste.models import Album, AlbumAlias
from taste.profiles.marks import mark_album

consumer = Consumer()
COPIED = {"version", "title", "artist", "year", "countries", "genre_parents", "mood", "features"}


@consumer.on(AlbumChanged)
async def copy_album(changed: AlbumChanged, tx: AsyncSession) -> None:
    genres = [{"name": each.name, "weight": each.weight} for each in changed.genres]
    await keep_newest(tx, Album, {"id": changed.album_id, **changed.model_dump(include=COPIED), "genres": genres})
    await mark_album(tx, changed.album_id)


@consumer.on(AlbumMerged)
async def merge_album(merged: AlbumMerged, tx: AsyncSession) -> None:
    # Rows keep the id they came with, so that an undo is this row and nothing else.
    await keep_redirect(tx, AlbumAlias, merged.album_id, merged.survivor_id, merged.version)
    await mark_album(tx, merged.album_id)
