"""Which member an address means, for whoever may name them so."""

from typing import Annotated

from fastapi import Depends

from chassis.db import Read
from chassis.tokens import SignedCaller
from club.gallery.rules import DiscordIdsHidden
from club.members import store as members
from club.members.paths import UserPath, named
from club.members.rules import NoSuchMember, meant
from club.memory.season import History
from club.models import Member
from contracts.clubs import Role

STRANGER = "There is no such member in this club."


async def _meant(user: UserPath, caller: SignedCaller, tx: Read) -> Member:
    given = named(user) or meant(caller, None)
    if given.discord_id is not None and not caller.sees_discord_ids:
        raise DiscordIdsHidden
    if (member := await members.find(tx, given)) is None:
        raise NoSuchMember(STRANGER)
    return member


SeenMember = Annotated[Member, Depends(_meant)]


def check_known(history: History | None, role: Role | None) -> History:
    """Somebody of another club is a stranger in this one."""
    if history is None and role is None:
        raise NoSuchMember(STRANGER)
    return history or History()
