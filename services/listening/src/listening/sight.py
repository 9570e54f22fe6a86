"""Whose listening an address means, and who may see it."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import Caller, reaches, signed_in
from chassis.db import Read
from chassis.errors import Forbidden, NotFound
from chassis.people import UserPath, person_at
from chassis.tokens import SignedCaller
from contracts.ids import UserId
from contracts.privacy import Privacy
from listening.models import User, UserAlias


class NoSuchListener(NotFound):
    sentence = "We do not know this person."


class ListeningPrivate(Forbidden):
    sentence = "This person does not show you what they listen to."


async def listener_named(tx: AsyncSession, address: str, caller: Caller) -> User:
    """The person that an address means; NoSuchListener for nobody."""
    user: User | None = await person_at(tx, User, UserAlias, address, caller)
    if user is None:
        raise NoSuchListener
    return user


def sees(caller: Caller, user: User) -> bool:
    """People see themselves, and whoever shows themself to them."""
    return caller.is_user(user.id) or reaches(caller, Privacy.model_validate(user.privacy).listening)


async def _seen(user_id: UserPath, caller: SignedCaller, tx: Read) -> User:
    user = await listener_named(tx, user_id, caller)
    if not sees(caller, user):
        raise ListeningPrivate
    return user


# For reads of what somebody listens to.
SeenListener = Annotated[User, Depends(_seen)]


async def _myself(caller: SignedCaller) -> UserId:
    return signed_in(caller)


# For writes of one's own.
Myself = Annotated[UserId, Depends(_myself)]
