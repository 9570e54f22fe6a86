"""Nominations of two who turned out to be one; how many one may have is not asked."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import next_version
from chassis.outbox import publish
from club.merging import rules
from club.models import Nomination, Nominator, Result
from club.nominations import store
from club.results import store as results
from contracts.ids import UserId, WeekId


async def fold_nominations(
    tx: AsyncSession, old: UserId, survivor: UserId, weeks: Collection[WeekId]
) -> dict[str, list[Any]]:
    """Make the old one's parts in nominations of these weeks, which are taken, the survivor's; what became of them."""
    mine = select(Nominator.nomination_id).where(Nominator.user_id == old)
    theirs = select(Nomination).where(Nomination.id.in_(mine), Nomination.week_id.in_(weeks)).order_by(Nomination.id)
    nominations = (await tx.scalars(theirs.with_for_update(key_share=True))).all()
    moved, folded = [], []
    for nomination in nominations:
        if (part := await _folded(tx, nomination, old, survivor)) is None:
            moved.append(nomination.id)
        else:
            folded.append({"nomination_id": nomination.id, **part})
    await _announce(tx, nominations, old, survivor)
    return {"moved": moved, "folded": folded}


async def _folded(
    tx: AsyncSession, nomination: Nomination, old: UserId, survivor: UserId
) -> dict[str, dict[str, Any]] | None:
    """Both parts as they were, where there were two; None where the old one's is the survivor's now."""
    parts = {part.user_id: part for part in await store.parts(tx, nomination)}
    theirs, own = parts[old], parts.get(survivor)
    mine = (Nominator.nomination_id == nomination.id, Nominator.user_id == old)
    if own is None:
        moved = update(Nominator).where(*mine).values(user_id=survivor)
        await tx.execute(moved.execution_options(synchronize_session=False))
        tx.expunge(theirs)
        return None
    were = {"own": _part(own), "theirs": _part(theirs)}
    await tx.execute(delete(Nominator).where(*mine).execution_options(synchronize_session=False))
    tx.expunge(theirs)
    for name, value in rules.of_parts(were["own"], were["theirs"])._asdict().items():
        setattr(own, name, value)
    own.updated_at = func.clock_timestamp()
    await tx.flush()
    await tx.refresh(own)
    return {whose: part._asdict() for whose, part in were.items()}


def _part(part: Nominator) -> rules.Part:
    return rules.Part(*(getattr(part, name) for name in rules.Part._fields))


async def _announce(tx: AsyncSession, nominations: Collection[Nomination], old: UserId, survivor: UserId) -> None:
    for nomination in nominations:
        if nomination.user_id == old:
            nomination.user_id = survivor
        nomination.version = next_version(Nomination.__table__.c.version)
        nomination.updated_at = func.clock_timestamp()
        await tx.flush()
        await tx.refresh(nomination)
    await publish(tx, *await store.state(tx, [*nominations]))
    await _announce_results(tx, {nomination.week_id for nomination in nominations})


async def _announce_results(tx: AsyncSession, weeks: Collection[WeekId]) -> None:
    """A result names who leads each nomination; of it, nothing else can be another."""
    newer = update(Result).where(Result.week_id.in_(weeks)).values(version=next_version(Result.__table__.c.version))
    told = await tx.scalars(newer.returning(Result), execution_options={"populate_existing": True})
    await publish(tx, *await results.state(tx, told.all()))
