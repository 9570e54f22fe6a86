"""Withdrawing a rating, whichever door it is asked at."""

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from club.models import Rating, Week
from club.phases.store import check_rates, current_phase
from club.ratings import history
from club.ratings.rules import NoRating
from contracts.ids import UserId
from contracts.phases import Phase


async def withdraw_rating(tx: AsyncSession, week: Week, user_id: UserId, said_in: Phase | None = None) -> Rating:
    """Withdraw a member's rating in a week that is held; one that is withdrawn stays so, and nothing is announced.

    Raises NoRating, and PhaseClosed where the week takes no ratings, not even late ones.
    """
    rating = await history.take(tx, week, user_id)
    if rating is None:
        raise NoRating
    if rating.withdrawn_at is None:
        await check_rates(tx, week, said_in or await current_phase(tx, week))
        await history.change(tx, week, rating, {"withdrawn_at": func.clock_timestamp()})
    return rating
