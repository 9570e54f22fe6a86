"""Ballots in PostgreSQL."""

from collections.abc import Mapping

from sqlalchemy import SmallInteger, Uuid, all_, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import first_version, next_version, table_of
from club.ballots.announced import secret
from club.members.store import people
from club.models import Ballot, BallotLink, Vote
from club.proof.store import own_link
from contracts import votes
from contracts.ids import NominationId, UserId, WeekId
from contracts.votes import VoteCast

_VOTES = table_of(Vote).c
_RANKS = bindparam("ranks", type_=ARRAY(SmallInteger))
_SAID = func.unnest(_RANKS, bindparam("chosen", type_=ARRAY(Uuid))).table_valued("rank", "nomination_id")
_CHOSEN = _SAID.render_derived().c
_OTHERS = delete(table_of(Vote)).where(
    _VOTES.week_id == bindparam("week"), _VOTES.user_id == bindparam("voter"), _VOTES.rank != all_(_RANKS)
)
_EACH = insert(table_of(Vote)).from_select(
    ["week_id", "user_id", "rank", "nomination_id"],
    select(bindparam("week", type_=Uuid), bindparam("voter", type_=Uuid), _CHOSEN.rank, _CHOSEN.nomination_id),
)
# What stood at another rank goes, and each choice stands at its own.
_HOLD = _EACH.on_conflict_do_update(
    index_elements=["week_id", "user_id", "rank"], set_={"nomination_id": _EACH.excluded.nomination_id}
).add_cte(_OTHERS.cte("others"))


async def take_ballot(tx: AsyncSession, week_id: WeekId, user_id: UserId) -> Ballot:
    """The member's ballot for oneself, made if it is not there; their other votes wait until `tx` ends."""
    blank = insert(Ballot).values(week_id=week_id, user_id=user_id, version=first_version())
    # Setting the voter to themself locks the row that is there, in the very statement that finds it.
    theirs = blank.on_conflict_do_update(
        index_elements=["week_id", "user_id"], set_={"user_id": blank.excluded.user_id}
    ).returning(Ballot)
    return (await tx.scalars(theirs, execution_options={"populate_existing": True})).one()


async def choices(tx: AsyncSession, ballot: Ballot) -> dict[int, NominationId]:
    """What the ballot holds, by rank."""
    votes = select(Vote.rank, Vote.nomination_id)
    found = await tx.execute(votes.where(Vote.week_id == ballot.week_id, Vote.user_id == ballot.user_id))
    return dict(found.all())


async def keep(tx: AsyncSession, ballot: Ballot, chosen: Mapping[int, NominationId]) -> VoteCast:
    """Let the ballot hold exactly these choices; what is to be announced, which says nothing of them yet."""
    held = {"week": ballot.week_id, "voter": ballot.user_id, "ranks": [*chosen], "chosen": [*chosen.values()]}
    await tx.execute(_HOLD, held)
    newer = {"version": next_version(Ballot.__table__.c.version), "cast_at": func.clock_timestamp()}
    changed = update(Ballot).where(Ballot.id == ballot.id).values(newer).returning(Ballot)
    await tx.scalars(changed, execution_options={"populate_existing": True, "synchronize_session": False})
    return secret(ballot)


async def shown(
    tx: AsyncSession,
    ballot: Ballot,
    chosen: Mapping[int, NominationId],
    link: BallotLink | None = None,
    *,
    with_discord: bool,
) -> votes.Ballot:
    """With the head of the chain after its last change, which proves later that nothing up to it was rewritten.

    `link` is that change, where it is at hand.
    """
    user = (await people(tx, [ballot.user_id], with_discord=with_discord))[ballot.user_id]
    if link is None and (sealed := await own_link(tx, ballot.week_id, ballot.user_id)):
        link = sealed[0]
    return votes.Ballot(
        week_id=ballot.week_id,
        user=user,
        first=chosen.get(1),
        second=chosen.get(2),
        cast_at=ballot.cast_at,
        number=link and link.number,
        head=link and link.head.hex(),
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
