"""Voting, and how the poll stands."""

from typing import Annotated

from fastapi import Depends

from chassis.db import Read, Tx
from chassis.http import router as chassis_router
from chassis.tokens import SignedCaller
from club.ballots.cast import cast, check_choice, check_may_vote
from club.ballots.store import choices, shown, take_ballot
from club.members.ensure import KnownMember, Members, settle
from club.nominations.store import chosen
from club.votes import rules, store
from club.weeks.store import find_week, take_week
from contracts.ids import WeekId
from contracts.votes import Ballot, NewVote, VoteSummary

router = chassis_router(prefix="/weeks/{week_id}/votes", tags=["votes"])


async def _voter(new: NewVote, members: Members) -> KnownMember:
    return await members.meant(new.user)


@router.post("")
async def vote(
    week_id: WeekId, new: NewVote, caller: SignedCaller, voter: Annotated[KnownMember, Depends(_voter)], tx: Tx
) -> Ballot:
    """Set or move one choice of a ballot: 200 with the whole ballot; the same again changes nothing.

    A nomination that stands at the other rank changes places with what stood at this one.
    """
    week = await take_week(tx, week_id)
    user_id = await settle(tx, voter)
    club_rules = await check_may_vote(tx, week, user_id)
    nomination = await chosen(tx, week_id, new.nomination_id, new.album)
    await check_choice(tx, club_rules, user_id, nomination)
    ballot = await take_ballot(tx, week_id, user_id)
    before = await choices(tx, ballot)
    after = rules.choose(before, new.rank, nomination.id)
    link = await cast(tx, week.club_id, ballot, after) if after != before else None
    return await shown(tx, ballot, after, link, with_discord=caller.sees_discord_ids)


@router.get("/summary")
async def summary(week_id: WeekId, caller: SignedCaller, tx: Read) -> VoteSummary:
    """The poll as it stands: points, then first votes; those still level share a position."""
    await find_week(tx, week_id, caller)
    return await store.summary(tx, week_id, with_discord=caller.sees_discord_ids)
