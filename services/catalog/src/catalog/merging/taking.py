"""Taking the rows that a merge changes."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from catalog.merging.pieces import Noun
from catalog.models import Album


async def take(tx: AsyncSession, noun: Noun, *ids: UUID) -> dict[UUID, Any]:
    """As they are, and so they stay until `tx` ends. The caller has locked all names."""
    held = select(noun.table).where(noun.table.id.in_(ids)).order_by(noun.table.id)
    if noun.table is Album:
        held = held.options(selectinload(Album.credits))
    rows = await tx.scalars(held.with_for_update(), execution_options={"populate_existing": True})
    return {row.id: row for row in rows}
