"""Members in PostgreSQL."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.aliases import survivor_of, survivors_of
from chassis.caller import Caller
from chassis.copies import keep_newest, keep_newest_of_all
from chassis.departures import gone, keep_newest_of
from club.members.privacy import Reader
from club.members.rules import MemberLeft
from club.models import Member, UserAlias
from contracts.archive import ExportedPerson
from contracts.identity import Person, UserChanged, UserIn
from contracts.ids import UserId


def person(member: Member, *, with_discord: bool) -> Person:
    """As answers show them: the Discord id only to those who may see it."""
    shown = Person.model_validate(member)
    return shown if with_discord else shown.model_copy(update={"discord_id": None})


async def people(tx: AsyncSession, ids: Iterable[UserId], *, with_discord: bool) -> dict[UserId, Person]:
    members = await tx.scalars(select(Member).where(Member.id.in_(set(ids))))
    return {member.id: person(member, with_discord=with_discord) for member in members}


async def who_names(tx: AsyncSession, raters: Iterable[UserId], reader: Reader) -> set[UserId]:
    """Those of the raters who let the reader see by whom a rating is."""
    audience = func.coalesce(Member.privacy["ratings"].astext, "public")
    shown = select(Member.id).where(Member.id.in_(set(raters)), audience.in_(reader.audiences))
    return {*await tx.scalars(shown)} | ({reader.user_id} if reader.user_id else set())


async def find(tx: AsyncSession, user: UserIn) -> Member | None:
    """The club's own copy of `user`, who may have been merged since into who is found.

    Should two copies hold one Discord id, the newer is right.
    """
    named = Member.id == user.user_id if user.user_id else Member.discord_id == user.discord_id
    newest = ids_now(named).order_by(Member.version.desc()).limit(1)
    return await tx.scalar(select(Member).where(Member.id == newest.scalar_subquery()))


def ids_now(named: ColumnElement[bool]) -> Select[Any]:
    """Who those members are now whose copies `named` picks out."""
    copies = select(func.coalesce(UserAlias.survivor_id, Member.id)).select_from(Member)
    return copies.outerjoin(UserAlias, UserAlias.id == Member.id).where(named)


async def hold(tx: AsyncSession, user_id: UserId) -> UserId:
    """Who the member is now, whom nobody merges until `tx` ends, nor do they leave: what is written stays theirs.

    Raises MemberLeft, also for whoever stands for somebody who left.
    """
    while True:
        alias = select(UserAlias.survivor_id).where(UserAlias.id == user_id).scalar_subquery()
        held = select(Member.id).where(Member.id == func.coalesce(alias, user_id), ~Member.former)
        current = await tx.scalar(held.with_for_update(read=True, key_share=True))
        # Whoever merged them, or let them leave, has ended, if we had to wait.
        if current is None:
            raise MemberLeft
        if await survivor_of(tx, UserAlias, current) == current:
            return current


async def hold_before(tx: AsyncSession, ids: Iterable[UserId]) -> None:
    """Hold those of several who are going to be held, in the order in which a merge takes them."""
    await _hold_rows(tx, {*ids})


async def hold_all(tx: AsyncSession, ids: Collection[UserId]) -> dict[UserId, UserId]:
    """What `hold` does for many, by the id they were known by."""
    while True:
        merged = await survivors_of(tx, UserAlias, ids)
        now = {each: merged.get(each, each) for each in ids}
        if await _hold_rows(tx, {*now.values()}) != {*now.values()}:
            raise MemberLeft
        if not await survivors_of(tx, UserAlias, now.values()):
            return now


async def _hold_rows(tx: AsyncSession, ids: set[UserId]) -> set[UserId]:
    """Those of them who are there, each held once whoever merged them, or let them leave, has ended."""
    there = select(Member.id).where(Member.id.in_(ids), ~Member.former).order_by(Member.id)
    return {*await tx.scalars(there.with_for_update(read=True, key_share=True))}


async def speaking(tx: AsyncSession, caller: Caller) -> Caller:
    """The caller as who they are now: somebody signed in may have been merged since."""
    if caller.kind != "user":
        return caller
    return caller.model_copy(update={"sub": str(await survivor_of(tx, UserAlias, UUID(caller.sub)))})


async def find_all(tx: AsyncSession, users: Sequence[UserIn]) -> dict[UserId | str | None, Member]:
    """The club's own copies of `users`, by user id and by Discord id."""
    copy = aliased(Member)
    named = copy.id.in_([user.user_id for user in users if user.user_id])
    seen = copy.discord_id.in_([user.discord_id for user in users if user.discord_id])
    # Should two copies hold one Discord id, the newer is right, and comes last.
    found = select(copy.id, copy.discord_id, Member).select_from(copy).outerjoin(UserAlias, UserAlias.id == copy.id)
    found = found.join(Member, Member.id == func.coalesce(UserAlias.survivor_id, copy.id))
    rows = (await tx.execute(found.where(or_(named, seen)).order_by(copy.version))).all()
    return {**{discord_id: who for _, discord_id, who in rows}, **{own_id: who for own_id, _, who in rows}}


async def follow(tx: AsyncSession, changed: UserChanged) -> None:
    """Take over what identity tells, unless something newer is known, or they have left."""
    await keep_newest_of(tx, changed.user_id, Member, _columns(changed))


async def keep(tx: AsyncSession, told: UserChanged) -> None:
    """The same with weeks taken, where nobody may wait for who is leaving. Raises MemberLeft."""
    await keep_newest(tx, Member, _columns(told))
    # Whoever let them leave meanwhile has ended: both had to make their row. Who refuses one of many goes on.
    if await gone(tx, [told.user_id]):
        await tx.execute(delete(Member).where(Member.id == told.user_id))
        raise MemberLeft


async def keep_told(tx: AsyncSession, told: Sequence[UserChanged]) -> None:
    """The same for many; one who has left ends it for all."""
    await keep_all(tx, told)
    if await gone(tx, [each.user_id for each in told]):
        raise MemberLeft


async def keep_all(tx: AsyncSession, changed: Iterable[UserChanged]) -> None:
    await keep_newest_of_all(tx, Member, [_columns(each) for each in changed])


async def keep_former(tx: AsyncSession, people: Iterable[ExportedPerson]) -> None:
    """Former members, as an export has them: nothing else is told of them, here or anywhere."""
    rows = [{"id": each.id, "version": 0, "display_name": each.display_name, "former": True} for each in people]
    if rows:
        await tx.execute(insert(Member).values(rows).on_conflict_do_nothing())


def _columns(changed: UserChanged) -> dict[str, Any]:
    return {"id": changed.user_id, **changed.model_dump(exclude={"user_id", "timezone"})}
