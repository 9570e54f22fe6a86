"""Comparing people with their fellow members, a moment after one of them changed. Any number of processes may."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.bus import Up
from chassis.db import Database, Transactions
from contracts.ids import UserId
from taste.clubs.store import fellows_of
from taste.marks import UNMATCHED
from taste.matching.rules import Matchable, row_of
from taste.matching.store import Shelf, keep_row
from taste.models import Matches, Unmatched, User

SETTLE = timedelta(seconds=2)
AT_ONCE, IDLE = 50, 1.0


async def keep_matching(db: Database, up: Up) -> None:
    shelf = Shelf()
    while True:
        worked = await match_due(db, SETTLE, shelf)
        up()
        if not worked:
            await asyncio.sleep(IDLE)


async def match_due(db: Transactions, settle: timedelta = timedelta(0), shelf: Shelf | None = None) -> int:
    """Compare some of those whose mark is as old; how many."""
    shelf = shelf or Shelf()
    async with db.transaction() as tx:
        due = await UNMATCHED.due(tx, settle, AT_ONCE)
    for user_id in due:
        async with db.transaction() as tx:
            await rematch(tx, user_id, shelf)
    return len(due)


async def rematch(tx: AsyncSession, user_id: UserId, shelf: Shelf) -> None:
    """Compare somebody with their fellow members, unless somebody else does; of whom nothing is shown, none is kept.

    Not with who is marked, too, and has the higher seat: they will be compared with this one, in a later row. So no
    pair is left out when two are compared at once, and none is compared twice when all are.
    """
    if not await UNMATCHED.take(tx, user_id):
        return
    marked = {*(await tx.scalars(select(Unmatched.user_id)))}
    own = await tx.get(User, user_id)
    me = await shelf.matchable(tx, [own]) if own else []
    others: Sequence[Matchable] = []
    if own and me:
        fellows = [user for user in await fellows_of(tx, user_id) if user.seat < own.seat or user.id not in marked]
        others = await shelf.matchable(tx, [user for user in fellows if user.id != user_id])
    if others:
        await keep_row(tx, user_id, await asyncio.to_thread(row_of, me[0], others))
    else:
        await tx.execute(delete(Matches).where(Matches.user_id == user_id))
