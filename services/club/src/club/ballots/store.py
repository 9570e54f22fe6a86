"""Ballots in PostgreSQL."""

from collections.abc import Mapping

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import first_version, next_version
from club.ballots.announced import secret
from club.members.store import people
from club.models import Ballot, Vote
from club.proof.store import own_link
from contracts import votes
from contracts.ids import NominationId, UserId, WeekId
from contracts.votes import VoteCast


async def take_ballot(tx: AsyncSession, week_id: WeekId, user_id: UserId) -> Ballot:
    """The member's ballot for oneself, made if it is not there; their other votes wait until `tx` ends."""
    blank = insert(Ballot).values(week_id=week_id, user_id=user_id, version=first_version())
    await tx.execute(blank.on_conflict_do_nothing())
    theirs = select(Ballot).where(Ballot.week_id == week_id, Ballot.user_id == user_id)
    return (await tx.scalars(theirs.with_for_update())).one()


async def choices(tx: AsyncSession, ballot: Ballot) -> dict[int, NominationId]:
    """What the ballot holds, by rank."""
    votes = select(Vote.rank, Vote.nomination_id)
    found = await tx.execute(votes.where(Vote.week_id == ballot.week_id, Vote.user_id == ballot.user_id))
    return dict(found.all())


async def keep(tx: AsyncSession, ballot: Ballot, chosen: Mapping[int, NominationId]) -> VoteCast:
    """Let the ballot hold exactly these choices; what is to be announced, which says nothing of them yet."""
    whose = {"week_id": ballot.week_id, "user_id": ballot.user_id}
    await tx.execute(delete(Vote).filter_by(**whose).where(Vote.rank.not_in(chosen)))
    votes = insert(Vote).values([{**whose, "rank": rank, "nomination_id": each} for rank, each in chosen.items()])
    ranks = [Vote.week_id, Vote.user_id, Vote.rank]
    await tx.execute(
        votes.on_conflict_do_update(index_elements=ranks, set_={"nomination_id": votes.excluded.nomination_id})
    )
    newer = {"version": next_version(Ballot.__table__.c.version), "cast_at": func.clock_timestamp()}
    await tx.execute(update(Ballot).where(Ballot.id == ballot.id).values(newer))
    await tx.refresh(ballot)
    return secret(ballot)


async def shown(
    tx: AsyncSession, ballot: Ballot, chosen: Mapping[int, NominationId], *, with_discord: bool
) -> votes.Ballot:
    """With the head of the chain after its last change, which proves later that nothing up to it was rewritten."""
    user = (await people(tx, [ballot.user_id], with_discord=with_discord))[ballot.user_id]
    sealed = await own_link(tx, ballot.week_id, ballot.user_id)
    return votes.Ballot(
        week_id=ballot.week_id,
        user=user,
        first=chosen.get(1),
        second=chosen.get(2),
        cast_at=ballot.cast_at,
        number=sealed[0].number if sealed else None,
        head=sealed[0].head.hex() if sealed else None,
    )


async def drop_votes(tx: AsyncSession, week_id: WeekId) -> None:
    """Forget the votes of a poll that was counted: each is in the chain, which proves it."""
    await tx.execute(delete(Vote).where(Vote.week_id == week_id))


async def standing(tx: AsyncSession, week_id: WeekId, user_id: UserId, *, with_discord: bool) -> votes.Ballot | None:
    """The member's ballot in a poll that is open."""
    ballot = await tx.scalar(select(Ballot).where(Ballot.week_id == week_id, Ballot.user_id == user_id))
    if ballot is None:
        return None
    return await shown(tx, ballot, await choices(tx, ballot), with_discord=with_discord)


async def sealed(tx: AsyncSession, week_id: WeekId, user_id: UserId, *, with_discord: bool) -> votes.Ballot | None:
    """The member's ballot in a poll that was counted, as the chain has it."""
    found = await own_link(tx, week_id, user_id)
    if found is None:
        return None
    link = found[0]
    return votes.Ballot(
        week_id=week_id,
        user=(await people(tx, [user_id], with_discord=with_discord))[user_id],
        first=link.first,
        second=link.second,
        cast_at=link.cast_at,
        number=link.number,
        head=link.head.hex(),
    )
