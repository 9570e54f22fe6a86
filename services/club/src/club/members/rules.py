"""For whom a caller may speak. No I/O here."""

from uuid import UUID

from chassis.caller import Caller
from chassis.errors import Forbidden, Invalid, NotFound, Unauthenticated
from contracts.identity import UserIn
from contracts.ids import UserId

SCOPE = "club:write"


class OnlyForYourself(Forbidden):
    sentence = "You can only do this for yourself."


class KeyTooWeak(Forbidden):
    sentence = "Your key may not speak for the club's members."


class NobodyNamed(Invalid):
    sentence = "Say who it is for: name the user by discord_id or by user_id."


class NoSuchMember(NotFound):
    sentence = "There is nobody with this user_id."


class MemberLeft(NotFound):
    sentence = "This person has left."


def meant(caller: Caller, user: UserIn | None) -> UserIn:
    """Whom the request speaks for: always themself for a member, whom it names for a bot or an admin."""
    if caller.kind == "anonymous":
        raise Unauthenticated
    if caller.only_listens:
        raise KeyTooWeak
    if caller.kind == "user":
        own = UserId(UUID(caller.sub))
        if user is not None and user.user_id not in {None, own}:
            raise OnlyForYourself
        return UserIn(user_id=own)
    if not caller.has(SCOPE):
        raise KeyTooWeak
    if user is None:
        raise NobodyNamed
    return user


def check_same(user: UserIn | None, discord_id: str | None) -> None:
    """A member who names themself by Discord id must be the one with that id."""
    if user is not None and user.discord_id is not None and user.discord_id != discord_id:
        raise OnlyForYourself
