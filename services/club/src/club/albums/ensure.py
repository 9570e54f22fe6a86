"""Which album a request speaks of: found in the club's own copy, else asked of the catalogue, before `Tx` opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.client import Neighbour, ask_each, neighbour
from chassis.db import Transactions
from chassis.errors import NotFound, Refusal, Unavailable
from club.albums import rules, store
from club.albums.redirects import standing_album
from contracts.catalog import AlbumChanged, AlbumIn
from contracts.ids import AlbumId


@dataclass(frozen=True)
class KnownAlbum:
    """`told` is what the catalogue just answered; None for an album the club knew before."""

    id: AlbumId
    told: AlbumChanged | None = None


class _Albums:
    def __init__(self, db: Transactions, catalog: Neighbour) -> None:
        self._db, self._catalog = db, catalog

    async def meant(self, album: AlbumIn) -> KnownAlbum:
        """The album that a body's `album` means; made in the catalogue when first seen, unless it is named by id."""
        return await self._own(album) or await self._ask(album)

    async def each_meant(self, described: Sequence[AlbumIn]) -> list[KnownAlbum | Refusal]:
        """The same for many, in their order, with the refusal in the place of one; raises Unavailable for all."""
        async with self._db.transaction(postgresql_readonly=True) as tx:
            ours = [await store.find(tx, album) for album in described]

        async def one(known: tuple[AlbumIn, AlbumId | None]) -> KnownAlbum | Refusal:
            album, own = known
            if own is not None:
                return KnownAlbum(own)
            try:
                return await self._ask(album)
            except Unavailable:
                raise
            except Refusal as refusal:
                return refusal

        return await ask_each(one, zip(described, ours, strict=True))

    async def _own(self, album: AlbumIn) -> KnownAlbum | None:
        async with self._db.transaction(postgresql_readonly=True) as tx:
            album_id = await store.find(tx, album)
        return None if album_id is None else KnownAlbum(album_id)

    async def _ask(self, album: AlbumIn) -> KnownAlbum:
        told = AlbumChanged.model_validate(await self._told(album))
        return KnownAlbum(told.album_id, told)

    async def _told(self, album: AlbumIn) -> Any:
        if album.album_id is None:
            described = album.description.model_dump(mode="json", exclude_none=True)
            return await self._catalog.post("/internal/albums", described)
        try:
            return await self._catalog.get(f"/internal/albums/{album.album_id}")
        except NotFound as error:
            raise rules.NoSuchAlbum from error


async def _albums(request: Request, catalog: Annotated[Neighbour, Depends(neighbour("catalog"))]) -> _Albums:
    return _Albums(request.app.state.db, catalog)


# Who asks is looked at first: declare the dependency on an album after the one on a member, and both before `Tx`.
Albums = Annotated[_Albums, Depends(_albums)]


async def settle(tx: AsyncSession, known: KnownAlbum) -> AlbumId:
    """The album's id, with a row in the club's copy; take the week and members first, as everybody does."""
    if known.told is not None:
        await store.keep(tx, known.told)
    return await standing_album(tx, known.id)
