"""What a club's weeks wait for."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from club.clubs.store import by_id
from club.members.store import person
from club.models import Club, Member, Nomination, Nominator, Rating, Vote, Week
from club.phases.rules import REMINDED, after, ends
from club.roster.store import members_of
from club.weeks.store import named
from contracts.identity import Person
from contracts.ids import ClubId
from contracts.phases import Due


async def listing(tx: AsyncSession, club_id: ClubId, *, whom: bool, with_discord: bool) -> list[Due]:
    """Every deadline to come, soonest first; with `whom`, also who is missing where the phase has begun."""
    club = await by_id(tx, club_id)
    running = select(Week).where(Week.club_id == club_id, Week.due_at.is_not(None)).order_by(Week.due_at)
    weeks = (await tx.scalars(running)).all()
    missing = {week.id: await _missing(tx, club, week, with_discord=with_discord) for week in weeks} if whom else {}
    told = [each for week in weeks for each in _dues(week, missing.get(week.id))]
    return sorted(told, key=lambda each: (each.due_at, each.number))


def _dues(week: Week, missing: list[Person] | None) -> Iterable[Due]:
    for phase, end in ends(week.deadlines, week.phase):
        yield Due(
            week_id=week.id,
            number=week.number,
            label=named(week),
            phase=phase,
            to=after(phase),
            due_at=end,
            remind_at=end - REMINDED,
            missing=missing if phase == week.phase else None,
        )


async def _missing(tx: AsyncSession, club: Club, week: Week, *, with_discord: bool) -> list[Person]:
    """The club's members who have not yet done what the week's phase is for."""
    done = _done(week)
    if done is None:
        return []
    waited_for = select(Member).where(Member.id.in_(members_of(club)), ~done).order_by(Member.id)
    return [person(member, with_discord=with_discord) for member in await tx.scalars(waited_for)]


def _done(week: Week) -> ColumnElement[bool] | None:
    if week.phase == "nominating":
        put_up = select(Nominator).join(Nomination).where(Nomination.week_id == week.id)
        return put_up.where(Nominator.user_id == Member.id, Nominator.withdrawn_at.is_(None)).exists()
    if week.phase == "voting":
        return select(Vote).where(Vote.week_id == week.id, Vote.user_id == Member.id).exists()
    if week.phase == "rating":
        of_winner = (Rating.album_id == week.winner_album_id, Rating.withdrawn_at.is_(None))
        return select(Rating).where(Rating.week_id == week.id, Rating.user_id == Member.id, *of_winner).exists()
    return None
