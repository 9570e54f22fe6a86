"""When a source may be asked: one row for all processes, each turn taken in a short transaction and waited for outside.

A turn lasts until its answer has begun, and the next one begins a pace after that: so two requests are never closer
than the pace, whatever the network or a slow process does between. Who dies in a turn holds it up for a timeout.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from catalog.models import SourceSlot
from catalog.sources.rules import SourceClosed
from chassis.db import Transactions

# In seconds: who was beaten to a turn looks again no sooner, and no later, where the pace is quicker.
SHORTEST, SOON = 0.002, 0.05


@asynccontextmanager
async def turn(db: Transactions, source: str, pace: float, longest: float) -> AsyncIterator[None]:
    """A turn at `source`, for at most `longest` seconds; without a pace one need not wait. Raises SourceClosed."""
    if not pace:
        if seconds := await closed_for(db, source):
            raise SourceClosed(source, seconds)
        yield
        return
    while True:
        wait = await _take(db, source, longest)
        if not wait:
            break
        # A turn may end long before the time that it may take.
        await asyncio.sleep(min(wait, max(pace, SOON)))
    try:
        yield
    finally:
        await _give_back(db, source, pace)


async def close(db: Transactions, source: str, seconds: float) -> None:
    """Nobody asks `source` for so long, whatever happens to this process."""
    until = func.clock_timestamp() + timedelta(seconds=seconds)
    row = insert(SourceSlot).values(source=source, closed_until=until)
    later = func.greatest(func.coalesce(SourceSlot.closed_until, until), until)
    async with db.transaction() as tx:
        await tx.execute(row.on_conflict_do_update(index_elements=["source"], set_={"closed_until": later}))


async def closed_for(db: Transactions, source: str) -> float:
    """For how many seconds nobody asks it; 0 for one that may be asked."""
    left = func.extract("epoch", SourceSlot.closed_until - func.clock_timestamp())
    async with db.transaction() as tx:
        seconds = await tx.scalar(select(left).where(SourceSlot.source == source))
    return max(float(seconds or 0), 0)


async def _take(db: Transactions, source: str, longest: float) -> float:
    """0 when the turn is ours; else for how many seconds there is no sense in asking."""
    now = func.clock_timestamp()
    open_ = or_(SourceSlot.closed_until.is_(None), SourceSlot.closed_until <= now)
    taken = (
        update(SourceSlot)
        .where(SourceSlot.source == source, SourceSlot.next_at <= now, open_)
        .values(next_at=now + timedelta(seconds=longest))
        .returning(SourceSlot.source)
    )
    waits = select(
        func.extract("epoch", SourceSlot.next_at - now), func.extract("epoch", SourceSlot.closed_until - now)
    ).where(SourceSlot.source == source)
    async with db.transaction() as tx:
        await tx.execute(insert(SourceSlot).values(source=source).on_conflict_do_nothing())
        if await tx.scalar(taken) is not None:
            return 0
        next_, closed = (await tx.execute(waits)).one()
    if closed is not None and closed > 0:
        raise SourceClosed(source, float(closed))
    return max(float(next_), SHORTEST)


async def _give_back(db: Transactions, source: str, pace: float) -> None:
    async with db.transaction() as tx:
        again = func.clock_timestamp() + timedelta(seconds=pace)
        await tx.execute(update(SourceSlot).where(SourceSlot.source == source).values(next_at=again))
