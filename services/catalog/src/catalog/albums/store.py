"""Where albums are kept."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload
from uuid_utils.compat import uuid7

from catalog import external_ids
from catalog.albums.rules import EXTERNAL_IDS, UnknownAlbum, front_cover
from catalog.artists.store import adopt_artist, ensure_artist
from catalog.external_ids import Named
from catalog.merging.redirects import meant
from catalog.models import Album, AlbumAlias, AlbumArtist, PieceAlias
from chassis.db import first_version, next_version
from contracts.adopting import AlbumToAdopt
from contracts.catalog import AlbumDescription
from contracts.ids import AlbumId
from contracts.naming import MATCHING, album_key, search_text


def whole_albums() -> Select[Album]:
    """Albums with their credits."""
    return select(Album).options(selectinload(Album.credits)).order_by(Album.id)


async def known_album(tx: AsyncSession, album_id: AlbumId) -> Album:
    """The album that the id means now, or UnknownAlbum."""
    album = await tx.scalar(whole_albums().where(Album.id == meant(AlbumAlias, album_id)))
    if album is None:
        raise UnknownAlbum
    return album


async def hold_album(tx: AsyncSession, album_id: AlbumId) -> Album:
    """As it is now, however it was read before, and so it stays until `tx` ends."""
    held = whole_albums().where(Album.id == album_id).with_for_update().execution_options(populate_existing=True)
    return (await tx.scalars(held)).one()


async def holders(tx: AsyncSession, mbid: UUID | None, spotify_id: str | None) -> Sequence[Album]:
    """The albums that have one of these ids, of any edition: the one with the MusicBrainz id first."""
    release: list[Named] = [("musicbrainz-release", str(mbid))] if mbid else []
    held = await external_ids.holders(tx, "album", [*named(mbid=mbid, spotify_id=spotify_id), *release])
    by_spotify = held.pop(("spotify", spotify_id), None) if spotify_id else None
    by_mbid = held.get(("musicbrainz", str(mbid))) or held.get(("musicbrainz-release", str(mbid)))
    albums = await albums_by_id(tx, [AlbumId(found) for found in (by_mbid, by_spotify) if found])
    return sorted(albums.values(), key=lambda album: album.id != by_mbid)


def named(*, mbid: UUID | None = None, spotify_id: str | None = None) -> list[Named]:
    """These ids as external_ids names them."""
    given: list[Named] = [("musicbrainz", str(mbid))] if mbid else []
    return [*given, ("spotify", spotify_id)] if spotify_id else given


async def namesakes(tx: AsyncSession, title: str, artist: str) -> Sequence[Album]:
    """The albums of this title and artist, also those that have it as another name, oldest first."""
    key = album_key(title, artist)
    own = select(Album.id).where(Album.match_key == key)
    other = select(PieceAlias.piece_id).where(PieceAlias.kind == "album", PieceAlias.match_key == key)
    return (await tx.scalars(whole_albums().where(Album.id.in_(union(own, other))))).all()


async def former_years(tx: AsyncSession, ids: Collection[AlbumId]) -> set[tuple[AlbumId, int | None]]:
    """Each of these albums with the years of those that were merged into it."""
    theirs = select(AlbumAlias.survivor_id, Album.year).join(Album, Album.id == AlbumAlias.id)
    merged = theirs.where(AlbumAlias.survivor_id.in_(ids), AlbumAlias.survivor_id != AlbumAlias.id)
    return {(AlbumId(album_id), year) for album_id, year in await tx.execute(merged)}


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


async def held_ids(tx: AsyncSession, albums: Sequence[AlbumToAdopt]) -> dict[tuple[str, Any], AlbumId]:
    """Whose the external ids of these albums are, as far as they are anybody's."""
    given = [(name, getattr(album, name)) for album in albums for name in EXTERNAL_IDS if getattr(album, name)]
    asked = {named(**{name: value})[0]: (name, value) for name, value in given}
    held = await external_ids.holders(tx, "album", [*asked])
    return {asked[each]: AlbumId(album_id) for each, album_id in held.items()}


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
        await external_ids.claim(tx, "album", album.id, named(mbid=album.mbid, spotify_id=album.spotify_id))
    await tx.flush()


async def make_album(tx: AsyncSession, description: AlbumDescription) -> Album:
    album = Album(id=uuid7(), version=first_version(), **description.model_dump(exclude={"url"}))
    await _name(tx, album)
    tx.add(album)
    await _save(tx, album)
    await external_ids.claim(tx, "album", album.id, named(mbid=album.mbid, spotify_id=album.spotify_id))
    return album


async def update_album(tx: AsyncSession, album: Album, changes: dict[str, Any]) -> None:
    """An id that another one replaces is the album's no more; what it is shown with is always its own."""
    shown = {name: changes[name] for name in EXTERNAL_IDS if name in changes}
    replaced = named(**{name: getattr(album, name) for name in shown})
    if replaced:
        await external_ids.release(tx, "album", album.id, replaced)
    for name, value in changes.items():
        setattr(album, name, value)
    await external_ids.claim(tx, "album", album.id, named(**shown))
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
    album.matching = MATCHING
    # The line is one credit: where it could be divided ("Earth, Wind & Fire"), only a source that knows may say so.
    artist_id = await ensure_artist(tx, album.artist)
    album.credits = [AlbumArtist(position=0, artist_id=artist_id, name=album.artist)]
