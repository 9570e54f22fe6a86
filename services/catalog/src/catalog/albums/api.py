"""Albums over HTTP: for everyone to read, for holders of `catalog:write` to change, for neighbours to ensure."""

from typing import Annotated

from fastapi import Depends, Response

from catalog.albums.adopting import adopt
from catalog.albums.answers import album_of, changed, states
from catalog.albums.change import change_album
from catalog.albums.details import details, tracklist
from catalog.albums.ensure import ensure_album
from catalog.albums.store import known_album
from chassis.caller import Caller, check_may
from chassis.db import Read, Tx
from chassis.http import router as routes
from chassis.tokens import NotForYou, SignedCaller, SignedService
from contracts import catalog
from contracts.adopting import AdoptedAlbums, AlbumsToAdopt
from contracts.catalog import AlbumChanged, AlbumChanges, AlbumDescription, AlbumDetails, Tracklist
from contracts.ids import AlbumId

router = routes(prefix="/music/albums", tags=["albums"])
internal = routes(prefix="/internal/albums", tags=["internal"])


async def _editor(caller: SignedCaller) -> Caller:
    check_may(caller, "catalog:write", NotForYou)
    return caller


Editor = Annotated[Caller, Depends(_editor)]


@router.post("", status_code=201, responses={200: {"model": catalog.Album, "description": "It was there."}})
async def ensure(description: AlbumDescription, _: Editor, tx: Tx, response: Response) -> catalog.Album:
    """Find the album that is meant, or make it; gaps of a known one are filled, and nothing of it is replaced."""
    album, made = await ensure_album(tx, description)
    response.status_code = 201 if made else 200
    return album_of(album)


@router.get("/{album_id}")
async def read_album(album_id: AlbumId, _: SignedCaller, tx: Read) -> AlbumDetails:
    """One album, with all that is known of it."""
    return await details(tx, await known_album(tx, album_id))


@router.get("/{album_id}/tracks")
async def read_tracklist(album_id: AlbumId, _: SignedCaller, tx: Read) -> Tracklist:
    """Its tracklist."""
    return await tracklist(tx, await known_album(tx, album_id))


@router.patch("/{album_id}", responses={409: {"description": "Another album has this external id."}})
async def change(album_id: AlbumId, changes: AlbumChanges, _: Editor, tx: Tx) -> catalog.Album:
    """Change what is given, and only that."""
    return album_of(await change_album(tx, album_id, changes))


@internal.post("")
async def ensure_for_neighbour(description: AlbumDescription, _: SignedService, tx: Tx) -> AlbumChanged:
    """The same for another service, which keeps a copy."""
    album, _made = await ensure_album(tx, description)
    return await changed(tx, album)


@internal.post("/adopt")
async def adopt_albums(given: AlbumsToAdopt, _: SignedService, tx: Tx) -> AdoptedAlbums:
    """Make those that are not known, with the ids they come with; all of them, or none."""
    return AdoptedAlbums(albums=await states(tx, await adopt(tx, given.albums, only_ask=given.only_ask)))


@internal.get("/{album_id}")
async def read_for_neighbour(album_id: AlbumId, _: SignedService, tx: Read) -> AlbumChanged:
    """One album, as it is announced."""
    return await changed(tx, await known_album(tx, album_id))
