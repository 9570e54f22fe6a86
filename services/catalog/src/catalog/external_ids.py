"""Ids by which pieces are known elsewhere: each is one piece's, but for ISRCs."""

from collections.abc import Collection, Sequence
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.models import ExternalId, IdSource, PieceKind

Named: TypeAlias = tuple[IdSource, str]


async def holders(tx: AsyncSession, kind: PieceKind, ids: Collection[Named]) -> dict[Named, UUID]:
    """Of those of `ids` that are some piece's: whose; an ISRC is the oldest piece's that has it."""
    if not ids:
        return {}
    named = tuple_(ExternalId.source, ExternalId.value).in_(ids)
    rows = select(ExternalId).where(ExternalId.kind == kind, named).order_by(ExternalId.piece_id.desc())
    return {(row.source, row.value): row.piece_id for row in await tx.scalars(rows)}


async def claim(tx: AsyncSession, kind: PieceKind, piece_id: UUID, ids: Collection[Named]) -> Sequence[Named]:
    """Let these ids be the piece's; which of them are another's, and stay so. Claiming again changes nothing."""
    if not ids:
        return []
    await claim_all(tx, kind, {(named, piece_id) for named in ids})
    named = tuple_(ExternalId.source, ExternalId.value).in_(ids)
    own = select(ExternalId).where(ExternalId.kind == kind, ExternalId.piece_id == piece_id, named)
    mine = {(row.source, row.value) for row in await tx.scalars(own)}
    return [each for each in ids if each not in mine]


async def release(tx: AsyncSession, kind: PieceKind, piece_id: UUID, ids: Collection[Named]) -> None:
    """Let these ids be the piece's no more."""
    named = tuple_(ExternalId.source, ExternalId.value).in_(ids)
    await tx.execute(delete(ExternalId).where(ExternalId.kind == kind, ExternalId.piece_id == piece_id, named))


async def claim_all(tx: AsyncSession, kind: PieceKind, claims: Collection[tuple[Named, UUID]]) -> None:
    """Let each of these ids be the piece's beside it; one that is another's stays so."""
    if claims:
        rows = [
            {"kind": kind, "source": source, "value": value, "piece_id": piece_id}
            for (source, value), piece_id in sorted(claims)
        ]
        await tx.execute(insert(ExternalId).values(rows).on_conflict_do_nothing())
