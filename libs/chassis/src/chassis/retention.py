"""What the chassis keeps, and for how long: handled events 30 days, answers to repeats 48 hours."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import delete, func

from chassis.db import Database
from chassis.idempotency import Answer
from chassis.inbox import Handled

HANDLED, ANSWERED = timedelta(days=30), timedelta(hours=48)
EVERY = 3600.0


async def sweep(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.execute(delete(Handled).where(Handled.handled < func.now() - HANDLED))
        await tx.execute(delete(Answer).where(Answer.created_at < func.now() - ANSWERED))


def sweeping(db: Database) -> Callable[[Callable[[], None]], Awaitable[None]]:
    """The loop that sweeps once an hour."""

    async def keep_sweeping(up: Callable[[], None]) -> None:
        while True:
            await sweep(db)
            up()
            await asyncio.sleep(EVERY)

    return keep_sweeping
