"""What a week takes right now, by the database's clock, which all replicas share."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from club.clubs.store import rules_of
from club.models import Week
from club.phases.rules import Write, check_accepts, phase_at
from contracts.phases import Phase


async def now(tx: AsyncSession) -> datetime:
    """Not when `tx` began: it may have waited for a lock since."""
    moment: datetime = (await tx.scalars(select(func.clock_timestamp()))).one()
    return moment


async def current_phase(tx: AsyncSession, week: Week) -> Phase:
    """The phase of a week that is held, also where nobody has yet performed what is due."""
    if week.due_at is None:
        return week.phase
    return phase_at(week.phase, week.deadlines, await now(tx))


async def check_takes(tx: AsyncSession, week: Week, write: Write) -> None:
    """Refuse what the phase of a week that is held does not take."""
    check_accepts(await current_phase(tx, week), write, week.kind)


async def check_rates(tx: AsyncSession, week: Week, phase: Phase) -> None:
    """Refuse a rating that is too early in the week's current phase, or too late for the club's rules."""
    if phase != "closed" or (await rules_of(tx, week.club_id)).late_ratings != "flagged":
        check_accepts(phase, "rate", week.kind)
