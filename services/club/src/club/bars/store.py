"""Bars in PostgreSQL."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from club.audit.record import record
from club.members.store import person
from club.models import Bar, Member
from contracts import clubs
from contracts.clubs import NewBar
from contracts.ids import ClubId, UserId


async def bar(tx: AsyncSession, club_id: ClubId, user_id: UserId, new: NewBar) -> None:
    """Bar the member from exactly that; the same again changes nothing."""
    whose, said = {"club_id": club_id, "user_id": user_id}, {"acts": sorted(set(new.acts)), "reason": new.reason}
    before = await tx.scalar(select(Bar).filter_by(**whose).with_for_update())
    was: dict[str, Any] | None = None if before is None else {"acts": before.acts, "reason": before.reason}
    row = insert(Bar).values(**whose, **said)
    await tx.execute(row.on_conflict_do_update(index_elements=[*whose], set_=said))
    await record(tx, "member.barred", user_id, club_id, before=was, after=said, reason=new.reason)


async def lift(tx: AsyncSession, club_id: ClubId, user_ids: Collection[UserId], reason: str | None) -> list[UserId]:
    """Nobody of these is barred any more; who was, by id. Of who was not, nothing is said."""
    bars = delete(Bar).where(Bar.club_id == club_id, Bar.user_id.in_(user_ids))
    gone = (await tx.scalars(bars.returning(Bar))).all()
    for lifted in gone:
        was = {"acts": lifted.acts, "reason": lifted.reason}
        await record(tx, "member.unbarred", lifted.user_id, club_id, before=was, reason=reason)
    return sorted(lifted.user_id for lifted in gone)


async def page(tx: AsyncSession, club_id: ClubId, after: UUID | None, limit: int) -> Sequence[Row[Bar, Member]]:
    """By user id, from the one after `after` on; one more than `limit`, if there are more."""
    bars = select(Bar, Member).join(Member, Member.id == Bar.user_id).where(Bar.club_id == club_id)
    if after is not None:
        bars = bars.where(Bar.user_id > after)
    return (await tx.execute(bars.order_by(Bar.user_id).limit(limit + 1))).all()


async def one(tx: AsyncSession, club_id: ClubId, user_id: UserId, *, with_discord: bool) -> clubs.Bar:
    found = select(Bar, Member).join(Member, Member.id == Bar.user_id)
    row, member = (await tx.execute(found.where(Bar.club_id == club_id, Bar.user_id == user_id))).one()
    return shown(row, member, with_discord=with_discord)


def shown(row: Bar, member: Member, *, with_discord: bool) -> clubs.Bar:
    who = person(member, with_discord=with_discord)
    return clubs.Bar(user=who, acts=row.acts, reason=row.reason, created_at=row.created_at)
