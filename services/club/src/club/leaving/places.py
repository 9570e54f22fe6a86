"""Rosters, bars and overrides of who has left."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, String, Uuid, cast, delete, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import next_version
from chassis.forgetting import Leaver
from chassis.outbox import publish
from club.models import Bar, Belonging, Club
from club.roster.store import state
from contracts.ids import UserId


async def leave_rosters(tx: AsyncSession, leaver: UserId, clubs: Sequence[Club]) -> list[Any]:
    """Of clubs that are taken; which, and as what they were there."""
    left = delete(Belonging).where(Belonging.user_id == leaver)
    roles = dict((await tx.execute(left.returning(Belonging.club_id, Belonging.role))).all())
    changed = [club for club in clubs if club.id in roles]
    for club in changed:
        club.version = next_version(Club.__table__.c.version)
        await tx.flush()
        await tx.refresh(club)
    await publish(tx, *await state(tx, changed))
    return [{"club_id": club.id, "role": roles[club.id]} for club in changed]


async def lift_bars(tx: AsyncSession, leaver: UserId) -> list[Any]:
    """Of each, where and from what; why, nobody needs to know any more."""
    gone = (await tx.scalars(delete(Bar).where(Bar.user_id == leaver).returning(Bar))).all()
    return [{"club_id": bar.club_id, "from": bar.acts} for bar in gone]


async def forget_in_overrides(tx: AsyncSession, leaver: Leaver) -> None:
    """An admin who left had overridden winners as somebody former."""
    about = (
        cast([*leaver.ids], ARRAY(Uuid)),
        cast([*leaver.words], ARRAY(String)),
        literal(leaver.former_id, Uuid),
    )
    await tx.execute(select(func.forget_in_overrides(*about)))
