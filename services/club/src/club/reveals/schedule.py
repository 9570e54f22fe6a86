"""Announces what has become public since, by itself: each once, however many replicas run."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.bus import Up
from chassis.db import Transactions
from club.ballots.reveal import reveal_ballots

PAUSE = 2.0

# Announces some of what has become public, and says how many; 0 when there is nothing left for it.
Revealer: TypeAlias = Callable[[AsyncSession], Awaitable[int]]

REVEALERS: tuple[Revealer, ...] = (reveal_ballots,)


async def keep_revealing(db: Transactions, up: Up) -> None:
    """Reveal what is due, batch after batch, each in a transaction of its own, and look again after a pause."""
    while True:
        await reveal_due(db)
        up()
        await asyncio.sleep(PAUSE)


async def reveal_due(db: Transactions) -> None:
    for reveal in REVEALERS:
        while await _one_batch(db, reveal):
            pass


async def _one_batch(db: Transactions, reveal: Revealer) -> int:
    async with db.transaction() as tx:
        return await reveal(tx)
