"""Keeps albums with their tracklists, and which turned out to be one."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import keep_redirect
from chassis.consumer import Consumer
from chassis.copies import keep_newest
from contracts.catalog import AlbumChanged
from contracts.merging import AlbumMerged
from listening.models import Album, AlbumAlias
from listening.names.store import rename_pieces

consumer = Consumer()


@consumer.on(AlbumChanged)
async def copy_album(changed: AlbumChanged, tx: AsyncSession) -> None:
    genres = [{"name": each.name, "weight": each.weight} for each in changed.genres]
    state = {**changed.model_dump(include={"version", "title", "artist", "tracks"}), "genres": genres}
    await keep_newest(tx, Album, {"id": changed.album_id, **state})
    await rename_pieces(tx, {changed.album_id: (changed.title, changed.artist)})


@consumer.on(AlbumMerged)
async def merge_album(merged: AlbumMerged, tx: AsyncSession) -> None:
    # Rows keep the id they came with, so that an undo is this row and nothing else.
    await keep_redirect(tx, AlbumAlias, merged.album_id, merged.survivor_id, merged.version)
