"""Barring members and lifting bars: one, or many at once."""

from typing import Annotated

from fastapi import Depends, Query

from chassis.caller import Caller
from chassis.db import Read, Tx
from chassis.errors import NotFound
from chassis.http import router as chassis_router
from chassis.paging import Cursor, Limit, encode_cursor, place_of
from chassis.tokens import SignedCaller
from club.bars import store
from club.clubs.addresses import AddressedClub
from club.clubs.rules import check_admin
from club.members.ensure import KnownMember, Members, settle, settle_all
from club.members.paths import UserPath, named
from club.members.rules import MemberLeft
from club.members.store import people
from contracts.clubs import Bar, BarOutcome, Lifted, LiftedBars, NewBar, NewBars
from contracts.paging import Page
from contracts.text import Reason

router = chassis_router(prefix="/bars", tags=["moderation"])


async def _admin(caller: SignedCaller) -> Caller:
    check_admin(caller)
    return caller


# Before anybody is looked for: a stranger is told nothing of who there is.
Admin = Annotated[Caller, Depends(_admin)]


async def _whom(user: UserPath, _: Admin, members: Members) -> KnownMember:
    return await members.meant(named(user))


async def _barred(new: NewBars, _: Admin, members: Members) -> list[KnownMember | NotFound]:
    return await members.each_meant([each.user for each in new.bars])


async def _freed(lifted: LiftedBars, _: Admin, members: Members) -> list[KnownMember]:
    return await members.all_meant(lifted.users)


Whom = Annotated[KnownMember, Depends(_whom)]


@router.put("/{user}")
async def bar_member(new: NewBar, whom: Whom, club_id: AddressedClub, caller: Admin, tx: Tx) -> Bar:
    """Bar a member from voting, or from what `from` names; the same again changes nothing."""
    user_id = await settle(tx, whom)
    await store.bar(tx, club_id, user_id, new)
    return await store.one(tx, club_id, user_id, with_discord=caller.sees_discord_ids)


@router.delete("/{user}", status_code=204)
async def lift_bar(
    whom: Whom, club_id: AddressedClub, _: Admin, tx: Tx, reason: Annotated[Reason | None, Query()] = None
) -> None:
    """Let a member take part again; for who is not barred nothing changes."""
    await store.lift(tx, club_id, [await settle(tx, whom)], reason)


@router.post("")
async def bar_members(
    new: NewBars,
    whom: Annotated[list[KnownMember | NotFound], Depends(_barred)],
    club_id: AddressedClub,
    caller: Admin,
    tx: Tx,
) -> Page[BarOutcome]:
    """Bar up to 100 at once; who cannot be found costs the others nothing."""
    told = {}
    for index, known in enumerate(whom):
        if isinstance(known, NotFound):
            told[index] = BarOutcome(index=index, code=known.code, detail=str(known))
    found = [(known, index) for index, known in enumerate(whom) if isinstance(known, KnownMember)]
    # In one order, so that two of these cannot wait for each other.
    for known, index in sorted(found, key=lambda pair: pair[0].id):
        try:
            user_id = await settle(tx, known)
        except MemberLeft as left:
            told[index] = BarOutcome(index=index, code=left.code, detail=str(left))
            continue
        await store.bar(tx, club_id, user_id, new.bars[index])
        made = await store.one(tx, club_id, user_id, with_discord=caller.sees_discord_ids)
        told[index] = BarOutcome(index=index, bar=made)
    return Page(items=[told[index] for index in range(len(whom))])


@router.post("/lift")
async def lift_bars(
    lifted: LiftedBars,
    whom: Annotated[list[KnownMember], Depends(_freed)],
    club_id: AddressedClub,
    caller: Admin,
    tx: Tx,
) -> Lifted:
    """Let up to 100 take part again; for who is not barred nothing changes."""
    freed = await store.lift(tx, club_id, await settle_all(tx, whom), lifted.reason)
    shown = await people(tx, freed, with_discord=caller.sees_discord_ids)
    return Lifted(users=[shown[user_id] for user_id in freed], reason=lifted.reason)


@router.get("")
async def list_bars(
    club_id: AddressedClub, caller: Admin, tx: Read, limit: Limit = 50, cursor: Cursor = None
) -> Page[Bar]:
    """Who is barred, from what, and why; for admins."""
    found = await store.page(tx, club_id, place_of(cursor), limit)
    shown = [store.shown(*row, with_discord=caller.sees_discord_ids) for row in found[:limit]]
    return Page(items=shown, next_cursor=encode_cursor(str(shown[-1].user.id)) if len(found) > limit else None)
