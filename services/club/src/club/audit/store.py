"""The audit in PostgreSQL."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.audit import Audited
from club.audit.rules import Filters

SAME = ("club_id", "service", "subject_id", "actor_id", "actor_kind", "request_id")


async def page(tx: AsyncSession, filters: Filters, before: UUID | None, limit: int) -> Sequence[Audited]:
    """Newest first, from the one after `before` on; one more than `limit`, if there are more."""
    entries = select(Audited).where(*_fits(filters)).order_by(Audited.id.desc()).limit(limit + 1)
    if before is not None:
        entries = entries.where(Audited.id < before)
    return (await tx.scalars(entries)).all()


def _fits(filters: Filters) -> Iterable[ColumnElement[bool]]:
    for name in SAME:
        if (value := getattr(filters, name)) is not None:
            yield getattr(Audited, name) == value
    if filters.action is not None:
        yield or_(Audited.action == filters.action, Audited.action.startswith(f"{filters.action}.", autoescape=True))
    if filters.since is not None:
        yield Audited.at >= filters.since
    if filters.until is not None:
        yield Audited.at < filters.until
