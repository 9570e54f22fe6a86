"""A person in an address."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import Caller, signed_in
from chassis.db import Read
from chassis.people import UserPath
from chassis.tokens import SignedCaller
from identity.models import User
from identity.profiles import rules, store
from identity.users.rules import NoSuchUser


async def user_meant(tx: AsyncSession, address: str, caller: Caller) -> User:
    """The person that an address means; NoSuchUser for nobody."""
    whom = rules.named(address, signed_in(caller) if address == "me" else caller.user_id)
    user = None if whom is None else await store.user_named(tx, whom)
    if user is None:
        raise NoSuchUser
    return user


async def _seen(user_id: UserPath, caller: SignedCaller, tx: Read) -> User:
    return await user_meant(tx, user_id, caller)


# For reads; a write finds them in its own transaction.
SeenUser = Annotated[User, Depends(_seen)]
