"""Keeps what the other services announce of who did what."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.audit import Audited
from chassis.consumer import Consumer
from chassis.departures import hold
from chassis.forgetting import forget_in_entry
from club.audit import rules
from contracts.audit import CatalogAuditRecorded, IdentityAuditRecorded, TasteAuditRecorded

consumer = Consumer()


@consumer.on(IdentityAuditRecorded)
async def keep_identity_audit(recorded: IdentityAuditRecorded, tx: AsyncSession) -> None:
    await _keep(tx, recorded)


@consumer.on(CatalogAuditRecorded)
async def keep_catalog_audit(recorded: CatalogAuditRecorded, tx: AsyncSession) -> None:
    await _keep(tx, recorded)


@consumer.on(TasteAuditRecorded)
async def keep_taste_audit(recorded: TasteAuditRecorded, tx: AsyncSession) -> None:
    await _keep(tx, recorded)


async def _keep(tx: AsyncSession, recorded: IdentityAuditRecorded | CatalogAuditRecorded | TasteAuditRecorded) -> None:
    entry = recorded.entry
    gone = await hold(tx, rules.ids_in(entry.model_dump_json()))
    # What was done is not done again: of an entry there is one state only.
    row = insert(Audited).values(**entry.model_dump(), version=recorded.version)
    if await tx.scalar(row.on_conflict_do_nothing().returning(Audited.id)) and gone:
        await forget_in_entry(tx, entry.id, entry.subject_id, gone)
