"""Keeping what a worker told, and that it did."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.taste import TasteProfile
from taste.journal import journal
from taste.models import OutsideProfile
from taste.outside.store import keep_told, kept_by

AUDITED = ("origin", "formula_version", "computed_at", "inputs_hash")


async def keep(tx: AsyncSession, profile: TasteProfile) -> bool:
    """Whether it changed anything."""
    before = _noted(await kept_by(tx, profile.user_id, profile.origin))
    if not await keep_told(tx, profile):
        return False
    after = _noted(await kept_by(tx, profile.user_id, profile.origin))
    await journal.record(tx, "taste.told", profile.user_id, before, after)
    return True


def _noted(row: OutsideProfile | None) -> dict[str, Any] | None:
    return None if row is None else {name: getattr(row, name) for name in AUDITED}
