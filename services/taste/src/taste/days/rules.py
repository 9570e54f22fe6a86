"""What of a day of listening taste goes by: how often each artist was played, off which album and in which tracks.

No I/O here.
"""

from collections.abc import Iterable
from typing import NamedTuple

from contracts.ids import AlbumId, ArtistId, TrackId
from contracts.listening import PlayedTrack


class HeardTrack(NamedTuple):
    """How often a track was played."""

    id: TrackId
    title: str
    plays: int


class Heard(NamedTuple):
    """An artist, off an album if it is known which, and how often, track by track; by the names they had that day."""

    artist_id: ArtistId
    artist: str
    album_id: AlbumId | None
    album: str | None
    plays: int
    tracks: tuple[HeardTrack, ...] = ()


def by_album(tracks: Iterable[PlayedTrack]) -> list[Heard]:
    """The tracks of a day summed up, in one order whatever order they came in."""
    found: dict[tuple[ArtistId, AlbumId | None], list[PlayedTrack]] = {}
    for track in tracks:
        found.setdefault((track.artist_id, track.album_id), []).append(track)
    heard = [_sum(artist_id, album_id, those) for (artist_id, album_id), those in found.items()]
    return sorted(heard, key=lambda each: (str(each.artist_id), str(each.album_id or "")))


def _sum(artist_id: ArtistId, album_id: AlbumId | None, tracks: list[PlayedTrack]) -> Heard:
    artist = min(track.artist for track in tracks)
    album = min((track.album for track in tracks if track.album is not None), default=None)
    return Heard(artist_id, artist, album_id, album, sum(track.plays for track in tracks), _by_track(tracks))


def _by_track(tracks: list[PlayedTrack]) -> tuple[HeardTrack, ...]:
    found: dict[TrackId, list[PlayedTrack]] = {}
    for track in tracks:
        found.setdefault(track.track_id, []).append(track)
    heard = [
        HeardTrack(key, min(each.title for each in those), sum(each.plays for each in those))
        for key, those in found.items()
    ]
    return tuple(sorted(heard, key=lambda each: str(each.id)))
