"""Exports in PostgreSQL."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.exports import GatheredPart
from contracts.ids import UserId
from identity.exports import rules
from identity.models import Export, ExportPart, User


async def now(tx: AsyncSession) -> datetime:
    moment: datetime = (await tx.scalars(select(func.clock_timestamp()))).one()
    return moment


async def latest(tx: AsyncSession, user_id: UserId) -> Export | None:
    """What they asked for last, unless it is expired: one that failed is told of for another day."""
    theirs = select(Export).where(Export.user_id == user_id, ~_over())
    return await tx.scalar(theirs)


async def take_latest(tx: AsyncSession, user_id: UserId) -> Export | None:
    """The same, with nobody else asking for them until `tx` ends."""
    await tx.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))
    return await latest(tx, user_id)


async def begin(tx: AsyncSession, user_id: UserId) -> Export:
    """In the place of the one before."""
    await tx.execute(delete(Export).where(Export.user_id == user_id).execution_options(synchronize_session=False))
    tx.add(export := Export(user_id=user_id))
    await tx.flush()
    await tx.refresh(export)
    return export


async def take(tx: AsyncSession, export_id: UUID) -> Export | None:
    """The export for oneself: its parts are kept one after the other."""
    return await tx.get(Export, export_id, with_for_update=True, populate_existing=True)


async def keep(tx: AsyncSession, export: Export, service: str, part: GatheredPart) -> None:
    """Keep a part of an export that is taken, which is ready with the last that is missing."""
    columns = part.model_dump(mode="json", include={"export_id", "number", "last", "sections"})
    row = insert(ExportPart).values(columns | {"export_id": export.id, "service": service})
    await tx.execute(row.on_conflict_do_nothing())
    if export.ready_at is None and await gathered(tx, export) == {*rules.SERVICES}:
        export.ready_at = func.clock_timestamp()
        await tx.flush()


async def gathered(tx: AsyncSession, export: Export) -> set[str]:
    """The services that have told everything."""
    parts = select(ExportPart.service, ExportPart.number, ExportPart.last).where(ExportPart.export_id == export.id)
    numbers: defaultdict[str, set[int]] = defaultdict(set)
    last = {}
    for service, number, ends in await tx.execute(parts):
        numbers[service].add(number)
        if ends:
            last[service] = number
    return rules.gathered(numbers, last)


async def sweep(tx: AsyncSession) -> None:
    """Delete what is expired, and of what failed the parts that came."""
    await tx.execute(delete(Export).where(_over()).execution_options(synchronize_session=False))
    failed = select(Export.id).where(Export.requested_at < func.clock_timestamp() - rules.LASTS)
    parts = delete(ExportPart).where(ExportPart.export_id.in_(failed))
    await tx.execute(parts.execution_options(synchronize_session=False))


def _over() -> ColumnElement[bool]:
    age = func.clock_timestamp() - Export.requested_at
    return or_(age >= 2 * rules.LASTS, (age >= rules.LASTS) & Export.ready_at.is_not(None))
