"""One fetch of one account: step by step, each kept in one transaction with how far it is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import Transactions
from contracts.ids import UserId
from contracts.syncing import SyncProvider
from listening.imports.importing import heard_of
from listening.imports.rows import Row
from listening.ingest.take import take_in, zones_of
from listening.locks import be_alone_with
from listening.models import Sighting, SyncTask
from listening.plays.keys import ListenKey
from listening.plays.withdrawing import withdraw
from listening.sync import queue
from listening.sync.asking import Clock

Cursor = Mapping[str, Any]


class Step(NamedTuple):
    """What was told, and how far that is. Between the two moments of `whole`, nothing else is told of the account."""

    rows: Sequence[Row]
    cursor: Cursor
    done: bool
    whole: tuple[datetime, datetime] | None = None


class Source(Protocol):
    provider: SyncProvider

    async def step(self, task: SyncTask, cursor: Cursor, now: datetime, /) -> Step:
        """Goes on where `cursor` says. Raises Stop, WrongAnswer, Refused, ProviderBusy and ProviderAway."""


async def pull(db: Transactions, source: Source, task: SyncTask, clock: Clock) -> None:
    """Take in all that is new. Raises what the source does, and LeaseLost; what was taken in before stays."""
    held = queue.held_of(task)
    cursor: Cursor = task.cursor
    newest: datetime | None = None
    while True:
        step = await source.step(task, cursor, clock())
        told = [row.at for row in step.rows if row.at <= clock()]
        newest = max(told if newest is None else [*told, newest], default=None)
        cursor = dict(step.cursor)
        async with db.transaction() as tx:
            await _keep(tx, task, step)
            if step.done:
                await queue.complete(tx, held, clock(), cursor=cursor, newest_at=newest)
                return
            await queue.still(tx, held, clock(), cursor)


async def _keep(tx: AsyncSession, task: SyncTask, step: Step) -> None:
    # Before the task's own row: whoever leaves takes both in this order.
    who = await be_alone_with(tx, [task.user_id])
    if task.user_id not in who or not step.rows:
        return
    if step.whole and (edited := await _edited(tx, who[task.user_id], step.rows, step.whole)):
        zones = await zones_of(tx, {who[task.user_id]})
        await withdraw(tx, who[task.user_id], zones[who[task.user_id]], edited)
    await take_in(tx, [heard_of(task.user_id, row) for row in step.rows])


async def _edited(
    tx: AsyncSession, user_id: UserId, rows: Sequence[Row], whole: tuple[datetime, datetime]
) -> list[ListenKey]:
    """What was told before and is not told any more, while at the same moment there is something: it was corrected.

    Where nothing is, all stays: that somebody deleted it elsewhere, or that it was left out by mistake, looks the same.
    """
    told: dict[datetime, set[ListenKey]] = {}
    for row in rows:
        if whole[0] < row.at < whole[1]:
            told.setdefault(row.at, set()).add(ListenKey(row.at, row.said.id, row.source))
    kept = await _kept(tx, user_id, rows[0].source, [*told])
    return [key for at, keys in told.items() for key in sorted(kept.get(at, set()) - keys)]


async def _kept(
    tx: AsyncSession, user_id: UserId, source: str, moments: Sequence[datetime]
) -> dict[datetime, set[ListenKey]]:
    columns = (Sighting.listened_at, Sighting.messy_id, Sighting.source)
    theirs = select(*columns).where(Sighting.user_id == user_id, Sighting.source == source)
    found: dict[datetime, set[ListenKey]] = {}
    for row in await tx.execute(theirs.where(Sighting.listened_at.in_(moments), Sighting.hidden.is_(False))):
        found.setdefault(row.listened_at, set()).add(ListenKey(*row))
    return found
