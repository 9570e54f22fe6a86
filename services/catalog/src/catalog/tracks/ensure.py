"""Ensuring tracks: what players call them, and which ones those are; made at once when there are none."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.albums.locks import lock_all_names
from catalog.artists.store import ensure_artists
from catalog.merging.redirects import standing_albums
from catalog.models import MessyTrack
from catalog.tracks import store
from catalog.tracks.rules import Messy, distinct, first_of_each, read
from chassis.outbox import publish
from contracts.batches import Unreadable, readable, unreadable
from contracts.ids import AlbumId, TrackId
from contracts.tracks import EnsuredTrack, MessyTriple


async def ensure_tracks(tx: AsyncSession, items: Sequence[MessyTriple | Unreadable]) -> list[EnsuredTrack]:
    """What became of each item, in their order. What is known costs a read; nobody else is asked."""
    triples = {index: read(item) for index, item in readable(items).items() if isinstance(item, MessyTriple)}
    messies = distinct(triples)
    kept = await store.known_messy(tx, [messy.id for messy in messies])
    if new := [messy for messy in messies if messy.id not in kept]:
        kept |= await _keep(tx, new)
    standing = await standing_albums(tx, {row.album_id for row in kept.values() if row.album_id})
    outcomes = {index: _outcome(index, kept[messy.id], standing) for index, messy in triples.items()}
    outcomes |= {
        index: EnsuredTrack(index=index, code="invalid", detail=item.why) for index, item in unreadable(items).items()
    }
    return [outcomes[index] for index in range(len(items))]


async def _keep(tx: AsyncSession, new: list[Messy]) -> dict[TrackId, MessyTrack]:
    await lock_all_names(tx)
    # What was new a moment ago another one may have made meanwhile.
    kept = await store.known_messy(tx, [messy.id for messy in new])
    messies = [messy for messy in new if messy.id not in kept]
    tracks = await store.known_tracks(tx, {messy.recording for messy in messies})
    missing = first_of_each(messies, known=tracks)
    artists = await ensure_artists(tx, [messy.said.artist for messy in missing])
    tracks |= await store.make_tracks(tx, missing, artists)
    # Of one that is new, too: the first of a batch may not say how long it is, and another one does.
    await store.fill_durations(tx, messies, tracks)
    albums = await store.known_albums(tx, {messy.album for messy in messies if messy.album})
    made = await store.map_messy(tx, messies, tracks, albums)
    await publish(tx, *await store.mapped(tx, made))
    return kept | {row.id: row for row in made}


def _outcome(index: int, row: MessyTrack, standing: Mapping[AlbumId, AlbumId]) -> EnsuredTrack:
    album_id = row.album_id and standing[row.album_id]
    return EnsuredTrack(index=index, messy_id=row.id, track_id=row.track_id, album_id=album_id)
