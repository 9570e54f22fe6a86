"""What the club looks at now is asked about first."""

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.enrichment.queue import NOMINATED, ask_for
from chassis.consumer import Consumer
from contracts.nominations import NominationChanged

consumer = Consumer()


@consumer.on(NominationChanged)
async def hurry_nominated(changed: NominationChanged, tx: AsyncSession) -> None:
    if not changed.withdrawn:
        await ask_for(tx, [changed.album_id], NOMINATED)
