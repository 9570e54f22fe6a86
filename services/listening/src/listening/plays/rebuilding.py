"""Counting anew: what the rule makes of all that somebody's sources ever saw."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import Transactions
from contracts.ids import UserId
from listening.locks import be_alone_with
from listening.models import Play, User, UserSource
from listening.plays import store
from listening.plays.change import Change, settle
from listening.plays.settling import write
from listening.sums.store import drop_sums

EVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


async def rebuild(tx: AsyncSession, user_id: UserId) -> int:
    """How many plays there are; whoever asks is alone with them (`listening.locks`)."""
    found = await store.sightings_within(tx, [(user_id, *EVER)])
    await tx.execute(delete(Play).where(Play.user_id == user_id))
    await drop_sums(tx, user_id)
    zone = await tx.scalar(select(User.timezone).where(User.id == user_id))
    decisions = (await store.decisions_of(tx, [user_id])).get(user_id, {})
    change = Change()
    seen = [each.seen for each in found]
    settle(change, user_id, zone, seen=seen, decisions=decisions, before={}, kept={})
    await write(tx, change)
    return len(change.added)


async def rebuild_all(db: Transactions, only: str | None = None) -> AsyncIterator[int]:
    """How many plays each person has, one after the other, each in a transaction of their own."""
    async with db.transaction(postgresql_readonly=True) as tx:
        people = [*(await tx.scalars(select(UserSource.user_id).distinct().order_by(UserSource.user_id)))]
    for user_id in people:
        if only is None or str(user_id) == only:
            async with db.transaction() as tx:
                await be_alone_with(tx, [user_id])
                yield await rebuild(tx, user_id)
