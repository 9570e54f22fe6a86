"""Who runs a club's weeks: a bot with `club:write`, an admin, or whom the roster calls a host."""

from typing import Annotated

from fastapi import Depends, Request

from chassis.caller import Caller
from chassis.tokens import SignedCaller
from club.clubs.addresses import AddressedClub, week_of
from club.models import Week
from club.roster.store import is_host
from club.weeks import rules


async def _host(request: Request, club_id: AddressedClub, caller: SignedCaller) -> Caller:
    if caller.kind == "user":
        async with request.app.state.db.transaction(postgresql_readonly=True) as tx:
            week_id = week_of(request)
            week = await tx.get(Week, week_id) if week_id else None
            hosts = await is_host(tx, week.club_id if week else club_id, caller)
        rules.check_host(caller, hosts=hosts)
    else:
        rules.check_host(caller)
    return caller


# A dependency, so that a stranger is refused before a neighbour is asked or a transaction begins.
Host = Annotated[Caller, Depends(_host)]
