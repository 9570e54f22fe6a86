"""Merging albums and artists, and undoing it, as admins do."""

from typing import Annotated, Any

from fastapi import Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.albums.answers import album_of
from catalog.albums.store import known_album
from catalog.artists.store import known_artist
from catalog.merging import rules
from catalog.merging.merge import merge, preview
from catalog.merging.pieces import ALBUM, ARTIST
from catalog.merging.undo import undo
from chassis.caller import Caller
from chassis.db import Read, Tx
from chassis.http import router as routes
from chassis.tokens import SignedCaller
from contracts import catalog
from contracts.ids import AlbumId, ArtistId
from contracts.merging import AlbumToMerge, ArtistToMerge, MergedAlbum, MergedArtist, MergeDiff, MergeToUndo

albums = routes(prefix="/admin/albums/{album_id}", tags=["albums"])
artists = routes(prefix="/admin/artists/{artist_id}", tags=["artists"])


async def _admin(caller: SignedCaller) -> Caller:
    rules.check_admin(caller)
    return caller


Admin = Annotated[Caller, Depends(_admin)]
REFUSED: dict[int | str, dict[str, Any]] = {
    409: {"description": "It cannot be merged, or this merge cannot be undone; the code says why."}
}


@albums.get("/merge", responses=REFUSED)
async def preview_album(album_id: AlbumId, into: Annotated[AlbumId, Query()], _: Admin, tx: Read) -> MergeDiff:
    """What merging the album into another one would move here; what other services re-point is theirs to say."""
    return await preview(tx, ALBUM, album_id, into)


@albums.post("/merge", responses=REFUSED)
async def merge_album(album_id: AlbumId, wanted: AlbumToMerge, _: Admin, tx: Tx) -> MergedAlbum:
    """Let the album's id mean another album, which is answered. Until it is undone; again, it changes nothing."""
    return await _album(tx, await merge(tx, ALBUM, album_id, wanted.into, wanted.reason), wanted.into)


@albums.post("/undo", responses=REFUSED)
async def undo_album(album_id: AlbumId, wanted: MergeToUndo, _: Admin, tx: Tx) -> MergedAlbum:
    """Undo the album's merge: it is itself again, and has what the merge took. Merges are undone newest first."""
    return await _album(tx, await undo(tx, ALBUM, album_id, wanted.reason), album_id)


@artists.get("/merge", responses=REFUSED)
async def preview_artist(artist_id: ArtistId, into: Annotated[ArtistId, Query()], _: Admin, tx: Read) -> MergeDiff:
    """What merging the artist into another one would move."""
    return await preview(tx, ARTIST, artist_id, into)


@artists.post("/merge", responses=REFUSED)
async def merge_artist(artist_id: ArtistId, wanted: ArtistToMerge, _: Admin, tx: Tx) -> MergedArtist:
    """Let the artist's id mean another artist, who is credited in their place. Until it is undone."""
    return await _artist(tx, await merge(tx, ARTIST, artist_id, wanted.into, wanted.reason), wanted.into)


@artists.post("/undo", responses=REFUSED)
async def undo_artist(artist_id: ArtistId, wanted: MergeToUndo, _: Admin, tx: Tx) -> MergedArtist:
    """Undo the artist's merge: who was credited as them is again. Merges are undone newest first."""
    return await _artist(tx, await undo(tx, ARTIST, artist_id, wanted.reason), artist_id)


async def _album(tx: AsyncSession, diff: MergeDiff, album_id: AlbumId) -> MergedAlbum:
    return MergedAlbum(album=album_of(await known_album(tx, album_id)), diff=diff)


async def _artist(tx: AsyncSession, diff: MergeDiff, artist_id: ArtistId) -> MergedArtist:
    return MergedArtist(artist=catalog.Artist.model_validate(await known_artist(tx, artist_id)), diff=diff)
