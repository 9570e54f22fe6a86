"""What somebody played, newest first, as it was spelled and by what it was told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import TrackId, UserId
from listening.models import Day, MessyTrack, Play, Sighting
from listening.plays.keys import first_id
from listening.plays.rules import REACH

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Played:
    """A play with its track's names; `raw` is what one of its sources said besides."""

    id: UUID
    started_at: datetime
    messy_id: TrackId
    artist: str
    title: str
    album: str | None
    duration_ms: int | None
    received_at: datetime | None = None
    client: str | None = None
    raw: Mapping[str, Any] | None = None


async def played(  # noqa: PLR0913 — a page, each bound by name
    tx: AsyncSession,
    user_id: UserId,
    *,
    since: datetime | None = None,
    before: datetime | None = None,
    limit: int,
    offset: int = 0,
    oldest: bool = False,
) -> list[Played]:
    """Newest first; `oldest`: the oldest of those that began in between, and none later."""
    order = Play.id if oldest else Play.id.desc()
    names = (Play.id, Play.started_at, Play.messy_id, MessyTrack.artist, MessyTrack.title, MessyTrack.album)
    rows = select(*names, MessyTrack.duration_ms).join(MessyTrack, MessyTrack.id == Play.messy_id)
    page = rows.where(*_between(user_id, since, before)).order_by(order).limit(limit).offset(offset)
    found = [row._asdict() for row in await tx.execute(page)]
    seen = await _seen(tx, user_id, found)
    plays = [Played(**each, **seen.get(each["id"], {})) for each in found]
    return plays[::-1] if oldest else plays


async def number(
    tx: AsyncSession, user_id: UserId, *, since: datetime | None = None, before: datetime | None = None
) -> int:
    """How many there are."""
    if since is None and before is None:
        return await tx.scalar(select(func.coalesce(func.sum(Day.plays), 0)).where(Day.user_id == user_id)) or 0
    counted = select(func.count()).select_from(Play).where(*_between(user_id, since, before))
    return await tx.scalar(counted) or 0


def _between(user_id: UserId, since: datetime | None, before: datetime | None) -> list[ColumnElement[bool]]:
    which = [Play.user_id == user_id]
    which += [] if since is None else [Play.id >= first_id(since)]
    return which + ([] if before is None else [Play.id < first_id(before)])


async def _seen(tx: AsyncSession, user_id: UserId, found: Sequence[Mapping[str, Any]]) -> dict[UUID, dict[str, Any]]:
    """Of each play what the source told that says most; one that lies far from its play may be missed."""
    if not found:
        return {}
    times = [each["started_at"] for each in found]
    told = select(Sighting.play_id, Sighting.received_at, Sighting.client, Sighting.raw).where(
        Sighting.user_id == user_id,
        Sighting.listened_at.between(min(times) - REACH, max(times) + 2 * REACH),
        Sighting.play_id.in_([each["id"] for each in found]),
    )
    in_order = told.order_by(Sighting.raw.is_not(None), Sighting.listened_at.desc(), Sighting.source.desc())
    return {
        row.play_id: {"received_at": row.received_at, "client": row.client, "raw": row.raw}
        for row in await tx.execute(in_order)
    }


async def bounds(tx: AsyncSession, user_id: UserId) -> tuple[datetime | None, datetime | None]:
    """When the first and the last of all their plays began."""
    theirs = select(Play.started_at).where(Play.user_id == user_id).limit(1)
    ends = (theirs.order_by(order).scalar_subquery() for order in (Play.id, Play.id.desc()))
    row = (await tx.execute(select(*ends))).one()
    return row[0], row[1]
