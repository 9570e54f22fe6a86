"""Comparing people with their fellow members, a moment after one of them changed. Any number of processes may."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.bus import Up
from chassis.db import Database, Transactions
from contracts.ids import ClubId, UserId
from taste.clubs.store import fellows_of
from taste.marks import UNMATCHED
from taste.matching.store import Shelf, keep_row
from taste.models import Matches, Profile, Unmatched, User

SETTLE = timedelta(seconds=2)
# How many marks are looked for at once, and how many people compared in a transaction: most of the time goes to reading
# their fellow members, who are the same ones more often than not.
AT_ONCE, TOGETHER, IDLE = 48, 16, 1.0


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
    for some in (due[at : at + TOGETHER] for at in range(0, len(due), TOGETHER)):
        async with db.transaction() as tx:
            await rematch(tx, some, shelf)
    return len(due)


async def rematch(tx: AsyncSession, users: Sequence[UserId], shelf: Shelf) -> None:
    """Compare people with their fellow members, unless somebody else does; of whom nothing is shown, none is kept.

    Not with who is, or was until now, marked, too, and has the higher seat: they are compared with this one, in a later
    row or just now. So no pair is left out when two are compared at once, and none is compared twice when all are.
    """
    if not (taken := await UNMATCHED.take(tx, *users)):
        return
    marked = {*(await tx.scalars(select(Unmatched.user_id)))} | taken
    # A club of thousands has many of whom there is nothing to compare.
    known_of = {*(await tx.scalars(select(Profile.user_id).where(Profile.user_id.in_(taken))))}
    if unknown := taken - known_of:
        await tx.execute(delete(Matches).where(Matches.user_id.in_(unknown)))
    people = (await tx.scalars(select(User).where(User.id.in_(known_of)).order_by(User.seat))).all()
    clubs: dict[ClubId, Sequence[User]] = {}
    fellows = {user.id: await fellows_of(tx, user.id, clubs) for user in people}
    everybody = {each.id: each for user in people for each in (user, *fellows[user.id])}
    known = {each.user_id: each for each in await shelf.matchable(tx, [*everybody.values()])}
    among = sorted(known.values(), key=lambda each: each.seat)
    for user in people:
        beside = [each for each in fellows[user.id] if each.id in known and each.id != user.id]
        others = [known[each.id] for each in beside if each.seat < user.seat or each.id not in marked]
        if user.id in known and others:
            await keep_row(tx, user.id, await asyncio.to_thread(shelf.row_of, known[user.id], others, among))
        else:
            await tx.execute(delete(Matches).where(Matches.user_id == user.id))
