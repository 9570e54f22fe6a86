"""Artists as a source credits them: one for each of its ids."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from catalog.external_ids import Named, claim, holders
from catalog.models import Artist
from catalog.sources.answers import ArtistTold, CreditTold
from chassis.db import first_version
from contracts.ids import ArtistId
from contracts.naming import match_artist, search_text


def told_in(lines: Iterable[Iterable[CreditTold]]) -> dict[UUID, ArtistTold]:
    """Every artist credited in these lines."""
    return {part.artist.id: part.artist for line in lines for part in line}


def names_of(artists: Iterable[ArtistTold]) -> set[str]:
    """What they are locked by."""
    return {name for artist in artists for name in (f"artist:{match_artist(artist.name)}", f"artist-mbid:{artist.id}")}


async def ensure_told(tx: AsyncSession, told: Mapping[UUID, ArtistTold]) -> dict[UUID, ArtistId]:
    """By MusicBrainz's id; one who has none is found by name, and has it from then on. The caller has locked them."""
    known = await _known(tx, told)
    for mbid, artist in told.items():
        if mbid not in known:
            row = await _namesake(tx, artist, taken=known.values()) or _new(tx, artist)
            row.mbid, known[mbid] = mbid, row
        _describe(known[mbid], artist)
    await tx.flush()
    for mbid, row in known.items():
        await claim(tx, "artist", row.id, [("musicbrainz", str(mbid))])
    return {mbid: row.id for mbid, row in known.items()}


async def _known(tx: AsyncSession, told: Mapping[UUID, ArtistTold]) -> dict[UUID, Artist]:
    ids: list[Named] = [("musicbrainz", str(mbid)) for mbid in told]
    held = {UUID(value): piece for (_, value), piece in (await holders(tx, "artist", ids)).items()}
    rows = {row.id: row for row in await tx.scalars(select(Artist).where(Artist.id.in_(held.values())))}
    by_column = {row.mbid: row for row in await tx.scalars(select(Artist).where(Artist.mbid.in_(told)))}
    shown = {mbid: row for mbid, row in by_column.items() if mbid is not None}
    return shown | {mbid: rows[ArtistId(piece)] for mbid, piece in held.items() if piece in rows}


async def _namesake(tx: AsyncSession, told: ArtistTold, taken: Collection[Artist]) -> Artist | None:
    same = select(Artist).where(Artist.match_key == match_artist(told.name), Artist.mbid.is_(None)).order_by(Artist.id)
    return next((row for row in await tx.scalars(same) if row not in taken), None)


def _new(tx: AsyncSession, told: ArtistTold) -> Artist:
    key, search = match_artist(told.name), search_text(told.name)
    artist = Artist(id=ArtistId(uuid7()), name=told.name, match_key=key, search=search, version=first_version())
    tx.add(artist)
    return artist


def _describe(row: Artist, told: ArtistTold) -> None:
    row.sort_name = told.sort_name or row.sort_name
    row.disambiguation = told.disambiguation or row.disambiguation
