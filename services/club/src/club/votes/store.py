"""The poll as it stands, in PostgreSQL."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from club.models import Vote
from club.nominations.answers import listing, people_of
from club.votes import rules
from contracts import nominations as contract
from contracts.ids import WeekId
from contracts.votes import Standing, VoteSummary


async def summary(tx: AsyncSession, week_id: WeekId, *, with_discord: bool) -> VoteSummary:
    """The poll as it stands."""
    nominated = {each.id: each for each in await listing(tx, week_id, with_discord=with_discord)}
    tally = select(Vote.nomination_id, Vote.rank, func.count()).where(Vote.week_id == week_id)
    counted = await tx.execute(tally.group_by(Vote.nomination_id, Vote.rank))
    poll = rules.standings(nominated, {(nomination_id, rank): votes for nomination_id, rank, votes in counted})
    ballots = await tx.scalar(select(func.count(Vote.user_id.distinct())).where(Vote.week_id == week_id))
    return VoteSummary(
        ballots=ballots or 0,
        items=[_standing(place, nominated[place.nomination_id]) for place in poll.places],
        winner=poll.winner,
        tie=poll.tie,
    )


def _standing(place: rules.Place, nomination: contract.Nomination) -> Standing:
    beside = people_of(nomination.co_nominators)
    return Standing(album=nomination.album, nominator=nomination.nominator, co_nominators=beside, **place._asdict())
