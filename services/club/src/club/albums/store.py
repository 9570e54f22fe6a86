"""Albums in PostgreSQL."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.copies import keep_newest, keep_newest_of_all
from club.albums import rules
from club.albums.redirects import standing
from club.models import Album
from contracts import catalog
from contracts.catalog import AlbumChanged, AlbumIn
from contracts.ids import AlbumId
from contracts.naming import album_key

# How an album is shown; what else sources tell of it is for others.
COPIED = {"version", "title", "artist", "artists", "year", "mbid", "spotify_id", "cover_url"}


async def albums(tx: AsyncSession, ids: Iterable[AlbumId]) -> dict[AlbumId, catalog.Album]:
    """Each as it stands now, by the id that was asked for."""
    now = await standing(tx, ids)
    rows = await tx.scalars(select(Album).where(Album.id.in_(set(now.values()))))
    stand = {row.id: catalog.Album.model_validate(row) for row in rows}
    return {asked: stand[album_id] for asked, album_id in now.items() if album_id in stand}


async def find(tx: AsyncSession, album: AlbumIn, among: Iterable[AlbumId] | None = None) -> AlbumId | None:
    """The club's own copy of `album`: of all it has, or `among` some; one that was merged is its survivor."""
    album = rules.with_ids_of_link(album)
    if album.album_id is not None:
        likely = Album.id == album.album_id
    else:
        likely = Album.match_key == album_key(album.title or "", album.artist or "")
        if album.mbid is not None:
            likely |= Album.mbid == str(album.mbid)
        if album.spotify_id is not None:
            likely |= Album.spotify_id == album.spotify_id
    found = (await tx.scalars(select(Album).where(likely).order_by(Album.id))).all()
    now = await standing(tx, [row.id for row in found])
    if among is not None:
        those = set((await standing(tx, among)).values())
        found = [row for row in found if now[row.id] in those]
    # What was merged is still known by its own names and ids, too.
    picked = rules.pick(album, [catalog.Album.model_validate(row) for row in found])
    return None if picked is None else now[picked]


async def keep(tx: AsyncSession, changed: AlbumChanged) -> None:
    """Take over what the catalogue tells, unless something newer is known."""
    await keep_newest(tx, Album, _columns(changed))


async def keep_all(tx: AsyncSession, changed: Iterable[AlbumChanged]) -> None:
    await keep_newest_of_all(tx, Album, [_columns(each) for each in changed])


def _columns(changed: AlbumChanged) -> dict[str, Any]:
    state = changed.model_dump(mode="json", include=COPIED)
    return {"id": changed.album_id, **state, "match_key": album_key(changed.title, changed.artist)}
