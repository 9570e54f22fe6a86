"""Whose taste an address means, and who may see what of it."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import survivor_of
from chassis.caller import Caller, KeyForListensOnly, reaches
from chassis.db import Read
from chassis.departures import hold
from chassis.errors import Forbidden, NotFound, Unauthenticated
from chassis.people import UserPath, person_at
from chassis.tokens import SignedCaller
from contracts.privacy import Audience, Privacy
from taste.models import User, UserAlias


class NoSuchPerson(NotFound):
    sentence = "We do not know this person."


class TastePrivate(Forbidden):
    sentence = "This person does not show you their taste."


async def person_named(tx: AsyncSession, address: str, caller: Caller) -> User:
    """The person that an address means; NoSuchPerson for nobody."""
    user: User | None = await person_at(tx, User, UserAlias, address, caller)
    if user is None:
        raise NoSuchPerson
    return user


async def person_held(tx: AsyncSession, address: str, caller: Caller) -> User:
    """The same, to write of: they neither leave nor turn out to be somebody else until `tx` ends."""
    user = await person_named(tx, address, caller)
    if await hold(tx, [user.id]) or await survivor_of(tx, UserAlias, user.id) != user.id:
        raise NoSuchPerson
    return user


def shows(user: User, audience: Audience, caller: Caller) -> bool:
    """What they show to `audience`; people see themselves, though not with a key for listens alone."""
    return (caller.is_user(user.id) and not caller.only_listens) or reaches(caller, audience)


def privacy_of(user: User) -> Privacy:
    return Privacy.model_validate(user.privacy)


async def seen(tx: AsyncSession, address: str, caller: Caller) -> User:
    """Raises NoSuchPerson, and TastePrivate where their taste is not for this reader."""
    user = await person_named(tx, address, caller)
    if not shows(user, privacy_of(user).taste, caller):
        raise TastePrivate
    return user


async def _seen(user_id: UserPath, caller: SignedCaller, tx: Read) -> User:
    return await seen(tx, user_id, caller)


async def insider(caller: SignedCaller) -> Caller:
    """For what is drawn from what people show to members: strangers are asked to sign in."""
    if not reaches(caller, "members"):
        raise Unauthenticated if caller.kind == "anonymous" else KeyForListensOnly
    return caller


SeenPerson = Annotated[User, Depends(_seen)]
