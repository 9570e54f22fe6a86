"""One week, whole: by number, the current one, or by id."""

from typing import Annotated

from fastapi import Path

from chassis.db import Read
from chassis.http import router as chassis_router
from chassis.tokens import SignedCaller
from club.clubs.addresses import AddressedClub
from club.document.store import by_id, by_number, current, document
from contracts.club import WeekDocument
from contracts.ids import WeekId

router = chassis_router(prefix="/weeks", tags=["weeks"])

Number = Annotated[int, Path(ge=0, le=1_000_000)]


# Before the week by its id, which would take "current" for one.
@router.get("/current")
async def current_week(club_id: AddressedClub, caller: SignedCaller, tx: Read) -> WeekDocument:
    """The week with the highest number."""
    return await document(tx, current(club_id), caller)


@router.get("/number/{number}")
async def numbered_week(number: Number, club_id: AddressedClub, caller: SignedCaller, tx: Read) -> WeekDocument:
    """A week by its number."""
    return await document(tx, by_number(club_id, number), caller)


@router.get("/{week_id}")
async def whole_week(week_id: WeekId, caller: SignedCaller, tx: Read) -> WeekDocument:
    """A week by its id."""
    return await document(tx, by_id(week_id), caller)
