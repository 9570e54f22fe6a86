"""The queue for workers outside: they lease, say that they still work, and tell how it ended."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, cast

from fastapi import Depends

from chassis.caller import Caller, check_may
from chassis.db import Tx
from chassis.http import router as routes
from chassis.providers import USUAL_COOLDOWN
from chassis.tokens import SignedCaller
from contracts.syncing import (
    Completed,
    Failed,
    LeasedTask,
    LeasedTasks,
    StillWorks,
    SyncDelay,
    SyncStop,
    TaskTold,
    WantsTasks,
)
from listening.models import SyncTask
from listening.sync import queue
from listening.sync.rules import STOPS, MayNotSync

router = routes(prefix="/internal/sync", tags=["internal"])

SCOPE = "sync:lease"


async def _worker(caller: SignedCaller) -> Caller:
    check_may(caller, SCOPE, MayNotSync)
    return caller


Worker = Annotated[Caller, Depends(_worker)]


@router.post("/lease")
async def lease_tasks(_: Worker, wanted: WantsTasks, tx: Tx) -> LeasedTasks:
    """The tasks that are due first; none while their provider is to be left alone."""
    tasks = await queue.lease(tx, datetime.now(UTC), {*wanted.providers}, wanted.most)
    return LeasedTasks(tasks=[_leased(task) for task in tasks])


@router.post("/heartbeat")
async def still_works(_: Worker, told: StillWorks, tx: Tx) -> TaskTold:
    """The task stays with the worker for another five minutes."""
    return _told(await queue.still(tx, told, datetime.now(UTC), told.cursor and {**told.cursor}))


@router.post("/complete")
async def complete_task(_: Worker, told: Completed, tx: Tx) -> TaskTold:
    """It is done, and due again after a while."""
    now = datetime.now(UTC)
    return _told(await queue.complete(tx, told, now, cursor={**told.cursor}, newest_at=told.newest_at))


@router.post("/fail")
async def fail_task(_: Worker, told: Failed, tx: Tx) -> TaskTold:
    """It is not done: tried again later, or stopped until the member mends it."""
    now = datetime.now(UTC)
    if told.error in STOPS:
        return _told(await queue.stop(tx, told, now, cast("SyncStop", told.error)))
    seconds = told.retry_after
    if told.error == "provider_busy":
        seconds = seconds or USUAL_COOLDOWN
    task = await queue.fail(tx, told, now, cast("SyncDelay", told.error), seconds)
    if told.error == "provider_busy" and seconds:
        await queue.close(tx, task.provider, now + timedelta(seconds=seconds))
    return _told(task)


def _leased(task: SyncTask) -> LeasedTask:
    names = ("lease", "leased_until", "user_id", "provider", "account", "cursor")
    return LeasedTask.model_validate({"task_id": task.id} | {name: getattr(task, name) for name in names})


def _told(task: SyncTask) -> TaskTold:
    return TaskTold(task_id=task.id, state=task.state, leased_until=task.leased_until, next_sync_at=task.next_due)
