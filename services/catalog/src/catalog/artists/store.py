"""Where artists are kept."""

from collections.abc import Collection

from sqlalchemy import Text, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from catalog.artists.rules import UnknownArtist
from catalog.merging.redirects import meant, standing_artist
from catalog.models import Artist, ArtistAlias, PieceAlias
from chassis.db import any_of, first_version
from contracts.ids import ArtistId
from contracts.naming import match_artist, search_text

_NAMED = select(Artist.match_key, Artist.id).where(Artist.match_key == any_of("keys", Text)).order_by(Artist.id.desc())
_ADD = insert(Artist).values(version=first_version())


async def known_artist(tx: AsyncSession, artist_id: ArtistId) -> Artist:
    """The artist whom the id means now, or UnknownArtist."""
    named = select(Artist).where(Artist.id == meant(ArtistAlias, artist_id))
    artist = await tx.scalar(named.execution_options(populate_existing=True))
    if artist is None:
        raise UnknownArtist
    return artist


async def ensure_artist(tx: AsyncSession, name: str) -> ArtistId:
    """The artist of this name, made when there is none. The caller has locked the name (albums/store.py)."""
    return await _known(tx, name) or await _make_artist(tx, ArtistId(uuid7()), name)


async def ensure_artists(tx: AsyncSession, names: Collection[str]) -> dict[str, ArtistId]:
    """The artist of each name, by its match_artist; made where there is none. The caller has locked all names."""
    named = {match_artist(name): name for name in sorted(names, reverse=True)}
    known = {row.match_key: row.id for row in await tx.execute(_NAMED, {"keys": [*named]})}
    new = {key: ArtistId(uuid7()) for key in sorted(named) if key not in known}
    rows = [{"id": new[key], "name": named[key], "match_key": key, "search": search_text(named[key])} for key in new]
    if rows:
        await tx.execute(_ADD, rows)
    return known | new


async def adopt_artist(tx: AsyncSession, artist_id: ArtistId, name: str) -> ArtistId:
    """The artist with this id, else the one of this name; made with the id when there is neither."""
    artist_id = await standing_artist(tx, artist_id)
    if await tx.get(Artist, artist_id) is not None:
        return artist_id
    return await _known(tx, name) or await _make_artist(tx, artist_id, name)


async def _known(tx: AsyncSession, name: str) -> ArtistId | None:
    key = match_artist(name)
    own = select(Artist.id.label("id")).where(Artist.match_key == key)
    # One that was merged is known by its old name; only such names are as good as one's own.
    merged = select(PieceAlias.piece_id).where(PieceAlias.kind == "artist", PieceAlias.match_key == key)
    known = own.union(merged.where(PieceAlias.source == "merge")).subquery()
    return await tx.scalar(select(known.c.id).order_by(known.c.id).limit(1))


async def _make_artist(tx: AsyncSession, artist_id: ArtistId, name: str) -> ArtistId:
    key = match_artist(name)
    artist = Artist(id=artist_id, name=name, match_key=key, search=search_text(name), version=first_version())
    tx.add(artist)
    await tx.flush()
    return artist.id
