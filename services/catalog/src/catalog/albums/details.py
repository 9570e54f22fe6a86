"""All that is known of an album: its tracklist, its editions, its genres."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from catalog.albums.answers import album_of
from catalog.albums.rules import cover
from catalog.albums.traits import traits
from catalog.credits import joined
from catalog.described import genres_and_tags, other_names
from catalog.featured.store import weeks_of
from catalog.models import Album, Edition, Placement, Track
from catalog.sources.rules import exactness
from contracts import catalog
from contracts.catalog import AlbumDetails, Covers, ListedTrack, Tracklist
from contracts.ids import AlbumId


async def details(tx: AsyncSession, album: Album) -> AlbumDetails:
    """Of an album with its credits loaded."""
    genres, tags = await genres_and_tags(tx, "album", album.id)
    known = (await traits(tx, [album.id]))[album.id]
    return AlbumDetails(
        **album_of(album).model_dump(),
        credits=joined(album.credits),
        aliases=await other_names(tx, "album", album.id),
        countries=known.countries,
        kind=album.kind,
        secondary_kinds=album.secondary_kinds,
        first_release=album.first_release,
        covers=_covers(album),
        genres=genres,
        tags=tags,
        mood=known.mood,
        features=known.features,
        editions=[catalog.Edition.model_validate(row) for row in await _editions(tx, album.id)],
        tracks=await _tracks(tx, album.id),
        featured=[catalog.Featured.model_validate(week) for week in await weeks_of(tx, album.id)],
        enriched_at=album.enriched_at,
    )


async def tracklist(tx: AsyncSession, album: Album) -> Tracklist:
    chosen = select(Edition.mbid).where(Edition.album_id == album.id, Edition.representative)
    return Tracklist(album_id=album.id, edition=await tx.scalar(chosen), tracks=await _tracks(tx, album.id))


def _covers(album: Album) -> Covers | None:
    small, medium, large = (cover(album, size) for size in (250, 500, 1200))
    return Covers(small=small, medium=medium, large=large) if small and medium and large else None


async def _editions(tx: AsyncSession, album_id: AlbumId) -> Sequence[Edition]:
    """The earliest first; a day goes before its month, and that before its year."""
    own = (await tx.scalars(select(Edition).where(Edition.album_id == album_id))).all()
    return sorted(own, key=lambda edition: (exactness(edition.released), edition.mbid))


async def _tracks(tx: AsyncSession, album_id: AlbumId) -> list[ListedTrack]:
    placed = select(Placement, Track).join(Track, Track.id == Placement.track_id).where(Placement.album_id == album_id)
    in_order = placed.order_by(Placement.disc, Placement.position).options(selectinload(Track.credits))
    return [_listed(placement, track) for placement, track in await tx.execute(in_order)]


def _listed(placement: Placement, track: Track) -> ListedTrack:
    return ListedTrack(
        id=track.id,
        disc=placement.disc,
        position=placement.position,
        title=placement.title,
        artist=track.artist,
        artists=joined(track.credits),
        duration_ms=track.duration_ms,
        mbid=track.mbid,
    )
