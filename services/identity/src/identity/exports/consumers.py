"""Keeps what the other services tell of whoever wants to have it."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.consumer import Consumer
from contracts.exports import ClubExportGathered, ListeningExportGathered, TasteExportGathered
from identity.exports.gathering import keep

consumer = Consumer()


@consumer.on(ClubExportGathered)
async def keep_club_part(part: ClubExportGathered, tx: AsyncSession) -> None:
    await keep(tx, "club", part)


@consumer.on(ListeningExportGathered)
async def keep_listening_part(part: ListeningExportGathered, tx: AsyncSession) -> None:
    await keep(tx, "listening", part)


@consumer.on(TasteExportGathered)
async def keep_taste_part(part: TasteExportGathered, tx: AsyncSession) -> None:
    await keep(tx, "taste", part)
