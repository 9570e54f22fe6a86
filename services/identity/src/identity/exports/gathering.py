"""Asking all services for what they keep of somebody, and keeping what they tell."""

from datetime import timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import first_version
from chassis.departures import hold
from chassis.exporting import in_parts
from chassis.outbox import publish
from contracts.exports import ExportJob, ExportRequested, GatheredPart
from contracts.ids import UserId
from identity.exports import own, rules, store
from identity.models import Export


async def ask(tx: AsyncSession, user_id: UserId) -> Export:
    """The export that is being gathered for them, begun if none is. Raises ExportTooSoon."""
    standing = await store.take_latest(tx, user_id)
    now = await store.now(tx)
    if standing is not None:
        how = rules.state(standing.requested_at, standing.ready_at, now)
        if how == "gathering":
            return standing
        if how == "ready":
            rules.check_not_too_soon(standing.requested_at, now)
    export = await store.begin(tx, user_id)
    version = (await tx.scalars(select(first_version()))).one()
    others = await own.aliases(tx, user_id)
    await publish(tx, ExportRequested(export_id=export.id, user_id=user_id, aliases=others, version=version))
    parts = list(in_parts(await own.kept_of(tx, user_id)))
    for number, sections in enumerate(parts):
        about = {"export_id": export.id, "user_id": user_id, "sections": sections}
        last = number == len(parts) - 1
        await store.keep(tx, export, "identity", GatheredPart(number=number, last=last, **about))
    return export


async def keep(tx: AsyncSession, service: str, part: GatheredPart) -> None:
    """Keep what a service has told; of an export that is over, or of somebody who has left, nothing."""
    if await hold(tx, [part.user_id]):
        return
    export = await store.take(tx, part.export_id)
    if export is not None and export.user_id == part.user_id:
        await store.keep(tx, export, service, part)


async def job(tx: AsyncSession, export: Export) -> ExportJob:
    """How far it is."""
    told = await store.gathered(tx, export)
    services: dict[str, Literal["waiting", "gathered"]] = {
        each: "gathered" if each in told or export.ready_at else "waiting" for each in rules.SERVICES
    }
    kept: timedelta = rules.LASTS
    return ExportJob(
        id=export.id,
        state=rules.state(export.requested_at, export.ready_at, await store.now(tx)),
        requested_at=export.requested_at,
        expires_at=export.requested_at + kept,
        services=services,
    )
