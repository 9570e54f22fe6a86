"""A voter's receipt."""

from chassis.db import Read
from chassis.http import router as chassis_router
from club.ballots.rules import NoBallot
from club.ballots.sight import SeenVoter
from club.proof.receipts import receipt
from contracts.ids import WeekId
from contracts.results import Receipt

router = chassis_router(prefix="/weeks/{week_id}/ballots/{user}/receipt", tags=["results"])


@router.get("")
async def one_receipt(week_id: WeekId, voter: SeenVoter, tx: Read) -> Receipt:
    """What opens the voter's own link of the chain; after the close with the way from it to the result's root."""
    if (found := await receipt(tx, week_id, voter)) is None:
        raise NoBallot
    return found
