"""How far the sources were asked, and asking again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.enrichment.queue import BEHIND, CREDITED, NAMED, ask_for
from catalog.models import Album, Artist, CachedAnswer, EnrichmentJob, PieceKind, SourceSlot
from catalog.sources.cache import doubt, doubt_older
from chassis.db import Transactions

STATES = ("waiting", "done", "failed")
MOST_ERRORS, BATCH = 10, 1000
# Of what sources are asked, and how soon where it was there already.
ASKED: dict[PieceKind, type[Any]] = {"album": Album, "artist": Artist}
PRIORITY: dict[PieceKind, int] = {"album": BEHIND, "artist": CREDITED}


@dataclass(frozen=True)
class Overview:
    """`jobs` of each kind by their state; `closed`: for how many seconds a source is not asked.

    `errors`: how many jobs there are with each note.
    """

    jobs: dict[PieceKind, dict[str, int]]
    closed: dict[str, float]
    errors: dict[str, int]
    answers: int


async def overview(db: Transactions) -> Overview:
    left = func.extract("epoch", SourceSlot.closed_until - func.clock_timestamp())
    states = select(EnrichmentJob.kind, EnrichmentJob.state, func.count())
    states = states.group_by(EnrichmentJob.kind, EnrichmentJob.state)
    notes = select(EnrichmentJob.error, func.count()).where(EnrichmentJob.error.is_not(None))
    usual = notes.group_by(EnrichmentJob.error).order_by(func.count().desc(), EnrichmentJob.error).limit(MOST_ERRORS)
    async with db.transaction() as tx:
        counted = {(kind, state): number for kind, state, number in await tx.execute(states)}
        closed = {source: float(s) for source, s in await tx.execute(select(SourceSlot.source, left).where(left > 0))}
        errors = {str(why): number for why, number in await tx.execute(usual)}
        answers = await tx.scalar(select(func.count()).select_from(CachedAnswer))
    jobs = {kind: {state: counted.get((kind, state), 0) for state in STATES} for kind in ASKED}
    return Overview(jobs, closed, errors, answers or 0)


async def due(db: Transactions) -> int:
    """How many could be worked on now."""
    now = func.clock_timestamp()
    waiting = select(func.count()).select_from(EnrichmentJob)
    async with db.transaction() as tx:
        return await tx.scalar(waiting.where(EnrichmentJob.state == "waiting", EnrichmentJob.due_at <= now)) or 0


async def ask_for_missing(db: Transactions) -> dict[PieceKind, int]:
    """About pieces without a job, and those whose job has failed; how many."""
    asked: dict[PieceKind, int] = {}
    for kind, table in ASKED.items():
        job = (EnrichmentJob.kind == kind) & (EnrichmentJob.piece_id == table.id)
        missing = select(table.id).outerjoin(EnrichmentJob, job).where(_askable(kind))
        never = or_(EnrichmentJob.id.is_(None), EnrichmentJob.state == "failed")
        async with db.transaction() as tx:
            ids = (await tx.scalars(missing.where(never))).all()
            await _again(tx, kind, ids, PRIORITY[kind])
        asked[kind] = len(ids)
    return asked


async def ask_again(db: Transactions, piece: UUID | None, older_than: float) -> dict[PieceKind, int]:
    """About this piece, or all of whom sources told more than so many days ago, or never; how many."""
    before = func.now() - timedelta(days=older_than)
    asked: dict[PieceKind, int] = {}
    names: set[str] = set()
    for kind, table in ASKED.items():
        which = or_(table.enriched_at.is_(None), table.enriched_at <= before) if piece is None else table.id == piece
        async with db.transaction() as tx:
            found = (
                await tx.execute(select(table.id, table.mbid, table.spotify_id).where(which, _askable(kind)))
            ).all()
            await _again(tx, kind, [row.id for row in found], PRIORITY[kind] if piece is None else NAMED)
        names |= {str(name) for row in found for name in (row.mbid, row.spotify_id) if name}
        asked[kind] = len(found)
    if piece is None:
        await doubt_older(db, timedelta(days=older_than))
    else:
        await doubt(db, names)
    return asked


def _askable(kind: PieceKind) -> ColumnElement[bool]:
    """Albums are looked for by name; artists are known once an album credits them by an id."""
    return Artist.mbid.is_not(None) if kind == "artist" else true()


async def _again(tx: AsyncSession, kind: PieceKind, ids: Sequence[UUID], priority: int) -> None:
    for at in range(0, len(ids), BATCH):
        await ask_for(tx, ids[at : at + BATCH], priority, kind, again=True)
