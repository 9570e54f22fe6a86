"""Changing an album: only what is given, and never into another album's ids."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.albums.answers import changed
from catalog.albums.locks import lock_changes, lock_names
from catalog.albums.rules import ExternalIdTaken
from catalog.albums.store import hold_album, holders, known_album, update_album
from catalog.enrichment.queue import NAMED, ask_for
from catalog.journal import journal
from catalog.merging.redirects import standing_album
from catalog.models import Album
from chassis.outbox import publish
from contracts.catalog import AlbumChanges
from contracts.ids import AlbumId

# By what sources are asked: said otherwise, they are asked anew. What is taken away was wrong, and is not looked for.
ASKED_BY = ("title", "artist", "year", "mbid", "spotify_id")


async def change_album(tx: AsyncSession, album_id: AlbumId, changes: AlbumChanges) -> Album:
    """The album as it then is. Raises UnknownAlbum and ExternalIdTaken; what changes nothing announces nothing."""
    wanted = changes.model_dump(exclude_unset=True)
    album = await _locked(tx, album_id, wanted)
    different = {name: value for name, value in wanted.items() if getattr(album, name) != value}
    if different:
        await _refuse_taken_ids(tx, album, different)
        before = await changed(tx, album)
        await update_album(tx, album, different)
        await publish(tx, after := await changed(tx, album))
        await journal.record(tx, "album.changed", album.id, before, after)
        if any(different.get(name) for name in ASKED_BY):
            await ask_for(tx, [album.id], NAMED, again=True)
    return album


async def _locked(tx: AsyncSession, album_id: AlbumId, wanted: dict[str, Any]) -> Album:
    now = await _taken(tx, album_id)
    title, artist = wanted.get("title", now.title), wanted.get("artist", now.artist)
    await lock_names(tx, title, artist, wanted.get("mbid"), wanted.get("spotify_id"))
    return await hold_album(tx, now.id)


async def _taken(tx: AsyncSession, album_id: AlbumId) -> Album:
    """The album that the id means, which nobody merges or changes meanwhile."""
    while True:
        album = await known_album(tx, album_id)
        await lock_changes(tx, album.id)
        # Whoever merged it has ended, if we had to wait.
        if await standing_album(tx, album_id) == album.id:
            return await known_album(tx, album.id)


async def _refuse_taken_ids(tx: AsyncSession, album: Album, different: dict[str, Any]) -> None:
    held = await holders(tx, different.get("mbid"), different.get("spotify_id"))
    if any(other is not album for other in held):
        raise ExternalIdTaken
