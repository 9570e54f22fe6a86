"""Messages that are gone, and messages that were missed."""

from typing import Annotated

from fastapi import Path

from chassis.db import Tx
from chassis.http import router as chassis_router
from club.messages import withdraw
from club.messages.missed import MissedMessages
from club.messages.resync import make_up
from club.phases.store import current_phase, now
from club.weeks.host import Host
from club.weeks.store import take_week
from contracts.ids import Snowflake, WeekId
from contracts.messages import ResyncEnd, SeenMessages, WithdrawnMessage

router = chassis_router(tags=["messages"])

MessageId = Annotated[Snowflake, Path(description="The id of a message on Discord.")]


@router.delete("/messages/{message_id}")
async def withdraw_message(message_id: MessageId, _: Host, tx: Tx) -> WithdrawnMessage:
    """Withdraw what came from a message that was deleted; of one that said nothing, or is gone already, nothing."""
    weeks = [await take_week(tx, week_id) for week_id in await withdraw.weeks_of(tx, message_id)]
    nominations, ratings = [], []
    for week in weeks:
        phase = await current_phase(tx, week)
        nominations += await withdraw.withdraw_nominations(tx, week, message_id, phase)
        ratings += await withdraw.withdraw_ratings(tx, week, message_id, phase)
    return WithdrawnMessage(
        id=message_id,
        week_ids=[week.id for week in weeks],
        nominations=nominations,
        ratings=[rating.id for rating in ratings],
    )


@router.post("/weeks/{week_id}/resync")
async def resync(week_id: WeekId, batch: SeenMessages, missed: MissedMessages, _: Host, tx: Tx) -> ResyncEnd:
    """Make up for messages that a bot did not see: the week ends as if each had been seen when it was sent.

    Each is measured by the phase that it met, read as `/club/parse/…` reads it, and answered by itself.
    """
    week = await take_week(tx, week_id)
    told = await make_up(tx, week, missed, batch.complete)
    return ResyncEnd(items=told, at=await now(tx))
