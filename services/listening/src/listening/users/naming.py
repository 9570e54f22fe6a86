"""Who is meant by a name: a handle, or an id."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.people import person_with_handle, person_with_id
from contracts.ids import UserId
from listening.models import User, UserAlias


async def person_called(tx: AsyncSession, name: str) -> User | None:
    """Whoever has this handle, or this id, or had it before they turned out to be somebody else."""
    if "\0" in name:
        return None
    found: User | None = await person_with_handle(tx, User, name)
    user_id = None if found else _id(name)
    return found if user_id is None else await person(tx, user_id)


async def person_said(tx: AsyncSession, name: str) -> User | None:
    """The same of what an operator types: an `@` before a handle, or a Discord id."""
    spelled = name.removeprefix("@")
    return await person_called(tx, spelled) or await tx.scalar(select(User).where(User.discord_id == spelled))


async def person(tx: AsyncSession, user_id: UserId) -> User | None:
    found: User | None = await person_with_id(tx, User, UserAlias, user_id)
    return found


def name_of(user: User | None, user_id: UserId) -> str:
    """The handle; without one, the id."""
    return (user.handle if user else None) or str(user.id if user else user_id)


def _id(spelled: str) -> UserId | None:
    try:
        return UserId(UUID(spelled))
    except ValueError:
        return None
