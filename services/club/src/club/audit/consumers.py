"""Keeps what the other services announce of who did what."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.audit import Audited
from chassis.consumer import Consumer
from contracts.audit import CatalogAuditRecorded, IdentityAuditRecorded

consumer = Consumer()


@consumer.on(IdentityAuditRecorded)
async def keep_identity_audit(recorded: IdentityAuditRecorded, tx: AsyncSession) -> None:
    await _keep(tx, recorded)


@consumer.on(CatalogAuditRecorded)
async def keep_catalog_audit(recorded: CatalogAuditRecorded, tx: AsyncSession) -> None:
    await _keep(tx, recorded)


async def _keep(tx: AsyncSession, recorded: IdentityAuditRecorded | CatalogAuditRecorded) -> None:
    # What was done is not done again: of an entry there is one state only.
    row = insert(Audited).values(**recorded.entry.model_dump(), version=recorded.version)
    await tx.execute(row.on_conflict_do_nothing())
