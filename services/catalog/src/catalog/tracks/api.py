"""Tracks over HTTP."""

from sqlalchemy.orm import selectinload

from catalog.models import Track
from catalog.tracks.answers import track_of
from chassis.db import Read
from chassis.errors import NotFound
from chassis.http import router as routes
from chassis.tokens import SignedCaller
from contracts import catalog
from contracts.ids import TrackId

router = routes(prefix="/music/tracks", tags=["tracks"])


class UnknownTrack(NotFound):
    sentence = "There is no such track."


@router.get("/{track_id}")
async def read_track(track_id: TrackId, _: SignedCaller, tx: Read) -> catalog.Track:
    """One track."""
    track = await tx.get(Track, track_id, options=[selectinload(Track.credits)])
    if track is None:
        raise UnknownTrack
    return track_of(track)
