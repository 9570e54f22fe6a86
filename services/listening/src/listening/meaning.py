"""Every id that means one album or artist: what was counted under it stays so, and is read through it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import Id, survivor_of


async def every_id(tx: AsyncSession, aliases: type[Any], any_id: Id) -> list[Id]:
    """Those that mean what this one means now, with what they all are called first."""
    stands = await survivor_of(tx, aliases, any_id)
    others = select(aliases.id).where(aliases.survivor_id == stands, aliases.id != stands).order_by(aliases.id)
    return [stands, *(await tx.scalars(others))]
