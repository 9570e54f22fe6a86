"""Albums that are told differently because something beside them changed: an artist, a credit, what was merged in."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.albums.answers import states
from catalog.albums.store import whole_albums
from catalog.merging.redirects import standing_albums
from catalog.models import Album, AlbumArtist, Placement
from chassis.db import next_version
from chassis.outbox import publish
from contracts.ids import AlbumId, ArtistId, TrackId


async def hold_credited(tx: AsyncSession, *artists: ArtistId) -> Sequence[AlbumId]:
    """The albums that credit one of these, which nobody else changes until `tx` ends."""
    of = select(AlbumArtist.album_id).where(AlbumArtist.artist_id.in_(artists))
    return await _hold(tx, (await tx.scalars(of)).all())


async def hold_with(tx: AsyncSession, tracks: Collection[TrackId]) -> Sequence[AlbumId]:
    """The same of those that one of these stands on."""
    of = select(Placement.album_id).where(Placement.track_id.in_(tracks))
    return await _hold(tx, (await tx.scalars(of)).all())


async def announce_anew(tx: AsyncSession, ids: Collection[AlbumId]) -> None:
    """A newer version of each, as it now is; of one that was merged nothing is told any more."""
    held = [old for old, now in (await standing_albums(tx, await _hold(tx, ids))).items() if old == now]
    newer = {"version": next_version(Album.__table__.c.version), "updated_at": func.now()}
    changes = update(Album).where(Album.id.in_(held)).values(newer)
    await tx.execute(changes.execution_options(synchronize_session=False))
    found = whole_albums().where(Album.id.in_(held)).execution_options(populate_existing=True)
    await publish(tx, *await states(tx, (await tx.scalars(found)).all()))


async def _hold(tx: AsyncSession, ids: Collection[AlbumId]) -> Sequence[AlbumId]:
    # In one order, as everybody takes several.
    held = select(Album.id).where(Album.id.in_(ids)).order_by(Album.id).with_for_update()
    return (await tx.scalars(held)).all()
