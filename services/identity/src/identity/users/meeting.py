"""Meeting a person: made at the first sight of their Discord id, brought up to date at each later one."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.outbox import publish
from identity.journal import journal
from identity.models import User
from identity.users.announcement import state
from identity.users.rules import differs, provisional_name
from identity.users.store import add_user, follow_discord, stands_no_more, user_by_discord, user_by_discord_alone


class Met(NamedTuple):
    user: User
    first_time: bool


async def meet(tx: AsyncSession, snowflake: str, profile: Mapping[str, Any]) -> Met:
    """The person behind a Discord id, with `profile` applied; announced when that changed anything."""
    # The lock is for first sights only: nearly everyone is known already.
    known = await user_by_discord(tx, snowflake) or await user_by_discord_alone(tx, snowflake)
    news = known is not None and differs(known, profile)
    if known and news and await stands_no_more(tx, known):
        known = await user_by_discord_alone(tx, snowflake)
    before = state(known) if known else None
    user = known or await add_user(tx, snowflake, {"display_name": provisional_name(snowflake), **profile})
    if known is None or (news and await follow_discord(tx, known, profile)):
        await publish(tx, after := state(user))
        await journal.record(tx, "user.changed" if before else "user.made", user.id, before, after)
    return Met(user, first_time=known is None)
