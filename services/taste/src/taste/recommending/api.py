"""Recommendations over HTTP: for whose they are alone, since they tell what somebody has not heard."""

from typing import Annotated

from fastapi import Query

from chassis.db import Read
from chassis.http import router as routes
from chassis.people import UserPath
from chassis.tokens import SignedCaller
from contracts.forecasts import ForecastAlbum
from contracts.recommendations import Recommendation, Recommendations
from contracts.taste_club import Member
from taste.forecasts.store import albums_of
from taste.matching.store import near
from taste.recommending.rules import advise
from taste.recommending.store import heard_by, neighbours_of, picks_for
from taste.sight import TastePrivate, person_named, shows

router = routes(prefix="/users/{user_id}", tags=["taste"])
ASKED = 20


@router.get("/recommendations")
async def read_recommendations(
    user_id: UserPath, caller: SignedCaller, tx: Read, limit: Annotated[int, Query(ge=1, le=50)] = 10
) -> Recommendations:
    """Albums that neighbours like and picks of the club, which the person neither played nor rated."""
    user = await person_named(tx, user_id, caller)
    if not shows(user, "private", caller):
        raise TastePrivate
    _, found = await near(tx, user)
    neighbours = await neighbours_of(tx, found[:ASKED])
    told = advise(neighbours, await picks_for(tx, user.id), await heard_by(tx, user.id))[:limit]
    albums = await albums_of(tx, [each.album_id for each in told])
    people = {other.id: other for other, _ in found}
    return Recommendations(
        neighbours=len(neighbours),
        items=[
            Recommendation(
                album=ForecastAlbum.model_validate(albums[each.album_id]),
                kind=each.kind,
                weight=each.weight,
                sentence=each.sentence,
                by=[Member.model_validate(people[by]) for by in each.by],
            )
            for each in told
        ],
    )
