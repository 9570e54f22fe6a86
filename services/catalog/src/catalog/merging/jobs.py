"""What sources are still to be asked of a piece that was merged: nothing, until it is itself again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.merging.pieces import Noun
from catalog.models import EnrichmentJob


async def drop_job(tx: AsyncSession, noun: Noun, piece_id: UUID) -> dict[str, Any] | None:
    """The job as it was; whoever works on it holds it no longer."""
    theirs = delete(EnrichmentJob).where(EnrichmentJob.kind == noun.kind, EnrichmentJob.piece_id == piece_id)
    row = (await tx.scalars(theirs.returning(EnrichmentJob))).one_or_none()
    if row is None:
        return None
    kept = {"id": str(row.id), "kind": row.kind, "piece_id": str(piece_id), "state": row.state}
    return kept | {"priority": row.priority, "asked_at": row.asked_at.isoformat()}


async def put_job_back(tx: AsyncSession, job: dict[str, Any] | None) -> None:
    if job is None:
        return
    ids = {name: UUID(job[name]) for name in ("id", "piece_id")}
    row = job | ids | {"asked_at": datetime.fromisoformat(job["asked_at"])}
    await tx.execute(insert(EnrichmentJob).values(row).on_conflict_do_nothing())
