"""Who fetches for whom: each task is one worker's at a time, and how far it is is kept with it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.syncing import Held, SyncDelay, SyncProvider, SyncStop
from listening.models import SyncTask, SyncTurn
from listening.sync.announcement import report
from listening.sync.rules import LEASE, LeaseLost, back_off, pause_after

FRESH = {"populate_existing": True, "synchronize_session": False}


async def lease(
    tx: AsyncSession, now: datetime, providers: Collection[SyncProvider], most: int = 1
) -> Sequence[SyncTask]:
    """Those that are due first, of providers that may be asked now; each with a lease of its own."""
    closed = select(SyncTurn.provider).where(SyncTurn.closed_until > now)
    free = or_(SyncTask.leased_until.is_(None), SyncTask.leased_until <= now)
    due = (
        select(SyncTask)
        .where(SyncTask.state == "on", SyncTask.next_due <= now, free)
        .where(SyncTask.provider.in_(sorted(providers)), SyncTask.provider.not_in(closed))
        .order_by(SyncTask.next_due)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    tasks = (await tx.scalars(due.execution_options(populate_existing=True))).all()
    for task in tasks:
        task.lease, task.leased_until = uuid4(), now + LEASE
    await tx.flush()
    return tasks


def held_of(task: SyncTask) -> Held:
    """What a worker shows that the task is theirs."""
    return Held.model_validate({"task_id": task.id, "lease": task.lease})


async def still(tx: AsyncSession, held: Held, now: datetime, cursor: dict[str, Any] | None) -> SyncTask:
    """It is still worked on, and so far. Raises LeaseLost, as do the others."""
    return await _change(tx, held, leased_until=now + LEASE, **({} if cursor is None else {"cursor": cursor}))


async def complete(
    tx: AsyncSession, held: Held, now: datetime, *, cursor: dict[str, Any], newest_at: datetime | None
) -> SyncTask:
    task = await _mine(tx, held)
    newest = max((each for each in (task.newest_at, newest_at) if each), default=None)
    due = now + pause_after(task.provider, newest, now)
    done = {"cursor": cursor, "newest_at": newest, "last_sync_at": now, "attempts": 0, "error": None, "next_due": due}
    return await report(tx, await _change(tx, held, **done, lease=None, leased_until=None), now)


async def stop(tx: AsyncSession, held: Held, now: datetime, why: SyncStop) -> SyncTask:
    stopped = await _change(tx, held, state="stopped", error=why, lease=None, leased_until=None)
    return await report(tx, stopped, now)


async def fail(tx: AsyncSession, held: Held, now: datetime, why: SyncDelay, seconds: float | None = None) -> SyncTask:
    """Another try after `seconds`, where the provider said so, which is not held against it; else after a while."""
    task = await _mine(tx, held)
    attempts = task.attempts + (seconds is None)
    due = now + (back_off(attempts) if seconds is None else timedelta(seconds=seconds))
    delayed = {"attempts": attempts, "next_due": due, "error": why, "lease": None, "leased_until": None}
    return await report(tx, await _change(tx, held, **delayed), now)


async def _mine(tx: AsyncSession, held: Held) -> SyncTask:
    mine = select(SyncTask).where(SyncTask.id == held.task_id, SyncTask.lease == held.lease, SyncTask.state == "on")
    task = await tx.scalar(mine.with_for_update().execution_options(populate_existing=True))
    if task is None:
        raise LeaseLost
    return task


async def _change(tx: AsyncSession, held: Held, **changes: Any) -> SyncTask:
    mine = update(SyncTask).where(SyncTask.id == held.task_id, SyncTask.lease == held.lease, SyncTask.state == "on")
    task: SyncTask | None = await tx.scalar(mine.values(**changes).returning(SyncTask).execution_options(**FRESH))
    if task is None:
        raise LeaseLost
    return task


async def close(tx: AsyncSession, provider: str, until: datetime) -> None:
    """Nobody asks this provider before then, whatever happens to this process."""
    later = text("""
        INSERT INTO sync_turns AS t (provider, closed_until) VALUES (:provider, :until)
        ON CONFLICT (provider) DO UPDATE SET closed_until = greatest(t.closed_until, excluded.closed_until)
    """)
    await tx.execute(later, {"provider": provider, "until": until})
