"""Nominating albums for a week, and withdrawing them."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Response

from chassis.db import Read, Tx
from chassis.http import router as chassis_router
from chassis.tokens import SignedCaller
from club.albums import ensure as albums
from club.albums.ensure import Albums, KnownAlbum
from club.bars.store import check_may
from club.members import ensure as members
from club.members.ensure import KnownMember, Members
from club.members.rules import check_may_speak_for
from club.nominations import rules, store
from club.nominations.eligibility import check_may_nominate
from club.phases.store import check_takes
from club.weeks.store import find_week, hold_week, take_week
from contracts.ids import NominationId, WeekId
from contracts.nominations import NewNomination, Nomination
from contracts.paging import Page

router = chassis_router(prefix="/weeks/{week_id}/nominations", tags=["nominations"])


async def _nominator(new: NewNomination, members: Members) -> KnownMember:
    return await members.meant(new.user)


async def _album(new: NewNomination, albums: Albums) -> KnownAlbum:
    return await albums.meant(new.album)


@router.post("", status_code=201, responses={200: {"model": Nomination, "description": "It was nominated before."}})
async def nominate(  # noqa: PLR0913, PLR0917 — each is a dependency of the endpoint
    week_id: WeekId,
    new: NewNomination,
    response: Response,
    caller: SignedCaller,
    nominator: Annotated[KnownMember, Depends(_nominator)],
    album: Annotated[KnownAlbum, Depends(_album)],
    tx: Tx,
) -> Nomination:
    """Nominate an album: 201, or 200 when the member did so before; a repeat sets only what it carries."""
    # For oneself: else two at once would each find the limit not yet reached.
    week = await take_week(tx, week_id)
    await check_takes(tx, week, "nominate")
    user_id, album_id = await members.settle(tx, nominator), await albums.settle(tx, album)
    await check_may(tx, "nominate", week.club_id, user_id)
    await check_may_nominate(tx, week, user_id, album_id)
    nomination_id, is_new = await store.nominate(tx, week_id, user_id, album_id, new)
    response.status_code = 201 if is_new else 200
    return await store.one(tx, nomination_id, with_discord=caller.sees_discord_ids)


@router.get("")
async def list_nominations(week_id: WeekId, caller: SignedCaller, tx: Read) -> Page[Nomination]:
    """A week's nominations, oldest first; the withdrawn ones are left out."""
    await find_week(tx, week_id, caller)
    return Page(items=await store.listing(tx, week_id, with_discord=caller.sees_discord_ids))


@router.delete("/{nomination_id}", status_code=204)
async def withdraw(week_id: WeekId, nomination_id: NominationId, caller: SignedCaller, tx: Tx) -> None:
    """Withdraw a nomination; votes for it no longer count. Nominating the album again brings both back."""
    week = await hold_week(tx, week_id)
    nomination = await store.take(tx, week_id, nomination_id)
    check_may_speak_for(caller, nomination.user_id)
    rules.check_not_winner(nomination.id, week.winner_nomination_id)
    await check_takes(tx, week, "withdraw")
    if nomination.withdrawn_at is None:
        nomination.withdrawn_at = nomination.updated_at = datetime.now(UTC)
