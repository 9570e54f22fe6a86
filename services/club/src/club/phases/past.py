"""What a week took at an earlier moment."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from club.models import Moved, Week
from club.phases.rules import phase_at
from contracts.phases import Phase


async def remember(tx: AsyncSession, week: Week) -> None:
    """A week that is taken is in its phase from now on."""
    await tx.execute(insert(Moved).values(week_id=week.id, phase=week.phase))


async def phase_then(tx: AsyncSession, week: Week, moment: datetime) -> Phase:
    """The phase that a write would have met; before the week was made, the one it began in."""
    moves = select(Moved.phase).where(Moved.week_id == week.id)
    entered = await tx.scalar(moves.where(Moved.at <= moment).order_by(Moved.at.desc()).limit(1))
    begun = entered or await tx.scalar(moves.order_by(Moved.at).limit(1)) or week.phase
    return phase_at(begun, week.deadlines, moment)
