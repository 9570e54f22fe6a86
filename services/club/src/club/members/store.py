"""Members in PostgreSQL."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.copies import keep_newest, keep_newest_of_all
from club.models import Member
from contracts.identity import Person, UserChanged, UserIn
from contracts.ids import UserId


def person(member: Member, *, with_discord: bool) -> Person:
    """As answers show them: the Discord id only to those who may see it."""
    shown = Person.model_validate(member)
    return shown if with_discord else shown.model_copy(update={"discord_id": None})


async def people(tx: AsyncSession, ids: Iterable[UserId], *, with_discord: bool) -> dict[UserId, Person]:
    members = await tx.scalars(select(Member).where(Member.id.in_(set(ids))))
    return {member.id: person(member, with_discord=with_discord) for member in members}


async def find(tx: AsyncSession, user: UserIn) -> Member | None:
    """The club's own copy of `user`. Should two copies hold one Discord id, the newer is right."""
    named = Member.id == user.user_id if user.user_id else Member.discord_id == user.discord_id
    return await tx.scalar(select(Member).where(named).order_by(Member.version.desc()).limit(1))


async def find_all(tx: AsyncSession, users: Sequence[UserIn]) -> dict[UserId | str | None, Member]:
    """The club's own copies of `users`, by user id and by Discord id."""
    named = Member.id.in_([user.user_id for user in users if user.user_id])
    seen = Member.discord_id.in_([user.discord_id for user in users if user.discord_id])
    # Should two copies hold one Discord id, the newer is right, and comes last.
    rows = (await tx.scalars(select(Member).where(or_(named, seen)).order_by(Member.version))).all()
    return {**{row.discord_id: row for row in rows}, **{row.id: row for row in rows}}


async def keep(tx: AsyncSession, changed: UserChanged) -> None:
    """Take over what identity tells, unless something newer is known."""
    await keep_newest(tx, Member, _columns(changed))


async def keep_all(tx: AsyncSession, changed: Iterable[UserChanged]) -> None:
    await keep_newest_of_all(tx, Member, [_columns(each) for each in changed])


def _columns(changed: UserChanged) -> dict[str, Any]:
    return {"id": changed.user_id, **changed.model_dump(exclude={"user_id"})}
