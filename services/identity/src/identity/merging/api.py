"""Merging people, as admins do."""

from typing import Annotated

from fastapi import Depends

from chassis.caller import Caller
from chassis.db import Tx
from chassis.http import router as make_router
from chassis.tokens import SignedCaller
from contracts import identity as contract
from identity.merging import rules
from identity.merging.merge import merge

router = make_router(prefix="/admin/users", tags=["users"])


async def _admin(caller: SignedCaller) -> Caller:
    rules.check_admin(caller)
    return caller


@router.post("/merge")
async def merge_users(named: contract.UsersToMerge, _: Annotated[Caller, Depends(_admin)], tx: Tx) -> contract.User:
    """Let `from` be another name of `into`, who is answered: what both have done is one person's. For ever."""
    return contract.User.model_validate(await merge(tx, named.old, named.into, named.reason))
