"""Learns from how members rate."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.consumer import Consumer
from chassis.copies import keep_newest
from chassis.departures import hold
from contracts.ratings import RatingGiven
from taste.marks import STALE
from taste.models import Rating

consumer = Consumer()


@consumer.on(RatingGiven)
async def learn_from_rating(given: RatingGiven, tx: AsyncSession) -> None:
    if await hold(tx, [given.user_id]):
        return
    state = given.model_dump(exclude={"rating", "favorite_track", "review", "review_hidden"})
    await keep_newest(tx, Rating, state | {"half_steps": given.rating})
    await STALE.put(tx, given.user_id)
