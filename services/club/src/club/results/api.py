"""How a poll ended, for everybody to check."""

from typing import Any

import orjson
from fastapi import Response

from chassis.db import Read
from chassis.http import router as chassis_router
from chassis.tokens import SignedCaller
from club.proof.store import commitment
from club.results import store
from club.weeks.store import find_week
from contracts.ids import WeekId
from contracts.results import Commitment, Result

router = chassis_router(prefix="/weeks/{week_id}/result", tags=["results"])


@router.get("", response_model=Result | Commitment)
async def result(week_id: WeekId, caller: SignedCaller, tx: Read) -> Any:
    """The result; before the close only what was committed, and the head of the chain so far."""
    await find_week(tx, week_id, caller)
    row = await store.find(tx, week_id)
    if row is None:
        return await commitment(tx, week_id)
    # Not through the model: thousands of ballots would spend most of the time in being checked once more.
    told = await store.document(tx, row, with_discord=caller.sees_discord_ids)
    return Response(orjson.dumps(told, option=orjson.OPT_UTC_Z), media_type="application/json")
