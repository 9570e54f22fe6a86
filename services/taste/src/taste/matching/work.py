"""Comparing people with their fellow members, a moment after one of them changed. Any number of processes may."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import survivor_of
from chassis.bus import Up
from chassis.db import Database, Transactions
from chassis.departures import hold
from contracts.ids import UserId
from taste.clubs.store import fellows_of
from taste.matching.rules import row_of
from taste.matching.store import keep_row, matchable
from taste.models import Matches, Unmatched, User, UserAlias

SETTLE = timedelta(seconds=2)
AT_ONCE, IDLE = 50, 1.0


async def keep_matching(db: Database, up: Up) -> None:
    while True:
        worked = await match_due(db, SETTLE)
        up()
        if not worked:
            await asyncio.sleep(IDLE)


async def match_due(db: Transactions, settle: timedelta = timedelta(0)) -> int:
    """Compare some of those whose mark is as old; how many."""
    async with db.transaction() as tx:
        due = await _due(tx, settle)
    for user_id in due:
        async with db.transaction() as tx:
            await rematch(tx, user_id)
    return len(due)


async def _due(tx: AsyncSession, settle: timedelta) -> Sequence[UserId]:
    old = Unmatched.since <= func.clock_timestamp() - settle
    return (await tx.scalars(select(Unmatched.user_id).where(old).order_by(Unmatched.since).limit(AT_ONCE))).all()


async def rematch(tx: AsyncSession, user_id: UserId) -> None:
    """Compare somebody with their fellow members, unless somebody else does; of whom nothing is shown, none is kept."""
    left = await hold(tx, [user_id])
    mine = select(Unmatched.user_id).where(Unmatched.user_id == user_id).with_for_update(skip_locked=True)
    taken = await tx.scalar(delete(Unmatched).where(Unmatched.user_id.in_(mine)).returning(Unmatched.user_id))
    if taken is None or left or await survivor_of(tx, UserAlias, user_id) != user_id:
        return
    others = await matchable(tx, [user for user in await fellows_of(tx, user_id) if user.id != user_id])
    own = await tx.get(User, user_id)
    me = await matchable(tx, [own]) if own else []
    if me and others:
        await keep_row(tx, user_id, await asyncio.to_thread(row_of, me[0], others))
    else:
        await tx.execute(delete(Matches).where(Matches.user_id == user_id))
