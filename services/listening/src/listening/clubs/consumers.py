"""Keeps which album won a week, when it was put up, and who rated it when."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.consumer import Consumer
from chassis.copies import keep_newest
from chassis.departures import keep_newest_of
from contracts.nominations import NominationChanged
from contracts.phases import WeekChanged
from contracts.ratings import RatingGiven
from listening.models import Nomination, Rating, Week

consumer = Consumer()


@consumer.on(WeekChanged)
async def note_week(changed: WeekChanged, tx: AsyncSession) -> None:
    state = changed.model_dump(include={"week_id", "version", "date_discussion"})
    won = {"album_id": changed.winner_album_id, "nomination_id": changed.winner_nomination_id}
    await keep_newest(tx, Week, state | won)


@consumer.on(NominationChanged)
async def note_nomination(changed: NominationChanged, tx: AsyncSession) -> None:
    await keep_newest(tx, Nomination, changed.model_dump(include={"nomination_id", "version", "created_at"}))


@consumer.on(RatingGiven)
async def note_rating(given: RatingGiven, tx: AsyncSession) -> None:
    state = given.model_dump(include={"week_id", "user_id", "version", "given_at", "withdrawn"})
    await keep_newest_of(tx, given.user_id, Rating, state)
