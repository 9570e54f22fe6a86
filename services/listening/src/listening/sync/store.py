"""The tasks of one person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import first_version
from contracts.accounts import LinkChanged
from contracts.ids import UserId
from listening.models import SyncTask
from listening.sync.rules import RELINK, stop_of

ENDED: dict[str, Any] = {"lease": None, "leased_until": None, "attempts": 0}
ANEW: dict[str, Any] = {"last_sync_at": None, "newest_at": None, "cursor": {}}


async def follow(tx: AsyncSession, user_id: UserId, link: LinkChanged) -> None:
    """Let there be a task as the link is, unless something newer is known of it, or of another one in its place."""
    task = await tx.get(SyncTask, (user_id, link.provider), with_for_update=True, populate_existing=True)
    if task is None:
        row = insert(SyncTask).values(user_id=user_id, provider=link.provider, version=first_version(), **_facts(link))
        await tx.execute(row.on_conflict_do_nothing())
        return
    another = task.link_id != link.link_id
    if link.version <= task.link_version or (another and link.status == "unlinked"):
        return
    # Of the same account all that was fetched is still here.
    facts = _facts(link) | ({} if task.account == link.account else ANEW)
    if task.state == "on" == facts["state"] and not another:
        # It only was authorised anew: whoever works on it goes on.
        facts = {name: facts[name] for name in ("link_version",)}
    changed = update(SyncTask).where(SyncTask.id == task.id).values(**facts)
    await tx.execute(changed.execution_options(synchronize_session=False))


async def tasks_of(tx: AsyncSession, user_id: UserId, *, lock: bool = False) -> Sequence[SyncTask]:
    """Those of accounts that are linked."""
    linked = select(SyncTask).where(SyncTask.user_id == user_id, SyncTask.state != "unlinked")
    linked = linked.order_by(SyncTask.provider).execution_options(populate_existing=True)
    return (await tx.scalars(linked.with_for_update() if lock else linked)).all()


async def hurry(tx: AsyncSession, tasks: Sequence[SyncTask], now: datetime) -> None:
    """Let them be due now; also those that stopped for a reason which may be gone."""
    for task in tasks:
        task.asked_at = now
        if task.error not in RELINK:
            task.state, task.next_due, task.attempts = "on", now, 0
    await tx.flush()


def _facts(link: LinkChanged) -> dict[str, Any]:
    why = stop_of(link.provider, link.status, link.scopes)
    state = "unlinked" if link.status == "unlinked" else "stopped" if why else "on"
    error = None if state != "stopped" else why
    told = {"account": link.account, "link_id": link.link_id, "link_version": link.version}
    due = {"next_due": func.now()} if state == "on" else {}
    return {**told, "state": state, "error": error, **due, **ENDED}
