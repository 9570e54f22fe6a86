"""Making somebody who signs in with a handle and a password."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.outbox import publish
from identity.handles.rules import HandleTaken, check_handle, looks
from identity.journal import journal
from identity.models import User
from identity.passwords import store as passwords
from identity.users.announcement import state


async def register(tx: AsyncSession, handle: str, display_name: str | None, phc: str, *, admin: bool = False) -> User:
    """Raises BadHandle, ReservedHandle and HandleTaken."""
    handle = check_handle(handle)
    user = User(handle=handle, handle_looks=looks(handle), display_name=display_name or handle)
    user.role = "admin" if admin else "member"
    try:
        async with tx.begin_nested():
            tx.add(user)
            await tx.flush()
    except IntegrityError as error:
        raise HandleTaken from error
    await tx.refresh(user)
    await passwords.keep(tx, user.id, phc)
    await publish(tx, after := state(user))
    await journal.record(tx, "user.registered", user.id, None, after)
    return user
