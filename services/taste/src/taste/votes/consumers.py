"""Learns from what members vote for."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.consumer import Consumer
from chassis.departures import keep_newest_of
from contracts.votes import VoteCast
from taste.models import Vote

consumer = Consumer()


@consumer.on(VoteCast)
async def learn_from_vote(cast: VoteCast, tx: AsyncSession) -> None:
    # What is secret is null; that is all there is to know of it.
    await keep_newest_of(tx, cast.user_id, Vote, cast.model_dump(exclude={"secret"}))
