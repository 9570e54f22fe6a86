"""Keeps which week was won by what."""

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.models import FeaturedWeek
from chassis.consumer import Consumer
from chassis.copies import keep_newest
from contracts.phases import WeekChanged

consumer = Consumer()


@consumer.on(WeekChanged)
async def note_week(changed: WeekChanged, tx: AsyncSession) -> None:
    state = changed.model_dump(include={"week_id", "version", "club_id", "number", "label"})
    await keep_newest(tx, FeaturedWeek, state | {"album_id": changed.winner_album_id})
