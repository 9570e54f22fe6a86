"""Where artists are kept."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from catalog.models import Artist
from chassis.db import first_version
from contracts.ids import ArtistId
from contracts.naming import match_artist, search_text


async def ensure_artist(tx: AsyncSession, name: str) -> ArtistId:
    """The artist of this name, made when there is none. The caller has locked the name (albums/store.py)."""
    return await _known(tx, name) or await _make_artist(tx, ArtistId(uuid7()), name)


async def adopt_artist(tx: AsyncSession, artist_id: ArtistId, name: str) -> ArtistId:
    """The artist with this id, else the one of this name; made with the id when there is neither."""
    if await tx.get(Artist, artist_id) is not None:
        return artist_id
    return await _known(tx, name) or await _make_artist(tx, artist_id, name)


async def _known(tx: AsyncSession, name: str) -> ArtistId | None:
    return await tx.scalar(select(Artist.id).where(Artist.match_key == match_artist(name)).order_by(Artist.id).limit(1))


async def _make_artist(tx: AsyncSession, artist_id: ArtistId, name: str) -> ArtistId:
    key = match_artist(name)
    artist = Artist(id=artist_id, name=name, match_key=key, search=search_text(name), version=first_version())
    tx.add(artist)
    await tx.flush()
    return artist.id
