"""Whose listens they are: of whoever shows a token, or of whoever an address names."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import Caller
from chassis.errors import NotFound, Unauthenticated
from chassis.tokens import SignedCaller
from contracts.ids import UserId
from listening.sight import ListeningPrivate, sees
from listening.users.naming import name_of, person, person_called


class NoToken(Unauthenticated):
    sentence = "You need to provide an Authorization header."


class InvalidToken(Unauthenticated):
    sentence = "Invalid authorization token."


class CannotFindUser(NotFound):
    """Its sentence is that of ListenBrainz."""


async def _owner(caller: SignedCaller) -> UserId:
    """A person's own: programs have no listens."""
    if caller.kind == "anonymous":
        raise NoToken
    if caller.user_id is None:
        raise InvalidToken
    return caller.user_id


Owner = Annotated[UserId, Depends(_owner)]


@dataclass(frozen=True)
class Listener:
    """`own`: whoever asks asks about themself."""

    id: UserId
    name: str
    own: bool


async def listener_called(tx: AsyncSession, name: str, caller: Caller) -> Listener:
    """Raises CannotFindUser, and ListeningPrivate."""
    found = await person_called(tx, name)
    if found is None:
        # Whoever has just come is not known here yet.
        if caller.user_id is not None and name == str(caller.user_id):
            return Listener(caller.user_id, name, own=True)
        raise CannotFindUser(f"Cannot find user: {name[:100]}")
    if not sees(caller, found):
        raise ListeningPrivate
    return Listener(found.id, name_of(found, found.id), caller.is_user(found.id))


async def name_by_id(tx: AsyncSession, user_id: UserId) -> str:
    return name_of(await person(tx, user_id), user_id)
