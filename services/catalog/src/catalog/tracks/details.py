"""All that is known of a track: the albums it stands on, and how it sounds."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.merging.redirects import standing_albums
from catalog.models import Track, TrackFeatures
from catalog.tracks.answers import track_of
from contracts import sound
from contracts.tracks import PlacedOn, TrackDetails


async def details(tx: AsyncSession, track: Track) -> TrackDetails:
    """Of a track with its credits and placements loaded."""
    standing = await standing_albums(tx, [placement.album_id for placement in track.placements])
    placed = [
        PlacedOn(album_id=standing[each.album_id], disc=each.disc, position=each.position, title=each.title)
        for each in track.placements
    ]
    told = track_of(track).model_dump() | {"album_id": placed[0].album_id if placed else None}
    measured = select(TrackFeatures).where(TrackFeatures.track_id == track.id).order_by(TrackFeatures.source).limit(1)
    row = await tx.scalar(measured)
    return TrackDetails(**told, placements=placed, features=row and sound.TrackFeatures.model_validate(row))
