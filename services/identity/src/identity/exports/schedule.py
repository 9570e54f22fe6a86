"""Deletes exports that are expired."""

import asyncio

from chassis.bus import Up
from chassis.db import Database
from identity.exports.store import sweep

EVERY = 600.0


async def keep_exports_for_a_day(db: Database, up: Up) -> None:
    while True:
        async with db.transaction() as tx:
            await sweep(tx)
        up()
        await asyncio.sleep(EVERY)
