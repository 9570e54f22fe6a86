"""How a poll ended, for everybody to check."""

from chassis.db import Read
from chassis.http import router as chassis_router
from chassis.tokens import SignedCaller
from club.proof.store import commitment
from club.results import store
from club.weeks.store import find_week
from contracts.ids import WeekId
from contracts.results import Commitment, Result

router = chassis_router(prefix="/weeks/{week_id}/result", tags=["results"])


@router.get("")
async def result(week_id: WeekId, caller: SignedCaller, tx: Read) -> Result | Commitment:
    """The result; before the close only what was committed, and the head of the chain so far."""
    await find_week(tx, week_id, caller)
    row = await store.find(tx, week_id)
    if row is None:
        return await commitment(tx, week_id)
    return await store.shown(tx, row, with_discord=caller.sees_discord_ids)
