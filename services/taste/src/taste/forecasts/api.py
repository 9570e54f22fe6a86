"""What members are expected to give, over HTTP."""

import math
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from chassis.aliases import survivor_of
from chassis.caller import Caller
from chassis.db import Read
from chassis.errors import Conflict, NotFound
from chassis.http import router as routes
from chassis.tokens import SignedCaller
from contracts.forecasts import Forecast, ForecastAlbum, Prediction
from contracts.ids import AlbumId, UserId
from contracts.taste_club import Member
from taste.clubs.store import members_of, week_with_id
from taste.forecasts.calibrating import calibration, compared
from taste.forecasts.rules import FORMULA, Learned, Predicted, divisiveness, foresee, telling
from taste.forecasts.season import SeasonWeek
from taste.forecasts.sentences import reason
from taste.forecasts.store import nomination_of, season_of, week_with
from taste.models import AlbumAlias, Club, User, Week
from taste.sight import insider, privacy_of, shows

router = routes(prefix="/taste/weeks/{week_id}", tags=["taste"])


class NothingWonYet(Conflict):
    sentence = "No album has won this week yet. Ask with `album_id` what members will make of a nomination."


class NotNominated(NotFound):
    sentence = "This album is not nominated in this week."


async def _asked(week_id: UUID, tx: Read, album_id: Annotated[UUID | None, Query()] = None) -> tuple[Week, AlbumId]:
    """The week, and which album is asked of: what won it, or one that is named before that."""
    week = await week_with_id(tx, week_id)
    if album_id is None:
        if week.album_id is None:
            raise NothingWonYet
        return week, week.album_id
    meant = await survivor_of(tx, AlbumAlias, AlbumId(album_id))
    if week.album_id is not None and await survivor_of(tx, AlbumAlias, week.album_id) == meant:
        return week, week.album_id
    if await nomination_of(tx, week, meant) is None:
        raise NotNominated
    return week, meant


@router.get("/forecast", dependencies=[Depends(insider)])
async def read_forecast(
    asked: Annotated[tuple[Week, AlbumId], Depends(_asked)], caller: SignedCaller, tx: Read
) -> Forecast:
    """What each member is expected to give the album that won, or before that a nomination; and what came of it."""
    week, album_id = asked
    club = await tx.get_one(Club, week.club_id)
    everybody = await members_of(tx, club)
    people = [user for user in everybody if _open(user, caller)]
    but = frozenset(user.id for user in everybody) - {user.id for user in people}
    before = await season_of(tx, week.club_id, before=week.number, but=but)
    ahead = await week_with(tx, week, album_id, but=but)
    predicted = foresee(Learned(before), ahead, [user.id for user in people])
    return Forecast(
        week_id=week.week_id,
        album=ForecastAlbum.model_validate(ahead.album),
        weeks=len(before),
        predictions=[_prediction(user, predicted[user.id], ahead) for user in people],
        average=round(math.fsum(each.rating for each in predicted.values()) / len(predicted), 2) if predicted else None,
        divisiveness=_rounded(divisiveness(predicted.values())),
        hidden=len(everybody) - len(people),
        calibration=calibration(compared(before, ahead, predicted)),
        formula_version=FORMULA,
    )


def _open(user: User, caller: Caller) -> bool:
    """Whether what they like and how they rate is shown to this reader."""
    privacy = privacy_of(user)
    return all(shows(user, audience, caller) for audience in (privacy.taste, privacy.ratings))


def _prediction(user: User, predicted: Predicted, ahead: SeasonWeek) -> Prediction:
    given = ahead.ratings.get(UserId(user.id))
    return Prediction(
        user=Member.model_validate(user),
        rating=round(predicted.rating, 2),
        low=round(predicted.low, 2),
        high=round(predicted.high, 2),
        reasons=[reason(each) for each in telling(predicted.effects)],
        rated=None if given is None else given / 2,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
