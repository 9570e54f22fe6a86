"""Who writes of somebody's listens is alone with them: plays and their sums are changed by one at a time."""

from collections.abc import Collection

from sqlalchemy import ARRAY, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.departures import hold
from contracts.ids import UserId

# In the order of the numbers, so that no two who want several wait in a ring.
_ALONE = text("""
    SELECT pg_advisory_xact_lock(number) FROM (
        SELECT DISTINCT hashtextextended(current_schema() || '.plays:' || id::text, 0) AS number
        FROM unnest(:users) AS id ORDER BY number OFFSET 0
    ) AS numbers
""").bindparams(bindparam("users", type_=ARRAY(Uuid)))
_ALIASES = text("SELECT old_id, survivor_id FROM user_aliases WHERE old_id = ANY(:users)").bindparams(
    bindparam("users", type_=ARRAY(Uuid))
)
_SHARED = text("SELECT pg_advisory_xact_lock_shared(hashtextextended(current_schema() || '.pieces', 0))")
_WHOLE = text("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.pieces', 0))")


async def be_alone(tx: AsyncSession) -> None:
    """Until `tx` ends nobody writes of anybody's listens: for what changes the pieces that they count for."""
    await tx.execute(_WHOLE)


async def keep_pieces(tx: AsyncSession) -> None:
    """Until `tx` ends every track counts for the pieces it does now. Before anything else is taken."""
    await tx.execute(_SHARED)


async def be_alone_with(tx: AsyncSession, users: Collection[UserId]) -> dict[UserId, UserId]:
    """Whom each of these is now, by the id they were named by; who has left is not among them.

    Until `tx` ends nobody else writes of them, merges them or lets them leave.
    """
    await keep_pieces(tx)
    wanted = sorted(set(users))
    left = await hold(tx, wanted)
    who = await _now(tx, [each for each in wanted if each not in left])
    await tx.execute(_ALONE, {"users": sorted({*who.values()})})
    # Somebody may have been merged while this waited for them.
    again = await _now(tx, sorted({*who.values()}))
    if any(old != now for old, now in again.items()):
        await tx.execute(_ALONE, {"users": sorted({*again.values()} - {*who.values()})})
    return {old: again[now] for old, now in who.items()}


async def _now(tx: AsyncSession, users: Collection[UserId]) -> dict[UserId, UserId]:
    known = {row.old_id: row.survivor_id for row in await tx.execute(_ALIASES, {"users": list(users)})}
    return {each: known.get(each, each) for each in users}
