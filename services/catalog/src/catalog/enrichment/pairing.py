"""Which of Spotify's tracks are which recordings of the release that stands for the album. No I/O here."""

from uuid import UUID

from catalog.sources.answers import Release, SpotifyAlbum, SpotifyTrack
from contracts.naming import match_title


def paired(release: Release, album: SpotifyAlbum) -> dict[UUID, str]:
    """Spotify's id of each recording: of the track of this title at this place, else of the only one of this title."""
    by_title: dict[str, list[SpotifyTrack]] = {}
    for track in album.tracks.items:
        by_title.setdefault(match_title(track.name), []).append(track)
    pairs: dict[UUID, str] = {}
    for medium in release.media:
        for listed in medium.tracks:
            same = by_title.get(match_title(listed.title), [])
            found = _at(medium.position, listed.position, same) or (same[0] if len(same) == 1 else None)
            if found is not None and found.id not in pairs.values():
                pairs.setdefault(listed.recording.id, found.id)
    return pairs


def _at(disc: int, position: int, tracks: list[SpotifyTrack]) -> SpotifyTrack | None:
    return next((each for each in tracks if (each.disc_number, each.track_number) == (disc, position)), None)
