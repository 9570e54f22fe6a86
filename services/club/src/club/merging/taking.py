"""Taking all that a merge changes, in the order of the house: clubs, weeks, members."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from club.models import Ballot, BallotSecret, Belonging, Club, Member, Nomination, Nominator, Rating, Week
from contracts.ids import ClubId, UserId, WeekId

NOT_YET_TOLD = "Somebody"


class Touched(NamedTuple):
    """Where somebody has said something, or is on a roster."""

    clubs: frozenset[ClubId] = frozenset()
    weeks: frozenset[WeekId] = frozenset()

    def and_(self, more: "Touched") -> "Touched":
        return Touched(self.clubs | more.clubs, self.weeks | more.weeks)


class _Elsewhere(Exception):
    """There is more to take than was known of."""

    def __init__(self, found: Touched) -> None:
        super().__init__("elsewhere")
        self.found = found


class Taken(NamedTuple):
    clubs: list[Club]
    weeks: dict[WeekId, Week]


async def take(tx: AsyncSession, old: UserId, survivor: UserId) -> Taken:
    """Both for oneself, with all clubs and weeks in which the old one is; whoever writes there waits until `tx` ends.

    Who wrote for them elsewhere before they could be taken, made that one of theirs: then all is let go and taken anew,
    for who holds a week may be waiting for the member.
    """
    known = await _touched(tx, old)
    while True:
        try:
            # Leaving it by an exception lets go of what was taken in it.
            async with tx.begin_nested():
                return await _take_all(tx, known, old, survivor)
        except _Elsewhere as elsewhere:
            known = elsewhere.found


async def _take_all(tx: AsyncSession, known: Touched, old: UserId, survivor: UserId) -> Taken:
    taken = await _take(tx, known)
    await _take_members(tx, old, survivor)
    found = known.and_(await _touched(tx, old))
    if found != known:
        raise _Elsewhere(found)
    return taken


async def _touched(tx: AsyncSession, user_id: UserId) -> Touched:
    here = select(Ballot.week_id).where(Ballot.user_id == user_id)
    nominated = select(Nomination.week_id).join(Nominator).where(Nominator.user_id == user_id)
    rated = select(Rating.week_id).where(Rating.user_id == user_id)
    sealed = select(BallotSecret.week_id).where(BallotSecret.user_id == user_id)
    clubs = await tx.scalars(select(Belonging.club_id).where(Belonging.user_id == user_id))
    return Touched(frozenset(clubs), frozenset(await tx.scalars(here.union(nominated, rated, sealed))))


async def _take(tx: AsyncSession, these: Touched) -> Taken:
    # Their keys stay: whoever refers to a club meanwhile need not wait.
    clubs = select(Club).where(Club.id.in_(these.clubs)).order_by(Club.id).with_for_update(key_share=True)
    weeks = select(Week).where(Week.id.in_(these.weeks)).order_by(Week.id).with_for_update()
    anew = {"populate_existing": True}
    taken = (await tx.scalars(clubs, execution_options=anew)).all()
    return Taken([*taken], {week.id: week for week in await tx.scalars(weeks, execution_options=anew)})


async def _take_members(tx: AsyncSession, *ids: UserId) -> None:
    await ensure_members(tx, ids)
    both = select(Member.id).where(Member.id.in_(ids)).order_by(Member.id).with_for_update()
    await tx.execute(both)


async def ensure_members(tx: AsyncSession, ids: Iterable[UserId]) -> None:
    """Rows for those of whom identity has not told yet; whatever it tells is newer."""
    rows = [{"id": each, "version": 0, "display_name": NOT_YET_TOLD} for each in sorted(ids)]
    if rows:
        await tx.execute(insert(Member).values(rows).on_conflict_do_nothing())
