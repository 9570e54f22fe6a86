"""Rosters in PostgreSQL. Until a club sends one, its members are everyone seen."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, func, select, union
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import Caller
from chassis.db import next_version
from chassis.outbox import publish
from club.audit.record import record
from club.members.rules import SCOPE
from club.models import DEFAULT_CLUB, Ballot, Belonging, Club, Member, Nomination, Nominator, Rating, Week
from contracts.clubs import Belongs, Role, RosterChanged
from contracts.ids import ClubId, UserId


async def is_host(tx: AsyncSession, club_id: ClubId, caller: Caller) -> bool:
    """Whether the caller sees and runs all of the club: a bot or an admin of any, a host of their own."""
    if caller.has(SCOPE):
        return True
    return caller.kind == "user" and await _role(tx, club_id, UserId(UUID(caller.sub))) == "host"


async def belongs(tx: AsyncSession, club_id: ClubId, user_id: UserId) -> bool:
    """Whether the member is on the roster, where there is one."""
    if await _role(tx, club_id, user_id) is not None:
        return True
    return not (await tx.scalars(select(Club.has_roster).where(Club.id == club_id))).one()


async def _role(tx: AsyncSession, club_id: ClubId, user_id: UserId) -> str | None:
    role = select(Belonging.role).where(Belonging.club_id == club_id, Belonging.user_id == user_id)
    return await tx.scalar(role)


async def role_of(tx: AsyncSession, club: Club, user_id: UserId) -> Role | None:
    """The member's role in the club, where everybody is a member until it has a roster; None for who is none."""
    here = (Belonging.user_id == Member.id) & (Belonging.club_id == club.id)
    role = select(func.coalesce(Belonging.role, "member")).select_from(Member).outerjoin(Belonging, here)
    found: Role | None = await tx.scalar(role.where(Member.id == user_id, Member.id.in_(members_of(club))))
    return found


async def replace(tx: AsyncSession, club: Club, roles: Mapping[UserId, Role]) -> None:
    """Let the roster of a club that is taken be exactly this, and announce it; the same again announces nothing."""
    before = dict((await tx.execute(_lines(club.id))).all())
    if club.has_roster and before == roles:
        return
    await tx.execute(delete(Belonging).where(Belonging.club_id == club.id))
    if roles:
        rows = [{"club_id": club.id, "user_id": user_id, "role": role} for user_id, role in sorted(roles.items())]
        await tx.execute(insert(Belonging), rows)
    club.has_roster = True
    club.version = next_version(Club.__table__.c.version)
    await tx.flush()
    await tx.refresh(club)
    await publish(tx, *await state(tx, [club]))
    await record(tx, "roster.changed", club.id, club.id, before=before, after=roles)


def _lines(club_id: ClubId) -> Select[UserId, str]:
    return select(Belonging.user_id, Belonging.role).where(Belonging.club_id == club_id)


async def state(tx: AsyncSession, clubs: Sequence[Club]) -> list[RosterChanged]:
    """The rosters as they are announced, whole; a club without one has nothing to tell."""
    told = []
    for club in clubs:
        if club.has_roster:
            lines = await tx.execute(_lines(club.id).order_by(Belonging.user_id))
            members = [Belongs(user_id=user_id, role=role) for user_id, role in lines]
            told.append(RosterChanged(club_id=club.id, version=club.version, members=members))
    return told


def members_of(club: Club) -> Select[Any]:
    """The ids of the club's members."""
    if club.has_roster:
        return select(Belonging.user_id).where(Belonging.club_id == club.id)
    if club.id == DEFAULT_CLUB:
        return select(Member.id)
    # Everyone the deployment has seen may be of another club; whoever took part here is of this one.
    joined = [select(each.user_id).join(Week, Week.id == each.week_id) for each in (Ballot, Rating)]
    joined.append(select(Nominator.user_id).join(Nomination).join(Week, Week.id == Nomination.week_id))
    return select(union(*(each.where(Week.club_id == club.id) for each in joined)).subquery().c.user_id)


async def page(tx: AsyncSession, club: Club, after: UUID | None, limit: int) -> Sequence[Row[Member, str]]:
    """By user id, from the one after `after` on; one more than `limit`, if there are more."""
    role = func.coalesce(Belonging.role, "member")
    here = (Belonging.user_id == Member.id) & (Belonging.club_id == club.id)
    members = select(Member, role).outerjoin(Belonging, here).where(Member.id.in_(members_of(club)))
    if after is not None:
        members = members.where(Member.id > after)
    return (await tx.execute(members.order_by(Member.id).limit(limit + 1))).all()
