"""The poll as it stands, in PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Label, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from club.json_rows import json_array, json_object
from club.models import Result, Vote, Week
from club.nominations.answers import listing, people_of
from club.votes import rules
from contracts import nominations as contract
from contracts.ids import NominationId, WeekId
from contracts.votes import Standing, VoteSummary


class Counted(NamedTuple):
    """How many votes each nomination has at each rank, and how many members have voted."""

    votes: Mapping[tuple[NominationId, int], int]
    ballots: int


async def summary(tx: AsyncSession, week_id: WeekId, *, with_discord: bool) -> VoteSummary:
    """The poll as it stands."""
    nominated = await listing(tx, week_id, with_discord=with_discord)
    return summed(nominated, await _counted(tx, week_id))


def summed(nominated: Sequence[contract.Nomination], counted: Counted) -> VoteSummary:
    """What the votes amount to for those nominations that stand."""
    standing = {each.id: each for each in nominated}
    poll = rules.standings(standing, counted.votes)
    return VoteSummary(
        ballots=counted.ballots,
        items=[_standing(place, standing[place.nomination_id]) for place in poll.places],
        winner=poll.winner,
        tie=poll.tie,
    )


async def votes_for(tx: AsyncSession, week_id: WeekId, nomination_id: NominationId) -> int:
    """How many have put the nomination first or second."""
    votes = (await _counted(tx, week_id)).votes
    return sum(number for (chosen, _), number in votes.items() if chosen == nomination_id)


async def _counted(tx: AsyncSession, week_id: WeekId) -> Counted:
    return counted((await tx.execute(select(*json_counts(week_id)))).one())


def json_counts(week_id: Any) -> list[Label[Any]]:
    """What `counted` reads of a row, as a part of a larger statement.

    Of a poll that was counted its result alone tells: its votes are gone.
    """
    of_week = Result.week_id == week_id
    decided = select(Result.outcome["items"]).where(of_week).scalar_subquery()
    ballots = select(Result.ballots).where(of_week).scalar_subquery()
    tally = select(Vote.nomination_id, Vote.rank, func.count().label("votes")).where(Vote.week_id == week_id)
    each = tally.group_by(Vote.nomination_id, Vote.rank).correlate(Week).subquery()
    number = json_object(each.c, "nomination_id", "rank", "votes")
    voted = select(func.count(Vote.user_id.distinct())).where(Vote.week_id == week_id).scalar_subquery()
    return [
        decided.label("decided"),
        case((ballots.is_(None), json_array(number, select(each)))).label("so_far"),
        case((ballots.is_(None), voted), else_=ballots).label("ballots"),
    ]


def counted(row: Any) -> Counted:
    """From a row of `json_counts`."""
    votes = {(NominationId(UUID(each["nomination_id"])), each["rank"]): each["votes"] for each in row.so_far or ()}
    for item in row.decided or ():
        nomination_id = NominationId(UUID(item["nomination_id"]))
        votes |= {(nomination_id, 1): item["first_votes"], (nomination_id, 2): item["second_votes"]}
    return Counted(votes, row.ballots)


def _standing(place: rules.Place, nomination: contract.Nomination) -> Standing:
    beside = people_of(nomination.co_nominators)
    return Standing(album=nomination.album, nominator=nomination.nominator, co_nominators=beside, **place._asdict())
