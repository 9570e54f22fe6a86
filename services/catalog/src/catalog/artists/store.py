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
    key = match_artist(name)
    oldest = select(Artist.id).where(Artist.match_key == key).order_by(Artist.id).limit(1)
    known = await tx.scalar(oldest)
    return known or await _make_artist(tx, name, key)


async def _make_artist(tx: AsyncSession, name: str, key: str) -> ArtistId:
    artist = Artist(id=uuid7(), name=name, match_key=key, search=search_text(name), version=first_version())
    tx.add(artist)
    await tx.flush()
    return artist.id
