"""Following, blocking, and the ends of both."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.outbox import publish
from contracts.ids import UserId
from identity.activity import store as activities
from identity.follows import rules, store
from identity.journal import journal
from identity.models import Follow
from identity.users.store import hold_people


async def follow(tx: AsyncSession, follower_id: UserId, followed_id: UserId) -> Follow:
    """The follow as it stands; what is already so announces nothing. Raises NotYourself, Blocked."""
    rules.check_another(follower_id, followed_id)
    await hold_people(tx, follower_id, followed_id)
    await store.hold_pair(tx, follower_id, followed_id)
    rules.check_not_blocked(blocked=await store.are_apart(tx, follower_id, followed_id))
    standing, new = await store.begin(tx, follower_id, followed_id)
    if new:
        await _tell(tx, standing)
    return standing


async def unfollow(tx: AsyncSession, follower_id: UserId, followed_id: UserId) -> None:
    await hold_people(tx, follower_id, followed_id)
    await store.hold_pair(tx, follower_id, followed_id)
    await _end(tx, follower_id, followed_id)


async def block(tx: AsyncSession, blocker_id: UserId, blocked_id: UserId) -> None:
    """Neither sees or follows the other from now on. Raises NotYourself."""
    rules.check_another(blocker_id, blocked_id)
    await hold_people(tx, blocker_id, blocked_id)
    await store.hold_pair(tx, blocker_id, blocked_id)
    if await store.block(tx, blocker_id, blocked_id):
        await journal.record(tx, "block.made", blocked_id, None, {"by": blocker_id})
        await _end(tx, blocker_id, blocked_id)
        await _end(tx, blocked_id, blocker_id)


async def unblock(tx: AsyncSession, blocker_id: UserId, blocked_id: UserId) -> None:
    await hold_people(tx, blocker_id, blocked_id)
    await store.hold_pair(tx, blocker_id, blocked_id)
    if await store.unblock(tx, blocker_id, blocked_id):
        await journal.record(tx, "block.ended", blocked_id, {"by": blocker_id}, None)


async def _end(tx: AsyncSession, follower_id: UserId, followed_id: UserId) -> None:
    ended = await store.end(tx, follower_id, followed_id)
    if ended is not None:
        await _tell(tx, ended)


async def _tell(tx: AsyncSession, changed: Follow) -> None:
    """Announce it, and let it be among the activities of who follows."""
    await publish(tx, *await store.states(tx, [changed]))
    await activities.keep(
        tx,
        kind="followed",
        subject_id=changed.followed_id,
        user_id=changed.follower_id,
        version=changed.version,
        at=changed.since,
        seen_from=changed.since,
        withdrawn=not changed.following,
    )
