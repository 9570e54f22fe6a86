"""Overrides in PostgreSQL: each for ever, the newest holds."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from club.audit.record import record
from club.models import Override, Week
from club.overrides.rules import NoResult
from club.results.store import find


async def check_decided(tx: AsyncSession, week: Week) -> None:
    if await find(tx, week.id) is None:
        raise NoResult


def differs(week: Week, winner: Mapping[str, Any]) -> bool:
    """Whether the columns of `winner` change anything of the week: what wins already needs no override."""
    return any(getattr(week, name) != value for name, value in winner.items())


async def keep(tx: AsyncSession, week: Week, reason: str, actor: str) -> None:
    """Note who set the winner that the week now has, and why."""
    told = {"nomination_id": week.winner_nomination_id, "album_id": week.winner_album_id}
    override = Override(week_id=week.id, reason=reason, actor=actor, **told)
    tx.add(override)
    await tx.flush()
    await record(tx, "winner.overridden", week.id, week.club_id, after=told, reason=reason)
