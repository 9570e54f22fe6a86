"""Local copies of what other services own: the newest state wins, in whatever order the states arrive."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import Base


async def keep_newest(tx: AsyncSession, copy: type[Base], state: Mapping[str, Any]) -> None:
    """Upsert `state` (its columns, with `version`) by the copy's primary key, unless a newer one is there.

    Of equal versions the later arrival stays, so that a re-announcement mends a copy that was changed by hand.
    """
    await tx.execute(_newest(copy, tuple(state)), dict(state))


async def keep_newest_of_all(tx: AsyncSession, copy: type[Base], states: Sequence[Mapping[str, Any]]) -> None:
    """The same for many, all of the same columns, in the order of their keys so that no two of these wait in a ring."""
    if states:
        keys = [column.name for column in copy.__table__.primary_key]
        in_order = sorted(states, key=lambda state: tuple(state[key] for key in keys))
        await tx.execute(_newest(copy, tuple(states[0])), [dict(state) for state in in_order])


@cache
def _newest(copy: type[Base], columns: tuple[str, ...]) -> Insert:
    """Built once, since building it takes longer than what it does."""
    table, row = copy.__table__.c, insert(copy)
    return row.on_conflict_do_update(
        index_elements=[column for column in table if column.primary_key],
        set_={name: row.excluded[name] for name in columns},
        where=row.excluded.version >= table.version,
    )
