"""Where tracks are kept, and what players call them; many at a time, in one order."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import CompoundSelect, Text, Uuid, func, select, union_all, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from catalog.models import Album, MessyTrack, PieceAlias, Track, TrackArtist
from catalog.tracks.rules import Messy
from chassis.db import any_of, first_version, next_version
from contracts.ids import AlbumId, ArtistId, TrackId
from contracts.naming import search_text
from contracts.tracks import TrackMapped

# Every new track that is heard asks these, so they are built once.
_IDS, _KEYS = any_of("ids", Uuid), any_of("keys", Text)
_MESSY = select(MessyTrack).where(MessyTrack.id == _IDS)
_TRACKS = select(Track.match_key, Track.id).where(Track.match_key == _KEYS).order_by(Track.id.desc())
_ALBUMS: CompoundSelect[Any] = union_all(
    select(Album.match_key, Album.id).where(Album.match_key == _KEYS),
    select(PieceAlias.match_key, PieceAlias.piece_id).where(PieceAlias.kind == "album", PieceAlias.match_key == _KEYS),
)
_ADD = insert(Track).values(version=first_version())
_CREDIT = insert(TrackArtist).values(position=0)
_MAP = insert(MessyTrack).values(version=first_version()).on_conflict_do_nothing().returning(MessyTrack)
_WITHOUT = select(Track.id).where(Track.id == _IDS, Track.duration_ms.is_(None)).order_by(Track.id).with_for_update()
_NAMES = select(Track.id, Track.title, Track.artist, Track.duration_ms).where(Track.id == _IDS)
_LINES = (
    select(TrackArtist.track_id, TrackArtist.artist_id)
    .where(TrackArtist.track_id == _IDS)
    .order_by(TrackArtist.track_id, TrackArtist.position)
)


async def known_messy(tx: AsyncSession, ids: Collection[TrackId]) -> dict[TrackId, MessyTrack]:
    return {row.id: row for row in await tx.scalars(_MESSY, {"ids": [*ids]})}


async def known_tracks(tx: AsyncSession, keys: Collection[str]) -> dict[str, TrackId]:
    """The oldest track of each key that has one."""
    return {row.match_key: row.id for row in await tx.execute(_TRACKS, {"keys": [*keys]})}


async def known_albums(tx: AsyncSession, keys: Collection[str]) -> dict[str, AlbumId]:
    """The album of each key that is exactly one's, by its own or another name."""
    found: dict[str, set[AlbumId]] = {}
    for key, album_id in await tx.execute(_ALBUMS, {"keys": [*keys]}) if keys else ():
        found.setdefault(key, set()).add(album_id)
    return {key: ids.pop() for key, ids in found.items() if len(ids) == 1}


async def make_tracks(tx: AsyncSession, new: Sequence[Messy], artists: Mapping[str, ArtistId]) -> dict[str, TrackId]:
    """A track of each, credited to its artist by the name that was said; their ids by recording."""
    ids = {messy.recording: TrackId(uuid7()) for messy in new}
    if not new:
        return ids
    tracks = [
        {
            "id": ids[messy.recording],
            "title": messy.said.track,
            "artist": messy.said.artist,
            "duration_ms": messy.said.duration_ms,
            "match_key": messy.recording,
            "search": search_text(messy.said.track, messy.said.artist),
        }
        for messy in new
    ]
    line = [
        {"track_id": ids[messy.recording], "artist_id": artists[messy.artist], "name": messy.said.artist}
        for messy in new
    ]
    await tx.execute(_ADD, tracks)
    await tx.execute(_CREDIT, line)
    return ids


async def map_messy(
    tx: AsyncSession, messies: Sequence[Messy], tracks: Mapping[str, TrackId], albums: Mapping[str, AlbumId]
) -> list[MessyTrack]:
    """Keep which track each is; those that were not kept before."""
    rows = [
        {
            "id": messy.id,
            "artist": messy.said.artist,
            "title": messy.said.track,
            "album": messy.said.album,
            "track_id": tracks[messy.recording],
            "album_id": albums.get(messy.album) if messy.album else None,
        }
        for messy in messies
    ]
    return [*await tx.scalars(_MAP, rows)] if rows else []


async def fill_durations(tx: AsyncSession, messies: Iterable[Messy], tracks: Mapping[str, TrackId]) -> None:
    """How long a track is, as the first who knew said."""
    said = {tracks[messy.recording]: messy.said.duration_ms for messy in messies if messy.said.duration_ms}
    ids = (await tx.scalars(_WITHOUT, {"ids": [*said]})).all() if said else ()
    if ids:
        filled = update(Track).values(version=next_version(Track.__table__.c.version), updated_at=func.now())
        await tx.execute(filled, [{"id": each, "duration_ms": said[each]} for each in ids])


async def mapped(tx: AsyncSession, rows: Sequence[MessyTrack]) -> list[TrackMapped]:
    """What is announced of these."""
    ids = {"ids": [*{row.track_id for row in rows}]}
    tracks = {track.id: track for track in await tx.execute(_NAMES, ids)}
    artists: dict[TrackId, list[ArtistId]] = {}
    for track_id, artist_id in await tx.execute(_LINES, ids):
        artists.setdefault(track_id, []).append(artist_id)
    return [
        TrackMapped(
            version=row.version,
            messy_id=row.id,
            track_id=row.track_id,
            title=tracks[row.track_id].title,
            artist=tracks[row.track_id].artist,
            artist_ids=artists.get(row.track_id, []),
            album_id=row.album_id,
            duration_ms=tracks[row.track_id].duration_ms,
        )
        for row in rows
    ]
