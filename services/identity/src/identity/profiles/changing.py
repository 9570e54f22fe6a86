"""Changing a profile."""

from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.outbox import publish
from contracts.identity import UserChanged
from contracts.ids import UserId
from contracts.privacy import Privacy
from contracts.profiles import Profile, ProfileChange
from identity.handles.rules import HandleTaken
from identity.journal import journal
from identity.models import User
from identity.profiles import rules, store
from identity.users.announcement import state
from identity.users.rules import NoSuchUser
from identity.users.store import change_user


class Changed(NamedTuple):
    """`narrowed`: whether the person shows anything to fewer people than before."""

    user: User
    told: UserChanged
    narrowed: bool


async def change_profile(tx: AsyncSession, user_id: UserId, change: ProfileChange) -> Changed:
    """The person with the change applied; announced when that changed anything. Raises HandleTaken and its like."""
    user = await store.take_user(tx, user_id)
    if user is None:
        raise NoSuchUser
    before, seen = Profile.model_validate(user), Privacy.model_validate(user.privacy)
    columns = rules.changes(change, user.privacy)
    looks = columns.get("handle_looks")
    if looks is not None and await store.handle_is_taken(tx, looks, user.id):
        raise HandleTaken
    if await change_user(tx, user, columns):
        await publish(tx, state(user))
        await journal.record(tx, "profile.changed", user.id, before, Profile.model_validate(user))
    return Changed(user, state(user), rules.narrowed(seen, Privacy.model_validate(user.privacy)))
