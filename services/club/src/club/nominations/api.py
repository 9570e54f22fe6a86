"""Nominating albums for a week, and withdrawing them."""

from typing import Annotated

from fastapi import Depends, Query, Response

from chassis.db import Read, Tx
from chassis.http import router as chassis_router
from chassis.paging import Cursor, Limit, decode_cursor, encode_cursor
from chassis.tokens import SignedCaller
from club.albums import ensure as albums
from club.albums.ensure import Albums, KnownAlbum
from club.members import ensure as members
from club.members.ensure import KnownMember, Members
from club.members.paths import SPELLED
from club.nominations import answers, store
from club.nominations.nominate import nominate
from club.nominations.whose import whose_part
from club.nominations.withdraw import withdraw_part, withdraw_whole
from club.phases.store import check_takes
from club.roster.who import check_may
from club.weeks.store import find_week, take_week
from contracts.ids import NominationId, WeekId
from contracts.nominations import NewNomination, Nomination
from contracts.paging import Page

router = chassis_router(prefix="/weeks/{week_id}/nominations", tags=["nominations"])


async def _nominator(new: NewNomination, members: Members) -> KnownMember:
    return await members.meant(new.user)


async def _album(new: NewNomination, albums: Albums) -> KnownAlbum:
    return await albums.meant(new.album)


@router.post("", status_code=201, responses={200: {"model": Nomination, "description": "It was nominated before."}})
async def put_up(  # noqa: PLR0913, PLR0917 — each is a dependency of the endpoint
    week_id: WeekId,
    new: NewNomination,
    response: Response,
    caller: SignedCaller,
    nominator: Annotated[KnownMember, Depends(_nominator)],
    album: Annotated[KnownAlbum, Depends(_album)],
    tx: Tx,
) -> Nomination:
    """Nominate an album: 201, or 200 when the member did so before; a repeat sets only what it carries.

    An album that others nominated already is nominated beside them, where the club's rules have it so. A message that
    named another album before was edited: this one takes that one's place.
    """
    # For oneself: else two at once would each find the limit not yet reached.
    week = await take_week(tx, week_id)
    await check_takes(tx, week, "nominate")
    user_id, album_id = await members.settle(tx, nominator), await albums.settle(tx, album)
    await check_may(tx, "nominate", week.club_id, user_id)
    nomination, is_new = await nominate(tx, week, user_id, album_id, new)
    response.status_code = 201 if is_new else 200
    return await answers.one(tx, nomination.id, with_discord=caller.sees_discord_ids)


@router.get("")
async def list_nominations(
    week_id: WeekId, caller: SignedCaller, tx: Read, limit: Limit = 25, cursor: Cursor = None
) -> Page[Nomination]:
    """A week's nominations, oldest first; the withdrawn ones are left out."""
    await find_week(tx, week_id, caller)
    after = decode_cursor(cursor, int)[0] if cursor else 0
    shown, last = await answers.page(tx, week_id, after, limit, with_discord=caller.sees_discord_ids)
    return Page(items=shown, next_cursor=None if last is None else encode_cursor(last))


Whose = Annotated[str | None, Query(pattern=SPELLED, description="Only this member's part; `me` is one's own.")]


@router.delete("/{nomination_id}", status_code=204)
async def withdraw(
    week_id: WeekId, nomination_id: NominationId, caller: SignedCaller, tx: Tx, user: Whose = None
) -> None:
    """Withdraw one's own part in a nomination, or for a bot or host the whole of it; or `user`'s part alone.

    Whoever has stood longest of the others leads then. When nobody stands any more, votes for it no longer count;
    nominating the album again brings both back.
    """
    week = await take_week(tx, week_id)
    nomination = await store.take(tx, week_id, nomination_id)
    whose = await whose_part(tx, week, nomination, caller, user)
    await check_takes(tx, week, "withdraw")
    if whose is None:
        await withdraw_whole(tx, week, nomination)
    else:
        await withdraw_part(tx, week, nomination, whose)
