"""Profiles from outside, over HTTP."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Response, status

from chassis.caller import Caller, check_may
from chassis.db import Tx
from chassis.http import router as routes
from chassis.people import UserPath
from chassis.tokens import SignedCaller
from contracts.taste import TasteProfile
from contracts.taste_outside import OutsideTaste
from taste.models import User
from taste.outside.keeping import keep
from taste.outside.rules import MayNotTell, check_computed, profile_told
from taste.outside.store import told_by
from taste.profiles.showing import shown, withheld_from
from taste.sight import person_held

router = routes(prefix="/users/{user_id}", tags=["taste"])


async def _worker(caller: SignedCaller) -> Caller:
    check_may(caller, "taste:write", MayNotTell)
    return caller


Worker = Annotated[Caller, Depends(_worker)]


async def _person(user_id: UserPath, caller: Worker, tx: Tx) -> User:
    return await person_held(tx, user_id, caller)


@router.post("/taste", status_code=status.HTTP_201_CREATED, responses={200: {"model": TasteProfile}})
async def tell_taste(
    caller: Worker, told: OutsideTaste, user: Annotated[User, Depends(_person)], response: Response, tx: Tx
) -> TasteProfile:
    """Keep what a worker drew of somebody, beside what is computed here; the answer is what is kept of it now.

    What was computed earlier than what is kept changes nothing, and neither does a repeat: both are answered with 200.
    """
    check_computed(told.computed_at, datetime.now(UTC))
    if not await keep(tx, profile_told(user.id, told)):
        response.status_code = status.HTTP_200_OK
    return shown(await told_by(tx, user.id, told.origin), withheld_from(caller, user))
