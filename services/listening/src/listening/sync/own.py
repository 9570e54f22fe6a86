"""A member's own fetching over HTTP."""

from datetime import UTC, datetime

from fastapi import status

from chassis.db import Read, Tx
from chassis.http import router as routes
from chassis.tokens import SignedCaller
from contracts.paging import Page
from contracts.syncing import OwnSync
from listening.models import SyncTask
from listening.sync.rules import NothingLinked, TooManySyncs, seconds_to_wait, syncer
from listening.sync.store import hurry, tasks_of

router = routes(prefix="/users/me/sync", tags=["listens"])


@router.get("")
async def read_sync(caller: SignedCaller, tx: Read) -> Page[OwnSync]:
    """How the fetching from the accounts you have linked is."""
    now = datetime.now(UTC)
    return Page(items=[shown(task, now) for task in await tasks_of(tx, syncer(caller))])


@router.post("", status_code=status.HTTP_202_ACCEPTED)
async def sync_now(caller: SignedCaller, tx: Tx) -> Page[OwnSync]:
    """Fetch from all of your accounts now, once in five minutes; also where it had stopped, if that may be mended."""
    now = datetime.now(UTC)
    tasks = await tasks_of(tx, syncer(caller), lock=True)
    if not tasks:
        raise NothingLinked
    if seconds := max(seconds_to_wait(task.asked_at, now) for task in tasks):
        raise TooManySyncs(seconds)
    await hurry(tx, tasks, now)
    return Page(items=[shown(task, now) for task in tasks])


def shown(task: SyncTask, now: datetime) -> OwnSync:
    return OwnSync(
        provider=task.provider,
        account=task.account,
        state="on" if task.state == "on" else "stopped",
        under_way=task.leased_until is not None and task.leased_until > now,
        last_sync_at=task.last_sync_at,
        next_sync_at=task.next_due if task.state == "on" else None,
        error=task.error,
    )
