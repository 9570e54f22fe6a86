"""Where listens are kept as they come in."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import ARRAY, BigInteger, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.db import Timestamp
from contracts.ids import UserId
from listening.ingest.rules import Heard
from listening.models import Quarantined
from listening.plays.change import Placed
from listening.plays.keys import ListenKey

Of = tuple[UserId, ListenKey]

_KEYS = (
    bindparam("users", type_=ARRAY(Uuid)),
    bindparam("times", type_=ARRAY(Timestamp)),
    bindparam("messy", type_=ARRAY(Uuid)),
    bindparam("sources", type_=ARRAY(Text)),
)
_KNOWN = text("""
    SELECT s.user_id, s.listened_at, s.messy_id, s.source
    FROM unnest(:users, :times, :messy, :sources) AS told(user_id, at, messy_id, source)
    JOIN sightings AS s ON s.user_id = told.user_id AND s.listened_at = told.at
        AND s.messy_id = told.messy_id AND s.source = told.source
""").bindparams(*_KEYS)
_ADD = text("""
    INSERT INTO sightings
        (user_id, listened_at, messy_id, source, duration_ms, length_ms, client, raw, play_id, link)
    SELECT * FROM unnest(:users, :times, :messy, :sources, :durations, :lengths, :clients, :raws, :plays, :links)
""").bindparams(
    *_KEYS,
    bindparam("durations", type_=ARRAY(BigInteger)),
    bindparam("lengths", type_=ARRAY(BigInteger)),
    bindparam("clients", type_=ARRAY(Text)),
    bindparam("raws", type_=ARRAY(JSONB(none_as_null=True))),
    bindparam("plays", type_=ARRAY(Uuid)),
    bindparam("links", type_=ARRAY(JSONB(none_as_null=True))),
)
_SOURCES = text("""
    WITH seen AS (SELECT DISTINCT user_id, source FROM unnest(:users, :sources) AS told(user_id, source)),
    new AS (INSERT INTO user_sources (user_id, source) SELECT * FROM seen ON CONFLICT DO NOTHING)
    SELECT user_id FROM (
        SELECT user_id, source FROM seen UNION SELECT user_id, source FROM user_sources WHERE user_id = ANY(:users)
    ) AS every GROUP BY user_id HAVING count(*) > 1
""").bindparams(_KEYS[0], _KEYS[3])


async def known(tx: AsyncSession, keys: Sequence[Of]) -> set[Of]:
    """Those that are kept already, hidden ones too."""
    rows = await tx.execute(_KNOWN, _columns(keys))
    return {(row.user_id, ListenKey(row.listened_at, row.messy_id, row.source)) for row in rows}


async def seen_by_several(tx: AsyncSession, keys: Sequence[Of]) -> set[UserId]:
    """Keep who saw whom; those whom more than one source has ever seen."""
    told = {"users": [user_id for user_id, _ in keys], "sources": [key.source for _, key in keys]}
    return {*(await tx.scalars(_SOURCES, told))}


async def add(tx: AsyncSession, heard: Mapping[Of, Heard], placed: Mapping[Of, Placed]) -> None:
    ordered = sorted(heard)
    told: dict[str, Sequence[Any]] = {
        **_columns(ordered),
        "durations": [heard[each].listened_ms for each in ordered],
        "lengths": [heard[each].said.duration_ms for each in ordered],
        "clients": [heard[each].client for each in ordered],
        "raws": [heard[each].raw for each in ordered],
        "plays": [placed[each].play_id for each in ordered],
        "links": [placed[each].link for each in ordered],
    }
    await tx.execute(_ADD, told)


async def quarantine(tx: AsyncSession, doubted: Sequence[tuple[str, Heard]]) -> None:
    """Keep them apart; what was told before stays as it is."""
    rows = [
        {
            "id": uuid7(),
            "user_id": heard.user_id,
            "code": code,
            "digest": heard.digest,
            "source": heard.source,
            "said": to_jsonable_python(
                {
                    "title": heard.said.title,
                    "artist": heard.said.artist,
                    "album": heard.said.album,
                    "listened_at": heard.listened_at,
                    "client": heard.client,
                    "raw": heard.raw,
                }
            ),
        }
        for code, heard in doubted
    ]
    if rows:
        await tx.execute(insert(Quarantined).on_conflict_do_nothing(), sorted(rows, key=lambda row: row["digest"]))


def _columns(keys: Sequence[Of]) -> dict[str, Sequence[Any]]:
    return {
        "users": [user_id for user_id, _ in keys],
        "times": [key.listened_at for _, key in keys],
        "messy": [key.messy_id for _, key in keys],
        "sources": [key.source for _, key in keys],
    }
