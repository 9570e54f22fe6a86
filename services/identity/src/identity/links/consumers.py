"""Keeps how the fetching from linked accounts is, for their owners to see."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.consumer import Consumer
from contracts.listening import SyncReported
from identity.links.store import keep_sync

consumer = Consumer()


@consumer.on(SyncReported)
async def note_sync(reported: SyncReported, tx: AsyncSession) -> None:
    """Of an account that is not theirs any more nothing is kept."""
    await keep_sync(tx, reported)
