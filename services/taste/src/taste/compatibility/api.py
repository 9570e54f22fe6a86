"""How alike two people's tastes are, over HTTP."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import Caller
from chassis.db import Read
from chassis.http import router as routes
from chassis.people import UserPath
from chassis.tokens import SignedCaller
from contracts.taste import TasteProfile
from contracts.taste_compatibility import Compatibility
from taste.compatibility.rules import compare
from taste.compatibility.store import rated_by_both
from taste.models import User
from taste.profiles.showing import shown, withheld_from
from taste.profiles.store import kept_of
from taste.sight import SeenPerson, seen

router = routes(prefix="/users/{user_id}", tags=["taste"])


async def _other(other_id: UserPath, caller: SignedCaller, tx: Read) -> User:
    return await seen(tx, other_id, caller)


@router.get("/compatibility/{other_id}")
async def read_compatibility(
    user: SeenPerson, other: Annotated[User, Depends(_other)], caller: SignedCaller, tx: Read
) -> Compatibility:
    """How alike two tastes are from 0 to 100, and why, by what you may see of both."""
    one, two = await _visible(tx, user, caller), await _visible(tx, other, caller)
    hidden = "ratings" in {*one.withheld, *two.withheld}
    return compare(one, two, [] if hidden else await rated_by_both(tx, user.id, other.id))


async def _visible(tx: AsyncSession, user: User, caller: Caller) -> TasteProfile:
    return shown(await kept_of(tx, user.id), withheld_from(caller, user))
