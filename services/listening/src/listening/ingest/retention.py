"""How long what nobody counts is kept: what sources said besides, 90 days; what cannot be believed, a year."""

import asyncio
from datetime import timedelta

from sqlalchemy import delete, func, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.bus import Up
from chassis.db import Database
from listening.models import Quarantined, Sighting

SAID, DOUBTED = timedelta(days=90), timedelta(days=365)
EVERY = 3600.0


async def keep_compacting(db: Database, up: Up) -> None:
    while True:
        async with db.transaction() as tx:
            await compact(tx)
        up()
        await asyncio.sleep(EVERY)


async def compact(tx: AsyncSession) -> None:
    old = update(Sighting).where(Sighting.raw.isnot(None), Sighting.received_at < func.now() - SAID)
    await tx.execute(old.values(raw=None).execution_options(synchronize_session=False))
    await tx.execute(delete(Quarantined).where(Quarantined.received_at < func.now() - DOUBTED))
