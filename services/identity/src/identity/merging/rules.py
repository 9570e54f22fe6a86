"""Who can be merged into whom, and what of a profile stays. No I/O here."""

from typing import Any, NamedTuple
from uuid import UUID

from chassis.caller import Caller, check_may
from chassis.errors import Conflict, Forbidden


class OnlyAdmins(Forbidden):
    sentence = "Only admins merge people."


class SamePerson(Conflict):
    sentence = "These are one person already."


class MergedElsewhere(Conflict):
    sentence = "This person was merged into somebody else."


class Profile(NamedTuple):
    handle: str | None
    handle_looks: str | None
    avatar_url: str | None


def check_admin(caller: Caller) -> None:
    check_may(caller, "admin", OnlyAdmins)


def already(old: UUID, into: UUID, old_is: UUID, into_is: UUID) -> bool:
    """Whether `old` is merged into `into` already, given who each of them is now.

    Raises SamePerson for somebody into themself, also by way of an alias, and MergedElsewhere.
    """
    if old == into or (old_is == old and into_is == old):
        raise SamePerson
    if old_is == old:
        return False
    if old_is != into_is:
        raise MergedElsewhere
    return True


def folded(own: Profile, theirs: Profile) -> dict[str, Any]:
    """What changes of the survivor's profile: they keep what they have, and get what they lack."""
    handle = {} if own.handle or not theirs.handle else theirs._asdict()
    avatar = {} if own.avatar_url or not theirs.avatar_url else {"avatar_url": theirs.avatar_url}
    return {name: each for name, each in handle.items() if name != "avatar_url"} | avatar
