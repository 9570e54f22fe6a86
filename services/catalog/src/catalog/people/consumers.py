"""Forgets who has left."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.consumer import Consumer
from chassis.forgetting import Leaver, drop
from contracts.leaving import UserDeleted

consumer = Consumer()


@consumer.on(UserDeleted)
async def forget_user(deleted: UserDeleted, tx: AsyncSession) -> None:
    await drop(tx, Leaver([deleted.user_id, *deleted.aliases], deleted.former_id))
