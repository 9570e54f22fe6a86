"""Where sightings and plays are kept."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, SmallInteger, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import Timestamp
from contracts.ids import UserId
from listening.plays.change import meant
from listening.plays.keys import ListenKey, key_of
from listening.plays.rules import Cluster, Decisions, Seen

_UUIDS, _TIMES, _TEXTS = ARRAY(Uuid), ARRAY(Timestamp), ARRAY(Text)

_NEAR = text("""
    SELECT s.user_id, s.listened_at, s.messy_id, s.source, s.duration_ms, s.length_ms, s.play_id,
        m.id AS means, m.artist, m.title_key, m.album IS NOT NULL AS has_album
    FROM unnest(:users, :starts, :ends) AS span(user_id, start, "end")
    JOIN sightings AS s ON s.user_id = span.user_id AND s.listened_at BETWEEN span.start AND span."end"
    JOIN messy_tracks AS m ON m.id = coalesce(s.corrected_id, s.messy_id)
    WHERE NOT s.hidden
""").bindparams(bindparam("users", type_=_UUIDS), bindparam("starts", type_=_TIMES), bindparam("ends", type_=_TIMES))
_PLAYS = text(
    "SELECT user_id, id, started_at, messy_id, ms, sightings FROM plays"
    " WHERE (user_id, id) IN (SELECT * FROM unnest(:users, :ids))"
).bindparams(bindparam("users", type_=_UUIDS), bindparam("ids", type_=_UUIDS))
_DROP = text("DELETE FROM plays WHERE (user_id, id) IN (SELECT * FROM unnest(:users, :ids))").bindparams(
    bindparam("users", type_=_UUIDS), bindparam("ids", type_=_UUIDS)
)
_ADD = text("""
    INSERT INTO plays (user_id, id, started_at, messy_id, ms, sightings)
    SELECT * FROM unnest(:users, :ids, :starts, :messy, :ms, :sightings)
""").bindparams(
    bindparam("users", type_=_UUIDS),
    bindparam("ids", type_=_UUIDS),
    bindparam("starts", type_=_TIMES),
    bindparam("messy", type_=_UUIDS),
    bindparam("ms", type_=ARRAY(BigInteger)),
    bindparam("sightings", type_=ARRAY(SmallInteger)),
)
_LINK = text("""
    UPDATE sightings AS s SET play_id = new.play_id, link = new.link
    FROM unnest(:users, :times, :messy, :sources, :plays, :links) AS new(user_id, at, messy_id, source, play_id, link)
    WHERE s.user_id = new.user_id AND s.listened_at = new.at AND s.messy_id = new.messy_id AND s.source = new.source
""").bindparams(
    bindparam("users", type_=_UUIDS),
    bindparam("times", type_=_TIMES),
    bindparam("messy", type_=_UUIDS),
    bindparam("sources", type_=_TEXTS),
    bindparam("plays", type_=_UUIDS),
    bindparam("links", type_=ARRAY(JSONB)),
)
_DECIDED = text("SELECT user_id, first, second, together FROM decisions WHERE user_id = ANY(:users)").bindparams(
    bindparam("users", type_=_UUIDS)
)


class Found:
    """A sighting that is kept: as the rule reads it, and the play it is of so far."""

    def __init__(self, row: Any) -> None:
        self.user_id: UserId = row.user_id
        self.play_id: UUID | None = row.play_id
        self.seen = Seen(
            ListenKey(row.listened_at, row.messy_id, row.source),
            row.artist,
            row.title_key,
            row.duration_ms,
            row.length_ms,
            row.has_album,
            row.means,
        )


async def sightings_within(tx: AsyncSession, spans: Sequence[tuple[UserId, datetime, datetime]]) -> list[Found]:
    """What was seen of these people between these times, which of one person do not overlap."""
    told = {"users": [u for u, _, _ in spans], "starts": [s for _, s, _ in spans], "ends": [e for _, _, e in spans]}
    return [Found(row) for row in await tx.execute(_NEAR, told)]


async def decisions_of(tx: AsyncSession, users: Iterable[UserId]) -> dict[UserId, Decisions]:
    found: dict[UserId, dict[tuple[ListenKey, ListenKey], bool]] = {}
    for row in await tx.execute(_DECIDED, {"users": sorted(set(users))}):
        found.setdefault(row.user_id, {})[key_of(row.first), key_of(row.second)] = row.together
    return dict(found)


async def plays_by_id(tx: AsyncSession, wanted: Collection[tuple[UserId, UUID]]) -> dict[tuple[UserId, UUID], Any]:
    if not wanted:
        return {}
    rows = await tx.execute(_PLAYS, _pairs(wanted))
    return {(row.user_id, row.id): row for row in rows}


async def drop_plays(tx: AsyncSession, gone: Collection[tuple[UserId, UUID]]) -> None:
    if gone:
        await tx.execute(_DROP, _pairs(gone))


async def add_plays(tx: AsyncSession, new: Sequence[tuple[UserId, UUID, Cluster]]) -> None:
    if not new:
        return
    ordered = sorted(new, key=lambda each: each[:2])
    told = {
        "users": [user for user, _, _ in ordered],
        "ids": [play for _, play, _ in ordered],
        "starts": [cluster.started_at for _, _, cluster in ordered],
        "messy": [meant(cluster.anchor) for _, _, cluster in ordered],
        "ms": [cluster.ms for _, _, cluster in ordered],
        "sightings": [len(cluster.members) for _, _, cluster in ordered],
    }
    await tx.execute(_ADD, told)


async def link_sightings(
    tx: AsyncSession, links: Sequence[tuple[UserId, ListenKey, UUID, Mapping[str, Any] | None]]
) -> None:
    if not links:
        return
    told = {
        "users": [user for user, _, _, _ in links],
        "times": [key.listened_at for _, key, _, _ in links],
        "messy": [key.messy_id for _, key, _, _ in links],
        "sources": [key.source for _, key, _, _ in links],
        "plays": [play for _, _, play, _ in links],
        "links": [link for _, _, _, link in links],
    }
    await tx.execute(_LINK, told)


def _pairs(wanted: Collection[tuple[UserId, UUID]]) -> dict[str, list[UUID]]:
    return {"users": [user for user, _ in wanted], "ids": [play for _, play in wanted]}
