"""The chain of a week's ballots in PostgreSQL. Whoever appends to it has taken the week."""

import secrets
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from club.models import Ballot, BallotLink, BallotSecret, Poll, Vote
from club.proof import rules
from contracts.ids import NominationId, UserId, WeekId
from contracts.results import Commitment, Leaf, Link

UNSEALED = "0" * 64


async def open_poll(tx: AsyncSession, week_id: WeekId) -> Poll:
    """The week's draw, committed at first sight: when the week is made, before anybody can vote."""
    seed = secrets.token_bytes(32)
    new = insert(Poll).values(week_id=week_id, seed=seed, commitment=rules.commitment(seed))
    await tx.execute(new.on_conflict_do_nothing())
    return await tx.get_one(Poll, week_id)


async def commit_of(tx: AsyncSession, week_id: WeekId) -> str | None:
    commitment = await tx.scalar(select(Poll.commitment).where(Poll.week_id == week_id))
    return None if commitment is None else commitment.hex()


async def commitment(tx: AsyncSession, week_id: WeekId) -> Commitment:
    """What anybody may write down while the poll is open."""
    poll = await tx.get(Poll, week_id)
    if poll is None:
        return Commitment(week_id=week_id, commit=None, number=0, head=None)
    number, head = await head_of(tx, poll)
    return Commitment(week_id=week_id, commit=poll.commitment.hex(), number=number, head=head.hex())


async def head_of(tx: AsyncSession, poll: Poll) -> tuple[int, bytes]:
    """The number of the chain's last link, and its head."""
    of_week = select(BallotLink.number, BallotLink.head).where(BallotLink.week_id == poll.week_id)
    last = (await tx.execute(of_week.order_by(BallotLink.number.desc()).limit(1))).one_or_none()
    return (last.number, last.head) if last else (0, rules.beginning(poll.week_id, poll.commitment))


async def seal(tx: AsyncSession, ballot: Ballot, chosen: Mapping[int, NominationId]) -> BallotLink:
    """Append what the ballot now holds to its week's chain."""
    secret = await _secret(tx, ballot.week_id, ballot.user_id)
    last, previous = await head_of(tx, await open_poll(tx, ballot.week_id))
    number, choices = last + 1, (chosen.get(1), chosen.get(2))
    leaf = rules.leaf(secret.ballot_ref, rules.salt(secret.salt_key, number), *choices, ballot.cast_at)
    link = BallotLink(
        week_id=ballot.week_id,
        number=number,
        ballot_ref=secret.ballot_ref,
        first=choices[0],
        second=choices[1],
        cast_at=ballot.cast_at,
        leaf=leaf,
        previous=previous,
        head=rules.next_head(previous, number, rules.Link(secret.ballot_ref, leaf)),
    )
    tx.add(link)
    await tx.flush()
    return link


async def _secret(tx: AsyncSession, week_id: WeekId, user_id: UserId) -> BallotSecret:
    whose = {"week_id": week_id, "user_id": user_id}
    if (known := await tx.scalar(select(BallotSecret).filter_by(**whose).limit(1))) is not None:
        return known
    secret = BallotSecret(**whose, salt_key=secrets.token_bytes(32))
    tx.add(secret)
    await tx.flush()
    return secret


async def own_link(tx: AsyncSession, week_id: WeekId, user_id: UserId) -> Row[BallotLink, bytes] | None:
    """The member's last change in the week, and the key of its salt."""
    same = BallotSecret.ballot_ref == BallotLink.ballot_ref
    own = select(BallotLink, BallotSecret.salt_key).join(BallotSecret, same)
    theirs = own.where(BallotSecret.week_id == week_id, BallotSecret.user_id == user_id)
    return (await tx.execute(theirs.order_by(BallotLink.number.desc()).limit(1))).one_or_none()


async def links(tx: AsyncSession, week_id: WeekId) -> list[Link]:
    """The whole chain of a week."""
    chain = select(BallotLink.ballot_ref, BallotLink.leaf).where(BallotLink.week_id == week_id)
    found = await tx.execute(chain.order_by(BallotLink.number))
    return [Link(ballot_ref=ballot_ref, leaf=leaf.hex()) for ballot_ref, leaf in found]


async def leaves(tx: AsyncSession, week_id: WeekId) -> list[Leaf]:
    """Every ballot of the week as it stands, in the order of the chain.

    What it says is read where votes are counted, its number and salt where they were sealed: whatever was changed on
    one side alone does not fit, and a ballot that was never sealed has the number 0.
    """
    return [_leaf(*row) for row in await tx.execute(_standing(week_id))]


def _standing(week_id: WeekId) -> Select[Ballot, NominationId, NominationId, UUID, bytes, int]:
    first, second = aliased(Vote), aliased(Vote)
    last = select(func.max(BallotLink.number).label("number")).where(BallotLink.ballot_ref == BallotSecret.ballot_ref)
    number = last.lateral()
    rows = select(
        Ballot,
        first.nomination_id,
        second.nomination_id,
        BallotSecret.ballot_ref,
        BallotSecret.salt_key,
        number.c.number,
    )
    for rank, vote in enumerate((first, second), start=1):
        own = and_(vote.week_id == Ballot.week_id, vote.user_id == Ballot.user_id, vote.rank == rank)
        rows = rows.outerjoin(vote, own)
    same = and_(BallotSecret.week_id == Ballot.week_id, BallotSecret.user_id == Ballot.user_id)
    rows = rows.outerjoin(BallotSecret, same).outerjoin(number, true())
    return rows.where(Ballot.week_id == week_id).order_by(number.c.number.nulls_first(), Ballot.id)


def _leaf(  # noqa: PLR0913, PLR0917 — a row of `_standing`
    ballot: Ballot,
    first: NominationId | None,
    second: NominationId | None,
    ballot_ref: UUID | None,
    salt_key: bytes | None,
    number: int | None,
) -> Leaf:
    opened = UNSEALED if salt_key is None or number is None else rules.salt(salt_key, number).hex()
    return Leaf(
        number=number or 0,
        ballot_ref=ballot_ref or ballot.id,
        salt=opened,
        first=first,
        second=second,
        cast_at=ballot.cast_at,
    )


def sealed(leaves: Sequence[Leaf]) -> list[bytes]:
    return [
        rules.leaf(each.ballot_ref, bytes.fromhex(each.salt), each.first, each.second, each.cast_at) for each in leaves
    ]
