"""Who changes a club, and what a change of its rules leaves. No I/O here."""

from typing import Any

from chassis.caller import Caller, check_may
from chassis.errors import Forbidden, NotFound
from contracts.clubs import ClubRules, NewClub

DEFAULT_NAME = "The club"


class NoSuchClub(NotFound):
    sentence = "There is no such club."


class AdminsOnly(Forbidden):
    sentence = "Only an admin can do this."


def check_admin(caller: Caller) -> None:
    check_may(caller, "admin", AdminsOnly)


def carried(new: NewClub) -> dict[str, Any]:
    """What a change sets of the club itself. Only the guild may be emptied."""
    given = new.model_dump(include={"name", "guild_id", "timezone"}, exclude_unset=True)
    return {name: value for name, value in given.items() if value is not None or name == "guild_id"}


def decided(before: dict[str, Any], given: ClubRules | None) -> dict[str, Any]:
    """What the club has decided so far, with what is given now; only that, so that defaults may still change."""
    if given is None:
        return before
    now = given.model_dump(exclude_unset=True)
    if "rhythm" in now:
        now["rhythm"] = before.get("rhythm", {}) | now["rhythm"]
    return before | now
