"""Says again what is so: to fill a new copy, to mend one, and after a restore to overrule what was said since."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import Base, Database, next_version
from chassis.outbox import publish
from contracts.event import Event

BATCH = 500
NONE_YET = UUID(int=0)


@dataclass(frozen=True)
class Announcer:
    """How a service states the aggregates of one noun.

    `root` is the table with `id` and `version`; `state` makes the events of some of its rows, read within `tx`.
    """

    event: type[Event]
    root: type[Any]
    state: Callable[[AsyncSession, Sequence[Any]], Awaitable[Sequence[Event]]]

    @property
    def noun(self) -> str:
        return self.event.topic.split(".")[1]


def by_name(announcers: Iterable[Announcer]) -> dict[str, Announcer]:
    """By noun; those that tell something else of a noun that has one already by noun and verb."""
    named: dict[str, Announcer] = {}
    for each in announcers:
        named[each.event.topic.partition(".")[2] if each.noun in named else each.noun] = each
    return named


async def reannounce(db: Database, announcer: Announcer, to: str | None = None) -> int:
    """Announce every aggregate as it is now: to one handler, or to all; how many."""
    announced, after = 0, NONE_YET
    while rows := await _some(db, announcer, after, to):
        announced += len(rows)
        after = rows[-1]
    return announced


async def _some(db: Database, announcer: Announcer, after: UUID, to: str | None) -> list[UUID]:
    root = announcer.root
    # Held until the announcement is committed, so that no newer state is announced before this one.
    batch = select(root).where(root.id > after).order_by(root.id).limit(BATCH).with_for_update(read=True)
    async with db.transaction() as tx:
        rows = (await tx.scalars(batch)).all()
        await publish(tx, *await announcer.state(tx, rows), to=to)
        return [row.id for row in rows]


async def raise_versions(db: Database, announcer: Announcer) -> None:
    """Lift every aggregate above whatever was announced of it before a restore."""
    root: type[Base] = announcer.root
    async with db.transaction() as tx:
        await tx.execute(update(root).values(version=next_version(root.__table__.c.version)))
