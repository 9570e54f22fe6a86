"""Performs what is due, by itself: each transition once, however many replicas run."""

import asyncio

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.bus import Up
from chassis.db import Transactions
from club.models import Week
from club.phases.move import move_on
from club.phases.rules import phase_at
from club.phases.store import now
from club.weeks.store import take_week
from contracts.ids import WeekId

LONGEST, SHORTEST = 5.0, 0.05


async def keep_phases(db: Transactions, up: Up) -> None:
    """Move weeks on as they fall due, and sleep until the next one does, or for a moment, should one be given."""
    while True:
        pause = await perform_due(db)
        up()
        await asyncio.sleep(pause)


async def perform_due(db: Transactions) -> float:
    """Move on every week that is due; for how many seconds there is nothing more to do."""
    async with db.transaction() as tx:
        passed = select(Week.id).where(Week.due_at <= func.clock_timestamp())
        due = (await tx.scalars(passed.order_by(Week.due_at, Week.id))).all()
    for week_id in due:
        async with db.transaction() as tx:
            await perform(tx, week_id)
    async with db.transaction() as tx:
        left = await tx.scalar(select(func.extract("epoch", func.min(Week.due_at) - func.clock_timestamp())))
    return LONGEST if left is None else min(max(float(left), SHORTEST), LONGEST)


async def perform(tx: AsyncSession, week_id: WeekId) -> None:
    # Waiting for the lock, not skipping the locked: members who vote to the last moment would hold off the close.
    # Whoever gets it second finds that nothing is due any more.
    week = await take_week(tx, week_id)
    to = phase_at(week.phase, week.deadlines, await now(tx))
    if to != week.phase:
        await move_on(tx, week, to)
