"""Tells what the club keeps of whoever wants to have it."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.consumer import Consumer
from chassis.exporting import answer
from club.exporting.store import kept_of
from contracts.exports import ClubExportGathered, ExportRequested

consumer = Consumer()


@consumer.on(ExportRequested)
async def gather_export(asked: ExportRequested, tx: AsyncSession) -> None:
    await answer(tx, ClubExportGathered, asked, kept_of)
