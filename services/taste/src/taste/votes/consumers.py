"""Learns from what members vote for."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.consumer import Consumer
from chassis.copies import keep_newest
from chassis.departures import hold
from contracts.votes import VoteCast
from taste.clubs.store import belongs_already
from taste.marks import UNMATCHED
from taste.models import Vote

consumer = Consumer()


@consumer.on(VoteCast)
async def learn_from_vote(cast: VoteCast, tx: AsyncSession) -> None:
    if await hold(tx, [cast.user_id]):
        return
    belonged = await belongs_already(tx, cast.week_id, cast.user_id)
    # What is secret is null; that is all there is to know of it.
    await keep_newest(tx, Vote, cast.model_dump(exclude={"secret"}))
    if not belonged:
        await UNMATCHED.put(tx, cast.user_id)
