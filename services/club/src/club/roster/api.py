"""The roster as a bot sends it, and as anybody reads it."""

from typing import Annotated

from fastapi import Depends

from chassis.db import Read, Tx
from chassis.http import router as chassis_router
from chassis.paging import Cursor, Limit, encode_cursor, place_of
from chassis.tokens import SignedCaller
from club.clubs.addresses import AddressedClub
from club.clubs.store import by_id, take_club
from club.members.ensure import KnownMember, Members, settle_all
from club.members.store import person
from club.roster import store
from club.weeks.host import Host
from contracts.clubs import NewRoster, RosterMember, RosterSize
from contracts.paging import Page

router = chassis_router(prefix="/members", tags=["clubs"])


async def _people(new: NewRoster, _: Host, members: Members) -> list[KnownMember]:
    return await members.all_meant([each.user for each in new.members])


@router.put("")
async def send_roster(
    new: NewRoster, club_id: AddressedClub, people: Annotated[list[KnownMember], Depends(_people)], tx: Tx
) -> RosterSize:
    """Replace the roster with this one, whole. People seen for the first time are made."""
    club = await take_club(tx, club_id)
    ids = await settle_all(tx, people)
    roles = {user_id: each.role for user_id, each in zip(ids, new.members, strict=True)}
    await store.replace(tx, club, roles)
    return RosterSize(members=len(roles), hosts=sum(role == "host" for role in roles.values()))


@router.get("")
async def list_members(
    club_id: AddressedClub, caller: SignedCaller, tx: Read, limit: Limit = 50, cursor: Cursor = None
) -> Page[RosterMember]:
    """The club's members and hosts; until a roster is sent, everyone seen."""
    found = await store.page(tx, await by_id(tx, club_id), place_of(cursor), limit)
    shown = [
        RosterMember.model_validate({"user": person(member, with_discord=caller.sees_discord_ids), "role": role})
        for member, role in found[:limit]
    ]
    return Page(items=shown, next_cursor=encode_cursor(str(shown[-1].user.id)) if len(found) > limit else None)
