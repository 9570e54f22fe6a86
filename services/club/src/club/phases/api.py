"""Moving weeks on, and what is due."""

from chassis.db import Read, Tx
from chassis.http import router as chassis_router
from chassis.tokens import SignedCaller
from club.clubs.addresses import AddressedClub
from club.phases import due
from club.phases.move import move_on
from club.phases.rules import check_move
from club.roster.store import is_host
from club.weeks.host import Host
from club.weeks.store import answer, take_week
from contracts.club import Week
from contracts.ids import WeekId
from contracts.paging import Page
from contracts.phases import Advance, Due

router = chassis_router(tags=["phases"])


@router.post("/weeks/{week_id}/advance")
async def advance(week_id: WeekId, step: Advance, caller: Host, tx: Tx) -> Week:
    """Move a week on, with `from` only if it is still there; moving it to where it is changes nothing.

    Leaving the poll behind computes its result. Only an admin moves a week backward.
    """
    week = await take_week(tx, week_id)
    check_move(week.phase, step.to, step.since, may_reopen=caller.has("admin"))
    await move_on(tx, week, step.to, reason=step.reason)
    return await answer(tx, week)


@router.get("/schedule")
async def schedule(club_id: AddressedClub, caller: SignedCaller, tx: Read) -> Page[Due]:
    """The phases that will end by themselves, soonest first, when to remind, and for hosts of whom one still waits."""
    sees_all = await is_host(tx, club_id, caller)
    return Page(items=await due.listing(tx, club_id, whom=sees_all, with_discord=caller.sees_discord_ids))
