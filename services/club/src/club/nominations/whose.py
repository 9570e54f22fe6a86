"""Whose part in a nomination a request to withdraw means."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import Caller
from club.members import store as members
from club.members.paths import named
from club.members.rules import meant
from club.models import Nomination, Week
from club.nominations import rules, store
from club.roster.store import is_host
from contracts.ids import UserId


async def whose_part(
    tx: AsyncSession, week: Week, nomination: Nomination, caller: Caller, user: str | None
) -> UserId | None:
    """The member's id; None for the whole nomination. Raises what the caller may not withdraw, or nobody nominated."""
    caller = await members.speaking(tx, caller)
    hosts, member = await is_host(tx, week.club_id, caller), None
    if user is not None:
        found = await members.find(tx, named(user) or meant(caller, None))
        member = found.id if found else rules.NOBODY
    nominators = {part.user_id for part in await store.parts(tx, nomination)}
    return rules.withdrawn_part(caller, member, nominators, hosts=hosts)
