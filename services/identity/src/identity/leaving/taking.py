"""Taking somebody who is going to leave, by every id that they have."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import departures
from chassis.aliases import one_merge_at_a_time, survivor_of
from contracts.ids import UserId
from identity.models import UserAlias


class _Otherwise(Exception):
    """They have other ids than was known."""

    def __init__(self, found: Sequence[UserId]) -> None:
        super().__init__("otherwise")
        self.found = found


async def take(tx: AsyncSession, user_id: UserId, beside: Collection[UserId]) -> Sequence[UserId]:
    """All ids of the person whom the id means, the present one first: who writes for them has ended, or waits.

    `beside` are taken along: whoever asks for it does not leave meanwhile.
    """
    known = await _ids(tx, user_id)
    while True:
        try:
            # Leaving it by an exception lets go of what was taken in it: people come before merges.
            async with tx.begin_nested():
                await departures.take(tx, {*known, *beside})
                return await _still(tx, user_id, known)
        except _Otherwise as otherwise:
            known = otherwise.found


async def _still(tx: AsyncSession, user_id: UserId, known: Sequence[UserId]) -> Sequence[UserId]:
    await one_merge_at_a_time(tx, UserAlias)
    found = await _ids(tx, user_id)
    if found != known:
        raise _Otherwise(found)
    return found


async def _ids(tx: AsyncSession, user_id: UserId) -> Sequence[UserId]:
    current = await survivor_of(tx, UserAlias, user_id)
    aliases = select(UserAlias.id).where(UserAlias.survivor_id == current).order_by(UserAlias.id)
    return [current, *map(UserId, await tx.scalars(aliases))]
