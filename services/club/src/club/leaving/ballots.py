"""Ballots of who has left: those that are counted stay so, the others are struck."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from club.merging.ballots import fold_ballots, strike, taken
from club.models import BallotSecret, Result
from contracts.ids import UserId, WeekId


async def leave_ballots(tx: AsyncSession, leaver: UserId, former: UserId, weeks: Collection[WeekId]) -> dict[str, Any]:
    """In weeks that are taken; what became of them."""
    decided = set(await tx.scalars(select(Result.week_id).where(Result.week_id.in_(weeks))))
    open_polls = [week_id for week_id in weeks if week_id not in decided]
    struck = [await strike(tx, ballot) for ballot in await taken(tx, leaver, open_polls)]
    became = await fold_ballots(tx, leaver, former, decided)
    # What is left is of struck ballots. Nobody's: a former member's would be taken for what that one chose.
    theirs = update(BallotSecret).where(BallotSecret.user_id == leaver).values(user_id=None)
    await tx.execute(theirs.execution_options(synchronize_session=False))
    return {"moved": became["moved"], "struck": struck}
