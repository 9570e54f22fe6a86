"""How well a club's past weeks would have been foreseen, each from those before it."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.forecasts import Backtest, BacktestedWeek, ForecastAlbum
from taste.clubs.store import club_named
from taste.forecasts.calibrating import backtested, calibration
from taste.forecasts.rules import FORMULA
from taste.forecasts.store import season_of


async def backtest(tx: AsyncSession, slug: str) -> Backtest:
    """By all ratings that the club shows, whoever sees them; raises NoSuchClub."""
    club = await club_named(tx, slug)
    found = backtested(await season_of(tx, club.id))
    return Backtest(
        club_id=club.id,
        weeks=[
            BacktestedWeek(
                week_id=week.week_id,
                number=week.number,
                album=ForecastAlbum.model_validate(week.album),
                calibration=calibration(pairs),
            )
            for week, pairs in found
        ],
        whole=calibration([pair for _, pairs in found for pair in pairs]),
        formula_version=FORMULA,
    )
