"""Which pieces a newer matching takes for one name, and an older one did not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.models import PieceKind
from contracts.naming import MATCHING


@dataclass(frozen=True)
class Alike:
    """Each by its id, and as it is shown."""

    kind: PieceKind
    pieces: Mapping[UUID, str]


async def become_alike(
    tx: AsyncSession, kind: PieceKind, table: type[Any], keys: Collection[str], before: Mapping[UUID, str]
) -> list[Alike]:
    """Of those with one of these keys; `before` has the former key of each that had another."""
    folded = select(table).where(table.match_key.in_(keys), table.matching == MATCHING).order_by(table.id)
    groups: dict[str, list[Any]] = {}
    for row in await tx.scalars(folded):
        groups.setdefault(row.match_key, []).append(row)
    return [
        Alike(kind, {row.id: _shown(row) for row in rows})
        for key, rows in groups.items()
        if len({before.get(row.id, key) for row in rows}) > 1
    ]


def _shown(row: Any) -> str:
    year = getattr(row, "year", None)
    name = row.name if hasattr(row, "name") else f"{row.title} \u2013 {row.artist}"
    return f"{name} ({year})" if year else name
