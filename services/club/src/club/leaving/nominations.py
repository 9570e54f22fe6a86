"""Nominations of who has left: they stay, as a former member's, and without what was said of them."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, null, update
from sqlalchemy.ext.asyncio import AsyncSession

from club.merging.nominations import fold_nominations
from club.models import Nominator
from contracts.ids import UserId, WeekId


async def leave_nominations(
    tx: AsyncSession, leaver: UserId, former: UserId, weeks: Collection[WeekId]
) -> dict[str, Any]:
    """In weeks that are taken; which."""
    silent = {"pitch": None, "pitch_track_url": None, "ref": null(), "updated_at": func.clock_timestamp()}
    theirs = update(Nominator).where(Nominator.user_id == leaver).values(silent)
    await tx.execute(theirs.execution_options(synchronize_session=False))
    became = await fold_nominations(tx, leaver, former, weeks)
    return {"kept": became["moved"]}
