"""What sources told of an album is written at once, under its locks. What people typed stays as they typed it."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from catalog import external_ids
from catalog.albums.announcing import announce_anew, hold_with
from catalog.albums.answers import changed
from catalog.albums.locks import lock_all, lock_changes
from catalog.albums.locks import names_of as names_of_album
from catalog.albums.store import hold_album, update_album
from catalog.artists import ensuring as artists
from catalog.enrichment import on_spotify
from catalog.enrichment.findings import Findings
from catalog.enrichment.hearing import SaidOtherwise, TwoThatAreOne
from catalog.enrichment.naming import write_aliases, write_taggings
from catalog.enrichment.queue import CREDITED, ask_for
from catalog.enrichment.rules import Wanted, weights
from catalog.enrichment.store import still_so
from catalog.enrichment.tracklist import write_editions, write_tracklist
from catalog.external_ids import Named, claim
from catalog.journal import journal
from catalog.models import Album, AlbumArtist
from catalog.sources.answers import CreditTold, RecordingTold, ReleaseGroup
from catalog.tracks import ensuring as tracks
from chassis.outbox import publish
from contracts.catalog import AlbumChanged
from contracts.naming import album_key


async def write(tx: AsyncSession, wanted: Wanted, found: Findings) -> bool:
    """Whether anything was found. Raises SaidOtherwise and TwoThatAreOne."""
    await lock_changes(tx, wanted.album_id)
    await lock_all(tx, _names(wanted, found))
    if await tx.scalar(select(Album.id).where(Album.id == wanted.album_id)) is None:
        raise SaidOtherwise
    album = await hold_album(tx, wanted.album_id)
    if not still_so(wanted, album):
        raise SaidOtherwise
    before = await changed(tx, album)
    await _claim(tx, album, found)
    _fill(album, found)
    if found.group is not None:
        await _write_group(tx, album, found.group, found)
    if found.group is None and found.on_spotify is None:
        return False
    album.enriched_at = func.now()
    await tx.flush()
    await _announce(tx, album, before)
    return True


def _names(wanted: Wanted, found: Findings) -> set[str]:
    group, spotify = found.group, found.on_spotify
    names = {*names_of_album(wanted.title, wanted.artist, wanted.mbid, wanted.spotify_id)}
    names |= {f"mbid:{group.id}"} if group else set()
    names |= {f"spotify:{spotify.id}"} if spotify else set()
    names |= artists.names_of(artists.told_in(_lines(found)).values())
    return names | tracks.names_of(_recordings(found)) | on_spotify.names_of(found)


def _lines(found: Findings) -> list[list[CreditTold]]:
    own = [found.group.artist_credit] if found.group else []
    return [*own, *(recording.artist_credit for recording in _recordings(found))]


def _recordings(found: Findings) -> Sequence[RecordingTold]:
    media = found.release.media if found.release else []
    return [*{track.recording.id: track.recording for medium in media for track in medium.tracks}.values()]


async def _claim(tx: AsyncSession, album: Album, found: Findings) -> None:
    """Its ids elsewhere. A Spotify id that another has is left aside; of one release group, both are one album."""
    group: list[Named] = [("musicbrainz", str(found.group.id))] if found.group else []
    if await claim(tx, "album", album.id, group):
        other = (await external_ids.holders(tx, "album", group))[group[0]]
        raise TwoThatAreOne(f"Its release group is here as the album {other}; they could be merged.")
    if found.group is not None and await _shown_elsewhere(tx, album, found.group):
        raise TwoThatAreOne("Its release group is another album's here; they could be merged.")
    ids: list[Named] = [("musicbrainz", str(album.mbid))] if album.mbid else []
    ids += [("musicbrainz-release", str(release.id)) for release in found.releases or []]
    await claim(tx, "album", album.id, ids)
    spotify: list[Named] = [("spotify", found.on_spotify.id)] if found.on_spotify else []
    if await claim(tx, "album", album.id, spotify):
        found.on_spotify = None


async def _shown_elsewhere(tx: AsyncSession, album: Album, group: ReleaseGroup) -> bool:
    other = select(Album.id).where(Album.mbid == group.id, Album.id != album.id)
    return await tx.scalar(other) is not None


def _fill(album: Album, found: Findings) -> None:
    """Only gaps, but for an id that MusicBrainz itself merged into another, and for what only sources say."""
    if found.group is not None:
        album.mbid = found.group.id
        album.year = album.year or found.year
        album.first_release = found.group.first_release_date or album.first_release
        album.kind = found.group.primary_type or album.kind
        album.secondary_kinds = found.group.secondary_types
    if found.front is not None:
        album.front = found.front
    if found.on_spotify is not None:
        album.spotify_id = album.spotify_id or found.on_spotify.id
        album.image_url = found.on_spotify.picture or album.image_url


async def _write_group(tx: AsyncSession, album: Album, group: ReleaseGroup, found: Findings) -> None:
    known = await artists.ensure_told(tx, artists.told_in(_lines(found)))
    parts = [(known[part.artist.id], part.name, part.joinphrase) for part in group.artist_credit]
    if parts and parts != [(part.artist_id, part.name, part.join_phrase) for part in album.credits]:
        album.credits = [
            AlbumArtist(position=place, artist_id=artist, name=name, join_phrase=phrase)
            for place, (artist, name, phrase) in enumerate(parts)
        ]
    await write_taggings(tx, "album", album.id, weights(group.genres), weights(group.tags))
    names = {alias.name: album_key(alias.name, album.artist) for alias in group.aliases}
    await write_aliases(tx, "album", album.id, names)
    if found.releases is not None:
        await write_editions(tx, album.id, found.releases, found.release)
    if found.release is not None:
        ids = await tracks.ensure_recordings(tx, _recordings(found), known)
        await write_tracklist(tx, album.id, found.release, ids)
        heard = await on_spotify.write_on_spotify(tx, found, ids)
        # A recording sounds the same wherever it stands.
        await announce_anew(tx, {*await hold_with(tx, heard)} - {album.id})
    await ask_for(tx, known.values(), CREDITED, "artist")


async def _announce(tx: AsyncSession, album: Album, before: AlbumChanged) -> None:
    """If others would see a difference."""
    beside = {"version", "updated_at"}
    if (await changed(tx, album)).model_dump(exclude=beside) == before.model_dump(exclude=beside):
        return
    await update_album(tx, album, {})
    await publish(tx, after := await changed(tx, album))
    await journal.record(tx, "album.enriched", album.id, before, after)
