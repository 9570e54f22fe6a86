"""A ballot, whole: casting it, and reading it again."""

from typing import Annotated

from fastapi import Depends

from chassis.db import Read, Tx
from chassis.http import router as chassis_router
from chassis.tokens import SignedCaller
from club.ballots import rules, store
from club.ballots.cast import cast, check_choice, check_may_vote
from club.ballots.sight import SeenVoter
from club.members.ensure import KnownMember, Members, settle
from club.members.paths import UserPath, named
from club.nominations.store import chosen
from club.results.store import find
from club.weeks.store import take_week
from contracts.ids import WeekId
from contracts.results import NewBallot
from contracts.votes import Ballot

router = chassis_router(prefix="/weeks/{week_id}/ballots/{user}", tags=["votes"])


async def _voter(
    user: UserPath,
    new: NewBallot,  # noqa: ARG001 — nobody is made for the sake of a ballot that is none
    members: Members,
) -> KnownMember:
    return await members.meant(named(user))


@router.put("")
async def cast_ballot(
    week_id: WeekId, new: NewBallot, caller: SignedCaller, voter: Annotated[KnownMember, Depends(_voter)], tx: Tx
) -> Ballot:
    """Cast or replace a whole ballot; the same again changes nothing."""
    week = await take_week(tx, week_id)
    user_id, choices = await settle(tx, voter), rules.by_rank(new)
    club_rules = await check_may_vote(tx, week, user_id)
    for nomination_id in choices.values():
        await check_choice(tx, club_rules, user_id, await chosen(tx, week_id, nomination_id, None))
    ballot = await store.take_ballot(tx, week_id, user_id)
    changes = choices != await store.choices(tx, ballot)
    link = await cast(tx, week.club_id, ballot, choices) if changes else None
    return await store.shown(tx, ballot, choices, link, with_discord=caller.sees_discord_ids)


@router.get("")
async def one_ballot(week_id: WeekId, voter: SeenVoter, caller: SignedCaller, tx: Read) -> Ballot:
    """A ballot as it stands: for the voter, and for whoever runs the club; after the close as its rules have it."""
    read = store.standing if await find(tx, week_id) is None else store.sealed
    if (ballot := await read(tx, week_id, voter, with_discord=caller.sees_discord_ids)) is None:
        raise rules.NoBallot
    return ballot
