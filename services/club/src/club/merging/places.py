"""Rosters and bars of two who turned out to be one."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import next_version
from chassis.outbox import publish
from club.merging import rules
from club.models import Bar, Belonging, Club, Participant
from club.roster.store import state
from contracts.ids import UserId


async def fold_rosters(tx: AsyncSession, old: UserId, survivor: UserId, clubs: Sequence[Club]) -> list[dict[str, Any]]:
    """On rosters that are taken there is one of them, a host if either was; which."""
    changed: list[dict[str, Any]] = []
    for club in clubs:
        both = delete(Belonging).where(Belonging.club_id == club.id, Belonging.user_id.in_([old, survivor]))
        roles = (await tx.execute(both.returning(Belonging.user_id, Belonging.role))).all()
        role = rules.of_roles(*(role for _, role in roles))
        await tx.execute(insert(Belonging).values(club_id=club.id, user_id=survivor, role=role))
        club.version = next_version(Club.__table__.c.version)
        await tx.flush()
        await tx.refresh(club)
        changed.append({"club_id": club.id, "role": role, "before": {str(each): was for each, was in roles}})
    await publish(tx, *await state(tx, clubs))
    return changed


async def fold_bars(tx: AsyncSession, old: UserId, survivor: UserId) -> list[dict[str, Any]]:
    """The survivor is barred from what either was barred from; of each of the old one's bars, what it was."""
    gone = (await tx.scalars(delete(Bar).where(Bar.user_id == old).returning(Bar))).all()
    for bar in gone:
        whose = {"club_id": bar.club_id, "user_id": survivor}
        own = await tx.scalar(select(Bar).filter_by(**whose).with_for_update())
        said = {"acts": bar.acts, "reason": bar.reason, "created_at": bar.created_at}
        if own is not None:
            said = {
                "acts": rules.of_acts(own.acts, bar.acts),
                "reason": rules.of_reasons(own.reason, bar.reason),
                "created_at": min(own.created_at, bar.created_at),
            }
        row = insert(Bar).values(**whose, **said)
        await tx.execute(row.on_conflict_do_update(index_elements=[*whose], set_=said))
    return [{"club_id": bar.club_id, "from": bar.acts, "reason": bar.reason} for bar in gone]


async def leave(tx: AsyncSession, old: UserId) -> None:
    """The old one takes part in nothing any more; where they did, the survivor does by what is theirs now."""
    await tx.execute(delete(Participant).where(Participant.user_id == old))
