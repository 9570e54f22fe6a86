"""Clubs in PostgreSQL, and who belongs to them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, exists, func, or_, select, union
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from contracts.ids import ClubId, UserId
from taste.models import Belonging, Club, Nomination, Nominator, Rating, User, UserAlias, Vote, Week


class NoSuchClub(NotFound):
    sentence = "There is no such club, or nothing has happened in it yet."


class NoSuchWeek(NotFound):
    sentence = "There is no such week."


async def keep_club(tx: AsyncSession, club_id: ClubId, slug: str | None) -> None:
    """Let there be a club of this slug, which it has for ever. Of a club that is told without one nothing is known."""
    if slug is not None:
        await tx.execute(insert(Club).values(id=club_id, slug=slug).on_conflict_do_nothing())


async def take_club(tx: AsyncSession, club_id: ClubId) -> Club | None:
    """The club for oneself, until `tx` ends."""
    return await tx.get(Club, club_id, with_for_update=True, populate_existing=True)


async def club_named(tx: AsyncSession, slug: str) -> Club:
    if (club := await tx.scalar(select(Club).where(Club.slug == slug).limit(1))) is None:
        raise NoSuchClub
    return club


async def week_with_id(tx: AsyncSession, week_id: UUID) -> Week:
    if (week := await tx.get(Week, week_id)) is None:
        raise NoSuchWeek
    return week


async def members_of(tx: AsyncSession, club: Club) -> Sequence[User]:
    """Who is on its roster; without one, everybody seen in it: as who they are now, in the order of their seats."""
    lines = select(Belonging.user_id).where(Belonging.club_id == club.id)
    return await _people(tx, lines if club.roster_version is not None else _seen_in(club.id))


async def clubs_of(tx: AsyncSession, user_id: UserId) -> Sequence[Club]:
    """Those that somebody belongs to: on the roster, or seen where there is none."""
    rosters = select(Belonging.club_id).where(Belonging.user_id == user_id)
    mine = Club.id.in_(rosters) | (Club.roster_version.is_(None) & Club.id.in_(_clubs_seen(user_id)))
    return (await tx.scalars(select(Club).where(mine).order_by(Club.id))).all()


async def fellows_of(
    tx: AsyncSession, user_id: UserId, known: dict[ClubId, Sequence[User]] | None = None
) -> Sequence[User]:
    """The members of all clubs that somebody belongs to, themself among them; nobody, who belongs to none.

    Clubs whose members are `known` are not read again, and whatever is read is added to them.
    """
    known = {} if known is None else known
    clubs = await clubs_of(tx, user_id)
    for club in clubs:
        if club.id not in known:
            known[club.id] = await members_of(tx, club)
    found = {user.id: user for club in clubs for user in known[club.id]}
    return sorted(found.values(), key=lambda user: user.seat)


async def _people(tx: AsyncSession, ids: Select[Any]) -> Sequence[User]:
    named = ids.subquery()
    now = func.coalesce(UserAlias.survivor_id, named.c.user_id)
    meant = select(now).select_from(named).outerjoin(UserAlias, UserAlias.id == named.c.user_id)
    return (await tx.scalars(select(User).where(User.id.in_(meant)).order_by(User.seat))).all()


def _seen_in(club_id: ClubId) -> Select[Any]:
    weeks = select(Week.week_id).where(Week.club_id == club_id)
    nominated = select(Nominator.user_id).join(Nomination, Nomination.nomination_id == Nominator.nomination_id)
    seen = union(
        select(Rating.user_id).where(Rating.week_id.in_(weeks), Rating.withdrawn.is_(False)),
        select(Vote.user_id).where(Vote.week_id.in_(weeks)),
        nominated.where(Nomination.week_id.in_(weeks)),
    ).subquery()
    return select(seen.c.user_id)


def _clubs_seen(user_id: Any) -> Select[Any]:
    nominated = select(Nomination.week_id).join(Nominator, Nominator.nomination_id == Nomination.nomination_id)
    weeks = union(
        select(Rating.week_id).where(Rating.user_id == user_id, Rating.withdrawn.is_(False)),
        select(Vote.week_id).where(Vote.user_id == user_id),
        nominated.where(Nominator.user_id == user_id),
    ).subquery()
    return select(Week.club_id).where(Week.week_id.in_(select(weeks.c.week_id)))


_SEEN_BEFORE = Club.id.in_(_clubs_seen(bindparam("user_id", type_=Uuid())))
_BELONGS = select(
    exists().where(
        Week.week_id == bindparam("week_id", type_=Uuid()),
        Week.club_id == Club.id,
        or_(Club.roster_version.is_not(None), _SEEN_BEFORE),
    )
)


async def belongs_already(tx: AsyncSession, week_id: UUID, user_id: UserId) -> bool:
    """Whether being seen in the week makes nobody a member: its club has a roster, or has seen them before."""
    belongs: bool = (await tx.scalars(_BELONGS, {"week_id": week_id, "user_id": user_id})).one()
    return belongs
