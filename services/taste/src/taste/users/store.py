"""Where taste's copy of people is kept."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.copies import keep_newest
from chassis.departures import hold
from contracts.identity import UserChanged
from taste.marks import STALE
from taste.models import User

COPIED = {"version", "display_name", "handle", "timezone"}


async def keep_user(tx: AsyncSession, told: UserChanged) -> None:
    """Let the person be as identity tells, unless something newer is known or they have left."""
    if await hold(tx, [told.user_id]):
        return
    state = told.model_dump(include=COPIED) | {"privacy": told.privacy.model_dump()}
    await keep_newest(tx, User, {"id": told.user_id, **state})
    # Their profile names their time zone.
    await STALE.put(tx, told.user_id)
