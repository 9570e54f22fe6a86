"""How well ratings were foreseen, beside what knows less. No I/O here."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from contracts.forecasts import Calibration, Errors
from contracts.ids import UserId
from taste.forecasts.rules import Learned, Predicted, foresee, means_of
from taste.forecasts.season import Season, SeasonWeek

# Of a club that has rated less, nothing can be foreseen.
LEAST_WEEKS = 3


class Compared(NamedTuple):
    """A rating in points, and what three ways would have said of it; whether it lay within the bounds."""

    rating: float
    forecast: float
    member_mean: float
    club_mean: float
    covered: bool


def compared(before: Season, week: SeasonWeek, predicted: Mapping[UserId, Predicted]) -> list[Compared]:
    """Of everybody who was predicted and rated."""
    members, club = means_of(before)
    found = []
    for user_id in sorted(week.ratings.keys() & predicted.keys(), key=str):
        rating, foreseen = week.ratings[user_id] / 2, predicted[user_id]
        within = foreseen.low <= rating <= foreseen.high
        found.append(Compared(rating, foreseen.rating, members.get(user_id, club), club, within))
    return found


def calibration(found: Sequence[Compared]) -> Calibration | None:
    if not found:
        return None
    return Calibration(
        ratings=len(found),
        forecast=_errors(each.forecast - each.rating for each in found),
        member_mean=_errors(each.member_mean - each.rating for each in found),
        club_mean=_errors(each.club_mean - each.rating for each in found),
        covered=round(sum(each.covered for each in found) / len(found), 4),
    )


def backtested(season: Season) -> list[tuple[SeasonWeek, list[Compared]]]:
    """Each week from those with lower numbers alone; those that come too early to be foreseen are left out."""
    weeks = sorted(season, key=lambda week: week.number)
    told = []
    for place, week in enumerate(weeks):
        before = [each for each in weeks[:place] if each.ratings]
        if len(before) >= LEAST_WEEKS and week.ratings:
            told.append((week, compared(before, week, foresee(Learned(before), week, week.ratings))))
    return told


def _errors(offs: Iterable[float]) -> Errors:
    off = [abs(each) for each in offs]
    return Errors(
        mae=round(math.fsum(off) / len(off), 4),
        rmse=round(math.sqrt(math.fsum(each * each for each in off) / len(off)), 4),
    )
