"""Keeps the copy of identity's users."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.consumer import Consumer
from chassis.copies import keep_newest
from contracts.identity import UserChanged
from listening.models import User

consumer = Consumer()


@consumer.on(UserChanged)
async def copy_user(changed: UserChanged, tx: AsyncSession) -> None:
    state = changed.model_dump(include={"version", "display_name", "handle"})
    await keep_newest(tx, User, {"id": changed.user_id, **state})
