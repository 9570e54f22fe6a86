"""Adopting people: who comes from another deployment keeps the id that is said of them there."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.departures import hold
from chassis.outbox import publish
from contracts.identity import UserToAdopt
from contracts.ids import UserId
from identity.handles.rules import looks
from identity.journal import journal
from identity.models import User
from identity.users.announcement import state
from identity.users.rules import check_same_people, kept_handles
from identity.users.store import add_adopted, discord_holders, lock_discord_ids, taken_looks, users_by_id


async def adopt(tx: AsyncSession, users: Sequence[UserToAdopt], *, only_ask: bool) -> list[User]:
    """Those of `users` who are there, once the others are made unless it is only asked; who is known stays as they are.

    Somebody whose handle is another's here comes without it. Who has left does not come back. Raises SomebodyElse.
    """
    left = await hold(tx, [user.id for user in users])
    users = [user for user in users if user.id not in left]
    await lock_discord_ids(tx, [user.discord_id for user in users if user.discord_id])
    check_same_people(users, await discord_holders(tx, users))
    known = await users_by_id(tx, users)
    new = {user.id: user for user in users if user.id not in known}
    if new and not only_ask:
        known |= await _make(tx, list(new.values()))
    return [known[user.id] for user in users if user.id in known]


async def _make(tx: AsyncSession, new: Sequence[UserToAdopt]) -> dict[object, User]:
    await add_adopted(tx, new, await _free_handles(tx, new))
    made = await users_by_id(tx, new)
    await publish(tx, *map(state, made.values()))
    await journal.record_made(tx, "user.adopted", [(user.id, state(user)) for user in made.values()])
    return made


async def _free_handles(tx: AsyncSession, new: Sequence[UserToAdopt]) -> dict[UserId, str]:
    wished = kept_handles(new)
    taken = await taken_looks(tx, [looks(handle) for handle in wished.values()])
    return {user_id: handle for user_id, handle in wished.items() if looks(handle) not in taken}
