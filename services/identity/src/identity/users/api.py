"""People over HTTP."""

from typing import Annotated

from fastapi import Path, Response, status

from chassis.caller import Caller
from chassis.db import Read, Tx
from chassis.http import router as make_router
from chassis.tokens import SignedCaller
from contracts import identity as contract
from contracts.ids import Snowflake
from identity.models import User
from identity.users import rules, store
from identity.users.meeting import meet

router = make_router(prefix="/users", tags=["users"])

DiscordId = Annotated[Snowflake, Path(description="The person's Discord id.")]


@router.put("/discord/{snowflake}", responses={201: {"model": contract.User, "description": "Met for the first time"}})
async def put_discord_user(
    snowflake: DiscordId, profile: contract.DiscordProfile, caller: SignedCaller, tx: Tx, response: Response
) -> contract.User:
    """Make known how Discord shows a person. What is left out stays; who has no name yet is called `Member 3063`."""
    rules.check_may_write(caller)
    met = await meet(tx, snowflake, rules.carried(profile))
    if met.first_time:
        response.status_code = status.HTTP_201_CREATED
    return _shown(met.user, caller)


@router.get("/discord/{snowflake}")
async def read_discord_user(snowflake: DiscordId, caller: SignedCaller, tx: Read) -> contract.User:
    """The person behind a Discord id, for those who see Discord ids."""
    rules.check_sees_discord_ids(caller)
    return _known(await store.user_by_discord(tx, snowflake), caller)


def _known(user: User | None, caller: Caller) -> contract.User:
    if user is None:
        raise rules.NoSuchUser
    return _shown(user, caller)


def _shown(user: User, caller: Caller) -> contract.User:
    shown = contract.User.model_validate(user)
    return shown if caller.sees_discord_ids else shown.model_copy(update={"discord_id": None})
