"""Which pieces can be merged, and what of the old one the survivor takes over. No I/O here."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.caller import Caller, check_may
from chassis.errors import Conflict, Forbidden


class OnlyAdmins(Forbidden):
    sentence = "Only admins merge albums and artists."


class IntoItself(Conflict):
    sentence = "Nothing is merged into itself."


class MergedTheOtherWay(Conflict):
    sentence = "The one to stay was merged into the other; undo that first."


class MergedElsewhere(Conflict):
    sentence = "This was merged into something else; undo that first."


class NeverMerged(Conflict):
    sentence = "This was never merged into anything."


class SurvivorMerged(Conflict):
    sentence = "What this was merged into was merged itself since; undo that first."


def check_admin(caller: Caller) -> None:
    check_may(caller, "admin", OnlyAdmins)


def already(old: UUID, into: UUID, old_is: UUID, into_is: UUID) -> bool:
    """Whether `old` is merged into `into` already, given what each of them means now.

    Raises IntoItself, MergedTheOtherWay for a ring, and MergedElsewhere.
    """
    if old == into:
        raise IntoItself
    if old_is == old:
        if into_is == old:
            raise MergedTheOtherWay
        return False
    if old_is != into_is:
        raise MergedElsewhere
    return True


def filled(own: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """What the survivor lacks and the old one has; an empty list is a lack, too."""
    return {name: value for name, value in theirs.items() if value and not own[name]}


def still_filled(now: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    """Of what a merge gave the survivor, what nobody changed since."""
    return [name for name, value in given.items() if now[name] == value]


def unknown_to(own: Sequence[Any], theirs: Sequence[Any], *key: str) -> list[Any]:
    """Those of `theirs` whose key none of the survivor's has: where both speak, the survivor's word stands."""
    known = {tuple(getattr(each, name) for name in key) for each in own}
    return [each for each in theirs if tuple(getattr(each, name) for name in key) not in known]
