"""Whom somebody follows and blocks, and who follows and blocks them, as the survivor of a merge has it."""

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import first_version, next_version
from chassis.outbox import publish
from contracts.ids import UserId
from identity.follows.store import states
from identity.models import Block, Follow


async def fold_acquaintances(tx: AsyncSession, old: UserId, survivor: UserId) -> None:
    """Nobody follows or blocks themself; of two that are one now, one that stands stays."""
    await _fold_blocks(tx, old, survivor)
    theirs = select(Follow).where(or_(Follow.follower_id == old, Follow.followed_id == old)).order_by(Follow.id)
    for follow in (await tx.scalars(theirs.with_for_update())).all():
        await _fold(tx, follow, old, survivor)


async def _fold(tx: AsyncSession, follow: Follow, old: UserId, survivor: UserId) -> None:
    """What stood under the old id ends, and begins under the survivor's, unless it stands there already."""
    if not follow.following:
        return
    follower, followed = (survivor if each == old else each for each in (follow.follower_id, follow.followed_id))
    changed = [follow]
    if follower != followed:
        same = select(Follow).where(Follow.follower_id == follower, Follow.followed_id == followed)
        other = await tx.scalar(same.with_for_update())
        if other is None:
            tx.add(other := Follow(follower_id=follower, followed_id=followed, following=False))
        if not other.following:
            other.following, other.since = True, follow.since
            changed.append(other)
    follow.following = False
    for each in changed:
        each.version = next_version(Follow.__table__.c.version) if each.id else first_version()
    await tx.flush()
    for each in changed:
        await tx.refresh(each)
    await publish(tx, *await states(tx, changed))


async def _fold_blocks(tx: AsyncSession, old: UserId, survivor: UserId) -> None:
    theirs = or_(Block.blocker_id == old, Block.blocked_id == old)
    for block in (await tx.scalars(select(Block).where(theirs))).all():
        blocker, blocked = (survivor if each == old else each for each in (block.blocker_id, block.blocked_id))
        if blocker != blocked:
            row = insert(Block).values(blocker_id=blocker, blocked_id=blocked, since=block.since)
            await tx.execute(row.on_conflict_do_nothing())
    await tx.execute(delete(Block).where(theirs))
