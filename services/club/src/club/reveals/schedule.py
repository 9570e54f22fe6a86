"""Reveals what has become visible, by itself: each thing once, however many replicas run."""

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.bus import Up
from chassis.db import Transactions
from club.ballots.reveal import reveal_ballots
from club.ratings.reveal import reveal_ratings

PAUSE = 2.0
# Each reveals a batch of what is due, and says how many there were.
REVEALERS: tuple[Callable[[AsyncSession], Awaitable[int]], ...] = (reveal_ballots, reveal_ratings)


async def keep_revealing(db: Transactions, up: Up) -> None:
    while True:
        await reveal_due(db)
        up()
        await asyncio.sleep(PAUSE)


async def reveal_due(db: Transactions) -> None:
    """Reveal everything that is due, a batch in a transaction."""
    for reveal in REVEALERS:
        revealed = 1
        while revealed:
            async with db.transaction() as tx:
                revealed = await reveal(tx)
