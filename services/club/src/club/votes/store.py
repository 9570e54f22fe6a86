"""The poll as it stands, in PostgreSQL."""

from collections.abc import Mapping
from typing import TypeAlias

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from club.models import Result, Vote
from club.nominations.answers import listing, people_of
from club.results.store import find
from club.votes import rules
from contracts import nominations as contract
from contracts.ids import NominationId, WeekId
from contracts.results import Outcome
from contracts.votes import Standing, VoteSummary

Counted: TypeAlias = Mapping[tuple[NominationId, int], int]


async def summary(tx: AsyncSession, week_id: WeekId, *, with_discord: bool) -> VoteSummary:
    """The poll as it stands."""
    nominated = {each.id: each for each in await listing(tx, week_id, with_discord=with_discord)}
    counted, ballots = await _counted(tx, week_id)
    poll = rules.standings(nominated, counted)
    return VoteSummary(
        ballots=ballots,
        items=[_standing(place, nominated[place.nomination_id]) for place in poll.places],
        winner=poll.winner,
        tie=poll.tie,
    )


async def votes_for(tx: AsyncSession, week_id: WeekId, nomination_id: NominationId) -> int:
    """How many have put the nomination first or second."""
    counted, _ = await _counted(tx, week_id)
    return sum(votes for (chosen, _), votes in counted.items() if chosen == nomination_id)


async def _counted(tx: AsyncSession, week_id: WeekId) -> tuple[Counted, int]:
    """How many votes each nomination has at each rank, and how many members have voted.

    Of a poll that was counted its result alone tells: its votes are gone.
    """
    result = await find(tx, week_id)
    return (_final(result), result.ballots) if result else await _so_far(tx, week_id)


async def _so_far(tx: AsyncSession, week_id: WeekId) -> tuple[Counted, int]:
    tally = select(Vote.nomination_id, Vote.rank, func.count()).where(Vote.week_id == week_id)
    counted = await tx.execute(tally.group_by(Vote.nomination_id, Vote.rank))
    ballots = await tx.scalar(select(func.count(Vote.user_id.distinct())).where(Vote.week_id == week_id))
    return {(nomination_id, rank): votes for nomination_id, rank, votes in counted}, ballots or 0


def _final(result: Result) -> Counted:
    items = Outcome.model_validate(result.outcome).items
    firsts = {(item.nomination_id, 1): item.first_votes for item in items}
    return firsts | {(item.nomination_id, 2): item.second_votes for item in items}


def _standing(place: rules.Place, nomination: contract.Nomination) -> Standing:
    beside = people_of(nomination.co_nominators)
    return Standing(album=nomination.album, nominator=nomination.nominator, co_nominators=beside, **place._asdict())
