"""Keeps the copy of identity's people, who of them is whom, and who has left."""

from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.consumer import Consumer
from chassis.departures import hold
from club.leaving.leave import leave
from club.members import store
from club.merging.merge import merge
from contracts.identity import UserChanged, UserMerged
from contracts.ids import UserId
from contracts.leaving import UserDeleted

consumer = Consumer()


@consumer.on(UserChanged)
async def copy_member(changed: UserChanged, tx: AsyncSession) -> None:
    await store.follow(tx, changed)


@consumer.on(UserMerged)
async def merge_member(merged: UserMerged, tx: AsyncSession) -> None:
    # Whoever turns out to be somebody who has left, left with them.
    if merged.survivor_id in await hold(tx, [merged.user_id, merged.survivor_id]):
        await leave(tx, merged.user_id, [], UserId(uuid4()))
    await merge(tx, merged)


@consumer.on(UserDeleted)
async def forget_member(deleted: UserDeleted, tx: AsyncSession) -> None:
    await leave(tx, deleted.user_id, deleted.aliases, deleted.former_id)
