"""Ballots of two who turned out to be one. The chain itself never changes: what is struck gets a link more."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import next_version
from chassis.outbox import publish
from club.ballots.announced import state
from club.models import Ballot, BallotLink, BallotSecret, Result, Vote
from club.proof.store import seal
from contracts.ids import UserId, WeekId
from contracts.votes import VoteCast


async def fold_ballots(tx: AsyncSession, old: UserId, survivor: UserId, weeks: Collection[WeekId]) -> dict[str, Any]:
    """Make the old one's ballots in these weeks, which are taken, the survivor's; what became of them.

    In an open poll where both voted, the survivor's stands and the other is struck. What was counted stays so.
    """
    decided = set(await tx.scalars(select(Result.week_id).where(Result.week_id.in_(weeks))))
    own = {ballot.week_id: ballot for ballot in await taken(tx, survivor, weeks)}
    moved, struck, both = [], [], []
    await _move_secrets(tx, old, survivor, decided)
    for ballot in await taken(tx, old, weeks):
        beside = own.get(ballot.week_id)
        if beside is None:
            await _move_secrets(tx, old, survivor, [ballot.week_id])
            await _move(tx, ballot, survivor)
            moved.append(ballot.week_id)
        elif ballot.week_id not in decided:
            struck.append(await strike(tx, ballot))
        elif await _join(tx, ballot, beside):
            both.append(ballot.week_id)
    return {"moved": moved, "struck": struck, "both_counted": both}


async def taken(tx: AsyncSession, user_id: UserId, weeks: Collection[WeekId]) -> list[Ballot]:
    """A member's ballots in these weeks, for oneself."""
    theirs = select(Ballot).where(Ballot.user_id == user_id, Ballot.week_id.in_(weeks)).order_by(Ballot.id)
    anew = {"populate_existing": True}
    return [*await tx.scalars(theirs.with_for_update(), execution_options=anew)]


async def _move_secrets(tx: AsyncSession, old: UserId, survivor: UserId, weeks: Collection[WeekId]) -> None:
    """But for those of struck ballots, which are nobody's."""
    of_ballot = BallotLink.ballot_ref == BallotSecret.ballot_ref
    struck = exists().where(of_ballot, BallotLink.first.is_(None), BallotLink.second.is_(None))
    theirs = update(BallotSecret).where(BallotSecret.user_id == old, BallotSecret.week_id.in_(weeks), ~struck)
    await tx.execute(theirs.values(user_id=survivor).execution_options(synchronize_session=False))


async def _change(tx: AsyncSession, ballot: Ballot, **columns: Any) -> None:
    newer = {"version": next_version(Ballot.__table__.c.version)}
    changed = update(Ballot).where(Ballot.id == ballot.id).values(columns | newer)
    await tx.execute(changed.execution_options(synchronize_session=False))
    await tx.refresh(ballot)


async def _move(tx: AsyncSession, ballot: Ballot, survivor: UserId) -> None:
    """The votes follow by their foreign key."""
    old = ballot.user_id
    await _change(tx, ballot, user_id=survivor)
    await publish(tx, _gone(ballot, old), *await state(tx, [ballot]))


async def strike(tx: AsyncSession, ballot: Ballot) -> dict[str, Any]:
    """Take a ballot out of a poll that is open; which link struck it. What it held is in those before."""
    whose = {"week_id": ballot.week_id, "user_id": ballot.user_id}
    await tx.execute(delete(Vote).filter_by(**whose))
    await _change(tx, ballot, cast_at=func.clock_timestamp())
    link = await seal(tx, ballot, {})
    await _drop(tx, ballot)
    return {"week_id": ballot.week_id, "ballot_ref": link.ballot_ref, "number": link.number}


async def _join(tx: AsyncSession, ballot: Ballot, beside: Ballot) -> bool:
    """One ballot of two that were counted; which the later link tells. Votes that betray a result stay as they are."""
    left = exists().where(Vote.week_id == ballot.week_id, Vote.user_id == ballot.user_id)
    if await tx.scalar(select(left)):
        return False
    await _change(tx, ballot)
    await _drop(tx, ballot)
    await _change(tx, beside)
    await publish(tx, *await state(tx, [beside]))
    return True


async def _drop(tx: AsyncSession, ballot: Ballot) -> None:
    await publish(tx, _gone(ballot, ballot.user_id))
    await tx.delete(ballot)
    await tx.flush()


def _gone(ballot: Ballot, user_id: UserId) -> VoteCast:
    """The ballot as nobody has it any more."""
    chosen = dict.fromkeys(("first", "first_album_id", "second", "second_album_id"))
    return VoteCast(
        week_id=ballot.week_id, user_id=user_id, version=ballot.version, cast_at=ballot.cast_at, secret=False, **chosen
    )
