"""Meeting a person: made at the first sight of their Discord id, brought up to date at each later one."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.outbox import publish
from contracts.identity import UserIn
from identity.journal import journal
from identity.models import User
from identity.users.announcement import state
from identity.users.rules import differs, mentioned, provisional_name
from identity.users.store import (
    add_user,
    add_users,
    follow_discord,
    lock_discord_ids,
    stands_no_more,
    user_by_discord,
    user_by_discord_alone,
    user_by_id,
    users_by_discord,
)


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
    user = known or await add_user(tx, snowflake, _first_profile(snowflake, profile))
    if known is None or (news and await follow_discord(tx, known, profile)):
        await publish(tx, after := state(user))
        await journal.record(tx, "user.changed" if before else "user.made", user.id, before, after)
    return Met(user, first_time=known is None)


async def meet_all(tx: AsyncSession, users: Sequence[UserIn]) -> list[User | None]:
    """The people named, in their order; None for a user id of nobody."""
    profiles = {user.discord_id: mentioned(user) for user in users if user.discord_id}
    people = await _behind(tx, profiles)
    return [people[user.discord_id] if user.discord_id else await _looked_up(tx, user) for user in users]


async def _behind(tx: AsyncSession, profiles: Mapping[str, Mapping[str, Any]]) -> dict[str, User]:
    known = await users_by_discord(tx, profiles)
    to_write = [each for each, profile in profiles.items() if each not in known or differs(known[each], profile)]
    if not to_write:
        return known
    # All of these before any row is taken: two lists may have the same people in other orders.
    await lock_discord_ids(tx, to_write)
    known |= await users_by_discord(tx, to_write)
    for snowflake in sorted(known.keys() & to_write, key=lambda each: known[each].id):
        known[snowflake] = (await meet(tx, snowflake, profiles[snowflake])).user
    return known | await _make(tx, {each: profiles[each] for each in to_write if each not in known})


async def _make(tx: AsyncSession, profiles: Mapping[str, Mapping[str, Any]]) -> dict[str, User]:
    made = await add_users(tx, {snowflake: _first_profile(snowflake, each) for snowflake, each in profiles.items()})
    await publish(tx, *map(state, made.values()))
    await journal.record_made(tx, "user.made", [(user.id, state(user)) for user in made.values()])
    return made


async def _looked_up(tx: AsyncSession, user: UserIn) -> User | None:
    return await user_by_id(tx, user.user_id) if user.user_id else None


def _first_profile(snowflake: str, profile: Mapping[str, Any]) -> dict[str, Any]:
    return {"display_name": provisional_name(snowflake), **profile}
