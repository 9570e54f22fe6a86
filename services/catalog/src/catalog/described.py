"""What sources call a piece: its genres, its tags, and its other names."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.models import PieceAlias, PieceKind, Tagging
from contracts import catalog
from contracts.catalog import OtherName


async def genres_and_tags(
    tx: AsyncSession, kind: PieceKind, piece_id: UUID
) -> tuple[list[catalog.Tagging], list[catalog.Tagging]]:
    """The weightiest first."""
    own = select(Tagging).where(Tagging.kind == kind, Tagging.piece_id == piece_id)
    rows = (await tx.scalars(own.order_by(Tagging.weight.desc(), Tagging.name, Tagging.source))).all()
    return _told(row for row in rows if row.is_genre), _told(row for row in rows if not row.is_genre)


async def other_names(tx: AsyncSession, kind: PieceKind, piece_id: UUID) -> list[OtherName]:
    own = select(PieceAlias).where(PieceAlias.kind == kind, PieceAlias.piece_id == piece_id)
    return [OtherName.model_validate(row) for row in await tx.scalars(own.order_by(PieceAlias.name))]


def _told(rows: Iterable[Tagging]) -> list[catalog.Tagging]:
    return [catalog.Tagging.model_validate(row) for row in rows]
