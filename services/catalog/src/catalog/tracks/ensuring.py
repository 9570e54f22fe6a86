"""Tracks as a source lists them: one for each recording."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload
from uuid_utils.compat import uuid7

from catalog.external_ids import Named, claim_all, holders
from catalog.models import Track, TrackArtist
from catalog.sources.answers import CreditTold, RecordingTold
from chassis.db import first_version
from contracts.ids import ArtistId, TrackId
from contracts.naming import album_key, search_text


def line_of(parts: Sequence[CreditTold]) -> str:
    return "".join(part.name + part.joinphrase for part in parts)


def key_of(recording: RecordingTold) -> str:
    return album_key(recording.title, line_of(recording.artist_credit))


def names_of(recordings: Sequence[RecordingTold]) -> set[str]:
    """What they are locked by."""
    return {
        name for recording in recordings for name in (f"track:{key_of(recording)}", f"recording-mbid:{recording.id}")
    }


async def ensure_recordings(
    tx: AsyncSession, recordings: Sequence[RecordingTold], artists: Mapping[UUID, ArtistId]
) -> dict[UUID, TrackId]:
    """By MusicBrainz's id; a track of the same names that has none gets it. The caller has locked them."""
    known = await _known(tx, recordings)
    namesakes = await _namesakes(tx, [each for each in recordings if each.id not in known])
    for recording in recordings:
        if recording.id in known:
            continue
        row = namesakes.pop(key_of(recording), None)
        if row is None:
            row = _new(recording, artists)
            tx.add(row)
        row.mbid = recording.id
        row.duration_ms = row.duration_ms or recording.length
        known[recording.id] = row
    await tx.flush()
    await _claim(tx, recordings, known)
    return {mbid: row.id for mbid, row in known.items()}


async def _known(tx: AsyncSession, recordings: Sequence[RecordingTold]) -> dict[UUID, Track]:
    ids: list[Named] = [("musicbrainz", str(recording.id)) for recording in recordings]
    held = {UUID(value): piece for (_, value), piece in (await holders(tx, "track", ids)).items()}
    rows = {row.id: row for row in await tx.scalars(select(Track).where(Track.id.in_(held.values())))}
    return {mbid: rows[TrackId(piece)] for mbid, piece in held.items() if piece in rows}


async def _namesakes(tx: AsyncSession, recordings: Sequence[RecordingTold]) -> dict[str, Track]:
    keys = {key_of(recording) for recording in recordings}
    same = select(Track).where(Track.match_key.in_(keys), Track.mbid.is_(None)).order_by(Track.id.desc())
    return {row.match_key: row for row in await tx.scalars(same.options(selectinload(Track.credits)))} if keys else {}


def _new(recording: RecordingTold, artists: Mapping[UUID, ArtistId]) -> Track:
    line = line_of(recording.artist_credit)
    track = Track(
        id=TrackId(uuid7()),
        title=recording.title,
        artist=line,
        version=first_version(),
        match_key=key_of(recording),
        search=search_text(recording.title, line),
    )
    track.credits = [
        TrackArtist(position=place, artist_id=artists[part.artist.id], name=part.name, join_phrase=part.joinphrase)
        for place, part in enumerate(recording.artist_credit)
    ]
    return track


async def _claim(tx: AsyncSession, recordings: Sequence[RecordingTold], known: Mapping[UUID, Track]) -> None:
    claims: set[tuple[Named, UUID]] = set()
    for recording in recordings:
        named: list[Named] = [("musicbrainz", str(recording.id)), *(("isrc", isrc) for isrc in recording.isrcs)]
        claims |= {(each, known[recording.id].id) for each in named}
    await claim_all(tx, "track", claims)
