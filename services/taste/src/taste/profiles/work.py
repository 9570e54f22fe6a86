"""Computing profiles anew, a moment after what they are drawn from changed. Any number of processes may."""

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
from taste.matching.marks import mark_unmatched
from taste.models import StaleProfile, UserAlias
from taste.profiles.marks import mark_outdated, spread
from taste.profiles.rules import FORMULA, profile_of
from taste.profiles.store import evidence_of, keep

# Much comes at once, and is to be one change; but nobody waits for longer than five seconds because more keeps coming.
SETTLE = timedelta(seconds=2)
AT_ONCE, IDLE = 50, 1.0


async def keep_profiles(db: Database, up: Up) -> None:
    async with db.transaction() as tx:
        await mark_outdated(tx, FORMULA)
    while True:
        worked = await compute_due(db, SETTLE)
        up()
        if not worked:
            await asyncio.sleep(IDLE)


async def compute_due(db: Transactions, settle: timedelta = timedelta(0)) -> int:
    """Compute some of those whose mark is as old; how many marks, of albums and people, were taken."""
    async with db.transaction() as tx:
        albums = await spread(tx)
    async with db.transaction() as tx:
        due = await _due(tx, settle)
    for user_id in due:
        async with db.transaction() as tx:
            await compute(tx, user_id)
    return albums + len(due)


async def _due(tx: AsyncSession, settle: timedelta) -> Sequence[UserId]:
    old = StaleProfile.since <= func.clock_timestamp() - settle
    return (await tx.scalars(select(StaleProfile.user_id).where(old).order_by(StaleProfile.since).limit(AT_ONCE))).all()


async def compute(tx: AsyncSession, user_id: UserId) -> None:
    """Unless somebody else does, or they left or turned out to be somebody else."""
    left = await hold(tx, [user_id])
    mine = select(StaleProfile.user_id).where(StaleProfile.user_id == user_id).with_for_update(skip_locked=True)
    # What comes in from here on waits to mark them anew, and so is not missed.
    taken = await tx.scalar(delete(StaleProfile).where(StaleProfile.user_id.in_(mine)).returning(StaleProfile.user_id))
    if taken is None or left or await survivor_of(tx, UserAlias, user_id) != user_id:
        return
    evidence = await evidence_of(tx, user_id)
    await keep(tx, await asyncio.to_thread(profile_of, evidence))
    await mark_unmatched(tx, user_id)
