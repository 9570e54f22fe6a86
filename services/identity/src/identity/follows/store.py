"""Follows and blocks in PostgreSQL. A follow that ended stays, as a tombstone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, delete, exists, false, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import next_version
from contracts.follows import FollowChanged
from contracts.ids import UserId
from identity.models import Block, Follow, User
from identity.users.store import lock_names

People: TypeAlias = Select[User, datetime]


async def hold_pair(tx: AsyncSession, one: UserId, other: UserId) -> None:
    """What is between these two is for oneself, until `tx` ends: a follow and a block do not miss each other."""
    await lock_names(tx, ["pair:{}:{}".format(*sorted((one, other)))])


def apart(viewer: UserId | None, user_id: Any) -> ColumnElement[bool]:
    """Whether one of the two has blocked the other, as a part of a statement."""
    if viewer is None:
        return false()
    ways = ((Block.blocker_id, Block.blocked_id), (Block.blocked_id, Block.blocker_id))
    return or_(*(exists().where(one == viewer, other == user_id) for one, other in ways))


async def are_apart(tx: AsyncSession, viewer: UserId | None, user_id: UserId) -> bool:
    return bool(await tx.scalar(select(apart(viewer, user_id))))


async def begin(tx: AsyncSession, follower_id: UserId, followed_id: UserId) -> tuple[Follow, bool]:
    """The follow of a pair that is held, and whether it was not so already."""
    row = insert(Follow).values(follower_id=follower_id, followed_id=followed_id, following=True)
    again = {"following": True, "since": func.now(), "version": next_version(Follow.__table__.c.version)}
    begun = row.on_conflict_do_update(
        index_elements=["follower_id", "followed_id"], set_=again, where=Follow.following.is_(False)
    )
    changed = await tx.scalar(begun.returning(Follow).execution_options(populate_existing=True))
    if changed is not None:
        return changed, True
    return (await tx.scalars(_of(follower_id, followed_id))).one(), False


async def end(tx: AsyncSession, follower_id: UserId, followed_id: UserId) -> Follow | None:
    """The follow of a pair that is held, ended just now; None where there was none."""
    follow = await tx.scalar(_of(follower_id, followed_id).where(Follow.following))
    if follow is not None:
        follow.following, follow.version = False, next_version(Follow.__table__.c.version)
        await tx.flush()
        await tx.refresh(follow)
    return follow


def _of(follower_id: UserId, followed_id: UserId) -> Select[Follow]:
    return select(Follow).where(Follow.follower_id == follower_id, Follow.followed_id == followed_id)


async def block(tx: AsyncSession, blocker_id: UserId, blocked_id: UserId) -> bool:
    """Whether it was not so already."""
    row = insert(Block).values(blocker_id=blocker_id, blocked_id=blocked_id).on_conflict_do_nothing()
    return await tx.scalar(row.returning(Block.blocked_id)) is not None


async def unblock(tx: AsyncSession, blocker_id: UserId, blocked_id: UserId) -> bool:
    """Whether it was so until now."""
    theirs = delete(Block).where(Block.blocker_id == blocker_id, Block.blocked_id == blocked_id)
    return await tx.scalar(theirs.returning(Block.blocked_id)) is not None


def followers_of(user_id: UserId, viewer: UserId | None) -> People:
    """But for those whom the viewer does not see."""
    people = select(User, Follow.since).join(Follow, Follow.follower_id == User.id)
    return people.where(Follow.followed_id == user_id, Follow.following, ~apart(viewer, User.id))


def followed_by(user_id: UserId, viewer: UserId | None) -> People:
    """But for those whom the viewer does not see."""
    people = select(User, Follow.since).join(Follow, Follow.followed_id == User.id)
    return people.where(Follow.follower_id == user_id, Follow.following, ~apart(viewer, User.id))


def blocked_by(user_id: UserId) -> People:
    return select(User, Block.since).join(Block, Block.blocked_id == User.id).where(Block.blocker_id == user_id)


async def page(
    tx: AsyncSession, people: People, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Row[User, datetime]]:
    """The last to begin first; one more than `limit`, if there are more."""
    since = people.column_descriptions[1]["expr"]
    if before is not None:
        people = people.where(tuple_(since, User.id) < tuple_(*before))
    return (await tx.execute(people.order_by(since.desc(), User.id.desc()).limit(limit + 1))).all()


async def numbers(tx: AsyncSession, user_id: UserId) -> tuple[int, int]:
    """How many follow somebody, and how many they follow."""
    followers = select(func.count()).where(Follow.followed_id == user_id, Follow.following).scalar_subquery()
    following = select(func.count()).where(Follow.follower_id == user_id, Follow.following).scalar_subquery()
    row = (await tx.execute(select(followers, following))).one()
    return row[0], row[1]


async def follows(tx: AsyncSession, viewer: UserId | None, user_id: UserId) -> bool | None:
    """Whether the viewer follows them; None for who is nobody, or themself."""
    if viewer in {None, user_id}:
        return None
    theirs = (Follow.follower_id == viewer, Follow.followed_id == user_id)
    return bool(await tx.scalar(select(exists().where(*theirs, Follow.following))))


async def states(_: AsyncSession, follows: Sequence[Follow]) -> list[FollowChanged]:
    return [FollowChanged.model_validate(each) for each in follows]
