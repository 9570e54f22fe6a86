"""Tracks as others see them."""

from catalog.credits import told
from catalog.models import Track
from contracts import catalog


def track_of(row: Track) -> catalog.Track:
    """`row` with its credits and placements loaded."""
    return catalog.Track(
        id=row.id,
        title=row.title,
        album_id=row.placements[0].album_id if row.placements else None,
        artist=row.artist,
        artists=told(row.credits),
        duration_ms=row.duration_ms,
        mbid=row.mbid,
        spotify_id=row.spotify_id,
    )
