"""How the fetching is told to others."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.announcer import Announcer
from chassis.db import next_version
from chassis.outbox import publish
from contracts.listening import SyncReported
from listening.models import SyncTask
from listening.sync.rules import worth_telling


def state(task: SyncTask) -> SyncReported:
    return SyncReported(
        version=task.version,
        user_id=task.user_id,
        provider=task.provider,
        last_sync_at=task.last_sync_at,
        error=task.error,
    )


async def states(_: AsyncSession, tasks: Sequence[SyncTask]) -> list[SyncReported]:
    return [state(task) for task in tasks]


async def report(tx: AsyncSession, task: SyncTask, now: datetime) -> SyncTask:
    """Tell it as it is, if anybody could care; the task as it now is."""
    if not worth_telling(task.told_at, task.told_error, task.error, now):
        return task
    told = {"told_at": now, "told_error": task.error, "version": next_version(SyncTask.version)}
    changed = update(SyncTask).where(SyncTask.id == task.id).values(**told).returning(SyncTask)
    options = {"populate_existing": True, "synchronize_session": False}
    fresh = (await tx.scalars(changed.execution_options(**options))).one()
    await publish(tx, state(fresh))
    return fresh


announcer = Announcer(SyncReported, SyncTask, states)
