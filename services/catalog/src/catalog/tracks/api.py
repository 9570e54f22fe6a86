"""Tracks over HTTP."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import selectinload

from catalog.models import Track
from catalog.tracks.details import details
from catalog.tracks.ensure import ensure_tracks
from chassis.caller import Caller, check_may
from chassis.db import Read, Tx
from chassis.errors import NotFound
from chassis.http import router as routes
from chassis.tokens import NotForYou, SignedCaller
from contracts.ids import TrackId
from contracts.tracks import EnsuredTracks, MessyTriples, TrackDetails

router = routes(prefix="/music/tracks", tags=["tracks"])


class UnknownTrack(NotFound):
    sentence = "There is no such track."


async def _mapper(caller: SignedCaller) -> Caller:
    if caller.kind != "service":
        check_may(caller, "catalog:write", NotForYou)
    return caller


Mapper = Annotated[Caller, Depends(_mapper)]


@router.post("/ensure")
async def ensure(triples: MessyTriples, _: Mapper, tx: Tx) -> EnsuredTracks:
    """Which track each of up to 1,000 messy ones is, made when there is none; one bad item costs no other."""
    return EnsuredTracks(items=await ensure_tracks(tx, triples.items))


@router.get("/{track_id}")
async def read_track(track_id: TrackId, _: SignedCaller, tx: Read) -> TrackDetails:
    """One track, with the albums it stands on."""
    track = await tx.get(Track, track_id, options=[selectinload(Track.credits), selectinload(Track.placements)])
    if track is None:
        raise UnknownTrack
    return await details(tx, track)
