"""Plays one by one: the latest, and those with round numbers."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId
from contracts.listens import END_STAMPED
from contracts.plays import PlayedPiece, PlayTold
from listening.models import AlbumAlias, MessyTrack, PieceName, Play, Sighting
from listening.plays.keys import ListenKey, first_id, listen_id
from listening.plays.rules import REACH

_track, _artist, _album = (PieceName.__table__.alias() for _ in range(3))
_album_id = func.coalesce(AlbumAlias.survivor_id, MessyTrack.album_id)


def piece_of(row: Any) -> PlayedPiece:
    """Of a row of `pieces`."""
    return PlayedPiece(
        id=row.track_id,
        title=row.title,
        artist_id=row.artist_id,
        artist=row.artist,
        album_id=row.album_id,
        album=row.album,
    )


PIECE = (
    MessyTrack.track_id,
    func.coalesce(_track.c.name, MessyTrack.title).label("title"),
    MessyTrack.artist_id,
    func.coalesce(_artist.c.name, MessyTrack.artist).label("artist"),
    _album_id.label("album_id"),
    func.coalesce(_album.c.name, MessyTrack.album).label("album"),
)


def with_names(query: Any, messy_id: SQLColumnExpression[Any]) -> Any:
    """The query with what the columns of `PIECE` are read from."""
    return (
        query.join(MessyTrack, MessyTrack.id == messy_id)
        .outerjoin(AlbumAlias, AlbumAlias.id == MessyTrack.album_id)
        .outerjoin(_track, _track.c.id == MessyTrack.track_id)
        .outerjoin(_artist, _artist.c.id == MessyTrack.artist_id)
        .outerjoin(_album, _album.c.id == _album_id)
    )


async def latest(  # noqa: PLR0913 — what of them is wanted
    tx: AsyncSession, user_id: UserId, *, before: UUID | None, since: datetime | None, source: str | None, most: int
) -> Sequence[Any]:
    """Plays with their names, the latest first."""
    wanted = [Play.user_id == user_id]
    if before is not None:
        wanted.append(Play.id < before)
    if since is not None:
        wanted.append(Play.id >= first_id(since))
    if source is not None:
        wanted.append(exists().where(_of_play(), Sighting.source == source))
    query = with_names(select(Play.id, Play.started_at, Play.ms, *PIECE), Play.messy_id).where(*wanted)
    return (await tx.execute(query.order_by(Play.id.desc()).limit(most))).all()


def _of_play() -> ColumnElement[bool]:
    near = Sighting.listened_at.between(Play.started_at - REACH, Play.started_at + REACH)
    return and_(Sighting.user_id == Play.user_id, near, Sighting.play_id == Play.id)


async def told(tx: AsyncSession, user_id: UserId, rows: Sequence[Any]) -> list[PlayTold]:
    """Those plays with their sources, and the listen that speaks for each."""
    seen = await _sightings(tx, user_id, [row.id for row in rows])
    return [
        PlayTold(
            id=listen_id(seen[row.id][0]),
            track=piece_of(row),
            started_at=row.started_at,
            ms=row.ms,
            sources=sorted({key.source for key in seen[row.id]}),
        )
        for row in rows
        if row.id in seen
    ]


async def _sightings(tx: AsyncSession, user_id: UserId, plays: Collection[UUID]) -> dict[UUID, list[ListenKey]]:
    """Of each play what was seen of it: first what has no link, for it speaks for the others."""
    columns = (Sighting.listened_at, Sighting.messy_id, Sighting.source)
    of = select(Play.id, *columns).join(Sighting, _of_play()).where(Play.user_id == user_id, Play.id.in_(plays))
    speaks = case((Sighting.link.is_(None), 0), else_=1), case((Sighting.source.in_(END_STAMPED), 1), else_=0)
    found: dict[UUID, list[ListenKey]] = {}
    for row in await tx.execute(of.order_by(*speaks, *columns)):
        found.setdefault(row.id, []).append(ListenKey(row.listened_at, row.messy_id, row.source))
    return found


async def nth(tx: AsyncSession, user_id: UserId, number: int) -> Any:
    """The play with this number, from 1; None where there are fewer."""
    query = with_names(select(Play.started_at, *PIECE), Play.messy_id).where(Play.user_id == user_id)
    return (await tx.execute(query.order_by(Play.id).offset(number - 1).limit(1))).first()
