"""Ballots in PostgreSQL."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import first_version, next_version
from club.members.store import people
from club.models import Ballot, Nomination, Vote
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


async def find_ballot(tx: AsyncSession, week_id: WeekId, user_id: UserId) -> Ballot | None:
    return await tx.scalar(select(Ballot).where(Ballot.week_id == week_id, Ballot.user_id == user_id))


async def choices(tx: AsyncSession, ballot: Ballot) -> dict[int, NominationId]:
    """What the ballot holds, by rank."""
    votes = select(Vote.rank, Vote.nomination_id)
    found = await tx.execute(votes.where(Vote.week_id == ballot.week_id, Vote.user_id == ballot.user_id))
    return dict(found.all())


async def keep(tx: AsyncSession, ballot: Ballot, chosen: Mapping[int, NominationId]) -> VoteCast:
    """Let the ballot hold exactly these choices; what is to be announced."""
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
    (told,) = await state(tx, [ballot])
    return told


async def state(tx: AsyncSession, ballots: Sequence[Ballot]) -> list[VoteCast]:
    """The ballots as they are announced, whole."""
    votes = (
        select(Ballot.id, Vote.rank, Vote.nomination_id, Nomination.album_id)
        .join(Vote, and_(Vote.week_id == Ballot.week_id, Vote.user_id == Ballot.user_id))
        .join(Nomination, Nomination.id == Vote.nomination_id)
        .where(Ballot.id.in_([ballot.id for ballot in ballots]))
    )
    held: defaultdict[UUID, dict[int, Sequence[UUID]]] = defaultdict(dict)
    for ballot_id, rank, *chosen in await tx.execute(votes):
        held[ballot_id][rank] = chosen
    return [_told(ballot, held[ballot.id]) for ballot in ballots]


def _told(ballot: Ballot, held: Mapping[int, Sequence[UUID]]) -> VoteCast:
    (first, first_album_id), (second, second_album_id) = (held.get(rank, (None, None)) for rank in (1, 2))
    return VoteCast(
        week_id=ballot.week_id,
        user_id=ballot.user_id,
        version=ballot.version,
        first=first,
        first_album_id=first_album_id,
        second=second,
        second_album_id=second_album_id,
        cast_at=ballot.cast_at,
    )


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
