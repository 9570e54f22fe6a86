"""Says a month ahead that an authorisation will end."""

import asyncio
from datetime import UTC, datetime

from chassis.bus import Up
from chassis.db import Database, Transactions
from identity.links import store
from identity.links.linking import set_status

EVERY, BATCH = 3600.0, 200


async def watch_authorisations(db: Database, up: Up) -> None:
    while True:
        await warn_of_ends(db, datetime.now(UTC))
        up()
        await asyncio.sleep(EVERY)


async def warn_of_ends(db: Transactions, now: datetime) -> int:
    """How many links are `expiring` that were not before."""
    warned = 0
    while True:
        async with db.transaction() as tx:
            rows = await store.ending(tx, now, BATCH)
            for row in rows:
                await set_status(tx, row, "expiring", "link.expiring")
        warned += len(rows)
        if len(rows) < BATCH:
            return warned
