"""Adopting albums: what comes from another deployment keeps the id that is said of it there."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.albums.answers import states
from catalog.albums.locks import lock_adopted
from catalog.albums.rules import check_same_albums
from catalog.albums.store import add_adopted, akin, albums_by_id, held_ids
from catalog.enrichment.queue import ADOPTED, ask_for
from catalog.journal import journal
from catalog.models import Album
from chassis.outbox import publish
from contracts.adopting import AlbumToAdopt
from contracts.ids import AlbumId


async def adopt(tx: AsyncSession, albums: Sequence[AlbumToAdopt], *, only_ask: bool) -> list[Album]:
    """Those of `albums` that are there, once the others are made unless it is only asked; what is known stays as it is.

    An artist whose name another one here has is that one. Raises AnotherAlbum.
    """
    if not only_ask:
        await lock_adopted(tx, albums)
    known = await albums_by_id(tx, [album.id for album in albums])
    new = {album.id: album for album in albums if album.id not in known}
    check_same_albums([*new.values()], await akin(tx, albums), await held_ids(tx, albums))
    if new and not only_ask:
        known |= await _make(tx, [*new.values()])
    return [known[album.id] for album in albums if album.id in known]


async def _make(tx: AsyncSession, new: Sequence[AlbumToAdopt]) -> dict[AlbumId, Album]:
    await add_adopted(tx, new)
    made = await albums_by_id(tx, [album.id for album in new])
    told = await states(tx, [*made.values()])
    await publish(tx, *told)
    await journal.record_made(tx, "album.adopted", [(each.album_id, each) for each in told])
    await ask_for(tx, made, ADOPTED)
    return made
