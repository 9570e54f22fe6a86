"""Who knows an album or an artist, over HTTP."""

from chassis.db import Read
from chassis.http import router as routes
from chassis.paging import Cursor, Limit
from chassis.tokens import SignedCaller
from contracts.ids import AlbumId, ArtistId
from contracts.listeners import AlbumListeners, ArtistListeners
from listening.listeners import store
from listening.listeners.page import page
from listening.listeners.rules import UnknownAlbum, UnknownArtist
from listening.meaning import every_id
from listening.models import AlbumAlias, ArtistAlias
from listening.models.sums import ALBUM, ARTIST

router = routes(prefix="/listens", tags=["listening"])


@router.get("/albums/{album_id}/listeners")
async def read_album_listeners(
    album_id: AlbumId, caller: SignedCaller, tx: Read, limit: Limit = 50, cursor: Cursor = None
) -> AlbumListeners:
    """Who of those who show it has played an album, the most plays first."""
    ids = await every_id(tx, AlbumAlias, album_id)
    if not await store.is_named(tx, ids):
        raise UnknownAlbum
    return AlbumListeners(album_id=ids[0], **await page(tx, ALBUM, ids, caller, cursor, limit))


@router.get("/artists/{artist_id}/listeners")
async def read_artist_listeners(
    artist_id: ArtistId, caller: SignedCaller, tx: Read, limit: Limit = 50, cursor: Cursor = None
) -> ArtistListeners:
    """Who of those who show it has played an artist, the most plays first."""
    ids = await every_id(tx, ArtistAlias, artist_id)
    if not (await store.is_named(tx, ids) or await store.is_an_artist(tx, ids)):
        raise UnknownArtist
    return ArtistListeners(artist_id=ids[0], **await page(tx, ARTIST, ids, caller, cursor, limit))
