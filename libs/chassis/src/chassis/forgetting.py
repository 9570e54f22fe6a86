"""What every service keeps of people by the way: who did what, answers to repeats, announcements that nobody took."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, Uuid, cast, delete, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from chassis import departures
from chassis.aliases import drop_aliases
from chassis.idempotency import Answer
from chassis.outbox import Outgoing

AT_ONCE = 50_000
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Leaver:
    """Somebody who left, by all the ids they had, and the id under which what stays is kept.

    `words` are what else names them, as a Discord id or a handle. `own` are the ids of what was theirs alone: whatever
    the audit tells of these, it tells of them.
    """

    ids: Collection[UUID]
    former_id: UUID
    words: Collection[str] = ()
    own: Collection[str] = ()


async def drop(
    tx: AsyncSession, leaver: Leaver, *whose: InstrumentedAttribute[Any], aliases: type[Any] | None = None
) -> None:
    """Let somebody have left a service in which all that is theirs is gone with them: rows whose columns name them."""
    await departures.take(tx, leaver.ids)
    await departures.keep(tx, leaver.ids)
    if aliases is not None:
        await drop_aliases(tx, aliases, leaver.ids)
    for each in whose:
        theirs = delete(each.class_).where(each.in_(leaver.ids))
        await tx.execute(theirs.execution_options(synchronize_session=False))
    await forget(tx, leaver)


async def forget(tx: AsyncSession, leaver: Leaver) -> None:
    """Of who has left: the audit tells of somebody former, without names and texts; the rest of it is gone.

    The last thing to be done in `tx`: whoever wrote of them has ended by then.
    """
    await _in_audit(tx, leaver)
    named = [*map(str, leaver.ids), *leaver.words]
    spoke = [Answer.principal == f"user:{each}" for each in leaver.ids]
    spoke += [Answer.path.regexp_match(f"[/:@]{re.escape(each)}(/|$)") for each in named]
    spoke += [func.pg_catalog.position(Answer.body, str(each).encode()) > 0 for each in leaver.ids]
    await tx.execute(delete(Answer).where(or_(*spoke)))
    told = [Outgoing.body.contains(str(each)) for each in leaver.ids]
    await tx.execute(delete(Outgoing).where(Outgoing.parked.is_not(None), or_(*told)))


async def forget_in_entry(tx: AsyncSession, entry_id: UUID, subject_id: str, gone: Collection[UUID]) -> None:
    """The same of one entry that came late: as whom what stays of them is kept, nobody knows any more."""
    before = literal(UUID(int=entry_id.int - 1), Uuid)
    await tx.execute(select(func.forget_in_audit(*_about(Leaver(gone, NOBODY, own=[subject_id])), before, 1)))


async def _in_audit(tx: AsyncSession, leaver: Leaver) -> None:
    """Some at a time: years of it may be looked through."""
    after: UUID | None = NOBODY
    while after is not None:
        some = func.forget_in_audit(*_about(leaver), literal(after, Uuid), AT_ONCE)
        after = await tx.scalar(select(some))


def _about(leaver: Leaver) -> tuple[ColumnElement[Any], ...]:
    return (
        cast([*leaver.ids], ARRAY(Uuid)),
        cast([*leaver.own], ARRAY(String)),
        cast([*leaver.words], ARRAY(String)),
        literal(leaver.former_id, Uuid),
    )
