"""Voting, and how the poll stands."""

from typing import Annotated

from fastapi import Depends

from chassis.db import Read, Tx
from chassis.http import router as chassis_router
from chassis.outbox import publish
from chassis.tokens import SignedCaller
from club.members.ensure import KnownMember, Members, settle
from club.nominations.rules import check_standing
from club.nominations.store import chosen
from club.votes import rules, store
from club.weeks.store import find_week, hold_week
from contracts.club import Ballot, NewVote, VoteSummary
from contracts.ids import WeekId

router = chassis_router(prefix="/club/weeks/{week_id}/votes", tags=["votes"])


async def _voter(new: NewVote, members: Members) -> KnownMember:
    return await members.meant(new.user)


@router.post("")
async def vote(
    week_id: WeekId, new: NewVote, caller: SignedCaller, voter: Annotated[KnownMember, Depends(_voter)], tx: Tx
) -> Ballot:
    """Set or move one choice of a ballot: 200 with the whole ballot; the same again changes nothing.

    A nomination that stands at the other rank changes places with what stood at this one.
    """
    await hold_week(tx, week_id)
    user_id = await settle(tx, voter)
    nomination = await chosen(tx, week_id, new.nomination_id, new.album)
    check_standing(nomination.withdrawn_at)
    ballot = await store.take_ballot(tx, week_id, user_id)
    before = await store.choices(tx, ballot)
    if (after := rules.choose(before, new.rank, nomination.id)) != before:
        await publish(tx, await store.cast(tx, ballot, after))
    return await store.shown(tx, ballot, after, with_discord=caller.sees_discord_ids)


@router.get("/summary")
async def summary(week_id: WeekId, caller: SignedCaller, tx: Read) -> VoteSummary:
    """The poll as it stands: points, then first votes; those still level share a position."""
    await find_week(tx, week_id)
    return await store.summary(tx, week_id, with_discord=caller.sees_discord_ids)
