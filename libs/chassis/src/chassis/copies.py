"""Local copies of what other services own: the newest state wins, in whatever order the states arrive."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import Base


async def keep_newest(tx: AsyncSession, copy: type[Base], state: Mapping[str, Any]) -> None:
    """Upsert `state` (its columns, with `version`) by the copy's primary key, unless a newer one is there.

    Of equal versions the later arrival stays, so that a re-announcement mends a copy that was changed by hand.
    """
    table = copy.__table__.c
    row = insert(copy).values(**state)
    newest = row.on_conflict_do_update(
        index_elements=[column for column in table if column.primary_key],
        set_={name: row.excluded[name] for name in state},
        where=row.excluded.version >= table.version,
    )
    await tx.execute(newest)
