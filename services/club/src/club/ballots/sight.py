"""Whose ballot an address means, for whoever may see it."""

from typing import Annotated

from fastapi import Depends, Path
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import Read
from chassis.tokens import SignedCaller
from club.ballots import rules
from club.clubs.store import rules_of
from club.members import store as members
from club.members.paths import UserPath, named
from club.members.rules import meant
from club.models import Week
from club.results.store import find
from club.roster.store import is_host
from club.weeks.store import find_week
from contracts.ids import UserId, WeekId


async def _seen(week_id: Annotated[WeekId, Path()], user: UserPath, caller: SignedCaller, tx: Read) -> UserId:
    """Refuses who may not see it, also where there is no ballot: that somebody did not vote is theirs, too."""
    week, given = await find_week(tx, week_id, caller), named(user)
    member = await members.find(tx, given or meant(caller, None))
    hosts = await is_host(tx, week.club_id, caller)
    # Whoever sees no Discord ids must not find out whose one is.
    public = (given is None or given.discord_id is None) and await _is_public(tx, week)
    rules.check_sees(caller, member.id if member else None, hosts=hosts, public=public)
    if member is None:
        raise rules.NoBallot
    return member.id


SeenVoter = Annotated[UserId, Depends(_seen)]


async def _is_public(tx: AsyncSession, week: Week) -> bool:
    if await find(tx, week.id) is None:
        return False
    return (await rules_of(tx, week.club_id)).poll_visibility == "public_after_close"
