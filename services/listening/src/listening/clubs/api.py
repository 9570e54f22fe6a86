"""Listening to albums, over HTTP: one's progress, and a week's winner."""

from chassis.db import Read
from chassis.http import router as routes
from chassis.tokens import SignedCaller
from contracts.album_listening import AlbumProgress, WeekListening
from contracts.ids import AlbumId, WeekId
from listening.clubs.rules import progress
from listening.clubs.store import album_meant, plays_of_album
from listening.clubs.week import week_listening
from listening.sight import SeenListener

router = routes(tags=["listening"])


@router.get("/users/{user_id}/albums/{album_id}/progress")
async def read_album_progress(user: SeenListener, album_id: AlbumId, tx: Read) -> AlbumProgress:
    """How much of an album somebody has heard, and when they had heard all of it."""
    albums, tracks = await album_meant(tx, album_id)
    found = progress(tracks, await plays_of_album(tx, albums, tracks, user.id))
    return AlbumProgress(
        album_id=albums[0],
        tracks=len(set(tracks)) or None,
        heard=found.heard,
        plays=found.plays,
        first_played_at=found.first_played_at,
        completed_at=found.completed_at,
        in_order=found.in_order,
    )


@router.get("/listens/weeks/{week_id}")
async def read_week_listening(week_id: WeekId, caller: SignedCaller, tx: Read) -> WeekListening:
    """Who of those who show it listened to a week's winner before they rated it, and when it was played."""
    return await week_listening(tx, week_id, caller)
