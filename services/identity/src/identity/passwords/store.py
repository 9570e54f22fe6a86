"""Passwords in PostgreSQL."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId
from identity.models import Password, User


class Kept(NamedTuple):
    user_id: UserId
    handle: str | None
    hash: str


async def by_handle(tx: AsyncSession, handle: str) -> Kept | None:
    return await _one(tx, User.handle == handle)


async def of_user(tx: AsyncSession, user_id: UserId) -> Kept | None:
    return await _one(tx, User.id == user_id)


async def _one(tx: AsyncSession, whose: ColumnElement[bool]) -> Kept | None:
    found = select(User.id, User.handle, Password.hash).join(Password, Password.user_id == User.id)
    row = (await tx.execute(found.where(whose))).one_or_none()
    return Kept(*row) if row else None


async def keep(tx: AsyncSession, user_id: UserId, phc: str) -> None:
    row = insert(Password).values(user_id=user_id, hash=phc)
    changed = {"hash": row.excluded.hash, "changed_at": func.clock_timestamp()}
    await tx.execute(row.on_conflict_do_update(index_elements=[Password.user_id], set_=changed))
