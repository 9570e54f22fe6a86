"""What somebody likes, over HTTP."""

import asyncio
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import Read
from chassis.http import router as routes
from chassis.tokens import SignedCaller
from contracts.ids import UserId
from contracts.taste import PlainDay, TasteProfile
from contracts.taste_outside import COMPUTED, Origin
from taste.obscurity.store import among_all
from taste.outside.store import origins_of, told_by
from taste.profiles.past import PastOfOthers, PastPrivate, check_come, until
from taste.profiles.rules import profile_of
from taste.profiles.showing import shown, withheld_from
from taste.profiles.store import evidence_of, kept_of
from taste.sight import SeenPerson

router = routes(prefix="/users/{user_id}", tags=["taste"])


async def _asked(
    user: SeenPerson,
    caller: SignedCaller,
    tx: Read,
    origin: Annotated[Origin, Query(description="By whom: `computed`, or a worker's name.")] = COMPUTED,
    as_of: Annotated[PlainDay | None, Query(description="By what was known at the end of this day.")] = None,
) -> TasteProfile:
    if as_of is not None:
        if "listening" in withheld_from(caller, user):
            raise PastPrivate
        return await _then(tx, user.id, origin, as_of)
    if origin != COMPUTED:
        return await told_by(tx, user.id, origin)
    return await among_all(tx, await kept_of(tx, user.id))


async def _then(tx: AsyncSession, user_id: UserId, origin: str, day: date) -> TasteProfile:
    if origin != COMPUTED:
        raise PastOfOthers
    check_come(day, datetime.now(UTC).date())
    evidence = until(await evidence_of(tx, user_id, day), day)
    return await asyncio.to_thread(profile_of, evidence)


@router.get("/taste")
async def read_taste(
    user: SeenPerson, profile: Annotated[TasteProfile, Depends(_asked)], caller: SignedCaller, tx: Read
) -> TasteProfile:
    """What somebody likes, drawn from what they played and how they rated; a moment behind what was told last.

    As the service computes it, unless a worker's is asked for by its `origin`, or that of the end of a day in the past.
    """
    by_all = profile.model_copy(update={"origins": [COMPUTED, *await origins_of(tx, user.id)]})
    return shown(by_all, withheld_from(caller, user))
