"""Where names are kept: what a source said, once for all, and the pieces it counts for."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, Integer, Text, Uuid, bindparam, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import any_of
from contracts.ids import TrackId
from contracts.listens import TrackSaid
from contracts.naming import messy_album_id, messy_artist_id, messy_track_id
from listening.models import Mapping as Mapped
from listening.models import MessyTrack
from listening.plays.names import title_key


@dataclass(frozen=True)
class Said:
    """A track as a source spells it."""

    artist: str
    title: str
    album: str | None
    duration_ms: int | None = None

    @classmethod
    def of(cls, track: TrackSaid) -> "Said":
        return cls(track.artist, track.title, track.album, track.duration_ms)

    @property
    def id(self) -> TrackId:
        return messy_track_id(self.artist, self.title, self.album)


@dataclass(frozen=True)
class Counted:
    """The pieces that a messy track counts for."""

    track_id: TrackId
    artist_id: Any
    album_id: Any


def own_pieces(said: Said) -> Counted:
    """Those made of the names alone: until the catalogue says more, and for what it does not know."""
    album_id = messy_album_id(said.artist, said.album) if said.album else None
    return Counted(messy_track_id(said.artist, said.title, None), messy_artist_id(said.artist), album_id)


def pieces(said: Said, mapped: Mapped | None) -> Counted:
    """Of several artists, the first is whom a play is counted for."""
    own = own_pieces(said)
    if mapped is None:
        return own
    artist_id = mapped.artist_ids[0] if mapped.artist_ids else own.artist_id
    return Counted(mapped.track_id, artist_id, mapped.album_id or own.album_id)


_ADD = text("""
    INSERT INTO messy_tracks (id, artist, title, album, duration_ms, title_key, track_id, artist_id, album_id)
    SELECT * FROM unnest(:ids, :artists, :titles, :albums, :durations, :keys, :tracks, :of_artists, :of_albums)
    ON CONFLICT (id) DO NOTHING RETURNING id
""").bindparams(
    *(bindparam(name, type_=ARRAY(Uuid)) for name in ("ids", "tracks", "of_artists", "of_albums")),
    *(bindparam(name, type_=ARRAY(Text)) for name in ("artists", "titles", "albums", "keys")),
    bindparam("durations", type_=ARRAY(Integer)),
)
_NAMED = "INSERT INTO piece_names (id, name, artist) SELECT * FROM unnest(:ids, :names, :artists) ON CONFLICT (id) DO "
_NAMES = (
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("names", type_=ARRAY(Text)),
    bindparam("artists", type_=ARRAY(Text)),
)
_NAME = text(f"{_NAMED} NOTHING").bindparams(*_NAMES)
_RENAME = text(f"{_NAMED} UPDATE SET name = excluded.name, artist = excluded.artist").bindparams(*_NAMES)


async def known(tx: AsyncSession, ids: Collection[TrackId]) -> dict[TrackId, MessyTrack]:
    rows = await tx.scalars(select(MessyTrack).where(MessyTrack.id.in_(sorted(ids))))
    return {row.id: row for row in rows}


_MAPPED = select(Mapped).where(Mapped.messy_id == any_of("ids", Uuid))
_IDS = text("SELECT id FROM messy_tracks WHERE id = ANY(:ids)").bindparams(bindparam("ids", type_=ARRAY(Uuid)))


async def known_ids(tx: AsyncSession, ids: Iterable[TrackId]) -> set[TrackId]:
    return {*(await tx.scalars(_IDS, {"ids": [*ids]}))}


async def ensure(tx: AsyncSession, said: Mapping[TrackId, Said]) -> list[Said]:
    """Keep what was never said before; those, in the order of their ids, as all writers write them."""
    have = await known_ids(tx, said)
    new = [each for each in sorted(said) if each not in have]
    if not new:
        return []
    mapped = {row.messy_id: row for row in await tx.scalars(_MAPPED, {"ids": new})}
    counted = {each: pieces(said[each], mapped.get(each)) for each in new}
    made = {*(await tx.scalars(_ADD, _rows(new, said, counted)))}
    await name_pieces(tx, _names(new, said, counted))
    return [said[each] for each in new if each in made]


def _rows(new: Sequence[TrackId], said: Mapping[TrackId, Said], counted: Mapping[TrackId, Counted]) -> dict[str, Any]:
    return {
        "ids": new,
        "artists": [said[each].artist for each in new],
        "titles": [said[each].title for each in new],
        "albums": [said[each].album for each in new],
        "durations": [said[each].duration_ms for each in new],
        "keys": [title_key(said[each].title) for each in new],
        "tracks": [counted[each].track_id for each in new],
        "of_artists": [counted[each].artist_id for each in new],
        "of_albums": [counted[each].album_id for each in new],
    }


def _names(
    new: Sequence[TrackId], said: Mapping[TrackId, Said], counted: Mapping[TrackId, Counted]
) -> dict[Any, tuple[str, str | None]]:
    named: dict[Any, tuple[str, str | None]] = {}
    for each in new:
        words, of = said[each], counted[each]
        named.setdefault(of.track_id, (words.title, words.artist))
        named.setdefault(of.artist_id, (words.artist, None))
        if of.album_id is not None and words.album is not None:
            named.setdefault(of.album_id, (words.album, words.artist))
    return named


async def name_pieces(tx: AsyncSession, named: Mapping[Any, tuple[str, str | None]]) -> None:
    """Each by its name and artist, unless it has one."""
    ids = sorted(named)
    told = {"ids": ids, "names": [named[each][0] for each in ids], "artists": [named[each][1] for each in ids]}
    await tx.execute(_NAME, told)


async def rename_pieces(tx: AsyncSession, named: Mapping[Any, tuple[str, str | None]]) -> None:
    """Each by the name that the catalogue has."""
    ids = sorted(named)
    told = {"ids": ids, "names": [named[each][0] for each in ids], "artists": [named[each][1] for each in ids]}
    await tx.execute(_RENAME, told)


async def by_track_id(tx: AsyncSession, ids: Collection[TrackId]) -> dict[TrackId, tuple[TrackId, Said]]:
    """The messy track that each id is of or, of the catalogue's, the first that counts for it."""
    if not ids:
        return {}
    either = or_(MessyTrack.id.in_(ids), MessyTrack.track_id.in_(ids))
    found: dict[TrackId, tuple[TrackId, Said]] = {}
    for row in await tx.scalars(select(MessyTrack).where(either).order_by(MessyTrack.id.desc())):
        found[row.track_id] = row.id, said_of(row)
    exact = await tx.scalars(select(MessyTrack).where(MessyTrack.id.in_(ids)))
    return found | {row.id: (row.id, said_of(row)) for row in exact}


def said_of(row: MessyTrack) -> Said:
    return Said(row.artist, row.title, row.album, row.duration_ms)
