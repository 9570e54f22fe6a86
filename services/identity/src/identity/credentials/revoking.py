"""What is not to be believed any more is told to every gateway at once."""

import time

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.outbox import publish
from contracts.ids import UserId
from contracts.sessions import AccessRevoked


async def announce_revoked(tx: AsyncSession, *, credential: str | None = None, user_id: UserId | None = None) -> None:
    """One credential, or without one everything that speaks for the user."""
    version = time.time_ns() // 1000
    await publish(tx, AccessRevoked(version=version, credential=credential, user_id=user_id))
