"""Keeps the copy of identity's users, who of them is whom, and who has left."""

from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import keep_alias
from chassis.consumer import Consumer
from chassis.departures import hold
from chassis.forgetting import Leaver
from contracts.identity import UserChanged, UserMerged
from contracts.leaving import UserDeleted
from listening.locks import be_alone_with, keep_pieces
from listening.models import User, UserAlias
from listening.plays.rebuilding import rebuild
from listening.users.leaving import leave
from listening.users.merging import take_over
from listening.users.store import keep_user

consumer = Consumer()


@consumer.on(UserChanged)
async def copy_user(changed: UserChanged, tx: AsyncSession) -> None:
    await be_alone_with(tx, [changed.user_id])
    before = await _zone(tx, changed)
    await keep_user(tx, changed)
    if await _zone(tx, changed) != before:
        # Their days begin at another hour now.
        await rebuild(tx, changed.user_id)


@consumer.on(UserMerged)
async def merge_user(merged: UserMerged, tx: AsyncSession) -> None:
    # First of all, as whoever writes takes it.
    await keep_pieces(tx)
    # Whoever turns out to be somebody who has left, left with them.
    if merged.survivor_id in await hold(tx, [merged.user_id, merged.survivor_id]):
        await leave(tx, Leaver([merged.user_id], uuid4()))
    survivor = await keep_alias(tx, UserAlias, merged.user_id, merged.survivor_id, merged.version)
    if survivor is not None:
        await take_over(tx, merged.user_id, survivor)


@consumer.on(UserDeleted)
async def forget_user(deleted: UserDeleted, tx: AsyncSession) -> None:
    await leave(tx, Leaver([deleted.user_id, *deleted.aliases], deleted.former_id))


async def _zone(tx: AsyncSession, changed: UserChanged) -> str | None:
    zone: str | None = await tx.scalar(select(User.timezone).where(User.id == changed.user_id))
    return zone
