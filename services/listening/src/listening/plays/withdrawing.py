"""Taking sightings back that their source does not tell any more, and what was made of them."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import Timestamp
from contracts.ids import UserId
from listening.plays import store
from listening.plays.change import Change, spans
from listening.plays.keys import ListenKey
from listening.plays.settling import drop, look_again, write

_DELETE = text("""
    DELETE FROM sightings AS s USING unnest(:times, :messy, :sources) AS gone(at, messy_id, source)
    WHERE s.user_id = :user AND s.listened_at = gone.at AND s.messy_id = gone.messy_id AND s.source = gone.source
    RETURNING s.play_id
""").bindparams(
    bindparam("user", type_=Uuid),
    bindparam("times", type_=ARRAY(Timestamp)),
    bindparam("messy", type_=ARRAY(Uuid)),
    bindparam("sources", type_=ARRAY(Text)),
)


async def withdraw(tx: AsyncSession, user_id: UserId, zone: str | None, keys: Collection[ListenKey]) -> None:
    """As if they had never been told. Whoever asks is alone with this person (`listening.locks`)."""
    told: dict[str, Any] = {
        "user": user_id,
        "times": [key.listened_at for key in keys],
        "messy": [key.messy_id for key in keys],
        "sources": [key.source for key in keys],
    }
    plays = {*(await tx.scalars(_DELETE, told))} - {None}
    around = [(user_id, start, end) for start, end in spans(key.listened_at for key in keys)]
    left = {each.seen.key: each.play_id for each in await store.sightings_within(tx, around) if each.play_id in plays}
    change = await look_again(tx, {user_id: left.keys()}, {user_id: zone}) if left else Change()
    await drop(tx, change, user_id, zone, plays - {*left.values()})
    await write(tx, change)
