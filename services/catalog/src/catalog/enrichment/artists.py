"""What MusicBrainz tells of an artist: asked by its id, outside of every transaction, and written at once."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from catalog import external_ids
from catalog.albums.announcing import announce_anew, hold_credited
from catalog.albums.locks import lock_all
from catalog.artists.ensuring import names_of
from catalog.enrichment.hearing import Heard, SaidOtherwise, TwoThatAreOne
from catalog.enrichment.naming import write_aliases, write_taggings
from catalog.enrichment.rules import spotify_artist, weights
from catalog.external_ids import Named, claim
from catalog.models import Artist
from catalog.sources.answers import WholeArtist
from catalog.sources.musicbrainz import MusicBrainz
from chassis.db import next_version
from contracts.ids import ArtistId
from contracts.naming import match_artist


@dataclass(frozen=True)
class WantedArtist:
    id: ArtistId
    name: str
    mbid: UUID


@dataclass
class ArtistFindings(Heard):
    artist: WholeArtist | None = None


async def wanted(tx: AsyncSession, artist_id: UUID) -> WantedArtist | None:
    """None for one who is not there, was merged into another, or has no id by which MusicBrainz could be asked."""
    found = (await tx.execute(select(Artist.id, Artist.name, Artist.mbid).where(Artist.id == artist_id))).one_or_none()
    return None if found is None or found.mbid is None else WantedArtist(found.id, found.name, found.mbid)


async def gather(musicbrainz: MusicBrainz, artist: WantedArtist) -> ArtistFindings:
    found = ArtistFindings()
    found.artist = await found.hear(musicbrainz.artist(artist.mbid))
    return found


async def write(tx: AsyncSession, artist: WantedArtist, found: ArtistFindings) -> bool:
    """Whether anything was found. Raises SaidOtherwise and TwoThatAreOne."""
    if (told := found.artist) is None:
        return False
    names = {f"artist:{match_artist(artist.name)}", f"artist-mbid:{artist.mbid}"}
    await lock_all(tx, names | names_of([told]))
    # Albums before their artists, as everybody holds them.
    credited = await hold_credited(tx, artist.id)
    row = await tx.scalar(select(Artist).where(Artist.id == artist.id).with_for_update(key_share=True))
    if row is None or row.mbid != artist.mbid:
        raise SaidOtherwise
    await _claim(tx, row, told)
    before = row.country
    _describe(row, told)
    await write_taggings(tx, "artist", row.id, weights(told.genres), weights(told.tags))
    await write_aliases(tx, "artist", row.id, {alias.name: match_artist(alias.name) for alias in told.aliases})
    await tx.flush()
    if told.from_country != before:
        await announce_anew(tx, credited)
    return True


async def _claim(tx: AsyncSession, row: Artist, told: WholeArtist) -> None:
    """An id that MusicBrainz merged into another is theirs as well; of one id here, two artists are one."""
    own: list[Named] = [("musicbrainz", str(told.id))]
    if await claim(tx, "artist", row.id, own):
        other = (await external_ids.holders(tx, "artist", own))[own[0]]
        raise TwoThatAreOne(f"MusicBrainz knows them as the artist {other}; they could be merged.")
    row.mbid = told.id
    if (spotify_id := spotify_artist(told)) and not await claim(tx, "artist", row.id, [("spotify", spotify_id)]):
        row.spotify_id = row.spotify_id or spotify_id


def _describe(row: Artist, told: WholeArtist) -> None:
    row.sort_name, row.disambiguation, row.kind = told.sort_name, told.disambiguation, told.type
    row.country = told.from_country
    row.begun, row.ended = told.life_span.begin, told.life_span.end
    row.version = next_version(Artist.__table__.c.version)
    row.updated_at = row.enriched_at = func.now()
