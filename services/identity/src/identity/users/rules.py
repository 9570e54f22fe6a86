"""Who may see and write people, and what of a profile counts."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from chassis.caller import Caller, check_may
from chassis.errors import Conflict, Forbidden, NotFound
from contracts.identity import DiscordProfile, UserIn, UserToAdopt
from contracts.ids import UserId
from identity.handles.rules import BadHandle, ReservedHandle, check_handle, looks

SHOWN_OF_SNOWFLAKE = 4


class NoSuchUser(NotFound):
    sentence = "We do not know this person."


class MayNotWriteUsers(Forbidden):
    sentence = "Your key may not write users."


class MayNotSeeDiscordIds(Forbidden):
    sentence = "Discord ids are shown to bots, workers and admins only."


class SomebodyElse(Conflict):
    sentence = "Some of these people are somebody else here."


def check_may_write(caller: Caller) -> None:
    check_may(caller, "users:write", MayNotWriteUsers)


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


def differs(user: object, profile: Mapping[str, Any]) -> bool:
    return any(getattr(user, name) != said for name, said in profile.items())


def provisional_name(snowflake: str) -> str:
    """How a person is called of whom nothing but the Discord id is known yet: `Member 3063`."""
    return f"Member {snowflake[-SHOWN_OF_SNOWFLAKE:]}"


def check_same_people(users: Sequence[UserToAdopt], holders: Mapping[str, UserId]) -> None:
    """Whether each of `users` may be who they are said to be: of every Discord id, `holders` says whose it is here."""
    said: dict[str, UserId] = {}
    for user in users:
        if user.discord_id is not None:
            said.setdefault(user.discord_id, user.id)
    whose = said | dict(holders)
    differ = [user for user in users if user.discord_id is not None and whose[user.discord_id] != user.id]
    if differ:
        named = ", ".join(f"{user.id} (Discord id {user.discord_id})" for user in differ)
        raise SomebodyElse(f"{SomebodyElse.sentence.removesuffix('.')}: {named}.")


def kept_handles(users: Sequence[UserToAdopt]) -> dict[UserId, str]:
    """The handles that they may bring along: those that can be handles here, of some that look alike the first."""
    handles: dict[str, tuple[UserId, str]] = {}
    for user in users:
        with suppress(BadHandle, ReservedHandle):
            if user.handle:
                handle = check_handle(user.handle)
                handles.setdefault(looks(handle), (user.id, handle))
    return dict(handles.values())
