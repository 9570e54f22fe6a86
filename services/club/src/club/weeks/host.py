"""Who runs the club's weeks: a bot with `club:write`, or an admin."""

from typing import Annotated

from fastapi import Depends

from chassis.caller import Caller
from chassis.tokens import SignedCaller
from club.weeks import rules


async def _host(caller: SignedCaller) -> Caller:
    rules.check_host(caller)
    return caller


# A dependency, so that a stranger is refused before a neighbour is asked or a transaction begins.
Host = Annotated[Caller, Depends(_host)]
