"""Computing profiles anew, a moment after what they are drawn from changed. Any number of processes may."""

import asyncio
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.bus import Up
from chassis.db import Database, Transactions
from contracts.ids import UserId
from taste.marks import STALE, UNMATCHED
from taste.profiles.marks import drop_marks_of_nothing, mark_outdated, spread
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
        due = await STALE.due(tx, settle, AT_ONCE)
    async with db.transaction() as tx:
        nothing = await drop_marks_of_nothing(tx, due)
    for user_id in (each for each in due if each not in nothing):
        async with db.transaction() as tx:
            await compute(tx, user_id)
    return albums + len(due)


async def compute(tx: AsyncSession, user_id: UserId) -> None:
    """Unless somebody else does, or they left or turned out to be somebody else."""
    if not await STALE.take(tx, user_id):
        return
    evidence = await evidence_of(tx, user_id)
    await keep(tx, await asyncio.to_thread(profile_of, evidence))
    await UNMATCHED.put(tx, user_id)
