"""What is still to be asked: one job a piece, leased by whoever works on it, kept until it is done or has failed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from catalog.models import EnrichmentJob, PieceKind
from chassis.db import Transactions

# The lower, the sooner: what the club looks at now, what was just named, what came from elsewhere, what was there; and
# who is credited on all of them.
NOMINATED, NAMED, ADOPTED, BEHIND, CREDITED = 10, 20, 30, 40, 50
# Longer than the sources together may take for one album, in turns with others.
LEASE = timedelta(minutes=5)
LONGEST_ERROR = 500


class LeaseLost(Exception):
    """Somebody else works on it now: what was found out is theirs to write."""


@dataclass(frozen=True)
class Leased:
    id: UUID
    kind: PieceKind
    piece_id: UUID
    attempts: int
    lease: UUID


async def ask_for(
    tx: AsyncSession, pieces: Iterable[UUID], priority: int, kind: PieceKind = "album", *, again: bool = False
) -> None:
    """That sources be asked about these. One that waits already only moves forward; `again`: also those that ended."""
    rows = [{"id": uuid7(), "kind": kind, "piece_id": piece, "priority": priority} for piece in sorted(set(pieces))]
    if not rows:
        return
    row = insert(EnrichmentJob).values(rows)
    sooner = (EnrichmentJob.state == "waiting") & (EnrichmentJob.priority > row.excluded.priority)
    anew = {"state": "waiting", "due_at": func.now(), "attempts": 0, "error": None, "asked_at": func.now()}
    changes: dict[str, Any] = {"priority": func.least(EnrichmentJob.priority, row.excluded.priority)}
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=["kind", "piece_id"],
            set_=changes | (anew if again else {}),
            where=None if again else sooner,
        )
    )


async def lease(db: Transactions) -> Leased | None:
    """The job that is due first, for a while; None when nothing is."""
    now = func.clock_timestamp()
    free = or_(EnrichmentJob.leased_until.is_(None), EnrichmentJob.leased_until < now)
    next_ = (
        select(EnrichmentJob.id)
        .where(EnrichmentJob.state == "waiting", EnrichmentJob.due_at <= now, free)
        .order_by(EnrichmentJob.priority, EnrichmentJob.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    told = (*(getattr(EnrichmentJob, name) for name in ("id", "kind", "piece_id", "attempts", "lease")),)
    taken = update(EnrichmentJob).where(EnrichmentJob.id == next_).values(lease=uuid4(), leased_until=now + LEASE)
    async with db.transaction() as tx:
        row = (await tx.execute(taken.returning(*told))).one_or_none()
    return None if row is None else Leased(*row)


async def done(tx: AsyncSession, job: Leased, note: str | None = None) -> None:
    """Raises LeaseLost, as do the others."""
    await _end(tx, job, state="done", error=note, done_at=func.clock_timestamp())


async def postpone(tx: AsyncSession, job: Leased, seconds: float, why: str) -> None:
    """Nothing is held against it: whom it needs is away."""
    await _end(tx, job, due_at=_in(seconds), error=why)


async def fail(tx: AsyncSession, job: Leased, ladder: tuple[float, ...], why: str) -> None:
    """Another try later, or, past the end of the ladder, none."""
    attempts = job.attempts + 1
    if attempts > len(ladder):
        await _end(tx, job, state="failed", attempts=attempts, error=why)
    else:
        await _end(tx, job, attempts=attempts, due_at=_in(ladder[attempts - 1]), error=why)


async def _end(tx: AsyncSession, job: Leased, **changes: Any) -> None:
    changes |= {"error": (changes["error"] or "")[:LONGEST_ERROR] or None, "lease": None, "leased_until": None}
    held = update(EnrichmentJob).where(EnrichmentJob.id == job.id, EnrichmentJob.lease == job.lease)
    if await tx.scalar(held.values(**changes).returning(EnrichmentJob.id)) is None:
        raise LeaseLost


def _in(seconds: float) -> ColumnElement[Any]:
    return func.clock_timestamp() + timedelta(seconds=seconds)
