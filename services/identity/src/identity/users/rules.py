"""Who may see and write people, and what of a profile counts."""

from typing import Any

from chassis.caller import Caller
from chassis.errors import Forbidden, NotFound, Unauthenticated
from contracts.identity import DiscordProfile, UserIn

SHOWN_OF_SNOWFLAKE = 4


class NoSuchUser(NotFound):
    sentence = "We do not know this person."


class MayNotWriteUsers(Forbidden):
    sentence = "Your key may not write users."


class MayNotSeeDiscordIds(Forbidden):
    sentence = "Discord ids are shown to bots, workers and admins only."


def check_may_write(caller: Caller) -> None:
    if caller.kind == "anonymous":
        raise Unauthenticated
    if not caller.has("users:write"):
        raise MayNotWriteUsers


def check_sees_discord_ids(caller: Caller) -> None:
    if not caller.sees_discord_ids:
        raise MayNotSeeDiscordIds


def carried(profile: DiscordProfile) -> dict[str, Any]:
    """The fields a bot has sent. `avatar_url: null` takes the picture away; a name cannot be taken away."""
    sent = profile.model_dump(exclude_unset=True)
    return {name: value for name, value in sent.items() if name == "avatar_url" or value is not None}


def mentioned(user: UserIn) -> dict[str, Any]:
    """What another service happens to know of a person. It passes on as null what it does not know."""
    return user.model_dump(include={"display_name", "avatar_url"}, exclude_none=True)


def provisional_name(snowflake: str) -> str:
    """How a person is called of whom nothing but the Discord id is known yet: `Member 3063`."""
    return f"Member {snowflake[-SHOWN_OF_SNOWFLAKE:]}"
