"""The chain of a week's ballots in PostgreSQL. Whoever appends to it has taken the week."""

import secrets
from collections.abc import Mapping

from sqlalchemy import Row, and_, bindparam, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from club.models import Ballot, BallotLink, BallotSecret, Poll
from club.proof import rules
from contracts.ids import NominationId, UserId, WeekId
from contracts.results import Commitment

_last = select(BallotLink.number, BallotLink.head).where(BallotLink.week_id == Poll.week_id)
_LAST = _last.order_by(BallotLink.number.desc()).limit(1).lateral()
_BEHIND = and_(BallotSecret.week_id == Poll.week_id, BallotSecret.user_id == bindparam("user_id"))
_SO_FAR = (
    select(Poll.commitment, BallotSecret, _LAST.c.number, _LAST.c.head)
    .outerjoin(BallotSecret, _BEHIND)
    .outerjoin(_LAST, true())
    .where(Poll.week_id == bindparam("week_id"))
    .limit(1)
)


async def open_poll(tx: AsyncSession, week_id: WeekId) -> Poll:
    """The week's draw, committed at first sight: when the week is made, before anybody can vote."""
    seed = secrets.token_bytes(32)
    new = insert(Poll).values(week_id=week_id, seed=seed, commitment=rules.commitment(seed))
    await tx.execute(new.on_conflict_do_nothing())
    return await tx.get_one(Poll, week_id)


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
    secret, last, previous = await _so_far(tx, ballot)
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


async def _so_far(tx: AsyncSession, ballot: Ballot) -> tuple[BallotSecret, int, bytes]:
    """Who is behind the ballot, made at first sight; the number and the head of the chain's last link."""
    whose = {"week_id": ballot.week_id, "user_id": ballot.user_id}
    row = (await tx.execute(_SO_FAR, whose)).one_or_none()
    if row is None:
        await open_poll(tx, ballot.week_id)
        row = (await tx.execute(_SO_FAR, whose)).one()
    commitment, secret, number, head = row
    if secret is None:
        secret = BallotSecret(**whose, salt_key=secrets.token_bytes(32))
        tx.add(secret)
        await tx.flush()
    return secret, number or 0, head or rules.beginning(ballot.week_id, commitment)


async def own_link(tx: AsyncSession, week_id: WeekId, user_id: UserId) -> Row[BallotLink, bytes] | None:
    """The member's last change in the week, and the key of its salt."""
    same = BallotSecret.ballot_ref == BallotLink.ballot_ref
    own = select(BallotLink, BallotSecret.salt_key).join(BallotSecret, same)
    theirs = own.where(BallotSecret.week_id == week_id, BallotSecret.user_id == user_id)
    return (await tx.execute(theirs.order_by(BallotLink.number.desc()).limit(1))).one_or_none()
