"""Rosters in PostgreSQL. Until a club sends one, its members are everyone seen."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    case,
    delete,
    exists,
    false,
    func,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import Caller
from chassis.db import next_version
from chassis.outbox import publish
from club.audit.record import record
from club.members.rules import SCOPE
from club.models import DEFAULT_CLUB, Belonging, Club, Member, Participant, UserAlias
from contracts.clubs import Belongs, Role, RosterChanged
from contracts.ids import ClubId, UserId


async def is_host(tx: AsyncSession, club_id: ClubId, caller: Caller) -> bool:
    """Whether the caller sees and runs all of the club: a bot or an admin of any, a host of their own."""
    everywhere = hosts_everywhere(caller)
    if everywhere is not None:
        return everywhere
    return bool(await tx.scalar(select(hosted_by(club_id, caller.user_id, everywhere=everywhere))))


def hosts_everywhere(caller: Caller) -> bool | None:
    """The same of every club, or of none; None where each club's roster says."""
    asked_of_the_roster = caller.kind == "user" and not caller.only_listens and not caller.has(SCOPE)
    return None if asked_of_the_roster else caller.has(SCOPE)


def hosted_by(club_id: Any, user_id: Any, *, everywhere: bool | None) -> ColumnElement[bool]:
    """`is_host` of whom `hosts_everywhere` says so, as a part of a statement."""
    if everywhere is not None:
        return true() if everywhere else false()
    theirs = (Belonging.club_id == club_id, Belonging.user_id == user_id)
    return exists().where(*theirs, Belonging.role == "host")


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
            told.append(RosterChanged(club_id=club.id, club_slug=club.slug, version=club.version, members=members))
    return told


def members_of(club: Club) -> Select[Any]:
    """The ids of the club's members."""
    if club.has_roster:
        return select(Belonging.user_id).where(Belonging.club_id == club.id)
    if club.id == DEFAULT_CLUB:
        return select(Member.id).where(Member.id.not_in(select(UserAlias.id)), ~Member.former)
    # Everyone the deployment has seen may be of another club; whoever took part here is of this one.
    took_part = select(Participant.user_id).join(Member, Member.id == Participant.user_id)
    return took_part.where(Participant.club_id == club.id, ~Member.former)


def number_of_members() -> ColumnElement[int]:
    """How many `members_of` a `Club` are, as a part of a statement about it."""
    roster = select(func.count()).where(Belonging.club_id == Club.id).correlate(Club).scalar_subquery()
    # Whoever turned out to be somebody else has a row, too.
    aliases = select(func.count()).select_from(UserAlias).scalar_subquery()
    former = select(func.count()).where(Member.former).scalar_subquery()
    everyone = select(func.count() - aliases - former).select_from(Member).scalar_subquery()
    left = select(Member.id).where(Member.former)
    here = (Participant.club_id == Club.id, Participant.user_id.not_in(left))
    took_part = select(func.count()).select_from(Participant).where(*here).correlate(Club).scalar_subquery()
    return case((Club.has_roster, roster), (Club.id == DEFAULT_CLUB, everyone), else_=took_part)


async def page(tx: AsyncSession, club: Club, after: UUID | None, limit: int) -> Sequence[Row[Member, str]]:
    """By user id, from the one after `after` on; one more than `limit`, if there are more."""
    role = func.coalesce(Belonging.role, "member")
    here = (Belonging.user_id == Member.id) & (Belonging.club_id == club.id)
    members = select(Member, role).outerjoin(Belonging, here).where(Member.id.in_(members_of(club)))
    if after is not None:
        members = members.where(Member.id > after)
    return (await tx.execute(members.order_by(Member.id).limit(limit + 1))).all()
