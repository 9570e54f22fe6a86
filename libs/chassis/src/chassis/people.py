"""A person in an address, found in a service's own copy of people."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import survivor_of
from chassis.caller import Caller, signed_in
from contracts.identity import ADDRESS
from contracts.ids import UserId

UserPath = Annotated[str, Path(pattern=ADDRESS, description="A user id, `@handle`, or `me`.")]


async def person_at(tx: AsyncSession, people: type[Any], aliases: type[Any], address: str, caller: Caller) -> Any:
    """The row of `people` that an address means, None for nobody; raises what `signed_in` does of a stranger's `me`."""
    if address.startswith("@"):
        return await person_with_handle(tx, people, address[1:])
    named = signed_in(caller) if address == "me" else UserId(UUID(address))
    return await person_with_id(tx, people, aliases, named)


async def person_with_handle(tx: AsyncSession, people: type[Any], handle: str) -> Any:
    """Of two that a copy shows with one handle, for a moment, the one that was told last has it."""
    newest = select(people).where(people.handle == handle.lower()).order_by(people.version.desc()).limit(1)
    return await tx.scalar(newest)


async def person_with_id(tx: AsyncSession, people: type[Any], aliases: type[Any], user_id: UserId) -> Any:
    """By an id that they have, or had before they turned out to be somebody else."""
    return await tx.get(people, await survivor_of(tx, aliases, user_id))
