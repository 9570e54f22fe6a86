"""Who an id is now."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import survivor_of
from chassis.db import next_version
from chassis.departures import AccountDeleted
from contracts.identity import UserMerged
from contracts.ids import UserId
from identity.models import User, UserAlias


async def settle(tx: AsyncSession, user_id: UserId) -> UserId:
    """The user whom the id means, whom nobody merges until `tx` ends, nor do they leave: what is written stays theirs.

    Raises AccountDeleted for who has left.
    """
    while True:
        current = await survivor_of(tx, UserAlias, user_id)
        held = select(User.id).where(User.id == current).with_for_update(read=True, key_share=True)
        known = await tx.scalar(held)
        # Whoever merged them, or let them leave, has ended, if we had to wait.
        if await survivor_of(tx, UserAlias, current) != current:
            continue
        if known is None:
            raise AccountDeleted
        return current


async def follow(tx: AsyncSession, old: UserId, survivor: UserId) -> Sequence[UserAlias]:
    """Let the aliases of `old` be aliases of the survivor; which."""
    theirs = update(UserAlias).where(UserAlias.survivor_id == old)
    now = theirs.values(survivor_id=survivor, version=next_version(UserAlias.__table__.c.version))
    return (await tx.scalars(now.returning(UserAlias), execution_options={"populate_existing": True})).all()


def state(alias: UserAlias) -> UserMerged:
    return UserMerged(user_id=UserId(alias.id), version=alias.version, survivor_id=UserId(alias.survivor_id))


async def states(_: AsyncSession, aliases: Sequence[UserAlias]) -> list[UserMerged]:
    return [state(alias) for alias in aliases]
