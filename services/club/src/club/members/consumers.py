"""Keeps the copy of identity's people."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.consumer import Consumer
from club.members import store
from contracts.identity import UserChanged

consumer = Consumer()


@consumer.on(UserChanged)
async def copy_member(changed: UserChanged, tx: AsyncSession) -> None:
    await store.keep(tx, changed)
