"""Marks of whom something is to be computed anew: written in one transaction with what changed."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ARRAY, Uuid, bindparam, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import survivors_of
from chassis.departures import hold
from contracts.ids import UserId
from taste.models import StaleProfile, Unmatched, UserAlias


class Marks:
    """Those of one table, which has who is marked and since when."""

    def __init__(self, table: type[StaleProfile | Unmatched]) -> None:
        self._table = table
        # An update that changes nothing waits for whoever takes the mark away just now; then it is made anew.
        self._put = text(f"""
            INSERT INTO {table.__tablename__} AS t (user_id) SELECT id FROM unnest(:ids) AS id ORDER BY id
            ON CONFLICT (user_id) DO UPDATE SET since = t.since
        """).bindparams(bindparam("ids", type_=ARRAY(Uuid)))  # noqa: S608 — a table's own name

    async def put(self, tx: AsyncSession, *users: UserId) -> None:
        if users:
            await tx.execute(self._put, {"ids": [*set(users)]})

    async def due(self, tx: AsyncSession, settle: timedelta, most: int) -> Sequence[UserId]:
        """Those whose mark is as old, the oldest first."""
        table = self._table
        old = table.since <= func.clock_timestamp() - settle
        return (await tx.scalars(select(table.user_id).where(old).order_by(table.since).limit(most))).all()

    async def take(self, tx: AsyncSession, *users: UserId) -> set[UserId]:
        """Take marks away; of whom there is something to compute: nobody else does, and they are who they were.

        What comes in from here on waits to mark them anew, and so is not missed. Before any row is taken.
        """
        table = self._table
        left = await hold(tx, users)
        mine = select(table.user_id).where(table.user_id.in_(users)).with_for_update(skip_locked=True)
        taken = await tx.scalars(delete(table).where(table.user_id.in_(mine)).returning(table.user_id))
        others = await survivors_of(tx, UserAlias, users)
        return {user_id for user_id in taken if user_id not in left and user_id not in others}


STALE, UNMATCHED = Marks(StaleProfile), Marks(Unmatched)
