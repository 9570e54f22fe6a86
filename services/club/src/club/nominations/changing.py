"""A change of a nomination, however many rows it takes: one version, one announcement, one entry in the audit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import next_version
from chassis.outbox import publish
from club.audit.record import record
from club.models import Nomination, Week
from club.nominations import store


@asynccontextmanager
async def changing(
    tx: AsyncSession, week: Week, nomination: Nomination, reason: str | None = None
) -> AsyncIterator[None]:
    """Announce and record what the block changes of a nomination, in a taken week; if nothing differs, nothing."""
    before = await store.snapshot(tx, nomination)
    yield
    await tx.flush()
    after = await store.snapshot(tx, nomination)
    if after == before:
        return
    nomination.version = next_version(Nomination.__table__.c.version)
    nomination.updated_at = func.clock_timestamp()
    await tx.flush()
    await tx.refresh(nomination)
    await publish(tx, *await store.state(tx, [nomination]))
    was = before if before["nominators"] else None
    action = "nomination.made" if was is None else "nomination.changed"
    if after["withdrawn"] and not before["withdrawn"]:
        action = "nomination.withdrawn"
    await record(tx, action, nomination.id, week.club_id, before=was, after=after, reason=reason)
