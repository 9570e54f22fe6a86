"""Where albums are kept."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload
from uuid_utils.compat import uuid7

from catalog.albums.rules import UnknownAlbum, front_cover
from catalog.artists.store import adopt_artist, ensure_artist
from catalog.models import Album, AlbumArtist
from chassis.db import first_version, next_version
from contracts.catalog import AlbumDescription, AlbumToAdopt
from contracts.ids import AlbumId
from contracts.naming import album_key, search_text


def whole_albums() -> Select[Album]:
    """Albums with their credits."""
    return select(Album).options(selectinload(Album.credits)).order_by(Album.id)


async def known_album(tx: AsyncSession, album_id: AlbumId) -> Album:
    """The album, or UnknownAlbum."""
    album = await tx.scalar(whole_albums().where(Album.id == album_id))
    if album is None:
        raise UnknownAlbum
    return album


async def hold_album(tx: AsyncSession, album_id: AlbumId) -> Album:
    """As it is now, however it was read before, and so it stays until `tx` ends."""
    held = whole_albums().where(Album.id == album_id).with_for_update().execution_options(populate_existing=True)
    return (await tx.scalars(held)).one()


async def holders(tx: AsyncSession, mbid: UUID | None, spotify_id: str | None) -> Sequence[Album]:
    """The albums that have one of these ids: the one with the MusicBrainz id first."""
    given = [(Album.mbid, mbid), (Album.spotify_id, spotify_id)]
    # No id is no id to look for: `IS NULL` would find all that have none.
    ids = [column == external_id for column, external_id in given if external_id is not None]
    held = (await tx.scalars(whole_albums().where(or_(*ids)))).all() if ids else []
    return sorted(held, key=lambda album: mbid is None or album.mbid != mbid)


async def namesakes(tx: AsyncSession, title: str, artist: str) -> Sequence[Album]:
    """The albums of this title and artist, oldest first."""
    same = Album.match_key == album_key(title, artist)
    return (await tx.scalars(whole_albums().where(same))).all()


async def albums_by_id(tx: AsyncSession, ids: Collection[AlbumId]) -> dict[AlbumId, Album]:
    found = whole_albums().where(Album.id.in_(ids)).execution_options(populate_existing=True)
    return {album.id: album for album in await tx.scalars(found)}


async def akin(tx: AsyncSession, albums: Sequence[AlbumToAdopt]) -> Sequence[Album]:
    """Every other album that has an external id or the name of one of these, oldest first."""
    likely = or_(
        Album.mbid.in_([album.mbid for album in albums if album.mbid is not None]),
        Album.spotify_id.in_([album.spotify_id for album in albums if album.spotify_id is not None]),
        Album.match_key.in_({album_key(album.title, album.artist) for album in albums}),
    )
    own = [album.id for album in albums]
    return (await tx.scalars(select(Album).where(likely, Album.id.not_in(own)).order_by(Album.id))).all()


async def add_adopted(tx: AsyncSession, albums: Sequence[AlbumToAdopt]) -> None:
    """A cover that the catalogue would name by itself was not given by anybody."""
    for album in albums:
        cover = None if album.cover_url == front_cover(album.mbid) else album.cover_url
        row = Album(
            **album.model_dump(include={"id", "title", "artist", "year", "mbid", "spotify_id"}),
            cover_url=cover,
            version=first_version(),
            match_key=album_key(album.title, album.artist),
            search=search_text(album.title, album.artist),
        )
        row.credits = [
            AlbumArtist(position=place, artist_id=await adopt_artist(tx, credit.id, credit.name), name=credit.name)
            for place, credit in enumerate(album.artists)
        ]
        tx.add(row)
    await tx.flush()


async def make_album(tx: AsyncSession, description: AlbumDescription) -> Album:
    album = Album(id=uuid7(), version=first_version(), **description.model_dump(exclude={"url"}))
    await _name(tx, album)
    tx.add(album)
    await _save(tx, album)
    return album


async def update_album(tx: AsyncSession, album: Album, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(album, name, value)
    if changes.keys() & {"title", "artist"}:
        await _name(tx, album)
    album.version = next_version(Album.__table__.c.version)
    album.updated_at = func.now()
    await _save(tx, album)


async def _save(tx: AsyncSession, album: Album) -> None:
    await tx.flush()
    await tx.refresh(album, ["version", "created_at", "updated_at"])


async def _name(tx: AsyncSession, album: Album) -> None:
    album.match_key = album_key(album.title, album.artist)
    album.search = search_text(album.title, album.artist)
    # The line is one credit: where it could be divided ("Earth, Wind & Fire"), only a source that knows may say so.
    artist_id = await ensure_artist(tx, album.artist)
    album.credits = [AlbumArtist(position=0, artist_id=artist_id, name=album.artist)]
