"""What the sources say of one album, gathered before anything is written, and outside of every transaction."""

from dataclasses import dataclass, field
from uuid import UUID

from catalog.enrichment.hearing import Heard
from catalog.enrichment.pairing import paired
from catalog.enrichment.rules import (
    Wanted,
    pick_group,
    pick_on_spotify,
    representative,
    same_names,
    spotify_link,
    without_edition,
)
from catalog.sources.answers import MeasuredTrack, Release, ReleaseGroup, SpotifyAlbum
from catalog.sources.coverart import CoverArt
from catalog.sources.musicbrainz import MusicBrainz
from catalog.sources.rules import year_of
from catalog.sources.settings import SourceSettings
from catalog.sources.spotify import Spotify, spotify_of
from chassis.db import Transactions

# Of how many links MusicBrainz is asked, for one album.
LINKS = 3


class Sources:
    """Whom to ask; `spotify` is None where there are no keys."""

    def __init__(self, db: Transactions, settings: SourceSettings) -> None:
        self.musicbrainz, self.covers = MusicBrainz(db, settings), CoverArt(db, settings)
        self.spotify = spotify_of(db, settings)


@dataclass
class Findings(Heard):
    """None is what nobody knows, or could not be asked.

    `tracks` are Spotify's ids of recordings, `measured` is how those sound; both are by MusicBrainz's id.
    """

    group: ReleaseGroup | None = None
    releases: list[Release] | None = None
    release: Release | None = None
    front: bool | None = None
    on_spotify: SpotifyAlbum | None = None
    tracks: dict[UUID, str] = field(default_factory=dict)
    measured: dict[UUID, MeasuredTrack] = field(default_factory=dict)

    @property
    def year(self) -> int | None:
        return year_of(self.group.first_release_date) if self.group else None


async def gather(sources: Sources, wanted: Wanted) -> Findings:
    found = Findings()
    found.group = await found.hear(_group(sources.musicbrainz, wanted))
    if found.group is not None:
        await _editions(sources, found, found.group.id)
    if sources.spotify is not None:
        found.on_spotify = await found.hear(_on_spotify(sources.spotify, wanted, found))
        await _sound(sources.spotify, found)
    return found


async def _group(musicbrainz: MusicBrainz, wanted: Wanted) -> ReleaseGroup | None:
    """By the id that was given; else by a link, or a search, if it has the same names."""
    if wanted.mbid is not None:
        return await musicbrainz.release_group(wanted.mbid)
    for mbid in await _linked(musicbrainz, wanted):
        group = await musicbrainz.release_group(mbid)
        if group is not None and same_names(wanted, group):
            return group
    picked = pick_group(wanted, await musicbrainz.search(without_edition(wanted.title), wanted.artist))
    return await musicbrainz.release_group(picked.id) if picked else None


async def _linked(musicbrainz: MusicBrainz, wanted: Wanted) -> list[UUID]:
    by_release = [await musicbrainz.group_of_release(mbid) for mbid in wanted.releases[:LINKS]]
    by_link = [await musicbrainz.group_of_link(link) for link in wanted.links[:LINKS]]
    return list(dict.fromkeys(mbid for mbid in (*by_release, *by_link) if mbid is not None))


async def _editions(sources: Sources, found: Findings, group: UUID) -> None:
    found.releases = await found.hear(sources.musicbrainz.releases(group))
    if chosen := representative(found.releases or []):
        found.release = await found.hear(sources.musicbrainz.release(chosen.id))
    found.front = await found.hear(sources.covers.has_front(group))


async def _on_spotify(spotify: Spotify, wanted: Wanted, found: Findings) -> SpotifyAlbum | None:
    linked = wanted.spotify_id or (spotify_link(found.release) if found.release else None)
    if linked is not None:
        return await spotify.album(linked)
    albums = await spotify.search(without_edition(wanted.title), wanted.artist)
    tracks = found.release.tracks if found.release else None
    picked = pick_on_spotify(wanted, wanted.year or found.year, tracks, albums)
    # A search lists no tracks.
    return picked and (await spotify.album(picked.id) or picked)


async def _sound(spotify: Spotify, found: Findings) -> None:
    if found.release is None or found.on_spotify is None:
        return
    found.tracks = paired(found.release, found.on_spotify)
    told = await found.hear(spotify.measured(sorted(found.tracks.values()))) or {}
    found.measured = {recording: told[track] for recording, track in found.tracks.items() if track in told}
